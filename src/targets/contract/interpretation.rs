//! How time is counted and values are compared: what the language decides where an agreement is silent.

use super::counting::{self, has_own_zones};
use super::markdown::Document;
use super::moments::{Moments, ahead, due, from_window_end};
use super::options::names;
use crate::calculus::{Expr, ExprKind, Function, Grain, Slice};
use crate::model::{
    Agreement, Commitment, Counts, Credit, Dimension, Every, Head, Missing, MissingPolicy, Model, Priority, Signal,
    SignalKind,
};
use crate::values::{Amount, PeriodUnit, Window, WindowKind};
use crate::wording::{label, listed, ordinal, plain};
use std::collections::BTreeSet;

/// What occurs in an agreement, so that only what applies is said.
#[derive(Default)]
struct Uses {
    intervals: bool,
    rolling: bool,
    /// Whether an uninterrupted breach over a rolling period gives a service credit.
    each_breach: bool,
    /// Whether credits are limited over a rolling period.
    rolling_caps: bool,
    /// How long the periods are that are not tied to the calendar.
    rolled: Vec<Amount>,
    /// Whether something is due once in several periods.
    sets: bool,
    /// Whether a rolling period is paid for by a table whose rows mean what they say.
    rolling_bands: bool,
    runs: bool,
    /// Runs of time, from moment to moment.
    timed_runs: bool,
    states: bool,
    kinds: Vec<WindowKind>,
    /// Whether there are billing quarters or years.
    long_billing: bool,
    /// Whether the service credits of a rolling period are owed for each stretch.
    each_run: bool,
    /// Of which kinds there are weeks, each once.
    weeks: Vec<WindowKind>,
    /// In which periods the first deadline is counted that is counted in whole ones, such as calendar months.
    whole_periods: Option<(WindowKind, PeriodUnit)>,
}

impl Uses {
    fn has_period(&mut self, kind: WindowKind, unit: PeriodUnit) {
        self.kinds.push(kind);
        self.long_billing |= kind == WindowKind::Billing && unit.months().is_some_and(|months| months > 1);
    }
}

/// Writes the rules of interpretation.
pub fn write(model: &Model, document: &mut Document) {
    let uses = uses(model);
    document.section("Interpretation and measurement");
    let mut say = |text: &str| document.clause(text, "");
    if let Some(zone) = &model.agreement.zone {
        let except =
            if has_own_zones(model) { ", except the hours and dates of a calendar that states its own" } else { "" };
        say(&format!("All dates and times are local dates and times of the time zone {}{except}.", zone.value.name()));
    }
    // Without a service level there is nothing to measure for a period.
    let judged = !model.commitments.is_empty();
    let excludes = excludes(model);
    if judged {
        say(
            "A measurement period includes its first instant and ends immediately before the first instant of the next period. It has its true length: a month has 28 to 31 days, and a day on which the clocks change has 23 or 25 hours.",
        );
    }
    if from_window_end(model) {
        say(
            "A period ends on its last day: a deadline of five days that is counted from the end of January ends with 5 February.",
        );
    }
    if uses.intervals {
        let cut = if excludes { " or excluded time" } else { "" };
        say(&format!(
            "Intervals of a fixed length are counted in elapsed time from the start of the measurement period. A change of the clocks does not shift them. An interval that the end of the measurement period{cut} cuts counts in proportion to what is left of it."
        ));
    }
    if !model.calendars.is_empty() {
        say(
            "A local time that a change of the clocks skips means the moment at which the clocks change. Of a local time that occurs twice, an opening means the first and a closing the second.",
        );
    }
    anchored(model, &uses, &mut say);
    if uses.sets {
        say(
            "Where something is due in every set of several periods, one set follows another; the first begins with the period in which this agreement takes effect.",
        );
    }
    if model.agreement.effective.is_some() {
        let periods = "Where this agreement begins or ends within a measurement period, that period is judged over the part within the term.";
        let amounts = "Where the period of a fee or of a cap, such as a year, lies only partly within the term, amounts of money that this agreement states for it are reduced pro rata by days; percentages follow the reduced fee, and what is invoiced stands as it is invoiced.";
        match (judged, has_amounts(model)) {
            (true, true) => say(&format!("{periods} {amounts}")),
            (true, false) => say(periods),
            (false, true) => say(amounts),
            (false, false) => {}
        }
    }
    if uses.rolling {
        say(
            "A measurement period of hours, days, weeks, months or years that is not tied to the calendar is first judged once it has passed in full, and from then on every day at midnight.",
        );
    }
    if uses.each_breach {
        let unless =
            if uses.each_run { "Where it does not give one for each uninterrupted stretch, one" } else { "One" };
        say(&format!(
            "{unless} uninterrupted breach of such a service level gives one service credit: the largest of the credits that its evaluations would give. Its measurement period is that of the first evaluation that gives it; fee, caps and deadlines follow from that period."
        ));
    }
    if uses.rolling_caps {
        say(
            "A cap for a period that is not tied to the calendar holds from the first day of this agreement, in full, and looks back no further than that day.",
        );
    }
    if uses.rolling_bands {
        say(
            "Where a table gives a service credit whether or not the target is met, such a service level is also in breach while a row gives more than nothing.",
        );
    }
    if uses.each_run {
        say(
            "Where a service level says that each uninterrupted stretch gives a service credit, a stretch is judged at the first evaluation after its end. If the service level is in breach then, it gives the service credit of that evaluation, for its measurement period.",
        );
    }
    counting::write(model, uses.whole_periods, &uses.rolled, &mut say);
    moments(model, &mut say);
    if judged || compares(model) {
        say(
            "Values are compared exactly and without rounding, unless the definition of a measure says that it is rounded. A value exactly on the limit meets “at least” and “at most”, and does not meet “above” or “below”. Where a value is printed with fewer digits than it has, the printed value decides nothing.",
        );
    }
    if judged {
        say(&missing_data(model));
    }
    let open = open_dimensions(model, model.commitments.iter().map(|one| &one.head));
    if !open.is_empty() {
        say(&format!(
            "Which options {open} there are is what the records of measurements and fees show: each is judged in the measurement periods from that of the first record that names it to that of the last, and in no other. A later record that names it shows that it was there in the meantime. Such a period is judged as a whole: where there is no record of it in a part of the period, data is missing."
        ));
    }
    let combined = combined_dimensions(model);
    if !combined.is_empty() {
        say(&format!(
            "Of the combinations of options {combined} those exist that a record names together, each from the first record that names it to the last."
        ));
    }
    for text in own_records(model) {
        say(&text);
    }
    let invoiced = model.fees.iter().filter(|fee| matches!(fee.amount.kind, ExprKind::Invoiced)).map(|fee| &fee.head);
    let invoiced = open_dimensions(model, invoiced);
    if !invoiced.is_empty() {
        say(&format!(
            "What is invoiced for each option {invoiced} is invoiced for all of them together: in a period for which an amount is invoiced for one of them, nothing is charged for the others for which none is."
        ));
    }
    if uses.states {
        say("A state holds in an interval if it holds throughout that interval.");
    }
    if uses.timed_runs {
        say(
            "An uninterrupted stretch of time lasts from the moment at which what it is about begins to hold to the moment at which it ceases to hold.",
        );
    }
    if uses.runs {
        let pieces = if excludes { "Excluded time divides an uninterrupted stretch into pieces. " } else { "" };
        say(&format!(
            "{pieces}A stretch that crosses the limit of a measurement period is judged by its full length; only the part within the period is added up, and it is counted in the period in which it starts."
        ));
    }
    cases(model, &mut say);
}

/// Whether there is time that is not counted: what is taken out, or data that is missing.
fn excludes(model: &Model) -> bool {
    let is_left_out = |missing: &Missing| missing.policy == MissingPolicy::Excluded || missing.after.is_some();
    model.takes_out(Counts::Excluded) || model.signals.iter().filter_map(|one| one.missing.as_ref()).any(is_left_out)
}

/// Whether values are compared anywhere but in a service level.
fn compares(model: &Model) -> bool {
    let mut found = model.services.iter().any(|service| service.promised.is_some());
    for whole in model.expressions() {
        whole.walk(&mut |part| {
            found |= matches!(&part.kind, ExprKind::Binary { op, .. } if op.is_comparison());
        });
    }
    found
}

/// What data that is missing means for what is judged.
fn missing_data(model: &Model) -> String {
    let mut counted = false;
    for whole in model.expressions() {
        whole.walk(&mut |part| {
            counted |= matches!(&part.kind, ExprKind::Apply { function, over, .. } if *function == Function::Streak || over.is_some());
        });
    }
    let series = if counted {
        "; in a series of consecutive periods, or among periods that are counted, that period neither counts nor interrupts"
    } else {
        ""
    };
    let gives_rights = model.commitments.iter().any(|one| !one.terminate.is_empty());
    let rights = if gives_rights { ", which gives no right to terminate either" } else { "" };
    let applies = match model.commitments.iter().any(|one| one.applies_when.is_some()) {
        true if counted => format!("; nor does one to which the service level does not apply{rights}"),
        true if gives_rights => {
            "; a period to which the service level does not apply gives no right to terminate".to_owned()
        }
        _ => String::new(),
    };
    format!(
        "The rule on missing data is applied before the rule on a measurement period or interval in which there was nothing to count. Where neither gives a value, for the measurement period or for an interval of it, that measure is “not measured” in that period, and the party that measures shall report the reason; so it is in a period that ends before the first data is recorded. What the other measures decide by themselves stands: one of several targets that is missed is missed. Where it is not decided, the service level is neither met nor missed, and what is owed for that period stays open until the missing data is supplied{series}{applies}."
    )
}

/// The open dimensions by which some declarations differ: `of “Bucket” and of “Cluster”`.
fn open_dimensions<'a>(model: &'a Model, heads: impl Iterator<Item = &'a Head>) -> String {
    let choices = heads.flat_map(|head| &head.variant).map(|choice| choice.dimension.as_str());
    let named: BTreeSet<&str> = choices.collect();
    let open = model.dimensions.iter().filter(|one| one.open && named.contains(one.head.name.as_str()));
    let titles: Vec<String> = open.map(|one| format!("of “{}”", plain(&label(&one.head)))).collect();
    listed(&titles, "and")
}

/// The dimensions, one of them open, by which service levels differ together: `of “Tenant” and of “Tier”`.
fn combined_dimensions(model: &Model) -> String {
    let differing = model.commitments.iter().map(|one| &one.head);
    let both = differing.filter(|head| head.variant.len() > 1 && head.variant.iter().any(|choice| choice.each));
    let named: BTreeSet<&str> = both.flat_map(|head| &head.variant).map(|choice| choice.dimension.as_str()).collect();
    let titles = model.dimensions.iter().filter(|one| named.contains(one.head.name.as_str()));
    let titles: Vec<String> = titles.map(|one| format!("of “{}”", plain(&label(&one.head)))).collect();
    listed(&titles, "and")
}

/// For each dimension by which something is measured, of which signals only the records of an option count for it.
fn own_records(model: &Model) -> Vec<String> {
    let of_dimension = |dimension: &Dimension| {
        let name = dimension.head.name.as_str();
        let parts = model.signals.iter().filter(|one| one.head.has(name));
        let fields = |one: &&Signal| one.fields.iter().any(|field| field.dimension.as_deref() == Some(name));
        let mut signals: Vec<String> =
            parts.filter(fields).map(|one| format!("“{}”", plain(&one.head.family_label()))).collect();
        signals.dedup();
        let each = names(model, &[name.to_owned()]);
        (!signals.is_empty()).then(|| {
            format!(
                "Where something is measured for each {each} by itself, of {} only what is recorded for that {each} counts.",
                listed(&signals, "and")
            )
        })
    };
    model.dimensions.iter().filter_map(of_dimension).collect()
}

/// How cases are read, as far as there is anything to read.
fn cases(model: &Model, say: &mut impl FnMut(&str)) {
    let mut signals = model.signals.iter().filter(|signal| signal.kind == SignalKind::Cases).peekable();
    if signals.peek().is_none() {
        return;
    }
    let reopened = signals.any(|signal| signal.milestones.iter().any(|one| one.head.name == "reopened"));
    let priorities: Vec<&Priority> = model.supports.iter().flat_map(|support| &support.priorities).collect();
    let promised = |one: &Priority| [&one.respond, &one.work_around, &one.resolve].map(Option::is_some);
    let due = priorities.iter().any(|one| promised(one).contains(&true));
    // A time that one priority promises and another does not.
    let unpromised = (0..3).any(|at| {
        let all = || priorities.iter().map(|one| promised(one).get(at).copied().unwrap_or_default());
        all().any(|has| has) && !all().all(|has| has)
    });
    let mut rules = periods_of_cases(model, due);
    let mut rule = |applies: bool, text: &str| rules.extend(applies.then(|| text.to_owned()));
    rule(due, "A milestone reached exactly on its deadline is in time.");
    rule(reopened, "After a reopening the last resolution counts.");
    rule(unpromised, "A case for which its priority promises no time is neither in time nor late.");
    let stands_still = "Where a service level, or what is owed for it, goes by cases, the clock of a case stands still during time that is not counted for that service level.";
    rule(model.commitments.iter().any(|one| stops_clocks(model, one)), stands_still);
    if !rules.is_empty() {
        say(&rules.join(" "));
    }
}

/// Whether a commitment, or what is owed for it, goes by cases, and has time that is not counted.
fn stops_clocks(model: &Model, commitment: &Commitment) -> bool {
    let mut by_cases = false;
    for whole in commitment.expressions() {
        model.through(whole, &mut |part| {
            let ExprKind::Reading(reading) = &part.kind else { return };
            by_cases |= model.signals.get(&reading.signal).is_some_and(|signal| signal.kind == SignalKind::Cases);
        });
    }
    by_cases && model.takes_out_of(commitment, Counts::Excluded)
}

/// To which measurement period a case belongs, by what is measured of cases; `due` says whether any of it has a deadline.
fn periods_of_cases(model: &Model, due: bool) -> Vec<String> {
    let own: Vec<&Expr> =
        model.metrics.iter().filter(|metric| metric.window_of.is_some()).map(|metric| &metric.value).collect();
    let (mut says_itself, mut named, mut several, mut opened, mut selected) = (false, false, false, false, false);
    for whole in model.expressions() {
        let is_own = own.iter().any(|one| std::ptr::eq(*one, whole));
        whole.walk(&mut |part| {
            let ExprKind::Apply { arguments, filter, .. } = &part.kind else { return };
            let Some(of) = arguments.first().filter(|of| of.grain == Grain::Case) else { return };
            if is_own {
                says_itself = true;
                return;
            }
            let read = model.milestones_read(of);
            let filtered = filter.as_deref().map(|filter| model.milestones_read(filter)).unwrap_or_default();
            let first = read.first().map(|(name, _)| *name);
            named |= first.is_some();
            opened |= first.is_none();
            several |= read.iter().any(|(name, _)| Some(*name) != first);
            selected |= filtered.iter().any(|(name, _)| Some(*name) != first);
        });
    }
    let unless = if says_itself { "Unless the definition of a measure says otherwise, a" } else { "A" };
    let deadline = if due { " or in which its deadline passes, whichever is earlier" } else { "" };
    let measured = format!("in which it reaches the milestone that is measured{deadline}");
    let mut rules = match (named, opened) {
        (false, false) => return Vec::new(),
        (false, true) => vec![format!("{unless} case belongs to the measurement period in which it is opened.")],
        (true, _) => vec![format!("{unless} case belongs to the measurement period {measured}.")],
    };
    let mut rule = |applies: bool, text: &str| rules.extend(applies.then(|| text.to_owned()));
    rule(several, "Of several milestones in one measure, the one that its definition names first decides.");
    rule(
        named && opened,
        "Where no milestone is measured, it belongs to the measurement period in which it is opened.",
    );
    rule(selected, "A condition on which cases are looked at does not change that.");
    rules
}

/// Whether amounts of money are stated for periods.
fn has_amounts(model: &Model) -> bool {
    let mut caps = model.commitments.iter().map(|one| &one.caps).chain([&model.agreement.caps]);
    !model.fees.is_empty() || caps.any(|caps| !caps.is_empty())
}

fn anchored(model: &Model, uses: &Uses, say: &mut impl FnMut(&str)) {
    for kind in &uses.weeks {
        let day = match kind {
            WindowKind::Contract => "the day of the week on which this agreement takes effect",
            _ => "a Monday",
        };
        say(&format!("A {kind} week begins on {day}."));
    }
    let agreement = &model.agreement;
    if agreement.billing_day.is_some() || uses.kinds.contains(&WindowKind::Billing) {
        say(&billing_periods(agreement, uses.long_billing));
    }
    if agreement.fiscal_start.is_some() || uses.kinds.contains(&WindowKind::Fiscal) {
        say(&fiscal_periods(agreement));
    }
    if uses.kinds.contains(&WindowKind::Contract) {
        say(
            "A contract month, quarter or year begins on the day of the month on which this agreement takes effect; in a month without that day, on its last day.",
        );
    }
}

/// When billing months begin, and where there are any, longer periods.
fn billing_periods(agreement: &Agreement, longer: bool) -> String {
    let day = agreement.billing_day.as_ref().map_or(1, |day| day.value);
    let short = if day > SHORTEST_MONTH { ", or on the last day of a month without that day" } else { "" };
    let longer = if longer {
        " A billing quarter or year begins with the billing month in which this agreement takes effect, and each later one where the one before it ends."
    } else {
        ""
    };
    format!("A billing month begins on the {} day of a month{short}.{longer}", ordinal(day))
}

/// When fiscal years and their parts begin.
fn fiscal_periods(agreement: &Agreement) -> String {
    let start = agreement.fiscal_start.as_ref().map(|day| day.value);
    let day = start.map_or_else(|| "1 January".to_owned(), |day| day.words());
    let short = if start.is_some_and(|day| day.day() > SHORTEST_MONTH) {
        "; in a month without that day, they begin on its last day"
    } else {
        ""
    };
    format!("A fiscal year begins on {day}. Fiscal quarters and months are counted from that day{short}.")
}

/// How many days every month has.
const SHORTEST_MONTH: i8 = 28;

/// What the words on what goes on at a moment mean.
fn moments(model: &Model, say: &mut impl FnMut(&str)) {
    let used = Moments::of(model);
    if used.failing || used.incident {
        say(
            "A service level is being missed at a moment if its measure does not meet the target over the last interval of its definition that has ended by then, or, where its definition has no intervals, over the five minutes before that moment.",
        );
    }
    if used.incident {
        let of_notices = match model.notices.iter().any(|notice| notice.when.is_some()) {
            true => "; in a notice that names a condition, it means the time during which that condition is fulfilled",
            false => "",
        };
        let each = match model.commitments.len() > 1 {
            true => " Each service level has incidents of its own.",
            false => "",
        };
        say(&format!("“The incident” means the time during which a service level is being missed{of_notices}.{each}"));
    }
    if used.breached {
        say(
            "A service level can no longer be met in a measurement period once it would be missed even if the rest of that period were free of failures. For this purpose a volume that is not known yet is taken to be the average volume so far. A service level whose measurement period is not tied to the calendar is judged over the period up to that moment instead.",
        );
    }
}

fn uses(model: &Model) -> Uses {
    let mut uses = Uses::default();
    let mut windows: Vec<&Window> = Vec::new();
    let metrics = model.metrics.iter().map(|metric| &metric.value);
    let targets = model.commitments.iter().flat_map(|commitment| &commitment.targets);
    let targets: Vec<_> = targets.collect();
    for expr in metrics.chain(targets.iter().map(|target| &target.measure)) {
        expr.walk(&mut |part| {
            if let ExprKind::Apply { function, arguments, slice, over, .. } = &part.kind {
                uses.intervals |= matches!(slice, Some(Slice::Elapsed(_)));
                uses.runs |= *function == Function::Runs;
                uses.timed_runs |= *function == Function::Runs && slice.is_none();
                let timed = matches!(slice, Some(Slice::Elapsed(_) | Slice::Window(_)));
                uses.states |= timed && arguments.iter().any(|argument| argument.grain == Grain::Moment);
                windows.extend(over);
            }
        });
    }
    windows.extend(targets.iter().map(|target| &target.window));
    windows.extend(model.fees.iter().filter_map(|fee| fee.per.as_ref()));
    let caps = model.agreement.caps.iter().chain(model.commitments.iter().flat_map(|one| &one.caps));
    for per in caps.filter_map(|cap| cap.per.as_ref()) {
        match per {
            Window::Rolling(amount) => {
                uses.rolling_caps = true;
                uses.rolled.push(amount.clone());
            }
            other => windows.push(other),
        }
    }
    windows.extend(model.maintenances.iter().filter_map(|one| one.budget.as_ref()).map(|budget| &budget.per));
    windows.extend(rhythms(model));
    for length in due(model).into_iter().chain(ahead(model)) {
        if let Amount::Windows { kind, unit, .. } = length.amount {
            uses.has_period(*kind, *unit);
            uses.whole_periods.get_or_insert((*kind, *unit));
        }
    }
    uses.each_run = model.commitments.iter().any(|one| one.credit.is_some() && model.paid_run(one).is_some());
    let mut paid = model.commitments.iter().filter(|one| one.credit.is_some() && one.rolls().is_some());
    uses.each_breach = paid.any(|one| model.paid_run(one).is_none());
    uses.rolling_bands = model
        .commitments
        .iter()
        .any(|one| one.rolls().is_some() && matches!(&one.credit, Some(Credit::Table(table)) if table.bands));
    for window in windows {
        let window = match window {
            Window::Last { of: Some(of), .. } => {
                uses.sets = true;
                of
            }
            other => other,
        };
        match window {
            Window::Rolling(amount) => {
                uses.rolling = true;
                uses.rolled.push(amount.clone());
            }
            Window::Periodic { kind, unit } => {
                uses.has_period(*kind, *unit);
                if *unit == PeriodUnit::Week && !uses.weeks.contains(kind) {
                    uses.weeks.push(*kind);
                }
            }
            _ => {}
        }
    }
    uses
}

/// The windows in which something is done again and again.
fn rhythms(model: &Model) -> impl Iterator<Item = &Window> {
    model.recurrences().filter_map(|rhythm| match &rhythm.every {
        Every::Window(window) => Some(window),
        Every::Amount(_) => None,
    })
}
