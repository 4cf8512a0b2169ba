//! Credits that are set off against invoices: worked out by hand.

use super::{cents, checked, midnight, parties};
use sla::evaluate::{Account, Gap, Interval, Plan, accounts, judge_due};
use sla::measurements::{Folder, load};
use sla::source::MemoryWorld;
use sla::values::{Money, parse_date};

const COMMITMENT: &str = r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
metric kept_up "Kept up" = 1 - requests.failed / requests.total
commitment kept "Kept" of api { target kept_up >= 99% per calendar month; credit of monthly { below target gives 10%; below 95% gives 160% }; claim automatic }
"#;

/// One row on the second day of each month from January on: of a thousand requests so many fail.
fn table(failed: &[u32]) -> String {
    let rows = (1..).zip(failed).map(|(month, failed)| format!("2027-{month:02}-02T10:00:00Z,1000,{failed}\n"));
    format!("time,total,failed\n{}", rows.collect::<String>())
}

fn run(text: &str, files: &[(&str, String)], from: &str, to: &str) -> Vec<Account> {
    let model = checked(text);
    let zone = model.agreement.clock();
    let (from, to) = (parse_date(from).unwrap(), parse_date(to).unwrap());
    let period = Interval { start: midnight(&zone, from), end: midnight(&zone, to.tomorrow().unwrap()) };
    let plan = Plan::new(&model, period, None);
    let world = files.iter().fold(MemoryWorld::new(), |world, (name, text)| world.with(*name, text.as_bytes()));
    let loaded = load(&plan, Folder { world: &world, name: "", on_bytes: &|_| {} });
    let judged: Vec<_> = plan.due.iter().map(|due| judge_due(&plan, due, &loaded.facts)).collect();
    accounts(&plan, period, &loaded.facts, &judged)
}

/// In cents: the invoice, what waits for it, what it takes, and what is carried forward.
fn entries(account: &Account) -> Vec<(String, [Option<i64>; 4])> {
    let known = |amount: &Result<Money, Gap>| amount.as_ref().ok().map(cents);
    let each = account.entries.iter();
    each.map(|one| (one.date.to_string(), [&one.invoice, &one.credits, &one.set_off, &one.carried].map(known)))
        .collect()
}

fn text(terms: &str) -> String {
    let head = parties("Europe/Berlin", "2027-01-01 to 2027-06-15", terms);
    head + COMMITMENT
}

/// 1,600 EUR for February, set off against March and April; 100 EUR for March and for April; 1,600 EUR for May, of which the
/// invoice of June takes its half month.
#[test]
fn what_an_invoice_does_not_take_is_carried_forward() {
    let text = text("pay next_invoice; unused paid_out");
    let files = [("requests.csv", table(&[0, 60, 20, 20, 60, 20]))];
    let all = run(&text, &files, "2027-01-01", "2027-06-30");
    let [account] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((account.by.as_str(), account.to.as_slice()), ("acme", ["globex".to_owned()].as_slice()));
    let expected = [
        ("2027-01-31", [1000_00, 0, 0, 0]),
        ("2027-02-28", [1000_00, 0, 0, 0]),
        ("2027-03-31", [1000_00, 1600_00, 1000_00, 600_00]),
        ("2027-04-30", [1000_00, 700_00, 700_00, 0]),
        ("2027-05-31", [1000_00, 100_00, 100_00, 0]),
        ("2027-06-15", [500_00, 1600_00, 500_00, 1100_00]),
    ];
    assert_eq!(entries(account), expected.map(|(date, all)| (date.to_owned(), all.map(Some))));
    // With 10% of half a fee for June itself.
    assert_eq!(account.left_at_end.as_ref().unwrap().as_ref().map(cents), Ok(1150_00));
    // One month alone knows what came before.
    let april = run(&text, &files, "2027-04-01", "2027-04-30");
    assert_eq!(entries(&april[0]), entries(account)[3..4]);
    assert!(april[0].left_at_end.is_none());
}

/// A month whose credit is not decided: what follows is not known, and what came before is.
#[test]
fn what_is_not_decided_is_told_from_then_on() {
    let text =
        text("pay next_invoice; unused lapses").replace("missing bad", "").replace("count failed; }", "count failed }");
    let mut rows = table(&[20, 20]);
    rows.push_str("2027-04-02T10:00:00Z,1000,20\n");
    let all = run(&text, &[("requests.csv", rows)], "2027-01-01", "2027-05-31");
    let known: Vec<bool> = all[0].entries.iter().map(|entry| entry.carried.is_ok()).collect();
    assert_eq!(known, [true, true, true, false, false]);
}

/// Without a word on what is unused, or paid otherwise, there is no account.
#[test]
fn no_account_is_kept_where_nothing_is_said() {
    let files = [("requests.csv", table(&[20, 20]))];
    assert!(run(&text("pay next_invoice"), &files, "2027-01-01", "2027-02-28").is_empty());
    assert!(run(&text("pay within_30_days; unused lapses"), &files, "2027-01-01", "2027-02-28").is_empty());
}

/// An invoice is that of the fees that are stated for its period and are not made of others, each rounded to cents: of the first
/// period 21 of 31 days.
#[test]
fn an_invoice_is_rounded_and_counts_no_fee_twice() {
    let fees = "fee extra \"Extra\" of api = 20% of monthly per calendar month\nfee all_of_it \"All\" of api = monthly + extra\n\
                fee yearly \"Yearly\" of api = 120.00 EUR per contract year\n";
    let text = text("pay next_invoice; unused paid_out")
        .replace("2027-01-01 to 2027-06-15", "2027-01-11 to 2028-01-10")
        + fees;
    let files = [("requests.csv", table(&[60, 0, 0]))];
    let all = run(&text, &files, "2027-01-01", "2027-03-31");
    let expected = [
        ("2027-01-31", [677_42, 0, 0, 0]),
        // 160% of 677.419354… EUR.
        ("2027-02-28", [1000_00, 1083_87, 1000_00, 83_87]),
        ("2027-03-31", [1000_00, 83_87, 83_87, 0]),
    ];
    assert_eq!(entries(&all[0]), expected.map(|(date, all)| (date.to_owned(), all.map(Some))));
}
