//! Why a plan ended without an answer.

use std::time::Duration;

use crate::model::{Failure, Provider};

/// Why there is no answer.
///
/// The first line that applies is the reason. Of a target (a model of a server) its last failure counts, unless it
/// once gave invalid output.
///
/// | reason | when |
/// | --- | --- |
/// | `RateLimited` | every target that was called refused with 429, and it was not time that kept others from being called |
/// | `Timeout` | the deadline passed: during the last call, or before one that was due |
/// | `Denied` | the host did not let a server be called, which is the operator's to mend |
/// | `InvalidOutput` | a model answered, and not with what was asked for |
/// | `Upstream` | a server was not there or failed; of several such failures the last |
/// | `Timeout` | a call took too long; any others were refused with 429 |
/// | `NotConfigured` | no server could be called |
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No backend is configured so that it can be called.
    #[error("no backend is configured")]
    NotConfigured,
    /// Too many requests, wherever they were sent.
    #[error("rate limited by every backend")]
    RateLimited {
        /// How long until the first of those that said so takes requests again.
        retry_after: Option<Duration>,
    },
    /// The deadline passed.
    #[error("no answer in time")]
    Timeout,
    /// A server failed.
    #[error("{}: {failure}", provider.name())]
    Upstream {
        /// Which.
        provider: Provider,
        /// How.
        failure: Failure,
    },
    /// No model's answer was valid.
    #[error("invalid output{}", if *cut_off { ", cut off" } else { "" })]
    InvalidOutput {
        /// Whether the last one was cut off by the token limit.
        cut_off: bool,
    },
    /// The host does not allow the call.
    #[error("{}: the host denies outbound calls to it", provider.name())]
    Denied {
        /// Whose address is not allowed.
        provider: Provider,
    },
}

/// What went wrong so far. The `retry_after` of its reasons counts from the request's start.
#[derive(Clone, Debug, Default)]
pub(super) struct FailureLog {
    /// Of the targets that were left.
    before: Option<PlanError>,
    /// Of the present one.
    here: Option<PlanError>,
    /// Whether a model of the present server gave invalid output.
    was_invalid: bool,
    /// Whether the last call of all timed out.
    has_timed_out: bool,
}

impl FailureLog {
    pub(super) fn failed(&mut self, provider: Provider, failure: Failure, elapsed: Duration) {
        self.has_timed_out = failure == Failure::Timeout;
        let reason = match failure {
            Failure::Denied => PlanError::Denied { provider },
            Failure::Timeout => PlanError::Timeout,
            Failure::Status { status: 429, retry_after, .. } => {
                PlanError::RateLimited { retry_after: retry_after.map(|wait| elapsed.saturating_add(wait)) }
            }
            Failure::Connection | Failure::Interrupted | Failure::Status { .. } | Failure::Malformed { .. } => {
                PlanError::Upstream { provider, failure }
            }
        };
        if !matches!(self.here, Some(PlanError::InvalidOutput { .. })) {
            self.here = Some(reason);
        }
    }

    pub(super) fn invalid(&mut self, cut_off: bool) {
        self.was_invalid = true;
        self.has_timed_out = false;
        self.here = Some(PlanError::InvalidOutput { cut_off });
    }

    /// Notes that the present target is not called again.
    pub(super) fn leave_model(&mut self) {
        self.before = worse(self.before.take(), self.here.take());
    }

    /// Notes that the present server is not called again.
    pub(super) fn leave_server(&mut self) {
        self.leave_model();
        self.was_invalid = false;
    }

    /// Whether a model of the present server gave invalid output.
    pub(super) fn was_invalid(&self) -> bool {
        self.was_invalid
    }

    /// Whether the present target was called.
    pub(super) fn has_called(&self) -> bool {
        self.here.is_some()
    }

    /// Whether the last call of all timed out.
    pub(super) fn has_timed_out(&self) -> bool {
        self.has_timed_out
    }

    /// The reason, `elapsed` after the request's start.
    pub(super) fn error(&self, elapsed: Duration) -> PlanError {
        match worse(self.before.clone(), self.here.clone()) {
            None => PlanError::NotConfigured,
            Some(PlanError::RateLimited { retry_after }) => {
                PlanError::RateLimited { retry_after: retry_after.map(|at| at.saturating_sub(elapsed)) }
            }
            Some(reason) => reason,
        }
    }
}

/// The reason that says more: the lower one in the table of [`PlanError`] yields, and the earlier one to its equal.
fn worse(before: Option<PlanError>, here: Option<PlanError>) -> Option<PlanError> {
    match (before, here) {
        (Some(PlanError::RateLimited { retry_after: a }), Some(PlanError::RateLimited { retry_after: b })) => {
            Some(PlanError::RateLimited { retry_after: a.into_iter().chain(b).min() })
        }
        (Some(before), Some(here)) => Some(if rank(&before) > rank(&here) { before } else { here }),
        (before, here) => before.or(here),
    }
}

fn rank(reason: &PlanError) -> u8 {
    match reason {
        PlanError::NotConfigured => 0,
        PlanError::RateLimited { .. } => 1,
        PlanError::Timeout => 2,
        PlanError::Upstream { .. } => 3,
        PlanError::InvalidOutput { .. } => 4,
        PlanError::Denied { .. } => 5,
    }
}
