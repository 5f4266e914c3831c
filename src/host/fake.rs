//! A host with simulated time: tests of minutes run in microseconds, deterministically.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http_body::Frame;
use serde_json::Value;

use super::{Host, SendError, StoreError};

/// The content of a key-value store.
type Stored = BTreeMap<String, Vec<u8>>;
/// Status and headers of an answer.
type Head = (u16, Vec<(&'static str, String)>);
/// Answers each request that the service sends.
type Script = dyn Fn(&Sent) -> Reply;

/// The host of one test.
#[derive(Clone)]
pub(crate) struct FakeHost {
    clock: Rc<Clock>,
    script: Rc<Script>,
    sent: Rc<RefCell<Vec<Sent>>>,
    random: Rc<Cell<u64>>,
    /// The content of the key-value store; `None` where there is no store.
    pub(crate) stored: Rc<RefCell<Option<Stored>>>,
}

#[derive(Default)]
struct Clock {
    now: Cell<Duration>,
    timers: RefCell<BTreeSet<Duration>>,
}

/// A request as the model server receives it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) at: Duration,
    /// The request's number, from 0.
    pub(crate) index: usize,
    pub(crate) uri: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) json: Value,
}

/// How the model server answers.
pub(crate) struct Reply {
    pub(crate) delay: Duration,
    pub(crate) result: Result<Head, SendError>,
    /// Pieces of the body, each after its own delay; `None` breaks the connection.
    pub(crate) body: Vec<(Duration, Option<Bytes>)>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::pieces(status, "application/json", [body.to_string()])
    }

    pub(crate) fn pieces<T: Into<String>>(status: u16, kind: &str, pieces: impl IntoIterator<Item = T>) -> Self {
        let body = pieces.into_iter().map(|piece| (Duration::ZERO, Some(Bytes::from(piece.into())))).collect();
        Self { delay: Duration::ZERO, result: Ok((status, vec![("content-type", kind.to_owned())])), body }
    }

    pub(crate) fn error(error: SendError) -> Self {
        Self { delay: Duration::ZERO, result: Err(error), body: Vec::new() }
    }

    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok((_, headers)) = &mut self.result {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// Delays every piece of the body.
    pub(crate) fn dripping(mut self, pause: Duration) -> Self {
        self.body.iter_mut().for_each(|(delay, _)| *delay = pause);
        self
    }

    /// Breaks the connection after the last piece.
    pub(crate) fn broken(mut self) -> Self {
        self.body.push((Duration::ZERO, None));
        self
    }
}

impl FakeHost {
    pub(crate) fn new(script: impl Fn(&Sent) -> Reply + 'static) -> Self {
        Self {
            clock: Rc::default(),
            script: Rc::new(script),
            sent: Rc::default(),
            random: Rc::new(Cell::new(0x5eed)),
            stored: Rc::new(RefCell::new(Some(BTreeMap::new()))),
        }
    }

    /// All requests so far.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }

    /// Runs a future to completion; where it waits, time jumps to the next timer.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            let now = self.clock.now.get();
            let next = self.clock.timers.borrow().iter().copied().find(|at| *at > now);
            self.clock.now.set(next.expect("a future waits for nothing that will happen"));
        }
    }

    fn timer(&self, duration: Duration) -> impl Future<Output = ()> + 'static {
        let clock = Rc::clone(&self.clock);
        let at = clock.now.get() + duration;
        poll_fn(move |_| {
            if clock.now.get() >= at {
                return Poll::Ready(());
            }
            clock.timers.borrow_mut().insert(at);
            Poll::Pending
        })
    }
}

impl Host for FakeHost {
    type Body = FakeBody;

    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<FakeBody>, SendError> {
        let (head, body) = request.into_parts();
        let sent = Sent {
            at: self.clock.now.get(),
            index: self.sent.borrow().len(),
            uri: head.uri.to_string(),
            headers: head.headers,
            json: serde_json::from_slice(&body).unwrap_or_default(),
        };
        self.sent.borrow_mut().push(sent.clone());
        let reply = (self.script)(&sent);
        self.timer(reply.delay).await;
        let (status, headers) = reply.result?;
        let body = FakeBody { host: self.clone(), pieces: reply.body.into(), waiting: None };
        let mut response = http::Response::new(body);
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        Ok(response)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> {
        self.timer(duration)
    }

    fn now(&self) -> Duration {
        self.clock.now.get()
    }

    fn wall_clock(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_600_000) + self.clock.now.get()
    }

    fn random(&self) -> u64 {
        // SplitMix64: pseudo-random, and the same in every run.
        let seed = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(seed);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.stored.borrow().as_ref().map(|kept| kept.get(key).cloned()).ok_or(StoreError)
    }

    async fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let mut kept = self.stored.borrow_mut();
        kept.as_mut().ok_or(StoreError)?.insert(key.to_owned(), value.to_vec());
        Ok(())
    }
}

/// A body that arrives piece by piece, as scripted.
pub(crate) struct FakeBody {
    host: FakeHost,
    pieces: VecDeque<(Duration, Option<Bytes>)>,
    waiting: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl FakeBody {
    /// The body of a caller's request, complete.
    pub(crate) fn whole(host: &FakeHost, bytes: impl Into<Bytes>) -> Self {
        let pieces = VecDeque::from([(Duration::ZERO, Some(bytes.into()))]);
        Self { host: host.clone(), pieces, waiting: None }
    }

    /// Delays the body.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.pieces.iter_mut().for_each(|(pause, _)| *pause = delay);
        self
    }
}

/// The connection broke.
#[derive(Debug)]
pub(crate) struct Broken;

impl http_body::Body for FakeBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let Some((delay, _)) = self.pieces.front() else {
            return Poll::Ready(None);
        };
        let timer = self.host.timer(*delay);
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(timer));
        if waiting.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.waiting = None;
        let piece = self.pieces.pop_front().and_then(|(_, piece)| piece);
        Poll::Ready(Some(piece.map(Frame::data).ok_or(Broken)))
    }
}
