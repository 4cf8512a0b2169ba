//! The dates of the library against the rules that they follow: Easter, and the n-th weekday of a month.

use super::holidays;
use sla::values::Date;

/// The first and the last year of the library.
const YEARS: std::ops::RangeInclusive<i16> = 2026..=2031;

/// Easter Sunday of a year, by the algorithm of Meeus, Jones and Butcher.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let correction = (golden + 11 * epact + 22 * weekday) / 451;
    let day = epact + weekday - 7 * correction + 114;
    Date::new(year as i16, (day / 31) as i8, (day % 31 + 1) as i8).unwrap()
}

fn days(date: Date, days: i64) -> Date {
    date.checked_add(jiff::Span::new().days(days)).unwrap()
}

/// The first date from a day on that is a weekday, counted from Monday as 1.
fn from(year: i16, month: i8, day: i8, weekday: i8) -> Date {
    let first = Date::new(year, month, day).unwrap();
    days(first, i64::from((weekday - first.weekday().to_monday_one_offset()).rem_euclid(7)))
}

/// When a holiday is that has another date each year, in a set; nothing where it follows no such rule.
fn rule(set: &str, title: &str, year: i16) -> Option<Date> {
    let (mon, wed, thu, fri, sat) = (1, 3, 4, 5, 6);
    let last = |month: i8, weekday| days(from(year, month + 1, 1, weekday), -7);
    Some(match (set, title) {
        (_, "Good Friday") => days(easter(year), -2),
        (_, "Easter Sunday") => easter(year),
        (_, "Easter Monday") => days(easter(year), 1),
        (_, "Ascension Day") => days(easter(year), 39),
        (_, "Whit Sunday") => days(easter(year), 49),
        (_, "Whit Monday") => days(easter(year), 50),
        (_, "Corpus Christi") => days(easter(year), 60),
        (_, "Day of Repentance and Prayer") => from(year, 11, 16, wed),
        ("england", "Early May bank holiday") | ("ireland", "May bank holiday") => from(year, 5, 1, mon),
        ("england", "Spring bank holiday") | ("united_states", "Memorial Day") => last(5, mon),
        ("england", "Summer bank holiday") => last(8, mon),
        ("ireland", "June bank holiday") => from(year, 6, 1, mon),
        ("ireland", "August bank holiday") => from(year, 8, 1, mon),
        ("ireland", "October bank holiday") => last(10, mon),
        ("ireland", "St Brigid's Day") => match Date::new(year, 2, 1).unwrap() {
            friday if friday.weekday().to_monday_one_offset() == fri => friday,
            _ => from(year, 2, 1, mon),
        },
        ("netherlands", "King's Day") => match Date::new(year, 4, 27).unwrap() {
            sunday if sunday.weekday().to_monday_one_offset() == 7 => days(sunday, -1),
            day => day,
        },
        ("sweden", "Midsummer Day") => from(year, 6, 20, sat),
        ("sweden", "All Saints' Day") => from(year, 10, 31, sat),
        ("swedish_eves", "Midsummer Eve") => from(year, 6, 19, fri),
        ("united_states", "Martin Luther King Jr. Day") => from(year, 1, 15, mon),
        ("united_states", "Washington's Birthday") => from(year, 2, 15, mon),
        ("united_states", "Labor Day") | ("canada", "Labour Day") => from(year, 9, 1, mon),
        ("united_states", "Columbus Day") | ("canada", "Thanksgiving Day") => from(year, 10, 8, mon),
        ("united_states", "Thanksgiving Day") => from(year, 11, 22, thu),
        ("canada", "Victoria Day") => from(year, 5, 18, mon),
        ("japan", "Coming of Age Day") => from(year, 1, 8, mon),
        ("japan", "Marine Day") => from(year, 7, 15, mon),
        ("japan", "Respect for the Aged Day") => from(year, 9, 15, mon),
        ("japan", "Sports Day") => from(year, 10, 8, mon),
        _ => return None,
    })
}

/// Holidays of single dates that follow no rule of this kind: substitutes, days of one year, and the equinoxes.
fn is_single(title: &str) -> bool {
    title.ends_with("(observed)")
        || title.ends_with("(substitute day)")
        || [
            "Substitute holiday",
            "Citizens' holiday",
            "Vernal Equinox Day",
            "Autumnal Equinox Day",
            "Liberation Day",
            "75 years since the uprising of 17 June 1953",
        ]
        .contains(&title)
}

#[test]
fn easter_is_when_it_is() {
    for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)] {
        assert_eq!(easter(year), Date::new(year, month, day).unwrap());
    }
}

#[test]
fn every_date_follows_its_rule_in_every_year() {
    let model = holidays();
    let mut count = 0;
    for set in model.holidays.iter().filter(|set| set.of.is_empty()) {
        let name = set.head.name.as_str();
        let dates: Vec<(Date, &str)> = set.days.dates().map(|(date, title)| (date, title.unwrap())).collect();
        let covers = set.covers.as_ref().map(|covers| (covers.value.first, covers.value.last));
        assert_eq!(covers, (!dates.is_empty()).then_some((*YEARS.start(), *YEARS.end())), "{name}");
        for (date, title) in &dates {
            count += 1;
            match rule(name, title, date.year()) {
                Some(wanted) => assert_eq!(*date, wanted, "{name}: {title}"),
                None => assert!(is_single(title), "{name}: no rule for {title} on {date}"),
            }
            // What has a rule is there in every year.
            if !is_single(title) {
                for year in YEARS {
                    let wanted = rule(name, title, year).unwrap();
                    assert!(dates.contains(&(wanted, *title)), "{name}: {title} of {year} is missing");
                }
            }
        }
    }
    println!("{count} dates");
    assert!(count > 400, "{count} dates");
}

#[test]
fn a_holiday_at_a_weekend_has_its_weekday() {
    let model = holidays();
    for name in ["england", "canada", "united_states"] {
        let set = model.holidays.iter().find(|set| set.head.name == name).unwrap();
        for year in YEARS {
            for (day, title) in set.days.yearly() {
                let Some(date) = Date::new(year, day.month(), day.day())
                    .ok()
                    .filter(|date| date.weekday().to_monday_one_offset() > 5)
                else {
                    continue;
                };
                let title = title.unwrap();
                let instead =
                    |one: &str| one == format!("{title} (observed)") || one == format!("{title} (substitute day)");
                let near = set.days.dates().any(|(other, one)| {
                    let apart = date.until(other).unwrap().get_days();
                    one.is_some_and(instead) && (-1..=3).contains(&apart) && other.weekday().to_monday_one_offset() <= 5
                });
                assert!(near, "{name}: {title} of {year} is on {date}, and no weekday is given for it");
            }
        }
    }
}
