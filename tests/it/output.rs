//! Model output: lenient reading, validation, one repair, and a clear error.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::*;

fn right() -> String {
    ticket().to_string()
}

#[test]
fn malformed_json_is_read_at_the_first_attempt() {
    let (right, pretty) = (right(), serde_json::to_string_pretty(&ticket()).unwrap());
    let wrong = ticket_with(&json!({"titre": "Brouillon"}));
    let texts = [
        format!("```json\n{pretty}\n```"),
        format!("```\n{right}\n```"),
        format!("Voici le ticket demandé :\n\n{right}\n\nN'hésitez pas à me solliciter."),
        format!("Bien sûr ! Voici {{le ticket}} :\n```json\n{pretty}\n```\nBonne journée {{ }}"),
        pretty.replace("\"\n}", "\",\n}"),
        format!("\u{feff}{right}"),
        format!("<think>Peut-être {wrong} ? Non.</think>\n{right}"),
        format!("  \n\t{right}\n\n"),
    ];
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        for text in &texts {
            upstream.script([says_text(text)]);
            let body = success(&server.post("/analyze", &fastapi_request()));
            assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(1)), "{text}");
        }
    }
}

#[test]
fn near_misses_of_an_enum_are_normalised() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[NO_FALLBACK]);
    for (field, written, read) in [
        ("categorie", "materiel", "Matériel"),
        ("categorie", " MATÉRIEL ", "Matériel"),
        ("categorie", "Matérial", "Matériel"),
        ("categorie", "Mate\u{301}riel", "Matériel"),
        ("categorie", "reseau", "Réseau"),
        ("categorie", "compte et acces", "Compte et accès"),
        ("priorite", "haute", "Haute"),
        ("priorite", "Normal", "Normale"),
        ("priorite", "CRITIQUE", "Critique"),
        ("localisation", "[inconnu]", UNKNOWN),
    ] {
        upstream.script([says(&ticket_with(&json!({field: written})))]);
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!(body["data"], ticket_with(&json!({field: read})), "{written:?}");
        assert_eq!(body["meta"]["attempts"], 1, "{written:?}");
    }
}

#[test]
fn every_value_is_valid_or_unknown() {
    let schema = built_in_schema();
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[]);
    let changes = [
        json!({"categorie": "Zorglub et compagnie"}),
        json!({"priorite": null, "titre": null}),
        json!({"priorite": 3}),
        json!({"titre": ["a"], "description": {"b": 1}}),
        json!({"titre": "", "equipement": "   "}),
        json!({"titre": "t".repeat(5_000), "description": "é".repeat(9_000)}),
        json!({"titre": "a\u{7}b\u{200b}c\u{202e}d\u{e0041}e\u{1b}[31mf\u{0}"}),
        json!({"extra": "x", "__proto__": {"admin": true}, "Titre": "y"}),
    ];
    for change in changes {
        upstream.script([says(&ticket_with(&change))]);
        let data = success(&server.post("/analyze", &fastapi_request()))["data"].clone();
        assert_eq!(keys(&data), FIELDS, "{change}");
        for field in FIELDS {
            let (value, rules) = (data[field].as_str().unwrap(), &schema["properties"][field]);
            let limit = rules["maxLength"].as_u64().unwrap_or(u64::MAX);
            assert!(!value.trim().is_empty() && value.chars().count() as u64 <= limit, "{change}: {data}");
            let known = rules["enum"].as_array().is_none_or(|values| values.contains(&json!(value)));
            assert!(known || value == UNKNOWN, "{change}: {data}");
            let hidden = |c: char| (c.is_control() && c != '\n') || "\u{200b}\u{202e}\u{e0041}".contains(c);
            assert!(!value.contains(hidden), "{change}: {data}");
        }
    }
}

#[test]
fn an_invalid_answer_is_repaired_once_with_its_errors() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says_text("Désolé, PERROQUET, pas de JSON"), says(&ticket())]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(2)));
        let calls = upstream.calls();
        assert!(calls[1].user().contains("PERROQUET"), "{dialect:?}: its answer is not quoted: {}", calls[1].user());
        assert!(calls[1].user().contains(FASTAPI_MESSAGE), "{dialect:?}: the message is gone");
        assert!(!calls[1].system().contains("PERROQUET"), "{dialect:?}: model text in the system role");
        assert!(calls[1].prompt().chars().count() > calls[0].prompt().chars().count() + 30, "{dialect:?}");
    }
}

#[test]
fn a_cut_off_answer_is_retried_with_at_least_the_same_token_limit() {
    let cut = |request: &Recorded| {
        let text: String = right().chars().take(60).collect();
        Reply::json(200, &(request.dialect().api().cut_off)(&text))
    };
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([turn(cut), says(&ticket())]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(2)), "{dialect:?}");
        let limits: Vec<u64> = upstream.calls().iter().map(Recorded::answer_limit).collect();
        assert!(limits[1] >= limits[0], "{dialect:?}: {limits:?}");
    }
}

#[test]
fn after_a_failed_repair_the_next_model_gets_the_minimal_prompt() {
    let upstream = Upstream::start([turn(|request| {
        let text = if request.model() == "first" { "toujours pas".to_owned() } else { right() };
        Speech::new(&text).reply(request)
    })]);
    let server = upstream.serve(Dialect::Generate, &[("OLLAMA_MODEL_NAME", "first,second"), NO_FALLBACK]);
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!((&body["data"], &body["meta"]["model"]), (&ticket(), &json!("second")));
    let calls = upstream.calls();
    assert_eq!(calls.iter().map(Recorded::model).collect::<Vec<_>>(), ["first", "first", "second"]);
    let lengths: Vec<usize> = calls.iter().map(|call| call.prompt().chars().count()).collect();
    assert!(lengths[2] < lengths[0], "the minimal prompt is not shorter: {lengths:?}");
    assert!(calls[2].user().contains(FASTAPI_MESSAGE));
}

#[test]
fn after_invalid_output_the_next_backend_is_tried() {
    let (ollama, mistral) = (Upstream::start([says_text("rien")]), Upstream::start([says(&ticket())]));
    let origin = ollama.origin();
    let server = mistral.serve(
        Dialect::Completions,
        &[("MODEL_BACKEND", "ollama,mistral"), ("OLLAMA_ORIGIN", &origin), ("MAX_ATTEMPTS", "8"), NO_FALLBACK],
    );
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!((&body["data"], &body["meta"]["backend"]), (&ticket(), &json!("mistral")));
    assert!(!ollama.calls().is_empty());
}

/// Answers of both APIs with status 200 and without a ticket.
fn without_ticket() -> Vec<(Dialect, Reply)> {
    let with = |mut body: Value, key: &str, value: Value| {
        body[key] = value;
        Reply::json(200, &body)
    };
    let generate = || ollama::generate(&right());
    let completion = |content: Value| Reply::json(200, &mistral::completion_of(&content, "stop"));
    let raw = |text: &str| Reply::text(200, "application/json", text);
    let (ollama, mistral) = (Dialect::Generate, Dialect::Completions);
    vec![
        (ollama, with(generate(), "done", json!(false))),
        (ollama, with(generate(), "done", Value::Null)),
        (ollama, with(generate(), "response", Value::Null)),
        (ollama, with(generate(), "response", json!(""))),
        (ollama, Reply::json(200, &json!({"error": "model runner has unexpectedly stopped"}))),
        (ollama, raw("")),
        (ollama, raw("null")),
        (ollama, raw("[]")),
        (ollama, Reply::text(200, "text/html", "<html>PERROQUET</html>")),
        (ollama, Reply::json(200, &ollama::generate("PERROQUET"))),
        (ollama, Reply::json(200, &ollama::generate(&"[".repeat(100_000)))),
        (ollama, Reply::json(200, &ollama::generate(&"{\"a\":".repeat(50_000)))),
        (ollama, raw(&"[".repeat(200_000))),
        (mistral, completion(Value::Null)),
        (mistral, completion(json!([]))),
        (mistral, completion(json!([{"type": "thinking", "thinking": [{"type": "text", "text": right()}]}]))),
        (mistral, completion(json!("PERROQUET"))),
        (mistral, with(mistral::completion("x"), "choices", json!([]))),
        (mistral, with(mistral::completion("x"), "choices", Value::Null)),
        (mistral, raw("{}")),
    ]
}

#[test]
fn a_200_without_a_ticket_is_an_error_that_quotes_nothing() {
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([]);
        let alone = upstream.serve(dialect, &[NO_FALLBACK]);
        let helped = upstream.serve(dialect, &[]);
        for (_, reply) in without_ticket().into_iter().filter(|(of, _)| *of == dialect) {
            upstream.script([replies(reply)]);
            let answer = alone.post("/analyze", &fastapi_request());
            let body = envelope(&answer);
            let code = body["error"]["code"].as_str().unwrap_or_default();
            assert!(answer.status == 502 && code.starts_with("upstream_"), "{dialect:?}: {body}");
            assert!(!answer.text().contains("PERROQUET"), "raw model text: {body}");
            let body = success(&helped.post("/analyze", &fastapi_request()));
            assert_eq!((&body["meta"]["backend"], &body["meta"]["degraded"]), (&json!("local"), &json!(true)));
            assert!(!body.to_string().contains("PERROQUET"), "raw model text: {body}");
        }
    }
}

#[test]
fn only_invalid_output_is_upstream_invalid_output() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says_text("{\"titre\": PERROQUET")]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        let body = failure(&server.post("/analyze", &fastapi_request()), 502, "upstream_invalid_output");
        assert!(!body.to_string().contains("PERROQUET"), "raw model text: {body}");
    }
}

#[test]
fn content_chunks_of_mistral_are_read() {
    let thinking = json!({"type": "thinking", "thinking": [{"type": "text", "text": "{\"titre\": \"brouillon\"}"}]});
    let text = right();
    let (head, tail) = text.split_at(text.find("\"priorite\"").unwrap());
    let contents = [
        json!([thinking, {"type": "text", "text": text}]),
        json!([{"type": "text", "text": head}, {"type": "text", "text": tail}]),
        json!([{"type": "reference", "reference_ids": [1]}, {"type": "text", "text": text}]),
    ];
    for content in contents {
        let reply = Reply::json(200, &mistral::completion_of(&content, "stop"));
        let upstream = Upstream::start([replies(reply)]);
        let server = upstream.serve(Dialect::Completions, &[NO_FALLBACK]);
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!((&body["data"], &body["meta"]["attempts"]), (&ticket(), &json!(1)), "{content}");
    }
}

#[test]
fn an_endless_answer_is_aborted_at_the_size_limit() {
    // Without the limit, reading continues until the deadline of 30 s.
    let flood = Reply::text(200, "application/json", &"x".repeat(24 << 20)).end(End::Silent);
    let upstream = Upstream::start([replies(flood)]);
    let server = upstream.serve(Dialect::Generate, &[("MAX_ATTEMPTS", "1")]);
    let answer = server.post("/analyze", &fastapi_request());
    assert_eq!(success(&answer)["meta"]["degraded"], true);
    assert!(answer.elapsed < Duration::from_secs(10), "{:?}", answer.elapsed);
    upstream.script([says(&ticket())]);
    assert_eq!(success(&server.post("/analyze", &fastapi_request()))["data"], ticket());
}
