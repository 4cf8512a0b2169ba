//! Windows that have to fit each other: those of combined credits, and that of a credit or a cap with the
//! period of its fee.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Cap, Commitment, FeeRef, Model, Target};
use crate::source::Span;
use crate::values::Window;

/// The fee of the period before needs periods of one length.
pub(super) fn before(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for whole in model.expressions() {
        whole.walk(&mut |part| {
            let Some((fee, _)) = part.fee_before() else { return };
            let periods = model.fee_periods(fee);
            let poisoned = model.fees.get(fee).is_none_or(|fee| fee.head.poisoned);
            if periods.len() == 1 || poisoned {
                return;
            }
            let how = match periods.len() {
                0 => "is not paid for a period",
                _ => "is made of fees that are paid for different periods",
            };
            let finding = Diagnostic::new(codes::WRONG_ARGUMENT, part.span, format!("`{fee}` {how}"));
            found.push(
                finding
                    .primary("of which period before?")
                    .help("name a fee that says its period, such as `4200.00 EUR per calendar month`"),
            );
        });
    }
    found
}

/// The targets of a commitment are judged over one window: it is met or missed as a whole.
pub(super) fn of_targets(model: &Model) -> Vec<Diagnostic> {
    let commitments = model.commitments.iter();
    commitments
        .filter_map(|commitment| {
            let first = commitment.targets.first()?;
            let other = commitment.targets.iter().find(|it| !model.aligned(&it.window, &first.window))?;
            let name = &commitment.head.name;
            let message = format!("the targets of `{name}` are judged over different windows");
            Some(
                Diagnostic::new(codes::WRONG_ARGUMENT, other.span, message)
                    .primary(format!("judged per {}", other.window))
                    .label(first.span, format!("judged per {}", first.window))
                    .witness(format!("whether all targets are met cannot be said of one {}", first.window))
                    .help("a promise over another window is a commitment of its own: move the target there"),
            )
        })
        .collect()
}

/// Commitments of which only the largest credit is owed are judged over one window, and are several.
pub(super) fn combinations(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in &model.commitments {
        for with in &commitment.combine {
            let Some(other) = model.commitments.get(&with.value) else { continue };
            if other.head.name == commitment.head.name {
                let message = format!("`{}` is combined with itself", with.value);
                found.push(
                    Diagnostic::new(codes::CIRCULAR_DEFINITION, with.span, message)
                        .primary("the commitment that this stands in")
                        .help("name another commitment: of the two credits only the larger one is owed"),
                );
            } else if let Some(without) = [commitment, other].into_iter().find(|one| one.credit.is_none())
                && !without.head.poisoned
            {
                let message = format!("`{}` has no credit to combine", without.head.name);
                found.push(
                    Diagnostic::new(codes::WRONG_ARGUMENT, with.span, message)
                        .primary("combined here")
                        .label(without.head.name_span, "owes no credit")
                        .help("of commitments that are combined only the largest credit is owed: give each a credit, or leave out `combine`"),
                );
            } else if let Some(finding) = of_other_options(commitment, other, with.span) {
                found.push(finding);
            } else if let (Some(own), Some(theirs)) = (commitment.targets.first(), other.targets.first())
                && !model.aligned(&own.window, &theirs.window)
            {
                let message =
                    format!("`{}` and `{}` are judged over different windows", commitment.head.name, with.value);
                found.push(
                    Diagnostic::new(codes::WRONG_ARGUMENT, with.span, message)
                        .primary(format!("judged per {}", theirs.window))
                        .label(own.span, format!("judged per {}", own.window))
                        .label(theirs.span, format!("judged per {}", theirs.window))
                        .witness(format!(
                            "a credit for one {} cannot be set against those for each {}",
                            own.window, theirs.window
                        ))
                        .help("combine commitments of one window, or leave out `combine`: then credits add up"),
                );
            }
        }
    }
    found
}

/// One commitment is for each option of an open dimension by itself and the other is not: which credits belong together?
fn of_other_options(commitment: &Commitment, other: &Commitment, span: Span) -> Option<Diagnostic> {
    let open = |one: &Commitment| -> Vec<String> {
        one.head.variant.iter().filter(|choice| choice.each).map(|choice| choice.dimension.clone()).collect()
    };
    let (own, theirs) = (open(commitment), open(other));
    let dimension = own.iter().chain(&theirs).find(|one| !own.contains(one) || !theirs.contains(one))?;
    let (each, whole) = if own.contains(dimension) { (commitment, other) } else { (other, commitment) };
    let (each_name, whole_name) = (&each.head.family, &whole.head.family);
    let message = format!("`{each_name}` is for each `{dimension}` by itself, and `{whole_name}` is not");
    Some(
        Diagnostic::new(codes::WRONG_ARGUMENT, span, message)
            .primary("the largest of which credits?")
            .label(each.head.name_span, format!("one credit for each `{dimension}`"))
            .label(whole.head.name_span, "one credit")
            .help(format!("write `per {dimension}` in the heads of both, or in neither; or leave out `combine`: then credits add up")),
    )
}

/// A credit or a cap that is a part of a fee for another period than its window. A fee that both name is told once.
pub(super) fn fees(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in &model.commitments {
        let Some(target) = commitment.targets.first() else { continue };
        let credit =
            commitment.credit.iter().flat_map(|credit| credit.fees(model)).map(|fee| (Use::credit(target), fee));
        let caps =
            commitment.caps.iter().flat_map(|cap| Use::cap(model, cap, cap.per.as_ref().unwrap_or(&target.window)));
        let mut told: Vec<(&str, &Window)> = Vec::new();
        for (it, fee) in credit.chain(caps) {
            if !told.contains(&(fee.0, it.window)) {
                told.push((fee.0, it.window));
                found.extend(it.differs(model, fee));
            }
        }
    }
    let caps = model.agreement.caps.iter().filter_map(|cap| Some(Use::cap(model, cap, cap.per.as_ref()?))).flatten();
    found.extend(caps.filter_map(|(it, fee)| it.differs(model, fee)));
    found
}

/// What a part of a fee is used for, and over which window.
struct Use<'a> {
    says: &'static str,
    verb: &'static str,
    earns: &'static str,
    window: &'a Window,
    span: Span,
}

impl<'a> Use<'a> {
    fn credit(target: &'a Target) -> Use<'a> {
        let says = "the target is judged";
        Use { says, verb: "judged", earns: "a miss earns", window: &target.window, span: target.span }
    }

    /// Of each fee in a cap.
    fn cap(model: &'a Model, cap: &'a Cap, window: &'a Window) -> impl Iterator<Item = (Use<'a>, FeeRef<'a>)> {
        let limit = move || Use { says: "the cap holds", verb: "holds", earns: "the cap is", window, span: cap.span };
        model.fees_in(&cap.amount).into_iter().map(move |fee| (limit(), fee))
    }

    fn differs(&self, model: &Model, (name, place): FeeRef<'_>) -> Option<Diagnostic> {
        let window = self.window;
        let periods = model.other_periods(name, window)?;
        let others: Vec<&Window> = periods.iter().copied().filter(|period| !model.aligned(window, period)).collect();
        let list =
            |word: &str| others.iter().map(|period| format!("{word} {period}")).collect::<Vec<_>>().join(" and ");
        let part = if others.len() == periods.len() { "" } else { "a part of " };
        let ends = match window {
            Window::Rolling(amount) => format!("the {amount} end"),
            Window::Term => "the term ends".to_owned(),
            _ => format!("the {window} ends"),
        };
        let which = if others.len() == 1 { "the one" } else { "those" };
        Some(
            Diagnostic::new(
                codes::FEE_PERIOD_DIFFERS,
                place,
                format!("{} per {window}, and {part}`{name}` is paid {}", self.says, list("per")),
            )
            .primary(format!("{}paid {}", if part.is_empty() { "" } else { "in part " }, list("per")))
            .label(self.span, format!("{} per {window}", self.verb))
            .witness(format!("{} a part of the fee for {}: {which} in which {ends}", self.earns, list("one")))
            .help("if another part is meant, declare a fee for that period, and name it here"),
        )
    }
}
