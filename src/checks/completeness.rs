//! The agreement as a whole: its head, its ten parts, its open points, its examples.

use super::money::amounts;
use crate::calculus::ExprKind;
use crate::diagnostics::{Diagnostic, Fix, Severity, codes, with_article};
use crate::evaluate::reads_of;
use crate::model::{
    Agreement, AgreementPart, Between, Declared, Head, Maintenance, Metric, Model, Negotiation, Signal, Status, Table,
};
use crate::source::Span;
use std::collections::BTreeSet;

fn in_force(agreement: &Agreement) -> Option<Span> {
    agreement.status.as_ref().filter(|status| status.value == Status::InForce).map(|status| status.span)
}

/// Where the first of some clauses stands that is not between the provider and its suppliers.
fn first<T: Declared>(table: &Table<T>, is_theirs: impl Fn(&T) -> bool) -> Option<Span> {
    table.iter().find(|one| !is_theirs(one)).map(|one| one.head().name_span)
}

/// What there is of a part; the first place. What a supplier promises the provider is nothing that is promised to the customer.
fn place(model: &Model, part: AgreementPart) -> Option<Span> {
    let theirs = |between: &Between| model.is_with_supplier(between);
    match part {
        AgreementPart::Negotiation => first(&model.objectives, |one| one.supplier.is_some())
            .or(first(&model.proposals, |one| theirs(&one.between))),
        AgreementPart::Expectations => first(&model.supports, |one| model.is_suppliers_desk(one)),
        AgreementPart::Metrics => measured(model),
        AgreementPart::Responsibilities => first(&model.duties, |one| model.is_suppliers_duty(one)),
        AgreementPart::Targets => first(&model.commitments, |one| model.is_supplied(one.of.as_ref())),
        AgreementPart::Risk => first(&model.risks, |_| false)
            .or(first(&model.recoveries, |one| model.is_supplier(one.between.by.as_ref())))
            .or(first(&model.escalations, |one| model.escalates_supplier(one))),
        AgreementPart::Communication => first(&model.reports, |one| theirs(&one.between))
            .or(first(&model.meetings, |one| theirs(&one.between)))
            .or(first(&model.notices, |one| theirs(&one.between))),
        AgreementPart::Review => {
            first(&model.reviews, |one| theirs(&one.between)).or(first(&model.amendments, |one| one.supplier.is_some()))
        }
        AgreementPart::Disputes => first(&model.disputes, |one| one.supplier.is_some()),
        AgreementPart::Records => {
            first(&model.records, |one| theirs(&one.between)).or(first(&model.audits, |one| theirs(&one.between)))
        }
    }
}

/// Where it is first said what is measured: of a supplier's service only where something of ours is judged by it.
fn measured(model: &Model) -> Option<Span> {
    let ours = model.commitments.iter().filter(|one| !model.is_supplied(one.of.as_ref()));
    let read: BTreeSet<&str> = ours.flat_map(|one| reads_of(model, one)).collect();
    let is_theirs = |signal: &Signal| {
        let name = signal.head.name.as_str();
        model.is_supplied(signal.of.as_ref()) && !read.contains(name)
    };
    let of_theirs = |metric: &Metric| {
        let (mut any, mut all) = (false, true);
        model.through(&metric.value, &mut |part| {
            if let ExprKind::Reading(reading) = &part.kind
                && let Some(signal) = model.signals.get(&reading.signal)
            {
                (any, all) = (true, all && is_theirs(signal));
            }
        });
        any && all
    };
    first(&model.metrics, of_theirs).or(first(&model.signals, is_theirs))
}

/// What fills a part without being the whole of it: the scope of a service, an exclusion.
fn is_touched(model: &Model, part: AgreementPart) -> bool {
    match part {
        AgreementPart::Negotiation => {
            let mut ours = model.services.iter().filter(|one| !model.is_supplier(one.between.by.as_ref()));
            ours.any(|service| !service.scope.is_empty())
        }
        AgreementPart::Risk => {
            let ours = model.excluded_for_customer();
            let theirs: BTreeSet<&str> =
                model.commitments.iter().flat_map(|one| &one.exclude).map(|one| one.value.as_str()).collect();
            // What nobody names is meant for somebody, and that is not a supplier.
            let excluded = |head: &Head| ours.contains(&*head.name) || !theirs.contains(&*head.name);
            let works = |one: &Maintenance| ours.contains(&*one.head.name) || !model.is_suppliers_maintenance(one);
            model.exclusions.iter().any(|one| excluded(&one.head)) || model.maintenances.iter().any(works)
        }
        _ => false,
    }
}

/// What a part is, for a reader who does not know its word, and a declaration that fills it.
fn about(part: AgreementPart) -> (&'static str, &'static str) {
    match part {
        AgreementPart::Negotiation => ("what is covered and what for", "objective"),
        AgreementPart::Expectations => ("how and when help is to be had", "support"),
        AgreementPart::Metrics => ("what is measured", "metric"),
        AgreementPart::Responsibilities => ("what each side has to do", "duty"),
        AgreementPart::Targets => ("what is promised", "commitment"),
        AgreementPart::Risk => ("what happens when things go wrong", "escalation"),
        AgreementPart::Communication => ("who is told what, and when", "report"),
        AgreementPart::Review => ("how the agreement is reviewed and changed", "review"),
        AgreementPart::Disputes => ("how a dispute is settled", "dispute"),
        AgreementPart::Records => ("what is kept as evidence", "records"),
    }
}

/// An agreement in force has all ten parts, or waives them.
pub(super) fn parts(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let Some(status) = in_force(agreement).filter(|_| !agreement.head.poisoned) else { return Vec::new() };
    let waived = |part: AgreementPart| agreement.waivers.iter().any(|waiver| waiver.part == part);
    let missing = AgreementPart::WORDS
        .into_iter()
        .filter(|(_, part)| place(model, *part).is_none() && !is_touched(model, *part) && !waived(*part));
    missing
        .map(|(word, part)| {
            let (what, declaration) = about(part);
            let declaration = with_article(&format!("`{declaration}`"));
            let message = format!("the agreement is in force and does not say {what}");
            Diagnostic::new(codes::MISSING_PART, agreement.head.name_span, message)
                .primary(format!("the part `{word}` is missing"))
                .label(status, "in force")
                .help(format!("add {declaration}, or leave it out on purpose: `waive {word} \"Reason\"`"))
        })
        .collect()
}

/// A part that is waived is not there.
pub(super) fn waivers(model: &Model) -> Vec<Diagnostic> {
    let waivers = model.agreement.waivers.iter();
    waivers
        .filter_map(|waiver| {
            let place = place(model, waiver.part)?;
            let word = waiver.part.as_str();
            let message = format!("`{word}` is waived, and the agreement has it all the same");
            Some(
                Diagnostic::new(codes::WAIVED_PART_PRESENT, waiver.span, message)
                    .primary("waived here")
                    .label(place, format!("this is `{word}`"))
                    .help("delete the waiver, or the part"),
            )
        })
        .collect()
}

/// An agreement that is more than a draft has no proposal that is not decided.
pub(super) fn open_points(model: &Model) -> Vec<Diagnostic> {
    let status = model.agreement.status.as_ref();
    let status = status.filter(|status| !matches!(status.value, Status::Draft | Status::Proposed) && !model.unread);
    let Some(status) = status else { return Vec::new() };
    let negotiations = model.negotiations(None);
    let open = negotiations.iter().flat_map(Negotiation::open);
    open.filter(|round| !round.proposal.head.poisoned)
        .map(|round| {
            let Head { name, name_span, .. } = &round.proposal.head;
            let pending = round.pending();
            let primary = match (round.outcomes.as_slice(), pending.as_slice()) {
                ([], _) | (_, []) => "not decided".to_owned(),
                (_, [one]) => format!("`{}` has not accepted it", one.party),
                (_, [one, others @ ..]) => {
                    format!("`{}` and {} more have not accepted it", one.party, others.len())
                }
            };
            Diagnostic::new(codes::OPEN_POINT, *name_span, format!("the proposal `{name}` is still open"))
                .primary(primary)
                .label(status.span, format!("but the agreement is {}", status_words(status.value)))
                .help(
                    "add how it ended, such as `outcome declined 2027-02-01 \"Reason\"`, or set the status to `draft`",
                )
        })
        .collect()
}

/// The head says what everything else depends on.
pub(super) fn head(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    if !agreement.declared || agreement.head.poisoned {
        return Vec::new();
    }
    let missing = |statement: &str, why: &str, example: &str| {
        let message = format!("the agreement has no `{statement}`: {why}");
        Diagnostic::new(codes::INCOMPLETE_HEAD, agreement.head.name_span, message)
            .primary(format!("`{statement}` is missing"))
            .help(format!("add a line such as `{example}`"))
    };
    let Some(status) = &agreement.status else {
        return vec![missing("status", "nobody can tell whether it binds", "status draft")];
    };
    if !status.value.is_binding() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if agreement.version.is_none() {
        let why = "two editions cannot be told apart";
        found.push(missing("version", why, "version \"1.0\""));
    }
    if agreement.effective.is_none() {
        let why = "it is unknown from which day on it holds";
        found.push(missing("effective", why, "effective 2027-01-01 to 2027-12-31").severity(Severity::Error));
    }
    if agreement.zone.is_none() {
        let why = "it is unknown when a day or a month begins";
        found.push(missing("timezone", why, "timezone \"Europe/Berlin\"").severity(Severity::Error));
    }
    found
        .into_iter()
        .map(|finding| finding.label(status.span, format!("it is {}", status_words(status.value))))
        .collect()
}

/// An agreement with money says in which currency it is: without one, no amount could be rounded.
pub(super) fn currency(model: &Model) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let credits = model.commitments.iter().any(|it| it.credit.is_some() || !it.caps.is_empty() || it.skip.is_some());
    let has_money = credits || !model.fees.is_empty() || !agreement.caps.is_empty() || agreement.skip.is_some();
    let is_unknown = !agreement.declared || agreement.head.poisoned;
    if agreement.currency.is_some() || is_unknown || !has_money {
        return Vec::new();
    }
    let first = amounts(model).into_iter().next();
    let example = first.map_or_else(|| "EUR".to_owned(), |(_, currency)| currency.to_string());
    let finding = Diagnostic::new(
        codes::INCOMPLETE_HEAD,
        agreement.head.name_span,
        "the agreement has no `currency`: it is unknown in what money credits are paid and how they are rounded",
    )
    .severity(Severity::Error)
    .primary("`currency` is missing")
    .help(format!("add a line such as `currency {example}`"));
    let Some((span, _)) = first else { return vec![finding] };
    let finding = finding.label(span, format!("this is {example}"));
    let statements = [
        agreement.zone.as_ref().map(|zone| zone.span),
        agreement.status.as_ref().map(|status| status.span),
        agreement.version.as_ref().map(|version| version.span),
    ];
    // After a statement that the agreement has, on a line of its own.
    let place = statements.into_iter().flatten().next().map(|span| Span::new(span.file, span.end, span.end));
    vec![match place {
        Some(place) => {
            finding.fix(Fix::replace(format!("add `currency {example}`"), place, format!("\n  currency {example}")))
        }
        None => finding,
    }]
}

fn status_words(status: Status) -> String {
    status.as_str().replace('_', " ")
}

/// A worked example shows a result.
pub(super) fn examples(model: &Model) -> Vec<Diagnostic> {
    let silent = model.examples.iter().filter(|example| example.expect.is_empty() && !example.head.poisoned);
    silent
        .map(|example| {
            let message = format!("the example `{}` shows no result", example.head.name);
            Diagnostic::new(codes::EXAMPLE_EXPECTS_NOTHING, example.head.name_span, message)
                .primary("no `expect`")
                .help("add what must come out, such as `expect credit = 420.00 EUR`")
        })
        .collect()
}
