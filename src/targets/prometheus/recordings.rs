//! Recording rules, shared: each series is recorded once, however many promises use it.
//!
//! A slice of a window is recorded once, in the first evaluation after its end, with the start of its window as a
//! label; everything longer is a sum over recorded slices, so that no rule reads raw series over a long range.

use std::collections::{BTreeMap, HashSet};

use super::by::By;
use super::judgement::{judged, worth};
use super::measure::{Count, Judgement, Linear, Measure, Quotient, Sum};
use super::reason::Reason;
use super::recorded::{Recorded, ranged, seemingly};
use super::rule::{Pairs, Rule, recorded};
use super::slices::{Kind, Parts, Slices, aligned, number_text, range, span, sum};
use super::sources::Sources;
use super::term::{INTERVAL, Term, WindowTable, rolling_seconds};
use crate::values::{Exact, Window};

/// The slices of promises that name none, in seconds.
pub(super) const BASE_SLICE: i64 = 300;

/// The recording rules so far.
pub(super) struct Recordings<'a> {
    /// The name of the agreement.
    agreement: &'a str,
    term: &'a Term,
    sources: &'a Sources<'a>,
    /// In an order in which each uses only earlier ones.
    pub rules: Vec<Rule>,
    windows: BTreeMap<String, WindowTable>,
    /// The selectors of what is recorded.
    known: HashSet<String>,
}

/// Slices of one window.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    /// The window, as a label's value.
    pub window: String,
    /// The length of a slice in seconds.
    pub seconds: i64,
    /// The range of the longest window.
    range: String,
    /// A representative length of the window in seconds.
    pub nominal: i64,
    /// From when on a window that rolls is full, in seconds; nothing for one with bounds.
    pub full: Option<i64>,
}

impl<'a> Recordings<'a> {
    /// No rules but that of the term.
    pub fn new(agreement: &'a str, term: &'a Term, sources: &'a Sources<'a>) -> Recordings<'a> {
        let (windows, known) = (BTreeMap::new(), HashSet::new());
        let mut all = Recordings { agreement, term, sources, rules: Vec::new(), windows, known };
        let within = format!("vector(1) and on () (vector(time()) >= {} < {})", term.start, term.end);
        let labels = all.labels([]);
        all.rules.push(Rule::record("sla:term", within, labels));
        all
    }

    /// The labels that tell apart the options of the open dimensions by which a signal differs.
    pub fn by(&self, signal: &str) -> By {
        self.sources.by(signal)
    }

    /// What `record` records, or nothing at all if it fails.
    pub fn all_or_nothing<T>(&mut self, record: impl FnOnce(&mut Self) -> Result<T, Reason>) -> Result<T, Reason> {
        let kept = self.rules.len();
        let result = record(self);
        if result.is_err() {
            for rule in self.rules.drain(kept..) {
                self.known.remove(&recorded(rule.record.unwrap_or_default(), &rule.labels));
            }
        }
        result
    }

    /// Records a series, once; gives its selector.
    fn record(&mut self, name: &'static str, labels: Pairs, expr: impl FnOnce(&mut Self) -> String) -> String {
        let selector = recorded(name, &labels);
        if self.known.insert(selector.clone()) {
            let expr = expr(self);
            self.rules.push(Rule::record(name, expr, labels));
        }
        selector
    }

    /// Labels with the agreement's name.
    fn labels<const N: usize>(&self, pairs: [(&'static str, &str); N]) -> Pairs {
        let mut labels: Pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.to_owned())).collect();
        labels.insert("agreement".into(), self.agreement.to_owned());
        labels
    }

    /// Slices of a window.
    ///
    /// # Errors
    /// If no rules are made for such windows, or the slices do not tile them.
    fn grid(&mut self, window: &Window, seconds: i64) -> Result<Grid, Reason> {
        let name = window.to_string().replace(' ', "_");
        let labels = self.labels([("window", &name)]);
        if let Window::Rolling(amount) = window {
            let length =
                rolling_seconds(amount).ok_or_else(|| format!("the length of {window} changes with the date"))?;
            if length % seconds != 0 || length <= seconds {
                return Err(format!("slices of {} do not fill a window of {window}", span(seconds)).into());
            }
            let term = recorded("sla:term", &self.labels([]));
            let start = format!("label_replace(sum({term}), \"start\", \"rolling\", \"\", \"\")");
            self.record("sla:window", labels, |_| start);
            let full = Some(self.term.start + length);
            return Ok(Grid { window: name, seconds, range: range(length), nominal: length, full });
        }
        if !self.windows.contains_key(&name) {
            self.windows.insert(name.clone(), self.term.table(window)?);
        }
        let table = self.windows.get(&name).ok_or("its window is not known")?;
        if !table.is_tiled_by(seconds) {
            return Err(format!("slices of {} do not fall on the bounds of a {window} in UTC", span(seconds)).into());
        }
        let (range, nominal) = (span(table.longest), table.nominal);
        let start = self.record("sla:window_start", labels.clone(), |all| all.steps(&name, WindowTable::starts));
        self.record("sla:window_end", labels.clone(), |all| all.steps(&name, WindowTable::ends));
        self.record("sla:window", labels, |_| format!("count_values(\"start\", {start})"));
        Ok(Grid { window: name, seconds, range, nominal, full: None })
    }

    fn steps(&self, window: &str, of: fn(&WindowTable) -> String) -> String {
        self.windows.get(window).map(of).unwrap_or_default()
    }

    fn grid_labels(&self, grid: &Grid) -> Pairs {
        self.labels([("window", &grid.window), ("slice", &span(grid.seconds))])
    }

    /// The current window, by its start. It is read from this evaluation alone: a process that started again has left
    /// no mark where a series ended, and an older window would seem to be there for five minutes more.
    fn open(&self, grid: &Grid) -> String {
        now(&recorded("sla:window", &self.labels([("window", &grid.window)])))
    }

    /// The current window in the one evaluation in which a slice is recorded; else nothing. Nothing either if the rules
    /// did not run when it began: what they have not seen is not missing data.
    fn tick(&mut self, grid: &Grid) -> String {
        let term = recorded("sla:term", &self.labels([]));
        let series = self.record("sla:slice_end", self.grid_labels(grid), |all| {
            let (open, seconds) = (all.open(grid), grid.seconds);
            format!(
                "{open}\n  and on () (vector(time() % {seconds}) < {INTERVAL})\n  and on () last_over_time({term}[{}] offset {})",
                range(INTERVAL),
                span(seconds)
            )
        });
        now(&series)
    }

    /// How many slices of the window are still to come, or went by while the rules did not run, by the label `start`.
    fn unseen(&mut self, grid: &Grid) -> String {
        let labels = self.labels([("window", &grid.window)]);
        let series = self.record("sla:slices:unseen", self.grid_labels(grid), |all| {
            let seconds = grid.seconds;
            let all_slices = match grid.full {
                Some(_) => format!("{} -", grid.nominal / seconds),
                None => {
                    let [start, end] = ["sla:window_start", "sla:window_end"].map(|name| recorded(name, &labels));
                    format!("({end} - {start}) / {seconds} - on () group_right ()")
                }
            };
            let ends = recorded("sla:slice_end", &all.grid_labels(grid));
            format!(
                "clamp_min({all_slices} sum by (start) (count_over_time({ends}[{}])), 0)\n  and on (start) {}",
                grid.range,
                all.open(grid)
            )
        });
        format!("sum by (start) ({series})")
    }

    /// A count in each slice.
    fn count(&mut self, grid: &Grid, signal: &str, count: &Count) -> Result<Slices, Reason> {
        let mut labels = self.grid_labels(grid);
        labels.insert("signal".into(), signal.to_owned());
        labels.insert("member".into(), count.to_string());
        let slices = Slices { kind: Kind::Count, labels, by: self.sources.by(signal) };
        if !self.known.contains(&slices.selector()) {
            let read = self.sources.expression(signal, count, grid.seconds)?;
            let tick = self.tick(grid);
            let unseen = self.sources.unseen(signal, count, grid.seconds);
            self.record(slices.name(), slices.labels.clone(), |_| {
                let (once, length) = (aligned(grid.seconds), span(grid.seconds));
                let seen = format!("last_over_time(({read})[{once}:{length}])\n  * on () group_left (start)\n{tick}");
                match unseen {
                    Some(minutes) => format!("{seen}\nor\n{}", slices.went_on(grid.seconds, minutes, &tick)),
                    None => seen,
                }
            });
        }
        Ok(slices)
    }

    /// The series of a sum of counts.
    pub fn parts(&mut self, grid: &Grid, linear: &Linear) -> Result<Parts, Reason> {
        let series = linear.terms.iter().map(|(number, count)| {
            let series = self.count(grid, &linear.signal, count)?;
            Ok((number.clone(), series))
        });
        Ok(Parts::Sum(series.collect::<Result<_, Reason>>()?))
    }

    /// How many slices of the window have ended while the rules ran, by the label `start`.
    fn ended(&mut self, grid: &Grid) -> String {
        let series = self.record("sla:slices:ended", self.grid_labels(grid), |all| {
            let ends = recorded("sla:slice_end", &all.grid_labels(grid));
            let open = all.open(grid);
            format!("sum by (start) (count_over_time({ends}[{}]))\n  and on (start) {open}", grid.range)
        });
        format!("sum by (start) ({series})")
    }

    /// A sum of slices over the current window, recorded; by the label `start` and those of options.
    fn total(&mut self, slices: &Slices, grid: &Grid) -> String {
        let name = match slices.kind {
            Kind::Count => "sla:count:window",
            Kind::Bad if slices.by.is_empty() => "sla:bad:window",
            // Of an option there may be others that were not seen.
            Kind::Bad => "sla:bad:seen",
        };
        format!("sum by ({}) ({})", slices.by.with_start(), self.over_window(name, slices, "sum_over_time", grid))
    }

    /// The number of slices in the current window, recorded.
    fn number(&mut self, slices: &Slices, grid: &Grid) -> String {
        let name = match slices.kind {
            // Of a mean over slices, they are the weight, unless there are others.
            Kind::Bad if slices.by.is_empty() => "sla:weight:window",
            Kind::Bad | Kind::Count => "sla:slices:window",
        };
        self.over_window(name, slices, "count_over_time", grid)
    }

    fn over_window(&mut self, name: &'static str, slices: &Slices, function: &str, grid: &Grid) -> String {
        let read = slices.over_time(function, &grid.range);
        self.record(name, slices.labels.clone(), |all| {
            format!("sum by ({}) ({read})\n  and on (start) {}", slices.by.with_start(), all.open(grid))
        })
    }

    fn totals(&mut self, parts: &Parts, grid: &Grid) -> String {
        match parts {
            Parts::Number(any) => {
                let each = any
                    .iter()
                    .map(|slices| format!("sum by ({}) ({})", slices.by.with_start(), self.number(slices, grid)));
                each.collect::<Vec<_>>().join(" or ")
            }
            Parts::Sum(parts) => sum(parts, |slices| self.total(slices, grid)),
        }
    }

    /// The share of what was bad over the last so many seconds, recorded.
    pub fn share(&mut self, measured: &Recorded, seconds: i64) -> String {
        let labels = measured.over(seconds);
        self.record("sla:bad:share", labels, |_| {
            let (bad, weight) = measured.sums(seconds);
            format!("{bad}\n  / ({weight} > 0)")
        })
    }

    /// The same without any one of the bad occurrences, so that a single failure on an idle service wakes nobody.
    pub fn share_beyond_one(&mut self, measured: &Recorded, seconds: i64) -> String {
        let share = self.share(measured, seconds);
        let expr = match (&measured.weight, &measured.one, &measured.occurrences) {
            (Parts::Sum(_), Some(one), _) if measured.is_estimate => {
                let (_, weight) = measured.sums(seconds);
                let by = measured.by.list();
                format!("{share}\n  - on ({by}) group_left () {} / ({weight} > 0)", seemingly(one))
            }
            // A single failure makes one slice bad and no more; what is bad beyond that has another cause.
            (Parts::Number(_), _, Some(occurrences)) => {
                let (bad, _) = measured.sums(seconds);
                let alone =
                    format!("{} > 0 < {}", ranged(occurrences, &measured.by, seconds), seemingly(&Exact::one()));
                format!("{share}\n  unless on ({}) ({alone} and {bad} <= 1)", measured.by.list())
            }
            _ => return share,
        };
        self.record("sla:bad:share_beyond_one", measured.over(seconds), |_| expr)
    }

    /// How many times as much there will be at the window's end as there is so far, by the label `start` and those of
    /// options, if the slices that are not known are like those that were recorded.
    fn growth(&mut self, grid: &Grid, parts: &Parts) -> String {
        let by = parts.needed().first().map(|slices| slices.by.clone()).unwrap_or_default();
        let seen: Vec<String> = parts.needed().into_iter().map(|slices| self.number(slices, grid)).collect();
        let over = if by.is_empty() { "" } else { "on (start) group_right () " };
        format!("(1 + {} / {over}max by ({}) ({}))", self.unseen(grid), by.with_start(), seen.join(" or "))
    }

    /// The volume of the current window by its end, with what is to come at the rate so far, by the label `start` and those
    /// of options.
    pub fn window_volume(&mut self, grid: &Grid, linear: &Linear) -> Result<String, Reason> {
        let parts = self.parts(grid, linear)?;
        let total = self.totals(&parts, grid);
        if grid.full.is_some() {
            return Ok(total);
        }
        Ok(format!("{total} * {}", self.growth(grid, &parts)))
    }

    /// Everything that is recorded of a measure.
    pub fn measure(&mut self, window: &Window, name: &str, measure: &Measure) -> Result<Recorded, Reason> {
        let bound = if measure.best.is_some() { "at_least" } else { "at_most" };
        let (grid, bad, weight, one, occurrences) = match &measure.sum {
            Sum::Pooled { bad, weight, occurrence } => {
                let grid = self.grid(window, self.sources.slice(&weight.signal))?;
                let bad = self.parts(&grid, bad)?;
                let weight = self.parts(&grid, weight)?;
                (grid, bad, weight, occurrence.clone(), None)
            }
            Sum::Sliced { seconds, quotient, judgement, occurrences } => {
                let grid = self.grid(window, *seconds)?;
                let labels = self.labels([("window", &grid.window), ("metric", name), ("bound", bound)]);
                let slices = self.slices(&grid, labels, quotient, judgement)?;
                let occurrences = occurrences.as_ref().and_then(|linear| self.parts(&grid, linear).ok());
                (grid, Parts::Sum(vec![(Exact::one(), slices.clone())]), Parts::Number(vec![slices]), None, occurrences)
            }
            Sum::Counted(counted) => {
                let grid = self.grid(window, self.sources.slice(&counted.signal))?;
                let counted = self.parts(&grid, counted)?;
                // Taken by itself, a slice is a window of its own: the number in it is out of one slice.
                let slices: Vec<Slices> = counted.needed().into_iter().cloned().collect();
                (grid, counted, Parts::Number(slices), None, None)
            }
        };
        let labels = self.labels([("window", &grid.window), ("metric", name), ("bound", bound)]);
        // A number that can only grow is certain as it is.
        let certain = if matches!(measure.sum, Sum::Counted(_)) { "sla:attained" } else { "sla:bad:projected" };
        let [attained, projected] = ["sla:attained", certain].map(|name| recorded(name, &labels));
        let is_estimate = !matches!(&measure.sum, Sum::Pooled { weight, .. } if weight.is_of_readings());
        let by = self.sources.by(&measure.sum.needed().signal);
        let recorded = Recorded { attained, projected, labels, by, bad, weight, one, is_estimate, occurrences, grid };
        if !self.known.contains(&recorded.attained) {
            self.window_rules(&recorded, measure);
        }
        Ok(recorded)
    }

    /// What each slice is worth.
    fn slices(
        &mut self,
        grid: &Grid,
        labels: Pairs,
        quotient: &Quotient,
        judgement: &Judgement,
    ) -> Result<Slices, Reason> {
        let by = self.sources.by(&quotient.denominator.signal);
        let slices = Slices { kind: Kind::Bad, labels, by };
        if self.known.contains(&slices.selector()) {
            return Ok(slices);
        }
        // Only what this evaluation recorded: a slice must not be taken for the next one as well.
        let at_once = |parts: Parts| match parts {
            Parts::Sum(parts) => {
                sum(&parts, |part| format!("sum by ({}) ({})", slices.by.with_start(), now(&part.selector())))
            }
            Parts::Number(any) => any.iter().map(Slices::selector).collect::<Vec<_>>().join(" or "),
        };
        // A bucket that is not there is not an empty one.
        let counted =
            !matches!(quotient.numerator.terms.as_slice(), [(_, Count::Within { .. } | Count::Beyond { .. })]);
        let numerator = at_once(self.parts(grid, &quotient.numerator)?);
        let denominator = at_once(self.parts(grid, &quotient.denominator)?);
        let numerator = if counted { format!("({numerator} or {denominator} * 0)") } else { numerator };
        let judged = judged(&format!("({numerator} / ({denominator} > 0))"), judgement);
        // An idle slice has data, so that it is not missing: without a value of its own it has none.
        let (mut expr, idle) = match &quotient.empty {
            Some(empty) => {
                (format!("{judged}\nor\n{denominator} * 0 + {}", number_text(&worth(empty, judgement))), String::new())
            }
            None => (judged, format!("\nunless\n{denominator}")),
        };
        // Of a state, what is missing has been counted.
        let missing = self.sources.missing_slice(quotient).filter(|_| quotient.denominator.together().is_none());
        if let Some(value) = missing {
            let tick = self.tick(grid);
            let all = match slices.by.is_empty() {
                true => format!("sum by (start) ({tick}) * {value}"),
                false => slices.went_on(grid.seconds, value, &tick),
            };
            expr = format!("{expr}\nor\n{all}{idle}");
        }
        self.record(slices.name(), slices.labels.clone(), |_| expr);
        Ok(slices)
    }

    fn window_rules(&mut self, measured: &Recorded, measure: &Measure) {
        let Recorded { grid, labels, .. } = measured;
        let full = grid.full.map(|full| format!("\nand on () (vector(time()) >= {full})")).unwrap_or_default();
        if let Sum::Counted(_) = measure.sum {
            let counted = self.totals(&measured.bad, grid);
            self.record("sla:attained", labels.clone(), |_| format!("{counted}{full}"));
            return;
        }
        let total = self.totals(&measured.weight, grid);
        let sum = self.totals(&measured.bad, grid);
        let by = measured.by.with_start();
        // Before an option is seen for the first time in a window its data is missing like any other.
        let early = self.sources.missing_in(&measure.sum).filter(|_| !measured.by.is_empty());
        let whole = match early {
            Some(_) => {
                let unit = if matches!(measure.sum, Sum::Sliced { .. }) { 1 } else { grid.seconds / 60 };
                format!("{total} * 0 + on (start) group_left () {unit} * {}", self.ended(grid))
            }
            None => total.clone(),
        };
        let weight = self.record("sla:weight:window", labels.clone(), |_| whole);
        // Nothing bad has been seen yet: a counter is born with its first error.
        let sum = match early {
            Some(1) => format!("({sum} or sum by ({by}) ({weight}) * 0)\n  + (sum by ({by}) ({weight}) - {total})"),
            _ => format!("{sum}\nor\nsum by ({by}) ({weight}) * 0"),
        };
        let bad = self.record("sla:bad:window", labels.clone(), |_| sum);
        let share = format!("{bad} / ({weight} > 0)");
        let attained = match &measure.best {
            Some(best) => format!("{} - {share}", number_text(best)),
            None => share,
        };
        self.record("sla:attained", labels.clone(), |_| format!("{attained}{full}"));
        // Slices, or minutes, that are not known are known in number; events are expected at the rate so far.
        let whole = match &measure.sum {
            Sum::Sliced { .. } | Sum::Counted(_) => {
                format!("{weight} + on (start) group_left () {}", self.unseen(grid))
            }
            Sum::Pooled { occurrence: None, .. } => {
                let minutes = grid.seconds / 60;
                format!("{weight} + on (start) group_left () {minutes} * {}", self.unseen(grid))
            }
            Sum::Pooled { occurrence: Some(_), .. } => {
                format!("{weight} * on ({by}) group_left () {}", self.growth(grid, &measured.weight))
            }
        };
        let projected = format!("{bad}\n  / ({whole} > 0){full}");
        self.record("sla:bad:projected", labels.clone(), |_| projected);
    }
}

/// What a recorded series is in this evaluation, and not in an earlier one.
fn now(series: &str) -> String {
    format!("last_over_time({series}[{}])", range(INTERVAL))
}
