//! Splitting a body that arrives in arbitrary pieces into lines.

use super::{Failure, MAX_BYTES, TOO_LONG};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Collects lines, which end with LF, CR or CRLF; a byte order mark before the first is dropped.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The line without an end so far.
    partial: Vec<u8>,
    /// Whether the last line ended with CR: an LF that follows belongs to it.
    after_cr: bool,
    /// Whether the first line is complete.
    started: bool,
}

impl Lines {
    /// Calls `each` with every line that `chunk` completes, until one fails.
    pub(super) fn push(
        &mut self,
        chunk: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for part in chunk.split_inclusive(|byte| matches!(byte, b'\r' | b'\n')) {
            if std::mem::take(&mut self.after_cr) && part == b"\n" {
                continue;
            }
            let (text, end) = match part.split_last() {
                Some((end @ (b'\r' | b'\n'), text)) => (text, Some(*end)),
                _ => (part, None),
            };
            if self.partial.len() + text.len() > MAX_BYTES {
                return Err(TOO_LONG);
            }
            let Some(end) = end else {
                self.partial.extend_from_slice(text);
                continue;
            };
            self.after_cr = end == b'\r';
            let is_first = !std::mem::replace(&mut self.started, true);
            // A line that arrived in one piece is not copied.
            let line = if self.partial.is_empty() {
                text
            } else {
                self.partial.extend_from_slice(text);
                &self.partial
            };
            each(if is_first { without_mark(line) } else { line })?;
            self.partial.clear();
        }
        Ok(())
    }

    /// The text after the last line end.
    pub(super) fn end(&self) -> &[u8] {
        if self.started { &self.partial } else { without_mark(&self.partial) }
    }
}

fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)
}
