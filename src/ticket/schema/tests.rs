use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::ticket::kinds::{Boolean, Choice, ChoiceOption, Number, Text};

/// A schema of one field, `f`.
fn one(field: &Value) -> String {
    json!({"type": "object", "properties": {"f": field}}).to_string()
}

#[track_caller]
fn check_error(document: &str, pointer: &str) {
    let error = Schema::parse(document).expect_err(document);
    assert_eq!(error.pointer, pointer, "{document}: {error}");
}

fn text_field(max_length: usize) -> Field {
    Schema::parse(&one(&json!({"type": "string", "maxLength": max_length}))).unwrap().fields.remove(0)
}

#[test]
fn the_built_in_schema_has_the_documented_fields() {
    let schema = Schema::built_in().unwrap();
    let names: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["titre", "categorie", "priorite", "description", "localisation", "equipement"]);
    let choices = |name: &str| match &schema.field(name).unwrap().kind {
        Kind::Choice(choice) => choice.options.iter().map(|option| option.value.clone()).collect::<Vec<_>>().join(", "),
        kind => panic!("{kind:?}"),
    };
    let categories =
        "Matériel, Logiciel, Réseau, Compte et accès, Messagerie, Téléphonie, Facturation, Livraison, Autre";
    assert_eq!(choices("categorie"), categories);
    assert_eq!(choices("priorite"), "Basse, Normale, Haute, Critique");
    let asked: Vec<&str> = schema.asked().iter().map(|field| field.name.as_str()).collect();
    assert_eq!(asked, ["localisation", "equipement", "categorie", "titre", "priorite", "description"]);
    for field in &schema.fields {
        let questions: HashSet<String> = Language::ALL.map(|language| field.question(language)).into();
        assert_eq!(questions.len(), Language::ALL.len(), "one question per language: {questions:?}");
        assert!(questions.iter().all(|question| question.ends_with('?')), "{questions:?}");
        assert!(field.question(Language::Fr).ends_with("\u{a0}?"), "{questions:?}");
    }
}

#[test]
fn every_keyword_is_read() {
    let document = r#"{
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "x", "title": "T", "type": "object",
        "required": ["b"], "additionalProperties": false,
        "properties": {
            "b": {"type": "string", "title": "Site", "maxLength": 9, "minLength": 1, "x-values": ["Lyon", "[inconnu]", " Paris "], "x-autre": 1},
            "a": {"type": "string", "enum": ["Oui", "[INCONNU]", "[unknown]"], "description": "D", "x-ask": -1,
                  "x-keywords": {"Oui": ["ok "]}, "x-question": {"en": "Q?"}},
            "c": {"type": "integer", "minimum": 1, "maximum": 3.5, "default": 2},
            "d": {"type": "number"}, "e": {"type": "boolean"}, "g": {"type": "string"}
        }}"#;
    let schema = Schema::parse(&format!("\u{feff}{document}")).unwrap();
    let field = |name: &str| schema.field(name).unwrap();
    assert_eq!(schema.title.as_deref(), Some("T"));
    let text = |max_length, known: &[&str]| {
        Kind::Text(Text { max_length, known_values: known.iter().map(|value| (*value).to_owned()).collect() })
    };
    assert_eq!((&field("b").kind, field("b").description.as_deref()), (&text(9, &["Lyon", "Paris"]), Some("Site")));
    assert_eq!((field("b").title.as_deref(), field("a").title.as_deref()), (Some("Site"), None));
    let options = vec![ChoiceOption { value: "Oui".into(), keywords: vec!["ok".into()] }];
    assert_eq!((&field("a").kind, field("a").ask), (&Kind::Choice(Choice { options }), Some(-1)));
    assert_eq!((field("a").question(Language::Fr), field("a").description.as_deref()), ("Q?".into(), Some("D")));
    let number = |whole, minimum, maximum| Kind::Number(Number { whole, minimum, maximum });
    assert_eq!(field("c").kind, number(true, Some(1.0), Some(3.5)));
    assert_eq!(field("d").kind, number(false, None, None));
    assert_eq!(field("e").kind, Kind::Boolean(Boolean));
    assert_eq!(field("g").kind, text(DEFAULT_MAX_LENGTH, &[]));
    assert_eq!(field("g").question(Language::Fr), "Pouvez-vous préciser\u{a0}: g\u{a0}?");
    assert_eq!(schema.asked().len(), 1);
}

#[test]
fn an_error_in_a_field_has_its_pointer() {
    for (field, pointer) in [
        (json!(1), "/properties/f"),
        (json!({}), "/properties/f"),
        (json!({"type": "array"}), "/properties/f/type"),
        (json!({"type": ["string", "null"]}), "/properties/f/type"),
        (json!({"type": "string", "pattern": "a"}), "/properties/f/pattern"),
        (json!({"type": "string", "format": "email"}), "/properties/f/format"),
        (json!({"type": "string", "minimum": 1}), "/properties/f/minimum"),
        (json!({"type": "string", "a/b~c": 1}), "/properties/f/a~1b~0c"),
        (json!({"type": "boolean", "enum": [true]}), "/properties/f/enum"),
        (json!({"type": "integer", "maxLength": 1}), "/properties/f/maxLength"),
        (json!({"type": "string", "maxLength": 0}), "/properties/f/maxLength"),
        (json!({"type": "string", "maxLength": 8001}), "/properties/f/maxLength"),
        (json!({"type": "string", "maxLength": -1}), "/properties/f/maxLength"),
        (json!({"type": "string", "minLength": 2}), "/properties/f/minLength"),
        (json!({"type": "string", "enum": []}), "/properties/f/enum"),
        (json!({"type": "string", "enum": ["[INCONNU]"]}), "/properties/f/enum"),
        (json!({"type": "string", "enum": "a"}), "/properties/f/enum"),
        (json!({"type": "string", "enum": ["a", 1]}), "/properties/f/enum/1"),
        (json!({"type": "string", "enum": ["Élevé", " eleve "]}), "/properties/f/enum/1"),
        (json!({"type": "string", "enum": ["a", "b\u{8}c"]}), "/properties/f/enum/1"),
        (json!({"type": "string", "enum": ["abc"], "maxLength": 2}), "/properties/f/enum/0"),
        (json!({"type": "string", "enum": ["a"], "x-keywords": {"b": ["c"]}}), "/properties/f/x-keywords/b"),
        (json!({"type": "string", "enum": ["a"], "x-keywords": {"a": ["c", ""]}}), "/properties/f/x-keywords/a/1"),
        (json!({"type": "string", "enum": ["a"], "x-values": ["b"]}), "/properties/f/x-values"),
        (json!({"type": "string", "x-keywords": {}}), "/properties/f/x-keywords"),
        (json!({"type": "string", "x-values": []}), "/properties/f/x-values"),
        (json!({"type": "string", "maxLength": 3, "x-values": ["Lyon"]}), "/properties/f/x-values/0"),
        (json!({"type": "number", "minimum": "1"}), "/properties/f/minimum"),
        (json!({"type": "number", "minimum": 2, "maximum": 1}), "/properties/f/minimum"),
        (json!({"type": "string", "x-ask": 1.5}), "/properties/f/x-ask"),
        (json!({"type": "string", "x-question": {}}), "/properties/f/x-question"),
        (json!({"type": "string", "x-question": {"xx": "?"}}), "/properties/f/x-question/xx"),
        (json!({"type": "string", "x-question": {"fr": " "}}), "/properties/f/x-question/fr"),
        (json!({"type": "string", "x-extract": "colour"}), "/properties/f/x-extract"),
        (json!({"type": "string", "x-extract": 1}), "/properties/f/x-extract"),
        (json!({"type": "string", "x-extract": "priority"}), "/properties/f/x-extract"),
        (json!({"type": "boolean", "x-extract": "title"}), "/properties/f/x-extract"),
        (json!({"type": "string", "description": 1}), "/properties/f/description"),
    ] {
        check_error(&one(&field), pointer);
    }
}

#[test]
fn an_error_outside_the_fields_has_its_pointer() {
    for (document, pointer) in [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ("{}", ""),
        (r#"{"type": "array"}"#, "/type"),
        (r#"{"type": "object"}"#, ""),
        (r#"{"type": "object", "properties": []}"#, "/properties"),
        (r#"{"type": "object", "properties": {}}"#, "/properties"),
        (r#"{"type": "object", "properties": {"": {"type": "string"}}}"#, "/properties/"),
        (r#"{"type": "object", "properties": {"--": {"type": "string"}}}"#, "/properties/--"),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}, "À": {"type": "string"}}}"#, "/properties/À"),
        (
            r#"{"type": "object", "properties": {"a_b": {"type": "string"}, "a-B": {"type": "string"}}}"#,
            "/properties/a-B",
        ),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]}"#, "/required/0"),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": [1]}"#, "/required/0"),
        (
            r#"{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {}}"#,
            "/additionalProperties",
        ),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}, "oneOf": []}"#, "/oneOf"),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}, "title": ""}"#, "/title"),
    ] {
        check_error(document, pointer);
    }
    check_error(&" ".repeat(MAX_SCHEMA_BYTES + 1), "");
    let many: Map<String, Value> = (0..=MAX_FIELDS).map(|n| (format!("f{n}"), json!({"type": "string"}))).collect();
    check_error(&json!({"type": "object", "properties": many}).to_string(), "/properties");
}

#[test]
fn the_models_schema_has_the_unknown_value_and_no_extension() {
    let schema = Schema::parse(
        r#"{"type": "object", "properties": {
            "t": {"type": "string", "maxLength": 20, "x-values": ["Lyon"], "x-question": {"fr": "?"}},
            "s": {"type": "string", "maxLength": 5},
            "c": {"type": "string", "enum": ["a", "b"], "x-keywords": {"a": ["x"]}},
            "b": {"type": "boolean"},
            "i": {"type": "integer", "minimum": 1, "maximum": 9},
            "n": {"type": "number", "minimum": 0.5}
        }}"#,
    )
    .unwrap();
    let unknown = json!({"type": "string", "enum": ["[INCONNU]"]});
    let expected = json!({
        "type": "object",
        "properties": {
            "t": {"type": "string", "maxLength": 20},
            "s": {"anyOf": [{"type": "string", "maxLength": 5}, unknown]},
            "c": {"type": "string", "enum": ["a", "b", "[INCONNU]"]},
            "b": {"anyOf": [{"type": "boolean"}, unknown]},
            "i": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, unknown]},
            "n": {"anyOf": [{"type": "number", "minimum": 0.5}, unknown]}
        },
        "required": ["t", "s", "c", "b", "i", "n"],
        "additionalProperties": false
    });
    assert_eq!(schema.to_model_json(), expected);
    assert_eq!(text_field(UNKNOWN.len()).to_model_json(), json!({"type": "string", "maxLength": 9}));
}

#[test]
fn models_write_the_longest_texts_first() {
    let names = |schema: &Schema| schema.written().iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let own = r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "boolean"},
        "c": {"type": "string", "maxLength": 501}, "d": {"type": "string", "maxLength": 2000}}}"#;
    assert_eq!(names(&Schema::parse(own).unwrap()), ["c", "d", "a", "b"]);
    let built_in = Schema::built_in().unwrap();
    assert_eq!(names(&built_in), ["description", "titre", "categorie", "priorite", "localisation", "equipement"]);
    assert_eq!(built_in.to_model_json()["required"][0], "description");
}

proptest! {
    #[test]
    fn no_document_causes_a_panic(text in "\\PC*", keyword in "[a-zA-Z-]{0,12}", value in "[0-9\"a{}\\[\\]]{0,8}") {
        let _ = Schema::parse(&text);
        let _ = Schema::parse(&format!(r#"{{"type": "object", "properties": {{"f": {{"type": "string", "{keyword}": {value}}}}}}}"#));
    }
}
