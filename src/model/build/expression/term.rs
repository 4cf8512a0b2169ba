//! One operand: a literal, a name, a call, a choice, a list, brackets, or one of these with `not` or `-` before it.

use super::scope::Scope;
use super::{call, climb, literal, mismatch, path};
use crate::calculus::{Expr, ExprKind, Grain, Part, Reading, Type, Unary, Value};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::source::Span;
use crate::syntax::{Element, Kind, Node, NodeExt, Token};
use rowan::NodeOrToken;

/// The words that something can be compared with, such as the priorities of a case.
pub(super) struct Options {
    /// Whose options they are.
    of: String,
    /// The support of some options whose priorities they are, and the priorities that it has for any option.
    desk: Option<(String, Vec<String>)>,
    /// The words; none when they are not known here, and then every word passes.
    words: Vec<String>,
}

/// The options of an expression, if it has any.
pub(super) fn options(expr: &Expr, scope: &mut Scope<'_>) -> Option<Options> {
    match &expr.kind {
        ExprKind::CasePriority => {
            Some(Options { of: "priority".to_owned(), desk: scope.desk(), words: scope.priorities() })
        }
        ExprKind::Reading(Reading { signal, part: Part::Field(field) }) if expr.ty == Type::Text => {
            let signal = scope.signal(signal)?;
            let member = signal.fields.iter().find(|member| member.head.name == *field)?;
            let left_out = member.dimension.iter().flat_map(|one| scope.names.left_out(one, scope.file));
            let words = member.options.iter().cloned().chain(left_out).collect();
            (member.ty.as_deref() != Some("text")).then(|| Options { of: field.clone(), desk: None, words })
        }
        // What it is compared with may be an option: nothing is told of it.
        ExprKind::Poison => Some(Options { of: String::new(), desk: None, words: Vec::new() }),
        _ => None,
    }
}

/// Whether an element of the tree is an operand.
pub(super) fn is_operand(element: &Element) -> bool {
    use Kind::{call, cond, date, datetime, duration, grouped, list, money, month, number, odd_call, path, percent};
    use Kind::{period, prefixed, quantity, text, window_count};
    matches!(
        element.kind(),
        prefixed
            | cond
            | call
            | odd_call
            | list
            | grouped
            | path
            | text
            | percent
            | number
            | money
            | duration
            | quantity
            | period
            | window_count
            | datetime
            | date
            | month
    )
}

/// The typed expression of an operand.
pub(super) fn term(element: &Element, options: Option<&Options>, scope: &mut Scope<'_>) -> Expr {
    match element {
        NodeOrToken::Node(node) => match node.kind() {
            Kind::prefixed => prefixed(node, scope),
            Kind::cond => cond(node, scope),
            Kind::call => call::call(node, scope),
            Kind::list => list(node, options, scope),
            Kind::grouped => Expr { span: scope.span(node), ..call::grouped(node, scope) },
            _ => Expr::poison(scope.span(node)),
        },
        NodeOrToken::Token(token) if token.kind() == Kind::path => {
            option(token, options, scope).unwrap_or_else(|| path::path(token, scope))
        }
        // Told where it was read.
        NodeOrToken::Token(token) if token.kind() == Kind::odd_call => Expr::poison(scope.leaf(token)),
        NodeOrToken::Token(token) => {
            let value = literal(token, scope.file, scope.findings);
            let span = scope.leaf(token);
            match value {
                Some(Value::Text(text)) if !is_legible(&text) => {
                    let message = "a text that something is compared with has blanks that nobody sees";
                    let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, message);
                    let help = "write no blank at its ends, single ones within it, and no line break";
                    scope.tell(finding.primary("the contract could not show them").help(help))
                }
                value => value.map_or(Expr::poison(span), |value| Expr::literal(value, span)),
            }
        }
    }
}

/// Whether documents show a text as it is: they take several blanks for one, and leave out those at the ends.
pub(in crate::model::build) fn is_legible(text: &str) -> bool {
    text.split_whitespace().collect::<Vec<_>>().join(" ") == text
}

fn prefixed(node: &Node, scope: &mut Scope<'_>) -> Expr {
    let signs: Vec<Token> = node.said().filter(|token| matches!(token.kind(), Kind::minus | Kind::not_kw)).collect();
    let span = scope.span(node);
    let Some(operand) = node.children_with_tokens().find(is_operand) else { return Expr::poison(span) };
    if !scope.afford(signs.len(), span) {
        return Expr::poison(span);
    }
    let mut expr = term(&operand, None, scope);
    for sign in signs.iter().rev() {
        let op = if sign.kind() == Kind::minus { Unary::Negate } else { Unary::Not };
        let span = scope.leaf(sign).to(expr.span);
        expr = match mismatch::unary(op, &expr, scope.leaf(sign), scope) {
            Some(ty) => Expr { ty, grain: expr.grain, kind: ExprKind::Unary { op, operand: Box::new(expr) }, span },
            None => Expr::poison(span),
        };
    }
    expr
}

/// A bare word as an option of what it is compared with.
fn option(token: &Token, options: Option<&Options>, scope: &mut Scope<'_>) -> Option<Expr> {
    let options = options?;
    let word = token.text();
    let span = scope.leaf(token);
    if word.contains('.') {
        return None;
    }
    match unknown(word, options, span, |meant| meant.to_owned()) {
        Some(finding) => Some(scope.tell(finding)),
        None => Some(Expr::literal(Value::Text(word.to_owned()), span)),
    }
}

/// The error about the first text of an operand that is none of the options of what it is compared with.
pub(super) fn no_option(expr: &Expr, options: &Options) -> Option<Diagnostic> {
    match &expr.kind {
        ExprKind::Literal(Value::Text(text)) => unknown(text, options, expr.span, |meant| format!("\"{meant}\"")),
        ExprKind::List(items) => items.iter().find_map(|item| no_option(item, options)),
        _ => None,
    }
}

/// The error that a word is no option; `written` is how the one that was meant is written in its place.
fn unknown(word: &str, options: &Options, span: Span, written: impl Fn(&str) -> String) -> Option<Diagnostic> {
    let known = || options.words.iter().map(String::as_str);
    if options.words.is_empty() || known().any(|option| option == word) {
        return None;
    }
    let tell = |message: String| Diagnostic::new(codes::UNKNOWN_OPTION_WORD, span, message);
    if let Some((desk, _)) = options.desk.as_ref().filter(|(_, any)| any.iter().any(|other| other == word)) {
        let has = words(known());
        let finding = tell(format!("`{word}` is no priority of `{desk}`")).primary("a priority for other options only");
        return Some(finding.help(format!("its priorities are {has}: give the support this one for each option")));
    }
    // What no option has is told once, for all of them.
    let any = options.desk.as_ref().map_or(&options.words, |(_, any)| any);
    let known = || any.iter().map(String::as_str);
    let finding =
        tell(format!("`{word}` is no option of `{}`", options.of)).help(format!("the options are {}", words(known())));
    Some(match did_you_mean(word, known()).map(written) {
        Some(meant) => finding.primary(format!("did you mean `{meant}`?")).fix(Fix::replace(
            format!("write `{meant}`"),
            span,
            meant,
        )),
        None => finding.primary("not one of them"),
    })
}

fn cond(node: &Node, scope: &mut Scope<'_>) -> Expr {
    let span = scope.span(node);
    let parts: Vec<Node> = node.all(Kind::expr).collect();
    let mut typed = parts.iter().map(|part| climb::expr(part, scope)).collect::<Vec<_>>().into_iter();
    let (Some(condition), Some(then), Some(otherwise)) = (typed.next(), typed.next(), typed.next()) else {
        return Expr::poison(span);
    };
    if !mismatch::is_condition(&condition, "the choice after `if`", scope) {
        return Expr::poison(span);
    }
    let Some(ty) = mismatch::same_type(&[&then, &otherwise], "the two sides of a choice", scope) else {
        return Expr::poison(span);
    };
    let grain = mismatch::grain(&condition, &then, scope).and_then(|grain| {
        let both = Expr { kind: ExprKind::Poison, ty: Type::Boolean, grain, span: condition.span.to(then.span) };
        mismatch::grain(&both, &otherwise, scope)
    });
    let Some(grain) = grain else { return Expr::poison(span) };
    let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
    Expr { kind: ExprKind::If { condition, then, otherwise }, ty, grain, span }
}

fn list(node: &Node, options: Option<&Options>, scope: &mut Scope<'_>) -> Expr {
    let span = scope.span(node);
    let mut items = Vec::new();
    for item in node.all(Kind::expr) {
        let mut operands = item.children_with_tokens().filter(is_operand);
        let bare = operands
            .next()
            .filter(|first| options.is_some() && first.kind() == Kind::path && operands.next().is_none());
        items.push(match bare {
            Some(word) if scope.afford(1, span) => term(&word, options, scope),
            Some(_) => return Expr::poison(span),
            None => climb::expr(&item, scope),
        });
    }
    let all: Vec<&Expr> = items.iter().collect();
    let Some(ty) = mismatch::same_type(&all, "the items of a list", scope) else { return Expr::poison(span) };
    if let Some(item) = items.iter().find(|item| item.grain != Grain::Constant) {
        let finding = Diagnostic::new(codes::WRONG_ARGUMENT, item.span, "an item of a list must be a fixed value")
            .primary("this is measured");
        return Expr { span, ..scope.tell(finding) };
    }
    Expr { kind: ExprKind::List(items), ty, grain: Grain::Constant, span }
}

/// Words in backquotes, for a sentence; long lists are cut.
pub(super) fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let all: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() && all.len() <= MOST => format!("{} and {last}", rest.join(", ")),
        _ if all.len() > MOST => format!("{}, …", all.get(..MOST).unwrap_or_default().join(", ")),
        _ => all.concat(),
    }
}

/// The error that a list stands where only one value can.
pub(super) fn no_list(span: Span) -> Diagnostic {
    Diagnostic::new(codes::NOT_SUPPORTED_YET, span, "lists are supported only after `in` so far")
        .help("write `x in [a, b]`, or one function for each value")
}
