use super::Outcome;
use super::terminal::{Terminal, paint};
use crate::diagnostics::{did_you_mean, visible_line};
use crate::std_library::{about, items, names, text};
use clap::Args;
use std::fmt::Write;

/// The narrowest that a list is drawn.
const NARROWEST: usize = 60;

/// Show the standard library: what an agreement imports by name
#[derive(Args)]
pub(super) struct Std {
    /// The file to print, such as `holidays`; all are listed without one
    file: Option<String>,
}

impl Std {
    /// The text of a file as it is, or the list of all.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let Some(word) = self.file else { return Outcome::output(list(terminal)) };
        let name = word.trim().strip_prefix("std.").unwrap_or(word.trim());
        let name = name.strip_suffix(".sla").unwrap_or(name);
        if let Some(text) = text(name) {
            return Outcome::output(text.to_owned());
        }
        let message = format!("the standard library has no file `{}`", visible_line(&word));
        Outcome::failure(terminal, &message, Some(&meant(name)))
    }
}

/// What was probably meant by a name that is no file: another file, or the file that declares it.
fn meant(name: &str) -> String {
    let holder = |wanted: &str| names().find(|file| items(file).iter().any(|item| item.name == wanted));
    if let Some(file) = holder(name) {
        return format!("`{name}` is declared in one: `sla std {file}` prints it");
    }
    if let Some(file) = did_you_mean(name, names()) {
        return format!("did you mean `{file}`?");
    }
    let declared: Vec<&str> = names().flat_map(items).map(|item| item.name).collect();
    let near = did_you_mean(name, declared).and_then(|near| Some((near, holder(near)?)));
    match near {
        Some((near, file)) => format!("did you mean `{near}`? it is declared in one: `sla std {file}` prints it"),
        None => "`sla std` without a name lists all of them".to_owned(),
    }
}

/// Every file with what it is about, and below it the names that it declares.
fn list(terminal: &Terminal) -> String {
    let columns = terminal.columns.max(NARROWEST);
    let mut out = String::new();
    for file in names() {
        let apart = if out.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{apart}{}  {}", paint(terminal.colour_out, "1", &format!("std.{file}")), about(file));
        let items = items(file);
        let mut keywords: Vec<&str> = Vec::new();
        for item in &items {
            if !keywords.contains(&item.keyword) {
                keywords.push(item.keyword);
            }
        }
        for keyword in keywords {
            let of_it: Vec<&str> = items.iter().filter(|item| item.keyword == keyword).map(|item| item.name).collect();
            let head = format!("  {} ", paint(terminal.colour_out, "36", &format!("{keyword:9}")));
            out.push_str(&wrapped(&head, &of_it, columns));
        }
    }
    let _ = writeln!(
        out,
        "\n`sla std FILE` prints one of them; `import NAME from std.FILE` takes a name into an agreement."
    );
    out
}

/// Names after a head of twelve columns, on as many lines as they need.
fn wrapped(head: &str, names: &[&str], columns: usize) -> String {
    const HEAD: usize = 12;
    let mut out = head.to_owned();
    let mut used = HEAD;
    for (at, name) in names.iter().enumerate() {
        let comma = usize::from(at + 1 < names.len());
        if used > HEAD && used + 1 + name.len() + comma > columns {
            let _ = write!(out, "\n{:HEAD$}", "");
            used = HEAD;
        } else if used > HEAD {
            out.push(' ');
            used += 1;
        }
        out.push_str(name);
        out.push_str(if comma == 1 { "," } else { "" });
        used += name.len() + comma;
    }
    out.push('\n');
    out
}
