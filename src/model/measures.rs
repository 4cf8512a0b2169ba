//! Calendars, signals and metrics: what is measured, when, and what is computed from it.

use std::fmt;

use super::agreement::Scale;
use super::table::declared;
use super::{Head, PartyRef, Ref, Spanned};
use crate::calculus::{Expr, Value};
use crate::source::Span;
use crate::values::{Calendar, Duration, Holidays, Rounding, Unit, Zone};

/// A set of holidays.
#[derive(Clone, Debug)]
pub struct HolidaySet {
    /// Its name and title.
    pub head: Head,
    /// The days, with those of the sets that it is made of.
    pub days: Holidays,
    /// The sets that it is made of.
    pub of: Vec<Ref>,
    /// The years of which it lists the days that have another date each year, where it says so; of a set that is made of
    /// others, the years that all of them cover.
    pub covers: Option<Spanned<Years>>,
}

/// Years, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Years {
    /// The first one.
    pub first: i16,
    /// The last one.
    pub last: i16,
}

impl Years {
    /// Whether a year is one of them.
    pub fn contain(self, year: i16) -> bool {
        (self.first..=self.last).contains(&year)
    }

    /// Those that are also among others, if any are.
    pub fn and(self, other: Years) -> Option<Years> {
        let both = Years { first: self.first.max(other.first), last: self.last.min(other.last) };
        (both.first <= both.last).then_some(both)
    }
}

impl fmt::Display for Years {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first == self.last {
            true => write!(out, "{}", self.first),
            false => write!(out, "{} to {}", self.first, self.last),
        }
    }
}

declared!(HolidaySet, CalendarDecl, Signal, Metric);

/// A declared calendar.
#[derive(Clone, Debug)]
pub struct CalendarDecl {
    /// Its name and title.
    pub head: Head,
    /// The zone of its hours and dates, where it states its own.
    pub zone: Option<Spanned<Zone>>,
    /// The hours, with everything that it refers to worked in.
    pub calendar: Calendar,
    /// What it says itself.
    pub rule: CalendarRule,
}

/// What a calendar says itself.
#[derive(Clone, Debug)]
pub enum CalendarRule {
    /// Hours of the week and of single days, less the holidays of these sets and the calendar's own closed days.
    Hours {
        /// The holiday sets that it names.
        closed: Vec<Ref>,
        /// The days that it names itself.
        own: Holidays,
    },
    /// Other calendars combined.
    Combined {
        /// The expression, its words parted by blanks, with the names that its calendars and sets have in the agreement.
        text: String,
        /// The calendars that it names.
        of: Vec<Ref>,
        /// The holiday sets that it names.
        closed: Vec<Ref>,
    },
}

/// What a signal is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// Things that happen and are counted: requests, jobs, calls.
    Events,
    /// Readings of a quantity: temperature, round trips.
    Samples,
    /// Up or down.
    State,
    /// Tickets, incidents, jobs with milestones.
    Cases,
    /// Ratings on a scale.
    Scores,
}

impl SignalKind {
    /// Every kind, with the word for it in a file.
    pub const WORDS: [(&'static str, SignalKind); 5] = [
        ("events", SignalKind::Events),
        ("samples", SignalKind::Samples),
        ("state", SignalKind::State),
        ("cases", SignalKind::Cases),
        ("scores", SignalKind::Scores),
    ];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        SignalKind::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// Something that is measured.
#[derive(Clone, Debug)]
pub struct Signal {
    /// The signal that this is the part of with the options of its variant, if it is one.
    pub share: Option<String>,
    /// Its name and title.
    pub head: Head,
    /// What it is made of.
    pub kind: SignalKind,
    /// The service or support that it is about.
    pub of: Option<Ref>,
    /// Who measures it.
    pub measured_by: Option<PartyRef>,
    /// From what.
    pub measured_from: Option<String>,
    /// Named counts.
    pub counts: Vec<Member>,
    /// Named values of each event or sample.
    pub values: Vec<Member>,
    /// Named fields.
    pub fields: Vec<Member>,
    /// Milestones of a case; the first one opens it.
    pub milestones: Vec<Member>,
    /// Spans of a case.
    pub spans: Vec<Member>,
    /// The unit of samples.
    pub unit: Option<Spanned<Unit>>,
    /// How often it is measured.
    pub every: Option<Spanned<Duration>>,
    /// The scale of scores.
    pub scale: Option<Spanned<Scale>>,
    /// What missing data counts as.
    pub missing: Option<Missing>,
    /// Where targets find it.
    pub sources: Vec<Source>,
}

impl Signal {
    /// Whether this is the part of another signal that has certain options, and no measurement of its own.
    pub fn is_share(&self) -> bool {
        self.share.is_some()
    }

    /// The source for a target, such as `prometheus`.
    pub fn source(&self, target: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.target.value == target)
    }
}

/// A named part of a signal.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name and title.
    pub head: Head,
    /// The unit of a value.
    pub unit: Option<Unit>,
    /// The type of a field, as its word: `text`, `yes_no`, a unit.
    pub ty: Option<String>,
    /// The closed list of a field's values.
    pub options: Vec<String>,
    /// The dimension whose options a field has.
    pub dimension: Option<String>,
    /// Whether that is open, so that any text is an option.
    pub open: bool,
}
declared!(Member);

/// What missing data counts as.
#[derive(Clone, Debug)]
pub struct Missing {
    /// As what.
    pub policy: MissingPolicy,
    /// Only once it has been missing for so long, then from the start of the gap.
    pub after: Option<Duration>,
    /// Where it stands.
    pub span: Span,
}

/// As what missing data counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingPolicy {
    /// As good.
    Good,
    /// As bad.
    Bad,
    /// Not at all.
    Excluded,
}

impl MissingPolicy {
    /// Every policy, with the word for it in a file.
    pub const WORDS: [(&'static str, MissingPolicy); 3] =
        [("good", MissingPolicy::Good), ("bad", MissingPolicy::Bad), ("excluded", MissingPolicy::Excluded)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        MissingPolicy::WORDS.iter().find(|(_, policy)| *policy == self).map_or("", |(word, _)| word)
    }
}

/// Where a target finds a signal.
#[derive(Clone, Debug)]
pub struct Source {
    /// The target's name.
    pub target: Ref,
    /// The series.
    pub series: Vec<Series>,
    /// Where it stands.
    pub span: Span,
}

impl Source {
    /// The series of a member.
    pub fn series(&self, member: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.member == member)
    }
}

/// One series of a source.
#[derive(Clone, Debug)]
pub struct Series {
    /// The member of the signal: `total`, `up`, `active`, a milestone.
    pub member: String,
    /// Where the member is named.
    pub member_span: Span,
    /// The series' type: `counter`, `gauge`, `histogram`, `age`.
    pub kind: Spanned<SeriesKind>,
    /// Code of the target, not yet understood here, such as a PromQL selector.
    pub code: Spanned<String>,
}

/// The type of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesKind {
    /// Counts up, and starts again at zero when its process does.
    Counter,
    /// A value that goes up and down.
    Gauge,
    /// Buckets by upper bound.
    Histogram,
    /// The age in seconds of the oldest open case that has not reached the milestone.
    Age,
}

impl SeriesKind {
    /// Every type, with the word for it in a file.
    pub const WORDS: [(&'static str, SeriesKind); 4] = [
        ("counter", SeriesKind::Counter),
        ("gauge", SeriesKind::Gauge),
        ("histogram", SeriesKind::Histogram),
        ("age", SeriesKind::Age),
    ];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        SeriesKind::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// Something that is computed from signals.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its name and title.
    pub head: Head,
    /// How it is computed.
    pub value: Expr,
    /// Its value where a denominator is zero.
    pub when_empty: Option<Expr>,
    /// How its value is rounded, and to what step.
    pub round: Option<Spanned<(Rounding, Value)>>,
    /// The milestone by which a case belongs to a window, where it is not the usual one.
    pub window_of: Option<Spanned<(String, String)>>,
}
