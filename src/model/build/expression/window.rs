//! Windows as they are written.

use super::amount;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use crate::syntax::{Kind, Node, NodeExt, Token, range_span};
use crate::values::{Amount, Period, PeriodUnit, Window, WindowKind};

/// The window of a node of kind `window`; nothing after an error.
pub(in crate::model::build) fn window(node: &Node, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<Window> {
    if node.leaf(Kind::rolling_kw).is_some() {
        return rolling(node, file, findings);
    }
    let count = match node.leaf(Kind::int) {
        Some(token) => Some(count(&token, file, findings)?),
        None => None,
    };
    if node.leaf(Kind::last_kw).is_some() {
        return Some(Window::Last { count: count?, of: None });
    }
    let kind = WindowKind::parse(node.leaf(Kind::window_kind)?.text())?;
    let unit = node.leaf(Kind::window_unit)?;
    if matches!(unit.text(), "term" | "terms") {
        if kind == WindowKind::Contract && count.is_none() {
            return Some(Window::Term);
        }
        let message = format!("`{}` is not a window", node.text());
        findings.push(
            Diagnostic::new(codes::OUT_OF_RANGE, node.span(file), message)
                .help("the whole term of the agreement is `contract term`"),
        );
        return None;
    }
    let one = Window::periodic(kind, PeriodUnit::parse(unit.text())?);
    Some(match count {
        Some(count) => Window::Last { count, of: Some(Box::new(one)) },
        None => one,
    })
}

fn rolling(node: &Node, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<Window> {
    const AMOUNTS: [Kind; 4] = [Kind::duration, Kind::period, Kind::window_count, Kind::quantity];
    let token = node.said().find(|token| AMOUNTS.contains(&token.kind()))?;
    let amount = amount(&token, file, findings)?;
    if let Amount::Windows { count, unit, .. } = amount {
        findings.push(
            Diagnostic::new(
                codes::OUT_OF_RANGE,
                range_span(file, token.text_range()),
                "what rolls is tied to no calendar",
            )
            .primary(format!("write `{}`", Period::new(count, unit))),
        );
        return None;
    }
    if amount.is_zero() {
        findings.push(no_time(&token, file));
        return None;
    }
    Some(Window::Rolling(amount))
}

/// The error that several windows together are no span of time of their own: nothing says where the first one begins,
/// and whether the next set overlaps this one. Nothing for any other window.
pub(in crate::model::build) fn no_single(window: &Window, span: Span) -> Option<Diagnostic> {
    let Window::Last { count, of: Some(of) } = window else { return None };
    let Window::Periodic { kind, unit } = **of else { return None };
    let rolling = Window::Rolling(Amount::Period(Period::new(*count, unit)));
    let whole = match (*count, unit) {
        (1, unit) => Some(unit),
        (7, PeriodUnit::Day) => Some(PeriodUnit::Week),
        (3, PeriodUnit::Month) => Some(PeriodUnit::Quarter),
        (12, PeriodUnit::Month) | (4, PeriodUnit::Quarter) => Some(PeriodUnit::Year),
        _ => None,
    };
    let whole = whole.map(|unit| format!("`{}`, or ", Window::periodic(kind, unit))).unwrap_or_default();
    Some(
        Diagnostic::new(codes::WRONG_KIND, span, format!("`{window}` does not say where the first one begins"))
            .primary("do two such spans overlap?")
            .help(format!("write {whole}`{rolling}`: {}, judged every midnight", rolling.words())),
    )
}

/// The error that a span of time has no length.
pub(super) fn no_time(token: &Token, file: FileId) -> Diagnostic {
    let span = range_span(file, token.text_range());
    Diagnostic::new(codes::OUT_OF_RANGE, span, format!("`{}` is no time at all", token.text()))
        .primary("a window or a slice needs a length")
}

fn count(token: &Token, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<u32> {
    let span = range_span(file, token.text_range());
    match token.text().replace('_', "").parse() {
        Ok(0) => {
            findings.push(
                Diagnostic::new(codes::OUT_OF_RANGE, span, "a window of no parts").primary("at least 1 is needed"),
            );
            None
        }
        Ok(count) => Some(count),
        Err(_) => {
            findings.push(super::literal::too_large(token, span));
            None
        }
    }
}
