//! From the syntax of an expression to its typed form: precedence, names, operators, functions.

mod call;
mod climb;
mod function;
mod literal;
mod member;
mod mismatch;
mod never;
mod path;
mod scope;
mod sum;
mod term;
mod window;

use crate::calculus::{Expr, Grain, Type};
use crate::diagnostics::Diagnostic;
use crate::model::Signal;
use crate::source::{FileId, Span};
use crate::syntax::{Node, Token};
use crate::values::Currency;
use scope::Scope;
use std::rc::Rc;
pub(super) use sum::other_sum;

pub(in crate::model::build) use call::stray_per;
pub(in crate::model::build) use literal::{amount, literal};
pub(in crate::model::build) use mismatch::{PercentSign, read};
pub(in crate::model::build) use never::{is_never, never_within, without_never};
pub(in crate::model::build) use scope::TOO_LONG;
pub(in crate::model::build) use window::{no_single, window};

/// What the names in expressions stand for.
pub(in crate::model::build) trait Names {
    /// The file that the expression is in.
    fn file(&self) -> FileId;
    /// How the declaration that the expression is in says which variant is meant of what differs by some dimensions; nothing
    /// where none can be meant.
    fn how_to_choose(&self, _by: &[String]) -> Option<String> {
        None
    }
    /// The same as a help.
    fn help_to_choose(&self, _by: &[String]) -> String {
        String::new()
    }
    /// The currency of the agreement, for `invoiced`.
    fn currency(&self) -> Option<Currency>;
    /// Whether the currency of the agreement may stand in a text that could not be read.
    fn is_currency_open(&self) -> bool {
        false
    }
    /// Whether the declaration that the expression is in may differ by dimensions that are not known.
    fn is_any_option(&self) -> bool {
        false
    }
    /// What a name stands for in a file; it is silent about a name that is not declared.
    fn find(&mut self, name: &str, file: FileId) -> Option<Found>;
    /// The signal of this name of the agreement.
    fn signal(&self, name: &str) -> Option<Rc<Signal>>;
    /// Where a node is read.
    fn file_of(&self, node: &Node) -> FileId;
    /// The text of a path with what is given for a parameter that it begins with, and where that stands; nothing where
    /// the parameter stands for something that is no path.
    fn path(&self, token: &Token) -> Option<(String, FileId)>;
    /// Counts the parts of a sum over an open dimension; false when all such sums of the agreement are too long together.
    fn afford_sum(&mut self, _parts: usize) -> bool {
        true
    }
    /// Notes where a sum over all options of some dimensions stands. Gives the options over which it is taken there, in the
    /// file of a supplier's own agreement, and which this one leaves out.
    fn summed_elsewhere(&mut self, _dimensions: &[String], _span: Span) -> Vec<String> {
        Vec::new()
    }
    /// Whether a name is a parameter of the template in which it stands.
    fn is_parameter(&self, _name: &str, _file: FileId) -> bool {
        false
    }
    /// The options of a dimension that the agreement leaves out, and that a file may name which several agreements share.
    fn left_out(&self, _dimension: &str, _file: FileId) -> Vec<String> {
        Vec::new()
    }
    /// Notes at a place whether what is named there has what it is asked for, a warning margin or a priority, for each option
    /// for which it is lowered; `lacks` is the error where it has that for none of them.
    fn note_part(&mut self, _span: Span, _lacks: Option<Diagnostic>) {}
    /// Whether a declaration has a part, a warning margin (`warn`) or a priority, for options only that the agreement leaves out,
    /// and a file that several agreements share asks for it.
    fn is_left_out(&self, _declaration: &str, _part: &str, _file: FileId) -> bool {
        false
    }
    /// The priorities of the supports whose cases are one of these signals; none where they are not all known.
    fn priorities_of(&self, cases: &[&str]) -> Vec<String>;
    /// The one support whose cases are one of these signals, if it differs by options, and which priorities it has for any
    /// of them.
    fn desk_of(&self, _cases: &[&str]) -> Option<(String, Vec<String>)> {
        None
    }

    /// The error that nothing has this name; nothing where the name may stand in a text that could not be read.
    fn undefined(&mut self, name: &str, span: Span, expected: &str) -> Option<Diagnostic>;
}

/// What a name stands for, with its name in the agreement.
#[derive(Clone, Debug)]
pub(in crate::model::build) struct Found {
    pub name: String,
    pub named: Named,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(in crate::model::build) enum Named {
    /// Something that is measured.
    Signal(Rc<Signal>),
    /// Something that is computed from it.
    Metric { ty: Type, grain: Grain, span: Span },
    /// A value with a name.
    Constant { ty: Type, span: Span },
    /// An amount of money that is paid.
    Fee { ty: Type, span: Span },
    /// A promise.
    Commitment { margin: Margin, span: Span },
    /// A service desk, with the priorities that it has, and those that it has for any option. Of a broken one no priority
    /// is known to be absent.
    Support { priorities: Vec<String>, any: Vec<String>, broken: bool },
    /// What has no value in an expression, such as a party.
    Other { what: &'static str, span: Span },
    /// What a use of a template gives for a parameter.
    Given(Node),
    /// Anything of a type: what a template says of a parameter. One that is a fee may be one of each option.
    Any { ty: Type, is_fee: bool },
    /// What differs by dimensions of which no option is chosen here.
    Varies {
        what: &'static str,
        by: Vec<String>,
        /// Whether one of the dimensions is open, so that what is declared for each option may be any number.
        open: bool,
        span: Span,
        all: Vec<Found>,
    },
    /// A declaration in all its variants.
    Several(Vec<Found>),
    /// What could not be understood; an error has been told.
    Poison,
}

/// Whether a promise has a warning margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::model::build) enum Margin {
    /// It has none for any option.
    Nowhere,
    /// It has one for other options only.
    Elsewhere,
    /// It has one.
    Here,
}

/// What an expression may say because of the place where it stands.
#[derive(Clone, Debug, Default)]
pub(in crate::model::build) struct Local {
    /// Type and grain of the commitment's measure: then `target` and `attained` are values of this type.
    pub measure: Option<(Type, Grain)>,
    /// Which target `target` is about.
    pub promised: Promised,
    /// The cases of the support that it stands in: then `priority` and the parts of a case need no prefix.
    pub cases: Option<String>,
    /// The priorities of the support that it stands in.
    pub priorities: Vec<String>,
}

/// Which target of a commitment the words `target` and `attained` are about.
#[derive(Clone, Debug, Default)]
pub(in crate::model::build) enum Promised {
    /// The only one that there is.
    #[default]
    Single,
    /// One of several, and nothing says which.
    Several,
    /// The one of several that is about what `using` names, with what it promises; nothing if not one of them is, or
    /// more than one. `attained` keeps no meaning: the metric has a name.
    Using(Option<Expr>),
}

/// The typed expression of a node: a query, an expression, one term, or the first of these within the node.
///
/// A `per` that is not within the brackets of a function belongs to the statement, such as the window of a target:
/// it is left to the caller.
pub(in crate::model::build) fn query(
    node: &Node,
    names: &mut dyn Names,
    local: &Local,
    findings: &mut Vec<Diagnostic>,
) -> Expr {
    let mut scope = Scope::new(names, local, findings);
    call::query(node, &mut scope)
}

/// The typed expression of a path that stands where only a name can, such as what an example gives.
pub(in crate::model::build) fn name(
    path: &Token,
    names: &mut dyn Names,
    local: &Local,
    findings: &mut Vec<Diagnostic>,
) -> Expr {
    let mut scope = Scope::new(names, local, findings);
    path::path(path, &mut scope)
}

#[cfg(test)]
mod tests;
