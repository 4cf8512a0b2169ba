//! What stands in an agreement and is none of those who conclude it.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Between, Head, Model, Role};

/// What is owed to a customer is owed by a party of the agreement: a supplier is none. What stands in the supplier's own agreement
/// is a matter of that.
pub(super) fn owed_by_suppliers(model: &Model) -> Vec<Diagnostic> {
    let provider = model.in_role(Role::Provider).next();
    let is_ours = |(head, _): &(&Head, &Between)| !head.poisoned && model.agreement_elsewhere(head).is_none();
    let told = model.owed_by_suppliers().into_iter().filter(is_ours).filter_map(|(head, between)| {
        let by = between.by.as_ref()?;
        let to = between.to.iter().find(|to| model.role(to) == Some(Role::Customer))?;
        let (name, supplier, customer) = (&head.name, &by.party, &to.party);
        let message = format!(
            "`{name}` is owed to `{customer}` by `{supplier}`, a supplier, which is no party to this agreement"
        );
        let through = provider.as_ref().map(|one| {
            format!(
                ", or let it be `to {}`, and promise what `{customer}` gets `by {} to {customer}`",
                one.party, one.party
            )
        });
        Some(
            Diagnostic::new(codes::OWED_BY_SUPPLIER, to.span, message)
                .primary("does not get it by this agreement")
                .label(by.span, "a supplier")
                .help(format!(
                    "write an agreement of `{supplier}` and `{customer}` about it{}",
                    through.unwrap_or_default()
                )),
        )
    });
    told.collect()
}
