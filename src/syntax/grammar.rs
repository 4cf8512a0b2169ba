//! The pest parser. Nothing outside this room sees pest; `Kind` is what the others know of it.

/// The parser that pest derives from the grammar.
#[allow(missing_docs)]
mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/sla.pest"]
    pub struct SlaParser;
}

pub use derived::Rule as Kind;
pub(super) use derived::SlaParser;
