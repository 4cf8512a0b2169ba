//! Closed lists of words: each is taken from the model, so that the schema and the language never differ.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::calculus::{Attribute as CalculusAttribute, Function as CalculusFunction, Grain as CalculusGrain};
use crate::model::WAYS;
use crate::{model, values};

/// A word of a closed list: the type in the bundle, where the word comes from, all words, and what it says.
macro_rules! words {
    ($($name:ident, $of:ty, $words:expr, $about:literal;)*) => { $(
        #[doc = $about]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(&'static str);

        impl From<$of> for $name {
            fn from(word: $of) -> Self {
                $name(word.as_str())
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "description": $about, "type": "string", "enum": $words })
            }
        }
    )* };
}

words! {
    Status, model::Status, model::Status::WORDS.map(|(word, _)| word), "How far the agreement has got.";
    AgreementPart, model::AgreementPart, model::AgreementPart::WORDS.map(|(word, _)| word),
        "One of the ten parts of an agreement.";
    Payment, model::Payment, model::Payment::WORDS.map(|(word, _)| word), "How credits are paid. `next_invoice`: set off against the next invoice. `within_30_days`: paid within 30 days of the decision on the claim, or of the end of the window where none is made.";
    Unused, model::Unused, model::Unused::WORDS.map(|(word, _)| word), "What becomes of credits that no invoice has taken when the agreement ends. `paid_out`: they are paid out. `lapses`: they lapse.";
    TakesEffect, model::TakesEffect, model::TakesEffect::WORDS.map(|(word, _)| word), "When a change of the agreement takes effect. `next_term`: at the beginning of the next term; what held when a term began holds until it ends.";
    Role, model::Role, model::Role::WORDS.map(|(word, _)| word),
        "What a party is; provider and customer sign, a supplier's promises are for information.";
    SignalKind, model::SignalKind, model::SignalKind::WORDS.map(|(word, _)| word), "What a signal is made of.";
    MissingPolicy, model::MissingPolicy, model::MissingPolicy::WORDS.map(|(word, _)| word),
        "As what missing data counts, slice by slice. `good`: as the best value. `bad`: as the worst value. `excluded`: its time is cut out of the window.";
    SeriesKind, model::SeriesKind, model::SeriesKind::WORDS.map(|(word, _)| word), "The type of a series.";
    Side, model::Side, model::Side::WORDS.map(|(word, _)| word), "Which side of a value a bound means.";
    Counts, model::Counts, model::Counts::WORDS.map(|(word, _)| word),
        "How excluded time counts: `excluded` is cut out of the window, `met` counts as if the promise was kept.";
    Level, model::Level, model::Level::WORDS.map(|(word, _)| word), "How likely or how bad a risk is.";
    Reclassify, model::Reclassify, model::Reclassify::WORDS.map(|(word, _)| word),
        "What a changed priority does to the clock of a case. `keep_clock`: the time so far is kept, the new priority's deadline holds at once, and the clock goes on in its hours. `restart_clock`: the clock starts again from the change.";
    Verdict, model::Verdict, model::Verdict::WORDS.map(|(word, _)| word), "What became of a proposal.";
    ProposalStanding, model::Standing, model::Standing::WORDS.map(|(word, _)| word),
        "How a proposal stands. `open`: nobody has decided or answered it. `countered`: another proposal answers it. The others are its outcome.";
    Attribute, CalculusAttribute, CalculusAttribute::ALL.map(CalculusAttribute::as_str),
        "How a commitment or the cases of a priority stand now. `failing`: the last complete slice of the metric, or the last five minutes where it has none, misses the target when taken by itself. `at_risk`: the best attainment that is still possible by the end of the window is beyond the warning margin. `breached`: even the best misses the target. Of a window that rolls, both are about the attainment over the time up to now. `open`: there is an open case. `late`: a case is past its deadline.";
    Function, CalculusFunction, CalculusFunction::ALL.map(CalculusFunction::as_str),
        "A function. Where a value was not measured, and its signal does not say what that counts as, there is no result; nor is there one of no value at all. `mean`, `sum`, `min`, `max`: of the values, or of one value for each slice; a slice of any length weighs one, and one that is cut by the window or by excluded time the part of it that is left; a sum of counts takes what is left as it is. `sum` of a fee for each option of an open dimension: the amounts for all options together. `p50`, `p90`, `p95`, `p99`: by nearest rank, the smallest value that at least so many percent of the values do not exceed. `share`: how many of all, of how many slices by the same weight, or for how much of the time, the condition holds. `count`: how many. `all`, `any`, `none`: whether the condition holds of every one, of at least one, of none. `runs`: the longest unbroken stretches of the slices, or of the time, in which the condition holds; excluded time ends a run; one that crosses an end of the window is judged by its whole length, the part within is totalled, and it is counted in the window in which it starts. `joined`: runs with at most the second argument between them are one run, and the gap is not part of its length. `total`: the sum of the lengths of runs. `streak`: how many windows in a row the condition held in, up to the one that is evaluated; a window that was not measured, or in which the commitment does not apply, neither counts nor ends the streak. `count` of a condition on the window, with `over`: in how many windows of the commitment the condition held, of the last so many up to the one that is evaluated, or of those that end within the window of `over`, which ends with it; windows that were not measured are passed over in the same way. `previous`: the value of the first argument in the window before, the last one that was measured and in which the commitment applies; where there is none, the second argument; of a fee, its amount for the period before. `started`, `completed`: the first argument divided by the second, rounded up or down to a whole number.";
    WindowKind, values::WindowKind, values::WindowKind::ALL.map(values::WindowKind::as_str),
        "What windows are aligned to. `calendar`: the calendar; weeks start on Monday. `billing`: a billing month begins on the day `agreement.billing_month_starts` of a month, or on the last day of a month without it; billing quarters and years begin with the billing month in which the agreement takes effect. `fiscal`: a fiscal year begins on `agreement.fiscal_year_starts`; fiscal quarters and months are counted from it. Weeks of both start on Monday. `contract`: a period begins on the day of the month on which the agreement takes effect, or on the last day of a month without that day.";
    PeriodUnit, values::PeriodUnit, values::PeriodUnit::ALL.map(values::PeriodUnit::as_str), "A unit of the calendar.";
    Rounding, values::Rounding, values::Rounding::ALL.map(values::Rounding::as_str),
        "How a number between two steps is rounded; up and down are away from zero and towards it.";
    Weekday, values::Weekday, values::Weekday::ALL.map(values::Weekday::as_str), "A day of the week.";
    Means, MeansWord, WAYS, "A means of telling something.";
    Grain, GrainWord, GrainWord::ALL.map(GrainWord::as_str),
        "At what an expression is read: once for all, for each interval of time, at each moment, or for each sample, event, case or score.";
}

/// Means of telling something that belong to no support.
#[derive(Clone, Copy)]
struct MeansWord(&'static str);

impl MeansWord {
    fn as_str(self) -> &'static str {
        self.0
    }
}

impl Means {
    /// The word of a file.
    pub fn new(word: &str) -> Self {
        MeansWord(WAYS.into_iter().find(|way| *way == word).unwrap_or_default()).into()
    }
}

/// Gives the grains of the calculus their words.
#[derive(Clone, Copy)]
struct GrainWord(CalculusGrain);

impl GrainWord {
    const ALL: [GrainWord; 7] = [
        GrainWord(CalculusGrain::Constant),
        GrainWord(CalculusGrain::Interval),
        GrainWord(CalculusGrain::Moment),
        GrainWord(CalculusGrain::Sample),
        GrainWord(CalculusGrain::Event),
        GrainWord(CalculusGrain::Case),
        GrainWord(CalculusGrain::Score),
    ];

    fn as_str(self) -> &'static str {
        match self.0 {
            CalculusGrain::Constant => "constant",
            CalculusGrain::Interval => "interval",
            CalculusGrain::Moment => "moment",
            CalculusGrain::Sample => "sample",
            CalculusGrain::Event => "event",
            CalculusGrain::Case => "case",
            CalculusGrain::Score => "score",
        }
    }
}

impl From<CalculusGrain> for Grain {
    fn from(grain: CalculusGrain) -> Self {
        GrainWord(grain).into()
    }
}
