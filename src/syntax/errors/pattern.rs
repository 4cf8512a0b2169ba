//! The patterns of slips: what stands for what, and how much of a text fits.

/// Lists of words, and what is written for each; words of other lists are found first.
pub(super) const WORDS: &[(char, &[(&str, &str)])] = &[
    (
        'D',
        &[
            ("monday", "mon"),
            ("tuesday", "tue"),
            ("wednesday", "wed"),
            ("thursday", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
            ("tues", "tue"),
            ("thur", "thu"),
            ("thurs", "thu"),
            ("mon", "mon"),
            ("tue", "tue"),
            ("wed", "wed"),
            ("thu", "thu"),
            ("fri", "fri"),
            ("sat", "sat"),
            ("sun", "sun"),
        ],
    ),
    (
        'U',
        &[
            ("minutes", "min"),
            ("minute", "min"),
            ("mins", "min"),
            ("min", "min"),
            ("hours", "h"),
            ("hour", "h"),
            ("hrs", "h"),
            ("hr", "h"),
            ("h", "h"),
            ("seconds", "s"),
            ("second", "s"),
            ("secs", "s"),
            ("sec", "s"),
            ("s", "s"),
            ("milliseconds", "ms"),
            ("ms", "ms"),
        ],
    ),
    (
        'E',
        &[
            ("eur", "EUR"),
            ("euros", "EUR"),
            ("euro", "EUR"),
            ("€", "EUR"),
            ("usd", "USD"),
            ("dollars", "USD"),
            ("dollar", "USD"),
            ("$", "USD"),
            ("gbp", "GBP"),
            ("pounds", "GBP"),
            ("£", "GBP"),
            ("chf", "CHF"),
            ("francs", "CHF"),
            ("jpy", "JPY"),
            ("yen", "JPY"),
            ("¥", "JPY"),
        ],
    ),
    ('A', &[("24/7", "always"), ("24x7", "always")]),
    ('B', &[("even", "even"), ("up", "up"), ("down", "down")]),
    ('K', &[("working", ""), ("business", ""), ("office", "")]),
    ('L', &[("and", "and"), ("or", "or"), ("not", "not")]),
    (
        'M',
        &[("weekly", "week"), ("monthly", "month"), ("quarterly", "quarter"), ("yearly", "year"), ("annually", "year")],
    ),
    (
        'N',
        &[
            ("days", "days"),
            ("day", "day"),
            ("weeks", "weeks"),
            ("week", "week"),
            ("months", "months"),
            ("month", "month"),
        ],
    ),
    ('Q', &[("month", "1 month"), ("quarter", "3 months"), ("year", "12 months")]),
    ('W', &[("day", "day"), ("week", "week"), ("month", "month"), ("quarter", "quarter"), ("year", "year")]),
    ('P', &[("percent", "%"), ("per cent", "%"), ("pct", "%"), ("%", "%")]),
];

/// The length of what fits at the beginning of a text, and its parts. A word or number fits only as a whole.
pub(super) fn fits(pattern: &str, text: &str, before: Option<char>) -> Option<(usize, Vec<String>)> {
    let first = text.chars().next()?;
    if joins(before, Some(first)) {
        return None;
    }
    let (mut rest, mut parts) = (text, Vec::new());
    for sign in pattern.chars() {
        let count = || digits(rest).map(|(digits, _)| digits.len());
        let length = match sign {
            ' ' | '~' => {
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                if sign == ' ' && blanks == 0 {
                    return None;
                }
                rest = rest.get(blanks..)?;
                continue;
            }
            '1'..='4' => count().filter(|count| Some(*count as u32) == sign.to_digit(10))?,
            '0' => count()?,
            '9' => number(rest)?,
            '^' => {
                let code = rest.get(..3).filter(|code| code.bytes().all(|letter| letter.is_ascii_alphabetic()))?;
                parts.push(code.to_ascii_uppercase());
                rest = rest.get(3..)?;
                continue;
            }
            'H' | 'Y' => {
                let (length, part) = if sign == 'H' { hour(rest)? } else { date(rest)? };
                parts.push(part);
                rest = rest.get(length..)?;
                continue;
            }
            '-' => {
                rest = rest.strip_prefix(super::letters::is_dash)?;
                continue;
            }
            _ => match WORDS.iter().find(|(list, _)| *list == sign) {
                Some((_, words)) => {
                    let (word, instead) = words.iter().find(|(word, _)| begins(rest, word))?;
                    parts.push((*instead).to_owned());
                    rest = rest.get(word.len()..)?;
                    continue;
                }
                None => {
                    rest = rest.strip_prefix(sign)?;
                    continue;
                }
            },
        };
        parts.push(rest.get(..length)?.to_owned());
        rest = rest.get(length..)?;
    }
    let length = text.len() - rest.len();
    (!joins(text.get(..length)?.chars().next_back(), rest.chars().next())).then_some((length, parts))
}

/// The length of the time of a day that a text begins with, and how it is written here.
fn hour(text: &str) -> Option<(usize, String)> {
    let (hour, rest) = digits(text)?;
    let minutes = rest.strip_prefix([':', '.']).and_then(digits).filter(|(minute, _)| minute.len() == 2);
    let (minute, rest) = minutes.unwrap_or(("00", rest));
    let (written, past) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    let half = HALVES.iter().find(|(word, _)| begins(rest.trim_start_matches(' '), word));
    let hour = match half {
        Some((_, noon)) if (1..=12).contains(&written) => written % 12 + noon,
        Some(_) => return None,
        None => minutes.and(Some(written))?,
    };
    let length =
        half.map_or(text.len() - rest.len(), |(word, _)| text.len() - rest.trim_start_matches(' ').len() + word.len());
    (hour <= 24 && past < 60).then(|| (length, format!("{hour:02}:{minute}")))
}

/// The halves of a day on a clock of twelve hours, and the hour at which each begins.
const HALVES: &[(&str, u8)] = &[("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12)];

/// The length of the date that a text begins with, and how it is written here. With strokes the year comes first, since
/// otherwise nobody knows whether the day or the month does.
fn date(text: &str) -> Option<(usize, String)> {
    let (first, rest) = digits(text)?;
    let sign = rest.chars().next().filter(|sign| "-./".contains(*sign))?;
    let (second, rest) = digits(rest.strip_prefix(sign)?)?;
    let (third, _) = digits(rest.strip_prefix(sign)?)?;
    let length = first.len() + second.len() + third.len() + 2;
    let (year, month, day) = match (first.len(), third.len()) {
        (4, 1 | 2) => (first, second, third),
        (1 | 2, 4) if sign == '.' => (third, second, first),
        _ => return None,
    };
    (second.len() <= 2).then(|| (length, format!("{year}-{month:0>2}-{day:0>2}")))
}

/// The digits that a text begins with, and the rest.
fn digits(text: &str) -> Option<(&str, &str)> {
    let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text.split_at_checked(length).filter(|_| length > 0)
}

/// The length of the number that a text begins with.
fn number(text: &str) -> Option<usize> {
    let whole = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').len();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let fraction = text.get(whole..)?.strip_prefix('.').map_or(0, |rest| {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 { 0 } else { digits + 1 }
    });
    Some(whole + fraction)
}

/// Whether a text begins with a word, in letters of either case, and the word ends there.
fn begins(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
        && !joins(word.chars().next_back(), text.get(word.len()..).and_then(|rest| rest.chars().next()))
}

/// Whether two letters belong to one word, number or sign.
fn joins(one: Option<char>, two: Option<char>) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let sign = |c: char| "<>=&|".contains(c);
    match (one, two) {
        (Some(one), Some(two)) => {
            word(one) && word(two) && !(one.is_ascii_digit() && two.is_alphabetic())
                || sign(one) && sign(two)
                || matches!((one, two), ('.' | ',' | ':', two) if two.is_ascii_digit())
        }
        _ => false,
    }
}
