//! Time that the agreement does not count as it was, and the alerts do.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Commitment, Counts, Model};
use crate::source::Span;

/// That some time of a commitment does not count as it was.
#[derive(Clone, Copy)]
pub(super) struct Aside {
    span: Span,
    /// Whether some of it is cut out.
    excluded: bool,
    /// Whether some of it counts as if the promise was kept.
    met: bool,
}

impl Aside {
    /// What a commitment names, and the failures that duties excuse, of which one stands at a place.
    pub fn of(model: &Model, commitment: &Commitment, excused: Option<Span>) -> Option<Aside> {
        let named = commitment.exclude.iter().map(|one| (one.span, counts(model, &one.value)));
        let all: Vec<(Span, Counts)> = named.chain(excused.map(|span| (span, Counts::Excluded))).collect();
        let any = |wanted| all.iter().any(|(_, counts)| *counts == wanted);
        let (span, _) = all.first()?;
        Some(Aside { span: *span, excluded: any(Counts::Excluded), met: any(Counts::Met) })
    }

    /// What an alert says of its figure.
    pub fn sentence(self) -> &'static str {
        match (self.excluded, self.met) {
            (true, true) => {
                "Excluded time is not taken out of this figure, and time that counts as met is not counted so"
            }
            (false, true) => "Time that counts as met is not counted so in this figure",
            _ => "Excluded time is not taken out of this figure",
        }
    }

    /// The note on the alerts of a commitment.
    pub fn note(self, name: &str) -> Diagnostic {
        let what = match (self.excluded, self.met) {
            (true, true) => "do not take out excluded time, nor count as met what the agreement counts so",
            (false, true) => "do not count as met the time that the agreement counts so",
            _ => "do not take out excluded time",
        };
        Diagnostic::new(codes::EXCLUSIONS_COUNTED, self.span, format!("alerts of `{name}` {what}"))
    }
}

/// How the time of an exclusion or a maintenance counts.
fn counts(model: &Model, name: &str) -> Counts {
    let exclusion = model.exclusions.get(name).and_then(|one| one.counts.as_ref());
    let counts = exclusion.or_else(|| model.maintenances.get(name)?.counts.as_ref());
    counts.map_or(Counts::Excluded, |counts| counts.value)
}
