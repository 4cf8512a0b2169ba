//! From the model to rules, in the order in which they are executed.

use super::common::{all, one, texts};
use super::conditions::{ArithmeticOp, ComparisonOp, Computation, Condition, FeeOp, LogicOp, NotOp};
use super::inputs::{Inputs, Scope, value};
use super::rules::{Choose, ClaimNeed, Once, Remainder, Rule, Take};
use crate::calculus::{Expr, Type, Value};
use crate::model::{Bound, Commitment, Credit, CreditRow, CreditTable, Model, Side, Skip, Tier};
use crate::values::{Exact, Money, Rounding, Window};

/// When rules that compute money are executed; the order of the language's reference.
mod stage {
    pub const CREDIT: u8 = 1;
    pub const COMMITMENT_CAP: u8 = 2;
    pub const COMBINATION: u8 = 3;
    pub const AGREEMENT_CAP: u8 = 4;
    pub const SKIP: u8 = 5;
    pub const ROUNDING: u8 = 6;
}

/// Every rule of an agreement with every input that they need.
pub fn rules(model: &Model) -> (Vec<Rule>, Inputs) {
    let mut inputs = Inputs::new();
    let mut rules = fees(model, &mut inputs);
    let commitments = || model.commitments.iter();
    rules.extend(commitments().flat_map(|commitment| credits(model, commitment, &mut inputs)).collect::<Vec<_>>());
    rules.extend(commitments().flat_map(|commitment| caps(model, commitment, &mut inputs)).collect::<Vec<_>>());
    rules.extend(combinations(model));
    rules.extend(settlement(model, &mut inputs));
    rules.extend(commitments().flat_map(|commitment| rights(model, commitment, &mut inputs)).collect::<Vec<_>>());
    rules.extend(notices(model, &mut inputs));
    rules.extend(escalations(model, &mut inputs));
    (rules, inputs)
}

fn fees(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let fees = model.fees.iter();
    fees.map(|fee| Rule::Fee {
        clause: fee.head.id.clone(),
        fee: fee.head.name.clone(),
        per: one(&fee.per),
        amount: Scope::clause(model, &fee.head.name).computation(&fee.amount, inputs),
    })
    .collect()
}

/// The credit rules of a commitment.
fn credits(model: &Model, commitment: &Commitment, inputs: &mut Inputs) -> Vec<Rule> {
    let scope = Scope::commitment(model, commitment);
    let Some(window) = scope.window else {
        return Vec::new();
    };
    let entries = match &commitment.credit {
        None => Vec::new(),
        Some(Credit::Formula { amount, .. }) => {
            let then = not_negative(amount, scope.computation(amount, inputs));
            vec![(commitment.head.id.clone(), Choose::Only, None, then)]
        }
        Some(Credit::Table(table)) => rows(scope, commitment, table, inputs),
    };
    let is_bands = matches!(&commitment.credit, Some(Credit::Table(table)) if table.bands);
    let claim = commitment.claim.as_ref();
    let mut rules = Vec::new();
    for (clause, choose, range, then) in entries {
        let mut conditions = Vec::new();
        conditions.extend(commitment.applies_when.as_ref().map(|when| scope.when(when, inputs)));
        if !is_bands {
            conditions.push(missed(scope, commitment, inputs));
        }
        conditions.extend(range);
        rules.push(Rule::Credit {
            stage: stage::CREDIT,
            clause,
            commitment: commitment.head.name.clone(),
            per: window.into(),
            once: if matches!(window, Window::Rolling(_)) { Once::Breach } else { Once::Window },
            choose,
            when: together(conditions),
            then,
            claim: claim.map(|claim| if claim.automatic { ClaimNeed::Automatic } else { ClaimNeed::Required }),
        });
    }
    rules
}

/// A clause with how it is chosen, its range and its amount.
type Entry = (String, Choose, Option<Condition>, Computation);

fn rows(scope: Scope<'_>, commitment: &Commitment, table: &CreditTable, inputs: &mut Inputs) -> Vec<Entry> {
    let Some(target) = commitment.targets.first() else {
        return Vec::new();
    };
    let mut looks_at = |inputs: &mut Inputs| match &table.using {
        Some(expr) => scope.computation(expr, inputs),
        None => scope.attained(target, inputs),
    };
    let tiers = commitment.tiers();
    let known = |row: &CreditRow| row.bounds.iter().all(|bound| bound.value.is_some());
    let bounded = || table.rows.iter().filter(|row| !row.bounds.is_empty());
    // Ranges exclude one another only if all of their ends are known.
    let ranged = !table.bands && bounded().all(known);
    let choose = match (table.bands, ranged) {
        (true, _) => Choose::Largest,
        (false, true) => Choose::Only,
        (false, false) => Choose::Last,
    };
    let mut entries = Vec::new();
    let tiers_in_order = tiers.iter().filter(|tier| !tier.row.bounds.is_empty());
    let unknown = bounded().filter(|row| !known(row));
    if ranged || table.bands {
        for tier in tiers_in_order {
            let range = range(tier, &mut looks_at, inputs);
            entries.push((tier.row.id.clone(), choose, range, gives(scope, table, tier.row, inputs)));
        }
        for row in unknown {
            let range = bounds(scope, row, &mut looks_at, inputs);
            entries.push((row.id.clone(), choose, Some(range), gives(scope, table, row, inputs)));
        }
    } else {
        for row in bounded() {
            let range = bounds(scope, row, &mut looks_at, inputs);
            entries.push((row.id.clone(), choose, Some(range), gives(scope, table, row, inputs)));
        }
    }
    for row in table.rows.iter().filter(|row| row.bounds.is_empty()) {
        let others = bounded().map(|other| bounds(scope, other, &mut looks_at, inputs)).collect();
        let none = not(Condition::Logic { op: LogicOp::Or, conditions: others });
        entries.push((row.id.clone(), choose, Some(none), gives(scope, table, row, inputs)));
    }
    entries
}

/// The ends of a tier as a condition; nothing for a tier without ends.
fn range(
    tier: &Tier<'_>,
    looks_at: &mut impl FnMut(&mut Inputs) -> Computation,
    inputs: &mut Inputs,
) -> Option<Condition> {
    let mut conditions = Vec::new();
    if let Some((end, inclusive)) = &tier.from {
        let op = if *inclusive { ComparisonOp::AtLeast } else { ComparisonOp::Greater };
        conditions.push(Condition::Comparison { op, left: looks_at(inputs), right: value(end) });
    }
    if let Some((end, inclusive)) = &tier.to {
        let op = if *inclusive { ComparisonOp::AtMost } else { ComparisonOp::Less };
        conditions.push(Condition::Comparison { op, left: looks_at(inputs), right: value(end) });
    }
    (!conditions.is_empty()).then(|| together(conditions))
}

/// The bounds of a row as it is written.
fn bounds(
    scope: Scope<'_>,
    row: &CreditRow,
    looks_at: &mut impl FnMut(&mut Inputs) -> Computation,
    inputs: &mut Inputs,
) -> Condition {
    let bounds = row.bounds.iter();
    let conditions = bounds.map(|bound| Condition::Comparison {
        op: within(bound.side),
        left: looks_at(inputs),
        right: limit(scope, bound, inputs),
    });
    together(conditions.collect())
}

fn limit(scope: Scope<'_>, bound: &Bound, inputs: &mut Inputs) -> Computation {
    bound.value.as_ref().map_or_else(|| scope.computation(&bound.limit, inputs), value)
}

fn within(side: Side) -> ComparisonOp {
    match side {
        Side::Below => ComparisonOp::Less,
        Side::AtMost => ComparisonOp::AtMost,
        Side::Above => ComparisonOp::Greater,
        Side::AtLeast => ComparisonOp::AtLeast,
    }
}

/// What a row gives: money, or a ratio of the table's fee.
fn gives(scope: Scope<'_>, table: &CreditTable, row: &CreditRow, inputs: &mut Inputs) -> Computation {
    let amount = row.value.as_ref().map_or_else(|| scope.computation(&row.gives, inputs), value);
    if row.gives.ty != Type::Ratio {
        return amount;
    }
    let fee = Computation::Fee { op: FeeOp::Fee, fee: table.base.value.clone() };
    Computation::Arithmetic { op: ArithmeticOp::Of, operands: vec![amount, fee] }
}

/// A computed credit is never less than zero.
fn not_negative(amount: &Expr, then: Computation) -> Computation {
    match Value::of(&amount.ty, Exact::zero()) {
        Some(zero) => Computation::Arithmetic { op: ArithmeticOp::Max, operands: vec![value(&zero), then] },
        None => then,
    }
}

fn missed(scope: Scope<'_>, commitment: &Commitment, inputs: &mut Inputs) -> Condition {
    let targets = commitment.targets.iter();
    not(together(targets.map(|target| scope.met(target, inputs)).collect()))
}

fn not(condition: Condition) -> Condition {
    Condition::Not { op: NotOp::Not, condition: Box::new(condition) }
}

/// All of several conditions; one alone is itself.
fn together(mut conditions: Vec<Condition>) -> Condition {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            Condition::Logic { op: LogicOp::And, conditions }
        }
    }
}

fn caps(model: &Model, commitment: &Commitment, inputs: &mut Inputs) -> Vec<Rule> {
    let scope = Scope::commitment(model, commitment);
    let caps = commitment.caps.iter();
    caps.map(|cap| Rule::Cap {
        stage: stage::COMMITMENT_CAP,
        clause: cap.id.clone(),
        commitment: Some(commitment.head.name.clone()),
        per: one(&cap.per),
        at_most: scope.computation(&cap.amount, inputs),
    })
    .collect()
}

/// Disjoint groups of commitments of which only the largest credit counts.
fn combinations(model: &Model) -> Vec<Rule> {
    let rule = |members: Vec<&Commitment>| Rule::Combine {
        stage: stage::COMBINATION,
        clauses: members.iter().filter(|it| !it.combine.is_empty()).map(|it| it.head.id.clone()).collect(),
        commitments: members.iter().map(|it| it.head.name.clone()).collect(),
        take: Take::Largest,
    };
    model.combinations().into_iter().map(rule).collect()
}

/// What happens to all credits together: the agreement's limits, what is too small, and the one rounding.
fn settlement(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let agreement = &model.agreement;
    let scope = Scope::clause(model, &agreement.head.name);
    let mut rules: Vec<Rule> = Vec::new();
    for cap in &agreement.caps {
        rules.push(Rule::Cap {
            stage: stage::AGREEMENT_CAP,
            clause: cap.id.clone(),
            commitment: None,
            per: one(&cap.per),
            at_most: scope.computation(&cap.amount, inputs),
        });
    }
    for commitment in &model.commitments {
        let scope = Scope::commitment(model, commitment);
        let head = &commitment.head;
        rules.extend(commitment.skip.as_ref().map(|it| skip(scope, &head.id, Some(head.name.clone()), it, inputs)));
    }
    rules.extend(agreement.skip.as_ref().map(|it| skip(scope, &agreement.head.id, None, it, inputs)));
    rules.extend(agreement.currency.as_ref().map(|currency| Rule::Round {
        stage: stage::ROUNDING,
        clause: agreement.head.id.clone(),
        to: (&Money::new(Money::minor_unit(currency.value), currency.value)).into(),
        mode: Rounding::HalfEven.into(),
        when_capped: Rounding::Down.into(),
        remainder: Remainder::LargestRemainder,
    }));
    rules
}

fn skip(scope: Scope<'_>, clause: &str, commitment: Option<String>, skip: &Skip, inputs: &mut Inputs) -> Rule {
    Rule::Skip {
        stage: stage::SKIP,
        clause: clause.to_owned(),
        commitment,
        comparison: within(skip.bound.side),
        amount: limit(scope, &skip.bound, inputs),
    }
}

fn rights(model: &Model, commitment: &Commitment, inputs: &mut Inputs) -> Vec<Rule> {
    let scope = Scope::commitment(model, commitment);
    let rights = commitment.terminate.iter();
    rights
        .filter_map(|right| {
            Some(Rule::Terminate {
                clause: right.id.clone(),
                commitment: commitment.head.name.clone(),
                by: one(&right.by),
                when: scope.when(right.when.as_ref()?, inputs),
                within: one(&right.within),
                announce: one(&right.announce),
                cure: one(&right.cure),
            })
        })
        .collect()
}

fn notices(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for notice in &model.notices {
        let when = notice.when.as_ref();
        rules.push(Rule::Notify {
            clause: notice.head.id.clone(),
            by: one(&notice.between.by),
            to: all(&notice.between.to),
            when: when.map(|when| Scope::clause(model, &notice.head.name).when(when, inputs)),
            every: None,
            within: one(&notice.within),
            update: one(&notice.update),
            via: notice.via.clone(),
            shows: Vec::new(),
        });
    }
    rules.extend(model.reports.iter().map(|report| Rule::Notify {
        clause: report.head.id.clone(),
        by: one(&report.between.by),
        to: all(&report.between.to),
        when: None,
        every: one(&report.every),
        within: one(&report.within),
        update: None,
        via: report.via.clone(),
        shows: texts(&report.shows),
    }));
    rules
}

fn escalations(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let mut rules = Vec::new();
    for escalation in &model.escalations {
        let Some(when) = &escalation.when else {
            continue;
        };
        for step in &escalation.steps {
            rules.push(Rule::Escalate {
                clause: step.id.clone(),
                escalation: escalation.head.name.clone(),
                when: Scope::clause(model, &escalation.head.name).when(when, inputs),
                after: (&step.after).into(),
                notify: all(&step.notify),
            });
        }
    }
    rules
}
