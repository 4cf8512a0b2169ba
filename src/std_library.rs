//! The standard library: files of the language that are part of the program, for agreements to import by name.

/// A file of the library: its name, as in `from std.NAME`, and its text.
struct Shelf {
    name: &'static str,
    text: &'static str,
}

macro_rules! shelves {
    ($($name:literal)*) => {
        &[$(Shelf { name: $name, text: include_str!(concat!("../std/", $name, ".sla")) }),*]
    };
}

/// All files, by name.
const SHELVES: &[Shelf] = shelves! { "calendars" "credits" "exclusions" "governance" "holidays" "metrics" "support" };

/// The names of the files, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHELVES.iter().map(|shelf| shelf.name)
}

/// The text of a file.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    SHELVES.iter().find(|shelf| shelf.name == name).map(|shelf| shelf.text)
}

/// What a file holds, in one line: its first comment.
#[must_use]
pub fn about(name: &str) -> &'static str {
    text(name).and_then(|text| text.lines().next()).map_or("", |line| line.trim_start_matches('/').trim())
}

/// Something that a file declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its keyword, such as `holidays` or `template`.
    pub keyword: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Of a template, the rest of its head, such as `(goal as ratio) of commitment`; otherwise empty.
    pub takes: String,
    /// What is said of it above its head.
    pub about: String,
}

/// What a file declares, in its order.
#[must_use]
pub fn items(name: &str) -> Vec<Item> {
    let mut found = Vec::new();
    let mut about = String::new();
    let mut lines = text(name).unwrap_or_default().lines();
    while let Some(line) = lines.next() {
        if let Some(said) = line.strip_prefix("///") {
            about.push_str(if about.is_empty() { "" } else { " " });
            about.push_str(said.trim());
            continue;
        }
        // What is declared for everybody begins a line; what stands in a block is indented.
        let head = line.split_once(' ').filter(|(word, _)| word.starts_with(|first: char| first.is_ascii_lowercase()));
        if let Some((keyword, rest)) = head {
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
            let (name, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let mut takes = String::new();
            if keyword == "template" {
                takes.push_str(rest);
                // Many parameters stand on lines of their own.
                while !takes.contains('{') {
                    let Some(more) = lines.next() else { break };
                    takes.push(' ');
                    takes.push_str(more.trim());
                }
                takes = takes.replace("( ", "(").replace(" )", ")");
                takes.truncate(takes.find('{').unwrap_or(takes.len()));
                takes.truncate(takes.trim_end().len());
            }
            found.push(Item { keyword, name, takes, about: std::mem::take(&mut about) });
        }
        about.clear();
    }
    found
}
