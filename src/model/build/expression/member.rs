//! Parts of signals.

use super::path::suggest;
use super::scope::Scope;
use crate::calculus::{CaseReading, Expr, ExprKind, Grain, Part, Reading, Type};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Member, Signal, SignalKind, family_of};
use crate::source::Span;
use crate::values::{Unit, UnitKind};

/// What can be read of a milestone, by the words that a file uses.
const READINGS: [(&str, CaseReading, Type); 2] =
    [("after", CaseReading::After, Type::Duration), ("in_time", CaseReading::InTime, Type::Boolean)];

/// The names of all parts of a signal.
pub(super) fn parts(signal: &Signal) -> Vec<&str> {
    let own: &[&str] = match signal.kind {
        SignalKind::State => &["up"],
        SignalKind::Scores => &["score"],
        SignalKind::Events | SignalKind::Samples | SignalKind::Cases => &[],
    };
    let lists = [&signal.counts, &signal.values, &signal.fields, &signal.milestones, &signal.spans];
    lists.into_iter().flatten().map(|member| member.head.name.as_str()).chain(own.iter().copied()).collect()
}

/// At what the occurrences of a signal are read.
pub(super) fn grain(kind: SignalKind) -> Grain {
    match kind {
        SignalKind::Events => Grain::Event,
        SignalKind::Samples => Grain::Sample,
        SignalKind::State => Grain::Moment,
        SignalKind::Cases => Grain::Case,
        SignalKind::Scores => Grain::Score,
    }
}

/// The type of values in a unit; plain numbers have none.
pub(super) fn unit_type(unit: Option<&Unit>) -> Type {
    match unit.map(|unit| (&unit.kind, &unit.name)) {
        None => Type::Number,
        Some((UnitKind::Ratio { .. }, _)) => Type::Ratio,
        Some((UnitKind::Time { .. }, _)) => Type::Duration,
        Some((UnitKind::Other, name)) => Type::Quantity(name.clone()),
    }
}

/// The type of a signal's values. Of a broken signal without a unit it is not known whether it has one.
fn value_type(signal: &Signal, unit: Option<&Unit>) -> Type {
    if signal.head.poisoned && unit.is_none() { Type::Poison } else { unit_type(unit) }
}

/// A part of a signal, or the signal as a whole where `rest` is empty.
pub(super) fn member(signal: &Signal, rest: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    let of = signal.kind;
    let make = |part, ty, grain| {
        let reading = Reading { signal: signal.head.name.clone(), part };
        Expr { kind: ExprKind::Reading(reading), ty, grain, span }
    };
    let Some((name, more)) = rest.split_first() else {
        return match of {
            SignalKind::State => make(Part::State, Type::Boolean, Grain::Moment),
            SignalKind::Samples if signal.values.is_empty() => {
                make(Part::Sample, value_type(signal, signal.unit.as_ref().map(|unit| &unit.value)), Grain::Sample)
            }
            _ => make(Part::Occurrences, Type::Occurrences, grain(of)),
        };
    };
    let find = |members: &'_ [Member]| members.iter().find(|member| member.head.name == **name).cloned();
    let (part, ty, at) = if let Some(count) = find(&signal.counts) {
        (Part::Count(count.head.name), Type::Number, Grain::Interval)
    } else if let Some(value) = find(&signal.values) {
        let unit = value.unit.as_ref().or(signal.unit.as_ref().map(|unit| &unit.value));
        (Part::Value(value.head.name), value_type(signal, unit), grain(of))
    } else if let Some(field) = find(&signal.fields) {
        let ty = field_type(&field);
        (Part::Field(field.head.name), ty, grain(of))
    } else if let Some(milestone) = find(&signal.milestones) {
        return self::milestone(&milestone, signal, more, span, scope);
    } else if let Some(span) = find(&signal.spans) {
        (Part::Span(span.head.name), Type::Boolean, Grain::Case)
    } else if *name == "up" && of == SignalKind::State {
        (Part::State, Type::Boolean, Grain::Moment)
    } else if *name == "score" && of == SignalKind::Scores {
        (Part::Score, Type::Number, Grain::Score)
    } else {
        return unknown(signal, name, more, span, scope);
    };
    match more.first() {
        None => make(part, ty, at),
        Some(word) => {
            let message = format!("`{name}` of `{}` has no part `{word}`", called(signal));
            scope.error(codes::UNDEFINED_NAME, span, message)
        }
    }
}

fn field_type(field: &Member) -> Type {
    match field.ty.as_deref() {
        _ if !field.options.is_empty() => Type::Text,
        None | Some("text") => Type::Text,
        Some("yes_no") => Type::Boolean,
        Some(ty) => Unit::parse(ty).map_or(Type::Text, |unit| unit_type(Some(&unit))),
    }
}

fn milestone(milestone: &Member, signal: &Signal, more: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    let name = &milestone.head.name;
    let known: Vec<&str> = READINGS.iter().map(|(word, ..)| *word).collect();
    let finding = match more {
        [] => Diagnostic::new(codes::WRONG_KIND, span, format!("`{name}` is a milestone and has no value of its own"))
            .help(format!(
                "`{name}.after` is the time on the clock until it, `{name}.in_time` whether it kept its deadline"
            )),
        [word] => match READINGS.iter().find(|(known, ..)| known == word) {
            Some((_, reading, ty)) => {
                let part = Part::Milestone { name: name.clone(), reading: *reading };
                let reading = Reading { signal: signal.head.name.clone(), part };
                return Expr { kind: ExprKind::Reading(reading), ty: ty.clone(), grain: Grain::Case, span };
            }
            None => {
                let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, format!("a milestone has no `{word}`"));
                suggest(finding, word, &[], known, "it has")
            }
        },
        [_, word, ..] => Diagnostic::new(codes::UNDEFINED_NAME, span, format!("there is no `{word}` of a milestone")),
    };
    scope.tell(finding.label(milestone.head.name_span, format!("`{name}` is declared here")))
}

/// What a signal is called in findings: that of which certain options are read has the parts of the whole.
fn called(signal: &Signal) -> &str {
    if signal.is_share() { family_of(&signal.head.name) } else { &signal.head.name }
}

fn unknown(signal: &Signal, name: &str, more: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    if signal.head.poisoned {
        return Expr::poison(span);
    }
    let of = called(signal);
    let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, format!("`{of}` has no part `{name}`"))
        .label(signal.head.name_span, format!("`{of}` is declared here"));
    let finding = suggest(finding, name, more, parts(signal), "its parts are");
    scope.tell(finding)
}
