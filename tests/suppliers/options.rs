//! Promises for one option of a dimension beside those over all of its options.

use super::{HEAD, PAIR, beside, edge, findings};
use sla::diagnostics::Severity;

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
    /// What is found of the two: the code, whose promise it is about, and the witness.
    fn told(&self) -> Vec<(&'static str, String, String)> {
        let Case { site, ours, theirs, more } = self;
        let text = format!(
            "{HEAD}dimension site \"Site\" {site}\n{PAIR}\
             signal calls \"Calls\" as events of shop {{ measured by globex; count total, failed; field site site; missing bad }}\n\
             signal asked \"Asked\" as events of host {{ measured by globex; count total, failed; field site site; missing bad }}\n\
             signal pings \"Pings\" as state of host {{ measured by globex; every 1min; missing bad }}\n\
             metric bad \"Bad\" = calls.failed / calls.total when empty 0%\n\
             metric host_bad \"Bad of the host\" = asked.failed / asked.total when empty 0%\n{more}\n\
             commitment kept \"Kept\" of shop {ours}\n\
             commitment held \"Held\" of host {theirs}\n"
        );
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
