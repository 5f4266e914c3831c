//! `POST /followup`: the next question for an incomplete ticket.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::exchange::{self, Answered, ModelTask};
use super::{Operation, Sink};
use crate::conversation::Conversation;
use crate::guard::Allowed;
use crate::host::Host;
use crate::language::Language;
use crate::model::plan::PlanError;
use crate::prompt::{self, Length, Prompt, PromptContext};
use crate::ticket::question::{self, Topics};
use crate::ticket::{Evidence, Field, Schema, Secrets, Unreadable, missing_fields};

static QUESTION_SCHEMA: LazyLock<Value> = LazyLock::new(question::model_schema);

/// The next question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextQuestion {
    /// The question; `None` if nothing is missing.
    pub question: Option<String>,
    /// The field in question.
    pub field: Option<String>,
    /// Names of the missing fields, in the order of their questions.
    pub missing_fields: Vec<String>,
}

struct Followup<'a> {
    schema: &'a Schema,
    topics: &'a Topics,
    field: &'a Field,
    conversation: &'a Conversation<'a>,
    evidence: Evidence,
    language: Language,
}

/// Asks for the first missing field of a ticket, in the customer's language.
///
/// The model's question is used if it is acceptable, else the schema's question for the field.
///
/// # Errors
/// [`PlanError`] if neither the chain nor the fallback answered.
pub async fn followup<H: Host, S: Sink>(
    mut operation: Operation<'_, H, S>,
    conversation: &Conversation<'_>,
) -> Result<NextQuestion, PlanError> {
    let app = operation.app;
    let missing = missing_fields(&app.config.schema, &conversation.ticket);
    let missing_fields = missing.iter().map(|field| field.name.clone()).collect();
    let Some(field) = missing.first() else {
        return Ok(NextQuestion { question: None, field: None, missing_fields });
    };
    let evidence = Evidence::new(conversation.texts());
    let language = operation.request.customer_language(conversation);
    let topics = app.topics(language);
    let task = Followup { schema: &app.config.schema, topics, field, conversation, evidence, language };
    let question = match exchange::run(&mut operation, &task).await? {
        Answered::Model { output: Some(question), .. } => question,
        Answered::Model { output: None, .. } => {
            operation.provenance.rejected("a question that may not be asked");
            field.question(language)
        }
        Answered::Local => {
            let question = field.question(language);
            operation.sink.delta(&json!({"question": question}).to_string());
            question
        }
    };
    Ok(NextQuestion { question: Some(question), field: Some(field.name.clone()), missing_fields })
}

impl ModelTask for Followup<'_> {
    /// `None` if the model's question is not acceptable.
    type Output = Option<String>;

    fn schema(&self) -> &Value {
        &QUESTION_SCHEMA
    }

    fn answer_tokens(&self) -> u32 {
        question::ANSWER_TOKENS
    }

    fn language(&self) -> Language {
        self.language
    }

    fn conversation(&self) -> &Conversation<'_> {
        self.conversation
    }

    fn prompt(&self, _: Length, context: PromptContext<'_>) -> Prompt {
        prompt::followup(self.field, context)
    }

    fn allowed(&self) -> Allowed<'_> {
        Allowed { evidence: &self.evidence, schema: self.schema, is_question: true }
    }

    /// Never fails: the schema's question replaces a question that may not be asked.
    fn read(&self, text: &str, secrets: &Secrets) -> Result<Option<String>, Unreadable> {
        let question = question::accept(text, self.language, &self.evidence, secrets);
        Ok(question.filter(|question| question::is_about(question, self.field, self.topics)))
    }
}
