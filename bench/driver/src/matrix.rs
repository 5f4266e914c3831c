//! Further comparisons: delays, connections, APIs, streams, the cache.

use std::fmt::Write as _;

use anyhow::{Result, ensure};

use crate::competitors::{Answers, Api, Bodies, Competitor, Paths, Running, Stub};
use crate::load::{self, Load, Stop};
use crate::measure::{Pace, in_turns};
use crate::report::{self, Table};
use crate::stats::Rounds;

const COMPETITORS: [Competitor; 3] = [Competitor::Proxy, Competitor::FastApi, Competitor::Native];
/// Variants of each conversation, so that none is sent twice.
const VARIANTS: usize = 40;

/// One comparison.
#[derive(Clone, Copy)]
struct Case {
    api: Api,
    answers: Answers,
    /// The model's delay, in milliseconds.
    delay: u32,
    connections: usize,
}

impl Case {
    const fn whole(api: Api, delay: u32, connections: usize) -> Self {
        Self { api, answers: Answers::Whole, delay, connections }
    }

    const fn streamed(api: Api, delay: u32, connections: usize) -> Self {
        Self { api, answers: Answers::Streamed, delay, connections }
    }

    fn name(self) -> String {
        let answers = match self.answers {
            Answers::Whole => "",
            Answers::Streamed => ", streamed",
        };
        let plural = if self.connections == 1 { "" } else { "s" };
        format!("{}{answers}, {} connection{plural}, {} ms", self.api.name(), self.connections, self.delay)
    }
}

/// 1, 32 and 1,000 connections, a model that answers at once.
pub fn at_once(paths: &Paths, stub: &Stub) -> Result<String> {
    let cases = [1, 32, 1000].map(|connections| Case::whole(Api::Generate, 0, connections));
    section(paths, stub, "A model that answers at once", &cases)
}

/// 1, 32 and 1,000 connections, a model that takes half a second.
pub fn slow(paths: &Paths, stub: &Stub) -> Result<String> {
    let cases = [1, 32, 1000].map(|connections| Case::whole(Api::Generate, 500, connections));
    section(paths, stub, "A model that takes 500 ms", &cases)
}

/// The other APIs.
pub fn apis(paths: &Paths, stub: &Stub) -> Result<String> {
    let cases = [Api::Chat, Api::Mistral].map(|api| Case::whole(api, 0, 32));
    section(paths, stub, "The other APIs", &cases)
}

/// Answers as events.
pub fn streaming(paths: &Paths, stub: &Stub) -> Result<String> {
    let cases = [
        Case::streamed(Api::Generate, 0, 32),
        Case::streamed(Api::Generate, 500, 1000),
        Case::streamed(Api::Mistral, 0, 32),
    ];
    section(paths, stub, "Streaming", &cases)
}

fn section(paths: &Paths, stub: &Stub, title: &str, cases: &[Case]) -> Result<String> {
    let mut text = format!("## {title}\n");
    let mut running: Vec<Running> = Vec::new();
    let mut served = None;
    for case in cases {
        eprintln!("  {}", case.name());
        stub.set_delay(0)?;
        if served != Some(case.api) {
            running.clear();
            for competitor in [Competitor::App].into_iter().chain(COMPETITORS) {
                running.push(Running::start(paths, stub, competitor, case.api, &[], &[])?);
            }
            served = Some(case.api);
        }
        let bodies = Bodies::record(paths, stub, &running[0], case.answers)?;
        stub.set_delay(case.delay)?;
        let pace = if case.delay == 0 { Pace::five(400, 1800) } else { Pace::five(100, 2000) };
        let measured = in_turns(&running.iter().collect::<Vec<_>>(), &bodies, case.answers, case.connections, pace)?;
        write!(text, "\n### {}\n\n{}", case.name(), report::competitors(&measured))?;
    }
    stub.set_delay(0)?;
    Ok(text)
}

/// The cache, with the native service.
pub fn cache(paths: &Paths, stub: &Stub) -> Result<String> {
    let start = |extra: &[_]| Running::start(paths, stub, Competitor::Native, Api::Generate, extra, &[]);
    let off = start(&[])?;
    let kept = [("CACHE_TTL_SECONDS", "3600"), ("BENCH_STORE", "memory")];
    let conversations = crate::work::conversations(&paths.root)?;
    let bodies = Bodies { caller: conversations.clone().into(), model: [].into() };
    let mut table = Table::new(&["", "requests/s", "spread", "p50 ms", "p99 ms", "CPU µs per request"]);
    let distinct: Vec<Vec<u8>> =
        (0..VARIANTS).flat_map(|n| conversations.iter().map(move |body| variant(body, n))).collect();
    let count = distinct.len();
    let unseen = Bodies { caller: distinct.into(), model: [].into() };
    let cases: [(&str, bool, &Bodies, &'static str, usize); 3] = [
        ("off", false, &bodies, r#""cached":false"#, count),
        ("on, first requests", true, &unseen, r#""cached":false"#, count),
        ("on, repeated requests", true, &bodies, r#""cached":true"#, count),
    ];
    for (name, on, bodies, expect, count) in cases {
        let [mut throughput, mut p50, mut p99, mut cpu] = [(); 4].map(|()| Rounds::default());
        for _ in 0..5 {
            // The store is empty.
            let fresh = if on { Some(start(&kept)?) } else { None };
            let server = fresh.as_ref().unwrap_or(&off);
            let load = |expect, stop| Load { expect, ..server.load(bodies, Answers::Whole, 32, stop) };
            if expect.contains("true") {
                let first = load::run(&load(r#""cached":"#, Stop::Requests(conversations.len())))?;
                ensure!(first.failed == 0, "{:?}", first.failure);
            }
            let before = server.server.cpu_seconds()?;
            let outcome = load::run(&load(expect, Stop::Requests(count)))?;
            ensure!(outcome.failed == 0, "{name}: {} failed: {:?}", outcome.failed, outcome.failure);
            cpu.push((server.server.cpu_seconds()? - before) * 1e6 / outcome.completed as f64);
            throughput.push(outcome.throughput());
            p50.push(outcome.latencies.percentile(50.0));
            p99.push(outcome.latencies.percentile(99.0));
        }
        let [rate, p50, p99, cpu] = [&throughput, &p50, &p99, &cpu].map(report::median);
        eprintln!("    {name}: {rate} req/s, p99 {p99} ms, {cpu} µs");
        table.row(&[name, &rate, &report::spread(&throughput), &p50, &p99, &cpu]);
    }
    Ok(format!(
        "## Cache\n\nThe adapter gives plain WASI hosts no key-value store, so `wasmtime serve` cannot show this: \
         the native service keeps answers in a map in memory. 32 connections, the model answers at once.\n\n{}",
        table.text()
    ))
}

/// The conversation with a number appended to its message.
fn variant(body: &[u8], number: usize) -> Vec<u8> {
    let mut body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let message = format!("{} ({number})", body["message"].as_str().unwrap_or_default());
    body["message"] = message.into();
    body.to_string().into_bytes()
}
