//! Worked examples: what the terms come to in a given case.

use super::definitions::known;
use super::markdown::Document;
use crate::calculus::{ExprKind, Type, Value};
use crate::model::{Credit, EACH, Example, Expectation, Given, Head, Member, Model, Ref, SignalKind};
use crate::values::{Date, YearMonth};
use crate::wording::{date, date_time, expr, is_plural, label, listed, metric, plain, sentence, titled};

/// Writes the worked examples.
pub fn write(model: &Model, document: &mut Document) {
    if model.examples.is_empty() {
        return;
    }
    document.schedule("Worked examples");
    document.clause("These examples show how the terms of this agreement are applied. Each looks at one measurement period or one case by itself; whatever an example does not state is taken as measured and free of failures.", "");
    let of_one = model.dimensions.iter().any(|dimension| dimension.open).then(|| {
        // Whichever it is.
        model.of_one(|choice| Some(choice.title.replacen(EACH, "one", 1)))
    });
    let model = of_one.as_ref().unwrap_or(model);
    for example in &model.examples {
        one(model, example, document);
    }
}

fn one(model: &Model, example: &Example, document: &mut Document) {
    document.topic(&label(&example.head), &example.head.id);
    let of = example.of.as_ref().map(|of| {
        let commitment =
            model.commitments.get(&of.value).map(|one| format!("the service level “{}”", label(&one.head)));
        let support = model.supports.get(&of.value).map(|one| format!("the “{}”", label(&one.head)));
        commitment.or(support).unwrap_or_else(|| plain(&of.value))
    });
    let during =
        example.during.as_ref().map(|during| format!(" Measurement period: {}.", span(during.value.0, during.value.1)));
    document.sub(
        format!(
            "This example is about {}.{}",
            of.unwrap_or_else(|| "this agreement".to_owned()),
            during.unwrap_or_default()
        ),
        "",
    );
    for given in &example.given {
        document.sub(sentence(&format!("Given: {}", assumed(model, example, given))), "");
    }
    for case in &example.cases {
        let support = example.of.as_ref().and_then(|of| model.supports.get(&of.value));
        let titled = |name: &Ref| {
            let priority = support.and_then(|support| support.priority(&name.value));
            priority.map_or_else(|| plain(&name.value), |found| label(&found.head))
        };
        let priority = titled(&case.priority);
        let mut parts: Vec<String> = case
            .milestones
            .iter()
            .map(|(name, time)| format!("“{}” on {}", plain(&name.value.replace('_', " ")), date_time(*time)))
            .collect();
        parts.extend(case.spans.iter().map(|(name, from, to)| {
            format!("“{}” from {} to {}", plain(&name.value.replace('_', " ")), date_time(*from), date_time(*to))
        }));
        let changes = case.reclassified.iter();
        parts.extend(changes.map(|(name, time)| format!("priority “{}” from {} on", titled(name), date_time(*time))));
        document.sub(format!("Given: a case of priority “{priority}” with these times: {}.", parts.join("; ")), "");
    }
    let expected: Vec<String> = example.expect.iter().map(|one| outcome(model, example.of.as_ref(), one)).collect();
    if !expected.is_empty() {
        document.sub(sentence(&format!("Result: {}", listed(&expected, "and"))), "");
    }
}

/// A span of dates, by the month's name where it is one.
fn span(from: Date, to: Date) -> String {
    let month = YearMonth::of(from);
    if month.first_day() == from && month.last_day() == to {
        return month.words();
    }
    format!("{} to {}, both included", date(from), date(to))
}

fn assumed(model: &Model, example: &Example, given: &Given) -> String {
    let value = known(model, None, &given.value);
    let during = match given.during {
        Some((from, to)) => format!(" from {} to {}", date_time(from), date_time(to)),
        // A number of occurrences is a total.
        None if is_count(model, &given.what.value) => " in all".to_owned(),
        None if model.fees.get(&given.what.value).is_some() => String::new(),
        // What is given for a time takes its place there.
        None if example.given.iter().any(|one| one.during.is_some() && one.what.value == given.what.value) => {
            " at all other times".to_owned()
        }
        None => " throughout".to_owned(),
    };
    let path = &given.what.value;
    if let (Some(signal), ExprKind::Literal(Value::Boolean(up))) = (model.signals.get(path), &given.value.kind) {
        let word = if *up { "up" } else { "down" };
        return format!("the state “{}” is {word}{during}", label(&signal.head));
    }
    if let (Some((signal, milestone)), ExprKind::Literal(Value::Boolean(yes))) =
        (path.strip_suffix(".in_time").and_then(|path| path.split_once('.')), &given.value.kind)
        && let Some(found) = model.signals.get(signal)
    {
        let milestone = found.milestones.iter().find(|one| one.head.name == milestone);
        let milestone = milestone.map_or_else(String::new, |one| label(&one.head));
        let which = if *yes { "each" } else { "none" };
        return format!("“{milestone}” is reached in time by {which} of “{}”{during}", label(&found.head));
    }
    let occurs = model.maintenances.get(path).map(|one| &one.head).or(model.exclusions.get(path).map(|one| &one.head));
    if let (Some(head), ExprKind::Literal(Value::Boolean(yes))) = (occurs, &given.value.kind) {
        let not = if *yes { "" } else { "not " };
        return format!("“{}” does {not}apply{during}", label(head)).replace("does apply", "applies");
    }
    states(model, path, "", &value) + &during
}

/// Whether a path names a count of a signal.
fn is_count(model: &Model, path: &str) -> bool {
    let counts = |(signal, member): (&str, &str)| {
        let found = model.signals.get(signal);
        found.is_some_and(|found| found.counts.iter().any(|one| one.head.name == member))
    };
    path.split_once('.').is_some_and(counts)
}

/// What a path of an example names.
fn subject(model: &Model, path: &str) -> String {
    match path {
        "credit" => return "the service credit".to_owned(),
        "attained" => return "the attained value".to_owned(),
        "met" => return "whether the target is met".to_owned(),
        "terminate" => return "whether what is measured gives a right to terminate".to_owned(),
        _ => {}
    }
    if model.metrics.get(path).is_some() {
        return metric(model, path);
    }
    if let Some(fee) = model.fees.get(path) {
        return titled(model, &label(&fee.head));
    }
    let words = |name: &str| plain(&name.replace('_', " "));
    match path.split_once('.') {
        Some((milestone, "after")) => format!("the time on the clock until “{}”", words(milestone)),
        Some((milestone, "in_time")) => format!("“{}” in time", words(milestone)),
        Some((signal, member)) => match model.signals.get(signal) {
            Some(found) => {
                // What is read of the signal is that of its option.
                let titled = |one: &Member| label(&Head { variant: found.head.variant.clone(), ..one.head.clone() });
                if let Some(count) = found.counts.iter().find(|one| one.head.name == member) {
                    return format!("the number of “{}”", titled(count));
                }
                if found.kind == SignalKind::Scores && member == "score" {
                    return format!("each score of “{}”", label(&found.head));
                }
                if let Some((milestone, "after")) = member.split_once('.') {
                    let milestone = found.milestones.iter().find(|one| one.head.name == milestone);
                    let milestone = milestone.map_or_else(|| words(member), titled);
                    return format!("the time on the clock until “{milestone}” of each of “{}”", label(&found.head));
                }
                let members = [&found.values, &found.fields, &found.milestones, &found.spans];
                let found = members.into_iter().flatten().find(|one| one.head.name == member);
                format!("“{}”", found.map_or_else(|| words(member), titled))
            }
            None => format!("“{}”", words(path)),
        },
        None => match model.signals.get(path) {
            Some(signal) => format!("“{}”", label(&signal.head)),
            None => format!("“{}”", words(path)),
        },
    }
}

fn outcome(model: &Model, of: Option<&Ref>, expectation: &Expectation) -> String {
    if let (Some((milestone, "in_time")), Some(Value::Boolean(yes))) =
        (expectation.what.value.split_once('.'), &expectation.exact)
    {
        let not = if *yes { "" } else { " not" };
        return format!("“{}” is{not} reached in time", plain(&milestone.replace('_', " ")));
    }
    match (expectation.what.value.as_str(), &expectation.exact) {
        ("met", Some(Value::Boolean(yes))) => {
            return format!("the target is {}", if *yes { "met" } else { "missed" });
        }
        ("terminate", Some(Value::Boolean(yes))) => {
            return format!("what is measured gives {} right to terminate", if *yes { "a" } else { "no" });
        }
        _ => {}
    }
    let mut value = known(model, expectation.exact.as_ref(), &expectation.value);
    let of_fee = expectation.what.value == "credit" && expectation.value.ty == Type::Ratio;
    if let (true, Some(fee)) = (of_fee, base(model, of)) {
        value = format!("{value} of {fee}");
    }
    let step = expectation.rounds_to.as_ref().map(|step| known(model, Some(step), &expectation.value));
    let rounded = step.map(|step| format!(", rounded to {step},")).unwrap_or_default();
    let measured = of.and_then(|of| model.commitments.get(&of.value)).map(|one| one.targets.as_slice());
    match (expectation.what.value.as_str(), measured) {
        ("attained", Some([target])) => format!("{}{rounded} is {value}", expr(model, &target.measure)),
        (path, _) => states(model, path, &rounded, &value),
    }
}

/// What a path names, with its value.
fn states(model: &Model, path: &str, rounded: &str, value: &str) -> String {
    let subject = subject(model, path);
    let several = model.fees.get(path).is_some_and(|fee| is_plural(&label(&fee.head)));
    format!("{subject}{rounded} {} {value}", if several { "are" } else { "is" })
}

/// The fee that the credits of what an example is about are a part of.
fn base(model: &Model, of: Option<&Ref>) -> Option<String> {
    match &model.commitments.get(&of?.value)?.credit {
        Some(Credit::Table(table)) => Some(titled(model, &label(&model.fees.get(&table.base.value)?.head))),
        _ => None,
    }
}
