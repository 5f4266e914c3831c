//! The load generator: closed loop, keep-alive connections, every answer read and checked.
//!
//! One thread and no allocation per request, to leave the two cores to the servers. Unlike wrk and oha, it checks the
//! body of every answer, and counts a closed connection as a failure.

mod response;

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::stats::Latencies;
use response::Response;

/// Maximum wait for answers after the end: longer than any server's deadline.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections opened at the same time: a server's accept queue is short.
const CONNECT_AT_ONCE: usize = 128;

/// A load.
#[derive(Clone, Debug)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// Raw requests, sent in turn.
    pub requests: Rc<[Vec<u8>]>,
    /// A text in every right answer.
    pub expect: &'static str,
    /// Connections, each with one request in flight.
    pub connections: usize,
    /// When to stop.
    pub stop: Stop,
}

/// The end of a load. Requests in flight are awaited and counted.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// No request starts after this time.
    After(Duration),
    /// This number of requests.
    Requests(usize),
}

/// Results of a load.
#[derive(Debug)]
pub struct Outcome {
    /// Right answers.
    pub completed: usize,
    /// Failures.
    pub failed: usize,
    /// The first failure.
    pub failure: Option<String>,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// Latencies of the right answers.
    pub latencies: Latencies,
}

impl Outcome {
    /// Right answers per second.
    pub fn throughput(&self) -> f64 {
        self.completed as f64 / self.elapsed.as_secs_f64()
    }
}

/// A raw POST request with JSON.
pub fn post(path: &str, body: &[u8], accept: &str) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept: {accept}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A raw GET request.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes()
}

/// Sends one request; returns the answer's status and body.
pub fn call(address: SocketAddr, request: &[u8]) -> Result<(u16, Vec<u8>)> {
    runtime()?.block_on(async {
        let mut connection = Connection::open(address).await?;
        let response = connection.exchange(request).await?;
        Ok((response.status, connection.body(&response)))
    })
}

/// Sends requests in turn on one connection for some time; calls `see` with each raw answer and its latency.
pub fn watch(
    address: SocketAddr,
    requests: &[Vec<u8>],
    time: Duration,
    mut see: impl FnMut(&[u8], Duration) -> Result<()>,
) -> Result<()> {
    runtime()?.block_on(async {
        let mut connection = Connection::open(address).await?;
        let start = Instant::now();
        for request in requests.iter().cycle() {
            let sent = Instant::now();
            let response = connection.exchange(request).await?;
            see(&connection.read[..response.body.end], sent.elapsed())?;
            if start.elapsed() > time {
                break;
            }
        }
        Ok(())
    })
}

/// Runs a load to its end.
pub fn run(load: &Load) -> Result<Outcome> {
    let runtime = runtime()?;
    LocalSet::new().block_on(&runtime, async {
        let mut connections = Vec::with_capacity(load.connections);
        while connections.len() < load.connections {
            let wanted = CONNECT_AT_ONCE.min(load.connections - connections.len());
            let opening: Vec<_> = (0..wanted).map(|_| tokio::spawn(Connection::open(load.address))).collect();
            for connection in opening {
                connections.push(connection.await??);
            }
        }
        let shared = Rc::new(Shared { load: load.clone(), start: Instant::now(), sent: Cell::new(0) });
        let workers: Vec<_> = connections
            .into_iter()
            .map(|connection| tokio::task::spawn_local(work(Rc::clone(&shared), connection)))
            .collect();
        let (mut latencies, mut failed, mut failure) = (Vec::new(), 0, None);
        let end = match load.stop {
            Stop::After(limit) => limit + PATIENCE,
            // Slower than any competitor.
            Stop::Requests(count) => Duration::from_millis(10) * u32::try_from(count)? + PATIENCE,
        };
        for worker in workers {
            let left = end.saturating_sub(shared.start.elapsed());
            let done = tokio::time::timeout(left, worker).await.context("the server does not answer any more")??;
            latencies.extend(done.latencies);
            failed += done.failed;
            failure = failure.or(done.failure);
        }
        let elapsed = shared.start.elapsed();
        Ok(Outcome { completed: latencies.len(), failed, failure, elapsed, latencies: Latencies::new(latencies) })
    })
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

struct Shared {
    load: Load,
    start: Instant,
    sent: Cell<usize>,
}

impl Shared {
    /// The next request, if any.
    fn next(&self) -> Option<&[u8]> {
        let sent = self.sent.get();
        let more = match self.load.stop {
            Stop::After(limit) => self.start.elapsed() < limit,
            Stop::Requests(count) => sent < count,
        };
        if !more {
            return None;
        }
        self.sent.set(sent + 1);
        self.load.requests.get(sent % self.load.requests.len()).map(Vec::as_slice)
    }
}

#[derive(Default)]
struct Worked {
    latencies: Vec<u32>,
    failed: usize,
    failure: Option<String>,
}

async fn work(shared: Rc<Shared>, connection: Connection) -> Worked {
    let mut worked = Worked::default();
    let mut connection = Some(connection);
    while let Some(request) = shared.next() {
        let started = Instant::now();
        let result = match &mut connection {
            Some(open) => open.checked(request, shared.load.expect).await,
            none => match Connection::open(shared.load.address).await {
                Ok(open) => none.insert(open).checked(request, shared.load.expect).await,
                Err(error) => Err(error),
            },
        };
        match result {
            Ok(()) => worked.latencies.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX)),
            Err(error) => {
                worked.failed += 1;
                worked.failure.get_or_insert_with(|| format!("{error:#}"));
                connection = None;
            }
        }
    }
    worked
}

/// A keep-alive connection and its read buffer.
struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
    /// Used bytes of `read`.
    filled: usize,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: vec![0; 8192], filled: 0 })
    }

    /// Sends a request and reads the whole answer, without a timer, which would cost as much as the rest.
    async fn exchange(&mut self, request: &[u8]) -> Result<Response> {
        self.filled = 0;
        self.stream.write_all(request).await.context("not sent")?;
        loop {
            if self.filled == self.read.len() {
                self.read.resize(2 * self.filled, 0);
            }
            let count = self.stream.read(&mut self.read[self.filled..]).await.context("not read")?;
            if count == 0 {
                bail!("the server closed the connection after {} bytes of an answer", self.filled);
            }
            self.filled += count;
            if let Some(response) = Response::parse(&self.read[..self.filled])? {
                return Ok(response);
            }
        }
    }

    async fn checked(&mut self, request: &[u8], expect: &str) -> Result<()> {
        let response = self.exchange(request).await?;
        let body = &self.read[response.body.clone()];
        if response.status != 200 || memchr::memmem::find(body, expect.as_bytes()).is_none() {
            bail!("status {}: {}", response.status, String::from_utf8_lossy(&body[..body.len().min(500)]));
        }
        Ok(())
    }

    fn body(&self, response: &Response) -> Vec<u8> {
        self.read[response.body.clone()].to_vec()
    }
}
