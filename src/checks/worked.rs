//! Worked examples, executed: what they expect is what the terms come to.

use crate::calculus::{ExprKind, shown};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Budget, Compared, Gap, Step, Worked, explain, work};
use crate::model::{Choice, Example, Fee, Model};

/// Each example comes to what it expects.
pub(super) fn results(model: &Model) -> Vec<Diagnostic> {
    let budget = Budget::default();
    let worked = model
        .examples
        .iter()
        .filter(|example| is_sound(model, example))
        .filter_map(|example| work(model, example, &budget));
    worked
        .flat_map(|worked| {
            worked.compared.iter().filter_map(|one| told(model, &worked, one, &budget)).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether an example could be understood, and says nothing for which it has been told already.
fn is_sound(model: &Model, example: &Example) -> bool {
    let alone =
        super::examples::windows_of(model, example).is_empty() && super::examples::values_of(model, example).is_empty();
    alone && !model.unread
}

fn told(model: &Model, worked: &Worked<'_>, one: &Compared<'_>, budget: &Budget) -> Option<Diagnostic> {
    if one.holds() {
        return None;
    }
    let name = &one.expectation.what.value;
    let (expected, found) = match (&one.expected, &one.found) {
        (Err(Gap::Poisoned), _) | (_, Err(Gap::Poisoned)) => return None,
        (Err(gap), _) | (_, Err(gap)) => return Some(undecided(model, worked, name, one, gap)),
        (Ok(expected), Ok(found)) => (shown(expected), shown(found)),
    };
    let verb = if one.expectation.rounds_to.is_some() { "rounded to" } else { "is" };
    let new = |message: String| Diagnostic::new(codes::EXAMPLE_CONTRADICTED, one.expectation.span, message);
    let finding = if expected == found {
        // They differ beyond the places that are shown.
        new(format!("`{name}` is not exactly {expected}"))
            .primary("it has more places by the terms")
            .help(format!("write how many places count: `{name} rounds to {expected}`"))
    } else {
        new(format!("`{name}` comes to {found}, and {expected} is expected"))
            .primary(format!("{verb} {expected} by the example, {found} by the terms"))
            .help("mend what the example expects, or the terms")
    };
    let finding = finding.derivation(explain(model, worked.example, budget).iter().flat_map(Step::lines).collect());
    Some(match &worked.example.of {
        Some(of) => finding.label(of.span, "the terms of this"),
        None => finding,
    })
}

/// Whether something is for options other than those of an example, which can give nothing of them.
fn is_of_another(model: &Model, example: &Example, what: &str) -> bool {
    let head = model.fees.get(what).map(|one| &one.head).or_else(|| model.constants.get(what).map(|one| &one.head));
    let own =
        example.of.as_ref().and_then(|of| model.commitments.get(&of.value)).map(|one| one.head.variant.as_slice());
    let is_own = |choice: &Choice| own.is_some_and(|own| own.contains(choice));
    head.is_some_and(|head| head.variant.iter().any(|choice| !is_own(choice)))
}

/// The fee that is the same for all options and is made of something.
fn whole_of<'a>(model: &'a Model, what: &str) -> Option<&'a str> {
    let reads = |fee: &&Fee| {
        let mut found = false;
        fee.amount.walk(&mut |part| found |= matches!(&part.kind, ExprKind::Fee(name) if name == what));
        found && fee.head.variant.is_empty()
    };
    model.fees.iter().find(reads).map(|fee| fee.head.name.as_str())
}

fn undecided(model: &Model, worked: &Worked<'_>, name: &str, one: &Compared<'_>, gap: &Gap) -> Diagnostic {
    let help = match gap {
        Gap::Unknown(what) if !worked.example.cases.is_empty() => {
            format!("add its time to the case: `{what} 2027-06-03 10:00`")
        }
        Gap::Unknown(what) if is_of_another(model, worked.example, what) => match whole_of(model, what) {
            Some(whole) => format!(
                "it is that of an option that the example does not name: add `given {whole} = …`, which it is a part of"
            ),
            None => "it is that of an option that the example does not name: expect something that does not need it"
                .to_owned(),
        },
        Gap::Unknown(what) => format!("it has no best value that could be assumed: add `given {what} = …`"),
        Gap::AllOptions => {
            "an example does not say which options there are: expect something that their sum does not decide"
                .to_owned()
        }
        Gap::Changes(what) => format!("let the times of `given {what}` begin and end where slices do"),
        Gap::InAll(_) => "give the metric that is made of those that the `where` leaves".to_owned(),
        Gap::Spread(_) => "give the metric that is read there, or totals for single slices".to_owned(),
        Gap::Empty => "add `when empty …` to the metric, or give what is counted".to_owned(),
        Gap::NotApplied => "give what makes it apply, or expect what is measured".to_owned(),
        _ => "expect something that one window alone decides".to_owned(),
    };
    Diagnostic::new(codes::EXAMPLE_UNDECIDED, one.expectation.span, format!("`{name}` cannot be computed: {gap}"))
        .primary("nobody knows whether this is right")
        .help(help)
}
