//! One table of messages per rule.

use serde_json::json;

use super::*;

mod choices;
mod extraction;
mod properties;

/// Asserts one field of the built-in ticket for each message; "" means unknown. `|` separates the lines of a message.
fn check(field: &str, cases: &[(&str, &str)]) {
    let backend = Local::new(&Schema::built_in().unwrap());
    for (said, expect) in cases {
        let said: Vec<&str> = said.split('|').collect();
        let expect = if expect.is_empty() { UNKNOWN } else { expect };
        assert_eq!(backend.fill(&said)[field], expect, "{field} of {said:?}");
    }
}

/// Asserts the whole ticket for a schema with these properties.
fn check_schema(properties: &Value, said: &[&str], expect: &Value) {
    let document = json!({"type": "object", "properties": properties}).to_string();
    let schema = Schema::parse(&document).unwrap();
    assert_eq!(Value::Object(fill(&schema, said)), *expect, "{said:?}");
}
