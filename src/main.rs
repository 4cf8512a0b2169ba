//! The command `sla`.

fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let start = std::time::Instant::now();
        let (tree, mut findings) = sla::syntax::parse(sla::source::FileId(0), &text);
        eprintln!(
            "{path} {} findings {:?} lossless {}",
            findings.len(),
            start.elapsed(),
            sla::syntax::print(&tree.root) == text
        );
        for f in findings {
            println!(
                "  {:?} {} | {:?} | {:?}",
                f.span.map(|s| (text[..s.start as usize].lines().count(), &text[s.start as usize..s.end as usize])),
                f.message,
                f.primary,
                f.help
            );
        }
    }
}
