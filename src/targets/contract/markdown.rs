//! Markdown that text from a file cannot break out of: every piece of text is escaped when it becomes [`Md`], and only
//! this file writes markup.

pub(crate) mod pages;
mod places;
mod tables;
mod words;

use super::block::{Block, Level};
use crate::wording::{one_line, plain, sentence};
pub use places::place_reference;
use places::{PLACES, clause_of, place_link};
use std::collections::{BTreeMap, BTreeSet};
pub use words::{Frame, Names};

/// Inline Markdown, safe to print. A text becomes one by being escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Md(String);

impl Md {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A piece of a line that something stands before: blanks at its ends stay.
    #[must_use]
    pub fn inner(text: &str) -> Md {
        let blank = |is: bool| if is { " " } else { "" };
        let text_in = escape(text.trim());
        if text_in.is_empty() {
            return Md(blank(!text.is_empty()).to_owned());
        }
        Md(format!("{}{text_in}{}", blank(text.starts_with(' ')), blank(text.ends_with(' '))))
    }

    /// This and another piece right after it.
    #[must_use]
    pub fn then(self, other: impl Into<Md>) -> Md {
        Md(self.0 + &other.into().0)
    }

    /// This and another piece, with a blank between them.
    #[must_use]
    pub fn and(self, other: impl Into<Md>) -> Md {
        let other = other.into();
        if self.is_empty() || other.is_empty() { Md(self.0 + &other.0) } else { Md(format!("{} {}", self.0, other.0)) }
    }
}

impl std::fmt::Display for Md {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
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

/// A stable id in small code. Between backquotes nothing can be escaped: what would end the code, or a cell of a table, stands
/// in it as text.
pub fn code(id: &str) -> Md {
    let id = plain(id);
    match id.contains(['`', '|', '\\']) {
        _ if id.is_empty() => Md::default(),
        true => Md(format!("<code>{}</code>", escape(&id))),
        false => Md(format!("`{id}`")),
    }
}

/// A text of the author with a full stop at its end. Its paragraphs and the items of its lists begin on lines of their
/// own; other ends of lines are blanks.
pub fn prose(text: &str) -> Md {
    let mut parts: Vec<(&str, String)> = Vec::new();
    let mut gap = false;
    for line in text.lines().map(str::trim) {
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let item = line.starts_with("- ")
            || line.starts_with("* ")
            || line.starts_with("• ")
            || number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "));
        match parts.last_mut() {
            _ if plain(line).is_empty() => gap = true,
            Some((_, last)) if !gap && !item => *last = format!("{last} {line}"),
            _ => {
                parts.push((if gap { "<br><br>" } else { "<br>" }, line.to_owned()));
                gap = false;
            }
        }
    }
    let last = parts.len().saturating_sub(1);
    let whole = parts.iter().enumerate().map(|(index, (start, part))| {
        let words = if index == last { sentence(part) } else { plain(part) };
        format!("{}{}", if index == 0 { "" } else { start }, escape(&words))
    });
    Md(whole.collect())
}

/// A stable id as a target of links may spell it.
fn target(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' }).collect()
}

/// An invisible target for links to a stable id.
fn anchor(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!("<a id=\"{}\"></a>", target(id)) }
}

/// A link to a stable id, shown as a number.
fn link(number: &str, id: &str) -> Md {
    Md(format!("[{}](#{})", escape(number), target(id)))
}

/// Text as Markdown shows it literally: one line, no markup, nothing that starts a block, no addresses that turn into
/// links by themselves.
fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 8);
    // A number with a point or bracket at the very start would be an item of a list.
    let number = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    for (at, c) in text.char_indices() {
        // Letters, digits and blanks are nearly all of a text, and none of them is markup.
        let hazard = match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | ',' => false,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$' | '^' => {
                true
            }
            _ => {
                let rest = text.get(at..).unwrap_or("");
                let next = rest.chars().nth(1);
                let starts =
                    matches!(c, '-' | '=' | ':' | '%' | '@') || c == '+' && !next.is_some_and(|c| c.is_ascii_digit());
                let lists = at == number && matches!(c, '.' | ')') && next.is_none_or(|next| next == ' ');
                let www = || at >= 3 && text.get(at - 3..at).is_some_and(|before| before.eq_ignore_ascii_case("www"));
                if at == 0 { starts } else { lists || rest.starts_with("://") || c == '.' && www() }
            }
        };
        if hazard {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A document of numbered sections, clauses and schedules.
#[derive(Debug, Default)]
pub struct Document {
    /// What is written aside, while it is.
    aside: Option<Vec<Block>>,
    /// What the next clauses are about, while they are written aside.
    about: String,
    text: String,
    section: u32,
    clause: u32,
    sub: u32,
    schedule: u8,
    in_schedule: bool,
    /// Whether it says nothing of what suppliers owe.
    pub for_customer: bool,
    /// What stays whole where sentences differ.
    names: Names,
    /// The number of the clause that was written last.
    number: String,
    /// How many labelled rows its tables have so far.
    rows: usize,
    /// Where each id stands, in the order of the text.
    index: Vec<(String, String)>,
    /// What stands below each heading, and after each half of a page of text or rows of a table.
    mark: Option<Md>,
    /// How many letters there are since the mark stood last.
    unmarked: usize,
}

/// Stands around what a reference leads to until all numbers are known. No text can hold it: it would be a blank.
const MARK: char = '\u{1}';
/// Where the agreement itself stands.
const WHOLE: &str = "The whole agreement";
/// Stands before the title of a section within a reference.
const SECTION: char = '§';

impl Document {
    /// An empty one; for a customer, it says nothing of what suppliers owe. Where sentences are told as one, each of these names
    /// stays whole.
    pub fn of(for_customer: bool, names: Names) -> Document {
        Document { for_customer, names, ..Document::default() }
    }

    /// The names that stay whole.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The whole text, with the number of each place that a reference leads to.
    pub fn finish(self) -> String {
        let numbers: BTreeMap<&str, &str> = self.index.iter().map(|(number, id)| (&**id, &**number)).collect();
        let all: BTreeSet<&str> = numbers.values().copied().filter(|number| clause_of(number) != *number).collect();
        let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
        all.into_iter().for_each(|number| *rows.entry(clause_of(number)).or_default() += 1);
        let mut text = String::with_capacity(self.text.len() + self.text.len() / 8);
        for (index, part) in self.text.split(MARK).enumerate() {
            match (index % 2, part.strip_prefix(SECTION), part.strip_prefix(PLACES)) {
                (0, ..) => text.push_str(part),
                (_, Some(title), _) => text.push_str(&section_link(&numbers, title).0),
                (_, _, Some(family)) => text.push_str(&place_link(&numbers, &rows, family).0),
                _ => text.push_str(&clause_link(&numbers, part).0),
            }
        }
        text
    }

    /// Where each id of the agreement stands, as links, in the order of the text.
    pub fn places(&self) -> Vec<(Md, String)> {
        let of_agreement = self.index.iter().filter(|(_, id)| !id.starts_with("section."));
        of_agreement.map(|(number, id)| (link(number, id), id.clone())).collect()
    }

    fn line(&mut self, line: &str) {
        let letters = pages::letters(line);
        if self.mark.is_some() && self.unmarked > 0 && !line.starts_with(['#', '>', '|']) {
            // A mark has just been set below a heading.
            if self.unmarked > 1 && self.unmarked + letters > pages::HALF {
                self.remark();
            }
            self.unmarked += letters;
        }
        self.write(line);
    }

    fn write(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Notes where an id stands; its anchor.
    fn place(&mut self, number: &str, id: &str) -> String {
        if !id.is_empty() {
            self.index.push((number.to_owned(), id.to_owned()));
        }
        anchor(id)
    }

    /// The document's title.
    pub fn title(&mut self, title: &str, id: &str) {
        let anchor = self.place(WHOLE, id);
        self.line(&format!("# {anchor}{}", Md::from(title).0));
    }

    /// A conspicuous note.
    pub fn note(&mut self, note: Md) {
        self.line(&format!("> {}", note.0));
    }

    /// A note that stands below each heading from here on, also below those within a section, and after each half of a page
    /// of what follows it: what is printed or passed on in parts bears it in each.
    pub fn mark_sections(&mut self, note: Md) {
        self.mark = Some(note);
    }

    /// A heading, with the mark of the document below it.
    fn marked(&mut self, heading: &str) {
        self.line(heading);
        self.remark();
    }

    /// The mark of the document, if it has one.
    fn remark(&mut self) {
        if let Some(mark) = self.mark.clone() {
            self.write(&format!("> {}", mark.0));
            self.unmarked = 1;
        }
    }

    /// A heading without a number.
    pub fn heading(&mut self, title: &str) {
        self.marked(&format!("## {}", Md::from(title).0));
    }

    /// A numbered section.
    pub fn section(&mut self, title: &str) {
        self.section += 1;
        (self.clause, self.sub, self.in_schedule) = (0, 0, false);
        let number = self.section.to_string();
        let anchor = self.place(&number, &section_id(title));
        self.marked(&format!("## {anchor}{number}. {}", Md::from(title).0));
    }

    /// A schedule, with a letter: A to Z, then with numbers.
    pub fn schedule(&mut self, title: &str) {
        self.schedule = self.schedule.saturating_add(1);
        (self.clause, self.sub, self.in_schedule) = (0, 0, true);
        let number = format!("Schedule {}", self.prefix());
        let anchor = self.place(&number, &section_id(title));
        self.marked(&format!("## {anchor}{number}: {}", Md::from(title).0));
    }

    fn prefix(&self) -> String {
        if !self.in_schedule {
            return self.section.to_string();
        }
        char::from(b'A'.saturating_add(self.schedule.saturating_sub(1)).min(b'Z')).to_string()
    }

    /// What a clause would say, to be compared with others and written later.
    pub fn aside(&mut self, write: impl FnOnce(&mut Document)) -> Vec<Block> {
        let mut aside = Document { aside: Some(Vec::new()), ..Document::default() };
        write(&mut aside);
        aside.aside.unwrap_or_default()
    }

    /// What the next clauses are about, in a word: clauses of several variants that are about the same are told together.
    pub fn about(&mut self, what: &str) -> &mut Document {
        if self.aside.is_some() {
            what.clone_into(&mut self.about);
        }
        self
    }

    /// Notes a clause that is written aside; whether it is.
    fn noted(&mut self, level: Level, title: &Md, text: &Md, ids: &[&str]) -> bool {
        let Some(aside) = &mut self.aside else { return false };
        aside.push(Block {
            level,
            about: self.about.clone(),
            title: title.clone(),
            text: text.clone(),
            ids: owned(ids),
            grids: Vec::new(),
        });
        true
    }

    /// A titled clause with clauses below it.
    pub fn topic(&mut self, title: &str, id: &str) {
        self.topic_of(title, &[id]);
    }

    /// A titled clause that several ids name.
    pub fn topic_of(&mut self, title: &str, ids: &[&str]) {
        self.topic_as(&Md::from(title), ids);
    }

    /// The same with a title that was written aside.
    pub fn topic_as(&mut self, title: &Md, ids: &[&str]) {
        if self.noted(Level::Topic, title, &Md::default(), ids) {
            return;
        }
        self.clause += 1;
        self.sub = 0;
        let number = format!("{}.{}", self.prefix(), self.clause);
        let anchors: String = ids.iter().map(|id| self.place(&number, id)).collect();
        self.marked(&format!("### {anchors}{number} {}", title.0));
    }

    /// A numbered clause: `1.1`.
    pub fn clause(&mut self, text: impl Into<Md>, id: &str) {
        self.clause_of(text, &[id]);
    }

    /// A numbered clause that several ids name.
    pub fn clause_of(&mut self, text: impl Into<Md>, ids: &[&str]) {
        self.entry_of(&Md::default(), text, ids);
    }

    /// A numbered clause that begins with a title, and that several ids name.
    pub fn entry_of(&mut self, title: &Md, text: impl Into<Md>, ids: &[&str]) {
        let text = text.into();
        if self.noted(Level::Clause, title, &text, ids) {
            return;
        }
        self.clause += 1;
        self.sub = 0;
        let number = format!("{}.{}", self.prefix(), self.clause);
        self.numbered(number, &title.clone().and(text), ids);
    }

    /// A numbered clause below a topic: `1.1.1`.
    pub fn sub(&mut self, text: impl Into<Md>, id: &str) {
        self.sub_of(text, &[id]);
    }

    /// A numbered clause below a topic that several ids name.
    pub fn sub_of(&mut self, text: impl Into<Md>, ids: &[&str]) {
        let text = text.into();
        if self.noted(Level::Sub, &Md::default(), &text, ids) {
            return;
        }
        self.sub += 1;
        let number = format!("{}.{}.{}", self.prefix(), self.clause, self.sub);
        self.numbered(number, &text, ids);
    }

    fn numbered(&mut self, number: String, text: &Md, ids: &[&str]) {
        let anchors: String = ids.iter().map(|id| self.place(&number, id)).collect();
        self.line(&format!("{anchors}**{number}** {}", text.0));
        (self.number, self.rows) = (number, 0);
    }

    /// A party: `(1)`.
    pub fn party(&mut self, number: usize, text: impl Into<Md>, id: &str) {
        let name = format!("Party ({number})");
        let anchor = self.place(&name, id);
        self.line(&format!("{anchor}**({number})** {}", text.into().0));
        (self.number, self.rows) = (name, 0);
    }

    /// A paragraph without a number, which begins in bold.
    pub fn paragraph(&mut self, start: &str, text: impl Into<Md>) {
        let text = bold(start).and(text);
        self.line(&text.0);
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A reference to a clause: its number, which leads to it.
pub fn reference(id: &str) -> Md {
    Md(format!("{MARK}{}{MARK}", one_line(id)))
}

/// A reference to a section or schedule by its title: `section 8 (“Responsibilities”)`.
pub fn section_reference(title: &str) -> Md {
    Md(format!("{MARK}{SECTION}{title}{MARK}"))
}

/// A link to a clause, or to the one around it: the targets of a commitment together have no number of their own.
fn clause_link(numbers: &BTreeMap<&str, &str>, id: &str) -> Md {
    let mut at = id;
    loop {
        if let Some(number) = numbers.get(at) {
            return link(number, at);
        }
        let Some((around, _)) = at.rsplit_once('.') else { return code(id) };
        at = around;
    }
}

fn section_link(numbers: &BTreeMap<&str, &str>, title: &str) -> Md {
    let id = section_id(title);
    let Some(number) = numbers.get(&*id) else { return Md::from(format!("the section “{title}”")) };
    let word = if number.starts_with("Schedule") { "" } else { "section" };
    Md::from(word).and(link(number, &id)).and(format!("(“{title}”)"))
}

/// The id of a section, for links only.
fn section_id(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    format!("section.{}", words.collect::<Vec<_>>().join("-").to_lowercase())
}
