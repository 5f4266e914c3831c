//! Telephone numbers: French ones in any usual grouping, others by their country's calling code.

use super::calling_code::{CallingCode, calling_code};
use super::context::is_reference;
use super::number::{Separator, continues_left, continues_right, digit, groups, separator};
use super::scan::Match;
use super::view::View;

/// Digits of a French number, trunk prefix 0 included (ARCEP's numbering plan).
const NATIONAL_DIGITS: usize = 10;

/// The most digits of an international number (ITU-T E.164).
const MAX_DIGITS: usize = 15;

/// Ways to group a French number: sizes of the groups, in digits. Others are dates, accounts, parts of longer numbers.
const NATIONAL_GROUPS: &[&[usize]] = &[
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

/// Words to which a hurried hand glues a number, in lower case.
const GLUED_LABELS: &[&str] = &["tel", "tél", "téléphone", "telephone", "portable", "mobile", "gsm", "fax", "phone"];

/// Reads a telephone number at `index`.
pub(super) fn phone(view: &View, index: usize) -> Option<Match> {
    match view.at(index) {
        '+' => international(view, index),
        '0' => international(view, index).or_else(|| national(view, index)),
        '3' => without_plus(view, index),
        '(' => national(view, index),
        _ => None,
    }
}

/// `06 39 98 01 23`, `(01) 99 00 12 34`, `0800 123 456`.
fn national(view: &View, index: usize) -> Option<Match> {
    // The area's digits may stand in parentheses.
    let (lead, rest) = match view.at(index) {
        '(' => {
            let digits: Vec<u8> = (index + 1..index + 3).map_while(|at| digit(view.at(at))).collect();
            let close = index + 1 + digits.len();
            if view.at(close) != ')' {
                return None;
            }
            (digits, separator(view, close + 1).map_or(close + 1, |(_, next)| next))
        }
        _ => (Vec::new(), index),
    };
    let groups = groups(view, rest, NATIONAL_DIGITS - lead.len());
    let end = groups.last()?.end;
    let mut sizes: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    if !lead.is_empty() {
        sizes.insert(0, lead.len());
    }
    let digits: Vec<u8> = lead.iter().chain(groups.iter().flat_map(|group| &group.digits)).copied().collect();
    let number = digits.strip_prefix(b"0").filter(|number| number.first().is_some_and(|first| *first != b'0'))?;

    let bare = groups.len() == 1;
    let in_pairs = groups.iter().all(|group| group.digits.len() == 2);
    // The first separator may differ: « 06/39.98.01.23 ».
    let mut separators = groups.iter().skip(1).filter_map(|group| group.separator);
    let first = separators.next();
    let second = separators.next();
    let alike = separators.all(|other| Some(other) == second) && (in_pairs || second.is_none() || first == second);
    let sliced = first == Some(Separator::Slash) || second == Some(Separator::Slash);

    let valid = NATIONAL_GROUPS.contains(&sizes.as_slice())
        && alike
        && (!sliced || in_pairs)
        && !(bare && is_reference(view, index))
        && begins(view, index)
        && (!continues_right(view, end) || another_follows(view, end) || (!bare && view.at(end).is_alphabetic()));
    let key = [b"33", number].concat();
    valid.then(|| Match { start: index, end, key: key.into_iter().map(char::from).collect() })
}

/// `33 6 39 98 01 23` and `33639980123`: a French number whose plus was forgotten.
fn without_plus(view: &View, index: usize) -> Option<Match> {
    let groups = groups(view, index, NATIONAL_DIGITS + 1);
    let end = groups.last()?.end;
    let sizes: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    let digits: Vec<u8> = groups.iter().flat_map(|group| group.digits.iter().copied()).collect();
    let grouped = match sizes.as_slice() {
        [2, 1, 2, 2, 2, 2] | [2, 3, 3, 3] => matches!(digits.get(2), Some(b'1'..=b'9')),
        // Without groups only mobiles: other numbers of eleven digits are too many.
        [11] => matches!(digits.get(2), Some(b'6' | b'7')) && !is_reference(view, index),
        _ => false,
    };
    let valid = grouped && digits.starts_with(b"33") && begins(view, index) && !continues_right(view, end);
    valid.then(|| Match { start: index, end, key: digits.into_iter().map(char::from).collect() })
}

/// `+33 (0)6 39 98 01 23`, `0049 30 1234567`, `(+1) 415-555-0132`.
fn international(view: &View, index: usize) -> Option<Match> {
    let (after_prefix, plus) = match (view.at(index), view.at(index + 1)) {
        ('+', ' ') => (index + 2, true),
        ('+', _) => (index + 1, true),
        ('0', '0') => (separator(view, index + 2).map_or(index + 2, |(_, next)| next), false),
        _ => return None,
    };
    let left_open = view.before(index, 1) == '(';
    let digits = international_digits(view, after_prefix, left_open)?;
    let number: Vec<u8> = digits.iter().map(|digit| digit.value).collect();
    let code = calling_code(&number)?;
    let national = number.get(code.len..)?;
    // « +33 06 … »: the trunk prefix left in. Italy's numbers keep theirs.
    let trunk = national.first() == Some(&b'0') && !number.starts_with(b"39");
    let national = if trunk { national.get(1..)? } else { national };
    if trunk && !plus && !number.starts_with(b"33") {
        return None;
    }
    let (count, end) = national_end(&digits, &code, code.len + usize::from(trunk))?;
    let national = national.get(..count)?;

    let begins = if plus { !view.before(index, 1).is_ascii_digit() } else { begins(view, index) };
    let goes_on = if plus { digit(view.at(end)).is_some() } else { continues_right(view, end) };
    let valid = begins && !goes_on && !is_amount(view, end) && (plus || !is_reference(view, index));
    // The parenthesis that closes inside opened right before.
    let closes_inside = left_open && (index..end).any(|at| view.at(at) == ')');
    let opens_inside = (index..end).any(|at| view.at(at) == '(');
    let start = if closes_inside && !opens_inside { index - 1 } else { index };
    let key = [number.get(..code.len)?, national].concat();
    valid.then(|| Match { start, end, key: key.into_iter().map(char::from).collect() })
}

/// A digit of an international number.
struct Digit {
    value: u8,
    /// The glyph after it.
    end: usize,
    /// Whether a group ends with it.
    last_of_group: bool,
}

/// Reads digits, separators, parentheses; leaves out `(0)`.
fn international_digits(view: &View, index: usize, left_open: bool) -> Option<Vec<Digit>> {
    let mut digits: Vec<Digit> = Vec::with_capacity(MAX_DIGITS);
    let (mut at, mut open) = (index, left_open);
    while digits.len() <= MAX_DIGITS {
        if let Some(value) = digit(view.at(at)) {
            at += 1;
            digits.push(Digit { value, end: at, last_of_group: digit(view.at(at)).is_none() });
        } else if let Some(end) = view.skip(at, "(0)").filter(|_| !digits.is_empty()) {
            at = end;
        } else if view.at(at) == '(' && !open {
            (at, open) = (at + 1, true);
        } else if view.at(at) == ')' && open {
            (at, open) = (at + 1, false);
        } else {
            match separator(view, at) {
                // « +49 30/1234567 » is one number, « … / … » are two.
                Some((Separator::Slash, next)) if next > at + 1 => break,
                Some((_, next)) if digit(view.at(next)).is_some() || matches!(view.at(next), '(' | ')') => at = next,
                _ => break,
            }
        }
    }
    (!digits.is_empty()).then_some(digits)
}

/// How many of the digits after the first `skipped` make the number, and where it ends: the longest that ends a group.
fn national_end(digits: &[Digit], code: &CallingCode, skipped: usize) -> Option<(usize, usize)> {
    let national = digits.get(skipped..)?;
    national
        .iter()
        .enumerate()
        .map(|(at, digit)| (at + 1, digit))
        .filter(|(count, digit)| digit.last_of_group && code.national_digits.contains(count))
        .map(|(count, digit)| (count, digit.end))
        .next_back()
}

/// Whether a currency or a unit follows: « +150 000 000 € ».
fn is_amount(view: &View, end: usize) -> bool {
    let unit = if view.at(end) == ' ' { end + 1 } else { end };
    matches!(view.at(unit), '€' | '$' | '£' | '%')
        || ["eur", "euro", "euros", "usd", "k€", "octets", "bytes", "lignes", "rows"]
            .iter()
            .any(|word| view.skip(unit, word).is_some_and(|end| view.ends_word(end)))
}

/// Whether another number begins behind a dash at `end`: « 01 99 00 12 34-06 39 98 01 23 ».
fn another_follows(view: &View, end: usize) -> bool {
    view.at(end) == '-' && view.at(end + 1) == '0' && matches!(view.at(end + 2), '1'..='9')
}

/// Whether a number without a plus can begin at `index`: not inside a word, a longer number or a code (`CMD-12`, `#12`),
/// save that a label may be glued to it (`tel0639980123`, `fax-01…`).
fn begins(view: &View, index: usize) -> bool {
    let dash = view.before(index, 1) == '-';
    let label_end = index - usize::from(dash);
    let letters = (1..=10).take_while(|count| view.before(label_end, *count).is_alphabetic()).count();
    let is_label = GLUED_LABELS.contains(&view.lower(label_end - letters..label_end).as_str());
    let is_code = (dash && letters > 0) || view.before(index, 1) == '#';
    is_label || !(is_code || continues_left(view, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first number of `text`: its normal form and what it takes of the text.
    fn read(text: &str) -> Option<(String, String)> {
        let view = View::new(text);
        let found = (0..view.len()).find_map(|index| phone(&view, index))?;
        let bytes = view.bytes(found.start..found.end);
        Some((found.key, text.get(bytes)?.to_owned()))
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
        ];
        for text in cases {
            assert_eq!(read(text), Some(("33639980123".to_owned(), text.to_owned())), "{text}");
        }
    }

    #[test]
    fn numbers_of_other_countries_end_where_they_should() {
        let cases = [
            ("+262 692 12 34 56", "262692123456"),
            ("+687 12 34 56", "687123456"),
            ("+1 (415) 555-0132", "14155550132"),
            ("(+1) 415-555-0132", "14155550132"),
            ("+44 (0)20 7946 0958", "442079460958"),
            ("+49 30/1234567", "49301234567"),
            ("+39 06 1234 5678", "390612345678"),
            ("0049 30 12345678", "493012345678"),
        ];
        for (text, key) in cases {
            assert_eq!(read(text), Some((key.to_owned(), text.to_owned())), "{text}");
            let followed = format!("{text}, 12 rue");
            assert_eq!(read(&followed), Some((key.to_owned(), text.to_owned())), "{followed}");
        }
    }

    #[test]
    fn neighbours_do_not_hide_a_number() {
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
        ];
        for (text, number) in cases {
            assert_eq!(read(text).map(|(_, taken)| taken).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn leaves_other_numbers() {
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
