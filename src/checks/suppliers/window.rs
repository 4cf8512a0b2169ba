//! The windows of a promise beside those of the services that it depends on.

use super::spans::{after, longest, sharing};
use super::{Chains, First, Promise, apart, time_words};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Interval;
use crate::model::Model;
use crate::values::{Exact, Rounding};
use crate::wording::listed;

/// So many windows of a promise are looked at, from the first one on.
const MOST_WINDOWS: usize = 400;
/// So much work is done for all promises together.
const MOST_WORK: usize = 4_000_000;
/// So many stretches of time are shown.
const SHOWN: usize = 3;

const SECOND: i64 = 1_000_000_000;

/// What may go wrong in the windows of a supplier may come together in one of ours.
pub fn beyond(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let mut found = Vec::new();
    let mut left = MOST_WORK;
    for own in chains.own().0 {
        let needed = own.network.needed();
        for promise in &own.promises {
            for leaf in &needed {
                let theirs = chains.promises(&leaf.service.head.name);
                match course(model, promise, theirs, &mut left) {
                    Ok(Some(course)) => found.push(finding(model, promise, theirs, &course)),
                    Ok(None) => {}
                    Err(TooMuch) => {
                        found.push(not_compared(promise, leaf.service.head.name.as_str()));
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// That it would be too much work.
struct TooMuch;

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
    model: &Model,
    own: &Promise<'_>,
    theirs: &[Promise<'_>],
    left: &mut usize,
) -> Result<Option<Course>, TooMuch> {
    let Some(term) = model.agreement.effective.as_ref() else { return Ok(None) };
    let anchors = model.agreement.anchors(term.from);
    // One that promises less in any window has been told, and one over the same windows is enough.
    let enough = |one: &Promise<'_>| one.bound >= own.bound && one.window.is_aligned(anchors, own.window);
    if theirs.first().is_none_or(|highest| highest.bound < own.bound) || theirs.iter().any(enough) {
        return Ok(None);
    }
    let Some(all) = after(model, own.window, term.from) else { return Ok(None) };
    let zone = model.agreement.clock();
    let ends = term.to.filter(|_| model.agreement.renews.is_none());
    let ends = ends.and_then(|last| Some(zone.start_of_day(last.tomorrow().ok()?)?.as_nanosecond()));
    let begins = zone.start_of_day(term.from).map(|at| at.as_nanosecond());
    let whole = |one: &Interval| begins.is_none_or(|start| start <= one.start) && ends.is_none_or(|end| one.end <= end);
    for at in all.take_while(|one| ends.is_none_or(|end| one.end <= end)).filter(whole).take(MOST_WINDOWS) {
        let mut windows = Vec::new();
        for promise in theirs {
            let Some(shared) = sharing(model, promise.window, at) else { return Ok(None) };
            windows.extend(shared.into_iter().map(|one| (one, nanos(&(promise.slack() * one.length().seconds())))));
        }
        *left = left.checked_sub(10 * windows.len() + 1).ok_or(TooMuch)?;
        let most = nanos(&(own.slack() * at.length().seconds()));
        // A window around ours that allows no more is enough.
        let enough = windows.iter().any(|(one, allowed)| one.covers(at) && *allowed <= most);
        if enough || !windows.iter().all(|(one, _)| whole(one)) {
            continue;
        }
        *left = left.checked_sub((2 * windows.len() + 1) * (windows.len() + 1)).ok_or(TooMuch)?;
        let Some(window) = First::at(model, at) else { continue };
        let course =
            Course { window, parts: longest(at, &windows), windows: windows.iter().map(|(one, _)| *one).collect() };
        if course.down() > most {
            return Ok(Some(course));
        }
    }
    Ok(None)
}

/// Seconds as nanoseconds, without the part of the last one.
fn nanos(seconds: &Exact) -> i128 {
    let nanos = (seconds * Exact::from_int(SECOND)).round_to(&Exact::one(), Rounding::Floor);
    i128::from(nanos.to_i64().unwrap_or(i64::MAX))
}

fn time(nanos: i128) -> crate::values::Duration {
    Interval { start: 0, end: nanos }.length()
}

fn finding(model: &Model, own: &Promise<'_>, theirs: &[Promise<'_>], course: &Course) -> Diagnostic {
    let other = theirs.first().map_or(own, |first| first);
    let (name, service, other_name) = (own.name(), &own.service.head.name, &other.service.head.name);
    let mut per: Vec<String> = theirs.iter().map(|one| format!("per {}", one.window)).collect();
    per.sort();
    per.dedup();
    let per = listed(&per, "and");
    let message = format!("`{other_name}` is promised {per}, and `{name}`, which depends on it, per {}", own.window);
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
        _ => format!("keeps what it promises {per}"),
    };
    let how = if down_in.len() > 1 || course.parts.len() > 1 {
        format!(", {}", listed(&stretches, "and"))
    } else {
        String::new()
    };
    let finding = Diagnostic::new(codes::SUPPLIER_WINDOW_DIFFERS, own.span, message)
        .primary(format!("allows {most} in {}", course.window.words));
    let labelled = theirs.iter().take(4).fold(finding, |finding, one| {
        finding.label(one.span, format!("{} per {}, in any part of it", super::stated(one.bound), one.window))
    });
    labelled
        .witness(format!(
            "in {} `{other_name}` is down for {down}{how}: it {within} if nothing else happens, and `{service}` may be down \
             for {most} only",
            course.window.name(),
        ))
        .help(format!("have `{other_name}` promised per {} too, or promise for the same windows as it does", own.window))
}

fn not_compared(own: &Promise<'_>, other: &str) -> Diagnostic {
    let message =
        format!("the windows of `{}` are not compared with those of `{other}`, nor any that come after", own.name());
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.span, message)
        .primary("too many windows lie in each other")
        .help("promise for the same windows as the supplier does")
}
