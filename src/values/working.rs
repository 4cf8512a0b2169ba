//! Working time: elapsed time that counts only while a calendar is open, as on the clock of a case.
//!
//! A deadline in working days that is not on the clock of a case counts dates instead: it ends with the last of that
//! number of dates after the date of the event on which the calendar is open. An announcement that comes so many working days
//! before something is counted in the same way, backwards.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::calendar::{Calendar, days_between};
use super::duration::Duration;
use super::exact::Exact;
use super::hours::Weekday;
use super::zone::Zone;

/// Nanoseconds of a second.
const NANOS: i64 = 1_000_000_000;

impl Calendar {
    /// The earliest instant by which `time` of working time has passed since `start`, looked for up to the end of the
    /// local date `horizon`; no working time has passed at `start` itself. Rounded up to a nanosecond.
    pub fn add_working(&self, zone: &Zone, start: Timestamp, time: &Duration, horizon: Date) -> Option<Timestamp> {
        let mut left = (time.seconds() * Exact::from_int(NANOS)).ceil();
        if left.signum() <= 0 {
            return Some(start);
        }
        let from = zone.date(start);
        for (open, close) in self.daily(zone, from, days_between(from, horizon)) {
            let open = open.max(start);
            let length = nanos(open, close);
            if length >= left {
                return open.checked_add(SignedDuration::from_nanos(left.to_i64()?)).ok();
            }
            if length.signum() > 0 {
                left = left - length;
            }
        }
        None
    }

    /// The latest instant from which on `time` of working time passes until `end`, looked for back to the start of the local
    /// date `horizon`. Rounded down to a nanosecond.
    pub fn subtract_working(&self, zone: &Zone, end: Timestamp, time: &Duration, horizon: Date) -> Option<Timestamp> {
        let mut left = (time.seconds() * Exact::from_int(NANOS)).ceil();
        if left.signum() <= 0 {
            return Some(end);
        }
        for date in back_from(zone.date(end), horizon) {
            let hours: Vec<(Timestamp, Timestamp)> = self.daily(zone, date, 1).collect();
            for (open, close) in hours.into_iter().rev() {
                let close = close.min(end);
                let length = nanos(open, close);
                if length >= left {
                    return close.checked_sub(SignedDuration::from_nanos(left.to_i64()?)).ok();
                }
                if length.signum() > 0 {
                    left = left - length;
                }
            }
        }
        None
    }

    /// The last of the local dates before `day` that are `count` working days before it or more: that many dates back on
    /// which it is open at any time. It is looked for back to the date `horizon`, which is included.
    pub fn working_date_before(&self, zone: &Zone, day: Date, count: u32, horizon: Date) -> Option<Date> {
        let before = usize::try_from(count.checked_sub(1)?).ok()?;
        back_from(day.yesterday().ok()?, horizon).filter(|date| self.ever_opens(zone, *date, *date)).nth(before)
    }

    /// The working time from `start` to `end`; none if `end` is not after `start`.
    pub fn working_between(&self, zone: &Zone, start: Timestamp, end: Timestamp) -> Duration {
        if end <= start {
            return Duration::zero();
        }
        if *self == Calendar::Always {
            return seconds(nanos(start, end));
        }
        let from = zone.date(start);
        let total = self
            .daily(zone, from, days_between(from, zone.date(end)))
            .map(|(open, close)| (open.max(start), close.min(end)))
            .filter(|(open, close)| open < close)
            .map(|(open, close)| nanos(open, close))
            .sum();
        seconds(total)
    }

    /// The length of a working day, when all days of the week with hours have the same; single days and daylight saving
    /// are left aside. Hours of several zones have no days in common.
    pub fn working_day_length(&self) -> Option<Duration> {
        if self.is_of_several_zones() {
            return None;
        }
        let mut lengths = Weekday::ALL
            .into_iter()
            .map(|day| self.nominal(day).iter().map(|(start, end)| i64::from(end - start)).sum::<i64>())
            .filter(|minutes| *minutes > 0);
        let first = lengths.next()?;
        lengths.all(|minutes| minutes == first).then(|| Duration::from_whole_seconds(first * 60))
    }

    /// The instant by which `days` working days have passed on the clock of a case since `start`: that many times the length of a working
    /// day. Nothing if working days differ in length, or up to the end of the local date `horizon`.
    pub fn add_working_days(&self, zone: &Zone, start: Timestamp, days: u32, horizon: Date) -> Option<Timestamp> {
        let time = self.working_day_length()?.times(&Exact::from_int(days.into()));
        self.add_working(zone, start, &time, horizon)
    }
}

/// The dates from one back to another, both included.
fn back_from(day: Date, horizon: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(day), |date| date.yesterday().ok()).take_while(move |date| *date >= horizon)
}

/// The nanoseconds from one instant to another.
fn nanos(start: Timestamp, end: Timestamp) -> Exact {
    let span = start.duration_until(end);
    Exact::from_int(span.as_secs()) * Exact::from_int(NANOS) + Exact::from_int(span.subsec_nanos().into())
}

fn seconds(nanos: Exact) -> Duration {
    Duration::from_seconds(nanos.checked_div(&Exact::from_int(NANOS)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{DatedHours, Edge, Holidays, MinuteRange, MonthDay, WeeklyHours, parse_datetime};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    fn office() -> Calendar {
        let days = Weekday::Monday.through(Weekday::Friday);
        let weekly = WeeklyHours::new().with(&days, MinuteRange::parse("08:00", "18:00").unwrap());
        let closed = Holidays::new().with_date(date(2027, 3, 26), None).with_date(date(2027, 3, 29), None);
        Calendar::weekly(weekly, closed)
    }

    fn at(local: &str) -> Timestamp {
        berlin().to_timestamp(parse_datetime(local).unwrap(), Edge::Opening).unwrap()
    }

    fn time(text: &str) -> Duration {
        Duration::parse(text).unwrap()
    }

    #[test]
    fn a_weekend_does_not_count() {
        let worked = |from, to| office().working_between(&berlin(), at(from), at(to)).to_string();
        assert_eq!(worked("2027-06-04 17:30", "2027-06-07 08:20"), "50min");
        assert_eq!(worked("2027-06-04 17:30", "2027-06-08 16:00"), "18h30min");
        assert_eq!(worked("2027-06-05 00:00", "2027-06-06 12:00"), "0min");
        // Over Easter and the change of clocks: Thursday's last hour and Tuesday's first.
        assert_eq!(worked("2027-03-25 17:00", "2027-03-30 09:00"), "2h");
        assert_eq!(worked("2027-06-08 16:00", "2027-06-04 17:30"), "0min");
    }

    #[test]
    fn working_time_ends_as_early_as_it_can() {
        let horizon = date(2027, 12, 31);
        let due = |from, length| office().add_working(&berlin(), at(from), &time(length), horizon);
        assert_eq!(due("2027-06-04 17:30", "50min"), Some(at("2027-06-07 08:20")));
        assert_eq!(due("2027-06-04 08:00", "10h"), Some(at("2027-06-04 18:00")));
        assert_eq!(due("2027-06-05 12:00", "0min"), Some(at("2027-06-05 12:00")));
        assert_eq!(due("2027-06-05 12:00", "100000h"), None);
        let days = |from, n| office().add_working_days(&berlin(), at(from), n, horizon);
        assert_eq!(days("2027-06-04 17:00", 2), Some(at("2027-06-08 17:00")));
        assert_eq!(days("2027-03-25 00:00", 2), Some(at("2027-03-30 18:00")));
    }

    #[test]
    fn working_time_and_days_are_counted_backwards_too() {
        let horizon = date(2027, 1, 1);
        let by = |to, length| office().subtract_working(&berlin(), at(to), &time(length), horizon);
        assert_eq!(by("2027-06-07 08:20", "50min"), Some(at("2027-06-04 17:30")));
        assert_eq!(by("2027-06-04 18:00", "10h"), Some(at("2027-06-04 08:00")));
        // The latest instant: no time is counted at night.
        assert_eq!(by("2027-06-07 08:00", "10h"), Some(at("2027-06-04 08:00")));
        assert_eq!(by("2027-06-05 12:00", "0min"), Some(at("2027-06-05 12:00")));
        assert_eq!(by("2027-06-05 12:00", "100000h"), None);
        let days = |day, count| office().working_date_before(&berlin(), day, count, horizon);
        assert_eq!(days(date(2027, 6, 14), 5), Some(date(2027, 6, 7)));
        // Over Easter; the day itself does not count, whether it is one or not.
        assert_eq!(days(date(2027, 3, 30), 2), Some(date(2027, 3, 24)));
        assert_eq!(days(date(2027, 3, 28), 2), Some(date(2027, 3, 24)));
        assert_eq!(days(date(2027, 1, 4), 2), None);
    }

    #[test]
    fn a_working_day_has_one_length_or_none() {
        assert_eq!(office().working_day_length(), Some(time("10h")));
        assert_eq!(Calendar::Always.working_day_length(), Some(time("24h")));
        let saturday = WeeklyHours::new().with(&[Weekday::Saturday], MinuteRange::new(540, 780).unwrap());
        let cover = Calendar::weekly(saturday, Holidays::new());
        assert_eq!(Calendar::Or(vec![office(), cover]).working_day_length(), None);
        assert_eq!(Calendar::Or(Vec::new()).working_day_length(), None);
    }

    #[test]
    fn a_far_horizon_costs_nothing_near() {
        let always = |from| Calendar::Always.add_working(&berlin(), at(from), &time("26h"), Date::MAX);
        for _ in 0..10_000 {
            assert_eq!(always("2027-03-27 12:00"), Some(at("2027-03-28 15:00")));
        }
    }

    /// Hours with half days, holidays and a night shift, in a zone that changes its clocks on other days, and what is made
    /// of them.
    fn calendars() -> Vec<Calendar> {
        let hours = |start, end| MinuteRange::parse(start, end).unwrap();
        let dated = DatedHours::new()
            .with_yearly(MonthDay::parse("12-24").unwrap(), hours("08:00", "12:00"))
            .with_date(date(2027, 3, 28), hours("01:00", "04:00"))
            .with_date(date(2027, 10, 31), hours("02:15", "02:45"));
        let days = Weekday::Monday.through(Weekday::Friday);
        let weekly = WeeklyHours::new()
            .with(&days, hours("09:00", "17:00"))
            .with(&Weekday::Friday.through(Weekday::Saturday), hours("22:00", "24:00"))
            .with(&[Weekday::Saturday, Weekday::Sunday], hours("00:00", "06:00"));
        let closed = Holidays::new().with_yearly(MonthDay::parse("12-25").unwrap(), None);
        let halves =
            Calendar::Hours { weekly: weekly.clone(), dated: dated.clone(), closed: closed.clone(), zone: None };
        let zone = Zone::parse("America/New_York");
        let there = Calendar::Hours { weekly, dated, closed: closed.clone(), zone };
        let either = Calendar::Or(vec![halves.clone(), there.clone()]);
        let neither = Calendar::Except(Box::new(Calendar::Always), Box::new(either.clone()));
        let both = Calendar::And(vec![office(), there.clone()]);
        vec![office(), halves, there.clone(), either.except_dates(&closed), neither, both]
    }

    /// An instant of two years, or one near a change of clocks or a half day.
    fn starts() -> impl Strategy<Value = i64> {
        let near = prop::sample::select(vec![
            "2027-03-14 08:00",
            "2027-03-28 02:00",
            "2027-10-31 02:00",
            "2027-11-07 07:00",
            "2027-12-24 10:00",
        ]);
        let near = (near, -400_000i64..400_000).prop_map(|(local, by)| at(local).as_second() + by);
        prop_oneof![1_798_000_000i64..1_861_000_000, near]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn working_time_adds_up(start in starts(), a in 0i64..2_000_000, b in 0i64..2_000_000) {
            let instant = |seconds| Timestamp::from_second(seconds).unwrap();
            let (first, middle, last) = (instant(start), instant(start + a), instant(start + a + b));
            let whole = Calendar::Always.working_between(&berlin(), first, last);
            for calendar in calendars() {
                let between = |from, to| calendar.working_between(&berlin(), from, to);
                prop_assert_eq!(&between(first, middle) + &between(middle, last), between(first, last));
                // What is closed is the rest.
                let closed = Calendar::Except(Box::new(Calendar::Always), Box::new(calendar.clone()));
                let rest = closed.working_between(&berlin(), first, last);
                prop_assert_eq!(&rest + &between(first, last), whole.clone());
            }
        }

        #[test]
        fn adding_and_measuring_agree(start in starts(), minutes in 0i64..10_000, more in 1i64..5_000) {
            let start = Timestamp::from_second(start).unwrap();
            let length = |minutes| Duration::from_whole_seconds(minutes * 60);
            for calendar in calendars() {
                let add = |to, minutes| calendar.add_working(&berlin(), to, &length(minutes), date(2035, 1, 1)).unwrap();
                let end = add(start, minutes);
                prop_assert_eq!(calendar.working_between(&berlin(), start, end), length(minutes));
                // It ends as early as it can, and in parts as in one.
                let before = end.checked_sub(SignedDuration::from_nanos(1)).unwrap();
                prop_assert!(minutes == 0 || calendar.working_between(&berlin(), start, before) < length(minutes));
                prop_assert_eq!(add(end, more), add(start, minutes + more));
                // Backwards it ends as late as it can.
                let from = calendar.subtract_working(&berlin(), start, &length(minutes), date(2010, 1, 1)).unwrap();
                prop_assert_eq!(calendar.working_between(&berlin(), from, start), length(minutes));
                let after = from.checked_add(SignedDuration::from_nanos(1)).unwrap();
                prop_assert!(minutes == 0 || calendar.working_between(&berlin(), after, start) < length(minutes));
            }
        }

        /// The zone in which the days are told apart makes no difference to hours that have their own.
        #[test]
        fn hours_of_one_zone_are_the_same_from_any(start in starts(), length in 0i64..2_000_000) {
            let (start, end) = (Timestamp::from_second(start).unwrap(), Timestamp::from_second(start + length).unwrap());
            let there = calendars().swap_remove(2);
            let Calendar::Hours { weekly, dated, closed, .. } = there.clone() else { unreachable!() };
            let own = Calendar::Hours { weekly, dated, closed, zone: None };
            let new_york = Zone::parse("America/New_York").unwrap();
            for zone in [berlin(), Zone::utc(), Zone::parse("Pacific/Kiritimati").unwrap()] {
                prop_assert_eq!(
                    there.working_between(&zone, start, end),
                    own.working_between(&new_york, start, end)
                );
            }
        }
    }
}
