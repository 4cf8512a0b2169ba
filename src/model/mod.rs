//! The typed agreement: names resolved, values exact, types checked, every clause with a stable id and its place.
//!
//! It is built from the syntax tree and nothing else. What could not be resolved is absent or poisoned, after a
//! diagnostic, and later stages pass over it silently.

mod agreement;
mod beyond;
mod build;
mod cases;
mod clauses;
mod commitment;
mod common;
mod cuts;
mod deadline;
mod expressions;
mod fees;
mod governance;
mod groups;
mod known;
mod measures;
mod negotiation;
mod obligations;
mod parties;
mod recurring;
mod references;
mod runs;
mod sides;
mod supplied;
mod support;
mod table;
mod texts;
mod tiers;
mod titles;
mod variants;

pub use agreement::*;
pub use beyond::{Beyond, More};
pub use build::{build, build_for, build_linked};
pub use clauses::{Clause, Titles};
pub use commitment::*;
pub use common::*;
pub use cuts::{Apart, Counted, Cut};
pub use deadline::{announced_by, ends_at, last_date, whole_day};
pub use fees::FeeRef;
pub use governance::*;
pub use known::{Existing, Known, Presence};
pub use measures::*;
pub use negotiation::*;
pub use obligations::*;
pub use parties::*;
pub use references::References;
pub use support::*;
pub use table::{Declared, Table};
pub use titles::Kindred;
pub use variants::{Choice, Dimension, EACH, Variant, family_of, name_in, titles};

use crate::source::FileId;

/// One agreement, whole. Tables keep the order of the file.
#[derive(Clone, Debug)]
pub struct Model {
    /// The file that it is from.
    pub file: FileId,
    /// Whether a part of the file could not be read: then nothing is known to be absent or unused.
    pub unread: bool,
    /// The agreement itself: status, term, zone, currency.
    pub agreement: Agreement,
    /// The agreements of others of which it imports something, in the order of the files.
    pub foreign: Vec<Agreement>,
    /// What belongs to those, by name and without its options, with the file of the agreement; contacts with their party.
    pub elsewhere: std::collections::BTreeMap<String, FileId>,
    /// Where the heads of those agreements limit credits by a `cap` or a `skip`. They are about all that is owed there, and
    /// are not read further.
    pub foreign_limits: Vec<crate::source::Span>,
    /// The options of dimensions that those agreements have and this one does not.
    pub beyond: Vec<Beyond>,
    /// By which import the agreement has each other file.
    pub imports: std::collections::BTreeMap<FileId, crate::source::Span>,
    /// The service desks of other files that it has not, though it has their cases.
    pub desks_there: Vec<DeskThere>,
    /// Where each use of a template stands, by the view of the spans within it.
    pub uses: Vec<crate::source::Span>,
    /// By what declarations differ.
    pub dimensions: Table<Dimension>,
    /// The constants whose names stand for lengths of time.
    pub lengths: std::collections::BTreeSet<String>,
    /// Of what differs by an open dimension, by name: when measurements have its options.
    pub present: std::collections::BTreeMap<String, Presence>,
    /// Who promises and who is promised.
    pub parties: Table<Party>,
    /// What is provided.
    pub services: Table<Service>,
    /// What is paid.
    pub fees: Table<Fee>,
    /// Values with a name.
    pub constants: Table<Constant>,
    /// Words with a meaning of their own.
    pub terms: Table<Term>,
    /// Sets of holidays.
    pub holidays: Table<HolidaySet>,
    /// Working hours.
    pub calendars: Table<CalendarDecl>,
    /// What is measured.
    pub signals: Table<Signal>,
    /// What is computed from it.
    pub metrics: Table<Metric>,
    /// What is promised of it.
    pub commitments: Table<Commitment>,
    /// Service desks.
    pub supports: Table<Support>,
    /// Escalation ladders.
    pub escalations: Table<Escalation>,
    /// Duties of either side.
    pub duties: Table<Duty>,
    /// Risks.
    pub risks: Table<Risk>,
    /// Recovery objectives.
    pub recoveries: Table<Recovery>,
    /// Maintenance.
    pub maintenances: Table<Maintenance>,
    /// Exclusions.
    pub exclusions: Table<Exclusion>,
    /// Reports.
    pub reports: Table<Report>,
    /// Meetings.
    pub meetings: Table<Meeting>,
    /// Notices of incidents.
    pub notices: Table<Notice>,
    /// Objectives.
    pub objectives: Table<Objective>,
    /// Proposals.
    pub proposals: Table<Proposal>,
    /// Reviews of the agreement.
    pub reviews: Table<Review>,
    /// How the agreement is changed.
    pub amendments: Table<Amendment>,
    /// Dispute ladders.
    pub disputes: Table<Dispute>,
    /// Records.
    pub records: Table<Records>,
    /// Audits.
    pub audits: Table<Audit>,
    /// Worked examples.
    pub examples: Table<Example>,
}
