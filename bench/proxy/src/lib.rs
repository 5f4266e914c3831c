//! The bare proxy: one outbound call and no work, to show the cost of `wasmtime serve`.
//!
//! The variable `PROXY_TARGET` is the URL of the model server. Bodies are forwarded unchanged, so the load sends the
//! application's own requests to its model. The path selects the implementation:
//!
//! - `/pump`: the usual way with spin-sdk; the guest forwards the answer's bytes.
//! - `/handles`: forwards requests and answers unread. No program that reads its requests can be as cheap.
//! - `/health`: a fixed answer without a call: the cost of an idle instance.
#![cfg(target_family = "wasm")]

use bytes::Bytes;
use http::Uri;
use spin_sdk::http::{FullBody, IntoResponse, Request, send};
use spin_sdk::http_service;
use spin_sdk::wasip3::http::{client, types};

#[http_service]
async fn handle(request: Request) -> Result<types::Response, types::ErrorCode> {
    let target: Uri = std::env::var("PROXY_TARGET")
        .unwrap_or_default()
        .parse()
        .map_err(|_| types::ErrorCode::HttpRequestUriInvalid)?;
    match request.uri().path() {
        "/health" => http::Response::new(FullBody::new(Bytes::from_static(br#"{"status":"healthy"}"#))).into_response(),
        "/handles" => hand_over(request, &target).await,
        _ => pump(request, target).await,
    }
}

async fn pump(request: Request, target: Uri) -> Result<types::Response, types::ErrorCode> {
    let (head, body) = request.into_parts();
    let mut outgoing = http::Request::new(body);
    *outgoing.method_mut() = head.method;
    *outgoing.uri_mut() = target;
    for name in [http::header::CONTENT_TYPE, http::header::CONTENT_LENGTH] {
        outgoing.headers_mut().extend(head.headers.get(&name).map(|value| (name, value.clone())));
    }
    send(outgoing).await?.into_response()
}

async fn hand_over(request: Request, target: &Uri) -> Result<types::Response, types::ErrorCode> {
    let invalid = |()| types::ErrorCode::HttpRequestUriInvalid;
    let request = request.into_body().take_unstarted().ok_or(types::ErrorCode::HttpProtocolError)?;
    request.set_scheme(Some(&types::Scheme::Http)).map_err(invalid)?;
    request.set_authority(target.authority().map(http::uri::Authority::as_str)).map_err(invalid)?;
    request.set_path_with_query(target.path_and_query().map(http::uri::PathAndQuery::as_str)).map_err(invalid)?;
    client::send(request).await
}
