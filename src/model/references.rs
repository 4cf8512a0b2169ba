//! Which names an agreement refers to: what is never referred to is a leftover, or a forgotten promise.

use super::{
    Announcement, Between, CalendarRef, CalendarRule, Cap, Commitment, Condition, Credit, Deadline, Model, PartyRef,
    PauseSpan, Recurrence, Support,
};
use crate::calculus::{Expr, ExprKind, Subject};
use std::collections::BTreeSet;

/// The names that are referred to, by kind.
#[derive(Debug, Default)]
pub struct References<'a> {
    /// Signals, metrics, fees, constants, exclusions and whatever else is referred to by its name alone.
    pub names: BTreeSet<&'a str>,
    /// The calendars on which something is counted, or of which others are made.
    pub calendars: BTreeSet<&'a str>,
    /// The sets of holidays on which calendars are closed, or of which others are made.
    pub holidays: BTreeSet<&'a str>,
    /// The parties that do something, or for which it is done.
    pub parties: BTreeSet<&'a str>,
    /// The contacts of whom that is said, each with its party.
    pub contacts: BTreeSet<(&'a str, &'a str)>,
    /// What proposals are about, of whatever kind: without it they would be about nothing.
    pub negotiated: BTreeSet<&'a str>,
}

impl<'a> References<'a> {
    /// Every reference of an agreement.
    pub fn of(model: &'a Model) -> References<'a> {
        let mut all = References::default();
        all.names.extend(model.lengths.iter().map(String::as_str));
        all.measures(model);
        for commitment in &model.commitments {
            all.commitment(commitment);
        }
        for support in &model.supports {
            all.support(support);
        }
        all.obligations(model);
        all.communication(model);
        all.governance(model);
        all
    }

    fn measures(&mut self, model: &'a Model) {
        for fee in &model.fees {
            self.expr(&fee.amount);
        }
        for constant in &model.constants {
            self.expr(&constant.value);
        }
        for metric in &model.metrics {
            self.expr(&metric.value);
            metric.when_empty.iter().for_each(|empty| self.expr(empty));
            self.names.extend(metric.window_of.iter().map(|of| of.value.0.as_str()));
        }
        for signal in &model.signals {
            self.party(signal.measured_by.as_ref());
        }
        for calendar in &model.calendars {
            let (CalendarRule::Hours { closed, .. } | CalendarRule::Combined { closed, .. }) = &calendar.rule;
            self.holidays.extend(closed.iter().map(|set| set.value.as_str()));
            if let CalendarRule::Combined { of, .. } = &calendar.rule {
                self.calendars.extend(of.iter().map(|one| one.value.as_str()));
            }
        }
        self.holidays.extend(model.holidays.iter().flat_map(|set| &set.of).map(|set| set.value.as_str()));
        for service in &model.services {
            self.between(&service.between);
        }
        self.caps(&model.agreement.caps);
        model.agreement.skip.iter().for_each(|skip| self.expr(&skip.bound.limit));
    }

    fn commitment(&mut self, commitment: &'a Commitment) {
        for target in &commitment.targets {
            self.expr(&target.measure);
            self.expr(&target.bound);
        }
        self.condition(commitment.applies_when.as_ref());
        commitment.warn.iter().for_each(|warn| self.expr(&warn.limit));
        commitment.skip.iter().for_each(|skip| self.expr(&skip.bound.limit));
        commitment.times.iter().flat_map(|factor| [&factor.by, &factor.when]).for_each(|expr| self.expr(expr));
        self.names.extend(commitment.exclude.iter().map(|name| name.value.as_str()));
        match &commitment.credit {
            Some(Credit::Table(table)) => {
                self.names.insert(&table.base.value);
                table.using.iter().for_each(|using| self.expr(using));
                for row in &table.rows {
                    row.bounds.iter().for_each(|bound| self.expr(&bound.limit));
                    self.expr(&row.gives);
                }
            }
            Some(Credit::Formula { amount, .. }) => self.expr(amount),
            None => {}
        }
        self.caps(&commitment.caps);
        if let Some(claim) = &commitment.claim {
            self.party(claim.by.as_ref());
            self.parties(&claim.to);
            self.deadline(claim.within.as_ref());
        }
        if let Some(decide) = &commitment.decide {
            self.party(decide.by.as_ref());
            self.deadline(decide.within.as_ref());
        }
        for right in &commitment.terminate {
            self.party(right.by.as_ref());
            self.condition(right.when.as_ref());
            self.deadline(right.within.as_ref());
            self.deadline(right.cure.as_ref());
            self.announcement(right.announce.as_ref());
        }
    }

    fn support(&mut self, support: &'a Support) {
        self.between(&support.between);
        self.names.extend(support.cases.iter().map(|cases| cases.value.as_str()));
        self.calendar(support.calendar.as_ref());
        support.channels.iter().for_each(|channel| self.calendar(channel.calendar.as_ref()));
        for priority in &support.priorities {
            self.condition(priority.when.as_ref());
            for deadline in [&priority.respond, &priority.work_around, &priority.resolve] {
                self.deadline(deadline.as_ref());
            }
            self.recurrence(priority.update.as_ref());
        }
        for pause in &support.pauses {
            pause.when.iter().for_each(|when| self.expr(when));
            match &pause.during {
                PauseSpan::While(signal, _) | PauseSpan::Between { signal, .. } => {
                    self.names.insert(signal);
                }
                PauseSpan::Judged(_) => {}
            }
        }
    }

    fn obligations(&mut self, model: &'a Model) {
        for duty in &model.duties {
            self.between(&duty.between);
            self.deadline(duty.within.as_ref());
            self.recurrence(duty.every.as_ref());
            self.announcement(duty.announce.as_ref());
            self.calendar(duty.calendar.as_ref());
        }
        for risk in &model.risks {
            self.party(risk.owner.as_ref());
        }
        for recovery in &model.recoveries {
            self.between(&recovery.between);
            self.recurrence(recovery.test.as_ref());
        }
        for maintenance in &model.maintenances {
            self.between(&maintenance.between);
            self.announcement(maintenance.announce.as_ref());
            self.calendar(maintenance.calendar.as_ref());
            self.condition(maintenance.when.as_ref());
        }
        for exclusion in &model.exclusions {
            self.condition(exclusion.when.as_ref());
        }
        for escalation in &model.escalations {
            self.condition(escalation.when.as_ref());
            escalation.steps.iter().for_each(|step| self.parties(&step.notify));
        }
    }

    fn communication(&mut self, model: &'a Model) {
        for report in &model.reports {
            self.between(&report.between);
            self.recurrence(report.every.as_ref());
            self.deadline(report.within.as_ref());
            self.names.extend(report.shows.iter().map(|name| name.value.as_str()));
        }
        for meeting in &model.meetings {
            self.between(&meeting.between);
            self.recurrence(meeting.every.as_ref());
        }
        for notice in &model.notices {
            self.between(&notice.between);
            self.condition(notice.when.as_ref());
            self.deadline(notice.within.as_ref());
            self.recurrence(notice.update.as_ref());
        }
    }

    fn governance(&mut self, model: &'a Model) {
        for objective in &model.objectives {
            self.names.extend(objective.kpis.iter().map(|name| name.value.as_str()));
        }
        for proposal in &model.proposals {
            self.between(&proposal.between);
            self.deadline(proposal.within.as_ref());
            self.negotiated.extend(proposal.subject());
            proposal.outcomes.iter().flat_map(|outcome| &outcome.by).for_each(|by| self.party(Some(by)));
        }
        for review in &model.reviews {
            self.between(&review.between);
            self.recurrence(review.every.as_ref());
        }
        for amendment in &model.amendments {
            self.between(&amendment.between);
            self.announcement(amendment.announce.as_ref());
        }
        for dispute in &model.disputes {
            dispute.steps.iter().for_each(|step| self.deadline(step.within.as_ref()));
        }
        for records in &model.records {
            self.between(&records.between);
            self.names.extend(records.keep.iter().flat_map(|kept| &kept.of).map(|name| name.value.as_str()));
        }
        for audit in &model.audits {
            self.between(&audit.between);
            self.recurrence(audit.every.as_ref());
            self.announcement(audit.announce.as_ref());
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        expr.walk(&mut |part| match &part.kind {
            ExprKind::Reading(reading) => {
                self.names.insert(&reading.signal);
            }
            ExprKind::Metric(name) | ExprKind::Constant(name) | ExprKind::Fee(name) => {
                self.names.insert(name);
            }
            ExprKind::Attribute { of: Subject::Commitment(name) | Subject::Priority { support: name, .. }, .. } => {
                self.names.insert(name);
            }
            _ => {}
        });
    }

    fn caps(&mut self, caps: &'a [Cap]) {
        caps.iter().for_each(|cap| self.expr(&cap.amount));
    }

    fn condition(&mut self, condition: Option<&'a Condition>) {
        if let Some(Condition::Measured(expr)) = condition {
            self.expr(expr);
        }
    }

    fn party(&mut self, party: Option<&'a PartyRef>) {
        self.parties.extend(party.map(|party| party.party.as_str()));
        self.contacts.extend(party.and_then(|party| Some((party.party.as_str(), party.contact.as_deref()?))));
    }

    fn parties(&mut self, parties: &'a [PartyRef]) {
        parties.iter().for_each(|party| self.party(Some(party)));
    }

    fn between(&mut self, between: &'a Between) {
        self.party(between.by.as_ref());
        self.parties(&between.to);
    }

    fn calendar(&mut self, calendar: Option<&'a CalendarRef>) {
        if let Some(CalendarRef::Named(name)) = calendar {
            self.calendars.insert(name);
        }
    }

    fn deadline(&mut self, deadline: Option<&'a Deadline>) {
        self.calendar(deadline.and_then(|deadline| deadline.calendar.as_ref()));
    }

    fn recurrence(&mut self, recurrence: Option<&'a Recurrence>) {
        self.calendar(recurrence.and_then(|recurrence| recurrence.calendar.as_ref()));
    }

    fn announcement(&mut self, announcement: Option<&'a Announcement>) {
        if let Some(announcement) = announcement {
            self.parties(&announcement.to);
            self.calendar(announcement.calendar.as_ref());
        }
    }
}
