//! Sets of half-open intervals of anything ordered, as sorted lists without overlap.

/// A sorted list of half-open intervals that neither overlap nor touch, none empty.
pub type Intervals<T> = Vec<(T, T)>;

/// The union of intervals in any order.
pub fn merge<T: Copy + Ord>(mut intervals: Intervals<T>) -> Intervals<T> {
    intervals.retain(|(start, end)| start < end);
    intervals.sort_unstable();
    let mut merged: Intervals<T> = Vec::with_capacity(intervals.len());
    for (start, end) in intervals {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What is in both sets.
pub fn intersect<T: Copy + Ord>(left: &[(T, T)], right: &[(T, T)]) -> Intervals<T> {
    let mut common = Vec::new();
    let (mut lefts, mut rights) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(&&(a, b)), Some(&&(c, d))) = (lefts.peek(), rights.peek()) {
        if a.max(c) < b.min(d) {
            common.push((a.max(c), b.min(d)));
        }
        if b <= d {
            lefts.next()
        } else {
            rights.next()
        };
    }
    common
}

/// What is in the first set and not in the second.
pub fn subtract<T: Copy + Ord>(from: &[(T, T)], holes: &[(T, T)]) -> Intervals<T> {
    let mut rest = Vec::new();
    let mut holes = holes.iter().peekable();
    for &(mut start, end) in from {
        while let Some(&&(hole_start, hole_end)) = holes.peek() {
            if hole_end <= start {
                holes.next();
                continue;
            }
            if hole_start >= end {
                break;
            }
            if start < hole_start {
                rest.push((start, hole_start));
            }
            start = hole_end;
            if hole_end > end {
                break;
            }
        }
        if start < end {
            rest.push((start, end));
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The members of a set of intervals among small numbers.
    fn members(intervals: &[(u8, u8)]) -> Vec<u8> {
        (0..40).filter(|n| intervals.iter().any(|(start, end)| (start..end).contains(&n))).collect()
    }

    proptest! {
        #[test]
        fn the_operations_are_those_of_sets(
            a in prop::collection::vec((0u8..40, 0u8..40), 0..8),
            b in prop::collection::vec((0u8..40, 0u8..40), 0..8),
        ) {
            let (left, right) = (merge(a.clone()), merge(b.clone()));
            prop_assert_eq!(members(&left), members(&a));
            let (in_left, in_right) = (members(&left), members(&right));
            let both: Vec<u8> = in_left.iter().copied().filter(|n| in_right.contains(n)).collect();
            let rest: Vec<u8> = in_left.iter().copied().filter(|n| !in_right.contains(n)).collect();
            for (result, expected) in [(intersect(&left, &right), both), (subtract(&left, &right), rest)] {
                prop_assert_eq!(members(&result), expected);
                prop_assert!(result.iter().all(|(start, end)| start < end));
                prop_assert!(result.windows(2).all(|pair| pair[0].1 < pair[1].0));
            }
        }
    }
}
