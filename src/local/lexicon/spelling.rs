//! Hashes of words, and the letters that a typing mistake keeps. Shared with `build/vocabulary.rs`.

/// FNV-1a, 32 bits: parameters of RFC 9923, section 5.
pub fn hash(word: &str) -> u32 {
    word.bytes().fold(OFFSET_BASIS, extend)
}

/// The hashes of a word's first `stem` bytes, and of the whole word.
pub fn hash_both(word: &str, stem: usize) -> (u32, u32) {
    let (head, tail) = word.as_bytes().split_at_checked(stem).unwrap_or_default();
    let of_stem = head.iter().copied().fold(OFFSET_BASIS, extend);
    (of_stem, tail.iter().copied().fold(of_stem, extend))
}

const OFFSET_BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

fn extend(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(PRIME)
}

/// Whether typing mistakes in the word are corrected: it has five letters or more from a to z, and nothing else.
pub fn is_correctable(word: &str, stem: &str) -> bool {
    word.len() >= 5 && stem.len() >= 5 && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// The first two letters of a word. One typing mistake in five letters or more changes them or the last two, never both.
pub fn first_two(word: &str) -> [u8; 2] {
    word.as_bytes().first_chunk().copied().unwrap_or_default()
}

/// The last two letters of a word.
pub fn last_two(word: &str) -> [u8; 2] {
    word.as_bytes().last_chunk().copied().unwrap_or_default()
}

/// The number of pairs of letters.
#[allow(dead_code, reason = "only the build asks")]
pub const BIGRAMS: usize = 26 * 26;

/// The number of a pair of letters from a to z.
pub fn bigram(letters: [u8; 2]) -> Option<usize> {
    let [first, second] = letters.map(|letter| letter.checked_sub(b'a').filter(|letter| *letter < 26).map(usize::from));
    Some(first? * 26 + second?)
}
