//! What is known while an expression is typed.

use super::{Found, Local, Named, Names};
use crate::calculus::{Expr, ExprKind};
use crate::diagnostics::{Code, Diagnostic, codes};
use crate::model::Signal;
use crate::source::{FileId, Span};
use crate::syntax::{Node, NodeExt, Token, range_span};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most operands of one expression, all its brackets included: whatever walks the expression later may recurse.
const MAX_OPERANDS: usize = 500;

/// What is said of one with more.
pub(in crate::model::build) const TOO_LONG: &str = "the expression is too long";

/// The state of typing one expression.
pub(super) struct Scope<'a> {
    pub names: &'a mut dyn Names,
    pub local: &'a Local,
    pub findings: &'a mut Vec<Diagnostic>,
    pub file: FileId,
    /// The filters that the expression is within, the innermost last.
    pub filters: Vec<Filter>,
    /// Where the names that were found are declared.
    declared: BTreeMap<String, Span>,
    operands: usize,
}

/// What a condition after `where` can speak of.
#[derive(Default)]
pub(super) struct Filter {
    /// Runs, which have a length.
    pub runs: bool,
    /// The signals whose parts need no prefix.
    pub signals: Vec<Rc<Signal>>,
}

impl<'a> Scope<'a> {
    pub fn new(names: &'a mut dyn Names, local: &'a Local, findings: &'a mut Vec<Diagnostic>) -> Scope<'a> {
        let file = names.file();
        Scope { names, local, findings, file, filters: Vec::new(), declared: BTreeMap::new(), operands: 0 }
    }

    /// Where a node stands.
    pub fn span(&self, node: &Node) -> Span {
        node.span(self.file)
    }

    /// Where a leaf stands.
    pub fn leaf(&self, token: &Token) -> Span {
        range_span(self.file, token.text_range())
    }

    /// Tells an error; what it is about is poisoned.
    pub fn tell(&mut self, finding: Diagnostic) -> Expr {
        let span = finding.span.unwrap_or_default();
        self.findings.push(finding);
        Expr::poison(span)
    }

    /// Tells an error at a place.
    pub fn error(&mut self, code: &'static Code, span: Span, message: impl Into<String>) -> Expr {
        self.tell(Diagnostic::new(code, span, message))
    }

    /// What a name stands for.
    pub fn find(&mut self, name: &str, file: FileId) -> Option<Found> {
        let found = self.names.find(name, file)?;
        let span = match &found.named {
            Named::Signal(signal) => Some(signal.head.name_span),
            Named::Metric { span, .. }
            | Named::Constant { span, .. }
            | Named::Fee { span, .. }
            | Named::Commitment { span, .. }
            | Named::Varies { span, .. }
            | Named::Other { span, .. } => Some(*span),
            Named::Support { .. } | Named::Given(_) | Named::Any { .. } | Named::Several(_) | Named::Poison => None,
        };
        if let Some(span) = span {
            self.declared.insert(found.name.clone(), span);
        }
        Some(found)
    }

    /// The signal of this name.
    pub fn signal(&self, name: &str) -> Option<Rc<Signal>> {
        self.names.signal(name)
    }

    /// The priorities that a case can have here; none where they are not known.
    pub fn priorities(&self) -> Vec<String> {
        if !self.local.priorities.is_empty() {
            return self.local.priorities.clone();
        }
        self.names.priorities_of(&self.cases())
    }

    /// The one support that handles the cases that are spoken of, if it differs by options, with the priorities that it
    /// has for any of them.
    pub fn desk(&self) -> Option<(String, Vec<String>)> {
        self.names.desk_of(&self.cases())
    }

    /// The signals of the cases that are spoken of.
    fn cases(&self) -> Vec<&str> {
        let filtered = self.filters.iter().flat_map(|filter| &filter.signals).map(|signal| &signal.head.name);
        self.local.cases.iter().chain(filtered).map(String::as_str).collect()
    }

    /// The signals that an expression reads.
    pub fn signals(&mut self, expr: &Expr) -> Vec<Rc<Signal>> {
        let mut read: Vec<String> = Vec::new();
        expr.walk(&mut |part| {
            if let ExprKind::Reading(reading) = &part.kind
                && !read.contains(&reading.signal)
            {
                read.push(reading.signal.clone());
            }
        });
        read.iter().filter_map(|name| self.signal(name)).collect()
    }

    /// Where what an expression names is declared.
    pub fn declaration(&self, expr: &Expr) -> Option<(&str, Span)> {
        let name = match &expr.kind {
            ExprKind::Metric(name) | ExprKind::Constant(name) | ExprKind::Fee(name) => name,
            ExprKind::Reading(reading) => &reading.signal,
            _ => return None,
        };
        self.declared.get_key_value(name).map(|(name, span)| (name.as_str(), *span))
    }

    /// Counts `more` operands; false, once after an error, when there are too many to go on.
    pub fn afford(&mut self, more: usize, span: Span) -> bool {
        let before = self.operands;
        self.operands = before.saturating_add(more);
        if self.operands <= MAX_OPERANDS {
            return true;
        }
        if before <= MAX_OPERANDS {
            let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, TOO_LONG).help(format!(
                "an expression has at most {MAX_OPERANDS} operands; give parts of it names of their own"
            ));
            self.findings.push(finding);
        }
        false
    }
}
