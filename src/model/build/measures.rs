use super::places::{Argument, Meaning};
use super::slugs::slug;
use super::{Builder, Poisonable};
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::model::{
    Head, Member, Metric, Missing, MissingPolicy, Series, SeriesKind, Signal, SignalKind, Source, Spanned,
};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Node, NodeExt, Token, text_value};
use crate::values::{Amount, Duration, Exact, Rounding, Unit};

/// The types of a field that have a word; every other word is a unit.
const FIELD_TYPES: [&str; 2] = ["text", "yes_no"];

/// Words of other languages for the types of a field.
const FIELD_SLIPS: [(&str, &str); 5] =
    [("string", "text"), ("str", "text"), ("bool", "yes_no"), ("boolean", "yes_no"), ("flag", "yes_no")];

/// Words for units that have a sign of their own. A single letter is none of them: `m` may be metres.
const UNIT_SLIPS: [(&str, &str); 21] = [
    ("microsecond", "us"),
    ("microseconds", "us"),
    ("millisecond", "ms"),
    ("milliseconds", "ms"),
    ("msec", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("percent", "%"),
    ("celsius", "°C"),
    ("centigrade", "°C"),
    ("fahrenheit", "°F"),
    ("kelvin", "K"),
];

/// The statements that belong in signals of some kinds only.
const PARTS_OF_KINDS: [(&str, &[SignalKind]); 6] = [
    ("count", &[SignalKind::Events]),
    ("unit", &[SignalKind::Samples, SignalKind::Events]),
    ("milestone", &[SignalKind::Cases]),
    ("span", &[SignalKind::Cases]),
    ("scale", &[SignalKind::Scores]),
    // Cases and scores are there when they happen: without any there is nothing to count, and nothing is missing.
    ("missing", &[SignalKind::Events, SignalKind::Samples, SignalKind::State]),
];

impl Builder<'_> {
    pub(super) fn signal(&mut self, decl: &Decl) -> Poisonable<Signal> {
        let all = self.statements("signal", decl.block());
        let head = self.head(decl, None);
        let kind = match decl.kind() {
            Some(token) => self.choice(&token, &SignalKind::WORDS).map(|kind| kind.value),
            None => self.no_kind(decl),
        };
        match kind {
            Some(kind) => self.reject_parts(&all, kind),
            // What its parts are is not known either.
            None => self.scope.set_kindless(&head.name),
        }
        let measured = all.one("measured by").cloned();
        let sources = all.all("source").filter_map(|node| self.source(node)).collect::<Vec<_>>();
        let whole = self.scope.families.get(&head.family).is_some_and(|family| family.hard.is_empty());
        let mut signal = Signal {
            share: (whole && !head.variant.is_empty()).then(|| head.family.clone()),
            kind: kind.unwrap_or(SignalKind::Events),
            of: self.of(decl, &["service", "support"]),
            measured_by: measured
                .as_ref()
                .and_then(|node| node.leaf(Kind::path))
                .and_then(|token| self.party_ref(&token)),
            measured_from: measured.as_ref().and_then(|node| self.text(node)).map(|text| text.value),
            counts: self.members(&all, "count", &head),
            values: self.members(&all, "value", &head),
            fields: self.members(&all, "field", &head),
            milestones: self.members(&all, "milestone", &head),
            spans: self.members(&all, "span", &head),
            unit: all.one("unit").and_then(|node| self.unit(node)),
            every: all.one("every").and_then(|node| self.rhythm(node)),
            scale: all.one("scale").and_then(|node| self.scale(node)),
            missing: all.one("missing").and_then(|node| self.missing(node)),
            sources,
            head,
        };
        // Where braces are amiss, its parts may stand elsewhere.
        signal.head.poisoned |= kind.is_none() || self.is_unread(decl);
        let names = [&signal.counts, &signal.values, &signal.fields, &signal.milestones, &signal.spans];
        let heads: Vec<Head> = names.into_iter().flatten().map(|member| member.head.clone()).collect();
        self.unique(heads.iter(), "part");
        self.one_field_a_dimension(&signal.fields);
        Poisonable { item: signal, head: |item| &mut item.head }
    }

    /// Tells two fields with the options of one dimension: which of them says what a row is of could not be told.
    fn one_field_a_dimension(&mut self, fields: &[Member]) {
        for (place, field) in fields.iter().enumerate() {
            let Some(dimension) = &field.dimension else { continue };
            let earlier = fields.iter().take(place).find(|other| other.dimension.as_ref() == Some(dimension));
            let Some(earlier) = earlier else { continue };
            let message =
                format!("`{}` and `{}` both have the options of `{dimension}`", earlier.head.name, field.head.name);
            let finding = Diagnostic::new(codes::REPEATED_STATEMENT, field.head.name_span, message);
            self.tell(
                finding
                    .primary("the second field of the dimension")
                    .label(earlier.head.name_span, "the first one")
                    .help("by one of the two it is told of which option a row is; give the other one its words, as in `field origin [eu, us]`"),
            );
        }
    }

    /// Tells the statements that a signal of this kind cannot have.
    fn reject_parts(&mut self, all: &super::statements::Statements, kind: SignalKind) {
        for (keyword, kinds) in PARTS_OF_KINDS {
            let Some(node) = all.one(keyword).filter(|_| !kinds.contains(&kind)) else { continue };
            let wanted: Vec<String> = kinds.iter().map(|kind| format!("`as {}`", kind.as_str())).collect();
            let wanted = wanted.join(" or ");
            let message = format!("`{keyword}` does not belong in a signal of {}", kind.as_str());
            let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(node), message)
                .primary(format!("belongs in a signal {wanted}"))
                .help(match keyword {
                    "missing" => format!(
                        "delete it: without any {} there is nothing to count, and `when empty` decides",
                        kind.as_str()
                    ),
                    _ => "delete it, or mend the kind of the signal".to_owned(),
                });
            self.tell(finding);
        }
    }

    fn no_kind(&mut self, decl: &Decl) -> Option<SignalKind> {
        // Of a template of statements the signal that uses it says what it is.
        if decl.is_broken() || self.scope.is_unused_template() {
            return None;
        }
        let head = self.head(decl, None);
        self.tell(
            Diagnostic::new(
                codes::INCOMPLETE_STATEMENT,
                head.name_span,
                format!("the signal `{}` does not say what it is", head.name),
            )
            .primary("`as …` is missing")
            .help("say `as events`, `as samples`, `as state`, `as cases` or `as scores` after its title"),
        );
        None
    }

    fn members(&mut self, all: &super::statements::Statements, keyword: &str, within: &Head) -> Vec<Member> {
        let named: Vec<Node> = all.all(keyword).flat_map(|node| node.all(Kind::named)).collect();
        named.iter().filter_map(|node| self.member(node, keyword, within)).collect()
    }

    fn member(&mut self, node: &Node, keyword: &str, within: &Head) -> Option<Member> {
        let name = node.leaf(Kind::ident)?;
        let word = node.leaf(Kind::unit_name);
        let unit = word.as_ref().filter(|_| keyword == "value").and_then(|token| self.unit_of(token));
        let options = node.child(Kind::key_options);
        let word = word.filter(|_| keyword == "field");
        let dimension = word.as_ref().and_then(|token| self.scope.dimension_called(token));
        let ty = word.filter(|_| dimension.is_none()).map(|token| self.field_type(&token));
        if let Some(dimension) = dimension {
            let open = self.scope.dimensions.is_open(&dimension);
            let options = self.scope.dimensions.options(&dimension).iter().filter(|_| !open);
            let options = options.map(|choice| choice.option.clone()).collect();
            let head = self.named_head(node, &name, &format!("{}.{keyword}", within.id));
            return Some(Member { head, unit: None, ty: None, options, dimension: Some(dimension), open });
        }
        Some(Member {
            dimension: None,
            open: false,
            head: self.named_head(node, &name, &format!("{}.{keyword}", within.id)),
            unit,
            ty,
            options: options
                .iter()
                .flat_map(|list| list.leaves(Kind::ident))
                .map(|token| token.text().to_owned())
                .collect(),
        })
    }

    /// The type of a field. Any word is a unit of its own or the name of a dimension, unless it is a slip.
    fn field_type(&mut self, token: &Token) -> String {
        let word = token.text();
        match self.scope.meaning(word, self.scope.file_at(token)) {
            Meaning::Argument(Argument::Given(_)) => {
                let message = format!("`{word}` is no dimension here");
                let finding = Diagnostic::new(codes::WRONG_KIND, self.at(token), message);
                self.tell(
                    finding
                        .primary("the type of a field")
                        .help("a field has the options of a dimension: let the parameter be `as dimension`"),
                );
                return word.to_owned();
            }
            // Where the template is checked by itself, any dimension may be given.
            Meaning::Argument(_) => return word.to_owned(),
            _ => {}
        }
        if let Some((_, meant)) = FIELD_SLIPS.iter().find(|(slip, _)| *slip == word) {
            let finding =
                Diagnostic::new(codes::UNKNOWN_OPTION_WORD, self.at(token), format!("a field is no `{word}`"));
            self.tell(finding.primary(format!("did you mean `{meant}`?")).fix(Fix::replace(
                format!("write `{meant}`"),
                self.at(token),
                *meant,
            )));
            return (*meant).to_owned();
        }
        let dimensions = self.scope.dimensions.names();
        let types: Vec<&str> = FIELD_TYPES.iter().copied().chain(dimensions.iter().map(String::as_str)).collect();
        if word.len() > 2 && did_you_mean(word, types.iter().copied()).is_some() {
            let finding = self.unknown_word(codes::UNKNOWN_OPTION_WORD, token, &types);
            self.tell(finding);
        }
        word.to_owned()
    }

    /// The unit of a token. Any word is a unit; one that names a unit of this language in full is a slip.
    fn unit_of(&mut self, token: &Token) -> Option<Unit> {
        let word = token.text();
        let Some((_, meant)) = UNIT_SLIPS.iter().find(|(slip, _)| slip.eq_ignore_ascii_case(word)) else {
            return Unit::parse(word);
        };
        let message = format!("the unit `{word}` is written `{meant}`");
        let finding = Diagnostic::new(codes::UNKNOWN_OPTION_WORD, self.at(token), message);
        self.tell(finding.primary(format!("did you mean `{meant}`?")).fix(Fix::replace(
            format!("write `{meant}`"),
            self.at(token),
            *meant,
        )));
        Unit::parse(meant)
    }

    /// The head of something that is named in a list: `milestone opened, resolved`.
    pub(super) fn named_head(&self, node: &Node, name: &Token, prefix: &str) -> Head {
        Head {
            name: name.text().to_owned(),
            family: name.text().to_owned(),
            variant: Vec::new(),
            title: node.leaf(Kind::text).map(|text| text_value(text.text())),
            id: format!("{prefix}.{}", name.text()),
            doc: None,
            span: self.span(node),
            name_span: self.at(name),
            poisoned: false,
        }
    }

    /// Tells names that stand twice among things of one kind.
    pub(super) fn unique<'h>(&mut self, heads: impl Iterator<Item = &'h Head>, what: &str) {
        let mut seen: std::collections::BTreeMap<&str, Span> = std::collections::BTreeMap::new();
        for head in heads.filter(|head| !head.name.is_empty()) {
            if let Some(first) = seen.get(head.name.as_str()) {
                self.findings.push(
                    Diagnostic::new(
                        codes::DUPLICATE_NAME,
                        head.name_span,
                        format!("`{}` is declared twice", head.name),
                    )
                    .primary(format!("this {what} needs another name"))
                    .label(*first, "the first one is here"),
                );
            } else {
                seen.insert(&head.name, head.name_span);
            }
        }
    }

    fn unit(&mut self, node: &Node) -> Option<Spanned<Unit>> {
        let token = node.leaf(Kind::unit_name)?;
        self.unit_of(&token).map(|unit| self.spanned(&token, unit))
    }

    /// How often a signal is measured: elapsed time.
    fn rhythm(&mut self, node: &Node) -> Option<Spanned<Duration>> {
        let amount = if node.child(Kind::window).is_some() { None } else { Some(self.amount(node)?) };
        if let Some(Amount::Elapsed(duration)) = amount {
            return Some(Spanned { value: duration, span: self.span(node) });
        }
        self.tell(
            Diagnostic::new(codes::WRONG_KIND, self.span(node), "a signal is measured at a fixed distance in time")
                .primary("not a duration")
                .help("write for example `every 1min`"),
        );
        None
    }

    fn scale(&mut self, node: &Node) -> Option<Spanned<(Exact, Exact)>> {
        let mut ends = Vec::new();
        for token in node.leaves(Kind::number) {
            ends.push(
                super::expression::literal(&token, self.scope.file_at(&token), &mut self.findings)?.exact()?.clone(),
            );
        }
        let [from, to] = <[Exact; 2]>::try_from(ends).ok()?;
        if from >= to {
            self.tell(
                Diagnostic::new(
                    codes::OUT_OF_RANGE,
                    self.span(node),
                    "a scale goes from its lowest score to its highest",
                )
                .primary("the first number must be the smaller one"),
            );
            return None;
        }
        Some(Spanned { value: (from, to), span: self.span(node) })
    }

    fn missing(&mut self, node: &Node) -> Option<Missing> {
        let policy = self.word(node, &MissingPolicy::WORDS)?.value;
        let after = match node.leaf(Kind::duration) {
            Some(_) => match self.amount(node)? {
                Amount::Elapsed(duration) => Some(duration),
                _ => None,
            },
            None => None,
        };
        Some(Missing { policy, after, span: self.span(node) })
    }

    pub(super) fn source(&mut self, node: &Node) -> Option<Source> {
        let target = node.leaf(Kind::ident)?;
        if target.text() != "prometheus" {
            let finding = self.unknown_word(codes::UNKNOWN_OPTION_WORD, &target, &["prometheus"]);
            self.tell(finding);
            return None;
        }
        let block = node.child(Kind::series_block)?;
        let series: Vec<Series> = block.all(Kind::series).filter_map(|line| self.series(&line)).collect();
        Some(Source { target: self.spanned(&target, target.text().to_owned()), series, span: self.span(node) })
    }

    fn series(&mut self, node: &Node) -> Option<Series> {
        let mut words = node.leaves(Kind::ident);
        let (member, kind) = (words.next()?, words.next()?);
        let kind = self.choice(&kind, &SeriesKind::WORDS)?;
        let code = node.leaf(Kind::code)?;
        let inner = code.text().trim_matches('\'').to_owned();
        let outer = self.at(&code);
        // The place of the code is that between its quotes.
        let span = Span::new(outer.file, outer.start + 1, outer.end.saturating_sub(1).max(outer.start + 1));
        let code = Spanned { value: self.filled(node, &inner, span)?, span };
        Some(Series { member: member.text().to_owned(), member_span: self.at(&member), kind, code })
    }

    /// A metric; its expression has been typed before, in the order in which metrics need each other.
    pub(super) fn metric(
        &mut self,
        decl: &Decl,
        value: crate::calculus::Expr,
        when_empty: Option<crate::calculus::Expr>,
    ) -> Metric {
        let all = self.statements("metric", decl.block());
        let ty = value.ty.clone();
        let mut head = self.head(decl, None);
        head.poisoned |= value.is_poison() || decl.is_broken();
        Metric {
            round: all.one("round").and_then(|node| self.round(node, &ty)),
            window_of: all.one("window of").and_then(|node| self.milestone(node)),
            head,
            value,
            when_empty,
        }
    }

    fn round(&mut self, node: &Node, ty: &crate::calculus::Type) -> Option<Spanned<(Rounding, Value)>> {
        let mode = node.leaf(Kind::ident)?;
        let Some(rounding) = Rounding::parse(mode.text()) else {
            let words = ["half_even", "half_up", "half_down", "up", "down", "floor", "ceiling"];
            let finding = self.unknown_word(codes::UNKNOWN_OPTION_WORD, &mode, &words);
            self.tell(finding);
            return None;
        };
        let (step, span) = self.known_value(node)?;
        let positive = step.exact().is_some_and(|step| step.signum() > 0);
        if *ty != crate::calculus::Type::Poison && (step.ty() != *ty || !positive) {
            let finding = Diagnostic::new(
                codes::UNIT_MISMATCH,
                span,
                format!("the step of a rounding must be {ty}, like the metric"),
            )
            .primary(format!(
                "this is {}",
                if positive { step.ty().to_string() } else { "not more than zero".to_owned() }
            ));
            self.tell(finding);
            return None;
        }
        Some(Spanned { value: (rounding, step), span: self.span(node) })
    }

    fn milestone(&mut self, node: &Node) -> Option<Spanned<(String, String)>> {
        let token = node.leaf(Kind::path)?;
        let (text, file) = self.scope.path(&token)?;
        let (signal, name) = text.split_once('.').unwrap_or((&text, ""));
        let signal = self.named(signal, file, self.at(&token), &["signal"])?;
        let signal = signal.as_str();
        let found = self.scope.signal(signal)?;
        if found.milestones.iter().any(|milestone| milestone.head.name == name) {
            return Some(self.spanned(&token, (signal.to_owned(), name.to_owned())));
        }
        if found.head.poisoned || self.scope.is_murky_part(signal, "milestone", name) {
            self.scope.hushed += 1;
        } else {
            let near = did_you_mean(name, found.milestones.iter().map(|milestone| milestone.head.name.as_str()));
            self.tell(
                Diagnostic::new(
                    codes::UNDEFINED_NAME,
                    self.at(&token),
                    format!("`{signal}` has no milestone `{name}`"),
                )
                .primary(near.map_or("no such milestone".to_owned(), |near| format!("did you mean `{signal}.{near}`?")))
                .label(found.head.name_span, "the signal is declared here"),
            );
        }
        None
    }
}

/// The id of a value by what it says, for clauses without a name.
pub(super) fn value_slug(value: &Value) -> String {
    // A slug drops the sign, and `below -5°C` is not `below 5°C`.
    let text = value.to_string();
    slug(&text.strip_prefix('-').map_or(text.clone(), |number| format!("minus {number}")))
}
