//! The lines of a statement, in words: one for each window, or for several days in a row that came out alike.

use super::Statement;
use crate::evaluate::{Interval, Outcome, Step, Verdict};
use crate::model::{Commitment, Target};
use crate::values::{Date, Money, Timestamp, YearMonth, Zone};

/// A commitment with its lines.
pub(super) struct Part<'s> {
    pub commitment: &'s Commitment,
    /// What is promised: `uptime >= 99.95% per calendar month`.
    pub promise: String,
    pub lines: Vec<Line<'s>>,
}

/// What came out of one window.
pub(super) struct Line<'s> {
    pub window: String,
    pub verdict: String,
    /// How it came out.
    pub kept: Option<bool>,
    pub attained: String,
    pub left: String,
    pub credit: String,
    /// What else there is to say.
    pub notes: Vec<String>,
    pub steps: &'s [Step],
}

impl Statement<'_> {
    /// The commitments with what came out of them.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut place = 0;
        while let Some(first) = self.outcomes.get(place) {
            let commitment = first.due.commitment;
            let rest = self.outcomes.get(place..).unwrap_or_default();
            let count = rest.iter().take_while(|one| one.due.commitment.head.name == commitment.head.name).count();
            let steps = (place..).map(|place| self.derivations.get(place).map_or(&[][..], Vec::as_slice));
            let own: Vec<(&Outcome<'_>, &[Step])> = rest.iter().take(count).zip(steps).collect();
            let lines = if commitment.rolls().is_some() { self.days(&own) } else { self.windows(&own) };
            parts.push(Part { commitment, promise: promise(commitment), lines });
            place += count.max(1);
        }
        parts
    }

    fn zone(&self) -> Zone {
        self.plan.model.agreement.clock()
    }

    fn windows<'s>(&'s self, own: &[(&'s Outcome<'s>, &'s [Step])]) -> Vec<Line<'s>> {
        own.iter().map(|(outcome, steps)| self.line(outcome, steps)).collect()
    }

    /// Of a promise that is judged every day, days in a row that came out alike are one line.
    fn days<'s>(&'s self, own: &[(&'s Outcome<'s>, &'s [Step])]) -> Vec<Line<'s>> {
        let mut lines: Vec<(Line<'s>, Date)> = Vec::new();
        let alike = |one: &Line<'_>, other: &Line<'_>| {
            one.credit == other.credit && one.verdict == other.verdict && one.notes == other.notes
        };
        for (outcome, steps) in own {
            let mut line = self.line(outcome, steps);
            let Some(day) = last_day(&self.zone(), outcome.due.window) else { continue };
            line.window = format!("to {day}");
            match lines.last_mut() {
                Some((last, first)) if alike(last, &line) && *first != day => {
                    last.window = format!("to each of {first} to {day}");
                    last.attained = line.attained;
                    last.left = line.left;
                    last.steps = line.steps;
                }
                _ => lines.push((line, day)),
            }
        }
        lines.into_iter().map(|(line, _)| line).collect()
    }

    fn line<'s>(&'s self, outcome: &'s Outcome<'s>, steps: &'s [Step]) -> Line<'s> {
        let judged = &outcome.judged;
        let so_far = if outcome.due.open { "so far " } else { "" };
        let (verdict, kept) = match &judged.verdict {
            Verdict::Met => ("met", Some(true)),
            Verdict::Missed => ("missed", Some(false)),
            Verdict::NotMeasured(_) => ("not decided", None),
            Verdict::NotApplicable => ("does not apply", None),
        };
        let mut notes = Vec::new();
        if let Verdict::NotMeasured(gap) = &judged.verdict {
            notes.push(format!("not decided: {gap}"));
        }
        let attained = judged.attained.iter().map(|one| one.as_ref().map_or("?".to_owned(), |known| known.shown()));
        let attained: Vec<String> = attained.collect();
        notes.extend(self.rights(outcome));
        Line {
            window: window(&self.zone(), outcome.due.window),
            verdict: format!("{so_far}{verdict}"),
            kept,
            attained: attained.join(", "),
            left: outcome.left.as_ref().map_or(String::new(), |left| left.to_percent_string(1)),
            credit: credit(outcome, &mut notes),
            notes,
            steps,
        }
    }

    /// What a party is called.
    fn party(&self, id: &str) -> String {
        let party = self.plan.model.parties.get(id);
        party.and_then(|party| party.head.title.clone()).unwrap_or_else(|| id.to_owned())
    }

    /// The rights to terminate for which there is a reason.
    fn rights(&self, outcome: &Outcome<'_>) -> Vec<String> {
        let reasons = outcome.judged.rights.iter().filter(|(_, holds)| *holds == Ok(true));
        let told = reasons.filter_map(|(id, _)| {
            let right = outcome.due.commitment.terminate.iter().find(|right| right.id == *id)?;
            let by = right.by.as_ref().map_or_else(|| "a party".to_owned(), |by| self.party(&by.party));
            let until = right.within.as_ref().and_then(|within| {
                let day = last_day(&self.zone(), outcome.due.window)?;
                crate::evaluate::last_date(self.plan.model, &self.zone(), within, day)
            });
            let until = until.map_or(String::new(), |date| format!(", with notice by {date}"));
            Some(format!("{by} may terminate{until}"))
        });
        told.collect()
    }

    /// Who owes whom how much.
    pub(super) fn owed(&self) -> Vec<String> {
        let each = self.totals.iter().map(|((by, to), (claimed, unclaimed))| {
            let names: Vec<String> = to.split(", ").map(|id| self.party(id)).collect();
            let (by, to) = (self.party(by), names.join(", "));
            match (claimed, unclaimed) {
                (Ok(all), Ok(least)) if all == least => format!("{by} owes {to} {}", amount(all)),
                (Ok(all), Ok(least)) => {
                    format!(
                        "{by} owes {to} {} if everything is claimed in time, and {} without a claim",
                        amount(all),
                        amount(least)
                    )
                }
                (Err(gap), _) | (_, Err(gap)) => format!("what {by} owes {to} is not known: {gap}"),
            }
        });
        each.collect()
    }
}

/// An amount of money, and nothing where it is zero.
fn amount(money: &Money) -> String {
    if money.amount.is_zero() { "nothing".to_owned() } else { money.to_string() }
}

fn credit(outcome: &Outcome<'_>, notes: &mut Vec<String>) -> String {
    let Some(owed) = &outcome.owed else { return String::new() };
    match &owed.amount {
        Ok(money) if money.amount.is_zero() => {
            let first = outcome.judged.credit.as_ref().and_then(|credit| credit.as_ref().ok());
            let had = first.is_some_and(|first| matches!(&first.amount, Ok(money) if money.amount.signum() > 0));
            notes.extend(owed.steps.last().filter(|_| had).map(|step| step.what.clone()));
            "none".to_owned()
        }
        Ok(money) if outcome.due.open => format!("would be {money}"),
        Ok(money) => {
            let automatic = outcome.due.commitment.claim.as_ref().is_some_and(|claim| claim.automatic);
            match outcome.claim_until {
                Some(date) => notes.push(format!("to be claimed by {date}")),
                None if !automatic => notes.push("to be claimed".to_owned()),
                None => {}
            }
            money.to_string()
        }
        Err(gap) => {
            if !matches!(outcome.judged.verdict, Verdict::NotMeasured(_)) {
                notes.push(format!("credit not known: {gap}"));
            }
            "?".to_owned()
        }
    }
}

fn promise(commitment: &Commitment) -> String {
    let target = |target: &Target| format!("{} {} {}", target.measure, target.comparison.as_str(), target.bound);
    let targets: Vec<String> = commitment.targets.iter().map(target).collect();
    let per = commitment.targets.first().map_or(String::new(), |target| format!(" per {}", target.window));
    format!("{}{per}", targets.join(" and "))
}

/// The last local day of a window.
pub(super) fn last_day(zone: &Zone, window: Interval) -> Option<Date> {
    Some(zone.date(Timestamp::from_nanosecond(window.end - 1).ok()?))
}

/// A window by its days: `2027-03`, `2027`, `2027-03-05`, `2027-01-01 to 2027-03-31`.
pub(super) fn window(zone: &Zone, window: Interval) -> String {
    let first = Timestamp::from_nanosecond(window.start).map(|at| zone.date(at));
    let (Ok(first), Some(last)) = (first, last_day(zone, window)) else { return String::new() };
    days(first, last)
}

/// Days from the first to the last, as short as they can be written.
pub(super) fn days(first: Date, last: Date) -> String {
    let month = YearMonth::of(first);
    if (month.first_day(), month.last_day()) == (first, last) {
        month.to_string()
    } else if first == last {
        first.to_string()
    } else if first.year() == last.year() && first.day_of_year() == 1 && last.month() == 12 && last.day() == 31 {
        format!("{:04}", first.year())
    } else {
        format!("{first} to {last}")
    }
}
