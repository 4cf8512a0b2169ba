use super::Head;
use std::collections::BTreeMap;

/// Something that is declared with a name.
pub trait Declared {
    /// Its name, title, id and place.
    fn head(&self) -> &Head;
    /// The same, to be changed.
    fn head_mut(&mut self) -> &mut Head;
}

/// The declarations of one kind, in the order of the file, found by name.
#[derive(Clone, Debug)]
pub struct Table<T> {
    items: Vec<T>,
    index: BTreeMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { items: Vec::new(), index: BTreeMap::new() }
    }
}

impl<T: Declared> Table<T> {
    /// Adds a declaration. Of two with one name the first keeps it; the second is kept too, but not found.
    pub fn push(&mut self, item: T) {
        let name = item.head().name.clone();
        self.index.entry(name).or_insert(self.items.len());
        self.items.push(item);
    }

    /// The declaration of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.index.get(name).and_then(|position| self.items.get(*position))
    }

    /// All declarations, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// A table of some of them, in the same order and perhaps changed.
    pub fn filter_map(&self, of: impl Fn(&T) -> Option<T>) -> Table<T> {
        let mut table = Table::default();
        self.items.iter().filter_map(of).for_each(|item| table.push(item));
        table
    }

    /// All declarations, to be changed in all but their names.
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// All heads, to be changed.
    pub fn heads_mut(&mut self) -> impl Iterator<Item = &mut Head> {
        self.items.iter_mut().map(Declared::head_mut)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }
}

impl<'a, T: Declared> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

macro_rules! declared {
    ($($kind:ty),*) => { $(impl crate::model::Declared for $kind {
        fn head(&self) -> &crate::model::Head { &self.head }
        fn head_mut(&mut self) -> &mut crate::model::Head { &mut self.head }
    })* };
}
pub(super) use declared;
