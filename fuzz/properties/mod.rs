//! Properties of every reader of untrusted input, for the fuzz targets and `tests/replay.rs`.
#![allow(dead_code, reason = "each target uses one")]

pub mod answer;
pub mod body;
pub mod fence;
pub mod redactor;
pub mod schema;
pub mod stream;

/// Checks one input; panics if it violates the property.
pub type Check = fn(&[u8]);

/// Every target, by the name of its folder of seeds.
pub const TARGETS: [(&str, Check); 6] = [
    ("answer", answer::check),
    ("body", body::check),
    ("fence", fence::check),
    ("redactor", redactor::check),
    ("schema", schema::check),
    ("stream", stream::check),
];

/// The input as text, with invalid UTF-8 replaced.
fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}
