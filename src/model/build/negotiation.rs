use super::{Builder, Poisonable, made};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::model::{Head, Model, Outcome, Proposal, Ref, Spanned, Verdict, in_family, without_options};
use crate::syntax::{Decl, Kind, Node, NodeExt};
use std::collections::{BTreeMap, BTreeSet};

/// For how many names that nothing has one is looked for that may be meant: each costs a look at every clause.
const MOST_SUGGESTIONS: usize = 20;

impl Builder<'_> {
    pub(super) fn proposal(&mut self, decl: &Decl) -> Poisonable<Proposal> {
        let all = self.statements("proposal", decl.block());
        let head = self.head(decl, None);
        let of = decl.0.child(Kind::of_ref).and_then(|of| of.leaf(Kind::path));
        let nodes: Vec<Node> = all.all("option").flat_map(|node| node.all(Kind::named)).collect();
        let names = nodes.iter().filter_map(|node| Some((node, node.leaf(Kind::ident)?)));
        let options: Vec<Head> =
            names.map(|(node, name)| self.named_head(node, &name, &format!("{}.option", head.id))).collect();
        self.unique(options.iter(), "option");
        let outcomes = all.all("outcome").filter_map(|node| self.outcome(node, &head.name, &options)).collect();
        made!(Proposal {
            of: of.map(|token| self.spanned(&token, self.clause_id(token.text()))),
            between: self.between(&all),
            raised: all.one("raised").and_then(|node| self.raised(node)),
            change: self.said(&all, "change"),
            within: self.deadline_of(&all, "within"),
            head,
            options,
            outcomes,
        })
    }

    /// The id of the clause that a path names: its first name stands for the declaration.
    fn clause_id(&self, path: &str) -> String {
        let name = path.split('.').next().unwrap_or("");
        let known = self.scope.global(name, self.scope.file).and_then(|name| Some((name, self.scope.symbol_of(name)?)));
        let rest = path.get(name.len()..).unwrap_or_default();
        known.map_or_else(|| path.to_owned(), |(name, symbol)| format!("{}.{name}{rest}", symbol.keyword))
    }

    /// A proposal may be about any clause, so this is judged once all clauses are there. One of a clause in several variants
    /// is about all of them, and leads to the first.
    pub(super) fn check_proposals(&mut self, model: &mut Model) {
        if model.proposals.iter().all(|proposal| proposal.of.is_none()) || !self.scope.unread().nameless.is_empty() {
            return;
        }
        let clauses = model.clauses();
        let ids: BTreeSet<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
        let mut firsts: BTreeMap<String, &str> = BTreeMap::new();
        for clause in clauses.iter().filter(|clause| clause.id.contains('[')) {
            firsts.entry(without_options(&clause.id)).or_insert(&clause.id);
        }
        let mut suggestions = 0;
        for of in model.proposals.iter_mut().filter_map(|proposal| proposal.of.as_mut()) {
            // A signal is one, also where something reads it for one option alone.
            if !ids.contains(of.value.as_str())
                && let Some(first) = firsts.get(&of.value)
            {
                of.value = (*first).to_owned();
                continue;
            }
            // A clause as a whole is that of all its parts; the word for a kind of clause is none.
            let parts = format!("{}.", of.value);
            let is_around = of.value.contains('.') && {
                ids.range(parts.as_str()..).next().is_some_and(|id| id.starts_with(&parts))
            };
            let varied = firsts.range(parts.clone()..).next().filter(|(id, _)| !is_around && id.starts_with(&parts));
            if of.value.contains('.')
                && let Some(first) = varied.and_then(|(_, first)| in_family(first, &of.value))
            {
                of.value = first.to_owned();
                continue;
            }
            let known = is_around || ids.contains(of.value.as_str());
            let broken = |name| self.scope.symbol_of(name).is_some_and(|symbol| symbol.broken);
            if known || of.value.split('.').take(2).any(|name| self.scope.is_murky(name) || broken(name)) {
                continue;
            }
            let finding = Diagnostic::new(codes::UNDEFINED_NAME, of.span, format!("there is no clause `{}`", of.value));
            if let Some(name) = with_variants(&of.value, &firsts) {
                let help = format!("write `of {name}`, and say in `change` which of its variants or parts it is about");
                self.tell(finding.primary(format!("`{name}` is negotiated for all its variants together")).help(help));
                continue;
            }
            if let Some(dimension) = of.value.strip_prefix("dimension.").filter(|_| of.value.matches('.').count() == 1)
            {
                let help = format!(
                    "name what differs `per {dimension}`, or the agreement: `of {}`",
                    model.agreement.head.name
                );
                self.tell(finding.primary("a dimension is no clause: it stands in those that differ by it").help(help));
                continue;
            }
            suggestions += 1;
            let candidates =
                ids.iter().copied().filter(|id| !id.contains('[')).chain(firsts.keys().map(String::as_str));
            let near = if suggestions <= MOST_SUGGESTIONS {
                let near = fuller(&of.value, candidates.clone()).or_else(|| did_you_mean(&of.value, candidates));
                near.map(|near| self.written(near))
            } else {
                None
            };
            self.tell(match near {
                Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                    format!("write `{near}`"),
                    of.span,
                    near,
                )),
                None => {
                    let around = around(&of.value).find(|id| ids.contains(id)).map(|id| self.written(id));
                    let help = |name| format!("write `of {name}`, and say in `change` which of its parts it is about");
                    around.map(help).into_iter().fold(finding.primary("no such clause"), Diagnostic::help)
                }
            });
        }
    }

    /// How a file names a clause: by its own name, where that is known in the file, or else by its id.
    fn written(&self, id: &str) -> String {
        let own = id.split_once('.').map(|(_, name)| name).filter(|name| self.clause_id(name) == id);
        own.unwrap_or(id).to_owned()
    }

    fn raised(&mut self, node: &Node) -> Option<Spanned<crate::values::Date>> {
        let token = node.leaf(Kind::date)?;
        let date = self.date(&token)?;
        Some(self.spanned(&token, date))
    }

    fn outcome(&mut self, node: &Node, proposal: &str, options: &[Head]) -> Option<Outcome> {
        let verdict = self.word(node, &Verdict::WORDS)?.value;
        let date = self.date(&node.leaf(Kind::date)?)?;
        let by = node.child(Kind::decided_by).map(|by| self.party_refs(&by)).unwrap_or_default();
        Some(Outcome {
            verdict,
            date,
            option: node.child(Kind::chosen).and_then(|chosen| self.chosen(&chosen, proposal, options)),
            by,
            reason: self.text(node).map(|text| text.value),
            span: self.span(node),
        })
    }

    /// The option that an outcome names.
    fn chosen(&mut self, node: &Node, proposal: &str, options: &[Head]) -> Option<Ref> {
        let token = node.leaf(Kind::ident)?;
        if options.iter().any(|option| option.name == token.text()) {
            return Some(self.spanned(&token, token.text().to_owned()));
        }
        let message = format!("`{proposal}` has no option `{}`", token.text());
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(&token), message);
        let near = did_you_mean(token.text(), options.iter().map(|option| option.name.as_str()));
        self.tell(match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                format!("write `{near}`"),
                self.at(&token),
                near,
            )),
            None if options.is_empty() => finding.primary("it offers none").help("leave `option …` out"),
            None => finding.primary("no such option").help(format!("choose one of {}", listed(options))),
        });
        None
    }
}

/// The only id that is another one with one word more, which says what kind of clause or of part it is.
fn fuller<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let is_one_more = |long: &&str| {
        let words = || long.match_indices('.').map(|(at, _)| at);
        let starts = std::iter::once(0).chain(words().map(|at| at + 1));
        starts.zip(words()).any(|(from, to)| {
            let (before, after) = (long.get(..from).unwrap_or_default(), long.get(to + 1..).unwrap_or_default());
            id.strip_prefix(before) == Some(after)
        })
    };
    let mut all = ids.filter(is_one_more);
    all.next().filter(|_| all.next().is_none())
}

/// The name of the clause with variants that an id would be a part or a variant of.
fn with_variants<'a>(id: &'a str, firsts: &BTreeMap<String, &str>) -> Option<&'a str> {
    let found = around(id).find(|id| firsts.contains_key(*id))?;
    Some(found.split_once('.').map_or(found, |(_, name)| name))
}

/// The ids of the clauses that an id would be a part of, from the narrowest to the widest.
fn around(id: &str) -> impl Iterator<Item = &str> {
    let around = |id: &'_ str| id.rsplit_once('.').map(|(around, _)| around.len());
    std::iter::successors(around(id), move |end| around(id.get(..*end)?)).filter_map(|end| id.get(..end))
}

/// The names of options, as they are shown: `a`, `b`.
fn listed(options: &[Head]) -> String {
    options.iter().map(|option| format!("`{}`", option.name)).collect::<Vec<_>>().join(", ")
}
