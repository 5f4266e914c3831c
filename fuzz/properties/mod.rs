//! What must hold of every reader whatever strangers wrote: shared by the fuzz targets and by `tests/replay.rs`.

// A fuzz target uses one of them, and a property that does not hold is a failed assertion.
#![allow(dead_code, reason = "each target uses one")]

pub mod answer;
pub mod body;
pub mod fence;
pub mod redactor;
pub mod schema;
pub mod stream;

/// A property over one input; what does not hold panics.
pub type Check = fn(&[u8]);

/// Every target by its name, which is also that of its folder of seeds.
pub const TARGETS: [(&str, Check); 6] = [
    ("answer", answer::check),
    ("body", body::check),
    ("fence", fence::check),
    ("redactor", redactor::check),
    ("schema", schema::check),
    ("stream", stream::check),
];

/// The input as text, what is not UTF-8 replaced.
fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}
