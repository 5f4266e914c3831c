//! Asking models until one answer is usable: the attempt plan, performed.

use serde_json::Value;

use super::shown::Shown;
use super::upstream::{self, within};
use super::veil::Veil;
use super::{App, Provenance, RequestContext, Sink};
use crate::conversation::Conversation;
use crate::host::Host;
use crate::language::Language;
use crate::model::plan::{Outcome, Plan, PlanError, PromptKind, Step};
use crate::model::{Backend, Call, Completion, Failure, Finish, Message, Provider, Role};
use crate::privacy::{Redactor, Restorer};
use crate::prompt::{self, Boundary, Length, Prompt, Setting};
use crate::text;
use crate::ticket::{Problem, Secrets, Unreadable};

/// Tokens that a prompt may take where the server does not say: the smallest context of Mistral's current models.
const MISTRAL_CONTEXT: usize = 32_768;
/// Longest part of a model's own invalid answer that it is shown again, in characters.
const MAX_SHOWN_ANSWER: usize = 4_000;

/// What a model is to do, and how its text is read.
pub(super) trait Task {
    /// What a usable answer holds.
    type Output;

    /// The JSON Schema of the answer.
    fn schema(&self) -> &Value;
    /// Tokens that the longest answer takes.
    fn answer_tokens(&self) -> u32;
    /// The customer's language.
    fn language(&self) -> Language;
    /// What people wrote, as they wrote it: [`run`] redacts it.
    fn conversation(&self) -> &Conversation<'_>;
    /// The prompt about the setting's conversation.
    fn prompt(&self, length: Length, setting: Setting<'_>) -> Prompt;
    /// What of a model's text may be seen before it is read.
    fn veil(&self) -> Veil<'_>;
    /// Reads a model's text; `secrets` must not come out.
    fn read(&self, text: &str, secrets: &Secrets) -> Result<Self::Output, Unreadable>;
}

/// How an exchange ended well.
pub(super) enum Answered<T> {
    /// A model's answer, after a repair or at once.
    Model { output: T, repaired: bool },
    /// The local backend is to answer.
    Local,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What ended the plan.
    pub reason: PlanError,
    /// The fields that the last answer of a model got wrong; none where it was no answer as a whole.
    pub fields: Vec<String>,
}

/// A model's invalid answer, and what was wrong with it.
struct Rejected {
    answer: String,
    problems: Vec<Problem>,
}

/// Asks the chain of backends and models until one answer is usable.
///
/// # Errors
/// [`Failed`] where nothing is left to try.
pub(super) async fn run<H: Host, S: Sink, T: Task>(
    host: &H,
    app: &App,
    visit: &RequestContext,
    task: &T,
    sink: &S,
    report: &mut Provenance,
) -> Result<Answered<T::Output>, Failed> {
    let elapsed = || host.now().saturating_sub(visit.arrived);
    let boundary = Boundary::new([host.random(), host.random()]);
    let mut plan = Plan::new(&app.chain, app.config.timeout, app.config.max_attempts);
    let mut last = None;
    let mut rejected: Option<Rejected> = None;
    loop {
        let step = plan.next(elapsed(), last.take(), jitter(host));
        report.attempts = plan.attempts();
        let (target, kind, timeout) = match step {
            Step::Wait(wait) => {
                host.sleep(wait).await;
                continue;
            }
            Step::Local => {
                report.answered_by(Backend::Local, Backend::Local.name());
                report.degraded = app.config.chain.first() != Some(&Backend::Local);
                return Ok(Answered::Local);
            }
            Step::Fail(reason) => {
                let problems = rejected.map(|rejected| rejected.problems).unwrap_or_default();
                return Err(Failed {
                    reason,
                    fields: problems.into_iter().filter_map(|problem| problem.field).collect(),
                });
            }
            Step::Call { target, prompt, timeout, .. } => (target, prompt, timeout),
        };
        report.answered_by(Backend::Server(target.provider), target.model);
        let attempt = Attempt::new(app, task, &boundary, target.provider, kind, rejected.as_ref());
        let called = host.now();
        let call = Call {
            model: target.model,
            messages: &attempt.messages,
            schema: Some(task.schema()),
            max_tokens: attempt.max_tokens,
            // Further answers would follow the first one's pieces: they are not shown while they come.
            stream: sink.listens() && rejected.is_none(),
        };
        let shown =
            Shown::new(sink, attempt.restorer(), task.veil(), &attempt.system, &attempt.secrets(app, &boundary));
        let work = upstream::complete(host, &app.config, visit, target.provider, &call, &shown);
        let result = within(host, timeout, work).await;
        shown.finish();
        report.upstream += host.now().saturating_sub(called);
        last = Some(match result.unwrap_or(Err(Failure::Timeout)) {
            Err(failure) => {
                report.failed(&failure);
                // Half of this answer has left: another one cannot follow it. A repair that fails has shown nothing.
                if call.stream && sink.has_written() {
                    return Err(Failed::broken(target.provider, failure));
                }
                Outcome::Failed(failure)
            }
            Ok(completion) => {
                report.usage += completion.usage;
                match attempt.read(task, app, &boundary, &completion) {
                    Ok(output) => {
                        return Ok(Answered::Model { output, repaired: matches!(kind, PromptKind::Repair { .. }) });
                    }
                    Err(reason) => {
                        let cut_off = reason.cut_off;
                        report.rejected(if cut_off { "an answer that was cut off" } else { "no valid answer" });
                        rejected = Some(Rejected { answer: completion.text, problems: reason.problems });
                        Outcome::Invalid { cut_off }
                    }
                }
            }
        });
    }
}

/// A random number from 0 up to 1.
fn jitter<H: Host>(host: &H) -> f64 {
    // 53 bits fill a float's fraction.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let fraction = (host.random() >> 11) as f64 / (1_u64 << 53) as f64;
    fraction
}

/// One call as it is made: its messages, its room, and how to undo the redaction.
struct Attempt {
    messages: Vec<Message>,
    max_tokens: u32,
    system: String,
    redactor: Option<Redactor>,
}

impl Attempt {
    fn new<T: Task>(
        app: &App,
        task: &T,
        boundary: &Boundary,
        provider: Provider,
        kind: PromptKind,
        rejected: Option<&Rejected>,
    ) -> Self {
        let (length, more_tokens, rejected) = match kind {
            PromptKind::Full => (Length::Full, false, None),
            PromptKind::Minimal => (Length::Minimal, false, None),
            // An answer that was cut off needs room, not advice.
            PromptKind::Repair { more_tokens: true } => (Length::Full, true, None),
            PromptKind::Repair { more_tokens: false } => (Length::Full, false, rejected),
        };
        let context = match provider {
            Provider::Ollama => usize::try_from(app.config.ollama.endpoint.num_ctx()).unwrap_or(usize::MAX),
            Provider::Mistral => MISTRAL_CONTEXT,
        };
        let repair = rejected.map(|rejected| {
            let answer = prompt::neutralise(text::truncate(&rejected.answer, MAX_SHOWN_ANSWER));
            (answer, prompt::repair(rejected.problems.iter().map(|problem| problem.expected.as_str())))
        });
        let repair_tokens = repair
            .as_ref()
            .map_or(0, |(answer, advice)| prompt::estimate_tokens(answer) + prompt::estimate_tokens(advice));
        let wanted = task.answer_tokens().saturating_mul(if more_tokens { 2 } else { 1 });
        // The answer never takes more than half of the context: the other half is for the question.
        let max_tokens = wanted.min(u32::try_from(context / 2).unwrap_or(u32::MAX));
        let answer_tokens = usize::try_from(max_tokens).unwrap_or(usize::MAX);
        let mut redactor = app.config.redact_pii.covers(Backend::Server(provider)).then(Redactor::new);
        let redacted = redactor.as_mut().map(|redactor| redactor.redact_conversation(task.conversation()));
        let setting = Setting {
            conversation: redacted.as_ref().unwrap_or(task.conversation()),
            boundary,
            language: task.language(),
            token_budget: context.saturating_sub(answer_tokens).saturating_sub(repair_tokens),
        };
        let Prompt { system, user } = task.prompt(length, setting);
        let message = |role, content| Message { role, content };
        let mut messages = vec![message(Role::System, system.clone()), message(Role::User, user)];
        if let Some((answer, advice)) = repair {
            messages.push(message(Role::Assistant, answer));
            messages.push(message(Role::User, advice));
        }
        Self { messages, max_tokens, system, redactor }
    }

    /// Reads a completion, private data put back.
    fn read<T: Task>(
        &self,
        task: &T,
        app: &App,
        boundary: &Boundary,
        completion: &Completion,
    ) -> Result<T::Output, Unreadable> {
        match completion.finish {
            Finish::Stop => {}
            Finish::Length => {
                return Err(Unreadable::whole("La réponse a été coupée avant la fin de l'objet JSON.", true));
            }
            Finish::Unfinished => {
                return Err(Unreadable::whole("La réponse ne s'est pas terminée normalement.", false));
            }
        }
        let restored = self.redactor.as_ref().map(|redactor| redactor.restore_json(&completion.text));
        let secrets = Secrets::new(&self.secrets(app, boundary), app.instructions());
        task.read(restored.as_deref().unwrap_or(&completion.text), &secrets)
    }

    /// What must not come out, beside the instructions.
    fn secrets<'a>(&'a self, app: &'a App, boundary: &'a Boundary) -> Vec<&'a str> {
        app.config.secrets().chain([boundary.as_str()]).collect()
    }

    fn restorer(&self) -> Option<Restorer> {
        self.redactor.as_ref().map(Redactor::restorer)
    }
}

impl Failed {
    /// A stream that broke off after its first piece.
    fn broken(provider: Provider, failure: Failure) -> Self {
        let reason = match failure {
            Failure::Timeout => PlanError::Timeout,
            failure => PlanError::Upstream { provider, failure },
        };
        Self { reason, fields: Vec::new() }
    }
}
