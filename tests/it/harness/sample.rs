//! Shared test data.

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The value of an unknown field.
pub const UNKNOWN: &str = "[INCONNU]";

/// An origin without a server: the port is reserved.
pub const REFUSED: &str = "http://127.0.0.1:1";

/// The setting without a fallback to the local backend.
pub const NO_FALLBACK: (&str, &str) = ("FALLBACK_BACKEND", "");

/// The message of the FastAPI service's documentation.
pub const FASTAPI_MESSAGE: &str = "Mon imprimante ne marche plus depuis ce matin";

/// The fields of the built-in schema, in its order.
pub const FIELDS: [&str; 6] = ["titre", "categorie", "priorite", "description", "localisation", "equipement"];
/// The fields of the built-in schema, in the order in which a model writes them.
pub const WRITTEN: [&str; 6] = ["description", "titre", "categorie", "priorite", "localisation", "equipement"];

/// The request of the FastAPI service's documentation, unchanged.
pub fn fastapi_request() -> Value {
    json!({"message": FASTAPI_MESSAGE, "history": ["Bonjour", "J'ai un problème"]})
}

/// A correct ticket for that request; the location is unknown.
pub fn ticket() -> Value {
    json!({
        "titre": "Imprimante en panne",
        "categorie": "Matériel",
        "priorite": "Normale",
        "description": "L'imprimante ne marche plus depuis ce matin",
        "localisation": UNKNOWN,
        "equipement": "Imprimante"
    })
}

/// The ticket with some fields changed.
pub fn ticket_with(changes: &Value) -> Value {
    let mut ticket = ticket();
    let fields = ticket.as_object_mut().expect("an object");
    fields.extend(changes.as_object().expect("an object").clone());
    ticket
}

/// The built-in ticket schema.
pub fn built_in_schema() -> Value {
    serde_json::from_str(include_str!("../../../src/ticket/schema.json")).expect("JSON")
}

/// The nth random number of a seed (SplitMix64).
pub const fn random(seed: u64, n: u64) -> u64 {
    let mixed = seed.wrapping_add(n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

/// The keys of an object, in their order.
pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}")).keys().map(String::as_str).collect()
}

/// The strings of an array.
pub fn texts(value: &Value) -> Vec<&str> {
    let items = value.as_array().unwrap_or_else(|| panic!("not a list: {value}"));
    items.iter().map(|item| item.as_str().unwrap_or_else(|| panic!("not a text: {item}"))).collect()
}

/// The long words of a text that are not in another text: for two prompts of the same request, the boundary around the
/// caller's text.
pub fn fresh_words(text: &str, other: &str) -> Vec<String> {
    let words = |text: &str| -> HashSet<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() >= 8);
        words.map(str::to_owned).collect()
    };
    words(text).difference(&words(other)).cloned().collect()
}

/// Whether `reached` becomes true within `limit`.
pub fn eventually(limit: Duration, reached: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !reached() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    true
}
