//! Schedules: fees, calendars and holidays, suppliers, earlier versions.

use super::levels::{capital, one as level};
use super::markdown::{Document, Md, code};
use super::options::{grouped, names};
use super::together::Family;
use super::{front, governance, responsibilities, risk, services, support, variants};
use crate::model::{
    Agreement, Apart, Between, CalendarRule, Counted, Cut, Declared, Duty, Fee, Head, Maintenance, Model, More, Ref,
    Table,
};
use crate::values::{Holidays, MonthDay, Window};
use crate::wording::{
    date, debtor, expr, label, listed, party, plain, stretch_before, titled, window_each, window_name,
};
use std::collections::BTreeSet;

/// Writes the fees for what is owed under the agreement; those of suppliers stand in their schedule.
pub fn fees(model: &Model, document: &mut Document) {
    let own: Vec<&Fee> = model.fees.iter().filter(|fee| !model.is_supplied(fee.of.as_ref())).collect();
    if own.is_empty() {
        return;
    }
    document.schedule("Fees");
    let caps = model.agreement.caps.iter().chain(model.commitments.iter().flat_map(|one| &one.caps));
    let base = if caps.count() > 0 { "service credits and caps" } else { "service credits" };
    document.clause(format!("These fees are the base of {base}:"), "");
    listed_fees(model, &own, document);
}

fn listed_fees(model: &Model, fees: &[&Fee], document: &mut Document) {
    let cells = |fee: &Fee| {
        let of = fee.of.as_ref().map(|of| {
            let service = model.services.get(&of.value).map(|one| label(&one.head));
            service
                .or_else(|| model.supports.get(&of.value).map(|one| label(&one.head)))
                .unwrap_or_else(|| plain(&of.value))
        });
        let per = fee.per.as_ref().map_or_else(|| "–".to_owned(), |per| capital(&window_each(per)));
        vec![Md::from(of.unwrap_or_else(|| "–".to_owned())), Md::from(capital(&amount(model, fee))), Md::from(per)]
    };
    let mut rows: Vec<(Vec<Md>, Vec<String>)> = Vec::new();
    for all in fees.chunk_by(|one, next| variants::same_family(&one.head, &next.head)) {
        let family = Family { model, variants: all.iter().map(|fee| &fee.head.variant).collect() };
        let written: Vec<Vec<Md>> = all.iter().map(|fee| cells(fee)).collect();
        let places: Vec<usize> = (0..written.len()).collect();
        let groups = grouped(&places, |at| written.get(at).cloned().unwrap_or_default());
        let axes = family.axes(|at| written.get(at));
        let differing = axes.dimensions();
        // There is one for each option of a dimension, though all of them cost the same.
        let each_other = |head: &Head| {
            let others = head.variant.iter().map(|choice| choice.dimension.clone());
            let others: Vec<String> = others.filter(|dimension| !differing.contains(dimension)).collect();
            if others.is_empty() { String::new() } else { format!(", each {}", names(model, &others)) }
        };
        for (cells, at) in &groups {
            // What is the same for all options, or for some of them, stands once.
            for part in axes.parts(&family.variants, at) {
                let Some(first) = part.at.first().and_then(|at| all.get(*at)) else { continue };
                let title = match (groups.len(), all.len()) {
                    (_, 1) => label(&first.head),
                    (1, _) => variants::of_each(model, &first.head),
                    _ => format!(
                        "{} ({}{})",
                        plain(&first.head.family_label()),
                        axes.words(&part),
                        each_other(&first.head)
                    ),
                };
                let whole = [Md::from(title)].into_iter().chain(cells.iter().cloned()).collect();
                rows.push((
                    whole,
                    part.at.iter().filter_map(|at| all.get(*at)).map(|fee| fee.head.id.clone()).collect(),
                ));
            }
        }
    }
    document.rows_of(&["Fee", "For", "Amount", "Period"], rows);
}

/// How much a fee is. Of a sum that is one for each option of an open dimension, the fees of that option are meant.
fn amount(model: &Model, fee: &Fee) -> String {
    let is_own = |dimension: &str| fee.head.variant.iter().any(|choice| choice.each && choice.dimension == dimension);
    match fee.amount.fees_summed() {
        Some(_) if fee.head.variant.iter().any(|choice| choice.each) => expr(&model.untitled(is_own), &fee.amount),
        _ => expr(model, &fee.amount),
    }
}

/// Writes the dates of holidays and of calendars.
pub fn calendars(model: &Model, document: &mut Document) {
    let own: Vec<_> = model
        .calendars
        .iter()
        .filter_map(|calendar| match &calendar.rule {
            CalendarRule::Hours { own, .. } if !own.is_empty() => Some((&calendar.head, own)),
            _ => None,
        })
        .collect();
    if model.holidays.is_empty() && own.is_empty() {
        return;
    }
    document.schedule("Calendars and holidays");
    let parts = mere_parts(model);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for set in model.holidays.iter().filter(|set| !parts.contains(set.head.name.as_str())) {
        let mut ids: Vec<&str> = vec![&set.head.id];
        let mut waiting: Vec<&Ref> = set.of.iter().collect();
        while let Some(name) = waiting.pop() {
            let part = model.holidays.get(&name.value).filter(|part| parts.contains(part.head.name.as_str()));
            if let Some(part) = part.filter(|part| told.insert(&part.head.name)) {
                ids.push(&part.head.id);
                waiting.extend(&part.of);
            }
        }
        document.topic_of(&label(&set.head), &ids);
        if set.days.is_empty() {
            document.sub("No date is a holiday.", "");
            continue;
        }
        match &set.covers {
            Some(years) => document
                .sub(format!("These dates are holidays; those of single years are listed for {}:", years.value), ""),
            None => document.sub("These dates are holidays:", ""),
        }
        dates(&set.days, document);
    }
    for (head, days) in own {
        // They are a part of the calendar, which is defined in its own place.
        document.topic(&label(head), "");
        document.sub("There are no hours on these dates either:", "");
        dates(days, document);
    }
}

/// The names of the sets of holidays that are nothing but parts of others: their dates stand with those.
fn mere_parts(model: &Model) -> BTreeSet<&str> {
    let of_calendars = model.calendars.iter().flat_map(|calendar| match &calendar.rule {
        CalendarRule::Hours { closed, .. } | CalendarRule::Combined { closed, .. } => closed,
    });
    let named: BTreeSet<&str> = of_calendars.map(|name| name.value.as_str()).collect();
    let parts = model.holidays.iter().flat_map(|set| &set.of).map(|part| part.value.as_str());
    parts.filter(|part| !named.contains(part)).collect()
}

fn dates(days: &Holidays, document: &mut Document) {
    let row =
        |when: String, title: Option<&str>| vec![Md::from(when), Md::from(title.map_or_else(|| "–".to_owned(), plain))];
    let mut rows: Vec<Vec<Md>> = days
        .yearly()
        .map(|(day, title)| {
            let lifted = days.lifted().filter(|date| MonthDay::of(*date) == day);
            let years: Vec<String> = lifted.map(|date| date.year().to_string()).collect();
            let except =
                if years.is_empty() { String::new() } else { format!(", except in {}", listed(&years, "and")) };
            row(format!("{} of every year{except}", day.words()), title)
        })
        .collect();
    rows.extend(days.dates().map(|(day, title)| row(date(day), title)));
    document.table(&["Date", "Occasion"], &rows);
}

/// One clause that is still to be written.
type Part<'a> = Box<dyn Fn(&mut Document) + 'a>;

/// Those of some clauses that are between the provider and its suppliers.
fn theirs<'a, T: Declared + 'a>(
    model: &'a Model,
    table: fn(&Model) -> &Table<T>,
    of_supplier: impl Fn(&T) -> bool,
    write: fn(&Model, &T, &mut Document),
) -> Option<Part<'a>> {
    let found: Vec<&T> = table(model).iter().filter(|one| of_supplier(one)).collect();
    let some = !found.is_empty();
    some.then(|| {
        Box::new(move |document: &mut Document| variants::each(model, &found, table, write, document)) as Part<'a>
    })
}

/// Writes what holds between the provider and its suppliers.
pub fn suppliers(model: &Model, document: &mut Document) {
    let supplied = |between: &Between| model.is_with_supplier(between);
    let for_customer = model.excluded_for_customer();
    let only_theirs =
        |one: &Maintenance| model.is_suppliers_maintenance(one) && !for_customer.contains(one.head.name.as_str());
    let parts = [
        theirs(model, |model| &model.services, |one| model.is_supplier(one.between.by.as_ref()), services::one),
        theirs(model, |model| &model.commitments, |one| model.is_supplied(one.of.as_ref()), level),
        theirs(model, |model| &model.objectives, |one| one.supplier.is_some(), front::objective),
        theirs(model, |model| &model.supports, |one| model.is_suppliers_desk(one), support::one),
        theirs(model, |model| &model.escalations, |one| model.escalates_supplier(one), support::escalation),
        theirs(model, |model| &model.duties, |one| model.is_suppliers_duty(one), responsibilities::one),
        theirs(model, |model| &model.exclusions, |one| model.is_suppliers_exclusion(one), risk::excluded),
        theirs(model, |model| &model.maintenances, only_theirs, risk::planned),
        theirs(model, |model| &model.recoveries, |one| model.is_supplier(one.between.by.as_ref()), risk::recover),
        theirs(model, |model| &model.reports, |one| supplied(&one.between), governance::report),
        theirs(model, |model| &model.meetings, |one| supplied(&one.between), governance::meeting),
        theirs(model, |model| &model.notices, |one| supplied(&one.between), governance::notice),
        theirs(model, |model| &model.reviews, |one| supplied(&one.between), governance::review_with_supplier),
        theirs(model, |model| &model.amendments, |one| one.supplier.is_some(), governance::amendment_with_supplier),
        theirs(model, |model| &model.disputes, |one| one.supplier.is_some(), governance::dispute),
        theirs(model, |model| &model.records, |one| supplied(&one.between), governance::kept),
        theirs(model, |model| &model.audits, |one| supplied(&one.between), governance::audit),
    ];
    let fees: Vec<&Fee> = model.fees.iter().filter(|fee| model.is_supplied(fee.of.as_ref())).collect();
    if parts.iter().all(Option::is_none) && fees.is_empty() {
        return;
    }
    document.schedule("Suppliers (for information)");
    let under = if model.owed_by_suppliers().is_empty() { "" } else { " under this agreement" };
    document.clause(format!("What stands in this schedule holds between the provider and its suppliers. It is stated for information: nothing in it is owed to the customer or by the customer{under}."), "");
    if !fees.is_empty() {
        document.clause("The provider pays these fees; they are the base of what suppliers owe:", "");
        listed_fees(model, &fees, document);
    }
    let limited = model.commitments.iter().filter(|one| model.limit_elsewhere(one).is_some());
    let who: BTreeSet<String> = limited.map(|one| debtor(model, one.of.as_ref())).collect();
    for by in who {
        document.clause(format!("The agreement of {by} with the provider limits all that {by} owes under it; that limit is not repeated here. What {by} owes may be less than is stated in this schedule."), "");
    }
    let (apart, cuts) = (model.apart_elsewhere(), model.cut_elsewhere());
    let apart = apart.iter().map(|one| counted_apart(model, one));
    let more = model.more_elsewhere();
    let more = more.iter().map(|one| counted_more(model, one));
    for text in apart.chain(cuts.iter().map(|cut| counted_elsewhere(model, cut))).chain(more) {
        document.clause(text, "");
    }
    risk::concerned_with_suppliers(model, document);
    parts.into_iter().flatten().for_each(|part| part(document));
    let duties: Vec<&Duty> = model.duties.iter().filter(|duty| model.is_suppliers_duty(duty)).collect();
    responsibilities::excuses(model, &duties, document);
}

/// Who owes what stands in the agreement of another.
fn supplier(model: &Model, there: &Agreement) -> String {
    model.supplier_of(there).map_or_else(|| "the supplier".to_owned(), |by| party(model, by))
}

/// What is counted, each once: `“Delivery” and the cap of “Delivery”`.
fn figures(model: &Model, of: &[Counted<'_>]) -> Vec<String> {
    let mut told = BTreeSet::new();
    let all = of.iter().map(|one| match one {
        Counted::Promise(commitment) => format!("“{}”", label(&commitment.head)),
        Counted::Fee(fee) => titled(model, &label(&fee.head)),
        Counted::Cap(commitment) => format!("the cap of “{}”", label(&commitment.head)),
        Counted::Budget(maintenance, _) => format!("the limit of the time of “{}”", label(&maintenance.head)),
        Counted::Escalation(escalation) => format!("the escalation “{}”", label(&escalation.head)),
    });
    all.filter(|one| told.insert(one.clone())).collect()
}

/// That a window of a supplier's begins on other days in its own agreement.
fn counted_apart(model: &Model, apart: &Apart<'_>) -> String {
    let by = supplier(model, apart.there);
    let [here, there] = [apart.here, apart.elsewhere].map(|(first, next)| stretch_before(first, next));
    let (figures, window) = (listed(&figures(model, &apart.of), "and"), window_name(apart.per));
    format!(
        "The {window}s of {figures} begin on other days under this agreement than under the agreement of {by} with the provider: \
         {} lies in the {window} {here} under this agreement, and in the one {there} under the agreement of {by} with the \
         provider. What is computed under this agreement of {figures} is not what the agreement of {by} with the provider \
         computes.",
        date(apart.day)
    )
}

/// That a promise is about more options in the supplier's own agreement.
fn counted_more(model: &Model, more: &More<'_>) -> String {
    let by = supplier(model, more.there);
    let figures = listed(&figures(model, &[more.of]), "and");
    let titled = |heads: Vec<&Head>| {
        let titles: Vec<String> = heads.into_iter().map(|head| format!("“{}”", label(head))).collect();
        listed(&titles, "and")
    };
    let is_beyond = |option: &&Head| more.beyond.options.contains(&option.name);
    let here = titled(more.dimension.options.iter().collect());
    let beyond = titled(more.dimension.left_out.iter().filter(is_beyond).collect());
    format!(
        "Under the agreement of {by} with the provider, {figures} counts what is measured for {beyond} as well; under this agreement \
         it counts {here} only. What is computed under this agreement of {figures} is not what the agreement of {by} with the \
         provider computes."
    )
}

/// That a window of a supplier's, or what is looked back at, is counted here over another part of it than in the supplier's own
/// agreement.
fn counted_elsewhere(model: &Model, cut: &Cut<'_>) -> String {
    let by = supplier(model, cut.there);
    let [whole, here, there] = [cut.whole, cut.here, cut.elsewhere].map(|(first, next)| stretch_before(first, next));
    let all = figures(model, &cut.of);
    let figures = listed(&all, "and");
    // The term is that of the supplier's agreement.
    let window = if *cut.per == Window::Term { "term".to_owned() } else { window_name(cut.per) };
    let each_day = cut.of.iter().all(|one| matches!(one, Counted::Escalation(_)));
    let (time, computed) = match cut.is_past {
        true => (
            format!(
                "days {whole}, at which {figures} {} back from the end of the first {}",
                if all.len() > 1 { "look" } else { "looks" },
                if each_day || matches!(cut.per, Window::Rolling(_)) { "day of this agreement" } else { &window }
            ),
            format!("of {figures} from {}", if each_day { "the time before" } else { "the windows before" }),
        ),
        false => (format!("{window} {whole}"), format!("of {figures} for that {window}")),
    };
    format!(
        "Of the {time}, the days {here} count under this agreement, and the days {there} under the agreement of {by} with \
         the provider. What is computed under this agreement {computed} is not what the agreement of {by} with the provider \
         computes."
    )
}

/// Writes which stable id each clause has.
pub fn identifiers(_: &Model, document: &mut Document) {
    let places = document.places();
    if places.is_empty() {
        return;
    }
    document.schedule("Clause identifiers");
    document.clause("The alerts and the data for billing systems that are made of this agreement refer to its clauses by these identifiers. An identifier stays the same when the numbers of the clauses change.", "");
    let rows: Vec<Vec<Md>> = places.into_iter().map(|(number, id)| vec![number, code(&id)]).collect();
    document.table(&["Clause", "Identifier"], &rows);
}

/// Writes the earlier versions.
pub fn editions(model: &Model, document: &mut Document) {
    let history = &model.agreement.history;
    if history.is_empty() {
        return;
    }
    document.schedule("Earlier versions");
    document.clause("This version replaces these earlier ones:", "");
    let rows: Vec<Vec<Md>> = history
        .iter()
        .map(|one| {
            let note = one.note.as_deref().map_or_else(|| "–".to_owned(), plain);
            vec![Md::from(plain(&one.version)), Md::from(date(one.date)), Md::from(note)]
        })
        .collect();
    document.table(&["Version", "Date", "Note"], &rows);
}
