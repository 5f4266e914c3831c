//! Many faults at once: each caller still gets a ticket or a documented error, in time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::*;

const REQUESTS: usize = 200;
const CALLERS: usize = 32;
const TIMEOUT: Duration = Duration::from_secs(2);
/// The allowed overrun of the deadline, doubled because 32 callers share the machine with the host.
const GRACE: Duration = Duration::from_millis(500);

/// One of many possible answers of a model server.
fn fault(request: &Recorded, dice: u64) -> Reply {
    let right = |text: &str| Speech::new(text).reply(request);
    let reply = match dice % 16 {
        0 => Reply::drop(),
        1 => Reply::Silence,
        2 => Reply::Bytes(b"\x00\xffnot HTTP\r\n\r\n".to_vec()),
        3 => Reply::status(429).header("retry-after", "1"),
        4 => Reply::status(429).header("retry-after", "3600"),
        5 => Reply::text(503, "text/html", "<html>busy</html>"),
        6 => Reply::status(500),
        7 => Reply::status(401),
        8 => Reply::status(404),
        9 => Reply::json(200, &json!({"error": "out of memory"})),
        10 => right(&ticket().to_string()).drip(3, Duration::from_millis(200)),
        11 => right(&ticket().to_string()).end(End::Dropped),
        12 => right("je ne sais pas {"),
        13 => right("{\"categorie\": \"Jardinage\", \"titre\": 3}"),
        _ => right(&ticket().to_string()),
    };
    reply.after(Duration::from_millis(dice / 16 % 300))
}

#[test]
fn two_hundred_requests_succeed_or_fail_cleanly_under_faults() {
    let calls = AtomicU64::new(0);
    let chaos = turn(move |request| fault(request, random(0, calls.fetch_add(1, Ordering::Relaxed))));
    let upstream = Upstream::start([chaos]);
    let origin = upstream.origin();
    for (fallback, stream) in [("", false), ("local", false), ("local", true)] {
        let server = Server::start(&[
            ("MODEL_BACKEND", "ollama,mistral"),
            ("OLLAMA_ORIGIN", &origin),
            ("OLLAMA_MODEL_NAME", "a,b"),
            ("MISTRAL_ORIGIN", &origin),
            ("MISTRAL_API_KEY", KEY),
            ("FALLBACK_BACKEND", fallback),
            ("TIMEOUT_SECONDS", "2"),
        ]);
        let (next, outcomes, slowest) = (AtomicU64::new(0), Mutex::new(BTreeMap::new()), Mutex::new(Duration::ZERO));
        thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    while next.fetch_add(1, Ordering::Relaxed) < REQUESTS as u64 {
                        let started = Instant::now();
                        let (status, body) = if stream {
                            let (_, event) = last_event(EventStream::open(&server, "/analyze", &fastapi_request()));
                            (200, event.data)
                        } else {
                            let answer = server.post("/analyze", &fastapi_request());
                            (answer.status, envelope(&answer))
                        };
                        let took = started.elapsed();
                        assert!(took <= TIMEOUT + GRACE, "late by {:?}: {body}", took.saturating_sub(TIMEOUT));
                        let outcome = match body["error"]["code"].as_str() {
                            Some(code) => format!("{status} {code}"),
                            None if body["meta"]["degraded"] == true => format!("{status} ticket, local"),
                            None => format!("{status} ticket, model"),
                        };
                        *outcomes.lock().unwrap().entry(outcome).or_insert(0_usize) += 1;
                        let mut slowest = slowest.lock().unwrap();
                        *slowest = took.max(*slowest);
                    }
                });
            }
        });
        let outcomes = outcomes.into_inner().unwrap();
        println!("fallback {fallback:?}, streamed {stream}: slowest {:?}", slowest.into_inner().unwrap());
        outcomes.iter().for_each(|(outcome, count)| println!("  {count:>4}  {outcome}"));
        assert_eq!(outcomes.values().sum::<usize>(), REQUESTS, "none lost");
        assert!(outcomes.keys().any(|outcome| outcome.ends_with("model")), "some answers come from models");
        if fallback == "local" && !stream {
            assert!(outcomes.keys().all(|outcome| outcome.contains("ticket")), "{outcomes:?}");
        }
        assert_eq!(server.get("/health").status, 200, "alive");
    }
}
