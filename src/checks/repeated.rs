//! Clauses without a name that stand twice: they would have one id, and nobody could tell which of them counts.

use super::tiers::row_words;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Commitment, Condition, Credit, Model, Support, Target};
use crate::source::Span;
use std::collections::BTreeMap;

/// One clause: what it would be called, what it is in words, where it stands, and what helps if it is there twice.
struct Clause<'a> {
    key: String,
    what: String,
    span: Span,
    help: &'a str,
}

const KEEP_ONE: &str = "keep one of them";

/// Clauses of one owner that say the same thing twice, or two things of one.
pub(super) fn clauses(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(twice(model.agreement.caps.iter().map(|cap| {
        let per = cap.per.as_ref().map(ToString::to_string);
        Clause { key: cap.id.clone(), what: cap_words(per.as_deref()), span: cap.span, help: KEEP_ONE }
    })));
    for commitment in &model.commitments {
        found.extend(twice(of_commitment(commitment)));
    }
    for support in &model.supports {
        found.extend(twice(support.pauses.iter().map(|pause| Clause {
            key: pause.id.clone(),
            what: "a pause".to_owned(),
            span: pause.span,
            help: "join the conditions with `or`",
        })));
    }
    for support in &model.supports {
        found.extend(one_condition(support));
    }
    for escalation in &model.escalations {
        found.extend(twice(escalation.steps.iter().map(|step| Clause {
            key: step.id.clone(),
            what: format!("the step after {}", step.after),
            span: step.span,
            help: "name all who are told at the same moment in one step",
        })));
    }
    found.extend(twice(model.agreement.history.iter().map(|edition| Clause {
        key: edition.version.clone(),
        what: format!("version `{}`", edition.version),
        span: edition.span,
        help: KEEP_ONE,
    })));
    let waivers = model.agreement.waivers.iter();
    found.extend(twice(waivers.map(|waiver| Clause {
        key: waiver.part.as_str().to_owned(),
        what: format!("the waiver of `{}`", waiver.part.as_str()),
        span: waiver.span,
        help: KEEP_ONE,
    })));
    found
}

/// Priorities of one condition in the same words: a case has the first whose condition fits, so the second is never had.
fn one_condition(support: &Support) -> Vec<Diagnostic> {
    let judged = support.priorities.iter().filter_map(|priority| match &priority.when {
        Some(Condition::Judged(words)) if !words.value.trim().is_empty() => Some(Clause {
            key: words.value.to_lowercase(),
            what: "a condition of a priority".to_owned(),
            span: words.span,
            help: "a case has the first priority that fits: give the second one words of its own",
        }),
        _ => None,
    });
    twice(judged).into_iter().map(|finding| finding.severity(Severity::Warning)).collect()
}

fn of_commitment(commitment: &Commitment) -> impl Iterator<Item = Clause<'static>> {
    let window = commitment.targets.first().map(|target| target.window.to_string());
    let mut all = Vec::new();
    for target in &commitment.targets {
        all.push(Clause {
            key: target.id.clone(),
            what: target_words(target),
            span: target.span,
            help: "keep one of them; a promise over another window is a commitment of its own",
        });
    }
    if let Some(Credit::Table(table)) = &commitment.credit {
        all.extend(table.rows.iter().map(|row| Clause {
            key: row.id.clone(),
            what: format!("the row `{}`", row_words(row)),
            span: row.span,
            help: "delete the row that is not meant, or give it a bound of its own",
        }));
    }
    for factor in &commitment.times {
        let what = format!("a factor for `{}`", factor.when);
        all.push(Clause { key: factor.id.clone(), what, span: factor.span, help: KEEP_ONE });
    }
    for cap in &commitment.caps {
        // A cap without a window is one for each window of the target.
        let per = cap.per.as_ref().map(ToString::to_string).or(window.clone());
        let key = format!("cap {}", per.as_deref().unwrap_or_default());
        all.push(Clause { key, what: cap_words(per.as_deref()), span: cap.span, help: KEEP_ONE });
    }
    all.extend(commitment.terminate.iter().map(|right| Clause {
        key: right.id.clone(),
        what: "a right to terminate on one condition".to_owned(),
        span: right.span,
        help: KEEP_ONE,
    }));
    all.into_iter()
}

fn target_words(target: &Target) -> String {
    let measure = target.metric().map_or_else(|| target.measure.to_string(), str::to_owned);
    format!("a target `{measure} {} …`", target.comparison.as_str())
}

fn cap_words(per: Option<&str>) -> String {
    per.map_or("a cap".to_owned(), |per| format!("a cap per {per}"))
}

/// Each clause that stands a second time.
fn twice<'a>(clauses: impl Iterator<Item = Clause<'a>>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for clause in clauses {
        if let Some(place) = first.get(&clause.key) {
            found.push(
                Diagnostic::new(codes::REPEATED_STATEMENT, clause.span, format!("{} is said twice", clause.what))
                    .primary("the second time")
                    .label(*place, "the first time")
                    .help(clause.help),
            );
        } else {
            first.insert(clause.key, clause.span);
        }
    }
    found
}
