//! Invariants of all plans: every sequence of outcomes on small chains, random sequences on larger ones.

use std::{collections::HashSet, time::Duration};

use proptest::prelude::*;

use super::super::*;
use super::scenario::{chain, failure, invalid};

/// The outcome of a call, and its time as a share of the attempt's (0 to 1).
type Behaviour = (Outcome, f64);

/// Follows a plan to its end and checks every step; returns the number of calls.
fn walk(chain: &Chain, budget: Duration, max_attempts: u32, jitter: f64, behave: impl FnMut() -> Behaviour) -> u32 {
    let mut walk = Walk {
        plan: Plan::new(chain, budget, max_attempts),
        chain,
        budget,
        jitter,
        elapsed: Duration::ZERO,
        calls: Vec::new(),
    };
    walk.run(behave);
    let calls = u32::try_from(walk.calls.len()).unwrap();
    assert!(calls <= max_attempts.max(1), "{calls} calls");
    assert_eq!(calls, walk.plan.attempts());
    walk.check_turns(max_attempts);
    calls
}

/// A call that was made.
struct Made {
    target: Target,
    prompt: PromptKind,
    outcome: Outcome,
    ended: Duration,
}

struct Walk<'c> {
    plan: Plan<'c>,
    chain: &'c Chain,
    budget: Duration,
    jitter: f64,
    elapsed: Duration,
    calls: Vec<Made>,
}

impl Walk<'_> {
    fn run(&mut self, mut behave: impl FnMut() -> Behaviour) {
        let least = MIN_ATTEMPT.min(self.budget / 4);
        let mut last = None;
        let mut waited = false;
        loop {
            match self.plan.next(self.elapsed, last.take(), self.jitter) {
                Step::Call { target, prompt, timeout, attempt } => {
                    assert_eq!(attempt as usize, self.calls.len() + 1);
                    assert!(self.elapsed + timeout <= self.budget, "an attempt may outlast the budget");
                    assert!(timeout >= least, "an attempt of {timeout:?} cannot finish");
                    self.check_order(target, prompt);
                    let (outcome, share) = behave();
                    self.elapsed += match outcome {
                        Outcome::Failed(Failure::Timeout) => timeout,
                        _ => timeout.mul_f64(share),
                    };
                    self.calls.push(Made { target, prompt, outcome: outcome.clone(), ended: self.elapsed });
                    last = Some(outcome);
                    waited = false;
                }
                Step::Wait(wait) => {
                    assert!(!waited, "two waits in a row");
                    assert!(!wait.is_zero());
                    self.elapsed += wait;
                    assert!(self.elapsed + least <= self.budget, "a wait leaves no time for its attempt");
                    waited = true;
                }
                Step::Local => {
                    assert!(!waited && self.chain.has_local());
                    break;
                }
                Step::Fail(reason) => {
                    assert!(!waited && !self.chain.has_local());
                    self.check_reason(&reason);
                    break;
                }
            }
        }
        assert!(self.elapsed <= self.budget);
    }

    /// Checks that the plan only goes forward and follows the servers' answers.
    fn check_order(&self, target: Target, prompt: PromptKind) {
        let place = |target| {
            let mut places = (0..).flat_map(|link| (0..9).map(move |model| (link, model)));
            places.find(|&(link, model)| self.chain.target(link, model) == Some(target))
        };
        let Some(last) = self.calls.last() else {
            assert_eq!((Some((0, 0)), prompt), (place(target), PromptKind::Full));
            return;
        };
        let (was, is) = (place(last.target), place(target));
        assert!(was <= is, "the plan went back");
        let same_target = was == is;
        let same_server = last.target.server == target.server;
        let was_invalid_here = self
            .calls
            .iter()
            .any(|made| made.target.server == target.server && matches!(made.outcome, Outcome::Invalid { .. }));
        match prompt {
            PromptKind::Full => assert!(!was_invalid_here),
            PromptKind::Repair { more_tokens } => {
                assert!(same_target);
                match last.outcome {
                    Outcome::Invalid { cut_off, .. } => {
                        assert_eq!((last.prompt, cut_off), (PromptKind::Full, more_tokens))
                    }
                    Outcome::Failed(_) => assert_eq!(last.prompt, prompt),
                }
            }
            PromptKind::Minimal => assert!(same_server && was_invalid_here),
        }
        if let Outcome::Failed(failure) = &last.outcome {
            assert!(!same_target || last.prompt == prompt, "a retry with another prompt");
            match *failure {
                Failure::Connection | Failure::Interrupted => assert!(same_target || !same_server),
                Failure::Denied | Failure::Timeout => assert!(!same_server),
                Failure::Malformed { .. } => assert!(!same_target),
                Failure::Status { status, retry_after, .. } => {
                    assert!(!same_server || !matches!(status, 401 | 403));
                    assert!(!same_target || matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504));
                    let asked = retry_after.unwrap_or_default();
                    assert!(!same_target || self.elapsed >= last.ended + asked, "Retry-After was not respected");
                }
            }
        }
    }

    /// Checks that every server is called, as far as there are attempts.
    fn check_turns(&self, max_attempts: u32) {
        let called: HashSet<_> = self.calls.iter().map(|made| made.target.server).collect();
        let servers = (0..).map_while(|server| self.chain.target(server, 0)).count();
        // Within some milliseconds the least time for an attempt leaves the later servers nothing.
        if self.budget >= Duration::from_millis(8) {
            assert_eq!(called.len(), servers.min(max_attempts.max(1) as usize), "a server was left out");
        }
    }

    fn check_reason(&self, reason: &PlanError) {
        let any = |matches: fn(&Outcome) -> bool| self.calls.iter().any(|made| matches(&made.outcome));
        let is_limit = |outcome: &Outcome| matches!(outcome, Outcome::Failed(Failure::Status { status: 429, .. }));
        match reason {
            PlanError::NotConfigured => assert!(self.chain.target(0, 0).is_none()),
            PlanError::RateLimited { .. } => {
                assert!(is_limit(&self.calls.last().unwrap().outcome));
                assert!(!any(|outcome| matches!(outcome, Outcome::Invalid { .. })));
            }
            PlanError::Timeout => assert!(
                self.budget - self.elapsed < MIN_ATTEMPT
                    || any(|outcome| matches!(outcome, Outcome::Failed(Failure::Timeout)))
            ),
            PlanError::Upstream { failure, .. } => {
                assert!(self.calls.iter().any(|made| made.outcome == Outcome::Failed(failure.clone())));
                assert!(!any(|outcome| matches!(outcome, Outcome::Invalid { .. })));
            }
            PlanError::InvalidOutput { .. } => assert!(any(|outcome| matches!(outcome, Outcome::Invalid { .. }))),
            PlanError::Denied { .. } => assert!(any(|outcome| matches!(outcome, Outcome::Failed(Failure::Denied)))),
        }
    }
}

fn limited(retry_after_ms: u64) -> Outcome {
    let retry_after = Some(Duration::from_millis(retry_after_ms));
    Outcome::Failed(Failure::Status { status: 429, retry_after, unknown_model: false })
}

/// One of each kind that the plan distinguishes.
fn kinds() -> Vec<Outcome> {
    vec![
        invalid(false),
        invalid(true),
        Outcome::Failed(Failure::Connection),
        Outcome::Failed(Failure::Denied),
        Outcome::Failed(Failure::Timeout),
        Outcome::Failed(Failure::Malformed { reason: "no text" }),
        Outcome::Failed(failure(401)),
        Outcome::Failed(failure(404)),
        Outcome::Failed(failure(429)),
        limited(900),
        limited(60_000),
        Outcome::Failed(failure(503)),
    ]
}

#[test]
fn every_sequence_of_outcomes_on_small_chains() {
    let kinds = kinds();
    let mut walks = 0_u32;
    for text in [
        "",
        "local",
        "ollama:a",
        "ollama:a | local",
        "mistral:a,b",
        "mistral:a,b,c | local",
        "mistral:a | ollama:b",
        "mistral:a,b | ollama:c,d | local",
    ] {
        let chain = chain(text);
        for max_attempts in 1..=4 {
            // Counts through the sequences in base `kinds`; the digits after the last one read are skipped.
            let mut digits = [0_usize; 4];
            loop {
                let mut calls = digits.iter();
                let read = walk(&chain, Duration::from_secs(30), max_attempts, 1.0, || {
                    (kinds[*calls.next().unwrap()].clone(), 0.01)
                });
                walks += 1;
                digits[read as usize..].fill(0);
                let Some(place) = (0..read as usize).rev().find(|&place| digits[place] + 1 < kinds.len()) else {
                    break;
                };
                digits[place] += 1;
                digits[place + 1..].fill(0);
            }
        }
    }
    assert!(walks > 10_000, "{walks} walks");
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let status = (100..600_u16, proptest::option::of(0..100_000_u64)).prop_map(|(status, ms)| {
        let retry_after = ms.map(Duration::from_millis);
        Outcome::Failed(Failure::Status { status, retry_after, unknown_model: false })
    });
    prop_oneof![
        proptest::sample::select(kinds()),
        status,
        Just(Outcome::Failed(Failure::Interrupted)),
        Just(Outcome::Failed(Failure::Status { status: 429, retry_after: Some(Duration::MAX), unknown_model: false })),
    ]
}

proptest! {
    #[test]
    fn the_invariants_hold_for_random_outcomes(
        text in proptest::sample::select(vec![
            "", "local", "ollama:a", "mistral:a,b,c", "mistral:a,b,c | local", "ollama:a,b | mistral:c,d,e",
            "mistral:a,b,c | ollama:d | local",
        ]),
        budget_ms in prop_oneof![0..2_000_u64, 0..120_000_u64],
        max_attempts in 0..12_u32,
        jitter in prop_oneof![0.0..=1.0, Just(f64::NAN)],
        behaviours in proptest::collection::vec((outcomes(), prop_oneof![0.0..=1.0, Just(1.0)]), 12),
    ) {
        let mut behaviours = behaviours.into_iter();
        walk(&chain(text), Duration::from_millis(budget_ms), max_attempts, jitter, || behaviours.next().unwrap());
    }

    #[test]
    fn accepts_unexpected_input(
        asks in proptest::collection::vec((0..u64::MAX, proptest::option::of(outcomes())), 0..20),
    ) {
        let chain = chain("mistral:a,b | ollama:c | local");
        let mut plan = Plan::new(&chain, Duration::MAX, 4);
        for (elapsed, outcome) in asks {
            plan.next(Duration::from_secs(elapsed), outcome, 1.0);
        }
        prop_assert!(plan.attempts() <= 4);
    }
}
