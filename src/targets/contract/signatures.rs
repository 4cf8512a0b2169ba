//! The signatures of provider and customer.

use super::markdown::{Document, Md, bold};
use crate::model::{Model, Party, Role};
use crate::wording::{draft, label};

/// Writes a place to sign for each party that signs.
pub fn write(model: &Model, document: &mut Document) {
    let signs =
        |party: &&Party| party.role.as_ref().is_some_and(|role| matches!(role.value, Role::Provider | Role::Customer));
    // The lines to sign may stand on a page without their heading.
    let mark = draft(model).map(|(word, mark)| bold(word).and(mark)).unwrap_or_default();
    let rows: Vec<Vec<Md>> = model
        .parties
        .iter()
        .filter(signs)
        .map(|party| {
            let mut row = vec![Md::from(label(&party.head))];
            row.resize_with(4, Md::default);
            row.push(mark.clone());
            row
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    document.heading("Signatures");
    document.paragraph("Signed", "for and on behalf of the parties, who accept this agreement with all its schedules.");
    document.table(&["Party", "Name", "Position", "Place and date", "Signature"], &rows);
}
