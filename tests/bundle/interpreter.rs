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

/// What is owed, and the clause of the limit that reduced it, if one did.
struct Owed {
    amount: BigRational,
    limit: Option<String>,
}

type Credits = BTreeMap<String, Owed>;

/// A credit of an earlier month.
pub struct Settled {
    pub month: i64,
    pub commitment: String,
    pub cents: i64,
}

/// A bundle with what was measured in one window.
pub struct Machine<'a> {
    pub bundle: &'a Value,
    pub measured: Measured,
    /// The part of the window, and of its fee period, that lies within the term.
    pub part: BigRational,
    /// The commitments whose credit was not claimed in time.
    pub unclaimed: Vec<&'a str>,
}

impl<'a> Machine<'a> {
    fn rules(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        let rules = self.bundle["rules"].as_array().unwrap().iter();
        rules.filter(move |rule| rule["kind"] == kind)
    }

    /// Whether a condition holds; nothing if something was not measured.
    fn holds(&self, condition: &Value) -> Option<bool> {
        let parts = || condition["conditions"].as_array().unwrap().iter().map(|part| self.holds(part));
        // Three-valued logic: what decides by itself decides, whatever is unknown beside it.
        let decided =
            |by: bool| if parts().any(|part| part == Some(by)) { Some(by) } else { parts().find(Option::is_none)? };
        Some(match text(&condition["op"]) {
            "and" if parts().all(|part| part == Some(true)) => true,
            "or" if parts().all(|part| part == Some(false)) => false,
            "and" => decided(false)?,
            "or" => decided(true)?,
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
            "pro_rata" => match literal(&computation["value"]) {
                Known::Number(whole) => Some(Known::Number(whole * &self.part)),
                other => panic!("not money: {other:?}"),
            },
            "negate" => Some(Known::Number(-self.amount(&computation["operand"])?)),
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
                Some(Known::Number(rest.fold(first, |a, b| match op {
                    "+" => a + b,
                    "-" => a - b,
                    "*" | "of" => a * b,
                    "/" => a / b,
                    "max" => a.max(b),
                    "min" => a.min(b),
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

    /// The credits of all commitments in cents, for one window by itself.
    pub fn credits(&self) -> BTreeMap<String, i64> {
        self.settle(&[], 0)
    }

    /// The credits of all commitments in cents for the month of a number, after those of earlier months.
    pub fn settle(&self, settled: &[Settled], month: i64) -> BTreeMap<String, i64> {
        let mut credits: Credits = BTreeMap::new();
        let staged = self.bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["stage"].is_u64());
        let stages: Vec<u64> = staged.clone().map(|rule| rule["stage"].as_u64().unwrap()).collect();
        assert!(stages.is_sorted(), "the rules stand in the order in which they are executed");
        for rule in staged {
            match text(&rule["kind"]) {
                "credit" => {
                    if let Some(amount) = self.credit(rule) {
                        credits.insert(text(&rule["commitment"]).to_owned(), Owed { amount, limit: None });
                    }
                }
                "claim" if self.unclaimed.contains(&text(&rule["commitment"])) => {
                    credits.remove(text(&rule["commitment"]));
                }
                "claim" => {}
                "cap" => self.cap(rule, settled, month, &mut credits),
                "combine" => combine(rule, &mut credits),
                "skip" => self.skip(rule, &mut credits),
                "round" => return round(rule, &credits),
                other => panic!("unknown rule {other}"),
            }
        }
        assert!(credits.is_empty(), "nothing rounds");
        BTreeMap::new()
    }

    /// Whether something holds; what is null always does.
    fn holds_or_null(&self, condition: &Value) -> Option<bool> {
        if condition.is_null() { Some(true) } else { self.holds(condition) }
    }

    /// What a commitment owes; nothing where it owes nothing.
    fn credit(&self, rule: &Value) -> Option<BigRational> {
        if self.holds_or_null(&rule["applies"])? && self.holds_or_null(&rule["breach"])? {
            let amount = self.multiplied(rule, self.row(rule)?)?;
            if rule["times"].is_null() { Some(amount) } else { Some(amount * self.amount(&rule["times"])?) }
        } else {
            None
        }
    }

    /// The amount times the largest factor that applies.
    fn multiplied(&self, rule: &Value, amount: BigRational) -> Option<BigRational> {
        let mut factors = vec![BigRational::from_integer(1.into())];
        for factor in rule["multiply"].as_array().unwrap() {
            if self.holds(&factor["when"])? {
                factors.push(self.amount(&factor["by"])?);
            }
        }
        Some(amount * factors.into_iter().max()?)
    }

    /// Who owes the credit of a commitment, and to whom.
    pub fn sides(&self, commitment: &str) -> (String, Vec<String>) {
        let rule = self.rules("credit").find(|rule| rule["commitment"] == commitment).unwrap();
        let to = rule["to"].as_array().unwrap().iter().map(|it| text(&it["party"]).to_owned());
        (text(&rule["by"]["party"]).to_owned(), to.collect())
    }

    /// The amount of the row that counts.
    fn row(&self, rule: &Value) -> Option<BigRational> {
        let rows = rule["rows"].as_array().unwrap().iter();
        let mut rows: Vec<&Value> = rows.filter(|row| self.holds_or_null(&row["when"]) == Some(true)).collect();
        let bound = |row: &Value| (self.amount(&row["bound"]["value"]).unwrap(), row["bound"]["strict"] == true);
        match text(&rule["choose"]) {
            "only" => assert!(rows.len() < 2, "two rows apply: {rule:#}"),
            // The one that counts comes last.
            "lowest_bound" => rows.sort_by(|a, b| {
                let (a, b) = (bound(a), bound(b));
                b.0.cmp(&a.0).then(a.1.cmp(&b.1))
            }),
            "highest_bound" => rows.sort_by_key(|row| bound(row)),
            "largest_amount" => rows.sort_by_key(|row| self.amount(&row["then"]).unwrap()),
            other => panic!("unknown choice {other}"),
        }
        self.amount(&rows.last()?["then"])
    }

    fn cap(&self, rule: &Value, settled: &[Settled], month: i64, credits: &mut Credits) {
        let in_scope = |name: &str| is_of(rule, name);
        let months = match rule["per"]["unit"].as_str() {
            None | Some("month") => 1,
            Some("quarter") => 3,
            Some("year") => 12,
            Some(other) => panic!("unknown window {other}"),
        };
        let before = settled.iter().filter(|it| it.month / months == month / months && in_scope(&it.commitment));
        let before: i64 = before.map(|it| it.cents).sum();
        let left = self.amount(&rule["at_most"]).unwrap() - BigRational::new(before.into(), 100.into());
        let left = left.max(BigRational::zero());
        let total: BigRational = credits.iter().filter(|(name, _)| in_scope(name)).map(|(_, owed)| &owed.amount).sum();
        if total <= left {
            return;
        }
        for (_, owed) in credits.iter_mut().filter(|(name, _)| in_scope(name)) {
            *owed = Owed { amount: &owed.amount * &left / &total, limit: Some(text(&rule["clause"]).to_owned()) };
        }
    }

    /// What is too small, by itself, is not paid.
    fn skip(&self, rule: &Value, credits: &mut Credits) {
        let limit = self.amount(&rule["amount"]).unwrap();
        credits.retain(|name, owed| {
            let skipped = match text(&rule["comparison"]) {
                "<" => owed.amount < limit,
                "<=" => owed.amount <= limit,
                other => panic!("unknown comparison {other}"),
            };
            !(is_of(rule, name) && skipped)
        });
    }

    /// Whether an evaluation is in breach; nothing where that is unknown or the commitment does not apply.
    fn is_breach(&self, rule: &Value) -> Option<bool> {
        self.holds_or_null(&rule["applies"])?.then_some(())?;
        self.holds_or_null(&rule["breach"])
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
        let applies = |rule: &&Value| self.holds_or_null(&rule["applies"]) == Some(true);
        let rights = self.rules("terminate").filter(applies).filter(|rule| self.holds(&rule["when"]) == Some(true));
        rights.map(|rule| text(&rule["by"]["party"]).to_owned()).collect()
    }
}

/// What is owed in cents for each breach of a promise that is evaluated daily, from what was measured on its days.
pub fn breaches(days: &[Machine], commitment: &str) -> Vec<i64> {
    let mut owed: Vec<i64> = Vec::new();
    let mut in_breach = false;
    for day in days {
        let rule = day.rules("credit").find(|rule| rule["commitment"] == commitment).unwrap();
        assert_eq!(rule["once"], "breach");
        let Some(breach) = day.is_breach(rule) else { continue };
        let cents = day.credits().get(commitment).copied().unwrap_or(0);
        match (in_breach, breach) {
            (false, true) => owed.push(cents),
            (true, true) => *owed.last_mut().unwrap() = cents.max(*owed.last().unwrap()),
            _ => {}
        }
        in_breach = breach;
    }
    owed
}

/// Whether a rule is about a commitment.
fn is_of(rule: &Value, commitment: &str) -> bool {
    rule["commitments"].as_array().unwrap().iter().any(|name| name == commitment)
}

fn contacts(list: &Value) -> Vec<String> {
    let contacts = list.as_array().unwrap().iter();
    contacts.map(|it| format!("{}.{}", text(&it["party"]), it["contact"].as_str().unwrap_or(""))).collect()
}

fn combine(rule: &Value, credits: &mut Credits) {
    assert_eq!(rule["take"], "largest");
    let group = || rule["commitments"].as_array().unwrap().iter().map(text);
    let mut best: Option<(&str, BigRational)> = None;
    for name in group() {
        if let Some(owed) = credits.get(name)
            && best.as_ref().is_none_or(|(_, other)| owed.amount > *other)
        {
            best = Some((name, owed.amount.clone()));
        }
    }
    for name in group() {
        if best.as_ref().is_some_and(|(kept, _)| *kept != name) {
            credits.remove(name);
        }
    }
}

fn round(rule: &Value, credits: &Credits) -> BTreeMap<String, i64> {
    assert_eq!((text(&rule["mode"]), text(&rule["when_capped"])), ("half_even", "down"));
    let unit = number(&rule["to"]["amount"]);
    let whole = |number: &BigRational| number.to_integer().to_i64().unwrap();
    let mut rounded: BTreeMap<String, i64> = BTreeMap::new();
    let mut limits: BTreeMap<&str, Vec<(&String, BigRational)>> = BTreeMap::new();
    for (name, owed) in credits {
        assert!(is_of(rule, name), "{name} is not rounded");
        let units = &owed.amount / &unit;
        match &owed.limit {
            None => {
                rounded.insert(name.clone(), whole(&half_even(&units)));
            }
            Some(limit) => limits.entry(limit).or_default().push((name, units)),
        }
    }
    for shares in limits.into_values() {
        let total: BigRational = shares.iter().map(|(_, units)| units).sum();
        let mut left = whole(&total.floor());
        for (name, units) in &shares {
            left -= whole(&units.floor());
            rounded.insert((*name).clone(), whole(&units.floor()));
        }
        let mut order: Vec<(BigRational, &String)> = shares.iter().map(|(name, it)| (it.floor() - it, *name)).collect();
        order.sort();
        for (_, name) in order.into_iter().take(usize::try_from(left).unwrap()) {
            *rounded.get_mut(name).unwrap() += 1;
        }
    }
    rounded
}

fn half_even(number: &BigRational) -> BigRational {
    let (floor, half) = (number.floor(), BigRational::new(1.into(), 2.into()));
    let rest = number - &floor;
    let up = rest > half || (rest == half && (floor.to_integer() % BigInt::from(2)).abs() > BigInt::zero());
    if up { floor + BigRational::from(BigInt::from(1)) } else { floor }
}
