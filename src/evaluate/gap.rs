//! Why a value is not known.

use std::fmt;

/// Why a value cannot be computed from what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Something is not known, by its name in the file.
    Unknown(String),
    /// So many cases have not reached a milestone by the end of what is on record, and the time up to then decides nothing.
    Awaited(String, u64),
    /// Something is known for a part of an interval only, or changes within it.
    Changes(String),
    /// A total is known for a longer time, and not how it is spread over it.
    Spread(String),
    /// A number is given of all occurrences, and not of those that a `where` leaves.
    InAll(String),
    /// All of the time is excluded.
    Excluded,
    /// There was nothing to count, and the metric has no value for that.
    Empty,
    /// In some slices there was nothing to count, and what is read in each of them has no value for that.
    Idle,
    /// It takes more than one window: a streak, or `over` another window.
    History(String),
    /// It depends on what people judge, on the moment, or on what is not measured yet.
    Open(String),
    /// A signal was not measured in an interval, and nothing says what that counts as.
    Missing(String),
    /// Nothing was recorded of a signal by the end of a window.
    NotBegun(String),
    /// It depends on the credit of a commitment for the window that ends on a day, which is not known.
    Depends(String, String),
    /// It takes the fees of all options of an open dimension, and nobody has said which there are.
    AllOptions,
    /// A fee is not given for the period that begins on a day.
    NotInvoiced(String, String),
    /// All of the time counts as kept.
    Kept,
    /// The commitment did not apply in the window.
    NotApplied,
    /// A signal has several values of a field, and it is not said which one is meant.
    Several(String),
    /// A decision falls between the bounds of a value that is not computed exactly.
    Unsure,
    /// The computation would be too long.
    TooLong,
    /// What it is computed from could not be understood; an error has been told.
    Poisoned,
}

impl fmt::Display for Gap {
    /// As the reason of a result that there is not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::Unknown(name) => write!(f, "`{name}` is not given"),
            Gap::Awaited(milestone, cases) => {
                let open = match cases {
                    1 => "1 case is still open".to_owned(),
                    many => format!("{many} cases are still open"),
                };
                write!(
                    f,
                    "{open} at the end of the data, without `{milestone}`: more data or a later `--as-of` decides it"
                )
            }
            Gap::Changes(name) => write!(f, "`{name}` changes within an interval in which it is read"),
            Gap::Spread(name) => {
                write!(f, "`{name}` is given as a total of a longer time than that in which it is read")
            }
            Gap::InAll(name) => write!(f, "`{name}` is given of all, and not of those that a `where` leaves"),
            Gap::Excluded => write!(f, "all of the time is excluded"),
            Gap::Empty => write!(f, "there is nothing to count, and no value `when empty`"),
            Gap::History(what) => write!(f, "`{what}` needs more than one window"),
            Gap::Open(what) => write!(f, "`{what}` is not measured in the window"),
            Gap::Idle => write!(f, "in a slice there is nothing to count, and what is read in it has no `when empty`"),
            Gap::Missing(signal) => write!(f, "`{signal}` was not measured"),
            Gap::Depends(commitment, day) => {
                write!(f, "it depends on the credit of `{commitment}` for the window to {day}, which is not decided")
            }
            Gap::AllOptions => write!(f, "the fees of all options are not given"),
            Gap::NotInvoiced(fee, day) => write!(f, "`{fee}` is not given for the period from {day}"),
            Gap::NotBegun(signal) => write!(f, "nothing was recorded of `{signal}` by then"),
            Gap::NotApplied => write!(f, "the commitment does not apply in the window"),
            Gap::Kept => write!(f, "all of the time counts as kept"),
            Gap::Several(signal) => {
                write!(f, "`{signal}` is measured for several values of a field, and none is named")
            }
            Gap::Unsure => write!(f, "it is not known exactly enough"),
            Gap::TooLong => write!(f, "it takes too long to compute"),
            Gap::Poisoned => write!(f, "a part of it could not be understood"),
        }
    }
}
