//! Dimensions after `per` in the head of a commitment or an escalation by which nothing differs: what is measured counts in
//! each variant.

use super::measures::signals_of;
use crate::calculus::{Expr, ExprKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{
    Choice, Commitment, Condition, Credit, Dimension, Escalation, Head, Member, Model, Signal, Variant,
};
use std::collections::{BTreeMap, BTreeSet};

/// A commitment differs by each dimension in its head.
pub(super) fn variants(model: &Model) -> Vec<Diagnostic> {
    let mut families: BTreeMap<&str, Vec<&Commitment>> = BTreeMap::new();
    for one in model.commitments.iter().filter(|one| !one.head.variant.is_empty()) {
        families.entry(&one.head.family).or_default().push(one);
    }
    let sound = |family: &&Vec<&Commitment>| family.iter().all(|one| !one.head.poisoned && one.of.is_some());
    families.values().filter(sound).flat_map(|family| idle(model, family)).collect()
}

/// An escalation differs by each dimension in its head that is no open one: of options that measurements have, each may be
/// meant.
pub(super) fn escalations(model: &Model) -> Vec<Diagnostic> {
    let mut families: BTreeMap<&str, Vec<&Escalation>> = BTreeMap::new();
    for one in model.escalations.iter().filter(|one| !one.head.variant.is_empty()) {
        families.entry(&one.head.family).or_default().push(one);
    }
    let sound = |family: &&Vec<&Escalation>| family.iter().all(|one| !one.head.poisoned);
    let idle = |family: &Vec<&Escalation>| {
        let heads: Vec<&Head> = family.iter().map(|one| &one.head).collect();
        let said: Vec<Vec<String>> = family.iter().map(|one| steps(one)).collect();
        let first = heads.first()?;
        let choices = first.variant.iter().filter(|choice| !choice.each);
        let choice = choices.into_iter().find(|choice| is_alike(&heads, &said, &choice.dimension))?;
        let (name, dimension) = (&first.family, &choice.dimension);
        let message = format!("nothing in `{name}` differs by `{dimension}`");
        let finding = Diagnostic::new(codes::VARIANTS_ALIKE, first.name_span, message);
        Some(
            finding
                .primary("each variant starts at the same time, and tells the same people")
                .witness(format!("each time everybody is told once for {}", two(&heads, dimension).join(" and ")))
                .help(format!("leave out `{dimension}` after `per`, or name what differs by it after `when`")),
        )
    };
    families.values().filter(sound).filter_map(idle).collect()
}

/// What an escalation says.
fn steps(one: &Escalation) -> Vec<String> {
    let when = one.when.iter().map(|when| match when {
        Condition::Judged(words) => words.value.clone(),
        Condition::Measured(when) => when.to_string(),
    });
    let steps = one.steps.iter().map(|step| {
        let told: Vec<String> = step.notify.iter().map(ToString::to_string).collect();
        format!("{} {}", step.after, told.join(" "))
    });
    when.chain(steps).collect()
}

/// The dimensions by which no variant of a commitment differs.
fn idle(model: &Model, family: &[&Commitment]) -> Vec<Diagnostic> {
    let said: Vec<Vec<String>> = family.iter().map(|one| said(one)).collect();
    let Some(first) = family.first() else { return Vec::new() };
    let heads: Vec<&Head> = family.iter().map(|one| &one.head).collect();
    let dimensions = first.head.variant.iter();
    let found = dimensions.filter_map(|choice| {
        let is_idle = match choice.each {
            true => family.iter().all(|one| !reads(model, one, &choice.dimension)),
            false => is_alike(&heads, &said, &choice.dimension),
        };
        beside(model, family, &heads, choice).or_else(|| is_idle.then(|| tell(&first.head, family, choice)))
    });
    found.collect()
}

/// That a commitment differs by a dimension of one file, and that all that it measures is told apart by a dimension of another
/// file with the same options: the two are taken for one.
fn beside(model: &Model, family: &[&Commitment], heads: &[&Head], choice: &Choice) -> Option<Diagnostic> {
    let first = family.first()?;
    let measured = |one: &&Commitment| one.targets.iter().map(|target| target.measure.to_string()).collect();
    // What is measured may be chosen for each option by a condition on the field.
    if !is_alike(heads, &family.iter().map(measured).collect::<Vec<_>>(), &choice.dimension) {
        return None;
    }
    let own = model.dimensions.get(&choice.dimension).filter(|own| !own.open)?;
    let mut signals = BTreeSet::new();
    for target in &first.targets {
        signals.extend(signals_of(model, &target.measure)?);
    }
    let fields = signals.into_iter().map(|signal| field_beside(model, model.signals.get(signal)?, &first.head, own));
    let (signal, field, other) = fields.collect::<Option<Vec<_>>>()?.into_iter().next()?;
    let (name, dimension, measured) = (&first.head.family, &choice.dimension, &signal.head.family);
    let message = format!(
        "`{name}` differs by `{dimension}`, and `{measured}` has a field of another dimension with these options"
    );
    Some(
        Diagnostic::new(codes::VARIANTS_ALIKE, first.head.name_span, message)
            .primary("each variant is judged by the same measurements")
            .label(own.head.name_span, format!("`{name}` differs by this `{dimension}`"))
            .label(field.head.name_span, format!("this field of `{measured}` is of the other one"))
            .label(other.head.name_span, "the other one")
            .witness(format!(
                "what is measured of {} counts for each of them, whatever the field `{}` says",
                two(heads, dimension).join(" and "),
                field.head.name
            ))
            .help(format!(
                "declare one dimension for both: import it from the file of the other one, in place of `{dimension}`"
            )),
    )
}

/// The field of a signal that is of another dimension than this one, declared in another file, which has all of its options;
/// nothing where the signal tells apart what the head differs by.
fn field_beside<'m>(
    model: &'m Model,
    signal: &'m Signal,
    head: &Head,
    own: &Dimension,
) -> Option<(&'m Signal, &'m Member, &'m Dimension)> {
    let name = own.head.name.as_str();
    let is_told = signal.head.variant.iter().any(|choice| choice.dimension == name)
        || signal.fields.iter().any(|field| field.dimension.as_deref() == Some(name));
    let is_of_head = |name: &str| head.variant.iter().any(|choice| choice.dimension == name);
    let beside = |field: &'m Member| {
        let other = model.dimensions.get(field.dimension.as_deref().filter(|name| !is_of_head(name))?)?;
        let has = |option: &Head| other.options.iter().any(|one| one.name == option.name);
        let is_elsewhere = other.head.name_span.file.plain() != own.head.name_span.file.plain();
        (is_elsewhere && !other.open && own.options.iter().all(has)).then_some((signal, field, other))
    };
    signal.fields.iter().filter(|_| !is_told).find_map(beside)
}

/// Whether variants say the same that differ by this dimension alone, and there are such.
fn is_alike(family: &[&Head], said: &[Vec<String>], dimension: &str) -> bool {
    let mut groups: BTreeMap<Variant, Vec<&Vec<String>>> = BTreeMap::new();
    for (head, said) in family.iter().zip(said) {
        let others = head.variant.iter().filter(|choice| choice.dimension != dimension);
        groups.entry(others.cloned().collect()).or_default().push(said);
    }
    let alike = |group: &Vec<&Vec<String>>| group.windows(2).all(|pair| matches!(pair, [one, next] if one == next));
    groups.values().any(|group| group.len() > 1) && groups.values().all(alike)
}

/// What a commitment measures, promises and owes, with the names of what it is made of.
fn said(one: &Commitment) -> Vec<String> {
    let mut said: Vec<String> = one.measured().into_iter().map(Expr::to_string).collect();
    said.extend(one.targets.iter().map(|target| format!("{} {}", target.comparison.as_str(), target.window)));
    said.extend(one.times.iter().map(|factor| factor.by.to_string()));
    said.extend(one.caps.iter().map(|cap| cap.amount.to_string()));
    let conditions = one.applies_when.iter().chain(one.terminate.iter().filter_map(|right| right.when.as_ref()));
    said.extend(conditions.filter_map(|condition| match condition {
        Condition::Judged(words) => Some(words.value.clone()),
        Condition::Measured(_) => None,
    }));
    said.extend(names(one).map(str::to_owned));
    said
}

/// What a commitment names outside of its expressions.
fn names(one: &Commitment) -> impl Iterator<Item = &str> {
    let base = match &one.credit {
        Some(Credit::Table(table)) => Some(&table.base),
        _ => None,
    };
    one.of.iter().chain(base).chain(&one.exclude).map(|name| name.value.as_str())
}

/// Whether something that a commitment names differs by a dimension.
fn reads(model: &Model, one: &Commitment, dimension: &str) -> bool {
    let differs = |name: &str| {
        let heads = [
            model.metrics.get(name).map(|one| &one.head),
            model.signals.get(name).map(|one| &one.head),
            model.constants.get(name).map(|one| &one.head),
            model.fees.get(name).map(|one| &one.head),
            model.supports.get(name).map(|one| &one.head),
            model.exclusions.get(name).map(|one| &one.head),
            model.maintenances.get(name).map(|one| &one.head),
        ];
        heads.into_iter().flatten().any(|head| head.variant.iter().any(|choice| choice.dimension == dimension))
    };
    let mut found = names(one).any(differs);
    for expr in one.measured().into_iter().chain(one.caps.iter().map(|cap| &cap.amount)) {
        expr.walk(&mut |part| {
            found |= match &part.kind {
                ExprKind::Metric(name) | ExprKind::Constant(name) | ExprKind::Fee(name) => differs(name),
                ExprKind::Reading(reading) => differs(&reading.signal),
                // What is asked of another commitment, or of a desk, may be asked of its variant.
                ExprKind::Attribute { .. } => true,
                _ => false,
            };
        });
    }
    found
}

fn tell(head: &Head, family: &[&Commitment], choice: &Choice) -> Diagnostic {
    let (name, dimension) = (&head.family, &choice.dimension);
    let heads: Vec<&Head> = family.iter().map(|one| &one.head).collect();
    let two = two(&heads, dimension);
    let whom = if choice.each { choice.title.clone() } else { two.join(" and ") };
    let paid = if family.iter().any(|one| one.credit.is_some()) { ", and is paid for," } else { "" };
    Diagnostic::new(codes::VARIANTS_ALIKE, head.name_span, format!("nothing in `{name}` differs by `{dimension}`"))
        .primary("each variant is judged by the same measurements")
        .witness(format!("what is measured is the same for {whom}: one failure counts{paid} once for each of them"))
        .help(format!(
            "leave out `{dimension}` after `per`, or say in the signal for which option each measurement is: `field NAME {dimension}`"
        ))
}

/// The titles of the first two options of a dimension.
fn two(heads: &[&Head], dimension: &str) -> Vec<String> {
    let mut options: Vec<&Choice> =
        heads.iter().flat_map(|head| &head.variant).filter(|other| other.dimension == *dimension).collect();
    let mut seen = BTreeSet::new();
    options.retain(|option| seen.insert(*option));
    options.iter().take(2).map(|option| format!("\"{}\"", option.title)).collect()
}
