//! The windows of a promise beside those of the services that it depends on.

use super::besides::{Kept, kept};
use super::network::Leaf;
use super::spans::{after, longest, sharing, term};
use super::trial::{ALL_SLICES, Bad, is_in_proportion, is_shown};
use super::{Chains, First, Promise, apart, quoted, time_words};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Interval;
use crate::model::Model;
use crate::values::{Exact, Rounding, Window};
use crate::wording::listed;
use std::collections::BTreeSet;

/// So many windows of a promise are looked at, from the first one on.
const MOST_WINDOWS: usize = 400;
/// So much work is done for all promises together.
const MOST_WORK: usize = 4_000_000;
/// So many stretches of time are shown.
const SHOWN: usize = 3;

const SECOND: i64 = 1_000_000_000;

/// What may go wrong in the windows of a supplier may come together in one of ours.
pub fn beyond(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (mut left, mut slices) = (MOST_WORK, ALL_SLICES);
    let all = Chains::all(model);
    for (chains, own) in all.iter().flat_map(|chains| chains.own().0.into_iter().map(move |own| (chains, own))) {
        let needed = own.network.needed();
        for promise in &own.promises {
            for leaf in &needed {
                let other = leaf.service.head.name.as_str();
                if fails_below(chains, promise, other, &needed) {
                    continue;
                }
                let theirs = chains.binding(other);
                match course(chains, promise, (other, &theirs), (&mut left, &mut slices)) {
                    Ok(Some(course)) => found.push(finding(model, promise, (other, &theirs), &course)),
                    Ok(None) => {}
                    Err(Hidden::Measured) => {
                        let message =
                            format!("the windows of `{}` are not compared with those of `{other}`", promise.name());
                        found.push(not_compared(
                            promise,
                            message,
                            "what may come together depends on how outages are measured",
                        ));
                    }
                    Err(Hidden::TooMuch) => {
                        let name = promise.name();
                        let message = format!(
                            "the windows of `{name}` are not compared with those of `{other}`, nor any that come after"
                        );
                        found.push(not_compared(promise, message, "too many windows lie in each other"));
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// Whether another service that is needed and does not work without this one may be down in each of our windows for longer than
/// we allow. That is told, and an outage of this one is one of that.
fn fails_below(chains: &Chains<'_>, own: &Promise<'_>, service: &str, needed: &[Leaf<'_>]) -> bool {
    let Some(term) = chains.model.agreement.effective.as_ref() else { return false };
    let anchors = chains.model.agreement.anchors(term.from);
    let is_below = |leaf: &Leaf<'_>| {
        let binding = leaf.binding().filter(|one| own.is_broken_by(&one.slack(), one.strict));
        binding.is_some_and(|one| one.window.is_aligned(anchors, own.window))
    };
    let above: BTreeSet<&str> = chains.limited_by(service).map(|one| one.head.name.as_str()).collect();
    needed.iter().any(|leaf| above.contains(leaf.service.head.name.as_str()) && is_below(leaf))
}

/// Why nothing is known.
enum Hidden {
    /// It would be too much work.
    TooMuch,
    /// Outages that last as long as they may do not show it, for the way in which they are measured.
    Measured,
}

/// One of our windows, and how long a service is down in each part of it, though it keeps its promises.
pub(super) struct Course {
    window: First,
    parts: Vec<(Interval, i128)>,
    /// The windows of what is promised of it.
    windows: Vec<Interval>,
}

impl Course {
    fn down(&self) -> i128 {
        self.parts.iter().map(|(_, down)| down).sum()
    }
}

/// The first of our windows in which a service may be down for longer than we allow, and keep all that is promised of it.
fn course(
    chains: &Chains<'_>,
    own: &Promise<'_>,
    (service, theirs): (&str, &[Promise<'_>]),
    (left, slices): (&mut usize, &mut i128),
) -> Result<Option<Course>, Hidden> {
    let model = chains.model;
    let Some(term) = model.agreement.effective.as_ref() else { return Ok(None) };
    let anchors = model.agreement.anchors(term.from);
    // One that promises less in any window has been told, and one over the same windows is enough.
    let enough =
        |one: &Promise<'_>| !own.is_broken_by(&one.slack(), one.strict) && one.window.is_aligned(anchors, own.window);
    let highest = theirs.iter().min_by_key(|one| (one.slack(), !one.strict));
    if highest.is_none_or(|highest| own.is_broken_by(&highest.slack(), highest.strict)) || theirs.iter().any(enough) {
        return Ok(None);
    }
    let Some(all) = whole(model, own.window) else { return Ok(None) };
    let mut hidden = false;
    for at in all.take(MOST_WINDOWS) {
        let mut windows = Vec::new();
        for promise in theirs {
            let Some(shared) = sharing(model, promise.window, at) else { return Ok(None) };
            let grain = grain(model, promise);
            windows.extend(shared.into_iter().map(|one| (one, allowed(promise, one) / grain * grain)));
        }
        *left = left.checked_sub(10 * windows.len() + 1).ok_or(Hidden::TooMuch)?;
        let most = allowed(own, at);
        // A window around ours that allows no more is enough.
        let enough = windows.iter().any(|(one, allowed)| one.covers(at) && *allowed <= most);
        if enough {
            continue;
        }
        *left = left.checked_sub((2 * windows.len() + 1) * (windows.len() + 1)).ok_or(Hidden::TooMuch)?;
        let Some(window) = First::at(model, at) else { continue };
        let course =
            Course { window, parts: longest(at, &windows), windows: windows.iter().map(|(one, _)| *one).collect() };
        if course.down() <= most {
            continue;
        }
        let down = course.parts.iter().filter(|(_, down)| *down > 0);
        let bad: Vec<Interval> = down.map(|(at, down)| Interval { start: at.start, end: at.start + down }).collect();
        let bad = Bad { at: &bad, part: &Exact::one(), unmeasured: false };
        let above = chains.limited_by(service).map(|one| one.head.name.as_str());
        let mut besides = std::iter::once(service).chain(above);
        if is_shown(model, own, theirs, (&course.window, bad), slices)
            && besides.all(|one| matches!(kept(chains, one, bad, &course.window, slices), Kept::All))
        {
            return Ok(Some(course));
        }
        hidden = true;
    }
    if hidden { Err(Hidden::Measured) } else { Ok(None) }
}

/// For how long a service may be down in a window of its promise, in nanoseconds.
fn allowed(promise: &Promise<'_>, window: Interval) -> i128 {
    let nanos = promise.slack() * window.length().seconds() * Exact::from_int(SECOND);
    let whole = nanos.round_to(&Exact::one(), Rounding::Floor);
    let reached = promise.strict && whole == nanos;
    (i128::from(whole.to_i64().unwrap_or(i64::MAX)) - i128::from(reached)).max(0)
}

/// The slices, in nanoseconds, of which one is lost with any part of it; one where every part counts by itself.
fn grain(model: &Model, promise: &Promise<'_>) -> i128 {
    let slice = promise.commitment.filter(|_| !is_in_proportion(model, promise));
    let slice = slice.and_then(|(_, target)| super::super::slack::coarsest(model, &target.measure));
    slice.and_then(|slice| crate::evaluate::nanos(&slice.length)).filter(|slice| *slice > 0).unwrap_or(1)
}

/// The part of a window in which a service may be down and keep all that is promised of it; and whether it may be at any
/// times of it. Nothing where a promise has no such windows, or too many.
pub(super) fn most_down(
    model: &Model,
    theirs: &[Promise<'_>],
    at: Interval,
    left: &mut usize,
) -> Option<(Exact, bool)> {
    let mut windows = Vec::new();
    for promise in theirs {
        let shared = sharing(model, promise.window, at)?;
        windows.extend(shared.into_iter().map(|one| (one, allowed(promise, one))));
    }
    let enough = left.checked_sub((2 * windows.len() + 1) * (windows.len() + 1));
    *left = enough.unwrap_or(0);
    enough?;
    let down: i128 = longest(at, &windows).iter().map(|(_, down)| down).sum();
    let share = time(down).seconds().checked_div(at.length().seconds())?;
    Some((share, windows.iter().all(|(one, _)| one.covers(at))))
}

/// The windows of a promise that lie in the term, in order; nothing for those that are no stretches of time. Of a term that is
/// too short for a window of the calendar, the parts of it over which such windows are judged.
pub(super) fn whole<'a>(model: &'a Model, window: &'a Window) -> Option<impl Iterator<Item = Interval> + use<'a>> {
    let (begins, ends) = term(model);
    let all = after(model, window, model.agreement.effective.as_ref()?.from)?
        .take_while(move |one| ends.is_none_or(|end| one.end <= end));
    let mut inside = all.filter(move |one| begins.is_none_or(|start| start <= one.start)).peekable();
    let none = matches!(window, Window::Periodic { .. }) && inside.peek().is_none();
    let term = begins.zip(ends).filter(|_| none).map(|(start, end)| Interval { start, end });
    let parts = term.and_then(|term| sharing(model, window, term)).unwrap_or_default();
    Some(inside.chain(parts))
}

fn time(nanos: i128) -> crate::values::Duration {
    Interval { start: 0, end: nanos }.length()
}

fn finding(
    model: &Model,
    own: &Promise<'_>,
    (other_name, theirs): (&str, &[Promise<'_>]),
    course: &Course,
) -> Diagnostic {
    let other = theirs.first().map_or(own, |first| first);
    let (name, service) = (own.name(), &own.service.head.name);
    let above: BTreeSet<&str> = theirs.iter().map(|one| one.service.head.name.as_str()).collect();
    let above = quoted(above.into_iter().filter(|one| *one != other_name));
    let mut per: Vec<String> = theirs.iter().map(|one| format!("per {}", one.window)).collect();
    per.sort();
    per.dedup();
    let per = listed(&per, "and");
    let message = match above.as_str() {
        "" => format!("`{other_name}` is promised {per}, and `{name}`, which depends on it, per {}", own.window),
        above => format!(
            "`{other_name}`, with {above} that depends on it as well, is promised {per}, and `{name}`, which depends on it, per {}",
            own.window
        ),
    };
    let (down, most) = apart(&time(course.down()), &course.window.length(&own.slack()));
    let down_in: Vec<&(Interval, i128)> = course.parts.iter().filter(|(_, down)| *down > 0).collect();
    let stretch = |(at, down): &&(Interval, i128)| {
        let stretch = First::at(model, *at).map(|first| first.stretch());
        format!("{} {}", time_words(&time(*down)), stretch.unwrap_or_default())
    };
    let mut stretches: Vec<String> = down_in.iter().take(SHOWN).map(stretch).collect();
    let rest: i128 = down_in.iter().skip(SHOWN).map(|(_, down)| down).sum();
    if rest > 0 {
        stretches.push(format!("{} later", time_words(&time(rest))));
    }
    let within = match course.windows.as_slice() {
        [one] => {
            let stretch = First::at(model, *one).map(|first| first.stretch()).unwrap_or_default();
            format!("keeps its promise for the {} {stretch}", other.window)
        }
        _ if !above.is_empty() => format!("keeps what is promised of it, and {above} too,"),
        _ => format!("keeps what it promises {per}"),
    };
    let how = match down_in.as_slice() {
        [(at, _)] if course.parts.len() > 1 => {
            First::at(model, *at).map(|first| format!(" {}", first.stretch())).unwrap_or_default()
        }
        [_] => String::new(),
        _ => format!(", {}", listed(&stretches, "and")),
    };
    let finding = Diagnostic::new(codes::SUPPLIER_WINDOW_DIFFERS, own.span, message)
        .primary(format!("allows {most} in {}", course.window.words));
    let labelled = theirs.iter().take(4).fold(finding, |finding, one| {
        let of = &one.service.head.name;
        let of = if of == other_name { String::new() } else { format!("`{of}`: ") };
        finding.label(one.span, format!("{of}{} per {}, in any part of it", one.stated(), one.window))
    });
    labelled
        .witness(format!(
            "{} `{other_name}` is down for {down}{how}: it {within} if nothing else happens, and `{service}` may be down {}",
            course.window.inside(),
            own.only(&most),
        ))
        .help(match theirs.iter().any(|one| one.service.head.name == other_name && one.window == own.window) {
            true => format!("have `{other_name}` promised higher per {}, or promise for the windows of what is promised highest", own.window),
            false => format!("have `{other_name}` promised per {} too, or promise for the same windows as it does", own.window),
        })
}

fn not_compared(own: &Promise<'_>, message: String, why: &str) -> Diagnostic {
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.span, message)
        .primary(why)
        .help("promise for the same windows as the supplier does")
}
