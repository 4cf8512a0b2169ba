use crate::diagnostics::{Code, codes, did_you_mean};
use crate::values::{Date, DateError, Exact, parse_date};

use super::instant::{self, LastDay};
use super::layout::Kind;
use super::number;
use super::shown::{listed, quoted};

/// What one cell of a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Nothing, or the column is absent.
    Empty,
    /// A moment, in nanoseconds from 1970 in UTC; always within the range of [`Timestamp`](crate::values::Timestamp).
    Instant(i128),
    /// A day.
    Date(Date),
    /// A whole number.
    Count(u64),
    /// A decimal number, exactly.
    Number {
        /// The number without its point.
        units: i64,
        /// How many of its digits stand behind the point, at most 18.
        places: u8,
    },
    /// Yes or no.
    Boolean(bool),
    /// A text, or one of the words of the column.
    Text(&'r str),
}

/// Why a cell does not hold what its column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What kind of mistake it is.
    pub code: &'static Code,
    /// What is wrong, and what is expected.
    pub message: String,
}

impl Wrong {
    pub(super) fn value(message: String) -> Self {
        Self { code: codes::WRONG_VALUE, message }
    }
}

impl Cell<'_> {
    /// The number that a count or a number is.
    #[must_use]
    pub fn number(&self) -> Option<Exact> {
        match *self {
            Cell::Count(count) => match i64::try_from(count) {
                Ok(count) => Some(Exact::from_int(count)),
                Err(_) => Exact::parse_decimal(&count.to_string()).ok(),
            },
            Cell::Number { units, places } => Exact::ratio(units, 10_i64.checked_pow(places.into())?),
            _ => None,
        }
    }
}

/// The cell that a text is in a column of this kind. Blanks around it do not count.
///
/// # Errors
/// [`Wrong`] if the text is of another shape, in the words of who has to mend it.
pub fn read<'r>(kind: &Kind, text: &'r [u8]) -> Result<Cell<'r>, Wrong> {
    read_after(&mut LastDay::default(), kind, text).ok_or_else(|| wrong(kind, text))
}

/// The same, with the day of the last cell of the column in mind; what is wrong is told by [`wrong`], so that this stays
/// small and fast.
#[inline(always)]
pub(super) fn read_after<'r>(last: &mut LastDay, kind: &Kind, text: &'r [u8]) -> Option<Cell<'r>> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Some(Cell::Empty);
    }
    match kind {
        Kind::Instant => instant::read(text, last).map(Cell::Instant),
        Kind::Count => number::count(text).map(Cell::Count),
        Kind::Number => number::decimal(text).map(|(units, places)| Cell::Number { units, places }),
        Kind::Boolean => boolean(text).map(Cell::Boolean),
        Kind::Date => std::str::from_utf8(text).ok().and_then(|text| parse_date(text).ok()).map(Cell::Date),
        Kind::Text => std::str::from_utf8(text).ok().map(Cell::Text),
        Kind::OneOf(words) => words
            .iter()
            .any(|word| word.as_bytes() == text)
            .then(|| std::str::from_utf8(text).ok().map(Cell::Text))
            .flatten(),
    }
}

fn boolean(text: &[u8]) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(text));
    if is(["true", "1", "yes", "up"]) {
        Some(true)
    } else if is(["false", "0", "no", "down"]) {
        Some(false)
    } else {
        None
    }
}

/// Why a text is not of a kind.
#[cold]
pub(super) fn wrong(kind: &Kind, text: &[u8]) -> Wrong {
    let text = text.trim_ascii();
    let shown = quoted(text);
    match kind {
        Kind::Instant => instant::wrong(text),
        Kind::Count => Wrong::value(number::not_a_count(text)),
        Kind::Number => Wrong::value(number::not_a_decimal(text)),
        Kind::Boolean => Wrong::value(format!(
            "{shown} is neither `true` nor `false`: write one of these, or `yes` and `no`, `up` and `down`, `1` and `0`"
        )),
        Kind::Date => Wrong::value(not_a_day(text, &shown)),
        Kind::Text => Wrong {
            code: codes::UNREADABLE_MEASUREMENTS,
            message: format!("{shown} is not written in UTF-8: save the file as UTF-8"),
        },
        Kind::OneOf(words) => {
            let near = did_you_mean(&String::from_utf8_lossy(text), words.iter().map(String::as_str));
            let question = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let choices = listed(words.iter().map(String::as_str), "or");
            Wrong::value(format!("{shown} is not {choices}{question}"))
        }
    }
}

fn not_a_day(text: &[u8], shown: &str) -> String {
    let reason = |text: &[u8]| parse_date(&String::from_utf8_lossy(text)).err();
    match reason(text) {
        Some(reason @ (DateError::Day { .. } | DateError::Month(_))) => format!("{shown} does not exist: {reason}"),
        _ if text.get(..10).is_some_and(|day| text.len() > 10 && reason(day).is_none()) => {
            format!("{shown} is more than a day: write the day alone, such as `2027-03-01`")
        }
        _ => format!("{shown} is not a day: write one such as `2027-03-01`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(kind: &Kind, text: &str) -> String {
        read(kind, text.as_bytes()).unwrap_err().message
    }

    fn kinds() -> Vec<Kind> {
        let words = Kind::OneOf(vec!["open".into(), "waiting".into(), "closed".into()]);
        vec![Kind::Instant, Kind::Date, Kind::Count, Kind::Number, Kind::Boolean, Kind::Text, words]
    }

    #[test]
    fn blanks_around_do_not_count_and_nothing_is_empty() {
        for kind in kinds() {
            assert_eq!(read(&kind, b""), Ok(Cell::Empty));
            assert_eq!(read(&kind, b" \t"), Ok(Cell::Empty));
        }
        assert_eq!(read(&Kind::Count, b" 12\t"), Ok(Cell::Count(12)));
        assert_eq!(read(&Kind::Text, " é x ".as_bytes()), Ok(Cell::Text("é x")));
    }

    #[test]
    fn yes_and_no_have_many_words() {
        for word in ["true", "True", "1", "yes", "UP"] {
            assert_eq!(read(&Kind::Boolean, word.as_bytes()), Ok(Cell::Boolean(true)), "{word}");
        }
        for word in ["false", "0", "No", "down"] {
            assert_eq!(read(&Kind::Boolean, word.as_bytes()), Ok(Cell::Boolean(false)), "{word}");
        }
        assert!(message(&Kind::Boolean, "ok").starts_with("`ok` is neither `true` nor `false`"));
    }

    #[test]
    fn days_stand_alone() {
        assert_eq!(read(&Kind::Date, b"2028-02-29"), Ok(Cell::Date(Date::constant(2028, 2, 29))));
        assert_eq!(message(&Kind::Date, "2027-02-29"), "`2027-02-29` does not exist: February 2027 has 28 days");
        assert_eq!(
            message(&Kind::Date, "2027-03-01T10:00Z"),
            "`2027-03-01T10:00Z` is more than a day: write the day alone, such as `2027-03-01`"
        );
        assert_eq!(message(&Kind::Date, "1.3.2027"), "`1.3.2027` is not a day: write one such as `2027-03-01`");
    }

    #[test]
    fn words_are_those_of_the_column() {
        let states = kinds().pop().unwrap();
        assert_eq!(read(&states, b"waiting"), Ok(Cell::Text("waiting")));
        assert_eq!(
            message(&states, "Waiting"),
            "`Waiting` is not `open`, `waiting` or `closed`; did you mean `waiting`?"
        );
        assert_eq!(message(&states, "x"), "`x` is not `open`, `waiting` or `closed`");
    }

    #[test]
    fn text_is_utf8() {
        let wrong = read(&Kind::Text, b"M\xFCller").unwrap_err();
        assert_eq!((wrong.code, wrong.message.contains("UTF-8")), (codes::UNREADABLE_MEASUREMENTS, true));
    }

    #[test]
    fn numbers_are_exact() {
        let number = |kind: Kind, text: &str| read(&kind, text.as_bytes()).unwrap().number().unwrap().to_string();
        assert_eq!(number(Kind::Number, "-12.50"), "-12.5");
        assert_eq!(number(Kind::Number, "0.000000000000000001"), "0.000000000000000001");
        assert_eq!(number(Kind::Count, "18446744073709551615"), "18446744073709551615");
        assert_eq!(Cell::Empty.number(), None);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in proptest::collection::vec(any::<u8>(), 0..40), other in "[-+0-9.,eE_:TZ %a-z]{0,30}") {
            for kind in kinds() {
                let _ = read(&kind, &text);
                let _ = read(&kind, other.as_bytes()).map(|cell| cell.number());
            }
        }
    }
}
