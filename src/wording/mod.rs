//! The model in plain English: the sentences that the contract, the alerts and the findings share, so that they never
//! say different things.
//!
//! Everything here is plain text of one line, without any markup: who prints it into a format escapes it as a whole.

mod clause;
mod draft;
mod expression;
mod family;
mod names;
mod operands;
mod people;
mod promise;
mod remedy;
mod time;
mod value;
mod whole;

pub use clause::{clause, condition, option_title, relation};
pub use draft::draft;
pub use expression::{definition, expr};
pub use family::{only_largest, titles_once};
pub use names::{calendar, is_plural, label, listed, lowered, metric, one_line, plain, sentence, signal, term, titled};
pub use people::{creditor, debtor, parties, party};
pub use promise::{measured, promise, promised};
pub use remedy::{credit_summary, ladder_rows, limit, spelled};
pub use time::{
    amount, anchor, announcement, consecutive, counted, date, date_time, deadline, ordinal, recurrence, stretch,
    stretch_before, window, window_each, window_name,
};
pub use value::{number, value};
