//! The channels by which reports and notices go: those of any support, for the options that it has them for.

use super::statements::Statements;
use super::{Builder, Declaration};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::model::{Choice, Support, Table, Variant, WAYS, titles};
use crate::syntax::{Kind, NodeExt, Token, keyword};
use std::collections::BTreeSet;

/// The channels of all supports.
#[derive(Default)]
pub(super) struct Channels {
    /// Each with what it is for: the options of its support.
    all: Vec<(String, Variant)>,
    /// Those that shared files declare for options that the agreement leaves out.
    left_out: BTreeSet<String>,
}

impl Channels {
    /// The variants of supports that have a channel of this name.
    fn of<'c>(&'c self, name: &str) -> Vec<&'c Variant> {
        self.all.iter().filter(|(known, _)| known == name).map(|(_, variant)| variant).collect()
    }
}

impl Builder<'_> {
    /// Collects the channels of the supports, once all of these are there. Where not all of them could be read, nothing is
    /// said of any.
    pub(super) fn collect_channels(&mut self, declarations: &[Declaration], supports: &Table<Support>, unread: bool) {
        self.scope.channels = None;
        if unread || supports.iter().any(|support| support.head.poisoned) {
            return;
        }
        let mut known = Channels::default();
        for support in supports {
            let named = support.channels.iter().map(|channel| channel.head.name.clone());
            known.all.extend(named.map(|name| (name, support.head.variant.clone())));
        }
        for one in declarations.iter().filter(|one| one.keyword == "support") {
            self.scope.file = one.file;
            self.each_left_out(one.decl.block(), &one.own, false, &mut |node| {
                let named = node.all(Kind::named).filter_map(|named| named.leaf(Kind::ident));
                let named = named.filter(|_| keyword(node) == "channel").map(|name| name.text().to_owned());
                known.left_out.extend(named);
            });
        }
        self.leave();
        self.scope.channels = Some(known);
    }

    /// The ways and channels after `via` that there are for what is lowered; others are told.
    pub(super) fn via(&mut self, all: &Statements) -> Vec<String> {
        let tokens: Vec<Token> = all.all("via").flat_map(|node| node.leaves(Kind::path)).collect();
        tokens.iter().filter(|token| self.has_channel(token)).map(|token| token.text().to_owned()).collect()
    }

    /// Whether there is such a channel here. What a shared file sends by one that only options have which the agreement leaves
    /// out holds for other agreements.
    fn has_channel(&mut self, token: &Token) -> bool {
        let name = token.text();
        // Which channels there are where a template is used is known there.
        if WAYS.contains(&name) || self.scope.is_unused_template() {
            return true;
        }
        let Some(channels) = &self.scope.channels else { return true };
        let having = channels.of(name);
        if having.iter().any(|variant| meet(variant, &self.scope.variant)) {
            return true;
        }
        let is_shared = self.at(token).file.plain() != self.scope.root;
        if !(is_shared && having.is_empty() && channels.left_out.contains(name)) {
            let finding = self.no_channel(token, &having);
            self.tell(finding);
        }
        false
    }

    /// The error that there is no such channel, or not for the options for which a report or notice is lowered. `having` is
    /// what the supports are for that have it.
    fn no_channel(&self, token: &Token, having: &[&Variant]) -> Diagnostic {
        let name = token.text();
        let error = |message: String| Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), message);
        if !having.is_empty() {
            let differs = |choice: &&Choice| having.iter().any(|one| of(one, &choice.dimension).is_some());
            let here: Variant = self.scope.variant.iter().filter(differs).cloned().collect();
            let finding = error(format!("there is no channel `{name}` for {}", titles(&here)));
            let finding = finding.primary("a channel for other options only");
            let options: Vec<&str> = having.iter().filter_map(|one| Some(one.first()?.option.as_str())).collect();
            return match having.iter().all(|one| matches!(one.as_slice(), [one] if !one.each)) {
                true => finding
                    .help(format!("say it for those that have it: `for {} {{ via {name} }}`", options.join(", "))),
                false => finding.help("say it in a block for those that have it: `for … { via … }`"),
            };
        }
        let known: BTreeSet<&str> =
            self.scope.channels.iter().flat_map(|known| &known.all).map(|(name, _)| &**name).collect();
        let finding = error(format!("there is no channel `{name}`"));
        match did_you_mean(name, WAYS.iter().copied().chain(known)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                format!("write `{near}`"),
                self.at(token),
                near,
            )),
            None => {
                let ways = WAYS.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(", ");
                finding
                    .primary("not declared in this agreement")
                    .help(format!("name a channel of a support, or one of {ways}"))
            }
        }
    }
}

/// The option of a dimension that a variant has.
fn of<'v>(variant: &'v [Choice], dimension: &str) -> Option<&'v Choice> {
    variant.iter().find(|choice| choice.dimension == dimension)
}

/// Whether nothing can be for both of two variants only because they have other options of one dimension.
fn meet(one: &[Choice], other: &[Choice]) -> bool {
    one.iter().all(|choice| of(other, &choice.dimension).is_none_or(|same| same == choice))
}
