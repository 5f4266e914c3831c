//! The next question for an incomplete ticket.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::exchange::{self, Answered, Failed, Task};
use super::{App, Provenance, RequestContext, Sink};
use crate::conversation::Conversation;
use crate::guard::Allowed;
use crate::host::Host;
use crate::language::Language;
use crate::prompt::{self, Length, Prompt, Setting};
use crate::text;
use crate::ticket::question::{self, Topics};
use crate::ticket::{Evidence, Field, Schema, Secrets, Unreadable, missing_fields};

/// Tokens that the longest question takes: 300 characters, at two a token, and its wrapping.
const QUESTION_TOKENS: u32 = 192;

static QUESTION_SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "type": "object",
        "properties": {"question": {"type": "string", "maxLength": 300}},
        "required": ["question"],
        "additionalProperties": false,
    })
});

/// What to ask next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextQuestion {
    /// The question; `None` where nothing is missing.
    pub question: Option<String>,
    /// The field that it asks for.
    pub field: Option<String>,
    /// Names of all missing fields that may be asked for, in the order in which to ask.
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
/// The model's question is used where it is one question with nothing forbidden in it, else the field's own.
///
/// # Errors
/// [`Failed`] where neither the chain nor the fallback answered.
pub async fn followup<H: Host, S: Sink>(
    host: &H,
    app: &App,
    visit: &RequestContext,
    conversation: &Conversation<'_>,
    sink: &S,
    report: &mut Provenance,
) -> Result<NextQuestion, Failed> {
    let missing = missing_fields(&app.config.schema, &conversation.ticket);
    let missing_fields = missing.iter().map(|field| field.name.clone()).collect();
    let Some(field) = missing.first() else {
        return Ok(NextQuestion { question: None, field: None, missing_fields });
    };
    let evidence = Evidence::new(conversation.texts());
    // The desk's turns are in the language that it took for the customer's.
    let said: Vec<&str> = conversation.customer_texts().collect();
    let language = text::detect(&said.join("\n")).unwrap_or(visit.locale);
    let topics = app.topics(language);
    let task = Followup { schema: &app.config.schema, topics, field, conversation, evidence, language };
    let asked = match exchange::run(host, app, visit, &task, sink, report).await? {
        Answered::Model { output: Some(asked), .. } => asked,
        Answered::Model { output: None, .. } => {
            report.rejected("a question that may not be asked");
            field.question(language)
        }
        Answered::Local => {
            let asked = field.question(language);
            sink.delta(&json!({"question": asked}).to_string());
            asked
        }
    };
    Ok(NextQuestion { question: Some(asked), field: Some(field.name.clone()), missing_fields })
}

impl Task for Followup<'_> {
    /// `None` where the model's question may not be asked.
    type Output = Option<String>;

    fn schema(&self) -> &Value {
        &QUESTION_SCHEMA
    }

    fn answer_tokens(&self) -> u32 {
        QUESTION_TOKENS
    }

    fn language(&self) -> Language {
        self.language
    }

    fn conversation(&self) -> &Conversation<'_> {
        self.conversation
    }

    fn prompt(&self, _: Length, setting: Setting<'_>) -> Prompt {
        prompt::followup(self.field, setting)
    }

    fn allowed(&self) -> Allowed<'_> {
        Allowed { evidence: &self.evidence, schema: self.schema, is_question: true }
    }

    /// Whatever the model wrote ends the exchange: the field's own question is always at hand.
    fn read(&self, text: &str, secrets: &Secrets) -> Result<Option<String>, Unreadable> {
        let question = question::accept(text, self.language, &self.evidence, secrets);
        Ok(question.filter(|question| question::is_about(question, self.field, self.topics)))
    }
}
