//! What an agreement has of the agreements of others: it belongs to those, wherever they have it from.

use super::Builder;
use super::along::Key;
use super::imports::Local;
use super::statements::Statements;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Contact, Head, Model, Ref};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, NodeExt, Token, Tree};
use std::collections::{BTreeMap, BTreeSet};

impl Builder<'_> {
    /// Whether another agreement stands in a file.
    fn is_elsewhere(&self, file: FileId) -> bool {
        file != self.scope.root && self.scope.agreed.contains(&file)
    }

    /// The agreements elsewhere, in the order of their files, each with all that it names for itself.
    fn names_elsewhere(&self, linked: &Linked) -> Vec<(FileId, Vec<Key>)> {
        let there = linked.others.iter().map(|tree| tree.file).filter(|file| self.is_elsewhere(*file));
        let of = |file: FileId| {
            let names = self.scope.locals.range((file, String::new())..).take_while(|((at, _), _)| *at == file);
            names.filter_map(|((_, name), _)| self.origin(file, name)).map(|(file, name, _)| (file, name)).collect()
        };
        there.map(|file| (file, of(file))).collect()
    }

    /// What belongs to an agreement elsewhere, with the file of that: what is declared there, and what it has of other files
    /// unless we have that ourselves.
    pub(super) fn belonging_elsewhere(&self, linked: &Linked, all: &BTreeSet<Key>) -> BTreeMap<Key, FileId> {
        let there = self.names_elsewhere(linked);
        if there.is_empty() {
            return BTreeMap::new();
        }
        let root = linked.root.file;
        let imported = self.scope.locals.range((root, String::new())..).take_while(|((at, _), _)| *at == root);
        let imported =
            imported.filter(|(_, local)| matches!(local, Local::Imported(from, _) if !self.is_elsewhere(*from)));
        let ours = imported.filter_map(|((_, name), _)| self.origin(root, name)).map(|(file, name, _)| (file, name));
        let ours = self.closure(ours.collect(), |key| self.is_elsewhere(key.0));
        let mut belonging = BTreeMap::new();
        for (file, names) in there {
            let theirs = self.closure(names, |_| false).into_iter().filter(|key| all.contains(key));
            for key in theirs.filter(|key| self.is_elsewhere(key.0) || !ours.contains(key)) {
                let file = if self.is_elsewhere(key.0) { key.0 } else { file };
                belonging.entry(key).or_insert(file);
            }
        }
        belonging
    }

    /// Whether the terms of a supplier stand in a file: who provides here is the customer there.
    pub(super) fn is_of_supplier(&self, linked: &Linked, tree: &Tree) -> bool {
        let provides = |name: &Token| match self.origin(linked.root.file, name.text()) {
            Some((file, _, Local::Declared(decl, "party"))) if file != tree.file => has_role(&decl, "provider"),
            _ => linked.root.root.children().filter(|node| node.kind() == Kind::decl).map(Decl).any(|decl| {
                decl.keyword() == "party"
                    && decl.name().is_some_and(|own| own.text() == name.text())
                    && has_role(&decl, "provider")
            }),
        };
        let declared = tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl);
        let mut customers = declared.filter(|decl| decl.keyword() == "party" && has_role(decl, "customer"));
        customers.any(|decl| decl.name().is_some_and(|name| provides(&name)))
    }

    /// Adds the promises of suppliers that shared terms import with the service which they are about: who has terms that need the
    /// service has what they rest on. Who has other things of the file, such as a party, has not.
    pub(super) fn add_promises(&self, linked: &Linked, all: &mut BTreeSet<Key>) {
        let supplies = |tree: &Tree| self.is_elsewhere(tree.file) || self.is_of_supplier(linked, tree);
        let suppliers: BTreeSet<FileId> =
            linked.others.iter().filter(|tree| supplies(tree)).map(|tree| tree.file).collect();
        let shared = || linked.others.iter().map(|tree| tree.file).filter(|file| !suppliers.contains(file));
        loop {
            let mut found = Vec::new();
            for file in shared() {
                let here = all.range((file, String::new())..).take_while(|key| key.0 == file);
                let needed = self.closure(here.cloned().collect(), |_| false);
                let locals = self.scope.locals.range((file, String::new())..).take_while(|((at, _), _)| *at == file);
                let imported = locals.filter(|(_, local)| matches!(local, Local::Imported(..)));
                for ((_, name), _) in imported {
                    let Some((there, name, Local::Declared(decl, "commitment"))) = self.origin(file, name) else {
                        continue;
                    };
                    let of = decl.of().and_then(|of| self.origin(there, of.text()));
                    let is_needed = of.is_some_and(|(file, name, _)| needed.contains(&(file, name)));
                    let key = (there, name);
                    if is_needed && suppliers.contains(&there) && !all.contains(&key) {
                        found.push(key);
                    }
                }
            }
            if found.is_empty() {
                return;
            }
            all.extend(self.closure(found, |_| false));
        }
    }

    /// Adds the duties of other agreements that excuse what is imported of them: nobody imports a promise without what it
    /// depends on. What else such a duty excuses stays there.
    pub(super) fn add_excuses(&self, linked: &Linked, all: &mut BTreeSet<Key>) {
        let is =
            |key: &Key, kind: &str| matches!(self.scope.locals.get(key), Some(Local::Declared(_, it)) if *it == kind);
        let names: BTreeSet<Key> = self.names_elsewhere(linked).into_iter().flat_map(|(_, names)| names).collect();
        let duties = names.into_iter().filter(|key| is(key, "duty") && !all.contains(key));
        // The commitments that a duty names are those that it excuses.
        let excuses: Vec<BTreeSet<Key>> =
            duties.map(|duty| self.closure(vec![duty], |key| is(key, "commitment"))).collect();
        let mut found = BTreeSet::new();
        for mut named in excuses {
            if named.iter().any(|key| is(key, "commitment") && all.contains(key)) {
                named.retain(|key| !is(key, "commitment"));
                found.extend(named);
            }
        }
        all.extend(found);
    }

    /// The commitments that a duty excuses; of one that came along, those that are here.
    pub(super) fn excused(&mut self, statements: &Statements) -> Vec<Ref> {
        let tokens: Vec<Token> = statements.all("excuses").flat_map(|node| node.leaves(Kind::path)).collect();
        let here: Vec<&Token> = tokens.iter().filter(|token| !self.is_left_there(token)).collect();
        here.into_iter().flat_map(|token| self.all_of(token, &["commitment"])).collect()
    }

    /// Whether a token names a commitment of another file that this agreement does not have.
    fn is_left_there(&self, token: &Token) -> bool {
        let origin = self.scope.path(token).and_then(|(text, file)| {
            let first = text.split('.').next().unwrap_or_default().to_owned();
            self.origin(file, &first)
        });
        match origin {
            Some((file, name, Local::Declared(_, "commitment"))) => {
                file != self.scope.root && !self.scope.globals.contains_key(&(file, name))
            }
            _ => false,
        }
    }

    /// Notes that contacts of a party belong to an agreement elsewhere, where they do.
    pub(super) fn belong(&mut self, party: &Head, contacts: &[Contact], there: Option<FileId>) {
        let names = contacts.iter().map(|contact| Model::contact_called(&party.name, &contact.head.name));
        self.scope.elsewhere.extend(there.into_iter().flat_map(|there| names.clone().map(move |name| (name, there))));
    }

    /// A party of another agreement: its provider is a supplier of this one, and its customer should be one of us.
    pub(super) fn take_foreign_party(&mut self, decl: &Decl, name: &str, at: Span) {
        let role = decl.kind().map(|token| token.text().to_owned()).unwrap_or_default();
        match role.as_str() {
            "provider" => {
                self.scope.suppliers.insert(name.to_owned());
            }
            // What an import does not bring may be the customer.
            "customer" if !self.scope.is_open => {
                let message = format!("`{name}` is the customer of what is imported, and no party here is called so");
                let there = decl.name().map_or(at, |own| self.at(&own));
                let finding = Diagnostic::new(codes::UNDEFINED_NAME, at, message).primary("comes along with this");
                self.tell(finding.label(there, "the customer there").help(format!(
                    "the supplier's customer is a party of this agreement: call it `{name}` in both files"
                )));
            }
            _ => {}
        }
    }
}

fn has_role(party: &Decl, role: &str) -> bool {
    party.kind().is_some_and(|token| token.text() == role)
}
