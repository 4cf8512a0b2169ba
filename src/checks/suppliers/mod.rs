//! What is promised of a service beside what is promised of the services that it depends on: promise with promise.

mod behind;
mod besides;
mod claims;
mod counting;
mod course;
mod credits;
mod diagram;
mod exclusions;
mod falls;
mod features;
mod figures;
mod first;
mod implied;
mod kinds;
mod limits;
mod network;
mod options;
mod outages;
mod pairs;
mod periods;
mod results;
mod shape;
mod shared;
mod spans;
mod steps;
mod targets;
mod terms;
mod together;
mod trial;
mod window;
mod worst;

pub(super) use claims::lapsed;
pub(super) use counting::counted_less;
pub(super) use credits::received;
pub(super) use exclusions::excluded;
pub(super) use figures::figures;
pub(super) use kinds::unlike;
pub(super) use targets::composed;
pub(super) use terms::elsewhere;
pub(super) use window::beyond;

use crate::calculus::{Binary, Expr, ExprKind, Part, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Choice, Commitment, Head, Model, Role, Service, Target};
use crate::source::Span;
use crate::values::{Duration, Exact, Ratio, Rounding, Window};
use besides::Besides;
use first::First;
use limits::{Limits, limits};
use network::Network;
use pairs::{Pair, Side, highest, sides};
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
    /// What stands in the file: the part in which it works at least, or the part in which it fails at most.
    pub figure: &'a Exact,
    pub side: Bound,
    /// Whether exactly the figure is too little, or too much.
    pub strict: bool,
    pub window: &'a Window,
    pub span: Span,
}

/// What a figure is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// How much works at least.
    Works,
    /// How much fails at most.
    Fails,
}

impl Bound {
    /// A figure of this kind as a part that works, and the other way round.
    pub fn of(self, part: &Exact) -> Exact {
        match self {
            Bound::Works => part.clone(),
            Bound::Fails => Exact::one() - part,
        }
    }
}

impl<'a> Promise<'a> {
    /// The options for which it is.
    pub fn variant(&self) -> &'a [Choice] {
        self.commitment.map_or(&[], |(commitment, _)| &commitment.head.variant)
    }

    /// The part of the window in which it works at least.
    pub fn bound(&self) -> Exact {
        self.side.of(self.figure)
    }

    /// The part of the window in which it need not work.
    pub fn slack(&self) -> Exact {
        Exact::one() - self.bound()
    }

    /// Whether it is broken where so much of a window fails; `strict` where that much is never quite reached.
    pub fn is_broken_by(&self, fails: &Exact, strict: bool) -> bool {
        let slack = self.slack();
        *fails > slack || (*fails == slack && self.strict && !strict)
    }

    /// How long a service may be down, in a sentence.
    pub fn only(&self, most: &str) -> String {
        if self.strict { format!("for less than {most} only") } else { format!("for {most} only") }
    }

    /// What is promised, as it was written.
    pub fn stated(&self) -> String {
        let more = if self.strict { "more than " } else { "" };
        format!("{more}{}", stated(&self.bound()))
    }

    /// What findings call it: the commitment, or the service of which a figure is stated.
    pub fn name(&self) -> &str {
        self.commitment.map_or(&self.service.head.name, |(commitment, _)| &commitment.head.name)
    }
}

/// The promises of services, and which service depends on which.
pub(super) struct Chains<'a> {
    pub model: &'a Model,
    /// The options for which ours is that is looked at.
    pub variant: &'a [Choice],
    promises: BTreeMap<&'a str, Vec<Promise<'a>>>,
    /// Services of which something is promised that is not compared; with the promise, where no error is told of it.
    unread: BTreeMap<&'a str, Option<&'a Commitment>>,
    /// What is promised of services from states and counts that is no part of the time.
    besides: BTreeMap<&'a str, Vec<Besides<'a>>>,
    /// The suppliers' services that do not work without others; nothing where there are too many.
    limits: Rc<Option<Limits<'a>>>,
    /// Promises of ours for further options, which are too many to be looked at.
    left_out: Vec<Promise<'a>>,
}

/// Ours for so many choices of options are looked at.
const MOST_VARIANTS: usize = 100;

/// A service of ours that needs others, with what is promised of it.
pub(super) struct Own<'a> {
    promises: Vec<Promise<'a>>,
    network: Network<'a>,
    /// The same with each service counted once that is needed through what is promised of others as well, where there is one.
    once: Option<Network<'a>>,
}

impl<'a> Own<'a> {
    /// What it needs, with each service that may fail once.
    fn counted(&self) -> &Network<'a> {
        self.once.as_ref().unwrap_or(&self.network)
    }

    /// The highest promise of each commitment.
    pub fn highest(&self) -> Vec<Promise<'a>> {
        highest(&self.promises)
    }
}

/// Whether what is for some options is where others are chosen: of each dimension of both it is for the same option.
pub(super) fn is_under(variant: &[Choice], chosen: &[Choice]) -> bool {
    let same = |one: &Choice| chosen.iter().all(|other| one.dimension != other.dimension || one.option == other.option);
    variant.iter().all(same)
}

impl<'a> Chains<'a> {
    /// Those of an agreement, for each choice of options for which something of ours is promised; nothing where no service
    /// depends on another.
    pub fn all(model: &'a Model) -> Vec<Chains<'a>> {
        if model.services.iter().all(|service| service.depends_on.is_empty()) {
            return Vec::new();
        }
        let whole = Chains::whole(model);
        let mut variants: BTreeMap<&'a [Choice], Vec<Promise<'a>>> = BTreeMap::new();
        for service in model.services.iter().filter(|service| whole.is_own(service)) {
            for promise in whole.promises(&service.head.name) {
                variants.entry(promise.variant()).or_default().push(*promise);
            }
        }
        // Without any of ours, there still is what is told of promises that are not compared.
        if variants.is_empty() {
            variants.insert(&[], Vec::new());
        }
        let left_out = variants.values().skip(MOST_VARIANTS).flatten().copied().collect();
        let mut all: Vec<Chains<'a>> =
            variants.keys().take(MOST_VARIANTS).map(|variant| whole.under(variant)).collect();
        if let Some(first) = all.first_mut() {
            first.left_out = left_out;
        }
        all
    }

    /// What is promised where these options are chosen. Of one promise for several options, of which ours has none, the
    /// lowest counts: nothing more is sure.
    fn under(&self, variant: &'a [Choice]) -> Chains<'a> {
        let chosen = |promises: &Vec<Promise<'a>>| {
            let (mut lowest, mut seen) = (BTreeMap::new(), BTreeSet::new());
            let commitments = promises.iter().filter_map(|one| one.commitment);
            for (commitment, _) in commitments.filter(|(one, _)| is_under(&one.head.variant, variant)) {
                let Head { family, name, .. } = &commitment.head;
                if seen.insert(name.as_str()) {
                    lowest.insert(family.as_str(), name.as_str());
                }
            }
            let counts = |one: &&Promise<'a>| {
                let head = one.commitment.map(|(commitment, _)| &commitment.head);
                head.is_none_or(|head| lowest.get(head.family.as_str()) == Some(&head.name.as_str()))
            };
            promises.iter().filter(counts).copied().collect::<Vec<_>>()
        };
        let promises = self.promises.iter().map(|(service, all)| (*service, chosen(all)));
        let promises = promises.filter(|(_, all)| !all.is_empty()).collect();
        let (unread, besides, limits) = (self.unread.clone(), self.besides.clone(), Rc::clone(&self.limits));
        Chains { model: self.model, variant, promises, unread, besides, limits, left_out: Vec::new() }
    }

    /// What is promised under whichever options.
    fn whole(model: &'a Model) -> Chains<'a> {
        let (promises, unread, besides) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let limits = Rc::new(limits(model, MOST_WORK));
        let mut chains = Chains { model, variant: &[], promises, unread, besides, limits, left_out: Vec::new() };
        for commitment in &model.commitments {
            let Some(service) = commitment.of.as_ref().and_then(|of| model.services.get(&of.value)) else { continue };
            let unread = |target: &Target| !is_understood(model, &target.measure);
            if commitment.head.poisoned || commitment.targets.iter().any(unread) {
                chains.unread.insert(&service.head.name, None);
                continue;
            }
            for target in &commitment.targets {
                let Some((figure, side)) = available(model, target) else {
                    if counts(model, target) {
                        let besides = chains.besides.entry(&service.head.name).or_default();
                        besides.push(Besides { commitment, target });
                    }
                    if target.value.is_none() || counts(model, target) {
                        chains.unread.entry(&service.head.name).or_insert(Some(commitment));
                    }
                    continue;
                };
                let strict = matches!(target.comparison, Binary::Greater | Binary::Less);
                let (commitment, window, span) = (Some((commitment, target)), &target.window, target.span);
                let promise = Promise { service, commitment, figure, side, strict, window, span };
                chains.promises.entry(&service.head.name).or_default().push(promise);
            }
        }
        for service in &model.services {
            let Some(figure) = service.promised.as_ref().filter(|_| !service.head.poisoned) else { continue };
            let Value::Ratio(Ratio(part)) = &figure.value else {
                chains.unread.insert(&service.head.name, None);
                continue;
            };
            let (side, window, span) = (Bound::Works, &figure.window, figure.span);
            let promise = Promise { service, commitment: None, figure: part, side, strict: false, window, span };
            chains.promises.entry(&service.head.name).or_default().push(promise);
        }
        // The highest promise of a service comes first.
        for all in chains.promises.values_mut() {
            all.sort_by_key(|one| (one.slack(), !one.strict));
        }
        chains
    }

    /// Whether a service depends on others, and is provided by others than suppliers.
    fn is_own(&self, service: &Service) -> bool {
        !service.depends_on.is_empty() && !self.is_supplied(service)
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
        skipped.extend(&self.left_out);
        let mut left = MOST_WORK;
        for service in self.model.services.iter().filter(|service| self.is_own(service)) {
            let mut promises = self.promises(&service.head.name).to_vec();
            promises.retain(|one| one.variant() == self.variant);
            if promises.is_empty() {
                continue;
            }
            let known = self.limits.is_some();
            let network = Network::of(self, service, promises.len(), &mut left).filter(|_| known);
            let once = network.as_ref().and_then(|network| network.counted_once(self, service, &mut left));
            match network.zip(once) {
                Some((network, once)) => found.push(Own { promises, network, once }),
                None => skipped.extend(promises),
            }
        }
        (found, skipped)
    }

    /// The services of ours that depend on others and of which nothing is promised that is compared, each with a promise.
    pub fn unread(&self) -> impl Iterator<Item = (&'a Service, &'a Commitment)> {
        let services = self.model.services.iter();
        let ours = services.filter(|one| self.is_own(one) && self.promises(&one.head.name).is_empty());
        ours.filter_map(|one| Some((one, (*self.unread.get(one.head.name.as_str())?)?)))
    }

    /// Whether a supplier provides a service.
    fn is_supplied(&self, service: &Service) -> bool {
        self.role(service) == Some(Role::Supplier)
    }

    /// What the provider of a service is in the agreement, where that is said.
    fn role(&self, service: &Service) -> Option<Role> {
        service.between.by.as_ref().and_then(|by| self.model.role(by))
    }
}

/// That two promises are not compared in one respect, and why.
fn not_compared(own: &Side<'_>, other: &Side<'_>, why: &str) -> Diagnostic {
    told_apart(own.commitment, other.commitment, why)
}

/// The same of two commitments.
fn told_apart(own: &Commitment, other: &Commitment, why: &str) -> Diagnostic {
    let (name, theirs) = (&own.head.name, &other.head.name);
    let message = format!("`{name}` is not compared in full with `{theirs}`, which it depends on");
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.head.name_span, message)
        .primary(why)
        .label(other.head.name_span, "with this one")
        .help("read the two side by side: nothing is said here of what they may differ in")
}

/// Whether all that a measure is made of was understood: the metrics, the signals and the constants that it names.
fn is_understood(model: &Model, measure: &Expr) -> bool {
    let mut understood = true;
    model.through(measure, &mut |part| {
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

/// What a target promises, if it is about how much of the time, or of what happens, a service works at least or fails at most.
fn available<'a>(model: &Model, target: &'a Target) -> Option<(&'a Exact, Bound)> {
    let Value::Ratio(Ratio(figure)) = target.value.as_ref()? else { return None };
    let side = match target.comparison {
        Binary::AtLeast | Binary::Greater => Bound::Works,
        Binary::AtMost | Binary::Less => Bound::Fails,
        _ => return None,
    };
    let possible = figure.signum() >= 0 && *figure <= Exact::one();
    (possible && counts(model, target)).then_some((figure, side))
}

/// Whether a target is made of counts of events and of states alone.
fn counts(model: &Model, target: &Target) -> bool {
    let (mut read, mut other) = (false, false);
    model.through(&target.measure, &mut |part| {
        if let ExprKind::Reading(reading) = &part.kind {
            match reading.part {
                Part::Count(_) | Part::State => read = true,
                _ => other = true,
            }
        }
    });
    read && !other
}

/// What is promised, as it was written.
pub(super) fn stated(part: &Exact) -> String {
    format!("{}%", part * Exact::from_int(100))
}

/// A part that was computed, as a percentage: rounded down where it is long, to so many places that one that is not the
/// whole is not shown as the whole.
pub(super) fn percent(part: &Exact) -> String {
    const PLACES: usize = 6;
    const MOST_PLACES: usize = 20;
    let hundred = part * Exact::from_int(100);
    let missing = Exact::from_int(100) - &hundred;
    let tenth = Exact::ratio(1, 10).unwrap_or_default();
    let (mut places, mut step) = (PLACES, Exact::ratio(1, 1_000_000).unwrap_or_default());
    // Three digits of what is missing are shown.
    while missing.signum() > 0 && missing < &step * Exact::from_int(100) && places < MOST_PLACES {
        (places, step) = (places + 1, &step * &tenth);
    }
    let short = hundred.round_to(&step, Rounding::Floor);
    if missing.signum() > 0 && places == MOST_PLACES && missing < step {
        return format!("more than {}%", short.to_decimal_string(places));
    }
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

/// A length as people read it; one that is very short as well. A longer one is rounded down, to a second or to a tenth of one:
/// whoever tries out what is shown stays within what is promised.
pub(super) fn time_words(time: &Duration) -> String {
    let tenth = Exact::ratio(1, 10).unwrap_or_default();
    if *time >= Duration::from_whole_seconds(3_600) {
        return Duration::from_seconds(time.seconds().floor()).words();
    }
    if time.is_zero() || *time.seconds() >= tenth {
        return super::slack::words(&Duration::from_seconds(time.seconds().round_to(&tenth, Rounding::Floor)));
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
