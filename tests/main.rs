//! The one integration binary: a module for each subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
// Amounts in cents are grouped as money is read: 420_00.
#![allow(clippy::inconsistent_digit_grouping, clippy::type_complexity)]

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
