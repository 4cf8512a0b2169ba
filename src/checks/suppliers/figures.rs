//! Figures that are stated of services alone.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Model, Role};

/// A figure stands for the promise of somebody else: of what a party of the agreement promises itself there is a commitment.
pub fn figures(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for service in &model.services {
        let Some((figure, by)) = service.promised.as_ref().zip(service.between.by.as_ref()) else { continue };
        if !matches!(model.role(by), Some(Role::Provider | Role::Customer)) {
            continue;
        }
        let name = &service.head.name;
        let message = format!("`promised` is for the service of a supplier, and `{}` is none", by.party);
        found.push(
            Diagnostic::new(codes::WRONG_ARGUMENT, figure.span, message)
                .primary("nobody measures what stands here")
                .label(by.span, format!("`{name}` is provided by a party of the agreement"))
                .help(format!("write a commitment, so that it says how it is measured: `commitment {name}_kept \"…\" of {name} {{ target … }}`")),
        );
    }
    found
}
