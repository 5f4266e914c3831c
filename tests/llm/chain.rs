//! Prompts, constrained decoding, reading and streaming, over each API.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::*;
use crate::model::{of_the_model, serve, ticket_validator};

const ENGLISH: &str = "My screen stays black since the update, third floor, room 12";

#[track_caller]
fn assert_counted(dialect: Dialect, meta: &Value) {
    let usage = &meta["usage"];
    // For any tokenizer, the instructions are more than 300 tokens, a ticket's keys and quotes more than 20.
    assert!(usage["prompt_tokens"].as_u64() > Some(300), "{dialect:?}: {meta}");
    assert!(usage["completion_tokens"].as_u64() > Some(20), "{dialect:?}: {meta}");
}

#[test]
fn a_model_fills_a_valid_ticket_over_each_api() {
    for dialect in Dialect::ALL {
        let server = serve(dialect, &[]);
        let validator = ticket_validator(&server);
        for body in [fastapi_request(), json!({"message": ENGLISH})] {
            let body = success(&server.post("/analyze", &body));
            assert!(validator.is_valid(&body["data"]), "{dialect:?}: {body}");
            assert_eq!(keys(&body["data"]), FIELDS);
            let meta = of_the_model(dialect, &body);
            assert_counted(dialect, meta);
            println!("{dialect:?}: {} rejected: {}", body["data"], meta["rejected"]);
        }
    }
}

#[test]
fn a_ticket_is_streamed_while_the_model_writes() {
    for dialect in Dialect::ALL {
        let server = serve(dialect, &[]);
        let validator = ticket_validator(&server);
        let events: Vec<Event> = EventStream::open(&server, "/analyze", &fastapi_request()).collect();
        let (last, deltas) = events.split_last().expect("a stream has events");
        assert_eq!(last.name, "result", "{dialect:?}: {}", last.data);
        assert!(validator.is_valid(&last.data["data"]), "{dialect:?}: {}", last.data);
        let meta = of_the_model(dialect, &last.data);
        assert!(deltas.len() > 10, "{dialect:?}: {} deltas", deltas.len());
        let written = last.at.duration_since(deltas[0].at);
        assert!(written > Duration::from_millis(100), "{dialect:?}: all deltas came at once, within {written:?}");
        if meta["rejected"] == 0 {
            // The model's text is the ticket before grounding and normalising.
            let text: String = deltas.iter().map(|delta| delta.data["text"].as_str().unwrap()).collect();
            let shown: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(keys(&shown), WRITTEN, "{dialect:?}");
        }
    }
}

#[test]
fn a_question_comes_from_the_model_or_the_field() {
    let schema = built_in_schema();
    let own = &schema["properties"]["localisation"]["x-question"];
    let french = (json!({"titre": "Imprimante en panne"}), "Mon imprimante ne marche plus depuis ce matin", "fr");
    let english = (json!({"titre": "Printer down"}), "The printer has not worked since this morning", "en");
    for dialect in Dialect::ALL {
        let server = serve(dialect, &[]);
        for (ticket, said, language) in [&french, &english] {
            let body = success(&server.post("/followup", &json!({"ticket": ticket, "history": [said]})));
            let meta = of_the_model(dialect, &body);
            assert!(meta["usage"]["completion_tokens"].as_u64() > Some(3), "{body}");
            let (data, rejected) = (&body["data"], meta["rejected"].as_u64().unwrap());
            assert_eq!((&data["field"], &data["complete"]), (&json!("localisation"), &json!(false)));
            let question = data["question"].as_str().unwrap();
            // The model's question if it was accepted, otherwise the field's.
            assert!(rejected == 0 || question == own[language].as_str().unwrap(), "{body}");
            assert!(question.matches('?').count() <= 1 && question.chars().count() <= 300, "{body}");
            println!("{dialect:?}: {question} rejected: {rejected}");
        }
        let event = result_event(EventStream::open(&server, "/followup", &json!({"ticket": french.0})));
        assert_eq!(event["data"]["field"], "localisation");
    }
}

#[test]
fn a_probe_finds_only_the_installed_model() {
    for dialect in Dialect::ALL {
        let found = serve(dialect, &[]).get("/health?probe=true");
        assert_eq!(found.status, 200, "{dialect:?}: {}", found.text());
        let other = [("OLLAMA_MODEL_NAME", "nobody"), ("MISTRAL_MODEL_NAME", "nobody")];
        let missed = serve(dialect, &other).get("/health?probe=true");
        assert_eq!(missed.status, 503, "{dialect:?}: {}", missed.text());
    }
}
