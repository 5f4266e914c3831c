//! The fixed requests.

use anyhow::{Context, Result};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::guest::{Guest, expect_status};
use crate::numbers::Taken;

/// A model server with a fixed answer.
#[derive(Clone)]
pub struct Model(Dialect);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Generate,
    GenerateStream,
    Completions,
    Question,
    Unreachable,
}

/// The answer of a model server.
pub struct ModelAnswer {
    /// The media type.
    pub content_type: &'static str,
    /// The whole body.
    pub body: Bytes,
}

/// One request and its expected answer.
pub struct Case {
    /// Its name among the numbers.
    pub name: &'static str,
    path: &'static str,
    body: Option<Value>,
    accept: &'static str,
    variables: &'static [(&'static str, &'static str)],
    model: Dialect,
    status: u16,
    /// A text that only the right answer contains.
    holds: &'static str,
}

const OLLAMA: &[(&str, &str)] = &[("MODEL_BACKEND", "ollama"), ("FALLBACK_BACKEND", "")];
const MISTRAL: &[(&str, &str)] =
    &[("MODEL_BACKEND", "mistral"), ("FALLBACK_BACKEND", ""), ("MISTRAL_API_KEY", "a-key-of-no-account")];
const LOCAL: &[(&str, &str)] = &[("MODEL_BACKEND", "local")];

/// Every case.
pub fn all() -> Vec<Case> {
    let message = "Bonjour, l'imprimante HP du 3e étage à Lyon ne marche plus depuis ce matin, je ne peux plus imprimer \
        les bons de livraison. Joignable au 06 12 34 56 78 ou à claire.martin@example.org.";
    let history = json!(["Bonjour", {"role": "assistant", "content": "Bonjour, que se passe-t-il ?"}]);
    let analyze = json!({"message": message, "history": history});
    let long: String = message.chars().cycle().take(7_999).collect();
    let get = |name, path, holds| Case {
        name,
        path,
        body: None,
        accept: "*/*",
        variables: OLLAMA,
        model: Dialect::Unreachable,
        status: 200,
        holds,
    };
    let post = |name, variables, model, body: &Value, holds| Case {
        name,
        path: "/analyze",
        body: Some(body.clone()),
        accept: "application/json",
        variables,
        model,
        status: 200,
        holds,
    };
    let ticket = json!({"ticket": {"titre": "Imprimante", "description": "En panne"}, "history": history});
    vec![
        get("GET /health", "/health", "\"healthy\""),
        get("GET /openapi.json", "/openapi.json", "\"3.1.0\""),
        post("analyze, ollama", OLLAMA, Dialect::Generate, &analyze, "\"prompt_tokens\":412"),
        post("analyze, mistral, redacted", MISTRAL, Dialect::Completions, &analyze, "\"prompt_tokens\":412"),
        Case {
            accept: "text/event-stream",
            ..post("analyze, ollama, streamed", OLLAMA, Dialect::GenerateStream, &analyze, "event: delta")
        },
        post("analyze, local", LOCAL, Dialect::Unreachable, &analyze, "\"imprimante HP\""),
        post("analyze, local, 7,999 characters", LOCAL, Dialect::Unreachable, &json!({"message": long}), "imprimante"),
        Case {
            path: "/followup",
            ..post("followup, ollama", OLLAMA, Dialect::Question, &ticket, "Où se trouve cette imprimante")
        },
        Case {
            status: 422,
            ..post("refused", OLLAMA, Dialect::Unreachable, &json!({"history": [1, {}]}), "validation_error")
        },
    ]
}

impl Case {
    /// Measures the first request of an instance, including its start, and a later one.
    pub async fn measure(&self, guest: &Guest) -> Result<Taken> {
        let mut instance = guest.instance(self.variables, Model(self.model)).await?;
        let first = instance.ask(self.request()?).await?;
        let first_total = instance.fuel()?;
        let later = instance.ask(self.request()?).await?;
        for answer in [&first, &later] {
            expect_status(answer, self.status).context(self.name)?;
            let text = String::from_utf8_lossy(&answer.body);
            anyhow::ensure!(text.contains(self.holds), "{}: not the expected answer: {text}", self.name);
        }
        Ok(Taken { first: first_total, later: later.fuel })
    }

    fn request(&self) -> Result<http::Request<Bytes>> {
        let method = if self.body.is_some() { "POST" } else { "GET" };
        let request = http::Request::builder().method(method).uri(format!("http://localhost{}", self.path));
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        Ok(request.header("accept", self.accept).header("content-type", "application/json").body(body.into())?)
    }
}

impl Model {
    /// A server that must not be called.
    pub fn unreachable() -> Self {
        Self(Dialect::Unreachable)
    }

    /// Its answer to every request.
    pub fn answer(&self) -> ModelAnswer {
        let ticket = json!({
            "titre": "Imprimante HP en panne", "categorie": "Matériel", "priorite": "Haute",
            "description": "L'imprimante HP du 3e étage ne marche plus depuis ce matin, les bons de livraison attendent.",
            "localisation": "3e étage à Lyon", "equipement": "imprimante HP",
        })
        .to_string();
        let counts = json!({"done": true, "done_reason": "stop", "prompt_eval_count": 412, "eval_count": 96});
        let generate = |text: &str| {
            let mut last = counts.clone();
            last["model"] = "mistral:instruct".into();
            last["created_at"] = "2025-06-15T12:00:00Z".into();
            last["response"] = text.into();
            last.to_string()
        };
        let (content_type, body) = match self.0 {
            Dialect::Generate => ("application/json", generate(&ticket)),
            Dialect::GenerateStream => {
                let letters: Vec<char> = ticket.chars().collect();
                let pieces: String = letters
                    .chunks(4)
                    .map(|piece| {
                        let piece: String = piece.iter().collect();
                        format!("{}\n", json!({"model": "mistral:instruct", "response": piece, "done": false}))
                    })
                    .collect();
                ("application/x-ndjson", pieces + &generate("") + "\n")
            }
            Dialect::Completions => {
                let message = json!({"role": "assistant", "content": ticket, "tool_calls": null});
                let choice = json!({"index": 0, "finish_reason": "stop", "message": message});
                let usage = json!({"prompt_tokens": 412, "completion_tokens": 96, "total_tokens": 508});
                let completion = json!({
                    "id": "0", "object": "chat.completion", "created": 1_750_000_000,
                    "model": "mistral-large-latest", "choices": [choice], "usage": usage,
                });
                ("application/json", completion.to_string())
            }
            Dialect::Question => {
                let asked = json!({"question": "Où se trouve cette imprimante : quel étage, quel bureau ?"});
                ("application/json", generate(&asked.to_string()))
            }
            Dialect::Unreachable => ("text/plain", "this server must not be called".to_owned()),
        };
        ModelAnswer { content_type, body: body.into() }
    }
}
