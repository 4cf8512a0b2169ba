//! Calendars: hours of their own, or made of other calendars.

use super::holidays::Day;
use super::sets::{Made, Operand};
use super::statements::Statements;
use super::{Builder, Declaration, Poisonable, made};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarDecl, CalendarRule, HolidaySet, Ref, Table};
use crate::source::Span;
use crate::syntax::{Decl, Element, Kind, Node, NodeExt, Token};
use crate::values::{Calendar, DatedHours, Holidays, MinuteRange, Weekday, WeeklyHours, Zone, minute_of_day};

const CALENDARS: Made = Made {
    keyword: "calendar",
    one: "a calendar",
    several: "calendars",
    example: "office or saturday_cover",
    circle: "hours",
    own: "open mon to fri 09:00 to 17:00",
};

impl Builder<'_> {
    /// All calendars, of an agreement with this zone.
    pub(super) fn calendars(
        &mut self,
        declarations: &[Declaration],
        holidays: &Table<HolidaySet>,
        zone: &Zone,
    ) -> Table<CalendarDecl> {
        self.made_of_others(declarations, &CALENDARS, |builder, decl, known| match builder.made_of(decl, &CALENDARS) {
            Some(expr) => builder.combined(decl, &expr, known, holidays),
            None => builder.hours(decl, holidays, zone),
        })
    }

    fn hours(&mut self, decl: &Decl, holidays: &Table<HolidaySet>, zone: &Zone) -> Poisonable<CalendarDecl> {
        let all = self.statements("calendar", decl.block());
        let (mut own, mut closed, mut shut) = (Holidays::new(), Vec::<Ref>::new(), Vec::new());
        for day in all.all("closed").flat_map(|node| node.all(Kind::closed_day)) {
            match day.leaf(Kind::ident) {
                Some(name) => closed.extend(self.reference(&name, &["holidays"])),
                None => {
                    let (days, day) = self.closed_day(own, &day);
                    own = days;
                    shut.extend(day);
                }
            }
        }
        let (weekly, dated) = self.open_hours(&all, &shut);
        let sets = closed.iter().filter_map(|name| holidays.get(&name.value));
        let days = sets.fold(own.clone(), |days, set| days.union(&set.days));
        let stated = all.one("timezone").and_then(|node| self.zone(node));
        let other = stated.as_ref().map(|stated| stated.value.clone()).filter(|stated| stated != zone);
        made!(CalendarDecl {
            head: self.head(decl, None),
            zone: stated,
            calendar: Calendar::Hours { weekly, dated, closed: days, zone: other },
            rule: CalendarRule::Hours { closed, own },
        })
    }

    /// The hours of the week, and those of single days; `shut` are the days that the calendar itself says are closed.
    fn open_hours(&mut self, all: &Statements, shut: &[(Day, Span)]) -> (WeeklyHours, DatedHours) {
        let (mut weekly, mut dated) = (WeeklyHours::new(), DatedHours::new());
        for node in all.all("open") {
            let days = node.child(Kind::open_dates).map(|dates| self.days_of(&dates)).unwrap_or_default();
            for (day, span) in &days {
                if let Some((_, closed)) = shut.iter().find(|(closed, _)| closed.meets(*day)) {
                    self.open_and_closed(*span, *closed);
                }
            }
            let Some(range) = self.opening(node) else { continue };
            weekly = weekly.with(&weekdays(node), range);
            dated = days.into_iter().fold(dated, |dated, (day, _)| match day {
                Day::Yearly(day) => dated.with_yearly(day, range),
                Day::Single(date) => dated.with_date(date, range),
            });
        }
        (weekly, dated)
    }

    fn open_and_closed(&mut self, open: Span, closed: Span) {
        let message = "one day is both open and closed";
        self.tell(
            Diagnostic::new(codes::IMPOSSIBLE_HOURS, open, message)
                .primary("open on this day")
                .label(closed, "closed on it")
                .help("keep one of the two: `open 12-24 08:00 to 12:00` for a day with hours of its own, `closed 12-24` for one without"),
        );
    }

    fn opening(&mut self, node: &Node) -> Option<MinuteRange> {
        let mut times = node.leaves(Kind::time);
        let (start, end) = (times.next()?, times.next()?);
        if let Some(time) = [&start, &end].into_iter().find(|time| minute_of_day(time.text()).is_none()) {
            let message = format!("there is no time `{}`", time.text());
            self.tell(
                Diagnostic::new(codes::IMPOSSIBLE_HOURS, self.at(time), message)
                    .primary("not a time of the day")
                    .help("a day has the times 00:00 to 24:00, and an hour the minutes 00 to 59"),
            );
            return None;
        }
        let range = MinuteRange::parse(start.text(), end.text());
        if range.is_none() {
            let span = self.at(&start).to(self.at(&end));
            self.tell(
                Diagnostic::new(
                    codes::IMPOSSIBLE_HOURS,
                    span,
                    format!("`{} to {}` is no span of a day", start.text(), end.text()),
                )
                .primary("the end must come after the start, on the same day")
                .help("hours over midnight are two lines: `open fri 22:00 to 24:00` and `open sat 00:00 to 06:00`"),
            );
        }
        range
    }

    fn combined(
        &mut self,
        decl: &Decl,
        expr: &Node,
        known: &Table<CalendarDecl>,
        holidays: &Table<HolidaySet>,
    ) -> Poisonable<CalendarDecl> {
        let (mut of, mut closed) = (Vec::new(), Vec::new());
        let text = self.with_full_names(expr);
        let calendar = self.joined(expr, &CALENDARS, &mut |builder, left: Option<(Calendar, &str)>, right| {
            let right = match right {
                Operand::Grouped(calendar) => calendar,
                Operand::Named(token) if builder.scope.is_always(&token) => Calendar::Always,
                Operand::Named(token) if builder.names_holidays(&token) => {
                    let Some((left, "except")) = left else { return builder.misplaced_holidays(&token) };
                    let name = builder.reference(&token, &["holidays"])?;
                    let whole = left.except_dates(&holidays.get(&name.value)?.days);
                    closed.push(name);
                    return builder.of_few_parts(whole, expr);
                }
                Operand::Named(token) => {
                    let after_except = matches!(left, Some((_, "except")));
                    let kinds: &[&str] = if after_except { &["calendar", "holidays"] } else { &["calendar"] };
                    let name = builder.reference(&token, kinds)?;
                    let calendar = known.get(&name.value)?.calendar.clone();
                    of.push(name);
                    calendar
                }
            };
            let whole = match left {
                None => right,
                Some((left, "or")) => Calendar::Or(vec![left, right]),
                Some((left, "and")) => Calendar::And(vec![left, right]),
                Some((left, _)) => Calendar::Except(Box::new(left), Box::new(right)),
            };
            builder.of_few_parts(whole, expr)
        });
        let mut head = self.head(decl, None);
        head.poisoned |= calendar.is_none();
        made!(CalendarDecl {
            head,
            zone: None,
            calendar: calendar.unwrap_or(Calendar::Always),
            rule: CalendarRule::Combined { text, of, closed },
        })
    }

    /// An expression with the names of the agreement: a template and a file that is imported may call things otherwise.
    fn with_full_names(&self, expr: &Node) -> String {
        let tokens = expr.descendants_with_tokens().filter_map(Element::into_token);
        let words = tokens.filter_map(|token| match token.kind() {
            Kind::blank | Kind::newline | Kind::comment | Kind::doc => None,
            Kind::path => Some(self.scope.full_name(&token).unwrap_or_else(|| token.text().to_owned())),
            _ => Some(token.text().to_owned()),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn names_holidays(&self, token: &Token) -> bool {
        self.scope
            .global(token.text(), self.scope.file_at(token))
            .and_then(|name| self.scope.symbol_of(name))
            .is_some_and(|symbol| symbol.keyword == "holidays")
    }

    /// Tells that a set of holidays stands where only a calendar can.
    fn misplaced_holidays(&mut self, token: &Token) -> Option<Calendar> {
        let name = token.text();
        let message = format!("`{name}` is a set of holidays, and has no hours that could be joined");
        self.tell(
            Diagnostic::new(codes::WRONG_KIND, self.at(token), message)
                .primary("dates, and no calendar")
                .help(format!("its dates can be taken out of a calendar: `office except {name}`; sets of holidays are joined among themselves: `holidays both \"Both\" = {name} or …`")),
        );
        None
    }

    /// A calendar, unless it is made of too many others.
    fn of_few_parts(&mut self, calendar: Calendar, expr: &Node) -> Option<Calendar> {
        if weight(&calendar) <= MOST_PARTS {
            return Some(calendar);
        }
        self.tell(
            Diagnostic::new(codes::NESTED_TOO_DEEPLY, self.span(expr), "a calendar is made of too many others")
                .primary(format!("more than {MOST_PARTS} calendars in all"))
                .help("write its hours out: `open mon to fri 09:00 to 17:00`"),
        );
        None
    }
}

/// How many calendars one may be made of, counted through all combinations.
const MOST_PARTS: usize = 100;

fn weight(calendar: &Calendar) -> usize {
    match calendar {
        Calendar::Always | Calendar::Hours { .. } | Calendar::Dates { .. } => 1,
        Calendar::Or(parts) | Calendar::And(parts) => parts.iter().map(weight).sum(),
        Calendar::Except(base, less) => weight(base) + weight(less),
    }
}

fn weekdays(node: &Node) -> Vec<Weekday> {
    let Some(days) = node.child(Kind::days) else { return Vec::new() };
    let named: Vec<Weekday> = days.leaves(Kind::day).filter_map(|day| Weekday::parse(day.text())).collect();
    match (days.leaf(Kind::to_kw), named.as_slice()) {
        (Some(_), [first, last]) => first.through(*last),
        _ => named,
    }
}
