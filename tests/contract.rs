//! The contract: what people read and sign.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use sla::model::Model;
use sla::source::FileId;
use sla::syntax::{Kind, Node, Token};
use sla::values::{Currency, Duration, Exact, Money, MonthDay, Period, YearMonth, parse_date, parse_datetime};
use std::collections::{BTreeMap, BTreeSet};

mod readings;
mod variants;

const FLAGSHIP: &str = include_str!("../examples/acme-cloud.sla");
const COLOCATION: &str = include_str!("../examples/colocation.sla");
const HELP_DESK: &str = include_str!("../examples/help-desk.sla");
const HOSTED: &str = include_str!("../examples/hosted-platform.sla");
const REGIONAL: &str = include_str!("../examples/regional-compute.sla");

fn model(text: &str) -> Model {
    let (tree, _) = sla::syntax::parse(FileId::new(0), text);
    sla::model::build(&tree).0
}

fn contract(text: &str) -> String {
    sla::targets::contract::text(&model(text))
}

/// The events of a rendering with every extension.
fn events(markdown: &str) -> Vec<Event<'_>> {
    Parser::new_ext(markdown, Options::all().difference(Options::ENABLE_SMART_PUNCTUATION)).collect()
}

/// What a reader sees: the text of a rendering, without markup, with single blanks.
fn visible(markdown: &str) -> String {
    let mut seen = String::new();
    for event in events(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => seen.push(' '),
            Event::InlineHtml(html) if &*html == "<br>" => seen.push(' '),
            _ => {}
        }
    }
    words(&seen)
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn examples() -> BTreeMap<String, String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sla") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

/// The leaves of a file outside `source` blocks.
fn leaves(root: &Node) -> Vec<Token> {
    let leaves = root.descendants_with_tokens().filter_map(|element| element.into_token());
    leaves.filter(|leaf| leaf.parent_ancestors().all(|node| node.kind() != Kind::s_source)).collect()
}

/// How the contract may spell a literal; nothing for a leaf that is none.
fn spellings(leaf: &Token) -> Option<Vec<String>> {
    let text = leaf.text();
    let decimal = |text: &str| Exact::parse_decimal(text).unwrap();
    let grouped = |number: &Exact| number.group_thousands(number.decimal_places().unwrap());
    Some(match leaf.kind() {
        Kind::number | Kind::int => vec![grouped(&decimal(text))],
        Kind::percent => match text.strip_suffix("pp") {
            Some("1") => vec![
                "1 percentage point".to_owned(),
                "complete percentage points".to_owned(),
                "started percentage points".to_owned(),
            ],
            Some(points) => vec![format!("{} percentage points", grouped(&decimal(points)))],
            None => vec![format!("{}%", grouped(&decimal(text.trim_end_matches('%'))))],
        },
        Kind::money => {
            let (amount, code) = text.split_once(' ').unwrap();
            vec![Money::new(decimal(amount), Currency::parse(code.trim()).unwrap()).prose()]
        }
        Kind::duration => {
            let all = Duration::parse(text).unwrap().words();
            let one = all.strip_prefix("1 ").map(|unit| [format!("every {unit}"), format!("last {unit}")]);
            let dashed = all.trim_end_matches('s').replacen(' ', "-", 1);
            [all, dashed].into_iter().chain(one.into_iter().flatten()).collect()
        }
        Kind::period => {
            let all = Period::parse(text).unwrap().to_string();
            let (count, unit) = all.split_once(' ').unwrap();
            let unit_only = format!("every {}", unit.trim_end_matches('s'));
            let mut all = vec![format!("{count} working {unit}"), format!("{count} consecutive {unit}"), all.clone()];
            if text.starts_with("1 ") {
                all.push(unit_only);
            }
            all
        }
        Kind::window_count => vec![words(text)],
        Kind::date => vec![sla::wording::date(parse_date(text).unwrap()), month_of(text)],
        Kind::datetime => vec![sla::wording::date_time(parse_datetime(text).unwrap())],
        Kind::month => vec![YearMonth::parse(text).unwrap().words()],
        Kind::month_day => vec![MonthDay::parse(text).unwrap().words()],
        Kind::time | Kind::quantity => vec![text.to_owned()],
        _ => return None,
    })
}

/// A whole month may be named instead of its first and last date.
fn month_of(date: &str) -> String {
    YearMonth::of(parse_date(date).unwrap()).words()
}

/// Whether a spelling is in a text as a whole: `5 days` is not in `15 days`.
fn says(text: &str, spelling: &str) -> bool {
    text.match_indices(spelling).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        let inside = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '%');
        let fraction = matches!(before, Some('.' | ',')) && text[..at - 1].ends_with(|c: char| c.is_ascii_digit());
        !inside(before) && !fraction && !inside(after)
    })
}

#[test]
fn every_number_of_the_source_is_in_the_contract() {
    for (name, source) in examples() {
        let (tree, _) = sla::syntax::parse(FileId::new(0), &source);
        let seen = visible(&contract(&source));
        let mut counted = 0;
        let missing: BTreeSet<String> = leaves(&tree.root)
            .iter()
            .filter_map(|leaf| Some((leaf, spellings(leaf)?)))
            .inspect(|_| counted += 1)
            .filter(|(_, spellings)| !spellings.iter().any(|spelling| says(&seen, spelling)))
            .map(|(leaf, spellings)| format!("{} ({})", leaf.text(), spellings.join(" | ")))
            .collect();
        assert!(counted > 20, "{name}: only {counted} literals were found");
        assert!(missing.is_empty(), "{name} lacks:\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn a_number_that_is_left_out_is_noticed() {
    assert!(says("within 15 days of it", "15 days") && says("is 99.95%.", "99.95%"));
    assert!(!says("within 15 days", "5 days") && !says("is 199.95%", "99.95%") && !says("is 4,200.00", "200.00"));
    assert!(!says("5 days", "5 day") && !says("EUR 14,200.00", "4,200.00"));
}

#[test]
fn every_text_of_the_source_is_in_the_contract() {
    for (name, source) in examples() {
        let (tree, _) = sla::syntax::parse(FileId::new(0), &source);
        let seen = visible(&contract(&source)).to_lowercase();
        let missing: Vec<String> = leaves(&tree.root)
            .iter()
            .filter(|leaf| leaf.kind() == Kind::text)
            .map(|leaf| words(&sla::syntax::text_value(leaf.text())))
            .filter(|text| !seen.contains(text.trim_end_matches('.').to_lowercase().as_str()))
            .collect();
        assert!(missing.is_empty(), "{name} lacks: {missing:#?}");
    }
}

#[test]
fn every_clause_has_its_id_in_the_contract() {
    for (name, source) in examples() {
        let model = model(&source);
        let text = contract(&source);
        let missing: Vec<String> = model
            .clauses()
            .into_iter()
            .map(|clause| clause.id)
            .filter(|id| {
                // It stands in the last schedule, whose number leads to an anchor in the text.
                !text.contains(&format!("](#{id}) | `{id}` |")) || !text.contains(&format!("<a id=\"{id}\"></a>"))
            })
            .collect();
        assert!(missing.is_empty(), "{name} lacks: {missing:#?}");
        let (body, _) = text.split_once(": Clause identifiers").unwrap();
        assert_eq!(body.matches('`').count(), 0, "{name} shows identifiers before their schedule");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let both = |(name, source): (String, String)| {
        let for_customer = sla::targets::contract::text_for_customer(&model(&source));
        [(name.clone(), contract(&source)), (name, for_customer)]
    };
    for (name, text) in examples().into_iter().flat_map(both) {
        let links = text.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap());
        for link in links {
            assert_eq!(text.matches(&format!("<a id=\"{link}\"></a>")).count(), 1, "{name}: {link}");
        }
        assert!(!text.contains(".. ") && !text.contains("..\n"), "{name} ends a sentence twice");
    }
}

#[test]
fn flagship() {
    insta::assert_snapshot!(contract(FLAGSHIP));
}

#[test]
fn help_desk() {
    insta::assert_snapshot!(contract(HELP_DESK));
}

#[test]
fn colocation() {
    insta::assert_snapshot!(contract(COLOCATION));
}

#[test]
fn hosted_platform() {
    insta::assert_snapshot!(contract(HOSTED));
}

#[test]
fn regional_compute() {
    insta::assert_snapshot!(contract(REGIONAL));
}

/// A small agreement of a provider, a customer and a supplier, with more statements.
fn small(more: &str) -> String {
    small_under("", more)
}

/// The same with more in its head.
fn small_under(terms: &str, more: &str) -> String {
    let head = r#"
agreement small "Small" {
  version "1"; status in_force; effective 2027-01-31; timezone "Europe/Berlin"; currency EUR; pay within_30_days
}
party p "Acme Inc." as provider { contact noc "NOC" }
party c "The Customer Co." as customer
party s "Rows Ltd" as supplier
service web "Web" { by p to c }
service db "Database" { by s to p }
fee f "Monthly fee" of web = 1000.00 EUR per calendar month
fee g "All fees" = f
holidays h "Holidays" { closed 12-25 "Christmas Day" }
calendar office "Office hours" { open mon to fri 09:00 to 17:00; closed h }
signal req "Requests" as events of web { measured by p from "Log"; count total "Requests"; count failed "Failed"; missing bad }
signal host "Host" as state of web { measured by p; every 1min; missing bad after 5min }
signal dbup "Database" as state of db { measured by p; every 1min; missing bad }
signal tix "Tickets" as cases of web { measured by p; milestone opened, responded, resolved }
metric err "Error rate" = req.failed / req.total when empty 0%
metric avail "Availability" = 100% - mean(err per 5min)
metric hostup "Host uptime" = share(host)
metric dbavail "Database availability" = share(dbup)
"#;
    let head = head.replacen("pay within_30_days", &format!("pay within_30_days{terms}"), 1);
    visible(&contract(&format!("{head}{more}")))
}

fn assert_says(text: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(text.contains(sentence), "{sentence:?} is not in {text}");
    }
}

#[test]
fn options_that_mean_the_same_share_a_row() {
    let text = small(
        "dimension feature \"Feature\" { option a \"Alpha\"; option b \"Beta\"; option c \"Gamma\" }
        metric up \"Uptime\" per feature { for a, c = 100% - share(err > 5% per 1min); for b = 100% - mean(err per 1h) }
        commitment d \"Features\" of web per feature { target up >= 99% per calendar month }",
    );
    let rows = [
        "Alpha, Gamma 100% minus the share of the 1-minute intervals",
        "Beta 100% minus the mean of the error rate over the 1-hour intervals",
    ];
    assert_says(&text, &rows);
}

#[test]
fn a_given_score_is_that_of_each_answer() {
    let text = small(
        "signal survey \"Survey\" as scores of web { measured by c; scale 1 to 7 }
        metric liked \"Positive answers\" = share(survey.score >= 5) when empty 100%
        commitment e \"Satisfaction\" of web { target liked >= 85% per calendar month }
        example five of e during 2027-06 { given survey.score = 5; expect liked = 100% }",
    );
    assert_says(&text, &["Given: each score of “Survey” is 5 throughout."]);
}

#[test]
fn an_example_says_on_which_side_of_the_promise_its_window_lies() {
    let text = small(
        "metric soon \"Tickets resolved in a day\" = share(tix.resolved.after <= 24h) when empty 100%
        metric kept \"Tickets in time\" = share(tix.resolved.in_time) when empty 100%
        commitment e \"Repair\" of web {
          target soon >= 90% per calendar month
          target kept >= 80% per calendar month
          terminate by c when soon < 50%
        }
        example a of e during 2027-06 { given tix.resolved.after = 24h; given kept = 80%; expect met = true, terminate = false }
        example b of e during 2027-06 { given tix.resolved.after = 25h; given kept = 79%; expect met = false, terminate = true }
        example g of e during 2027-06 { given tix.resolved.in_time = false; given soon = 95%; expect met = false }
        support d \"Desk\" of web {
          by p to c; cases tix; on always
          priority high \"High\" { when \"Down\"; resolve within 4h }
          priority low \"Low\" { when \"Slow\"; resolve within 8h }
          reclassify keep_clock
        }
        example turned of d {
          given case low { opened 2027-06-03 10:00; priority high 2027-06-03 12:00; resolved 2027-06-03 14:00 }
          expect resolved.in_time = true
        }",
    );
    assert_says(
        &text,
        &[
            "Given: the time on the clock until “resolved” of each of “Tickets” is 24 hours throughout.",
            "Given: “resolved” is reached in time by none of “Tickets” throughout.",
            "Result: the target is met and what is measured gives no right to terminate.",
            "Result: the target is missed and what is measured gives a right to terminate.",
            "“opened” on 3 June 2027, 10:00; “resolved” on 3 June 2027, 14:00; priority “High” from 3 June 2027, 12:00 on.",
        ],
    );
}

#[test]
fn the_article_goes_by_the_name_of_the_dimension() {
    let text = small(
        "dimension offering \"Offering\" { option a \"Alpha\"; option b \"Beta\" }
        metric up \"Uptime\" per offering { for a = 100% - mean(err per 5min); for b = 100% - mean(err per 1h) }
        exclusion storm \"Storm\" { when \"A storm\"; counts excluded }
        commitment d \"Offerings\" of web per offering { target up >= 99% per calendar month; exclude storm }",
    );
    assert_says(&text, &["only for an offering that is concerned"]);
    assert!(!text.contains("like any other time"), "{text}");
}

/// A row about one option concerns what holds for that option by itself, and the contract says of the others that it does not.
#[test]
fn what_concerns_one_option_is_nothing_to_what_holds_for_all_of_them() {
    let text = small(
        "dimension plan \"Plan\" { option silver \"Silver\"; option gold \"Gold\" }
        dimension region \"Region\" { option eu \"Europe\"; option us \"America\" }
        exclusion storm \"Storm\" { when \"A storm\"; counts excluded }
        commitment a \"Each plan\" of web per plan { target avail >= 99% per calendar month; exclude storm }
        commitment r \"Each region\" of web per region { target avail >= 99% per calendar month; exclude storm }
        commitment z \"Whole\" of web { target avail >= 99% per calendar month; exclude storm }",
    );
    let apart = "For a service level that does not hold for each plan or each region by itself, time that concerns one of these only is like any other time.";
    assert_says(&text, &[apart]);
}

#[test]
fn maintenance_without_options_of_its_own_takes_time_from_all_options() {
    let text = |per: &str, exclude: &str| {
        small(&format!(
            "dimension offering \"Offering\" {{ option a \"Alpha\"; option b \"Beta\" }}
            metric up \"Uptime\" per offering {{ for a = 100% - mean(err per 5min); for b = 100% - mean(err per 1h) }}
            exclusion storm \"Storm\" {{ when \"A storm\"; counts excluded }}
            maintenance work \"Work\" of web{per} {{ announce 3 days before start; counts excluded }}
            maintenance care \"Care\" of web {{ announce 3 days before start; counts met }}
            commitment d \"Offerings\" of web per offering {{ target up >= 99% per calendar month; exclude {exclude} }}"
        ))
    };
    let for_all = "This holds for each offering alike, also for one that the maintenance does not concern.";
    let both = text("", "storm, work, care");
    assert_says(
        &both,
        &[
            "an exclusion takes effect only for an offering that is concerned; maintenance takes effect as its own clause says.",
            &format!("The time affected is not counted. {for_all}"),
            &format!("The time affected counts as met. {for_all}"),
        ],
    );
    // Where it differs by them itself, or where nothing differs that names it, there is nothing to say.
    let own = text(" per offering", "storm, work");
    assert_says(&own, &["The time affected is not counted.", "an exclusion takes effect only for an offering"]);
    assert!(!own.contains(for_all), "{own}");
}

#[test]
fn a_desk_that_does_not_say_what_becomes_of_the_clock_keeps_it() {
    let text = |more: &str| {
        small(&format!(
            "support d \"Desk\" of web {{ by p to c; cases tix; on always
              priority high \"High\" {{ when \"Down\"; resolve within 4h }}
              {more} }}"
        ))
    };
    let low = "priority low \"Low\" { when \"Slow\"; resolve within 8h }";
    let keeps = "If the priority of a case changes, the time on its clock stays.";
    assert_says(&text(low), &[keeps]);
    assert_eq!(text(low), text(&format!("{low}; reclassify keep_clock")));
    // Where there is one priority only, none can change.
    assert!(!text("").contains("the priority of a case changes"), "{}", text(""));
}

#[test]
fn the_times_of_a_desk_are_judged_by_the_service_levels_that_measure_them() {
    let text = |times: &str, levels: &str| {
        small(&format!(
            "support d \"Desk\" of web {{ by p to c; cases tix; on always; priority any \"Any\" {{ when \"Any\"; {times} }} }}
            {levels}"
        ))
    };
    let (respond, resolve) = ("respond within 1h", "resolve within 4h");
    let both = format!("{respond}; {resolve}");
    let answered = "commitment a \"Answered\" of d { target share(tix.responded.in_time) >= 90% per calendar month }";
    let resolved = "metric kept = share(tix.resolved.in_time) when empty 100%
        commitment r \"Resolved\" of d { target kept >= 80% per calendar month }";
    let owed = "Acme Inc. shall keep to these times, which are counted from the opening of the case:";
    assert_says(&text(&both, ""), &[owed]);
    let told = |levels: &str| {
        format!(
            "Acme Inc. shall keep to these times, which are counted from the opening of the case. For the times and the cases that {levels}; all others are owed in every case:"
        )
    };
    let all = text(&both, &format!("{answered}\n{resolved}"));
    let levels = "the service levels “Answered” (4.1 ) and “Resolved” (4.2 ) measure, these say how many may be missed";
    assert_says(&all, &[&told(levels)]);
    let some = text(&format!("{both}; update every 30min"), answered);
    assert_says(&some, &[&told("the service level “Answered” (4.1 ) measures, it says how many may be missed")]);
    // A mean does not look at deadlines.
    let mean = "commitment m \"Mean\" of d { target mean(tix.responded.after) <= 90h per calendar month }";
    assert_says(&text(respond, mean), &[owed]);
    // A promise of somebody else judges nothing, and neither does one about other cases.
    let of_supplier = answered.replace("of d", "of db");
    assert_says(&text(respond, &of_supplier), &[owed]);
    let calls = "signal calls as cases of web { measured by p; milestone opened, responded }";
    let of_calls =
        format!("{calls}\n{}", answered.replace("share(tix.responded.in_time)", "share(calls.responded.after <= 1h)"));
    assert_says(&text(respond, &of_calls), &[owed]);
}

/// How what is announced ahead is counted stands in the contract, also where nothing else is counted so.
#[test]
fn how_announcements_are_counted_back_is_said() {
    let work = |ahead: &str| {
        small(&format!(
            "calendar office \"Office\" {{ open mon to fri 09:00 to 17:00 }}
            maintenance m \"Work\" of web {{ by p; announce {ahead} before start; counts excluded }}"
        ))
    };
    assert_says(
        &work("1 contract months"),
        &["is due by the end of the last of that number of them before the one in which the event falls."],
    );
    assert_says(
        &work("5 days on office"),
        &["is due by the end of the last of that number of such dates, counted back from the day before it."],
    );
    assert_says(
        &work("16h on office"),
        &["at least 16 hours, counted in Office hours only, before the maintenance starts"],
    );
}

#[test]
fn a_ladder_has_explicit_ends_and_no_dead_otherwise() {
    let text = small(
        "commitment a of web { target avail >= 99% per calendar month; credit of f { below target gives 5%; below 98% gives 10%; otherwise gives 1% }; claim automatic }
        commitment b of web { target hostup >= 99% per calendar month; credit of g { below 97% gives 7%; otherwise gives 2% }; claim automatic }",
    );
    assert_says(
        &text,
        &[
            "(a) At least 98% and below 99% 5% of the monthly fee",
            "(b) Below 98% 10% of the monthly fee",
            "(a) Below 97% 7% of all fees",
            "(b) Any other value 2% of all fees",
        ],
    );
    assert!(!text.contains("1% of the monthly fee"), "{text}");
}

#[test]
fn rows_that_can_never_apply_are_not_printed() {
    let text = small(
        "commitment a of web { target avail >= 95% per calendar month; claim automatic
          credit of f { below target gives 10%; below 99% gives 25%; below 95% gives 100% } }
        commitment b of web { target avail >= 98% per calendar month; claim automatic
          credit of f { below 99% gives 10%; below 90% gives 50% } }",
    );
    assert_says(
        &text,
        &[
            "Availability Service credit (a) Below 95% 100% of the monthly fee",
            "Availability Service credit (a) At least 90% and below 98% 10% of the monthly fee (b) Below 90% 50% of the monthly fee",
            "4.1.3 (a) commitment.a.credit.below_target",
        ],
    );
    assert!(!text.contains("25%") && !text.contains("99%"), "{text}");
}

#[test]
fn only_rules_that_have_something_to_do_are_stated() {
    let plain = small(
        "commitment k of web { target avail >= 99% per calendar month; credit of f { below target gives 10% }; claim automatic; remedy sole }",
    );
    assert_says(
        &plain,
        &[
            "A service credit is due only if the target is missed.",
            "first the amount by its table or formula; and last the rounding.",
            "Service credits are the only remedies for a miss of this service level.",
            "These fees are the base of service credits:",
        ],
    );
    for idle in ["only the largest", "the cap", "claimed in time", "rights to terminate", "The clock of a case"] {
        assert!(!plain.contains(idle), "{idle}: {plain}");
    }
    let bare = small("commitment k of web { target avail >= 99% per calendar month; warn below 99.5% }");
    assert_says(&bare, &["No credit is agreed for a miss of this service level.", "a warning and gives nothing."]);
    assert!(!bare.contains("Service credit means"), "{bare}");
}

#[test]
fn fees_that_are_alike_for_all_options_stand_once() {
    let text = small(
        "dimension zone \"Zone\" { option one \"One\"; option two \"Two\" }
        dimension unit \"Unit\"
        fee rent \"Rent\" of web per zone = 10 EUR per calendar month
        fee toll \"Toll\" of web per zone { one gives 1 EUR per calendar month; two gives 2 EUR per calendar month }
        fee hire \"Hire\" of web per zone, unit = invoiced per calendar month",
    );
    assert_says(
        &text,
        &[
            "Rent (each zone) Web EUR 10.00 Per calendar month",
            "Toll (One) Web EUR 1.00",
            "Toll (Two) Web EUR 2.00",
            "Hire (each combination of zone and unit) Web The amount invoiced",
        ],
    );
}

#[test]
fn an_open_dimension_beside_a_closed_one_is_named() {
    let text = small(
        "dimension zone \"Zone\" { option one \"One\"; option two \"Two\" }
        dimension unit \"Unit\"
        signal hits as events of web { measured by p; count total, bad; field zone zone; field unit unit; missing bad }
        metric wrong \"Share of wrong hits\" = hits.bad / hits.total when empty 0%
        commitment k of web per zone, unit { target wrong <= 1% per calendar month }
        commitment l of web per unit { target wrong <= 2% per calendar month }",
    );
    assert_says(
        &text,
        &[
            "for each combination of zone and unit by itself: “One” and “Two”, each with every unit.",
            "This holds for each unit by itself.",
        ],
    );
}

#[test]
fn options_are_called_by_their_titles() {
    let text = small(
        "dimension zone \"Service zone\" { option one \"Zone One\"; option two \"Zone Two\" }
        signal hits as events of web { measured by p; value wait s \"Wait\"; field zone zone; missing bad }
        metric slow = share(hits.wait > 1s where zone in [one, two]) when empty 0%
        commitment k of web { target slow <= 1% per calendar month }",
    );
    assert_says(&text, &["is “Zone One” or “Zone Two”", "Service zone, one of “Zone One” and “Zone Two” Detail"]);
}

#[test]
fn holidays_that_are_only_parts_of_others_are_not_printed_twice() {
    let text = small(
        "holidays state \"State\" { closed 05-01 \"Labour Day\" }
        holidays fair \"Fair\" { closed 09-10 \"Day of the fair\" }
        holidays town \"Town\" = state or fair
        calendar shop \"Shop hours\" { open mon to fri 09:00 to 17:00; closed town }
        duty d { by c to p; do \"Open\"; within 2 days on shop of request }",
    );
    assert_eq!((text.matches("Day of the fair").count(), text.matches("Labour Day").count()), (1, 1), "{text}");
    assert_says(&text, &["holidays.town", "holidays.fair", "holidays.state"]);
}

#[test]
fn a_computed_constant_is_stated_with_its_value() {
    let text = small(
        "constant most \"Longest time\" = 0.1% of 730h
        constant third \"A third\" = 1 / 3
        metric down = total(runs(err > 50% per 1min))
        commitment k of web { target down <= most per calendar month }",
    );
    assert_says(
        &text,
        &[
            "Longest time means 43 minutes 48 seconds (0.1% of 730 hours).",
            "A third means 1 divided by 3.",
            "at most 43 minutes 48 seconds in each",
        ],
    );
}

#[test]
fn a_calendar_period_is_counted_as_a_whole() {
    let text = small(
        "commitment k of web { target avail >= 99% per calendar month; credit = 10 EUR; claim by c within 1 calendar months of window end; pay next_invoice }
        review r { by p to c; every 12 months }",
    );
    assert_says(
        &text,
        &[
            "A deadline in calendar, billing, fiscal or contract periods ends at the end of the last",
            "a deadline of two calendar months ends with the second calendar month after that of the event.",
            "A deadline or term in other months, quarters or years ends on the day with the same number",
        ],
    );
}

#[test]
fn a_standing_duty_exists_at_all_times_or_in_some_hours() {
    let text = small(
        "duty spare \"Spare parts\" { by c to p; do \"Keep a spare router\"; on always }
        duty door \"Door\" { by c to p; do \"Keep the door open\"; on office }",
    );
    assert_says(&text, &["This duty exists at all times.", "This duty exists in these hours only: Office hours"]);
}

#[test]
fn a_duty_names_what_differs_by_options_once() {
    let text = small(
        "dimension zone \"Zone\" { option one \"One\"; option two \"Two\" }
        signal on \"Running\" as state of web { measured by c; every 1min; field zone zone; missing bad }
        metric up \"Time up\" = share(on)
        commitment a \"Zones\" of web per zone { target up >= 90% per calendar month }
        duty power \"Power\" { by c to p; do \"Keep the power on\"; on always; excuses a }",
    );
    assert_says(&text, &["A breach of this duty excuses a miss of the service level “Zones”."]);
}

/// A clause for all plans names what differs by the zone by its zone.
#[test]
fn what_differs_by_another_dimension_is_named_once_where_all_of_it_is_meant() {
    let text = small(
        "dimension plan \"Plan\" { option basic \"Basic\"; option gold \"Gold\" }
        dimension zone \"Zone\" { option one \"One\"; option two \"Two\" }
        maintenance planned \"Planned work\" of web per zone { announce 3 days before start to c; counts excluded }
        constant goal \"Goal\" per plan { gold gives 99.5%; otherwise gives 99% }
        commitment k \"Kept\" of web per plan { target avail >= goal per calendar month; exclude planned }",
    );
    assert_says(
        &text,
        &["the time of “Planned work” is not counted", "Planned work 5.2.1 This holds for each zone by itself"],
    );
}

/// Of what is promised for each unit, the largest credit is that of the unit.
#[test]
fn the_largest_of_an_open_dimension_is_that_of_the_same_option() {
    let text = small(
            "dimension unit \"Unit\"
            dimension zone \"Zone\" { option one \"One\"; option two \"Two\" }
            signal hits as events of web { measured by p; count total, bad; field unit unit; field zone zone; missing bad }
            metric wrong \"Share of wrong hits\" = hits.bad / hits.total when empty 0%
            commitment k \"Kept\" of web per unit { target wrong <= 1% per calendar month; credit = 1.00 EUR; claim automatic }
            commitment l \"Quick\" of web per unit, zone {
              target wrong <= 2% per calendar month; credit = 2.00 EUR; claim automatic; combine largest with k
            }"
    );
    let same =
        "“Kept”, “Quick (One)” and “Quick (Two)” for the same unit and the same measurement period, only the largest";
    assert_says(&text, &[same]);
}

/// A promise for each option of an open dimension is shown with one of them.
#[test]
fn an_example_is_about_one_option_of_an_open_dimension() {
    let text = small(
        "dimension machine \"Machine\"
        signal running \"Running\" as state of web { measured by c; every 1min; field machine machine; missing bad }
        metric up \"Time up\" = share(running)
        commitment a \"Machines\" of web per machine { target up >= 90% per calendar month }
        example e of a during 2027-06 { given running = false from 2027-06-03 00:00 to 2027-06-06 00:00; expect up = 90% }",
    );
    let sentences = [
        "This holds for each machine by itself.",
        "This example is about the service level “Machines (one machine)”.",
        "Given: the state “Running (one machine)” is down from",
    ];
    assert_says(&text, &sentences);
}

#[test]
fn what_is_excluded_alike_is_said_once() {
    let text = small(
        "exclusion storm \"Storm\" { when \"A storm\"; counts excluded }
        exclusion strike \"Strike\" { when \"A strike\"; counts met }
        commitment a of web { target avail >= 99% per calendar month; exclude storm }
        commitment b of web { target hostup >= 99% per calendar month; exclude storm, strike }",
    );
    let sentences = [
        "For this service level the time of “Storm” is not counted, in accordance with section",
        "For this service level these are taken into account: “Storm” (not counted) and “Strike” (counts as met).",
    ];
    assert_says(&text, &sentences);
}

#[test]
fn an_exclusion_that_nothing_uses_says_so() {
    let text = small(
        "exclusion storm \"Storm\" { when \"A storm\"; counts excluded }
        exclusion strike \"Strike\" { when \"A strike\"; counts met }
        commitment b of web { target hostup >= 99% per calendar month; exclude strike }",
    );
    let sentences = [
        "For this service level this is taken into account: “Strike” (counts as met). Its effect is set out in",
        "No service level takes this exclusion into account: the time affected is treated like any other time.",
    ];
    assert_says(&text, &sentences);
}

#[test]
fn a_fee_of_an_example_is_the_fee_and_a_milestone_has_its_title() {
    let text = small(
        "fee bill \"Bill\" of web = invoiced per calendar month
        signal jobs \"Jobs\" as cases of web { measured by c; milestone begun \"Work begun\", ended \"Work ended\" }
        metric swift \"Swift jobs\" = share(jobs.ended.after <= 1h) when empty 100% { window of jobs.begun }
        commitment a of web { target swift >= 99% per calendar month; credit of bill { below target gives 10% }; claim automatic }
        example e of a during 2027-06 { given swift = 98%; given bill = 50.00 EUR; expect credit = 5.00 EUR }",
    );
    let sentences = [
        "in which it reaches the milestone “Work begun”.",
        "Given: the share of swift jobs is 98% throughout.",
        "Given: the bill is EUR 50.00.",
    ];
    assert_says(&text, &sentences);
}

#[test]
fn the_time_of_a_case_says_what_it_is_counted_from() {
    let text = small(
        "signal parcels as cases of web { measured by acme; milestone ordered, delivered }
        signal tickets as cases of web { measured by acme; milestone opened, resolved }
        commitment a of web { target p95(parcels.delivered.after) <= 72h per calendar month }
        commitment b of web { target p95(tickets.resolved.after) <= 8h per calendar month }
        support desk of web { cases tickets }",
    );
    let times = ["the time from “ordered” to “delivered”", "the time on the clock from the opening to “resolved”"];
    assert_says(&text, &times);
}

#[test]
fn an_alert_says_from_where_on_a_credit_is_owed() {
    let model = |rows: &str| {
        model(&format!(
            "service w {{ }}
            fee f \"Monthly fee\" of w = 10 EUR per calendar month
            signal up1 as state of w {{ missing bad }}
            metric up \"Uptime\" = share(up1)
            metric other \"Second uptime\" = share(up1)
            commitment a of w {{ target up >= 99% per calendar month; credit of f {rows} }}"
        ))
    };
    let says = |rows: &str| {
        let model = model(rows);
        sla::wording::credit_summary(&model, model.commitments.get("a").unwrap()).unwrap()
    };
    assert_eq!(
        says("{ below target gives 5% }"),
        "If it is missed, the customer is owed a service credit of 5% of the monthly fee."
    );
    assert_eq!(
        says("{ below 98% gives 5% }"),
        "If it is missed, the customer is owed a service credit of 5% of the monthly fee if the uptime is below 98%."
    );
    assert_eq!(
        says("{ below 97% gives 5%; below 96% gives 100 EUR; below 95% gives 6% }"),
        "If it is missed, the customer is owed a service credit of 5% of the monthly fee if the uptime is at least 96% and \
         below 97%, EUR 100.00 if it is at least 95% and below 96%, 6% if it is below 95%."
    );
    assert!(says("using other { below 97% gives 5% }").ends_with("if the second uptime is below 97%."));
    assert!(says("as bands { above 97% and at most 98% gives 5% }").starts_with("the customer is owed"));
}

#[test]
fn a_negation_reaches_as_far_as_it_says() {
    let text = small(
        "metric one = share(not (err <= 5%) or host per 5min)
        metric two = share(not (err <= 5% or host) per 5min)
        escalation e { when not a.failing; after 0min notify p.noc }
        commitment a of web { target hostup >= 99% per calendar month; terminate by c when avail < 90% { cure within 30 days; announce 3 months before end to p.noc } }",
    );
    assert_says(
        &text,
        &[
            "in which the error rate is above 5% or the state “Host” is up",
            "in which it is not the case that (the error rate is at most 5% or the state “Host” is up at every moment of the interval)",
            "the service level “a” is not being missed",
            "A service level is being missed at a moment if",
            "may terminate this agreement if, for a measurement period, the availability is below 90%.",
            "cured within 30 days of receipt of the notice of termination.",
            "at least 3 months before the date on which the termination takes effect, to Acme Inc. (NOC).",
        ],
    );
}

#[test]
fn the_largest_credit_is_that_of_the_whole_group() {
    let text = small(
        "commitment k1 of web { target avail >= 99% per calendar month; credit of f { below target gives 5% }; claim automatic; combine largest with k2 }
        commitment k2 of web { target hostup >= 99% per calendar month; credit of f { below target gives 5% }; claim automatic; combine largest with k3 }
        commitment k3 of web { target avail >= 98% per calendar month; credit of f { below target gives 5% }; claim automatic }",
    );
    assert_says(
        &text,
        &["Of the service credits for “k1”, “k2” and “k3” for the same measurement period, only the largest is owed."],
    );
}

#[test]
fn the_cap_of_the_agreement_is_for_what_the_provider_owes() {
    let text = visible(&contract(
        r#"
agreement both "Both ways" { cap 15% of f per calendar month }
party p "Acme Inc." as provider
party q "Second Inc." as provider
party c "The Customer Co." as customer
party s "Rows Ltd" as supplier
service web "Web" { by p to c }
service more "More" { by q to c }
service data "Data" { by c to p }
service db "Database" { by s to p }
fee f "Monthly fee" of web = 1000.00 EUR per calendar month
signal up "State" as state of web { measured by p; every 1min; missing bad }
metric u "Uptime" = share(up)
commitment a of web { target u >= 99% per calendar month; credit of f { below target gives 5% } }
commitment b of more { target u >= 99% per calendar month; credit of f { below target gives 5% } }
commitment k of data { target u >= 99% per calendar month; credit of f { below target gives 5% } }
commitment l of db { target u >= 99% per calendar month; credit of f { below target gives 5% } }
"#,
    ));
    assert_says(
        &text,
        &["Together, all service credits that Acme Inc. and Second Inc. owe are at most 15% of the monthly"],
    );
}

#[test]
fn a_rolling_promise_says_what_a_credit_is_for() {
    let rolling = |target: &str| {
        small(&format!(
            "metric outages \"Outages\" = count(runs(err > 10% per 1min) where length > 5min)
            commitment k of web {{ target {target} per rolling 30 days; credit of f {{ otherwise gives 5% }}; claim automatic }}"
        ))
    };
    let breach = "Its measurement period is that of the first evaluation that gives it";
    let each = "Each uninterrupted stretch gives a service credit of its own if this service level is in breach when";
    let judged = "a stretch is judged at the first evaluation after its end.";
    let by_run = rolling("outages <= 3");
    assert_says(&by_run, &[each, judged]);
    assert!(!by_run.contains(breach), "{by_run}");
    let plain = rolling("avail >= 99%");
    assert_says(&plain, &[breach]);
    assert!(!plain.contains(each) && !plain.contains(judged), "{plain}");
}

#[test]
fn the_end_of_a_period_is_said_where_time_is_counted_from_it() {
    let ends = "A period ends on its last day: a deadline of five days that is counted from the end of January";
    let claim = |within: &str| {
        format!("commitment k of web {{ target avail >= 99% per calendar month; credit = 10 EUR; {within} }}")
    };
    // The credit is paid within 30 days of the end of the period.
    assert_says(&small(&claim("claim automatic")), &[ends]);
    let text = "service w { } signal up as state of w { missing bad } metric u = share(up)
        commitment k of w { target u >= 99% per calendar month; credit = 10 EUR; claim by c within 5 days of window end }";
    assert_says(&visible(&contract(text)), &[ends]);
    assert!(!visible(&contract(&text.replace("window end", "breach"))).contains(ends));
}

#[test]
fn a_choice_cannot_be_read_in_two_ways() {
    let text = small(
        "metric down \"Downtime\" = total(runs(err > 10% per 1min))
        commitment k of web { target down <= 1h per calendar month; credit = if down > 24h then 300 EUR else 12 EUR * started(attained - target, 1h); claim automatic }",
    );
    assert_says(
        &text,
        &["EUR 300.00 if downtime is above 24 hours, and otherwise (EUR 12.00, multiplied by the number of"],
    );
}

#[test]
fn each_kind_of_records_has_a_period_of_its_own() {
    let text = small("records re { by s; keep dbup for 6 years; keep tix for 24 months }");
    let kept = text.lines().find(|line| line.contains("shall keep the records")).unwrap();
    let (first, second) = kept.split_once(", and those of ").unwrap();
    assert!(first.contains("for 6 years") && second.contains("for 24 months"), "{kept}");
}

#[test]
fn a_mean_within_an_interval_is_of_the_interval() {
    let text = small(
        "signal heat as samples of db { value temp °C; every 1min; missing bad; measured by s }
         metric hot = share(mean(heat.temp) > 35°C per 1h)
         metric warm = mean(heat.temp)
         metric often = count(mean(heat.temp) > 35°C per 1h)",
    );
    assert_says(
        &text,
        &[
            "the share of the 1-hour intervals of the measurement period in which the mean of the",
            "over all readings of the interval is above 35°C",
            "over all readings of the measurement period.",
            "the number of 1-hour intervals of the measurement period in which",
        ],
    );
}

#[test]
fn a_duty_that_counts_from_the_end_says_of_what() {
    let text = small("duty exit { by p to s; do \"Return the data\"; within 3 months of end }");
    assert_says(&text, &["This shall be done within 3 months of the end of this agreement."]);
}

#[test]
fn the_lower_of_two_amounts_cannot_be_read_as_a_product() {
    let text = small(
        "commitment k of db {
           target dbavail >= 99% per calendar month
           credit = min(5 EUR * completed(target - attained, 1pp), 10% of dbfee)
           claim automatic
         }
         fee dbfee of db = 100 EUR per calendar month",
    );
    assert_says(&text, &["the lower of (i)", "and (ii) 10% of"]);
}

#[test]
fn what_suppliers_owe_stands_in_their_schedule() {
    let text = small(
        "commitment k of db { target dbavail >= 99% per calendar month; terminate by p when k.breached }
        support desk of db { by s to p; cases tix }
        duty d { by s to p; do \"Call Acme\"; within 10min of incident start }
        maintenance m of db { counts excluded }
        report r { by s to p; every 1 week \"On paper\" }
        records re { by s; keep dbup for 12 months }
        audit au { by p to s; every 24 months }
        escalation e { when k.failing; after 0min notify p.noc }",
    );
    let (body, schedule) = text.split_once(": Suppliers (for information)").unwrap();
    for words in
        ["shall call", "send a report", "keep the records", "may audit", "may carry out", "Escalation", "Support"]
    {
        assert!(!body.contains(words), "{words}: {body}");
    }
    assert_says(
        schedule,
        &[
            "Acme Inc. may terminate its agreement with Rows Ltd if",
            "Rows Ltd shall call Acme",
            "Rows Ltd shall send a report to Acme Inc. every week. On paper.",
            "Rows Ltd shall keep the records",
            "Acme Inc. may audit Rows Ltd",
            "Acme Inc. shall notify the people",
        ],
    );
    assert_says(&text, &["“The incident” means the time during which"]);
}

/// What a supplier gives to the customer itself is not said to be owed by nobody: it is not owed under this agreement.
#[test]
fn what_a_supplier_owes_to_the_customer_is_not_owed_by_this_agreement() {
    let report = |to: &str| small(&format!("report r {{ by s to {to}; every 1 week \"On paper\" }}"));
    assert_says(&report("p"), &["nothing in it is owed to the customer or by the customer."]);
    assert_says(&report("c"), &["nothing in it is owed to the customer or by the customer under this agreement."]);
}

/// What a supplier maintains stands among the exclusions where it is taken out of what the customer is promised.
#[test]
fn maintenance_of_a_supplier_stands_where_it_is_referred_to() {
    let maintenance = "maintenance m \"Works\" of db { counts excluded }\n";
    let theirs = "commitment d \"Database up\" of db { target dbavail >= 99% per calendar month; exclude m }\n";
    let ours = "commitment w \"Web up\" of web { target avail >= 99% per calendar month; exclude m }\n";
    let text = small(&[maintenance, theirs, ours].concat());
    let (body, schedule) = text.split_once(": Suppliers (for information)").unwrap();
    assert_says(body, &["Exclusions and maintenance", "Rows Ltd may carry out maintenance of the service “Database”"]);
    assert!(!schedule.contains("may carry out maintenance"), "{schedule}");
    // Where it is taken out of what the supplier promises alone, it stands with that.
    let text = small(&[maintenance, theirs].concat());
    let (body, schedule) = text.split_once(": Suppliers (for information)").unwrap();
    assert!(!body.contains("may carry out maintenance"), "{body}");
    // How time is taken out is said for both.
    assert_says(
        body,
        &["Exclusions and maintenance", "Time that is not counted is cut out at its exact start and end."],
    );
    assert_says(schedule, &["“Works” is not counted, in accordance with this schedule.", "may carry out maintenance"]);
}

/// The clock of a case stands still for a service level that is judged by cases and has time that is not counted, and for no
/// other; a desk by itself knows of no such time.
#[test]
fn the_clock_of_a_case_stands_still_for_service_levels_only() {
    let desk = "support desk \"Desk\" of web { by p; cases tix; on always; priority p1 \"One\" { when \"Down\"; respond within 1h } }\n\
                maintenance m \"Works\" of web { counts excluded }\n\
                metric fast \"Fast\" = share(tix.responded.in_time) when empty 100%\n";
    let up =
        |excluded: &str| format!("commitment w \"Up\" of web {{ target avail >= 99% per calendar month{excluded} }}\n");
    let quick = |excluded: &str| {
        format!("commitment q \"Quick\" of web {{ target fast >= 99% per calendar month{excluded} }}\n")
    };
    let text = |up: String, quick: String| small(&[desk.to_owned(), up, quick].concat());
    assert!(!text(up("; exclude m"), quick("")).contains("stands still"));
    let using = "; exclude m; credit of f using fast { below 99% gives 5% }; claim automatic";
    assert_says(&text(up(using), quick("")), &["the clock of a case stands still during time that is not counted"]);
    assert_says(
        &text(up(""), quick("; exclude m")),
        &[
            "Where a service level, or what is owed for it, goes by cases, the clock of a case stands still during time that is not counted for that service level.",
        ],
    );
}

/// What is too small to be paid under the agreement is no matter of suppliers.
#[test]
fn the_skip_of_the_agreement_is_not_for_suppliers() {
    let one = |name: &str, of: &str, measure: &str| {
        format!(
            "commitment {name} of {of} {{ target {measure} >= 99% per calendar month; credit = 2 EUR; claim automatic }}\n"
        )
    };
    let with = |more: &str| {
        let text = small_under("; skip at most 1 EUR", &(one("a", "web", "avail") + more));
        assert_says(&text, &["that is at most EUR 1.00 is not paid."]);
        text.contains("This does not apply to what suppliers owe.")
    };
    assert!(with(&one("b", "db", "dbavail")));
    assert!(!with(""), "no supplier owes anything");
}

/// How credits are paid under the agreement is no matter of suppliers, whose own agreements say that.
#[test]
fn the_payment_of_the_agreement_is_not_for_suppliers() {
    let one = |name: &str, of: &str, measure: &str| {
        format!(
            "commitment {name} of {of} {{ target {measure} >= 99% per calendar month; credit = 2 EUR; claim automatic }}\n"
        )
    };
    let with = |more: &str| {
        let text = small_under("; remedy sole", &(one("a", "web", "avail") + more));
        text.matches("This does not apply to what suppliers owe.").count()
    };
    assert_eq!((with(&one("b", "db", "dbavail")), with("")), (2, 0));
}

#[test]
fn deadlines_say_how_they_are_counted() {
    let text = small(
        "commitment k of web { target avail >= 1 / 3 per calendar month; credit = 10 EUR; claim by c within 2 billing months of window end; decide by p within 5 days on office of claim; pay next_invoice }
        support desk \"Desk\" of web { by p to c; cases tix; on office; priority hi { when \"x\"; resolve within 2 days } }
        duty d { by c to p; do \"Answer the phone\"; on office }",
    );
    assert_says(
        &text,
        &[
            "A deadline in calendar, billing, fiscal or contract periods ends",
            "A billing month begins on the first day of a month.",
            "A deadline in working days counts the dates on which the named calendar is open for any time at all.",
            "a working day is an amount of time during which the calendar is open: 8 hours in “Office hours”.",
            "This duty exists in these hours only: Office hours.",
            "Unless a service level says otherwise, the service credit is paid out within 30 days of the decision on the claim",
            "is at least 1 divided by 3",
            "owes The Customer Co. a service credit of EUR 10.00.",
        ],
    );
    assert!(!text.contains("approximately") && !text.contains("less than zero"), "{text}");
}

#[test]
fn calendars_say_their_zone_their_single_days_and_what_is_taken_out() {
    let text = visible(&contract(include_str!("evaluate/calendars.sla")));
    assert_says(
        &text,
        &[
            "Desk in New York means, in local time of America/New_York, Monday to Friday, 09:00 to 17:00.",
            "Office hours means Monday to Friday, 08:00 to 18:00, except on the dates of “German holidays” in Schedule",
            "These hours take the place of the usual ones, also where the day is a holiday: 24 December of every year, 08:00 to 12:00.",
            "means the times of “Desk in New York” except the dates of “American, and not German holidays”. A date of holidays is taken out as a whole.",
            "Europe/Berlin, except the hours and dates of a calendar that states its own.",
        ],
    );
    // Of the American holidays, Christmas Day is a German one.
    let (_, abroad) = text
        .split_once("American, and not German holidays DRAFT. It binds nobody. A.2.1")
        .unwrap_or_else(|| text.split_at(0));
    let abroad = abroad.split_once("Schedule").map_or(abroad, |(abroad, _)| abroad);
    assert!(abroad.contains("17 March 2027") && !abroad.contains("Christmas"), "{abroad}");
    let (agreement, _) = FLAGSHIP.split_once("\n}").unwrap();
    let stated = |days: &str| visible(&contract(&format!("{agreement}\n  {days}\n}}\n")));
    assert_says(
        &stated("billing month starts 31; fiscal year starts 02-01"),
        &[
            "A billing month begins on the 31st day of a month, or on the last day of a month without that day.",
            "A fiscal year begins on 1 February. Fiscal quarters and months are counted from that day.",
        ],
    );
    assert_says(
        &stated("billing month starts 22; fiscal year starts 12-31"),
        &[
            "A billing month begins on the 22nd day of a month.",
            "Fiscal quarters and months are counted from that day; in a month without that day, they begin on its last day.",
        ],
    );
}

#[test]
fn paragraphs_and_lists_of_an_author_keep_their_lines() {
    let text = contract("service w { scope \"\"\"\n  The service covers\n  these:\n\n  - pages\n  - forms\n  \"\"\" }");
    assert!(text.contains("The service covers these:<br><br>\\- pages<br>\\- forms."), "{text}");
}

#[test]
fn a_draft_is_marked_and_an_agreement_in_force_is_not() {
    let marked = |status: &str| contract(&FLAGSHIP.replace("in_force", status)).contains("> **");
    assert!(marked("draft") && marked("proposed") && marked("agreed") && marked("retired"));
    assert!(!marked("in_force"));
}

/// A page of a long table has no heading on it.
#[test]
fn tables_of_a_draft_are_marked_every_sixteen_rows() {
    let services = |count: usize| (0..count).map(|n| format!("service s{n} \"S{n}\"\n")).collect::<String>();
    let identifiers = |status: &str| {
        let text = contract(&format!("{}\n{}", FLAGSHIP.replace("in_force", status), services(70)));
        text.rsplit_once(": Clause identifiers").unwrap().1.split("\n## ").next().unwrap().to_owned()
    };
    let draft = identifiers("proposed");
    let longest = draft.split("\n> **").map(|part| part.lines().filter(|line| line.starts_with('|')).count()).max();
    assert_eq!(longest, Some(18), "the header, the line below it and sixteen rows: {draft}");
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("| [")).map(str::to_owned).collect::<Vec<_>>();
    let agreed = identifiers("agreed");
    assert!(rows(&draft).len() > 70, "{draft}");
    assert_eq!(agreed.matches("| --- |").count(), 1, "{agreed}");
    assert_eq!(draft.matches("| --- |").count(), rows(&draft).len().div_ceil(16), "{draft}");
}

/// A page of many clauses has no heading on it either, and the signatures may stand on a page of their own.
#[test]
fn text_of_a_draft_is_marked_after_half_a_page() {
    let words = "Whatever is kept in the rooms of the provider for more than a day. ".repeat(4);
    let terms = (0..60).map(|n| format!("term t{n} \"Thing {n}\" {{ means \"{words}\" }}\n")).collect::<String>();
    let text = contract(&format!("{}\n{terms}", FLAGSHIP.replace("in_force", "draft")));
    let longest = text.split("\n> **DRAFT.**").map(|part| part.split("\n## ").next().unwrap().len()).max();
    assert!(longest < Some(6_000), "{longest:?}");
    let agreed = contract(&format!("{FLAGSHIP}\n{terms}"));
    assert!(agreed.split("\n## ").map(str::len).max() > Some(15_000), "{agreed}");
    let signatures = text.rsplit_once("Signatures").unwrap().1;
    let lines = signatures.lines().filter(|line| line.starts_with("| ")).skip(2);
    assert!(
        lines.clone().count() > 1 && lines.clone().all(|line| line.contains("**DRAFT.** It binds nobody.")),
        "{signatures}"
    );
    assert!(!agreed.contains("DRAFT"), "{agreed}");
}

#[test]
fn no_text_at_all_is_no_panic() {
    for text in ["", "agreement", "commitment x { target y >= 1 }", "party", "{{{"] {
        let _ = contract(text);
    }
}

/// An agreement that says one text wherever an author may write one. It is in force: how often a draft is marked depends on how
/// long its texts are.
fn saying(text: &str) -> String {
    let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    r#"
agreement a T {
  version T; status in_force; effective 2027-01-01 to 2027-12-31; timezone "Europe/Berlin"; currency EUR; law T
  history T 2026-01-01 T
  remedy sole T
  waive risk T
}
party p T as provider { address T; email T; contact c T { phone T } }
party q T as customer
service s T { by p to q; scope T; out of scope T }
fee f T of s = 10 EUR per calendar month
term w T { means T }
holidays h T { closed 01-01 T }
calendar k T { open mon to fri 08:00 to 18:00; closed h }
signal r T as events of s { measured by p from T; count total T; count bad T; missing bad }
metric m T = r.bad / r.total when empty 0%
commitment c T of s { target m <= 1% per calendar month; credit of f { above target gives 5% }; claim by q within 3 days of T with T }
risk z T { owner p; mitigate T }
exclusion e T { when T; evidence T; counts excluded }
dispute d T { step one T within 3 days; final two T; meanwhile T }
proposal o T of c { by q to p; raised 2027-01-01; change T; outcome accepted 2027-01-02 by p }
duty y T { by p to q; do T; within 3 days of T }
review v T { by p to q; every 12 months; agenda T }
"#
    .replace(" T", &format!(" {quoted}"))
}

/// What a rendering is made of, text aside.
fn shape(markdown: &str) -> BTreeMap<String, usize> {
    let mut shape = BTreeMap::new();
    for event in events(markdown) {
        let key = match event {
            Event::Start(Tag::Heading { level, .. }) => format!("{level}"),
            Event::Start(tag) => format!("{:?}", std::mem::discriminant(&tag)),
            Event::Text(_) | Event::SoftBreak | Event::End(_) => continue,
            Event::Code(_) => "code".to_owned(),
            // A text of several paragraphs has breaks between them.
            Event::InlineHtml(html) if &*html == "<br>" => continue,
            Event::InlineHtml(html) => html.into_string(),
            other => format!("{other:?}"),
        };
        *shape.entry(key).or_insert(0) += 1;
    }
    shape
}

fn is_harmless(text: &str) {
    let markdown = contract(&saying(text));
    assert_eq!(shape(&markdown), shape(&contract(&saying("Harmless words"))), "{text:?}\n{markdown}");
    let seen = visible(&markdown);
    let said = words(&sla::wording::plain(text));
    assert!(seen.contains(&said), "{said:?} is not in {seen}");
}

#[test]
fn known_attacks_are_harmless() {
    let attacks = [
        "# Heading",
        "- item",
        "+ item",
        "* item",
        "1. item",
        "1) item",
        "> quote",
        "    code",
        "```code",
        "~~~",
        "---",
        "===",
        "| a | b |",
        "a|b",
        "[x](https://evil.example)",
        "![x](y)",
        "<https://evil.example>",
        "<script>x</script>",
        "<!-- hidden",
        "&lt;b&gt;",
        "&#35;",
        "**bold**",
        "__bold__",
        "*i*",
        "_i_",
        "~~gone~~",
        "`code`",
        "``",
        "\\",
        "\\\\",
        "end\\",
        "$x$",
        "$$x$$",
        "x^2^",
        "H~2~O",
        "[^1]",
        "[^1]: note",
        "[ref]: https://evil.example",
        "[[wiki]]",
        "{#id}",
        "Title {.class}",
        "Title #",
        ": definition",
        "- [ ] task",
        "+++",
        "a\nb",
        "a\n\n# b",
        "a\n| b |",
        "https://evil.example",
        "www.evil.example",
        "a@b.example",
        "%",
        "@user",
        ":::",
        "\u{202E}evil\u{202C}",
        "zero\u{200B}width",
        "\u{FEFF}x",
        "a\u{2028}b",
        "\u{0007}bell",
        "\u{0}",
        "*a **b* c**",
        "a*",
        "*a",
        "_",
        "|",
        "||",
        "“quoted”",
        "a  b",
        " ",
        "",
        ".",
        "'",
        "\"",
    ];
    for attack in attacks {
        is_harmless(attack);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn arbitrary_text_is_harmless(text in r"[ -~\n\u{a0}\u{200b}\u{202e}éß漢]{0,40}") {
        is_harmless(&text);
    }

    #[test]
    fn markup_is_harmless(text in r"[\\`*_{}\[\]<>()#+.!|~$^&:=@%\n a1-]{0,24}") {
        is_harmless(&text);
    }
}
