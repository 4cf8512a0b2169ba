//! How lengths of time are counted: in days, in working days, in months and in whole periods.

use super::moments::{Length, ahead, due, in_calendars, lengths, within_30_days};
use crate::calculus::{ExprKind, Function};
use crate::model::Model;
use crate::values::{Amount, PeriodUnit, WindowKind};

/// Writes how what stands in the agreement is counted. `whole` is in which periods the first deadline is counted that is
/// counted in whole ones, such as calendar months; `rolled` are the periods that are not tied to the calendar.
pub fn write(model: &Model, whole: Option<(WindowKind, PeriodUnit)>, rolled: &[Amount], say: &mut impl FnMut(&str)) {
    let mut all = lengths(model);
    all.extend(rolled.iter().map(|amount| Length { amount, calendar: None }));
    if has_keys(model) {
        say(
            "Where something shall hold for every, for at least one or for no value of a field, a value counts from the first data that is recorded for it.",
        );
    }
    let days = days(model, &all);
    if !days.is_empty() {
        say(&days.join(" "));
    }
    if in_calendars(model) {
        let dates = if has_own_zones(model) { "dates of the time zone of this agreement" } else { "dates" };
        let clock = match model.supports.is_empty() {
            true => "",
            false => " The clock of a case is counted otherwise, in the hours of its support.",
        };
        say(&format!(
            "A deadline in working days counts the {dates} on which the named calendar is open for any time at all. The date of the event from which it is counted is not one of them, and the deadline ends at the end of the last of them. What is due a number of working days before an event is due by the end of the last of that number of such {dates}, counted back from the day before it.{clock} Other time that is counted in a calendar runs only while that calendar is open."
        ));
    }
    if let Some((kind, unit)) = whole {
        say(&format!(
            "A deadline in calendar, billing, fiscal or contract periods ends at the end of the last of that number of such periods after the one in which the event falls: a deadline of two {kind} {unit}s ends with the second {kind} {unit} after that of the event. What is due a number of such periods before an event is due by the end of the last of that number of them before the one in which the event falls."
        ));
    }
    if all.iter().any(Length::is_in_months) {
        let other = if whole.is_some() { "other " } else { "" };
        say(&format!(
            "A deadline or term in {other}months, quarters or years ends on the day with the same number; where the month has no such day, it ends on the last day of that month."
        ));
    }
}

/// How days are counted that no calendar names.
fn days(model: &Model, all: &[Length<'_>]) -> Vec<&'static str> {
    let rules = [
        (
            within_30_days(model) || due(model).iter().any(Length::is_in_days),
            "A deadline in days without a calendar ends at the end of that number of dates after the date from which it is counted: a deadline of two days that is counted from a Monday ends with the Wednesday.",
        ),
        (
            ahead(model).iter().any(Length::is_in_days),
            "Where something is due a number of days before an event, it is due by the end of the date that lies so many dates before that of the event.",
        ),
        (all.iter().any(Length::is_in_weeks), "A week is seven days."),
    ];
    rules.into_iter().filter(|(applies, _)| *applies).map(|(_, rule)| rule).collect()
}

/// Whether a metric asks whether something holds for the values of a field.
fn has_keys(model: &Model) -> bool {
    let mut found = false;
    let targets = model.commitments.iter().flat_map(|one| &one.targets).map(|target| &target.measure);
    for whole in model.metrics.iter().map(|metric| &metric.value).chain(targets) {
        whole.walk(&mut |part| {
            found |=
                matches!(part.kind, ExprKind::Apply { function: Function::All | Function::Any | Function::None, .. });
        });
    }
    found
}

/// Whether a calendar has hours in a zone of its own.
pub fn has_own_zones(model: &Model) -> bool {
    model.calendars.iter().any(|calendar| calendar.zone.is_some())
}
