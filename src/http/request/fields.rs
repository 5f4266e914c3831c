//! The fields of JSON bodies, with all errors listed at once.

use serde_json::{Map, Value};

use super::json;
use crate::conversation::{Speaker, Turn};
use crate::http::problem::{FieldError, Problem};

/// Most history entries.
pub const MAX_HISTORY: usize = 50;

/// The fields of a JSON object, and what is wrong with them.
pub(in crate::http) struct Fields {
    body: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// Reads an object; a key given twice is an error.
    ///
    /// # Errors
    /// [`Problem::InvalidJson`]; [`Problem::Validation`] where it is no object.
    pub(in crate::http) fn read(body: &[u8]) -> Result<Self, Problem> {
        let (value, mut errors) = json::read(body)?;
        match value {
            Value::Object(body) => Ok(Self { body, errors }),
            other => {
                let detail = format!("must be an object, not {}", kind(&other));
                errors.insert(0, FieldError { field: String::new(), detail });
                Err(Problem::Validation { errors })
            }
        }
    }

    /// The value, unless there were errors.
    ///
    /// # Errors
    /// [`Problem::Validation`], also without a value.
    pub(in crate::http) fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(Problem::Validation { errors: self.errors }),
        }
    }

    /// Takes a field out of the object.
    pub(in crate::http) fn take(&mut self, name: &str) -> Option<Value> {
        self.body.remove(name)
    }

    /// Notes what is wrong at a JSON Pointer.
    pub(in crate::http) fn error(&mut self, field: impl Into<String>, detail: impl Into<String>) {
        self.errors.push(FieldError { field: field.into(), detail: detail.into() });
    }

    /// Takes `history`.
    pub(in crate::http) fn history(&mut self) -> Vec<Turn> {
        let entries = match self.take("history") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(other) => {
                self.error("/history", format!("must be a list, not {}", kind(&other)));
                return Vec::new();
            }
        };
        if entries.len() > MAX_HISTORY {
            self.error("/history", format!("must have at most {MAX_HISTORY} entries, has {}", entries.len()));
        }
        // Entries beyond the limit are one error together: a list of each would be as long as the body.
        entries
            .into_iter()
            .take(MAX_HISTORY)
            .enumerate()
            .filter_map(|(index, entry)| self.turn(entry, &format!("/history/{index}")))
            .collect()
    }

    /// A history entry; a blank one is left out.
    fn turn(&mut self, entry: Value, at: &str) -> Option<Turn> {
        let (speaker, text) = match entry {
            Value::String(text) => (Some(Speaker::Customer), text),
            Value::Object(mut entry) => {
                let speaker = match entry.get("role").and_then(Value::as_str) {
                    Some("user") => Some(Speaker::Customer),
                    Some("assistant") => Some(Speaker::Desk),
                    _ => {
                        self.error(format!("{at}/role"), "must be \"user\" or \"assistant\"");
                        None
                    }
                };
                let at = format!("{at}/content");
                match entry.remove("content") {
                    Some(Value::String(text)) => (speaker, text),
                    None => {
                        self.error(at, "is required");
                        return None;
                    }
                    Some(other) => {
                        self.error(at, format!("must be a string, not {}", kind(&other)));
                        return None;
                    }
                }
            }
            other => {
                self.error(at, format!("must be a string or an object with role and content, not {}", kind(&other)));
                return None;
            }
        };
        let text = text.trim();
        (!text.is_empty()).then_some(Turn { speaker: speaker?, text: text.to_owned() })
    }
}

/// The type of a value, in words.
pub(in crate::http) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
