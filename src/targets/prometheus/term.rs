//! The term of an agreement, and the bounds of its windows, worked out ahead in the agreement's zone.

use super::reason::Reason;
use crate::model::{Agreement, Model};
use crate::targets::Options;
use crate::values::{Amount, Anchors, Date, Period, PeriodUnit, Window, Zone};

/// How often the rules are evaluated, in seconds.
pub(super) const INTERVAL: i64 = 60;
/// The same as Prometheus writes it.
pub(super) const INTERVAL_TEXT: &str = "1m";
const DAY: i64 = 86_400;

/// No zone's local midnight lies beyond what instants can express up to here.
const LAST: Date = Date::constant(9999, 12, 29);

/// From when to when the rules of an agreement hold.
pub(super) struct Term {
    /// The first instant, in seconds.
    pub start: i64,
    /// The instant after the last, in seconds.
    pub end: i64,
    /// The last day that the rules reach, included.
    pub last: Date,
    /// Whether the agreement itself ends there, rather than only what was worked out.
    pub is_whole: bool,
    zone: Zone,
    anchors: Anchors,
    /// The instant after the agreement's own last day, if it has one.
    own_end: Option<i64>,
}

impl Term {
    /// The term of a model, as far as five years, or the horizon that was asked for.
    ///
    /// # Errors
    /// Why there are no rules: the agreement has no first day, or one that is beyond the calendar.
    pub fn of(model: &Model, options: &Options) -> Result<Term, &'static str> {
        const NO_FIRST_DAY: &str = "an agreement without a first day";
        const BEYOND: &str = "an agreement that starts at the end of the calendar";
        let Agreement { effective, renews, .. } = &model.agreement;
        let effective = effective.as_ref().ok_or(NO_FIRST_DAY)?;
        let zone = model.agreement.clock();
        let fixed = effective.to.filter(|_| renews.is_none());
        let five_years = || Period::new(5, PeriodUnit::Year).add_to(effective.from)?.yesterday().ok();
        let reach = options.horizon.or_else(five_years).unwrap_or(LAST).min(LAST);
        let last = fixed.map_or(reach, |end| end.min(reach)).max(effective.from);
        let day_after = |day: Date| Some(zone.start_of_day(day.tomorrow().ok()?)?.as_second());
        let start = zone.start_of_day(effective.from).ok_or(BEYOND)?.as_second();
        let end = day_after(last).ok_or(BEYOND)?;
        // An end that no instant can express is beyond all windows.
        let own_end = fixed.and_then(day_after);
        Ok(Term {
            start,
            end,
            last,
            is_whole: fixed == Some(last),
            zone,
            anchors: model.agreement.anchors(effective.from),
            own_end,
        })
    }

    /// The first day of the agreement.
    pub fn first(&self) -> Date {
        self.anchors.effective
    }

    /// The bounds of a window, of which the first and the last are cut to the term of the agreement. The last window
    /// has its own end, which may lie after the last day that the rules reach.
    pub fn table(&self, window: &Window) -> Result<WindowTable, Reason> {
        let (bounds, last) = match window {
            Window::Term => {
                let end = self.own_end.ok_or("the agreement has no last day, so the end of its term is not known")?;
                (vec![self.start], end)
            }
            Window::Periodic { .. } => {
                let all = window.boundaries(&self.zone, self.anchors, self.first(), self.last);
                let next = window.dates_around(self.anchors, self.last);
                let next = next.and_then(|(_, next)| Some(self.zone.start_of_day(next)?.as_second()));
                let last = next.into_iter().chain(self.own_end).min().unwrap_or(self.end);
                (all.into_iter().map(|instant| instant.as_second().max(self.start)).collect(), last)
            }
            _ => return Err(format!("no rules are made for windows of `{window}`").into()),
        };
        let mut bounds: Vec<i64> = bounds;
        bounds.retain(|bound| *bound < self.end);
        bounds.push(last);
        bounds.dedup();
        let lengths = bounds.iter().zip(bounds.iter().skip(1)).map(|(start, end)| end - start);
        let longest = lengths.max().unwrap_or_default();
        let nominal = match window {
            Window::Periodic { unit: PeriodUnit::Day, .. } => DAY,
            Window::Periodic { unit: PeriodUnit::Week, .. } => 7 * DAY,
            Window::Periodic { unit: PeriodUnit::Month, .. } => 30 * DAY,
            Window::Periodic { unit: PeriodUnit::Quarter, .. } => 91 * DAY,
            Window::Periodic { unit: PeriodUnit::Year, .. } => 365 * DAY,
            _ => longest,
        };
        Ok(WindowTable { bounds, until: self.end, longest, nominal })
    }
}

/// The length in seconds of a window that rolls, if it is the same whenever it is looked at but for changes of the
/// clocks.
pub(super) fn rolling_seconds(amount: &Amount) -> Option<i64> {
    match amount {
        Amount::Elapsed(length) => length.as_whole_seconds(),
        Amount::Period(Period { count, unit }) => Some(i64::from(*count) * i64::from(unit.days()?) * DAY),
        Amount::Windows { .. } => None,
    }
}

/// The bounds of windows, one after another: each ends where the next starts.
pub(super) struct WindowTable {
    /// In seconds, at least two.
    bounds: Vec<i64>,
    /// The instant after the last at which the rules hold.
    until: i64,
    /// The greatest length in seconds.
    pub longest: i64,
    /// The usual length in seconds: 30 days for a month.
    pub nominal: i64,
}

impl WindowTable {
    /// Whether slices of so many seconds, counted from the epoch, fall on every bound.
    pub fn is_tiled_by(&self, seconds: i64) -> bool {
        self.bounds.iter().all(|bound| bound % seconds == 0)
    }

    /// The start of the window of the slice that ended last.
    pub fn starts(&self) -> String {
        self.steps(self.bounds.split_last().map_or(&[], |(_, starts)| starts))
    }

    /// The end of that window.
    pub fn ends(&self) -> String {
        self.steps(self.bounds.get(1..).unwrap_or_default())
    }

    /// A number that goes from one of the values to the next at each bound.
    ///
    /// The step comes one interval after the bound: the last slice of a window is recorded within an interval of its
    /// end, the first of the next one a slice later.
    fn steps(&self, values: &[i64]) -> String {
        let clock = format!("time() - {INTERVAL}");
        let mut text = format!("vector(\n  {}", values.first().copied().unwrap_or_default());
        let changes = values.iter().zip(values.iter().skip(1)).map(|(from, to)| to - from);
        for stairs in stairs(self.bounds.iter().copied().skip(1).zip(changes)) {
            let Stairs { first, spacing, count, step } = stairs;
            text.push_str(&match count {
                1 => format!("\n  + {step} * ({clock} >= bool {first})"),
                _ => format!(
                    "\n  + {step} * scalar(clamp(1 + floor((vector({clock}) - {first}) / {spacing}), 0, {count}))"
                ),
            });
        }
        let start = self.bounds.first().copied().unwrap_or_default();
        let last = self.bounds.last().copied().unwrap_or_default();
        text.push_str(&format!("\n) and on () (vector({clock}) >= {start} < {})", last.min(self.until)));
        text
    }
}

/// Equal steps at equal distances: the days between two changes of the clocks are one of these.
struct Stairs {
    first: i64,
    spacing: i64,
    count: i64,
    step: i64,
}

/// Steps, each with its instant, as few stairs as there can be in order.
fn stairs(steps: impl Iterator<Item = (i64, i64)>) -> Vec<Stairs> {
    let mut all: Vec<Stairs> = Vec::new();
    for (at, step) in steps {
        match all.last_mut() {
            Some(last) if last.step == step && last.count == 1 => {
                last.spacing = at - last.first;
                last.count = 2;
            }
            Some(last) if last.step == step && at == last.first + last.spacing * last.count => last.count += 1,
            _ => all.push(Stairs { first: at, spacing: 1, count: 1, step }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::values::{Timestamp, WindowKind};

    #[test]
    fn windows_begin_on_the_days_that_are_stated() {
        let text = "agreement web \"Web\" { effective 2027-01-01 to 2027-12-31; timezone \"Europe/Berlin\"\n\
            fiscal year starts 02-01; billing month starts 31 }\n";
        let mut sources = SourceMap::new();
        let file = sources.add("web.sla", text);
        let term = Term::of(&crate::check(file, &sources).model, &Options::default()).unwrap();
        let bounds = |kind, unit| {
            let table = term.table(&Window::periodic(kind, unit)).unwrap_or_else(|_| panic!("there is a table"));
            let date = |bound: &i64| term.zone.date(Timestamp::from_second(*bound).unwrap()).to_string();
            table.bounds.iter().map(date).collect::<Vec<_>>()
        };
        assert_eq!(
            bounds(WindowKind::Fiscal, PeriodUnit::Quarter),
            ["2027-01-01", "2027-02-01", "2027-05-01", "2027-08-01", "2027-11-01", "2028-01-01"]
        );
        let billed = bounds(WindowKind::Billing, PeriodUnit::Month);
        assert_eq!(billed.get(..5).unwrap(), ["2027-01-01", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]);
    }
}
