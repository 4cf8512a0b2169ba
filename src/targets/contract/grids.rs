//! The tables of several variants as one.

use super::block::{Grid, GridKind};
use super::markdown::Md;
use super::options::{Axes, grouped};
use super::together::Family;
use std::collections::BTreeMap;

/// The cells of a row, and the ids that it stands for.
type Row = (Vec<Md>, Vec<String>);

/// The rows of several variants that are about the same thing, each with the place of its variant.
type Entry<'a> = Vec<(usize, &'a Row)>;

impl Family<'_> {
    /// Tables with the same columns, by the places of their variants, as one: with the options for which a row holds, where they
    /// are not the same.
    pub fn grids(&self, grids: &BTreeMap<usize, &Grid>) -> Option<Grid> {
        let first = *grids.values().next()?;
        let at: Vec<usize> = grids.keys().copied().collect();
        let rows_of = |at: usize| grids.get(&at).map(|grid| grid.cells());
        let groups = grouped(&at, rows_of);
        if groups.len() == 1 {
            let row = |(index, (cells, _)): (usize, &Row)| (cells.clone(), ids(grids, &at, index));
            return Some(Grid { rows: first.rows.iter().enumerate().map(row).collect(), ..first.clone() });
        }
        let axes = self.axes(rows_of);
        let own = first.header.iter().cloned();
        let entries = entries(grids).filter(|_| first.kind != GridKind::Ladder);
        let (header, rows): (Vec<String>, Vec<Row>) = match entries {
            Some(entries) => {
                let (before, after) = first.header.split_at(first.header.len().min(1));
                let header = [before.to_vec(), axes.header(), after.to_vec()].concat();
                (header, entries.into_iter().flat_map(|entry| self.by_entry(&axes, &entry)).collect())
            }
            None => {
                let rows = groups.into_iter().flat_map(|(_, at)| self.by_options(&axes, grids, &at));
                (axes.header().into_iter().chain(own).collect(), rows.collect())
            }
        };
        Some(Grid { kind: first.kind, header, rows })
    }

    /// What holds of one thing: after its first cell the options for which it does.
    fn by_entry(&self, axes: &Axes<'_>, entry: &Entry<'_>) -> Vec<Row> {
        let of: BTreeMap<usize, &Row> = entry.iter().copied().collect();
        let at: Vec<usize> = of.keys().copied().collect();
        let mut rows = Vec::new();
        for (cells, at) in grouped(&at, |at| of.get(&at).map(|(cells, _)| cells)) {
            let Some((name, rest)) = cells.and_then(|cells| cells.split_first()) else { continue };
            for part in axes.parts(&self.variants, &at) {
                let whole = [name.clone()].into_iter().chain(axes.cells(&part)).chain(rest.iter().cloned());
                let ids = part.at.iter().filter_map(|at| of.get(at)).flat_map(|(_, ids)| ids.iter().cloned());
                rows.push((whole.collect(), ids.collect()));
            }
        }
        rows
    }

    /// All rows of variants that have the same, after the options for which they hold.
    fn by_options(&self, axes: &Axes<'_>, grids: &BTreeMap<usize, &Grid>, at: &[usize]) -> Vec<Row> {
        let mut rows = Vec::new();
        for part in axes.parts(&self.variants, at) {
            let grid = part.at.first().and_then(|at| grids.get(at));
            for (index, (cells, _)) in grid.into_iter().flat_map(|grid| grid.rows.iter().enumerate()) {
                let whole = axes.cells(&part).into_iter().chain(cells.iter().cloned()).collect();
                rows.push((whole, ids(grids, &part.at, index)));
            }
        }
        rows
    }
}

/// The ids of the row at one place in some variants.
fn ids(grids: &BTreeMap<usize, &Grid>, at: &[usize], index: usize) -> Vec<String> {
    let rows = at.iter().filter_map(|at| grids.get(at)?.rows.get(index));
    rows.flat_map(|(_, ids)| ids.iter().cloned()).collect()
}

/// The rows by what their first cell names, in an order that is that of each table; nothing if there is no such order.
fn entries<'a>(grids: &BTreeMap<usize, &'a Grid>) -> Option<Vec<Entry<'a>>> {
    let mut keys: Vec<(&Md, usize)> = Vec::new();
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for (at, grid) in grids {
        let mut seen: Vec<&Md> = Vec::new();
        let mut next = 0;
        for row in &grid.rows {
            let name = row.0.first()?;
            let key = (name, seen.iter().filter(|one| **one == name).count());
            seen.push(name);
            match keys.iter().position(|known| *known == key) {
                Some(place) if place < next => return None,
                Some(place) => next = place,
                None => {
                    keys.insert(next, key);
                    entries.insert(next, Vec::new());
                }
            }
            entries.get_mut(next)?.push((*at, row));
            next += 1;
        }
    }
    Some(entries)
}
