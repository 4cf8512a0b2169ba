//! Parameters of templates in selectors: `'http_requests_total{tenant="$tenant"}'`.

use super::Builder;
use super::amounts::sole_token;
use super::places::{Argument, Meaning};
use crate::diagnostics::{Diagnostic, codes, did_you_mean};
use crate::source::Span;
use crate::syntax::{Kind, Node, NodeExt, text_value};

/// What stands for a text where a template is checked by itself.
const ANY: &str = "any";

/// A piece of a selector.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'c> {
    /// As it is written.
    Plain(&'c str),
    /// `$NAME` or `${NAME}`: the name, the byte at which its dollar stands, and the text that it stands in.
    Name(&'c str, usize, Within),
    /// `$$`, which is a dollar.
    Dollar,
}

/// Where in a selector something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// In a value that a label is compared with.
    Value,
    /// In a pattern, after `=~` or `!~`.
    Pattern,
    /// In brackets or braces of a pattern, where letters have another meaning.
    Set,
    /// In a text in which nothing can be masked, between other quotes.
    Raw,
    /// Not in a text.
    Nothing,
}

/// The names of the parameters in a selector.
pub(super) fn names(code: &str) -> Vec<String> {
    let name = |piece| if let Piece::Name(name, ..) = piece { Some(name.to_owned()) } else { None };
    pieces(code).into_iter().filter_map(name).collect()
}

/// A selector in its pieces. A dollar that no name follows is itself: it ends a pattern. One after a backslash in a pattern is that
/// letter.
fn pieces(code: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut plain, mut at) = (Vec::new(), 0, 0);
    let (mut within, mut pattern) = (Within::Nothing, false);
    while let Some(c) = code.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = code.get(at + c.len_utf8()..).unwrap_or_default();
        let mut next = at + c.len_utf8();
        match (within, c) {
            (Within::Nothing, '"') => within = if pattern { Within::Pattern } else { Within::Value },
            (Within::Nothing, '`') => within = Within::Raw,
            (Within::Value | Within::Pattern | Within::Set, '"') | (Within::Raw, '`') => within = Within::Nothing,
            (Within::Value | Within::Pattern | Within::Set, '\\') => {
                // Two backslashes are one, which in a pattern masks what follows.
                let masked = if within != Within::Value && rest.starts_with('\\') { 2 } else { 1 };
                next += rest.chars().take(masked).map(char::len_utf8).sum::<usize>();
            }
            (Within::Pattern, '[' | '{') => within = Within::Set,
            (Within::Set, ']' | '}') => within = Within::Pattern,
            (Within::Nothing, '~') => pattern = true,
            (Within::Nothing, '=' | ',') => pattern = false,
            (_, '$') => {
                let name = name(rest);
                let length = match (name, rest.starts_with('$')) {
                    (_, true) => 1,
                    (Some((_, length)), _) => length,
                    (None, _) => 0,
                };
                if length > 0 {
                    pieces.push(Piece::Plain(code.get(plain..at).unwrap_or_default()));
                    pieces.push(name.map_or(Piece::Dollar, |(name, _)| Piece::Name(name, at, within)));
                    next += length;
                    plain = next;
                }
            }
            _ => {}
        }
        at = next;
    }
    pieces.push(Piece::Plain(code.get(plain..).unwrap_or_default()));
    pieces
}

/// The name after a dollar, and how many bytes it takes with the braces that it may have.
pub(super) fn name(after: &str) -> Option<(&str, usize)> {
    let inner = after.strip_prefix('{').unwrap_or(after);
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = inner.get(..inner.find(|c| !is_letter(c)).unwrap_or(inner.len()))?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    match inner.len() == after.len() {
        true => Some((name, name.len())),
        false => inner.get(name.len()..)?.starts_with('}').then_some((name, name.len() + 2)),
    }
}

/// Whether a piece of a pattern says how often what stands before it is repeated.
fn is_repeated(next: Option<&Piece<'_>>) -> bool {
    matches!(next, Some(Piece::Plain(text)) if text.starts_with(['*', '+', '?', '{']))
}

/// A text within a text of PromQL between double quotes, for a pattern as one that matches it alone.
fn masked(text: &str, within: Within) -> String {
    let mut masked = String::with_capacity(text.len());
    for c in text.chars() {
        if within == Within::Pattern && r"\.+*?()|[]{}^$".contains(c) {
            masked.push_str(r"\\");
        }
        match c {
            '"' | '\\' => masked.extend(['\\', c]),
            '\n' => masked.push_str(r"\n"),
            _ => masked.push(c),
        }
    }
    masked
}

impl Builder<'_> {
    /// A selector with what is given for the parameters in it; nothing after an error. `series` is the line that it stands in, and
    /// `span` the place between its quotes.
    pub(super) fn filled(&mut self, series: &Node, code: &str, span: Span) -> Option<String> {
        let mut filled = String::with_capacity(code.len());
        let mut sound = true;
        let mut pieces = pieces(code).into_iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Plain(text) => filled.push_str(text),
                Piece::Dollar => filled.push('$'),
                Piece::Name(name, at, within) => {
                    let start = span.start + u32::try_from(at).unwrap_or(0);
                    let at = Span::new(span.file, start, start + 1 + u32::try_from(name.len()).unwrap_or(0));
                    match self.text_given(series, name, at, within) {
                        // What is repeated after it is all of it.
                        Some(text) if within == Within::Pattern && is_repeated(pieces.peek()) => {
                            filled.extend(["(?:", &masked(&text, within), ")"]);
                        }
                        Some(text) => filled.push_str(&masked(&text, within)),
                        None => sound = false,
                    }
                }
            }
        }
        sound.then_some(filled)
    }

    /// The text that is given for a parameter.
    fn text_given(&mut self, series: &Node, name: &str, at: Span, within: Within) -> Option<String> {
        let file = at.file;
        let wrong = match within {
            Within::Value | Within::Pattern => None,
            Within::Set => {
                Some("write the parameter outside of brackets and braces: there it stands for itself as a whole")
            }
            Within::Raw => Some("write the value between double quotes, in which every text can stand"),
            Within::Nothing => Some("a parameter stands in the value of a label, between double quotes"),
        };
        if let Some(help) = wrong {
            let message = format!("no text can stand for `${name}` here");
            let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, at, message);
            self.tell(finding.primary("has no meaning here").help(help));
            return None;
        }
        match self.scope.meaning(name, file) {
            Meaning::Argument(argument) => {
                let found = self.text_of(argument);
                // Where it has to be a text, something else is told where it is given.
                if found.is_none() && kind_of(series, name).is_none_or(|kind| kind != "text") {
                    let message = format!("`{name}` stands for no text");
                    let finding = Diagnostic::new(codes::WRONG_KIND, at, message);
                    self.tell(finding.primary("a parameter `as text` is expected here"));
                }
                self.scope.hushed += usize::from(found.is_none());
                found
            }
            _ => {
                let parameters =
                    self.scope.views.of(file).map(|view| view.arguments.keys().cloned().collect::<Vec<_>>());
                let parameters = parameters.unwrap_or_default();
                let finding = Diagnostic::new(codes::UNDEFINED_NAME, at, format!("no parameter is called `{name}`"));
                self.tell(match did_you_mean(name, parameters.iter().map(String::as_str)) {
                    Some(near) => finding.primary(format!("did you mean `${near}`?")),
                    None => finding.primary("`$` stands before a parameter of a template").help(
                        "write the value itself, or make it a parameter of a template, `as text`; a dollar before a letter is written `$$`",
                    ),
                });
                None
            }
        }
    }

    /// The text that an argument is, also by way of a template that hands it on.
    fn text_of(&self, argument: Argument) -> Option<String> {
        let mut argument = argument;
        loop {
            let Argument::Given(node) = argument else {
                return matches!(argument, Argument::Value("text")).then(|| ANY.to_owned());
            };
            let token = sole_token(&node)?;
            if token.kind() == Kind::text {
                return Some(text_value(token.text()));
            }
            let Meaning::Argument(next) = self.scope.meaning(token.text(), self.scope.file_at(&token)) else {
                return None;
            };
            argument = next;
        }
    }
}

/// What a parameter has to be, by the head of the template that a node stands in.
fn kind_of(node: &Node, parameter: &str) -> Option<String> {
    let template = node.ancestors().find(|node| node.kind() == Kind::template)?;
    let params = template.child(Kind::params)?;
    let param =
        params.all(Kind::param).find(|param| param.leaf(Kind::ident).is_some_and(|name| name.text() == parameter))?;
    Some(param.child(Kind::as_kind)?.leaf(Kind::ident)?.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_after_a_dollar_is_found_where_it_stands() {
        let pieces = pieces(r#"a{b="$b",c=~"x${c}_\"$d.*$",e=`$e`,f="$$f"} $g"#);
        let names: Vec<_> = pieces.iter().filter(|piece| !matches!(piece, Piece::Plain(_))).collect();
        assert_eq!(
            names,
            [
                &Piece::Name("b", 5, Within::Value),
                &Piece::Name("c", 14, Within::Pattern),
                &Piece::Name("d", 21, Within::Pattern),
                &Piece::Name("e", 31, Within::Raw),
                &Piece::Dollar,
                &Piece::Name("g", 44, Within::Nothing),
            ]
        );
    }

    #[test]
    fn a_pattern_means_a_parameter_as_a_whole() {
        let within = |code| {
            let within = |piece: &Piece<'_>| if let Piece::Name(.., within) = piece { Some(*within) } else { None };
            pieces(code).iter().filter_map(within).collect::<Vec<_>>()
        };
        assert_eq!(within(r#"a{b=~"[$b]$b{2}$b"}"#), [Within::Set, Within::Pattern, Within::Pattern]);
        assert_eq!(within(r#"a{b=~"x{$b}"}"#), [Within::Set]);
        assert_eq!(within(r#"a{b=~"\\$b"}"#), [], "the pattern's own way to write a dollar");
        assert_eq!(within(r#"a{b=~"\\[$b"}"#), [Within::Pattern], "a bracket that is itself");
        assert_eq!(within(r#"a{b="\\$b"}"#), [Within::Value]);
        assert!(is_repeated(pieces(r#"a{b=~"$b{2}"}"#).get(2)) && !is_repeated(pieces(r#"a{b=~"$b"}"#).get(2)));
    }

    #[test]
    fn no_text_leaves_its_quotes() {
        assert_eq!(masked("a\"} or up{b=\"\\\n", Within::Value), r#"a\"} or up{b=\"\\\n"#);
        assert_eq!(masked("a.b|c\\\"", Within::Pattern), r#"a\\.b\\|c\\\\\""#);
    }

    #[test]
    fn a_dollar_without_a_name_is_itself() {
        for code in ["up{a=~\"5..$\"}", "up{a=\"$\"}", "up{a=\"$1\"}", "up{a=\"${b\"}", "up{a=~\"(a$|${}b)\"}"] {
            assert_eq!(pieces(code), [Piece::Plain(code)]);
        }
    }
}
