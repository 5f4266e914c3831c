//! The token budget of a conversation, with a real tokenizer.

use serde_json::json;
use support_ticket_ai::ticket::Schema;

use crate::harness::*;
use crate::model::{of_the_model, serve};

/// Tokens.
const CONTEXT: u64 = 2048;

fn prose(number: usize) -> String {
    format!("Ligne {number} : le câble n'est pas branché à l'étage, où est l'écran ? Ça grésille…")
}

fn log(number: usize) -> String {
    format!("2026-11-25T13:{number:02}:07.531Z ERROR 0x8004010F [10.0.{number}.254:8080] Échec (code {number}0042)")
}

fn capitals(number: usize) -> String {
    format!("IMPRIMANTE EN PANNE AU {number}EME ETAGE MERCI DE FAIRE VITE C'EST URGENT")
}

#[test]
fn a_shortened_history_fits_the_context() {
    let server = serve(Dialect::Chat, &[("OLLAMA_NUM_CTX", &CONTEXT.to_string())]);
    let budget = CONTEXT - u64::from(Schema::built_in().unwrap().answer_tokens());
    let prompt_tokens = |history: &[String]| {
        let body = success(&server.post("/analyze", &json!({"message": FASTAPI_MESSAGE, "history": history})));
        let meta = of_the_model(Dialect::Chat, &body);
        meta["usage"]["prompt_tokens"].as_u64().unwrap() / meta["attempts"].as_u64().unwrap()
    };
    let bare = prompt_tokens(&[]);
    for line in [prose, log, capitals] {
        let history: Vec<String> = (0..50).map(line).collect();
        let long = prompt_tokens(&history);
        println!("{bare} prompt tokens, {long} of {budget} with 50 lines like « {} »", line(0));
        assert!(long <= budget, "{long} prompt tokens and an answer do not fit {CONTEXT}");
        assert!(long > bare + budget / 4, "{long} prompt tokens: most lines were dropped");
    }
}
