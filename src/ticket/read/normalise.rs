//! From a model's value to a value of the field.
//!
//! A near miss becomes the value that was meant. The model must fix any other value: nothing is guessed.

use serde_json::Value;

use super::unknown::means_unknown;
use crate::text::fold;
use crate::ticket::kinds::FieldKind;
use crate::ticket::schema::{Field, UNKNOWN};

/// A value of the field.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The value as the model wrote it.
    Exact(Value),
    /// The value that the model meant.
    Normalised(Value),
}

/// Reads the value of `field`, if it has one; `None` for a value that the field does not take.
///
/// Listed values come first, since one may mean unknown elsewhere ("N/A"). In any field, null, a blank, "inconnu", "N/A"
/// and "not specified" are [`UNKNOWN`], and a list of one value is that value. The kind reads the rest.
pub fn normalise(field: &Field, value: Option<&Value>) -> Option<Reading> {
    let Some(given) = value else { return Some(Reading::Exact(Value::from(UNKNOWN))) };
    let single = given.as_array().filter(|items| items.len() == 1).and_then(|items| items.first()).unwrap_or(given);
    let read = match listed(field, single) {
        Some(listed) => Value::from(listed),
        None if means_unknown(single) => Value::from(UNKNOWN),
        None => field.kind.read(single)?,
    };
    Some(if read == *given { Reading::Exact(read) } else { Reading::Normalised(read) })
}

/// The listed value that equals this one, case and accents aside.
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
