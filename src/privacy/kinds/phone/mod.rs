//! Telephone numbers: French ones in any usual grouping, international ones by their calling code, and the national forms
//! of some other countries.

mod abroad;
mod calling_code;
mod international;
mod national;

use crate::privacy::context::is_glued;
use crate::privacy::number::{MAX_SEPARATOR, Separator, after_separator, continues_left, continues_right, separator};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

pub(super) const NAME: &str = "TELEPHONE";

/// Least digits of a number without a plus.
const MIN_DIGITS: usize = 7;

/// Most glyphs that these digits take, each with the longest separator and two parentheses.
const MIN_DIGITS_WITHIN: usize = MIN_DIGITS * (1 + MAX_SEPARATOR + 2);

/// Reads a telephone number at `index`.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    let first = view.at(index);
    if first == '+' {
        return international::with_plus(view, index);
    }
    let candidate = matches!(first, '0'..='9' | '(' | 'O' | 'o') && !view.before(index, 1).is_ascii_digit();
    if !candidate || !is_long_enough(view, index) || !begins(view, index) {
        return None;
    }
    match first {
        '0' if second_digit(view, index) == '0' => international::with_zeros(view, index),
        '0' => national::national(view, index)
            .or_else(|| abroad::british(view, index))
            .or_else(|| abroad::belgian(view, index))
            .or_else(|| national::announced(view, index)),
        '(' => national::national(view, index).or_else(|| abroad::american(view, index)),
        'O' | 'o' => national::national(view, index),
        _ => international::without_plus(view, index)
            .or_else(|| abroad::american(view, index))
            .or_else(|| national::announced(view, index)),
    }
}

/// The digit after the one at `index`, with any separator between them.
fn second_digit(view: &View, index: usize) -> char {
    view.at(after_separator(view, index + 1))
}

/// Whether [`MIN_DIGITS`] digits start at `index`: a quick check that rejects most candidates.
fn is_long_enough(view: &View, index: usize) -> bool {
    let mut digits = 0;
    let mut at = index + usize::from(!view.at(index).is_ascii_digit());
    // Without a limit a row of parentheses takes quadratic time.
    let end = index + MIN_DIGITS_WITHIN;
    while digits < MIN_DIGITS && at < end {
        if view.at(at).is_ascii_digit() {
            digits += 1;
            at += 1;
        } else if view.at(at) == ')' || view.at(at) == '(' {
            at += 1;
        } else {
            match separator(view, at) {
                Some((_, next)) => at = next,
                None => return false,
            }
        }
    }
    digits == MIN_DIGITS
}

/// Whether a number without a plus may start at `index`: not within a word, a longer number or a code (`CMD-12`, `#12`).
/// A label may be glued to it (`tel0639980123`, `fax-01…`).
fn begins(view: &View, index: usize) -> bool {
    let in_code = match view.before(index, 1) {
        '#' => true,
        '-' => view.before(index, 2).is_alphabetic(),
        _ => false,
    };
    !(in_code || continues_left(view, index)) || is_glued(view, index)
}

/// Whether a number may end before `index`: not within a longer number or a code.
fn ends(view: &View, index: usize, bare: bool) -> bool {
    // « 01 99 00 12 34-06 39 98 01 23 » is two numbers.
    let another = view.at(index) == '-' && view.at(index + 1) == '0' && matches!(view.at(index + 2), '1'..='9');
    // « 06 39 98 01 23svp », « 0639980123merci », but not `0612345678A`.
    let letters = (index..index + 3).take_while(|at| view.at(*at).is_lowercase()).count();
    let word = letters >= if bare { 3 } else { 1 };
    another || word || !continues_right(view, index)
}

/// Whether all separators are the same, apart from the first one if `but_first`.
fn alike(mut separators: impl Iterator<Item = Separator>, but_first: bool) -> bool {
    let first = separators.next();
    let second = if but_first { separators.next() } else { first };
    separators.all(|other| Some(other) == second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::kinds::first;

    /// The first number of `text`: its normal form and its text.
    fn read(text: &str) -> Option<(String, String)> {
        first(text, find)
    }

    #[test]
    fn french_numbers_have_one_normal_form() {
        let cases = [
            "0639980123",
            "06 39 98 01 23",
            "06.39.98.01.23",
            "06-39-98-01-23",
            "06/39/98/01/23",
            "06/39.98.01.23",
            "06 . 39 . 98 . 01 . 23",
            "06  39  98  01  23",
            "0639 98 01 23",
            "06 399 801 23",
            "06 3998 0123",
            "0639 980 123",
            "0 6 3 9 9 8 0 1 2 3",
            "(06) 39 98 01 23",
            "(0)6 39 98 01 23",
            "+33639980123",
            "+33 6 39 98 01 23",
            "+33 (0)6 39 98 01 23",
            "+33(0)639980123",
            "+33 06 39 98 01 23",
            "+ 33 6 39 98 01 23",
            "(+33) 6 39 98 01 23",
            "+33.6.39.98.01.23",
            "0033 6 39 98 01 23",
            "0033639980123",
            "00 33 (0) 6 39 98 01 23",
            "33 6 39 98 01 23",
            "33639980123",
            "06\n39\n98 01 23",
            "06,39,98,01,23",
            "06_39_98_01_23",
            "06.39 98-01 23",
            "063-998-0123",
            "06 39 980 123",
            "O6 39 98 01 23",
            "+33(6)39980123",
            "tel 639980123",
            "appelez le 0 63 998 0 123",
        ];
        for text in cases {
            let number = text.trim_start_matches(|c: char| c.is_lowercase() || c == ' ');
            assert_eq!(read(text), Some(("33639980123".to_owned(), number.to_owned())), "{text}");
        }
    }

    #[test]
    fn numbers_of_other_countries_are_read_to_their_end() {
        let cases = [
            ("+262 692 12 34 56", "262692123456"),
            ("+687 12 34 56", "687123456"),
            ("+1 (415) 555-0132", "14155550132"),
            ("(+1) 415-555-0132", "14155550132"),
            ("+44 (0)20 7946 0958", "442079460958"),
            ("+49 30/1234567", "49301234567"),
            ("+39 06 1234 5678", "390612345678"),
            ("0049 30 12345678", "493012345678"),
            ("(202) 555-0143", "12025550143"),
            ("202-555-0143", "12025550143"),
            ("202.555.0143", "12025550143"),
            ("1-800-555-0147", "18005550147"),
            ("020 7946 0321", "442079460321"),
            ("07700 900123", "447700900123"),
            ("02/555 12 34", "3225551234"),
            ("0475/12.34.56", "33475123456"),
            ("+213 21 12 34 56", "21321123456"),
        ];
        for (text, key) in cases {
            assert_eq!(read(text), Some((key.to_owned(), text.to_owned())), "{text}");
            let followed = format!("{text}, 12 rue");
            assert_eq!(read(&followed), Some((key.to_owned(), text.to_owned())), "{followed}");
        }
    }

    #[test]
    fn reads_numbers_next_to_other_text() {
        let cases = [
            ("bureau 12 06 39 98 01 23 poste 4", "06 39 98 01 23"),
            ("tel0639980123", "0639980123"),
            ("fax-0639980123", "0639980123"),
            ("tél.0639980123.", "0639980123"),
            ("0639980123-0199001234", "0639980123"),
            ("12,0639980123,Paris", "0639980123"),
            ("06 39 98 01 23svp", "06 39 98 01 23"),
            ("06 39 98 01 23/01 99 00 12 34", "06 39 98 01 23"),
            ("le client : 0639980123", "0639980123"),
            ("au0639980123merci", "0639980123"),
            ("_0639980123_", "0639980123"),
            ("+33 6 39 98 01 23\n2 écrans", "+33 6 39 98 01 23"),
            ("+49 30 901820\n12 écrans", "+49 30 901820"),
            ("call 202 555 0143", "202 555 0143"),
            ("06 39 98 01 23 12 rue Foch", "06 39 98 01 23"),
        ];
        for (text, number) in cases {
            assert_eq!(read(text).map(|(_, taken)| taken).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn ignores_other_numbers() {
        let cases = [
            "ticket 0612345678",
            "CMD-0612345678",
            "#0612345678",
            "x0612345678",
            "06123456789",
            "0612345678A",
            "1.0612345678",
            "0012345678",
            "00 12 34 56 78",
            "01-02-2024 10:30",
            "01.02.24 10:30",
            "01/02/2024 1234",
            "0112 3456 78",
            "06 39 98 01 2",
            "08 30 12 00 13 30",
            "03 04 05 06 07 08",
            "06,07,08,09,10",
            "02-03-24 08 30",
            "05 06 2024 10 30",
            "rappeler le 02 03 2024 14 30",
            "0,0612345678",
            "commande n° 06 45 67 89 01",
            "réf 202-555-0143",
            "compteur 123-456-7890",
            "202 555 0143",
            "20-30-40",
            "+150 000 000 €",
            "+20 %",
            "+2812345678",
            "+33 1 23",
            "UTC+02:00",
            "3949",
            "118 712",
            "1234567890",
            "33123456789",
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
