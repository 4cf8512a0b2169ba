//! Which sets of holidays stand beside each other: where one ends, another may go on.

use crate::model::{CalendarRule, HolidaySet, Model, Years};
use crate::values::Holidays;
use std::collections::BTreeSet;

/// The sets that one calendar closes on, or that one set joins, by their names.
type Group<'a> = BTreeSet<&'a str>;

/// Which sets stand beside each other.
pub(super) struct Beside<'a> {
    model: &'a Model,
    groups: Vec<Group<'a>>,
}

impl<'a> Beside<'a> {
    /// Those of a model: in each of its calendars, and in the sets that no calendar closes on.
    pub fn of(model: &'a Model) -> Beside<'a> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for calendar in &model.calendars {
            let (CalendarRule::Hours { closed, .. } | CalendarRule::Combined { closed, .. }) = &calendar.rule;
            groups.extend(joined(model, closed.iter().map(|name| name.value.as_str())));
        }
        let used: BTreeSet<&str> = groups.iter().flatten().copied().collect();
        for set in model.holidays.iter().filter(|set| !set.of.is_empty()) {
            let all = joined(model, [set.head.name.as_str()].into_iter());
            groups.extend(all.into_iter().filter(|group| !group.iter().any(|name| used.contains(name))));
        }
        Beside { model, groups }
    }

    /// The years from one on, up to another, that neither a set lists nor one beside it, until one of these goes on; the most
    /// of them, where it stands in several calendars.
    pub fn after(&self, set: &HolidaySet, next: i16, to: i16) -> Option<Years> {
        let until = |others: Vec<Years>| {
            let goes_on = others.iter().filter(|years| years.last >= next).map(|years| years.first.max(next)).min();
            goes_on.map_or(to, |year| to.min(year - 1))
        };
        let last = self.others(set).into_iter().map(until).max().unwrap_or(to);
        (last >= next).then_some(Years { first: next, last })
    }

    /// Whether a set lists the first years wherever it stands: no other one beside it lists an earlier one.
    pub fn is_first(&self, set: &HolidaySet, first: i16) -> bool {
        let groups = self.others(set);
        groups.is_empty() || groups.iter().any(|others| others.iter().all(|years| years.first >= first))
    }

    /// The years that the others list, in each group of which a set is one.
    fn others(&self, set: &HolidaySet) -> Vec<Vec<Years>> {
        let own = set.head.name.as_str();
        let with = self.groups.iter().filter(|group| group.contains(own));
        let of_group = |group: &Group<'_>| {
            let others = group.iter().filter(|name| **name != own);
            others.filter_map(|name| listed(self.model.holidays.get(name)?)).collect()
        };
        with.map(of_group).collect()
    }
}

/// The years of which a set lists the days that have another date each year.
pub(super) fn listed(set: &HolidaySet) -> Option<Years> {
    let dates = || set.days.dates().map(|(date, _)| date.year());
    let by_dates = || Some(Years { first: dates().min()?, last: dates().max()? });
    set.covers.as_ref().map(|covers| covers.value).or_else(by_dates)
}

/// Sets that are joined, with those that they are made of by `or` in one group; what `and` and `except` take of a set stands by
/// itself.
fn joined<'a>(model: &'a Model, names: impl Iterator<Item = &'a str>) -> Vec<Group<'a>> {
    let (mut whole, mut apart) = (Group::new(), Group::new());
    let mut open: Vec<(&str, bool)> = names.map(|name| (name, true)).collect();
    let mut seen = BTreeSet::new();
    while let Some((name, together)) = open.pop() {
        let Some(set) = model.holidays.get(name).filter(|_| seen.insert((name, together))) else { continue };
        match (set.of.is_empty(), together) {
            (true, true) => drop(whole.insert(set.head.name.as_str())),
            (true, false) => drop(apart.insert(set.head.name.as_str())),
            (false, _) => {
                let together = together && is_union(model, set);
                open.extend(set.of.iter().map(|part| (part.value.as_str(), together)));
            }
        }
    }
    let alone = apart.into_iter().map(|name| Group::from([name]));
    alone.chain([whole].into_iter().filter(|whole| !whole.is_empty())).collect()
}

/// Whether a set has all days of those that it is made of.
fn is_union(model: &Model, set: &HolidaySet) -> bool {
    let parts = set.of.iter().filter_map(|part| model.holidays.get(&part.value));
    parts.fold(Holidays::new(), |all, part| all.union(&part.days)) == set.days
}
