//! Windows and periods of suppliers' agreements of which another part counts here, or that begin on other days here.

use super::quoted;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Agreement, Apart, Counted, Cut, Model, More};
use crate::source::Span;
use crate::values::{Window, WindowKind};
use crate::wording::{date, stretch_before};
use std::collections::BTreeSet;

/// So many promises and fees are shown beside a term.
const SHOWN: usize = 4;

/// What is counted over other days here than under the suppliers' own agreements.
pub fn counted(model: &Model) -> Vec<Diagnostic> {
    let apart = model.apart_elsewhere();
    let cuts = model.cut_elsewhere();
    let apart = apart.iter().filter_map(|one| begins_apart(model, one));
    let more = model.more_elsewhere();
    let more = more.iter().map(counts_more);
    apart.chain(cuts.iter().filter_map(|one| cut(model, one))).chain(more).collect()
}

/// What is promised over all options counts more of them there.
fn counts_more(more: &More<'_>) -> Diagnostic {
    let (name, dimension) = (&more.of.head().name, &more.dimension.head.name);
    let here = quoted(more.dimension.options.iter().map(|one| one.name.as_str()));
    let beyond = quoted(more.beyond.options.iter().map(String::as_str));
    let message = format!(
        "`{name}` counts all options of `{dimension}` in the supplier's agreement, also {beyond}, and only {here} here"
    );
    let of = [more.of];
    Diagnostic::new(codes::SUPPLIER_AT_OTHER_TIMES, more.beyond.at, message)
        .primary("this agreement has no others")
        .label(more.of.head().name_span, format!("counts all that its agreement has of `{dimension}`"))
        .witness(format!(
            "what happens for {} counts under the supplier's own agreement, and not here: {}",
            quoted(more.beyond.options.iter().map(String::as_str).take(1)),
            consequences(&of, false).join(", and ")
        ))
        .help(format!(
            "import `{dimension}` with all options that the supplier's agreement has, or take what it comes to from that agreement"
        ))
}

/// A window begins on other days here than there.
fn begins_apart(model: &Model, apart: &Apart<'_>) -> Option<Diagnostic> {
    let names = named(&apart.of);
    let (ours, theirs) = (begun_by(&model.agreement, apart.per)?, begun_by(apart.there, apart.per)?);
    let message =
        format!("a {} of {names} begins on other days here than under the supplier's own agreement", apart.per);
    let finding =
        Diagnostic::new(codes::SUPPLIER_AT_OTHER_TIMES, ours, message).label(theirs, "the supplier's own agreement");
    let labelled = apart
        .of
        .iter()
        .take(SHOWN)
        .fold(finding, |finding, one| finding.label(one.head().name_span, format!("counted per {}", apart.per)));
    let [here, elsewhere] = [apart.here, apart.elsewhere].map(|(first, next)| stretch_before(first, next));
    let witness = format!(
        "{} lies in the {} {here} here, and in the one {elsewhere} under the supplier's own agreement: {}",
        date(apart.day),
        apart.per,
        consequences(&apart.of, false).join(", and ")
    );
    Some(labelled.witness(witness).help(
        "have both begin on the same days, or take what the supplier owes from its own agreement; here all is counted as if its \
         own began on yours",
    ))
}

/// The names of what is counted, each once.
fn named(of: &[Counted<'_>]) -> String {
    let mut told = BTreeSet::new();
    quoted(of.iter().map(|one| one.head().name.as_str()).filter(|name| told.insert(*name)))
}

/// The statement of a head that says on which days a window begins, or else the term.
fn begun_by(agreement: &Agreement, per: &Window) -> Option<Span> {
    let stated = match per {
        Window::Periodic { kind: WindowKind::Billing, .. } => agreement.billing_day.as_ref().map(|one| one.span),
        Window::Periodic { kind: WindowKind::Fiscal, .. } => agreement.fiscal_start.as_ref().map(|one| one.span),
        _ => None,
    };
    stated.or_else(|| agreement.effective.as_ref().map(|term| term.span))
}

/// Our term begins or ends within a window of the supplier's, or within what is looked back at: another part of it counts here
/// than there.
fn cut(model: &Model, cut: &Cut<'_>) -> Option<Diagnostic> {
    let (ours, theirs) = model.agreement.effective.as_ref().zip(cut.there.effective.as_ref())?;
    let names = named(&cut.of);
    let message = match (cut.is_past, cut.here.0 > cut.whole.0, cut.here.1 < cut.whole.1) {
        (true, ..) => {
            let look = if cut.of.len() > 1 { "look" } else { "looks" };
            format!("{names} {look} back at days before this agreement, which count under the supplier's own")
        }
        (false, begins, ends) => {
            let how = match (begins, ends) {
                (true, true) => "begins and ends",
                (true, false) => "begins",
                _ => "ends",
            };
            format!(
                "this agreement {how} within a {} of {names}, of which the supplier's own counts another part",
                cut.per
            )
        }
    };
    let finding = Diagnostic::new(codes::SUPPLIER_AT_OTHER_TIMES, ours.span, message)
        .label(theirs.span, "the supplier's own agreement");
    let [whole, here, elsewhere] =
        [cut.whole, cut.here, cut.elsewhere].map(|(first, next)| stretch_before(first, next));
    let labelled =
        cut.of.iter().take(SHOWN).fold(finding, |finding, one| finding.label(one.head().name_span, said(cut, one)));
    let each_day = cut.of.iter().all(|one| matches!(one, Counted::Escalation(_)));
    let time = if cut.is_past && each_day {
        format!(
            "the days {whole}, at which {names} {} back on the first day,",
            if cut.of.len() > 1 { "look" } else { "looks" }
        )
    } else if cut.is_past {
        format!("the days {whole}, at which the first {} looks back,", cut.per)
    } else {
        format!("the {} {whole}", cut.per)
    };
    let witness = format!(
        "of {time} the days {here} count here, and the days {elsewhere} under the supplier's own agreement: {}",
        consequences(&cut.of, cut.is_past).join(", and ")
    );
    Some(labelled.witness(witness).help(if cut.is_past {
        "begin together with the supplier's agreement, or take what follows from windows before from that agreement"
    } else {
        "begin and end together with a window of the supplier's, or take what it owes for this one from its own agreement"
    }))
}

/// How something is counted over what is cut.
fn said(cut: &Cut<'_>, one: &Counted<'_>) -> String {
    match one {
        Counted::Budget(..) if cut.is_past => format!("limited per {}, and used up by what was done before", cut.per),
        Counted::Escalation(_) => "looks at what was before each moment".to_owned(),
        _ if cut.is_past => "looks at what was before a window".to_owned(),
        Counted::Promise(_) => format!("judged per {}", cut.per),
        Counted::Fee(_) => format!("paid per {}, and reduced for a part of one", cut.per),
        Counted::Cap(_) => format!("limited per {}, to less for a part of one", cut.per),
        Counted::Budget(..) => format!("limited per {}, and used up by what is done in all of one", cut.per),
    }
}

/// What comes out otherwise here than there.
fn consequences(of: &[Counted<'_>], is_past: bool) -> Vec<&'static str> {
    let any = |is_so: fn(&Counted<'_>) -> bool| of.iter().any(is_so);
    let is_excluded = any(|one| matches!(one, Counted::Budget(..)));
    let excluded = (is_excluded, "maintenance for which nothing of the budget is left there may be excluded here");
    let starts = "an escalation that starts there may not start here, or the other way round";
    let starts = (any(|one| matches!(one, Counted::Escalation(_))), starts);
    let follows = any(|one| matches!(one, Counted::Promise(_) | Counted::Fee(_) | Counted::Cap(_)));
    let is_judged = any(|one| matches!(one, Counted::Promise(_)));
    let is_owed = any(|one| match one {
        Counted::Promise(commitment) => commitment.credit.is_some(),
        Counted::Budget(..) | Counted::Escalation(_) => false,
        Counted::Fee(_) | Counted::Cap(_) => true,
    });
    let all = if is_past {
        vec![(follows, "what follows there from what was before does not follow here"), excluded, starts]
    } else {
        vec![
            (is_judged, "what is kept there may be missed here, or the other way round"),
            excluded,
            (is_owed, "what is computed here as owed for it is not what is owed there"),
            starts,
        ]
    };
    all.into_iter().filter_map(|(is_so, words)| is_so.then_some(words)).collect()
}
