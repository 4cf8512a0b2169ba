//! From the model to rules, in the order in which they are executed.

use super::common::{all, one};
use super::credits::{credit, limit, within};
use super::inputs::{Inputs, Scope};
use super::notifications::{escalations, notifications};
use super::rules::{Remainder, Rule, Take};
use super::stage::{CapStage, Stage};
use super::value::MoneyAmount;
use crate::model::{Cap, Commitment, Fee, Model, Ref, Skip};
use crate::values::{Money, Rounding, Window};

/// Every rule of an agreement with every input that they need.
pub fn rules(model: &Model) -> (Vec<Rule>, Inputs) {
    let mut inputs = Inputs::new();
    let mut rules = fees(model, &mut inputs);
    let commitments = || model.commitments.iter();
    let (owing, credits): (Vec<&Commitment>, Vec<Rule>) =
        commitments().filter_map(|one| Some((one, credit(model, one, &mut inputs)?))).unzip();
    rules.extend(credits);
    rules.extend(commitments().filter_map(claim));
    rules.extend(commitments().flat_map(|commitment| caps(model, commitment, &mut inputs)).collect::<Vec<_>>());
    rules.extend(combinations(model));
    rules.extend(settlement(model, &owing, &mut inputs));
    rules.extend(commitments().flat_map(|commitment| rights(model, commitment, &mut inputs)).collect::<Vec<_>>());
    rules.extend(notifications(model, &mut inputs));
    rules.extend(escalations(model, &mut inputs));
    (rules, inputs)
}

fn fees(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let fees = model.fees.iter();
    fees.map(|fee| Rule::Fee {
        clause: fee.head.id.clone(),
        fee: fee.head.name.clone(),
        per: one(&fee.per),
        amount: Scope::clause(model, &fee.head.name).pro_rata().computation(&fee.amount, inputs),
    })
    .collect()
}

/// What becomes of a credit that must be claimed and is not.
fn claim(commitment: &Commitment) -> Option<Rule> {
    let claim = commitment.claim.as_ref().filter(|claim| !claim.automatic && commitment.credit.is_some())?;
    Some(Rule::Claim {
        stage: Stage,
        clause: commitment.head.id.clone(),
        commitment: commitment.head.name.clone(),
        by: one(&claim.by),
        to: all(&claim.to),
        within: one(&claim.within),
    })
}

fn cap(scope: Scope<'_>, stage: CapStage, commitments: Vec<String>, cap: &Cap, inputs: &mut Inputs) -> Rule {
    // One that rolls looks back no further than the term, and is never reduced.
    let rolls = matches!(cap.per, Some(Window::Rolling(_)));
    let scope = if rolls { scope } else { scope.pro_rata() };
    Rule::Cap {
        stage,
        clause: cap.id.clone(),
        commitments,
        per: one(&cap.per),
        at_most: scope.computation(&cap.amount, inputs),
    }
}

fn caps(model: &Model, commitment: &Commitment, inputs: &mut Inputs) -> Vec<Rule> {
    let scope = Scope::commitment(model, commitment);
    let caps = commitment.caps.iter();
    caps.map(|it| cap(scope, CapStage::Commitment, names([commitment]), it, inputs)).collect()
}

fn names<'a>(commitments: impl IntoIterator<Item = &'a Commitment>) -> Vec<String> {
    commitments.into_iter().map(|one| one.head.name.clone()).collect()
}

/// Disjoint groups of commitments of which only the largest credit counts.
fn combinations(model: &Model) -> Vec<Rule> {
    let rule = |members: Vec<&Commitment>| Rule::Combine {
        stage: Stage,
        clauses: members.iter().filter(|it| !it.combine.is_empty()).map(|it| it.head.id.clone()).collect(),
        commitments: names(members),
        take: Take::Largest,
    };
    model.combinations().into_iter().map(rule).collect()
}

/// What the agreement says on several credits: its limits, what is too small, and the one rounding.
fn settlement(model: &Model, owing: &[&Commitment], inputs: &mut Inputs) -> Vec<Rule> {
    let agreement = &model.agreement;
    let scope = Scope::clause(model, &agreement.head.name);
    let of = |which: &dyn Fn(&Commitment) -> bool| {
        Some(names(owing.iter().copied().filter(|one| which(one)))).filter(|names| !names.is_empty())
    };
    let mut rules: Vec<Rule> = Vec::new();
    if let Some(limited) = of(&|one| model.shares_caps(one)) {
        let caps = agreement.caps.iter();
        rules.extend(caps.map(|it| cap(scope, CapStage::Agreement, limited.clone(), it, inputs)));
    }
    for commitment in &model.commitments {
        let scope = Scope::commitment(model, commitment);
        let own = commitment.skip.as_ref();
        rules.extend(own.map(|it| skip(scope, &commitment.head.id, names([commitment]), it, inputs)));
    }
    if let (Some(it), Some(others)) = (&agreement.skip, of(&|one| one.skip.is_none() && model.skip(one).is_some())) {
        rules.push(skip(scope, &agreement.head.id, others, it, inputs));
    }
    rules.extend(model.owing().into_iter().map(|(currency, owing)| Rule::Round {
        stage: Stage,
        clause: agreement.head.id.clone(),
        commitments: names(owing),
        to: MoneyAmount::from(&Money::new(Money::minor_unit(currency), currency)),
        mode: Rounding::HalfEven.into(),
        when_capped: Rounding::Down.into(),
        remainder: Remainder::LargestRemainder,
    }));
    rules.extend(set_off(model));
    rules
}

/// What is set off against invoices, where the agreement says what becomes of the rest; one rule for those who owe the same
/// parties.
fn set_off(model: &Model) -> Vec<Rule> {
    let Some(unused) = &model.agreement.unused else { return Vec::new() };
    let sides = |of: Option<&Ref>| {
        let to: Vec<String> = model.creditors(of).into_iter().map(|party| party.party).collect();
        (model.debtor(of).map(|party| party.party), to)
    };
    let mut groups: Vec<Vec<&Commitment>> = Vec::new();
    for one in model.commitments.iter().filter(|one| model.is_carried(one)) {
        let same = |group: &&mut Vec<&Commitment>| {
            group.first().is_some_and(|first| sides(first.of.as_ref()) == sides(one.of.as_ref()))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let of_group = |group: Vec<&Commitment>| {
        let of = group.first().and_then(|first| first.of.as_ref());
        let stated = |fee: &&Fee| fee.per.is_some() && model.fees_in(&fee.amount).is_empty();
        let invoiced = model.fees.iter().filter(stated).filter(|fee| sides(fee.of.as_ref()) == sides(of));
        Rule::SetOff {
            stage: Stage,
            clause: model.agreement.head.id.clone(),
            by: one(&model.debtor(of)),
            to: all(&model.creditors(of)),
            fees: invoiced.map(|fee| fee.head.name.clone()).collect(),
            unused: unused.value.into(),
            commitments: names(group),
        }
    };
    groups.into_iter().map(of_group).collect()
}

fn skip(scope: Scope<'_>, clause: &str, commitments: Vec<String>, skip: &Skip, inputs: &mut Inputs) -> Rule {
    Rule::Skip {
        stage: Stage,
        clause: clause.to_owned(),
        commitments,
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
                per: scope.window.map(Into::into),
                applies: commitment.applies_when.as_ref().map(|when| scope.when(when, inputs)),
                by: one(&right.by),
                when: scope.when(right.when.as_ref()?, inputs),
                within: one(&right.within),
                announce: one(&right.announce),
                cure: one(&right.cure),
            })
        })
        .collect()
}
