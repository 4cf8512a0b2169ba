//! How time is counted and values are compared: what the language decides where an agreement is silent.

use super::markdown::Document;
use crate::calculus::{ExprKind, Function, Slice};
use crate::model::{Model, SignalKind};
use crate::values::{Window, WindowKind};

/// What occurs in an agreement, so that only what applies is said.
#[derive(Default)]
struct Uses {
    intervals: bool,
    rolling: bool,
    runs: bool,
    kinds: Vec<WindowKind>,
}

/// Writes the rules of interpretation.
pub fn write(model: &Model, document: &mut Document) {
    let uses = uses(model);
    document.section("Interpretation and measurement");
    let mut say = |text: &str| document.clause(text, "");
    if let Some(zone) = &model.agreement.zone {
        say(&format!("All dates and times are local dates and times of the time zone {}.", zone.value.name()));
    }
    say(
        "A measurement period includes its first instant and ends immediately before the first instant of the next period. It has its true length: a month has 28 to 31 days, and a day on which the clocks change has 23 or 25 hours.",
    );
    if uses.intervals {
        say(
            "Intervals of a fixed length are counted in elapsed time from the start of the measurement period. A change of the clocks does not shift them.",
        );
    }
    if !model.calendars.is_empty() {
        say(
            "A local time that a change of the clocks skips means the moment at which the clocks change. Of a local time that occurs twice, an opening means the first and a closing the second.",
        );
    }
    anchored(&uses, &mut say);
    if model.agreement.effective.is_some() {
        say(
            "Where this agreement begins or ends within a measurement period, that period is judged over the part within the term. Amounts of money that this agreement states for a fee or a cap of that period are reduced pro rata by days; percentages follow the reduced fee, and what is invoiced stands as it is invoiced.",
        );
    }
    if uses.rolling {
        say(
            "A period of consecutive days, weeks or months that is not tied to the calendar is first judged once it has passed in full, and from then on every day at midnight. One uninterrupted breach of such a service level gives one service credit: the largest of the credits that its evaluations would give. Where the service level is about interruptions, each interruption that has newly ended gives one.",
        );
    }
    counting(model, &mut say);
    say(
        "Values are compared exactly and without rounding, unless the definition of a measure says that it is rounded. A value exactly on the limit meets “at least” and “at most”, and does not meet “above” or “below”. Where a value is printed with fewer digits than it has, the printed value decides nothing.",
    );
    say(
        "The rule on missing data is applied before the rule on a measurement period or interval in which there was nothing to count. Where neither gives a value, the service level is “not measured” in that period: it is not met, no service credit is due, and the party that measures shall report the reason. In a series of consecutive periods such a period neither counts nor interrupts; nor does one to which the service level does not apply, which gives no right to terminate either.",
    );
    if uses.runs {
        say(
            "Excluded time divides an uninterrupted stretch into pieces. A stretch that crosses the limit of a measurement period is judged by its full length; only the part within the period is added up, and it is counted in the period in which it starts.",
        );
    }
    if model.signals.iter().any(|signal| signal.kind == SignalKind::Cases) {
        say(
            "A case belongs to the measurement period in which it reaches the milestone or in which its deadline passes, whichever is earlier. A milestone reached exactly on its deadline is in time. After a reopening the last resolution counts.",
        );
    }
}

fn anchored(uses: &Uses, say: &mut impl FnMut(&str)) {
    if uses.kinds.contains(&WindowKind::Billing) {
        say("A billing period begins on the first day of a calendar month, quarter or year.");
    }
    if uses.kinds.contains(&WindowKind::Fiscal) {
        say("A fiscal year begins on 1 January.");
    }
    if uses.kinds.contains(&WindowKind::Contract) {
        say(
            "A contract month, quarter or year begins on the day of the month on which this agreement takes effect; in a month without that day, on its last day.",
        );
    }
}

fn counting(model: &Model, say: &mut impl FnMut(&str)) {
    say(
        "A deadline in days without a calendar ends at the end of that number of dates after the date from which it is counted: a deadline of two days that is counted from a Monday ends with the Wednesday.",
    );
    if !model.calendars.is_empty() {
        say(
            "A deadline in working days counts the dates on which the named calendar is open. Other time that is counted in a calendar runs only while that calendar is open.",
        );
    }
    say(
        "A deadline or term in months, quarters or years ends on the day with the same number; where the month has no such day, it ends on the last day of that month.",
    );
}

fn uses(model: &Model) -> Uses {
    let mut uses = Uses::default();
    let mut windows: Vec<&Window> = Vec::new();
    let metrics = model.metrics.iter().map(|metric| &metric.value);
    let targets = model.commitments.iter().flat_map(|commitment| &commitment.targets);
    let targets: Vec<_> = targets.collect();
    for expr in metrics.chain(targets.iter().map(|target| &target.measure)) {
        expr.walk(&mut |part| {
            if let ExprKind::Apply { function, slice, over, .. } = &part.kind {
                uses.intervals |= matches!(slice, Some(Slice::Elapsed(_)));
                uses.runs |= *function == Function::Runs;
                windows.extend(over);
            }
        });
    }
    windows.extend(targets.iter().map(|target| &target.window));
    windows.extend(model.fees.iter().filter_map(|fee| fee.per.as_ref()));
    windows.extend(model.agreement.caps.iter().filter_map(|cap| cap.per.as_ref()));
    windows.extend(model.commitments.iter().flat_map(|one| &one.caps).filter_map(|cap| cap.per.as_ref()));
    windows.extend(model.maintenances.iter().filter_map(|one| one.budget.as_ref()).map(|budget| &budget.per));
    for window in windows {
        match window {
            Window::Rolling(_) => uses.rolling = true,
            Window::Periodic { kind, .. } => uses.kinds.push(*kind),
            _ => {}
        }
    }
    uses
}
