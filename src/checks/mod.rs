//! The checks of a finished model: what an agreement says that nobody can have meant, and what it leaves out.
//!
//! One function a check or a family of checks that share their arithmetic, one file a family. A check passes over
//! whatever was not understood, and none that infers from absence runs on a file that could not be read whole.

mod alike;
mod amounts;
mod anchors;
mod arithmetic;
mod bands;
mod circles;
mod claims;
mod clocks;
mod completeness;
mod conditions;
mod covered;
mod credits;
mod dates;
mod desks;
mod disputes;
mod duties;
mod elsewhere;
mod ends;
mod escalation;
mod examples;
mod excess;
mod history;
mod horizons;
mod idle;
mod incomplete;
mod interests;
mod interval;
mod language;
mod lengths;
mod limits;
mod maintenance;
mod measures;
mod money;
mod names;
mod negotiation;
mod options;
mod outside;
mod parallel;
mod pauses;
mod people;
mod percentages;
mod periods;
mod possible;
mod reach;
mod repeated;
mod rows;
mod sides;
mod slack;
mod sources;
mod starts;
mod states;
mod suppliers;
mod support;
mod targets;
mod tiers;
mod time;
mod titles;
mod unlisted;
mod worked;

use crate::diagnostics::{Code, Diagnostic, codes::*};
use crate::model::Model;

/// A check with the codes that it may tell.
type Check = (&'static [&'static Code], fn(&Model) -> Vec<Diagnostic>);

/// The checks of what an agreement says.
const SAID: &[Check] = &[
    // Money, and clauses that stand twice.
    (&[UNIT_MISMATCH], money::currencies),
    (&[OUT_OF_RANGE], money::fees),
    (&[OUT_OF_RANGE, NUMBER_OUT_OF_RANGE], arithmetic::without_result),
    (&[OUT_OF_RANGE], limits::out_of_range),
    (&[OUT_OF_RANGE], limits::factors),
    (&[REPEATED_STATEMENT], repeated::clauses),
    (&[WRONG_ARGUMENT], periods::before),
    (&[OUT_OF_RANGE], lengths::no_length),
    (&[MONTHS_DIFFER], lengths::months),
    (&[UNKNOWN_OPTION_WORD], language::language),
    (&[UNREACHABLE_CONTACT], people::addresses),
    (&[SAME_TITLE], titles::twice),
    (&[VARIANTS_ALIKE], alike::variants),
    (&[VARIANTS_ALIKE], alike::escalations),
    // Targets, tiers and credits.
    (&[OUT_OF_RANGE], percentages::out_of_range),
    (&[OUT_OF_RANGE], limits::budgets),
    (&[OUT_OF_RANGE], excess::above_fee),
    (&[OUT_OF_RANGE], percentages::multiplied),
    (&[WRONG_ARGUMENT], targets::turned_round),
    (&[WRONG_ARGUMENT], tiers::of_several_targets),
    (&[MIXED_DIRECTIONS], tiers::directions),
    (&[TIERS_OUT_OF_ORDER], tiers::order),
    (&[DEAD_TIER, CREDIT_THOUGH_MET], rows::against_target),
    (&[GAP_IN_BANDS, OVERLAP_IN_BANDS], bands::gaps_and_overlaps),
    (&[WRONG_ARGUMENT], periods::of_targets),
    (&[CIRCULAR_DEFINITION, WRONG_ARGUMENT], periods::combinations),
    (&[WRONG_ARGUMENT], claims::combined),
    (&[FEE_PERIOD_DIFFERS], periods::fees),
    (&[CAP_BELOW_TIER], credits::caps),
    (&[CAP_BELOW_TIER], limits::skips),
    (&[CLAIM_BEFORE_REPORT], credits::claims),
    (&[CIRCULAR_DEFINITION, WRONG_ARGUMENT], claims::anchors),
    (&[DECISION_BEFORE_CLAIM], claims::decided_before),
    (&[WARNING_TOO_LATE], targets::warnings),
    (&[TARGET_TOO_FINE], targets::fineness),
    (&[WRONG_GRAIN], horizons::slices),
    (&[TARGET_TOO_FINE], horizons::readings),
    (&[RHYTHM_LONGER_THAN_TERM], horizons::windows),
    (&[ROUNDING_TOO_COARSE], targets::rounding),
    (&[EMPTY_PROMISE], targets::empty),
    (&[EMPTY_PROMISE], conditions::constant),
    (&[EMPTY_PROMISE], conditions::counted),
    (&[EMPTY_PROMISE], conditions::of_other_options),
    (&[OUT_OF_RANGE], conditions::streaks),
    (&[WRONG_ARGUMENT], history::applies),
    (&[WRONG_GRAIN], history::slices),
    (&[EMPTY_PROMISE], conditions::terminations),
    (&[DEAD_TIER], conditions::formulas),
    (&[LARGE_MAINTENANCE_BUDGET], maintenance::large),
    (&[NOTHING_MEASURED], measures::nothing_measured),
    (&[UNBOUNDED_MISSING], measures::unbounded),
    (&[WRONG_ARGUMENT], measures::openings),
    (&[STATES_TOGETHER], states::together),
    (&[IDLE_SLICES], idle::slices),
    (&[UNDEFINED_NAME, WRONG_ARGUMENT, REPEATED_STATEMENT], sources::series),
    (&[UNDEFINED_NAME], sources::keys),
    // What a promise depends on.
    (&[WRONG_ARGUMENT], suppliers::figures),
    (&[SUPPLIERS_BELOW_TARGET, FAILURES_TOGETHER, SUPPLIERS_NOT_COMPARED], suppliers::composed),
    (&[SUPPLIER_WINDOW_DIFFERS], suppliers::beyond),
    (&[SUPPLIER_COUNTS_LESS, SUPPLIERS_NOT_COMPARED], suppliers::counted_less),
    (&[SUPPLIERS_NOT_COMPARED], suppliers::unlike),
    (&[SUPPLIER_EXCLUDES_MORE], suppliers::excluded),
    (&[SUPPLIER_CLAIM_LAPSES], suppliers::lapsed),
    (&[SUPPLIER_PAYS_LESS], suppliers::received),
    (&[SUPPLIER_AT_OTHER_TIMES], suppliers::elsewhere),
    // Time, calendars, clocks and support.
    (&[CLOCK_NEVER_OPENS], time::never_open),
    (&[HOLIDAYS_END_EARLY], time::holidays),
    (&[HOLIDAYS_END_EARLY], unlisted::years),
    (&[HOLIDAY_NOT_COVERED], time::uncovered_dates),
    (&[UNEQUAL_WORKING_DAYS], clocks::unequal_days),
    (&[WRONG_ARGUMENT], clocks::too_long),
    (&[WRONG_KIND, INCOMPLETE_SUPPORT], desks::cases),
    (&[INCOMPLETE_SUPPORT], desks::one_desk),
    (&[SLOW_RESPONSE, SLOW_WORKAROUND, SLOW_UPDATES], support::within_a_priority),
    (&[PRIORITIES_OUT_OF_ORDER], support::priorities),
    (&[CLOCK_NEVER_RUNS], pauses::endless),
    (&[OUT_OF_REACH], reach::channels),
    (&[SLOW_RECOVERY], support::recoveries),
    (&[ESCALATION_TOO_LATE], escalation::too_late),
    (&[ESCALATION_OUT_OF_ORDER], escalation::order),
    (&[TERM_ENDS_BEFORE_START], dates::term),
    (&[HISTORY_OUT_OF_ORDER], dates::history),
    (&[NOTICE_LONGER_THAN_RENEWAL, WRONG_ARGUMENT], dates::renewal),
    (&[RHYTHM_LONGER_THAN_TERM], dates::rhythms),
    (&[EXAMPLE_OUTSIDE_TERM], dates::examples),
    (&[EXAMPLE_OUTSIDE_TERM], examples::windows),
    (&[UNIT_MISMATCH, OUT_OF_RANGE, WRONG_ARGUMENT, REPEATED_STATEMENT], examples::values),
    (&[EXAMPLE_CONTRADICTED, EXAMPLE_UNDECIDED], worked::results),
    (&[OUTCOME_BEFORE_PROPOSAL], dates::proposals),
    // Negotiation.
    (&[CIRCULAR_DEFINITION], negotiation::circles),
    (&[WRONG_ARGUMENT], negotiation::parts),
    (&[WRONG_ARGUMENT], negotiation::deadlines),
    (&[REPEATED_STATEMENT], negotiation::named_twice),
    (&[WRONG_SIDE], negotiation::to_itself),
    (&[WRONG_SIDE], negotiation::answers),
    (&[WRONG_SIDE], sides::of_clauses),
    (&[WRONG_SIDE], negotiation::decisions),
    (&[REPEATED_STATEMENT], negotiation::decided_twice),
    (&[OPEN_CHOICE, WRONG_ARGUMENT], negotiation::choices),
    (&[CONTRADICTING_ENDS], ends::one_end),
    (&[PARALLEL_NEGOTIATIONS], parallel::talks),
    // Duties, disputes and people.
    (&[WRONG_ARGUMENT], duties::windows),
    (&[WRONG_ARGUMENT], duties::events),
    (&[SELF_DEALING], people::self_dealing),
    (&[OWED_BY_SUPPLIER], outside::owed_by_suppliers),
    (&[SELF_DEALING], interests::conflicts),
    (&[CIRCULAR_DEFINITION], circles::definitions),
    (&[CIRCULAR_DEFINITION], circles::services),
    // Completeness and status.
    (&[OPEN_POINT], completeness::open_points),
    (&[WAIVED_PART_PRESENT], completeness::waivers),
];

/// The checks of what no declaration uses, or gives where another one needs it: they run only if all of them were
/// understood, since it may stand in what was told to be wrong.
const NEVER_USED: &[Check] = &[
    (&[UNUSED_NAME], names::unused),
    (&[IDLE_CLAUSE], anchors::idle),
    (&[INCOMPLETE_SUPPORT], desks::in_time),
    (&[INCOMPLETE_STATEMENT], examples::incomplete),
];

/// The checks of what a whole file leaves out: they run only if all of it could be read.
const NOWHERE: &[Check] = &[
    (&[NO_AUDIT_RIGHT], measures::no_audit),
    (&[MISSING_SIGNATORY], people::signatories),
    (&[MISSING_PART], completeness::parts),
];

/// The checks of what single declarations leave out. Each passes over those that could not be read or understood whole.
const LEFT_OUT: &[Check] = &[
    (&[INCOMPLETE_COMMITMENT, INCOMPLETE_STATEMENT], incomplete::commitments),
    (&[INCOMPLETE_STATEMENT], incomplete::terminations),
    (&[INCOMPLETE_SUPPORT], desks::priorities),
    (&[INCOMPLETE_ESCALATION], incomplete::escalations),
    (&[INCOMPLETE_CLAUSE], incomplete::clauses),
    (&[EXAMPLE_EXPECTS_NOTHING], completeness::examples),
    (&[CREDIT_WITHOUT_CLAIM], credits::without_claim),
    (&[CREDIT_WITHOUT_CLAIM, NO_DEADLINE], claims::incomplete),
    (&[IDLE_CLAUSE], claims::idle),
    (&[INCOMPLETE_SIGNAL], incomplete::signals),
    (&[INCOMPLETE_SUPPORT], incomplete::supports),
    (&[NO_OWNER], duties::owners),
    (&[NO_DEADLINE], duties::deadlines),
    (&[NO_DEADLINE], duties::starts),
    (&[NO_DEADLINE], duties::announcements),
    (&[STEP_WITHOUT_DEADLINE], disputes::steps),
    (&[NO_FINAL_STEP], disputes::endings),
    (&[NO_RECIPIENT], people::recipients),
    (&[UNREACHABLE_CONTACT], people::unreachable),
    (&[UNREACHABLE_CONTACT], people::ways),
    (&[INCOMPLETE_HEAD], completeness::head),
    (&[INCOMPLETE_HEAD], completeness::currency),
    (&[INCOMPLETE_HEAD], dates::endless_renewal),
    (&[IDLE_CLAUSE], dates::changes),
];

/// Checks a model; the findings come in the order of the table.
#[must_use]
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let nowhere = if model.unread { &[] } else { NOWHERE };
    let never_used = if model.unread || names::any_poisoned(model) { &[] } else { NEVER_USED };
    let all = SAID.iter().chain(never_used).chain(nowhere).chain(LEFT_OUT);
    elsewhere::with_constants(model, all.flat_map(|(_, run)| run(model)).collect())
}

/// The codes that the checks may tell, in the order of the table.
pub fn codes_told() -> impl Iterator<Item = &'static Code> {
    SAID.iter().chain(NEVER_USED).chain(NOWHERE).chain(LEFT_OUT).flat_map(|(codes, _)| codes.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes;

    /// Codes of these families that are told while the model is built.
    const TOLD_BEFORE: &[&str] = &["SLA413"];
    /// Codes about measurements, which no check sees.
    const OF_MEASUREMENTS: &[&str] = &["SLA75", "SLA76"];

    /// The families that are checked on the model; the others are told while it is built, or by targets.
    #[test]
    fn every_code_of_the_checks_families_is_in_the_table() {
        let told: Vec<&str> = codes_told().map(|code| code.id).collect();
        for code in codes::all().iter().filter(|code| ('4'..='7').any(|family| code.id.chars().nth(3) == Some(family)))
        {
            let measured = OF_MEASUREMENTS.iter().any(|start| code.id.starts_with(start));
            assert!(measured || told.contains(&code.id) || TOLD_BEFORE.contains(&code.id), "no check tells {code:?}");
        }
    }
}
