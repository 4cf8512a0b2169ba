//! Names: declarations, parts of them, and the words of the calculus.

use super::never::{is_never, never};
use super::scope::{Scope, TOO_LONG};
use super::term::words;
use super::{Found, Margin, Named, Promised, call, member};
use crate::calculus::{Attribute, Binary, Expr, ExprKind, Function, Grain, Subject, Type, Value};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean, with_article};
use crate::model::{SignalKind, family_of};
use crate::source::Span;
use crate::syntax::Token;

/// The typed expression of a path.
pub(super) fn path(token: &Token, scope: &mut Scope<'_>) -> Expr {
    let span = scope.leaf(token);
    let first = token.text().split('.').next().unwrap_or_default();
    if let Some(signal) = filtered(first, scope) {
        let parts: Vec<&str> = token.text().split('.').collect();
        if scope.names.is_parameter(first, scope.file) {
            let message =
                format!("`{first}` is a part of `{}` here, and a parameter of this template", signal.head.name);
            let finding = Diagnostic::new(codes::DUPLICATE_NAME, span, message);
            let help = format!("give the parameter another name, such as `the_{first}`");
            return scope.tell(finding.primary("which of them is meant cannot be told").help(help));
        }
        return member::member(&signal, &parts, span, scope);
    }
    let (text, file) = scope.names.path(token).unwrap_or_else(|| (token.text().to_owned(), scope.file));
    // Nothing else can be called so, not even what is not understood. What is given for a parameter may be one of them.
    if let truth @ ("true" | "false") = text.as_str() {
        return Expr::literal(Value::Boolean(truth == "true"), span);
    }
    let mut segments = text.split('.');
    let first = segments.next().unwrap_or_default();
    let rest: Vec<&str> = segments.collect();
    let found = scope.find(first, file);
    // A value has no parts: where a case is spoken of, a milestone of its name is meant.
    let valued = |found: &Found| {
        matches!(found.named, Named::Metric { .. } | Named::Constant { .. } | Named::Fee { .. }) && !rest.is_empty()
    };
    match found {
        Some(found) if !valued(&found) || case_with(first, scope).is_none() => {
            let told = scope.findings.len();
            let expr = declared(found, &rest, span, scope);
            // What is to be written there names the parameter of a template, and not what is given for it.
            let sum = (format!("`sum({text})`"), format!("`sum({})`", token.text()));
            for finding in scope.findings.iter_mut().skip(told).filter(|one| one.code == codes::VARIANT_UNKNOWN) {
                finding.help = finding.help.take().map(|help| help.replace(&sum.0, &sum.1));
            }
            expr
        }
        _ => undeclared(first, &rest, span, scope),
    }
}

/// The signal of the cases that are spoken of, if they have such a part.
fn case_with(part: &str, scope: &Scope<'_>) -> Option<std::rc::Rc<crate::model::Signal>> {
    let cases = scope.local.cases.clone().and_then(|name| scope.signal(&name));
    cases.filter(|signal| member::parts(signal).contains(&part))
}

/// What a use of a template gives for a parameter, read where it stands. `span` is where the parameter is named.
fn given(node: &crate::syntax::Node, span: Span, scope: &mut Scope<'_>) -> Expr {
    let file = scope.names.file_of(node);
    let outer = std::mem::replace(&mut scope.file, file);
    let told = scope.findings.len();
    let expr = call::query(node, scope);
    scope.file = outer;
    // What is given is not too long by itself: it grows where it is named.
    for finding in scope.findings.iter_mut().skip(told).filter(|finding| finding.message == TOO_LONG) {
        finding.span = Some(span);
        finding.primary = Some("what is given for this parameter stands in it several times".to_owned());
    }
    expr
}

/// Whether one of the variants of a declaration stands as is said of it. Those of which nothing of the kind can be said are
/// left out, if another one has it: of a support those without the priority, of a commitment those without a warning margin.
/// `family` is what they are together.
fn several(family: &str, all: Vec<Found>, rest: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    let Some(whole) = all.iter().map(|one| &one.named).cloned().reduce(united) else { return Expr::poison(span) };
    // What is said of none of them is told once.
    let whole = declared(Found { name: family.to_owned(), named: whole }, rest, span, scope);
    if whole.is_poison() || is_never(&whole) {
        return whole;
    }
    let may_have = |found: &Found| match &found.named {
        Named::Support { priorities, broken, .. } => {
            *broken || rest.first().is_none_or(|one| priorities.iter().any(|known| known == one))
        }
        Named::Commitment { margin, .. } => *margin == Margin::Here || !is_margin(rest),
        _ => true,
    };
    let parts = all.into_iter().filter(may_have).map(|found| declared(found, rest, span, scope));
    let parts = parts.collect::<Vec<_>>().into_iter().reduce(|left, right| {
        let kind = ExprKind::Binary { op: Binary::Or, left: Box::new(left), right: Box::new(right) };
        Expr { kind, ty: Type::Boolean, grain: Grain::Moment, span }
    });
    parts.unwrap_or_else(|| Expr::poison(span))
}

/// What two variants of one declaration are together.
fn united(one: Named, other: Named) -> Named {
    match (one, other) {
        (Named::Commitment { margin, span }, Named::Commitment { margin: more, .. }) => {
            Named::Commitment { margin: margin.max(more), span }
        }
        (Named::Support { mut priorities, any, broken }, Named::Support { priorities: more, broken: too, .. }) => {
            priorities.extend(more);
            Named::Support { priorities, any, broken: broken || too }
        }
        (one, _) => one,
    }
}

/// Whether what is asked of a commitment is about its warning margin.
fn is_margin(rest: &[&str]) -> bool {
    rest == [Attribute::AtRisk.as_str()]
}

/// Tells that a name stands for another thing in each variant.
fn varies(name: &str, what: &str, by: &[String], at: Span, span: Span, scope: &mut Scope<'_>) -> Expr {
    if scope.names.is_any_option() {
        return Expr::poison(span);
    }
    let message = format!("`{name}` differs by `{}`", by.join("` and `"));
    let finding = Diagnostic::new(codes::VARIANT_UNKNOWN, span, message);
    scope.tell(
        finding
            .primary(format!("which {what} is meant is not said here"))
            .label(at, format!("`{name}` is declared here"))
            .help(match (what, scope.names.how_to_choose(by)) {
                ("fee", Some(how)) => format!("write `sum({name})` for all of them, or {how}"),
                ("fee", None) => format!("write `sum({name})` for all of them"),
                _ => scope.names.help_to_choose(by),
            }),
    )
}

/// The signal within whose filter the word is a part of it.
fn filtered(word: &str, scope: &Scope<'_>) -> Option<std::rc::Rc<crate::model::Signal>> {
    let signals = scope.filters.last().map(|filter| filter.signals.as_slice()).unwrap_or_default();
    signals.iter().find(|signal| member::parts(signal).contains(&word)).cloned()
}

pub(super) fn declared(found: Found, rest: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    let Found { name, named } = found;
    let name = name.as_str();
    let (kind, ty, grain, what) = match named {
        Named::Signal(signal) => return member::member(&signal, rest, span, scope),
        Named::Commitment { margin, span: at } => return commitment(name, margin, at, rest, span, scope),
        Named::Support { priorities, any, broken } => {
            return support(name, &priorities, &any, broken, rest, span, scope);
        }
        Named::Metric { ty, grain, .. } => (ExprKind::Metric(name.to_owned()), ty, grain, "a metric"),
        Named::Constant { ty, .. } => (ExprKind::Constant(name.to_owned()), ty, Grain::Constant, "a constant"),
        Named::Fee { ty, .. } => (ExprKind::Fee(name.to_owned()), ty, Grain::Constant, "a fee"),
        Named::Other { what, span: at } => {
            let message = format!("`{name}` is {} and has no value", with_article(what));
            let finding = Diagnostic::new(codes::WRONG_KIND, span, message)
                .label(at, format!("`{name}` is declared here"))
                .help(match what {
                    "dimension" => "what holds for some of its options stands in a block: `for OPTION { … }`",
                    _ => "an expression names metrics, signals, constants and fees",
                });
            return scope.tell(finding);
        }
        Named::Given(node) if rest.is_empty() => return given(&node, span, scope),
        Named::Any { ty, .. } if rest.is_empty() => {
            return Expr { kind: ExprKind::Constant(name.to_owned()), ty, grain: Grain::Constant, span };
        }
        Named::Several(all) => return several(name, all, rest, span, scope),
        Named::Varies { what, by, span: at, .. } => return varies(name, what, &by, at, span, scope),
        Named::Given(_) | Named::Any { .. } => {
            let finding = Diagnostic::new(
                codes::UNDEFINED_NAME,
                span,
                format!("`{name}` stands for a value, which has no parts"),
            );
            return scope.tell(finding.primary("only a name has parts"));
        }
        Named::Poison => return Expr::poison(span),
    };
    if let Some(part) = rest.first() {
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, format!("`{name}` is {what}, which has no parts"))
            .primary(format!("there is no `{part}` of it"));
        let finding = match scope.declaration(&Expr { kind, ty, grain, span }) {
            Some((name, at)) => finding.label(at, format!("`{name}` is declared here")),
            None => finding,
        };
        return scope.tell(finding);
    }
    Expr { kind, ty, grain, span }
}

/// The words of the calculus, and the parts of the cases of a support.
fn undeclared(first: &str, rest: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    match (first, rest) {
        ("window", ["whole"]) => {
            return Expr { kind: ExprKind::WholeWindow, ty: Type::Duration, grain: Grain::Interval, span };
        }
        ("window", [part, ..]) => {
            let message = format!("`window` has no part `{part}`");
            let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, message)
                .help("`window` is its length without excluded time, `window.whole` with it");
            return scope.tell(finding);
        }
        _ => {}
    }
    if let Some(expr) = word(first, span, scope).filter(|_| rest.is_empty()) {
        return expr;
    }
    if let Some(signal) = case_with(first, scope) {
        let parts: Vec<&str> = std::iter::once(first).chain(rest.iter().copied()).collect();
        return member::member(&signal, &parts, span, scope);
    }
    if Function::parse(first).is_some() && rest.is_empty() {
        let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, format!("`{first}` is a function"))
            .primary(format!("it needs something in brackets: `{first}(…)`"));
        return scope.tell(finding);
    }
    let name = Span::new(span.file, span.start, span.start + first.len() as u32);
    if let Some(finding) = scope.names.undefined(first, name, "a metric, a signal, a constant or a fee") {
        scope.findings.push(finding);
    }
    Expr::poison(span)
}

fn word(word: &str, span: Span, scope: &mut Scope<'_>) -> Option<Expr> {
    let make = |kind, ty, grain| Some(Expr { kind, ty, grain, span });
    match word {
        "window" => make(ExprKind::WindowLength, Type::Duration, Grain::Interval),
        "target" | "attained" => Some(measure(word, span, scope)),
        "length" if scope.filters.iter().any(|filter| filter.runs) => {
            make(ExprKind::RunLength, Type::Duration, Grain::Interval)
        }
        "length" => Some(misplaced(
            word,
            "it is the length of a run, after `where`",
            "runs(error_rate > 10% per 1min) where length >= 5min",
            span,
            scope,
        )),
        "priority" if in_cases(scope) => make(ExprKind::CasePriority, Type::Text, Grain::Case),
        "priority" => Some(misplaced(
            word,
            "it is the priority of a case",
            "share(tickets.resolved.in_time where priority = p1)",
            span,
            scope,
        )),
        "invoiced" => match scope.names.currency() {
            Some(currency) => make(ExprKind::Invoiced, Type::Money(currency), Grain::Constant),
            None if scope.names.is_currency_open() => Some(Expr::poison(span)),
            None => {
                let finding =
                    Diagnostic::new(codes::WRONG_ARGUMENT, span, "`invoiced` needs the currency of the agreement")
                        .help("write `currency EUR`, or another one, in the agreement");
                Some(scope.tell(finding))
            }
        },
        _ => None,
    }
}

fn in_cases(scope: &Scope<'_>) -> bool {
    let filtered = |signals: &[std::rc::Rc<crate::model::Signal>]| signals.iter().any(|s| s.kind == SignalKind::Cases);
    scope.local.cases.is_some() || scope.filters.iter().any(|filter| filtered(&filter.signals))
}

fn measure(word: &str, span: Span, scope: &mut Scope<'_>) -> Expr {
    let several = |help: &str| {
        let message = format!("`{word}` needs a single target");
        Diagnostic::new(codes::WRONG_ARGUMENT, span, message).primary("the commitment has several").help(help)
    };
    match &scope.local.promised {
        Promised::Single => {}
        Promised::Using(Some(bound)) if word == "target" => return Expr { span, ..bound.clone() },
        Promised::Using(_) if word == "target" => {
            return scope.tell(several("write the value that is meant, such as `below 90%`"));
        }
        Promised::Several | Promised::Using(_) => {
            let help = "name the metric and the value that are meant, or make commitments of one target each";
            return scope.tell(several(help));
        }
    }
    match &scope.local.measure {
        Some((Type::Poison, _)) => Expr::poison(span),
        Some((ty, _)) if word == "target" => {
            Expr { kind: ExprKind::Target, ty: ty.clone(), grain: Grain::Constant, span }
        }
        Some((ty, _)) => Expr { kind: ExprKind::Attained, ty: ty.clone(), grain: Grain::Interval, span },
        None => misplaced(
            word,
            "it is known only in a commitment with a target",
            "credit = 1% of fee * completed(target - attained, 1pp)",
            span,
            scope,
        ),
    }
}

fn misplaced(word: &str, why: &str, example: &str, span: Span, scope: &mut Scope<'_>) -> Expr {
    let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, format!("`{word}` has no meaning here"))
        .primary(why)
        .help(format!("for example `{example}`"));
    scope.tell(finding)
}

fn commitment(name: &str, margin: Margin, at: Span, rest: &[&str], span: Span, scope: &mut Scope<'_>) -> Expr {
    const OF: [Attribute; 3] = [Attribute::Failing, Attribute::AtRisk, Attribute::Breached];
    let attribute = match attribute(name, "a commitment", &OF, rest, Some(at), span, scope) {
        Ok(attribute) => attribute,
        Err(poison) => return poison,
    };
    let lacks = |whose: &str| {
        let message = format!("`{whose}` has no warning margin to be at risk of");
        Diagnostic::new(codes::NO_WARNING_MARGIN, span, message)
            .label(at, format!("`{whose}` has no `warn` line"))
            .help(format!("add `warn below …` to `{whose}`, or watch `{whose}.failing`"))
    };
    match (attribute, margin) {
        (Attribute::AtRisk, Margin::Nowhere) if scope.names.is_left_out(family_of(name), "warn", span.file) => {
            return never(span);
        }
        (Attribute::AtRisk, Margin::Nowhere) => return scope.tell(lacks(family_of(name))),
        (Attribute::AtRisk, Margin::Elsewhere) => {
            scope.names.note_part(span, Some(lacks(name)));
            return never(span);
        }
        (Attribute::AtRisk, Margin::Here) => scope.names.note_part(span, None),
        _ => {}
    }
    let kind = ExprKind::Attribute { of: Subject::Commitment(name.to_owned()), attribute };
    Expr { kind, ty: Type::Boolean, grain: Grain::Moment, span }
}

fn support(
    name: &str,
    priorities: &[String],
    any: &[String],
    broken: bool,
    rest: &[&str],
    span: Span,
    scope: &mut Scope<'_>,
) -> Expr {
    const OF: [Attribute; 2] = [Attribute::Open, Attribute::Late];
    let (Some(priority), rest) = (rest.first(), rest.get(1..).unwrap_or_default()) else {
        let finding = Diagnostic::new(codes::WRONG_KIND, span, format!("`{name}` is a support and has no value"))
            .help(format!("name a priority of it and how it stands: `{name}.{}.late`", first(priorities)));
        return scope.tell(finding);
    };
    if !priorities.iter().any(|known| known == priority) {
        if broken {
            return Expr::poison(span);
        }
        if scope.names.is_left_out(family_of(name), priority, span.file) {
            return never(span);
        }
        // One that it has for no option is told once.
        let is_elsewhere = any.iter().any(|known| known == priority);
        let (whose, priorities) = if is_elsewhere { (name, priorities) } else { (family_of(name), any) };
        let known = || priorities.iter().map(String::as_str);
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, format!("`{whose}` has no priority `{priority}`"));
        let finding = suggest(finding, priority, rest, known().collect(), "its priorities are");
        if is_elsewhere {
            scope.names.note_part(span, Some(finding));
            return never(span);
        }
        return scope.tell(finding);
    }
    scope.names.note_part(span, None);
    let of = Subject::Priority { support: name.to_owned(), priority: (*priority).to_owned() };
    let whole = format!("{name}.{priority}");
    match attribute(&whole, "a priority", &OF, rest, None, span, scope) {
        Ok(attribute) => {
            Expr { kind: ExprKind::Attribute { of, attribute }, ty: Type::Boolean, grain: Grain::Moment, span }
        }
        Err(poison) => poison,
    }
}

fn first(words: &[String]) -> &str {
    words.first().map_or("p1", String::as_str)
}

/// The attribute that follows a subject, or the poison after an error.
fn attribute(
    name: &str,
    what: &str,
    known: &[Attribute],
    rest: &[&str],
    at: Option<Span>,
    span: Span,
    scope: &mut Scope<'_>,
) -> Result<Attribute, Expr> {
    let all: Vec<&str> = known.iter().map(|attribute| attribute.as_str()).collect();
    let finding = match rest {
        [] => Diagnostic::new(codes::WRONG_KIND, span, format!("`{name}` is {what} and has no value of its own"))
            .help(format!("say how it stands: {}", words(all.iter().copied()).replace(" and ", " or "))),
        [word] => match known.iter().find(|attribute| attribute.as_str() == *word) {
            Some(attribute) => return Ok(*attribute),
            None => suggest(
                Diagnostic::new(codes::UNDEFINED_NAME, span, format!("{what} has no `{word}`")),
                word,
                &[],
                all,
                "it is",
            ),
        },
        [_, more, ..] => Diagnostic::new(codes::UNDEFINED_NAME, span, format!("there is no `{more}` of `{name}`")),
    };
    let finding = match at {
        Some(at) => finding.label(at, format!("`{name}` is declared here")),
        None => finding,
    };
    Err(scope.tell(finding))
}

/// The same finding with the word that was probably meant, or all that there are. The word is the part of the path that
/// stands before the parts `after`.
pub(super) fn suggest(finding: Diagnostic, word: &str, after: &[&str], known: Vec<&str>, these: &str) -> Diagnostic {
    let whole = finding.span.unwrap_or_default();
    let tail: usize = after.iter().map(|part| part.len() + 1).sum();
    let end = whole.end.saturating_sub(tail as u32);
    let span = Span::new(whole.file, end.saturating_sub(word.len() as u32), end);
    match did_you_mean(word, known.iter().copied()) {
        Some(meant) => {
            finding.help(format!("did you mean `{meant}`?")).fix(Fix::replace(format!("write `{meant}`"), span, meant))
        }
        None if known.is_empty() => finding,
        None => finding.help(format!("{these} {}", words(known.into_iter()))),
    }
}
