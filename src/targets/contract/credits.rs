//! What holds for all service credits: order, caps, rounding, payment, remedies.

use super::fees::{CAPPED, other_periods};
use super::levels::{bound_words, capital, gives_credits, payment, remedy};
use super::markdown::{Document, Md};
use crate::model::{Commitment, Credit, Model, Unused};
use crate::values::Money;
use crate::wording::{debtor, expr, listed, lowered, only_largest, sentence, window_each};

/// Writes the common rules on service credits.
pub fn write(model: &Model, document: &mut Document) {
    let credits: Vec<&Credit> = model.commitments.iter().filter_map(|one| one.credit.as_ref()).collect();
    let agreement = &model.agreement;
    if !gives_credits(model) {
        return;
    }
    document.section("Service credits and remedies");
    let is_band = |credit: &&Credit| matches!(credit, Credit::Table(table) if table.bands);
    if !credits.iter().all(is_band) {
        let unless = if credits.iter().any(is_band) { "Unless its table says otherwise, a" } else { "A" };
        document.clause(format!("{unless} service credit is due only if the target is missed."), "");
    }
    let capped = has_caps(model);
    let in_cap = if capped { "; in a cap, for the period to which the cap applies" } else { "" };
    document.clause(
        format!("A fee from which a service credit is calculated is the fee for the fee period that contains the last instant of the measurement period{in_cap}."),
        "",
    );
    let combined = !model.combinations().is_empty();
    let unless = if combined { ", unless this agreement says that only the largest is owed" } else { "" };
    if credits.len() > 1 {
        let added = "The service credits that one party owes for several service levels are added up";
        document.clause(format!("{added}{unless}."), "");
    }
    // Once for each group: its members may be many, and the text has to grow in step with them.
    for group in model.combinations() {
        document.clause(sentence(&capital(&only_largest(model, &group, usize::MAX))), "");
    }
    let together = together(model);
    for cap in &agreement.caps {
        let per = cap.per.as_ref().map_or_else(|| "per measurement period".to_owned(), window_each);
        let periods = other_periods(model, model.fees_in(&cap.amount), cap.per.as_ref(), CAPPED).join(" ");
        document.clause(
            Md::from(format!(
                "{together} are at most {} {per}. Where those for measurement periods that end together would be more than is left of it, each of them is reduced in the same proportion.",
                expr(model, &cap.amount)
            ))
            .and(periods),
            &cap.id,
        );
    }
    if capped {
        document.clause("A cap for a period limits the service credits for the measurement periods whose last instant lies in it. They are settled in the order in which the measurement periods end, and what has been settled is not cut afterwards; those that end together share what is left of the cap in proportion.", "");
    }
    let own = |has: fn(&Commitment) -> bool| match model.commitments.iter().any(has) {
        true => "Unless a service level says otherwise, ",
        false => "",
    };
    let after = |proviso: &str, text: &str| match proviso {
        "" => text.to_owned(),
        _ => format!("{proviso}{}", lowered(model, text)),
    };
    if let Some(skip) = &agreement.skip {
        let text = sentence(&format!("A service credit that is {} is not paid", bound_words(model, &skip.bound)));
        let beyond = beyond_suppliers(model, |one| one.skip.is_none());
        document.clause(Md::from(after(own(|one| one.skip.is_some()), &text)).and(beyond), "");
    }
    document.clause(sentence(&format!("A service credit is calculated in this order: {}", order(model, combined))), "");
    rounding(model, document);
    if let Some(pay) = &agreement.pay {
        let beyond = beyond_suppliers(model, |one| one.pay.is_none());
        document.clause(Md::from(after(own(|one| one.pay.is_some()), payment(pay.value))).and(beyond), "");
    }
    if let Some(unused) = &agreement.unused {
        let rest = match unused.value {
            Unused::PaidOut => "is paid out",
            Unused::Lapses => "lapses",
        };
        let beyond = beyond_suppliers(model, |_| true);
        document.clause(Md::from(format!("The next invoice is that for the first fee period that ends after the measurement period; it comes to the fees that this agreement states for that period and that are not made of other fees, each rounded to the smallest unit of the currency. What exceeds that invoice is carried forward, and set off against the invoices that follow. What no invoice has taken when this agreement ends {rest}.")).and(beyond), "");
    }
    if let Some(terms) = &agreement.remedy {
        let text = remedy(model, terms, "a service level");
        let own = model.commitments.iter().any(|one| one.remedy.is_some());
        let more = if own { "A service level that says otherwise about itself goes before this." } else { "" };
        let beyond = beyond_suppliers(model, |one| one.remedy.is_none());
        document.clause(text.and(more).and(beyond), "");
    }
}

/// What is said behind a clause of the agreement where a supplier owes a credit to which it would apply: that is another
/// agreement.
fn beyond_suppliers(model: &Model, applies: fn(&Commitment) -> bool) -> &'static str {
    let supplied = |one: &Commitment| one.credit.is_some() && model.is_supplied(one.of.as_ref()) && applies(one);
    if model.commitments.iter().any(supplied) { "This does not apply to what suppliers owe." } else { "" }
}

/// The steps in which a service credit is calculated, as far as there is anything for them to do.
fn order(model: &Model, combined: bool) -> String {
    let any = |has: fn(&Commitment) -> bool| model.commitments.iter().any(has);
    let agreement = &model.agreement;
    let (own_cap, common_cap) = (any(|one| !one.caps.is_empty()), !agreement.caps.is_empty());
    let claimed = any(|one| one.credit.is_some() && !one.claim.as_ref().is_some_and(|claim| claim.automatic));
    let lapse = match (combined, own_cap || common_cap) {
        (true, true) => {
            "the lapse of what has to be claimed and is not claimed in time, which neither displaces another service credit nor uses up a cap"
        }
        (true, false) => {
            "the lapse of what has to be claimed and is not claimed in time, which displaces no other service credit"
        }
        (false, true) => "the lapse of what has to be claimed and is not claimed in time, which uses up no cap",
        (false, false) => "the lapse of what has to be claimed and is not claimed in time",
    };
    let steps = [
        (true, "the amount by its table or formula"),
        (any(|one| !one.times.is_empty()), "the factor by which it is multiplied"),
        (claimed, lapse),
        (own_cap, "the cap for the service level"),
        (combined, "the rule that only the largest of several is owed"),
        (common_cap, "the cap for this agreement"),
        (agreement.skip.is_some() || any(|one| one.skip.is_some()), "the rule on amounts too small to pay"),
    ];
    let steps = steps.into_iter().filter(|(applies, _)| *applies).enumerate();
    let steps = steps.map(|(index, (_, step))| format!("{} {step}", if index == 0 { "first" } else { "then" }));
    format!("{}; and last the rounding", steps.collect::<Vec<_>>().join("; "))
}

/// The service credits that share in the caps of the agreement: those that providers owe.
fn together(model: &Model) -> String {
    let mut who: Vec<String> = Vec::new();
    for one in model.commitments.iter().filter(|one| one.credit.is_some() && model.shares_caps(one)) {
        let by = debtor(model, one.of.as_ref());
        if !who.contains(&by) {
            who.push(by);
        }
    }
    let owed = match who.as_slice() {
        [] => format!("{} owes", debtor(model, None)),
        [only] => format!("{only} owes"),
        several => format!("{} owe", listed(several, "and")),
    };
    format!("Together, all service credits that {owed}")
}

fn has_caps(model: &Model) -> bool {
    !model.agreement.caps.is_empty() || model.commitments.iter().any(|one| !one.caps.is_empty())
}

fn rounding(model: &Model, document: &mut Document) {
    let units =
        model.owing().into_iter().map(|(currency, _)| Money::new(Money::minor_unit(currency), currency).prose());
    let units: Vec<String> = units.collect();
    let unit = match units.as_slice() {
        [] => "the currency".to_owned(),
        [only] => format!("the currency ({only})"),
        several => format!("the currency in which it is owed ({})", listed(several, "or")),
    };
    let capped = match has_caps(model) {
        true => {
            "An amount that a cap determines is rounded down. Where a capped amount is shared, the units that remain go one each to the shares with the largest remainders, and among equal remainders in the alphabetical order of their clause identifiers, with the names of the options in them."
        }
        false => "",
    };
    document.clause(
        Md::from(format!("An amount is rounded once, at the end, to the smallest unit of {unit}: to the nearest unit, and from the middle between two units to the even one.")).and(capped),
        "",
    );
}
