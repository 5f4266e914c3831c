//! The same service as a native program: axum, this project's own core, and reqwest with its pool.
//!
//! The core is the component's own code; only the host differs. Settings come from the same environment variables.
//! `BENCH_STORE=memory` keeps answers in memory if the cache is on.

mod host;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Body as _, Frame};
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use support_ticket_ai::config::{Config, VARIABLES};
use support_ticket_ai::service::App;
use support_ticket_ai::{http as web, log};
use tokio::net::TcpSocket;
use tokio::sync::mpsc;
use tokio_util::task::LocalPoolHandle;

use host::NativeHost;

#[derive(Clone)]
struct Service {
    app: Arc<App>,
    host: NativeHost,
    /// The core's futures stay on one thread, as in an instance.
    threads: LocalPoolHandle,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse(|name| {
        let known = VARIABLES.iter().any(|variable| variable.name == name);
        known.then(|| std::env::var(name.to_ascii_uppercase()).ok()).flatten()
    })?;
    log::start(config.log_level);
    let threads = std::thread::available_parallelism()?.get();
    let service =
        Service { app: Arc::new(App::new(config)), host: NativeHost::new()?, threads: LocalPoolHandle::new(threads) };
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    // Thousands of connections.
    let listener = socket.listen(8192)?;
    println!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback(handle).with_state(service);
    axum::serve(listener, router).await.context("serving")
}

async fn handle(State(service): State<Service>, request: Request) -> Response {
    let Service { app, host, threads } = service;
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, app.config.max_body_bytes + 1).await.unwrap_or_default();
    let request = http::Request::from_parts(head, Body::from(body));
    let answer = threads.spawn_pinned(move || async move {
        let (head, body) = web::handle(host, Ok(app), request).await.into_parts();
        let body = match body {
            web::Body::Full(bytes) => Body::from(bytes.unwrap_or_default()),
            events @ web::Body::Events(_) => Body::new(forward(events)),
        };
        Response::from_parts(head, body)
    });
    answer.await.unwrap_or_else(|_| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// Reads a body on its own thread and forwards its chunks.
fn forward(mut body: web::Body) -> Forwarded {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_local(async move {
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            // The caller has disconnected: dropping the body stops the work.
            if sender.send(frame).await.is_err() {
                return;
            }
        }
    });
    Forwarded(receiver)
}

struct Forwarded(mpsc::Receiver<Frame<Bytes>>);

impl http_body::Body for Forwarded {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|frame| frame.map(Ok))
    }
}
