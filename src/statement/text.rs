//! A statement for a terminal.

use super::Statement;
use super::lines::{Line, Part, days};
use crate::diagnostics::visible_line;
use crate::evaluate::Step;
use crate::wording::draft;

/// A statement as text; `steps` adds how each result comes about, and `colour` paints verdicts.
#[must_use]
pub fn text(statement: &Statement<'_>, steps: bool, colour: bool) -> String {
    let head = &statement.plan.model.agreement.head;
    let title = head.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&head.name);
    let zone = statement.plan.model.agreement.clock();
    let mut out =
        format!("{}\n{}, {}\n", visible_line(title), days(statement.period.0, statement.period.1), zone.name());
    if let Some((word, mark)) = draft(statement.plan.model) {
        out.push_str(&format!("{word} {mark}\n"));
    }
    let parts = statement.parts();
    let lines = || parts.iter().flat_map(|part| &part.lines);
    let widest = |of: &dyn Fn(&Line<'_>) -> usize| lines().map(of).max().unwrap_or(0);
    let widths = [
        widest(&|line| line.window.chars().count()),
        widest(&|line| line.verdict.chars().count()),
        widest(&|line| line.attained.chars().count()),
    ];
    for part in &parts {
        out.push_str(&format!("\n{}\n", heading(part)));
        for line in &part.lines {
            out.push_str(&row(line, &widths, colour));
            if steps {
                if let (Some(window), false) = (&line.steps_of, line.steps.is_empty()) {
                    out.push_str(&format!("      of the window {window}:\n"));
                }
                let lines = line.steps.iter().flat_map(Step::lines);
                lines.for_each(|line| out.push_str(&format!("      {}\n", visible_line(&line))));
            }
        }
    }
    for (commitment, why) in &statement.plan.without {
        out.push_str(&format!("\n{}: nothing to judge, since {why}\n", commitment.head.name));
    }
    let mut owed = statement.owed();
    owed.extend(statement.set_off());
    if !owed.is_empty() {
        out.push('\n');
        owed.iter().for_each(|line| out.push_str(&format!("{}\n", visible_line(line))));
    }
    out
}

fn heading(part: &Part<'_>) -> String {
    let head = &part.commitment.head;
    let is_titled = head.title.as_ref().is_some_and(|title| !title.is_empty());
    let title = if is_titled { format!("  {}", head.label()) } else { String::new() };
    visible_line(&format!("{}{title}: {}", head.name, part.promise))
}

fn row(line: &Line<'_>, [window, verdict, attained]: &[usize; 3], colour: bool) -> String {
    let padded = format!("{:<verdict$}", line.verdict);
    let painted = match (colour, line.kept) {
        (false, _) => padded,
        (true, Some(true)) => format!("\u{1B}[32m{padded}\u{1B}[0m"),
        (true, Some(false)) => format!("\u{1B}[31m{padded}\u{1B}[0m"),
        (true, None) => format!("\u{1B}[33m{padded}\u{1B}[0m"),
    };
    let mut more = Vec::new();
    if !line.left.is_empty() {
        more.push(format!("budget left {}", line.left));
    }
    if !line.credit.is_empty() {
        more.push(format!("credit {}", line.credit));
    }
    more.extend(line.notes.iter().cloned());
    let more = visible_line(&more.join("; "));
    let row = format!("  {:<window$}  {painted}  {:>attained$}  {more}", line.window, line.attained);
    format!("{}\n", row.trim_end())
}
