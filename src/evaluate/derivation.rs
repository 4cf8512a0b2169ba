/// One step of a computation: what it is about, what came out, and the steps that led there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is about.
    pub what: String,
    /// What came out.
    pub gives: String,
    /// How.
    pub from: Vec<Step>,
}

impl Step {
    /// A step that needs no others.
    pub(super) fn new(what: impl Into<String>, gives: impl Into<String>) -> Step {
        Step { what: what.into(), gives: gives.into(), from: Vec::new() }
    }

    /// One line for each step; those that led to one stand below it, further to the right.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{}: {}", self.what, self.gives)];
        lines.extend(self.from.iter().flat_map(Step::lines).map(|line| format!("  {line}")));
        lines
    }
}
