//! From what a model wrote in a field to a value that the field takes.
//!
//! A near miss becomes the value that was meant; what is ambiguous, or no value of the field, is left to the
//! model to fix. Nothing is guessed.

use serde_json::Value;

use super::unknown::says_nothing;
use crate::text::fold;
use crate::ticket::kinds::FieldKind;
use crate::ticket::schema::{Field, UNKNOWN};

/// A value that its field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The value as the model wrote it.
    Exact(Value),
    /// The value that the model meant.
    Normalised(Value),
}

/// Reads the value of `field`, absent or not; `None` where the field takes no such value.
///
/// A listed value comes first, since it may be one that would say nothing elsewhere, such as "N/A". In any field, null,
/// a blank, "inconnu", "N/A", "not specified" and their like are [`UNKNOWN`], and a list of one value is that value. The
/// rest is up to the kind.
pub fn normalise(field: &Field, value: Option<&Value>) -> Option<Reading> {
    let Some(given) = value else { return Some(Reading::Exact(Value::from(UNKNOWN))) };
    let single = given.as_array().filter(|items| items.len() == 1).and_then(|items| items.first()).unwrap_or(given);
    let read = match listed(field, single) {
        Some(listed) => Value::from(listed),
        None if says_nothing(single) => Value::from(UNKNOWN),
        None => field.kind.read(single)?,
    };
    Some(if read == *given { Reading::Exact(read) } else { Reading::Normalised(read) })
}

/// The listed value that this is, case and accents aside.
fn listed<'a>(field: &'a Field, value: &Value) -> Option<&'a str> {
    let listed = field.listed();
    // Constrained models write the value itself: nothing needs folding then.
    let exact = value.as_str().and_then(|text| listed.iter().find(|listed| **listed == text));
    let folded = || {
        let text = fold(&scalar(value).filter(|_| !listed.is_empty())?);
        listed.iter().find(|listed| fold(listed) == text.trim())
    };
    exact.or_else(folded).copied()
}

/// The text of a value that is neither a list nor an object.
pub(in crate::ticket) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
