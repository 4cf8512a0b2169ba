//! The command `sla`.

fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let (tree, mut findings) = sla::syntax::parse(sla::source::FileId(0), &text);
        let (model, more) = sla::model::build(&tree);
        findings.extend(more);
        eprintln!(
            "{path} {} findings {} commitments {} clauses",
            findings.len(),
            model.commitments.len(),
            model.clauses().len()
        );
        if std::env::var("DUMP").is_ok() {
            println!("{model:#?}");
        }
        for f in findings {
            println!(
                "  {} {:?} {} | {:?} | {:?}",
                f.code.id,
                f.span.map(|s| (text[..s.start as usize].lines().count(), &text[s.start as usize..s.end as usize])),
                f.message,
                f.primary,
                f.help
            );
        }
    }
}
