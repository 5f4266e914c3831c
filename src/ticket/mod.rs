//! Tickets: the schema that defines their fields, and how a model's text becomes one.

mod confidence;
mod grounding;
pub(crate) mod kinds;
pub mod question;
mod read;
pub mod schema;

use serde_json::{Map, Value};

use crate::language::in_any;
use crate::text::fold;

pub use confidence::{Confidence, confidence, supplement};
pub use grounding::{Evidence, Instructions, MIN_TOKEN_CHARS, Secrets, ground, ground_fragments, ground_text};
pub use kinds::{Kind, KindDocs};
pub use read::{AnswerError, Draft, NoObject, Reading, Unreadable, normalise, read, read_object};
pub use schema::{Field, Schema, SchemaError, UNKNOWN};

/// A ticket's values by field name, in the schema's order; [`UNKNOWN`] for unknown ones.
pub type Values = Map<String, Value>;

/// Whether a ticket has no value for a field: absent, null, blank or [`UNKNOWN`], in any case and gender.
pub fn is_missing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => {
            let text = text.trim();
            text.is_empty() || in_any(&fold(text), |texts| texts.values.unknown_marks)
        }
        Some(_) => false,
    }
}

/// The fields that `values` lacks and that may be asked for, in the order in which to ask.
pub fn missing_fields<'a>(schema: &'a Schema, values: &Values) -> Vec<&'a Field> {
    schema.asked().into_iter().filter(|field| is_missing(values.get(&field.name))).collect()
}
