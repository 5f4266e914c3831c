//! The ticket schema: the one source of the fields, read from JSON Schema (draft 2020-12).
//!
//! A schema that exists is valid: [`Schema::parse`] is the only way in, and says with a JSON Pointer (RFC 6901)
//! where a document breaks the rules. The rules are those of a flat object whose properties are strings (free or
//! `enum`), booleans, integers or numbers; extension keywords start with `x-` and never leave the process.

use serde_json::{Map, Value, json};

use crate::language::Language;

/// What stands in a ticket for a value that nobody has said.
pub const UNKNOWN: &str = "[INCONNU]";

/// Longest document that is read, in bytes: thirty times the built-in schema, and far below what would weigh on a request.
pub const MAX_SCHEMA_BYTES: usize = 256 * 1024;
/// Most fields of a ticket: what fits a prompt and a form that people fill.
pub const MAX_FIELDS: usize = 64;
/// `maxLength` where a string field has none, in characters: a paragraph.
pub const DEFAULT_MAX_LENGTH: usize = 500;
/// Largest `maxLength`, in characters: the longest message that a caller may send.
pub const MAX_MAX_LENGTH: usize = 8_000;

/// Least tokens that a model is allowed for a ticket: some write a sentence or think before it.
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
    /// What values it takes.
    pub kind: Kind,
    /// The property's `title`: how people see it named.
    pub title: Option<String>,
    /// The property's `description`, else its `title`: what the prompt says of it.
    pub description: Option<String>,
    /// `x-ask`: where the field stands among those to ask for; `None` = never asked.
    pub ask: Option<i64>,
    /// `x-question`: what to ask when no model phrases it better.
    pub question: Option<Question>,
    /// `x-values`: known values that free text is matched to, such as sites.
    pub known_values: Vec<String>,
    /// `x-extract`: what the local backend extracts into it; `None` = what its name tells.
    pub extract: Option<Extract>,
}

/// What the local backend extracts into a field from free text.
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
    /// How urgent it is.
    Priority,
}

/// The values that a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Free text of at most `max_length` characters.
    Text {
        /// Longest value, in characters.
        max_length: usize,
    },
    /// One of a list of values.
    Choice {
        /// The values in the schema's order, each with its `x-keywords`.
        options: Vec<Choice>,
    },
    /// `true` or `false`.
    Boolean,
    /// A whole number within bounds, both included.
    Integer {
        /// Lower bound.
        minimum: Option<f64>,
        /// Upper bound.
        maximum: Option<f64>,
    },
    /// A number within bounds, both included.
    Number {
        /// Lower bound.
        minimum: Option<f64>,
        /// Upper bound.
        maximum: Option<f64>,
    },
}

/// One value of an `enum`, and the words that point to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value as a ticket shows it.
    pub value: String,
    /// The schema's `x-keywords` for it.
    pub keywords: Vec<String>,
}

/// `x-question`: its wordings by language, in the order of [`Language::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question(Vec<(Language, String)>);

impl Question {
    /// The wording in `locale`, else in the first language that has one.
    pub fn text(&self, locale: Language) -> Option<&str> {
        let own = self.0.iter().find(|(language, _)| *language == locale);
        own.or_else(|| self.0.first()).map(|(_, text)| text.as_str())
    }
}

/// Where a schema breaks the rules, and which rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at \"{pointer}\": {rule}")]
pub struct SchemaError {
    /// JSON Pointer to the fault; empty for the whole document.
    pub pointer: String,
    /// What was expected there.
    pub rule: String,
}

impl Schema {
    /// The schema that the project ships, in `schema.json` beside this file.
    ///
    /// # Errors
    /// None in practice: a test reads it.
    pub fn built_in() -> Result<Self, SchemaError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a JSON Schema document.
    ///
    /// # Errors
    /// [`SchemaError`] with a JSON Pointer to the first fault in document order.
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
            return fault("", format!("the document must not exceed {MAX_SCHEMA_BYTES} bytes"));
        }
        let value: Value = serde_json::from_str(document.trim_start_matches('\u{feff}'))
            .map_err(|e| SchemaError { pointer: String::new(), rule: format!("not JSON: {e}") })?;
        parse::schema(&value)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether `text` is part of a field's name or of a value that the schema itself holds: those are public.
    pub fn mentions(&self, text: &str) -> bool {
        let holds = |field: &Field| {
            let is_choice = match &field.kind {
                Kind::Choice { options } => options.iter().any(|option| option.value.contains(text)),
                _ => false,
            };
            is_choice || field.name.contains(text) || field.known_values.iter().any(|value| value.contains(text))
        };
        !text.is_empty() && self.fields.iter().any(holds)
    }

    /// The fields that may be asked for, in the order in which to ask (`x-ask`, then the schema's order).
    pub fn asked(&self) -> Vec<&Field> {
        let mut asked: Vec<&Field> = self.fields.iter().filter(|field| field.ask.is_some()).collect();
        asked.sort_by_key(|field| field.ask);
        asked
    }

    /// The fields in the order in which a model writes them: those longer than a paragraph first, in the schema's order
    /// among themselves. What a model has told in full, it then sums up and sorts better.
    pub fn written(&self) -> Vec<&Field> {
        let is_long =
            |field: &&Field| matches!(field.kind, Kind::Text { max_length } if max_length > DEFAULT_MAX_LENGTH);
        let (mut first, then): (Vec<&Field>, Vec<&Field>) = self.fields.iter().partition(is_long);
        first.extend(then);
        first
    }

    /// Tokens to allow a model for a whole ticket: enough for every field at its longest.
    pub fn answer_tokens(&self) -> u32 {
        let tokens = self.fields.iter().map(Field::answer_tokens).sum::<usize>();
        u32::try_from(tokens).unwrap_or(u32::MAX).clamp(MIN_ANSWER_TOKENS, MAX_ANSWER_TOKENS)
    }

    /// The JSON Schema that constrains a model's answer: every field required, nothing else allowed, each of its
    /// kind or [`UNKNOWN`], no extension keyword, in the order in which to write them.
    pub fn to_model_json(&self) -> Value {
        let fields = self.written();
        let properties: Map<String, Value> =
            fields.iter().map(|field| (field.name.clone(), field.to_model_json())).collect();
        let required: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

impl Field {
    /// Tokens that the longest answer takes for this field, its name and punctuation included.
    fn answer_tokens(&self) -> usize {
        // Two characters a token: half of what French takes in Mistral's and Llama's tokenizers.
        let longest = match &self.kind {
            Kind::Text { max_length } => *max_length,
            Kind::Choice { options } => options.iter().map(|option| option.value.len()).max().unwrap_or_default(),
            Kind::Boolean | Kind::Integer { .. } | Kind::Number { .. } => 24,
        };
        (self.name.len() + longest.max(UNKNOWN.len())) / 2 + 8
    }

    /// The JSON Schema of this field's values, [`UNKNOWN`] included, without extension keywords.
    ///
    /// A description is not repeated here: the prompt carries it.
    pub fn to_model_json(&self) -> Value {
        match &self.kind {
            // A field too short for the unknown value has it as another form.
            Kind::Text { max_length } if *max_length < UNKNOWN.len() => {
                json!({"anyOf": [{"type": "string", "maxLength": max_length}, unknown_json()]})
            }
            Kind::Text { max_length } => json!({"type": "string", "maxLength": max_length}),
            Kind::Choice { options } => {
                let values: Vec<&str> = options.iter().map(|o| o.value.as_str()).chain([UNKNOWN]).collect();
                json!({"type": "string", "enum": values})
            }
            Kind::Boolean => json!({"anyOf": [{"type": "boolean"}, unknown_json()]}),
            Kind::Integer { minimum, maximum } => {
                json!({"anyOf": [bounded("integer", *minimum, *maximum), unknown_json()]})
            }
            Kind::Number { minimum, maximum } => {
                json!({"anyOf": [bounded("number", *minimum, *maximum), unknown_json()]})
            }
        }
    }

    /// The question to ask for this field, in `locale` where the schema has it.
    pub fn question(&self, locale: Language) -> String {
        let own = self.question.as_ref().and_then(|question| question.text(locale));
        let description = || self.description.as_deref().unwrap_or(&self.name);
        own.map_or_else(|| (locale.texts().ask_for)(description()), str::to_owned)
    }
}

fn unknown_json() -> Value {
    json!({"type": "string", "enum": [UNKNOWN]})
}

fn bounded(kind: &str, minimum: Option<f64>, maximum: Option<f64>) -> Value {
    let mut schema = Map::from_iter([("type".to_owned(), json!(kind))]);
    for (keyword, bound) in [("minimum", minimum), ("maximum", maximum)] {
        if let Some(bound) = bound {
            // A whole bound is written without its ".0": grammars built from the schema read integers only.
            let whole = bound.fract() == 0.0 && bound.abs() < 9e15;
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53, so exact")]
            let bound = if whole { json!(bound as i64) } else { json!(bound) };
            schema.insert(keyword.to_owned(), bound);
        }
    }
    Value::Object(schema)
}

fn fault<T>(pointer: impl Into<String>, rule: impl Into<String>) -> Result<T, SchemaError> {
    Err(SchemaError { pointer: pointer.into(), rule: rule.into() })
}

mod parse;
#[cfg(test)]
mod tests;
