//! Functions with what they are applied to: arguments, `per`, `where`, `over`.

use super::function::{self, Applied};
use super::literal;
use super::scope::{Filter, Scope};
use super::{climb, mismatch, term, window};
use crate::calculus::{Expr, ExprKind, Function, Grain, Slice, Type};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::source::Span;
use crate::syntax::{Element, Kind, Node, NodeExt, Token};
use crate::values::{Amount, Window};

/// Functions that the language has and this version does not, with what to do instead.
const NOT_YET: [(&str, &str); 5] = [
    ("days", "divide by a fixed number of days, or by `window` for the length of the window in time"),
    ("always", "take `min(…)` of a value, or `share(…) = 100%` of a state"),
    ("ever", "take `max(…)` of a value, or `share(…) > 0%` of a state"),
    ("median", "take `p50(…)`"),
    ("rate", "take `count(…)` or a sum per slice"),
];

/// Words that people write for a function.
const SYNONYMS: [(&str, Function); 6] = [
    ("average", Function::Mean),
    ("avg", Function::Mean),
    ("percentage", Function::Share),
    ("minimum", Function::Min),
    ("maximum", Function::Max),
    ("number", Function::Count),
];

/// The typed expression of a query, an expression or a term, or of the first of these within a node.
pub(super) fn query(node: &Node, scope: &mut Scope<'_>) -> Expr {
    match node.kind() {
        Kind::query => modified(node, scope),
        Kind::expr | Kind::expr_tight => climb::expr(node, scope),
        _ => {
            let whole = |child: &Node| matches!(child.kind(), Kind::query | Kind::expr | Kind::expr_tight);
            let itself = Element::from(node.clone());
            if term::is_operand(&itself) {
                term::term(&itself, None, scope)
            } else if let Some(child) = node.children().find(whole) {
                query(&child, scope)
            } else {
                let operand = node.children_with_tokens().find(term::is_operand);
                operand.map_or(Expr::poison(scope.span(node)), |operand| term::term(&operand, None, scope))
            }
        }
    }
}

/// An expression in brackets.
pub(super) fn grouped(node: &Node, scope: &mut Scope<'_>) -> Expr {
    let Some(inner) = node.child(Kind::query) else { return Expr::poison(scope.span(node)) };
    if let Some(per) = inner.child(Kind::per) {
        let span = scope.span(&per);
        return scope.tell(stray_per(span));
    }
    modified(&inner, scope)
}

/// The error that `per` stands where nothing is read per slice or window.
pub(in crate::model::build) fn stray_per(span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_ARGUMENT, span, "`per` belongs in the brackets of a function")
        .primary("nothing is taken per slice or window here")
        .help("for example `mean(error_rate per 5min)`")
}

/// A query outside the brackets of a function: its `where` and `over` belong to the function that it is.
fn modified(node: &Node, scope: &mut Scope<'_>) -> Expr {
    let expr = inner(node, scope);
    let expr = match node.child(Kind::where_) {
        Some(where_) => with_runs_filter(expr, &where_, scope),
        None => expr,
    };
    match node.child(Kind::over) {
        Some(over) => with_window(expr, &over, scope),
        None => expr,
    }
}

fn inner(node: &Node, scope: &mut Scope<'_>) -> Expr {
    match node.child(Kind::expr) {
        Some(expr) => climb::expr(&expr, scope),
        None => Expr::poison(scope.span(node)),
    }
}

fn with_runs_filter(mut expr: Expr, where_: &Node, scope: &mut Scope<'_>) -> Expr {
    let span = expr.span.to(scope.span(where_));
    if expr.is_poison() {
        return Expr { span, ..expr };
    }
    if !is_bare_runs(&expr) {
        let finding =
            Diagnostic::new(codes::WRONG_ARGUMENT, scope.span(where_), "`where` belongs in the brackets of a function")
                .primary("nothing is counted here")
                .help("for example `count(survey where score >= 5)`, or `runs(…) where length >= 5min`");
        return scope.tell(finding);
    }
    let condition = filter(where_, Filter { runs: true, signals: Vec::new() }, scope);
    if condition.is_poison() {
        return Expr::poison(span);
    }
    if let ExprKind::Apply { filter, .. } = &mut expr.kind {
        *filter = Some(Box::new(condition));
    }
    Expr { span, ..expr }
}

/// Whether an expression makes runs and has no condition on them yet.
fn is_bare_runs(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Apply { function: Function::Runs | Function::Joined, filter: None, .. })
}

/// The window after `over`; nothing after an error.
fn over_window(over: &Node, scope: &mut Scope<'_>) -> Option<Window> {
    let written = window::window(&over.child(Kind::window)?, scope.file, scope.findings)?;
    let several = window::no_single(&written, scope.span(over));
    let sound = several.is_none();
    scope.findings.extend(several);
    sound.then_some(written)
}

fn with_window(mut expr: Expr, over: &Node, scope: &mut Scope<'_>) -> Expr {
    let window = over_window(over, scope);
    let span = expr.span.to(scope.span(over));
    let (Some(window), false) = (window, expr.is_poison()) else { return Expr::poison(span) };
    match &mut expr.kind {
        ExprKind::Apply { function, over: own @ None, .. } if function::has_window(*function) => *own = Some(window),
        _ => {
            let finding = Diagnostic::new(
                codes::WRONG_ARGUMENT,
                scope.span(over),
                "`over` belongs in the brackets of a function",
            )
            .help("for example `count(interruptions over rolling 30 days)`");
            return scope.tell(finding);
        }
    }
    Expr { span, ..expr }
}

fn filter(where_: &Node, filter: Filter, scope: &mut Scope<'_>) -> Expr {
    scope.filters.push(filter);
    let condition = query(where_, scope);
    scope.filters.pop();
    if mismatch::is_condition(&condition, "what follows `where`", scope) {
        condition
    } else {
        Expr::poison(condition.span)
    }
}

/// The typed expression of a call.
pub(super) fn call(node: &Node, scope: &mut Scope<'_>) -> Expr {
    let span = scope.span(node);
    let Some(name) = node.leaf(Kind::ident) else { return Expr::poison(span) };
    let Some(function) = Function::parse(name.text()) else { return unknown(&name, span, scope) };
    let queries: Vec<Node> = node.all(Kind::query).collect();
    if let (Function::Sum, [query]) = (function, queries.as_slice())
        && let Some(sum) = super::sum::sum_of_fees(query, scope)
    {
        return Expr { span, ..sum };
    }
    let mut applied = Applied { span, ..Applied::new(function) };
    let mut sound = true;
    for (index, query) in queries.iter().enumerate() {
        let argument = argument(query, scope);
        sound &= !argument.is_poison();
        applied.arguments.push(argument);
        if index == 0 {
            sound &= modifiers(query, &mut applied, scope).is_some();
        } else if let Some(stray) = [Kind::per, Kind::where_, Kind::over].iter().find_map(|kind| query.child(*kind)) {
            let finding =
                Diagnostic::new(codes::WRONG_ARGUMENT, scope.span(&stray), "this belongs to the first argument")
                    .help(format!("for example `{}`", function::shape(function).example));
            scope.tell(finding);
            sound = false;
        }
    }
    if sound { function::apply(applied, scope) } else { Expr::poison(span) }
}

/// An argument without the modifiers that are the function's.
fn argument(query: &Node, scope: &mut Scope<'_>) -> Expr {
    let expr = inner(query, scope);
    match query.child(Kind::where_) {
        Some(where_) if is_bare_runs(&expr) => with_runs_filter(expr, &where_, scope),
        _ => expr,
    }
}

/// Reads `per`, `where` and `over` of the first argument; nothing after an error.
fn modifiers(query: &Node, applied: &mut Applied, scope: &mut Scope<'_>) -> Option<()> {
    let mut sound = Some(());
    let argument = applied.arguments.first()?.clone();
    if let Some(per) = query.child(Kind::per) {
        applied.slice = slice(&per, &argument, scope).map(|slice| (slice, scope.span(&per)));
        sound = sound.filter(|()| applied.slice.is_some());
    }
    if let Some(where_) = query.child(Kind::where_)
        && !argument.is_poison()
        && !filtered_itself(&argument, scope.span(&where_))
    {
        let signals = scope.signals(&argument);
        let runs = argument.ty == Type::Runs;
        let condition = filter(&where_, Filter { runs, signals }, scope);
        sound = sound.filter(|()| !condition.is_poison());
        applied.filter = Some(condition);
    }
    if let Some(over) = query.child(Kind::over) {
        let window = over_window(&over, scope);
        sound = sound.filter(|()| window.is_some());
        applied.over = window.map(|window| (window, scope.span(&over)));
    }
    sound
}

/// Whether a condition at that place went to the runs of the argument.
fn filtered_itself(argument: &Expr, condition: Span) -> bool {
    argument.span.end >= condition.end
}

fn slice(per: &Node, argument: &Expr, scope: &mut Scope<'_>) -> Option<Slice> {
    let span = scope.span(per);
    if let Some(node) = per.child(Kind::window) {
        return match window(&node, scope.file, scope.findings)? {
            window @ Window::Periodic { .. } => Some(Slice::Window(window)),
            window => {
                let message = format!("`per` cannot divide by `{window}`");
                let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, message)
                    .help("slices are elapsed time such as `per 5min`, or calendar windows such as `per calendar day`");
                scope.tell(finding);
                None
            }
        };
    }
    if let Some(token) = per.leaf(Kind::duration) {
        return match literal::amount(&token, scope.file, scope.findings)? {
            Amount::Elapsed(length) if length.is_zero() => {
                scope.tell(super::window::no_time(&token, scope.file));
                None
            }
            Amount::Elapsed(length) => Some(Slice::Elapsed(length)),
            Amount::Period(_) | Amount::Windows { .. } => None,
        };
    }
    if let Some(list) = per.child(Kind::list) {
        let finding =
            Diagnostic::new(codes::NOT_SUPPORTED_YET, scope.span(&list), "lists after `per` are not supported yet")
                .help("name one field: `none(up per zone)`");
        scope.tell(finding);
        return None;
    }
    key(&per.leaf(Kind::ident)?, argument, scope)
}

/// A field by which the occurrences are told apart. Of a metric's signals nothing is known here.
fn key(token: &Token, argument: &Expr, scope: &mut Scope<'_>) -> Option<Slice> {
    let name = token.text();
    let signals = scope.signals(argument);
    let fields = || signals.iter().flat_map(|signal| &signal.fields).map(|field| field.head.name.as_str());
    if signals.is_empty()
        || argument.is_poison()
        || signals.iter().any(|signal| signal.head.poisoned)
        || fields().any(|field| field == name)
    {
        return Some(Slice::Key(name.to_owned()));
    }
    let names: Vec<String> = signals.iter().map(|signal| format!("`{}`", signal.head.name)).collect();
    let message = format!("`{name}` is not a field of {}", names.join(" or "));
    let mut finding = Diagnostic::new(codes::UNDEFINED_NAME, scope.leaf(token), message);
    for signal in &signals {
        finding = finding.label(signal.head.name_span, format!("`{}` is declared here", signal.head.name));
    }
    let finding = super::path::suggest(finding, name, &[], fields().collect(), "the fields are");
    scope.tell(finding);
    None
}

fn unknown(name: &Token, span: Span, scope: &mut Scope<'_>) -> Expr {
    let (word, at) = (name.text(), scope.leaf(name));
    if let Some((_, instead)) = NOT_YET.iter().find(|(known, _)| *known == word) {
        let finding =
            Diagnostic::new(codes::NOT_SUPPORTED_YET, at, format!("`{word}(…)` is not supported yet")).help(*instead);
        return Expr { span, ..scope.tell(finding) };
    }
    let functions = || Function::ALL.iter().map(|function| function.as_str());
    let finding = Diagnostic::new(codes::UNDEFINED_NAME, at, format!("there is no function `{word}`"));
    let synonym = SYNONYMS.iter().find(|(known, _)| *known == word).map(|(_, function)| function.as_str());
    let finding = match synonym.or_else(|| did_you_mean(word, functions())) {
        Some(meant) => {
            finding.help(format!("did you mean `{meant}`?")).fix(Fix::replace(format!("write `{meant}`"), at, meant))
        }
        None if scope.find(word, scope.file).is_some() => {
            finding.help(format!("`{word}` is a name, which takes no brackets"))
        }
        None => finding.help(format!("the functions are {}", functions().collect::<Vec<_>>().join(", "))),
    };
    Expr { span, ..scope.tell(finding) }
}

/// A bare signal of scores as the scores themselves.
pub(super) fn scores(expr: &Expr) -> Option<Expr> {
    use crate::calculus::{Part, Reading};
    match &expr.kind {
        ExprKind::Reading(Reading { signal, part: Part::Occurrences }) if expr.grain == Grain::Score => {
            let reading = Reading { signal: signal.clone(), part: Part::Score };
            Some(Expr { kind: ExprKind::Reading(reading), ty: Type::Number, ..expr.clone() })
        }
        _ => None,
    }
}
