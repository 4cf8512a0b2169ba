//! Prometheus rules: series of how promises stand, and alerts when they are at risk.
//!
//! What is recorded, and why it is exact, is told in `docs/prometheus.md`.

mod alerts;
mod aside;
mod by;
mod escalation;
mod judgement;
mod labels;
mod measure;
mod notice;
mod pace;
mod pattern;
mod percentile;
mod readings;
mod reason;
mod recorded;
mod recordings;
mod rule;
mod runs;
mod selector;
mod slices;
mod sources;
mod states;
mod support;
mod term;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::{Artifact, Options, Target};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Condition, Model, Party, Role, Status};
use crate::source::{SourceMap, Span};
use crate::wording::draft;
use alerts::Watched;
use aside::Aside;
use escalation::Watching;
use reason::Reason;
use recordings::Recordings;
use rule::{Group, Rule, RuleFile, options, pairs};
use selector::quoted;
use sources::Sources;
pub use sources::check_selectors;
use term::Term;
use words::{OfAlerts, Told, safe, sentences};

/// What cannot be expressed.
type Notes = Vec<Diagnostic>;

/// Rules for Prometheus 2.42 and later.
pub struct Prometheus;

impl Target for Prometheus {
    fn name(&self) -> &'static str {
        sources::TARGET
    }

    fn extension(&self) -> &'static str {
        "rules.yml"
    }

    fn emit(&self, model: &Model, _sources: &SourceMap, options: &Options) -> (Vec<Artifact>, Vec<Diagnostic>) {
        let mut notes = Notes::new();
        let (head, groups) = rules(model, options, &mut notes);
        let text = print(&head, &RuleFile { groups });
        let name = format!("{}.{}", model.agreement.head.name, self.extension());
        (vec![Artifact { name, text }], notes)
    }
}

/// The lines of the head comment, and the groups.
fn rules(model: &Model, options: &Options, notes: &mut Notes) -> (Vec<String>, Vec<Group>) {
    let agreement = &model.agreement;
    let mut head: Vec<String> = draft(model).map(|(word, text)| format!("{word} {text}")).into_iter().collect();
    head.push(format!("Rules of {}", agreement.head.label()));
    if let Some(version) = &agreement.version {
        head.push(format!("Version {}", version.value));
    }
    let status = agreement.status.as_ref();
    if !options.drafts && !status.is_some_and(|status| status.value.is_binding()) {
        let word = match status.map(|status| status.value) {
            None => "without a status",
            Some(Status::Draft) => "a draft",
            Some(other) => other.as_str(),
        };
        let message = format!("no rules are made of an agreement that is {word}");
        let span = status.map_or(agreement.head.name_span, |status| status.span);
        notes.push(
            Diagnostic::new(codes::NO_RULES_YET, span, message)
                .help("set the status to `agreed` or `in_force`, or ask for drafts"),
        );
        head.push(format!("There are no rules: the agreement is {word}."));
        return (head, Vec::new());
    }
    let term = match Term::of(model, options) {
        Ok(term) => term,
        Err(what) => {
            let message = format!("no rules are made of {what}");
            notes.push(Diagnostic::new(codes::NO_RULES_YET, agreement.head.name_span, message));
            head.push(format!("There are no rules: it is {what}."));
            return (head, Vec::new());
        }
    };
    if let Some(horizon) = options.horizon.filter(|horizon| *horizon < term.first()) {
        let message = format!("the rules hold for one day: the horizon {horizon} lies before the agreement begins");
        notes.push(
            Diagnostic::new(codes::NO_RULES_YET, agreement.head.name_span, message)
                .help("give a later `--horizon`, or none: then they reach to the end of the term, or five years"),
        );
    }
    head.push(match term.is_whole {
        true => format!("The rules hold until {}, the last day of the agreement.", term.last),
        false => format!("The rules hold until {}: bounds of windows are worked out so far.", term.last),
    });
    let sources = Sources::of(model);
    let mut recordings = Recordings::new(&agreement.head.name, &term, &sources);
    let told = Told::of(model);
    let targets = watch(model, &told, &sources, &mut recordings, notes);
    let watching = Watching { model, sources: &sources, told: &told, of_alerts: OfAlerts::of(model), targets };
    let alerts = alerts(&watching, notes);
    if alerts.is_empty() {
        head.push("There are no rules: nothing in the agreement can be watched with Prometheus.".to_owned());
        return (head, Vec::new());
    }
    // One group, since alerts read slices at the very instants at which they are recorded.
    let mut all = recordings.rules;
    all.extend(alerts);
    all.push(runs_out(model, &term));
    all.sort_by_key(|rule| rule.alert.is_some());
    (head, vec![Group { name: format!("sla {}", agreement.head.name), interval: term::INTERVAL_TEXT, rules: all }])
}

/// The targets that can be watched.
fn watch<'a>(
    model: &'a Model,
    told: &'a Told,
    sources: &Sources<'_>,
    recordings: &mut Recordings<'_>,
    notes: &mut Notes,
) -> BTreeMap<&'a str, Vec<Watched<'a>>> {
    let mut all: BTreeMap<&str, Vec<Watched<'a>>> = BTreeMap::new();
    let excused: BTreeMap<&str, Span> = model
        .duties
        .iter()
        .flat_map(|duty| &duty.excuses)
        .map(|commitment| (commitment.value.as_str(), commitment.span))
        .collect();
    for commitment in &model.commitments {
        let name = commitment.head.name.as_str();
        let aside = Aside::of(model, commitment, excused.get(name).copied());
        for target in &commitment.targets {
            let watched = recordings
                .all_or_nothing(|recordings| alerts::watch(model, told, (commitment, aside), target, recordings));
            match watched {
                Ok(watched) => {
                    notes.extend(watched.assumptions(sources));
                    all.entry(name).or_default().push(watched);
                }
                Err(reason) => notes.push(reason.note(target.span, format!("`{name}` is not watched"))),
            }
        }
        notes.extend(aside.filter(|_| all.contains_key(name)).map(|aside| aside.note(name)));
    }
    all
}

fn alerts(watching: &Watching<'_>, notes: &mut Notes) -> Vec<Rule> {
    let (model, sources) = (watching.model, watching.sources);
    let mut rules = Vec::new();
    let mut present = BTreeSet::new();
    for target in watching.targets.values().flatten() {
        rules.extend(target.alerts());
        present.insert(target.presence(sources));
    }
    for (signal, selectors) in present {
        rules.extend(missing(model, &signal, &selectors));
    }
    for support in &model.supports {
        rules.extend(support::alerts(watching, support, notes));
    }
    for escalation in &model.escalations {
        rules.extend(escalation::rules(watching, escalation, notes));
    }
    for notice in &model.notices {
        rules.extend(notice::alert(watching, notice, notes));
    }
    notes.extend(unwatched(model));
    rules
}

/// Notes on clauses with a time in them that no series can show.
fn unwatched(model: &Model) -> Vec<Diagnostic> {
    let note = |span: Span, what: String, reason: &str| Reason::from(reason).note(span, what);
    let recoveries = model.recoveries.iter().filter_map(|recovery| {
        let amount = recovery.rto.as_ref().or(recovery.rpo.as_ref())?;
        let what = format!("no alert comes from `{}`", recovery.head.name);
        let reason = "no series shows when a recovery began, or how old the data is that it would restore";
        Some(note(amount.span, what, reason))
    });
    let terminations = model.commitments.iter().flat_map(|commitment| {
        let measured = |when: &Option<Condition>| matches!(when, Some(Condition::Measured(_)));
        let all = commitment.terminate.iter().filter(move |termination| measured(&termination.when));
        all.map(move |termination| {
            let what = format!("no alert tells of the right to terminate over `{}`", commitment.head.name);
            note(termination.span, what, "the rules look at the current window only")
        })
    });
    recoveries.chain(terminations).collect()
}

/// The alert that a signal on which a promise depends has gone.
fn missing(model: &Model, signal: &str, selectors: &[String]) -> Option<Rule> {
    let signal = model.signals.get(signal).filter(|_| !selectors.is_empty())?;
    let any = selectors.iter().map(|selector| format!("sum({selector})")).collect::<Vec<_>>().join(" or ");
    let agreement = &model.agreement.head.name;
    let expr = format!("absent({any})\nand\nsum(sla:term{{agreement={}}}) > 0", quoted(agreement));
    let grace = signal.missing.as_ref().and_then(|missing| missing.after.as_ref()).and_then(|after| after.promql());
    let counts = signal.missing.as_ref().map(|missing| missing.policy.as_str());
    let severity = if counts == Some("bad") { "page" } else { "ticket" };
    // What is read of a signal for one option is no clause of its own.
    let whole = signal.share.as_ref().and_then(|whole| model.signals.get(whole));
    let clause = whole.unwrap_or(signal).head.id.clone();
    let mut labels = pairs([
        ("agreement", agreement.clone()),
        ("signal", signal.head.family.clone()),
        ("clause", clause),
        ("severity", severity.to_owned()),
    ]);
    labels.extend(options(&signal.head));
    labels.insert("series".into(), safe(&selectors.join(", ")));
    if let Some(party) = &signal.measured_by {
        labels.insert("owed_by".into(), party.party.clone());
    }
    let consequence = match counts {
        Some("bad") => "The agreement counts missing data as bad",
        Some("good") => "The agreement counts missing data as good",
        Some(_) => "The agreement leaves missing data out",
        None => "The agreement does not say what missing data counts as",
    };
    let label = words::label_of_all(&signal.head);
    let annotations = pairs([
        ("summary", sentences(&[format!("There is no data of {label}")])),
        (
            "description",
            sentences(&[format!("There is no data of {label}, on which a promise depends"), consequence.to_owned()]),
        ),
    ]);
    let hold = Some(grace.unwrap_or_else(|| "10m".to_owned()));
    Some(Rule { alert: Some("SlaDataMissing"), expr, hold, labels, annotations, ..Rule::default() })
}

/// The alert that the bounds which were worked out end soon.
fn runs_out(model: &Model, term: &Term) -> Rule {
    let agreement = &model.agreement;
    let early = term.end - 30 * 86_400;
    let until = if term.is_whole { format!(" < {}", term.end) } else { String::new() };
    let expr = format!("vector(time()) >= {}{until}", early.max(term.start));
    let mut labels = pairs([
        ("agreement", agreement.head.name.clone()),
        ("clause", agreement.head.id.clone()),
        ("severity", "ticket".to_owned()),
    ]);
    let is_provider = |party: &&Party| party.role.as_ref().is_some_and(|role| role.value == Role::Provider);
    if let Some(provider) = model.parties.iter().find(is_provider) {
        labels.insert("owed_by".into(), provider.head.name.clone());
    }
    let label = safe(&agreement.head.label());
    let next = match term.is_whole {
        true => "The agreement ends on that day, and its alerts with it",
        false => "Build the rules again with a later horizon",
    };
    let annotations = pairs([
        ("summary", sentences(&[format!("The rules of {label} end on {}", term.last)])),
        ("description", sentences(&[format!("No alert of {label} can fire after {}", term.last), next.to_owned()])),
    ]);
    Rule { alert: Some("SlaRulesRunOut"), expr, labels, annotations, ..Rule::default() }
}

/// The file: the head as comments, then the groups.
fn print(head: &[String], file: &RuleFile) -> String {
    let mut text = String::new();
    for line in head {
        // A line break or control character in a title would end the comment.
        let line: String =
            line.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect();
        text.push_str(&format!("# {line}\n"));
    }
    // About the length of a rule, so that a large file is not copied as it grows.
    text.reserve(file.groups.iter().map(|group| group.rules.len() * 640).sum());
    // Writing strings into a string cannot fail.
    let _ = serde_saphyr::to_fmt_writer(&mut text, file);
    text
}
