//! A custom ticket schema: the only source of the ticket's fields.

use serde_json::{Value, json};

use crate::harness::*;

const OWN_FIELDS: [&str; 5] = ["resume", "site", "nature", "postes", "bloquant"];

/// A schema with all kinds of fields and all extension keywords.
fn own_schema() -> String {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Incident d'usine",
        "type": "object",
        "properties": {
            "resume": {"type": "string", "maxLength": 60, "description": "L'incident en une phrase", "x-ask": 2,
                "x-question": {"fr": "Que se passe-t-il ?", "en": "What happens?"}},
            "site": {"type": "string", "x-values": ["Usine de Lyon", "Siège Paris"], "x-ask": 1,
                "x-question": {"fr": "Sur quel site ?", "en": "On which site?"}},
            "nature": {"type": "string", "enum": ["Panne", "Demande"],
                "x-keywords": {"Panne": ["panne", "cassé"], "Demande": ["voudrais", "besoin"]}},
            "postes": {"type": "integer", "minimum": 0, "maximum": 500},
            "bloquant": {"type": "boolean"}
        }
    })
    .to_string()
}

const MESSAGE: &str = "La presse est en panne à l'usine de Lyon, 3 postes bloqués";

#[test]
fn a_model_fills_the_custom_ticket() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([says(&json!({
            "resume": "Presse en panne", "site": "usine de lyon", "nature": "panne", "postes": 3, "bloquant": true
        }))]);
        let server = upstream.serve(dialect, &[("TICKET_SCHEMA", &own_schema())]);
        let body = success(&server.analyze(MESSAGE));
        let expected = json!({
            "resume": "Presse en panne", "site": "Usine de Lyon", "nature": "Panne", "postes": 3, "bloquant": true
        });
        assert_eq!((&body["data"], keys(&body["data"])), (&expected, OWN_FIELDS.to_vec()));
        assert_eq!(body["meta"]["missing_fields"], json!([]));
        let schema = upstream.call().schema();
        assert_eq!(keys(&schema["properties"]), OWN_FIELDS, "{dialect:?}");
        assert!(!schema.to_string().contains("x-"), "{schema}");
        for built_in in ["categorie", "priorite", "localisation"] {
            assert!(!upstream.call().text().contains(built_in), "{dialect:?}: {built_in} is still in the request");
        }
    }
}

#[test]
fn values_of_the_wrong_kind_are_removed() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[("TICKET_SCHEMA", &own_schema())]);
    for (field, written) in [
        ("postes", json!(-1)),
        ("postes", json!(501)),
        ("postes", json!(2.5)),
        ("postes", json!("beaucoup")),
        ("bloquant", json!("peut-être")),
        ("nature", json!("Zorglub")),
        ("resume", json!({"a": 1})),
    ] {
        let mut ticket = json!({
            "resume": "Presse en panne", "site": "Usine de Lyon", "nature": "Panne", "postes": 3, "bloquant": true
        });
        ticket[field] = written.clone();
        upstream.script([says(&ticket)]);
        let data = success(&server.analyze(MESSAGE))["data"].clone();
        assert_eq!(keys(&data), OWN_FIELDS);
        let value = &data[field];
        let valid = match field {
            "postes" => value.as_u64().is_some_and(|count| count <= 500),
            "bloquant" => value.is_boolean(),
            "nature" => value == "Panne" || value == "Demande",
            _ => value.is_string(),
        };
        assert!(valid || value == UNKNOWN, "{field} {written}: {data}");
    }
}

#[test]
fn the_local_backend_uses_the_custom_schema() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("TICKET_SCHEMA", &own_schema())]);
    let body = success(&server.analyze(MESSAGE));
    assert_eq!(keys(&body["data"]), OWN_FIELDS);
    assert_eq!((&body["data"]["site"], &body["data"]["nature"]), (&json!("Usine de Lyon"), &json!("Panne")));
    let body = success(&server.analyze("Bonjour"));
    assert_eq!(body["data"]["site"], UNKNOWN);
    assert_eq!(texts(&body["meta"]["missing_fields"]).first(), Some(&"site"));
}

#[test]
fn the_followup_asks_for_custom_fields() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("TICKET_SCHEMA", &own_schema())]);
    let data = |ticket: Value| success(&server.post("/followup", &json!({"ticket": ticket})))["data"].clone();
    let first = data(json!({"nature": "Panne"}));
    assert_eq!((&first["missing_fields"], &first["question"]), (&json!(["site", "resume"]), &json!("Sur quel site ?")));
    let second = data(json!({"site": "Siège Paris"}));
    assert_eq!((&second["field"], &second["question"]), (&json!("resume"), &json!("Que se passe-t-il ?")));
    let complete = data(json!({"site": "Siège Paris", "resume": "Panne", "postes": null}));
    assert_eq!((&complete["complete"], &complete["question"]), (&json!(true), &Value::Null));
}

#[test]
fn the_openapi_document_shows_the_custom_schema() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("TICKET_SCHEMA", &own_schema())]);
    assert!(describes(&server.get("/openapi.json").json(), &OWN_FIELDS));
    assert!(describes(&Server::local().get("/openapi.json").json(), &FIELDS));
}

/// Whether an object of the document has exactly these properties, in this order.
fn describes(value: &Value, fields: &[&str]) -> bool {
    match value {
        Value::Object(object) => {
            object.get("properties").is_some_and(|properties| properties.is_object() && keys(properties) == fields)
                || object.values().any(|value| describes(value, fields))
        }
        Value::Array(items) => items.iter().any(|value| describes(value, fields)),
        _ => false,
    }
}

#[test]
fn an_invalid_schema_is_refused_with_the_position() {
    for (schema, pointer) in [
        ("nonsense", ""),
        (r#"{"type": "array"}"#, "/type"),
        (
            r#"{"type": "object", "properties": {"a/b": {"type": "string", "maxLength": "9"}}}"#,
            "/properties/a~1b/maxLength",
        ),
    ] {
        let server = Server::start(&[("MODEL_BACKEND", "local"), ("TICKET_SCHEMA", schema)]);
        let body = failure(&server.post("/analyze", &fastapi_request()), 500, "invalid_configuration");
        let detail = body["error"]["detail"].as_str().unwrap();
        assert!(detail.contains("ticket_schema") && detail.contains(pointer), "{schema}: {detail}");
        assert!(server.get("/health").text().contains(pointer), "{schema}");
    }
}
