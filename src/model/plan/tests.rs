mod invariants;
mod reasons;
mod scenario;

use super::*;
use scenario::*;

#[test]
fn an_invalid_answer_is_repaired_then_minimal_then_the_next_server() {
    Scenario::chain("mistral:a,b,c | ollama:d | local")
        .attempts(9)
        .expect_call("mistral:a full")
        .invalid()
        .expect_call("mistral:a repair")
        .invalid()
        .expect_call("mistral:b minimal")
        .invalid()
        .expect_call("ollama:d full")
        .invalid()
        .expect_call("ollama:d repair")
        .invalid()
        .expect_local();
}

#[test]
fn a_cut_off_answer_is_repaired_with_more_tokens() {
    Scenario::chain("ollama:a")
        .expect_call("ollama:a full")
        .cut_off()
        .expect_call("ollama:a repair more_tokens")
        .cut_off()
        .expect_fail(invalid_output(true));
}

#[test]
fn transient_failures_keep_the_prompt() {
    Scenario::chain("mistral:a,b")
        .attempts(9)
        .expect_call("mistral:a full")
        .status(503)
        .expect_wait(200)
        .expect_call("mistral:a full")
        .invalid()
        .expect_call("mistral:a repair")
        .status(503)
        .expect_wait(200)
        .expect_call("mistral:a repair")
        .invalid()
        .expect_call("mistral:b minimal")
        .fail(Failure::Connection)
        .expect_wait(200)
        .expect_call("mistral:b minimal")
        .invalid()
        .expect_fail(invalid_output(false));
}

#[test]
fn models_after_an_invalid_answer_get_the_minimal_prompt() {
    Scenario::chain("mistral:a,b,c | ollama:d")
        .attempts(9)
        .expect_call("mistral:a full")
        .invalid()
        .expect_call("mistral:a repair")
        .status(404)
        .expect_call("mistral:b minimal")
        .status(404)
        .expect_call("mistral:c minimal")
        .status(404)
        .expect_call("ollama:d full");
}

#[test]
fn waits_double_and_are_at_most_five_seconds() {
    let mut scenario = Scenario::chain("ollama:a").attempts(8).budget(60_000);
    for wait in [200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
        scenario = scenario.expect_call("ollama:a full").fail(Failure::Connection).expect_wait(wait);
    }
    scenario
        .expect_call("ollama:a full")
        .fail(Failure::Connection)
        .expect_fail(PlanError::Upstream { server: OLLAMA, failure: Failure::Connection });
}

#[test]
fn the_wait_is_the_longer_of_retry_after_and_backoff() {
    Scenario::chain("ollama:a").expect_call("ollama:a full").status_after(503, 100).expect_wait(200);
    Scenario::chain("ollama:a").expect_call("ollama:a full").status_after(503, 7_000).expect_wait(7_000);
    Scenario::chain("ollama:a").jitter(0.0).expect_call("ollama:a full").status_after(503, 7_000).expect_wait(7_000);
    Scenario::chain("ollama:a").jitter(0.0).expect_call("ollama:a full").status(503).expect_call("ollama:a full");
}

#[test]
fn a_wait_that_does_not_fit_is_skipped() {
    let unavailable = |retry_after| PlanError::Upstream {
        server: OLLAMA,
        failure: Failure::Status {
            status: 503,
            retry_after: Some(Duration::from_millis(retry_after)),
            unknown_model: false,
        },
    };
    // 30 s less the 250 ms that an attempt needs.
    Scenario::chain("ollama:a").expect_call("ollama:a full").status_after(503, 29_750).expect_wait(29_750);
    Scenario::chain("ollama:a").expect_call("ollama:a full").status_after(503, 29_751).expect_fail(unavailable(29_751));
    // The later server keeps its half of the time.
    Scenario::chain("ollama:a | mistral:b").expect_call("ollama:a full").status_after(503, 14_750).expect_wait(14_750);
    Scenario::chain("ollama:a | mistral:b")
        .expect_call("ollama:a full")
        .status_after(503, 14_751)
        .expect_call("mistral:b full");
    // The same for a backoff in a short budget.
    Scenario::chain("ollama:a | local").budget(1_000).took(700).expect_call("ollama:a full").status(500).expect_local();
}

#[test]
fn a_rate_limit_leads_to_another_model_before_a_long_wait() {
    Scenario::chain("mistral:a,b,c")
        .attempts(9)
        .expect_call("mistral:a full")
        .status_after(429, 1_001)
        .expect_call("mistral:b full")
        .status_after(429, 1_000)
        .expect_wait(1_000)
        .expect_call("mistral:b full")
        .status(429)
        .expect_call("mistral:c full");
    // A single model is called again as long as attempts and time allow.
    Scenario::chain("mistral:a")
        .expect_call("mistral:a full")
        .status_after(429, 3_000)
        .expect_wait(3_000)
        .expect_call("mistral:a full")
        .status(429)
        .expect_wait(400)
        .expect_call("mistral:a full")
        .status(429)
        .expect_wait(800)
        .expect_call("mistral:a full")
        .status(429)
        .expect_fail(PlanError::RateLimited { retry_after: None });
}

#[test]
fn retries_leave_an_attempt_to_each_later_model_and_server() {
    Scenario::chain("mistral:a,b,c")
        .expect_call("mistral:a full")
        .status(500)
        .expect_wait(200)
        .expect_call("mistral:a full")
        .status(500)
        .expect_call("mistral:b full")
        .status(500)
        .expect_call("mistral:c full")
        .status(500)
        .expect_fail(upstream(MISTRAL, 500));
    Scenario::chain("mistral:a,b,c | ollama:d")
        .expect_call("mistral:a full")
        .status(500)
        .expect_call("mistral:b full")
        .status(500)
        .expect_call("mistral:c full")
        .status(500)
        .expect_call("ollama:d full")
        .status(500)
        .expect_fail(upstream(OLLAMA, 500));
    // With too few attempts the first server's other models are left out.
    Scenario::chain("mistral:a,b,c | ollama:d")
        .attempts(2)
        .expect_call("mistral:a full")
        .status(500)
        .expect_call("ollama:d full")
        .status(500)
        .expect_fail(upstream(OLLAMA, 500));
    Scenario::chain("mistral:a | ollama:b")
        .attempts(2)
        .expect_call("mistral:a full")
        .invalid()
        .expect_call("ollama:b full")
        .invalid()
        .expect_fail(invalid_output(false));
}

#[test]
fn a_repair_comes_before_another_model() {
    Scenario::chain("mistral:a,b")
        .attempts(2)
        .expect_call("mistral:a full")
        .invalid()
        .expect_call("mistral:a repair")
        .invalid()
        .expect_fail(invalid_output(false));
}

#[test]
fn the_remedy_depends_on_the_failure() {
    let check = |failure: Failure, expect: &str| {
        // Three attempts are one for each: the next call shows where the failure leads.
        let scenario = Scenario::chain("mistral:a,b | ollama:c").attempts(3).expect_call("mistral:a full");
        let scenario = scenario.fail(failure.clone());
        // Only these are retried at once: no other model can help.
        let waits = matches!(failure, Failure::Connection | Failure::Interrupted);
        let scenario = if waits { scenario.expect_wait(200) } else { scenario };
        scenario.expect_call(expect);
    };
    check(Failure::Connection, "mistral:a full");
    check(Failure::Interrupted, "mistral:a full");
    check(Failure::Denied, "ollama:c full");
    check(Failure::Timeout, "ollama:c full");
    check(Failure::Malformed { reason: "no text" }, "mistral:b full");
    for status in [401, 403] {
        check(failure(status), "ollama:c full");
    }
    for status in [301, 400, 402, 404, 405, 408, 413, 422, 425, 429, 500, 501, 502, 503, 504, 529] {
        check(failure(status), "mistral:b full");
    }
    // Another model cannot fix a lost connection: after the retries the next server is called.
    Scenario::chain("mistral:a,b | ollama:c")
        .attempts(3)
        .expect_call("mistral:a full")
        .fail(Failure::Connection)
        .expect_wait(200)
        .expect_call("mistral:a full")
        .fail(Failure::Connection)
        .expect_call("ollama:c full");
}

#[test]
fn exactly_the_transient_statuses_are_retried() {
    for status in 100..600 {
        let scenario = Scenario::chain("ollama:a").expect_call("ollama:a full").status(status);
        match status {
            408 | 425 | 429 | 500 | 502 | 503 | 504 => scenario.expect_wait(200).expect_call("ollama:a full"),
            _ => scenario.expect_fail(upstream(OLLAMA, status)),
        };
    }
}

#[test]
fn an_attempt_gets_its_share_of_the_time() {
    Scenario::chain("ollama:a | mistral:b")
        .took(3_000)
        .expect_call_within("ollama:a full", 15_000)
        .invalid()
        .expect_call_within("ollama:a repair", 13_500)
        .invalid()
        .expect_call_within("mistral:b full", 24_000);
    // A server without an attempt needs no time.
    Scenario::chain("ollama:a | mistral:b").attempts(1).expect_call_within("ollama:a full", 30_000);
    // The local backend needs none either.
    Scenario::chain("ollama:a | local").expect_call_within("ollama:a full", 30_000);
    // The least attempt of a short budget.
    Scenario::chain("ollama:a | mistral:b").budget(400).expect_call_within("ollama:a full", 200);
    Scenario::chain("ollama:a | mistral:b")
        .budget(1_000)
        .took(600)
        .expect_call_within("ollama:a full", 500)
        .status(401)
        .expect_call_within("mistral:b full", 400);
}

#[test]
fn a_server_leaves_the_next_one_its_time() {
    // After two calls 250 ms are left, the least time for an attempt: the other server gets them, not the other model.
    Scenario::chain("mistral:a,b | ollama:c")
        .budget(1_000)
        .attempts(9)
        .took(500)
        .expect_call_within("mistral:a full", 500)
        .invalid()
        .took(250)
        .expect_call_within("mistral:a repair", 250)
        .invalid()
        .expect_call_within("ollama:c full", 250);
    Scenario::chain("mistral:a | ollama:b")
        .budget(1_000)
        .took(501)
        .expect_call("mistral:a full")
        .invalid()
        .expect_call_within("ollama:b full", 499);
    // Where the plan starts late, the first server gets the least time for an attempt.
    Scenario::chain("mistral:a | ollama:b").budget(1_000).starts_at(700).expect_call_within("mistral:a full", 250);
}

#[test]
fn a_timeout_leads_to_the_next_server() {
    Scenario::chain("ollama:a,b | mistral:c | local")
        .expect_call_within("ollama:a full", 15_000)
        .times_out()
        .expect_call_within("mistral:c full", 15_000)
        .times_out()
        .expect_local();
}

#[test]
fn no_attempt_starts_that_cannot_finish() {
    Scenario::chain("ollama:a")
        .took(29_750)
        .expect_call("ollama:a full")
        .invalid()
        .expect_call_within("ollama:a repair", 250);
    Scenario::chain("ollama:a").took(29_751).expect_call("ollama:a full").invalid().expect_fail(PlanError::Timeout);
    Scenario::chain("ollama:a").budget(0).expect_fail(PlanError::Timeout);
    Scenario::chain("ollama:a | local").budget(0).expect_local();
}

#[test]
fn a_wait_that_took_too_long_ends_the_plan() {
    let late = |status| {
        Scenario::chain("ollama:a").expect_call("ollama:a full").status(status).expect_wait(200).took(40_000).passes()
    };
    late(503).expect_fail(PlanError::Timeout);
    // Where all refused before, this stays the reason.
    late(429).expect_fail(PlanError::RateLimited { retry_after: None });
    Scenario::chain("ollama:a | local")
        .expect_call("ollama:a full")
        .status(503)
        .expect_wait(200)
        .took(40_000)
        .passes()
        .expect_local();
}

#[test]
fn the_local_backend_ends_the_chain() {
    Scenario::chain("local | ollama:a").expect_local();
    Scenario::chain("ollama:a | local | mistral:b").expect_call("ollama:a full").status(401).expect_local();
    assert_eq!(chain("ollama:a | ollama:b | local | local"), chain("ollama:a | local"));
    assert_eq!(chain("ollama: | mistral:b"), chain("mistral:b"));
}

#[test]
fn the_end_stays_the_end() {
    let chain = chain("ollama:a");
    let mut plan = Plan::new(&chain, Duration::from_secs(30), 4);
    plan.next(Duration::ZERO, None, 1.0);
    let end = plan.next(Duration::ZERO, Some(Outcome::Failed(failure(401))), 1.0);
    assert_eq!(end, Step::Fail(upstream(OLLAMA, 401)));
    assert_eq!(plan.next(Duration::ZERO, None, 1.0), end);
    assert_eq!(plan.next(Duration::ZERO, Some(Outcome::Failed(Failure::Denied)), 1.0), end);
    assert_eq!(plan.attempts(), 1);
}

#[test]
fn without_a_backend_there_is_no_call() {
    Scenario::chain("").expect_fail(PlanError::NotConfigured);
    Scenario::chain("").budget(0).expect_fail(PlanError::NotConfigured);
}

#[test]
fn no_attempts_count_as_one() {
    Scenario::chain("ollama:a").attempts(0).expect_call("ollama:a full").status(500).expect_fail(upstream(OLLAMA, 500));
}
