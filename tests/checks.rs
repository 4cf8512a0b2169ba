//! Each code of the catalogue on small agreements that fail and on some that pass: `SLA402-fails.sla`, and one for each
//! further situation, `SLA402-fails-otherwise.sla`.
//!
//! The last lines of a failing agreement say what must be found: `//! severity[CODE] line 3: message`. To write them
//! anew after a change of words, run the tests with `BLESS=1` and read the difference.

use sla::diagnostics::{Code, Diagnostic, Severity, arrange, codes, in_plain_sight, plain};
use sla::source::SourceMap;
use std::path::PathBuf;

/// Codes that no text of one agreement can show: they are about files, other stages, or limits.
const ELSEWHERE: &[&str] = &[
    "SLA001", "SLA002", "SLA003", "SLA004", "SLA007", "SLA008", "SLA009", "SLA04", "SLA05", "SLA213", "SLA331",
    "SLA433", "SLA75", "SLA76", "SLA8",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

/// Everything that is found in a text, in the order of its places.
fn findings(name: &str, text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add(name, text);
    let (tree, mut found) = sla::syntax::parse(file, text);
    let (model, of_model) = sla::model::build(&tree);
    found.extend(of_model);
    found.extend(sla::checks::check(&model));
    (arrange(in_plain_sight(found, &model.uses)), sources)
}

/// One line for each finding, as the fixtures expect it.
fn told(found: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let line = |finding: &Diagnostic| finding.span.map_or(0, |span| sources.locate(span).line);
    let one = |found: &Diagnostic| {
        format!("//! {}[{}] line {}: {}", found.severity, found.code.id, line(found), found.message)
    };
    found.iter().map(one).collect()
}

/// The agreements of a code that fail or pass, the first one first.
fn fixtures(code: &str, kind: &str) -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| {
            path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with(&format!("{code}-{kind}")))
        })
        .collect();
    paths.sort_by_key(|path| path.file_stem().map(|name| name.to_owned()));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("the fixture can be read");
        (path, text.replace("\r\n", "\n"))
    };
    paths.into_iter().map(read).collect()
}

/// Every agreement that fails, with its code.
fn failing() -> impl Iterator<Item = (&'static Code, (PathBuf, String))> {
    codes::all().iter().flat_map(|code| fixtures(code.id, "fails").into_iter().map(move |one| (*code, one)))
}

/// The name under which a fixture is shown: that of its code, and what it is about.
fn name(code: &Code, path: &std::path::Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let topic = stem.splitn(3, '-').nth(2).map(|topic| format!("-{topic}")).unwrap_or_default();
    format!("{}{topic}.sla", code.name)
}

#[test]
fn every_code_is_shown_by_an_agreement_that_fails_and_one_that_passes() {
    let missing: Vec<&str> = codes::all()
        .iter()
        .map(|code| code.id)
        .filter(|id| !ELSEWHERE.iter().any(|elsewhere| id.starts_with(elsewhere)))
        .filter(|id| fixtures(id, "fails").is_empty() || fixtures(id, "passes").is_empty())
        .collect();
    assert!(missing.is_empty(), "without fixtures: {missing:?}");
}

#[test]
fn failing_agreements_tell_what_they_expect() {
    let mut wrong = Vec::new();
    for (code, (path, text)) in failing() {
        // The expectations stand at the end, so that they do not move any line.
        let body = text.split("\n//! ").next().unwrap_or_default().trim_end().to_owned() + "\n";
        let (found, sources) = findings(&name(code, &path), &body);
        let lines = told(&found, &sources);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, format!("{body}\n{}\n", lines.join("\n"))).expect("the fixture can be written");
        }
        let expected: Vec<String> = text.lines().filter(|line| line.starts_with("//! ")).map(str::to_owned).collect();
        if lines != expected || !found.iter().any(|finding| finding.code.id == code.id) {
            wrong.push(format!("{}\n  expected {expected:#?}\n  found {lines:#?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn passing_agreements_have_no_findings() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        for (path, text) in fixtures(code.id, "passes") {
            let (found, sources) = findings(&name(code, &path), &text);
            if !found.is_empty() {
                wrong.push(format!("{} {:#?}", path.display(), told(&found, &sources)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The pictures are read by people: each says what is wrong, where, with a witness and help.
#[test]
fn findings_read_well() {
    let mut pictures = String::new();
    for (code, (path, text)) in failing() {
        if !sla::checks::codes_told().any(|told| told.id == code.id) {
            continue;
        }
        let (found, sources) = findings(&name(code, &path), &text);
        pictures.push_str(&plain::render(&found, &sources, false));
    }
    insta::assert_snapshot!(pictures);
}

#[test]
fn every_fix_mends_its_finding() {
    for (code, (_, text)) in failing() {
        let (found, _) = findings("a.sla", &text);
        for finding in found.iter().filter(|finding| finding.code.id == code.id) {
            for fix in &finding.fixes {
                let mut mended = text.clone();
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
                for edit in edits {
                    mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.new_text);
                }
                let (left, sources) = findings("a.sla", &mended);
                let same = left.iter().filter(|other| other.code.id == code.id && other.message == finding.message);
                assert_eq!(same.count(), 0, "{}: {:?}\n{mended}", fix.title, told(&left, &sources));
            }
        }
    }
}

/// References, alerts and bundles know clauses by their ids.
#[test]
fn clauses_of_agreements_without_errors_have_ids_of_their_own() {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = [folder(), examples].into_iter().flat_map(|folder| {
        std::fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("it can be read").path())
    });
    let mut checked = 0;
    for path in files.filter(|path| path.extension().is_some_and(|end| end == "sla")) {
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        let (found, _) = findings("a.sla", &text);
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            continue;
        }
        let mut sources = SourceMap::new();
        let (tree, _) = sla::syntax::parse(sources.add("a.sla", text.as_str()), &text);
        let mut ids: Vec<String> = sla::model::build(&tree).0.clauses().into_iter().map(|clause| clause.id).collect();
        ids.sort();
        let twice: Vec<&String> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", path.display());
        checked += 1;
    }
    assert!(checked > 100, "only {checked} agreements were checked");
}

/// The ids of all clauses of a text.
fn ids(text: &str) -> std::collections::BTreeSet<String> {
    let mut sources = SourceMap::new();
    let (tree, _) = sla::syntax::parse(sources.add("a.sla", text), text);
    sla::model::build(&tree).0.clauses().into_iter().map(|clause| clause.id).collect()
}

/// Without any one of its statements on a line, or of its declarations on a line, the other clauses of an example have the
/// ids that they have with it: seen from there, a clause was added.
#[test]
fn ids_stay_when_a_clause_is_added() {
    let mut changed = 0;
    for name in ["acme-cloud", "colocation", "help-desk", "hosted-platform", "regional-compute"] {
        let path = format!("{}/examples/{name}.sla", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the file can be read");
        let whole = ids(&text);
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            // A line that opens or closes a block is no clause by itself.
            if line.trim().is_empty() || line.matches('{').count() != line.matches('}').count() {
                continue;
            }
            let without: String = lines
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != at)
                .map(|(_, line)| format!("{line}\n"))
                .collect();
            // What names a thing that is gone has another meaning, or none.
            if findings("a.sla", &without).0.iter().any(|finding| finding.severity == Severity::Error) {
                continue;
            }
            let rest = ids(&without);
            let new: Vec<&String> = rest.difference(&whole).collect();
            assert!(new.is_empty(), "{name}: without `{}` there are {new:?}", line.trim());
            changed += usize::from(rest.len() < whole.len());
        }
    }
    assert!(changed > 30, "only {changed} lines are clauses");
}
