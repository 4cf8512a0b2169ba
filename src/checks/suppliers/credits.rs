//! What is owed for an outage, beside what suppliers owe for the same.

use super::results::results;
use super::shared::Shared;
use super::{Bound, Chains, First, MOST_WORK, Pair, Side, highest, is_under, not_compared, quoted, sides};
use crate::calculus::{Expr, ExprKind, Function, Value, shown};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Budget, Facts, Gap, judge, shared_limit};
use crate::model::{Commitment, Credit, CreditTable, Head, Model};
use crate::source::Span;
use crate::values::{Exact, Money, Ratio, Window};
use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// So many steps are taken to find out what is owed.
const STEPS: u64 = 2_000_000;
/// So many times it is computed in all what is owed for a result.
const MOST_TRIED: usize = 500_000;
/// What is told where that is not enough.
const TOO_MUCH: &str = "too much is to be computed for the credits of this one and of all that come after";

/// What is owed for a window in which a supplier's service did not work, or not well, is received from it.
pub fn received(model: &Model) -> Vec<Diagnostic> {
    let purse = Purse::of(model);
    let (mut found, mut told_limits) = (Vec::new(), BTreeSet::new());
    let all = Chains::all(model);
    let (mut shared, mut losses) = (Shared::of(model), Losses::default());
    let (mut pairs, mut others, mut steps) = (Vec::new(), Vec::new(), MOST_WORK);
    for chains in &all {
        let owed = chains.owed(&mut steps);
        pairs.extend(owed.received.into_iter().map(|pair| (chains, pair)));
        others.extend(owed.others.into_iter().filter(|(own, ..)| own.commitment.credit.is_some()));
        if let Some(own) = owed.left_out {
            found.push(not_followed(&own));
            break;
        }
    }
    found.extend(others.iter().map(|(own, other, _)| {
        not_compared(
            own,
            other,
            "what is owed under it is owed to somebody else: nothing of it is received for this one",
        )
    }));
    for (chains, (own, other, theirs)) in &pairs {
        let mut told = less(model, &[*own], (other, theirs), &purse);
        if !matches!(told, Compared::Not(_))
            && let Some(ours) = shared.paid(chains, own, other)
        {
            told = told.or_together(less(model, &ours, (other, theirs), &purse));
        }
        match told {
            Compared::Less(loss, finding) => losses.tell(model, loss, *finding),
            Compared::Not(reasons) => found.extend(reasons.into_iter().chain(unseen(chains, own, other, theirs))),
            Compared::Enough => found.extend(unseen(chains, own, other, theirs)),
        }
        if let Some((limit, finding)) = limited(model, own, theirs) {
            told_limits.insert(limit);
            found.push(finding);
        }
        if purse.empty.get() || shared.is_spent() {
            found.push(not_compared(own, other, TOO_MUCH));
            break;
        }
    }
    found.extend(for_all_options(model, &pairs, (&mut shared, &mut losses), &purse));
    found.extend(losses.0.into_iter().map(|(_, finding)| finding));
    found.extend(limited_alone(model, &told_limits));
    found
}

/// That it would be too much to follow what some of ours need.
fn not_followed(own: &Side<'_>) -> Diagnostic {
    let (name, service) = (&own.commitment.head.name, &own.promise.service.head.name);
    let message = format!(
        "credits and claims of `{name}`, and of all promises after it, are not compared with those of the suppliers behind them"
    );
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.commitment.head.name_span, message)
        .primary(format!("too many services are behind `{service}` and those before it"))
        .help("read what is owed under it beside what the suppliers owe")
}

/// What is owed for an outage for all options together; told where it would be too much to compute.
fn for_all_options<'a>(
    model: &'a Model,
    pairs: &[(&Chains<'a>, Pair<'a>)],
    (shared, losses): (&mut Shared<'a>, &mut Losses<'a>),
    purse: &Purse<'a>,
) -> Option<Diagnostic> {
    let whole = Chains::whole(model);
    for (_, (own, other, _)) in pairs {
        if purse.empty.get() || shared.is_spent() {
            // Said where it came to that.
            return None;
        }
        if own.promise.variant().is_empty() {
            continue;
        }
        let Some(ours) = shared.paid(&whole, own, other) else { continue };
        let theirs = sides(highest(whole.promises(&other.promise.service.head.name)));
        // Why they cannot be compared is told of each.
        if let Compared::Less(loss, finding) = less(model, &ours, (other, &theirs), purse) {
            losses.tell(model, loss, *finding);
        }
        if purse.empty.get() {
            return Some(not_compared(own, other, TOO_MUCH));
        }
    }
    None
}

/// The steps that are left, and whether they were not enough; and which credits are combined.
struct Purse<'a> {
    budget: Budget,
    tries: Cell<usize>,
    empty: Cell<bool>,
    /// The group of each commitment of a group of which only the largest credit is owed, by its name.
    groups: BTreeMap<&'a str, usize>,
}

impl<'a> Purse<'a> {
    fn of(model: &'a Model) -> Purse<'a> {
        let groups = model.combinations().into_iter().enumerate();
        let groups = groups.flat_map(|(place, group)| group.into_iter().map(move |one| (&*one.head.name, place)));
        let (budget, tries) = (Budget::new(STEPS), Cell::new(MOST_TRIED));
        Purse { budget, tries, empty: Cell::new(false), groups: groups.collect() }
    }

    /// Takes as many tries from it, while there are enough.
    fn spend(&self, tries: usize) -> Option<()> {
        let left = self.tries.get().checked_sub(tries);
        self.tries.set(left.unwrap_or(0));
        self.empty.set(self.empty.get() || left.is_none());
        left.map(|_| ())
    }
}

/// What came of comparing credits.
enum Compared<'a> {
    /// The supplier pays enough, or nothing is owed.
    Enough,
    /// It pays less.
    Less(Loss<'a>, Box<Diagnostic>),
    /// Why they are not compared.
    Not(Vec<Diagnostic>),
}

impl<'a> Compared<'a> {
    /// What came of several promises of ours, this being of one of them: where it is no greater loss, what came of the one.
    fn or_together(self, all: Compared<'a>) -> Compared<'a> {
        match (&self, &all) {
            (Compared::Less(one, _), Compared::Less(of_all, _)) if of_all.rank() <= one.rank() => self,
            (Compared::Less(..), Compared::Enough) => self,
            _ => all,
        }
    }
}

/// What is not received of what is owed for an outage.
struct Loss<'a> {
    /// Ours under which it is owed.
    ours: BTreeSet<&'a str>,
    /// The promise of the supplier.
    theirs: &'a str,
    owed: Exact,
    received: Exact,
}

/// The losses that are told.
#[derive(Default)]
struct Losses<'a>(Vec<(Loss<'a>, Diagnostic)>);

impl Loss<'_> {
    /// What is one's own of it.
    fn kept(&self) -> Exact {
        &self.owed - &self.received
    }

    /// How it is compared with others: by its amount, and of equal ones, that of fewer of ours is greater.
    fn rank(&self) -> (Exact, Reverse<usize>) {
        (self.kept(), Reverse(self.ours.len()))
    }

    /// Whether only the larger one of this and of another is owed.
    fn is_combined(&self, model: &Model, other: &Loss<'_>) -> bool {
        let groups = model.combinations();
        let is_with = |one: &&str, all: &BTreeSet<&str>| {
            let is_in = |group: &Vec<&Commitment>, name: &str| group.iter().any(|it| it.head.name == name);
            let mut own = groups.iter().filter(|group| is_in(group, one));
            all.contains(*one) || own.any(|group| all.iter().any(|with| is_in(group, with)))
        };
        self.ours.iter().all(|one| is_with(one, &other.ours)) && other.ours.iter().all(|one| is_with(one, &self.ours))
    }
}

impl<'a> Losses<'a> {
    /// Tells one. Of a loss and of what it is a part of, and of several of ours of which only the largest is owed, the greatest
    /// is told.
    fn tell(&mut self, model: &Model, loss: Loss<'a>, finding: Diagnostic) {
        let same = |told: &Loss<'a>| {
            let is_part = told.ours.is_subset(&loss.ours) || loss.ours.is_subset(&told.ours);
            told.theirs == loss.theirs && (is_part || told.is_combined(model, &loss))
        };
        if !self.0.iter().any(|(told, _)| same(told) && told.rank() >= loss.rank()) {
            self.0.retain(|(told, _)| !same(told));
            self.0.push((loss, finding));
        }
    }
}

fn less<'a>(
    model: &Model,
    ours: &[Side<'a>],
    (other, theirs): (&Side<'a>, &[Side<'_>]),
    purse: &Purse<'_>,
) -> Compared<'a> {
    let paying: Vec<Side<'_>> = theirs.iter().filter(|one| one.commitment.credit.is_some()).copied().collect();
    let reasons = incomparable(model, ours, &paying);
    if !reasons.is_empty() {
        return Compared::Not(reasons);
    }
    difference(model, ours, (other, &paying), purse).unwrap_or(Compared::Enough)
}

/// Each reason for which credits are not compared.
fn incomparable(model: &Model, ours: &[Side<'_>], paying: &[Side<'_>]) -> Vec<Diagnostic> {
    let mut reasons = Vec::new();
    let Some(own) = ours.first().filter(|own| own.commitment.credit.is_some()) else { return reasons };
    if let Some(one) = paying.iter().find(|one| one.target.window != own.target.window) {
        reasons.push(not_compared(own, one, "credits for different windows are not compared"));
    }
    if let Some(currency) = model.currency(own.commitment) {
        let others = paying.iter().chain(ours).filter_map(|one| Some((one, model.currency(one.commitment)?)));
        let other = { others }.find(|(_, other)| *other != currency);
        reasons.extend(other.map(|(one, other)| {
            not_compared(own, one, &format!("credits in {currency} and in {other} are not compared"))
        }));
    }
    reasons
}

/// What is owed for an outage and not received, where it is most; nothing where all is received.
fn difference<'a>(
    model: &Model,
    ours: &[Side<'a>],
    (other, paying): (&Side<'a>, &[Side<'_>]),
    purse: &Purse<'_>,
) -> Option<Compared<'a>> {
    let own = ours.first()?;
    let own_credit = own.credit_span()?;
    let first = First::of(model, &own.target.window)?;
    let currency = model.currency(own.commitment)?;
    let results = std::iter::once(Exact::zero()).chain(results(model, ours, paying));
    let tried = results.take_while(|_| purse.spend(ours.len() + paying.len()).is_some());
    let amounts = tried.filter_map(|works| {
        let owed = total(model, ours, &first, purse, &works)?;
        Some((Money::new(owed, currency), Money::new(total(model, paying, &first, purse, &works)?, currency), works))
    });
    let amounts: Vec<(Money, Money, Exact)> = amounts.collect();
    // Where ours is kept, nothing is owed whatever the file does not tell.
    let is_missed = |works: &Exact| ours.iter().any(|one| one.promise.is_broken_by(&(Exact::one() - works), false));
    if !amounts.iter().any(|(.., works)| is_missed(works)) && !purse.empty.get() {
        let other = paying.first().unwrap_or(other);
        let why = "what is owed for an outage depends on what the file does not tell";
        return Some(Compared::Not(vec![not_compared(own, other, why)]));
    }
    // What costs the most; of several, nothing at all rather than a part.
    let mut most: Option<(Money, Money, Exact)> = None;
    for (owed, received, result) in amounts.into_iter().filter(|(owed, received, _)| owed.amount > received.amount) {
        let more = |than: &(Money, Money, Exact)| &owed.amount - &received.amount > &than.0.amount - &than.1.amount;
        if most.as_ref().is_none_or(more) {
            most = Some((owed, received, result));
        }
    }
    let (owed, received, works) = most?;
    let name = quoted(ours.iter().map(|own| own.commitment.head.name.as_str()));
    let (their_name, supplied) = (&other.commitment.head.name, &other.promise.service.head.name);
    let message = match paying.is_empty() {
        true => format!("an outage of `{supplied}` is paid for under {name}, and `{their_name}` pays nothing for it"),
        false => format!("an outage of `{supplied}` costs more under {name} than `{their_name}` pays for it"),
    };
    let whole = first.name();
    let is_failures = |one: &Side<'_>| one.promise.side == Bound::Fails;
    let when = match ours.iter().chain(paying).any(is_failures) {
        _ if works.is_zero() => format!("for {whole} without `{supplied}`"),
        true => format!("for {whole}, if {} fails under each", super::stated(&(Exact::one() - &works))),
        false => format!("for {whole}, if {} is attained under each", super::stated(&works)),
    };
    let loss = Loss {
        ours: ours.iter().map(|own| own.commitment.head.name.as_str()).collect(),
        theirs: other.commitment.head.name.as_str(),
        owed: owed.amount.clone(),
        received: received.amount.clone(),
    };
    let (owed, received) = (shown(&Value::Money(owed)), shown(&Value::Money(received)));
    let place =
        other.credit_span().or_else(|| paying.first()?.credit_span()).unwrap_or(other.commitment.head.name_span);
    Some(Compared::Less(
        loss,
        Box::new(
            Diagnostic::new(codes::SUPPLIER_PAYS_LESS, own_credit, message)
                .primary(format!("{owed} owed"))
                .label(place, if paying.is_empty() { "no credit".to_owned() } else { format!("{received} paid") })
                .witness(format!("{when}, {owed} are owed under {name}, and {received} are received from the supplier"))
                .help("agree on a higher credit with the supplier, or keep the difference as a risk that is known"),
        ),
    ))
}

/// What may make a supplier pay less in later windows than in the first: a cap over more than one of them, or a credit that is
/// computed from those before.
fn paid_less_later(model: &Model, side: &Side<'_>) -> Option<Span> {
    let credit = side.commitment.credit.as_ref()?;
    let longer = |per: &Window| *per != side.target.window;
    let cap = side.commitment.caps.iter().find(|cap| cap.per.as_ref().is_some_and(longer));
    let looks_back = |expr: &Expr| {
        let mut found = false;
        model.through(expr, &mut |part| {
            found |= matches!(part.kind, ExprKind::Apply { function: Function::Streak | Function::Previous, .. });
        });
        found
    };
    let computed = match credit {
        Credit::Formula { amount, span } => looks_back(amount).then_some(*span),
        Credit::Table(_) => None,
    };
    cap.map(|cap| cap.span).or(computed)
}

/// What may make an outage dearer than was computed, each reason with where it stands.
fn unseen(chains: &Chains<'_>, own: &Side<'_>, other: &Side<'_>, theirs: &[Side<'_>]) -> Option<Diagnostic> {
    own.credit_span()?;
    let varies = |one: &&Side<'_>| {
        let Head { family, name, .. } = &one.commitment.head;
        let others = chains.model.commitments.iter().map(|of| &of.head);
        let mut others = others.filter(|of| of.family == *family && of.name != *name);
        others.any(|of| is_under(&of.variant, chains.variant))
    };
    let later = theirs.iter().find_map(|one| Some((one, paid_less_later(chains.model, one)?)));
    let reasons = [
        later.map(|(one, span)| {
            let than = ("a window in which nothing was owed before", "in later ones the supplier may pay less");
            (one, Some(span), than)
        }),
        own.commitment.times.first().map(|factor| {
            let than = ("a miss that is not repeated", "where this one is multiplied, it costs more");
            (other, Some(factor.span), than)
        }),
        theirs
            .iter()
            .find(varies)
            .map(|one| (one, None, ("the option with the lowest target", "under others they may differ more"))),
    ];
    let reasons: Vec<_> = reasons.into_iter().flatten().collect();
    let (one, ..) = reasons.first()?;
    let why = match reasons.as_slice() {
        [(.., (what, otherwise))] => format!("credits are compared for {what}: {otherwise}"),
        all => {
            let what: Vec<String> = all.iter().map(|(.., (what, _))| format!("for {what}")).collect();
            format!("credits are compared {}: otherwise more may be lost", crate::wording::listed(&what, "and"))
        }
    };
    let places = reasons.iter().filter_map(|(_, span, _)| *span);
    Some(places.fold(not_compared(own, one, &why), |finding, at| finding.label(at, "is not taken into account")))
}

/// What a supplier pays less than is computed, since its own agreement limits all that it owes; with where it does.
fn limited(model: &Model, own: &Side<'_>, theirs: &[Side<'_>]) -> Option<(Span, Diagnostic)> {
    let (one, limit) = theirs.iter().find_map(|one| Some((one, model.limit_elsewhere(one.commitment)?)))?;
    let why = "the head of the supplier's agreement limits what it pays: it may be less than is computed";
    let limits = model.limits_elsewhere(one.commitment);
    let finding =
        limits.fold(not_compared(own, one, why), |finding, at| finding.label(at, "is not taken into account"));
    Some((limit, finding))
}

/// The same of promises that are not held against one of ours, once for each agreement of which nothing is told yet.
fn limited_alone(model: &Model, told: &BTreeSet<Span>) -> Vec<Diagnostic> {
    let mut told = told.clone();
    let all = model.commitments.iter().filter_map(|one| Some((one, model.limit_elsewhere(one)?)));
    let new = all.filter(|(_, limit)| told.insert(*limit));
    let found = new.map(|(one, _)| {
        let name = &one.head.name;
        let message = format!("what is owed under `{name}` is not compared in full: its own agreement limits it");
        let finding = Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, model.agreement.head.name_span, message)
            .primary("what the supplier pays may be less than is computed here");
        let limits = model.limits_elsewhere(one);
        limits
            .fold(finding, |finding, at| finding.label(at, "is not taken into account"))
            .help("read the two side by side: what the supplier owes in all is settled under its own agreement")
    });
    found.collect()
}

impl<'a> Side<'a> {
    pub(super) fn table(&self) -> Option<&'a CreditTable> {
        match self.commitment.credit.as_ref()? {
            Credit::Table(table) => Some(table),
            Credit::Formula { .. } => None,
        }
    }

    fn credit_span(&self) -> Option<Span> {
        match self.commitment.credit.as_ref()? {
            Credit::Table(table) => Some(table.span),
            Credit::Formula { span, .. } => Some(*span),
        }
    }
}

/// What is owed under several promises: of those that are combined, the largest, and of all no more than the agreement allows.
fn total(model: &Model, sides: &[Side<'_>], first: &First, purse: &Purse<'_>, works: &Exact) -> Option<Exact> {
    let (mut sum, mut largest) = (Exact::zero(), BTreeMap::<usize, Exact>::new());
    for one in sides {
        let amount = owed(model, one, first, purse, works)?.amount;
        match purse.groups.get(one.commitment.head.name.as_str()) {
            Some(group) => {
                let most = largest.entry(*group).or_default();
                *most = amount.max(std::mem::take(most));
            }
            None => sum = sum + amount,
        }
    }
    let sum = largest.into_values().fold(sum, |sum, one| sum + one);
    if !sides.iter().all(|one| model.shares_caps(one.commitment)) {
        return Some(sum);
    }
    let facts = Facts::default();
    let limits = sides.iter().filter_map(|one| shared_limit(model, one.commitment, &facts, first.at, &purse.budget));
    let limits: Result<Vec<Exact>, Gap> = limits.collect();
    Some(limits.ok()?.into_iter().fold(sum, Exact::min))
}

/// What is owed for a window of which so much works, where the file tells the amount.
fn owed(model: &Model, side: &Side<'_>, first: &First, purse: &Purse<'_>, works: &Exact) -> Option<Money> {
    let mut facts = Facts::default();
    facts.state_measure(&side.target.measure, Value::Ratio(Ratio(side.promise.side.of(works))));
    let credit = judge(model, side.commitment, &facts, first.at, &purse.budget).credit?;
    let amount = credit.and_then(|credit| credit.amount);
    purse.empty.set(purse.empty.get() || amount == Err(Gap::TooLong));
    amount.ok()
}
