//! What a signal measured in a window or slice, by what is stated of it.

use super::gap::Gap;
use super::interval::Interval;
use super::reader::{Place, Reader};
use super::wish::Wish;
use crate::calculus::{CaseReading, Part, Reading, Type, Value};
use crate::values::{Duration, Exact};

impl<'a> Reader<'a> {
    /// The value of a part of a signal at a place.
    pub(super) fn reading(&self, reading: &Reading, ty: &Type, place: Place<'_>) -> Result<Value, Gap> {
        let path = reading.to_string();
        match &reading.part {
            Part::Count(_) => self.total(&path, place),
            Part::Span(_) | Part::Occurrences => Err(Gap::Unknown(path)),
            _ => self.level(&path, reading, ty, place),
        }
    }

    /// A count: the sum of what is stated for times within the place, and nothing more where nothing is good.
    fn total(&self, path: &str, place: Place<'_>) -> Result<Value, Gap> {
        if let Some(whole) = self.facts.whole(path).filter(|_| place.at == self.window) {
            // How much of it fell into time that does not count is not known.
            return match self.is_masked(place.at) {
                Some(false) => Ok(whole.clone()),
                _ => Err(Gap::Spread(path.to_owned())),
            };
        }
        self.budget.spend(self.facts.count(path))?;
        let mut sum = Exact::zero();
        let mut covered = 0;
        for (during, value) in self.facts.totals(path) {
            let during = during.unwrap_or(self.window);
            if self.is_masked(during) == Some(true) {
                continue;
            }
            if place.at.covers(during) && self.is_masked(during).is_some() {
                sum = &sum + value.exact().ok_or(Gap::Poisoned)?;
                covered += during.end - during.start;
            } else if !during.and(place.at).is_empty() {
                return Err(Gap::Spread(path.to_owned()));
            }
        }
        let open: i128 = self.open(place.at).into_iter().map(|part| part.end - part.start).sum();
        if covered < open && place.wish != Wish::Low {
            return Err(Gap::Unknown(path.to_owned()));
        }
        Ok(Value::Number(sum))
    }

    /// What holds at each moment, if it is the same throughout the place.
    fn level(&self, path: &str, reading: &Reading, ty: &Type, place: Place<'_>) -> Result<Value, Gap> {
        let mut found: Option<Value> = None;
        for (_, stated) in self.stated(path, place.at)? {
            let value = match stated {
                Some(value) => value.clone(),
                None if self.is_half_given(reading, place.at) => return Err(Gap::Unknown(path.to_owned())),
                None => self.best(reading, ty, place.wish).ok_or_else(|| Gap::Unknown(path.to_owned()))?,
            };
            match &found {
                Some(before) if *before != value => return Err(Gap::Changes(path.to_owned())),
                _ => found = Some(value),
            }
        }
        found.ok_or(Gap::Excluded)
    }

    /// Whether the other of the two readings of a milestone is given: how long it took says nothing of a deadline, and the
    /// other way round, so that neither is taken as good beside the other.
    fn is_half_given(&self, reading: &Reading, at: Interval) -> bool {
        let Part::Milestone { name, reading: own } = &reading.part else { return false };
        let other = match own {
            CaseReading::After => CaseReading::InTime,
            CaseReading::InTime => CaseReading::After,
        };
        let part = Part::Milestone { name: name.clone(), reading: other };
        self.facts.knows(&Reading { signal: reading.signal.clone(), part }.to_string(), at)
    }

    /// The best that a signal can measure, where it has a best.
    fn best(&self, reading: &Reading, ty: &Type, wish: Wish) -> Option<Value> {
        let high = match wish {
            Wish::High => true,
            Wish::Low => false,
            Wish::None => return None,
        };
        match (&reading.part, ty) {
            (Part::Field(_), _) => None,
            (_, Type::Boolean) => Some(Value::Boolean(high)),
            (Part::Score, _) => {
                let scale = &self.model.signals.get(&reading.signal)?.scale.as_ref()?.value;
                Value::of(ty, if high { scale.1.clone() } else { scale.0.clone() })
            }
            (Part::Milestone { reading: CaseReading::After, .. }, _) if !high => {
                Some(Value::Duration(Duration::zero()))
            }
            _ => None,
        }
    }
}
