//! French numbers in their national form.

use super::{alike, ends};
use crate::privacy::context::{is_announced_reference, is_phone, is_reference};
use crate::privacy::number::{Row, Separator, after_separator, digit, value};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

/// Digits of a French number with its trunk prefix 0 (ARCEP's numbering plan).
const DIGITS: usize = 10;

/// Group sizes of French numbers. Other groupings are dates, accounts or parts of longer numbers.
const GROUPS: &[&[usize]] = &[
    &[10],
    &[2, 2, 2, 2, 2],
    &[4, 2, 2, 2],
    &[4, 3, 3],
    &[4, 6],
    &[1, 1, 2, 2, 2, 2],
    &[1, 3, 2, 2, 2],
    &[1, 3, 3, 3],
    &[1, 9],
    &[2, 8],
    &[2, 4, 4],
    &[2, 4, 2, 2],
    &[2, 3, 3, 2],
    &[3, 3, 4],
    &[3, 3, 2, 2],
    &[5, 5],
    &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
];

/// A number of ten digits: `06 39 98 01 23`, `(01) 99 00 12 34`, `0800 123 456`.
pub(super) fn national(view: &View, index: usize) -> Option<Match> {
    let row = row(view, index)?;
    let end = row.end()?;
    let number = row.digits.strip_prefix(b"0").filter(|number| matches!(number.first(), Some(b'1'..=b'9')))?;
    let sizes = row.sizes();
    let bare = sizes.len() == 1;
    let in_pairs = sizes.iter().all(|size| *size == 2);
    let separators = || row.groups.iter().filter_map(|group| group.separator);
    let marked = separators().any(|found| matches!(found, Separator::Slash | Separator::Tight));
    // Belgian mobile numbers have a slash after the first group: `0475/12.34.56`.
    let apart = sizes == [4, 2, 2, 2] && separators().skip(1).all(|found| found != Separator::Slash);
    let alone = !view.before(index, 2).is_ascii_digit();
    let mobile = alone && matches!(number.first(), Some(b'6' | b'7')) && sizes.iter().all(|size| *size > 1);
    let valid = (mobile || GROUPS.contains(&sizes.as_slice()))
        && (alike(separators(), false)
            || ((in_pairs || apart) && alike(separators(), true))
            || (in_pairs && !is_date(&row.digits)))
        && row.digits.len() == DIGITS
        && !has_year(&row, alone)
        && (!marked || in_pairs || apart)
        && !(if bare { is_reference(view, index) } else { is_announced_reference(view, index) })
        && !(in_pairs && is_timetable(view, index))
        && ends(view, end, bare);
    valid.then(|| Match::new(index, end, &[b"33", number].concat()))
}

/// A number of nine to eleven digits in any grouping, after a word that announces a telephone number.
pub(super) fn announced(view: &View, index: usize) -> Option<Match> {
    let row = Row::read(view, index, DIGITS + 1);
    // Spreadsheets drop the leading 0.
    let mobile_without_zero = matches!(row.digits.first(), Some(b'6' | b'7'));
    let zero = row.digits.first() == Some(&b'0');
    let first = !view.before(index, 2).is_ascii_digit();
    if has_year(&row, first) || !(zero || mobile_without_zero) {
        return None;
    }
    let allowed: &[usize] = if zero { &[DIGITS, DIGITS + 1, DIGITS - 1] } else { &[DIGITS - 1] };
    allowed.iter().find_map(|wanted| {
        let mut total = 0;
        let group = row.groups.iter().find(|group| {
            total += group.size;
            total == *wanted
        })?;
        let digits = row.digits.get(..*wanted)?;
        let key = match digits.strip_prefix(b"0") {
            Some(number) if digits.len() == DIGITS => [b"33", number].concat(),
            None => [b"33", digits].concat(),
            _ => digits.to_vec(),
        };
        let valid = ends(view, group.end, row.groups.len() == 1) && is_phone(view, index);
        valid.then(|| Match::new(index, group.end, &key))
    })
}

/// The ten digits at `index`. The first two may be in parentheses, and the first may be the letter O.
fn row(view: &View, index: usize) -> Option<Row> {
    match view.at(index) {
        '(' => {
            let area = Row::read(view, index + 1, 2);
            let close = area.end()?;
            if area.groups.len() > 1 || view.at(close) != ')' {
                return None;
            }
            let rest = after_separator(view, close + 1);
            Some(joined(area, Row::read(view, rest, DIGITS - (close - index - 1))))
        }
        '0' => Some(Row::read(view, index, DIGITS)),
        // « O6 39 98 01 23 »: a typing error.
        _ if digit(view.at(index + 1)).is_some() => {
            let mut row = Row::read(view, index + 1, DIGITS - 1);
            row.digits.insert(0, b'0');
            row.groups.first_mut()?.size += 1;
            Some(row)
        }
        _ => None,
    }
}

/// Whether the first two pairs can be a day and a month.
fn is_date(digits: &[u8]) -> bool {
    let pair = |at: usize| digits.get(at..at + 2).map(value);
    pair(0).is_some_and(|day| day < 32) && pair(2).is_some_and(|month| month < 13)
}

/// Whether the digits contain a date: « 02 03 2024 14 », or « 03 2024 14 30 » unless they are the `first`.
fn has_year(row: &Row, first: bool) -> bool {
    let is_year = |at: usize| row.digits.get(at..at + 2).is_some_and(|century| matches!(century, b"19" | b"20"));
    match row.sizes().as_slice() {
        [2, 2, 4, ..] => is_year(4),
        [2, 4, ..] => !first && is_year(2),
        _ => false,
    }
}

fn joined(mut row: Row, rest: Row) -> Row {
    row.digits.extend(rest.digits);
    row.groups.extend(rest.groups);
    row
}

/// Whether the pairs at `index` are times (« 08 30 12 00 13 30 ») or consecutive numbers, longer than a telephone number.
fn is_timetable(view: &View, index: usize) -> bool {
    let row = Row::read(view, index, 2 * DIGITS);
    let pairs: Vec<u32> = row.digits.chunks_exact(2).map(value).collect();
    let is_time = |time: &[u32]| matches!(time, [hour, minute] if *hour < 24 && *minute < 60 && minute % 5 == 0);
    let times = pairs.len().is_multiple_of(2) && pairs.chunks_exact(2).all(is_time);
    let counted = pairs.windows(2).all(|two| matches!(two, [a, b] if a + 1 == *b));
    // « 03 » before « 04 05 06 07 08 ».
    let before: Vec<u8> = [3, 2].iter().filter_map(|count| digit(view.before(index, *count))).collect();
    let counted_before = before.len() == 2 && pairs.first() == Some(&(value(&before) + 1));
    let only_pairs = row.groups.iter().all(|group| group.size == 2);
    let listed = row.groups.iter().skip(1).all(|group| group.separator == Some(Separator::Tight));
    only_pairs
        && pairs.len() > 4
        && (counted && (pairs.len() > 5 || counted_before || listed) || times && pairs.len() > 5)
}
