//! Service levels with what a missed one costs.

use super::by_supplier;
use super::markdown::{Document, Md, code};
use crate::calculus::Type;
use crate::model::{Bound, Claim, Commitment, Counts, Credit, CreditTable, Model, Payment, Remedy, Termination};
use crate::wording::{
    announcement, condition, creditor, deadline, debtor, expr, label, ladder_rows, listed, lowered, parties, party,
    plain, promise, sentence, value, window_each, window_name,
};

/// Writes the service levels that are owed to the customer.
pub fn write(model: &Model, document: &mut Document) {
    let owed: Vec<&Commitment> = model.commitments.iter().filter(|one| !by_supplier(model, one.of.as_ref())).collect();
    if owed.is_empty() {
        return;
    }
    document.section("Service levels");
    for commitment in owed {
        one(model, commitment, document);
    }
}

/// One service level.
pub fn one(model: &Model, commitment: &Commitment, document: &mut Document) {
    document.topic(&label(&commitment.head), &commitment.head.id);
    let ids = Md::from(promise(model, commitment));
    document.sub(commitment.targets.iter().fold(ids, |text, target| text.and(code(&target.id))), "");
    if let Some(when) = &commitment.applies_when {
        let when = condition(model, when);
        document.sub(format!("This service level applies to a measurement period only if {when}. Otherwise nothing is owed for it in that period."), "");
    }
    if let Some(warn) = &commitment.warn {
        let bound = bound_words(model, warn);
        document.sub(format!("This service level is at risk as soon as the best value that is still possible by the end of the measurement period is {bound}. For this purpose the rest of the period is taken to be free of failures; where its volume is not known, it is taken to have the average volume so far. Being at risk is a warning and gives no service credit."), "");
    }
    exclusions(model, commitment, document);
    credit(model, commitment, document);
    limits(model, commitment, document);
    if let (Some(terms), Some(_)) = (&commitment.claim, &commitment.credit) {
        document.sub(claim(model, commitment, terms), "");
    }
    if let Some(decision) = &commitment.decide {
        let by = decision.by.as_ref().map_or_else(|| debtor(model, commitment.of.as_ref()), |by| party(model, by));
        let within =
            decision.within.as_ref().map(|within| format!(" {}", deadline(model, within, None))).unwrap_or_default();
        document.sub(format!("{by} shall decide on the claim{within}. A decision that is late accepts nothing."), "");
    }
    if let Some(pay) = &commitment.pay {
        document.sub(payment(pay.value), "");
    }
    for right in &commitment.terminate {
        document.sub(termination(model, commitment, right), &right.id);
    }
    if let Some(terms) = &commitment.remedy {
        document.sub(remedy(terms, "this service level"), "");
    }
}

/// A bound as it stands after `is`.
pub fn bound_words(model: &Model, bound: &Bound) -> String {
    let limit = bound.value.as_ref().map_or_else(|| expr(model, &bound.limit), value);
    format!("{} {limit}", bound.side.as_str())
}

fn exclusions(model: &Model, commitment: &Commitment, document: &mut Document) {
    let names: Vec<String> = commitment
        .exclude
        .iter()
        .map(|name| {
            let maintenance = model.maintenances.get(&name.value).map(|one| (&one.head, one.counts.as_ref()));
            let found =
                maintenance.or_else(|| model.exclusions.get(&name.value).map(|one| (&one.head, one.counts.as_ref())));
            let Some((head, counts)) = found else { return format!("“{}”", plain(&name.value)) };
            let how = match counts.map(|counts| counts.value) {
                Some(Counts::Met) => " (counts as met)",
                Some(Counts::Excluded) => " (not counted)",
                None => "",
            };
            format!("“{}”{how}", label(head))
        })
        .collect();
    if names.is_empty() {
        document.sub("No exclusion and no maintenance is taken out of the measurement of this service level.", "");
    } else {
        document.sub(
            format!(
                "For this service level these are taken into account, as the section “Exclusions and maintenance” says: {}.",
                listed(&names, "and")
            ),
            "",
        );
    }
    let duties: Vec<String> = model
        .duties
        .iter()
        .filter(|duty| duty.excuses.iter().any(|name| name.value == commitment.head.name))
        .map(|duty| format!("“{}”", label(&duty.head)))
        .collect();
    if !duties.is_empty() {
        let noun = if duties.len() == 1 { "the duty" } else { "the duties" };
        document.sub(
            format!(
                "A breach of {noun} {} excuses a miss of this service level, as the section “Responsibilities” says.",
                listed(&duties, "or")
            ),
            "",
        );
    }
}

fn credit(model: &Model, commitment: &Commitment, document: &mut Document) {
    let who = creditor(model, commitment.of.as_ref());
    match &commitment.credit {
        None => document.sub("No service credit is agreed for this service level.", ""),
        Some(Credit::Formula { amount, .. }) => {
            document.sub(
                format!(
                    "If the target is missed, {} owes {who} a service credit of {}. It is never less than zero.",
                    debtor(model, commitment.of.as_ref()),
                    expr(model, amount)
                ),
                "",
            );
        }
        Some(Credit::Table(table)) => table_of(model, commitment, table, &who, document),
    }
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
            "{debtor} owes {who} the service credit of the row in which {using} lies. The rows mean literally what they say, whether or not the target is met: a value in no row gives nothing, and a value in several rows gives the largest of their amounts."
        )
    } else {
        format!(
            "If the target is missed, {debtor} owes {who} the service credit in this table, by the row in which {using} lies. If the target is met, nothing is owed."
        )
    };
    document.sub(rule, "");
    let rows: Vec<Vec<Md>> = ladder_rows(model, commitment, table)
        .into_iter()
        .map(|(range, gives, id)| vec![Md::from(capital(&range)), Md::from(gives), code(&id)])
        .collect();
    document.table(&[&capital(using.trim_start_matches("the ")), "Service credit", "Clause"], &rows);
    if table.rows.iter().any(|row| row.gives.ty == Type::Ratio) {
        base(model, commitment, table, document);
    }
}

/// What the percentages are of, where the fee's period is not the measurement period.
fn base(model: &Model, commitment: &Commitment, table: &CreditTable, document: &mut Document) {
    let Some(fee) = model.fees.get(&table.base.value) else { return };
    let title = lowered(model, &label(&fee.head));
    let window = commitment.targets.first().map(|target| &target.window);
    match (&fee.per, window) {
        (Some(per), Some(window)) if per != window => document.sub(
            format!("The percentage is of the {title} for the {} in which the measurement period ends. That fee period differs from the measurement period.", window_name(per)),
            "",
        ),
        _ => document.sub(format!("The percentage is of the {title} for the fee period in which the measurement period ends."), ""),
    }
}

/// A text with its first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn limits(model: &Model, commitment: &Commitment, document: &mut Document) {
    for cap in &commitment.caps {
        let per = cap.per.as_ref().map_or_else(|| "per measurement period".to_owned(), window_each);
        document.sub(
            format!("The service credits for this service level are at most {} {per}.", expr(model, &cap.amount)),
            &cap.id,
        );
    }
    if let Some(skip) = &commitment.skip {
        document.sub(
            format!("A service credit for this service level that is {} is not paid.", bound_words(model, &skip.bound)),
            "",
        );
    }
    // It is said on both sides, whichever of them names the other.
    let named = |one: &Commitment, other: &Commitment| one.combine.iter().any(|name| name.value == other.head.name);
    let others: Vec<String> = model
        .commitments
        .iter()
        .filter(|other| other.head.name != commitment.head.name)
        .filter(|other| named(commitment, other) || named(other, commitment))
        .map(|other| format!("“{}”", label(&other.head)))
        .collect();
    if !others.is_empty() {
        document.sub(
            format!(
                "Of the service credits for this service level and for {}, only the largest is owed.",
                listed(&others, "and")
            ),
            "",
        );
    }
}

fn claim(model: &Model, commitment: &Commitment, claim: &Claim) -> String {
    if claim.automatic {
        return "The service credit is given without a claim.".to_owned();
    }
    let by = claim.by.as_ref().map_or_else(|| creditor(model, commitment.of.as_ref()), |by| party(model, by));
    let to = match claim.to.as_slice() {
        [] => String::new(),
        to => format!(" to {}", parties(model, to)),
    };
    let within = claim.within.as_ref().map(|within| format!(" {}", deadline(model, within, None))).unwrap_or_default();
    let with = match &claim.with {
        Some(with) => format!(" The claim shall state: {}", sentence(&lowered(model, with))),
        None => String::new(),
    };
    format!(
        "{by} shall send its claim for the service credit{to}{within}.{with} A service credit that is not claimed in time lapses."
    )
}

/// How service credits are paid.
pub fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::NextInvoice => "The service credit is set off against the next invoice.",
        Payment::Within30Days => "The service credit is paid out within 30 days.",
    }
}

fn termination(model: &Model, commitment: &Commitment, right: &Termination) -> String {
    let by = right.by.as_ref().map_or_else(|| creditor(model, commitment.of.as_ref()), |by| party(model, by));
    let when = right.when.as_ref().map_or_else(String::new, |when| format!(" if {}", condition(model, when)));
    let mut text = format!("{by} may terminate this agreement{when}.");
    if let Some(cure) = &right.cure {
        text = format!("{text} The right does not arise if the cause is cured {}.", deadline(model, cure, None));
    }
    if let Some(within) = &right.within {
        text = format!(
            "{text} The right shall be exercised {}; after that it lapses for that cause.",
            deadline(model, within, None)
        );
    }
    if let Some(notice) = &right.announce {
        text = format!("{text} Notice of termination shall be given {}.", announcement(model, notice, None));
    }
    text
}

/// What else may be asked for.
pub fn remedy(remedy: &Remedy, what: &str) -> String {
    match (&remedy.words, remedy.sole) {
        (Some(words), _) => sentence(words),
        (None, true) => format!(
            "Service credits and the rights to terminate in this agreement are the only remedies for a miss of {what}."
        ),
        (None, false) => format!(
            "Service credits do not exclude other remedies for a miss of {what}; they are set off against damages for the same event."
        ),
    }
}
