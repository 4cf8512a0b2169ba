//! What names stand for in expressions.

use super::super::expression::{Found, Named, Names};
use super::super::places::{Argument, Meaning, sole_path};
use super::super::templates::VALUES;
use super::{MOST_SUMMED, Scope};
use crate::calculus::Type;
use crate::diagnostics::Diagnostic;
use crate::model::{Signal, family_of};
use crate::source::{FileId, Span};
use crate::syntax::{Node, Token};
use crate::values::Currency;
use std::rc::Rc;

impl Names for Scope<'_> {
    fn file(&self) -> FileId {
        self.file
    }

    fn how_to_choose(&self, by: &[String]) -> Option<String> {
        Scope::how_to_choose(self, by)
    }

    fn help_to_choose(&self, by: &[String]) -> String {
        Scope::help_to_choose(self, by)
    }

    fn currency(&self) -> Option<Currency> {
        self.currency
    }

    fn is_any_option(&self) -> bool {
        self.is_any_option
    }

    fn is_currency_open(&self) -> bool {
        self.currency_open
    }

    fn find(&mut self, name: &str, file: FileId) -> Option<Found> {
        let found = |named| Some(Found { name: name.to_owned(), named });
        match self.meaning(name, file) {
            Meaning::Argument(Argument::Given(node)) => match sole_path(&node) {
                // A path stands for what it names where it is given.
                Some(token) if !token.text().contains('.') => self.find(token.text(), self.file_at(&token)),
                _ => found(Named::Given(node)),
            },
            Meaning::Argument(Argument::Value(word)) => {
                let ty = VALUES.iter().find(|(value, _)| *value == word).and_then(|(_, ty)| ty.clone());
                found(Named::Any { ty: ty.unwrap_or(Type::Poison), is_fee: false })
            }
            Meaning::Argument(Argument::Declared(keyword)) => found(match (keyword, self.currency) {
                ("fee", Some(currency)) => Named::Any { ty: Type::Money(currency), is_fee: true },
                // What it measures is known where it is given; it has no parts in any case.
                ("metric" | "constant" | "fee", _) => Named::Any { ty: Type::Poison, is_fee: keyword == "fee" },
                _ => Named::Poison,
            }),
            Meaning::Argument(Argument::Broken) => found(Named::Poison),
            Meaning::Nothing => {
                let murky = self.is_murky(name);
                self.hushed += usize::from(murky);
                if murky { found(Named::Poison) } else { None }
            }
            Meaning::Declared(full) => Some(self.declared(full)),
            Meaning::Varies { base, by } => {
                let symbol = self.symbols.get(&base)?;
                let (what, span) = (symbol.keyword, symbol.span);
                let all = self.all_variants(&base).into_iter().map(|name| self.declared(name)).collect();
                Some(match what {
                    "commitment" | "support" => Found { name: base, named: Named::Several(all) },
                    _ => {
                        let open = by.iter().any(|dimension| self.dimensions.is_open(dimension));
                        Found { name: base, named: Named::Varies { what, by, open, span, all } }
                    }
                })
            }
        }
    }

    fn signal(&self, name: &str) -> Option<Rc<Signal>> {
        Scope::signal(self, name)
    }

    fn file_of(&self, node: &Node) -> FileId {
        Scope::file_of(self, node)
    }

    fn path(&self, token: &Token) -> Option<(String, FileId)> {
        Scope::path(self, token)
    }

    fn afford_sum(&mut self, parts: usize) -> bool {
        self.summed = self.summed.saturating_add(parts);
        self.summed <= MOST_SUMMED
    }

    fn priorities_of(&self, cases: &[&str]) -> Vec<String> {
        if self.supports.keys().any(|support| self.is_broken_desk(support)) {
            return Vec::new();
        }
        self.desks_of(cases).flat_map(|support| self.priorities(support)).cloned().collect()
    }

    fn desk_of(&self, cases: &[&str]) -> Option<(String, Vec<String>)> {
        let mut desks = self.desks_of(cases);
        let desk = desks.next().filter(|_| desks.next().is_none())?;
        (family_of(desk) != desk).then(|| (desk.to_owned(), self.priorities_of_any(desk)))
    }

    fn note_part(&mut self, span: Span, lacks: Option<Diagnostic>) {
        if let Some(finding) = lacks {
            self.lacks.entry(span).or_insert(finding);
        } else {
            self.has.insert(span);
        }
    }

    fn is_left_out(&self, declaration: &str, part: &str, file: FileId) -> bool {
        file.plain() != self.root && self.left_out.contains(&(declaration.to_owned(), part.to_owned()))
    }

    fn summed_elsewhere(&mut self, dimensions: &[String], span: Span) -> Vec<String> {
        self.sums.insert(span, dimensions.to_vec());
        self.more_in(dimensions, span.file)
    }

    fn is_parameter(&self, name: &str, file: FileId) -> bool {
        matches!(self.meaning(name, file), Meaning::Argument(_))
    }

    fn left_out(&self, dimension: &str, file: FileId) -> Vec<String> {
        let is_shared = file.plain() != self.root;
        self.dimensions.left_out(dimension).filter(|_| is_shared).cloned().collect()
    }

    fn undefined(&mut self, name: &str, span: Span, _expected: &str) -> Option<Diagnostic> {
        self.undefined_name(name, span, &[])
    }
}
