//! What is promised, line by line.

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::load::{self, Load, Stop};
use crate::measure::{Measured, Pace, in_turns};
use crate::opponents::{Answers, Bodies, Opponent, Places, Running, Shape, Stub};
use crate::report::{self, Table};
use crate::stats::{Figure, Rounds};
use crate::work;

/// Connections of the loads where nothing else is said.
const CONNECTIONS: usize = 32;
/// Requests in flight whose memory is bounded.
const IN_FLIGHT: usize = 1000;
/// Bytes of the component.
const MAX_SIZE: u64 = 1_572_864;

/// A promise and what became of it.
struct Row {
    what: &'static str,
    bar: &'static str,
    measured: String,
    spread: String,
    /// Nothing where the number is only reported.
    met: Option<bool>,
}

/// Measures all of it.
pub fn run(places: &Places, stub: &Stub) -> Result<String> {
    let mut rows = Vec::new();
    eprintln!("  throughput and latency, {CONNECTIONS} connections, the model answers at once");
    let (measured, model_bytes) = throughput(places, stub)?;
    rows.extend(compare(&measured));
    eprintln!("  cold instances");
    rows.push(cold(places, stub)?);
    eprintln!("  memory, {IN_FLIGHT} requests in flight");
    rows.extend(memory(places, stub)?);
    rows.push(size(places)?);
    eprintln!("  the embedded backend on the longest messages");
    let (row, local_note) = local(places, stub)?;
    rows.push(row);

    let mut table = Table::new(&["what", "bar", "measured", "spread", "met"]);
    for row in &rows {
        let met = row.met.map_or("reported", |met| if met { "yes" } else { "**no**" });
        table.row(&[row.what, row.bar, &row.measured, &row.spread, met]);
        eprintln!("    {}: {} ({}), {met}", row.what, row.measured, row.bar);
    }
    Ok(format!(
        "## What is promised\n\nMedians of five rounds; the spread is from the lowest to the highest. Ratios are taken \
         round by round.\n\n{}\n{local_note}\n\n### {CONNECTIONS} connections, the model answers at once\n\n{}\n\
         The proxies are sent what the application sends its model, {model_bytes} bytes on average, and pass it on. \
         The bars are held against the one that is written as anybody would write it; the other hands request and \
         answer over unopened, which no program that reads its request can do.\n",
        table.finish(),
        report::opponents(&measured),
    ))
}

fn throughput(places: &Places, stub: &Stub) -> Result<(Vec<Measured>, usize)> {
    stub.set_delay(0)?;
    let start = |opponent| Running::start(places, stub, opponent, Shape::Generate, &[], &[]);
    let app = start(Opponent::App)?;
    let others = [Opponent::Proxy, Opponent::Handles, Opponent::FastApi, Opponent::Native];
    let others = others.into_iter().map(start).collect::<Result<Vec<_>>>()?;
    let bodies = Bodies::record(places, stub, &app, Answers::Whole)?;
    let running: Vec<&Running> = [&app].into_iter().chain(&others).collect();
    let measured = in_turns(&running, &bodies, Answers::Whole, CONNECTIONS, Pace::five(500, 3000))?;
    Ok((measured, bodies.model_bytes()))
}

fn compare(measured: &[Measured]) -> Vec<Row> {
    let find = |opponent| measured.iter().find(|measured| measured.opponent == opponent);
    let (Some(app), Some(proxy), Some(fastapi), Some(native)) =
        (find(Opponent::App), find(Opponent::Proxy), find(Opponent::FastApi), find(Opponent::Native))
    else {
        return Vec::new();
    };
    let ratio = |what, bar, other: &Measured, least: Option<f64>| {
        let ratio = app.throughput.over(&other.throughput);
        let met = least.map(|least| ratio.median() >= least && app.failed == 0);
        Row { what, bar, measured: format!("{} ×", report::median(&ratio)), spread: report::spread(&ratio), met }
    };
    let added: Rounds = app.p99.over(&proxy.p99).percent_above_one();
    vec![
        ratio("throughput of `/analyze` against the bare proxy on the same host", "≥ 0.80 ×", proxy, Some(0.8)),
        ratio("throughput against FastAPI", "≥ 5 ×", fastapi, Some(5.0)),
        ratio("throughput against native Rust", "", native, None),
        Row {
            what: "latency added at p99 over the bare proxy, 32 connections",
            bar: "≤ 25 %",
            measured: format!("{} %", report::median(&added)),
            spread: report::spread(&added),
            met: Some(added.median() <= 25.0),
        },
    ]
}

/// Every request finds a new instance.
fn cold(places: &Places, stub: &Stub) -> Result<Row> {
    let flags = ["--max-instance-reuse-count", "1"];
    let app = Running::start(places, stub, Opponent::App, Shape::Generate, &[], &flags)?;
    let load = |stop| Load {
        address: app.server.address,
        requests: [load::get("/health")].into(),
        expect: r#""status":"healthy""#,
        connections: 1,
        stop,
    };
    let mut p50 = Rounds::default();
    for _ in 0..5 {
        load::run(&load(Stop::After(Duration::from_millis(300))))?;
        let outcome = load::run(&load(Stop::After(Duration::from_secs(2))))?;
        ensure!(outcome.failed == 0, "{} requests failed: {:?}", outcome.failed, outcome.failure);
        p50.push(outcome.latencies.percentile(50.0));
    }
    Ok(Row {
        what: "a cold instance answers `/health`, one connection, HTTP included, p50",
        bar: "≤ 1 ms",
        measured: format!("{} ms", report::median(&p50)),
        spread: report::spread(&p50),
        met: Some(p50.median() <= 1.0),
    })
}

fn memory(places: &Places, stub: &Stub) -> Result<[Row; 2]> {
    stub.set_delay(5000)?;
    let (mut peaks, mut failed, mut calls, mut requests) = (Rounds::default(), 0, 0, 0);
    // A host that served before has kept what it then needed: each round has a new one.
    for _ in 0..3 {
        let app = Running::start(places, stub, Opponent::App, Shape::Generate, &[], &[])?;
        let bodies = Bodies { caller: work::conversations(&places.root)?.into(), model: [].into() };
        app.server.forget_peak()?;
        let before = stub.calls()?;
        let outcome = load::run(&app.load(&bodies, Answers::Whole, IN_FLIGHT, Stop::Requests(2 * IN_FLIGHT)))?;
        peaks.push(app.server.peak()?);
        failed += outcome.failed;
        requests += 2 * IN_FLIGHT;
        calls += stub.calls()? - before;
        if let Some(failure) = outcome.failure {
            eprintln!("    first failure: {failure}");
        }
    }
    stub.set_delay(0)?;
    Ok([
        Row {
            what: "memory of the host with 1,000 requests in flight, the model answers after 5 s, highest RSS",
            bar: "≤ 256 MiB",
            measured: format!("{} MiB", report::median(&peaks)),
            spread: report::spread(&peaks),
            met: Some(peaks.spread().1 <= 256.0),
        },
        Row {
            what: "requests that failed meanwhile",
            bar: "none",
            measured: format!("{failed} of {}, in {} calls", Figure(requests as f64), Figure(calls as f64)),
            spread: String::new(),
            met: Some(failed == 0),
        },
    ])
}

fn size(places: &Places) -> Result<Row> {
    let size = fs::metadata(places.root.join("dist/support-ticket-ai.wasm"))?.len();
    Ok(Row {
        what: "`dist/support-ticket-ai.wasm`",
        bar: "≤ 1.5 MiB",
        measured: format!("{:.3} MiB ({} bytes)", size as f64 / 1024.0 / 1024.0, Figure(size as f64)),
        spread: String::new(),
        met: Some(size <= MAX_SIZE),
    })
}

/// The embedded backend's time, from outside: the whole exchange is an upper bound of what the guest takes.
fn local(places: &Places, stub: &Stub) -> Result<(Row, String)> {
    let app = Running::start(places, stub, Opponent::App, Shape::Generate, &[("MODEL_BACKEND", "local")], &[])?;
    let bodies = work::longest(&places.root)?;
    let load = |requests: Vec<Vec<u8>>, expect, stop| Load {
        address: app.server.address,
        requests: requests.into(),
        expect,
        connections: 1,
        stop,
    };
    let requests: Vec<Vec<u8>> = bodies.iter().map(|body| load::post("/analyze", body, "application/json")).collect();
    let [mut p50, mut p99, mut floor] = [(); 3].map(|()| Rounds::default());
    for _ in 0..5 {
        let analyze = |stop| load::run(&load(requests.clone(), r#""backend":"local""#, stop));
        analyze(Stop::After(Duration::from_millis(500)))?;
        let outcome = analyze(Stop::After(Duration::from_secs(3)))?;
        ensure!(outcome.failed == 0, "{} requests failed: {:?}", outcome.failed, outcome.failure);
        p50.push(outcome.latencies.percentile(50.0));
        p99.push(outcome.latencies.percentile(99.0));
        let health = load(vec![load::get("/health")], "healthy", Stop::After(Duration::from_secs(1)));
        floor.push(load::run(&health)?.latencies.percentile(50.0));
    }
    let row = Row {
        what: "`local` answer, a message of 8,000 characters, p99 of the whole exchange over HTTP",
        bar: "≤ 1 ms in the guest",
        measured: format!("{} ms", report::median(&p99)),
        spread: report::spread(&p99),
        met: Some(p99.median() <= 1.0),
    };
    let note = format!(
        "The last line is measured from outside, on one connection, with {} messages of 8,000 characters that all \
         differ: what the guest takes is less. Its p50 is {} ms; `/health`, which does nothing, takes {} ms (p50) on \
         the same server.",
        bodies.len(),
        report::median(&p50),
        report::median(&floor),
    );
    Ok((row, note))
}
