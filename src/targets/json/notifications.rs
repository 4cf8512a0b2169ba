//! Who is told what, and when: notices, reports, announcements, news on open cases, and escalations.

use super::common::{Channel, all, one, texts};
use super::inputs::{Inputs, Scope};
use super::rules::Rule;
use crate::calculus::{Attribute, Subject};
use crate::model::{Announcement, Head, Maintenance, Model, PartyRef, Priority, Recurrence, Support};

/// Every rule by which somebody is told something.
pub fn notifications(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let mut rules = notices(model, inputs);
    rules.extend(reports(model));
    for support in &model.supports {
        rules.extend(support.priorities.iter().filter_map(|it| news(model, support, it, inputs)).collect::<Vec<_>>());
    }
    rules.extend(announcements(model));
    rules
}

fn notices(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let notices = model.notices.iter();
    notices
        .map(|notice| Rule::Notify {
            clause: notice.head.id.clone(),
            by: one(&notice.between.by),
            to: all(&notice.between.to),
            when: notice.when.as_ref().map(|when| Scope::clause(model, &notice.head.name).when(when, inputs)),
            every: None,
            announce: None,
            within: one(&notice.within),
            update: one(&notice.update),
            via: notice.via.iter().map(|word| Channel::new(word)).collect(),
            shows: Vec::new(),
        })
        .collect()
}

fn reports(model: &Model) -> impl Iterator<Item = Rule> {
    model.reports.iter().map(|report| Rule::Notify {
        clause: report.head.id.clone(),
        by: one(&report.between.by),
        to: all(&report.between.to),
        when: None,
        every: one(&report.every),
        announce: None,
        within: one(&report.within),
        update: None,
        via: report.via.iter().map(|word| Channel::new(word)).collect(),
        shows: texts(&report.shows),
    })
}

/// News on the open cases of a priority.
fn news(model: &Model, support: &Support, priority: &Priority, inputs: &mut Inputs) -> Option<Rule> {
    let update = priority.update.as_ref()?;
    let of = Subject::Priority { support: support.head.name.clone(), priority: priority.head.name.clone() };
    let hours = support.hours(update.calendar.as_ref());
    let update = Recurrence { calendar: Some(hours.clone()), ..update.clone() };
    Some(Rule::Notify {
        clause: priority.head.id.clone(),
        by: one(&support.between.by),
        to: all(&support.between.to),
        when: Some(Scope::clause(model, &support.head.name).stands(&of, Attribute::Open, inputs)),
        every: None,
        announce: None,
        within: None,
        update: Some((&update).into()),
        via: Vec::new(),
        shows: Vec::new(),
    })
}

/// What is announced ahead.
fn announcements(model: &Model) -> Vec<Rule> {
    // Whoever provides a service maintains it, where nothing else is said.
    let by = |it: &Maintenance| it.between.by.clone().or_else(|| model.debtor(it.of.as_ref()));
    let maintenances = model.maintenances.iter().map(|it| (&it.head, by(it), &it.between.to, &it.announce));
    let duties = model.duties.iter().map(|it| (&it.head, &it.between, &it.announce));
    let amendments = model.amendments.iter().map(|it| (&it.head, &it.between, &it.announce));
    let audits = model.audits.iter().map(|it| (&it.head, &it.between, &it.announce));
    let others = duties.chain(amendments).chain(audits);
    let others = others.map(|(head, between, announce)| (head, between.by.clone(), &between.to, announce));
    let all = maintenances.chain(others);
    all.filter_map(|(head, by, to, announce)| Some(announcement(head, by, to, announce.as_ref()?))).collect()
}

fn announcement(head: &Head, by: Option<PartyRef>, to: &[PartyRef], announce: &Announcement) -> Rule {
    Rule::Notify {
        clause: head.id.clone(),
        by: one(&by),
        to: all(if announce.to.is_empty() { to } else { &announce.to }),
        when: None,
        every: None,
        announce: Some(announce.into()),
        within: None,
        update: None,
        via: Vec::new(),
        shows: Vec::new(),
    }
}

/// Every step of every escalation.
pub fn escalations(model: &Model, inputs: &mut Inputs) -> Vec<Rule> {
    let mut rules = Vec::new();
    let by = model.debtor(None);
    for escalation in &model.escalations {
        let Some(when) = &escalation.when else {
            continue;
        };
        for step in &escalation.steps {
            rules.push(Rule::Escalate {
                clause: step.id.clone(),
                escalation: escalation.head.name.clone(),
                when: Scope::clause(model, &escalation.head.name).when(when, inputs),
                after: (&step.after).into(),
                by: one(&by),
                notify: all(&step.notify),
            });
        }
    }
    rules
}
