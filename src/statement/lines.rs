//! The lines of a statement, in words: one for each window, or for several days in a row that came out alike.

use super::Statement;
use crate::calculus::{ExprKind, Value, shown};
use crate::evaluate::{Entry, Interval, Known, Outcome, Step, Total, Verdict, window_deadline};
use crate::model::{Commitment, Target, Unused, whole_day};
use crate::values::{Date, Exact, Money, Timestamp, YearMonth, Zone};
use std::cmp::Ordering;

/// A commitment with its lines.
pub(super) struct Part<'s> {
    pub commitment: &'s Commitment,
    /// What is promised: `uptime >= 99.95% per calendar month`, and with its figure where the bound is a name, `uptime[gold] >=
    /// goal[gold] (99.95%) per calendar month`.
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
    /// The window that the steps are about, where the line is about several.
    pub steps_of: Option<String>,
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

    /// Whether a deadline is over by the time up to which things are known.
    fn is_past(&self, end: Timestamp) -> bool {
        self.plan.as_of.is_some_and(|at| at > end.as_nanosecond())
    }

    /// Until when something is in time: its last day, or the local time at which it ends within a day.
    fn until(&self, end: Timestamp) -> String {
        let local = self.zone().local(end);
        let instant =
            || format!("{} {}", local.date(), local.strftime(if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" }));
        whole_day(&self.zone(), end).map_or_else(instant, |day| day.to_string())
    }

    /// The time up to which things are known, where it is said.
    pub(super) fn known_until(&self) -> Option<String> {
        let at = Timestamp::from_nanosecond(self.plan.as_of?).ok()?;
        let local = self.zone().local(at);
        Some(format!("{} {}", local.date(), local.strftime("%H:%M")))
    }

    fn zone(&self) -> Zone {
        self.plan.model.agreement.clock()
    }

    fn windows<'s>(&'s self, own: &[(&'s Outcome<'s>, &'s [Step])]) -> Vec<Line<'s>> {
        own.iter().map(|(outcome, steps)| self.line(outcome, steps)).collect()
    }

    /// Of a promise that is judged every day, days in a row that came out alike are one line: with the least and the
    /// greatest that was attained, and with the least that was left.
    fn days<'s>(&'s self, own: &[(&'s Outcome<'s>, &'s [Step])]) -> Vec<Line<'s>> {
        let alike = |one: &Line<'_>, other: &Line<'_>| {
            one.credit == other.credit && one.verdict == other.verdict && one.notes == other.notes
        };
        let mut groups: Vec<(Line<'s>, Vec<&Outcome<'s>>)> = Vec::new();
        for (outcome, steps) in own {
            let line = self.line(outcome, steps);
            match groups.last_mut() {
                Some((last, outcomes)) if alike(last, &line) => outcomes.push(outcome),
                _ => groups.push((line, vec![outcome])),
            }
        }
        let day = |outcome: &Outcome<'_>| {
            last_day(&self.zone(), outcome.due.window).map_or_else(String::new, |day| day.to_string())
        };
        let together = groups.into_iter().map(|(mut line, outcomes)| {
            let (Some(first), Some(last)) = (outcomes.first(), outcomes.last()) else { return line };
            line.window = format!("to {}", day(first));
            if outcomes.len() > 1 {
                line.steps_of = Some(line.window.clone());
                line.window = format!("to each of {} to {}", day(first), day(last));
                line.attained = range(&outcomes).unwrap_or(line.attained);
                let left = outcomes.iter().filter_map(|outcome| outcome.left.as_ref());
                let least = left.min_by(|one, other| one.0.cmp(&other.0));
                line.left = least.map_or(String::new(), |left| left.to_percent_string(1));
            }
            line
        });
        together.collect()
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
        if is_no_part(outcome) {
            notes.push("what was attained is no part of a whole: the counts may contradict each other".to_owned());
        }
        notes.extend(self.rights(outcome));
        Line {
            window: window(&self.zone(), outcome.due.window),
            verdict: format!("{so_far}{verdict}"),
            kept,
            attained: attained.join(", "),
            left: outcome.left.as_ref().map_or(String::new(), |left| left.to_percent_string(1)),
            credit: credit(outcome, &|end| (self.until(end), self.is_past(end)), &mut notes),
            notes,
            steps,
            steps_of: None,
        }
    }

    /// What a party is called.
    fn party(&self, id: &str) -> String {
        let party = self.plan.model.parties.get(id);
        party.and_then(|party| party.head.title.clone()).unwrap_or_else(|| id.to_owned())
    }

    /// When the time for a notice of termination ends that is counted from the window.
    pub(super) fn notice_until(&self, outcome: &Outcome<'_>, id: &str) -> Option<Timestamp> {
        let right = outcome.due.commitment.terminate.iter().find(|right| right.id == *id)?;
        window_deadline(self.plan.model, right.within.as_ref()?, outcome.due.window)
    }

    /// The rights to terminate for which there is a reason.
    fn rights(&self, outcome: &Outcome<'_>) -> Vec<String> {
        // Of a window that has not ended nothing arises yet.
        let reasons = outcome.judged.rights.iter().filter(|(_, holds)| *holds == Ok(true) && !outcome.due.open);
        let told = reasons.filter_map(|(id, _)| {
            let right = outcome.due.commitment.terminate.iter().find(|right| right.id == *id)?;
            let by = right.by.as_ref().map_or_else(|| "a party".to_owned(), |by| self.party(&by.party));
            let until = self.notice_until(outcome, id);
            let until = until.map_or(String::new(), |end| format!(", with notice by {}", self.until(end)));
            Some(format!("{by} may terminate{until}"))
        });
        told.collect()
    }

    /// Who owes whom how much.
    pub(super) fn owed(&self) -> Vec<String> {
        let each = self.totals.iter().map(|((by, to, _), total)| {
            let names: Vec<String> = to.split(", ").map(|id| self.party(id)).collect();
            let (by, to) = (self.party(by), names.join(", "));
            let Total { claimed: all, unclaimed: least, undecided, why, limited_elsewhere } = total;
            let why = why.as_ref().map_or(String::new(), ToString::to_string);
            let open = match undecided {
                0 => String::new(),
                1 => format!("; what one window gives is not known, and nothing is due for it yet: {why}"),
                more => format!("; what {more} windows give is not known, and nothing is due for them yet; the first: {why}"),
            };
            let sum = match all.amount.cmp(&least.amount) {
                Ordering::Less => format!(
                    "{by} owes {to} {} if everything is claimed in time; without a claim, {}: what is not claimed leaves more of a cap to the rest",
                    amount(all),
                    amount(least)
                ),
                Ordering::Equal => format!("{by} owes {to} {}", amount(all)),
                Ordering::Greater => format!(
                    "{by} owes {to} {} if everything is claimed in time, and {} without a claim",
                    amount(all),
                    amount(least)
                ),
            };
            let limited = match limited_elsewhere {
                true => "; it may be less, since the head of the supplier's own agreement limits what it owes",
                false => "",
            };
            format!("{sum}{limited}{open}")
        });
        each.collect()
    }
}

impl Statement<'_> {
    /// What invoices take of the credits, and what is left.
    pub(super) fn set_off(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let needs_claim = |one: &Commitment| !one.claim.as_ref().is_some_and(|claim| claim.automatic);
        let model = self.plan.model;
        let claimed = match model.commitments.iter().any(|one| model.is_carried(one) && needs_claim(one)) {
            true => "if everything is claimed in time, ",
            false => "",
        };
        for account in &self.accounts {
            let by = self.party(&account.by);
            let owing = |entry: &&Entry| !matches!(&entry.credits, Ok(money) if money.amount.is_zero());
            // What the last invoice leaves is told as what is left.
            let last = account.left_at_end.as_ref().and(account.entries.last()).map(|entry| entry.date);
            for entry in account.entries.iter().filter(owing) {
                let invoice = format!("the invoice of {by} up to {}", entry.date);
                lines.push(match (&entry.invoice, &entry.set_off, &entry.carried) {
                    (Ok(all), Ok(set_off), Ok(carried)) => {
                        let rest = match carried.amount.is_zero() || last == Some(entry.date) {
                            true => String::new(),
                            false => format!(", and {} is carried forward", amount(carried)),
                        };
                        format!("{claimed}{} is set off against {invoice} ({}){rest}", amount(set_off), amount(all))
                    }
                    (_, Err(gap), _) | (Err(gap), _, _) | (_, _, Err(gap)) => {
                        format!("what is set off against {invoice} is not known: {gap}")
                    }
                });
            }
            let becomes = match model.agreement.unused.as_ref().map(|unused| unused.value) {
                Some(Unused::PaidOut) => "is paid out",
                _ => "lapses",
            };
            match &account.left_at_end {
                Some(Ok(left)) if !left.amount.is_zero() => {
                    lines.push(format!(
                        "{claimed}{} of {by} is left when the agreement ends, and {becomes}",
                        amount(left)
                    ));
                }
                Some(Err(gap)) => lines.push(format!("what {by} has left when the agreement ends is not known: {gap}")),
                _ => {}
            }
        }
        lines
    }
}

/// The least and the greatest that the only target attained in several windows.
fn range(outcomes: &[&Outcome<'_>]) -> Option<String> {
    let mut all = Vec::new();
    for outcome in outcomes {
        let [Ok(known)] = outcome.judged.attained.as_slice() else { return None };
        all.push((known.ends().0.exact()?.clone(), known));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    let (least, most) = (all.first()?.1.shown(), all.last()?.1.shown());
    Some(if least == most { least } else { format!("{least} to {most}") })
}

/// Whether a ratio lies where no part of a whole can lie.
fn is_no_part(outcome: &Outcome<'_>) -> bool {
    let beyond = |known: &Known| match known.ends() {
        (Value::Ratio(low), Value::Ratio(high)) => low.0.signum() < 0 || high.0 > Exact::one(),
        _ => false,
    };
    outcome.judged.attained.iter().flatten().any(beyond)
}

/// An amount of money, and nothing where it is zero.
fn amount(money: &Money) -> String {
    if money.amount.is_zero() { "nothing".to_owned() } else { money.to_string() }
}

fn credit(outcome: &Outcome<'_>, until: &dyn Fn(Timestamp) -> (String, bool), notes: &mut Vec<String>) -> String {
    let Some(owed) = &outcome.owed else { return String::new() };
    match &owed.amount {
        Ok(money) if money.amount.is_zero() => {
            let first = outcome.judged.credit.as_ref().and_then(|credit| credit.as_ref().ok());
            let had = first.is_some_and(|first| matches!(&first.amount, Ok(money) if money.amount.signum() > 0));
            // The last of them left nothing.
            let cause = owed.steps.iter().rfind(|step| !step.what.starts_with("rounded"));
            notes.extend(cause.filter(|_| had).map(|step| match step.what.strip_prefix("what the ") {
                Some(_) => format!("{}: {}", step.what, step.gives),
                None => step.what.clone(),
            }));
            "none".to_owned()
        }
        Ok(money) if outcome.due.open => format!("would be {money}"),
        Ok(money) => {
            let automatic = outcome.due.commitment.claim.as_ref().is_some_and(|claim| claim.automatic);
            match outcome.claim_until.map(until) {
                Some((end, true)) => notes.push(format!("had to be claimed by {end}")),
                Some((end, false)) => notes.push(format!("to be claimed by {end}")),
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
    let target = |target: &Target| {
        let figure = figure(target).map_or(String::new(), |figure| format!(" ({figure})"));
        format!("{} {} {}{figure}", target.measure, target.comparison.as_str(), target.bound)
    };
    let targets: Vec<String> = commitment.targets.iter().map(target).collect();
    let per = commitment.targets.first().map_or(String::new(), |target| format!(" per {}", target.window));
    format!("{}{per}", targets.join(" and "))
}

/// The figure that is promised, where the bound names it or computes it: as a file writes it, so that no target is rounded
/// to another one.
fn figure(target: &Target) -> Option<String> {
    let value = target.value.as_ref().filter(|_| !matches!(target.bound.kind, ExprKind::Literal(_)))?;
    let ends = value.exact().is_none_or(Exact::is_terminating);
    Some(if ends { value.to_string() } else { shown(value) })
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
