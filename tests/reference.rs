//! The language reference, `docs/reference/`, is true: every example runs, what is wrong is told, and nothing that the
//! language has is left out.
//!
//! The first ```` ```sla ```` block of a page is its frame, a whole agreement. Each later one is appended to the frame; one that
//! begins with an `agreement` takes the place of the frame's. ```` ```sla error CODE ```` is a block that shows an error, and
//! ```` ```sla warning CODE ```` one that checks and shows a warning.

use sla::calculus::operators::RULES;
use sla::calculus::{Attribute, Binary, Function};
use sla::diagnostics::Severity;
use sla::evaluate::{Budget, Step, explain, work};
use sla::model::{
    AgreementPart, Anchor, Counts, Level, MissingPolicy, Payment, Reclassify, Role, SeriesKind, SignalKind, Status,
    Verdict, WAYS,
};
use sla::project::{Named, Store};
use sla::source::{FileId, MemoryWorld};
use sla::syntax::{DECLARATIONS, STATEMENTS};
use sla::values::{PeriodUnit, Rounding, Weekday, WindowKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A code block of a page.
struct Block {
    /// What stands after the quotes: `sla`, `sla error SLA301`.
    info: String,
    /// The number of its first line, from 0.
    start: usize,
    lines: Vec<String>,
}

impl Block {
    fn is_sla(&self) -> bool {
        self.info.split(' ').next() == Some("sla")
    }

    /// Whether it shows what is right.
    fn runs(&self) -> bool {
        self.is_sla() && !self.info.starts_with("sla error")
    }

    /// The codes that it shows.
    fn codes(&self, severity: &str) -> BTreeSet<String> {
        let rest = self.info.strip_prefix("sla ").and_then(|rest| rest.strip_prefix(severity));
        rest.into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect()
    }
}

/// A page of the reference.
struct Page {
    name: String,
    text: String,
    blocks: Vec<Block>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reference")
}

/// The pages of constructs, in the order in which one reads them.
const ORDER: [&str; 13] = [
    "files.md",
    "values.md",
    "time.md",
    "signals.md",
    "calculus.md",
    "commitments.md",
    "suppliers.md",
    "support.md",
    "risk.md",
    "governance.md",
    "examples.md",
    "variants.md",
    "library.md",
];

fn pages() -> Vec<Page> {
    let mut paths: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "md"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Page { name, blocks: blocks(&text), text }
    };
    paths.into_iter().map(read).collect()
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                found.push(Block { info: info.trim().to_owned(), start: number + 1, lines: Vec::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => found.last_mut().unwrap().lines.push(line.to_owned()),
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    found
}

/// Frame and block, each line at its place in the page, so that findings name it.
fn agreement(page: &Page, frame: &Block, block: &Block) -> String {
    let mut lines = vec![String::new(); page.text.lines().count()];
    let mut put = |block: &Block, from: usize| {
        for (offset, line) in block.lines.iter().enumerate().skip(from) {
            lines[block.start + offset].clone_from(line);
        }
    };
    let own = block.lines.first().is_some_and(|line| line.starts_with("agreement "));
    let head = frame.lines.iter().position(|line| line == "}").map_or(0, |end| end + 1);
    put(frame, if own { head } else { 0 });
    put(block, 0);
    lines.join("\n") + "\n"
}

/// What is wrong with a block: one text, empty when nothing is. The number is that of its worked examples.
fn wrong(page: &Page, frame: &Block, block: &Block) -> (String, usize) {
    let name = format!("docs/reference/{}", page.name);
    let world = MemoryWorld::new().with(&name, agreement(page, frame, block));
    let mut store = Store::default();
    let path = PathBuf::from(&name);
    let (files, _) = store.load(&world, vec![Named { name, path, bytes: None }]);
    let checked = sla::check_joined(&store, files[0], true).unwrap();
    let sources = &store.sources;
    let told = |severity: Severity| {
        let of = checked.findings.iter().filter(|finding| finding.severity == severity);
        of.map(|finding| finding.code.id.to_owned()).collect::<BTreeSet<_>>()
    };
    let mut text = String::new();
    let place = format!("docs/reference/{}:{}", page.name, block.start + 1);
    let shown = sla::diagnostics::plain::render(&checked.findings, sources, false);
    let (errors, warnings) = (block.codes("error"), block.codes("warning"));
    if told(Severity::Error) != errors {
        let _ = writeln!(text, "{place}: shows the errors {errors:?}, and has {:?}\n{shown}", told(Severity::Error));
    } else if errors.is_empty() && told(Severity::Warning) != warnings {
        let found = told(Severity::Warning);
        let _ = writeln!(text, "{place}: shows the warnings {warnings:?}, and has {found:?}\n{shown}");
    }
    if !errors.is_empty() || warnings.contains("SLA708") {
        // What cannot be computed does not hold.
        return (text, 0);
    }
    let mut count = 0;
    for example in &checked.model.examples {
        let name = &example.head.name;
        match work(&checked.model, example, &Budget::default()) {
            Some(worked) if worked.holds() => count += 1,
            Some(worked) => {
                let steps = explain(&checked.model, example, &Budget::default());
                let steps: Vec<String> = steps.iter().flat_map(Step::lines).collect();
                let _ = writeln!(text, "{place}: example {name}: {:#?}\n{}", worked.compared, steps.join("\n"));
            }
            None => {
                let _ = writeln!(text, "{place}: example {name} is passed over");
            }
        }
    }
    (text, count)
}

#[test]
fn every_block_runs() {
    let (mut all, mut running, mut examples, mut errors) = (String::new(), 0, 0, 0);
    for page in pages() {
        let Some(frame) = page.blocks.iter().find(|block| block.is_sla()) else { continue };
        assert_eq!(frame.info, "sla", "{}: the first block is the frame", page.name);
        for block in page.blocks.iter().filter(|block| block.is_sla()) {
            let (text, count) = wrong(&page, frame, block);
            all.push_str(&text);
            examples += count;
            running += usize::from(block.runs());
            errors += usize::from(!block.runs());
        }
    }
    println!("{running} blocks run, {errors} show an error, {examples} worked examples hold");
    assert!(all.is_empty(), "\n{all}");
    assert!(running > 100 && examples > 100, "{running} blocks run, {examples} worked examples hold");
}

/// What `sla evaluate` makes of tables: each ```` ```console ```` block runs with the block of the language before it as
/// `agreement.sla`, and with the ```` ```csv NAME.csv ```` blocks between the two in `measurements/`.
#[test]
fn every_table_comes_to_what_the_page_shows() {
    let mut count = 0;
    for page in pages() {
        let Some(frame) = page.blocks.iter().find(|block| block.is_sla()) else { continue };
        let mut last = frame;
        let mut tables: Vec<&Block> = Vec::new();
        for block in &page.blocks {
            match block.info.split(' ').next() {
                Some("sla") => (last, tables) = (block, Vec::new()),
                Some("csv") => tables.push(block),
                Some("toml") => {
                    let targets: Vec<&str> = sla::targets::all().iter().map(|target| target.name()).collect();
                    let settings = sla::project::Settings::read(FileId::new(0), &block.lines.join("\n"), &targets);
                    assert!(settings.findings.is_empty(), "{}: {:?}", page.name, settings.findings);
                }
                Some("console") => {
                    let place = format!("docs/reference/{}:{}", page.name, block.start + 1);
                    session(&place, &agreement(&page, frame, last), &tables, &block.lines.join("\n"));
                    count += 1;
                }
                _ => panic!("docs/reference/{}:{}: a block that no test runs", page.name, block.start),
            }
        }
    }
    println!("{count} evaluations");
    assert!(count > 0);
}

fn session(place: &str, agreement: &str, tables: &[&Block], text: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("agreement.sla"), agreement).unwrap();
    let measurements = folder.path().join("measurements");
    std::fs::create_dir(&measurements).unwrap();
    for table in tables {
        for name in table.info.split(' ').skip(1) {
            std::fs::write(measurements.join(name), table.lines.join("\n") + "\n").unwrap();
        }
    }
    let bin = Path::new(env!("CARGO_BIN_EXE_sla")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    for step in text.split("$ ").skip(1) {
        let (command, expected) = step.split_once('\n').unwrap_or((step, ""));
        let run = Command::new("bash").args(["-c", command]).current_dir(folder.path()).env("PATH", &path).output();
        let run = run.unwrap();
        let (output, said) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap());
        let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&output), lines(expected), "{place}: `{command}` prints\n{output}\n{said}");
    }
}

/// Words and signs of a text, without strings and comments.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_alphanumeric() || letter == '_' || letter == '%' || letter == '°' {
            let mut word = String::from(letter);
            while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || "_%°".contains(*next)) {
                word.push(next);
            }
            found.push(word);
        } else if letter == '"' {
            // A text of one line; those of several begin and end with an empty one.
            let mut escaped = false;
            for next in letters.by_ref() {
                if next == '"' && !escaped {
                    break;
                }
                escaped = next == '\\' && !escaped;
            }
            found.push("\"\"".to_owned());
        } else if letter == '/' && letters.peek() == Some(&'/') {
            while letters.next_if(|next| *next != '\n').is_some() {}
        } else if letter == '\n' || !letter.is_whitespace() {
            found.push(letter.to_string());
        }
    }
    found
}

/// Whether words follow each other somewhere. The first one begins a statement where `starts` says so.
fn holds(all: &[String], wanted: &[String], starts: bool) -> bool {
    let begins = |at: usize| at == 0 || ["\n", "{", "}", ";"].contains(&all[at - 1].as_str());
    (0..all.len()).any(|at| all[at..].starts_with(wanted) && (!starts || begins(at)))
}

/// What a page names in headings and rows of tables, and what its running blocks hold.
struct Known {
    named: Vec<Vec<String>>,
    running: Vec<Vec<String>>,
}

fn known(page: &Page) -> Known {
    let mut inside = false;
    let mut named = Vec::new();
    for line in page.text.lines() {
        inside ^= line.starts_with("```");
        if !inside && (line.starts_with('#') || line.starts_with('|')) {
            let line = line.replace("\\|", "|");
            named.extend(line.split('`').skip(1).step_by(2).map(words));
        }
    }
    let of = |wanted: &dyn Fn(&Block) -> bool| {
        page.blocks.iter().filter(|block| wanted(block)).map(|block| words(&block.lines.join("\n"))).collect()
    };
    Known { named, running: of(&Block::runs) }
}

/// A construct: how it is called in the list of what is missing, how a heading names it, and how a block holds it.
struct Construct {
    kind: &'static str,
    name: String,
    used: String,
    starts: bool,
}

fn constructs() -> Vec<Construct> {
    let mut all = Vec::new();
    let mut add = |kind: &'static str, name: &str, used: String, starts: bool| {
        all.push(Construct { kind, name: name.to_owned(), used, starts });
    };
    for form in DECLARATIONS.iter().chain(STATEMENTS) {
        add("keyword", form.keyword, form.keyword.to_owned(), true);
    }
    for function in Function::ALL {
        add("function", function.as_str(), format!("{}(", function.as_str()), false);
    }
    for attribute in Attribute::ALL {
        add("attribute", attribute.as_str(), format!(".{}", attribute.as_str()), false);
    }
    for attribute in ["after", "in_time", "score", "up"] {
        add("attribute", attribute, format!(".{attribute}"), false);
    }
    for kind in WindowKind::ALL {
        for unit in PeriodUnit::ALL {
            let window = format!("{} {}", kind.as_str(), unit.as_str());
            add("window", &window, format!("per {window}"), false);
        }
    }
    for (name, used) in [("contract term", "per contract term"), ("rolling", "per rolling"), ("last", "over last")] {
        add("window", name, used.to_owned(), false);
    }
    for unit in PeriodUnit::ALL {
        add("unit of time", &format!("{}s", unit.as_str()), format!("{}s", unit.as_str()), false);
    }
    for day in Weekday::ALL {
        add("day", day.as_str(), day.as_str().to_owned(), false);
    }
    for (word, _) in Anchor::WORDS {
        add("event", word, word.to_owned(), false);
    }
    for operator in [
        Binary::And,
        Binary::Or,
        Binary::Equal,
        Binary::NotEqual,
        Binary::Less,
        Binary::AtMost,
        Binary::Greater,
        Binary::AtLeast,
        Binary::In,
        Binary::Add,
        Binary::Subtract,
        Binary::Multiply,
        Binary::Divide,
        Binary::Of,
    ] {
        add("operator", operator.as_str(), operator.as_str().to_owned(), false);
    }
    for word in ["not", "if", "per", "where", "over"] {
        add("word", word, word.to_owned(), false);
    }
    for word in ["target", "attained", "window", "length", "priority", "met", "invoiced", "true", "false", "always"] {
        add("word", word, word.to_owned(), false);
    }
    for (name, used) in
        [("when empty", "when empty"), ("as bands", "as bands"), ("using", "using"), ("during", "during")]
    {
        add("part", name, used.to_owned(), false);
    }
    for (name, used) in [("rounds to", "rounds to"), ("claim automatic", "claim automatic"), ("except", "except")] {
        add("part", name, used.to_owned(), false);
    }
    for (word, _) in MissingPolicy::WORDS {
        add("missing", word, format!("missing {word}"), false);
    }
    for mode in Rounding::ALL {
        add("rounding", mode.as_str(), format!("round {} to", mode.as_str()), false);
    }
    for (word, _) in AgreementPart::WORDS {
        add("part of an agreement", word, format!("waive {word}"), true);
    }
    for (word, _) in Role::WORDS {
        add("role", word, format!("as {word}"), false);
    }
    for (word, _) in Status::WORDS {
        add("status", word, format!("status {word}"), true);
    }
    for (word, _) in Payment::WORDS {
        add("payment", word, format!("pay {word}"), true);
    }
    for (word, _) in SignalKind::WORDS {
        add("kind of signal", word, format!("as {word} of"), false);
    }
    for (word, _) in SeriesKind::WORDS {
        add("series", word, format!("{word} '"), false);
    }
    for (word, _) in Counts::WORDS {
        add("counting", word, format!("counts {word}"), true);
    }
    for (word, _) in Level::WORDS {
        add("likelihood", word, format!("likelihood {word}"), true);
        add("impact", word, format!("impact {word}"), true);
    }
    for (word, _) in Reclassify::WORDS {
        add("reclassify", word, format!("reclassify {word}"), true);
    }
    for (word, _) in Verdict::WORDS {
        add("outcome", word, format!("outcome {word}"), true);
    }
    for way in WAYS {
        add("way", way, format!("via {way}"), true);
    }
    for (name, used) in [("text", "route text"), ("yes_no", "signed_in yes_no"), ("[a, b]", "[")] {
        add("type of a field", name, used.to_owned(), false);
    }
    for unit in ["%", "us", "ms", "s", "min", "h", "°C"] {
        add("unit", unit, unit.to_owned(), false);
    }
    all
}

/// What needs a second file: `tests/project.rs` runs it.
const OF_SEVERAL_FILES: [&str; 1] = ["import"];

/// Whether a construct is named in the page and occurs in a block of it.
fn is_covered(construct: &Construct, pages: &[(String, Known)]) -> bool {
    let (name, used) = (words(&construct.name), words(&construct.used));
    pages.iter().any(|(_, known)| {
        let runs = || known.running.iter().any(|block| holds(block, &used, construct.starts));
        known.named.iter().any(|named| holds(named, &name, false))
            && (OF_SEVERAL_FILES.contains(&construct.name.as_str()) || runs())
    })
}

#[test]
fn nothing_of_the_language_is_left_out() {
    let pages: Vec<(String, Known)> = pages().iter().map(|page| (page.name.clone(), known(page))).collect();
    let all = constructs();
    let missing: Vec<String> = all
        .iter()
        .filter(|construct| !is_covered(construct, &pages))
        .map(|construct| format!("{} `{}`", construct.kind, construct.name))
        .collect();
    println!("{} constructs", all.len());
    assert!(missing.is_empty(), "docs/reference/ has no heading or row with a running example of {missing:#?}");
}

/// The part of a page that a test writes.
fn generated(page: &str, what: &str, wanted: &str) {
    let path = folder().join(page);
    let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let begin = format!("<!-- generated: {what}; UPDATE_DOCS=1 cargo test --test tests reference -->\n");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{page} has no `{begin}`"));
    let (now, after) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{page} has no end of {what}"));
    let wanted = format!("\n{wanted}\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{begin}{wanted}<!-- end -->{after}")).unwrap();
    } else {
        assert_eq!(now, wanted, "docs/reference/{page}: {what}");
    }
}

#[test]
fn the_table_of_operators_is_the_compilers() {
    let mut text = String::from("| left | operators | right | gives |\n|---|---|---|---|\n");
    for rule in RULES {
        let operators: Vec<String> = rule.operators.iter().map(|operator| format!("`{}`", operator.as_str())).collect();
        let _ = writeln!(text, "| {} | {} | {} | {} |", rule.left, operators.join(", "), rule.right, rule.gives);
    }
    generated("values.md", "what operators join", &text);
}

/// Each section of the third level is about a construct, and has an example of it that runs.
#[test]
fn every_section_has_an_example() {
    let mut without = Vec::new();
    for page in pages() {
        let mut inside = false;
        let mut begins = Vec::new();
        for (number, line) in page.text.lines().enumerate() {
            inside ^= line.starts_with("```");
            if !inside && line.starts_with('#') {
                begins.push((number, line));
            }
        }
        begins.push((usize::MAX, ""));
        for pair in begins.windows(2) {
            let ((from, title), (to, _)) = (pair[0], pair[1]);
            let of = |block: &&Block| block.runs() && from < block.start && block.start < to;
            let of_several = OF_SEVERAL_FILES.iter().any(|word| title.starts_with(&format!("### `{word} ")));
            if title.starts_with("### ") && !of_several && !page.blocks.iter().any(|block| of(&block)) {
                without.push(format!("{}: {title}", page.name));
            }
        }
    }
    assert!(without.is_empty(), "no example that runs: {without:#?}");
}

/// The headings of a page with their depth, and the names by which a link finds them.
fn headings(page: &Page) -> Vec<(usize, String, String)> {
    let mut inside = false;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for line in page.text.lines() {
        inside ^= line.starts_with("```");
        let depth = line.bytes().take_while(|byte| *byte == b'#').count();
        if inside || depth == 0 {
            continue;
        }
        let title = line.trim_start_matches('#').trim();
        let kept = |letter: char| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            letter => letter.is_alphanumeric().then_some(letter),
        };
        let slug: String = title.to_lowercase().chars().filter_map(kept).collect();
        let times = seen.entry(slug.clone()).or_default();
        let anchor = if *times == 0 { slug } else { format!("{slug}-{times}") };
        *times += 1;
        found.push((depth, title.to_owned(), anchor));
    }
    found
}

#[test]
fn the_index_has_every_construct() {
    let mut pages = pages();
    pages.retain(|page| !["README.md", "keywords.md"].contains(&page.name.as_str()));
    let place =
        |page: &Page| ORDER.iter().position(|name| *name == page.name).unwrap_or_else(|| panic!("{}", page.name));
    pages.sort_by_key(place);
    let mut text = String::new();
    for page in &pages {
        for (depth, title, anchor) in headings(page) {
            let _ = match depth {
                1 => writeln!(text, "**[{title}]({})**\n", page.name),
                2 => writeln!(text, "- [{title}]({}#{anchor})", page.name),
                _ => writeln!(text, "  - [{title}]({}#{anchor})", page.name),
            };
        }
        text.push('\n');
    }
    generated("README.md", "every construct", text.trim_end());
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let anchors: BTreeMap<&str, BTreeSet<String>> = pages
        .iter()
        .map(|page| (page.name.as_str(), headings(page).into_iter().map(|(_, _, anchor)| anchor).collect()))
        .collect();
    for page in &pages {
        for link in page.text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let name = if path.is_empty() { page.name.as_str() } else { path };
            assert!(folder().join(name).is_file(), "{}: `{link}` leads nowhere", page.name);
            if let Some(known) = anchors.get(name).filter(|_| !anchor.is_empty()) {
                assert!(known.contains(anchor), "{}: `{link}` leads nowhere", page.name);
            }
        }
    }
}
