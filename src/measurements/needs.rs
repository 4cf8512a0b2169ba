//! Which tables an agreement needs, and what stands in their columns.

use super::layout::{Column, Kind, Layout};
use crate::calculus::ExprKind;
use crate::evaluate::reads_of;
use crate::model::{Choice, Commitment, Fee, Head, Member, Model, Signal, SignalKind, Support};
use crate::values::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// A table that an agreement needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of the clause that it is about: `requests`, or `requests[gold]` for those of one option.
    pub name: String,
    /// The name of its file without the end: `requests`, for all options.
    pub file: String,
    /// Which of the rows of the file it has: those with this option in the column of this place.
    pub only: Vec<(usize, Choice)>,
    /// By which columns a row may be for some of the commitments that read it, each with the dimension: those that have the
    /// option. A row in which they are empty is for all.
    pub narrows: Vec<(usize, String)>,
    /// What it holds.
    pub holds: Holds,
    /// What it is, for people.
    pub about: String,
    /// Its columns.
    pub layout: Layout,
    /// Where each of them stands among the columns of the file.
    pub places: Vec<usize>,
    /// The commitments that read it.
    pub read_by: Vec<String>,
}

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// What a signal measures.
    Signal(SignalKind),
    /// The times of an exclusion, of maintenance, or in which a duty was not performed.
    Times,
    /// The amounts of a fee.
    Amounts,
}

impl Table {
    /// The options that its rows have, each with the place of its column in the file.
    pub fn options(&self) -> impl Iterator<Item = (usize, &Choice)> {
        self.only.iter().filter_map(|(place, choice)| Some((*self.places.get(*place)?, choice)))
    }

    /// Adds the column of a dimension in which a row may say for which option alone it is: one of those that the commitments
    /// have that read the table.
    fn narrow_by(&mut self, model: &Model, dimension: &str) {
        if self.layout.position(dimension).is_none() {
            let mut column = of_dimension(model, dimension, dimension, false);
            if let Kind::OneOf(options) = &mut column.kind {
                options.retain(|option| self.read_by.iter().any(|by| option_of(model, by, dimension) == Some(option)));
            }
            self.layout.columns.push(column);
            self.narrows.push((self.layout.columns.len() - 1, dimension.to_owned()));
        }
    }
}

/// The option of a dimension for which a commitment holds by itself.
pub(super) fn option_of<'m>(model: &'m Model, commitment: &str, dimension: &str) -> Option<&'m str> {
    let variant = &model.commitments.get(commitment)?.head.variant;
    variant.iter().find(|choice| choice.dimension == dimension).map(|choice| choice.option.as_str())
}

/// A file that an agreement needs.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// Its name without the end: `requests`.
    pub name: String,
    /// What it is, for people.
    pub about: String,
    /// The columns of all its tables.
    pub layout: Layout,
    /// The tables in it, one for each variant of a clause.
    pub tables: Vec<Table>,
}

/// The tables of an agreement: those of the signals that its commitments read, of what they exclude, and of the fees that
/// are known with an invoice only.
fn tables(model: &Model) -> Vec<Table> {
    let mut all: Vec<Table> = Vec::new();
    let mut readers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for commitment in model.commitments.iter().filter(|one| !one.head.poisoned) {
        let mut read = |name: &str| {
            let by = readers.entry(name.to_owned()).or_default();
            if !by.contains(&commitment.head.name) {
                by.push(commitment.head.name.clone());
            }
        };
        reads_of(model, commitment).into_iter().for_each(&mut read);
        excluded(model, commitment).into_iter().for_each(&mut read);
        invoiced_for(model, commitment).into_iter().for_each(&mut read);
    }
    let read_by = |name: &str| readers.get(name).cloned().filter(|by| !by.is_empty());
    for signal in &model.signals {
        if let Some(read_by) = read_by(&signal.head.name) {
            let about = words(signal.head.title.as_deref(), &signal.head.family);
            let holds = Holds::Signal(signal.kind);
            all.push(table(model, &signal.head, holds, about, of_signal(model, signal), read_by));
        }
    }
    let maintenances = model.maintenances.iter().map(|one| (&one.head, one.announce.is_some(), "maintenance"));
    let exclusions = model.exclusions.iter().map(|one| (&one.head, false, "exclusion"));
    let duties = model.duties.iter().map(|one| (&one.head, false, "time in which the duty was not performed"));
    for (head, announced, what) in maintenances.chain(exclusions).chain(duties) {
        if let Some(read_by) = read_by(&head.name) {
            let about = format!("{} ({what})", words(head.title.as_deref(), &head.family));
            let layout = of_times(announced);
            // Maintenance is announced, and has a budget, for what it is declared for.
            let apart = if what == "maintenance" { Vec::new() } else { model.dimensions_beside(head) };
            let mut made = table(model, head, Holds::Times, about, layout, read_by);
            apart.into_iter().for_each(|dimension| made.narrow_by(model, dimension));
            all.push(made);
        }
    }
    for fee in model.fees.iter().filter(|fee| is_invoiced(fee)) {
        if let Some(read_by) = read_by(&fee.head.name) {
            let about = format!("{} (as invoiced)", words(fee.head.title.as_deref(), &fee.head.family));
            all.push(table(model, &fee.head, Holds::Amounts, about, of_fee(), read_by));
        }
    }
    all
}

/// The files of an agreement, each with its tables: those of the variants of a clause stand in one.
#[must_use]
pub fn files(model: &Model) -> Vec<DataFile> {
    let mut files: Vec<DataFile> = Vec::new();
    for table in tables(model) {
        match files.iter_mut().find(|known| known.name == table.file) {
            Some(known) => known.add(table),
            None => {
                let (name, about, layout) = (table.file.clone(), table.about.clone(), table.layout.clone());
                let mut file = DataFile { name, about, layout, tables: Vec::new() };
                file.add(table);
                files.push(file);
            }
        }
    }
    files
}

impl DataFile {
    /// Adds a table with its columns, of which some may be those of others.
    fn add(&mut self, mut table: Table) {
        for column in &table.layout.columns {
            let place = self.layout.position(&column.name).unwrap_or_else(|| {
                self.layout.columns.push(column.clone());
                self.layout.columns.len() - 1
            });
            table.places.push(place);
            if let Some(known) = self.layout.columns.get_mut(place) {
                known.required |= column.required;
                known.unite(column);
            }
        }
        self.tables.push(table);
    }

    /// Whether nothing is wrong if there is no such file: then nothing of the kind happened.
    #[must_use]
    pub fn may_be_absent(&self) -> bool {
        self.tables.iter().all(|table| table.holds == Holds::Times)
    }

    /// The commitments that read it.
    #[must_use]
    pub fn read_by(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for name in self.tables.iter().flat_map(|table| &table.read_by) {
            if !all.contains(&name.as_str()) {
                all.push(name);
            }
        }
        all
    }
}

impl Column {
    /// Takes in what another table says of the column: its words, and what it is about. What is of two kinds is read as
    /// text, and by each table as it needs it.
    fn unite(&mut self, other: &Column) {
        match (&mut self.kind, &other.kind) {
            (Kind::OneOf(words), Kind::OneOf(others)) => {
                words.extend(others.iter().filter(|word| !words.contains(word)).cloned().collect::<Vec<_>>());
            }
            (own, kind) if own != kind => self.kind = Kind::Text,
            _ => {}
        }
        if !self.about.split("; or ").any(|about| about == other.about) {
            self.about = format!("{}; or {}", self.about, other.about);
        }
    }
}

/// The table of a clause. Where that differs by options, its rows say for which they are: in the field that has the
/// options, or in a column that is called as the dimension.
fn table(model: &Model, head: &Head, holds: Holds, about: String, mut layout: Layout, read_by: Vec<String>) -> Table {
    let fields = model.signals.get(&head.name).map(|signal| signal.fields.as_slice()).unwrap_or_default();
    let mut only = Vec::new();
    for choice in &head.variant {
        let field = fields.iter().find(|field| field.dimension.as_ref() == Some(&choice.dimension));
        let name = field.map_or(&choice.dimension, |field| &field.head.name);
        let place = layout.position(name).unwrap_or_else(|| {
            layout.columns.push(of_dimension(model, &choice.dimension, name, true));
            layout.columns.len() - 1
        });
        layout.columns.iter_mut().skip(place).take(1).for_each(|column| column.required = true);
        only.push((place, choice.clone()));
    }
    Table {
        name: head.name.clone(),
        file: head.family.clone(),
        only,
        narrows: Vec::new(),
        holds,
        about,
        layout,
        places: Vec::new(),
        read_by,
    }
}

/// The column in which rows have an option of a dimension.
fn of_dimension(model: &Model, dimension: &str, name: &str, required: bool) -> Column {
    let dimension = model.dimensions.get(dimension);
    let options = dimension.iter().flat_map(|one| &one.options).map(|option| option.name.clone()).collect();
    let kind = if dimension.is_some_and(|one| one.open) { Kind::Text } else { Kind::OneOf(options) };
    let about = dimension.map_or_else(String::new, |one| words(one.head.title.as_deref(), &one.head.name));
    let about = if required { about } else { format!("{about}; empty where it is for all") };
    column(name, kind, required, about)
}

/// What a commitment excludes, and the duties that excuse it.
pub(super) fn excluded<'a>(model: &'a Model, commitment: &'a Commitment) -> Vec<&'a str> {
    let duties = model.duties.iter().filter(|duty| duty.excuses.iter().any(|it| it.value == commitment.head.name));
    let own = commitment.exclude.iter().map(|exclusion| exclusion.value.as_str());
    own.chain(duties.map(|duty| duty.head.name.as_str())).collect()
}

/// The fees that are known with an invoice only and that a commitment needs: what its credit is a part of, what limits it or
/// is too small to pay, and what is set off against invoices.
fn invoiced_for<'a>(model: &'a Model, commitment: &'a Commitment) -> BTreeSet<&'a str> {
    let Some(credit) = &commitment.credit else { return BTreeSet::new() };
    let mut open: Vec<&str> = credit.fees(model).into_iter().map(|(name, _)| name).collect();
    let shared = model.agreement.caps.iter().filter(|_| model.shares_caps(commitment));
    let amounts = commitment.caps.iter().chain(shared).map(|cap| &cap.amount);
    let skipped = model.skip(commitment).into_iter().map(|skip| &skip.bound.limit);
    open.extend(amounts.chain(skipped).flat_map(|amount| model.fees_in(amount)).map(|(name, _)| name));
    if model.is_carried(commitment) {
        open.extend(model.fees.iter().map(|fee| fee.head.name.as_str()));
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(fee) = model.fees.get(name)
            && found.insert(fee.head.name.as_str())
        {
            open.extend(model.fees_in(&fee.amount).into_iter().map(|(name, _)| name));
        }
    }
    found.retain(|name| model.fees.get(name).is_some_and(is_invoiced));
    found
}

fn is_invoiced(fee: &Fee) -> bool {
    matches!(fee.amount.kind, ExprKind::Invoiced)
}

fn words(title: Option<&str>, name: &str) -> String {
    title.filter(|title| !title.is_empty()).unwrap_or(name).to_owned()
}

fn column(name: &str, kind: Kind, required: bool, about: impl Into<String>) -> Column {
    Column { name: name.to_owned(), kind, required, about: about.into() }
}

fn of_signal(model: &Model, signal: &Signal) -> Layout {
    let mut columns = Vec::new();
    let when = |about: &str| column("time", Kind::Instant, true, about);
    match signal.kind {
        SignalKind::Events => {
            columns.push(when("when it was counted, or happened"));
            let counts = signal.counts.iter();
            columns.extend(counts.map(|it| column(&it.head.name, Kind::Count, false, title(it))));
            columns.extend(signal.values.iter().map(|it| value(signal, it)));
            if !signal.values.is_empty() {
                columns.push(column(
                    "occurrences",
                    Kind::Count,
                    false,
                    "how many events have these values; 1 if it is left out",
                ));
            }
        }
        SignalKind::Samples => {
            columns.push(when("when it was read"));
            if signal.values.is_empty() {
                let unit = signal.unit.as_ref().map(|unit| &unit.value);
                columns.push(column("value", Kind::Number, true, in_unit("what was read", unit)));
            }
            columns.extend(signal.values.iter().map(|it| value(signal, it)));
        }
        SignalKind::State => {
            columns.push(when("from when on it holds"));
            columns.push(column("state", Kind::Boolean, true, "`up` or `down`"));
        }
        SignalKind::Scores => {
            columns.push(when("when it was given"));
            let scale = signal
                .scale
                .as_ref()
                .map_or(String::new(), |scale| format!(", from {} to {}", scale.value.0, scale.value.1));
            columns.push(column("score", Kind::Number, true, format!("the score{scale}")));
        }
        SignalKind::Cases => {
            columns.push(column("case", Kind::Text, true, "what the case is called"));
            columns.push(when("when it happened"));
            let milestones = signal.milestones.iter().map(|it| it.head.name.clone());
            let spans = signal.spans.iter().flat_map(|it| [began(&it.head.name), ended(&it.head.name)]);
            let events = Kind::OneOf(milestones.chain(spans).collect());
            columns.push(column("event", events, true, "what happened; empty where only the priority changed"));
            let handles = |it: &&Support| it.cases.as_ref().is_some_and(|of| of.value == signal.head.name);
            let priorities = model.supports.iter().filter(handles).flat_map(|support| &support.priorities);
            let mut names: Vec<String> = Vec::new();
            for name in priorities.map(|priority| &priority.head.name) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            if !names.is_empty() {
                columns.push(column(
                    "priority",
                    Kind::OneOf(names),
                    true,
                    "the priority from then on; empty where it stays",
                ));
            }
        }
    }
    columns.extend(signal.fields.iter().map(field));
    if signal.kind == SignalKind::Events && !columns.iter().any(|column| column.name == "id") {
        columns.push(column("id", Kind::Text, false, "a name of the row, which stands once; it may be left out"));
    }
    Layout { columns }
}

/// The word for the beginning of a span.
pub(super) fn began(span: &str) -> String {
    format!("{span} starts")
}

/// The word for its end.
pub(super) fn ended(span: &str) -> String {
    format!("{span} ends")
}

fn title(member: &Member) -> String {
    words(member.head.title.as_deref(), &member.head.name)
}

fn value(signal: &Signal, member: &Member) -> Column {
    let unit = unit_of(signal, member);
    column(&member.head.name, Kind::Number, false, in_unit(&title(member), unit))
}

/// The unit in which a value is written.
pub(super) fn unit_of<'a>(signal: &'a Signal, member: &'a Member) -> Option<&'a Unit> {
    member.unit.as_ref().or(signal.unit.as_ref().map(|unit| &unit.value))
}

fn in_unit(what: &str, unit: Option<&Unit>) -> String {
    unit.map_or_else(|| what.to_owned(), |unit| format!("{what}, in {unit}"))
}

fn field(member: &Member) -> Column {
    let (kind, about) = match member.ty.as_deref() {
        // Of an open dimension any text is an option.
        _ if member.open => (Kind::Text, title(member)),
        _ if !member.options.is_empty() => (Kind::OneOf(member.options.clone()), title(member)),
        Some("yes_no") => (Kind::Boolean, title(member)),
        Some(word) if word != "text" && Unit::parse(word).is_some() => {
            (Kind::Number, in_unit(&title(member), Unit::parse(word).as_ref()))
        }
        _ => (Kind::Text, title(member)),
    };
    column(&member.head.name, kind, false, about)
}

fn of_times(announced: bool) -> Layout {
    let mut columns =
        vec![column("from", Kind::Instant, true, "when it began"), column("to", Kind::Instant, true, "when it ended")];
    if announced {
        columns.push(column("announced", Kind::Instant, true, "when it was announced; empty where it was not"));
    }
    Layout { columns }
}

fn of_fee() -> Layout {
    Layout {
        columns: vec![
            column("date", Kind::Date, true, "a day of the period that is invoiced"),
            column("amount", Kind::Number, true, "the amount, in the currency of the agreement"),
        ],
    }
}
