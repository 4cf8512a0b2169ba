//! The calculus: typed expressions over signals. Pure data, without names to resolve and without syntax: what an
//! expression is, of which type, and what is read to get its value.

mod expr;
mod fold;
mod function;
pub mod operators;
mod print;
mod types;

pub use expr::{Attribute, Binary, CaseReading, Expr, ExprKind, Part, Reading, Slice, Subject, Unary};
pub use fold::{apply, binary, fold, unary};
pub use function::Function;
pub use types::{Grain, Type, Value, shown};
