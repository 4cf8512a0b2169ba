//! Promises for one option of a dimension beside those over all of its options.

use super::{HEAD, PAIR, beside, edge, findings};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sla::diagnostics::Severity;
use std::fmt::Write as _;
use std::ops::Range;

/// What is promised of a service of a supplier, and of ours that needs it.
struct Case<'a> {
    site: &'a str,
    ours: &'a str,
    theirs: &'a str,
    more: &'a str,
}

/// In all cases but those that are about something else: errors per minute for each site, and over all sites.
const PLAIN: Case<'_> = Case {
    site: "{ option a \"Site A\"; option b \"Site B\" }",
    ours: "per site { target 100% - mean(bad per 1min) >= 99.9% per calendar month }",
    theirs: "{ target 100% - mean(host_bad per 1min) >= 99.9% per calendar month }",
    more: "",
};

impl Case<'_> {
    fn text(&self) -> String {
        let Case { site, ours, theirs, more } = self;
        format!(
            "{HEAD}dimension site \"Site\" {site}\n{PAIR}\
             signal calls \"Calls\" as events of shop {{ measured by globex; count total, failed; field site site; missing bad }}\n\
             signal asked \"Asked\" as events of host {{ measured by globex; count total, failed; field site site; missing bad }}\n\
             signal pings \"Pings\" as state of host {{ measured by globex; every 1min; missing bad }}\n\
             metric bad \"Bad\" = calls.failed / calls.total when empty 0%\n\
             metric host_bad \"Bad of the host\" = asked.failed / asked.total when empty 0%\n{more}\n\
             commitment kept \"Kept\" of shop {ours}\n\
             commitment held \"Held\" of host {theirs}\n"
        )
    }

    /// What is found of the two: the code, whose promise it is about, and the witness.
    fn told(&self) -> Vec<(&'static str, String, String)> {
        let text = self.text();
        let all = findings(&text);
        assert!(all.iter().all(|one| one.severity != Severity::Error), "{all:#?}\n{text}");
        let found = all.into_iter().filter(|one| ("SLA424".."SLA432").contains(&one.code.id));
        let name = |message: &str| message.split('`').nth(3).unwrap_or_default().to_owned();
        found.map(|one| (one.code.id, name(&one.message), one.witness.unwrap_or_default())).collect()
    }

    /// The witness that one option fails alone; nothing where none is told.
    fn alone(&self) -> Option<String> {
        let witnesses = self.told().into_iter().map(|(.., witness)| witness);
        witnesses.into_iter().find(|witness| witness.starts_with("if "))
    }
}

/// An outage of one option breaks ours for it, and the figure over all options stays above its target.
#[test]
fn an_outage_of_one_option_is_not_seen_in_a_figure_over_all() {
    let told = PLAIN.told();
    let codes: Vec<(&str, &str)> = told.iter().map(|(code, name, _)| (*code, name.as_str())).collect();
    // That the same is true of the other one is said beside it.
    assert_eq!(codes, [("SLA427", "kept[a]")]);
    assert_eq!(
        told[0].2,
        "if “Site A” has 50% of what is counted for `held`, and alone has one outage of 44 minutes in June 2027, from 15 June \
         2027, 23:00: `held` comes to 99.949% and is kept, `kept[a]` comes to 99.8981% and is missed"
    );
    // So it is where the supplier counts in a signal that knows no sites, or where thresholds are compared.
    let other = "metric errors_of_all \"E\" = visits.failed / visits.total when empty 0%";
    let theirs = "{ target 100% - mean(errors_of_all per 1min) >= 99.95% per calendar month }";
    let undivided = Case { theirs, more: other, ..PLAIN }.alone().unwrap();
    assert!(undivided.starts_with("if “Site A” has 25% of what is counted for `held`"), "{undivided}");
    let share = Case {
        ours: "per site { target share(bad <= 5% per 1min) >= 99.9% per calendar month }",
        theirs: "{ target share(host_bad <= 5% per 1min) >= 99.9% per calendar month }",
        ..PLAIN
    };
    let share = share.alone().unwrap();
    assert!(
        share.contains("has 5% of what is counted for `held`") && share.contains("`held` comes to 100%"),
        "{share}"
    );
    let fails = Case {
        ours: "per site { target mean(bad per 1min) <= 0.1% per calendar month }",
        theirs: "{ target mean(host_bad per 1min) <= 0.1% per calendar month }",
        ..PLAIN
    };
    assert!(
        fails
            .alone()
            .unwrap()
            .ends_with("`held` comes to 0.0509% and is kept, `kept[a]` comes to 0.1018% and is missed")
    );
    // Of an open dimension the options are not known.
    let open = Case { site: "", ..PLAIN }.alone().unwrap();
    assert!(open.starts_with("if one option of “Site” has 50% of"), "{open}");
}

/// Nothing is told of one option alone where the supplier promises it too, or where there is no such outage.
#[test]
fn what_holds_for_each_option_is_not_about_all() {
    let of_each = "commitment each_site \"E\" of host per site { target 100% - mean(host_bad per 1min) >= 99.95% per calendar month }";
    let brief = "commitment brief \"B\" of host per site { target total(runs(host_bad > 50% per 5min)) <= 10min per calendar month }";
    let quiet = [
        (
            "per the same dimension",
            Case { theirs: "per site { target 100% - mean(host_bad per 1min) >= 99.9% per calendar month }", ..PLAIN },
        ),
        ("for each option besides", Case { more: of_each, ..PLAIN }),
        ("for each option in another way", Case { more: brief, ..PLAIN }),
        ("of all options", Case { ours: "{ target 100% - mean(bad per 1min) >= 99.9% per calendar month }", ..PLAIN }),
        (
            "measured over all options",
            Case { ours: "per site { target shop_up >= 99.9% per calendar month }", ..PLAIN },
        ),
        ("of the only option", Case { site: "{ option a \"Site A\" }", ..PLAIN }),
        (
            "without any failure",
            Case { theirs: "{ target 100% - mean(host_bad per 1min) >= 100% per calendar month }", ..PLAIN },
        ),
        ("read from a state", Case { theirs: "{ target share(pings) >= 99.9% per calendar month }", ..PLAIN }),
        (
            "of the worst option",
            Case { theirs: "{ target 100% - max(host_bad per site) >= 99.9% per calendar month }", ..PLAIN },
        ),
        ("lower", Case { theirs: "{ target 100% - mean(host_bad per 1min) >= 99% per calendar month }", ..PLAIN }),
    ];
    for (what, case) in quiet {
        assert_eq!(case.alone(), None, "{what}");
    }
}

/// What the supplier promises for options of its own agreement is for the same options here, whatever they are called.
#[test]
fn options_that_are_imported_are_those_of_the_supplier() {
    let theirs = edge("currency EUR")
        + "dimension site \"Site\" { option a \"Site A\"; option b \"Site B\" }\n\
           signal asked \"Asked\" as events of host { measured by acme; count total, failed; field site site; missing bad }\n\
           metric host_bad \"Bad of the host\" = asked.failed / asked.total when empty 0%\n\
           commitment held \"Held\" of host per site { target 100% - mean(host_bad per 1min) >= 99.9% per calendar month }\n\
           commitment in_all \"In all\" of host { target 100% - mean(host_bad per 1min) >= 99.95% per calendar month }\n";
    let told = |import: &str, dimension: &str, place: &str| {
        let ours = format!(
            "{dimension}\n\
             signal calls \"Calls\" as events of shop {{ measured by globex; count total, failed; field site {place}; missing bad }}\n\
             metric bad \"Bad\" = calls.failed / calls.total when empty 0%\n\
             commitment kept \"Kept\" of shop per {place} {{ target 100% - mean(bad per 1min) >= 99.9% per calendar month }}\n"
        );
        let said = beside(&theirs, import, &ours);
        assert!(!said.contains("error["), "{said}");
        said.contains("SLA427]")
    };
    let own = "dimension place \"Place\" { option a \"Site A\"; option b \"Site B\" }";
    assert!(told("host, in_all, site", "", "site"));
    assert!(told("host, in_all, site for a", "", "site"), "there are others in the supplier's agreement");
    assert!(told("host, in_all", own, "place"));
    assert!(!told("host, held, site", "", "site"));
    assert!(!told("host, held, in_all, site", "", "site"));
    assert!(!told("host, held, site as place", "", "place"));
    // What options of its own have to do with ours is not known.
    assert!(!told("host, held", own, "place"));
}

/// All that is asked each second; parts of it are told in thousandths of a percent.
const WHOLE: i64 = 100_000;
/// The seconds of June 2027.
const JUNE: i64 = 30 * 86_400;

/// Promises over two or three options: how ours and the supplier's are counted, from what each is kept, and what the supplier
/// promises besides.
#[derive(Clone, Debug)]
struct Pair {
    options: usize,
    /// Minutes.
    slice: u32,
    threshold: bool,
    /// How many hundredths of a percent may fail, and whether it is what fails that is measured.
    ours: (u32, bool),
    theirs: (u32, bool),
    more: &'static str,
}

fn pairs() -> impl Strategy<Value = Pair> {
    let target = || (prop::sample::select(vec![5_u32, 10, 50, 100]), any::<bool>());
    let more = prop::sample::select(vec![
        "",
        "commitment in_all \"In all\" of host { target total(runs(host_bad > 30% per SLICE)) <= 30min per calendar month }",
        "commitment daily \"Daily\" of host { target mean(host_bad per SLICE) <= 2% per calendar day }",
        "commitment works \"Works\" of host { target share(host_bad <= 10% per SLICE) >= 99.95% per calendar month }",
    ]);
    let slice = prop::sample::select(vec![10_u32, 30, 60]);
    (2_usize..4, slice, any::<bool>(), target(), target(), more).prop_map(
        |(options, slice, threshold, ours, theirs, more)| Pair { options, slice, threshold, ours, theirs, more },
    )
}

impl Pair {
    /// Our own target, or the supplier's: so much of this may fail, said of what fails or of what works.
    fn target(&self, bad: &str, (most, inverse): (u32, bool)) -> String {
        let slice = self.slice;
        let percent = |hundredths: u32| format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let (fails, works) = (percent(most), percent(10_000 - most));
        match (self.threshold, inverse) {
            (true, _) => format!("target share({bad} <= 5% per {slice}min) >= {works}% per calendar month"),
            (false, true) => format!("target mean({bad} per {slice}min) <= {fails}% per calendar month"),
            (false, false) => format!("target 100% - mean({bad} per {slice}min) >= {works}% per calendar month"),
        }
    }

    /// What is asked of each option, with what fails there, where the first one has such a part of all and is down at these
    /// times alone: a row for each slice, and one for each minute of those in which it is down.
    fn rows(&self, Described { part, downs }: &Described) -> String {
        let length = i64::from(self.slice) * 60;
        let lost = |from: i64, to: i64| -> i64 {
            downs.iter().map(|down| (down.end.min(to) - down.start.max(from)).max(0)).sum()
        };
        let mut rows = "time,total,failed,site\n".to_owned();
        for from in (0..JUNE).step_by(60) {
            let slice = from / length * length;
            if from != slice && lost(slice, slice + length) == 0 {
                continue;
            }
            let (day, hour, minute) = (from / 86_400 + 1, from / 3_600 % 24, from / 60 % 60);
            let mut row = |asked: i64, failed: i64, site: char| {
                writeln!(rows, "2027-06-{day:02}T{hour:02}:{minute:02}:00Z,{asked},{failed},{site}").unwrap();
            };
            row(part * 60, part * lost(from, from + 60), 'a');
            let others = WHOLE - part;
            row(others * 60 - if self.options == 3 { others * 20 } else { 0 }, 0, 'b');
            if self.options == 3 {
                row(others * 20, 0, 'c');
            }
        }
        rows
    }
}

/// What a witness tells: the part that an option is of all, and when all of it fails.
struct Described {
    part: i64,
    downs: Vec<Range<i64>>,
}

/// A percentage in thousandths of a percent.
fn thousandths(percentage: &str) -> i64 {
    let digits = percentage.strip_suffix('%').unwrap();
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(places.len() <= 3, "{percentage}");
    format!("{whole}{places:0<3}").parse().unwrap()
}

/// A length of time in words, in seconds.
fn seconds(words: &str) -> i64 {
    let words: Vec<&str> = words.split(' ').collect();
    let units = words.windows(2).filter_map(|two| {
        let unit = ["second", "minute", "hour", "day"].iter().position(|unit| two[1].starts_with(unit))?;
        Some(two[0].parse::<i64>().unwrap() * [1, 60, 3_600, 86_400][unit])
    });
    units.sum()
}

/// Seconds from the start of June.
fn moment(words: &str) -> i64 {
    let (day, clock) = words.split_once(" June 2027, ").unwrap();
    let clock = clock.split(':').zip([3_600, 60, 1]).map(|(one, unit)| one.parse::<i64>().unwrap() * unit);
    (day.parse::<i64>().unwrap() - 1) * 86_400 + clock.sum::<i64>()
}

/// The times of a witness in numbers.
fn described(witness: &str) -> Described {
    let (of, alone) = witness.split_once(", and alone has ").unwrap();
    let part =
        thousandths(of.strip_prefix("if “Site A” has ").unwrap().split_once(" of what is counted for ").unwrap().0);
    let (what, from) = alone.split_once(": `").unwrap().0.split_once("from ").unwrap_or_else(|| panic!("{witness}"));
    let (outages, every) = what.split_once(", one every ").unwrap_or((what, ""));
    let (count, each) = outages.split_once(" outage").unwrap_or_else(|| panic!("{witness}"));
    let count: i64 = if count == "one" { 1 } else { count.parse().unwrap() };
    let start = |index: i64| moment(from) + index * seconds(every);
    let downs = (0..count).map(|index| start(index)..start(index) + seconds(each)).collect();
    Described { part, downs }
}

/// Where it is told that one option alone breaks ours, that is what the measurements come to which are told: all that the
/// supplier promises is kept, and ours is missed.
#[test]
fn what_is_told_of_one_option_is_what_is_measured() {
    let (mut runner, strategy) = (TestRunner::deterministic(), pairs());
    let mut shown = 0;
    for _ in 0..8 {
        let one = strategy.new_tree(&mut runner).unwrap().current();
        let site = [
            "{ option a \"Site A\"; option b \"Site B\" }",
            "{ option a \"Site A\"; option b \"Site B\"; option c \"Site C\" }",
        ];
        let more = one.more.replace("SLICE", &format!("{}min", one.slice));
        let ours = format!("per site {{ {} }}", one.target("bad", one.ours));
        let theirs = format!("{{ {} }}", one.target("host_bad", one.theirs));
        let case = Case { site: site[one.options - 2], ours: &ours, theirs: &theirs, more: &more };
        let Some(witness) = case.alone().filter(|witness| witness.contains(", and alone has ")) else { continue };
        shown += 1;
        let rows = one.rows(&described(&witness));
        let files =
            crate::cli::folder(&[("a.sla", &case.text()), ("data/calls.csv", &rows), ("data/asked.csv", &rows)]);
        let arguments = ["evaluate", "a.sla", "--data", "data", "--period", "2027-06", "--format", "json"];
        let ran = crate::cli::sla(files.path(), &arguments);
        let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
        let verdicts = |is_asked: &dyn Fn(&str) -> bool| -> Vec<String> {
            let all = json["commitments"].as_array().unwrap().iter();
            let asked = all.filter(|one| is_asked(one["commitment"].as_str().unwrap()));
            asked.flat_map(|one| one["windows"].as_array().unwrap()).map(|one| one["verdict"].to_string()).collect()
        };
        let theirs = verdicts(&|name| !name.starts_with("kept"));
        assert!(!theirs.is_empty() && theirs.iter().all(|one| one == "\"met\""), "{theirs:?} {one:?} {witness}");
        assert_eq!(verdicts(&|name| name == "kept[a]"), ["\"missed\""], "{one:?} {witness}");
    }
    assert!(shown > 4, "{shown}");
}
