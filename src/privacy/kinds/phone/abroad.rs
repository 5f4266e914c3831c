//! Numbers of other countries in their national form.

use std::ops::Range;

use super::{alike, ends};
use crate::privacy::context::{is_phone, is_reference};
use crate::privacy::number::{Row, Separator, after_separator, digit, separator};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

/// North American numbers: `(202) 555-0143`, `202-555-0143`, `1-800-555-0147`; with spaces only after a label.
pub(super) fn american(view: &View, index: usize) -> Option<Match> {
    let prefixed = view.at(index) == '1';
    let area = if prefixed { separator(view, index + 1)?.1 } else { index };
    let in_parentheses = view.at(area) == '(';
    let row = if in_parentheses {
        let close = area + 4;
        let digits: Vec<u8> = (area + 1..close).map_while(|at| digit(view.at(at))).collect();
        if view.at(close) != ')' {
            return None;
        }
        let mut row = Row::read(view, after_separator(view, close + 1), 7);
        row.digits.splice(0..0, digits);
        row
    } else {
        Row::read(view, area, 10)
    };
    let end = row.end()?;
    let separators = || row.groups.iter().filter_map(|group| group.separator);
    let grouped = match row.sizes().as_slice() {
        [3, 4] => in_parentheses,
        [3, 3, 4] => alike(separators(), false),
        _ => false,
    };
    let marked = in_parentheses || separators().all(|found| matches!(found, Separator::Dash | Separator::Dot));
    // Area code and exchange begin with 2 to 9 (NANPA).
    let assigned = [0, 3].iter().all(|at| matches!(row.digits.get(*at), Some(b'2'..=b'9')));
    let valid = grouped && row.digits.len() == 10 && assigned && (marked || is_phone(view, index));
    national(view, index..end, valid, [b"1", row.digits.as_slice()])
}

/// British numbers: `020 7946 0321`, `07700 900123`, `0161 496 0123`.
pub(super) fn british(view: &View, index: usize) -> Option<Match> {
    let row = Row::read(view, index, 11);
    let end = row.end()?;
    let grouped = matches!(row.sizes().as_slice(), [3, 4, 4] | [5, 6] | [5, 3, 3] | [4, 3, 4]);
    let number =
        row.digits.strip_prefix(b"0").filter(|number| matches!(number.first(), Some(b'1' | b'2' | b'3' | b'7')))?;
    let separators = row.groups.iter().filter_map(|group| group.separator);
    let spaced = separators.clone().all(|found| matches!(found, Separator::Space | Separator::Dash));
    let valid = grouped && number.len() == 10 && spaced && alike(separators, false);
    national(view, index..end, valid, [b"44", number])
}

/// Belgian numbers of nine digits, with a slash after the area code: `02/555.12.34`, `081/22.33.44`.
pub(super) fn belgian(view: &View, index: usize) -> Option<Match> {
    let row = Row::read(view, index, 9);
    let end = row.end()?;
    let grouped = matches!(row.sizes().as_slice(), [2, 3, 2, 2] | [3, 2, 2, 2]);
    let number = row.digits.strip_prefix(b"0").filter(|number| matches!(number.first(), Some(b'1'..=b'9')))?;
    let mut separators = row.groups.iter().filter_map(|group| group.separator);
    let valid = grouped
        && number.len() == 8
        && separators.next() == Some(Separator::Slash)
        && separators.clone().all(|found| matches!(found, Separator::Space | Separator::Dot))
        && alike(separators, false);
    national(view, index..end, valid, [b"32", number])
}

/// The number with its calling code, if it is `valid`, no reference and not part of a longer number.
fn national(view: &View, range: Range<usize>, valid: bool, number: [&[u8]; 2]) -> Option<Match> {
    let valid = valid && !is_reference(view, range.start) && ends(view, range.end, false);
    valid.then(|| Match::new(range.start, range.end, &number.concat()))
}
