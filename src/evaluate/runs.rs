//! Uninterrupted stretches of slices, or of time, for which a condition holds.

use super::functions::Seen;
use super::gap::Gap;
use super::interval::{Interval, NANOS, nanos};
use super::known::Known;
use super::quick::Word;
use super::reader::{Place, Reader};
use super::recorded::not_begun;
use super::slices::{Group, slices};
use super::stretch::{Run, joined};
use super::wish::Wish;
use crate::calculus::{Expr, ExprKind, Function, Slice, Value};
use crate::values::Timestamp;

/// Metrics of runs that name each other are followed so deep.
const DEEPEST: usize = 64;

impl<'a> Reader<'a> {
    /// The runs of an expression, in order.
    pub(super) fn runs(&self, expr: &'a Expr, place: Place<'_>) -> Result<Vec<Run>, Gap> {
        let mut expr = expr;
        for _ in 0..DEEPEST {
            match &expr.kind {
                ExprKind::Metric(name) => expr = &self.model.metrics.get(name).ok_or(Gap::Poisoned)?.value,
                _ => break,
            }
        }
        let ExprKind::Apply { function, arguments, slice, filter, over } = &expr.kind else {
            return Err(Gap::Poisoned);
        };
        if over.is_some() && !self.is_lifted(expr) {
            return Err(Gap::History(expr.to_string()));
        }
        let first = arguments.first().ok_or(Gap::Poisoned)?;
        let runs = match function {
            Function::Runs => self.stretches(first, slice.as_ref(), place)?,
            Function::Joined => {
                let gap = arguments.get(1).ok_or(Gap::Poisoned)?;
                let Value::Duration(gap) = self.exactly(gap, place.wishing(Wish::None))? else {
                    return Err(Gap::Poisoned);
                };
                joined(self.runs(first, place)?, nanos(&gap).ok_or(Gap::TooLong)?)
            }
            _ => return Err(Gap::Poisoned),
        };
        match filter {
            Some(filter) => self.filtered(runs, filter, place),
            None => Ok(runs),
        }
    }

    /// How many runs ended since the windows before.
    pub(super) fn ended(&self, expr: &'a Expr) -> Result<i64, Gap> {
        let before = self.before.last().map_or(i128::MIN, |window| window.end);
        let runs = match self.runs(expr, Place::new(self.window, Wish::None)) {
            Err(Gap::Excluded) => Vec::new(),
            runs => runs?,
        };
        let ended = runs.iter().filter(|run| before < run.span().end && run.span().end <= self.window.end);
        Ok(i64::try_from(ended.count()).unwrap_or(i64::MAX))
    }

    /// Those of the runs for which a condition on their length holds.
    pub(super) fn filtered(&self, runs: Vec<Run>, filter: &'a Expr, place: Place<'_>) -> Result<Vec<Run>, Gap> {
        let mut kept = Vec::new();
        for run in runs {
            let place = Place { run: Some(run.length()), wish: Wish::None, ..place };
            if self.holds(filter, place)? {
                kept.push(run);
            }
        }
        Ok(kept)
    }

    fn stretches(&self, condition: &'a Expr, slice: Option<&Slice>, place: Place<'_>) -> Result<Vec<Run>, Gap> {
        let mut runs = Vec::new();
        self.visit(condition, slice, None, place, &mut |seen| {
            let (at, holds, count) = match seen {
                Seen::Word(at, word) => (at, word == Word::Truth(true), 1),
                Seen::Value(one) => (one.at, one.value.exactly()? == Value::Boolean(true), one.count),
            };
            if holds {
                let all = Interval { end: at.start + (at.end - at.start) * count, ..at };
                let open = if count == 1 { self.open(at) } else { vec![all] };
                runs.extend(open.into_iter().map(Run::of));
            }
            Ok(())
        })?;
        if place.at == self.window && self.facts.records().is_some() {
            self.beyond_the_window(condition, slice, place, &mut runs);
        }
        Ok(joined(runs, 0))
    }

    /// Adds what a run has before the window and after it: it is judged by its full length. Not more than a week is looked
    /// at on either side, and nothing outside the term, before anything was recorded, or after what is known.
    fn beyond_the_window(&self, condition: &'a Expr, slice: Option<&Slice>, place: Place<'_>, runs: &mut Vec<Run>) {
        let (term, window, place) = (self.term(), self.window, Place { sliced: slice.is_some(), ..place });
        let before = Interval { start: (window.start - self.beyond).max(term.start), end: window.start };
        let after = Interval { start: window.end, end: (window.end + self.beyond).min(term.end) };
        // Of a time before anything was recorded nothing is missing.
        let begun = self
            .commitment
            .zip(self.facts.records())
            .is_none_or(|(commitment, records)| not_begun(self.model, commitment, records, before).is_none());
        if begun && runs.first().is_some_and(|first| first.span().start == window.start) {
            let parts = self.parts_beyond(condition, slice, before, true);
            let mut found = self.going_on(condition, place, window.start, parts);
            found.reverse();
            runs.splice(0..0, found.into_iter().map(Run::of));
        }
        if runs.last().is_some_and(|last| last.span().end == window.end) {
            let parts = self.parts_beyond(condition, slice, after, false);
            let found = self.going_on(condition, place, window.end, parts);
            runs.extend(found.into_iter().map(Run::of));
        }
    }

    /// The stretches of time by which a run goes on from one of its ends, through parts that follow one upon the other, in
    /// their order.
    fn going_on(
        &self,
        condition: &'a Expr,
        place: Place<'_>,
        from: i128,
        parts: impl Iterator<Item = Interval>,
    ) -> Vec<Interval> {
        let (mut found, mut end) = (Vec::new(), from);
        for at in parts {
            let (backwards, mut open) = (at.end == end, self.open(at));
            // A run goes on behind time that is cut out only where it is joined.
            if !(backwards || at.start == end) || open.is_empty() {
                break;
            }
            let place = place.within(at);
            let value = self.weighed(self.value(condition, place), condition, place);
            if !matches!(value, Some(Ok(Known::Exactly(Value::Boolean(true))))) {
                break;
            }
            if backwards {
                open.reverse();
            }
            end = open.last().map_or(end, |last| if backwards { last.start } else { last.end });
            found.extend(open);
        }
        found
    }

    /// The slices that lie as a whole in an interval, or without slices the pieces in which nothing changes: from its
    /// beginning, or back from its end.
    fn parts_beyond(
        &self,
        condition: &'a Expr,
        slice: Option<&Slice>,
        at: Interval,
        back: bool,
    ) -> Box<dyn Iterator<Item = Interval>> {
        let step = match slice {
            Some(Slice::Elapsed(length)) => nanos(length).filter(|step| *step > 0),
            None if !at.is_empty() => {
                let pieces = at.cut_at(&self.changes(condition, at)).into_iter();
                return if back { Box::new(pieces.rev()) } else { Box::new(pieces) };
            }
            _ => None,
        };
        let Some(step) = step else { return Box::new(std::iter::empty()) };
        Box::new((0..(at.end - at.start) / step).map(move |index| {
            let start = if back { at.end - (index + 1) * step } else { at.start + index * step };
            Interval { start, end: start + step }
        }))
    }

    /// The slices of an interval.
    pub(super) fn groups(&self, of: &'a Expr, slice: &Slice, at: Interval) -> Result<Vec<Group>, Gap> {
        let mut groups = self.all_groups(of, slice, at)?;
        // A slice that is wholly cut out leaves the window.
        groups.retain(|group| !self.open(group.first).is_empty());
        if groups.is_empty() { Err(Gap::Excluded) } else { Ok(groups) }
    }

    fn all_groups(&self, of: &'a Expr, slice: &Slice, at: Interval) -> Result<Vec<Group>, Gap> {
        match slice {
            Slice::Elapsed(length) => {
                let step = nanos(length).ok_or(Gap::TooLong)?;
                let groups = slices(at, step, &self.changes(of, at));
                Ok(if self.differs(of) { groups.into_iter().flat_map(Group::each).collect() } else { groups })
            }
            Slice::Window(window) => {
                let days = (at.end - at.start) / (86_400 * i128::from(NANOS));
                self.budget.spend(u64::try_from(days).unwrap_or(u64::MAX))?;
                let date = |instant: i128| Timestamp::from_nanosecond(instant).ok().map(|it| self.zone.date(it));
                let (from, to) = (date(at.start).ok_or(Gap::TooLong)?, date(at.end).ok_or(Gap::TooLong)?);
                let anchors = self.model.agreement.anchors(from);
                let mut starts: Vec<i128> = window
                    .boundaries(&self.zone, anchors, from, to)
                    .iter()
                    .map(|start| start.as_nanosecond())
                    .collect();
                let (_, next) = window.dates_around(anchors, to).ok_or(Gap::TooLong)?;
                starts.extend(self.zone.start_of_day(next).map(Timestamp::as_nanosecond));
                let each = starts.iter().zip(starts.iter().skip(1));
                let all = each.map(|(start, end)| Interval { start: *start, end: *end });
                let cut = all.map(|all| Group { first: all.and(at), count: 1, whole: all.end - all.start });
                Ok(cut.filter(|group| !group.first.is_empty()).collect())
            }
            Slice::Key(key) => Err(Gap::Unknown(key.clone())),
        }
    }
}
