//! Duties: somebody has to do them, by some time.

use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Anchor, Announcement, Deadline, Duty, Head, Model};

/// Whoever has to do something is named.
pub(super) fn owners(model: &Model) -> Vec<Diagnostic> {
    let duties = model.duties.iter().map(|duty| (&duty.head, duty.between.by.is_none(), "the duty", "by … to …"));
    let risks = model.risks.iter().map(|risk| (&risk.head, risk.owner.is_none(), "the risk", "owner …"));
    let recoveries =
        model.recoveries.iter().map(|one| (&one.head, one.between.by.is_none(), "the recovery", "by … to …"));
    let services =
        model.services.iter().map(|service| (&service.head, service.between.by.is_none(), "the service", "by … to …"));
    let supports =
        model.supports.iter().map(|support| (&support.head, support.between.by.is_none(), "the support", "by … to …"));
    let reports = model.reports.iter().map(|one| (&one.head, one.between.by.is_none(), "the report", "by … to …"));
    let notices = model.notices.iter().map(|one| (&one.head, one.between.by.is_none(), "the notice", "by … to …"));
    let meetings = model.meetings.iter().map(|one| (&one.head, one.between.by.is_none(), "the meeting", "by … to …"));
    let reviews = model.reviews.iter().map(|one| (&one.head, one.between.by.is_none(), "the review", "by … to …"));
    let audits = model.audits.iter().map(|one| (&one.head, one.between.by.is_none(), "the audit", "by … to …"));
    let records = model.records.iter().map(|one| (&one.head, one.between.by.is_none(), "the records", "by …"));
    let all = duties.chain(risks).chain(recoveries).chain(services).chain(supports).chain(reports);
    let all = all.chain(notices).chain(meetings).chain(reviews).chain(audits).chain(records);
    all.filter(|(head, missing, ..)| *missing && !head.poisoned)
        .map(|(head, _, what, statement)| owner(head, what, statement))
        .collect()
}

fn owner(head: &Head, what: &str, statement: &str) -> Diagnostic {
    Diagnostic::new(codes::NO_OWNER, head.name_span, format!("{what} `{}` names nobody who is responsible", head.name))
        .primary("whose is it?")
        .witness("when it is not done, each side can say that it was up to the other")
        .help(format!("add `{statement}`"))
}

/// A duty says by when, how often, or how long before something.
pub(super) fn deadlines(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for duty in model.duties.iter().filter(|duty| !duty.head.poisoned) {
        let name = &duty.head.name;
        match (&duty.within, &duty.every, &duty.announce) {
            // The hours of one without a deadline say when it holds: `on always` at all times.
            (None, None, None) if duty.calendar.is_some() => {}
            (None, None, None) => found.push(
                Diagnostic::new(codes::NO_DEADLINE, duty.head.name_span, format!("the duty `{name}` has no deadline"))
                    .primary("read as a duty that holds at all times")
                    .help("if it holds at all times, add `on always`; if it is done once, or from time to time, add `within … of …`, `every …` or `announce … before …`"),
            ),
            (Some(within), ..) => found.extend(without_start(name, within, "request")),
            _ => {}
        }
    }
    found
}

/// A deadline of any other clause says from when it is counted.
pub(super) fn starts(model: &Model) -> Vec<Diagnostic> {
    let mut all: Vec<(&str, &Deadline, &str)> = Vec::new();
    for commitment in model.commitments.iter().filter(|one| !one.head.poisoned) {
        let name = commitment.head.name.as_str();
        let claim = commitment.claim.as_ref().and_then(|claim| claim.within.as_ref());
        let decide = commitment.decide.as_ref().and_then(|decide| decide.within.as_ref());
        all.extend(claim.map(|within| (name, within, "window end")));
        all.extend(decide.map(|within| (name, within, "claim")));
        let rights = commitment.terminate.iter().filter_map(|right| right.within.as_ref());
        all.extend(rights.map(|within| (name, within, "window end")));
    }
    for report in model.reports.iter().filter(|one| !one.head.poisoned) {
        all.extend(report.within.iter().map(|within| (report.head.name.as_str(), within, "window end")));
    }
    for notice in model.notices.iter().filter(|one| !one.head.poisoned) {
        all.extend(notice.within.iter().map(|within| (notice.head.name.as_str(), within, "incident start")));
    }
    all.into_iter().filter_map(|(name, within, anchor)| without_start(name, within, anchor)).collect()
}

fn without_start(name: &str, within: &Deadline, anchor: &str) -> Option<Diagnostic> {
    let amount = within.length();
    within.of.is_none().then(|| {
        Diagnostic::new(codes::NO_DEADLINE, within.span, format!("a deadline in `{name}` has no start"))
            .severity(Severity::Warning)
            .primary(format!("{amount} from when?"))
            .help(format!("say what starts the clock: `within {amount} of {anchor}`"))
    })
}

/// A deadline that is counted from the start or the end of a window has one: that of the duty's own rhythm, or the one
/// over which the commitments that it excuses are judged.
pub(super) fn windows(model: &Model) -> Vec<Diagnostic> {
    let duties = model.duties.iter().filter(|duty| !duty.head.poisoned);
    duties.filter_map(|duty| windowless(model, duty)).collect()
}

fn windowless(model: &Model, duty: &Duty) -> Option<Diagnostic> {
    let within = duty.within.as_ref().and_then(|within| Some((within.of.as_ref()?, within.span)));
    let announce = duty.announce.as_ref().and_then(|announce| Some((announce.before.as_ref()?, announce.span)));
    let of_window = |anchor: &Anchor| matches!(anchor, Anchor::WindowStart | Anchor::WindowEnd);
    let (anchor, span) = within.into_iter().chain(announce).find(|(anchor, _)| of_window(anchor))?;
    let mut excused = duty.excuses.iter().filter_map(|name| model.commitments.get(&name.value)?.targets.first());
    let judged_alike =
        excused.next().is_some_and(|first| excused.all(|other| model.aligned(&first.window, &other.window)));
    if duty.window().is_some() || judged_alike {
        return None;
    }
    let (name, word) = (&duty.head.name, anchor.as_str());
    Some(
        Diagnostic::new(
            codes::WRONG_ARGUMENT,
            span,
            format!("the duty `{name}` refers to the `{word}`, and has no window"),
        )
        .primary("of which window?")
        .label(duty.head.name_span, "not done once a window")
        .help("add the window, such as `every calendar quarter`, or name another event"),
    )
}

/// An announcement with the clause that makes it, and what the event that it is about is called there.
type Announced<'a> = (&'a Head, &'a Announcement, Option<&'static str>);

/// Each announcement of an agreement. A duty may be announced before any event; any other clause is itself what is announced.
fn announced(model: &Model) -> Vec<Announced<'_>> {
    let mut all: Vec<Announced<'_>> = Vec::new();
    all.extend(model.duties.iter().filter_map(|one| Some((&one.head, one.announce.as_ref()?, None))));
    all.extend(model.maintenances.iter().filter_map(|one| Some((&one.head, one.announce.as_ref()?, Some("start")))));
    all.extend(model.amendments.iter().filter_map(|one| Some((&one.head, one.announce.as_ref()?, Some("start")))));
    all.extend(model.audits.iter().filter_map(|one| Some((&one.head, one.announce.as_ref()?, Some("start")))));
    let rights = model.commitments.iter().flat_map(|one| one.terminate.iter().map(move |right| (&one.head, right)));
    all.extend(rights.filter_map(|(head, right)| Some((head, right.announce.as_ref()?, Some("end")))));
    all.retain(|(head, ..)| !head.poisoned);
    all
}

/// What is announced is announced before something.
pub(super) fn announcements(model: &Model) -> Vec<Diagnostic> {
    let silent = announced(model).into_iter().filter(|(_, announce, _)| announce.before.is_none());
    silent
        .map(|(head, Announcement { amount, span, .. }, event)| {
            let message = format!("`{}` does not say before what it is announced", head.name);
            Diagnostic::new(codes::NO_DEADLINE, *span, message)
                .severity(Severity::Warning)
                .primary(format!("{amount} before what?"))
                .help(format!(
                    "add the event: `announce {amount} before {}`, or before \"…\"",
                    event.unwrap_or("start")
                ))
        })
        .collect()
}

/// Work, a change, an audit and a termination are announced before they themselves begin, or take effect.
pub(super) fn events(model: &Model) -> Vec<Diagnostic> {
    let found = announced(model).into_iter().filter_map(|(head, announce, event)| {
        let (event, before) = (event?, announce.before.as_ref()?);
        let word = Anchor::WORDS.iter().find(|(_, anchor)| anchor == before)?.0;
        let (what, why) = match event {
            "end" => ("notice of termination is given", "the termination takes effect at the `end`"),
            _ => ("notice is given", "what is announced begins at its own `start`"),
        };
        (word != event).then(|| {
            let message = format!("in `{}`, {what} before the `{word}`, not before the `{event}`", head.name);
            let amount = &announce.amount;
            Diagnostic::new(codes::WRONG_ARGUMENT, announce.span, message)
                .primary(why)
                .help(format!("write `announce {amount} before {event}`, or name the event in words: `before \"…\"`"))
        })
    });
    found.collect()
}
