//! Pieces of clauses that are written aside, so that those of several variants can be compared.

use super::markdown::Md;

/// A piece of a clause that is written aside, to be compared with others.
#[derive(Clone, Debug)]
pub enum Block {
    /// The title of a clause.
    Topic {
        /// The title.
        title: String,
        /// The ids that it stands for.
        ids: Vec<String>,
    },
    /// A numbered clause below it.
    Sub {
        /// What it says.
        text: Md,
        /// The ids that it stands for.
        ids: Vec<String>,
    },
    /// A table whose rows are clauses.
    Rows {
        /// The titles of the columns.
        header: Vec<String>,
        /// The cells of each row, and the ids that it stands for.
        rows: Vec<(Vec<Md>, Vec<String>)>,
    },
    /// A table.
    Table {
        /// The titles of the columns.
        header: Vec<String>,
        /// The cells.
        rows: Vec<Vec<Md>>,
    },
    /// A further id of what stands before it.
    Also(Vec<String>),
}

impl Block {
    /// The ids that it stands for, without those of rows.
    pub fn ids(&self) -> &[String] {
        match self {
            Block::Topic { ids, .. } | Block::Sub { ids, .. } | Block::Also(ids) => ids,
            Block::Rows { .. } | Block::Table { .. } => &[],
        }
    }

    /// The ids of a row.
    pub fn row_ids(&self, at: usize) -> Option<&Vec<String>> {
        match self {
            Block::Rows { rows, .. } => rows.get(at).map(|(_, ids)| ids),
            _ => None,
        }
    }

    /// The cells of a table.
    pub fn cells(&self) -> Vec<Vec<Md>> {
        match self {
            Block::Rows { rows, .. } => rows.iter().map(|(cells, _)| cells.clone()).collect(),
            Block::Table { rows, .. } => rows.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether another block is of the same shape, so that the two can be told together.
    pub fn is_like(&self, other: &Block) -> bool {
        match (self, other) {
            (Block::Topic { title, .. }, Block::Topic { title: of, .. }) => title == of,
            (Block::Sub { .. }, Block::Sub { .. }) | (Block::Also(_), Block::Also(_)) => true,
            (Block::Rows { header, .. }, Block::Rows { header: of, .. })
            | (Block::Table { header, .. }, Block::Table { header: of, .. }) => header == of,
            _ => false,
        }
    }

    /// Whether another block says the same.
    pub fn says_as(&self, other: &Block) -> bool {
        match (self, other) {
            (Block::Sub { text, .. }, Block::Sub { text: of, .. }) => text == of,
            _ => self.is_like(other) && self.cells() == other.cells(),
        }
    }
}
