//! Selectors: code of Prometheus that stands in a file. Each is parsed, and only a plain selection of series is taken,
//! so that ranges, labels and suffixes can be added to what was understood and never to a text.

use std::fmt::{self, Write};

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector, parse};

use super::pattern;

/// Longer selectors are rejected before they are parsed.
const MAX_LENGTH: usize = 4096;

/// What Prometheus adds to the name of a histogram for the series of which it consists.
const PARTS_OF_HISTOGRAM: [&str; 3] = ["_bucket", "_count", "_sum"];

/// A plain selection of series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selector {
    name: Option<String>,
    matchers: Vec<Matcher>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Matcher {
    label: String,
    operator: &'static str,
    value: String,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// Why it is not one, in words that go on from "this is not a plain selector of series".
    pub fn parse(code: &str) -> Result<Selector, String> {
        if code.len() > MAX_LENGTH {
            return Err(format!("it is longer than {MAX_LENGTH} bytes"));
        }
        if code.chars().any(char::is_control) {
            return Err("it contains a control character or a line break".to_owned());
        }
        let (vector, operators) = vector(code)?;
        if vector.offset.is_some() || vector.at.is_some() {
            return Err("it moves the time with `offset` or `@`".to_owned());
        }
        if !vector.matchers.or_matchers.is_empty() {
            return Err("Prometheus knows no `or` between labels".to_owned());
        }
        if let Some(name) = vector.name.as_ref().filter(|name| !is_name(name, true)) {
            return Err(format!("`{name}` is not the name of a metric in Prometheus 2"));
        }
        let matchers = vector.matchers.matchers.into_iter().zip(operators);
        let matchers =
            matchers.map(|(matcher, operator)| Matcher { label: matcher.name, operator, value: matcher.value });
        let selector = Selector { name: vector.name, matchers: matchers.collect() };
        let mut patterns = selector.matchers.iter().filter(|matcher| matcher.operator.ends_with('~'));
        patterns.try_for_each(|matcher| pattern::check(&matcher.value))?;
        match selector.matchers.iter().find(|matcher| !is_name(&matcher.label, false)) {
            Some(matcher) => Err(format!("`{}` is not the name of a label in Prometheus 2", matcher.label)),
            None => Ok(selector),
        }
    }

    /// Whether it can stand for a histogram: it has a name to add `_bucket` to, and leaves `le` alone.
    pub fn check_histogram(&self) -> Result<(), String> {
        if self.name.is_none() {
            return Err("a histogram needs its name before the braces".to_owned());
        }
        if let Some((_, ending)) = self.part_of_histogram() {
            return Err(format!("`{ending}` names one part of a histogram, and the rules read the others as well"));
        }
        match self.matchers.iter().any(|matcher| matcher.label == "le") {
            true => Err("the bound `le` of a histogram's buckets is not for the selector to choose".to_owned()),
            false => Ok(()),
        }
    }

    /// The name of the histogram of which the metric is only a part, and what its own name adds to that.
    pub fn part_of_histogram(&self) -> Option<(&str, &'static str)> {
        let name = self.name.as_deref()?;
        let whole = |ending| name.strip_suffix(ending).filter(|whole| !whole.is_empty());
        PARTS_OF_HISTOGRAM.into_iter().find_map(|ending| Some((whole(ending)?, ending)))
    }

    /// The same with a suffix to the metric's name.
    pub fn suffixed(&self, suffix: &str) -> Selector {
        let name = self.name.as_ref().map(|name| format!("{name}{suffix}"));
        Selector { name, matchers: self.matchers.clone() }
    }

    /// Whether none of its series has a label of this value, as far as can be seen without running a pattern.
    pub fn excludes(&self, label: &str, value: &str) -> bool {
        self.matchers.iter().filter(|matcher| matcher.label == label).any(|matcher| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|');
            let among = || matcher.value.split('|').any(|one| one == value);
            match matcher.operator {
                "=" => matcher.value != value,
                "!=" => matcher.value == value,
                "=~" => matcher.value.chars().all(is_plain) && !among(),
                _ => matcher.value.chars().all(is_plain) && among(),
            }
        })
    }

    /// The same for series that also have a label of this value.
    pub fn with(&self, label: &str, operator: &'static str, value: &str) -> Selector {
        let mut matchers = self.matchers.clone();
        matchers.push(Matcher { label: label.to_owned(), operator, value: value.to_owned() });
        Selector { name: self.name.clone(), matchers }
    }
}

/// Parses the selection of series that a code is, with the operator of each of its matchers.
fn vector(code: &str) -> Result<(VectorSelector, Vec<&'static str>), String> {
    // The parser compiles each pattern, at a multiple of the time for all the rest; what it has to say of patterns is
    // said by `pattern::check` as well, unless a selection stands on patterns alone.
    let (plain, operators) = without_patterns(code);
    if let Ok(Expr::VectorSelector(vector)) = parse(&plain) {
        let matchers = &vector.matchers.matchers;
        let chosen = matchers.iter().zip(&operators).any(|(one, operator)| *operator == "=" && !one.value.is_empty());
        if matchers.len() == operators.len() && (chosen || vector.name.is_some()) {
            return Ok((vector, operators));
        }
    }
    let vector = match parse(code) {
        Ok(Expr::VectorSelector(vector)) => vector,
        Ok(other) => return Err(format!("it is {}", kind(&other))),
        Err(reason) if reason.contains("regex") => return Err(pattern::UNKNOWN.to_owned()),
        Err(_) => return Err("Prometheus would not understand it".to_owned()),
    };
    let operators = vector.matchers.matchers.iter().map(|matcher| match matcher.op {
        MatchOp::Equal => "=",
        MatchOp::NotEqual => "!=",
        MatchOp::Re(_) => "=~",
        MatchOp::NotRe(_) => "!~",
    });
    let operators = operators.collect();
    Ok((vector, operators))
}

/// A code with each comparison with a pattern as one with a text, and the operators that stood there.
fn without_patterns(code: &str) -> (String, Vec<&'static str>) {
    let (mut plain, mut operators) = (String::with_capacity(code.len()), Vec::new());
    let mut quote = None;
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        plain.push(c);
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            // Between backquotes a backslash is itself.
            (Some('"' | '\''), '\\') => plain.extend(rest.next()),
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '=' | '!') => {
                let next = rest.clone().next();
                operators.push(match (c, next) {
                    ('=', Some('~')) => "=~",
                    ('=', _) => "=",
                    (_, Some('~')) => "!~",
                    _ => "!=",
                });
                if c == '!' {
                    plain.push('=');
                }
                if c == '!' || next == Some('~') {
                    rest.next();
                }
            }
            _ => {}
        }
    }
    (plain, operators)
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_deref().unwrap_or_default())?;
        if self.matchers.is_empty() {
            return Ok(());
        }
        for (index, matcher) in self.matchers.iter().enumerate() {
            f.write_char(if index == 0 { '{' } else { ',' })?;
            write!(f, "{}{}{}", matcher.label, matcher.operator, quoted(&matcher.value))?;
        }
        f.write_char('}')
    }
}

/// A text as a string of PromQL.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    push_quoted(&mut quoted, text);
    quoted
}

/// Adds a text as a string of PromQL.
pub(super) fn push_quoted(to: &mut String, text: &str) {
    to.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\', '\n']) {
        let (plain, special) = rest.split_at(at);
        to.push_str(plain);
        to.push('\\');
        to.push(if special.starts_with('\n') { 'n' } else { special.chars().next().unwrap_or_default() });
        rest = special.get(1..).unwrap_or_default();
    }
    to.push_str(rest);
    to.push('"');
}

fn is_name(name: &str, colons: bool) -> bool {
    let head = |c: char| c.is_ascii_alphabetic() || c == '_' || (colons && c == ':');
    name.starts_with(head) && name.chars().all(|c| head(c) || c.is_ascii_digit())
}

fn kind(expr: &Expr) -> &'static str {
    match expr {
        Expr::MatrixSelector(_) => "a range of time",
        Expr::Subquery(_) => "a subquery",
        Expr::Call(_) => "a call of a function",
        Expr::Aggregate(_) => "an aggregation",
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => "a literal",
        _ => "a calculation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_selectors_come_back_as_they_were() {
        for code in [
            "up",
            r#"a:b{job="api",code=~"5.."}"#,
            r#"{a=~".+"}"#,
            r#"up{a!~"=~\"!~"}"#,
            r#"{__name__="up"}"#,
            r#"x{a!="\"\\",b!~"c|d"}"#,
        ] {
            assert_eq!(Selector::parse(code).map(|selector| selector.to_string()), Ok(code.to_owned()));
        }
        let histogram = Selector::parse(r#"h{a="b"}"#).unwrap().suffixed("_bucket").with("le", "=", "0.8");
        assert_eq!(histogram.to_string(), r#"h_bucket{a="b",le="0.8"}"#);
    }

    #[test]
    fn a_selector_leaves_out_what_its_labels_cannot_be() {
        for (code, gold, basic) in [
            (r#"up{plan="gold"}"#, false, true),
            (r#"up{plan!="gold"}"#, true, false),
            (r#"up{plan=~"gold|tin"}"#, false, true),
            (r#"up{plan!~"gold|tin"}"#, true, false),
            (r#"up{plan=~"b.*"}"#, false, false),
            (r#"up{job="gold"}"#, false, false),
        ] {
            let selector = Selector::parse(code).unwrap();
            assert_eq!(
                (selector.excludes("plan", "gold"), selector.excludes("plan", "basic")),
                (gold, basic),
                "{code}"
            );
        }
    }

    #[test]
    fn anything_else_is_rejected_with_its_reason() {
        for (code, reason) in [
            ("rate(up[5m])", "a call of a function"),
            ("up[5m]", "a range of time"),
            ("up offset 5m", "`offset`"),
            ("up @ 0", "`@`"),
            ("sum(up)", "an aggregation"),
            ("up or vector(1)", "a calculation"),
            ("up == 0", "a calculation"),
            ("(up)", "a calculation"),
            ("-up", "a calculation"),
            ("1", "a literal"),
            ("up[5m:1m]", "a subquery"),
            ("", "understand"),
            ("{}", "understand"),
            ("up{", "understand"),
            ("up\n", "line break"),
            (r#"up{a="b" or c="d"}"#, "`or`"),
            (r#"up{a=~"("}"#, "a pattern in it"),
            (r#"up{a=~"\\Qab\\E"}"#, "a pattern in it"),
            (r#"up{a=~"a++"}"#, "is repeated"),
            (r#"up{a!~"(?x)b c"}"#, "`(?x`"),
            (r#"up{a=~"b)(c"}"#, "a pattern in it"),
            (r#"{a=~".*"}"#, "understand"),
            (r#"{a=~"("}"#, "a pattern in it"),
            (r#"up{a!"b"}"#, "understand"),
        ] {
            let error = Selector::parse(code).unwrap_err();
            assert!(error.contains(reason), "{code}: {error}");
        }
        assert!(Selector::parse(&"a".repeat(5000)).is_err());
        assert!(Selector::parse(r#"h{le="1"}"#).unwrap().check_histogram().is_err());
        assert!(Selector::parse(r#"{a="1"}"#).unwrap().check_histogram().is_err());
    }
}
