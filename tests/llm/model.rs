//! The real model, and the component in front of it.

use std::env;

use serde_json::{Value, json};

use crate::harness::*;

/// The model's name on both servers.
pub fn name() -> String {
    variable("SUPPORT_TICKET_LLM_NAME")
}

/// Scheme, host and port of the server with this API.
pub fn origin(dialect: Dialect) -> String {
    let is_ollama = dialect.backend() == "ollama";
    variable(if is_ollama { "SUPPORT_TICKET_LLM_OLLAMA" } else { "SUPPORT_TICKET_LLM_COMPLETIONS" })
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test-llm`"))
}

/// Serves the component with the model as its only backend, and further variables.
pub fn serve(dialect: Dialect, more: &[(&str, &str)]) -> Server {
    // A long deadline for slow machines, and no fallback.
    let patient = [("TIMEOUT_SECONDS", "300"), NO_FALLBACK];
    dialect.serve(&origin(dialect), &name(), &[&patient[..], more].concat())
}

/// The ticket's schema in the served OpenAPI document.
pub fn ticket_validator(server: &Server) -> jsonschema::Validator {
    let document = server.get("/openapi.json").json();
    let schema = json!({"$ref": "#/components/schemas/Ticket", "components": document["components"]});
    jsonschema::draft202012::new(&schema).unwrap()
}

/// Checks that the model itself answered; returns `meta`.
#[track_caller]
pub fn of_the_model(dialect: Dialect, body: &Value) -> &Value {
    let meta = &body["meta"];
    assert_eq!((&meta["backend"], &meta["degraded"]), (&dialect.backend().into(), &false.into()), "{body}");
    assert_eq!(meta["model"], name().as_str(), "{body}");
    assert!(meta["attempts"].as_u64() >= Some(1), "{body}");
    meta
}
