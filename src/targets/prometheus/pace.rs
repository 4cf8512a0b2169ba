//! Alerts for a budget that burns too fast: at which pace they fire, and which of them make sense.

use super::measure::Measure;
use super::recorded::Recorded;
use super::recordings::Recordings;
use super::slices::span;
use crate::values::Exact;

/// Shares of the budget in percent, spent over a long window and still being spent over a short one, in seconds.
/// Source: The Site Reliability Workbook, chapter "Alerting on SLOs".
const TIERS: [(i64, i64, i64, &str); 4] = [
    (2, 3_600, 300, "page"),
    (5, 21_600, 1_800, "page"),
    (10, 86_400, 7_200, "ticket"),
    (10, 259_200, 21_600, "ticket"),
];

/// What alerts at these paces ask for, most urgent first.
pub(super) const SEVERITIES: [&str; 2] = ["page", "ticket"];

/// An alert at a pace that can be reached.
pub(super) struct Tier {
    /// The share of the budget in percent that is spent over the long range.
    pub percent: i64,
    /// How many times the pace that the window allows.
    pub factor: Exact,
    /// The share of what is bad at that pace.
    pub threshold: Exact,
    /// The long range in seconds.
    pub seconds: i64,
    /// `page` or `ticket`.
    pub severity: &'static str,
    /// The share of what was bad over the long range.
    pub long: String,
    /// The same without any one bad occurrence.
    pub beyond_one: String,
    /// The share of what was bad over the short range.
    pub short: String,
}

/// The alerts of a promise at its paces.
#[derive(Default)]
pub(super) struct Paces {
    /// Those that can fire, and only when they should.
    pub tiers: Vec<Tier>,
    /// Why others are left out.
    pub left_out: Vec<String>,
}

/// The alerts at the paces of a budget, with what they read recorded.
pub(super) fn paces(recordings: &mut Recordings<'_>, recorded: &Recorded, measure: &Measure, budget: &Exact) -> Paces {
    let mut paces = Paces::default();
    // Of a number that is allowed, a single event can be a large part: no pace of it is too fast.
    let Some(worst) = &measure.worst else { return paces };
    for (percent, seconds, short, severity) in TIERS {
        let Some(factor) = Exact::ratio(percent * recorded.grid.nominal, 100 * seconds) else { continue };
        let threshold = &factor * budget;
        let slice = recorded.grid.seconds;
        if let Some(reason) = left_out(&factor, &threshold, worst, seconds < 2 * slice) {
            paces.left_out.push(format!("over {}: {reason}", span(seconds)));
            continue;
        }
        let long = recordings.share(recorded, seconds);
        let beyond_one = recordings.share_beyond_one(recorded, seconds);
        let short = recordings.share(recorded, short.max(slice));
        paces.tiers.push(Tier { percent, factor, threshold, seconds, severity, long, beyond_one, short });
    }
    paces
}

/// Why an alert at a pace makes no sense, if it does not.
fn left_out(factor: &Exact, threshold: &Exact, worst: &Exact, short: bool) -> Option<String> {
    let times = factor.to_decimal_string(2);
    if threshold.is_zero() {
        Some("nothing may go wrong, so there is nothing that could be used up too fast".to_owned())
    } else if factor < &Exact::one() {
        Some(format!("it would fire at {times} times the pace that is allowed, while the promise is kept"))
    } else if short {
        Some("it would look at less than two slices".to_owned())
    } else if threshold >= worst {
        Some(format!("{times} times what is allowed is more than everything"))
    } else {
        None
    }
}
