//! Expressions and what they are, on declarations read just well enough to name things.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::calculus::{ExprKind, Value};
use crate::diagnostics::codes;
use crate::model::{Head, Member, SignalKind, Spanned};
use crate::source::FileId;
use crate::syntax::{Decl, Kind, NodeExt, keyword, parse, range_span};
use crate::values::Unit;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const FILE: FileId = FileId::new(0);

/// The declarations of a file.
struct Declarations {
    known: BTreeMap<String, Decl>,
    open: Vec<String>,
    findings: Vec<Diagnostic>,
}

fn head(name: &str, span: Span) -> Head {
    Head {
        name: name.to_owned(),
        family: name.to_owned(),
        variant: Vec::new(),
        title: None,
        id: name.to_owned(),
        doc: None,
        span,
        name_span: span,
        poisoned: false,
    }
}

impl Declarations {
    fn read(text: &str) -> Declarations {
        let (tree, findings) = parse(FILE, text);
        assert!(findings.is_empty(), "{findings:?}\n{text}");
        let declarations = tree.root.all(Kind::decl).map(Decl);
        let known = declarations.map(|decl| (decl.name().unwrap().text().to_owned(), decl)).collect();
        Declarations { known, open: Vec::new(), findings: Vec::new() }
    }

    fn signal_of(&self, decl: &Decl) -> Signal {
        let name = decl.name().unwrap();
        let kind = decl.kind().unwrap();
        let (_, kind) = *SignalKind::WORDS.iter().find(|(word, _)| *word == kind.text()).unwrap();
        let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
        let block = decl.block().unwrap();
        for statement in block.all(Kind::s_name) {
            for named in statement.all(Kind::named) {
                let ident = named.leaf(Kind::ident).unwrap();
                let unit = named.leaf(Kind::unit_name).map(|unit| unit.text().to_owned());
                let options = named.child(Kind::key_options);
                let member = Member {
                    head: head(ident.text(), range_span(FILE, ident.text_range())),
                    unit: unit.as_deref().and_then(Unit::parse),
                    ty: unit,
                    dimension: None,
                    open: false,
                    options: options
                        .map(|list| list.leaves(Kind::ident).map(|word| word.text().to_owned()).collect())
                        .unwrap_or_default(),
                };
                members.entry(keyword(&statement)).or_default().push(member);
            }
        }
        let unit = block.child(Kind::s_unit).and_then(|unit| unit.leaf(Kind::unit_name));
        let unit = unit.map(|unit| Spanned {
            value: Unit::parse(unit.text()).unwrap(),
            span: range_span(FILE, unit.text_range()),
        });
        let mut take = |word: &str| members.remove(word).unwrap_or_default();
        Signal {
            share: None,
            head: head(name.text(), range_span(FILE, name.text_range())),
            kind,
            of: None,
            measured_by: None,
            measured_from: None,
            counts: take("count"),
            values: take("value"),
            fields: take("field"),
            milestones: take("milestone"),
            spans: take("span"),
            unit,
            every: None,
            scale: None,
            missing: None,
            sources: Vec::new(),
        }
    }

    fn value(&mut self, name: &str, decl: &Decl) -> Option<(Type, Grain)> {
        if self.open.iter().any(|open| open == name) {
            return None;
        }
        self.open.push(name.to_owned());
        let assigned = decl.0.child(Kind::assign);
        let variant = || decl.block()?.child(Kind::s_variant)?.child(Kind::assign);
        let row = || decl.block()?.child(Kind::row);
        let node = assigned.or_else(variant).or_else(row);
        let mut findings = Vec::new();
        let typed = node.map(|node| query(&node, self, &Local::default(), &mut findings));
        self.findings.append(&mut findings);
        self.open.pop();
        typed.map(|expr| (expr.ty, expr.grain))
    }

    /// What a statement may say because of its declaration.
    fn local(&mut self, decl: &Decl) -> Local {
        let mut local = Local::default();
        let block = decl.block();
        if decl.keyword() == "commitment" {
            let targets: Vec<Node> = block.unwrap().all(Kind::s_expr).filter(|s| keyword(s) == "target").collect();
            if targets.len() > 1 {
                local.promised = Promised::Several;
            }
            let measured = targets.first().and_then(|target| target.child(Kind::query)?.child(Kind::expr));
            let measure = measured.map(|expr| query(&expr, self, &Local::default(), &mut Vec::new()));
            local.measure = measure.and_then(|expr| match expr.kind {
                ExprKind::Binary { left, .. } => Some((left.ty, left.grain)),
                _ => None,
            });
        } else if decl.keyword() == "support" {
            let block = block.unwrap();
            let cases = block.all(Kind::s_refs).find(|statement| keyword(statement) == "cases");
            local.cases = cases.and_then(|s| s.leaf(Kind::path)).map(|path| path.text().to_owned());
            local.priorities =
                block.all(Kind::sub).filter_map(|sub| Decl(sub).name()).map(|name| name.text().to_owned()).collect();
        }
        local
    }
}

impl Names for Declarations {
    fn file(&self) -> FileId {
        FILE
    }

    fn currency(&self) -> Option<Currency> {
        Currency::parse("EUR")
    }

    fn find(&mut self, name: &str, _file: FileId) -> Option<Found> {
        let decl = self.known.get(name)?.clone();
        let span = range_span(FILE, decl.name().unwrap().text_range());
        let typed = |typed: Option<(Type, Grain)>| typed.unwrap_or((Type::Poison, Grain::Constant));
        let named = match decl.keyword().as_str() {
            "signal" => Named::Signal(Rc::new(self.signal_of(&decl))),
            "metric" => {
                let (ty, grain) = typed(self.value(name, &decl));
                Named::Metric { ty, grain, span }
            }
            "constant" => Named::Constant { ty: typed(self.value(name, &decl)).0, span },
            "fee" => Named::Fee { ty: typed(self.value(name, &decl)).0, span },
            "commitment" => {
                let warned = decl.block().unwrap().all(Kind::s_bound).any(|bound| keyword(&bound) == "warn");
                Named::Commitment { margin: if warned { Margin::Here } else { Margin::Nowhere }, span }
            }
            "support" => {
                let priorities = self.local(&decl).priorities;
                Named::Support { any: priorities.clone(), priorities, broken: false }
            }
            "party" => Named::Other { what: "party", span },
            "dimension" => Named::Other { what: "dimension", span },
            "service" => Named::Other { what: "service", span },
            _ => Named::Poison,
        };
        Some(Found { name: name.to_owned(), named })
    }

    fn signal(&self, name: &str) -> Option<Rc<Signal>> {
        let decl = self.known.get(name).filter(|decl| decl.keyword() == "signal")?;
        Some(Rc::new(self.signal_of(decl)))
    }

    fn file_of(&self, _node: &Node) -> FileId {
        FILE
    }

    fn path(&self, token: &Token) -> Option<(String, FileId)> {
        Some((token.text().to_owned(), FILE))
    }

    fn priorities_of(&self, _cases: &[&str]) -> Vec<String> {
        Vec::new()
    }

    fn undefined(&mut self, name: &str, span: Span, expected: &str) -> Option<Diagnostic> {
        let message = format!("`{name}` is not declared");
        Some(Diagnostic::new(codes::UNDEFINED_NAME, span, message).primary(format!("{expected} is expected")))
    }
}

/// A finding on one line for each of its parts, with the text that each label stands at.
fn told(finding: &Diagnostic, text: &str) -> String {
    let at = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or("?");
    let mut out = format!("  {} {}\n", finding.code.id, finding.message);
    let _ = writeln!(out, "    at `{}`: {}", at(finding.span.unwrap()), finding.primary.as_deref().unwrap_or("-"));
    for label in &finding.labels {
        let _ = writeln!(out, "    at `{}`: {}", at(label.span), label.text);
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "    help: {help}");
    }
    for fix in &finding.fixes {
        for edit in &fix.edits {
            let _ = writeln!(out, "    fix: `{}` becomes `{}`", at(edit.span), edit.new_text);
        }
    }
    out
}

const WORLD: &str = r#"
party acme as provider
dimension region "Region" { option eu, us }
fee rent "Rent" = 9000.00 EUR per calendar month
constant goal "Goal" = 99.9%
constant bound "Bound" = 30ms
signal requests as events of api {
  count total
  count failed
  value latency s
  field route text
  field region region
  field tier [gold, silver]
}
signal power as state of api { field feed [a, b] }
signal inlet as samples of api { unit °C }
signal path as samples of api { unit ms; field lost yes_no }
signal users as samples of api { value licensed; value affected }
signal tickets as cases of api { milestone opened, resolved; span waiting; field zone text }
signal survey as scores of desk { scale 1 to 5 }
metric error_rate = requests.failed / requests.total
metric uptime = 100% - mean(error_rate per 5min)
metric outages = runs(error_rate > 10% per 1min)
metric dark = total(outages)
commitment up of api { target uptime >= 99.9% per calendar month; warn below 99.95% }
commitment cold of api { target uptime >= 99.9% per calendar month }
support desk of api { cases tickets; priority p1 { respond within 1h }; priority p2 { respond within 2h } }
"#;

/// The expression of a line, with its declarations and what was told about it.
fn typed(line: &str, local: &Local) -> (Expr, String) {
    let text = format!("{WORLD}metric it = {line}\n");
    let mut names = Declarations::read(&text);
    assert!(names.known.contains_key("it"), "{:?}", names.known.keys());
    let node = names.known["it"].0.child(Kind::assign).unwrap();
    let mut findings = Vec::new();
    let expr = query(&node, &mut names, local, &mut findings);
    assert!(names.findings.is_empty(), "{:?}", names.findings);
    (expr, findings.iter().map(|finding| told(finding, &text)).collect())
}

fn local(word: &str) -> Local {
    match word {
        "commitment" => Local { measure: Some((Type::Ratio, Grain::Interval)), ..Local::default() },
        "several" => {
            Local { measure: Some((Type::Ratio, Grain::Interval)), promised: Promised::Several, ..Local::default() }
        }
        "support" => Local {
            cases: Some("tickets".to_owned()),
            priorities: vec!["p1".to_owned(), "p2".to_owned()],
            ..Local::default()
        },
        _ => Local::default(),
    }
}

/// The types of all lines, each after the name of its place and a bar where that matters.
fn table(lines: &str) -> String {
    let mut out = String::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (place, line) = line.split_once(" | ").unwrap_or(("", line));
        let (expr, findings) = typed(line, &local(place.trim()));
        assert_eq!(expr.is_poison(), !findings.is_empty(), "{line}\n{findings}{expr:?}");
        match findings.is_empty() {
            true => {
                let _ = writeln!(out, "{line}\n  {}, {:?}", expr.ty, expr.grain);
            }
            false => {
                let _ = writeln!(out, "{line}\n{findings}");
            }
        }
    }
    out
}

#[test]
fn good_expressions_have_types() {
    insta::assert_snapshot!(table(include_str!("tests/good.txt")));
}

#[test]
fn bad_expressions_have_one_error_each() {
    let table = table(include_str!("tests/bad.txt"));
    insta::assert_snapshot!(table);
    for block in table.split("\n\n").filter(|block| !block.trim().is_empty()) {
        assert_eq!(block.matches("\n  SLA").count(), 1, "{block}");
    }
}

#[test]
fn precedence_is_as_stated() {
    for (flat, grouped) in [
        ("true or true and false", "true or (true and false)"),
        ("1 + 2 * 3 < 4 and true", "((1 + (2 * 3)) < 4) and true"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("9 / 3 * 2", "(9 / 3) * 2"),
        ("1% of rent * 2", "(1% of rent) * 2"),
        ("rent + 1% of rent", "rent + (1% of rent)"),
        ("1 + 1 in [2]", "(1 + 1) in [2]"),
        ("- 1 + 2", "(- 1) + 2"),
    ] {
        let shape = |line: &str| {
            let (expr, findings) = typed(line, &Local::default());
            assert_eq!(findings, "", "{line}");
            shape(&expr)
        };
        assert_eq!(shape(flat), shape(grouped));
    }
}

fn shape(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Binary { op, left, right } => format!("({} {} {})", shape(left), op.as_str(), shape(right)),
        ExprKind::Unary { operand, .. } => format!("(~ {})", shape(operand)),
        ExprKind::List(items) => format!("[{}]", items.iter().map(shape).collect::<String>()),
        ExprKind::Literal(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn conditions_and_windows_go_to_their_function() {
    let (expr, _) =
        typed("total(runs(error_rate > 10% per 1min) where length >= 5min over rolling 30 days)", &local(""));
    let ExprKind::Apply { arguments, slice: None, filter: None, over: Some(_), .. } = &expr.kind else {
        panic!("{expr:?}")
    };
    assert!(matches!(&arguments[0].kind, ExprKind::Apply { slice: Some(_), filter: Some(_), over: None, .. }));
    let (expr, told) = typed("runs(none(power per feed)) where length > 15min", &local(""));
    assert!(matches!(&expr.kind, ExprKind::Apply { slice: None, filter: Some(_), .. }), "{expr:?} {told}");
    let (expr, _) = typed("count(outages where length > 1h)", &local(""));
    assert!(matches!(&expr.kind, ExprKind::Apply { filter: Some(_), .. }), "{expr:?}");
}

#[test]
fn long_chains_and_deep_ones_end_in_an_error() {
    let chains = ["1 + ", "true and ", "- ", "not ", "rent * "];
    for chain in chains {
        let (expr, findings) = typed(&format!("{}1", chain.repeat(100_000)), &Local::default());
        assert!(expr.is_poison() && findings.contains("too long"), "{chain}");
        assert_eq!(findings.matches("SLA").count(), 1, "{chain}");
    }
    let nested = format!("{}1{}", "1 + 2 * (3 - 4 - ".repeat(45), ")".repeat(45));
    assert_eq!(typed(&nested, &Local::default()).1, "");
    let wide = format!("1 in [{}2]", "1, ".repeat(100_000));
    assert!(typed(&wide, &Local::default()).1.contains("too long"));
}

#[test]
fn constants_fold_exactly() {
    let constants = |name: &str| match name {
        "goal" => Some(Value::Ratio(crate::values::Ratio(crate::values::Exact::ratio(999, 1000).unwrap()))),
        _ => None,
    };
    for (line, value) in [
        ("1 + 2 * 3", Some("7")),
        ("100% - goal", Some("0.1%")),
        ("goal - 99%", Some("0.9pp")),
        ("10% of 50.00 EUR + 1 EUR", Some("6.00 EUR")),
        ("90min / 1h", Some("150%")),
        ("1 / 0", None),
        ("if 1h > 59min then 2 else 3", Some("2")),
        ("max(1, 2, 3) - min(4, 5)", Some("-1")),
        ("started(61min, 1h) + completed(61min, 1h)", Some("3")),
        ("completed(0% - 2.5%, 1pp)", Some("-3")),
        ("- 2 in [1, - 2]", Some("true")),
        ("not (1 = 2 or \"a\" = \"b\")", Some("true")),
        ("uptime", None),
        ("window", None),
    ] {
        let (expr, findings) = typed(line, &Local::default());
        assert_eq!(findings, "", "{line}");
        assert_eq!(crate::calculus::fold(&expr, &constants).map(|value| value.to_string()).as_deref(), value, "{line}");
    }
    let huge = "9".repeat(60);
    let power = vec![huge.as_str(); 400].join(" * ");
    assert_eq!(crate::calculus::fold(&typed(&power, &Local::default()).0, &constants), None);
}
