//! Places of recovery to diagnostics: what cannot be read, where exactly, and how it is written instead.

use super::Unread;
use super::forms::{self, Form};
use super::grammar::{Kind, SlaParser};
use super::tree::Trouble;
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::source::{FileId, Span};
use pest::Parser as _;

/// How many mistakes of one file are told; more do not help anybody.
const MOST: usize = 200;
/// How much of an unreadable piece is looked at to find the word where it stops making sense.
const PROBE: usize = 2_000;

struct Reporter<'a> {
    file: FileId,
    text: &'a str,
}

/// The diagnostics of a file, and what was passed over.
pub(super) fn report(file: FileId, text: &str, troubles: &[Trouble]) -> (Unread, Vec<Diagnostic>) {
    let reporter = Reporter { file, text };
    let places = troubles.iter().map(|trouble| trouble.start).collect();
    let mut unread = Unread { any: !troubles.is_empty(), places, ..Unread::default() };
    let mut findings = Vec::new();
    let mut before: Option<Trouble> = None;
    for trouble in troubles {
        let said = reporter.said(trouble);
        if matches!(trouble.kind, Kind::junk | Kind::head_junk) {
            unread.words.extend(words(said).map(str::to_owned));
        }
        if trouble.kind == Kind::missing_name {
            unread.nameless.insert(reporter.line(trouble.parent.1).split([' ', '\t']).next().unwrap_or("").to_owned());
        }
        if !before.is_some_and(|before| reporter.follows(&before, trouble)) {
            findings.push(reporter.finding(trouble));
        }
        before = Some(*trouble);
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

impl Reporter<'_> {
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
        match (before.parent.0, now.parent.0) {
            // At the top of a file lines without a declaration belong together: one brace is missing or too many.
            (_, Kind::file) => before.declaration == now.declaration && (close || before.parent.0 == Kind::file),
            // Within a block a line that does not begin with a keyword continues the unreadable one before it.
            _ => {
                close && now.kind == Kind::junk && forms::form_at(self.said(now)).is_none() && before.kind == Kind::junk
            }
        }
    }

    fn finding(&self, trouble: &Trouble) -> Diagnostic {
        let here = self.span(trouble.start, trouble.end);
        match trouble.kind {
            Kind::missing_close => self.missing_close(trouble),
            Kind::stray_close => Diagnostic::new(codes::STRAY_BRACE, here, "this `}` closes nothing")
                .primary("no block is open here")
                .help("take it away, or look for the `{` that is missing above"),
            Kind::doubled_open => Diagnostic::new(codes::UNEXPECTED_TEXT, here, "a block is opened twice")
                .primary("one `{` is enough")
                .fix(Fix::replace("take away the second `{`", here, "")),
            Kind::missing_name => self.missing_name(trouble),
            Kind::odd_kw => self.odd_keyword(trouble),
            _ => self.junk(trouble),
        }
    }

    fn missing_close(&self, trouble: &Trouble) -> Diagnostic {
        let content = without_comments(self.text.get(..trouble.start).unwrap_or("")).len();
        let opened = self.inner_block(trouble.parent.1, content).unwrap_or(trouble.parent.1);
        // The line after the last one of the block is where its brace is missed.
        let after =
            self.text.get(content..trouble.start).unwrap_or("").find('\n').map_or(content, |line| content + line + 1);
        let head = self.text.get(..opened).unwrap_or("").lines().next_back().unwrap_or("").trim();
        let message = match head {
            "" => "a `}` is missing".to_owned(),
            head => format!("the block of `{}` is not closed", shorten(head)),
        };
        if opened == trouble.parent.1 {
            return Diagnostic::new(codes::MISSING_BRACE, self.span(after, after), message)
                .primary("a `}` is missing before here")
                .label(self.span(opened, opened + 1), "the block begins here")
                .help("close the block with `}`");
        }
        Diagnostic::new(codes::MISSING_BRACE, self.span(content - 1, content), message)
            .primary("by where it stands, this `}` closes the outer block")
            .label(self.span(opened, opened + 1), "this block has no `}` of its own")
            .help("close the inner block with `}`")
    }

    /// Where the last brace of an unclosed block stands below its head, it was meant for that block, and a block within
    /// is the one that is not closed: the last one whose line opens more than it closes.
    fn inner_block(&self, opened: usize, content: usize) -> Option<usize> {
        let before = self.text.get(..opened)?;
        let head = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
        let body = self.text.get(opened + 1..content)?;
        let margin = |line: &str| line.len() - line.trim_start().len();
        let last = body.lines().next_back()?;
        if last.trim() != "}" || margin(last) != margin(head) {
            return None;
        }
        let (mut brace, mut at) = (None, opened + 1);
        for line in body.split_inclusive('\n') {
            if line.matches('{').count() > line.matches('}').count() {
                brace = line.find('{').map(|column| at + column);
            }
            at += line.len();
        }
        brace
    }

    fn missing_name(&self, trouble: &Trouble) -> Diagnostic {
        let keyword = self.line(trouble.parent.1).split([' ', '\t', '{']).next().unwrap_or("");
        let end = trouble.parent.1 + keyword.len();
        let finding = Diagnostic::new(
            codes::MISSING_NAME,
            self.span(trouble.parent.1, end),
            format!("this `{keyword}` has no name"),
        )
        .primary("a name is expected after this word");
        let help = "a name begins with a lower-case letter and holds letters, digits and `_`";
        match forms::form(keyword) {
            Some(form) => finding.help(format!("{help}, for example `{}`", form.example)),
            None => finding.help(help),
        }
    }

    fn odd_keyword(&self, trouble: &Trouble) -> Diagnostic {
        let (word, span) = (self.said(trouble), self.span(trouble.start, trouble.end));
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("there is no declaration `{word}`"));
        match did_you_mean(word, forms::DECLARATIONS.iter().map(|form| form.keyword)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                format!("write `{near}`"),
                span,
                near,
            )),
            None => finding.primary("not a word that a declaration begins with"),
        }
    }

    fn junk(&self, trouble: &Trouble) -> Diagnostic {
        let said = self.said(trouble);
        if let Some(finding) = self.foreign_letter(trouble) {
            return finding;
        }
        if trouble.kind == Kind::head_junk {
            return self.head(trouble);
        }
        let top = trouble.parent.0 == Kind::file;
        let first = words(said).next().filter(|word| said.starts_with(word));
        match (forms::form_at(said), first) {
            (Some(form), _) if top && !form.blocks.is_empty() => self.outside(trouble, form),
            (Some(form), _) => self.unexpected(trouble, form),
            (None, Some(word)) => self.unknown_word(trouble, word),
            (None, None) => Diagnostic::new(codes::UNEXPECTED_TEXT, self.first_line(trouble), "this cannot be read")
                .primary("no statement begins like this"),
        }
    }

    fn first_line(&self, trouble: &Trouble) -> Span {
        let line = self.said(trouble).lines().next().unwrap_or("").trim_end().len();
        self.span(trouble.start, trouble.start + line)
    }

    /// A statement at the top of the file: a brace is missing or too many.
    fn outside(&self, trouble: &Trouble, form: &Form) -> Diagnostic {
        let blocks = form.blocks.iter().map(|block| format!("`{block}`")).collect::<Vec<_>>().join(", ");
        let finding = Diagnostic::new(
            codes::UNEXPECTED_TEXT,
            self.first_line(trouble),
            format!("`{}` stands outside of a block", form.keyword),
        )
        .primary(format!("belongs in the block of {blocks}"));
        match trouble.declaration.map(|start| (start, self.line(start).trim_end())) {
            Some((start, head)) if !head.ends_with('}') => finding
                .label(self.span(start, start + head.len()), "the declaration before it")
                .help("is a `{` missing at the end of that declaration's head, or a `}` too many after it?"),
            _ => finding.help("is a `{` missing, or a `}` too many, above?"),
        }
    }

    /// A line with a keyword that does not go on as that keyword does.
    fn unexpected(&self, trouble: &Trouble, form: &Form) -> Diagnostic {
        let probe = if form.blocks.is_empty() { Kind::probe_decl } else { Kind::probe_statement };
        let said = self.said(trouble);
        let at = trouble.start + furthest(probe, clip(said)).max(form.keyword.len().min(said.len()));
        self.at_word(at, trouble.end, &format!("`{}`", form.keyword)).help(written(form))
    }

    fn head(&self, trouble: &Trouble) -> Diagnostic {
        let start = trouble.parent.1;
        let keyword = words(self.line(start)).next().unwrap_or("");
        let said = self.text.get(start..trouble.end).unwrap_or("");
        let at = (start + furthest(Kind::probe_decl, clip(said))).clamp(trouble.start, trouble.end);
        let finding = self.at_word(at, trouble.end, &format!("the head of this `{keyword}`"));
        match forms::form(keyword) {
            Some(form) => finding.help(written(form)),
            None => finding,
        }
    }

    /// "unexpected word", or "incomplete" where nothing follows.
    fn at_word(&self, at: usize, end: usize, what: &str) -> Diagnostic {
        let rest = self.text.get(at..end).unwrap_or("");
        let at = at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = self.text.get(at..end).unwrap_or("").lines().next().unwrap_or("").trim_end();
        let word = first_word(rest);
        if word.is_empty() {
            let back = self.text.get(..at).unwrap_or("").trim_end().len();
            return Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(back, back), format!("{what} is incomplete"))
                .primary("something is missing here");
        }
        if word.starts_with('"') && !word.get(1..).unwrap_or("").contains('"') {
            let span = self.span(at, at + rest.len());
            return Diagnostic::new(codes::UNTERMINATED_STRING, span, "a text in quotes does not end on its line")
                .primary("its closing `\"` is missing")
                .help("a text of several lines begins and ends with `\"\"\"`");
        }
        let span = self.span(at, at + word.len());
        Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("unexpected `{}` in {what}", shorten(word)))
            .primary("not expected here")
    }

    fn unknown_word(&self, trouble: &Trouble, word: &str) -> Diagnostic {
        let span = self.span(trouble.start, trouble.start + word.len());
        let top = trouble.parent.0 == Kind::file;
        let known = if top { forms::DECLARATIONS } else { forms::STATEMENTS };
        let finding = Diagnostic::new(
            codes::UNEXPECTED_TEXT,
            span,
            format!("no {} begins with `{}`", if top { "declaration" } else { "statement" }, shorten(word)),
        );
        match did_you_mean(word, known.iter().map(|form| form.keyword)).and_then(forms::form) {
            Some(near) => finding
                .primary(format!("did you mean `{}`?", near.keyword))
                .help(written(near))
                .fix(Fix::replace(format!("write `{}`", near.keyword), span, near.keyword)),
            None => finding.primary("not a word that a line begins with here"),
        }
    }

    /// Letters that word processors put in: typographic quotes, no-break spaces, dashes.
    fn foreign_letter(&self, trouble: &Trouble) -> Option<Diagnostic> {
        let (offset, letter) = clip(self.said(trouble)).char_indices().find(|(_, letter)| {
            matches!(
                letter,
                '\u{201C}'
                    | '\u{201D}'
                    | '\u{201E}'
                    | '\u{2018}'
                    | '\u{2019}'
                    | '\u{00A0}'
                    | '\u{202F}'
                    | '\u{2013}'
                    | '\u{2014}'
                    | '\u{2265}'
                    | '\u{2264}'
            )
        })?;
        let (name, instead) = match letter {
            '\u{00A0}' | '\u{202F}' => ("a no-break space", " "),
            '\u{2013}' | '\u{2014}' => ("a long dash", "-"),
            '\u{2265}' => ("the sign ≥", ">="),
            '\u{2264}' => ("the sign ≤", "<="),
            _ => ("a typographic quotation mark", "\""),
        };
        let span = self.span(trouble.start + offset, trouble.start + offset + letter.len_utf8());
        Some(
            Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("{name} cannot be read here"))
                .primary(if instead == " " {
                    "write an ordinary blank".to_owned()
                } else {
                    format!("write `{instead}`")
                })
                .fix(Fix::replace(format!("write `{instead}`"), span, instead)),
        )
    }
}

/// A text without the blank lines and comment lines at its end: they belong to what follows.
fn without_comments(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some((before, line)) = rest.rsplit_once('\n') {
        if !line.trim_start().starts_with("//") {
            break;
        }
        rest = before.trim_end();
    }
    rest
}

fn written(form: &Form) -> String {
    format!("it is written `{}`, for example `{}`", form.form, form.example)
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(PROBE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

/// How far the grammar can follow a text.
fn furthest(rule: Kind, text: &str) -> usize {
    match SlaParser::parse(rule, text) {
        Ok(_) => 0,
        Err(error) => match error.location {
            pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
        },
    }
}

/// The first word, number with its unit, text in quotes, or sign of a line.
fn first_word(line: &str) -> &str {
    let Some(first) = line.chars().next() else { return "" };
    let end = if first == '"' {
        line.char_indices().skip(1).find(|(_, letter)| *letter == '"').map_or(line.len(), |(index, _)| index + 1)
    } else if first.is_alphanumeric() || first == '_' {
        line.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.' | '%' | '°' | ':' | '-')))
            .unwrap_or(line.len())
    } else {
        first.len_utf8()
    };
    line.get(..end).unwrap_or(line)
}
