//! A simple HTTP client.

use std::time::{Duration, Instant};

use http::{HeaderMap, Request};
use serde_json::Value;

use super::Server;

/// An HTTP answer.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
    /// From the first byte sent to the last one received.
    pub elapsed: Duration,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: status {}, body {:?}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a header; fails if it occurs twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        assert_eq!(values.next(), None, "the header {name} came twice");
        Some(value.to_str().unwrap_or_else(|_| panic!("the header {name} is not text: {value:?}")))
    }

    /// The media type, without its parameters.
    pub fn media_type(&self) -> &str {
        self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim()
    }
}

/// A request builder.
#[derive(Clone)]
pub struct Call {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
}

impl Call {
    /// A request without headers.
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), headers: Vec::new() }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds headers.
    pub fn headers(self, headers: &[(&str, &str)]) -> Self {
        headers.iter().fold(self, |call, (name, value)| call.header(name, value))
    }

    /// Sends the request without a body.
    pub fn send(self, server: &Server) -> Answer {
        server.run(&self, None)
    }

    /// Sends the request with this body.
    pub fn bytes(self, server: &Server, body: impl Into<Vec<u8>>) -> Answer {
        server.run(&self, Some(body.into()))
    }

    /// Sends the request with a JSON body and its content type.
    pub fn json(self, server: &Server, body: &Value) -> Answer {
        self.header("content-type", "application/json").bytes(server, body.to_string())
    }
}

impl Server {
    /// `GET path`.
    pub fn get(&self, path: &str) -> Answer {
        Call::new("GET", path).send(self)
    }

    /// `POST path` with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        Call::new("POST", path).json(self, body)
    }

    /// `POST /analyze` with a message and no history.
    pub fn analyze(&self, message: &str) -> Answer {
        self.post("/analyze", &serde_json::json!({"message": message}))
    }

    fn run(&self, call: &Call, body: Option<Vec<u8>>) -> Answer {
        let uri = format!("http://{}{}", self.address(), call.path);
        let request = Request::builder().method(call.method.as_str()).uri(uri);
        let request = call.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        self.note(body.as_deref().unwrap_or_default());
        let started = Instant::now();
        let outcome = match body {
            Some(body) => self.agent.run(request.body(body).expect("a valid request")),
            None => self.agent.run(request.body(()).expect("a valid request")),
        };
        let answer = outcome.unwrap_or_else(|error| panic!("no answer: {error}; log: {:#?}", self.logs()));
        let (parts, mut body) = answer.into_parts();
        let body = body.read_to_vec().unwrap_or_else(|error| panic!("the answer broke off: {error}"));
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, elapsed: started.elapsed() }
    }
}

/// A client that returns every status, follows no redirect and keeps no connection.
pub(super) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .max_idle_connections(0)
        .max_redirects(0)
        .proxy(None)
        .build()
        .into()
}
