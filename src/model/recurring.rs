//! What is done again and again.

use super::{Model, Recurrence};

impl Model {
    /// The rhythm of everything that is done again and again outside supports.
    pub fn recurrences(&self) -> impl Iterator<Item = &Recurrence> {
        let duties = self.duties.iter().map(|one| &one.every);
        let reports = self.reports.iter().map(|one| &one.every);
        let meetings = self.meetings.iter().map(|one| &one.every);
        let reviews = self.reviews.iter().map(|one| &one.every);
        let audits = self.audits.iter().map(|one| &one.every);
        let tests = self.recoveries.iter().map(|one| &one.test);
        duties.chain(reports).chain(meetings).chain(reviews).chain(audits).chain(tests).flatten()
    }
}
