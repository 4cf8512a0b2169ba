//! Alerts of a commitment: the budget burns too fast, the promise is at risk, the promise is broken.

use super::measure::{Measure, Sum, volume};
use super::recordings::{Recorded, Recordings, number_text, operator, range, span};
use super::rule::{Pairs, Rule};
use super::sources::Sources;
use super::words::{self, Told, safe, sentences};
use super::{Notes, measure};
use crate::calculus::{Attribute, Binary, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Commitment, Condition, Model, Target};
use crate::values::{Exact, Ratio};

/// Shares of the budget in percent, spent over a long window and still being spent over a short one, in seconds.
/// Source: The Site Reliability Workbook, chapter "Alerting on SLOs".
const TIERS: [(i64, i64, i64, &str); 4] = [
    (2, 3_600, 300, "page"),
    (5, 21_600, 1_800, "page"),
    (10, 86_400, 7_200, "ticket"),
    (10, 259_200, 21_600, "ticket"),
];

/// A target that is watched, with all that its alerts need.
pub(super) struct Watched<'a> {
    model: &'a Model,
    told: &'a Told,
    commitment: &'a Commitment,
    target: &'a Target,
    measure: Measure,
    pub recorded: Recorded,
    /// The greatest share of what is bad that keeps the promise.
    budget: Exact,
    /// What the alerts say of the promise.
    promise: String,
    /// A further condition, on the volume of the window.
    applies: Option<String>,
    labels: Pairs,
}

/// Records what a target needs.
pub(super) fn watch<'a>(
    model: &'a Model,
    told: &'a Told,
    commitment: &'a Commitment,
    target: &'a Target,
    recordings: &mut Recordings<'_>,
) -> Result<Watched<'a>, measure::Reason> {
    let goal =
        target.value.as_ref().and_then(|value| value.exact()).ok_or("its bound is not a number that the file gives")?;
    if !matches!(target.comparison, Binary::AtLeast | Binary::AtMost | Binary::Greater | Binary::Less) {
        return Err("a target of equality cannot be watched".to_owned());
    }
    let measure = measure::measure(model, &target.measure, target.is_floor())?;
    let name = target.metric().unwrap_or(&target.id);
    let recorded = recordings.measure(&target.window, name, &measure)?;
    let budget = measure.share_at(goal);
    if budget.signum() < 0 {
        return Err("nothing can attain its bound".to_owned());
    }
    let applies = match &commitment.applies_when {
        None => None,
        Some(condition) => Some(applies(model, condition, &recorded, recordings)?),
    };
    let mut labels = Pairs::from([
        ("agreement", model.agreement.head.name.clone()),
        ("commitment", commitment.head.name.clone()),
        ("clause", target.id.clone()),
    ]);
    if let Some(party) = commitment.of.as_ref().and_then(|of| words::owed_by(model, &of.value)) {
        labels.insert("owed_by", party);
    }
    let promise = words::promise(model, commitment);
    Ok(Watched { model, told, commitment, target, measure, recorded, budget, promise, applies, labels })
}

/// The condition on a window's volume, with the volume to come at the rate so far.
fn applies(
    model: &Model,
    condition: &Condition,
    recorded: &Recorded,
    recordings: &mut Recordings<'_>,
) -> Result<String, measure::Reason> {
    let Condition::Measured(expr) = condition else {
        return Err("people judge when it applies".to_owned());
    };
    let (counted, comparison, number) =
        volume(model, expr).ok_or("when it applies cannot be expressed in Prometheus rules")?;
    let parts = recordings.parts(&recorded.grid, &counted)?;
    let total = recordings.window_volume(&recorded.grid, &parts);
    Ok(format!("({total} {} {})", operator(comparison), number_text(&number)))
}

/// What a single bad occurrence can seem to be: increases are estimates, up to a third too high where a counter is read
/// four times in a slice.
fn single(one: &Exact) -> String {
    number_text(&(one * &Exact::ratio(3, 2).unwrap_or_else(Exact::one)))
}

impl Watched<'_> {
    /// Every alert of the target.
    pub fn alerts(&self, notes: &mut Notes) -> Vec<Rule> {
        let mut rules = self.burning(notes);
        rules.extend(self.at_risk());
        rules.push(self.breached());
        rules
    }

    fn label(&self) -> String {
        safe(&self.commitment.head.label())
    }

    fn alert(&self, name: &'static str, severity: &str, expr: String, summary: String, description: &[String]) -> Rule {
        let mut labels = self.labels.clone();
        labels.insert("severity", severity.to_owned());
        let attribute = match name {
            "SlaAtRisk" => Attribute::AtRisk,
            "SlaBreached" => Attribute::Breached,
            _ => Attribute::Failing,
        };
        let subject = Subject::Commitment(self.commitment.head.name.clone());
        let told = self.told.about(&subject, attribute);
        let mut parts = vec![self.promise.clone()];
        parts.extend(description.iter().cloned());
        parts.push(told);
        if !self.commitment.exclude.is_empty() {
            parts.push("Excluded time is not taken out of this figure".to_owned());
        }
        let annotations = Pairs::from([("summary", sentences(&[summary])), ("description", sentences(&parts))]);
        Rule { alert: Some(name), expr, labels, annotations, ..Rule::default() }
    }

    /// The alerts for a budget that burns too fast, as far as they can fire.
    fn burning(&self, notes: &mut Notes) -> Vec<Rule> {
        let nominal = self.recorded.grid.nominal;
        let mut unreachable = Vec::new();
        let mut rules = Vec::new();
        for (percent, long, short, severity) in TIERS {
            let Some(factor) = Exact::ratio(percent * nominal, 100 * long) else { continue };
            let threshold = &factor * &self.budget;
            let reachable = threshold < self.measure.worst && !threshold.is_zero();
            // A factor below one would fire within the budget.
            if !reachable || factor < Exact::one() || long < 2 * self.recorded.grid.seconds {
                unreachable.push((long, factor));
                continue;
            }
            rules.push(self.burn(
                percent,
                &factor,
                &threshold,
                (long, short.max(self.recorded.grid.seconds)),
                severity,
            ));
        }
        if !unreachable.is_empty() {
            notes.push(self.unreachable(&unreachable));
        }
        rules
    }

    /// An alert that fires only if the pace is reached without any one of the bad occurrences as well, so that a single
    /// failure on an idle service wakes nobody.
    fn burn(&self, percent: i64, factor: &Exact, threshold: &Exact, (long, short): (i64, i64), severity: &str) -> Rule {
        let recorded = &self.recorded;
        let limit = number_text(threshold);
        let over = |seconds: i64| format!("{} > {limit} * {}", recorded.bad(seconds), recorded.weight(seconds));
        let share = recorded.share(long);
        let expr = match (&self.measure.sum, &recorded.occurrences) {
            (Sum::Pooled { occurrence: Some(one), .. }, _) => {
                let (bad, weight) = (recorded.bad(long), recorded.weight(long));
                format!("{share}\nand\n{bad} - {} > {limit} * {weight}\nand\n{}", single(one), over(short))
            }
            (Sum::Sliced { .. }, Some(occurrences)) => {
                let (occurrences, one) = (occurrences.over(&range(long), ""), single(&Exact::one()));
                format!("{share} > {limit}\nand\n{}\nunless\n{occurrences} > 0 < {one}", over(short))
            }
            _ => format!("{share} > {limit}\nand\n{}", over(short)),
        };
        let applies = self.applies.iter().map(|applies| format!("\nand\ncount({applies}) > 0"));
        let expr = format!("{expr}{}\nand\n{}", applies.collect::<String>(), self.in_term());
        let tier = span(long);
        let pace = factor.to_decimal_string(2);
        let summary = format!("{}: failures come at {pace} times the pace that the window allows", self.label());
        let allowed = self.figure(&self.budget);
        let description = [
            format!(
                "Over the last {tier}, {} was bad, where {allowed} is allowed over the whole window",
                self.value_text()
            ),
            format!("At this pace {percent}% of what is allowed in the window is spent in {tier}"),
        ];
        let mut rule = self.alert("SlaBudgetBurns", severity, expr, summary, &description);
        rule.labels.insert("tier", tier);
        rule
    }

    fn unreachable(&self, tiers: &[(i64, Exact)]) -> Diagnostic {
        let all = tiers.len() == TIERS.len();
        let which: Vec<String> = tiers.iter().map(|(long, _)| span(*long)).collect();
        let message = match all {
            true => format!("no burn-rate alert of `{}` could ever fire", self.commitment.head.name),
            false => format!(
                "{} of {} burn-rate alerts of `{}` could never fire or would fire too early and are left out",
                tiers.len(),
                TIERS.len(),
                self.commitment.head.name
            ),
        };
        let witness = tiers.first().map(|(long, factor)| {
            format!(
                "over {} the alert would need {} times the budget of {}",
                span(*long),
                factor.to_decimal_string(2),
                self.figure(&self.budget)
            )
        });
        Diagnostic::new(codes::UNREACHABLE_BURN_RATE, self.target.span, message)
            .primary(format!("left out: {}", which.join(", ")))
            .witness(witness.unwrap_or_default())
    }

    fn in_term(&self) -> String {
        let agreement = super::selector::quoted(&self.model.agreement.head.name);
        format!("sum(sla:term{{agreement={agreement}}}) > 0")
    }

    /// How the value of an alert is printed.
    fn value_text(&self) -> &'static str {
        if self.measure.is_ratio { "{{ $value | humanizePercentage }}" } else { "{{ $value | humanize }}" }
    }

    fn figure(&self, value: &Exact) -> String {
        if self.measure.is_ratio { Ratio(value.clone()).to_string() } else { value.to_string() }
    }

    /// The attained value where the certain share of what is bad is beyond a limit.
    fn beyond(&self, limit: &Exact, inclusive: bool) -> String {
        let Recorded { attained, projected, .. } = &self.recorded;
        let comparison = if inclusive { ">=" } else { ">" };
        let mut expr = format!("{attained}\nand on (start)\n({projected} {comparison} {})", number_text(limit));
        if let Some(applies) = &self.applies {
            expr = format!("{expr}\nand on (start)\n{applies}");
        }
        expr
    }

    fn at_risk(&self) -> Option<Rule> {
        let warn = self.commitment.warn.as_ref()?;
        let value = warn.value.as_ref()?.exact()?;
        let expr = self.beyond(&self.measure.share_at(value), warn.side.is_inclusive());
        let summary = format!("{} is at risk", self.label());
        let description = [
            format!("So far {} is attained in this window", self.value_text()),
            format!(
                "Even if nothing more goes wrong, the window will end {} {}",
                warn.side.as_str(),
                self.figure(value)
            ),
        ];
        Some(self.alert("SlaAtRisk", "ticket", expr, summary, &description))
    }

    fn breached(&self) -> Rule {
        let strict = matches!(self.target.comparison, Binary::Greater | Binary::Less);
        let summary = format!("{} is broken in this window", self.label());
        let description = [
            format!("So far {} is attained in this window", self.value_text()),
            "Even if nothing more goes wrong, the target will be missed".to_owned(),
        ];
        let mut rule = self.alert("SlaBreached", "ticket", self.beyond(&self.budget, strict), summary, &description);
        // What is decided at the end of a window would otherwise be seen for a minute only.
        rule.keep_firing_for = Some("1h");
        rule
    }

    /// Whether the last complete slice misses the target, without a label.
    pub fn failing(&self) -> String {
        let (recorded, limit) = (&self.recorded, number_text(&self.budget));
        let seconds = recorded.grid.seconds;
        let comparison = if matches!(self.target.comparison, Binary::Greater | Binary::Less) { ">=" } else { ">" };
        let weight = recorded.weight(seconds);
        match (&self.measure.sum, &recorded.occurrences) {
            (Sum::Pooled { occurrence: Some(one), .. }, _) => {
                format!("({} - {} {comparison} {limit} * {weight})", recorded.bad(seconds), single(one))
            }
            (Sum::Sliced { .. }, Some(occurrences)) => {
                let (bad, one) = (recorded.bad(seconds), single(&Exact::one()));
                let occurrences = occurrences.over(&range(seconds), "");
                format!("({bad} {comparison} {limit} * {weight} unless {occurrences} > 0 < {one})")
            }
            _ => format!("({} {comparison} {limit} * {weight})", recorded.bad(seconds)),
        }
    }

    /// Whether it is at risk, without a label; nothing without a warning margin.
    pub fn is_at_risk(&self) -> Option<String> {
        let warn = self.commitment.warn.as_ref()?;
        let limit = self.measure.share_at(warn.value.as_ref()?.exact()?);
        Some(format!("count({})", self.beyond(&limit, warn.side.is_inclusive())))
    }

    /// Whether it is broken, without a label.
    pub fn is_breached(&self) -> String {
        let strict = matches!(self.target.comparison, Binary::Greater | Binary::Less);
        format!("count({})", self.beyond(&self.budget, strict))
    }

    /// Notes on what is assumed of the series, and on what the agreement says of missing data that rules cannot say.
    pub fn assumptions(&self, sources: &Sources<'_>) -> Vec<Diagnostic> {
        let mut notes = Vec::new();
        let span = self.target.span;
        if let Sum::Pooled { bad, weight, .. } = &self.measure.sum {
            let bound = bad.terms.iter().chain(&weight.terms).find_map(|(_, count)| match count {
                measure::Count::Within { value, bound } => Some((value, bound)),
                _ => None,
            });
            if let Some((value, bound)) = bound {
                let message =
                    format!("the histogram of `{}.{value}` must have a bucket with the bound {bound}", bad.signal);
                notes.push(
                    Diagnostic::new(codes::BUCKET_ASSUMED, span, message)
                        .primary("without that bucket this is not measured"),
                );
            }
        }
        let signal = match &self.measure.sum {
            Sum::Pooled { weight, .. } => &weight.signal,
            Sum::Sliced { quotient, .. } => &quotient.denominator.signal,
        };
        let pooled_events = matches!(self.measure.sum, Sum::Pooled { occurrence: Some(_), .. });
        if let Some(reason) = sources.unsaid_missing(signal, pooled_events) {
            let message =
                format!("missing data of `{signal}` is left out of the figures for `{}`", self.commitment.head.name);
            notes.push(Diagnostic::new(codes::MISSING_LEFT_OUT, span, message).primary(reason));
        }
        notes
    }

    /// What must be there to be measured at all: the signal and the selector.
    pub fn presence(&self, sources: &Sources<'_>) -> Option<(String, String)> {
        let linear = match &self.measure.sum {
            Sum::Pooled { weight, .. } => weight,
            Sum::Sliced { quotient, .. } => &quotient.denominator,
        };
        Some((linear.signal.clone(), sources.presence(linear)?))
    }
}
