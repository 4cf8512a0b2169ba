//! The texts of an agreement, for words that must or must not stand in them.

use super::{Condition, Declared, Model, Table, Words};
use std::collections::BTreeSet;

impl Model {
    /// Every text with the term that it defines, if it defines one.
    pub fn texts(&self) -> Vec<(Option<&str>, &str)> {
        texts(self)
    }

    /// The terms whose words stand in some texts, other than in what they mean themselves, by name.
    pub fn terms_said<'a>(&'a self, texts: &[(Option<&str>, &str)]) -> BTreeSet<&'a str> {
        if self.terms.is_empty() {
            return BTreeSet::new();
        }
        let texts: Vec<(Option<&str>, String)> =
            texts.iter().map(|(term, text)| (*term, text.to_lowercase())).collect();
        let said = self.terms.iter().filter(|term| {
            let word = term.head.label().to_lowercase();
            texts.iter().any(|(of, text)| *of != Some(&*term.head.name) && text.contains(&word))
        });
        said.map(|term| term.head.name.as_str()).collect()
    }
}

fn texts(model: &Model) -> Vec<(Option<&str>, &str)> {
    let mut all: Vec<(Option<&str>, &str)> = Vec::new();
    for term in &model.terms {
        all.extend(term.means.iter().map(|means| (Some(term.head.name.as_str()), means.value.as_str())));
    }
    let said = titles(model).into_iter().chain(words(model)).chain(conditions(model)).chain(asides(model));
    all.extend(said.map(|text| (None, text)));
    all
}

fn titles(model: &Model) -> Vec<&str> {
    fn of<'a, T: Declared>(table: &'a Table<T>, all: &mut Vec<&'a str>) {
        all.extend(table.iter().filter_map(|one| one.head().title.as_deref()));
    }
    let mut all = Vec::new();
    of(&model.services, &mut all);
    of(&model.fees, &mut all);
    of(&model.calendars, &mut all);
    of(&model.signals, &mut all);
    of(&model.metrics, &mut all);
    of(&model.commitments, &mut all);
    of(&model.supports, &mut all);
    of(&model.duties, &mut all);
    of(&model.risks, &mut all);
    of(&model.exclusions, &mut all);
    of(&model.maintenances, &mut all);
    of(&model.objectives, &mut all);
    for dispute in &model.disputes {
        all.extend(dispute.steps.iter().filter_map(|step| step.head.title.as_deref()));
    }
    for proposal in &model.proposals {
        all.extend(proposal.options.iter().filter_map(|option| option.title.as_deref()));
    }
    all
}

fn words(model: &Model) -> Vec<&str> {
    let mut all: Vec<&Words> = Vec::new();
    for service in &model.services {
        all.extend(service.scope.iter().chain(&service.out_of_scope));
    }
    for duty in &model.duties {
        all.extend(duty.action.iter().chain(&duty.evidence));
    }
    all.extend(model.risks.iter().flat_map(|risk| &risk.mitigate));
    all.extend(model.maintenances.iter().filter_map(|one| one.evidence.as_ref()));
    all.extend(model.exclusions.iter().filter_map(|one| one.evidence.as_ref()));
    all.extend(model.meetings.iter().flat_map(|meeting| &meeting.agenda));
    all.extend(model.reviews.iter().flat_map(|review| &review.agenda));
    all.extend(model.proposals.iter().filter_map(|proposal| proposal.change.as_ref()));
    all.extend(model.amendments.iter().filter_map(|amendment| amendment.action.as_ref()));
    all.extend(model.audits.iter().flat_map(|audit| &audit.scope));
    all.extend(model.disputes.iter().filter_map(|dispute| dispute.meanwhile.as_ref()));
    for records in &model.records {
        all.extend(records.standards.iter().chain(&records.evidence));
    }
    all.into_iter().map(|words| words.value.as_str()).collect()
}

/// The conditions that people judge.
fn conditions(model: &Model) -> Vec<&str> {
    let exclusions = model.exclusions.iter().map(|one| one.when.as_ref());
    let notices = model.notices.iter().map(|one| one.when.as_ref());
    let escalations = model.escalations.iter().map(|one| one.when.as_ref());
    let maintenances = model.maintenances.iter().map(|one| one.when.as_ref());
    let priorities = model.supports.iter().flat_map(|support| support.priorities.iter().map(|one| one.when.as_ref()));
    let applies = model.commitments.iter().map(|one| one.applies_when.as_ref());
    let rights = model.commitments.iter().flat_map(|one| one.terminate.iter().map(|right| right.when.as_ref()));
    let all = exclusions.chain(notices).chain(escalations).chain(maintenances).chain(priorities).chain(applies);
    all.chain(rights)
        .filter_map(|condition| match condition {
            Some(Condition::Judged(words)) => Some(words.value.as_str()),
            _ => None,
        })
        .collect()
}

/// Texts within other statements.
fn asides(model: &Model) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    let remedies = model.commitments.iter().filter_map(|one| one.remedy.as_ref());
    all.extend(remedies.chain(&model.agreement.remedy).filter_map(|remedy| remedy.words.as_deref()));
    all.extend(model.commitments.iter().filter_map(|one| one.claim.as_ref()?.with.as_deref()));
    for signal in &model.signals {
        all.extend(signal.measured_from.as_deref());
        let members = [&signal.counts, &signal.values, &signal.milestones, &signal.spans];
        all.extend(members.into_iter().flatten().filter_map(|member| member.head.title.as_deref()));
    }
    all
}
