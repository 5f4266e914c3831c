//! A hash index made for the lexicon: filled once, then only read, with hashes that cost one step a letter.

/// Odd, large, without pattern: powers of it spread letters over 64 bits.
const BASE: u64 = 0xd6e8_feb8_6659_fd93;

/// Longest word that is read for typing mistakes, in bytes: longer ones are no words.
const MAX_ROLLING: usize = 32;

/// Numbers by hash; one hash may have several, and who asks has to tell them apart.
///
/// Open addressing with linear probing, at most half full. Not made against an adversary: keys come from the
/// configuration, and a text can but look up.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// A power of two of slots, or none; a value of 0 is an empty slot.
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Index {
    /// An empty index with room for `entries`.
    pub fn with_capacity(entries: usize) -> Self {
        Self { slots: vec![(0, 0); (entries * 2).next_power_of_two()], used: 0 }
    }

    /// An index of `entries`, whose values are not 0.
    pub fn from_entries(entries: &[(u32, u32)]) -> Self {
        let mut index = Self::with_capacity(entries.len());
        for (hash, value) in entries {
            index.insert(*hash, *value);
        }
        index
    }

    /// Adds a value other than 0.
    pub fn insert(&mut self, hash: u32, value: u32) {
        if self.used * 2 >= self.slots.len() {
            let grown = vec![(0, 0); (self.slots.len() * 2).max(1024)];
            for (hash, value) in std::mem::replace(&mut self.slots, grown) {
                self.place(hash, value);
            }
        }
        self.place(hash, value);
        self.used += 1;
    }

    /// The values of a hash.
    pub fn candidates(&self, hash: u32) -> impl Iterator<Item = u32> {
        let (before, from) = self.slots.split_at_checked(self.home(hash)).unwrap_or_default();
        from.iter()
            .chain(before)
            .take_while(|(_, value)| *value != 0)
            .filter(move |(key, _)| *key == hash)
            .map(|(_, value)| *value)
    }

    fn place(&mut self, hash: u32, value: u32) {
        let (from, length) = (self.home(hash), self.slots.len());
        let free = (from..length).chain(0..from).find(|at| self.slots.get(*at).is_some_and(|(_, value)| *value == 0));
        if value != 0
            && let Some(slot) = free.and_then(|at| self.slots.get_mut(at))
        {
            *slot = (hash, value);
        }
    }

    fn home(&self, hash: u32) -> usize {
        hash as usize & self.slots.len().saturating_sub(1)
    }
}

/// The high half, which of a product is the best mixed.
pub(super) fn high(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or_default()
}

/// The hash of a word, and of the word without any one of its letters, at one step each.
///
/// A polynomial in [`BASE`]: taking a letter out is a subtraction and a multiplication.
pub(super) struct Rolling {
    /// Hashes of the word's beginnings, the empty one first.
    prefixes: [u64; MAX_ROLLING + 1],
    length: usize,
}

impl Rolling {
    /// Reads a word, up to its 32nd byte.
    pub fn new(word: &str) -> Self {
        let mut prefixes = [0; MAX_ROLLING + 1];
        let mut hash = 0;
        for (prefix, byte) in prefixes.iter_mut().skip(1).zip(word.bytes()) {
            hash = extend(hash, byte);
            *prefix = hash;
        }
        Self { prefixes, length: word.len().min(MAX_ROLLING) }
    }

    /// The hash of a word of any length.
    pub fn hash(word: &str) -> u32 {
        mix(word.bytes().fold(0, extend))
    }

    /// The hashes of a word's first `stem` bytes, and of the whole word.
    pub fn hash_both(word: &str, stem: usize) -> (u32, u32) {
        let (head, tail) = word.as_bytes().split_at_checked(stem).unwrap_or_default();
        let of_stem = head.iter().fold(0, |hash, byte| extend(hash, *byte));
        let of_word = tail.iter().fold(of_stem, |hash, byte| extend(hash, *byte));
        (mix(of_stem), mix(of_word))
    }

    /// The hashes of the word without its first byte, without its second, …
    pub fn deletions(&self) -> impl Iterator<Item = u32> {
        let whole = self.prefixes.get(self.length).copied().unwrap_or_default();
        let pairs = self.prefixes.iter().zip(self.prefixes.iter().skip(1)).take(self.length);
        let powers = POWERS.get(..self.length).unwrap_or_default().iter().rev();
        pairs.zip(powers).map(move |((before, with), power)| {
            let rest = whole.wrapping_sub(with.wrapping_mul(*power));
            mix(before.wrapping_mul(*power).wrapping_add(rest))
        })
    }
}

/// Powers of [`BASE`] from the zeroth.
const POWERS: [u64; MAX_ROLLING] = {
    let mut powers = [1; MAX_ROLLING];
    let (mut rest, mut power): (&mut [u64], u64) = (&mut powers, 1);
    while let Some((first, others)) = rest.split_first_mut() {
        *first = power;
        power = power.wrapping_mul(BASE);
        rest = others;
    }
    powers
};

/// The last letter changes the low bits of a polynomial only: spread it.
fn mix(hash: u64) -> u32 {
    high((hash ^ (hash >> 29)).wrapping_mul(BASE))
}

fn extend(hash: u64, byte: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_put_in_while_it_grows() {
        let mut index = Index::default();
        assert_eq!(index.candidates(7).next(), None);
        for value in 1..5_000 {
            index.insert(value % 2_500, value);
        }
        for value in 1..2_500 {
            let mut found: Vec<u32> = index.candidates(value).collect();
            found.sort_unstable();
            assert_eq!(found, [value, value + 2_500]);
        }
        assert_eq!(index.candidates(9_999).next(), None);
        assert_eq!(Index::from_entries(&[]).candidates(3).next(), None);
    }

    #[test]
    fn deletions_hash_as_the_words_that_they_leave() {
        for word in ["", "a", "écran", "imprimante", "abcdefghijklmnopqrstuvwxyzabcdef"] {
            let bytes = word.as_bytes();
            let expect: Vec<u32> = (0..bytes.len())
                .map(|at| bytes.iter().enumerate().filter(|(i, _)| *i != at).fold(0, |hash, (_, b)| extend(hash, *b)))
                .map(mix)
                .collect();
            assert_eq!(Rolling::hash_both(word, 1.min(word.len())).1, Rolling::hash(word));
            assert_eq!(Rolling::new(word).deletions().collect::<Vec<_>>(), expect, "{word}");
        }
    }
}
