//! From a model's answer to a complete ticket.

mod lenient;
pub(super) mod matching;
mod normalise;
mod unknown;

use serde_json::{Map, Value};

use super::Values;
use super::schema::Schema;
use crate::text::name_key;

pub(super) use lenient::without_thoughts;
pub use lenient::{NoObject, read_object};
pub(super) use normalise::scalar;
pub use normalise::{Reading, normalise};
pub(super) use unknown::{means_unknown, text_means_unknown};

/// A complete ticket from a model's answer, not yet grounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Every field of the schema in its order, each a valid value or [`UNKNOWN`](super::UNKNOWN).
    pub values: Values,
    /// Names of the fields whose value differs from what the model wrote, in the schema's order.
    pub normalised: Vec<String>,
}

/// A problem of a model's answer. `prompt::repair` tells the model in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerError {
    /// It has no JSON object.
    NoObject,
    /// Its object has none of the schema's keys.
    ForeignKeys,
    /// The server did not end it normally.
    Unfinished,
    /// The field of this name does not take its value.
    Field(String),
}

/// An answer that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It ends before the ticket does: more tokens may help, advice does not.
    #[error("the answer was cut off")]
    CutOff,
    /// It has these problems, at least one.
    #[error("the answer is invalid: {0:?}")]
    Invalid(Vec<AnswerError>),
}

/// Reads a model's answer by the schema: its JSON leniently, its values strictly.
///
/// Keys match in any case, with or without accents and punctuation; unknown ones are ignored. An absent field is
/// [`UNKNOWN`](super::UNKNOWN).
///
/// # Errors
/// [`Unreadable`] with every problem found.
///
/// ```
/// use support_ticket_ai::ticket::{Schema, UNKNOWN, read};
/// let schema = Schema::built_in().unwrap();
/// let draft = read(&schema, "Voici : {\"Catégorie\": \"reseau\", \"titre\": \"Wifi en panne\"}").unwrap();
/// assert_eq!(draft.values["categorie"], "Réseau");
/// assert_eq!(draft.values["localisation"], UNKNOWN);
/// assert_eq!(draft.normalised, ["categorie"]);
/// ```
pub fn read(schema: &Schema, text: &str) -> Result<Draft, Unreadable> {
    let names: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
    let object = read_object(text, &names).map_err(|reason| match reason {
        NoObject::Absent => Unreadable::Invalid(vec![AnswerError::NoObject]),
        NoObject::Foreign => Unreadable::Invalid(vec![AnswerError::ForeignKeys]),
        NoObject::CutOff => Unreadable::CutOff,
    })?;
    let given = by_field(schema, &object);
    let (mut values, mut normalised, mut problems) = (Values::new(), Vec::new(), Vec::new());
    for (field, given) in schema.fields.iter().zip(given) {
        // The exact key comes first, unless its value is unknown.
        let exact = object.get(&field.name);
        let value = exact.filter(|value| !means_unknown(value)).or(given).or(exact);
        match normalise(field, value) {
            Some(Reading::Exact(value)) => {
                values.insert(field.name.clone(), value);
            }
            Some(Reading::Normalised(value)) => {
                values.insert(field.name.clone(), value);
                normalised.push(field.name.clone());
            }
            None => problems.push(AnswerError::Field(field.name.clone())),
        }
    }
    if problems.is_empty() { Ok(Draft { values, normalised }) } else { Err(Unreadable::Invalid(problems)) }
}

/// Each field's value by the form of its key; of two spellings of one key, the last value that is known.
fn by_field<'a>(schema: &Schema, object: &'a Map<String, Value>) -> Vec<Option<&'a Value>> {
    let mut given: Vec<(String, Option<&Value>)> =
        schema.fields.iter().map(|field| (name_key(&field.name), None)).collect();
    for (key, value) in object {
        let form = name_key(key);
        for (_, given) in given.iter_mut().filter(|(name, _)| *name == form && !form.is_empty()) {
            if given.is_none() || !means_unknown(value) {
                *given = Some(value);
            }
        }
    }
    given.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Schema {
        Schema::parse(
            r#"{"type": "object", "properties": {
                "titre": {"type": "string", "maxLength": 20},
                "Catégorie": {"type": "string", "enum": ["Réseau", "Matériel"]},
                "postes": {"type": "integer", "minimum": 1}
            }}"#,
        )
        .unwrap()
    }

    #[track_caller]
    fn check(text: &str, values: Value, normalised: &[&str]) {
        let draft = read(&schema(), text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(Value::Object(draft.values), values, "{text}");
        assert_eq!(draft.normalised, normalised, "{text}");
    }

    #[test]
    fn a_ticket_is_complete_and_in_the_schemas_order() {
        check(
            r#"{"postes": 2, "extra": [1], "Catégorie": "Réseau", "titre": "Panne"}"#,
            json!({"titre": "Panne", "Catégorie": "Réseau", "postes": 2}),
            &[],
        );
        check(r#"{"titre": "Panne"}"#, json!({"titre": "Panne", "Catégorie": "[INCONNU]", "postes": "[INCONNU]"}), &[]);
        let draft = read(&schema(), r#"{"postes": 2, "titre": "Panne"}"#).unwrap();
        assert!(draft.values.keys().eq(["titre", "Catégorie", "postes"]));
    }

    #[test]
    fn keys_match_in_any_case_accents_and_punctuation() {
        check(
            r#"{"TITRE": "Panne", "categorie": "matériel", "Postes_": "3"}"#,
            json!({"titre": "Panne", "Catégorie": "Matériel", "postes": 3}),
            &["Catégorie", "postes"],
        );
        for text in [r#"{"titre": null, "Titre": "Panne"}"#, r#"{"Titre": "Panne", "titre": "N/A"}"#] {
            let draft = read(&schema(), text).unwrap();
            assert_eq!(draft.values["titre"], "Panne", "{text}");
        }
    }

    #[test]
    fn an_unreadable_answer_has_its_problems() {
        let field = |name: &str| AnswerError::Field(name.to_owned());
        for (text, problems) in [
            ("", vec![AnswerError::NoObject]),
            ("Je ne peux pas vous aider.", vec![AnswerError::NoObject]),
            (r#"{"answer": "Panne"}"#, vec![AnswerError::ForeignKeys]),
            ("{}", vec![AnswerError::ForeignKeys]),
            (
                r#"{"titre": {"a": 1}, "Catégorie": "Cuisine", "postes": 0}"#,
                vec![field("titre"), field("Catégorie"), field("postes")],
            ),
        ] {
            assert_eq!(read(&schema(), text), Err(Unreadable::Invalid(problems)), "{text}");
        }
        assert_eq!(read(&schema(), r#"{"titre": "Panne", "Catégorie": "Rés"#), Err(Unreadable::CutOff));
    }
}
