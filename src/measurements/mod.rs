//! Measurements as text: tables in CSV or JSON Lines, read as typed rows, and what is wrong with them.
//!
//! Nothing here knows what a row is measured for. A table is a stream that is read once, in memory that does not grow
//! with it; a row that is wrong is complained of and left out, and reading goes on.

mod cases;
mod cell;
mod complaints;
mod csv;
mod events;
mod header;
mod instant;
mod jsonl;
mod layout;
mod lines;
mod load;
mod needs;
mod number;
mod options;
mod outside;
mod parts;
mod periods;
mod readings;
mod rows;
mod shown;
mod sorter;
mod splitter;
mod table;
mod worth;

pub use cell::{Cell, Wrong, read as read_cell};
pub use complaints::Complaints;
pub use layout::{Column, Kind, Layout};
pub use load::{Folder, Loaded, load};
pub use needs::{DataFile, Holds, Table, files};
pub use options::options;
pub use rows::Row;
pub use sorter::{HELD, Record, Sorted, Sorter};
pub use table::{is_table, read as read_table};
