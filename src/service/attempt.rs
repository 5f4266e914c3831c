//! One call to a model: its prompt and limits, and the reading of its answer.

use serde_json::Value;

use super::App;
use super::exchange::ModelTask;
use crate::guard::{Allowed, StreamGuard};
use crate::model::plan::PromptKind;
use crate::model::{Call, Completion, Finish, Message, Role, Server};
use crate::privacy::Redactor;
use crate::prompt::{self, Boundary, Length, Prompt, PromptContext};
use crate::text;
use crate::ticket::{AnswerError, Schema, Secrets, Unreadable};

/// Longest part of an invalid answer that a repair shows the model again, in characters.
const MAX_SHOWN_ANSWER: usize = 4_000;

/// A model's unusable answer.
pub(super) struct Rejected {
    pub(super) answer: String,
    pub(super) problems: Vec<AnswerError>,
}

/// One call, and what is needed to read its answer.
pub(super) struct Attempt<'a> {
    app: &'a App,
    boundary: &'a Boundary,
    messages: Vec<Message>,
    max_tokens: u32,
    /// The instructions, which the answer may not repeat.
    system: String,
    redactor: Option<Redactor>,
}

impl<'a> Attempt<'a> {
    pub(super) fn new<T: ModelTask>(
        app: &'a App,
        task: &T,
        boundary: &'a Boundary,
        server: &Server,
        kind: PromptKind,
        rejected: Option<&Rejected>,
    ) -> Self {
        let (length, more_tokens, rejected) = match kind {
            PromptKind::Full => (Length::Full, false, None),
            PromptKind::Minimal => (Length::Minimal, false, None),
            // An answer that was cut off needs more tokens, not advice.
            PromptKind::Repair { more_tokens: true } => (Length::Full, true, None),
            PromptKind::Repair { more_tokens: false } => (Length::Full, false, rejected),
        };
        let context_tokens = usize::try_from(server.context_tokens()).unwrap_or(usize::MAX);
        let repair = rejected.map_or_else(Vec::new, |rejected| rejected.messages(&app.config.schema));
        let repair_tokens: usize = repair.iter().map(|message| prompt::estimate_tokens(&message.content)).sum();
        let wanted = task.answer_tokens().saturating_mul(if more_tokens { 2 } else { 1 });
        // At least half of the context is for the prompt.
        let max_tokens = wanted.min(u32::try_from(context_tokens / 2).unwrap_or(u32::MAX));
        let answer_tokens = usize::try_from(max_tokens).unwrap_or(usize::MAX);
        let mut redactor = app.config.redact_pii.covers(server).then(Redactor::new);
        let redacted = redactor.as_mut().map(|redactor| redactor.redact_conversation(task.conversation()));
        let context = PromptContext {
            conversation: redacted.as_ref().unwrap_or(task.conversation()),
            boundary,
            language: task.language(),
            token_budget: context_tokens.saturating_sub(answer_tokens).saturating_sub(repair_tokens),
        };
        let Prompt { system, user } = task.prompt(length, context);
        let mut messages = vec![message(Role::System, system.clone()), message(Role::User, user)];
        messages.extend(repair);
        Self { app, boundary, messages, max_tokens, system, redactor }
    }

    /// The call to `model`, whose answer has the `schema`.
    pub(super) fn call<'c>(&'c self, model: &'c str, schema: &'c Value, stream: bool) -> Call<'c> {
        Call { model, messages: &self.messages, schema: Some(schema), max_tokens: self.max_tokens, stream }
    }

    /// The filter for a streamed answer.
    pub(super) fn guard<'g>(&'g self, allowed: Allowed<'g>) -> StreamGuard<'g> {
        let restorer = self.redactor.as_ref().map(Redactor::restorer);
        StreamGuard::new(allowed, restorer, &self.system, &self.secrets())
    }

    /// Reads an answer, with private data restored.
    pub(super) fn read<T: ModelTask>(&self, task: &T, completion: &Completion) -> Result<T::Output, Unreadable> {
        match completion.finish {
            Finish::Stop => {}
            Finish::Length => return Err(Unreadable::CutOff),
            Finish::Unfinished => return Err(Unreadable::Invalid(vec![AnswerError::Unfinished])),
        }
        let restored = self.redactor.as_ref().map(|redactor| redactor.restore_json(&completion.text));
        let secrets = Secrets::new(&self.secrets(), self.app.instructions());
        task.read(restored.as_deref().unwrap_or(&completion.text), &secrets)
    }

    /// What no answer may contain, besides the instructions.
    fn secrets(&self) -> Vec<&str> {
        self.app.config.secrets().chain([self.boundary.as_str()]).collect()
    }
}

impl Rejected {
    /// The answer and its problems, as further messages to the model.
    fn messages(&self, schema: &Schema) -> Vec<Message> {
        let answer = prompt::neutralise(text::truncate(&self.answer, MAX_SHOWN_ANSWER));
        let advice = prompt::repair(&self.problems, schema);
        vec![message(Role::Assistant, answer), message(Role::User, advice)]
    }
}

const fn message(role: Role, content: String) -> Message {
    Message { role, content }
}
