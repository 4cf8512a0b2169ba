//! An agreement without what holds between the provider and its suppliers: what a provider that keeps that to itself gives to
//! its customer.

use crate::model::{
    Commitment, Contact, Declared, Dependency, Duty, Exclusion, Head, Model, Needs, Party, Ref, References, Role,
    Service, Support, Table, family_of,
};
use std::collections::BTreeSet;

/// The same agreement without the clauses of suppliers, and without what only these need: services, parties and contacts,
/// fees, definitions, exclusions, calendars. What a clause for the customer refers to stays, without what is owed for it.
pub(super) fn without_suppliers(model: &Model) -> Model {
    let whole = Needed::of(model, model);
    let mut needed = Needed::default();
    loop {
        let kept = Part { model, whole: &whole, needed: &needed }.kept();
        let next = Needed::of(&kept, model);
        // Whatever is kept needs no less than before: this ends when nothing more is needed.
        if next == needed {
            return kept;
        }
        needed = next;
    }
}

/// What clauses refer to, by kind and name.
#[derive(Debug, Default, PartialEq, Eq)]
struct Needed {
    /// Of what differs by options, the names without these.
    names: BTreeSet<String>,
    services: BTreeSet<String>,
    calendars: BTreeSet<String>,
    holidays: BTreeSet<String>,
    parties: BTreeSet<String>,
    contacts: BTreeSet<(String, String)>,
    terms: BTreeSet<String>,
    dimensions: BTreeSet<String>,
}

impl Needed {
    /// What the clauses of a part of an agreement refer to.
    fn of(part: &Model, model: &Model) -> Needed {
        let used = References::of(part);
        let owned = |names: &BTreeSet<&str>| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let family = |name: &&str| family_of(name).to_owned();
        Needed {
            names: used.names.iter().chain(&used.negotiated).map(family).collect(),
            services: services(part).map(|of| of.value.clone()).collect(),
            calendars: owned(&used.calendars),
            holidays: owned(&used.holidays),
            parties: owned(&used.parties),
            contacts: used.contacts.iter().map(|(party, name)| ((*party).to_owned(), (*name).to_owned())).collect(),
            terms: owned(&model.terms_said(&part.texts())),
            dimensions: dimensions(part).map(str::to_owned).collect(),
        }
    }
}

/// The services and supports that clauses are about.
fn services(model: &Model) -> impl Iterator<Item = &Ref> {
    let measured = model.signals.iter().map(|one| &one.of).chain(model.fees.iter().map(|one| &one.of));
    let promised = model.commitments.iter().map(|one| &one.of).chain(model.supports.iter().map(|one| &one.of));
    let kept = model.recoveries.iter().map(|one| &one.of).chain(model.maintenances.iter().map(|one| &one.of));
    measured.chain(promised).chain(kept).flatten()
}

/// The dimensions by which something differs, or of which signals have options.
fn dimensions(model: &Model) -> impl Iterator<Item = &str> {
    let fields = model.signals.iter().flat_map(|signal| &signal.fields).filter_map(|field| field.dimension.as_deref());
    let varied = model.varied().into_iter().flat_map(|head| &head.variant).map(|choice| choice.dimension.as_str());
    fields.chain(varied)
}

/// What is kept of an agreement if this is needed.
struct Part<'a> {
    model: &'a Model,
    /// What all of its clauses need.
    whole: &'a Needed,
    /// What those clauses need that are kept.
    needed: &'a Needed,
}

impl Part<'_> {
    fn kept(&self) -> Model {
        let model = self.model;
        let mut kept = self.clauses();
        kept.parties = model.parties.filter_map(|party| self.party(party));
        kept.services = model.services.filter_map(|service| self.service(service));
        kept.signals = self.defined(&model.signals, |one| model.is_supplied(one.of.as_ref()));
        kept.fees = self.defined(&model.fees, |one| model.is_supplied(one.of.as_ref()));
        kept.metrics = self.defined(&model.metrics, |_| false);
        kept.constants = self.defined(&model.constants, |_| false);
        // Of one that differs, the variants of suppliers alone go.
        let excluded: BTreeSet<&str> =
            kept.commitments.iter().flat_map(|one| &one.exclude).map(|name| name.value.as_str()).collect();
        let of_supplier =
            |one: &Exclusion| model.is_suppliers_exclusion(one) && !excluded.contains(one.head.name.as_str());
        let exclusions = only(&self.defined(&model.exclusions, |_| false), |one| !of_supplier(one));
        kept.exclusions = exclusions;
        // Where a length of time with a name is used is not known: what is another agreement's is not taken to be ours.
        let elsewhere = |name: &str| model.constants.get(name).is_some_and(|one| self.is_elsewhere(&one.head));
        kept.lengths.retain(|name| !elsewhere(name));
        let among = |head: &Head, needed: &BTreeSet<String>, whole: &BTreeSet<String>| {
            needed.contains(&head.name) || !(whole.contains(&head.name) || self.is_elsewhere(head))
        };
        let (needed, whole) = (self.needed, self.whole);
        kept.calendars = only(&model.calendars, |one| among(&one.head, &needed.calendars, &whole.calendars));
        kept.holidays = only(&model.holidays, |one| among(&one.head, &needed.holidays, &whole.holidays));
        kept.terms = only(&model.terms, |one| among(&one.head, &needed.terms, &whole.terms));
        kept.dimensions = only(&model.dimensions, |one| among(&one.head, &needed.dimensions, &whole.dimensions));
        kept
    }

    /// The clauses without those of suppliers to which no other one refers.
    fn clauses(&self) -> Model {
        let model = self.model;
        let for_customer = model.excluded_for_customer();
        let promised = |of: &Ref| {
            let commitment = model.commitments.get(&of.value).map(|one| self.stays(one));
            let support = model.supports.get(&of.value).map(|one| self.is_kept(one, model.is_suppliers_desk(one)));
            commitment.or(support).unwrap_or(true)
        };
        let by_supplier_alone = |one: &&str| !for_customer.contains(one);
        Model {
            commitments: model.commitments.filter_map(|one| self.commitment(one)),
            supports: only(&model.supports, |one| {
                self.is_kept(one, model.is_suppliers_desk(one)) || self.has_cases(one)
            }),
            escalations: only(&model.escalations, |one| !model.escalates_supplier(one)),
            duties: model.duties.filter_map(|one| self.duty(one)),
            maintenances: only(&model.maintenances, |one| {
                let alone = by_supplier_alone(&one.head.name.as_str());
                self.is_kept(one, alone && model.is_suppliers_maintenance(one))
            }),
            recoveries: only(&model.recoveries, |one| !model.is_supplier(one.between.by.as_ref())),
            reports: only(&model.reports, |one| self.is_kept(one, model.is_with_supplier(&one.between))),
            meetings: only(&model.meetings, |one| !model.is_with_supplier(&one.between)),
            notices: only(&model.notices, |one| !model.is_with_supplier(&one.between)),
            reviews: only(&model.reviews, |one| !model.is_with_supplier(&one.between)),
            records: only(&model.records, |one| !model.is_with_supplier(&one.between)),
            amendments: only(&model.amendments, |one| one.supplier.is_none()),
            disputes: only(&model.disputes, |one| one.supplier.is_none()),
            objectives: only(&model.objectives, |one| one.supplier.is_none()),
            audits: only(&model.audits, |one| !model.is_with_supplier(&one.between)),
            proposals: model.proposals_for_customer(),
            examples: only(&model.examples, |one| one.of.as_ref().is_none_or(promised)),
            ..model.clone()
        }
    }

    /// Whether something is declared in the agreement of another.
    fn is_elsewhere(&self, head: &Head) -> bool {
        self.model.agreement_elsewhere(head).is_some()
    }

    /// Whether a clause is kept: one that is not a supplier's, or to which another one refers.
    fn is_kept<T: Declared>(&self, one: &T, of_supplier: bool) -> bool {
        !of_supplier || self.needed.names.contains(&one.head().family)
    }

    /// What clauses read that are kept, and what none reads that is ours.
    fn defined<T: Declared + Clone>(&self, table: &Table<T>, of_supplier: impl Fn(&T) -> bool) -> Table<T> {
        only(table, |one| {
            let head = one.head();
            let is_idle = !self.whole.names.contains(&head.family) && !self.is_elsewhere(head) && !of_supplier(one);
            is_idle || self.needed.names.contains(&head.family)
        })
    }

    /// Whether something that is kept is judged by the cases of a desk: then by the times and pauses of that desk as well.
    fn has_cases(&self, support: &Support) -> bool {
        let family = |name: &str| family_of(name).to_owned();
        support.cases.as_ref().is_some_and(|cases| self.needed.names.contains(&family(&cases.value)))
    }

    /// Whether a commitment is kept.
    fn stays(&self, commitment: &Commitment) -> bool {
        self.is_kept(commitment, self.model.is_supplied(commitment.of.as_ref()))
    }

    /// A commitment; of a supplier's, what is promised without what is owed for it.
    fn commitment(&self, commitment: &Commitment) -> Option<Commitment> {
        if !self.model.is_supplied(commitment.of.as_ref()) {
            return Some(commitment.clone());
        }
        self.stays(commitment).then(|| Commitment {
            credit: None,
            times: Vec::new(),
            caps: Vec::new(),
            skip: None,
            combine: Vec::new(),
            claim: None,
            decide: None,
            pay: None,
            terminate: Vec::new(),
            remedy: None,
            ..commitment.clone()
        })
    }

    /// A duty, with those of the commitments that it excuses that are kept.
    fn duty(&self, duty: &Duty) -> Option<Duty> {
        if self.model.is_suppliers_duty(duty) {
            return None;
        }
        let mut duty = duty.clone();
        duty.excuses.retain(|of| self.model.commitments.get(&of.value).is_none_or(|one| self.stays(one)));
        Some(duty)
    }

    /// A party with its contacts.
    fn party(&self, party: &Party) -> Option<Party> {
        let supplies = party.role.as_ref().is_some_and(|role| role.value == Role::Supplier);
        if supplies && !self.needed.parties.contains(&party.head.name) {
            return None;
        }
        let stays = |contact: &Contact| {
            let key = (party.head.name.clone(), contact.head.name.clone());
            let is_elsewhere = self.model.contact_elsewhere(&party.head, &contact.head).is_some();
            let idle = !self.whole.contacts.contains(&key) && !is_elsewhere;
            self.needed.contacts.contains(&key) || (idle && !supplies)
        };
        let mut party = party.clone();
        party.contacts.retain(stays);
        Some(party)
    }

    fn has_service(&self, service: &Service) -> bool {
        let supplied = self.model.is_supplier(service.between.by.as_ref());
        !supplied || self.needed.services.contains(&service.head.name)
    }

    /// A service, with what it needs of those that are kept; of a supplier's, without the figure that is known of it.
    fn service(&self, service: &Service) -> Option<Service> {
        if !self.has_service(service) {
            return None;
        }
        let stays = |of: &Ref| self.model.services.get(&of.value).is_none_or(|one| self.has_service(one));
        let mut service = service.clone();
        service.depends_on.retain_mut(|dependency: &mut Dependency| match dependency.needs {
            Needs::All => {
                dependency.on.retain(stays);
                !dependency.on.is_empty()
            }
            // Of some of which not all are named nothing can be said.
            Needs::AtLeast(_) => dependency.on.iter().all(stays),
        });
        service.promised = None;
        Some(service)
    }
}

/// Those of a table that are kept.
fn only<T: Declared + Clone>(table: &Table<T>, keep: impl Fn(&T) -> bool) -> Table<T> {
    table.filter_map(|one| keep(one).then(|| one.clone()))
}
