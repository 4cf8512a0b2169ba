//! Sums over all options of a dimension, where a supplier's agreement has more of them than this one.

use super::Builder;
use super::expression::other_sum;
use crate::calculus::{Expr, ExprKind};
use crate::model::{Beyond, Commitment, Model};
use crate::source::Span;
use std::collections::BTreeSet;

impl Builder<'_> {
    /// Tells sums of other files, such as those of a library, of which a supplier's agreement makes use: over its own options
    /// they are other sums. Those that stand in its own file have been told.
    pub(super) fn check_sums(&mut self, model: &Model) {
        let supplied = model.commitments.iter().filter(|one| model.is_supplied(one.of.as_ref()));
        let mut told = BTreeSet::new();
        for commitment in supplied {
            for (sum, used) in self.sums_of(model, commitment) {
                let Some(by) = self.scope.sums.get(&sum).cloned() else { continue };
                let more = self.scope.more_in(&by, commitment.head.name_span.file);
                if more.is_empty() || !told.insert(sum) {
                    continue;
                }
                let name = &commitment.head.name;
                let finding = other_sum(&by, &more, used).primary(format!("`{name}` is in the supplier's agreement"));
                self.tell(if used == sum { finding } else { finding.label(sum, "the sum") });
            }
        }
    }

    /// The sums of which the amounts of a commitment are made, each with where the commitment names it or what leads to it.
    fn sums_of(&self, model: &Model, commitment: &Commitment) -> Vec<(Span, Span)> {
        let amounts = commitment.caps.iter().map(|cap| &cap.amount).chain(commitment.measured());
        let named = commitment.credit.iter().flat_map(|credit| credit.fees(model));
        let named = named.filter_map(|(name, place)| Some((&model.fees.get(name)?.amount, Some(place))));
        let mut waiting: Vec<(&Expr, Option<Span>)> = amounts.map(|amount| (amount, None)).chain(named).collect();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some((expr, place)) = waiting.pop() {
            expr.walk(&mut |part| {
                found.extend(self.sum_in(part.span).map(|sum| (sum, place.unwrap_or(sum))));
                let place = place.unwrap_or(part.span);
                let amount = match &part.kind {
                    ExprKind::Fee(name) => model.fees.get(name).map(|fee| &fee.amount),
                    ExprKind::Constant(name) => model.constants.get(name).map(|constant| &constant.value),
                    _ => None,
                };
                waiting.extend(amount.filter(|amount| seen.insert(amount.span)).map(|amount| (amount, Some(place))));
            });
        }
        found
    }

    /// The first sum that is written in an expression: one of a single fee is nothing but that.
    fn sum_in(&self, expr: Span) -> Option<Span> {
        let after = self.scope.sums.range(Span { end: expr.start, ..expr }..);
        let (sum, _) = after.take(1).find(|(sum, _)| sum.file == expr.file && sum.end <= expr.end)?;
        Some(*sum)
    }

    /// The options of dimensions that the agreements of other files have, and this one does not.
    pub(super) fn options_beyond(&self, model: &Model) -> Vec<Beyond> {
        let mut all = Vec::new();
        for agreement in &model.foreign {
            let file = agreement.head.span.file.plain();
            for (dimension, narrowed) in &self.scope.narrowed {
                let options = self.scope.more_in(std::slice::from_ref(dimension), file);
                if !options.is_empty() {
                    all.push(Beyond { file, dimension: dimension.clone(), options, at: narrowed.at });
                }
            }
        }
        all
    }
}
