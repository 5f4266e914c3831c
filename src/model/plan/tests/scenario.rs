//! Steps of a plan, written one after the other.

use std::time::Duration;

use super::super::*;
use crate::model::Backend;

/// The servers by index.
const SERVERS: [&str; 2] = ["mistral", "ollama"];
pub(super) const MISTRAL: usize = 0;
pub(super) const OLLAMA: usize = 1;

/// Reads `ollama:a,b | mistral:c | local`.
pub(super) fn chain(text: &str) -> Chain {
    let backends = text.split('|').map(str::trim).filter(|link| !link.is_empty());
    let backends = backends.map(|link| {
        let name = link.split(':').next().unwrap_or_default();
        SERVERS.iter().position(|server| *server == name).map_or(Backend::Local, Backend::Server)
    });
    Chain::new(backends, |server| models(text, server).count())
}

/// The models of a server in such a text.
fn models(text: &str, server: usize) -> impl Iterator<Item = &str> {
    let rest = text.split_once(&format!("{}:", SERVERS[server])).map_or("", |(_, rest)| rest);
    let models = rest.split('|').next().unwrap_or_default();
    models.split(',').map(str::trim).filter(|model| !model.is_empty())
}

pub(super) fn failure(status: u16) -> Failure {
    Failure::Status { status, retry_after: None, unknown_model: false }
}

pub(super) fn upstream(server: usize, status: u16) -> PlanError {
    PlanError::Upstream { server, failure: failure(status) }
}

/// An answer with an invalid field, or one that was cut off.
pub(super) fn invalid(cut_off: bool) -> Outcome {
    Outcome::Invalid { cut_off, fields: if cut_off { Vec::new() } else { vec!["field".to_owned()] } }
}

/// The error where the last answer was like that.
pub(super) fn invalid_output(cut_off: bool) -> PlanError {
    match invalid(cut_off) {
        Outcome::Invalid { fields, .. } => PlanError::InvalidOutput { fields },
        Outcome::Failed(failure) => panic!("{failure}"),
    }
}

/// A plan with 30 s, 4 attempts, jitter 1 (the longest waits) and calls that take no time, unless said otherwise.
pub(super) struct Scenario {
    text: &'static str,
    budget: Duration,
    max_attempts: u32,
    jitter: f64,
    /// The time of every call.
    took: Duration,
    elapsed: Duration,
    plan: Option<Plan<'static>>,
    last: Option<Outcome>,
    timeout: Duration,
}

impl Scenario {
    pub(super) fn chain(text: &'static str) -> Self {
        Self {
            text,
            budget: Duration::from_secs(30),
            max_attempts: 4,
            jitter: 1.0,
            took: Duration::ZERO,
            elapsed: Duration::ZERO,
            plan: None,
            last: None,
            timeout: Duration::ZERO,
        }
    }

    pub(super) fn budget(mut self, ms: u64) -> Self {
        self.budget = Duration::from_millis(ms);
        self
    }

    pub(super) fn attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    pub(super) fn jitter(mut self, jitter: f64) -> Self {
        self.jitter = jitter;
        self
    }

    /// The time of every call, in milliseconds.
    pub(super) fn took(mut self, ms: u64) -> Self {
        self.took = Duration::from_millis(ms);
        self
    }

    /// The time of the first step, in milliseconds after the request arrived.
    pub(super) fn starts_at(mut self, ms: u64) -> Self {
        self.elapsed = Duration::from_millis(ms);
        self
    }

    /// Lets as much time pass as a call takes.
    pub(super) fn passes(mut self) -> Self {
        self.elapsed += self.took;
        self
    }

    #[track_caller]
    pub(super) fn expect_call(mut self, expect: &str) -> Self {
        match self.next() {
            Step::Call { target, prompt, timeout, .. } => {
                let prompt = match prompt {
                    PromptKind::Full => "full",
                    PromptKind::Repair { more_tokens: false } => "repair",
                    PromptKind::Repair { more_tokens: true } => "repair more_tokens",
                    PromptKind::Minimal => "minimal",
                };
                let model = models(self.text, target.server).nth(target.model).unwrap();
                assert_eq!(format!("{}:{model} {prompt}", SERVERS[target.server]), expect);
                self.timeout = timeout;
            }
            step => panic!("expected a call of {expect}, got {step:?}"),
        }
        self
    }

    #[track_caller]
    pub(super) fn expect_call_within(self, expect: &str, ms: u64) -> Self {
        let scenario = self.expect_call(expect);
        assert_eq!(scenario.timeout, Duration::from_millis(ms));
        scenario
    }

    #[track_caller]
    pub(super) fn expect_wait(mut self, ms: u64) -> Self {
        assert_eq!(self.next(), Step::Wait(Duration::from_millis(ms)));
        self.elapsed += Duration::from_millis(ms);
        self
    }

    #[track_caller]
    pub(super) fn expect_local(mut self) {
        assert_eq!(self.next(), Step::Local);
    }

    #[track_caller]
    pub(super) fn expect_fail(mut self, reason: PlanError) -> Self {
        assert_eq!(self.next(), Step::Fail(reason));
        self
    }

    pub(super) fn invalid(self) -> Self {
        self.outcome(invalid(false))
    }

    pub(super) fn cut_off(self) -> Self {
        self.outcome(invalid(true))
    }

    pub(super) fn status(self, status: u16) -> Self {
        self.fail(failure(status))
    }

    pub(super) fn status_after(self, status: u16, retry_after_ms: u64) -> Self {
        let retry_after = Some(Duration::from_millis(retry_after_ms));
        self.fail(Failure::Status { status, retry_after, unknown_model: false })
    }

    pub(super) fn fail(self, failure: Failure) -> Self {
        self.outcome(Outcome::Failed(failure))
    }

    pub(super) fn times_out(mut self) -> Self {
        self.took = self.timeout;
        self.fail(Failure::Timeout)
    }

    fn outcome(mut self, outcome: Outcome) -> Self {
        self.elapsed += self.took;
        self.last = Some(outcome);
        self
    }

    fn next(&mut self) -> Step {
        // A test's chain may live as long as the tests do.
        let chain = || Box::leak(Box::new(chain(self.text)));
        let plan = self.plan.get_or_insert_with(|| Plan::new(chain(), self.budget, self.max_attempts));
        plan.next(self.elapsed, self.last.take(), self.jitter)
    }
}
