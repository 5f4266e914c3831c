//! The model's Ollama server follows Ollama's contract (`tests/contracts`).

use serde_json::{Value, json};

use crate::harness::*;
use crate::model;

fn post(path: &str, body: &Value) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let mut answer = agent.post(format!("{}{path}", model::origin(Dialect::Chat))).send(body.to_string()).unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

fn request(path: &str, changes: &Value) -> Value {
    let schema = json!({"type": "object", "properties": {"couleur": {"enum": ["rouge", "bleu"]}}, "required": ["couleur"],
        "additionalProperties": false});
    let options = json!({"num_ctx": 8192, "num_predict": 64, "temperature": 0.1});
    let mut body = json!({"model": model::name(), "format": schema, "options": options, "stream": false});
    let input = match path {
        "/api/chat" => json!({"messages": [{"role": "user", "content": "Le ciel est de quelle couleur ?"}]}),
        _ => json!({"system": "Réponds.", "prompt": "Le ciel est de quelle couleur ?"}),
    };
    body.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

fn text(event: &Value) -> &str {
    event["response"].as_str().or(event["message"]["content"].as_str()).unwrap_or_else(|| panic!("no text: {event}"))
}

#[test]
fn answers_follow_the_contract() {
    for path in ["/api/generate", "/api/chat"] {
        let (status, body) = post(path, &request(path, &json!({})));
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(status, 200, "{body}");
        contract::check_part(path, "answer", &body).unwrap();
        let answer: Value = serde_json::from_str(text(&body)).unwrap();
        assert!(["rouge", "bleu"].contains(&answer["couleur"].as_str().unwrap()), "the format was not kept: {body}");
        assert_eq!((&body["done"], &body["done_reason"]), (&json!(true), &json!("stop")));
        assert!(body["prompt_eval_count"].as_u64() > Some(5) && body["eval_count"].as_u64() > Some(3), "{body}");

        // By default, Ollama streams.
        let mut streamed = request(path, &json!({}));
        streamed.as_object_mut().unwrap().remove("stream");
        let (_, lines) = post(path, &streamed);
        let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        events.iter().for_each(|event| contract::check_part(path, "answer", event).unwrap());
        let (last, parts) = events.split_last().unwrap();
        assert!(parts.len() > 2 && parts.iter().all(|event| event["done"] == false), "{lines}");
        assert_eq!((&last["done"], &last["done_reason"]), (&json!(true), &json!("stop")), "{lines}");
        assert!(last["eval_count"].as_u64() > Some(3), "{lines}");
        serde_json::from_str::<Value>(&events.iter().map(text).collect::<String>()).unwrap();
    }
}

#[test]
fn limits_and_errors_are_like_ollamas() {
    let path = "/api/generate";
    let (_, body) = post(path, &request(path, &json!({"format": "json", "options": {"num_predict": 3}})));
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["done_reason"], &body["eval_count"]), (&json!("length"), &json!(3)), "{body}");
    let refused = [
        (404, json!({"model": "nobody"})),
        (500, json!({"options": {"num_ctx": 1_000_000}})),
        (400, json!({"prompt": "mot ".repeat(20_000)})),
    ];
    for (expected, changes) in refused {
        let (status, body) = post(path, &request(path, &changes));
        assert_eq!(status, expected, "{body}");
        assert!(serde_json::from_str::<Value>(&body).unwrap()["error"].is_string(), "{body}");
    }
}
