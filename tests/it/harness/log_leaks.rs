//! What was told to a server and must not come out in its log: the check behind every test of the run.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Fewest characters of a text that is looked for: fewer occur in a log of their own accord.
const MIN_CHARS: usize = 6;
/// Characters of a longer text that are looked for: a log that cuts texts short shows their beginnings.
const BEGINNING: usize = 24;

/// The secrets of a server and what callers said to it.
#[derive(Default)]
pub struct Said {
    secrets: Vec<String>,
    /// Beginnings of messages; `None` where the log may hold them.
    texts: Option<Mutex<HashSet<String>>>,
}

impl Said {
    /// The secrets among a server's variables; with `LOG_CONTENT` they are all that is looked for.
    pub fn new(variables: &[(&str, &str)]) -> Self {
        let is_secret = |name: &str| matches!(name, "API_KEYS" | "MISTRAL_API_KEY");
        let secrets = variables.iter().filter(|(name, _)| is_secret(name)).flat_map(|(_, value)| value.split(','));
        let secrets = secrets.map(str::trim).filter(|secret| !secret.is_empty()).map(str::to_owned).collect();
        let shows_content = variables.contains(&("LOG_CONTENT", "true"));
        Self { secrets, texts: (!shows_content).then(Mutex::default) }
    }

    /// Notes every text of a body that is about to be sent: of one that is no JSON, all of it.
    pub fn note(&self, body: &[u8]) {
        let Some(texts) = &self.texts else { return };
        let body = serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)));
        let mut found = Vec::new();
        gather(&body, &mut found);
        texts.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
    }

    /// The first secret or text that a line of the log holds.
    pub fn leak(&self, line: &str) -> Option<String> {
        // A text is escaped in a line of JSON.
        let mut shown = vec![line.to_owned()];
        if let Ok(Value::Object(entry)) = serde_json::from_str(line) {
            shown.extend(entry.into_iter().filter_map(|(_, value)| value.as_str().map(str::to_owned)));
        }
        let holds = |text: &&String| shown.iter().any(|shown| shown.contains(text.as_str()));
        let texts = self.texts.as_ref().map(|texts| texts.lock().unwrap_or_else(PoisonError::into_inner));
        self.secrets.iter().chain(texts.iter().flat_map(|texts| texts.iter())).find(holds).cloned()
    }
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.trim().chars().count() >= MIN_CHARS => {
            found.push(text.trim().chars().take(BEGINNING).collect());
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(entries) => {
            entries.iter().filter(|(key, _)| *key != "role").for_each(|(_, value)| gather(value, found))
        }
        _ => {}
    }
}
