//! Values beside a field's name: « quantité : 12 », "12 postes", "warranty: yes".

use serde_json::Value;

use crate::text::Gap;
use crate::ticket::kinds::{BesideName, FieldKind, Kind};

use super::prose::one_line;
use super::reading::Reading;
use super::vocabulary::Role;

/// The value that the lines give the field at `field` beside its name, the later line first.
pub(super) fn value(field: usize, kind: &Kind, lines: &[Reading<'_>]) -> Option<Value> {
    lines.iter().rev().find_map(|line| {
        let names = line.labels.iter().filter(|hit| hit.role == Role::Label { field });
        names.into_iter().find_map(|name| kind.beside_name(&Beside { line, field, start: name.start, end: name.end }))
    })
}

/// A field's name in a line.
struct Beside<'r, 's> {
    line: &'r Reading<'s>,
    field: usize,
    /// The name's first word.
    start: usize,
    /// The word after the name.
    end: usize,
}

impl BesideName for Beside<'_, '_> {
    fn words(&self) -> impl Iterator<Item = &str> {
        near(self.line, self.end).map(|at| self.line.words.folded(at))
    }

    fn number(&self) -> Option<f64> {
        number(self.line, self.start, self.end)
    }

    fn option(&self) -> Option<usize> {
        let at = near(self.line, self.end).last()?;
        let named = self.line.hits_at(at).filter_map(|hit| match hit.role {
            Role::Choice { field, option, .. } if field == self.field => Some((hit.end, option)),
            _ => None,
        });
        named.max().map(|(_, option)| option)
    }

    fn text(&self) -> Option<String> {
        let text = one_line(self.line.words.slice(after_colon(self.line, self.end)?));
        Some(text).filter(|text| !text.is_empty())
    }
}

/// The words after a name, through the first that is not a link.
fn near<'a>(line: &'a Reading<'_>, from: usize) -> impl Iterator<Item = usize> + 'a {
    let links = (from..from + 3).take_while(|at| line.is_in(*at, |words| words.value_links)).count();
    (from..=from + links).filter(|at| line.words.gap(*at) < Gap::Sentence)
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

/// The words between a name's colon and the end of the clause.
fn after_colon(line: &Reading<'_>, from: usize) -> Option<std::ops::Range<usize>> {
    let words = &line.words;
    let end = || (from + 1..=words.len()).find(|at| words.gap(*at) >= Gap::Clause);
    words.between(from).contains([':', '=']).then(end).flatten().map(|end| from..end)
}
