//! Further comparisons: delays, connections, APIs, streams, the cache.

use std::fmt::Write as _;

use anyhow::{Result, ensure};

use crate::load::{self, Load, Stop};
use crate::measure::{Pace, in_turns};
use crate::opponents::{Answers, Bodies, Opponent, Places, Running, Shape, Stub};
use crate::report::{self, Table};
use crate::stats::Rounds;

const OPPONENTS: [Opponent; 3] = [Opponent::Proxy, Opponent::FastApi, Opponent::Native];
/// Variants of each conversation, so that none is sent twice.
const VARIANTS: usize = 40;

/// One comparison.
#[derive(Clone, Copy)]
struct Case {
    shape: Shape,
    answers: Answers,
    /// The model's delay, in milliseconds.
    delay: u32,
    connections: usize,
}

impl Case {
    const fn whole(shape: Shape, delay: u32, connections: usize) -> Self {
        Self { shape, answers: Answers::Whole, delay, connections }
    }

    const fn streamed(shape: Shape, delay: u32, connections: usize) -> Self {
        Self { shape, answers: Answers::Streamed, delay, connections }
    }

    fn name(self) -> String {
        let answers = match self.answers {
            Answers::Whole => "",
            Answers::Streamed => ", streamed",
        };
        let plural = if self.connections == 1 { "" } else { "s" };
        format!("{}{answers}, {} connection{plural}, {} ms", self.shape.name(), self.connections, self.delay)
    }
}

/// 1, 32 and 1,000 connections, a model that answers at once.
pub fn at_once(places: &Places, stub: &Stub) -> Result<String> {
    let cases = [1, 32, 1000].map(|connections| Case::whole(Shape::Generate, 0, connections));
    section(places, stub, "A model that answers at once", &cases)
}

/// 1, 32 and 1,000 connections, a model that takes half a second.
pub fn slow(places: &Places, stub: &Stub) -> Result<String> {
    let cases = [1, 32, 1000].map(|connections| Case::whole(Shape::Generate, 500, connections));
    section(places, stub, "A model that takes 500 ms", &cases)
}

/// The other APIs.
pub fn shapes(places: &Places, stub: &Stub) -> Result<String> {
    let cases = [Shape::Chat, Shape::Mistral].map(|shape| Case::whole(shape, 0, 32));
    section(places, stub, "The other APIs", &cases)
}

/// Answers as events.
pub fn streaming(places: &Places, stub: &Stub) -> Result<String> {
    let cases = [
        Case::streamed(Shape::Generate, 0, 32),
        Case::streamed(Shape::Generate, 500, 1000),
        Case::streamed(Shape::Mistral, 0, 32),
    ];
    section(places, stub, "Streaming", &cases)
}

fn section(places: &Places, stub: &Stub, title: &str, cases: &[Case]) -> Result<String> {
    let mut text = format!("## {title}\n");
    let mut running: Vec<Running> = Vec::new();
    let mut served = None;
    for case in cases {
        eprintln!("  {}", case.name());
        stub.set_delay(0)?;
        if served != Some(case.shape) {
            running.clear();
            for opponent in [Opponent::App].into_iter().chain(OPPONENTS) {
                running.push(Running::start(places, stub, opponent, case.shape, &[], &[])?);
            }
            served = Some(case.shape);
        }
        let bodies = Bodies::record(places, stub, &running[0], case.answers)?;
        stub.set_delay(case.delay)?;
        let pace = if case.delay == 0 { Pace::five(400, 1800) } else { Pace::five(100, 2000) };
        let measured = in_turns(&running.iter().collect::<Vec<_>>(), &bodies, case.answers, case.connections, pace)?;
        write!(text, "\n### {}\n\n{}", case.name(), report::opponents(&measured))?;
    }
    stub.set_delay(0)?;
    Ok(text)
}

/// The cache, with the native service.
pub fn cache(places: &Places, stub: &Stub) -> Result<String> {
    let start = |extra: &[_]| Running::start(places, stub, Opponent::Native, Shape::Generate, extra, &[]);
    let off = start(&[])?;
    let kept = [("CACHE_TTL_SECONDS", "3600"), ("BENCH_STORE", "memory")];
    let conversations = crate::work::conversations(&places.root)?;
    let bodies = Bodies { caller: conversations.clone().into(), model: [].into() };
    let mut table = Table::new(&["", "requests/s", "spread", "p50 ms", "p99 ms", "processor µs a request"]);
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
