//! What of a model can be read from Prometheus.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::by::By;
use super::labels::{Label, Labels};
use super::measure::{Count, Linear, Quotient, Sum};
use super::reason::Reason;
use super::recordings::BASE_SLICE;
use super::selector::{Selector, quoted};
use super::slices::{number_text, range, span};
use super::states::Together;
use super::term::INTERVAL;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::model::{MissingPolicy, Model, Series, SeriesKind, Signal, SignalKind, Source};
use crate::values::Exact;

/// The name of this target in a file.
pub(super) const TARGET: &str = "prometheus";

/// The members of a state and of scores, as a source names them.
const STATE_MEMBERS: [&str; 2] = ["up", "state"];

/// The signals with their selectors, each parsed once.
pub(super) struct Sources<'a> {
    signals: BTreeMap<&'a str, Read<'a>>,
}

struct Read<'a> {
    signal: &'a Signal,
    /// The labels of what is read that tell the options of open dimensions apart.
    by: By,
    /// The labels of the series that do: those that are called as the fields.
    fields: By,
    series: BTreeMap<&'a str, (SeriesKind, Selector)>,
}

/// Every selector of Prometheus in a model that cannot be used.
pub fn check_selectors(model: &Model) -> Vec<Diagnostic> {
    let of_signals = model.signals.iter().flat_map(|signal| &signal.sources);
    let of_maintenances = model.maintenances.iter().flat_map(|maintenance| &maintenance.sources);
    let sources = of_signals.chain(of_maintenances).filter(|source| source.target.value == TARGET);
    let series = sources.flat_map(|source| &source.series);
    let mut found: Vec<Diagnostic> = series.filter_map(|series| bad_selector(series, read(series).err()?)).collect();
    let (mut told, labels) = (BTreeSet::new(), Labels::of(model));
    for signal in &model.signals {
        let series = signal.source(TARGET).into_iter().flat_map(|source| &source.series);
        for (series, selector) in series.filter_map(|series| Some((series, read(series).ok()?))) {
            let mut closed = labels.choosing(signal).filter(|label| !label.choice.each);
            let lost = closed.find(|label| selector.excludes(label.name, &label.choice.option));
            found.extend(lost.filter(|_| told.insert(series.code.span)).map(|lost| lost_option(series, lost)));
        }
    }
    found
}

/// That a selector leaves no series of an option.
fn lost_option(series: &Series, lost: Label<'_>) -> Diagnostic {
    let (label, option) = (lost.name, &lost.choice.option);
    let message = format!("the source of `{}` has no series of `{option}`: it chooses `{label}` itself", series.member);
    let finding = Diagnostic::new(codes::BAD_SELECTOR, series.code.span, message)
        .primary(format!("the rules for this option add `{label}={}`", quoted(option)))
        .help(format!("leave `{label}` out of the selector: the rules choose the series of each option by it"));
    match lost.field {
        Some(field) => finding.label(field, "its options are read from the label of this name"),
        None => finding,
    }
}

/// The series of options that the agreement has, where it leaves out some of those that a field can have. Measurements name no
/// other option either.
fn those_that_are_had(model: &Model, signal: &Signal, selector: Selector) -> Selector {
    let is_chosen = |dimension: &str| signal.head.variant.iter().any(|choice| choice.dimension == dimension);
    signal.fields.iter().fold(selector, |selector, field| {
        let dimension = field.dimension.as_deref().and_then(|name| model.dimensions.get(name));
        let Some(dimension) = dimension.filter(|one| !one.left_out.is_empty() && !is_chosen(&one.head.name)) else {
            return selector;
        };
        let options: Vec<&str> = dimension.options.iter().map(|option| option.name.as_str()).collect();
        selector.with(&field.head.name, if options.len() == 1 { "=" } else { "=~" }, &options.join("|"))
    })
}

fn read(series: &Series) -> Result<Selector, String> {
    let selector = Selector::parse(&series.code.value)?;
    if series.kind.value == SeriesKind::Histogram {
        selector.check_histogram()?;
    }
    Ok(selector)
}

fn bad_selector(series: &Series, reason: String) -> Option<Diagnostic> {
    let message = format!("the source of `{}` is not a plain selector of series", series.member);
    let finding = Diagnostic::new(codes::BAD_SELECTOR, series.code.span, message).primary(reason);
    Some(match whole_histogram(series) {
        Some(fix) => finding.fix(fix),
        None => finding.help("write the name of a metric and its labels, such as 'http_requests_total{job=\"api\"}'"),
    })
}

/// A part of a histogram as the whole.
fn whole_histogram(series: &Series) -> Option<Fix> {
    let selector = Selector::parse(&series.code.value).ok().filter(|_| series.kind.value == SeriesKind::Histogram)?;
    let (whole, ending) = selector.part_of_histogram()?;
    // The name stands before its labels.
    let code = series.code.value.replacen(&format!("{whole}{ending}"), whole, 1);
    Some(Fix::replace(format!("write `{whole}`"), series.code.span, code))
}

impl<'a> Sources<'a> {
    /// Reads the sources of a model; selectors that cannot be used are left out.
    pub fn of(model: &'a Model) -> Sources<'a> {
        let labels = Labels::of(model);
        let signals = model.signals.iter().filter_map(|signal| {
            let source: &Source = signal.source(TARGET)?;
            let series = source
                .series
                .iter()
                .filter_map(|series| Some((series.member.as_str(), (series.kind.value, read(series).ok()?))));
            // The series of one option are those whose label, called as the field, has it; what has an option of an open
            // dimension has that label.
            let series = series.map(|(member, (kind, selector))| {
                let of_options = labels.choosing(signal).fold(selector, |selector, label| match label.choice.each {
                    true => selector.with(label.name, "!=", ""),
                    false => selector.with(label.name, "=", &label.choice.option),
                });
                (member, (kind, those_that_are_had(model, signal, of_options)))
            });
            let series = series.collect();
            let open = labels.choosing(signal).filter(|label| label.choice.each);
            let fields = By::labels(open.map(|label| label.name.to_owned()).collect());
            Some((signal.head.name.as_str(), Read { signal, by: By::of(&signal.head), fields, series }))
        });
        Sources { signals: signals.collect() }
    }

    fn find(&self, signal: &str, member: &str, kind: SeriesKind) -> Result<&Selector, Reason> {
        let read = self.signals.get(signal).ok_or_else(|| no_source(signal))?;
        match read.series.get(member) {
            Some((found, selector)) if *found == kind => Ok(selector),
            Some(_) => Err(format!("the source of `{signal}.{member}` is not a {}", kind.as_str()).into()),
            None => Err(no_source(&format!("{signal}.{member}"))),
        }
    }

    /// The labels that tell apart the options of the open dimensions by which a signal differs.
    pub fn by(&self, signal: &str) -> By {
        self.signals.get(signal).map(|read| read.by.clone()).unwrap_or_default()
    }

    /// The series of the ages of open cases that have not reached a milestone.
    pub fn age(&self, signal: &str, milestone: &str) -> Result<&Selector, Reason> {
        if !self.by(signal).is_empty() {
            return Err("of cases, no rules are made for each option of a dimension that only measurements know".into());
        }
        let found = self.find(signal, milestone, SeriesKind::Age);
        found.map_err(|_| Reason::NoSource(format!("`{signal}` has no source `{milestone} age` in Prometheus")))
    }

    fn state(&self, signal: &str) -> Result<&Selector, Reason> {
        let mut found =
            STATE_MEMBERS.into_iter().filter_map(|member| self.find(signal, member, SeriesKind::Gauge).ok());
        found.next().ok_or_else(|| Reason::NoSource(format!("`{signal}` has no source `up gauge` in Prometheus")))
    }

    /// What is counted in a slice that ends now, without a label but those of options.
    pub fn expression(&self, signal: &str, count: &Count, seconds: i64) -> Result<String, Reason> {
        let Some(read) = self.signals.get(signal).filter(|read| read.by != read.fields) else {
            return self.counted(signal, count, seconds);
        };
        let renamed = read.by.in_place_of(&read.fields, self.counted(signal, count, seconds)?);
        renamed.ok_or_else(|| "a field of its signal is called as another one's dimension".into())
    }

    /// An aggregation of the series of a signal, for each of the options that their labels tell apart.
    fn each(&self, signal: &str, aggregation: &str) -> String {
        self.signals.get(signal).map_or_else(|| aggregation.to_owned(), |read| read.fields.each(aggregation))
    }

    /// The same with the labels of the series.
    fn counted(&self, signal: &str, count: &Count, seconds: i64) -> Result<String, Reason> {
        let add = self.each(signal, "sum");
        let increase = |selector: String| format!("{add}(increase({selector}[{}]))", span(seconds));
        let histogram = |value: &str| self.find(signal, value, SeriesKind::Histogram);
        Ok(match count {
            Count::Named(name) => increase(self.find(signal, name, SeriesKind::Counter)?.to_string()),
            Count::Whole(name) => {
                // Read at both bounds of the slice: nothing is extrapolated but a millisecond, with which Prometheus 3
                // finds the first bound as well.
                let selector = self.find(signal, name, SeriesKind::Counter)?;
                format!("{add}(round(increase({selector}[{}1ms:1m])))", span(seconds))
            }
            Count::Observed(value) => increase(histogram(value)?.suffixed("_count").to_string()),
            Count::Summed(value) => increase(histogram(value)?.suffixed("_sum").to_string()),
            Count::Within { value, bound } => increase(bucket(histogram(value)?, bound)?),
            Count::Beyond { value, bound } => {
                let selector = histogram(value)?;
                let all = increase(selector.suffixed("_count").to_string());
                format!("clamp_min({all} - {}, 0)", increase(bucket(selector, bound)?))
            }
            Count::Read(_) | Count::ReadWhere { .. } | Count::ReadSum(_) => self.readings(signal, count, seconds)?,
            Count::Down(together) | Count::Watched(together) | Count::Decided(together) => {
                self.state_minutes(signal, (count, *together), seconds)?
            }
        })
    }

    /// The length of the slices of a signal in seconds: the usual one, unless its readings are farther apart.
    pub fn slice(&self, signal: &str) -> i64 {
        self.step(signal).filter(|step| *step > BASE_SLICE && step % 60 == 0).unwrap_or(BASE_SLICE)
    }

    /// How far readings are apart, in seconds.
    fn step(&self, signal: &str) -> Option<i64> {
        let every = self.signals.get(signal)?.signal.every.as_ref();
        every.map_or(Some(INTERVAL), |every| every.value.as_whole_seconds())
    }

    /// The readings of a gauge in a slice, taken as often as the signal says; those of each series count.
    fn readings(&self, signal: &str, count: &Count, seconds: i64) -> Result<String, Reason> {
        let (value, function) = match count {
            Count::ReadSum(value) => (value, "sum_over_time"),
            Count::Read(value) | Count::ReadWhere { value, .. } => (value, "count_over_time"),
            _ => return Err("it is not a reading".into()),
        };
        let step = self.step(signal).filter(|step| *step > 0 && seconds % step == 0).ok_or_else(|| {
            format!("its readings do not come a whole number of times in slices of {}", span(seconds))
        })?;
        let mut read = self.find(signal, value, SeriesKind::Gauge)?.to_string();
        if let Count::ReadWhere { bounds, .. } = count {
            for (operator, bound) in bounds {
                read = format!("{read} {operator} {}", number_text(bound));
            }
            read = format!("({read})");
        }
        Ok(format!("{}({function}({read}[{}:{}]))", self.each(signal, "sum"), range(seconds), span(step)))
    }

    /// The minutes of a slice in which a state was down, or all of its minutes that count.
    fn state_minutes(
        &self,
        signal: &str,
        (count, together): (&Count, Together),
        seconds: i64,
    ) -> Result<String, Reason> {
        let read = format!("{}({})", self.each(signal, together.aggregation()), self.state(signal)?);
        let is_each = !self.by(signal).is_empty();
        let (all, minutes) = (seconds / 60, range(seconds));
        let seen = format!("count_over_time({read}[{minutes}:1m])");
        let up = format!("count_over_time(({read} != 0)[{minutes}:1m])");
        let down = format!("count_over_time(({read} == 0)[{minutes}:1m])");
        Ok(match (count, self.missing(signal)) {
            (Count::Watched(_), MissingPolicy::Excluded) => seen,
            // What is missing of a slice decides nothing if the state was down in another part of it.
            (Count::Decided(_), MissingPolicy::Excluded) if all > 1 => format!("{seen} == {all} or {seen} and {down}"),
            (Count::Decided(_), MissingPolicy::Excluded) => seen,
            (Count::Watched(_) | Count::Decided(_), _) if is_each => format!("{seen} * 0 + {all}"),
            (Count::Watched(_) | Count::Decided(_), _) => format!("vector({all})"),
            (_, MissingPolicy::Bad) if is_each => format!("{all} - ({up} or {seen} * 0)"),
            (_, MissingPolicy::Good) if is_each => format!("{down} or {seen} * 0"),
            (_, MissingPolicy::Bad) => format!("{all} - ({up} or vector(0))"),
            (_, MissingPolicy::Good) => format!("{down} or vector(0)"),
            (_, MissingPolicy::Excluded) => format!("{down} or {seen} * 0"),
        })
    }

    /// How many minutes of an option without data in a slice are counted all the same, where a state says so.
    pub fn unseen(&self, signal: &str, count: &Count, seconds: i64) -> Option<i64> {
        let policy = self.missing(signal);
        let is_each = !self.by(signal).is_empty() && policy != MissingPolicy::Excluded;
        match count {
            Count::Down(_) if policy == MissingPolicy::Good => Some(0),
            Count::Down(_) | Count::Watched(_) | Count::Decided(_) => Some(seconds / 60),
            _ => None,
        }
        .filter(|_| is_each)
    }

    /// What missing data of a signal counts as, as far as rules can say it: a gap is only known to be over its grace
    /// when it is too late to record its start.
    fn missing(&self, signal: &str) -> MissingPolicy {
        let missing = self.signals.get(signal).and_then(|read| read.signal.missing.as_ref());
        missing.filter(|missing| missing.after.is_none()).map_or(MissingPolicy::Excluded, |missing| missing.policy)
    }

    /// Why rules cannot say what missing data of a signal counts as, if they cannot.
    pub fn unsaid_missing(&self, sum: &Sum) -> Option<&'static str> {
        let needed = sum.needed();
        let signal = &self.signals.get(needed.signal.as_str())?.signal;
        // Cases and scores are there when they happen: none is missing.
        if matches!(signal.kind, SignalKind::Cases | SignalKind::Scores) {
            return None;
        }
        let Some(missing) = &signal.missing else {
            return Some("the agreement does not say what it counts as, so a window with a gap is not measured");
        };
        let together = needed.together().unwrap_or(Together::One);
        match missing.policy {
            policy if !together.is_known(policy) => {
                Some("which of the states that are read together is missing is not known")
            }
            MissingPolicy::Excluded => None,
            _ if missing.after.is_some() => Some("a gap is over its grace only when its start has been recorded"),
            _ if sum.is_of_events() => Some("how many values are missing is not known"),
            // Options of an open dimension are told by their data alone.
            _ if self.missing_in(sum).is_none() => {
                Some("an option without data looks like one without anything to count")
            }
            _ => None,
        }
    }

    /// What a slice without data is worth, if anything. Of an option of an open dimension it is not known whether a slice
    /// is without data or without anything to count, so that what is counted needs a value where it is empty.
    pub fn missing_slice(&self, quotient: &Quotient) -> Option<i64> {
        let signal = &quotient.denominator.signal;
        let is_told =
            self.by(signal).is_empty() || quotient.empty.is_some() || quotient.denominator.together().is_some();
        self.worth_of_missing(signal).filter(|_| is_told)
    }

    /// What missing data is worth in a sum that knows how much of it there is.
    pub fn missing_in(&self, sum: &Sum) -> Option<i64> {
        match sum {
            Sum::Sliced { quotient, .. } => self.missing_slice(quotient),
            Sum::Pooled { weight, occurrence: None, .. } => self.worth_of_missing(&weight.signal),
            Sum::Pooled { .. } | Sum::Counted(_) => None,
        }
    }

    fn worth_of_missing(&self, signal: &str) -> Option<i64> {
        match self.missing(signal) {
            MissingPolicy::Bad => Some(1),
            MissingPolicy::Good => Some(0),
            MissingPolicy::Excluded => None,
        }
    }

    /// The selectors of which a sum of counts needs one at least: those of what is added.
    pub fn presence(&self, linear: &Linear) -> Vec<String> {
        let added = linear.terms.iter().filter(|(number, _)| number.signum() > 0);
        let mut all: Vec<String> = added.filter_map(|(_, count)| self.selector(linear, count)).collect();
        all.dedup();
        all
    }

    fn selector(&self, linear: &Linear, count: &Count) -> Option<String> {
        Some(match count {
            Count::Named(name) | Count::Whole(name) => {
                self.find(&linear.signal, name, SeriesKind::Counter).ok()?.to_string()
            }
            Count::Within { value, bound } | Count::Beyond { value, bound } => {
                bucket(self.find(&linear.signal, value, SeriesKind::Histogram).ok()?, bound).ok()?
            }
            Count::Observed(value) | Count::Summed(value) => {
                self.find(&linear.signal, value, SeriesKind::Histogram).ok()?.suffixed("_count").to_string()
            }
            Count::Read(value) | Count::ReadWhere { value, .. } | Count::ReadSum(value) => {
                self.find(&linear.signal, value, SeriesKind::Gauge).ok()?.to_string()
            }
            Count::Down(_) | Count::Watched(_) | Count::Decided(_) => self.state(&linear.signal).ok()?.to_string(),
        })
    }
}

fn no_source(what: &str) -> Reason {
    Reason::NoSource(format!("`{what}` has no source in Prometheus"))
}

/// The bucket of a bound. Prometheus 3 writes whole bounds as `1.0`, Prometheus 2 as `1`.
fn bucket(histogram: &Selector, bound: &Exact) -> Result<String, Reason> {
    let (operator, le) = match (bound.is_integer(), bound.is_terminating()) {
        (true, _) => ("=~", format!("{bound}([.]0)?")),
        (false, true) => ("=", bound.to_string()),
        (false, false) => return Err("its bound is not a decimal number".into()),
    };
    Ok(histogram.suffixed("_bucket").with("le", operator, &le).to_string())
}

/// As the label `member` of a recorded count.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Count::Named(name) => f.write_str(name),
            Count::Whole(name) => write!(f, "{name}.whole"),
            Count::Within { value, bound } => write!(f, "{value}_le_{bound}"),
            Count::Beyond { value, bound } => write!(f, "{value}_gt_{bound}"),
            Count::Observed(value) => write!(f, "{value}_count"),
            Count::Summed(value) => write!(f, "{value}_sum"),
            Count::Read(value) => write!(f, "{value}_readings"),
            Count::ReadWhere { value, bounds } => {
                f.write_str(value)?;
                bounds.iter().try_for_each(|(operator, bound)| {
                    let word = match *operator {
                        "<" => "lt",
                        "<=" => "le",
                        ">" => "gt",
                        ">=" => "ge",
                        "!=" => "ne",
                        _ => "eq",
                    };
                    write!(f, "_{word}_{bound}")
                })
            }
            Count::ReadSum(value) => write!(f, "{value}_sum"),
            Count::Down(together) => write!(f, "{}down", together.prefix()),
            Count::Watched(together) => write!(f, "{}watched", together.prefix()),
            Count::Decided(together) => write!(f, "{}decided", together.prefix()),
        }
    }
}

/// A selector of the cases of a priority.
pub(super) fn of_priority(selector: &Selector, priority: &str) -> String {
    selector.with("priority", "=", priority).to_string()
}
