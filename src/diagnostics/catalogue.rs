use std::fmt;

use super::did_you_mean;

/// How much a finding weighs, the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The agreement has no meaning, or one that nobody can want; nothing is built.
    Error,
    /// The agreement has a meaning that is probably not the one intended.
    Warning,
    /// The agreement could be better.
    Advice,
    /// Information, such as that no alert can be made for a clause.
    Note,
}

impl Severity {
    /// The word shown to people and programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// One kind of finding. Codes are stable and never reused.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// The stable id, such as `SLA201`.
    pub id: &'static str,
    /// The stable name, such as `undefined-name`.
    pub name: &'static str,
    /// The weight, unless a finding says otherwise.
    pub severity: Severity,
    /// What the finding is, in one line.
    pub title: &'static str,
    /// Why it matters, an example that fails and one that passes, in Markdown.
    pub explanation: &'static str,
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.id, self.name)
    }
}

/// The families of codes: the digit after `SLA`, and what the family is about.
pub const FAMILIES: [(char, &str); 10] = [
    ('0', "the file itself"),
    ('1', "syntax"),
    ('2', "names"),
    ('3', "types, units and values"),
    ('4', "targets, tiers and credits"),
    ('5', "time, calendars, clocks and support"),
    ('6', "duties, disputes and people"),
    ('7', "completeness, status and measurements"),
    ('8', "what a target cannot express"),
    ('9', "not supported yet"),
];

impl Code {
    /// Whether findings of one place are told for each reason that they show: of promises that are not compared, each says
    /// something else of what is to be read side by side.
    #[must_use]
    pub fn is_told_by_reason(&self) -> bool {
        *self == *codes::SUPPLIERS_NOT_COMPARED
    }

    /// What the code's family is about.
    #[must_use]
    pub fn family(&self) -> &'static str {
        let digit = self.id.chars().nth(3);
        FAMILIES.iter().find(|(family, _)| Some(*family) == digit).map_or("", |(_, about)| about)
    }
}

/// Declares the codes, one a line, in the order of their ids.
macro_rules! catalogue {
    ($($constant:ident $id:literal $name:literal $severity:ident $title:literal;)*) => {
        /// Every code as a constant.
        pub mod codes {
            use super::{Code, Severity};

            $(
                #[doc = concat!($id, " ", $name, ": ", $title)]
                pub const $constant: &Code = &Code {
                    id: $id,
                    name: $name,
                    severity: Severity::$severity,
                    title: $title,
                    explanation: include_str!(concat!("../../docs/findings/", $id, ".md")),
                };
            )*

            /// Every code, in the order of ids.
            #[must_use]
            pub fn all() -> &'static [&'static Code] {
                &[$($constant),*]
            }
        }
    };
}

catalogue! {
    // The file itself.
    UNREADABLE_FILE "SLA001" "unreadable-file" Error "a file cannot be read";
    FILE_TOO_LARGE "SLA002" "file-too-large" Error "a file is too large to be an agreement";
    NOT_UTF8 "SLA003" "not-utf8" Error "a file is not written in UTF-8";
    ANOTHER_KIND_OF_FILE "SLA004" "another-kind-of-file" Error "a file belongs to another program";
    EMPTY_FILE "SLA005" "empty-file" Error "an agreement file says nothing";
    NESTED_TOO_DEEPLY "SLA006" "nested-too-deeply" Error "blocks or brackets are nested too deeply";
    NO_AGREEMENT_FILE "SLA007" "no-agreement-file" Error "a folder has no agreement file";
    SAME_AGREEMENT_TWICE "SLA008" "same-agreement-twice" Error "two agreements of one run have the same name";
    UNWRITABLE_FILE "SLA009" "unwritable-file" Error "a file cannot be written";
    IMPORT_OUTSIDE "SLA041" "import-outside" Error "an import leads out of the project's folder";
    IMPORT_NOT_FOUND "SLA042" "import-not-found" Error "an imported file does not exist";
    IMPORT_UNREADABLE "SLA043" "import-unreadable" Error "an imported file cannot be read";
    CIRCULAR_IMPORT "SLA044" "circular-import" Error "files import each other in a circle";
    TOO_MANY_IMPORTS "SLA045" "too-many-imports" Error "imports are too many or too deep";
    UNKNOWN_LIBRARY "SLA046" "unknown-library" Error "no library of that name comes with the program";
    ODD_IMPORT_PATH "SLA047" "odd-import-path" Error "a path of an import is not written as one";
    BROKEN_PROJECT_FILE "SLA051" "broken-project-file" Error "a project's `sla.toml` cannot be used";
    UNKNOWN_PROJECT_KEY "SLA052" "unknown-project-key" Error "`sla.toml` has a key that does not exist";
    STANDARD_NOT_NAMED "SLA053" "standard-not-named" Warning "an agreement does not name a standard that the project requires";
    IDLE_SETTING "SLA054" "idle-setting" Warning "a setting of `sla.toml` does nothing";

    // Syntax.
    UNEXPECTED_TEXT "SLA101" "unexpected-text" Error "a text cannot be read";
    MISSING_BRACE "SLA102" "missing-brace" Error "a block is not closed";
    STRAY_BRACE "SLA103" "stray-brace" Error "a closing brace has no block";
    MISSING_NAME "SLA104" "missing-name" Error "a declaration has no name that can be read";
    UNTERMINATED_STRING "SLA105" "unterminated-string" Error "a string is not closed";
    HIDDEN_CHARACTER "SLA106" "hidden-character" Error "a character cannot be seen";
    UNKNOWN_ESCAPE "SLA107" "unknown-escape" Error "a backslash in a string has no meaning";

    // Names.
    UNDEFINED_NAME "SLA201" "undefined-name" Error "a name is not declared";
    DUPLICATE_NAME "SLA202" "duplicate-name" Error "a name is declared twice";
    UNUSED_NAME "SLA203" "unused-name" Warning "a declaration is never used";
    MISSING_AGREEMENT "SLA204" "missing-agreement" Error "a file has no agreement";
    SEVERAL_AGREEMENTS "SLA205" "several-agreements" Error "a file has several agreements";
    CIRCULAR_DEFINITION "SLA206" "circular-definition" Error "a definition leads back to itself";
    SAME_TITLE "SLA207" "same-title" Warning "two things have one title";
    VARIANT_MISSING "SLA208" "variant-missing" Error "nothing is said for a combination of options";
    VARIANT_TWICE "SLA209" "variant-twice" Error "two things are said for one combination of options";
    VARIANT_UNKNOWN "SLA210" "variant-unknown" Error "it is not said for which option something is meant";
    VARIANT_NEVER "SLA211" "variant-never" Warning "what is said for some options holds for none";
    VARIANTS_ALIKE "SLA212" "variants-alike" Warning "nothing differs by a dimension of a commitment or an escalation";
    PARTY_DIFFERS "SLA213" "party-differs" Warning "a party or a contact that comes along with an import is another one here";

    // Types, units and values.
    UNIT_MISMATCH "SLA301" "unit-mismatch" Error "two values of different units are mixed";
    OUT_OF_RANGE "SLA302" "out-of-range" Error "a value is outside its range";
    UNKNOWN_OPTION_WORD "SLA303" "unknown-option-word" Error "a word is not one of the choices";
    MISPLACED_STATEMENT "SLA304" "misplaced-statement" Error "a statement stands in the wrong block";
    REPEATED_STATEMENT "SLA305" "repeated-statement" Error "a statement is written twice";
    WRONG_KIND "SLA306" "wrong-kind" Error "a name is of the wrong kind";
    NO_WARNING_MARGIN "SLA307" "no-warning-margin" Error "a commitment without a warning margin is never at risk";
    WRONG_ARGUMENT "SLA308" "wrong-argument" Error "a function or a place is given what it cannot take";
    WRONG_GRAIN "SLA309" "wrong-grain" Error "a value cannot be read at this place";
    NUMBER_OUT_OF_RANGE "SLA310" "number-out-of-range" Error "a number is too long or too large";
    IMPOSSIBLE_DATE "SLA311" "impossible-date" Error "a date does not exist";
    UNKNOWN_ZONE "SLA312" "unknown-zone" Error "a time zone does not exist";
    UNKNOWN_CURRENCY "SLA313" "unknown-currency" Error "a currency does not exist";
    INCOMPLETE_STATEMENT "SLA314" "incomplete-statement" Error "a statement lacks a part that it needs";
    IMPOSSIBLE_HOURS "SLA315" "impossible-hours" Error "opening hours do not fit a day";
    BAD_SELECTOR "SLA331" "bad-selector" Error "a selector of Prometheus cannot be used in rules";

    // Targets, tiers and credits.
    TIERS_OUT_OF_ORDER "SLA401" "tiers-out-of-order" Warning "a worse result earns a smaller credit";
    DEAD_TIER "SLA402" "dead-tier" Warning "a row of a credit table can never apply";
    CREDIT_THOUGH_MET "SLA403" "credit-though-met" Warning "a row covers results that meet the target";
    GAP_IN_BANDS "SLA404" "gap-in-bands" Warning "a result that misses the target earns nothing";
    OVERLAP_IN_BANDS "SLA405" "overlap-in-bands" Warning "a result falls into two bands";
    MIXED_DIRECTIONS "SLA406" "mixed-directions" Error "the rows of a credit table point in different directions";
    WARNING_TOO_LATE "SLA407" "warning-too-late" Warning "a warning stands on the wrong side of the target";
    TARGET_TOO_FINE "SLA408" "target-too-fine" Warning "a target is finer than its measurement can show";
    ROUNDING_TOO_COARSE "SLA409" "rounding-too-coarse" Warning "a metric is rounded to a step larger than its slack";
    CREDIT_WITHOUT_CLAIM "SLA410" "credit-without-claim" Error "a credit is promised, but not how to get it";
    CAP_BELOW_TIER "SLA411" "cap-below-tier" Warning "a cap keeps a row from paying what it says";
    CLAIM_BEFORE_REPORT "SLA412" "claim-before-report" Warning "a claim lapses before the report is due";
    PERCENT_WITHOUT_BASE "SLA413" "percent-without-base" Error "a percentage does not say of what";
    NOTHING_MEASURED "SLA414" "nothing-measured" Warning "a metric does not depend on any measurement";
    INCOMPLETE_COMMITMENT "SLA415" "incomplete-commitment" Error "a commitment lacks its target or its service";
    LARGE_MAINTENANCE_BUDGET "SLA416" "large-maintenance-budget" Advice "more maintenance is allowed than downtime";
    NO_AUDIT_RIGHT "SLA417" "no-audit-right" Advice "a party measures itself, and nobody may check it";
    UNBOUNDED_MISSING "SLA418" "unbounded-missing" Error "missing data cannot count as bad where there is no worst value, or as good where there is no best one";
    INCOMPLETE_SIGNAL "SLA419" "incomplete-signal" Warning "a signal does not say who measures it, or what missing data counts as";
    EMPTY_PROMISE "SLA420" "empty-promise" Warning "a target or a condition can only come out one way";
    FEE_PERIOD_DIFFERS "SLA421" "fee-period-differs" Advice "a credit or a cap is a part of a fee for another period";
    IDLE_CLAUSE "SLA422" "idle-clause" Warning "a clause has nothing that it could apply to";
    DECISION_BEFORE_CLAIM "SLA423" "decision-before-claim" Warning "a decision may be due before the claim that it decides";
    SUPPLIERS_BELOW_TARGET "SLA424" "suppliers-below-target" Warning "the services that a promise depends on are promised less";
    FAILURES_TOGETHER "SLA425" "failures-together" Advice "a promise holds only while services do not fail together";
    SUPPLIER_WINDOW_DIFFERS "SLA426" "supplier-window-differs" Warning "a promise depends on one over other windows, which allow more at once";
    SUPPLIER_COUNTS_LESS "SLA427" "supplier-counts-less" Warning "outages that break a promise are not counted by the one that it depends on";
    SUPPLIER_EXCLUDES_MORE "SLA428" "supplier-excludes-more" Advice "what a supplier excludes counts against a promise";
    SUPPLIER_CLAIM_LAPSES "SLA429" "supplier-claim-lapses" Warning "a claim against a supplier lapses before the customer's";
    SUPPLIER_PAYS_LESS "SLA430" "supplier-pays-less" Advice "a supplier pays less for an outage than is owed for it";
    SUPPLIERS_NOT_COMPARED "SLA431" "suppliers-not-compared" Advice "a promise is not compared with one that it depends on";
    MONTHS_DIFFER "SLA432" "months-differ" Warning "figures are shares of months of different lengths";
    SUPPLIER_AT_OTHER_TIMES "SLA433" "supplier-at-other-times" Warning "what a supplier promises holds at other times than the promise that depends on it";
    STATES_TOGETHER "SLA434" "states-together" Warning "a state of several things is read as if it were of one";
    IDLE_SLICES "SLA435" "idle-slices" Advice "a slice in which there is nothing to count leaves a measure undecided";

    // Time, calendars, clocks and support.
    CLOCK_NEVER_OPENS "SLA501" "clock-never-opens" Error "a calendar has no open hour within the term";
    HOLIDAYS_END_EARLY "SLA502" "holidays-end-early" Warning "a list of holidays does not cover the term";
    SLOW_RESPONSE "SLA503" "slow-response" Warning "a response may come after the resolution is due";
    SLOW_WORKAROUND "SLA504" "slow-workaround" Warning "a workaround may come after the resolution is due";
    SLOW_UPDATES "SLA505" "slow-updates" Warning "the first update is due after the resolution";
    PRIORITIES_OUT_OF_ORDER "SLA506" "priorities-out-of-order" Warning "a higher priority is slower than a lower one";
    ESCALATION_TOO_LATE "SLA507" "escalation-too-late" Warning "an escalation step comes when the deadline has passed";
    ESCALATION_OUT_OF_ORDER "SLA508" "escalation-out-of-order" Warning "the steps of an escalation are not in order";
    SLOW_RECOVERY "SLA509" "slow-recovery" Warning "a recovery may take longer than the resolution of an incident";
    INCOMPLETE_SUPPORT "SLA510" "incomplete-support" Warning "a service desk lacks its cases, hours or priorities";
    TERM_ENDS_BEFORE_START "SLA511" "term-ends-before-start" Error "an agreement ends before it takes effect";
    HISTORY_OUT_OF_ORDER "SLA512" "history-out-of-order" Warning "the dates of earlier versions are out of order";
    NOTICE_LONGER_THAN_RENEWAL "SLA513" "notice-longer-than-renewal" Warning "a cancellation is due before the period that it ends has begun";
    RHYTHM_LONGER_THAN_TERM "SLA514" "rhythm-longer-than-term" Warning "something recurring never falls within the term";
    EXAMPLE_OUTSIDE_TERM "SLA515" "example-outside-term" Warning "the dates of a worked example do not fit";
    OUTCOME_BEFORE_PROPOSAL "SLA516" "outcome-before-proposal" Error "a proposal was answered or decided before it was raised";
    UNEQUAL_WORKING_DAYS "SLA517" "unequal-working-days" Error "working days of different length are counted";
    CLOCK_NEVER_RUNS "SLA518" "clock-never-runs" Error "a pause stops a clock for good, or never";
    HOLIDAY_NOT_COVERED "SLA519" "holiday-not-covered" Warning "a holiday is not in the years that its set covers";
    OUT_OF_REACH "SLA520" "out-of-reach" Advice "the clock of a priority runs while nobody can be reached";

    // Duties, disputes and people.
    NO_OWNER "SLA601" "no-owner" Warning "nobody is named who has to do it";
    NO_DEADLINE "SLA602" "no-deadline" Advice "it is not said by when, or from when";
    STEP_WITHOUT_DEADLINE "SLA603" "step-without-deadline" Warning "a step of a dispute never goes on to the next";
    NO_FINAL_STEP "SLA604" "no-final-step" Warning "a dispute has no last word";
    NO_RECIPIENT "SLA605" "no-recipient" Warning "a report or notice goes to nobody";
    UNREACHABLE_CONTACT "SLA606" "unreachable-contact" Warning "a contact cannot be reached";
    MISSING_SIGNATORY "SLA607" "missing-signatory" Warning "an agreement has no provider or no customer";
    SELF_DEALING "SLA608" "self-dealing" Warning "a party owes something to itself, or judges itself";
    INCOMPLETE_ESCALATION "SLA609" "incomplete-escalation" Warning "an escalation lacks its condition or its steps";
    WRONG_SIDE "SLA610" "wrong-side" Error "a proposal is made, answered or decided by the wrong side";
    OWED_BY_SUPPLIER "SLA611" "owed-by-supplier" Warning "a supplier owes something to the customer";

    // Completeness and status.
    MISSING_PART "SLA701" "missing-part" Warning "an agreement in force leaves out one of its ten parts";
    OPEN_POINT "SLA702" "open-point" Error "an agreement is agreed or in force with an open point";
    WAIVED_PART_PRESENT "SLA703" "waived-part-present" Warning "a part is waived, and is there";
    INCOMPLETE_HEAD "SLA704" "incomplete-head" Warning "the head of an agreement lacks a statement";
    EXAMPLE_EXPECTS_NOTHING "SLA705" "example-expects-nothing" Warning "a worked example shows no result";
    INCOMPLETE_CLAUSE "SLA706" "incomplete-clause" Warning "a clause does not say what it is for";
    EXAMPLE_CONTRADICTED "SLA707" "example-contradicted" Error "a worked example does not come to what it says";
    EXAMPLE_UNDECIDED "SLA708" "example-undecided" Warning "a worked example cannot be computed";
    OPEN_CHOICE "SLA709" "open-choice" Error "an acceptance does not say which option it takes";
    CONTRADICTING_ENDS "SLA710" "contradicting-ends" Error "a negotiation has two ends that both stand";
    PARALLEL_NEGOTIATIONS "SLA711" "parallel-negotiations" Warning "a clause is negotiated twice at the same time";

    // Measurements.
    UNREADABLE_MEASUREMENTS "SLA751" "measurement-file-unreadable" Error "a file of measurements, or a row of it, cannot be read";
    UNKNOWN_COLUMN "SLA752" "unknown-column" Error "a file of measurements has a column that means nothing";
    MISSING_COLUMN "SLA753" "missing-column" Error "a file of measurements lacks a column";
    WRONG_VALUE "SLA754" "wrong-value" Error "a measurement is not of the form that its column has";
    TIME_WITHOUT_ZONE "SLA755" "time-without-zone" Error "the time of a measurement does not say its zone";
    DUPLICATED_ROW "SLA756" "duplicated-row" Error "two rows of measurements have the same key";
    ROW_OUTSIDE "SLA757" "row-outside" Note "rows of measurements lie outside what is evaluated";
    CONTRADICTING_ROWS "SLA758" "contradicting-rows" Error "measurements contradict each other";
    NO_MEASUREMENTS "SLA759" "no-measurements" Warning "files of measurements are not those that the agreement needs";
    LATE_ANNOUNCEMENT "SLA760" "late-announcement" Warning "maintenance was not announced in time";
    TOO_MUCH_TO_MEASURE "SLA761" "too-much-to-measure" Error "a period is too long to be evaluated in its slices";
    OPEN_PAUSE "SLA762" "open-pause" Warning "a pause of a case never ends";

    // What a target cannot express.
    NO_SOURCE "SLA801" "no-prometheus-source" Note "a promise has no source in Prometheus";
    NOT_WATCHED "SLA802" "not-watched" Note "something is not watched by Prometheus rules, or not as it is judged";
    EXCLUSIONS_COUNTED "SLA803" "exclusions-counted" Note "alerts count time that the agreement excludes or counts as met";
    UNREACHABLE_BURN_RATE "SLA804" "unreachable-burn-rate" Note "an alert on the pace of failures could never fire";
    NO_RULES_YET "SLA805" "no-rules-yet" Note "no rules are made of an agreement that is not agreed";
    JUDGED_CONDITION "SLA806" "judged-condition" Note "people judge a condition, so no alert comes from it";
    BUCKET_ASSUMED "SLA807" "bucket-assumed" Note "a bound must be the bound of a bucket";
    PAUSED_CLOCK "SLA808" "paused-clock" Note "a clock that stands still must be read from its source";
    MISSING_LEFT_OUT "SLA809" "missing-left-out" Note "alerts leave missing data out, against the agreement";

    // Not supported yet.
    NOT_SUPPORTED_YET "SLA901" "not-supported-yet" Error "a form of the language is not supported yet";
}

/// The code with that id or name, in any case of letters: `SLA201`, `sla201`, `undefined-name`.
///
/// # Errors
/// The id or name that was probably meant, if there is one.
pub fn find(word: &str) -> Result<&'static Code, Option<&'static str>> {
    let word = word.trim();
    let same = |code: &&&'static Code| code.id.eq_ignore_ascii_case(word) || code.name.eq_ignore_ascii_case(word);
    let names = || codes::all().iter().map(|code| code.name).chain(codes::all().iter().map(|code| code.id));
    codes::all().iter().find(same).copied().ok_or_else(|| did_you_mean(word, names()))
}
