//! Findings as the user wants to see them.

use super::terminal::Terminal;
use super::{Exit, Outcome};
use crate::diagnostics::{Diagnostic, Severity, codes, fancy, json, narrated, plain, short, summary};
use crate::source::SourceMap;
use clap::{Args, ValueEnum};

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Drawn, for a terminal; the default there
    Fancy,
    /// Sentences, for screen readers
    Narrated,
    /// The layout of compilers, for logs; the default elsewhere
    Plain,
    /// One line a finding, for programs
    Short,
    /// One JSON object a line, for programs
    Json,
}

impl Format {
    /// Whether it is read by programs.
    fn is_for_programs(self) -> bool {
        matches!(self, Self::Short | Self::Json)
    }
}

/// What may be denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Denied {
    /// A warning is an error
    Warnings,
}

/// How findings are reported.
#[derive(Args)]
pub(super) struct Report {
    /// How findings are shown; those for programs go to standard output, but beside the result of `evaluate` and `status` to
    /// standard error
    #[arg(long, value_name = "FORMAT")]
    message_format: Option<Format>,
    /// Takes every warning for an error
    #[arg(long, value_name = "WHAT")]
    deny: Option<Denied>,
}

impl Report {
    /// The findings with the weights that the user gave them.
    pub fn weighed(&self, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.deny == Some(Denied::Warnings) {
            for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Warning) {
                finding.severity = Severity::Error;
            }
        }
        findings
    }

    /// Whether findings are for programs, which read nothing else on standard output.
    pub fn is_for_programs(&self) -> bool {
        self.message_format.is_some_and(Format::is_for_programs)
    }

    /// The findings and their sum, where they belong.
    pub fn outcome(&self, findings: &[Diagnostic], sources: &SourceMap, terminal: &Terminal) -> Outcome {
        self.outcome_of(findings, sources, terminal, None)
    }

    /// The same beside a result, which has standard output for itself. The lines for programs stand there without their sum,
    /// so that each is a finding.
    pub fn beside(&self, findings: &[Diagnostic], sources: &SourceMap, terminal: &Terminal) -> Outcome {
        let told = self.outcome(findings, sources, terminal);
        match self.is_for_programs() {
            true => Outcome { out: String::new(), err: told.out, exit: told.exit },
            false => told,
        }
    }

    /// The same, saying of what kinds the files are, or which findings are told.
    pub fn outcome_of(
        &self,
        findings: &[Diagnostic],
        sources: &SourceMap,
        terminal: &Terminal,
        kinds: Option<&str>,
    ) -> Outcome {
        self.outcome_counting(findings, findings, sources, terminal, kinds)
    }

    /// The same where more findings are counted than shown: the others have been shown before.
    pub fn outcome_counting(
        &self,
        findings: &[Diagnostic],
        counted: &[Diagnostic],
        sources: &SourceMap,
        terminal: &Terminal,
        kinds: Option<&str>,
    ) -> Outcome {
        let by_default = if terminal.is_read { Format::Fancy } else { Format::Plain };
        let format = self.message_format.unwrap_or(by_default);
        let shown = match format {
            Format::Fancy => fancy::render(findings, sources, terminal.colour, terminal.columns),
            Format::Narrated => narrated::render(findings, sources),
            Format::Plain => plain::render(findings, sources, terminal.colour),
            Format::Short => short::render(findings, sources),
            Format::Json => json::render(findings, sources),
        };
        let exit = exit(counted);
        let sum = sum(counted, sources, terminal, kinds);
        if format.is_for_programs() {
            return Outcome { out: shown, err: format!("{sum}\n"), exit };
        }
        // The layouts with drawings end with an empty line of their own.
        let apart = if format == Format::Narrated && !shown.is_empty() { "\n" } else { "" };
        Outcome { out: String::new(), err: format!("{shown}{apart}{sum}{}\n", more(counted)), exit }
    }
}

/// The counts in the colour of the heaviest finding.
fn sum(findings: &[Diagnostic], sources: &SourceMap, terminal: &Terminal, kinds: Option<&str>) -> String {
    let kinds = kinds.map_or(String::new(), |kinds| format!(": {kinds}"));
    let text = format!("{}{kinds}", summary(findings, sources));
    match findings.iter().map(|finding| finding.severity).min() {
        Some(Severity::Error) => terminal.bad(&text),
        Some(Severity::Warning) => terminal.doubtful(&text),
        _ => terminal.good(&text),
    }
}

/// Where to read on about the first of the heaviest findings.
fn more(findings: &[Diagnostic]) -> String {
    let worst = findings.iter().min_by_key(|finding| finding.severity);
    let worst = worst.filter(|finding| finding.severity <= Severity::Warning);
    worst.map_or(String::new(), |finding| format!("; `sla explain {}` says more", finding.code.id))
}

/// A file that was named and is not there is the command's failure; one that an agreement names is the agreement's.
fn exit(findings: &[Diagnostic]) -> Exit {
    let io = [codes::UNREADABLE_FILE, codes::NO_AGREEMENT_FILE, codes::UNWRITABLE_FILE];
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let exits = errors.map(|finding| match finding.span {
        None if io.contains(&finding.code) => Exit::Failure,
        _ => Exit::Findings,
    });
    exits.max().unwrap_or_default()
}

/// "1 file", "3 files".
pub(super) fn many(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
