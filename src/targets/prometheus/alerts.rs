//! Alerts of a commitment: the budget burns too fast, the promise is at risk, the promise is broken.

use super::aside::Aside;
use super::by::By;
use super::judgement::operator;
use super::measure::{self, Count, Measure, Sum, volume};
use super::pace::{self, Paces, SEVERITIES, Tier};
use super::percentile;
use super::reason::Reason;
use super::recorded::Recorded;
use super::recordings::Recordings;
use super::rule::{Pairs, Rule, options, pairs};
use super::selector::quoted;
use super::slices::{number_text, span};
use super::sources::Sources;
use super::words::{self, Told, sentences};
use crate::calculus::{Attribute, Binary, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Commitment, Condition, Model, Target};
use crate::values::{Exact, Ratio, Window};

/// A target that is watched, with all that its alerts need.
pub(super) struct Watched<'a> {
    model: &'a Model,
    told: &'a Told,
    commitment: &'a Commitment,
    target: &'a Target,
    measure: Measure,
    recorded: Recorded,
    /// The greatest share of what is bad that keeps the promise.
    budget: Exact,
    /// Whether what is attained is the share within the bound of a percentile.
    is_percentile: bool,
    /// The alerts for its pace.
    paces: Paces,
    /// The share of the last slice that is bad beyond one occurrence, where somebody is told when it fails.
    slice: Option<String>,
    /// What the alerts say of the promise.
    promise: String,
    /// A further condition, on the volume of the window.
    applies: Option<String>,
    /// Whether some time or some failure does not count as it was.
    aside: Option<Aside>,
    labels: Pairs,
}

/// Records what a target needs.
pub(super) fn watch<'a>(
    model: &'a Model,
    told: &'a Told,
    (commitment, aside): (&'a Commitment, Option<Aside>),
    target: &'a Target,
    recordings: &mut Recordings<'_>,
) -> Result<Watched<'a>, Reason> {
    let goal =
        target.value.as_ref().and_then(|value| value.exact()).ok_or("its bound is not a number that the file gives")?;
    if !matches!(target.comparison, Binary::AtLeast | Binary::AtMost | Binary::Greater | Binary::Less) {
        return Err("no rules are made for a target of equality".into());
    }
    let name = target.metric().unwrap_or(&target.id);
    let percentile = percentile::percentile(model, &target.measure, target.comparison, goal).transpose()?;
    let is_percentile = percentile.is_some();
    let (measure, budget, name) = match percentile {
        Some((measure, budget, part)) => (measure, budget, format!("{name}.{part}")),
        None => {
            let measure = measure::measure(model, &target.measure, target.is_floor())?;
            let budget = measure.share_at(goal);
            (measure, budget, name.to_owned())
        }
    };
    if budget.signum() < 0 {
        return Err("nothing can attain its bound".into());
    }
    let recorded = recordings.measure(&target.window, &name, &measure)?;
    if recorded.by != By::of(&commitment.head) {
        return Err("what it measures does not tell apart the options for each of which it is promised".into());
    }
    let condition = commitment.applies_when.as_ref();
    let applies = condition.map(|condition| applies(model, condition, &recorded, recordings)).transpose()?;
    let paces = pace::paces(recordings, &recorded, &measure, &budget);
    let subject = Subject::Commitment(commitment.head.name.clone());
    let slice = told.asks(&subject, Attribute::Failing).then(|| recordings.share(&recorded, recorded.grid.seconds));
    let mut labels = pairs([
        ("agreement", model.agreement.head.name.clone()),
        ("commitment", commitment.head.family.clone()),
        ("clause", target.id.clone()),
    ]);
    labels.extend(options(&commitment.head));
    labels.extend(model.debtor(commitment.of.as_ref()).map(|by| ("owed_by".into(), by.party)));
    let promise = words::promise(model, commitment);
    Ok(Watched {
        model,
        told,
        commitment,
        target,
        measure,
        recorded,
        budget,
        is_percentile,
        paces,
        slice,
        promise,
        applies,
        aside,
        labels,
    })
}

/// The condition on a window's volume, with the volume to come at the rate so far.
fn applies(
    model: &Model,
    condition: &Condition,
    recorded: &Recorded,
    recordings: &mut Recordings<'_>,
) -> Result<String, Reason> {
    let Condition::Measured(expr) = condition else {
        return Err("people judge when it applies".into());
    };
    let (counted, comparison, number) =
        volume(model, expr).ok_or("no rules are made for the condition under which it applies")?;
    if recordings.by(&counted.signal) != recorded.by {
        return Err("the condition under which it applies is not told apart as its measurements are".into());
    }
    let total = recordings.window_volume(&recorded.grid, &counted)?;
    Ok(format!("({total} {} {})", operator(comparison), number_text(&number)))
}

/// The range over which an alert fires, as a template.
const RANGE: &str = "{{ $labels.range }}";

/// What differs between the ranges of an alert, as a template.
fn by_range(tiers: &[&Tier], of: impl Fn(&Tier) -> String) -> String {
    let texts: Vec<String> = tiers.iter().map(|tier| of(tier)).collect();
    match (tiers, texts.as_slice()) {
        ([first, _], [one, other]) if one != other => {
            let range = quoted(&span(first.seconds));
            format!("{{{{ if eq $labels.range {range} }}}}{one}{{{{ else }}}}{other}{{{{ end }}}}")
        }
        _ => texts.first().cloned().unwrap_or_default(),
    }
}

impl Watched<'_> {
    /// Every alert of the target.
    pub fn alerts(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> = SEVERITIES.iter().filter_map(|severity| self.burns(severity)).collect();
        rules.extend(self.at_risk());
        rules.push(self.breached());
        rules
    }

    fn label(&self) -> String {
        words::label(&self.commitment.head)
    }

    fn alert(&self, name: &'static str, severity: &str, expr: String, summary: String, description: &[String]) -> Rule {
        let mut labels = self.labels.clone();
        labels.insert("severity".into(), severity.to_owned());
        let attribute = match name {
            "SlaAtRisk" => Attribute::AtRisk,
            "SlaBreached" => Attribute::Breached,
            _ => Attribute::Failing,
        };
        let subject = Subject::Commitment(self.commitment.head.name.clone());
        let mut parts = vec![self.promise.clone(), words::about_option(&self.commitment.head)];
        parts.extend(description.iter().cloned());
        parts.push(self.told.about(&subject, attribute));
        parts.extend(self.aside.map(|aside| aside.sentence().to_owned()));
        let annotations = pairs([("summary", sentences(&[summary])), ("description", sentences(&parts))]);
        Rule { alert: Some(name), expr, labels, annotations, ..Rule::default() }
    }

    /// The alert that what is allowed is used up too fast, over any of the ranges of a severity. It fires only if the
    /// pace is reached without any one of the bad occurrences as well.
    fn burns(&self, severity: &str) -> Option<Rule> {
        let tiers: Vec<&Tier> = self.paces.tiers.iter().filter(|tier| tier.severity == severity).collect();
        let one = |tier: &&Tier| {
            let Tier { long, beyond_one, short, threshold, .. } = tier;
            let limit = number_text(threshold);
            let by = self.recorded.by.list();
            format!("{}\nand on ({by})\n{beyond_one} > {limit}\nand on ({by})\n{short} > {limit}", self.figure_at(long))
        };
        let any = tiers.iter().map(one).collect::<Vec<_>>();
        let mut expr = match any.as_slice() {
            [] => return None,
            [only] => only.clone(),
            _ => format!("(\n{}\n)", any.join("\nor\n")),
        };
        if let Some(applies) = &self.applies {
            expr = format!("{expr}\nand on ({})\n{applies}", self.recorded.by.list());
        }
        expr = format!("{expr}\nand on ()\n{}", self.in_term());
        let percent = by_range(&tiers, |tier| tier.percent.to_string());
        let times = by_range(&tiers, |tier| tier.factor.to_decimal_string(2));
        let figure = match (self.measure.is_ratio, self.target.value.as_ref().and_then(|value| value.exact())) {
            (false, Some(goal)) => format!("{} was attained, where {goal} is promised", self.value_text()),
            _ => {
                let allowed = self.figure(&self.budget);
                format!("{} was bad, where {allowed} is allowed over the whole window", self.value_text())
            }
        };
        let description = [
            format!("Over the last {RANGE}, {figure}"),
            format!("At the pace of this alert {percent}% of what is allowed in the window is spent in {RANGE}"),
            self.standing(),
        ];
        let what = if self.measure.is_ratio { "failures come" } else { "it falls short" };
        let summary = format!("{}: {what} at more than {times} times the pace that is allowed", self.label());
        Some(self.alert("SlaBudgetBurns", severity, expr, summary, &description))
    }

    /// Where the promise stands in the window, as a template that asks for it.
    fn standing(&self) -> String {
        let by = &self.recorded.by;
        let [attained, projected] =
            [&self.recorded.attained, &self.recorded.projected].map(|selector| by.of_alert(selector));
        let ask = |expr: &str, unit: &str| {
            let number = "{{ . | first | value | printf \"%.10g\" }}";
            (format!("{{{{ with query {} }}}}", by.query(&quoted(expr))), format!("{number}{unit}"))
        };
        let unit = if self.measure.is_ratio { "%" } else { "" };
        let (with, value) = ask(&self.printed(&attained), unit);
        let left = match self.budget.is_zero() {
            true => String::new(),
            false => {
                let share = format!("100 * clamp_min(1 - {projected} / {}, 0)", number_text(&self.budget));
                let (with, value) = ask(&share, "%");
                format!(
                    "{with}, and {value} of what is allowed will be left at its end if nothing more goes wrong{{{{ end }}}}"
                )
            }
        };
        let so_far = self.so_far(&value);
        format!("{with}{so_far}{{{{ else }}}}Nothing is known of the window so far{{{{ end }}}}{left}")
    }

    /// What is attained, by a value that is printed.
    fn so_far(&self, value: &str) -> String {
        let attained = if self.is_percentile { "within the bound" } else { "attained" };
        match &self.target.window {
            Window::Rolling(amount) if self.is_counted() => {
                format!("Over the last {} the count is {value}", amount.words())
            }
            _ if self.is_counted() => format!("So far the count in this window is {value}"),
            Window::Rolling(amount) => format!("Over the last {} {value} is {attained}", amount.words()),
            _ => format!("So far {value} is {attained} in this window"),
        }
    }

    fn is_counted(&self) -> bool {
        matches!(self.measure.sum, Sum::Counted(_))
    }

    /// The note on alerts that could never fire, or would fire too early.
    fn unreachable(&self) -> Option<Diagnostic> {
        let reasons = &self.paces.left_out;
        let (first, count) = (reasons.first()?, reasons.len());
        let name = &self.commitment.head.name;
        let message = match (self.paces.tiers.len(), count) {
            (0, _) => format!("no alert tells that the budget of `{name}` burns too fast"),
            (left, 1) => format!("1 of {} alerts on the pace of `{name}` is left out", left + 1),
            (left, _) => format!("{count} of {} alerts on the pace of `{name}` are left out", left + count),
        };
        let note = Diagnostic::new(codes::UNREACHABLE_BURN_RATE, self.target.span, message).primary(first.clone());
        Some(if count > 1 { note.witness(reasons.join("; ")) } else { note })
    }

    fn in_term(&self) -> String {
        format!("sla:term{{agreement={}}} > 0", quoted(&self.model.agreement.head.name))
    }

    /// A share as an alert prints it, in percent: templates cannot calculate.
    fn printed(&self, expr: &str) -> String {
        if self.measure.is_ratio { format!("100 * {expr}") } else { expr.to_owned() }
    }

    /// What a share of what is bad stands for, as an alert prints it: itself in percent, or the score that it leaves.
    fn figure_at(&self, share: &str) -> String {
        match &self.measure.best {
            Some(best) if !self.measure.is_ratio => format!("{} - {share}", number_text(best)),
            _ => self.printed(share),
        }
    }

    /// What makes it certain how a window ends: of events to come the number is not known.
    fn provided(&self) -> &'static str {
        match &self.measure.sum {
            Sum::Pooled { occurrence: Some(_), .. } => "At the volume so far, and even if nothing more goes wrong",
            _ => "Even if nothing more goes wrong",
        }
    }

    /// How the value of an alert is printed: with so many digits that it does not seem to be on the other side of a
    /// bound.
    fn value_text(&self) -> &'static str {
        if self.measure.is_ratio { "{{ $value | printf \"%.10g\" }}%" } else { "{{ $value | printf \"%.10g\" }}" }
    }

    fn figure(&self, value: &Exact) -> String {
        if self.measure.is_ratio { Ratio(value.clone()).to_string() } else { value.to_string() }
    }

    /// The attained value where the certain share of what is bad is beyond a limit.
    fn beyond(&self, limit: &Exact, inclusive: bool) -> String {
        let Recorded { attained, projected, .. } = &self.recorded;
        let comparison = if inclusive { ">=" } else { ">" };
        let (certain, by) = (format!("{projected} {comparison} {}", number_text(limit)), self.recorded.by.with_start());
        let mut expr = match self.is_counted() {
            true => certain,
            false => format!("{}\nand on ({by})\n({certain})", self.printed(attained)),
        };
        if let Some(applies) = &self.applies {
            expr = format!("{expr}\nand on ({by})\n{applies}");
        }
        expr
    }

    /// The length of its slices in seconds.
    pub fn slice_seconds(&self) -> i64 {
        self.recorded.grid.seconds
    }

    fn rolls(&self) -> bool {
        self.recorded.grid.full.is_some()
    }

    /// The margin of a warning, as a share of what is bad, and whether the margin itself warns.
    fn margin(&self) -> Option<(Exact, bool)> {
        let warn = self.commitment.warn.as_ref().filter(|_| !self.is_percentile)?;
        Some((self.measure.share_at(warn.value.as_ref()?.exact()?), warn.side.is_inclusive()))
    }

    fn at_risk(&self) -> Option<Rule> {
        let (limit, inclusive) = self.margin()?;
        let warn = self.commitment.warn.as_ref()?;
        let margin = format!("{} {}", warn.side.as_str(), self.figure(warn.value.as_ref()?.exact()?));
        let certain = match self.rolls() {
            true => format!("That is {margin}"),
            false => format!("{}, the window will end {margin}", self.provided()),
        };
        let summary = format!("{} is at risk", self.label());
        let description = [self.so_far(self.value_text()), certain];
        Some(self.alert("SlaAtRisk", "ticket", self.beyond(&limit, inclusive), summary, &description))
    }

    fn is_strict(&self) -> bool {
        matches!(self.target.comparison, Binary::Greater | Binary::Less)
    }

    fn breached(&self) -> Rule {
        let (summary, certain) = match self.rolls() {
            true => {
                let judged = "The agreement judges that once a day, at midnight";
                ("misses its target as it stands now", judged.to_owned())
            }
            false => ("is broken in this window", format!("{}, the target will be missed", self.provided())),
        };
        let summary = format!("{} {summary}", self.label());
        let mut description = vec![self.so_far(self.value_text()), certain];
        if self.is_percentile {
            description.push(format!("At least {} must be", self.figure(&(Exact::one() - &self.budget))));
        }
        let expr = self.beyond(&self.budget, self.is_strict());
        let mut rule = self.alert("SlaBreached", "ticket", expr, summary, &description);
        // What is decided at the end of a window would otherwise be seen for a minute only.
        rule.keep_firing_for = Some("1h".to_owned());
        rule
    }

    /// Whether the last complete slice misses the target, of any option, or for each of those that the labels tell apart.
    pub fn failing(&self, by: &By) -> Option<String> {
        let comparison = if self.is_strict() { ">=" } else { ">" };
        Some(format!("{}({} {comparison} {})", by.each("count"), self.slice.as_ref()?, number_text(&self.budget)))
    }

    /// Whether it is at risk, in the same way; nothing without a warning margin.
    pub fn is_at_risk(&self, by: &By) -> Option<String> {
        let (limit, inclusive) = self.margin()?;
        Some(format!("{}({})", by.each("count"), self.beyond(&limit, inclusive)))
    }

    /// Whether it is broken, in the same way.
    pub fn is_breached(&self, by: &By) -> String {
        format!("{}({})", by.each("count"), self.beyond(&self.budget, self.is_strict()))
    }

    /// The labels that tell its options apart.
    pub fn by(&self) -> &By {
        &self.recorded.by
    }

    /// The options that the current window has, each as zero, told apart by some labels of its own.
    pub fn known(&self, by: &By) -> String {
        format!("{}({}) * 0", by.each("sum"), self.recorded.attained)
    }

    /// What is promised and what a breach costs.
    pub fn promise(&self) -> &str {
        &self.promise
    }

    /// What the agreement says of an empty window, if that misses the target: rules do not tell of it.
    fn empty_misses(&self) -> Option<Diagnostic> {
        let (empty, goal) = (self.measure.empty.as_ref()?, self.target.value.as_ref()?.exact()?);
        let kept = match self.target.comparison {
            Binary::AtLeast => empty >= goal,
            Binary::Greater => empty > goal,
            Binary::AtMost => empty <= goal,
            _ => empty < goal,
        };
        let what = format!("no alert tells that a window of `{}` is empty", self.commitment.head.name);
        let reason = format!("the agreement counts an empty window as {}, which misses the target", self.figure(empty));
        (!kept).then(|| Reason::from(reason).note(self.target.span, what))
    }

    /// Notes on what is assumed of the series, and on what the agreement says of missing data that rules cannot say.
    pub fn assumptions(&self, sources: &Sources<'_>) -> Vec<Diagnostic> {
        let mut notes: Vec<Diagnostic> = self.unreachable().into_iter().chain(self.empty_misses()).collect();
        let span = self.target.span;
        let name = &self.commitment.head.name;
        if self.rolls() {
            let reason = "the agreement judges a window that rolls once a day; the alerts look at it every minute";
            notes.push(Reason::from(reason).note(span, format!("`{name}` is watched as it stands now")));
        }
        if !self.by().is_empty() && sources.missing_in(&self.measure.sum) == Some(1) {
            let what = format!("no alert of `{name}` tells of an option without any data in a window");
            notes.push(Reason::from("which options there are is known from their data").note(span, what));
        }
        if let Some(warn) = self.commitment.warn.as_ref().filter(|_| self.is_percentile) {
            let reason = "a percentile is read from the bucket of its bound, which says nothing of a margin";
            notes.push(Reason::from(reason).note(warn.span, format!("no alert tells that `{name}` is at risk")));
        }
        if let Sum::Pooled { bad, weight, .. } = &self.measure.sum {
            let bound = bad.terms.iter().chain(&weight.terms).find_map(|(_, count)| match count {
                Count::Within { value, bound } | Count::Beyond { value, bound } => Some((value, bound)),
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
        let signal = &self.measure.sum.needed().signal;
        if let Some(reason) = sources.unsaid_missing(&self.measure.sum) {
            let message = format!("missing data of `{signal}` is left out of the figures for `{name}`");
            notes.push(Diagnostic::new(codes::MISSING_LEFT_OUT, span, message).primary(reason));
        }
        notes
    }

    /// What must be there to be measured at all: the signal, and the selectors of which one is needed.
    pub fn presence(&self, sources: &Sources<'_>) -> (String, Vec<String>) {
        let linear = self.measure.sum.needed();
        (linear.signal.clone(), sources.presence(linear))
    }
}
