//! The head clauses of the agreement, parties, services, fees, constants and terms.

use schemars::JsonSchema;
use serde::Serialize;

use super::commitments::{Cap, Skip};
use super::common::{Anchor, Head, PartyRef, all, one, text, texts};
use super::expression::Expression;
use super::value::{Amount, Currency, Day, Window, YearlyDay};
use super::words::{AgreementPart, Payment, Role, Status, Unused};
use crate::model;
use crate::values::Date;

/// The agreement itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Agreement {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// How far it has got.
    pub status: Option<Status>,
    /// The version of its text.
    pub version: Option<String>,
    /// Earlier versions.
    pub history: Vec<Edition>,
    /// From when to when it holds.
    pub effective: Option<Effective>,
    /// Whether and how it renews itself.
    pub renews: Option<Renewal>,
    /// The day of the month on which billing months begin, or the last day of a month without it: 1 if the agreement does
    /// not say it. Billing quarters and years begin with the billing month in which the agreement takes effect.
    #[schemars(range(min = 1, max = 31))]
    pub billing_month_starts: u8,
    /// The day on which fiscal years begin: `01-01` if the agreement does not say it. Fiscal quarters and months are counted
    /// from it, and begin on that day of a month, or on the last day of a month without it.
    pub fiscal_year_starts: YearlyDay,
    /// The IANA zone that all local times are in.
    pub timezone: Option<String>,
    /// The currency of all money.
    pub currency: Option<Currency>,
    /// The law that governs it.
    pub law: Option<String>,
    /// The language of its text.
    pub language: Option<String>,
    /// What may be asked for when a promise is broken.
    pub remedy: Option<Remedy>,
    /// Limits of all credits together.
    pub caps: Vec<Cap>,
    /// Credits too small to pay.
    pub skip: Option<Skip>,
    /// How credits are paid.
    pub pay: Option<Payment>,
    /// What becomes of credits that no invoice has taken when the agreement ends.
    pub unused: Option<Unused>,
    /// Parts that are left out on purpose.
    pub waivers: Vec<Waiver>,
}

/// An earlier version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edition {
    /// Its number.
    pub version: String,
    /// Its date.
    pub date: Day,
    /// What it changed.
    pub note: Option<String>,
}

/// From when to when an agreement holds, in local dates of its zone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Effective {
    /// The first day.
    pub from: Day,
    /// The last day, included; null for an agreement without an end.
    pub to: Option<Day>,
    /// The day after the last: the agreement holds until the start of that day.
    pub until: Option<Day>,
}

/// How an agreement renews itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Renewal {
    /// For how long each time.
    pub every: Amount,
    /// How a renewal is prevented.
    pub unless_cancelled: Option<Cancellation>,
}

/// How a renewal is prevented.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cancellation {
    /// How long before.
    pub amount: Amount,
    /// Before what.
    pub before: Anchor,
}

/// What may be asked for when a promise is broken.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Remedy {
    /// Whether credits and termination are the only remedies.
    pub sole: bool,
    /// Words of its own.
    pub words: Option<String>,
}

/// A part that is left out on purpose.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Waiver {
    /// Which.
    pub part: AgreementPart,
    /// Why.
    pub reason: Option<String>,
}

/// A party.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Party {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// What it is in the agreement.
    pub role: Option<Role>,
    /// Its address.
    pub address: Option<String>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its contacts.
    pub contacts: Vec<Contact>,
}

/// Somebody at a party.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Contact {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The address.
    pub address: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
}

/// A service.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Service {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who provides it.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// What is covered.
    pub scope: Vec<String>,
    /// What is not.
    pub out_of_scope: Vec<String>,
    /// What it needs of other services; all of these must be fulfilled.
    pub depends_on: Vec<Dependency>,
    /// What its provider is known to promise of it, where no commitment says that.
    pub promised: Option<Figure>,
}

/// Services of which another one needs all or some.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dependency {
    /// How many of them are needed at least; as many as there are where all of them are.
    #[schemars(range(min = 1))]
    pub needs: usize,
    /// The services, by name, each once.
    pub on: Vec<String>,
}

/// A promise of a supplier that is known by its figure alone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Figure {
    /// The part of the window in which the service works at least.
    pub bound: Expression,
    /// The window over which it holds.
    pub window: Window,
}

/// A fee: the base of credits and caps.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fee {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The service or support that it is for, by name.
    pub of: Option<String>,
    /// The amount.
    pub amount: Expression,
    /// For which period; null where it follows from other fees.
    pub per: Option<Window>,
}

/// A value with a name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Constant {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Its value.
    pub value: Expression,
}

/// A word with a meaning of its own; its title is the word.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Term {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// What it means.
    pub means: Option<String>,
}

impl From<&model::Agreement> for Agreement {
    fn from(agreement: &model::Agreement) -> Self {
        let anchors = agreement.anchors(Date::constant(2027, 1, 1));
        Agreement {
            head: (&agreement.head).into(),
            status: agreement.status.as_ref().map(|status| status.value.into()),
            version: text(&agreement.version),
            history: all(&agreement.history),
            effective: one(&agreement.effective),
            renews: one(&agreement.renews),
            billing_month_starts: anchors.billing_day.unsigned_abs(),
            fiscal_year_starts: anchors.fiscal_start.into(),
            timezone: agreement.zone.as_ref().map(|zone| zone.value.name().to_owned()),
            currency: agreement.currency.as_ref().map(|currency| currency.value.into()),
            law: text(&agreement.law),
            language: text(&agreement.language),
            remedy: one(&agreement.remedy),
            caps: all(&agreement.caps),
            skip: one(&agreement.skip),
            pay: agreement.pay.as_ref().map(|pay| pay.value.into()),
            unused: agreement.unused.as_ref().map(|unused| unused.value.into()),
            waivers: all(&agreement.waivers),
        }
    }
}

impl From<&model::Edition> for Edition {
    fn from(edition: &model::Edition) -> Self {
        Edition { version: edition.version.clone(), date: edition.date.into(), note: edition.note.clone() }
    }
}

impl From<&model::Effective> for Effective {
    fn from(effective: &model::Effective) -> Self {
        Effective {
            from: effective.from.into(),
            to: effective.to.map(Into::into),
            until: effective.to.and_then(|last| last.tomorrow().ok()).map(Into::into),
        }
    }
}

impl From<&model::Renewal> for Renewal {
    fn from(renewal: &model::Renewal) -> Self {
        let cancellation = renewal.unless_cancelled.as_ref();
        Renewal {
            every: (&renewal.every).into(),
            unless_cancelled: cancellation
                .map(|(amount, before)| Cancellation { amount: amount.into(), before: before.into() }),
        }
    }
}

impl From<&model::Remedy> for Remedy {
    fn from(remedy: &model::Remedy) -> Self {
        Remedy { sole: remedy.sole, words: remedy.words.clone() }
    }
}

impl From<&model::Waiver> for Waiver {
    fn from(waiver: &model::Waiver) -> Self {
        Waiver { part: waiver.part.into(), reason: waiver.reason.clone() }
    }
}

impl From<&model::Party> for Party {
    fn from(party: &model::Party) -> Self {
        Party {
            head: (&party.head).into(),
            role: party.role.as_ref().map(|role| role.value.into()),
            address: text(&party.address),
            email: text(&party.email),
            phone: text(&party.phone),
            contacts: all(&party.contacts),
        }
    }
}

impl From<&model::Contact> for Contact {
    fn from(contact: &model::Contact) -> Self {
        Contact {
            head: (&contact.head).into(),
            address: text(&contact.address),
            email: text(&contact.email),
            phone: text(&contact.phone),
        }
    }
}

impl From<&model::Service> for Service {
    fn from(service: &model::Service) -> Self {
        Service {
            head: (&service.head).into(),
            by: one(&service.between.by),
            to: all(&service.between.to),
            scope: texts(&service.scope),
            out_of_scope: texts(&service.out_of_scope),
            depends_on: all(&service.depends_on),
            promised: one(&service.promised),
        }
    }
}

impl From<&model::Dependency> for Dependency {
    fn from(dependency: &model::Dependency) -> Self {
        let needs = match dependency.needs {
            model::Needs::All => dependency.on.len(),
            model::Needs::AtLeast(number) => usize::try_from(number).unwrap_or(usize::MAX),
        };
        Dependency { needs, on: texts(&dependency.on) }
    }
}

impl From<&model::Figure> for Figure {
    fn from(figure: &model::Figure) -> Self {
        Figure { bound: (&figure.bound).into(), window: (&figure.window).into() }
    }
}

impl From<&model::Fee> for Fee {
    fn from(fee: &model::Fee) -> Self {
        Fee { head: (&fee.head).into(), of: text(&fee.of), amount: (&fee.amount).into(), per: one(&fee.per) }
    }
}

impl From<&model::Constant> for Constant {
    fn from(constant: &model::Constant) -> Self {
        Constant { head: (&constant.head).into(), value: (&constant.value).into() }
    }
}

impl From<&model::Term> for Term {
    fn from(term: &model::Term) -> Self {
        Term { head: (&term.head).into(), means: text(&term.means) }
    }
}
