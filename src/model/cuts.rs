//! Windows and fee periods of suppliers' agreements that begin before this one does, or end after it, or that begin on other
//! days there than here, and windows before this one at which suppliers' promises look back.

mod apart;
mod past;

pub use apart::Apart;

use super::{Agreement, Between, Commitment, Condition, Escalation, Fee, Head, Maintenance, Model, PartyRef, Ref};
use crate::calculus::{Expr, ExprKind};
use crate::values::{Date, PeriodUnit, Window, WindowKind};
use std::collections::BTreeSet;

/// A first day, and the first day after the last one: the last date there is where there is no end.
type Days = (Date, Date);

/// A window, or a period of a fee, a cap or a budget, of which another part counts here than in the supplier's own agreement;
/// or the time at which something looks back from the end of such a window.
#[derive(Clone, Debug)]
pub struct Cut<'a> {
    /// The supplier's own agreement.
    pub there: &'a Agreement,
    /// Which window it is one of, or with which window it ends.
    pub per: &'a Window,
    /// Whether it is what the first window looks back at, of which a part lies before this agreement.
    pub is_past: bool,
    /// All of it.
    pub whole: Days,
    /// What counts under this agreement.
    pub here: Days,
    /// What counts under the supplier's own.
    pub elsewhere: Days,
    /// What is counted over it, each once.
    pub of: Vec<Counted<'a>>,
}

/// What is counted over a stretch of time.
#[derive(Clone, Copy, Debug)]
pub enum Counted<'a> {
    /// The promise of a supplier.
    Promise(&'a Commitment),
    /// A fee of which a credit is a part.
    Fee(&'a Fee),
    /// A cap of the credits of a promise.
    Cap(&'a Commitment),
    /// A budget of maintenance that a promise excludes.
    Budget(&'a Maintenance, &'a Commitment),
    /// An escalation, which looks back from each moment.
    Escalation(&'a Escalation),
}

/// An escalation is watched on each day, and has no windows of its own.
static EACH_DAY: Window = Window::Periodic { kind: WindowKind::Calendar, unit: PeriodUnit::Day };

impl<'a> Counted<'a> {
    /// The name and the title of what was declared.
    pub fn head(&self) -> &'a Head {
        match self {
            Counted::Promise(one) | Counted::Cap(one) => &one.head,
            Counted::Fee(fee) => &fee.head,
            Counted::Budget(maintenance, _) => &maintenance.head,
            Counted::Escalation(escalation) => &escalation.head,
        }
    }

    /// The service or support that it is for; none for an escalation.
    pub fn of(&self) -> Option<&'a Ref> {
        match self {
            Counted::Promise(one) | Counted::Cap(one) | Counted::Budget(_, one) => one.of.as_ref(),
            Counted::Fee(fee) => fee.of.as_ref(),
            Counted::Escalation(_) => None,
        }
    }

    /// What tells it from others.
    pub(super) fn key(&self) -> (u8, &'a str) {
        let kind = match self {
            Counted::Promise(_) => 0,
            Counted::Fee(_) => 1,
            Counted::Cap(_) => 2,
            Counted::Budget(..) => 3,
            Counted::Escalation(_) => 4,
        };
        (kind, self.head().name.as_str())
    }
}

impl Agreement {
    /// Days as far as they lie within the term; the end of a term that renews itself is none. Those that lie outside end
    /// before they begin.
    pub fn within_term(&self, (first, next): (Date, Date)) -> (Date, Date) {
        let Some(term) = &self.effective else { return (first, next) };
        let end = term.to.filter(|_| self.renews.is_none()).and_then(|last| last.tomorrow().ok());
        (first.max(term.from), end.map_or(next, |end| next.min(end)))
    }
}

impl Model {
    /// The agreement to which something belongs, if it is not this one.
    pub fn agreement_elsewhere(&self, head: &Head) -> Option<&Agreement> {
        self.agreement_of(&head.family)
    }

    /// The agreement to which a contact of a party belongs, if it is not this one.
    pub fn contact_elsewhere(&self, party: &Head, contact: &Head) -> Option<&Agreement> {
        self.agreement_of(&Model::contact_called(&party.name, &contact.name))
    }

    /// By what a contact of a party is known among all names.
    pub(super) fn contact_called(party: &str, contact: &str) -> String {
        format!("{party}.{contact}")
    }

    fn agreement_of(&self, name: &str) -> Option<&Agreement> {
        let file = *self.elsewhere.get(name)?;
        self.foreign.iter().find(|one| one.head.span.file.plain() == file)
    }

    /// The supplier whose agreement that of another file is: the one that provides a service of it to somebody who is no supplier
    /// himself. Nothing where no supplier provides a service of it.
    pub fn supplier_of(&self, there: &Agreement) -> Option<&PartyRef> {
        let is_there = |head: &Head| self.agreement_elsewhere(head).is_some_and(|one| std::ptr::eq(one, there));
        let provided = self.services.iter().filter(|service| is_there(&service.head)).map(|service| &service.between);
        let of_suppliers = provided.filter(|between| self.is_supplier(between.by.as_ref()));
        let is_to_supplier = |between: &&Between| {
            let to = &between.to;
            !to.is_empty() && to.iter().all(|party| self.is_supplier(Some(party)))
        };
        of_suppliers.min_by_key(is_to_supplier)?.by.as_ref()
    }

    /// Each window of a supplier's promise, each period of what it owes for it and of the maintenance that it excludes, within
    /// which the term of this agreement begins or ends, while another part of it lies in the term of the supplier's own
    /// agreement; and what of the time before this agreement the promise, or an escalation, looks back at. Windows that the two
    /// count from different days are left out.
    pub fn cut_elsewhere(&self) -> Vec<Cut<'_>> {
        let mut found: Vec<Cut<'_>> = Vec::new();
        for (there, per, counted) in self.counted_elsewhere() {
            self.cuts(there, per).into_iter().for_each(|cut| join(&mut found, cut, counted));
            if let Some(cut) = self.past_elsewhere(there, per, counted) {
                join(&mut found, cut, counted);
            }
        }
        found
    }

    /// What stands in agreements of suppliers and is counted over time, each with its agreement and its window, once.
    pub(super) fn counted_elsewhere(&self) -> Vec<(&Agreement, &Window, Counted<'_>)> {
        if self.foreign.is_empty() {
            return Vec::new();
        }
        let supplied = self.commitments.iter().filter(|one| !one.head.poisoned && self.is_supplied(one.of.as_ref()));
        let promised = supplied.filter_map(|one| Some((self.agreement_elsewhere(&one.head)?, one)));
        let promised =
            promised.flat_map(|(there, one)| self.counted(one).into_iter().map(move |(per, of)| (there, per, of)));
        let watched = self.escalations.iter().filter(|one| !one.head.poisoned).filter_map(|one| {
            let there = self.agreement_elsewhere(&one.head).filter(|there| self.supplier_of(there).is_some())?;
            Some((there, &EACH_DAY, Counted::Escalation(one)))
        });
        let mut seen = BTreeSet::new();
        promised.chain(watched).filter(|(_, per, of)| seen.insert((of.key(), per.to_string()))).collect()
    }

    /// The expressions by which something is counted.
    pub(super) fn looked_at<'a>(&'a self, counted: Counted<'a>) -> Vec<&'a Expr> {
        match counted {
            Counted::Promise(commitment) => commitment.measured(),
            Counted::Fee(fee) => vec![&fee.amount],
            Counted::Escalation(one) => one.when.as_ref().and_then(Condition::measured).into_iter().collect(),
            Counted::Cap(_) | Counted::Budget(..) => Vec::new(),
        }
    }

    /// What of a promise is counted over which windows: the promise itself, the budgets of maintenance that it excludes, the
    /// fees of its credit and of its caps that are not invoiced, and its caps.
    fn counted<'a>(&'a self, commitment: &'a Commitment) -> Vec<(&'a Window, Counted<'a>)> {
        let targets = commitment.targets.iter().map(|target| (&target.window, Counted::Promise(commitment)));
        let excluded = commitment.exclude.iter().filter_map(|of| self.maintenances.get(&of.value));
        let budgets = excluded
            .filter_map(|one| one.budget.as_ref().map(|budget| (&budget.per, Counted::Budget(one, commitment))));
        let targets = targets.chain(budgets);
        let Some(credit) = &commitment.credit else { return targets.collect() };
        let of_caps = commitment.caps.iter().flat_map(|cap| self.fees_in(&cap.amount));
        let fees = credit.fees(self).into_iter().chain(of_caps).filter_map(|(name, _)| self.fees.get(name));
        let fees = fees.filter(|fee| !matches!(fee.amount.kind, ExprKind::Invoiced));
        let fees =
            fees.flat_map(|fee| self.fee_periods(&fee.head.name).into_iter().map(move |per| (per, Counted::Fee(fee))));
        let caps = commitment.caps.iter().filter_map(|cap| Some((cap.per.as_ref()?, Counted::Cap(commitment))));
        targets.chain(fees).chain(caps).collect()
    }

    /// The first and the last window of our term, where the supplier's own agreement counts another part of it.
    fn cuts<'a>(&'a self, there: &'a Agreement, per: &'a Window) -> Vec<Cut<'a>> {
        let (Some(ours), Some(theirs)) = (&self.agreement.effective, &there.effective) else { return Vec::new() };
        let anchors = self.agreement.anchors(ours.from);
        let whole = |date: Date| match per {
            Window::Term => Some((theirs.from, theirs.to.map_or(Some(Date::MAX), |last| last.tomorrow().ok())?)),
            _ => per.dates_around(anchors, date),
        };
        let last = ours.to.filter(|_| self.agreement.renews.is_none());
        let dates = std::iter::once(ours.from).chain(last).filter(|_| self.agreement.begins_like(there, per));
        let mut all: Vec<Days> = dates.filter_map(whole).collect();
        all.dedup();
        let cut = |whole: Days| {
            let (inside, elsewhere) = (self.agreement.within_term(whole), there.within_term(whole));
            let here = match (per, last) {
                (Window::Term, last) => (ours.from, last?.tomorrow().ok()?),
                _ => inside,
            };
            let is_there = elsewhere.0 < elsewhere.1 && inside.0 < inside.1;
            (inside != whole && here != elsewhere && is_there).then_some(Cut {
                there,
                per,
                is_past: false,
                whole,
                here,
                elsewhere,
                of: Vec::new(),
            })
        };
        all.into_iter().filter_map(cut).collect()
    }
}

/// Puts something beside what is counted over the same days.
fn join<'a>(found: &mut Vec<Cut<'a>>, cut: Cut<'a>, counted: Counted<'a>) {
    let same = |one: &&mut Cut<'_>| {
        std::ptr::eq(one.there, cut.there) && (one.per, one.is_past, one.whole) == (cut.per, cut.is_past, cut.whole)
    };
    match found.iter_mut().find(same) {
        Some(known) => known.of.push(counted),
        None => found.push(Cut { of: vec![counted], ..cut }),
    }
}
