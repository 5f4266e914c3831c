//! From a variable's text to a typed value.

use std::cell::Cell;

use url::{Host, Url};

use super::{ConfigError, Variable};

/// A variable as it was set, without the blanks around it.
pub(crate) struct Setting {
    name: &'static str,
    text: String,
}

impl Setting {
    /// The variable `name` of `table`, or its default where `lookup` has no value.
    pub(crate) fn new(table: &[Variable], name: &'static str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let default = || table.iter().find(|variable| variable.name == name).map_or("", |variable| variable.default);
        let text = lookup(name).unwrap_or_else(|| default().to_owned());
        Self { name, text: text.trim().to_owned() }
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// An error that names the expected value.
    pub(crate) fn error(&self, expected: impl Into<String>) -> ConfigError {
        ConfigError { variable: self.name, expected: expected.into() }
    }

    /// `None` for an empty text.
    pub(crate) fn optional<T>(self, parse: impl Fn(&Self) -> Result<T, ConfigError>) -> Result<Option<T>, ConfigError> {
        if self.text.is_empty() { Ok(None) } else { parse(&self).map(Some) }
    }

    /// The value of one of these words, in upper or lower case.
    pub(crate) fn one_of<T: Clone>(&self, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let found = choices.iter().find(|(word, _)| self.text.eq_ignore_ascii_case(word));
        found.map(|(_, value)| value.clone()).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.error(format!("expected one of {}", words.join(", ")))
        })
    }

    /// The items of a comma list, without blank ones.
    pub(crate) fn list(&self) -> impl Iterator<Item = &str> {
        self.text.split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    /// A whole number from `minimum` to `maximum`.
    pub(crate) fn whole<T: TryFrom<u64>>(&self, minimum: u64, maximum: u64) -> Result<T, ConfigError> {
        let number = self.text.parse::<u64>().ok().filter(|number| (minimum..=maximum).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| self.error(format!("expected a whole number from {minimum} to {maximum}")))
    }

    /// A comma list of models, never empty.
    pub(crate) fn models(&self) -> Result<Vec<String>, ConfigError> {
        let models: Vec<String> = self.list().map(str::to_owned).collect();
        let expected = "expected a model's name, or a comma list of them";
        if models.is_empty() { Err(self.error(expected)) } else { Ok(models) }
    }

    /// Scheme, host and port of a server.
    pub(crate) fn origin(&self, example: &str) -> Result<Url, ConfigError> {
        origin(&self.text)
            .ok_or_else(|| self.error(format!("expected scheme, host (in ASCII) and port, such as {example}")))
    }

    /// An `http` or `https` URL, which may have a path and a query.
    pub(crate) fn url(&self) -> Option<Url> {
        parse_url(&self.text)
    }
}

/// Scheme, host and port; `None` for any other text. A slash at the end is allowed.
pub(crate) fn origin(text: &str) -> Option<Url> {
    parse_url(text).filter(|url| url.path() == "/" && url.query().is_none() && !text.contains('#'))
}

/// An `http` or `https` URL with a host in ASCII and without a user name.
///
/// The parser repairs what browsers repair, such as missing slashes. Here that is an error: a repaired address may
/// differ from what the operator meant. A user name would end up in logs.
fn parse_url(text: &str) -> Option<Url> {
    let is_strict = Cell::new(true);
    let violation = |_| is_strict.set(false);
    let url = Url::options().syntax_violation_callback(Some(&violation)).parse(text).ok()?;
    let has_host = matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)));
    (is_strict.get() && has_host && matches!(url.scheme(), "http" | "https")).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_absolute_http_urls() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(parse_url(text).as_ref().map(Url::as_str), expect, "{text:?}");
        };
        check("http://localhost:11434", Some("http://localhost:11434/"));
        check("https://models.example/api/chat?tenant=7", Some("https://models.example/api/chat?tenant=7"));
        check("http://[::1]:11434/", Some("http://[::1]:11434/"));
        check("http://my_host:8000/v1/", Some("http://my_host:8000/v1/"));
        check("http://xn--bro-hoa.example/", Some("http://xn--bro-hoa.example/"));
        check("HTTPS://API.example:443/V1", Some("https://api.example/V1"));
        for refused in [
            "",
            "localhost:11434",
            "/api/chat",
            "ftp://localhost/",
            "http://",
            "http://:80/",
            "http://user:password@localhost/",
            "http://user@localhost:80/",
            "http://local host/",
            "http://localhost/a b",
            "http://localhost:port/",
            "http://localhost:65536/",
            "http:localhost",
            "http:///localhost",
            "http:\\\\localhost\\api",
            "http://local\nhost/",
            "http://büro.example/",
            "*",
        ] {
            check(refused, None);
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let check = |text: &str, expect: Option<&str>| {
            let read = origin(text).map(|url| url.origin().ascii_serialization());
            assert_eq!(read.as_deref(), expect, "{text:?}");
        };
        check("http://localhost:11434/", Some("http://localhost:11434"));
        check("https://Desk.example.com", Some("https://desk.example.com"));
        check("https://desk.example.com:443", Some("https://desk.example.com"));
        check("http://localhost//", None);
        check("http://localhost/api", None);
        check("http://localhost/?", None);
        check("http://localhost/#", None);
    }
}
