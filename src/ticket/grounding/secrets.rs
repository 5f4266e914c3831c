//! What must never come out: the key, the boundary, the instructions.

use std::collections::HashSet;
use std::sync::Arc;

use super::evidence::Evidence;
use super::identifiers::{HASH_START, extend_hash};
use crate::ticket::words::{fold_words, key_form, stem, words};

/// Shortest token that is looked for, in letters and digits: a shorter one occurs in ordinary text.
pub const MIN_TOKEN_CHARS: usize = 8;
/// A verbatim run of instructions is one of this many words…
const PASSAGE_WORDS: usize = 8;
/// …or of as many as take this many characters.
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
    /// Prepares texts: the system prompt's own, not the schema's, which is public.
    pub fn new(texts: &[&str]) -> Self {
        let mut passages = Vec::new();
        for text in texts {
            let folded = fold_words(text);
            passages.extend(passage_hashes(words(&folded).map(stem)));
        }
        passages.sort_unstable();
        Self { passages }
    }

    fn has(&self, passage: u64) -> bool {
        self.passages.binary_search(&passage).is_ok()
    }
}

impl Secrets {
    /// Prepares `tokens` (the API keys, the request's boundary), which never come out in any spelling; of `instructions`
    /// no long passage comes out.
    ///
    /// Tokens of fewer than eight letters and digits are not looked for: they occur in ordinary text.
    pub fn new(tokens: &[&str], instructions: Arc<Instructions>) -> Self {
        // No spacing, case or punctuation hides a token.
        let tokens =
            tokens.iter().map(|token| key_form(token)).filter(|token| token.chars().count() >= MIN_TOKEN_CHARS);
        Self { tokens: tokens.collect(), instructions }
    }

    /// Whether a text holds a token, or a passage of the instructions that is not the caller's own.
    pub(super) fn leak(&self, text: &str, evidence: &Evidence) -> bool {
        let letters = key_form(text);
        if self.tokens.iter().any(|token| letters.contains(token.as_str())) {
            return true;
        }
        let folded = fold_words(text);
        let mut told: Vec<u64> =
            passage_hashes(words(&folded).map(stem)).filter(|passage| self.instructions.has(*passage)).collect();
        if !told.is_empty() {
            // Rare, so the caller's passages are made only now.
            let own: HashSet<u64> = passage_hashes(evidence.stems()).collect();
            told.retain(|passage| !own.contains(passage));
        }
        !told.is_empty()
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
