//! French social-security numbers (NIR): sex, year, month and place of birth, serial number, two-digit key.

use crate::language::of_all;
use crate::privacy::checksum::mod_97;
use crate::privacy::number::{after_separator, characters, continues_right, starts_number, value};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

pub(super) const NAME: &str = "NIR";

/// Digits of the number without its key.
const DIGITS: usize = 13;
const KEY_DIGITS: usize = 2;

/// Reads a social-security number with its key at `index`, in any grouping.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    if !matches!(view.at(index), '1'..='4' | '7' | '8') || !starts_number(view, index) {
        return None;
    }
    // The departments of Corsica are 2A and 2B.
    let is_digit = |at, c: u8| c.is_ascii_digit() || (at == 6 && matches!(c, b'A' | b'B'));
    let (number, end) = characters(view, index, DIGITS, is_digit)?;
    let next = after_separator(view, end);
    let key_start = labelled_key(view, next).unwrap_or(next);
    let (key, end) = characters(view, key_start, KEY_DIGITS, |_, c| c.is_ascii_digit())?;
    (is_valid(&number, &key) && !continues_right(view, end)).then(|| Match::new(index, end, &[number, key].concat()))
}

/// The start of the key after the word « clé » at `index`.
fn labelled_key(view: &View, index: usize) -> Option<usize> {
    let after = of_all(|texts| texts.privacy.check_keys).find_map(|word| view.skip(index, word))?;
    (after..after + 4).find(|at| !matches!(view.at(*at), ' ' | ':'))
}

/// Whether month and department exist and the key is correct.
fn is_valid(number: &[u8], key: &[u8]) -> bool {
    let (Some(month), Some(department)) = (number.get(3..5).map(value), number.get(5..7)) else { return false };
    // Months above 12 mean that the birth date is unknown or was registered late (INSEE).
    let month_exists = matches!(month, 1..=12 | 20 | 30..=42 | 50..=99);
    let department_digits = match department {
        b"2A" => *b"19",
        b"2B" => *b"18",
        b"00" => return false,
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => [*tens, *units],
        _ => return false,
    };
    let digits = number.iter().take(5).chain(&department_digits).chain(number.iter().skip(7)).copied();
    month_exists && value(key) == 97 - mod_97(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        find(&View::new(text), 0).map(|found| found.key)
    }

    #[test]
    fn reads_numbers_with_a_correct_key() {
        let cases = [
            ("255081416802538", "255081416802538"),
            ("2 55 08 14 168 025 38", "255081416802538"),
            ("2.55.08.14.168.025 / 38.", "255081416802538"),
            ("2 55 08 14 168 025 clé : 38", "255081416802538"),
            ("1 85 05 2A 006 084 35", "185052A00608435"),
            ("1 85 05 2b 006 084 62", "185052B00608462"),
        ];
        for (text, number) in cases {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn ignores_invalid_numbers() {
        for text in ["255081416802539", "255131416802538", "555081416802538", "2550814168025380", "2 55 08 14 168 025"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
