//! Finds every private value of a text.

use super::kinds::{Kind, find};
use super::view::View;
use std::ops::Range;

/// A value of one kind: its glyphs and its normal form.
#[derive(Debug, PartialEq)]
pub(super) struct Match {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The same for every way of writing the value.
    pub(super) key: String,
}

impl Match {
    /// A value whose normal form is `key`, in ASCII.
    pub(super) fn new(start: usize, end: usize, key: &[u8]) -> Self {
        Self { start, end, key: key.iter().copied().map(char::from).collect() }
    }
}

/// A private value of a text.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// Its place in the text.
    pub(super) bytes: Range<usize>,
    /// Its normal form; `None` if only the same text is the same value.
    pub(super) key: Option<String>,
}

/// The private values of `text`, in order and without overlaps.
pub(super) fn scan(text: &str) -> Vec<Found> {
    let mut view = View::new(text);
    let mut found = Vec::new();
    let mut index = 0;
    while index < view.len() {
        let Some((kind, matched)) = find(&view, index) else {
            index += 1;
            continue;
        };
        let key = (kind != Kind::Typed).then_some(matched.key);
        found.push(Found { kind, bytes: view.bytes(matched.start..matched.end), key });
        index = matched.end;
        view.raise_floor(index);
    }
    found
}
