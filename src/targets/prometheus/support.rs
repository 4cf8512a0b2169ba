//! Alerts for cases past their deadline, where the clock runs around the clock.

use super::Notes;
use super::escalation::Watching;
use super::reason::Reason;
use super::rule::{Rule, options, pairs};
use super::selector::quoted;
use super::slices::number_text;
use super::sources::{Sources, of_priority};
use super::words::{self, contact, safe, sentences};
use crate::calculus::{Attribute, Expr, ExprKind, Part, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarRef, Commitment, Deadline, Model, PartyRef, Priority, Support};
use crate::values::Amount;

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
                    notes.push(reason.note(clock.deadline.span, what));
                }
            }
        }
    }
    for priority in &support.priorities {
        if let Some(update) = &priority.update {
            let what = format!("the updates of `{}` are not watched", priority.head.name);
            notes.push(Reason::from("no series shows when news was given last").note(update.span, what));
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
fn late(support: &Support, priority: &Priority, clock: &Clock<'_>, sources: &Sources<'_>) -> Result<String, Reason> {
    let cases = support.cases.as_ref().map_or("", |cases| &cases.value);
    let age = sources.age(cases, clock.milestone)?;
    if let CalendarRef::Named(calendar) = support.hours(clock.deadline.calendar.as_ref()) {
        return Err(format!(
            "its clock runs on `{calendar}` only, and an age cannot tell when a case was opened within those hours"
        )
        .into());
    }
    let Amount::Elapsed(length) = &clock.deadline.amount else {
        return Err(
            format!("`{}` is counted in days of the calendar and not in elapsed time", clock.deadline.amount).into()
        );
    };
    let selector = of_priority(age, &priority.head.name);
    Ok(format!("max({selector}) > {}", number_text(length.seconds())))
}

/// The party that runs a support; that of its service where it does not say.
fn debtor(model: &Model, support: &Support) -> Option<PartyRef> {
    support.between.by.clone().or_else(|| model.debtor(support.of.as_ref()))
}

/// What is promised by a deadline.
fn promise(model: &Model, support: &Support, priority: &Priority, clock: &Clock<'_>) -> String {
    let who = debtor(model, support).map_or_else(|| "the provider".to_owned(), |by| contact(model, &by));
    let (desk, label) = (support.head.label(), priority.head.label());
    let within = clock.deadline.amount.words();
    safe(&format!("{who} promises the {} of a case of priority {label} of {desk} within {within}", clock.what))
}

/// What is promised of the cases of a priority.
pub(super) fn promises(model: &Model, support: &str, priority: &str) -> Vec<String> {
    let found = model.supports.get(support).and_then(|support| Some((support, support.priority(priority)?)));
    let Some((support, priority)) = found else { return Vec::new() };
    clocks(priority).map(|clock| promise(model, support, priority, &clock)).collect()
}

/// The commitments that are judged by when the cases of a desk reach a milestone.
fn judging<'a>(model: &'a Model, support: &Support, milestone: &str) -> Vec<&'a Commitment> {
    let Some(cases) = &support.cases else { return Vec::new() };
    let judges = |commitment: &&Commitment| {
        let mut targets = commitment.targets.iter();
        targets.any(|target| reads_milestone(model, &target.measure, (&cases.value, milestone), 0))
    };
    model.commitments.iter().filter(judges).collect()
}

fn reads_milestone(model: &Model, expr: &Expr, (cases, milestone): (&str, &str), depth: usize) -> bool {
    let mut found = false;
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Reading(reading) if reading.signal == cases => {
            found |= matches!(&reading.part, Part::Milestone { name, .. } if name == milestone);
        }
        // A circle of metrics is an error, and told.
        ExprKind::Metric(name) if depth < 16 => {
            let metric = model.metrics.get(name);
            found |= metric.is_some_and(|metric| reads_milestone(model, &metric.value, (cases, milestone), depth + 1));
        }
        _ => {}
    });
    found
}

fn alert(
    watching: &Watching<'_>,
    support: &Support,
    (priority, highest): (&Priority, bool),
    clock: &Clock<'_>,
    late: String,
) -> Rule {
    let (model, told) = (watching.model, watching.told);
    let name = &model.agreement.head.name;
    let mut labels = pairs([
        ("agreement", name.clone()),
        ("support", support.head.family.clone()),
        ("priority", priority.head.name.clone()),
        ("milestone", clock.milestone.to_owned()),
        ("clause", priority.head.id.clone()),
        ("severity", if highest { "page" } else { "ticket" }.to_owned()),
    ]);
    labels.extend(options(&support.head));
    labels.extend(debtor(model, support).map(|by| ("owed_by".into(), by.party)));
    let label = safe(&priority.head.label());
    let subject = Subject::Priority { support: support.head.name.clone(), priority: priority.head.name.clone() };
    let mut description = vec![
        promise(model, support, priority, clock),
        "The oldest such case has waited for {{ $value | humanizeDuration }}".to_owned(),
        told.about(&subject, Attribute::Late),
    ];
    let commitments = judging(model, support, clock.milestone);
    description.extend(commitments.iter().map(|commitment| words::promise(model, commitment)));
    if let [commitment] = commitments.as_slice() {
        labels.insert("commitment".into(), commitment.head.family.clone());
    }
    let annotations = pairs([
        ("summary", sentences(&[format!("The {} of a case of priority {label} is late", clock.what)])),
        ("description", sentences(&description)),
    ]);
    let expr = format!("{late}\nand\nsum(sla:term{{agreement={}}}) > 0", quoted(name));
    Rule { alert: Some("SlaCaseLate"), expr, labels, annotations, ..Rule::default() }
}

/// How the cases of a priority stand, for a ladder: the conditions of which one must hold, without a label, and why
/// others are not watched.
pub(super) fn attribute(
    model: &Model,
    (support, priority): (&str, &str),
    attribute: Attribute,
    sources: &Sources<'_>,
) -> (Vec<String>, Vec<Reason>) {
    let found = model.supports.get(support).and_then(|support| Some((support, support.priority(priority)?)));
    let Some((support, priority)) = found else { return (Vec::new(), vec!["it is not declared".into()]) };
    let mut conditions = Vec::new();
    let mut reasons = Vec::new();
    let mut add = |condition: Result<String, Reason>| match condition {
        Ok(condition) => conditions.push(format!("({condition})")),
        Err(reason) => reasons.push(reason),
    };
    match attribute {
        Attribute::Late => clocks(priority).for_each(|clock| add(late(support, priority, &clock, sources))),
        Attribute::Open => {
            let cases = support.cases.as_ref().map_or("", |cases| &cases.value);
            let age = sources.age(cases, "resolved");
            add(age.map(|age| format!("max({}) > 0", of_priority(age, &priority.head.name))));
        }
        other => add(Err(format!("a priority has no `.{}`", other.as_str()).into())),
    }
    if conditions.is_empty() && reasons.is_empty() {
        reasons.push("it has no deadline".into());
    }
    (conditions, reasons)
}
