//! The labels by which the series of one option are chosen: those that are called as a field, or else as the dimension.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::TARGET;
use crate::model::{Choice, Model, Signal};
use crate::source::Span;

/// Which options of a dimension have something, by where that stands or by whose it is.
type Options<'a, Key> = BTreeMap<(Key, &'a str), BTreeSet<&'a str>>;

/// The signals of a model with the options for which each source is.
pub(super) struct Labels<'a> {
    of_source: Options<'a, Span>,
    of_family: Options<'a, &'a str>,
}

/// A label that tells the series of an option from those of others.
pub(super) struct Label<'a> {
    /// Its name.
    pub name: &'a str,
    /// The option.
    pub choice: &'a Choice,
    /// Where the field is named that it is called as, if it is.
    pub field: Option<Span>,
}

impl<'a> Labels<'a> {
    /// Those of a model.
    pub fn of(model: &'a Model) -> Labels<'a> {
        let (mut of_source, mut of_family) = (Options::new(), Options::new());
        for signal in &model.signals {
            for choice in &signal.head.variant {
                let (dimension, option) = (choice.dimension.as_str(), choice.option.as_str());
                of_family.entry((signal.head.family.as_str(), dimension)).or_default().insert(option);
                if let Some(source) = signal.source(TARGET) {
                    of_source.entry((source.span, dimension)).or_default().insert(option);
                }
            }
        }
        Labels { of_source, of_family }
    }

    /// The labels of the series of a signal. A source that stands in a `for` of one option has the series of that one alone,
    /// which need no label unless a field says that they have it.
    pub fn choosing(&self, signal: &'a Signal) -> impl Iterator<Item = Label<'a>> {
        let labels = signal.head.variant.iter().map(|choice| {
            let field = signal.fields.iter().find(|one| one.dimension.as_ref() == Some(&choice.dimension));
            let name = field.map_or(choice.dimension.as_str(), |field| field.head.name.as_str());
            Label { name, choice, field: field.map(|field| field.head.name_span) }
        });
        labels.filter(|label| label.field.is_some() || !self.has_source_of_its_own(signal, label.choice))
    }

    fn has_source_of_its_own(&self, signal: &Signal, choice: &Choice) -> bool {
        let dimension = choice.dimension.as_str();
        let sharing = signal.source(TARGET).and_then(|source| self.of_source.get(&(source.span, dimension)));
        let all = self.of_family.get(&(signal.head.family.as_str(), dimension));
        sharing.is_some_and(|one| one.len() == 1) && all.is_some_and(|all| all.len() > 1)
    }
}
