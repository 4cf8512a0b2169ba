//! Names that stand for nothing: what is said, and when nothing is.

use super::super::templates::DECLARED;
use super::{RESERVED, SUGGESTED, Scope, Symbol, alternatives, noun};
use crate::diagnostics::{Diagnostic, Edit, Fix, codes, did_you_mean};
use crate::model::Signal;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Those that stand in no expression.
const ELSEWHERE: &[&str] = &["credit", "always"];
/// The declarations that an expression can name.
const VALUED: &[&str] = &["signal", "metric", "constant", "fee", "commitment", "support", "calendar", "dimension"];
/// How many further places of one undefined name are shown.
const SHOWN: usize = 4;

impl Scope<'_> {
    /// Notes that nothing is called so at a place, and whether what was meant is looked for: each is compared with all names.
    pub fn is_looked_for(&mut self, name: &str, span: Span) -> bool {
        self.undefined.insert(span, name.to_owned());
        self.undefined.len() <= SUGGESTED
    }

    /// The finding that a name stands for nothing; none where silence is due.
    pub fn undefined_name(&mut self, name: &str, span: Span, expected: &[&str]) -> Option<Diagnostic> {
        let nameless = expected.is_empty() && !self.unread().nameless.is_empty()
            || expected.iter().any(|keyword| self.unread().nameless.contains(*keyword));
        if self.is_murky(name) || nameless {
            self.hushed += 1;
            return None;
        }
        let looked_for = self.is_looked_for(name, span);
        if let Some(finding) = self.only_along(name, span) {
            return Some(finding);
        }
        let fitting = if expected.is_empty() { VALUED } else { expected };
        let fits = |symbol: &Symbol| fitting.contains(&symbol.keyword);
        let words = RESERVED.iter().map(|(word, _)| *word).filter(|word| match expected {
            [] => !ELSEWHERE.contains(word),
            _ => *word == "always" && expected.contains(&"calendar"),
        });
        let known = self.globals.range((span.file.plain(), String::new())..);
        let known = known.take_while(|((file, _), _)| *file == span.file.plain());
        let known = known.filter(|(_, full)| self.symbol_of(full).is_some_and(fits));
        let declared = known.map(|((_, name), _)| name.as_str());
        let candidates = words.chain(declared);
        let what = match expected {
            [] => "nothing".to_owned(),
            ["holidays"] => "no list of holidays".to_owned(),
            [first] => format!("no {first}"),
            several => {
                format!("no {}", alternatives(&several.iter().map(|keyword| noun(keyword)).collect::<Vec<_>>()))
            }
        };
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, format!("{what} is called `{name}`"));
        let own = self.supports.iter().find(|(_, (priorities, _))| priorities.iter().any(|own| own == name));
        let own = own.filter(|_| expected.is_empty()).map(|(support, _)| format!("{support}.{name}"));
        let own = own.or_else(|| self.elsewhere(name, expected));
        let near = looked_for.then(|| own.or_else(|| did_you_mean(name, candidates).map(str::to_owned))).flatten();
        // What another file calls so is not known in this one.
        let near = near.filter(|near| near != name);
        Some(match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
                format!("write `{near}`"),
                span,
                near,
            )),
            None => match self.as_parameter(name, span, expected) {
                Some(help) => finding.primary("not known in this file").help(help),
                None => finding.primary("not declared in this agreement"),
            },
        })
    }

    /// How a template of a library takes what the agreement declares that uses it: the library cannot know its name. It is the same
    /// whoever uses it.
    fn as_parameter(&self, name: &str, span: Span, expected: &[&str]) -> Option<String> {
        self.views.of(span.file).filter(|_| !self.agreed.contains(&span.file.plain()))?;
        let kind = expected.iter().rev().find(|kind| DECLARED.contains(kind)).copied();
        let kind = kind.or_else(|| expected.is_empty().then_some("metric"))?;
        Some(format!(
            "a template sees the names of its own file only: what the agreement declares is given to it as a parameter, such as `{name} as {kind}`"
        ))
    }

    /// What a name that nothing has stands for elsewhere, if that is one thing only: a part of a signal by its own name,
    /// or a party by its role.
    fn elsewhere(&self, name: &str, expected: &[&str]) -> Option<String> {
        let member = |signal: &Signal| {
            let parts = [&signal.counts, &signal.values, &signal.milestones, &signal.spans];
            parts.into_iter().flatten().any(|part| part.head.name == name)
        };
        let parts = self.signals.values().filter(|signal| expected.is_empty() && member(signal));
        let parts = parts.map(|signal| format!("{}.{name}", signal.head.name));
        let roles = self.roles.iter().filter(|(_, role)| expected.contains(&"party") && role.as_str() == name);
        let mut all = parts.chain(roles.map(|(party, _)| party.clone()));
        all.next().filter(|_| all.next().is_none())
    }

    /// One finding for each undefined name, and for each message about an undefined part, with its further places.
    pub fn grouped(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, finding) in findings.iter().enumerate().filter(|(_, one)| one.code == codes::UNDEFINED_NAME) {
            let name = finding.span.and_then(|span| self.undefined.get(&span));
            groups.entry(name.map_or(finding.message.as_str(), String::as_str)).or_default().push(index);
        }
        let mut merged: BTreeMap<usize, Option<Diagnostic>> = BTreeMap::new();
        for mut group in groups.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|index| findings.get(*index).and_then(|finding| finding.span));
            let all: Vec<&Diagnostic> = group.iter().filter_map(|index| findings.get(*index)).collect();
            merged.extend(group.iter().map(|index| (*index, None)));
            merged.extend(group.first().map(|first| (*first, merge(&all))));
        }
        let findings = findings.into_iter().enumerate();
        findings.filter_map(|(index, finding)| merged.remove(&index).unwrap_or(Some(finding))).collect()
    }
}

/// Findings of one undefined name as one. What mends one of them mends all.
fn merge(all: &[&Diagnostic]) -> Option<Diagnostic> {
    let (first, others) = all.split_first()?;
    let mut one = (*first).clone();
    let mut places: Vec<Span> = others.iter().filter_map(|other| other.span).collect();
    places.dedup();
    places.retain(|place| Some(*place) != one.span);
    let more = places.len().saturating_sub(SHOWN);
    for (index, place) in places.iter().take(SHOWN).enumerate() {
        let last = index + 1 == SHOWN && more > 0;
        one = one.label(*place, if last { format!("here, and at {more} more places") } else { "and here".to_owned() });
    }
    if let Some(fix) = one.fixes.first_mut() {
        let all = others.iter().filter_map(|other| other.fixes.first()).flat_map(|fix| fix.edits.iter().cloned());
        let edits: BTreeSet<Edit> = fix.edits.iter().cloned().chain(all).collect();
        let meant = fix.edits.first().map(|edit| edit.new_text.clone());
        fix.edits = edits.into_iter().filter(|edit| Some(&edit.new_text) == meant.as_ref()).collect();
    }
    Some(one)
}
