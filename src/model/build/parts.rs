//! Small parts of statements: texts, words of a closed list, dates, amounts, and references that many clauses share.

use super::Builder;
use super::expression::{self, Local};
use super::places::{Argument, Meaning};
use super::statements::Statements;
use crate::calculus::Expr;
use crate::diagnostics::{Code, Diagnostic, Fix, codes, did_you_mean, with_article};
use crate::model::{
    Anchor, Announcement, Between, CalendarRef, Deadline, Every, PartyRef, Recurrence, Ref, Spanned, Words,
};
use crate::source::{FileId, Span};
use crate::syntax::{Kind, Node, NodeExt, Token, range_span, text_value};
use crate::values::{Date, DateTime, PeriodUnit, Window, parse_date, parse_datetime};

/// Words that people write for one of a closed list.
const SYNONYMS: &[(&str, &str)] = &[
    ("active", "in_force"),
    ("live", "in_force"),
    ("signed", "agreed"),
    ("expired", "retired"),
    ("ended", "retired"),
    ("client", "customer"),
    ("buyer", "customer"),
    ("subcontractor", "supplier"),
    ("moderate", "medium"),
    ("rejected", "declined"),
    ("refused", "declined"),
    ("approved", "accepted"),
];

impl Builder<'_> {
    pub(super) fn at(&self, token: &Token) -> Span {
        range_span(self.scope.file_at(token), token.text_range())
    }

    pub(super) fn spanned<T>(&self, token: &Token, value: T) -> Spanned<T> {
        Spanned { value, span: self.at(token) }
    }

    /// The first text of a statement.
    pub(super) fn text(&self, node: &Node) -> Option<Words> {
        self.texts(node).into_iter().next()
    }

    /// All texts of a statement.
    pub(super) fn texts(&self, node: &Node) -> Vec<Words> {
        node.leaves(Kind::text).map(|token| self.spanned(&token, text_value(token.text()))).collect()
    }

    /// The text of the statement with this keyword.
    pub(super) fn said(&self, statements: &Statements, keyword: &str) -> Option<Words> {
        statements.one(keyword).and_then(|node| self.text(node))
    }

    /// The texts of all statements with this keyword.
    pub(super) fn said_all(&self, statements: &Statements, keyword: &str) -> Vec<Words> {
        statements.all(keyword).flat_map(|node| self.texts(node)).collect()
    }

    /// The word of a statement out of a closed list.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, known: &[(&'static str, T)]) -> Option<Spanned<T>> {
        let token = node.leaf(Kind::ident)?;
        self.choice(&token, known)
    }

    /// A word out of a closed list.
    pub(super) fn choice<T: Copy>(&mut self, token: &Token, known: &[(&'static str, T)]) -> Option<Spanned<T>> {
        let written = token.text();
        if let Some((_, value)) = known.iter().find(|(word, _)| *word == written) {
            return Some(self.spanned(token, *value));
        }
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let finding = self.unknown_word(codes::UNKNOWN_OPTION_WORD, token, &words);
        self.tell(finding);
        None
    }

    pub(super) fn unknown_word(&self, code: &'static Code, token: &Token, words: &[&str]) -> Diagnostic {
        let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let finding = Diagnostic::new(code, self.at(token), format!("`{}` is not one of the choices", token.text()))
            .help(format!("choose one of {list}"));
        let synonym = SYNONYMS.iter().find(|(word, meant)| *word == token.text() && words.contains(meant));
        let near = synonym.map(|(_, meant)| *meant).or_else(|| did_you_mean(token.text(), words.iter().copied()));
        match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                format!("write `{near}`"),
                self.at(token),
                near,
            )),
            None => finding.primary("not one of them"),
        }
    }

    /// A date, if there is such a day.
    pub(super) fn date(&mut self, token: &Token) -> Option<Date> {
        match parse_date(token.text()) {
            Ok(date) => Some(date),
            Err(error) => self.no_such_date(token, &error.to_string()),
        }
    }

    /// A date with a time, if there is such a moment. A zone of its own is not supported yet.
    pub(super) fn datetime(&mut self, token: &Token) -> Option<DateTime> {
        let text = token.text();
        if text.len() > 16
            && text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '-').trim().len() > 5
        {
            self.tell(
                Diagnostic::new(
                    codes::NOT_SUPPORTED_YET,
                    self.at(token),
                    "a time with a zone of its own is not supported yet",
                )
                .help("write the local time in the zone of the agreement"),
            );
            return None;
        }
        match parse_datetime(text) {
            Ok(moment) => Some(moment),
            Err(error) => self.no_such_date(token, &error.to_string()),
        }
    }

    pub(super) fn no_such_date<T>(&mut self, token: &Token, reason: &str) -> Option<T> {
        let finding =
            Diagnostic::new(codes::IMPOSSIBLE_DATE, self.at(token), format!("there is no `{}`", token.text()));
        self.tell(finding.primary(reason));
        None
    }

    /// The last amount directly in a node.
    pub(super) fn window(&mut self, node: &Node) -> Option<Window> {
        let window = node.child(Kind::window)?;
        expression::window(&window, self.scope.file_of(&window), &mut self.findings)
    }

    /// A window where no other one stands for it: `last 3 windows` does not say which, `3 calendar months` not from when.
    pub(super) fn window_of_its_own(&mut self, node: &Node, hint: &str) -> Option<Window> {
        let window = self.window(node)?;
        let finding = match &window {
            Window::Last { count, of: None } => Some(
                Diagnostic::new(
                    codes::WRONG_KIND,
                    self.span(node),
                    format!("{hint} does not say which windows are meant"),
                )
                .primary(format!("{count} windows of what?"))
                .help(format!("write for example `per rolling {count} months`")),
            ),
            several => expression::no_single(several, self.span(node)),
        };
        let sound = finding.is_none();
        self.findings.extend(finding);
        sound.then_some(window)
    }

    /// The window after `per` in a query. `hint` says what needs it.
    pub(super) fn query_window(&mut self, query: &Node, hint: &str) -> Option<Window> {
        let per = query.child(Kind::per)?;
        if per.child(Kind::window).is_some() {
            return self.window_of_its_own(&per, hint);
        }
        let finding = Diagnostic::new(codes::WRONG_KIND, self.span(&per), format!("{hint} needs a window after `per`"));
        let unit = per.leaf(Kind::ident).filter(|unit| PeriodUnit::parse(unit.text()).is_some());
        self.tell(match unit {
            Some(unit) => {
                let meant = format!("calendar {}", unit.text());
                finding
                    .primary(format!("did you mean `per {meant}`?"))
                    .help("a window says whose it is: `calendar`, `billing`, `fiscal` or `contract`")
                    .fix(Fix::replace(format!("write `{meant}`"), self.at(&unit), meant))
            }
            None => finding.primary("not a window").help("write for example `per calendar month`"),
        });
        None
    }

    /// The typed expression of a node. A `per` outside the brackets of a function has no meaning in it.
    pub(super) fn query(&mut self, node: &Node, local: &Local) -> Expr {
        match node.child(Kind::per).filter(|_| node.kind() == Kind::query) {
            Some(per) => {
                let span = self.span(&per);
                self.tell(expression::stray_per(span));
                Expr::poison(span)
            }
            None => self.query_per(node, local),
        }
    }

    /// The typed expression of a query whose `per`, if it has one, belongs to the statement: it is left to the caller.
    pub(super) fn query_per(&mut self, node: &Node, local: &Local) -> Expr {
        let file = self.scope.file_of(node);
        let outer = std::mem::replace(&mut self.scope.file, file);
        let value = expression::query(node, &mut self.scope, local, &mut self.findings);
        self.scope.file = outer;
        // What it belongs to lacks a part, be it told here or where the part is declared.
        self.scope.hushed += usize::from(value.is_poison());
        value
    }

    /// The anchor of a deadline.
    pub(super) fn anchor(&self, node: &Node) -> Option<Anchor> {
        let token = node.said().filter(|token| matches!(token.kind(), Kind::text | Kind::anchor_word)).last()?;
        if token.kind() == Kind::text {
            return Some(Anchor::Words(text_value(token.text())));
        }
        let written = token.text().split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        Anchor::WORDS.iter().find(|(word, _)| *word == written).map(|(_, anchor)| anchor.clone())
    }

    /// What a statement `… within …` says.
    pub(super) fn deadline(&mut self, node: &Node) -> Option<Deadline> {
        let inner = node.child(Kind::deadline)?;
        let amount = self.amount(&inner)?;
        let calendar = self.on(&inner);
        Some(Deadline { amount, calendar, of: self.anchor(&inner), span: self.span(node) })
    }

    pub(super) fn deadline_of(&mut self, statements: &Statements, keyword: &str) -> Option<Deadline> {
        statements.one(keyword).cloned().and_then(|node| self.deadline(&node))
    }

    /// What a statement `… every …` says.
    pub(super) fn recurrence(&mut self, node: &Node) -> Option<Recurrence> {
        let every = match self.window(node) {
            Some(window) => Every::Window(window),
            None => Every::Amount(self.amount(node)?),
        };
        let calendar = self.on(node);
        Some(Recurrence { every, calendar, words: self.text(node).map(|text| text.value), span: self.span(node) })
    }

    pub(super) fn recurrence_of(&mut self, statements: &Statements, keyword: &str) -> Option<Recurrence> {
        statements.one(keyword).cloned().and_then(|node| self.recurrence(&node))
    }

    /// What a statement `announce …` says.
    pub(super) fn announcement(&mut self, statements: &Statements) -> Option<Announcement> {
        let node = statements.one("announce").cloned()?;
        let amount = self.amount(&node)?;
        let calendar = self.on(&node);
        let to = self.recipients(&node);
        Some(Announcement { amount, calendar, before: self.anchor(&node), to, span: self.span(&node) })
    }

    /// The calendar after `on` in a node.
    pub(super) fn on(&mut self, node: &Node) -> Option<CalendarRef> {
        let on = if node.kind() == Kind::s_on { Some(node.clone()) } else { node.child(Kind::s_on) };
        let token = on?.leaf(Kind::ident)?;
        if self.scope.is_always(&token) {
            return Some(CalendarRef::Always);
        }
        self.reference(&token, &["calendar"]).map(|name| CalendarRef::Named(name.value))
    }

    /// `by PARTY to PARTY, …` of a block.
    pub(super) fn between(&mut self, statements: &Statements) -> Between {
        let Some(node) = statements.one("by").cloned() else { return Between::default() };
        self.by(&node)
    }

    pub(super) fn by(&mut self, node: &Node) -> Between {
        let by = node.leaf(Kind::path).and_then(|token| self.party_ref(&token));
        Between { by, to: self.recipients(node) }
    }

    /// `to PARTY, …` in a node.
    pub(super) fn recipients(&mut self, node: &Node) -> Vec<PartyRef> {
        let Some(to) = node.child(Kind::to_refs) else { return Vec::new() };
        self.party_refs(&to)
    }

    /// All parties and contacts that a node names directly.
    pub(super) fn party_refs(&mut self, node: &Node) -> Vec<PartyRef> {
        node.leaves(Kind::path).collect::<Vec<_>>().iter().filter_map(|token| self.party_ref(token)).collect()
    }

    pub(super) fn party_ref(&mut self, token: &Token) -> Option<PartyRef> {
        let (text, file) = self.scope.path(token)?;
        let mut parts = text.split('.');
        let party = parts.next().unwrap_or("");
        let contact = parts.next();
        let span = self.at(token);
        let first = token.text().split('.').next().unwrap_or("");
        let head = Span::new(span.file, span.start, span.start + first.len() as u32);
        if contact.is_none() && self.is_bare_contact(party, file, head) {
            return None;
        }
        // A template may be given a contact, which stands for its party as well.
        let kinds: &[&str] = if contact.is_none() { &["party", "contact"] } else { &["party"] };
        let party = self.named(party, file, head, kinds)?;
        let party = party.as_str();
        let Some(contact) = contact else { return Some(PartyRef { party: party.to_owned(), contact: None, span }) };
        let known = self.scope.contacts(party);
        if parts.next().is_none() && known.contains(contact) {
            return Some(PartyRef { party: party.to_owned(), contact: Some(contact.to_owned()), span });
        }
        if self.scope.is_murky_part(party, "contact", contact) {
            self.scope.hushed += 1;
        } else {
            let tail = Span::new(span.file, head.end + 1, span.end);
            let finding = Diagnostic::new(codes::UNDEFINED_NAME, tail, format!("`{party}` has no contact `{contact}`"));
            let finding = match did_you_mean(contact, known.iter().map(String::as_str)) {
                Some(near) => finding.primary(format!("did you mean `{near}`?")),
                None => finding
                    .primary("no such contact")
                    .help(format!("declare it: `contact {contact} \"…\" {{ email \"…\" }}`")),
            };
            let place = self.scope.symbol_of(party).map(|symbol| symbol.span);
            self.tell(match place {
                Some(place) => finding.label(place, "the party is declared here"),
                None => finding,
            });
        }
        None
    }

    /// Whether a name that nothing has is that of a contact, which is then told: contacts are named after their party.
    fn is_bare_contact(&mut self, name: &str, file: FileId, span: Span) -> bool {
        if !matches!(self.scope.meaning(name, file), Meaning::Nothing) || self.scope.is_murky(name) {
            return false;
        }
        let meant = self.scope.contacts_called(name);
        let Some(first) = meant.first() else { return false };
        let list: Vec<String> = meant.iter().map(|whole| format!("`{whole}`")).collect();
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, format!("no party is called `{name}`"))
            .primary(format!("did you mean {}?", list.join(" or ")))
            .help("a contact is named after its party");
        self.tell(match meant.len() {
            1 => finding.fix(Fix::replace(format!("write `{first}`"), span, first.clone())),
            _ => finding,
        });
        true
    }

    /// The declarations that a statement names.
    pub(super) fn references(&mut self, statements: &Statements, keyword: &str, kinds: &[&str]) -> Vec<Ref> {
        let nodes: Vec<Node> = statements.all(keyword).cloned().collect();
        let tokens = nodes.iter().flat_map(|node| node.leaves(Kind::path));
        tokens.collect::<Vec<_>>().iter().flat_map(|token| self.all_of(token, kinds)).collect()
    }

    /// The declarations that a token names: one, or all variants of one that differs by what is not chosen here.
    pub(super) fn all_of(&mut self, token: &Token, kinds: &[&str]) -> Vec<Ref> {
        let Some((text, file)) = self.scope.path(token) else { return Vec::new() };
        match self.scope.meaning(&text, file) {
            Meaning::Varies { base, .. }
                if self.scope.symbol_of(&base).is_some_and(|one| kinds.contains(&one.keyword)) =>
            {
                let names = self.scope.all_variants(&base);
                names.into_iter().map(|name| self.spanned(token, name)).collect()
            }
            _ => self.reference(token, kinds).into_iter().collect(),
        }
    }

    /// The declaration that a token names, if it is of one of these kinds.
    pub(super) fn reference(&mut self, token: &Token, kinds: &[&str]) -> Option<Ref> {
        let span = self.at(token);
        let Some((text, file)) = self.scope.path(token) else {
            let finding =
                Diagnostic::new(codes::WRONG_KIND, span, format!("`{}` stands for a value here", token.text()));
            self.tell(finding.primary(format!("{} is expected here", wanted(kinds))));
            return None;
        };
        self.named(&text, file, span, kinds).map(|value| Spanned { value, span })
    }

    /// The name in the agreement of what a name of a file stands for, if that is one of these kinds; tells it if not.
    pub(super) fn named(&mut self, name: &str, file: FileId, span: Span, kinds: &[&str]) -> Option<String> {
        let symbol = match self.scope.meaning(name, file) {
            // What is given for it is looked at where the template is used.
            Meaning::Argument(Argument::Declared(keyword)) if kinds.contains(&keyword) => return Some(name.to_owned()),
            Meaning::Argument(Argument::Declared(what) | Argument::Value(what)) => {
                let wanted = wanted(kinds);
                let message = format!("`{name}` is {}, not {wanted}", with_article(super::names::noun(what)));
                let finding = Diagnostic::new(codes::WRONG_KIND, span, message);
                self.tell(
                    finding
                        .primary(format!("{wanted} is expected here"))
                        .help(format!("say `as {}` where the parameter is declared", kinds.first().unwrap_or(&"…"))),
                );
                return None;
            }
            Meaning::Argument(_) => {
                self.scope.hushed += 1;
                return None;
            }
            Meaning::Declared(full) => {
                if let Some(symbol) = self.scope.symbol_of(&full)
                    && kinds.contains(&symbol.keyword)
                {
                    return Some(full);
                }
                self.scope.symbol_of(&full)
            }
            Meaning::Varies { base, by } => {
                let symbol = self.scope.symbol_of(&base);
                if symbol.is_some_and(|symbol| kinds.contains(&symbol.keyword)) {
                    self.no_variant(name, &by, span, symbol.map(|symbol| symbol.span));
                    return None;
                }
                symbol
            }
            Meaning::Nothing => None,
        };
        match symbol {
            // Of two that have the name, another is the one that is meant here; the name is told.
            Some(symbol) if symbol.others.iter().any(|other| kinds.contains(other)) => self.scope.hushed += 1,
            Some(symbol) => {
                let wanted = wanted(kinds);
                let message = format!("`{name}` is {}, not {wanted}", with_article(super::names::noun(symbol.keyword)));
                let finding = Diagnostic::new(codes::WRONG_KIND, span, message)
                    .primary(format!("{wanted} is expected here"))
                    .label(symbol.span, format!("`{name}` is declared here"));
                self.tell(finding);
            }
            None => {
                let finding = self.scope.undefined_name(name, span, kinds);
                self.findings.extend(finding);
                return self.scope.meant_along(name, file, kinds);
            }
        }
        None
    }

    /// Tells that a name stands for another declaration in each variant, and one is meant.
    fn no_variant(&mut self, name: &str, by: &[String], span: Span, at: Option<Span>) {
        if self.scope.is_any_option {
            self.scope.hushed += 1;
            return;
        }
        let message = format!("`{name}` differs by `{}`", by.join("` and `"));
        let finding =
            Diagnostic::new(codes::VARIANT_UNKNOWN, span, message).primary("which one is meant is not said here");
        let finding = finding.help(self.scope.help_to_choose(by));
        self.tell(match at {
            Some(at) => finding.label(at, format!("`{name}` is declared here")),
            None => finding,
        });
    }
}

/// What is expected where one of some kinds of declarations has to stand, in words.
fn wanted(kinds: &[&str]) -> String {
    let nouns: Vec<&str> = kinds.iter().map(|kind| super::names::noun(kind)).collect();
    with_article(&super::names::alternatives(&nouns))
}
