//! Runs without slices: stretches of time from moment to moment, by records of states.

use super::{One, Ran, evaluated_alone, part, parties, run};
use num_rational::BigRational;
use sla::values::parse_date;

const SECOND: i128 = 1_000_000_000;

/// 2027-03-01, 00:00 UTC.
const FIRST: i128 = 1_803_859_200 * SECOND;

fn stamp(second: i128) -> String {
    super::stamp(FIRST + second * SECOND, 0)
}

/// Seconds from midnight.
fn at(hour: i128, minute: i128, second: i128) -> i128 {
    (hour * 60 + minute) * 60 + second
}

fn seconds(ran: &Ran, name: &str) -> Vec<BigRational> {
    let known = |one: &&One| {
        let (low, high) = one.attained[0].clone().unwrap();
        assert_eq!(low, high);
        low
    };
    ran.of(name).iter().map(known).collect()
}

fn whole(numbers: &[i64]) -> Vec<BigRational> {
    numbers.iter().map(|number| part(*number, 1)).collect()
}

/// Metrics of a state `up`, each promised per day.
fn text(signal: &str, metrics: &[(&str, &str)]) -> String {
    let mut text = parties("UTC", "2027-01-01", "") + signal;
    for (name, value) in metrics {
        text.push_str(&format!(
            "metric m_{name} \"M\" = {value}\ncommitment {name} \"C\" of api {{ target m_{name} <= 1000000{} per calendar day; exclude away, snow }}\n",
            if value.starts_with("count") { "" } else { "s" }
        ));
    }
    text.push_str("exclusion away \"Away\" { when \"Away\"; counts excluded }\nexclusion snow \"Snow\" { when \"Snow\"; counts met }\n");
    text
}

fn up(missing: &str) -> String {
    format!("signal up \"Up\" as state of api {{ measured by acme; {missing} }}\n")
}

/// A state that is down at some times.
fn table(down: &[(i128, i128)]) -> String {
    let rows = down.iter().map(|(from, to)| format!("{},down\n{},up\n", stamp(*from), stamp(*to)));
    format!("time,state\n{},up\n{}", stamp(-86_400), rows.collect::<String>())
}

/// Evaluates days with a table of the state, and when time is excluded or counts as kept.
fn ran(text: &str, rows: &str, (away, snow): (&[(i128, i128)], &[(i128, i128)]), days: [&str; 2]) -> Ran {
    run(text, &[("up.csv", rows), ("away.csv", &during(away)), ("snow.csv", &during(snow))], days[0], days[1])
}

/// The only day of most tests.
const DAY: [&str; 2] = ["2027-03-01", "2027-03-01"];

fn during(stretches: &[(i128, i128)]) -> String {
    let rows = stretches.iter().map(|(from, to)| format!("{},{}\n", stamp(*from), stamp(*to)));
    format!("from,to\n{}", rows.collect::<String>())
}

#[test]
fn outages_are_as_long_as_they_were_and_not_as_the_minutes_that_they_touch() {
    let text = text(
        &up("missing bad"),
        &[
            ("altogether", "total(runs(not up))"),
            ("long", "total(runs(not up) where length >= 1min)"),
            ("longer", "total(runs(up = false) where length > 15min)"),
            ("touched", "total(runs(not up per 1min) where length >= 1min)"),
        ],
    );
    let six: Vec<(i128, i128)> = (0..6).map(|hour| (at(hour, 30, 25), at(hour, 30, 35))).collect();
    let ran = self::ran(&text, &table(&six), (&[], &[]), DAY);
    let told = ["altogether", "long", "longer", "touched"].map(|name| seconds(&ran, name));
    assert_eq!(told, [[60], [0], [0], [360]].map(|one| whole(&one)));
    // Exactly a quarter of an hour, and a second more.
    let quarters = [(at(10, 0, 30), at(10, 15, 30)), (at(12, 0, 30), at(12, 15, 31))];
    let ran = self::ran(&text, &table(&quarters), (&[], &[]), DAY);
    assert_eq!(seconds(&ran, "longer"), whole(&[901]));
    assert_eq!(seconds(&ran, "touched"), whole(&[2 * 16 * 60]));
}

/// Sixteen minutes across midnight, the first of them in the day before: each day has its part, and the first one the run.
#[test]
fn a_stretch_across_the_end_of_a_window_has_its_full_length() {
    let text = text(
        &up("missing bad"),
        &[
            ("down", "total(runs(not up) where length > 15min)"),
            ("often", "count(runs(not up) where length > 15min)"),
            ("more", "count(runs(not up) where length > 16min)"),
        ],
    );
    // A row that says again what the one before says divides nothing.
    let rows = format!("{}{},down\n", table(&[(at(23, 52, 10), at(24, 8, 10))]), stamp(at(24, 3, 0)));
    let ran = self::ran(&text, &rows, (&[], &[]), ["2027-03-01", "2027-03-02"]);
    assert_eq!(seconds(&ran, "down"), whole(&[470, 490]));
    assert_eq!(seconds(&ran, "often"), whole(&[1, 0]));
    assert_eq!(seconds(&ran, "more"), whole(&[0, 0]));
    let alone = self::ran(&text, &rows, (&[], &[]), ["2027-03-02", "2027-03-02"]);
    assert_eq!(alone.of("down")[0], ran.of("down")[1]);
}

#[test]
fn a_stretch_is_followed_for_a_week_and_not_behind_the_term() {
    let of_a_week =
        [("down", "total(runs(not up) where length >= 192h)"), ("more", "total(runs(not up) where length > 192h)")];
    // Down for two weeks before the day, and for all of it: what is seen is a week and a day.
    let text = text(&up("missing bad"), &of_a_week);
    let rows = format!("time,state\n{},down\n{},up\n", stamp(at(-14 * 24, 0, 0)), stamp(at(24, 0, 0)));
    let ran = self::ran(&text, &rows, (&[], &[]), DAY);
    assert_eq!(seconds(&ran, "down"), whole(&[86_400]));
    assert_eq!(seconds(&ran, "more"), whole(&[0]));
    // The same in an agreement that takes effect on that day.
    let late = text.replace("effective 2027-01-01", "effective 2027-03-01");
    let ran = self::ran(&late, &rows, (&[], &[]), DAY);
    assert_eq!(seconds(&ran, "down"), whole(&[0]));
}

/// Time that is excluded, kept, or missing and left out, ends a stretch at its exact edges.
#[test]
fn time_that_does_not_count_divides_a_stretch() {
    let metrics = [("down", "total(runs(not up) where length > 15min)"), ("often", "count(runs(not up))")];
    let text = text(&up("missing excluded"), &metrics);
    let hour = table(&[(at(10, 0, 0), at(11, 0, 0))]);
    // Of 60 minutes 15 are left before, and 20 after.
    let out = [(at(10, 15, 0), at(10, 40, 0))];
    for masks in [(&out[..], &[][..]), (&[][..], &out[..])] {
        let ran = self::ran(&text, &hour, masks, DAY);
        assert_eq!(seconds(&ran, "down"), whole(&[20 * 60]), "{masks:?}");
        assert_eq!(seconds(&ran, "often"), whole(&[2]), "{masks:?}");
    }
    // Readings every two minutes, without those from 10:20 to 10:30: what is known ends at 10:20.
    for (missing, down, often) in [("excluded", 50, 2), ("bad", 60, 1), ("good", 50, 2), ("bad after 11min", 50, 2)] {
        let text = self::text(&up(&format!("every 2min; missing {missing}")), &metrics);
        let rows = (-30..1440).step_by(2).filter(|minute| !(620..630).contains(minute)).map(|minute| {
            let word = if (600..660).contains(&minute) { "down" } else { "up" };
            format!("{},{word}\n", stamp(minute * 60))
        });
        let rows = format!("time,state\n{}", rows.collect::<String>());
        let ran = self::ran(&text, &rows, (&[], &[]), DAY);
        assert_eq!(seconds(&ran, "often"), whole(&[often]), "{missing}");
        assert_eq!(seconds(&ran, "down"), whole(&[down * 60]), "{missing}");
    }
}

fn places() -> String {
    "signal up \"Up\" as state of api { measured by acme; field place text; missing bad }\n".to_owned()
}

/// Two places that take turns: together they are never down, and one of them always is.
#[test]
fn conditions_on_several_places_join_over_their_changes() {
    let metrics = [
        ("dark", "count(runs(none(up per place)))"),
        ("lit", "count(runs(any(up per place)))"),
        ("poor", "total(runs(not all(up per place)) where length >= 1h)"),
        ("either", "total(runs(none(up per place) or not any(up per place)))"),
    ];
    let turns = (0..60).map(|minute| {
        let (a, b) = if minute % 2 == 0 { ("up", "down") } else { ("down", "up") };
        let now = stamp(at(10, minute, 30));
        format!("{now},{a},a\n{now},{b},b\n")
    });
    let (before, after) = (stamp(-86_400), stamp(at(11, 0, 30)));
    let rows: String = turns.collect();
    let rows = format!("time,state,place\n{before},up,a\n{before},up,b\n{rows}{after},up,a\n{after},up,b\n");
    let ran = self::ran(&text(&places(), &metrics), &rows, (&[], &[]), DAY);
    assert_eq!(seconds(&ran, "dark"), whole(&[0]));
    // It began the day before.
    assert_eq!(seconds(&ran, "lit"), whole(&[0]));
    assert_eq!(seconds(&ran, "poor"), whole(&[3600]));
    assert_eq!(seconds(&ran, "either"), whole(&[0]));
}

/// One place is up for days, and the other changes twenty times a second: a run is made of very many pieces on both sides of the
/// window, and must not keep anybody waiting.
#[test]
fn a_stretch_of_very_many_pieces_is_followed() {
    let metrics = [
        ("lit", "total(runs(any(up per place)) where length > 26h)"),
        ("wide", "total(runs(any(up per place)) where length > 27h)"),
    ];
    let (from, to) = (at(-1, -30, 0), at(25, 0, 0));
    let near = (from * 20..0).chain((to - 3600) * 20..to * 20);
    let turns = near.map(|turn| {
        let now = super::stamp(FIRST + turn * SECOND / 20, 0);
        format!("{now},{},b\n", if turn % 2 == 0 { "up" } else { "down" })
    });
    let ends = format!("{},down,a\n{},up,a\n{},down,a\n", stamp(-86_400), stamp(from), stamp(to));
    let rows = format!("time,state,place\n{ends}{}{},down,b\n", turns.collect::<String>(), stamp(to));
    let model = super::checked(&text(&places(), &metrics));
    let day = parse_date("2027-03-01").unwrap();
    let none = "from,to\n".to_owned();
    let files = [("up.csv", rows), ("away.csv", none.clone()), ("snow.csv", none)];
    let ran = evaluated_alone(&model, &files.map(|(name, text)| (name.to_owned(), text)), day, day);
    assert_eq!(seconds(&ran, "lit"), whole(&[86_400]));
    assert_eq!(seconds(&ran, "wide"), whole(&[0]));
}
