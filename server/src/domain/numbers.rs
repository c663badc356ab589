//! Sets of letters, by their numbers in a mailbox: what a word is found in. Kept in blocks, each small enough to be written anew when a
//! letter comes, and so many letters that a whole mailbox is a few of them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Letters in a block.
pub const BLOCK: i64 = 8192;

/// Bits in a block, by 64.
const WIDTH: usize = 128;

/// A block with at least so many letters is written bit by bit: then that is shorter.
const MANY: usize = 900;

/// First byte of a block written as distances.
const FEW_FORM: u8 = 0;
/// First byte of a block written bit by bit.
const MANY_FORM: u8 = 1;

/// The letters of one block.
#[derive(Clone, PartialEq, Eq)]
pub struct Block(Box<[u64; WIDTH]>);

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block({} letters)", self.count())
    }
}

impl Default for Block {
    fn default() -> Self {
        Self(Box::new([0; WIDTH]))
    }
}

/// The block that a number is in, and its place there.
pub fn place(number: i64) -> (i64, u16) {
    let within = u16::try_from(number.rem_euclid(BLOCK)).unwrap_or(0);
    (number.div_euclid(BLOCK), within)
}

impl Block {
    /// Adds the letter at a place.
    pub fn add(&mut self, within: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(within / 64)) {
            *bits |= 1 << (within % 64);
        }
    }

    /// Takes away the letter at a place.
    pub fn remove(&mut self, within: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(within / 64)) {
            *bits &= !(1 << (within % 64));
        }
    }

    /// How many letters.
    pub fn count(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// The places, the newest letter first.
    fn newest_first(&self) -> impl Iterator<Item = i64> + '_ {
        let words = (0..BLOCK / 64).rev().zip(self.0.iter().rev().copied());
        words.flat_map(|(at, mut bits)| {
            std::iter::from_fn(move || {
                let bit = bits.checked_ilog2()?;
                bits &= !(1 << bit);
                Some(at * 64 + i64::from(bit))
            })
        })
    }

    /// As it is kept.
    pub fn write(&self) -> Vec<u8> {
        if self.count() >= MANY {
            let mut bytes = vec![MANY_FORM];
            bytes.extend(self.0.iter().flat_map(|bits| bits.to_le_bytes()));
            return bytes;
        }
        let mut places: Vec<i64> = self.newest_first().collect();
        places.reverse();
        let mut bytes = vec![FEW_FORM];
        let mut last = -1;
        for place in places {
            // A distance is under 8192: seven bits, then seven more.
            let distance = place - last;
            last = place;
            let low = u8::try_from(distance & 0x7f).unwrap_or(0);
            match u8::try_from(distance >> 7) {
                Ok(0) | Err(_) => bytes.push(low),
                Ok(high) => bytes.extend([low | 0x80, high]),
            }
        }
        bytes
    }

    /// Reads what [`Block::write`] wrote; nothing when it is something else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut block = Self::default();
        match bytes.split_first()? {
            (&MANY_FORM, rest) => {
                if rest.len() != WIDTH * 8 {
                    return None;
                }
                for (bits, chunk) in block.0.iter_mut().zip(rest.chunks_exact(8)) {
                    *bits = u64::from_le_bytes(chunk.try_into().ok()?);
                }
            }
            (&FEW_FORM, rest) => {
                let mut rest = rest.iter();
                let mut at: i64 = -1;
                while let Some(low) = rest.next() {
                    let mut distance = i64::from(low & 0x7f);
                    if low & 0x80 != 0 {
                        distance |= i64::from(*rest.next()?) << 7;
                    }
                    at += distance;
                    if !(0..BLOCK).contains(&at) {
                        return None;
                    }
                    block.add(u16::try_from(at).ok()?);
                }
            }
            _ => return None,
        }
        Some(block)
    }

    fn each(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0.iter()) {
            *mine = with(*mine, *theirs);
        }
    }
}

/// Letters of a whole mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(BTreeMap<i64, Block>);

impl Numbers {
    /// Adds one letter.
    pub fn add(&mut self, number: i64) {
        let (block, within) = place(number);
        self.0.entry(block).or_default().add(within);
    }

    /// Takes one away.
    pub fn remove(&mut self, number: i64) {
        let (block, within) = place(number);
        if let Some(found) = self.0.get_mut(&block) {
            found.remove(within);
        }
    }

    /// Adds a block of letters to those that are there.
    pub fn add_block(&mut self, at: i64, block: &Block) {
        self.0.entry(at).or_default().each(block, |a, b| a | b);
    }

    /// Adds all of another set.
    pub fn or(&mut self, other: &Self) {
        for (at, block) in &other.0 {
            self.add_block(*at, block);
        }
    }

    /// Keeps what is in both.
    pub fn and(&mut self, other: &Self) {
        self.0.retain(|at, block| {
            let Some(theirs) = other.0.get(at) else {
                return false;
            };
            block.each(theirs, |a, b| a & b);
            !block.is_empty()
        });
    }

    /// Keeps what is not in the other.
    pub fn and_not(&mut self, other: &Self) {
        for (at, block) in &mut self.0 {
            if let Some(theirs) = other.0.get(at) {
                block.each(theirs, |a, b| a & !b);
            }
        }
    }

    /// Keeps numbers from `from` and before `before`.
    pub fn within(&mut self, from: i64, before: i64) {
        self.0.retain(|at, block| {
            let (first, last) = (at * BLOCK, at * BLOCK + BLOCK - 1);
            if last < from || first >= before {
                return false;
            }
            for within in 0..u16::try_from(BLOCK).unwrap_or(0) {
                let number = first + i64::from(within);
                if (number < from || number >= before) && (first < from || last >= before) {
                    block.remove(within);
                }
            }
            !block.is_empty()
        });
    }

    /// How many letters.
    pub fn count(&self) -> usize {
        self.0.values().map(Block::count).sum()
    }

    /// The blocks from the first to the last that have letters; nothing when there are no letters.
    pub fn blocks(&self) -> Option<RangeInclusive<i64>> {
        let mut full = self.0.iter().filter(|(_, block)| !block.is_empty()).map(|(at, _)| *at);
        let first = full.next()?;
        Some(first..=full.next_back().unwrap_or(first))
    }

    /// Whether there are letters in a block.
    pub fn has_block(&self, at: i64) -> bool {
        self.0.get(&at).is_some_and(|block| !block.is_empty())
    }

    /// The numbers below `before`, the newest letter first.
    pub fn newest_first(&self, before: i64) -> impl Iterator<Item = i64> + '_ {
        self.0
            .range(..=place(before).0)
            .rev()
            .flat_map(|(at, block)| block.newest_first().map(move |within| at * BLOCK + within))
            .filter(move |number| *number < before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn set(numbers: &BTreeSet<i64>) -> Numbers {
        let mut set = Numbers::default();
        for number in numbers {
            set.add(*number);
        }
        set
    }

    fn all(set: &Numbers) -> BTreeSet<i64> {
        set.newest_first(i64::MAX).collect()
    }

    #[test]
    fn a_full_block_is_read_again() {
        let mut block = Block::default();
        for within in 0..8192 {
            block.add(within);
        }
        let bytes = block.write();
        assert_eq!(bytes.len(), 1025);
        assert_eq!(Block::read(&bytes), Some(block));
    }

    proptest! {
        #[test]
        fn a_block_is_read_as_it_was_written(places in proptest::collection::btree_set(0_u16..8192, 0..1500)) {
            let mut block = Block::default();
            for within in &places { block.add(*within); }
            prop_assert_eq!(Block::read(&block.write()), Some(block));
        }

        #[test]
        fn nothing_that_is_read_breaks_it(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Block::read(&bytes);
        }

        #[test]
        fn sets_are_sets(a in proptest::collection::btree_set(0_i64..40_000, 0..200), b in proptest::collection::btree_set(0_i64..40_000, 0..200), from in 0_i64..40_000, before in 0_i64..40_000) {
            let (mut both, mut either, mut without, mut within) = (set(&a), set(&a), set(&a), set(&a));
            both.and(&set(&b));
            either.or(&set(&b));
            without.and_not(&set(&b));
            within.within(from, before);
            prop_assert_eq!(all(&both), a.intersection(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(all(&either), a.union(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(without.count(), a.difference(&b).count());
            prop_assert_eq!(all(&within), a.iter().copied().filter(|n| *n >= from && *n < before).collect::<BTreeSet<_>>());
            let below: Vec<i64> = set(&a).newest_first(before).collect();
            let blocks: BTreeSet<i64> = a.iter().map(|number| place(*number).0).collect();
            prop_assert_eq!(set(&a).blocks(), blocks.first().zip(blocks.last()).map(|(first, last)| *first..=*last));
            prop_assert!(blocks.iter().all(|at| set(&a).has_block(*at)));
            prop_assert_eq!(below, a.iter().rev().copied().filter(|n| *n < before).collect::<Vec<_>>());
        }
    }
}
