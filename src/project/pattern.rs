//! Which folders are passed over: `old`, `customers/*/drafts`, `**/archive/**`.

use std::path::{Component, Path};

/// The path of a folder, in parts; `*` in one stands for any letters, and `**` for any parts.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Vec<String>);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it can be none.
    pub fn read(text: &str) -> Result<Pattern, &'static str> {
        if text.contains('\\') {
            return Err("parts are separated by `/`");
        }
        if text.starts_with('/') || text.contains(':') {
            return Err("it begins at the project's folder, and not with a `/`");
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if parts.contains(&"..") {
            return Err("`..` leads out of the project");
        }
        match parts.iter().all(|part| *part == "**") {
            true => Err("nothing would be left of the project"),
            false => Ok(Pattern(parts.into_iter().map(str::to_owned).collect())),
        }
    }

    /// Whether a path, or a folder that it is in, is meant.
    pub fn covers(&self, path: &Path) -> bool {
        let parts = path.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        });
        // How many parts of the pattern may be used up so far; one after the other, so that no pattern takes long.
        let mut reached = vec![false; self.0.len() + 1];
        mark(&mut reached, &self.0, 0);
        for part in parts {
            let mut next = vec![false; self.0.len() + 1];
            for (at, wanted) in self.0.iter().enumerate() {
                if !reached.get(at).copied().unwrap_or(false) {
                    continue;
                }
                if wanted == "**" {
                    mark(&mut next, &self.0, at);
                } else if is_like(&part, wanted) {
                    mark(&mut next, &self.0, at + 1);
                }
            }
            if next.last().copied().unwrap_or(false) {
                return true;
            }
            reached = next;
        }
        false
    }
}

/// Marks how far a pattern is used up; `**` may stand for nothing.
fn mark(reached: &mut [bool], parts: &[String], from: usize) {
    for at in from..=parts.len() {
        if let Some(place) = reached.get_mut(at) {
            *place = true;
        }
        if parts.get(at).is_none_or(|part| part != "**") {
            break;
        }
    }
}

/// Whether a name is like a part in which `*` stands for any letters.
fn is_like(name: &str, part: &str) -> bool {
    let mut pieces = part.split('*');
    let Some(mut rest) = name.strip_prefix(pieces.next().unwrap_or("")) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or("");
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use std::path::Path;

    #[test]
    fn folders_are_covered_with_what_is_in_them() {
        let cases = [
            ("old", "old", true),
            ("old", "old/a/b.sla", true),
            ("old/**", "old/b.sla", true),
            ("./old/", "old/x", true),
            ("old", "older/b.sla", false),
            ("old", "new/old/b.sla", false),
            ("**/old", "new/old/b.sla", true),
            ("**/old/**", "old/b.sla", true),
            ("*/old", "new/old/b.sla", true),
            ("*/old", "a/b/old/b.sla", false),
            ("a*c", "abbc/x", true),
            ("a*c", "ac", true),
            ("a*c*", "xac", false),
            ("a/**/z", "a/z/f", true),
            ("a/**/z", "a/b/c/z/f", true),
        ];
        for (pattern, path, covered) in cases {
            assert_eq!(Pattern::read(pattern).unwrap().covers(Path::new(path)), covered, "{pattern} {path}");
        }
        let long = Pattern::read(&"**/*a*/".repeat(200)).unwrap();
        assert!(!long.covers(Path::new(&"aaaaaaaaab/".repeat(199))));
        for odd in ["", "**", "/old", "..", "a/../b", "c:\\x"] {
            assert!(Pattern::read(odd).is_err(), "{odd}");
        }
    }
}
