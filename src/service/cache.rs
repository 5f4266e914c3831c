//! Cached answers.
//!
//! The cache holds no private data: keys are made from redacted conversations, answers are stored redacted, and the caller's
//! own data is restored in them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::App;
use crate::conversation::{Conversation, Speaker};
use crate::host::Host;
use crate::language::Language;
use crate::privacy::Redactor;

/// Everything in a request that decides the answer.
#[derive(Clone, Copy, Debug)]
pub struct CacheRequest<'a> {
    /// The endpoint.
    pub route: &'a str,
    /// What people wrote.
    pub conversation: &'a Conversation<'a>,
    /// The caller's language.
    pub language: Language,
    /// The caller's API key: callers do not share answers.
    pub api_key: Option<&'a str>,
}

/// The key of one answer in the cache, and the private data to restore in it.
pub struct CacheKey {
    key: String,
    redactor: Redactor,
}

/// An answer in the cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedAnswer {
    /// `data` of the envelope.
    pub data: Value,
    /// Further keys of `meta`.
    pub meta: Map<String, Value>,
    /// The backend that answered.
    pub backend: String,
    /// The model that answered.
    pub model: String,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Seconds since 1970 at which the answer expires.
    expires: u64,
    #[serde(flatten)]
    answer: CachedAnswer,
}

impl CacheKey {
    /// The key of a request's answer.
    pub fn new(app: &App, request: &CacheRequest<'_>) -> Self {
        let mut redactor = Redactor::new();
        let mut digest = Sha256::new();
        // Each part is preceded by its length, so that different lists of parts have different digests.
        let mut part = |text: &str| {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        };
        part(app.fingerprint());
        part(request.route);
        part(request.language.tag());
        part(request.api_key.unwrap_or_default());
        let conversation = redactor.redact_conversation(request.conversation);
        part(&conversation.message);
        for (name, value) in &*conversation.ticket {
            part(name);
            part(&value.to_string());
        }
        part("history");
        for turn in &*conversation.history {
            part(match turn.speaker {
                Speaker::Customer => "customer",
                Speaker::Desk => "desk",
            });
            part(&turn.text);
        }
        Self { key: hex(&digest.finalize()), redactor }
    }

    /// The cached answer; `None` if there is none, it has expired, or the store fails.
    pub async fn load<H: Host>(&self, host: &H) -> Option<CachedAnswer> {
        let bytes = host.load(&self.key).await.ok()??;
        let text = self.redactor.restore_json(std::str::from_utf8(&bytes).ok()?);
        let entry: Entry = serde_json::from_str(&text).ok()?;
        (entry.expires > unix_seconds(host.wall_clock())).then_some(entry.answer)
    }

    /// Stores an answer for `ttl`, unless the store fails.
    pub async fn save<H: Host>(&mut self, host: &H, ttl: Duration, answer: CachedAnswer) {
        let expires = unix_seconds(host.wall_clock()).saturating_add(ttl.as_secs());
        let answer = CachedAnswer { data: self.redactor.redact_json(answer.data), ..answer };
        let Ok(bytes) = serde_json::to_vec(&Entry { expires, answer }) else { return };
        // The service works without its store.
        let _stored = host.store(&self.key, &bytes).await;
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unix_seconds(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
