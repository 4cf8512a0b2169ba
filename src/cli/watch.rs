//! `sla build --watch`: builds, and builds again what depends on a file that changed.
//!
//! Files are looked at anew several times a second instead of waiting for events of the system: these do not exist for
//! every folder (of a network, of a container), are lost under load, and say of a file that was replaced by a rename that
//! it is gone. A look asks for size, time and number of each file and folder, and reads only what differs.

use super::build::{Build, Built, Counts, files_of, sum, together};
use super::inputs::Texts;
use super::terminal::Terminal;
use super::{Outcome, print};
use crate::diagnostics::{Diagnostic, arrange, visible_line};
use crate::pipeline::{Checked, fails, one_of_a_name};
use crate::project::{Store, affected};
use crate::source::{FileId, PROJECT_FILE, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

/// How long nothing is looked at after a look.
const PAUSE: Duration = Duration::from_millis(200);
/// A look may take at most this part of the time: one in twenty.
const IDLE: u32 = 20;
/// How long files have to stay as they are, so that none is read that is half written.
const QUIET: Duration = Duration::from_millis(50);
/// After how many looks a file that goes on changing is read all the same.
const MOST_LOOKS: usize = 20;
/// How many files are named in a summary.
const MOST_NAMED: usize = 5;

/// Size, time of change, and the number of the file in its file system.
type Stamp = Option<(u64, Option<SystemTime>, u64)>;

/// What is known after a round.
struct Round {
    texts: Texts,
    built: BTreeMap<PathBuf, Built>,
    /// The names of agreements and their places.
    heads: BTreeMap<PathBuf, (String, Span)>,
    barred: BTreeSet<FileId>,
    stamps: BTreeMap<PathBuf, Stamp>,
}

/// What happened to the files since the last round.
#[derive(Default)]
struct News {
    changed: Vec<String>,
    new: Vec<String>,
    gone: Vec<String>,
    /// Files that were built before, and that nothing is built into any more, or not as long as an error is there.
    left: Vec<String>,
}

/// Builds until the standard input ends.
pub(super) fn watch(build: &Build, terminal: &Terminal) -> Outcome {
    if build.inputs.has_standard_input() {
        let help = "save the agreement in a file, and name that";
        return Outcome::failure(terminal, "the standard input cannot be watched", Some(help));
    }
    let ended = end_of_input();
    let (mut round, mut exit) = Round::first(build, terminal);
    let mut pause = PAUSE;
    while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let begun = Instant::now();
        let mut now = stamps(round.stamps.keys());
        pause = PAUSE.max(begun.elapsed() * IDLE);
        if now == round.stamps {
            continue;
        }
        for _ in 0..MOST_LOOKS {
            std::thread::sleep(QUIET);
            let later = stamps(round.stamps.keys());
            if std::mem::replace(&mut now, later) == now {
                break;
            }
        }
        (round, exit) = round.next(build, terminal, now, exit);
    }
    Outcome { exit, ..Outcome::default() }
}

/// Says when the standard input has ended.
fn end_of_input() -> Receiver<()> {
    let (end, ended) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 256];
        // What is typed means nothing.
        while std::io::stdin().lock().read(&mut bytes).is_ok_and(|count| count > 0) {}
        let _ = end.send(());
    });
    ended
}

impl Round {
    fn first(build: &Build, terminal: &Terminal) -> (Round, super::Exit) {
        let mut round = Round {
            texts: build.inputs.read(),
            built: BTreeMap::new(),
            heads: BTreeMap::new(),
            barred: BTreeSet::new(),
            stamps: BTreeMap::new(),
        };
        let named = round.texts.looked_through.clone();
        let twice = round.build(build, named);
        let mut outcome = round.outcome(build, terminal, &twice, None);
        outcome.err.push_str("watching for changes; Ctrl-C ends it\n");
        tell(&outcome);
        round.stamp(BTreeMap::new());
        (round, outcome.exit)
    }

    /// What has changed is read, and what depends on it is built.
    fn next(
        self,
        build: &Build,
        terminal: &Terminal,
        now: BTreeMap<PathBuf, Stamp>,
        exit: super::Exit,
    ) -> (Round, super::Exit) {
        let Round { texts: old, built, heads, barred, stamps } = self;
        let terms = |texts: &Texts| -> BTreeMap<PathBuf, _> {
            let paths = texts.store.paths().map(|(_, path)| path.to_path_buf());
            paths.map(|path| (path.clone(), texts.projects.terms(&path))).collect()
        };
        let (terms_before, names_before) = (terms(&old), names(&old.store));
        let (unread_before, was_alone) = (old.findings.clone(), old.alone);
        let mut store = old.store;
        for path in now.iter().filter(|(path, stamp)| stamps.get(*path) != Some(stamp)).map(|(path, _)| path) {
            store.doubt(path);
            if let Ok(real) = path.canonicalize() {
                store.doubt(&real);
            }
        }
        let texts = build.inputs.read_into(store);
        let (terms_now, names_now) = (terms(&texts), names(&texts.store));
        let other_terms = |path: &Path| terms_before.get(path).is_some_and(|terms| terms_now.get(path) != Some(terms));
        let mut changed = texts.store.changed();
        let mut news = News::of(&names_before, &names_now, &changed);
        let set_anew: Vec<PathBuf> = terms_now.keys().filter(|path| other_terms(path)).cloned().collect();
        if !set_anew.is_empty() {
            news.take_settings(&stamps, &now);
        }
        changed.extend(set_anew);
        let written = written(&built);
        let again = affected(&texts.store.imports(&texts.projects.folders), &changed);
        let mut round = Round { texts, built, heads, barred, stamps };
        let paths: BTreeMap<FileId, PathBuf> = round.named_paths();
        let known: BTreeSet<&PathBuf> = paths.values().collect();
        round.built.retain(|path, _| known.contains(path));
        round.heads.retain(|path, _| known.contains(path));
        let is_due =
            |path: &PathBuf| again.contains(path) || !round.built.contains_key(path) || round.texts.alone != was_alone;
        let due: Vec<FileId> = paths.iter().filter(|(_, path)| is_due(path)).map(|(file, _)| *file).collect();
        let is_news = !news.is_empty() || !due.is_empty() || round.texts.findings != unread_before;
        let mut exit = exit;
        if is_news {
            let twice = round.build(build, due);
            let still = self::written(&round.built);
            // What an agreement that is not built any more has left stays as well.
            let failed = round.built.values().filter(|built| built.is_fresh && built.counts.failed > 0);
            let kept: BTreeSet<&PathBuf> = failed.flat_map(|built| &built.written).collect();
            let gone = written.difference(&still);
            news.left = gone.chain(kept).map(|path| path.display().to_string()).collect();
            let outcome = round.outcome(build, terminal, &twice, Some(&news));
            tell(&outcome);
            exit = outcome.exit;
        }
        round.stamp(now);
        (round, exit)
    }

    /// The files that are looked at, with their paths.
    fn named_paths(&self) -> BTreeMap<FileId, PathBuf> {
        let path = |file: &FileId| Some((*file, self.texts.store.path(*file)?.to_path_buf()));
        self.texts.looked_through.iter().filter_map(path).collect()
    }

    /// Checks and builds files, and those that now have, or do not have any more, a name to themselves. Gives the findings
    /// about names.
    fn build(&mut self, build: &Build, due: Vec<FileId>) -> Vec<Diagnostic> {
        let paths = self.named_paths();
        let mut checked = self.texts.check_only(&due);
        self.take_heads(&checked, &paths);
        let out = |path: &PathBuf| build.place(Some(path), &self.texts);
        let mut heads: Vec<(&str, PathBuf, Span)> =
            self.heads.iter().map(|(path, (name, span))| (name.as_str(), out(path), *span)).collect();
        heads.sort_by_key(|(_, _, span)| self.texts.sources().name(span.file));
        let twice = one_of_a_name(heads, self.texts.sources());
        let is_failing = |built: &&Built| built.library && fails(&built.findings);
        let before = self.built.values().filter(|built| !due.contains(&built.file)).filter(is_failing);
        let now = checked.iter().filter(|one| build.is_failing(one)).map(|one| one.model.file);
        let failing: BTreeSet<FileId> = before.map(|built| built.file).chain(now).collect();
        let barred = &files_of(&twice) | &self.texts.importers(&failing);
        let is_other = |file: &&FileId| barred.contains(*file) != self.barred.contains(*file) && !due.contains(*file);
        let others: Vec<FileId> = paths.keys().filter(is_other).copied().collect();
        checked.extend(self.texts.check_only(&others));
        self.built.values_mut().for_each(|built| built.is_fresh = false);
        for built in build.build_all(checked, &barred, &self.texts) {
            let Some(path) = paths.get(&built.file) else { continue };
            let failed = built.counts.failed > 0;
            let before = self.built.insert(path.clone(), built);
            // What was written of an agreement that is not built now is still that of the agreement.
            if let (true, Some(before), Some(built)) = (failed, before, self.built.get_mut(path)) {
                built.written = before.written;
            }
        }
        self.barred = barred;
        twice
    }

    fn take_heads(&mut self, checked: &[Checked], paths: &BTreeMap<FileId, PathBuf>) {
        for model in checked.iter().map(|checked| &checked.model) {
            let Some(path) = paths.get(&model.file) else { continue };
            let head = &model.agreement.head;
            match model.agreement.declared {
                true => self.heads.insert(path.clone(), (head.name.clone(), head.name_span)),
                false => self.heads.remove(path),
            };
        }
    }

    /// What a round says: what changed, the findings of what was built, and the sums.
    fn outcome(&self, build: &Build, terminal: &Terminal, twice: &[Diagnostic], news: Option<&News>) -> Outcome {
        let (fresh, others): (Vec<&Built>, Vec<&Built>) = self.built.values().partition(|built| built.is_fresh);
        let of = |built: &[&Built]| -> Vec<Diagnostic> {
            built.iter().flat_map(|built| built.findings.iter().cloned()).collect()
        };
        let told = [self.texts.findings.clone(), twice.to_vec(), of(&fresh)].concat();
        let counted = self.arranged([told.clone(), of(&others)].concat());
        let shown = self.arranged(told);
        let agreements = self.built.values().filter(|built| !built.library).count();
        let kinds = self.texts.looked_at(agreements);
        let mut outcome =
            build.report.outcome_counting(&shown, &counted, self.texts.sources(), terminal, kinds.as_deref());
        // What cannot be read is told in the first round, and is left from then on.
        let (unread_now, unread_left) = if news.is_none() { (self.texts.unread, 0) } else { (0, self.texts.unread) };
        let counts: Counts = fresh.iter().map(|built| &built.counts).chain([&Counts::failed(unread_now)]).sum();
        let left = others.iter().map(|built| built.counts.failed).sum::<usize>() + unread_left;
        let mut line = match fresh.iter().all(|built| built.library) && news.is_some() {
            true => "no agreement depends on it".to_owned(),
            false => sum(&counts, terminal),
        };
        if left > 0 {
            let others = if left == 1 { "1 other still is".to_owned() } else { format!("{left} others still are") };
            line.push_str(&terminal.bad(&format!("; {others} not built")));
        }
        outcome.err.push_str(&format!("{line}\n"));
        if let Some(news) = news {
            outcome.err.insert_str(0, &format!("\n{}\n", news.line()));
        }
        outcome
    }

    /// Findings in the order of file names: files that came later have later numbers.
    fn arranged(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut findings = arrange(findings);
        findings.sort_by(|a, b| {
            let name = |finding: &Diagnostic| Path::new(finding.file_name(self.texts.sources())).to_path_buf();
            name(a).cmp(&name(b))
        });
        together(findings, self.texts.sources())
    }

    /// Remembers how files looked before they were read. One that had not been looked at counts as changed at the next look.
    fn stamp(&mut self, before: BTreeMap<PathBuf, Stamp>) {
        let files: BTreeSet<PathBuf> = self.texts.store.paths().map(|(_, path)| path.to_path_buf()).collect();
        let imports = self.texts.store.imports(&self.texts.projects.folders);
        let mut paths: BTreeSet<PathBuf> = imports.into_values().flatten().chain(files).collect();
        let folders: BTreeSet<PathBuf> =
            paths.iter().filter_map(|path| path.parent()).flat_map(Path::ancestors).map(Path::to_path_buf).collect();
        paths.extend(folders.iter().map(|folder| folder.join(PROJECT_FILE)));
        paths.extend(self.texts.looked.iter().cloned());
        let unknown = Some((u64::MAX, None, 0));
        let stamp = |path: PathBuf| {
            let stamp = before.get(&path).copied().unwrap_or(unknown);
            (path, stamp)
        };
        self.stamps = paths.into_iter().map(stamp).collect();
    }
}

impl News {
    fn of(before: &BTreeMap<PathBuf, String>, now: &BTreeMap<PathBuf, String>, changed: &BTreeSet<PathBuf>) -> News {
        let mut news = News::default();
        for (path, name) in now {
            match before.contains_key(path) {
                true if changed.contains(path) => news.changed.push(name.clone()),
                true => {}
                false => news.new.push(name.clone()),
            }
        }
        news.gone = before.iter().filter(|(path, _)| !now.contains_key(*path)).map(|(_, name)| name.clone()).collect();
        news
    }

    /// Notes what happened to files of settings.
    fn take_settings(&mut self, before: &BTreeMap<PathBuf, Stamp>, now: &BTreeMap<PathBuf, Stamp>) {
        let here = std::env::current_dir().ok();
        for (path, stamp) in now.iter().filter(|(path, _)| path.ends_with(PROJECT_FILE)) {
            let short = here.as_ref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
            let name = short.display().to_string();
            match (before.get(path).copied().flatten(), stamp) {
                (None, Some(_)) => self.new.push(name),
                (Some(_), None) => self.gone.push(name),
                (old, new) if old != *new => self.changed.push(name),
                _ => {}
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.new.is_empty() && self.gone.is_empty()
    }

    /// "terms.sla changed; new.sla is new; old.sla is gone".
    fn line(&self) -> String {
        let named = |names: &[String]| {
            let shown: Vec<String> = names.iter().take(MOST_NAMED).map(|name| visible_line(name)).collect();
            let more = names.len().saturating_sub(MOST_NAMED);
            if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
        };
        let be = |names: &[String]| if names.len() == 1 { "is" } else { "are" };
        let mut parts = Vec::new();
        if !self.changed.is_empty() {
            parts.push(format!("{} changed", named(&self.changed)));
        }
        if !self.new.is_empty() {
            parts.push(format!("{} {} new", named(&self.new), be(&self.new)));
        }
        if !self.gone.is_empty() {
            parts.push(format!("{} {} gone", named(&self.gone), be(&self.gone)));
        }
        if !self.left.is_empty() {
            parts.push(format!("what was built before stays: {}", named(&self.left)));
        }
        if parts.is_empty() { "what could not be read changed".to_owned() } else { parts.join("; ") }
    }
}

/// All files that were written.
fn written(built: &BTreeMap<PathBuf, Built>) -> BTreeSet<PathBuf> {
    built.values().flat_map(|built| built.written.iter().cloned()).collect()
}

/// The files of projects by their paths, with the names that people know.
fn names(store: &Store) -> BTreeMap<PathBuf, String> {
    store.paths().map(|(file, path)| (path.to_path_buf(), store.sources.name(file).to_owned())).collect()
}

/// How files look.
fn stamps<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> BTreeMap<PathBuf, Stamp> {
    let stamp = |path: &PathBuf| {
        let metadata = path.metadata().ok()?;
        Some((metadata.len(), metadata.modified().ok(), number(&metadata)))
    };
    paths.map(|path| (path.clone(), stamp(path))).collect()
}

#[cfg(unix)]
fn number(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    0
}

/// Prints a round at once. A reader that has gone away does not end it: that is what the input is for.
fn tell(outcome: &Outcome) {
    print(&mut std::io::stdout().lock(), &outcome.out);
    print(&mut std::io::stderr().lock(), &outcome.err);
}
