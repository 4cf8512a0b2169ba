//! Texts that stand in other quotes, or in none, and words and signs that are one too many.

use super::Reporter;
use super::lines::{Piece, first_piece};
use crate::diagnostics::{Diagnostic, Fix, codes};

/// Signs that show that words are an expression.
const SIGNS: &[char] = &['<', '>', '=', '(', ')', '[', ']', '*', '/'];

impl Reporter<'_> {
    /// A text whose quotes are others, or that has none.
    pub(super) fn without_its_quotes(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        self.single_quotes(piece).or_else(|| self.double_quotes(piece)).or_else(|| self.bare_text(piece))
    }

    /// Code of a target that stands in the quotes of a text.
    fn double_quotes(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let rest = self.text.get(piece.at..piece.end)?;
        let start = piece.at + rest.len() - rest.trim_start().len();
        let line = self.text.get(start..piece.end)?.lines().next()?;
        let inner = line.strip_prefix('"').and_then(|code| code.get(..code.rfind('"')?))?;
        let (end, instead) = (start + inner.len() + 2, format!("'{}'", inner.replace("\\\"", "\"")));
        let known = !inner.contains('\'') && self.mends(piece, (start, end), &instead);
        known.then(|| {
            let finding =
                Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(start, end), "a selector stands between two `'`")
                    .primary("these quotes hold a text");
            self.with_fix(finding, piece, (start, end), &instead)
        })
    }

    fn single_quotes(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let rest = self.text.get(piece.at..piece.end)?;
        let start = piece.at + rest.len() - rest.trim_start().len();
        let code = self.text.get(start..piece.end)?.strip_prefix('\'')?;
        let inner = code.get(..code.find(['\'', '\n'])?).filter(|inner| code.get(inner.len()..).is_some_and(closes))?;
        let (end, instead) = (start + inner.len() + 2, format!("\"{inner}\""));
        let known = !inner.contains(['"', '\\']) && self.mends(piece, (start, end), &instead);
        known.then(|| {
            let finding =
                Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(start, end), "a text stands between two `\"`")
                    .primary("these quotes hold code of a target, such as a selector");
            self.with_fix(finding, piece, (start, end), &instead)
        })
    }

    /// Words where the statement takes a text.
    fn bare_text(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let form = piece.form?;
        let said = self.text.get(piece.start..piece.end)?;
        let (mut rest, mut takes) =
            (said.get(form.keyword.len()..)?, form.form.get(form.keyword.len()..)?.trim_start());
        if let (Some(tail), Some(parts)) = (rest.trim_start().strip_prefix("while"), takes.strip_prefix("while")) {
            (rest, takes) = (tail, parts.trim_start());
        }
        let words = rest.trim();
        let condition = takes.contains("\"Words\"");
        // The parts of a name are joined by points, and a sentence ends with one.
        let path = |word: &str| word.trim_end_matches('.').contains('.');
        let sentence =
            words.split_whitespace().count() > 2 && !words.contains(SIGNS) && !words.split_whitespace().any(path);
        let bare = words.starts_with(char::is_alphanumeric) && !words.contains(['"', '\\', '\n']);
        if !bare || !(takes.starts_with('"') || condition && sentence) {
            return None;
        }
        let start = piece.start + said.len() - rest.trim_start().len();
        let place = (start, start + words.len());
        let instead = format!("\"{words}\"");
        let message = match condition {
            true => "words that people judge stand in quotes",
            false => "a text stands in quotes",
        };
        self.mends(piece, place, &instead).then(|| {
            let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(place.0, place.1), message);
            // In quotes it would be the name, and not what is given for it.
            if self.text.contains(&format!("{words} as text")) {
                let help = format!("what is given for `{words} as text` stands after `where` and in selectors only");
                return finding.primary("no parameter stands here").help(help);
            }
            self.with_fix(finding.primary("put a `\"` before and after it"), piece, place, &instead)
        })
    }

    /// A comma after which nothing comes.
    pub(super) fn last_comma(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let said = self.text.get(piece.start..piece.end)?.trim_end();
        let place = (piece.start + said.strip_suffix(',')?.len(), piece.start + said.len());
        self.goes_on(piece, place, "").then(|| {
            Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(place.0, place.1), "no comma comes at the end here")
                .primary("leave it out")
                .help("a statement ends with its line, or with `;`")
                .fix(Fix::replace("leave it out", self.span(place.0, place.1), ""))
        })
    }

    /// A word that stands twice.
    pub(super) fn doubled(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let rest = self.text.get(piece.at..piece.end)?;
        let start = piece.at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let word = first_piece(self.text.get(start..piece.end)?);
        let before = self.text.get(piece.start..start)?.trim_end_matches([' ', '\t']);
        let first = before.strip_suffix(word)?;
        let whole = !first.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let place = (piece.start + before.len(), start + word.len());
        (whole && !word.is_empty() && self.mends(piece, place, "")).then(|| {
            let here = self.span(start, start + word.len());
            Diagnostic::new(codes::UNEXPECTED_TEXT, here, format!("`{}` stands twice", super::lines::shorten(word)))
                .primary("once is enough")
                .fix(Fix::replace("leave it out", self.span(place.0, place.1), ""))
        })
    }
}

fn closes(rest: &str) -> bool {
    rest.starts_with('\'')
}
