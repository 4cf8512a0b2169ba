//! The signatures of provider and customer.

use super::markdown::{Document, Md, bold};
use crate::model::{Model, Party, Role};
use crate::wording::{draft, label};

/// Writes a place to sign for each party that signs.
pub fn write(model: &Model, document: &mut Document) {
    let signs =
        |party: &&Party| party.role.as_ref().is_some_and(|role| matches!(role.value, Role::Provider | Role::Customer));
    let rows: Vec<Vec<Md>> = model
        .parties
        .iter()
        .filter(signs)
        .map(|party| {
            let mut row = vec![Md::from(label(&party.head))];
            row.resize_with(5, Md::default);
            row
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    // The table may stand on a page without its heading.
    let mark = draft(model).map(|(word, mark)| {
        let mut row = vec![bold(word).and(mark)];
        row.resize_with(5, Md::default);
        row
    });
    let rows: Vec<Vec<Md>> = mark.into_iter().chain(rows).collect();
    document.heading("Signatures");
    document.paragraph("Signed", "for and on behalf of the parties, who accept this agreement with all its schedules.");
    document.table(&["Party", "Name", "Position", "Place and date", "Signature"], &rows);
}
