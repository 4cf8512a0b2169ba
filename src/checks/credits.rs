//! Credits: how to get them, and whether they pay what they say.

use super::amounts::{Clocked, shown};
use super::tiers::{Tiered, found_in_tables};
use crate::calculus::{Binary, Expr, ExprKind, Value};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Anchor, CalendarRef, Cap, Commitment, Credit, Deadline, Every, Model, Report, Status};
use crate::values::{Amount, Exact, Money, Ratio, Window};

/// A credit says how it is claimed, or that it needs no claim.
pub(super) fn without_claim(model: &Model) -> Vec<Diagnostic> {
    let in_force = model.agreement.status.as_ref().is_some_and(|status| status.value == Status::InForce);
    let severity = if in_force { Severity::Error } else { Severity::Warning };
    let mut found = Vec::new();
    for commitment in model.commitments.iter().filter(|commitment| !commitment.head.poisoned) {
        let (Some(credit), None) = (&commitment.credit, &commitment.claim) else { continue };
        let span = match credit {
            Credit::Table(table) => table.span,
            Credit::Formula { span, .. } => *span,
        };
        let name = &commitment.head.name;
        found.push(
            Diagnostic::new(
                codes::CREDIT_WITHOUT_CLAIM,
                span,
                format!("`{name}` does not say how its credit is claimed"),
            )
            .severity(severity)
            .primary("a credit without a claim")
            .label(commitment.head.name_span, "in this commitment")
            .witness("after a missed target nobody can tell whether the customer has to ask, whom, and until when")
            .help("add `claim automatic`, or `claim by … within … of window end`"),
        );
    }
    found
}

/// A cap lets every row pay what it says.
pub(super) fn caps(model: &Model) -> Vec<Diagnostic> {
    found_in_tables(model, |tiered| {
        // A cap for a longer window bounds each credit within it too.
        let own = tiered.commitment.caps.iter().filter(|cap| {
            let window = tiered.target.map(|target| &target.window);
            let lasts = |window: Option<&Window>| window.and_then(Window::shortest);
            cap.per.is_none()
                || cap.per.as_ref() == window
                || cap.per == Some(Window::Term)
                || window.is_some() && lasts(cap.per.as_ref()) > lasts(window)
        });
        let shared = model.agreement.caps.iter().filter(|_| model.shares_caps(tiered.commitment));
        own.chain(shared).filter_map(|cap| capped(model, tiered, cap)).collect()
    })
}

/// The first row that the cap cuts; the others follow from it.
fn capped(model: &Model, tiered: &Tiered<'_>, cap: &Cap) -> Option<Diagnostic> {
    let base = tiered.table.base.value.as_str();
    let limit = Limit::of(model, &cap.amount, base)?;
    let cut = |value: &Value| limit.is_below(model, value, base);
    let rows = || tiered.table.rows.iter().filter_map(|row| Some((row, row.whole.as_ref()?)));
    let mut beyond: Vec<_> = rows().filter(|(_, value)| cut(value)).collect();
    beyond.sort_by(|a, b| a.1.exact().cmp(&b.1.exact()));
    let (row, value) = beyond.first()?;
    // A smaller row that reaches the cap already makes this one pay nothing more.
    let reached = rows().any(|(_, other)| other.exact() < value.exact() && limit.equals(model, other, base));
    let dead = reached || beyond.len() > 1;
    let (row, value) = if reached { (row, value) } else { beyond.last().map(|(row, value)| (row, value))? };
    let (severity, message) = if dead {
        (
            Severity::Warning,
            format!("the cap makes the row that gives {} pay no more than the one before", shown(value)),
        )
    } else {
        (Severity::Advice, format!("the cap keeps the row that gives {} from paying it", shown(value)))
    };
    let limit = limit.words();
    let mut finding = Diagnostic::new(codes::CAP_BELOW_TIER, row.span, message)
        .severity(severity)
        .primary(format!("gives {}", shown(value)))
        .label(cap.span, format!("but at most {limit} is owed"));
    for (other, value) in beyond.iter().filter(|(other, _)| other.id != row.id) {
        finding = finding.label(other.span, format!("cut as well: gives {}", shown(value)));
    }
    Some(
        finding
            .witness(format!("a result that earns {} here pays only {limit}", shown(value)))
            .help("raise the cap, or end the table where it is reached"),
    )
}

/// The most that is owed: a part of the fee that the rows are of, or an amount of money.
enum Limit {
    Part(Ratio, String),
    Money(Money),
}

impl Limit {
    fn of(model: &Model, amount: &Expr, base: &str) -> Option<Limit> {
        if let ExprKind::Binary { op: Binary::Of, left, right } = &amount.kind
            && let (Some(Value::Ratio(part)), ExprKind::Fee(fee)) = (model.stated(left), &right.kind)
            && fee == base
        {
            return (part.0.signum() > 0).then(|| Limit::Part(part, fee.clone()));
        }
        match model.stated(amount)? {
            // One that is not more than nothing has been told.
            Value::Money(money) if money.amount.signum() > 0 => Some(Limit::Money(money)),
            _ => None,
        }
    }

    fn compare(&self, model: &Model, value: &Value, base: &str) -> Option<std::cmp::Ordering> {
        match (self, value) {
            (Limit::Part(part, _), Value::Ratio(row)) => Some(part.cmp(row)),
            (Limit::Part(part, _), Value::Money(row)) => Some((fee(model, base)? * &part.0).cmp(&row.amount)),
            (Limit::Money(most), Value::Ratio(row)) => Some(most.amount.cmp(&(fee(model, base)? * &row.0))),
            (Limit::Money(most), Value::Money(row)) => Some(most.amount.cmp(&row.amount)),
            _ => None,
        }
    }

    fn is_below(&self, model: &Model, value: &Value, base: &str) -> bool {
        self.compare(model, value, base) == Some(std::cmp::Ordering::Less)
    }

    fn equals(&self, model: &Model, value: &Value, base: &str) -> bool {
        self.compare(model, value, base) == Some(std::cmp::Ordering::Equal)
    }

    fn words(&self) -> String {
        match self {
            Limit::Part(part, fee) => format!("{} of {fee}", shown(&Value::Ratio(part.clone()))),
            Limit::Money(most) => most.to_string(),
        }
    }
}

fn fee(model: &Model, name: &str) -> Option<Exact> {
    model.fees.get(name)?.exact.as_ref()?.exact().cloned()
}

/// A claim can wait for the report that shows the miss.
pub(super) fn claims(model: &Model) -> Vec<Diagnostic> {
    model.commitments.iter().filter_map(|commitment| claim(model, commitment)).collect()
}

fn claim(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let deadline = commitment.claim.as_ref()?.within.as_ref()?;
    let own = clock_of(deadline);
    let most = own.elapsed().1;
    let shows = |report: &&Report| report.shows.iter().any(|name| name.value == commitment.head.name);
    let mut due: Vec<_> = model
        .reports
        .iter()
        .filter(shows)
        .filter_map(|report| Some((report, report_due(commitment, report)?)))
        .collect();
    due.sort_by(|a, b| a.1.cmp(&b.1));
    if let Some(finding) = most.as_ref().and_then(|most| within_the_window(commitment, deadline, most)) {
        return Some(finding);
    }
    let lapses_before = |(report, least): &(&Report, Exact)| {
        let within = report.within.as_ref();
        most.as_ref().is_some_and(|most| most < least)
            || within.is_some_and(|within| is_longer_on_one_calendar(model, within, deadline))
    };
    let (report, _) = due.first()?;
    if deadline.of != Some(Anchor::WindowEnd) || !due.iter().all(lapses_before) {
        return None;
    }
    let within = report.within.as_ref()?;
    let name = &report.head.name;
    Some(
        Diagnostic::new(
            codes::CLAIM_BEFORE_REPORT,
            deadline.span,
            format!("the claim lapses before the report `{name}` shows whether the target was missed"),
        )
        .primary(format!("ends {} after the window", deadline.length()))
        .label(within.span, format!("the report is due {} after the end of its own period", within.length()))
        .witness(format!("a miss that the customer learns of from `{name}` can no longer be claimed"))
        .help("let the claim run longer than the report takes, or count it from the report"),
    )
}

/// Whether a deadline is later than another one of the same event, where both count hours, or both count days, in the same hours.
fn is_longer_on_one_calendar(model: &Model, one: &Deadline, other: &Deadline) -> bool {
    let counts_hours = |deadline: &Deadline| matches!(deadline.amount, Amount::Elapsed(_));
    let (longer, shorter) = (clock_of(one), clock_of(other));
    counts_hours(one) == counts_hours(other)
        && longer.shares_hours(&shorter, model)
        && longer.surely_after(&shorter, model)
}

/// The clock of a deadline.
fn clock_of(deadline: &Deadline) -> Clocked<'_> {
    Clocked { amount: &deadline.amount, calendar: deadline.calendar.as_ref().unwrap_or(&CalendarRef::Always) }
}

/// A claim that is counted from the start of the window, and lapses before the window is over.
fn within_the_window(commitment: &Commitment, deadline: &Deadline, most: &Exact) -> Option<Diagnostic> {
    let target = commitment.targets.first()?;
    let window = &target.window;
    if deadline.of != Some(Anchor::WindowStart) || most >= window.longest()?.seconds() {
        return None;
    }
    let amount = deadline.length();
    Some(
        Diagnostic::new(
            codes::CLAIM_BEFORE_REPORT,
            deadline.span,
            format!("the claim may lapse before the {window} is over"),
        )
        .primary(format!("ends {amount} after the {window} began"))
        .label(target.span, format!("judged per {window}"))
        .witness(format!("a miss is certain only when the {window} ends, and then nobody can claim it any more"))
        .help(format!("count it from the end: `within {amount} of window end`")),
    )
}

/// How long after the end of the commitment's window the report may come at the earliest of its late cases.
fn report_due(commitment: &Commitment, report: &Report) -> Option<Exact> {
    let within = report.within.as_ref()?;
    if within.of != Some(Anchor::WindowEnd) {
        return None;
    }
    let own = clock_of(within).elapsed().0;
    // A quarterly report waits with the first month of its quarter until the third is over.
    let window = commitment.targets.first()?.window.longest()?;
    let lag = match report.every.as_ref().map(|every| &every.every) {
        Some(Every::Window(every)) => every.shortest()?.seconds() - window.seconds(),
        _ => Exact::zero(),
    };
    Some(own + lag.max(Exact::zero()))
}
