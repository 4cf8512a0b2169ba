//! Lines, and heads of declarations, whose first word is no keyword.

use super::Reporter;
use super::lines::{Piece, shorten, written};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::syntax::forms::{self, Form};
use crate::syntax::grammar::Kind;
use crate::syntax::tree::Trouble;

impl Reporter<'_> {
    /// The declaration or statement in whose block a trouble is.
    pub(super) fn block(&self, trouble: &Trouble) -> Option<&'static Form> {
        match trouble.parent.0 {
            Kind::file => None,
            Kind::template_block => {
                let of = self.line(trouble.owner).rsplit_once(" of ").map(|(_, of)| forms::first_word(of));
                of.and_then(forms::declaration_form).or_else(|| forms::form("commitment"))
            }
            _ => {
                let head = self.line(trouble.owner);
                forms::form_at(head).or_else(|| forms::declaration_form(forms::first_word(head)))
            }
        }
    }

    /// A line whose first word is no keyword.
    pub(super) fn unknown_word(&self, trouble: &Trouble, piece: &Piece<'_>, word: &str) -> Diagnostic {
        let place = (trouble.start, trouble.start + word.len());
        let top = trouble.parent.0 == Kind::file;
        let block = self.block(trouble);
        let known = forms::keywords_in(block, top);
        let what = if top { "declaration" } else { "statement" };
        let message = format!("no {what} begins with `{}`", shorten(word));
        let new = |message: &str, place: (usize, usize)| {
            Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(place.0, place.1), message)
        };
        if let Some((length, form)) = forms::synonym(self.said(trouble), &known) {
            let place = (trouble.start, trouble.start + length);
            let finding = new(&message, place).primary(format!("`{}` says this", form.keyword)).help(written(form));
            return self.with_fix(finding, piece, place, form.keyword);
        }
        if let Some(form) = forms::half_keyword(word, &known) {
            let rest = form.keyword.strip_prefix(word).unwrap_or("").trim_start();
            let finding = new(&format!("`{}` goes on with `{rest}`", shorten(word)), place)
                .primary(format!("the keyword is `{}`", form.keyword))
                .help(written(form));
            // What follows is kept only where the missing words are all that is wrong.
            let next = self.line(place.1).trim_start_matches([' ', '\t']);
            return match next.starts_with(|first: char| first.is_ascii_digit() || first == '"') {
                true => self.with_fix(finding, piece, place, form.keyword),
                false => finding,
            };
        }
        let finding = new(&message, place);
        if let Some(form) = forms::instead_of(word, &known) {
            return finding.primary(format!("`{}` says this", form.keyword)).help(written(form));
        }
        if let Some(near) = forms::meant(word, &known) {
            let finding = finding.primary(format!("did you mean `{}`?", near.keyword)).help(written(near));
            return self.with_fix(finding, piece, place, near.keyword);
        }
        if let Some((place, head, row)) = self.row_with_a_sign(trouble, &known) {
            let finding = new("the value of an option comes after `gives`", place).primary("not written like this");
            return self.with_fix(finding.help(format!("write `{row}`")), piece, place, &head);
        }
        let list = known.iter().map(|form| format!("`{}`", form.keyword)).collect::<Vec<_>>().join(", ");
        let finding = finding.primary("not a word that a line begins with here");
        match block.filter(|_| !known.is_empty()) {
            Some(block) => finding.help(format!("in `{}`: {list}", block.keyword)),
            None if top => finding.help(format!("a declaration begins with {list}")),
            None => finding,
        }
    }

    /// The options of a row such as `gold = 99%` or `gold: 99%` with the sign, those as they are written, and the whole row.
    fn row_with_a_sign(&self, trouble: &Trouble, known: &[&Form]) -> Option<((usize, usize), String, String)> {
        known.iter().find(|form| form.keyword == "otherwise")?;
        let line = self.said(trouble).lines().next().unwrap_or("");
        let (options, rest) = line.split_at_checked(line.find([':', '='])?)?;
        let is_name = |name: &str| {
            let name = name.trim();
            !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        if !options.split(',').all(is_name) {
            return None;
        }
        let value = rest.trim_start_matches([':', '=', '>']);
        let place = (trouble.start, trouble.start + line.len() - value.len());
        let head = format!("{} gives", options.trim());
        let value = value.split([';', '}', '/']).next().unwrap_or("").trim();
        Some((place, head.clone(), shorten(&format!("{head} {value}"))))
    }

    /// The head of a declaration with a keyword that does not exist.
    pub(super) fn odd_keyword(&self, trouble: &Trouble) -> Diagnostic {
        let (word, span) = (self.said(trouble), self.span(trouble.start, trouble.end));
        let known = forms::keywords_in(None, true);
        if let Some(form) = known.iter().find(|form| form.keyword == word) {
            let finding =
                Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("the head of this `{word}` is not complete"));
            return finding
                .primary("its parameters stand in brackets after its name, `()` if it has none")
                .help(written(form));
        }
        let finding =
            Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("there is no declaration `{}`", shorten(word)));
        let fix = |near: &str| Fix::replace(format!("write `{near}`"), span, near);
        if let Some((_, form)) = forms::synonym(word, &known) {
            return finding.primary(format!("`{}` says this", form.keyword)).help(written(form)).fix(fix(form.keyword));
        }
        if let Some(form) = forms::instead_of(word, &known) {
            return finding.primary(format!("`{}` says this", form.keyword)).help(written(form));
        }
        match did_you_mean(word, known.iter().map(|form| form.keyword)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(fix(near)),
            None => finding.primary("not a word that a declaration begins with"),
        }
    }
}
