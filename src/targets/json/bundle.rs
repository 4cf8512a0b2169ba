//! The bundle as a whole.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::agreement::{Agreement, Constant, Fee, Party, Service, Term};
use super::calendars::{Calendar, HolidaySet, calendar};
use super::commitments::Commitment;
use super::common::all;
use super::conditions::Input;
use super::dimensions::Dimension;
use super::examples::Example;
use super::execution;
use super::expression::ops;
use super::families::{Family, families};
use super::governance::{Amendment, Audit, Dispute, Meeting, Notice, Objective, Records, Report, Review};
use super::measures::{Metric, Signal};
use super::negotiation::{OpenPoint, Proposal, open_points, proposals};
use super::obligations::{Duty, Exclusion, Maintenance, Recovery, Risk};
use super::resolved::Resolved;
use super::rules::Rule;
use super::source::Source;
use super::support::{Escalation, Support, escalation};
use crate::model::Model;
use crate::source::SourceMap;
use crate::targets::Options;

/// One service level agreement, whole: what it says, as data, and the rules that follow from it, so that a program can
/// compute every credit, notice and right without knowing the language.
///
/// Every member is always there; what the agreement does not say is null or an empty list. Amounts, ratios, seconds
/// and other quantities are exact and stand as text, never as JSON numbers. Lists keep the order of the agreement.
/// References are names of the same bundle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bundle {
    /// What this document is.
    pub format: Format,
    /// The version of its form; a later version with the same number only adds.
    pub format_version: FormatVersion,
    /// The program that wrote it; not part of what is signed.
    pub compiler: Compiler,
    /// `sha256:` and the SHA-256 in hexadecimal of this document in the form of RFC 8785 without the members
    /// `compiler`, `digest`, `resolved` and `source`. Comments and layout of the source do not change it; any change of the
    /// agreement does.
    pub digest: Sha256Text,
    /// The agreement itself.
    pub agreement: Agreement,
    /// By what clauses differ.
    pub dimensions: Vec<Dimension>,
    /// The clauses that differ by options.
    pub families: Vec<Family>,
    /// Whether it is a draft, which binds nobody: its status is `draft` or `proposed`, or a point of it is open.
    pub draft: bool,
    /// The points that are still negotiated.
    pub open_points: Vec<OpenPoint>,
    /// Who promises and who is promised.
    pub parties: Vec<Party>,
    /// What is provided.
    pub services: Vec<Service>,
    /// What is paid.
    pub fees: Vec<Fee>,
    /// Values with a name.
    pub constants: Vec<Constant>,
    /// Words with a meaning of their own.
    pub terms: Vec<Term>,
    /// Sets of holidays.
    pub holidays: Vec<HolidaySet>,
    /// Working hours.
    pub calendars: Vec<Calendar>,
    /// What is measured.
    pub signals: Vec<Signal>,
    /// What is computed from it.
    pub metrics: Vec<Metric>,
    /// What is promised of it.
    pub commitments: Vec<Commitment>,
    /// Service desks.
    pub supports: Vec<Support>,
    /// Escalation ladders.
    pub escalations: Vec<Escalation>,
    /// Duties of either side.
    pub duties: Vec<Duty>,
    /// Risks.
    pub risks: Vec<Risk>,
    /// Recovery objectives.
    pub recoveries: Vec<Recovery>,
    /// Maintenance.
    pub maintenances: Vec<Maintenance>,
    /// Events for which the provider is not responsible.
    pub exclusions: Vec<Exclusion>,
    /// Reports.
    pub reports: Vec<Report>,
    /// Meetings.
    pub meetings: Vec<Meeting>,
    /// Notices of incidents.
    pub notices: Vec<Notice>,
    /// Objectives of the customer's business.
    pub objectives: Vec<Objective>,
    /// Proposals to change a clause, and the answers to them.
    pub proposals: Vec<Proposal>,
    /// Reviews of the agreement.
    pub reviews: Vec<Review>,
    /// How the agreement is changed.
    pub amendments: Vec<Amendment>,
    /// Dispute ladders.
    pub disputes: Vec<Dispute>,
    /// Records that are kept.
    pub records: Vec<Records>,
    /// Rights to audit.
    pub audits: Vec<Audit>,
    /// Worked examples.
    pub examples: Vec<Example>,
    /// What a program has to know in order to execute the rules, by name.
    pub inputs: Vec<Input>,
    /// The rules, in the order in which they are executed.
    pub rules: Vec<Rule>,
    /// Windows and opening hours as instants; not part of what is signed.
    pub resolved: Resolved,
    /// Where the clauses stand in the source; not part of what is signed.
    pub source: Source,
}

ops! {
    /// What the document is.
    Format {
        /// A rule bundle of a service level agreement.
        SlaBundle = "sla-bundle",
    }
    /// The version of the form.
    FormatVersion {
        /// The first.
        One = "1",
    }
}

/// The program that wrote a bundle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Compiler {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A digest.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sha256Text(#[schemars(regex(pattern = r"^sha256:[0-9a-f]{64}$"))] String);

impl Bundle {
    /// The bundle of an agreement; its digest is worked out when it is written.
    pub fn new(model: &Model, sources: &SourceMap, options: &Options) -> Bundle {
        let (rules, inputs) = execution::rules(model);
        let resolved = Bundle {
            format: Format::SlaBundle,
            format_version: FormatVersion::One,
            compiler: Compiler { name: "sla".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            digest: Sha256Text(String::new()),
            agreement: (&model.agreement).into(),
            dimensions: all(&model.dimensions),
            families: Vec::new(),
            draft: model.is_draft(),
            open_points: open_points(model),
            parties: all(&model.parties),
            services: all(&model.services),
            fees: all(&model.fees),
            constants: all(&model.constants),
            terms: all(&model.terms),
            holidays: all(&model.holidays),
            calendars: model.calendars.iter().map(|it| calendar(it, &model.calendars)).collect(),
            signals: all(&model.signals),
            metrics: all(&model.metrics),
            commitments: all(&model.commitments),
            supports: all(&model.supports),
            escalations: model.escalations.iter().map(|it| escalation(model, it)).collect(),
            duties: all(&model.duties),
            risks: all(&model.risks),
            recoveries: all(&model.recoveries),
            maintenances: all(&model.maintenances),
            exclusions: all(&model.exclusions),
            reports: all(&model.reports),
            meetings: all(&model.meetings),
            notices: all(&model.notices),
            objectives: all(&model.objectives),
            proposals: proposals(model),
            reviews: all(&model.reviews),
            amendments: all(&model.amendments),
            disputes: all(&model.disputes),
            records: all(&model.records),
            audits: all(&model.audits),
            examples: all(&model.examples),
            inputs: inputs.into_values().collect(),
            rules,
            resolved: Resolved::new(model, options),
            source: Source::new(model, sources),
        };
        Bundle { families: families(model, &resolved.varied(model)), ..resolved }
    }

    /// What differs by options, by its id.
    fn varied(&self, model: &Model) -> BTreeMap<String, Value> {
        fn add<T: Serialize>(found: &mut BTreeMap<String, Value>, table: &[T], keyword: &str, used: &[&str]) {
            if !used.contains(&keyword) {
                return;
            }
            let values = table.iter().filter_map(|clause| serde_json::to_value(clause).ok());
            found.extend(values.filter_map(|value| Some((value.get("id")?.as_str()?.to_owned(), value))));
        }
        let used: Vec<&str> = model.varied().iter().filter_map(|head| head.id.split('.').next()).collect();
        let mut found = BTreeMap::new();
        add(&mut found, &self.fees, "fee", &used);
        add(&mut found, &self.constants, "constant", &used);
        add(&mut found, &self.signals, "signal", &used);
        add(&mut found, &self.metrics, "metric", &used);
        add(&mut found, &self.commitments, "commitment", &used);
        add(&mut found, &self.supports, "support", &used);
        add(&mut found, &self.escalations, "escalation", &used);
        add(&mut found, &self.duties, "duty", &used);
        add(&mut found, &self.recoveries, "recovery", &used);
        add(&mut found, &self.maintenances, "maintenance", &used);
        add(&mut found, &self.exclusions, "exclusion", &used);
        add(&mut found, &self.reports, "report", &used);
        add(&mut found, &self.notices, "notice", &used);
        found
    }
}
