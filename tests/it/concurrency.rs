//! One instance serves strangers at the same time: what is one caller's must not reach another.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::harness::*;

const CALLERS: usize = 32;

/// The two digits after the caller's marker.
fn marker(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("repere")?;
    rest.get(..2).map(str::to_owned)
}

#[test]
fn concurrent_requests_never_mix() {
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([turn(|request| {
            let number = marker(&request.user()).unwrap();
            let ticket = ticket_with(&json!({"titre": format!("Panne de repere{number}")}));
            // The first to come are the last to be answered.
            let delay = 5 * (40 - number.parse::<u64>().unwrap());
            Speech::new(&ticket.to_string()).reply(request).after(Duration::from_millis(delay))
        })]);
        let server = upstream.serve(dialect, &[]);
        thread::scope(|scope| {
            for number in 0..CALLERS {
                let server = &server;
                scope.spawn(move || {
                    let (id, name) = (format!("caller-{number:02}"), format!("repere{number:02}"));
                    let body = json!({"message": format!("L'imprimante {name} est en panne"), "history": [name]});
                    let answer = Call::new("POST", "/analyze").header("x-request-id", &id).json(server, &body);
                    let body = success(&answer);
                    assert_eq!(body["data"]["titre"], format!("Panne de {name}"));
                    assert_eq!(body["meta"]["request_id"], id);
                    assert_eq!(body["meta"]["degraded"], false);
                });
            }
        });
        let calls = upstream.calls();
        assert_eq!(calls.len(), CALLERS);
        let seen: HashSet<String> = calls.iter().filter_map(|call| marker(&call.user())).collect();
        assert_eq!(seen.len(), CALLERS);
        for call in &calls {
            let prompt = call.user();
            let numbers: HashSet<&str> = prompt.split("repere").skip(1).filter_map(|rest| rest.get(..2)).collect();
            assert_eq!(numbers.len(), 1, "two callers in one prompt: {prompt}");
        }
    }
}

#[test]
fn a_hostile_request_leaves_its_neighbours_alone() {
    let server = Server::local();
    let hostile = [
        "[".repeat(60_000),
        format!("{{\"message\": {}1{}}}", "[".repeat(20_000), "]".repeat(20_000)),
        "{\"message\": \"\\ud800\"}".to_owned(),
        format!("{{\"message\": {}}}", "9".repeat(50_000)),
        json!({"message": "\u{0}\u{1}\u{fffe}\u{10ffff}"}).to_string(),
        json!({"message": "e\u{301}".repeat(4_000)}).to_string(),
        json!({"message": "(".repeat(8_000), "history": vec!["@.@".repeat(300); 50]}).to_string(),
        json!({"message": "1".repeat(8_000), "history": vec!["+33 ".repeat(250); 50]}).to_string(),
    ];
    thread::scope(|scope| {
        for body in &hostile {
            let server = &server;
            scope.spawn(move || {
                let call = Call::new("POST", "/analyze").header("content-type", "application/json");
                let answer = call.bytes(server, body.as_bytes());
                envelope(&answer);
                assert!(answer.status < 500, "{}", answer.text());
            });
            scope.spawn(|| success(&server.analyze(FASTAPI_MESSAGE)));
        }
    });
}
