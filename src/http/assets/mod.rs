//! The files of the pages: a console at `/`, Swagger UI at `/docs`.
//!
//! The component contains all of them, so the pages work offline and load nothing from elsewhere. Scripts and style
//! sheets are stored with gzip: browsers accept Brotli over HTTPS only. They are sent as stored, or unpacked for
//! clients that refuse gzip.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::problem::Problem;
use super::request::headers::list;
use super::response::{Answer, Body};

/// The permissions of a page (Content Security Policy 3): its own scripts, styles and calls, nothing inline, no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Bytes before and after a gzip file's deflated data, without optional parts (RFC 1952, section 2.3).
const GZIP_HEADER: usize = 10;
const GZIP_TRAILER: usize = 8;

/// A file as it is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Its address.
    pub(super) path: &'static str,
    media_type: &'static str,
    is_gzip: bool,
    bytes: &'static [u8],
}

/// Each file is a static of its own, not a constant: statics come first in the component's memory, apart from the data
/// that every request reads. Hosts map memory by 64 KiB around each page that is read; this saves 64 KiB per instance.
macro_rules! files {
    (@bytes plain $file:literal) => { include_bytes!($file) };
    (@bytes gzip $file:literal) => { include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".gz")) };
    (@is_gzip plain) => { false };
    (@is_gzip gzip) => { true };
    ($($name:ident = $path:literal $media_type:ident $coding:ident $file:literal;)*) => {
        $(static $name: [u8; files!(@bytes $coding $file).len()] = *files!(@bytes $coding $file);)*
        /// The address of every file.
        pub(super) const PATHS: &[&str] = &[$($path),*];
        /// Every file.
        pub(super) const FILES: &[File] = &[
            $(File { path: $path, media_type: $media_type, is_gzip: files!(@is_gzip $coding), bytes: &$name },)*
        ];
    };
}

files! {
    DOCS = "/docs" HTML plain "docs.html";
    DOCS_SCRIPT = "/docs/init.js" SCRIPT plain "docs.js";
    SWAGGER_SCRIPT = "/docs/swagger-ui-bundle.js" SCRIPT gzip "swagger-ui-bundle.js";
    SWAGGER_STYLE = "/docs/swagger-ui.css" STYLE gzip "swagger-ui.css";
    CONSOLE = "/" HTML plain "console.html";
    CONSOLE_SCRIPT = "/console.js" SCRIPT gzip "console.js";
    CONSOLE_SERVICE = "/console/service.js" SCRIPT gzip "console-service.js";
    CONSOLE_TEXTS = "/console/texts.js" SCRIPT gzip "console-texts.js";
    CONSOLE_TICKET = "/console/ticket.js" SCRIPT gzip "console-ticket.js";
    CONSOLE_STYLE = "/console.css" STYLE gzip "console.css";
}

/// Answers with a file, or that the caller's copy is current.
///
/// # Errors
/// [`Problem::Internal`] where the file cannot be unpacked.
pub(super) fn serve(file: &File, request: &HeaderMap) -> Result<Answer, Problem> {
    let is_packed = file.is_gzip && accepts_gzip(request);
    // Another coding is another representation, with its own tag (RFC 9110, section 8.8.3).
    let coding = if file.is_gzip && !is_packed { "-plain" } else { "" };
    let etag = format!("\"{:016x}{coding}\"", fingerprint(file.bytes));
    let mut headers = HeaderMap::new();
    // Browsers keep a copy and revalidate it each time: a new release shows at once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if file.is_gzip {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if file.media_type == HTML {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    let is_current = is_current(request, &etag);
    headers.extend(HeaderValue::try_from(etag).ok().map(|etag| (header::ETAG, etag)));
    if is_current {
        return Ok(Answer::new(StatusCode::NOT_MODIFIED, headers, Body::Full(None)));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let bytes = if file.is_gzip && !is_packed {
        let unpacked = gunzip(file.bytes);
        unpacked.ok_or_else(|| Problem::internal(format!("{} cannot be unpacked", file.path)))?.into()
    } else {
        Bytes::from_static(file.bytes)
    };
    Ok(Answer::new(StatusCode::OK, headers, Body::Full(Some(bytes))))
}

/// Unpacks a gzip file without optional parts.
fn gunzip(gzip: &[u8]) -> Option<Vec<u8>> {
    let deflated = gzip.get(GZIP_HEADER..gzip.len().checked_sub(GZIP_TRAILER)?)?;
    miniz_oxide::inflate::decompress_to_vec(deflated).ok()
}

/// Whether the caller accepts gzip; without the header any coding is accepted (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    if !request.contains_key(header::ACCEPT_ENCODING) {
        return true;
    }
    let (mut gzip, mut any) = (None, None);
    for range in list(request, header::ACCEPT_ENCODING) {
        let (coding, weight) = range.split_once(';').unwrap_or((range, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        match coding.trim() {
            coding if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
                gzip = Some(weight > 0.0);
            }
            "*" => any = Some(weight > 0.0),
            _ => {}
        }
    }
    gzip.or(any).unwrap_or(false)
}

/// Whether `If-None-Match` names the entity tag, or any (RFC 9110, section 13.1.2).
fn is_current(request: &HeaderMap, etag: &str) -> bool {
    list(request, header::IF_NONE_MATCH).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// FNV-1a, 64 bits: distinguishes versions of a file.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
