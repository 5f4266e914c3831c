//! A number within bounds.

use serde_json::{Map, Number as JsonNumber, Value, json};

use super::{BesideName, FieldKind, FromProperty, KindDocs, Recognition, SHORT_VALUE, or_unknown};
use crate::text::fold;
use crate::ticket::confidence::Confidence;
use crate::ticket::grounding::{Evidence, Secrets, is_unsupported_reference};
use crate::ticket::schema::{Extract, Property, SchemaError, UNKNOWN};

/// Largest whole number up to which a `f64` keeps every digit: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A property with `"type": "integer"` or `"type": "number"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Whether it is whole.
    pub whole: bool,
    /// Lower bound, included.
    pub minimum: Option<f64>,
    /// Upper bound, included.
    pub maximum: Option<f64>,
}

impl FromProperty for Number {
    const DOCS: KindDocs = KindDocs {
        name: "integer, number",
        examples: &[
            ("postes", r#"{"type": "integer", "minimum": 1, "maximum": 500}"#),
            ("montant", r#"{"type": "number"}"#),
        ],
        confidence: ["its digits occur in the customer's words, or the local backend found it too", "–", "otherwise"],
    };
    const TYPES: &'static [&'static str] = &["integer", "number"];
    const KEYWORDS: &'static [&'static str] = &["minimum", "maximum"];
    const EXTENSIONS: &'static [(&'static str, &'static str)] = &[];

    fn applies_to(_: &Property<'_>) -> bool {
        true
    }

    fn parse(property: &Property<'_>) -> Result<Self, SchemaError> {
        let bound = |keyword: &str| match property.get(keyword) {
            None => Ok(None),
            Some(value) => value.as_f64().map_or_else(|| property.error(keyword, "must be a number"), |n| Ok(Some(n))),
        };
        let (minimum, maximum) = (bound("minimum")?, bound("maximum")?);
        match (minimum, maximum) {
            (Some(low), Some(high)) if low > high => property.error("minimum", "must not exceed maximum"),
            _ => Ok(Self { whole: property.get("type") == Some(&json!("integer")), minimum, maximum }),
        }
    }
}

impl Number {
    fn is_within(&self, number: f64) -> bool {
        self.minimum.is_none_or(|low| number >= low) && self.maximum.is_none_or(|high| number <= high)
    }

    fn type_name(&self) -> &'static str {
        if self.whole { "integer" } else { "number" }
    }
}

impl FieldKind for Number {
    fn model_schema(&self) -> Value {
        let mut schema = Map::from_iter([("type".to_owned(), json!(self.type_name()))]);
        for (keyword, bound) in [("minimum", self.minimum), ("maximum", self.maximum)] {
            // A whole bound is written without its ".0": grammars built from the schema read integers only.
            let bound = bound.map(|bound| whole(bound).unwrap_or_else(|| json!(bound)));
            schema.extend(bound.map(|bound| (keyword.to_owned(), bound)));
        }
        or_unknown(&Value::Object(schema))
    }

    fn max_chars(&self) -> usize {
        SHORT_VALUE
    }

    fn description(&self) -> String {
        if self.whole { "nombre entier" } else { "nombre" }.to_owned()
    }

    fn expectation(&self) -> String {
        let bounds = match (self.minimum, self.maximum) {
            (None, None) => String::new(),
            (Some(low), None) => format!(" d'au moins {low}"),
            (None, Some(high)) => format!(" d'au plus {high}"),
            (Some(low), Some(high)) => format!(" de {low} à {high}"),
        };
        format!("un {}{bounds}", self.description())
    }

    fn listed(&self) -> Vec<&str> {
        Vec::new()
    }

    fn accepts(&self, value: &Value) -> bool {
        (!self.whole || value.is_i64() || value.is_u64()) && value.as_f64().is_some_and(|number| self.is_within(number))
    }

    /// Reads digits in a text: "12", "12,5", "1 200", "12 postes".
    fn read(&self, value: &Value) -> Option<Value> {
        let number = match value {
            Value::Number(number) => number.clone(),
            Value::String(text) => parse(text)?,
            _ => return None,
        };
        let float = number.as_f64().filter(|float| self.is_within(*float))?;
        if self.whole && !number.is_i64() && !number.is_u64() { whole(float) } else { Some(Value::Number(number)) }
    }

    fn ground(&self, value: &Value, evidence: &Evidence, _: &Secrets) -> Option<Value> {
        let number = value.as_number()?.to_string();
        is_unsupported_reference(&number, evidence).then(|| Value::from(UNKNOWN))
    }

    fn confidence<'v>(&self, value: &Value, evidence: &Evidence, local: impl Fn() -> Option<&'v Value>) -> Confidence {
        let is_said = evidence.has_phrase(&value.to_string()) || local() == Some(value);
        if is_said { Confidence::High } else { Confidence::Low }
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
        let number = text.number().filter(|number| self.is_within(*number))?;
        if self.whole { whole(number) } else { JsonNumber::from_f64(number).map(Value::Number) }
    }
}

/// The number as a JSON integer, where it is whole and exact.
fn whole(number: f64) -> Option<Value> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53, so exact")]
    let whole = || Value::from(number as i64);
    (number.fract() == 0.0 && number.abs() <= EXACT).then(whole)
}

/// The only number in a text; `None` if there are two, or if a comma is ambiguous.
fn parse(text: &str) -> Option<JsonNumber> {
    if let Ok(number) = text.trim().parse() {
        return Some(number);
    }
    let text = fold(text);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = text.split_at_checked(start)?;
    let end = rest.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (body, after) = rest.split_at_checked(end)?;
    let (before, negative) = match before.strip_suffix('-') {
        Some(before) => (before, "-"),
        None => (before.strip_suffix('+').unwrap_or(before), ""),
    };
    // Only words may surround the number, and none may touch its front.
    let is_word =
        |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '%' | '€' | '.' | '\'' | '(' | ')' | ':');
    let starts_here = before.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ':' | '\''));
    if !starts_here || !before.chars().all(is_word) || !after.chars().all(is_word) {
        return None;
    }
    format!("{negative}{}", plain(body)?).parse().ok()
}

/// Digits with a decimal point, from digits as people group them.
fn plain(body: &str) -> Option<String> {
    let ungrouped = match body.split_once(' ') {
        None => body.to_owned(),
        Some(_) => {
            let whole = body.split(['.', ',']).next()?;
            let mut groups = whole.split(' ');
            let first = groups.next()?;
            if !(1..=3).contains(&first.len()) || !groups.all(|group| group.len() == 3) {
                return None;
            }
            body.replace(' ', "")
        }
    };
    let decimal = match (ungrouped.rfind(','), ungrouped.rfind('.')) {
        (Some(comma), Some(point)) => {
            let (groups, mark) = if comma > point { ('.', ',') } else { (',', '.') };
            let whole = ungrouped.split(mark).next()?;
            if !whole.split(groups).skip(1).all(|group| group.len() == 3) {
                return None;
            }
            ungrouped.replace(groups, "").replace(mark, ".")
        }
        (Some(comma), None) => {
            // "1,200" is twelve hundred to some and one and a fifth to others.
            let decimals = ungrouped.len() - comma - 1;
            if decimals == 3 {
                return None;
            }
            ungrouped.replace(',', ".")
        }
        (None, _) => ungrouped,
    };
    let is_plain = decimal.bytes().all(|b| b.is_ascii_digit() || b == b'.') && decimal.matches('.').count() <= 1;
    is_plain.then(|| {
        let whole = decimal.trim_start_matches('0');
        // JSON has no leading zeros.
        if whole.is_empty() || whole.starts_with('.') { format!("0{whole}") } else { whole.to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_beside_name, check_phrases, some};
    use serde_json::json;

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
                // Twelve hundred to some, one and a fifth to others.
                (json!("1,200"), None),
                (json!("1,2,3.5"), None),
                (json!("1.2.3"), None),
                (json!("1/2"), None),
            ],
        );
    }

    #[test]
    fn customers_may_write_only_what_the_field_takes() {
        let cases = [("12", some(12)), ("12.5", None), ("51", None), ("douze", None)];
        check_beside_name(json!({"type": "integer", "maximum": 50}), &cases);
    }

    #[test]
    fn phrases() {
        for (schema, description, expectation) in [
            (json!({"type": "integer", "minimum": 1, "maximum": 9.5}), "nombre entier", "un nombre entier de 1 à 9.5"),
            (json!({"type": "integer", "minimum": 1}), "nombre entier", "un nombre entier d'au moins 1"),
            (json!({"type": "number", "maximum": 9}), "nombre", "un nombre d'au plus 9"),
            (json!({"type": "number"}), "nombre", "un nombre"),
        ] {
            check_phrases(schema, description, expectation);
        }
    }
}
