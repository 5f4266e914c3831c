//! Request bodies.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Customers' messages of a few lines to a page, also used to tune the local backend.
const MESSAGES: &str = "tests/data/local/tuning.jsonl";
/// Maximum length of a message, in characters.
const LONGEST: usize = 8000;

/// Bodies for `/analyze`, one for each conversation.
pub fn conversations(root: &Path) -> Result<Vec<Vec<u8>>> {
    let said = said(root)?;
    let bodies = said.iter().filter_map(|said| {
        let (message, history) = said.split_last()?;
        Some(json!({"message": message, "history": history}).to_string().into_bytes())
    });
    Ok(bodies.collect())
}

/// Bodies for `/analyze` with messages of maximum length, each with different words in a different order.
pub fn longest(root: &Path) -> Result<Vec<Vec<u8>>> {
    let said: Vec<String> = said(root)?.into_iter().flatten().collect();
    let bodies = (0..said.len()).map(|first| {
        // A step without a common factor with the number of texts visits all of them.
        let step = 1 + 2 * (first % 7);
        let text = (0..).map(|n| said[(first + n * step) % said.len()].as_str());
        let message = fill(text, LONGEST);
        json!({"message": message}).to_string().into_bytes()
    });
    Ok(bodies.collect())
}

/// Concatenates texts to exactly `length` characters.
fn fill<'a>(texts: impl Iterator<Item = &'a str>, length: usize) -> String {
    let mut filled: Vec<char> = Vec::with_capacity(2 * length);
    for text in texts {
        if filled.len() >= length {
            break;
        }
        filled.extend(text.chars().chain(['\n']));
    }
    filled.truncate(length);
    // The service must not trim the end.
    if let Some(last) = filled.last_mut() {
        *last = '.';
    }
    filled.into_iter().collect()
}

fn said(root: &Path) -> Result<Vec<Vec<String>>> {
    let text = fs::read_to_string(root.join(MESSAGES)).with_context(|| format!("cannot read {MESSAGES}"))?;
    let mut all = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line)?;
        let turns = line["said"].as_array().context("no \"said\"")?;
        all.push(turns.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    ensure!(!all.is_empty(), "{MESSAGES} is empty");
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_messages_are_exactly_that_long_and_differ() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let bodies = longest(&root).unwrap();
        for body in &bodies {
            let body: Value = serde_json::from_slice(body).unwrap();
            assert_eq!(body["message"].as_str().unwrap().trim().chars().count(), LONGEST);
        }
        let distinct: std::collections::HashSet<_> = bodies.iter().collect();
        assert_eq!(distinct.len(), bodies.len());
    }
}
