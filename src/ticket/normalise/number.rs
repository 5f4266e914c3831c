//! Numbers, and texts that hold one.

use serde_json::{Number, Value};

use crate::text::fold;

/// Largest whole number of which every digit is kept in a `f64`: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn integer(value: &Value, minimum: Option<f64>, maximum: Option<f64>) -> Option<Value> {
    let number = read(value)?;
    let float = number.as_f64().filter(|float| within(*float, minimum, maximum))?;
    if number.is_i64() || number.is_u64() {
        return Some(Value::Number(number));
    }
    let whole = float.fract() == 0.0 && float.abs() <= EXACT;
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53, so exact")]
    whole.then(|| Value::from(float as i64))
}

pub(super) fn number(value: &Value, minimum: Option<f64>, maximum: Option<f64>) -> Option<Value> {
    let number = read(value)?;
    number.as_f64().filter(|float| within(*float, minimum, maximum)).map(|_| Value::Number(number))
}

/// The bounds in words, to follow « un nombre ».
pub(super) fn bounds(minimum: Option<f64>, maximum: Option<f64>) -> String {
    match (minimum, maximum) {
        (None, None) => String::new(),
        (Some(low), None) => format!(" d'au moins {low}"),
        (None, Some(high)) => format!(" d'au plus {high}"),
        (Some(low), Some(high)) => format!(" de {low} à {high}"),
    }
}

fn within(number: f64, minimum: Option<f64>, maximum: Option<f64>) -> bool {
    minimum.is_none_or(|low| number >= low) && maximum.is_none_or(|high| number <= high)
}

fn read(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => parse(text),
        _ => None,
    }
}

/// The one number in a text; `None` where there are two, or where a comma may group thousands or start decimals.
fn parse(text: &str) -> Option<Number> {
    if let Ok(number) = text.trim().parse() {
        return Some(number);
    }
    let text = fold(text);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = text.split_at_checked(start)?;
    let end = rest.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (body, after) = rest.split_at_checked(end)?;
    let (before, negative) = match before.strip_suffix('-') {
        Some(before) => (before, "-"),
        None => (before.strip_suffix('+').unwrap_or(before), ""),
    };
    // Beside the number only words may stand, and none glued to its front.
    let is_word =
        |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '%' | '€' | '.' | '\'' | '(' | ')' | ':');
    let starts_here = before.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ':' | '\''));
    if !starts_here || !before.chars().all(is_word) || !after.chars().all(is_word) {
        return None;
    }
    format!("{negative}{}", plain(body)?).parse().ok()
}

/// Digits with a decimal point, out of digits as people group them.
fn plain(body: &str) -> Option<String> {
    let ungrouped = match body.split_once(' ') {
        None => body.to_owned(),
        Some(_) => {
            let whole = body.split(['.', ',']).next()?;
            let mut groups = whole.split(' ');
            let first = groups.next()?;
            if !(1..=3).contains(&first.len()) || !groups.all(|group| group.len() == 3) {
                return None;
            }
            body.replace(' ', "")
        }
    };
    let decimal = match (ungrouped.rfind(','), ungrouped.rfind('.')) {
        (Some(comma), Some(point)) => {
            let (groups, mark) = if comma > point { ('.', ',') } else { (',', '.') };
            let whole = ungrouped.split(mark).next()?;
            if !whole.split(groups).skip(1).all(|group| group.len() == 3) {
                return None;
            }
            ungrouped.replace(groups, "").replace(mark, ".")
        }
        (Some(comma), None) => {
            // "1,200" is a thousand and two hundred to some and one and a fifth to others.
            let decimals = ungrouped.len() - comma - 1;
            if decimals == 3 {
                return None;
            }
            ungrouped.replace(',', ".")
        }
        (None, _) => ungrouped,
    };
    let is_plain = decimal.bytes().all(|b| b.is_ascii_digit() || b == b'.') && decimal.matches('.').count() <= 1;
    is_plain.then(|| {
        let whole = decimal.trim_start_matches('0');
        // JSON has no leading zeros.
        if whole.is_empty() || whole.starts_with('.') { format!("0{whole}") } else { whole.to_owned() }
    })
}
