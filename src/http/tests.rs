//! The whole core, from request to response, on a host with simulated time.

mod hostile;

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use http_body::Body as _;
use serde_json::{Value, json};

use super::*;
use crate::config::tests::configured;
use crate::host::fake::{FakeBody, FakeHost, Reply, Sent};

/// A caller and its service.
pub(super) struct Client {
    host: FakeHost,
    app: Result<Arc<App>, ConfigError>,
}

/// The pointers of a refused body's errors.
pub(super) fn error_fields(result: Result<impl std::fmt::Debug, Problem>) -> Vec<String> {
    match result.unwrap_err() {
        Problem::Validation { errors } => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

/// An answer, read to its end.
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Client {
    pub(super) fn new(pairs: &[(&str, &str)], script: impl Fn(&Sent) -> Reply + 'static) -> Self {
        Self { host: FakeHost::new(script), app: configured(pairs).map(|config| Arc::new(App::new(config))) }
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Seen {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.request("POST", path, &headers, &body.to_string())
    }

    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Seen {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.to_owned()).unwrap())
    }

    pub(super) fn send(&self, request: Request<String>) -> Seen {
        let request = request.map(|body| FakeBody::whole(&self.host, body));
        self.host.block_on(async {
            let response = handle(self.host.clone(), self.app.clone(), request).await;
            let (head, mut body) = response.into_parts();
            let mut text = Vec::new();
            while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
                text.extend_from_slice(&frame.into_data().unwrap());
            }
            Seen { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&text).into_owned() }
        })
    }
}

/// Answers each call with a ticket whose title depends on the call's number.
fn numbered(sent: &Sent) -> Reply {
    let echo = if sent.json.to_string().contains("jean@exemple.fr") { " jean@exemple.fr" } else { "" };
    let ticket = json!({"titre": format!("Imprimante {}{echo}", "x".repeat(sent.index)), "categorie": "Matériel"});
    Reply::json(200, &json!({"response": ticket.to_string(), "done": true, "prompt_eval_count": 9, "eval_count": 3}))
}

const CACHED: &[(&str, &str)] = &[("cache_ttl_seconds", "60"), ("api_keys", "key-of-a,key-of-b")];
const A: (&str, &str) = ("x-api-key", "key-of-a");
const B: (&str, &str) = ("x-api-key", "key-of-b");

#[test]
fn a_cached_answer_is_for_the_same_caller_and_costs_no_call() {
    let client = Client::new(CACHED, numbered);
    let body = json!({"message": "Mon imprimante est en panne, jean@exemple.fr"});
    let first = client.post("/analyze", &[A], &body);
    assert_eq!((first.status, first.header("x-cache")), (StatusCode::OK, Some("miss")));
    assert_eq!(first.json()["meta"]["cached"], false);
    let second = client.post("/analyze", &[A], &body);
    assert_eq!(second.header("x-cache"), Some("hit"));
    assert_eq!(second.json()["data"], first.json()["data"], "private data is restored");
    assert_eq!(second.json()["meta"]["cached"], true);
    assert_eq!(second.json()["meta"]["attempts"], 0);
    assert_eq!(second.json()["meta"]["usage"]["prompt_tokens"], 0);
    assert_eq!(second.json()["meta"]["model"], "mistral:instruct");
    assert_eq!(client.host.sent().len(), 1);
    let stored = client.host.stored.borrow();
    let kept: Vec<_> =
        stored.iter().flat_map(|store| store.values()).map(|value| String::from_utf8_lossy(value)).collect();
    assert!(!kept.concat().contains("jean@exemple.fr"), "the cache holds no private data: {kept:?}");
    drop(stored);

    assert_eq!(client.post("/analyze", &[B], &body).header("x-cache"), Some("miss"), "another tenant");
    let other = json!({"message": "Mon imprimante est en panne", "history": ["jean@exemple.fr"]});
    assert_eq!(client.post("/analyze", &[A], &other).header("x-cache"), Some("miss"), "another input");
    assert_eq!(client.post("/analyze", &[A, ("accept-language", "en")], &body).header("x-cache"), Some("miss"));
    client.host.block_on(client.host.sleep(Duration::from_secs(61)));
    assert_eq!(client.post("/analyze", &[A], &body).header("x-cache"), Some("miss"), "too old");
}

#[test]
fn a_caller_can_bypass_the_cache() {
    let client = Client::new(CACHED, numbered);
    let body = json!({"message": "Mon imprimante est en panne"});
    let title = |headers: &[(&str, &str)]| {
        let seen = client.post("/analyze", headers, &body);
        (seen.header("x-cache").unwrap().to_owned(), seen.json()["data"]["titre"].as_str().unwrap().to_owned())
    };
    let (_, first) = title(&[A]);
    let (shown, private) = title(&[A, ("cache-control", "no-store")]);
    assert!(shown == "bypass" && private != first);
    assert_eq!(title(&[A]), ("hit".to_owned(), first.clone()), "no-store leaves the cache alone");
    let (shown, newer) = title(&[A, ("cache-control", "max-age=0, no-cache")]);
    assert!(shown == "bypass" && newer != first);
    assert_eq!(title(&[A]), ("hit".to_owned(), newer), "no-cache renews it");
}

#[test]
fn fallbacks_and_errors_are_not_cached_and_a_broken_store_is_a_miss() {
    let client = Client::new(&[("cache_ttl_seconds", "60")], |_| Reply::json(500, &json!(null)));
    let body = json!({"message": "Mon imprimante est en panne"});
    for _ in 0..2 {
        assert_eq!(client.post("/analyze", &[], &body).header("x-cache"), Some("miss"));
    }
    assert!(client.host.stored.borrow().as_ref().unwrap().is_empty());
    let client = Client::new(&[("cache_ttl_seconds", "60")], numbered);
    *client.host.stored.borrow_mut() = None;
    for _ in 0..2 {
        let seen = client.post("/analyze", &[], &body);
        assert_eq!((seen.status, seen.header("x-cache")), (StatusCode::OK, Some("miss")));
    }
    assert_eq!(Client::new(&[], numbered).post("/analyze", &[], &body).header("x-cache"), None);
}

#[test]
fn a_cached_answer_can_be_streamed() {
    let client = Client::new(CACHED, numbered);
    let body = json!({"message": "Mon imprimante est en panne"});
    client.post("/analyze", &[A], &body);
    let seen = client.post("/analyze", &[A, ("accept", "text/event-stream")], &body);
    assert_eq!(seen.header("x-cache"), Some("hit"));
    assert_eq!(seen.header("content-type"), Some("text/event-stream"));
    let events: Vec<&str> = seen.text.split("\n\n").filter(|event| event.starts_with("event")).collect();
    assert!(events[0].starts_with("event: delta\ndata: {\"text\":") && events[1].starts_with("event: result\n"));
    assert_eq!(events.len(), 2);
}

#[test]
fn a_caller_who_leaves_ends_the_call() {
    let client = Client::new(&[], |_| {
        Reply::pieces(200, "application/x-ndjson", vec!["{}\n"; 100]).dripping(Duration::from_secs(1))
    });
    let request =
        Request::post("/analyze").header("content-type", "application/json").header("accept", "text/event-stream");
    let body = FakeBody::whole(&client.host, r#"{"message":"x"}"#);
    let took = client.host.block_on(async {
        let response = handle(client.host.clone(), client.app.clone(), request.body(body).unwrap()).await;
        let mut body = response.into_body();
        // A keep-alive comes while the model is silent; then the caller leaves.
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), ": keep-alive\n\n");
        drop(body);
        client.host.now()
    });
    assert!(took <= Duration::from_secs(1));
}

#[test]
fn a_slow_body_times_out() {
    let client = Client::new(&[("timeout_seconds", "2")], |_| panic!("a call"));
    let mut request = Request::post("/analyze").header("content-type", "application/json");
    request = request.header("x-request-id", "slow");
    let body = FakeBody::whole(&client.host, "{}").after(Duration::from_secs(60));
    let response = client.host.block_on(handle(client.host.clone(), client.app.clone(), request.body(body).unwrap()));
    assert_eq!(response.status(), 408);
    assert_eq!(client.host.now(), Duration::from_secs(2));
}
