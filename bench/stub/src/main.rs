//! A model server with negligible cost: it answers every request with the same valid ticket, after a delay.
//!
//! Ollama's `/api/generate` and `/api/chat`, Mistral's `/v1/chat/completions`; streams where the request says so.
//! `PUT /delay/<milliseconds>` sets the delay, `GET /seen` returns the number of calls and the size of the last one,
//! `GET /last` the last body. It listens on a free port and prints its origin.

mod answers;

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use answers::{Answers, Api};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use memchr::memmem;
use tokio::net::TcpSocket;

/// Shared by all connections.
struct Stub {
    answers: Answers,
    delay: Cell<Duration>,
    calls: Cell<u64>,
    last: RefCell<Bytes>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind("127.0.0.1:0".parse()?)?;
    // Thousands of connections.
    let listener = socket.listen(8192)?;
    println!("http://{}", listener.local_addr()?);
    let stub = Rc::new(Stub {
        answers: Answers::new(),
        delay: Cell::default(),
        calls: Cell::default(),
        last: RefCell::default(),
    });
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async move {
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let stub = Rc::clone(&stub);
                tokio::task::spawn_local(async move {
                    let service = service_fn(|request| answer(Rc::clone(&stub), request));
                    let mut http = http1::Builder::new();
                    http.timer(TokioTimer::new()).header_read_timeout(None);
                    // Ignore disconnected callers.
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        })
        .await
}

async fn answer(stub: Rc<Stub>, request: Request<Incoming>) -> Result<Response<Pieces>, Infallible> {
    let path = request.uri().path();
    let api = match path {
        "/api/generate" => Api::Generate,
        "/api/chat" => Api::Chat,
        "/v1/chat/completions" => Api::Mistral,
        _ => return Ok(control(&stub, path)),
    };
    let Ok(body) = request.into_body().collect().await else {
        return Ok(reply(StatusCode::BAD_REQUEST, "text/plain", vec![]));
    };
    let body = body.to_bytes();
    let stream = memmem::find(&body, br#""stream":true"#).is_some();
    stub.calls.set(stub.calls.get() + 1);
    stub.last.replace(body);
    let delay = stub.delay.get();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let (kind, pieces) = stub.answers.get(api, stream);
    Ok(reply(StatusCode::OK, kind, pieces))
}

fn control(stub: &Stub, path: &str) -> Response<Pieces> {
    if let Some(millis) = path.strip_prefix("/delay/").and_then(|millis| millis.parse().ok()) {
        stub.delay.set(Duration::from_millis(millis));
        return reply(StatusCode::OK, "text/plain", vec![]);
    }
    match path {
        "/seen" => {
            let seen = serde_json::json!({"calls": stub.calls.get(), "last_bytes": stub.last.borrow().len()});
            reply(StatusCode::OK, "application/json", vec![seen.to_string().into()])
        }
        "/last" => reply(StatusCode::OK, "application/json", vec![stub.last.borrow().clone()]),
        _ => reply(StatusCode::NOT_FOUND, "text/plain", vec![]),
    }
}

fn reply(status: StatusCode, kind: &'static str, pieces: Vec<Bytes>) -> Response<Pieces> {
    let mut response = Response::new(Pieces { pieces, next: 0, paused: true });
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

/// A body in one piece, or in several with delays, like a model's tokens.
struct Pieces {
    pieces: Vec<Bytes>,
    next: usize,
    paused: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        // hyper flushes while a body is pending.
        if !std::mem::replace(&mut self.paused, true) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = self.pieces.get(self.next).cloned();
        self.next += 1;
        // The delay before the next piece.
        self.paused = false;
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.pieces.len()
    }

    fn size_hint(&self) -> SizeHint {
        match self.pieces.as_slice() {
            [] => SizeHint::with_exact(0),
            [whole] if self.next == 0 => SizeHint::with_exact(whole.len() as u64),
            _ => SizeHint::default(),
        }
    }
}
