//! `POST /analyze`: turns a conversation into a ticket.

use std::cell::OnceCell;

use serde_json::Value;

use super::exchange::{self, Answered, ModelTask};
use super::{App, Operation, Sink};
use crate::conversation::Conversation;
use crate::guard::Allowed;
use crate::host::Host;
use crate::language::Language;
use crate::model::plan::PlanError;
use crate::prompt::{self, Length, Prompt, PromptContext};
use crate::ticket::kinds::FieldKind;
use crate::ticket::{
    self, Confidence, Draft, Evidence, Field, Secrets, Unreadable, Values, confidence, ground, missing_fields,
    supplement,
};

/// A ticket and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Every field of the schema, in its order.
    pub ticket: Values,
    /// Names of the missing fields, in the order of their questions.
    pub missing_fields: Vec<String>,
    /// The confidence in each filled field, in the schema's order.
    pub confidence: Vec<(String, Confidence)>,
    /// Whether any field is at or below `review_below`.
    pub needs_review: bool,
}

struct Analyze<'a> {
    app: &'a App,
    conversation: &'a Conversation<'a>,
    evidence: Evidence,
    language: Language,
}

/// Turns the customer's message and the turns before it into a ticket.
///
/// # Errors
/// [`PlanError`] if neither the chain nor the fallback answered.
pub async fn analyze<H: Host, S: Sink>(
    mut operation: Operation<'_, H, S>,
    conversation: &Conversation<'_>,
) -> Result<Analysis, PlanError> {
    let app = operation.app;
    let texts: Vec<&str> = conversation.customer_texts().collect();
    let (evidence, language) = (Evidence::new(conversation.texts()), operation.request.customer_language(conversation));
    let task = Analyze { app, conversation, evidence, language };
    let answered = exchange::run(&mut operation, &task).await?;
    let schema = &app.config.schema;
    let (draft, local, repaired) = match answered {
        Answered::Model { output, repaired } => (output, OnceCell::new(), repaired),
        Answered::Local => {
            let values = app.local().fill(&texts);
            // Two texts in a stream would be invalid JSON.
            if !operation.sink.has_written() {
                operation.sink.delta(&Value::Object(values.clone()).to_string());
            }
            (Draft { values: values.clone(), normalised: Vec::new() }, OnceCell::from(values), false)
        }
    };
    let wanted = |field: &Field| field.kind.needs_second_opinion();
    let second = |name: &str| local.get_or_init(|| app.local().fill_where(&texts, wanted)).get(name);
    let supported_by = |evidence: &Evidence| confidence(schema, &draft, evidence, second, repaired);
    let mut confidence = supported_by(&Evidence::new(texts.iter().copied()));
    let is_unsure = confidence.iter().any(|(_, level)| *level == Confidence::Low);
    if is_unsure && conversation.has_desk_turn() {
        supplement(&mut confidence, &supported_by(&task.evidence));
    }
    let needs_review =
        app.config.review_below.is_some_and(|level| confidence.iter().any(|(_, reached)| *reached <= level));
    let missing_fields = missing_fields(schema, &draft.values).into_iter().map(|field| field.name.clone()).collect();
    Ok(Analysis { ticket: draft.values, missing_fields, confidence, needs_review })
}

impl ModelTask for Analyze<'_> {
    type Output = Draft;

    fn schema(&self) -> &Value {
        &self.app.model_schema
    }

    fn answer_tokens(&self) -> u32 {
        self.app.answer_tokens
    }

    fn language(&self) -> Language {
        self.language
    }

    fn conversation(&self) -> &Conversation<'_> {
        self.conversation
    }

    fn prompt(&self, length: Length, context: PromptContext<'_>) -> Prompt {
        prompt::analyze(&self.app.fields, length, context)
    }

    fn allowed(&self) -> Allowed<'_> {
        Allowed { evidence: &self.evidence, schema: &self.app.config.schema, is_question: false }
    }

    fn read(&self, text: &str, secrets: &Secrets) -> Result<Draft, Unreadable> {
        let schema = &self.app.config.schema;
        let mut draft = ticket::read(schema, text)?;
        ground(schema, &mut draft, &self.evidence, secrets);
        Ok(draft)
    }
}
