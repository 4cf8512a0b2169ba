use super::{Builder, Poisonable, made};
use crate::model::{Contact, Party, Role, Service};
use crate::syntax::{Decl, Kind, NodeExt};

impl Builder<'_> {
    pub(super) fn party(&mut self, decl: &Decl) -> Poisonable<Party> {
        let all = self.statements("party", decl.block());
        let head = self.head(decl, None);
        let contacts = all.all("contact").map(|node| {
            let decl = Decl(node.clone());
            self.poisonable(&decl, |builder, decl| builder.contact(decl, &head.id))
        });
        let contacts = contacts.collect::<Vec<_>>();
        self.unique(contacts.iter().map(|contact| &contact.head), "contact");
        made!(Party {
            role: decl.kind().and_then(|token| self.choice(&token, &Role::WORDS)),
            address: self.said(&all, "address"),
            email: self.said(&all, "email"),
            phone: self.said(&all, "phone"),
            contacts,
            head,
        })
    }

    fn contact(&mut self, decl: &Decl, within: &str) -> Poisonable<Contact> {
        let all = self.statements("contact", decl.block());
        made!(Contact {
            head: self.head(decl, Some(within)),
            email: self.said(&all, "email"),
            phone: self.said(&all, "phone"),
            address: self.said(&all, "address"),
        })
    }

    pub(super) fn service(&mut self, decl: &Decl) -> Poisonable<Service> {
        let all = self.statements("service", decl.block());
        made!(Service {
            head: self.head(decl, None),
            between: self.between(&all),
            scope: self.said_all(&all, "scope"),
            out_of_scope: self.said_all(&all, "out of scope"),
            depends_on: self.references(&all, "depends on", &["service"]),
        })
    }

    /// The declaration after `of`, if it is of one of these kinds.
    pub(super) fn of(&mut self, decl: &Decl, kinds: &[&str]) -> Option<crate::model::Ref> {
        // What a template is of is the block that it is for.
        let token = decl.0.child(Kind::of_ref).filter(|_| decl.0.kind() != Kind::template)?.leaf(Kind::path)?;
        self.reference(&token, kinds)
    }
}
