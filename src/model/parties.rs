//! Parties, services and fees.

use super::table::declared;
use super::{Between, Head, Ref, Spanned, Words};
use crate::calculus::{Expr, Value};
use crate::source::Span;
use crate::values::Window;

/// A party.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its name and title.
    pub head: Head,
    /// What it is in the agreement.
    pub role: Option<Spanned<Role>>,
    /// Its address.
    pub address: Option<Words>,
    /// Its e-mail address.
    pub email: Option<Words>,
    /// Its telephone number.
    pub phone: Option<Words>,
    /// Its contacts.
    pub contacts: Vec<Contact>,
}
declared!(Party, Contact, Service, Fee);

impl Party {
    /// The contact of this name.
    pub fn contact(&self, name: &str) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.head.name == name)
    }
}

/// What a party is in an agreement. Provider and customer sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Provides the services.
    Provider,
    /// Receives them.
    Customer,
    /// Provides something to the provider.
    Supplier,
}

impl Role {
    /// Every role, with the word for it in a file.
    pub const WORDS: [(&'static str, Role); 3] =
        [("provider", Role::Provider), ("customer", Role::Customer), ("supplier", Role::Supplier)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Role::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }
}

/// Somebody at a party.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its name and title.
    pub head: Head,
    /// The e-mail address.
    pub email: Option<Words>,
    /// The telephone number.
    pub phone: Option<Words>,
    /// The address.
    pub address: Option<Words>,
}

impl Contact {
    /// Whether two contacts say the same, wherever they stand.
    #[must_use]
    pub fn reads_as(&self, other: &Contact) -> bool {
        let words = |of: &Contact| {
            [&of.email, &of.phone, &of.address].map(|words| words.as_ref().map(|words| words.value.clone()))
        };
        self.head.title == other.head.title && words(self) == words(other)
    }
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name and title.
    pub head: Head,
    /// Who provides it to whom.
    pub between: Between,
    /// What is covered.
    pub scope: Vec<Words>,
    /// What is not.
    pub out_of_scope: Vec<Words>,
    /// What it needs of other services; all of these must be fulfilled.
    pub depends_on: Vec<Dependency>,
    /// What its provider is known to promise of it, where no commitment says that.
    pub promised: Option<Figure>,
}

impl Service {
    /// The services that it needs, with those of which some are enough.
    pub fn needed(&self) -> impl Iterator<Item = &Ref> {
        self.depends_on.iter().flat_map(|dependency| &dependency.on)
    }
}

/// Services of which another one needs all or some.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// How many of them it needs.
    pub needs: Needs,
    /// The services, each once.
    pub on: Vec<Ref>,
    /// Where it stands.
    pub span: Span,
}

/// How many of several services are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Each of them.
    All,
    /// At least so many, whichever they are.
    AtLeast(u32),
}

/// A promise of a supplier that is known by its figure alone.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The part of the window in which the service works at least.
    pub bound: Expr,
    /// Its value.
    pub value: Value,
    /// The window over which it holds.
    pub window: Window,
    /// Where it stands.
    pub span: Span,
}

/// A fee: the base of credits and caps.
#[derive(Clone, Debug)]
pub struct Fee {
    /// Its name and title.
    pub head: Head,
    /// The service or support that it is for.
    pub of: Option<Ref>,
    /// The amount: money, the sum of other fees, or what is invoiced.
    pub amount: Expr,
    /// The amount computed, where nothing is invoiced.
    pub exact: Option<Value>,
    /// For which period; none where it follows from other fees.
    pub per: Option<Window>,
}
