use super::Outcome;
use super::terminal::Terminal;
use super::whole_file::{Staged, reason, stage};
use crate::diagnostics::visible_line;
use crate::pipeline::check;
use crate::source::SourceMap;
use clap::Args;
use std::path::PathBuf;

/// The agreement that a new one begins as, with places for its name and title.
const STARTER: &str = include_str!("starter.sla");

/// The longest name; with an ending it has to fit the file systems.
const LONGEST: usize = 64;

/// Begin an agreement: a short, commented one that checks clean and builds
#[derive(Args)]
pub(super) struct New {
    /// Its name, such as `web_hosting`: lower-case letters, digits, `_` and `-`
    name: String,
    /// Prints it instead of writing NAME.sla
    #[arg(long)]
    stdout: bool,
}

impl New {
    /// Writes the file into the current folder; a file that is there stays as it is.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let name = self.name.strip_suffix(".sla").unwrap_or(&self.name);
        if let Err(reason) = usable(name) {
            let message = format!("`{}` cannot be the name of an agreement", visible_line(name));
            return Outcome::failure(terminal, &message, Some(&reason));
        }
        let text = starter(name);
        if self.stdout {
            return Outcome::output(text);
        }
        let file = format!("{name}.sla");
        match stage(PathBuf::from(&file), &text).and_then(Staged::create) {
            Ok(()) => {
                let written = terminal.good(&format!("{file} written"));
                let err = format!("{written}; `sla check {file}` checks it, `sla build {file}` builds it\n");
                Outcome { err, ..Outcome::default() }
            }
            Err(error) => {
                let message = format!("`{file}` cannot be written: {}", reason(&error));
                Outcome::failure(terminal, &message, None)
            }
        }
    }
}

/// Whether a name can be that of an agreement and of its file.
fn usable(name: &str) -> Result<(), String> {
    let known = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '_' | '-');
    if name.contains(['/', '\\']) {
        return Err("a name is no path; change to the folder first".to_owned());
    }
    if name.len() > LONGEST {
        return Err(format!("a name has at most {LONGEST} letters"));
    }
    if !name.starts_with(|letter: char| letter.is_ascii_lowercase()) || !name.chars().all(known) {
        let rule = "a name begins with a letter from a to z, and goes on with such letters, digits, `_` or `-`";
        return Err(rule.to_owned());
    }
    let mut sources = SourceMap::new();
    let file = sources.add(name, starter(name));
    match check(file, &sources).findings.first() {
        // A word of the language, or the name of something else in the new agreement.
        Some(_) => Err(format!("it has another meaning in a new agreement; take another, such as `{name}-sla`")),
        None => Ok(()),
    }
}

/// The text of a new agreement.
fn starter(name: &str) -> String {
    let id = name.replace('-', "_");
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    let title: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    STARTER.replace("NAME", &id).replace("TITLE", &title)
}
