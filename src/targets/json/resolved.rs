//! Windows and opening hours as instants, so that a reader needs no time zones.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Window;
use crate::calculus::{Expr, ExprKind, Slice};
use crate::model::{Commitment, Condition, Credit, Model};
use crate::targets::Options;
use crate::values::{self, Amount, Anchors, Date, Period, PeriodUnit, Timestamp, WindowKind, Zone};

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
    /// Calendar days, by which the local date of an instant is found, as far before the term as maintenance has to be
    /// announced; and each kind of window that targets, fees, limits, budgets, slices and functions stand for.
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
        let windows = windows.map(|per| {
            let first = if per == days() { ahead(model, from) } else { from };
            Boundaries { per: (&per).into(), starts: starts(&per, anchors, &zone, (first, to)) }
        });
        let number = usize::try_from(from.until(to).map_or(0, |span| span.get_days()) + 1).unwrap_or(0);
        let openings = model.calendars.iter().map(|calendar| {
            let open = calendar.calendar.openings(&zone, from, number);
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

fn days() -> values::Window {
    values::Window::periodic(WindowKind::Calendar, PeriodUnit::Day)
}

/// The date by which maintenance on the first day of the term has to be announced.
fn ahead(model: &Model, from: Date) -> Date {
    let announced = model.maintenances.iter().filter_map(|one| match &one.announce.as_ref()?.amount {
        Amount::Period(period) => period.subtract_from(from),
        _ => None,
    });
    announced.chain([from]).min().unwrap_or(from)
}

/// The kinds of windows, each once.
fn kinds(model: &Model) -> Vec<values::Window> {
    let commitments = || model.commitments.iter();
    let targets = commitments().flat_map(|one| &one.targets).map(|target| &target.window);
    let fees = model.fees.iter().filter_map(|fee| fee.per.as_ref());
    let caps = commitments().flat_map(|one| &one.caps).chain(&model.agreement.caps);
    let budgets = model.maintenances.iter().filter_map(|one| one.budget.as_ref()).map(|budget| &budget.per);
    let measured = model.metrics.iter().map(|metric| &metric.value).chain(commitments().flat_map(measures));
    let mut read: Vec<&values::Window> = Vec::new();
    measured.for_each(|expr| expr.walk(&mut |part| read.extend(windows_of(part))));
    let mut kinds = vec![days()];
    for window in targets.chain(fees).chain(caps.filter_map(|cap| cap.per.as_ref())).chain(budgets).chain(read) {
        if matches!(window, values::Window::Periodic { .. }) && !kinds.contains(window) {
            kinds.push(window.clone());
        }
    }
    kinds
}

/// The expressions of a commitment in which something may be measured.
fn measures(commitment: &Commitment) -> Vec<&Expr> {
    let conditions =
        commitment.terminate.iter().filter_map(|right| right.when.as_ref()).chain(&commitment.applies_when);
    let conditions = conditions.filter_map(|condition| match condition {
        Condition::Measured(condition) => Some(condition),
        Condition::Judged(_) => None,
    });
    let credit = match &commitment.credit {
        Some(Credit::Formula { amount, .. }) => Some(amount),
        Some(Credit::Table(table)) => table.using.as_ref(),
        None => None,
    };
    commitment.targets.iter().map(|target| &target.measure).chain(conditions).chain(credit).collect()
}

/// The windows of a function: its slices, and the one over which it is read.
fn windows_of(expr: &Expr) -> Vec<&values::Window> {
    let ExprKind::Apply { slice, over, .. } = &expr.kind else { return Vec::new() };
    let slice = match slice {
        Some(Slice::Window(window)) => Some(window),
        _ => None,
    };
    slice.into_iter().chain(over).collect()
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
