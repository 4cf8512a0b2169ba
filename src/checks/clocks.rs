//! What is counted on a calendar: which lengths have a meaning there.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Announcement, CalendarDecl, CalendarRef, Deadline, Every, Model, Recurrence, Support};
use crate::source::Span;
use crate::values::{Amount, Period, PeriodUnit};

/// Something that is counted on a calendar.
pub(super) struct Counted<'a> {
    /// How long it is; none for what only takes place in the hours of the calendar.
    pub amount: Option<&'a Amount>,
    /// The name of the calendar; none for what is counted around the clock.
    pub calendar: Option<&'a str>,
    /// Where it stands.
    pub span: Span,
}

impl<'a> Counted<'a> {
    fn new(amount: &'a Amount, on: Option<&'a CalendarRef>, span: Span) -> Counted<'a> {
        let calendar = match on {
            Some(CalendarRef::Named(name)) => Some(name.as_str()),
            Some(CalendarRef::Always) | None => None,
        };
        Counted { amount: Some(amount), calendar, span }
    }

    fn deadline(deadline: &'a Deadline, hours: Option<&'a CalendarRef>) -> Counted<'a> {
        Counted::new(&deadline.amount, deadline.calendar.as_ref().or(hours), deadline.span)
    }

    fn rhythm(every: &'a Recurrence, hours: Option<&'a CalendarRef>) -> Option<Counted<'a>> {
        match &every.every {
            Every::Amount(amount) => Some(Counted::new(amount, every.calendar.as_ref().or(hours), every.span)),
            Every::Window(_) => None,
        }
    }

    fn announcement(announce: &'a Announcement, hours: Option<&'a CalendarRef>) -> Counted<'a> {
        Counted::new(&announce.amount, announce.calendar.as_ref().or(hours), announce.span)
    }
}

/// Whatever is counted on a calendar.
pub(super) fn counted(model: &Model) -> Vec<Counted<'_>> {
    let mut all: Vec<Counted<'_>> = model.supports.iter().flat_map(of_cases).collect();
    all.extend(of_commitments(model));
    all.extend(of_clauses(model));
    all
}

/// What is counted on the clocks of the cases of a support.
fn of_cases(support: &Support) -> Vec<Counted<'_>> {
    let hours = support.calendar.as_ref();
    let mut all = Vec::new();
    for priority in &support.priorities {
        let due = [&priority.respond, &priority.work_around, &priority.resolve];
        all.extend(due.into_iter().flatten().map(|deadline| Counted::deadline(deadline, hours)));
        all.extend(priority.update.iter().filter_map(|every| Counted::rhythm(every, hours)));
    }
    all
}

fn of_commitments(model: &Model) -> Vec<Counted<'_>> {
    let mut all = Vec::new();
    for commitment in &model.commitments {
        let claim = commitment.claim.as_ref().and_then(|claim| claim.within.as_ref());
        let decide = commitment.decide.as_ref().and_then(|decide| decide.within.as_ref());
        let rights = commitment.terminate.iter();
        let terminate = rights.clone().flat_map(|right| right.within.iter().chain(&right.cure));
        let within = claim.into_iter().chain(decide).chain(terminate);
        all.extend(within.map(|deadline| Counted::deadline(deadline, None)));
        let announced = rights.filter_map(|right| right.announce.as_ref());
        all.extend(announced.map(|announce| Counted::announcement(announce, None)));
    }
    all
}

fn of_clauses(model: &Model) -> Vec<Counted<'_>> {
    let mut all = Vec::new();
    for duty in &model.duties {
        let hours = duty.calendar.as_ref();
        all.extend(duty.within.iter().map(|deadline| Counted::deadline(deadline, hours)));
        all.extend(duty.every.iter().filter_map(|every| Counted::rhythm(every, hours)));
        all.extend(duty.announce.iter().map(|announce| Counted::announcement(announce, hours)));
    }
    let reports = model.reports.iter().filter_map(|report| report.within.as_ref());
    let notices = model.notices.iter().filter_map(|notice| notice.within.as_ref());
    let steps = model.disputes.iter().flat_map(|dispute| dispute.steps.iter().filter_map(|step| step.within.as_ref()));
    let answers = model.proposals.iter().filter_map(|proposal| proposal.within.as_ref());
    all.extend(reports.chain(notices).chain(steps).chain(answers).map(|deadline| Counted::deadline(deadline, None)));
    let reports = model.reports.iter().filter_map(|one| one.every.as_ref());
    let meetings = model.meetings.iter().filter_map(|one| one.every.as_ref());
    let reviews = model.reviews.iter().filter_map(|one| one.every.as_ref());
    let audits = model.audits.iter().filter_map(|one| one.every.as_ref());
    let news = model.notices.iter().filter_map(|one| one.update.as_ref());
    let tests = model.recoveries.iter().filter_map(|one| one.test.as_ref());
    let rhythms = reports.chain(meetings).chain(reviews).chain(audits).chain(news).chain(tests);
    all.extend(rhythms.filter_map(|every| Counted::rhythm(every, None)));
    let works = model.maintenances.iter().filter_map(|one| one.announce.as_ref());
    let changes = model.amendments.iter().filter_map(|one| one.announce.as_ref());
    let audits = model.audits.iter().filter_map(|one| one.announce.as_ref());
    all.extend(works.chain(changes).chain(audits).map(|announce| Counted::announcement(announce, None)));
    for maintenance in &model.maintenances {
        if let Some(CalendarRef::Named(name)) = &maintenance.calendar {
            all.push(Counted { amount: None, calendar: Some(name), span: maintenance.head.name_span });
        }
    }
    all
}

/// Working days that are counted on the clocks of cases have one length. Any other deadline ends with a date.
pub(super) fn unequal_days(model: &Model) -> Vec<Diagnostic> {
    let all: Vec<Counted<'_>> = model.supports.iter().flat_map(of_cases).collect();
    let calendars = model.calendars.iter().filter(|declared| !declared.head.poisoned);
    // One that never opens has been told by itself.
    let unequal = calendars.filter(|one| one.calendar.has_hours() && one.calendar.working_day_length().is_none());
    unequal
        .filter_map(|declared| {
            let on_it = all.iter().filter(|one| one.calendar == Some(declared.head.name.as_str()));
            let mut days = on_it.filter_map(|one| Some((one.amount.filter(|amount| is_days(amount))?, one.span)));
            let (amount, span) = days.next()?;
            let finding = unequal_day(declared, amount, span);
            Some(
                days.fold(finding, |finding, (amount, span)| {
                    finding.label(span, format!("so {} `{amount}`", be(amount)))
                }),
            )
        })
        .collect()
}

fn unequal_day(declared: &CalendarDecl, amount: &Amount, span: Span) -> Diagnostic {
    let name = &declared.head.name;
    let calendar = &declared.calendar;
    let (differ, why) = if calendar.is_of_several_zones() {
        ("whose hours are of several time zones", "the days of this calendar begin at different times in each zone")
    } else if calendar.opens_in_a_week() {
        ("whose days differ in length", "this calendar has days of different length")
    } else {
        ("which opens on single days only", "this calendar has no hours of the week")
    };
    let message = format!("`{amount}` {} counted on `{name}`, {differ}", be(amount));
    Diagnostic::new(codes::UNEQUAL_WORKING_DAYS, span, message)
        .primary("how many hours these are depends on the day")
        .label(declared.head.name_span, why)
        .help("write the deadline in hours, or count it on a calendar whose days are alike")
}

fn is_days(amount: &Amount) -> bool {
    matches!(amount, Amount::Period(Period { unit: PeriodUnit::Day, .. }))
}

/// The verb after an amount of the calendar.
fn be(amount: &Amount) -> &'static str {
    match amount {
        Amount::Period(Period { count: 1, .. }) | Amount::Windows { count: 1, .. } => "is",
        _ => "are",
    }
}

/// On a calendar hours and working days are counted, and on a clock that stands still at times, weeks too: of anything
/// longer nobody knows how much of it is open time.
pub(super) fn too_long(model: &Model) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = counted(model).iter().filter_map(|one| closed(model, one)).collect();
    for support in &model.supports {
        let Some(pause) = support.pauses.first() else { continue };
        found.extend(of_cases(support).iter().filter_map(|one| paused(one, pause.span)));
    }
    found
}

fn closed(model: &Model, one: &Counted<'_>) -> Option<Diagnostic> {
    let amount = one.amount.filter(|amount| !matches!(amount, Amount::Elapsed(_)) && !is_days(amount))?;
    let declared = model.calendars.get(one.calendar?).filter(|declared| !declared.head.poisoned)?;
    let name = &declared.head.name;
    Some(
        Diagnostic::new(codes::WRONG_ARGUMENT, one.span, format!("`{amount}` cannot be counted on `{name}`"))
            .primary("dates, or time in which it is open?")
            .label(declared.head.name_span, "on a calendar, hours and days are counted")
            .witness("one side counts dates and the other only open time, and they come to different deadlines")
            .help(format!("write hours or days, such as `10 days on {name}`, or take `always`, which never closes")),
    )
}

fn paused(one: &Counted<'_>, pause: Span) -> Option<Diagnostic> {
    let amount = one.amount.filter(|_| one.calendar.is_none())?;
    let months = match amount {
        Amount::Elapsed(_) => false,
        Amount::Period(period) => period.unit.months().is_some(),
        Amount::Windows { .. } => true,
    };
    months.then(|| {
        let message = format!("`{amount}` cannot be counted on a clock that stands still at times");
        Diagnostic::new(codes::WRONG_ARGUMENT, one.span, message)
            .primary("has no fixed length")
            .label(pause, "here the clock stands still")
            .witness("after a pause of ten days nobody can say how much of a month is left: 18 days, or 21")
            .help("write hours, days or weeks")
    })
}
