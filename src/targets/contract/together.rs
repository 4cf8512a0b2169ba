//! The clauses of several variants as one: what is the same once, and what differs with the options for which it holds.

use super::block::{Block, Grid, GridKind, Level};
use super::markdown::{Document, Frame, Md};
use super::options::{Axes, Part, deciding, grouped, names};
use super::variants::for_each;
use crate::model::{Model, Variant};
use std::collections::{BTreeMap, BTreeSet};

/// How many texts that have little in common are clauses of their own; more of them are rows of a table.
const MOST_CLAUSES: usize = 4;

/// The variants of one declaration, in the order of the file.
pub struct Family<'a> {
    /// The agreement.
    pub model: &'a Model,
    /// Which they are.
    pub variants: Vec<&'a Variant>,
}

/// Clauses that are about the same, one for each variant that has it.
type Slot = Vec<Option<Block>>;

impl Family<'_> {
    /// Writes what each variant says, in the same order as these.
    pub fn write(&self, written: Vec<Vec<Block>>, document: &mut Document) {
        // What a clause without others below it holds for is said where it begins.
        let mut begins = true;
        for slot in aligned(written) {
            let at: Vec<usize> = (0..slot.len()).filter(|at| slot.get(*at).is_some_and(Option::is_some)).collect();
            let first = at.first().and_then(|at| slot.get(*at)).and_then(Option::as_ref);
            match first {
                Some(first) if first.level == Level::Topic => {
                    document.topic_as(&first.title, &ids(&slot, &at));
                    document.sub(for_each(self.model, &self.variants), "");
                }
                Some(first) if first.level == Level::Clause && begins => {
                    self.tell(&slot, &at, Md::from(for_each(self.model, &self.variants)), document);
                }
                Some(_) => self.tell(&slot, &at, Md::default(), document),
                None => {}
            }
            begins = false;
        }
    }

    /// What some variants say of one thing, after some words of introduction.
    fn tell(&self, slot: &Slot, at: &[usize], intro: Md, document: &mut Document) {
        let blocks: Vec<&Block> = at.iter().filter_map(|at| slot.get(*at)?.as_ref()).collect();
        let Some(first) = blocks.first() else { return };
        let is_worded_alike = blocks.iter().all(|block| block.is_worded_as(first));
        if is_worded_alike && blocks.iter().all(|block| block.is_like(first)) {
            let text = intro.and(self.lead(at)).and(first.text.clone());
            clause(first, text, &ids(slot, at), document);
            for place in 0..first.grids.len() {
                let grid = |at: usize| Some((at, slot.get(at)?.as_ref()?.grids.get(place)?));
                let grids: BTreeMap<usize, &Grid> = at.iter().filter_map(|at| grid(*at)).collect();
                self.grids(&grids).into_iter().for_each(|grid| document.grid(grid));
            }
        } else if blocks.iter().all(|block| block.grids.is_empty()) {
            self.texts(slot, at, intro, document);
        } else {
            let mut intro = intro;
            let look = |at: usize| {
                let block = slot.get(at)?.as_ref()?;
                let headers: Vec<_> = block.grids.iter().map(|grid| (grid.kind, &grid.header)).collect();
                Some((&block.title, &block.text, headers))
            };
            for (_, at) in grouped(at, look) {
                self.tell(slot, &at, std::mem::take(&mut intro), document);
            }
        }
    }

    /// Different words for one thing.
    fn texts(&self, slot: &Slot, at: &[usize], mut intro: Md, document: &mut Document) {
        let block = |at: usize| slot.get(at).and_then(Option::as_ref);
        let groups = grouped(at, |at| block(at).map(|block| (&block.title, &block.text)));
        let Some(first) = at.first().and_then(|at| block(*at)) else { return };
        let axes = self.axes(|at| block(at).map(|block| (&block.title, &block.text)));
        let parts: Vec<Vec<Part>> = groups.iter().map(|(_, at)| axes.parts(&self.variants, at)).collect();
        let texts: Vec<&Md> = groups.iter().filter_map(|(texts, _)| texts.map(|(_, text)| text)).collect();
        let frame = Frame::of(&texts, document.names());
        let is_short = groups.len() <= MOST_CLAUSES && parts.iter().all(|parts| parts.len() <= 2);
        let (text, column, words) = match frame {
            Some(frame) => {
                let stands = format!("In place of {} stands:", frame.gap);
                (frame.text.and(stands), frame.gap, frame.words)
            }
            None if is_short => {
                for (_, at) in groups {
                    let Some(one) = at.first().and_then(|at| block(*at)) else { continue };
                    let text = std::mem::take(&mut intro).and(self.lead(&at)).and(one.text.clone());
                    clause(one, text, &ids(slot, &at), document);
                }
                return;
            }
            None => {
                let differs = format!("This differs by {}:", names(self.model, &axes.dimensions()));
                (Md::from(differs), "What holds", texts.into_iter().cloned().collect())
            }
        };
        clause(first, intro.and(self.lead(at)).and(text), &[], document);
        let mut rows = Vec::new();
        for (parts, words) in parts.iter().zip(words) {
            for part in parts {
                let cells = axes.cells(part).into_iter().chain([words.clone()]).collect();
                rows.push((cells, ids(slot, &part.at).into_iter().map(str::to_owned).collect()));
            }
        }
        let header = axes.header().into_iter().chain([column.to_owned()]).collect();
        document.grid(Grid { kind: GridKind::Rows, header, rows });
    }

    /// The dimensions that decide what holds for which variant.
    pub fn axes<T: PartialEq>(&self, of: impl Fn(usize) -> T) -> Axes<'_> {
        let all: Vec<T> = (0..self.variants.len()).map(of).collect();
        Axes::of(self.model, &self.variants, &deciding(&self.variants, &all))
    }

    /// For which variants something is said, where it is not said for all.
    fn lead(&self, at: &[usize]) -> Md {
        if at.len() == self.variants.len() {
            return Md::default();
        }
        let mine: BTreeSet<usize> = at.iter().copied().collect();
        let axes = self.axes(|place| mine.contains(&place));
        let phrase = axes.phrase(&axes.parts(&self.variants, at));
        Md::from(format!("{}:", super::levels::capital(&phrase)))
    }
}

/// The clauses of several variants, those that are about the same side by side.
fn aligned(written: Vec<Vec<Block>>) -> Vec<Slot> {
    let count = written.len();
    let mut keys: Vec<(Level, String, usize)> = Vec::new();
    let mut slots: Vec<Slot> = Vec::new();
    for (variant, blocks) in written.into_iter().enumerate() {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut next = 0;
        for block in blocks {
            let nth = seen.entry(block.about.clone()).or_default();
            let key = (block.level, block.about.clone(), *nth);
            *nth += 1;
            let place = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                keys.insert(next, key);
                slots.insert(next, vec![None; count]);
                next
            });
            if let Some(one) = slots.get_mut(place).and_then(|slot| slot.get_mut(variant)) {
                *one = Some(block);
            }
            next = place + 1;
        }
    }
    slots
}

/// The ids of a clause in some variants.
fn ids<'a>(slot: &'a Slot, at: &[usize]) -> Vec<&'a str> {
    let blocks = at.iter().filter_map(|at| slot.get(*at)?.as_ref());
    blocks.flat_map(|block| &block.ids).map(String::as_str).collect()
}

/// Writes a clause of the same kind as another, with its title.
fn clause(like: &Block, text: Md, ids: &[&str], document: &mut Document) {
    match like.level {
        Level::Clause => document.entry_of(&like.title, text, ids),
        Level::Topic | Level::Sub => document.sub_of(text, ids),
    }
}
