//! Money of several months in a row: caps, claims, combination and what is too small, worked out by hand; and what holds of
//! any months.

use super::{Ran, checked, evaluated, parties, run};
use proptest::prelude::*;
use sla::values::{Date, parse_date};

/// The ladder of a commitment: 10%, 25% and 50% of a fee of 1000.00 EUR.
fn text(effective: &str, agreement: &str, statements: &str) -> String {
    parties("Europe/Berlin", effective, agreement)
        + &format!(
            r#"signal requests "Requests" as events of api {{ measured by acme; count total; count failed; missing bad }}
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
commitment kept "Kept" of api {{ target uptime >= 99% per calendar month
  credit of monthly {{ below target gives 10%; below 95% gives 25%; below 90% gives 50% }}
  {statements} }}
"#
        )
}

/// A row on the tenth of each month, with failures of a thousand; nothing for a month without any.
fn months(first: (i16, i8), failed: &[Option<u32>]) -> String {
    let (mut year, mut month) = first;
    let mut rows = String::from("time,total,failed\n");
    for failed in failed {
        if let Some(failed) = failed {
            rows.push_str(&format!("{year}-{month:02}-10T10:00:00Z,1000,{failed}\n"));
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    rows
}

fn all(failed: &[u32]) -> Vec<Option<u32>> {
    failed.iter().copied().map(Some).collect()
}

fn settled(text: &str, failed: &[u32], from: &str, to: &str) -> Ran {
    run(text, &[("requests.csv", &months((2027, 1), &all(failed)))], from, to)
}

#[test]
fn a_cap_for_a_quarter_is_used_up_in_the_order_of_months() {
    let text = text("2027-01-01", "", "cap 60% of monthly per calendar quarter; claim automatic");
    // 25%, 50%, 10% of 1000: 250; then 600 - 250 = 350 of 500; then nothing is left of 100. In April it begins anew: 500.
    let ran = settled(&text, &[60, 200, 20, 200], "2027-01-01", "2027-04-30");
    assert_eq!(ran.owed("kept"), [250_00, 350_00, 0, 500_00]);
    // Asked for alone, a month knows what was owed before.
    assert_eq!(settled(&text, &[60, 200, 20, 200], "2027-02-01", "2027-02-28").owed("kept"), [350_00]);
    assert_eq!(settled(&text, &[60, 200, 20, 200], "2027-03-01", "2027-03-31").owed("kept"), [0]);
}

#[test]
fn caps_of_a_year_and_of_rolling_months_look_back() {
    // 700 in a calendar year: 500, 200 of 500, 0; in January 2028 500 again.
    let year = text("2027-01-01", "", "cap 700.00 EUR per calendar year; claim automatic");
    let mut failed = vec![200, 200, 200];
    failed.resize(12, 0);
    failed.push(200);
    assert_eq!(settled(&year, &failed, "2027-01-01", "2027-03-31").owed("kept"), [500_00, 200_00, 0]);
    assert_eq!(settled(&year, &failed, "2028-01-01", "2028-01-31").owed("kept"), [500_00]);
    // 700 in any twelve months: in January 2028 only those from February 2027 on count: 700 - 200 = 500.
    let rolling = text("2027-01-01", "", "cap 700.00 EUR per rolling 12 months; claim automatic");
    assert_eq!(settled(&rolling, &failed, "2027-01-01", "2027-03-31").owed("kept"), [500_00, 200_00, 0]);
    assert_eq!(settled(&rolling, &failed, "2028-01-01", "2028-01-31").owed("kept"), [500_00]);
    // With failures in December instead, nothing of January 2027 is gone yet: 500 + 200 are all.
    failed[11] = 200;
    assert_eq!(settled(&rolling, &failed, "2027-12-01", "2028-01-31").owed("kept"), [0, 500_00]);
}

#[test]
fn what_lapses_uses_up_no_cap() {
    let claims =
        text("2027-01-01", "", "cap 60% of monthly per calendar quarter; claim by globex within 30 days of window end");
    let ran = settled(&claims, &[200, 200, 0], "2027-01-01", "2027-03-31");
    assert_eq!(ran.owed("kept"), [500_00, 100_00, 0]);
    assert_eq!(ran.unclaimed("kept"), [0, 0, 0]);
    let more = format!(
        "{claims}metric again \"Again\" = uptime\ncommitment other \"Other\" of api {{ target again >= 99% per calendar month; credit of monthly {{ below target gives 30% }}; claim automatic; combine largest with kept }}\n"
    );
    // Claimed: 500 is larger than 300; in February 600 - 500 = 100 is left, and 300 is larger. Without a claim 300 each.
    let ran = settled(&more, &[200, 200, 0], "2027-01-01", "2027-03-31");
    assert_eq!((ran.owed("kept"), ran.owed("other")), (vec![500_00, 0, 0], vec![0, 300_00, 0]));
    assert_eq!((ran.unclaimed("kept"), ran.unclaimed("other")), (vec![0, 0, 0], vec![300_00, 300_00, 0]));
}

/// Three commitments with 100.00, 250.00 and 500.00 EUR in one month.
fn three(agreement: &str, more: &str) -> String {
    let commitment = |name: &str, part: u32| {
        format!(
            "commitment {name} \"{name}\" of api {{ target uptime >= 99% per calendar month; credit of monthly {{ below target gives {part}% }}; claim automatic; {more} }}\n"
        )
    };
    let text = text("2027-01-01", agreement, "claim automatic");
    let text = text.split("commitment kept").next().unwrap().to_owned();
    text + &commitment("a", 10) + &commitment("b", 25) + &commitment("c", 50)
}

#[test]
fn the_cap_of_the_agreement_is_shared_in_proportion() {
    // 100.01 of 850: 11.7658…, 29.4147…, 58.8294…: 11.76 + 29.41 + 58.82 = 99.99, and two cents are left: they go to the
    // remainders 0.0094… of c and 0.0058… of a (b has 0.0047…).
    let ran = settled(&three("cap 100.01 EUR per calendar month", ""), &[20], "2027-01-01", "2027-01-31");
    assert_eq!([ran.owed("a"), ran.owed("b"), ran.owed("c")].concat(), [11_77, 29_41, 58_83]);
    // By quarter: 850 in January leave 150 of 1000 for February: 17.647…, 44.117…, 88.235… = 17.64 + 44.11 + 88.23 = 149.98;
    // the two cents go to b (0.0076…) and a (0.0070…), and c (0.0052…) has none.
    let ran = settled(&three("cap 1000.00 EUR per calendar quarter", ""), &[20, 20, 20], "2027-01-01", "2027-03-31");
    assert_eq!(
        [ran.owed("a"), ran.owed("b"), ran.owed("c")],
        [[100_00, 17_65, 0], [250_00, 44_12, 0], [500_00, 88_23, 0]]
    );
}

#[test]
fn what_is_too_small_is_skipped_after_caps() {
    // The shares of 20 are 2.352…, 5.882…, 11.764…; at most 3 is skipped; 5.882… + 11.764… = 17.647… is 17.64, and the parts
    // rounded down make 17.64 already.
    let ran =
        settled(&three("cap 20.00 EUR per calendar month; skip at most 3 EUR", ""), &[20], "2027-01-01", "2027-01-31");
    assert_eq!([ran.owed("a"), ran.owed("b"), ran.owed("c")].concat(), [0, 5_88, 11_76]);
    // On the bound: 100 is skipped by `at most`, and not by `below`.
    let ran = settled(&three("", "skip at most 100 EUR"), &[20], "2027-01-01", "2027-01-31");
    assert_eq!([ran.owed("a"), ran.owed("b"), ran.owed("c")].concat(), [0, 250_00, 500_00]);
    let ran = settled(&three("", "skip below 100 EUR"), &[20], "2027-01-01", "2027-01-31");
    assert_eq!([ran.owed("a"), ran.owed("b"), ran.owed("c")].concat(), [100_00, 250_00, 500_00]);
}

/// The limit of the agreement is for what is owed under it, by whichever party: what a supplier owes is not.
#[test]
fn what_a_supplier_owes_is_too_small_only_by_its_own_limit() {
    let head = text("2027-01-01", "skip at most 1 EUR", "claim automatic");
    let one = |name: &str, of: &str, more: &str| {
        format!(
            "commitment {name} \"{name}\" of {of} {{ target uptime >= 99% per calendar month; credit = 0.80 EUR; claim automatic; {more} }}\n"
        )
    };
    let text = head.split("commitment kept").next().unwrap().to_owned()
        + "party edge \"Edge AG\" as supplier\nservice cdn \"Delivery\" { by edge to acme }\n"
        + "service data \"Data\" { by globex to acme }\n"
        + &[one("ours", "api", ""), one("theirs", "data", ""), one("own", "data", "skip at most 0.10 EUR")].concat()
        + &[one("supplied", "cdn", ""), one("skipped", "cdn", "skip at most 0.80 EUR")].concat();
    let ran = settled(&text, &[20], "2027-01-01", "2027-01-31");
    let owed: Vec<i64> =
        ["ours", "theirs", "own", "supplied", "skipped"].into_iter().flat_map(|name| ran.owed(name)).collect();
    assert_eq!(owed, [0, 0, 80, 80, 0]);
}

#[test]
fn a_first_month_in_part_has_a_part_of_the_fee() {
    // From 16 January: 16 of 31 days of 1000 are 516.129…; half of it is 258.064…: 258.06. In February 500.
    let text = text("2027-01-16", "", "claim automatic");
    let rows = "time,total,failed\n2027-01-20T10:00:00Z,1000,200\n2027-02-10T10:00:00Z,1000,200\n";
    let ran = run(&text, &[("requests.csv", rows)], "2027-01-01", "2027-02-28");
    assert_eq!(ran.owed("kept"), [258_06, 500_00]);
    // A cap of 300 per month is 154.838… for these days: rounded down.
    let capped = text.replace("claim automatic", "cap 300.00 EUR per calendar month; claim automatic");
    assert_eq!(run(&capped, &[("requests.csv", rows)], "2027-01-01", "2027-02-28").owed("kept"), [154_83, 300_00]);
}

fn invoiced(statements: &str) -> String {
    text("2027-01-16", "", statements).replace("= 1000.00 EUR per", "= invoiced per")
}

#[test]
fn an_invoiced_fee_stands_as_it_is_invoiced() {
    let rows = "time,total,failed\n2027-01-20T10:00:00Z,1000,200\n2027-02-10T10:00:00Z,1000,20\n2027-03-10T10:00:00Z,1000,20\n";
    // Half of 333.33 is 166.665, which is 166.66 (half to even); a tenth of 1234.56 is 123.456: 123.46. March lacks its fee.
    let fees = "date,amount\n2027-01-16,333.33\n2027-02-28,1234.56\n";
    let ran =
        run(&invoiced("claim automatic"), &[("requests.csv", rows), ("monthly.csv", fees)], "2027-01-01", "2027-03-31");
    let owed: Vec<_> = ran.of("kept").into_iter().map(|one| one.owed.clone().unwrap().ok()).collect();
    assert_eq!(owed, [Some(166_66), Some(123_46), None]);
    // Two amounts for one month.
    let twice = format!("{fees}2027-02-01,5\n");
    let ran = run(
        &invoiced("claim automatic"),
        &[("requests.csv", rows), ("monthly.csv", &twice)],
        "2027-01-01",
        "2027-03-31",
    );
    assert_eq!(ran.places(), ["SLA756 monthly.csv:4"]);
}

/// Which month's fee the cap means is settled by the year's last instant, in December: until that is invoiced the cap is not
/// known. The language says so, and it leaves March unpaid until January.
#[test]
fn a_cap_for_a_year_by_an_invoiced_fee_is_that_of_december() {
    let text = invoiced("cap 100% of monthly per calendar year; claim automatic");
    let rows = "time,total,failed\n2027-03-10T10:00:00Z,1000,200\n";
    let (march, year) = ("date,amount\n2027-03-01,100\n", "date,amount\n2027-03-01,100\n2027-12-01,40\n");
    let ran = run(&text, &[("requests.csv", rows), ("monthly.csv", march)], "2027-03-01", "2027-03-31");
    assert!(ran.all[0].owed.clone().unwrap().is_err());
    let ran = run(&text, &[("requests.csv", rows), ("monthly.csv", year)], "2027-03-01", "2027-03-31");
    assert_eq!(ran.owed("kept"), [40_00]);
}

#[test]
fn three_bad_months_in_a_row_give_a_right() {
    let text = text(
        "2027-01-01",
        "",
        "claim automatic; terminate by globex when streak(uptime < 95%) >= 3 within 60 days of window end",
    );
    let rights = |failed: &[Option<u32>]| -> Vec<bool> {
        let (last, rows) = (failed.len(), months((2027, 1), failed));
        let to = Date::new(2027, i8::try_from(last).unwrap(), 1).unwrap().last_of_month().to_string();
        let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", &to);
        ran.of("kept").into_iter().map(|one| one.rights[0] == Ok(true)).collect()
    };
    assert_eq!(rights(&all(&[60, 60, 60, 60, 0])), [false, false, true, true, false]);
    // 95% is not below 95%.
    assert_eq!(rights(&all(&[60, 50, 60, 60, 60])), [false, false, false, false, true]);
    // A month of which nothing is on record is passed over.
    assert_eq!(rights(&[Some(60), Some(60), None, Some(60)])[3..], [true]);
    assert_eq!(rights(&[Some(60), None, Some(0), Some(60), Some(60)])[4..], [false]);
}

/// A month without a row between others is missed, whether it is asked for or counts for a cap.
#[test]
fn months_that_are_asked_for_one_by_one_owe_what_they_owe_together() {
    let text = text("2027-01-01", "", "cap 60% of monthly per calendar quarter; claim automatic");
    let rows = months((2027, 1), &[Some(10), None, Some(200)]);
    let together = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-03-31").owed("kept");
    let apart = [("2027-01-01", "2027-01-31"), ("2027-02-01", "2027-02-28"), ("2027-03-01", "2027-03-31")];
    let apart = apart.map(|(from, to)| run(&text, &[("requests.csv", &rows)], from, to).owed("kept"));
    assert_eq!(apart.concat(), together);
}

/// 700 each month and a cap of 1000 in any three: 700, 300 and nothing, and so on. What May leaves depends on January, which
/// lies outside its own three months.
#[test]
fn what_was_owed_before_was_limited_as_well() {
    let text = text("2027-01-01", "", "cap 1000.00 EUR per rolling 3 months; claim automatic");
    let text = text
        .replace("below target gives 10%", "below target gives 70%")
        .replace("gives 25%; below 90% gives 50%", "gives 70%");
    let failed = [100; 6];
    assert_eq!(
        settled(&text, &failed, "2027-01-01", "2027-06-30").owed("kept"),
        [700_00, 300_00, 0, 700_00, 300_00, 0]
    );
    assert_eq!(settled(&text, &failed, "2027-05-01", "2027-05-31").owed("kept"), [300_00]);
    assert_eq!(settled(&text, &failed, "2027-06-01", "2027-06-30").owed("kept"), [0]);
}

/// A quarter owes 800 of the 1000 that the agreement leaves for a year, so that 200 are left in May, when no quarter ends.
#[test]
fn a_shared_cap_is_used_up_by_windows_that_nobody_asks_for() {
    let text = text("2027-01-01", "cap 1000.00 EUR per calendar year", "claim automatic")
        + "metric again \"Again\" = uptime\ncommitment other \"Other\" of api { target again >= 99% per calendar quarter; credit of monthly { below target gives 80% }; claim automatic }\n";
    let failed = [0, 100, 0, 0, 200];
    // February owes 250, and the quarter 750 of its 800; in May nothing is left.
    let together = settled(&text, &failed, "2027-01-01", "2027-05-31");
    assert_eq!((together.owed("kept"), together.owed("other")), (vec![0, 250_00, 0, 0, 0], vec![750_00]));
    assert_eq!(settled(&text, &failed, "2027-05-01", "2027-05-31").owed("kept"), [0]);
}

/// What has not begun is no credit beside the one that it is combined with, and leaves a cap of both as it is.
#[test]
fn what_has_not_begun_is_no_credit_among_combined_ones() {
    let text = text("2027-01-01", "cap 100.00 EUR per calendar month", "claim automatic")
        + "signal later \"Later\" as events of api { measured by acme; count total; count failed; missing excluded }\n\
           metric late \"Late\" = later.failed / later.total\n\
           metric again \"Again\" = uptime\n\
           commitment soon \"Soon\" of api { target late <= 1% per calendar month; credit = 10.00 EUR; claim automatic; combine largest with kept }\n\
           commitment other \"Other\" of api { target again >= 99% per calendar month; credit of monthly { below target gives 50% }; claim automatic }\n";
    let rows = months((2027, 1), &all(&[200]));
    let later = "time,total,failed\n2027-02-10T00:00:00+01:00,10,0\n";
    let files = [("requests.csv", rows.as_str()), ("later.csv", later)];
    let ran = run(&text, &files, "2027-01-01", "2027-01-31");
    assert_eq!((ran.owed("kept"), ran.owed("other")), (vec![50_00], vec![50_00]));
}

/// Of equal credits the one that stands first in the agreement counts, whatever it is called.
#[test]
fn of_equal_credits_the_first_counts() {
    let commitment = |name: &str, more: &str| {
        format!(
            "commitment {name} \"{name}\" of api {{ target uptime >= 99% per calendar month; credit of monthly {{ below target gives 10% }}; claim automatic; {more} }}\n"
        )
    };
    let text = text("2027-01-01", "", "claim automatic");
    let text = text.split("commitment kept").next().unwrap().to_owned();
    let text = text + &commitment("zebra", "combine largest with ape") + &commitment("ape", "");
    let ran = settled(&text, &[20], "2027-01-01", "2027-01-31");
    assert_eq!([ran.owed("zebra"), ran.owed("ape")].concat(), [100_00, 0]);
}

/// A quarterly fee of a tenth of what is invoiced is that of the quarter's last month: 400, of which half is owed.
#[test]
fn a_fee_within_a_fee_is_that_of_its_period() {
    let text = text("2027-01-01", "", "claim automatic")
        .replace("= 1000.00 EUR per", "= invoiced per")
        .replace("credit of monthly", "credit of tenth")
        + "fee tenth \"A tenth\" of api = 10% of monthly per calendar quarter\n";
    let rows = months((2027, 1), &all(&[200]));
    let fees = "date,amount\n2027-01-10,1000\n2027-03-01,4000\n";
    let ran = run(&text, &[("requests.csv", &rows), ("monthly.csv", fees)], "2027-01-01", "2027-01-31");
    assert_eq!(ran.owed("kept"), [200_00]);
}

/// The fee of a cap for the whole term is that in which the term ends, of which 15 days are within it.
#[test]
fn a_cap_for_the_term_goes_by_its_end() {
    let text = text("2027-01-01 to 2027-06-15", "", "cap 100% of monthly per contract term; claim automatic");
    let ran = settled(&text, &[200, 200, 0], "2027-01-01", "2027-03-31");
    assert_eq!(ran.owed("kept"), [500_00, 0, 0]);
}

fn limits() -> impl Strategy<Value = (String, Option<u32>, Option<u32>)> {
    (prop::option::of(0u32..900), prop::option::of(0u32..1500), any::<bool>()).prop_map(
        |(quarter, shared, automatic)| {
            let mut text = quarter.map_or(String::new(), |cap| format!("cap {cap}.005 EUR per calendar quarter; "));
            text.push_str(if automatic { "claim automatic" } else { "claim by globex within 30 days of window end" });
            (text, quarter, shared)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn caps_hold_and_more_failures_never_owe_less(
        failed in prop::collection::vec(0u32..150, 1..7),
        worse in prop::collection::vec(0u32..60, 7),
        (limits, quarter, shared) in limits(),
    ) {
        let agreement = shared.map_or(String::new(), |cap| format!("cap {cap}.00 EUR per calendar year"));
        let model = checked(&(text("2027-01-01", &agreement, &limits)
            + "metric again \"Again\" = uptime\ncommitment other \"Other\" of api { target again >= 97% per calendar month; credit of monthly { below target gives 7.333% }; claim automatic }\n"));
        let last = Date::new(2027, i8::try_from(failed.len()).unwrap(), 1).unwrap().last_of_month();
        let more: Vec<u32> = failed.iter().zip(&worse).map(|(failed, worse)| failed + worse).collect();
        let ran = |failed: &[u32], from: Date| {
            let files = [("requests.csv".to_owned(), months((2027, 1), &all(failed)))];
            evaluated(&model, &files, from, last)
        };
        let first = parse_date("2027-01-01").unwrap();
        let (least, most) = (ran(&failed, first), ran(&more, first));
        let sum = |ran: &Ran| ran.owed("kept").iter().chain(&ran.owed("other")).sum::<i64>();
        for owed in [least.owed("kept"), least.unclaimed("kept")] {
            for (months, cap) in owed.chunks(3).zip(std::iter::repeat(quarter)).filter_map(|(months, cap)| Some((months, cap?))) {
                prop_assert!(months.iter().sum::<i64>() <= i64::from(cap) * 100);
            }
        }
        if let Some(cap) = shared {
            prop_assert!(sum(&least) <= i64::from(cap) * 100);
        }
        // A cent may be lost where a cap rounds down what is shared.
        prop_assert!(sum(&least) <= sum(&most) + 2 * i64::try_from(failed.len()).unwrap());
        let unclaimed = least.unclaimed("kept").iter().chain(&least.unclaimed("other")).sum::<i64>();
        prop_assert!(unclaimed <= sum(&least) + 2 * i64::try_from(failed.len()).unwrap());
        // The last month alone owes what it owes after the others.
        let alone = ran(&failed, Date::new(2027, last.month(), 1).unwrap());
        prop_assert_eq!(alone.owed("kept"), &least.owed("kept")[failed.len() - 1..]);
        prop_assert_eq!(alone.owed("other"), &least.owed("other")[failed.len() - 1..]);
    }
}

/// A commitment that is limited over a year is settled with those that it is combined with, and with those that share a cap:
/// one month alone comes to the same as in its year.
#[test]
fn a_month_alone_is_settled_as_in_its_year() {
    let head = |terms: &str| {
        parties("UTC", "2027-01-01", terms)
            + "signal requests \"Requests\" as events of api { measured by acme; count total; count failed; missing bad }\n\
               metric rate \"Rate\" = requests.failed / requests.total when empty 0%\n"
    };
    let table =
        "time,total,failed\n2027-01-05T10:00:00Z,100,60\n2027-02-05T10:00:00Z,100,60\n2027-03-05T10:00:00Z,100,30\n";
    let alone = |text: &str| {
        let year = run(text, &[("requests.csv", table)], "2027-01-01", "2027-03-31");
        let month = run(text, &[("requests.csv", table)], "2027-03-01", "2027-03-31");
        for name in ["small", "large"] {
            assert_eq!(month.owed(name), [*year.owed(name).last().unwrap()], "{name}\n{text}");
        }
        (year.owed("small"), year.owed("large"))
    };
    let small = "commitment small \"Small\" of api { target rate <= 20% per calendar month; credit = 100.00 EUR;";
    let large = "commitment large \"Large\" of api { target rate <= 50% per calendar month; credit = 200.00 EUR; claim automatic }\n";
    let combined =
        head("") + small + " cap 150.00 EUR per calendar year; combine largest with large; claim automatic }\n" + large;
    assert_eq!(alone(&combined), (vec![0, 0, 10_000], vec![20_000, 20_000, 0]));
    let shared = head("cap 200.00 EUR per calendar month")
        + small
        + " cap 250.00 EUR per calendar year; claim automatic }\n"
        + large;
    assert_eq!(alone(&shared), (vec![6_667, 6_667, 10_000], vec![13_333, 13_333, 0]));
    // Three months of hours: January is among those of March.
    let rolling = head("") + small + " cap 250.00 EUR per rolling 2160h; claim automatic }\n" + large;
    assert_eq!(alone(&rolling), (vec![10_000, 10_000, 5_000], vec![20_000, 20_000, 0]));
}

/// 10% of what was paid for the month before; in the first month, which is half a month, 10% of the initial 70.00 EUR.
#[test]
fn a_credit_of_the_fee_of_the_month_before() {
    let text = parties("Europe/Berlin", "2027-01-16", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
fee bill "Bill" of api = invoiced per calendar month
fee fixed "Fixed" of api = 310.00 EUR per calendar month
fee base "Bill of the month before" of api = previous(bill, 70.00 EUR)
fee stated "Fixed fee of the month before" of api = previous(fixed, 70.00 EUR)
commitment kept "Kept" of api { target uptime >= 99% per calendar month
  credit of base { below target gives 10% }
  claim automatic }
commitment again "Again" of api { target uptime >= 98% per calendar month
  credit of stated { below target gives 10% }
  claim automatic }
"#;
    let rows =
        "time,total,failed\n2027-01-20T10:00:00Z,1000,30\n2027-02-10T10:00:00Z,1000,30\n2027-03-10T10:00:00Z,1000,30\n";
    let bills = "date,amount\n2027-01-16,200.00\n2027-02-01,400.00\n2027-03-01,800.00\n";
    let ran = run(&text, &[("requests.csv", rows), ("bill.csv", bills)], "2027-01-01", "2027-03-31");
    assert_eq!(ran.owed("kept"), [7_00, 20_00, 40_00]);
    // Of January 16 of 31 days lie within the term.
    assert_eq!(ran.owed("again"), [7_00, 16_00, 31_00]);
}

/// Of two rows whose limits come to the same the later one counts, in the file, in the bundle and for its reader.
#[test]
fn of_two_rows_with_one_limit_the_later_one_counts() {
    let text = |rows: &str| {
        text("2027-01-01", "", "claim automatic")
            .replace("below target gives 10%; below 95% gives 25%; below 90% gives 50%", rows)
    };
    let (own, before) = ("below target gives 5%", "below previous(uptime, 99%) gives 7%");
    for (rows, owed) in [(format!("{own}; {before}"), 70_00), (format!("{before}; {own}"), 50_00)] {
        assert_eq!(settled(&text(&rows), &[20], "2027-01-01", "2027-01-31").owed("kept"), [owed]);
    }
}
