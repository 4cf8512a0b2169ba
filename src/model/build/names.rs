//! The names of a file: what each stands for, and what is said when one stands for nothing.

mod meaning;
mod undefined;

use super::along::{Along, Twin};
use super::dimensions::Dimensions;
use super::expression::{Found, Margin, Named};
use super::families::Family;
use super::imports::Locals;
use super::places::Views;
use crate::calculus::{Grain, Type, Value};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::model::{Party, Role, Signal, Table, Variant, family_of};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Unread};
use crate::values::Currency;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The words that stand for something in every agreement, so that nothing can be called so, and what each of them is.
const RESERVED: &[(&str, &str)] = &[
    ("target", "the value that a commitment promises"),
    ("attained", "what the target of a commitment has measured"),
    ("window", "the length of the window of a commitment"),
    ("invoiced", "what the provider invoices"),
    ("priority", "the priority of a case"),
    ("length", "the length of a run"),
    ("true", "a condition that holds"),
    ("false", "a condition that does not hold"),
    ("credit", "what an example expects to be paid"),
    ("met", "whether the targets of a commitment are met"),
    ("terminate", "whether a commitment gives a right to terminate"),
    ("always", "the calendar that never closes"),
];
/// The most parts of all sums over open dimensions together.
const MOST_SUMMED: usize = 2_000_000;
/// For how many undefined names the name that was meant is looked for, since each is compared with all that exist.
const SUGGESTED: usize = 50;

/// What a name stands for.
pub(super) struct Symbol {
    /// The keyword of its declaration.
    pub keyword: &'static str,
    /// Its name there.
    pub span: Span,
    /// What else is declared under the name, after an error.
    pub others: Vec<&'static str>,
    /// Whether a part of the declaration could not be read.
    pub broken: bool,
}

/// What a word stands for in every agreement; nothing for a word that is free to be a name.
pub(super) fn reserved(name: &str) -> Option<&'static str> {
    RESERVED.iter().find(|(word, _)| *word == name).map(|(_, what)| *what)
}

/// All names, with what is known of them so far.
pub(super) struct Scope<'a> {
    /// The file that is lowered, and in which view.
    pub file: FileId,
    /// The file of the agreement itself.
    pub root: FileId,
    /// How many files there are.
    pub files: usize,
    unread: BTreeMap<FileId, &'a Unread>,
    /// The keyword of the declaration that is lowered.
    pub keyword: &'static str,
    /// The file in which the head of that declaration stands, also while a template that it uses is read.
    pub headed: FileId,
    /// For which options what is lowered is lowered.
    pub variant: Variant,
    pub dimensions: Dimensions,
    /// The dimensions of which the agreement has some options only.
    pub narrowed: super::narrowed::AllNarrowed,
    /// The files that have some options only, by the dimension, in the order of the files; and which options those are.
    pub narrows: Vec<super::narrowed::Narrows>,
    /// The files with an agreement.
    pub agreed: BTreeSet<FileId>,
    /// What differs by dimensions, by its name.
    pub families: BTreeMap<String, Family>,
    pub views: Views,
    /// Uses of templates that cannot be followed: that they are too deep or too many, by no place; and circles, each by the
    /// places of its uses. Whoever comes upon one first may be looking without telling anything, so that these findings
    /// are kept apart until the end.
    pub endless: BTreeMap<BTreeSet<(FileId, u32)>, Diagnostic>,
    /// The block for some options that is tried in a template by itself.
    pub tried: Option<rowan::TextRange>,
    /// The rows of what differs, by where it is declared.
    pub rows: BTreeMap<Span, super::rows::Rows>,
    /// What the names of each file stand for there.
    pub locals: Locals,
    /// What the uses of templates at the top of other files make, with what those files call it.
    pub made: BTreeMap<FileId, Vec<(String, Decl)>>,
    /// The files with a use of which it is not known what it makes.
    pub unmade: BTreeSet<FileId>,
    /// What the agreement imports by name and does not use, by its name where it is declared.
    pub idle: BTreeSet<(FileId, String)>,
    /// What the agreement calls that which a file calls by a name.
    pub globals: BTreeMap<(FileId, String), String>,
    /// Which of that belongs to other agreements, with the files of those.
    pub elsewhere: BTreeMap<String, FileId>,
    /// What comes along with imports, by its name where it is declared.
    pub along: BTreeMap<String, Vec<Along>>,
    /// Parties of other files that are parties of the agreement, by their name.
    pub twins: BTreeMap<String, Vec<Twin>>,
    /// The parties that provide what is imported, by name.
    pub suppliers: BTreeSet<String>,
    /// The constants whose names stand for lengths of time.
    pub lengths: BTreeSet<String>,
    /// The bodies of templates, by where they are used and where they stand.
    pub bodies: BTreeMap<(Span, Span), Node>,
    /// The templates that are used somewhere, by where they stand.
    pub used: BTreeSet<Span>,
    pub currency: Option<Currency>,
    symbols: BTreeMap<String, Symbol>,
    poisoned: BTreeSet<String>,
    /// Whether the agreement may have parts that are not known, such as those that an import should bring.
    pub is_open: bool,
    /// Whether it may have names that are not known, such as those that a template should declare.
    pub is_any_name: bool,
    /// The dimensions in a head that has too many combinations of options: something was to differ by them.
    pub crowded: BTreeSet<String>,
    /// Whether a declaration may differ by dimensions that are not known, after an error.
    pub is_any_option: bool,
    contacts: BTreeMap<String, Rc<BTreeSet<String>>>,
    roles: BTreeMap<String, Role>,
    signals: BTreeMap<String, Rc<Signal>>,
    typed: BTreeMap<String, (Type, Grain)>,
    warned: BTreeSet<String>,
    /// Where promises are asked for a warning margin that they do not have for some option that this is for, or supports for a
    /// priority: the error where they have it for none of those.
    pub lacks: BTreeMap<Span, Diagnostic>,
    /// Where they have it for some.
    pub has: BTreeSet<Span>,
    /// The declarations of shared files with what they have for options that the agreement leaves out: a warning margin (`warn`),
    /// or a priority by its name.
    pub left_out: BTreeSet<(String, String)>,
    /// Signals of which it is not known what they are.
    kindless: BTreeSet<String>,
    /// Whether the agreement may have a currency that could not be read.
    pub currency_open: bool,
    supports: BTreeMap<String, (Vec<String>, Option<String>)>,
    /// The channels of all supports; nothing where they are not all known.
    pub channels: Option<super::channels::Channels>,
    /// How often nothing was said about a name though it could not be resolved.
    pub hushed: usize,
    /// Where names stand that nothing is called.
    undefined: BTreeMap<Span, String>,
    /// The parts of all sums over open dimensions.
    pub summed: usize,
    /// By which dimensions each sum is taken over all options, by its place.
    pub sums: BTreeMap<Span, Vec<String>>,
    /// What is said for some options, by its place: whether it holds for one of the variants that were lowered.
    pub holding: BTreeMap<Span, bool>,
    /// The values of constants and fees that can be computed from the file.
    pub exact: BTreeMap<String, Value>,
    /// The fees, and the constants that are computed from one: what they come to differs from period to period.
    pub of_fees: BTreeSet<String>,
}

impl<'a> Scope<'a> {
    pub fn new(linked: &'a Linked) -> Scope<'a> {
        let trees = || std::iter::once(&linked.root).chain(&linked.others);
        Scope {
            file: linked.root.file,
            root: linked.root.file,
            files: trees().count(),
            unread: trees().map(|tree| (tree.file, &tree.unread)).collect(),
            keyword: "",
            headed: linked.root.file,
            variant: Variant::new(),
            dimensions: Dimensions::default(),
            narrowed: BTreeMap::new(),
            narrows: Vec::new(),
            agreed: trees().filter(|tree| super::leftovers::is_agreement(tree)).map(|tree| tree.file).collect(),
            families: BTreeMap::new(),
            views: Views::default(),
            endless: BTreeMap::new(),
            tried: None,
            rows: BTreeMap::new(),
            locals: Locals::new(),
            made: BTreeMap::new(),
            unmade: BTreeSet::new(),
            idle: BTreeSet::new(),
            globals: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            along: BTreeMap::new(),
            twins: BTreeMap::new(),
            suppliers: BTreeSet::new(),
            lengths: BTreeSet::new(),
            bodies: BTreeMap::new(),
            used: BTreeSet::new(),
            currency: None,
            symbols: BTreeMap::new(),
            poisoned: BTreeSet::new(),
            is_open: false,
            is_any_name: false,
            crowded: BTreeSet::new(),
            is_any_option: false,
            contacts: BTreeMap::new(),
            roles: BTreeMap::new(),
            signals: BTreeMap::new(),
            typed: BTreeMap::new(),
            warned: BTreeSet::new(),
            lacks: BTreeMap::new(),
            has: BTreeSet::new(),
            left_out: BTreeSet::new(),
            kindless: BTreeSet::new(),
            currency_open: false,
            supports: BTreeMap::new(),
            channels: None,
            hushed: 0,
            undefined: BTreeMap::new(),
            summed: 0,
            sums: BTreeMap::new(),
            holding: BTreeMap::new(),
            exact: BTreeMap::new(),
            of_fees: BTreeSet::new(),
        }
    }

    /// Declares a name; the place of the first declaration where there is one already.
    pub fn declare(&mut self, name: &str, keyword: &'static str, span: Span, broken: bool) -> Option<Span> {
        if let Some(first) = self.symbols.get_mut(name) {
            first.others.push(keyword);
            first.broken |= broken;
            return Some(first.span);
        }
        self.symbols.insert(name.to_owned(), Symbol { keyword, span, others: Vec::new(), broken });
        None
    }

    /// Declares the name of something that is not understood.
    pub fn poison(&mut self, decl: &Decl) {
        let name = decl.name().or_else(|| decl.0.leaf(Kind::ident));
        self.poisoned.extend(name.map(|name| name.text().to_owned()));
    }

    /// Declares a name of which nothing more is known.
    pub fn poison_name(&mut self, name: &str) {
        self.poisoned.insert(name.to_owned());
    }

    /// What could not be read of a file.
    pub fn unread_in(&self, file: FileId) -> &'a Unread {
        const NOTHING: &Unread = &Unread {
            any: false,
            words: BTreeSet::new(),
            places: Vec::new(),
            nameless: BTreeSet::new(),
            unclosed: BTreeSet::new(),
            odd_names: Vec::new(),
            torn: Vec::new(),
        };
        self.unread.get(&file.plain()).copied().unwrap_or(NOTHING)
    }

    /// What could not be read of the file that is lowered.
    pub fn unread(&self) -> &'a Unread {
        self.unread_in(self.file)
    }

    /// Whether a name of the agreement stands for something already.
    pub fn is_taken(&self, name: &str) -> bool {
        self.symbols.contains_key(name) || self.poisoned.contains(name) || reserved(name).is_some()
    }

    /// What the file that is lowered calls by a name.
    pub fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.symbols.get(self.global(name, self.file)?)
    }

    /// The declaration of a name of the agreement, in whichever variant.
    pub fn symbol_of(&self, name: &str) -> Option<&Symbol> {
        self.symbols.get(family_of(name))
    }

    /// Whether nothing should be said about a name: it may stand in text that could not be read.
    pub fn is_murky(&self, name: &str) -> bool {
        self.is_any_name || self.unmade.contains(&self.file.plain()) || self.is_unreadable(name)
    }

    /// Whether a name stands in text that could not be read, or was not found.
    pub fn is_unreadable(&self, name: &str) -> bool {
        let odd = || self.unread().odd_names.iter().map(String::as_str).take(SUGGESTED);
        self.poisoned.contains(name)
            || self.unread().words.contains(name)
            || odd().any(|odd| odd.eq_ignore_ascii_case(name))
            || did_you_mean(name, odd()).is_some()
    }

    /// Whether nothing should be said about a part that a declaration does not seem to have: a part of the declaration,
    /// or that part by its name, could not be read. `keyword` is what such parts are declared with.
    pub fn is_murky_part(&self, owner: &str, keyword: &str, part: &str) -> bool {
        self.unread().words.contains(part)
            || self.unread().nameless.contains(keyword)
            || self.symbol_of(owner).is_none_or(|symbol| symbol.broken || !symbol.others.is_empty())
    }

    pub fn take_parties(&mut self, parties: &Table<Party>) {
        for party in parties {
            let contacts = party.contacts.iter().map(|contact| contact.head.name.clone()).collect();
            self.contacts.insert(party.head.name.clone(), Rc::new(contacts));
            self.roles.extend(party.role.iter().map(|role| (party.head.name.clone(), role.value)));
        }
    }

    pub fn contacts(&self, party: &str) -> Rc<BTreeSet<String>> {
        self.contacts.get(party).cloned().unwrap_or_default()
    }

    /// Every contact of this name, after its party.
    pub fn contacts_called(&self, contact: &str) -> Vec<String> {
        let parties = self.contacts.iter().filter(|(_, contacts)| contacts.contains(contact));
        parties.map(|(party, _)| format!("{party}.{contact}")).collect()
    }

    pub fn take_signals(&mut self, signals: &Table<Signal>) {
        for signal in signals {
            self.signals.insert(signal.head.name.clone(), Rc::new(signal.clone()));
        }
    }

    pub fn signal(&self, name: &str) -> Option<Rc<Signal>> {
        self.signals.get(name).cloned()
    }

    pub fn set_type(&mut self, name: &str, ty: Type, grain: Grain) {
        self.typed.insert(name.to_owned(), (ty, grain));
    }

    pub fn set_warned(&mut self, commitment: &str) {
        self.warned.insert(commitment.to_owned());
    }

    pub fn set_kindless(&mut self, signal: &str) {
        self.kindless.insert(signal.to_owned());
    }

    pub fn set_support(&mut self, name: &str, priorities: Vec<String>, cases: Option<String>) {
        self.supports.insert(name.to_owned(), (priorities, cases));
    }

    /// The supports whose cases are one of these signals.
    fn desks_of<'s>(&'s self, cases: &[&str]) -> impl Iterator<Item = &'s str> {
        let handles = move |signal: &Option<String>| signal.as_deref().is_some_and(|signal| cases.contains(&signal));
        self.supports.iter().filter(move |(_, (_, signal))| handles(signal)).map(|(support, _)| support.as_str())
    }

    /// The priorities of a support.
    pub fn priorities(&self, support: &str) -> &[String] {
        self.supports.get(support).map_or(&[], |(priorities, _)| priorities.as_slice())
    }

    /// The priorities that a support has for any option, each once.
    pub fn priorities_of_any(&self, support: &str) -> Vec<String> {
        let kin = self.supports.iter().filter(|(name, _)| family_of(name) == family_of(support));
        let all: BTreeSet<&String> = kin.flat_map(|(_, (priorities, _))| priorities).collect();
        all.into_iter().cloned().collect()
    }

    /// Whether a commitment has a warning margin.
    fn margin(&self, commitment: &str) -> Margin {
        match self.warned.contains(commitment) {
            true => Margin::Here,
            false if self.warned.iter().any(|other| family_of(other) == family_of(commitment)) => Margin::Elsewhere,
            false => Margin::Nowhere,
        }
    }

    /// Whether a support may have priorities that could not be read.
    fn is_broken_desk(&self, support: &str) -> bool {
        self.unread().nameless.contains("priority") || self.symbol_of(support).is_some_and(|symbol| symbol.broken)
    }

    /// The signal of a support's cases.
    pub fn cases(&self, support: &str) -> Option<&str> {
        self.supports.get(support).and_then(|(_, cases)| cases.as_deref())
    }
}

impl Scope<'_> {
    /// The names of a declaration in all variants that the one that is lowered leaves open.
    pub fn all_variants(&self, base: &str) -> Vec<String> {
        let family = self.families.get(base).cloned().unwrap_or_default();
        let chosen = family.restricted(&self.variant);
        let open = family.hard.iter().filter(|one| !chosen.iter().any(|choice| choice.dimension == **one));
        let open: Vec<String> = open.cloned().collect();
        let variants = self.dimensions.completed(&chosen, &open).unwrap_or_default();
        variants.iter().map(|variant| crate::model::name_in(base, variant)).collect()
    }

    /// What a declaration is, by its name in the agreement.
    fn declared(&mut self, full: String) -> Found {
        let Some(symbol) = self.symbol_of(&full) else { return Found { name: full, named: Named::Poison } };
        if symbol.others.iter().any(|other| *other != symbol.keyword) {
            // Which of the two is meant is not known.
            self.hushed += 1;
            return Found { name: full, named: Named::Poison };
        }
        let span = symbol.span;
        let name = full.as_str();
        let typed = self.typed.get(name).cloned();
        let named = match (symbol.keyword, typed) {
            ("signal", _) if self.kindless.contains(name) => Named::Poison,
            ("signal", _) => self.signal(name).map_or(Named::Poison, Named::Signal),
            ("metric", Some((ty, grain))) => Named::Metric { ty, grain, span },
            ("constant", Some((ty, _))) => Named::Constant { ty, span },
            ("fee", Some((ty, _))) => Named::Fee { ty, span },
            ("metric" | "constant" | "fee", None) => Named::Poison,
            ("commitment", _) => Named::Commitment { margin: self.margin(name), span },
            ("support", _) => {
                let (priorities, any) = (self.priorities(name).to_vec(), self.priorities_of_any(name));
                Named::Support { priorities, any, broken: self.is_broken_desk(name) }
            }
            (what, _) => Named::Other { what, span },
        };
        Found { name: full, named }
    }
}

/// What one declaration with a keyword is called.
pub(super) fn noun(keyword: &str) -> &str {
    match keyword {
        "holidays" => "set of holidays",
        "money" => "amount of money",
        _ => keyword,
    }
}

/// The words as one of several: `signal`, `signal or metric`, `signal, metric or fee`.
pub(super) fn alternatives(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
