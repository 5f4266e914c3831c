//! The remedy for a failure.

use std::time::Duration;

use crate::model::Failure;

/// Where to continue without a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Another model of the same server may work.
    NextModel,
    /// The server itself is at fault.
    NextServer,
}

/// The remedy for a failure, as far as attempts and time allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// The same call again, after a wait.
    Retry { rate_limited: bool, retry_after: Option<Duration>, otherwise: Move },
    /// Another call.
    Move(Move),
}

impl Remedy {
    pub(super) fn of(failure: &Failure) -> Self {
        match *failure {
            Failure::Connection | Failure::Interrupted => {
                Self::Retry { rate_limited: false, retry_after: None, otherwise: Move::NextServer }
            }
            // A timeout has used up the server's share of the time.
            Failure::Denied | Failure::Timeout => Self::Move(Move::NextServer),
            Failure::Malformed { .. } => Self::Move(Move::NextModel),
            Failure::Status { status, retry_after, .. } => match status {
                401 | 403 => Self::Move(Move::NextServer),
                408 | 425 | 429 | 500 | 502 | 503 | 504 => {
                    Self::Retry { rate_limited: status == 429, retry_after, otherwise: Move::NextModel }
                }
                _ => Self::Move(Move::NextModel),
            },
        }
    }
}
