//! What differs by options is what one would write by hand for each of them, with tables of its own.

use super::{parties, run};
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
