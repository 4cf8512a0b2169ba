//! Where negotiations stand: what is agreed, what is open, whose move it is and until when, over all agreements of a
//! run, as text and JSON. Both say the same.

mod json;
mod text;

pub use json::json;
pub use text::text;

use crate::model::{Model, Negotiation, PartyRef, Round, Standing};
use crate::values::Date;

/// Where the negotiations of some agreements stand.
#[derive(Debug)]
pub struct Status<'a> {
    /// The day at whose end they stand so; without one nothing is overdue, since no day is today.
    pub as_of: Option<Date>,
    /// The agreements, in the order in which they were given.
    pub agreements: Vec<Agreement<'a>>,
    /// The files whose agreements cannot be shown, each with the number of its errors.
    pub not_shown: Vec<(String, usize)>,
}

/// One agreement.
#[derive(Debug)]
pub struct Agreement<'a> {
    /// The name of its file.
    pub file: String,
    /// What it says.
    pub model: &'a Model,
    /// What is or was negotiated, in the order of the file.
    pub points: Vec<Point<'a>>,
}

/// One negotiation.
#[derive(Debug)]
pub struct Point<'a> {
    /// Its proposals.
    pub negotiation: Negotiation<'a>,
    /// The round that says how it stands.
    pub last: Round<'a>,
    /// The title of the clause, or of that which it is in.
    pub clause: Option<String>,
    /// Who has to answer, where it is open.
    pub to_move: Vec<PartyRef>,
    /// The last day for the answer, where it is open and has one.
    pub until: Option<Date>,
    /// Whether that day has passed, where it is known which day it is.
    pub overdue: Option<bool>,
}

/// How many points stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that nobody has decided.
    pub open: usize,
    /// Those of them whose answer was due.
    pub overdue: usize,
    /// Those that were accepted.
    pub agreed: usize,
    /// Those that were declined.
    pub declined: usize,
    /// Those that were taken back.
    pub withdrawn: usize,
}

impl<'a> Status<'a> {
    /// Where the negotiations of agreements stand, each given with the name of its file; with a day, as they stood then.
    #[must_use]
    pub fn new(
        models: impl IntoIterator<Item = (String, &'a Model)>,
        not_shown: Vec<(String, usize)>,
        as_of: Option<Date>,
    ) -> Status<'a> {
        let agreements = models.into_iter().map(|(file, model)| Agreement::new(file, model, as_of)).collect();
        Status { as_of, agreements, not_shown }
    }

    /// How many points stand how, in all.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(self.agreements.iter().flat_map(|one| &one.points))
    }
}

impl<'a> Agreement<'a> {
    fn new(file: String, model: &'a Model, as_of: Option<Date>) -> Agreement<'a> {
        let titles = model.titles();
        let points = model.negotiations(as_of).into_iter().filter_map(|negotiation| {
            let last = negotiation.last()?.clone();
            let clause = negotiation.of.and_then(|of| titles.of(&of.value)).map(str::to_owned);
            let is_open = last.standing == Standing::Open;
            let to_move = if is_open { last.pending() } else { Vec::new() };
            let until = model.answer_until(last.proposal).filter(|_| is_open);
            let overdue = as_of.filter(|_| is_open).map(|day| until.is_some_and(|until| day > until));
            Some(Point { negotiation, last, clause, to_move, until, overdue })
        });
        let points = points.collect();
        Agreement { file, model, points }
    }

    /// How many of its points stand how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(&self.points)
    }

    /// Whether its text binds nobody: its status says so, or one of its points is open.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.model.is_draft_with(self.counts().open)
    }
}

impl Counts {
    fn of<'p, 'a: 'p>(points: impl IntoIterator<Item = &'p Point<'a>>) -> Counts {
        points.into_iter().fold(Counts::default(), |mut counts, point| {
            match point.last.standing {
                Standing::Open => counts.open += 1,
                Standing::Accepted => counts.agreed += 1,
                Standing::Declined => counts.declined += 1,
                Standing::Withdrawn => counts.withdrawn += 1,
                Standing::Countered => {}
            }
            counts.overdue += usize::from(point.overdue == Some(true));
            counts
        })
    }
}
