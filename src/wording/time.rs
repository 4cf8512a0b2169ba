//! Amounts of time, deadlines, rhythms and windows.

use super::{calendar, parties, plain};
use crate::model::{Anchor, Announcement, CalendarRef, Deadline, Every, Model, Recurrence};
use crate::values::{Amount, Date, DateTime, Duration, Window, month_name};

/// A date: `1 January 2027`.
pub fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

/// Days from the first to the last: `on 1 June 2027`, `from 1 June 2027 to 6 June 2027`.
pub fn stretch(first: Date, last: Date) -> String {
    if first == last { format!("on {}", date(first)) } else { format!("from {} to {}", date(first), date(last)) }
}

/// The same for a first day and the first day after the last one, which is the last date there is where there is no end:
/// `from 1 June 2027 on`.
pub fn stretch_before(first: Date, next: Date) -> String {
    match next.yesterday() {
        Ok(last) if next < Date::MAX => stretch(first, last),
        _ => format!("from {} on", date(first)),
    }
}

/// A local date and time: `3 June 2027, 10:00`.
pub fn date_time(time: DateTime) -> String {
    let seconds = if time.second() == 0 { String::new() } else { format!(":{:02}", time.second()) };
    format!("{}, {:02}:{:02}{seconds}", date(time.date()), time.hour(), time.minute())
}

/// Which one of several: `first`, `2nd`, `15th`, `31st`.
pub fn ordinal(number: i8) -> String {
    let end = match (number % 10, number % 100) {
        _ if number == 1 => return "first".to_owned(),
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// An amount of time: `1 hour 30 minutes`, `5 days`.
pub fn amount(amount: &Amount) -> String {
    amount.words()
}

/// An amount with the hours on which it is counted: `10 working days (Office hours)`, `4 hours around the clock`,
/// `1 hour, counted in Office hours only`.
pub fn counted(model: &Model, amount: &Amount, on: Option<&CalendarRef>) -> String {
    let words = amount.words();
    match (on, amount) {
        (None, _) => words,
        (Some(CalendarRef::Always), Amount::Elapsed(_)) => format!("{words}, counted around the clock"),
        (Some(CalendarRef::Always), _) => words,
        (Some(named), Amount::Period(period)) if period.unit.days() == Some(1) => {
            let plural = if period.count == 1 { "" } else { "s" };
            format!("{} working day{plural} ({})", period.count, calendar(model, named))
        }
        (Some(named), _) => format!("{words}, counted in {} only", calendar(model, named)),
    }
}

/// The moment that a deadline refers to: `the end of the measurement period`.
pub fn anchor(anchor: &Anchor) -> String {
    let words = match anchor {
        Anchor::WindowStart => "the start of the measurement period",
        Anchor::WindowEnd => "the end of the measurement period",
        Anchor::IncidentStart => "the start of the incident",
        Anchor::IncidentEnd => "the end of the incident",
        Anchor::Start => "the start",
        Anchor::End => "the end",
        Anchor::Claim => "receipt of the claim",
        Anchor::Decision => "the decision",
        Anchor::Awareness => "becoming aware of it",
        Anchor::Request => "receipt of the request",
        Anchor::Notice => "receipt of the notice",
        Anchor::Breach => "the breach",
        Anchor::Words(words) => return plain(words),
    };
    words.to_owned()
}

/// By when something is due: `within 10 working days (Office hours) of receipt of the claim`. `hours` are those of the
/// clause around it, where the deadline has none of its own.
pub fn deadline(model: &Model, deadline: &Deadline, hours: Option<&CalendarRef>) -> String {
    let on = deadline.calendar.as_ref().or(hours);
    let Some(of) = &deadline.of else {
        return format!("within {}", counted(model, &deadline.amount, on));
    };
    let counted = counted(model, &deadline.amount, on);
    match counted.split_once(", ") {
        Some((amount, how)) => format!("within {amount} of {}, {how}", anchor(of)),
        None => format!("within {counted} of {}", anchor(of)),
    }
}

/// How often: `every 30 minutes, counted around the clock`, `in each calendar month`, `in every 2 calendar months`.
pub fn recurrence(model: &Model, recurrence: &Recurrence, hours: Option<&CalendarRef>) -> String {
    let on = recurrence.calendar.as_ref().or(hours);
    match &recurrence.every {
        Every::Window(several @ Window::Last { of: Some(_), .. }) => {
            format!("in every {}", singular(&several.to_string()))
        }
        Every::Window(each) => window(each),
        Every::Amount(amount) => format!("every {}", singular(&counted(model, amount, on))),
    }
}

/// `1 month` as it stands after `every`: `month`.
fn singular(words: &str) -> String {
    words.strip_prefix("1 ").filter(|rest| !rest.contains(char::is_numeric)).unwrap_or(words).to_owned()
}

/// How something is announced: `at least 3 days before the start, to Globex Corporation (IT Service Desk)`.
pub fn announcement(model: &Model, announcement: &Announcement, hours: Option<&CalendarRef>) -> String {
    let on = announcement.calendar.as_ref().or(hours);
    let mut words = format!("at least {}", counted(model, &announcement.amount, on));
    if let Some(before) = &announcement.before {
        let comma = if words.ends_with(" only") || words.ends_with("around the clock") { "," } else { "" };
        words = format!("{words}{comma} before {}", anchor(before));
    }
    if !announcement.to.is_empty() {
        words = format!("{words}, to {}", parties(model, &announcement.to));
    }
    words
}

/// When a promise is judged: `in each calendar month`, `in any period of 30 consecutive days`.
pub fn window(window: &Window) -> String {
    match window {
        Window::Periodic { kind, unit } => format!("in each {kind} {unit}"),
        Window::Rolling(amount) => format!("in any period of {}", consecutive(amount)),
        Window::Last { count, of: None } => format!("over {count} consecutive measurement periods"),
        Window::Last { count, of: Some(of) } => {
            format!("over {count} consecutive {}s", window_name(of))
        }
        Window::EachCase => "for each case".to_owned(),
        Window::EachEvent => "for each event".to_owned(),
        Window::Term => "over the term of this agreement".to_owned(),
    }
}

/// Per what an amount is: `per calendar month`, `in any period of 12 consecutive months`.
pub fn window_each(of: &Window) -> String {
    match of {
        Window::Periodic { kind, unit } => format!("per {kind} {unit}"),
        other => window(other),
    }
}

/// A window as a noun: `calendar month`, `period of 30 consecutive days`.
pub fn window_name(window: &Window) -> String {
    match window {
        Window::Periodic { kind, unit } => format!("{kind} {unit}"),
        Window::Rolling(amount) => format!("period of {}", consecutive(amount)),
        Window::Last { count, of: None } => format!("set of {count} consecutive measurement periods"),
        Window::Last { count, of: Some(of) } => format!("set of {count} consecutive {}s", window_name(of)),
        Window::EachCase => "case".to_owned(),
        Window::EachEvent => "event".to_owned(),
        Window::Term => "term of this agreement".to_owned(),
    }
}

/// A length of time whose parts follow each other: `30 consecutive days`.
pub fn consecutive(amount: &Amount) -> String {
    let words = amount.words();
    match (amount, words.split_once(' ')) {
        (Amount::Period(period), Some((count, unit))) if period.count > 1 => format!("{count} consecutive {unit}"),
        _ => words,
    }
}

/// Slices of elapsed time: `5-minute intervals`, `intervals of 1 hour 30 minutes`.
pub(super) fn intervals(length: &Duration) -> String {
    let words = length.words();
    let parts: Vec<&str> = words.split(' ').collect();
    match parts.as_slice() {
        [count, unit] => format!("{count}-{} intervals", unit.trim_end_matches('s')),
        _ => format!("intervals of {words}"),
    }
}
