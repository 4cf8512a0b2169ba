//! Definitions that refer to each other, in the order of need.

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Open,
    Done,
}

/// The order in which each definition comes after those that it needs, and the circles: for each definition that leads
/// back to itself, the way from it to the one that names it. `needs` says for each definition which others it names. It takes no stack, however long a chain is.
pub(super) fn in_order(needs: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let (mut order, mut circles, mut state) =
        (Vec::new(), std::collections::BTreeMap::new(), vec![State::Unseen; needs.len()]);
    for start in 0..needs.len() {
        let mut stack = vec![(start, 0_usize)];
        while let Some((node, next)) = stack.pop() {
            if next == 0 && state.get(node) != Some(&State::Unseen) {
                continue;
            }
            set(&mut state, node, State::Open);
            let Some(need) = needs.get(node).and_then(|needs| needs.get(next)).copied() else {
                set(&mut state, node, State::Done);
                order.push(node);
                continue;
            };
            stack.push((node, next + 1));
            match state.get(need) {
                Some(State::Open) => {
                    let way = stack.iter().map(|(node, _)| *node).skip_while(|node| *node != need);
                    circles.entry(need).or_insert_with(|| way.collect::<Vec<usize>>());
                }
                Some(State::Unseen) => stack.push((need, 0)),
                _ => {}
            }
        }
    }
    (order, circles.into_values().collect())
}

fn set(state: &mut [State], index: usize, to: State) {
    if let Some(slot) = state.get_mut(index) {
        *slot = to;
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn needs_come_first_and_circles_are_found() {
        assert_eq!(in_order(&[vec![1], vec![2], vec![]]), (vec![2, 1, 0], vec![]));
        assert_eq!(in_order(&[vec![1], vec![0], vec![2]]).1, vec![vec![0, 1], vec![2]]);
        assert_eq!(in_order(&[vec![1], vec![2], vec![1]]).1, vec![vec![1, 2]]);
    }
}
