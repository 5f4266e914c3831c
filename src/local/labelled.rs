//! Values beside a field's name: « quantité : 12 », "12 postes", "warranty: yes".

use serde_json::{Number, Value};

use crate::text::Gap;
use crate::ticket::schema::Kind;

use super::prose::one_line;
use super::reading::Reading;
use super::vocabulary::{Role, is_one};

/// The value that the lines give the field at `field` by its name, the later line first.
///
/// `text` is what free text is read to: nothing but what follows the name and a colon.
pub(super) fn value(field: usize, kind: &Kind, lines: &[Reading<'_>]) -> Option<Value> {
    lines.iter().rev().find_map(|line| {
        let labels = line.labels.iter().filter(|hit| hit.role == Role::Label { field });
        labels.into_iter().find_map(|label| match kind {
            Kind::Boolean => near(line, label.end).find_map(|at| yes_or_no(line.words.folded(at))).map(Value::Bool),
            Kind::Choice { options } => {
                let at = near(line, label.end).last()?;
                let named = line.hits_at(at).filter_map(|hit| match hit.role {
                    Role::Choice { field: f, option, .. } if f == field => Some((hit.end, option)),
                    _ => None,
                });
                let (_, option) = named.max()?;
                options.get(option).map(|option| Value::from(option.value.as_str()))
            }
            Kind::Integer { minimum, maximum } => number(line, label.start, label.end)
                .filter(|n| n.fract() == 0.0 && within(*n, *minimum, *maximum))
                .map(whole),
            Kind::Number { minimum, maximum } => number(line, label.start, label.end)
                .filter(|n| within(*n, *minimum, *maximum))
                .and_then(Number::from_f64)
                .map(Value::Number),
            Kind::Text { max_length } => {
                let text = one_line(line.words.slice(after_colon(line, label.end)?));
                (text.chars().count() <= *max_length && !text.is_empty()).then(|| Value::from(text))
            }
        })
    })
}

/// The words after a name, through the first that is not a link.
fn near<'a>(line: &'a Reading<'_>, from: usize) -> impl Iterator<Item = usize> + 'a {
    let links = (from..from + 3).take_while(|at| is_one(line.words.folded(*at), |words| words.value_links)).count();
    (from..=from + links).filter(|at| line.words.gap(*at) < Gap::Sentence)
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "oui" | "yes" | "true" | "vrai" | "ok" => Some(true),
        "non" | "no" | "false" | "faux" | "pas" | "not" => Some(false),
        _ => None,
    }
}

/// The number after a name, else right before it.
fn number(line: &Reading<'_>, start: usize, end: usize) -> Option<f64> {
    let after = near(line, end).last().and_then(|at| number_at(line, at)).map(|(number, _)| number);
    // « 12,5 postes » has two words of digits before the name, « 12 postes » one.
    let ends_here = |at: usize| number_at(line, at).filter(|(_, end)| *end == start).map(|(number, _)| number);
    let before = || [2, 1].into_iter().find_map(|back| ends_here(start.checked_sub(back)?));
    after.or_else(|| if line.words.gap(start) <= Gap::Blank { before() } else { None })
}

/// A number as a customer writes it (« 12 », « 12,5 », "12.5"), and the word after it.
fn number_at(line: &Reading<'_>, at: usize) -> Option<(f64, usize)> {
    let whole = line.words.folded(at);
    let is_number = |word: &str| !word.is_empty() && word.len() <= 15 && word.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) {
        return None;
    }
    let decimals = line.words.folded(at + 1);
    let text = line.words.slice(at..at + 2);
    let is_decimal = is_number(decimals) && text.len() == whole.len() + 1 + decimals.len() && text.contains([',', '.']);
    if is_decimal {
        Some((format!("{whole}.{decimals}").parse().ok()?, at + 2))
    } else {
        Some((whole.parse().ok()?, at + 1))
    }
}

fn within(number: f64, minimum: Option<f64>, maximum: Option<f64>) -> bool {
    minimum.is_none_or(|low| number >= low) && maximum.is_none_or(|high| number <= high)
}

fn whole(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "at most 15 digits, so exact")]
    Value::from(number as i64)
}

/// The words between a name's colon and the end of the clause.
fn after_colon(line: &Reading<'_>, from: usize) -> Option<std::ops::Range<usize>> {
    let words = &line.words;
    let end = || (from + 1..=words.len()).find(|at| words.gap(*at) >= Gap::Clause);
    words.between(from).contains([':', '=']).then(end).flatten().map(|end| from..end)
}
