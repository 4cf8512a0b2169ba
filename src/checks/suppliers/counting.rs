//! Outages that break a promise, and that a supplier does not count.

use super::features::Features;
use super::{Chains, First, Side};
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Budget, Interval, Judged, Sense, Supposed, Verdict, suppose};
use crate::model::Model;
use crate::values::{Duration, Exact, Rounding};

/// A promise that is read in more slices of a window is not supposed anything of.
const MOST_SLICES: i128 = 100_000;
/// So many slices are looked at for all promises together.
const ALL_SLICES: i128 = 1_000_000;
/// So many outages there are at most.
const MOST_OUTAGES: i64 = 2_000;
/// How long outages are that come again and again, in seconds: of longer ones there are fewer.
const LENGTHS: [i64; 8] = [1_740, 840, 600, 300, 240, 120, 60, 30];

const SECOND: i128 = 1_000_000_000;

/// An outage that counts for a promise counts for the supplier as well.
pub fn counted_less(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let mut left = ALL_SLICES;
    chains.pairs().iter().filter_map(|(own, other)| counts_less(model, own, other, &mut left)).collect()
}

fn counts_less(model: &Model, own: &Side<'_>, other: &Side<'_>, left: &mut i128) -> Option<Diagnostic> {
    // Where the windows or the targets differ, that is told.
    let comparable = own.target.window == other.target.window && other.promise.bound >= own.promise.bound;
    if !comparable || own.target.measure.to_string() == other.target.measure.to_string() {
        return None;
    }
    // What counts alike needs no trial.
    let (counts, others) = (Features::of(model, own), Features::of(model, other));
    if counts.beside(&others).is_empty() && others.beside(&counts).is_empty() {
        return None;
    }
    let first = First::of(model, &own.target.window)?;
    let mut ours = Trial::new(model, own, &first, left)?;
    let mut theirs = Trial::new(model, other, &first, left)?;
    let allowed = first.length(&own.promise.slack());
    let seconds = allowed.seconds().floor().to_i64()?;
    let once = (seconds / 60 + 1) * 60;
    let often = LENGTHS.iter().map(|length| (*length, seconds / length + 1)).filter(|(_, count)| *count > 1);
    for (length, count) in std::iter::once((once, 1)).chain(often) {
        let Some(bad) = spread(&first, length, count) else { continue };
        let Some(kept) = theirs.judged(&bad, left).filter(|judged| judged.verdict == Verdict::Met) else { continue };
        let Some(missed) = ours.judged(&bad, left).filter(|judged| judged.verdict == Verdict::Missed) else { continue };
        return Some(finding(model, (own, &missed), (other, &kept), &first, (length, count)));
    }
    None
}

/// A promise that is supposed to be measured, with what is good for it.
struct Trial<'a> {
    of: Supposed<'a>,
    sense: Sense,
}

impl<'a> Trial<'a> {
    /// Nothing where it cannot be found out what is good: then all is well without an outage, and nothing is with one.
    fn new(model: &'a Model, side: &Side<'a>, first: &First, left: &mut i128) -> Option<Trial<'a>> {
        let of = Supposed { model, commitment: side.commitment, window: first.at, most_slices: MOST_SLICES };
        let half =
            spread(first, 3_600, (first.at.end - first.at.start).checked_div(2 * 3_600 * SECOND)?.try_into().ok()?)?;
        [Sense::Plain, Sense::Turned].into_iter().find_map(|sense| {
            let mut trial = Trial { of, sense };
            let well = trial.judged(&[], left)?.verdict == Verdict::Met;
            (well && trial.judged(&half, left)?.verdict == Verdict::Missed).then_some(trial)
        })
    }

    fn judged(&mut self, bad: &[Interval], left: &mut i128) -> Option<Judged> {
        *left -= self.of.cost().saturating_add(i128::try_from(bad.len()).ok()?);
        if *left < 0 {
            return None;
        }
        suppose(self.of, bad, self.sense, &Budget::new(1_000_000))
    }
}

/// Outages of a length, spread evenly over a window; nothing where there is no room for them.
fn spread(first: &First, length: i64, count: i64) -> Option<Vec<Interval>> {
    if !(1..=MOST_OUTAGES).contains(&count) {
        return None;
    }
    let (length, count) = (i128::from(length) * SECOND, i128::from(count));
    let each = (first.at.end - first.at.start) / count;
    let minute = 60 * SECOND;
    let grid = [60 * minute, 30 * minute, 10 * minute, minute].into_iter().find(|grid| each >= 2 * grid)?;
    if each < length + grid {
        return None;
    }
    let start = |index: i128| first.at.start + (index * each + each / 2 - length / 2).max(0) / grid * grid;
    Some((0..count).map(|index| Interval { start: start(index), end: start(index) + length }).collect())
}

fn finding(
    model: &Model,
    (own, missed): (&Side<'_>, &Judged),
    (other, kept): (&Side<'_>, &Judged),
    first: &First,
    (length, count): (i64, i64),
) -> Diagnostic {
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!("`{theirs}` does not count outages that break `{name}`, which depends on it");
    let length = Duration::from_whole_seconds(length).words();
    let window = first.name();
    let what = match count {
        1 => format!("one outage of {length} in {window}"),
        _ => format!("{count} outages of {length} each, spread evenly over {window}"),
    };
    let mut finding = Diagnostic::new(codes::SUPPLIER_COUNTS_LESS, own.target.span, message)
        .primary("missed")
        .label(other.target.span, "kept")
        .witness(format!(
            "{what}: `{theirs}` comes to {} and is kept, `{name}` comes to {} and is missed",
            attained(kept),
            attained(missed),
        ));
    let (ours, others) = (Features::of(model, own), Features::of(model, other));
    for (span, text) in others.beside(&ours).into_iter().take(4) {
        finding = finding.label(span, format!("`{theirs}`: {text}"));
    }
    for (span, text) in ours.beside(&others).into_iter().take(2) {
        finding = finding.label(span, format!("`{name}`: {text}"));
    }
    finding.help("agree on one way of counting with the supplier and the customer, or promise less")
}

/// What came out, to the fourth place of a percentage.
fn attained(judged: &Judged) -> String {
    let value = judged.attained.first().and_then(|known| known.as_ref().ok()).map(|known| known.ends().0.clone());
    let Some(Value::Ratio(part)) = value else { return "a value".to_owned() };
    let step = Exact::ratio(1, 10_000).unwrap_or_default();
    let hundred = (&part.0 * Exact::from_int(100)).round_to(&step, Rounding::Floor);
    format!("{}%", hundred.to_decimal_string(4))
}
