//! A small program that executes the rules of a bundle. It knows JSON and arithmetic, and nothing of the compiler.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use serde_json::Value;

/// A value while it is computed with; numbers in the base unit of their type.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Known {
    Number(BigRational),
    Text(String),
    Truth(bool),
}

/// What was measured, by the names of inputs.
pub type Measured = BTreeMap<String, Known>;

/// A decimal as a number.
pub fn decimal(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    BigRational::new(digits, BigInt::from(10).pow(u32::try_from(fraction.len()).unwrap()))
}

fn number(value: &Value) -> BigRational {
    match value.as_str() {
        Some(text) => decimal(text),
        None => decimal(value["numerator"].as_str().unwrap()) / decimal(value["denominator"].as_str().unwrap()),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn literal(value: &Value) -> Known {
    match text(&value["type"]) {
        "boolean" => Known::Truth(value["value"].as_bool().unwrap()),
        "text" => Known::Text(text(&value["value"]).to_owned()),
        "duration" => Known::Number(number(&value["seconds"])),
        "money" => Known::Number(number(&value["amount"])),
        _ => Known::Number(number(&value["value"])),
    }
}

/// A bundle with what was measured in one window.
pub struct Machine<'a> {
    pub bundle: &'a Value,
    pub measured: Measured,
}

impl<'a> Machine<'a> {
    fn rules(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        let rules = self.bundle["rules"].as_array().unwrap().iter();
        rules.filter(move |rule| rule["kind"] == kind)
    }

    /// Whether a condition holds; nothing if something was not measured.
    fn holds(&self, condition: &Value) -> Option<bool> {
        let parts = || condition["conditions"].as_array().unwrap().iter().map(|part| self.holds(part));
        Some(match text(&condition["op"]) {
            "and" => parts().collect::<Option<Vec<_>>>()?.into_iter().all(|part| part),
            "or" => parts().collect::<Option<Vec<_>>>()?.into_iter().any(|part| part),
            "not" => !self.holds(&condition["condition"])?,
            "input" => *self.measured.get(text(&condition["input"]))? == Known::Truth(true),
            "in" => {
                let left = self.compute(&condition["left"])?;
                condition["options"].as_array().unwrap().iter().any(|option| literal(option) == left)
            }
            comparison => {
                let (left, right) = (self.compute(&condition["left"])?, self.compute(&condition["right"])?);
                match comparison {
                    "<" => left < right,
                    "<=" => left <= right,
                    ">" => left > right,
                    ">=" => left >= right,
                    "=" => left == right,
                    "!=" => left != right,
                    other => panic!("unknown comparison {other}"),
                }
            }
        })
    }

    fn compute(&self, computation: &Value) -> Option<Known> {
        match text(&computation["op"]) {
            "value" => Some(literal(&computation["value"])),
            "input" => self.measured.get(text(&computation["input"])).cloned(),
            "fee" => {
                let fee = self.rules("fee").find(|rule| rule["fee"] == computation["fee"]).unwrap();
                self.compute(&fee["amount"])
            }
            "if" => {
                let branch = if self.holds(&computation["condition"])? { "then" } else { "otherwise" };
                self.compute(&computation[branch])
            }
            op => {
                let operands = computation["operands"].as_array().unwrap().iter();
                let operands: Vec<BigRational> = operands.map(|it| self.amount(it)).collect::<Option<_>>()?;
                let mut rest = operands.into_iter();
                let first = rest.next().unwrap();
                Some(Known::Number(rest.fold(if op == "negate" { -first } else { first }, |a, b| match op {
                    "+" => a + b,
                    "-" => a - b,
                    "*" | "of" => a * b,
                    "/" => a / b,
                    "max" => a.max(b),
                    "started" => (a / b).ceil(),
                    "completed" => (a / b).floor(),
                    other => panic!("unknown operation {other}"),
                })))
            }
        }
    }

    fn amount(&self, computation: &Value) -> Option<BigRational> {
        match self.compute(computation)? {
            Known::Number(number) => Some(number),
            other => panic!("not a number: {other:?}"),
        }
    }

    /// The credits of all commitments in cents, in the order of the stages.
    pub fn credits(&self) -> BTreeMap<String, i64> {
        let mut credits: BTreeMap<String, BigRational> = BTreeMap::new();
        let mut capped = false;
        let staged = self.bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["stage"].is_u64());
        let stages: Vec<u64> = staged.clone().map(|rule| rule["stage"].as_u64().unwrap()).collect();
        assert!(stages.is_sorted(), "the rules stand in the order in which they are executed");
        for rule in staged {
            match text(&rule["kind"]) {
                "credit" => self.credit(rule, &mut credits),
                "cap" => capped |= self.cap(rule, &mut credits),
                "combine" => combine(rule, &mut credits),
                "skip" => self.skip(rule, &mut credits),
                "round" => return round(rule, capped, &credits),
                other => panic!("unknown rule {other}"),
            }
        }
        panic!("nothing rounds");
    }

    fn credit(&self, rule: &Value, credits: &mut BTreeMap<String, BigRational>) {
        if self.holds(&rule["when"]) != Some(true) {
            return;
        }
        let (name, amount) = (text(&rule["commitment"]).to_owned(), self.amount(&rule["then"]).unwrap());
        let before = credits.get(&name).cloned();
        let counts = match (text(&rule["choose"]), before) {
            (_, None) | ("last", _) => amount,
            ("only", Some(_)) => panic!("two rows of {name} apply"),
            ("largest", Some(other)) => other.max(amount),
            (other, _) => panic!("unknown choice {other}"),
        };
        credits.insert(name, counts);
    }

    /// Whether the limit was binding.
    fn cap(&self, rule: &Value, credits: &mut BTreeMap<String, BigRational>) -> bool {
        let limit = self.amount(&rule["at_most"]).unwrap();
        let in_scope = |name: &str| rule["commitment"].is_null() || rule["commitment"] == name;
        let total: BigRational = credits.iter().filter(|(name, _)| in_scope(name)).map(|(_, amount)| amount).sum();
        if total <= limit {
            return false;
        }
        for (_, amount) in credits.iter_mut().filter(|(name, _)| in_scope(name)) {
            *amount = &*amount * &limit / &total;
        }
        true
    }

    /// What is too small, by itself, is not paid.
    fn skip(&self, rule: &Value, credits: &mut BTreeMap<String, BigRational>) {
        let limit = self.amount(&rule["amount"]).unwrap();
        credits.retain(|name, amount| {
            let in_scope = rule["commitment"].is_null() || rule["commitment"] == *name;
            let skipped = match text(&rule["comparison"]) {
                "<" => *amount < limit,
                "<=" => *amount <= limit,
                other => panic!("unknown comparison {other}"),
            };
            !(in_scope && skipped)
        });
    }

    /// The contacts who have been told by an escalation after its condition has held for so many seconds.
    pub fn escalated(&self, escalation: &str, held: i64) -> Vec<String> {
        let steps = self.rules("escalate").filter(|rule| rule["escalation"] == escalation);
        let due = steps.filter(|rule| {
            let after = number(&rule["after"]["seconds"]);
            self.holds(&rule["when"]) == Some(true) && after <= BigRational::from(BigInt::from(held))
        });
        due.flat_map(|rule| contacts(&rule["notify"])).collect()
    }

    /// Who is told by notices whose condition holds, with the seconds that there are.
    pub fn notified(&self) -> Vec<(String, i64)> {
        let due =
            self.rules("notify").filter(|rule| rule["when"].is_object() && self.holds(&rule["when"]) == Some(true));
        due.flat_map(|rule| {
            let within = number(&rule["within"]["amount"]["seconds"]).to_integer().to_i64().unwrap();
            contacts(&rule["to"]).into_iter().map(move |contact| (contact, within))
        })
        .collect()
    }

    /// Who may terminate.
    pub fn may_terminate(&self) -> Vec<String> {
        let rights = self.rules("terminate").filter(|rule| self.holds(&rule["when"]) == Some(true));
        rights.map(|rule| text(&rule["by"]["party"]).to_owned()).collect()
    }
}

/// What is owed for each breach of a promise that is evaluated daily, from the credits of its days: of an unbroken
/// sequence of days on which it was not seen to be met, the largest.
pub fn breaches(bundle: &Value, commitment: &str, days: &[BTreeMap<String, i64>], missed: &[bool]) -> Vec<i64> {
    let mut credits = bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["kind"] == "credit");
    let rule = credits.find(|rule| rule["commitment"] == commitment).unwrap();
    if rule["once"] != "breach" {
        return Vec::new();
    }
    let cents = |day: &BTreeMap<String, i64>| day.get(commitment).copied().unwrap_or(0);
    let days: Vec<(i64, bool)> = days.iter().map(cents).zip(missed.iter().copied()).collect();
    let sequences = days.split(|(_, missed)| !missed).filter(|sequence| !sequence.is_empty());
    sequences.filter_map(|sequence| sequence.iter().map(|(cents, _)| *cents).max()).collect()
}

fn contacts(list: &Value) -> Vec<String> {
    let contacts = list.as_array().unwrap().iter();
    contacts.map(|it| format!("{}.{}", text(&it["party"]), it["contact"].as_str().unwrap_or(""))).collect()
}

fn combine(rule: &Value, credits: &mut BTreeMap<String, BigRational>) {
    assert_eq!(rule["take"], "largest");
    let group = || rule["commitments"].as_array().unwrap().iter().map(text);
    let mut best: Option<(&str, BigRational)> = None;
    for name in group() {
        if let Some(amount) = credits.get(name)
            && best.as_ref().is_none_or(|(_, other)| amount > other)
        {
            best = Some((name, amount.clone()));
        }
    }
    for name in group() {
        if best.as_ref().is_some_and(|(kept, _)| *kept != name) {
            credits.remove(name);
        }
    }
}

fn round(rule: &Value, capped: bool, credits: &BTreeMap<String, BigRational>) -> BTreeMap<String, i64> {
    assert_eq!((text(&rule["mode"]), text(&rule["when_capped"])), ("half_even", "down"));
    let unit = number(&rule["to"]["amount"]);
    let units: BTreeMap<&String, BigRational> = credits.iter().map(|(name, amount)| (name, amount / &unit)).collect();
    let whole = |number: &BigRational| number.to_integer().to_i64().unwrap();
    if !capped {
        return units.into_iter().map(|(name, it)| (name.clone(), whole(&half_even(&it)))).collect();
    }
    let total: BigRational = units.values().sum();
    let mut rounded: BTreeMap<String, i64> =
        units.iter().map(|(name, it)| ((*name).clone(), whole(&it.floor()))).collect();
    let left = whole(&total.floor()) - rounded.values().sum::<i64>();
    let mut order: Vec<(BigRational, &String)> = units.iter().map(|(name, it)| (it.floor() - it, *name)).collect();
    order.sort();
    for (_, name) in order.into_iter().take(usize::try_from(left).unwrap()) {
        *rounded.get_mut(name).unwrap() += 1;
    }
    rounded
}

fn half_even(number: &BigRational) -> BigRational {
    let (floor, half) = (number.floor(), BigRational::new(1.into(), 2.into()));
    let rest = number - &floor;
    let up = rest > half || (rest == half && (floor.to_integer() % BigInt::from(2)).abs() > BigInt::zero());
    if up { floor + BigRational::from(BigInt::from(1)) } else { floor }
}
