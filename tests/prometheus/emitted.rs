//! What is emitted, without any program from outside.

use super::{emit, told};
use sla::targets::Options;

fn flagship() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme-cloud.sla")).expect("the flagship")
}

#[test]
fn the_flagship_s_rules() {
    let (text, notes) = emit(&flagship(), &Options::default());
    insta::assert_snapshot!("flagship_rules", text);
    insta::assert_snapshot!("flagship_notes", told(&notes).join("\n"));
}
