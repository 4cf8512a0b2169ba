//! Credit tables: rows in order, in one direction, each of use.

use super::amounts::shown;
use super::interval::{Cut, Interval};
use super::options::{named, with_row};
use super::targets;
use crate::calculus::{ExprKind, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Bound, Commitment, Credit, CreditRow, CreditTable, Model, Target};
use crate::source::Span;
use crate::values::Exact;

/// A commitment with its credit table and, where the rows look at what one of its targets measures, that target.
#[derive(Clone, Copy)]
pub(super) struct Tiered<'a> {
    pub commitment: &'a Commitment,
    pub table: &'a CreditTable,
    pub target: Option<&'a Target>,
    /// The amount of the fee, where the file states one above zero.
    pub fee: Option<&'a Exact>,
}

/// A row with the values that it covers; `otherwise` covers what is left over, and is no such row.
pub(super) struct Covered<'a> {
    pub row: &'a CreditRow,
    pub values: Interval,
}

/// What is found in credit tables, each looked at by itself.
pub(super) fn found_in_tables(model: &Model, look: impl Fn(&Tiered<'_>) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    named(tables(model).map(|tiered| (tiered.commitment, look(&tiered))).collect())
}

/// Every credit table of which all rows are understood, and whose target can be missed.
pub(super) fn tables(model: &Model) -> impl Iterator<Item = Tiered<'_>> {
    model.commitments.iter().filter_map(|commitment| {
        let Some(Credit::Table(table)) = &commitment.credit else { return None };
        let fee = model.fees.get(&table.base.value).and_then(|fee| fee.exact.as_ref()?.exact());
        let fee = fee.filter(|fee| fee.signum() > 0);
        let using = table.using.as_ref().map(ToString::to_string);
        let looked_at = |target: &&Target| using.as_ref().is_none_or(|using| target.measure.to_string() == *using);
        let mut found = commitment.targets.iter().filter(looked_at);
        let target = found.next().filter(|_| found.next().is_none());
        let understood = table.rows.iter().all(|row| !row.bounds.iter().any(|bound| bound.limit.is_poison()));
        let missed = target.is_none_or(|target| !targets::is_never_missed(model, target));
        (understood && missed && !commitment.head.poisoned).then_some(Tiered { commitment, table, target, fee })
    })
}

impl<'a> Tiered<'a> {
    /// The bounds that say in which direction each row of a ladder looks.
    pub(super) fn sides(&self) -> impl Iterator<Item = (&'a CreditRow, &'a Bound)> {
        self.table.rows.iter().filter_map(|row| Some((row, row.bounds.first()?)))
    }

    /// Whether lower values are worse: the rows of a ladder say it, the target of bands.
    fn falling(&self) -> Option<bool> {
        if !self.table.bands {
            let mut sides = self.sides().map(|(_, bound)| bound.side.is_upper());
            let first = sides.next()?;
            let with_target = self.target.is_none_or(|target| target.is_floor() == first);
            return (with_target && sides.all(|side| side == first)).then_some(first);
        }
        self.target.map(Target::is_floor)
    }

    /// The rows with their values, the best values first; nothing if the direction is not clear.
    pub(super) fn covered(&self) -> Option<Vec<Covered<'a>>> {
        let falling = self.falling()?;
        let tiers = self.commitment.tiers();
        let mut all: Vec<Covered<'a>> =
            tiers.iter().filter_map(|tier| Some(Covered { row: tier.row, values: Interval::of_tier(tier)? })).collect();
        if all.len() != self.table.rows.iter().filter(|row| !row.bounds.is_empty()).count() {
            return None;
        }
        all.sort_by(|a, b| {
            let up = (&a.values.from, &a.values.to).cmp(&(&b.values.from, &b.values.to));
            if falling { up.reverse() } else { up }
        });
        Some(all)
    }

    /// A value in the interval, in the type of what the rows look at.
    pub(super) fn witness(&self, values: &Interval) -> Option<String> {
        let bound = self.table.rows.iter().flat_map(|row| &row.bounds).find_map(|bound| bound.value.as_ref())?;
        values.inside(&bound.ty()).map(|value| shown(&value))
    }

    /// Whether the first credit is less than the second; false if they cannot be compared.
    pub(super) fn less(&self, first: &CreditRow, second: &CreditRow) -> bool {
        self.paid(first).zip(self.paid(second)).map_or_else(|| less(first, second), |(a, b)| a < b)
    }

    /// How much money a row gives, where the file states it.
    pub(super) fn paid(&self, row: &CreditRow) -> Option<Exact> {
        match row.whole.as_ref()? {
            Value::Ratio(part) => Some(&part.0 * self.fee?),
            Value::Money(money) => Some(money.amount.clone()),
            _ => None,
        }
    }

    /// The row for all values that no other row covers.
    pub(super) fn otherwise(&self) -> Option<&'a CreditRow> {
        self.table.rows.iter().find(|row| row.bounds.is_empty())
    }

    /// The possible values that no row covers, from the lowest to the highest; a ladder knows only those that miss the
    /// target. Nothing if that is not clear.
    pub(super) fn uncovered(&self) -> Option<Vec<Interval>> {
        let whole = match (self.table.bands, self.target) {
            (true, _) => Interval { from: Cut::Lowest, to: Cut::Highest },
            (false, target) => Interval::missed(target?)?,
        };
        let whole = self.possible(whole);
        let mut rows = self.covered()?;
        rows.retain(|covered| !covered.values.is_empty());
        rows.sort_by(|a, b| (&a.values.from, &a.values.to).cmp(&(&b.values.from, &b.values.to)));
        let (mut left, mut reached) = (Vec::new(), whole.from.clone());
        for covered in &rows {
            left.push(Interval { from: reached.clone(), to: covered.values.from.clone() }.and(&whole));
            reached = reached.max(covered.values.to.clone());
        }
        left.push(Interval { from: reached, to: whole.to.clone() }.and(&whole));
        left.retain(|values| !values.is_empty());
        Some(left)
    }

    pub(super) fn possible(&self, values: Interval) -> Interval {
        match self.table.rows.iter().flat_map(|row| &row.bounds).find_map(|bound| bound.value.as_ref()) {
            Some(value) => values.possible(&value.ty()),
            None => values,
        }
    }
}

/// A bound in the words of the file: `below target`, `at most 99.0%`.
fn words(bound: &Bound) -> String {
    let limit = match (&bound.limit.kind, &bound.value) {
        (ExprKind::Target, _) => "target".to_owned(),
        (ExprKind::Constant(name), _) => name.clone(),
        (_, Some(value)) => shown(value),
        _ => "…".to_owned(),
    };
    format!("{} {limit}", bound.side.as_str())
}

/// A row's bounds in the words of the file.
pub(super) fn row_words(row: &CreditRow) -> String {
    match row.bounds.as_slice() {
        [] => "otherwise".to_owned(),
        bounds => bounds.iter().map(words).collect::<Vec<_>>().join(" and "),
    }
}

/// Where a row's bounds stand.
pub(super) fn row_span(row: &CreditRow) -> Span {
    let mut spans = row.bounds.iter().map(|bound| bound.span);
    match spans.next() {
        Some(first) => spans.fold(first, Span::to),
        None => row.span,
    }
}

/// Whether a row is known to give nothing.
pub(super) fn gives_nothing(row: &CreditRow) -> bool {
    row.whole.as_ref().and_then(Value::exact).is_some_and(Exact::is_zero)
}

pub(super) fn gives(row: &CreditRow) -> String {
    row.whole.as_ref().map_or("a credit".to_owned(), shown)
}

/// Whether the first credit is less than the second; false if they cannot be compared.
pub(super) fn less(first: &CreditRow, second: &CreditRow) -> bool {
    match (&first.value, &second.value) {
        (Some(a), Some(b)) if a.ty() == b.ty() => a.exact() < b.exact(),
        _ => false,
    }
}

/// The rows of a ladder all look in the direction in which the target is missed.
pub(super) fn directions(model: &Model) -> Vec<Diagnostic> {
    found_in_tables(model, |tiered| direction(tiered).filter(|_| !tiered.table.bands).into_iter().collect())
}

fn direction(tiered: &Tiered<'_>) -> Option<Diagnostic> {
    let (_, first) = tiered.sides().next()?;
    let other = tiered.sides().find(|(_, bound)| bound.side.is_upper() != first.side.is_upper());
    if let Some((_, other)) = other {
        let finding = Diagnostic::new(
            codes::MIXED_DIRECTIONS,
            other.span,
            format!("`{}` and `{}` stand in one credit table", words(first), words(other)),
        );
        let help = "in one table, use `below` and `at most` if a lower result is worse, `above` and `at least` if a \
                    higher one is";
        return Some(finding.primary("this row looks the other way").label(first.span, "this row").help(help));
    }
    let target = tiered.target?;
    if Interval::missed(target).is_none() || target.is_floor() == first.side.is_upper() {
        return None;
    }
    let (missed, instead) = if target.is_floor() { ("below", "`below`") } else { ("above", "`above`") };
    let bound = target.value.as_ref().map_or_else(String::new, |value| format!(" {}", shown(value)));
    Some(
        Diagnostic::new(
            codes::MIXED_DIRECTIONS,
            first.span,
            format!("`{}` looks away from the results that miss the target", words(first)),
        )
        .primary(format!("the target is missed {missed} it"))
        .label(target.span, "this is the target")
        .witness(format!("a result{bound} meets the target, and every result further on in this direction does too"))
        .help(format!("write the rows with {instead}")),
    )
}

/// A worse result never earns less than a better one.
pub(super) fn order(model: &Model) -> Vec<Diagnostic> {
    found_in_tables(model, |tiered| out_of_order(model, tiered))
}

fn out_of_order(model: &Model, tiered: &Tiered<'_>) -> Vec<Diagnostic> {
    let mut rows = tiered.covered().unwrap_or_default();
    // A ladder pays nothing for results that meet the target, whatever its rows cover.
    if let Some(missed) = tiered.target.filter(|_| !tiered.table.bands).and_then(Interval::missed) {
        rows.iter_mut().for_each(|covered| covered.values = covered.values.and(&missed));
    }
    rows.retain(|covered| !covered.values.is_empty());
    let pairs = rows.iter().zip(rows.iter().skip(1));
    let wrong = pairs
        .filter(|(better, worse)| better.values.and(&worse.values).is_empty() && tiered.less(worse.row, better.row));
    wrong.map(|(better, worse)| smaller(model, tiered, better, worse)).collect()
}

/// That the credit for worse results is less than that for better ones.
fn smaller(model: &Model, tiered: &Tiered<'_>, better: &Covered<'_>, worse: &Covered<'_>) -> Diagnostic {
    let (more, fewer) = (gives(better.row), gives(worse.row));
    let message = format!("`{}` gives {fewer}, less than a better result earns", row_words(worse.row));
    let mut finding = Diagnostic::new(codes::TIERS_OUT_OF_ORDER, worse.row.span, message)
        .primary("a worse result, and a smaller credit")
        .label(better.row.span, format!("a better result earns {more}"))
        .help("let the credits grow from the best result to the worst");
    let witness = |covered: &Covered<'_>| tiered.witness(&tiered.possible(covered.values.clone()));
    if let (Some(good), Some(bad)) = (witness(better), witness(worse)) {
        finding = finding.witness(format!("a result of {good} earns {more}, and {bad} earns only {fewer}"));
    }
    with_row(model, with_row(model, finding, &better.row.gives), &worse.row.gives)
}

/// What is missed by several targets, where a row or a warning does not say of which of them it speaks.
pub(super) fn of_several_targets(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in model.commitments.iter().filter(|commitment| !commitment.head.poisoned) {
        let Some(first) = commitment.targets.first() else { continue };
        let measure = first.measure.to_string();
        let Some(other) = commitment.targets.iter().find(|target| target.measure.to_string() != measure) else {
            continue;
        };
        let place = match &commitment.credit {
            Some(Credit::Table(table)) if table.using.is_none() => {
                let bound = table.rows.iter().find_map(|row| row.bounds.first());
                bound.map(|bound| {
                    (
                        bound.span,
                        words(bound),
                        format!("name it: `credit of {} using {measure} {{ … }}`", table.base.value),
                    )
                })
            }
            _ => None,
        };
        let warn = commitment.warn.as_ref().map(|warn| {
            (warn.span, format!("warn {}", words(warn)), "write one commitment for each of the targets".to_owned())
        });
        for (span, what, help) in place.into_iter().chain(warn) {
            found.push(
                Diagnostic::new(
                    codes::WRONG_ARGUMENT,
                    span,
                    format!("`{what}` does not say which of the targets it is about"),
                )
                .primary(format!("of `{measure}`, or of `{}`?", other.measure))
                .label(first.span, "one target")
                .label(other.span, "another one")
                .help(help),
            );
        }
    }
    found
}
