//! Duties: somebody has to do them, by some time.

use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Head, Model};

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
            (None, None, None) => found.push(
                Diagnostic::new(codes::NO_DEADLINE, duty.head.name_span, format!("the duty `{name}` has no deadline"))
                    .primary("read as a duty that holds at all times")
                    .help("if it is done once, or from time to time, add `within … of …`, `every …` or `announce … before …`"),
            ),
            (Some(within), None, None) if within.of.is_none() => found.push(
                Diagnostic::new(codes::NO_DEADLINE, within.span, format!("the deadline of `{name}` has no start"))
                    .severity(Severity::Warning)
                    .primary(format!("{} from when?", within.amount))
                    .help(format!("say what starts the clock: `within {} of request`", within.amount)),
            ),
            _ => {}
        }
    }
    found
}
