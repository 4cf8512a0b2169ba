use super::{Builder, Poisonable, made};
use crate::model::{Budget, Counts, Duty, Exclusion, Level, Maintenance, Recovery, Risk, Spanned};
use crate::syntax::{Decl, Node};
use crate::values::Amount;

impl Builder<'_> {
    pub(super) fn duty(&mut self, decl: &Decl) -> Poisonable<Duty> {
        let all = self.statements("duty", decl.block());
        made!(Duty {
            head: self.head(decl, None),
            between: self.between(&all),
            action: self.said(&all, "do"),
            within: self.deadline_of(&all, "within"),
            every: self.recurrence_of(&all, "every"),
            announce: self.announcement(&all),
            excuses: self.excused(&all),
            calendar: all.one("on").and_then(|node| self.on(node)),
            evidence: self.said(&all, "evidence"),
        })
    }

    pub(super) fn risk(&mut self, decl: &Decl) -> Poisonable<Risk> {
        let all = self.statements("risk", decl.block());
        made!(Risk {
            head: self.head(decl, None),
            owner: all.one("owner").and_then(|node| self.party_refs(node).into_iter().next()),
            likelihood: all.one("likelihood").and_then(|node| self.word(node, &Level::WORDS)),
            impact: all.one("impact").and_then(|node| self.word(node, &Level::WORDS)),
            mitigate: self.said_all(&all, "mitigate"),
        })
    }

    pub(super) fn recovery(&mut self, decl: &Decl) -> Poisonable<Recovery> {
        let all = self.statements("recovery", decl.block());
        made!(Recovery {
            head: self.head(decl, None),
            of: self.of(decl, &["service"]),
            between: self.between(&all),
            rto: all.one("rto").and_then(|node| self.amount_of(node)),
            rpo: all.one("rpo").and_then(|node| self.amount_of(node)),
            test: self.recurrence_of(&all, "test every"),
        })
    }

    fn amount_of(&mut self, node: &Node) -> Option<Spanned<Amount>> {
        let value = self.amount(node)?;
        Some(Spanned { value, span: self.span(node) })
    }

    pub(super) fn maintenance(&mut self, decl: &Decl) -> Poisonable<Maintenance> {
        let all = self.statements("maintenance", decl.block());
        made!(Maintenance {
            head: self.head(decl, None),
            of: self.of(decl, &["service", "support"]),
            between: self.between(&all),
            announce: self.announcement(&all),
            calendar: all.one("on").and_then(|node| self.on(node)),
            budget: all.one("budget").and_then(|node| self.budget(node)),
            counts: all.one("counts").and_then(|node| self.word(node, &Counts::WORDS)),
            when: self.condition_of(&all, "when"),
            evidence: self.said(&all, "evidence"),
            sources: all.all("source").filter_map(|node| self.source(node)).collect(),
        })
    }

    fn budget(&mut self, node: &Node) -> Option<Budget> {
        let amount = self.amount(node)?;
        let per = self.window_of_its_own(node, "a budget")?;
        Some(Budget { amount, per, span: self.span(node) })
    }

    pub(super) fn exclusion(&mut self, decl: &Decl) -> Poisonable<Exclusion> {
        let all = self.statements("exclusion", decl.block());
        made!(Exclusion {
            head: self.head(decl, None),
            when: self.condition_of(&all, "when"),
            evidence: self.said(&all, "evidence"),
            counts: all.one("counts").and_then(|node| self.word(node, &Counts::WORDS)),
        })
    }
}
