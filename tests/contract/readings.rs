//! Clauses that could be read in two ways.

use super::{assert_says, contract, small, visible};

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

/// Ten days of what? A step that names an event says so itself.
#[test]
fn the_times_of_a_dispute_are_counted_from_somewhere() {
    let text = |first: &str, next: &str| {
        small(&format!(
            "dispute d \"Disputes\" {{ step one \"Managers\" within 10 days{first}; step two \"Directors\" within 20 days{next}; final court \"The courts\" }}"
        ))
    };
    let of = " of \"the hearing\"";
    let first = "of the first step is counted from the notice of the dispute by one party to the other";
    let further = "is counted from the end of the time of the step before it.";
    assert_says(&text("", ""), &[&format!("the time {first}, and that of each further step from"), "step before it."]);
    let only_first = text("", of);
    assert_says(&only_first, &[&format!("The time {first}.")]);
    assert!(!only_first.contains("step before it"), "{only_first}");
    let only_next = text(of, "");
    assert_says(&only_next, &[&format!("Where no event is named, the time of a step {further}")]);
    let none = text(of, of);
    assert!(!none.contains("notice of the dispute") && !none.contains("step before it"), "{none}");
}

#[test]
fn an_audit_says_what_it_covers() {
    let text = small(
        "audit a \"Audit\" { by c to p; scope \"The figures\"; scope \"The log\"; every 12 months; announce 10 days before start }",
    );
    let covered = "The Customer Co. may audit Acme Inc. once every 12 months. The audit covers: The figures. The log. The Customer Co. shall announce";
    assert_says(&text, &[covered]);
}

#[test]
fn a_change_that_waits_for_the_next_term_says_so() {
    let text = small("amendment a \"Changes\" { takes effect next_term; announce 90 days before \"a change\" }");
    let held = "What this agreement says at the beginning of a term holds until that term ends; a change takes effect at the beginning of the next term. Notice shall be given at least 90 days before";
    assert_says(&text, &[held]);
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
        "signal jobs \"Repair jobs\" as cases of web { measured by p; milestone opened, responded, resolved; field area [line, store] }
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

#[test]
fn a_list_says_where_it_ends() {
    let text = small(
        "metric part \"Part\" = min(100%, 90 * 24h / window)
        metric less \"Less\" = min(100%, avail) * avail
        commitment k of web { target part >= 0% per calendar month }",
    );
    assert_says(
        &text,
        &[
            "(i) 100% and (ii) (90 times 24 hours, divided by the length of the measurement period)",
            "(the lower of (i) 100% and (ii) the availability), multiplied by the availability",
        ],
    );
}

#[test]
fn an_event_without_the_value_is_not_among_those_that_are_looked_at() {
    let text = small(
        "signal calls as events of web { measured by p; count total; value wait s \"Wait\"; missing bad }
        metric waited \"Mean wait\" = mean(calls.wait)
        metric quick \"Quick calls\" = share(calls.wait <= 1s)
        commitment k of web { target waited <= 4s per calendar month }",
    );
    assert_says(
        &text,
        &[
            "the mean of the wait of all calls of the measurement period that have the measured value “Wait”",
            "the share, among the calls that have the measured value “Wait”, of those for which the wait is at most 1 second",
        ],
    );
}

#[test]
fn a_state_within_an_interval_is_one_of_its_moments() {
    let text = small(
        "signal power \"Power\" as state of web { measured by p; field feed [a, b]; missing bad }
        metric dark \"Dark time\" = share(none(power per feed) per 1min)
        metric lit \"Light\" = share(any(power per feed) per 1h)
        metric both \"Both feeds\" = share(all(power per feed) per 1h)
        metric off \"Lost time\" = total(runs(not host per 1min))
        commitment k of web { target dark <= 1% per calendar month }",
    );
    assert_says(
        &text,
        &[
            "in which at some moment of the interval, for no feed the state “Power” is up",
            "in which at every moment of the interval, for at least one feed the state “Power” is up",
            "in which at every moment of the interval, for every feed the state “Power” is up",
            "in which the state “Host” is down at some moment of the interval",
        ],
    );
}

#[test]
fn a_stretch_of_time_is_as_long_as_a_state_lasts() {
    let text = small(
        "signal power \"Power\" as state of web { measured by p; field feed [a, b]; missing bad }
        metric dark \"Dark time\" = total(runs(none(power per feed)) where length > 15min)
        metric off \"Lost time\" = total(runs(not host))
        commitment k of web { target dark <= 1min per calendar month }",
    );
    assert_says(
        &text,
        &[
            "the uninterrupted stretches of time during which for no feed the state “Power” is up, where the length of a stretch is above 15 minutes",
            "the uninterrupted stretches of time during which the state “Host” is not up",
            "An uninterrupted stretch of time lasts from the moment at which what it is about begins to hold to the moment at which it ceases to hold.",
            "A stretch that crosses the limit of a measurement period is judged by its full length",
        ],
    );
    assert!(!text.contains("A state holds in an interval"), "{text}");
}

#[test]
fn a_case_belongs_to_one_period() {
    let own = "metric soon \"Soon\" = share(tix.responded.after <= 1h) when empty 100% { window of tix.opened }
        commitment k of web { target soon >= 90% per calendar month }";
    let text = small(own);
    assert_says(&text, &["A case belongs to the measurement period in which it reaches the milestone “opened”."]);
    for idle in ["the milestone that is measured", "deadline passes", "reopening", "neither in time nor late"] {
        assert!(!text.contains(idle), "{idle}: {text}");
    }
    let both = format!(
        "{own} metric mean \"Mean time\" = mean(tix.responded.after) when empty 0s
        commitment l of web {{ target mean <= 1h per calendar month }}"
    );
    let unless = "Unless the definition of a measure says otherwise, a case belongs to the measurement period in which it reaches the milestone that is measured.";
    assert_says(&small(&both), &[unless]);
}

#[test]
fn what_a_claim_waits_for_is_named() {
    let text = small(
        "commitment k of web { target avail >= 99% per calendar month; credit of f { below target gives 10% }
          claim by c within 24h of awareness to p.noc with \"The times\" }",
    );
    assert_says(&text, &["within 24 hours of becoming aware of the failure.", "The claim shall contain: the times."]);
}

#[test]
fn what_is_given_besides_a_time_holds_at_all_other_times() {
    let text = small(
        "dimension plan \"Plan\" { option a \"Alpha\"; option b \"Beta\" }
        signal calls as events of web { measured by p; field plan plan; value wait s \"Wait\"; missing bad }
        metric waited \"Mean wait\" = mean(calls.wait)
        commitment k of web per plan { target waited <= 4s per calendar month }
        example one of k for a during 2027-06 {
          given calls.wait = 1s
          given calls.wait = 9s from 2027-06-10 10:00 to 2027-06-10 11:00
        }",
    );
    assert_says(&text, &["Given: “Wait (Alpha)” is 1 second at all other times."]);
}

#[test]
fn an_agreement_without_service_levels_says_nothing_of_them() {
    let text = small(
        "support desk \"Desk\" of web { by p to c; cases tix; on office; priority p1 { respond within 1h } }
        recovery back of db { by s; rto 4h }",
    );
    for idle in
        ["Measurement period means", "Service level means", "working days counts", "not measured", "Risk and recovery"]
    {
        assert!(!text.contains(idle), "{idle}: {text}");
    }
}

#[test]
fn all_of_something_is_not_at_least_all() {
    let text = small("commitment k of web { target hostup >= 100% per calendar month }");
    assert_says(&text, &["promises that the host uptime is 100% in each calendar month."]);
}

#[test]
fn working_days_are_explained_where_something_is_counted_in_them() {
    let duty = "duty plan { by p to c; do \"Plan\"; within 2 days on desk of request }
        calendar desk \"Desk\" { timezone \"America/New_York\"; open mon to fri 09:00 to 17:00 }";
    let counts = "counts the dates of the time zone of this agreement on which the named calendar is open";
    assert_says(&small(duty), &[counts]);
}

#[test]
fn several_things_have_a_share_or_a_number() {
    let text = small(
        r#"metric kept "Kept calls" = 100% - req.failed / req.total when empty 0%
        metric lost "Lost calls" = count(req)
        commitment a of web { target kept >= 90% per calendar month }
        commitment b of web { target lost <= 9 per calendar month }"#,
    );
    assert_says(&text, &["that the share of kept calls is at least 90%", "Share of kept calls means"]);
    assert_says(&text, &["that the number of lost calls is at most 9", "Number of lost calls means"]);
}

/// A template calls its calendars as its parameters: the contract calls them by their titles, also where something else of the
/// agreement has the name of a parameter.
#[test]
fn calendars_that_are_given_to_a_template_are_called_by_their_titles() {
    let text = small(
        "calendar hours \"Market hours\" { open sat 09:00 to 12:00 }
        calendar late \"Late hours\" { open mon to fri 17:00 to 20:00 }
        holidays feast \"Feast days\" { closed 12-24 \"Christmas Eve\" }
        template rest(hours as calendar, more as calendar, days as holidays) {
          calendar off \"Off hours\" = always except (hours or more)
          calendar both \"All hours\" = hours or more except all_days
          holidays all_days \"All days\" = days
        }
        use rest(office, late, feast) as desk \"Desk\"
        duty a { by p to c; do \"Answer\"; on desk_off }
        duty b { by p to c; do \"Answer\"; on desk_both }
        duty d { by p to c; do \"Answer\"; on hours }",
    );
    assert_says(
        &text,
        &[
            "Off hours (Desk) means the times of all hours of every day except (“Office hours” or “Late hours”).",
            "All hours (Desk) means the times of “Office hours” or “Late hours” except the dates of “All days (Desk)”.",
        ],
    );
}

/// The title of a use stands in brackets after that of a declaration, which stays a noun of the sentence.
#[test]
fn the_title_of_a_use_leaves_a_title_a_noun() {
    let text = small(
        "template of_requests(requests as signal) {
          metric good \"Availability by requests\" = 100% - requests.failed / requests.total when empty 100%
          metric lost \"Failed requests\" = requests.failed / requests.total when empty 0%
          commitment kept \"Availability\" of web { target good >= 99.5% per calendar month }
        }
        template both(requests as signal) { use of_requests(requests) as inner \"API\" }
        use of_requests(req) as api \"API\"
        use both(req) as eu \"Europe\"
        commitment k of web { target api_lost <= 1% per calendar month }",
    );
    assert_says(
        &text,
        &[
            "that the availability by requests (API) is at least 99.5%",
            "that the availability by requests (API, Europe) is at least 99.5%",
            "that the share of failed requests (API) is at most 1%",
        ],
    );
}

#[test]
fn a_case_belongs_to_the_period_of_what_is_measured_or_of_its_opening() {
    let said = |measures: &str| {
        small(&format!(
            "signal calls \"Calls\" as cases of web {{ measured by p; milestone opened, responded; field lost yes_no }}
            {measures}"
        ))
    };
    let opened = "A case belongs to the measurement period in which it is opened.";
    let measured = "A case belongs to the measurement period in which it reaches the milestone that is measured.";
    let else_opened = "Where no milestone is measured, it belongs to the measurement period in which it is opened.";
    let condition = "A condition on which cases are looked at does not change that.";
    let first = "Of several milestones in one measure, the one that its definition names first decides.";
    let field = said("commitment k of web { target share(calls.lost) <= 1% per calendar month }");
    assert_says(&field, &[opened]);
    assert!(!field.contains("milestone that is measured"), "{field}");
    let slow = said(
        "metric slow \"Slow\" = count(calls where calls.responded.after > 1h)
        commitment k of web { target slow <= 1 per calendar month }",
    );
    assert_says(&slow, &[&format!("{opened} {condition}")]);
    let both = said(
        "metric wait \"Wait\" = mean(calls.responded.after where calls.lost = false)
        metric lost \"Lost\" = share(calls.lost)
        commitment k of web { target wait <= 1h per calendar month; target lost <= 1% per calendar month }",
    );
    assert_says(&both, &[&format!("{measured} {else_opened}")]);
    assert!(!both.contains(condition), "{both}");
    // Milestones stand behind a metric as well.
    let gap = said(
        "metric apart = tix.resolved.after - tix.responded.after
        metric gap \"Gap\" = mean(apart)
        commitment k of web { target gap <= 1h per calendar month }",
    );
    assert_says(&gap, &[&format!("{measured} {first}")]);
    assert!(!gap.contains(else_opened), "{gap}");
}

/// A rule of interpretation stands where a clause uses what it defines.
#[test]
fn only_rules_that_something_uses_stand() {
    let head = r#"agreement bare "Bare" { version "1"; status in_force; effective 2027-01-31; timezone "UTC"; currency EUR }
party p "Acme Inc." as provider { contact noc "NOC" }
party c "The Customer Co." as customer
service web "Web" { by p to c }
signal req "Requests" as events of web { measured by p; count total, failed; missing bad }
metric err "Error rate" = req.failed / req.total when empty 0%
metric avail "Availability" = 100% - mean(err per 5min)
metric down "Stretches" = runs(err > 50% per 1min)
"#;
    let text = |more: &str| visible(&contract(&format!("{head}{more}")));
    let judged = "commitment k of web { target avail >= 99% per calendar month }\n";
    let rules = [
        "A deadline in days without a calendar",
        "Where something is due a number of days before an event",
        "A week is seven days.",
        "A deadline or term in months",
        "excluded time",
        "Excluded time",
        "neither counts nor interrupts",
        "gives no right to terminate",
        "Time that is not counted is cut out",
    ];
    let standing = |more: &str| -> Vec<&str> {
        let text = text(more);
        rules.into_iter().filter(|rule| text.contains(rule)).collect()
    };
    assert_eq!(standing(judged), [""; 0]);
    assert!(text(judged).contains("Values are compared exactly"));
    let plain = head.lines().filter(|line| !line.starts_with("metric")).collect::<Vec<_>>().join("\n");
    assert!(!visible(&contract(&plain)).contains("Values are compared"), "{plain}");
    let stands = |more: &str, expected: &[&str]| assert_eq!(standing(&format!("{judged}{more}")), expected, "{more}");
    stands("duty d { by c; do \"Answer\"; within 2 days of request }", &rules[..1]);
    stands("maintenance m of web { announce 3 days before start }", &rules[1..2]);
    stands("meeting m { by p to c; every 2 weeks }", &rules[2..3]);
    stands("review r { by p to c; every 12 months }", &rules[3..4]);
    // An exclusion that no service level takes into account excludes nothing.
    let strike = "exclusion strike { when \"A strike\"; counts excluded }\n";
    stands(strike, &[]);
    let excluding = judged.replace(" }", "; exclude strike }") + strike;
    assert_eq!(standing(&excluding), ["excluded time", "Excluded time", "Time that is not counted is cut out"]);
    let met = excluding.replace("counts excluded", "counts met");
    assert_eq!(standing(&met), [""; 0]);
    // So does the breach of a duty that excuses a miss.
    let excuse = "duty d { by c; do \"Answer\"; within 2h of request; excuses k }";
    stands(excuse, &["excluded time", "Excluded time", "Time that is not counted is cut out"]);
    let both = format!("{}{excuse}", met);
    assert_eq!(text(&both).matches("is cut out at its exact start").count(), 1);
    let left_out = format!("{head}{judged}").replace("missing bad", "missing excluded");
    assert!(visible(&contract(&left_out)).contains("or excluded time cuts"));
    let gaps = left_out.replace("missing excluded", "missing bad after 15min");
    assert!(visible(&contract(&gaps)).contains("or excluded time cuts"));
    let streak = judged.replace(" }", "; terminate by c when streak(avail < 90%) >= 3 }");
    assert_eq!(standing(&streak), ["neither counts nor interrupts"]);
    let applies = judged.replace(" }", "; applies when req.total > 5; terminate by c when avail < 90% }");
    assert_eq!(standing(&applies), ["gives no right to terminate"]);
}

/// Where a formula stands within another one, its words show where it ends: two formulas that pay otherwise do not read alike.
#[test]
fn formulas_that_mean_different_things_read_differently() {
    let defined = |formula: &str| {
        let text = small(&format!(
            "metric asked \"Asked\" = {formula}\ncommitment k of web {{ target asked <= 1000 per calendar month }}\n"
        ));
        let at = text.find("Asked means ").unwrap_or_else(|| panic!("{text}"));
        text[at..].split(" 2.2 ").next().unwrap().trim_start_matches("Asked means ").to_owned()
    };
    for [one, other] in [
        ["count(err > 2% per 1h) + 2", "count(err > 2% + 2% per 1h)"],
        ["completed(req.failed + 2, 2)", "completed(req.failed, 2) + 2"],
        ["completed(req.failed * 2, 3)", "completed(req.failed, 3) * 2"],
        ["started(req.failed / 3, 2)", "started(req.failed, 2) / 3"],
        ["req.failed + count(err > 2% per 1h) + 5", "req.failed + count(err > 2% + 5% per 1h)"],
    ] {
        let [one, other] = [one, other].map(defined);
        assert!(one != other && (one.contains('(') || other.contains('(')), "{one}\n{other}");
    }
    assert_eq!(
        defined("count(err > 2% per 1h) + 2"),
        "(the number of 1-hour intervals of the measurement period in which the error rate is above 2%) plus 2."
    );
    assert_eq!(
        defined("completed(req.failed + 2, 2)"),
        "the number of complete steps of 2 in (the number of requests counted as “failed” plus 2)."
    );
}
