//! The tiers of a credit table: ranges of attained values with explicit ends.

use super::{Commitment, Credit, CreditRow, CreditTable, Tier};
use crate::calculus::Value;
use crate::values::Exact;

impl Commitment {
    /// The tiers of its credit table, from the best attained value to the worst.
    ///
    /// In a ladder every row reaches to the next one, so that there is neither a gap nor an overlap; its first row is
    /// bounded by the target too, since a ladder pays only when that is missed. Bands have the ends that they say.
    /// Rows whose bounds cannot be computed from the file are left out, and so is `otherwise`: it stands for whatever no
    /// other row covers, which need not be one range.
    pub fn tiers(&self) -> Vec<Tier<'_>> {
        match &self.credit {
            Some(Credit::Table(table)) if table.bands => table.rows.iter().filter_map(band).collect(),
            Some(Credit::Table(table)) => self.ladder(table),
            _ => Vec::new(),
        }
    }

    fn ladder<'a>(&'a self, table: &'a CreditTable) -> Vec<Tier<'a>> {
        let mut rows: Vec<(&Value, bool, bool, &CreditRow)> = table
            .rows
            .iter()
            .filter_map(|row| {
                let bound = row.bounds.first()?;
                Some((bound.value.as_ref()?, bound.side.is_inclusive(), bound.side.is_upper(), row))
            })
            .collect();
        let falling = rows.first().is_some_and(|(_, _, upper, _)| *upper);
        let key = |value: &Value| value.exact().cloned().unwrap_or_else(Exact::zero);
        // The best value first: the highest where less is worse. Of two rows at one value the wider one comes first.
        rows.sort_by(|a, b| {
            let (a, b) = ((key(a.0), a.1), (key(b.0), b.1));
            if falling { b.cmp(&a) } else { a.0.cmp(&b.0).then(b.1.cmp(&a.1)) }
        });
        let ends: Vec<(Value, bool)> =
            rows.iter().map(|(value, inclusive, _, _)| ((*value).clone(), *inclusive)).collect();
        rows.into_iter()
            .enumerate()
            .map(|(index, (value, inclusive, _, row))| {
                let near = Some((value.clone(), inclusive));
                // Where the next row begins, this one ends, on the other side of the same point.
                let far = ends.get(index + 1).map(|(value, inclusive)| (value.clone(), !inclusive));
                if falling { Tier { from: far, to: near, row } } else { Tier { from: near, to: far, row } }
            })
            .collect()
    }
}

fn band(row: &CreditRow) -> Option<Tier<'_>> {
    row.bounds.first()?;
    let mut tier = Tier { from: None, to: None, row };
    for bound in &row.bounds {
        let end = Some((bound.value.clone()?, bound.side.is_inclusive()));
        if bound.side.is_upper() { tier.to = end } else { tier.from = end }
    }
    Some(tier)
}
