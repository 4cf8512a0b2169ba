//! What is known of one window.

use super::interval::Interval;
use super::met::Met;
use super::records::Records;
use crate::calculus::{Expr, ExprKind, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Values of metrics, fees, constants and parts of signals, each for the whole window or for a time within it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    stated: BTreeMap<String, Vec<Stated>>,
    /// Expressions without a name of which a value is stated, as they are written.
    measures: BTreeSet<String>,
    edges: BTreeSet<i128>,
    records: Option<Records>,
    earlier: Option<Box<Facts>>,
    /// What windows before came to by these facts.
    pub(super) met: Met,
}

#[derive(Clone, Debug)]
struct Stated {
    /// When it holds; nothing for the whole window.
    during: Option<Interval>,
    value: Value,
}

impl Facts {
    /// States that something has a value, for a time or the whole window. What is stated for a time goes before what is
    /// stated for the whole window, and a later statement before an earlier one.
    pub fn state(&mut self, path: impl Into<String>, during: Option<Interval>, value: Value) {
        self.met = Met::default();
        self.edges.extend(during.into_iter().flat_map(|during| [during.start, during.end]));
        let all = self.stated.entry(path.into()).or_default();
        match during {
            Some(_) => all.push(Stated { during, value }),
            None => {
                let place = all.partition_point(|one| one.during.is_none());
                all.insert(place, Stated { during, value });
            }
        }
    }

    /// States the value of what a target measures for the whole window, wherever it is read: of a metric as of its name, of
    /// any other expression as of one that is written in the same way.
    pub fn state_measure(&mut self, measure: &Expr, value: Value) {
        let path = measure.to_string();
        if !matches!(measure.kind, ExprKind::Metric(_)) {
            self.measures.insert(path.clone());
        }
        self.state(path, None, value);
    }

    /// The path under which the value of an expression is stated; nothing where that has a name, or is computed.
    pub(super) fn path_of(&self, expr: &Expr) -> Option<String> {
        // Few facts state any, and an expression is not written out for nothing.
        let path = (!self.measures.is_empty()).then(|| expr.to_string())?;
        self.measures.contains(&path).then_some(path)
    }

    /// With what is known of windows before, where that is something else.
    #[must_use]
    pub fn with_earlier(self, earlier: Facts) -> Facts {
        Facts { earlier: Some(Box::new(earlier)), met: Met::default(), ..self }
    }

    /// What is known of windows before.
    pub(super) fn earlier(&self) -> &Facts {
        self.earlier.as_deref().unwrap_or(self)
    }

    /// With what was measured of signals. Then nothing is taken as good because it is not stated.
    #[must_use]
    pub fn with_records(self, records: Records) -> Facts {
        Facts { records: Some(records), met: Met::default(), ..self }
    }

    /// What was measured, where that is known.
    #[must_use]
    pub fn records(&self) -> Option<&Records> {
        self.records.as_ref()
    }

    /// The value of something for the whole window, such as a fee.
    #[must_use]
    pub fn whole(&self, path: &str) -> Option<&Value> {
        self.stated.get(path)?.iter().rfind(|one| one.during.is_none()).map(|one| &one.value)
    }

    /// Whether anything is stated of a path, or of a part of the signal that it names, for any time in an interval.
    pub(super) fn knows(&self, path: &str, within: Interval) -> bool {
        let part = format!("{path}.");
        let meets =
            |all: &Vec<Stated>| all.iter().any(|one| one.during.is_none_or(|during| !during.and(within).is_empty()));
        let parts = self.stated.range(part.clone()..).take_while(|(name, _)| name.starts_with(&part));
        self.stated.get(path).is_some_and(meets) || parts.map(|(_, all)| all).any(meets)
    }

    /// The instants at which something that is stated begins or ends, in order.
    pub(super) fn edges(&self) -> Vec<i128> {
        self.edges.iter().copied().collect()
    }

    /// How many statements there are of a path.
    pub(super) fn count(&self, path: &str) -> u64 {
        self.stated.get(path).map_or(0, |all| u64::try_from(all.len()).unwrap_or(u64::MAX))
    }

    /// The values of a path in an interval, one after another; nothing where it is not stated.
    pub(super) fn pieces(&self, path: &str, within: Interval) -> Vec<(Interval, Option<&Value>)> {
        if !self.stated.contains_key(path) {
            return vec![(within, None)];
        }
        let cut = within.cut_at(&self.edges());
        let mut pieces: Vec<(Interval, Option<&Value>)> = Vec::new();
        for (value, piece) in self.values(path, &cut).into_iter().zip(cut) {
            match pieces.last_mut() {
                Some((last, same)) if *same == value => last.end = piece.end,
                _ => pieces.push((piece, value)),
            }
        }
        pieces
    }

    /// What is stated of a path throughout each of some intervals that follow each other: the last statement first, which goes
    /// to those that have none yet. A list of those that have none keeps this in step with the number of both.
    fn values(&self, path: &str, cut: &[Interval]) -> Vec<Option<&Value>> {
        let mut values = vec![None; cut.len()];
        // For each interval the first one from it on that may have none yet.
        let mut free: Vec<usize> = (0..=cut.len()).collect();
        for one in self.stated.get(path).into_iter().flatten().rev() {
            let (from, to) = one.during.map_or((0, cut.len()), |during| {
                let from = cut.partition_point(|piece| piece.start < during.start);
                (from, cut.partition_point(|piece| piece.end <= during.end))
            });
            let mut at = next_free(&mut free, from);
            while at < to {
                if let (Some(value), Some(next)) = (values.get_mut(at), free.get_mut(at)) {
                    (*value, *next) = (Some(&one.value), at + 1);
                }
                at = next_free(&mut free, at + 1);
            }
        }
        values
    }

    /// What is stated of a path throughout an interval.
    pub(super) fn at(&self, path: &str, piece: Interval) -> Option<&Value> {
        let holds = |one: &&Stated| one.during.is_none_or(|during| during.covers(piece));
        self.stated.get(path)?.iter().rfind(holds).map(|one| &one.value)
    }

    /// What is stated of a total: for the whole window, or for times within it.
    pub(super) fn totals(&self, path: &str) -> impl Iterator<Item = (Option<Interval>, &Value)> {
        self.stated.get(path).into_iter().flatten().map(|one| (one.during, &one.value))
    }
}

/// The first place from one on that leads nowhere else; what leads there is shortened on the way.
fn next_free(free: &mut [usize], from: usize) -> usize {
    let mut at = from;
    while let Some(next) = free.get(at).copied().filter(|next| *next != at) {
        let after = free.get(next).copied().unwrap_or(next);
        if let Some(place) = free.get_mut(at) {
            *place = after;
        }
        at = next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Each piece has what is stated of it alone.
        #[test]
        fn pieces_have_what_is_stated_of_each(
            stated in proptest::collection::vec((proptest::option::of((0..30_i128, 1..12_i128)), 0..4_i64), 0..12),
            (start, length) in (0..20_i128, 1..25_i128),
        ) {
            let mut facts = Facts::default();
            for (during, value) in stated {
                let during = during.map(|(start, length)| Interval { start, end: start + length });
                facts.state("a", during, Value::Number(crate::values::Exact::from_int(value)));
            }
            let within = Interval { start, end: start + length };
            for (piece, value) in facts.pieces("a", within) {
                for start in piece.start..piece.end {
                    prop_assert_eq!(value, facts.at("a", Interval { start, end: start + 1 }));
                }
            }
        }
    }
}
