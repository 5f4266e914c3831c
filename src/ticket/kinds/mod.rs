//! The kinds of field: one file per kind, with everything that the kind decides.
//!
//! A new kind is a file that implements [`FromProperty`] and [`FieldKind`], and its entry in the list below. Neither
//! trait has default methods: an incomplete kind does not compile. No other module matches on [`Kind`].
//!
//! [`FieldKind::description`] and [`FieldKind::expectation`] are noun phrases for prompts, in French like them; the
//! sentences around them are in `prompt`.

mod boolean;
mod choice;
mod number;
mod text;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::confidence::Confidence;
use super::grounding::{Evidence, Secrets};
use super::schema::{Extract, Property, SchemaError, UNKNOWN};

pub use boolean::Boolean;
pub use choice::{Choice, ChoiceOption};
pub use number::Number;
pub use text::Text;

/// Length allowed for a number or a boolean, in characters: the longest `f64`.
const SHORT_VALUE: usize = 24;

/// A kind's part of the documents. The component does not carry it.
#[derive(Clone, Copy, Debug)]
pub struct KindDocs {
    /// The kind's name.
    pub name: &'static str,
    /// Examples of fields: a name, and the property in JSON Schema.
    pub examples: &'static [(&'static str, &'static str)],
    /// The evidence for high, medium and low confidence, as Markdown.
    pub confidence: [&'static str; 3],
}

/// Reads a kind from a property of the schema.
trait FromProperty: Sized {
    /// The kind's part of the documents.
    const DOCS: KindDocs;
    /// The kind's values of `type`.
    const TYPES: &'static [&'static str];
    /// The kind's keywords of JSON Schema beside `type`.
    const KEYWORDS: &'static [&'static str];
    /// The kind's extension keywords, each with the error for a property of another kind.
    const EXTENSIONS: &'static [(&'static str, &'static str)];

    /// Whether a property whose type is among [`TYPES`](Self::TYPES) is of this kind.
    fn applies_to(property: &Property<'_>) -> bool;
    /// Reads the keywords. Foreign ones have been refused.
    fn parse(property: &Property<'_>) -> Result<Self, SchemaError>;
}

/// The behaviour of a kind's fields.
pub(crate) trait FieldKind {
    /// The JSON Schema that constrains a model: the kind's values and [`UNKNOWN`], without extension keywords.
    fn model_schema(&self) -> Value;
    /// Length of the longest value, in characters.
    fn max_chars(&self) -> usize;
    /// The values, for the prompt's list of fields: « texte, 200 caractères au plus ».
    fn description(&self) -> String;
    /// The values, for the repair of a wrong one: « un texte d'au plus 200 caractères ».
    fn expectation(&self) -> String;

    /// The values that the schema lists. Each is read as itself, even one that means unknown elsewhere ("N/A").
    fn listed(&self) -> Vec<&str>;
    /// Whether the field takes this value, which is not [`UNKNOWN`].
    fn accepts(&self, value: &Value) -> bool;
    /// Reads a model's value, neither listed nor unknown; `None` if it is ambiguous or of another kind.
    fn read(&self, value: &Value) -> Option<Value>;
    /// The grounded value, if grounding changes it.
    fn ground(&self, value: &Value, evidence: &Evidence, secrets: &Secrets) -> Option<Value>;

    /// The support for a value in the evidence. `local` is the local backend's reading of the same text.
    fn confidence<'v>(&self, value: &Value, evidence: &Evidence, local: impl Fn() -> Option<&'v Value>) -> Confidence;
    /// Whether [`confidence`](Self::confidence) may ask for the local backend's reading.
    fn needs_second_opinion(&self) -> bool;

    /// Whether `x-extract` may have this value.
    fn extracts(&self, extract: Extract) -> bool;
    /// The local backend's way to find a value in prose.
    fn recognition(&self) -> Recognition<'_>;
    /// The value beside the field's name.
    fn beside_name(&self, text: &impl BesideName) -> Option<Value>;
}

/// The local backend's way to find a field's value in prose.
pub(crate) enum Recognition<'a> {
    /// By the names and keywords of these options.
    Options(&'a [ChoiceOption]),
    /// By a known value, else by the text's meaning.
    Text {
        /// Longest value, in characters.
        max_length: usize,
        /// The schema's `x-values`.
        known_values: &'a [String],
    },
    /// Only beside the field's name.
    Labelled,
}

/// A customer's words beside a field's name: « quantité : 12 », "12 postes", "warranty: yes".
pub(crate) trait BesideName {
    /// The words after the name, folded: the links (« la quantité **est de** 12 ») and the word after them.
    fn words(&self) -> impl Iterator<Item = &str>;
    /// The number right after the name, else right before it.
    fn number(&self) -> Option<f64>;
    /// The index of the option named right after the name.
    fn option(&self) -> Option<usize>;
    /// The text between a colon and the end of the clause, on one line.
    fn text(&self) -> Option<String>;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// The values that a field takes.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Kind {
            $($(#[$doc])* $kind($kind),)*
        }

        const TYPES: &[&[&str]] = &[$($kind::TYPES),*];
        const EXTENSIONS: &[&[(&str, &str)]] = &[$($kind::EXTENSIONS),*];

        impl Kind {
            /// Each kind's part of the documents.
            pub const DOCS: &'static [KindDocs] = &[$($kind::DOCS),*];

            /// Reads a property as the first kind of the list that applies to it.
            pub(super) fn parse(property: &Property<'_>) -> Result<Self, SchemaError> {
                let name = property.type_name(TYPES)?;
                $(if $kind::TYPES.contains(&name) && $kind::applies_to(property) {
                    return parse(property).map(Self::$kind);
                })*
                property.wrong_type(TYPES)
            }
        }

        impl FieldKind for Kind {
            fn model_schema(&self) -> Value { match self { $(Self::$kind(kind) => kind.model_schema(),)* } }
            fn max_chars(&self) -> usize { match self { $(Self::$kind(kind) => kind.max_chars(),)* } }
            fn description(&self) -> String { match self { $(Self::$kind(kind) => kind.description(),)* } }
            fn expectation(&self) -> String { match self { $(Self::$kind(kind) => kind.expectation(),)* } }
            fn listed(&self) -> Vec<&str> { match self { $(Self::$kind(kind) => kind.listed(),)* } }
            fn accepts(&self, value: &Value) -> bool { match self { $(Self::$kind(kind) => kind.accepts(value),)* } }
            fn read(&self, value: &Value) -> Option<Value> { match self { $(Self::$kind(kind) => kind.read(value),)* } }
            fn ground(&self, value: &Value, evidence: &Evidence, secrets: &Secrets) -> Option<Value> {
                match self { $(Self::$kind(kind) => kind.ground(value, evidence, secrets),)* }
            }
            fn confidence<'v>(
                &self,
                value: &Value,
                evidence: &Evidence,
                local: impl Fn() -> Option<&'v Value>,
            ) -> Confidence {
                match self { $(Self::$kind(kind) => kind.confidence(value, evidence, local),)* }
            }
            fn needs_second_opinion(&self) -> bool {
                match self { $(Self::$kind(kind) => kind.needs_second_opinion(),)* }
            }
            fn extracts(&self, extract: Extract) -> bool {
                match self { $(Self::$kind(kind) => kind.extracts(extract),)* }
            }
            fn recognition(&self) -> Recognition<'_> { match self { $(Self::$kind(kind) => kind.recognition(),)* } }
            fn beside_name(&self, text: &impl BesideName) -> Option<Value> {
                match self { $(Self::$kind(kind) => kind.beside_name(text),)* }
            }
        }
    };
}

// The order matters: `Text` applies to every string, so the other kinds of string stand above it.
kinds! {
    /// One of a list of values.
    Choice,
    /// Free text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A number within bounds, whole or not.
    Number,
}

/// Refuses foreign keywords, and reads the kind's own.
fn parse<K: FromProperty>(property: &Property<'_>) -> Result<K, SchemaError> {
    property.check_keywords(K::KEYWORDS)?;
    let takes = |extension: &str| K::EXTENSIONS.iter().any(|(own, _)| *own == extension);
    let foreign = EXTENSIONS.concat().into_iter().find(|(name, _)| property.has(name) && !takes(name));
    match foreign {
        Some((name, rule)) => property.error(name, rule),
        None => K::parse(property),
    }
}

/// The JSON Schema of a value or [`UNKNOWN`].
fn or_unknown(schema: &Value) -> Value {
    json!({"anyOf": [schema, {"type": "string", "enum": [UNKNOWN]}]})
}
