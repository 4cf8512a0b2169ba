//! Agreements that are evaluated from tables: what comes out, held against what was worked out by hand, and against a
//! second evaluator that is slow and plain.

mod announced;
mod carried;
mod cases;
mod conditions;
#[cfg(feature = "outside")]
pub(crate) mod consumer;
mod exactness;
mod history;
mod minute;
mod naive;
mod neighbours;
mod properties;
mod settled;
mod starts;
mod stretches;
mod variants;
mod wrong;

use num_rational::BigRational;
use sla::diagnostics::Severity;
use sla::evaluate::{Gap, Interval, Plan, Verdict, conclude, judge_due};
use sla::measurements::{Folder, load};
use sla::model::Model;
use sla::source::{MemoryWorld, SourceMap};
use sla::values::{Date, Exact, Money, Timestamp, Zone, parse_date};

/// The parties and a service, in a time zone and from a day on.
fn parties(zone: &str, effective: &str, terms: &str) -> String {
    format!(
        r#"agreement measured "Measured" {{ version "1.0"; status draft; effective {effective}; timezone "{zone}"; currency EUR
{terms} }}
party acme "Acme GmbH" as provider {{ contact noc "Operations" {{ email "noc@acme.example" }} }}
party globex "Globex" as customer {{ contact it "IT" {{ email "it@globex.example" }} }}
service api "The interface" {{ by acme to globex }}
fee monthly "Monthly fee" of api = 1000.00 EUR per calendar month
"#
    )
}

/// What came out for one commitment and one window.
#[derive(Clone, Debug, PartialEq)]
struct One {
    name: String,
    window: Interval,
    /// The least and the greatest that each target can have attained.
    attained: Vec<Result<(BigRational, BigRational), Gap>>,
    verdict: Verdict,
    /// In cents.
    owed: Option<Result<i64, Gap>>,
    unclaimed: Option<Result<i64, Gap>>,
    rights: Vec<Result<bool, Gap>>,
}

/// What came out in all, and what was said of the files: code, place, and message.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ran {
    all: Vec<One>,
    said: Vec<(String, String, String)>,
}

impl Ran {
    fn of(&self, name: &str) -> Vec<&One> {
        self.all.iter().filter(|one| one.name == name).collect()
    }

    pub(super) fn verdicts(&self, name: &str) -> Vec<Verdict> {
        self.of(name).into_iter().map(|one| one.verdict.clone()).collect()
    }

    /// What the only target attained, by window, where it is known to the last digit.
    pub(super) fn attained(&self, name: &str) -> Vec<BigRational> {
        let exactly = |one: &One| {
            let (low, high) = one.attained[0].clone().unwrap();
            assert_eq!(low, high);
            low
        };
        self.of(name).into_iter().map(exactly).collect()
    }

    /// Whether each right to terminate exists, by window.
    pub(super) fn rights(&self, name: &str) -> Vec<Vec<bool>> {
        let known = |one: &One| one.rights.iter().map(|right| right.clone().unwrap()).collect();
        self.of(name).into_iter().map(known).collect()
    }

    /// In cents, by window.
    pub(super) fn owed(&self, name: &str) -> Vec<i64> {
        self.of(name).into_iter().map(|one| one.owed.clone().unwrap().unwrap()).collect()
    }

    fn unclaimed(&self, name: &str) -> Vec<i64> {
        self.of(name).into_iter().map(|one| one.unclaimed.clone().unwrap().unwrap()).collect()
    }

    /// The codes and places of what was said.
    fn places(&self) -> Vec<String> {
        self.said.iter().map(|(code, place, _)| format!("{code} {place}")).collect()
    }
}

fn checked(text: &str) -> Model {
    let mut sources = SourceMap::new();
    let file = sources.add("measured.sla", text.to_owned());
    let checked = sla::check(file, &sources);
    let told = || sla::diagnostics::plain::render(&checked.findings, &sources, false);
    assert!(!checked.fails(), "{}\n{text}", told());
    checked.model
}

/// Evaluates the windows that end from one day to another, both included, as the program does. Tests from outside ask the
/// reader of bundles as well.
fn evaluated(model: &Model, files: &[(String, String)], from: Date, to: Date) -> Ran {
    let ran = evaluated_alone(model, files, from, to);
    #[cfg(feature = "outside")]
    if !ran.all.is_empty() {
        consumer::compare(model, files, (from, to), &ran);
    }
    ran
}

/// The same, and nobody else is asked.
fn evaluated_alone(model: &Model, files: &[(String, String)], from: Date, to: Date) -> Ran {
    let zone = model.agreement.clock();
    let period = Interval { start: midnight(&zone, from), end: midnight(&zone, to.tomorrow().unwrap()) };
    let plan = Plan::new(model, period, None);
    let world = files.iter().fold(MemoryWorld::new(), |world, (name, text)| world.with(name, text.as_bytes()));
    let loaded = load(&plan, Folder { world: &world, name: "", on_bytes: &|_| {} });
    let said = loaded
        .findings
        .iter()
        .map(|one| (one.code.id.to_owned(), one.path.clone().unwrap_or_default(), one.message.clone()));
    let said = said.collect();
    if loaded.findings.iter().any(|one| one.severity == Severity::Error) {
        return Ran { all: Vec::new(), said };
    }
    let judged = plan.due.iter().map(|due| judge_due(&plan, due, &loaded.facts)).collect();
    let big = |value: &sla::calculus::Value| value.exact().map(Exact::to_big).ok_or(Gap::Poisoned);
    let all = conclude(&plan, &loaded.facts, judged).into_iter().map(|outcome| {
        let attained = outcome.judged.attained.iter().map(|known| {
            let (low, high) = known.as_ref().map_err(Clone::clone)?.ends();
            Ok((big(low)?, big(high)?))
        });
        One {
            name: outcome.due.commitment.head.name.clone(),
            window: outcome.due.window,
            attained: attained.collect(),
            verdict: outcome.judged.verdict.clone(),
            owed: outcome.owed.map(|owed| owed.amount.map(|money| cents(&money))),
            unclaimed: outcome.unclaimed.map(|owed| owed.amount.map(|money| cents(&money))),
            rights: outcome.judged.rights.into_iter().map(|(_, holds)| holds).collect(),
        }
    });
    Ran { all: all.collect(), said }
}

/// Evaluates a text with files that are named and written out.
pub(super) fn run(text: &str, files: &[(&str, &str)], from: &str, to: &str) -> Ran {
    let files: Vec<(String, String)> = files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    evaluated(&checked(text), &files, parse_date(from).unwrap(), parse_date(to).unwrap())
}

fn midnight(zone: &Zone, date: Date) -> i128 {
    zone.start_of_day(date).unwrap().as_nanosecond()
}

fn cents(money: &Money) -> i64 {
    let cents = money.amount.clone() * Exact::from_int(100);
    assert!(cents.is_integer(), "{cents} is not rounded");
    cents.to_i64().unwrap()
}

/// An instant as a table has it, with an offset in minutes from UTC.
fn stamp(at: i128, offset: i32) -> String {
    let moved = Timestamp::from_nanosecond(at + i128::from(offset) * 60_000_000_000).unwrap().to_string();
    let local = moved.trim_end_matches('Z');
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    match offset {
        0 => moved,
        _ => format!("{local}{}{hours:02}:{minutes:02}", if offset < 0 { '-' } else { '+' }),
    }
}

/// A part of a whole.
pub(super) fn part(of: i64, whole: i64) -> BigRational {
    BigRational::new(of.into(), whole.into())
}
