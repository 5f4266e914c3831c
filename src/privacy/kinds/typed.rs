//! Text of the caller that looks like a placeholder: a placeholder of its own keeps it from revealing a value.

use crate::privacy::placeholder::{Reading, read};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

pub(super) const NAME: &str = "TEXTE";

/// Reads what looks like a placeholder at `index`.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    match read(view.before(index, 1), |k| Some(view.at(index + k))) {
        Reading::Placeholder { len, .. } => Some(Match { start: index, end: index + len, key: String::new() }),
        Reading::Beginning | Reading::Other => None,
    }
}
