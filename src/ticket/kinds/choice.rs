//! One of a list of values.

use serde_json::{Value, json};

use super::text::max_length;
use super::{BesideName, FieldKind, FromProperty, KindDocs, Recognition};
use crate::text::{fold_words, split_words};
use crate::ticket::confidence::Confidence;
use crate::ticket::grounding::{Evidence, Secrets};
use crate::ticket::read::{matching, scalar};
use crate::ticket::schema::{Extract, MAX_MAX_LENGTH, Property, SchemaError, UNKNOWN};

/// Most values that a repair lists: one line of a prompt.
const MAX_LISTED: usize = 40;

/// A property with `"type": "string"` and an `enum`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The values in the schema's order, never empty.
    pub options: Vec<ChoiceOption>,
}

/// One value of an `enum`, and the words that point to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceOption {
    /// The value as a ticket shows it.
    pub value: String,
    /// The schema's `x-keywords` for it.
    pub keywords: Vec<String>,
}

impl FromProperty for Choice {
    const DOCS: KindDocs = KindDocs {
        name: "choice",
        examples: &[("service", r#"{"type": "string", "enum": ["Comptabilité", "Ventes"]}"#)],
        confidence: [
            "its name or one of its `x-keywords` occurs in the customer's words, or the local backend chose it too",
            "no evidence for any choice",
            "the local backend chose another",
        ],
    };
    const TYPES: &'static [&'static str] = &["string"];
    const KEYWORDS: &'static [&'static str] = &["enum", "minLength", "maxLength"];
    const EXTENSIONS: &'static [(&'static str, &'static str)] =
        &[("x-keywords", "only a property with an \"enum\" has keywords")];

    fn applies_to(property: &Property<'_>) -> bool {
        property.has("enum")
    }

    fn parse(property: &Property<'_>) -> Result<Self, SchemaError> {
        let longest = max_length(property)?.unwrap_or(MAX_MAX_LENGTH);
        let values = property.distinct_texts("enum", longest)?;
        let option = |value| ChoiceOption { value, keywords: Vec::new() };
        let mut options: Vec<ChoiceOption> = values.into_iter().map(option).collect();
        for (value, words) in property.texts_by_key("x-keywords")? {
            match options.iter_mut().find(|option| option.value == *value) {
                Some(option) => option.keywords = words,
                None => {
                    return property.error_within("x-keywords", value, "must be one of the property's \"enum\" values");
                }
            }
        }
        Ok(Self { options })
    }
}

impl Choice {
    fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.options.iter().map(|option| option.value.as_str())
    }
}

impl FieldKind for Choice {
    fn model_schema(&self) -> Value {
        let values: Vec<&str> = self.values().chain([UNKNOWN]).collect();
        json!({"type": "string", "enum": values})
    }

    fn max_chars(&self) -> usize {
        self.values().map(str::len).max().unwrap_or_default()
    }

    fn description(&self) -> String {
        format!("une de : {}", self.listed().join(" | "))
    }

    fn expectation(&self) -> String {
        let listed: Vec<String> = self.values().take(MAX_LISTED).map(|value| format!("« {value} »")).collect();
        let more = if self.options.len() > MAX_LISTED { "…" } else { "" };
        format!("exactement l'une de ces valeurs : {}{more}", listed.join(", "))
    }

    fn listed(&self) -> Vec<&str> {
        self.values().collect()
    }

    fn accepts(&self, value: &Value) -> bool {
        self.values().any(|option| value == option)
    }

    /// Ignores case, accents and plurals, and accepts one typing mistake, other words around the value, or a part of it.
    fn read(&self, value: &Value) -> Option<Value> {
        matching::choice(&scalar(value)?, self.values()).map(Value::from)
    }

    fn ground(&self, _: &Value, _: &Evidence, _: &Secrets) -> Option<Value> {
        None
    }

    fn confidence<'v>(&self, value: &Value, evidence: &Evidence, local: impl Fn() -> Option<&'v Value>) -> Confidence {
        let chosen = self.options.iter().filter(|option| *value == *option.value);
        let mut names = chosen.flat_map(|option| option.keywords.iter().chain([&option.value]));
        if names.any(|name| is_named(name, evidence)) {
            Confidence::High
        } else {
            Confidence::by_agreement(value, local())
        }
    }

    fn needs_second_opinion(&self) -> bool {
        true
    }

    fn extracts(&self, extract: Extract) -> bool {
        extract == Extract::Priority
    }

    fn recognition(&self) -> Recognition<'_> {
        Recognition::Options(&self.options)
    }

    fn beside_name(&self, text: &impl BesideName) -> Option<Value> {
        let option = self.options.get(text.option()?)?;
        Some(Value::from(option.value.as_str()))
    }
}

/// Whether a value's name or keyword occurs, a single word also with a typing mistake.
fn is_named(name: &str, evidence: &Evidence) -> bool {
    let folded = fold_words(name);
    let mut words = split_words(&folded);
    let single = words.next().filter(|_| words.next().is_none());
    evidence.has_phrase(name) || single.is_some_and(|word| evidence.has_word_like(word))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CATEGORIES, check, check_phrases, some};
    use crate::ticket::UNKNOWN;
    use serde_json::json;

    #[test]
    fn near_misses_become_the_value_that_was_meant() {
        let means = |text: &str, value: &str| (json!(text), some(value));
        let nothing = |text: &str| (json!(text), None);
        check(
            json!({"type": "string", "enum": CATEGORIES}),
            &[
                means("Réseau", "Réseau"),
                means("reseau", "Réseau"),
                means(" RÉSEAUX. ", "Réseau"),
                means("« Réseau »", "Réseau"),
                means("Materiels", "Matériel"),
                means("Téléphonnie", "Téléphonie"),
                means("telehponie", "Téléphonie"),
                means("Logicel", "Logiciel"),
                means("MatÃ©riel", "Matériel"),
                means("comptes & accès", "Compte et accès"),
                means("compte_et_acces", "Compte et accès"),
                means("Compte et accès / mot de passe", "Compte et accès"),
                means("categorie: Réseau", "Réseau"),
                means("Réseau (VPN)", "Réseau"),
                means("Problème de messagerie", "Messagerie"),
                means("Compte", "Compte et accès"),
                nothing("Réseau ou Matériel"),
                nothing("pas Réseau"),
                nothing("Cuisine"),
                nothing("et"),
                nothing("Res"),
                nothing(&"Réseau ".repeat(80)),
                (json!(["Réseau"]), some("Réseau")),
                (json!(["Réseau", "Matériel"]), None),
                (json!({"Réseau": 1}), None),
                (json!(3), None),
                (json!(true), None),
            ],
        );
    }

    #[test]
    fn ambiguous_values_are_refused() {
        check(
            json!({"type": "string", "enum": ["Basse", "Passe", "Haute", "Très haute"]}),
            &[
                (json!("Masse"), None),
                (json!("Bassse"), some("Basse")),
                (json!("priorité très haute"), some("Très haute")),
                (json!("haute"), some("Haute")),
                (json!("haute, voire très haute"), None),
                (json!("plutôt haute"), some("Haute")),
                (json!("Hau"), None),
            ],
        );
        check(
            json!({"type": "string", "enum": ["Urgent", "Non urgent"]}),
            &[
                (json!("non urgent"), some("Non urgent")),
                (json!("C'est non urgent"), some("Non urgent")),
                (json!("pas urgent"), None),
                (json!("très urgent"), some("Urgent")),
            ],
        );
        check(
            json!({"type": "string", "enum": ["1", "2", "N/A"]}),
            &[(json!(1), some("1")), (json!("n/a"), some("N/A")), (json!("inconnu"), some(UNKNOWN))],
        );
    }

    #[test]
    fn phrases() {
        check_phrases(
            json!({"type": "string", "enum": ["Basse", "Haute"]}),
            "une de : Basse | Haute",
            "exactement l'une de ces valeurs : « Basse », « Haute »",
        );
    }
}
