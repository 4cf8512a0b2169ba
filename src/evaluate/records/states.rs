use crate::evaluate::interval::Interval;

/// What a state was, from when to when. Where nothing is said, it is missing.
#[derive(Clone, Debug, Default)]
pub struct States {
    pieces: Vec<(Interval, bool)>,
    /// The last reading, which holds until the next one.
    open: Option<(i128, bool)>,
    /// Up to when it is known.
    ended: i128,
}

impl States {
    /// Adds a reading, which is not before those that were added. With a distance at which readings are made, one holds
    /// until the next if that comes within one and a half of it, and otherwise for the distance.
    pub fn add(&mut self, at: i128, up: bool, every: Option<i128>) {
        self.end(at, every);
        self.open = Some((at, up));
    }

    /// Ends adding: the last reading holds until then, or for the distance of readings.
    pub fn end(&mut self, at: i128, every: Option<i128>) {
        self.ended = at;
        let Some((start, up)) = self.open.take() else { return };
        let end = match every {
            Some(every) if at - start > every + every / 2 => start + every,
            _ => at,
        };
        let piece = Interval { start, end };
        match self.pieces.last_mut() {
            Some((last, same)) if last.end == start && *same == up => last.end = end,
            _ if piece.is_empty() => {}
            _ => self.pieces.push((piece, up)),
        }
    }

    /// When it was read for the first time.
    #[must_use]
    pub fn first(&self) -> Option<i128> {
        self.pieces.first().map(|(piece, _)| piece.start)
    }

    /// What it was in an interval, one after another; nothing where it is missing.
    #[must_use]
    pub fn within(&self, at: Interval) -> Vec<(Interval, Option<bool>)> {
        let first = self.pieces.partition_point(|(piece, _)| piece.end <= at.start);
        let mut found = Vec::new();
        let mut from = at.start;
        for (piece, up) in self.pieces.get(first..).unwrap_or_default() {
            let inside = piece.and(at);
            if inside.is_empty() {
                break;
            }
            if from < inside.start {
                found.push((Interval { start: from, end: inside.start }, None));
            }
            found.push((inside, Some(*up)));
            from = inside.end;
        }
        if from < at.end {
            found.push((Interval { start: from, end: at.end }, None));
        }
        found
    }

    /// The instants within an interval at which it changes, or begins or ends to be missing.
    pub fn changes(&self, at: Interval) -> impl Iterator<Item = i128> + '_ {
        self.within(at).into_iter().skip(1).map(|(piece, _)| piece.start)
    }

    /// How long it is missing around an interval, from the reading before to the one after, or to the end of what is known;
    /// before the first reading it was for ever.
    #[must_use]
    pub fn gap_around(&self, at: Interval) -> Option<i128> {
        let next = self.pieces.partition_point(|(piece, _)| piece.end <= at.start);
        let (before, _) = self.pieces.get(next.checked_sub(1)?)?;
        let after = self.pieces.get(next).map_or(self.ended, |(piece, _)| piece.start);
        Some(after - before.end)
    }
}

impl States {
    /// How long it is missing at each time in an interval at which it is.
    pub fn gaps(&self, at: Interval) -> impl Iterator<Item = Option<i128>> + '_ {
        self.within(at).into_iter().filter(|(_, up)| up.is_none()).map(|(piece, _)| self.gap_around(piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(states: &States, start: i128, end: i128) -> String {
        let all = states.within(Interval { start, end });
        let word = |up: Option<bool>| up.map_or("?", |up| if up { "up" } else { "down" });
        all.iter().map(|(at, up)| format!("{}-{} {}", at.start, at.end, word(*up))).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_reading_holds_until_the_next() {
        let mut states = States::default();
        for (at, up) in [(10, true), (20, true), (30, false), (40, true)] {
            states.add(at, up, None);
        }
        states.end(100, None);
        assert_eq!(told(&states, 0, 100), "0-10 ?, 10-30 up, 30-40 down, 40-100 up");
        assert_eq!(told(&states, 15, 35), "15-30 up, 30-35 down");
    }

    #[test]
    fn a_late_reading_is_no_gap_and_a_lost_one_is() {
        let mut states = States::default();
        for at in [0, 11, 20, 35, 51, 61] {
            states.add(at, true, Some(10));
        }
        states.end(100, Some(10));
        // 15 after the one before is late; 16 is lost.
        assert_eq!(told(&states, 0, 100), "0-45 up, 45-51 ?, 51-71 up, 71-100 ?");
        assert_eq!(states.gap_around(Interval { start: 46, end: 48 }), Some(6));
        assert_eq!(states.gap_around(Interval { start: 80, end: 81 }), Some(29));
        assert_eq!(states.gap_around(Interval { start: -9, end: -8 }), None);
        assert_eq!(states.changes(Interval { start: 0, end: 60 }).collect::<Vec<_>>(), [45, 51]);
    }
}
