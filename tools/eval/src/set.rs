//! The labelled set: requests and expected answers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One item of either kind.
pub enum Item {
    /// A message to turn into a ticket.
    Analyze(Message),
    /// A ticket to ask the next question for.
    Followup(Followup),
}

/// A labelled message.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// Unique in the set.
    pub id: String,
    /// `fr` or `en`.
    pub lang: String,
    /// The history, in the service's format.
    pub history: Value,
    /// The message.
    pub message: String,
    /// The labels.
    pub expect: Expect,
}

/// The expected values; each list has all acceptable answers, including `[INCONNU]` if the message does not say.
#[derive(Clone, Debug, Deserialize)]
pub struct Expect {
    /// One of the schema's values.
    pub categorie: Vec<String>,
    /// One of the schema's values.
    pub priorite: Vec<String>,
    /// Places.
    pub localisation: Vec<String>,
    /// Equipment, programs, services.
    pub equipement: Vec<String>,
    /// Title and description must each have one of these words; empty if there is nothing to summarise.
    pub about: Vec<String>,
}

/// A ticket with a missing field.
#[derive(Clone, Debug, Deserialize)]
pub struct Followup {
    /// Unique in the set.
    pub id: String,
    /// `fr` or `en`: the customer's language.
    pub lang: String,
    /// The ticket.
    pub ticket: Map<String, Value>,
    /// The history.
    pub history: Value,
    /// The field to ask for.
    pub field: String,
    /// A question about that field has one of these words.
    pub words: Vec<String>,
}

impl Item {
    /// Its name in the results.
    pub fn id(&self) -> &str {
        match self {
            Self::Analyze(message) => &message.id,
            Self::Followup(followup) => &followup.id,
        }
    }

    /// The endpoint.
    pub const fn path(&self) -> &'static str {
        match self {
            Self::Analyze(_) => "/analyze",
            Self::Followup(_) => "/followup",
        }
    }

    /// The request body.
    pub fn body(&self) -> Value {
        match self {
            Self::Analyze(item) => json!({"message": item.message, "history": item.history}),
            Self::Followup(item) => json!({"ticket": item.ticket, "history": item.history}),
        }
    }
}

/// Reads `analyze.jsonl` and `followup.jsonl` in `folder`, one labelled item a line.
///
/// # Errors
/// A missing file or an invalid line.
pub fn load(folder: &Path) -> Result<Vec<Item>> {
    let messages = lines(&folder.join("analyze.jsonl"))?.into_iter().map(Item::Analyze);
    let followups = lines(&folder.join("followup.jsonl"))?.into_iter().map(Item::Followup);
    Ok(messages.chain(followups).collect())
}

fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let item =
        |(number, line)| serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), number + 1));
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(item).collect()
}

/// `limit` of the items, spread evenly over the set, so that each kind and language keeps its share.
pub fn sample(items: Vec<Item>, limit: usize) -> Vec<Item> {
    let count = items.len();
    let keeps = |at: usize| at * limit / count.max(1) != (at + 1) * limit / count.max(1);
    items.into_iter().enumerate().filter(|(at, _)| limit >= count || keeps(*at)).map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn own() -> Vec<Item> {
        load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/eval")).unwrap()
    }

    #[test]
    fn the_set_is_large_enough_and_uses_the_schemas_values() {
        let schema = include_str!("../../../src/ticket/schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let is_value = |field: &str, value: &String| {
            value == "[INCONNU]" || schema["properties"][field]["enum"].as_array().unwrap().contains(&json!(value))
        };
        let (mut ids, mut languages, mut messages, mut followups) = (HashSet::new(), [0, 0], 0, 0);
        for item in own() {
            assert!(ids.insert(item.id().to_owned()), "{} twice", item.id());
            match item {
                Item::Analyze(item) => {
                    messages += 1;
                    languages[usize::from(item.lang == "en")] += 1;
                    assert!(item.expect.categorie.iter().all(|value| is_value("categorie", value)), "{}", item.id);
                    assert!(item.expect.priorite.iter().all(|value| is_value("priorite", value)), "{}", item.id);
                    assert!(!item.expect.localisation.is_empty() && !item.expect.equipement.is_empty(), "{}", item.id);
                }
                Item::Followup(item) => {
                    followups += 1;
                    assert!(!item.ticket.contains_key(&item.field) && !item.words.is_empty(), "{}", item.id);
                }
            }
        }
        assert!(messages >= 150 && followups >= 30, "{messages} messages, {followups} tickets");
        assert!(languages.iter().all(|count| *count >= 60), "{languages:?}");
    }

    #[test]
    fn a_sample_is_spread_evenly() {
        let count = own().len();
        for limit in [0, 1, 7, 40, count, count + 5] {
            assert_eq!(sample(own(), limit).len(), limit.min(count));
        }
        let kinds = sample(own(), 40).iter().filter(|item| item.path() == "/followup").count();
        assert!((5..=10).contains(&kinds), "{kinds} of 40");
    }
}
