//! Sets of holidays: days of their own, or made of other sets.

use super::sets::{Made, Operand};
use super::{Builder, Declaration, Poisonable, made};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{HolidaySet, Ref, Spanned, Table, Years};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Node, NodeExt, Token, text_value};
use crate::values::{Date, Holidays, MonthDay, parse_date};

/// A day of every year, or a single date.
#[derive(Clone, Copy)]
pub(super) enum Day {
    Yearly(MonthDay),
    Single(Date),
}

impl Day {
    /// Whether there is a date that both mean.
    pub(super) fn meets(self, other: Day) -> bool {
        match (self, other) {
            (Day::Yearly(one), Day::Yearly(other)) => one == other,
            (Day::Single(one), Day::Single(other)) => one == other,
            (Day::Yearly(day), Day::Single(date)) | (Day::Single(date), Day::Yearly(day)) => day == MonthDay::of(date),
        }
    }
}

const HOLIDAYS: Made = Made {
    keyword: "holidays",
    one: "a set of holidays",
    several: "sets of holidays",
    example: "national or regional",
    circle: "days",
    own: "closed 12-25 \"Christmas Day\"",
};

impl Builder<'_> {
    pub(super) fn holidays(&mut self, declarations: &[Declaration]) -> Table<HolidaySet> {
        self.made_of_others(declarations, &HOLIDAYS, |builder, decl, known| match builder.made_of(decl, &HOLIDAYS) {
            Some(expr) => builder.joined_holidays(decl, &expr, known),
            None => builder.own_holidays(decl),
        })
    }

    fn own_holidays(&mut self, decl: &Decl) -> Poisonable<HolidaySet> {
        let all = self.statements("holidays", decl.block());
        let mut days = Holidays::new();
        for day in all.all("closed").flat_map(|node| node.all(Kind::closed_day)) {
            match day.leaf(Kind::ident) {
                Some(name) => self.set_in_a_set(decl, &name),
                None => days = self.closed_day(days, &day).0,
            }
        }
        let covers = all.one("covers").and_then(|node| self.years_covered(node));
        made!(HolidaySet { head: self.head(decl, None), days, of: Vec::new(), covers })
    }

    fn years_covered(&mut self, node: &Node) -> Option<Spanned<Years>> {
        let mut years = node.leaves(Kind::int);
        let (first, last) = (years.next()?, years.next());
        let first = self.year(&first)?;
        let last = match last {
            Some(last) => self.year(&last)?,
            None => first,
        };
        let span = self.span(node);
        if last < first {
            let message = format!("years from {first} to {last} do not exist");
            self.tell(
                Diagnostic::new(codes::IMPOSSIBLE_DATE, span, message)
                    .primary("the last year comes before the first")
                    .help(format!("write `covers {last} to {first}`")),
            );
            return None;
        }
        Some(Spanned { value: Years { first, last }, span })
    }

    fn year(&mut self, token: &Token) -> Option<i16> {
        let year = token.text().parse().ok().filter(|year| (1..=9999).contains(year));
        if year.is_none() {
            let message = format!("there is no year `{}`", token.text());
            self.tell(
                Diagnostic::new(codes::IMPOSSIBLE_DATE, self.at(token), message)
                    .primary("a year is written with four digits")
                    .help("name the first and the last year, such as `covers 2026 to 2031`"),
            );
        }
        year
    }

    fn set_in_a_set(&mut self, decl: &Decl, name: &Token) {
        let own = decl.name().map_or_else(|| "this_one".to_owned(), |own| own.text().to_owned());
        let help = format!(
            "make a set of both: `holidays all_days \"All days\" = {own} or {}`; or name both in the calendar: `closed` takes several",
            name.text()
        );
        let message = "`closed` in a set of holidays takes days, not other sets";
        self.tell(Diagnostic::new(codes::WRONG_KIND, self.at(name), message).primary("not a date").help(help));
    }

    fn joined_holidays(&mut self, decl: &Decl, expr: &Node, known: &Table<HolidaySet>) -> Poisonable<HolidaySet> {
        let mut of: Vec<Ref> = Vec::new();
        let days = self.joined(expr, &HOLIDAYS, &mut |builder, left: Option<(Holidays, &str)>, right| {
            let right = match right {
                Operand::Grouped(days) => days,
                Operand::Named(token) => {
                    let name = builder.reference(&token, &["holidays"])?;
                    let days = known.get(&name.value)?.days.clone();
                    of.push(name);
                    days
                }
            };
            Some(match left {
                None => right,
                Some((left, "or")) => left.union(&right),
                Some((left, "and")) => left.intersection(&right),
                Some((left, _)) => left.difference(&right),
            })
        });
        let mut head = self.head(decl, None);
        head.poisoned |= days.is_none();
        let covered = of.iter().filter_map(|name| Some(known.get(&name.value)?.covers.as_ref()?.value));
        let covered = covered.map(Some).reduce(|all, one| all?.and(one?)).flatten();
        let covers = covered.map(|value| Spanned { value, span: head.name_span });
        made!(HolidaySet { head, days: days.unwrap_or_default(), of, covers })
    }

    /// A set with one more day, and that day with its place; without it, if there is no such day.
    pub(super) fn closed_day(&mut self, days: Holidays, node: &Node) -> (Holidays, Option<(Day, Span)>) {
        let title = node.leaf(Kind::text).map(|text| text_value(text.text()));
        let day = self.days_of(node).into_iter().next();
        let days = match day {
            Some((Day::Yearly(day), _)) => days.with_yearly(day, title),
            Some((Day::Single(date), _)) => days.with_date(date, title),
            None => days,
        };
        (days, day)
    }

    /// The days and dates directly in a node, with their places; those that do not exist are told.
    pub(super) fn days_of(&mut self, node: &Node) -> Vec<(Day, Span)> {
        let mut days = Vec::new();
        for token in node.said() {
            let day = match token.kind() {
                Kind::month_day => MonthDay::parse(token.text()).map(Day::Yearly),
                Kind::date => parse_date(token.text()).map(Day::Single),
                _ => continue,
            };
            match day {
                Ok(day) => days.push((day, self.at(&token))),
                Err(error) => {
                    let _: Option<Day> = self.no_such_date(&token, &error.to_string());
                }
            }
        }
        days
    }
}
