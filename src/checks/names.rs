//! Names that are declared and never referred to.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Declared, Fee, Head, Model, References, Role, Table};
use std::collections::BTreeSet;

/// Signals, metrics, fees, constants, dimensions, calendars, holidays, exclusions, terms and suppliers that nothing refers to. A
/// provider and a customer are there to sign, whether or not a clause names them.
pub(super) fn unused(model: &Model) -> Vec<Diagnostic> {
    let used = References::of(model);
    // What is used in one variant is used, and so is a signal of which a part is read.
    let families: BTreeSet<&str> = used.names.iter().map(|name| crate::model::family_of(name)).collect();
    let is_negotiated = |head: &Head| used.negotiated.contains(head.family.as_str());
    let named = |head: &Head| families.contains(head.family.as_str()) || is_negotiated(head);
    let mut found = Vec::new();
    found.extend(
        model.signals.iter().filter(|one| !named(&one.head)).map(|one| {
            leftover(&one.head, "the signal", "no metric reads it", "measure something with it, or delete it")
        }),
    );
    found.extend(model.metrics.iter().filter(|one| !named(&one.head)).map(|one| {
        leftover(
            &one.head,
            "the metric",
            "nothing is promised of it",
            "add a commitment with a target for it, or delete it",
        )
    }));
    // Where credits wait for invoices, every fee that is invoiced counts.
    let invoiced = |fee: &Fee| model.agreement.unused.is_some() && fee.per.is_some();
    found.extend(model.fees.iter().filter(|one| !named(&one.head) && !invoiced(one)).map(|one| {
        leftover(&one.head, "the fee", "no credit or cap is a part of it", "name it in a credit or a cap, or delete it")
    }));
    found.extend(model.constants.iter().filter(|one| !named(&one.head)).map(|one| {
        leftover(
            &one.head,
            "the constant",
            "no clause uses its value",
            "use its name in place of the number, or delete it",
        )
    }));
    // What is declared for one variant has an effect in that one alone.
    let excludes = |head: &Head| match head.variant.is_empty() {
        true => named(head),
        false => model.is_excluded(head) || is_negotiated(head),
    };
    found.extend(model.exclusions.iter().filter(|one| !excludes(&one.head)).map(|one| {
        leftover(
            &one.head,
            "the exclusion",
            "it excludes nothing",
            "name it after `exclude` in a commitment, or delete it",
        )
    }));
    found.extend(unserved(model, &is_negotiated));
    found.extend(undivided(model));
    let on = |head: &Head| used.calendars.contains(head.name.as_str()) || is_negotiated(head);
    let calendars = model.calendars.iter().filter(|one| !on(&one.head));
    found.extend(calendars.map(|one| {
        leftover(&one.head, "the calendar", "nothing is counted on it", "count a deadline on it, or delete it")
    }));
    let kept = |head: &Head| used.holidays.contains(head.name.as_str()) || is_negotiated(head);
    let holidays = model.holidays.iter().filter(|one| !kept(&one.head));
    found.extend(holidays.map(|one| {
        leftover(
            &one.head,
            "the list of holidays",
            "no calendar closes on them",
            "name it after `closed` in a calendar, or delete it",
        )
    }));
    let signs = |role: Role| matches!(role, Role::Provider | Role::Customer);
    let acts = |head: &Head| used.parties.contains(head.name.as_str()) || is_negotiated(head);
    let silent = model
        .parties
        .iter()
        .filter(|party| !party.role.as_ref().is_some_and(|role| signs(role.value)) && !acts(&party.head));
    found.extend(silent.map(|one| {
        leftover(
            &one.head,
            "the party",
            "it neither owes nor gets anything",
            "name it in a service or duty, or delete it",
        )
    }));
    found.extend(unused_terms(model, &is_negotiated));
    found
}

/// Maintenance that no commitment excludes, and services that no clause is about.
fn unserved(model: &Model, is_negotiated: &dyn Fn(&Head) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let excluded: BTreeSet<&str> =
        model.commitments.iter().flat_map(|one| &one.exclude).map(|name| name.value.as_str()).collect();
    let counts = |head: &Head| !excluded.contains(head.name.as_str()) && !is_negotiated(head);
    found.extend(model.maintenances.iter().filter(|one| counts(&one.head)).map(|one| {
        leftover(
            &one.head,
            "the maintenance",
            "no commitment excludes it, so that its time counts against the provider",
            "name it after `exclude` in a commitment, or delete it",
        )
    }));
    let served = served(model);
    let is_idle = |head: &Head| !served.contains(head.name.as_str()) && !is_negotiated(head);
    let services = model.services.iter().filter(|_| !model.commitments.is_empty());
    found.extend(services.filter(|one| is_idle(&one.head)).map(|one| {
        leftover(
            &one.head,
            "the service",
            "nothing is promised, measured or paid of it",
            "add what is promised of it, name it after `depends on`, or delete it",
        )
    }));
    found
}

/// Dimensions by which nothing differs, and of which no signal has an option.
fn undivided(model: &Model) -> Vec<Diagnostic> {
    let fields = model.signals.iter().flat_map(|signal| &signal.fields).filter_map(|field| field.dimension.as_deref());
    let differing = model.varied().into_iter().flat_map(|head| &head.variant).map(|choice| choice.dimension.as_str());
    let used: BTreeSet<&str> = fields.chain(differing).collect();
    let idle = model.dimensions.iter().filter(|one| !one.head.poisoned && !used.contains(one.head.name.as_str()));
    let told = idle.map(|one| {
        leftover(&one.head, "the dimension", "nothing differs by it", "name it after `per` in a head, or delete it")
    });
    told.collect()
}

/// The services that a clause is about, or that another service needs.
fn served(model: &Model) -> BTreeSet<&str> {
    let signals = model.signals.iter().map(|one| &one.of);
    let commitments = model.commitments.iter().map(|one| &one.of);
    let supports = model.supports.iter().map(|one| &one.of);
    let fees = model.fees.iter().map(|one| &one.of);
    let recoveries = model.recoveries.iter().map(|one| &one.of);
    let maintenances = model.maintenances.iter().map(|one| &one.of);
    let all = signals.chain(commitments).chain(supports).chain(fees).chain(recoveries).chain(maintenances).flatten();
    let needed = model.services.iter().flat_map(|one| one.needed().filter(|name| name.value != one.head.name));
    all.chain(needed).map(|of| of.value.as_str()).collect()
}

/// Whether an error was told in any declaration, or will be for lack of a target.
pub(super) fn any_poisoned(model: &Model) -> bool {
    fn of<T: Declared>(table: &Table<T>) -> bool {
        table.iter().any(|one| one.head().poisoned)
    }
    let measures = of(&model.fees) || of(&model.constants) || of(&model.signals) || of(&model.metrics);
    let calendars = of(&model.holidays) || of(&model.calendars) || of(&model.services) || of(&model.parties);
    let promises = of(&model.commitments) || of(&model.supports) || of(&model.escalations) || of(&model.duties);
    let risks = of(&model.risks) || of(&model.recoveries) || of(&model.maintenances) || of(&model.exclusions);
    let talks = of(&model.reports) || of(&model.meetings) || of(&model.notices) || of(&model.objectives);
    let rules = of(&model.proposals) || of(&model.reviews) || of(&model.amendments) || of(&model.disputes);
    let proofs = of(&model.records) || of(&model.audits) || of(&model.examples) || of(&model.terms);
    // What is owed for no target could not be computed.
    let aimless = model.commitments.iter().any(|one| one.targets.is_empty());
    aimless || model.agreement.head.poisoned || measures || calendars || promises || risks || talks || rules || proofs
}

/// A term is used where its words stand in a text.
fn unused_terms(model: &Model, is_negotiated: &dyn Fn(&Head) -> bool) -> Vec<Diagnostic> {
    let said = model.terms_said(&model.texts());
    let terms = model.terms.iter().filter(|term| !is_negotiated(&term.head) && !said.contains(term.head.name.as_str()));
    terms
        .map(|term| leftover(&term.head, "the term", "no text uses its words", "use it in a text, or delete it"))
        .collect()
}

fn leftover(head: &Head, what: &str, primary: &str, help: &str) -> Diagnostic {
    Diagnostic::new(codes::UNUSED_NAME, head.name_span, format!("{what} `{}` is never used", head.name))
        .primary(primary)
        .help(help)
}
