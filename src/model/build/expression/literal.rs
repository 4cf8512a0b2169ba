//! Values and amounts of time as they are written.

use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::{FileId, Span};
use crate::syntax::{Kind, Token, range_span, text_value};
use crate::values::{
    Amount, Currency, Duration, DurationError, Exact, ExactError, MAX_DIGITS, Money, Period, PeriodUnit, Points, Ratio,
    Unit, UnitKind, WindowKind,
};

/// Words that people write for the units of elapsed time, and the word of this language.
const SLIPS: [(&str, &str); 17] = [
    ("m", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("d", " days"),
    ("day", " days"),
    ("days", " days"),
    ("w", " weeks"),
    ("weeks", " weeks"),
];

/// The value of a literal; nothing after an error. Calendar periods are no values: see [`amount`].
pub(in crate::model::build) fn literal(token: &Token, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<Value> {
    let span = range_span(file, token.text_range());
    let text = token.text();
    let told = |finding| {
        findings.push(finding);
        None
    };
    let number = |text: &str| Exact::parse_decimal(text).map_err(|error| malformed(token, span, error));
    let value = match token.kind() {
        Kind::number | Kind::int => number(text).map(Value::Number),
        Kind::percent => match text.strip_suffix("pp") {
            Some(points) => number(points).map(|points| Value::Points(Points::from_points(&points))),
            None => number(text.trim_end_matches('%')).map(|percent| Value::Ratio(Ratio::from_percent(&percent))),
        },
        Kind::duration => Duration::parse(text).map(Value::Duration).map_err(|error| duration_error(span, &error)),
        Kind::money => money(token, span),
        Kind::quantity => quantity(token, span),
        Kind::text => Ok(Value::Text(text_value(text))),
        Kind::period | Kind::window_count => Err(calendar_period(token, span)),
        _ => Err(date(token, span)),
    };
    value.map_or_else(told, Some)
}

/// The amount of time of a token; nothing after an error.
pub(in crate::model::build) fn amount(token: &Token, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<Amount> {
    let span = range_span(file, token.text_range());
    let mut words = token.text().split_whitespace();
    let count = words.next().unwrap_or("");
    let result = match token.kind() {
        Kind::duration => {
            Duration::parse(token.text()).map(Amount::Elapsed).map_err(|error| duration_error(span, &error))
        }
        Kind::period => whole(token, count, span)
            .map(|count| Some(Amount::Period(Period::new(count, PeriodUnit::parse(words.next()?)?))))
            .and_then(|amount| amount.ok_or_else(|| not_time(token, span))),
        Kind::window_count => whole(token, count, span)
            .map(|count| {
                let kind = WindowKind::parse(words.next()?)?;
                Some(Amount::Windows { count, kind, unit: PeriodUnit::parse(words.next()?)? })
            })
            .and_then(|amount| amount.ok_or_else(|| not_time(token, span))),
        _ => Err(not_time(token, span)),
    };
    result.map_err(|finding| findings.push(finding)).ok()
}

fn whole(token: &Token, count: &str, span: Span) -> Result<u32, Diagnostic> {
    if count.contains('.') {
        let message = format!("`{}` is not a whole count", token.text());
        return Err(Diagnostic::new(codes::OUT_OF_RANGE, span, message)
            .primary("days, weeks, months, quarters and years are counted whole")
            .help("write a smaller unit, or an elapsed time such as `36h`"));
    }
    count.replace('_', "").parse().map_err(|_| too_large(token, span))
}

fn money(token: &Token, span: Span) -> Result<Value, Diagnostic> {
    let (number, code) = token.text().split_once(' ').unwrap_or((token.text(), ""));
    let code = code.trim();
    let number = Exact::parse_decimal(number).map_err(|error| malformed(token, span, error))?;
    match Currency::parse(code) {
        Some(currency) => Ok(Value::Money(Money::new(number, currency))),
        None => Err(Diagnostic::new(codes::UNKNOWN_CURRENCY, span, format!("there is no currency `{code}`"))
            .help("currencies are written by their ISO 4217 code, such as `EUR` or `USD`")),
    }
}

fn quantity(token: &Token, span: Span) -> Result<Value, Diagnostic> {
    let text = token.text();
    let end = text.find(|letter: char| !matches!(letter, '0'..='9' | '.' | '_')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
    let number = Exact::parse_decimal(number).map_err(|error| malformed(token, span, error))?;
    if unit.starts_with('/') {
        return Err(Diagnostic::new(
            codes::NOT_SUPPORTED_YET,
            span,
            format!("rates such as `{text}` are not supported yet"),
        )
        .help("count in slices: `share(requests.total <= 300 per 1min)`"));
    }
    match Unit::parse(unit) {
        Some(Unit { kind: UnitKind::Ratio { factor }, .. }) => Ok(Value::Ratio(Ratio(number * factor))),
        Some(Unit { kind: UnitKind::Time { seconds }, .. }) => {
            Ok(Value::Duration(Duration::from_seconds(number * seconds)))
        }
        Some(unit) => Ok(Value::Quantity(number, unit.name)),
        None => Err(Diagnostic::new(codes::OUT_OF_RANGE, span, format!("`{unit}` is not the name of a unit"))),
    }
}

/// The text that was probably meant by a number with a unit that is none of elapsed time: `5min` for `5m`.
pub(super) fn meant_time(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !matches!(letter, '0'..='9' | '.' | '_'))?;
    let (number, unit) = text.split_at_checked(end)?;
    SLIPS.iter().find(|(slip, _)| *slip == unit).map(|(_, word)| match (number, *word) {
        ("1", " days") => "1 day".to_owned(),
        ("1", " weeks") => "1 week".to_owned(),
        (number, word) => format!("{number}{word}"),
    })
}

fn not_time(token: &Token, span: Span) -> Diagnostic {
    let text = token.text();
    let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, format!("`{text}` is not an amount of time"));
    match meant_time(text) {
        Some(meant) => finding.help(format!("did you mean `{meant}`?")).fix(Fix::replace(
            format!("write `{meant}`"),
            span,
            meant.clone(),
        )),
        None => {
            finding.help("elapsed time is written `15min`, `4h` or `1h30min`, calendar time `5 days` or `12 months`")
        }
    }
}

fn calendar_period(token: &Token, span: Span) -> Diagnostic {
    let message = format!("`{}` has no exact length, so it is not a value", token.text());
    Diagnostic::new(codes::WRONG_ARGUMENT, span, message)
        .primary("counted on the calendar")
        .help("a day has 23 to 25 hours; write an elapsed time such as `24h`")
}

fn date(token: &Token, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot stand in an expression", token.text());
    Diagnostic::new(codes::WRONG_ARGUMENT, span, message)
        .help("an expression holds numbers, percentages, durations, money, quantities and names")
}

fn malformed(token: &Token, span: Span, error: ExactError) -> Diagnostic {
    match error {
        ExactError::TooLong => too_large(token, span),
        ExactError::NotANumber => {
            Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, span, format!("`{}` is not a decimal number", token.text()))
        }
    }
}

/// The error that a number is too long or too large.
pub(super) fn too_large(token: &Token, span: Span) -> Diagnostic {
    let digits = token.text().bytes().filter(u8::is_ascii_digit).count();
    let finding = Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, span, "the number is too large to be meant");
    if digits > MAX_DIGITS {
        finding.primary(format!("{digits} digits")).help(format!("a number has at most {MAX_DIGITS} digits"))
    } else {
        finding.help(format!("a count of time is at most {}", u32::MAX))
    }
}

fn duration_error(span: Span, error: &DurationError) -> Diagnostic {
    let code = match error {
        DurationError::Number(ExactError::TooLong) => codes::NUMBER_OUT_OF_RANGE,
        _ => codes::WRONG_ARGUMENT,
    };
    Diagnostic::new(code, span, error.to_string())
}
