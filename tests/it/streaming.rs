//! Server-sent events: deltas while the model writes, one result or error, and cancellation on disconnect.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::*;

/// A model that writes slowly.
fn writes(text: String, pause: Duration) -> Turn {
    turn(move |request| Speech { pause, ..Speech::new(&text) }.reply(request))
}

#[test]
fn deltas_arrive_while_the_model_is_writing() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([writes(ticket().to_string(), Duration::from_millis(40))]);
        let server = upstream.serve(dialect, &[]);
        let mut stream = EventStream::open(&server, "/analyze", &fastapi_request());
        assert_eq!(stream.status, 200);
        let first = stream.next().expect("an event");
        assert_eq!(first.name, "delta", "{dialect:?}: {}", first.data);
        assert!(upstream.call().finished.is_none(), "{dialect:?}: the first delta came after the model had finished");
        assert!(upstream.call().streams(), "{dialect:?}");
        let body = result_event(stream);
        assert_eq!((&body["data"], &body["message"]), (&ticket(), &json!("Ticket analysé avec succès")));
        assert_eq!(keys(&body["data"]), FIELDS);
        let meta = &body["meta"];
        assert_eq!((&meta["attempts"], &meta["degraded"]), (&json!(1), &json!(false)), "{dialect:?}");
        assert_eq!(meta["missing_fields"], json!(["localisation"]));
        assert_eq!(meta["usage"]["completion_tokens"], mistral::COMPLETION_TOKENS, "{dialect:?}");
    }
}

#[test]
fn a_followup_is_streamed_too() {
    let upstream = Upstream::start([asks("À quel étage se trouve l'imprimante ?")]);
    for dialect in Dialect::ALL {
        let server = upstream.serve(dialect, &[]);
        let body = result_event(EventStream::open(&server, "/followup", &json!({"ticket": {"titre": "Panne"}})));
        assert_eq!(body["data"]["question"], "À quel étage se trouve l'imprimante ?", "{dialect:?}");
        assert_eq!(body["data"]["field"], "localisation");
    }
}

/// The text of all deltas, and the result.
fn deltas_and_result(stream: EventStream) -> (String, serde_json::Value) {
    let (text, last) = last_event(stream);
    assert_eq!(last.name, "result", "{}", last.data);
    (text, last.data)
}

#[test]
fn no_delta_shows_text_that_the_ticket_hides() {
    let planted =
        ["https:\\/\\/evil.example\\/reset", "\\u0065vil.com", "aide@evil.fr", "01 55 55 12 34", "INC99999", KEY];
    let seen_as = ["evil", "evil", "evil", "55 12", "INC99999", "harness"];
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[("MISTRAL_API_KEY", KEY)]);
        for (planted, seen_as) in planted.iter().zip(seen_as) {
            let text = ticket().to_string().replace("en panne", &format!("en panne, voir {planted} sans tarder"));
            assert!(text.contains(planted));
            upstream.script([writes(text, Duration::ZERO)]);
            let (deltas, result) = deltas_and_result(EventStream::open(&server, "/analyze", &fastapi_request()));
            assert!(!deltas.contains(seen_as) && !deltas.contains("0065vil"), "{dialect:?}, {planted}: {deltas}");
            assert!(!result.to_string().contains(seen_as), "{result}");
            assert!(deltas.starts_with("{\"titre\""), "{deltas}");
        }
        upstream.script([asks("Quel est votre mot de passe ?")]);
        let (deltas, result) =
            deltas_and_result(EventStream::open(&server, "/followup", &json!({"ticket": {"titre": "Panne"}})));
        assert!(!deltas.contains("passe") && deltas.contains("question"), "{dialect:?}: {deltas}");
        assert!(!result.to_string().contains("passe"), "{result}");
    }
}

#[test]
fn deltas_show_the_callers_own_text_unchanged() {
    let message = "Imprimante HP-M404 en panne, voir http://intranet.exemple.fr/aide, tél. 06 39 98 01 23, INC 12345";
    let text = ticket_with(&json!({"description": message})).to_string();
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([writes(text.clone(), Duration::ZERO)]);
        let server = upstream.serve(dialect, &[("REDACT_PII", "always")]);
        let (deltas, result) = deltas_and_result(EventStream::open(&server, "/analyze", &json!({"message": message})));
        assert_eq!((deltas.as_str(), &result["data"]["description"]), (text.as_str(), &json!(message)), "{dialect:?}");
    }
}

#[test]
fn the_local_backend_streams_a_result() {
    let server = Server::local();
    let body = result_event(EventStream::open(&server, "/analyze", &fastapi_request()));
    assert_eq!(body["data"], success(&server.post("/analyze", &fastapi_request()))["data"]);
    let complete = json!({"ticket": ticket_with(&json!({"localisation": "Bureau 12"}))});
    assert_eq!(result_event(EventStream::open(&server, "/followup", &complete))["data"]["complete"], true);
}

#[test]
fn without_the_accept_header_there_is_no_stream() {
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Generate, &[]);
    for accept in ["application/json", "*/*"] {
        success(&Call::new("POST", "/analyze").header("accept", accept).json(&server, &fastapi_request()));
    }
}

#[test]
fn a_failure_is_one_error_event() {
    let alone = [("MODEL_BACKEND", "ollama"), ("OLLAMA_ORIGIN", REFUSED), NO_FALLBACK];
    let (_, last) = last_event(EventStream::open(&Server::shared(&alone), "/analyze", &fastapi_request()));
    assert_eq!((last.name.as_str(), &last.data["error"]["code"]), ("error", &json!("upstream_error")));
    let upstream = Upstream::start([says_text("PERROQUET")]);
    let server = upstream.serve(Dialect::Chat, &[NO_FALLBACK]);
    let (_, last) = last_event(EventStream::open(&server, "/analyze", &fastapi_request()));
    assert_eq!((last.name.as_str(), &last.data["error"]["code"]), ("error", &json!("upstream_invalid_output")));
}

#[test]
fn a_stream_may_be_split_anywhere() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        for size in [1, 3, 7, 64, 100_000] {
            upstream.script([turn(move |request| {
                let speech = Speech { token: 5, ..Speech::new(&ticket().to_string()) };
                let (content_type, pieces) = speech.pieces(request.dialect());
                let bytes = pieces.concat().into_bytes();
                Reply::stream(content_type, bytes.chunks(size).map(<[u8]>::to_vec), Duration::ZERO)
            })]);
            let body = result_event(EventStream::open(&server, "/analyze", &fastapi_request()));
            assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(1)), "{dialect:?} {size}");
        }
    }
}

#[test]
fn other_stream_formats_are_read() {
    let speech = || Speech::new(&ticket().to_string());
    let events = || speech().pieces(Dialect::Completions).1;
    let lines = || speech().pieces(Dialect::Generate).1.concat();
    let streams = [
        (Dialect::Completions, events().concat().replace('\n', "\r\n")),
        (Dialect::Completions, format!(": ping\n\n{}", events().join(": ping\n\n"))),
        (Dialect::Completions, events().concat().replace("data: ", "data:")),
        (Dialect::Completions, events().concat().replace("data: ", "event: chunk\nid: 1\ndata: ")),
        (Dialect::Generate, lines().replace('\n', "\r\n")),
        (Dialect::Generate, lines().replace('\n', "\n\n")),
        (Dialect::Generate, lines().trim_end().to_owned()),
    ];
    for (dialect, text) in streams {
        let upstream = Upstream::start([replies(Reply::stream("text/plain", [text.clone()], Duration::ZERO))]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        let body = result_event(EventStream::open(&server, "/analyze", &fastapi_request()));
        assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(1)), "{text}");
    }
}

#[test]
fn an_interrupted_stream_is_an_error() {
    for dialect in Dialect::ALL {
        // Replaces the last pieces of a stream.
        let broken = |missing: usize, tail: &'static str, end: End| {
            turn(move |request| {
                let (content_type, pieces) = Speech::new(&ticket().to_string()).pieces(request.dialect());
                let kept = pieces.len() - missing;
                let pieces = pieces.into_iter().take(kept).chain([tail.to_owned()]);
                Reply::stream(content_type, pieces, Duration::ZERO).end(end)
            })
        };
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[("MAX_ATTEMPTS", "1")]);
        let rows = if dialect.api().stream_type == "application/x-ndjson" {
            vec![
                broken(2, "", End::Dropped),
                broken(2, "", End::Whole),
                // The whole ticket without the end mark.
                broken(1, "", End::Whole),
                broken(1, "{\"error\": \"out of memory\"}\n", End::Whole),
                broken(1, "{\"done\": tr", End::Whole),
            ]
        } else {
            vec![broken(3, "", End::Whole), broken(2, "", End::Dropped), broken(2, "data: {\"choi", End::Dropped)]
        };
        for (row, script) in rows.into_iter().enumerate() {
            upstream.script([script]);
            let (_, event) = last_event(EventStream::open(&server, "/analyze", &fastapi_request()));
            // After the first piece, neither a retry nor the fallback can follow.
            assert_eq!(event.name, "error", "{dialect:?}, row {row}: {}", event.data);
            assert_eq!(event.data["error"]["code"], "upstream_error", "{dialect:?}, row {row}: {}", event.data);
        }
    }
}

#[test]
fn a_second_attempt_ends_in_one_result() {
    let upstream = Upstream::start([says_text("pas encore"), says(&ticket())]);
    let server = upstream.serve(Dialect::Completions, &[NO_FALLBACK]);
    let body = result_event(EventStream::open(&server, "/analyze", &fastapi_request()));
    assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(2)));
}

#[test]
fn a_disconnected_client_cancels_the_call_to_the_model() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([writes(ticket().to_string().repeat(10), Duration::from_millis(40))]);
        let server = upstream.serve(dialect, &[]);
        let mut stream = EventStream::open(&server, "/analyze", &fastapi_request());
        assert_eq!(stream.next().expect("an event").name, "delta");
        let left = Instant::now();
        drop(stream);
        upstream.wait_until("the end of the call", |requests| requests[0].hung_up.is_some());
        let noticed = upstream.call().hung_up.unwrap().saturating_duration_since(left);
        assert!(noticed < Duration::from_secs(2), "{dialect:?}: {noticed:?}");
        assert_eq!(upstream.calls().len(), 1, "{dialect:?}: a retry after the disconnect");
    }
}
