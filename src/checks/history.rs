//! Functions that look at the windows of a promise before: where they have a meaning.

use crate::calculus::ExprKind;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::judges_windows;
use crate::model::{Condition, Model};

/// Whether a commitment applies says which windows count, and cannot depend on which of them count.
pub(super) fn applies(model: &Model) -> Vec<Diagnostic> {
    let conditions = model.commitments.iter().filter_map(|one| match &one.applies_when {
        Some(Condition::Measured(when)) if judges_windows(model, when) => Some((one, when)),
        _ => None,
    });
    let told = conditions.map(|(one, when)| {
        let message = format!("whether `{}` applies depends on the windows in which it applied", one.head.name);
        Diagnostic::new(codes::WRONG_ARGUMENT, when.span, message)
            .primary("looks back at windows, of which only those count in which the commitment applies")
            .help("let `applies when` look at the window itself, for example `requests.total >= 1_000`")
    });
    told.collect()
}

/// A function over slices reads each by itself: a slice has no windows before it.
pub(super) fn slices(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for whole in model.expressions() {
        whole.walk(&mut |part| {
            let ExprKind::Apply { function, arguments, slice: Some(_), .. } = &part.kind else { return };
            for argument in arguments.iter().filter(|argument| judges_windows(model, argument)) {
                let message =
                    format!("`{}` goes over slices, and this looks at windows of the promise", function.as_str());
                found.push(
                    Diagnostic::new(codes::WRONG_GRAIN, argument.span, message)
                        .primary("a slice has no windows before it")
                        .help("look back outside of it, for example `previous(mean(error_rate per 5min), 0%)`"),
                );
            }
        });
    }
    found
}
