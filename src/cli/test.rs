use super::Outcome;
use super::inputs::Inputs;
use super::report::Report;
use super::terminal::{Terminal, paint};
use crate::calculus::shown;
use crate::diagnostics::{Diagnostic, Severity, arrange, codes, visible_line};
use crate::evaluate::{Budget, Step, Worked, explain, work};
use crate::model::{Example, Head, Model};
use crate::pipeline::Checked;
use clap::Args;

/// Compute the worked examples of agreements and compare them with what they expect
#[derive(Args)]
pub(super) struct Test {
    #[command(flatten)]
    inputs: Inputs,
    /// Shows how each result is computed
    #[arg(long)]
    steps: bool,
    #[command(flatten)]
    report: Report,
}

/// Which findings are told here.
const ABOUT: &str = "errors, and what is about examples; `sla check` tells the rest";

/// How many examples came out how.
#[derive(Default)]
struct Counts {
    hold: usize,
    fail: usize,
    undecided: usize,
}

impl Test {
    /// Each example with its results on standard output, unless findings stand there; what is wrong is told as `check` tells it.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let texts = self.inputs.read();
        let (mut out, mut counts, mut findings) = (String::new(), Counts::default(), texts.findings.clone());
        for checked in texts.check() {
            out.push_str(&self.examples(&checked, texts.sources().name(checked.model.file), terminal, &mut counts));
            let about_examples = [codes::EXAMPLE_CONTRADICTED, codes::EXAMPLE_UNDECIDED];
            let told = self.report.weighed(checked.findings).into_iter();
            findings.extend(told.filter(|finding: &Diagnostic| {
                finding.severity == Severity::Error || about_examples.contains(&finding.code)
            }));
        }
        let mut outcome = self.report.outcome_of(&arrange(findings), texts.sources(), terminal, Some(ABOUT));
        outcome.err.push_str(&format!("{}\n", sum(&counts, terminal)));
        if !self.report.is_for_programs() {
            outcome.out.insert_str(0, &out);
        }
        outcome
    }

    /// The lines of one agreement.
    fn examples(&self, checked: &Checked, path: &str, terminal: &Terminal, counts: &mut Counts) -> String {
        let (model, budget) = (&checked.model, Budget::default());
        if model.examples.is_empty() {
            return String::new();
        }
        let mut out = format!("{}\n", visible_line(path));
        let longest = model.examples.iter().map(|example| example.head.name.chars().count()).max().unwrap_or(0);
        for example in &model.examples {
            let worked = work(model, example, &budget);
            let (word, colour) = match &worked {
                Some(worked) if worked.holds() => {
                    counts.hold += 1;
                    ("holds", "32")
                }
                Some(worked) if worked.compared.iter().all(|one| one.holds() || one.found.is_err()) => {
                    counts.undecided += 1;
                    ("undecided", "33")
                }
                Some(_) => {
                    counts.fail += 1;
                    ("fails", "31")
                }
                None => {
                    counts.undecided += 1;
                    ("undecided", "33")
                }
            };
            let word = paint(terminal.colour_out, colour, &format!("{word:<9}"));
            out.push_str(&format!("  {word}  {:<longest$}  {}\n", example.head.name, title(example)));
            if let Some(worked) = worked {
                out.push_str(&results(model, &worked));
            }
            if self.steps {
                let steps = explain(model, example, &budget);
                out.push_str(&indented(steps.iter().flat_map(Step::lines).map(|line| format!("  {line}"))));
            }
        }
        out
    }
}

/// What came out of an example.
fn results(model: &Model, worked: &Worked<'_>) -> String {
    indented(worked.compared.iter().map(|one| {
        let value = one.found.as_ref().map_or_else(|gap| format!("not known: {gap}"), shown);
        format!("{} = {value}", written(model, &one.expectation.what.value))
    }))
}

/// What the file calls a value: one that is about each option of an open dimension is written without it.
fn written<'a>(model: &'a Model, name: &'a str) -> &'a str {
    let heads = [model.metrics.get(name).map(|it| &it.head), model.fees.get(name).map(|it| &it.head)];
    let open = |head: &&&Head| !head.variant.is_empty() && head.variant.iter().all(|choice| choice.each);
    heads.iter().flatten().find(open).map_or(name, |head| head.family.as_str())
}

fn indented(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| format!("             {}\n", visible_line(&line))).collect()
}

fn title(example: &Example) -> String {
    visible_line(example.head.title.as_ref().map_or("", String::as_str))
}

fn sum(counts: &Counts, terminal: &Terminal) -> String {
    let many = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    let mut parts = vec![many(counts.hold, "example holds", "examples hold")];
    if counts.fail > 0 {
        parts.push(many(counts.fail, "fails", "fail"));
    }
    if counts.undecided > 0 {
        parts.push(many(counts.undecided, "is undecided", "are undecided"));
    }
    let text = parts.join(", ");
    if counts.fail > 0 { terminal.bad(&text) } else { terminal.good(&text) }
}
