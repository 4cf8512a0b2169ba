//! Service levels with what a missed one costs.

use super::fees::{CAPPED, MEASURED, last_of, other_periods};
use super::markdown::{Document, Md, prose, section_reference};
use super::variants::each;
use crate::calculus::{Expr, ExprKind, Function, Type};
use crate::model::{
    Anchor, Bound, Claim, Commitment, Condition, Counts, Credit, CreditTable, Duty, Head, Model, Payment, Remedy,
    Termination,
};
use crate::wording::{
    anchor, announcement, clause, condition, consecutive, creditor, deadline, debtor, expr, label, ladder_rows, limit,
    listed, lowered, measured, parties, party, promised, sentence, spelled, titled, titles_once, window_each,
};

/// Writes the service levels that are owed to the customer.
pub fn write(model: &Model, document: &mut Document) {
    let owed: Vec<&Commitment> = model.commitments.iter().filter(|one| !model.is_supplied(one.of.as_ref())).collect();
    if owed.is_empty() {
        return;
    }
    document.section("Service levels");
    each(model, &owed, |model| &model.commitments, one, document);
}

/// One service level.
pub fn one(model: &Model, commitment: &Commitment, document: &mut Document) {
    document.topic(&label(&commitment.head), &commitment.head.id);
    targets(model, commitment, document);
    if let Some(when) = &commitment.applies_when {
        let when = condition(model, when);
        document.about("condition").sub(
            format!(
                "{} Otherwise nothing is owed for it in that period.",
                sentence(&format!("This service level applies to a measurement period only if {when}"))
            ),
            "",
        );
    }
    if let Some(warn) = &commitment.warn {
        let bound = bound_words(model, warn);
        let when = match commitment.rolls().map(consecutive) {
            Some(period) => format!(
                "This service level is at risk at a moment if its value over the {period} up to that moment is {bound}."
            ),
            None => format!(
                "This service level is at risk as soon as the best value that is still possible by the end of the measurement period is {bound}. For this purpose the rest of the period is taken to be free of failures; where its volume is not known, it is taken to have the average volume so far."
            ),
        };
        document.about("risk").sub(Md::from(when).and("Being at risk is a warning and gives nothing."), "");
    }
    exclusions(model, commitment, document);
    credit(model, commitment, document);
    limits(model, commitment, document);
    if let (Some(terms), Some(_)) = (&commitment.claim, &commitment.credit) {
        document.about("claim").sub(claim(model, commitment, terms), "");
    }
    if let Some(decision) = &commitment.decide {
        let by = decision.by.as_ref().map_or_else(|| debtor(model, commitment.of.as_ref()), |by| party(model, by));
        let within =
            decision.within.as_ref().map(|within| format!(" {}", deadline(model, within, None))).unwrap_or_default();
        let duty = sentence(&format!("{by} shall decide on the claim{within}"));
        document.about("decision").sub(format!("{duty} A decision that is late accepts nothing."), "");
    }
    if let Some(pay) = &commitment.pay {
        document.about("payment").sub(payment(pay.value), "");
    }
    for right in &commitment.terminate {
        document.about("termination").sub(termination(model, commitment, right), &right.id);
    }
    if let Some(terms) = &commitment.remedy {
        document.about("remedy").sub(remedy(model, terms, "this service level"), "");
    }
}

/// What is promised: in one sentence, or a target in each where not all variants have the same number of them.
fn targets(model: &Model, commitment: &Commitment, document: &mut Document) {
    let mut family = model.commitments.iter().filter(|one| one.head.family == commitment.head.family);
    let count = commitment.targets.len();
    if family.all(|one| one.targets.len() == count) {
        let ids: Vec<&str> = commitment.targets.iter().map(|target| target.id.as_str()).collect();
        document.sub_of(sentence(&promised(model, commitment)), &ids);
        return;
    }
    let who = debtor(model, commitment.of.as_ref());
    for target in &commitment.targets {
        let metric = target.metric().and_then(|name| model.metrics.get(name));
        let about = format!("target {}", metric.map_or("", |metric| &metric.head.family));
        let text = sentence(&format!("{who} promises that {}", measured(model, target)));
        document.about(&about).sub(text, &target.id);
    }
    if commitment.targets.is_empty() {
        document.sub(sentence(&promised(model, commitment)), "");
    }
    if count > 1 {
        document
            .about("targets")
            .sub("The target of this service level is missed if one of these promises is not kept.", "");
    }
}

/// A bound as it stands after `is`.
pub fn bound_words(model: &Model, bound: &Bound) -> String {
    format!("{} {}", bound.side.as_str(), limit(model, &bound.limit, bound.value.as_ref()))
}

fn exclusions(model: &Model, commitment: &Commitment, document: &mut Document) {
    let found = |name: &str| {
        let maintenance = model.maintenances.get(name).map(|one| (&one.head, one.counts.as_ref()));
        let found = maintenance.or_else(|| model.exclusions.get(name).map(|one| (&one.head, one.counts.as_ref())));
        found.map(|(head, counts)| (head, counts.map(|counts| counts.value)))
    };
    let found: Vec<(&Head, Option<Counts>)> = commitment.exclude.iter().filter_map(|name| found(&name.value)).collect();
    let all_excluded = found.iter().all(|(_, counts)| *counts == Some(Counts::Excluded));
    let names: Vec<String> = found
        .chunk_by(|(_, one), (_, next)| one == next)
        .flat_map(|run| {
            let how = match run.first().and_then(|(_, counts)| *counts).filter(|_| !all_excluded) {
                Some(Counts::Met) => " (counts as met)",
                Some(Counts::Excluded) => " (not counted)",
                None => "",
            };
            let heads: Vec<&Head> = run.iter().map(|(head, _)| *head).collect();
            titles_once(model, &heads).into_iter().map(move |title| format!("“{title}”{how}"))
        })
        .collect();
    document.about("exclusions");
    if names.is_empty() {
        document.sub("No exclusion and no maintenance is taken out of the measurement of this service level.", "");
    } else {
        let place = place_of_exclusions(model, commitment);
        let (is_one, names) = (names.len() == 1, listed(&names, "and"));
        let text = if all_excluded {
            format!("For this service level the time of {names} is not counted, in accordance with")
        } else {
            let (these, their) = if is_one { ("this is", "Its") } else { ("these are", "Their") };
            format!("For this service level {these} taken into account: {names}. {their} effect is set out in")
        };
        document.sub(Md::from(text).and(place).then("."), "");
    }
    let duties = model.duties.iter().filter(|duty| duty.excuses.iter().any(|name| name.value == commitment.head.name));
    let duties: Vec<&Duty> = duties.collect();
    let (in_schedule, in_section) = duties.iter().partition::<Vec<&Duty>, _>(|duty| model.is_suppliers_duty(duty));
    let place = place("Responsibilities", !in_section.is_empty(), !in_schedule.is_empty());
    let duties = titles_once(model, &duties.iter().map(|duty| &duty.head).collect::<Vec<_>>());
    let duties: Vec<String> = duties.iter().map(|title| format!("“{title}”")).collect();
    if !duties.is_empty() {
        let noun = if duties.len() == 1 { "the duty" } else { "the duties" };
        let text = format!("A breach of {noun} {} excuses a miss of this service level", listed(&duties, "or"));
        document.about("duties").sub(Md::from(text).and("in accordance with").and(place).then("."), "");
    }
}

/// Where it is set out what is taken out of the measurement of a service level: what suppliers maintain and exclude for their
/// own service levels alone stands in their schedule.
fn place_of_exclusions(model: &Model, commitment: &Commitment) -> Md {
    const SECTION: &str = "Exclusions and maintenance";
    if !model.is_supplied(commitment.of.as_ref()) {
        return section_reference(SECTION);
    }
    let for_customer = model.excluded_for_customer();
    let in_schedule = |name: &str| {
        let maintenance = model.maintenances.get(name).is_some_and(|one| model.is_suppliers_maintenance(one));
        let exclusion = model.exclusions.get(name).is_some_and(|one| model.is_suppliers_exclusion(one));
        exclusion || maintenance && !for_customer.contains(name)
    };
    let (here, there): (Vec<&str>, Vec<&str>) =
        commitment.exclude.iter().map(|name| name.value.as_str()).partition(|name| in_schedule(name));
    place(SECTION, !there.is_empty(), !here.is_empty())
}

/// Where something is set out for a service level of a supplier: in a section, in the schedule in which it stands, or in both.
fn place(section: &str, in_section: bool, in_schedule: bool) -> Md {
    match (in_schedule, in_section) {
        (true, false) => Md::from("this schedule"),
        (true, true) => section_reference(section).and("and this schedule"),
        (false, _) => section_reference(section),
    }
}

fn credit(model: &Model, commitment: &Commitment, document: &mut Document) {
    let who = creditor(model, commitment.of.as_ref());
    document.about("credit");
    match &commitment.credit {
        None if document.for_customer && model.is_supplied(commitment.of.as_ref()) => {}
        None if gives_credits(model) => document.sub("No service credit is agreed for this service level.", ""),
        None => document.sub("No credit is agreed for a miss of this service level.", ""),
        Some(Credit::Formula { amount, .. }) => {
            let debtor = debtor(model, commitment.of.as_ref());
            let amount = &spelled(commitment, amount);
            let owed =
                format!("If the target is missed, {debtor} owes {who} a service credit of {}", expr(model, amount));
            let floor = if varies(amount) { "The service credit is never less than zero." } else { "" };
            let window = commitment.targets.first().map(|target| &target.window);
            let periods = other_periods(model, model.fees_in(amount), window, MEASURED);
            document.sub(Md::from(sentence(&owed)).and(floor).and(periods.join(" ")), "");
        }
        Some(Credit::Table(table)) => table_of(model, commitment, table, &who, document),
    }
    if commitment.credit.is_some() && model.paid_run(commitment).is_some() {
        document
            .about("stretches")
            .sub("Each uninterrupted stretch gives a service credit of its own if this service level is in breach when it is first judged after the end of that stretch.", "");
    }
}

/// Whether anything is said of service credits.
pub fn gives_credits(model: &Model) -> bool {
    let agreement = &model.agreement;
    model.commitments.iter().any(|one| one.credit.is_some()) || !agreement.caps.is_empty() || agreement.remedy.is_some()
}

/// Whether an amount depends on what was attained.
fn varies(amount: &Expr) -> bool {
    let mut found = false;
    amount.walk(&mut |part| {
        found |= matches!(part.kind, ExprKind::Attained | ExprKind::Metric(_) | ExprKind::Reading(_));
    });
    found
}

fn table_of(model: &Model, commitment: &Commitment, table: &CreditTable, who: &str, document: &mut Document) {
    let debtor = debtor(model, commitment.of.as_ref());
    let using = match (&table.using, commitment.targets.as_slice()) {
        (Some(using), _) => expr(model, using),
        (None, [only]) => expr(model, &only.measure),
        _ => "the attained value".to_owned(),
    };
    let rule = if table.bands {
        format!(
            "{debtor} owes {who} the service credit in this table, by the row in which {using} lies, whether or not the target is met. A value in no row gives nothing, and a value in several rows gives the largest of their amounts."
        )
    } else {
        format!(
            "If the target is missed, {debtor} owes {who} the service credit in this table, by the row in which {using} lies. If the target is met, nothing is owed."
        )
    };
    document.sub(rule + &which_row(table), "");
    let rows = ladder_rows(model, commitment, table);
    let dead = table.rows.iter().map(|row| &row.id).filter(|id| rows.iter().all(|(_, _, other)| other != *id));
    // A row that can never apply is found at the first one that can.
    let mut dead: Vec<String> = dead.cloned().collect();
    let rows = rows.into_iter().map(|(range, gives, id)| {
        let ids = [id].into_iter().chain(std::mem::take(&mut dead)).collect();
        (vec![Md::from(capital(&range)), Md::from(gives)], ids)
    });
    document.ladder(&[&capital(using.trim_start_matches("the ")), "Service credit"], rows.collect());
    if table.rows.iter().any(|row| row.gives.ty == Type::Ratio) {
        base(model, commitment, table, document);
    }
}

/// Which row of a ladder counts where its limits are measured, so that a value may lie in several.
fn which_row(table: &CreditTable) -> String {
    let bounds: Vec<&Bound> = table.rows.iter().filter_map(|row| row.bounds.first()).collect();
    let is_plain = table.bands || bounds.iter().all(|bound| bound.value.is_some());
    let Some(first) = bounds.first().filter(|_| bounds.len() > 1 && !is_plain) else { return String::new() };
    let (limit, strict) = if first.side.is_upper() { ("lowest", "below") } else { ("highest", "above") };
    let inclusive = bounds.iter().filter(|bound| bound.side.is_inclusive()).count();
    let of_both = match inclusive > 0 && inclusive < bounds.len() {
        true => format!("of several with that limit a row that says “{strict}”, and else the last of them"),
        false => "of several with that limit the last of them".to_owned(),
    };
    format!(" Of several rows in which it lies, the one with the {limit} limit counts, and {of_both}.")
}

/// For which of the fee's periods the percentages are, where that is not the measurement period.
fn base(model: &Model, commitment: &Commitment, table: &CreditTable, document: &mut Document) {
    let Some(fee) = model.fees.get(&table.base.value) else { return };
    let title = titled(model, &label(&fee.head));
    let window = commitment.targets.first().map(|target| &target.window);
    if let Some(periods) = window.and_then(|window| model.other_periods(&fee.head.name, window)) {
        document.about("base").sub(format!("The percentage is of {title} for {}", last_of(&periods, MEASURED)), "");
    }
}

/// A text with its first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn limits(model: &Model, commitment: &Commitment, document: &mut Document) {
    for factor in &commitment.times {
        let by = expr(model, &factor.by);
        let text = format!(
            "The service credit for this service level is multiplied by {by} if {}.",
            clause(model, &factor.when)
        );
        let several = "Of several factors that apply, only the largest counts.";
        let first = commitment.times.len() > 1 && commitment.times.first().is_some_and(|one| one.id == factor.id);
        document.about("factor").sub(Md::from(text).and(if first { several } else { "" }), &factor.id);
    }
    for cap in &commitment.caps {
        let per = cap.per.as_ref().map_or_else(|| "per measurement period".to_owned(), window_each);
        let text =
            format!("The service credits for this service level are at most {} {per}.", expr(model, &cap.amount));
        let judged = commitment.targets.first().map(|target| &target.window);
        let whose = if cap.per.is_some() { CAPPED } else { MEASURED };
        let periods = other_periods(model, model.fees_in(&cap.amount), cap.per.as_ref().or(judged), whose);
        document.about("cap").sub(Md::from(text).and(periods.join(" ")), &cap.id);
    }
    if let Some(skip) = &commitment.skip {
        document.about("skip").sub(
            format!("A service credit for this service level that is {} is not paid.", bound_words(model, &skip.bound)),
            "",
        );
    }
}

fn claim(model: &Model, commitment: &Commitment, claim: &Claim) -> Md {
    if claim.automatic {
        return Md::from("The service credit is given without a claim.");
    }
    let by = claim.by.as_ref().map_or_else(|| creditor(model, commitment.of.as_ref()), |by| party(model, by));
    let to = match claim.to.as_slice() {
        [] => String::new(),
        to => format!(" to {}", parties(model, to)),
    };
    let within = claim.within.as_ref().map(|within| {
        let words = deadline(model, within, None);
        format!(" {}", words.replace(&anchor(&Anchor::Awareness), "becoming aware of the failure"))
    });
    let within = within.unwrap_or_default();
    let text = Md::from(sentence(&format!("{by} shall send its claim for the service credit{to}{within}")));
    let with = match &claim.with {
        Some(with) if with.contains('\n') => Md::from("The claim shall contain:").and(prose(with)),
        Some(with) => Md::from("The claim shall contain:").and(sentence(&lowered(model, with))),
        None => Md::default(),
    };
    text.and(with).and("A service credit that is not claimed in time lapses.")
}

/// How service credits are paid.
pub fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::NextInvoice => "The service credit is set off against the next invoice.",
        Payment::Within30Days => {
            "The service credit is paid out within 30 days of the decision on the claim or, where no decision is made, of the end of the measurement period."
        }
    }
}

fn termination(model: &Model, commitment: &Commitment, right: &Termination) -> String {
    let by = right.by.as_ref().map_or_else(|| creditor(model, commitment.of.as_ref()), |by| party(model, by));
    let what = if model.is_supplied(commitment.of.as_ref()) {
        format!("its agreement with {}", debtor(model, commitment.of.as_ref()))
    } else {
        "this agreement".to_owned()
    };
    let when = right.when.as_ref().map_or_else(String::new, |when| {
        let period = if of_one_period(when) { ", for a measurement period," } else { "" };
        format!(" if{period} {}", condition(model, when))
    });
    let mut text = sentence(&format!("{by} may terminate {what}{when}"));
    let says = |text: &str, more: String| format!("{text} {}", sentence(&more));
    if let Some(cure) = &right.cure {
        let from = if cure.of.is_some() { "" } else { " of receipt of the notice of termination" };
        let time = deadline(model, cure, None);
        text = says(&text, format!("The termination has no effect if the cause is cured {time}{from}"));
    }
    if let Some(within) = &right.within {
        let time = deadline(model, within, None);
        text = says(&text, format!("The right shall be exercised {time}; after that it lapses for that cause"));
    }
    if let Some(notice) = &right.announce {
        let takes_effect = "the date on which the termination takes effect";
        let words = match &notice.before {
            Some(end @ Anchor::End) => announcement(model, notice, None).replacen(&anchor(end), takes_effect, 1),
            _ => announcement(model, notice, None),
        };
        text = says(&text, format!("Notice of termination shall be given {words}"));
    }
    text
}

/// Whether a condition looks at the values of a period without saying of which.
fn of_one_period(condition: &Condition) -> bool {
    let Condition::Measured(expr) = condition else { return false };
    fn looks(expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Apply { function: Function::Streak, .. } => false,
            _ if expr.windows_counted().is_some() => false,
            ExprKind::Metric(_) | ExprKind::Reading(_) | ExprKind::Apply { .. } => true,
            ExprKind::Unary { operand, .. } => looks(operand),
            ExprKind::Binary { left, right, .. } => looks(left) || looks(right),
            _ => false,
        }
    }
    looks(expr)
}

/// What else may be asked for.
pub fn remedy(model: &Model, remedy: &Remedy, what: &str) -> Md {
    let terminates = model.commitments.iter().any(|one| !one.terminate.is_empty());
    let words = remedy.words.as_ref().map(|words| prose(words)).unwrap_or_default();
    match (&remedy.words, remedy.sole) {
        (_, true) => {
            let all = match terminates {
                true => "Service credits and the rights to terminate in this agreement",
                false => "Service credits",
            };
            Md::from(format!("{all} are the only remedies for a miss of {what}.")).and(words)
        }
        (Some(_), false) => words,
        (None, false) => Md::from(format!(
            "Service credits do not exclude other remedies for a miss of {what}; they are set off against damages for the same event."
        )),
    }
}
