//! Places: rooms, floors, buildings, sites and towns, as the customer wrote them.

use std::ops::Range;

use crate::text::{Gap, fold};

mod noun;
mod town;

use super::lexicon::Hit;
use super::prose::one_line;
use super::reading::{Reading, longest};
use super::vocabulary::{Role, SMALL_WORD, Scope, is_in, mark};

/// Most words of a place's name: « Saint-Denis Pleyel Nord ».
const NAME_WORDS: usize = 4;
/// Most places of a line: a problem has one place, of a few parts.
const MAX_PLACES: usize = 8;

/// A place found in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its words in the line.
    pub words: Range<usize>,
    /// Its size.
    pub scope: Scope,
}

/// The places of a line, in order, none inside another.
pub(super) fn find(line: &Reading<'_>) -> Vec<Found> {
    let mut finder = Finder {
        line,
        towns: longest(&line.hits, |role| matches!(role, Role::Town { .. })),
        in_capitals: line.words.len() > 3 && (0..line.words.len()).all(|at| has_no_lower_case(line.words.original(at))),
        found: Vec::new(),
    };
    finder.nouns();
    finder.levels();
    finder.towns();
    finder.departments();
    let mut found = finder.found;
    found.sort_by_key(|place| (place.words.start, std::cmp::Reverse(place.words.end)));
    let mut end = 0;
    found.retain(|place| {
        let kept = place.words.start >= end && !line.is_dismissed(place.words.start);
        if kept {
            end = place.words.end;
        }
        kept
    });
    found.truncate(MAX_PLACES);
    found
}

/// The places of all lines as one text, oldest first; of each scope only those of the last line that names it.
pub(super) fn combine(lines: &[Reading<'_>], places: &[Vec<Found>], max_length: usize) -> Option<String> {
    let mut parts: Vec<(Scope, usize, &str)> = Vec::new();
    for (index, (line, found)) in lines.iter().zip(places).enumerate() {
        // A later line corrects an earlier one; within a line, two rooms are two rooms.
        parts.retain(|(scope, ..)| found.iter().all(|place| place.scope != *scope));
        parts.extend(found.iter().map(|place| (place.scope, index, line.words.slice(place.words.clone()))));
    }
    let mut texts: Vec<String> = Vec::new();
    let mut length = 0;
    for (.., part) in parts {
        let part = one_line(part);
        let longer = length + part.chars().count() + if texts.is_empty() { 0 } else { 2 };
        if longer <= max_length && texts.iter().all(|text| fold(text) != fold(&part)) {
            length = longer;
            texts.push(part);
        }
    }
    (!texts.is_empty()).then(|| texts.join(", "))
}

struct Finder<'r, 't> {
    line: &'r Reading<'t>,
    towns: Vec<Hit>,
    /// Whether the whole line is in capitals, which then mark no names.
    in_capitals: bool,
    found: Vec<Found>,
}

impl Finder<'_, '_> {
    fn push(&mut self, words: Range<usize>, scope: Scope) {
        self.found.push(Found { words, scope });
    }

    /// Whether the word continues a proper name, or is one after a colon.
    fn is_name(&self, at: usize) -> bool {
        self.is_proper(at) && (self.line.words.gap(at) <= Gap::Blank || self.is_colon(at))
    }

    /// Whether the word may be part of a proper name: capitalised, not first in a sentence, no function word, no brand.
    fn is_proper(&self, at: usize) -> bool {
        let line = self.line;
        let other = SMALL_WORD | mark::BRAND | mark::SERIES | mark::ORDINAL | mark::CALENDAR;
        line.words.is_capitalised(at)
            && line.words.gap(at) < Gap::Sentence
            && !self.in_capitals
            && !line.is(at, other)
            && !line.words.has_digit(at)
            && !line.hits_at(at).any(|hit| matches!(hit.role, Role::Equipment(_) | Role::Place(_)))
    }

    /// Whether a colon stands before the word.
    fn is_colon(&self, at: usize) -> bool {
        let between = self.line.words.between(at);
        between.trim() == ":" && !between.contains('\n')
    }

    /// Whether the clause ends before the word.
    fn ends(&self, at: usize) -> bool {
        self.line.words.gap(at) >= Gap::Clause
    }
}

fn has_no_lower_case(word: &str) -> bool {
    !word.chars().any(char::is_lowercase)
}

/// Whether a word is a time: « 14h », « 9h30 », "2pm".
pub(super) fn is_time(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < word.len() && is_in(rest.trim_end_matches(|c: char| c.is_ascii_digit()), |words| words.clock_units)
}
