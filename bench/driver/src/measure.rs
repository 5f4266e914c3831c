//! Measures competitors in turns, so that disturbances affect all of them.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::competitors::{Answers, Bodies, Competitor, Running};
use crate::load::{self, Stop};
use crate::stats::{Figure, Rounds};

/// Results of one competitor over all rounds.
pub struct Measured {
    /// Who.
    pub competitor: Competitor,
    /// Right answers per second.
    pub throughput: Rounds,
    /// Median latency, in milliseconds.
    pub p50: Rounds,
    /// 99th percentile of the latency, in milliseconds.
    pub p99: Rounds,
    /// Processor time of the server per answer, in microseconds.
    pub cpu: Rounds,
    /// Failures in all rounds.
    pub failed: usize,
}

/// Rounds and durations.
///
/// One disturbed round does not change the median of five.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Rounds.
    pub rounds: usize,
    /// Warm-up before each measurement.
    pub warm_up: Duration,
    /// Duration of each measurement.
    pub measure: Duration,
}

impl Pace {
    /// Five rounds.
    pub const fn five(warm_up_millis: u64, measure_millis: u64) -> Self {
        let [warm_up, measure] = [Duration::from_millis(warm_up_millis), Duration::from_millis(measure_millis)];
        Self { rounds: 5, warm_up, measure }
    }
}

/// Measures competitors in turns.
pub fn in_turns(
    running: &[&Running],
    bodies: &Bodies,
    answers: Answers,
    connections: usize,
    pace: Pace,
) -> Result<Vec<Measured>> {
    let mut all: Vec<Measured> = running.iter().map(|running| Measured::new(running.competitor)).collect();
    for _ in 0..pace.rounds {
        for (running, measured) in running.iter().zip(&mut all) {
            let load = |time| running.load(bodies, answers, connections, Stop::After(time));
            let warm_up = load::run(&load(pace.warm_up))?;
            ensure!(warm_up.completed > 0, "{}: {}", running.competitor.name(), warm_up.failure.unwrap_or_default());
            let before = running.server.cpu_seconds()?;
            let outcome = load::run(&load(pace.measure))?;
            let cpu = running.server.cpu_seconds()? - before;
            running.server.forget_log()?;
            measured.throughput.push(outcome.throughput());
            measured.p50.push(outcome.latencies.percentile(50.0));
            measured.p99.push(outcome.latencies.percentile(99.0));
            measured.cpu.push(cpu * 1e6 / outcome.completed as f64);
            measured.failed += outcome.failed;
            if let Some(failure) = outcome.failure {
                eprintln!("    {} failures of {}, first: {failure}", outcome.failed, running.competitor.name());
            }
        }
    }
    for measured in &all {
        eprintln!("    {measured}");
    }
    Ok(all)
}

impl Measured {
    fn new(competitor: Competitor) -> Self {
        let empty = Rounds::default;
        Self { competitor, throughput: empty(), p50: empty(), p99: empty(), cpu: empty(), failed: 0 }
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [throughput, p50, p99, cpu] = [&self.throughput, &self.p50, &self.p99, &self.cpu].map(Rounds::median);
        write!(
            f,
            "{:<26} {:>8} req/s  p50 {} ms  p99 {} ms  {} µs of CPU per request, {} failed",
            self.competitor.name(),
            Figure(throughput),
            Figure(p50),
            Figure(p99),
            Figure(cpu),
            self.failed
        )
    }
}
