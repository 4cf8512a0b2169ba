//! What services come to together, found by the checks, beside what it is by counting out every case.

mod credits;
mod expressions;
mod options;

use proptest::prelude::*;
use sla::diagnostics::{Diagnostic, Severity};
use sla::source::SourceMap;

const HEAD: &str = "agreement shop_terms \"Shop\" { version \"1.0\"; status draft; effective 2027-06-01 to 2028-12-31; \
    timezone \"UTC\"; currency EUR }\n\
    party acme \"Acme\" as provider { contact noc \"Operations\" { email \"noc@acme.example\" } }\n\
    party globex \"Globex\" as customer { contact it \"IT\" { email \"it@globex.example\" } }\n\
    party cloud \"Cloud\" as supplier { contact desk \"Desk\" { email \"desk@cloud.example\" } }\n\
    signal visits \"Visits\" as events of shop { measured by globex; count total, failed; missing bad }\n\
    metric errors \"Errors\" = visits.failed / visits.total when empty 0%\n\
    metric shop_up \"Up\" = 100% - mean(errors per 5min)\n";

/// Ours, which needs a service of a supplier, of which nothing is promised yet.
const PAIR: &str = "service shop \"S\" { by acme to globex; scope \"S\"; depends on host }\n\
    service host \"H\" { by cloud to acme; scope \"H\" }\n";

/// The two services, and what the supplier's is measured by, in slices of such a length.
fn hosted(slice: &str) -> String {
    format!(
        "{HEAD}{PAIR}\
         signal asked \"Asked\" as events of host {{ measured by acme; count total, failed; missing bad }}\n\
         metric host_errors \"Errors\" = asked.failed / asked.total when empty 0%\n\
         metric host_up \"Up\" = 100% - mean(host_errors per {slice})\n"
    )
}

/// The two services where so many euros are due for ours each month, and so many for the supplier's.
fn charged(rent: u32, host_rent: u32) -> String {
    format!(
        "{}fee rent \"Rent\" of shop = {rent}.00 EUR per calendar month\n\
         fee host_rent \"Rent\" of host = {host_rent}.00 EUR per calendar month\n",
        hosted("5min")
    )
}

/// An agreement of the supplier itself, which says this in its head besides.
fn edge(more: &str) -> String {
    format!(
        "agreement edge_terms \"Edge\" {{ version \"1.0\"; status agreed; effective 2027-01-01 to 2028-12-31; \
         timezone \"UTC\"; {more} }}\n\
         party cloud \"Cloud\" as provider {{ contact desk \"Desk\" {{ email \"desk@cloud.example\" }} }}\n\
         party acme \"Acme\" as customer {{ contact noc \"Operations\" {{ email \"noc@acme.example\" }} }}\n\
         service host \"H\" {{ by cloud to acme; scope \"H\" }}\n"
    )
}

/// What `sla check` says of ours, which imports this and needs the service, beside the supplier's agreement.
fn beside(theirs: &str, import: &str, ours: &str) -> String {
    let own = HEAD.split_inclusive('\n').filter(|line| !line.starts_with("party cloud")).collect::<String>();
    let shop = PAIR.split_inclusive('\n').next().unwrap_or_default();
    let ours = format!("import {import} from \"edge.sla\"\n{own}{ours}{shop}");
    let files = crate::cli::folder(&[("edge.sla", theirs), ("shop.sla", &ours)]);
    let ran = crate::cli::sla(files.path(), &["check", "shop.sla"]);
    ran.err + &ran.out
}

fn findings(text: &str) -> Vec<Diagnostic> {
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla", text);
    sla::check(file, &sources).findings
}

/// The codes of what is found about suppliers.
fn told(text: &str) -> Vec<&'static str> {
    let all = findings(text);
    all.iter().map(|one| one.code.id).filter(|id| ("SLA424".."SLA432").contains(id)).collect()
}

/// What one service needs: so many of some, by their places.
type Needs = Vec<(usize, Vec<usize>)>;

/// Services of suppliers, each with the tenths of the time in which it works; none where nothing is promised of it.
#[derive(Clone, Debug)]
struct Network {
    leaves: Vec<Option<u32>>,
    /// Services between, each of which needs leaves and services between that stand before it; the last one is ours.
    between: Vec<Needs>,
}

fn network() -> impl Strategy<Value = Network> {
    let leaves = prop::collection::vec(prop::option::weighted(0.9, 5_u32..10), 2..5);
    let needs = |most: usize| {
        let one = (prop::collection::btree_set(0..most, 1..4), 0_usize..3);
        let one = one.prop_map(|(on, count)| (1 + count % on.len(), on.into_iter().collect::<Vec<_>>()));
        prop::collection::vec(one, 1..3)
    };
    leaves.prop_flat_map(move |leaves| {
        let first = leaves.len();
        (Just(leaves), needs(first), needs(first + 1), needs(first + 2), needs(first + 3))
            .prop_map(|(leaves, a, b, c, d)| Network { leaves, between: vec![a, b, c, d] })
    })
}

impl Network {
    fn text(&self, target: &str) -> String {
        let mut text = HEAD.to_owned();
        for (place, tenths) in self.leaves.iter().enumerate() {
            let promised = tenths.map(|tenths| format!("; promised {tenths}0% per calendar month")).unwrap_or_default();
            text += &format!("service s{place} \"S\" {{ by cloud to acme; scope \"S\"{promised} }}\n");
        }
        let last = self.leaves.len() + self.between.len() - 1;
        for (place, needs) in (self.leaves.len()..).zip(&self.between) {
            let name = if place == last { "shop".to_owned() } else { format!("s{place}") };
            let depends = needs.iter().map(|(count, on)| {
                let names: Vec<String> = on.iter().map(|one| format!("s{one}")).collect();
                let count = if *count == on.len() { String::new() } else { format!("{count} of ") };
                format!(
                    "; depends on {}{}",
                    if count == "1 of " { "any of ".to_owned() } else { count },
                    names.join(", ")
                )
            });
            let depends: String = depends.collect();
            text += &format!("service {name} \"S\" {{ by acme to globex; scope \"S\"{depends} }}\n");
        }
        text + &format!("commitment kept \"Kept\" of shop {{ target shop_up >= {target}% per calendar month }}\n")
    }

    /// Whether ours works where some of the leaves do.
    fn works(&self, up: u32) -> bool {
        let mut works: Vec<bool> = (0..self.leaves.len()).map(|leaf| up >> leaf & 1 == 1).collect();
        for needs in &self.between {
            let enough = needs.iter().all(|(count, on)| on.iter().filter(|one| works[**one]).count() >= *count);
            works.push(enough);
        }
        works[works.len() - 1]
    }

    /// For how much of the time ours works where failures are independent, in parts of ten to the power of the leaves.
    fn independent(&self) -> u64 {
        let cases = (0..1_u32 << self.leaves.len()).filter(|up| self.works(*up));
        let part = |up: u32| -> u64 {
            let each = self.leaves.iter().enumerate().map(|(leaf, tenths)| {
                let tenths = u64::from(tenths.unwrap_or(0));
                if up >> leaf & 1 == 1 { tenths } else { 10 - tenths }
            });
            each.product()
        };
        cases.map(part).sum()
    }

    /// Whether all leaves that it needs in any way are one.
    fn is_of_one(&self) -> bool {
        let all = (1_u32 << self.leaves.len()) - 1;
        let matters = |leaf: &usize| (0..=all).any(|up| self.works(up | 1 << leaf) != self.works(up & !(1 << leaf)));
        (0..self.leaves.len()).filter(matters).count() < 2
    }

    /// In so many of ten parts of the time ours fails at least once failures come together as badly as here: every leaf
    /// fails from the first part on, or up to the last one.
    fn some_course(&self) -> u64 {
        let ends = 0..1_u32 << self.leaves.len();
        let down = |end: u32, part: u32| {
            let fails = self.leaves.iter().enumerate().filter(|(leaf, tenths)| {
                let fails = 10 - tenths.unwrap_or(0);
                if end >> leaf & 1 == 1 { part < fails } else { part >= 10 - fails }
            });
            fails.fold(0_u32, |down, (leaf, _)| down | 1 << leaf)
        };
        let all = (1_u32 << self.leaves.len()) - 1;
        let fails = |end: u32| (0..10).filter(|part| !self.works(all & !down(end, *part))).count() as u64;
        ends.map(fails).max().unwrap_or(0)
    }
}

/// A part of ten to some power as a percentage.
fn percent(part: u64, places: usize) -> String {
    let whole = part * 100;
    let power = 10_u64.pow(places as u32);
    format!("{}.{:0places$}", whole / power, whole % power)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A target is above what the services come to if it is above the sum over all cases, however they share services.
    #[test]
    fn services_come_to_what_all_cases_come_to(network in network()) {
        let places = network.leaves.len();
        let all = network.independent();
        let of = |part: u64| told(&network.text(&percent(part, places)));
        prop_assert!(!of(all).contains(&"SLA424"), "{}", network.text(&percent(all, places)));
        if all < 10_u64.pow(places as u32) {
            prop_assert!(of(all + 1).contains(&"SLA424"), "{}", network.text(&percent(all + 1, places)));
        }
        // Where a course of events is known in which it fails for longer, that is told as well.
        let works = (10 - network.some_course()) * 10_u64.pow(places as u32 - 1);
        if works < all && !network.is_of_one() {
            prop_assert_eq!(of(works + 1), ["SLA425"], "{}", network.text(&percent(works + 1, places)));
        }
    }
}

/// Many services are compared like few, and what cannot be is told.
#[test]
fn no_service_is_passed_over() {
    let leaf = |place: usize| {
        format!("service s{place} \"S\" {{ by cloud to acme; scope \"S\"; promised 99.99% per calendar month }}\n")
    };
    let names = |places: &[usize]| places.iter().map(|one| format!("s{one}")).collect::<Vec<_>>().join(", ");
    let kept = "commitment kept \"Kept\" of shop { target shop_up >= 90% per calendar month }\n";
    let all: Vec<usize> = (0..1_500).collect();
    let leaves: String = all.iter().map(|place| leaf(*place)).collect();
    let shop = format!("service shop \"S\" {{ by acme to globex; scope \"S\"; depends on {} }}\n", names(&all));
    assert_eq!(told(&format!("{HEAD}{leaves}{shop}{kept}")), ["SLA424"]);

    // A row of services one behind the other has no end either.
    let row: String = (0..1_500)
        .map(|place| {
            format!("service r{place} \"S\" {{ by acme to globex; scope \"S\"; depends on r{} }}\n", place + 1)
        })
        .collect();
    let end = "service r1500 \"S\" { by cloud to acme; scope \"S\"; promised 89% per calendar month }\n";
    let shop = "service shop \"S\" { by acme to globex; scope \"S\"; depends on r0 }\n";
    assert_eq!(told(&format!("{HEAD}{row}{end}{shop}{kept}")), ["SLA424"]);

    let some: Vec<usize> = (0..300).collect();
    let leaves: String = some.iter().map(|place| leaf(*place)).collect();
    let between: String = some
        .iter()
        .map(|place| {
            let on: Vec<usize> = [7, 31, 83, 149]
                .iter()
                .map(|step| place * step % 300)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect();
            format!(
                "service m{place} \"S\" {{ by acme to globex; scope \"S\"; depends on 2 of {}, s{} }}\n",
                names(&on),
                (place + 5) % 300
            )
        })
        .filter(|line| line.matches(", s").count() == 4)
        .collect();
    let on: Vec<String> = between.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect();
    let shop = format!("service shop \"S\" {{ by acme to globex; scope \"S\"; depends on {} }}\n", on.join(", "));
    let kept = kept.replace("90%", "99.9999%");
    assert_eq!(told(&format!("{HEAD}{leaves}{between}{shop}{kept}")), ["SLA431"]);
}

/// Where something was not understood of what a promise is measured by, it is not said that there is no promise.
#[test]
fn a_promise_that_was_not_understood_is_not_missed() {
    let services = "service power \"Power\" { by cloud to acme; scope \"S\" }\n\
         service shop \"S\" { by acme to globex; scope \"S\"; depends on power }\n\
         commitment kept \"Kept\" of shop { target shop_up >= 90% per calendar month }\n";
    let promise = "metric powered \"Powered\" = share(feed.up)\n\
         commitment power_kept \"Power\" of power { target powered >= 99.99% per calendar month }\n";
    for broken in ["field up bool", "field up; count"] {
        let signal = format!("signal feed \"Feed\" as state of power {{ measured by acme; {broken}; missing bad }}\n");
        let text = format!("{HEAD}{services}{signal}{promise}");
        assert!(!findings(&text).is_empty(), "{text}");
        assert_eq!(told(&text), [""; 0], "{text}");
    }
    assert_eq!(told(&format!("{HEAD}{services}")), ["SLA424"], "where nothing is promised, that is told");
}

/// A service of which something is promised fails whenever those do that it needs: where these are needed besides, they are
/// counted once, and what is left of its own promise is taken to fail independently.
#[test]
fn what_stands_behind_a_promise_and_is_needed_besides_is_counted_once() {
    let row = |name: &str| {
        format!("service {name} \"S\" {{ by cloud to acme; scope \"S\"; promised 99.9% per calendar month }}\n")
    };
    let leaves: String = ["a", "b", "c", "power"].map(row).concat();
    let of = |shop: &str, target: &str, left: &str, kept: &str| {
        let text = format!(
            "{HEAD}{leaves}service left \"L\" {{ by acme to globex; scope \"S\"; depends on {left} }}\n\
             service right \"R\" {{ by acme to globex; scope \"S\"; depends on b, power }}\n\
             service shop \"S\" {{ by acme to globex; scope \"S\"; depends on {shop} }}\n\
             commitment kept \"Kept\" of shop {{ target shop_up >= {target}% per calendar month }}\n\
             commitment left_kept \"Kept\" of left {{ target shop_up >= {kept}% per calendar month }}\n"
        );
        let found = findings(&text).into_iter().filter(|one| ["SLA424", "SLA425", "SLA431"].contains(&one.code.id));
        let of_shop = found.filter(|one| one.message.contains("`kept`"));
        let said = of_shop.map(|one| {
            let witness = one.witness.unwrap_or_default();
            format!("{} {}\n{witness}\n{}", one.code.id, one.message, one.derivation.join("\n"))
        });
        said.collect::<Vec<_>>().join("\n")
    };
    // Nothing is left of a promise that is no lower: it is down exactly while the power is.
    assert_eq!(of("left, power", "99.9", "power", "99.9"), "");
    assert_eq!(of("left, power", "99.9", "a, power", "99.95"), "");
    // What is left is counted: both together come to the promise of the one.
    assert_eq!(of("left, power", "99.5", "power", "99.5"), "");
    let all = [
        ("two of three", of("2 of left, right, c", "99.9", "a, power", "99.8")),
        ("in series", of("left, power", "99.8", "power", "99.5")),
        ("either", of("any of left, power", "99.95", "power", "99.9")),
        ("at the worst times", of("any of left, c; depends on power", "99.89", "a, power", "99.8")),
        ("through another promise", of("left, right, power", "99.7", "right", "99.7")),
        ("partly", of("left, power", "99.80005", "any of a, power", "99.9")),
    ];
    let words: Vec<String> = all.iter().map(|(what, told)| format!("{what}:\n{told}")).collect();
    insta::assert_snapshot!(words.join("\n"));
}

/// Where it is too much to find the worst course of events, the time is one that is not exceeded, and the finding says so.
#[test]
fn a_bound_is_told_as_one() {
    let row = |name: &str| (0..34).map(|place| format!("{name}{place}")).collect::<Vec<_>>();
    let leaf = |name: &String| {
        format!("service {name} \"S\" {{ by cloud to acme; scope \"S\"; promised 99.99% per calendar month }}\n")
    };
    let leaves: String = row("a").iter().chain(&row("b")).chain(&["power".to_owned()]).map(leaf).collect();
    let site = |name: &str, on: &str| {
        let on = row(on).join(", ");
        format!("service {name} \"S\" {{ by acme to globex; scope \"S\"; depends on power, {on} }}\n")
    };
    let shop = "service shop \"S\" { by acme to globex; scope \"S\"; depends on any of north, south }\n\
        commitment kept \"Kept\" of shop { target shop_up >= 99.7% per calendar month }\n";
    let all = findings(&format!("{HEAD}{leaves}{}{}{shop}", site("north", "a"), site("south", "b")));
    let found = all.iter().find(|one| one.code.id == "SLA425").expect("it is told");
    // 35 times 0.01% of 720 hours.
    let witness = found.witness.as_deref().unwrap_or_default();
    assert!(witness.contains("`shop` is down for up to 2 hours 31 minutes"), "{witness}");
}

/// One outage is paid for under each of ours that depends on the same service of a supplier, also through another of ours.
#[test]
fn credits_of_several_services_for_one_outage_are_added_up() {
    let text = |dk: u32, second: &str| {
        let signal = |name: &str, of: &str| {
            format!(
                "signal {name} \"N\" as events of {of} {{ measured by acme; count total, failed; missing bad }}\n\
                 metric {name}_bad \"N\" = {name}.failed / {name}.total when empty 0%\n\
                 metric {name}_up \"N\" = 100% - mean({name}_bad per 5min)\n"
            )
        };
        let kept = |name: &str, up: &str, of: &str, pays: u32| {
            format!(
                "commitment {name} \"N\" of {of} {{ target {up} >= 99.9% per calendar month; credit = {pays}.00 EUR; claim automatic }}\n"
            )
        };
        HEAD.to_owned()
            + "service power \"Power\" { by cloud to acme; scope \"S\" }\n\
               service spare \"Spare\" { by cloud to acme; scope \"S\" }\n\
               service shop \"S\" { by acme to globex; scope \"S\"; depends on power }\n"
            + &format!("service second \"S\" {{ by acme to globex; scope \"S\"; depends on {second} }}\n")
            + &signal("watts", "power")
            + &signal("calls", "second")
            + &kept("power_kept", "watts_up", "power", dk)
            + &kept("kept", "shop_up", "shop", 100)
            + &kept("second_kept", "calls_up", "second", 100)
    };
    let paid = |dk: u32, second: &str| {
        let found = findings(&text(dk, second));
        let found = found.iter().filter(|one| one.code.id == "SLA430");
        found.map(|one| one.message.clone()).collect::<Vec<_>>()
    };
    let witness =
        findings(&text(60, "power")).into_iter().find(|one| one.code.id == "SLA430").unwrap().witness.unwrap();
    assert!(
        witness.contains("200.00 EUR are owed under `kept` and `second_kept`, and 60.00 EUR are received"),
        "{witness}"
    );
    let both = "an outage of `power` costs more under `kept` and `second_kept` than `power_kept` pays for it";
    assert_eq!(paid(199, "power"), [both]);
    // Each alone costs more as well: what both come to is told, once.
    assert_eq!(paid(60, "power"), [both]);
    assert_eq!(paid(199, "shop"), [both], "through another of ours");
    assert_eq!(paid(200, "power"), [""; 0]);
    assert_eq!(paid(199, "any of power, spare"), [""; 0]);
}

/// A promise of what fails at most is missed where all fails, and just above its figure, whichever way the other one is counted.
#[test]
fn credits_of_what_fails_and_of_what_works_are_compared() {
    let text = |theirs: &str, ours: &str| {
        format!(
            "{}fee host_fee \"F\" of host = 1000.00 EUR per calendar month\n\
             fee shop_fee \"F\" of shop = 1000.00 EUR per calendar month\n\
             commitment held \"H\" of host {{ target {theirs} }}; claim automatic }}\n\
             commitment kept \"K\" of shop {{ target {ours} }}; claim automatic }}\n",
            hosted("1min")
        )
    };
    let told = |theirs: &str, ours: &str| {
        let all = findings(&text(theirs, ours));
        assert!(all.iter().all(|one| one.severity != Severity::Error), "{all:?}");
        let one = all.into_iter().find(|one| one.code.id == "SLA430");
        one.and_then(|one| one.witness).unwrap_or_default()
    };
    let month = "per calendar month; credit of";
    let fails = |gives: &str| format!("host_errors <= 0.5% {month} host_fee {{ above target gives {gives}");
    let up = |part: &str| format!("shop_up >= {part}% {month} shop_fee {{ below target gives 10%");
    // All is paid where both are missed.
    assert_eq!(told(&fails("10%"), &up("99.5")), "");
    let whole = told(&fails("4%"), &up("99.5"));
    assert!(whole.contains("without `host`, 100.00 EUR are owed under `kept`, and 40.00 EUR"), "{whole}");
    // Between the two targets the supplier pays nothing.
    let between = told(&fails("10%"), &up("99.9"));
    assert!(between.contains("if 0.5% fails under each, 100.00 EUR are owed under `kept`, and 0.00"), "{between}");
    let rows = format!("errors <= 0.5% {month} shop_fee {{ above target gives 10%; above 50% gives 100%");
    let other = told(&format!("host_up >= 99.5% {month} host_fee {{ below target gives 50%"), &rows);
    assert!(other.contains("1000.00 EUR are owed under `kept`, and 500.00 EUR"), "{other}");
}

/// Two promises of one service: a part of the time, and how long errors may last in all.
fn with_minutes(minutes: u32, from: &str) -> String {
    format!(
        "{}metric lasting \"Errors last\" = total(runs(host_errors > {from} per 1min))\n\
         commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month }}\n\
         commitment held \"Held\" of host {{ target host_up >= 99.5% per calendar month }}\n\
         commitment brief \"Brief\" of host {{ target lasting <= {minutes}min per calendar month }}\n",
        hosted("1min")
    )
}

/// What is shown keeps all that is promised of the supplier's service, in whatever it is promised.
#[test]
fn a_witness_keeps_every_promise_of_a_supplier() {
    let witness = |text: &str| {
        let all = findings(text);
        let below = all.into_iter().find(|one| one.code.id == "SLA424");
        below.and_then(|below| below.witness).unwrap_or_default()
    };
    // As long as the part of the time allows: four hours are kept by both.
    assert!(witness(&with_minutes(240, "0%")).contains("for 3 hours 36 minutes"));
    // Just more than ours allows, where the other one allows no more.
    let short = witness(&with_minutes(60, "0%"));
    assert!(short.contains("may be down for 45 min") && short.contains("keep all that is promised"), "{short}");
    // No outage, but a few errors all the time.
    let few = witness(&with_minutes(20, "50%"));
    assert!(few.contains("`host` may fail 0.5% of what is asked all the time"), "{few}");
    // The other one makes it safe, or may: nothing is shown, and both are to be read.
    assert_eq!(told(&with_minutes(20, "0%")), ["SLA431"]);
    // Another service that is promised too little is told all the same.
    let both = with_minutes(20, "0%").replace("depends on host", "depends on host, lines")
        + "service lines \"L\" { by cloud to acme; scope \"L\"; promised 99% per calendar month }\n";
    let lines = witness(&both);
    assert!(lines.contains("`lines` may be down for 7 hours 12 minutes and keep all"), "{lines}");
    let nothing = witness(&both.replace("; promised 99% per calendar month", ""));
    assert!(nothing.contains("`lines` may be down all the time"), "{nothing}");
}

/// An agreement about services that are read as states: who needs which, and what is promised of them.
fn of_states(services: &[(&str, &str, &str)]) -> String {
    let parties: String = HEAD.split_inclusive('\n').filter(|line| !line.starts_with(['s', 'm'])).collect();
    let one = |(name, needs, promise): &(&str, &str, &str)| {
        let (by, to) = if *name == "shop" { ("acme", "globex") } else { ("cloud", "acme") };
        let needs = if needs.is_empty() { String::new() } else { format!("; depends on {needs}") };
        format!(
            "service {name} \"S\" {{ by {by} to {to}; scope \"S\"{needs} }}\n\
             signal {name}_runs \"Runs\" as state of {name} {{ measured by {to}; missing bad }}\n\
             metric {name}_works \"Works\" = share({name}_runs)\n\
             commitment {name}_kept \"Kept\" of {name} {{ target {name}_works >= {promise} }}\n"
        )
    };
    parties + &services.iter().map(one).collect::<String>()
}

/// What is shown keeps what is promised of the suppliers' services that fail with those that are down in it; where nothing
/// does, nothing is shown.
#[test]
fn a_witness_keeps_the_promises_of_what_fails_with_it() {
    let (month, year) = ("calendar month", "calendar year");
    let per = |part: &str, per: &str| format!("{part}% per {per}");
    let of = |power: &str, hosting: &str, shop: &str| {
        of_states(&[("power", "", power), ("hosting", "power", hosting), ("shop", "hosting, power", shop)])
    };
    // Power may be down for as long as hosting may, which is no longer than ours.
    assert!(told(&of(&per("99.5", month), &per("99.9", month), &per("99.9", month))).is_empty());
    assert!(told(&of(&per("99.9", year), &per("99.85", month), &per("99.8", month))).is_empty());
    assert!(told(&of(&per("99.9", year), &per("99.85", year), &per("99.8", month))).contains(&"SLA426"));
    // Where hosting alone may be down for too long, an outage of power is one of those.
    assert_eq!(told(&of(&per("99.9", year), &per("99.85", month), &per("99.9", month))), ["SLA424"]);
    let only = of_states(&[
        ("power", "", &per("99.9", year)),
        ("hosting", "power", &per("99.85", month)),
        ("shop", "power", &per("99.9", month)),
    ]);
    assert_eq!(told(&only), ["SLA426"]);
    // Through a service of which nothing is promised that is compared, and through two alternatives.
    let two = |shop: &str| {
        of_states(&[
            ("power", "", "99.5% per calendar month"),
            ("north", "power", "99.9% per calendar month"),
            ("south", "power", "99.9% per calendar month"),
            ("shop", "any of north, south; depends on power", shop),
        ])
    };
    assert!(told(&two(&per("99.8", month))).is_empty());
    let witness = |text: &str| {
        let mut all = findings(text).into_iter().filter(|one| one.code.id.starts_with("SLA42"));
        all.next().and_then(|one| one.witness).unwrap_or_default()
    };
    let both = witness(&two(&per("99.95", month)));
    assert!(
        both.contains("`power` is down for 43 min 12 s, from 16 June 2027") && both.contains("`north` and `south`")
    );
    // In another window of the supplier's, as long as each allows.
    let over = witness(&of(&per("99.5", month), &per("99.9", year), &per("99.9", month)));
    assert!(over.contains("`hosting` is down for 5 hours"), "{over}");
    // Two that are needed by one: not each for as long as it may, but both together.
    let joint = |hosting: &str, shop: &str| {
        of_states(&[
            ("power", "", "99.9% per calendar month"),
            ("lines", "", "99.9% per calendar month"),
            ("hosting", "power, lines", hosting),
            ("shop", "hosting, power, lines", shop),
        ])
    };
    assert!(told(&joint(&per("99.9", month), &per("99.9", month))).is_empty());
    let text = joint(&per("99.85", month), &per("99.88", month));
    let shown = witness(&text);
    let expected =
        "`lines` for 43 min 12 s and `power` for 21 min 36 s are down one after another, from 16 June 2027, 00:00";
    let other =
        "`power` for 43 min 12 s and `lines` for 21 min 36 s are down one after another, from 16 June 2027, 00:00";
    assert!(shown.contains(expected) || shown.contains(other), "{shown}");
    // It comes to that where it is measured.
    let rows = |downs: &[&str]| {
        let down: String = downs.iter().map(|row| format!("2027-06-{row}Z,down\n2027-06-16T01:04:48Z,up\n")).collect();
        format!("time,state\n2027-06-01T00:00:00Z,up\n{down}")
    };
    let first = "time,state\n2027-06-01T00:00:00Z,up\n2027-06-16T00:00:00Z,down\n2027-06-16T00:43:12Z,up\n";
    let (both, second) = (rows(&["16T00:00:00"]), rows(&["16T00:43:12"]));
    let files = crate::cli::folder(&[
        ("a.sla", &text),
        ("data/power_runs.csv", first),
        ("data/lines_runs.csv", &second),
        ("data/hosting_runs.csv", &both),
        ("data/shop_runs.csv", &both),
    ]);
    let ran = crate::cli::sla(
        files.path(),
        &["evaluate", "a.sla", "--data", "data", "--period", "2027-06", "--format", "json"],
    );
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let verdicts = json["commitments"].as_array().unwrap().iter();
    let verdicts: Vec<String> =
        verdicts.map(|one| format!("{} {}", one["commitment"], one["windows"][0]["verdict"])).collect();
    assert_eq!(
        verdicts.join(", ").replace('"', ""),
        "power_kept met, lines_kept met, hosting_kept met, shop_kept missed"
    );
}

/// A service of which nothing is left beside one that it depends on may fail instead of that, together with others.
#[test]
fn what_is_covered_by_others_may_fail_alone() {
    let of = |shop: &str| {
        let services = [
            ("s0", "", "99.7"),
            ("s1", "s0", "99.5"),
            ("s2", "any of s1, s0", "99.99"),
            ("s3", "any of s0, s2, s1", "99.9"),
        ];
        let suppliers = services.map(|(name, needs, part)| {
            let needs = if needs.is_empty() { String::new() } else { format!("; depends on {needs}") };
            format!(
                "service {name} \"S\" {{ by cloud to acme; scope \"S\"; promised {part}% per calendar month{needs} }}\n"
            )
        });
        format!(
            "{HEAD}{}service between \"M\" {{ by acme to globex; scope \"M\"; depends on s3; depends on any of s0, s1 }}\n\
             service shop \"Shop\" {{ by acme to globex; scope \"S\"; depends on 2 of s2, between, s1 }}\n\
             commitment kept \"Kept\" of shop {{ target shop_up >= {shop}% per calendar month }}\n",
            suppliers.concat()
        )
    };
    // Either `s1` and `s3` are down, for 0.1% of the time, or `s1` and `s2`, for 0.01%.
    assert!(told(&of("99.89")).is_empty());
    assert_eq!(told(&of("99.891")), ["SLA425"]);
    let shown = findings(&of("99.891")).into_iter().find(|one| one.code.id == "SLA425").and_then(|one| one.witness);
    assert!(shown.is_some_and(|shown| shown.contains("`s2` for 4 min 19.2 s")));
}

/// What is promised for each day besides leaves short outages on many days.
#[test]
fn short_outages_on_many_days_keep_what_is_promised_for_each() {
    let text = format!(
        "{}metric host_down \"Down\" = total(runs(host_errors > 0.1% per 1min))\n\
         commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month }}\n\
         commitment held \"Held\" of host {{ target host_up >= 99.5% per calendar month }}\n\
         commitment daily \"Daily\" of host {{ target host_down <= 20min per calendar day }}\n",
        hosted("1min")
    );
    let found = findings(&text).into_iter().find(|one| one.code.id == "SLA424").unwrap();
    let witness = found.witness.unwrap_or_default();
    assert!(witness.contains("`host` may be down for 5 min on each of 9 days and keep all"), "{witness}");
}

/// Claims that end at one instant are no finding, in hours or in days.
#[test]
fn hours_that_end_with_a_day_are_that_day() {
    let claims = |ours: &str, theirs: &str| {
        let text = format!(
            "{}commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month; \
             credit of rent {{ below target gives 10% }}; claim by globex within {ours} of window end to acme.noc }}\n\
             commitment held \"Held\" of host {{ target host_up >= 99.9% per calendar month; \
             credit of host_rent {{ below target gives 10% }}; claim by acme within {theirs} of window end to cloud.desk }}\n",
            charged(100, 900)
        );
        let all = findings(&text);
        all.into_iter().find(|one| one.code.id == "SLA429").map(|one| one.witness.unwrap_or_default())
    };
    assert_eq!(claims("72h", "3 days"), None);
    assert_eq!(claims("3 days", "72h"), None);
    let within_a_day = claims("72h", "60h").unwrap();
    let expected = "may be claimed until 3 July 2027, and the supplier's must be claimed by 3 July 2027, 12:00";
    assert!(within_a_day.contains(expected), "{within_a_day}");
}

/// Targets that are not compared are told where a supplier promises something of the same kind, once each.
#[test]
fn promises_of_one_kind_are_to_be_read_side_by_side() {
    let text = |ours: &str, theirs: &str| {
        format!(
            "{HEAD}service shop \"S\" {{ by acme to globex; scope \"S\"; depends on host }}\n\
             service host \"H\" {{ by cloud to acme; scope \"H\"; promised 99.99% per calendar month }}\n\
             signal pages \"Pages\" as events of shop {{ measured by acme; value wait ms \"Wait\"; count n; missing bad }}\n\
             signal calls \"Calls\" as events of host {{ measured by acme; value wait ms \"Wait\"; count n; missing bad }}\n\
             signal sent \"Sent\" as events of host {{ measured by acme; value size MB \"Size\"; count n; missing bad }}\n\
             signal heat \"Heat\" as samples of host {{ measured by acme; value °C; every 1min; missing bad }}\n\
             commitment fast \"Fast\" of shop {{ {ours} }}\n\
             commitment swift \"Swift\" of host {{ {theirs} }}\n"
        )
    };
    let share = "target share(pages.wait <= 200ms) >= 95% per calendar month";
    let nearest = "target p95(pages.wait) <= 200ms per calendar month";
    for ours in [share, nearest] {
        let theirs = "target share(calls.wait <= 800ms) >= 99% per calendar month; target p99(calls.wait) <= 1s per calendar month";
        assert_eq!(told(&text(ours, theirs)), ["SLA431"], "{ours}");
    }
    let both = format!("{share}; {nearest}");
    assert_eq!(told(&text(&both, "target p99(calls.wait) <= 1s per calendar month")), ["SLA431", "SLA431"]);
    for other in ["target max(heat) <= 30 °C per calendar month", "target p95(sent.size) <= 10 MB per calendar month"]
    {
        assert_eq!(told(&text(share, other)), [""; 0], "{other}");
    }
}

/// Each reason for which two promises are not compared is told.
#[test]
fn every_reason_for_not_comparing_is_told() {
    let theirs = edge("currency USD; cap 10% of edge_fee per calendar month; skip below 20.00 USD")
        + "fee edge_fee \"Fee\" of host = 1000.00 USD per calendar month\n\
           signal asked \"Asked\" as events of host { measured by acme; count total, failed; missing bad }\n\
           metric host_errors \"Errors\" = asked.failed / asked.total when empty 0%\n\
           metric host_up \"Up\" = 100% - mean(host_errors per 5min)\n\
           commitment held \"Held\" of host { target host_up >= 99.99% per calendar quarter; \
           credit of edge_fee { below target gives 10% }; claim automatic }\n";
    let ours = "fee rent \"Rent\" of shop = 100.00 EUR per calendar month\n\
        commitment kept \"Kept\" of shop { target shop_up >= 99.9% per calendar month; \
        credit of rent { below target gives 10% }; claim automatic }\n";
    let said = beside(&theirs, "host, held", ours);
    for reason in [
        "credits for different windows are not compared",
        "credits in EUR and in USD are not compared",
        "the head of the supplier's agreement limits what it pays",
    ] {
        assert_eq!(said.matches(reason).count(), 1, "{reason}\n{said}");
    }
    assert_eq!(said.matches("is not taken into account").count(), 2, "its cap and its skip:\n{said}");
}

/// Of several of ours of which only the largest is owed, one loss is told once, whichever stands first.
#[test]
fn one_loss_is_told_once() {
    let kept = "commitment kept \"Kept\" of shop { target shop_up >= 99.9% per calendar month; \
        credit of rent { below target gives 10% }; claim automatic; combine largest with further }\n";
    let further = "commitment further \"Further\" of shop { target shop_up >= 99% per calendar month; \
        credit of rent { below target gives 20% }; claim automatic }\n";
    // One may name all others that are joined to it.
    let joined = kept.replace("with further", "with further, third");
    let third = further.replace("further \"Further\"", "third \"Third\"").replace("gives 20%", "gives 30%");
    let three = [joined.as_str(), further, third.as_str()].concat();
    for ours in [[kept, further].concat(), [further, kept].concat(), three] {
        let text = format!(
            "{}{ours}\
             commitment held \"Held\" of host {{ target host_up >= 99.99% per calendar month; \
             credit of host_rent {{ below target gives 100% }}; claim automatic }}\n",
            charged(3000, 550)
        );
        assert_eq!(told(&text), ["SLA430"]);
    }
}

/// So it is where the supplier pays too little for each of them: the greatest loss is told, whichever names the other.
#[test]
fn of_losses_that_are_combined_the_greatest_is_told() {
    let of = |kept: (u32, &str), further: (u32, &str)| {
        let text = format!(
            "{}commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month; \
             credit of rent {{ below target gives {}% }}; claim automatic{} }}\n\
             commitment further \"Further\" of shop {{ target shop_up >= 99% per calendar month; \
             credit of rent {{ below target gives {}% }}; claim automatic{} }}\n\
             commitment held \"Held\" of host {{ target host_up >= 99.99% per calendar month; \
             credit of host_rent {{ below target gives 100% }}; claim automatic }}\n",
            charged(3000, 100),
            kept.0,
            kept.1,
            further.0,
            further.1
        );
        let found = findings(&text).into_iter().filter(|one| one.code.id == "SLA430");
        let said = found.filter_map(|one| Some(one.witness?.split_once(", ")?.1.to_owned()));
        said.collect::<Vec<_>>().join("\n")
    };
    let (by_kept, by_further) = ("; combine largest with further", "; combine largest with kept");
    let less = |owed: &str, under: &str| {
        format!("{owed} EUR are owed under `{under}`, and 100.00 EUR are received from the supplier")
    };
    assert_eq!(of((10, by_kept), (20, by_further)), less("600.00", "further"));
    assert_eq!(of((10, by_kept), (20, "")), less("600.00", "further"));
    assert_eq!(of((20, ""), (10, by_further)), less("600.00", "kept"));
    assert_eq!(of((20, by_kept), (20, "")), less("600.00", "kept"));
    // Without it, each is owed: what both come to is told.
    let both = "900.00 EUR are owed under `kept` and `further`, and 100.00 EUR are received from the supplier";
    assert_eq!(of((10, ""), (20, "")), both);
}

/// A length of time is not held against a stated part of the time, and that is told.
#[test]
fn a_length_beside_figures_is_told() {
    let of = |figure: &str| {
        told(&format!(
            "{HEAD}service power \"P\" {{ by cloud to acme; scope \"S\"; promised {figure} per calendar month }}\n\
             service shop \"S\" {{ by acme to globex; scope \"S\"; depends on power }}\n\
             metric lost \"Lost\" = total(runs(errors > 50% per 1min))\n\
             commitment kept \"Kept\" of shop {{ target shop_up >= 99.5% per calendar month }}\n\
             commitment brief \"Brief\" of shop {{ target lost <= 30min per calendar month }}\n"
        ))
    };
    assert_eq!(of("99.9%"), ["SLA431"]);
    assert_eq!(of("100%"), [""; 0]);
}

/// Where outages are counted by thresholds or by their length, one of each service is tried out, one after another.
#[test]
fn outages_one_after_another_are_shown() {
    let of = |own: &str, target: &str, promises: &str| {
        let text = format!(
            "{HEAD}{promises}service shop \"S\" {{ by acme to globex; scope \"S\"; depends on a, b }}\n\
             metric good \"Good\" = {own}\n\
             commitment kept \"Kept\" of shop {{ target good >= {target}% per calendar month }}\n"
        );
        let found = findings(&text).into_iter().filter(|one| ["SLA424", "SLA425"].contains(&one.code.id));
        found.map(|one| format!("{} {}", one.code.id, one.witness.unwrap_or_default())).collect::<Vec<_>>().join("\n")
    };
    let figure = |name: &str, part: &str| {
        format!("service {name} \"S\" {{ by cloud to acme; scope \"S\"; promised {part}% per calendar month }}\n")
    };
    let both = figure("a", "99.9") + &figure("b", "99.99");
    assert_eq!(
        of("share(errors <= 1% per 1min)", "99.9", &both),
        "SLA424 in June 2027 (30 days) `a` for 43 min 12 s and `b` for 4 min 19.2 s are down one after another, from 16 June \
         2027, 00:00: each keeps what is promised of it if it is down for no longer, and `shop` may be down for 43 min 12 s only"
    );
    // A quarter is judged in minutes as well.
    for (slice, most) in [("5min", "2 hours 10 minutes"), ("1min", "2 hours 12 minutes")] {
        let lasting = format!(
            "service b \"S\" {{ by cloud to acme; scope \"S\" }}\n\
             signal pings \"Pings\" as state of b {{ measured by acme; every 1min; missing bad }}\n\
             metric b_up \"Up\" = 1 - total(runs(not pings per {slice}) where length >= 5min) / window\n\
             commitment b_kept \"B\" of b {{ target b_up >= 99.9% per calendar quarter }}\n"
        );
        let told = of("100% - mean(errors per 1min)", "99.8", &(figure("a", "99.9") + &lasting));
        let shown = format!("SLA425 in July 2027 (31 days) `b` for {most} and `a` for 44 min 38.4 s are down");
        assert!(told.starts_with(&shown), "{told}");
    }
}

/// How much fails at the worst times is said of the window for which it is computed.
#[test]
fn the_worst_times_are_said_of_their_window() {
    let of = |theirs: &str, ours: &str| {
        let leaf = |name: &str| {
            format!("service {name} \"S\" {{ by cloud to acme; scope \"S\"; promised 99.95% per {theirs} }}\n")
        };
        let text = format!(
            "{HEAD}{}{}service shop \"S\" {{ by acme to globex; scope \"S\"; depends on a, b }}\n\
             commitment kept \"Kept\" of shop {{ target shop_up >= {ours} }}\n",
            leaf("a"),
            leaf("b")
        );
        let found = findings(&text).into_iter().find(|one| one.code.id == "SLA425");
        found.and_then(|one| one.derivation.last().cloned()).unwrap_or_default()
    };
    assert_eq!(of("calendar month", "99.90001% per calendar month"), "whatever they have in common: 99.9%");
    let said = of("calendar quarter", "99.9% per calendar month");
    assert!(said.starts_with("whatever they have in common, in July 2027: about 99.70"), "{said}");
}

/// What is promised already over the same windows is not asked for.
#[test]
fn more_is_asked_for_where_the_windows_are_promised_already() {
    let text = format!(
        "{}commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month }}\n\
         commitment low \"Low\" of host {{ target host_up >= 99% per calendar month }}\n\
         commitment high \"High\" of host {{ target host_up >= 99.95% per calendar quarter }}\n",
        hosted("5min")
    );
    let all = findings(&text);
    let help = all.into_iter().find(|one| one.code.id == "SLA426").and_then(|one| one.help).unwrap_or_default();
    assert!(help.contains("promised higher per calendar month"), "{help}");
}

/// What we owe for a service in between is not received, nor is what a supplier owes to another supplier.
#[test]
fn only_what_is_owed_to_us_is_received() {
    let kept = |name: &str, of: &str, fee: &str, claim: &str| {
        format!(
            "commitment {name} \"{name}\" of {of} {{ target shop_up >= 99.9% per calendar month; \
             credit of {fee} {{ below target gives 50% }}; claim by {claim} within 20 days of window end }}\n"
        )
    };
    let fees = "fee rent \"Rent\" of shop = 3000.00 EUR per calendar month\nfee power_rent \"Power\" of power = 3000.00 EUR per calendar month\n";
    let between = format!(
        "{HEAD}service shop \"S\" {{ by acme to globex; scope \"S\"; depends on pages }}\n\
         service pages \"P\" {{ by acme to globex; scope \"P\"; depends on power }}\n\
         service power \"W\" {{ by cloud to acme; scope \"W\" }}\n{fees}{}{}{}",
        kept("shop_kept", "shop", "rent", "globex"),
        kept("pages_kept", "pages", "power_rent", "globex").replace("20 days", "10 days"),
        kept("power_kept", "power", "power_rent", "acme").replace("50%", "100%").replace("20 days", "40 days"),
    );
    assert!(!told(&between).iter().any(|code| ["SLA429", "SLA430"].contains(code)), "{:?}", told(&between));
    let below = format!(
        "{HEAD}party grid \"Grid\" as supplier {{ contact desk \"Desk\" {{ email \"desk@grid.example\" }} }}\n\
         service shop \"S\" {{ by acme to globex; scope \"S\"; depends on pages }}\n\
         service pages \"P\" {{ by cloud to acme; scope \"P\"; depends on power }}\n\
         service power \"W\" {{ by grid to cloud; scope \"W\" }}\n{fees}{}{}",
        kept("shop_kept", "shop", "rent", "globex"),
        kept("power_kept", "power", "power_rent", "cloud").replace("20 days", "10 days"),
    );
    let found = findings(&below);
    assert!(found.iter().all(|one| one.code.id != "SLA429" && one.code.id != "SLA430"), "{found:#?}");
    let reason = "what is owed under it is owed to somebody else: nothing of it is received for this one";
    assert!(found.iter().any(|one| one.primary.as_deref() == Some(reason)), "{found:#?}");
}
