//! Clauses that could be read in two ways.

use super::{assert_says, small};

#[test]
fn a_choice_shows_how_far_its_branches_reach() {
    let text = small(
        "metric down = total(runs(err > 50% per 1min))
        signal calls as events of web { measured by p; value wait s \"Wait\"; missing bad }
        metric satisfied = mean(if calls.wait <= 1s then 1 else if calls.wait <= 4s then 0.5 else 0)
        commitment k of web { target down <= 4h per calendar month; claim automatic
          credit = if down > 24h then 30 EUR else 12 EUR * started(attained - target, 1h) }
        commitment l of web { target avail >= 99% per calendar month; claim automatic
          credit = if avail < 50% then 10% of f else 5 EUR + 1% of f }",
    );
    assert_says(
        &text,
        &[
            "1 if the wait is at most 1 second, and otherwise 0.5 if the wait is at most 4 seconds, and otherwise 0",
            "EUR 30.00 if the value of “down” is above 24 hours, and otherwise (EUR 12.00, multiplied by the number of started hours by which the value of “down” exceeds 4 hours).",
            "10% of the monthly fee if the availability is below 50%, and otherwise (EUR 5.00 plus (1% of the monthly fee)).",
        ],
    );
}

#[test]
fn a_part_of_a_fee_is_said_without_detours() {
    let text = small(
        "commitment k of web { target avail >= 99% per calendar month; credit = 2% of f * 1/3; claim automatic }
        commitment l of web { target avail >= 99% per calendar month; credit = f * 2 / 3; claim automatic }",
    );
    assert_says(
        &text,
        &[
            "a service credit of 2% of the monthly fee, divided by 3.",
            "a service credit of the monthly fee, multiplied by 2, divided by 3.",
        ],
    );
}

#[test]
fn a_row_for_one_value_says_which() {
    let text = small(
        "commitment k of web { target avail >= 99% per calendar month; claim automatic
          credit of f { below target gives 5%; at most 97% gives 10%; below 97% gives 20% } }",
    );
    assert_says(&text, &["(a) Above 97% and below 99% 5%", "(b) Exactly 97% 10%", "(c) Below 97% 20%"]);
}

#[test]
fn fee_periods_that_differ_are_named() {
    let text = small(
        "fee year \"Licence\" of web = 120 EUR per calendar year
        fee both \"All charges\" = f + year
        commitment k of web { target avail >= 99% per calendar month; claim automatic
          credit of both { below target gives 5% }
          cap 20% of f per calendar quarter }
        commitment l of web { target avail >= 99% per calendar quarter; credit = 2% of f; claim automatic }
        commitment m of web { target avail >= 99% per calendar month; credit = 2% of f; cap 5% of f; claim automatic }",
    );
    assert_says(
        &text,
        &[
            "The percentage is of all charges for the calendar month and the calendar year that contain the last instant of the measurement period. At least one of those fee periods differs from the measurement period.",
            "at most 20% of the monthly fee per calendar quarter. The monthly fee is taken for the calendar month that contains the last instant of the period of the cap. That fee period differs from the period of the cap.",
            "a service credit of 2% of the monthly fee. The monthly fee is taken for the calendar month that contains the last instant of the measurement period. That fee period differs",
        ],
    );
    assert_eq!(text.matches("fee period differs").count(), 2, "{text}");
}

#[test]
fn a_duty_is_counted_from_its_own_window() {
    let text = small(
        "duty d { by c to p; do \"Send the list\"; every calendar quarter; within 5 days of window start }
        duty e { by c to p; do \"Tell the plans\"; every calendar week; announce 2 days before window start to p.noc }
        meeting m { by p to c; every 2 calendar months }",
    );
    assert_says(
        &text,
        &[
            "This shall be done within 5 days of the start of each calendar quarter.",
            "This shall be done at least 2 days before the start of each calendar week, to Acme Inc. (NOC).",
            "shall hold a meeting with The Customer Co. once in every 2 calendar months.",
            "A calendar week begins on a Monday.",
        ],
    );
}

#[test]
fn a_case_is_looked_at_by_itself() {
    let text = small(
        "signal jobs \"Repair jobs\" as cases of web { measured by p; milestone opened, responded, resolved; field area [line, store]; missing bad }
        metric line \"Line in time\" = share(jobs.resolved.in_time where area = \"line\") when empty 100%
        support desk of web { by p to c; cases jobs; on always
          priority hi { when jobs.area = \"line\"; respond within 1h; resolve within 2 days }
          priority lo { when jobs.area in [store]; respond within 1 days; resolve within 2 weeks }
          pause while \"Nobody is there\" when jobs.area != \"line\" }",
    );
    assert_says(
        &text,
        &[
            "only where the area of the case is “line”",
            "The area of the case is “line” Within 1 hour",
            "The area of the case is “store”",
            "only where the area of the case is not “line”",
            "On the clock of a case, a day that is counted around the clock is 24 hours, and a week is seven such days.",
        ],
    );
}

#[test]
fn rolling_hours_are_judged_as_rolling_days_are() {
    let text = small("commitment k of web { target avail >= 99% per rolling 24h }");
    assert_says(
        &text,
        &[
            "in any period of 24 hours",
            "A measurement period of hours, days, weeks, months or years that is not tied to the calendar",
        ],
    );
}

#[test]
fn a_rolling_promise_is_at_risk_and_missed_by_the_time_up_to_now() {
    let text = small(
        "commitment k of web { target avail >= 99% per rolling 30 days; warn below 99.5%; credit = 10 EUR; cap 20 EUR per rolling 12 months; claim automatic }
        escalation e \"E\" { when k.breached; after 0min notify p.a }",
    );
    assert_says(
        &text,
        &[
            "is at risk at a moment if its value over the 30 consecutive days up to that moment is below 99.5%.",
            "is missed over the 30 consecutive days up to that moment",
            "A cap for a period that is not tied to the calendar holds from the first day of this agreement, in full",
        ],
    );
    assert!(!text.contains("still possible") && !text.contains("current measurement period"), "{text}");
}

#[test]
fn priorities_of_one_title_are_told_apart_by_their_desks() {
    let desk = |name: &str| {
        format!(
            "support {name} \"Desk {name}\" of web {{ by p to c; on always; priority hi \"High\" {{ when \"Down\"; resolve within 4h }} }}\n"
        )
    };
    let text = small(&format!(
        "{}{}escalation e \"E\" {{ when one.hi.late or two.hi.late; after 0min notify p.a }}",
        desk("one"),
        desk("two")
    ));
    assert_says(&text, &["a case of priority “High” of the “Desk one” is past a deadline", "“High” of the “Desk two”"]);
}

#[test]
fn numbers_of_periods_are_counted() {
    let text = small(
        "commitment k of web { target avail >= 99% per calendar month; terminate by c when streak(avail < 95%) > 2 }",
    );
    assert_says(&text, &["is below 95% in more than 2 consecutive measurement periods"]);
}
