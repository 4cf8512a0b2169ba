//! Proposals and what answers them: where each negotiation stands, whose move it is, and until when.

use super::table::declared;
use super::{Between, Deadline, Head, Model, PartyRef, Ref, Role, Spanned, Status, Words, last_date};
use crate::source::Span;
use crate::values::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands before the name of a proposal in its id.
const PROPOSAL: &str = "proposal.";

/// A proposal to change a clause, or an answer to one.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its name and title.
    pub head: Head,
    /// The id of the clause, or of the proposal that it answers.
    pub of: Option<Ref>,
    /// Who made it, to whom.
    pub between: Between,
    /// When.
    pub raised: Option<Spanned<Date>>,
    /// What would change.
    pub change: Option<Words>,
    /// The alternatives among which the other side chooses; the title says what each is.
    pub options: Vec<Head>,
    /// How long the other side has for its answer, from the day on which it was raised.
    pub within: Option<Deadline>,
    /// What became of it, in the order of the file; none for one that is open, or answered by another, and several where
    /// those who were asked decided on different days.
    pub outcomes: Vec<Outcome>,
}
declared!(Proposal);

/// What became of a proposal, or what some of those who were asked said of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Accepted, declined or withdrawn.
    pub verdict: Verdict,
    /// When.
    pub date: Date,
    /// Which of the options was taken, by its name.
    pub option: Option<Ref>,
    /// Who decided it, where that is said. Whoever else was asked has not accepted it.
    pub by: Vec<PartyRef>,
    /// Why.
    pub reason: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// The end of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was accepted.
    Accepted,
    /// It was declined.
    Declined,
    /// It was taken back.
    Withdrawn,
}

impl Verdict {
    /// Every verdict, with the word for it in a file.
    pub const WORDS: [(&'static str, Verdict); 3] =
        [("accepted", Verdict::Accepted), ("declined", Verdict::Declined), ("withdrawn", Verdict::Withdrawn)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Verdict::WORDS.iter().find(|(_, verdict)| *verdict == self).map_or("", |(word, _)| word)
    }
}

/// How a proposal stands, or the negotiation that it is the first of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is not decided: somebody who was asked has not answered it.
    Open,
    /// Everyone who was asked has accepted it.
    Accepted,
    /// It was declined.
    Declined,
    /// It was taken back.
    Withdrawn,
    /// It was answered by another proposal, which was not taken back or was answered itself.
    Countered,
}

impl Standing {
    /// Each, with a word for it.
    pub const WORDS: [(&'static str, Standing); 5] = [
        ("open", Standing::Open),
        ("accepted", Standing::Accepted),
        ("declined", Standing::Declined),
        ("withdrawn", Standing::Withdrawn),
        ("countered", Standing::Countered),
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        Standing::WORDS.iter().find(|(_, standing)| *standing == self).map_or("", |(word, _)| word)
    }
}

/// A proposal of a clause, and every proposal that answers it or an answer to it.
#[derive(Clone, Debug)]
pub struct Negotiation<'a> {
    /// The clause that it is about, by the id of the first of its variants where it has any.
    pub of: Option<&'a Ref>,
    /// The proposals, each after the one that it answers; answers to the same one in the order of their dates.
    pub rounds: Vec<Round<'a>>,
}

/// A proposal at its place in a negotiation.
#[derive(Clone, Debug)]
pub struct Round<'a> {
    /// The proposal.
    pub proposal: &'a Proposal,
    /// The one that it answers.
    pub answers: Option<&'a Proposal>,
    /// What is recorded of its end, in the order of the dates; an acceptance by some of those who were asked is no end yet.
    pub outcomes: Vec<&'a Outcome>,
    /// How it stands.
    pub standing: Standing,
    /// Who takes part: those that it was made to, and perhaps its maker. Answers to it are made to the same.
    parties: Arc<[PartyRef]>,
    /// Whether an answer to it stands: one that was not taken back, or that was answered itself.
    is_answered: bool,
}

/// Something that happened in a negotiation.
#[derive(Clone, Copy, Debug)]
pub struct Event<'r, 'a> {
    /// The proposal.
    pub round: &'r Round<'a>,
    /// What became of it; none where it was made.
    pub outcome: Option<&'a Outcome>,
}

impl<'a> Round<'a> {
    /// Who was asked: those that it is made to; else everyone else who takes part in what it answers; else the other side.
    pub fn asked(&self) -> Vec<PartyRef> {
        self.parties.iter().filter(|party| !self.is_by(party)).cloned().collect()
    }

    /// Whose move it is, while it is open: those who were asked and have not accepted.
    pub fn pending(&self) -> Vec<PartyRef> {
        let given: Vec<PartyRef> = self.outcomes.iter().flat_map(|outcome| self.deciders(outcome)).collect();
        let given: BTreeSet<&str> = given.iter().map(|by| by.party.as_str()).collect();
        self.asked().into_iter().filter(|party| !given.contains(party.party.as_str())).collect()
    }

    /// Who decided so: who is named, else whoever made it if it was taken back, else all who were asked.
    pub fn deciders(&self, outcome: &Outcome) -> Vec<PartyRef> {
        match outcome.verdict {
            _ if !outcome.by.is_empty() => outcome.by.clone(),
            Verdict::Withdrawn => self.proposal.between.by.iter().cloned().collect(),
            Verdict::Accepted | Verdict::Declined => self.asked(),
        }
    }

    /// Whether it was taken back before anything that stands answered it. What it answered is open again.
    fn is_undone(&self) -> bool {
        self.standing == Standing::Withdrawn && !self.is_answered
    }

    /// The outcome that ended it: the last acceptance, or the first one that declined it or took it back.
    pub fn end(&self) -> Option<&'a Outcome> {
        let mut outcomes = self.outcomes.iter().copied();
        match self.standing {
            Standing::Accepted => outcomes.next_back(),
            Standing::Declined => outcomes.find(|outcome| outcome.verdict == Verdict::Declined),
            Standing::Withdrawn => outcomes.find(|outcome| outcome.verdict == Verdict::Withdrawn),
            Standing::Open | Standing::Countered => None,
        }
    }

    fn is_by(&self, party: &PartyRef) -> bool {
        self.proposal.between.by.as_ref().is_some_and(|by| by.party == party.party)
    }

    fn stands(&self) -> Standing {
        let ended = self.outcomes.iter().find(|outcome| outcome.verdict != Verdict::Accepted);
        match ended.map(|outcome| outcome.verdict) {
            Some(Verdict::Withdrawn) => Standing::Withdrawn,
            Some(_) => Standing::Declined,
            None if !self.outcomes.is_empty() && self.pending().is_empty() => Standing::Accepted,
            None if self.is_answered => Standing::Countered,
            None => Standing::Open,
        }
    }
}

impl<'a> Negotiation<'a> {
    /// The id of the clause that it is about, without options: a clause with variants is negotiated for all of them.
    pub fn clause(&self) -> Option<String> {
        Some(without_options(&self.of?.value))
    }

    /// Its proposals that nobody has decided, or answered so that the answer stands. There is one at most, unless answers contradict each other.
    pub fn open(&self) -> impl Iterator<Item = &Round<'a>> {
        self.rounds.iter().filter(|round| round.standing == Standing::Open)
    }

    /// The round that says how it stands: the one that is open, else the one that was accepted, else the last one. An
    /// answer that was taken back says nothing where another one was declined.
    pub fn last(&self) -> Option<&Round<'a>> {
        let of = |standing| self.rounds.iter().find(|round| round.standing == standing);
        of(Standing::Open).or_else(|| of(Standing::Accepted)).or_else(|| {
            let is_declined = of(Standing::Declined).is_some();
            let says =
                |round: &&Round<'_>| round.standing != Standing::Countered && !(is_declined && round.is_undone());
            self.rounds.iter().filter(says).max_by_key(|round| round.end().map(|outcome| outcome.date))
        })
    }

    /// Says of every proposal how it stands. An answer stands after what it answers, so that from the last round to the
    /// first it is known of each whether an answer to it stands.
    fn settle(&mut self) {
        let mut answered: BTreeSet<&str> = BTreeSet::new();
        for round in self.rounds.iter_mut().rev() {
            round.is_answered = answered.contains(round.proposal.head.name.as_str());
            round.standing = round.stands();
            if let Some(before) = round.answers.filter(|_| !round.is_undone()) {
                answered.insert(&before.head.name);
            }
        }
    }

    /// The proposals from the first one to that of a round, each answered by the next.
    pub fn chain(&self, round: &Round<'a>) -> Vec<&'a Proposal> {
        let answered: BTreeMap<&str, &'a Proposal> =
            self.rounds.iter().filter_map(|one| Some((one.proposal.head.name.as_str(), one.answers?))).collect();
        let mut chain = vec![round.proposal];
        let mut at = round.proposal;
        // One that goes round in a circle is no longer than all of them.
        while let Some(before) = answered.get(at.head.name.as_str()).filter(|_| chain.len() < self.rounds.len()) {
            chain.push(before);
            at = before;
        }
        chain.reverse();
        chain
    }

    /// Everything that happened, in the order of the dates. A proposal without one stands beside the one that it answers.
    pub fn events(&self) -> Vec<Event<'_, 'a>> {
        let mut raised: BTreeMap<&str, Option<Date>> = BTreeMap::new();
        let mut events = Vec::new();
        for round in &self.rounds {
            let before = round.answers.and_then(|before| raised.get(before.head.name.as_str()).copied().flatten());
            let day = round.proposal.raised.as_ref().map(|raised| raised.value).or(before);
            raised.insert(&round.proposal.head.name, day);
            events.push((day, Event { round, outcome: None }));
            let outcomes = round.outcomes.iter().copied();
            events.extend(outcomes.map(|outcome| (Some(outcome.date), Event { round, outcome: Some(outcome) })));
        }
        events.sort_by_key(|(day, _)| *day);
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        self.last().map_or(Standing::Countered, |round| round.standing)
    }
}

impl Proposal {
    /// The name of the proposal that it answers, if it is about one.
    pub fn answered(&self) -> Option<&str> {
        let name = self.of.as_ref()?.value.strip_prefix(PROPOSAL)?;
        name.split('.').next()
    }

    /// The name of the declaration that it is about; of a clause with variants, that of all of them.
    pub fn subject(&self) -> Option<&str> {
        self.of.as_ref()?.value.split('.').nth(1)?.split('[').next()
    }

    /// What became of it by the end of a day, or ever, in the order of the dates.
    fn outcomes_by(&self, as_of: Option<Date>) -> Vec<&Outcome> {
        let is_known = |outcome: &&Outcome| as_of.is_none_or(|day| outcome.date <= day);
        let mut outcomes: Vec<&Outcome> = self.outcomes.iter().filter(is_known).collect();
        outcomes.sort_by_key(|outcome| outcome.date);
        outcomes
    }

    /// The option that was taken with one of its outcomes.
    pub fn chosen(&self, outcome: &Outcome) -> Option<&Head> {
        let option = outcome.option.as_ref()?;
        self.options.iter().find(|head| head.name == option.value)
    }
}

impl Model {
    /// Every negotiation in the order of the file; with a day, as it stood at its end: what was raised or decided later
    /// is left out.
    pub fn negotiations(&self, as_of: Option<Date>) -> Vec<Negotiation<'_>> {
        let is_there =
            |one: &&Proposal| as_of.is_none_or(|day| one.raised.as_ref().is_none_or(|raised| raised.value <= day));
        let all: Vec<&Proposal> = self.proposals.iter().filter(is_there).collect();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, one) in all.iter().enumerate() {
            places.entry(&one.head.name).or_insert(place);
        }
        let parent = |one: &Proposal| one.answered().and_then(|name| places.get(name).copied());
        let mut answers: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        for (place, one) in all.iter().enumerate() {
            if let Some(list) = parent(one).and_then(|before| answers.get_mut(before)) {
                list.push(place);
            }
        }
        // Answers to one proposal are told in the order of their dates, as what became of each is.
        let raised = |place: &usize| all.get(*place).and_then(|one| one.raised.as_ref()).map(|raised| raised.value);
        answers.iter_mut().for_each(|list| list.sort_by_key(raised));
        let mut seen = vec![false; all.len()];
        // What goes round in a circle has no first one. It is an error, and is shown all the same.
        let firsts = all.iter().enumerate().filter(|(_, one)| parent(one).is_none()).map(|(place, _)| place);
        let starts: Vec<usize> = firsts.chain(0..all.len()).collect();
        let mut found = Vec::new();
        for start in starts {
            let mut rounds = Vec::new();
            let mut taking_part: BTreeMap<&str, Arc<[PartyRef]>> = BTreeMap::new();
            let mut stack = vec![start];
            while let Some(place) = stack.pop() {
                let (Some(one), Some(seen), Some(next)) = (all.get(place), seen.get_mut(place), answers.get(place))
                else {
                    continue;
                };
                if std::mem::replace(seen, true) {
                    continue;
                }
                let answers = parent(one).and_then(|before| all.get(before)).copied();
                let before = answers.and_then(|before| taking_part.get(before.head.name.as_str()));
                let parties = self.taking_part(one, before);
                taking_part.insert(&one.head.name, Arc::clone(&parties));
                let outcomes = one.outcomes_by(as_of);
                let (standing, is_answered) = (Standing::Open, false);
                rounds.push(Round { proposal: one, answers, outcomes, standing, parties, is_answered });
                stack.extend(next.iter().rev());
            }
            if let Some(first) = rounds.first() {
                let mut negotiation = Negotiation { of: first.proposal.of.as_ref(), rounds };
                negotiation.settle();
                found.push(negotiation);
            }
        }
        found
    }

    /// How many points are open.
    pub fn open_points(&self) -> usize {
        self.negotiations(None).iter().map(|one| one.open().count()).sum()
    }

    /// Whether the text binds nobody: it is not agreed, or a point of it is open.
    pub fn is_draft(&self) -> bool {
        self.is_draft_with(self.open_points())
    }

    /// The same with so many open points, such as those of an earlier day.
    pub fn is_draft_with(&self, open_points: usize) -> bool {
        let status = self.agreement.status.as_ref().map(|status| status.value);
        matches!(status, None | Some(Status::Draft | Status::Proposed)) || open_points > 0
    }

    /// Who takes part in a proposal, its maker among them: those that it is made to, else those who take part in what it
    /// answers, else the other side.
    fn taking_part(&self, proposal: &Proposal, before: Option<&Arc<[PartyRef]>>) -> Arc<[PartyRef]> {
        let Between { by, to } = &proposal.between;
        let is_other = |party: &PartyRef| by.as_ref().is_none_or(|by| by.party != party.party);
        let before = before.filter(|before| before.iter().any(is_other));
        match (to.as_slice(), before, by) {
            ([], Some(before), _) => Arc::clone(before),
            ([], None, by) => by.iter().cloned().chain(by.iter().flat_map(|by| self.other_side(by))).collect(),
            (to, _, by) => by.iter().chain(to).cloned().collect(),
        }
    }

    /// The parties on the other side of the agreement.
    pub fn other_side(&self, party: &PartyRef) -> Vec<PartyRef> {
        let other = match self.role(party) {
            Some(Role::Provider) => Role::Customer,
            Some(Role::Customer | Role::Supplier) => Role::Provider,
            None => return Vec::new(),
        };
        self.in_role(other).filter(|found| found.party != party.party).collect()
    }

    /// The last day for the answer to a proposal, where it has one.
    pub fn answer_until(&self, proposal: &Proposal) -> Option<Date> {
        let (within, raised) = (proposal.within.as_ref()?, proposal.raised.as_ref()?);
        last_date(self, &self.agreement.clock(), within, raised.value)
    }
}

/// The id of a clause without the options of its variant, which stands for all of them: `commitment.up` of
/// `commitment.up[gold]`.
pub fn without_options(id: &str) -> String {
    id.split('[')
        .enumerate()
        .map(|(index, part)| match part.split_once(']') {
            Some((_, rest)) if index > 0 => rest,
            _ => part,
        })
        .collect()
}

/// The clause of a family, whose id has no options, that an id names, or the one that it names a part of:
/// `commitment.up[gold].credit` of `commitment.up[gold].credit.below_99`, where `commitment.up.credit` is asked for.
pub fn in_family<'a>(id: &'a str, family: &str) -> Option<&'a str> {
    let plain = without_options(id);
    let rest = plain.strip_prefix(family)?;
    if !(rest.is_empty() || rest.starts_with('.')) {
        return None;
    }
    let (mut depth, mut points) = (0_usize, 0);
    let end = id.char_indices().find(|(_, letter)| {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => points += 1,
            _ => {}
        }
        points > family.matches('.').count()
    });
    id.get(..end.map_or(id.len(), |(at, _)| at))
}
