//! What differs by options is what one would write by hand for each of them, with tables of its own.

use super::{parties, run};
use sla::evaluate::Verdict;
use std::fmt::Write as _;

const PLANS: [&str; 2] = ["basic", "gold"];
const REGIONS: [&str; 2] = ["eu", "us"];

/// The promise and the definition for a plan and a region, as they are said at once.
const VARIED: &str = r#"dimension plan "Plan" { option basic "Basic"; option gold "Gold" }
dimension region "Region" { option eu "Europe"; option us "America" }
fee share "Share" of api per plan, region = invoiced per calendar month
signal requests "Requests" as events of api {
  measured by acme; count total; count failed; field plan_of plan; field region region; missing excluded
}
metric error_rate "Error rate" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(error_rate per 1h)
metric outages "Outages" per plan {
  for basic = runs(error_rate > 20% per 1h) where length >= 3h
  for gold  = runs(error_rate > 10% per 1h)
}
metric down "Down" = total(outages)
constant goal "Goal" per plan, region {
  gold      gives 90%
  basic, eu gives 80%
  otherwise gives 75%
}
template month_credits(measure as metric, promise as ratio, base as fee) of commitment {
  credit of base using measure { below promise gives 10%; below 60% gives 50% }
  claim automatic
}
commitment kept "Kept" of api per plan, region {
  target uptime >= goal per calendar month
  for basic { target down <= 24h per calendar month }
  for gold  { target down <= 12h per calendar month }
  use month_credits(uptime, goal, share)
  for gold, us { cap 5.00 EUR per calendar month }
}
"#;

/// The same for one of them, by hand.
fn by_hand(plan: &str, region: &str) -> String {
    let own = format!("{plan}_{region}");
    let goal = match (plan, region) {
        ("gold", _) => "90%",
        (_, "eu") => "80%",
        _ => "75%",
    };
    let (outages, down) = match plan {
        "gold" => ("runs(error_rate > 10% per 1h)", "12h"),
        _ => ("runs(error_rate > 20% per 1h) where length >= 3h", "24h"),
    };
    let cap = if own == "gold_us" { "cap 5.00 EUR per calendar month" } else { "" };
    format!(
        r#"fee share_{own} "Share of {own}" of api = invoiced per calendar month
signal requests_{own} "Requests of {own}" as events of api {{ measured by acme; count total; count failed; missing excluded }}
metric error_rate_{own} "Error rate of {own}" = requests_{own}.failed / requests_{own}.total when empty 0%
metric uptime_{own} "Uptime of {own}" = 100% - mean(error_rate_{own} per 1h)
metric down_{own} "Down of {own}" = total({})
commitment kept_{own} "Kept of {own}" of api {{
  target uptime_{own} >= {goal} per calendar month
  target down_{own} <= {down} per calendar month
  credit of share_{own} using uptime_{own} {{ below {goal} gives 10%; below 60% gives 50% }}
  claim automatic; {cap}
}}
"#,
        outages.replace("error_rate", &format!("error_rate_{own}"))
    )
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

#[test]
fn a_variant_is_what_one_would_write_by_hand() {
    let mut dice = Dice(7);
    for _ in 0..6 {
        let (mut together, mut fees) =
            (String::from("time,total,failed,region,plan_of\n"), String::from("amount,date,region,plan\n"));
        let mut apart: Vec<(String, String)> = Vec::new();
        for plan in PLANS {
            for region in REGIONS {
                let mut own = String::from("time,total,failed\n");
                let amount = 10 + dice.next(90);
                let _ = writeln!(fees, "{amount}.50,2027-03-05,{region},{plan}");
                apart.push((format!("share_{plan}_{region}.csv"), format!("date,amount\n2027-03-05,{amount}.50\n")));
                let mut bad = 0;
                for hour in 0..24 * 31 {
                    bad = if dice.next(8) == 0 { dice.next(70) } else { bad };
                    let (day, hour) = (1 + hour / 24, hour % 24);
                    let row = format!("2027-03-{day:02}T{hour:02}:15:00+01:00,100,{bad}");
                    let _ = writeln!(own, "{row}");
                    let _ = writeln!(together, "{row},{region},{plan}");
                }
                apart.push((format!("requests_{plan}_{region}.csv"), own));
            }
        }
        let frame = parties("Europe/Berlin", "2027-01-01", "");
        let files = [("requests.csv", together.as_str()), ("share.csv", fees.as_str())];
        let varied = run(&format!("{frame}{VARIED}"), &files, "2027-03-01", "2027-03-31");
        let all = PLANS.iter().flat_map(|plan| REGIONS.iter().map(|region| by_hand(plan, region)));
        let apart: Vec<(&str, &str)> = apart.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let hand = run(&format!("{frame}{}", all.collect::<String>()), &apart, "2027-03-01", "2027-03-31");
        for plan in PLANS {
            for region in REGIONS {
                let (one, other) = (format!("kept[{plan},{region}]"), format!("kept_{plan}_{region}"));
                assert_eq!(varied.verdicts(&one), hand.verdicts(&other), "{one}");
                assert_eq!(varied.attained(&one), hand.attained(&other), "{one}");
                assert_eq!(varied.owed(&one), hand.owed(&other), "{one}");
            }
        }
    }
}

/// A row without an option belongs to nobody, and is told; one of another option is somebody else's.
#[test]
fn a_row_without_an_option_is_told() {
    let text = format!("{}{VARIED}", parties("UTC", "2027-01-01", ""));
    let files = [
        (
            "requests.csv",
            "time,total,failed,region,plan_of\n2027-03-01T00:00:00Z,1,0,eu,\n2027-03-01T00:00:00Z,1,0,mars,gold\n",
        ),
        ("share.csv", "date,amount,region,plan\n2027-03-01,1,eu,gold\n"),
    ];
    let said = run(&text, &files, "2027-03-01", "2027-03-31").said;
    let has = |words: &str| said.iter().any(|(_, _, message)| message.contains(words));
    assert!(has("column `plan_of` is empty, so that the row is of no option"), "{said:?}");
    assert!(has("`mars`"), "{said:?}");
}

const FAULTS: &str = r#"dimension region "Region" { option eu "Europe"; option us "America" }
dimension machine "Machine" { option a "A"; option b "B" }
signal requests "Requests" as events of api {
  measured by acme; count total; count failed; field region region; missing excluded
}
signal pings "Pings" as events of api { measured by acme; count total; count failed; field machine machine; missing excluded }
metric uptime "Uptime" = 100% - mean(requests.failed / requests.total per 1h)
metric machine_up "Uptime of the machine" = 100% - mean(pings.failed / pings.total per 1h)
exclusion fault "The customer's fault" { when "The customer caused it"; counts excluded }
commitment kept "Kept" of api per region { target uptime >= 90% per calendar day; exclude fault }
commitment running "Running" of api per machine { target machine_up >= 90% per calendar day; exclude fault }
duty care "Care" { by globex to acme; do "Take care"; on always; excuses kept }
"#;

/// Ten bad hours of a day for two regions and two machines.
fn faults(of: &str, rows: &str) -> super::Ran {
    let all = |column: &str, options: [&str; 2]| {
        let mut text = format!("time,total,failed,{column}\n");
        for (hour, option) in (0..24).flat_map(|hour| options.map(|option| (hour, option))) {
            let bad = if (10..20).contains(&hour) { 10 } else { 0 };
            let _ = writeln!(text, "2027-03-05T{hour:02}:15:00+01:00,10,{bad},{option}");
        }
        text
    };
    let frame = parties("Europe/Berlin", "2027-01-01", "");
    let (requests, pings) = (all("region", REGIONS), all("machine", ["a", "b"]));
    let files = [("requests.csv", requests.as_str()), ("pings.csv", pings.as_str()), (of, rows)];
    run(&format!("{frame}{FAULTS}"), &files, "2027-03-05", "2027-03-05")
}

/// What an exclusion, or a duty that excuses, says of one option is cut out for that one, and else for all.
#[test]
fn what_concerns_one_option_takes_time_from_that_one() {
    const HOURS: &str = "2027-03-05T10:00:00+01:00,2027-03-05T20:00:00+01:00";
    let met = |ran: &super::Ran, name: &str| ran.verdicts(name) == [Verdict::Met];
    for (file, rows, expected) in [
        ("fault.csv", format!("from,to\n{HOURS}\n"), [true, true, true, true]),
        ("fault.csv", format!("from,to,region,machine\n{HOURS},us,\n"), [false, true, false, false]),
        ("fault.csv", format!("from,to,machine\n{HOURS},a\n"), [false, false, true, false]),
        (
            "fault.csv",
            format!("from,to,region,machine\n{HOURS},us,\n{HOURS},eu,\n{HOURS},,b\n"),
            [true, true, false, true],
        ),
        ("fault.csv", format!("from,to,region\n{HOURS},\n"), [true, true, true, true]),
        ("care.csv", format!("region,from,to\neu,{HOURS}\n"), [true, false, false, false]),
    ] {
        let ran = faults(file, &rows);
        assert_eq!(ran.places(), Vec::<String>::new(), "{rows}");
        let names = ["kept[eu]", "kept[us]", "running[a]", "running[b]"];
        assert_eq!(names.map(|name| met(&ran, name)), expected, "{rows}");
    }
    // An option that nothing has, in a list or in the measurements, and a time that stands twice.
    for (rows, told) in [
        (format!("from,to,region\n{HOURS},asia\n"), "column `region`"),
        (
            format!("from,to,region,machine\n{HOURS},eu,a\n"),
            "no commitment that `fault` concerns has `a` in column `machine` and `eu`",
        ),
        (format!("from,to,region\n{HOURS},eu\n{HOURS},eu\n"), "the same time stands in line 2"),
    ] {
        let ran = faults("fault.csv", &rows);
        assert!(ran.said.iter().any(|(.., message)| message.contains(told)), "{rows}{:?}", ran.said);
    }
}
