//! Dates and terms that contradict each other.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Anchor, Effective, Every, Example, Model, Proposal, Recurrence, Renewal, Spanned, TakesEffect};
use crate::source::Span;
use crate::values::{Amount, Date, DateTime, Duration, Exact};

/// An agreement ends on or after the day on which it takes effect.
pub(super) fn term(model: &Model) -> Vec<Diagnostic> {
    let Some(effective) = &model.agreement.effective else { return Vec::new() };
    let Some(to) = effective.to.filter(|to| *to < effective.from) else { return Vec::new() };
    let message = format!("the agreement ends on {to}, before it takes effect on {}", effective.from);
    let finding = Diagnostic::new(codes::TERM_ENDS_BEFORE_START, effective.span, message)
        .primary("not a single day")
        .help("write the first day before the last: `effective 2027-01-01 to 2027-12-31`");
    vec![finding]
}

/// The term, if it has an end and its days are in order.
pub(super) fn sound_term(model: &Model) -> Option<(&Effective, Date)> {
    let effective = model.agreement.effective.as_ref()?;
    effective.to.filter(|to| *to >= effective.from).map(|to| (effective, to))
}

/// Earlier versions come one after the other, and before the agreement takes effect; none has its number.
pub(super) fn history(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let mut found = Vec::new();
    for (one, next) in agreement.history.iter().zip(agreement.history.iter().skip(1)) {
        if next.date < one.date {
            let (date, message) = (one.date, format!("version `{}` is older than the one before it", next.version));
            found.push(
                Diagnostic::new(codes::HISTORY_OUT_OF_ORDER, next.span, message)
                    .primary(format!("dated {}", next.date))
                    .label(one.span, format!("dated {date}"))
                    .help("list the versions from the oldest to the newest, or mend the date"),
            );
        }
    }
    for edition in &agreement.history {
        let same = agreement.version.as_ref().filter(|version| version.value == edition.version);
        if let Some(version) = same {
            let message = format!("version `{}` is both the present version and an earlier one", edition.version);
            found.push(
                Diagnostic::new(codes::HISTORY_OUT_OF_ORDER, edition.span, message)
                    .primary("an earlier version")
                    .label(version.span, "the present version")
                    .help("raise the number of the present version"),
            );
        } else if let Some(effective) = agreement.effective.as_ref().filter(|term| edition.date > term.from) {
            let message = format!("an earlier version is dated {}, after this one took effect", edition.date);
            found.push(
                Diagnostic::new(codes::HISTORY_OUT_OF_ORDER, edition.span, message)
                    .primary("an earlier version")
                    .label(effective.span, format!("this version takes effect on {}", effective.from))
                    .help("mend the date, or the first day of the agreement"),
            );
        }
    }
    found
}

/// A cancellation is due within the period that it ends.
pub(super) fn renewal(model: &Model) -> Vec<Diagnostic> {
    let Some(renews) = &model.agreement.renews else { return Vec::new() };
    let mut found: Vec<Diagnostic> = short_renewal(renews).into_iter().collect();
    let Some((notice, before)) = &renews.unless_cancelled else { return found };
    if !matches!(before, Anchor::End | Anchor::Words(_)) {
        let message = format!("a cancellation is counted back from `{}`, and not from the end", before.as_str());
        found.push(
            Diagnostic::new(codes::WRONG_ARGUMENT, renews.span, message)
                .primary("a period is cancelled before it ends")
                .help(format!("write `unless cancelled {notice} before end`")),
        );
        return found;
    }
    if notice.approximate_seconds().0 > renews.every.approximate_seconds().1 {
        let message = format!("the notice of {notice} is longer than the period of {} that it ends", renews.every);
        found.push(
            Diagnostic::new(codes::NOTICE_LONGER_THAN_RENEWAL, renews.span, message)
                .primary("too late from the first day on")
                .witness("on the day on which a period begins, the last day to cancel it has already passed")
                .help("choose a notice shorter than the period"),
        );
    } else if let Some((effective, to)) = sound_term(model)
        && notice.approximate_seconds().0 > length(effective.from, to)
    {
        let message = format!("the notice of {notice} is longer than the whole term");
        found.push(
            Diagnostic::new(codes::NOTICE_LONGER_THAN_RENEWAL, renews.span, message)
                .primary("too late from the first day on")
                .label(effective.span, "the term")
                .witness(format!("on {}, the last day to cancel has already passed", effective.from))
                .help("choose a notice shorter than the term"),
        );
    }
    found
}

/// A renewal for elapsed time: an agreement runs from day to day.
fn short_renewal(renews: &Renewal) -> Option<Diagnostic> {
    let Amount::Elapsed(length) = &renews.every else { return None };
    // No time at all has been told by itself.
    (!length.is_zero()).then(|| {
        Diagnostic::new(codes::WRONG_ARGUMENT, renews.span, format!("the agreement renews itself every {length}"))
            .primary("a term is counted in days, months or years")
            .help("write for example `renews every 12 months`")
    })
}

/// What renews itself has an end at which it does.
pub(super) fn endless_renewal(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let (Some(renews), Some(effective)) = (&agreement.renews, &agreement.effective) else { return Vec::new() };
    let finding = || {
        Diagnostic::new(codes::INCOMPLETE_HEAD, renews.span, "the agreement renews itself, and never ends")
            .primary("renewed at which end?")
            .label(effective.span, "no last day")
            .help(format!("add the last day, such as `effective {} to …`, or leave out `renews`", effective.from))
    };
    let endless = effective.to.is_none() && !agreement.head.poisoned;
    endless.then(finding).into_iter().collect()
}

/// A change that waits for the next term is one of an agreement that has a next term.
pub(super) fn changes(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let Some(effective) = &agreement.effective else { return Vec::new() };
    if agreement.head.poisoned || agreement.renews.is_some() {
        return Vec::new();
    }
    let (term, help) = match effective.to {
        None => {
            ("a term without an end", "add a last day to `effective`, and `renews every …`, or delete the statement")
        }
        Some(_) => ("the only term", "add `renews every 12 months` to the agreement, or delete the statement"),
    };
    let ours = model.amendments.iter().filter(|one| !one.head.poisoned && one.supplier.is_none());
    let waiting = ours.filter_map(|one| one.takes_effect.as_ref());
    let tell = |at: &Spanned<TakesEffect>| {
        Diagnostic::new(
            codes::IDLE_CLAUSE,
            at.span,
            "no term of the agreement follows, in which a change could take effect",
        )
        .primary("no change ever takes effect")
        .label(effective.span, term)
        .help(help)
    };
    waiting.map(tell).collect()
}

/// The greatest length in seconds of the days from the first to the last, both included.
pub(super) fn length(from: Date, to: Date) -> Exact {
    let days = from.duration_until(to).as_hours() / 24 + 1;
    Exact::from_int(days) * Exact::from_int(86_400) + Exact::from_int(3_600)
}

/// What recurs falls within the term at least once.
pub(super) fn rhythms(model: &Model) -> Vec<Diagnostic> {
    let Some((effective, to)) = sound_term(model).filter(|_| model.agreement.renews.is_none()) else {
        return Vec::new();
    };
    let term = length(effective.from, to);
    let reports = model.reports.iter().map(|report| (&report.head, &report.every));
    let meetings = model.meetings.iter().map(|meeting| (&meeting.head, &meeting.every));
    let reviews = model.reviews.iter().map(|review| (&review.head, &review.every));
    let audits = model.audits.iter().map(|audit| (&audit.head, &audit.every));
    let duties = model.duties.iter().map(|duty| (&duty.head, &duty.every));
    let tests = model.recoveries.iter().map(|recovery| (&recovery.head, &recovery.test));
    let all = reports.chain(meetings).chain(reviews).chain(audits).chain(duties).chain(tests);
    all.filter_map(|(head, every)| Some((head, every.as_ref()?)))
        .filter(|(_, every)| shortest(every).is_some_and(|shortest| shortest > term))
        .map(|(head, every)| {
            let rhythm = match &every.every {
                Every::Window(window) => window.to_string(),
                Every::Amount(amount) => amount.to_string(),
            };
            let message = format!("`{}` recurs every {rhythm}, longer than the whole term", head.name);
            Diagnostic::new(codes::RHYTHM_LONGER_THAN_TERM, every.span, message)
                .primary("may never take place")
                .label(effective.span, "the term")
                .witness(format!("counted from {}, the first time comes after {to}", effective.from))
                .help("choose a shorter rhythm, or let the agreement renew itself")
        })
        .collect()
}

fn shortest(every: &Recurrence) -> Option<Exact> {
    match &every.every {
        Every::Window(window) => window.shortest().as_ref().map(Duration::seconds).cloned(),
        Every::Amount(amount @ (Amount::Elapsed(_) | Amount::Period(_) | Amount::Windows { .. })) => {
            Some(amount.approximate_seconds().0)
        }
    }
}

/// A worked example lies within the term.
pub(super) fn examples(model: &Model) -> Vec<Diagnostic> {
    let Some(effective) = &model.agreement.effective else { return Vec::new() };
    if effective.to.is_some_and(|to| to < effective.from) {
        return Vec::new();
    }
    let end = effective.to.filter(|_| model.agreement.renews.is_none());
    let outside = |date: Date| date < effective.from || end.is_some_and(|end| date > end);
    let term = end.map_or(format!("from {}", effective.from), |end| format!("from {} to {end}", effective.from));
    let mut found = Vec::new();
    for example in &model.examples {
        let date = dates(example).into_iter().find(|(date, _)| outside(*date));
        if let Some((date, span)) = date {
            let message = format!("the example `{}` lies outside the term", example.head.name);
            found.push(
                Diagnostic::new(codes::EXAMPLE_OUTSIDE_TERM, span, message)
                    .primary(format!("{date}"))
                    .label(effective.span, format!("the agreement holds {term}"))
                    .help("choose dates on which the agreement holds"),
            );
        }
    }
    found
}

/// The dates of an example: its window, or else the times of its cases.
fn dates(example: &Example) -> Vec<(Date, Span)> {
    if let Some(during) = &example.during {
        return vec![(during.value.0, during.span), (during.value.1, during.span)];
    }
    let mut dates = Vec::new();
    for case in &example.cases {
        let mut times: Vec<DateTime> = case.milestones.iter().map(|(_, at)| *at).collect();
        times.extend(case.spans.iter().flat_map(|(_, from, to)| [*from, *to]));
        dates.extend(times.into_iter().map(|time| (time.date(), case.span)));
    }
    dates
}

/// A proposal is answered and decided after it was raised.
pub(super) fn proposals(model: &Model) -> Vec<Diagnostic> {
    let decided = model.proposals.iter().flat_map(decided_before_raised);
    decided.chain(model.proposals.iter().filter_map(|one| answered_before_raised(model, one))).collect()
}

fn decided_before_raised(proposal: &Proposal) -> impl Iterator<Item = Diagnostic> {
    let dated = proposal.raised.iter().flat_map(|raised| proposal.outcomes.iter().map(move |one| (raised, one)));
    dated.filter(|(raised, outcome)| outcome.date < raised.value).map(|(raised, outcome)| {
        let message = format!("`{}` was decided on {}, before it was raised", proposal.head.name, outcome.date);
        Diagnostic::new(codes::OUTCOME_BEFORE_PROPOSAL, outcome.span, message)
            .primary("the outcome")
            .label(raised.span, format!("raised on {}", raised.value))
            .help("mend one of the two dates")
    })
}

fn answered_before_raised(model: &Model, proposal: &Proposal) -> Option<Diagnostic> {
    let answered = model.proposals.get(proposal.answered()?)?;
    let (raised, before) = (proposal.raised.as_ref()?, answered.raised.as_ref()?);
    (raised.value < before.value).then(|| {
        let (name, other) = (&proposal.head.name, &answered.head.name);
        let message = format!("`{name}` was raised on {}, before `{other}`, which it answers", raised.value);
        Diagnostic::new(codes::OUTCOME_BEFORE_PROPOSAL, raised.span, message)
            .primary("the answer")
            .label(before.span, format!("`{other}` was raised on {}", before.value))
            .help("mend one of the two dates")
    })
}
