//! When what is promised in another agreement holds, beside the promise of ours that depends on it.

use super::{Chains, Promise, periods};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Agreement, Effective, Model, Service};
use crate::source::{FileId, Span};
use crate::values::{Date, PeriodUnit, Timestamp, Window, WindowKind};
use crate::wording::{date, date_time};
use std::collections::BTreeSet;

/// What a supplier promises in an agreement of its own is in force while ours is, and is counted in the same periods.
pub fn elsewhere(model: &Model) -> Vec<Diagnostic> {
    if model.foreign.is_empty() {
        return Vec::new();
    }
    let all = Chains::all(model);
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut told: BTreeSet<(&str, FileId)> = BTreeSet::new();
    for (chains, own) in all.iter().flat_map(|chains| chains.own().0.into_iter().map(move |own| (chains, own))) {
        let Some(ours) = own.highest().into_iter().next() else { continue };
        for leaf in own.network.leaves() {
            let theirs = chains.promises(&leaf.service.head.name);
            let Some(there) = theirs.iter().find_map(|one| foreign(model, one)) else { continue };
            if told.insert((&ours.service.head.name, there.head.span.file.plain())) {
                let pair = Pair { model, there, ours, theirs, of: leaf.service };
                found.extend(
                    [pair.begins(), pair.ends(), pair.status(), pair.zone(), pair.anchor()].into_iter().flatten(),
                );
            }
        }
    }
    found.extend(periods::counted(model));
    found
}

/// The agreement in which a promise stands, if it is not this one.
fn foreign<'a>(model: &'a Model, promise: &Promise<'_>) -> Option<&'a Agreement> {
    let head = promise.commitment.map_or(&promise.service.head, |(commitment, _)| &commitment.head);
    model.agreement_elsewhere(head)
}

/// A promise of ours, and those of a service in another agreement.
struct Pair<'a> {
    model: &'a Model,
    there: &'a Agreement,
    ours: Promise<'a>,
    theirs: &'a [Promise<'a>],
    of: &'a Service,
}

impl Pair<'_> {
    fn terms(&self) -> Option<(&Effective, &Effective)> {
        self.model.agreement.effective.as_ref().zip(self.there.effective.as_ref())
    }

    fn names(&self) -> (&str, &str) {
        (&self.ours.service.head.name, &self.of.head.name)
    }

    /// A finding at a statement of ours, with the one of theirs.
    fn finding(&self, at: Span, message: String, there: Span, said: String) -> Diagnostic {
        Diagnostic::new(codes::SUPPLIER_AT_OTHER_TIMES, at, message).label(there, said)
    }

    fn begins(&self) -> Option<Diagnostic> {
        let (ours, theirs) = self.terms()?;
        if theirs.from <= ours.from {
            return None;
        }
        let (name, other) = self.names();
        let message = format!(
            "`{other}` is promised from {} on, and `{name}`, which depends on it, from {}",
            date(theirs.from),
            date(ours.from)
        );
        let finding = self.finding(ours.span, message, theirs.span, format!("the agreement about `{other}`"));
        Some(self.alone(finding, ours.from).help("let the supplier's agreement begin first"))
    }

    fn ends(&self) -> Option<Diagnostic> {
        let (ours, theirs) = self.terms()?;
        let last = theirs.to.filter(|_| self.there.renews.is_none())?;
        let renews = self.model.agreement.renews.as_ref().is_some();
        let until = match ours.to {
            Some(to) if to > last => format!("until {}", date(to)),
            Some(_) if renews => format!("until {}, and renews", date(ours.to?)),
            Some(_) => return None,
            None => "without an end".to_owned(),
        };
        let (name, other) = self.names();
        let message = format!("`{other}` is promised until {}, and `{name}`, which depends on it, {until}", date(last));
        let finding = self.finding(ours.span, message, theirs.span, format!("the agreement about `{other}`"));
        Some(
            self.alone(finding, last.tomorrow().ok()?)
                .help("agree on a longer term with the supplier, or on a right to end this agreement with it"),
        )
    }

    /// What is so on a day on which theirs does not hold.
    fn alone(&self, finding: Diagnostic, day: Date) -> Diagnostic {
        let (name, other) = self.names();
        finding.witness(format!(
            "on {} `{name}` has to keep `{}`, and nothing is promised of `{other}`",
            date(day),
            self.ours.name()
        ))
    }

    fn status(&self) -> Option<Diagnostic> {
        let (ours, theirs) = (self.model.agreement.status.as_ref()?, self.there.status.as_ref()?);
        if !ours.value.is_binding() || theirs.value.is_binding() {
            return None;
        }
        let (name, other) = self.names();
        let (here, there) = (ours.value.as_str(), theirs.value.as_str());
        let message = format!(
            "the agreement about `{name}` is `{here}`, and the one about `{other}`, which it depends on, `{there}`"
        );
        let finding = self.finding(ours.span, message, theirs.span, format!("nothing is owed for `{other}` by it"));
        Some(finding.help("conclude the supplier's agreement first, or put its status right"))
    }

    fn zone(&self) -> Option<Diagnostic> {
        let (ours, theirs) = (self.model.agreement.zone.as_ref()?, self.there.zone.as_ref()?);
        let boundary = self.boundary()?;
        let next = |agreement: &Agreement| Some(agreement.clock().start_of_day(boundary)?.as_nanosecond());
        let (here, there) = (next(&self.model.agreement)?, next(self.there)?);
        if here == there {
            return None;
        }
        let (name, other) = self.names();
        let message = format!(
            "`{other}` is promised in the time zone {}, and `{name}`, which depends on it, in {}",
            theirs.value.name(),
            ours.value.name()
        );
        let finding = self.finding(ours.span, message, theirs.span, format!("the agreement about `{other}`"));
        let at = Timestamp::from_nanosecond(there).ok()?;
        Some(
            finding
                .witness(format!(
                    "the {} of `{other}` that ends with {} ends at {} in {}: an outage at that time falls into other periods for the supplier",
                    self.theirs.first()?.window,
                    date(boundary.yesterday().ok()?),
                    date_time(self.model.agreement.clock().local(at)),
                    ours.value.name(),
                ))
                .help("agree on one time zone; here the two are compared as if both were in yours"),
        )
    }

    /// The first day after a window of the supplier's that lies in both terms, by the days on which its own agreement has
    /// windows begin; of one that begins anywhere, after a month.
    fn boundary(&self) -> Option<Date> {
        let (ours, theirs) = self.terms()?;
        let from = ours.from.max(theirs.from);
        let anchors = self.there.anchors(theirs.from);
        let month = Window::periodic(WindowKind::Calendar, PeriodUnit::Month);
        let window = self.theirs.first().map(|one| one.window);
        let window = window.filter(|window| window.dates_around(anchors, from).is_some()).unwrap_or(&month);
        let (start, end) = window.dates_around(anchors, from)?;
        let (_, end) = if start < from { window.dates_around(anchors, end)? } else { (start, end) };
        Some(end)
    }

    /// A figure is for windows that begin on other days there; of commitments that is told with all that is counted over time.
    fn anchor(&self) -> Option<Diagnostic> {
        let mut figures = self.theirs.iter().filter(|one| one.commitment.is_none());
        let one = figures.find(|one| !self.model.agreement.begins_like(self.there, one.window))?;
        let (name, other) = self.names();
        let message =
            format!("a {} of `{other}` begins on other days than one of `{name}`, which depends on it", one.window);
        let finding = self.finding(self.ours.span, message, one.span, "counted by the other agreement".to_owned());
        Some(
            finding.help(
                "have both begin on the same days; here the two are compared as if the supplier's began on yours",
            ),
        )
    }
}
