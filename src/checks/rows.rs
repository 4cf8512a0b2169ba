//! Rows of credit tables against the target: those that can never apply, and those that pay though it is met.

use super::amounts::shown;
use super::interval::Interval;
use super::tiers::{Covered, Tiered, found_in_tables, gives, gives_nothing, row_span, row_words};
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CreditRow, Model, Target};

/// Rows that can never apply, and rows that cover results that meet the target.
pub(super) fn against_target(model: &Model) -> Vec<Diagnostic> {
    found_in_tables(model, of_table)
}

fn of_table(tiered: &Tiered<'_>) -> Vec<Diagnostic> {
    let mut found = twins(tiered);
    found.extend(never_pays(tiered));
    found.extend(otherwise(tiered));
    let Some(rows) = tiered.covered() else { return found };
    found.extend(rows.iter().filter_map(|covered| impossible(tiered, covered)));
    let Some(target) = tiered.target else { return found };
    let (Some(missed), Some(met)) = (Interval::missed(target), Interval::met(target)) else { return found };
    // A ladder pays where any of several targets is missed: what meets one of them may be paid for another.
    let sole = tiered.commitment.targets.len() == 1;
    for covered in rows.iter().filter(|covered| !covered.values.is_empty()) {
        if tiered.table.bands {
            found.extend(band_though_met(tiered, covered, &met, target));
        } else if sole {
            found.extend(rung_though_met(tiered, covered, &missed, &met, target));
        }
    }
    found
}

/// Two rows of a ladder at one value, the second of which says it in other words: `below target` and `below 99.9%`.
fn twins(tiered: &Tiered<'_>) -> Vec<Diagnostic> {
    if tiered.table.bands {
        return Vec::new();
    }
    let mut seen: std::collections::BTreeMap<_, &CreditRow> = std::collections::BTreeMap::new();
    let mut found = Vec::new();
    for (row, bound) in tiered.sides() {
        let Some(number) = bound.value.as_ref().and_then(Value::exact) else { continue };
        let first = *seen.entry((number.clone(), bound.side)).or_insert(row);
        // Rows that say it in the same words are told as one that stands twice.
        if first.id == row.id {
            continue;
        }
        found.push(
            Diagnostic::new(
                codes::DEAD_TIER,
                row.span,
                format!("the rows `{}` and `{}` stand at one value", row_words(first), row_words(row)),
            )
            .primary(format!("gives {} for the same results", gives(row)))
            .label(first.span, format!("gives {}", gives(first)))
            .help("delete the row that is not meant, or give it a bound of its own"),
        );
    }
    found
}

/// A table of which no row gives anything. A single row that does says on purpose that it gives nothing.
fn never_pays(tiered: &Tiered<'_>) -> Option<Diagnostic> {
    let first = tiered.table.rows.first()?;
    tiered.table.rows.iter().all(gives_nothing).then(|| {
        Diagnostic::new(codes::DEAD_TIER, tiered.table.span, "the credit table never pays anything")
            .primary("all its rows give nothing")
            .label(first.gives.span, format!("gives {}", gives(first)))
            .help("say what is owed, such as `gives 10%`, or delete the table")
    })
}

/// A row that holds no value. That of a ladder which holds none between its ends stands at another's value.
fn impossible(tiered: &Tiered<'_>, covered: &Covered<'_>) -> Option<Diagnostic> {
    if !tiered.possible(covered.values.clone()).is_empty() {
        return None;
    }
    if !tiered.table.bands && covered.values.is_empty() {
        return None;
    }
    let name = row_words(covered.row);
    let what = if tiered.table.bands { "band" } else { "row" };
    let (primary, help) = if covered.values.is_empty() {
        ("no value lies between its ends", "exchange the two values, or mend the one that is not meant")
    } else {
        ("no result can lie in it", "mend the bound, or delete the row")
    };
    let finding =
        Diagnostic::new(codes::DEAD_TIER, row_span(covered.row), format!("the {what} `{name}` can never apply"));
    Some(finding.primary(primary).help(help))
}

/// `otherwise` where the other rows leave nothing to it, or results that meet the target.
fn otherwise(tiered: &Tiered<'_>) -> Option<Diagnostic> {
    let row = tiered.otherwise()?;
    let left = tiered.uncovered()?;
    if left.is_empty() {
        let covered = if tiered.table.bands { "every result" } else { "every result that misses the target" };
        let finding = Diagnostic::new(codes::DEAD_TIER, row.span, "the row `otherwise` can never apply")
            .primary(format!("the rows above cover {covered}"));
        return Some(finding.help("delete it: `otherwise` stands for the results that no other row covers"));
    }
    let target = tiered.target.filter(|_| !gives_nothing(row))?;
    let met = Interval::met(target)?;
    let value = left.iter().find_map(|values| tiered.witness(&values.and(&met)))?;
    Some(
        Diagnostic::new(
            codes::CREDIT_THOUGH_MET,
            row.span,
            "the row `otherwise` pays for results that meet the target",
        )
        .primary("stands for every result that no other row covers")
        .label(target.span, "this is the target")
        .witness(format!("{value} meets the target and earns {}", gives(row)))
        .help("write a band for the results that are meant, or `otherwise gives 0%`"),
    )
}

fn rung_though_met(
    tiered: &Tiered<'_>,
    covered: &Covered<'_>,
    missed: &Interval,
    met: &Interval,
    target: &Target,
) -> Option<Diagnostic> {
    let said = covered.values.and(met);
    if said.is_empty() || covered.values.is_empty() {
        return None;
    }
    let witness = tiered.witness(&tiered.possible(said));
    let name = row_words(covered.row);
    let finding = if covered.values.and(missed).is_empty() {
        Diagnostic::new(codes::DEAD_TIER, covered.row.span, format!("the row `{name}` can never apply"))
            .primary("covers only results that meet the target")
            .help("delete the row, or move it to the other side of the target")
    } else {
        Diagnostic::new(
            codes::CREDIT_THOUGH_MET,
            covered.row.span,
            format!("the row `{name}` promises a credit for results that meet the target"),
        )
        .primary("reaches beyond the target")
        .help(format!("a credit is owed only if the target is missed: write `{} target`", side_word(target)))
    };
    let finding = finding.label(target.span, "this is the target");
    Some(match witness {
        Some(value) => finding.witness(format!("a result of {value} meets the target, so that nothing is owed")),
        None => finding,
    })
}

fn side_word(target: &Target) -> &'static str {
    if target.is_floor() { "below" } else { "above" }
}

fn band_though_met(tiered: &Tiered<'_>, covered: &Covered<'_>, met: &Interval, target: &Target) -> Option<Diagnostic> {
    // Published tables list what earns nothing.
    if gives_nothing(covered.row) {
        return None;
    }
    let paid = tiered.possible(covered.values.and(met));
    let value = tiered.witness(&paid)?;
    let exactly = if paid.is_point() { "exactly " } else { "" };
    Some(
        Diagnostic::new(
            codes::CREDIT_THOUGH_MET,
            covered.row.span,
            format!("the band `{}` pays for a result that meets the target", row_words(covered.row)),
        )
        .primary(format!("covers {exactly}{value}"))
        .label(target.span, "this is the target")
        .witness(format!("{exactly}{value} meets the target and earns {}", gives(covered.row)))
        .help(format!("end the band at the target: write `{}` there", edge_words(target))),
    )
}

/// How a band ends just where the target is missed.
fn edge_words(target: &Target) -> String {
    use crate::calculus::Binary::{AtLeast, AtMost, Greater};
    let bound = target.value.as_ref().map_or("target".to_owned(), shown);
    let side = match target.comparison {
        AtLeast => "below",
        Greater => "at most",
        AtMost => "above",
        _ => "at least",
    };
    format!("{side} {bound}")
}
