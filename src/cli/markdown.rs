//! The little Markdown of the explanations, drawn for a terminal: heads, paragraphs, lists, code.

use super::terminal::paint;

/// The widest that a paragraph is, since long lines are hard to read.
const WIDEST: usize = 88;

/// Draws a page. Code stands behind a bar in the colour of its head: red where it fails, green where it passes.
pub(super) fn render(text: &str, colour: bool, columns: usize) -> String {
    let columns = columns.clamp(40, WIDEST);
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    let mut bar = "36";
    for line in text.lines() {
        let ends = line.trim().is_empty() || line.starts_with(['#', '-']) || line.starts_with("```") || in_code;
        if ends && !paragraph.is_empty() {
            out.push_str(&wrapped(&paragraph, colour, columns));
            paragraph.clear();
        }
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            out.push_str(format!("  {} {line}", paint(colour, bar, "│")).trim_end());
            out.push('\n');
        } else if let Some(head) = line.strip_prefix("# ") {
            out.push_str(&format!("{}\n", paint(colour, "1", head)));
        } else if let Some(head) = line.strip_prefix("## ") {
            bar = match head {
                "Fails" => "31",
                "Passes" => "32",
                _ => "36",
            };
            out.push_str(&format!("{}\n", paint(colour, &format!("1;{bar}"), head)));
        } else if line.trim().is_empty() {
            out.push('\n');
        } else {
            paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
            paragraph.push_str(line.trim());
        }
    }
    if !paragraph.is_empty() {
        out.push_str(&wrapped(&paragraph, colour, columns));
    }
    out
}

/// A paragraph broken at blanks; a list's item is indented under its dash.
fn wrapped(text: &str, colour: bool, columns: usize) -> String {
    let indent = if text.starts_with("- ") { "\n  " } else { "\n" };
    let mut out = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let width = word.chars().filter(|letter| *letter != '`').count();
        if used > 0 && used + 1 + width > columns {
            out.push_str(indent);
            used = indent.len() - 1;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += width;
    }
    out.push('\n');
    inline_code(&out, colour)
}

/// The words in backquotes in a colour of their own; without colours they keep the quotes.
fn inline_code(text: &str, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { paint(true, "36", part) } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::render;

    const PAGE: &str = "# A title\n\n## Why it matters\n\nOne `word` of\ntwo lines.\n\n- an item\n\n## Fails\n\n```sla\nagreement\n```\n";

    #[test]
    fn a_page_without_colours() {
        let drawn = "A title\n\nWhy it matters\n\nOne `word` of two lines.\n\n- an item\n\nFails\n\n  │ agreement\n";
        assert_eq!(render(PAGE, false, 80), drawn);
    }

    #[test]
    fn colours_tell_what_fails() {
        let drawn = render(PAGE, true, 80);
        assert!(drawn.contains("\u{1B}[1;31mFails\u{1B}[0m"), "{drawn}");
        assert!(drawn.contains("\u{1B}[31m│\u{1B}[0m agreement"), "{drawn}");
        assert!(drawn.contains("One \u{1B}[36mword\u{1B}[0m of"), "{drawn}");
    }

    #[test]
    fn long_paragraphs_are_broken() {
        let long = "word ".repeat(60);
        assert!(render(&long, false, 50).lines().all(|line| line.chars().count() <= 50));
    }
}
