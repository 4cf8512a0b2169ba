//! Slips of the table, told where they stand, with one fix for all of them in a statement.

use super::lines::{Piece, shorten};
use super::probe::{clip, stop};
use super::slips::Found;
use super::{Reporter, slips};
use crate::diagnostics::{Diagnostic, Edit, Fix, codes};

/// How many slips of one statement are mended together.
const TOGETHER: usize = 8;

impl Reporter<'_> {
    /// A slip of the table at the place where a piece stops making sense.
    pub(super) fn known_slip(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let (begin, slip) = self.find_slip(piece)?;
        let (start, end) = (begin + slip.start, begin + slip.end);
        let (span, word) = (self.span(start, end), self.text.get(start..end)?);
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, format!("`{}` cannot be read here", word.trim()))
            .help(slip.why);
        if let Some(options) = options_after_if(self.text.get(start..).unwrap_or("")) {
            return Some(finding.primary("no condition is asked here").help(options));
        }
        if let (Some(meant), Some(currency)) = (slip.currency(), self.currency)
            && meant != currency
        {
            let help = format!("the agreement is in {currency}, and has no exchange rate");
            return Some(finding.primary(format!("an amount in {meant}?")).help(help));
        }
        Some(match slip.instead {
            None => finding.primary("not written like this"),
            Some(instead) if instead.is_empty() => {
                finding.primary("leave it out").fix(Fix::replace("leave it out", span, ""))
            }
            Some(instead) => {
                let primary = format!("did you mean `{instead}`?");
                let mut edits = vec![Edit { span, new_text: instead }];
                self.add_further(piece, begin, &mut edits);
                let words: Vec<String> = edits.iter().map(|edit| format!("`{}`", edit.new_text)).collect();
                finding.primary(primary).fix(Fix { title: format!("write {}", words.join(", ")), edits })
            }
        })
    }

    /// The slip of a piece, and the place that its own places are counted from.
    fn find_slip(&self, piece: &Piece<'_>) -> Option<(usize, Found)> {
        let begin = self.text.get(..piece.at)?.rfind('\n').map_or(0, |at| at + 1);
        let line = clip(self.text.get(begin..)?.lines().next()?);
        let keyword = piece.form.map_or("", |form| form.keyword);
        let reads = |(start, end), instead: &str| self.mends(piece, (begin + start, begin + end), instead);
        Some((begin, slips::find(line, piece.at - begin, keyword, &reads)?))
    }

    /// The slips that stand after the first one in a piece whose first byte is on the line that begins at `begin` or
    /// before: they are looked for in what the edits so far make of it.
    fn add_further(&self, piece: &Piece<'_>, begin: usize, edits: &mut Vec<Edit>) {
        let base = begin.min(piece.start);
        let Some(mut text) = self.text.get(base..piece.end).map(str::to_owned) else { return };
        // How many bytes the text is longer than it was, and where the last edit ends in it.
        let (mut more, mut done) = (0_isize, 0_usize);
        while let Some(last) = edits.last().filter(|_| edits.len() < TOGETHER) {
            let (start, end) = (last.span.start as usize - base, last.span.end as usize - base);
            let place = start.saturating_add_signed(more)..end.saturating_add_signed(more);
            if place.start < done || text.get(place.clone()).is_none() {
                return;
            }
            done = place.start + last.new_text.len();
            more += last.new_text.len() as isize - place.len() as isize;
            text.replace_range(place, &last.new_text);
            let reporter = Reporter { text: &text, ..*self };
            let from = piece.start - base;
            let Some(at) = text.get(from..).and_then(|said| stop(piece.rule, said)) else { return };
            let next = Piece { start: from, end: text.len(), at: from + at, what: String::new(), ..*piece };
            let Some((line, slip)) = reporter.find_slip(&next) else { return };
            let (start, end) = (line + slip.start, line + slip.end);
            let other = slip.currency().is_some_and(|meant| self.currency.is_some_and(|known| known != meant));
            let Some(new_text) = slip.instead.filter(|instead| !instead.is_empty() && !other && start >= done) else {
                return;
            };
            let was = |place: usize| base + place.saturating_add_signed(-more);
            edits.push(Edit { span: self.span(was(start), was(end)), new_text });
        }
    }
}

/// How what holds for an option is written, where a block begins with `if plan = gold {`.
fn options_after_if(text: &str) -> Option<String> {
    let (asked, _) = text.lines().next()?.strip_prefix("if ")?.split_once('{')?;
    let (dimension, option) = asked.split_once('=').or_else(|| asked.split_once(" is "))?;
    let option = option.trim_start_matches('=').trim();
    let is_name = |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let are_names = is_name(dimension.trim()) && is_name(option) && !option.is_empty();
    are_names
        .then(|| format!("what holds for an option stands in a block of its own: `for {} {{ … }}`", shorten(option)))
}
