//! The bare proxy: one outbound call, no work. What `wasmtime serve` itself costs, and nothing else.
//!
//! The variable `PROXY_TARGET` is the URL of the model server. A caller's body goes there as it is, so the load sends
//! it the very bytes that the application sends to its model. The path chooses the form:
//!
//! - `/pump`: written as anybody would with spin-sdk; the guest passes the answer's bytes on.
//! - `/handles`: the request and the answer are handed over unopened; the guest touches no byte of either. No program
//!   that looks at its caller can be as cheap.
//! - `/health`: no call, a word: what an instance costs that does nothing.
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
