//! Why there is no answer.

use std::time::Duration;

use crate::model::Failure;

/// Why there is no answer.
///
/// The first row that applies is the reason. For a target (a model of a server) only the last failure counts, unless
/// an answer of it was invalid.
///
/// | reason | when |
/// | --- | --- |
/// | `RateLimited` | every target that was called refused with 429, and the others were not left out for lack of time |
/// | `Timeout` | the deadline passed: during the last call, or before one that was due |
/// | `Denied` | the host did not allow calls to a server, which must be fixed by the operator |
/// | `InvalidOutput` | a model's answer was not usable |
/// | `Upstream` | a server was unreachable or failed; of several such failures the last |
/// | `Timeout` | a call took too long; any others were refused with 429 |
/// | `NotConfigured` | no server could be called |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// No backend is configured so that it can be called.
    NotConfigured,
    /// Every server refused the request with 429.
    RateLimited {
        /// The shortest `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The deadline passed.
    Timeout,
    /// A server failed.
    Upstream {
        /// The server's index.
        server: usize,
        /// Its failure.
        failure: Failure,
    },
    /// No model's answer was valid.
    InvalidOutput {
        /// The invalid fields of the last answer; none where it was invalid as a whole.
        fields: Vec<String>,
    },
    /// The host does not allow the call.
    Denied {
        /// The server's index.
        server: usize,
    },
}

impl PlanError {
    /// The error for one failed call, where no other call follows.
    pub fn new(server: usize, failure: Failure) -> Self {
        match failure {
            Failure::Denied => Self::Denied { server },
            Failure::Timeout => Self::Timeout,
            Failure::Status { status: 429, retry_after, .. } => Self::RateLimited { retry_after },
            Failure::Connection | Failure::Interrupted | Failure::Status { .. } | Failure::Malformed { .. } => {
                Self::Upstream { server, failure }
            }
        }
    }

    fn map_retry_after(self, map: impl Fn(Duration) -> Duration) -> Self {
        match self {
            Self::RateLimited { retry_after } => Self::RateLimited { retry_after: retry_after.map(map) },
            other => other,
        }
    }

    /// Its place in the table above, from the bottom.
    fn rank(&self) -> u8 {
        match self {
            Self::NotConfigured => 0,
            Self::RateLimited { .. } => 1,
            Self::Timeout => 2,
            Self::Upstream { .. } => 3,
            Self::InvalidOutput { .. } => 4,
            Self::Denied { .. } => 5,
        }
    }
}

/// The failures so far. `retry_after` counts from the start of the request here.
#[derive(Clone, Debug, Default)]
pub(super) struct FailureLog {
    /// Of earlier targets.
    earlier: Option<PlanError>,
    /// Of the current target.
    current: Option<PlanError>,
    /// Whether an answer from the current server was invalid.
    was_invalid: bool,
    /// Whether the last call timed out.
    has_timed_out: bool,
}

impl FailureLog {
    pub(super) fn failed(&mut self, server: usize, failure: Failure, elapsed: Duration) {
        self.has_timed_out = failure == Failure::Timeout;
        if !matches!(self.current, Some(PlanError::InvalidOutput { .. })) {
            let error = PlanError::new(server, failure).map_retry_after(|wait| elapsed.saturating_add(wait));
            self.current = Some(error);
        }
    }

    pub(super) fn invalid(&mut self, fields: Vec<String>) {
        self.was_invalid = true;
        self.has_timed_out = false;
        self.current = Some(PlanError::InvalidOutput { fields });
    }

    /// Notes that the current target is not called again.
    pub(super) fn leave_model(&mut self) {
        self.earlier = worse(self.earlier.take(), self.current.take());
    }

    /// Notes that the current server is not called again.
    pub(super) fn leave_server(&mut self) {
        self.leave_model();
        self.was_invalid = false;
    }

    /// Whether an answer from the current server was invalid.
    pub(super) fn was_invalid(&self) -> bool {
        self.was_invalid
    }

    /// Whether the current target was called.
    pub(super) fn has_called(&self) -> bool {
        self.current.is_some()
    }

    /// Whether the last call timed out.
    pub(super) fn has_timed_out(&self) -> bool {
        self.has_timed_out
    }

    /// The reason, `elapsed` after the start of the request.
    pub(super) fn error(&self, elapsed: Duration) -> PlanError {
        let error = worse(self.earlier.clone(), self.current.clone()).unwrap_or(PlanError::NotConfigured);
        error.map_retry_after(|at| at.saturating_sub(elapsed))
    }
}

/// The error with the higher rank; of equal ones the later, and of two refusals the shorter wait.
fn worse(earlier: Option<PlanError>, later: Option<PlanError>) -> Option<PlanError> {
    match (earlier, later) {
        (Some(PlanError::RateLimited { retry_after: a }), Some(PlanError::RateLimited { retry_after: b })) => {
            Some(PlanError::RateLimited { retry_after: a.into_iter().chain(b).min() })
        }
        (Some(earlier), Some(later)) => Some(if earlier.rank() > later.rank() { earlier } else { later }),
        (earlier, later) => earlier.or(later),
    }
}
