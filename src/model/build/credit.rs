use super::Builder;
use super::expression::{Local, PercentSign, Promised};
use super::measures::value_slug;
use super::statements::Statements;
use crate::calculus::{Expr, Grain, Type, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Bound, Credit, CreditRow, CreditTable, Factor, Target};
use crate::syntax::{Kind, Node, NodeExt};

impl Builder<'_> {
    /// The credit of a commitment: a table of rows, or an amount that is computed.
    pub(super) fn credit(
        &mut self,
        all: &Statements,
        owner: &str,
        local: &Local,
        targets: &[Target],
    ) -> Option<Credit> {
        let mut found = all.all("credit");
        let first = found.next()?;
        for second in found {
            let finding = Diagnostic::new(codes::REPEATED_STATEMENT, self.span(second), "`credit` is said twice")
                .primary("the second time")
                .label(self.span(first), "the first time")
                .help("put all rows into one table");
            self.tell(if all.is_chosen("credit") { self.for_variant(finding) } else { finding });
        }
        if first.kind() == Kind::s_credit_table {
            return self.credit_table(first, owner, local, targets).map(Credit::Table);
        }
        let amount = self.query(&first.child(Kind::query)?, local);
        let amount = self.must_be_money(amount, "a credit")?;
        Some(Credit::Formula { amount, span: self.span(first) })
    }

    /// What a credit is multiplied by: `times 2 when streak(uptime < 99.9%) >= 2`.
    pub(super) fn factor(&mut self, node: &Node, owner: &str, local: &Local) -> Option<Factor> {
        let by = self.query(&node.child(Kind::expr_tight)?, local);
        let when = self.query(&node.child(Kind::query)?, local);
        let when = self.must_be_condition(when).filter(|when| self.is_of_window(when, "`times … when`"))?;
        if by.is_poison() {
            return None;
        }
        if by.ty != Type::Number || by.grain != Grain::Constant {
            let finding = Diagnostic::new(codes::WRONG_ARGUMENT, by.span, "a credit is multiplied by a number");
            let what = if by.ty == Type::Number {
                "this depends on what is measured".to_owned()
            } else {
                format!("this is {}", by.ty)
            };
            self.tell(finding.primary(what).help("write for example `times 2 when streak(uptime < 99.9%) >= 2`"));
            return None;
        }
        let value = self.fold_whole(&by);
        let id = format!("{owner}.times.{}", self.expression_slug(&when));
        Some(Factor { id, by, value, when, span: self.span(node) })
    }

    fn credit_table(&mut self, node: &Node, owner: &str, local: &Local, targets: &[Target]) -> Option<CreditTable> {
        let base = node.child(Kind::of_ref).and_then(|of| of.leaf(Kind::path));
        let base = base.and_then(|token| self.reference(&token, &["fee"]));
        let using = node.child(Kind::using).and_then(|using| using.child(Kind::expr)).map(|expr| {
            let using = self.query(&expr, local);
            if self.is_of_window(&using, "`using`") { using } else { Expr::poison(using.span) }
        });
        // The rows look at what `using` says, if it says something.
        let local = match &using {
            Some(using) => Local {
                measure: Some((using.ty.clone(), using.grain)),
                promised: match local.promised {
                    Promised::Single => Promised::Single,
                    _ => Promised::Using(promised_of(using, targets)),
                },
                ..local.clone()
            },
            None => local.clone(),
        };
        let single = matches!(local.promised, Promised::Single);
        let goal = targets.first().filter(|_| single).and_then(|target| target.value.as_ref());
        let rows = node.child(Kind::rows);
        let rows: Vec<Node> = rows.iter().flat_map(|rows| rows.all(Kind::row)).collect();
        let bands = node.child(Kind::as_bands).is_some();
        let rows = rows.iter().filter_map(|row| {
            let row = self.row(row, owner, &local, goal)?;
            self.has_fitting_bounds(&row, bands).then_some(row)
        });
        let rows = rows.collect();
        Some(CreditTable { base: base?, bands, using, rows, span: self.span(node) })
    }

    /// Whether a row has the bounds that its table can have: one in a ladder, in bands one on each side.
    fn has_fitting_bounds(&mut self, row: &CreditRow, bands: bool) -> bool {
        let [first, second] = row.bounds.as_slice() else { return true };
        let (message, help) = if !bands {
            (
                "a row of a ladder has one bound: it reaches to the next row",
                "leave out one of the two, or write `as bands` after the fee",
            )
        } else if first.side.is_upper() == second.side.is_upper() {
            (
                "both bounds of the band are on one side",
                "a band ends at `below` or `at most`, and at `above` or `at least`",
            )
        } else {
            return true;
        };
        let finding = Diagnostic::new(codes::WRONG_KIND, second.span, message)
            .primary("the second bound has no meaning")
            .label(first.span, "the first bound");
        self.tell(finding.help(help));
        false
    }

    fn row(&mut self, node: &Node, owner: &str, local: &Local, goal: Option<&Value>) -> Option<CreditRow> {
        if node.child(Kind::key_list).is_some() {
            self.tell(
                Diagnostic::new(codes::WRONG_KIND, self.span(node), "a row of a credit begins with a bound")
                    .primary("not a bound")
                    .help("write for example `below 99.0% gives 25%`"),
            );
            return None;
        }
        let written = node.child(Kind::bounds);
        let bounds: Vec<Node> = written.iter().flat_map(|bounds| bounds.all(Kind::bound)).collect();
        let gives = self.gives(node, local);
        let mut ids = Vec::new();
        let mut made: Vec<Bound> = Vec::new();
        for inner in &bounds {
            let bound = self.bound(inner, local)?.of_target(goal);
            let is_target = matches!(bound.limit.kind, crate::calculus::ExprKind::Target);
            let key = match &bound.value {
                Some(value) if !is_target => value_slug(value),
                _ => self.expression_slug(&bound.limit),
            };
            ids.push(format!("{}_{key}", bound.side.as_str().replace(' ', "_")));
            made.push(bound);
        }
        let key = if ids.is_empty() { "otherwise".to_owned() } else { ids.join("_and_") };
        let gives = gives?;
        let (value, whole) = (self.fold(&gives), self.fold_whole(&gives));
        Some(CreditRow {
            id: format!("{owner}.credit.{key}"),
            bounds: made,
            gives,
            value,
            whole,
            span: self.span(node),
        })
    }

    /// What a row gives. It is read before the bounds, so that a mistake there hides none here.
    fn gives(&mut self, node: &Node, local: &Local) -> Option<Expr> {
        let gives = self.query(&node.child(Kind::query)?, local);
        match &gives.ty {
            Type::Poison => None,
            Type::Ratio | Type::Money(_) => Some(gives),
            other => {
                let finding = Diagnostic::new(
                    codes::UNIT_MISMATCH,
                    gives.span,
                    format!("a credit is a percentage of the fee or an amount of money, not {other}"),
                )
                .primary(format!("this is {other}"));
                self.tell(match PercentSign::missing(&gives, &Type::Ratio) {
                    Some(sign) => sign.advise(finding),
                    None => finding.help("write for example `gives 10%`"),
                });
                None
            }
        }
    }
}

/// What the only target of these that is about `using` promises of it.
fn promised_of(using: &Expr, targets: &[Target]) -> Option<Expr> {
    let measure = using.to_string();
    let mut about = targets.iter().filter(|target| target.measure.to_string() == measure);
    let target = about.next()?;
    about.next().is_none().then(|| target.bound.clone())
}
