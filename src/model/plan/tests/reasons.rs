//! The reason where there is no answer.

use super::{scenario::chain as chain_of, *};

/// The reason after these outcomes of calls.
fn reason(chain: &str, outcomes: &[Outcome]) -> PlanError {
    let chain = chain_of(chain);
    let mut plan = Plan::new(&chain, Duration::from_secs(30), 4);
    let mut outcomes = outcomes.iter().cloned();
    let (mut elapsed, mut last) = (Duration::ZERO, None);
    loop {
        match plan.next(elapsed, last.take(), 0.0) {
            Step::Call { timeout, .. } => {
                last = outcomes.next();
                assert!(last.is_some(), "another call was due");
                elapsed += match last {
                    Some(Outcome::Failed(Failure::Timeout)) => timeout,
                    _ => Duration::from_millis(100),
                };
            }
            Step::Wait(wait) => elapsed += wait,
            Step::Local => panic!("no local backend here"),
            Step::Fail(reason) => {
                assert_eq!(outcomes.next(), None, "the plan ended early");
                return reason;
            }
        }
    }
}

#[test]
fn the_reason_follows_the_table() {
    let check = |chain: &str, outcomes: &[Outcome], expect: PlanError| {
        assert_eq!(reason(chain, outcomes), expect, "{chain} {outcomes:?}");
    };
    let invalid = invalid(false);
    let failed = Outcome::Failed;
    let status = |status| Outcome::Failed(failure(status));
    let limited = |seconds: Option<u64>| {
        let retry_after = seconds.map(Duration::from_secs);
        Outcome::Failed(Failure::Status { status: 429, retry_after, unknown_model: false })
    };
    let refused = |ms: Option<u64>| PlanError::RateLimited { retry_after: ms.map(Duration::from_millis) };
    let two = "mistral:a | ollama:b";

    // Refused by all: the shortest wait counts, less the time since the answer.
    check("mistral:a", &[limited(Some(60))], refused(Some(60_000)));
    check("mistral:a,b", &[limited(Some(60)), limited(Some(40))], refused(Some(40_000)));
    check("mistral:a,b", &[limited(Some(40)), limited(Some(60))], refused(Some(39_900)));
    check(two, &[limited(Some(60)), limited(None), limited(None), limited(None)], refused(Some(59_700)));
    // A later answer of the same model replaces its earlier one.
    check("mistral:a", &[limited(Some(1)), limited(Some(60))], refused(Some(60_000)));
    check("mistral:a", &[status(503), limited(Some(60))], refused(Some(60_000)));
    check("mistral:a", &[limited(None), status(404)], upstream(MISTRAL, 404));

    check(two, &[failed(Failure::Timeout), failed(Failure::Timeout)], PlanError::Timeout);
    check(two, &[status(404), failed(Failure::Timeout)], PlanError::Timeout);
    check(two, &[failed(Failure::Denied), failed(Failure::Timeout)], PlanError::Timeout);
    check(two, &[limited(Some(60)), failed(Failure::Timeout)], PlanError::Timeout);
    check(two, &[failed(Failure::Timeout), limited(Some(60))], PlanError::Timeout);
    check(two, &[failed(Failure::Timeout), status(404)], upstream(OLLAMA, 404));

    check(two, &[failed(Failure::Denied), status(404)], PlanError::Denied { server: MISTRAL });
    check(two, &[invalid.clone(), invalid.clone(), failed(Failure::Denied)], PlanError::Denied { server: OLLAMA });

    check(two, &[invalid.clone(), invalid.clone(), status(404)], invalid_output(false));
    check(two, &[status(404), invalid.clone(), invalid.clone()], invalid_output(false));
    check("mistral:a", &[invalid.clone(), limited(Some(60))], invalid_output(false));
    check(two, &[invalid.clone(), limited(Some(60)), limited(Some(60))], invalid_output(false));

    check(two, &[status(404), status(401)], upstream(OLLAMA, 401));
    check(two, &[status(404), limited(Some(60))], upstream(MISTRAL, 404));
    let malformed = Failure::Malformed { reason: "no text" };
    check("ollama:a", &[failed(malformed.clone())], PlanError::Upstream { server: OLLAMA, failure: malformed });
}

#[test]
fn a_call_that_the_deadline_prevented_is_a_timeout() {
    let late = |chain: &'static str| Scenario::chain(chain).took(29_900).expect_call("mistral:a full");
    late("mistral:a").invalid().expect_fail(PlanError::Timeout);
    late("mistral:a,b").status(404).expect_fail(PlanError::Timeout);
    late("mistral:a,b").status_after(429, 60_000).expect_fail(PlanError::Timeout);
    // Where no call was due, time is not the reason.
    late("mistral:a").status(404).expect_fail(upstream(MISTRAL, 404));
    late("mistral:a").status_after(429, 0).expect_fail(PlanError::RateLimited { retry_after: Some(Duration::ZERO) });
    Scenario::chain("mistral:a | ollama:b")
        .attempts(2)
        .expect_call("mistral:a full")
        .times_out()
        .took(14_900)
        .expect_call("ollama:b full")
        .invalid()
        .expect_fail(invalid_output(false));
}
