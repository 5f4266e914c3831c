//! Measures the local backend's time for long messages.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::cases::Model;
use crate::guest::{Guest, expect_status};

/// Length of a message in characters: the maximum.
const CHARACTERS: usize = 8_000;
/// Measured messages.
const MESSAGES: usize = 2_000;
/// Messages to warm up the machine's caches, as in a running server.
const WARM_UP: usize = 100;

/// Measures the answers to long messages, each composed differently from labelled ones.
pub async fn report(guest: &Guest, labelled: &Path) -> Result<String> {
    let sentences = sentences(&std::fs::read_to_string(labelled)?)?;
    let mut instance =
        guest.instance(&[("MODEL_BACKEND", "local"), ("LOG_LEVEL", "error")], Model::unreachable()).await?;
    let mut times = Vec::with_capacity(MESSAGES);
    for number in 0..WARM_UP + MESSAGES {
        let body = json!({"message": message(&sentences, number)}).to_string();
        let request = http::Request::builder().method("POST").uri("http://localhost/analyze");
        let answer = instance.ask(request.header("content-type", "application/json").body(Bytes::from(body))?).await?;
        expect_status(&answer, 200)?;
        if number >= WARM_UP {
            times.push(answer.time);
        }
    }
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() - 1) * share / 100).copied().unwrap_or_default();
    Ok(format!(
        "`local`, {CHARACTERS} characters, {MESSAGES} messages: p50 {}, p99 {}, max {} ms\n",
        millis(at(50)),
        millis(at(99)),
        millis(at(100))
    ))
}

fn millis(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

/// Customers' sentences, from the labelled set's `said` lists.
fn sentences(labelled: &str) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for line in labelled.lines() {
        let item: Value = serde_json::from_str(line)?;
        let lines = item.get("said").and_then(Value::as_array).context("an item without `said`")?;
        all.extend(lines.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    anyhow::ensure!(!all.is_empty(), "no messages");
    Ok(all)
}

/// The nth message: as many sentences as fit, with a different start and stride.
fn message(sentences: &[String], number: usize) -> String {
    let stride = 1 + 2 * (number / sentences.len());
    let order = (0..).map(|step| sentences[(number + step * stride) % sentences.len()].as_str());
    let mut message = String::new();
    for sentence in order {
        message.push_str(sentence);
        message.push('\n');
        if message.chars().count() >= CHARACTERS {
            break;
        }
    }
    message.chars().take(CHARACTERS).collect()
}
