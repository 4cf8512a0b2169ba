//! Declarations that lack what they are for.

use crate::calculus::{Expr, ExprKind};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Credit, Head, Model, SignalKind};

/// A commitment has a target, and a service that it is about.
pub(super) fn commitments(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in model.commitments.iter().filter(|commitment| !commitment.head.poisoned) {
        let (name, span) = (&commitment.head.name, commitment.head.name_span);
        if commitment.targets.is_empty() {
            found.push(
                Diagnostic::new(
                    codes::INCOMPLETE_COMMITMENT,
                    span,
                    format!("the commitment `{name}` promises nothing"),
                )
                .primary("no `target`")
                .help("add what is promised, such as `target uptime >= 99.9% per calendar month`"),
            );
        }
        if let Some(Credit::Table(table)) = commitment.credit.as_ref().filter(|_| !commitment.targets.is_empty())
            && table.rows.is_empty()
        {
            found.push(
                Diagnostic::new(codes::INCOMPLETE_STATEMENT, table.span, "the credit table has no rows")
                    .primary("nothing is owed")
                    .help("add what is owed for a miss, such as `below target gives 10%`"),
            );
        }
        if commitment.of.is_none() {
            let message = format!("the commitment `{name}` does not say which service it is about");
            let service = model.services.iter().next().map_or("…", |service| service.head.name.as_str());
            found.push(
                Diagnostic::new(codes::INCOMPLETE_COMMITMENT, span, message)
                    .severity(Severity::Warning)
                    .primary("of which service?")
                    .help(format!("add the service to its head: `commitment {name} of {service} {{ … }}`")),
            );
        }
    }
    found
}

/// A right to terminate says whose it is, and when it exists.
pub(super) fn terminations(model: &Model) -> Vec<Diagnostic> {
    let commitments = model.commitments.iter().filter(|commitment| !commitment.head.poisoned);
    let rights = commitments.flat_map(|commitment| &commitment.terminate);
    rights
        .filter_map(|right| {
            let (message, primary, help) = match (&right.by, &right.when) {
                (None, _) => (
                    "the right to terminate does not say whose it is",
                    "`by …` is missing",
                    "name the party after `terminate`: `terminate by shop when …`",
                ),
                (_, None) => (
                    "the right to terminate does not say when it exists",
                    "`when …` is missing",
                    "add a condition, such as `when streak(uptime < 99.0%) >= 3`, or one in words: `when \"…\"`",
                ),
                _ => return None,
            };
            Some(Diagnostic::new(codes::INCOMPLETE_STATEMENT, right.span, message).primary(primary).help(help))
        })
        .collect()
}

/// A signal says who measures it and, where data can be missing, what that counts as.
pub(super) fn signals(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for signal in model.signals.iter().filter(|signal| !signal.head.poisoned && !signal.is_share()) {
        let name = &signal.head.name;
        let missing = |message: String, primary: &str| {
            Diagnostic::new(codes::INCOMPLETE_SIGNAL, signal.head.name_span, message).primary(primary)
        };
        if signal.measured_by.is_none() {
            found.push(
                missing(format!("nobody is named who measures `{name}`"), "no `measured by`")
                    .witness("if the two sides have different figures, it is open whose count")
                    .help("add who measures it and from what, such as `measured by acme from \"Load balancer\"`"),
            );
        }
        let gaps = matches!(signal.kind, SignalKind::Events | SignalKind::Samples | SignalKind::State);
        if gaps && signal.missing.is_none() {
            found.push(
                missing(format!("it is open what missing data of `{name}` counts as"), "no `missing`")
                    .witness("if the measurement is down for an hour, one side will say that the hour was good")
                    .help("add `missing bad`, `missing excluded` or `missing good`"),
            );
        }
    }
    found
}

/// A service desk has cases, hours and priorities.
pub(super) fn supports(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for support in model.supports.iter().filter(|support| !support.head.poisoned) {
        let all_own = support.priorities.iter().all(|priority| {
            let deadlines = [&priority.respond, &priority.work_around, &priority.resolve];
            deadlines.into_iter().flatten().all(|deadline| deadline.calendar.is_some())
        });
        let lacks = [
            (support.cases.is_none(), "which cases it handles", "`cases tickets`"),
            (
                support.calendar.is_none() && !all_own,
                "on which hours its deadlines are counted",
                "`on office` or `on always`",
            ),
            (support.priorities.is_empty(), "how fast it is", "a `priority` with its times"),
        ];
        for (_, what, help) in lacks.into_iter().filter(|(lacks, ..)| *lacks) {
            let message = format!("the support `{}` does not say {what}", support.head.name);
            found.push(
                Diagnostic::new(codes::INCOMPLETE_SUPPORT, support.head.name_span, message).help(format!("add {help}")),
            );
        }
    }
    found
}

/// An escalation has a condition and steps.
pub(super) fn escalations(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for escalation in model.escalations.iter().filter(|escalation| !escalation.head.poisoned) {
        let name = &escalation.head.name;
        let lacks = [
            (escalation.when.is_none(), "never starts", "`when …`, such as `when uptime_kept.failing`"),
            (escalation.steps.is_empty(), "tells nobody", "a step, such as `after 30min notify acme.noc`"),
        ];
        for (_, what, help) in lacks.into_iter().filter(|(lacks, ..)| *lacks) {
            let message = format!("the escalation `{name}` {what}");
            found.push(
                Diagnostic::new(codes::INCOMPLETE_ESCALATION, escalation.head.name_span, message)
                    .help(format!("add {help}")),
            );
        }
    }
    found
}

/// A clause says what it is for.
pub(super) fn clauses(model: &Model) -> Vec<Diagnostic> {
    let mut all: Vec<(&Head, bool, &str, &str)> = Vec::new();
    let empty = "says nothing";
    all.extend(model.terms.iter().map(|one| (&one.head, one.means.is_none(), "has no meaning", "`means \"…\"`")));
    all.extend(model.objectives.iter().map(|one| (&one.head, one.kpis.is_empty(), "cannot be measured", "`kpi …`")));
    all.extend(model.duties.iter().map(|one| {
        (&one.head, one.action.is_none() && one.announce.is_none(), "does not say what is to be done", "`do \"…\"`")
    }));
    all.extend(model.risks.iter().map(|one| (&one.head, one.mitigate.is_empty(), "has no answer", "`mitigate \"…\"`")));
    all.extend(
        model.recoveries.iter().map(|one| (&one.head, one.rto.is_none(), "does not say how long it takes", "`rto …`")),
    );
    let loss = "does not say how much data may be lost";
    all.extend(model.recoveries.iter().map(|one| (&one.head, one.rpo.is_none(), loss, "`rpo …`")));
    let period = "does not say for which period it is paid";
    all.extend(model.fees.iter().map(|one| {
        (&one.head, one.per.is_none() && !is_of_fees(&one.amount), period, "the period, such as `per calendar month`")
    }));
    all.extend(
        model
            .exclusions
            .iter()
            .map(|one| (&one.head, one.when.is_none(), "does not say when it applies", "`when \"…\"`")),
    );
    let counts = "does not say how its time counts";
    all.extend(
        model
            .exclusions
            .iter()
            .map(|one| (&one.head, one.counts.is_none(), counts, "`counts excluded` or `counts met`")),
    );
    all.extend(
        model
            .maintenances
            .iter()
            .map(|one| (&one.head, one.counts.is_none(), counts, "`counts excluded` or `counts met`")),
    );
    all.extend(model.proposals.iter().map(|one| {
        let silent = one.change.is_none() && one.options.is_empty();
        (&one.head, silent, "does not say what would change", "`change \"…\"`")
    }));
    all.extend(proposals(model));
    let rhythm = "does not say how often it is due";
    let every = "`every …`, such as `every calendar month`";
    all.extend(model.reports.iter().map(|one| (&one.head, one.every.is_none(), rhythm, every)));
    all.extend(model.meetings.iter().map(|one| (&one.head, one.every.is_none(), rhythm, every)));
    all.extend(model.amendments.iter().map(|one| {
        let silent = one.action.is_none() && one.announce.is_none() && one.takes_effect.is_none();
        (&one.head, silent, empty, "`do \"…\"` or `announce …`")
    }));
    all.extend(
        model.records.iter().map(|one| (&one.head, one.keep.is_empty(), "does not say what is kept", "`keep … for …`")),
    );
    all.extend(model.records.iter().map(|one| {
        let open = one.keep.iter().any(|kept| kept.period.is_none());
        (
            &one.head,
            open,
            "does not say for how long they are kept",
            "`for …` after what is kept, such as `for 12 months`",
        )
    }));
    let clauses = all.into_iter().filter(|(head, lacks, ..)| *lacks && !head.poisoned).map(|(head, _, what, help)| {
        let message = format!("`{}` {what}", head.name);
        Diagnostic::new(codes::INCOMPLETE_CLAUSE, head.name_span, message).help(format!("add {help}"))
    });
    clauses.chain(waivers(model)).collect()
}

/// A proposal says who makes it and when, about which clause, and what each of its options is.
fn proposals(model: &Model) -> Vec<(&Head, bool, &'static str, &'static str)> {
    let mut all: Vec<(&Head, bool, &str, &str)> = Vec::new();
    let raised = "does not say when it was raised";
    all.extend(model.proposals.iter().map(|one| (&one.head, one.raised.is_none(), raised, "`raised …` with its date")));
    let by = "does not say who makes it";
    all.extend(model.proposals.iter().map(|one| (&one.head, one.between.by.is_none(), by, "`by … to …`")));
    let about = "does not say which clause it would change";
    all.extend(model.proposals.iter().map(|one| (&one.head, one.of.is_none(), about, "`of …` to its head")));
    let options = model.proposals.iter().filter(|one| !one.head.poisoned).flat_map(|one| &one.options);
    let text = "its text: `option a \"A target of 99.95%\"`";
    all.extend(options.map(|option| (option, option.title.is_none(), "does not say what is offered", text)));
    all
}

/// A waiver has a reason.
fn waivers(model: &Model) -> impl Iterator<Item = Diagnostic> {
    let waivers = model.agreement.waivers.iter().filter(|waiver| waiver.reason.is_none());
    waivers.map(|waiver| {
        let word = waiver.part.as_str();
        Diagnostic::new(codes::INCOMPLETE_CLAUSE, waiver.span, format!("`waive {word}` gives no reason"))
            .help(format!("add it: `waive {word} \"Covered by the master agreement\"`"))
    })
}

/// Whether an amount is made of other fees, which have periods of their own.
fn is_of_fees(amount: &Expr) -> bool {
    let mut found = false;
    amount.walk(&mut |part| found |= matches!(part.kind, ExprKind::Fee(_)));
    found
}
