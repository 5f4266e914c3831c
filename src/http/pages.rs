//! Pages for people, and the files that they are made of: a console at `/`, Swagger UI at `/docs`.
//!
//! Everything stands in the component: the pages work without a network, and load nothing from elsewhere.
//! Scripts and style sheets are kept compressed with gzip: plain they would not fit the component, every browser reads
//! it, and browsers take Brotli over HTTPS only. They are sent as they are kept, and unpacked for those who refuse that.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{Answer, Body};

/// A page, or a file that one loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Console,
    ConsoleScript,
    ConsoleService,
    ConsoleTexts,
    ConsoleTicket,
    ConsoleStyle,
    Docs,
    DocsScript,
    SwaggerScript,
    SwaggerStyle,
}

/// What a page may do (Content Security Policy 3): its own scripts, styles and calls, nothing inline, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// A file as it is served.
struct File {
    media_type: &'static str,
    bytes: &'static [u8],
    is_gzip: bool,
}

/// Statics of their own, not constants: they come first in the component's memory, apart from what every request reads,
/// and hosts map memory by 64 KiB around what is read. That is 64 KiB less in every instance.
macro_rules! assets {
    ($($name:ident = $file:literal,)*) => {
        $(static $name: [u8; include_bytes!($file).len()] = *include_bytes!($file);)*
    };
}

assets! {
    CONSOLE = "assets/console.html",
    CONSOLE_SCRIPT = "assets/console.js.gz",
    CONSOLE_SERVICE = "assets/console/service.js.gz",
    CONSOLE_TEXTS = "assets/console/texts.js.gz",
    CONSOLE_TICKET = "assets/console/ticket.js.gz",
    CONSOLE_STYLE = "assets/console.css.gz",
    DOCS = "assets/docs.html",
    DOCS_SCRIPT = "assets/docs.js",
    SWAGGER_SCRIPT = "assets/swagger/swagger-ui-bundle.js.gz",
    SWAGGER_STYLE = "assets/swagger/swagger-ui.css.gz",
}

const fn plain(media_type: &'static str, bytes: &'static [u8]) -> File {
    File { media_type, bytes, is_gzip: false }
}

const fn gzip(media_type: &'static str, bytes: &'static [u8]) -> File {
    File { media_type, bytes, is_gzip: true }
}

impl Page {
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Console => "/",
            Self::ConsoleScript => "/console.js",
            Self::ConsoleService => "/console/service.js",
            Self::ConsoleTexts => "/console/texts.js",
            Self::ConsoleTicket => "/console/ticket.js",
            Self::ConsoleStyle => "/console.css",
            Self::Docs => "/docs",
            Self::DocsScript => "/docs/init.js",
            Self::SwaggerScript => "/docs/swagger-ui-bundle.js",
            Self::SwaggerStyle => "/docs/swagger-ui.css",
        }
    }

    fn file(self) -> File {
        match self {
            Self::Console => plain(HTML, &CONSOLE),
            Self::ConsoleScript => gzip(SCRIPT, &CONSOLE_SCRIPT),
            Self::ConsoleService => gzip(SCRIPT, &CONSOLE_SERVICE),
            Self::ConsoleTexts => gzip(SCRIPT, &CONSOLE_TEXTS),
            Self::ConsoleTicket => gzip(SCRIPT, &CONSOLE_TICKET),
            Self::ConsoleStyle => gzip(STYLE, &CONSOLE_STYLE),
            Self::Docs => plain(HTML, &DOCS),
            Self::DocsScript => plain(SCRIPT, &DOCS_SCRIPT),
            Self::SwaggerScript => gzip(SCRIPT, &SWAGGER_SCRIPT),
            Self::SwaggerStyle => gzip(STYLE, &SWAGGER_STYLE),
        }
    }
}

/// Answers with a page, or that the caller has it already.
pub(super) fn serve(page: Page, request: &HeaderMap) -> Answer {
    let file = page.file();
    let is_packed = file.is_gzip && accepts_gzip(request);
    // What is coded otherwise is another representation, with a tag of its own (RFC 9110, section 8.8.3).
    let coding = if file.is_gzip && !is_packed { "-plain" } else { "" };
    let etag = format!("\"{:016x}{coding}\"", fingerprint(file.bytes));
    let mut headers = HeaderMap::new();
    // CachedAnswer by the browser, asked for again each time: a new release shows at once, and costs nothing until then.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if file.is_gzip {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if matches!(page, Page::Console | Page::Docs) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    let is_known = is_known(request, &etag);
    headers.extend(HeaderValue::try_from(etag).ok().map(|etag| (header::ETAG, etag)));
    if is_known {
        return Answer::new(StatusCode::NOT_MODIFIED, headers, Body::Full(None));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let bytes = if file.is_gzip && !is_packed {
        // The tests unpack each file: were one ever broken, nothing beats a panic.
        super::gunzip::gunzip(file.bytes).unwrap_or_default().into()
    } else {
        Bytes::from_static(file.bytes)
    };
    Answer::new(StatusCode::OK, headers, Body::Full(Some(bytes)))
}

/// Whether the caller reads gzip; who says nothing of codings reads any (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    let mut given = request.get_all(header::ACCEPT_ENCODING).iter().peekable();
    if given.peek().is_none() {
        return true;
    }
    let (mut gzip, mut any) = (None, None);
    for range in given.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
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
fn is_known(request: &HeaderMap, etag: &str) -> bool {
    const NAME: HeaderName = header::IF_NONE_MATCH;
    let given = request.get_all(NAME).iter().filter_map(|value| value.to_str().ok());
    given
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// FNV-1a, 64 bits: tells versions of a file apart, proves nothing.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
