//! Performs the attempt plan: asks models until an answer is usable.

use std::ops::ControlFlow;
use std::time::Duration;

use serde_json::Value;

use super::attempt::{Attempt, Rejected};
use super::upstream;
use super::{Operation, Sink};
use crate::conversation::Conversation;
use crate::guard::Allowed;
use crate::host::{Host, within};
use crate::language::Language;
use crate::model::plan::{Outcome, Plan, PlanError, PromptKind, Step, Target};
use crate::model::{Backend, Completion, Failure, Server};
use crate::prompt::{Boundary, Length, Prompt, PromptContext};
use crate::ticket::{AnswerError, Secrets, Unreadable};

/// A task for a model, and how its answer is read.
pub(super) trait ModelTask {
    /// The content of a usable answer.
    type Output;

    /// The JSON Schema of the answer.
    fn schema(&self) -> &Value;
    /// Tokens that the longest answer takes.
    fn answer_tokens(&self) -> u32;
    /// The customer's language.
    fn language(&self) -> Language;
    /// What people wrote, as they wrote it: the exchange redacts it.
    fn conversation(&self) -> &Conversation<'_>;
    /// The prompt about the context's conversation.
    fn prompt(&self, length: Length, context: PromptContext<'_>) -> Prompt;
    /// What a streamed answer may contain.
    fn allowed(&self) -> Allowed<'_>;
    /// Reads a model's text, in which `secrets` make a value unusable.
    fn read(&self, text: &str, secrets: &Secrets) -> Result<Self::Output, Unreadable>;
}

/// A successful exchange.
pub(super) enum Answered<T> {
    /// A model's answer, at once or after a repair.
    Model { output: T, repaired: bool },
    /// The local backend is to answer.
    Local,
}

/// How an exchange ends.
type End<T> = Result<Answered<T>, PlanError>;

/// Asks the chain of backends and models until one answer is usable.
///
/// # Errors
/// [`PlanError`] if nothing is left to try.
pub(super) async fn run<H: Host, S: Sink, T: ModelTask>(
    operation: &mut Operation<'_, H, S>,
    task: &T,
) -> End<T::Output> {
    let Operation { host, app, request, .. } = *operation;
    let boundary = Boundary::new([host.random(), host.random()]);
    let mut exchange = Exchange { operation, task, boundary: &boundary, rejected: None };
    let mut plan = Plan::new(&app.chain, app.config.timeout, app.config.max_attempts);
    let mut last = None;
    loop {
        let step = plan.next(request.elapsed(host), last.take(), jitter(host));
        exchange.operation.provenance.attempts = plan.attempts();
        match step {
            Step::Wait(wait) => host.sleep(wait).await,
            Step::Local => return Ok(exchange.local()),
            Step::Fail(error) => return Err(error),
            Step::Call { target, prompt, timeout, .. } => match exchange.call(target, prompt, timeout).await {
                ControlFlow::Continue(outcome) => last = Some(outcome),
                ControlFlow::Break(end) => return end,
            },
        }
    }
}

/// What all calls of one request share.
struct Exchange<'e, 'o, H, S, T> {
    operation: &'e mut Operation<'o, H, S>,
    task: &'e T,
    boundary: &'e Boundary,
    /// The last model's answer, if it was unusable.
    rejected: Option<Rejected>,
}

impl<H: Host, S: Sink, T: ModelTask> Exchange<'_, '_, H, S, T> {
    /// Calls a model once, and ends the exchange or gives the plan the outcome.
    async fn call(
        &mut self,
        target: Target,
        kind: PromptKind,
        timeout: Duration,
    ) -> ControlFlow<End<T::Output>, Outcome> {
        let Operation { app, sink, .. } = *self.operation;
        let server = app.config.servers.get(target.server);
        let model = server.and_then(|server| server.models().get(target.model));
        let (Some(server), Some(model)) = (server, model) else {
            return ControlFlow::Break(Err(PlanError::NotConfigured));
        };
        self.operation.provenance.answered_by(server.name(), model);
        let attempt = Attempt::new(app, self.task, self.boundary, server, kind, self.rejected.as_ref());
        // Only the first answer is streamed: a second text cannot follow the first.
        let is_shown = sink.listens() && self.rejected.is_none();
        match self.complete(server, model, &attempt, is_shown, timeout).await {
            Err(failure) => {
                self.operation.provenance.failed(&failure);
                if is_shown && sink.has_written() {
                    return ControlFlow::Break(Err(PlanError::new(target.server, failure)));
                }
                ControlFlow::Continue(Outcome::Failed(failure))
            }
            Ok(completion) => match attempt.read(self.task, &completion) {
                Ok(output) => {
                    let repaired = matches!(kind, PromptKind::Repair { .. });
                    ControlFlow::Break(Ok(Answered::Model { output, repaired }))
                }
                Err(unreadable) => ControlFlow::Continue(self.reject(completion, unreadable)),
            },
        }
    }

    /// Sends the attempt and receives the answer, shown as it comes if `is_shown`.
    async fn complete(
        &mut self,
        server: &Server,
        model: &str,
        attempt: &Attempt<'_>,
        is_shown: bool,
        timeout: Duration,
    ) -> Result<Completion, Failure> {
        let Operation { host, request, sink, .. } = *self.operation;
        let call = attempt.call(model, self.task.schema(), is_shown);
        let mut guard = is_shown.then(|| attempt.guard(self.task.allowed()));
        let called = host.now();
        let show = |text: &str| {
            if let Some(guard) = &mut guard {
                sink.delta(&guard.push(text));
            }
        };
        let work = upstream::complete(host, request, server, &call, show);
        let completion = within(host, timeout, work).await.unwrap_or(Err(Failure::Timeout));
        if let Some(guard) = guard {
            sink.delta(&guard.finish());
        }
        self.operation.provenance.upstream += host.now().saturating_sub(called);
        if let Ok(completion) = &completion {
            self.operation.provenance.usage += completion.usage;
        }
        completion
    }

    fn reject(&mut self, completion: Completion, unreadable: Unreadable) -> Outcome {
        let (cut_off, reason, problems) = match unreadable {
            Unreadable::CutOff => (true, "an answer that was cut off", Vec::new()),
            Unreadable::Invalid(problems) => (false, "no valid answer", problems),
        };
        self.operation.provenance.rejected(reason);
        let field = |problem: &AnswerError| match problem {
            AnswerError::Field(name) => Some(name.clone()),
            AnswerError::NoObject | AnswerError::ForeignKeys | AnswerError::Unfinished => None,
        };
        let fields = problems.iter().filter_map(field).collect();
        self.rejected = Some(Rejected { answer: completion.text, problems });
        Outcome::Invalid { cut_off, fields }
    }

    fn local<O>(&mut self) -> Answered<O> {
        let local = self.operation.app.config.name(Backend::Local);
        self.operation.provenance.answered_by(local, local);
        self.operation.provenance.degraded = self.operation.app.config.chain.first() != Some(&Backend::Local);
        Answered::Local
    }
}

/// A random number from 0 up to 1.
fn jitter<H: Host>(host: &H) -> f64 {
    // 53 bits fill a float's fraction.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let fraction = (host.random() >> 11) as f64 / (1_u64 << 53) as f64;
    fraction
}
