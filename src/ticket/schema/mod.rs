//! The ticket schema: the single source of the fields, read from JSON Schema (draft 2020-12).
//!
//! Only [`Schema::parse`] makes a [`Schema`], so every [`Schema`] is valid. Its errors have a JSON Pointer (RFC 6901).
//! A document is a flat object; the kinds of field decide which properties it may have. Extension keywords start with
//! `x-` and never leave the process.

mod parse;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::kinds::{FieldKind, Kind};
use crate::language::Language;

pub(super) use parse::Property;

/// The value of an unknown field.
pub const UNKNOWN: &str = "[INCONNU]";

/// Longest document, in bytes: thirty times the built-in schema, and quick to read.
pub const MAX_SCHEMA_BYTES: usize = 256 * 1024;
/// Most fields of a ticket: as many as a prompt and a form can hold.
pub const MAX_FIELDS: usize = 64;
/// `maxLength` of a string field without one, in characters: a paragraph.
pub const DEFAULT_MAX_LENGTH: usize = 500;
/// Largest `maxLength`, in characters: the longest message that a caller may send.
pub const MAX_MAX_LENGTH: usize = 8_000;

/// Fewest tokens that a model is allowed for a ticket: some write a sentence or think before it.
const MIN_ANSWER_TOKENS: u32 = 512;
/// Most tokens that a model is allowed for a ticket: the output limit of most hosted models.
const MAX_ANSWER_TOKENS: u32 = 8_192;

const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/schema.json"));

/// The fields of a ticket, in the order in which a ticket lists them.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The schema's `title`, where it has one.
    pub title: Option<String>,
    /// The fields, never empty, names unique.
    pub fields: Vec<Field>,
}

/// One property of the schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The property's name.
    pub name: String,
    /// The values that it takes.
    pub kind: Kind,
    /// The property's `title`: its name for people.
    pub title: Option<String>,
    /// The property's `description`, else its `title`: its meaning, for the prompt.
    pub description: Option<String>,
    /// `x-ask`: the field's rank among those to ask for; `None` = never asked.
    pub ask: Option<i64>,
    /// `x-question`: the question to ask where no model writes a better one.
    pub question: Option<Question>,
    /// `x-extract`: what the local backend extracts into it; `None` = its name decides.
    pub extract: Option<Extract>,
}

/// The part of a free text that the local backend extracts into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extract {
    /// The phrase that states the problem.
    Title,
    /// The customer's own words.
    Description,
    /// Where it happens: room, floor, building, site.
    Place,
    /// The equipment, program or service concerned.
    Equipment,
    /// The urgency.
    Priority,
}

/// `x-question`: its wordings by language, in the order of [`Language::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question(Vec<(Language, String)>);

impl Question {
    /// The wording in `language`, else in the first language that has one.
    pub fn text(&self, language: Language) -> Option<&str> {
        let own = self.0.iter().find(|(other, _)| *other == language);
        own.or_else(|| self.0.first()).map(|(_, text)| text.as_str())
    }
}

/// A rule that a schema breaks, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at \"{pointer}\": {rule}")]
pub struct SchemaError {
    /// JSON Pointer to the place; empty for the whole document.
    pub pointer: String,
    /// The rule.
    pub rule: String,
}

impl Schema {
    /// The built-in schema, `src/ticket/schema.json`.
    ///
    /// # Errors
    /// None in practice: a test parses it.
    pub fn built_in() -> Result<Self, SchemaError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a JSON Schema document.
    ///
    /// # Errors
    /// [`SchemaError`] with a JSON Pointer to the first error in document order.
    ///
    /// ```
    /// use support_ticket_ai::ticket::Schema;
    /// let schema = Schema::parse(r#"{"type": "object", "properties": {"site": {"type": "string"}}}"#).unwrap();
    /// assert_eq!(schema.fields[0].name, "site");
    /// let error = Schema::parse(r#"{"type": "object", "properties": {"site": {"type": "array"}}}"#).unwrap_err();
    /// assert_eq!(error.pointer, "/properties/site/type");
    /// ```
    pub fn parse(document: &str) -> Result<Self, SchemaError> {
        if document.len() > MAX_SCHEMA_BYTES {
            return error("", format!("the document must not exceed {MAX_SCHEMA_BYTES} bytes"));
        }
        let value: Value = serde_json::from_str(document.trim_start_matches('\u{feff}'))
            .map_err(|e| SchemaError { pointer: String::new(), rule: format!("not JSON: {e}") })?;
        parse::schema(&value)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether `text` is part of a field's name or of a value that the schema lists: those are public.
    pub fn mentions(&self, text: &str) -> bool {
        let holds = |field: &Field| {
            field.name.contains(text) || field.kind.listed().into_iter().any(|value| value.contains(text))
        };
        !text.is_empty() && self.fields.iter().any(holds)
    }

    /// The fields with `x-ask`, in the order in which to ask for them: by `x-ask`, then the schema's order.
    pub fn asked(&self) -> Vec<&Field> {
        let mut asked: Vec<&Field> = self.fields.iter().filter(|field| field.ask.is_some()).collect();
        asked.sort_by_key(|field| field.ask);
        asked
    }

    /// The fields in the order in which a model writes them: those longer than a paragraph first, otherwise in the
    /// schema's order. Models summarise and classify better once they have written the full text.
    pub fn written(&self) -> Vec<&Field> {
        let is_long = |field: &&Field| field.kind.max_chars() > DEFAULT_MAX_LENGTH;
        let (mut first, then): (Vec<&Field>, Vec<&Field>) = self.fields.iter().partition(is_long);
        first.extend(then);
        first
    }

    /// Tokens to allow a model for a whole ticket: enough for the longest value of every field.
    pub fn answer_tokens(&self) -> u32 {
        let tokens = self.fields.iter().map(Field::answer_tokens).sum::<usize>();
        u32::try_from(tokens).unwrap_or(u32::MAX).clamp(MIN_ANSWER_TOKENS, MAX_ANSWER_TOKENS)
    }

    /// The JSON Schema that constrains a model's answer: every field is required and no other allowed, each with a value
    /// of its kind or [`UNKNOWN`], in the order of [`Self::written`]. It has no extension keywords.
    pub fn to_model_json(&self) -> Value {
        let fields = self.written();
        let properties: Map<String, Value> =
            fields.iter().map(|field| (field.name.clone(), field.to_model_json())).collect();
        let required: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

impl Field {
    /// Tokens of the longest answer for this field, its name and punctuation included.
    fn answer_tokens(&self) -> usize {
        // Two characters a token: half of what French takes in Mistral's and Llama's tokenizers.
        (self.name.len() + self.kind.max_chars().max(UNKNOWN.len())) / 2 + 8
    }

    /// The JSON Schema of this field's values and [`UNKNOWN`], without extension keywords and description.
    pub fn to_model_json(&self) -> Value {
        self.kind.model_schema()
    }

    /// The values that the schema lists for this field.
    pub fn listed(&self) -> Vec<&str> {
        self.kind.listed()
    }

    /// Whether the field takes this value, which is not [`UNKNOWN`].
    pub fn accepts(&self, value: &Value) -> bool {
        self.kind.accepts(value)
    }

    /// The question to ask for this field, in `language` where the schema has it.
    pub fn question(&self, language: Language) -> String {
        let own = self.question.as_ref().and_then(|question| question.text(language));
        let description = || self.description.as_deref().unwrap_or(&self.name);
        own.map_or_else(|| (language.texts().ask_for)(description()), str::to_owned)
    }
}

fn error<T>(pointer: impl Into<String>, rule: impl Into<String>) -> Result<T, SchemaError> {
    Err(SchemaError { pointer: pointer.into(), rule: rule.into() })
}
