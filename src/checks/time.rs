//! Calendars and holidays within the term of the agreement.

use super::clocks::counted;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Effective, HolidaySet, Model, Years};
use crate::values::{Date, Period, PeriodUnit};

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
    let zone = model.agreement.clock();
    let calendars = model.calendars.iter().filter(|calendar| !calendar.head.poisoned);
    let counted = counted(model);
    calendars
        .filter(|declared| !declared.calendar.ever_opens(&zone, from, to))
        .map(|declared| {
            let name = &declared.head.name;
            let message = format!("the calendar `{name}` never opens");
            let finding = Diagnostic::new(codes::CLOCK_NEVER_OPENS, declared.head.name_span, message)
                .primary(format!("no open hour from {from} to {to}"))
                .help("add `open` with hours on days that are not closed, or combine calendars that overlap");
            match counted.iter().find(|one| one.calendar == Some(name.as_str())) {
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
    if effective.to.is_some_and(|to| to < effective.from) {
        return Vec::new();
    }
    // Of one that is made of others, it is told of those.
    let sets = model.holidays.iter().filter(|set| !set.head.poisoned && set.of.is_empty());
    sets.flat_map(|set| [begin_late(set, effective), end_early(set, effective)]).flatten().collect()
}

/// What is said of a set: where it says which years it covers, or at its name.
fn at(set: &HolidaySet, primary: String, message: String) -> Diagnostic {
    let span = set.covers.as_ref().map_or(set.head.name_span, |covers| covers.span);
    Diagnostic::new(codes::HOLIDAYS_END_EARLY, span, message).primary(primary)
}

fn begin_late(set: &HolidaySet, effective: &Effective) -> Option<Diagnostic> {
    let first = set.covers.as_ref()?.value.first;
    if effective.from.year() >= first {
        return None;
    }
    let message = format!("the holidays `{}` begin in {first}, after the agreement does", set.head.name);
    let last = Date::new(first - 1, 12, 31).ok()?.min(effective.to.unwrap_or(Date::MAX));
    Some(
        at(set, "no earlier year is listed".to_owned(), message)
            .label(effective.span, format!("the agreement holds from {}", effective.from))
            .witness(format!("until {last}, clocks run on every holiday whose date changes from year to year"))
            .help(format!("add the dates of {}", Years { first: effective.from.year(), last: last.year() })),
    )
}

fn end_early(set: &HolidaySet, effective: &Effective) -> Option<Diagnostic> {
    let (last, primary) = match (&set.covers, set.days.dates().map(|(date, _)| date).max()) {
        (Some(covers), _) => (covers.value.last, "no later year is listed".to_owned()),
        (None, Some(last)) => (last.year(), format!("the last date is {last}")),
        (None, None) => return None,
    };
    let next = Date::new(last.checked_add(1)?, 1, 1).ok()?.max(effective.from);
    let runs = format!("from {next} on, clocks run on every holiday whose date changes from year to year");
    let name = &set.head.name;
    match effective.to {
        Some(to) if last < to.year() => {
            let message = format!("the holidays `{name}` end in {last}, before the agreement does");
            let finding = at(set, primary, message).label(effective.span, format!("the agreement holds until {to}"));
            let missing = Years { first: next.year(), last: to.year() };
            Some(finding.witness(runs).help(format!("add the dates of {missing}")))
        }
        Some(_) => None,
        // Nobody can list every year to come.
        None => {
            let message = format!("the holidays `{name}` end in {last}, and the agreement has no end");
            let finding = at(set, primary, message).label(effective.span, "the agreement holds from this day on");
            let help =
                format!("add the dates of later years in time, or let the agreement end by {last}-12-31 and renew it");
            Some(finding.severity(Severity::Note).witness(runs).help(help))
        }
    }
}

/// A date of a set of holidays lies in the years that the set covers.
pub(super) fn uncovered_dates(model: &Model) -> Vec<Diagnostic> {
    let sets = model.holidays.iter().filter(|set| !set.head.poisoned && set.of.is_empty());
    let outside = |set: &HolidaySet| {
        let covers = set.covers.as_ref()?;
        let all: Vec<Date> =
            set.days.dates().map(|(date, _)| date).filter(|date| !covers.value.contain(date.year())).collect();
        let first = *all.first()?;
        let year = first.year();
        let (name, years) = (&set.head.name, covers.value);
        let wider = Years { first: years.first.min(year), last: years.last.max(all.last()?.year()) };
        let message = format!("the holidays `{name}` list {first}, and cover {years} only");
        Some(
            Diagnostic::new(codes::HOLIDAY_NOT_COVERED, covers.span, message)
                .primary(format!("{year} is not among these years"))
                .witness(format!("in {year} the other holidays whose date changes from year to year may be missing"))
                .help(format!("list all days of each year and write `covers {wider}`, or take the date out")),
        )
    };
    sets.filter_map(outside).collect()
}
