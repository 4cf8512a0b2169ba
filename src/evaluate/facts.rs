//! What is known of one window.

use super::interval::Interval;
use super::records::Records;
use crate::calculus::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Values of metrics, fees, constants and parts of signals, each for the whole window or for a time within it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    stated: BTreeMap<String, Vec<Stated>>,
    edges: BTreeSet<i128>,
    records: Option<Records>,
    earlier: Option<Box<Facts>>,
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

    /// With what is known of windows before, where that is something else.
    #[must_use]
    pub fn with_earlier(self, earlier: Facts) -> Facts {
        Facts { earlier: Some(Box::new(earlier)), ..self }
    }

    /// What is known of windows before.
    pub(super) fn earlier(&self) -> &Facts {
        self.earlier.as_deref().unwrap_or(self)
    }

    /// With what was measured of signals. Then nothing is taken as good because it is not stated.
    #[must_use]
    pub fn with_records(self, records: Records) -> Facts {
        Facts { records: Some(records), ..self }
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
        let mut pieces: Vec<(Interval, Option<&Value>)> = Vec::new();
        for piece in within.cut_at(&self.edges()) {
            let value = self.at(path, piece);
            match pieces.last_mut() {
                Some((last, same)) if *same == value => last.end = piece.end,
                _ => pieces.push((piece, value)),
            }
        }
        pieces
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
