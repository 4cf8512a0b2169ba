use crate::calculus::Value;

/// What is on record of a case. Instants are in nanoseconds since 1970, UTC.
#[derive(Clone, Debug, Default)]
pub struct CaseRecord {
    /// What people call it.
    pub id: String,
    /// The priorities that it had, each from an instant on, in their order.
    pub priorities: Vec<(i128, String)>,
    /// When it reached a milestone, in order of time.
    pub milestones: Vec<(String, i128)>,
    /// From when to when it was in a span; nothing where that has not ended.
    pub spans: Vec<(String, i128, Option<i128>)>,
    /// The fields of its signal that are known, by name.
    pub fields: Vec<(String, Value)>,
}

impl CaseRecord {
    /// The priority that it had at an instant: the last one that began by then, or else its first.
    #[must_use]
    pub fn priority(&self, at: i128) -> Option<&str> {
        let last = self.priorities.iter().rfind(|(from, _)| *from <= at);
        last.or(self.priorities.first()).map(|(_, name)| name.as_str())
    }
}
