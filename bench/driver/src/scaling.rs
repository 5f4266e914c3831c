//! How latency and memory grow with the requests in flight, and that they do not grow with the requests served.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::chart::{self, Point};
use crate::load::{self, Stop};
use crate::opponents::{Answers, Bodies, Opponent, Places, Running, Shape, Stub};
use crate::report::Table;
use crate::stats::{Figure, Rounds};
use crate::work;

/// The model's time, in milliseconds.
const THINKS: u32 = 5000;
const LEVELS: [usize; 5] = [1, 10, 100, 1000, 5000];
/// Requests of the soak, and after how many the memory is looked at.
const SOAK: usize = 100_000;
const BLOCK: usize = 5_000;

/// The curve; also draws it.
pub fn curve(places: &Places, stub: &Stub) -> Result<String> {
    stub.set_delay(THINKS)?;
    let bodies = Bodies { caller: work::conversations(&places.root)?.into(), model: [].into() };
    let mut table = Table::new(&[
        "in flight",
        "requests",
        "failed",
        "p50 ms",
        "p99 ms",
        "memory before, MiB",
        "peak, MiB",
        "KiB a request in flight",
    ]);
    let mut points = Vec::new();
    for in_flight in LEVELS {
        // A new host: one that served before has kept what it then needed.
        let app = Running::start(places, stub, Opponent::App, Shape::Generate, &[], &[])?;
        app.server.forget_peak()?;
        let before = app.server.rss()?;
        let count = 2 * in_flight;
        let outcome = load::run(&app.load(&bodies, Answers::Whole, in_flight, Stop::Requests(count)))?;
        let peak = app.server.peak()?;
        let [p50, p99] = [50.0, 99.0].map(|percent| outcome.latencies.percentile(percent));
        let each = (peak - before) * 1024.0 / in_flight as f64;
        let figures = [in_flight as f64, count as f64, outcome.failed as f64, p50, p99, before, peak, each];
        let cells = figures.map(|figure| {
            if figure.fract() == 0.0 {
                format!("{}", Figure(figure)).replace(".00", "").replace(".0", "")
            } else {
                Figure(figure).to_string()
            }
        });
        table.row(&cells.each_ref().map(String::as_str));
        eprintln!(
            "    {in_flight} in flight: p50 {p50} ms, p99 {p99} ms, {before:.1} to {peak:.1} MiB, {} failed",
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
    std::fs::write(places.root.join("bench/scaling.svg"), chart::draw(&points))?;
    Ok(format!(
        "## Requests in flight\n\nThe model answers after 5 s; every connection sends two requests, one after the \
         other, all connections at once. A new host for each line. The memory is what `wasmtime serve` holds in RAM \
         (RSS); the bytes a request are its growth over the idle host.\n\n![Memory and latency by requests in \
         flight](scaling.svg)\n\n{}",
        table.finish()
    ))
}

/// Many requests, and the memory after each block of them.
pub fn soak(places: &Places, stub: &Stub) -> Result<String> {
    stub.set_delay(0)?;
    let app = Running::start(places, stub, Opponent::App, Shape::Generate, &[], &[])?;
    let bodies = Bodies { caller: work::conversations(&places.root)?.into(), model: [].into() };
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
    let half = memory.len() / 2;
    let [first, second] =
        [&memory[half / 2..half], &memory[half..]].map(|part| part.iter().copied().collect::<Rounds>());
    let growth = slope(&memory[half..]) * 1024.0 * 1024.0 / BLOCK as f64;
    eprintln!("    {memory:.1?} MiB, {growth:.1} bytes a request, {failed} failed");
    let mut table = Table::new(&["requests served", "memory, MiB"]);
    for (index, rss) in memory.iter().enumerate().filter(|(index, _)| index % 2 == 1) {
        table.row(&[&Figure(((index + 1) * BLOCK) as f64).to_string(), &Figure(*rss).to_string()]);
    }
    Ok(format!(
        "## {} requests\n\n32 connections, the model answers at once: {:.0} s, {failed} failed. Memory in RAM: median \
         {} MiB in the second quarter, {} MiB in the second half ({} to {} MiB); the straight line through the second \
         half rises by {growth:.1} bytes a request.\n\n{}",
        Figure(SOAK as f64),
        elapsed.as_secs_f64(),
        Figure(first.median()),
        Figure(second.median()),
        Figure(second.spread().0),
        Figure(second.spread().1),
        table.finish()
    ))
}

/// By how much values rise from one to the next: the least-squares line through them.
fn slope(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let (mean_x, mean_y) = ((count - 1.0) / 2.0, values.iter().sum::<f64>() / count);
    let xs = || (0..values.len()).map(|x| x as f64 - mean_x);
    let products: f64 = xs().zip(values).map(|(x, y)| x * (y - mean_y)).sum();
    products / xs().map(|x| x * x).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn a_slope_is_that_of_the_line() {
        assert_eq!(slope(&[1.0, 3.0, 5.0, 7.0]), 2.0);
        assert_eq!(slope(&[4.0, 4.0, 4.0]), 0.0);
        assert!((slope(&[0.0, 1.0, 0.0, 1.0]) - 0.2).abs() < 1e-12);
    }
}
