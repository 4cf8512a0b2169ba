//! Places of recovery to diagnostics: what cannot be read, where exactly, and how it is written instead.

mod braces;
mod known;
mod letters;
mod lines;
mod pattern;
mod probe;
mod quotes;
mod slips;
mod units;
mod unknown;

use super::Unread;
use super::forms;
use super::grammar::Kind;
use super::tree::{Noted, Trouble};
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::{FileId, Span};

/// How many mistakes of one file are told; more do not help anybody.
const MOST: usize = 200;

const NAMES: &str = "a name begins with a lower-case letter and holds letters, digits and `_`";

#[derive(Clone, Copy)]
struct Reporter<'a> {
    file: FileId,
    text: &'a str,
    /// The code of the agreement's currency, where the file states it.
    currency: Option<&'a str>,
    /// The places of characters that are told by themselves, in their order.
    hidden: &'a [usize],
}

/// The diagnostics of a file, and what was passed over. `hidden` are the places of characters that are told already.
pub(super) fn report(file: FileId, text: &str, noted: &Noted, hidden: &[usize]) -> (Unread, Vec<Diagnostic>) {
    let currency = noted.currency.and_then(|(start, end)| text.get(start..end));
    let reporter = Reporter { file, text, currency, hidden };
    let mut unread = reporter.unread(noted);
    let mut findings: Vec<Diagnostic> = noted.capitals.iter().map(|place| reporter.capital(*place)).collect();
    findings.extend(noted.escapes.iter().flat_map(|place| reporter.escapes(*place)));
    let mut before: Option<&Trouble> = None;
    // Whether a template stood within another one, of which the rest follows.
    let mut within = false;
    for trouble in &noted.troubles {
        let mut broken = trouble.start;
        within |= reporter.is_template_within(trouble);
        let is_rest = within && reporter.is_further_in(trouble);
        within &= !is_rest || trouble.kind != Kind::stray_close;
        if !is_rest
            && !before.is_some_and(|before| reporter.follows(before, trouble))
            && !reporter.is_told(trouble, &unread)
        {
            let finding = reporter.finding(trouble);
            // A slip may have begun in what was read.
            broken = broken.min(finding.span.map_or(broken, |span| span.start as usize));
            findings.push(finding);
        }
        match trouble.kind {
            Kind::head_junk | Kind::next_tail => unread.torn.push((trouble.parent.1, broken, trouble.end)),
            Kind::next_line if matches!(trouble.parent.0, Kind::decl | Kind::sub) => {
                unread.torn.push((trouble.parent.1, broken, trouble.end));
            }
            Kind::tail_junk | Kind::next_line => unread.torn.push((trouble.before, broken, trouble.end)),
            _ => {}
        }
        before = Some(trouble);
    }
    if findings.len() > MOST {
        let left = findings.len() - MOST;
        findings.truncate(MOST);
        if let Some(last) = findings.last_mut() {
            last.help = Some(format!("{left} more places cannot be read; they are told once these are mended"));
        }
    }
    (unread, findings)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

/// Whether a letter may be part of a name, or of what was meant to be one.
fn in_odd_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-') || !letter.is_ascii()
}

impl Reporter<'_> {
    /// What a file is not known to hold because of the places of recovery.
    fn unread(&self, noted: &Noted) -> Unread {
        let troubles = &noted.troubles;
        // A block that is not closed is unread where it begins.
        let place = |trouble: &Trouble| match trouble.kind {
            Kind::missing_close => trouble.parent.1,
            _ => trouble.start,
        };
        let mut unread = Unread { any: !troubles.is_empty(), ..Unread::default() };
        unread.places.extend(troubles.iter().map(place).chain(noted.capitals.iter().map(|(start, _)| *start)));
        unread.places.sort_unstable();
        for trouble in troubles {
            let said = self.said(trouble);
            match trouble.kind {
                Kind::junk | Kind::head_junk | Kind::tail_junk | Kind::odd_call => {}
                Kind::next_line | Kind::next_tail => {}
                Kind::missing_name => {
                    unread.nameless.insert(forms::first_word(self.line(trouble.parent.1)).to_owned());
                    continue;
                }
                Kind::missing_close => {
                    unread.unclosed.insert(trouble.parent.1);
                    continue;
                }
                Kind::odd_name => unread.odd_names.push(said.to_owned()),
                _ => continue,
            }
            unread.words.extend(words(said).map(str::to_owned));
        }
        let capitals = noted.capitals.iter().filter_map(|(start, end)| self.text.get(*start..*end));
        unread.odd_names.extend(capitals.map(str::to_owned));
        unread
    }

    fn said(&self, trouble: &Trouble) -> &str {
        self.text.get(trouble.start..trouble.end).unwrap_or("")
    }

    fn line(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or("").lines().next().unwrap_or("")
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32, end as u32)
    }

    /// Whether a trouble is only the consequence of the one before.
    fn follows(&self, before: &Trouble, now: &Trouble) -> bool {
        let between = self.text.get(before.end..now.start).unwrap_or("");
        let close =
            between.lines().all(|line| line.trim().is_empty() || line.trim().starts_with("//") || line.trim() == ";");
        match (before.kind, now.kind) {
            // The rest of a head whose name cannot be read.
            (Kind::missing_name | Kind::odd_name, Kind::head_junk) => {
                return before.parent == now.parent && between.trim().is_empty();
            }
            // The options of one table are told once.
            (Kind::junk, Kind::junk) if before.parent == now.parent && self.is_for_in_table(before) => {
                return self.is_for_in_table(now);
            }
            // Declarations within each other, as blocks are in other languages.
            (Kind::missing_close, Kind::missing_close) => {
                return self.text.get(now.parent.1 + 1..now.start).is_some_and(|inside| inside.trim().is_empty());
            }
            _ => {}
        }
        // Lines of which each is like a statement or a declaration are mistakes of their own.
        if now.kind == Kind::junk && self.stands_alone(now) {
            return false;
        }
        let torn = matches!(before.kind, Kind::head_junk | Kind::tail_junk | Kind::next_line | Kind::next_tail);
        match (before.parent.0, now.parent.0) {
            // At the top of a file lines without a declaration belong together: one brace is missing or too many.
            (outer, Kind::file) => before.declaration == now.declaration && (close || outer == Kind::file || torn),
            // Within a block a line that does not begin with a keyword continues the unreadable one before it.
            _ => {
                close
                    && now.kind == Kind::junk
                    && forms::form_at(self.said(now)).is_none()
                    && (torn || before.kind == Kind::junk)
            }
        }
    }

    /// Whether an unreadable line is so much like a statement or a declaration that it was meant as one.
    fn stands_alone(&self, now: &Trouble) -> bool {
        let line = self.said(now).lines().next().unwrap_or("");
        match now.parent.0 {
            Kind::series_block | Kind::stamp_block => false,
            Kind::rows => line.contains(" gives "),
            parent => {
                forms::form_at(line).is_none() && {
                    let known = forms::keywords_in(self.block(now), parent == Kind::file);
                    forms::is_like_statement(line, &known)
                }
            }
        }
    }

    /// Whether a trouble is told by another finding: a character that cannot be seen, or an odd name where it is declared.
    fn is_told(&self, trouble: &Trouble, unread: &Unread) -> bool {
        let hidden = self.hidden.get(self.hidden.partition_point(|at| *at < trouble.start));
        let name = matches!(trouble.kind, Kind::tail_junk | Kind::head_junk) && {
            let before = self.text.get(..trouble.start).unwrap_or("");
            let head = before.len() - before.trim_end_matches(in_odd_name).len();
            let rest = self.text.get(trouble.start - head..).unwrap_or("");
            let word = rest.split(|letter| !in_odd_name(letter)).next().unwrap_or("");
            !word.is_empty() && unread.odd_names.iter().any(|name| name == word)
        };
        hidden.is_some_and(|at| *at < trouble.end) || name
    }

    fn finding(&self, trouble: &Trouble) -> Diagnostic {
        match trouble.kind {
            Kind::missing_close if self.is_template_within(trouble) => {
                self.only_at_the_top(self.next_word(trouble.end), "template")
            }
            Kind::missing_close => self.missing_close(trouble),
            Kind::stray_close => self.stray_close(trouble),
            Kind::doubled_open => self.doubled_open(trouble),
            Kind::missing_name => self.missing_name(trouble),
            Kind::odd_name => self.odd_name(trouble),
            Kind::odd_kw => self.odd_keyword(trouble),
            Kind::late_open => self.late_open(trouble),
            Kind::next_line | Kind::next_tail => self.next_line(trouble),
            _ => self.unreadable(trouble),
        }
    }

    fn missing_name(&self, trouble: &Trouble) -> Diagnostic {
        let start = trouble.parent.1;
        let keyword = forms::first_word(self.line(start));
        let span = self.span(start, start + keyword.len());
        let finding = Diagnostic::new(codes::MISSING_NAME, span, format!("this `{keyword}` has no name"))
            .primary("a name is expected after this word");
        match forms::form(keyword) {
            Some(form) => finding.help(format!("{NAMES}, for example `{}`", form.example)),
            None => finding.help(NAMES),
        }
    }

    /// A name with letters that no name has.
    fn odd_name(&self, trouble: &Trouble) -> Diagnostic {
        if let Some(finding) = self.foreign_letter(trouble.start, trouble.start, trouble.end) {
            return finding;
        }
        let name = self.said(trouble);
        let span = self.span(trouble.start, trouble.end);
        let finding = Diagnostic::new(codes::MISSING_NAME, span, format!("`{}` is not a name", lines::shorten(name)));
        let meant = name.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic()).replace(['-', '.'], "_");
        match meant.as_str() {
            "" => finding.primary("a name is expected here").help(NAMES),
            meant => finding.primary(format!("did you mean `{}`?", small(meant))).help(NAMES),
        }
    }

    /// A name that begins with a capital letter. It is read all the same.
    fn capital(&self, (start, end): (usize, usize)) -> Diagnostic {
        let name = self.text.get(start..end).unwrap_or("");
        let message = format!("the name `{}` begins with a capital letter", lines::shorten(name));
        Diagnostic::new(codes::MISSING_NAME, self.span(start, end), message)
            .primary(format!("write `{}`, here and wherever it is used", small(name)))
            .help(NAMES)
    }

    /// The escapes of a text in quotes that do not exist.
    fn escapes(&self, (start, end): (usize, usize)) -> Vec<Diagnostic> {
        let text = self.text.get(start..end).unwrap_or("");
        if text.starts_with("\"\"\"") {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut letters = text.char_indices();
        while let Some((at, letter)) = letters.next() {
            let Some((_, escaped)) = (letter == '\\').then(|| letters.next()).flatten() else { continue };
            if !super::words::ESCAPES.iter().any(|(known, _)| *known == escaped) {
                let span = self.span(start + at, start + at + 1 + escaped.len_utf8());
                let finding =
                    Diagnostic::new(codes::UNKNOWN_ESCAPE, span, format!("`\\{escaped}` has no meaning in a text"))
                        .primary("a backslash begins `\\\"`, `\\\\`, `\\n` or `\\t`")
                        .help("write `\\\\` for a backslash");
                found.push(finding.fix(Fix::replace(
                    "write the backslash twice",
                    self.span(start + at, start + at + 1),
                    "\\\\",
                )));
            }
        }
        found
    }
}

/// A name with a small first letter.
fn small(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}
