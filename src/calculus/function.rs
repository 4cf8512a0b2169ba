/// The functions of the calculus, by the words that a file uses for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// The mean of a value over slices, events, samples or scores.
    Mean,
    /// The share of slices, events, samples, cases or scores for which a condition holds, or of time for a state.
    Share,
    /// The sum of a value over slices.
    Sum,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// How many events, cases, scores or runs there are.
    Count,
    /// The uninterrupted stretches of slices, or of time, for which a condition holds.
    Runs,
    /// Runs with gaps up to a length closed.
    Joined,
    /// The total length of runs.
    Total,
    /// Whether a state holds for every key.
    All,
    /// Whether a state holds for some key.
    Any,
    /// Whether a state holds for no key.
    None,
    /// The 50th percentile, by nearest rank.
    P50,
    /// The 90th percentile, by nearest rank.
    P90,
    /// The 95th percentile, by nearest rank.
    P95,
    /// The 99th percentile, by nearest rank.
    P99,
    /// How many consecutive closed windows that end here meet a condition.
    Streak,
    /// The value in the window before, or an initial one.
    Previous,
    /// How many units have begun: a division rounded up.
    Started,
    /// How many units are complete: a division rounded down.
    Completed,
}

impl Function {
    /// Every function.
    pub const ALL: [Function; 20] = [
        Function::Mean,
        Function::Share,
        Function::Sum,
        Function::Min,
        Function::Max,
        Function::Count,
        Function::Runs,
        Function::Joined,
        Function::Total,
        Function::All,
        Function::Any,
        Function::None,
        Function::P50,
        Function::P90,
        Function::P95,
        Function::P99,
        Function::Streak,
        Function::Previous,
        Function::Started,
        Function::Completed,
    ];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Function::Mean => "mean",
            Function::Share => "share",
            Function::Sum => "sum",
            Function::Min => "min",
            Function::Max => "max",
            Function::Count => "count",
            Function::Runs => "runs",
            Function::Joined => "joined",
            Function::Total => "total",
            Function::All => "all",
            Function::Any => "any",
            Function::None => "none",
            Function::P50 => "p50",
            Function::P90 => "p90",
            Function::P95 => "p95",
            Function::P99 => "p99",
            Function::Streak => "streak",
            Function::Previous => "previous",
            Function::Started => "started",
            Function::Completed => "completed",
        }
    }

    /// Which part of the values a percentile does not exceed, in percent; nothing for other functions.
    pub fn percentile(self) -> Option<u8> {
        match self {
            Function::P50 => Some(50),
            Function::P90 => Some(90),
            Function::P95 => Some(95),
            Function::P99 => Some(99),
            _ => None,
        }
    }

    /// The function that a file calls `word`.
    pub fn parse(word: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.as_str() == word)
    }
}
