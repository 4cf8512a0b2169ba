//! What some sentences have in common, and in what they differ.

use super::{MARK, Md};
use std::collections::BTreeMap;

/// What stands for the words in which sentences differ.
const GAP: &str = "[…]";

/// How many words sentences have in common at least, so that they are told as one.
const LEAST: usize = 4;

/// Words that can stand after a number and are no unit of it.
const NO_UNITS: [&str; 10] = ["and", "at", "each", "for", "in", "of", "on", "or", "per", "to"];

/// Names of several words, by the first of them.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, Vec<Md>>);

impl Names {
    /// Those of some names that consist of several words, as they stand in a sentence.
    pub fn of(names: impl Iterator<Item = String>) -> Names {
        let mut all: BTreeMap<String, Vec<Md>> = BTreeMap::new();
        for name in names.map(Md::from).filter(|name| name.0.contains(' ')) {
            all.entry(first_word(&name.0).to_owned()).or_default().push(name);
        }
        Names(all)
    }

    /// How long the longest of them is with which a text begins; 0 where it begins with none.
    fn longest_before(&self, text: &str) -> usize {
        let begins = |name: &&Md| {
            let rest = text.strip_prefix(name.0.as_str());
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let known = self.0.get(first_word(text)).into_iter().flatten();
        known.filter(begins).map(|name| name.0.len()).max().unwrap_or_default()
    }
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// Sentences that are alike but for some words in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The sentence, with a gap where the words differ.
    pub text: Md,
    /// What stands for these words.
    pub gap: &'static str,
    /// The words of each sentence for the gap.
    pub words: Vec<Md>,
}

impl Frame {
    /// What some sentences have in common, if that is most of each. No gap cuts through one of these names.
    pub fn of(sentences: &[&Md], names: &Names) -> Option<Frame> {
        if sentences.iter().any(|sentence| sentence.0.contains('…')) {
            return None;
        }
        let split: Vec<Vec<Md>> = sentences.iter().map(|sentence| words(sentence, names)).collect();
        let first = split.first()?;
        let shortest = split.iter().map(Vec::len).min()?;
        let alike = |same: &dyn Fn(&[Md]) -> bool| split.iter().all(|words| same(words));
        let mut start = (0..shortest).take_while(|at| alike(&|words| words.get(*at) == first.get(*at))).count();
        let last = |words: &[Md], at: usize| words.len().checked_sub(at + 1).and_then(|at| words.get(at).cloned());
        let mut end =
            (0..shortest - start).take_while(|at| alike(&|words| last(words, *at) == last(first, *at))).count();
        // A number stays with its unit, and an amount with its currency.
        if start.checked_sub(1).and_then(|at| first.get(at)).is_some_and(is_half) {
            start -= 1;
        }
        let next =
            end.checked_sub(1).and_then(|at| last(first, at)).filter(|next| !NO_UNITS.contains(&next.0.as_str()));
        if next.is_some() && split.iter().any(|words| last(words, end).is_some_and(|word| is_half(&word))) {
            end -= 1;
        }
        // Nothing stands for no words: a word that all have goes with them.
        if split.iter().any(|words| words.len() == start + end) {
            if end > 0 { end -= 1 } else { start = start.checked_sub(1)? }
        }
        let middles: Vec<Md> = split.iter().map(|words| joined(words.get(start..words.len() - end))).collect();
        // A comma or full stop that all have stands after the gap.
        let ends: Vec<(Md, Md)> = middles.iter().map(split_end).collect();
        let stop = ends.first().map(|(_, stop)| stop).filter(|stop| ends.iter().all(|(_, of)| of == *stop));
        let words: Vec<Md> = match stop {
            Some(_) => ends.iter().map(|(words, _)| words.clone()).collect(),
            None => middles,
        };
        let longest = split.iter().map(|words| words.len() - start - end).max()?;
        if start + end < LEAST || longest > start + end || words.iter().any(Md::is_empty) {
            return None;
        }
        let gap = Md::from(GAP).then(stop.cloned().unwrap_or_default());
        let before = joined(first.get(..start));
        let text = before.and(gap).and(joined(first.get(first.len() - end..)));
        Some(Frame { text, gap: GAP, words })
    }
}

/// The words of a text. A name, and what stands in quotation marks or brackets, in bold, or in a reference is one word with what
/// it touches.
fn words(text: &Md, names: &Names) -> Vec<Md> {
    let (mut words, mut depth, mut is_marked, mut is_bold) = (vec![String::new()], 0_usize, false, false);
    let (mut before, mut named) = (' ', 0);
    for (at, letter) in text.0.char_indices() {
        if before == ' ' && at >= named {
            named = at + names.longest_before(text.0.get(at..).unwrap_or_default());
        }
        match letter {
            '“' | '(' => depth += 1,
            '”' | ')' => depth = depth.saturating_sub(1),
            MARK => is_marked = !is_marked,
            '*' if before == '*' => is_bold = !is_bold,
            _ => {}
        }
        before = letter;
        match words.last_mut() {
            Some(word) if letter != ' ' || at < named || depth > 0 || is_marked || is_bold => word.push(letter),
            _ => words.push(String::new()),
        }
    }
    words.into_iter().map(Md).collect()
}

fn joined(words: Option<&[Md]>) -> Md {
    words.unwrap_or_default().iter().fold(Md::default(), |text, word| text.and(word.clone()))
}

/// A text without the full stop or comma at its end, and that.
fn split_end(text: &Md) -> (Md, Md) {
    let at = text.0.trim_end_matches(['.', ',', ';']).len();
    let (words, end) = text.0.split_at_checked(at).unwrap_or((&text.0, ""));
    (Md(words.to_owned()), Md(end.to_owned()))
}

/// Whether a word is a number without its unit, or a currency without its amount.
fn is_half(word: &Md) -> bool {
    let all = |is: fn(&char) -> bool| !word.0.is_empty() && word.0.chars().all(|letter| is(&letter));
    all(|letter| letter.is_ascii_digit() || *letter == ',') || word.0.len() == 3 && all(char::is_ascii_uppercase)
}
