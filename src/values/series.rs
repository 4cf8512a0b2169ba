//! Numbered series of dates on which periodic windows start.

use jiff::Span;
use jiff::civil::Date;

use super::date::days_in_month;
use super::period::PeriodUnit;
use super::window::{Anchors, WindowKind};

/// The starts of periodic windows, numbered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Series {
    /// Every `step` days from `origin`.
    Days { origin: Date, step: i64 },
    /// On `day` of every `step`th month from the month numbered `origin` (twelve times the year, plus the month less
    /// one); clamped to the last day of a shorter month.
    Months { origin: i64, day: i8, step: i64 },
}

fn month_number(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

impl Series {
    /// `near` is any date of interest; day windows of the calendar may be counted from anywhere.
    pub(super) fn new(kind: WindowKind, unit: PeriodUnit, anchors: &Anchors, near: Date) -> Series {
        let effective = anchors.effective;
        if let Some(days) = unit.days() {
            let step = i64::from(days);
            let origin = match kind {
                WindowKind::Contract => effective,
                // 4 January 2027 is a Monday.
                _ if step == 7 => Date::constant(2027, 1, 4),
                _ => near,
            };
            return Series::Days { origin, step };
        }
        let step = i64::from(unit.months().unwrap_or(1));
        let day = anchors.billing_day.clamp(1, 31);
        match kind {
            WindowKind::Calendar => Series::Months { origin: 0, day: 1, step },
            WindowKind::Contract => Series::Months { origin: month_number(effective), day: effective.day(), step },
            WindowKind::Fiscal => {
                let start = anchors.fiscal_start;
                Series::Months { origin: i64::from(start.month()) - 1, day: start.day(), step }
            }
            WindowKind::Billing => {
                // Longer billing periods are counted from the billing month in which the agreement takes effect.
                let months = Series::Months { origin: 0, day, step: 1 };
                Series::Months { origin: months.index_at(effective), day, step }
            }
        }
    }

    /// The first day of the window numbered `index`, if it is a date at all.
    pub(super) fn start(&self, index: i64) -> Option<Date> {
        match *self {
            Series::Days { origin, step } => {
                let span = Span::new().try_days(index.checked_mul(step)?).ok()?;
                origin.checked_add(span).ok()
            }
            Series::Months { origin, day, step } => {
                let number = origin.checked_add(index.checked_mul(step)?)?;
                let year = i16::try_from(number.div_euclid(12)).ok()?;
                let month = i8::try_from(number.rem_euclid(12) + 1).ok()?;
                Date::new(year, month, day.min(days_in_month(year, month))).ok()
            }
        }
    }

    /// Whether the windows of another series start on the same days.
    pub(super) fn is_like(&self, other: &Series) -> bool {
        match (self, other) {
            (Series::Days { origin, step }, Series::Days { origin: other, step: other_step }) => {
                step == other_step && origin.duration_until(*other).as_hours() / 24 % step == 0
            }
            (
                Series::Months { origin, day, step },
                Series::Months { origin: other, day: other_day, step: other_step },
            ) => (day, step) == (other_day, other_step) && (origin - other) % step == 0,
            _ => false,
        }
    }

    /// The number of the window in which a date lies.
    pub(super) fn index_at(&self, date: Date) -> i64 {
        match *self {
            Series::Days { origin, step } => (origin.duration_until(date).as_hours() / 24).div_euclid(step),
            Series::Months { origin, step, .. } => {
                let index = (month_number(date) - origin).div_euclid(step);
                if self.start(index).is_some_and(|start| start > date) { index - 1 } else { index }
            }
        }
    }
}
