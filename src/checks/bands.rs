//! Bands of a credit table: between the bands that a file transcribes there may be gaps and overlaps.

use super::amounts::shown;
use super::interval::{Cut, Interval};
use super::tiers::{Covered, Tiered, found_in_tables, gives, less, row_span, row_words};
use crate::calculus::Binary;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::model::{CreditRow, Model};
use crate::source::Span;

/// Bands leave no result that misses the target without an answer, and give none two.
pub(super) fn gaps_and_overlaps(model: &Model) -> Vec<Diagnostic> {
    found_in_tables(model, of_table)
}

fn of_table(tiered: &Tiered<'_>) -> Vec<Diagnostic> {
    let Some(mut rows) = tiered.covered().filter(|rows| !rows.is_empty()) else { return Vec::new() };
    if !tiered.table.bands {
        return late_start(tiered, &rows).into_iter().collect();
    }
    rows.sort_by(|a, b| (&a.values.from, &a.values.to).cmp(&(&b.values.from, &b.values.to)));
    let sound = rows.iter().all(|covered| !tiered.possible(covered.values.clone()).is_empty());
    rows.retain(|covered| !covered.values.is_empty());
    let mut found = overlaps(tiered, &rows);
    // A band that holds nothing has been told, and would have covered what seems to be a gap.
    if sound && tiered.otherwise().is_none() {
        found.extend(gaps(tiered, &rows));
    }
    found
}

/// A ladder has no gaps, but may begin far from the target.
fn late_start(tiered: &Tiered<'_>, rows: &[Covered<'_>]) -> Option<Diagnostic> {
    let (target, first) = (tiered.target?, rows.first()?);
    if tiered.otherwise().is_some() {
        return None;
    }
    let left = tiered.uncovered()?;
    let value = left.iter().find_map(|values| tiered.witness(values))?;
    let name = row_words(first.row);
    let near = match target.comparison {
        Binary::Greater => "at most",
        Binary::Less => "at least",
        _ if target.is_floor() => "below",
        _ => "above",
    };
    Some(
        Diagnostic::new(
            codes::GAP_IN_BANDS,
            row_span(first.row),
            format!("the credits begin at `{name}`, and results nearer to the target earn nothing"),
        )
        .primary(format!("does not cover {value}"))
        .label(target.span, "this is the target")
        .witness(format!("{value} misses the target and earns nothing"))
        .help(format!(
            "add the row `{near} target gives …`; if nothing is to be owed there, say so: `{near} target gives 0%`"
        )),
    )
}

fn overlaps(tiered: &Tiered<'_>, rows: &[Covered<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut widest: Option<&Covered<'_>> = None;
    for covered in rows {
        if let Some(before) = widest.filter(|before| before.row.id != covered.row.id) {
            let both = tiered.possible(before.values.and(&covered.values));
            if let Some(value) = tiered.witness(&both) {
                found.push(overlap(before.row, covered.row, &value));
            }
        }
        if widest.is_none_or(|before| before.values.to < covered.values.to) {
            widest = Some(covered);
        }
    }
    found
}

fn overlap(one: &CreditRow, other: &CreditRow, value: &str) -> Diagnostic {
    let (first, second) = if one.span <= other.span { (one, other) } else { (other, one) };
    let larger = if less(first, second) { second } else { first };
    let finding = Diagnostic::new(
        codes::OVERLAP_IN_BANDS,
        second.span,
        format!("the bands `{}` and `{}` overlap", row_words(first), row_words(second)),
    )
    .primary(format!("gives {}", gives(second)))
    .label(first.span, format!("gives {}", gives(first)))
    .witness(format!("{value} falls into both; the larger credit counts, {}", gives(larger)))
    .help("end each band where the next begins");
    match limit(first, second) {
        Some(fix) => finding.fix(fix),
        None => finding,
    }
}

/// Where a half-open band holds another on the same side that gives more, ending it there changes no credit.
fn limit(first: &CreditRow, second: &CreditRow) -> Option<Fix> {
    let (outer, inner) = if less(first, second) { (first, second) } else { (second, first) };
    let ([outer_end], [inner_end]) = (outer.bounds.as_slice(), inner.bounds.as_slice()) else { return None };
    if outer_end.side.is_upper() != inner_end.side.is_upper() || !less(outer, inner) {
        return None;
    }
    // Ends at one value would leave the outer band at most that value.
    if outer_end.value.as_ref()?.exact() == inner_end.value.as_ref()?.exact() {
        return None;
    }
    use crate::model::Side::{Above, AtLeast, AtMost, Below};
    let side = match inner_end.side {
        Below => AtLeast,
        AtMost => Above,
        Above => AtMost,
        AtLeast => Below,
    };
    let words = format!("{} {}", side.as_str(), shown(inner_end.value.as_ref()?));
    let place = Span::new(outer_end.span.file, outer_end.span.end, outer_end.span.end);
    Some(Fix::replace(format!("add `and {words}`"), place, format!(" and {words}")))
}

fn gaps(tiered: &Tiered<'_>, rows: &[Covered<'_>]) -> Vec<Diagnostic> {
    let Some(missed) = tiered.target.and_then(Interval::missed) else { return Vec::new() };
    let missed = tiered.possible(missed);
    let mut found = Vec::new();
    let mut reached: (Cut, Option<&Covered<'_>>) = (missed.from.clone(), None);
    for covered in rows {
        let gap = Interval { from: reached.0.clone(), to: covered.values.from.clone() };
        found.extend(gap_between(tiered, reached.1, Some(covered), &gap.and(&missed)));
        if covered.values.to > reached.0 {
            reached = (covered.values.to.clone(), Some(covered));
        }
    }
    let rest = Interval { from: reached.0, to: missed.to.clone() };
    found.extend(gap_between(tiered, reached.1, None, &rest.and(&missed)));
    found
}

fn gap_between(
    tiered: &Tiered<'_>,
    before: Option<&Covered<'_>>,
    after: Option<&Covered<'_>>,
    gap: &Interval,
) -> Option<Diagnostic> {
    let value = tiered.witness(gap)?;
    let exactly = if gap.is_point() { "exactly " } else { "" };
    let (place, others) = match (before, after) {
        (Some(one), Some(other)) => (row_span(other.row), Some(one.row)),
        (Some(one), None) | (None, Some(one)) => (row_span(one.row), None),
        (None, None) => (tiered.table.span, None),
    };
    let message = match (before, after) {
        (Some(one), Some(other)) => {
            format!("there is a gap between the bands `{}` and `{}`", row_words(one.row), row_words(other.row))
        }
        (Some(one), None) | (None, Some(one)) => {
            format!("the bands end at `{}`, and further misses earn nothing", row_words(one.row))
        }
        (None, None) => "the table has no bands".to_owned(),
    };
    let finding = Diagnostic::new(codes::GAP_IN_BANDS, place, message)
        .primary(format!("does not cover {exactly}{value}"))
        .witness(format!("{exactly}{value} misses the target and earns nothing"))
        .help("let one of the bands include it, or write the table without `as bands`, which leaves no gap");
    Some(match others {
        Some(row) => finding.label(row_span(row), format!("nor does this band cover {exactly}{value}")),
        None => finding,
    })
}
