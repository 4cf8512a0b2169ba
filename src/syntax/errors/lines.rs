//! Lines, and ends of lines, that cannot be read: where exactly, and what was probably meant.

use super::probe::stop;
use super::{Reporter, letters};
use crate::diagnostics::{Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::syntax::forms::{self, Form};
use crate::syntax::grammar::Kind;
use crate::syntax::tree::Trouble;

/// Whether a letter may stand in a name.
fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// A piece of a file that stops making sense.
pub(super) struct Piece<'a> {
    /// Its first byte, with the part that was read.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// Where it stops making sense.
    pub at: usize,
    /// What it is, for a sentence.
    pub what: String,
    /// The rule of the grammar that would read it.
    pub rule: Kind,
    /// The form of its keyword, if it has one.
    pub form: Option<&'a Form>,
}

impl Reporter<'_> {
    /// A piece that cannot be read, or cannot be read to its end.
    pub(super) fn unreadable(&self, trouble: &Trouble) -> Diagnostic {
        if let Some(finding) = self.options_in_table(trouble) {
            return finding;
        }
        let piece = match trouble.kind {
            Kind::head_junk => self.torn(trouble, trouble.parent.1, Kind::probe_decl),
            Kind::tail_junk => self.torn(trouble, trouble.before, Kind::probe_statement),
            Kind::odd_call => self.torn(trouble, trouble.start, Kind::probe_call),
            _ => match self.line_with_form(trouble) {
                Ok(piece) => piece,
                Err(finding) => return finding,
            },
        };
        self.slip(&piece).or_else(|| self.two_in_a_line(trouble, &piece)).unwrap_or_else(|| {
            let finding = self.at_word(piece.at, piece.end, &piece.what);
            match piece.form {
                _ if self.lacks_quote(piece.at) => finding.help("is a closing `\"` missing on this line?"),
                Some(form) if finding.help.is_none() => finding.help(written(form)),
                _ => finding,
            }
        })
    }

    /// Rows for some options within the table of a credit.
    fn options_in_table(&self, trouble: &Trouble) -> Option<Diagnostic> {
        if !self.is_for_in_table(trouble) {
            return None;
        }
        let said = self.said(trouble);
        let head = self.text.get(..trouble.parent.1)?.lines().next_back()?.trim();
        let options = said.split('{').next().unwrap_or(said).lines().next().unwrap_or(said).trim();
        let message = format!("`{}` cannot stand within the table of a credit", shorten(options));
        let span = self.span(trouble.start, trouble.start + options.len());
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, message).primary("rows for some options");
        Some(finding.help(format!(
            "write a table for each option: `{} {{ {} {{ … }} }}`",
            shorten(options),
            shorten(head)
        )))
    }

    /// Whether a line within the table of a credit begins rows for some options.
    pub(super) fn is_for_in_table(&self, trouble: &Trouble) -> bool {
        trouble.kind == Kind::junk && trouble.parent.0 == Kind::rows && forms::first_word(self.said(trouble)) == "for"
    }

    /// A second statement on the line of one that is whole.
    fn two_in_a_line(&self, trouble: &Trouble, piece: &Piece<'_>) -> Option<Diagnostic> {
        let rest = self.text.get(piece.at..piece.end).filter(|_| trouble.kind == Kind::tail_junk)?;
        let second = rest.trim_start_matches([' ', '\t']);
        let form = forms::form_at(second).filter(|form| !form.blocks.is_empty())?;
        // What belongs in no block of the first one cannot stand after it.
        let is_beside = |first: &Form| first.blocks.iter().any(|block| form.blocks.contains(block));
        if !piece.form.is_none_or(is_beside) {
            return None;
        }
        let (first, rule) = (self.text.get(piece.start..piece.at)?.trim_end(), piece.rule);
        if stop(rule, first).is_some() || stop(rule, second.trim_end()).is_some() {
            return None;
        }
        let (before, at) = (piece.start + first.len(), piece.end - second.len());
        let message = format!("`{}` begins on the line of {}", form.keyword, piece.what);
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(at, at + form.keyword.len()), message);
        let finding =
            finding.primary("the second statement of the line").help("a statement ends with its line, or with a `;`");
        Some(finding.fix(Fix::replace("write `;` between the two", self.span(before, before), ";")))
    }

    /// Whether a text in quotes is begun and not ended on the line of a place, so that others are read inside out.
    fn lacks_quote(&self, at: usize) -> bool {
        let begin = self.text.get(..at).unwrap_or("").rfind('\n').map_or(0, |line| line + 1);
        let line = self.line(begin).replace("\\\"", "").replace("\"\"\"", "");
        line.matches('"').count() % 2 == 1
    }

    /// A piece that begins at `start`, of which a part was read.
    fn torn<'a>(&self, trouble: &Trouble, start: usize, probe: Kind) -> Piece<'a> {
        let said = self.text.get(start..trouble.end).unwrap_or("");
        let at = (start + stop(probe, said).unwrap_or(0)).clamp(trouble.start, trouble.end);
        let form = forms::form_at(said);
        let keyword = form.map_or_else(|| forms::first_word(said), |form| form.keyword);
        let what = match probe {
            Kind::probe_decl => format!("the head of this `{keyword}`"),
            Kind::probe_call => format!("the brackets of `{}`", shorten(forms::first_word(said))),
            _ => format!("`{keyword}`"),
        };
        Piece { start, end: trouble.end, at, what, rule: probe, form: form.filter(|_| probe != Kind::probe_call) }
    }

    /// A line that begins with a keyword and does not go on as it should; of another line, the finding.
    fn line_with_form<'a>(&self, trouble: &Trouble) -> Result<Piece<'a>, Diagnostic> {
        let said = self.said(trouble);
        let (start, end) = (trouble.start, trouble.end);
        let rule = self.rule(trouble);
        if let Some(form) = self.block(trouble).filter(|_| rule != Kind::probe_statement && rule != Kind::probe_decl) {
            let at = start + stop(rule, said).unwrap_or(0);
            return Ok(Piece { start, end, at, what: format!("`{}`", form.keyword), rule, form: Some(form) });
        }
        let Some(form) = forms::form_at(said) else { return Err(self.without_form(trouble)) };
        if form.keyword == "import" && trouble.parent.0 != Kind::file {
            return Err(self.only_at_the_top(trouble.start, form.keyword));
        }
        // A template of declarations is used at the top of a file as well.
        if trouble.parent.0 == Kind::file && !form.blocks.is_empty() && form.keyword != "use" {
            return Err(self.outside(trouble, form));
        }
        let rule = if form.blocks.is_empty() { Kind::probe_decl } else { Kind::probe_statement };
        let at = start + stop(rule, said).unwrap_or(0).max(form.keyword.len().min(said.len()));
        Ok(Piece { start, end, at, what: format!("`{}`", form.keyword), rule, form: Some(form) })
    }

    /// The rule that would read a line where a trouble is.
    fn rule(&self, trouble: &Trouble) -> Kind {
        match trouble.parent.0 {
            Kind::file => Kind::probe_decl,
            Kind::series_block => Kind::probe_series,
            Kind::stamp_block => Kind::probe_stamp,
            _ => Kind::probe_statement,
        }
    }

    fn without_form(&self, trouble: &Trouble) -> Diagnostic {
        let said = self.said(trouble);
        let first = forms::first_word(said);
        let (start, end, rule) = (trouble.start, trouble.end, self.rule(trouble));
        let piece = Piece { start, end, at: start, what: String::new(), rule, form: None };
        // A keyword of several words may be held together by a blank that is none.
        let words = said.split_inclusive([' ', '\t']).take(3).map(str::len).sum::<usize>();
        match (self.slip_up_to(&piece, start + words), forms::form(first)) {
            (Some(finding), _) => finding,
            // A keyword with something directly after it, such as a colon.
            (None, Some(form)) => {
                let at = trouble.start + first.len();
                self.at_word(at, trouble.end, &format!("`{first}`")).help(written(form))
            }
            (None, None) if first.is_empty() => {
                Diagnostic::new(codes::UNEXPECTED_TEXT, self.first_line(trouble), "this cannot be read")
                    .primary("no statement begins like this")
            }
            (None, None) => self.unknown_word(trouble, &piece, first),
        }
    }

    fn first_line(&self, trouble: &Trouble) -> Span {
        let line = self.said(trouble).lines().next().unwrap_or("").trim_end().len();
        self.span(trouble.start, trouble.start + line)
    }

    /// A slip that is made again and again, at the place where a piece stops making sense.
    fn slip(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        self.slip_up_to(piece, piece.at)
    }

    /// The same, where letters that cannot be read may stand up to the word at `at`.
    fn slip_up_to(&self, piece: &Piece<'_>, at: usize) -> Option<Diagnostic> {
        if let Some(letter) = self.foreign_letter(piece.start, at, piece.end) {
            let known = self.known_slip(piece);
            // A slip that the letter belongs to, such as the sign of a comment before it, says more.
            return known.filter(|known| self.explains_letter(piece, known, &letter)).or(Some(letter));
        }
        self.without_its_quotes(piece)
            .or_else(|| self.known_slip(piece))
            .or_else(|| self.doubled(piece))
            .or_else(|| self.without_unit(piece))
            .or_else(|| self.last_comma(piece))
            .or_else(|| self.open_bracket(piece))
    }

    /// Whether the grammar reads a letter that it could not, once a slip is mended.
    fn explains_letter(&self, piece: &Piece<'_>, slip: &Diagnostic, letter: &Diagnostic) -> bool {
        let edit = slip.fixes.first().and_then(|fix| fix.edits.first());
        let (Some(edit), Some(letter)) = (edit, letter.span) else { return false };
        let more = letter.end.saturating_sub(edit.span.end) as usize;
        self.reads_past(piece, (edit.span.start as usize, edit.span.end as usize), &edit.new_text, more)
    }

    /// A bracket that is not closed in the piece, or closes nothing.
    fn open_bracket(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let text = self.text.get(piece.start..piece.end)?;
        let (at, closing) = unbalanced(text).filter(|(at, _)| piece.start + at <= piece.at)?;
        let bracket = text.get(at..=at)?;
        let span = self.span(piece.start + at, piece.start + at + 1);
        if closing {
            let message = format!("this `{bracket}` closes nothing");
            return Some(Diagnostic::new(codes::UNEXPECTED_TEXT, span, message).primary("no bracket is open here"));
        }
        let close = if bracket == "(" { ')' } else { ']' };
        let back = self.text.get(..piece.at)?.trim_end().len();
        let message = format!("this `{bracket}` is not closed");
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, message).primary("the bracket opens here");
        Some(finding.label(self.span(back, back), format!("a `{close}` is missing at the latest here")))
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

    /// An import, or a template, within something else.
    pub(super) fn only_at_the_top(&self, at: usize, keyword: &str) -> Diagnostic {
        let message = format!("{keyword}s stand at the top of a file");
        Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(at, at + keyword.len()), message)
            .primary("and not within a block")
            .help("move it out of the block")
    }

    /// "unexpected word", or "incomplete" where nothing follows.
    fn at_word(&self, at: usize, end: usize, what: &str) -> Diagnostic {
        let rest = self.text.get(at..end).unwrap_or("");
        let at = at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = self.text.get(at..end).unwrap_or("").lines().next().unwrap_or("").trim_end();
        let word = first_piece(rest);
        if word.is_empty() {
            let back = self.text.get(..at).unwrap_or("").trim_end().len();
            return Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(back, back), format!("{what} is incomplete"))
                .primary("something is missing here");
        }
        if self.text.get(at..end).is_some_and(|rest| rest.starts_with("\"\"\"")) {
            let message = "the text that begins with `\"\"\"` here is never closed";
            return Diagnostic::new(codes::UNTERMINATED_STRING, self.span(at, at + 3), message)
                .primary("no `\"\"\"` comes after this one")
                .help("write `\"\"\"` where the text ends");
        }
        if word.starts_with('"') && !word.get(1..).unwrap_or("").contains('"') {
            let span = self.span(at, at + rest.len());
            return Diagnostic::new(codes::UNTERMINATED_STRING, span, "a text in quotes does not end on its line")
                .primary("its closing `\"` is missing")
                .help("a text of several lines begins and ends with `\"\"\"`");
        }
        let span = self.span(at, at + word.len());
        let finding =
            Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("unexpected `{}` in {what}", shorten(word)))
                .primary("not expected here");
        match (what, word) {
            ("`use`", "on") => finding.help(
                "an amount is given without its calendar: the template names that, as in `within time on hours`, or has a \
                 parameter for it, `hours as calendar`",
            ),
            ("`import`", "for") => finding.help(
                "an import takes options of one dimension: write one for each, `import plan for gold from …` and, on the \
                 next line, `import region for eu from …`",
            ),
            (_, "[") if self.text.get(..at).is_some_and(|before| before.ends_with(is_of_name)) => finding.help(
                "findings name options in brackets, and a file does not: a name alone is all of its options, and what \
                 holds for one of them stands in a block, `for OPTION { … }`",
            ),
            _ if self.is_parameter(word) => finding.help(format!(
                "`{word}` is a parameter, and here also a word of the language: call the parameter otherwise"
            )),
            _ => finding,
        }
    }

    /// Whether a template of the file has a parameter of this name.
    fn is_parameter(&self, word: &str) -> bool {
        let declared = format!("{word} as ");
        let before = |at: usize| self.text.get(..at).unwrap_or("").trim_end_matches(' ').ends_with(['(', ',']);
        word.starts_with(is_of_name) && self.text.match_indices(&declared).any(|(at, _)| before(at))
    }

    /// A line that continues the line before it.
    pub(super) fn next_line(&self, trouble: &Trouble) -> Diagnostic {
        let said = self.said(trouble);
        let start = trouble.start + said.len() - said.trim_start().len();
        let word = match forms::first_word(self.line(start)) {
            "" => first_piece(self.line(start)),
            word => word,
        };
        let (rule, begin) = match trouble.parent.0 {
            Kind::decl | Kind::sub => (Kind::probe_decl, trouble.parent.1),
            Kind::s_oblige => (Kind::probe_statement, trouble.parent.1),
            _ => (Kind::probe_statement, trouble.before),
        };
        let joined = self.text.get(begin..trouble.end).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
        if stop(rule, &joined).is_some() {
            return self.without_form(&Trouble { start, ..*trouble });
        }
        let message = format!("this line begins with `{word}`, which continues the line before");
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(start, start + word.len()), message)
            .primary("put this on the line before")
            .help("a statement ends with its line");
        let blank = |letter: char| letter.is_ascii_whitespace();
        let mut edits = Vec::new();
        for (at, _) in said.match_indices('\n') {
            let before = said.get(..at).unwrap_or("").trim_end_matches(blank).len();
            let after = said.len() - said.get(at..).unwrap_or("").trim_start_matches(blank).len();
            let span = self.span(trouble.start + before, trouble.start + after);
            edits.push(Edit { span, new_text: " ".to_owned() });
        }
        match said.contains("\"\"\"") || self.cuts_comment(trouble.start) {
            true => finding,
            false => finding.fix(Fix { title: "put it on the line before".to_owned(), edits }),
        }
    }

    /// Whether the line before a place ends with a comment.
    fn cuts_comment(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("");
        let line = before.get(before.rfind('\n').map_or(0, |line| line + 1)..).unwrap_or("");
        without_quotes(line).contains("  //") || line.trim_start().starts_with("//")
    }

    /// A letter from `start` to the word at `at` that no keyboard of Latin letters gives, outside of quotes.
    pub(super) fn foreign_letter(&self, start: usize, at: usize, end: usize) -> Option<Diagnostic> {
        let rest = self.text.get(at..end)?;
        let word = rest.trim_start();
        let word =
            rest.len() - word.len() + word.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(word.len());
        let found = letters::foreign(&without_quotes(self.text.get(start..at + word)?))?;
        let from = start + found.at;
        let span = self.span(from, from + found.letter.len_utf8());
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("{} cannot be read here", found.name));
        Some(match found.instead.as_deref() {
            None if found.letter.is_alphabetic() => {
                finding.primary("names and keywords have Latin letters without accents")
            }
            None => finding.primary("write what it stands for"),
            Some("\"") => {
                let mut fix = Fix::replace("write `\"`", span, "\"");
                fix.edits.extend(self.closing_quote(from + found.letter.len_utf8()));
                finding.primary("write `\"`").fix(fix)
            }
            Some(" ") => {
                finding.primary("write an ordinary blank").fix(Fix::replace("write an ordinary blank", span, " "))
            }
            Some(instead) => {
                let words = if found.letter.is_alphabetic() {
                    format!("it only looks like the Latin `{instead}`")
                } else {
                    format!("write `{instead}`")
                };
                finding.primary(words).fix(Fix::replace(format!("write `{instead}`"), span, instead))
            }
        })
    }
}

impl Reporter<'_> {
    /// The typographic quotation mark that closes what another one opens before `at`.
    fn closing_quote(&self, at: usize) -> Option<Edit> {
        let line = self.line(at);
        let (place, letter) = line.char_indices().find(|(_, letter)| *letter == '"' || letters::is_quote(*letter))?;
        let span = self.span(at + place, at + place + letter.len_utf8());
        (letter != '"').then(|| Edit { span, new_text: "\"".to_owned() })
    }
}

/// How a keyword is used.
pub(super) fn written(form: &Form) -> String {
    form.usage()
}

/// A word for a message, cut if it is long.
pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

/// The first word, number with its unit, text in quotes, or sign of a line.
pub(super) fn first_piece(line: &str) -> &str {
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

/// A text with blanks for what stands in quotes and comments; every place stays where it is.
fn without_quotes(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let (mut quoted, mut comment, mut before) = (false, false, ' ');
    for letter in text.chars() {
        comment = (comment || !quoted && before == '/' && letter == '/') && letter != '\n';
        if letter == '"' && !comment && before != '\\' {
            quoted = !quoted;
        }
        if quoted || comment {
            bare.extend(std::iter::repeat_n(' ', letter.len_utf8()));
        } else {
            bare.push(letter);
        }
        before = letter;
    }
    bare
}

/// The innermost bracket that is not closed, or the first that closes nothing; whether it is a closing one.
fn unbalanced(text: &str) -> Option<(usize, bool)> {
    let mut open = Vec::new();
    for (at, letter) in without_quotes(text).char_indices() {
        match letter {
            '(' | '[' => open.push(at),
            ')' | ']' if open.pop().is_none() => return Some((at, true)),
            _ => {}
        }
    }
    open.pop().map(|at| (at, false))
}
