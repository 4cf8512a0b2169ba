//! Windows and opening hours as instants, so that a reader needs no time zones.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Window;
use crate::model::Model;
use crate::targets::Options;
use crate::values::{self, Anchors, Date, Period, PeriodUnit, Timestamp, WindowKind, Zone};

/// No more is worked out: a term of thousands of years has millions of days.
const MOST_YEARS: u32 = 10;

/// Windows and opening hours, worked out as instants in UTC by the time zone database of the compiler, so that a reader
/// needs none. It is not part of what is signed: it follows from the rest, and a change of a zone's rules changes it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Resolved {
    /// The first local date that is worked out: that on which the agreement takes effect. Null if it does not say that.
    pub from: Option<String>,
    /// The last one, included: that on which it ends, and without an end, or if it renews itself, five years on, or the
    /// horizon that was asked for; in any case within ten years.
    pub to: Option<String>,
    /// Each kind of window that targets, fees, limits and budgets stand for, and calendar days where something is judged
    /// every midnight.
    pub windows: Vec<Boundaries>,
    /// Each calendar.
    pub openings: Vec<Openings>,
}

/// Where windows of one kind begin.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Boundaries {
    /// The kind.
    pub per: Window,
    /// The windows in order: each ends where the next begins. The first may have begun before the term, and the last entry
    /// is the end of the last window.
    pub starts: Vec<Start>,
}

/// Where a window begins.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Start {
    /// The local date.
    pub date: String,
    /// The instant, in UTC.
    pub at: String,
}

/// When a calendar is open.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Openings {
    /// The calendar's name.
    pub calendar: String,
    /// From when to when, in order; openings that touch are one.
    pub open: Vec<(String, String)>,
}

impl Resolved {
    /// The windows and hours of an agreement.
    pub fn new(model: &Model, options: &Options) -> Resolved {
        let Some((from, to)) = span(model, options) else {
            return Resolved { from: None, to: None, windows: Vec::new(), openings: Vec::new() };
        };
        let (zone, anchors) = (model.agreement.clock(), model.agreement.anchors(from));
        let windows = kinds(model).into_iter();
        let windows =
            windows.map(|per| Boundaries { per: (&per).into(), starts: starts(&per, anchors, &zone, (from, to)) });
        let days = usize::try_from(from.until(to).map_or(0, |span| span.get_days()) + 1).unwrap_or(0);
        let openings = model.calendars.iter().map(|calendar| {
            let open = calendar.calendar.openings(&zone, from, days);
            Openings {
                calendar: calendar.head.name.clone(),
                open: open.map(|(open, close)| (open.to_string(), close.to_string())).collect(),
            }
        });
        Resolved {
            from: Some(from.to_string()),
            to: Some(to.to_string()),
            windows: windows.collect(),
            openings: openings.collect(),
        }
    }
}

/// The first and the last date that are worked out.
fn span(model: &Model, options: &Options) -> Option<(Date, Date)> {
    let term = model.agreement.effective.as_ref()?;
    let ends = term.to.filter(|_| model.agreement.renews.is_none());
    let far = || Period::new(5, PeriodUnit::Year).add_to(term.from)?.yesterday().ok();
    let most = Period::new(MOST_YEARS, PeriodUnit::Year).add_to(term.from).and_then(|date| date.yesterday().ok());
    let reach = ends.or(options.horizon).or_else(far).into_iter().chain(most).chain(options.horizon).min()?;
    Some((term.from, reach.max(term.from)))
}

/// The kinds of windows, each once.
fn kinds(model: &Model) -> Vec<values::Window> {
    let commitments = || model.commitments.iter();
    let targets = commitments().flat_map(|one| &one.targets).map(|target| &target.window);
    let fees = model.fees.iter().filter_map(|fee| fee.per.as_ref());
    let caps = commitments().flat_map(|one| &one.caps).chain(&model.agreement.caps);
    let budgets = model.maintenances.iter().filter_map(|one| one.budget.as_ref()).map(|budget| &budget.per);
    let mut kinds: Vec<values::Window> = Vec::new();
    for window in targets.chain(fees).chain(caps.filter_map(|cap| cap.per.as_ref())).chain(budgets) {
        let kind = match window {
            values::Window::Periodic { .. } => window.clone(),
            values::Window::Rolling(_) => values::Window::periodic(WindowKind::Calendar, PeriodUnit::Day),
            _ => continue,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

fn starts(window: &values::Window, anchors: Anchors, zone: &Zone, (from, to): (Date, Date)) -> Vec<Start> {
    let mut dates: Vec<Date> = window.start_dates(anchors, from, to).collect();
    dates.extend(window.dates_around(anchors, to).map(|(_, next)| next));
    let start = |date: Date| {
        let at: Timestamp = zone.start_of_day(date)?;
        Some(Start { date: date.to_string(), at: at.to_string() })
    };
    dates.into_iter().filter_map(start).collect()
}
