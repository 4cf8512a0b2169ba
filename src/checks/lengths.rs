//! Amounts of time that are no time at all, or longer than anybody's life, and fixed ones that stand for a month.

use crate::calculus::{Binary, Expr, ExprKind, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Announcement, Deadline, Every, Model, Recurrence};
use crate::source::Span;
use crate::values::{Amount, Duration, Exact};
use std::collections::BTreeSet;

/// A longer amount of time is a slip: more than a hundred years, in seconds.
const LONGEST: i64 = 100 * 366 * 86_400;

/// Rhythms, deadlines and terms have a length, and end while somebody remembers them. A step may come at once, and no data
/// may be lost: those can be zero.
pub(super) fn no_length(model: &Model) -> Vec<Diagnostic> {
    let mut all: Vec<(&Amount, Span)> = Vec::new();
    all.extend(recurrences(model).into_iter().filter_map(|every| match &every.every {
        Every::Amount(amount) => Some((amount, every.span)),
        Every::Window(_) => None,
    }));
    all.extend(deadlines(model).into_iter().map(|deadline| (&deadline.amount, deadline.span)));
    all.extend(model.recoveries.iter().filter_map(|one| one.rto.as_ref()).map(|rto| (&rto.value, rto.span)));
    all.extend(
        model
            .records
            .iter()
            .flat_map(|one| &one.keep)
            .filter_map(|kept| kept.period.as_ref())
            .map(|term| (&term.value, term.span)),
    );
    all.extend(model.agreement.renews.iter().map(|renews| (&renews.every, renews.span)));
    all.extend(announcements(model).into_iter().map(|announce| (&announce.amount, announce.span)));
    let zero = |span: Span| {
        Diagnostic::new(codes::OUT_OF_RANGE, span, "the amount of time is zero")
            .primary("no time at all")
            .help("write a length above zero, or delete the line")
    };
    let endless = |span: Span| {
        Diagnostic::new(codes::OUT_OF_RANGE, span, "the amount of time is longer than a hundred years")
            .primary("nobody waits that long")
            .help("write the length that is meant; what never ends is left out")
    };
    let signals = model.signals.iter().filter_map(|signal| signal.every.as_ref());
    let mut found: Vec<Diagnostic> =
        signals.filter(|every| every.value.is_zero()).map(|every| zero(every.span)).collect();
    for (amount, span) in all {
        if amount.is_zero() {
            found.push(zero(span));
        } else if amount.approximate_seconds().0 > Exact::from_int(LONGEST) {
            found.push(endless(span));
        }
    }
    found
}

/// Figures that are shares of months of different lengths, such as `1% of 720h` and `0.1% of 730h`: the one is no such share
/// of the month of the other, and neither is one of a month as it is measured.
pub(super) fn months(model: &Model) -> Vec<Diagnostic> {
    let mut found: Vec<(&Duration, Span)> = Vec::new();
    for whole in model.expressions() {
        whole.walk(&mut |part| found.extend(share_of_month(part).map(|month| (month, part.span))));
    }
    let Some((first, at)) = found.first().copied() else { return Vec::new() };
    // What differs by options stands once in the file.
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    let others = found.into_iter().filter(|(month, _)| *month != first);
    let told = others.filter(|(_, span)| seen.insert(*span)).map(|(month, span)| {
        Diagnostic::new(codes::MONTHS_DIFFER, span, format!("`{first}` and `{month}` both stand for a month"))
            .primary(format!("a share of `{month}`"))
            .label(at, format!("a share of `{first}`"))
            .help("take one length for both, or the share of the month that is measured, for example `0.1% * window`")
    });
    told.collect()
}

/// The fixed length of which an expression is a share, where it is as long as some month: 28 to 31 days.
fn share_of_month(expr: &Expr) -> Option<&Duration> {
    let ExprKind::Binary { op: Binary::Multiply | Binary::Of, left, right } = &expr.kind else { return None };
    let length = match (&left.kind, &right.kind) {
        (ExprKind::Literal(Value::Ratio(_)), ExprKind::Literal(Value::Duration(length)))
        | (ExprKind::Literal(Value::Duration(length)), ExprKind::Literal(Value::Ratio(_))) => length,
        _ => return None,
    };
    let days = |days: i64| Exact::from_int(days * 24 * 3_600);
    (*length.seconds() >= days(28) && *length.seconds() <= days(31)).then_some(length)
}

fn announcements(model: &Model) -> Vec<&Announcement> {
    let mut all: Vec<&Announcement> = Vec::new();
    all.extend(model.maintenances.iter().filter_map(|one| one.announce.as_ref()));
    all.extend(model.duties.iter().filter_map(|one| one.announce.as_ref()));
    all.extend(model.amendments.iter().filter_map(|one| one.announce.as_ref()));
    all.extend(model.audits.iter().filter_map(|one| one.announce.as_ref()));
    all.extend(model.commitments.iter().flat_map(|one| &one.terminate).filter_map(|right| right.announce.as_ref()));
    all
}

fn recurrences(model: &Model) -> Vec<&Recurrence> {
    let mut all: Vec<&Recurrence> = Vec::new();
    all.extend(model.duties.iter().filter_map(|one| one.every.as_ref()));
    all.extend(model.reports.iter().filter_map(|one| one.every.as_ref()));
    all.extend(model.meetings.iter().filter_map(|one| one.every.as_ref()));
    all.extend(model.reviews.iter().filter_map(|one| one.every.as_ref()));
    all.extend(model.audits.iter().filter_map(|one| one.every.as_ref()));
    all.extend(model.notices.iter().filter_map(|one| one.update.as_ref()));
    all.extend(model.recoveries.iter().filter_map(|one| one.test.as_ref()));
    all.extend(model.supports.iter().flat_map(|one| &one.priorities).filter_map(|one| one.update.as_ref()));
    all
}

fn deadlines(model: &Model) -> Vec<&Deadline> {
    let mut all: Vec<&Deadline> = Vec::new();
    for priority in model.supports.iter().flat_map(|support| &support.priorities) {
        all.extend(priority.respond.iter().chain(&priority.work_around).chain(&priority.resolve));
    }
    for commitment in &model.commitments {
        all.extend(commitment.claim.iter().filter_map(|claim| claim.within.as_ref()));
        all.extend(commitment.decide.iter().filter_map(|decide| decide.within.as_ref()));
        all.extend(commitment.terminate.iter().flat_map(|right| right.within.iter().chain(&right.cure)));
    }
    all.extend(model.duties.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.reports.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.notices.iter().filter_map(|one| one.within.as_ref()));
    all.extend(model.disputes.iter().flat_map(|one| &one.steps).filter_map(|step| step.within.as_ref()));
    all
}
