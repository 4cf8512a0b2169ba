//! What a missed commitment costs.

use super::operands::operand_of;
use super::{clause, creditor, expr, listed, only_largest, sentence, titled, value, window_each};
use crate::calculus::{Binary, Expr, ExprKind, Type, Value};
use crate::model::{Bound, Commitment, Credit, CreditRow, CreditTable, Model, Tier};
use std::cmp::Ordering;

/// So many commitments are named of which only the largest credit is owed: each alert of a large group names the others.
const MOST_NAMED: usize = 12;

/// A limit or an amount: its value where that is known and can be printed whole, and otherwise what it is called or how
/// it is computed. An approximation would decide nothing.
pub fn limit(model: &Model, written: &Expr, known: Option<&Value>) -> String {
    match known {
        Some(known) if is_whole(known) => value(known),
        _ => expr(model, written),
    }
}

/// Whether a value has a last digit.
fn is_whole(value: &Value) -> bool {
    let shown = match value {
        Value::Ratio(ratio) => ratio.percent(),
        Value::Points(points) => points.points(),
        other => match other.exact() {
            Some(exact) => exact.clone(),
            None => return true,
        },
    };
    shown.decimal_places().is_some()
}

/// One bound in words: `below 99%`.
fn bound(model: &Model, bound: &Bound) -> String {
    format!("{} {}", bound.side.as_str(), limit(model, &bound.limit, bound.value.as_ref()))
}

/// One row of a credit table in words.
struct Row<'a> {
    row: &'a CreditRow,
    /// The values to which it applies.
    range: String,
    /// Whether it applies to every value that misses the target.
    whole: bool,
    /// Whether it applies to no value.
    empty: bool,
}

/// The rows of a credit table from the mildest to the worst, each with the whole range to which it applies; without an
/// `otherwise` that can never apply.
fn rows<'a>(model: &Model, commitment: &'a Commitment, table: &'a CreditTable) -> Vec<Row<'a>> {
    let tiers = commitment.tiers();
    let bounded = || table.rows.iter().filter(|row| !row.bounds.is_empty());
    let from_target = tiers.first().is_some_and(|tier| begins_at_target(commitment, table, tier));
    let mut rows: Vec<Row<'a>> = if tiers.len() == bounded().count() {
        let whole = tiers.len() == 1 && from_target;
        let tiers = tiers.into_iter().map(|tier| within_miss(commitment, table, tier));
        tiers.map(|tier| Row { row: tier.row, range: range(&tier), whole, empty: is_empty(&tier) }).collect()
    } else {
        let written = |row: &CreditRow| row.bounds.iter().map(|one| bound(model, one)).collect::<Vec<_>>();
        bounded().map(|row| Row { row, range: listed(&written(row), "and"), whole: false, empty: false }).collect()
    };
    let rest = table.rows.iter().filter(|row| row.bounds.is_empty() && !from_target);
    let other = if table.rows.len() == 1 { "any value" } else { "any other value" };
    rows.extend(rest.map(|row| Row { row, range: other.to_owned(), whole: false, empty: false }));
    rows
}

/// Whether a ladder covers every value that misses the target.
fn begins_at_target(commitment: &Commitment, table: &CreditTable, first: &Tier<'_>) -> bool {
    let [target] = commitment.targets.as_slice() else { return false };
    if table.bands || table.using.is_some() {
        return false;
    }
    let end = match target.comparison {
        Binary::AtLeast | Binary::Greater => &first.to,
        Binary::AtMost | Binary::Less => &first.from,
        _ => return false,
    };
    let strict = matches!(target.comparison, Binary::Greater | Binary::Less);
    end.as_ref().is_some_and(|(value, within)| Some(value) == target.value.as_ref() && *within == strict)
}

/// The amount of a credit as it is computed for a commitment: with its target and what it measures in place of the words
/// for them.
pub fn spelled(commitment: &Commitment, amount: &Expr) -> Expr {
    let [target] = commitment.targets.as_slice() else { return amount.clone() };
    amount.clone().with(&|part| match part.kind {
        ExprKind::Attained => Some(target.measure.clone()),
        ExprKind::Target => match &target.value {
            Some(known) if is_whole(known) => Some(Expr::literal(known.clone(), part.span)),
            _ => Some(target.bound.clone()),
        },
        _ => None,
    })
}

/// The rows of a credit table that can apply: the range of each, what it gives, and its id.
pub fn ladder_rows(model: &Model, commitment: &Commitment, table: &CreditTable) -> Vec<(String, String, String)> {
    let rows = rows(model, commitment, table).into_iter().filter(|one| !one.empty);
    rows.map(|one| (one.range, gives(model, table, one.row), one.row.id.clone())).collect()
}

/// A row without the values that meet the target, for which a ladder gives nothing.
fn within_miss<'a>(commitment: &Commitment, table: &CreditTable, mut tier: Tier<'a>) -> Tier<'a> {
    let [target] = commitment.targets.as_slice() else { return tier };
    let Some(value) = target.value.as_ref().filter(|_| !table.bands && table.using.is_none()) else { return tier };
    // Whether the target itself misses it.
    let missed = matches!(target.comparison, Binary::Greater | Binary::Less);
    let (end, beyond) = match target.comparison {
        Binary::AtLeast | Binary::Greater => (&mut tier.to, Ordering::Greater),
        Binary::AtMost | Binary::Less => (&mut tier.from, Ordering::Less),
        _ => return tier,
    };
    let reaches = end.as_ref().is_none_or(|(end, within)| match (end.exact(), value.exact()) {
        (Some(end), Some(value)) => end.cmp(value) == beyond || (end == value && *within && !missed),
        _ => false,
    });
    if reaches {
        *end = Some((value.clone(), missed));
    }
    tier
}

/// Whether a row has no value between its ends, as one that stands at the same bound as the next.
fn is_empty(tier: &Tier<'_>) -> bool {
    let (Some((from, above)), Some((to, below))) = (&tier.from, &tier.to) else { return false };
    match (from.exact(), to.exact()) {
        (Some(from), Some(to)) => from > to || (from == to && !(*above && *below)),
        _ => false,
    }
}

fn range(tier: &Tier<'_>) -> String {
    if let (Some((from, true)), Some((to, true))) = (&tier.from, &tier.to)
        && from == to
    {
        return format!("exactly {}", value(from));
    }
    let end = |end: &Option<(Value, bool)>, within: &str, beyond: &str| {
        end.as_ref().map(|(at, inside)| format!("{} {}", if *inside { within } else { beyond }, value(at)))
    };
    let parts = [end(&tier.from, "at least", "above"), end(&tier.to, "at most", "below")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "any value".to_owned() } else { listed(&parts, "and") }
}

/// What a row gives, without its base: in parentheses where it is computed.
fn share(model: &Model, row: &CreditRow) -> String {
    match &row.value {
        None if row.gives.ty == Type::Ratio => operand_of(model, &row.gives),
        known => limit(model, &row.gives, known.as_ref()),
    }
}

/// What a row gives: a percentage of the base, or money.
fn gives(model: &Model, table: &CreditTable, row: &CreditRow) -> String {
    if row.gives.ty != Type::Ratio {
        return share(model, row);
    }
    let base = base(model, table);
    match (&row.value, &row.gives.kind) {
        (None, ExprKind::Binary { op: Binary::Multiply, left, right }) => {
            format!("{} of {base}, multiplied by {}", operand_of(model, left), operand_of(model, right))
        }
        _ => format!("{} of {base}", share(model, row)),
    }
}

/// The fee that percentages are of.
fn base(model: &Model, table: &CreditTable) -> String {
    let fee = model.fees.get(&table.base.value);
    titled(model, &fee.map_or_else(|| table.base.value.replace('_', " "), |fee| super::label(&fee.head)))
}

/// What a breach costs, in one sentence: `If it is missed, Globex Corporation is owed a service credit of 10% of the
/// monthly API fee if the uptime is at least 99% and below 99.95%, 25% if it is below 99%.` Nothing where nothing is owed.
pub fn credit_summary(model: &Model, commitment: &Commitment) -> Option<String> {
    let who = creditor(model, commitment.of.as_ref());
    let credit = commitment.credit.as_ref()?;
    let owed = match credit {
        Credit::Formula { amount, .. } => expr(model, &spelled(commitment, amount)),
        Credit::Table(table) => from_table(model, commitment, table)?,
    };
    let caps: Vec<String> = commitment
        .caps
        .iter()
        .map(|cap| {
            let per = cap.per.as_ref().map(|per| format!(" {}", window_each(per))).unwrap_or_default();
            format!("at most {}{per}", expr(model, &cap.amount))
        })
        .collect();
    let times: Vec<String> = commitment
        .times
        .iter()
        .map(|factor| format!("multiplied by {} if {}", expr(model, &factor.by), clause(model, &factor.when)))
        .collect();
    let times = if times.is_empty() { String::new() } else { format!("; {}", listed(&times, "or")) };
    let group =
        model.combinations().into_iter().find(|all| all.iter().any(|one| one.head.name == commitment.head.name));
    let combined = group.map_or_else(String::new, |all| format!("; {}", only_largest(model, &all, MOST_NAMED)));
    let capped = if caps.is_empty() { String::new() } else { format!("; {}", listed(&caps, "and")) };
    // Bands mean what they say, whether or not the target is met.
    let literal = matches!(credit, Credit::Table(table) if table.bands);
    let owed = format!("{who} is owed a service credit of {owed}{times}{capped}{combined}");
    Some(sentence(&if literal { owed } else { format!("If it is missed, {owed}") }))
}

fn from_table(model: &Model, commitment: &Commitment, table: &CreditTable) -> Option<String> {
    let looked_at = match (&table.using, commitment.targets.as_slice()) {
        (Some(using), _) => expr(model, using),
        (None, [only]) => expr(model, &only.measure),
        _ => "the attained value".to_owned(),
    };
    let (mut parts, mut said) = (Vec::new(), false);
    for (index, one) in rows(model, commitment, table).iter().filter(|row| !row.empty).enumerate() {
        // The fee is named once, and so is what the rows look at.
        let ratio = one.row.gives.ty == Type::Ratio;
        let amount = if said && ratio { share(model, one.row) } else { gives(model, table, one.row) };
        said |= ratio;
        let subject = if index == 0 { looked_at.as_str() } else { "it" };
        parts.push(if one.whole { amount } else { format!("{amount} if {subject} is {}", one.range) });
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
