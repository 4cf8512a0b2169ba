//! What is owed for an outage, beside what suppliers owe for the same.

use super::{Chains, First, Side};
use crate::calculus::{Value, shown};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Budget, Facts, judge};
use crate::model::{Credit, Model};
use crate::source::Span;
use crate::values::{Exact, Money, Ratio};

/// So many steps are taken to find out what is owed.
const STEPS: u64 = 500_000;

/// What is owed for a whole window without a supplier's service is received from it.
pub fn received(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let budget = Budget::new(STEPS);
    chains.pairs().iter().filter_map(|(own, other)| less(model, own, other, &budget)).collect()
}

fn less(model: &Model, own: &Side<'_>, other: &Side<'_>, budget: &Budget) -> Option<Diagnostic> {
    if own.target.window != other.target.window {
        return None;
    }
    let first = First::of(model, &own.target.window)?;
    let (owed, received) = (owed(model, own, &first, budget)?, owed(model, other, &first, budget)?);
    if owed.currency != received.currency || owed.amount <= received.amount {
        return None;
    }
    let (name, their_name, supplied) =
        (&own.commitment.head.name, &other.commitment.head.name, &other.promise.service.head.name);
    let message = format!("an outage of `{supplied}` costs more under `{name}` than `{their_name}` pays for it");
    let whole = first.name();
    let (owed, received) = (shown(&Value::Money(owed)), shown(&Value::Money(received)));
    Some(
        Diagnostic::new(codes::SUPPLIER_PAYS_LESS, own.credit_span()?, message)
            .primary(format!("{owed} at most"))
            .label(other.credit_span()?, format!("{received} at most"))
            .witness(format!("for {whole} without `{supplied}`, {owed} are owed under `{name}`, and {received} are received under `{their_name}`"))
            .help("agree on a higher credit with the supplier, or keep the difference as a risk that is known"),
    )
}

impl Side<'_> {
    fn credit_span(&self) -> Option<Span> {
        match self.commitment.credit.as_ref()? {
            Credit::Table(table) => Some(table.span),
            Credit::Formula { span, .. } => Some(*span),
        }
    }
}

/// What is owed for a window in which nothing worked, where the file tells the amount.
fn owed(model: &Model, side: &Side<'_>, first: &First, budget: &Budget) -> Option<Money> {
    let metric = side.target.metric()?;
    let mut facts = Facts::default();
    facts.state(metric, None, Value::Ratio(Ratio(Exact::zero())));
    judge(model, side.commitment, &facts, first.at, budget).credit?.ok()?.amount.ok()
}
