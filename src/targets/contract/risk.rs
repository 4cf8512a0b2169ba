//! Exclusions and maintenance; risks and recovery.

use super::markdown::{Document, Md, prose};
use super::options::names;
use super::variants::each;
use crate::calculus::ExprKind;
use crate::diagnostics::with_article;
use crate::model::{Condition, Counts, Every, Exclusion, Head, Maintenance, Model, Recovery, SignalKind};
use crate::wording::{
    amount, announcement, calendar, condition, label, listed, parties, party, recurrence, sentence, window_each,
};
use std::collections::BTreeSet;

/// Whether anything is computed with the whole length of a measurement period.
fn reads_whole(model: &Model) -> bool {
    let mut found = false;
    model.expressions().iter().for_each(|expr| {
        expr.walk(&mut |part| found |= matches!(part.kind, ExprKind::WholeWindow));
    });
    found
}

/// What counts of an interval stand for of which an exclusion takes the first instant, after the sentence before; nothing
/// where no events are counted in intervals.
fn spread_evenly(model: &Model, counts: &[Counts]) -> String {
    let mut in_intervals = false;
    model.expressions().iter().for_each(|expr| {
        expr.walk(&mut |part| in_intervals |= matches!(part.kind, ExprKind::Apply { slice: Some(_), .. }));
    });
    if !in_intervals || !model.signals.iter().any(|signal| signal.kind == SignalKind::Events) {
        return String::new();
    }
    let time = match [Counts::Excluded, Counts::Met].map(|kind| counts.contains(&kind)) {
        [true, true] => "is not counted, or counts as met,",
        [true, false] => "is not counted",
        _ => "counts as met",
    };
    format!(
        " Where time that {time} takes a part of an interval, and events are on record in that interval as of its first instant alone, they are taken as spread evenly over the interval."
    )
}

/// The maintenances of the section on exclusions.
fn owed(model: &Model) -> Vec<&Maintenance> {
    let for_customer = model.excluded_for_customer();
    let stands =
        |one: &&Maintenance| !model.is_suppliers_maintenance(one) || for_customer.contains(one.head.name.as_str());
    model.maintenances.iter().filter(stands).collect()
}

/// The exclusions of that section.
fn ours(model: &Model) -> Vec<&Exclusion> {
    model.exclusions.iter().filter(|one| !model.is_suppliers_exclusion(one)).collect()
}

/// Whether there is a section on exclusions. How time is taken out stands there also where only that of suppliers is.
pub fn has_exclusions(model: &Model) -> bool {
    let works = || model.maintenances.iter().any(|one| model.is_excluded(&one.head));
    !model.exclusions.is_empty() || !owed(model).is_empty() || works()
}

/// Writes how time is cut out that is not counted. `counts` are all ways in which time is taken out.
fn cut_out(model: &Model, counts: &[Counts], document: &mut Document) {
    let spread = spread_evenly(model, counts);
    let whole = if reads_whole(model) { " Its whole length is that before it is shortened." } else { "" };
    document.clause(format!("Time that is not counted is cut out at its exact start and end. The measurement period is shorter by it; what remains of an interval counts in proportion to its length, and an interval without a remainder is left out.{whole}{spread}"), "");
}

/// Writes the same where nothing is taken out of the measurement but what the breach of a duty excuses.
pub fn excused_time(model: &Model, document: &mut Document) {
    cut_out(model, &[Counts::Excluded], document);
}

/// Writes what is taken out of the measurement.
pub fn exclusions(model: &Model, document: &mut Document) {
    if !has_exclusions(model) {
        return;
    }
    let (ours, owed) = (ours(model), owed(model));
    document.section("Exclusions and maintenance");
    let counts: Vec<Counts> =
        Counts::WORDS.iter().map(|(_, counts)| *counts).filter(|counts| model.takes_out(*counts)).collect();
    if counts.contains(&Counts::Excluded) {
        cut_out(model, &counts, document);
    }
    if counts.contains(&Counts::Met) {
        let spread = if counts.contains(&Counts::Excluded) { String::new() } else { spread_evenly(model, &counts) };
        document.clause(
            format!(
                "Time that counts as met stays in the measurement period and is taken as free of failures.{spread}"
            ),
            "",
        );
    }
    if counts.contains(&Counts::Met) && counts.contains(&Counts::Excluded) {
        document.clause("Where time would both not be counted and count as met, it is not counted.", "");
    }
    let of_maintenance = if owed.is_empty() { "" } else { "; maintenance takes effect as its own clause says" };
    concerned(
        model,
        ours.iter().map(|one| &one.head),
        |one| format!("an exclusion takes effect only for {one}{of_maintenance}"),
        document,
    );
    each(model, &ours, |model| &model.exclusions, excluded, document);
    each(model, &owed, |model| &model.maintenances, planned, document);
}

/// Of exclusions of suppliers' service levels, what one that concerns a single region takes time from.
pub fn concerned_with_suppliers(model: &Model, document: &mut Document) {
    let theirs = model.exclusions.iter().filter(|one| model.is_suppliers_exclusion(one));
    concerned(
        model,
        theirs.map(|one| &one.head),
        |one| format!("an exclusion of a supplier takes effect only for {one}"),
        document,
    );
}

/// One exclusion.
pub fn excluded(model: &Model, exclusion: &Exclusion, document: &mut Document) {
    document.topic(&label(&exclusion.head), &exclusion.head.id);
    let when = exclusion.when.as_ref();
    let when =
        when.map_or_else(|| Md::from("This applies where the parties agree on it."), |when| applies(model, when));
    document.about("when").sub(when, "");
    match model.is_excluded(&exclusion.head) {
        true => effect(exclusion.counts.as_ref().map(|counts| counts.value), "", document),
        false => {
            let says =
                "No service level takes this exclusion into account: the time affected is treated like any other time.";
            document.about("effect").sub(says, "");
        }
    }
    if let Some(evidence) = &exclusion.evidence {
        document.about("evidence").sub(Md::from("Evidence required:").and(prose(&evidence.value)), "");
    }
}

/// That of service levels by region, what concerns one region takes time from that one only: `says` has the words, with
/// what it takes time from.
pub fn concerned<'m>(
    model: &'m Model,
    clauses: impl Iterator<Item = &'m Head>,
    says: impl Fn(&str) -> String,
    document: &mut Document,
) {
    let clauses: Vec<&Head> = clauses.collect();
    let each = called(model, clauses.iter().flat_map(|head| model.dimensions_beside(head)).collect());
    let (each, concerned) = match each.as_slice() {
        [] => return,
        [one] => (one.clone(), format!("{} that is concerned", with_article(one))),
        _ => (listed(&each, "or"), "one that is concerned".to_owned()),
    };
    let (says, apart) = (says(&concerned), apart(model, &clauses));
    document.clause(format!("Where a service level holds for each {each} by itself, {says}.{apart}"), "");
}

/// What dimensions are called within a sentence.
fn called(model: &Model, dimensions: BTreeSet<&str>) -> Vec<String> {
    dimensions.into_iter().map(|dimension| names(model, &[dimension.to_owned()])).collect()
}

/// That what concerns one region is nothing to a service level that holds for all regions together.
fn apart(model: &Model, clauses: &[&Head]) -> String {
    let dimensions: BTreeSet<&str> = clauses.iter().flat_map(|head| model.dimensions_apart(head)).collect();
    let exclusions = model.exclusions.iter().map(|one| &one.head);
    let all: Vec<&Head> = exclusions.chain(model.maintenances.iter().map(|one| &one.head)).collect();
    // What is for each of them by itself is as many exclusions, each of which may be named.
    let (own, others): (BTreeSet<&str>, BTreeSet<&str>) =
        dimensions.into_iter().partition(|dimension| all.iter().any(|head| head.has(dimension)));
    let says = |dimensions: BTreeSet<&str>, unless: &str| {
        let (each, only, by) = match called(model, dimensions).as_slice() {
            [] => return String::new(),
            [one] => (format!("each {one}"), format!("one {one}"), format!("each {one}")),
            several => {
                let each: Vec<String> = several.iter().map(|one| format!("each {one}")).collect();
                (listed(&each, "or"), "one of these".to_owned(), "each of them".to_owned())
            }
        };
        let unless = unless.replace("{each}", &by);
        format!(
            " For a service level that does not hold for {each} by itself, time that concerns {only} only is like any other time{unless}."
        )
    };
    let unless = ", unless the exclusion or maintenance is one for {each} by itself";
    says(others, "") + &says(own, unless)
}

/// That maintenance takes time from all options by which it does not differ itself: it is announced, and has a budget, for
/// what it is declared for.
fn for_all(model: &Model, maintenance: &Maintenance) -> String {
    let all = called(model, model.dimensions_beside(&maintenance.head).into_iter().collect());
    let all: Vec<String> = all.into_iter().map(|one| format!("each {one}")).collect();
    match all.is_empty() {
        true => String::new(),
        false => {
            format!(
                " This holds for {} alike, also for one that the maintenance does not concern.",
                listed(&all, "and")
            )
        }
    }
}

fn applies(model: &Model, when: &Condition) -> Md {
    match when {
        Condition::Judged(words) => Md::from("This applies in the following case:").and(prose(&words.value)),
        measured @ Condition::Measured(_) => {
            Md::from(sentence(&format!("This applies while {}", condition(model, measured))))
        }
    }
}

/// What becomes of the time affected, and after that for whom.
fn effect(counts: Option<Counts>, for_whom: &str, document: &mut Document) {
    document.about("effect");
    match counts {
        Some(Counts::Excluded) => document.sub(format!("The time affected is not counted.{for_whom}"), ""),
        Some(Counts::Met) => document.sub(format!("The time affected counts as met.{for_whom}"), ""),
        None => {}
    }
}

/// One maintenance.
pub fn planned(model: &Model, maintenance: &Maintenance, document: &mut Document) {
    document.topic(&label(&maintenance.head), &maintenance.head.id);
    let by = maintenance.between.by.as_ref().map(|by| party(model, by));
    let by = by.unwrap_or_else(|| crate::wording::debtor(model, maintenance.of.as_ref()));
    let of = maintenance.of.as_ref().and_then(|of| model.services.get(&of.value));
    let of = of.map(|service| format!(" of the service “{}”", label(&service.head))).unwrap_or_default();
    document.sub(format!("{by} may carry out maintenance{of} under these conditions."), "");
    if let Some(notice) = &maintenance.announce {
        let notice = announcement(model, notice, None).replacen("before the start", "before the maintenance starts", 1);
        document.about("notice").sub(sentence(&format!("{by} shall announce maintenance {notice}")), "");
    }
    if let Some(hours) = &maintenance.calendar {
        let hours = calendar(model, hours);
        document
            .about("hours")
            .sub(sentence(&format!("Maintenance shall be carried out only in these hours: {hours}")), "");
    }
    let is_excluded = model.is_excluded(&maintenance.head);
    if let Some(budget) = maintenance.budget.as_ref().filter(|_| is_excluded) {
        document.about("budget").sub(
            format!(
                "At most {} of maintenance {} may be relied on under this agreement. It is used up in the order in which maintenance takes place; time beyond it is treated like any other time.",
                amount(&budget.amount),
                window_each(&budget.per)
            ),
            "",
        );
    }
    if let Some(when) = &maintenance.when {
        document.about("when").sub(applies(model, when), "");
    }
    let counts = maintenance.counts.as_ref().filter(|_| is_excluded);
    effect(counts.map(|counts| counts.value), &for_all(model, maintenance), document);
    if let Some(evidence) = &maintenance.evidence {
        document.about("evidence").sub(Md::from("Evidence required:").and(prose(&evidence.value)), "");
    }
}

/// Writes risks and recovery.
pub fn write(model: &Model, document: &mut Document) {
    // Those of suppliers stand in their schedule.
    let owed: Vec<&Recovery> =
        model.recoveries.iter().filter(|one| !model.is_supplier(one.between.by.as_ref())).collect();
    if model.risks.is_empty() && owed.is_empty() {
        return;
    }
    document.section("Risk and recovery");
    if !model.risks.is_empty() {
        document.clause(
            "The parties have recorded these risks. The owner shall look after the risk and its mitigation.",
            "",
        );
        let rows: Vec<(Vec<Md>, String)> = model
            .risks
            .iter()
            .map(|risk| {
                let level = |level: &Option<crate::model::Spanned<crate::model::Level>>| {
                    Md::from(
                        level
                            .as_ref()
                            .map_or_else(|| "–".to_owned(), |level| super::levels::capital(level.value.as_str())),
                    )
                };
                let mitigate = risk.mitigate.iter().fold(Md::default(), |text, words| text.and(prose(&words.value)));
                let cells = vec![
                    Md::from(label(&risk.head)),
                    Md::from(risk.owner.as_ref().map_or_else(|| "–".to_owned(), |owner| party(model, owner))),
                    level(&risk.likelihood),
                    level(&risk.impact),
                    if mitigate.is_empty() { Md::from("–") } else { mitigate },
                ];
                (cells, risk.head.id.clone())
            })
            .collect();
        document.rows(&["Risk", "Owner", "Likelihood", "Impact", "Mitigation"], rows);
    }
    each(model, &owed, |model| &model.recoveries, recover, document);
}

/// One recovery objective.
pub fn recover(model: &Model, recovery: &Recovery, document: &mut Document) {
    document.topic(&label(&recovery.head), &recovery.head.id);
    let by = recovery.between.by.as_ref().map(|by| party(model, by));
    let by = by.unwrap_or_else(|| crate::wording::debtor(model, recovery.of.as_ref()));
    let of = recovery.of.as_ref().and_then(|of| model.services.get(&of.value));
    let of = of.map_or_else(|| "the service".to_owned(), |service| format!("the service “{}”", label(&service.head)));
    if let Some(rto) = &recovery.rto {
        let time = amount(&rto.value);
        document
            .about("time")
            .sub(format!("After a disaster {by} shall restore {of} within {time} (recovery time objective)."), "");
    }
    if let Some(rpo) = &recovery.rpo {
        let text = if rpo.value.is_zero() {
            format!("{by} shall lose no data in a disaster: the recovery point objective is {}.", amount(&rpo.value))
        } else {
            format!(
                "In a disaster at most the data of the last {} may be lost (recovery point objective).",
                amount(&rpo.value).trim_start_matches("1 ")
            )
        };
        document.about("point").sub(text, "");
    }
    if !recovery.between.to.is_empty() {
        document.about("owed to").sub(
            sentence(&format!("The duties in this clause are owed to {}", parties(model, &recovery.between.to))),
            "",
        );
    }
    if let Some(test) = &recovery.test {
        let rhythm = recurrence(model, test, None);
        let rhythm = if matches!(test.every, Every::Window(_)) { format!("once {rhythm}") } else { rhythm };
        let words = test.words.as_ref().map(|words| Md::from("Manner of the test:").and(prose(words)));
        let text = sentence(&format!("{by} shall test the recovery {rhythm}"));
        document.about("test").sub(Md::from(text).and(words.unwrap_or_default()), "");
    }
}
