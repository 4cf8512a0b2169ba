//! Why something is not watched.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;

/// Why something is not watched, in words that follow "because".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A signal names no series in Prometheus.
    NoSource(String),
    /// Rules cannot say it, or are not made for it.
    Inexpressible(String),
}

impl Reason {
    /// The note that something is left out.
    pub fn note(self, span: Span, what: String) -> Diagnostic {
        let (code, words) = match self {
            Reason::NoSource(words) => (codes::NO_SOURCE, words),
            Reason::Inexpressible(words) => (codes::NOT_WATCHED, words),
        };
        Diagnostic::new(code, span, what).primary(words)
    }
}

impl From<String> for Reason {
    fn from(words: String) -> Reason {
        Reason::Inexpressible(words)
    }
}

impl From<&str> for Reason {
    fn from(words: &str) -> Reason {
        words.to_owned().into()
    }
}
