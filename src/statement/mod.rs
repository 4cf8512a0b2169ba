//! The statement of a period: what was attained, kept and missed, what is owed and until when it is claimed, as text,
//! Markdown and JSON. All three say the same.

mod json;
mod lines;
mod markdown;
mod text;

pub use json::json;
pub use markdown::markdown;
pub use text::text;

use crate::evaluate::{Account, Outcome, Plan, Step, Totals, totals};
use crate::values::Date;

/// What came out for a period.
#[derive(Debug)]
pub struct Statement<'a> {
    /// What was judged.
    pub plan: &'a Plan<'a>,
    /// The period, from its first day to its last.
    pub period: (Date, Date),
    /// What came out, in the order of the agreement.
    pub outcomes: &'a [Outcome<'a>],
    /// How each came about.
    pub derivations: Vec<Vec<Step>>,
    /// What is owed in all.
    pub totals: Totals,
    /// What is set off against invoices, if everything is claimed in time.
    pub accounts: Vec<Account>,
}

impl<'a> Statement<'a> {
    /// The statement of outcomes, with how each came about where that is to be shown.
    #[must_use]
    pub fn new(
        plan: &'a Plan<'a>,
        period: (Date, Date),
        outcomes: &'a [Outcome<'a>],
        derivations: Vec<Vec<Step>>,
        accounts: Vec<Account>,
    ) -> Statement<'a> {
        Statement { plan, period, outcomes, derivations, totals: totals(plan.model, outcomes), accounts }
    }
}
