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

fn read(field: &Field, value: &Value) -> Option<Value> {
    match normalise(field, Some(value)) {
        Ok(Reading::Exact(read)) => {
            assert_eq!(read, *value);
            Some(read)
        }
        Ok(Reading::Normalised(read)) => {
            assert_ne!(read, *value);
            Some(read)
        }
        Err(_) => None,
    }
}

#[track_caller]
pub(super) fn check(schema: Value, cases: &[(Value, Option<Value>)]) {
    let field = field(schema);
    for (value, expected) in cases {
        assert_eq!(read(&field, value), *expected, "{value}");
    }
}

pub(super) fn some(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}

pub(super) const CATEGORIES: &[&str] = &[
    "Matériel",
    "Logiciel",
    "Réseau",
    "Compte et accès",
    "Messagerie",
    "Téléphonie",
    "Facturation",
    "Livraison",
    "Autre",
];

#[test]
fn what_says_nothing_is_unknown_in_any_field() {
    let fields = [
        field(json!({"type": "string"})),
        field(json!({"type": "string", "enum": CATEGORIES})),
        field(json!({"type": "boolean"})),
        field(json!({"type": "integer", "minimum": 1})),
        field(json!({"type": "number"})),
    ];
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
        for field in &fields {
            assert_eq!(read(field, &value), some(UNKNOWN), "{value} in {:?}", field.kind);
        }
    }
    assert_eq!(normalise(&fields[0], None), Ok(Reading::Exact(json!(UNKNOWN))));
    // Only the whole value.
    for text in
        ["Imprimante inconnue au bataillon", "Erreur inconnue 5", "non", "Imprimante [INCONNU]", "pas de réseau", "C++"]
    {
        assert_eq!(read(&fields[0], &json!(text)), some(text), "{text}");
    }
}

#[test]
fn a_problem_says_what_was_expected() {
    for (schema, value, expected) in [
        (
            json!({"type": "string", "enum": ["Basse", "Haute"]}),
            json!("x"),
            "Le champ « f » attend exactement l'une de ces valeurs : « Basse », « Haute », ou « [INCONNU] » si le client ne l'a pas dit.",
        ),
        (
            json!({"type": "string", "maxLength": 20}),
            json!({}),
            "Le champ « f » attend un texte d'au plus 20 caractères, ou « [INCONNU] » si le client ne l'a pas dit.",
        ),
        (
            json!({"type": "boolean"}),
            json!("x"),
            "Le champ « f » attend true ou false, ou « [INCONNU] » si le client ne l'a pas dit.",
        ),
        (
            json!({"type": "integer", "minimum": 1, "maximum": 9.5}),
            json!("x"),
            "Le champ « f » attend un nombre entier de 1 à 9.5, ou « [INCONNU] » si le client ne l'a pas dit.",
        ),
        (
            json!({"type": "number", "maximum": 9}),
            json!(10),
            "Le champ « f » attend un nombre d'au plus 9, ou « [INCONNU] » si le client ne l'a pas dit.",
        ),
    ] {
        let problem = normalise(&field(schema), Some(&value)).unwrap_err();
        assert_eq!((problem.field.as_deref(), problem.expected.as_str()), (Some("f"), expected));
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
    fn what_is_read_is_valid_and_reads_to_itself(value in json_value()) {
        for field in [
            field(json!({"type": "string", "maxLength": 10})),
            field(json!({"type": "string", "maxLength": 300, "x-values": ["Lyon", "Paris"]})),
            field(json!({"type": "string", "enum": CATEGORIES})),
            field(json!({"type": "boolean"})),
            field(json!({"type": "integer", "minimum": -5, "maximum": 5000})),
            field(json!({"type": "number", "minimum": -5})),
        ] {
            let Ok(Reading::Exact(read) | Reading::Normalised(read)) = normalise(&field, Some(&value)) else { continue };
            let valid = read == UNKNOWN || field.accepts(&read);
            prop_assert!(valid, "{} from {}", read, value);
            prop_assert_eq!(normalise(&field, Some(&read)), Ok(Reading::Exact(read.clone())), "{}", value);
        }
    }
}
