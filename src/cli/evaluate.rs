use super::describe::described;
use super::inputs::Inputs;
use super::progress::Progress;
use super::report::Report;
use super::terminal::Terminal;
use super::{Exit, Outcome};
use crate::diagnostics::{Severity, arrange};
use crate::evaluate::{Interval, Judged, Plan, accounts, conclude, explain_due, judge_due};
use crate::measurements::{Folder, load, options};
use crate::model::Model;
use crate::pipeline::{Checked, model_for};
use crate::source::{DiskWorld, SourceMap};
use crate::statement::{Statement, json, markdown, text};
use crate::values::{Date, Timestamp, YearMonth, Zone, parse_date};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::path::PathBuf;

/// Compute from measurements what was attained, what was missed, and what is owed
#[derive(Args)]
#[command(mut_arg("paths", |paths| paths.help("The file of one agreement, or a folder with one; `-` is standard input")))]
pub(super) struct Evaluate {
    #[command(flatten)]
    inputs: Inputs,
    /// The folder of the measurements: a file for each signal, such as `requests.csv`
    #[arg(long, value_name = "DIR", default_value = "measurements")]
    data: PathBuf,
    /// The windows that end in this time: `2027-03`, `2027-Q1`, `2027`, `2027-03-05`, `2027-01..2027-03`
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Option<(Date, Date)>,
    /// What is known by the end of this day, or by this instant; windows that have not ended are judged so far
    #[arg(long, value_name = "TIME", value_parser = moment)]
    as_of: Option<Moment>,
    /// Shows how each result comes about
    #[arg(long)]
    steps: bool,
    /// Leaves out what suppliers promise and owe, for a statement that goes to the customer
    #[arg(long)]
    omit_suppliers: bool,
    /// How the results are shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Says which files and columns are needed, with a sample row of each, and evaluates nothing
    #[arg(long, conflicts_with_all = ["period", "as_of", "steps", "omit_suppliers"])]
    describe: bool,
    #[command(flatten)]
    report: Report,
}

/// How results are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a report
    Markdown,
    /// For a program
    Json,
}

/// The end of a day, or an instant.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Day(Date),
    Instant(Timestamp),
}

impl Evaluate {
    /// Results on standard output; what is wrong with agreement or measurements is told on standard error, in the layouts of
    /// `check`.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let texts = self.inputs.read();
        let mut all = texts.check();
        let mut findings = texts.findings.clone();
        let failed = !findings.is_empty() || all.iter().any(Checked::fails);
        let count = all.iter().filter(|checked| !checked.library).count();
        if count > 1 || count == 0 && !failed {
            let message = format!("one agreement is evaluated at a time, and there are {count} here");
            let help = "name its file: `sla evaluate FILE --data DIR --period 2027-03`";
            return Outcome::failure(terminal, &message, Some(help));
        }
        if !failed {
            all.retain(|checked| !checked.library);
        }
        if failed {
            findings.extend(all.into_iter().flat_map(|checked| checked.findings));
            findings.retain(|finding| finding.severity == Severity::Error);
            return self.report.beside(&arrange(findings), texts.sources(), terminal);
        }
        let Some(checked) = all.pop() else { return Outcome::default() };
        if self.describe {
            return Outcome::output(described(&checked.model));
        }
        let zone = checked.model.agreement.clock();
        let Some((days, period, as_of)) = self.span(&zone) else {
            let message = match (self.period, self.as_of.is_some()) {
                (None, false) => "it is not said what is evaluated",
                _ => "the period reaches beyond the calendar",
            };
            return Outcome::failure(terminal, message, Some("add `--period 2027-03`, or `--as-of 2027-03-15`"));
        };
        let world = match DiskWorld::new(&self.data) {
            Ok(world) => world,
            Err(error) => {
                let message = format!("the folder `{}` cannot be read: {error}", self.data.display());
                let help = "`--data DIR` names the folder of the measurements; `sla evaluate FILE --describe` says what belongs into it";
                return Outcome::failure(terminal, &message, Some(help));
            }
        };
        let name = self.data.display().to_string();
        let (known, odd) = options(&checked.model, Folder { world: &world, name: &name, on_bytes: &|_| {} });
        if !odd.is_empty() {
            return self.report.beside(&odd, &SourceMap::new(), terminal);
        }
        // What is for each option of an open dimension is for those that the measurements have.
        let measured = match known.is_empty() {
            true => None,
            false => model_for(&texts.store, checked.model.file, known),
        };
        if let Some((_, errors)) = &measured
            && !errors.is_empty()
        {
            return self.report.beside(errors, texts.sources(), terminal);
        }
        let whole = measured.as_ref().map_or(&checked.model, |(model, _)| model);
        // What is negotiated with suppliers is no open point of what the customer is shown.
        let shown = self.omit_suppliers.then(|| Model { proposals: whole.proposals_for_customer(), ..whole.clone() });
        let mut plan = Plan::new(shown.as_ref().unwrap_or(whole), period, as_of);
        let progress = Progress::new(terminal, &world);
        let on_bytes = |bytes| progress.add(bytes);
        let loaded = load(&plan, Folder { world: &world, name: &name, on_bytes: &on_bytes });
        progress.end();
        let weighed = self.report.weighed(loaded.findings);
        let mut outcome = match weighed.is_empty() {
            true => Outcome::default(),
            // They are about the tables, and not about the agreement.
            false => self.report.beside(&weighed, &SourceMap::new(), terminal),
        };
        if weighed.iter().any(|finding| finding.severity == Severity::Error) {
            outcome.exit = outcome.exit.max(Exit::Findings);
            return outcome;
        }
        let judged: Vec<Judged> = plan.due.par_iter().map(|due| judge_due(&plan, due, &loaded.facts)).collect();
        let accounts = accounts(&plan, period, &loaded.facts, &judged);
        let mut outcomes = conclude(&plan, &loaded.facts, judged);
        if self.omit_suppliers {
            let model = plan.model;
            outcomes.retain(|outcome| !model.is_supplied(outcome.due.commitment.of.as_ref()));
            plan.without.retain(|(commitment, _)| !model.is_supplied(commitment.of.as_ref()));
        }
        let shows_steps = self.steps || self.format != Format::Text;
        let shown: Vec<_> = outcomes.iter().filter(|_| shows_steps).collect();
        let derivations = shown.par_iter().map(|outcome| explain_due(&plan, outcome, &loaded.facts)).collect();
        let statement = Statement::new(&plan, days, &outcomes, derivations, accounts);
        outcome.out = match self.format {
            Format::Text => text(&statement, self.steps, terminal.colour_out),
            Format::Markdown => markdown(&statement),
            Format::Json => json(&statement),
        };
        outcome
    }

    /// What is evaluated: its first and last day, the time, and up to when things are known.
    fn span(&self, zone: &Zone) -> Option<((Date, Date), Interval, Option<i128>)> {
        let start = |date: Date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
        let end = |date: Date| start(date.tomorrow().ok()?);
        let as_of = match self.as_of {
            Some(Moment::Day(date)) => Some(end(date)?),
            Some(Moment::Instant(at)) => Some(at.as_nanosecond()),
            None => None,
        };
        let day = |at: i128| Timestamp::from_nanosecond(at - 1).ok().map(|at| zone.date(at));
        let days = match (self.period, as_of) {
            (Some(days), _) => days,
            (None, Some(at)) => (day(at)?, day(at)?),
            (None, None) => return None,
        };
        Some((days, Interval { start: start(days.0)?, end: end(days.1)? }, as_of))
    }
}

/// A year, a month, a day, or the days from one of these to another.
fn period(text: &str) -> Result<(Date, Date), String> {
    let one = |text: &str| -> Result<(Date, Date), String> {
        let text = text.trim();
        if let Some(quarter) = quarter(text) {
            return Ok(quarter);
        }
        let month = YearMonth::parse(text);
        if let Ok(month) = month {
            return Ok((month.first_day(), month.last_day()));
        }
        if let (Err(error), true) = (month, text.len() == 7 && text.as_bytes().get(4) == Some(&b'-')) {
            return Err(error.to_string());
        }
        let year = text.parse::<i16>().ok().filter(|year| text.len() == 4 && *year > 0);
        if let Some(year) = year.and_then(|year| Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))) {
            return Ok(year);
        }
        parse_date(text)
            .map(|date| (date, date))
            .map_err(|error| format!("{error}; a period is `2027-03`, `2027`, `2027-03-05` or `2027-01..2027-03`"))
    };
    let ends = text.split_once("..").or_else(|| text.split_once(" to "));
    let Some((from, to)) = ends else { return one(text) };
    let (from, to) = (one(from)?.0, one(to)?.1);
    if from > to { Err(format!("the period ends before it begins: {from} comes after {to}")) } else { Ok((from, to)) }
}

/// A quarter, `2027-Q1`.
fn quarter(text: &str) -> Option<(Date, Date)> {
    let (year, quarter) = text.split_once("-Q").or_else(|| text.split_once("-q"))?;
    let quarter = quarter.parse::<i8>().ok().filter(|quarter| (1..=4).contains(quarter))?;
    let first = Date::new(year.parse().ok().filter(|_| year.len() == 4)?, quarter * 3 - 2, 1).ok()?;
    Some((first, Date::new(first.year(), quarter * 3, 1).ok()?.last_of_month()))
}

fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(date) = parse_date(text) {
        return Ok(Moment::Day(date));
    }
    let hint = "a time is a day, `2027-03-15`, or an instant with its offset, `2027-03-15T10:00:00+01:00`";
    text.parse::<Timestamp>().map(Moment::Instant).map_err(|_| hint.to_owned())
}
