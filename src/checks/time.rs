//! Calendars and holidays within the term of the agreement.

use super::clocks::counted;
use super::covered::Beside;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Effective, HolidaySet, Model, Years};
use crate::source::Span;
use crate::values::{Date, Period, PeriodUnit};

/// How many years are looked at where a term is longer or has no end.
const HORIZON_YEARS: u32 = 5;
/// How many imported sets are named in one finding.
const NAMED: usize = 3;

/// The part of the term that is looked at.
pub(super) fn horizon(model: &Model) -> Option<(Date, Date)> {
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

/// A list of holidays covers every year of the term. What is imported is told together, where the term is said: nobody can
/// be asked to change the file of another one.
pub(super) fn holidays(model: &Model) -> Vec<Diagnostic> {
    let Some(effective) = &model.agreement.effective else { return Vec::new() };
    if effective.to.is_some_and(|to| to < effective.from) {
        return Vec::new();
    }
    // Of one that is made of others, it is told of those.
    let sets = model.holidays.iter().filter(|set| !set.head.poisoned && set.of.is_empty());
    let beside = Beside::of(model);
    let renews = model.agreement.renews.is_some();
    let gaps = |set| {
        [begins_late(set, effective, &beside), ends_early(set, (effective, renews), &beside)].into_iter().flatten()
    };
    let (own, imported): (Vec<Gap<'_>>, Vec<Gap<'_>>) =
        sets.flat_map(gaps).partition(|gap| gap.set.head.name_span.file.plain() == model.file);
    let mut alike: Vec<Vec<Gap<'_>>> = Vec::new();
    for gap in imported {
        match alike.iter_mut().find(|all| all.first().is_some_and(|first| first.what == gap.what)) {
            Some(all) => all.push(gap),
            None => alike.push(vec![gap]),
        }
    }
    let own = own.into_iter().map(|gap| of_own(gap, effective));
    own.chain(alike.iter().filter_map(|all| of_imported(all, effective))).collect()
}

/// Years of the term that a set does not list.
struct Gap<'a> {
    set: &'a HolidaySet,
    /// What the set does, as it stands after its name: `end in 2028, before the agreement does`.
    what: String,
    /// Why, at the set.
    reason: String,
    /// What the agreement says of its term.
    term: String,
    witness: String,
    /// The years that are missing; nothing where they have no end.
    missing: Option<Years>,
    /// How the term could fit.
    shorter: Option<String>,
}

/// Where a set says which years it covers, or its name.
fn place(set: &HolidaySet) -> Span {
    set.covers.as_ref().map_or(set.head.name_span, |covers| covers.span)
}

fn severity(gap: &Gap<'_>) -> Severity {
    if gap.missing.is_some() { Severity::Warning } else { Severity::Note }
}

fn of_own(gap: Gap<'_>, effective: &Effective) -> Diagnostic {
    let message = format!("the holidays `{}` {}", gap.set.head.name, gap.what);
    let help = match (gap.missing, &gap.shorter) {
        (Some(missing), _) => format!("add the dates of {missing}"),
        (None, Some(shorter)) => format!("add the dates of later years in time, or {shorter}"),
        (None, None) => "add the dates of later years in time".to_owned(),
    };
    Diagnostic::new(codes::HOLIDAYS_END_EARLY, place(gap.set), message)
        .severity(severity(&gap))
        .primary(gap.reason)
        .label(effective.span, gap.term)
        .witness(gap.witness)
        .help(help)
}

/// What imported sets have in common.
fn of_imported(all: &[Gap<'_>], effective: &Effective) -> Option<Diagnostic> {
    let first = all.first()?;
    let mut names: Vec<String> = all.iter().take(NAMED).map(|gap| format!("`{}`", gap.set.head.name)).collect();
    if all.len() > NAMED {
        names.push(format!("{} more", all.len() - NAMED));
    }
    let names = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    let later = first.missing.map_or_else(|| "later years".to_owned(), |missing| missing.to_string());
    let fits = first.shorter.as_ref().map(|shorter| format!(", or {shorter}")).unwrap_or_default();
    let message = format!("the imported holidays {names} {}", first.what);
    let finding = Diagnostic::new(codes::HOLIDAYS_END_EARLY, effective.span, message)
        .severity(severity(first))
        .primary(first.term.clone())
        .label(place(first.set), first.reason.clone())
        .witness(first.witness.clone());
    Some(finding.help(format!("close calendars on holidays of your own with the dates of {later} as well{fits}")))
}

fn begins_late<'a>(set: &'a HolidaySet, effective: &Effective, beside: &Beside<'_>) -> Option<Gap<'a>> {
    let first = set.covers.as_ref()?.value.first;
    if effective.from.year() >= first || !beside.is_first(set, first) {
        return None;
    }
    let last = Date::new(first - 1, 12, 31).ok()?.min(effective.to.unwrap_or(Date::MAX));
    Some(Gap {
        set,
        what: format!("begin in {first}, after the agreement does"),
        reason: "no earlier year is listed".to_owned(),
        term: format!("the agreement holds from {}", effective.from),
        witness: format!("until {last}, clocks run on every holiday whose date changes from year to year"),
        missing: Some(Years { first: effective.from.year(), last: last.year() }),
        shorter: None,
    })
}

fn ends_early<'a>(
    set: &'a HolidaySet,
    (effective, renews): (&Effective, bool),
    beside: &Beside<'_>,
) -> Option<Gap<'a>> {
    let (last, reason) = match (&set.covers, set.days.dates().map(|(date, _)| date).max()) {
        (Some(covers), _) => (covers.value.last, "no later year is listed".to_owned()),
        (None, Some(last)) => (last.year(), format!("the last date is {last}")),
        (None, None) => return None,
    };
    let next = Date::new(last.checked_add(1)?, 1, 1).ok()?.max(effective.from);
    // Where another set goes on, the years after that are for it to list.
    let bound = effective.to.filter(|to| !renews || last < to.year());
    let end = bound.map_or(i16::MAX, |to| to.year().max(next.year()));
    let missing = beside.after(set, next.year(), end)?;
    let until = if missing.last == end { "on".to_owned() } else { format!("to {}-12-31", missing.last) };
    let witness = format!("from {next} {until}, clocks run on every holiday whose date changes from year to year");
    let shorter =
        (effective.from.year() <= last).then(|| format!("let the agreement end by {last}-12-31 and renew it"));
    match effective.to {
        Some(to) if last < to.year() => Some(Gap {
            set,
            what: format!("end in {last}, before the agreement does"),
            reason,
            term: format!("the agreement holds until {to}"),
            witness,
            missing: Some(missing),
            shorter,
        }),
        Some(to) if renews => Some(Gap {
            set,
            what: format!("end in {last}, and the agreement is renewed"),
            reason,
            term: format!("the agreement holds until {to}, and goes on from then if nobody cancels it"),
            witness,
            missing: None,
            shorter: None,
        }),
        Some(_) => None,
        // Nobody can list every year to come.
        None => Some(Gap {
            set,
            what: format!("end in {last}, and the agreement has no end"),
            reason,
            term: "the agreement holds from this day on".to_owned(),
            witness,
            missing: None,
            shorter,
        }),
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
