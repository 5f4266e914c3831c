//! `POST /analyze`: turns a conversation into a ticket.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::conversation::{Conversation, Turn};
use crate::host::Host;
use crate::http::openapi::{DocumentError, Examples, each_field, fill, reference, stream_example};
use crate::http::problem::Problem;
use crate::http::request::Call;
use crate::http::request::fields::{Fields, kind};
use crate::http::response::Answer;
use crate::http::task::{self, Task};
use crate::language::Messages;
use crate::model::plan::PlanError;
use crate::service::{self, Analysis, Operation, Sink};

pub(super) const PATHS: &[&str] = &["/analyze"];
pub(super) const METHODS: &str = super::POST;

/// Longest message, in characters after trimming; `max_body_bytes` limits the rest.
pub const MAX_MESSAGE_CHARS: usize = 8_000;

/// The body.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The customer's message, trimmed, 1 to [`MAX_MESSAGE_CHARS`] characters.
    pub message: String,
    /// Earlier turns, oldest first.
    pub history: Vec<Turn>,
}

impl Request {
    /// Reads the body.
    ///
    /// # Errors
    /// [`Problem::InvalidJson`] or [`Problem::Validation`].
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let message = message(&mut fields);
        let history = fields.history();
        fields.finish(message.map(|message| Self { message, history }))
    }
}

fn message(fields: &mut Fields) -> Option<String> {
    match fields.take("message") {
        Some(Value::String(text)) => {
            let text = text.trim();
            match text.chars().count() {
                1..=MAX_MESSAGE_CHARS => return Some(text.to_owned()),
                0 => fields.error("/message", "must not be blank"),
                n => fields.error("/message", format!("must have at most {MAX_MESSAGE_CHARS} characters, has {n}")),
            }
        }
        None => fields.error("/message", "is required"),
        Some(other) => fields.error("/message", format!("must be a string, not {}", kind(&other))),
    }
    None
}

impl Task for Request {
    fn conversation(&self) -> Conversation<'_> {
        Conversation::with_message(&self.message, &self.history)
    }

    async fn perform<H: Host, S: Sink>(
        &self,
        operation: Operation<'_, H, S>,
    ) -> Result<(Value, Map<String, Value>), PlanError> {
        service::analyze(operation, &self.conversation()).await.map(data_and_meta)
    }

    fn message(_: &Value, messages: &Messages) -> &'static str {
        messages.ticket_analysed
    }
}

fn data_and_meta(analysis: Analysis) -> (Value, Map<String, Value>) {
    let confidence: Map<String, Value> =
        analysis.confidence.into_iter().map(|(field, level)| (field, json!(level))).collect();
    let mut meta = Map::new();
    meta.insert("missing_fields".to_owned(), json!(analysis.missing_fields));
    meta.insert("confidence".to_owned(), confidence.into());
    meta.insert("needs_review".to_owned(), json!(analysis.needs_review));
    (analysis.ticket.into(), meta)
}

pub(super) async fn answer<H, B>(call: Call<'_, H, B>) -> Result<Answer, Problem>
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    task::answer(call, |body, _| Request::read(body)).await
}

pub(super) fn describe(fragment: &mut Value, examples: &Examples<'_>) -> Result<(), DocumentError> {
    const ANSWER: &str = "/paths/~1analyze/post/responses/200/content";
    let config = examples.config;
    fill(fragment, "/schemas/AnalyzeRequest/properties/message/maxLength", MAX_MESSAGE_CHARS.into())?;
    let confidence = each_field(&config.schema, |_| reference("schemas", "Confidence"));
    fill(fragment, "/schemas/AnalyzeMeta/properties/confidence/properties", confidence)?;
    let (data, meta) = data_and_meta(examples.analysis());
    let answer = examples.envelope(&Ok(Request::success(data.clone(), meta, config.locale)), &examples.provenance)?;
    let stream = stream_example(&data, &answer);
    fill(fragment, &format!("{ANSWER}/text~1event-stream/examples/stream/value"), stream)?;
    fill(fragment, &format!("{ANSWER}/application~1json/examples/ticket/value"), answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Speaker;
    use crate::http::tests::error_fields;

    #[test]
    fn both_forms_of_history_are_read() {
        let body = r#"{"message":" Bonjour ","history":["a",{"role":"assistant","content":"b"},{"role":"user","content":"c","x":1}," "],"autre":[]}"#;
        let read = Request::read(body.as_bytes()).unwrap();
        assert_eq!(read.message, "Bonjour");
        let said: Vec<(Speaker, &str)> = read.history.iter().map(|t| (t.speaker, t.text.as_str())).collect();
        assert_eq!(said, [(Speaker::Customer, "a"), (Speaker::Desk, "b"), (Speaker::Customer, "c")]);
    }

    #[test]
    fn all_errors_are_listed_at_once() {
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
            assert_eq!(error_fields(Request::read(body.as_bytes())), expected, "{body}");
        }
    }

    #[test]
    fn limits_count_characters_and_entries() {
        let body = |n: usize, h: usize| {
            format!(r#"{{"message":"{}","history":[{}]}}"#, "é".repeat(n), vec!["\"a\""; h].join(","))
        };
        assert!(Request::read(body(8_000, 50).as_bytes()).is_ok());
        assert_eq!(error_fields(Request::read(body(8_001, 51).as_bytes())), ["/message", "/history"]);
        // Trimmed first, and characters are not bytes, nor halves of pairs.
        let padded = format!("{{\"message\":\" \\n\u{a0}{}\\t \"}}", "📱".repeat(8_000));
        assert_eq!(Request::read(padded.as_bytes()).unwrap().message.chars().count(), 8_000);
        let long = format!("{{\"message\":\"a\",\"history\":[3,{}4,5]}}", "\"a\",".repeat(49));
        assert_eq!(error_fields(Request::read(long.as_bytes())), ["/history", "/history/0"]);
    }
}
