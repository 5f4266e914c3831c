//! Properties that hold for any text.

use super::*;
use crate::text::fold;
use proptest::prelude::*;
use std::sync::LazyLock;

const WORDS: &[&str] = &[
    "imprimante", "HP", "M404", "bureau", "214", "3e", "étage", "salle", "B", "-", "12", ",", ":", ".", "\n", "le",
    "de", "à", "la", "pas", "ne", "plus", "n'est", "un", "problème", "réseau", "Lyon", "in", "the", "office", "urgent",
    "toute", "l'équipe", "bloquée", "service", "garantie", "oui", "quantité", "[INCONNU]", "{", "}", "\"titre\"", "@",
    "://", "www.", "imprimnate", "É", "\u{200b}", "🖨", "R+2", "°", "'", "can't", "dans", "20", "minutes", "Site",
];
const DOCUMENT: &str = r#"{"type": "object", "properties": {
    "titre": {"type": "string", "maxLength": 12},
    "categorie": {"type": "string", "enum": ["Matériel", "Réseau", "Logiciel", "Messagerie", "Autre"]},
    "priorite": {"type": "string", "enum": ["Basse", "Normale", "Haute", "Critique"]},
    "description": {"type": "string", "maxLength": 30},
    "localisation": {"type": "string", "maxLength": 20},
    "site": {"type": "string", "x-values": ["Site de Lyon", "Bureau 214"]},
    "equipement": {"type": "string"},
    "garantie": {"type": "boolean"},
    "quantite": {"type": "integer", "minimum": 2, "maximum": 300},
    "montant": {"type": "number", "maximum": 13}}}"#;

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::parse(DOCUMENT).unwrap());
static BACKEND: LazyLock<Local> = LazyLock::new(|| Local::new(&SCHEMA));
static BUILT_IN: LazyLock<Local> = LazyLock::new(|| Local::new(&Schema::built_in().unwrap()));

fn line() -> impl Strategy<Value = String> {
    let word = prop_oneof![9 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,6}"];
    proptest::collection::vec((word, proptest::sample::select(&[" ", "", "  "][..])), 0..40)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

fn is_valid(field: &Field, value: &Value) -> bool {
    let is_trimmed = value.as_str().is_none_or(|text| !text.is_empty() && text.trim() == text);
    value == UNKNOWN || (field.accepts(value) && is_trimmed)
}

/// Whether the value is a known one, or every part of it is in the text.
fn is_from_text(field: &Field, value: &Value, said: &[String]) -> bool {
    let tidy = |text: &str| fold(&prose::one_line(text));
    let value = value.as_str().unwrap_or_default();
    let known = field.listed().contains(&value);
    value == UNKNOWN || known || value.split(", ").all(|part| said.iter().any(|line| tidy(line).contains(&tidy(part))))
}

proptest! {
    #[test]
    fn values_are_valid_deterministic_and_taken_from_the_text(said in proptest::collection::vec(line(), 0..4)) {
        let (schema, backend) = (&*SCHEMA, &*BACKEND);
        let lines: Vec<&str> = said.iter().map(String::as_str).collect();
        let values = backend.fill(&lines);
        prop_assert_eq!(&values, &backend.fill(&lines));
        prop_assert_eq!(values.keys().collect::<Vec<_>>(), schema.fields.iter().map(|f| &f.name).collect::<Vec<_>>());
        for field in &schema.fields {
            prop_assert!(is_valid(field, &values[&field.name]), "{}: {}", field.name, values[&field.name]);
        }
        for name in ["localisation", "site", "equipement"] {
            prop_assert!(is_from_text(schema.field(name).unwrap(), &values[name], &said), "{name}: {}", values[name]);
        }
    }

    #[test]
    fn any_text_gives_a_valid_ticket(said in ".{0,200}") {
        let values = BUILT_IN.fill(&[&said]);
        prop_assert!(BUILT_IN.fields.iter().all(|plan| is_valid(&plan.field, &values[&plan.field.name])), "{values:?}");
    }
}
