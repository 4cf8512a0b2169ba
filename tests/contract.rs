//! The contract: what people read and sign.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use sla::model::Model;
use sla::source::FileId;
use sla::syntax::{Kind, Node, Token};
use sla::values::{Currency, Duration, Exact, Money, MonthDay, Period, YearMonth, parse_date, parse_datetime};
use std::collections::{BTreeMap, BTreeSet};

const FLAGSHIP: &str = include_str!("../examples/acme-cloud.sla");
const HELP_DESK: &str = include_str!("../examples/help-desk.sla");

fn model(text: &str) -> Model {
    let (tree, _) = sla::syntax::parse(FileId(0), text);
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
            Some("1") => vec!["1 percentage point".to_owned()],
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
        let (tree, _) = sla::syntax::parse(FileId(0), &source);
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
        let (tree, _) = sla::syntax::parse(FileId(0), &source);
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
            .filter(|id| !text.contains(&format!("`{id}`")))
            .collect();
        assert!(missing.is_empty(), "{name} lacks: {missing:#?}");
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
fn a_draft_is_marked_and_an_agreement_in_force_is_not() {
    let marked = |status: &str| contract(&FLAGSHIP.replace("in_force", status)).contains("> **");
    assert!(marked("draft") && marked("proposed") && marked("agreed") && marked("retired"));
    assert!(!marked("in_force"));
}

#[test]
fn no_text_at_all_is_no_panic() {
    for text in ["", "agreement", "commitment x { target y >= 1 }", "party", "{{{"] {
        let _ = contract(text);
    }
}

/// An agreement that says one text wherever an author may write one.
fn saying(text: &str) -> String {
    let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    r#"
agreement a T {
  version T; status draft; effective 2027-01-01 to 2027-12-31; timezone "Europe/Berlin"; currency EUR; law T
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
proposal o T of c { by q to p; raised 2027-01-01; change T }
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
