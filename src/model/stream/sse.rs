//! Reading server-sent events from lines, as the WHATWG's HTML standard (section 9.2.6) interprets them.

use super::{Failure, MAX_BYTES, TOO_LONG};

/// Collects the `data` of an event; other fields and comments are ignored.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The event's data so far, each line followed by LF.
    data: Vec<u8>,
}

impl Events {
    /// Takes a line without its end; a blank line completes an event and returns its data.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        if line.is_empty() {
            return Ok(self.take());
        }
        // A comment's field name is empty.
        let (name, value) = match line.iter().position(|byte| *byte == b':').and_then(|at| line.split_at_checked(at)) {
            Some((name, rest)) => (name, rest.strip_prefix(b":").unwrap_or(rest)),
            None => (line, &[] as &[u8]),
        };
        if name != b"data" {
            return Ok(None);
        }
        let value = value.strip_prefix(b" ").unwrap_or(value);
        if self.data.len() + value.len() > MAX_BYTES {
            return Err(TOO_LONG);
        }
        self.data.extend_from_slice(value);
        self.data.push(b'\n');
        Ok(None)
    }

    /// The data of an event without its blank line at the end of the body; `rest` is its last line.
    ///
    /// The standard drops such an event. Here it may be the last one of a server that omits the blank line.
    pub(super) fn end(mut self, rest: &[u8]) -> Option<Vec<u8>> {
        self.line(rest).ok()?.or_else(|| self.take())
    }

    fn take(&mut self) -> Option<Vec<u8>> {
        let mut data = std::mem::take(&mut self.data);
        data.pop().map(|_| data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events in these lines, separated by `|`.
    fn events(lines: &[&str]) -> String {
        let mut events = Events::default();
        let data: Vec<_> = lines.iter().filter_map(|line| events.line(line.as_bytes()).unwrap()).collect();
        data.iter().map(|data| String::from_utf8_lossy(data)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn fields_make_events() {
        let check = |lines: &[&str], expect: &str| assert_eq!(events(lines), expect, "{lines:?}");
        check(&["data: a", "", "data: b", ""], "a|b");
        check(&["data:a", ""], "a");
        check(&["data:  a ", ""], " a ");
        check(&["data: a", "data: b", ""], "a\nb");
        check(&["data", "data", ""], "\n");
        check(&["data:a:b", ""], "a:b");
        check(&[": ping", "", "event: message", "id: 1", "retry: 5", ":", "data: a", "", ""], "a");
        check(&["Data: a", "datax: a", " data: a", ""], "");
        check(&["data: a"], "");
    }

    #[test]
    fn an_events_lines_together_are_bounded() {
        let mut events = Events::default();
        let line = format!("data: {}", "x".repeat(MAX_BYTES / 2));
        assert_eq!(events.line(line.as_bytes()), Ok(None));
        assert_eq!(events.line(line.as_bytes()), Err(TOO_LONG));
    }
}
