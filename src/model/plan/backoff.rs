//! The wait before a retry.

use std::time::Duration;

/// Longest first wait, in milliseconds: the time of a worker's restart or of a dropped connection.
const BASE_MS: u64 = 200;
/// Longest wait, in milliseconds: a sixth of the default deadline.
const CAP_MS: u64 = 5_000;

/// Exponential backoff with full jitter: `jitter` (0 to 1) of 200 ms, doubled with every retry so far, at most 5 s.
///
/// Full jitter, that is from zero upwards, spreads the retries of many callers best.
pub(super) fn backoff(retries: u32, jitter: f64) -> Duration {
    // Five doublings exceed the cap.
    let longest = CAP_MS.min(BASE_MS << retries.min(5));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 to 5,000; NaN becomes 0")]
    let wait = (longest as f64 * jitter.clamp(0.0, 1.0)) as u64;
    Duration::from_millis(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_cap_and_are_jittered() {
        let check = |retries: u32, jitter: f64, expect_ms: u64| {
            assert_eq!(backoff(retries, jitter), Duration::from_millis(expect_ms), "{retries} {jitter}");
        };
        let longest = [200, 400, 800, 1_600, 3_200, 5_000, 5_000];
        for (retries, expect_ms) in (0..).zip(longest) {
            check(retries, 1.0, expect_ms);
            check(retries, 0.5, expect_ms / 2);
            check(retries, 0.0, 0);
        }
        check(u32::MAX, 1.0, 5_000);
        check(0, f64::NAN, 0);
        check(0, f64::INFINITY, 200);
        check(0, -1.0, 0);
    }
}
