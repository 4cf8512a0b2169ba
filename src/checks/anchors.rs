//! The days on which billing months and fiscal years are said to begin are those of some period.

use super::clocks::counted;
use crate::calculus::{ExprKind, Slice};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Every, Model};
use crate::source::Span;
use crate::values::{Amount, Window, WindowKind};

/// Every stated day has periods that begin on it.
pub(super) fn idle(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let billing = agreement.billing_day.as_ref().map(|day| (day.span, WindowKind::Billing, "month"));
    let fiscal = agreement.fiscal_start.as_ref().map(|day| (day.span, WindowKind::Fiscal, "year"));
    let stated: Vec<(Span, WindowKind, &str)> = billing.into_iter().chain(fiscal).collect();
    if stated.is_empty() {
        return Vec::new();
    }
    let used = kinds(model);
    let idle = stated.into_iter().filter(|(_, kind, _)| !used.contains(kind));
    idle.map(|(span, kind, unit)| {
        Diagnostic::new(codes::IDLE_CLAUSE, span, format!("nothing is judged, paid or due in {kind} periods"))
            .primary("there is no period that it is about")
            .help(format!("judge something `per {kind} {unit}`, or delete the line"))
    })
    .collect()
}

/// Which kinds of periods occur anywhere in an agreement.
fn kinds(model: &Model) -> Vec<WindowKind> {
    let mut windows: Vec<&Window> = Vec::new();
    for expr in model.expressions() {
        expr.walk(&mut |part| {
            if let ExprKind::Apply { slice, over, .. } = &part.kind {
                windows.extend(over);
                windows.extend(slice.iter().filter_map(|slice| match slice {
                    Slice::Window(window) => Some(window),
                    _ => None,
                }));
            }
        });
    }
    let commitments = || model.commitments.iter();
    windows.extend(commitments().flat_map(|one| &one.targets).map(|target| &target.window));
    windows.extend(model.fees.iter().filter_map(|fee| fee.per.as_ref()));
    let caps = model.agreement.caps.iter().chain(commitments().flat_map(|one| &one.caps));
    windows.extend(caps.filter_map(|cap| cap.per.as_ref()));
    windows.extend(model.maintenances.iter().filter_map(|one| one.budget.as_ref()).map(|budget| &budget.per));
    windows.extend(model.recurrences().filter_map(|recurrence| match &recurrence.every {
        Every::Window(window) => Some(window),
        Every::Amount(_) => None,
    }));
    let mut amounts: Vec<&Amount> = counted(model).into_iter().filter_map(|one| one.amount).collect();
    if let Some(renewal) = &model.agreement.renews {
        amounts.extend([&renewal.every].into_iter().chain(renewal.unless_cancelled.iter().map(|(notice, _)| notice)));
    }
    amounts.extend(
        model.records.iter().flat_map(|records| &records.keep).filter_map(|kept| Some(&kept.period.as_ref()?.value)),
    );
    let of_amounts = amounts.into_iter().filter_map(|amount| match amount {
        Amount::Windows { kind, .. } => Some(*kind),
        _ => None,
    });
    windows.into_iter().filter_map(kind).chain(of_amounts).collect()
}

fn kind(window: &Window) -> Option<WindowKind> {
    match window {
        Window::Periodic { kind, .. } => Some(*kind),
        Window::Last { of: Some(of), .. } => kind(of),
        _ => None,
    }
}
