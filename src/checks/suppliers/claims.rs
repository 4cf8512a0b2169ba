//! Until when a supplier's credit is claimed, beside when ours is.

use super::spans::sharing;
use super::window::whole;
use super::{Chains, First, Side, not_compared};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Interval;
use crate::model::{Anchor, CalendarRef, Claim, Deadline, Model, ends_at, whole_day};
use crate::values::{Amount, Date, Timestamp, Zone};
use crate::wording::{date, date_time};

/// So many windows are looked at, from the first one on: months of every length, and the weeks of two years.
const MOST_WINDOWS: usize = 106;
/// So many days of a window are looked at, and its last one.
const MOST_DAYS: usize = 31;
/// So much work is done for all claims together: a deadline, or a day of one that is counted on a calendar.
const MOST_WORK: usize = 400_000;

/// What a customer may still claim of us can still be claimed of the supplier.
pub fn lapsed(model: &Model) -> Vec<Diagnostic> {
    let (mut found, mut left, mut steps) = (Vec::new(), MOST_WORK, super::MOST_WORK);
    // Where there are too many, that is told of their credits.
    for (own, _, theirs) in Chains::all(model).iter().flat_map(|chains| chains.owed(&mut steps).received) {
        for other in theirs.iter() {
            found.extend(unknown(&own, other));
            found.extend(earlier(model, &own, other, &mut left));
            if left == 0 {
                found.push(not_compared(&own, other, "too many deadlines of claims are compared"));
                return found;
            }
        }
    }
    found
}

/// A deadline that runs from what no date is known of, such as one in words, may end before any other.
fn unknown(own: &Side<'_>, other: &Side<'_>) -> Option<Diagnostic> {
    let (ours, theirs) = (claimed(own)?, claimed(other)?);
    let within = theirs.within.as_ref()?;
    if deadline(own).is_some() && deadline(other).is_some() {
        return None;
    }
    let why = match &ours.within {
        Some(_) => "the deadlines of the two claims run from events of which the dates are not known",
        None => "a claim under this one has no deadline, and that of the supplier lapses",
    };
    let finding = not_compared(own, other, why).label(within.span, "until when the supplier's is claimed");
    Some(match &ours.within {
        Some(within) => finding.label(within.span, "until when ours is claimed"),
        None => finding,
    })
}

fn earlier(model: &Model, own: &Side<'_>, other: &Side<'_>, left: &mut usize) -> Option<Diagnostic> {
    let (ours, theirs) = (deadline(own)?, deadline(other)?);
    let anchors = model.agreement.anchors(model.agreement.effective.as_ref()?.from);
    let aligned = own.target.window.is_aligned(anchors, &other.target.window);
    if aligned && (ours.length(), &ours.of) == (theirs.length(), &theirs.of) {
        return None;
    }
    let zone = model.agreement.clock();
    let day = |instant: i128| Some(zone.date(Timestamp::from_nanosecond(instant).ok()?));
    let term = model.agreement.effective.as_ref()?;
    // One that begins before the term, or ends after it, is not judged.
    let judged = |days: &(Date, Date)| term.from <= days.0 && term.to.is_none_or(|last| days.1 <= last);
    for at in whole(model, &own.target.window)?.take(MOST_WINDOWS) {
        let first = First::at(model, at)?;
        if !judged(&first.days) {
            break;
        }
        let windows = sharing(model, &other.target.window, at)?;
        let all = std::iter::successors(Some(first.days.0), |date| date.tomorrow().ok());
        let all = all.take_while(|date| *date < first.days.1).take(MOST_DAYS).chain([first.days.1]);
        // Where both run from the ends of the same windows, the day of the outage does not matter.
        let of_windows = aligned && [ours, theirs].iter().all(|one| of_window(one));
        let days: Vec<Date> = all.take(if of_windows { 1 } else { MOST_DAYS + 1 }).collect();
        let holds = |outage: Date| {
            windows.iter().find(|window| {
                let days = day(window.start).zip(day(window.end - 1));
                days.is_some_and(|days| days.0 <= outage && outage <= days.1 && judged(&days))
            })
        };
        // Until when each is claimed for an outage from one day to another.
        let mut until = |from: Date, to: Date| {
            *left = left.saturating_sub(work(ours) + work(theirs));
            if *left == 0 {
                return None;
            }
            let until = ends_at(model, &zone, ours, event(&zone, ours, at, (from, to))?)?;
            let lapses = ends_at(model, &zone, theirs, event(&zone, theirs, *holds(from)?, (from, to))?)?;
            Some((until, lapses))
        };
        // An outage of several days may do what one of a single day does not: its end comes later than its start.
        let last = days.len().saturating_sub(1);
        let spans = ours.of == Some(Anchor::IncidentEnd) && theirs.of != Some(Anchor::IncidentEnd);
        let longest = days.first().zip(days.last()).filter(|_| spans);
        let lapses = |(until, lapses): &(Timestamp, Timestamp)| until > lapses;
        let most = match longest.and_then(|(from, to)| until(*from, *to)).is_some_and(|both| lapses(&both)) {
            true => last,
            false => 0,
        };
        let outages = (0..=most).flat_map(|more| days.iter().zip(days.iter().skip(more)));
        let found = outages.filter_map(|(from, to)| Some((*from, *to, until(*from, *to)?)));
        if let Some((from, to, (until, lapses))) = { found }.find(|(.., both)| lapses(both)) {
            let about = match () {
                () if of_windows => format!("for {}", first.name()),
                () if from == to => format!("for an outage on {}", date(from)),
                () => format!("for an outage from {} to {}", date(from), date(to)),
            };
            return Some(finding(
                own,
                other,
                &format!(
                    "{about} a credit under `{}` may be claimed until {}, and the supplier's must be claimed by {}",
                    own.commitment.head.name,
                    in_words(&zone, until),
                    in_words(&zone, lapses)
                ),
            ));
        }
        if *left == 0 {
            return None;
        }
    }
    None
}

/// Until when a claim is in time: its last day, or the time at which that ends within a day.
fn in_words(zone: &Zone, end: Timestamp) -> String {
    whole_day(zone, end).map_or_else(|| date_time(zone.local(end)), date)
}

fn finding(own: &Side<'_>, other: &Side<'_>, witness: &str) -> Diagnostic {
    let (name, their_name) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!("the claim under `{their_name}` may lapse before the one under `{name}` is made");
    let span = deadline(other).map_or(other.target.span, |one| one.span);
    let mut finding = Diagnostic::new(codes::SUPPLIER_CLAIM_LAPSES, span, message);
    if let (Some(ours), Some(theirs)) = (deadline(own), deadline(other)) {
        let from =
            |deadline: &Deadline| deadline.of.as_ref().map_or("", Anchor::as_str).replace("window", "the window's");
        finding = finding
            .primary(format!("ends {} after {}", theirs.length(), from(theirs)))
            .label(ours.span, format!("a claim under `{name}` has {} from {}", ours.length(), from(ours)));
    }
    finding.witness(witness).help(
        "claim from the supplier whenever its promise is missed, without waiting for a claim; or agree on a longer deadline with it",
    )
}

/// How a credit is claimed that is not owed without a claim.
fn claimed<'a>(side: &Side<'a>) -> Option<&'a Claim> {
    side.commitment.claim.as_ref().filter(|claim| !claim.automatic)
}

/// The deadline of a claim that is counted from a window or from what happened in it. Whoever claims is taken to be aware of
/// it on the day on which the outage begins.
fn deadline<'a>(side: &Side<'a>) -> Option<&'a Deadline> {
    claimed(side)?.within.as_ref().filter(|deadline| of_window(deadline) || of_outage(deadline))
}

/// How much work it is to count a deadline.
fn work(deadline: &Deadline) -> usize {
    match (&deadline.amount, &deadline.calendar) {
        (Amount::Period(period), Some(CalendarRef::Named(_))) => {
            usize::try_from(period.count).unwrap_or(MOST_WORK).min(800)
        }
        (_, Some(CalendarRef::Named(_))) => 100,
        _ => 1,
    }
}

fn of_window(deadline: &Deadline) -> bool {
    matches!(deadline.of, Some(Anchor::WindowStart | Anchor::WindowEnd))
}

fn of_outage(deadline: &Deadline) -> bool {
    matches!(deadline.of, Some(Anchor::IncidentStart | Anchor::IncidentEnd | Anchor::Awareness | Anchor::Breach))
}

/// The instant from which a deadline runs, for an outage from one day of a window to another: what happens on a day is taken to
/// happen at its end.
fn event(zone: &Zone, deadline: &Deadline, window: Interval, (from, to): (Date, Date)) -> Option<Timestamp> {
    match deadline.of {
        Some(Anchor::WindowStart) => Timestamp::from_nanosecond(window.start).ok(),
        Some(Anchor::WindowEnd) => Timestamp::from_nanosecond(window.end).ok(),
        Some(Anchor::IncidentEnd) => zone.start_of_day(to.tomorrow().ok()?),
        _ => zone.start_of_day(from.tomorrow().ok()?),
    }
}
