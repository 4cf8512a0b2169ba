//! Which words on moments occur in an agreement, so that only those are explained.

use crate::calculus::{Attribute, Expr, ExprKind};
use crate::model::{Anchor, Announcement, CalendarRef, Condition, Deadline, Model, Payment};
use crate::values::Amount;

/// The words on what goes on at a moment.
#[derive(Default)]
pub struct Moments {
    /// That a service level is being missed.
    pub failing: bool,
    /// That one can no longer be met.
    pub breached: bool,
    /// That there is an incident.
    pub incident: bool,
}

impl Moments {
    /// Those that occur.
    pub fn of(model: &Model) -> Moments {
        let mut used = Moments::default();
        for expr in conditions(model) {
            expr.walk(&mut |part| {
                if let ExprKind::Attribute { attribute, .. } = &part.kind {
                    used.failing |= *attribute == Attribute::Failing;
                    used.breached |= *attribute == Attribute::Breached;
                }
            });
        }
        let anchors = all(model).into_iter().filter_map(|deadline| deadline.of.as_ref());
        used.incident = anchors.into_iter().any(|of| matches!(of, Anchor::IncidentStart | Anchor::IncidentEnd))
            || model.notices.iter().any(|notice| notice.update.is_some());
        used
    }
}

fn conditions(model: &Model) -> Vec<&Expr> {
    let commitments = model.commitments.iter();
    let when = commitments
        .flat_map(|one| one.applies_when.iter().chain(one.terminate.iter().filter_map(|right| right.when.as_ref())))
        .chain(model.escalations.iter().filter_map(|one| one.when.as_ref()))
        .chain(model.notices.iter().filter_map(|one| one.when.as_ref()))
        .chain(model.exclusions.iter().filter_map(|one| one.when.as_ref()))
        .chain(model.maintenances.iter().filter_map(|one| one.when.as_ref()));
    when.filter_map(Condition::measured).collect()
}

/// The deadlines outside supports.
fn all(model: &Model) -> Vec<&Deadline> {
    let mut all: Vec<&Deadline> = Vec::new();
    for one in &model.commitments {
        all.extend(one.claim.iter().filter_map(|claim| claim.within.as_ref()));
        all.extend(one.decide.iter().filter_map(|decision| decision.within.as_ref()));
        all.extend(one.terminate.iter().flat_map(|right| right.within.iter().chain(&right.cure)));
    }
    all.extend(model.duties.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.reports.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.notices.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.disputes.iter().flat_map(|one| &one.steps).filter_map(|step| step.within.as_ref()));
    all
}

/// How long there is in each deadline outside supports.
pub fn deadlines(model: &Model) -> impl Iterator<Item = &Amount> {
    all(model).into_iter().map(|deadline| &deadline.amount)
}

/// Whether time outside supports is counted in a calendar.
pub fn in_calendars(model: &Model) -> bool {
    let duties =
        model.duties.iter().filter(|one| one.within.is_some() || one.every.is_some() || one.announce.is_some());
    let own = duties.map(|one| &one.calendar).chain(model.maintenances.iter().map(|one| &one.calendar));
    let due = all(model).into_iter().map(|deadline| &deadline.calendar);
    let ahead = announcements(model).map(|notice| &notice.calendar);
    let again = model.recurrences().map(|rhythm| &rhythm.calendar);
    own.chain(due).chain(ahead).chain(again).any(|calendar| matches!(calendar, Some(CalendarRef::Named(_))))
}

/// How long before something each announcement is due.
pub fn ahead(model: &Model) -> impl Iterator<Item = &Amount> {
    announcements(model).map(|notice| &notice.amount)
}

/// What is to be announced some time before.
fn announcements(model: &Model) -> impl Iterator<Item = &Announcement> {
    let rights = model.commitments.iter().flat_map(|one| &one.terminate).map(|right| &right.announce);
    let duties = model.duties.iter().map(|one| &one.announce);
    let changes = model.amendments.iter().map(|one| &one.announce);
    let audits = model.audits.iter().map(|one| &one.announce);
    let works = model.maintenances.iter().map(|one| &one.announce);
    rights.chain(duties).chain(changes).chain(audits).chain(works).flatten()
}

/// Whether a time is counted from the end of a measurement period.
pub fn from_window_end(model: &Model) -> bool {
    let pays = model.agreement.pay.iter().chain(model.commitments.iter().filter_map(|one| one.pay.as_ref()));
    pays.into_iter().any(|pay| pay.value == Payment::Within30Days)
        || all(model).into_iter().any(|deadline| deadline.of == Some(Anchor::WindowEnd))
}
