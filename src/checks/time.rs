//! Calendars and holidays within the term of the agreement.

use super::clocks::counted;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Model;
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
    let Some(to) = effective.to.filter(|to| *to >= effective.from) else { return Vec::new() };
    let mut found = Vec::new();
    // Of one that is made of others, it is told of those.
    for set in model.holidays.iter().filter(|set| !set.head.poisoned && set.of.is_empty()) {
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
