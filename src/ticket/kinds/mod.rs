//! The kinds of field: one file per kind, with everything that the kind decides.
//!
//! A new kind is a file that implements [`FromProperty`] and [`FieldKind`], and its entry in the list below. Neither
//! trait has default methods, so that a kind that leaves something out does not compile. No other module matches on
//! [`Kind`].
//!
//! The noun phrases that models read about a field's values ([`FieldKind::description`], [`FieldKind::expectation`])
//! stand here, in French like the prompts; the sentences around them stand in `prompt`.

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

/// What a kind reads from the keywords of its property.
trait FromProperty: Sized {
    /// The values of `type` that it takes.
    const TYPES: &'static [&'static str];
    /// The keywords of JSON Schema that it takes beside `type`.
    const KEYWORDS: &'static [&'static str];
    /// The extension keywords that it takes, each with the rule that a property of another kind breaks.
    const EXTENSIONS: &'static [(&'static str, &'static str)];

    /// Whether a property whose type is among [`TYPES`](Self::TYPES) is of this kind.
    fn is_meant(property: &Property<'_>) -> bool;
    /// Reads the keywords; those that it does not take have been refused.
    fn parse(property: &Property<'_>) -> Result<Self, SchemaError>;
}

/// What a kind decides about its fields.
pub(crate) trait FieldKind {
    /// The JSON Schema that constrains a model: the kind's values and [`UNKNOWN`], without extension keywords.
    fn model_schema(&self) -> Value;
    /// Length of the longest value, in characters.
    fn max_chars(&self) -> usize;
    /// The values as the prompt describes them: « texte, 200 caractères au plus ».
    fn description(&self) -> String;
    /// What a repair asks for: « un texte d'au plus 200 caractères ».
    fn expectation(&self) -> String;

    /// The values that the schema lists. Each is read as itself, even if it would say nothing elsewhere ("N/A").
    fn listed(&self) -> Vec<&str>;
    /// Whether the field takes this value; [`UNKNOWN`] is not asked about.
    fn accepts(&self, value: &Value) -> bool;
    /// The value that a model meant by one that is neither listed nor says nothing; `None` where that is unclear.
    fn read(&self, value: &Value) -> Option<Value>;
    /// What grounding makes of a value, where it changes it.
    fn ground(&self, value: &Value, evidence: &Evidence, secrets: &Secrets) -> Option<Value>;

    /// How far the evidence supports a value. `local` gives what the local backend reads from the same text.
    fn confidence<'v>(&self, value: &Value, evidence: &Evidence, local: impl Fn() -> Option<&'v Value>) -> Confidence;
    /// Whether [`confidence`](Self::confidence) may ask for the local backend's reading.
    fn needs_second_opinion(&self) -> bool;

    /// Whether `x-extract` may name this.
    fn extracts(&self, extract: Extract) -> bool;
    /// How the local backend finds a value in prose.
    fn recognition(&self) -> Recognition<'_>;
    /// The value that stands beside the field's name.
    fn beside_name(&self, text: &impl BesideName) -> Option<Value>;
}

/// How the local backend finds a field's value in prose.
pub(crate) enum Recognition<'a> {
    /// By the names and keywords of these options.
    Options(&'a [ChoiceOption]),
    /// By what the text is about; one of the known values before anything else.
    Text {
        /// Longest value, in characters.
        max_length: usize,
        /// The schema's `x-values`.
        known_values: &'a [String],
    },
    /// Not at all: it must stand beside the field's name.
    Labelled,
}

/// What a customer wrote beside a field's name: « quantité : 12 », "12 postes", "warranty: yes".
pub(crate) trait BesideName {
    /// The words after the name, folded, up to and including the first that is no link (« la quantité **est de** 12 »).
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
            /// Reads a property as the first kind of the list that its keywords mean.
            pub(super) fn parse(property: &Property<'_>) -> Result<Self, SchemaError> {
                let name = property.type_name(TYPES)?;
                $(if $kind::TYPES.contains(&name) && $kind::is_meant(property) {
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

// A property is read as the first kind that its keywords mean: `Text` takes every string that no kind above it does.
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

/// Refuses the keywords that the kind does not take, and reads the others.
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
