//! Clauses that are written aside, so that those of several variants can be compared.

use super::markdown::Md;

/// What a clause is in the order of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A titled clause with clauses below it.
    Topic,
    /// A clause of its own.
    Clause,
    /// A clause below a topic.
    Sub,
}

/// A clause that is written aside, to be compared with others, with the tables below it.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where it stands.
    pub level: Level,
    /// What it is about, such as `claim`: clauses of two variants that are about the same are told together.
    pub about: String,
    /// Its title, if it has one.
    pub title: Md,
    /// What it says.
    pub text: Md,
    /// The ids that it stands for.
    pub ids: Vec<String>,
    /// Its tables.
    pub grids: Vec<Grid>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Grid {
    /// How its rows are to be read.
    pub kind: GridKind,
    /// The titles of the columns.
    pub header: Vec<String>,
    /// The cells of each row, and the ids that it stands for.
    pub rows: Vec<(Vec<Md>, Vec<String>)>,
}

/// How the rows of a table are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridKind {
    /// They have no ids.
    Plain,
    /// Each is a clause, and says something by itself.
    Rows,
    /// Each is a clause, and they complete each other: those of one ladder stay together.
    Ladder,
}

impl Grid {
    /// The cells without the ids.
    pub fn cells(&self) -> Vec<&[Md]> {
        self.rows.iter().map(|(cells, _)| cells.as_slice()).collect()
    }

    /// Whether another table has the same columns, so that the two can be one.
    pub fn is_like(&self, other: &Grid) -> bool {
        self.kind == other.kind && self.header == other.header
    }
}

impl Block {
    /// Whether another clause has tables with the same columns.
    pub fn is_like(&self, other: &Block) -> bool {
        self.grids.len() == other.grids.len() && self.grids.iter().zip(&other.grids).all(|(one, of)| one.is_like(of))
    }

    /// Whether another clause says the same, without its tables.
    pub fn is_worded_as(&self, other: &Block) -> bool {
        self.title == other.title && self.text == other.text
    }
}
