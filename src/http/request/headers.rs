//! Reads the headers of requests: id, trace, language, key, media types, cache control.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use subtle::ConstantTimeEq;

use crate::config::Secret;
use crate::language::Language;

/// Longest request id of a caller, in bytes.
const MAX_REQUEST_ID: usize = 128;

/// The caller's `x-request-id` if it is valid (letters, digits, `-`, `_`, `.`), else a random one.
pub(in crate::http) fn request_id(headers: &HeaderMap, random: [u64; 2]) -> String {
    let own = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let is_valid = |id: &&str| {
        (1..=MAX_REQUEST_ID).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let [high, low] = random;
    own.filter(is_valid).map_or_else(|| format!("{high:016x}{low:016x}"), str::to_owned)
}

/// The items of the comma lists in all headers of this name (RFC 9110, section 5.6.1).
pub(in crate::http) fn list(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// The caller's `traceparent` if it is valid (W3C Trace Context, section 3.2).
pub(in crate::http) fn traceparent(headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get("traceparent")?;
    let text = value.to_str().ok().filter(|text| text.len() <= 256)?;
    let parts: Vec<&str> = text.split('-').collect();
    let [version, trace, parent, flags, rest @ ..] = parts.as_slice() else { return None };
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let id = |part: &str, length: usize| hex(part, length) && part.bytes().any(|b| b != b'0');
    // Later versions may have more parts; `ff` is none.
    let version = hex(version, 2) && *version != "ff" && (rest.is_empty() || *version != "00");
    (version && id(trace, 32) && id(parent, 16) && hex(flags, 2)).then(|| value.clone())
}

/// The trace id of a valid `traceparent`; empty without one.
pub(in crate::http) fn trace_id(traceparent: Option<&HeaderValue>) -> &str {
    traceparent.and_then(|value| value.to_str().ok()?.split('-').nth(1)).unwrap_or_default()
}

/// The preferred language of `Accept-Language` (RFC 9110, section 12.5.4), else `default`.
pub(in crate::http) fn language(headers: &HeaderMap, default: Language) -> Language {
    let mut best: Option<(f32, Language)> = None;
    for range in list(headers, header::ACCEPT_LANGUAGE).take(64) {
        let (tag, quality) = range.split_once(';').unwrap_or((range, ""));
        let quality = quality.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
        let (Some(language), Some(quality)) = (Language::from_tag(tag), quality) else { continue };
        // The first of equals wins: browsers list them by preference.
        if quality > 0.0 && quality <= 1.0 && best.is_none_or(|(so_far, _)| quality > so_far) {
            best = Some((quality, language));
        }
    }
    best.map_or(default, |(_, language)| language)
}

/// Whether the caller accepts server-sent events explicitly.
pub(in crate::http) fn wants_events(headers: &HeaderMap) -> bool {
    list(headers, header::ACCEPT).any(|range| {
        let (kind, parameters) = range.split_once(';').unwrap_or((range, ""));
        let refused = parameters.split(';').any(|p| matches!(p.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        kind.trim().eq_ignore_ascii_case("text/event-stream") && !refused
    })
}

/// Whether the caller's `Cache-Control` has `directive`.
pub(in crate::http) fn cache_control(headers: &HeaderMap, directive: &str) -> bool {
    list(headers, header::CACHE_CONTROL).any(|part| part.eq_ignore_ascii_case(directive))
}

/// Whether the body is declared as JSON in UTF-8: `application/json` or `application/…+json`.
pub(in crate::http) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';');
    let media = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"));
    let charset = parts
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let utf8 = charset.is_none_or(|(_, set)| {
        let set = set.trim().trim_matches('"');
        set.eq_ignore_ascii_case("utf-8") || set.eq_ignore_ascii_case("utf8")
    });
    json && utf8
}

/// The caller's key from `Authorization: Bearer` or `X-API-Key`, if it is one of `keys`.
///
/// The time of a comparison depends only on lengths.
pub(in crate::http) fn api_key<'a>(headers: &HeaderMap, keys: &'a [Secret]) -> Option<&'a Secret> {
    let bearer = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).and_then(|value| {
        let (scheme, token) = value.split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim_ascii())
    });
    let plain = headers.get("x-api-key").map(|value| value.as_bytes().trim_ascii());
    let mut found = None;
    for given in [bearer, plain].into_iter().flatten() {
        for key in keys {
            if given.ct_eq(key.expose().as_bytes()).into() {
                found = Some(key);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn invalid_request_ids_are_replaced() {
        let id = |value: &str| request_id(&headers(&[("x-request-id", value)]), [1, 2]);
        assert_eq!(id("abc-123_X.y"), "abc-123_X.y");
        for odd in ["", "a b", "a\"b", "<script>", &"x".repeat(129), "é"] {
            assert_eq!(id(odd), "00000000000000010000000000000002", "{odd:?}");
        }
    }

    #[test]
    fn only_a_valid_traceparent_is_accepted() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let pass = |value: &str| traceparent(&headers(&[("traceparent", value)])).is_some();
        assert!(pass(good));
        assert_eq!(trace_id(Some(&HeaderValue::from_static(good))), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace_id(None), "");
        for bad in [
            "",
            "00",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            &format!("{good}-x"),
            &good.replace("00-4", "ff-4"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        ] {
            assert!(!pass(bad), "{bad:?}");
        }
    }

    #[test]
    fn accept_language_decides_on_the_language() {
        let cases = [
            ("en", Language::En),
            ("en-GB,fr;q=0.5", Language::En),
            ("en;q=0.3, fr-FR;q=0.8", Language::Fr),
            ("xx, *;q=0.1", Language::Fr),
            ("en;q=0", Language::Fr),
            ("fr,en", Language::Fr),
            ("", Language::Fr),
            ("en;q=x", Language::Fr),
        ];
        for (value, expected) in cases {
            assert_eq!(language(&headers(&[("accept-language", value)]), Language::Fr), expected, "{value:?}");
        }
    }

    #[test]
    fn content_type_decides_on_json() {
        for (value, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/problem+json", true),
            ("application/json; charset=latin-1", false),
            ("text/plain", false),
            ("application/jsonx", false),
            ("multipart/form-data", false),
        ] {
            assert_eq!(is_json(&headers(&[("content-type", value)])), expected, "{value:?}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn events_must_be_accepted_explicitly() {
        for (value, expected) in [
            ("text/event-stream", true),
            ("application/json, text/event-stream;q=0.5", true),
            ("*/*", false),
            ("text/event-stream;q=0", false),
        ] {
            assert_eq!(wants_events(&headers(&[("accept", value)])), expected, "{value:?}");
        }
    }

    #[test]
    fn keys_in_both_headers_are_compared_whole() {
        let keys = ["first", "second"].map(|key| Secret::new(key.to_owned()));
        let found = |pairs: &[(&'static str, &str)]| api_key(&headers(pairs), &keys).map(Secret::expose);
        assert_eq!(found(&[("authorization", "Bearer second")]), Some("second"));
        assert_eq!(found(&[("authorization", "bearer  first ")]), Some("first"));
        assert_eq!(found(&[("x-api-key", "first")]), Some("first"));
        assert_eq!(found(&[("authorization", "Basic x"), ("x-api-key", "second")]), Some("second"));
        for wrong in ["", "firs", "firstt", "FIRST", "second,first"] {
            assert_eq!(found(&[("x-api-key", wrong)]), None, "{wrong:?}");
        }
        assert_eq!(found(&[]), None);
    }
}
