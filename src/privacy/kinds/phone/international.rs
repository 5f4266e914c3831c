//! Numbers with a calling code.

use super::calling_code::{CallingCode, calling_code};
use crate::language::of_all;
use crate::privacy::context::is_reference;
use crate::privacy::number::{Row, Separator, after_separator, continues_right, digit, separator};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

/// Most digits of an international number (ITU-T E.164).
const MAX_DIGITS: usize = 15;

/// Digits, with the calling code, from which a number is usually complete.
const COMPLETE: usize = 9;

/// A French number with its calling code and without a plus: `33 6 39 98 01 23`, `33639980123`.
pub(super) fn without_plus(view: &View, index: usize) -> Option<Match> {
    let row = Row::read(view, index, 11);
    let end = row.end()?;
    let grouped = match row.sizes().as_slice() {
        [2, 1, 2, 2, 2, 2] | [2, 3, 3, 3] => matches!(row.digits.get(2), Some(b'1'..=b'9')),
        // Without groups only mobile numbers: too many other numbers have eleven digits.
        [11] => matches!(row.digits.get(2), Some(b'6' | b'7')) && !is_reference(view, index),
        _ => false,
    };
    let valid = grouped && row.digits.starts_with(b"33") && !continues_right(view, end);
    valid.then(|| Match::new(index, end, &row.digits))
}

/// A number with a plus: `+33 (0)6 39 98 01 23`, `(+1) 415-555-0132`.
pub(super) fn with_plus(view: &View, index: usize) -> Option<Match> {
    let after = if view.at(index + 1) == ' ' { index + 2 } else { index + 1 };
    let begins = !view.before(index, 1).is_ascii_digit();
    if begins { international(view, index, after, true) } else { None }
}

/// A number with two zeros for the plus: `0049 30 1234567`.
pub(super) fn with_zeros(view: &View, index: usize) -> Option<Match> {
    let after = after_separator(view, index + 2);
    if view.at(index + 1) == '0' { international(view, index, after, false) } else { None }
}

/// The number whose prefix, a `plus` or two zeros, ends at `after_prefix`.
fn international(view: &View, index: usize, after_prefix: usize, plus: bool) -> Option<Match> {
    let left_open = view.before(index, 1) == '(';
    let digits = international_digits(view, after_prefix, left_open)?;
    let number: Vec<u8> = digits.iter().map(|digit| digit.value).collect();
    let code = calling_code(&number)?;
    let national = number.get(code.len..)?;
    // « +33 06 … »: with a trunk prefix. In Italy it is part of the number.
    let trunk = national.first() == Some(&b'0') && !number.starts_with(b"39");
    let national = if trunk { national.get(1..)? } else { national };
    if trunk && !plus && !number.starts_with(b"33") {
        return None;
    }
    let (count, end) = national_end(&digits, &code, code.len + usize::from(trunk))?;
    let national = national.get(..count)?;

    let goes_on = if plus { digit(view.at(end)).is_some() } else { continues_right(view, end) };
    let valid = !goes_on && !is_amount(view, end) && (plus || !is_reference(view, index));
    // A parenthesis that opens right before the number is part of it if it closes within.
    let closes_inside = left_open && (index..end).any(|at| view.at(at) == ')');
    let opens_inside = (index..end).any(|at| view.at(at) == '(');
    let start = if closes_inside && !opens_inside { index - 1 } else { index };
    let key = [number.get(..code.len)?, national].concat();
    valid.then(|| Match::new(start, end, &key))
}

/// A digit of an international number.
struct Digit {
    value: u8,
    /// The glyph after it.
    end: usize,
    /// Whether it is the last digit of a group.
    last_of_group: bool,
}

/// Reads digits with separators and parentheses, and skips `(0)`.
fn international_digits(view: &View, index: usize, left_open: bool) -> Option<Vec<Digit>> {
    let mut digits: Vec<Digit> = Vec::with_capacity(MAX_DIGITS);
    let (mut at, mut open) = (index, u8::from(left_open));
    while digits.len() <= MAX_DIGITS {
        if let Some(value) = digit(view.at(at)) {
            at += 1;
            digits.push(Digit { value, end: at, last_of_group: digit(view.at(at)).is_none() });
        } else if let Some(end) = view.skip(at, "(0)").filter(|_| !digits.is_empty()) {
            at = end;
        } else if view.at(at) == '(' && open < 2 {
            (at, open) = (at + 1, open + 1);
        } else if view.at(at) == ')' && open > 0 {
            (at, open) = (at + 1, open - 1);
        } else {
            match separator(view, at) {
                // `+49 30/1234567` is one number; a slash with spaces separates two.
                Some((Separator::Slash, next)) if next > at + 1 => break,
                Some((Separator::Tight, _)) => break,
                // A complete number ends with its line.
                Some((Separator::Space, next))
                    if digits.len() >= COMPLETE && (at..next).any(|at| view.at(at) == '\n') =>
                {
                    break;
                }
                Some((_, next)) if digit(view.at(next)).is_some() || matches!(view.at(next), '(' | ')') => at = next,
                _ => break,
            }
        }
    }
    (!digits.is_empty()).then_some(digits)
}

/// The number of digits of the number after the first `skipped`, and its end: the longest number that ends with a group.
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

/// Whether a currency or unit follows: « +150 000 000 € ».
fn is_amount(view: &View, end: usize) -> bool {
    let unit = if view.at(end) == ' ' { end + 1 } else { end };
    matches!(view.at(unit), '€' | '$' | '£' | '%')
        || of_all(|texts| texts.privacy.units).any(|word| view.skip(unit, word).is_some_and(|end| view.ends_word(end)))
}
