//! Finding the JSON object in what a model wrote.
//!
//! Small models wrap their answer in prose, code fences, thoughts or another object, and write JSON as people do. The
//! reader takes all of that, in time linear in the text, and still refuses to guess: an object that the text does not
//! close is reported as cut off, never completed.

mod parser;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use crate::ticket::words::key_form;
use parser::{Failure, Parser};

/// Attempts that yield nothing may visit this many times the text's length, and [`SPARE_STEPS`] more: what keeps time
/// linear where every brace opens an object that never closes.
const STEPS_PER_BYTE: usize = 4;
/// Steps on top of that, in bytes visited, so that a short answer is read whatever braces stand before it.
const SPARE_STEPS: usize = 256 * 1024;
/// How many times an answer may stand as text within JSON: once by the model, once by a server in between.
const MAX_LAYERS: usize = 2;

/// Tags between which models think aloud.
const THOUGHTS: &[(&str, &str)] =
    &[("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("[think]", "[/think]")];

/// Why there is no object to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoObject {
    /// The text holds no JSON object.
    #[error("no JSON object in the text")]
    Absent,
    /// It holds one, with none of the expected names.
    #[error("the JSON object has none of the expected names")]
    Foreign,
    /// It ends within an object, or within a thought.
    #[error("the text ends within the JSON object")]
    CutOff,
}

/// Reads the object that has most of `names` (case, accents and punctuation aside); of equals, the last.
///
/// Survived: text and code fences around it, thoughts, a list or wrapper around it, JSON within a JSON text, comments,
/// trailing and missing commas, keys without quotes or in other quotes, raw line breaks and stray quotes in texts,
/// Python's literals, bare words. Of a repeated key the last value that says something is kept.
///
/// # Errors
/// [`NoObject`]; cut off where the text ends within an object that has more of the names than any complete one.
///
/// ```
/// use support_ticket_ai::ticket::{NoObject, read_object};
/// let object = read_object("Voici {le ticket} :\n```json\n{'titre': 'Panne', // court\n}\n```", &["titre"]).unwrap();
/// assert_eq!(object["titre"], "Panne");
/// assert_eq!(read_object(r#"{"titre": "Imprim"#, &["titre"]), Err(NoObject::CutOff));
/// ```
pub fn read_object(text: &str, names: &[&str]) -> Result<Map<String, Value>, NoObject> {
    read_layer(text, &Names::new(names), MAX_LAYERS)
}

fn read_layer(text: &str, names: &Names, layers: usize) -> Result<Map<String, Value>, NoObject> {
    let found = scan(text, names);
    match (found.best, found.cut_off) {
        (Some((score, _)), Some(read)) if read > score => return Err(NoObject::CutOff),
        (Some((_, object)), _) => return Ok(object),
        (None, Some(_)) => return Err(NoObject::CutOff),
        (None, None) => {}
    }
    let reason = if found.foreign.is_some() { NoObject::Foreign } else { NoObject::Absent };
    match encoded(text, found.foreign.as_ref()) {
        Some(inner) if layers > 0 => match read_layer(&inner, names, layers - 1) {
            Err(NoObject::Absent) => Err(reason),
            read => read,
        },
        _ => Err(reason),
    }
}

/// The names that tell a ticket from another object: so few that a list is the quickest set.
struct Names(Vec<String>);

impl Names {
    fn new(names: &[&str]) -> Self {
        Self(names.iter().map(|name| key_form(name)).filter(|form| !form.is_empty()).collect())
    }

    fn get(&self, key: &str) -> Option<usize> {
        let form = key_form(key);
        self.0.iter().position(|name| *name == form)
    }

    /// How many of the names an object has.
    fn score(&self, object: &Map<String, Value>) -> usize {
        let mut has = vec![false; self.0.len()];
        for index in object.keys().filter_map(|key| self.get(key)) {
            has.iter_mut().skip(index).take(1).for_each(|has| *has = true);
        }
        has.into_iter().filter(|has| *has).count()
    }

    /// The object with most names among `value` and what it holds: of equals the outermost, then the last.
    fn best<'a>(&self, value: &'a Value) -> Option<(usize, &'a Map<String, Value>)> {
        match value {
            Value::Array(items) => self.best_of(items.iter()),
            Value::Object(object) => {
                let own = Some((self.score(object), object)).filter(|(score, _)| *score > 0);
                let inner = self.best_of(object.values());
                inner.into_iter().chain(own).max_by_key(|(score, _)| *score)
            }
            _ => None,
        }
    }

    fn best_of<'a>(&self, values: impl Iterator<Item = &'a Value>) -> Option<(usize, &'a Map<String, Value>)> {
        // `max_by_key` keeps the last of equals.
        values.filter_map(|value| self.best(value)).max_by_key(|(score, _)| *score)
    }
}

#[derive(Default)]
struct Found {
    /// The complete object with most names, and how many.
    best: Option<(usize, Map<String, Value>)>,
    /// The last complete object that has none of them.
    foreign: Option<Map<String, Value>>,
    /// Names read in an object, or a thought, that the text does not close.
    cut_off: Option<usize>,
}

/// Tries every opening brace that does not stand in an object already taken.
fn scan(text: &str, names: &Names) -> Found {
    let mut found = Found::default();
    let mut steps = text.len().saturating_mul(STEPS_PER_BYTE).saturating_add(SPARE_STEPS);
    // What stands within a doubtful object must be better than it; elsewhere, as good and later is better.
    let (mut at, mut doubtful_until) = (0, 0);
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(['{', '<', '['])) {
        at += offset;
        match thought(text, at) {
            Some(Thought::Whole { end }) => {
                at = end;
                continue;
            }
            Some(Thought::Unclosed) => {
                found.cut_off = found.cut_off.max(Some(0));
                break;
            }
            // Its opening tag stood in the prompt: what came before was thought.
            Some(Thought::Closed { end }) => {
                found = Found::default();
                at = end;
                continue;
            }
            None => {}
        }
        if !text.get(at..).is_some_and(|rest| rest.starts_with('{')) {
            at += 1;
            continue;
        }
        let mut parser = Parser::new(text, at, names);
        let taken = match parser.object(0) {
            Ok(object) => {
                let taken = found.take(object, names, at < doubtful_until);
                if taken && parser.is_doubtful() {
                    doubtful_until = doubtful_until.max(parser.position());
                }
                taken && !parser.is_doubtful()
            }
            Err(failure) => {
                if failure == Failure::End && parser.is_plausible() {
                    found.cut_off = found.cut_off.max(Some(parser.names_read()));
                }
                false
            }
        };
        if taken {
            at = parser.position();
        } else {
            let visited = parser.position().saturating_sub(at);
            let Some(left) = steps.checked_sub(visited) else { break };
            steps = left;
            at += 1;
        }
    }
    found
}

impl Found {
    /// Keeps a complete object if it is the best so far; whether it has any of the names.
    fn take(&mut self, object: Map<String, Value>, names: &Names, must_exceed: bool) -> bool {
        let object = Value::Object(object);
        match names.best(&object) {
            Some((score, best)) => {
                let least = |so_far: usize| so_far + usize::from(must_exceed);
                if self.best.as_ref().is_none_or(|(so_far, _)| score >= least(*so_far)) {
                    self.best = Some((score, best.clone()));
                }
                true
            }
            None => {
                if let Value::Object(object) = object {
                    self.foreign = Some(object);
                }
                false
            }
        }
    }
}

/// The text without the thoughts that lead it; nothing where one is never closed.
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

/// The thought whose tag stands at byte `at`.
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

/// JSON that stands escaped in `text`, or as the only value of an object with none of the names.
fn encoded(text: &str, foreign: Option<&Map<String, Value>>) -> Option<String> {
    if let Some(object) = foreign {
        let only = object.values().next().filter(|_| object.len() == 1)?.as_str()?;
        return only.trim_start().starts_with('{').then(|| only.to_owned());
    }
    let first = text.find('{')?;
    let quote = first + text.get(first..)?.find("\\\"")?;
    let brace = text.get(..quote)?.rfind('{')?;
    text.get(brace..).map(parser::unescape)
}
