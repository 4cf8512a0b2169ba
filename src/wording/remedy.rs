//! What a missed commitment costs.

use super::{creditor, expr, listed, value, window_each};
use crate::calculus::Expr;
use crate::model::{Bound, Commitment, Credit, CreditRow, CreditTable, Model, Side, Tier};

/// One bound in words: `below 99%`.
fn bound(model: &Model, bound: &Bound) -> String {
    let words = match bound.side {
        Side::Below => "below",
        Side::AtMost => "at most",
        Side::Above => "above",
        Side::AtLeast => "at least",
    };
    let limit = bound.value.as_ref().map_or_else(|| expr(model, &bound.limit), value);
    format!("{words} {limit}")
}

/// The values to which a row of a credit table applies, as it is written: `below 99%`.
pub fn row_range(model: &Model, row: &CreditRow) -> String {
    let bounds: Vec<String> = row.bounds.iter().map(|one| bound(model, one)).collect();
    if bounds.is_empty() { "any other value".to_owned() } else { listed(&bounds, "and") }
}

/// The rows of a credit table from the mildest to the worst, each with the whole range to which it applies and what it
/// gives: `at least 95% and below 99%`.
pub fn ladder_rows(model: &Model, commitment: &Commitment, table: &CreditTable) -> Vec<(String, String, String)> {
    let tiers = commitment.tiers();
    let gives = |row: &CreditRow| gives(model, table, row);
    if tiers.len() == table.rows.len() {
        return tiers.iter().map(|tier| (range(tier), gives(tier.row), tier.row.id.clone())).collect();
    }
    table.rows.iter().map(|row| (row_range(model, row), gives(row), row.id.clone())).collect()
}

fn range(tier: &Tier<'_>) -> String {
    let lower = tier.from.as_ref().map(|(end, within)| {
        if *within { format!("at least {}", value(end)) } else { format!("above {}", value(end)) }
    });
    let upper = tier
        .to
        .as_ref()
        .map(|(end, within)| if *within { format!("at most {}", value(end)) } else { format!("below {}", value(end)) });
    let parts: Vec<String> = lower.into_iter().chain(upper).collect();
    if parts.is_empty() { "any value".to_owned() } else { listed(&parts, "and") }
}

/// What a row gives: a percentage of the base, or money.
fn gives(model: &Model, table: &CreditTable, row: &CreditRow) -> String {
    let amount = amount(model, &row.gives, row.value.as_ref());
    if row.gives.ty == crate::calculus::Type::Ratio { format!("{amount} of {}", base(model, table)) } else { amount }
}

fn amount(model: &Model, gives: &Expr, known: Option<&crate::calculus::Value>) -> String {
    known.map_or_else(|| expr(model, gives), value)
}

fn base(model: &Model, table: &CreditTable) -> String {
    let fee = model.fees.get(&table.base.value);
    let title = fee.map_or_else(|| table.base.value.replace('_', " "), |fee| super::label(&fee.head));
    format!("the {}", super::lowered(model, &title))
}

/// What a breach costs, in one sentence: `If it is missed, Globex Corporation is owed a service credit of 10% of the
/// monthly API fee; below 99% it is 25%.` Nothing where nothing is owed.
pub fn credit_summary(model: &Model, commitment: &Commitment) -> Option<String> {
    let who = creditor(model, commitment.of.as_ref());
    let owed = match commitment.credit.as_ref()? {
        Credit::Formula { amount, .. } => format!("of {}", expr(model, amount)),
        Credit::Table(table) => {
            let rows: Vec<String> = if commitment.tiers().len() == table.rows.len() {
                commitment
                    .tiers()
                    .iter()
                    .map(|tier| {
                        format!("{} at {}", amount(model, &tier.row.gives, tier.row.value.as_ref()), range(tier))
                    })
                    .collect()
            } else {
                let rows = table.rows.iter();
                rows.map(|row| format!("{} {}", amount(model, &row.gives, row.value.as_ref()), row_range(model, row)))
                    .collect()
            };
            let ratio = table.rows.iter().any(|row| row.gives.ty == crate::calculus::Type::Ratio);
            let of = if ratio { format!(" of {}", base(model, table)) } else { String::new() };
            match rows.as_slice() {
                [] => return None,
                [_] => {
                    let only = table.rows.first().map(|row| amount(model, &row.gives, row.value.as_ref()));
                    format!("of {}{of}", only.unwrap_or_default())
                }
                _ => format!("{of}: {}", listed(&rows, "and")).trim_start().to_owned(),
            }
        }
    };
    let caps: Vec<String> = commitment
        .caps
        .iter()
        .map(|cap| {
            let per = cap.per.as_ref().map(|per| format!(" {}", window_each(per))).unwrap_or_default();
            format!("at most {}{per}", expr(model, &cap.amount))
        })
        .collect();
    let capped = if caps.is_empty() { String::new() } else { format!(", {}", listed(&caps, "and")) };
    let owed = owed.trim_start_matches(": ");
    Some(format!("If it is missed, {who} is owed a service credit {owed}{capped}."))
}
