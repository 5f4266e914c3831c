//! The attempt plan: which model to call, with which prompt, for how long, and what to do after a failure.
//!
//! A [`Plan`] is a state machine without a clock, a socket or randomness. It knows servers and models by their index.
//! Its input is the elapsed time and the outcome of the last call, its output the next [`Step`]. After a valid answer
//! the caller does not ask for another step.
//!
//! ```text
//!            ┌───────────────── one server ──────────────────┐
//!            │        invalid            invalid             │
//!  start ───▶│ Full ───────────▶ Repair ──────────▶ Minimal  │
//!            │       same model         next model           │
//!            │                                               │
//!            │ each of them:                                 │
//!            │   transient failure ──▶ Wait ──▶ same again   │
//!            │   the model's fault ──▶ next model            │
//!            └──┬──────────────────────▲─────────────────────┘
//!               │ Minimal invalid,     │ Full
//!               │ server's fault,      │
//!               │ no model left        │
//!               ▼                      │
//!          next server ────────────────┘
//!               │ no server, attempt or time left
//!               ▼
//!          Local, where the chain has it, else Fail
//! ```
//!
//! | a call's outcome | first | then |
//! | --- | --- | --- |
//! | invalid output, `Full` prompt | `Repair` on the same model, with more tokens if it was cut off | next model, `Minimal` |
//! | invalid output, `Repair` prompt | next model, `Minimal` | next server |
//! | invalid output, `Minimal` prompt | next server | |
//! | no connection, answer broken off | same again after a backoff | next server: another model there cannot help |
//! | 408, 425, 500, 502, 503, 504 | same again after a backoff | next model, next server |
//! | 429, and the server has another model | same again, once and if asked to wait for 1 s at most | next model, next server |
//! | 429 otherwise | same again after a backoff | next server |
//! | 401, 403; denied by the host; timeout | next server | |
//! | any other status, or no answer in the body | next model | next server |
//!
//! **Attempts.** Every call counts, and without attempts the plan ends. A repair or a change of model leaves at least
//! one attempt to each later server; a retry also leaves one to each later model that may help.
//!
//! **Time.** The time left is divided equally between this attempt and the later servers that can still be called. A
//! wait is part of this attempt's share. A wait that does not fit, whether the server or the backoff asks for it, is
//! skipped, as if no retries were left. No attempt starts with less than [`MIN_ATTEMPT`] left.
//!
//! ```
//! use std::time::Duration;
//! use support_ticket_ai::model::plan::{Chain, Outcome, Plan, PlanError, PromptKind, Step, Target};
//! use support_ticket_ai::model::{Backend, Failure};
//!
//! // One server with two models.
//! let chain = Chain::new([Backend::Server(0)], |_| 2);
//! let mut plan = Plan::new(&chain, Duration::from_secs(30), 4);
//!
//! // The caller's loop: perform the step, then ask for the next one.
//! let Step::Call { target, prompt, timeout, attempt } = plan.next(Duration::ZERO, None, 0.5) else { panic!() };
//! assert_eq!((target, prompt), (Target { server: 0, model: 0 }, PromptKind::Full));
//! assert_eq!((timeout, attempt), (Duration::from_secs(30), 1));
//!
//! // No connection: wait a little, and try again.
//! let elapsed = Duration::from_millis(20);
//! let step = plan.next(elapsed, Some(Outcome::Failed(Failure::Connection)), 0.5);
//! assert_eq!(step, Step::Wait(Duration::from_millis(100)));
//! let elapsed = Duration::from_millis(120);
//! assert!(matches!(plan.next(elapsed, None, 0.5), Step::Call { attempt: 2, .. }));
//!
//! // The key is refused, and there is neither another server nor the local backend.
//! let failure = Failure::Status { status: 401, retry_after: None, unknown_model: false };
//! let step = plan.next(elapsed, Some(Outcome::Failed(failure.clone())), 0.5);
//! assert_eq!(step, Step::Fail(PlanError::Upstream { server: 0, failure }));
//! assert_eq!(plan.attempts(), 2);
//! ```

mod backoff;
mod chain;
mod error;
mod remedy;

use std::time::Duration;

pub use chain::{Chain, Target};
pub use error::PlanError;

use super::Failure;
use backoff::backoff;
use error::FailureLog;
use remedy::{Move, Remedy};

/// Least time for an attempt: with less, connecting and reading the prompt leave the model no time to answer. For budgets
/// under a second it is a quarter of the budget.
pub const MIN_ATTEMPT: Duration = Duration::from_millis(250);

/// Longest `Retry-After` of a 429 before a retry, where the server has another model that can be called at once.
const LONGEST_WAIT_BEFORE_NEXT_MODEL: Duration = Duration::from_secs(1);

/// The prompt for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// All instructions and the whole history.
    Full,
    /// The conversation so far, with the model's own answer and the errors in it.
    Repair {
        /// The answer was cut off: allow more tokens, with the same prompt.
        more_tokens: bool,
    },
    /// The shorter instructions, for a model that has not answered yet.
    Minimal,
}

/// The outcome of a call without a valid answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The model's answer is not usable.
    Invalid {
        /// Whether the token limit cut it off.
        cut_off: bool,
        /// Its invalid fields; none where it is invalid as a whole.
        fields: Vec<String>,
    },
    /// The call failed.
    Failed(Failure),
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Call a model, and report the outcome unless it is a valid answer.
    Call {
        /// The model.
        target: Target,
        /// The prompt.
        prompt: PromptKind,
        /// Time from connecting to the end of the body; after it the outcome is [`Failure::Timeout`].
        timeout: Duration,
        /// The number of the call in this plan, from 1.
        attempt: u32,
    },
    /// Wait, then ask again without an outcome.
    Wait(Duration),
    /// Answer from the local backend. The plan is over.
    Local,
    /// Report the error. The plan is over.
    Fail(PlanError),
}

/// The attempts of one request along a [`Chain`].
#[derive(Clone, Debug)]
pub struct Plan<'c> {
    chain: &'c Chain,
    budget: Duration,
    min_attempt: Duration,
    max_attempts: u32,
    /// Calls so far.
    attempts: u32,
    /// Index in the chain, and among the server's models.
    link: usize,
    model: usize,
    prompt: PromptKind,
    /// Retries of this prompt on this target.
    retries: u32,
    failures: FailureLog,
}

impl<'c> Plan<'c> {
    /// A plan that ends at most `budget` after the request arrived, with at most `max_attempts` calls to all servers
    /// together; 0 counts as 1.
    pub fn new(chain: &'c Chain, budget: Duration, max_attempts: u32) -> Self {
        // At least 1 ms: an attempt of no time at all cannot succeed.
        let min_attempt = MIN_ATTEMPT.min(budget / 4).max(Duration::from_millis(1));
        Self {
            chain,
            budget,
            min_attempt,
            max_attempts: max_attempts.max(1),
            attempts: 0,
            link: 0,
            model: 0,
            prompt: PromptKind::Full,
            retries: 0,
            failures: FailureLog::default(),
        }
    }

    /// Calls so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The next step, `elapsed` after the request arrived.
    ///
    /// `last` is the outcome of the last step, if that was a call. `jitter` is a new random number from 0 to 1, which
    /// spreads the retries of many callers.
    pub fn next(&mut self, elapsed: Duration, last: Option<Outcome>, jitter: f64) -> Step {
        let wait = match (last, self.target()) {
            (None, _) | (Some(_), None) => None,
            (Some(Outcome::Invalid { cut_off, fields }), Some(_)) => {
                self.failures.invalid(fields);
                self.after_invalid(cut_off, elapsed);
                None
            }
            (Some(Outcome::Failed(failure)), Some(target)) => {
                let remedy = Remedy::of(&failure);
                self.failures.failed(target.server, failure, elapsed);
                self.apply(remedy, elapsed, jitter)
            }
        };
        wait.map_or_else(|| self.call(elapsed), Step::Wait)
    }

    fn after_invalid(&mut self, cut_off: bool, elapsed: Duration) {
        match self.prompt {
            PromptKind::Full if self.may_stay(elapsed) => {
                self.prompt = PromptKind::Repair { more_tokens: cut_off };
                self.retries = 0;
            }
            PromptKind::Full | PromptKind::Repair { .. } => self.next_model(elapsed),
            PromptKind::Minimal => self.next_server(),
        }
    }

    /// Applies the remedy; returns the time to wait before the next call.
    fn apply(&mut self, remedy: Remedy, elapsed: Duration, jitter: f64) -> Option<Duration> {
        let (wait, otherwise) = match remedy {
            Remedy::Move(to) => (None, to),
            Remedy::Retry { rate_limited, retry_after, otherwise } => {
                let wait = retry_after.unwrap_or_default().max(backoff(self.retries, jitter));
                let may_retry = self.may_retry(otherwise, rate_limited, retry_after) && self.fits(wait, elapsed);
                (may_retry.then_some(wait), otherwise)
            }
        };
        match (wait, otherwise) {
            (Some(_), _) => self.retries += 1,
            (None, Move::NextModel) => self.next_model(elapsed),
            (None, Move::NextServer) => self.next_server(),
        }
        wait.filter(|wait| !wait.is_zero())
    }

    fn may_retry(&self, otherwise: Move, rate_limited: bool, retry_after: Option<Duration>) -> bool {
        let later_models = match otherwise {
            Move::NextModel => self.later_models(),
            Move::NextServer => 0,
        };
        let is_quick = self.retries == 0 && retry_after.is_none_or(|wait| wait <= LONGEST_WAIT_BEFORE_NEXT_MODEL);
        self.attempts_left() > self.later_servers() + later_models && (!rate_limited || later_models == 0 || is_quick)
    }

    /// Whether this server may be called again: each later one must keep an attempt and the time for it.
    fn may_stay(&self, elapsed: Duration) -> bool {
        let later = self.later_servers();
        later == 0 || (self.attempts_left() > later && self.share(elapsed) >= self.min_attempt)
    }

    /// Whether `wait` and an attempt fit into this attempt's share of the time.
    fn fits(&self, wait: Duration, elapsed: Duration) -> bool {
        self.share(elapsed).saturating_sub(wait) >= self.min_attempt
    }

    /// The next attempt's share of the time left.
    fn share(&self, elapsed: Duration) -> Duration {
        let callable = self.later_servers().min(self.attempts_left().saturating_sub(1));
        self.remaining(elapsed) / callable.saturating_add(1)
    }

    fn call(&mut self, elapsed: Duration) -> Step {
        let Some(target) = self.target().filter(|_| self.attempts_left() > 0) else {
            return self.over(elapsed, false);
        };
        if self.remaining(elapsed) < self.min_attempt {
            return self.over(elapsed, true);
        }
        let timeout = self.share(elapsed).max(self.min_attempt);
        self.attempts += 1;
        Step::Call { target, prompt: self.prompt, timeout, attempt: self.attempts }
    }

    /// The last step; `is_due` if only time keeps the plan from another call.
    fn over(&self, elapsed: Duration, is_due: bool) -> Step {
        if self.chain.has_local() {
            return Step::Local;
        }
        let reason = self.failures.error(elapsed);
        let is_late = self.remaining(elapsed) < self.min_attempt && (is_due || self.failures.has_timed_out());
        let all_called = self.failures.has_called() && self.later_models() == 0 && self.later_servers() == 0;
        let is_refused = all_called && matches!(reason, PlanError::RateLimited { .. });
        Step::Fail(if is_late && !is_refused { PlanError::Timeout } else { reason })
    }

    /// Moves to the server's next model if possible, else to the next server.
    fn next_model(&mut self, elapsed: Duration) {
        if self.later_models() == 0 || !self.may_stay(elapsed) {
            return self.next_server();
        }
        self.model += 1;
        self.prompt = if self.failures.was_invalid() { PromptKind::Minimal } else { PromptKind::Full };
        self.retries = 0;
        self.failures.leave_model();
    }

    fn next_server(&mut self) {
        self.link += 1;
        self.model = 0;
        self.prompt = PromptKind::Full;
        self.retries = 0;
        self.failures.leave_server();
    }

    fn target(&self) -> Option<Target> {
        self.chain.target(self.link, self.model)
    }

    fn remaining(&self, elapsed: Duration) -> Duration {
        self.budget.saturating_sub(elapsed)
    }

    fn attempts_left(&self) -> u32 {
        self.max_attempts.saturating_sub(self.attempts)
    }

    fn later_servers(&self) -> u32 {
        self.chain.servers_after(self.link)
    }

    fn later_models(&self) -> u32 {
        self.chain.models_after(self.link, self.model)
    }
}

#[cfg(test)]
mod tests;
