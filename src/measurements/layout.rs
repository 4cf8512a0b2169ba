use crate::diagnostics::did_you_mean;

use super::shown::listed;

/// What the rows of a table hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The columns, in the order in which the cells of a row are handed over. A file may have them in any other.
    pub columns: Vec<Column>,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, as it stands in the header of a table and as the key of an object.
    pub name: String,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether the column must be there; its cells may be empty all the same.
    pub required: bool,
    /// What the column means, for people.
    pub about: String,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A moment, with its zone or its offset from UTC.
    Instant,
    /// A day.
    Date,
    /// A whole number that is not below zero.
    Count,
    /// A decimal number of at most 18 digits.
    Number,
    /// Yes or no, in one of several pairs of words.
    Boolean,
    /// Any text.
    Text,
    /// One of these words.
    OneOf(Vec<String>),
}

impl Layout {
    /// The place of the column of this very name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The column that was probably meant by a name that is not one.
    pub(super) fn meant(&self, name: &str) -> Option<&str> {
        let names = || self.columns.iter().map(|column| column.name.as_str());
        let bare = name.trim();
        names().find(|known| known.eq_ignore_ascii_case(bare)).or_else(|| did_you_mean(bare, names()))
    }

    /// The columns in words: "`time`, `total` and `failed`".
    pub(super) fn names(&self) -> String {
        listed(self.columns.iter().map(|column| column.name.as_str()), "and")
    }

    /// The first line of a table of this layout: `time,total,failed`.
    #[must_use]
    pub fn header(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        names.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_another_case_or_with_blanks_is_understood_but_not_taken() {
        let column = |name: &str| Column { name: name.into(), kind: Kind::Text, required: true, about: String::new() };
        let layout = Layout { columns: vec![column("time"), column("total"), column("id")] };
        for (name, meant) in [("Time", "time"), ("  TOTAL ", "total"), ("totl", "total"), ("ID", "id")] {
            assert_eq!(layout.position(name), None);
            assert_eq!(layout.meant(name), Some(meant), "{name}");
        }
        assert_eq!(layout.position("total"), Some(1));
        assert_eq!(layout.meant("customer"), None);
        assert_eq!(layout.names(), "`time`, `total` and `id`");
        assert_eq!(layout.header(), "time,total,id");
    }
}
