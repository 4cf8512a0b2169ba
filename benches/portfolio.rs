//! Generated agreements for measuring: as many lines or commitments as are asked for, all different, all valid.

use std::fmt::Write as _;

/// One agreement with this many commitments, each on a signal and a metric of its own.
pub fn agreement(name: &str, commitments: usize) -> String {
    let mut text = format!(
        r#"agreement {name} "Generated agreement {name}" {{
  version "1.0"
  status in_force
  effective 2027-01-01 to 2028-12-31
  timezone "Europe/Berlin"
  currency EUR
  waive negotiation "Generated"
  waive expectations "Generated"
  waive responsibilities "Generated"
  waive risk "Generated"
  waive communication "Generated"
  waive review "Generated"
  waive disputes "Generated"
}}
party acme "Acme GmbH" as provider {{ contact noc "Operations" {{ email "noc@acme.example" }} }}
party globex "Globex Corporation" as customer {{ contact it "Service desk" {{ email "it@globex.example" }} }}
records evidence "Records" {{ by acme; keep requests_0 for 24 months }}
audit measurement "Audit" {{ by globex to acme; every 12 months; announce 10 days before start }}
"#
    );
    for index in 0..commitments {
        let _ = write!(
            text,
            r#"
service api_{index} "Interface {index}" {{ by acme to globex; scope "Endpoints of interface {index}" }}
fee fee_{index} "Monthly fee of interface {index}" of api_{index} = {fee}.00 EUR per calendar month
signal requests_{index} "Requests to interface {index}" as events of api_{index} {{
  measured  by acme from "Access log"
  count     total
  count     failed
  missing   bad
  source prometheus {{
    total   counter  'http_requests_total{{job="api",api="{index}"}}'
    failed  counter  'http_requests_total{{job="api",api="{index}",code=~"5.."}}'
  }}
}}
metric error_rate_{index} "Error rate of interface {index}" = requests_{index}.failed / requests_{index}.total when empty 0%
metric uptime_{index} "Monthly uptime of interface {index}" = 100% - mean(error_rate_{index} per 5min)
commitment kept_{index} "Availability of interface {index}" of api_{index} {{
  target  uptime_{index} >= 99.9{digit}% per calendar month
  credit of fee_{index} {{
    below target gives 10%
    below 99.0%  gives 25%
    below 95.0%  gives 50%
  }}
  claim   by globex within 30 days of window end to acme.noc
}}
"#,
            fee = 1000 + index,
            digit = index % 8,
        );
    }
    text
}
