//! How declarations are called in a sentence.

use crate::calculus::{Binary, Expr, ExprKind, Function, Part, Type, Value};
use crate::diagnostics::is_hazard;
use crate::model::{CalendarRef, Declared, Head, Metric, Model};
use crate::values::Exact;
use std::borrow::Cow;

/// Nouns that name a measured quantity, so that "the …" before a title reads well.
const MEASURES: [&str; 32] = [
    "age",
    "availability",
    "count",
    "delay",
    "downtime",
    "duration",
    "figure",
    "frequency",
    "humidity",
    "index",
    "jitter",
    "latency",
    "length",
    "level",
    "loss",
    "number",
    "percentage",
    "percentile",
    "rate",
    "ratio",
    "satisfaction",
    "score",
    "share",
    "speed",
    "sum",
    "temperature",
    "throughput",
    "time",
    "total",
    "trip",
    "uptime",
    "volume",
];

/// Those of them that stand without an article.
const MASSES: [&str; 7] = ["downtime", "humidity", "jitter", "latency", "loss", "satisfaction", "throughput"];

/// Words after which a title only qualifies its noun.
const PREPOSITIONS: [&str; 21] = [
    "above", "after", "at", "before", "below", "by", "during", "for", "from", "in", "of", "on", "over", "per", "that",
    "to", "until", "which", "with", "within", "without",
];

/// Words that keep their capital anywhere.
const PROPER: [&str; 19] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Words that begin a name without being one.
const ARTICLES: [&str; 5] = ["The", "A", "An", "All", "Both"];

/// One line of text without characters that hide, break the line or turn the direction of writing.
pub fn plain(text: &str) -> String {
    one_line(text).into_owned()
}

/// [`plain`], of a text that mostly is so already.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let mut after = ' ';
    let is_plain = text.chars().all(|c| {
        let before = std::mem::replace(&mut after, c);
        match c {
            ' ' => before != ' ',
            '!'..='~' => true,
            _ => !c.is_whitespace() && !c.is_control() && !is_hazard(c),
        }
    });
    if is_plain && (after != ' ' || text.is_empty()) {
        return Cow::Borrowed(text);
    }
    let spaced: String = text
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
        .filter(|c| !is_hazard(*c))
        .collect();
    Cow::Owned(spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// The title of a declaration, or its name in words where it has none.
pub fn label(head: &Head) -> String {
    let title = plain(&head.label());
    if title.is_empty() { plain(&head.family.replace('_', " ")) } else { title }
}

/// A text with a full stop at its end, unless it has an end of its own.
pub fn sentence(text: &str) -> String {
    let text = plain(text);
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', ';', '…']) { text } else { format!("{text}.") }
}

/// A text as it stands within a sentence: its first letter small, unless the first word is a name or an abbreviation.
pub fn lowered(model: &Model, text: &str) -> String {
    let text = plain(text);
    let first = text.split([' ', '-', '\'', '’', ',']).next().unwrap_or("");
    let rest_is_small = first.chars().skip(1).all(char::is_lowercase);
    let single = first.chars().count() < 2 && first != "A";
    if !rest_is_small || single || PROPER.contains(&first) || is_name(model, first) {
        return text;
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_lowercase().chain(letters).collect())
}

/// Whether a word is part of the name of a party, a place or a law of the agreement.
fn is_name(model: &Model, word: &str) -> bool {
    if ARTICLES.contains(&word) {
        return false;
    }
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    model.parties.iter().any(|party| {
        party.head.title.as_deref().is_some_and(words)
            || party.address.as_ref().is_some_and(|address| words(&address.value))
    }) || model.agreement.law.as_ref().is_some_and(|law| words(&law.value))
        || model.agreement.zone.as_ref().is_some_and(|zone| words(zone.value.name()))
}

/// Several phrases as one: `a`, `a and b`, `a, b and c`.
pub fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A text in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", plain(text))
}

/// A metric within a sentence: `the monthly uptime percentage`, `the share of abandoned calls`, or its title in
/// quotation marks where no noun of measurement is found in it.
pub fn metric(model: &Model, name: &str) -> String {
    let Some(metric) = model.metrics.get(name) else {
        return quoted(&name.replace('_', " "));
    };
    let title = label(&metric.head);
    let small = lowered(model, &title);
    let noun = head_noun(&title);
    if noun.first().is_some_and(|word| ["the", "a", "an"].contains(&word.as_str())) {
        return small;
    }
    let whole = noun.len() == title.split(' ').count();
    if whole && noun.last().is_some_and(|word| MASSES.contains(&word.as_str())) {
        return small;
    }
    if noun.iter().any(|word| MEASURES.contains(&word.as_str())) || metric.value.ty == Type::Runs {
        return format!("the {small}");
    }
    if let Some(noun) = part_of(&title, &metric.value) {
        return format!("the {noun} of {small}");
    }
    format!("the value of {}", quoted(&title))
}

/// What a metric is called where it is defined: a share or a number of several things as such, so that the term is what
/// sentences say.
pub fn term(model: &Model, metric: &Metric) -> String {
    let title = label(&metric.head);
    let said = self::metric(model, &metric.head.name);
    match part_of(&title, &metric.value).filter(|noun| said.starts_with(&format!("the {noun} of "))) {
        Some("share") => format!("Share of {}", lowered(model, &title)),
        Some("number") => format!("Number of {}", lowered(model, &title)),
        _ => title,
    }
}

/// What is measured of several things that a title names: their share of a whole, or their number.
fn part_of(title: &str, value: &Expr) -> Option<&'static str> {
    match value.ty {
        _ if !is_plural(title) => None,
        Type::Ratio => is_share(value).then_some("share"),
        Type::Number => is_number(value).then_some("number"),
        _ => None,
    }
}

/// Whether a value is a part of a whole by the way it is computed, or what is left of one.
fn is_share(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Apply { function: Function::Share, .. } | ExprKind::Binary { op: Binary::Divide, .. } => true,
        ExprKind::Binary { op: Binary::Subtract, left, right } => {
            let is_one = |whole: &Value| whole.exact().is_some_and(|exact| *exact == Exact::one());
            matches!(&left.kind, ExprKind::Literal(whole) if is_one(whole)) && is_share(right)
        }
        _ => false,
    }
}

/// Whether a value is a number of things by the way it is computed.
fn is_number(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Apply { function: Function::Count, .. } => true,
        ExprKind::Reading(reading) => matches!(reading.part, Part::Count(_)),
        ExprKind::Binary { op: Binary::Add | Binary::Subtract, left, right } => is_number(left) && is_number(right),
        _ => false,
    }
}

/// The words of a title before the first preposition, and before what stands in brackets, in small letters.
fn head_noun(title: &str) -> Vec<String> {
    let words = title.split(' ').map(str::to_lowercase);
    words.take_while(|word| !word.starts_with('(') && !PREPOSITIONS.contains(&word.as_str())).collect()
}

/// Whether a title names several things.
pub fn is_plural(title: &str) -> bool {
    let is_plural = |word: &str| word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    head_noun(title).iter().any(|word| is_plural(word) && !word.ends_with("'s") && !word.ends_with("’s"))
}

/// A title as a noun with its article: `the monthly fee`, `all fees`, `one day's charge`.
pub fn titled(model: &Model, title: &str) -> String {
    let title = lowered(model, title);
    // `the one day's charge`, `the our fee` and `the all fees` are no English.
    let first = title.split(' ').next().unwrap_or("");
    let determiners = ["the", "a", "an", "all", "both", "one", "each", "every", "our", "your", "its", "their", "my"];
    if determiners.contains(&first) || first.ends_with("'s") || first.ends_with("’s") {
        title
    } else {
        format!("the {title}")
    }
}

/// What a signal measures, within a sentence: `API requests`, `support tickets`.
pub fn signal(model: &Model, name: &str) -> String {
    match model.signals.get(name) {
        Some(signal) => lowered(model, &label(signal.head())),
        None => name.replace('_', " "),
    }
}

/// A calendar by its title, which is a defined term and keeps its capital.
pub fn calendar(model: &Model, calendar: &CalendarRef) -> String {
    match calendar {
        CalendarRef::Always => "around the clock".to_owned(),
        CalendarRef::Named(name) => {
            model.calendars.get(name).map_or_else(|| name.replace('_', " "), |calendar| label(&calendar.head))
        }
    }
}
