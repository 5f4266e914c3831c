//! A hundred messages through the real model, with faults injected in between: no invalid ticket reaches a caller.
//!
//! A scripted server between the component and the model forwards calls or injects faults. `SEED=n` selects other
//! faults.

use std::collections::BTreeMap;
use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::harness::*;
use crate::model::{self, ticket_validator};

const MESSAGES: usize = 100;
/// The service's deadline: enough for several answers on a slow machine.
const TIMEOUT: Duration = Duration::from_secs(90);
/// The allowed overrun, doubled because the model shares the machine.
const GRACE: Duration = Duration::from_millis(500);

/// The fate of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    None,
    Dropped,
    Status500,
    Status429,
    Status429Long,
    CutMidBody,
    TruncatedTicket,
    ForeignJson,
    Garbage,
    NotHttp,
    Slow,
}

const FAULTS: [Fault; 10] = [
    Fault::Dropped,
    Fault::Status500,
    Fault::Status429,
    Fault::Status429Long,
    Fault::CutMidBody,
    Fault::TruncatedTicket,
    Fault::ForeignJson,
    Fault::Garbage,
    Fault::NotHttp,
    Fault::Slow,
];

/// The fate of a seed's nth call. More than half of the calls succeed: a request makes at most four.
fn fate(seed: u64, n: u64) -> Fault {
    let dice = usize::try_from(random(seed, n) % 22).unwrap();
    FAULTS.get(dice).copied().unwrap_or(Fault::None)
}

/// The model's answer to this request: status, content type, body.
fn ask_model(request: &Recorded) -> (u16, String, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let url = format!("{}{}", model::origin(request.dialect()), request.path);
    let mut answer =
        agent.post(url).header("content-type", "application/json").send(&request.body[..]).expect("the model answers");
    let kind = answer.headers()["content-type"].to_str().expect("a content type").to_owned();
    (answer.status().as_u16(), kind, answer.body_mut().read_to_string().expect("the model's answer is whole"))
}

/// Half a ticket with a regular end.
const HALF: &str = "{\"titre\": \"Panne\", \"categorie\": \"Rés";

fn reply(fault: Fault, request: &Recorded) -> Reply {
    let passed_on = || {
        let (status, kind, body) = ask_model(request);
        assert_eq!(status, 200, "the model's server refused: {body}");
        Reply::text(status, &kind, &body)
    };
    match fault {
        Fault::None => passed_on(),
        Fault::Dropped => Reply::drop(),
        Fault::Status500 => Reply::status(500),
        Fault::Status429 => Reply::status(429).header("retry-after", "1"),
        Fault::Status429Long => Reply::status(429).header("retry-after", "3600"),
        Fault::CutMidBody => passed_on().edit(|http| {
            http.pieces.iter_mut().for_each(|piece| piece.truncate(piece.len() / 2));
            http.end = End::Dropped;
        }),
        Fault::TruncatedTicket => Speech::new(HALF).reply(request),
        Fault::ForeignJson => Speech::new("{\"answer\": [1, 2], \"categorie\": {\"x\": null}}").reply(request),
        Fault::Garbage => Reply::text(200, "application/json", "\u{0}\u{fffd}<html>{{{"),
        Fault::NotHttp => Reply::Bytes(b"\x00\xffnot HTTP\r\n\r\n".to_vec()),
        Fault::Slow => passed_on().drip(64, Duration::from_millis(30)).after(Duration::from_millis(700)),
    }
}

/// Numbers of outcomes.
#[derive(Default)]
struct Row {
    requests: usize,
    of_the_model: usize,
    local: usize,
    errors: usize,
    invalid: usize,
    attempts: u64,
}

impl Row {
    /// The outcome of one request, whose calls had these faults.
    fn of(body: &Value, faults: &[Fault], validator: &Validator) -> Self {
        let mut row = Self { requests: 1, attempts: body["meta"]["attempts"].as_u64().unwrap(), ..Self::default() };
        match (&body["success"], &body["meta"]["degraded"]) {
            (Value::Bool(true), _) if !validator.is_valid(&body["data"]) => row.invalid = 1,
            (Value::Bool(true), Value::Bool(true)) => row.local = 1,
            (Value::Bool(true), _) => {
                // A ticket from the model, which has answered.
                assert!(faults.iter().any(|fault| matches!(fault, Fault::None | Fault::Slow)), "{faults:?}: {body}");
                row.of_the_model = 1;
            }
            _ => row.errors = 1,
        }
        row
    }

    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.of_the_model += other.of_the_model;
        self.local += other.local;
        self.errors += other.errors;
        self.invalid += other.invalid;
        self.attempts += other.attempts;
    }
}

fn messages() -> Vec<Value> {
    let set = include_str!("../data/eval/analyze.jsonl");
    let items = set.lines().map(|line| serde_json::from_str::<Value>(line).expect("a labelled message"));
    items.take(MESSAGES).map(|item| json!({"message": item["message"], "history": item["history"]})).collect()
}

#[test]
fn a_hundred_messages_with_faults_give_no_invalid_ticket() {
    let seed: u64 = env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    // The faults of the current request, in the order of its calls.
    let (suffered, calls) = (Arc::new(Mutex::new(Vec::new())), AtomicU64::new(1));
    let log = Arc::clone(&suffered);
    let proxy = Upstream::start([turn(move |request| {
        let fault = fate(seed, calls.fetch_add(1, Ordering::Relaxed));
        log.lock().unwrap().push(fault);
        reply(fault, request)
    })]);
    let (name, deadline) = (model::name(), TIMEOUT.as_secs().to_string());
    let url = proxy.url(Dialect::Completions);
    let own = [("OLLAMA_MODEL_NAME", name.as_str()), ("MISTRAL_MODEL_NAME", &name), ("TIMEOUT_SECONDS", &deadline)];
    let serve = |dialect: Dialect, more: &[(&str, &str)]| proxy.serve(dialect, &[&own[..], more].concat());
    // Alone, with the local backend as fallback, and after a server that refuses connections.
    let [generate, chat, completions] = [Dialect::Generate, Dialect::Chat, Dialect::Completions];
    let chain = [
        ("MODEL_BACKEND", "ollama,mistral"),
        ("OLLAMA_ORIGIN", REFUSED),
        ("OLLAMA_URL", ""),
        ("MISTRAL_ORIGIN", &proxy.origin()),
        ("MISTRAL_URL", &url),
    ];
    let servers = [
        serve(generate, &[NO_FALLBACK]),
        serve(chat, &[("FALLBACK_BACKEND", "local")]),
        serve(completions, &[("FALLBACK_BACKEND", "local")]),
        serve(chat, &chain),
    ];
    let validator = ticket_validator(&servers[0]);

    // By the fault of the request's first call.
    let (mut table, mut sum) = (BTreeMap::<String, Row>::new(), Row::default());
    for (number, message) in messages().iter().enumerate() {
        suffered.lock().unwrap().clear();
        let server = &servers[number % servers.len()];
        let sent = Instant::now();
        // Half of the callers use streaming.
        let body = if number / servers.len() % 2 == 0 {
            envelope(&server.post("/analyze", message))
        } else {
            last_event(EventStream::open(server, "/analyze", message)).1.data
        };
        let elapsed = sent.elapsed();
        assert!(elapsed < TIMEOUT + GRACE, "message {number}: {elapsed:?}: {body}");
        let faults = suffered.lock().unwrap().clone();
        let first = faults.first().map_or("no call came".to_owned(), |fault| format!("{fault:?}"));
        let row = Row::of(&body, &faults, &validator);
        table.entry(first).or_default().add(&row);
        sum.add(&row);
    }
    // Every request of the component follows the servers' contracts.
    let made = proxy.calls().len();

    println!("\nseed {seed}: {MESSAGES} messages, {made} calls to the model's server");
    println!(
        "{:<18}{:>9}{:>12}{:>10}{:>8}{:>9}{:>10}",
        "first call", "messages", "the model's", "local", "errors", "invalid", "attempts"
    );
    table.iter().for_each(|(fault, row)| print_row(fault, row));
    print_row("all", &sum);
    assert_eq!((sum.invalid, sum.requests), (0, MESSAGES), "a caller got an invalid ticket");
    assert!(table.len() > 8, "too few kinds of fault: {:?}", table.keys());
    assert!(sum.of_the_model > MESSAGES / 2, "too few answers of the model");
}

fn print_row(name: &str, row: &Row) {
    #[expect(clippy::cast_precision_loss, reason = "at most some hundred attempts")]
    let attempts = row.attempts as f64 / row.requests.max(1) as f64;
    println!(
        "{name:<18}{:>9}{:>12}{:>10}{:>8}{:>9}{attempts:>10.1}",
        row.requests, row.of_the_model, row.local, row.errors, row.invalid
    );
}
