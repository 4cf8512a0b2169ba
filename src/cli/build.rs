use super::Outcome;
use super::inputs::{Inputs, Texts, agreements, real};
use super::report::{Report, many};
use super::terminal::Terminal;
use super::watch::watch;
use super::whole_file::{reason, stage};
use crate::diagnostics::{Diagnostic, arrange, codes, visible_line};
use crate::model::Model;
use crate::pipeline::{Checked, compile, fails, one_agreement_a_name};
use crate::source::{FileId, SourceMap};
use crate::targets::{self, Artifact, Options, Target};
use crate::values::{Date, parse_date};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::iter::Sum;
use std::path::{Path, PathBuf};

/// Build the contract, the rules and the bundle of agreements without errors
#[derive(Args)]
pub(super) struct Build {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    /// The folder that the files are written to, `build` by default; it is made if it is not there
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is built; all by default
    #[arg(long, short, value_name = "TARGETS", value_delimiter = ',', value_parser = target_parser())]
    target: Vec<String>,
    /// How far ahead dates are worked out for an agreement without an end
    #[arg(long, value_name = "DATE", value_parser = date)]
    horizon: Option<Date>,
    /// Makes rules also for agreements that are not yet agreed
    #[arg(long)]
    drafts: bool,
    /// Goes on: builds again what depends on a file that changes, until Ctrl-C or the end of standard input
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    pub(super) report: Report,
}

/// How many there were, and where their files are.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub agreements: usize,
    files: usize,
    pub failed: usize,
    outs: BTreeSet<PathBuf>,
}

impl Counts {
    /// Agreements that were not built.
    pub fn failed(failed: usize) -> Counts {
        Counts { failed, ..Counts::default() }
    }
}

impl<'a> Sum<&'a Counts> for Counts {
    fn sum<I: Iterator<Item = &'a Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |mut sum, one| {
            sum.agreements += one.agreements;
            sum.files += one.files;
            sum.failed += one.failed;
            sum.outs.extend(one.outs.iter().cloned());
            sum
        })
    }
}

/// What became of one file.
#[derive(Debug)]
pub(super) struct Built {
    pub file: FileId,
    pub library: bool,
    pub counts: Counts,
    pub findings: Vec<Diagnostic>,
    /// The files that were written.
    pub written: BTreeSet<PathBuf>,
    /// Whether it is of this round, where there are several.
    pub is_fresh: bool,
}

/// What is asked of one agreement: by the command line, else by its project, else by default.
struct Wanted {
    out: PathBuf,
    targets: Vec<&'static dyn Target>,
    options: Options,
}

impl Build {
    /// An agreement with an error writes nothing; the others are written all the same.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        if self.watch {
            return watch(&self, terminal);
        }
        let texts = self.inputs.read();
        let checked = texts.check();
        let kinds = texts.looked_at(agreements(&checked));
        let out = |model: &Model| self.place(texts.store.path(model.file), &texts);
        let models = checked.iter().map(|checked| (&checked.model, out(&checked.model)));
        let twice = one_agreement_a_name(models, texts.sources());
        let failing: BTreeSet<FileId> =
            checked.iter().filter(|one| self.is_failing(one)).map(|one| one.model.file).collect();
        let barred = &files_of(&twice) | &texts.importers(&failing);
        let built = self.build_all(checked, &barred, &texts);
        let counts: Counts = built.iter().map(|built| &built.counts).chain([&Counts::failed(texts.unread)]).sum();
        let built = built.into_iter().flat_map(|built| built.findings);
        let findings = texts.findings.iter().cloned().chain(twice).chain(built).collect();
        let findings = together(arrange(findings), texts.sources());
        let mut outcome = self.report.outcome_of(&findings, texts.sources(), terminal, kinds.as_deref());
        outcome.err.push_str(&format!("{}\n", sum(&counts, terminal)));
        outcome
    }

    /// Whether it is a library with an error: nothing is built of what imports it.
    pub fn is_failing(&self, checked: &Checked) -> bool {
        checked.library && fails(&self.report.weighed(checked.findings.clone()))
    }

    /// Builds agreements, several at a time.
    pub fn build_all(&self, checked: Vec<Checked>, barred: &BTreeSet<FileId>, texts: &Texts) -> Vec<Built> {
        checked.into_par_iter().map(|checked| self.build(checked, barred, texts)).collect()
    }

    /// Builds one agreement and writes its files. Nothing of it is kept but what is to be said, so that a portfolio takes
    /// the memory of its models and of the texts at hand.
    fn build(&self, checked: Checked, barred: &BTreeSet<FileId>, texts: &Texts) -> Built {
        let file = checked.model.file;
        let mut checked = Checked { findings: self.report.weighed(checked.findings), ..checked };
        if checked.library {
            return Built {
                file,
                library: true,
                counts: Counts::default(),
                findings: checked.findings,
                written: BTreeSet::new(),
                is_fresh: true,
            };
        }
        let wanted = self.wanted(file, texts);
        let (artifacts, findings) = compile(&checked, texts.sources(), &wanted.targets, &wanted.options);
        checked.findings.extend(self.report.weighed(texts.settings(file).weighed(findings)));
        let fails = checked.fails() || barred.contains(&file);
        let written = if fails { None } else { Some(write(&wanted.out, &artifacts)) };
        let mut files = BTreeSet::new();
        let counts = match written {
            Some(Ok(())) => {
                files.extend(artifacts.iter().map(|artifact| wanted.out.join(&artifact.name)));
                Counts { agreements: 1, files: artifacts.len(), failed: 0, outs: BTreeSet::from([wanted.out]) }
            }
            Some(Err(finding)) => {
                checked.findings.push(finding);
                Counts::failed(1)
            }
            None => Counts::failed(1),
        };
        Built { file, library: false, counts, findings: checked.findings, written: files, is_fresh: true }
    }

    /// The one path of the folder that the files of an agreement are written to.
    pub fn place(&self, path: Option<&Path>, texts: &Texts) -> PathBuf {
        real(&self.out.clone().unwrap_or_else(|| texts.out(path)))
    }

    fn wanted(&self, file: FileId, texts: &Texts) -> Wanted {
        let settings = texts.settings(file);
        let out = self.out.clone().unwrap_or_else(|| texts.out(texts.store.path(file)));
        let names = if self.target.is_empty() { settings.targets.as_ref() } else { Some(&self.target) };
        let is_wanted =
            |target: &&&'static dyn Target| names.is_none_or(|names| names.iter().any(|name| name == target.name()));
        let targets = targets::all().iter().filter(is_wanted).copied().collect();
        let horizon = self.horizon.or(settings.horizon.map(|(horizon, _)| horizon));
        let options = Options {
            horizon,
            drafts: self.drafts || settings.drafts == Some(true),
            omit_suppliers: settings.omit_suppliers,
        };
        Wanted { out, targets, options }
    }
}

/// All files of one agreement; none is renamed before all are written.
fn write(out: &Path, artifacts: &[Artifact]) -> Result<(), Diagnostic> {
    std::fs::create_dir_all(out).map_err(|error| unwritable(out, &error))?;
    let place = |artifact: &Artifact| out.join(&artifact.name);
    let staged = artifacts
        .iter()
        .map(|artifact| stage(place(artifact), &artifact.text).map_err(|error| unwritable(&place(artifact), &error)));
    let staged = staged.collect::<Result<Vec<_>, _>>()?;
    for (file, artifact) in staged.into_iter().zip(artifacts) {
        file.replace().map_err(|error| unwritable(&place(artifact), &error))?;
    }
    Ok(())
}

/// "3 agreements, 9 files written to build/".
pub(super) fn sum(counts: &Counts, terminal: &Terminal) -> String {
    let folder = |out: &PathBuf| format!("{}/", visible_line(&out.display().to_string()).trim_end_matches('/'));
    let outs: Vec<String> = counts.outs.iter().map(folder).collect();
    let outs = match outs.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    };
    let built = format!("{}, {} written to {outs}", many(counts.agreements, "agreement"), many(counts.files, "file"));
    let failed = format!("{} not built", many(counts.failed, "agreement"));
    match (counts.agreements, counts.failed) {
        (0, 0) => terminal.bad("nothing written"),
        (0, _) => terminal.bad(&format!("{failed}, nothing written")),
        (_, 0) => terminal.good(&built),
        _ => terminal.bad(&format!("{built}; {failed}")),
    }
}

/// How many agreements that get no rules are told one by one, and how many files are named where there are more.
const FEW: usize = 3;

/// The findings, with one note for all agreements that get no rules for the same reason where they are more than a few.
pub(super) fn together(findings: Vec<Diagnostic>, sources: &SourceMap) -> Vec<Diagnostic> {
    let reason = |one: &Diagnostic| (one.code == codes::NO_RULES_YET).then(|| (one.severity, one.message.clone()));
    let mut alike: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for one in &findings {
        if let Some(reason) = reason(one) {
            alike.entry(reason).or_default().push(visible_line(one.file_name(sources)));
        }
    }
    let tell = |one: Diagnostic| {
        let Some(reason) = reason(&one).filter(|reason| alike.get(reason).is_none_or(|files| files.len() > FEW)) else {
            return Some(one);
        };
        // The first one stands for all, and takes their names.
        let files = alike.remove(&reason)?;
        let others: Vec<&str> = files.iter().skip(1).take(FEW).map(String::as_str).collect();
        let more = match files.len() - 1 - others.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Some(Diagnostic {
            message: format!("{} ({} agreements)", one.message, files.len()),
            primary: Some(format!("so it is in {}{more}", others.join(", "))),
            ..one
        })
    };
    findings.into_iter().filter_map(tell).collect()
}

/// Names of targets, as clap shows and suggests them.
fn target_parser() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(targets::all().iter().map(|target| target.name()))
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

/// The files that findings are about.
pub(super) fn files_of(findings: &[Diagnostic]) -> BTreeSet<FileId> {
    let spans = findings
        .iter()
        .flat_map(|finding| finding.span.into_iter().chain(finding.labels.iter().map(|label| label.span)));
    spans.map(|span| span.file).collect()
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("the file cannot be written: {}", reason(error));
    Diagnostic::without_place(codes::UNWRITABLE_FILE, path.display().to_string(), message)
}
