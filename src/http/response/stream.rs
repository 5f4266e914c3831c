//! Answers as server-sent events: deltas while a model writes, then the result or the error.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use super::body::{Body, EventWriter, Events};
use super::{Answer, Success, envelope, status_and_code};
use crate::host::Host;
use crate::http::Context;
use crate::http::audit::Audit;
use crate::http::problem::Problem;
use crate::service::{Provenance, Sink};

/// Interval of the comments that keep a silent stream alive and reveal that the caller has left.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

/// Answers with the events of `work`, which runs while the caller reads.
pub(in crate::http) fn stream<H: Host + Clone + 'static>(
    host: H,
    context: Context,
    work: impl AsyncFnOnce(&Deltas, &mut Provenance) -> Result<Success, Problem> + 'static,
) -> Answer {
    // Created before the first event, so that callers who leave before it are logged too.
    let mut audit = Audit::new(host.clone(), context.clone());
    let job = |writer: EventWriter| async move {
        let sink = Deltas { writer: writer.clone(), has_written: Cell::new(false) };
        let mut outcome = {
            let work = work(&sink, &mut audit.provenance);
            match select(pin!(work), pin!(keep_alive(&host, &writer))).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right((never, _)) => match never {},
            }
        };
        let duration = context.request.elapsed(&host);
        let write = |outcome: &Result<Success, Problem>, provenance: &Provenance| {
            serde_json::to_string(&envelope(outcome, provenance, &context, duration)).map_err(Problem::internal)
        };
        let json = write(&outcome, &audit.provenance).or_else(|problem| {
            outcome = Err(problem);
            // An error's envelope has strings and numbers only: it can always be written.
            write(&outcome, &audit.provenance)
        });
        if let Err(problem) = &outcome {
            problem.log_internal(&context.request_id);
        }
        writer.event(if outcome.is_ok() { "result" } else { "error" }, &json.unwrap_or_default());
        audit.ends_with(status_and_code(&outcome));
    };
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // Without it some proxies buffer the whole answer.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ]);
    Answer::new(StatusCode::OK, headers, Body::Events(Events::new(job)))
}

/// Writes a comment in every interval.
async fn keep_alive<H: Host>(host: &H, writer: &EventWriter) -> Infallible {
    loop {
        host.sleep(KEEP_ALIVE).await;
        writer.keep_alive();
    }
}

/// Writes a model's text as `delta` events.
pub(in crate::http) struct Deltas {
    writer: EventWriter,
    has_written: Cell<bool>,
}

impl Sink for Deltas {
    fn listens(&self) -> bool {
        true
    }

    fn delta(&self, text: &str) {
        if !text.is_empty() {
            self.has_written.set(true);
            self.writer.event("delta", &json!({"text": text}).to_string());
        }
    }

    fn has_written(&self) -> bool {
        self.has_written.get()
    }
}
