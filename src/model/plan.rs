//! The attempt plan: whom to ask, how, for how long, and what to do when that fails.
//!
//! A [`Plan`] is a state machine without a clock, a socket or a source of chance.
//! It is told how much time has passed and how the last call went, and says the next [`Step`]; a valid answer ends the
//! plan by not asking again.
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
//! **Attempts.** Every call counts, whatever its kind, and the chain's end is reached when none is left. A repair or a
//! change of model leaves at least one attempt to each later server, a retry also one to each later model that may help.
//!
//! **Time.** An attempt gets an equal share of what is left, with one share for each later server that can still be
//! called: so each gets its turn. A wait comes out of that share too, and one that does not fit, whether the server or
//! the backoff asks for it, is not waited for: the plan goes on as if retries were used up. No attempt starts with less
//! than [`MIN_ATTEMPT`] to go.
//!
//! ```
//! use std::time::Duration;
//! use support_ticket_ai::model::plan::{Chain, PlanError, Link, Outcome, Plan, PromptKind, Server, Step};
//! use support_ticket_ai::model::{Failure, Provider};
//!
//! let models = vec!["large".to_owned(), "small".to_owned()];
//! let chain = Chain::new([Link::Server(Server { provider: Provider::Mistral, models })]);
//! let mut plan = Plan::new(&chain, Duration::from_secs(30), 4);
//!
//! // The caller's loop: perform the step, then ask for the next one.
//! let Step::Call { target, prompt, timeout, attempt } = plan.next(Duration::ZERO, None, 0.5) else { panic!() };
//! assert_eq!((target.model, prompt, timeout, attempt), ("large", PromptKind::Full, Duration::from_secs(30), 1));
//!
//! // Nothing listened: wait a little, and try again.
//! let elapsed = Duration::from_millis(20);
//! let step = plan.next(elapsed, Some(Outcome::Failed(Failure::Connection)), 0.5);
//! assert_eq!(step, Step::Wait(Duration::from_millis(100)));
//! let elapsed = Duration::from_millis(120);
//! assert!(matches!(plan.next(elapsed, None, 0.5), Step::Call { attempt: 2, .. }));
//!
//! // The key is refused, there is no other server, and no local backend stands in.
//! let failure = Failure::Status { status: 401, retry_after: None, unknown_model: false };
//! let step = plan.next(elapsed, Some(Outcome::Failed(failure.clone())), 0.5);
//! assert_eq!(step, Step::Fail(PlanError::Upstream { provider: Provider::Mistral, failure }));
//! assert_eq!(plan.attempts(), 2);
//! ```

mod backoff;
mod chain;
mod error;
mod remedy;

use std::time::Duration;

pub use chain::{Chain, Link, Server, Target};
pub use error::PlanError;

use super::Failure;
use backoff::backoff;
use error::FailureLog;
use remedy::{Move, Remedy};

/// Least time that an attempt is started with: below it, connecting and reading a prompt leave a model none to answer.
/// Of a budget under a second it is a quarter.
pub const MIN_ATTEMPT: Duration = Duration::from_millis(250);

/// Longest `Retry-After` of a 429 that is waited for while the server has another model to ask at once.
const LONGEST_WAIT_BEFORE_NEXT_MODEL: Duration = Duration::from_secs(1);

/// What to ask a model with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// All instructions and the whole history.
    Full,
    /// The conversation so far, with the model's own answer and what was wrong with it.
    Repair {
        /// The answer was cut off: give it more tokens, and no longer a prompt.
        more_tokens: bool,
    },
    /// The shorter instructions, for a model that has not answered yet.
    Minimal,
}

/// How a call went that gave no valid answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was a text, and it is not what was asked for.
    Invalid {
        /// Whether it stops by the token limit.
        cut_off: bool,
    },
    /// There was no text.
    Failed(Failure),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'c> {
    /// Call a model, and report the outcome unless it is a valid answer.
    Call {
        /// Whom.
        target: Target<'c>,
        /// With which prompt.
        prompt: PromptKind,
        /// How long it may take from connecting to the body's end; then it is [`Failure::Timeout`].
        timeout: Duration,
        /// Its number, counted from 1 over the whole plan.
        attempt: u32,
    },
    /// Do nothing for so long, then ask again without an outcome.
    Wait(Duration),
    /// Answer from the local backend. The plan is over.
    Local,
    /// Give up, and tell the caller why. The plan is over.
    Fail(PlanError),
}

/// One request's way through a [`Chain`].
#[derive(Clone, Debug)]
pub struct Plan<'c> {
    chain: &'c Chain,
    budget: Duration,
    min_attempt: Duration,
    max_attempts: u32,
    /// Calls asked for so far.
    attempts: u32,
    /// Place in the chain, and in that server's models.
    server: usize,
    model: usize,
    prompt: PromptKind,
    /// Retries of this prompt on this target.
    retries: u32,
    failures: FailureLog,
}

impl<'c> Plan<'c> {
    /// A plan that must be over `budget` after the request came in, with at most `max_attempts` calls to all servers
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
            server: 0,
            model: 0,
            prompt: PromptKind::Full,
            retries: 0,
            failures: FailureLog::default(),
        }
    }

    /// Calls asked for so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The next step, `elapsed` after the request came in.
    ///
    /// `last` is the outcome of the call that the last step asked for; `None` at first and after a wait.
    /// `jitter` is a fresh random number from 0 to 1, which spreads the retries of many callers.
    pub fn next(&mut self, elapsed: Duration, last: Option<Outcome>, jitter: f64) -> Step<'c> {
        let wait = match (last, self.target()) {
            (None, _) | (Some(_), None) => None,
            (Some(Outcome::Invalid { cut_off }), Some(_)) => {
                self.after_invalid(cut_off, elapsed);
                None
            }
            (Some(Outcome::Failed(failure)), Some(target)) => {
                let remedy = Remedy::of(&failure);
                self.failures.failed(target.provider, failure, elapsed);
                self.apply(remedy, elapsed, jitter)
            }
        };
        wait.map_or_else(|| self.call(elapsed), Step::Wait)
    }

    fn after_invalid(&mut self, cut_off: bool, elapsed: Duration) {
        self.failures.invalid(cut_off);
        match self.prompt {
            PromptKind::Full if self.may_stay(elapsed) => {
                self.prompt = PromptKind::Repair { more_tokens: cut_off };
                self.retries = 0;
            }
            PromptKind::Full | PromptKind::Repair { .. } => self.next_model(elapsed),
            PromptKind::Minimal => self.next_server(),
        }
    }

    /// Moves to where the remedy leads, which is the same place for a retry; gives the time to wait first.
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

    /// Whether this server may be called again, that is, whether later ones keep an attempt each and time for it.
    fn may_stay(&self, elapsed: Duration) -> bool {
        let later = self.later_servers();
        later == 0 || (self.attempts_left() > later && self.share(elapsed) >= self.min_attempt)
    }

    /// Whether an attempt can follow after `wait` without taking a later server's share.
    fn fits(&self, wait: Duration, elapsed: Duration) -> bool {
        self.share(elapsed).saturating_sub(wait) >= self.min_attempt
    }

    /// What the next attempt may take of the time that is left.
    fn share(&self, elapsed: Duration) -> Duration {
        let callable = self.later_servers().min(self.attempts_left().saturating_sub(1));
        self.remaining(elapsed) / callable.saturating_add(1)
    }

    fn call(&mut self, elapsed: Duration) -> Step<'c> {
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

    /// The end, with a call still due or not.
    fn over(&self, elapsed: Duration, is_due: bool) -> Step<'c> {
        if self.chain.has_local() {
            return Step::Local;
        }
        let reason = self.failures.error(elapsed);
        let is_late = self.remaining(elapsed) < self.min_attempt && (is_due || self.failures.has_timed_out());
        let all_called = self.failures.has_called() && self.later_models() == 0 && self.later_servers() == 0;
        let is_refused = all_called && matches!(reason, PlanError::RateLimited { .. });
        Step::Fail(if is_late && !is_refused { PlanError::Timeout } else { reason })
    }

    /// Moves to the server's next model, if it has one that may be called, else to the next server.
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
        self.server += 1;
        self.model = 0;
        self.prompt = PromptKind::Full;
        self.retries = 0;
        self.failures.leave_server();
    }

    fn target(&self) -> Option<Target<'c>> {
        self.chain.target(self.server, self.model)
    }

    fn remaining(&self, elapsed: Duration) -> Duration {
        self.budget.saturating_sub(elapsed)
    }

    fn attempts_left(&self) -> u32 {
        self.max_attempts.saturating_sub(self.attempts)
    }

    fn later_servers(&self) -> u32 {
        self.chain.servers_after(self.server)
    }

    fn later_models(&self) -> u32 {
        self.chain.models_after(self.server, self.model)
    }
}

#[cfg(test)]
mod tests;
