//! Compares a ticket's values with the labels.

use serde_json::Value;

use crate::set::Expect;
use crate::text;

/// The value of an unknown field.
pub const UNKNOWN: &str = "[INCONNU]";
/// The evaluated fields, in the built-in schema's order.
pub const FIELDS: [&str; 6] = ["titre", "categorie", "priorite", "description", "localisation", "equipement"];
/// Maximum number of words around an expected place or piece of equipment.
const MAX_WORDS_AROUND: usize = 3;

/// Whether the field's value is right; `None` without a label.
///
/// Of a list of values, it must be one expected. A place or a piece of equipment must have all words of one expected
/// answer, and at most three others around them. A title or description must have one of the message's main words;
/// no rule can judge the rest.
pub fn is_right(field: &str, value: &Value, expect: &Expect) -> Option<bool> {
    let value = value.as_str().unwrap_or_default();
    match field {
        "titre" | "description" => {
            (!expect.about.is_empty()).then(|| value != UNKNOWN && text::has_one_of(value, &expect.about))
        }
        "categorie" => Some(expect.categorie.iter().any(|expected| expected == value)),
        "priorite" => Some(expect.priorite.iter().any(|expected| expected == value)),
        "localisation" => Some(expect.localisation.iter().any(|expected| names(expected, value))),
        "equipement" => Some(expect.equipement.iter().any(|expected| names(expected, value))),
        _ => None,
    }
}

/// Whether the field should be unknown; `None` if either is right.
pub fn should_be_unknown(field: &str, expect: &Expect) -> Option<bool> {
    let expected = match field {
        "categorie" => &expect.categorie,
        "priorite" => &expect.priorite,
        "localisation" => &expect.localisation,
        "equipement" => &expect.equipement,
        _ => return None,
    };
    let unknown = expected.iter().any(|value| value == UNKNOWN);
    let known = expected.iter().any(|value| value != UNKNOWN);
    (unknown != known).then_some(unknown)
}

fn names(expected: &str, value: &str) -> bool {
    if expected == UNKNOWN || value == UNKNOWN {
        return expected == value;
    }
    let (expected, value) = (text::words(expected), text::words(value));
    expected.iter().all(|word| value.contains(word)) && value.len() <= expected.len() + MAX_WORDS_AROUND
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expect() -> Expect {
        serde_json::from_value(json!({
            "categorie": ["Matériel", "Autre"], "priorite": ["[INCONNU]", "Normale"], "localisation": ["salle 7"],
            "equipement": ["[INCONNU]"], "about": ["écran"],
        }))
        .unwrap()
    }

    #[track_caller]
    fn check(field: &str, value: &str, right: Option<bool>) {
        assert_eq!(is_right(field, &json!(value), &expect()), right, "{field}: {value}");
    }

    #[test]
    fn values_are_compared_with_labels() {
        check("categorie", "Autre", Some(true));
        check("categorie", "Réseau", Some(false));
        check("categorie", UNKNOWN, Some(false));
        check("priorite", UNKNOWN, Some(true));
        check("localisation", "Salle 7, collège Hugo", Some(true));
        check("localisation", "salle 8", Some(false));
        check("localisation", "la salle 7 qui est au bout du long couloir", Some(false));
        check("localisation", UNKNOWN, Some(false));
        check("equipement", UNKNOWN, Some(true));
        check("equipement", "écran", Some(false));
        check("titre", "Écrans noirs", Some(true));
        check("titre", "Problème", Some(false));
        check("titre", UNKNOWN, Some(false));
        check("autre", "x", None);
        let nothing = Expect { about: Vec::new(), ..expect() };
        assert_eq!(is_right("titre", &json!("Bonjour"), &nothing), None);
    }

    #[test]
    fn unknown_counts_only_if_one_answer_is_right() {
        assert_eq!(should_be_unknown("categorie", &expect()), Some(false));
        assert_eq!(should_be_unknown("priorite", &expect()), None);
        assert_eq!(should_be_unknown("equipement", &expect()), Some(true));
        assert_eq!(should_be_unknown("titre", &expect()), None);
    }
}
