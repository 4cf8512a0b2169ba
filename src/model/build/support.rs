use super::along::paths;
use super::conditions::never_holds;
use super::expression::Local;
use super::slugs::slug;
use super::{Builder, Declaration, Poisonable, made};
use crate::diagnostics::{Diagnostic, codes, did_you_mean};
use crate::model::{
    Channel, DeskThere, Escalation, EscalationStep, Pause, PauseSpan, Priority, Reclassify, Ref, Support, Table,
};
use crate::source::FileId;
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, keyword, range_span, text_value};
use std::collections::BTreeSet;

impl Builder<'_> {
    /// The desks of other files that the agreement has not, though it has their cases.
    pub(super) fn desks_there(&self, linked: &Linked) -> Vec<DeskThere> {
        let paths = paths(linked);
        let all = linked.others.iter().flat_map(|tree| tree.root.all(Kind::decl).map(move |node| (tree, Decl(node))));
        let desks = all.filter(|(_, decl)| decl.keyword() == "support");
        let path = |file: FileId| match paths.get(&file) {
            Some((path, by)) if by.contains(&linked.root.file) || !path.starts_with('"') => path.as_str(),
            // Another file imports it, by a path from its own folder.
            _ => "\"…\"",
        };
        desks.filter_map(|(tree, decl)| self.desk_there(tree.file, &decl, path(tree.file))).collect()
    }

    /// The desk that a declaration of another file makes, if the agreement has its cases and not itself.
    fn desk_there(&self, file: FileId, decl: &Decl, path: &str) -> Option<DeskThere> {
        let name = decl.name()?;
        let said = |word: &str| decl.0.descendants().find(|node| keyword(node) == word);
        let of_cases = said("cases")?.leaf(Kind::path)?;
        let (from, signal, _) = self.origin(file, of_cases.text())?;
        let cases = self.scope.globals.get(&(from, signal))?.clone();
        if self.scope.globals.contains_key(&(file, name.text().to_owned())) {
            return None;
        }
        let given = Priority::DEADLINES.iter().filter(|(_, words)| said(words).is_some());
        let renamed =
            if self.scope.is_taken(name.text()) { format!(" as their_{}", name.text()) } else { String::new() };
        Some(DeskThere {
            cases,
            milestones: given.map(|(milestone, _)| *milestone).collect(),
            at: range_span(file, name.text_range()),
            import: format!("import {}{renamed} from {path}", name.text()),
        })
    }

    /// Collects the priorities and cases of all supports, which expressions elsewhere refer to.
    pub(super) fn collect_supports(&mut self, declarations: &[Declaration]) {
        for declaration in declarations.iter().filter(|one| one.keyword == "support") {
            let named = |node: &Node| Some(Decl(node.clone()).name()?.text().to_owned());
            self.collect_left_out(declaration, |node| named(node).filter(|_| keyword(node) == "priority"));
            for variant in &declaration.variants {
                self.enter(declaration, variant);
                let name = self.head(&declaration.decl, None).name;
                let all = self.plain_statements("support", &declaration.decl);
                let priorities = all.all("priority").filter_map(|node| Decl(node.clone()).name());
                let priorities = priorities.map(|name| name.text().to_owned()).collect();
                let cases = all.one("cases").and_then(|node| node.leaf(Kind::path));
                let cases = cases.and_then(|token| self.scope.full_name(&token));
                self.scope.set_support(&name, priorities, cases);
            }
        }
        self.leave();
    }

    pub(super) fn support(&mut self, decl: &Decl) -> Poisonable<Support> {
        let all = self.statements("support", decl.block());
        let head = self.head(decl, None);
        let cases = self.references(&all, "cases", &["signal"]).into_iter().next();
        let local = Local {
            cases: cases.as_ref().map(|cases| cases.value.clone()),
            priorities: self.scope.priorities(&head.name).to_vec(),
            ..Local::default()
        };
        let priorities = all.all("priority").map(|node| {
            let decl = Decl(node.clone());
            self.poisonable(&decl, |builder, decl| builder.priority(decl, &head.id))
        });
        let priorities = priorities.collect::<Vec<_>>();
        self.unique(priorities.iter().map(|priority| &priority.head), "priority");
        let channels: Vec<Node> = all.all("channel").flat_map(|node| node.all(Kind::named)).collect();
        let channels: Vec<Channel> = channels.iter().filter_map(|node| self.channel(node, &head.id)).collect();
        self.unique(channels.iter().map(|channel| &channel.head), "channel");
        made!(Support {
            of: self.of(decl, &["service"]),
            between: self.between(&all),
            channels,
            calendar: all.one("on").and_then(|node| self.on(node)),
            priorities,
            pauses: all.all("pause").filter_map(|node| self.pause(node, &head.id, cases.as_ref(), &local)).collect(),
            reclassify: all.one("reclassify").and_then(|node| self.word(node, &Reclassify::WORDS)),
            cases,
            head,
        })
    }

    fn channel(&mut self, node: &Node, within: &str) -> Option<Channel> {
        let name = node.leaf(Kind::ident)?;
        Some(Channel { head: self.named_head(node, &name, &format!("{within}.channel")), calendar: self.on(node) })
    }

    fn priority(&mut self, decl: &Decl, within: &str) -> Poisonable<Priority> {
        let all = self.statements("priority", decl.block());
        made!(Priority {
            head: self.head(decl, Some(within)),
            when: self.condition_of(&all, "when"),
            respond: self.deadline_of(&all, "respond within"),
            update: self.recurrence_of(&all, "update every"),
            work_around: self.deadline_of(&all, "work around within"),
            resolve: self.deadline_of(&all, "resolve within"),
        })
    }

    fn pause(&mut self, node: &Node, within: &str, cases: Option<&Ref>, local: &Local) -> Option<Pause> {
        let mut paths = node.leaves(Kind::path);
        let mut texts = node.leaves(Kind::text).map(|text| text_value(text.text()));
        let (during, key) = match (node.leaf(Kind::while_kw), paths.next()) {
            (Some(_), Some(token)) => {
                let (signal, span) = self.part_of_case(&token, cases, "span")?;
                (PauseSpan::While(signal, span.clone()), span)
            }
            (Some(_), None) => {
                let words = texts.next()?;
                let key = slug(&words);
                (PauseSpan::Judged(words), key)
            }
            (None, from) => {
                let (from, until) = (from?, paths.next()?);
                let (signal, from) = self.part_of_case(&from, cases, "milestone")?;
                let (_, until) = self.part_of_case(&until, cases, "milestone")?;
                let key = format!("{from}_until_{until}");
                (PauseSpan::Between { signal, from, until }, key)
            }
        };
        let when = match node.child(Kind::pause_when).and_then(|when| when.child(Kind::expr)) {
            Some(expr) => {
                let value = self.query(&expr, local);
                Some(self.must_be_condition(value)?)
            }
            None => None,
        };
        let id = format!("{within}.pause.{key}");
        Some(Pause { id, during, when, words: texts.next(), span: self.span(node) })
    }

    /// A span or milestone of the support's cases: `tickets.waiting`.
    fn part_of_case(
        &mut self,
        token: &crate::syntax::Token,
        cases: Option<&Ref>,
        what: &str,
    ) -> Option<(String, String)> {
        let (text, file) = self.scope.path(token)?;
        let (signal, part) = text.split_once('.').unwrap_or(("", &text));
        let signal = match signal {
            "" => cases?.value.clone(),
            signal => self.named(signal, file, self.at(token), &["signal"])?,
        };
        let found = self.scope.signal(&signal)?;
        let known = if what == "span" { &found.spans } else { &found.milestones };
        if known.iter().any(|member| member.head.name == part) {
            return Some((signal, part.to_owned()));
        }
        if found.head.poisoned || self.scope.is_murky_part(&signal, what, part) {
            self.scope.hushed += 1;
        } else {
            let near = did_you_mean(part, known.iter().map(|member| member.head.name.as_str()));
            self.tell(
                Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), format!("`{signal}` has no {what} `{part}`"))
                    .primary(near.map_or(format!("no such {what}"), |near| format!("did you mean `{signal}.{near}`?")))
                    .label(found.head.name_span, "the signal is declared here"),
            );
        }
        None
    }

    /// The escalations. For options for which one says nothing at all, while it does for others, there is none, nor for those
    /// for which its condition never holds.
    pub(super) fn escalations(&mut self, declarations: &[Declaration]) -> Table<Escalation> {
        let all = self.table(declarations, "escalation", Self::escalation);
        let says = |one: &Escalation| one.head.poisoned || one.when.is_some() || !one.steps.is_empty();
        let saying: BTreeSet<String> = all.iter().filter(|one| says(one)).map(|one| one.head.family.clone()).collect();
        let is_left_out =
            |one: &Escalation| never_holds(one.when.as_ref()) || !says(one) && saying.contains(&one.head.family);
        all.filter_map(|one| (!is_left_out(one)).then(|| one.clone()))
    }

    fn escalation(&mut self, decl: &Decl) -> Poisonable<Escalation> {
        let all = self.statements("escalation", decl.block());
        let head = self.head(decl, None);
        made!(Escalation {
            when: self.condition_of(&all, "when"),
            steps: all.all("after").filter_map(|node| self.step(node, &head.id)).collect(),
            head,
        })
    }

    fn step(&mut self, node: &Node, within: &str) -> Option<EscalationStep> {
        let after = self.amount(node)?;
        let id = format!("{within}.after_{}", slug(&after.to_string()));
        Some(EscalationStep { id, after, notify: self.party_refs(node), span: self.span(node) })
    }
}
