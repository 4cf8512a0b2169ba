//! In which ways two promises count differently.

use crate::calculus::{ExprKind, Part, Slice, Type, Value};
use crate::model::{Missing, MissingPolicy, Model, Target};
use crate::source::Span;
use crate::values::{Duration, Exact};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What a promise looks at.
#[derive(Default)]
pub(super) struct Features {
    /// Conditions on what counts, as they are written.
    filters: BTreeMap<String, Span>,
    /// The lengths of slices, as they are written.
    slices: BTreeMap<String, Span>,
    /// Comparisons with a threshold.
    thresholds: BTreeMap<String, Span>,
    /// The parts that they compare with.
    parts: BTreeSet<Exact>,
    /// What missing data counts as, the mildest first.
    missing: BTreeMap<Mildness, Span>,
    /// How often states are read.
    readings: BTreeMap<Duration, Span>,
}

/// What missing data counts as, in the order in which that is good for whoever promises: as good, not at all, and as bad
/// after a time, the longest first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mildness {
    Good,
    Excluded,
    Bad(Reverse<Duration>),
}

impl Mildness {
    fn of(missing: &Missing) -> Mildness {
        match missing.policy {
            MissingPolicy::Good => Mildness::Good,
            MissingPolicy::Excluded => Mildness::Excluded,
            MissingPolicy::Bad => Mildness::Bad(Reverse(missing.after.clone().unwrap_or_default())),
        }
    }

    /// In a sentence: `counts as bad once it lasts for 30 minutes`.
    pub fn words(&self) -> String {
        match self {
            Mildness::Good => format!("counts as {}", MissingPolicy::Good.as_str()),
            Mildness::Excluded => "is left out".to_owned(),
            Mildness::Bad(Reverse(after)) if after.is_zero() => format!("counts as {}", MissingPolicy::Bad.as_str()),
            Mildness::Bad(Reverse(after)) => {
                format!("counts as {} once that lasts for {}", MissingPolicy::Bad.as_str(), after.words())
            }
        }
    }

    /// How long something may be missing at once so that it does not count as bad, where that is limited.
    pub fn grace(&self) -> Option<&Duration> {
        match self {
            Mildness::Bad(Reverse(after)) if !after.is_zero() => Some(after),
            _ => None,
        }
    }
}

impl Features {
    pub fn of(model: &Model, target: &Target) -> Features {
        let mut found = Features::default();
        model.through(&target.measure, &mut |part| match &part.kind {
            ExprKind::Apply { slice, filter, .. } => {
                if let Some(Slice::Elapsed(length)) = slice {
                    found.slices.entry(length.to_string()).or_insert(part.span);
                }
                if let Some(filter) = filter {
                    found.filters.entry(filter.to_string()).or_insert(filter.span);
                }
            }
            ExprKind::Binary { op, right, .. } if op.is_comparison() && right.ty == Type::Ratio => {
                found.thresholds.entry(format!("{} {right}", op.as_str())).or_insert(part.span);
                if let ExprKind::Literal(Value::Ratio(part)) = &right.kind {
                    found.parts.insert(part.0.clone());
                }
            }
            ExprKind::Reading(reading) => {
                let signal = model.signals.get(&reading.signal);
                if let Some(every) =
                    signal.and_then(|signal| signal.every.as_ref()).filter(|_| reading.part == Part::State)
                {
                    found.readings.entry(every.value.clone()).or_insert(every.span);
                }
                if let Some(missing) = signal.and_then(|signal| signal.missing.as_ref()) {
                    found.missing.entry(Mildness::of(missing)).or_insert(missing.span);
                }
            }
            _ => {}
        });
        // The length of a run is no threshold of what is measured.
        found.thresholds.retain(|_, span| {
            !found
                .filters
                .values()
                .any(|filter| filter.file == span.file && filter.start <= span.start && span.end <= filter.end)
        });
        found
    }

    /// How much of what happens may fail so that it only just does not count, or just does: at each threshold, and a
    /// thousandth to both sides of it.
    pub fn levels(&self) -> BTreeSet<Exact> {
        let step = Exact::ratio(1, 1_000).unwrap_or_default();
        let each = self.parts.iter().flat_map(|part| [part.clone(), Exact::one() - part]);
        let all = each.flat_map(|part| [&part - &step, part.clone(), &part + &step]);
        all.filter(|part| part.signum() > 0 && *part < Exact::one()).collect()
    }

    /// The longest time between two readings of a state.
    pub fn readings(&self) -> Option<Duration> {
        self.readings.last_key_value().map(|(every, _)| every.clone())
    }

    /// What this has that the other one has not, each with its place.
    pub fn beside(&self, other: &Features) -> Vec<(Span, String)> {
        let mut found = Vec::new();
        for (filter, span) in self.filters.iter().filter(|(filter, _)| !other.filters.contains_key(*filter)) {
            found.push((*span, format!("only what has `{filter}` counts")));
        }
        for (threshold, span) in self.thresholds.iter().filter(|(one, _)| !other.thresholds.contains_key(*one)) {
            found.push((*span, format!("a slice is judged by `{threshold}`")));
        }
        for (slice, span) in self.slices.iter().filter(|(slice, _)| !other.slices.contains_key(*slice)) {
            found.push((*span, format!("measured in slices of {slice}")));
        }
        for (every, span) in self.readings.iter().filter(|(one, _)| !other.readings.contains_key(*one)) {
            found.push((*span, format!("read every {}", every.words().trim_start_matches("1 "))));
        }
        for (policy, span) in self.missing.iter().filter(|(policy, _)| !other.missing.contains_key(*policy)) {
            if *policy != Mildness::Bad(Reverse(Duration::zero())) {
                found.push((*span, format!("what was not measured {}", policy.words())));
            }
        }
        found
    }

    /// What missing data counts as here and there, where this one may lose by it what the other one does not.
    pub fn is_stricter<'f>(&'f self, other: &'f Features) -> Option<(&'f Mildness, &'f Mildness)> {
        let (own, theirs) = (self.missing.last_key_value()?.0, other.missing.first_key_value()?.0);
        (theirs < own).then_some((own, theirs))
    }
}
