//! From what a model wrote to a complete ticket.

mod lenient;
pub(super) mod matching;
mod normalise;
mod unknown;

use serde_json::{Map, Value};

use super::Values;
use super::schema::Schema;
use super::words::key_form;

pub(super) use lenient::without_thoughts;
pub use lenient::{NoObject, read_object};
pub use normalise::{Problem, Reading, normalise};
pub(super) use normalise::{clean, scalar};
pub(super) use unknown::{says_nothing, text_says_nothing};

/// A complete ticket out of a model's answer, not yet grounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Every field of the schema in its order, each a valid value or [`UNKNOWN`](super::UNKNOWN).
    pub values: Values,
    /// Names of the fields whose value is not as the model wrote it, in the schema's order.
    pub normalised: Vec<String>,
}

/// An answer that is no ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentences())]
pub struct Unreadable {
    /// What is wrong with it, never empty.
    pub problems: Vec<Problem>,
    /// Whether it ends before the ticket does: a larger limit may help where showing the problems does not.
    pub cut_off: bool,
}

impl Unreadable {
    fn sentences(&self) -> String {
        self.problems.iter().map(|problem| problem.expected.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// What is wrong with an answer as a whole.
    pub(crate) fn whole(expected: &str, cut_off: bool) -> Self {
        Self { problems: vec![Problem { field: None, expected: expected.to_owned() }], cut_off }
    }
}

/// Reads a model's answer by the schema: leniently, then strictly.
///
/// Keys are matched but for case, accents and punctuation, unknown ones dropped; an absent field is [`UNKNOWN`](super::UNKNOWN).
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
        NoObject::Absent => {
            Unreadable::whole("La réponse doit être un seul objet JSON, sans texte autour ni balise.", false)
        }
        NoObject::Foreign => {
            let names: Vec<String> = names.iter().map(|name| format!("« {name} »")).collect();
            Unreadable::whole(&format!("L'objet JSON doit avoir ces clés : {}.", names.join(", ")), false)
        }
        NoObject::CutOff => Unreadable::whole(
            "La réponse s'est arrêtée avant la fin de l'objet JSON : elle doit être complète, donc plus courte.",
            true,
        ),
    })?;
    let given = by_field(schema, &object);
    let (mut values, mut normalised, mut problems) = (Values::new(), Vec::new(), Vec::new());
    for (field, given) in schema.fields.iter().zip(given) {
        // The exact key speaks first, unless it says nothing.
        let exact = object.get(&field.name);
        let value = exact.filter(|value| !says_nothing(value)).or(given).or(exact);
        match normalise(field, value) {
            Ok(Reading::Exact(value)) => {
                values.insert(field.name.clone(), value);
            }
            Ok(Reading::Normalised(value)) => {
                values.insert(field.name.clone(), value);
                normalised.push(field.name.clone());
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(Draft { values, normalised }) } else { Err(Unreadable { problems, cut_off: false }) }
}

/// By field: the value whose key has its form; of two spellings of one key the last that says something.
fn by_field<'a>(schema: &Schema, object: &'a Map<String, Value>) -> Vec<Option<&'a Value>> {
    let mut given: Vec<(String, Option<&Value>)> =
        schema.fields.iter().map(|field| (key_form(&field.name), None)).collect();
    for (key, value) in object {
        let form = key_form(key);
        for (_, given) in given.iter_mut().filter(|(name, _)| *name == form && !form.is_empty()) {
            if given.is_none() || !says_nothing(value) {
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

    #[track_caller]
    fn check_unreadable(text: &str, cut_off: bool, fields: &[Option<&str>]) {
        let error = read(&schema(), text).unwrap_err();
        let blamed: Vec<Option<&str>> = error.problems.iter().map(|problem| problem.field.as_deref()).collect();
        assert_eq!((error.cut_off, blamed.as_slice()), (cut_off, fields), "{text}");
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
    fn keys_match_whatever_their_case_accents_and_punctuation() {
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
    fn what_is_no_ticket_is_a_problem() {
        check_unreadable("", false, &[None]);
        check_unreadable("Je ne peux pas vous aider.", false, &[None]);
        check_unreadable(r#"{"answer": "Panne"}"#, false, &[None]);
        check_unreadable("{}", false, &[None]);
        check_unreadable(r#"{"titre": "Panne", "Catégorie": "Rés"#, true, &[None]);
        check_unreadable(
            r#"{"titre": {"a": 1}, "Catégorie": "Cuisine", "postes": 0}"#,
            false,
            &[Some("titre"), Some("Catégorie"), Some("postes")],
        );
    }

    #[test]
    fn problems_never_repeat_the_answer() {
        let error = read(&schema(), r#"{"Catégorie": "SECRET-123", "postes": "SECRET-123"}"#).unwrap_err();
        assert!(!error.to_string().contains("SECRET"), "{error}");
        assert!(error.to_string().contains("« Réseau », « Matériel »"), "{error}");
        assert!(error.to_string().contains("un nombre entier d'au moins 1"), "{error}");
    }
}
