//! The files that come with the program: `import germany from std.holidays` reads `std/holidays.sla`.

/// Each with its name.
const FILES: &[(&str, &str)] = &[("calendars", include_str!("../std/calendars.sla"))];

/// The text of a file, by its name after `std.`.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all files, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}
