//! Sends the labelled set to the service.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::report::{self, Validator};
use crate::results::{Answer, Results};
use crate::set::{self, Item};

/// Options of `run`.
#[derive(clap::Args)]
pub struct Options {
    /// The running service: http, host and port.
    #[arg(long)]
    url: String,
    /// The folder for answers and report; existing answers are kept.
    #[arg(long)]
    out: PathBuf,
    /// The folder with analyze.jsonl and followup.jsonl.
    #[arg(long)]
    set: PathBuf,
    /// Send only so many items, spread evenly over the set.
    #[arg(long)]
    limit: Option<usize>,
    /// Parallel requests; with more than one, latency includes queueing.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Discard earlier answers.
    #[arg(long)]
    fresh: bool,
}

/// Runs it.
///
/// # Errors
/// The service does not answer, or a file cannot be read or written.
pub fn run(options: &Options) -> Result<()> {
    let mut items = set::load(&options.set)?;
    if let Some(limit) = options.limit {
        items = set::sample(items, limit);
    }
    let agent = agent();
    let get = |path: &str| -> Result<Value> {
        let mut answer = agent.get(format!("{}{path}", options.url)).call().context("the service does not answer")?;
        Ok(answer.body_mut().read_json()?)
    };
    let service = get("/health")?;
    if service["status"] != "healthy" {
        bail!("the service is not healthy: {service}");
    }
    let validator = Validator::new(&get("/openapi.json")?)?;
    fs::create_dir_all(&options.out).with_context(|| format!("cannot write to {}", options.out.display()))?;
    let path = options.out.join("results.jsonl");
    if options.fresh && path.exists() {
        fs::remove_file(&path)?;
    }
    let mut results = Results::open(&path, &service)?;
    let left: Vec<&Item> = items.iter().filter(|item| results.of(item).is_none()).collect();
    let (answers, failure) = ask_all(&agent, &options.url, &left, &results, options.jobs, items.len())?;
    results.extend(answers);
    let report = report::make(&service, &items, &results, &validator);
    report::save(&options.out, &report)?;
    print!("{}", crate::markdown::render(&report));
    println!("\nWritten to {}.", options.out.join("report.md").display());
    match failure {
        Some(failure) => bail!("{failure}; run the same command again to resume"),
        None => Ok(()),
    }
}

/// A client that returns every status. Its timeout is longer than the service's own deadline.
fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_global(Some(Duration::from_secs(600))).build().into()
}

/// Sends each item, `jobs` in parallel; returns the answers and, if the service disappeared, the reason.
fn ask_all(
    agent: &ureq::Agent,
    url: &str,
    left: &[&Item],
    results: &Results,
    jobs: usize,
    all: usize,
) -> Result<(Vec<Answer>, Option<String>)> {
    let bar = ProgressBar::new(all as u64).with_position((all - left.len()) as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len}  {elapsed} gone, {eta} to go  {msg}")?);
    let (next, answers, failure) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(None));
    let has_failed = || failure.lock().map_or(true, |failure| failure.is_some());
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(item) = left.get(next.fetch_add(1, Ordering::SeqCst)).filter(|_| !has_failed()) {
                    bar.set_message(item.id().to_owned());
                    match ask(agent, url, item).and_then(|answer| results.append(&answer).map(|()| answer)) {
                        Ok(answer) => answers.lock().map(|mut answers| answers.push(answer)).unwrap_or_default(),
                        Err(error) => {
                            let text = format!("{}: {error:#}", item.id());
                            failure.lock().map(|mut failure| *failure = Some(text)).unwrap_or_default();
                        }
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    Ok((answers.into_inner().unwrap_or_default(), failure.into_inner().unwrap_or_default()))
}

fn ask(agent: &ureq::Agent, url: &str, item: &Item) -> Result<Answer> {
    let asked = item.body();
    let started = Instant::now();
    let mut answer = agent.post(format!("{url}{}", item.path())).send_json(&asked)?;
    let body = answer.body_mut().read_json().unwrap_or_else(|_| json!(null));
    let latency_us = u64::try_from(started.elapsed().as_micros())?;
    Ok(Answer { id: item.id().to_owned(), asked, status: answer.status().as_u16(), body, latency_us })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::path::Path;

    use super::*;

    /// A service that answers `count` requests and then stops.
    fn service(count: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming().take(count) {
                let mut stream = stream.unwrap();
                let mut head = [0; 4096];
                let read = stream.read(&mut head).unwrap();
                let is_get = head.starts_with(b"GET /openapi.json");
                assert!(read > 0);
                let schema = json!({"type": "object"});
                let body = if is_get {
                    json!({"components": {"schemas": {"Ticket": schema}}})
                } else {
                    json!({"status": "healthy", "success": true, "data": {}, "meta": {}})
                };
                let body = body.to_string();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            }
        });
        url
    }

    #[test]
    fn if_the_service_stops_the_next_run_sends_the_rest() {
        let out = std::env::temp_dir().join(format!("eval-run-{}", std::process::id()));
        let set = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/eval");
        let options = |url: String, fresh: bool| Options {
            url,
            out: out.clone(),
            set: set.clone(),
            limit: Some(5),
            jobs: 1,
            fresh,
        };
        let answers = || fs::read_to_string(out.join("results.jsonl")).unwrap().lines().count() - 1;

        let stopped = run(&options(service(2 + 3), true)).unwrap_err();
        assert!(stopped.to_string().contains("run the same command again to resume"), "{stopped}");
        assert_eq!(answers(), 3);
        run(&options(service(2 + 2), false)).unwrap();
        assert_eq!(answers(), 5);
        assert_eq!(report::load(&out).unwrap().answered.good, 5);
        run(&options(service(2), false)).unwrap();
        fs::remove_dir_all(&out).unwrap();
    }
}
