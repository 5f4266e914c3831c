//! Cross-origin requests (Fetch standard, CORS protocol).

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::CorsOrigins;

/// Response headers that scripts can read.
const EXPOSED: &str = "x-request-id, x-cache, server-timing, retry-after";
/// Request headers that scripts can send.
const ALLOWED_HEADERS: &str = "content-type, accept, accept-language, authorization, x-api-key, x-request-id, traceparent, tracestate, cache-control";
/// Lifetime of a preflight's response in browsers, in seconds: two hours, Chromium's maximum.
const MAX_AGE: &str = "7200";

/// Adds the CORS headers for the caller's origin; returns whether it is allowed. Credentials never are: `*` is safe.
pub(super) fn allow(origins: &CorsOrigins, request: &HeaderMap, answer: &mut HeaderMap) -> bool {
    let allowed = match origins {
        CorsOrigins::Any => Some(HeaderValue::from_static("*")),
        CorsOrigins::Listed(list) if list.is_empty() => return false,
        CorsOrigins::Listed(list) => {
            // The answer depends on the origin even if it is not allowed.
            answer.append(header::VARY, HeaderValue::from_static("Origin"));
            request.get(header::ORIGIN).filter(|origin| is_listed(list, origin)).cloned()
        }
    };
    let Some(allowed) = allowed else { return false };
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    true
}

/// Adds the answer to a preflight: methods and headers.
pub(super) fn preflight(methods: &'static str, answer: &mut HeaderMap) {
    const HEADERS: [(HeaderName, &str); 2] =
        [(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS), (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE)];
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
    for (name, value) in HEADERS {
        answer.insert(name, HeaderValue::from_static(value));
    }
}

fn is_listed(list: &[String], origin: &HeaderValue) -> bool {
    origin.to_str().is_ok_and(|origin| list.iter().any(|listed| listed.eq_ignore_ascii_case(origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(origins: &CorsOrigins, origin: &'static str, expected: Option<&str>, varies: bool) {
        let request = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static(origin))]);
        let mut answer = HeaderMap::new();
        assert_eq!(allow(origins, &request, &mut answer), expected.is_some());
        let allowed = answer.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|value| value.to_str().unwrap());
        assert_eq!(allowed, expected, "{origins:?} {origin}");
        assert_eq!(answer.contains_key(header::VARY), varies, "{origins:?} {origin}");
        assert!(!answer.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
    }

    #[test]
    fn only_listed_origins_are_allowed() {
        let listed = CorsOrigins::Listed(vec!["http://localhost:5173".to_owned()]);
        check(&listed, "http://localhost:5173", Some("http://localhost:5173"), true);
        for other in ["http://localhost:5174", "http://localhost:5173.evil.example", "https://localhost:5173", "null"] {
            check(&listed, other, None, true);
        }
        check(&CorsOrigins::Any, "https://anyone.example", Some("*"), false);
        check(&CorsOrigins::Listed(vec![]), "http://localhost:5173", None, false);
    }
}
