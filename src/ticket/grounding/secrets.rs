//! Secrets that no answer may reveal: API keys, the boundary, the instructions.

use std::collections::HashSet;
use std::sync::Arc;

use super::evidence::Evidence;
use super::identifiers::{HASH_START, extend_hash};
use crate::text::{fold_words, name_key, singular, split_words};

/// Shortest token that is searched for, in letters and digits: a shorter one occurs in ordinary text.
pub const MIN_TOKEN_CHARS: usize = 8;
/// Fewest words of a verbatim passage of the instructions…
const PASSAGE_WORDS: usize = 8;
/// …or as many as have this many characters.
const PASSAGE_CHARS: usize = 60;

/// The service's own instructions, prepared once for all requests. The default has none.
#[derive(Clone, Default)]
pub struct Instructions {
    /// Hashes of their passages, sorted.
    passages: Vec<u64>,
}

/// The secrets of a request, prepared once. The default has none.
#[derive(Clone, Default)]
pub struct Secrets {
    tokens: Vec<String>,
    instructions: Arc<Instructions>,
}

impl std::fmt::Debug for Instructions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instructions").field("passages", &self.passages.len()).finish()
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tokens = self.tokens.len();
        f.debug_struct("Secrets").field("tokens", &tokens).field("instructions", &self.instructions).finish()
    }
}

impl Instructions {
    /// Prepares the texts of the system prompt, without the schema, which is public.
    pub fn new(texts: &[&str]) -> Self {
        let mut passages = Vec::new();
        for text in texts {
            let folded = fold_words(text);
            passages.extend(passage_hashes(split_words(&folded).map(singular)));
        }
        passages.sort_unstable();
        Self { passages }
    }

    fn has(&self, passage: u64) -> bool {
        self.passages.binary_search(&passage).is_ok()
    }
}

impl Secrets {
    /// Prepares the secrets: no answer may contain one of the `tokens` (the API keys, the request's boundary) in any
    /// spelling, or a long passage of the `instructions`.
    ///
    /// Tokens of fewer than eight letters and digits are not searched for: they occur in ordinary text.
    pub fn new(tokens: &[&str], instructions: Arc<Instructions>) -> Self {
        // No spacing, case or punctuation hides a token.
        let tokens =
            tokens.iter().map(|token| name_key(token)).filter(|token| token.chars().count() >= MIN_TOKEN_CHARS);
        Self { tokens: tokens.collect(), instructions }
    }

    /// Whether a text has a token, or a passage of the instructions that the caller did not write.
    pub(super) fn are_in(&self, text: &str, evidence: &Evidence) -> bool {
        let letters = name_key(text);
        if self.tokens.iter().any(|token| letters.contains(token.as_str())) {
            return true;
        }
        let folded = fold_words(text);
        let mut revealed: Vec<u64> = passage_hashes(split_words(&folded).map(singular))
            .filter(|passage| self.instructions.has(*passage))
            .collect();
        if !revealed.is_empty() {
            // Rare, so that the caller's passages are hashed only now.
            let own: HashSet<u64> = passage_hashes(evidence.stems()).collect();
            revealed.retain(|passage| !own.contains(passage));
        }
        !revealed.is_empty()
    }
}

/// Hashes of the shortest passages that begin at each word.
fn passage_hashes<'a>(stems: impl Iterator<Item = &'a str>) -> impl Iterator<Item = u64> {
    let stems: Vec<&str> = stems.collect();
    (0..stems.len()).filter_map(move |start| {
        let (mut hash, mut length) = (HASH_START, 0);
        for (count, stem) in (1..).zip(stems.get(start..).unwrap_or_default().iter().take(PASSAGE_WORDS)) {
            hash = extend_hash(extend_hash(hash, stem), " ");
            length += stem.len() + 1;
            if count == PASSAGE_WORDS || length > PASSAGE_CHARS {
                return Some(hash);
            }
        }
        None
    })
}
