//! What differs by options: one clause for all of them, and nothing is said of an option that does not hold for it.

use super::{assert_says, small};

/// Three plans in two regions, with a service desk, and more statements.
fn plans(more: &str) -> String {
    small(&format!(
        r#"
dimension plan "Plan" {{ option basic "Basic"; option pro "Pro"; option max "Enterprise" }}
dimension region "Region" {{ option eu "Europe"; option us "America" }}
signal hits "Hits" as events of web {{ measured by p; count total, bad; value wait ms; field plan plan; field region region; missing bad }}
metric wrong "Error rate of hits" = hits.bad / hits.total when empty 0%
metric delay "Delay" = p95(hits.wait)
{more}"#
    ))
}

#[test]
fn what_one_option_has_more_is_said_of_it_alone() {
    let text = plans(
        r#"exclusion strike "Strike" { when "A strike"; counts excluded }
        commitment k "Errors" of web per plan, region {
          target wrong <= 1% per calendar month
          for pro { warn above 0.5%; exclude strike; cap 10 EUR per calendar month }
          for max, eu { claim by c within 5 days of window end }
          for basic, pro { claim automatic }
          for max, us { claim automatic }
          credit of f { below target gives 5% }
        }"#,
    );
    assert_says(
        &text,
        &[
            "4.1 Errors 4.1.1 This holds for each combination of plan and region by itself: “Basic”, “Pro” and “Enterprise”, each with “Europe” and “America”.",
            "4.1.2 Acme Inc. promises that the error rate of hits is at most 1% in each calendar month.",
            "4.1.3 For the plan “Pro”: This service level is at risk",
            "For the plan “Basic” or “Enterprise”: No exclusion and no maintenance is taken out",
            "For the plan “Pro”: For this service level the time of “Strike” is not counted",
            "For the plan “Pro”: The service credits for this service level are at most EUR 10.00 per calendar month.",
            "For the plan “Basic” or “Pro”, and for the plan “Enterprise” with the region “America”: The service credit is given without a claim.",
            "For the plan “Enterprise” with the region “Europe”: The Customer Co. shall send its claim",
        ],
    );
    assert_eq!(text.matches("promises that").count(), 1, "{text}");
    assert!(!text.contains("Errors (Pro, Europe)"), "{text}");
}

#[test]
fn sentences_that_differ_in_a_value_are_one_with_a_table() {
    let text = plans(
        r#"constant goal "Goal" per plan, region { basic gives 3%; pro, eu gives 2%; pro, us gives 3%; max gives 1% }
        commitment k "Errors" of web per plan, region { target wrong <= goal per calendar month }"#,
    );
    assert_says(
        &text,
        &[
            "is at most […] in each calendar month. In place of […] stands: Plan Region […] (a) Basic Each 3% (b) Pro America 3% (c) Pro Europe 2% (d) Enterprise Each 1%",
            "Goal differs by plan and region: Plan Region Value (a) Basic Each 3% (b) Pro America 3% (c) Pro Europe 2% (d) Enterprise Each 1%",
        ],
    );
}

#[test]
fn a_further_target_of_some_options_is_a_clause_of_theirs() {
    let text = plans(
        r#"commitment k "Hits" of web per plan {
          target wrong <= 1% per calendar month
          for pro { target delay <= 300ms per calendar month }
          for max { target delay <= 100ms per calendar month }
        }"#,
    );
    assert_says(
        &text,
        &[
            "promises that the error rate of hits is at most 1% in each calendar month.",
            "For the plan “Pro” or “Enterprise”: Acme Inc. promises that the delay is at most […] in each calendar month. In place of […] stands: Plan […] (a) Pro 300 milliseconds (b) Enterprise 100 milliseconds",
            "For the plan “Pro” or “Enterprise”: The target of this service level is missed if one of these promises is not kept.",
        ],
    );
}

#[test]
fn the_tiers_of_one_option_stay_together() {
    let text = plans(
        r#"constant goal "Goal" per plan { basic gives 3%; pro, max gives 1% }
        commitment k "Errors" of web per plan, region {
          target wrong <= goal per calendar month
          credit of f { above target gives 5%; above 10% gives 25% }
          claim automatic
        }"#,
    );
    assert_says(
        &text,
        &[
            "Plan Error rate of hits Service credit (a) Basic Above 3% and at most 10% 5% of the monthly fee (b) Basic Above 10% 25% of the monthly fee (c) Pro, Enterprise Above 1% and at most 10% 5% of the monthly fee (d) Pro, Enterprise Above 10% 25%",
        ],
    );
}

#[test]
fn a_desk_that_differs_is_a_table_by_priority() {
    let text = plans(
        r#"support desk "Desk" of web per plan {
          by p to c
          cases tix
          for basic { on office }
          for pro, max { on always; channel phone "+49 30 5550100" }
          channel email "desk@acme.example"
          for max { priority p0 "Urgent" { when "Nothing works"; respond within 5min } }
          priority p1 "High" { when "Something does not work"; for basic { respond within 8h }; for pro, max { respond within 1h } }
          priority p2 "Low" { when "Anything else"; respond within 24h on always }
        }"#,
    );
    assert_says(
        &text,
        &[
            "It is open […], unless a line below says otherwise. In place of […] stands: Plan […] (a) Basic in Office hours (b) Pro, Enterprise around the clock",
            "Channel Plan Address Hours (a) Telephone Pro, Enterprise +49 30 5550100 Around the clock (b) E-mail Basic desk@acme.example Office hours (c) E-mail Pro, Enterprise desk@acme.example Around the clock",
            "Priority Plan Description Urgent Enterprise Nothing works High Each Something does not work Low Each Anything else",
            "Priority Plan Response (a) Urgent Enterprise Within 5 minutes, counted around the clock (b) High Basic Within 8 hours, counted in Office hours only (c) High Pro, Enterprise Within 1 hour, counted around the clock (d) Low Each Within 24 hours, counted around the clock",
        ],
    );
}

/// Commitments that judge a desk stand in one clause, so that the table of the desk is one as well.
#[test]
fn the_times_that_are_judged_for_each_option_are_one_table() {
    let text = plans(
        r#"signal calls "Calls" as cases of web { measured by c; milestone opened, resolved; field plan plan }
        metric solved "Solved" = share(calls.resolved.in_time) when empty 100%
        support desk "Desk" of web per plan {
          by p to c
          cases calls
          for basic { on office }
          for pro, max { on always }
          channel email "desk@acme.example" on always
          priority p1 "High" { when "Something does not work"; resolve within 4h on always }
        }
        commitment solved_in_time "Solved in time" of desk per plan { target solved >= 90% per calendar month }"#,
    );
    assert_says(
        &text,
        &[
            "For the times and the cases that the service level “Solved in time” (4.1 ) measures, it says how many may be missed",
        ],
    );
    assert_eq!(text.matches("shall keep to these times").count(), 1, "{text}");
    assert_eq!(text.matches("Within 4 hours, counted around the clock").count(), 1, "{text}");
}

#[test]
fn what_is_not_a_level_of_service_differs_in_a_table_too() {
    let text = plans(
        r#"commitment k "Errors" of web per plan { target wrong <= 1% per calendar month; exclude works, strike }
        maintenance works "Works" of web per plan { for basic { budget 8h per calendar month }; for pro, max { budget 4h per calendar month }; counts excluded }
        exclusion strike "Strike" per plan { for basic, pro { when "Any strike" }; for max { when "A strike of the staff of others" }; counts excluded }
        duty tell "Tell" per plan { by c to p; do "tell the number of users"; for basic, pro { within 5 days of request }; for max { within 2 days of request } }
        recovery back "Recovery" of web per plan { by p to c; rto 8h; for max { rpo 1h } }
        report monthly "Report" per plan { by p to c; every calendar month; for max { within 2 days of window end }; for basic, pro { within 9 days of window end }; shows k }
        notice down "Outage" per plan { by p to c; when k.failing; for basic { via email }; for pro, max { via phone } }"#,
    );
    assert_says(
        &text,
        &[
            "Works 6.3.1 This holds for each plan by itself",
            "At most […] of maintenance per calendar month may be relied on",
            "(a) Basic 8 hours (b) Pro, Enterprise 4 hours",
            "For the plan “Basic” or “Pro”: This applies in the following case: Any strike.",
            "within […] of receipt of the request. In place of […] stands: Plan […] (a) Basic, Pro 5 days (b) Enterprise 2 days",
            "For the plan “Enterprise”: In a disaster at most the data of the last hour may be lost",
            "Report. This holds for each plan by itself: “Basic”, “Pro” and “Enterprise”. Acme Inc. shall send a report to The Customer Co. once in each calendar month, within […] of the end of the period that it covers. It shows “Errors”. In place of […] stands: Plan […] (a) Basic, Pro 9 days (b) Enterprise 2 days",
            "as soon as the service level “Errors” is being missed. It is sent by […]. In place of […] stands: Plan […] (a) Basic e-mail (b) Pro, Enterprise telephone",
        ],
    );
    assert!(!text.contains("(Basic)"), "{text}");
}

#[test]
fn what_is_told_of_each_option_is_told_once() {
    let text = plans(
        r#"dimension unit "Unit"
        signal up "Unit" as state of web { measured by p; every 1min; field unit unit; missing bad }
        commitment k "Errors" of web per plan, region { target wrong <= 1% per calendar month; warn above 0.5% }
        commitment l "Units" of web per unit { target share(up) >= 99% per calendar month }
        support desk "Desk" of web per plan { by p to c; cases tix; on always; priority p1 "High" { when "Any"; respond within 1h } }
        notice all "All" { by p to c; when k.failing or l.failing or desk.p1.late }
        notice of_plan "Plans" per plan { by p to c; when k.at_risk }
        report monthly "Report" { by p to c; every calendar month; shows k, wrong }
        objective o "All is well" { kpi k, l }"#,
    );
    assert_says(
        &text,
        &[
            "as soon as the service level “Errors” is being missed for at least one combination of plan and region or the service level “Units” is being missed for at least one unit or a case of priority “High” of the “Desk” is past a deadline for at least one plan.",
            "Plans. This holds for each plan by itself: “Basic”, “Pro” and “Enterprise”. Acme Inc. shall send a notice to The Customer Co. as soon as the service level “Errors” is at risk for at least one region.",
            "It shows “Errors” and “Error rate of hits”.",
            "“Errors” and “Units (each unit)”",
        ],
    );
}

#[test]
fn fees_of_options_that_are_alike_share_a_row() {
    let text = plans(
        r#"fee plan_fee "Charge" of web per plan, region { basic gives 1 EUR per calendar month; pro, eu gives 2 EUR per calendar month; pro, us gives 3 EUR per calendar month; max gives 2 EUR per calendar month }"#,
    );
    assert_says(
        &text,
        &[
            "Charge (Basic, each region) Web EUR 1.00",
            "Charge (Pro, Europe) Web EUR 2.00",
            "Charge (Enterprise, each region) Web EUR 2.00",
            "Charge (Pro, America) Web EUR 3.00",
        ],
    );
}

/// Two things with one title are called by their names as well, so that sentences about the one and the other are not one.
#[test]
fn sentences_about_two_things_with_one_title_are_not_one() {
    let text = plans(
        r#"constant rate "Rate" = 10%
        constant other_rate "rate" = 50%
        commitment k "Errors" of web per plan {
          target wrong <= 1% per calendar month
          for basic, max { credit = rate * f }
          for pro        { credit = other_rate * f }
          claim automatic
        }"#,
    );
    assert_says(
        &text,
        &[
            "Rate (rate) means 10%.",
            "rate (other_rate) means 50%.",
            "a service credit of the […], multiplied by the monthly fee. In place of […] stands: Plan […] (a) Basic, Enterprise rate (rate) (b) Pro rate (other_rate)",
        ],
    );
}

/// A sum for each option of an open dimension is of its own fees, and not of all.
#[test]
fn a_sum_for_each_option_is_of_its_own_fees() {
    let text = small(
        "dimension tenant \"Tenant\"\ndimension room \"Room\"\n\
         fee room_fee \"Room fee\" of web per tenant, room = invoiced per calendar month\n\
         fee mine \"Rooms of the tenant\" of web per tenant = sum(room_fee)\n\
         fee all \"All rooms\" of web = sum(room_fee)\n\
         signal hits \"Hits\" as events of web { measured by p; count total, bad; field tenant tenant; missing bad }\n\
         metric wrong \"Error rate of hits\" = hits.bad / hits.total when empty 0%\n\
         commitment k \"Errors\" of web per tenant { target wrong <= 1% per calendar month; credit of mine { above target gives 5% }; \
         cap 10% of all per calendar month; claim automatic }",
    );
    assert_says(&text, &["The sum of the room fee (each room)", "The sum of the room fee (each tenant, each room)"]);
}

/// A condition on all plans is one on those that have the priority, and an escalation is for the plans for which it says something.
#[test]
fn an_escalation_is_for_the_options_that_have_its_priority() {
    let text = plans(
        r#"signal tickets "Tickets" as cases of web { measured by p; milestone opened, resolved; field plan plan }
        support desk "Desk" of web per plan {
          by p to c; cases tickets; on always; channel mail "m@p.example"
          for max { priority p0 "Fire" { when "Something burns"; resolve within 2h } }
          priority p1 "Down" { when "Nothing works"; resolve within 8h }
        }
        escalation whole "Fire anywhere" { when desk.p0.open or desk.p1.late; after 0min notify p.noc }
        escalation each "Fire of a plan" per plan { for max { when desk.p0.open; after 0min notify p.noc } }"#,
    );
    assert_says(
        &text,
        &[
            "a case of priority “Fire” of the “Desk (Enterprise)” is open or",
            "for at least one plan",
            "Fire of a plan (Enterprise)",
        ],
    );
    assert!(!text.contains("when a party calls for it"), "{text}");
}

/// Nothing is relied on where no commitment excludes it: the time counts there as any other.
#[test]
fn maintenance_that_nothing_excludes_is_no_excuse() {
    let text = plans(
        r#"maintenance work "Work" of web per region { announce 3 days before start; budget 5h per calendar month; counts excluded }
        exclusion storm "Storm" per region { when "A storm"; counts excluded }
        commitment k "Errors" of web per region { target wrong <= 1% per calendar month; for eu { exclude work, storm } }"#,
    );
    assert_says(
        &text,
        &[
            "announce maintenance at least 3 days before the maintenance starts.",
            "For the region “Europe”: At most 5 hours of maintenance per calendar month may be relied on",
            "For the region “Europe”: The time affected is not counted.",
        ],
    );
    assert_eq!(text.matches("The time affected is not counted").count(), 2, "{text}");
    assert_eq!(text.matches("For the region “Europe”: The time affected is not counted").count(), 2, "{text}");
}

/// Of a signal that differs by an option, as of one that is read in parts, each record counts for its own option alone.
#[test]
fn which_records_count_for_an_option_is_said_of_each_signal() {
    let all = |jobs: &str| {
        small(&format!(
            r#"dimension region "Region" {{ option eu "Europe"; option us "America" }}
            signal hits "Hits" as events of web per region {{
              measured by p; count total, bad; field region region
              for eu {{ missing bad }}
              for us {{ missing excluded }}
            }}
            metric wrong "Error rate of hits" = hits.bad / hits.total when empty 0%
            commitment k "Errors" of web per region {{ target wrong <= 1% per calendar month }}
            {jobs}"#
        ))
    };
    let rule = |signals: &str| {
        format!(
            "Where something is measured for each region by itself, of {signals} only what is recorded for that region counts."
        )
    };
    assert_says(&all(""), &[&rule("“Hits”")]);
    let jobs = r#"signal jobs "Jobs" as events of web { measured by p; count total, bad; field region region; missing bad }
        metric lost "Share of lost jobs" = jobs.bad / jobs.total when empty 0%
        commitment l "Jobs" of web per region { target lost <= 1% per calendar month }"#;
    assert_says(&all(jobs), &[&rule("“Hits” and “Jobs”")]);
}

/// What is defined is one thing: no gap stands for a part of its name.
#[test]
fn no_gap_cuts_through_a_name() {
    let text = plans(
        r#"calendar cologne "Office hours in Cologne" { open mon to fri 09:00 to 17:00 }
        calendar tokyo "Office hours in Tokyo" { open mon to fri 00:00 to 08:00 }
        calendar long "Long hours" { open mon to sat 07:00 to 21:00 }
        metric lost "Error rate of jobs" = hits.bad / hits.total when empty 0%
        support desk "Desk" of web per region { by p to c; for eu { on cologne } for us { on tokyo } }
        support line "Line" of web per plan { by p to c; for basic { on office } for pro, max { on long } }
        commitment k "Errors" of web per region { for eu { target wrong <= 1% per calendar month } for us { target lost <= 1% per calendar month } }"#,
    );
    assert_says(
        &text,
        &[
            "It is open in […], unless a line below says otherwise. In place of […] stands: Region […] (a) Europe Office hours in Cologne (b) America Office hours in Tokyo",
            "It is open in […], unless a line below says otherwise. In place of […] stands: Plan […] (a) Basic Office hours (b) Pro, Enterprise Long hours",
            "promises that the […] is at most 1% in each calendar month. In place of […] stands: Region […] (a) Europe error rate of hits (b) America error rate of jobs",
        ],
    );
}
