//! Constants, fees and metrics: they may refer to each other in any order, so they are typed in the order of need.

use super::amounts::{is_of_calendar, sole_token};
use super::expression::{Local, PercentSign};
use super::kinds::odd_rows;
use super::order::in_order;
use super::places::{Argument, Meaning};
use super::{Builder, Declaration};
use crate::calculus::{Expr, ExprKind, Grain, Type, Value, fold};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Constant, Fee, Metric, Table, Variant, name_in};
use crate::source::Span;
use crate::syntax::{Decl, Element, Kind, Node, NodeExt, Token};
use crate::values::Window;
use std::collections::{BTreeMap, BTreeSet};

/// What is defined by an expression.
#[derive(Default)]
pub(super) struct Defined {
    pub fees: Table<Fee>,
    pub constants: Table<Constant>,
    pub metrics: Table<Metric>,
}

/// The expression of a declaration, typed.
pub(super) struct Typed {
    pub value: Expr,
    when_empty: Option<Expr>,
    exact: Option<Value>,
}

impl Builder<'_> {
    pub(super) fn values(&mut self, declarations: &[Declaration]) -> Defined {
        let found: Vec<&Declaration> = declarations.iter().filter(|one| DEFINED.contains(&one.keyword)).collect();
        let instances = found.iter().flat_map(|one| one.variants.iter().map(|variant| (*one, variant)));
        let instances: Vec<(&Declaration, &Variant)> = instances.collect();
        let order = self.order(&instances);
        let (told, summed) = (self.findings.len(), self.scope.summed);
        let mut typed = self.all_typed(&order, &instances, &BTreeSet::new());
        let odd = odd_rows(&instances, &typed);
        if !odd.is_empty() {
            // What follows from such a row is no mistake of its own: all is typed again without them.
            self.findings.truncate(told);
            self.scope.summed = summed;
            self.scope.exact.clear();
            let places = odd.iter().map(|one| one.place).collect();
            typed = self.all_typed(&order, &instances, &places);
            odd.into_iter().for_each(|one| self.odd_row(one));
        }
        let mut defined = Defined::default();
        for (index, (declaration, variant)) in instances.iter().enumerate() {
            self.enter(declaration, variant);
            let span = self.span(&declaration.decl.0);
            let poison = || Typed { value: Expr::poison(span), when_empty: None, exact: None };
            let made = typed.remove(&index).unwrap_or_else(poison);
            let (decl, broken) = (&declaration.decl, made.value.is_poison());
            match declaration.keyword {
                "metric" => defined.metrics.push(self.metric(decl, made.value, made.when_empty)),
                "fee" => defined.fees.push(self.fee(decl, made)),
                _ => {
                    if declaration.variants.first() == Some(*variant) {
                        // What its block says is the same in all variants.
                        self.statements("constant", decl.block());
                    }
                    let mut head = self.head(decl, None);
                    head.poisoned |= broken;
                    defined.constants.push(Constant { head, value: made.value, exact: made.exact });
                }
            }
        }
        self.leave();
        defined
    }

    /// Types declarations in an order in which each comes after what it refers to. Those at the places of `unknown` are
    /// taken for what is not understood.
    fn all_typed(
        &mut self,
        order: &[usize],
        instances: &[(&Declaration, &Variant)],
        unknown: &BTreeSet<usize>,
    ) -> BTreeMap<usize, Typed> {
        let mut typed = BTreeMap::new();
        for index in order {
            let Some((declaration, variant)) = instances.get(*index) else { continue };
            self.enter(declaration, variant);
            if unknown.contains(index) {
                let name = self.head(&declaration.decl, None).name;
                self.scope.set_type(&name, Type::Poison, Grain::Constant);
            } else {
                typed.insert(*index, self.typed(declaration));
            }
        }
        typed
    }

    /// The value of a constant, if it is the same whatever is measured.
    fn must_be_fixed(&mut self, name: &str, value: Expr) -> Expr {
        let mut measured = None;
        value.walk(&mut |part| {
            if matches!(part.kind, ExprKind::Reading(_) | ExprKind::Metric(_) | ExprKind::Attribute { .. }) {
                measured.get_or_insert(part.span);
            }
        });
        let Some(at) = measured else { return value };
        let message = format!("`{name}` is a constant, and what is measured differs from window to window");
        let finding = Diagnostic::new(codes::WRONG_ARGUMENT, at, message).primary("this is measured");
        self.tell(finding.help(format!("define it as a metric: `metric {name} … = …`")));
        Expr::poison(value.span)
    }

    /// Tells for which options a value says nothing, or two things.
    pub(super) fn covers_all(&mut self, declaration: &Declaration) {
        let (shape, what) = match declaration.keyword {
            "metric" => (Kind::s_variant, super::rows::DEFINITION),
            _ => (Kind::row, "value"),
        };
        let decl = &declaration.decl;
        let nodes: Vec<Node> = decl.block().iter().flat_map(|block| block.all(shape).collect::<Vec<_>>()).collect();
        self.scope.file = declaration.file;
        match decl.0.child(Kind::assign) {
            Some(assign) => {
                if let Some(row) = nodes.first() {
                    let message = format!("`{}` has one {what} for all, and others for some", declaration.base);
                    let finding = Diagnostic::new(codes::VARIANT_TWICE, self.span(row), message);
                    self.tell(
                        finding
                            .primary("for some")
                            .label(self.span(&assign), "for all")
                            .help("leave out what stands after `=`, and name all options"),
                    );
                }
            }
            None if nodes.is_empty() => {}
            None => self.covered(decl, &nodes, &declaration.own, what),
        }
        self.leave();
    }

    /// What holds the expression of a declaration: what stands after `=`, or the row for the options that are lowered.
    pub(super) fn definition(&self, decl: &Decl) -> Option<Node> {
        if let Some(assign) = decl.0.child(Kind::assign) {
            return Some(assign);
        }
        let found = self.own_row(decl)?;
        match found.kind() {
            Kind::s_variant => found.child(Kind::assign),
            _ => Some(found),
        }
    }

    fn fee(&mut self, decl: &Decl, made: Typed) -> Fee {
        self.statements("fee", decl.block());
        let query = self.definition(decl).and_then(|assign| assign.child(Kind::query));
        let stated = query.as_ref().is_some_and(|query| query.child(Kind::per).is_some());
        let per = query.and_then(|query| self.query_window(&query, "a fee")).filter(|per| self.is_paid_per(per, decl));
        let mut head = self.head(decl, None);
        head.poisoned |= made.value.is_poison() || stated && per.is_none();
        Fee { head, of: self.of(decl, &["service", "support"]), amount: made.value, exact: made.exact, per }
    }

    /// Whether a fee can be paid for a window: one that rolls is another one each day.
    fn is_paid_per(&mut self, per: &Window, decl: &Decl) -> bool {
        let whole = matches!(per, Window::Periodic { .. } | Window::Term);
        if !whole {
            let node = self.definition(decl).unwrap_or_else(|| decl.0.clone());
            let span = self.span(&node);
            self.tell(
                Diagnostic::new(codes::WRONG_KIND, span, format!("no fee is paid per {per}"))
                    .primary("not one period after another")
                    .help("write for example `per calendar month`, `per billing month` or `per contract term`"),
            );
        }
        whole
    }

    /// The order in which each comes after what it refers to. Those that lead back to themselves are told and left out.
    fn order(&mut self, found: &[(&Declaration, &Variant)]) -> Vec<usize> {
        let mut index = BTreeMap::new();
        for (position, (declaration, variant)) in found.iter().enumerate() {
            index.entry(name_in(&declaration.base, variant)).or_insert(position);
        }
        let mut needs = Vec::with_capacity(found.len());
        for (declaration, variant) in found {
            self.enter(declaration, variant);
            let assign = self.definition(&declaration.decl);
            let mut names = Vec::new();
            if let Some(assign) = assign {
                self.needed(&declaration.decl, &assign, &mut names, &mut BTreeSet::new());
            }
            needs.push(names.iter().filter_map(|name| index.get(name).copied()).collect());
        }
        let (order, circles) = in_order(&needs);
        for circle in circles {
            let way: Vec<&Decl> = circle.iter().filter_map(|index| Some(&found.get(*index)?.0.decl)).collect();
            if let Some((declaration, variant)) = circle.first().and_then(|first| found.get(*first)) {
                self.enter(declaration, variant);
            }
            self.circular_definition(&way);
        }
        self.leave();
        order
    }

    /// Finds which declarations the definition of one names, also by what is given for parameters, which is looked through once.
    fn needed(&self, decl: &Decl, assign: &Node, found: &mut Vec<String>, seen: &mut BTreeSet<Span>) {
        if !seen.insert(self.span(assign)) {
            return;
        }
        let elements = assign.descendants_with_tokens().filter_map(Element::into_token);
        // In `previous` a metric may name itself: that is its value in another window.
        let own = decl.name();
        let earlier = |token: &Token| {
            let calls = token.parent_ancestors().filter(|node| node.kind() == Kind::call);
            own.as_ref().is_some_and(|own| own.text() == token.text())
                && calls.filter_map(|call| call.leaf(Kind::ident)).any(|name| name.text() == PREVIOUS)
        };
        let names = elements.filter(|token| token.kind() == Kind::path && !earlier(token));
        for token in names {
            let first = token.text().split('.').next().unwrap_or("");
            match self.scope.meaning(first, self.scope.file_at(&token)) {
                Meaning::Declared(name) => found.push(name),
                Meaning::Varies { base, .. } => found.extend(self.scope.all_variants(&base)),
                Meaning::Argument(Argument::Given(node)) => self.needed(decl, &node, found, seen),
                Meaning::Argument(_) | Meaning::Nothing => {}
            }
        }
    }

    fn circular_definition(&mut self, way: &[&Decl]) {
        let Some(first) = way.first() else { return };
        let head = self.head(first, None);
        self.scope.set_type(&head.name, Type::Poison, Grain::Constant);
        let message = format!("`{}` is defined by itself", head.name);
        let finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, head.name_span, message)
            .primary("its definition leads back to it")
            .help("define one of them by what is measured or agreed");
        let witness = way_in_words(way);
        self.tell(if way.len() > 1 { finding.witness(witness) } else { finding });
    }

    fn typed(&mut self, declaration: &Declaration) -> Typed {
        let decl = &declaration.decl;
        let own_span = self.span(&decl.0);
        let name = self.head(decl, None).name;
        let poison = |span| Typed { value: Expr::poison(span), when_empty: None, exact: None };
        let assign = self.definition(decl);
        let Some(query) = assign.as_ref().and_then(|assign| assign.child(Kind::query)) else {
            // Where some options are named, it is told which are not.
            let some = decl
                .block()
                .is_some_and(|block| block.child(Kind::row).is_some() || block.child(Kind::s_variant).is_some());
            if !self.is_unread(decl) && !some {
                self.no_expression(declaration);
            }
            return poison(own_span);
        };
        let is_fee = declaration.keyword == "fee";
        // The window of a fee is no part of its amount.
        let lower = if is_fee { Self::query_per } else { Self::query };
        let own = self.own_type(decl);
        let told = self.findings.len();
        let mut value = lower(self, &query, &Local::default());
        if declaration.keyword == "constant" && sole_token(&query).is_some_and(|token| is_of_calendar(&token)) {
            self.findings.iter_mut().skip(told).for_each(|finding| finding.help = Some(NO_CONSTANT.to_owned()));
        }
        if let Some(own) = own.filter(|own| *own != value.ty && !value.is_poison()) {
            let message = format!("`previous` begins with {own}, and the metric is {}", value.ty);
            let finding = Diagnostic::new(codes::UNIT_MISMATCH, value.span, message)
                .primary(format!("this is {}", value.ty))
                .help("the initial value is of the same kind as the metric");
            self.tell(finding);
            value = Expr::poison(value.span);
        }
        if is_fee {
            value = self.must_be_money(value.clone(), "a fee").unwrap_or_else(|| Expr::poison(value.span));
        }
        if declaration.keyword == "constant" {
            value = self.must_be_fixed(&name, value);
        }
        let when_empty =
            assign.and_then(|assign| assign.child(Kind::when_empty)).and_then(|node| self.when_empty(&node, &value));
        if decl.is_broken() {
            // A part of the value may be missing; its names have been looked up all the same.
            value = Expr::poison(value.span);
        }
        let exact = {
            let known = &self.scope.exact;
            fold(&value, &|name| known.get(name).cloned())
        };
        if decl.name().is_some() {
            let mut of_fee = is_fee;
            value.walk(&mut |part| {
                if let ExprKind::Fee(named) | ExprKind::Constant(named) = &part.kind {
                    of_fee |= self.scope.of_fees.contains(named);
                }
            });
            if of_fee {
                self.scope.of_fees.insert(name.clone());
            }
            self.scope.set_type(&name, value.ty.clone(), value.grain);
            if let Some(exact) = &exact {
                self.scope.exact.insert(name.clone(), exact.clone());
            }
        }
        Typed { value, when_empty, exact }
    }

    /// What a metric is that names itself in `previous`: of the kind of the initial value there.
    fn own_type(&mut self, decl: &Decl) -> Option<Type> {
        let own = decl.name()?;
        let assign = self.definition(decl)?;
        let mut calls = assign.descendants().filter(|node| node.kind() == Kind::call);
        let initial = calls.find_map(|call| {
            call.leaf(Kind::ident).filter(|name| name.text() == PREVIOUS)?;
            let mut arguments = call.all(Kind::query);
            arguments.next().filter(|first| first.text().to_string().trim() == own.text())?;
            arguments.next()
        })?;
        // What is wrong with it is told where the whole is read.
        let told = self.findings.len();
        let ty = self.query(&initial, &Local::default()).ty;
        self.findings.truncate(told);
        if ty != Type::Poison {
            let name = self.head(decl, None).name;
            self.scope.set_type(&name, ty.clone(), Grain::Interval);
        }
        Some(ty).filter(|ty| *ty != Type::Poison)
    }

    fn no_expression(&mut self, declaration: &Declaration) {
        let head = self.head(&declaration.decl, None);
        let example = crate::syntax::form(declaration.keyword).map_or("", |form| form.example);
        let what = format!("the {} `{}` has no value", declaration.keyword, head.name);
        self.tell(
            Diagnostic::new(codes::INCOMPLETE_STATEMENT, head.name_span, what)
                .primary("`= …` is missing")
                .help(format!("write for example `{example}`")),
        );
    }

    fn when_empty(&mut self, node: &crate::syntax::Node, metric: &Expr) -> Option<Expr> {
        let (value, span) = self.known_value(node)?;
        if !metric.is_poison() && value.ty() != metric.ty {
            let what = format!("the value for an empty interval must be {}, like the metric", metric.ty);
            let finding = Diagnostic::new(codes::UNIT_MISMATCH, span, what)
                .primary(format!("this is {}", value.ty()))
                .label(metric.span, format!("this is {}", metric.ty));
            let value = Expr::literal(value, span);
            let sign = PercentSign::missing(&value, &metric.ty);
            let finding = match sign {
                Some(sign) => sign.advise(finding),
                None => finding,
            };
            self.tell(finding);
            return None;
        }
        Some(Expr::literal(value, span))
    }

    /// The one value of the term in a node, which the file alone has to tell.
    pub(super) fn known_value(&mut self, node: &crate::syntax::Node) -> Option<(Value, Span)> {
        let expr = self.query(node, &Local::default());
        if expr.is_poison() {
            return None;
        }
        let value = self.fold_whole(&expr);
        if value.is_none() {
            let finding =
                Diagnostic::new(codes::WRONG_ARGUMENT, expr.span, "a value that the file tells is needed here");
            self.tell(finding.primary("this depends on what is measured"));
        }
        value.map(|value| (value, expr.span))
    }
}

/// What is written where a constant would be an amount of the calendar.
const NO_CONSTANT: &str = "a constant is a value, such as `4h` or `72h`; an amount of the calendar is written itself wherever it holds, such as `within 30 days of window end`, or is given to a template as a parameter";

/// What is defined by an expression, or by rows for the options that it differs by.
pub(super) const DEFINED: [&str; 3] = ["fee", "constant", "metric"];

/// The function in which a metric may name itself.
const PREVIOUS: &str = "previous";

/// The way around a circle of definitions: `error_rate → uptime → error_rate`.
pub(super) fn way_in_words(way: &[&Decl]) -> String {
    let names = way.iter().chain(way.first()).filter_map(|decl| decl.name());
    names.map(|name| format!("`{}`", name.text())).collect::<Vec<_>>().join(" → ")
}
