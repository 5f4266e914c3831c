//! What models write for a value that nobody has said.

use serde_json::Value;

use crate::text::fold;

/// Longest text, in characters, that may say nothing: "information non communiquée" and its like.
const MAX_CHARS: usize = 40;

/// Whether a value says nothing: null, blank, an empty list, or a word for unknown as the whole text.
pub(in crate::ticket) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text_says_nothing(text),
        Value::Array(items) => items.iter().all(says_nothing),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Whether a text is blank, bare punctuation, or a word for unknown: « [INCONNU] », « non précisé », "N/A".
pub(in crate::ticket) fn text_says_nothing(text: &str) -> bool {
    let text = text.trim();
    if text.chars().nth(MAX_CHARS).is_some() {
        return text.chars().all(|c| !c.is_alphanumeric());
    }
    let folded = fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.strip_prefix("information ").unwrap_or(bare);
    match bare {
        "" | "n/a" | "n.a" | "null" | "none" | "nil" | "undefined" | "unknown" | "unspecified" | "undetermined" => true,
        "a preciser" | "a determiner" | "a confirmer" | "to be determined" | "tbd" | "no information" => true,
        _ => match bare.split_once([' ', '-', '_']) {
            Some(("non" | "pas" | "not", participle)) => is_not_said(participle.trim_end_matches(['e', 's'])),
            _ => matches!(bare.trim_end_matches(['e', 's']), "inconnu" | "indetermin"),
        },
    }
}

/// Participles that follow "non" or "not", without the letters of gender and number at their end.
fn is_not_said(participle: &str) -> bool {
    matches!(
        participle,
        "preci"
            | "specifi"
            | "renseign"
            | "communiqu"
            | "fourni"
            | "indiqu"
            | "mentionn"
            | "disponibl"
            | "defini"
            | "determin"
            | "connu"
            | "specified"
            | "provided"
            | "mentioned"
            | "known"
            | "availabl"
            | "given"
            | "stated"
            | "determined"
            | "applicabl"
    )
}
