//! The rules of `docs/architecture.md`, read off the source: which room may use which, and what stays in its room.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each room may use, besides itself. A room that is not here has no rule yet, and the test says so.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("values", &[]),
    ("diagnostics", &["source"]),
    ("syntax", &["source", "diagnostics"]),
    ("calculus", &["source", "values"]),
    ("model", &["source", "diagnostics", "syntax", "values", "calculus"]),
    ("wording", &["source", "diagnostics", "values", "calculus", "model"]),
    ("evaluate", &["values", "calculus", "model"]),
    ("measurements", &["source", "diagnostics", "values", "calculus", "model", "evaluate"]),
    ("checks", &["source", "diagnostics", "values", "calculus", "model", "wording", "evaluate"]),
    ("targets", &["source", "diagnostics", "values", "calculus", "model", "wording"]),
    ("statement", &["diagnostics", "values", "calculus", "model", "wording", "evaluate", "targets"]),
    ("std_library", &[]),
    ("project", &["source", "diagnostics", "syntax", "values", "std_library"]),
    ("pipeline", &["source", "diagnostics", "syntax", "model", "checks", "targets", "project"]),
    ("status", &["values", "model", "wording"]),
    (
        "cli",
        &[
            "source",
            "diagnostics",
            "values",
            "calculus",
            "model",
            "evaluate",
            "measurements",
            "statement",
            "std_library",
            "status",
            "targets",
            "project",
            "pipeline",
        ],
    ),
    ("lib", &["pipeline"]),
    ("main", &["cli"]),
];

/// What stays in its place: the beginning of a path, and the rooms, or single files of them, that may write it.
const STAYS: &[(&str, &[&str])] = &[
    ("pest", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("miette", &["diagnostics"]),
    ("codespan_reporting", &["diagnostics"]),
    ("clap", &["cli"]),
    ("rayon", &["pipeline", "project", "cli", "measurements"]),
    ("tempfile", &["cli", "measurements"]),
    ("csv", &["measurements"]),
    ("memchr", &["measurements"]),
    ("terminal_size", &["cli"]),
    ("toml", &["project/settings"]),
    // Runs that are too long to be sorted in memory are files without a name.
    ("std::fs", &["source", "cli", "measurements/sorter"]),
    // The writer of JSON implements a trait that is stated in terms of `std::io`, and refuses every float.
    ("std::io", &["source", "cli", "measurements", "targets/json/canonical"]),
    ("std::env", &["cli"]),
    ("std::process", &["cli", "main"]),
    ("std::net", &[]),
    // Waiting for a change is waiting for a time.
    ("std::time", &["cli/watch"]),
    ("f32", &["targets/json/canonical"]),
    ("f64", &["targets/json/canonical"]),
];

/// The longest file, in lines.
const LONGEST: usize = 500;

#[test]
fn every_arrow_runs_in_its_direction() {
    let broken: Vec<String> = sources().iter().flat_map(|(path, text)| violations(path, text)).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_file_is_long_and_none_is_a_drawer() {
    for (path, text) in sources() {
        assert!(text.lines().count() <= LONGEST, "{} has more than {LONGEST} lines", path.display());
        assert_ne!(path.file_name().unwrap(), "utils.rs", "name the file after what it holds");
    }
}

#[test]
fn the_page_names_every_room() {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    for (room, _) in MAY_USE.iter().filter(|(room, _)| !["lib", "main"].contains(room)) {
        assert!(page.contains(&format!("`{room}")), "docs/architecture.md says nothing of `{room}`");
    }
}

#[test]
fn planted_violations_are_found() {
    let planted = [
        ("src/values/a.rs", "use crate::model::Model;"),
        ("src/syntax/a.rs", "use crate::{source::Span, model::{Model, Table}};"),
        ("src/diagnostics/deep/a.rs", "fn f() -> crate::syntax::Tree { g() }"),
        ("src/targets/json/mod.rs", "use super::super::syntax::Tree;"),
        ("src/targets/mod.rs", "use super::syntax;"),
        ("src/model/a.rs", "use crate::cli;"),
        ("src/model/build/a.rs", "use pest::Parser as _;"),
        ("src/model/a.rs", "fn f() { let x = ::std::fs::read(p); }"),
        ("src/checks/a.rs", "use std::{fs, fmt};"),
        ("src/wording/a.rs", "use miette::Diagnostic;"),
        ("src/values/a.rs", "const HALF: f64 = HALVES;"),
        ("src/values/a.rs", "let x = y as f32;"),
        ("src/model/a.rs", "let s = \"\\\"\"; use crate::targets::Target;"),
        ("src/model/a.rs", "let s = r#\"\"\"#; /* a /* b */ */ use crate::targets::Target;"),
        ("src/model/a.rs", "let c = '\"'; fn f<'a>(x: &'a crate::checks::Check) {}"),
        ("src/attic/a.rs", "use crate::source::Span;"),
    ];
    for (path, text) in planted {
        assert_eq!(violations(Path::new(path), text).len(), 1, "{path}: {text}");
    }
}

#[test]
fn what_is_allowed_is_not_reported() {
    let allowed = [
        ("src/values/a.rs", "// use crate::model::Model;\n/// [`crate::model`] f64\nuse super::Exact;"),
        ("src/values/a.rs", "const S: &str = \"crate::model f64 std::fs\"; /* pest:: */"),
        ("src/values/deep/a.rs", "use super::super::Exact; use crate::values::Date;"),
        ("src/model/a.rs", "use crate::{calculus::Expr, syntax};"),
        ("src/syntax/grammar.rs", "use pest::Parser; use pest_derive::Parser;"),
        ("src/cli/a.rs", "use std::{fs::File, io}; use crate::pipeline::check;"),
        ("src/model/a.rs", "fn source() {} let model = targets(); x.pest();"),
    ];
    for (path, text) in allowed {
        assert_eq!(violations(Path::new(path), text), Vec::<String>::new());
    }
}

/// Every rule that a file breaks, once each.
fn violations(path: &Path, text: &str) -> Vec<String> {
    let parts: Vec<&str> = path.iter().skip(1).map(|part| part.to_str().unwrap()).collect();
    let room = parts[0].trim_end_matches(".rs");
    // A file is a module of its own, but for the one that is its folder's.
    let depth = parts.len() - usize::from(["mod.rs", "lib.rs", "main.rs"].contains(parts.last().unwrap()));
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: there is no rule for the room `{room}`", path.display())];
    };
    let file = parts.join("/");
    let file = file.trim_end_matches(".rs");
    let mut found = BTreeSet::new();
    for written in paths(text) {
        let segments: Vec<&str> = written.split("::").filter(|segment| !segment.is_empty()).collect();
        if let Some(used) = room_of(&segments, depth)
            && used != room
            && !may_use.contains(&used)
        {
            found.insert(format!("{}: `{room}` must not use `{used}`", path.display()));
        }
        for (beginning, places) in STAYS {
            let beginning: Vec<&str> = beginning.split("::").collect();
            if segments.starts_with(&beginning) && !places.contains(&room) && !places.contains(&file) {
                found.insert(format!("{}: `{}` stays in {places:?}", path.display(), beginning.join("::")));
            }
        }
    }
    found.into_iter().collect()
}

/// The room that a path leads to from the root of the crate, if it does: by `crate`, `sla`, or enough of `super`.
fn room_of<'a>(segments: &[&'a str], depth: usize) -> Option<&'a str> {
    let supers = segments.iter().take_while(|segment| **segment == "super").count();
    let first = match segments.first() {
        Some(&("crate" | "sla")) => segments.get(1),
        Some(&"super") if supers >= depth => segments.get(supers),
        _ => None,
    };
    first.copied().filter(|name| MAY_USE.iter().any(|(room, _)| room == name))
}

/// Every path of a source text, with the groups of `use` written out.
fn paths(text: &str) -> Vec<String> {
    let code = code_of(text);
    let mut words = Vec::new();
    let mut letters = code.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_alphanumeric() || letter == '_' {
            let mut word = String::from(letter);
            while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || *next == '_') {
                word.push(next);
            }
            words.push(word);
        } else if letter == ':' && letters.next_if_eq(&':').is_some() {
            words.push("::".to_owned());
        } else if letter == '.' {
            // What follows a dot is a field or a method, and no path.
            words.push(".".to_owned());
        } else if !letter.is_whitespace() {
            words.push(letter.to_string());
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        at = read_path(&words, at, "", &mut found).max(at + 1);
    }
    found
}

/// Reads one path, or a tree of them, and returns where it ends.
fn read_path(words: &[String], start: usize, before: &str, found: &mut Vec<String>) -> usize {
    let is_name = |word: &String| word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    let mut path = before.to_owned();
    let mut at = start;
    if start > 0 && words[start - 1] == "." {
        return start + 1;
    }
    while let Some(word) = words.get(at) {
        if word == "::" {
            path.push_str("::");
        } else if word == "{" && path.ends_with("::") {
            at += 1;
            while words.get(at).is_some_and(|word| word != "}") {
                at = read_path(words, at, &path, found).max(at + 1);
            }
            return at + 1;
        } else if is_name(word) && (path.is_empty() || path.ends_with("::")) {
            path.push_str(word);
        } else {
            break;
        }
        at += 1;
    }
    if path != before {
        found.push(path);
    }
    at
}

/// The text without comments, strings and characters in quotes.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if letter == '"' {
            quoted(rest, '"')
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            raw_string(rest)
        } else if letter == '\'' && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'')) {
            quoted(rest, '\'')
        } else {
            0
        };
        if skipped > 0 {
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    code
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> usize {
    let hashes = text[1..].chars().take_while(|letter| *letter == '#').count();
    // `r#name` is a name.
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = 2 + hashes;
    text[body..].find(&end).map_or(text.len(), |at| body + at + end.len())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file, as its path from the root and its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_path_buf(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the sources are not where they were");
    found
}
