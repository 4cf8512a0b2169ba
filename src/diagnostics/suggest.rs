use strsim::damerau_levenshtein;

/// Words longer than this are not compared, since the cost grows with the square of the length.
const LONGEST: usize = 64;

/// The candidate that the author most likely meant by `word`, if one is near enough: at most one slip in three letters,
/// and never more than three. Of equals the first wins. The word itself is no suggestion.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let slips = (length / 3).clamp(1, 3);
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.len() <= 4 * LONGEST)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= slips)
        .map(|candidate| (damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        // A change of every letter is no slip: `a` is not meant by `b`.
        .filter(|(distance, _)| *distance <= slips && *distance < length)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
