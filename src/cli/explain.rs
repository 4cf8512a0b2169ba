use super::Outcome;
use super::markdown;
use super::terminal::{Terminal, paint};
use crate::diagnostics::{FAMILIES, codes, find, visible_line};
use clap::Args;
use std::fmt::Write;

/// Explain a finding, with an example that has it and one that does not
#[derive(Args)]
pub(super) struct Explain {
    /// The code or name of a finding, such as `SLA201` or `undefined-name`; all are listed without one
    code: Option<String>,
}

impl Explain {
    /// Drawn for a terminal, the Markdown itself for anything else.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let Some(word) = self.code else { return Outcome::output(list(terminal)) };
        let drawn = terminal.is_read_out || terminal.colour_out;
        match find(&word) {
            Ok(code) if drawn => {
                Outcome::output(markdown::render(code.explanation, terminal.colour_out, terminal.columns))
            }
            Ok(code) => Outcome::output(code.explanation.to_owned()),
            Err(meant) => {
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`sla explain` without a code lists all of them".to_owned(),
                };
                let message = format!("there is no finding `{}`", visible_line(&word));
                Outcome::failure(terminal, &message, Some(&help))
            }
        }
    }
}

/// Every code under the head of its family.
fn list(terminal: &Terminal) -> String {
    let width = codes::all().iter().map(|code| code.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (_, family) in FAMILIES {
        let mut members = codes::all().iter().filter(|code| code.family() == family).peekable();
        if members.peek().is_none() {
            continue;
        }
        let apart = if out.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{apart}{}", paint(terminal.colour_out, "1", family));
        for code in members {
            let name = format!("{:width$}", code.name);
            let _ = writeln!(out, "  {}  {}  {}", paint(terminal.colour_out, "36", code.id), name, code.title);
        }
    }
    out
}
