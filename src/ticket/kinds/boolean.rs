//! `true` or `false`.

use serde_json::{Value, json};

use super::{BesideName, FieldKind, FromProperty, KindDocs, Recognition, or_unknown};
use crate::language::in_any;
use crate::text::fold;
use crate::ticket::confidence::Confidence;
use crate::ticket::grounding::{Evidence, Secrets};
use crate::ticket::schema::{Extract, Property, SchemaError};

/// A property with `"type": "boolean"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boolean;

impl FromProperty for Boolean {
    const DOCS: KindDocs = KindDocs {
        name: "boolean",
        examples: &[("garantie", r#"{"type": "boolean"}"#)],
        confidence: [
            "the local backend found it too",
            "the local backend found nothing",
            "the local backend found the opposite",
        ],
    };
    const TYPES: &'static [&'static str] = &["boolean"];
    const KEYWORDS: &'static [&'static str] = &[];
    const EXTENSIONS: &'static [(&'static str, &'static str)] = &[];

    fn applies_to(_: &Property<'_>) -> bool {
        true
    }

    fn parse(_: &Property<'_>) -> Result<Self, SchemaError> {
        Ok(Self)
    }
}

impl FieldKind for Boolean {
    fn model_schema(&self) -> Value {
        or_unknown(&json!({"type": "boolean"}))
    }

    fn max_chars(&self) -> usize {
        super::SHORT_VALUE
    }

    fn description(&self) -> String {
        "true ou false".to_owned()
    }

    fn expectation(&self) -> String {
        self.description()
    }

    fn listed(&self) -> Vec<&str> {
        Vec::new()
    }

    fn accepts(&self, value: &Value) -> bool {
        value.is_boolean()
    }

    /// Takes "oui", "vrai", "yes", "true", 1 and their opposites.
    fn read(&self, value: &Value) -> Option<Value> {
        let read = match value {
            Value::Bool(bool) => *bool,
            Value::Number(number) if number.as_f64() == Some(1.0) => true,
            Value::Number(number) if number.as_f64() == Some(0.0) => false,
            Value::String(text) => {
                let folded = fold(text);
                let word = folded.trim_matches(|c: char| !c.is_alphanumeric());
                let is_yes = word == "1" || in_any(word, |texts| texts.values.yes_initials);
                let is_no = word == "0" || in_any(word, |texts| texts.values.no_initials);
                yes_or_no(word).or_else(|| is_yes.then_some(true)).or_else(|| is_no.then_some(false))?
            }
            _ => return None,
        };
        Some(Value::Bool(read))
    }

    fn ground(&self, _: &Value, _: &Evidence, _: &Secrets) -> Option<Value> {
        None
    }

    /// The local backend's reading decides: no word of the text stands for the value.
    fn confidence<'v>(&self, value: &Value, _: &Evidence, local: impl Fn() -> Option<&'v Value>) -> Confidence {
        Confidence::by_agreement(value, local())
    }

    fn needs_second_opinion(&self) -> bool {
        true
    }

    fn extracts(&self, _: Extract) -> bool {
        false
    }

    fn recognition(&self) -> Recognition<'_> {
        Recognition::Labelled
    }

    fn beside_name(&self, text: &impl BesideName) -> Option<Value> {
        let said = |word: &str| {
            let is_agreed = in_any(word, |texts| texts.values.agreed);
            let is_denied = in_any(word, |texts| texts.values.denied);
            yes_or_no(word).or_else(|| is_agreed.then_some(true)).or_else(|| is_denied.then_some(false))
        };
        text.words().find_map(said).map(Value::Bool)
    }
}

fn yes_or_no(word: &str) -> Option<bool> {
    let is_yes = in_any(word, |texts| texts.values.yes);
    let is_no = in_any(word, |texts| texts.values.no);
    if is_yes || is_no { Some(is_yes) } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_beside_name, check_phrases, some};
    use serde_json::json;

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
    fn customers_say_more_than_yes_and_no() {
        let cases = [("oui", some(true)), ("ok", some(true)), ("pas", some(false)), ("12", None)];
        check_beside_name(json!({"type": "boolean"}), &cases);
    }

    #[test]
    fn phrases() {
        check_phrases(json!({"type": "boolean"}), "true ou false", "true ou false");
    }
}
