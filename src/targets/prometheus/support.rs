//! Alerts for cases past their deadline, where the clock runs around the clock.

use super::escalation::Watching;
use super::recordings::number_text;
use super::rule::{Pairs, Rule};
use super::selector::quoted;
use super::sources::{Sources, of_priority};
use super::words::{self, safe, sentences};
use super::{Notes, inexpressible};
use crate::calculus::{Attribute, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarRef, Deadline, Model, Priority, Support};
use crate::values::{Amount, Duration};

/// A deadline of a priority with the milestone that meets it.
struct Clock<'a> {
    milestone: &'static str,
    /// What has to be done, as in "the response".
    what: &'static str,
    deadline: &'a Deadline,
}

fn clocks(priority: &Priority) -> impl Iterator<Item = Clock<'_>> {
    let all = [
        ("responded", "response", &priority.respond),
        ("worked_around", "workaround", &priority.work_around),
        ("resolved", "resolution", &priority.resolve),
    ];
    all.into_iter()
        .filter_map(|(milestone, what, deadline)| Some(Clock { milestone, what, deadline: deadline.as_ref()? }))
}

/// Every alert of a support, one for each deadline that can be watched.
pub(super) fn alerts(watching: &Watching<'_>, support: &Support, notes: &mut Notes) -> Vec<Rule> {
    let sources = watching.sources;
    let Some(cases) = &support.cases else { return Vec::new() };
    let mut rules = Vec::new();
    for (rank, priority) in support.priorities.iter().enumerate() {
        for clock in clocks(priority) {
            match late(support, priority, &clock, sources) {
                Ok(late) => rules.push(alert(watching, support, (priority, rank == 0), &clock, late)),
                Err(reason) => {
                    let what = format!("the {} deadline of `{}` is not watched", clock.what, priority.head.name);
                    notes.push(inexpressible(clock.deadline.span, what, reason));
                }
            }
        }
    }
    if let Some(pause) = support.pauses.first().filter(|_| !rules.is_empty()) {
        let message = format!(
            "the clocks of `{}` stand still at times, which only the source of its ages can know",
            support.head.name
        );
        notes.push(
            Diagnostic::new(codes::PAUSED_CLOCK, pause.span, message)
                .help(format!("let the ages of `{}` leave out the time for which a case is paused", cases.value)),
        );
    }
    rules
}

/// The age of the oldest case that is late, without a label.
fn late(
    support: &Support,
    priority: &Priority,
    clock: &Clock<'_>,
    sources: &Sources<'_>,
) -> Result<(String, Duration), String> {
    let cases = support.cases.as_ref().map_or("", |cases| &cases.value);
    let age = sources.age(cases, clock.milestone);
    let age = age.ok_or_else(|| format!("`{cases}` has no source `{} age` in Prometheus", clock.milestone))?;
    if let CalendarRef::Named(calendar) = support.hours(clock.deadline.calendar.as_ref()) {
        return Err(format!(
            "its clock runs on `{calendar}` only, and an age cannot tell when a case was opened within those hours"
        ));
    }
    let Amount::Elapsed(length) = &clock.deadline.amount else {
        return Err(format!("`{}` is counted in days of the calendar and not in elapsed time", clock.deadline.amount));
    };
    let selector = of_priority(age, &priority.head.name);
    Ok((format!("max({selector}) > {}", number_text(length.seconds())), length.clone()))
}

fn alert(
    watching: &Watching<'_>,
    support: &Support,
    (priority, highest): (&Priority, bool),
    clock: &Clock<'_>,
    (late, length): (String, Duration),
) -> Rule {
    let (model, told) = (watching.model, watching.told);
    let name = &model.agreement.head.name;
    let mut labels = Pairs::from([
        ("agreement", name.clone()),
        ("support", support.head.name.clone()),
        ("priority", priority.head.name.clone()),
        ("milestone", clock.milestone.to_owned()),
        ("clause", priority.head.id.clone()),
        ("severity", if highest { "page" } else { "ticket" }.to_owned()),
    ]);
    if let Some(party) = words::owed_by(model, &support.head.name) {
        labels.insert("owed_by", party);
    }
    let label = safe(&priority.head.label());
    let subject = Subject::Priority { support: support.head.name.clone(), priority: priority.head.name.clone() };
    let description = [
        format!(
            "{} promises the {} of a case of priority {label} within {}",
            safe(&support.head.label()),
            clock.what,
            length.words()
        ),
        "The oldest such case has waited for {{ $value | humanizeDuration }}".to_owned(),
        told.about(&subject, Attribute::Late),
    ];
    let annotations = Pairs::from([
        ("summary", sentences(&[format!("The {} of a case of priority {label} is late", clock.what)])),
        ("description", sentences(&description)),
    ]);
    let expr = format!("{late}\nand\nsum(sla:term{{agreement={}}}) > 0", quoted(name));
    Rule { alert: Some("SlaCaseLate"), expr, labels, annotations, ..Rule::default() }
}

/// How the cases of a priority stand, without a label, for a ladder.
pub(super) fn attribute(
    model: &Model,
    (support, priority): (&str, &str),
    attribute: Attribute,
    sources: &Sources<'_>,
) -> Result<String, String> {
    let support = model.supports.get(support).ok_or("its support is not declared")?;
    let priority = support.priority(priority).ok_or("its priority is not declared")?;
    match attribute {
        Attribute::Late => {
            let (mut found, mut reasons) = (Vec::new(), Vec::new());
            for clock in clocks(priority) {
                match late(support, priority, &clock, sources) {
                    Ok((expr, _)) => found.push(format!("({expr})")),
                    Err(reason) => reasons.push(reason),
                }
            }
            match found.is_empty() {
                true => Err(reasons.into_iter().next().unwrap_or_else(|| "it has no deadline".to_owned())),
                false => Ok(found.join(" or ")),
            }
        }
        Attribute::Open => {
            let cases = support.cases.as_ref().ok_or("its support has no cases")?;
            let age = sources.age(&cases.value, "resolved");
            let age = age.ok_or_else(|| format!("`{}` has no source `resolved age` in Prometheus", cases.value))?;
            Ok(format!("(max({}) > 0)", of_priority(age, &priority.head.name)))
        }
        other => Err(format!("a priority has no `.{}`", other.as_str())),
    }
}
