//! Computes figures from answers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::judge::{self, FIELDS, UNKNOWN};
use crate::markdown;
use crate::question;
use crate::results::{Answer, Results};
use crate::set::{Followup, Item, Message};
use crate::stats::{Confusion, Detection, Share, percentile};

/// All figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The service's `/health`: backend, model, version.
    pub service: Value,
    /// Items with a 200, of all items.
    pub answered: Share,
    /// Valid tickets.
    pub tickets: Tickets,
    /// By field, in the schema's order.
    pub fields: Vec<FieldScore>,
    /// `categorie`: the mean F1, from 0 to 1.
    pub categorie_macro_f1: Option<f64>,
    /// `categorie`: what was expected and what was answered.
    pub categorie_confusion: Confusion,
    /// Follow-up questions.
    pub questions: Questions,
    /// How long `/analyze` took.
    pub analyze_latency: Latency,
    /// How long `/followup` took.
    pub followup_latency: Latency,
    /// Tokens of all calls together.
    pub prompt_tokens: u64,
    /// Tokens of all calls together.
    pub completion_tokens: u64,
    /// All calls of model servers.
    pub attempts: u64,
    /// Maximum number of calls for one request.
    pub max_attempts: u32,
}

/// Valid tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tickets {
    /// The model's first text was a valid ticket.
    pub valid_before_repair: Share,
    /// A model's ticket was valid, possibly after repairs and by another model.
    pub valid_after_repair: Share,
    /// The caller got a valid ticket, possibly from the local backend.
    pub valid_at_the_caller: Share,
}

/// Accuracy of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldScore {
    /// Its name.
    pub field: String,
    /// Right values of French messages.
    pub fr: Share,
    /// Right values of English messages.
    pub en: Share,
    /// Right values.
    pub all: Share,
    /// `[INCONNU]`, if it is the only right or a wrong value; `None` for fields without such a label.
    pub unknown: Option<Detection>,
}

/// Follow-up questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questions {
    /// The question was the model's, not the field's own.
    pub of_the_model: Share,
    /// It was for the first missing field.
    pub right_field: Share,
    /// It was exactly one question.
    pub one_question: Share,
    /// It had a word of the field.
    pub about_the_field: Share,
    /// It was in the customer's language.
    pub right_language: Share,
    /// It asked for no secret and contained no address, link or number.
    pub nothing_forbidden: Share,
    /// All verdicts positive.
    pub all_right: Share,
    /// All verdicts positive, for the model's own questions.
    pub all_right_of_the_model: Share,
}

/// Microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// The median.
    pub p50_us: u64,
    /// The 99th percentile.
    pub p99_us: u64,
}

/// Validates tickets against the schema that the service publishes.
pub struct Validator(jsonschema::Validator);

impl Validator {
    /// Reads the ticket's schema from `/openapi.json`.
    ///
    /// # Errors
    /// A document without one.
    pub fn new(document: &Value) -> Result<Self> {
        let schema = json!({"$ref": "#/components/schemas/Ticket", "components": document["components"]});
        Ok(Self(jsonschema::draft202012::new(&schema).context("/openapi.json has no schema of the ticket")?))
    }

    fn allows(&self, ticket: &Value) -> bool {
        self.0.is_valid(ticket)
    }
}

/// Judges every answer.
pub fn make(service: &Value, items: &[Item], results: &Results, validator: &Validator) -> Report {
    let mut report = Report { service: service.clone(), ..Report::default() };
    report.fields = FIELDS.map(|field| FieldScore { field: field.to_owned(), ..FieldScore::default() }).to_vec();
    let (mut analyze, mut followup) = (Vec::new(), Vec::new());
    for item in items {
        let answer = results.of(item);
        report.answered.count(answer.is_some_and(|answer| answer.status == 200));
        let Some(answer) = answer else { continue };
        match item {
            Item::Analyze(message) => {
                analyze.push(answer.latency_us);
                report.add_ticket(message, answer, validator);
            }
            Item::Followup(followup_item) => {
                followup.push(answer.latency_us);
                report.questions.add(followup_item, answer);
            }
        }
        let meta = |key: &str| answer.body.pointer(&format!("/meta/{key}")).and_then(Value::as_u64).unwrap_or(0);
        report.prompt_tokens += meta("usage/prompt_tokens");
        report.completion_tokens += meta("usage/completion_tokens");
        report.attempts += meta("attempts");
        report.max_attempts = report.max_attempts.max(u32::try_from(meta("attempts")).unwrap_or(u32::MAX));
    }
    report.categorie_macro_f1 = report.categorie_confusion.macro_f1();
    let latency = |times: &[u64]| Latency { p50_us: percentile(times, 50), p99_us: percentile(times, 99) };
    (report.analyze_latency, report.followup_latency) = (latency(&analyze), latency(&followup));
    report
}

/// Whether a model's text became the answer, and whether its first text did.
fn by_model(answer: &Answer) -> (bool, bool) {
    let meta = &answer.body["meta"];
    let after = answer.status == 200 && meta["degraded"] == false;
    (after && meta["rejected"] == 0, after)
}

impl Report {
    fn add_ticket(&mut self, message: &Message, answer: &Answer, validator: &Validator) {
        let ticket = &answer.body["data"];
        let valid = answer.status == 200 && validator.allows(ticket);
        let (before, after) = by_model(answer);
        self.tickets.valid_before_repair.count(valid && before);
        self.tickets.valid_after_repair.count(valid && after);
        self.tickets.valid_at_the_caller.count(valid);
        for score in &mut self.fields {
            let value = &ticket[score.field.as_str()];
            if let Some(right) = judge::is_right(&score.field, value, &message.expect) {
                score.all.count(right);
                if message.lang == "fr" { score.fr.count(right) } else { score.en.count(right) }
            }
            if let Some(unknown) = judge::should_be_unknown(&score.field, &message.expect) {
                score.unknown.get_or_insert_default().count(value == UNKNOWN, unknown);
            }
        }
        let answered = ticket["categorie"].as_str().unwrap_or("(none)");
        self.categorie_confusion.count(&message.expect.categorie, answered);
    }
}

impl Questions {
    fn add(&mut self, item: &Followup, answer: &Answer) {
        let data = &answer.body["data"];
        let question = data["question"].as_str().unwrap_or_default();
        let verdict = question::judge(question, item);
        let right_field = data["field"] == item.field.as_str();
        let all_right = verdict.is_right() && right_field;
        let (of_the_model, _) = by_model(answer);
        self.of_the_model.count(of_the_model);
        self.right_field.count(right_field);
        self.one_question.count(verdict.is_one);
        self.about_the_field.count(verdict.is_about_field);
        self.right_language.count(verdict.is_in_language);
        self.nothing_forbidden.count(verdict.is_harmless);
        self.all_right.count(all_right);
        if of_the_model {
            self.all_right_of_the_model.count(all_right);
        }
    }
}

/// Writes `report.json` and `report.md` into `folder`.
///
/// # Errors
/// A folder that cannot be written to.
pub fn save(folder: &Path, report: &Report) -> Result<()> {
    fs::write(folder.join("report.json"), serde_json::to_string_pretty(report)? + "\n")?;
    Ok(fs::write(folder.join("report.md"), markdown::render(report))?)
}

/// Reads `report.json` of `folder`.
///
/// # Errors
/// A folder without a report.
pub fn load(folder: &Path) -> Result<Report> {
    let path = folder.join("report.json");
    let text = fs::read_to_string(&path).with_context(|| format!("there is no report at {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not a report of this version", path.display()))
}

#[cfg(test)]
mod tests;
