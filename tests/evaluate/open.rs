//! Open dimensions: which options there are is what the tables say.

use std::process::Command;

const AGREEMENT: &str = concat!(
    store!(),
    storage!(),
    r#"dimension instance "Instance"
dimension region "Region" { option eu "Europe"; option us "America" }
fee instance_fee "Charges of the instance" of storage per instance = invoiced per calendar month
fee all_charges "All charges" of storage = sum(instance_fee)
signal reads "Reads" as events of storage {
  measured by shop
  count    total, failed
  field    instance instance
  field    region region
  missing  excluded
}
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
commitment kept "Reads" of storage per region, instance {
  target failing <= 1% per calendar month
  credit of instance_fee { above target gives 10% }
  cap    2% of all_charges per calendar month
  claim  automatic
  for eu { exclude planned }
}
maintenance planned "Planned maintenance" of storage { counts excluded }
"#
);

/// What comes out for tables, by their names.
fn evaluated(tables: &[(&str, &str)], period: &str) -> (String, String) {
    evaluated_of(AGREEMENT, tables, period)
}

pub(super) fn evaluated_of(agreement: &str, tables: &[(&str, &str)], period: &str) -> (String, String) {
    evaluated_as("text", agreement, tables, period)
}

/// The same in a format.
pub(super) fn evaluated_as(format: &str, agreement: &str, tables: &[(&str, &str)], period: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("store.sla"), agreement).unwrap();
    let data = folder.path().join("measurements");
    std::fs::create_dir(&data).unwrap();
    tables.iter().for_each(|(name, text)| std::fs::write(data.join(name), text).unwrap());
    let ran = Command::new(env!("CARGO_BIN_EXE_sla"))
        .args(["evaluate", "store.sla", "--period", period, "--format", format])
        .current_dir(folder.path())
        .output()
        .unwrap();
    (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
}

const READS: &str = "time,total,failed,instance,region
2027-01-05T00:00:00Z,1000,0,old,eu
2027-02-01T00:00:00Z,1000,0,\"a,b\",eu
2027-02-01T00:00:00Z,1000,20,a_b,eu
2027-02-01T00:00:00Z,1000,30,eu,us
";
const FEES: &str = "date,amount,instance
2027-01-05,100.00,old
2027-02-01,100.00,\"a,b\"
2027-02-01,200.00,a_b
2027-02-01,300.00,eu
2027-02-01,50.00,idle
";

/// In February 650 EUR are charged, so that at most 13 EUR are credited for each instance: of 20 EUR for `a_b`, and of 30 EUR
/// for the instance that is called as a region.
#[test]
fn an_option_is_there_from_its_first_row_to_its_last_in_the_combinations_that_rows_name() {
    let (out, err) = evaluated(&[("reads.csv", READS), ("instance_fee.csv", FEES)], "2027-01..2027-02");
    assert_eq!(err, "");
    insta::assert_snapshot!("open_options", out);
}

#[test]
fn a_row_that_ends_the_month_before_is_nothing_to_judge() {
    let (out, _) = evaluated(&[("reads.csv", READS), ("instance_fee.csv", FEES)], "2027-02");
    assert!(out.contains("kept[old,eu]: nothing to judge, since no row of the period names it"), "{out}");
    assert!(out.contains("Example Cloud owes Corner Shop 26.00 EUR\n"), "{out}");
}

#[test]
fn tables_without_rows_have_no_options() {
    let empty = |text: &str| text.lines().next().unwrap().to_owned() + "\n";
    let (out, err) = evaluated(&[("reads.csv", &empty(READS)), ("instance_fee.csv", &empty(FEES))], "2027-02");
    assert_eq!(err, "");
    assert!(out.contains("kept[each,eu]: nothing to judge, since no row of the period names it"), "{out}");
    assert!(!out.contains("owes"), "{out}");
}

#[test]
fn a_table_that_is_not_there_is_told() {
    let (_, err) = evaluated(&[], "2027-02");
    assert!(err.contains("there is no file of `reads`"), "{err}");
    let (out, err) = evaluated(&[("reads.csv", READS)], "2027-02");
    assert!(err.contains("there is no file of `instance_fee`"), "{err}");
    assert!(out.contains("what 2 windows give is not known, and nothing is due for them yet"), "{out}");
}

#[test]
fn too_many_options_are_told_before_anything_is_computed() {
    let mut reads = READS.to_owned();
    for instance in 0..=1_000 {
        reads.push_str(&format!("2027-02-01T00:00:00Z,1000,0,i-{instance},eu\n"));
    }
    let (out, err) = evaluated(&[("reads.csv", &reads), ("instance_fee.csv", FEES)], "2027-02");
    assert!(err.contains("`instance` has more than 1000 different options"), "{err}");
    assert_eq!(out, "");
}

/// Names of options that measurements bring are not those that a file means: `for eu` is about the region.
#[test]
fn what_is_for_an_option_is_not_for_another_one_of_that_name() {
    let planned = "from,to\n2027-02-01T00:00:00Z,2027-02-02T00:00:00Z\n";
    let tables = [("reads.csv", READS), ("instance_fee.csv", FEES), ("planned.csv", planned)];
    let (out, _) = evaluated(&tables, "2027-02");
    assert!(
        out.contains("kept[instance=eu,us]  Reads (eu, America): failing[instance=eu,us] <= 1% per calendar month\n  2027-02  missed"),
        "{out}"
    );
    assert!(
        !out.contains("kept[a_b,eu]  Reads (a_b, Europe): failing[a_b,eu] <= 1% per calendar month\n  2027-02  missed"),
        "{out}"
    );
}

/// Each option reads its part of the file only; lines keep their numbers, also behind empty lines and breaks within quotes.
#[test]
fn what_is_wrong_with_a_row_is_told_with_its_line() {
    let fees = "date,amount,instance\n2027-02-01,100.00,a_b\n\n2027-02-01,100.00,\"a,b\"\n2027-02-01,7.00,\"two\nlines\"\n\
                2027-02-01,300.00,eu\n2027-02-02,9.00,a_b\n2027-02-02,10.00,\"two\nlines\"";
    let (_, err) = evaluated(&[("reads.csv", READS), ("instance_fee.csv", fees)], "2027-02");
    assert!(err.contains("the period from 2027-02-01 has an amount in line 2 already"), "{err}");
    assert!(err.contains("instance_fee.csv:8"), "{err}");
    assert!(err.contains("the period from 2027-02-01 has an amount in line 5 already"), "{err}");
    assert!(err.contains("instance_fee.csv:9"), "{err}");
}

/// What an open dimension gives is what the list of its options gives.
#[test]
fn an_open_dimension_is_the_list_of_what_is_measured() {
    let (mut reads, mut fees) = (READS.lines().next().unwrap().to_owned(), FEES.lines().next().unwrap().to_owned());
    let instances = ["a", "b", "c"];
    for (number, instance) in instances.iter().enumerate() {
        fees += &format!("\n2027-01-01,{}00.00,{instance}\n2027-02-01,{}50.50,{instance}", number + 1, number + 2);
        for (place, region) in ["eu", "us"].iter().enumerate() {
            for month in [1, 2] {
                let failed = 7 * number + 5 * place * month;
                reads += &format!("\n2027-0{month}-03T00:00:00Z,1000,{failed},{instance},{region}");
            }
        }
    }
    let tables = [("reads.csv", reads.as_str()), ("instance_fee.csv", &fees)];
    let (open, _) = evaluated(&tables, "2027-01..2027-02");
    let options = instances.map(|name| format!("option {name} \"{name}\"")).join("; ");
    let list = format!("dimension instance \"Instance\" {{ {options} }}");
    let text = AGREEMENT.replace("dimension instance \"Instance\"", &list);
    let (closed, _) = evaluated_of(&text, &tables, "2027-01..2027-02");
    assert_eq!(open, closed);
    assert!(open.contains("missed") && open.contains("owes Corner Shop"), "{open}");
}

/// At the end of January nobody knows what the year will cost: the cap of the year is not known, and not nothing.
#[test]
fn a_cap_for_a_year_that_is_not_invoiced_is_not_known() {
    let reads = "time,total,failed,instance,region\n2027-01-05T00:00:00Z,100,50,n,eu\n";
    let fees = "date,amount,instance\n2027-01-05,100.00,n\n";
    let later = "date,amount,instance\n2027-01-05,100.00,n\n2027-12-05,80.00,other\n";
    let own = AGREEMENT.replace("all_charges per calendar month", "all_charges per calendar year");
    let shared = AGREEMENT
        .replace("  cap    2% of all_charges per calendar month\n", "")
        .replace("  currency  EUR\n", "  currency  EUR\n  cap 2% of all_charges per calendar year\n");
    for agreement in [own, shared] {
        let (out, _) = evaluated_of(&agreement, &[("reads.csv", reads), ("instance_fee.csv", fees)], "2027-01");
        assert!(
            out.contains("credit not known: `instance_fee[n]` is not given for the period from 2027-12-01"),
            "{out}"
        );
        // In December others are invoiced: for what does not exist any more nothing is charged.
        let (out, _) = evaluated_of(&agreement, &[("reads.csv", reads), ("instance_fee.csv", later)], "2027-01");
        assert!(out.contains("credit 1.60 EUR"), "{out}");
    }
}

/// An invoice is one for all options: for one that it does not charge a fee is nothing by itself as in the sum. Without an
/// invoice neither is known.
#[test]
fn what_the_invoice_does_not_charge_costs_nothing() {
    let whole = "commitment whole \"All reads\" of storage { target failing <= 1% per calendar month; credit of all_charges { above target gives 5% }; claim automatic }\n";
    let agreement = AGREEMENT.replace("  cap    2% of all_charges per calendar month\n", "") + whole;
    let reads = "time,total,failed,instance,region\n2027-01-05T00:00:00Z,100,50,n,eu\n2027-01-05T00:00:00Z,100,50,m,eu\n\
        2027-02-05T00:00:00Z,100,50,n,eu\n2027-02-05T00:00:00Z,100,50,m,eu\n";
    let fees = "date,amount,instance\n2027-01-05,100.00,n\n";
    let (out, err) = evaluated_of(&agreement, &[("reads.csv", reads), ("instance_fee.csv", fees)], "2027-01..2027-02");
    assert_eq!(err, "");
    insta::assert_snapshot!(out, @r"
    Object storage
    2027-01-01 to 2027-02-28, UTC
    DRAFT. It binds nobody.

    kept[m,eu]  Reads (m, Europe): failing[m,eu] <= 1% per calendar month
      2027-01  missed  50%  budget left -4900%; credit none
      2027-02  missed  50%  budget left -4900%; credit ?; credit not known: `instance_fee[m]` is not given for the period from 2027-02-01

    kept[n,eu]  Reads (n, Europe): failing[n,eu] <= 1% per calendar month
      2027-01  missed  50%  budget left -4900%; credit 10.00 EUR
      2027-02  missed  50%  budget left -4900%; credit ?; credit not known: `instance_fee[n]` is not given for the period from 2027-02-01

    whole  All reads: failing <= 1% per calendar month
      2027-01  missed  50%  budget left -4900%; credit 5.00 EUR
      2027-02  missed  50%  budget left -4900%; credit ?; credit not known: `instance_fee[m]` is not given for the period from 2027-02-01

    Example Cloud owes Corner Shop 15.00 EUR; what 3 windows give is not known, and nothing is due for them yet; the first: `instance_fee[m]` is not given for the period from 2027-02-01
    ");
}

/// So it is where the fee differs by what is listed as well: a tenant on another plan is on the invoice of all.
#[test]
fn an_invoice_is_one_for_all_options_of_a_fee() {
    let agreement = AGREEMENT
        .replace(
            "fee instance_fee \"Charges of the instance\" of storage per instance",
            "fee instance_fee \"Charges of the instance\" of storage per region, instance",
        )
        .replace("  for eu { exclude planned }\n", "");
    let reads =
        "time,total,failed,instance,region\n2027-01-05T00:00:00Z,100,0,a,eu\n2027-02-05T00:00:00Z,100,50,b,us\n";
    let fees = "date,amount,instance,region\n2027-01-05,100.00,a,eu\n2027-02-05,200.00,b,us\n";
    let (out, err) = evaluated_of(&agreement, &[("reads.csv", reads), ("instance_fee.csv", fees)], "2027-02");
    // 10% of 200.00 EUR, of which the cap leaves 2%.
    assert!(out.contains("owes Corner Shop 4.00 EUR"), "{err}{out}");
}

/// Of a credit that a cap reduces and another one then displaces, that is the reason for nothing.
#[test]
fn the_reason_for_nothing_is_what_left_nothing() {
    let agreement = AGREEMENT.replace("  claim  automatic\n", "  claim  automatic\n  combine largest with whole\n")
        + "commitment whole \"All reads\" of storage per instance { target failing <= 1% per calendar month; credit = 50.00 EUR; claim automatic }\n";
    let reads = "time,total,failed,instance,region\n2027-01-05T00:00:00Z,100,50,n,eu\n";
    let fees = "date,amount,instance\n2027-01-05,100.00,n\n";
    let (out, _) = evaluated_of(&agreement, &[("reads.csv", reads), ("instance_fee.csv", fees)], "2027-01");
    assert!(out.contains("credit none; only the largest of combined credits is owed"), "{out}");
}

/// A row about one option says nothing of the others, and one about an option that nothing has is a mistake.
#[test]
fn an_exclusion_may_concern_one_option_of_an_open_dimension() {
    let agreement = AGREEMENT.replace(
        "maintenance planned",
        "exclusion fault \"Fault\" { when \"The customer caused it\"; counts excluded }\nmaintenance planned",
    );
    let agreement = agreement.replace("  claim  automatic\n", "  claim  automatic\n  exclude fault\n");
    let reads = "time,total,failed,instance,region\n2027-02-01T00:00:00Z,1000,30,a,eu\n2027-02-01T00:00:00Z,1000,30,b,eu\n\
        2027-02-02T00:00:00Z,1000,0,a,eu\n2027-02-02T00:00:00Z,1000,0,b,eu\n";
    let fees = "date,amount,instance\n2027-02-01,100.00,a\n2027-02-01,100.00,b\n";
    let day = "from,to,instance\n2027-02-01T00:00:00Z,2027-02-02T00:00:00Z";
    let owed = |instance: &str| {
        let fault = format!("{day},{instance}\n");
        let tables = [("reads.csv", reads), ("instance_fee.csv", fees), ("fault.csv", fault.as_str())];
        evaluated_of(&agreement, &tables, "2027-02")
    };
    let attained = |out: &str| out.lines().filter(|line| line.contains("1.5%")).count();
    let (all, one) = (owed("").0, owed("a").0);
    assert_eq!((attained(&all), attained(&one)), (0, 1), "{all}\n{one}");
    let (_, told) = owed("c");
    assert!(told.contains("no commitment that `fault` concerns has `c` in column `instance`"), "{told}");
}
