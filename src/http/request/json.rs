//! Reads JSON and reports duplicate keys, which a plain map would hide.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::http::problem::{FieldError, Problem};

/// Most duplicate keys that are reported: enough to fix a client.
const MAX_DUPLICATES: usize = 16;

/// Reads JSON (RFC 8259); the second value lists the keys that an object has twice, by JSON Pointer.
///
/// # Errors
/// [`Problem::InvalidJson`] with line and column; nesting deeper than 128 levels counts as that.
pub(super) fn read(body: &[u8]) -> Result<(Value, Vec<FieldError>), Problem> {
    let mut duplicates = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(body);
    let seed = Unique { pointer: &mut String::new(), duplicates: &mut duplicates };
    let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map(|value| (value, duplicates)).map_err(|error| {
        // Its text repeats the position, which has fields of its own here.
        let text = error.to_string();
        let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned();
        Problem::InvalidJson { reason, line: error.line(), column: error.column() }
    })
}

struct Unique<'a> {
    pointer: &'a mut String,
    duplicates: &'a mut Vec<FieldError>,
}

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        let length = self.pointer.len();
        loop {
            self.pointer.push('/');
            self.pointer.push_str(&list.len().to_string());
            let next = items.next_element_seed(Unique { pointer: self.pointer, duplicates: self.duplicates })?;
            self.pointer.truncate(length);
            match next {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let length = self.pointer.len();
        while let Some(key) = entries.next_key::<String>()? {
            self.pointer.push('/');
            self.pointer.push_str(&escape(&key));
            if map.contains_key(&key) && self.duplicates.len() < MAX_DUPLICATES {
                let detail = "this key is given more than once".to_owned();
                self.duplicates.push(FieldError { field: self.pointer.clone(), detail });
            }
            let value = entries.next_value_seed(Unique { pointer: self.pointer, duplicates: self.duplicates })?;
            self.pointer.truncate(length);
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// A key as a token of a JSON Pointer (RFC 6901, section 3).
pub(in crate::http) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_serde_json_reads() {
        for text in [r#"{"a":[1,-2,3.5,"x",null,true,{"b":{}}]}"#, "[]", "3", "\"é\""] {
            let plain: Value = serde_json::from_str(text).unwrap();
            assert_eq!(read(text.as_bytes()).unwrap(), (plain, vec![]));
        }
    }

    #[test]
    fn errors_have_line_and_column() {
        for (body, line, column) in [
            (&b"{\n  \"a\": }"[..], 2, 8),
            (b"", 1, 0),
            (b"{\"a\":\"\xff\"}", 1, 7),
            (b"{\"a\":\"\\ud800\"}", 1, 13),
            (b"{\"a\":NaN}", 1, 6),
            (b"{} {}", 1, 4),
        ] {
            match read(body).unwrap_err() {
                Problem::InvalidJson { line: l, column: c, reason } => {
                    assert_eq!((l, c), (line, column), "{body:?}: {reason}");
                    assert!(!reason.contains("line"), "{reason}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let bomb = "[".repeat(100_000);
        assert!(matches!(read(bomb.as_bytes()), Err(Problem::InvalidJson { .. })));
    }

    #[test]
    fn duplicate_keys_are_reported_by_pointer() {
        let (value, duplicates) = read(br#"{"a":1,"h":[{"x/y":1,"x/y":2}],"a":2}"#).unwrap();
        assert_eq!(value, json!({"a": 2, "h": [{"x/y": 2}]}));
        let places: Vec<&str> = duplicates.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(places, ["/h/0/x~1y", "/a"]);
    }
}
