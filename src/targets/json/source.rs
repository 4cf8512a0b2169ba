//! Where each clause stands in the source: outside of what is signed, since a comment moves it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Clause, Model};
use crate::source::SourceMap;

/// Where the clauses stand in the source. It is not part of what is signed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Places")]
pub struct Source {
    /// Every clause, in the order of the parts of an agreement.
    pub clauses: Vec<Position>,
}

/// Where a clause stands. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Position {
    /// The clause, by id.
    pub clause: String,
    /// The file.
    pub path: String,
    /// The line of the first character.
    pub line: u32,
    /// The column of the first character.
    pub column: u32,
    /// The line of the place after the last character.
    pub end_line: u32,
    /// The column of the place after the last character.
    pub end_column: u32,
    /// The comment of the author before the clause; it has no force.
    pub doc: Option<String>,
}

impl Source {
    /// The places of all clauses of an agreement.
    pub fn new(model: &Model, sources: &SourceMap) -> Source {
        Source { clauses: model.clauses().into_iter().map(|clause| position(clause, sources)).collect() }
    }
}

fn position(clause: Clause, sources: &SourceMap) -> Position {
    let at = sources.locate(clause.span);
    Position {
        clause: clause.id,
        path: portable(at.path).to_owned(),
        line: at.line,
        column: at.column,
        end_line: at.end_line,
        end_column: at.end_column,
        doc: clause.doc,
    }
}

/// A path as it is, or the name of the file alone where the path is of one machine.
fn portable(path: &str) -> &str {
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    if is_drive || path.starts_with(['/', '\\', '~']) || path.split(['/', '\\']).any(|part| part == "..") {
        return path.rsplit(['/', '\\']).next().unwrap_or(path);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::portable;

    #[test]
    fn a_path_of_one_machine_is_cut_to_the_name() {
        let cases = [
            ("sla/acme.sla", "sla/acme.sla"),
            ("/home/someone/acme.sla", "acme.sla"),
            ("C:/Users/someone/acme.sla", "acme.sla"),
            ("../../someone/acme.sla", "acme.sla"),
        ];
        for (path, expected) in cases {
            assert_eq!(portable(path), expected);
        }
    }
}
