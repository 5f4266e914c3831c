//! Models' words for an unknown value.

use serde_json::Value;

use crate::language::in_any;
use crate::text::fold;

/// Longest text that may be a word for unknown, in characters: "information non communiquée" and the like.
const MAX_CHARS: usize = 40;

/// Whether a value means unknown: null, blank, an empty list, or only a word for unknown.
pub(in crate::ticket) fn means_unknown(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text_means_unknown(text),
        Value::Array(items) => items.iter().all(means_unknown),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Whether a text is blank, bare punctuation, or a word for unknown: `[INCONNU]`, « non précisé », "N/A".
pub(in crate::ticket) fn text_means_unknown(text: &str) -> bool {
    let text = text.trim();
    if text.chars().nth(MAX_CHARS).is_some() {
        return text.chars().all(|c| !c.is_alphanumeric());
    }
    let folded = fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let noun = bare.split_once(' ').filter(|(noun, _)| in_any(noun, |texts| texts.values.information));
    let bare = noun.map_or(bare, |(_, rest)| rest);
    bare.is_empty()
        || in_any(bare, |texts| texts.values.unknown)
        || match bare.split_once([' ', '-', '_']) {
            Some((not, participle)) if in_any(not, |texts| texts.values.not) => {
                in_any(participle.trim_end_matches(['e', 's']), |texts| texts.values.unstated)
            }
            _ => in_any(bare.trim_end_matches(['e', 's']), |texts| texts.values.unknown_stems),
        }
}
