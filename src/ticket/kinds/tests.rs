use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ticket::read::{Reading, normalise};
use crate::ticket::{Field, Schema};

/// A field by its JSON Schema.
fn field(schema: Value) -> Field {
    let document = json!({"type": "object", "properties": {"f": schema}});
    Schema::parse(&document.to_string()).unwrap().fields.remove(0)
}

/// The documents' examples of every kind.
fn examples() -> Vec<Field> {
    let examples = Kind::DOCS.iter().flat_map(|docs| docs.examples);
    examples.map(|(_, property)| field(serde_json::from_str(property).unwrap())).collect()
}

fn read(field: &Field, value: &Value) -> Option<Value> {
    match normalise(field, Some(value)) {
        Some(Reading::Exact(read)) => {
            assert_eq!(read, *value);
            Some(read)
        }
        Some(Reading::Normalised(read)) => {
            assert_ne!(read, *value);
            Some(read)
        }
        None => None,
    }
}

#[track_caller]
pub(super) fn check(schema: Value, cases: &[(Value, Option<Value>)]) {
    let field = field(schema);
    for (value, expected) in cases {
        assert_eq!(read(&field, value), *expected, "{value}");
    }
}

#[track_caller]
pub(super) fn check_phrases(schema: Value, description: &str, expectation: &str) {
    let kind = field(schema).kind;
    assert_eq!((kind.description().as_str(), kind.expectation().as_str()), (description, expectation));
}

/// What a customer wrote after a field's name and a colon.
struct AfterName<'a>(&'a str);

impl BesideName for AfterName<'_> {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace()
    }

    fn number(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn option(&self) -> Option<usize> {
        None
    }

    fn text(&self) -> Option<String> {
        Some(self.0.to_owned())
    }
}

#[track_caller]
pub(super) fn check_beside_name(schema: Value, cases: &[(&str, Option<Value>)]) {
    let field = field(schema);
    for (text, expected) in cases {
        assert_eq!(field.kind.beside_name(&AfterName(text)), *expected, "{text}");
    }
}

pub(super) fn some(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}

pub(super) const CATEGORIES: &[&str] = &[
    "Matériel", "Logiciel", "Réseau", "Compte et accès", "Messagerie", "Téléphonie", "Facturation", "Livraison",
    "Autre",
];

#[test]
fn words_for_unknown_are_unknown_in_any_field() {
    for value in [
        json!(null),
        json!(""),
        json!(" \n"),
        json!("[INCONNU]"),
        json!("[inconnue]"),
        json!("Inconnu."),
        json!("(inconnu)"),
        json!("INCONNUS"),
        json!("unknown"),
        json!("<unknown>"),
        json!("N/A"),
        json!("n.a."),
        json!("null"),
        json!("None"),
        json!("non précisé"),
        json!("Non précisée"),
        json!("non-spécifié"),
        json!("non_renseigné"),
        json!("pas indiqué"),
        json!("Information non communiquée"),
        json!("not specified"),
        json!("Not provided."),
        json!("not_available"),
        json!("indéterminée"),
        json!("à préciser"),
        json!("-"),
        json!("???"),
        json!("…"),
        json!("\u{200b}"),
        json!([]),
        json!(["[INCONNU]"]),
        json!([null]),
    ] {
        for field in &examples() {
            assert_eq!(read(field, &value), some(UNKNOWN), "{value} in {:?}", field.kind);
        }
    }
    let text = field(json!({"type": "string"}));
    assert_eq!(normalise(&text, None), Some(Reading::Exact(json!(UNKNOWN))));
    // Only the whole value.
    for value in
        ["Imprimante inconnue au bataillon", "Erreur inconnue 5", "non", "Imprimante [INCONNU]", "pas de réseau", "C++"]
    {
        assert_eq!(read(&text, &json!(value)), some(value), "{value}");
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        r"[0-9 ,.\-+%]{0,12}".prop_map(Value::from),
        prop::sample::select(CATEGORIES).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn reading_is_valid_and_idempotent(value in json_value()) {
        let further = [
            field(json!({"type": "string", "maxLength": 10})),
            field(json!({"type": "string", "enum": CATEGORIES})),
            field(json!({"type": "integer", "minimum": -5, "maximum": 5000})),
            field(json!({"type": "number", "minimum": -5})),
        ];
        for field in examples().into_iter().chain(further) {
            let Some(Reading::Exact(read) | Reading::Normalised(read)) = normalise(&field, Some(&value)) else { continue };
            let valid = read == UNKNOWN || field.accepts(&read);
            prop_assert!(valid, "{} from {}", read, value);
            prop_assert_eq!(normalise(&field, Some(&read)), Some(Reading::Exact(read.clone())), "{}", value);
        }
    }
}
