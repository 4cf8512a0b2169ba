//! When what is promised in another agreement holds, beside the promise of ours that depends on it.

use super::{Chains, Promise, quoted};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Agreement, Counted, Cut, Effective, Model, Service};
use crate::source::{FileId, Span};
use crate::values::{Date, PeriodUnit, Timestamp, Window, WindowKind};
use crate::wording::{date, date_time, stretch_before};
use std::collections::BTreeSet;

/// So many promises and fees are shown beside a term.
const SHOWN: usize = 4;

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
    found.extend(model.cut_elsewhere().iter().filter_map(|one| cut(model, one)));
    found
}

/// Our term begins or ends within a window of the supplier's, or within what is looked back at: another part of it counts here
/// than there.
fn cut(model: &Model, cut: &Cut<'_>) -> Option<Diagnostic> {
    let (ours, theirs) = model.agreement.effective.as_ref().zip(cut.there.effective.as_ref())?;
    let names = quoted(cut.of.iter().map(|one| one.head().name.as_str()));
    let message = match (cut.is_past, cut.here.0 > cut.whole.0, cut.here.1 < cut.whole.1) {
        (true, ..) => {
            let look = if cut.of.len() > 1 { "look" } else { "looks" };
            format!("{names} {look} back at days before this agreement, which count under the supplier's own")
        }
        (false, begins, ends) => {
            let how = match (begins, ends) {
                (true, true) => "begins and ends",
                (true, false) => "begins",
                _ => "ends",
            };
            format!(
                "this agreement {how} within a {} of {names}, of which the supplier's own counts another part",
                cut.per
            )
        }
    };
    let finding = Diagnostic::new(codes::SUPPLIER_AT_OTHER_TIMES, ours.span, message)
        .label(theirs.span, "the supplier's own agreement");
    let [whole, here, elsewhere] =
        [cut.whole, cut.here, cut.elsewhere].map(|(first, next)| stretch_before(first, next));
    let labelled =
        cut.of.iter().take(SHOWN).fold(finding, |finding, one| finding.label(one.head().name_span, said(cut, one)));
    let time = if cut.is_past {
        format!("the days {whole}, at which the first {} looks back,", cut.per)
    } else {
        format!("the {} {whole}", cut.per)
    };
    let witness = format!(
        "of {time} the days {here} count here, and the days {elsewhere} under the supplier's own agreement: {}",
        consequences(cut).join(", and ")
    );
    Some(labelled.witness(witness).help(if cut.is_past {
        "begin together with the supplier's agreement, or take what follows from windows before from that agreement"
    } else {
        "begin and end together with a window of the supplier's, or take what it owes for this one from its own agreement"
    }))
}

/// How something is counted over what is cut.
fn said(cut: &Cut<'_>, one: &Counted<'_>) -> String {
    match one {
        _ if cut.is_past => "looks at what was before a window".to_owned(),
        Counted::Promise(_) => format!("judged per {}", cut.per),
        Counted::Fee(_) => format!("paid per {}, and reduced for a part of one", cut.per),
        Counted::Cap(_) => format!("limited per {}, to less for a part of one", cut.per),
        Counted::Budget(..) => format!("limited per {}, and used up by what is done in all of one", cut.per),
    }
}

/// What comes out otherwise here than there.
fn consequences(cut: &Cut<'_>) -> Vec<&'static str> {
    if cut.is_past {
        return vec!["what follows there from what was before does not follow here"];
    }
    let any = |is_so: fn(&Counted<'_>) -> bool| cut.of.iter().any(is_so);
    let is_judged = any(|one| matches!(one, Counted::Promise(_)));
    let is_excluded = any(|one| matches!(one, Counted::Budget(..)));
    let is_owed = any(|one| match one {
        Counted::Promise(commitment) => commitment.credit.is_some(),
        Counted::Budget(..) => false,
        Counted::Fee(_) | Counted::Cap(_) => true,
    });
    let all = [
        (is_judged, "what is kept there may be missed here, or the other way round"),
        (is_excluded, "maintenance for which nothing of the budget is left there may be excluded here"),
        (is_owed, "what is computed here as owed for it is not what is owed there"),
    ];
    all.into_iter().filter_map(|(is_so, words)| is_so.then_some(words)).collect()
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

    fn anchor(&self) -> Option<Diagnostic> {
        let one = self.theirs.iter().find(|one| !self.model.agreement.begins_like(self.there, one.window))?;
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
