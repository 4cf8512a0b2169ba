//! What is set off against invoices, and what is left of it.

use super::open::evaluated_of;

const AGREEMENT: &str = r#"agreement store "Object storage" {
  version   "1.0"
  status    agreed
  effective 2027-01-01 to 2027-01-31
  timezone  "UTC"
  currency  EUR
  pay       next_invoice
  unused    lapses
}
party cloud "Example Cloud" as provider { contact desk "Service desk" { email "desk@cloud.example" } }
party shop "Corner Shop" as customer { contact it "IT" { email "it@shop.example" } }
party edge "Edge" as supplier { contact desk "Desk" { email "desk@edge.example" } }
service network "Network" { by edge to cloud; scope "Lines" }
service storage "Object storage" { by cloud to shop; scope "Buckets"; depends on network }
fee rent "Rent" of storage = 1000.00 EUR per calendar month
fee lines "Lines" of network = 500.00 EUR per calendar month
signal reads "Reads" as events of storage { measured by shop; count total, failed; missing excluded }
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
commitment kept "Reads" of storage {
  target failing <= 1% per calendar month
  credit of rent { above target gives 10% }
  claim  automatic
}
commitment carried "Lines" of network {
  target failing <= 2% per calendar month
  credit of lines { above target gives 10% }
  claim  automatic
}
"#;

/// The agreement says what becomes of credits that no invoice takes; what a supplier owes is paid as its own agreement has it.
#[test]
fn what_suppliers_owe_is_not_set_off_by_our_agreement() {
    let reads = ("reads.csv", "time,total,failed\n2027-01-10T00:00:00Z,1000,50\n");
    let (out, err) = evaluated_of(AGREEMENT, &[reads], "2027-01");
    assert_eq!(err, "");
    assert!(out.contains("Example Cloud owes Corner Shop 100.00 EUR"), "{out}");
    assert!(out.contains("Edge owes Example Cloud 50.00 EUR"), "{out}");
    let left: Vec<&str> = out.lines().filter(|line| line.contains("lapses")).collect();
    assert_eq!(left, ["100.00 EUR of Example Cloud is left when the agreement ends, and lapses"]);
}
