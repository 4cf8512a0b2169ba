//! Disputes: each step goes on to the next in time, and there is a last one.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Dispute, Model};

fn understood(model: &Model) -> impl Iterator<Item = &Dispute> {
    model.disputes.iter().filter(|dispute| !dispute.head.poisoned)
}

/// A step that is not the last says after what time the dispute goes on.
pub(super) fn steps(model: &Model) -> Vec<Diagnostic> {
    let steps = understood(model).flat_map(|dispute| &dispute.steps);
    steps
        .filter(|step| !step.is_final && step.within.is_none() && !step.head.poisoned)
        .map(|step| {
            let name = &step.head.name;
            let message = format!("the step `{name}` does not say when the dispute goes on");
            Diagnostic::new(codes::STEP_WITHOUT_DEADLINE, step.head.span, message)
                .primary("may last for ever")
                .witness(format!("whoever gains by waiting can hold the dispute at `{name}` without breaking a rule"))
                .help("add a deadline, such as `within 10 days`")
        })
        .collect()
}

/// A dispute has one last word, and it comes last.
pub(super) fn endings(model: &Model) -> Vec<Diagnostic> {
    understood(model).filter_map(ending).collect()
}

fn ending(dispute: &Dispute) -> Option<Diagnostic> {
    let name = &dispute.head.name;
    let mut finals = dispute.steps.iter().filter(|step| step.is_final);
    let Some(last_word) = finals.next() else {
        let finding = Diagnostic::new(
            codes::NO_FINAL_STEP,
            dispute.head.name_span,
            format!("the dispute `{name}` has no final step"),
        );
        let finding = match dispute.steps.last() {
            Some(step) => finding
                .label(step.head.span, "the last step")
                .witness(format!("if `{}` does not settle it, nobody can", step.head.name)),
            None => finding,
        };
        return Some(
            finding.primary("never ends").help("add who has the last word, such as `final court \"Courts of Berlin\"`"),
        );
    };
    let after = finals.next().or_else(|| dispute.steps.iter().skip_while(|step| !step.is_final).nth(1))?;
    let message = format!("the step `{}` comes after the final one", after.head.name);
    Some(
        Diagnostic::new(codes::NO_FINAL_STEP, after.head.span, message)
            .primary("never reached")
            .label(last_word.head.span, "this step is final")
            .help("keep one final step, and list it last"),
    )
}
