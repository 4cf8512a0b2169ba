//! The target of a service beside what the services that it depends on come to.

use super::besides::{self, Besides, Kept, Shown};
use super::course::one_after_another;
use super::diagram::Diagram;
use super::network::{Leaf, Network};
use super::together::{self, Together, TooMuch};
use super::trial::{ALL_SLICES, Bad, from, is_in_proportion, is_shown, outage, outage_of};
use super::worst::{self, Worst};
use super::{Chains, First, Own, Promise, apart, percent, quoted};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Interval;
use crate::model::{Commitment, Model, Service};
use crate::values::{Exact, Rounding};
use crate::wording::listed;
use std::collections::BTreeSet;

/// So many promises of others are shown beside one.
pub(super) const SHOWN: usize = 4;

/// In so many steps what services come to is computed for all promises together.
const MOST_STEPS: usize = 200_000;

/// A promise is not higher than what the services come to that it depends on.
pub fn composed(model: &Model) -> Vec<Diagnostic> {
    let all = Chains::all(model);
    let (mut own, mut skipped) = (Vec::new(), Vec::new());
    for chains in &all {
        let (some, too_much) = chains.own();
        own.extend(some.into_iter().map(|own| (chains, own)));
        skipped.extend(too_much);
    }
    let (mut left, mut steps) = (MOST_STEPS, worst::MOST_STEPS);
    let (mut slices, mut work) = (ALL_SLICES, together::MOST_WORK);
    let mut found = Vec::new();
    for (chains, own) in own {
        let Some(diagram) = Diagram::of(own.counted(), &mut left) else {
            // What is kept however failures come together is enough.
            let worst = Worst::of(&own.network, &|leaf| Exact::one() - leaf.bound(), &mut steps);
            skipped.extend(own.highest().into_iter().filter(|one| worst.fails > one.slack()));
            continue;
        };
        let composed = Composed::of(chains, &own, diagram, &mut steps);
        for promise in own.highest() {
            if let Some(below) = composed.below(&promise, &mut slices) {
                found.extend(below);
                continue;
            }
            match Together::of(chains, &own.network, &promise, (&mut steps, &mut work)) {
                Ok(worst) => {
                    found.extend(worst.into_iter().flat_map(|worst| composed.together(&promise, &worst, &mut slices)))
                }
                Err(TooMuch) => skipped.push(promise),
            }
        }
        found.extend(own.network.unread.iter().map(|(service, promised)| unread(&own, service, promised)));
    }
    found.extend(all.iter().take(1).flat_map(Chains::unread).map(|(service, commitment)| {
        let message = format!("`{}` is not compared with the promises that it depends on", commitment.head.name);
        Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, commitment.head.name_span, message)
            .primary(format!(
                "`{}` is promised in another way than as a part of the time that can be computed",
                service.head.name
            ))
            .help(OTHER_WAY)
    }));
    found.extend(skipped_over(&skipped));
    found
}

/// That it would be too much work to look at some promises.
fn skipped_over(skipped: &[Promise<'_>]) -> Option<Diagnostic> {
    let (first, rest) = skipped.split_first()?;
    let (name, service) = (first.name(), &first.service.head.name);
    let message = match rest.len() {
        0 => format!("`{name}` is not compared with the promises that it depends on"),
        1 => format!("`{name}` and one more promise are not compared with the promises that they depend on"),
        more => format!("`{name}` and {more} more promises are not compared with the promises that they depend on"),
    };
    Some(
        Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, first.span, message)
            .primary(format!("`{service}` depends on too many services, or in too many ways"))
            .help("write a commitment for a service in between: what stands behind it is then not followed"),
    )
}

/// What to do where a promise is no part of a whole.
const OTHER_WAY: &str =
    "read the promises side by side; a share of the time, such as `>= 99.9%` or `<= 0.1%`, is compared";

/// That what is promised of a service is no part of the time.
fn unread(own: &Own<'_>, service: &Service, promised: &Commitment) -> Diagnostic {
    let own = own.promises.first();
    let name = own.map_or("", |own| own.name());
    let theirs = &promised.head.name;
    let message = format!("`{name}` is not compared with `{theirs}`, which it depends on");
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.map_or(promised.head.name_span, |own| own.span), message)
        .primary(format!("`{}` is taken not to fail", service.head.name))
        .label(promised.head.name_span, "promises no part of the time that can be computed")
        .help(OTHER_WAY)
}

/// What is said of a promise that the outages break which another one allows.
const KEEPS: &str = "the outages that the supplier's part of the time allows break this as well";
/// What is said of one of which it is not known.
const HIDES: &str = "whether the outages that the supplier's part of the time allows keep this is not computed";

/// A service of ours with what it depends on.
pub(super) struct Composed<'c, 'a> {
    chains: &'c Chains<'a>,
    own: &'c Own<'a>,
    diagram: Diagram,
    /// The part of the time in which ours fails, where failures are independent as far as promises let them.
    fails: Exact,
    /// Whether that is less than independent failures come to, for what is promised of services that do not work without
    /// several of them.
    is_limited: bool,
}

impl<'c, 'a> Composed<'c, 'a> {
    /// Ours with what it comes to.
    fn of(chains: &'c Chains<'a>, own: &'c Own<'a>, diagram: Diagram, steps: &mut usize) -> Composed<'c, 'a> {
        let network = own.counted();
        let fails = diagram.fails(network.root);
        let limited = (!network.limits.is_empty())
            .then(|| Worst::of(&own.network, &|leaf| Exact::one() - leaf.bound(), steps))
            .filter(|worst| worst.exact && worst.fails < fails);
        let is_limited = limited.is_some();
        let fails = limited.map_or(fails, |worst| worst.fails);
        Composed { chains, own, diagram, fails, is_limited }
    }

    /// How much of the time ours works, where that is more than independent failures come to.
    pub fn limited_works(&self) -> Option<Exact> {
        self.is_limited.then(|| Exact::one() - &self.fails)
    }

    pub fn network(&self) -> &Network<'a> {
        self.own.counted()
    }

    /// How much of the time a part works, where each promise is just kept and failures are independent.
    pub fn works(&self, part: usize) -> Exact {
        Exact::one() - self.diagram.fails(Some(part))
    }

    /// Even where failures are independent, the services come to less.
    fn below(&self, own: &Promise<'a>, slices: &mut i128) -> Option<Vec<Diagnostic>> {
        let fails = self.fails.clone();
        if !own.is_broken_by(&fails, self.strict()) {
            return None;
        }
        let all = Exact::one() - &fails;
        let (name, service, bound) = (own.name(), &own.service.head.name, own.stated());
        let others = self.network().leaves();
        let names = quoted(others.iter().map(|other| other.service.head.name.as_str()));
        let missing = quoted(nothing(&others).map(|other| other.service.head.name.as_str()));
        let comes = match others.as_slice() {
            _ if all.is_zero() && nothing(&others).next().is_some() => {
                let needed: Vec<Leaf<'_>> = self.network().needed();
                let needed = quoted(nothing(&needed).map(|other| other.service.head.name.as_str()));
                let missing = if needed.is_empty() { missing.clone() } else { needed };
                format!("no availability is promised of {missing}, on which `{service}` depends")
            }
            [only] => match only.limit {
                None => format!("{names}, on which `{service}` depends, is promised at {} only", percent(&all)),
                Some(limit) => format!(
                    "{names}, on which `{service}` depends, comes to {} with what is promised of `{}`",
                    percent(&all),
                    limit.service.head.name
                ),
            },
            _ if !missing.is_empty() => format!(
                "{names}, on which `{service}` depends, come to {} together, with no availability promised of {missing}",
                percent(&all)
            ),
            _ => format!("{names}, on which `{service}` depends, come to {} together", percent(&all)),
        };
        let message = format!("`{name}` promises {bound}, and {comes}");
        let finding = Diagnostic::new(codes::SUPPLIERS_BELOW_TARGET, own.span, message);
        let finding = with_promises(finding.primary(format!("promises {bound} per {}", own.window)), &others);
        let first = First::of(self.chains.model, own.window);
        let besides = first.as_ref().map(|first| self.besides(own, first, slices));
        let mut told = Vec::new();
        let finding = match besides.zip(first) {
            None => finding,
            Some((Shown::Nothing(Kept::Broken(more)), _)) => return Some(vec![self.beyond(own, more, KEEPS)]),
            Some((Shown::Nothing(Kept::Hidden(more)), _)) => {
                told.push(self.beyond(own, more, HIDES));
                finding
            }
            Some((Shown::Less(words), first)) => {
                let only = own.only(&super::time_words(&first.length(&own.slack())));
                let window = &first.words;
                finding.witness(format!(
                    "in {window} {words} and keep all that is promised of it, and `{service}` may be down {only}"
                ))
            }
            Some((Shown::Whole | Shown::Nothing(Kept::All), first)) => {
                match self.witness(own, &first, &fails, slices) {
                    Some(witness) => finding.witness(witness),
                    None => finding,
                }
            }
        };
        let have = match missing.is_empty() {
            true => "have the suppliers promise more".to_owned(),
            false => format!("agree with the supplier on an availability of {missing}: a commitment, or `promised`"),
        };
        let finding = finding.derivation(self.steps()).help(match lower(&all) {
            Some(lower) => format!("promise at most {lower}, or {have}"),
            None => have,
        });
        Some([finding].into_iter().chain(told).collect())
    }

    /// Whether the services keep what else is promised of them while they fail for as long as their parts of the time allow.
    fn besides(&self, own: &Promise<'a>, first: &First, slices: &mut i128) -> Shown<'a> {
        let others = self.network().leaves();
        if let [only] = others.as_slice() {
            return besides::shown(self.chains, own, &only.service.head.name, first, slices);
        }
        let needed = self.network().needed();
        if nothing(&needed).next().is_some() {
            return Shown::Whole;
        }
        let Some(kept) = self.each_kept(&others, first, |leaf| Exact::one() - leaf.bound(), slices) else {
            return Shown::Whole;
        };
        // One that ours does not work without may be enough by itself, whatever else is promised of the others.
        let alone = needed.iter().find_map(|leaf| {
            let name = &leaf.service.head.name;
            let breaks = leaf.binding().is_some_and(|one| own.is_broken_by(&one.slack(), one.strict));
            match breaks.then(|| besides::shown(self.chains, own, name, first, slices))? {
                Shown::Whole => Some(format!("`{name}` may be down for {}", first.part(&leaf.binding()?.slack()))),
                Shown::Less(words) => Some(words),
                Shown::Nothing(_) => None,
            }
        });
        alone.map_or(Shown::Nothing(kept), Shown::Less)
    }

    /// The first of several services that does not keep what else is promised of it while it fails for a part of a window.
    fn each_kept(
        &self,
        others: &[Leaf<'a>],
        first: &First,
        fails: impl Fn(&Leaf<'a>) -> Exact,
        slices: &mut i128,
    ) -> Option<Kept<'a>> {
        let mut all = others.iter().map(|leaf| {
            let length = first.length(&fails(leaf)).seconds() * Exact::from_int(1_000_000_000);
            let length = length.floor().to_i64().map_or(first.at.end - first.at.start, i128::from);
            // One that does not fit into the second half of the window begins with the window.
            let early = Interval { start: first.at.start, end: first.at.start + length };
            let outage = outage_of(self.chains.model, first, length).unwrap_or(early);
            let bad = Bad { at: &[outage], part: &Exact::one(), unmeasured: false };
            besides::kept(self.chains, &leaf.service.head.name, bad, first, slices)
        });
        all.find(|kept| !matches!(kept, Kept::All))
    }

    /// That the part of the time alone says too little, since more is promised.
    fn beyond(&self, own: &Promise<'a>, more: Besides<'a>, what: &str) -> Diagnostic {
        let (name, theirs) = (own.name(), &more.commitment.head.name);
        let message = format!("`{name}` is not compared in full with `{theirs}`, which it depends on");
        Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.span, message)
            .primary("is more than the supplier's part of the time comes to")
            .label(more.target.span, what)
            .help("read the two side by side: what both promises of the supplier allow together is not computed")
    }

    /// Whether a service has to work for more than its part.
    fn strict(&self) -> bool {
        self.network().leaves().iter().any(|leaf| leaf.binding().is_some_and(|promise| promise.strict))
    }

    /// Whether each promise loses as much as fails.
    fn is_in_proportion(&self, own: &Promise<'_>) -> bool {
        let model = self.chains.model;
        let leaves = self.network().leaves();
        let mut theirs = leaves.iter().flat_map(|leaf| self.chains.promises(&leaf.service.head.name));
        is_in_proportion(model, own) && theirs.all(|one| is_in_proportion(model, one))
    }

    /// A course of events; nothing where how outages are measured does not let one be computed.
    fn witness(&self, own: &Promise<'a>, first: &First, fails: &Exact, slices: &mut i128) -> Option<String> {
        let service = &own.service.head.name;
        let (rest, most) = apart(&first.length(fails), &first.length(&own.slack()));
        let only = own.only(&most);
        let others = self.network().leaves();
        let needed = self.network().needed();
        let in_series = needed.len() == others.len();
        let window = &first.words;
        if let Some(other) = nothing(&needed).next() {
            let name = &other.service.head.name;
            return Some(format!(
                "in {window} `{name}` may be down all the time and break no promise, and `{service}` {only}"
            ));
        }
        let almost = if self.strict() { "almost " } else { "" };
        if !self.network().limiting().is_empty() {
            let most = |leaf: &Leaf<'_>| Exact::one() - leaf.bound();
            return one_after_another(self.chains, own, &needed, (first, &most), slices);
        }
        if !self.is_in_proportion(own) {
            let [other] = others.as_slice() else {
                let most = |leaf: &Leaf<'_>| Exact::one() - leaf.bound();
                return one_after_another(self.chains, own, &needed, (first, &most), slices);
            };
            let whole = Exact::one();
            let (name, theirs) = (&other.service.head.name, self.chains.promises(&other.service.head.name));
            let bad = outage(self.chains.model, theirs, first)?;
            let (down, most) = apart(&bad.length(), &first.length(&own.slack()));
            let only = own.only(&most);
            return is_shown(self.chains.model, own, theirs, (first, Bad { at: &[bad], part: &whole, unmeasured: false }), slices).then(|| {
                format!(
                    "in {window} `{name}` may be down for {down}, from {}, and keep its promise, and `{service}` {only}",
                    from(self.chains.model, bad)
                )
            });
        }
        Some(match others.as_slice() {
            [other] => {
                let name = &other.service.head.name;
                format!(
                    "in {window} `{name}` may be down for {almost}{rest} and keep its promise, and `{service}` {only}"
                )
            }
            _ if in_series && self.network().rests.is_empty() && others.len() <= SHOWN => {
                let times = times(&others, first, |other| Exact::one() - other.bound());
                format!(
                    "in {window} each may be down and keep its promise, {times}; at times that have nothing to do with each \
                     other `{service}` is then down for {almost}{rest}, and it may be {only}"
                )
            }
            _ => format!(
                "in {window}, if each of them is down for as long as it may be, {}at times that have nothing to do with each \
                 other, `{service}` is down for {almost}{rest}, and it may be {only}",
                self.with_others()
            ),
        })
    }

    /// The services come to enough only where their failures are independent, or do not come in one window.
    fn together(&self, own: &Promise<'a>, worst: &Together, slices: &mut i128) -> Vec<Diagnostic> {
        // One of which nothing is left beside others may fail instead of them, at a worse time.
        let others = self.own.network.leaves();
        if self.network().leaves().len() < 2 {
            return Vec::new();
        }
        let shown = worst.first.as_ref().filter(|_| self.is_in_proportion(own));
        let besides = shown.and_then(|first| self.each_kept(&others, first, |leaf| worst.may(leaf), slices));
        let told = match &besides {
            Some(Kept::Broken(more)) => Some(self.beyond(own, *more, KEEPS)),
            Some(Kept::Hidden(more)) => Some(self.beyond(own, *more, HIDES)),
            _ => None,
        };
        let (name, service, bound) = (own.name(), &own.service.head.name, own.stated());
        let names = quoted(others.iter().map(|other| other.service.head.name.as_str()));
        let common = self.network().common(self.chains);
        let message = match &common {
            _ if worst.windows => {
                format!("`{name}` relies on {names} not being down for as long as they may in one {}", own.window)
            }
            Some(common) => format!("`{name}` relies on {names} failing independently, and {common}"),
            None => format!("`{name}` relies on {names} failing independently of each other"),
        };
        let finding = Diagnostic::new(codes::FAILURES_TOGETHER, own.span, message);
        let finding = with_promises(finding.primary(format!("promises {bound} per {}", own.window)), &others);
        let up_to = if worst.exact && !self.strict() { "" } else { "up to " };
        let finding = match shown.filter(|_| besides.is_none()) {
            Some(first) => {
                let (down, most) = apart(&first.length(&worst.fails), &first.length(&own.slack()));
                let limiting = self.network().limiting();
                let each = if !self.network().limits.is_empty() {
                    format!(
                        " if what is promised of {} is kept too",
                        quoted(limiting.iter().map(|one| one.head.name.as_str()))
                    )
                } else if others.len() <= SHOWN {
                    let times = times(&others, first, |leaf| worst.may(leaf));
                    format!(" ({times})")
                } else {
                    String::new()
                };
                finding.witness(format!(
                    "in {}, if they fail at the worst times for each other, each for as long as it may{each}, `{service}` is \
                     down for {up_to}{down} while each of them keeps its promise, and it may be {}",
                    first.words,
                    own.only(&most)
                ))
            }
            None => {
                let first = worst.first.as_ref().filter(|_| besides.is_none());
                let may: &dyn Fn(&Leaf<'a>) -> Exact = &|leaf| worst.may(leaf);
                let needed = self.network().needed();
                let course = first.map(|first| one_after_another(self.chains, own, &needed, (first, may), slices));
                course.flatten().into_iter().fold(finding, Diagnostic::witness)
            }
        };
        let mut steps = self.steps();
        steps.push(worst.step());
        if worst.windows {
            let help = format!(
                "have the services promised per {} too, or promise for the same windows as they do",
                own.window
            );
            return [finding.derivation(steps).help(help)].into_iter().chain(told).collect();
        }
        let finding = finding.derivation(steps).help(
            "failures are independent where no power, network, region, supplier or release is shared: make sure of it, and \
             write it down as a `risk`",
        );
        [finding].into_iter().chain(told).collect()
    }
}

/// How long each service is down, in a sentence.
fn times(others: &[Leaf<'_>], first: &First, fails: impl Fn(&Leaf<'_>) -> Exact) -> String {
    let times = others.iter().map(|other| format!("`{}` for {}", other.service.head.name, first.part(&fails(other))));
    listed(&times.collect::<Vec<_>>(), "and")
}

/// The services of which nothing is promised.
fn nothing<'l, 'a>(leaves: &'l [Leaf<'a>]) -> impl Iterator<Item = &'l Leaf<'a>> {
    leaves.iter().filter(|leaf| leaf.binding().is_none())
}

/// A part that can be promised: the percentage with three places that is not above it, where it is more than nothing.
fn lower(part: &Exact) -> Option<String> {
    let step = Exact::ratio(1, 100_000).unwrap_or_default();
    let lower = part.round_to(&step, Rounding::Floor);
    (lower.signum() > 0).then(|| percent(&lower))
}

fn with_promises(finding: Diagnostic, others: &[Leaf<'_>]) -> Diagnostic {
    // Those without a promise first: they matter most.
    let mut limiting = BTreeSet::new();
    let ordered = nothing(others).chain(others.iter().filter(|other| other.binding().is_some()));
    ordered.take(SHOWN).fold(finding, |finding, other| {
        let name = &other.service.head.name;
        let finding = match other.limit.filter(|limit| limiting.insert(limit.span)) {
            Some(limit) => finding.label(
                limit.span,
                format!(
                    "`{}`, which does not work without it: {} per {}",
                    limit.service.head.name,
                    limit.stated(),
                    limit.window
                ),
            ),
            None => finding,
        };
        match other.promise {
            Some(promise) => {
                finding.label(promise.span, format!("`{name}`: {} per {}", promise.stated(), promise.window))
            }
            None => finding.label(other.service.head.name_span, format!("no availability is promised of `{name}`")),
        }
    })
}
