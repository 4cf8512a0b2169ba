//! What is recorded of a measure, and what is read of it over a range of time.

use super::by::By;
use super::recordings::Grid;
use super::rule::Pairs;
use super::slices::{Parts, number_text, range, span, sum};
use crate::values::Exact;

/// What is recorded of a measure.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    /// The slices.
    pub grid: Grid,
    /// The attained value so far.
    pub attained: String,
    /// What of that is certain at the window's end: the share of what was bad, or the number of events so far.
    pub projected: String,
    /// Its metric, bound and window.
    pub labels: Pairs,
    /// The labels of options of open dimensions.
    pub by: By,
    /// What was bad in each slice.
    pub bad: Parts,
    /// Out of how much.
    pub weight: Parts,
    /// The most that one bad occurrence adds to what was bad; nothing where minutes are summed.
    pub one: Option<Exact>,
    /// Whether occurrences are counted by increases, which are estimates, and not each seen.
    pub is_estimate: bool,
    /// Of a mean over slices, what counts single bad occurrences.
    pub occurrences: Option<Parts>,
}

impl Recorded {
    /// Its labels with a range.
    pub fn over(&self, seconds: i64) -> Pairs {
        let mut labels = self.labels.clone();
        labels.insert("range".into(), span(seconds));
        labels
    }

    /// What was bad over the last so many seconds, and out of how much, without a label but those of options. What was bad is zero where only
    /// the weight is known, since a counter is born with its first error.
    pub fn sums(&self, seconds: i64) -> (String, String) {
        let (bad, weight) = (ranged(&self.bad, &self.by, seconds), ranged(&self.weight, &self.by, seconds));
        let bad = if self.one.is_some() { format!("({bad} or {weight} * 0)") } else { bad };
        (bad, weight)
    }
}

/// The sum of slices over the last so many seconds, or their number, without a label but those of options.
pub(super) fn ranged(parts: &Parts, by: &By, seconds: i64) -> String {
    let (range, add) = (range(seconds), by.each("sum"));
    match parts {
        Parts::Number(any) => {
            let each = any.iter().map(|slices| format!("{add}({})", slices.over_time("count_over_time", &range)));
            let each = each.collect::<Vec<_>>().join(" or ");
            if any.len() > 1 { format!("({each})") } else { each }
        }
        Parts::Sum(parts) => sum(parts, |slices| format!("{add}({})", slices.over_time("sum_over_time", &range))),
    }
}

/// What a single bad occurrence can seem to be: increases are estimates, up to a third too high where a counter is read
/// four times in a slice.
pub(super) fn seemingly(one: &Exact) -> String {
    number_text(&(one * &Exact::ratio(3, 2).unwrap_or_else(Exact::one)))
}
