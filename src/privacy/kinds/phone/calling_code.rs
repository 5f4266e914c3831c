//! Calling codes of countries, and the length of the numbers after them.

use crate::privacy::number::value;
use std::ops::RangeInclusive;

/// A country's calling code at the start of a number.
#[derive(Debug, PartialEq)]
pub(super) struct CallingCode {
    /// Digits of the code.
    pub(super) len: usize,
    /// Digits of the numbers after it, without a trunk prefix.
    pub(super) national_digits: RangeInclusive<usize>,
}

/// Codes of two digits (ITU-T E.164, list of assigned codes). Other codes that begin with 2 to 9 have three.
#[rustfmt::skip]
const TWO_DIGITS: &[u32] = &[
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63,
    64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

/// The calling code at the start of ASCII `digits`; `None` if none is assigned.
pub(super) fn calling_code(digits: &[u8]) -> Option<CallingCode> {
    let lead = |len: usize| digits.get(..len).map(value);
    let (code, len) = match digits.first()? {
        b'1' | b'7' => (lead(1)?, 1),
        b'2'..=b'9' => match lead(2)? {
            two if TWO_DIGITS.binary_search(&two).is_ok() => (two, 2),
            // No assigned code begins with these.
            28 | 83 | 89 => return None,
            _ => (lead(3)?, 3),
        },
        _ => return None,
    };
    let national_digits = match code {
        1 | 7 => 10..=10,
        // France and its overseas departments.
        33 | 262 | 590 | 594 | 596 => 9..=9,
        31 | 34 | 41 | 48 | 61 | 351 | 212 => 9..=9,
        // Belgium and Algeria: landline numbers are a digit shorter than mobile numbers.
        32 | 213 => 8..=9,
        44 => 9..=10,
        // New Caledonia, Saint-Pierre-et-Miquelon, Wallis and Futuna: six digits; French Polynesia: eight.
        508 | 681 | 687 => 6..=9,
        _ => 7..=12,
    };
    Some(CallingCode { len, national_digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_code_and_the_length_of_the_number() {
        assert!(TWO_DIGITS.is_sorted());
        let cases = [
            ("33639980123", Some((2, 9..=9))),
            ("262692123456", Some((3, 9..=9))),
            ("14155550132", Some((1, 10..=10))),
            ("687123456", Some((3, 6..=9))),
            ("4930123456", Some((2, 7..=12))),
            ("0639980123", None),
            ("2812345678", None),
            ("", None),
        ];
        for (digits, expected) in cases {
            let expected = expected.map(|(len, national_digits)| CallingCode { len, national_digits });
            assert_eq!(calling_code(digits.as_bytes()), expected, "{digits}");
        }
    }
}
