//! The service's answers, one per line of `results.jsonl`, so that an interrupted run can resume.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::set::Item;

/// One answer of the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The item's name.
    pub id: String,
    /// The request: a changed item is sent again.
    pub asked: Value,
    /// The HTTP status.
    pub status: u16,
    /// The envelope.
    pub body: Value,
    /// From the first byte sent to the last one read, in microseconds.
    pub latency_us: u64,
}

/// The first line: the service.
#[derive(Serialize, Deserialize)]
struct Header {
    service: Value,
}

/// The answers so far, and the file for the next ones.
pub struct Results {
    answers: HashMap<String, Answer>,
    file: Mutex<File>,
}

impl Results {
    /// Opens the file for answers of `service` (its `/health`), and reads earlier answers.
    ///
    /// # Errors
    /// A file that cannot be read or written, or that has another service's answers.
    pub fn open(path: &Path, service: &Value) -> Result<Self> {
        let place = || format!("cannot use {}", path.display());
        let text = if path.exists() { fs::read_to_string(path).with_context(place)? } else { String::new() };
        // The last line may be incomplete after an interruption.
        let whole = text.rfind('\n').map_or("", |end| text.get(..=end).unwrap_or_default());
        let mut lines = whole.lines();
        if let Some(first) = lines.next() {
            let header: Header = serde_json::from_str(first).with_context(place)?;
            if header.service != *service {
                bail!(
                    "{} holds answers of {}, and this is {service}: take another name, or --fresh to start over",
                    path.display(),
                    header.service
                );
            }
        }
        let answers = lines.map(serde_json::from_str).collect::<Result<Vec<Answer>, _>>().with_context(place)?;
        let mut file = OpenOptions::new().create(true).append(true).open(path).with_context(place)?;
        file.set_len(whole.len() as u64).with_context(place)?;
        if whole.is_empty() {
            write_line(&mut file, &Header { service: service.clone() }).with_context(place)?;
        }
        let answers = answers.into_iter().map(|answer| (answer.id.clone(), answer)).collect();
        Ok(Self { answers, file: Mutex::new(file) })
    }

    /// The answer to the current item.
    pub fn of(&self, item: &Item) -> Option<&Answer> {
        self.answers.get(item.id()).filter(|answer| answer.asked == item.body())
    }

    /// Writes an answer at once.
    ///
    /// # Errors
    /// For example a full disk.
    pub fn append(&self, answer: &Answer) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        write_line(&mut file, answer)
    }

    /// Adds appended answers.
    pub fn extend(&mut self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.extend(answers.into_iter().map(|answer| (answer.id.clone(), answer)));
    }
}

fn write_line(file: &mut File, line: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_string(line)?;
    line.push('\n');
    // In one write, so that lines of two threads never mix.
    Ok(file.write_all(line.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(message: &str) -> Item {
        let expect = json!({"categorie": [], "priorite": [], "localisation": [], "equipement": [], "about": []});
        let item = json!({"id": "a", "lang": "fr", "history": [], "message": message, "expect": expect});
        Item::Analyze(serde_json::from_value(item).unwrap())
    }

    #[test]
    fn an_interrupted_run_resumes() {
        let path = std::env::temp_dir().join(format!("eval-results-{}.jsonl", std::process::id()));
        let _ = fs::remove_file(&path);
        let service = json!({"backend": "ollama"});
        let (id, asked) = ("a".to_owned(), item("un").body());
        let answer = Answer { id, asked, status: 200, body: json!({"success": true}), latency_us: 7 };
        let results = Results::open(&path, &service).unwrap();
        assert_eq!(results.of(&item("un")), None);
        results.append(&answer).unwrap();

        // An incomplete second answer.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"id\": \"b\", \"as").unwrap();
        let results = Results::open(&path, &service).unwrap();
        assert_eq!(results.of(&item("un")), Some(&answer));
        assert_eq!(results.of(&item("deux")), None, "a changed item is asked again");
        results.append(&Answer { asked: item("deux").body(), ..answer.clone() }).unwrap();
        let results = Results::open(&path, &service).unwrap();
        assert_eq!(results.of(&item("deux")).unwrap().latency_us, 7, "the later answer counts");

        assert!(
            Results::open(&path, &json!({"backend": "mistral"})).is_err(),
            "another service's answers are not mixed in"
        );
        fs::remove_file(&path).unwrap();
    }
}
