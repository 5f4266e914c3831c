//! Confidence: the support for each value of a ticket in the caller's text.
//!
//! No model is asked for it: confidence counts words, so it can be explained.

use serde::Serialize;
use serde_json::Value;

use super::grounding::Evidence;
use super::is_missing;
use super::kinds::FieldKind;
use super::read::Draft;
use super::schema::Schema;

/// The support for a value, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Little or nothing supports it, or something contradicts it: a person should check it.
    Low,
    /// Plausible, not proved.
    Medium,
    /// The customer's own words support it.
    High,
}

impl Confidence {
    /// The level's name in lower case, as it is serialised and configured.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// High where the local backend read the same value, low where it read another, medium where it read none.
    pub(super) fn by_agreement(value: &Value, local: Option<&Value>) -> Self {
        match local {
            Some(local) if local == value => Self::High,
            Some(_) => Self::Low,
            None => Self::Medium,
        }
    }

    /// One level less; low stays low.
    const fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

/// The confidence in each filled field, in the schema's order.
///
/// `local` gives a field's value, by the field's name, as the local backend reads it from the same text; it is called
/// only where that decides. A value that was normalised or partly replaced by [`UNKNOWN`](super::UNKNOWN), and every
/// value of an answer that a model had to repair, is one level lower.
pub fn confidence<'v>(
    schema: &Schema,
    draft: &Draft,
    evidence: &Evidence,
    local: impl Fn(&str) -> Option<&'v Value>,
    repaired: bool,
) -> Vec<(String, Confidence)> {
    let filled = schema.fields.iter().filter_map(|field| {
        let value = draft.values.get(&field.name).filter(|value| !is_missing(Some(value)))?;
        let second = || local(&field.name).filter(|value| !is_missing(Some(value)));
        let level = field.kind.confidence(value, evidence, second);
        let lowered = repaired || draft.normalised.contains(&field.name);
        Some((field.name.clone(), if lowered { level.lowered() } else { level }))
    });
    filled.collect()
}

/// Raises the levels by the support of the desk's lines (`with_desk`, of the same draft): to medium at most, since the
/// customer may have denied what the desk said.
pub fn supplement(own: &mut [(String, Confidence)], with_desk: &[(String, Confidence)]) {
    for ((_, level), (_, with_desk)) in own.iter_mut().zip(with_desk) {
        *level = (*level).max(Confidence::Medium.min(*with_desk));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::UNKNOWN;
    use serde_json::json;

    const CALLER: &str = "Bonjour, mon imprimente HP M404 au 2e étage n'imprime plus depuis ce matin, 12 postes touchés. \
        J'ai changé de mot de passe hier.";

    fn schema() -> Schema {
        Schema::parse(
            r#"{"type": "object", "properties": {
                "texte": {"type": "string"},
                "choix": {"type": "string", "enum": ["Matériel", "Compte", "Réseau"],
                          "x-keywords": {"Matériel": ["imprimantes"], "Compte": ["mot de passe"], "Réseau": ["wifi", "passe partout"]}},
                "postes": {"type": "integer"},
                "bloquant": {"type": "boolean"}
            }}"#,
        )
        .unwrap()
    }

    fn levels(values: Value, local: Value, normalised: &[&str], repaired: bool) -> Vec<(String, Confidence)> {
        let Value::Object(values) = values else { panic!("{values}") };
        let Value::Object(local) = local else { panic!("{local}") };
        let draft = Draft { values, normalised: normalised.iter().map(|name| (*name).to_owned()).collect() };
        confidence(&schema(), &draft, &Evidence::new([CALLER]), |name| local.get(name), repaired)
    }

    #[track_caller]
    fn check(field: &str, value: Value, local: Value, level: Confidence) {
        let read = levels(json!({field: value}), json!({field: local}), &[], false);
        assert_eq!(read, [(field.to_owned(), level)], "{value}");
    }

    #[test]
    fn confidence_in_a_text_depends_on_its_supported_words() {
        for (text, level) in [
            ("Imprimante HP M404 en panne", Confidence::High),
            ("Les imprimantes des 2e étages", Confidence::High),
            ("Imprimante Canon en panne ce matin", Confidence::Medium),
            ("Serveur de messagerie indisponible", Confidence::Low),
            ("Imprimante [INCONNU]", Confidence::High),
            ("de la", Confidence::Medium),
            ("12", Confidence::High),
            ("13", Confidence::Low),
        ] {
            check("texte", json!(text), json!("autre"), level);
        }
    }

    #[test]
    fn confidence_in_a_choice_depends_on_its_words_and_the_local_backend() {
        let unknown = json!(UNKNOWN);
        check("choix", json!("Compte"), unknown.clone(), Confidence::High);
        check("choix", json!("Compte"), json!("Réseau"), Confidence::High);
        check("choix", json!("Réseau"), json!("Réseau"), Confidence::High);
        check("choix", json!("Réseau"), unknown.clone(), Confidence::Medium);
        check("choix", json!("Réseau"), json!("Compte"), Confidence::Low);
        // A keyword with a typing mistake counts; part of one does not.
        check("choix", json!("Matériel"), unknown, Confidence::High);
    }

    #[test]
    fn numbers_and_booleans_need_evidence() {
        check("postes", json!(12), json!(null), Confidence::High);
        check("postes", json!(13), json!(13), Confidence::High);
        check("postes", json!(13), json!(12), Confidence::Low);
        check("postes", json!(1), json!(null), Confidence::Low);
        check("bloquant", json!(true), json!(true), Confidence::High);
        check("bloquant", json!(true), json!(null), Confidence::Medium);
        check("bloquant", json!(true), json!(false), Confidence::Low);
    }

    #[test]
    fn normalised_or_repaired_values_are_one_level_lower() {
        let values = json!({"texte": "Imprimante HP", "choix": "Réseau", "postes": 12, "bloquant": UNKNOWN});
        let named = |levels: [Confidence; 3]| {
            ["texte", "choix", "postes"].map(str::to_owned).into_iter().zip(levels).collect::<Vec<_>>()
        };
        use Confidence::{High, Low, Medium};
        let given = |normalised: &[&str], repaired| levels(values.clone(), json!({}), normalised, repaired);
        assert_eq!(given(&[], false), named([High, Medium, High]));
        assert_eq!(given(&["texte", "choix"], false), named([Medium, Low, High]));
        assert_eq!(given(&["texte", "choix"], true), named([Medium, Low, Medium]));
    }

    #[test]
    fn levels_are_ordered_and_serialise_in_lower_case() {
        assert!(Confidence::Low < Confidence::Medium && Confidence::Medium < Confidence::High);
        for level in [Confidence::Low, Confidence::Medium, Confidence::High] {
            assert_eq!(json!(level), json!(level.as_str()));
        }
    }
}
