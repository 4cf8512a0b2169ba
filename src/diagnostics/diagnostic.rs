use std::collections::{BTreeMap, BTreeSet};

use super::{Code, Severity, codes};
use crate::source::{ReadError, Rejection, SourceMap, Span};

/// A place beside the main one, with what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place; it may be in another file.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// What stands at the place where a template is used in which something was found.
const USED_HERE: &str = "the template is used here";

/// What stands at an agreement in which things of other files meet.
const MET_HERE: &str = "both are in this agreement";

/// What stands at the import by which an agreement has something of another file that is wrong in it.
const BROUGHT_HERE: &str = "it comes with this import";

impl Label {
    /// Whether it says where a template is used that the finding is in, in which agreement what it is about meets, or by which
    /// import an agreement has it.
    fn is_use(&self) -> bool {
        [USED_HERE, MET_HERE, BROUGHT_HERE].contains(&self.text.as_str())
    }
}

/// One replacement in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What takes its place.
    pub new_text: String,
}

/// A way to mend the finding, applied whole or not at all. The edits do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What the fix does, as an order: "write `api_uptime`".
    pub title: String,
    /// The replacements.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that replaces one span.
    #[must_use]
    pub fn replace(title: impl Into<String>, span: Span, new_text: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit { span, new_text: new_text.into() }] }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The catalogue's entry.
    pub code: &'static Code,
    /// The entry's severity, unless the finding is of another weight here.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where, if it is at a place in a text.
    pub span: Option<Span>,
    /// The file, if the finding is about a file that has no text.
    pub path: Option<String>,
    /// The words at the main place.
    pub primary: Option<String>,
    /// The other places.
    pub labels: Vec<Label>,
    /// A value, a date or a course of events that shows the problem.
    pub witness: Option<String>,
    /// How a result was computed: one line for each step, those that led to one below it and further to the right.
    pub derivation: Vec<String>,
    /// The names of other variants of which the same is found.
    pub others: Vec<String>,
    /// How to mend it.
    pub help: Option<String>,
    /// Ways to mend it that the tool can take.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding at a place.
    #[must_use]
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::bare(code, message.into()) }
    }

    /// A finding about a whole file, which may have no text at all.
    #[must_use]
    pub fn without_place(code: &'static Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: Some(path.into().replace('\\', "/")), ..Self::bare(code, message.into()) }
    }

    /// The finding that a file could not be read.
    #[must_use]
    pub fn unreadable(path: impl Into<String>, error: &ReadError) -> Self {
        Self::without_place(codes::UNREADABLE_FILE, path, format!("the file cannot be read: {error}"))
    }

    /// The finding that a file is not the text of an agreement.
    #[must_use]
    pub fn rejected(path: impl Into<String>, rejection: &Rejection) -> Self {
        let code = match rejection {
            Rejection::TooLarge => codes::FILE_TOO_LARGE,
            Rejection::Utf16 | Rejection::NotUtf8 { .. } => codes::NOT_UTF8,
            Rejection::Nul { .. } | Rejection::OtherKind(_) => codes::ANOTHER_KIND_OF_FILE,
        };
        Self::without_place(code, path, rejection.to_string())
    }

    fn bare(code: &'static Code, message: String) -> Self {
        Self {
            code,
            severity: code.severity,
            message,
            span: None,
            path: None,
            primary: None,
            labels: Vec::new(),
            witness: None,
            derivation: Vec::new(),
            others: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// The same with a severity other than the catalogue's.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// The same with words at the main place.
    #[must_use]
    pub fn primary(self, text: impl Into<String>) -> Self {
        Self { primary: Some(text.into()), ..self }
    }

    /// The same with one more place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same with the agreement in which two things of other files meet; of several agreements it is told once.
    #[must_use]
    pub fn met_in(self, agreement: Span) -> Self {
        self.label(agreement, MET_HERE)
    }

    /// The same with the import by which an agreement has what is wrong there; of several agreements it is told once.
    #[must_use]
    pub fn brought_by(self, import: Span) -> Self {
        self.label(import, BROUGHT_HERE)
    }

    /// The same with a witness: "for example: …" is put before it.
    #[must_use]
    pub fn witness(self, text: impl Into<String>) -> Self {
        Self { witness: Some(text.into()), ..self }
    }

    /// The same with the steps of a computation.
    #[must_use]
    pub fn derivation(self, lines: Vec<String>) -> Self {
        Self { derivation: lines, ..self }
    }

    /// The same with a way to mend it, in words.
    #[must_use]
    pub fn help(self, text: impl Into<String>) -> Self {
        Self { help: Some(text.into()), ..self }
    }

    /// The same with a way to mend it that the tool can take.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// Where the templates are used that it is in, once it is seen plainly.
    pub fn uses(&self) -> impl Iterator<Item = Span> {
        self.labels.iter().filter(|label| label.is_use()).map(|label| label.span)
    }

    /// The same with places in the files themselves, and with where the template is used that it is in.
    fn seen_plainly(mut self, uses: &[Span]) -> Self {
        let mut ways: Vec<Span> = self.span.into_iter().flat_map(|span| way(span, uses)).collect();
        // Another place may be in a template as well; where something else says so, nothing more is said.
        for label in self.labels.iter().filter(|_| ways.is_empty()).filter(|label| label.span.file.view() > 0) {
            let way: Vec<Span> = way(label.span, uses).collect();
            if !way.iter().any(|used| self.is_at(*used)) {
                ways.extend(way);
                break;
            }
        }
        self.labels.extend(ways.into_iter().map(|span| Label { span, text: USED_HERE.to_owned() }));
        // What is to be written names no option.
        self.help = self.help.map(|help| without_options(&help));
        self.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| {
            edit.new_text = without_options(&edit.new_text);
        });
        let plain = |span: Span| Span { file: span.file.plain(), ..span };
        self.span = self.span.map(plain);
        self.labels.iter_mut().for_each(|label| label.span = plain(label.span));
        self.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| edit.span = plain(edit.span));
        self
    }

    /// Adds the names of other variants of which the same is found.
    fn tell_of_others(&mut self, mut others: Vec<String>) {
        let mut told: BTreeSet<String> = names(&self.message).map(str::to_owned).collect();
        others.retain(|name| told.insert(name.clone()));
        self.others = others;
    }

    /// Where the template is used in other files that the finding is in, each place once.
    pub(super) fn used_elsewhere(&self) -> Vec<Span> {
        let Some(own) = self.span.map(|span| span.file.plain()) else { return Vec::new() };
        let mut uses: Vec<Span> = Vec::new();
        for label in self.labels.iter().filter(|label| label.is_use() && label.span.file.plain() != own) {
            if !uses.contains(&label.span) {
                uses.push(label.span);
            }
        }
        uses
    }

    /// Whether a place is shown already, in whole or in part.
    fn is_at(&self, place: Span) -> bool {
        let all = self.span.into_iter().chain(self.labels.iter().map(|label| label.span));
        all.into_iter().any(|span| span.file == place.file && span.start < place.end && place.start < span.end)
    }

    /// The display path of the file that the finding is about; empty if it is about none.
    #[must_use]
    pub fn file_name<'a>(&'a self, sources: &'a SourceMap) -> &'a str {
        match (self.span, &self.path) {
            (Some(span), _) => sources.name(span.file),
            (None, Some(path)) => path,
            (None, None) => "",
        }
    }
}

/// The uses of templates that lead to a place, the innermost first. Templates use each other to a bounded depth.
fn way(at: Span, uses: &[Span]) -> impl Iterator<Item = Span> {
    let used = |span: &Span| uses.get((span.file.view() as usize).checked_sub(1)?).copied();
    std::iter::successors(used(&at), move |span| used(span)).take_while(|used| !used.is_empty())
}

/// Findings as people read them, of a model in which a text may be read at several uses and in several variants.
///
/// Each place is that in the file itself; one in a template is followed by where it is used, which `uses` says for each
/// view. What is found in several variants of one clause is told once, for the first of those for which it weighs most; a note
/// that has another reason is told for that as well, and so is each reason why something is not compared; and what is found at
/// several uses of a template for each of them.
#[must_use]
pub fn in_plain_sight(findings: Vec<Diagnostic>, uses: &[Span]) -> Vec<Diagnostic> {
    let mut plain: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    let mut seen: BTreeMap<_, (usize, Vec<String>)> = BTreeMap::new();
    for finding in findings.into_iter().map(|finding| finding.seen_plainly(uses)) {
        if finding.span.is_some() {
            // Notes say what a target needs, and each value of that counts.
            let is_note = finding.severity == Severity::Note;
            let said = |text: &str| if is_note { without_options(text) } else { alike(text) };
            let reason = finding.primary.as_deref().filter(|_| is_note || finding.code.is_told_by_reason()).map(said);
            let uses: Vec<Span> = finding.uses().collect();
            let key = (finding.span, finding.code.id, said(&finding.message), reason, uses);
            if let Some((place, others)) = seen.get_mut(&key) {
                // The variant for which it weighs most speaks for all.
                let mut other = finding;
                if let Some(told) = plain.get_mut(*place).filter(|told| other.severity < told.severity) {
                    std::mem::swap(told, &mut other);
                }
                let told = plain.get(*place).map_or("", |told| told.message.as_str());
                others.extend(variant(&other.message, told).map(str::to_owned));
                continue;
            }
            seen.insert(key, (plain.len(), Vec::new()));
        }
        plain.push(finding);
    }
    for (place, others) in seen.into_values() {
        if let Some(finding) = plain.get_mut(place) {
            finding.tell_of_others(others);
        }
    }
    plain
}

/// The first name of a variant in a message that is another one in the message that is told: of `uptime[gold]`, which depends
/// on `delivery[eu]`, and `uptime[basic]`, which does as well, the latter.
fn variant<'a>(message: &'a str, told: &str) -> Option<&'a str> {
    names(message).zip(names(told)).find(|(name, told)| name.contains('[') && name != told).map(|(name, _)| name)
}

/// What stands in a message as it is written in a file.
fn names(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

/// A message without the options that stand after names: `uptime` for `uptime[gold]`.
fn without_options(message: &str) -> String {
    let mut whole = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find('[') {
        let (before, after) = rest.split_at(at);
        whole.push_str(before);
        let end =
            after.find(']').filter(|_| before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_'));
        let skipped = end.map_or(1, |end| end + 1);
        if end.is_none() {
            whole.push('[');
        }
        rest = after.get(skipped..).unwrap_or_default();
    }
    whole.push_str(rest);
    whole
}

/// What is alike in what is said of a variant and of the next one, which differ in their options and in the values that these
/// have: numbers that are no part of a name.
fn alike(message: &str) -> String {
    let mut whole = without_options(message);
    if whole.len() < message.len() {
        let mut in_name = false;
        whole.retain(|letter| {
            let is_digit = letter.is_ascii_digit();
            in_name = letter.is_ascii_alphabetic() || letter == '_' || is_digit && in_name;
            (!is_digit || in_name) && !matches!(letter, '.' | '-')
        });
    }
    whole
}

/// Sorts findings by file, place and code, and tells once what is the same: of findings that differ in nothing but where a
/// template is used, or in what they meet in other files, one shows all these places. Those of one place that differ in what
/// they say, or show in its file, are told each, such as what two agreements make of a file that they share.
///
/// Whole-file findings come first, by path; files keep the order in which they were read.
#[must_use]
pub fn arrange(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // The sort is stable, so of findings alike in all of this the one found first stays first.
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut told: Vec<Diagnostic> = Vec::with_capacity(found.len());
    let mut known: BTreeMap<Diagnostic, usize> = BTreeMap::new();
    for one in found {
        let file = one.span.map(|span| span.file.plain());
        let is_around = |label: &Label| label.is_use() || Some(label.span.file.plain()) != file;
        let (around, others) = one.labels.iter().cloned().partition(is_around);
        let bare = Diagnostic { severity: one.code.severity, labels: others, ..one.clone() };
        match known.get(&bare).and_then(|place| told.get_mut(*place)) {
            Some(same) => {
                // What is an error in one project is one, though another one weighs it less.
                same.severity = same.severity.min(one.severity);
                same.labels.extend(around);
            }
            None => {
                known.insert(bare, told.len());
                told.push(one);
            }
        }
    }
    for one in &mut told {
        let mut seen = BTreeSet::new();
        one.labels.retain(|label| seen.insert((label.span, (!label.is_use()).then(|| label.text.clone()))));
    }
    told
}

/// Of two findings at one place, the wider comes first.
fn order(finding: &Diagnostic) -> impl Ord + '_ {
    let place = finding.span.map(|span| (span.file, span.start, std::cmp::Reverse(span.end)));
    (place, &finding.path, finding.code.id, &finding.message)
}
