//! Growth of latency and memory with the requests in flight, and of memory with the requests served.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::chart::{self, Point};
use crate::competitors::{Answers, Api, Bodies, Competitor, Paths, Running, Stub};
use crate::load::{self, Stop};
use crate::report::{self, Table};
use crate::stats::{Figure, Rounds, thousands};
use crate::work;

/// The model's delay, in milliseconds.
const THINKS: u32 = 5000;
const LEVELS: [usize; 5] = [1, 10, 100, 1000, 5000];
/// Requests of the soak test, and how many between two memory samples.
const SOAK: usize = 100_000;
const BLOCK: usize = 1_000;
/// Warm-up blocks; growth is measured after them.
const WARM_UP: usize = 20;
/// Blocks per row of the table.
const BLOCKS_A_LINE: usize = 10;

/// Measures and draws the curve.
pub fn curve(paths: &Paths, stub: &Stub) -> Result<String> {
    stub.set_delay(THINKS)?;
    let bodies = Bodies { caller: work::conversations(&paths.root)?.into(), model: [].into() };
    let mut table = Table::new(&[
        "in flight",
        "requests",
        "failed",
        "p50 ms",
        "p99 ms",
        "memory before, MiB",
        "peak, MiB",
        "KiB per request in flight",
    ]);
    let mut points = Vec::new();
    for in_flight in LEVELS {
        // A new host, because a used one keeps its memory.
        let app = Running::start(paths, stub, Competitor::App, Api::Generate, &[], &[])?;
        app.server.forget_peak()?;
        let before = app.server.rss()?;
        let count = 2 * in_flight;
        let outcome = load::run(&app.load(&bodies, Answers::Whole, in_flight, Stop::Requests(count)))?;
        let peak = app.server.peak()?;
        let [p50, p99] = [50.0, 99.0].map(|percent| outcome.latencies.percentile(percent));
        let each = (peak - before) * 1024.0 / in_flight as f64;
        table.row(&[
            &thousands(in_flight as f64),
            &thousands(count as f64),
            &outcome.failed.to_string(),
            &Figure(p50).to_string(),
            &Figure(p99).to_string(),
            &Figure(before).to_string(),
            &Figure(peak).to_string(),
            &Figure(each).to_string(),
        ]);
        eprintln!(
            "    {in_flight} in flight: p50 {p50:.1} ms, p99 {p99:.1} ms, {before:.1} to {peak:.1} MiB, {} failed",
            outcome.failed
        );
        if let Some(failure) = outcome.failure {
            eprintln!("    first failure: {failure}");
        }
        points.push(Point {
            in_flight: in_flight as f64,
            memory: peak,
            p50: p50 - f64::from(THINKS),
            p99: p99 - f64::from(THINKS),
        });
    }
    stub.set_delay(0)?;
    std::fs::write(paths.root.join("bench/scaling.svg"), chart::draw(&points))?;
    Ok(format!(
        "## Requests in flight\n\nThe model answers after 5 s; every connection sends two requests, one after the \
         other, all connections at once. A new host for each line. The memory is what `wasmtime serve` holds in RAM \
         (RSS); the bytes per request are its growth over the idle host.\n\n![Memory and latency by requests in \
         flight](scaling.svg)\n\n{}",
        table.text()
    ))
}

/// Sends many requests and records the memory after each block.
pub fn soak(paths: &Paths, stub: &Stub) -> Result<String> {
    stub.set_delay(0)?;
    let app = Running::start(paths, stub, Competitor::App, Api::Generate, &[], &[])?;
    let bodies = Bodies { caller: work::conversations(&paths.root)?.into(), model: [].into() };
    let mut memory = Vec::new();
    let mut failed = 0;
    let mut elapsed = Duration::ZERO;
    for _ in 0..SOAK / BLOCK {
        let outcome = load::run(&app.load(&bodies, Answers::Whole, 32, Stop::Requests(BLOCK)))?;
        ensure!(outcome.completed > 0, "{:?}", outcome.failure);
        failed += outcome.failed;
        elapsed += outcome.elapsed;
        memory.push(app.server.rss()?);
        app.server.forget_log()?;
    }
    let bytes_a_request = 1024.0 * 1024.0 / BLOCK as f64;
    let (growth, error) = slope(&memory[WARM_UP..]);
    let verdict = if growth > 2.0 * error { "**it grows**" } else { "no significant growth" };
    let growth = format!("{:.0} ± {:.0}", growth * bytes_a_request, 2.0 * error * bytes_a_request);
    let mut table = Table::new(&["requests served", "memory, MiB", "spread"]);
    for (line, block) in memory.chunks(BLOCKS_A_LINE).enumerate() {
        let rounds: Rounds = block.iter().copied().collect();
        let served = (line * BLOCKS_A_LINE + block.len()) * BLOCK;
        table.row(&[&thousands(served as f64), &report::median(&rounds), &report::spread(&rounds)]);
    }
    eprintln!("{}    {growth} bytes per request, {failed} failed", table.text());
    Ok(format!(
        "## {} requests\n\n32 connections, the model answers at once: {:.0} s, {failed} failed. Memory in RAM, \
         sampled after every {} requests. A straight line through the samples after the first {} rises by {growth} bytes \
         per request (two standard errors): {verdict}.\n\n{}",
        thousands(SOAK as f64),
        elapsed.as_secs_f64(),
        thousands(BLOCK as f64),
        thousands((WARM_UP * BLOCK) as f64),
        table.text()
    ))
}

/// Slope of the least-squares line through the values, and its standard error.
fn slope(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let (mean_x, mean_y) = ((count - 1.0) / 2.0, values.iter().sum::<f64>() / count);
    let points = || values.iter().enumerate().map(|(x, y)| (x as f64 - mean_x, y - mean_y));
    let width: f64 = points().map(|(x, _)| x * x).sum();
    let slope = points().map(|(x, y)| x * y).sum::<f64>() / width;
    let unexplained: f64 = points().map(|(x, y)| (y - slope * x).powi(2)).sum();
    (slope, (unexplained / (count - 2.0) / width).sqrt())
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn a_slope_is_that_of_the_line() {
        assert_eq!(slope(&[1.0, 3.0, 5.0, 7.0]), (2.0, 0.0));
        assert_eq!(slope(&[4.0, 4.0, 4.0]), (0.0, 0.0));
        // By hand: x = 0 to 3, y = 0 1 0 1, slope 0.2, standard error √(0.8 / 2 / 5).
        let (slope, error) = slope(&[0.0, 1.0, 0.0, 1.0]);
        assert!((slope - 0.2).abs() < 1e-12 && (error - 0.08_f64.sqrt()).abs() < 1e-12, "{slope} {error}");
    }
}
