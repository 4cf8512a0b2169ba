//! Definitions, in alphabetical order: terms, constants, measurements, measures, calendars.

use super::levels::gives_credits;
use super::markdown::{Document, Md, bold, prose, section_reference};
use super::options::{grouped, names};
use super::together::Family;
use super::variants;
use crate::calculus::Value;
use crate::model::{
    CalendarDecl, CalendarRule, Commitment, Constant, Credit, Declared, Member, Metric, MissingPolicy, Model, Signal,
    SignalKind, Table, Variant,
};
use crate::values::{Calendar, DatedHours, MinuteRange, Rounding, Unit, Weekday};
use crate::wording::{
    date, definition, expr, label, limit, listed, lowered, number, option_title, party, plain, sentence, term, value,
};
use std::collections::BTreeSet;

/// A table of what something means for each option: the titles of its columns, and its rows with their ids.
type Options = (Vec<String>, Vec<(Vec<Md>, Vec<String>)>);

/// A defined word with what is said of it.
struct Definition {
    word: String,
    means: Md,
    ids: Vec<String>,
    /// What it means for each option, where that differs: the titles of the columns, and the rows with their ids.
    options: Options,
    /// What is distinguished in it: the kind, the name, and the id.
    parts: Vec<(&'static str, String, String)>,
}

/// Writes the definitions.
pub fn write(model: &Model, document: &mut Document) {
    let mut all: Vec<Definition> = common(model);
    all.extend(model.terms.iter().map(|term| {
        let means = term.means.as_ref().map(|means| Md::from("means:").and(prose(&means.value)));
        defined(term.head(), means.unwrap_or_default())
    }));
    let untitled = model.untitled(|_| true);
    let plain = |constant: &Constant| label(&constant.head);
    all.extend(families(model, &untitled.constants, &model.constants, "Value", plain, |constant| {
        let written = expr(&untitled, &constant.value);
        let known = limit(&untitled, &constant.value, constant.exact.as_ref());
        let computed = if known == written { String::new() } else { format!(" ({written})") };
        sentence(&format!("means {known}{computed}"))
    }));
    let rules = section_reference("Interpretation and measurement");
    let dates = section_reference("Calendars and holidays");
    all.extend(model.signals.iter().filter(|one| !one.is_share()).map(|one| signal(model, one, &rules)));
    let called = |metric: &Metric| term(&untitled, metric);
    all.extend(families(model, &untitled.metrics, &model.metrics, "Meaning", called, |metric| {
        measure(&untitled, metric)
    }));
    all.extend(model.calendars.iter().map(|calendar| defined(calendar.head(), hours(model, calendar, &dates))));
    all.sort_by_cached_key(|one| (one.word.to_lowercase(), one.ids.clone()));
    document.section("Definitions");
    for one in all {
        let ids: Vec<&str> = one.ids.iter().map(String::as_str).collect();
        document.clause_of(bold(&one.word).and(one.means), &ids);
        if !one.options.1.is_empty() {
            document.rows_of(&one.options.0.iter().map(String::as_str).collect::<Vec<_>>(), one.options.1);
        }
        let row = |(kind, name, id): (&'static str, String, String)| (vec![Md::from(name), Md::from(kind)], id);
        let rows: Vec<(Vec<Md>, String)> = one.parts.into_iter().map(row).collect();
        if !rows.is_empty() {
            document.rows(&["Name", "Kind"], rows);
        }
    }
}

fn defined(head: &crate::model::Head, means: impl Into<Md>) -> Definition {
    let ids = vec![head.id.clone()];
    Definition { word: label(head), means: means.into(), ids, options: Default::default(), parts: Vec::new() }
}

/// For what a measure is taken, where it is not for all alone.
fn taken_for(model: &Model, variants: &[&Variant]) -> String {
    let mut levels: Vec<Vec<String>> = Vec::new();
    for variant in variants {
        let level: Vec<String> = variant.iter().map(|choice| choice.dimension.clone()).collect();
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    let each = |level: &Vec<String>| match level.is_empty() {
        true => "for all together".to_owned(),
        false => format!("for each {}", names(model, level)),
    };
    match levels.as_slice() {
        [] => String::new(),
        [one] if one.is_empty() => String::new(),
        [one] => format!("It is taken {} by itself.", each(one)),
        _ => {
            levels.sort_by_key(|level| std::cmp::Reverse(level.len()));
            let all: Vec<String> = levels.iter().map(each).collect();
            format!("It is taken as the service level is that names it: {}.", listed(&all, "or"))
        }
    }
}

/// The definitions of what may differ by options: one for each family. `untitled` are the same with titles that do not
/// name the options, and `taken` is said of what is the same for all of them.
fn families<T: Declared>(
    model: &Model,
    untitled: &Table<T>,
    all: &Table<T>,
    column: &str,
    called: impl Fn(&T) -> String,
    means: impl Fn(&T) -> String,
) -> Vec<Definition> {
    let all: Vec<&T> = all.iter().collect();
    let mut definitions = Vec::new();
    let text_of = |one: &&T| untitled.get(&one.head().name).map(&means);
    // What means the same however it is taken is defined once, though it is read for plans and for all together.
    let same = |one: &&T, next: &&T| {
        variants::same_family(one.head(), next.head())
            || (one.head().family == next.head().family && text_of(one) == text_of(next))
    };
    for family in all.chunk_by(same) {
        let texts: Vec<String> = family.iter().filter_map(text_of).collect();
        let variants: Vec<&Variant> = family.iter().map(|one| &one.head().variant).collect();
        let (Some(first), Some(text)) = (family.first(), texts.first()) else { continue };
        let word = untitled.get(&first.head().name).map_or_else(|| label(first.head()), &called);
        let ids: Vec<String> = family.iter().map(|one| one.head().id.clone()).collect();
        if texts.iter().all(|other| other == text) {
            let each = if column == "Meaning" { taken_for(model, &variants) } else { String::new() };
            let means = Md::from(text).and(each);
            definitions.push(Definition { word, means, ids, options: Default::default(), parts: Vec::new() });
            continue;
        }
        let family = Family { model, variants };
        let axes = family.axes(|at| texts.get(at));
        let places: Vec<usize> = (0..texts.len()).collect();
        let mut rows: Vec<(Vec<Md>, Vec<String>)> = Vec::new();
        for (text, at) in grouped(&places, |at| texts.get(at)) {
            let text = text.map(|text| super::levels::capital(text.strip_prefix("means ").unwrap_or(text)));
            let text = text.unwrap_or_default();
            let text = Md::from(if column == "Value" { text.trim_end_matches('.') } else { &text });
            for part in axes.parts(&family.variants, &at) {
                let cells = axes.cells(&part).into_iter().chain([text.clone()]).collect();
                rows.push((cells, part.at.iter().filter_map(|at| ids.get(*at)).cloned().collect()));
            }
        }
        let header = axes.header().into_iter().chain([column.to_owned()]).collect();
        let means = Md::from(format!("differs by {}:", names(model, &axes.dimensions())));
        definitions.push(Definition { word, means, ids: Vec::new(), options: (header, rows), parts: Vec::new() });
    }
    definitions
}

/// Words that the contract itself uses, without those that it has no use for.
fn common(model: &Model) -> Vec<Definition> {
    let word = |word: &str, means: &str| Definition {
        word: word.to_owned(),
        means: Md::from(means),
        ids: vec![String::new()],
        options: Default::default(),
        parts: Vec::new(),
    };
    let mut words = Vec::new();
    if !model.commitments.is_empty() {
        words.push(word(
            "Measurement period",
            "means the span of time over which a service level is judged, such as a calendar month.",
        ));
        words.push(word("Service level", "means a promise in this agreement on a value that is measured."));
    }
    if gives_credits(model) {
        let bands = |one: &Commitment| matches!(&one.credit, Some(Credit::Table(table)) if table.bands);
        let why = match model.commitments.iter().any(bands) {
            true => {
                "because a service level was missed or, where its table says so, because of the value that was attained"
            }
            false => "because a service level was missed",
        };
        words.push(word("Service credit", &format!("means an amount that is credited to a party {why}.")));
    }
    words
}

fn kind_words(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Events => "events, which are counted",
        SignalKind::Samples => "readings of a quantity, taken again and again",
        SignalKind::State => "a state, which is either up or down at any moment",
        SignalKind::Cases => "cases, each with the times at which it reached its milestones",
        SignalKind::Scores => "scores that people give",
    }
}

fn signal(model: &Model, signal: &Signal, rules: &Md) -> Definition {
    let mut means = format!("means {}", kind_words(signal.kind));
    match (&signal.measured_by, &signal.measured_from) {
        (Some(by), Some(from)) => {
            means = format!(
                "{means}, measured by {} from this source: {}",
                party(model, by),
                plain(from).trim_end_matches('.')
            );
        }
        (Some(by), None) => means = format!("{means}, measured by {}", party(model, by)),
        (None, Some(from)) => {
            means = format!("{means}, measured from this source: {}", plain(from).trim_end_matches('.'))
        }
        (None, None) => {}
    }
    means = sentence(&means);
    if let Some(every) = &signal.every {
        means = format!("{means} It is measured every {}.", every_words(&every.value.words()));
    }
    if let Some(unit) = &signal.unit {
        means = format!("{means} Its unit is {}.", unit_words(&unit.value));
    }
    if let Some(scale) = &signal.scale {
        means = format!("{means} The scale runs from {} to {}.", number(&scale.value.0), number(&scale.value.1));
    }
    let means = Md::from(means).and(missing(signal, rules));
    let groups: [(&'static str, &Vec<Member>); 5] = [
        ("Count", &signal.counts),
        ("Measured value", &signal.values),
        ("Detail", &signal.fields),
        ("Milestone", &signal.milestones),
        ("Span of time", &signal.spans),
    ];
    let parts =
        groups.iter().flat_map(|(group, members)| members.iter().map(move |one| member(model, group, one))).collect();
    Definition {
        word: label(&signal.head),
        means,
        ids: vec![signal.head.id.clone()],
        options: Default::default(),
        parts,
    }
}

fn every_words(words: &str) -> String {
    words.strip_prefix("1 ").filter(|unit| !unit.contains(' ')).unwrap_or(words).to_owned()
}

fn member(model: &Model, group: &'static str, member: &Member) -> (&'static str, String, String) {
    // A field that has no title of its own is called as the dimension whose options it has.
    let dimension = member.dimension.as_ref().filter(|_| member.head.title.is_none());
    let called = dimension.and_then(|name| model.dimensions.get(name)).map_or(&member.head, |one| &one.head);
    let mut text = super::levels::capital(&label(called));
    if let Some(unit) = &member.unit {
        text = format!("{text}, in {}", unit_words(unit));
    }
    if member.ty.as_deref() == Some("yes_no") {
        text = format!("{text}, either yes or no");
    }
    if !member.options.is_empty() {
        let title = |option: &String| format!("“{}”", option_title(model, member, option));
        let options: Vec<String> = member.options.iter().map(title).collect();
        text = format!("{text}, one of {}", listed(&options, "and"));
    }
    (group, text, member.head.id.clone())
}

/// A unit by its word, where it has one.
fn unit_words(unit: &Unit) -> String {
    match unit.name.as_str() {
        "us" => "microseconds".to_owned(),
        "ms" => "milliseconds".to_owned(),
        "s" => "seconds".to_owned(),
        "min" => "minutes".to_owned(),
        "h" => "hours".to_owned(),
        "%" => "per cent (%)".to_owned(),
        other => other.to_owned(),
    }
}

/// What missing data counts as. Cases and scores are there when they happen, so that none is missing.
fn missing(signal: &Signal, rules: &Md) -> Md {
    let happens = match signal.kind {
        SignalKind::Cases => Some("case"),
        SignalKind::Scores => Some("score"),
        _ => None,
    };
    if let Some(one) = happens {
        return Md::from(format!(
            "No data is missing because there is no {one}: in a measurement period without any there is nothing to count."
        ));
    }
    let Some(missing) = &signal.missing else {
        return Md::from("No rule is agreed for missing data; the consequence is set out in")
            .and(rules.clone())
            .then(".");
    };
    let policy = match missing.policy {
        MissingPolicy::Good => "counts as good",
        MissingPolicy::Bad => "counts as bad (as the worst possible value)",
        MissingPolicy::Excluded => "is left out of the measurement",
    };
    match &missing.after {
        Some(after) => Md::from(format!(
            "Once data has been missing for {}, it {policy} from the start of the gap; a shorter gap is left out of the measurement.",
            after.words()
        )),
        None => Md::from(format!("Missing data {policy}.")),
    }
}

fn measure(model: &Model, metric: &Metric) -> String {
    let mut text = sentence(&format!("means {}", definition(model, metric)));
    if let Some(empty) = &metric.when_empty {
        text = format!(
            "{text} {}",
            sentence(&format!(
                "Where data was available but there was nothing to count, the value is {}",
                expr(model, empty)
            ))
        );
    }
    if let Some(round) = &metric.round {
        let (mode, step) = &round.value;
        text = format!("{text} It is rounded {}, and the rounded value decides.", rounding(*mode, &value(step)));
    }
    if let Some(of) = &metric.window_of {
        let (signal, milestone) = &of.value;
        let declared = model.signals.get(signal).and_then(|signal| {
            signal.milestones.iter().find(|one| one.head.name == *milestone).map(|one| label(&one.head))
        });
        text = format!(
            "{text} A case belongs to the measurement period in which it reaches the milestone “{}”.",
            declared.unwrap_or_else(|| plain(&milestone.replace('_', " ")))
        );
    }
    text
}

fn rounding(mode: Rounding, step: &str) -> String {
    let nearest =
        |tie: &str| format!("to the nearest multiple of {step} (from the middle between two multiples {tie})");
    match mode {
        Rounding::HalfEven => nearest("to the even one"),
        Rounding::HalfUp => nearest("away from zero"),
        Rounding::HalfDown => nearest("towards zero"),
        Rounding::Up => format!("to a multiple of {step}, away from zero"),
        Rounding::Down => format!("to a multiple of {step}, towards zero"),
        Rounding::Floor => format!("down to a multiple of {step}"),
        Rounding::Ceiling => format!("up to a multiple of {step}"),
    }
}

/// The hours of a calendar.
fn hours(model: &Model, calendar: &CalendarDecl, dates: &Md) -> Md {
    match (&calendar.rule, &calendar.calendar) {
        (CalendarRule::Combined { text, closed, .. }, _) => {
            let means = Md::from(sentence(&format!("means the times of {}", combined(model, text))));
            let operators: BTreeSet<&str> =
                text.split(' ').filter(|word| ["or", "and", "except"].contains(word)).collect();
            let means =
                if operators.len() > 1 { means.and("It is read from left to right, brackets first.") } else { means };
            if closed.is_empty() {
                return means;
            }
            let each = if calendar.calendar.is_of_several_zones() { " in the time zone of the hours" } else { "" };
            means
                .and(format!("A date of holidays is taken out as a whole{each}. The dates are listed in"))
                .and(dates.clone())
                .then(".")
        }
        (CalendarRule::Hours { closed, own }, Calendar::Hours { weekly, dated, .. }) => {
            let zone = calendar.zone.as_ref();
            let zone = zone.map(|zone| format!(", in local time of {},", zone.value.name())).unwrap_or_default();
            let text = format!("means{zone} {}", weekly_words(weekly));
            let mut except: Vec<String> = closed
                .iter()
                .filter_map(|name| model.holidays.get(&name.value))
                .map(|set| format!("the dates of “{}”", label(&set.head)))
                .collect();
            if !own.is_empty() {
                except.push("the dates listed for it by name".to_owned());
            }
            if !except.is_empty() {
                let except = format!("{text}, except on {} in", listed(&except, "and"));
                return Md::from(except).and(dates.clone()).then(".").and(dated_words(dated, true));
            }
            Md::from(format!("{text}.")).and(dated_words(dated, false))
        }
        (CalendarRule::Hours { .. }, _) => Md::from("means all hours of every day."),
    }
}

/// The hours of single days, in place of those of the week: `24 December of every year, 08:00 to 12:00`.
fn dated_words(dated: &DatedHours, has_holidays: bool) -> String {
    let hours = |ranges: &[MinuteRange]| listed(&ranges.iter().map(ToString::to_string).collect::<Vec<_>>(), "and");
    let mut days: Vec<String> =
        dated.yearly().map(|(day, ranges)| format!("{} of every year, {}", day.words(), hours(ranges))).collect();
    days.extend(dated.dates().map(|(day, ranges)| format!("{}, {}", date(day), hours(ranges))));
    if days.is_empty() {
        return String::new();
    }
    let even = if has_holidays { ", also where the day is a holiday" } else { "" };
    format!("These hours take the place of the usual ones{even}: {}.", days.join("; "))
}

/// A combination of calendars and holidays with their titles in place of their names.
fn combined(model: &Model, text: &str) -> String {
    let words = plain(&text.replace('(', " ( ").replace(')', " ) "));
    let titled = words.split(' ').map(|word| {
        let calendar = model.calendars.get(word).map(|calendar| format!("“{}”", label(&calendar.head)));
        let holidays = || model.holidays.get(word).map(|set| format!("the dates of “{}”", label(&set.head)));
        let itself = || if word == "always" { "all hours of every day".to_owned() } else { word.to_owned() };
        calendar.or_else(holidays).unwrap_or_else(itself)
    });
    titled.collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")")
}

/// Weekly hours: `Monday to Friday, 08:00 to 18:00`.
pub fn weekly_words(weekly: &crate::values::WeeklyHours) -> String {
    let mut groups: Vec<(Vec<Weekday>, String)> = Vec::new();
    for day in Weekday::ALL {
        let ranges: Vec<String> = weekly.on(day).iter().map(ToString::to_string).collect();
        let hours = listed(&ranges, "and");
        if hours.is_empty() {
            continue;
        }
        let follows = groups
            .last()
            .is_some_and(|(days, same)| *same == hours && days.last().is_some_and(|last| *last as u8 + 1 == day as u8));
        match groups.last_mut() {
            Some((days, _)) if follows => days.push(day),
            _ => groups.push((vec![day], hours)),
        }
    }
    let words: Vec<String> = groups
        .iter()
        .map(|(days, hours)| match (days.first(), days.last()) {
            (Some(first), Some(last)) if days.len() > 2 => format!("{} to {}, {hours}", first.name(), last.name()),
            _ => {
                format!("{}, {hours}", listed(&days.iter().map(|day| day.name().to_owned()).collect::<Vec<_>>(), "and"))
            }
        })
        .collect();
    if words.is_empty() { "no hours at all".to_owned() } else { words.join("; ") }
}

/// A value of an example or a row in words.
pub fn known(model: &Model, exact: Option<&Value>, or: &crate::calculus::Expr) -> String {
    exact.map_or_else(|| lowered(model, &expr(model, or)), value)
}
