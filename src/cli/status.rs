use super::inputs::Inputs;
use super::report::Report;
use super::terminal::Terminal;
use super::{Exit, Outcome};
use crate::diagnostics::{Code, Diagnostic, Severity, arrange, codes};
use crate::model::Model;
use crate::pipeline::Checked;
use crate::status::{Status, json, text};
use crate::values::{Date, parse_date};
use clap::{Args, ValueEnum};

/// Show where negotiations stand: what is agreed, what is open, whose move it is and until when
#[derive(Args)]
pub(super) struct Standing {
    #[command(flatten)]
    inputs: Inputs,
    /// Shows how things stood at the end of this day, and what was overdue then
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Fails if any point is open
    #[arg(long)]
    require_agreed: bool,
    /// How the status is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    report: Report,
}

/// How the status is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a program
    Json,
}

impl Standing {
    /// The status on standard output. Errors of agreements are told on standard error, in the layouts of `check`, and what has
    /// any is not shown; two negotiations of one clause are told as well.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let texts = self.inputs.read();
        // A warning stays one, however much it weighs in a project: what is negotiated can be read all the same.
        let checked = texts.check_alone();
        let name = |model: &Model| texts.sources().name(model.file).to_owned();
        let (shown, failed): (Vec<&Checked>, Vec<&Checked>) =
            checked.iter().filter(|one| !one.library).partition(can_be_shown);
        let unread = texts.findings.iter().filter(|finding| NOT_READ.contains(&finding.code));
        let unread = unread.filter_map(|finding| Some((finding.path.clone()?, 1)));
        let not_shown = unread.chain(failed.iter().map(|one| (name(&one.model), errors(one).count()))).collect();
        let status = Status::new(shown.iter().map(|one| (name(&one.model), &one.model)), not_shown, self.as_of);
        let weighed = |one: &Checked| texts.settings(one.model.file).weighed(told(one).cloned().collect());
        let of_files = texts.findings.iter().cloned().chain(checked.iter().flat_map(weighed)).collect();
        let findings: Vec<Diagnostic> = self.report.weighed(arrange(of_files));
        let mut outcome = match findings.is_empty() {
            true => Outcome::default(),
            false => self.report.beside(&findings, texts.sources(), terminal),
        };
        outcome.out = match self.format {
            Format::Text => text(&status, terminal.columns, terminal.colour_out),
            Format::Json => json(&status),
        };
        if self.require_agreed && status.counts().open > 0 {
            outcome.exit = outcome.exit.max(Exit::Findings);
        }
        outcome
    }
}

/// What is found of a file that is there by its name alone.
const NOT_READ: [&Code; 4] =
    [codes::UNREADABLE_FILE, codes::FILE_TOO_LARGE, codes::NOT_UTF8, codes::ANOTHER_KIND_OF_FILE];

fn errors(checked: &Checked) -> impl Iterator<Item = &Diagnostic> {
    checked.findings.iter().filter(|finding| finding.severity == Severity::Error)
}

/// What is told beside the status: errors, and that two open points are about one clause.
fn told(checked: &Checked) -> impl Iterator<Item = &Diagnostic> {
    let parallel = |finding: &&Diagnostic| finding.code == codes::PARALLEL_NEGOTIATIONS;
    checked.findings.iter().filter(move |one| one.severity == Severity::Error || parallel(one))
}

/// That an agreement in force has an open point is an error, and just what is to be seen here.
fn can_be_shown(checked: &&Checked) -> bool {
    errors(checked).all(|finding| finding.code == codes::OPEN_POINT)
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}
