//! What is promised of a service beside what is promised of the services that it depends on: promise with promise.

mod claims;
mod counting;
mod credits;
mod diagram;
mod exclusions;
mod features;
mod network;
mod spans;
mod targets;
mod window;
mod worst;

pub(super) use claims::lapsed;
pub(super) use counting::counted_less;
pub(super) use credits::received;
pub(super) use exclusions::excluded;
pub(super) use targets::composed;
pub(super) use window::beyond;

use crate::calculus::{Expr, ExprKind, Part, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Interval;
use crate::model::{Commitment, Head, Model, Role, Service, Target};
use crate::source::Span;
use crate::values::{Amount, Date, Duration, Exact, Ratio, Rounding, Timestamp, Window, YearMonth};
use crate::wording::date;
use network::Network;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// In so many steps what services need is followed and computed; what is left is told not to be compared.
const MOST_WORK: usize = 1_000_000;

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
    /// Services of which something is promised that was not understood.
    unread: BTreeSet<&'a str>,
}

/// A service of ours that needs others, with what is promised of it.
pub(super) struct Own<'a> {
    promises: Vec<Promise<'a>>,
    network: Network<'a>,
}

impl<'a> Own<'a> {
    /// The highest promise of each commitment.
    pub fn highest(&self) -> Vec<Promise<'a>> {
        highest(&self.promises)
    }
}

/// The highest promise of each commitment, and the figures.
fn highest<'a>(promises: &[Promise<'a>]) -> Vec<Promise<'a>> {
    let mut told = BTreeSet::new();
    let all = promises.iter().copied();
    all.filter(|one| one.commitment.is_none_or(|(one, _)| told.insert(one.head.name.as_str()))).collect()
}

/// Those that are commitments.
fn sides(promises: Vec<Promise<'_>>) -> Vec<Side<'_>> {
    let sides = promises
        .into_iter()
        .filter_map(|promise| promise.commitment.map(|(commitment, target)| Side { promise, commitment, target }));
    sides.collect()
}

impl<'a> Chains<'a> {
    /// Those of an agreement; nothing where no service depends on another.
    pub fn of(model: &'a Model) -> Option<Chains<'a>> {
        if model.services.iter().all(|service| service.depends_on.is_empty()) {
            return None;
        }
        let mut chains = Chains { model, promises: BTreeMap::new(), unread: BTreeSet::new() };
        for commitment in &model.commitments {
            let Some(service) = commitment.of.as_ref().and_then(|of| model.services.get(&of.value)) else { continue };
            let unread = |target: &Target| target.value.is_none() || !is_understood(model, &target.measure);
            if commitment.head.poisoned || commitment.targets.iter().any(unread) {
                chains.unread.insert(&service.head.name);
            }
            let available =
                commitment.targets.iter().filter_map(|target| available(model, target).map(|of| (target, of)));
            for (target, bound) in available.filter(|_| !commitment.head.poisoned) {
                let commitment = Some((commitment, target));
                let promise = Promise { service, commitment, bound, window: &target.window, span: target.span };
                chains.promises.entry(&service.head.name).or_default().push(promise);
            }
        }
        for service in &model.services {
            let Some(figure) = service.promised.as_ref().filter(|_| !service.head.poisoned) else { continue };
            let Value::Ratio(Ratio(bound)) = &figure.value else {
                chains.unread.insert(&service.head.name);
                continue;
            };
            let promise = Promise { service, commitment: None, bound, window: &figure.window, span: figure.span };
            chains.promises.entry(&service.head.name).or_default().push(promise);
        }
        // The highest promise of a service comes first. Of several variants of one promise, that is the one that is compared.
        for all in chains.promises.values_mut() {
            all.sort_by(|one, other| other.bound.cmp(one.bound));
            let mut told = BTreeMap::new();
            all.retain(|one| match one.commitment {
                Some((commitment, _)) => {
                    let Head { family, name, .. } = &commitment.head;
                    told.entry(family.as_str()).or_insert(name.as_str()) == name
                }
                None => true,
            });
        }
        Some(chains)
    }

    /// The promise of a service that is compared with those of others: the highest.
    pub fn promise(&self, service: &str) -> Option<&Promise<'a>> {
        self.promises(service).first()
    }

    /// All promises of a service, the highest first.
    pub fn promises(&self, service: &str) -> &[Promise<'a>] {
        self.promises.get(service).map_or(&[], Vec::as_slice)
    }

    /// The services that depend on others, of which something is promised by others than suppliers; and then those for
    /// which it would be too much work.
    pub fn own(&self) -> (Vec<Own<'a>>, Vec<Promise<'a>>) {
        let (mut found, mut skipped) = (Vec::new(), Vec::new());
        let mut left = MOST_WORK;
        let services = self.model.services.iter().filter(|service| !service.depends_on.is_empty());
        for service in services.filter(|service| self.role(service) != Some(Role::Supplier)) {
            let promises = self.promises(&service.head.name).to_vec();
            if promises.is_empty() {
                continue;
            }
            match Network::of(self, service, promises.len(), &mut left) {
                Some(network) => found.push(Own { promises, network }),
                None => skipped.extend(promises),
            }
        }
        (found, skipped)
    }

    /// Each of our commitments with what is committed of each service without which its own does not work: the highest
    /// commitment, and all of them, each by its highest target.
    pub fn pairs(&self) -> Vec<(Side<'a>, Side<'a>, Rc<[Side<'a>]>)> {
        let mut pairs = Vec::new();
        for own in self.own().0 {
            let needed = own.network.needed();
            let needed: Vec<Rc<[Side<'a>]>> =
                needed.iter().map(|leaf| sides(highest(self.promises(&leaf.service.head.name))).into()).collect();
            for ours in sides(own.highest()) {
                let with = needed.iter().filter_map(|theirs| Some((ours, *theirs.first()?, Rc::clone(theirs))));
                pairs.extend(with);
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

/// That two promises are not compared in one respect, and why.
fn not_compared(own: &Side<'_>, other: &Side<'_>, why: &str) -> Diagnostic {
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!("`{name}` is not compared in full with `{theirs}`, which it depends on");
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.commitment.head.name_span, message)
        .primary(why)
        .label(other.commitment.head.name_span, "with this one")
        .help("read the two side by side: nothing is said here of what they may differ in")
}

/// Whether all that a measure is made of was understood: the metrics, the signals and the constants that it names.
fn is_understood(model: &Model, measure: &Expr) -> bool {
    let mut understood = true;
    super::slack::through(model, measure, &mut |part| {
        let head = match &part.kind {
            ExprKind::Poison => return understood = false,
            ExprKind::Reading(reading) => model.signals.get(&reading.signal).map(|signal| &signal.head),
            ExprKind::Metric(name) => model.metrics.get(name).map(|metric| &metric.head),
            ExprKind::Constant(name) => model.constants.get(name).map(|constant| &constant.head),
            _ => return,
        };
        understood &= head.is_some_and(|head| !head.poisoned);
    });
    understood
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
        First::at(model, Interval::between(zone.start_of_day(from)?, zone.start_of_day(to)?))
    }

    /// A stretch of time as such a window.
    pub fn at(model: &Model, at: Interval) -> Option<First> {
        let zone = model.agreement.clock();
        let date_of = |instant: i128| Some(zone.date(Timestamp::from_nanosecond(instant).ok()?));
        let (from, last) = (date_of(at.start)?, date_of(at.end - 1)?);
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

    /// When it is, in a sentence: `on 1 June 2027`, `from 1 June 2027 to 6 June 2027`.
    pub fn stretch(&self) -> String {
        let (from, last) = self.days;
        if from == last { format!("on {}", date(from)) } else { format!("from {} to {}", date(from), date(last)) }
    }

    /// The words without the number of its days.
    pub fn name(&self) -> &str {
        self.words.split(" (").next().unwrap_or(&self.words)
    }

    /// How long a part of it is, in words.
    pub fn part(&self, part: &Exact) -> String {
        time_words(&self.length(part))
    }

    /// How long a part of it is.
    pub fn length(&self, part: &Exact) -> Duration {
        self.at.length().times(part)
    }
}

/// What is promised, as it was written.
pub(super) fn stated(part: &Exact) -> String {
    format!("{}%", part * Exact::from_int(100))
}

/// A part that was computed, as a percentage: rounded down where it is long, to so many places that one that is not the
/// whole is not shown as the whole.
pub(super) fn percent(part: &Exact) -> String {
    const PLACES: usize = 6;
    let hundred = part * Exact::from_int(100);
    let missing = Exact::from_int(100) - &hundred;
    let tenth = Exact::ratio(1, 10).unwrap_or_default();
    let (mut places, mut step) = (PLACES, Exact::ratio(1, 1_000_000).unwrap_or_default());
    // Three digits of what is missing are shown.
    while missing.signum() > 0 && missing < &step * Exact::from_int(100) && places < 400 {
        (places, step) = (places + 1, &step * &tenth);
    }
    let short = hundred.round_to(&step, Rounding::Floor);
    match (short == hundred, short.is_zero()) {
        (true, _) => format!("{}%", short.to_decimal_string(places)),
        (false, true) => format!("less than {}%", step.to_decimal_string(places)),
        (false, false) => format!("about {}%", short.to_decimal_string(places)),
    }
}

/// Two lengths of time in words that show which one is longer.
pub(super) fn apart(longer: &Duration, shorter: &Duration) -> (String, String) {
    let words = (time_words(longer), time_words(shorter));
    if words.0 != words.1 || longer <= shorter {
        return words;
    }
    let seconds = |time: &Duration, places: usize| format!("{} s", time.seconds().to_decimal_string(places));
    let texts = (1..30).map(|places| (seconds(longer, places), seconds(shorter, places)));
    texts.into_iter().find(|(longer, shorter)| longer != shorter).unwrap_or(words)
}

/// A length as people read it; one that is very short as well.
pub(super) fn time_words(time: &Duration) -> String {
    let tenth = Duration::from_seconds(Exact::ratio(1, 10).unwrap_or_default());
    if time.is_zero() || *time >= tenth {
        return super::slack::words(time);
    }
    let texts = (2..40).map(|places| time.seconds().to_decimal_string(places));
    let shown = texts.into_iter().find(|text| text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)));
    format!("{} s", shown.unwrap_or_else(|| "0".to_owned()))
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
