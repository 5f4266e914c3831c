//! Finding the JSON object in a model's answer.
//!
//! Models put text, code fences and thoughts around the object, wrap it in a list or another object, and make a few
//! mistakes in it: [`object`] fixes those. All of it takes time linear in the text. An object that the text does not
//! close is reported as cut off, never completed.

mod object;
#[cfg(test)]
mod tests;

use crate::text::name_key;
use serde_json::{Map, Value};

/// Bytes that failed attempts may visit, per byte of the text, besides [`SPARE_STEPS`]: time stays linear even if every
/// brace opens an object that never closes.
const STEPS_PER_BYTE: usize = 4;
/// Bytes that failed attempts may visit in any text: braces before a short answer do not hide it.
const SPARE_STEPS: usize = 256 * 1024;

/// The tags around a model's thoughts.
const THOUGHTS: &[(&str, &str)] =
    &[("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("[think]", "[/think]")];

/// Why there is no object to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoObject {
    /// The text has no JSON object.
    #[error("no JSON object in the text")]
    Absent,
    /// It has one, with none of the expected names.
    #[error("the JSON object has none of the expected names")]
    Foreign,
    /// It ends within an object, or within a thought.
    #[error("the text ends within the JSON object")]
    CutOff,
}

/// Reads the object that has most of `names` (case, accents and punctuation aside); of equals, the last.
///
/// Text, code fences, thoughts, lists and other objects around it are skipped; trailing commas, raw line breaks, stray
/// quotes and invalid escapes in it are fixed.
///
/// # Errors
/// [`NoObject`]; cut off where the text ends within an object that has more of the names than any complete one.
///
/// ```
/// use support_ticket_ai::ticket::{NoObject, read_object};
/// let object = read_object("Voici {le ticket} :\n```json\n{\"titre\": \"Panne\",\n}\n```", &["titre"]).unwrap();
/// assert_eq!(object["titre"], "Panne");
/// assert_eq!(read_object(r#"{"titre": "Imprim"#, &["titre"]), Err(NoObject::CutOff));
/// ```
pub fn read_object(text: &str, names: &[&str]) -> Result<Map<String, Value>, NoObject> {
    let names = Names(names.iter().map(|name| name_key(name)).filter(|form| !form.is_empty()).collect());
    let found = scan(text, &names);
    match (found.best, found.cut_off) {
        (Some((score, object)), cut_off) if cut_off.is_none_or(|names| names <= score) => Ok(object),
        (_, Some(_)) => Err(NoObject::CutOff),
        _ if found.foreign => Err(NoObject::Foreign),
        _ => Err(NoObject::Absent),
    }
}

/// The names that distinguish a ticket from another object: so few that a list is the quickest set.
struct Names(Vec<String>);

impl Names {
    /// The number of names among `keys`.
    fn count<'k>(&self, keys: impl Iterator<Item = &'k str>) -> usize {
        let mut found: Vec<usize> = keys.filter_map(|key| self.position(&name_key(key))).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    fn position(&self, form: &str) -> Option<usize> {
        self.0.iter().position(|name| name == form)
    }
}

#[derive(Default)]
struct Found {
    /// The complete object with most names, and how many.
    best: Option<(usize, Map<String, Value>)>,
    /// Whether there is a complete object without any of the names.
    foreign: bool,
    /// The number of names in an object, or a thought, that the text does not close.
    cut_off: Option<usize>,
}

/// Tries every opening brace that is not part of an object already taken.
fn scan(text: &str, names: &Names) -> Found {
    let mut found = Found::default();
    let mut steps = text.len().saturating_mul(STEPS_PER_BYTE).saturating_add(SPARE_STEPS);
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(['{', '<', '['])) {
        at += offset;
        match thought(text, at) {
            Some(Thought::Whole { end }) => at = end,
            Some(Thought::Unclosed) => {
                found.cut_off = found.cut_off.max(Some(0));
                break;
            }
            // The prompt has its opening tag: all the text before was the thought.
            Some(Thought::Closed { end }) => {
                found = Found::default();
                at = end;
            }
            None => {
                let rest = text.get(at..).unwrap_or_default();
                let visited = if rest.starts_with('{') { found.take(rest, names) } else { Visited::Failed(0) };
                match visited {
                    Visited::Taken(bytes) => at += bytes,
                    Visited::Failed(bytes) => {
                        let Some(left) = steps.checked_sub(bytes) else { break };
                        steps = left;
                        at += 1;
                    }
                }
            }
        }
    }
    found
}

/// The bytes that an attempt visited.
enum Visited {
    /// They are an object with one of the names.
    Taken(usize),
    /// They are none.
    Failed(usize),
}

impl Found {
    /// Reads the object that begins `text`, and keeps it if it is the best so far.
    fn take(&mut self, text: &str, names: &Names) -> Visited {
        let object = object::repair(text);
        let length = object.length;
        if !object.is_closed {
            let count = names.count(object.keys.iter().map(String::as_str));
            if count > 0 || object::begins(text) {
                self.cut_off = self.cut_off.max(Some(count));
            }
            return Visited::Failed(length);
        }
        let Ok(map) = serde_json::from_str::<Map<String, Value>>(&object.json) else { return Visited::Failed(length) };
        let count = names.count(map.keys().map(String::as_str));
        if count == 0 {
            self.foreign = true;
            return Visited::Failed(length);
        }
        if self.best.as_ref().is_none_or(|(best, _)| count >= *best) {
            self.best = Some((count, map));
        }
        Visited::Taken(length)
    }
}

/// The text after the thoughts that lead it; nothing if one is never closed.
pub(in crate::ticket) fn without_thoughts(text: &str) -> &str {
    let (mut at, mut from) = (0, 0);
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(['<', '['])) {
        at += offset;
        match thought(text, at) {
            Some(Thought::Whole { end } | Thought::Closed { end }) => (at, from) = (end, end),
            Some(Thought::Unclosed) => return "",
            None => at += 1,
        }
    }
    text.get(from..).unwrap_or_default()
}

enum Thought {
    /// Opened here, closed before byte `end`.
    Whole { end: usize },
    /// Opened here and never closed.
    Unclosed,
    /// Closed by a tag here that ends at byte `end`.
    Closed { end: usize },
}

/// The thought whose tag is at byte `at`.
fn thought(text: &str, at: usize) -> Option<Thought> {
    let rest = text.as_bytes().get(at..)?;
    THOUGHTS.iter().find_map(|(open, close)| {
        if starts_with(rest, close) {
            return Some(Thought::Closed { end: at + close.len() });
        }
        starts_with(rest, open).then(|| {
            let mut windows = rest.windows(close.len());
            match windows.position(|window| window.eq_ignore_ascii_case(close.as_bytes())) {
                Some(offset) => Thought::Whole { end: at + offset + close.len() },
                None => Thought::Unclosed,
            }
        })
    })
}

fn starts_with(bytes: &[u8], tag: &str) -> bool {
    bytes.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag.as_bytes()))
}
