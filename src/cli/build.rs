use super::Outcome;
use super::inputs::Inputs;
use super::report::{Report, many};
use super::terminal::Terminal;
use super::whole_file::{reason, stage};
use crate::diagnostics::{Diagnostic, arrange, codes, visible_line};
use crate::pipeline::{Checked, compile, one_agreement_a_name};
use crate::source::{FileId, SourceMap};
use crate::targets::{self, Artifact, Options, Target};
use crate::values::{Date, parse_date};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io;
use std::iter::Sum;
use std::path::{Path, PathBuf};

/// Build the contract, the rules and the bundle of agreements without errors
#[derive(Args)]
pub(super) struct Build {
    #[command(flatten)]
    inputs: Inputs,
    /// The folder that the files are written to; it is made if it is not there
    #[arg(long, short, value_name = "DIR", default_value = "build")]
    out: PathBuf,
    /// What is built; all by default
    #[arg(long, short, value_name = "TARGETS", value_delimiter = ',', value_parser = target_parser())]
    target: Vec<String>,
    /// How far ahead dates are worked out for an agreement without an end
    #[arg(long, value_name = "DATE", value_parser = date)]
    horizon: Option<Date>,
    /// Makes rules also for agreements that are not yet agreed
    #[arg(long)]
    drafts: bool,
    #[command(flatten)]
    report: Report,
}

/// How many there were.
#[derive(Default)]
struct Counts {
    agreements: usize,
    files: usize,
    failed: usize,
}

impl Counts {
    /// An agreement that was not built.
    const FAILED: Counts = Counts { agreements: 0, files: 0, failed: 1 };
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |sum, one| Counts {
            agreements: sum.agreements + one.agreements,
            files: sum.files + one.files,
            failed: sum.failed + one.failed,
        })
    }
}

impl Build {
    /// An agreement with an error writes nothing; the others are written all the same.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let texts = self.inputs.read();
        let checked = texts.check();
        let kinds = texts.looked_at(&checked);
        let twice = one_agreement_a_name(checked.iter().map(|checked| &checked.model), texts.sources());
        let barred = files_of(&twice);
        let one = |checked: Checked| {
            let barred = barred.contains(&checked.model.file);
            self.build(checked, barred, texts.sources())
        };
        let (counts, findings): (Vec<Counts>, Vec<Vec<Diagnostic>>) = checked.into_par_iter().map(one).unzip();
        let findings = [texts.findings.clone(), twice, findings.concat()].concat();
        let mut outcome = self.report.outcome_of(&arrange(findings), texts.sources(), terminal, kinds.as_deref());
        outcome.err.push_str(&self.sum(&counts.into_iter().sum(), terminal));
        outcome
    }

    /// Builds one agreement and writes its files. Nothing of it is kept but what is to be said, so that a portfolio takes
    /// the memory of its models and of the texts at hand.
    fn build(&self, checked: Checked, barred: bool, sources: &SourceMap) -> (Counts, Vec<Diagnostic>) {
        let wanted = |target: &&&'static dyn Target| {
            self.target.is_empty() || self.target.iter().any(|name| name == target.name())
        };
        let targets: Vec<&'static dyn Target> = targets::all().iter().filter(wanted).copied().collect();
        let options = Options { horizon: self.horizon, drafts: self.drafts };
        let mut checked = Checked { findings: self.report.weighed(checked.findings), ..checked };
        if checked.library {
            return (Counts::default(), checked.findings);
        }
        let (artifacts, findings) = compile(&checked, sources, &targets, &options);
        checked.findings.extend(self.report.weighed(findings));
        let written = if checked.fails() || barred { None } else { Some(self.write(&artifacts)) };
        match written {
            Some(Ok(())) => (Counts { agreements: 1, files: artifacts.len(), failed: 0 }, checked.findings),
            Some(Err(finding)) => {
                checked.findings.push(finding);
                (Counts::FAILED, checked.findings)
            }
            None => (Counts::FAILED, checked.findings),
        }
    }

    /// All files of one agreement; none is renamed before all are written.
    fn write(&self, artifacts: &[Artifact]) -> Result<(), Diagnostic> {
        std::fs::create_dir_all(&self.out).map_err(|error| unwritable(&self.out, &error))?;
        let place = |artifact: &Artifact| self.out.join(&artifact.name);
        let staged = artifacts.iter().map(|artifact| {
            stage(place(artifact), &artifact.text).map_err(|error| unwritable(&place(artifact), &error))
        });
        let staged = staged.collect::<Result<Vec<_>, _>>()?;
        for (file, artifact) in staged.into_iter().zip(artifacts) {
            file.replace().map_err(|error| unwritable(&place(artifact), &error))?;
        }
        Ok(())
    }

    /// "3 agreements, 9 files written to build/".
    fn sum(&self, counts: &Counts, terminal: &Terminal) -> String {
        let out = visible_line(&self.out.display().to_string());
        let out = out.trim_end_matches('/');
        let built =
            format!("{}, {} written to {out}/", many(counts.agreements, "agreement"), many(counts.files, "file"));
        let failed = format!("{} not built", many(counts.failed, "agreement"));
        match (counts.agreements, counts.failed) {
            (0, 0) => format!("{}\n", terminal.bad("nothing written")),
            (0, _) => format!("{}\n", terminal.bad(&format!("{failed}, nothing written"))),
            (_, 0) => format!("{}\n", terminal.good(&built)),
            _ => format!("{}\n", terminal.bad(&format!("{built}; {failed}"))),
        }
    }
}

/// Names of targets, as clap shows and suggests them.
fn target_parser() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(targets::all().iter().map(|target| target.name()))
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

fn files_of(findings: &[Diagnostic]) -> BTreeSet<FileId> {
    let spans = findings
        .iter()
        .flat_map(|finding| finding.span.into_iter().chain(finding.labels.iter().map(|label| label.span)));
    spans.map(|span| span.file).collect()
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("the file cannot be written: {}", reason(error));
    Diagnostic::without_place(codes::UNWRITABLE_FILE, path.display().to_string(), message)
}
