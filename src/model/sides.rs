//! Who owes what is promised, and to whom.

use super::{Between, Commitment, Credit, Fee, Head, Model, Party, PartyRef, Payment, Ref, Role, Skip};
use crate::calculus::{Expr, Type};
use crate::source::Span;
use crate::values::Currency;

impl Model {
    /// Who provides and who receives what a reference names, a service or a support; for a support that does not say
    /// who runs it, those of its service.
    pub fn between(&self, of: Option<&Ref>) -> Option<&Between> {
        let name = &of?.value;
        if let Some(service) = self.services.get(name) {
            return Some(&service.between);
        }
        let support = self.supports.get(name)?;
        match &support.between.by {
            Some(_) => Some(&support.between),
            None => self.services.get(&support.of.as_ref()?.value).map(|service| &service.between),
        }
    }

    /// Who owes what is promised of a service or support; the provider where nothing else is said.
    pub fn debtor(&self, of: Option<&Ref>) -> Option<PartyRef> {
        let said = self.between(of).and_then(|between| between.by.clone());
        said.or_else(|| self.in_role(Role::Provider).next())
    }

    /// To whom it is owed; the customer where nothing else is said.
    pub fn creditors(&self, of: Option<&Ref>) -> Vec<PartyRef> {
        match self.between(of) {
            Some(between) if !between.to.is_empty() => between.to.clone(),
            _ => self.in_role(Role::Customer).take(1).collect(),
        }
    }

    /// What a party is in the agreement.
    pub fn role(&self, party: &PartyRef) -> Option<Role> {
        role(self.parties.get(&party.party)?)
    }

    /// Whether more than two parties sign, so that none of them has just one other.
    pub fn has_many_parties(&self) -> bool {
        let signs = |party: &&Party| party.role.as_ref().is_none_or(|role| role.value != Role::Supplier);
        self.parties.iter().filter(signs).count() > 2
    }

    /// Whether the credits of a commitment share in the caps of the agreement: those do which a provider owes. What a
    /// supplier owes is no part of the agreement with the customer, and what the customer owes goes the other way.
    pub fn shares_caps(&self, commitment: &Commitment) -> bool {
        let role = self.debtor(commitment.of.as_ref()).and_then(|by| self.role(&by));
        !matches!(role, Some(Role::Supplier | Role::Customer))
    }

    /// What of a commitment's credits is too small to be paid: its own limit goes before that of the agreement, which holds
    /// for what is owed under the agreement, by whichever party. What a supplier owes is not.
    pub fn skip<'a>(&'a self, commitment: &'a Commitment) -> Option<&'a Skip> {
        let supplied = self.is_supplied(commitment.of.as_ref());
        commitment.skip.as_ref().or_else(|| self.agreement.skip.as_ref().filter(|_| !supplied))
    }

    /// What a supplier is said to owe to a customer: its services, desks and duties, and what it reports. It is no part of what
    /// the provider and the customer agree on.
    pub fn owed_by_suppliers(&self) -> Vec<(&Head, &Between)> {
        let mut all: Vec<(&Head, &Between)> = Vec::new();
        all.extend(self.services.iter().map(|one| (&one.head, &one.between)));
        all.extend(self.supports.iter().map(|one| (&one.head, &one.between)));
        all.extend(self.recoveries.iter().map(|one| (&one.head, &one.between)));
        all.extend(self.duties.iter().map(|one| (&one.head, &one.between)));
        all.extend(self.reports.iter().map(|one| (&one.head, &one.between)));
        all.extend(self.notices.iter().map(|one| (&one.head, &one.between)));
        all.extend(self.records.iter().map(|one| (&one.head, &one.between)));
        let is = |party: &PartyRef, role: Role| self.role(party) == Some(role);
        let by_supplier = |between: &Between| between.by.as_ref().is_some_and(|by| is(by, Role::Supplier));
        all.retain(|(_, between)| by_supplier(between) && between.to.iter().any(|to| is(to, Role::Customer)));
        all
    }

    /// In which currency the credits of a commitment are owed: that of the agreement, and for a supplier that of its own
    /// amounts.
    pub fn currency(&self, commitment: &Commitment) -> Option<Currency> {
        let own = self.agreement.currency.as_ref().map(|currency| currency.value);
        if !self.is_supplied(commitment.of.as_ref()) {
            return own;
        }
        let stated = match commitment.credit.as_ref() {
            Some(Credit::Table(table)) => {
                let fee = self.fees.get(&table.base.value).and_then(|fee: &Fee| money(&fee.amount));
                fee.or_else(|| table.rows.iter().find_map(|row| money(&row.gives)))
            }
            Some(Credit::Formula { amount, .. }) => money(amount),
            None => None,
        };
        stated.or(own)
    }

    /// The commitments with a credit by the currency in which they owe it, in the order in which these first occur.
    pub fn owing(&self) -> Vec<(Currency, Vec<&Commitment>)> {
        let mut all: Vec<(Currency, Vec<&Commitment>)> = Vec::new();
        for one in self.commitments.iter().filter(|one| one.credit.is_some()) {
            let Some(currency) = self.currency(one) else { continue };
            match all.iter_mut().find(|(other, _)| *other == currency) {
                Some((_, same)) => same.push(one),
                None => all.push((currency, vec![one])),
            }
        }
        all
    }

    /// How the credits of a commitment are paid, where that is said; what the agreement says of it is not about what a
    /// supplier owes.
    pub fn payment(&self, commitment: &Commitment) -> Option<Payment> {
        let supplied = self.is_supplied(commitment.of.as_ref());
        let pay = commitment.pay.as_ref().or_else(|| self.agreement.pay.as_ref().filter(|_| !supplied));
        pay.map(|pay| pay.value)
    }

    /// Where the head of the supplier's own agreement first limits what it owes for a commitment together with the rest;
    /// nothing for commitments without credits and for those of this agreement.
    pub fn limit_elsewhere(&self, commitment: &Commitment) -> Option<Span> {
        self.limits_elsewhere(commitment).next()
    }

    /// All such limits, in the order of their file.
    pub fn limits_elsewhere(&self, commitment: &Commitment) -> impl Iterator<Item = Span> {
        let owes = commitment.credit.is_some() && self.is_supplied(commitment.of.as_ref());
        let there = self.agreement_elsewhere(&commitment.head).filter(|_| owes);
        let limits = there.into_iter().flat_map(|there| self.foreign_limits.iter().map(move |limit| (there, limit)));
        limits.filter(|(there, limit)| limit.file.plain() == there.head.span.file.plain()).map(|(_, limit)| *limit)
    }

    /// Whether what a commitment owes is set off against invoices for as long as it takes. What the agreement says of that is
    /// not about what a supplier owes.
    pub fn is_carried(&self, commitment: &Commitment) -> bool {
        self.agreement.unused.is_some()
            && commitment.credit.is_some()
            && !self.is_supplied(commitment.of.as_ref())
            && self.payment(commitment) == Some(Payment::NextInvoice)
    }

    /// The parties in a role.
    pub fn in_role(&self, wanted: Role) -> impl Iterator<Item = PartyRef> {
        let found = self.parties.iter().filter(move |party| role(party) == Some(wanted));
        found.map(|one| PartyRef { party: one.head.name.clone(), contact: None, span: one.head.name_span })
    }
}

/// The currency of an amount.
fn money(expr: &Expr) -> Option<Currency> {
    match expr.ty {
        Type::Money(currency) => Some(currency),
        _ => None,
    }
}

fn role(party: &Party) -> Option<Role> {
    party.role.as_ref().map(|role| role.value)
}
