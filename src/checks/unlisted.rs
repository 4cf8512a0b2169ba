//! Deadlines that are counted in years whose holidays are not listed, though the years of the term are.

use super::covered::Beside;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Anchor, CalendarRef, CalendarRule, Deadline, HolidaySet, Model, last_date};
use crate::source::Span;
use crate::values::Date;
use std::collections::BTreeSet;

/// A deadline with the dates in which it is counted.
struct Run<'a> {
    calendar: &'a str,
    from: Date,
    to: Date,
    /// What ends then.
    what: String,
    span: Span,
}

/// A list of holidays covers the years in which the answers to proposals are due, and those in which deadlines end that are counted
/// from the end of the last window.
pub(super) fn years(model: &Model) -> Vec<Diagnostic> {
    let beside = Beside::of(model);
    let runs: Vec<Run<'_>> = answers(model).chain(after_the_term(model)).collect();
    let sets = model.holidays.iter().filter(|set| !set.head.poisoned && set.of.is_empty());
    sets.filter_map(|set| runs.iter().find_map(|run| unlisted(model, set, run, &beside))).collect()
}

/// The answers to proposals.
fn answers(model: &Model) -> impl Iterator<Item = Run<'_>> {
    model.proposals.iter().filter_map(|proposal| {
        let (within, raised) = (proposal.within.as_ref()?, proposal.raised.as_ref()?);
        let what = format!("the answer to `{}`", proposal.head.name);
        Some(Run {
            calendar: named(within.calendar.as_ref()?)?,
            from: raised.value,
            to: model.answer_until(proposal)?,
            what,
            span: within.span,
        })
    })
}

/// What is counted from the end of a window, after the last day of a term that is the last one.
fn after_the_term(model: &Model) -> impl Iterator<Item = Run<'_>> {
    let agreement = &model.agreement;
    let term = agreement.effective.as_ref().filter(|_| agreement.renews.is_none());
    let last = term.and_then(|term| term.to.filter(|to| *to >= term.from));
    let claims = model.commitments.iter().filter_map(|one| {
        let within = one.claim.as_ref()?.within.as_ref()?;
        Some((format!("the claim of `{}`", one.head.name), within, None))
    });
    let rights = model.commitments.iter().flat_map(|one| {
        let within = one.terminate.iter().filter_map(|right| right.within.as_ref());
        within.map(|within| (format!("the right to terminate of `{}`", one.head.name), within, None))
    });
    let reports = model
        .reports
        .iter()
        .filter_map(|one| Some((format!("the report `{}`", one.head.name), one.within.as_ref()?, None)));
    let duties = model
        .duties
        .iter()
        .filter_map(|one| Some((format!("the duty `{}`", one.head.name), one.within.as_ref()?, one.calendar.as_ref())));
    let all = claims.chain(rights).chain(reports).chain(duties);
    let of_windows = all.filter(|(_, within, _)| within.of == Some(Anchor::WindowEnd));
    last.into_iter()
        .flat_map(move |last| of_windows.clone().map(move |(what, within, hours)| (last, what, within, hours)))
        .filter_map(|(last, what, within, hours)| {
            let calendar = within.calendar.as_ref().or(hours)?;
            let counted = Deadline { calendar: Some(calendar.clone()), ..within.clone() };
            let to = last_date(model, &model.agreement.clock(), &counted, last)?;
            Some(Run { calendar: named(calendar)?, from: last, to, what, span: within.span })
        })
}

/// The name of a calendar.
fn named(calendar: &CalendarRef) -> Option<&str> {
    match calendar {
        CalendarRef::Named(name) => Some(name),
        CalendarRef::Always => None,
    }
}

fn unlisted(model: &Model, set: &HolidaySet, run: &Run<'_>, beside: &Beside<'_>) -> Option<Diagnostic> {
    let name = set.head.name.as_str();
    if !sets_of(model, run.calendar).contains(name) {
        return None;
    }
    // What the term says of these years has been told by itself.
    let term = model.agreement.effective.as_ref();
    let in_term =
        |year: i16| term.is_some_and(|term| year >= term.from.year() && term.to.is_none_or(|to| year <= to.year()));
    let first = set.covers.as_ref().map(|covers| covers.value.first);
    let last = super::covered::listed(set)?.last;
    let (year, edge) = if let Some(first) = first.filter(|first| run.from.year() < *first) {
        (run.from.year(), beside.is_first(set, first).then(|| format!("begin in {first}"))?)
    } else {
        let year = run.to.year();
        let missing = beside.after(set, last.checked_add(1)?.max(run.from.year()), year).filter(|_| last < year)?;
        (missing.first, format!("end in {last}"))
    };
    if in_term(year) {
        return None;
    }
    let message = format!("the holidays `{name}` {edge}, and {} is counted in {year}", run.what);
    let own = set.head.name_span.file.plain() == model.file;
    let help = if own {
        format!("add the dates of {year}")
    } else {
        format!("close the calendar on holidays of your own with the dates of {year} as well")
    };
    let place = set.covers.as_ref().map_or(set.head.name_span, |covers| covers.span);
    Some(
        Diagnostic::new(codes::HOLIDAYS_END_EARLY, run.span, message)
            .primary(format!("from {} to {}", run.from, run.to))
            .label(place, format!("{year} is not among the years of this list"))
            .witness(format!("every holiday of {year} whose date changes from year to year counts as a working day"))
            .help(help),
    )
}

/// The sets on which a calendar closes, and those of which they, and the calendars that it is made of, are made.
fn sets_of<'a>(model: &'a Model, calendar: &'a str) -> BTreeSet<&'a str> {
    let (mut sets, mut seen, mut left) = (BTreeSet::new(), BTreeSet::new(), vec![calendar]);
    let mut closed_on: Vec<&str> = Vec::new();
    while let Some(calendar) = left.pop().and_then(|name| model.calendars.get(name)) {
        if !seen.insert(calendar.head.name.as_str()) {
            continue;
        }
        match &calendar.rule {
            CalendarRule::Hours { closed, .. } => closed_on.extend(closed.iter().map(|one| one.value.as_str())),
            CalendarRule::Combined { of, closed, .. } => {
                left.extend(of.iter().map(|one| one.value.as_str()));
                closed_on.extend(closed.iter().map(|one| one.value.as_str()));
            }
        }
    }
    while let Some(set) = closed_on.pop().and_then(|name| model.holidays.get(name)) {
        if sets.insert(set.head.name.as_str()) {
            closed_on.extend(set.of.iter().map(|part| part.value.as_str()));
        }
    }
    sets
}
