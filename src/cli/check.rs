use super::Outcome;
use super::inputs::{Inputs, agreements, real};
use super::report::Report;
use super::terminal::Terminal;
use crate::diagnostics::arrange;
use crate::model::Model;
use crate::pipeline::one_agreement_a_name;
use clap::Args;

/// Check agreements and say what is wrong with them
#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    report: Report,
}

impl Check {
    /// Nothing is written.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        let texts = self.inputs.read();
        let checked = texts.check();
        let kinds = texts.looked_at(agreements(&checked));
        let out = |model: &Model| real(&texts.out(texts.store.path(model.file)));
        let models = checked.iter().map(|one| (&one.model, out(&one.model)));
        let mut findings = one_agreement_a_name(models, texts.sources());
        findings.extend(texts.findings.iter().cloned());
        findings.extend(checked.into_iter().flat_map(|one| one.findings));
        let findings = self.report.weighed(arrange(findings));
        self.report.outcome_of(&findings, texts.sources(), terminal, kinds.as_deref())
    }
}
