//! Structured logs: one JSON object per line on standard error.
//!
//! Some forty lines replace `tracing-subscriber`, whose JSON format adds 114 KB to the component.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

/// Initial capacity of a line: enough for that of a request.
const LINE_BYTES: usize = 768;

/// Index into [`LEVELS`] of the least severe level that is written; it may be set after the first event.
static LEVEL: AtomicUsize = AtomicUsize::new(0);
const LEVELS: [Level; 5] = [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE];

/// Starts writing events of `level` and above; a later call changes the level.
pub fn start(level: Level) {
    LEVEL.store(LEVELS.iter().position(|known| *known == level).unwrap_or_default(), Ordering::Relaxed);
    // A process takes only its first subscriber, and that one reads the new level.
    let _already_started = tracing::subscriber::set_global_default(JsonLines);
}

struct JsonLines;

impl Subscriber for JsonLines {
    // Evaluated for each event, because the level may change.
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let level = LEVELS.get(LEVEL.load(Ordering::Relaxed)).unwrap_or(&Level::INFO);
        metadata.target().starts_with(env!("CARGO_CRATE_NAME")) && metadata.level() <= level
    }

    fn event(&self, event: &Event<'_>) {
        let line = line(event, SystemTime::now());
        // An unwritable log must not fail the request.
        let _unwritable = std::io::stderr().write_all(line.as_bytes());
    }

    // There are no spans: they would need state shared between the requests of an instance.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn line(event: &Event<'_>, now: SystemTime) -> String {
    let mut fields = Fields(String::with_capacity(LINE_BYTES));
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    fields.insert("timestamp_ms", &u64::try_from(seconds.as_millis()).unwrap_or(u64::MAX));
    fields.insert("level", &event.metadata().level().as_str().to_ascii_lowercase());
    event.record(&mut fields);
    let Fields(mut line) = fields;
    line.push_str("}\n");
    line
}

/// A JSON object being written, up to its closing brace.
struct Fields(String);

impl Fields {
    fn insert<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        // Writing plain values to memory cannot fail; with `null` the line stays JSON even so.
        let value = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        let before = if self.0.is_empty() { '{' } else { ',' };
        // Names come from this code and need no escaping.
        self.0.extend([before, '"']);
        self.0.push_str(name);
        self.0.push_str("\":");
        self.0.push_str(&value);
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field.name(), &value);
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field.name(), &value);
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field.name(), &value);
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field.name(), &value);
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field.name(), value);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert(field.name(), &format!("{value:?}"));
    }
}
