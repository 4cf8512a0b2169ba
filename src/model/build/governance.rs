use super::conditions::never_holds;
use super::{Builder, Declaration, Poisonable, made};
use crate::model::{
    Amendment, Audit, Dispute, DisputeStep, Meeting, Notice, Objective, Records, Report, Retention, Review, Spanned,
    Table, TakesEffect,
};
use crate::syntax::{Decl, Kind, Node, NodeExt};

/// What a report can show.
const SHOWN: &[&str] = &["commitment", "metric", "signal", "maintenance", "exclusion", "support", "duty", "risk"];
/// What records can be kept of.
const KEPT: &[&str] = &["signal", "maintenance", "exclusion", "commitment", "metric", "report", "duty"];

impl Builder<'_> {
    pub(super) fn report(&mut self, decl: &Decl) -> Poisonable<Report> {
        let all = self.statements("report", decl.block());
        made!(Report {
            head: self.head(decl, None),
            between: self.between(&all),
            every: self.recurrence_of(&all, "every"),
            within: self.deadline_of(&all, "within"),
            shows: self.references(&all, "shows", SHOWN),
            via: self.via(&all),
            form: self.said(&all, "form"),
        })
    }

    pub(super) fn meeting(&mut self, decl: &Decl) -> Poisonable<Meeting> {
        let all = self.statements("meeting", decl.block());
        made!(Meeting {
            head: self.head(decl, None),
            between: self.between(&all),
            every: self.recurrence_of(&all, "every"),
            agenda: self.said_all(&all, "agenda"),
        })
    }

    /// The notices. For options for which the condition of one never holds there is none.
    pub(super) fn notices(&mut self, declarations: &[Declaration]) -> Table<Notice> {
        let all = self.table(declarations, "notice", Self::notice);
        all.filter_map(|one| (!never_holds(one.when.as_ref())).then(|| one.clone()))
    }

    fn notice(&mut self, decl: &Decl) -> Poisonable<Notice> {
        let all = self.statements("notice", decl.block());
        made!(Notice {
            head: self.head(decl, None),
            between: self.between(&all),
            when: self.condition_of(&all, "when"),
            within: self.deadline_of(&all, "within"),
            update: self.recurrence_of(&all, "update every"),
            via: self.via(&all),
            form: self.said(&all, "form"),
        })
    }

    pub(super) fn objective(&mut self, decl: &Decl) -> Poisonable<Objective> {
        let all = self.statements("objective", decl.block());
        made!(Objective {
            head: self.head(decl, None),
            kpis: self.references(&all, "kpi", &["commitment", "metric"]),
            supplier: None,
        })
    }

    pub(super) fn review(&mut self, decl: &Decl) -> Poisonable<Review> {
        let all = self.statements("review", decl.block());
        made!(Review {
            head: self.head(decl, None),
            between: self.between(&all),
            every: self.recurrence_of(&all, "every"),
            agenda: self.said_all(&all, "agenda"),
        })
    }

    pub(super) fn amendment(&mut self, decl: &Decl) -> Poisonable<Amendment> {
        let all = self.statements("amendment", decl.block());
        made!(Amendment {
            supplier: None,
            head: self.head(decl, None),
            action: self.said(&all, "do"),
            takes_effect: all.one("takes effect").and_then(|node| self.word(node, &TakesEffect::WORDS)),
            announce: self.announcement(&all),
            between: self.between(&all),
        })
    }

    pub(super) fn dispute(&mut self, decl: &Decl) -> Poisonable<Dispute> {
        let all = self.statements("dispute", decl.block());
        let head = self.head(decl, None);
        let mut steps: Vec<DisputeStep> = Vec::new();
        for keyword in ["step", "final"] {
            let named: Vec<Node> = all.all(keyword).flat_map(|node| node.all(Kind::named)).collect();
            for node in named {
                let Some(name) = node.leaf(Kind::ident) else { continue };
                let within = node.child(Kind::s_within).and_then(|inner| self.deadline(&inner));
                // `within 10 days on office`: the calendar may stand after the whole deadline.
                let within = within.map(|deadline| crate::model::Deadline {
                    calendar: deadline.calendar.clone().or_else(|| self.on(&node)),
                    ..deadline
                });
                let step = self.named_head(&node, &name, &format!("{}.{keyword}", head.id));
                steps.push(DisputeStep { head: step, within, is_final: keyword == "final" });
            }
        }
        // A step after the final one is a mistake, which shows only in the order of the file.
        steps.sort_by_key(|step| step.head.span.start);
        self.unique(steps.iter().map(|step| &step.head), "step");
        made!(Dispute { meanwhile: self.said(&all, "meanwhile"), steps, supplier: None, head })
    }

    pub(super) fn records(&mut self, decl: &Decl) -> Poisonable<Records> {
        let all = self.statements("records", decl.block());
        let nodes: Vec<Node> = all.all("keep").cloned().collect();
        let keep = nodes.iter().map(|node| {
            let tokens: Vec<_> = node.leaves(Kind::path).collect();
            let of = tokens.iter().flat_map(|token| self.all_of(token, KEPT)).collect();
            let period = node.child(Kind::keep_for);
            let period =
                period.and_then(|node| self.amount(&node).map(|value| Spanned { value, span: self.span(&node) }));
            Retention { of, period }
        });
        let keep = keep.collect();
        made!(Records {
            head: self.head(decl, None),
            between: self.between(&all),
            keep,
            standards: self.said_all(&all, "standard"),
            evidence: self.said(&all, "evidence"),
        })
    }

    pub(super) fn audit(&mut self, decl: &Decl) -> Poisonable<Audit> {
        let all = self.statements("audit", decl.block());
        made!(Audit {
            head: self.head(decl, None),
            between: self.between(&all),
            scope: self.said_all(&all, "scope"),
            every: self.recurrence_of(&all, "every"),
            announce: self.announcement(&all),
        })
    }
}
