//! Calendars and holidays within the term of the agreement.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarRef, Deadline, Head, Model};
use crate::source::Span;
use crate::values::{Amount, Date, Period, PeriodUnit, Zone};

/// How many years are looked at where a term is longer or has no end.
const HORIZON_YEARS: u32 = 5;

/// The part of the term that is looked at.
fn horizon(model: &Model) -> Option<(Date, Date)> {
    let effective = model.agreement.effective.as_ref()?;
    let latest = Period::new(HORIZON_YEARS, PeriodUnit::Year).add_to(effective.from)?;
    let to = effective.to.map_or(latest, |to| to.min(latest));
    (to >= effective.from).then_some((effective.from, to))
}

/// A calendar has an opening within the term.
pub(super) fn never_open(model: &Model) -> Vec<Diagnostic> {
    let Some((from, to)) = horizon(model) else { return Vec::new() };
    let zone = model.agreement.zone.as_ref().map_or_else(Zone::utc, |zone| zone.value.clone());
    let calendars = model.calendars.iter().filter(|calendar| !calendar.head.poisoned);
    let deadlines = deadlines(model);
    calendars
        .filter(|declared| !declared.calendar.ever_opens(&zone, from, to))
        .map(|declared| {
            let name = &declared.head.name;
            let message = format!("the calendar `{name}` never opens");
            let finding = Diagnostic::new(codes::CLOCK_NEVER_OPENS, declared.head.name_span, message)
                .primary(format!("no open hour from {from} to {to}"))
                .help("add `open` with hours on days that are not closed, or combine calendars that overlap");
            match deadlines.iter().find(|deadline| deadline.calendar == Some(name.as_str())) {
                Some(counted) => finding
                    .label(counted.span, "this is counted in its hours")
                    .witness(format!("a clock that starts on {from} still shows 0 on {to}")),
                None => finding,
            }
        })
        .collect()
}

/// A list of holidays covers every year of the term.
pub(super) fn holidays(model: &Model) -> Vec<Diagnostic> {
    let Some(effective) = &model.agreement.effective else { return Vec::new() };
    let Some(to) = effective.to.filter(|to| *to >= effective.from) else { return Vec::new() };
    let mut found = Vec::new();
    for set in model.holidays.iter().filter(|set| !set.head.poisoned) {
        let last = set.days.dates().map(|(date, _)| date).max();
        let Some(last) = last.filter(|last| last.year() < to.year()) else { continue };
        let message = format!("the holidays `{}` end in {}, before the agreement does", set.head.name, last.year());
        let Some(next) = Date::new(last.year() + 1, 1, 1).ok().map(|next| next.max(effective.from)) else { continue };
        found.push(
            Diagnostic::new(codes::HOLIDAYS_END_EARLY, set.head.name_span, message)
                .primary(format!("the last date is {last}"))
                .label(effective.span, format!("the agreement holds until {to}"))
                .witness(format!("from {next} on, clocks run on every holiday whose date changes from year to year"))
                .help(format!("add the dates of {}", years(next.year(), to.year()))),
        );
    }
    found
}

fn years(first: i16, last: i16) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

/// Something that is counted on a calendar.
struct Counted<'a> {
    amount: Option<&'a Amount>,
    calendar: Option<&'a str>,
    span: Span,
}

fn counted<'a>(deadline: &'a Deadline, otherwise: Option<&'a CalendarRef>) -> Counted<'a> {
    let calendar = match deadline.calendar.as_ref().or(otherwise) {
        Some(CalendarRef::Named(name)) => Some(name.as_str()),
        _ => None,
    };
    Counted { amount: Some(&deadline.amount), calendar, span: deadline.span }
}

/// Every deadline of the agreement with the calendar that it is counted on.
fn deadlines(model: &Model) -> Vec<Counted<'_>> {
    let mut all = Vec::new();
    for support in &model.supports {
        for priority in &support.priorities {
            let own = [&priority.respond, &priority.work_around, &priority.resolve];
            all.extend(own.into_iter().flatten().map(|deadline| counted(deadline, support.calendar.as_ref())));
        }
    }
    for commitment in &model.commitments {
        let claim = commitment.claim.as_ref().and_then(|claim| claim.within.as_ref());
        let decide = commitment.decide.as_ref().and_then(|decide| decide.within.as_ref());
        let terminate = commitment.terminate.iter().flat_map(|right| right.within.iter().chain(&right.cure));
        all.extend(claim.into_iter().chain(decide).chain(terminate).map(|deadline| counted(deadline, None)));
    }
    for duty in &model.duties {
        all.extend(duty.within.iter().map(|deadline| counted(deadline, duty.calendar.as_ref())));
    }
    let reports = model.reports.iter().filter_map(|report| report.within.as_ref());
    let notices = model.notices.iter().filter_map(|notice| notice.within.as_ref());
    let steps = model.disputes.iter().flat_map(|dispute| dispute.steps.iter().filter_map(|step| step.within.as_ref()));
    all.extend(reports.chain(notices).chain(steps).map(|deadline| counted(deadline, None)));
    for maintenance in &model.maintenances {
        if let Some(CalendarRef::Named(name)) = &maintenance.calendar {
            all.push(Counted { amount: None, calendar: Some(name), span: maintenance.head.name_span });
        }
    }
    all
}

/// Working days that are counted have one length.
pub(super) fn unequal_days(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut told = std::collections::BTreeSet::new();
    for deadline in deadlines(model) {
        let (Some(name), Some(amount)) = (deadline.calendar, deadline.amount) else { continue };
        let Some(declared) = model.calendars.get(name).filter(|declared| !declared.head.poisoned) else { continue };
        // One that never opens has been told by itself.
        let open = declared.calendar.opens_in_a_week();
        let equal = declared.calendar.working_day_length().is_some();
        if is_days(amount) && open && !equal && told.insert(name) {
            found.push(unequal(&declared.head, name, amount, deadline.span));
        }
    }
    found
}

fn is_days(amount: &Amount) -> bool {
    matches!(amount, Amount::Period(Period { unit: PeriodUnit::Day, .. }))
}

fn unequal(head: &Head, name: &str, amount: &Amount, span: Span) -> Diagnostic {
    let message = format!("`{amount}` are counted on `{name}`, whose days differ in length");
    Diagnostic::new(codes::UNEQUAL_WORKING_DAYS, span, message)
        .primary("how many hours these are depends on the day")
        .label(head.name_span, "this calendar has days of different length")
        .help("write the deadline in hours, or count it on a calendar whose days are alike")
}
