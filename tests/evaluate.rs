//! Worked examples with results that were worked out by hand: `evaluate/*.sla`, each about one kind of measurement; and a
//! second evaluator that is slow and plain.

mod awaited;
mod deadlines;
mod described;
mod files;
mod measured;
mod minutes;
mod open;
mod options;
mod payment;
mod published;

#[cfg(feature = "outside")]
pub(crate) use measured::consumer::consumed;

use sla::evaluate::{Budget, Step, explain, work};
use sla::source::SourceMap;
use std::path::PathBuf;

fn agreements() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/evaluate");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "sla")).collect();
    paths.sort();
    let read = |path: PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn examples_come_to_what_was_worked_out_by_hand() {
    let mut count = 0;
    for (name, text) in agreements() {
        let mut sources = SourceMap::new();
        let file = sources.add(name.clone(), text);
        let checked = sla::check(file, &sources);
        assert!(!checked.fails(), "{}", sla::diagnostics::plain::render(&checked.findings, &sources, false));
        for example in &checked.model.examples {
            let worked = work(&checked.model, example, &Budget::default())
                .unwrap_or_else(|| panic!("{name}: {} is passed over", example.head.name));
            let steps: Vec<String> =
                explain(&checked.model, example, &Budget::default()).iter().flat_map(Step::lines).collect();
            assert!(worked.holds(), "{name}: {}\n{:#?}\n{}", example.head.name, worked.compared, steps.join("\n"));
            count += worked.compared.len();
        }
    }
    assert!(count >= 50, "{count} results are compared");
}
