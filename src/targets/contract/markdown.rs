//! Markdown that text from a file cannot break out of: every piece of text is escaped when it becomes [`Md`], and only
//! this file writes markup.

use crate::wording::plain;
use std::fmt::Write as _;

/// Inline Markdown, safe to print. A text becomes one by being escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Md(String);

impl Md {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This and another piece, with a blank between them.
    #[must_use]
    pub fn and(self, other: impl Into<Md>) -> Md {
        let other = other.into();
        if self.is_empty() || other.is_empty() { Md(self.0 + &other.0) } else { Md(format!("{} {}", self.0, other.0)) }
    }
}

impl From<&str> for Md {
    fn from(text: &str) -> Md {
        Md(escape(text))
    }
}

impl From<&String> for Md {
    fn from(text: &String) -> Md {
        Md(escape(text))
    }
}

impl From<String> for Md {
    fn from(text: String) -> Md {
        Md(escape(&text))
    }
}

/// Text in bold.
pub fn bold(text: &str) -> Md {
    let escaped = escape(text);
    if escaped.is_empty() { Md(escaped) } else { Md(format!("**{escaped}**")) }
}

/// A stable id in small code.
pub fn code(id: &str) -> Md {
    let safe: String = plain(id).chars().filter(|c| !matches!(c, '`' | '|' | '\\')).collect();
    if safe.trim().is_empty() { Md::default() } else { Md(format!("`{safe}`")) }
}

/// An invisible target for links to a stable id.
fn anchor(id: &str) -> String {
    let safe: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' }).collect();
    if safe.is_empty() { safe } else { format!("<a id=\"{safe}\"></a>") }
}

/// Text as Markdown shows it literally: one line, no markup, nothing that starts a block, no addresses that turn into
/// links by themselves.
fn escape(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len() + 8);
    // A number with a point or bracket at the very start would be an item of a list.
    let number = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or("");
        let before = text.get(..at).unwrap_or("");
        let next = rest.chars().nth(1);
        let ends = next.is_none_or(|next| next == ' ');
        let starts = at == 0
            && (matches!(c, '-' | '=' | ':' | '%' | '@') || c == '+' && !next.is_some_and(|c| c.is_ascii_digit()));
        let lists = at > 0 && at == number && matches!(c, '.' | ')') && ends;
        let links = rest.starts_with("://") || c == '.' && before.to_ascii_lowercase().ends_with("www");
        let markup = matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$' | '^'
        );
        if starts || lists || links || markup {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A document of numbered sections, clauses and schedules.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
    section: u32,
    clause: u32,
    sub: u32,
    schedule: u8,
    in_schedule: bool,
    /// The id of the topic whose first clause is still to come.
    pending: Option<String>,
}

impl Document {
    /// The whole text.
    pub fn finish(self) -> String {
        self.text
    }

    fn line(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The document's title.
    pub fn title(&mut self, title: &str) {
        self.line(&format!("# {}", Md::from(title).0));
    }

    /// A conspicuous note.
    pub fn note(&mut self, note: Md) {
        self.line(&format!("> {}", note.0));
    }

    /// A heading without a number.
    pub fn heading(&mut self, title: &str) {
        self.line(&format!("## {}", Md::from(title).0));
    }

    /// A numbered section.
    pub fn section(&mut self, title: &str) {
        self.section += 1;
        (self.clause, self.sub, self.in_schedule) = (0, 0, false);
        self.line(&format!("## {}. {}", self.section, Md::from(title).0));
    }

    /// A schedule, with a letter: A to Z, then with numbers.
    pub fn schedule(&mut self, title: &str) {
        self.schedule = self.schedule.saturating_add(1);
        (self.clause, self.sub, self.in_schedule) = (0, 0, true);
        self.line(&format!("## Schedule {}: {}", self.prefix(), Md::from(title).0));
    }

    fn prefix(&self) -> String {
        if !self.in_schedule {
            return self.section.to_string();
        }
        char::from(b'A'.saturating_add(self.schedule.saturating_sub(1)).min(b'Z')).to_string()
    }

    /// A titled clause with clauses below it. Its id stands at the end of the first of them.
    pub fn topic(&mut self, title: &str, id: &str) {
        self.clause += 1;
        self.sub = 0;
        self.line(&format!("### {}{}.{} {}", anchor(id), self.prefix(), self.clause, Md::from(title).0));
        self.pending = Some(id.to_owned());
    }

    /// A numbered clause: `1.1`.
    pub fn clause(&mut self, text: impl Into<Md>, id: &str) {
        self.clause += 1;
        self.sub = 0;
        let number = format!("{}.{}", self.prefix(), self.clause);
        self.numbered(&number, &text.into(), id, true);
    }

    /// A numbered clause below a topic: `1.1.1`.
    pub fn sub(&mut self, text: impl Into<Md>, id: &str) {
        self.sub += 1;
        let number = format!("{}.{}.{}", self.prefix(), self.clause, self.sub);
        match self.pending.take() {
            Some(topic) if id.is_empty() => self.numbered(&number, &text.into(), &topic, false),
            Some(topic) => {
                let text = text.into().and(code(&topic));
                self.numbered(&number, &text, id, true);
            }
            None => self.numbered(&number, &text.into(), id, true),
        }
    }

    fn numbered(&mut self, number: &str, text: &Md, id: &str, anchored: bool) {
        let target = if anchored { anchor(id) } else { String::new() };
        let id = code(id).0;
        let blank = if id.is_empty() { "" } else { " " };
        self.line(&format!("{target}**{number}** {}{blank}{id}", text.0));
    }

    /// A paragraph without a number, which begins in bold.
    pub fn paragraph(&mut self, start: &str, text: impl Into<Md>) {
        let text = bold(start).and(text);
        self.line(&text.0);
    }

    /// A table. Rows are as long as the header.
    pub fn table(&mut self, header: &[&str], rows: &[Vec<Md>]) {
        let mut table = String::new();
        let cells: Vec<String> = header.iter().map(|cell| Md::from(*cell).0).collect();
        let _ = writeln!(table, "| {} |", cells.join(" | "));
        let _ = write!(table, "|{}", " --- |".repeat(header.len()));
        for row in rows {
            let cells: Vec<&str> = row.iter().map(|cell| cell.0.as_str()).collect();
            let _ = write!(table, "\n| {} |", cells.join(" | "));
        }
        self.line(&table);
    }
}
