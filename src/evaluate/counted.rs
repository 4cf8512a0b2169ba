//! Counts of events in a window, or in a slice of it: what of its time measures it.
//!
//! Rows that stand for a slice as a whole carry its start. Where an exclusion takes that instant and ends within the slice,
//! they still measure what is left of it.

use super::gap::Gap;
use super::interval::{Interval, whole};
use super::reader::{Place, Reader};
use super::recorded::part_name;
use super::records::{Counts, Recorded, Records};
use super::wish::Wish;
use crate::calculus::{Expr, ExprKind, Part, Reading, Value};
use crate::values::gcd_word;
use std::collections::BTreeSet;

/// A part of the time in which something is read, and whether it counts as kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub at: Interval,
    pub kept: bool,
}

/// The time whose rows measure a place.
pub(super) struct Measuring {
    pub pieces: Vec<Piece>,
    /// Of a slice that its first instant measures: how what counts as any other time in it and what counts as kept are to
    /// each other.
    by_start: Option<(u64, u64)>,
}

/// What was counted in time that counts as any other, and in time that counts as kept: so many times as much.
#[derive(Default)]
struct Counted {
    plain: u64,
    kept: u64,
    any_kept: bool,
    times: u64,
}

impl<'a> Reader<'a> {
    /// A count. Of time that counts as kept, nothing counts that would speak against the promise.
    pub(super) fn counted(&self, counts: &Counts, reading: &Reading, place: Place<'_>) -> Result<Value, Gap> {
        let Counted { plain, kept, times, .. } = self.counted_apart(counts, reading, place)?;
        let sum = if place.wish == Wish::High { plain.checked_add(kept).ok_or(Gap::TooLong)? } else { plain };
        whole(sum.into()).checked_div(&whole(times.into())).map(Value::Number).ok_or(Gap::Poisoned)
    }

    /// The quotient of two counts of one signal of which a part lies in time that counts as kept: there all is as it
    /// should be, so that the first is the second, or nothing.
    pub(super) fn kept_part(&self, left: &Expr, right: &Expr, place: Place<'_>) -> Option<Result<(u64, u64), Gap>> {
        let records = self.facts.records().filter(|_| self.is_touched(place.at))?;
        let (part, all) = (count_in(left)?, count_in(right)?);
        let counts = counts_of(records, part).filter(|_| part.signal == all.signal)?;
        let both = self.counted_apart(counts, part, place);
        let both = both.and_then(|part| Ok((part, self.counted_apart(counts, all, place)?)));
        let add = |a: u64, b: u64| a.checked_add(b).ok_or(Gap::TooLong);
        Some(both.and_then(|(part, whole)| match place.wish {
            Wish::High => Ok((add(part.plain, whole.kept)?, add(whole.plain, whole.kept)?)),
            Wish::Low => Ok((part.plain, add(whole.plain, whole.kept)?)),
            Wish::None => Ok((add(part.plain, part.kept)?, add(whole.plain, whole.kept)?)),
        }))
    }

    fn counted_apart(&self, counts: &Counts, reading: &Reading, place: Place<'_>) -> Result<Counted, Gap> {
        let (signal, name) = (&reading.signal, part_name(&reading.part));
        let position = counts.position(name).ok_or_else(|| Gap::Unknown(format!("{signal}.{name}")))?;
        let (mut found, mut rows) = (Counted { times: 1, ..Counted::default() }, 0);
        let Measuring { pieces, by_start } = self.measuring(Some(counts), place);
        for piece in &pieces {
            let cells = counts.cells(piece.at).ok_or_else(|| Gap::Spread(format!("{signal}.{name}")))?;
            let sum = if piece.kept {
                found.any_kept = true;
                &mut found.kept
            } else {
                rows += counts.rows(&cells);
                &mut found.plain
            };
            *sum = sum.checked_add(counts.sum(position, &cells)).ok_or(Gap::TooLong)?;
        }
        if let Some((plain, kept)) = by_start {
            // What was counted in the whole slice is spread evenly over what is left of it.
            let part = |times: u64| found.plain.checked_mul(times).ok_or(Gap::TooLong);
            let times = plain.checked_add(kept).ok_or(Gap::TooLong)?;
            found = Counted { plain: part(plain)?, kept: part(kept)?, any_kept: kept > 0, times };
        }
        match (pieces.is_empty(), rows, found.any_kept) {
            (true, ..) => Err(Gap::Excluded),
            (_, 0, true) => Err(Gap::Kept),
            (_, 0, false) => Err(Gap::Missing(signal.clone())),
            _ => Ok(found),
        }
    }

    /// The time whose rows measure a place: what is not cut out of it; but of a slice that is left in part, its first
    /// instant, where all rows of the slice carry that. `counts` are those of events; of anything else, each
    /// row is one of its own moment.
    pub(super) fn measuring(&self, counts: Option<&Counts>, place: Place<'_>) -> Measuring {
        let open = self.open(place.at).into_iter().flat_map(|part| part.cut_at(&self.edges));
        let pieces: Vec<Piece> = open.map(|at| Piece { at, kept: self.is_kept(at) }).collect();
        match counts.and_then(|counts| self.start_of_rows(counts, &pieces, place)) {
            Some((at, parts)) => Measuring { pieces: vec![Piece { at, kept: false }], by_start: Some(parts) },
            None => Measuring { pieces, by_start: None },
        }
    }

    /// The first instant of a slice, where it measures the slice as a whole, with how what counts as any other time and
    /// what counts as kept are to each other.
    fn start_of_rows(&self, counts: &Counts, pieces: &[Piece], place: Place<'_>) -> Option<(Interval, (u64, u64))> {
        if !place.sliced || !self.is_touched(place.at) || pieces.iter().all(|piece| piece.kept) {
            return None;
        }
        let rows = |at: Interval| counts.cells(at).map(|cells| counts.rows(&cells));
        let first = Interval { end: place.at.start + 1, ..place.at };
        let stands = rows(first)? > 0 && rows(first) == rows(place.at);
        let time = |kept: bool| {
            let own = pieces.iter().filter(|piece| piece.kept == kept);
            u64::try_from(own.map(|piece| piece.at.end - piece.at.start).sum::<i128>()).ok()
        };
        let (plain, kept) = (time(false)?, time(true)?);
        let unit = gcd_word(plain, kept);
        stands.then_some((first, (plain / unit, kept / unit)))
    }

    /// Whether an expression reads counts of the whole of a slice of which something is cut out, or counts as kept.
    pub(super) fn is_by_start(&self, of: &'a Expr, place: Place<'_>) -> bool {
        let touched = place.sliced && self.is_touched(place.at);
        touched && self.facts.records().is_some_and(|records| self.reads_start(records, of, place))
    }

    fn reads_start(&self, records: &Records, of: &'a Expr, place: Place<'_>) -> bool {
        let (mut waiting, mut seen) = (vec![of], BTreeSet::new());
        while let Some(expr) = waiting.pop() {
            match &expr.kind {
                ExprKind::Reading(reading) => {
                    let counts = counts_of(records, reading);
                    if counts.is_some_and(|counts| self.measuring(Some(counts), place).by_start.is_some()) {
                        return true;
                    }
                }
                ExprKind::Metric(name) if seen.insert(name.as_str()) => {
                    waiting.extend(self.model.metrics.get(name).map(|metric| &metric.value));
                }
                // What is read in slices of the slice is so in each of them.
                ExprKind::Apply { slice: Some(_), .. } => {}
                _ => waiting.extend(expr.parts()),
            }
        }
        false
    }
}

/// The reading of a count that an expression is.
fn count_in(expr: &Expr) -> Option<&Reading> {
    match &expr.kind {
        ExprKind::Reading(reading) if matches!(reading.part, Part::Count(_)) => Some(reading),
        _ => None,
    }
}

/// The counts of which a reading is one.
fn counts_of<'r>(records: &'r Records, reading: &Reading) -> Option<&'r Counts> {
    match (&reading.part, records.signals.get(&reading.signal)?) {
        (Part::Count(_), Recorded::Events(counts, _)) => Some(counts),
        _ => None,
    }
}
