//! Requests to the scripted model server, in the common terms of the three APIs.

use std::time::Instant;

use serde_json::Value;

use super::Dialect;

/// One request to the model server.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub(super) id: u64,
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
    /// When it was complete.
    pub at: Instant,
    /// When the reply was complete, if it ever was.
    pub finished: Option<Instant>,
    /// When the client disconnected, if it did so before the reply was complete.
    pub hung_up: Option<Instant>,
}

impl Recorded {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The API, from the path.
    pub fn dialect(&self) -> Dialect {
        Dialect::at(&self.path)
    }

    /// The requested model.
    pub fn model(&self) -> String {
        self.json()["model"].as_str().expect("a model").to_owned()
    }

    /// Whether a stream is requested.
    pub fn streams(&self) -> bool {
        self.json()["stream"] == true
    }

    /// The JSON Schema that constrains the answer.
    pub fn schema(&self) -> Value {
        self.json().pointer(self.dialect().api().schema).cloned().unwrap_or_default()
    }

    /// The token limit of the answer.
    pub fn answer_limit(&self) -> u64 {
        let body = self.json();
        let limit = body.pointer(self.dialect().api().answer_limit).and_then(Value::as_u64);
        limit.unwrap_or_else(|| panic!("no limit on the answer: {body}"))
    }

    /// All text in the system role.
    pub fn system(&self) -> String {
        texts(&self.json(), "system", |role| role == "system")
    }

    /// All text in other roles.
    pub fn user(&self) -> String {
        texts(&self.json(), "prompt", |role| role != "system")
    }

    /// All text for the model.
    pub fn prompt(&self) -> String {
        format!("{}\n{}", self.system(), self.user())
    }
}

/// The messages of the `wanted` roles, or the text under `key` in a request without messages.
fn texts(body: &Value, key: &str, wanted: impl Fn(&str) -> bool) -> String {
    let Some(all) = body["messages"].as_array() else { return body[key].as_str().unwrap_or_default().to_owned() };
    let some = all.iter().filter(|message| wanted(message["role"].as_str().expect("a role")));
    some.map(|message| content(&message["content"])).collect::<Vec<_>>().join("\n")
}

fn content(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(chunks) => chunks.iter().filter_map(|chunk| chunk["text"].as_str()).collect(),
        other => panic!("not a message's content: {other}"),
    }
}
