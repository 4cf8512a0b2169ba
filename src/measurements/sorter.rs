use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Result, Seek, Write};

/// How many records a [`Sorter`] may well hold in memory: two million, of some 50 bytes each.
pub const HELD: usize = 1 << 21;

/// How many sorted runs are merged at a time; each is an open file.
const MERGED: usize = 32;

/// One record of fixed size. Records are ordered by their fields, the first one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record<const N: usize> {
    /// The moment, in nanoseconds from 1970 in UTC.
    pub at: i128,
    /// What the record is of, such as a series or a case.
    pub key: u32,
    /// The file that it was read from.
    pub file: u32,
    /// The line of that file.
    pub line: u64,
    /// What it says.
    pub payload: [u64; N],
}

/// Sorts any number of records in bounded memory: what is too much is kept in files without a name, which vanish with
/// the program.
#[derive(Debug)]
pub struct Sorter<const N: usize> {
    held: usize,
    records: Vec<Record<N>>,
    /// Runs on disk. Those of a level were merged out of [`MERGED`] runs of the level below.
    levels: Vec<Vec<Run>>,
}

/// A sorted run on disk.
#[derive(Debug)]
struct Run {
    file: File,
    count: u64,
}

/// The records of a [`Sorter`] in their order.
#[derive(Debug)]
pub struct Sorted<const N: usize> {
    runs: Vec<Source<N>>,
    heads: BinaryHeap<Reverse<(Record<N>, usize)>>,
}

/// What remains of a sorted run.
#[derive(Debug)]
enum Source<const N: usize> {
    Memory(std::vec::IntoIter<Record<N>>),
    Disk { file: BufReader<File>, left: u64 },
}

impl<const N: usize> Sorter<N> {
    /// A sorter that holds so many records in memory; [`HELD`] is a good number.
    #[must_use]
    pub fn new(held: usize) -> Self {
        Self { held: held.max(1), records: Vec::new(), levels: Vec::new() }
    }

    /// Takes one record.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn push(&mut self, record: Record<N>) -> Result<()> {
        self.records.push(record);
        if self.records.len() >= self.held { self.spill() } else { Ok(()) }
    }

    /// The records in their order. Those that are equal all appear.
    ///
    /// # Errors
    /// When a temporary file cannot be read.
    pub fn finish(mut self) -> Result<Sorted<N>> {
        self.records.sort_unstable();
        let mut sources = vec![Source::Memory(self.records.into_iter())];
        for run in self.levels.into_iter().flatten() {
            sources.push(run.open()?);
        }
        Sorted::new(sources)
    }

    fn spill(&mut self) -> Result<()> {
        self.records.sort_unstable();
        let mut run = Run::write(self.records.iter().copied().map(Ok))?;
        self.records.clear();
        // Full levels are merged, so that few files are open and each record is written a few times at most.
        for level in 0.. {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            let Some(runs) = self.levels.get_mut(level) else { break };
            runs.push(run);
            if runs.len() < MERGED {
                break;
            }
            let sources = std::mem::take(runs).into_iter().map(Run::open).collect::<Result<_>>()?;
            run = Run::write(Sorted::<N>::new(sources)?)?;
        }
        Ok(())
    }
}

impl Run {
    fn write<const N: usize>(records: impl Iterator<Item = Result<Record<N>>>) -> Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
        let mut count = 0;
        for record in records {
            let Record { at, key, file: from, line, payload } = record?;
            file.write_all(&at.to_le_bytes())?;
            file.write_all(&key.to_le_bytes())?;
            file.write_all(&from.to_le_bytes())?;
            file.write_all(&line.to_le_bytes())?;
            for word in payload {
                file.write_all(&word.to_le_bytes())?;
            }
            count += 1;
        }
        let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Self { file, count })
    }

    fn open<const N: usize>(self) -> Result<Source<N>> {
        Ok(Source::Disk { file: BufReader::with_capacity(1 << 16, self.file), left: self.count })
    }
}

impl<const N: usize> Source<N> {
    fn next(&mut self) -> Result<Option<Record<N>>> {
        match self {
            Self::Memory(records) => Ok(records.next()),
            Self::Disk { left: 0, .. } => Ok(None),
            Self::Disk { file, left } => {
                *left -= 1;
                read(file).map(Some)
            }
        }
    }
}

fn read<const N: usize>(file: &mut impl Read) -> Result<Record<N>> {
    fn bytes<const B: usize>(file: &mut impl Read) -> Result<[u8; B]> {
        let mut bytes = [0; B];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
    let at = i128::from_le_bytes(bytes(file)?);
    let key = u32::from_le_bytes(bytes(file)?);
    let from = u32::from_le_bytes(bytes(file)?);
    let line = u64::from_le_bytes(bytes(file)?);
    let mut payload = [0; N];
    for word in &mut payload {
        *word = u64::from_le_bytes(bytes(file)?);
    }
    Ok(Record { at, key, file: from, line, payload })
}

impl<const N: usize> Sorted<N> {
    fn new(mut runs: Vec<Source<N>>) -> Result<Self> {
        let mut heads = BinaryHeap::with_capacity(runs.len());
        // A single run needs no merging.
        if runs.len() > 1 {
            for (place, run) in runs.iter_mut().enumerate() {
                heads.extend(run.next()?.map(|record| Reverse((record, place))));
            }
        }
        Ok(Self { runs, heads })
    }

    fn step(&mut self) -> Result<Option<Record<N>>> {
        if let [only] = self.runs.as_mut_slice() {
            return only.next();
        }
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let Reverse((record, place)) = *head;
        match self.runs.get_mut(place).map(Source::next).transpose()?.flatten() {
            Some(next) => *head = Reverse((next, place)),
            None => {
                PeekMut::pop(head);
            }
        }
        Ok(Some(record))
    }
}

impl<const N: usize> Iterator for Sorted<N> {
    type Item = Result<Record<N>>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.step();
        if next.is_err() {
            // What follows a record that cannot be read is not the rest of the order.
            self.runs.clear();
            self.heads.clear();
        }
        next.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted<const N: usize>(records: &[Record<N>], held: usize) -> Vec<Record<N>> {
        let mut sorter = Sorter::new(held);
        for record in records {
            sorter.push(*record).unwrap();
        }
        sorter.finish().unwrap().map(|record| record.unwrap()).collect()
    }

    #[test]
    fn runs_are_merged_when_there_are_many() {
        let mut sorter = Sorter::<1>::new(2);
        let count = 2 * (MERGED * MERGED + MERGED) + 1;
        for number in 0..count as u64 {
            let at = (number.wrapping_mul(7_919) % 1_000).into();
            sorter.push(Record { at, key: 0, file: 0, line: number, payload: [number] }).unwrap();
        }
        assert!(sorter.levels.iter().all(|level| level.len() < MERGED));
        let all: Vec<Record<1>> = sorter.finish().unwrap().map(|record| record.unwrap()).collect();
        assert_eq!(all.len(), count);
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn nothing_is_sorted_to_nothing() {
        assert_eq!(sorted::<0>(&[], 1), []);
    }

    fn record() -> impl Strategy<Value = Record<2>> {
        let at = prop_oneof![-3_i128..3, any::<i128>()];
        (at, 0_u32..3, any::<u32>(), 0_u64..4, any::<[u64; 2]>()).prop_map(|(at, key, file, line, payload)| Record {
            at,
            key,
            file,
            line,
            payload,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_order_is_that_of_a_plain_sort(records in proptest::collection::vec(record(), 0..200), held in 0_usize..80) {
            let mut expected = records.clone();
            expected.sort();
            prop_assert_eq!(sorted(&records, held), expected);
        }
    }
}
