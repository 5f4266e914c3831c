//! Finds callers' texts and secrets in a server's log, in every test.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use support_ticket_ai::config::VARIABLES;

/// Minimum length of a text to search for: shorter ones may occur by chance.
const MIN_CHARS: usize = 6;
/// Only the beginning of a longer text is searched for, in case the log cuts it.
const BEGINNING: usize = 24;

/// A server's secrets and its callers' texts.
#[derive(Default)]
pub struct LogGuard {
    secrets: Vec<String>,
    /// Beginnings of messages; `None` if the log may contain them.
    texts: Option<Mutex<HashSet<String>>>,
}

impl LogGuard {
    /// Takes the secrets from a server's variables; with `LOG_CONTENT`, only they are searched for.
    pub fn new(variables: &[(&str, &str)]) -> Self {
        let is_secret =
            |name: &str| VARIABLES.iter().any(|variable| variable.secret && variable.name.eq_ignore_ascii_case(name));
        let secrets = variables.iter().filter(|(name, _)| is_secret(name)).flat_map(|(_, value)| value.split(','));
        let secrets = secrets.map(str::trim).filter(|secret| !secret.is_empty()).map(str::to_owned).collect();
        let shows_content = variables.contains(&("LOG_CONTENT", "true"));
        Self { secrets, texts: (!shows_content).then(Mutex::default) }
    }

    /// Adds the texts of a JSON body, or the whole of any other body.
    pub fn note(&self, body: &[u8]) {
        let Some(texts) = &self.texts else { return };
        let body = serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)));
        let mut found = Vec::new();
        gather(&body, &mut found);
        texts.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
    }

    /// The first secret or text in a line of the log.
    pub fn leak(&self, line: &str) -> Option<String> {
        // Texts are escaped in JSON.
        let mut forms = vec![line.to_owned()];
        if let Ok(Value::Object(entry)) = serde_json::from_str(line) {
            forms.extend(entry.into_iter().filter_map(|(_, value)| value.as_str().map(str::to_owned)));
        }
        let holds = |text: &&String| forms.iter().any(|form| form.contains(text.as_str()));
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
