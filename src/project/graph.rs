//! What imports what: circles and chains that are too long are told, and cut where they are told.

use super::store::{File, Lead};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, SourceMap, Span};
use std::collections::BTreeMap;

/// How many files may follow each other by imports.
pub const MAX_DEPTH: usize = 16;

/// How many files of a way are named.
const MOST_NAMED: usize = 6;

/// Which files are done, and how long the longest chain of imports from each is.
#[derive(Default)]
struct Walk {
    /// The chain's length, and where it goes on. A file that is still on the way has none.
    done: BTreeMap<FileId, (usize, Option<FileId>)>,
    /// The files on the way, each with the next of its imports to be looked at.
    way: Vec<(FileId, usize)>,
}

/// Cuts circles and chains that are too long, each at one import, so that all who come to it find an error there and
/// nothing goes on for ever. The order of the files decides at which.
pub(super) fn settle(files: &mut BTreeMap<FileId, File>, sources: &SourceMap) {
    let mut walk = Walk::default();
    let starts: Vec<FileId> = files.keys().copied().collect();
    for start in starts {
        if !walk.done.contains_key(&start) {
            walk.way.push((start, 0));
        }
        while let Some((file, next)) = walk.way.last().copied() {
            let lead = files.get(&file).and_then(|file| file.leads.get(next)).copied();
            if let Some(step) = walk.way.last_mut() {
                step.1 += 1;
            }
            match lead {
                None => walk.finish(file, files, sources),
                Some(lead) if walk.done.contains_key(&lead.to) => {}
                Some(lead) => match walk.way.iter().position(|(on_way, _)| *on_way == lead.to) {
                    Some(from) => {
                        let finding = walk.circle(from, lead, files, sources);
                        if let (Some(file), Some(step)) = (files.get_mut(&file), walk.way.last_mut()) {
                            file.leads.retain(|other| other.at != lead.at);
                            step.1 -= 1;
                            file.told.push(finding);
                        }
                    }
                    None => walk.way.push((lead.to, 0)),
                },
            }
        }
    }
}

impl Walk {
    /// All that a file imports is done: its own chain is known.
    fn finish(&mut self, id: FileId, files: &mut BTreeMap<FileId, File>, sources: &SourceMap) {
        self.way.pop();
        let Some(file) = files.get_mut(&id) else { return };
        let length = |to: &FileId| self.done.get(to).map_or(0, |(length, _)| *length);
        let (kept, long): (Vec<Lead>, Vec<Lead>) =
            file.leads.iter().copied().partition(|lead| length(&lead.to) < MAX_DEPTH);
        for lead in long {
            file.told.push(self.too_deep(id, lead, sources));
        }
        let longest = kept.iter().map(|lead| (length(&lead.to) + 1, Some(lead.to))).max_by_key(|(length, _)| *length);
        file.leads = kept;
        self.done.insert(id, longest.unwrap_or_default());
    }

    fn too_deep(&self, id: FileId, lead: Lead, sources: &SourceMap) -> Diagnostic {
        let mut names = vec![sources.name(id), sources.name(lead.to)];
        let mut at = lead.to;
        while let Some((_, Some(next))) = self.done.get(&at) {
            names.push(sources.name(*next));
            at = *next;
        }
        let message = format!("from here on, more than {MAX_DEPTH} files import each other in a row");
        let finding = Diagnostic::new(codes::TOO_MANY_IMPORTS, lead.span, message).witness(way(&names));
        finding.help("import the file that declares a name, and not one that only passes it on")
    }

    /// A lead back to a file on the way.
    fn circle(&self, from: usize, lead: Lead, files: &BTreeMap<FileId, File>, sources: &SourceMap) -> Diagnostic {
        let ring: Vec<FileId> = self.way.iter().skip(from).map(|(file, _)| *file).collect();
        let mut names: Vec<&str> = ring.iter().map(|file| sources.name(*file)).collect();
        let name = sources.name(lead.to);
        if ring.len() == 1 {
            let finding = Diagnostic::new(codes::CIRCULAR_IMPORT, lead.span, format!("`{name}` imports itself"));
            return finding.help("leave the import out: what a file declares is known in all of it");
        }
        names.push(name);
        let message =
            format!("`{}` imports `{name}`, which needs it in turn", names.iter().rev().nth(1).unwrap_or(&""));
        let finding = Diagnostic::new(codes::CIRCULAR_IMPORT, lead.span, message).primary("this closes the circle");
        let label = |pair: &[FileId]| -> Option<(Span, String)> {
            let [one, other] = pair else { return None };
            let lead = files.get(one)?.leads.iter().find(|lead| lead.to == *other)?;
            Some((lead.span, format!("leads to `{}`", sources.name(*other))))
        };
        let labels = ring.windows(2).take(MOST_NAMED).filter_map(label);
        labels
            .fold(finding, |finding, (span, text)| finding.label(span, text))
            .witness(way(&names))
            .help("move what both need into a file of its own, and import that")
    }
}

/// "`a.sla` imports `b.sla`, which imports `c.sla`".
fn way(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, others)) if others.len() > MOST_NAMED => {
            let first: Vec<&str> = others.iter().take(MOST_NAMED - 2).map(String::as_str).collect();
            format!("{}, and so on as far as {last}", joined(&first))
        }
        _ => joined(&names.iter().map(String::as_str).collect::<Vec<_>>()),
    }
}

fn joined(names: &[&str]) -> String {
    names.join(", which imports ").replacen(", which imports", " imports", 1)
}
