//! Windows and opening hours as instants, so that a reader needs no time zones.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Window;
use crate::calculus::{Expr, ExprKind, Slice};
use crate::model::{Announcement, CalendarRef, Commitment, Model, announced_by};
use crate::targets::Options;
use crate::values::{self, Amount, Anchors, Date, Period, PeriodUnit, Timestamp, Zone};

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
    /// How far local clocks are ahead of UTC, from as long before the term as maintenance has to be announced; by this the
    /// local date of an instant is found, and the instant at which a date begins. A midnight that a change of the clocks
    /// skips is the moment of the change; of one that exists twice, a date begins with the first.
    pub offsets: Vec<Offset>,
    /// Each kind of window that targets, fees, limits, budgets, slices, functions and announcements of maintenance stand for.
    pub windows: Vec<Boundaries>,
    /// Each calendar, from the same date on; one on which announcements of maintenance are counted from as long before the term
    /// as they reach.
    pub openings: Vec<Openings>,
}

/// How far local clocks are ahead of UTC.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Offset {
    /// From when on, in UTC; null for the first.
    pub from: Option<String>,
    /// The seconds that they are ahead; less than zero where they are behind.
    pub seconds: i32,
}

/// Where windows of one kind begin.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Boundaries {
    /// The kind.
    pub per: Window,
    /// The windows in order: each ends where the next begins. The first may have begun before the term, and more of
    /// them where maintenance is announced so many windows before; the last entry is the end of the last window.
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
            return Resolved { from: None, to: None, offsets: Vec::new(), windows: Vec::new(), openings: Vec::new() };
        };
        let (zone, anchors) = (model.agreement.clock(), model.agreement.anchors(from));
        let windows = kinds(model).into_iter();
        let windows = windows.map(|per| {
            let first = ahead(model, &zone, from, |announce| is_in(announce, &per));
            Boundaries { per: (&per).into(), starts: starts(&per, anchors, &zone, (first, to)) }
        });
        let openings = model.calendars.iter().map(|calendar| {
            let start = ahead(model, &zone, from, |announce| is_on(announce, &calendar.head.name));
            let number = usize::try_from(start.until(to).map_or(0, |span| span.get_days()) + 1).unwrap_or(0);
            let open = calendar.calendar.openings(&zone, start, number);
            Openings {
                calendar: calendar.head.name.clone(),
                open: open.map(|(open, close)| (open.to_string(), close.to_string())).collect(),
            }
        });
        Resolved {
            from: Some(from.to_string()),
            to: Some(to.to_string()),
            offsets: offsets(&zone, ahead(model, &zone, from, |_| true), to),
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

/// How far local clocks are ahead from one date to the end of another.
fn offsets(zone: &Zone, from: Date, to: Date) -> Vec<Offset> {
    let end = to.tomorrow().ok().and_then(|date| date.tomorrow().ok());
    let (Some(start), Some(end)) = (zone.start_of_day(from), end.and_then(|date| zone.start_of_day(date))) else {
        return Vec::new();
    };
    let first = Offset { from: None, seconds: zone.offset_seconds(start) };
    let later = zone.transitions(start, end).into_iter();
    let later = later.map(|at| Offset { from: Some(at.to_string()), seconds: zone.offset_seconds(at) });
    std::iter::once(first).chain(later).collect()
}

/// The date by which maintenance on the first day of the term has to be announced, by some of the announcements; where the
/// calendar on which that is counted is too seldom open, the first date on which it is looked for.
fn ahead(model: &Model, zone: &Zone, from: Date, of: impl Fn(&Announcement) -> bool) -> Date {
    let far = Period::new(MOST_YEARS, PeriodUnit::Year).subtract_from(from).unwrap_or(from);
    let announces = model.maintenances.iter().filter_map(|one| one.announce.as_ref()).filter(|one| of(one));
    let by = |announce| {
        let by = announced_by(model, zone, announce, zone.start_of_day(from)?, far);
        Some(by.map_or(far, |by| zone.date(by)))
    };
    announces.filter_map(by).chain([from]).min().unwrap_or(from)
}

/// Whether an announcement is counted on a calendar.
fn is_on(announce: &Announcement, calendar: &str) -> bool {
    matches!(&announce.calendar, Some(CalendarRef::Named(name)) if name == calendar)
}

/// Whether an announcement is counted in windows of a kind.
fn is_in(announce: &Announcement, per: &values::Window) -> bool {
    counted_in(announce).as_ref() == Some(per)
}

/// The kind of windows in which an announcement is counted.
fn counted_in(announce: &Announcement) -> Option<values::Window> {
    match &announce.amount {
        Amount::Windows { kind, unit, .. } => Some(values::Window::periodic(*kind, *unit)),
        _ => None,
    }
}

/// The kinds of windows, each once.
fn kinds(model: &Model) -> Vec<values::Window> {
    let commitments = || model.commitments.iter();
    let targets = commitments().flat_map(|one| &one.targets).map(|target| &target.window);
    let fees = model.fees.iter().filter_map(|fee| fee.per.as_ref());
    let caps = commitments().flat_map(|one| &one.caps).chain(&model.agreement.caps);
    let budgets = model.maintenances.iter().filter_map(|one| one.budget.as_ref()).map(|budget| &budget.per);
    let measured = model.metrics.iter().map(|metric| &metric.value).chain(commitments().flat_map(Commitment::measured));
    let mut read: Vec<&values::Window> = Vec::new();
    measured.for_each(|expr| expr.walk(&mut |part| read.extend(windows_of(part))));
    let announced: Vec<values::Window> =
        model.maintenances.iter().filter_map(|one| counted_in(one.announce.as_ref()?)).collect();
    let mut kinds: Vec<values::Window> = Vec::new();
    for window in
        targets.chain(fees).chain(caps.filter_map(|cap| cap.per.as_ref())).chain(budgets).chain(read).chain(&announced)
    {
        if matches!(window, values::Window::Periodic { .. }) && !kinds.contains(window) {
            kinds.push(window.clone());
        }
    }
    kinds
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
