use super::expression::{self, Local};
use super::{Builder, Poisonable, made};
use crate::calculus::{Expr, ExprKind, Type, Unary, Value};
use crate::diagnostics::{Diagnostic, Label, codes, did_you_mean};
use crate::model::{Example, Expectation, Given, GivenCase, OUTCOMES, Ref, SignalKind, Spanned, family_of};
use crate::syntax::{Decl, Kind, Node, NodeExt, Token};
use crate::values::{Date, Duration, Exact, Money, Points, Ratio, YearMonth};

impl Builder<'_> {
    pub(super) fn example(&mut self, decl: &Decl) -> Poisonable<Example> {
        let all = self.statements("example", decl.block());
        let of = self.of(decl, &["commitment", "support"]);
        let signal = of.as_ref().and_then(|of| self.scope.cases(&of.value)).map(str::to_owned);
        made!(Example {
            head: self.head(decl, None),
            during: self.during(decl),
            given: all.all("given").filter_map(|node| self.given(node)).collect(),
            cases: all
                .all("given case")
                .filter_map(|node| self.given_case(node, of.as_ref(), signal.as_deref()))
                .collect(),
            expect: all
                .all("expect")
                .flat_map(|node| node.all(Kind::expected))
                .filter_map(|node| self.expected(&node, signal.as_deref()))
                .collect(),
            of,
        })
    }

    fn during(&mut self, decl: &Decl) -> Option<Spanned<(Date, Date)>> {
        let node = decl.0.child(Kind::during)?;
        let span = self.span(&node);
        if let Some(token) = node.leaf(Kind::month) {
            return match YearMonth::parse(token.text()) {
                Ok(month) => Some(Spanned { value: (month.first_day(), month.last_day()), span }),
                Err(error) => self.no_such_date(&token, &error.to_string()),
            };
        }
        let (from, to) = match node.child(Kind::date_to_date) {
            Some(range) => {
                let mut dates = range.leaves(Kind::date);
                (dates.next()?, dates.next()?)
            }
            None => (node.leaf(Kind::date)?, node.leaf(Kind::date)?),
        };
        Some(Spanned { value: (self.date(&from)?, self.date(&to)?), span })
    }

    fn given(&mut self, node: &Node) -> Option<Given> {
        let token = node.leaf(Kind::path)?;
        let file = self.scope.file_at(&token);
        let own = self.scope.global(token.text(), file).and_then(|name| self.scope.symbol_of(name));
        let occurs = own.is_some_and(|one| ["maintenance", "exclusion"].contains(&one.keyword));
        let what = match occurs {
            true => self.reference(&token, &["maintenance", "exclusion"])?,
            false => self.measured(&token)?,
        };
        let value = self.query(&node.child(Kind::expr)?, &Local::default());
        let during = match node.child(Kind::from_to) {
            Some(range) => Some(self.span_of_time(&range)?),
            None => None,
        };
        let fits = match occurs {
            true => value.is_poison() || self.must_be_condition(value.clone()).is_some(),
            false => self.fits(&token, &value, "given", &Local::default()),
        };
        if value.is_poison() || !fits {
            return None;
        }
        Some(Given { what, value, during, span: self.span(node) })
    }

    /// Whether a value is of the type of what an example names; tells it if not.
    fn fits(&mut self, token: &Token, value: &Expr, verb: &str, local: &Local) -> bool {
        let what = expression::name(token, &mut self.scope, local, &mut self.findings);
        if what.is_poison() || value.is_poison() {
            return false;
        }
        let name = token.text();
        if what.ty == Type::Occurrences {
            let finding =
                Diagnostic::new(codes::WRONG_KIND, self.at(token), format!("`{name}` has no value as a whole"))
                    .primary("a part of it is needed")
                    .help("name a part of the signal, such as `requests.failed`, or the metric that is made of it");
            self.tell(finding);
            return false;
        }
        // A constant or fee in another currency is told where that stands.
        let money = |ty: &Type| matches!(ty, Type::Money(_));
        if what.ty == value.ty || money(&what.ty) && money(&value.ty) {
            return true;
        }
        let message = format!("`{name}` is {}, and {} is {verb}", what.ty, value.ty);
        // Where several examples say so, one thing may be wrong with all of them.
        if let Some(told) = self.findings.iter_mut().find(|finding| finding.message == message) {
            told.labels.push(Label { span: value.span, text: "and here".to_owned() });
            return false;
        }
        let finding =
            Diagnostic::new(codes::UNIT_MISMATCH, value.span, message).primary(format!("this is {}", value.ty));
        let place = self.scope.symbol(name.split('.').next().unwrap_or("")).map(|symbol| symbol.span);
        self.tell(match place {
            Some(place) => finding.label(place, format!("`{name}` is {}", what.ty)),
            None => finding,
        });
        false
    }

    /// Something that an example can give: a metric, a fee, a signal or a part of one.
    fn measured(&mut self, token: &Token) -> Option<Ref> {
        let (text, file) = self.scope.path(token)?;
        let (name, part) = text.split_once('.').unwrap_or((&text, ""));
        let name = self.named(name, file, self.at(token), &["metric", "fee", "signal", "constant"])?;
        let name = name.as_str();
        if !part.is_empty()
            && let Some(signal) = self.scope.signal(name)
        {
            let groups = [&signal.counts, &signal.values, &signal.fields, &signal.milestones, &signal.spans];
            let mut known: Vec<&str> = groups.into_iter().flatten().map(|member| member.head.name.as_str()).collect();
            known.extend((signal.kind == SignalKind::Scores).then_some("score"));
            let milestone = part.split_once('.').map(|(milestone, _)| milestone);
            let is_reading = signal.milestones.iter().any(|one| Some(one.head.name.as_str()) == milestone);
            if !is_reading
                && !known.contains(&part)
                && !signal.head.poisoned
                && !self.scope.is_murky_part(name, "count", part)
            {
                self.no_part(token, name, part, &known, signal.head.name_span);
                return None;
            }
        }
        let whole = if part.is_empty() { name.to_owned() } else { format!("{name}.{part}") };
        Some(self.spanned(token, whole))
    }

    fn no_part(&mut self, token: &Token, name: &str, part: &str, known: &[&str], declared: crate::source::Span) {
        let near = did_you_mean(part, known.iter().copied());
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), format!("`{name}` has no part `{part}`"))
            .primary(near.map_or("no such part".to_owned(), |near| format!("did you mean `{name}.{near}`?")))
            .label(declared, "the signal is declared here");
        self.tell(finding);
    }

    fn span_of_time(&mut self, node: &Node) -> Option<(crate::values::DateTime, crate::values::DateTime)> {
        let mut times = node.leaves(Kind::datetime);
        let (from, to) = (times.next()?, times.next()?);
        let (start, end) = (self.datetime(&from)?, self.datetime(&to)?);
        if start >= end {
            self.tell(
                Diagnostic::new(codes::IMPOSSIBLE_DATE, self.at(&to), "the end comes before the start")
                    .primary("not after the start")
                    .label(self.at(&from), "the start"),
            );
            return None;
        }
        Some((start, end))
    }

    fn given_case(&mut self, node: &Node, of: Option<&Ref>, signal: Option<&str>) -> Option<GivenCase> {
        let of = of?;
        let mut case = GivenCase {
            priority: self.priority_of(&node.leaf(Kind::ident)?, of)?,
            reclassified: Vec::new(),
            milestones: Vec::new(),
            spans: Vec::new(),
            span: self.span(node),
        };
        let block = node.child(Kind::stamp_block)?;
        for stamp in block.all(Kind::stamp) {
            if let Some(change) = stamp.child(Kind::reclassified) {
                let priority = change.leaf(Kind::ident).and_then(|token| self.priority_of(&token, of));
                let time = change.leaf(Kind::datetime).and_then(|token| self.datetime(&token));
                case.reclassified.extend(priority.zip(time));
                continue;
            }
            let Some(name) = stamp.leaf(Kind::ident) else { continue };
            let is_span = stamp.child(Kind::from_to).is_some();
            let Some(reference) = self.part_of(&name, signal?, is_span) else { continue };
            match stamp.child(Kind::from_to) {
                Some(range) => {
                    if let Some((from, to)) = self.span_of_time(&range) {
                        case.spans.push((reference, from, to));
                    }
                }
                None => {
                    if let Some(time) = stamp.leaf(Kind::datetime).and_then(|token| self.datetime(&token)) {
                        case.milestones.push((reference, time));
                    }
                }
            }
        }
        Some(case)
    }

    /// A priority of a support.
    fn priority_of(&mut self, token: &Token, of: &Ref) -> Option<Ref> {
        let known = self.scope.priorities(&of.value).to_vec();
        if known.iter().any(|name| name == token.text()) {
            return Some(self.spanned(token, token.text().to_owned()));
        }
        if !self.scope.is_murky_part(&of.value, "priority", token.text()) {
            let near = did_you_mean(token.text(), known.iter().map(String::as_str));
            let is_elsewhere = self.scope.priorities_of_any(&of.value).iter().any(|name| name == token.text());
            let whose = if is_elsewhere { of.value.as_str() } else { family_of(&of.value) };
            let message = format!("`{whose}` has no priority `{}`", token.text());
            let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), message);
            let primary = near.map_or("no such priority".to_owned(), |near| format!("did you mean `{near}`?"));
            self.tell(finding.primary(primary));
        }
        None
    }

    /// A milestone or span of a signal of cases.
    fn part_of(&mut self, token: &Token, signal: &str, is_span: bool) -> Option<Ref> {
        let found = self.scope.signal(signal)?;
        let known = if is_span { &found.spans } else { &found.milestones };
        let known: Vec<&str> = known.iter().map(|member| member.head.name.as_str()).collect();
        if known.contains(&token.text()) {
            return Some(self.spanned(token, token.text().to_owned()));
        }
        if !found.head.poisoned && !self.scope.is_murky_part(signal, "milestone", token.text()) {
            self.no_part(token, signal, token.text(), &known, found.head.name_span);
        }
        None
    }

    fn expected(&mut self, node: &Node, signal: Option<&str>) -> Option<Expectation> {
        let token = node.leaf(Kind::path)?;
        let name = token.text().split('.').next().unwrap_or("");
        let cases = signal.and_then(|signal| self.scope.signal(signal));
        let milestone =
            cases.as_ref().is_some_and(|cases| cases.milestones.iter().any(|milestone| milestone.head.name == name));
        let murky = cases.map_or(self.scope.unread().any, |cases| cases.head.poisoned);
        let what = if OUTCOMES.contains(&token.text()) || milestone {
            self.spanned(&token, token.text().to_owned())
        } else if murky && self.scope.symbol(name).is_none() {
            // It may be a milestone of cases that could not be read.
            return None;
        } else {
            self.measured(&token)?
        };
        let value = self.query(&node.child(Kind::expr)?, &Local::default());
        if value.is_poison() {
            return None;
        }
        let result = OUTCOMES.contains(&token.text());
        let local = Local { cases: signal.map(str::to_owned), ..Local::default() };
        if !result && !self.fits(&token, &value, "expected", &local) {
            return None;
        }
        let exact = self.fold_whole(&value);
        let rounds_to = match node.leaf(Kind::rounds_kw) {
            Some(_) => Some(self.last_place(&node.child(Kind::expr)?, &value)?),
            None => None,
        };
        Some(Expectation { what, rounds_to, value, exact, span: self.span(node) })
    }

    /// The unit of the last place that a value is written with: 0.01% of `99.80%`.
    fn last_place(&mut self, node: &Node, value: &Expr) -> Option<Value> {
        let literal = match &value.kind {
            ExprKind::Unary { op: Unary::Negate, operand } => &operand.kind,
            own => own,
        };
        let step = match literal {
            ExprKind::Literal(literal) => last_place(&node.text().to_string(), literal),
            _ => None,
        };
        if step.is_none() {
            let message = "`rounds to` is followed by something that has no places";
            let finding = Diagnostic::new(codes::WRONG_ARGUMENT, value.span, message)
                .primary("not a number with its unit")
                .help("write the result with as many places as it is rounded to, such as `rounds to 99.86%`");
            self.tell(finding);
        }
        step
    }
}

fn last_place(text: &str, value: &Value) -> Option<Value> {
    let text = text.trim();
    let unit = text.trim_start_matches('-').trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let suffix = text.get(text.rfind(|letter: char| letter.is_ascii_digit())? + 1..)?.trim();
    let number = unit.rsplit(|letter: char| !letter.is_ascii_digit() && !['.', '_'].contains(&letter)).next()?;
    let places = number.split_once('.').map_or(0, |(_, places)| places.len());
    let step = if places == 0 { "1".to_owned() } else { format!("0.{}1", "0".repeat(places - 1)) };
    let exact = Exact::parse_decimal(&step).ok()?;
    Some(match value {
        Value::Number(_) => Value::Number(exact),
        Value::Ratio(_) if suffix == "%" => Value::Ratio(Ratio::from_percent(&exact)),
        Value::Ratio(_) => Value::Ratio(Ratio(exact)),
        Value::Points(_) => Value::Points(Points::from_points(&exact)),
        Value::Duration(_) => Value::Duration(Duration::parse(&format!("{step}{suffix}")).ok()?),
        Value::Money(money) => Value::Money(Money::new(exact, money.currency)),
        Value::Quantity(_, unit) => Value::Quantity(exact, unit.clone()),
        Value::Boolean(_) | Value::Text(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_is_the_one_that_is_written() {
        let ratio = Value::Ratio(Ratio(Exact::one()));
        let duration = Value::Duration(Duration::zero());
        let cases = [
            ("99.8%", &ratio, "0.1%"),
            ("99.80%", &ratio, "0.01%"),
            ("100%", &ratio, "1%"),
            ("1h30min", &duration, "1min"),
            ("1.5h", &duration, "6min"),
        ];
        for (text, value, step) in cases {
            assert_eq!(last_place(text, value).unwrap().to_string(), step, "{text}");
        }
        assert_eq!(last_place("true", &Value::Boolean(true)), None);
    }
}
