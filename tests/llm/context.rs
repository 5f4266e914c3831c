//! The room that a conversation gets, against a tokenizer that counts for real.

use serde_json::json;

use crate::harness::*;
use crate::model::{of_the_model, serve};

/// Tokens.
const CONTEXT: u64 = 2048;

#[test]
fn what_is_kept_of_a_long_history_fits_the_context() {
    let server = serve(Dialect::Chat, &[("OLLAMA_NUM_CTX", &CONTEXT.to_string())]);
    let line =
        |number: usize| format!("Ligne {number} : le câble n'est pas branché à l'étage, où est l'écran ? Ça grésille…");
    let history: Vec<String> = (0..50).map(line).collect();
    let long = success(&server.post("/analyze", &json!({"message": FASTAPI_MESSAGE, "history": history})));
    let short = success(&server.post("/analyze", &fastapi_request()));
    let tokens = |body| of_the_model(Dialect::Chat, body)["usage"]["prompt_tokens"].as_u64().unwrap();
    let calls = long["meta"]["attempts"].as_u64().unwrap();
    let (long, short) = (tokens(&long) / calls, tokens(&short));
    assert!(long <= CONTEXT / 2, "{long} tokens: the other half is for the answer");
    assert!(long > short + 50, "{long} tokens, and {short} without a history: none of it was kept");
    println!("{short} prompt tokens, {long} with the history");
}
