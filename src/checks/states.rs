//! States that are recorded for several things.

use crate::calculus::{Expr, ExprKind, Function, Part, Reading, Slice};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Member, Model, Signal};

/// What reads a state that each value of a field has for itself says how they are read together: otherwise nothing is decided
/// once records name a second value.
pub(super) fn together(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for expr in model.expressions() {
        alone(expr, &mut |expr, signal| {
            let Some(signal) = model.signals.get(signal).filter(|signal| !signal.head.poisoned) else { return };
            let Some(field) = signal.fields.iter().find(|field| !is_chosen(signal, field)) else { return };
            let (name, field_name) = (&signal.head.family, &field.head.name);
            found.push(
                Diagnostic::new(
                    codes::STATES_TOGETHER,
                    expr.span,
                    format!("`{name}` has a state for each `{field_name}`, and none is named here"),
                )
                .primary(format!("not decided once records name a second `{field_name}`"))
                .label(field.head.name_span, "each value of this field has a state of its own")
                .help(format!(
                    "say how they are read together: `all({name} per {field_name})` is up while each of them is, `any({name} per {field_name})` while one is; or delete the field"
                )),
            );
        });
    }
    found
}

/// Whether the variant of the signal has one option of a field.
fn is_chosen(signal: &Signal, field: &Member) -> bool {
    let chosen = |dimension: &String| signal.head.variant.iter().any(|choice| choice.dimension == *dimension);
    field.dimension.as_ref().is_some_and(chosen)
}

/// Finds the states that are not read for each value of a field.
fn alone<'a>(expr: &'a Expr, tell: &mut impl FnMut(&'a Expr, &'a str)) {
    match &expr.kind {
        ExprKind::Apply {
            function: Function::All | Function::Any | Function::None,
            slice: Some(Slice::Key(_)),
            ..
        } => {}
        ExprKind::Reading(Reading { signal, part: Part::State }) => tell(expr, signal),
        _ => expr.parts().into_iter().for_each(|part| alone(part, tell)),
    }
}
