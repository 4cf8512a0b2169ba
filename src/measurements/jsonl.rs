//! Tables of which each line is a JSON object.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostics::codes;

use super::complaints::{Complaints, KEPT};
use super::header::unknown_column;
use super::layout::Layout;
use super::lines::Lines;
use super::rows::Rows;
use super::shown::quoted;
use super::table::{Step, step};

/// Reads a table to its end.
pub(super) fn read(lines: &mut Lines<'_>, rows: &mut Rows<'_>) {
    let mut object = Object::default();
    loop {
        match step(lines, rows.complaints) {
            Step::Row => {}
            Step::TooLong => continue,
            Step::End | Step::Broken => return,
        }
        let (line, text) = (lines.line(), lines.text());
        object.clear(rows.layout.columns.len());
        let mut json = serde_json::Deserializer::from_slice(text);
        let read = json.deserialize_map(Filling { layout: rows.layout, object: &mut object });
        match read.and_then(|()| json.end()) {
            Err(error) => not_an_object(rows.complaints, line, text, &error),
            Ok(()) if complain(&object, rows.layout, rows.complaints, line) => {}
            Ok(()) => rows.take(line, |place| object.text(place)),
        }
    }
}

/// The values of one object, as texts in the order of the columns, in room that is used again.
#[derive(Default)]
struct Object {
    values: Vec<Value>,
    text: Vec<u8>,
    /// The keys that no column has, not more than are shown.
    unknown: Vec<String>,
    /// The columns that stand twice.
    twice: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Absent,
    /// Where the text of the value lies.
    Text(usize, usize),
    Nested,
}

impl Object {
    fn clear(&mut self, columns: usize) {
        self.values.clear();
        self.values.resize(columns, Value::Absent);
        self.text.clear();
        self.unknown.clear();
        self.twice.clear();
    }

    fn text(&self, place: usize) -> &[u8] {
        match self.values.get(place) {
            Some(Value::Text(from, to)) => self.text.get(*from..*to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Keeps what a token says: a text without its quotes, nothing of `null`, and all else as it is written, so that a
    /// number never becomes a float.
    fn keep(&mut self, place: usize, token: &str) -> Result<(), serde_json::Error> {
        let Some(value) = self.values.get_mut(place) else { return Ok(()) };
        if *value != Value::Absent {
            if self.twice.len() < KEPT {
                self.twice.push(place);
            }
            return Ok(());
        }
        let from = self.text.len();
        match token.as_bytes() {
            [b'{' | b'[', ..] => {
                *value = Value::Nested;
                return Ok(());
            }
            [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => self.text.extend_from_slice(inner),
            [b'"', ..] => self.text.extend_from_slice(serde_json::from_str::<String>(token)?.as_bytes()),
            b"null" => {}
            plain => self.text.extend_from_slice(plain),
        }
        *value = Value::Text(from, self.text.len());
        Ok(())
    }
}

/// Reads an object into its place.
struct Filling<'o> {
    layout: &'o Layout,
    object: &'o mut Object,
}

impl<'de> Visitor<'de> for Filling<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(self.layout))? {
            let value: &'de RawValue = map.next_value()?;
            match key {
                Ok(place) => self.object.keep(place, value.get()).map_err(serde::de::Error::custom)?,
                Err(name) if self.object.unknown.len() < KEPT => self.object.unknown.push(name),
                Err(_) => {}
            }
        }
        Ok(())
    }
}

/// A key as the place of its column, or its name if no column has it.
struct Key<'o>(&'o Layout);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Result<usize, String>;

    fn deserialize<D: serde::Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Result<usize, String>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.position(name).ok_or_else(|| name.to_owned()))
    }
}

/// Complains of what is wrong with the keys of an object, and tells whether anything is.
fn complain(object: &Object, layout: &Layout, complaints: &mut Complaints, line: u64) -> bool {
    let mut wrong = false;
    let mut add = |code, message, help| {
        wrong = true;
        complaints.add(line, code, message, help);
    };
    let name = |place: usize| layout.columns.get(place).map_or("", |column| column.name.as_str());
    for place in &object.twice {
        let message = format!("the key {} stands twice in this object", quoted(name(*place).as_bytes()));
        add(codes::UNREADABLE_MEASUREMENTS, message, None);
    }
    let mut meant = Vec::new();
    for unknown in &object.unknown {
        let near = layout.meant(unknown);
        meant.extend(near);
        let (message, help) = unknown_column(layout, unknown, near);
        add(codes::UNKNOWN_COLUMN, message, help);
    }
    for (column, value) in layout.columns.iter().zip(&object.values) {
        match value {
            // A column that was misspelled is not missing as well.
            Value::Absent if column.required && !meant.contains(&column.name.as_str()) => {
                let message = format!("this object lacks the key `{}`", column.name);
                add(codes::MISSING_COLUMN, message, Some("write `null` where nothing was measured".to_owned()));
            }
            Value::Nested => {
                let what = "this is a list or an object, where one value is expected";
                add(codes::WRONG_VALUE, format!("column `{}`: {what}", column.name), None);
            }
            _ => {}
        }
    }
    wrong
}

/// Complains of a line that is no object.
#[cold]
fn not_an_object(complaints: &mut Complaints, line: u64, text: &[u8], error: &serde_json::Error) {
    let help = "write each row as an object on a line of its own, with nothing around them or between them";
    let (message, help) = if std::str::from_utf8(text).is_err() {
        ("this line is not written in UTF-8".to_owned(), "save the file as UTF-8")
    } else if !text.trim_ascii().starts_with(b"{") {
        ("this line is not a JSON object".to_owned(), help)
    } else if error.is_eof() {
        let message = "this line is not a whole JSON object: it ends too early".to_owned();
        return complaints.error(line, codes::UNREADABLE_MEASUREMENTS, message);
    } else {
        let before = String::from_utf8_lossy(text.get(..error.column()).unwrap_or(text)).chars().count();
        (format!("this line is not a JSON object from character {before} on"), help)
    };
    complaints.error_with_help(line, codes::UNREADABLE_MEASUREMENTS, message, help);
}
