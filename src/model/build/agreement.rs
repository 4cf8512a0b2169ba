use super::slugs::slug;
use super::{Builder, Declaration, Poisonable, made};
use crate::calculus::{Expr, ExprKind, Type};
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::model::{
    Agreement, AgreementPart, Cap, Edition, Effective, Head, Payment, Remedy, Renewal, Skip, Spanned, Status, Term,
    Unused, Waiver,
};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Tree};
use crate::values::{Currency, MonthDay, Zone};

impl Builder<'_> {
    pub(super) fn no_agreement(tree: &Tree) -> Agreement {
        let span = Span::new(tree.file, 0, 0);
        Agreement {
            head: Head {
                name: String::new(),
                family: String::new(),
                variant: Vec::new(),
                title: None,
                id: "agreement".to_owned(),
                doc: None,
                span,
                name_span: span,
                poisoned: true,
            },
            declared: false,
            status: None,
            version: None,
            history: Vec::new(),
            effective: None,
            renews: None,
            billing_day: None,
            fiscal_start: None,
            zone: None,
            currency: None,
            law: None,
            language: None,
            remedy: None,
            caps: Vec::new(),
            skip: None,
            pay: None,
            unused: None,
            waivers: Vec::new(),
        }
    }

    pub(super) fn agreement_head(&mut self, decl: &Decl) -> Poisonable<Agreement> {
        let all = self.statements("agreement", decl.block());
        made!(Agreement {
            head: self.head(decl, None),
            declared: true,
            status: all.one("status").and_then(|node| self.word(node, &Status::WORDS)),
            version: self.said(&all, "version"),
            history: all.all("history").filter_map(|node| self.edition(node)).collect(),
            effective: all.one("effective").and_then(|node| self.effective(node)),
            renews: all.one("renews every").and_then(|node| self.renewal(node)),
            billing_day: all.one("billing month starts").and_then(|node| self.billing_day(node)),
            fiscal_start: all.one("fiscal year starts").and_then(|node| self.fiscal_start(node)),
            zone: all.one("timezone").and_then(|node| self.zone(node)),
            currency: all.one("currency").and_then(|node| self.currency(node)),
            law: self.said(&all, "law"),
            language: self.said(&all, "language"),
            remedy: all.one("remedy").and_then(|node| self.remedy(node)),
            caps: Vec::new(),
            skip: None,
            pay: all.one("pay").and_then(|node| self.word(node, &Payment::WORDS)),
            unused: all.one("unused").and_then(|node| self.word(node, &Unused::WORDS)),
            waivers: all.all("waive").filter_map(|node| self.waiver(node)).collect(),
        })
    }

    /// The heads of the agreements of other files. What is wrong in them is told where those files are checked.
    pub(super) fn foreign_agreements(&mut self, linked: &Linked) -> Vec<Agreement> {
        let before = self.findings.len();
        let mut all = Vec::new();
        for tree in &linked.others {
            self.scope.file = tree.file;
            let mut declared = tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl);
            let found = declared.find(|decl| decl.keyword() == "agreement");
            all.extend(found.map(|decl| self.poisonable(&decl, Self::agreement_head)));
        }
        self.scope.file = linked.root.file;
        self.findings.truncate(before);
        all
    }

    /// Where the heads of the agreements of other files limit credits.
    pub(super) fn foreign_limits(&mut self, linked: &Linked) -> Vec<Span> {
        let mut all = Vec::new();
        for tree in &linked.others {
            self.scope.file = tree.file;
            let mut declared = tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl);
            let Some(decl) = declared.find(|decl| decl.keyword() == "agreement") else { continue };
            let statements = self.plain_statements("agreement", &decl);
            let limits = statements.all("cap").chain(statements.all("skip"));
            all.extend(limits.map(|node| self.span(node)));
        }
        self.scope.file = linked.root.file;
        all
    }

    /// The agreement's caps need the fees, which need the agreement's currency: they come last.
    pub(super) fn with_caps(&mut self, mut agreement: Agreement, declarations: &[Declaration]) -> Agreement {
        let Some(found) = declarations.iter().find(|declaration| declaration.keyword == "agreement") else {
            return agreement;
        };
        let owner = agreement.head.id.clone();
        // What does not belong there was told with the rest of the agreement.
        let all = self.plain_statements("agreement", &found.decl);
        let before = self.findings.len();
        for node in all.all("cap") {
            self.must_have_period(node);
            agreement.caps.extend(self.cap(node, &owner));
        }
        agreement.skip = all.one("skip").and_then(|node| self.skip(node));
        agreement.head.poisoned |= self.findings.len() > before;
        agreement
    }

    /// A cap of the agreement is over several commitments, which may have windows of their own.
    fn must_have_period(&mut self, node: &Node) {
        let Some(query) = node.child(Kind::query).filter(|query| query.child(Kind::per).is_none()) else { return };
        self.tell(
            Diagnostic::new(
                codes::INCOMPLETE_STATEMENT,
                self.span(&query),
                "the cap of the agreement does not say for which period it is",
            )
            .primary("at most this much in which time?")
            .help("add the period, such as `per calendar month`: the windows of the commitments may differ"),
        );
    }

    pub(super) fn cap(&mut self, node: &Node, owner: &str) -> Option<Cap> {
        let query = node.child(Kind::query)?;
        let amount = self.query_per(&query, &super::expression::Local::default());
        let amount = self.must_be_money(amount, "a cap")?;
        let amount = self.must_be_stated(amount, "a cap")?;
        let per = self.query_window(&query, "a cap");
        let id = match &per {
            Some(window) => format!("{owner}.cap.per_{}", slug(&window.to_string())),
            None => format!("{owner}.cap"),
        };
        Some(Cap { id, amount, per, span: self.span(node) })
    }

    pub(super) fn skip(&mut self, node: &Node) -> Option<Skip> {
        let bound = self.first_bound(node, &super::expression::Local::default())?;
        let limit = self.must_be_money(bound.limit.clone(), "the limit of `skip`")?;
        let limit = self.must_be_stated(limit, "the limit of `skip`")?;
        if !bound.side.is_upper() {
            let message =
                format!("`skip {}` would leave out the large credits and pay the small ones", bound.side.as_str());
            self.tell(
                Diagnostic::new(codes::WRONG_ARGUMENT, self.span(node), message)
                    .primary("these are the large ones")
                    .help("write `skip below …` or `skip at most …`: what is too little to be paid"),
            );
            return None;
        }
        Some(Skip { bound: crate::model::Bound { limit, ..bound }, span: self.span(node) })
    }

    /// A limit is known beforehand, whatever is measured.
    fn must_be_stated(&mut self, amount: Expr, what: &str) -> Option<Expr> {
        let mut measured = false;
        amount.walk(&mut |part| measured |= matches!(part.kind, ExprKind::Reading(_) | ExprKind::Metric(_)));
        if !measured {
            return Some(amount);
        }
        let message = format!("{what} is an amount that is known beforehand");
        let finding = Diagnostic::new(codes::WRONG_ARGUMENT, amount.span, message)
            .primary("this depends on what is measured")
            .help("write an amount of money, or a part of a fee: `20% of monthly_fee`");
        self.tell(finding);
        None
    }

    pub(super) fn must_be_money(&mut self, amount: crate::calculus::Expr, what: &str) -> Option<crate::calculus::Expr> {
        match &amount.ty {
            Type::Poison => None,
            Type::Money(_) => Some(amount),
            Type::Ratio => {
                let message = format!("{what} does not say what it is a percentage of");
                let finding = Diagnostic::new(codes::PERCENT_WITHOUT_BASE, amount.span, message)
                    .primary("a percentage of which fee?")
                    .help("name the fee, for example `20% of monthly_fee`");
                self.tell(finding);
                None
            }
            other => {
                let finding = Diagnostic::new(
                    codes::UNIT_MISMATCH,
                    amount.span,
                    format!("{what} is an amount of money, not {other}"),
                )
                .primary(format!("this is {other}"))
                .help("write for example `500.00 EUR`, or a part of a fee: `20% of monthly_fee`");
                self.tell(finding);
                None
            }
        }
    }

    fn edition(&mut self, node: &Node) -> Option<Edition> {
        let mut texts = self.texts(node).into_iter();
        let version = texts.next()?.value;
        let date = self.date(&node.leaf(Kind::date)?)?;
        Some(Edition { version, date, note: texts.next().map(|text| text.value), span: self.span(node) })
    }

    fn effective(&mut self, node: &Node) -> Option<Effective> {
        let span = self.span(node);
        let (from, to) = match node.child(Kind::date_to_date) {
            Some(range) => {
                let mut dates = range.leaves(Kind::date);
                (dates.next()?, dates.next())
            }
            None => (node.leaf(Kind::date)?, None),
        };
        let from = self.date(&from)?;
        let to = match to {
            Some(token) => Some(self.date(&token)?),
            None => None,
        };
        Some(Effective { from, to, span })
    }

    fn fiscal_start(&mut self, node: &Node) -> Option<Spanned<MonthDay>> {
        let Some(token) = node.leaf(Kind::month_day) else {
            let help = "write the month and the day, such as `fiscal year starts 04-01` for 1 April";
            return self.no_such_start(node, "a fiscal year starts on a day of every year", help);
        };
        match MonthDay::parse(token.text()) {
            Ok(day) => Some(Spanned { value: day, span: self.span(node) }),
            Err(error) => self.no_such_date(&token, &error.to_string()),
        }
    }

    fn billing_day(&mut self, node: &Node) -> Option<Spanned<i8>> {
        let Some(token) = node.leaf(Kind::int) else {
            let help = "write the number of the day alone, such as `billing month starts 15`";
            return self.no_such_start(node, "a billing month starts on a day of every month", help);
        };
        let day = token.text().parse().ok().filter(|day| (1..=31).contains(day));
        if day.is_none() {
            let message = format!("no month has a day `{}`", token.text());
            self.tell(
                Diagnostic::new(codes::IMPOSSIBLE_DATE, self.at(&token), message)
                    .primary("a day of a month is 1 to 31")
                    .help("of `31`, the last day of a shorter month is meant: `billing month starts 31`"),
            );
        }
        Some(Spanned { value: day?, span: self.span(node) })
    }

    /// Tells that a day stands in another form than that in which a period starts.
    fn no_such_start<T>(&mut self, node: &Node, message: &str, help: &str) -> Option<T> {
        let token = node.said().last()?;
        let finding = Diagnostic::new(codes::IMPOSSIBLE_DATE, self.at(&token), message);
        self.tell(finding.primary(format!("`{}` is none", token.text())).help(help));
        None
    }

    fn renewal(&mut self, node: &Node) -> Option<Renewal> {
        let every = self.amount(node)?;
        let unless_cancelled = match node.child(Kind::unless_cancelled) {
            Some(inner) => Some((self.amount(&inner)?, self.anchor(&inner)?)),
            None => None,
        };
        Some(Renewal { every, unless_cancelled, span: self.span(node) })
    }

    pub(super) fn zone(&mut self, node: &Node) -> Option<Spanned<Zone>> {
        let name = self.text(node)?;
        if let Some(zone) = Zone::parse(&name.value) {
            return Some(Spanned { value: zone, span: name.span });
        }
        // An empty text is told as such.
        if name.value.trim().is_empty() {
            return None;
        }
        if is_offset(&name.value) {
            let message = format!("`{}` is an offset from UTC, and no time zone", name.value);
            let finding = Diagnostic::new(codes::UNKNOWN_ZONE, name.span, message)
                .primary("it does not say when the clocks change")
                .help("name a place that keeps the time that is meant, such as `Europe/Zurich`, or write `UTC`");
            self.tell(finding);
            return None;
        }
        let finding =
            Diagnostic::new(codes::UNKNOWN_ZONE, name.span, format!("there is no time zone `{}`", name.value))
                .help("use a name of the IANA database, such as `Europe/Berlin` or `UTC`");
        let near = Zone::suggestions(&name.value).into_iter().next();
        self.tell(match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                format!("write `{near}`"),
                name.span,
                format!("\"{near}\""),
            )),
            None => finding.primary("not in the database of zones"),
        });
        None
    }

    fn currency(&mut self, node: &Node) -> Option<Spanned<Currency>> {
        let token = node.leaf(Kind::currency)?;
        if let Some(currency) = Currency::parse(token.text()) {
            return Some(self.spanned(&token, currency));
        }
        self.tell(
            Diagnostic::new(
                codes::UNKNOWN_CURRENCY,
                self.at(&token),
                format!("there is no currency `{}`", token.text()),
            )
            .primary("not a code of ISO 4217")
            .help("use its code of three letters, such as `EUR`, `USD` or `GBP`"),
        );
        None
    }

    pub(super) fn remedy(&mut self, node: &Node) -> Option<Remedy> {
        self.word(node, &[("sole", ())])?;
        Some(Remedy { sole: true, words: self.text(node).map(|text| text.value), span: self.span(node) })
    }

    fn waiver(&mut self, node: &Node) -> Option<Waiver> {
        let part = self.word(node, &AgreementPart::WORDS)?.value;
        Some(Waiver { part, reason: self.text(node).map(|text| text.value), span: self.span(node) })
    }

    pub(super) fn term(&mut self, decl: &Decl) -> Poisonable<Term> {
        let all = self.statements("term", decl.block());
        made!(Term { head: self.head(decl, None), means: self.said(&all, "means") })
    }
}

/// Whether a text ends in a difference to UTC: `+01:00`, `UTC+1`, `GMT -5`. No zone is meant by it: the clocks of several
/// may have the difference, and `Etc/GMT+2` is two hours behind.
fn is_offset(text: &str) -> bool {
    let tail = text.rsplit_once(['+', '-', '\u{2212}', '\u{2013}']).map_or("", |(_, tail)| tail.trim());
    tail.starts_with(|letter: char| letter.is_ascii_digit())
        && tail.chars().all(|letter| letter.is_ascii_digit() || letter == ':')
}

#[cfg(test)]
mod tests {
    use super::is_offset;

    #[test]
    fn an_offset_is_no_slip_in_the_name_of_a_zone() {
        for text in ["UTC+1", "GMT+2", "GMT-5:30", "+02:00", "UTC +01:00", "utc\u{2212}3", "CET+1"] {
            assert!(is_offset(text), "{text}");
        }
        for text in ["Europe/Berlim", "CEST", "Port-au-Prince", "UTC+", "Etc/GMT+x", ""] {
            assert!(!is_offset(text), "{text}");
        }
    }
}
