//! How fast the compiler is: `cargo bench`. The figures are in `docs/performance.md`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sla::source::{FileId, SourceMap};
use sla::targets::{self, Options};
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};

mod portfolio;

/// About 1,000 lines.
const LINES_1000: usize = 41;

fn parsing(criterion: &mut Criterion) {
    let flagship =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme-cloud.sla")).unwrap();
    let generated = portfolio::agreement("generated", 400);
    for (name, text) in [("flagship", flagship), ("generated", generated)] {
        let mut group = criterion.benchmark_group(format!("parse/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("bare pest", |bench| bench.iter(|| black_box(sla::syntax::parse_bare(&text))));
        group.bench_function("full tree", |bench| bench.iter(|| black_box(sla::syntax::parse(FileId::new(0), &text))));
        group.finish();
    }
}

fn stages(criterion: &mut Criterion) {
    let mut sources = SourceMap::new();
    let file = sources.add("generated.sla".to_owned(), portfolio::agreement("generated", LINES_1000));
    let mut group = criterion.benchmark_group("1,000 lines");
    group.bench_function("check", |bench| bench.iter(|| black_box(sla::check(file, &sources))));
    let checked = sla::check(file, &sources);
    assert!(!checked.fails());
    let options = Options::default();
    group.bench_function("compile to all targets", |bench| {
        bench.iter(|| black_box(sla::compile(&checked, &sources, targets::all(), &options)));
    });
    group.finish();
}

fn processes(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let one = folder.path().join("one");
    std::fs::create_dir(&one).unwrap();
    std::fs::write(one.join("generated.sla"), portfolio::agreement("generated", LINES_1000)).unwrap();
    let run = |arguments: &[&str], folder: &Path| {
        let status = Command::new(env!("CARGO_BIN_EXE_sla"))
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    };
    let mut group = criterion.benchmark_group("whole process");
    group.bench_function("version", |bench| bench.iter(|| run(&["--version"], &one)));
    group.bench_function("check 1,000 lines", |bench| bench.iter(|| run(&["check", "."], &one)));
    group.bench_function("build 1,000 lines", |bench| bench.iter(|| run(&["build", ".", "--out", "out"], &one)));
    group.sample_size(10);
    for (name, agreements, each) in [("1,000", 100, 10), ("10,000", 1_000, 10), ("10,000 in one agreement", 1, 10_000)]
    {
        let many = folder.path().join(name);
        std::fs::create_dir(&many).unwrap();
        for index in 0..agreements {
            let text = portfolio::agreement(&format!("agreement_{index}"), each);
            std::fs::write(many.join(format!("agreement_{index}.sla")), text).unwrap();
        }
        group.bench_function(format!("build {name} commitments"), |bench| {
            bench.iter(|| run(&["build", ".", "--out", "out"], &many));
        });
    }
    group.finish();
}

criterion_group!(benches, parsing, stages, processes);
criterion_main!(benches);
