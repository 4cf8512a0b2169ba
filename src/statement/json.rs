//! A statement for programs.

use super::Statement;
use crate::calculus::Value;
use crate::evaluate::{Account, Gap, Known, Outcome, Settled, Step, Verdict};
use crate::model::{Head, whole_day};
use crate::values::{Exact, Money, Rounding, Timestamp};
use serde_json::{Map, Value as Json, json};

/// The places of a number that is not given exactly.
const PLACES: usize = 18;
/// A number of so many places is given exactly.
const MOST_PLACES: usize = 30;

/// A statement as JSON. Numbers are strings, exact where they end; others are given by a lower and an upper bound.
#[must_use]
pub fn json(statement: &Statement<'_>) -> String {
    let agreement = &statement.plan.model.agreement;
    let mut commitments: Vec<Json> = Vec::new();
    for part in statement.parts() {
        let name = &part.commitment.head.name;
        let own = statement.outcomes.iter().zip(&statement.derivations);
        let own = own.filter(|(outcome, _)| outcome.due.commitment.head.name == *name);
        commitments.push(json!({
            "commitment": name,
            "title": part.commitment.head.title,
            "options": options(&part.commitment.head),
            "promise": part.promise,
            "windows": own.map(|(outcome, steps)| window(statement, outcome, steps)).collect::<Vec<Json>>(),
        }));
    }
    let owed = statement.totals.iter().map(|((by, to, _), total)| {
        json!({
            "by": by,
            "to": to.split(", ").collect::<Vec<_>>(),
            "if_claimed": amount(&total.claimed),
            "unclaimed": amount(&total.unclaimed),
            "windows_not_decided": total.undecided.to_string(),
            "reason": total.why.as_ref().map(ToString::to_string),
            "limited_elsewhere": total.limited_elsewhere,
        })
    });
    let accounts = statement.accounts.iter().map(|account| account_of(statement, account));
    let without = statement.plan.without.iter();
    let whole = json!({
        "agreement": agreement.head.name,
        "version": agreement.version.as_ref().map(|version| version.value.clone()),
        "draft": statement.plan.model.is_draft(),
        "timezone": agreement.clock().name(),
        "period": { "from": statement.period.0.to_string(), "to": statement.period.1.to_string() },
        "as_of": statement.plan.as_of.map(instant),
        "commitments": commitments,
        "not_judged": without.map(|(it, why)| json!({ "commitment": it.head.name, "reason": why })).collect::<Vec<_>>(),
        "owed": owed.collect::<Vec<Json>>(),
        "set_off": accounts.collect::<Vec<Json>>(),
    });
    format!("{whole:#}\n")
}

/// What the invoices of a party take of the credits that it owes, if everything is claimed in time.
fn account_of(statement: &Statement<'_>, account: &Account) -> Json {
    let invoices = account.entries.iter().map(|entry| {
        json!({
            "until": entry.date.to_string(),
            "invoice": owed(&entry.invoice),
            "credits": owed(&entry.credits),
            "set_off": owed(&entry.set_off),
            "carried_forward": owed(&entry.carried),
        })
    });
    let unused = statement.plan.model.agreement.unused.as_ref().map(|unused| unused.value.as_str());
    json!({
        "by": account.by,
        "to": account.to,
        "invoices": invoices.collect::<Vec<Json>>(),
        "left_at_end": account.left_at_end.as_ref().map(owed),
        "unused": unused,
    })
}

fn window(statement: &Statement<'_>, outcome: &Outcome<'_>, steps: &[Step]) -> Json {
    let judged = &outcome.judged;
    let (verdict, reason) = match &judged.verdict {
        Verdict::Met => ("met", None),
        Verdict::Missed => ("missed", None),
        Verdict::NotMeasured(gap) => ("not_decided", Some(gap.to_string())),
        Verdict::NotApplicable => ("not_applicable", None),
    };
    let targets = outcome.due.commitment.targets.iter().zip(&judged.attained);
    let targets = targets.map(|(target, attained)| {
        json!({
            "measure": target.measure.to_string(),
            "comparison": target.comparison.as_str(),
            "bound": target.bound.to_string(),
            "value": target.value.as_ref().map_or(Json::Null, |value| between(value, value)),
            "attained": attained.as_ref().map_or(Json::Null, known),
            "unknown": attained.as_ref().err().map(Gap::to_string),
        })
    });
    let row = judged.credit.as_ref().and_then(|credit| credit.as_ref().ok()?.row.clone());
    let credit = outcome.owed.as_ref().zip(outcome.unclaimed.as_ref()).map(|(claimed, unclaimed)| {
        json!({
            "row": row,
            "owed": !outcome.due.open,
            "remarks": claimed.steps.iter().map(|step| format!("{}: {}", step.what, step.gives)).collect::<Vec<_>>(),
            "if_claimed": settled(claimed),
            "unclaimed": settled(unclaimed),
            "claim_until": outcome.claim_until.map(|end| until(statement, end)),
        })
    });
    let rights = judged.rights.iter().map(|(id, holds)| {
        // Of a window that has not ended nothing arises yet.
        let holds = holds.as_ref().ok().filter(|_| !outcome.due.open);
        let until = statement.notice_until(outcome, id).filter(|_| holds == Some(&true));
        json!({ "clause": id, "may": holds, "notice_until": until.map(|end| self::until(statement, end)) })
    });
    json!({
        "from": instant(outcome.due.window.start),
        "to": instant(outcome.due.window.end),
        "ended": !outcome.due.open,
        "verdict": verdict,
        "reason": reason,
        "targets": targets.collect::<Vec<Json>>(),
        "budget_left": outcome.left.as_ref().map(|left| number(&left.0)),
        "credit": credit,
        "terminations": rights.collect::<Vec<Json>>(),
        "derivation": steps.iter().map(step).collect::<Vec<Json>>(),
    })
}

fn settled(settled: &Settled) -> Json {
    owed(&settled.amount)
}

fn owed(owed: &Result<Money, Gap>) -> Json {
    match owed {
        Ok(money) => amount(money),
        Err(gap) => json!({ "unknown": gap.to_string() }),
    }
}

fn amount(money: &Money) -> Json {
    let amount = money.to_string();
    json!({ "amount": amount.split(' ').next(), "currency": money.currency.to_string() })
}

fn step(step: &Step) -> Json {
    json!({ "what": step.what, "gives": step.gives, "from": step.from.iter().map(self::step).collect::<Vec<Json>>() })
}

/// The option of each dimension by which a commitment differs.
fn options(head: &Head) -> Json {
    let each = head.variant.iter().map(|choice| (choice.dimension.clone(), choice.option.clone().into()));
    Json::Object(each.collect())
}

fn known(known: &Known) -> Json {
    let (low, high) = known.ends();
    between(low, high)
}

/// A value with its type: a number in the base unit of the type (parts of one, seconds), or its bounds.
fn between(low: &Value, high: &Value) -> Json {
    let ty = match low {
        Value::Boolean(value) => return json!({ "type": "boolean", "value": value }),
        Value::Text(text) => return json!({ "type": "text", "value": text }),
        Value::Number(_) => "number",
        Value::Ratio(_) => "ratio",
        Value::Points(_) => "points",
        Value::Duration(_) => "duration",
        Value::Money(_) => "money",
        Value::Quantity(..) => "quantity",
    };
    let (Some(least), Some(most)) = (low.exact(), high.exact()) else { return Json::Null };
    let mut all = Map::new();
    all.insert("type".to_owned(), ty.into());
    match low {
        Value::Money(money) => drop(all.insert("currency".to_owned(), money.currency.to_string().into())),
        Value::Quantity(_, unit) => drop(all.insert("unit".to_owned(), unit.to_string().into())),
        _ => {}
    }
    if low == high && least.decimal_places().is_some_and(|places| places <= MOST_PLACES) {
        all.insert("value".to_owned(), number(least));
    } else {
        all.insert("at_least".to_owned(), bound(least, Rounding::Floor));
        all.insert("at_most".to_owned(), bound(most, Rounding::Ceiling));
    }
    Json::Object(all)
}

fn number(number: &Exact) -> Json {
    match number.decimal_places() {
        Some(places) if places <= MOST_PLACES => number.to_decimal_string(MOST_PLACES).into(),
        _ => number.to_decimal_string(PLACES).into(),
    }
}

fn bound(number: &Exact, mode: Rounding) -> Json {
    let step = (0..PLACES).fold(Exact::one(), |step, _| step.checked_div(&Exact::from_int(10)).unwrap_or_default());
    number.round_to(&step, mode).to_decimal_string(PLACES).into()
}

/// Until when something is in time: its last day, or the instant at which it ends within a day.
fn until(statement: &Statement<'_>, end: Timestamp) -> String {
    let zone = statement.plan.model.agreement.clock();
    whole_day(&zone, end).map_or_else(|| end.to_string(), |day| day.to_string())
}

fn instant(at: i128) -> Json {
    Timestamp::from_nanosecond(at).map_or(Json::Null, |at| at.to_string().into())
}
