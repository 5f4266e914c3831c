//! Model output: `ticket::read`, `ticket::read_object`, `ticket::ground`, `ticket::question::accept`.

use std::sync::LazyLock;

use serde_json::Value;
use support_ticket_ai::language::Language;
use support_ticket_ai::ticket::{
    self, Evidence, Schema, Secrets, UNKNOWN, Unreadable, ground, ground_text, is_missing, question, read_object,
};

use super::text;

static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(|| Schema::built_in().ok());

/// A ticket is complete and valid, before and after grounding; an accepted question is one line.
pub fn check(data: &[u8]) {
    let Some(schema) = SCHEMA.as_ref() else { return };
    // The caller's text up to the first NUL, then the model's.
    let (caller, answer) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (data.get(..at).unwrap_or_default(), data.get(at + 1..).unwrap_or_default()),
        None => (&[] as &[u8], data),
    };
    let (caller, answer) = (text(caller), text(answer));
    let evidence = Evidence::new([caller.as_ref()]);
    let key = "sk-0123456789abcdef";
    let secrets = Secrets::new(&[key], Default::default());

    if let Ok(object) = read_object(&answer, &["question", "titre"]) {
        assert!(object.contains_key("question") || object.keys().any(|key| key.len() >= 5));
    }
    match ticket::read(schema, &answer) {
        Ok(mut draft) => {
            valid(schema, &draft.values);
            assert!(draft.normalised.iter().all(|name| schema.field(name).is_some()));
            // The service reads its own JSON unchanged.
            let again = ticket::read(schema, &Value::Object(draft.values.clone()).to_string());
            if let Ok(again) = again {
                assert_eq!(again.values, draft.values);
            } else {
                assert!(draft.values.values().all(|value| is_missing(Some(value))), "{again:?}");
            }
            ground(schema, &mut draft, &evidence, &secrets);
            valid(schema, &draft.values);
            let once = draft.values.clone();
            ground(schema, &mut draft, &evidence, &secrets);
            assert_eq!(draft.values, once, "grounding again changes nothing");
            let written = Value::Object(once).to_string();
            assert!(!written.to_lowercase().contains(key), "{written}");
        }
        Err(Unreadable::Invalid(problems)) => assert!(!problems.is_empty()),
        Err(Unreadable::CutOff) => {}
    }
    for language in Language::ALL {
        if let Some(asked) = question::accept(&answer, language, &evidence, &secrets) {
            assert!((1..=300).contains(&asked.chars().count()));
            assert_eq!(asked, asked.trim());
            assert!(!asked.contains(['\n', '\r', '<', '>', '{', '}', '`']));
            assert_eq!(ground_text(&asked, &evidence, &secrets), asked);
            assert_eq!(
                question::accept(&asked, language, &evidence, &secrets).as_ref(),
                Some(&asked),
                "accepted again"
            );
        }
    }
}

/// Asserts that every field is there, in the schema's order, with a valid value or the unknown one.
fn valid(schema: &Schema, values: &ticket::Values) {
    assert!(values.keys().eq(schema.fields.iter().map(|field| &field.name)));
    for (field, value) in schema.fields.iter().zip(values.values()) {
        let is_printable = |c: char| c == '\n' || !c.is_control();
        let is_clean = value.as_str().is_none_or(|text| !text.trim().is_empty() && text.chars().all(is_printable));
        let fits = value == UNKNOWN || (field.accepts(value) && is_clean);
        assert!(fits, "{}: {value}", field.name);
    }
}
