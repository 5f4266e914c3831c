//! From whatever a model put in a field to a value that the field takes.
//!
//! Near misses become the value that was meant; what could mean two things, or nothing that the field takes, is a
//! [`Problem`] for the model to mend. Nothing is guessed.

mod matching;
mod number;
mod unknown;

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::schema::{Field, Kind, UNKNOWN};
use crate::text::{fold, is_invisible, plain, truncate};

pub(super) use unknown::{says_nothing, text_says_nothing};

/// Longest `maxLength`, in characters, whose values stand on one line: a title or a place, not a description.
const ONE_LINE: usize = 200;
/// Values listed in a [`Problem`]: a prompt's line, not a catalogue.
const LISTED_VALUES: usize = 40;

/// A value that its field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The value as the model wrote it.
    Exact(Value),
    /// The value that the model meant.
    Normalised(Value),
}

/// What is wrong with an answer, in a French sentence that a model can act on.
///
/// It is made from the schema alone and never repeats what the model wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field to blame; `None` for the answer as a whole.
    pub field: Option<String>,
    /// What was expected.
    pub expected: String,
}

/// Reads the value of `field`; `None` is an absent one.
///
/// | field | taken as well |
/// | --- | --- |
/// | any | null, a blank, "inconnu", "N/A", "not specified"… as [`UNKNOWN`]; a list of one value |
/// | choice | other case, accents, number; a typing mistake; one value named within more words, or by some of its own |
/// | text | numbers, booleans, lists (joined); control and invisible characters go, full-width ones are plain; cut at `max_length`, at a word's end |
/// | text with known values | one of them by the same rules becomes it; anything else stays free text |
/// | integer, number | digits in a text ("12", "12,5", "1 200", "12 postes") |
/// | boolean | "oui", "vrai", "yes", "true", 1 and their opposites |
///
/// # Errors
/// [`Problem`] where the value is none that the field takes, numbers out of bounds included.
pub fn normalise(field: &Field, value: Option<&Value>) -> Result<Reading, Problem> {
    let Some(given) = value else { return Ok(Reading::Exact(Value::from(UNKNOWN))) };
    // A list of one value is that value, in any field.
    let single = given.as_array().filter(|items| items.len() == 1).and_then(|items| items.first()).unwrap_or(given);
    let read = if let Some(offered) = offered(field, single) {
        Some(Value::from(offered))
    } else if says_nothing(single) {
        Some(Value::from(UNKNOWN))
    } else {
        match &field.kind {
            Kind::Text { max_length } => text(single, *max_length).map(|text| {
                let known = matching::known(&text, field.known_values.iter().map(String::as_str));
                Value::from(known.unwrap_or(&text))
            }),
            Kind::Choice { options } => scalar(single)
                .and_then(|text| matching::choice(&text, options.iter().map(|option| option.value.as_str())))
                .map(Value::from),
            Kind::Boolean => boolean(single).map(Value::from),
            Kind::Integer { minimum, maximum } => number::integer(single, *minimum, *maximum),
            Kind::Number { minimum, maximum } => number::number(single, *minimum, *maximum),
        }
    };
    match read {
        Some(read) if read == *given => Ok(Reading::Exact(read)),
        Some(read) => Ok(Reading::Normalised(read)),
        None => Err(Problem { field: Some(field.name.clone()), expected: expected(field) }),
    }
}

/// The schema's own value that this is, case and accents aside; first of all, since it may be one that would say
/// nothing elsewhere, such as "N/A".
fn offered<'a>(field: &'a Field, value: &Value) -> Option<&'a str> {
    let offered: Vec<&str> = match &field.kind {
        Kind::Choice { options } => options.iter().map(|option| option.value.as_str()).collect(),
        Kind::Text { .. } | Kind::Boolean | Kind::Integer { .. } | Kind::Number { .. } => {
            field.known_values.iter().map(String::as_str).collect()
        }
    };
    // Constrained models write the value itself: nothing needs folding then.
    let exact = value.as_str().and_then(|text| offered.iter().find(|offered| **offered == text));
    let folded = || {
        let text = fold(&scalar(value).filter(|_| !offered.is_empty())?);
        offered.iter().find(|offered| fold(offered) == text.trim())
    };
    exact.or_else(folded).copied()
}

/// The text of a value that is neither a list nor an object.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text(value: &Value, max_length: usize) -> Option<String> {
    let text = match value {
        Value::Array(items) => {
            let said = items.iter().filter(|item| !says_nothing(item));
            said.map(scalar).collect::<Option<Vec<_>>>()?.join(", ")
        }
        value => scalar(value)?,
    };
    let text = clean(&text, max_length > ONE_LINE);
    let text = truncate(&text, max_length);
    Some(if text_says_nothing(text) { UNKNOWN } else { text }.to_owned())
}

/// Removes control and invisible characters and surplus white space, and writes full-width and mathematical letters
/// plainly, so that what follows sees what a reader sees; line breaks stay where `lines`, two at most.
pub(super) fn clean(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut blank, mut breaks) = (false, 0_u8);
    let mut previous = ' ';
    for c in text.chars().filter(|c| !is_invisible(*c)).map(plain) {
        let line_feed = c == '\n' || (c == '\r') || matches!(c, '\u{2028}' | '\u{2029}');
        if line_feed && lines {
            // A carriage return and its line feed are one break.
            breaks = breaks.saturating_add(u8::from(!(c == '\n' && previous == '\r')));
        } else if c.is_whitespace() {
            blank = true;
        } else {
            if !out.is_empty() {
                match breaks {
                    0 if blank => out.push(' '),
                    0 => {}
                    1 => out.push('\n'),
                    _ => out.push_str("\n\n"),
                }
            }
            (blank, breaks) = (false, 0);
            out.push(c);
        }
        previous = c;
    }
    out
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(bool) => Some(*bool),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
        Value::String(text) => match fold(text).trim_matches(|c: char| !c.is_alphanumeric()) {
            "oui" | "yes" | "vrai" | "true" | "1" | "o" | "y" => Some(true),
            "non" | "no" | "faux" | "false" | "0" | "n" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn expected(field: &Field) -> String {
    let expected = match &field.kind {
        Kind::Text { max_length } => format!("un texte d'au plus {max_length} caractères"),
        Kind::Choice { options } => {
            let listed: Vec<String> =
                options.iter().take(LISTED_VALUES).map(|option| format!("« {} »", option.value)).collect();
            let more = if options.len() > LISTED_VALUES { "…" } else { "" };
            format!("exactement l'une de ces valeurs : {}{more}", listed.join(", "))
        }
        Kind::Boolean => "true ou false".to_owned(),
        Kind::Integer { minimum, maximum } => format!("un nombre entier{}", number::bounds(*minimum, *maximum)),
        Kind::Number { minimum, maximum } => format!("un nombre{}", number::bounds(*minimum, *maximum)),
    };
    format!("Le champ « {} » attend {expected}, ou « {UNKNOWN} » si le client ne l'a pas dit.", field.name)
}
