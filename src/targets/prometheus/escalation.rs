//! Escalation ladders: since when the condition of one has held, and an alert for each step.
//!
//! A `for` would start again whenever a good slice makes the condition pause, and with it the ladder. So the instant at
//! which it began is recorded, and carried on from evaluation to evaluation.

use std::collections::{BTreeMap, BTreeSet};

use super::alerts::Watched;
use super::by::By;
use super::reason::Reason;
use super::recordings::BASE_SLICE;
use super::rule::{Pairs, Rule, options, pairs, recorded};
use super::selector::quoted;
use super::slices::{number_text, span};
use super::sources::Sources;
use super::term::INTERVAL;
use super::words::{self, OfAlerts, Told, contact, safe, sentences};
use super::{Notes, support};
use crate::calculus::{Attribute, Binary, Expr, ExprKind, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Condition, Escalation, Head, Model};
use crate::values::Amount;

/// What ladders can watch.
pub(super) struct Watching<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources<'a>,
    pub told: &'a Told,
    pub of_alerts: OfAlerts,
    /// The watched targets of each commitment, in order.
    pub targets: BTreeMap<&'a str, Vec<Watched<'a>>>,
}

/// How long the rules may not run without a ladder starting again, as Prometheus itself has it for a `for`.
const OUTAGE: &str = "1h";

/// What a ladder records, and an alert for each of its steps.
pub(super) fn rules(watching: &Watching<'_>, escalation: &Escalation, notes: &mut Notes) -> Vec<Rule> {
    let expr = match &escalation.when {
        None => return Vec::new(),
        Some(Condition::Judged(words)) => {
            let message = format!("people judge when `{}` starts, so no alert comes from it", escalation.head.name);
            notes.push(Diagnostic::new(codes::JUDGED_CONDITION, words.span, message));
            return Vec::new();
        }
        Some(Condition::Measured(expr)) => expr,
    };
    let agreement = &watching.model.agreement.head.name;
    let Due { condition, is_partial, known } = watching.due(expr, &escalation.head, notes);
    let Some(expr_due) = condition else { return Vec::new() };
    let gap = span(watching.gap(expr));
    let about = watching.about(expr, &escalation.head);
    let ladder = pairs([("agreement", agreement.clone()), ("escalation", escalation.head.name.clone())]);
    let (due, start) = (recorded("sla:due", &ladder), recorded("sla:due:start", &ladder));
    let term = format!("sum(sla:term{{agreement={}}}) * 0", quoted(agreement));
    let not_due = if known.is_empty() { term } else { known.join("\nor\n") };
    let group = By::of(&escalation.head).each("group");
    let goes_on = format!("(last_over_time({start}[{OUTAGE}]) > 0\nand\nmax_over_time({due}[{gap}]) > 0)");
    let mut rules = vec![
        Rule::record("sla:due", format!("{group}({expr_due})\nor\n{not_due}"), ladder.clone()),
        Rule::record("sla:due:start", format!("{goes_on}\nor\n{due} * time()"), ladder.clone()),
    ];
    // What is owed here is the word to those it names, whoever owes what it is about.
    let notifies = watching.model.debtor(None).map(|by| ("owed_by".into(), by.party));
    let steps = escalation.steps.iter().enumerate();
    let alerts = steps.filter_map(|(index, step)| {
        let Amount::Elapsed(after) = &step.after else {
            let what = format!("a step of `{}` has no alert", escalation.head.name);
            let reason = format!("`{}` is counted on a calendar and not in elapsed time", step.after);
            notes.push(Reason::from(reason).note(step.span, what));
            return None;
        };
        let people: Vec<String> = step.notify.iter().map(|person| contact(watching.model, person)).collect();
        let label = words::label(&escalation.head);
        let since = if after.is_zero() {
            "It has started".to_owned()
        } else {
            "It has lasted for {{ $value | humanizeDuration }}".to_owned()
        };
        let mut parts = vec![about.when.clone(), since];
        parts.push(format!("The agreement names {} to be told now", safe(&people.join(" and "))));
        parts.extend(about.promises.iter().cloned());
        parts.extend(is_partial.then(|| NOT_ALL.to_owned()));
        let annotations = pairs([
            ("summary", sentences(&[format!("{label}, step {}", index + 1)])),
            ("description", sentences(&parts)),
        ]);
        let mut labels = about.labels.clone();
        labels.extend(ladder.clone());
        labels.extend(notifies.clone());
        labels.extend(options(&escalation.head));
        labels.extend(pairs([
            ("clause", step.id.clone()),
            ("severity", "page".to_owned()),
            ("step", (index + 1).to_string()),
        ]));
        let lasts = number_text(after.seconds());
        Some(Rule {
            alert: Some("SlaEscalation"),
            expr: format!("time() - ({start} > 0) >= {lasts}\nand\n{due} > 0"),
            keep_firing_for: Some(gap.clone()),
            labels,
            annotations,
            ..Rule::default()
        })
    });
    rules.extend(alerts);
    rules
}

/// What a description says where a condition is watched in part.
pub(super) const NOT_ALL: &str = "The agreement also names conditions that are not watched here";

/// Whether a condition holds, as far as it can be watched.
pub(super) struct Due {
    /// The condition within the term, if any of it can be watched.
    pub condition: Option<String>,
    /// Whether a part of it cannot.
    pub is_partial: bool,
    /// Of what is for each option of an open dimension, the options that there are, each as zero.
    pub known: Vec<String>,
}

/// What a condition is about.
pub(super) struct About {
    /// The condition in words.
    pub when: String,
    /// What is promised of what it names.
    pub promises: Vec<String>,
    /// `commitment` where it names one.
    pub labels: Pairs,
}

impl<'a> Watching<'a> {
    /// Whether a condition holds, for each option of the open dimensions by which a clause differs; what cannot be watched
    /// is noted for the clause.
    pub fn due(&self, expr: &Expr, clause: &Head, notes: &mut Notes) -> Due {
        let (mut unwatched, by, name) = (Vec::new(), By::of(clause), &clause.name);
        let known = if by.is_empty() { Vec::new() } else { self.known(expr, &by) };
        let condition = self.condition(expr, &Options { by: &by, known: &known }, &mut unwatched);
        let is_partial = !unwatched.is_empty();
        let what = |reason: Reason, part: &Expr| reason.note(part.span, format!("`{name}` does not start by this"));
        notes.extend(unwatched.into_iter().map(|(part, reason)| what(reason, part)));
        let agreement = quoted(&self.model.agreement.head.name);
        let and = if by.is_empty() { "and" } else { "and on ()" };
        let condition = condition.map(|holds| format!("({holds})\n{and}\nsum(sla:term{{agreement={agreement}}}) > 0"));
        Due { condition, is_partial, known }
    }

    /// The options that the commitments have which a condition names, each as zero.
    fn known(&self, expr: &Expr, by: &By) -> Vec<String> {
        let mut all = Vec::new();
        expr.walk(&mut |part| {
            if let ExprKind::Attribute { of: Subject::Commitment(name), .. } = &part.kind {
                let targets = self.targets.get(name.as_str()).into_iter().flatten();
                all.extend(targets.filter(|target| target.by().covers(by)).map(|target| target.known(by)));
            }
        });
        all
    }

    /// For how long, in seconds, a condition may pause as if it went on: for a slice of what it reads, and until the
    /// evaluation that records the next.
    pub fn gap(&self, expr: &Expr) -> i64 {
        let mut longest = BASE_SLICE;
        expr.walk(&mut |part| {
            if let ExprKind::Attribute { of: Subject::Commitment(name), .. } = &part.kind {
                let targets = self.targets.get(name.as_str()).into_iter().flatten();
                longest = targets.map(Watched::slice_seconds).fold(longest, i64::max);
            }
        });
        longest + INTERVAL
    }

    /// What a condition of a clause is about.
    pub fn about(&self, expr: &Expr, clause: &Head) -> About {
        let (mut promises, mut commitments) = (Vec::new(), BTreeSet::new());
        expr.walk(&mut |part| {
            let ExprKind::Attribute { of, .. } = &part.kind else { return };
            match of {
                Subject::Commitment(name) => {
                    commitments.insert(name.clone());
                    let target = self.targets.get(name.as_str()).and_then(|targets| targets.first());
                    promises.extend(target.map(|target| target.promise().to_owned()));
                }
                Subject::Priority { support, priority } => {
                    promises.extend(support::promises(self.model, support, priority));
                }
            }
        });
        let mut told = BTreeSet::new();
        promises.retain(|promise| told.insert(promise.clone()));
        let mut labels = Pairs::new();
        if commitments.len() == 1 {
            let only = commitments.iter().next().and_then(|name| self.model.commitments.get(name));
            labels.extend(only.iter().flat_map(|one| options(&one.head)));
            labels.extend(only.map(|one| ("commitment".into(), one.head.family.clone())));
        }
        let words = self.of_alerts.clause(self.model, clause, expr);
        let when = format!("The agreement starts this when {words}");
        About { when, promises, labels }
    }

    /// The condition without a label but those of options, as far as it can be watched, and the parts that cannot.
    fn condition<'e>(
        &self,
        expr: &'e Expr,
        options: &Options<'_>,
        unwatched: &mut Vec<(&'e Expr, Reason)>,
    ) -> Option<String> {
        match &expr.kind {
            ExprKind::Binary { op: Binary::Or, left, right } => {
                let parts = [self.condition(left, options, unwatched), self.condition(right, options, unwatched)];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                (!parts.is_empty()).then(|| parts.join("\n  or "))
            }
            ExprKind::Binary { op: Binary::And, left, right } => {
                let (left, right) =
                    (self.condition(left, options, unwatched)?, self.condition(right, options, unwatched)?);
                Some(format!("(({left})\n  and ({right}))"))
            }
            ExprKind::Attribute { of, attribute } => {
                let (found, reasons) = self.attribute(of, *attribute, options);
                unwatched.extend(reasons.into_iter().map(|reason| (expr, reason)));
                (!found.is_empty()).then(|| found.join(" or "))
            }
            _ => {
                unwatched.push((expr, "no rules are made for a condition of this shape".into()));
                None
            }
        }
    }

    /// The conditions of which one must hold, and why others are not watched.
    fn attribute(&self, of: &Subject, attribute: Attribute, options: &Options<'_>) -> (Vec<String>, Vec<Reason>) {
        let name = match of {
            Subject::Commitment(name) => name,
            Subject::Priority { .. } if !options.by.is_empty() => {
                return (Vec::new(), vec!["of cases, no rules are made for each option of a dimension".into()]);
            }
            Subject::Priority { support, priority } => {
                return support::attribute(self.model, (support, priority), attribute, self.sources);
            }
        };
        let targets = self.targets.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        let holds = |target: &Watched<'_>| {
            let by = target.by().shared(options.by);
            let holds = match attribute {
                Attribute::Failing => target.failing(&by)?,
                Attribute::AtRisk => target.is_at_risk(&by)?,
                Attribute::Breached => target.is_breached(&by),
                Attribute::Open | Attribute::Late => return None,
            };
            options.each(&by, holds)
        };
        let found: Vec<String> = targets.iter().filter_map(holds).collect();
        let declared = self.model.commitments.get(name).map_or(0, |commitment| commitment.targets.len());
        let untold = options.known.is_empty() && targets.iter().any(|target| !target.by().covers(options.by));
        let reason = match untold {
            true => format!("nothing that it names is told apart by {}", options.by.list()),
            false => format!("`.{}` of `{name}` is not watched", attribute.as_str()),
        };
        let missing = (found.len() < declared.max(1)).then(|| Reason::from(reason));
        (found, missing.into_iter().collect())
    }
}

/// The options of open dimensions for each of which a condition is asked.
struct Options<'a> {
    /// The labels that tell them apart.
    by: &'a By,
    /// Those that there are, each as zero.
    known: &'a [String],
}

impl Options<'_> {
    /// A condition that is told apart by some of the labels, for each option; nothing where it is not known which there are.
    fn each(&self, by: &By, holds: String) -> Option<String> {
        if by.covers(self.by) {
            return Some(holds);
        }
        let known = self.known.join(" or ");
        (!known.is_empty()).then(|| format!("(({known})\n  and on ({}) {holds})", by.list()))
    }
}
