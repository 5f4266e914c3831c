//! Request bodies: `http::endpoints`.

use std::sync::LazyLock;

use support_ticket_ai::conversation::Turn;
use support_ticket_ai::http::MAX_HISTORY;
use support_ticket_ai::http::endpoints::analyze::MAX_MESSAGE_CHARS;
use support_ticket_ai::http::endpoints::{analyze, followup};
use support_ticket_ai::http::problem::Problem;
use support_ticket_ai::ticket::Schema;

static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(|| Schema::built_in().ok());

/// An accepted body is within the limits; a refusal gives its reason and place.
pub fn check(data: &[u8]) {
    let Some(schema) = SCHEMA.as_ref() else { return };
    match analyze::Request::read(data) {
        Ok(read) => {
            assert!((1..=MAX_MESSAGE_CHARS).contains(&read.message.chars().count()));
            assert_eq!(read.message, read.message.trim());
            history(&read.history);
        }
        Err(problem) => refused(data, &problem),
    }
    match followup::Request::read(data, schema) {
        Ok(read) => {
            assert!(read.ticket.keys().all(|name| schema.field(name).is_some()));
            assert!(read.ticket.values().all(|value| !value.is_array() && !value.is_object()));
            history(&read.history);
        }
        Err(problem) => refused(data, &problem),
    }
}

fn history(turns: &[Turn]) {
    assert!(turns.len() <= MAX_HISTORY);
    assert!(turns.iter().all(|turn| !turn.text.is_empty() && turn.text == turn.text.trim()));
}

fn refused(data: &[u8], problem: &Problem) {
    // A standard JSON parser accepts and refuses the same inputs.
    let is_json = serde_json::from_slice::<serde_json::Value>(data).is_ok();
    match problem {
        Problem::InvalidJson { line, column, .. } => {
            assert!(!is_json);
            assert!(*line >= 1 && *line <= data.len() + 1 && *column <= data.len() + 1);
        }
        Problem::Validation { errors } => {
            assert!(is_json && !errors.is_empty());
            assert!(errors.iter().all(|error| error.field.is_empty() || error.field.starts_with('/')));
        }
        other => assert!(matches!(other, Problem::InvalidJson { .. }), "a body is refused as {other:?}"),
    }
}
