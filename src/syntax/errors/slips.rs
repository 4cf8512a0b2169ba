//! Slips that are made again and again, as data: what is written, and how it is written here.

use super::pattern::{WORDS, fits};

/// One slip. In `written` a digit `1` to `4` stands for so many digits, `0` for any number of them, `9` for a number
/// with or without decimals, `^` for three letters that become capitals, a capital letter for a word of its list in
/// [`WORDS`], `H` for a time of a day and `Y` for a date, however they are written, a blank for blanks, `~` for blanks or
/// none, `-` for any dash; everything else stands for itself. In `instead`, `$1` is the
/// first of these parts, `$2` the second; nothing is written instead of what is to be left out, and `?` stands for what
/// only the author can know.
///
/// A slip is told where the grammar can go on with what is written instead, in the statements and declarations of its
/// list; a list without any is for all of them, and `""` in it for lines without a keyword.
struct Slip {
    written: &'static str,
    instead: &'static str,
    why: &'static str,
    holds: &'static [&'static str],
}

/// What holds a value, so that two numbers after each other are one that is grouped by a blank.
const VALUES: &[&str] = &[
    "fee",
    "constant",
    "metric",
    "target",
    "applies when",
    "cap",
    "skip",
    "credit",
    "below",
    "above",
    "at most",
    "at least",
    "otherwise",
    "given",
    "expect",
];
/// What takes a length of time, which may count working time.
const TIMES: &[&str] = &[
    "within",
    "respond within",
    "resolve within",
    "work around within",
    "cure within",
    "update every",
    "announce",
    "claim",
    "decide",
    "terminate",
    "step",
    "every",
    "renews every",
];
/// What takes a length or an amount that is its limit.
const LIMITS: &[&str] = &[
    "within",
    "respond within",
    "resolve within",
    "work around within",
    "cure within",
    "update every",
    "announce",
    "claim",
    "decide",
    "terminate",
    "step",
    "every",
    "cap",
    "skip",
    "rto",
    "rpo",
    "budget",
    "after",
    "missing",
    "keep",
];
const CREDITS: &[&str] = &["credit", "below", "above", "at most", "at least", "otherwise"];
const WINDOWS: &[&str] = &["every", "target", "cap", "budget", "fee", "metric"];
const PERIODS: &[&str] = &["test every", "renews every"];
const BLOCKS: &[&str] = &[
    "agreement",
    "party",
    "calendar",
    "holidays",
    "service",
    "signal",
    "commitment",
    "support",
    "escalation",
    "duty",
    "risk",
    "recovery",
    "maintenance",
    "exclusion",
    "report",
    "meeting",
    "notice",
    "objective",
    "proposal",
    "review",
    "amendment",
    "dispute",
    "records",
    "audit",
    "example",
    "term",
];

const GROUPS: &str = "digits are grouped with `_`, and decimals follow a point";
const POINT: &str = "decimals follow a point";
const DATE: &str = "a date is written as year, month and day";
const MONEY: &str = "an amount of money is a number, a blank and the code of the currency";
const COMPARE: &str = "two values are compared with `>=`, `<=`, `>`, `<`, `=` or `!=`";
const ONE_SIGN: &str = "`=` is written once, to compare and to define";
const LIMIT: &str = "the length or amount stands by itself: it is the limit";
const WORKING: &str = "working days are written `10 days on CALENDAR`, with a `calendar` of the agreement";
const BUSINESS: &str = "working hours are written `4h on CALENDAR`, with a `calendar` of the agreement";
const ALWAYS: &str = "the calendar `always`, which needs no declaration, is open at every hour: `on always`";
const BOUND: &str = "a bound is in words: `below`, `at most`, `above` or `at least`";
const BAND: &str = "a row has bounds in words: `below 99.5% gives 5%`, or, in a table `as bands`, `at least 99.0% and below 99.5% gives 5%`";
const LIST: &str = "a statement begins with its keyword, without a mark before it";
const ELAPSED: &str = "an elapsed time is a number with its unit directly after it";
const LOCAL: &str = "a time of a day is written as `2027-06-03 10:00`";
const CODE: &str = "a currency is the three capital letters of its code";
const PERCENT: &str = "a percentage is a number with `%` directly after it";
const THOUSAND: &str = "a share per thousand is written as a percentage: 4 per thousand is `0.4%`";
const QUANTITY: &str = "a quantity is a number with its unit directly after it";
const DATE_ORDER: &str = "a date is written as year, month and day, such as `2027-03-15`";
const HOUR: &str = "a time of a day has two digits, a colon and two digits";
const DAYS: &str = "days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat` and `sun`";
const TO: &str = "the end of a span comes after `to`";
const SPAN: &str = "a span is written with `to`: `mon to fri`, `09:00 to 17:00`, `2027-01-01 to 2028-12-31`";
const WINDOW: &str = "a window says whose it is: `calendar`, `billing`, `fiscal` or `contract`";
const ROLLING: &str = "a window of the last days or months, which ends at every midnight, is `rolling`";
const PER: &str = "a window comes after `per`";
const POINTS: &str = "a credit is money or a part of a fee; what a point is worth can be a `constant` of money";
const WINDOW_END: &str = "`window` stands for the window of the target, or of the report";
const PERIOD: &str = "how often is a number of days, weeks, months or years";
const SPELLING: &str = "the words of a statement are always the same";
const ONE_WORD: &str = "a choice is one word, without a blank or a hyphen";
const WHEN: &str = "a condition begins with `when`";
const JOINED: &str = "conditions are joined by `and`, `or` and `not`, in small letters";
const BRACES: &str = "a block begins with `{` and ends with `}`";
const COMMENT: &str = "a comment begins with `//` and ends with its line";

macro_rules! slips {
    ($($written:literal => $instead:literal $why:ident $($holds:expr)?;)*) => {
        const SLIPS: &[Slip] = &[$(Slip { written: $written, instead: $instead, why: $why, holds: slips!(@ $($holds)?) }),*];
    };
    (@) => { &[] };
    (@ $holds:expr) => { $holds };
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
    "0'3'3" => "$1_$2_$3" GROUPS;
    "0'3.0" => "$1_$2.$3" GROUPS;
    "0'3" => "$1_$2" GROUPS;
    "0 3 3" => "$1_$2_$3" GROUPS VALUES;
    "0 3.0" => "$1_$2.$3" GROUPS VALUES;
    "0 3" => "$1_$2" GROUPS VALUES;
    "0,0" => "$1.$2" POINT;
    "9~P" => "$1$2" PERCENT;
    "9~‰" => "?" THOUSAND;
    "9 per 1000" => "?" THOUSAND;
    "9 per 1_000" => "?" THOUSAND;
    "9 per thousand" => "?" THOUSAND;
    "E~9" => "$2 $1" MONEY;
    "9~E" => "$1 $2" MONEY;
    "\"^\"" => "$1" CODE &["currency"];
    "E" => "$1" CODE &["currency"];
    "^" => "$1" CODE &["currency"];
    "9 °C" => "$1°C" QUANTITY;
    "9 °F" => "$1°F" QUANTITY;
    "9 °" => "$1°" QUANTITY;
    "9 points" => "?" POINTS CREDITS;
    "9 point" => "?" POINTS CREDITS;
    "9~U~9~U" => "$1$2$3$4" ELAPSED;
    "9~U and 9~U" => "$1$2$3$4" ELAPSED;
    "9 U" => "$1$2" ELAPSED;
    "9 K days" => "?" WORKING TIMES;
    "9 K day" => "?" WORKING TIMES;
    "9 K hours" => "?" BUSINESS TIMES;
    "9 K hour" => "?" BUSINESS TIMES;
    "A" => "$1" ALWAYS;
    "A" => "?" ALWAYS;
    "4-2-2T2:2" => "$1-$2-$3 $4:$5" LOCAL;
    "Y~-~Y" => "$1 to $2" SPAN;
    "Y" => "$1" DATE;
    "2/2/4" => "?" DATE_ORDER;
    "H~-~H" => "$1 to $2" SPAN;
    "H" => "$1" HOUR;
    "D~-~D" => "$1 to $2" SPAN;
    "D" => "$1" DAYS;
    "weekdays" => "mon to fri" DAYS;
    "weekday" => "mon to fri" DAYS;
    "weekends" => "sat, sun" DAYS;
    "weekend" => "sat, sun" DAYS;
    "daily" => "mon to sun" DAYS;
    "until" => "to" TO;
    "till" => "to" TO;
    "through" => "to" TO;
    "=>" => ">=" COMPARE;
    "=<" => "<=" COMPARE;
    "==" => "=" ONE_SIGN;
    "<>" => "!=" COMPARE;
    "of at least" => ">=" COMPARE &["target"];
    "of at most" => "<=" COMPARE &["target"];
    "is at least" => ">=" COMPARE;
    "is at most" => "<=" COMPARE;
    "no less than" => ">=" COMPARE;
    "no more than" => "<=" COMPARE;
    "at least" => ">=" COMPARE;
    "at most" => "<=" COMPARE;
    "less than" => "<" COMPARE;
    "more than" => ">" COMPARE;
    "greater than" => ">" COMPARE;
    "below" => "<" COMPARE;
    "above" => ">" COMPARE;
    "at least 9" => "$1" LIMIT LIMITS;
    "at most 9" => "$1" LIMIT LIMITS;
    "no more than 9" => "$1" LIMIT LIMITS;
    "no less than 9" => "$1" LIMIT LIMITS;
    "up to 9" => "$1" LIMIT LIMITS;
    "less than" => "below" BOUND;
    "lower than" => "below" BOUND;
    "under" => "below" BOUND;
    "more than" => "above" BOUND;
    "greater than" => "above" BOUND;
    "over" => "above" BOUND;
    "no more than" => "at most" BOUND;
    "up to" => "at most" BOUND;
    "no less than" => "at least" BOUND;
    ">=" => "at least" BOUND;
    "<=" => "at most" BOUND;
    ">" => "above" BOUND;
    "<" => "below" BOUND;
    "9%~to~9%" => "?" BAND &[""];
    "9%~-~9%" => "?" BAND &[""];
    "W end" => "window end" WINDOW_END;
    "W start" => "window start" WINDOW_END;
    "per last 9 N" => "per rolling $1 $2" ROLLING WINDOWS;
    "per the last 9 N" => "per rolling $1 $2" ROLLING WINDOWS;
    "per 9 N" => "per rolling $1 $2" ROLLING WINDOWS;
    "rolling Q" => "rolling $1" ROLLING WINDOWS;
    "in calendar W" => "per calendar $1" PER WINDOWS;
    "in a calendar W" => "per calendar $1" PER WINDOWS;
    "M" => "per calendar $1" PER WINDOWS;
    "W" => "calendar $1" WINDOW WINDOWS;
    "Q" => "$1" PERIOD PERIODS;
    "in force" => "in_force" ONE_WORD;
    "half-B" => "half_$1" ONE_WORD;
    "half B" => "half_$1" ONE_WORD;
    "e-mail" => "email" ONE_WORD;
    "status page" => "status_page" ONE_WORD;
    "automatically" => "automatic" SPELLING;
    "unless canceled" => "unless cancelled" SPELLING;
    "if" => "when" WHEN;
    "L" => "$1" JOINED;
    "&&" => "and" JOINED;
    "||" => "or" JOINED;
    "- " => "" LIST &[""];
    "* " => "" LIST &[""];
    "(" => "?" BRACES BLOCKS;
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
    /// What is written instead, nothing if it is to be left out; absent where only the author can know.
    pub instead: Option<String>,
    /// The rule, for readers.
    pub why: &'static str,
}

impl Found {
    /// The currency of the amount of money that is written instead.
    pub fn currency(&self) -> Option<&'static str> {
        let (number, code) = self.instead.as_deref()?.rsplit_once(' ')?;
        let (_, words) = WORDS.iter().find(|(list, _)| *list == 'E')?;
        number.ends_with(|last: char| last.is_ascii_digit()).then_some(())?;
        words.iter().map(|(_, known)| *known).find(|known| *known == code)
    }
}

/// How far before the place where reading stops a slip may begin.
const BACK: usize = 40;

/// The slip that covers the place `at` in a line, or comes right after it, with only signs between. `keyword` is that of
/// the statement, and `reads` says whether the grammar goes on if that much of the line is replaced.
pub(super) fn find(
    line: &str,
    at: usize,
    keyword: &str,
    reads: &dyn Fn((usize, usize), &str) -> bool,
) -> Option<Found> {
    let sign = |letter: char| !letter.is_alphanumeric() && letter != '"';
    let near = |start: usize| start <= at || line.get(at..start).is_some_and(|between| between.chars().all(sign));
    let starts = line.char_indices().map(|(start, _)| start);
    starts.filter(|start| start + BACK >= at).take_while(|start| near(*start)).find_map(|start| {
        let (before, text) = line.split_at_checked(start)?;
        SLIPS.iter().filter(|slip| slip.holds.is_empty() || slip.holds.contains(&keyword)).find_map(|slip| {
            let (length, parts) = fits(slip.written, text, before.chars().next_back())?;
            let end = start + length;
            if end <= at || in_quotes(before) {
                return None;
            }
            let instead = parts
                .iter()
                .enumerate()
                .fold(slip.instead.to_owned(), |text, (index, part)| text.replace(&format!("${}", index + 1), part));
            if instead == "?" {
                return Some(Found { start, end, instead: None, why: slip.why });
            }
            let told = text.get(..length) != Some(instead.as_str()) && reads((start, end), &instead);
            told.then_some(Found { start, end, instead: Some(instead), why: slip.why })
        })
    })
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
        ("every |quarter", "calendar quarter"),
        ("within 4h |AND x", "and"),
        ("= 18|'000.00 EUR", "18_000.00"),
        ("<= |1 hour 30 minutes", "1h30min"),
        ("from |2027-06-03T10:00 to", "2027-06-03 10:00"),
        ("target warm <= 27 |°C", "27°C"),
        ("status in |force", "in_force"),
        ("round half|-up to", "half_up"),
        ("open mon |8am to", "08:00"),
        ("open mon 08:00 to |5:30 pm", "17:30"),
        ("open mon |12 a.m. to", "00:00"),
        ("open |weekdays 08:00", "mon to fri"),
        ("claim |automatically", "automatic"),
        ("via e|-mail", "email"),
    ];

    #[test]
    fn slips_are_put_right() {
        for (text, instead) in CASES {
            let at = text.find('|').unwrap();
            let found = find(&text.replace('|', ""), at, "every", &|_, _| true);
            assert_eq!(found.and_then(|found| found.instead).as_deref(), Some(*instead), "{text}");
        }
    }

    #[test]
    fn what_is_right_is_no_slip() {
        for text in
            ["|open mon to fri 08:30 to 17:30", "|fee = 12_000.00 EUR", "|see \"99,9 %\"", "|2027-03-15", "|x 1.2.3"]
        {
            let at = text.find('|').unwrap();
            assert!(find(&text.replace('|', ""), at, "open", &|_, _| false).is_none(), "{text}");
        }
    }
}
