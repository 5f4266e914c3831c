//! From a JSON body to a valid request, with every fault listed at once.

use serde_json::{Map, Value};

use super::json::{self, escape};
use super::problem::{FieldError, Problem};
use crate::conversation::{Speaker, Turn};
use crate::ticket::{Schema, Values};

/// Longest message, in characters after trimming; `max_body_bytes` bounds the rest.
pub const MAX_MESSAGE_CHARS: usize = 8_000;
/// Most history entries.
pub const MAX_HISTORY: usize = 50;

/// The body of `POST /analyze`.
#[derive(Clone, Debug, PartialEq)]
pub struct Analyze {
    /// What the customer wrote, trimmed, 1 to [`MAX_MESSAGE_CHARS`] characters.
    pub message: String,
    /// What was said before, oldest first.
    pub history: Vec<Turn>,
}

/// The body of `POST /followup`.
#[derive(Clone, Debug, PartialEq)]
pub struct Followup {
    /// The ticket so far, as given but for the keys that are no field of the schema.
    pub ticket: Values,
    /// What was said before, oldest first.
    pub history: Vec<Turn>,
}

impl Analyze {
    /// # Errors
    /// [`Problem::InvalidJson`] or [`Problem::Validation`].
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut reader = Reader::new(body)?;
        let message = reader.message();
        let history = reader.history();
        reader.finish(message.map(|message| Self { message, history }))
    }
}

impl Followup {
    /// # Errors
    /// [`Problem::InvalidJson`] or [`Problem::Validation`].
    pub fn read(body: &[u8], schema: &Schema) -> Result<Self, Problem> {
        let mut reader = Reader::new(body)?;
        let ticket = reader.ticket(schema);
        let history = reader.history();
        reader.finish(ticket.map(|ticket| Self { ticket, history }))
    }
}

struct Reader {
    body: Map<String, Value>,
    faults: Vec<FieldError>,
}

impl Reader {
    fn new(body: &[u8]) -> Result<Self, Problem> {
        let (value, mut faults) = json::read(body)?;
        match value {
            Value::Object(body) => Ok(Self { body, faults }),
            other => {
                let detail = format!("must be an object, not {}", kind(&other));
                faults.insert(0, FieldError { field: String::new(), detail });
                Err(Problem::Validation { faults })
            }
        }
    }

    fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(Problem::Validation { faults: self.faults }),
        }
    }

    fn fault(&mut self, field: impl Into<String>, detail: impl Into<String>) {
        self.faults.push(FieldError { field: field.into(), detail: detail.into() });
    }

    fn message(&mut self) -> Option<String> {
        match self.body.remove("message") {
            Some(Value::String(text)) => {
                let text = text.trim();
                match text.chars().count() {
                    1..=MAX_MESSAGE_CHARS => return Some(text.to_owned()),
                    0 => self.fault("/message", "must not be blank"),
                    n => self.fault("/message", format!("must have at most {MAX_MESSAGE_CHARS} characters, has {n}")),
                }
                None
            }
            None => {
                self.fault("/message", "is required");
                None
            }
            Some(other) => {
                self.fault("/message", format!("must be a string, not {}", kind(&other)));
                None
            }
        }
    }

    fn history(&mut self) -> Vec<Turn> {
        let entries = match self.body.remove("history") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(other) => {
                self.fault("/history", format!("must be a list, not {}", kind(&other)));
                return Vec::new();
            }
        };
        if entries.len() > MAX_HISTORY {
            self.fault("/history", format!("must have at most {MAX_HISTORY} entries, has {}", entries.len()));
        }
        // Those beyond the limit are one fault together: a list of each would be as long as the body.
        entries
            .into_iter()
            .take(MAX_HISTORY)
            .enumerate()
            .filter_map(|(index, entry)| self.turn(entry, &format!("/history/{index}")))
            .collect()
    }

    /// A history entry; a blank one says nothing and is left out.
    fn turn(&mut self, entry: Value, at: &str) -> Option<Turn> {
        let (speaker, text) = match entry {
            Value::String(text) => (Some(Speaker::Customer), text),
            Value::Object(mut entry) => {
                let speaker = match entry.get("role").and_then(Value::as_str) {
                    Some("user") => Some(Speaker::Customer),
                    Some("assistant") => Some(Speaker::Desk),
                    _ => {
                        self.fault(format!("{at}/role"), "must be \"user\" or \"assistant\"");
                        None
                    }
                };
                let at = format!("{at}/content");
                match entry.remove("content") {
                    Some(Value::String(text)) => (speaker, text),
                    None => {
                        self.fault(at, "is required");
                        return None;
                    }
                    Some(other) => {
                        self.fault(at, format!("must be a string, not {}", kind(&other)));
                        return None;
                    }
                }
            }
            other => {
                self.fault(at, format!("must be a string or an object with role and content, not {}", kind(&other)));
                return None;
            }
        };
        let text = text.trim();
        (!text.is_empty()).then_some(Turn { speaker: speaker?, text: text.to_owned() })
    }

    fn ticket(&mut self, schema: &Schema) -> Option<Values> {
        match self.body.remove("ticket") {
            Some(Value::Object(ticket)) if !ticket.is_empty() => {
                for (name, value) in &ticket {
                    if schema.field(name).is_some() && (value.is_array() || value.is_object()) {
                        self.fault(
                            format!("/ticket/{}", escape(name)),
                            format!("must be a plain value, not {}", kind(value)),
                        );
                    }
                }
                Some(ticket.into_iter().filter(|(name, _)| schema.field(name).is_some()).collect())
            }
            Some(Value::Object(_)) => {
                self.fault("/ticket", "must not be empty");
                None
            }
            None => {
                self.fault("/ticket", "is required");
                None
            }
            Some(other) => {
                self.fault("/ticket", format!("must be an object, not {}", kind(&other)));
                None
            }
        }
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(result: Result<impl std::fmt::Debug, Problem>) -> Vec<String> {
        match result.unwrap_err() {
            Problem::Validation { faults } => faults.into_iter().map(|fault| fault.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_forms_of_history_are_read() {
        let body = r#"{"message":" Bonjour ","history":["a",{"role":"assistant","content":"b"},{"role":"user","content":"c","x":1}," "],"autre":[]}"#;
        let read = Analyze::read(body.as_bytes()).unwrap();
        assert_eq!(read.message, "Bonjour");
        let said: Vec<(Speaker, &str)> = read.history.iter().map(|t| (t.speaker, t.text.as_str())).collect();
        assert_eq!(said, [(Speaker::Customer, "a"), (Speaker::Desk, "b"), (Speaker::Customer, "c")]);
    }

    #[test]
    fn every_fault_is_listed_at_once() {
        let cases = [
            ("{}", vec!["/message"]),
            (r#"{"message":""}"#, vec!["/message"]),
            (r#"{"message":" \n "}"#, vec!["/message"]),
            (r#"{"message":3,"history":{}}"#, vec!["/message", "/history"]),
            (
                r#"{"message":null,"history":["a",3,{"role":"system","content":1},{"role":"user"}]}"#,
                vec!["/message", "/history/1", "/history/2/role", "/history/2/content", "/history/3/content"],
            ),
            (r#"{"message":"a","message":"b"}"#, vec!["/message"]),
            (r#"{"message":"","message":" ","a~b":{"c/d":1,"c/d":2}}"#, vec!["/message", "/a~0b/c~1d", "/message"]),
            (r#"[{"a":1,"a":2}]"#, vec!["", "/0/a"]),
            ("[]", vec![""]),
            ("\"x\"", vec![""]),
        ];
        for (body, expected) in cases {
            assert_eq!(faults(Analyze::read(body.as_bytes())), expected, "{body}");
        }
    }

    #[test]
    fn limits_count_characters_and_entries() {
        let body = |n: usize, h: usize| {
            format!(r#"{{"message":"{}","history":[{}]}}"#, "é".repeat(n), vec!["\"a\""; h].join(","))
        };
        assert!(Analyze::read(body(8_000, 50).as_bytes()).is_ok());
        assert_eq!(faults(Analyze::read(body(8_001, 51).as_bytes())), ["/message", "/history"]);
        // Trimmed first, and characters are not bytes, nor halves of pairs.
        let padded = format!("{{\"message\":\" \\n\u{a0}{}\\t \"}}", "📱".repeat(8_000));
        assert_eq!(Analyze::read(padded.as_bytes()).unwrap().message.chars().count(), 8_000);
        let long = format!("{{\"message\":\"a\",\"history\":[3,{}4,5]}}", "\"a\",".repeat(49));
        assert_eq!(faults(Analyze::read(long.as_bytes())), ["/history", "/history/0"]);
    }

    #[test]
    fn a_ticket_must_be_there_and_plain() {
        let schema = Schema::built_in().unwrap();
        for (body, at) in [
            ("{}", "/ticket"),
            (r#"{"ticket":{}}"#, "/ticket"),
            (r#"{"ticket":null}"#, "/ticket"),
            (r#"{"ticket":[1]}"#, "/ticket"),
            (r#"{"ticket":{"titre":[]}}"#, "/ticket/titre"),
        ] {
            assert_eq!(faults(Followup::read(body.as_bytes(), &schema)), [at], "{body}");
        }
        let read = Followup::read(br#"{"ticket":{"titre":null,"autre":[]}}"#, &schema).unwrap();
        assert_eq!(read.ticket.len(), 1, "keys that are no field are ignored");
    }
}
