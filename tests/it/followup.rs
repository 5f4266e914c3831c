//! `POST /followup`: missing fields, the next question, and forbidden questions.

use serde_json::{Value, json};

use crate::harness::*;

/// The fields that the built-in schema asks for, in the order of `x-ask`.
const ASKED: [&str; 6] = ["localisation", "equipement", "categorie", "titre", "priorite", "description"];

/// The request of the FastAPI service's documentation, unchanged.
fn fastapi_followup() -> Value {
    let ticket = json!({"titre": "Problème imprimante", "categorie": UNKNOWN, "description": "Imprimante en panne"});
    json!({"ticket": ticket, "history": ["Bonjour"]})
}

fn complete_ticket() -> Value {
    ticket_with(&json!({"localisation": "Bâtiment B, bureau 12"}))
}

/// The built-in schema's question for a field.
fn schema_question(field: &str, language: &str) -> Value {
    built_in_schema()["properties"][field]["x-question"][language].clone()
}

#[test]
fn fastapi_requests_get_a_question_from_every_model_server() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([asks("À quel étage se trouve l'imprimante ?")]);
        let server = upstream.serve(dialect, &[]);
        let body = success(&server.post("/followup", &fastapi_followup()));
        let data = &body["data"];
        assert_eq!(keys(data), ["question", "field", "missing_fields", "complete"]);
        assert_eq!(data["question"], "À quel étage se trouve l'imprimante ?");
        assert_eq!(data["missing_fields"], json!(["localisation", "equipement", "categorie", "priorite"]));
        assert_eq!((&data["field"], &data["complete"]), (&json!("localisation"), &json!(false)));
        assert_eq!((&body["meta"]["attempts"], &body["meta"]["degraded"]), (&json!(1), &json!(false)));
        assert_eq!(body["meta"]["usage"]["prompt_tokens"], mistral::PROMPT_TOKENS);
        let call = upstream.call();
        assert!(call.user().contains("Problème imprimante") && call.user().contains("Bonjour"), "{}", call.user());
        assert!(!call.system().contains("Problème imprimante"), "{}", call.system());
    }
}

#[test]
fn absent_null_blank_and_unknown_fields_are_missing() {
    let server = Server::local();
    for field in ASKED {
        for nothing in [Value::Null, json!(""), json!(" \t\n"), json!(UNKNOWN)] {
            let ticket = complete_ticket();
            let body = json!({"ticket": merged(&ticket, field, &nothing)});
            let data = success(&server.post("/followup", &body))["data"].clone();
            assert_eq!((&data["missing_fields"], &data["field"]), (&json!([field]), &json!(field)), "{nothing}");
            assert_eq!((&data["question"], &data["complete"]), (&schema_question(field, "fr"), &json!(false)));
        }
        let mut ticket = complete_ticket();
        ticket.as_object_mut().unwrap().remove(field);
        let data = success(&server.post("/followup", &json!({"ticket": ticket})))["data"].clone();
        assert_eq!(data["missing_fields"], json!([field]));
    }
    let nothing_known = json!({"ticket": {"titre": null}});
    let data = success(&server.post("/followup", &nothing_known))["data"].clone();
    assert_eq!(data["missing_fields"], json!(ASKED));
}

fn merged(ticket: &Value, field: &str, value: &Value) -> Value {
    let mut ticket = ticket.clone();
    ticket[field] = value.clone();
    ticket
}

#[test]
fn a_complete_ticket_needs_no_model() {
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([asks("Autre chose ?")]);
        let server = upstream.serve(dialect, &[]);
        let body = success(&server.post("/followup", &json!({"ticket": complete_ticket(), "history": ["Bonjour"]})));
        let expected = json!({"question": null, "field": null, "missing_fields": [], "complete": true});
        assert_eq!((&body["data"], &body["meta"]["attempts"]), (&expected, &json!(0)));
        assert_eq!(upstream.requests().len(), 0);
    }
}

#[test]
fn no_question_asks_for_a_secret() {
    let forbidden = [
        "Quel est votre mot de passe ?",
        "Pouvez-vous me donner votre MOT DE PASSE Windows ?",
        "Quel code avez-vous reçu par SMS ?",
        "Quel est le code PIN de votre téléphone ?",
        "Quel est le numéro de votre carte bancaire ?",
        "What is your password?",
        "Please tell us the PIN code.",
        "What is your credit card number?",
    ];
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[]);
        for question in forbidden {
            upstream.script([asks(question)]);
            let body = success(&server.post("/followup", &fastapi_followup()));
            assert_eq!((&body["meta"]["attempts"], &body["meta"]["rejected"]), (&json!(1), &json!(1)), "{question}");
            let data = &body["data"];
            assert_eq!(data["question"], schema_question("localisation", "fr"), "{question}");
            assert_eq!(data["field"], "localisation");
        }
    }
}

#[test]
fn the_local_backend_asks_in_both_languages() {
    let ticket = json!({"titre": "Printer down", "description": "The printer does not work", "categorie": "Matériel"});
    let body = json!({"ticket": ticket, "history": ["Hello, my printer does not work"]});
    let fallback = Server::shared(&[("MODEL_BACKEND", "ollama"), ("OLLAMA_ORIGIN", REFUSED), ("MAX_ATTEMPTS", "1")]);
    for (server, degraded) in [(Server::local(), false), (fallback, true)] {
        let answer = Call::new("POST", "/followup").header("accept-language", "en").json(&server, &body);
        let english = success(&answer);
        assert_eq!(english["data"]["question"], schema_question("localisation", "en"));
        assert_eq!(english["meta"]["degraded"], degraded);
        let french = success(&server.post("/followup", &fastapi_followup()));
        assert_eq!(french["data"]["question"], schema_question("localisation", "fr"));
    }
}

#[test]
fn an_unusable_question_is_an_error_or_replaced_by_the_fallback() {
    for text in ["", "{\"question\": \"\"}", "{\"question\": null}", "{\"question\": ["] {
        let upstream = Upstream::start([says_text(text)]);
        let alone = upstream.serve(Dialect::Completions, &[NO_FALLBACK]);
        let answer = alone.post("/followup", &fastapi_followup());
        let body = envelope(&answer);
        // Either the schema's own question or an error will do; an empty question will not.
        match answer.status {
            200 => assert_eq!(body["data"]["question"], schema_question("localisation", "fr"), "{text}"),
            // An answer without any text is a server error; any other is invalid output of the model.
            status => {
                assert_eq!(status, 502);
                let code = if text.is_empty() { "upstream_error" } else { "upstream_invalid_output" };
                assert_eq!(body["error"]["code"], code, "{text}");
            }
        }
        let helped = upstream.serve(Dialect::Completions, &[]);
        let body = success(&helped.post("/followup", &fastapi_followup()));
        assert_eq!(body["data"]["question"], schema_question("localisation", "fr"), "{text}");
    }
}

#[test]
fn a_question_is_one_bounded_line_of_visible_text() {
    let upstream = Upstream::start([asks(&format!("Où\u{200b} est\u{202e}-ce\u{7} ? {}", "Dites-le. ".repeat(2_000)))]);
    let server = upstream.serve(Dialect::Generate, &[]);
    let body = success(&server.post("/followup", &fastapi_followup()));
    let question = body["data"]["question"].as_str().unwrap();
    assert!(question.chars().count() <= 2_000, "{} characters", question.chars().count());
    assert!(!question.contains(['\u{200b}', '\u{202e}', '\u{7}']), "{question}");
}
