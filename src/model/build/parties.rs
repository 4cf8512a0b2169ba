use super::along::Twin;
use super::expression::Local;
use super::{Builder, Poisonable, made};
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Contact, Dependency, Figure, Head, Needs, Party, Ref, Role, Service, Spanned, Words};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Node, NodeExt, Token, range_span};
use crate::values::Exact;
use std::collections::{BTreeMap, BTreeSet};

impl Builder<'_> {
    pub(super) fn party(&mut self, decl: &Decl) -> Poisonable<Party> {
        let all = self.statements("party", decl.block());
        let head = self.head(decl, None);
        let contacts = all.all("contact").map(|node| {
            let decl = Decl(node.clone());
            self.poisonable(&decl, |builder, decl| builder.contact(decl, &head.id))
        });
        let mut contacts = contacts.collect::<Vec<_>>();
        self.unique(contacts.iter().map(|contact| &contact.head), "contact");
        let role = decl.kind().and_then(|token| self.choice(&token, &Role::WORDS));
        let supplies = self.scope.suppliers.contains(&head.name);
        let role = role.map(|role| if supplies { Spanned { value: Role::Supplier, ..role } } else { role });
        let reached = REACHED.map(|what| self.said(&all, what));
        let there = self.scope.elsewhere.get(&head.name).copied();
        self.belong(&head, &contacts, there);
        self.add_twins(&head, &mut contacts, &reached);
        self.compare_twins(&head, role.as_ref());
        let [address, email, phone] = reached;
        made!(Party { role, address, email, phone, contacts, head })
    }

    /// Adds the contacts that a party has in other files, where it has none of the name. Of two that differ neither is meant
    /// more than the other; nor is one of two addresses.
    fn add_twins(&mut self, head: &Head, contacts: &mut Vec<Contact>, reached: &[Option<Words>]) {
        let file = self.scope.file;
        let mut differing = Vec::new();
        let is_own = |contact: &&Contact| contact.head.name_span.file == self.scope.root;
        let own: BTreeSet<String> = contacts.iter().filter(is_own).map(|contact| contact.head.name.clone()).collect();
        for twin in self.scope.twins.get(&head.name).cloned().unwrap_or_default() {
            self.scope.file = twin.file;
            // What is wrong in that block is told where the file is checked by itself.
            let all = self.plain_statements("party", &twin.decl);
            for (what, first) in REACHED.into_iter().zip(reached) {
                let first = first.as_ref().filter(|words| words.span.file != self.scope.root);
                if let (Some(first), Some(second)) = (first, self.said(&all, what))
                    && first.value != second.value
                {
                    differing.push(reached_otherwise(head, what, first.span, second.span));
                }
            }
            for node in all.all("contact") {
                let decl = Decl(node.clone());
                if decl.name().is_none_or(|name| own.contains(name.text())) {
                    continue;
                }
                let contact = self.poisonable(&decl, |builder, decl| builder.contact(decl, &head.id));
                match contacts.iter().find(|one| one.head.name == contact.head.name) {
                    None => {
                        self.belong(head, std::slice::from_ref(&contact), twin.elsewhere);
                        contacts.push(contact);
                    }
                    Some(first) if first.reads_as(&contact) => {}
                    Some(first) => differing.push(contact_differs(head, first, &contact)),
                }
            }
        }
        self.scope.file = file;
        differing.into_iter().for_each(|finding| self.tell(finding));
    }

    /// Tells where a party of another file, which is this one by its name, has another title, or provides to one whose
    /// customer it is.
    fn compare_twins(&mut self, head: &Head, role: Option<&Spanned<Role>>) {
        let name = &head.name;
        for Twin { file, decl, elsewhere } in self.scope.twins.get(name).cloned().unwrap_or_default() {
            let Some(there) = decl.name().map(|own| range_span(file, own.text_range())) else { continue };
            let title = decl.title().map(|title| self.scope.titled(title, file));
            if let (Some(ours), Some(theirs)) = (&head.title, &title)
                && !is_one_title(ours, theirs)
            {
                let message = format!("`{name}` is `{ours}` here, and `{theirs}` in the file that brings it along");
                let finding = Diagnostic::new(codes::PARTY_DIFFERS, head.name_span, message);
                self.tell(finding.primary("the party here").label(there, "the one there").help(
                    "both are taken for one party: write the same title in both files, or, if they are two, call one of them otherwise",
                ));
            }
            let provides =
                elsewhere.is_some() && decl.kind().is_some_and(|role| role.text() == Role::Provider.as_str());
            if let Some(role) = role.filter(|role| provides && role.value == Role::Customer) {
                let message = format!("`{name}` provides what is imported, and is a customer here");
                let finding = Diagnostic::new(codes::PARTY_DIFFERS, role.span, message);
                self.tell(finding.primary("signs as one").label(there, "the provider there").help(format!(
                    "what it promises stands among the promises to the customer: write `as supplier`, or, if it is both, call the supplier otherwise than `{name}` in one of the files"
                )));
            }
        }
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
            depends_on: all.all("depends on").filter_map(|node| self.dependency(node)).collect(),
            promised: all.one("promised").and_then(|node| self.figure(node)),
        })
    }

    /// The services of a `depends on`, and how many of them are needed.
    fn dependency(&mut self, node: &Node) -> Option<Dependency> {
        let span = self.span(node);
        let mut on: Vec<Ref> = Vec::new();
        let mut named: BTreeMap<String, Span> = BTreeMap::new();
        let counted = node.child(Kind::some_of);
        let some = counted.is_some() || node.leaf(Kind::any_of).is_some();
        let tokens: Vec<_> = node.leaves(Kind::path).collect();
        for token in &tokens {
            for needed in self.all_of(token, &["service"]) {
                match named.insert(needed.value.clone(), needed.span) {
                    None => on.push(needed),
                    // All of them are needed in any case.
                    Some(_) if !some => {}
                    Some(first) => {
                        let message =
                            format!("`{}` stands twice among the services of which some are enough", needed.value);
                        let finding = Diagnostic::new(codes::REPEATED_STATEMENT, needed.span, message);
                        self.tell(
                            finding
                                .primary("the second time")
                                .label(first, "the first time")
                                .help("a service does not stand in for itself: name each one once"),
                        );
                    }
                }
            }
        }
        let needs = match counted.and_then(|count| count.leaf(Kind::int)) {
            Some(count) => self.enough(&count, tokens.len())?,
            None if some => Needs::AtLeast(1),
            None => Needs::All,
        };
        (!on.is_empty()).then_some(Dependency { needs, on, span })
    }

    /// How many services of several are needed.
    fn enough(&mut self, count: &Token, of: usize) -> Option<Needs> {
        let number = count.text().replace('_', "").parse::<u32>().ok();
        let fits = |number: &u32| *number > 0 && usize::try_from(*number).is_ok_and(|number| number <= of);
        if let Some(number) = number.filter(fits) {
            return Some(Needs::AtLeast(number));
        }
        let services = if of == 1 { "service is" } else { "services are" };
        let message = format!("{} of {of} services cannot be needed", count.text());
        let finding = Diagnostic::new(codes::OUT_OF_RANGE, self.at(count), message);
        self.tell(finding.primary(format!("{of} {services} named after it")).help(match of {
            1 => "write `depends on` and the service: it is needed".to_owned(),
            _ => format!("write a number from 1 to {of}; `depends on` without a number needs all of them"),
        }));
        None
    }

    /// A promise that is known by its figure alone.
    fn figure(&mut self, node: &Node) -> Option<Figure> {
        let query = node.child(Kind::query)?;
        let bound = self.query_per(&query, &Local::default());
        let window = self.query_window(&query, "`promised`");
        if bound.is_poison() {
            return None;
        }
        if query.child(Kind::per).is_none() {
            let message = "`promised` does not say over which window it holds";
            let finding = Diagnostic::new(codes::INCOMPLETE_STATEMENT, self.span(node), message);
            self.tell(
                finding.primary("`per …` is missing").help("write for example `promised 99.9% per calendar month`"),
            );
            return None;
        }
        let window = window?;
        let value = self.fold_whole(&bound);
        let share = |value: &Value| match value {
            Value::Ratio(share) => share.0.signum() >= 0 && share.0 <= Exact::one(),
            _ => false,
        };
        let help =
            "write the part of the time in which the service works at least: `promised 99.9% per calendar month`";
        let (code, message, primary) = match &value {
            Some(found) if share(found) => {
                return Some(Figure { value: found.clone(), bound, window, span: self.span(node) });
            }
            Some(Value::Ratio(_)) => {
                (codes::OUT_OF_RANGE, "`promised` is outside 0% to 100%", "no part of the time".to_owned())
            }
            Some(other) => (codes::UNIT_MISMATCH, "`promised` needs a percentage", format!("this is {}", other.ty())),
            None => (codes::WRONG_ARGUMENT, "`promised` needs a value that the file tells", "this is none".to_owned()),
        };
        self.tell(Diagnostic::new(code, bound.span, message).primary(primary).help(help));
        None
    }

    /// The declaration after `of`, if it is of one of these kinds.
    pub(super) fn of(&mut self, decl: &Decl, kinds: &[&str]) -> Option<crate::model::Ref> {
        // What a template is of is the block that it is for.
        let token = decl.0.child(Kind::of_ref).filter(|_| decl.0.kind() != Kind::template)?.leaf(Kind::path)?;
        self.reference(&token, kinds)
    }
}

/// The statements that say how a party itself is reached.
const REACHED: [&str; 3] = ["address", "email", "phone"];

/// That two files say different things of one contact.
fn contact_differs(party: &Head, first: &Contact, second: &Contact) -> Diagnostic {
    let (party, contact) = (&party.name, &first.head.name);
    let of_one = format!("give `{party}` a contact `{contact}` in this agreement, which then holds for all of it");
    differs(&format!("`{party}.{contact}`"), (first.head.name_span, second.head.name_span), &of_one)
}

/// That two files say different things of how a party is reached.
fn reached_otherwise(party: &Head, what: &str, first: Span, second: Span) -> Diagnostic {
    let of_one = format!("declare `{}` in this agreement, whose `{what}` then holds", party.name);
    differs(&format!("the `{what}` of `{}`", party.name), (first, second), &of_one)
}

/// That something is not the same in two files, at these places; `of_one` says how this agreement decides.
fn differs(what: &str, (first, second): (Span, Span), of_one: &str) -> Diagnostic {
    let message = format!("{what} is not the same in two files from which something is imported");
    Diagnostic::new(codes::PARTY_DIFFERS, second, message)
        .primary("does not hold here")
        .label(first, "holds here, since this file is imported first")
        .help(format!("write the same in both files; or {of_one}"))
}

/// Whether two titles differ by nothing but their spaces and capitals.
fn is_one_title(one: &str, other: &str) -> bool {
    let words = |title: &str| title.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(one) == words(other)
}
