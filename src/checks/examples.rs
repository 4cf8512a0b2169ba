//! Worked examples: one promise, one window of it, and values that its measures can have.

use super::amounts::shown;
use super::interval::Interval;
use super::possible;
use crate::calculus::{Expr, Type, Value, fold};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::evaluate::looks_back;
use crate::model::{Commitment, Credit, CreditTable, Example, Expectation, Given, GivenCase, Model, OUTCOMES};
use crate::source::Span;
use crate::values::{Amount, Date, DateTime, Exact, Period, PeriodUnit, Time, Window, WindowKind, YearMonth};
use std::collections::BTreeMap;

/// An example names the promise that it shows and, of a commitment, the window.
pub(super) fn incomplete(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for example in model.examples.iter().filter(|example| !example.head.poisoned) {
        let name = &example.head.name;
        let (message, primary, help) = match (&example.of, &example.during) {
            (None, _) => (
                format!("the example `{name}` does not say which promise it shows"),
                "of what?",
                format!("add the commitment or the support to its head: `example {name} of … during 2027-06 {{ … }}`"),
            ),
            (Some(of), None) if model.commitments.get(&of.value).is_some() => (
                format!("the example `{name}` does not say which window it shows"),
                "during what?",
                format!("add one window of the target to its head: `example {name} of {} during 2027-06`", of.value),
            ),
            _ => continue,
        };
        found.push(
            Diagnostic::new(codes::INCOMPLETE_STATEMENT, example.head.name_span, message).primary(primary).help(help),
        );
    }
    found
}

/// The dates of an example are one window of its commitment, and all that is given lies within them.
pub(super) fn windows(model: &Model) -> Vec<Diagnostic> {
    model.examples.iter().flat_map(|example| windows_of(model, example)).collect()
}

/// Whether a fee is asked for of the period before.
fn is_paid_before(model: &Model, name: &str) -> bool {
    let asks = |part: &Expr| part.fee_before().is_some_and(|(fee, _)| fee == name);
    let mut found = false;
    model.fees.get(name).iter().for_each(|_| {
        model.expressions().into_iter().for_each(|whole| whole.walk(&mut |part| found |= asks(part)));
    });
    found
}

/// What is wrong with the dates of an example.
pub(super) fn windows_of(model: &Model, example: &Example) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Of a head that could not be read, nobody knows what it shows.
    if let Some(during) = example.during.as_ref().filter(|_| !example.head.poisoned) {
        let (first, last) = during.value;
        let past = last.tomorrow().unwrap_or(last);
        // Where a commitment looks back, windows before can be given as well.
        let commitment = example.of.as_ref().and_then(|of| model.commitments.get(&of.value));
        let back = commitment.is_some_and(|one| one.rolls().is_none() && looks_back(model, one));
        let begins = model.agreement.effective.as_ref().map_or(first, |term| first.min(term.from));
        for given in &example.given {
            let Some((from, to)) = given.during else { continue };
            let reaches_back = back || from.date() < first && is_paid_before(model, &given.what.value);
            let earliest = if reaches_back { begins } else { first };
            if from.date() >= earliest && to <= past.to_datetime(Time::midnight()) {
                continue;
            }
            found.push(
                Diagnostic::new(
                    codes::EXAMPLE_OUTSIDE_TERM,
                    given.span,
                    format!("`{}` is given for a time outside the example", given.what.value),
                )
                .severity(Severity::Error)
                .primary(format!("from {} to {}", moment(from), moment(to)))
                .label(during.span, format!("the example shows {}", days(first, last)))
                .help("choose times within the example"),
            );
        }
        found.extend(one_window(model, example, first, last, during.span));
    }
    found
}

fn one_window(model: &Model, example: &Example, first: Date, last: Date, span: Span) -> Option<Diagnostic> {
    let commitment = model.commitments.get(&example.of.as_ref()?.value)?;
    let target = commitment.targets.first()?;
    // An example outside the term has been told.
    let term = model.agreement.effective.as_ref();
    if term.is_some_and(|term| first < term.from || term.to.is_some_and(|end| last > end)) {
        return None;
    }
    let (from, to) = around(model, &target.window, first)?;
    if (from, to) == (first, last) {
        return None;
    }
    let window = &target.window;
    Some(
        Diagnostic::new(
            codes::EXAMPLE_OUTSIDE_TERM,
            span,
            format!("the example `{}` shows no whole {window}", example.head.name),
        )
        .severity(Severity::Error)
        .primary(days(first, last))
        .label(target.span, format!("judged per {window}"))
        .help(format!("an example shows one window of its commitment: write `during {}`", days(from, to))),
    )
}

/// Days as a file writes them: a month, a day, or the first to the last.
fn days(first: Date, last: Date) -> String {
    let month = YearMonth::of(first);
    match (first, last) {
        (first, last) if first == last => first.to_string(),
        (first, last) if (first, last) == (month.first_day(), month.last_day()) => {
            format!("{:04}-{:02}", month.year(), month.month())
        }
        _ => format!("{first} to {last}"),
    }
}

fn moment(moment: DateTime) -> String {
    format!("{} {:02}:{:02}", moment.date(), moment.hour(), moment.minute())
}

/// The first and last day of the window that an example from this day on can show: cut where the term begins and ends.
fn around(model: &Model, window: &Window, first: Date) -> Option<(Date, Date)> {
    let term = model.agreement.effective.as_ref();
    let (from, to) = match window {
        // Without a first day, nobody knows when they begin.
        Window::Periodic { kind: WindowKind::Contract, .. } if term.is_none() => return None,
        Window::Periodic { .. } => {
            let (from, next) = window.dates_around(model.agreement.anchors(first), first)?;
            (from, next.yesterday().ok()?)
        }
        Window::Rolling(Amount::Period(period)) => return Some((first, period.add_to(first)?.yesterday().ok()?)),
        Window::Rolling(Amount::Elapsed(length)) => {
            let days = length.seconds().checked_div(&Exact::from_int(86_400))?.to_i64()?;
            let days = u32::try_from(days).ok().filter(|days| *days > 0)?;
            return Some((first, Period::new(days, PeriodUnit::Day).add_to(first)?.yesterday().ok()?));
        }
        Window::Term => {
            let term = term?;
            return Some((term.from, term.to?));
        }
        _ => return None,
    };
    let from = term.map_or(from, |term| from.max(term.from));
    let end = term.and_then(|term| term.to).filter(|_| model.agreement.renews.is_none());
    Some((from, end.map_or(to, |end| to.min(end))))
}

/// What an example gives and expects is of a kind and size that can be, and said once.
pub(super) fn values(model: &Model) -> Vec<Diagnostic> {
    model.examples.iter().flat_map(|example| values_of(model, example)).collect()
}

/// What is wrong with the values of an example.
pub(super) fn values_of(model: &Model, example: &Example) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    {
        let commitment = example.of.as_ref().and_then(|of| model.commitments.get(&of.value));
        let given = example.given.iter().map(|given| (&given.what.value, &given.value));
        let expected = example.expect.iter().map(|expected| (&expected.what.value, &expected.value));
        found.extend(given.chain(expected).filter_map(|(name, value)| impossible(model, name, value)));
        found.extend(example.expect.iter().filter_map(|expected| result(model, commitment, example, expected)));
        let whole = example.given.iter().filter(|given| given.during.is_none());
        found.extend(twice(whole.map(|given| (given.what.value.as_str(), given.span)), "given"));
        found.extend(at_one_time(example));
        found.extend(unknown_to_desks(model, example));
        found.extend(in_all_and_in_part(model, example));
        found.extend(example.cases.iter().filter_map(|case| before_it_opens(model, example, case)));
        found.extend(example.cases.iter().flat_map(two_priorities));
        found.extend(twice(example.expect.iter().map(|one| (one.what.value.as_str(), one.span)), "expected"));
    }
    found
}

/// Time that is not counted, given in an example of a desk: it stops the clock of a case for a service level alone.
fn unknown_to_desks(model: &Model, example: &Example) -> Vec<Diagnostic> {
    let Some(desk) = example.of.as_ref().filter(|of| model.supports.get(&of.value).is_some()) else {
        return Vec::new();
    };
    let is_time = |name: &str| model.maintenances.get(name).is_some() || model.exclusions.get(name).is_some();
    let given = example.given.iter().filter(|given| is_time(&given.what.value));
    let finding = |given: &Given| {
        let message =
            format!("`{}` changes nothing in an example of the service desk `{}`", given.what.value, desk.value);
        Diagnostic::new(codes::MISPLACED_STATEMENT, given.what.span, message)
            .primary("is given for nothing")
            .label(desk.span, "a desk knows of no time that is not counted")
            .help("such time stops the clock of a case for a service level that excludes it: write the example `of` that commitment, or leave this out")
    };
    given.map(finding).collect()
}

/// What is given for two times that overlap: nobody knows which of the two holds, or whether they add up.
fn at_one_time(example: &Example) -> Vec<Diagnostic> {
    let timed = example.given.iter().filter_map(|given| Some((given.what.value.as_str(), given.during?, given.span)));
    let mut timed: Vec<_> = timed.collect();
    timed.sort_unstable();
    let pairs = timed.iter().zip(timed.iter().skip(1));
    let overlap = pairs.filter(|(one, next)| one.0 == next.0 && next.1.0 < one.1.1);
    let told = overlap.map(|((name, _, first), (_, _, second))| {
        Diagnostic::new(codes::REPEATED_STATEMENT, *second, format!("`{name}` is given twice for the same time"))
            .primary("the second time")
            .label(*first, "the first time")
            .help("let one end where the other begins")
    });
    told.collect()
}

/// A count that is given for the whole window and for a time within it: how the two go together is not said.
fn in_all_and_in_part(model: &Model, example: &Example) -> Vec<Diagnostic> {
    let counts = example.given.iter().filter(|given| {
        let path = given.what.value.split_once('.');
        path.and_then(|(signal, part)| Some(model.signals.get(signal)?.counts.iter().any(|one| one.head.name == part)))
            .unwrap_or(false)
    });
    let counts: Vec<_> = counts.collect();
    let whole = counts.iter().filter(|given| given.during.is_none());
    // What is given for windows before is no part of this one.
    let begins = example.during.as_ref().map(|during| during.value.0.to_datetime(Time::midnight()));
    let is_part = |given: &Given| given.during.is_some_and(|(_, to)| begins.is_none_or(|begins| to > begins));
    let pairs = whole.filter_map(|whole| {
        Some((whole, counts.iter().find(|part| is_part(part) && part.what.value == whole.what.value)?))
    });
    let told = pairs.map(|(whole, part)| {
        let message = format!("`{}` is given for the whole window and for a part of it", whole.what.value);
        Diagnostic::new(codes::REPEATED_STATEMENT, part.span, message)
            .primary("is this a part of the other one?")
            .label(whole.span, "in all")
            .help("give the totals of times that follow each other, or of the whole window alone")
    });
    told.collect()
}

/// Two priorities that a case is given at one time: nobody knows which of them it has.
fn two_priorities(case: &GivenCase) -> Vec<Diagnostic> {
    let mut changes: Vec<_> = case.reclassified.iter().map(|(name, time)| (*time, name)).collect();
    changes.sort_by_key(|(time, name)| (*time, name.span));
    let pairs = changes.iter().zip(changes.iter().skip(1)).filter(|(one, next)| one.0 == next.0);
    let told = pairs.map(|((_, one), (time, next))| {
        let message = format!("the case is given two priorities on {}", moment(*time));
        Diagnostic::new(codes::REPEATED_STATEMENT, next.span, message)
            .primary("the second one")
            .label(one.span, "the first one")
            .help("keep the one that it has from then on")
    });
    told.collect()
}

/// A milestone that a case reaches before its first one, or another priority that it is given by then.
fn before_it_opens(model: &Model, example: &Example, case: &GivenCase) -> Option<Diagnostic> {
    let support = model.supports.get(&example.of.as_ref()?.value)?;
    let first = &model.signals.get(&support.cases.as_ref()?.value)?.milestones.first()?.head.name;
    let opened = case.milestones.iter().filter(|(name, _)| name.value == *first).map(|(name, time)| (*time, name.span));
    let (opened, place) = opened.min()?;
    let changes = case.reclassified.iter().filter(|(_, time)| *time <= opened);
    let early = case.milestones.iter().filter(|(_, time)| *time < opened).chain(changes);
    let (early, time) = early.min_by_key(|(name, _)| name.span)?;
    let when = if *time == opened { "comes with" } else { "comes before" };
    let message = format!("`{}` {when} `{first}`", early.value);
    Some(
        Diagnostic::new(codes::EXAMPLE_OUTSIDE_TERM, early.span, message)
            .severity(Severity::Error)
            .primary(moment(*time))
            .label(place, moment(opened))
            .help("a case begins with its first milestone"),
    )
}

fn impossible(model: &Model, name: &str, value: &Expr) -> Option<Diagnostic> {
    let metric = model.metrics.get(name)?;
    let number = fold(value, &|_| None)?;
    let can_be = possible::values(model, &metric.value);
    if !can_be.and(&Interval::only(number.exact()?)).is_empty() {
        return None;
    }
    let message = format!("`{name}` can never be {}", shown(&number));
    Some(
        Diagnostic::new(codes::OUT_OF_RANGE, value.span, message)
            .primary("no measurement gives this")
            .label(metric.head.name_span, format!("`{name}` is {}", metric.value.ty))
            .help(format!("its values lie {}", can_be.words(&metric.value.ty))),
    )
}

/// What is wrong with an expected outcome of a commitment.
fn result(
    model: &Model,
    commitment: Option<&Commitment>,
    example: &Example,
    expected: &Expectation,
) -> Option<Diagnostic> {
    let (name, ty) = (expected.what.value.as_str(), &expected.value.ty);
    let of = example.of.as_ref()?;
    let wrong = |message: String, help: &str| {
        Some(
            Diagnostic::new(codes::WRONG_ARGUMENT, expected.what.span, message)
                .label(of.span, "the example is of this")
                .help(help),
        )
    };
    let mismatch = |wanted: String, place: Span, label: String| {
        let message = format!("`{name}` is {wanted}, and {ty} is expected");
        let finding = Diagnostic::new(codes::UNIT_MISMATCH, expected.value.span, message);
        Some(finding.primary(format!("this is {ty}")).label(place, label))
    };
    match name {
        outcome if OUTCOMES.contains(&outcome) && commitment.is_none() => wrong(
            format!("`{}` is no commitment, and has no `{name}`", of.value),
            "expect the times of a case, such as `resolved.after = 4h`",
        ),
        "credit" => match commitment?.credit.as_ref() {
            None if commitment?.head.poisoned => None,
            None => {
                wrong(format!("`{}` promises no credit", of.value), "add a `credit` to it, or expect what is measured")
            }
            Some(Credit::Formula { amount, span }) if !matches!(ty, Type::Money(_)) => {
                mismatch(amount.ty.to_string(), *span, format!("this is {}", amount.ty))
            }
            Some(Credit::Table(table)) => {
                let parts = table.rows.iter().all(|row| row.gives.ty == Type::Ratio);
                match ty {
                    Type::Money(_) => None,
                    Type::Ratio if parts => no_row_gives(model, commitment?, table, expected),
                    _ if parts => {
                        mismatch("money or a part of the fee".to_owned(), table.span, "from this table".to_owned())
                    }
                    _ => mismatch("an amount of money".to_owned(), table.span, "from this table".to_owned()),
                }
            }
            Some(Credit::Formula { .. }) => None,
        },
        "met" => {
            let target = commitment?.targets.first()?;
            (*ty != Type::Boolean)
                .then(|| mismatch(Type::Boolean.to_string(), target.span, "met or missed".to_owned()))?
        }
        "terminate" => {
            let rights = &commitment?.terminate;
            let measured = rights.iter().any(|right| right.when.as_ref().is_none_or(|when| when.measured().is_some()));
            match rights.first() {
                None if commitment?.head.poisoned => None,
                None => wrong(
                    format!("`{}` gives no right to terminate", of.value),
                    "add a `terminate` to it, or expect what is measured",
                ),
                Some(_) if !measured => wrong(
                    format!("people judge when `{}` gives a right to terminate", of.value),
                    "expect what is measured; a right to terminate can be expected whose `when` is measured",
                ),
                Some(right) if *ty != Type::Boolean => {
                    mismatch(Type::Boolean.to_string(), right.span, "there is a right or there is none".to_owned())
                }
                Some(_) => None,
            }
        }
        "attained" => {
            let target = commitment?.targets.first()?;
            let measure = &target.measure.ty;
            if measure == ty {
                None
            } else {
                mismatch(measure.to_string(), target.span, format!("it measures {measure}"))
            }
        }
        _ => None,
    }
}

/// A part of the fee that no row gives and no cap leaves.
fn no_row_gives(
    model: &Model,
    commitment: &Commitment,
    table: &CreditTable,
    expected: &Expectation,
) -> Option<Diagnostic> {
    let value = expected.exact.as_ref()?;
    let capped = !commitment.caps.is_empty() || !model.agreement.caps.is_empty() && model.shares_caps(commitment);
    let rows: Option<Vec<&Value>> = table.rows.iter().map(|row| row.whole.as_ref()).collect();
    let rows = rows.filter(|rows| !rows.is_empty() && !rows.contains(&value))?;
    if capped || !commitment.times.is_empty() || expected.rounds_to.is_some() || value.exact()?.is_zero() {
        return None;
    }
    let given: Vec<String> = rows.into_iter().map(shown).collect();
    Some(
        Diagnostic::new(codes::OUT_OF_RANGE, expected.value.span, format!("no row gives {}", shown(value)))
            .primary("can never be the credit")
            .label(table.span, "from this table")
            .help(format!("its rows give {}; a target that is met gives 0%", given.join(", "))),
    )
}

fn twice<'a>(said: impl Iterator<Item = (&'a str, Span)>, verb: &str) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, span) in said {
        match first.get(name) {
            Some(place) => found.push(
                Diagnostic::new(codes::REPEATED_STATEMENT, span, format!("`{name}` is {verb} twice"))
                    .primary("the second time")
                    .label(*place, "the first time")
                    .help("keep one of them"),
            ),
            None => {
                first.insert(name, span);
            }
        }
    }
    found
}
