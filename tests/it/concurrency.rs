//! One instance serves unrelated callers at the same time; nothing of one caller may reach another.

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

/// A model that names the caller and repeats the caller's contact. The first request is answered last.
fn repeats(request: &Recorded) -> Reply {
    let user = request.user();
    let number = marker(&user).expect("a marker");
    let contact = user.split_once("DEBUT ").and_then(|(_, rest)| rest.split_once(" FIN")).map(|(contact, _)| contact);
    let description = format!("Contact : {} noté", contact.unwrap_or("rien"));
    let ticket = ticket_with(&json!({"titre": format!("Panne de repere{number}"), "description": description}));
    let delay = 5 * (40 - number.parse::<u64>().expect("a number"));
    Speech::new(&ticket.to_string()).reply(request).after(Duration::from_millis(delay))
}

#[test]
fn concurrent_requests_never_mix() {
    // Mistral gets a placeholder for each caller's address, and all placeholders look the same.
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([turn(repeats)]);
        let server = upstream.serve(dialect, &[]);
        thread::scope(|scope| {
            for number in 0..CALLERS {
                let server = &server;
                scope.spawn(move || {
                    let (id, name) = (format!("caller-{number:02}"), format!("repere{number:02}"));
                    let contact = format!("client{number:02}@exemple.fr");
                    let message = format!("L'imprimante {name} est en panne, DEBUT {contact} FIN");
                    let body = json!({"message": message, "history": [name]});
                    let answer = Call::new("POST", "/analyze").header("x-request-id", &id).json(server, &body);
                    let body = success(&answer);
                    assert_eq!(body["data"]["titre"], format!("Panne de {name}"));
                    assert_eq!(body["data"]["description"], format!("Contact : {contact} noté"));
                    let meta = &body["meta"];
                    assert_eq!((&meta["request_id"], &meta["attempts"]), (&json!(id), &json!(1)));
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
fn a_hostile_request_does_not_affect_concurrent_ones() {
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
