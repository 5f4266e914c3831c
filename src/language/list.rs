//! Lists of words, sorted for the binary search. A list out of order does not compile.

/// Folded words, or phrases with one blank between words.
#[derive(Clone, Copy, Debug)]
pub struct WordList(&'static [&'static str]);

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
        Self(words)
    }

    /// Whether the list holds `word`.
    pub fn has(self, word: &str) -> bool {
        self.0.binary_search(&word).is_ok()
    }

    /// The words, sorted.
    pub fn iter(self) -> impl Iterator<Item = &'static str> + Clone {
        self.0.iter().copied()
    }
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
