//! Requests to model servers. The harness also checks each one against `tests/contracts`.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::*;

/// A word that only the caller uses.
const CANARY: &str = "ZIBELINE";

#[test]
fn each_api_gets_the_schema_in_its_own_place() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says(&ticket())]);
        let server = upstream.serve(dialect, &[]);
        success(&server.post("/analyze", &fastapi_request()));
        let (call, body) = (upstream.call(), upstream.call().json());
        let schema = call.schema();
        assert_eq!(keys(&schema["properties"]), WRITTEN, "{dialect:?}");
        assert_eq!(schema["type"], "object");
        let required: HashSet<&str> = texts(&schema["required"]).into_iter().collect();
        assert_eq!(required, HashSet::from(FIELDS), "{dialect:?}");
        let categories = texts(&schema["properties"]["categorie"]["enum"]);
        assert!(categories.contains(&"Compte et accès") && categories.contains(&UNKNOWN), "{categories:?}");
        assert!(!call.text().contains("\"x-"), "{dialect:?}: {}", call.text());
        assert!(body.get("think").is_none(), "{dialect:?}");
        // A description of 1,000 characters and 360 characters of other fields are about 400 tokens.
        assert!(call.answer_limit() >= 400, "{dialect:?}: {}", call.answer_limit());
        if dialect.backend() == "ollama" {
            assert_eq!(body["options"]["num_ctx"], 8192);
        } else {
            let format = &body["response_format"];
            assert_eq!((&format["type"], &format["json_schema"]["strict"]), (&json!("json_schema"), &json!(true)));
        }
    }
}

#[test]
fn every_call_to_ollama_has_the_same_context_size() {
    for dialect in [Dialect::Generate, Dialect::Chat] {
        let upstream = Upstream::start([says_text("rien qui vaille"), says(&ticket())]);
        let server = upstream.serve(dialect, &[("OLLAMA_NUM_CTX", "4096")]);
        success(&server.post("/analyze", &fastapi_request()));
        let mut sizes: Vec<Value> =
            upstream.calls().iter().map(|call| call.json()["options"]["num_ctx"].clone()).collect();
        upstream.script([asks("Où se trouve l'imprimante ?")]);
        success(&server.post("/followup", &json!({"ticket": {"titre": "Panne"}})));
        sizes.push(upstream.call().json()["options"]["num_ctx"].clone());
        assert_eq!(sizes, vec![json!(4096); 3], "{dialect:?}");
    }
}

#[test]
fn only_mistral_gets_a_key_and_no_server_gets_the_callers() {
    let caller = [("authorization", "Bearer caller-key-1"), ("x-api-key", "caller-key-1"), ("cookie", "session=1")];
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says(&ticket())]);
        let server = upstream.serve(dialect, &[("API_KEYS", "caller-key-1"), ("MISTRAL_API_KEY", KEY)]);
        success(&Call::new("POST", "/analyze").headers(&caller).json(&server, &fastapi_request()));
        let call = upstream.call();
        let expected = (dialect == Dialect::Completions).then(|| format!("Bearer {KEY}"));
        assert_eq!(call.header("authorization"), expected.as_deref(), "{dialect:?}");
        assert!(!format!("{:?}{}", call.headers, call.text()).contains("caller-key"), "{dialect:?}");
        assert_eq!(call.header("cookie"), None);
        assert_eq!(call.header("content-type").map(|value| value.starts_with("application/json")), Some(true));
    }
}

#[test]
fn a_server_compatible_with_mistral_needs_no_key() {
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Completions, &[("MISTRAL_API_KEY", "")]);
    success(&server.post("/analyze", &fastapi_request()));
    assert_eq!(upstream.call().header("authorization"), None);
}

#[test]
fn the_trace_is_passed_to_the_model_server() {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says(&ticket())]);
        let server = upstream.serve(dialect, &[]);
        success(&Call::new("POST", "/analyze").header("traceparent", trace).json(&server, &fastapi_request()));
        let passed = upstream.call().header("traceparent").expect("a traceparent").to_owned();
        // A host may insert its own span; the trace stays the same.
        assert_eq!(passed.get(..36), trace.get(..36), "{passed}");
    }
}

#[test]
fn message_and_history_are_in_the_prompt_and_not_in_the_system_role() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says(&ticket())]);
        let server = upstream.serve(dialect, &[]);
        let history = json!([format!("{CANARY}1"), {"role": "assistant", "content": format!("{CANARY}2")}]);
        let body = json!({"message": format!("Mon imprimante {CANARY}3 est en panne"), "history": history});
        success(&server.post("/analyze", &body));
        let call = upstream.call();
        assert!(!call.system().trim().is_empty() && !call.system().contains(CANARY), "{}", call.system());
        for number in 1..=3 {
            assert!(call.user().contains(&format!("{CANARY}{number}")), "{dialect:?}: {}", call.user());
        }
    }
}

#[test]
fn the_callers_text_is_fenced_with_a_new_boundary_for_each_request() {
    let analyze = json!({"message": format!("{CANARY}1"), "history": [format!("{CANARY}2")]});
    let ticket_in = json!({"titre": format!("{CANARY}1"), "description": format!("{CANARY}2")});
    let followup = json!({"ticket": ticket_in, "history": [format!("{CANARY}3")]});
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[]);
        for (path, body, turn) in [("/analyze", &analyze, says(&ticket())), ("/followup", &followup, asks("Où ?"))] {
            upstream.script([turn]);
            success(&server.post(path, body));
            success(&server.post(path, body));
            let calls = upstream.calls();
            let (first, second) = (calls[0].user(), calls[1].user());
            let boundaries = fresh_words(&first, &second);
            assert!(!boundaries.is_empty(), "{dialect:?} {path}: two requests with the same fence");
            for (place, _) in first.match_indices(CANARY) {
                let (before, after) = first.split_at(place);
                let fenced =
                    boundaries.iter().any(|word| before.contains(word.as_str()) && after.contains(word.as_str()));
                assert!(fenced, "{dialect:?} {path}: outside the fence {boundaries:?}: {first}");
            }
        }
    }
}

#[test]
fn the_oldest_history_is_dropped_and_the_instructions_are_kept() {
    const CONTEXT: usize = 2048;
    for dialect in [Dialect::Generate, Dialect::Chat] {
        let upstream = Upstream::start([says(&ticket())]);
        let server = upstream.serve(dialect, &[("OLLAMA_NUM_CTX", &CONTEXT.to_string())]);
        success(&server.post("/analyze", &fastapi_request()));
        let short = upstream.call();
        upstream.script([says(&ticket())]);
        let line = |number: usize| format!("Ligne {CANARY}{number:02}. {}", "Le bruit revient toujours. ".repeat(40));
        let history: Vec<String> = (0..50).map(line).collect();
        success(&server.post("/analyze", &json!({"message": FASTAPI_MESSAGE, "history": history})));
        let long = upstream.call();
        // A token is at most four characters of French on average.
        let length = long.prompt().chars().count();
        assert!(length <= CONTEXT * 4, "{dialect:?}: {length} characters for {CONTEXT} tokens");
        assert!(long.user().contains(FASTAPI_MESSAGE), "{dialect:?}: the message was cut");
        assert!(!long.user().contains(&format!("{CANARY}00")), "{dialect:?}: the oldest line stayed");
        assert_eq!(long.system().chars().count(), short.system().chars().count(), "{dialect:?}: instructions were cut");
        let kept: Vec<bool> = (0..50).map(|number| long.user().contains(&format!("{CANARY}{number:02}"))).collect();
        assert!(kept.is_sorted(), "{dialect:?}: not cut from the oldest end: {kept:?}");
    }
}
