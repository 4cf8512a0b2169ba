//! The slices of a window: equal ones that nothing tells apart are taken together.

use super::interval::Interval;

/// Slices in a row, in each of which the same holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The first of them; a shorter one stands alone.
    pub first: Interval,
    /// How many.
    pub count: i128,
    /// How long a slice is that nothing cuts.
    pub whole: i128,
}

impl Group {
    /// One by itself.
    pub fn of(at: Interval) -> Group {
        Group { first: at, count: 1, whole: at.end - at.start }
    }

    /// Each of them by itself.
    pub fn each(self) -> impl Iterator<Item = Group> {
        let length = self.first.end - self.first.start;
        (0..self.count).map(move |index| {
            let start = self.first.start + length * index;
            Group { first: Interval { start, end: start + length }, count: 1, whole: self.whole }
        })
    }
}

/// The slices of a window by elapsed time from its start, the last one cut at its end. `edges` are the instants at which
/// something changes.
pub(super) fn slices(window: Interval, step: i128, edges: &[i128]) -> Vec<Group> {
    if step <= 0 || window.is_empty() {
        return Vec::new();
    }
    let length = window.end - window.start;
    let whole_slices = length / step;
    let count = whole_slices + i128::from(length % step > 0);
    let mut cuts = vec![0, whole_slices, count];
    for edge in edges.iter().filter(|edge| window.start < **edge && **edge < window.end) {
        let (index, rest) = ((edge - window.start) / step, (edge - window.start) % step);
        cuts.push(index);
        if rest > 0 {
            cuts.push(index + 1);
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let groups = cuts.iter().zip(cuts.iter().skip(1)).map(|(from, to)| {
        let start = window.start + from * step;
        Group { first: Interval { start, end: (start + step).min(window.end) }, count: to - from, whole: step }
    });
    groups.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn slices_tile_the_window(start in -50i128..50, length in 1i128..200, step in 1i128..60, edges in prop::collection::vec(-60i128..260, 0..6)) {
            let window = Interval { start, end: start + length };
            let groups = slices(window, step, &edges);
            let mut at = start;
            for group in &groups {
                prop_assert_eq!(group.first.start, at);
                prop_assert!(group.count > 0 && (group.count == 1 || group.first.end - group.first.start == step));
                at = group.first.start + (group.first.end - group.first.start) * group.count;
                // Nothing changes within slices that are taken together.
                let inside = |edge: &&i128| group.first.start < **edge && **edge < at;
                prop_assert!(group.count == 1 || edges.iter().filter(inside).count() == 0);
            }
            prop_assert_eq!(at, window.end);
            let count: i128 = groups.iter().map(|group| group.count).sum();
            prop_assert_eq!(count, (length + step - 1) / step);
        }
    }
}
