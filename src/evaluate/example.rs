//! Worked examples: what they give, computed, beside what they expect.

use super::budget::Budget;
use super::case::Case;
use super::credit::Credited;
use super::derivation::Step;
use super::facts::Facts;
use super::gap::Gap;
use super::history::looks_back;
use super::interval::Interval;
use super::plan::windows_before;
use super::promise::{Judged, derive, judge, terminations, verdicts};
use super::reader::{Place, Reader};
use super::records::CaseRecord;
use super::wish::Wish;
use crate::calculus::{Binary, CaseReading, Expr, ExprKind, Value, fold, shown};
use crate::model::{Commitment, Credit, Example, Expectation, GivenCase, Model, Support};
use crate::values::{Edge, Ratio, Rounding, Timestamp, Zone};

/// An example with what came out of it.
#[derive(Clone, Debug)]
pub struct Worked<'a> {
    /// The example.
    pub example: &'a Example,
    /// Each of its expectations.
    pub compared: Vec<Compared<'a>>,
}

impl Worked<'_> {
    /// Whether everything comes out as it is expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.compared.iter().all(Compared::holds)
    }
}

/// What an example expects, and what came out.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// What is expected.
    pub expectation: &'a Expectation,
    /// The value that is expected, where it is known.
    pub expected: Result<Value, Gap>,
    /// What came out, before it is rounded.
    pub found: Result<Value, Gap>,
}

impl Compared<'_> {
    /// Whether it comes out as it is expected, after rounding where the example says so.
    #[must_use]
    pub fn holds(&self) -> bool {
        match (&self.expected, &self.found) {
            (Ok(expected), Ok(found)) => *expected == self.rounded(found),
            _ => false,
        }
    }

    fn rounded(&self, found: &Value) -> Value {
        let step = self.expectation.rounds_to.as_ref().and_then(Value::exact);
        let rounded = step.zip(found.exact()).map(|(step, number)| number.round_to(step, Rounding::HalfEven));
        rounded.and_then(|number| Value::of(&found.ty(), number)).unwrap_or_else(|| found.clone())
    }
}

/// Computes an example; nothing for one that was not understood or does not say what it is of and during what.
#[must_use]
pub fn work<'a>(model: &'a Model, example: &'a Example, budget: &Budget) -> Option<Worked<'a>> {
    Some(match subject(model, example)? {
        Subject::Support(support) => of_support(model, support, example, budget).0,
        Subject::Commitment(commitment) => {
            let (facts, window) = setting(model, example)?;
            let judged = judge(model, commitment, &facts, window, budget);
            let scene = Scene { model, commitment, facts: &facts, window, judged: &judged, budget };
            let compared = example.expect.iter().map(|expectation| scene.compared(expectation)).collect();
            Worked { example, compared }
        }
    })
}

/// How the results of an example are computed.
#[must_use]
pub fn explain(model: &Model, example: &Example, budget: &Budget) -> Vec<Step> {
    match subject(model, example) {
        Some(Subject::Support(support)) => of_support(model, support, example, budget).1,
        Some(Subject::Commitment(commitment)) => {
            let Some((facts, window)) = setting(model, example) else { return Vec::new() };
            let expects = |outcome: &str| example.expect.iter().any(|one| one.what.value == outcome);
            let mut steps = derive(model, commitment, &facts, window, budget);
            let before = windows_before(model, commitment, window);
            let reader = Reader::after(&before, model, &facts, window, budget).for_commitment(commitment);
            let reader = reader.summed_exactly();
            if expects("met") {
                steps.extend(verdicts(&reader, commitment));
            }
            if expects("terminate") {
                steps.extend(terminations(&reader, commitment));
            }
            steps
        }
        None => Vec::new(),
    }
}

/// What an example is about.
enum Subject<'a> {
    Commitment(&'a Commitment),
    Support(&'a Support),
}

fn subject<'a>(model: &'a Model, example: &Example) -> Option<Subject<'a>> {
    let of = &example.of.as_ref().filter(|_| !example.head.poisoned)?.value;
    if let Some(support) = model.supports.get(of) {
        return Some(Subject::Support(support)).filter(|_| !support.head.poisoned);
    }
    model.commitments.get(of).filter(|commitment| !commitment.head.poisoned).map(Subject::Commitment)
}

/// What is known in an example, and its window.
fn setting(model: &Model, example: &Example) -> Option<(Facts, Interval)> {
    let zone = model.agreement.clock();
    let (first, last) = example.during.as_ref()?.value;
    // A first or last window is judged over the part within the term.
    let term = model.agreement.effective.as_ref();
    let first = term.map_or(first, |term| first.max(term.from));
    let end = term.and_then(|term| term.to).filter(|_| model.agreement.renews.is_none());
    let last = end.map_or(last, |end| last.min(end));
    let window = Interval::between(zone.start_of_day(first)?, zone.start_of_day(last.tomorrow().ok()?)?);
    if window.is_empty() {
        return None;
    }
    Some((given(model, example, &zone)?, window))
}

/// What an example gives.
fn given(model: &Model, example: &Example, zone: &Zone) -> Option<Facts> {
    let (mut facts, mut earlier) = (Facts::default(), Facts::default());
    for given in &example.given {
        let instant = |local, edge| zone.to_timestamp(local, edge).map(Timestamp::as_nanosecond);
        let during = match given.during {
            Some((from, to)) => {
                Some(Interval { start: instant(from, Edge::Opening)?, end: instant(to, Edge::Closing)? })
            }
            None => None,
        };
        let (what, value) = (given.what.value.clone(), model.stated(&given.value)?);
        // What is measured is given for the example's own window, unless it says for when.
        if during.is_some() || model.fees.get(&what).is_some() || model.constants.get(&what).is_some() {
            earlier.state(what.clone(), during, value.clone());
        }
        facts.state(what, during, value);
    }
    Some(facts.with_earlier(earlier))
}

/// A commitment in the window of an example.
struct Scene<'a> {
    model: &'a Model,
    commitment: &'a Commitment,
    facts: &'a Facts,
    window: Interval,
    judged: &'a Judged,
    budget: &'a Budget,
}

impl Scene<'_> {
    fn compared<'e>(&self, expectation: &'e Expectation) -> Compared<'e> {
        let before = windows_before(self.model, self.commitment, self.window);
        let reader = Reader::after(&before, self.model, self.facts, self.window, self.budget);
        let reader = reader.for_commitment(self.commitment).summed_exactly();
        let path = expectation.what.value.as_str();
        let (expected, found) = match path {
            "credit" => self.credit(&reader, expectation),
            "met" => (expected(&reader, expectation), self.judged.met().map(Value::Boolean)),
            "terminate" => (expected(&reader, expectation), self.may_terminate().map(Value::Boolean)),
            "attained" => (
                expected(&reader, expectation),
                self.judged.attained.first().cloned().unwrap_or(Err(Gap::Poisoned)).and_then(|known| known.exactly()),
            ),
            _ => (expected(&reader, expectation), self.measured(&reader, path)),
        };
        Compared { expectation, expected, found }
    }

    /// Whether a right to terminate arises. Of one that rolls, the windows of the days before share most of their time with this
    /// one, and are not taken as good beside it.
    fn may_terminate(&self) -> Result<bool, Gap> {
        let measured = self.commitment.terminate.iter().filter_map(|right| right.when.as_ref()?.measured());
        let mut back = measured.filter(|when| self.commitment.rolls().is_some() && looks_back(self.model, when));
        back.next().map_or_else(|| self.judged.may_terminate(), |when| Err(Gap::History(when.to_string())))
    }

    /// The credit that is expected and the one that is owed: as money, or, where a part of the fee is expected, as a part.
    fn credit(&self, reader: &Reader<'_>, expectation: &Expectation) -> (Result<Value, Gap>, Result<Value, Gap>) {
        let credited = match &self.judged.credit {
            Some(Ok(credited)) => credited,
            Some(Err(gap)) => return (expected(reader, expectation), Err(gap.clone())),
            None => return (Err(Gap::Poisoned), Err(Gap::Poisoned)),
        };
        let part = credited.part.clone().map(Value::Ratio).ok_or(Gap::Poisoned);
        let part = match (&credited.limited, &credited.amount) {
            (Some(_), _) => self.part_of_base(reader, credited),
            // Whether a limit reduces it depends on a fee that is not known.
            (None, Err(gap)) if self.has_limits() => Err(gap.clone()),
            _ => part,
        };
        match (expected(reader, expectation), &credited.amount) {
            (Ok(ratio @ Value::Ratio(_)), _) => (Ok(ratio), part),
            // The fee is not known, and need not be: the same part of it is the same amount.
            (Err(_), Err(_)) if self.part_of_fee(expectation).is_some() => {
                (self.part_of_fee(expectation).ok_or(Gap::Poisoned), part)
            }
            (expected, amount) => (expected, amount.clone().map(Value::Money)),
        }
    }

    /// Whether anything may limit the credit.
    fn has_limits(&self) -> bool {
        let (own, agreement) = (self.commitment, &self.model.agreement);
        let shared = self.model.shares_caps(own) && !agreement.caps.is_empty();
        !own.caps.is_empty() || shared || self.model.skip(own).is_some()
    }

    /// Which part of the fee is owed after limits, before it is rounded.
    fn part_of_base(&self, reader: &Reader<'_>, credited: &Credited) -> Result<Value, Gap> {
        let Some(Credit::Table(table)) = &self.commitment.credit else { return Err(Gap::Poisoned) };
        let fee = reader.fee(&table.base.value, Place::new(self.window, Wish::None))?;
        let (fee, owed) = (fee.exact().ok_or(Gap::Poisoned)?, credited.limited.as_ref().ok_or(Gap::Poisoned)?);
        owed.checked_div(fee).map(|part| Value::Ratio(Ratio(part))).ok_or(Gap::Empty)
    }

    /// The percentage of an expectation such as `25% of product_fee`, where that is the fee of the table.
    fn part_of_fee(&self, expectation: &Expectation) -> Option<Value> {
        let Some(Credit::Table(table)) = &self.commitment.credit else { return None };
        match &expectation.value.kind {
            ExprKind::Binary { op: Binary::Of, left, right } => match (&left.kind, &right.kind) {
                (ExprKind::Literal(part), ExprKind::Fee(fee)) if *fee == table.base.value => Some(part.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A metric, a fee, a constant or a part of a signal.
    fn measured(&self, reader: &Reader<'_>, path: &str) -> Result<Value, Gap> {
        if self.model.metrics.get(path).is_some() {
            return reader.metric(path, Place::new(self.window, self.wish(path)))?.exactly();
        }
        if self.model.fees.get(path).is_some() {
            return reader.fee(path, Place::new(self.window, Wish::None));
        }
        if self.model.constants.get(path).is_some() {
            return reader.constant(path, Place::new(self.window, Wish::None));
        }
        match self.facts.whole(path) {
            Some(value) => Ok(value.clone()),
            None => Err(Gap::Unknown(path.to_owned())),
        }
    }

    /// What is wished of a metric in this commitment, or in the first other one that reads it.
    fn wish(&self, metric: &str) -> Wish {
        let mut all = std::iter::once(self.commitment).chain(self.model.commitments.iter());
        all.find_map(|one| Wish::in_commitment(self.model, one).get(metric).copied()).unwrap_or(Wish::None)
    }
}

/// The value that an example expects.
fn expected(reader: &Reader<'_>, expectation: &Expectation) -> Result<Value, Gap> {
    match &expectation.exact {
        Some(exact) => Ok(exact.clone()),
        None => stated(reader, &expectation.value),
    }
}

/// A value in which fees may stand that the example gives.
fn stated(reader: &Reader<'_>, value: &Expr) -> Result<Value, Gap> {
    let known = |name: &str| match reader.model.constants.get(name) {
        Some(constant) => constant.exact.clone(),
        None => reader.fee(name, Place::new(reader.window, Wish::None)).ok(),
    };
    fold(value, &known).ok_or_else(|| Gap::Unknown(value.to_string()))
}

fn of_support<'a>(
    model: &'a Model,
    support: &'a Support,
    example: &'a Example,
    budget: &Budget,
) -> (Worked<'a>, Vec<Step>) {
    let zone = model.agreement.clock();
    let mut steps = Vec::new();
    let mut compared = Vec::new();
    for expectation in &example.expect {
        let path = expectation.what.value.as_str();
        let found = match (path.split_once('.'), example.cases.as_slice()) {
            (_, []) => Err(Gap::Unknown("case".to_owned())),
            (Some((milestone, part)), [given]) => on_record(given, &zone).ok_or(Gap::TooLong).and_then(|record| {
                let (record, zone) = (&record, &zone);
                let signal = support.cases.as_ref().map_or("", |cases| cases.value.as_str());
                let case =
                    Case { model, signal, support: Some(support), record, zone, budget, until: i128::MAX, cut: &[] };
                let reading = if part == "in_time" { CaseReading::InTime } else { CaseReading::After };
                let mut from = Vec::new();
                let found = match case.reached(milestone) {
                    Some(_) => case.reading(milestone, reading, &mut from),
                    None => Err(Gap::Unknown(milestone.to_owned())),
                };
                let gives = found.as_ref().map_or_else(ToString::to_string, shown);
                steps.push(Step { from, ..Step::new(format!("`{path}`"), gives) });
                found
            }),
            _ => Err(Gap::Open(path.to_owned())),
        };
        let expected = expectation.exact.clone().ok_or(Gap::Poisoned);
        compared.push(Compared { expectation, expected, found });
    }
    (Worked { example, compared }, steps)
}

/// The case that an example gives, as it would be on record.
fn on_record(given: &GivenCase, zone: &Zone) -> Option<CaseRecord> {
    let instant = |local, edge| zone.to_timestamp(local, edge).map(Timestamp::as_nanosecond);
    let mut record =
        CaseRecord { priorities: vec![(i128::MIN, given.priority.value.clone())], ..CaseRecord::default() };
    for (name, time) in &given.reclassified {
        record.priorities.push((instant(*time, Edge::Opening)?, name.value.clone()));
    }
    record.priorities.sort();
    for (name, time) in &given.milestones {
        record.milestones.push((name.value.clone(), instant(*time, Edge::Opening)?));
    }
    for (name, from, to) in &given.spans {
        record.spans.push((name.value.clone(), instant(*from, Edge::Opening)?, Some(instant(*to, Edge::Closing)?)));
    }
    Some(record)
}
