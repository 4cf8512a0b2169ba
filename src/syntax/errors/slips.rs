//! Slips that are made again and again, as data: what is written, and how it is written here.

/// One slip. In `written` a digit `1` to `4` stands for so many digits, `0` for any number of them, `9` for a number
/// with or without decimals, a capital letter for a word of its list in [`WORDS`], a blank for blanks, `~` for blanks
/// or none; everything else stands for itself. In `instead`, `$1` is the first of these parts, `$2` the second.
struct Slip {
    written: &'static str,
    instead: &'static str,
    why: &'static str,
}

/// Lists of words, and what is written for each; words of other lists are found first.
const WORDS: &[(char, &[(&str, &str)])] = &[
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
        'T',
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
    ('W', &[("day", "day"), ("week", "week"), ("month", "month"), ("quarter", "quarter"), ("year", "year")]),
    ('P', &[("percent", "%"), ("per cent", "%"), ("pct", "%"), ("%", "%")]),
];

const GROUPS: &str = "digits are grouped with `_`, and decimals follow a point";
const POINT: &str = "decimals follow a point";
const DATE: &str = "a date is written as year, month and day";
const MONEY: &str = "an amount of money is a number, a blank and the code of the currency";
const COMPARE: &str = "two values are compared with `>=`, `<=`, `>`, `<`, `=` or `!=`";
const COMMENT: &str = "a comment begins with `//` and ends with its line";

macro_rules! slips {
    ($($written:literal => $instead:literal $why:expr;)*) => {
        const SLIPS: &[Slip] = &[$(Slip { written: $written, instead: $instead, why: $why }),*];
    };
}

// The first that fits is told, so the longer stand before the shorter.
slips! {
    "0,0~P" => "$1.$2$3" POINT;
    "0,3,3.0~E" => "$1_$2_$3.$4 $5" GROUPS;
    "0,3,3.0" => "$1_$2_$3.$4" GROUPS;
    "0,3,3" => "$1_$2_$3" GROUPS;
    "0.3.3,0" => "$1_$2_$3.$4" GROUPS;
    "0,3.0" => "$1_$2.$3" GROUPS;
    "0.3,0" => "$1_$2.$3" GROUPS;
    "0,3" => "$1_$2" GROUPS;
    "0,0" => "$1.$2" POINT;
    "9~P" => "$1$2" "a percentage is a number with `%` directly after it";
    "E~9" => "$2 $1" MONEY;
    "9~E" => "$1 $2" MONEY;
    "9 °" => "$1°" "a quantity is a number with its unit directly after it";
    "9 T" => "$1$2" "an elapsed time is a number with its unit directly after it";
    "4/2/2" => "$1-$2-$3" DATE;
    "4.2.2" => "$1-$2-$3" DATE;
    "2.2.4" => "$3-$2-$1" DATE;
    "1.2.4" => "$3-$2-0$1" DATE;
    "2.1.4" => "$3-0$2-$1" DATE;
    "1.1.4" => "$3-0$2-0$1" DATE;
    "2/2/4" => "" "a date is written as year, month and day, such as `2027-03-15`";
    "1:2" => "0$1:$2" "an hour has two digits";
    "D~-~D" => "$1 to $2" "days are written `mon to fri`";
    "D" => "$1" "days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat` and `sun`";
    "=>" => ">=" COMPARE;
    "=<" => "<=" COMPARE;
    "==" => "=" COMPARE;
    "<>" => "!=" COMPARE;
    "no less than" => ">=" COMPARE;
    "no more than" => "<=" COMPARE;
    "at least" => ">=" COMPARE;
    "at most" => "<=" COMPARE;
    "less than" => "<" COMPARE;
    "more than" => ">" COMPARE;
    "greater than" => ">" COMPARE;
    "below" => "<" COMPARE;
    "above" => ">" COMPARE;
    "W" => "calendar $1" "a window says whose it is: `calendar`, `billing`, `fiscal` or `contract`";
    "in force" => "in_force" "a word of a list has no blank in it";
    "if" => "when" "a condition begins with `when`";
    "&&" => "and" "two conditions are joined by `and` or `or`";
    "||" => "or" "two conditions are joined by `and` or `or`";
    "/*" => "//" COMMENT;
    "<!--" => "//" COMMENT;
    "--" => "//" COMMENT;
    "#" => "//" COMMENT;
}

/// A slip in a text.
pub(super) struct Found {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// What is written instead; empty where only the author can know.
    pub instead: String,
    /// The rule, for readers.
    pub why: &'static str,
}

/// How far before the place where reading stops a slip may begin.
const BACK: usize = 40;

/// The slip that covers the place `at` in a line, or comes right after it, with only signs between.
pub(super) fn find(line: &str, at: usize) -> Option<Found> {
    let sign = |letter: char| !letter.is_alphanumeric() && letter != '"';
    let near = |start: usize| start <= at || line.get(at..start).is_some_and(|between| between.chars().all(sign));
    let starts = line.char_indices().map(|(start, _)| start);
    starts.filter(|start| start + BACK >= at).take_while(|start| near(*start)).find_map(|start| {
        let (before, text) = line.split_at_checked(start)?;
        SLIPS.iter().find_map(|slip| {
            let (length, parts) = fits(slip.written, text, before.chars().next_back())?;
            let instead = parts
                .iter()
                .enumerate()
                .fold(slip.instead.to_owned(), |text, (index, part)| text.replace(&format!("${}", index + 1), part));
            let end = start + length;
            let told = end > at && text.get(..length) != Some(instead.as_str()) && !in_quotes(before);
            told.then_some(Found { start, end, instead, why: slip.why })
        })
    })
}

/// The length of what fits at the beginning of a text, and its parts. A word or number fits only as a whole.
fn fits(pattern: &str, text: &str, before: Option<char>) -> Option<(usize, Vec<String>)> {
    let first = text.chars().next()?;
    if joins(before, Some(first)) {
        return None;
    }
    let (mut rest, mut parts) = (text, Vec::new());
    for sign in pattern.chars() {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let length = match sign {
            ' ' | '~' => {
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                if sign == ' ' && blanks == 0 {
                    return None;
                }
                rest = rest.get(blanks..)?;
                continue;
            }
            '1'..='4' => Some(digits(rest)).filter(|count| Some(*count as u32) == sign.to_digit(10))?,
            '0' => Some(digits(rest)).filter(|count| *count > 0)?,
            '9' => number(rest)?,
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

/// Whether a place stands within a text in quotes, by what is before it in its line.
fn in_quotes(before: &str) -> bool {
    before.matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::find;

    /// Each slip with what it becomes; `|` is where reading stopped.
    const CASES: &[(&str, &str)] = &[
        ("= 99.9 |%", "99.9%"),
        ("= 99|,9%", "99.9%"),
        ("= 12|,000.00 EUR", "12_000.00"),
        ("= 12.000|,00 EUR", "12_000.00"),
        ("= 1|,200,000 USD", "1_200_000"),
        ("|= €12000", "12000 EUR"),
        ("= EUR |12_000", "12_000 EUR"),
        ("= 8_000 |€", "8_000 EUR"),
        ("= 8_000 |eur", "8_000 EUR"),
        ("respond within |15 min", "15min"),
        ("resolve within |4 hours", "4h"),
        ("<= 1 |minute)", "1min"),
        ("effective |15.03.2027", "2027-03-15"),
        ("effective |3.1.2027", "2027-01-03"),
        ("effective |2027/03/15", "2027-03-15"),
        ("open mon |8:30 to 17:30", "08:30"),
        ("open |monday to fri", "mon"),
        ("open mon|-fri 08:00", "mon to fri"),
        ("open |Mon to fri", "mon"),
        ("target uptime =|> 99%", ">="),
        ("target uptime |at least 99%", ">="),
        ("|# a comment", "//"),
        ("|/* a comment */", "//"),
        ("every |week", "calendar week"),
        ("target warm <= 27 |°C", "27°"),
        ("status in |force", "in_force"),
    ];

    #[test]
    fn slips_are_put_right() {
        for (text, instead) in CASES {
            let at = text.find('|').unwrap();
            let found = find(&text.replace('|', ""), at);
            assert_eq!(found.map(|found| found.instead).as_deref(), Some(*instead), "{text}");
        }
    }

    #[test]
    fn what_is_right_is_no_slip() {
        for text in
            ["|open mon to fri 08:30 to 17:30", "|fee = 12_000.00 EUR", "|see \"99,9 %\"", "|2027-03-15", "|x 1.2.3"]
        {
            let at = text.find('|').unwrap();
            assert!(find(&text.replace('|', ""), at).is_none(), "{text}");
        }
    }
}
