//! Payment cards: 13 to 19 digits, the first digits of a card scheme, Luhn's check.

use crate::privacy::checksum::luhn;
use crate::privacy::number::{Group, Row, continues_right, starts_number, value};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

pub(super) const NAME: &str = "CARTE";

/// Digits of the longest card number (ISO/IEC 7812-1).
const MAX_DIGITS: usize = 19;

/// Reads a card number at `index`.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    if !matches!(view.at(index), '2'..='6') || !starts_number(view, index) {
        return None;
    }
    let row = Row::read(view, index, MAX_DIGITS);
    // The longest number wins: the first 16 digits of a card of 19 may be valid too.
    (1..=row.groups.len()).rev().find_map(|count| {
        let groups = row.groups.get(..count)?;
        let end = groups.last()?.end;
        let digits = row.digits.get(..groups.iter().map(|group| group.size).sum())?;
        let valid = is_issued(digits) && is_grouped_as_card(groups) && luhn(digits) && !continues_right(view, end);
        valid.then(|| Match::new(index, end, digits))
    })
}

/// Whether a card scheme issues numbers with these first digits and this length.
///
/// Excludes other numbers with a Luhn digit: SIRET (14 digits), IMEI (15), ICCID (19, beginning with 89).
fn is_issued(digits: &[u8]) -> bool {
    let lead = |count: usize| digits.get(..count).map_or(0, value);
    match digits.len() {
        // Visa's old numbers, Maestro.
        13 => matches!(lead(1), 4..=6),
        // Diners Club.
        14 => matches!(lead(3), 300..=305 | 309 | 360..=369 | 380..=399),
        // American Express.
        15 => matches!(lead(2), 34 | 37),
        // Visa, Mastercard, Maestro, Discover, JCB, UnionPay, Mir, Diners Club.
        16..=19 => matches!(lead(2), 22..=27 | 30 | 35 | 36 | 38..=69),
        _ => false,
    }
}

/// Whether the digits are one group, grouped as on a card (4-4-4-4, 4-6-5), or in equal groups.
fn is_grouped_as_card(groups: &[Group]) -> bool {
    let sizes: Vec<usize> = groups.iter().map(|group| group.size).collect();
    let one_separator = groups.iter().skip(2).all(|group| group.separator == groups.get(1).and_then(|g| g.separator));
    one_separator
        && match sizes.as_slice() {
            [4, 6, 4 | 5] => true,
            [first, between @ .., last] => between.iter().all(|size| size == first) && last <= first,
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        find(&View::new(text), 0).map(|found| found.key)
    }

    #[test]
    fn reads_cards_in_every_grouping() {
        let cases = [
            ("4111111111111111", "4111111111111111"),
            ("4111 1111 1111 1111 12/27", "4111111111111111"),
            ("5555-5555-5555-4444.", "5555555555554444"),
            ("3782 822463 10005", "378282246310005"),
            ("3056 930902 5904", "30569309025904"),
            ("4222222222222", "4222222222222"),
            ("6799990100000000019", "6799990100000000019"),
            ("41 11 11 11 11 11 11 11", "4111111111111111"),
        ];
        for (text, digits) in cases {
            assert_eq!(read(text).as_deref(), Some(digits), "{text}");
        }
    }

    #[test]
    fn a_label_may_be_glued_to_the_card() {
        let view = View::new("CB4111111111111111 x CBX4111111111111111 x SN4111111111111111");
        let found: Vec<usize> = (0..view.len()).filter(|index| find(&view, *index).is_some()).collect();
        assert_eq!(found, [2]);
    }

    #[test]
    fn ignores_other_long_numbers() {
        let cases = [
            "4111 1111 1111 1112",   // fails the check
            "73282932000074",        // SIRET
            "490154203237518",       // IMEI
            "411111111111111100000", // too long
            "4111111111111111A",     // a code
            "4111 111 11111 1111",   // unrelated numbers
            "4111 1111-1111 1111",   // two kinds of separator
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
