//! The identifiers in the caller's texts: addresses, numbers, references.

use std::borrow::Cow;
use std::collections::HashSet;

use super::fragments::{FragmentKind, address_key, fragments, host};
use crate::text::{fold_words, split_words};

/// Most words of one reference or number: an IPv6 address.
const RUN_WORDS: usize = 8;
/// Longest run of words, in bytes; a longer single word is a run of its own.
const RUN_BYTES: usize = 64;
/// Last digits by which phone numbers are compared: those of most national numbers without their zero.
const PHONE_DIGITS: usize = 9;

#[derive(Clone, Debug, Default)]
pub(super) struct Identifiers {
    /// Hashes of runs of words, joined.
    runs: HashSet<u64>,
    /// Hashes of the last digits of runs long enough to be phone numbers.
    phones: HashSet<u64>,
    /// E-mail addresses, URLs, and their hosts.
    addresses: HashSet<String>,
}

impl Identifiers {
    pub(super) fn new<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Self {
        let mut identifiers = Self::default();
        for text in texts {
            identifiers.add_runs(&text);
            // In lower case, so that every candidate counts, even `panne.Merci`.
            let text = text.to_lowercase();
            for fragment in fragments(&text).into_iter().filter(|fragment| fragment.kind == FragmentKind::Address) {
                let key = address_key(text.get(fragment.range).unwrap_or_default());
                identifiers.addresses.insert(host(&key).to_owned());
                identifiers.addresses.insert(key);
            }
        }
        identifiers
    }

    fn add_runs(&mut self, text: &str) {
        let folded = fold_words(text);
        let list: Vec<&str> = split_words(&folded).collect();
        self.runs.reserve(list.len() * RUN_WORDS);
        for (start, word) in list.iter().enumerate() {
            for run in runs(list.get(start..).unwrap_or_default()) {
                self.runs.insert(run.hash);
                self.phones.extend(run.phone);
            }
            // `KB5034441` supports 5034441.
            self.runs.extend(word.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= 3).map(hash));
        }
    }

    /// Whether folded words occur in a row, whatever separates them.
    pub(super) fn has_run(&self, words: &[&str]) -> bool {
        for start in 0..words.len() {
            let rest = words.get(start..).unwrap_or_default();
            let Some((length, run)) = (1..).zip(runs(rest)).last() else { break };
            if !self.runs.contains(&run.hash) {
                return false;
            }
            // Runs that begin later are part of this one.
            if length == rest.len() {
                break;
            }
        }
        true
    }

    /// Whether a phone number with the same last digits occurs.
    pub(super) fn has_phone(&self, digits: &str) -> bool {
        phone(digits).is_some_and(|phone| self.phones.contains(&phone))
    }

    /// Whether an e-mail address or URL occurs, also with other punctuation, or is the host of one that does.
    pub(super) fn has_address(&self, address: &str) -> bool {
        let key = address_key(address);
        self.addresses.contains(&key) || self.has_run(&split_words(&key).collect::<Vec<_>>())
    }
}

struct Run {
    /// Hash of the words, joined.
    hash: u64,
    /// Hash of the last digits, if it may be a phone number.
    phone: Option<u64>,
}

/// The runs that begin with the first of `words`, each one word longer than the previous.
fn runs(words: &[&str]) -> impl Iterator<Item = Run> {
    let (mut hash, mut length, mut digits) = (HASH_START, 0, Some(String::new()));
    words.iter().take(RUN_WORDS).map_while(move |word| {
        if length > 0 && length + word.len() > RUN_BYTES {
            return None;
        }
        length += word.len();
        hash = extend_hash(hash, word);
        digits = digits.take().filter(|_| word.bytes().all(|b| b.is_ascii_digit())).map(|digits| digits + word);
        Some(Run { hash, phone: digits.as_deref().and_then(phone) })
    })
}

fn phone(digits: &str) -> Option<u64> {
    digits.len().checked_sub(PHONE_DIGITS).and_then(|start| digits.get(start..)).map(hash)
}

pub(super) const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits: smaller than overlapping texts. A collision would let a number pass.
fn hash(text: &str) -> u64 {
    extend_hash(HASH_START, text)
}

pub(super) fn extend_hash(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
