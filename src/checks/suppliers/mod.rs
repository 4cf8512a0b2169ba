//! What is promised of a service beside what is promised of the services that it depends on: promise with promise.

mod claims;
mod composition;
mod counting;
mod credits;
mod exclusions;
mod features;
mod targets;
mod window;

pub(super) use claims::lapsed;
pub(super) use counting::counted_less;
pub(super) use credits::received;
pub(super) use exclusions::excluded;
pub(super) use targets::composed;
pub(super) use window::longer;

use crate::calculus::{ExprKind, Part, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Interval;
use crate::model::{Commitment, Model, Needs, Role, Service, Target};
use crate::source::Span;
use crate::values::{Amount, Date, Duration, Exact, Ratio, Window, YearMonth};
use crate::wording::date;
use std::collections::{BTreeMap, BTreeSet};

/// So many services are followed from one that is promised something of; where there are more, nothing is said of it.
const MOST_SERVICES: usize = 200;
/// So many promises of one service are compared with each other.
const MOST_PROMISES: usize = 4;

/// That a service works at least for a part of a window.
#[derive(Clone, Copy)]
pub(super) struct Promise<'a> {
    pub service: &'a Service,
    /// The commitment with its target; nothing for a figure that is stated alone.
    pub commitment: Option<(&'a Commitment, &'a Target)>,
    pub bound: &'a Exact,
    pub window: &'a Window,
    pub span: Span,
}

impl Promise<'_> {
    /// The part of the window in which it need not work.
    pub fn slack(&self) -> Exact {
        Exact::one() - self.bound
    }

    /// What findings call it: the commitment, or the service of which a figure is stated.
    pub fn name(&self) -> &str {
        self.commitment.map_or(&self.service.head.name, |(commitment, _)| &commitment.head.name)
    }
}

/// The promises of services, and which service depends on which.
pub(super) struct Chains<'a> {
    pub model: &'a Model,
    promises: BTreeMap<&'a str, Vec<Promise<'a>>>,
}

impl<'a> Chains<'a> {
    /// Those of an agreement; nothing where no service depends on another.
    pub fn of(model: &'a Model) -> Option<Chains<'a>> {
        if model.services.iter().all(|service| service.depends_on.is_empty()) {
            return None;
        }
        let mut promises: BTreeMap<&str, Vec<Promise<'_>>> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for commitment in model.commitments.iter().filter(|one| !one.head.poisoned) {
            let Some(service) = commitment.of.as_ref().and_then(|of| model.services.get(&of.value)) else { continue };
            let available =
                commitment.targets.iter().filter_map(|target| available(model, target).map(|of| (target, of)));
            let Some((target, bound)) = available.max_by_key(|(_, bound)| *bound) else { continue };
            let commitment = Some((commitment, target));
            let promise = Promise { service, commitment, bound, window: &target.window, span: target.span };
            promises.entry(&service.head.name).or_default().push(promise);
        }
        for service in &model.services {
            let Some(figure) = service.promised.as_ref().filter(|_| !service.head.poisoned) else { continue };
            let Value::Ratio(Ratio(bound)) = &figure.value else { continue };
            let promise = Promise { service, commitment: None, bound, window: &figure.window, span: figure.span };
            promises.entry(&service.head.name).or_default().push(promise);
        }
        // The highest promise of a service comes first: one that is kept keeps the others.
        for all in promises.values_mut() {
            all.sort_by(|one, other| other.bound.cmp(one.bound));
            all.retain(|one| match one.commitment {
                Some((commitment, _)) => told.insert(commitment.head.family.as_str()),
                None => true,
            });
        }
        Some(Chains { model, promises })
    }

    /// The promise of a service that is compared with those of others.
    pub fn promise(&self, service: &str) -> Option<&Promise<'a>> {
        self.promises.get(service)?.first()
    }

    /// All promises of a service.
    pub fn promises(&self, service: &str) -> &[Promise<'a>] {
        self.promises.get(service).map_or(&[], Vec::as_slice)
    }

    /// What is promised of services that depend on others, but for what a supplier promises.
    pub fn ours(&self) -> impl Iterator<Item = &Promise<'a>> {
        let services = self.model.services.iter().filter(|service| !service.depends_on.is_empty());
        let ours = services.filter(|service| self.role(service) != Some(Role::Supplier));
        ours.flat_map(|service| self.promises(&service.head.name).iter().take(MOST_PROMISES))
    }

    /// The promises without which a service does not work: of each service that it needs, and through those of which
    /// nothing is promised, of those that they need. Nothing where there are too many.
    pub fn needed(&self, service: &'a Service) -> Option<Vec<&Promise<'a>>> {
        let mut seen = BTreeSet::from([service.head.name.as_str()]);
        let mut open = vec![service];
        let mut found = Vec::new();
        while let Some(service) = open.pop() {
            for dependency in &service.depends_on {
                let each = match dependency.needs {
                    Needs::All => true,
                    Needs::AtLeast(number) => usize::try_from(number).is_ok_and(|number| number >= dependency.on.len()),
                };
                for needed in dependency.on.iter().filter(|_| each) {
                    if !seen.insert(&needed.value) {
                        continue;
                    }
                    match self.promise(&needed.value) {
                        Some(promise) => found.push(promise),
                        None => open.extend(self.model.services.get(&needed.value)),
                    }
                    if seen.len() > MOST_SERVICES {
                        return None;
                    }
                }
            }
        }
        found.sort_by(|one, other| one.service.head.name.cmp(&other.service.head.name));
        Some(found)
    }

    /// Each of our commitments with each commitment without which its service does not work.
    pub fn pairs(&self) -> Vec<(Side<'a>, Side<'a>)> {
        let mut pairs = Vec::new();
        for own in self.ours() {
            let Some((commitment, target)) = own.commitment else { continue };
            for other in self.needed(own.service).unwrap_or_default() {
                if let Some((theirs, their_target)) = other.commitment {
                    let own = Side { promise: *own, commitment, target };
                    pairs.push((own, Side { promise: *other, commitment: theirs, target: their_target }));
                }
            }
        }
        pairs
    }

    /// What the provider of a service is in the agreement, where that is said.
    fn role(&self, service: &Service) -> Option<Role> {
        service.between.by.as_ref().and_then(|by| self.model.role(by))
    }
}

/// A commitment with the target that is compared.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub promise: Promise<'a>,
    pub commitment: &'a Commitment,
    pub target: &'a Target,
}

/// What a target promises at least, if it is about how much of the time, or of what happens, a service works: it is made of
/// counts of events and of states alone.
fn available<'a>(model: &Model, target: &'a Target) -> Option<&'a Exact> {
    let Value::Ratio(Ratio(bound)) = target.value.as_ref()? else { return None };
    if !target.is_floor() || bound.signum() < 0 || *bound > Exact::one() {
        return None;
    }
    let (mut read, mut other) = (false, false);
    super::slack::through(model, &target.measure, &mut |part| {
        if let ExprKind::Reading(reading) = &part.kind {
            match reading.part {
                Part::Count(_) | Part::State => read = true,
                _ => other = true,
            }
        }
    });
    (read && !other).then_some(bound)
}

/// A figure stands for the promise of somebody else: of what a party of the agreement promises itself there is a commitment.
pub(super) fn figures(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for service in &model.services {
        let Some((figure, by)) = service.promised.as_ref().zip(service.between.by.as_ref()) else { continue };
        if !matches!(model.role(by), Some(Role::Provider | Role::Customer)) {
            continue;
        }
        let name = &service.head.name;
        let message = format!("`promised` is for the service of a supplier, and `{}` is none", by.party);
        found.push(
            Diagnostic::new(codes::WRONG_ARGUMENT, figure.span, message)
                .primary("nobody measures what stands here")
                .label(by.span, format!("`{name}` is provided by a party of the agreement"))
                .help(format!("write a commitment, so that it says how it is measured: `commitment {name}_kept \"…\" of {name} {{ target … }}`")),
        );
    }
    found
}

/// The first whole window of an agreement's term.
pub(super) struct First {
    pub at: Interval,
    /// Its first and its last day.
    pub days: (Date, Date),
    /// Such as `June 2027`, or `the 30 days from 1 January 2027`.
    pub words: String,
}

impl First {
    /// Nothing for a window that has no length of its own, or is not whole within the term.
    pub fn of(model: &Model, window: &Window) -> Option<First> {
        First::from(model, window, model.agreement.effective.as_ref()?.from)
    }

    /// The same from a date of the term on.
    pub fn from(model: &Model, window: &Window, date_of: Date) -> Option<First> {
        let term = model.agreement.effective.as_ref()?;
        let (from, to) = match window {
            Window::Periodic { .. } => {
                let anchors = model.agreement.anchors(date_of);
                let (from, to) = window.dates_around(anchors, date_of)?;
                if from < date_of { window.dates_around(anchors, to)? } else { (from, to) }
            }
            Window::Rolling(Amount::Period(period)) => (date_of, period.add_to(date_of)?),
            Window::Term => (term.from, term.to?.tomorrow().ok()?),
            _ => return None,
        };
        let last = to.yesterday().ok()?;
        let ends = term.to.filter(|_| model.agreement.renews.is_none());
        if to <= from || ends.is_some_and(|end| end < last) {
            return None;
        }
        let zone = model.agreement.clock();
        let at = Interval::between(zone.start_of_day(from)?, zone.start_of_day(to)?);
        let month = YearMonth::of(from);
        let words = if from == last {
            date(from)
        } else if from == month.first_day() && last == month.last_day() {
            format!("{} ({} days)", month.words(), month.days())
        } else {
            format!("the time from {} to {}", date(from), date(last))
        };
        Some(First { at, days: (from, last), words })
    }

    /// The words without the number of its days.
    pub fn name(&self) -> &str {
        self.words.split(" (").next().unwrap_or(&self.words)
    }

    /// How long a part of it is, in words.
    pub fn part(&self, part: &Exact) -> String {
        super::slack::words(&self.length(part))
    }

    /// How long a part of it is.
    pub fn length(&self, part: &Exact) -> Duration {
        self.at.length().times(part)
    }
}

/// A part as a percentage, rounded down behind its sixth place where it is longer.
pub(super) fn percent(part: &Exact) -> String {
    let hundred = part * Exact::from_int(100);
    let step = Exact::ratio(1, 1_000_000).unwrap_or_default();
    let short = hundred.round_to(&step, crate::values::Rounding::Floor);
    let about = if short == hundred { "" } else { "about " };
    format!("{about}{}%", short.to_decimal_string(6))
}

/// Names in quotes, the first of many: `a`, `b` and 3 more.
pub(super) fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 4;
    let all: Vec<&str> = names.collect();
    let mut parts: Vec<String> = all.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if all.len() > SHOWN {
        parts.push(format!("{} more", all.len() - SHOWN));
    }
    crate::wording::listed(&parts, "and")
}
