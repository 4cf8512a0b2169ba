//! The title, the state of the agreement, the parties and the background.

use super::governance;
use super::levels::capital;
use super::markdown::{Document, Md, bold, prose, section_reference};
use super::negotiation::OPEN_POINTS;
use crate::model::{Model, Objective, Party, Role, Status};
use crate::values::Date;
use crate::wording::{amount, anchor, date, draft, label, listed, lowered, party, plain, sentence};

/// Writes the front of the agreement.
pub fn write(model: &Model, document: &mut Document) {
    document.title(&label(&model.agreement.head), &model.agreement.head.id);
    mark(model, document);
    document.table(&["This agreement", ""], &block(model));
    document.heading("Parties");
    // Those that sign come first, wherever the suppliers come from.
    let supplies = |party: &&Party| party.role.as_ref().is_some_and(|role| role.value == Role::Supplier);
    let (suppliers, signing): (Vec<&Party>, Vec<&Party>) = model.parties.iter().partition(supplies);
    for (index, party) in signing.into_iter().chain(suppliers).enumerate() {
        one(party, index + 1, document);
    }
    background(model, document);
}

/// The mark of an agreement that binds nobody, or nobody any more. That of a draft stands below each heading as well, so
/// that no page or part of it is taken for an agreement.
fn mark(model: &Model, document: &mut Document) {
    let status = model.agreement.status.as_ref().map(|status| status.value);
    let Some((word, mark)) = draft(model) else {
        let (word, text) = match status {
            Some(Status::Agreed) => {
                ("AGREED, NOT YET IN FORCE.", "The parties have agreed this text. It does not yet have effect.")
            }
            Some(Status::Retired) => ("RETIRED.", "This agreement is no longer in force. It is kept for the record."),
            _ => return,
        };
        return document.note(bold(word).and(text));
    };
    let text = match status {
        Some(Status::Proposed) => {
            let others = if model.has_many_parties() { "parties" } else { "party" };
            format!("This text has been proposed to the other {others}. It binds nobody until it is agreed and signed.")
        }
        _ => "This text is being written. It binds nobody.".to_owned(),
    };
    let open = match model.open_points() {
        0 => Md::default(),
        1 => Md::from("1 point is open: see").and(section_reference(OPEN_POINTS)).then("."),
        many => Md::from(format!("{many} points are open: see")).and(section_reference(OPEN_POINTS)).then("."),
    };
    document.note(bold(word).and(text).and(open));
    document.mark_sections(bold(word).and(mark));
}

fn block(model: &Model) -> Vec<Vec<Md>> {
    let agreement = &model.agreement;
    let mut rows = Vec::new();
    let mut row = |name: &str, text: String| rows.push(vec![bold(name), Md::from(text)]);
    if let Some(version) = &agreement.version {
        row("Version", plain(&version.value));
    }
    if let Some(status) = &agreement.status {
        row("Status", status_words(status.value).to_owned());
    }
    if let Some(effective) = &agreement.effective {
        row("In effect", term(effective.from, effective.to));
    }
    if let Some(renewal) = &agreement.renews {
        let mut text = format!("For {} each time", amount(&renewal.every));
        if let Some((notice, before)) = &renewal.unless_cancelled {
            let before = match before {
                crate::model::Anchor::End => "the end of the current term".to_owned(),
                other => anchor(other),
            };
            text = format!("{text}, unless a party cancels in writing at least {} before {before}", amount(notice));
        }
        row("Renewal", text);
    }
    if let Some(zone) = &agreement.zone {
        row("Time zone", format!("{} (all dates and times are local)", zone.value.name()));
    }
    if let Some(currency) = &agreement.currency {
        row("Currency", format!("{} ({})", currency.value.name(), currency.value.code()));
    }
    if let Some(law) = &agreement.law {
        row("Governing law", format!("The law of {}", plain(&law.value)));
    }
    if let Some(language) = &agreement.language {
        row("Language", language_words(&language.value));
    }
    rows
}

/// A language by its English name, where its tag is a common one.
fn language_words(tag: &str) -> String {
    let name = match tag.split('-').next().unwrap_or(tag) {
        "cs" => "Czech",
        "da" => "Danish",
        "de" => "German",
        "en" => "English",
        "es" => "Spanish",
        "fr" => "French",
        "it" => "Italian",
        "nl" => "Dutch",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "sv" => "Swedish",
        _ => return plain(tag),
    };
    name.to_owned()
}

fn status_words(status: Status) -> &'static str {
    match status {
        Status::Draft => "Draft",
        Status::Proposed => "Proposed",
        Status::Agreed => "Agreed",
        Status::InForce => "In force",
        Status::Retired => "Retired",
    }
}

/// From when to when it holds.
fn term(from: Date, to: Option<Date>) -> String {
    match to {
        Some(to) => format!("From the beginning of {} to the end of {}", date(from), date(to)),
        None => format!("From the beginning of {}, without a fixed end", date(from)),
    }
}

fn one(party: &Party, number: usize, document: &mut Document) {
    let role = match party.role.as_ref().map(|role| role.value) {
        Some(Role::Provider) => "the provider",
        Some(Role::Customer) => "the customer",
        Some(Role::Supplier) => "a supplier of the provider, named for information; not a party to this agreement",
        None => "a party",
    };
    let mut details: Vec<String> = Vec::new();
    details.extend(party.address.iter().map(|address| format!("of {}", plain(&address.value))));
    details.extend(party.email.iter().map(|email| format!("e-mail {}", plain(&email.value))));
    details.extend(party.phone.iter().map(|phone| format!("telephone {}", plain(&phone.value))));
    details.push(format!("({role})"));
    let text = bold(&label(&party.head)).and(details.join(", ").replace(", (", " ("));
    document.party(number, text, &party.head.id);
    if party.contacts.is_empty() {
        return;
    }
    let words =
        |text: &Option<crate::model::Words>| text.as_ref().map_or_else(|| Md::from("–"), |text| Md::from(&text.value));
    let addressed = party.contacts.iter().any(|contact| contact.address.is_some());
    let rows: Vec<(Vec<Md>, String)> = party
        .contacts
        .iter()
        .map(|contact| {
            let mut row = vec![Md::from(label(&contact.head)), words(&contact.email), words(&contact.phone)];
            if addressed {
                row.push(words(&contact.address));
            }
            (row, contact.head.id.clone())
        })
        .collect();
    let mut header = vec!["Contact", "E-mail", "Telephone"];
    if addressed {
        header.push("Address");
    }
    document.rows(&header, rows);
}

/// What the parties want to achieve.
fn background(model: &Model, document: &mut Document) {
    let waived = !model.agreement.waivers.is_empty();
    let objectives: Vec<&Objective> = model.objectives.iter().filter(|one| one.supplier.is_none()).collect();
    if objectives.is_empty() && !waived {
        return;
    }
    document.section("Background");
    objectives.into_iter().for_each(|one| objective(model, one, document));
    for waiver in &model.agreement.waivers {
        let reason = waiver.reason.as_ref().map(|reason| Md::from("Reason:").and(prose(reason)));
        let text =
            format!("The parties have decided that this agreement need not cover {}.", part_words(model, waiver.part));
        document.clause(Md::from(text).and(reason.unwrap_or_default()), "");
    }
}

/// One objective.
pub fn objective(model: &Model, objective: &Objective, document: &mut Document) {
    let kpis: Vec<String> = governance::titled(model, &objective.kpis);
    let promised = objective.kpis.iter().all(|kpi| model.commitments.get(&kpi.value).is_some());
    let noun = match (promised, kpis.len()) {
        (false, _) => "",
        (true, 1) => "the service level ",
        (true, _) => "the service levels ",
    };
    let shown = match kpis.as_slice() {
        [] => String::new(),
        all => format!(" Whether it is reached is judged by {noun}{}.", listed(all, "and")),
    };
    let what = sentence(&lowered(model, &label(&objective.head)));
    let who = objective.supplier.as_ref().map_or_else(
        || "The parties".to_owned(),
        |supplier| format!("{} and the provider", capital(&party(model, supplier))),
    );
    document.clause(format!("{who} pursue this objective: {what}{shown}"), &objective.head.id);
}

/// A part that is left out, without what the contract says of it all the same: what a service covers.
fn part_words(model: &Model, part: crate::model::AgreementPart) -> &'static str {
    use crate::model::AgreementPart as Part;
    let scoped = model.services.iter().any(|service| !service.scope.is_empty() || !service.out_of_scope.is_empty());
    match part {
        Part::Negotiation if scoped => "objectives and the record of negotiation",
        Part::Negotiation => "scope, objectives and the record of negotiation",
        Part::Expectations => "support, response times and support channels",
        Part::Metrics => "what is measured and how",
        Part::Responsibilities => "the responsibilities of each party",
        Part::Targets => "targets and service credits",
        Part::Risk => "risks, recovery and escalation",
        Part::Communication => "reports, meetings and notices",
        Part::Review => "review and amendment",
        Part::Disputes => "the resolution of disputes",
        Part::Records => "records, audits and standards",
    }
}
