//! A model's text, in the API and framing of the request.

use std::time::Duration;

use serde_json::{Map, Value};

use super::Dialect;
use super::recorded::Recorded;
use super::reply::Reply;
use super::upstream::{Turn, turn};

/// A text and the speed at which a model writes it.
#[derive(Clone)]
pub struct Speech {
    /// The whole text.
    pub text: String,
    /// The delay before each streamed token.
    pub pause: Duration,
    /// Characters per streamed token.
    pub token: usize,
}

/// A model that answers with this value.
pub fn says(value: &Value) -> Turn {
    says_text(&value.to_string())
}

/// A model that answers with this text.
pub fn says_text(text: &str) -> Turn {
    let speech = Speech::new(text);
    turn(move |request| speech.reply(request))
}

/// A model that asks this question: the text becomes the only free-text property, and the other properties of the
/// schema get their first allowed value.
pub fn asks(question: &str) -> Turn {
    let question = question.to_owned();
    turn(move |request| Speech::new(&with_question(&request.schema(), &question)).reply(request))
}

fn with_question(schema: &Value, question: &str) -> String {
    let Some(properties) = schema["properties"].as_object() else { return question.to_owned() };
    let fill = |(name, property): (&String, &Value)| {
        let first = property["enum"].get(0).cloned();
        (name.clone(), first.unwrap_or_else(|| Value::String(question.to_owned())))
    };
    Value::Object(properties.iter().map(fill).collect::<Map<_, _>>()).to_string()
}

impl Speech {
    /// Without delay, in tokens of eight characters.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), pause: Duration::ZERO, token: 8 }
    }

    /// The reply to a request.
    pub fn reply(&self, request: &Recorded) -> Reply {
        let text = &self.text;
        if request.streams() {
            let (content_type, pieces) = self.pieces(request.dialect());
            return Reply::stream(content_type, pieces, self.pause);
        }
        Reply::json(200, &(request.dialect().api().answer)(text))
    }

    /// The content type and the pieces of a stream.
    pub fn pieces(&self, dialect: Dialect) -> (&'static str, Vec<String>) {
        let letters: Vec<char> = self.text.chars().collect();
        let tokens: Vec<String> = letters.chunks(self.token).map(|token| token.iter().collect()).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        (dialect.api().stream_type, (dialect.api().stream)(&tokens))
    }
}
