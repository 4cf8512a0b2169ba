//! Sets of whole days: holidays, and what is made of several sets of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::date::MonthDay;

/// Days on which something is closed, each with an optional title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Holidays {
    yearly: BTreeMap<MonthDay, Option<String>>,
    single: BTreeMap<Date, Option<String>>,
    /// The dates on which a day of every year is none.
    lifted: BTreeSet<Date>,
}

impl Holidays {
    /// No holidays.
    pub fn new() -> Holidays {
        Holidays::default()
    }

    /// With a day of every year as well.
    #[must_use]
    pub fn with_yearly(mut self, day: MonthDay, title: Option<String>) -> Holidays {
        self.yearly.insert(day, title);
        self
    }

    /// With a single date as well.
    #[must_use]
    pub fn with_date(mut self, date: Date, title: Option<String>) -> Holidays {
        self.single.insert(date, title);
        self
    }

    /// The holidays of both; where both name a day, this one's title stays.
    #[must_use]
    pub fn union(&self, other: &Holidays) -> Holidays {
        self.combined(other, |one, other| one || other)
    }

    /// The days that are holidays in both.
    #[must_use]
    pub fn intersection(&self, other: &Holidays) -> Holidays {
        self.combined(other, |one, other| one && other)
    }

    /// The days of this set that are none of the other.
    #[must_use]
    pub fn difference(&self, other: &Holidays) -> Holidays {
        self.combined(other, |one, other| one && !other)
    }

    /// Day by day what is kept of two sets: first the days of every year, then each date on which it is otherwise.
    fn combined(&self, other: &Holidays, keep: impl Fn(bool, bool) -> bool) -> Holidays {
        let mut all = Holidays::new();
        for day in self.yearly.keys().chain(other.yearly.keys()) {
            let (one, two) = (self.yearly.get(day), other.yearly.get(day));
            if keep(one.is_some(), two.is_some()) {
                all.yearly.insert(*day, one.or(two).cloned().flatten());
            }
        }
        let sets = [self, other];
        for date in sets.iter().flat_map(|set| set.single.keys().chain(&set.lifted)) {
            let named = sets.iter().any(|set| set.single.contains_key(date));
            let every_year = all.yearly.contains_key(&MonthDay::of(*date));
            match (keep(self.contains(*date), other.contains(*date)), every_year) {
                (true, true) if !named => {}
                (true, _) => {
                    let title = self.title(*date).or_else(|| other.title(*date));
                    all.single.insert(*date, title.map(str::to_owned));
                }
                (false, true) => {
                    all.lifted.insert(*date);
                }
                (false, false) => {}
            }
        }
        all
    }

    /// Whether a date is a holiday.
    pub fn contains(&self, date: Date) -> bool {
        let every_year = || self.yearly.contains_key(&MonthDay::of(date)) && !self.lifted.contains(&date);
        self.single.contains_key(&date) || every_year()
    }

    /// The title of a holiday, if it has one.
    pub fn title(&self, date: Date) -> Option<&str> {
        let single = self.single.get(&date).and_then(Option::as_deref);
        single.or_else(|| self.yearly.get(&MonthDay::of(date)).and_then(Option::as_deref))
    }

    /// Days of every year, in order.
    pub fn yearly(&self) -> impl Iterator<Item = (MonthDay, Option<&str>)> {
        self.yearly.iter().map(|(day, title)| (*day, title.as_deref()))
    }

    /// Single dates, in order.
    pub fn dates(&self) -> impl Iterator<Item = (Date, Option<&str>)> {
        self.single.iter().map(|(date, title)| (*date, title.as_deref()))
    }

    /// The dates on which a day of every year is no holiday, in order.
    pub fn lifted(&self) -> impl Iterator<Item = Date> {
        self.lifted.iter().copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.yearly.is_empty() && self.single.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Span;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn holidays_unite() {
        let yearly = Holidays::new().with_yearly(MonthDay::parse("01-01").unwrap(), Some("New Year".to_owned()));
        let both = yearly.union(&Holidays::new().with_date(date(2027, 12, 24), None));
        assert!(both.contains(date(2030, 1, 1)) && both.contains(date(2027, 12, 24)));
        assert!(!both.contains(date(2028, 12, 24)));
        assert_eq!(both.title(date(2028, 1, 1)), Some("New Year"));
    }

    #[test]
    fn a_day_of_every_year_is_lifted_on_a_date() {
        let yearly = Holidays::new().with_yearly(MonthDay::parse("12-26").unwrap(), Some("Boxing Day".to_owned()));
        let once = Holidays::new().with_date(date(2027, 12, 26), None);
        let rest = yearly.difference(&once);
        assert!(rest.contains(date(2026, 12, 26)) && !rest.contains(date(2027, 12, 26)));
        assert_eq!(rest.lifted().collect::<Vec<_>>(), [date(2027, 12, 26)]);
        // What is left when the rest is taken away again is that date, with its title.
        let back = yearly.difference(&rest);
        assert_eq!(back.dates().collect::<Vec<_>>(), [(date(2027, 12, 26), Some("Boxing Day"))]);
        assert!(!back.contains(date(2028, 12, 26)));
    }

    fn sets() -> impl Strategy<Value = Holidays> {
        let days = prop::collection::vec((any::<bool>(), 0i64..12), 0..6);
        days.prop_map(|days| {
            days.into_iter().fold(Holidays::new(), |set, (yearly, day)| {
                // Few days of two years, so that they meet.
                let date = date(2027 + (day % 2) as i16, 12, 24).checked_add(Span::new().days(day / 2)).unwrap();
                if yearly { set.with_yearly(MonthDay::of(date), None) } else { set.with_date(date, None) }
            })
        })
    }

    proptest! {
        #[test]
        fn sets_are_combined_day_by_day(a in sets(), b in sets(), c in sets(), day in 0i64..1_200) {
            let day = date(2026, 1, 1).checked_add(Span::new().days(day)).unwrap();
            let days = [day, date(2027, 12, 25), date(2028, 12, 26), date(2029, 12, 24)];
            for day in days {
                let [in_a, in_b, in_c] = [&a, &b, &c].map(|set| set.contains(day));
                prop_assert_eq!(a.union(&b).contains(day), in_a || in_b);
                prop_assert_eq!(a.difference(&b).intersection(&c).contains(day), in_a && !in_b && in_c);
                prop_assert_eq!(a.difference(&b.difference(&c)).contains(day), in_a && (!in_b || in_c));
                prop_assert_eq!(c.union(&a.difference(&b)).difference(&a).contains(day), in_c && !in_a);
            }
        }
    }
}
