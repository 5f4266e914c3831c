//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::RETRY_AFTER};

/// Longest wait, 136 years: small enough that adding it to a `Duration` cannot overflow.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// The wait from `now` that the header asks for: a number of seconds, or the time until a date (0 for one in the past).
///
/// `None` where the header is absent or neither; more than 136 years count as 136 years.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use support_ticket_ai::model::retry_after;
/// let mut headers = http::HeaderMap::new();
/// headers.insert("retry-after", http::HeaderValue::from_static("3"));
/// assert_eq!(retry_after(&headers, SystemTime::UNIX_EPOCH), Some(Duration::from_secs(3)));
/// ```
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only digits: a parse error means too large a number.
        value.parse().map_or(LONGEST, Duration::from_secs)
    } else {
        httpdate::parse_http_date(value).ok()?.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the RFC's own example.
    const NOW: u64 = 784_111_777;

    fn read(value: &[u8]) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_bytes(value).ok()?)]);
        retry_after(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn reads_seconds_and_dates() {
        let check = |value: &str, expect: Option<u64>| {
            assert_eq!(read(value.as_bytes()), expect.map(Duration::from_secs), "{value:?}");
        };
        check("0", Some(0));
        check("120", Some(120));
        check(" 7 ", Some(7));
        check("4294967296", Some(u64::from(u32::MAX)));
        check("99999999999999999999999999", Some(u64::from(u32::MAX)));
        check("Sun, 06 Nov 1994 08:49:47 GMT", Some(10));
        check("Sunday, 06-Nov-94 08:49:47 GMT", Some(10));
        check("Sun Nov  6 08:49:47 1994", Some(10));
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(0));
        check("Sat, 05 Nov 1994 08:49:37 GMT", Some(0));
        check("Fri, 31 Dec 9999 23:59:59 GMT", Some(u64::from(u32::MAX)));
        check("", None);
        check("soon", None);
        check("-1", None);
        check("+1", None);
        check("1.5", None);
        check("٣", None);
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }

    proptest! {
        #[test]
        fn accepts_any_value(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            read(&value);
        }

        #[test]
        fn accepts_any_date(day in 0..99u8, year in 0..9999u16, hour in 0..99u8) {
            read(format!("Sun, {day:02} Nov {year:04} {hour:02}:49:37 GMT").as_bytes());
        }
    }
}
