//! The one integration binary: a module for each subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
// Amounts in cents are grouped as money is read: 420_00.
#![allow(clippy::inconsistent_digit_grouping, clippy::type_complexity)]

/// The head of an agreement about a store, and its parties: by its status, its term, and what else it says.
macro_rules! store {
    () => {
        store!("draft", "2027-01-01 to 2028-12-31", "")
    };
    ($status:literal, $effective:literal, $more:literal) => {
        concat!(
            "agreement store \"Object storage\" {\n  version   \"1.0\"\n  status    ",
            $status,
            "\n  effective ",
            $effective,
            "\n  timezone  \"UTC\"\n  currency  EUR\n",
            $more,
            r#"}
party cloud "Example Cloud" as provider { contact desk "Service desk" { email "desk@cloud.example" } }
party shop "Corner Shop" as customer { contact it "IT" { email "it@shop.example" } }
"#
        )
    };
}

/// What is stored there.
macro_rules! storage {
    () => {
        "service storage \"Object storage\" { by cloud to shop; scope \"Buckets and objects\" }\n"
    };
}

mod architecture;
mod bundle;
mod checks;
mod cli;
mod contract;
mod diagnostics;
mod evaluate;
mod language;
mod project;
mod prometheus;
mod published;
mod readme;
mod recovery;
mod reference;
mod sources;
mod statement;
mod status;
mod std_library;
mod suppliers;
