//! Answers kept for a while: who gets which, and for how long.
//!
//! What is kept holds no private data: input and answer are redacted alike, and the reader's own values put back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::App;
use crate::conversation::{Conversation, Speaker};
use crate::host::Host;
use crate::language::Language;
use crate::privacy::Redactor;

/// Everything that a caller sent and that decides the answer.
#[derive(Clone, Copy, Debug)]
pub struct CacheRequest<'a> {
    /// Which endpoint.
    pub route: &'a str,
    /// What people wrote.
    pub conversation: &'a Conversation<'a>,
    /// The caller's language.
    pub locale: Language,
    /// The caller's key: no tenant sees another's answers.
    pub api_key: Option<&'a str>,
}

/// The place of one answer, and how to make what is kept there readable to this caller.
pub struct CacheKey {
    key: String,
    redactor: Redactor,
}

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedAnswer {
    /// `data` of the envelope.
    pub data: Value,
    /// Further keys of `meta`.
    pub meta: Map<String, Value>,
    /// Who answered.
    pub backend: String,
    /// With which model.
    pub model: String,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Seconds since 1970 after which the answer is too old.
    expires: u64,
    #[serde(flatten)]
    kept: CachedAnswer,
}

impl CacheKey {
    /// Finds the place for what was asked of this app.
    pub fn new(app: &App, asked: &CacheRequest<'_>) -> Self {
        let mut redactor = Redactor::new();
        let mut digest = Sha256::new();
        // Each part is preceded by its length, so that no two lists of parts run together alike.
        let mut part = |text: &str| {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        };
        part(app.fingerprint());
        part(asked.route);
        part(asked.locale.tag());
        part(asked.api_key.unwrap_or_default());
        let conversation = redactor.redact_conversation(asked.conversation);
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

    /// The answer that is kept here, unless it is too old; a store that fails has none.
    pub async fn load<H: Host>(&self, host: &H) -> Option<CachedAnswer> {
        let bytes = host.load(&self.key).await.ok()??;
        let text = self.redactor.restore_json(std::str::from_utf8(&bytes).ok()?);
        let entry: Entry = serde_json::from_str(&text).ok()?;
        (entry.expires > unix_seconds(host.wall_clock())).then_some(entry.kept)
    }

    /// Keeps an answer for `ttl`; a store that fails keeps nothing.
    pub async fn save<H: Host>(&mut self, host: &H, ttl: Duration, kept: CachedAnswer) {
        let expires = unix_seconds(host.wall_clock()).saturating_add(ttl.as_secs());
        let kept = CachedAnswer { data: self.redacted(kept.data), ..kept };
        let Ok(bytes) = serde_json::to_vec(&Entry { expires, kept }) else { return };
        // Without its store the service is slower, not wrong.
        let _not_kept = host.store(&self.key, &bytes).await;
    }

    fn redacted(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redactor.redact(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.redacted(item)).collect(),
            Value::Object(map) => map.into_iter().map(|(name, value)| (name, self.redacted(value))).collect(),
            plain => plain,
        }
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
