//! Constants of other files in what a finding shows: their values do not stand there.

use super::amounts::shown;
use crate::calculus::ExprKind;
use crate::diagnostics::Diagnostic;
use crate::model::{Constant, Model};
use crate::source::Span;
use std::collections::BTreeSet;

/// So many constants are shown with one finding.
const MOST: usize = 2;

/// The findings with the values of the constants that stand in what they show, and are declared in other files.
pub(super) fn with_constants(model: &Model, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return findings;
    }
    let all = named(model);
    findings.into_iter().map(|finding| with(&all, finding)).collect()
}

/// Where constants of other files are named.
fn named(model: &Model) -> Vec<(Span, &Constant)> {
    let mut all = Vec::new();
    for expr in model.expressions() {
        expr.walk(&mut |part| {
            if let ExprKind::Constant(name) = &part.kind
                && let Some(constant) = model.constants.get(name)
                && constant.head.name_span.file.plain() != part.span.file.plain()
            {
                all.push((part.span, constant));
            }
        });
    }
    all.sort_by_key(|(span, _)| *span);
    all
}

/// The options in the first name of a variant in a text: those of `kept[gold,eu]`.
fn options(text: &str) -> BTreeSet<&str> {
    let inside = text.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    inside.map(|(options, _)| options.split(',').collect()).unwrap_or_default()
}

fn with(all: &[(Span, &Constant)], finding: Diagnostic) -> Diagnostic {
    let shown_at: Vec<Span> = finding.labels.iter().map(|label| label.span).chain(finding.span).collect();
    let holds = |around: &Span, at: &Span| around.file == at.file && around.start <= at.start && at.end <= around.end;
    let mut further = Vec::new();
    let own = options(&finding.message);
    // Of what differs, the value in the variant that the finding is about.
    let is_meant = |constant: &Constant| options(&constant.head.name).is_subset(&own);
    let all = all.iter().filter(|(_, constant)| is_meant(constant));
    for (_, constant) in all.filter(|(at, _)| shown_at.iter().any(|around| holds(around, at))) {
        let Some(value) = &constant.exact else { continue };
        if further.len() < MOST && !further.iter().any(|(span, _)| *span == constant.value.span) {
            further.push((constant.value.span, format!("`{}` is {}", constant.head.name, shown(value))));
        }
    }
    further.retain(|(span, _)| !shown_at.contains(span));
    further.into_iter().fold(finding, |finding, (span, text)| finding.label(span, text))
}
