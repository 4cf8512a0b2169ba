use super::{Builder, Poisonable, made};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::model::{Head, Model, Outcome, Proposal, Ref, Spanned, Verdict};
use crate::syntax::{Decl, Kind, Node, NodeExt};
use std::collections::BTreeSet;

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
        let outcome = all.one("outcome").and_then(|node| self.outcome(node, &head.name, &options));
        made!(Proposal {
            of: of.map(|token| self.spanned(&token, self.clause_id(token.text()))),
            between: self.between(&all),
            raised: all.one("raised").and_then(|node| self.raised(node)),
            change: self.said(&all, "change"),
            within: self.deadline_of(&all, "within"),
            head,
            options,
            outcome,
        })
    }

    /// The id of the clause that a path names: its first name stands for the declaration.
    fn clause_id(&self, path: &str) -> String {
        let name = path.split('.').next().unwrap_or("");
        let known = self.scope.global(name, self.scope.file).and_then(|name| Some((name, self.scope.symbol_of(name)?)));
        let rest = path.get(name.len()..).unwrap_or_default();
        known.map_or_else(|| path.to_owned(), |(name, symbol)| format!("{}.{name}{rest}", symbol.keyword))
    }

    /// A proposal may be about any clause, so this is judged once all clauses are there.
    pub(super) fn check_proposals(&mut self, model: &Model) {
        let about: Vec<_> = model.proposals.iter().filter_map(|proposal| proposal.of.clone()).collect();
        if about.is_empty() || !self.scope.unread().nameless.is_empty() {
            return;
        }
        let clauses = model.clauses();
        let ids: BTreeSet<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
        let mut suggestions = 0;
        for id in about {
            // A clause as a whole is that of all its options.
            let within = |end: &str| {
                let parts = format!("{}{end}", id.value);
                ids.range(parts.as_str()..).next().is_some_and(|id| id.starts_with(&parts))
            };
            let known = ids.contains(id.value.as_str()) || within(".") || within("[");
            let broken = |name| self.scope.symbol_of(name).is_some_and(|symbol| symbol.broken);
            if known || id.value.split('.').take(2).any(|name| self.scope.is_murky(name) || broken(name)) {
                continue;
            }
            suggestions += 1;
            let candidates = clauses.iter().filter(|_| suggestions <= MOST_SUGGESTIONS);
            let near = did_you_mean(&id.value, candidates.map(|clause| clause.id.as_str()));
            let finding = Diagnostic::new(codes::UNDEFINED_NAME, id.span, format!("there is no clause `{}`", id.value));
            self.tell(
                finding.primary(near.map_or("no such clause".to_owned(), |near| format!("did you mean `{near}`?"))),
            );
        }
    }

    fn raised(&mut self, node: &Node) -> Option<Spanned<crate::values::Date>> {
        let token = node.leaf(Kind::date)?;
        let date = self.date(&token)?;
        Some(self.spanned(&token, date))
    }

    fn outcome(&mut self, node: &Node, proposal: &str, options: &[Head]) -> Option<Outcome> {
        let verdict = self.word(node, &Verdict::WORDS)?.value;
        let date = self.date(&node.leaf(Kind::date)?)?;
        let by = node.child(Kind::decided_by).and_then(|by| by.leaf(Kind::path));
        Some(Outcome {
            verdict,
            date,
            option: node.child(Kind::chosen).and_then(|chosen| self.chosen(&chosen, proposal, options)),
            by: by.and_then(|token| self.party_ref(&token)),
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

/// The names of options, as they are shown: `a`, `b`.
fn listed(options: &[Head]) -> String {
    options.iter().map(|option| format!("`{}`", option.name)).collect::<Vec<_>>().join(", ")
}
