//! The targets.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::competitors::{Answers, Api, Bodies, Competitor, Paths, Running, Stub};
use crate::load::{self, Load, Stop};
use crate::measure::{Measured, Pace, in_turns};
use crate::report::{self, Table};
use crate::stats::{Figure, Latencies, Rounds};
use crate::work;

/// Default number of connections.
const CONNECTIONS: usize = 32;
/// Requests in flight for the memory target.
const IN_FLIGHT: usize = 1000;
/// Maximum size of the component, in bytes.
const MAX_SIZE: u64 = 1_572_864;

/// A target and its result.
struct Row {
    metric: &'static str,
    target: &'static str,
    measured: String,
    spread: String,
    /// `None` if the number is only reported.
    met: Option<bool>,
}

/// Measures all targets.
pub fn run(paths: &Paths, stub: &Stub) -> Result<String> {
    let mut rows = Vec::new();
    eprintln!("  throughput and latency, {CONNECTIONS} connections, the model answers at once");
    let (measured, model_bytes) = throughput(paths, stub)?;
    rows.extend(compare(&measured));
    eprintln!("  cold instances");
    rows.extend(cold(paths, stub)?);
    eprintln!("  memory, {IN_FLIGHT} requests in flight");
    rows.extend(memory(paths, stub)?);
    rows.push(size(paths)?);
    eprintln!("  the local backend on the longest messages");
    rows.extend(local(paths, stub)?);

    let mut table = Table::new(&["metric", "target", "measured", "spread", "met"]);
    for row in &rows {
        let met = row.met.map_or("reported", |met| if met { "yes" } else { "**no**" });
        table.row(&[row.metric, row.target, &row.measured, &row.spread, met]);
        eprintln!("    {}: {} ({}), {met}", row.metric, row.measured, row.target);
    }
    Ok(format!(
        "## Targets\n\nMedians of five rounds; the spread is from the lowest to the highest. Ratios are taken \
         round by round.\n\n{}\n### {CONNECTIONS} connections, the model answers at once\n\n{}\n\
         The proxies forward the application's own requests to its model, {} bytes on average. The targets compare \
         with the usual proxy; the other forwards requests and answers unread, which no program that reads its \
         requests can do.\n",
        table.text(),
        report::competitors(&measured),
        Figure(model_bytes as f64),
    ))
}

fn throughput(paths: &Paths, stub: &Stub) -> Result<(Vec<Measured>, usize)> {
    stub.set_delay(0)?;
    let start = |competitor| Running::start(paths, stub, competitor, Api::Generate, &[], &[]);
    let app = start(Competitor::App)?;
    let others = [Competitor::Proxy, Competitor::Handles, Competitor::FastApi, Competitor::Native];
    let others = others.into_iter().map(start).collect::<Result<Vec<_>>>()?;
    let bodies = Bodies::record(paths, stub, &app, Answers::Whole)?;
    let running: Vec<&Running> = [&app].into_iter().chain(&others).collect();
    let measured = in_turns(&running, &bodies, Answers::Whole, CONNECTIONS, Pace::five(400, 2500))?;
    Ok((measured, bodies.model_bytes()))
}

fn compare(measured: &[Measured]) -> Vec<Row> {
    let find = |competitor| measured.iter().find(|measured| measured.competitor == competitor);
    let (Some(app), Some(proxy), Some(fastapi), Some(native)) =
        (find(Competitor::App), find(Competitor::Proxy), find(Competitor::FastApi), find(Competitor::Native))
    else {
        return Vec::new();
    };
    let ratio = |metric, target, other: &Measured, least: Option<f64>| {
        let ratio = app.throughput.over(&other.throughput);
        let met = least.map(|least| ratio.median() >= least && app.failed == 0);
        Row { metric, target, measured: format!("{} ×", report::median(&ratio)), spread: report::spread(&ratio), met }
    };
    let added: Rounds = app.p99.over(&proxy.p99).percent_above_one();
    vec![
        ratio("throughput of `/analyze` against the bare proxy on the same host", "≥ 0.80 ×", proxy, Some(0.8)),
        ratio("throughput against FastAPI", "≥ 5 ×", fastapi, Some(5.0)),
        ratio("throughput against native Rust", "", native, None),
        Row {
            metric: "latency added at p99 over the bare proxy, 32 connections",
            target: "≤ 25 %",
            measured: format!("{} %", report::median(&added)),
            spread: report::spread(&added),
            met: Some(added.median() <= 25.0),
        },
    ]
}

fn cold(paths: &Paths, stub: &Stub) -> Result<[Row; 2]> {
    let app = cold_p50(paths, stub, Competitor::App)?;
    let proxy = cold_p50(paths, stub, Competitor::Proxy)?;
    Ok([
        millis(
            "a cold instance answers `/health`, one connection, HTTP included, p50",
            "≤ 1 ms",
            &app,
            Some(app.median() <= 1.0),
        ),
        millis("the same with the bare proxy, which does nothing", "", &proxy, None),
    ])
}

/// A row of milliseconds.
fn millis(metric: &'static str, target: &'static str, rounds: &Rounds, met: Option<bool>) -> Row {
    Row { metric, target, measured: format!("{} ms", report::median(rounds)), spread: report::spread(rounds), met }
}

/// Starts a new instance for every request.
fn cold_p50(paths: &Paths, stub: &Stub, competitor: Competitor) -> Result<Rounds> {
    let flags = ["--max-instance-reuse-count", "1"];
    let running = Running::start(paths, stub, competitor, Api::Generate, &[], &flags)?;
    let load = |stop| Load {
        address: running.server.address,
        requests: [load::get("/health")].into(),
        expect: r#""status":"healthy""#,
        connections: 1,
        stop,
    };
    let mut p50 = Rounds::default();
    for _ in 0..5 {
        load::run(&load(Stop::After(Duration::from_millis(300))))?;
        let outcome = load::run(&load(Stop::After(Duration::from_millis(1500))))?;
        ensure!(outcome.failed == 0, "{} requests failed: {:?}", outcome.failed, outcome.failure);
        p50.push(outcome.latencies.percentile(50.0));
    }
    Ok(p50)
}

/// The peak memory of a new host while requests wait for the model.
fn memory(paths: &Paths, stub: &Stub) -> Result<[Row; 3]> {
    stub.set_delay(5000)?;
    let app = fill(paths, stub, Competitor::App, 5)?;
    let proxy = fill(paths, stub, Competitor::Proxy, 1)?;
    stub.set_delay(0)?;
    let row = |metric, target, peaks: &Rounds, met| Row {
        metric,
        target,
        measured: format!("{} MiB", report::median(peaks)),
        spread: report::spread(peaks),
        met,
    };
    Ok([
        row(
            "memory of the host with 1,000 requests in flight, the model answers after 5 s, highest RSS",
            "≤ 256 MiB",
            &app.peaks,
            Some(app.peaks.spread().1 <= 256.0),
        ),
        Row {
            metric: "failed requests",
            target: "none",
            measured: format!("{} of {}, in {} calls", app.failed, Figure(app.requests), Figure(app.calls)),
            spread: String::new(),
            met: Some(app.failed == 0),
        },
        row("the same with the bare proxy, one round", "", &proxy.peaks, None),
    ])
}

/// Results of the requests in flight.
#[derive(Default)]
struct Filled {
    peaks: Rounds,
    requests: f64,
    failed: usize,
    /// Calls to the model server.
    calls: f64,
}

fn fill(paths: &Paths, stub: &Stub, competitor: Competitor, rounds: usize) -> Result<Filled> {
    let mut filled = Filled::default();
    let caller = work::conversations(&paths.root)?;
    // A proxy forwards its request: a few thousand bytes, like the application's own calls.
    let bodies = Bodies { model: caller.iter().map(|body| body.repeat(12)).collect(), caller: caller.into() };
    for _ in 0..rounds {
        // A new host, because a used one keeps its memory.
        let running = Running::start(paths, stub, competitor, Api::Generate, &[], &[])?;
        running.server.forget_peak()?;
        let before = stub.calls()?;
        let outcome = load::run(&running.load(&bodies, Answers::Whole, IN_FLIGHT, Stop::Requests(2 * IN_FLIGHT)))?;
        filled.peaks.push(running.server.peak()?);
        filled.failed += outcome.failed;
        filled.requests += 2.0 * IN_FLIGHT as f64;
        filled.calls += (stub.calls()? - before) as f64;
        if let Some(failure) = outcome.failure {
            eprintln!("    first failure: {failure}");
        }
    }
    Ok(filled)
}

fn size(paths: &Paths) -> Result<Row> {
    let size = fs::metadata(paths.root.join("dist/support-ticket-ai.wasm"))?.len();
    Ok(Row {
        metric: "`dist/support-ticket-ai.wasm`",
        target: "≤ 1.5 MiB",
        measured: format!("{:.3} MiB ({} bytes)", size as f64 / 1024.0 / 1024.0, Figure(size as f64)),
        spread: String::new(),
        met: Some(size <= MAX_SIZE),
    })
}

/// The local backend's time, on the guest's clock and from outside.
fn local(paths: &Paths, stub: &Stub) -> Result<[Row; 2]> {
    let app = Running::start(paths, stub, Competitor::App, Api::Generate, &[("MODEL_BACKEND", "local")], &[])?;
    let requests: Vec<Vec<u8>> =
        work::longest(&paths.root)?.iter().map(|body| load::post("/analyze", body, "application/json")).collect();
    let [mut guest, mut whole] = [(); 2].map(|()| Rounds::default());
    for _ in 0..5 {
        load::watch(app.server.address, &requests, Duration::from_millis(300), |_, _| Ok(()))?;
        let [mut guest_micros, mut whole_micros] = [(); 2].map(|()| Vec::new());
        load::watch(app.server.address, &requests, Duration::from_secs(2), |answer, latency| {
            let text = String::from_utf8_lossy(answer);
            ensure!(text.contains(r#""backend":"local""#), "not from the local backend: {text}");
            guest_micros.push(total_micros(&text).with_context(|| format!("no server-timing: {text}"))?);
            whole_micros.push(u32::try_from(latency.as_micros())?);
            Ok(())
        })?;
        guest.push(Latencies::new(guest_micros).percentile(99.0));
        whole.push(Latencies::new(whole_micros).percentile(99.0));
    }
    Ok([
        millis(
            "`local` answer, a message of 8,000 characters, guest time by the guest's own clock, p99",
            "≤ 1 ms",
            &guest,
            Some(guest.median() <= 1.0),
        ),
        millis("the same from outside, HTTP and new instances included, p99", "", &whole, None),
    ])
}

/// `total` of the header `server-timing`, in microseconds.
fn total_micros(answer: &str) -> Option<u32> {
    let (_, rest) = answer.split_once("total;dur=")?;
    let millis: f64 = rest.split(['\r', ',', ';']).next()?.trim().parse().ok()?;
    Some((millis * 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::total_micros;

    #[test]
    fn the_guests_time_is_read() {
        let head = "HTTP/1.1 200 OK\r\nserver-timing: upstream;dur=0.0, total;dur=1.3\r\nvary: Origin\r\n\r\n{}";
        assert_eq!(total_micros(head), Some(1300));
        assert_eq!(total_micros("HTTP/1.1 200 OK\r\n\r\n{}"), None);
    }
}
