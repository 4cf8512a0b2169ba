//! Escalation ladders: an alert for each step, with a growing `for`.

use std::collections::BTreeMap;

use super::alerts::Watched;
use super::rule::{Pairs, Rule};
use super::selector::quoted;
use super::sources::Sources;
use super::words::{Told, contact, safe, sentences};
use super::{Notes, inexpressible, support};
use crate::calculus::{Attribute, Binary, Expr, ExprKind, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Condition, Escalation, Model};
use crate::values::Amount;

/// What ladders can watch.
pub(super) struct Watching<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources<'a>,
    pub told: &'a Told,
    /// The watched targets of each commitment, in order.
    pub targets: BTreeMap<&'a str, Vec<Watched<'a>>>,
}

/// Every alert of a ladder.
pub(super) fn alerts(watching: &Watching<'_>, escalation: &Escalation, notes: &mut Notes) -> Vec<Rule> {
    let expr = match &escalation.when {
        None => return Vec::new(),
        Some(Condition::Judged(words)) => {
            let message = format!("people judge when `{}` starts, so no alert comes from it", escalation.head.name);
            notes.push(Diagnostic::new(codes::JUDGED_CONDITION, words.span, message));
            return Vec::new();
        }
        Some(Condition::Measured(expr)) => expr,
    };
    let mut unwatched = Vec::new();
    let condition = watching.condition(expr, &mut unwatched);
    for (part, reason) in &unwatched {
        let what = format!("`{}` does not start by this", escalation.head.name);
        notes.push(inexpressible(part.span, what, reason.clone()));
    }
    let Some(condition) = condition else { return Vec::new() };
    let agreement = &watching.model.agreement.head.name;
    let expr = format!("({condition})\nand\nsum(sla:term{{agreement={}}}) > 0", quoted(agreement));
    let steps = escalation.steps.iter().enumerate();
    steps
        .filter_map(|(index, step)| {
            let Amount::Elapsed(after) = &step.after else {
                let what = format!("a step of `{}` has no alert", escalation.head.name);
                let reason = format!("`{}` is counted on a calendar and not in elapsed time", step.after);
                notes.push(inexpressible(step.span, what, reason));
                return None;
            };
            let people: Vec<String> = step.notify.iter().map(|person| contact(watching.model, person)).collect();
            let label = safe(&escalation.head.label());
            let since = if after.is_zero() {
                "It has started".to_owned()
            } else {
                format!("It has lasted for {}", after.words())
            };
            let mut parts = vec![since, format!("The agreement names {} to be told now", safe(&people.join(" and ")))];
            if !unwatched.is_empty() {
                parts.push("The agreement also names conditions that are not watched here".to_owned());
            }
            let annotations = Pairs::from([
                ("summary", sentences(&[format!("{label}, step {}", index + 1)])),
                ("description", sentences(&parts)),
            ]);
            let labels = Pairs::from([
                ("agreement", agreement.clone()),
                ("escalation", escalation.head.name.clone()),
                ("clause", step.id.clone()),
                ("severity", "page".to_owned()),
                ("step", (index + 1).to_string()),
            ]);
            let hold = after.promql().filter(|_| !after.is_zero());
            // A gap of one slice must not start the ladder again.
            Some(Rule {
                alert: Some("SlaEscalation"),
                expr: expr.clone(),
                hold,
                keep_firing_for: Some("5m"),
                labels,
                annotations,
                ..Rule::default()
            })
        })
        .collect()
}

impl<'a> Watching<'a> {
    /// The condition without a label, as far as it can be watched, and the parts that cannot.
    fn condition<'e>(&self, expr: &'e Expr, unwatched: &mut Vec<(&'e Expr, String)>) -> Option<String> {
        match &expr.kind {
            ExprKind::Binary { op: Binary::Or, left, right } => {
                let parts = [self.condition(left, unwatched), self.condition(right, unwatched)];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                (!parts.is_empty()).then(|| parts.join("\n  or "))
            }
            ExprKind::Binary { op: Binary::And, left, right } => {
                let (left, right) = (self.condition(left, unwatched)?, self.condition(right, unwatched)?);
                Some(format!("(({left})\n  and ({right}))"))
            }
            ExprKind::Attribute { of, attribute } => match self.attribute(of, *attribute) {
                Ok(condition) => Some(condition),
                Err(reason) => {
                    unwatched.push((expr, reason));
                    None
                }
            },
            _ => {
                unwatched.push((expr, "a condition of this shape cannot be expressed in Prometheus rules".to_owned()));
                None
            }
        }
    }

    fn attribute(&self, of: &Subject, attribute: Attribute) -> Result<String, String> {
        let name = match of {
            Subject::Commitment(name) => name,
            Subject::Priority { support, priority } => {
                return support::attribute(self.model, (support, priority), attribute, self.sources);
            }
        };
        let targets = self.targets.get(name.as_str()).filter(|targets| !targets.is_empty());
        let targets = targets.ok_or_else(|| format!("`{name}` is not watched"))?;
        let conditions = targets.iter().filter_map(|target| match attribute {
            Attribute::Failing => Some(target.failing()),
            Attribute::AtRisk => target.is_at_risk(),
            Attribute::Breached => Some(target.is_breached()),
            Attribute::Open | Attribute::Late => None,
        });
        let conditions: Vec<String> = conditions.collect();
        match conditions.is_empty() {
            true => Err(format!("`.{}` of `{name}` is not watched", attribute.as_str())),
            false => Ok(conditions.join(" or ")),
        }
    }
}
