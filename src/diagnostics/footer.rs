use super::{Diagnostic, excerpt::Excerpt, visible};

/// How many fixes are named.
const MOST_FIXES: usize = 3;

/// How many other variants are named.
const MOST_OTHERS: usize = 4;

/// A head and its words as one text; words of several lines stand below it.
pub(super) fn written(head: &str, text: &str) -> String {
    let blank = if text.starts_with('\n') { "" } else { " " };
    format!("{head}:{blank}{text}")
}

/// What follows the shown text: heads such as `help` with their words, in the order of reading.
pub(super) fn lines(finding: &Diagnostic, excerpt: Option<&Excerpt>) -> Vec<(&'static str, String)> {
    let more = excerpt.map_or(0, |excerpt| excerpt.left_out);
    let more = (more > 0).then(|| ("and", format!("{more} more {}", if more == 1 { "place" } else { "places" })));
    let witness = finding.witness.iter().map(|text| ("for example", visible::line(text)));
    let help = finding.help.iter().map(|text| ("help", visible::line(text)));
    // A fix that only repeats the help is not said twice.
    let said = |title: &str| finding.help.as_deref() == Some(title);
    let fixes = finding.fixes.iter().filter(|fix| !said(&fix.title)).take(MOST_FIXES);
    let fixes = fixes.map(|fix| ("fix", visible::line(&fix.title)));
    let steps: Vec<String> = finding.derivation.iter().map(|line| visible::line(line)).collect();
    let steps = (!steps.is_empty()).then(|| ("computed", format!("\n  {}", steps.join("\n  "))));
    more.into_iter().chain(others(&finding.others)).chain(witness).chain(steps).chain(help).chain(fixes).collect()
}

/// Of what else the same is found.
fn others(names: &[String]) -> Option<(&'static str, String)> {
    let mut named: Vec<String> =
        names.iter().take(MOST_OTHERS).map(|name| format!("`{}`", visible::line(name))).collect();
    let more = names.len().saturating_sub(MOST_OTHERS);
    named.extend((more > 0).then(|| format!("{more} more")));
    let (last, rest) = named.split_last()?;
    let all = if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
    Some(("also", format!("the same is true of {all}")))
}
