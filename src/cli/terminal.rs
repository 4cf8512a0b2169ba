//! What is known of the terminal: colours and width.

use clap::ColorChoice;
use std::io::IsTerminal;

/// The width where there is no terminal, so that a log looks the same everywhere.
const COLUMNS: usize = 100;

/// The terminal, or the absence of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Terminal {
    /// Whether standard error is in colours.
    pub colour: bool,
    /// Whether standard output is in colours.
    pub colour_out: bool,
    /// Whether a person reads standard error.
    pub is_read: bool,
    /// Whether a person reads standard output.
    pub is_read_out: bool,
    /// The width in columns.
    pub columns: usize,
}

impl Terminal {
    /// The terminal of this process.
    pub fn new(choice: ColorChoice) -> Self {
        let (is_read, is_read_out) = (std::io::stderr().is_terminal(), std::io::stdout().is_terminal());
        let size = terminal_size::terminal_size_of(std::io::stderr());
        let size = size.or_else(|| terminal_size::terminal_size_of(std::io::stdout()));
        Self {
            colour: colours(choice, is_read),
            colour_out: colours(choice, is_read_out),
            is_read,
            is_read_out,
            columns: size.map_or(COLUMNS, |(width, _)| usize::from(width.0)),
        }
    }

    /// A text in bold red, if standard error is in colours.
    pub fn bad(&self, text: &str) -> String {
        paint(self.colour, "1;31", text)
    }

    /// A text in bold yellow.
    pub fn doubtful(&self, text: &str) -> String {
        paint(self.colour, "1;33", text)
    }

    /// A text in bold green.
    pub fn good(&self, text: &str) -> String {
        paint(self.colour, "1;32", text)
    }

    /// A text in cyan, as the heads of help lines are.
    pub fn faint(&self, text: &str) -> String {
        paint(self.colour, "36", text)
    }
}

/// A text in a colour of the terminal's own palette.
pub(super) fn paint(colour: bool, code: &str, text: &str) -> String {
    if colour { format!("\u{1B}[{code}m{text}\u{1B}[0m") } else { text.to_owned() }
}

/// An explicit choice wins over the environment, and `NO_COLOR` (see no-color.org) over the terminal.
fn colours(choice: ColorChoice, is_terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && !set("NO_COLOR") && !dumb,
    }
}
