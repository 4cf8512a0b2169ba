//! One mistake is told once, at its place, with the way to mend it; several are told in one run.

use sla::diagnostics::{Diagnostic, Severity};
use sla::source::SourceMap;
use std::fmt::Write as _;

const PRINT: &str = include_str!("print.sla");

/// What is replaced at its first place, by what, and how many errors that makes.
const MISTAKES: &[(&str, &str, usize)] = &[
    // Words that declarations begin with, and the names after them.
    ("party printco", "Party printco", 1),
    ("party printco", "paryt printco", 1),
    ("party printco", "supplier printco", 1),
    ("party printco", "party printoc", 1),
    ("party printco", "party PrintCo", 1),
    ("party printco", "party print-co", 1),
    ("party printco", "party print.co", 1),
    ("party printco", "party", 1),
    ("contact desk", "contact Desk", 1),
    ("service network", "Service network", 1),
    ("commitment net ", "commitmetn net ", 1),
    ("agreement st_annes", "agreement:", 1),
    ("metric net_up", "metric n\u{435}t_up", 1),
    // One name for two things.
    ("agreement st_annes", "agreement hospital", 1),
    ("support desk", "support quick", 2),
    ("constant floor", "constant net", 2),
    // Statements.
    ("claim automatic\n", "claim automatically\n", 1),
    ("respond within 15min", "respond 15min", 1),
    ("renews     every", "renews     yearly", 1),
    ("measured by printco from", "measured from", 1),
    ("work around within 2h", "workaround within 2h", 1),
    ("by printco to hospital\n", "to hospital by printco\n", 1),
    ("as provider", "as Provider", 1),
    ("remedy     sole", "remedy: sole", 1),
    ("status     in_force", "status in force", 1),
    ("every calendar week", "every week", 1),
    ("terminate by hospital when", "terminate by hospital if", 1),
    ("likelihood low", "likelyhood low", 1),
    ("kpi printed, net", "kpi printed net", 1),
    ("warm <= 27°C", "warm <= 27 °C", 1),
    ("below target gives 5%", "below targt gives 5", 2),
    ("goal per calendar month", "goal per month", 1),
    ("per calendar quarter", "per quarter", 1),
    ("net_up >= goal per calendar month", "net_pu >= goal per month", 2),
    ("net_up >= goal per calendar month", "net_pu >= 99,9% per calendar month", 2),
    // Brackets.
    ("share(jobs.wait <= 60s) when", "share(jobs.wait <= 60s when", 1),
    ("share(jobs.wait <= 60s) when", "share(jobs.wait <= 60s)) when", 1),
    ("<= 60s)", "<= 60 s)", 1),
    ("<= 60s)", "<= 1 minute)", 1),
    ("mean(ups_temp)", "mean(ups_temp per 5 min)", 1),
    ("mean(ups_temp)", "mean[ups_temp]", 1),
    ("= print_fee + net_fee", "= (print_fee + net_fee", 1),
    // Values.
    ("= 12_000.00 EUR", "= EUR 12_000", 1),
    ("= 12_000.00 EUR", "= €12000", 1),
    ("= 12_000.00 EUR", "= $12000", 1),
    ("= 12_000.00 EUR", "= 12_000 usd", 1),
    ("= 12_000.00 EUR", "= 12,000.00 EUR", 1),
    ("= 12_000.00 EUR", "= 12.000,00 EUR", 1),
    ("= 12_000.00 EUR", "= 12_000.00 €", 1),
    ("= 12_000.00 EUR", "= 12_000.00 eur", 1),
    ("= 99.9%", "= 99.9", 1),
    ("below 98% gives", "below 98 gives", 1),
    ("warn    below 99.95%", "warn    below 99.95", 1),
    ("below 98% gives 10%", "below 98% gives 10", 1),
    ("= 99.9%", "= 99.9 %", 1),
    ("= 99.9%", "= 99,9%", 1),
    ("= 99.9%", "= 99.9 percent", 1),
    ("15min on always", "15 min on always", 1),
    ("within 4h", "within 4 hours", 1),
    ("08:30", "8:30", 1),
    ("open mon to thu", "open monday to thu", 1),
    ("open mon to thu", "open mon-thu", 1),
    ("open mon to thu 08:30 to 17:30", "open mon – thu 8:30–17.30", 1),
    ("08:30 to 17:30", "08:30-17:30", 1),
    ("08:30 to 17:30", "8:30 to 17.30", 1),
    ("2027-03-15 to 2029-03-14", "15.03.2027 – 14.3.2029", 1),
    ("2027-03-15 to 2029-03-14", "15.03.2027 to 14.3.2029", 1),
    ("below 98% gives 10%", "below 98 % gives 10 %", 1),
    ("2027-03-15", "15.03.2027", 1),
    ("2027-03-15", "15/03/2027", 1),
    ("announce 5 days before", "announce at least 5 days before", 1),
    ("budget 30min per", "budget at most 30min per", 1),
    ("cap     15% of net_fee", "cap     at most 15% of net_fee", 1),
    ("within 30 days of window end", "within 30 days of month end", 1),
    ("within 10 days of claim", "within 10 working days of claim", 1),
    ("resolve within 4h", "resolve within 4 business hours", 1),
    ("from 2027-06-03 10:00 to", "from 2027-06-03T10:00Z to", 1),
    ("from 2027-06-03 10:00 to", "from 2027-06-03 10:00 +02:00 to", 1),
    ("from 2027-06-03 10:00 to", "from 2027-06-03T10:00 to", 1),
    ("<= 60s)", "<= 1 hour 30 minutes)", 1),
    ("respond within 15min", "respond within 15", 1),
    ("update every 30min on always", "update every 30", 1),
    ("within 10 days of claim", "within 10 of claim", 1),
    ("test every 12 months", "test every 1", 1),
    ("share(ap_up)", "share(ap_up per 5)", 1),
    ("resolve within 2 days", "resolve within 2 busines days", 1),
    ("= 12_000.00 EUR", "= 12'000.00 EUR", 1),
    ("= 12_000.00 EUR", "= 12 000.00 EUR", 1),
    ("currency   EUR", "currency eur", 1),
    ("currency   EUR", "currency \"EUR\"", 1),
    ("given net_up = 0%", "given net_up 0%", 1),
    ("phone \"+353 91 555 0100\" on always", "phone \"+353 91 555 0100\" on 24/7", 1),
    // Words that are said otherwise here.
    ("respond within 15min", "response within 15min", 1),
    ("respond within 15min", "response time 15min", 1),
    ("resolve within 4h", "solve within 4h", 1),
    ("warn    below 99.95%", "warning below 99.95%", 1),
    ("below 98% gives", "less than 98% gives", 1),
    ("below floor  gives", "under floor gives", 1),
    ("warn    below 99.95%", "warn    less than 99.95%", 1),
    ("skip       at most 5", "skip       up to 5", 1),
    ("mean(ups_temp)", "average(ups_temp)", 1),
    ("status     in_force", "status     active", 1),
    ("as customer", "as client", 1),
    ("2027-03-15 to", "2027-03-15 until", 1),
    ("08:30 to 17:30", "08:30 until 17:30", 1),
    ("mon to thu", "mon through thu", 1),
    ("2027-06-03 10:00 to", "2027-06-03 10:00 until", 1),
    ("timezone   \"", "time zone \"", 1),
    ("timezone   \"", "tz \"", 1),
    ("count sent", "counter sent", 1),
    ("scope \"Switches", "from \"Switches", 1),
    ("scope \"Switches", "the provider looks after \"Switches", 1),
    ("scope \"All printers", "- scope \"All printers", 1),
    ("below 98% gives 10%", "95% to 98% gives 10%", 1),
    ("target  net_up >= goal per calendar month", "target …", 1),
    ("gauge 'room_temperature_celsius'", "gauge: 'room_temperature_celsius'", 1),
    // Windows and bounds in other words.
    ("net_up >= goal per calendar month", "net_up of at least 99.9% per calendar month", 1),
    ("warm <= 27°C", "warm of at most 27°C", 1),
    ("net_up >= goal per calendar month", "net_up >= goal per 30 days", 1),
    ("net_up >= goal per calendar month", "net_up >= goal per last 30 days", 1),
    ("net_up >= goal per calendar month", "net_up >= goal per rolling month", 1),
    ("net_up >= goal per calendar month", "net_up >= goal in calendar month", 1),
    ("net_up >= goal per calendar month", "net_up >= 99.9% in calendar month", 1),
    ("net_up >= goal per calendar month", "net_up >= goal monthly", 1),
    ("all_fees per calendar quarter", "all_fees quarterly", 1),
    ("credit = 1% of print_fee * completed(target - attained, 1pp)", "credit = 5 points", 1),
    ("below 98% gives 10%", "below 98% gives 5 points", 1),
    // Names that stand for something elsewhere.
    ("= jobs.printed / jobs.sent when", "= jobs.printed / sent when", 1),
    ("claim   by hospital within", "claim   by customer within", 1),
    // Blanks that are none.
    ("below floor  gives", "below\u{a0}floor gives", 1),
    ("resolve within 4h", "resolve within\u{a0}4h", 1),
    ("resolve within 4h", "resolve\u{a0}within 4h", 1),
    ("out of scope", "out of\u{a0}scope", 1),
    ("update every 30min", "update every\u{a0}30min", 1),
    ("renews     every 12", "renews every\u{a0}12", 1),
    ("unless cancelled", "unless\u{a0}cancelled", 1),
    // Statements over several lines.
    (
        "claim   by hospital within 30 days of window end to printco.head",
        "claim   by hospital\n    within 30 days of window end\n    to printco.head",
        1,
    ),
    ("goal per calendar month", "goal\n    per calendar month", 1),
    ("= jobs.printed / jobs.sent when", "= jobs.printed\n  / jobs.sent when", 1),
    ("\"Mean room temperature\" = mean", "\"Mean room temperature\"\n  = mean", 1),
    ("share(jobs.wait <= 60s) when empty", "share(jobs.wait <= 60s)\n  when empty", 1),
    ("\"Ward network\" {", "\"Ward network\"\n{", 1),
    // Quotes.
    ("contact it \"IT department\"", "contact it \"IT department", 1),
    ("\"Ward network\"", "'Ward network'", 1),
    ("\"Ward network\"", "“Ward network”", 1),
    ("'print_jobs_total{result=\"ok\"}'", "\"print_jobs_total{result=\\\"ok\\\"}\"", 1),
    ("\"All printers on wards", "\"\"\"All printers\n    on wards", 1),
    ("when \"A ward cannot print medication labels\"", "when A ward cannot print medication labels", 1),
    ("when \"An event beyond control\"", "when an event beyond control", 1),
    ("scope \"All printers on wards and in offices\"", "scope All printers on wards and in offices", 1),
    ("version    \"1.0\"", "version 1.0", 1),
    // Signs.
    ("version    \"1.0\"", "version    \"1.0\",", 1),
    ("likelihood low;", "likelihood low,;", 1),
    ("kpi printed, net", "kpi printed, net,", 1),
    ("= share(ap_up)", "= share(ap_up),", 1),
    ("net_up >= goal", "net_up => goal", 1),
    ("net_up >= goal", "net_up ≥ goal", 1),
    ("net_up >= goal", "net_up at least goal", 1),
    ("// Managed", "# Managed", 1),
    ("// Managed", "# Müller: managed", 1),
    ("// Managed", "/* Managed", 1),
    ("\"Ireland\"", "“Ireland”", 1),
    ("// Managed", "// \u{202E}Managed", 1),
    ("\"Ireland\"", "\"Ire\u{200B}land\"", 1),
    ("\"Ireland\"", "\"Ire\\qland\"", 1),
    ("remedy     sole\n", "remedy     sole\r", 1),
    // Parts that a keyword does not have, though others of its shape do.
    ("claim automatic\n", "claim automatic within 30 days of window end\n", 1),
    ("claim   by hospital within", "claim   by hospital when jobs.sent >= 5 within", 1),
    ("within 10 days of claim\n", "within 10 days of claim with \"reasons\"\n", 1),
    ("email \"desk@printco.example\"; phone", "email \"desk@printco.example\", \"b@printco.example\"; phone", 1),
    ("channel email \"desk@printco.example\"", "channel email hotline \"desk@printco.example\"", 1),
    ("\"+353 91 555 0100\" on always", "\"+353 91 555 0100\" on always within 2h", 1),
    ("worked_around, resolved", "worked_around, resolved within 2h", 1),
    ("likelihood low", "likelihood low \"so far\"", 1),
    ("owner printco.head", "owner printco.head, hospital", 1),
    ("cases tickets", "cases tickets, jobs", 1),
    ("kpi printed, net", "kpi printed, net \"both\"", 1),
    ("keep ap_up, jobs", "shows ap_up, jobs", 1),
    ("report monthly \"Monthly report\"", "report monthly \"Monthly report\" of print", 1),
    ("constant goal \"Network goal\" = 99.9%", "constant goal \"Network goal\" = 99.9% when empty 0%", 1),
    ("constant goal \"Network goal\" = 99.9%", "constant goal \"Network goal\" = 99.9% per calendar month", 1),
    ("all_fees per calendar quarter", "all_fees per calendar quarter where desk.p1.open", 1),
    ("= share(ap_up)", "= share(ap_up) per 5min", 1),
    ("goal per calendar month", "goal per calendar month over calendar year", 1),
    ("pause while tickets.waiting", "pause while not tickets.waiting", 1),
    ("pause while tickets.waiting", "pause while tickets.waiting and tickets.waiting", 1),
    ("calendar night", "calendar always", 2),
    // Values in texts.
    ("\"All printers on wards", "\"Promised is {net.target}. All printers on wards", 1),
    // Values that the file has to tell.
    ("when empty 100%", "when empty 0", 1),
    ("when empty 100%", "when empty 100", 1),
    ("when empty 100%", "when empty (0% - 1%)", 1),
    ("when empty 100%", "when empty net_up", 1),
    ("half_even to 0.1", "half_even to -0.1", 1),
    ("scale 1 to 5", "scale 1 to 500000000000000000000000000000000000000000000000000000000000000000000000", 1),
    ("8_000 EUR", "8_000 EUX", 1),
];

fn errors(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add("print.sla".to_owned(), text.to_owned());
    let mut findings = sla::check(file, &sources).findings;
    findings.retain(|finding| finding.severity == Severity::Error);
    (findings, sources)
}

/// The first lines of each picture are for readers of the snapshot.
fn picture(findings: &[Diagnostic], sources: &SourceMap) -> String {
    let mut text = String::new();
    for finding in findings {
        let place = finding.span.map_or((0, 0), |span| (sources.locate(span).line, sources.locate(span).column));
        let _ = writeln!(text, "  {}:{} {}: {}", place.0, place.1, finding.code.id, finding.message);
        let labels = finding.labels.iter().map(|label| &label.text);
        for words in finding.primary.iter().chain(labels).chain(&finding.help) {
            let _ = writeln!(text, "      {words}");
        }
    }
    text
}

#[test]
fn each_mistake_is_told_once() {
    assert_eq!(picture(&errors(PRINT).0, &errors(PRINT).1), "", "the agreement has errors of its own");
    let mut pictures = String::new();
    let mut wrong = Vec::new();
    for (from, to, count) in MISTAKES {
        assert!(PRINT.contains(from), "{from}");
        let (findings, sources) = errors(&PRINT.replacen(from, to, 1));
        let shown = picture(&findings, &sources);
        let _ = writeln!(pictures, "{from:?} -> {to:?}\n{shown}");
        if findings.len() != *count {
            wrong.push(format!("{from:?} -> {to:?}: {} errors\n{shown}", findings.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!(pictures);
}

/// A line that cannot be read hides no mistake elsewhere.
#[test]
fn mistakes_are_told_beside_unreadable_lines() {
    let slips = [
        ("notify printco.head", "notify printco.hed"),
        ("desk.p1.open", "desk.p7.open"),
        ("tickets.waiting", "tickets.wating"),
        ("exclude planned", "exclude planed"),
    ];
    let text = slips.iter().fold(PRINT.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
    assert_eq!(errors(&text).0.len(), slips.len());
    let broken = text.replacen("claim automatic\n", "claim automatically\n", 1).replacen("\"1.0\"", "1.0", 1);
    assert_eq!(errors(&broken).0.len(), slips.len() + 2, "{}", picture(&errors(&broken).0, &errors(&broken).1));
}

/// Whatever is offered as a fix takes the error away, and brings no other.
#[test]
fn each_fix_mends() {
    let mut wrong = Vec::new();
    for (from, to, _) in MISTAKES {
        let text = PRINT.replacen(from, to, 1);
        let (findings, _) = errors(&text);
        for fix in findings.iter().flat_map(|finding| &finding.fixes) {
            let mut mended = text.clone();
            let mut edits: Vec<_> = fix.edits.iter().collect();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            for edit in edits {
                mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.new_text);
            }
            let (left, sources) = errors(&mended);
            if left.len() >= findings.len() {
                wrong.push(format!("{from:?} -> {to:?}, {}:\n{}", fix.title, picture(&left, &sources)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Mistakes on lines that follow each other are told one by one.
#[test]
fn neighbours_are_told_apart() {
    let slips: &[(&str, &str, usize)] = &[
        (
            "constant goal \"Network goal\" = 99.9%\nconstant floor",
            "constnat goal \"Network goal\" = 99.9%\nconstat floor",
            2,
        ),
        ("warn    below 99.95%\n  exclude planned", "warning below 99.95%\n  exception planned", 2),
        ("  law        \"Ireland\"\n  language ", "  laws \"Ireland\"\n  langauge ", 2),
        ("    below target gives 5%\n    below floor ", "    95% to 98% gives 5%\n    90% to 95% ", 2),
    ];
    for (from, to, count) in slips {
        assert!(PRINT.contains(from), "{from}");
        let (findings, sources) = errors(&PRINT.replacen(from, to, 1));
        assert_eq!(findings.len(), *count, "{to}:\n{}", picture(&findings, &sources));
    }
}

#[test]
fn a_file_that_stands_there_twice_is_told_in_two_findings() {
    let (findings, sources) = errors(&PRINT.repeat(2));
    assert_eq!(findings.len(), 2, "{}", picture(&findings, &sources));
}

#[test]
fn uses_of_one_undefined_name_are_mended_together() {
    let (findings, _) = errors(&PRINT.replacen("party printco", "party printoc", 1));
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert!(finding.labels.len() <= 4 && finding.labels.last().unwrap().text.contains("more places"));
    assert_eq!(finding.fixes[0].edits.len(), PRINT.matches(" printco").count() - 1);
}

/// A condition that people judge gives a right to terminate, as it gives one to exclude.
#[test]
fn people_may_judge_a_right_to_terminate() {
    let judged = "terminate by hospital when \"PrintCo is insolvent\" within 60 days of awareness";
    let text = PRINT.replacen(
        "terminate by hospital when streak(net_up < 99.0%) >= 3 within 60 days of window end",
        judged,
        1,
    );
    let mut sources = SourceMap::new();
    let file = sources.add("print.sla".to_owned(), text);
    let checked = sla::check(file, &sources);
    assert!(!checked.fails(), "{:?}", checked.findings);
    let (artifacts, _) = sla::compile(&checked, &sources, sla::targets::all(), &sla::targets::Options::default());
    let said =
        |end: &str, words: &str| artifacts.iter().any(|file| file.name.ends_with(end) && file.text.contains(words));
    assert!(said(".md", "may terminate this agreement if PrintCo is insolvent"));
    assert!(said(".json", "PrintCo is insolvent"));
}

/// Lone carriage returns end lines: none of them is swallowed by a comment.
#[test]
fn a_lone_carriage_return_hides_nothing() {
    let (findings, sources) = errors(&PRINT.replace('\n', "\r"));
    assert_eq!(findings.len(), 1, "{}", picture(&findings, &sources));
    let (findings, _) = errors(&PRINT.replacen("// Managed print", "// Managed\rnonsense", 1));
    assert_eq!(findings.len(), 2);
}

#[test]
fn joiners_are_allowed_where_scripts_need_them() {
    let family = "\u{1F468}\u{200D}\u{1F469}";
    assert!(errors(&PRINT.replacen("Ireland", family, 1)).0.is_empty());
    assert_eq!(errors(&PRINT.replacen("Ireland", "Ire\u{200D}land", 1)).0.len(), 1);
    assert!(errors(&format!("\u{FEFF}{PRINT}")).0.is_empty());
    assert_eq!(errors(&PRINT.replacen("Ireland", "\u{FEFF}Ireland", 1)).0.len(), 1);
}
