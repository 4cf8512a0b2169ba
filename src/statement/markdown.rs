//! A statement as Markdown.

use super::Statement;
use super::lines::{Line, days};
use crate::evaluate::Step;
use crate::targets::contract::{Md, bold, code, pages};
use crate::wording::{draft, label};

/// The head of the table of a commitment.
const HEADER: &str = "| Window | Result | Attained | Budget left | Credit | Remarks |\n|---|---|---:|---:|---:|---|\n";

/// A statement as Markdown: a table for each commitment, how each result comes about, and what is owed.
#[must_use]
pub fn markdown(statement: &Statement<'_>) -> String {
    let agreement = &statement.plan.model.agreement;
    let title = agreement.head.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&agreement.head.name);
    let version = agreement.version.as_ref().map_or(String::new(), |version| format!(", version {}", version.value));
    let period = days(statement.period.0, statement.period.1);
    let so_far = statement.known_until().map_or(String::new(), |until| format!(" (as known at {until})"));
    let mut out = format!(
        "# Service level statement: {}\n\n{}\n",
        Md::from(title),
        Md::from(format!("{period}{so_far}, in the time of {}{version}", agreement.clock().name())),
    );
    // As in a contract: no page or part of it is taken for what is owed under an agreement.
    let mark = draft(statement.plan.model).map(|(word, mark)| format!("\n> {}\n", bold(word).and(mark)));
    let mark = mark.unwrap_or_default();
    out.push_str(&mark);
    let mut owed = statement.owed();
    owed.extend(statement.set_off());
    if !owed.is_empty() {
        out.push_str(&format!("\n## What is owed\n{mark}\n"));
        owed.iter().for_each(|line| out.push_str(&format!("- {}.\n", Md::from(line.as_str()))));
    }
    for part in statement.parts() {
        let head = &part.commitment.head;
        let title = Md::from(label(head));
        out.push_str(&format!("\n## {title}\n{mark}\n{}: {}\n\n", code(&head.id), code(&part.promise)));
        let row = |line: &Line| {
            let cells = [&line.window, &line.verdict, &line.attained, &line.left, &line.credit, &line.notes.join("; ")];
            cells.map(|cell| Md::from(cell.as_str()).to_string())
        };
        let rows: Vec<[String; 6]> = part.lines.iter().map(row).collect();
        let letters = |row: &[String; 6]| row.iter().map(|cell| pages::letters(cell)).collect();
        let parts = if mark.is_empty() { vec![(rows.as_slice(), 0)] } else { pages::parts(&rows, letters) };
        for (place, (rows, _)) in parts.into_iter().enumerate() {
            if place > 0 {
                out.push_str(&format!("{mark}\n"));
            }
            out.push_str(HEADER);
            rows.iter().for_each(|cells| out.push_str(&format!("| {} |\n", cells.join(" | "))));
        }
        for line in part.lines.iter().filter(|line| !line.steps.is_empty()) {
            let window = line.steps_of.as_ref().unwrap_or(&line.window);
            out.push_str(&format!("\n### How {} comes about\n{mark}\n", Md::from(window.as_str())));
            line.steps.iter().for_each(|step| item(step, 0, &mut out));
        }
    }
    for (commitment, why) in &statement.plan.without {
        out.push_str(&format!("\n{}: nothing to judge, since {}.\n", code(&commitment.head.id), Md::from(*why)));
    }
    out
}

/// A step as an item of a list, with the steps that led to it below.
fn item(step: &Step, depth: usize, out: &mut String) {
    out.push_str(&format!("{}- {}: {}\n", "  ".repeat(depth), spoken(&step.what), Md::from(step.gives.as_str())));
    step.from.iter().for_each(|step| item(step, depth + 1, out));
}

/// Words in which code stands between backquotes.
fn spoken(what: &str) -> Md {
    let mut whole = Md::default();
    for (index, piece) in what.split('`').enumerate() {
        whole = whole.then(if index % 2 == 1 { code(piece) } else { Md::inner(piece) });
    }
    whole
}
