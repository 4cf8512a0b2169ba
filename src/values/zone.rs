//! Time zones of the IANA database that is bundled with the crate, never the system's: the same file means the same
//! instants on every machine.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

/// The last nanosecond before an instant: what ends at midnight belongs to the day before.
#[must_use]
pub fn instant_before(at: Timestamp) -> Option<Timestamp> {
    at.checked_sub(SignedDuration::from_nanos(1)).ok()
}

/// Which end of an interval a local time is, where clocks show it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// A start, which takes the first of two.
    Opening,
    /// An end, which takes the second of two.
    Closing,
}

/// A time zone by its IANA name.
#[derive(Clone)]
pub struct Zone(TimeZone);

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

impl Zone {
    /// The zone of this exact name.
    pub fn parse(name: &str) -> Option<Zone> {
        // The database ignores case and keeps what it has parsed.
        let zone = database().get(name).ok()?;
        (zone.iana_name() == Some(name) && !zone.is_unknown()).then_some(Zone(zone))
    }

    /// Coordinated Universal Time.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Every name of the bundled database, in order.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = database().available().map(|name| name.as_str().to_owned()).collect();
        names.sort();
        names
    }

    /// At most three names that `name` may have been meant to be, the likeliest first: the same in another case, the
    /// same city, or nearly the same letters.
    pub fn suggestions(name: &str) -> Vec<String> {
        // A longer text is not a slip in a name, and comparing letters takes time.
        if name.len() > 64 {
            return Vec::new();
        }
        let wanted = name.to_lowercase().replace(' ', "_");
        let city = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
        let mut ranked: Vec<(usize, String)> = Zone::names()
            .into_iter()
            .filter_map(|known| {
                let lower = known.to_lowercase();
                let rank = if lower == wanted {
                    0
                } else if city(&lower) == city(&wanted) {
                    1
                } else {
                    1 + strsim::osa_distance(&lower, &wanted).min(strsim::osa_distance(&city(&lower), &wanted))
                };
                (rank <= 3).then_some((rank, known))
            })
            .collect();
        ranked.sort();
        ranked.into_iter().take(3).map(|(_, known)| known).collect()
    }

    /// The instant of a local time. One that does not exist moves forward to the first instant that does, so order is
    /// kept; of one that exists twice, an opening takes the first and a closing the second. Nothing at the very ends
    /// of time.
    pub fn to_timestamp(&self, local: DateTime, edge: Edge) -> Option<Timestamp> {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
            AmbiguousOffset::Fold { before, after } => match edge {
                Edge::Opening => before.to_timestamp(local).ok(),
                Edge::Closing => after.to_timestamp(local).ok(),
            },
            AmbiguousOffset::Gap { after, .. } => {
                // Read with the offset to come, a skipped time lies before the change.
                let before_change = after.to_timestamp(local).ok()?;
                self.0.following(before_change).next().map(|change| change.timestamp())
            }
        }
    }

    /// The instant at which a local date begins.
    pub fn start_of_day(&self, date: Date) -> Option<Timestamp> {
        self.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()), Edge::Opening)
    }

    /// What local clocks show at an instant.
    pub fn local(&self, instant: Timestamp) -> DateTime {
        self.0.to_datetime(instant)
    }

    /// The local date at an instant.
    pub fn date(&self, instant: Timestamp) -> Date {
        self.local(instant).date()
    }

    /// The seconds that local clocks are ahead of UTC at an instant.
    pub fn offset_seconds(&self, instant: Timestamp) -> i32 {
        self.0.to_offset(instant).seconds()
    }

    /// The instants after `from` and before `to` at which local clocks change.
    pub fn transitions(&self, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let mut offset = self.offset_seconds(from);
        let mut changes = Vec::new();
        for change in self.0.following(from).take_while(|change| change.timestamp() < to) {
            // Some changes are of the abbreviation only.
            if change.offset().seconds() != offset {
                offset = change.offset().seconds();
                changes.push(change.timestamp());
            }
        }
        changes
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name()).finish()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Zone) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Zone) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{parse_date, parse_datetime};

    fn instant(zone: &str, local: &str, edge: Edge) -> String {
        let zone = Zone::parse(zone).unwrap();
        zone.to_timestamp(parse_datetime(local).unwrap(), edge).unwrap().to_string()
    }

    #[test]
    fn skipped_times_move_forward_to_the_change() {
        for local in ["2027-03-28 02:00", "2027-03-28 02:30", "2027-03-28 03:00"] {
            for edge in [Edge::Opening, Edge::Closing] {
                assert_eq!(instant("Europe/Berlin", local, edge), "2027-03-28T01:00:00Z");
            }
        }
        // Samoa skipped a whole day.
        assert_eq!(instant("Pacific/Apia", "2011-12-30 12:00", Edge::Opening), "2011-12-30T10:00:00Z");
    }

    #[test]
    fn of_repeated_times_an_opening_takes_the_first() {
        assert_eq!(instant("Europe/Berlin", "2027-10-31 02:30", Edge::Opening), "2027-10-31T00:30:00Z");
        assert_eq!(instant("Europe/Berlin", "2027-10-31 02:30", Edge::Closing), "2027-10-31T01:30:00Z");
        assert_eq!(instant("Europe/Berlin", "2027-10-31 03:00", Edge::Closing), "2027-10-31T02:00:00Z");
    }

    #[test]
    fn transitions_are_those_of_the_clock() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let at = |date: &str| zone.start_of_day(parse_date(date).unwrap()).unwrap();
        let changes = zone.transitions(at("2027-01-01"), at("2028-01-01"));
        let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
        assert_eq!(changes, ["2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"]);
        assert!(Zone::utc().transitions(at("2000-01-01"), at("2100-01-01")).is_empty());
    }

    #[test]
    fn names_are_exact_and_slips_are_answered() {
        assert_eq!(Zone::parse("UTC"), Some(Zone::utc()));
        for name in ["europe/berlin", "Berlin", "CEST+1", "", "Etc/Unknown", "/etc/localtime", "../UTC"] {
            assert_eq!(Zone::parse(name), None, "{name}");
        }
        for slip in ["europe/berlin", "Berlin", "Europe/Berln", "Germany/Berlin"] {
            assert_eq!(Zone::suggestions(slip).first().map(String::as_str), Some("Europe/Berlin"), "{slip}");
        }
        assert_eq!(Zone::suggestions("america/new york").first().map(String::as_str), Some("America/New_York"));
        assert!(Zone::suggestions(&"x".repeat(1_000_000)).is_empty());
        assert!(Zone::names().len() > 300);
    }
}
