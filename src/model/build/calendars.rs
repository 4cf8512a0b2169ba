use super::order::in_order;
use super::values::way_in_words;
use super::{Builder, Declaration, Poisonable, made};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarDecl, CalendarRule, HolidaySet, Ref, Table};
use crate::syntax::{Decl, Element, Kind, Node, NodeExt, Token, text_value};
use crate::values::{Calendar, Holidays, MinuteRange, MonthDay, Weekday, WeeklyHours, minute_of_day, parse_date};
use std::collections::BTreeMap;

/// What a calendar has got as far as: declared, being resolved, or resolved.
type Resolved = BTreeMap<String, Option<Calendar>>;

impl Builder<'_> {
    pub(super) fn holidays(&mut self, decl: &Decl) -> Poisonable<HolidaySet> {
        let all = self.statements("holidays", decl.block());
        let mut days = Holidays::new();
        for node in all.all("closed") {
            for day in node.all(Kind::closed_day) {
                if let Some(name) = day.leaf(Kind::ident) {
                    self.tell(
                        Diagnostic::new(
                            codes::WRONG_KIND,
                            self.at(&name),
                            "a set of holidays holds days, not other sets",
                        )
                        .primary("not a date")
                        .help("name both sets in the calendar: `closed` takes several"),
                    );
                } else {
                    days = self.closed_day(days, &day);
                }
            }
        }
        made!(HolidaySet { head: self.head(decl, None), days })
    }

    fn closed_day(&mut self, days: Holidays, node: &Node) -> Holidays {
        let title = node.leaf(Kind::text).map(|text| text_value(text.text()));
        if let Some(token) = node.leaf(Kind::month_day) {
            return match MonthDay::parse(token.text()) {
                Ok(day) => days.with_yearly(day, title),
                Err(error) => self.no_such_date(&token, &error.to_string()).unwrap_or(days),
            };
        }
        let Some(token) = node.leaf(Kind::date) else { return days };
        match parse_date(token.text()) {
            Ok(date) => days.with_date(date, title),
            Err(error) => self.no_such_date(&token, &error.to_string()).unwrap_or(days),
        }
    }

    /// All calendars. Those that combine others are resolved once those are.
    pub(super) fn calendars(
        &mut self,
        declarations: &[Declaration],
        holidays: &Table<HolidaySet>,
    ) -> Table<CalendarDecl> {
        let mut resolved = Resolved::new();
        let mut made: Vec<Option<CalendarDecl>> = Vec::new();
        let found: Vec<&Decl> =
            declarations.iter().filter(|one| one.keyword == "calendar").map(|one| &one.decl).collect();
        for decl in &found {
            let plain = decl.0.child(Kind::assign).is_none();
            made.push(plain.then(|| self.poisonable(decl, |builder, decl| builder.hours(decl, holidays))));
            if let Some(Some(calendar)) = made.last() {
                resolved.insert(calendar.head.name.clone(), Some(calendar.calendar.clone()));
            }
        }
        let names: BTreeMap<String, usize> =
            found.iter().enumerate().filter_map(|(at, decl)| Some((decl.name()?.text().to_owned(), at))).collect();
        let named = |decl: &&Decl| names_in(decl).iter().filter_map(|name| names.get(name.text()).copied()).collect();
        let (order, circles) = in_order(&found.iter().map(named).collect::<Vec<Vec<usize>>>());
        for circle in circles {
            let way: Vec<&Decl> = circle.iter().filter_map(|index| found.get(*index).copied()).collect();
            self.circular(&way);
        }
        for index in order {
            if let (Some(decl), Some(slot @ None)) = (found.get(index), made.get_mut(index)) {
                let calendar = self.poisonable(decl, |builder, decl| builder.combined(decl, &resolved));
                resolved.insert(calendar.head.name.clone(), Some(calendar.calendar.clone()));
                *slot = Some(calendar);
            }
        }
        let mut table = Table::default();
        made.into_iter().flatten().for_each(|calendar| table.push(calendar));
        table
    }

    fn circular(&mut self, way: &[&Decl]) {
        let Some(first) = way.first() else { return };
        let head = self.head(first, None);
        let message = format!("`{}` is defined by itself", head.name);
        let finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, head.name_span, message)
            .primary("its hours lead back to it")
            .help("give one of the calendars hours of its own: `open mon to fri 09:00 to 17:00`");
        let witness = way_in_words(way);
        self.tell(if way.len() > 1 { finding.witness(witness) } else { finding });
    }

    fn hours(&mut self, decl: &Decl, holidays: &Table<HolidaySet>) -> Poisonable<CalendarDecl> {
        let all = self.statements("calendar", decl.block());
        let mut weekly = WeeklyHours::new();
        for node in all.all("open") {
            let days = weekdays(node);
            if let Some(range) = self.opening(node) {
                weekly = weekly.with(&days, range);
            }
        }
        let (mut own, mut closed): (Holidays, Vec<Ref>) = (Holidays::new(), Vec::new());
        for node in all.all("closed") {
            for day in node.all(Kind::closed_day) {
                match day.leaf(Kind::ident) {
                    Some(name) => closed.extend(self.reference(&name, &["holidays"])),
                    None => own = self.closed_day(own, &day),
                }
            }
        }
        let sets = closed.iter().filter_map(|name| holidays.get(&name.value));
        let days = sets.fold(own.clone(), |days, set| days.union(&set.days));
        made!(CalendarDecl {
            head: self.head(decl, None),
            calendar: Calendar::Hours { weekly, closed: days },
            rule: CalendarRule::Hours { closed, own },
        })
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

    fn combined(&mut self, decl: &Decl, resolved: &Resolved) -> Poisonable<CalendarDecl> {
        let expr = decl
            .0
            .child(Kind::assign)
            .and_then(|assign| assign.child(Kind::query))
            .and_then(|query| query.child(Kind::expr));
        let mut of = Vec::new();
        let text = expr.as_ref().map(|expr| expr.text().to_string()).unwrap_or_default();
        let calendar = expr.and_then(|expr| self.combine(&expr, resolved, &mut of));
        made!(CalendarDecl {
            head: self.head(decl, None),
            calendar: calendar.unwrap_or(Calendar::Always),
            rule: CalendarRule::Combined { text: text.split_whitespace().collect::<Vec<_>>().join(" "), of },
        })
    }

    /// Calendars joined by `or`, `and`, `except`, from left to right; brackets group.
    fn combine(&mut self, expr: &Node, resolved: &Resolved, of: &mut Vec<Ref>) -> Option<Calendar> {
        let mut whole: Option<Calendar> = None;
        let mut operator = String::new();
        for element in expr.children_with_tokens() {
            let part = match (&element, element.kind()) {
                (Element::Token(token), Kind::binop) => {
                    operator = token.text().to_owned();
                    continue;
                }
                (Element::Token(token), Kind::path) if token.text() == "always" => Calendar::Always,
                (Element::Token(token), Kind::path) => {
                    let name = self.reference(token, &["calendar"])?;
                    let calendar = resolved.get(&name.value).cloned().flatten();
                    of.push(name);
                    calendar?
                }
                (Element::Node(node), Kind::grouped) => {
                    let inner = node.child(Kind::query).and_then(|query| query.child(Kind::expr))?;
                    self.combine(&inner, resolved, of)?
                }
                (_, Kind::blank | Kind::newline | Kind::comment | Kind::doc | Kind::punct) => continue,
                _ => return self.no_calendar(expr),
            };
            if whole.as_ref().map_or(0, weight) + weight(&part) > MOST_PARTS {
                return self.too_many_parts(expr);
            }
            whole = Some(match (whole, operator.as_str()) {
                (None, _) => part,
                (Some(left), "or") => Calendar::Or(vec![left, part]),
                (Some(left), "and") => Calendar::And(vec![left, part]),
                (Some(left), "except") => Calendar::Except(Box::new(left), Box::new(part)),
                _ => return self.no_calendar(expr),
            });
        }
        whole
    }

    fn too_many_parts(&mut self, expr: &Node) -> Option<Calendar> {
        self.tell(
            Diagnostic::new(codes::NESTED_TOO_DEEPLY, self.span(expr), "a calendar is made of too many others")
                .primary(format!("more than {MOST_PARTS} calendars in all"))
                .help("write its hours out: `open mon to fri 09:00 to 17:00`"),
        );
        None
    }

    fn no_calendar(&mut self, expr: &Node) -> Option<Calendar> {
        self.tell(
            Diagnostic::new(
                codes::WRONG_KIND,
                self.span(expr),
                "a calendar is made of calendars, `or`, `and` and `except`",
            )
            .primary("not a combination of calendars")
            .help("write for example `office or saturday_cover`"),
        );
        None
    }
}

/// How many calendars one may be made of, counted through all combinations.
const MOST_PARTS: usize = 100;

fn weight(calendar: &Calendar) -> usize {
    match calendar {
        Calendar::Always | Calendar::Hours { .. } => 1,
        Calendar::Or(parts) | Calendar::And(parts) => parts.iter().map(weight).sum(),
        Calendar::Except(base, less) => weight(base) + weight(less),
    }
}

/// The names in the expression of a declaration.
fn names_in(decl: &Decl) -> Vec<Token> {
    let assign = decl.0.child(Kind::assign);
    let tokens = assign.iter().flat_map(|node| node.descendants_with_tokens()).filter_map(Element::into_token);
    tokens.filter(|token| token.kind() == Kind::path).collect()
}

fn weekdays(node: &Node) -> Vec<Weekday> {
    let Some(days) = node.child(Kind::days) else { return Vec::new() };
    let named: Vec<Weekday> = days.leaves(Kind::day).filter_map(|day| Weekday::parse(day.text())).collect();
    match (days.leaf(Kind::to_kw), named.as_slice()) {
        (Some(_), [first, last]) => first.through(*last),
        _ => named,
    }
}
