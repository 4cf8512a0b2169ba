//! Words of alerts: whole sentences, with whatever the file says made safe for Prometheus's templates.

use std::collections::BTreeMap;

use super::by::option_of_alert;
use crate::calculus::{Attribute, Expr, ExprKind, Subject};
use crate::model::{Choice, Commitment, Condition, Head, Model, PartyRef};
use crate::wording;

/// A text of the file as a template of Prometheus prints it unchanged.
pub(super) fn safe(text: &str) -> String {
    // Only an opening pair of braces means anything in a template.
    text.replace("{{", "{{ \"{{\" }}")
}

/// Sentences as one text: each non-empty, with a full stop.
pub(super) fn sentences(parts: &[String]) -> String {
    let whole = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let ended =
        whole.map(|part| if part.ends_with(['.', '!', '?', '"']) { part.to_owned() } else { format!("{part}.") });
    ended.collect::<Vec<_>>().join(" ")
}

/// What people call a declaration, as a template: of one that is for each option of an open dimension, with the option of
/// the alert.
pub(super) fn label(head: &Head) -> String {
    titled(head, &head.variant.iter().collect::<Vec<_>>())
}

/// The same of all options of open dimensions together.
pub(super) fn label_of_all(head: &Head) -> String {
    titled(head, &head.variant.iter().filter(|choice| !choice.each).collect::<Vec<_>>())
}

/// A sentence on which option of open dimensions an alert is about; empty where there are none.
pub(super) fn about_option(head: &Head) -> String {
    let open = head.variant.iter().filter(|choice| choice.each);
    let options: Vec<String> = open.map(|one| option_of_alert(&safe(&one.title), &one.dimension)).collect();
    if options.is_empty() { String::new() } else { format!("This is about {}", options.join(", ")) }
}

/// Models in which an option of some open dimensions is called by the label of the alert, by these dimensions.
pub(super) struct OfAlerts(BTreeMap<Vec<String>, Model>);

impl OfAlerts {
    /// Those for the ladders and notices of a model.
    pub fn of(model: &Model) -> OfAlerts {
        let ladders = model.escalations.iter().map(|one| &one.head);
        let heads = ladders.chain(model.notices.iter().map(|one| &one.head));
        let mut models = BTreeMap::new();
        for open in heads.map(open).filter(|open| !open.is_empty()) {
            models.entry(open).or_insert_with_key(|open| {
                let called = |choice: &Choice| option_of_alert(&choice.title, &choice.dimension);
                model.of_one(|choice| open.contains(&choice.dimension).then(|| called(choice)))
            });
        }
        OfAlerts(models)
    }

    /// A condition of a clause in words, as a template that names the option of the alert.
    pub fn clause(&self, model: &Model, clause: &Head, expr: &Expr) -> String {
        let plain = safe(&wording::clause(model, expr));
        let Some(of_one) = self.0.get(&open(clause)) else { return plain };
        let options = open(clause).into_iter().map(|dimension| option_of_alert("", &dimension));
        let templates: Vec<String> = options.map(|option| option.trim_start().to_owned()).collect();
        // In a text that holds such words of its own, nobody could tell which of them are meant as a template.
        if templates.iter().any(|template| plain.contains(&safe(template))) {
            return plain;
        }
        let words = safe(&wording::clause(of_one, expr));
        templates.iter().fold(words, |words, template| words.replace(&safe(template), template))
    }
}

/// The open dimensions by which a declaration differs.
fn open(head: &Head) -> Vec<String> {
    head.variant.iter().filter(|choice| choice.each).map(|choice| choice.dimension.clone()).collect()
}

fn titled(head: &Head, variant: &[&Choice]) -> String {
    let title = |choice: &Choice| match choice.each {
        true => option_of_alert(&safe(&choice.title), &choice.dimension),
        false => safe(&choice.title),
    };
    let titles: Vec<String> = variant.iter().copied().map(title).collect();
    match titles.is_empty() {
        true => safe(&head.family_label()),
        false => format!("{} ({})", safe(&head.family_label()), titles.join(", ")),
    }
}

/// What is promised and what a breach costs.
pub(super) fn promise(model: &Model, commitment: &Commitment) -> String {
    let credit = wording::credit_summary(model, commitment).unwrap_or_default();
    safe(&sentences(&[wording::promise(model, commitment), credit]))
}

/// Whom the agreement names to tell, by what it is that they are told: in ladders and notices.
#[derive(Default)]
pub(super) struct Told(BTreeMap<(String, &'static str), Vec<String>>);

impl Told {
    /// Reads all ladders and notices, once.
    pub fn of(model: &Model) -> Told {
        let mut told = Told::default();
        for escalation in &model.escalations {
            let people = escalation.steps.iter().flat_map(|step| &step.notify);
            told.add(&escalation.when, people.map(|person| contact(model, person)).collect());
        }
        for notice in &model.notices {
            told.add(&notice.when, notice.between.to.iter().map(|person| contact(model, person)).collect());
        }
        told
    }

    fn add(&mut self, when: &Option<Condition>, people: Vec<String>) {
        let Some(Condition::Measured(expr)) = when else { return };
        expr.walk(&mut |part| {
            if let ExprKind::Attribute { of, attribute } = &part.kind {
                let known = self.0.entry((key(of), attribute.as_str())).or_default();
                for person in &people {
                    if !known.contains(person) {
                        known.push(person.clone());
                    }
                }
            }
        });
    }

    /// Whether anybody is told of it.
    pub fn asks(&self, subject: &Subject, attribute: Attribute) -> bool {
        self.0.contains_key(&(key(subject), attribute.as_str()))
    }

    /// A sentence on who is to be told; empty if nobody is named.
    pub fn about(&self, subject: &Subject, attribute: Attribute) -> String {
        match self.0.get(&(key(subject), attribute.as_str())).map(Vec::as_slice).unwrap_or_default() {
            [] => String::new(),
            [one] => safe(&format!("The agreement names {one} to be told")),
            [most @ .., last] => safe(&format!("The agreement names {} and {last} to be told", most.join(", "))),
        }
    }
}

fn key(subject: &Subject) -> String {
    match subject {
        Subject::Commitment(name) => name.clone(),
        Subject::Priority { support, priority } => format!("{support}.{priority}"),
    }
}

/// A party or contact by its title.
pub(super) fn contact(model: &Model, person: &PartyRef) -> String {
    let Some(party) = model.parties.get(&person.party) else {
        return person.to_string();
    };
    match person.contact.as_ref().and_then(|name| party.contact(name)) {
        Some(contact) => format!("the {} of {}", contact.head.label(), party.head.label()),
        None => party.head.label(),
    }
}
