//! The status for people.

use super::{Agreement, Counts, Point, Status};
use crate::model::{Model, Outcome, PartyRef, Proposal, Round, Standing};
use crate::values::Date;
use crate::wording::{label, parties, plain};
use std::collections::BTreeMap;

/// The narrowest and the widest line: a terminal may be of any width, and long lines are hard to read.
const WIDTHS: (usize, usize) = (40, 100);
/// The parts of an agreement: how its points stand, the heading, and its colour.
const PARTS: [(Standing, &str, &str); 4] = [
    (Standing::Open, "OPEN", "1;33"),
    (Standing::Accepted, "AGREED", "1;32"),
    (Standing::Declined, "DECLINED", "1"),
    (Standing::Withdrawn, "WITHDRAWN", "1"),
];
/// What stands in the place of a date that is not said.
const UNDATED: &str = "undated   ";
/// What stands before whoever has to move, as wide as a date.
const NEXT: &str = "next move ";
/// What stands before a proposal whose answers were taken back, as wide as a date.
const OPEN_AGAIN: &str = "open again";

/// A page of lines that are no wider than the terminal.
struct Page {
    out: String,
    width: usize,
    colour: bool,
}

/// The status as text for a terminal of some columns; `colour` paints headings and what is overdue.
#[must_use]
pub fn text(status: &Status<'_>, columns: usize, colour: bool) -> String {
    let mut page = Page { out: String::new(), width: columns.clamp(WIDTHS.0, WIDTHS.1), colour };
    if let Some(day) = status.as_of {
        page.line(0, &format!("As of the end of {day}"));
        page.gap();
    }
    // Nothing is to be seen of an agreement in which nothing was negotiated but its name: of these, each takes a line.
    let (negotiated, silent): (Vec<_>, Vec<_>) = status.agreements.iter().partition(|one| !one.points.is_empty());
    for agreement in negotiated {
        one(agreement, &mut page);
        page.gap();
    }
    for agreement in silent {
        page.line(0, &format!("{}: {}, nothing negotiated", label(&agreement.model.agreement.head), stands(agreement)));
    }
    page.gap();
    for (file, errors) in &status.not_shown {
        let errors = many(*errors, "error");
        page.line(0, &format!("{}: not shown, since it has {errors}", plain(file)));
        page.gap();
    }
    sum(status, &mut page);
    page.out
}

fn one(agreement: &Agreement<'_>, page: &mut Page) {
    let (model, counts) = (agreement.model, agreement.counts());
    page.painted(0, &label(&model.agreement.head), "1");
    page.line(2, &stands(agreement));
    page.line(2, &counted(counts));
    for (standing, heading, colour) in PARTS {
        let mut points = agreement.points.iter().filter(|point| point.last.standing == standing).peekable();
        if points.peek().is_none() {
            continue;
        }
        page.gap();
        page.painted(2, heading, colour);
        for (index, point) in points.enumerate() {
            if standing == Standing::Open {
                if index > 0 {
                    page.gap();
                }
                open(model, point, page);
            } else {
                closed(model, point, page);
            }
        }
    }
}

/// "proposed, a draft, version 0.3, hosting.sla".
fn stands(agreement: &Agreement<'_>) -> String {
    let model = agreement.model;
    let status = model.agreement.status.as_ref().map_or("no status", |status| status.value.as_str());
    let version = model.agreement.version.as_ref().map(|version| format!(", version {}", plain(&version.value)));
    let draft = if agreement.is_draft() && status != "draft" { ", a draft" } else { "" };
    format!("{}{draft}{}, {}", status.replace('_', " "), version.unwrap_or_default(), plain(&agreement.file))
}

/// An open point: the clause, each proposal with its date and party, and whose move it is.
fn open(model: &Model, point: &Point<'_>, page: &mut Page) {
    page.line(4, &clause(model, point));
    for round in &point.negotiation.rounds {
        let proposal = round.proposal;
        let does = if round.answers.is_some() { "answers" } else { "proposes" };
        let text = format!("{} {does}: {}", side(model, proposal), titled(proposal));
        page.dated(6, raised(proposal), &text);
        let more = page.hanging(6);
        if let Some(change) = &proposal.change {
            page.line(more, &plain(&change.value));
        }
        for option in &proposal.options {
            let name = format!("option {}", option.name);
            page.hung(more, &name, &label(option));
        }
        for outcome in &round.outcomes {
            page.dated(6, Some(outcome.date), &ended(model, round, outcome));
        }
    }
    let last = point.last.proposal;
    if point.negotiation.rounds.iter().any(|round| round.answers.is_some_and(|it| it.head.name == last.head.name)) {
        page.hung(6, OPEN_AGAIN, &titled(last));
    }
    page.hung(6, NEXT, &next(model, point));
    if point.overdue == Some(true)
        && let Some(day) = point.until
    {
        let late = format!("overdue: an answer was due by {day}");
        let at = page.hanging_after(6, NEXT);
        page.painted(at, &late, "1;31");
    }
}

/// Whose move it is, and until when.
fn next(model: &Model, point: &Point<'_>) -> String {
    let who = match point.to_move.as_slice() {
        [] => "the other side".to_owned(),
        asked => parties(model, asked),
    };
    match (point.until, point.overdue) {
        (Some(day), None | Some(false)) => format!("{who}, by {day}"),
        _ => who,
    }
}

/// A point that is decided: when, what about, by whom. Of several who decided one by one, each has a date.
fn closed(model: &Model, point: &Point<'_>, page: &mut Page) {
    let (proposal, outcomes) = (point.last.proposal, point.last.outcomes.as_slice());
    let Some(end) = point.last.end() else { return };
    page.dated(4, Some(end.date), &format!("{}, of {}", titled(proposal), clause(model, point)));
    let more = page.hanging(4);
    for outcome in outcomes {
        let said = ended(model, &point.last, outcome);
        match outcomes {
            [_] => page.line(more, &said),
            _ => page.dated(more, Some(outcome.date), &said),
        }
    }
}

/// What became of a proposal, by whom, with what was agreed or why not.
fn ended(model: &Model, round: &Round<'_>, outcome: &Outcome) -> String {
    let deciders = round.deciders(outcome);
    let by = if deciders.is_empty() { String::new() } else { format!(" by {}", parties(model, &deciders)) };
    let mut text = format!("{}{by}", outcome.verdict.as_str());
    // Where several accepted one by one, what they agreed stands with the last of them.
    let is_last = round.standing == Standing::Accepted && round.end().is_some_and(|end| std::ptr::eq(end, outcome));
    let agreed = round.proposal.change.as_ref().filter(|_| is_last);
    if let Some(option) = round.proposal.chosen(outcome) {
        text = format!("{text}, option {}: {}", option.name, label(option));
    } else if let Some(change) = agreed {
        text = format!("{text}: {}", plain(&change.value));
    }
    match outcome.reason.as_ref().map(|reason| plain(reason)).filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{text}; reason: {reason}"),
        None => text,
    }
}

/// A clause by its title and id.
fn clause(model: &Model, point: &Point<'_>) -> String {
    let has_variants = point.negotiation.of.is_some_and(|of| model.has_variants(&of.value));
    let id = point.negotiation.clause().unwrap_or_else(|| "no clause".to_owned());
    let id = if has_variants { format!("{id}, in all its variants") } else { id };
    match point.clause.as_deref().map(plain).filter(|title| !title.is_empty()) {
        Some(title) => format!("{title} ({})", plain(&id)),
        None => plain(&id),
    }
}

fn titled(proposal: &Proposal) -> String {
    format!("{} ({})", label(&proposal.head), plain(&proposal.head.name))
}

fn side(model: &Model, proposal: &Proposal) -> String {
    let by: &[PartyRef] = proposal.between.by.as_slice();
    if by.is_empty() { "a party".to_owned() } else { parties(model, by) }
}

fn raised(proposal: &Proposal) -> Option<Date> {
    proposal.raised.as_ref().map(|raised| raised.value)
}

/// "2 points open (1 overdue), 1 agreed, 1 declined".
fn counted(counts: Counts) -> String {
    let Counts { open, overdue, agreed, declined, withdrawn } = counts;
    let late = if overdue > 0 { format!(" ({overdue} overdue)") } else { String::new() };
    let mut parts = match open {
        0 => vec!["no point is open".to_owned()],
        1 => vec![format!("1 point is open{late}")],
        many => vec![format!("{many} points are open{late}")],
    };
    let others = [(agreed, "agreed"), (declined, "declined"), (withdrawn, "withdrawn")];
    parts.extend(others.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")));
    parts.join(", ")
}

/// The sum over all agreements, and who has to move how often.
fn sum(status: &Status<'_>, page: &mut Page) {
    let total = many(status.agreements.len(), "agreement");
    let shown = format!("{total}: {}", counted(status.counts()));
    // What is not read may hold open points: nothing is said of those.
    let line = match (status.agreements.as_slice(), status.not_shown.len()) {
        (_, 0) => shown,
        ([], unread) => uncounted(unread),
        (_, unread) => format!("{shown}; {}", uncounted(unread)),
    };
    page.line(0, &line);
    let mut moves: BTreeMap<String, usize> = BTreeMap::new();
    for agreement in &status.agreements {
        for point in agreement.points.iter().filter(|point| point.last.standing == Standing::Open) {
            for party in &point.to_move {
                let alone = PartyRef { contact: None, ..party.clone() };
                *moves.entry(parties(agreement.model, &[alone])).or_default() += 1;
            }
        }
    }
    if !moves.is_empty() {
        let mut moves: Vec<(String, usize)> = moves.into_iter().collect();
        moves.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let all: Vec<String> = moves.iter().map(|(party, count)| format!("{party} ({count})")).collect();
        page.line(0, &format!("next to move: {}", all.join(", ")));
    }
}

/// "2 agreements have errors, and are not counted".
fn uncounted(agreements: usize) -> String {
    let (has, is) = if agreements == 1 { ("has", "is") } else { ("have", "are") };
    format!("{} {has} errors, and {is} not counted", many(agreements, "agreement"))
}

fn many(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

impl Page {
    /// An empty line, but for one at the beginning or after another.
    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A text that goes on below its beginning.
    fn line(&mut self, indent: usize, text: &str) {
        self.hung(indent, "", text);
    }

    /// A text in a colour.
    fn painted(&mut self, indent: usize, text: &str, colour: &str) {
        for line in wrapped(text, self.width.saturating_sub(indent)) {
            let line = if self.colour { format!("\u{1B}[{colour}m{line}\u{1B}[0m") } else { line };
            self.out.push_str(&format!("{:indent$}{line}\n", ""));
        }
    }

    /// A text after its date.
    fn dated(&mut self, indent: usize, date: Option<Date>, text: &str) {
        let date = date.map_or_else(|| UNDATED.to_owned(), |date| date.to_string());
        self.hung(indent, &date, text);
    }

    /// A text after a word, below which nothing else stands.
    fn hung(&mut self, indent: usize, word: &str, text: &str) {
        let start = self.hanging_after(indent, word);
        let lines = wrapped(text, self.width.saturating_sub(start));
        for (index, line) in lines.iter().enumerate() {
            let word = if index == 0 { word } else { "" };
            let before = format!("{:indent$}{word}", "");
            self.out.push_str(&format!("{before:<start$}{line}\n"));
        }
    }

    /// Where a text begins after a date.
    fn hanging(&self, indent: usize) -> usize {
        self.hanging_after(indent, UNDATED)
    }

    /// Where a text begins after a word.
    fn hanging_after(&self, indent: usize, word: &str) -> usize {
        let letters = word.chars().count();
        // Beside a long word the text would have no room.
        if letters == 0 { indent } else { (indent + letters + 2).min(self.width / 2) }
    }
}

/// A text in lines of so many letters at most. A word that is longer than a line is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(10);
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let letters: Vec<char> = word.chars().collect();
        if used > 0 && used + 1 + letters.len() > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for letter in letters {
            if used == width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(letter);
            used += 1;
        }
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}
