//! Tables of several clauses, and of several variants of one, that stand in one file.

use super::open::evaluated_of;

pub(super) const PARTIES: &str = r#"agreement web_terms "Web" {
  version "1.0"; status draft; effective 2027-01-01 to 2028-12-31; timezone "UTC"; currency EUR
}
party host "Host GmbH" as provider { contact desk "Service desk" { email "desk@host.example" } }
party shop "Shop Ltd" as customer { contact it "IT" { email "it@shop.example" } }
service web "Web" { by host to shop; scope "The pages" }
"#;

fn evaluated(declarations: &str, tables: &[(&str, &str)]) -> (String, String) {
    evaluated_of(&format!("{PARTIES}{declarations}"), tables, "2027-06")
}

/// Half of the 100 requests of tenant a fail, and 50 of all 200.
#[test]
fn a_signal_that_is_read_whole_and_for_each_option_has_its_options() {
    let declarations = r#"
dimension tenant "Tenant"
dimension zone "Zone"
signal requests "Requests" as events of web {
  measured by shop; count total, failed; field tenant tenant; field zone zone; missing bad
}
metric rate "Rate" = requests.failed / requests.total when empty 0%
commitment whole "Whole" of web { target rate <= 1% per calendar month }
commitment of_tenant "Tenant" of web per tenant {
  target rate <= 2% per calendar month
  credit = 1.00 EUR
  claim automatic
}
commitment of_zone "Zone" of web per zone { target rate <= 2% per calendar month }
"#;
    let rows = "time,total,failed,tenant,zone\n2027-06-03T00:00:00Z,100,50,a,z1\n2027-06-03T00:00:00Z,100,0,b,z2\n";
    let (out, err) = evaluated(declarations, &[("requests.csv", rows)]);
    assert_eq!(err, "");
    insta::assert_snapshot!("one_file", out);
}

#[test]
fn what_is_wrong_with_a_file_of_open_options_is_told_once() {
    let declarations = r#"
dimension tenant "Tenant"
signal requests "Requests" as events of web { measured by shop; count total, failed; field tenant tenant; missing bad }
metric rate "Rate" = requests.failed / requests.total when empty 0%
commitment of_tenant "Tenant" of web per tenant { target rate <= 2% per calendar month }
"#;
    let told = |rows: &str| evaluated(declarations, &[("requests.csv", rows)]).1;
    let header = told("time,total,failed,tennant\n2027-06-03T00:00:00Z,100,50,a\n");
    assert!(header.contains("there is no column `tennant`"), "{header}");
    let time = told("time,total,failed,tenant\n2027-06-03T00:00:00,100,50,a\n");
    assert!(time.contains("has no zone"), "{time}");
    let option = told("time,total,failed,tenant\n2027-06-03T00:00:00Z,100,50,\n");
    assert!(option.contains("column `tenant` is empty, so that the row is of no option"), "{option}");
    let several =
        told("time,total,failed,tenant\n2027-06-03T00:00:00Z,1,0,a\n2027-06-03T00:00:00Z,1,0,b\n2027-06-03,1,0,a\n");
    assert_eq!(several.matches("requests.csv:4").count(), 1, "{several}");
}

/// Gold counts what is slow and has its maintenance announced; basic does neither.
#[test]
fn variants_have_their_own_columns_and_words() {
    let declarations = r#"
dimension plan "Plan" { option basic "Basic"; option gold "Gold" }
signal requests "Requests" as events of web per plan {
  measured by shop; count total, failed; for gold { count slow }; missing excluded
}
metric good "Good" per plan {
  for basic = 100% - requests.failed / requests.total when empty 0%
  for gold = 100% - (requests.failed + requests.slow) / requests.total when empty 0%
}
commitment kept "Kept" of web per plan { target good >= 90% per calendar month; exclude planned }
maintenance planned "Planned" of web per plan { counts excluded; for gold { announce 2 days before start to shop.it } }
signal tickets "Tickets" as cases of web { measured by shop; milestone opened, resolved; field plan plan }
support help "Help" of web per plan {
  by host to shop
  cases tickets
  on always
  for gold { priority p0 "Down" { when "Nothing works"; resolve within 1h } }
  priority p1 "High" { when "High"; resolve within 4h }
}
metric in_time "In time" = share(tickets.resolved.in_time) when empty 100%
commitment solved "Solved" of help per plan { target in_time >= 90% per calendar month }
"#;
    let requests =
        "time,total,failed,slow,plan\n2027-06-03T10:00:00Z,100,5,,basic\n2027-06-03T10:00:00Z,100,5,6,gold\n";
    let planned = "from,to,announced,plan\n2027-06-04T09:00:00Z,2027-06-04T11:00:00Z,2027-06-01T00:00:00Z,gold\n\
                   2027-06-05T09:00:00Z,2027-06-05T11:00:00Z,,basic\n";
    let cases = "case,time,event,priority,plan\nA,2027-06-03T10:00:00Z,opened,p0,gold\nA,2027-06-03T10:30:00Z,resolved,,gold\n\
                 B,2027-06-03T10:00:00Z,opened,p1,basic\nB,2027-06-03T12:00:00Z,resolved,,basic\n";
    let tables = [("requests.csv", requests), ("planned.csv", planned), ("tickets.csv", cases)];
    let (out, err) = evaluated(declarations, &tables);
    assert_eq!(err, "");
    insta::assert_snapshot!("own_columns", out);
    // What another variant has is told where it stands.
    let wrong = cases.replace("p1,basic", "p0,basic");
    let (_, err) =
        evaluated(declarations, &[("requests.csv", requests), ("planned.csv", planned), ("tickets.csv", &wrong)]);
    assert!(err.contains("`p0` is not `p1`"), "{err}");
    let slow = requests.replace("5,,basic", "5,1,basic");
    let (_, err) =
        evaluated(declarations, &[("requests.csv", &slow), ("planned.csv", planned), ("tickets.csv", cases)]);
    assert!(err.contains("column `slow` is not for Basic"), "{err}");
}

const FAILING: &str = r#"agreement web "Web" { version "1"; status draft; effective 2027-01-01 to 2027-12-31; timezone "UTC"; currency EUR }
party acme "Acme" as provider { contact noc "NOC" { email "noc@acme.example" } }
party globex "Globex" as customer { contact it "IT" { email "it@globex.example" } }
service api "API" { by acme to globex; scope "API" }
signal asked "Requests" as events of api { measured by acme; count total, failed; value latency s; missing MISSING }
metric errors "Errors" = asked.failed / asked.total when empty 0%
metric slow "Slow" = share(asked.latency > 30s) when empty 0%
metric up "Up" = 100% - share(errors + (100% - errors) * slow >= 5% per 1min)
signal survey "Survey" as scores of api { measured by globex; scale 1 to 5 }
metric content "Content" = share(survey.score >= 4) when empty 100%
commitment kept "Kept" of api { target up >= 99.9% per calendar month }
commitment liked "Liked" of api { target content >= 90% per calendar month }
"#;

/// Where every request fails, none has a latency: those minutes were measured, and are not left out. Without a score there is
/// nothing to count.
#[test]
fn a_row_that_does_not_give_a_value_is_not_missing() {
    let rows: String = (0..30 * 24 * 60)
        .map(|minute| {
            let (day, hour, minute_of_hour) = (minute / 1440 + 1, minute / 60 % 24, minute % 60);
            let (failed, latency) = if minute < 100 { (10, "") } else { (0, "1") };
            format!("2027-06-{day:02}T{hour:02}:{minute_of_hour:02}:00Z,10,{failed},{latency}\n")
        })
        .collect();
    let asked = format!("time,total,failed,latency\n{rows}");
    let survey = "time,score\n2027-05-02T10:00:00Z,5\n";
    for missing in ["excluded", "good", "bad"] {
        let agreement = FAILING.replace("MISSING", missing);
        let tables = [("asked.csv", asked.as_str()), ("survey.csv", survey)];
        let (out, _) = super::open::evaluated_of(&agreement, &tables, "2027-06");
        assert!(out.contains("2027-06  missed  99.768519%"), "{missing}: {out}");
        assert!(out.contains("2027-06  met  ") && out.contains("100%  budget left 100%"), "{missing}: {out}");
    }
}

/// `when empty` of the whole is for where there is nothing at all: one slice without a request does not make a dark month a
/// good one.
#[test]
fn a_slice_without_anything_is_worth_what_is_read_in_it() {
    let agreement = |metrics: &str| {
        let (head, rest) = FAILING.split_once("metric errors").unwrap();
        let (_, commitment) = rest.split_once("commitment kept").unwrap();
        let (kept, _) = commitment.split_once("commitment liked").unwrap();
        format!("{head}{metrics}commitment kept{kept}").replace("MISSING", "excluded")
    };
    let inline = agreement("metric up \"Up\" = 100% - mean(asked.failed / asked.total per 5min) when empty 100%\n");
    let named = agreement(
        "metric errors \"Errors\" = asked.failed / asked.total when empty 0%\n\
         metric up \"Up\" = 100% - mean(errors per 5min) when empty 100%\n",
    );
    let dark = "time,total,failed,latency\n2027-06-01T00:00:00Z,10,10,\n2027-06-01T00:05:00Z,0,0,\n2027-06-01T00:10:00Z,10,10,\n";
    let idle = "time,total,failed,latency\n2027-06-01T00:00:00Z,0,0,\n2027-06-01T00:05:00Z,0,0,\n";
    let evaluated = |agreement: &str, rows| super::open::evaluated_of(agreement, &[("asked.csv", rows)], "2027-06").0;
    let told = evaluated(&inline, dark);
    assert!(told.contains("not decided: in a slice there is nothing to count"), "{told}");
    assert!(evaluated(&inline, idle).contains("met  100%"));
    assert!(evaluated(&named, dark).contains("missed  33.3"), "{}", evaluated(&named, dark));
    assert!(evaluated(&named, idle).contains("met  100%"));
}
