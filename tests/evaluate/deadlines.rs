//! On which dates deadlines end.

use sla::model::last_date;
use sla::source::SourceMap;
use sla::values::parse_date;

const AGREEMENT: &str = r#"
agreement web "Web" { effective 2027-01-01; timezone "Europe/Berlin"; billing month starts 15 }
party acme "Acme" as provider
party globex "Globex" as customer
service api "API" { by acme to globex }
calendar late "Evenings in New York" {
  timezone "America/New_York"
  open mon 20:00 to 24:00
  open 12-24 08:00 to 12:00
  closed 12-27
}
signal up "Up" as state of api { measured by acme; missing bad }
commitment days of api { target share(up) >= 99% per calendar month; credit = 1 EUR; claim by globex within 1 day on late of window end }
commitment bills of api { target share(up) >= 99% per calendar month; credit = 1 EUR; claim by globex within 2 billing months of window end }
"#;

/// An evening of Monday in New York is the night to Tuesday in Berlin.
#[test]
fn working_days_are_dates_of_the_agreement_s_zone() {
    let mut sources = SourceMap::new();
    let file = sources.add("web.sla", AGREEMENT);
    let model = sla::check(file, &sources).model;
    let last = |commitment: &str, day: &str| {
        let claim = model.commitments.get(commitment).unwrap().claim.as_ref().unwrap();
        let deadline = claim.within.as_ref().unwrap();
        last_date(&model, &model.agreement.clock(), deadline, parse_date(day).unwrap()).unwrap().to_string()
    };
    assert_eq!(last("days", "2027-06-06"), "2027-06-08");
    assert_eq!(last("days", "2027-06-08"), "2027-06-15");
    // In the weeks in which only New York has changed its clocks, the evening begins an hour earlier here, on a Tuesday too.
    assert_eq!(last("days", "2027-03-14"), "2027-03-16");
    // The half day, and then the Monday that is closed.
    assert_eq!(last("days", "2027-12-23"), "2027-12-24");
    assert_eq!(last("days", "2027-12-24"), "2028-01-04");
    assert_eq!(last("bills", "2027-01-31"), "2027-04-14");
}

const HOURS: &str = r#"
agreement web "Web" { effective 2027-01-01 to 2027-12-31; timezone "Europe/Berlin"; currency EUR }
party acme "Acme" as provider
party globex "Globex" as customer
service api "API" { by acme to globex; scope "API" }
signal visits "Visits" as events of api { measured by acme; count total, failed; missing bad }
metric failing "Failing" = visits.failed / visits.total when empty 0%
calendar office "Office" { open mon to fri 09:00 to 17:00 }
commitment early of api { target failing <= 1% per rolling 36h; credit = 1 EUR; claim by globex within 72h of window start }
commitment late of api { target failing <= 1% per rolling 36h; credit = 1 EUR; claim by globex within 36h of window end }
commitment days of api { target failing <= 1% per rolling 36h; credit = 1 EUR; claim by globex within 3 days of window start }
commitment working of api {
  target failing <= 1% per rolling 36h
  credit = 1 EUR
  claim  by globex within 8h on office of window start
  terminate by globex when streak(failing > 1%) >= 2 within 2 days of awareness
}
"#;

/// A window of 36 hours that ends at midnight begins at noon: hours are counted from then, and days from that date.
#[test]
fn hours_of_a_claim_are_counted_from_the_start_of_the_window() {
    let (out, _) = super::open::evaluated_of(HOURS, &[("visits.csv", VISITS)], "2027-03-01");
    insta::assert_snapshot!(out, @r"
    Web
    2027-03-01, Europe/Berlin
    DRAFT. It binds nobody.

    early: failing <= 1% per rolling 36h
      to 2027-03-01  missed  50%  budget left -4900%; credit 1.00 EUR; to be claimed by 2027-03-03 12:00

    late: failing <= 1% per rolling 36h
      to 2027-03-01  missed  50%  budget left -4900%; credit 1.00 EUR; to be claimed by 2027-03-03 12:00

    days: failing <= 1% per rolling 36h
      to 2027-03-01  missed  50%  budget left -4900%; credit 1.00 EUR; to be claimed by 2027-03-03

    working: failing <= 1% per rolling 36h
      to 2027-03-01  missed  50%  budget left -4900%; credit 1.00 EUR; to be claimed by 2027-03-01 17:00

    Acme owes Globex 4.00 EUR if everything is claimed in time, and nothing without a claim
    ");
}

const VISITS: &str = "time,total,failed
2027-03-01T12:00:00Z,100,50
2027-03-03T12:00:00Z,100,50
2027-03-04T12:00:00Z,100,50
";
