//! Finds every private value of a text.

use super::kind::Kind;
use super::placeholder::{Reading, read};
use super::view::View;
use super::{card, email, iban, ip, nir, phone};
use std::ops::Range;

/// A value that a scanner found: its glyphs and its normal form.
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
    let mut versions = ip::Versions::default();
    let mut found = Vec::new();
    let mut index = 0;
    while index < view.len() {
        let Some((kind, matched)) = value(&view, index, &mut versions).or_else(|| typed(&view, index)) else {
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

/// The value at `index`. Of several possible kinds, the one with the strongest check wins.
fn value(view: &View, index: usize, versions: &mut ip::Versions) -> Option<(Kind, Match)> {
    email::email(view, index)
        .map(|found| (Kind::Email, found))
        .or_else(|| ip::ip(view, index, versions).map(|found| (Kind::Ip, found)))
        .or_else(|| iban::iban(view, index).map(|found| (Kind::Iban, found)))
        .or_else(|| nir::nir(view, index).map(|found| (Kind::Nir, found)))
        .or_else(|| card::card(view, index).map(|found| (Kind::Card, found)))
        .or_else(|| phone::phone(view, index).map(|found| (Kind::Phone, found)))
}

/// Text at `index` that looks like a placeholder. Tried last: `email_1@exemple.fr` is an address.
fn typed(view: &View, index: usize) -> Option<(Kind, Match)> {
    match read(view.before(index, 1), |k| Some(view.at(index + k))) {
        Reading::Placeholder { len, .. } => {
            Some((Kind::Typed, Match { start: index, end: index + len, key: String::new() }))
        }
        Reading::Beginning | Reading::Other => None,
    }
}
