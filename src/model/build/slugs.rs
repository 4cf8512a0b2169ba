//! Texts and expressions as parts of stable ids.

use super::Builder;
use super::names::Scope;
use crate::calculus::{Binary, Expr, ExprKind};
use crate::model::name_in;
use sha2::{Digest, Sha256};

/// How long a part of an id gets that is made of a text.
const LONGEST_SLUG: usize = 60;

/// A text as a part of a stable id: its letters and digits, joined by `_`.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    // A text of other letters than these, such as Greek ones, is known by its digest alone.
    let lost = slug.is_empty() && text.chars().any(char::is_alphanumeric);
    if slug.len() <= LONGEST_SLUG && !lost {
        return slug.trim_end_matches('_').to_owned();
    }
    // Long texts that begin alike still have ids of their own.
    slug.truncate(LONGEST_SLUG);
    format!("{}_{}", slug.trim_end_matches('_'), mark(text)).trim_start_matches('_').to_owned()
}

/// What tells a text from others whose slugs are the same.
pub(super) fn mark(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

impl Builder<'_> {
    /// An expression as a part of a stable id. Operators become words, so that `x < 1` and `x > 1` differ. The options of the
    /// variant that is lowered stand in the id already, and not once more in the names of what differs by them.
    pub(super) fn expression_slug(&self, expr: &Expr) -> String {
        let signs = [(">=", " at least "), ("<=", " at most "), ("!=", " is not "), ("<", " below "), (">", " above ")];
        let more = [("=", " is "), ("+", " plus "), (" - ", " minus "), ("*", " times "), ("/", " by ")];
        let unary = [(" -", " minus "), ("(-", " minus ")];
        let written = self.scope.without_own_options(&expr.to_string());
        let slug = slug(
            &signs
                .iter()
                .chain(&more)
                .chain(&unary)
                .fold(format!(" {written}"), |text, (sign, word)| text.replace(sign, word)),
        );
        // A slug has no brackets; where they matter, the digest tells what they hold.
        if has_brackets(expr) { format!("{slug}_{}", mark(&written)) } else { slug }
    }
}

impl Scope<'_> {
    /// A text in which the names of what differs stand without the options of the variant that is lowered.
    fn without_own_options(&self, text: &str) -> String {
        let mut whole = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('[') {
            let (before, after) = rest.split_at(open);
            whole.push_str(before);
            let base = before.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next();
            let own = base.and_then(|base| {
                let name = name_in(base, &self.families.get(base)?.restricted(&self.variant));
                after.strip_prefix(name.strip_prefix(base)?).filter(|left| left.len() < after.len())
            });
            rest = own.unwrap_or_else(|| {
                whole.push('[');
                after.strip_prefix('[').unwrap_or_default()
            });
        }
        whole + rest
    }
}

/// Whether an expression means something else without its brackets.
fn has_brackets(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match &part.kind {
            ExprKind::Unary { operand, .. } => matches!(operand.kind, ExprKind::Binary { .. }),
            ExprKind::Binary { op, left, right } => {
                let inner = |side: &Expr| match side.kind {
                    ExprKind::Binary { op, .. } => Some(op),
                    _ => None,
                };
                let same = |inner: Binary| inner == *op && !matches!(op, Binary::Subtract | Binary::Divide);
                inner(left).is_some_and(|inner| level(inner) < level(*op))
                    || inner(right).is_some_and(|inner| level(inner) <= level(*op) && !same(inner))
            }
            _ => false,
        }
    });
    found
}

/// How tightly an operator binds.
fn level(op: Binary) -> u8 {
    match op {
        Binary::Or => 0,
        Binary::And => 1,
        Binary::In => 3,
        Binary::Add | Binary::Subtract => 4,
        Binary::Multiply | Binary::Divide | Binary::Of => 5,
        _ => 2,
    }
}
