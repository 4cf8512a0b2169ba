use super::conditions::never_holds;
use super::expression::{self, Local, PercentSign, Promised};
use super::slugs::slug;
use super::{Builder, Declaration, Poisonable, made};
use crate::calculus::{Binary, Expr, ExprKind, Grain, Type, fold};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Bound, Claim, Commitment, Condition, Decision, Payment, Side, Target, Termination, family_of};
use crate::syntax::{Decl, Kind, Node, NodeExt, keyword};

impl Builder<'_> {
    /// Collects which commitments have a warning margin, which expressions elsewhere refer to.
    pub(super) fn collect_warnings(&mut self, declarations: &[Declaration]) {
        for declaration in declarations.iter().filter(|one| one.keyword == "commitment") {
            self.collect_left_out(declaration, |node| (keyword(node) == "warn").then(|| "warn".to_owned()));
            for variant in &declaration.variants {
                self.enter(declaration, variant);
                let name = self.head(&declaration.decl, None).name;
                let warns = self.plain_statements("commitment", &declaration.decl).one("warn").is_some();
                if warns || self.is_unread(&declaration.decl) {
                    self.scope.set_warned(&name);
                }
            }
        }
        self.leave();
    }

    pub(super) fn commitment(&mut self, decl: &Decl) -> Poisonable<Commitment> {
        let all = self.statements("commitment", decl.block());
        let head = self.head(decl, None);
        let targets: Vec<Target> = all.all("target").filter_map(|node| self.target(node, &head.id)).collect();
        let broken = targets.len() < all.all("target").count() || self.is_unread(decl);
        // Without a target that could be read, `target` and `attained` have an unknown type and no error is due.
        let unknown = (broken || targets.is_empty()).then_some((Type::Poison, Grain::Interval));
        // Of a target that stands twice the first one counts, and the second is told.
        let several = targets.iter().any(|target| targets.first().is_some_and(|first| first.id != target.id));
        let local = Local {
            measure: targets.first().map(|target| (target.measure.ty.clone(), target.measure.grain)).or(unknown),
            promised: if several { Promised::Several } else { Promised::Single },
            ..Local::default()
        };
        let (promised, hushed) = (all.all("target").next().is_some(), self.scope.hushed);
        let goal = targets.first().filter(|_| !several).and_then(|target| target.value.clone());
        let made = made!(Commitment {
            of: self.of(decl, &["service", "support"]),
            applies_when: self.applies_when(&all),
            warn: all
                .one("warn")
                .and_then(|node| self.first_bound(node, &local))
                .map(|bound| bound.of_target(goal.as_ref())),
            exclude: self.references(&all, "exclude", &["exclusion", "maintenance"]),
            credit: self.credit(&all, &head.id, &local, &targets),
            times: all.all("times").filter_map(|node| self.factor(node, &head.id, &local)).collect(),
            caps: all.all("cap").filter_map(|node| self.cap(node, &head.id)).collect(),
            skip: all.one("skip").and_then(|node| self.skip(node)),
            combine: self.references(&all, "combine largest with", &["commitment"]),
            claim: all.one("claim").and_then(|node| self.claim(node)),
            decide: all.one("decide").map(|node| self.decision(node)),
            pay: all.one("pay").and_then(|node| self.word(node, &Payment::WORDS)),
            terminate: all
                .all("terminate")
                .map(|node| self.termination(node, &head.id))
                .filter(|one| !never_holds(one.when.as_ref()))
                .collect(),
            remedy: all.one("remedy").and_then(|node| self.remedy(node)),
            targets,
            head,
        });
        if !promised {
            // That it has no target is told, and that nothing can be computed from it follows.
            self.scope.hushed = hushed;
        }
        made
    }

    fn applies_when(&mut self, all: &super::statements::Statements) -> Option<Condition> {
        let query = all.one("applies when")?.child(Kind::query)?;
        let value = self.query(&query, &Local::default());
        let value = self.must_be_condition(value)?;
        self.is_of_window(&value, "`applies when`").then_some(Condition::Measured(value))
    }

    fn target(&mut self, node: &Node, owner: &str) -> Option<Target> {
        let query = node.child(Kind::query)?;
        let whole = self.query_per(&query, &Local::default());
        let window = self.query_window(&query, "a target");
        if whole.is_poison() {
            return None;
        }
        let ExprKind::Binary { op, left, right } = whole.kind else {
            return self.no_comparison(node);
        };
        if !op.is_comparison() {
            return self.no_comparison(node);
        }
        if !self.is_of_window(&left, "a target") || !self.is_amount(&left) {
            return None;
        }
        if query.child(Kind::per).is_none() {
            self.tell(
                Diagnostic::new(
                    codes::INCOMPLETE_STATEMENT,
                    self.span(node),
                    "the target does not say over which window it is judged",
                )
                .primary("`per …` is missing")
                .help("write for example `per calendar month` after it"),
            );
            return None;
        }
        let window = window?;
        let value = self.fold_whole(&right);
        let name = match &left.kind {
            ExprKind::Metric(name) => family_of(name).to_owned(),
            _ => self.expression_slug(&left),
        };
        let suffix = match op {
            Binary::AtLeast => "",
            Binary::AtMost => ".at_most",
            Binary::Greater => ".above",
            Binary::Less => ".below",
            _ => ".equal",
        };
        let id = format!("{owner}.target.{name}{suffix}");
        Some(Target { id, measure: *left, comparison: op, bound: *right, value, window, span: self.span(node) })
    }

    fn no_comparison(&mut self, node: &Node) -> Option<Target> {
        self.tell(
            Diagnostic::new(codes::INCOMPLETE_STATEMENT, self.span(node), "a target compares a metric with a value")
                .primary("this is no comparison")
                .help("write for example `target uptime >= 99.9% per calendar month`"),
        );
        None
    }

    /// Whether a window has one value of it; tells it if it has many. `what` is the place that needs one.
    pub(super) fn is_of_window(&mut self, expr: &Expr, what: &str) -> bool {
        let fits = matches!(expr.grain, Grain::Constant | Grain::Interval) || expr.is_poison();
        if !fits {
            let aggregate = match (&expr.ty, expr.grain) {
                (Type::Occurrences, _) => "take `count(…)` of it, or `share(…)` of a condition on it",
                (Type::Boolean, _) => "take `share(…)` of it, such as `share(power) >= 99.9%`",
                _ => "take `mean(…)`, `max(…)` or `p95(…)` of it, or `share(…)` of a comparison: `share(score >= 4)`",
            };
            let message = format!("{what} needs one value for the whole window");
            let finding = Diagnostic::new(codes::WRONG_GRAIN, expr.span, message).primary(expression::read(expr));
            let declared = match &expr.kind {
                ExprKind::Metric(name) => self.scope.symbol_of(name).map(|symbol| (name, symbol.span)),
                _ => None,
            };
            let finding = match declared {
                Some((name, at)) => finding.label(at, format!("`{name}` is declared here")),
                None => finding,
            };
            self.tell(finding.help(aggregate));
        }
        fits
    }

    /// Whether a target bounds an amount; tells it if it is about a condition or words, which have no more and no less.
    fn is_amount(&mut self, measure: &Expr) -> bool {
        if measure.ty.is_ordered() {
            return true;
        }
        let finding =
            Diagnostic::new(codes::WRONG_ARGUMENT, measure.span, "a target needs an amount that it can bound")
                .primary(format!("this is {}", measure.ty))
                .help("bound what the condition compares, or take a share: `target share(power) = 100%`");
        self.tell(finding);
        false
    }

    /// The value that an expression has in every period; nothing where it depends on a fee, which is reduced in a part
    /// of its period.
    pub(super) fn fold(&self, expr: &Expr) -> Option<crate::calculus::Value> {
        fold(expr, &|name| self.scope.exact.get(name).filter(|_| !self.scope.of_fees.contains(name)).cloned())
    }

    /// The value that an expression has for whole periods of its fees.
    pub(super) fn fold_whole(&self, expr: &Expr) -> Option<crate::calculus::Value> {
        fold(expr, &|name| self.scope.exact.get(name).cloned())
    }

    /// The first bound of a statement such as `warn below 99.97%`.
    pub(super) fn first_bound(&mut self, node: &Node, local: &Local) -> Option<Bound> {
        let bounds = node.child(Kind::bounds)?;
        let mut all = bounds.all(Kind::bound);
        let bound = all.next().and_then(|bound| self.bound(&bound, local));
        if let Some(second) = all.next() {
            self.tell(
                Diagnostic::new(codes::WRONG_KIND, self.span(&second), "one bound is enough here")
                    .primary("the second bound has no meaning"),
            );
        }
        bound
    }

    pub(super) fn bound(&mut self, node: &Node, local: &Local) -> Option<Bound> {
        let words = crate::syntax::keyword(node);
        let (_, side) = Side::WORDS.iter().find(|(word, _)| *word == words)?;
        let limit = self.query(&node.child(Kind::expr_tight)?, local);
        if limit.is_poison() {
            return None;
        }
        if let Some((measure, _)) = &local.measure
            && *measure != Type::Poison
            && limit.ty != *measure
        {
            let finding = Diagnostic::new(
                codes::UNIT_MISMATCH,
                limit.span,
                format!("what is measured is {measure}, and this is {}", limit.ty),
            )
            .primary(format!("this is {}", limit.ty));
            self.tell(match PercentSign::missing(&limit, measure) {
                Some(sign) => sign.advise(finding),
                None => finding.help("a bound is of the same unit as the target"),
            });
            return None;
        }
        let value = self.fold(&limit);
        Some(Bound { side: *side, limit, value, span: self.span(node) })
    }

    fn claim(&mut self, node: &Node) -> Option<Claim> {
        let by = node.child(Kind::s_by);
        let between = by.map(|by| self.by(&by)).unwrap_or_default();
        let mut to = between.to;
        to.extend(self.recipients(node));
        Some(Claim {
            automatic: node.leaf(Kind::automatic).is_some(),
            by: between.by,
            to,
            within: self.tail_deadline(node, "within"),
            with: node.child(Kind::tail_with).and_then(|with| self.text(&with)).map(|text| text.value),
            span: self.span(node),
        })
    }

    fn decision(&mut self, node: &Node) -> Decision {
        let by = node.child(Kind::s_by).map(|by| self.by(&by)).unwrap_or_default();
        Decision { by: by.by, within: self.tail_deadline(node, "within"), span: self.span(node) }
    }

    fn tail_deadline(&mut self, node: &Node, keyword: &str) -> Option<crate::model::Deadline> {
        let inner = node.all(Kind::s_within).find(|inner| crate::syntax::keyword(inner) == keyword)?;
        self.deadline(&inner)
    }

    fn termination(&mut self, node: &Node, owner: &str) -> Termination {
        let all = self.statements("terminate", node.child(Kind::block));
        let by = node.child(Kind::s_by).map(|by| self.by(&by)).unwrap_or_default();
        let when = node.child(Kind::tail_when).and_then(|when| self.condition(&when)).filter(|when| match when {
            // An attribute such as `.breached` says how the commitment stands at a moment.
            Condition::Measured(expr) => expr.grain == Grain::Moment || self.is_of_window(expr, "a right to terminate"),
            Condition::Judged(_) => true,
        });
        let words = match &when {
            Some(Condition::Measured(expr)) => self.expression_slug(expr),
            Some(Condition::Judged(words)) => slug(&words.value),
            None => String::new(),
        };
        let who = by.by.as_ref().map(|party| party.party.clone()).unwrap_or_default();
        Termination {
            id: format!("{owner}.terminate.{who}.{words}"),
            by: by.by,
            when,
            within: self.tail_deadline(node, "within"),
            announce: self.announcement(&all),
            cure: self.deadline_of(&all, "cure within"),
            span: self.span(node),
        }
    }
}
