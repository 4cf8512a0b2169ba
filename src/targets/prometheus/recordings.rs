//! Recording rules, shared: each series is recorded once, however many promises use it.
//!
//! A slice of a window is recorded once, in the first evaluation after its end, with the start of its window as a
//! label; everything longer is a sum over recorded slices, so that no rule reads raw series over a long range.

use std::collections::BTreeMap;

use super::measure::{Count, Judgement, Linear, Quotient, Reason, Sum};
use super::rule::{Pairs, Rule, recorded};
use super::sources::Sources;
use super::term::{INTERVAL, Term, WindowTable};
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
    windows: BTreeMap<String, Result<WindowTable, Reason>>,
    /// The keys of what is recorded, with the selector of its series.
    known: BTreeMap<String, Result<String, Reason>>,
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
    pub occurrences: Option<Parts>,
}

/// Series of slices to be summed, each times a number; with no number to count.
#[derive(Clone, Debug)]
pub(super) enum Parts {
    /// A sum.
    Sum(Vec<(Exact, String)>),
    /// A number of slices.
    Number(String),
}

impl Parts {
    /// The sum over a range of time, by window (`by (start)`) or in all (an empty text).
    pub fn over(&self, range: &str, by: &str) -> String {
        let by = if by.is_empty() { String::new() } else { format!(" {by} ") };
        match self {
            Parts::Number(selector) => format!("sum{by}(count_over_time({selector}[{range}]))"),
            Parts::Sum(parts) => sum(parts, |selector| format!("sum{by}(sum_over_time({selector}[{range}]))")),
        }
    }
}

/// A sum of terms of which all but the first may be absent; below zero it is zero, since increases are estimates.
fn sum(parts: &[(Exact, String)], read: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut first = String::new();
    for (number, selector) in parts {
        let read = read(selector);
        let size = number.abs();
        let scaled = if size == Exact::one() { read } else { format!("{} * {read}", number_text(&size)) };
        if text.is_empty() {
            first.clone_from(&scaled);
            text = scaled;
        } else {
            let sign = if number.signum() < 0 { "-" } else { "+" };
            text = format!("{text} {sign} ({scaled} or {first} * 0)");
        }
    }
    match parts.iter().any(|(number, _)| number.signum() < 0) {
        true => format!("clamp_min({text}, 0)"),
        false if parts.len() > 1 => format!("({text})"),
        false => text,
    }
}

/// A number as PromQL writes it, exactly: a decimal, or a fraction where it does not end.
pub(super) fn number_text(number: &Exact) -> String {
    if number.is_terminating() { number.to_string() } else { format!("({number})") }
}

/// A whole number of seconds as PromQL writes it.
pub(super) fn span(seconds: i64) -> String {
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let mut text = String::new();
    for (number, unit) in parts.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(&number.to_string());
        text.push_str(unit);
    }
    text
}

/// A range over which exactly the slices of so many seconds are found, in Prometheus 2 with both of its ends and in
/// Prometheus 3 with one: a second less.
pub(super) fn range(seconds: i64) -> String {
    span(seconds - 1)
}

/// A range that holds exactly one multiple of a slice's length, at each instant in the interval after it.
fn aligned(seconds: i64) -> String {
    if seconds > INTERVAL { range(seconds) } else { format!("{}999ms", range(seconds)) }
}

impl<'a> Recordings<'a> {
    /// No rules but that of the term.
    pub fn new(agreement: &'a str, term: &'a Term, sources: &'a Sources<'a>) -> Recordings<'a> {
        let (windows, known) = (BTreeMap::new(), BTreeMap::new());
        let mut all = Recordings { agreement, term, sources, rules: Vec::new(), windows, known };
        let within = format!("vector(1) and on () (vector(time()) >= {} < {})", term.start, term.end);
        let labels = all.labels([]);
        all.rules.push(Rule::record("sla:term", within, labels));
        all
    }

    /// Labels with the agreement's name.
    fn labels<const N: usize>(&self, pairs: [(&'static str, &str); N]) -> Pairs {
        let mut labels: Pairs = pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        labels.insert("agreement", self.agreement.to_owned());
        labels
    }

    /// Slices of a window; none if they do not tile it.
    pub fn grid(&mut self, window: &Window, seconds: i64) -> Result<Grid, Reason> {
        let name = window.to_string().replace(' ', "_");
        if !self.windows.contains_key(&name) {
            let table = self.term.table(window);
            if let Ok(table) = &table {
                let labels = self.labels([("window", &name)]);
                let start = recorded("sla:window_start", &labels);
                self.rules.push(Rule::record("sla:window_start", table.starts(), labels.clone()));
                self.rules.push(Rule::record("sla:window_end", table.ends(), labels.clone()));
                self.rules.push(Rule::record("sla:window", format!("count_values(\"start\", {start})"), labels));
            }
            self.windows.insert(name.clone(), table);
        }
        let Some(Ok(table)) = self.windows.get(&name) else {
            let reason = self.windows.get(&name).and_then(|table| table.as_ref().err().cloned());
            return Err(reason.unwrap_or_default());
        };
        if !table.is_tiled_by(seconds) {
            return Err(format!("slices of {} do not fall on the bounds of a {window} in UTC", span(seconds)));
        }
        let grid = Grid { range: span(table.longest), nominal: table.nominal, window: name, seconds };
        self.tick(&grid);
        Ok(grid)
    }

    fn grid_labels(&self, grid: &Grid) -> Pairs {
        self.labels([("window", &grid.window), ("slice", &span(grid.seconds))])
    }

    /// Present in the one evaluation in which a slice is recorded.
    fn tick(&mut self, grid: &Grid) -> String {
        let labels = self.grid_labels(grid);
        let series = recorded("sla:tick", &labels);
        if self.known.insert(series.clone(), Ok(series.clone())).is_none() {
            let window = recorded("sla:window", &self.labels([("window", &grid.window)]));
            let expr = format!("{window} and on () (vector(time() % {}) < {INTERVAL})", grid.seconds);
            self.rules.push(Rule::record("sla:tick", expr, labels));
        }
        series
    }

    /// A count in each slice.
    fn count(&mut self, grid: &Grid, signal: &str, count: &Count) -> Result<String, Reason> {
        let mut labels = self.grid_labels(grid);
        labels.insert("signal", signal.to_owned());
        labels.insert("member", count.to_string());
        let series = recorded("sla:count:slice", &labels);
        if let Some(known) = self.known.get(&series) {
            return known.clone();
        }
        let result = self.sources.expression(signal, count, grid.seconds).map(|read| {
            let tick = self.tick(grid);
            let length = span(grid.seconds);
            let once = aligned(grid.seconds);
            let expr = format!("last_over_time(({read})[{once}:{length}])\n  * on () group_left (start) {tick}");
            self.rules.push(Rule::record("sla:count:slice", expr, labels));
            series.clone()
        });
        self.known.insert(series, result.clone());
        result
    }

    /// The series of a sum of counts.
    pub fn parts(&mut self, grid: &Grid, linear: &Linear) -> Result<Parts, Reason> {
        let series = linear.terms.iter().map(|(number, count)| {
            let series = self.count(grid, &linear.signal, count)?;
            Ok((number.clone(), series))
        });
        Ok(Parts::Sum(series.collect::<Result<_, Reason>>()?))
    }

    /// The volume of the current window by its end, with what is to come at the rate so far, by the label `start`.
    pub fn window_volume(&self, grid: &Grid, parts: &Parts) -> String {
        let total = parts.over(&grid.range, "by (start)");
        let labels = self.labels([("window", &grid.window)]);
        let [open, start, end] =
            ["sla:window", "sla:window_start", "sla:window_end"].map(|name| recorded(name, &labels));
        let now = format!("(time() - time() % {})", grid.seconds);
        format!("({total} and on (start) {open})\n  * on () group_left () (({end} - {start}) / ({now} - {start}))")
    }

    /// Everything that is recorded of a measure.
    pub fn measure(
        &mut self,
        window: &Window,
        name: &str,
        measure: &super::measure::Measure,
    ) -> Result<Recorded, Reason> {
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
                let series = self.slices(&grid, labels, quotient, judgement)?;
                let occurrences = occurrences.as_ref().and_then(|linear| self.parts(&grid, linear).ok());
                (grid, Parts::Sum(vec![(Exact::one(), series.clone())]), Parts::Number(series), occurrences)
            }
        };
        let labels = self.labels([("window", &grid.window), ("metric", name), ("bound", bound)]);
        let [attained, projected] = ["sla:attained", "sla:bad:projected"].map(|name| recorded(name, &labels));
        let recorded = Recorded { attained, projected, bad, weight, occurrences, grid };
        if self.known.insert(recorded.attained.clone(), Ok(recorded.attained.clone())).is_none() {
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
    ) -> Result<String, Reason> {
        let series = recorded("sla:bad:slice", &labels);
        if self.known.contains_key(&series) {
            return Ok(series);
        }
        let at_once = |parts: Parts| match parts {
            Parts::Sum(parts) => sum(&parts, |selector| format!("sum by (start) ({selector})")),
            Parts::Number(selector) => selector,
        };
        let numerator = at_once(self.parts(grid, &quotient.numerator)?);
        let denominator = at_once(self.parts(grid, &quotient.denominator)?);
        let value = format!("(({numerator} or {denominator} * 0) / ({denominator} > 0))");
        let judged = judged(&value, judgement);
        let mut expr = match &quotient.empty {
            Some(empty) => format!("{judged}\nor\n{denominator} * 0 + {}", number_text(&worth(empty, judgement))),
            None => judged,
        };
        if let Some(value) = self.sources.missing_slice(&quotient.denominator.signal) {
            expr = format!("{expr}\nor\nsum by (start) ({}) * {value}", self.tick(grid));
        }
        self.known.insert(series.clone(), Ok(series.clone()));
        self.rules.push(Rule::record("sla:bad:slice", expr, labels));
        Ok(series)
    }

    fn window_rules(&mut self, measured: &Recorded, labels: &Pairs, measure: &super::measure::Measure) {
        let grid = &measured.grid;
        let [bad, weight] = ["sla:bad:window", "sla:weight:window"].map(|name| recorded(name, labels));
        let window_labels = self.labels([("window", &grid.window)]);
        let [open, start, end] =
            ["sla:window", "sla:window_start", "sla:window_end"].map(|name| recorded(name, &window_labels));
        let total = measured.weight.over(&grid.range, "by (start)");
        let sum = measured.bad.over(&grid.range, "by (start)");
        self.rules.push(Rule::record("sla:weight:window", format!("{total}\n  and on (start) {open}"), labels.clone()));
        // Nothing bad has been seen yet: a counter is born with its first error.
        let sum = format!("{sum}\n  and on (start) {open}\nor\nsum by (start) ({weight}) * 0");
        self.rules.push(Rule::record("sla:bad:window", sum, labels.clone()));
        let share = format!("{bad} / ({weight} > 0)");
        let attained = match &measure.best {
            Some(best) => format!("{} - {share}", number_text(best)),
            None => share,
        };
        self.rules.push(Rule::record("sla:attained", attained, labels.clone()));
        // The slices of this window that have ended, by the clock.
        let now = format!("(time() - time() % {})", grid.seconds);
        let whole = match &measure.sum {
            // Slices, or minutes, still to come are known in number; events are expected at the rate so far.
            Sum::Sliced { seconds, .. } => format!("{weight} + on () group_left () ({end} - {now}) / {seconds}"),
            Sum::Pooled { occurrence: None, .. } => format!("{weight} + on () group_left () ({end} - {now}) / 60"),
            Sum::Pooled { occurrence: Some(_), .. } => {
                format!("{weight} * on () group_left () (({end} - {start}) / ({now} - {start}))")
            }
        };
        let projected = format!("{bad}\n  / ({whole} > 0)");
        self.rules.push(Rule::record("sla:bad:projected", projected, labels.clone()));
    }
}

impl Recorded {
    /// The share of what was bad over so many seconds, without a label; nothing where there was nothing.
    pub fn share(&self, seconds: i64) -> String {
        format!("{} / ({} > 0)", self.bad(seconds), self.weight(seconds))
    }

    /// The sum of what was bad over so many seconds, without a label; zero where only the weight is known, since a
    /// counter is born with its first error.
    pub fn bad(&self, seconds: i64) -> String {
        let bad = self.bad.over(&range(seconds), "");
        if self.occurrences.is_some() && matches!(self.weight, Parts::Sum(_)) && !bad.starts_with("clamp_min") {
            return format!("({bad} or {} * 0)", self.weight(seconds));
        }
        bad
    }

    /// The sum of weights over so many seconds, without a label.
    pub fn weight(&self, seconds: i64) -> String {
        self.weight.over(&range(seconds), "")
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
