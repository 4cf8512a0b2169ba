//! Recording rules, shared: each series is recorded once, however many promises use it.
//!
//! A slice of a window is recorded once, in the first evaluation after its end, with the start of its window as a
//! label; everything longer is a sum over recorded slices, so that no rule reads raw series over a long range.

use std::collections::{BTreeMap, BTreeSet};

use super::measure::{Count, Judgement, Linear, Measure, Quotient, Sum};
use super::reason::Reason;
use super::rule::{Pairs, Rule, recorded};
use super::slices::{Kind, Parts, Slices, aligned, number_text, range, span, sum};
use super::sources::Sources;
use super::term::{INTERVAL, Term, WindowTable, rolling_seconds};
use crate::calculus::Binary;
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
    known: BTreeSet<String>,
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

/// What is recorded of a measure.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    /// The slices.
    pub grid: Grid,
    /// The attained value so far.
    pub attained: String,
    /// The share of what was bad that is certain at the window's end.
    pub projected: String,
    bad: Parts,
    weight: Parts,
    /// Single bad occurrences.
    occurrences: Option<Parts>,
}

/// Sums over a range, each without a label.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    /// What was bad; zero where only the weight is known, since a counter is born with its first error.
    pub bad: String,
    /// Out of how much.
    pub weight: String,
    /// Single bad occurrences.
    pub occurrences: Option<String>,
}

/// Over which time slices are summed up.
#[derive(Clone, Copy, Debug)]
enum Over<'a> {
    /// The current window, by its start.
    Window(&'a Grid),
    /// The last so many seconds.
    Range(i64),
}

impl<'a> Recordings<'a> {
    /// No rules but that of the term.
    pub fn new(agreement: &'a str, term: &'a Term, sources: &'a Sources<'a>) -> Recordings<'a> {
        let (windows, known) = (BTreeMap::new(), BTreeSet::new());
        let mut all = Recordings { agreement, term, sources, rules: Vec::new(), windows, known };
        let within = format!("vector(1) and on () (vector(time()) >= {} < {})", term.start, term.end);
        let labels = all.labels([]);
        all.rules.push(Rule::record("sla:term", within, labels));
        all
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
        let mut labels: Pairs = pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        labels.insert("agreement", self.agreement.to_owned());
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

    /// The current window in the one evaluation in which a slice is recorded; else nothing.
    fn tick(&self, grid: &Grid) -> String {
        format!("({} and on () (vector(time() % {}) < {INTERVAL}))", self.open(grid), grid.seconds)
    }

    /// A count in each slice.
    fn count(&mut self, grid: &Grid, signal: &str, count: &Count) -> Result<Slices, Reason> {
        let mut labels = self.grid_labels(grid);
        labels.insert("signal", signal.to_owned());
        labels.insert("member", count.to_string());
        let slices = Slices { kind: Kind::Count, labels };
        if !self.known.contains(&slices.selector()) {
            let read = self.sources.expression(signal, count, grid.seconds)?;
            self.record(slices.name(), slices.labels.clone(), |all| {
                let (once, length, tick) = (aligned(grid.seconds), span(grid.seconds), all.tick(grid));
                format!("last_over_time(({read})[{once}:{length}])\n  * on () group_left (start)\n{tick}")
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

    /// A sum or number of slices over some time, recorded; without a label or by the label `start`.
    fn total(&mut self, slices: &Slices, number: bool, over: Over<'_>) -> String {
        let name = match (over, slices.kind, number) {
            (Over::Window(_), Kind::Count, false) => "sla:count:window",
            (Over::Window(_), Kind::Bad, false) => "sla:bad:window",
            // Of a mean over slices, they are the weight.
            (Over::Window(_), Kind::Bad, true) => "sla:weight:window",
            (Over::Window(_), Kind::Count, true) => "sla:slices:window",
            (Over::Range(_), Kind::Count, false) => "sla:count:range",
            (Over::Range(_), Kind::Bad, false) => "sla:bad:range",
            (Over::Range(_), _, true) => "sla:slices:range",
        };
        let function = if number { "count_over_time" } else { "sum_over_time" };
        let mut labels = slices.labels.clone();
        let by = match over {
            Over::Window(_) => " by (start) ",
            Over::Range(seconds) => {
                labels.insert("range", span(seconds));
                ""
            }
        };
        let read = slices.selector();
        let series = self.record(name, labels, |all| match over {
            Over::Window(grid) => {
                format!("sum{by}({function}({read}[{}]))\n  and on (start) {}", grid.range, all.open(grid))
            }
            Over::Range(seconds) => format!("sum({function}({read}[{}]))", range(seconds)),
        });
        format!("sum{by}({series})")
    }

    fn totals(&mut self, parts: &Parts, over: Over<'_>) -> String {
        match parts {
            Parts::Number(slices) => self.total(slices, true, over),
            Parts::Sum(parts) => sum(parts, |slices| self.total(slices, false, over)),
        }
    }

    /// What a measure was over the last so many seconds.
    pub fn over(&mut self, measured: &Recorded, seconds: i64) -> Totals {
        let over = Over::Range(seconds);
        let weight = self.totals(&measured.weight, over);
        let bad = self.totals(&measured.bad, over);
        let born_late = matches!((&measured.weight, &measured.occurrences), (Parts::Sum(_), Some(_)));
        let bad = if born_late { format!("({bad} or {weight} * 0)") } else { bad };
        let occurrences = measured.occurrences.as_ref().map(|parts| self.totals(parts, over));
        Totals { bad, weight, occurrences }
    }

    /// How many times as much there will be at the window's end as there is so far, by the label `start`, if the slices
    /// to come are like those that were recorded: time without data says nothing of them.
    fn growth(&mut self, grid: &Grid, parts: &Parts) -> String {
        let end = recorded("sla:window_end", &self.labels([("window", &grid.window)]));
        let seen = parts.first().map(|slices| self.total(slices, true, Over::Window(grid))).unwrap_or_default();
        let left = format!("({end} - (time() - time() % {0})) / {0}", grid.seconds);
        format!("(1 + {left} / on () group_right () {seen})")
    }

    /// The volume of the current window by its end, with what is to come at the rate so far, by the label `start`.
    pub fn window_volume(&mut self, grid: &Grid, linear: &Linear) -> Result<String, Reason> {
        let parts = self.parts(grid, linear)?;
        let total = self.totals(&parts, Over::Window(grid));
        if grid.full.is_some() {
            return Ok(total);
        }
        Ok(format!("{total} * {}", self.growth(grid, &parts)))
    }

    /// Everything that is recorded of a measure.
    pub fn measure(&mut self, window: &Window, name: &str, measure: &Measure) -> Result<Recorded, Reason> {
        let bound = if measure.best.is_some() { "at_least" } else { "at_most" };
        let (grid, bad, weight, occurrences) = match &measure.sum {
            Sum::Pooled { bad, weight, occurrence } => {
                let grid = self.grid(window, BASE_SLICE)?;
                let parts = self.parts(&grid, bad)?;
                let weight = self.parts(&grid, weight)?;
                let occurrences = occurrence.as_ref().map(|_| parts.clone());
                (grid, parts, weight, occurrences)
            }
            Sum::Sliced { seconds, quotient, judgement, occurrences } => {
                let grid = self.grid(window, *seconds)?;
                let labels = self.labels([("window", &grid.window), ("metric", name), ("bound", bound)]);
                let slices = self.slices(&grid, labels, quotient, judgement)?;
                let occurrences = occurrences.as_ref().and_then(|linear| self.parts(&grid, linear).ok());
                (grid, Parts::Sum(vec![(Exact::one(), slices.clone())]), Parts::Number(slices), occurrences)
            }
        };
        let labels = self.labels([("window", &grid.window), ("metric", name), ("bound", bound)]);
        let [attained, projected] = ["sla:attained", "sla:bad:projected"].map(|name| recorded(name, &labels));
        let recorded = Recorded { attained, projected, bad, weight, occurrences, grid };
        if !self.known.contains(&recorded.attained) {
            self.window_rules(&recorded, &labels, measure);
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
        let slices = Slices { kind: Kind::Bad, labels };
        if self.known.contains(&slices.selector()) {
            return Ok(slices);
        }
        // Only what this evaluation recorded: a slice must not be taken for the next one as well.
        let at_once = |parts: Parts| match parts {
            Parts::Sum(parts) => sum(&parts, |part| format!("sum by (start) ({})", now(&part.selector()))),
            Parts::Number(part) => part.selector(),
        };
        // A bucket that is not there is not an empty one.
        let counted =
            !matches!(quotient.numerator.terms.as_slice(), [(_, Count::Within { .. } | Count::Beyond { .. })]);
        let numerator = at_once(self.parts(grid, &quotient.numerator)?);
        let denominator = at_once(self.parts(grid, &quotient.denominator)?);
        let numerator = if counted { format!("({numerator} or {denominator} * 0)") } else { numerator };
        let judged = judged(&format!("({numerator} / ({denominator} > 0))"), judgement);
        let mut expr = match &quotient.empty {
            Some(empty) => format!("{judged}\nor\n{denominator} * 0 + {}", number_text(&worth(empty, judgement))),
            None => judged,
        };
        if let Some(value) = self.sources.missing_slice(&quotient.denominator.signal) {
            expr = format!("{expr}\nor\nsum by (start) {} * {value}", self.tick(grid));
        }
        self.record(slices.name(), slices.labels.clone(), |_| expr);
        Ok(slices)
    }

    fn window_rules(&mut self, measured: &Recorded, labels: &Pairs, measure: &Measure) {
        let grid = &measured.grid;
        let total = self.totals(&measured.weight, Over::Window(grid));
        let sum = self.totals(&measured.bad, Over::Window(grid));
        let weight = self.record("sla:weight:window", labels.clone(), |_| total);
        // Nothing bad has been seen yet: a counter is born with its first error.
        let sum = format!("{sum}\nor\nsum by (start) ({weight}) * 0");
        let bad = self.record("sla:bad:window", labels.clone(), |_| sum);
        let full = grid.full.map(|full| format!("\nand on () (vector(time()) >= {full})")).unwrap_or_default();
        let share = format!("{bad} / ({weight} > 0)");
        let attained = match &measure.best {
            Some(best) => format!("{} - {share}", number_text(best)),
            None => share,
        };
        self.record("sla:attained", labels.clone(), |_| format!("{attained}{full}"));
        let whole = match (&measure.sum, grid.full) {
            // Seen from now, the window is whole.
            (_, Some(_)) => weight,
            // Slices, or minutes, still to come are known in number; events are expected at the rate so far.
            (Sum::Sliced { seconds, .. }, _) => self.with_time_left(grid, &weight, *seconds),
            (Sum::Pooled { occurrence: None, .. }, _) => self.with_time_left(grid, &weight, 60),
            (Sum::Pooled { occurrence: Some(_), .. }, _) => {
                let growth = self.growth(grid, &measured.weight);
                format!("{weight} * on (start) group_left () {growth}")
            }
        };
        let projected = format!("{bad}\n  / ({whole} > 0){full}");
        self.record("sla:bad:projected", labels.clone(), |_| projected);
    }

    /// A weight with one for each so many seconds to the end of the window.
    fn with_time_left(&self, grid: &Grid, weight: &str, seconds: i64) -> String {
        let end = recorded("sla:window_end", &self.labels([("window", &grid.window)]));
        format!("{weight} + on () group_left () ({end} - (time() - time() % {})) / {seconds}", grid.seconds)
    }
}

/// What a recorded series is in this evaluation, and not in an earlier one.
fn now(series: &str) -> String {
    format!("last_over_time({series}[{}])", range(INTERVAL))
}

impl Totals {
    /// The share of what was bad; nothing where there was nothing.
    pub fn share(&self) -> String {
        format!("{} / ({} > 0)", self.bad, self.weight)
    }
}

/// A number of the operators of the calculus as PromQL writes it.
pub(super) fn operator(comparison: Binary) -> &'static str {
    match comparison {
        Binary::Less => "<",
        Binary::AtMost => "<=",
        Binary::Greater => ">",
        Binary::AtLeast => ">=",
        Binary::NotEqual => "!=",
        _ => "==",
    }
}

fn judged(value: &str, judgement: &Judgement) -> String {
    match judgement {
        Judgement::Part(false) => value.to_owned(),
        Judgement::Part(true) => format!("(1 - {value})"),
        Judgement::Holds(comparison, number) => {
            format!("({value} {} bool {})", operator(*comparison), number_text(number))
        }
    }
}

/// What a quotient with a known value is worth.
fn worth(quotient: &Exact, judgement: &Judgement) -> Exact {
    let holds = match judgement {
        Judgement::Part(false) => return quotient.clone(),
        Judgement::Part(true) => return Exact::one() - quotient,
        Judgement::Holds(Binary::Less, number) => quotient < number,
        Judgement::Holds(Binary::AtMost, number) => quotient <= number,
        Judgement::Holds(Binary::Greater, number) => quotient > number,
        Judgement::Holds(_, number) => quotient >= number,
    };
    if holds { Exact::one() } else { Exact::zero() }
}
