//! `sla.toml`: what a project wants otherwise than by default. Every key may be left out.

use super::pattern::Pattern;
use crate::diagnostics::{Code, Diagnostic, Fix, Severity, codes, did_you_mean, visible_line};
use crate::source::{FileId, Span};
use crate::values::{Date, parse_date};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The sections and their keys, but for the codes of findings.
const SECTIONS: &[(&str, &[&str])] = &[
    ("project", &["exclude"]),
    ("check", &["standards"]),
    ("build", &["targets", "out", "horizon", "drafts"]),
    ("contract", &["suppliers"]),
];

/// The words for how much a finding weighs. One that is off is not told.
const LEVELS: &[(&str, Option<Severity>)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("advice", Some(Severity::Advice)),
    ("note", Some(Severity::Note)),
    ("off", None),
];

/// What the folder may be that is written to.
const OUT_HELP: &str =
    "name a folder below that of this file, such as `\"build\"`; `--out` on the command line may be any";

/// The words of an `sla.toml`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    levels: BTreeMap<&'static str, Option<Severity>>,
    /// The standards that each agreement in force has to name in its records, and where that is said.
    pub standards: Vec<(String, Span)>,
    /// What is built; nothing is said of everything.
    pub targets: Option<Vec<String>>,
    /// The folder that is written to, below that of the project, and where that is said.
    pub out: Option<(String, Span)>,
    /// How far ahead dates are worked out, and where that is said.
    pub horizon: Option<(Date, Span)>,
    /// Whether rules are made of agreements that are not yet agreed.
    pub drafts: Option<bool>,
    /// Whether the contract leaves out what holds between the provider and its suppliers.
    pub omit_suppliers: bool,
    exclude: Vec<Excluded>,
    /// What is wrong with the file; nothing is built with such settings.
    pub findings: Vec<Diagnostic>,
}

impl Settings {
    /// Reads the text of an `sla.toml`. It cannot fail: what is wrong is told, and left at its default.
    #[must_use]
    pub fn read(file: FileId, text: &str, targets: &[&str]) -> Settings {
        let mut reader = Reader { file, text, targets, settings: Settings::default() };
        let (table, errors) = DeTable::parse_recoverable(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        let offset = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        // What follows the first mistake is often its consequence.
        match errors.first() {
            Some(error) => {
                let range = error.span().unwrap_or_default();
                let span = reader.span(range.start + offset..range.end + offset);
                let message = format!("the file cannot be read as TOML: {}", lowered(error.message()));
                reader.tell(Diagnostic::new(codes::BROKEN_PROJECT_FILE, span, message));
                // What is passed over may be full of findings that nobody looks for. How far the list is read is not known.
                let mut rest = Reader { file, text, targets, settings: Settings::default() };
                rest.sections(table.get_ref(), offset);
                let all = rest.settings.exclude.into_iter();
                reader.settings.exclude = all.map(|one| Excluded { met: true, ..one }).collect();
            }
            None => reader.sections(table.get_ref(), offset),
        }
        reader.settings
    }

    /// The settings of a project whose file could not be read.
    #[must_use]
    pub fn unreadable(finding: Diagnostic) -> Settings {
        Settings { findings: vec![finding], ..Settings::default() }
    }

    /// The findings with the weights that the project gives them. An error stays one.
    #[must_use]
    pub fn weighed(&self, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.levels.is_empty() {
            return findings;
        }
        findings.retain_mut(|finding| match self.levels.get(finding.code.id) {
            Some(_) if finding.severity == Severity::Error => true,
            Some(Some(level)) => {
                finding.severity = *level;
                true
            }
            Some(None) => false,
            None => true,
        });
        findings
    }

    /// Whether a folder is passed over; the path is relative to the project's folder. What covers it has been met.
    pub fn excludes(&mut self, path: &Path) -> bool {
        let mut covers = self.exclude.iter_mut().filter(|one| one.pattern.covers(path)).peekable();
        let any = covers.peek().is_some();
        covers.for_each(|one| one.met = true);
        any
    }

    /// Takes back the folder that is written to, since a link on its way leads out of the project's.
    pub fn refuse_out(&mut self) {
        let Some((out, span)) = self.out.take() else { return };
        let message = format!("`{}` leads out of the project's folder, by way of a link", visible_line(&out));
        self.findings.push(broken(span, message).help(OUT_HELP));
    }

    /// The findings that nothing is passed over by a pattern, once the whole project has been looked through.
    #[must_use]
    pub fn idle(&self) -> Vec<Diagnostic> {
        let idle = self.exclude.iter().filter(|one| !one.met);
        let tell = |one: &Excluded| {
            let finding = Diagnostic::new(codes::IDLE_SETTING, one.at, "this passes over nothing of the project");
            finding
                .primary("no folder, and no `.sla` file, is called so")
                .help("a path begins at the folder of this file: `**/drafts` for any folder of that name, `*` for any letters")
        };
        self.weighed(idle.map(tell).collect())
    }
}

/// A pattern of what is passed over.
#[derive(Debug, Clone)]
struct Excluded {
    pattern: Pattern,
    at: Span,
    /// Whether there is anything of that kind.
    met: bool,
}

/// Walks the table.
struct Reader<'a> {
    file: FileId,
    text: &'a str,
    targets: &'a [&'a str],
    settings: Settings,
}

/// A key with its value. Places count from behind a byte order mark.
#[derive(Clone, Copy)]
struct Entry<'a> {
    key: &'a str,
    at: Span,
    value: &'a Spanned<DeValue<'a>>,
    offset: usize,
}

impl<'a> Reader<'a> {
    fn tell(&mut self, finding: Diagnostic) {
        self.settings.findings.push(finding);
    }

    fn span(&self, range: Range<usize>) -> Span {
        // A place that is no letter's is moved to the letter that it is in.
        let at = |place| crate::source::floor(self.text, place) as u32;
        Span::new(self.file, at(range.start), at(range.end))
    }

    fn entries<'t>(&self, table: &'t DeTable<'t>, offset: usize) -> Vec<Entry<'t>> {
        let one = |(key, value): (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)| {
            let range = key.span();
            Entry { key: key.get_ref(), at: self.span(range.start + offset..range.end + offset), value, offset }
        };
        let mut entries: Vec<Entry<'t>> = table.iter().map(one).collect();
        // Findings follow the file, and not the alphabet.
        entries.sort_by_key(|entry| entry.at);
        entries
    }

    fn sections(&mut self, table: &DeTable<'_>, offset: usize) {
        for entry in self.entries(table, offset) {
            let known = SECTIONS.iter().find(|(name, _)| *name == entry.key);
            match (known, entry.value.get_ref()) {
                (Some((name, keys)), DeValue::Table(table)) => {
                    for entry in self.entries(table, offset) {
                        self.entry(name, keys, entry);
                    }
                }
                (Some((name, _)), _) => {
                    let help = format!("write `[{name}]` on a line of its own, and its keys below it");
                    self.tell(self.wrong(entry, "a section").help(help));
                }
                (None, _) => self.unknown_section(entry),
            }
        }
    }

    fn entry(&mut self, section: &str, keys: &[&str], entry: Entry<'_>) {
        match (section, entry.key) {
            ("project", "exclude") => {
                for (text, span) in self.texts(entry) {
                    match Pattern::read(&text) {
                        Ok(pattern) => self.settings.exclude.push(Excluded { pattern, at: span, met: false }),
                        Err(why) => {
                            self.tell(broken(span, format!("`{}` names no folder: {why}", visible_line(&text))))
                        }
                    }
                }
            }
            ("check", "standards") => {
                let standards = self.texts(entry);
                self.settings.standards.extend(standards);
            }
            ("build", "targets") => self.set_targets(entry),
            ("build", "out") => self.set_out(entry),
            ("build", "horizon") => self.set_horizon(entry),
            ("build", "drafts") => match entry.value.get_ref() {
                DeValue::Boolean(value) => self.settings.drafts = Some(*value),
                _ => self.tell_wrong(entry, "`true` or `false`"),
            },
            ("contract", "suppliers") => match entry.value.get_ref().as_str() {
                Some("include") => self.settings.omit_suppliers = false,
                Some("omit") => self.settings.omit_suppliers = true,
                _ => self.tell_wrong(entry, "`\"include\"` or `\"omit\"`"),
            },
            ("check", key) if key.len() == 6 && key.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("SLA")) => {
                self.set_level(entry);
            }
            _ => self.unknown_key(section, keys, entry),
        }
    }

    fn set_level(&mut self, entry: Entry<'_>) {
        let Some(code) = codes::all().iter().copied().find(|code| code.id == entry.key) else {
            let message = format!("there is no finding `{}`", visible_line(entry.key));
            let finding = Diagnostic::new(codes::UNKNOWN_PROJECT_KEY, entry.at, message);
            // Any code is like another one.
            self.tell(finding.help("`sla explain` lists all findings with their codes"));
            return;
        };
        let word = entry.value.get_ref().as_str();
        let Some((word, level)) = LEVELS.iter().copied().find(|(name, _)| Some(*name) == word) else {
            let words = "`\"error\"`, `\"warning\"`, `\"advice\"`, `\"note\"` or `\"off\"`";
            self.tell_wrong(entry, words);
            return;
        };
        if code.severity == Severity::Error && level != Some(Severity::Error) {
            self.tell(stays_an_error(code, word, entry));
            return;
        }
        self.settings.levels.insert(code.id, level);
    }

    fn set_targets(&mut self, entry: Entry<'_>) {
        let mut all = Vec::new();
        if entry.value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            let finding =
                broken(self.place(entry), "`targets` is an empty list, so that nothing would be built".to_owned());
            self.tell(finding.help("name what is built, or leave the key out: then it is everything"));
        }
        for (name, span) in self.texts(entry) {
            if self.targets.contains(&name.as_str()) {
                all.push(name);
                continue;
            }
            let known: Vec<String> = self.targets.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("there is no target `{}`", visible_line(&name));
            let finding = broken(span, message).help(format!("the targets are {}", known.join(", ")));
            self.tell(match did_you_mean(&name, self.targets.iter().copied()) {
                Some(meant) => suggested(finding, span, &format!("\"{meant}\"")),
                None => finding,
            });
        }
        self.settings.targets = Some(all);
    }

    fn set_out(&mut self, entry: Entry<'_>) {
        let Some(out) = entry.value.get_ref().as_str() else { return self.tell_wrong(entry, "a folder in quotes") };
        let is_odd = out.trim().is_empty() || out.contains('\\') || out.chars().any(char::is_control);
        let leads_out = crate::source::confined(Path::new(out)).is_err() || out.contains(':');
        if is_odd || leads_out {
            let span = self.place(entry);
            let shown = visible_line(out);
            let message = match (leads_out, out.trim().is_empty()) {
                (true, _) => format!("`{shown}` leads out of the project's folder"),
                (false, true) => "`out` names no folder".to_owned(),
                (false, false) => format!("`{shown}` is not the path of a folder"),
            };
            self.tell(broken(span, message).help(OUT_HELP));
            return;
        }
        self.settings.out = Some((out.to_owned(), self.place(entry)));
    }

    fn set_horizon(&mut self, entry: Entry<'_>) {
        let text = match entry.value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            _ => return self.tell_wrong(entry, "a date, such as `2029-12-31`"),
        };
        match parse_date(&text) {
            Ok(date) => self.settings.horizon = Some((date, self.place(entry))),
            Err(error) => {
                let finding = broken(self.place(entry), format!("`horizon` is no date: {error}"));
                self.tell(finding.help("a date is written as year, month and day: `2029-12-31`"));
            }
        }
    }

    /// The texts of a list, with their places.
    fn texts(&mut self, entry: Entry<'_>) -> Vec<(String, Span)> {
        let DeValue::Array(items) = entry.value.get_ref() else {
            return self.lone_text(entry);
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            let range = item.span();
            let span = self.span(range.start + entry.offset..range.end + entry.offset);
            match item.get_ref().as_str() {
                Some(text) if !text.trim().is_empty() => texts.push((text.to_owned(), span)),
                Some(_) => self.tell(broken(span, format!("a text in `{}` is empty", entry.key))),
                None => {
                    let kind = kind(item.get_ref());
                    self.tell(broken(span, format!("`{}` takes texts in quotes, and this is {kind}", entry.key)));
                }
            }
        }
        texts
    }

    /// Tells that something else stands where a list of texts should be. What a lone text passes over is passed over all the
    /// same: it may be full of findings that nobody looks for.
    fn lone_text(&mut self, entry: Entry<'_>) -> Vec<(String, Span)> {
        let finding = self.wrong(entry, "a list of texts, such as `[\"…\"]`");
        let (place, text) = (self.place(entry), entry.value.get_ref().as_str());
        let written = self.text.get(place.start as usize..place.end as usize).filter(|_| text.is_some());
        self.tell(match written.map(|written| format!("[{written}]")) {
            Some(list) => finding.fix(Fix::replace(format!("write `{}`", visible_line(&list)), place, list)),
            None => finding,
        });
        let is_passed_over = entry.key == "exclude";
        text.filter(|text| is_passed_over && !text.trim().is_empty())
            .map(|text| (text.to_owned(), place))
            .into_iter()
            .collect()
    }

    fn place(&self, entry: Entry<'_>) -> Span {
        let range = entry.value.span();
        self.span(range.start + entry.offset..range.end + entry.offset)
    }

    fn wrong(&self, entry: Entry<'_>, expected: &str) -> Diagnostic {
        let kind = match entry.value.get_ref() {
            DeValue::String(text) => format!("`\"{}\"`", visible_line(text)),
            DeValue::Boolean(value) => format!("`{value}`"),
            other => kind(other).to_owned(),
        };
        broken(self.place(entry), format!("`{}` takes {expected}, and not {kind}", visible_line(entry.key)))
    }

    fn tell_wrong(&mut self, entry: Entry<'_>, expected: &str) {
        self.tell(self.wrong(entry, expected));
    }

    fn unknown_section(&mut self, entry: Entry<'_>) {
        let shown = visible_line(entry.key);
        let told = |message: String| Diagnostic::new(codes::UNKNOWN_PROJECT_KEY, entry.at, message);
        // A key without its section.
        let owner = SECTIONS.iter().find(|(_, keys)| keys.contains(&entry.key)).map(|(name, _)| *name);
        let owner = owner.or_else(|| codes::all().iter().any(|code| code.id == entry.key).then_some("check"));
        if let Some(owner) = owner {
            let finding = told(format!("`{shown}` stands in no section"));
            self.tell(finding.help(format!("it is a key of `[{owner}]`: write that on the line before it")));
            return;
        }
        let finding = told(format!("`sla.toml` has no section `{shown}`"));
        let names: Vec<String> = SECTIONS.iter().map(|(name, _)| format!("`[{name}]`")).collect();
        let finding = finding.help(format!("the sections are {}", names.join(", ")));
        let meant = did_you_mean(entry.key, SECTIONS.iter().map(|(name, _)| *name));
        self.tell(meant.map_or(finding.clone(), |meant| suggested(finding, entry.at, meant)));
    }

    fn unknown_key(&mut self, section: &str, keys: &[&str], entry: Entry<'_>) {
        let shown = visible_line(entry.key);
        let message = format!("`[{section}]` has no key `{shown}`");
        let finding = Diagnostic::new(codes::UNKNOWN_PROJECT_KEY, entry.at, message);
        if let Some(meant) = did_you_mean(entry.key, keys.iter().copied()) {
            self.tell(suggested(finding, entry.at, meant));
            return;
        }
        let owner = SECTIONS.iter().find(|(name, keys)| *name != section && keys.contains(&entry.key));
        let by_name = codes::all().iter().find(|code| section == "check" && code.name == entry.key);
        self.tell(match (owner, by_name) {
            (Some((owner, _)), _) => finding.help(format!("`{shown}` is a key of `[{owner}]`")),
            (None, Some(code)) => suggested(finding, entry.at, code.id),
            (None, None) => {
                let names: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
                let codes = if section == "check" { ", and the codes of findings, such as `SLA401`" } else { "" };
                finding.help(format!("it has {}{codes}", names.join(", ")))
            }
        });
    }
}

fn broken(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(codes::BROKEN_PROJECT_FILE, span, message)
}

fn suggested(finding: Diagnostic, span: Span, meant: &str) -> Diagnostic {
    let finding = Diagnostic { help: None, ..finding };
    finding.primary(format!("did you mean `{meant}`?")).fix(Fix::replace(format!("write `{meant}`"), span, meant))
}

fn stays_an_error(code: &Code, word: &str, entry: Entry<'_>) -> Diagnostic {
    let message = format!("`{}` is an error and cannot be \"{word}\"", code.id);
    let finding = broken(entry.at, message).primary(format!("this is: {}", code.title));
    finding.help("what is built of an agreement with an error would be wrong; warnings, advice and notes have levels")
}

/// A value in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// A message as ours are: on one line, and in lower case.
fn lowered(message: &str) -> String {
    let line = message.lines().map(str::trim).collect::<Vec<_>>().join(", ");
    let mut letters = line.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}
