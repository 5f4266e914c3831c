//! The real model, and the component in front of it.

use std::env;

use serde_json::{Value, json};

use crate::harness::*;

/// Its APIs.
pub const DIALECTS: [Dialect; 3] = [Dialect::Generate, Dialect::Chat, Dialect::Completions];

/// The model's name on both servers.
pub fn name() -> String {
    variable("SUPPORT_TICKET_LLM_NAME")
}

/// Scheme, host and port of the server with this API.
pub fn origin(dialect: Dialect) -> String {
    match dialect {
        Dialect::Generate | Dialect::Chat => variable("SUPPORT_TICKET_LLM_OLLAMA"),
        Dialect::Completions => variable("SUPPORT_TICKET_LLM_COMPLETIONS"),
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test-llm`"))
}

/// Serves the component with the model as its only backend, and further variables.
pub fn serve(dialect: Dialect, more: &[(&str, &str)]) -> Server {
    let (origin, name) = (origin(dialect), name());
    let url = match dialect {
        Dialect::Generate => format!("{origin}/api/generate"),
        Dialect::Chat => format!("{origin}/api/chat"),
        Dialect::Completions => format!("{origin}/v1/chat/completions"),
    };
    let own = match dialect {
        Dialect::Generate | Dialect::Chat => [
            ("MODEL_BACKEND", "ollama"),
            ("OLLAMA_ORIGIN", &origin),
            ("OLLAMA_URL", &url),
            ("OLLAMA_MODEL_NAME", &name),
        ],
        Dialect::Completions => [
            ("MODEL_BACKEND", "mistral"),
            ("MISTRAL_ORIGIN", &origin),
            ("MISTRAL_URL", &url),
            ("MISTRAL_MODEL_NAME", &name),
        ],
    };
    // A long deadline for slow machines, and no fallback.
    let patient = [("TIMEOUT_SECONDS", "300"), ("FALLBACK_BACKEND", "")];
    let own = own.iter().chain(&patient).filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    Server::start(&own.chain(more).copied().collect::<Vec<_>>())
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
    let backend = if dialect == Dialect::Completions { "mistral" } else { "ollama" };
    assert_eq!((&meta["backend"], &meta["degraded"]), (&backend.into(), &false.into()), "{body}");
    assert_eq!(meta["model"], name().as_str(), "{body}");
    assert!(meta["attempts"].as_u64() >= Some(1), "{body}");
    meta
}
