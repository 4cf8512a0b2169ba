//! What of an agreement is between the provider and its suppliers: nothing in it is owed to the customer, or by the customer.

use super::{
    Agreement, Between, Condition, Duty, Escalation, Exclusion, Head, Maintenance, Model, PartyRef, Proposal, Ref,
    Role, Support, Table,
};
use crate::calculus::{ExprKind, Subject};
use std::collections::{BTreeMap, BTreeSet};

impl Model {
    /// Whether a party is a supplier: what it promises is not owed to the customer.
    pub fn is_supplier(&self, party: Option<&PartyRef>) -> bool {
        party.and_then(|party| self.role(party)) == Some(Role::Supplier)
    }

    /// Whether a supplier owes what is promised of a service or a support: that is another agreement, and may be in another
    /// currency.
    pub fn is_supplied(&self, of: Option<&Ref>) -> bool {
        self.is_supplier(self.debtor(of).as_ref())
    }

    /// Whether a clause is between the provider and a supplier only: it is owed by a supplier, or to suppliers alone.
    pub fn is_with_supplier(&self, between: &Between) -> bool {
        let to = !between.to.is_empty() && between.to.iter().all(|to| self.is_supplier(Some(to)));
        to || self.is_supplier(between.by.as_ref())
    }

    /// Says of what belongs to a supplier's agreement without naming a party that it does: what nobody in particular does there,
    /// the supplier does, which is the provider there.
    pub(super) fn name_suppliers(&mut self) {
        let of_file = |there: &Agreement| Some((there.head.span.file.plain(), self.supplier_of(there)?.clone()));
        let suppliers: BTreeMap<_, _> = self.foreign.iter().filter_map(of_file).collect();
        let Model {
            elsewhere,
            reports,
            meetings,
            notices,
            reviews,
            records,
            audits,
            objectives,
            amendments,
            disputes,
            ..
        } = self;
        let supplier = |head: &Head| {
            let supplier: &PartyRef = elsewhere.get(&head.family).and_then(|file| suppliers.get(file))?;
            Some(PartyRef { contact: None, span: head.name_span, ..supplier.clone() })
        };
        let name = |head: &Head, between: &mut Between| between.by = between.by.take().or_else(|| supplier(head));
        reports.iter_mut().for_each(|one| name(&one.head, &mut one.between));
        meetings.iter_mut().for_each(|one| name(&one.head, &mut one.between));
        notices.iter_mut().for_each(|one| name(&one.head, &mut one.between));
        reviews.iter_mut().for_each(|one| name(&one.head, &mut one.between));
        records.iter_mut().for_each(|one| name(&one.head, &mut one.between));
        audits.iter_mut().for_each(|one| name(&one.head, &mut one.between));
        objectives.iter_mut().for_each(|one| one.supplier = supplier(&one.head));
        amendments.iter_mut().for_each(|one| one.supplier = supplier(&one.head));
        disputes.iter_mut().for_each(|one| one.supplier = supplier(&one.head));
    }

    /// The proposals without those that are negotiated with suppliers.
    pub fn proposals_for_customer(&self) -> Table<Proposal> {
        self.proposals.filter_map(|one| (!self.is_with_supplier(&one.between)).then(|| one.clone()))
    }

    /// Whether a duty concerns a supplier and the provider only: one that excuses what is promised to the customer concerns that
    /// as well, whoever owes it.
    pub fn is_suppliers_duty(&self, duty: &Duty) -> bool {
        let is_ours = |of: &Ref| self.commitments.get(&of.value).is_some_and(|one| !self.is_supplied(one.of.as_ref()));
        self.is_with_supplier(&duty.between) && !duty.excuses.iter().any(is_ours)
    }

    /// Whether a supplier runs a desk.
    pub fn is_suppliers_desk(&self, support: &Support) -> bool {
        match &support.between.by {
            Some(by) => self.is_supplier(Some(by)),
            None => self.is_supplied(support.of.as_ref()),
        }
    }

    /// Who tells the people in an escalation: the provider of the agreement in which it stands.
    pub fn escalates(&self, escalation: &Escalation) -> Option<PartyRef> {
        let there = self.agreement_elsewhere(&escalation.head);
        there.and_then(|there| self.supplier_of(there)).cloned().or_else(|| self.debtor(None))
    }

    /// Whether an escalation is about promises of suppliers alone, and no customer is told.
    pub fn escalates_supplier(&self, escalation: &Escalation) -> bool {
        let notified = escalation.steps.iter().flat_map(|step| &step.notify);
        if notified.into_iter().any(|person| self.role(person) == Some(Role::Customer)) {
            return false;
        }
        let Some(Condition::Measured(expr)) = &escalation.when else {
            // What people judge is that of the agreement in which it stands.
            let there = self.agreement_elsewhere(&escalation.head);
            return there.is_some_and(|there| self.supplier_of(there).is_some());
        };
        let mut sides = Vec::new();
        expr.walk(&mut |part| match &part.kind {
            ExprKind::Attribute { of: Subject::Commitment(name), .. } => {
                let found = self.commitments.get(name);
                sides.push(found.is_some_and(|one| self.is_supplied(one.of.as_ref())));
            }
            ExprKind::Attribute { of: Subject::Priority { support, .. }, .. } => {
                sides.push(self.supports.get(support).is_some_and(|one| self.is_suppliers_desk(one)));
            }
            _ => {}
        });
        !sides.is_empty() && sides.into_iter().all(|supplier| supplier)
    }

    /// Whether an exclusion is one of suppliers' service levels alone.
    pub fn is_suppliers_exclusion(&self, exclusion: &Exclusion) -> bool {
        let mut levels = self.excluding(&exclusion.head).peekable();
        levels.peek().is_some() && levels.all(|one| self.is_supplied(one.of.as_ref()))
    }

    /// Whether a supplier maintains.
    pub fn is_suppliers_maintenance(&self, maintenance: &Maintenance) -> bool {
        match &maintenance.between.by {
            Some(_) => self.is_with_supplier(&maintenance.between),
            None => self.is_supplied(maintenance.of.as_ref()),
        }
    }

    /// What is taken out of the measurement of service levels that are owed to the customer, by name: where a supplier maintains,
    /// the customer has to know under which conditions that is.
    pub fn excluded_for_customer(&self) -> BTreeSet<&str> {
        let owed = self.commitments.iter().filter(|one| !self.is_supplied(one.of.as_ref()));
        owed.flat_map(|one| &one.exclude).map(|name| name.value.as_str()).collect()
    }
}
