//! Every clause of an agreement with its stable id and its place, in one list.

use super::{Credit, Declared, Head, Model, Table};
use crate::source::Span;
use std::collections::BTreeMap;

/// A clause that can be referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The stable id.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// Its title, if it has one of its own.
    pub title: Option<String>,
    /// The `///` comment before it.
    pub doc: Option<String>,
}

/// The titles of clauses, by their ids.
#[derive(Clone, Debug)]
pub struct Titles(BTreeMap<String, String>);

impl Titles {
    /// The title of a clause, or of the nearest one around it: a target has none of its own, and its commitment has.
    pub fn of(&self, id: &str) -> Option<&str> {
        let mut at = id;
        loop {
            if let Some(title) = self.0.get(at) {
                return Some(title);
            }
            at = at.rsplit_once('.')?.0;
        }
    }
}

struct Collector(Vec<Clause>);

impl Collector {
    fn head(&mut self, head: &Head) {
        let (id, title, doc) = (head.id.clone(), head.title.clone(), head.doc.clone());
        self.0.push(Clause { id, span: head.span, title, doc });
    }

    fn id(&mut self, id: &str, span: Span) {
        self.0.push(Clause { id: id.to_owned(), span, title: None, doc: None });
    }

    fn table<T: Declared>(&mut self, table: &Table<T>) {
        for item in table {
            self.head(item.head());
        }
    }
}

impl Model {
    /// The head of what a report can show, an objective be judged by, or records be kept of.
    pub fn shown_head(&self, name: &str) -> Option<&Head> {
        fn of<'a, T: Declared>(table: &'a Table<T>, name: &str) -> Option<&'a Head> {
            table.get(name).map(Declared::head)
        }
        of(&self.commitments, name)
            .or_else(|| of(&self.metrics, name))
            .or_else(|| of(&self.signals, name))
            .or_else(|| of(&self.maintenances, name))
            .or_else(|| of(&self.exclusions, name))
            .or_else(|| of(&self.supports, name))
            .or_else(|| of(&self.duties, name))
            .or_else(|| of(&self.risks, name))
            .or_else(|| of(&self.reports, name))
    }

    /// The title of every clause that has one.
    pub fn titles(&self) -> Titles {
        Titles(self.clauses().into_iter().filter_map(|clause| Some((clause.id, clause.title?))).collect())
    }

    /// Every clause, in the order of the parts of an agreement.
    pub fn clauses(&self) -> Vec<Clause> {
        let mut all = Collector(Vec::new());
        all.head(&self.agreement.head);
        for cap in &self.agreement.caps {
            all.id(&cap.id, cap.span);
        }
        for party in &self.parties {
            all.head(&party.head);
            party.contacts.iter().for_each(|contact| all.head(&contact.head));
        }
        all.table(&self.services);
        all.table(&self.fees);
        all.table(&self.constants);
        all.table(&self.terms);
        all.table(&self.holidays);
        all.table(&self.calendars);
        for signal in &self.signals {
            all.head(&signal.head);
            let members = [&signal.counts, &signal.values, &signal.fields, &signal.milestones, &signal.spans];
            members.into_iter().flatten().for_each(|member| all.head(&member.head));
        }
        all.table(&self.metrics);
        self.commitments.iter().for_each(|commitment| commitment_clauses(commitment, &mut all));
        for support in &self.supports {
            all.head(&support.head);
            support.channels.iter().for_each(|channel| all.head(&channel.head));
            support.priorities.iter().for_each(|priority| all.head(&priority.head));
            support.pauses.iter().for_each(|pause| all.id(&pause.id, pause.span));
        }
        for escalation in &self.escalations {
            all.head(&escalation.head);
            escalation.steps.iter().for_each(|step| all.id(&step.id, step.span));
        }
        all.table(&self.duties);
        all.table(&self.risks);
        all.table(&self.recoveries);
        all.table(&self.maintenances);
        all.table(&self.exclusions);
        all.table(&self.reports);
        all.table(&self.meetings);
        all.table(&self.notices);
        all.table(&self.objectives);
        for proposal in &self.proposals {
            all.head(&proposal.head);
            proposal.options.iter().for_each(|option| all.head(option));
        }
        all.table(&self.reviews);
        all.table(&self.amendments);
        for dispute in &self.disputes {
            all.head(&dispute.head);
            dispute.steps.iter().for_each(|step| all.head(&step.head));
        }
        all.table(&self.records);
        all.table(&self.audits);
        all.table(&self.examples);
        all.0
    }
}

fn commitment_clauses(commitment: &super::Commitment, all: &mut Collector) {
    all.head(&commitment.head);
    commitment.targets.iter().for_each(|target| all.id(&target.id, target.span));
    if let Some(Credit::Table(table)) = &commitment.credit {
        table.rows.iter().for_each(|row| all.id(&row.id, row.span));
    }
    commitment.times.iter().for_each(|factor| all.id(&factor.id, factor.span));
    commitment.caps.iter().for_each(|cap| all.id(&cap.id, cap.span));
    commitment.terminate.iter().for_each(|right| all.id(&right.id, right.span));
}
