use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ticket::Schema;

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
fn check(schema: Value, cases: &[(Value, Option<Value>)]) {
    let field = field(schema);
    for (value, expected) in cases {
        assert_eq!(read(&field, value), *expected, "{value}");
    }
}

fn some(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}

const CATEGORIES: &[&str] = &[
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
fn a_choice_is_the_value_that_was_meant() {
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
fn of_two_choices_as_close_neither_is_taken() {
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
fn known_values_are_found_in_free_text_and_the_rest_stays_free() {
    let means = |text: &str, value: &str| (json!(text), some(value));
    check(
        json!({"type": "string", "x-values": ["Lyon Part-Dieu", "Marseille", "Tours", "Saint-Étienne", "Paris"]}),
        &[
            means("Marseille", "Marseille"),
            means("MARSEILLE", "Marseille"),
            means("Marseile", "Marseille"),
            means("à Marseille", "Marseille"),
            means("site de Marseile", "Marseille"),
            means("agence de Saint Etienne, 2e étage", "Saint-Étienne"),
            means("lyon part dieu", "Lyon Part-Dieu"),
            // Neither a part of a name, nor an everyday word one letter away, nor a place that is denied.
            means("Lyon", "Lyon"),
            means("en panne depuis 3 jours", "en panne depuis 3 jours"),
            means("Paris et Marseille", "Paris et Marseille"),
            means("pas à Marseille", "pas à Marseille"),
            means("Bureau 204", "Bureau 204"),
        ],
    );
    check(json!({"type": "string", "x-values": ["N/A"]}), &[means("n/a", "N/A")]);
}

#[test]
fn texts_are_cleaned_and_cut() {
    check(
        json!({"type": "string", "maxLength": 20}),
        &[
            (json!("Écran noir"), some("Écran noir")),
            (json!("  Écran \u{200b}\t noir\u{7}\n"), some("Écran noir")),
            (json!("ligne 1\nligne 2"), some("ligne 1 ligne 2")),
            (json!("une imprimante en panne"), some("une imprimante en")),
            (json!("e\u{202e}tage"), some("etage")),
            (json!(12), some("12")),
            (json!(1.5), some("1.5")),
            (json!(true), some("true")),
            (json!(["a", "b", 3, null]), some("a, b, 3")),
            (json!(["a"]), some("a")),
            (json!([]), some(UNKNOWN)),
            (json!([null, ""]), some(UNKNOWN)),
            (json!({"a": 1}), None),
            (json!([["a"], "b"]), None),
        ],
    );
    check(
        json!({"type": "string", "maxLength": 1000}),
        &[
            (json!("ligne 1\r\n\r\n\r\n  ligne 2 \nligne 3"), some("ligne 1\n\nligne 2\nligne 3")),
            (json!("ligne 1\n\nligne 2"), some("ligne 1\n\nligne 2")),
            (json!("a\u{2028}b\rc"), some("a\nb\nc")),
        ],
    );
}

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
fn whole_numbers_are_read_within_bounds() {
    check(
        json!({"type": "integer", "minimum": 0, "maximum": 2000}),
        &[
            (json!(12), some(12)),
            (json!(12.0), some(12)),
            (json!("12"), some(12)),
            (json!(" 012 "), some(12)),
            (json!("12,0"), some(12)),
            (json!("1 200"), some(1200)),
            (json!("1\u{202f}200"), some(1200)),
            (json!("1 200 postes"), some(1200)),
            (json!("environ 12 postes."), some(12)),
            (json!("3e étage"), some(3)),
            (json!("50 %"), some(50)),
            (json!("0"), some(0)),
            (json!([7]), some(7)),
            (json!(12.5), None),
            (json!("12,5"), None),
            (json!("1,200"), None),
            (json!("12 34"), None),
            (json!("12 ou 13"), None),
            (json!("14h30"), None),
            (json!("2024-01-02"), None),
            (json!("A12"), None),
            (json!("douze"), None),
            (json!(true), None),
            (json!(-1), None),
            (json!("-1"), None),
            (json!(2001), None),
            (json!(1e300), None),
            (json!({"n": 1}), None),
        ],
    );
    check(
        json!({"type": "integer"}),
        &[(json!("-5 °C"), some(-5)), (json!("HP-12"), None), (json!(u64::MAX), some(u64::MAX))],
    );
}

#[test]
fn numbers_are_read_as_people_write_them() {
    check(
        json!({"type": "number"}),
        &[
            (json!(1.5), some(1.5)),
            (json!("12,5"), some(12.5)),
            (json!("12.5 €"), some(12.5)),
            (json!("1 250,50 €"), some(1250.5)),
            (json!("1.250,50"), some(1250.5)),
            (json!("1,250.50"), some(1250.5)),
            (json!("-0,5"), some(-0.5)),
            (json!("12"), some(12)),
            // A thousand and two hundred, or one and a fifth.
            (json!("1,200"), None),
            (json!("1,2,3.5"), None),
            (json!("1.2.3"), None),
            (json!("1/2"), None),
        ],
    );
}

#[test]
fn booleans_are_read_in_both_languages() {
    let yes = ["oui", "Oui.", "yes", "VRAI", "true", "1", "o"].map(|text| (json!(text), some(true)));
    let no = ["non", "No", "faux", "False", "0", "n"].map(|text| (json!(text), some(false)));
    let neither = ["peut-être", "oui et non", "2"].map(|text| (json!(text), None));
    check(json!({"type": "boolean"}), &[yes.as_slice(), &no, &neither].concat());
    check(
        json!({"type": "boolean"}),
        &[
            (json!(true), some(true)),
            (json!(1), some(true)),
            (json!(0.0), some(false)),
            (json!(2), None),
            (json!([false]), some(false)),
        ],
    );
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
            let valid = read == UNKNOWN || match &field.kind {
                Kind::Text { max_length } => read.as_str().is_some_and(|text| text.chars().count() <= *max_length),
                Kind::Choice { options } => options.iter().any(|option| read == option.value.as_str()),
                Kind::Boolean => read.is_boolean(),
                Kind::Integer { .. } => read.as_i64().is_some_and(|n| (-5..=5000).contains(&n)),
                Kind::Number { .. } => read.as_f64().is_some_and(|n| n >= -5.0),
            };
            prop_assert!(valid, "{} from {}", read, value);
            prop_assert_eq!(normalise(&field, Some(&read)), Ok(Reading::Exact(read.clone())), "{}", value);
        }
    }
}
