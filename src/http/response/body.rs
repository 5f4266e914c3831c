//! The body of an answer: whole, or events that are sent as they happen.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};

/// The body of an answer.
pub enum Body {
    /// The whole body; `None` where it is empty or has been read.
    Full(Option<Bytes>),
    /// Server-sent events, produced while the body is read.
    Events(Events),
}

/// A job that writes events. Reading the body drives it; dropping the body ends it: a caller who leaves also ends the
/// call to the model server.
pub struct Events {
    job: Option<Pin<Box<dyn Future<Output = ()>>>>,
    written: Rc<RefCell<BytesMut>>,
}

/// Where a job writes its events.
#[derive(Clone)]
pub(super) struct EventWriter(Rc<RefCell<BytesMut>>);

impl Events {
    /// The body that a job writes.
    pub(super) fn new<F: Future<Output = ()> + 'static>(job: impl FnOnce(EventWriter) -> F) -> Self {
        let written = Rc::new(RefCell::new(BytesMut::new()));
        Self { job: Some(Box::pin(job(EventWriter(Rc::clone(&written))))), written }
    }
}

impl EventWriter {
    /// Writes one event (HTML standard, section 9.2.6). Compact JSON has no line breaks: one `data` line holds it.
    pub(super) fn event(&self, name: &str, json: &str) {
        self.write(&format!("event: {name}\ndata: {json}\n\n"));
    }

    /// Writes a comment, which clients ignore: it shows whether the caller is still there.
    pub(super) fn keep_alive(&self) {
        self.write(": keep-alive\n\n");
    }

    fn write(&self, text: &str) {
        self.0.borrow_mut().extend_from_slice(text.as_bytes());
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Self::Full(bytes) => Poll::Ready(bytes.take().filter(|b| !b.is_empty()).map(|b| Ok(Frame::data(b)))),
            Self::Events(events) => {
                let ended = match &mut events.job {
                    Some(job) => job.as_mut().poll(context).is_ready(),
                    None => true,
                };
                if ended {
                    events.job = None;
                }
                let written = events.written.borrow_mut().split().freeze();
                match (written.is_empty(), ended) {
                    (false, _) => Poll::Ready(Some(Ok(Frame::data(written)))),
                    (true, true) => Poll::Ready(None),
                    (true, false) => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Full(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Events(events) => events.job.is_none() && events.written.borrow().is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Full(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Self::Events(_) => SizeHint::default(),
        }
    }
}
