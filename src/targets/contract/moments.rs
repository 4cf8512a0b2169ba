//! Which words on moments occur in an agreement, so that only those are explained.

use crate::calculus::{Attribute, Expr, ExprKind};
use crate::model::{Anchor, Announcement, CalendarRef, Condition, Deadline, Every, Model, Payment};
use crate::values::{Amount, PeriodUnit};

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
        let anchors = all(model).into_iter().filter_map(|(deadline, _)| deadline.of.as_ref());
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

/// A length of time that an agreement states, and in which calendar it is counted.
#[derive(Clone, Copy)]
pub struct Length<'m> {
    /// How long it is.
    pub amount: &'m Amount,
    /// In which hours it is counted, where that is said.
    pub calendar: Option<&'m CalendarRef>,
}

impl Length<'_> {
    fn unit(&self) -> Option<PeriodUnit> {
        match self.amount {
            Amount::Period(period) => Some(period.unit),
            Amount::Elapsed(_) | Amount::Windows { .. } => None,
        }
    }

    /// Whether it is in days or weeks that no calendar counts.
    pub fn is_in_days(&self) -> bool {
        let is_counted = matches!(self.calendar, Some(CalendarRef::Named(_)));
        !is_counted && matches!(self.unit(), Some(PeriodUnit::Day | PeriodUnit::Week))
    }

    /// Whether it is in weeks.
    pub fn is_in_weeks(&self) -> bool {
        self.unit() == Some(PeriodUnit::Week)
    }

    /// Whether it is in months, quarters or years.
    pub fn is_in_months(&self) -> bool {
        self.unit().is_some_and(|unit| unit.months().is_some())
    }
}

/// The deadlines outside supports, each with the calendar of the duty that it is in.
fn all(model: &Model) -> Vec<(&Deadline, Option<&CalendarRef>)> {
    let mut all: Vec<&Deadline> = Vec::new();
    for one in &model.commitments {
        all.extend(one.claim.iter().filter_map(|claim| claim.within.as_ref()));
        all.extend(one.decide.iter().filter_map(|decision| decision.within.as_ref()));
        all.extend(one.terminate.iter().flat_map(|right| right.within.iter().chain(&right.cure)));
    }
    all.extend(model.reports.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.notices.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.disputes.iter().flat_map(|one| &one.steps).filter_map(|step| step.within.as_ref()));
    all.extend(model.proposals.iter().filter_map(|one| one.within.as_ref()));
    let duties = model.duties.iter();
    let duties = duties.filter_map(|duty| duty.within.as_ref().map(|within| (within, duty.calendar.as_ref())));
    all.into_iter().map(|deadline| (deadline, None)).chain(duties).collect()
}

/// How long there is in each deadline outside supports.
pub fn due(model: &Model) -> Vec<Length<'_>> {
    all(model)
        .into_iter()
        .map(|(deadline, own)| Length { amount: &deadline.amount, calendar: deadline.calendar.as_ref().or(own) })
        .collect()
}

/// All lengths of time that an agreement states, but for those of periods in which something is measured or limited.
pub fn lengths(model: &Model) -> Vec<Length<'_>> {
    let plain = |amount| Length { amount, calendar: None };
    let mut all = due(model);
    all.extend(ahead(model));
    let updates = model.notices.iter().filter_map(|one| one.update.as_ref());
    let priorities = || model.supports.iter().flat_map(|support| &support.priorities);
    let news = priorities().filter_map(|one| one.update.as_ref());
    all.extend(model.recurrences().chain(updates).chain(news).filter_map(|rhythm| match &rhythm.every {
        Every::Amount(amount) => Some(Length { amount, calendar: rhythm.calendar.as_ref() }),
        Every::Window(_) => None,
    }));
    let cases = priorities().flat_map(|one| [&one.respond, &one.work_around, &one.resolve]).flatten();
    all.extend(cases.map(|deadline| Length { amount: &deadline.amount, calendar: deadline.calendar.as_ref() }));
    all.extend(model.agreement.renews.iter().map(|renewal| plain(&renewal.every)));
    let kept = model.records.iter().flat_map(|one| &one.keep).filter_map(|kept| kept.period.as_ref());
    let recovered = model.recoveries.iter().flat_map(|one| one.rto.iter().chain(&one.rpo));
    all.extend(kept.chain(recovered).map(|amount| plain(&amount.value)));
    all.extend(model.escalations.iter().flat_map(|one| &one.steps).map(|step| plain(&step.after)));
    all
}

/// Whether time outside supports is counted in a calendar.
pub fn in_calendars(model: &Model) -> bool {
    let duties =
        model.duties.iter().filter(|one| one.within.is_some() || one.every.is_some() || one.announce.is_some());
    let own = duties.map(|one| &one.calendar).chain(model.maintenances.iter().map(|one| &one.calendar));
    let own = own.map(Option::as_ref);
    let (due, ahead) = (due(model), ahead(model));
    let lengths = due.iter().chain(&ahead).map(|length| length.calendar);
    let again = model.recurrences().map(|rhythm| rhythm.calendar.as_ref());
    own.chain(lengths).chain(again).any(|calendar| matches!(calendar, Some(CalendarRef::Named(_))))
}

/// How long before something what comes before it is due: an announcement, and a cancellation.
pub fn ahead(model: &Model) -> Vec<Length<'_>> {
    let of_duties = model.duties.iter().filter_map(|duty| Some((duty.announce.as_ref()?, duty.calendar.as_ref())));
    let announced = announcements(model).map(|notice| (notice, None)).chain(of_duties);
    let announced =
        announced.map(|(notice, own)| Length { amount: &notice.amount, calendar: notice.calendar.as_ref().or(own) });
    let renewal = model.agreement.renews.as_ref().and_then(|renewal| renewal.unless_cancelled.as_ref());
    announced.chain(renewal.map(|(amount, _)| Length { amount, calendar: None })).collect()
}

/// What is to be announced some time before, outside duties.
fn announcements(model: &Model) -> impl Iterator<Item = &Announcement> {
    let rights = model.commitments.iter().flat_map(|one| &one.terminate).map(|right| &right.announce);
    let changes = model.amendments.iter().map(|one| &one.announce);
    let audits = model.audits.iter().map(|one| &one.announce);
    let works = model.maintenances.iter().map(|one| &one.announce);
    rights.chain(changes).chain(audits).chain(works).flatten()
}

/// Whether service credits are paid out within 30 days.
pub fn within_30_days(model: &Model) -> bool {
    let mut pays = model.agreement.pay.iter().chain(model.commitments.iter().filter_map(|one| one.pay.as_ref()));
    pays.any(|pay| pay.value == Payment::Within30Days)
}

/// Whether a time is counted from the end of a measurement period.
pub fn from_window_end(model: &Model) -> bool {
    within_30_days(model) || all(model).into_iter().any(|(deadline, _)| deadline.of == Some(Anchor::WindowEnd))
}
