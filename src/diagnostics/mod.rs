//! What the compiler tells people: findings with a code, a place, a reason, a witness and a fix, and the ways to show
//! them.
//!
//! A message says what is wrong in lower case without a full stop, with the author's words in backquotes. The witness
//! is a value, a date or a course of events that shows the problem; the help says how to mend it.

mod article;
mod catalogue;
mod diagnostic;
mod excerpt;
pub mod fancy;
mod footer;
pub mod json;
pub mod narrated;
pub mod plain;
pub mod short;
mod suggest;
mod summary;
mod visible;

pub use article::with_article;
pub use catalogue::{Code, FAMILIES, Severity, codes, find};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, arrange, in_plain_sight};
pub use suggest::did_you_mean;
pub use summary::summary;
pub use visible::{is_hazard, line as visible_line};
