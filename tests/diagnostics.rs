//! Each layout against a picture of it, and against hostile text.

use proptest::prelude::*;
use sla::diagnostics::{
    Diagnostic, Fix, Severity, arrange, codes, did_you_mean, fancy, find, in_plain_sight, json, narrated, plain, short,
    summary,
};
use sla::source::{FileId, Rejection, SourceMap, Span};

const ACME: &str = "\
metric uptime \"Monthly uptime\" = 100% - mean(error_rate per 5min)

commitment api_uptime \"Availability\" of api {
  target     uptmie >= 99.95% per calendar month
  warn       below 99.97%
  credit of api_fee {
    below target gives 10%
    below 99.0%  gives 25%
    below 99.5%  gives 50%
  }
  claim      by globex within 30 days of window end to acme.manager
}
";
const SHARED: &str = "// fees\n\nfee api_fee \"Monthly fee\" = 4200.00 EUR per calendar month\n";

/// The place of the `nth` occurrence of a word, from 0.
fn at(sources: &SourceMap, file: FileId, word: &str, nth: usize) -> Span {
    let (start, _) = sources.text(file).match_indices(word).nth(nth).expect("the word is in the text");
    Span::new(file, start as u32, (start + word.len()) as u32)
}

/// Findings of every severity: with places in two files, without a place, over several lines, at the end.
fn sample() -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let acme = sources.add("acme.sla", ACME);
    let fees = sources.add("shared\\fees.sla", SHARED);
    let typo = at(&sources, acme, "uptmie", 0);
    let credit = at(&sources, acme, "credit", 0).to(at(&sources, acme, "gives 50%\n  }", 0));
    let end = Span::new(acme, ACME.len() as u32, ACME.len() as u32);
    let found = vec![
        Diagnostic::new(codes::UNDEFINED_NAME, typo, "there is no metric or signal named `uptmie`")
            .primary("not declared")
            .label(at(&sources, acme, "uptime", 0), "a metric with a similar name")
            .fix(Fix::replace("write `uptime`", typo, "uptime")),
        Diagnostic::new(codes::OUT_OF_RANGE, at(&sources, acme, "99.5%", 0), "the row `below 99.5%` can never pay")
            .severity(Severity::Warning)
            .primary("a month below 99.5% pays 50% here")
            .label(at(&sources, acme, "99.0%", 0), "but this lower row wins when both apply")
            .label(at(&sources, fees, "api_fee", 0), "50% of this fee")
            .witness("with an attainment of 98.7% both rows apply, and 25% of 4200.00 EUR = 1050.00 EUR is owed")
            .help("order the rows from the best attainment to the worst, each with a larger credit than the last"),
        Diagnostic::new(codes::MISPLACED_STATEMENT, credit, "a credit table is easier to read after the claim")
            .severity(Severity::Advice)
            .primary("this table"),
        Diagnostic::new(codes::MISSING_BRACE, end, "the block of `api_uptime` is not closed")
            .primary("expected `}` here")
            .label(at(&sources, acme, "{", 0), "the block begins here"),
        Diagnostic::new(codes::UNUSED_NAME, at(&sources, fees, "api_fee", 0), "no alert can be made for `api_fee`")
            .severity(Severity::Note),
        Diagnostic::rejected("old/layout.sla", &Rejection::NotUtf8 { byte: 512, line: 7 })
            .help("save the file as UTF-8"),
    ];
    (found, sources)
}

#[test]
fn a_note_of_several_variants_is_told_once_for_each_reason() {
    let span = Span::new(FileId::new(0), 0, 6);
    let note = |option: &str, reason: &str| {
        Diagnostic::new(codes::NOT_WATCHED, span, format!("`kept[{option}]` is not watched")).primary(reason)
    };
    let notes = vec![
        note("a", "of sums"),
        note("b", "of sums"),
        note("c", "of conditions in `up[c]`"),
        note("d", "of conditions in `up[d]`"),
    ];
    let told = in_plain_sight(notes, &[]);
    let told: Vec<&str> = told.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(told, ["`kept[a]` is not watched", "`kept[c]` is not watched"]);
}

#[test]
fn a_wrong_row_is_told_once_though_its_value_differs_by_the_variant() {
    let span = Span::new(FileId::new(0), 0, 6);
    let row = |clause: &str, value: &str| {
        let message = format!("the row `below {value}%` can never apply in `{clause}`");
        Diagnostic::new(codes::TIERS_OUT_OF_ORDER, span, message)
    };
    let rows = vec![row("c1[a]", "98.5"), row("c1[b]", "97.0"), row("c2[a]", "98.5"), row("c3", "98"), row("c3", "97")];
    let told = in_plain_sight(rows, &[]);
    let told: Vec<&str> = told.iter().filter_map(|one| one.message.rsplit(' ').next()).collect();
    assert_eq!(told, ["`c1[a]`", "`c2[a]`", "`c3`", "`c3`"]);
}

#[test]
fn fancy_layout() {
    let (found, sources) = sample();
    insta::assert_snapshot!(fancy::render(&found, &sources, false, 100));
}

#[test]
fn fancy_layout_in_a_narrow_terminal() {
    let (found, sources) = sample();
    insta::assert_snapshot!(fancy::render(&found[1..2], &sources, false, 60));
}

#[test]
fn plain_layout() {
    let (found, sources) = sample();
    insta::assert_snapshot!(plain::render(&found, &sources, false));
}

#[test]
fn narrated_layout() {
    let (found, sources) = sample();
    insta::assert_snapshot!(narrated::render(&found, &sources));
}

#[test]
fn short_layout() {
    let (found, sources) = sample();
    insta::assert_snapshot!(short::render(&found, &sources));
}

#[test]
fn json_layout() {
    let (found, sources) = sample();
    insta::assert_snapshot!(json::render(&found, &sources));
}

/// Every layout of one finding.
fn layouts(found: &[Diagnostic], sources: &SourceMap) -> [(&'static str, String); 5] {
    [
        ("fancy", fancy::render(found, sources, false, 80)),
        ("plain", plain::render(found, sources, false)),
        ("narrated", narrated::render(found, sources)),
        ("short", short::render(found, sources)),
        ("json", json::render(found, sources)),
    ]
}

/// Words that clear a screen, forge a line, turn the direction of writing and hide.
const HOSTILE: &str = "a\u{1B}[2J\u{9B}31m\r\u{7}\u{202E}b\u{2066}\u{200B}\u{2028}c\u{E0041}";

#[test]
fn nothing_reaches_the_terminal() {
    let mut sources = SourceMap::new();
    let text = format!("party {HOSTILE} \"x\"\n");
    let file = sources.add(format!("{HOSTILE}\nx.sla:1:1: error"), text);
    let word = at(&sources, file, HOSTILE, 0);
    let forged = format!("{HOSTILE}\nacme.sla:1:1: error[SLA999]: forged");
    let found = vec![
        Diagnostic::new(codes::UNDEFINED_NAME, word, forged.clone())
            .primary(forged.clone())
            .label(word, forged.clone())
            .witness(forged.clone())
            .help(forged.clone())
            .fix(Fix::replace(forged.clone(), word, forged.clone())),
        Diagnostic::without_place(codes::EMPTY_FILE, forged.clone(), forged.clone()),
    ];
    let hazards = ['\u{1B}', '\u{9B}', '\r', '\u{7}', '\u{202E}', '\u{2066}', '\u{200B}', '\u{2028}', '\u{E0041}'];
    for (name, shown) in layouts(&found, &sources) {
        assert_eq!(shown.find(hazards), None, "{name}: {shown:?}");
        let forged = shown.lines().any(|line| line.starts_with("acme.sla:1:1"));
        assert!(!forged, "{name} lets a line be forged: {shown}");
    }
    assert_eq!(short::render(&found, &sources).lines().count(), 2);
    assert_eq!(json::render(&found, &sources).lines().count(), 2);
}

#[test]
fn json_loses_nothing() {
    let mut sources = SourceMap::new();
    let file = sources.add("acme.sla", "x");
    let found = [Diagnostic::new(codes::UNDEFINED_NAME, Span::new(file, 0, 1), HOSTILE)];
    let object: serde_json::Value = serde_json::from_str(&json::render(&found, &sources)).expect("JSON");
    assert_eq!(object["message"], HOSTILE);
}

#[test]
fn hostile_text_is_shown_by_signs() {
    let mut sources = SourceMap::new();
    let file = sources.add("acme.sla", "party\ta\u{1B}[2Jb \"価格\u{202E}\" as\tprovider\n");
    let found = [Diagnostic::new(codes::WRONG_KIND, at(&sources, file, "provider", 0), "`\u{1B}[2J` is no party")
        .primary("after tabs and wide characters")
        .label(at(&sources, file, "価格", 0), "the price")];
    insta::assert_snapshot!(format!(
        "{}{}",
        fancy::render(&found, &sources, false, 80),
        plain::render(&found, &sources, false)
    ));
}

#[test]
fn a_line_of_a_megabyte_is_cut() {
    let mut sources = SourceMap::new();
    let text = format!("metric a = {}needle{}\n", "価 ".repeat(250_000), "+ b ".repeat(250_000));
    let file = sources.add("acme.sla", text);
    let needle = at(&sources, file, "needle", 0);
    let far = at(&sources, file, "b", 200_000);
    let one = Diagnostic::new(codes::UNDEFINED_NAME, needle, "no `needle`").label(far, "used here");
    for (name, shown) in layouts(&vec![one.clone(); 200], &sources) {
        assert!(shown.len() < 200 * 2500, "{name} writes {} bytes", shown.len());
        assert!(shown.contains("needle"), "{name}");
    }
    insta::assert_snapshot!(fancy::render(&[one], &sources, false, 80));
}

#[test]
fn a_finding_with_thousands_of_places_is_cut() {
    let mut sources = SourceMap::new();
    let file = sources.add("acme.sla", "party a\n".repeat(5000));
    let mut finding = Diagnostic::new(codes::DUPLICATE_NAME, Span::new(file, 6, 7), "x".repeat(1_000_000));
    for line in 1..5000 {
        finding = finding.label(Span::new(file, line * 8 + 6, line * 8 + 7), "again");
    }
    for (name, shown) in layouts(&[finding], &sources).into_iter().filter(|(name, _)| *name != "json") {
        assert!(shown.len() < 12_000, "{name} writes {} bytes", shown.len());
        assert!(name == "short" || shown.contains("4988 more places"), "{name}");
    }
}

#[test]
fn any_span_can_be_shown() {
    let texts = ["", "\n", "é", "\u{FEFF}", "\u{FEFF}é\r\n\r\n価\tx", "a\n\n\n\nb\n", "\u{1B}\u{1B}\n\u{202E}"];
    for text in texts {
        let mut sources = SourceMap::new();
        let file = sources.add("a.sla", text);
        for start in 0..=text.len() as u32 + 2 {
            for end in start..=text.len() as u32 + 2 {
                let span = Span::new(file, start, end);
                let other = Span::new(file, end, end + 1);
                let foreign = Span::new(FileId::new(7), start, end);
                let found = [
                    Diagnostic::new(codes::UNEXPECTED_TEXT, span, "x").primary("here").label(other, "there"),
                    Diagnostic::new(codes::UNEXPECTED_TEXT, span, "x").label(span, "twice").label(foreign, "nowhere"),
                    Diagnostic::new(codes::UNEXPECTED_TEXT, foreign, "x").label(span, "somewhere"),
                ];
                for (name, shown) in layouts(&found, &sources) {
                    assert!(shown.contains('x'), "{name} of {text:?} {start}..{end}");
                    assert!(!shown.contains("Failed to read"), "{name} of {text:?} {start}..{end}: {shown}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Places of any length and number, overlapping and far apart, in text of any kind.
    #[test]
    fn any_finding_can_be_shown(
        unit in "[a价\u{1B}\u{202E}\t\r\n]{0,40}",
        times in 1_usize..30,
        spans in proptest::collection::vec((0_u32..2000, 0_u32..300), 1..6),
    ) {
        let mut sources = SourceMap::new();
        let file = sources.add("a.sla", unit.repeat(times));
        let span = |at: &(u32, u32)| Span::new(file, at.0, at.0 + at.1);
        let mut finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span(&spans[0]), "message");
        for at in &spans[1..] {
            finding = finding.label(span(at), "label");
        }
        for (name, shown) in layouts(&[finding], &sources) {
            prop_assert!(shown.contains("message") && !shown.contains("Failed to read"), "{} {}", name, shown);
            prop_assert!(name == "short" || spans.len() == 1 || shown.contains("label"), "{} {}", name, shown);
        }
    }
}

#[test]
fn colour_is_only_written_when_asked_for() {
    let (found, sources) = sample();
    assert!(fancy::render(&found, &sources, true, 80).contains("\u{1B}["));
    assert!(plain::render(&found, &sources, true).contains("\u{1B}["));
    assert!(plain::render(&found, &sources, true).contains("advice"));
}

#[test]
fn the_main_place_has_the_colour_of_the_severity() {
    let (found, sources) = sample();
    let shown = fancy::render(&found[..1], &sources, true, 100);
    assert!(shown.contains("\u{1B}[31mnot declared"), "{shown:?}");
    assert!(shown.contains("\u{1B}[36ma metric with a similar name"), "{shown:?}");
}

#[test]
fn findings_of_a_large_file_show_only_their_lines() {
    let mut sources = SourceMap::new();
    let file = sources.add("acme.sla", "party a as provider\n".repeat(500_000));
    let finding = |line: u32| {
        let name = Span::new(file, line * 20 + 6, line * 20 + 7);
        Diagnostic::new(codes::DUPLICATE_NAME, name, "`a` is declared twice").label(Span::new(file, 6, 7), "first here")
    };
    let found = arrange((0..3000).map(|line| finding(line * 160)).collect());
    for (name, shown) in layouts(&found, &sources) {
        assert!(shown.len() < 3000 * 2500, "{name} writes {} bytes", shown.len());
    }
}

#[test]
fn findings_are_sorted_and_said_once() {
    let (found, _) = sample();
    let twice: Vec<Diagnostic> = found.iter().rev().chain(found.iter()).cloned().collect();
    let ids: Vec<&str> = arrange(twice).iter().map(|finding| finding.code.id).collect();
    assert_eq!(ids, ["SLA003", "SLA201", "SLA304", "SLA302", "SLA102", "SLA203"]);
}

/// What agreements make of a template that they share is told for each that makes something else of it, and once with all
/// its uses for those that make the same of it.
#[test]
fn a_finding_of_several_uses_names_them_all() {
    let (shared, own) = (FileId::new(0), FileId::new(1));
    let found = |at: u32, witness: &str| {
        let finding =
            Diagnostic::new(codes::TIERS_OUT_OF_ORDER, Span { file: shared.seen(at), start: 0, end: 6 }, "it falls");
        finding.label(Span::new(shared, 8, 9), "the row before").witness(witness)
    };
    let uses: Vec<Span> = (1..5).map(|at| Span::new(own, at * 10, at * 10 + 6)).collect();
    let told = in_plain_sight(vec![found(1, "40%"), found(2, "30%"), found(3, "30%"), found(2, "30%")], &uses);
    let told = arrange(told.iter().chain(&told).cloned().collect());
    let told: Vec<(Option<&str>, Vec<u32>)> = told
        .iter()
        .map(|one| (one.witness.as_deref(), one.labels.iter().map(|label| label.span.start).collect()))
        .collect();
    assert_eq!(told, [(Some("40%"), vec![8, 10]), (Some("30%"), vec![8, 20, 30])]);
}

#[test]
fn the_summary_counts() {
    let (found, sources) = sample();
    assert_eq!(summary(&found, &sources), "3 errors, 1 warning, 1 piece of advice, 1 note in 3 files");
    assert_eq!(summary(&[], &sources), "no findings in 2 files");
    assert_eq!(summary(&found[5..], &SourceMap::new()), "1 error in 1 file");
    let unwritten = Diagnostic::without_place(codes::UNWRITABLE_FILE, "build", "the file cannot be written");
    assert_eq!(summary(&[unwritten], &sources), "1 error in 2 files");
}

#[test]
fn codes_are_found_by_id_and_name() {
    assert_eq!(find("sla201"), Ok(codes::UNDEFINED_NAME));
    assert_eq!(find("Undefined-Name"), Ok(codes::UNDEFINED_NAME));
    assert_eq!(find("undefned-name"), Err(Some("undefined-name")));
    assert_eq!(find("quite another thing"), Err(None));
}

#[test]
fn suggestions_are_near() {
    let names = ["uptime", "api_uptime", "speed", "a", "b"];
    assert_eq!(did_you_mean("uptmie", names), Some("uptime"));
    assert_eq!(did_you_mean("Uptime", names), Some("uptime"));
    assert_eq!(did_you_mean("api_uptim", names), Some("api_uptime"));
    assert_eq!(did_you_mean("satisfaction", names), None);
    assert_eq!(did_you_mean("c", names), None, "one letter is not a slip for another");
    assert_eq!(did_you_mean("uptime", ["uptime"]), None);
    assert_eq!(did_you_mean(&"x".repeat(1_000_000), names), None);
}

#[test]
fn the_catalogue_is_in_order() {
    let all = codes::all();
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id), "ids rise and are not repeated");
    let names: std::collections::BTreeSet<&str> = all.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), all.len(), "names are not repeated");
    for code in all {
        assert!(code.id.len() == 6 && code.id.starts_with("SLA"), "{code:?}");
        assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        assert!(!code.family().is_empty(), "{code:?}");
    }
}

#[test]
fn explanations_have_their_sections_and_no_others() {
    for code in codes::all() {
        let text = code.explanation;
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        let title = format!("# {} {}: {}", code.id, code.name, code.title);
        assert_eq!(heads, [&title, "## Why it matters", "## Fails", "## Passes"], "{code:?}");
        assert_eq!(text.lines().filter(|line| line.starts_with("```")).count(), 4, "{code:?}");
        let reason = text.split("## ").nth(1).unwrap_or_default();
        assert!(reason.len() > 100, "{code:?} does not say why it matters");
    }
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings")).expect("the folder").count();
    assert_eq!(files, codes::all().len(), "every explanation has a code");
}

/// One thing that cannot be read makes nothing else unknown: `true` and `false` are never the names of something.
#[test]
fn examples_beside_a_broken_one_are_told_nothing() {
    let text = "agreement a \"A\" { version \"1.0\"; status draft; effective 2027-01-01; timezone \"UTC\"; currency EUR }\n\
        party p \"P\" as provider\nparty c \"C\" as customer\nservice s \"S\" { by p to c }\n\
        signal power \"Power\" as state of s { measured by c; missing bad }\nmetric up \"Up\" = share(power)\n\
        commitment k \"K\" of s { target up >= 99% per calendar month }\n\
        broken \"B\" of k during 2027-06 { given power = false; expect up = 0% }\n\
        example good \"G\" of k during 2027-06 { given power = false; expect up = 0% }\n";
    let mut sources = SourceMap::new();
    let file = sources.add("a.sla".to_owned(), text.to_owned());
    let errors = sla::check(file, &sources).findings.into_iter().filter(|one| one.severity == Severity::Error);
    let messages: Vec<String> = errors.map(|one| one.message).collect();
    assert_eq!(messages, ["no declaration begins with `broken`"]);
}
