//! Lists of words, sorted for the binary search. A list out of order does not compile.

/// Folded words, or phrases with one blank between words.
#[derive(Clone, Copy, Debug)]
pub struct WordList {
    words: &'static [&'static str],
    /// A bit for the [`shape`] of each word. Most words of a text have another shape, so they need no search.
    shapes: [u64; 4],
}

impl WordList {
    /// Checks that the list is sorted and holds nothing twice.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut rest = words;
        while let [first, tail @ ..] = rest {
            if let [second, ..] = tail {
                assert!(precedes(first.as_bytes(), second.as_bytes()), "a list of words is not sorted");
            }
            rest = tail;
        }
        Self { words, shapes: [shapes(words, 0), shapes(words, 1), shapes(words, 2), shapes(words, 3)] }
    }

    /// Whether the list holds `word`.
    pub fn has(self, word: &str) -> bool {
        let shape = shape(word);
        self.shapes.get(shape / 64).is_some_and(|bits| (bits >> (shape % 64)) & 1 == 1)
            && self.words.binary_search(&word).is_ok()
    }

    /// The words, sorted.
    pub fn iter(self) -> impl Iterator<Item = &'static str> + Clone {
        self.words.iter().copied()
    }
}

/// A number below 256 that few words share: of their first letter, last letter and length.
const fn shape(word: &str) -> usize {
    match (word.as_bytes().first(), word.as_bytes().last()) {
        (Some(first), Some(last)) => (*first as usize ^ ((*last as usize) << 3) ^ (word.len() << 5)) % 256,
        _ => 0,
    }
}

/// The bits of the words whose shape is in a quarter of the range.
const fn shapes(words: &[&str], quarter: usize) -> u64 {
    let (mut bits, mut rest) = (0, words);
    while let [word, tail @ ..] = rest {
        if shape(word) / 64 == quarter {
            bits |= 1 << (shape(word) % 64);
        }
        rest = tail;
    }
    bits
}

const fn precedes(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([first, a @ ..], [second, b @ ..]) => *first < *second || (*first == *second && precedes(a, b)),
        (_, b) => !b.is_empty(),
    }
}

/// Words as numbers that order as the words do: the search compares no text.
#[derive(Clone, Copy, Debug)]
pub struct Keys(&'static [u128]);

impl Keys {
    /// Checks that the keys are sorted.
    pub(super) const fn new(keys: &'static [u128]) -> Self {
        let mut rest = keys;
        while let [first, tail @ ..] = rest {
            if let [second, ..] = tail {
                assert!(*first < *second, "a list of words is not sorted");
            }
            rest = tail;
        }
        Self(keys)
    }

    /// Whether the list holds the word of this [`key`].
    pub fn has(self, key: u128) -> bool {
        self.0.binary_search(&key).is_ok()
    }
}

/// The number of a word of up to sixteen bytes; 0, which is no word's, for a longer one.
pub const fn key(word: &str) -> u128 {
    if word.len() > 16 {
        return 0;
    }
    let mut key = [0; 16];
    let (mut place, mut rest): (&mut [u8], &[u8]) = (&mut key, word.as_bytes());
    while let (Some((to, places)), Some((byte, bytes))) = (place.split_first_mut(), rest.split_first()) {
        *to = *byte;
        (place, rest) = (places, bytes);
    }
    u128::from_be_bytes(key)
}

/// [`Keys`] of literals.
macro_rules! keys {
    ($($word:literal),* $(,)?) => { Keys::new(&[$(key($word)),*]) };
}
pub(super) use keys;
