//! Towns and departments.

use std::ops::Range;

use crate::text::Gap;

use super::{Finder, Found, NAME_WORDS};
use crate::local::vocabulary::{Role, Scope, mark};

impl Finder<'_, '_> {
    /// Finds the towns that a preposition, a capital or their position marks as places.
    pub(super) fn towns(&mut self) {
        let mut found = Vec::new();
        for town in &self.towns {
            let Role::Town { ambiguous } = town.role else { continue };
            let words = &self.line.words;
            let close = words.gap(town.start) <= Gap::Blank;
            let led = close && self.line.follows(town.start, |words| words.town_prepositions);
            let near = close && self.line.follows(town.start, |words| words.inside);
            let listed = words.gap(town.start) >= Gap::Clause && words.gap(town.end) >= Gap::Clause;
            let capital = words.is_capitalised(town.start) && !self.in_capitals;
            let is_place = match (ambiguous, capital) {
                (true, true) => near || (listed && words.len() <= 3),
                (true, false) => false,
                (false, true) => led || listed || words.gap(town.end) >= Gap::Clause,
                (false, false) => {
                    near || (listed && (self.in_capitals || words.len() <= 4)) || (self.in_capitals && led)
                }
            };
            if is_place {
                found.push(Found { words: town.start..town.end, scope: Scope::Site });
            }
        }
        self.found.extend(found);
        // A town that is not in the vocabulary: « je suis basé à Trifouilly ».
        for at in 2..self.line.words.len() {
            let words = &self.line.words;
            let stays = self.line.is(at - 2, mark::LOCATED);
            if stays && self.line.follows(at, |words| words.inside) && words.gap(at) == Gap::Blank && self.is_name(at) {
                let name = (at..at + NAME_WORDS).take_while(|at| self.is_name(*at) && words.gap(*at) <= Gap::Blank);
                self.push(at..name.last().unwrap_or(at) + 1, Scope::Site);
            }
        }
    }

    /// Finds « au **service comptabilité** », "in the **HR department**", "in **accounting**".
    pub(super) fn departments(&mut self) {
        for at in 0..self.line.words.len() {
            let line = self.line;
            if !line.is(at, mark::DEPARTMENT) {
                continue;
            }
            let close = |at: usize| line.words.gap(at) <= Gap::Blank;
            let noun = |at: usize| line.is(at, mark::DEPARTMENT_NOUN);
            let words = if at > 0 && noun(at - 1) && close(at) {
                at - 1..at + 1
            } else if at > 1 && noun(at - 2) && line.is(at - 1, mark::OF) && close(at) && close(at - 1) {
                at - 2..at + 1
            } else if noun(at + 1) && close(at + 1) {
                at..at + 2
            } else {
                at..at + 1
            };
            let governor = line.governor(words.start);
            let led = governor.is_some_and(|at| line.is_in(at, |words| words.department_prepositions));
            let of = governor.is_some_and(|at| line.is_in(at, |words| words.department_origins));
            let named = words.len() > 1 && (led || of);
            if named || (led && self.ends(words.end)) {
                self.push(words, Scope::Department);
            }
        }
    }

    /// The town that starts at a word.
    pub(super) fn town_from(&self, at: usize) -> Option<Range<usize>> {
        let town = self.towns.binary_search_by_key(&at, |town| town.start).ok().and_then(|i| self.towns.get(i))?;
        Some(town.start..town.end)
    }

    /// Where a town right before a noun starts: "**Frankfurt** data center".
    pub(super) fn town_before(&self, start: usize) -> Option<usize> {
        let town = self.towns.binary_search_by_key(&start, |town| town.end).ok();
        town.filter(|_| self.line.words.gap(start) <= Gap::Blank).and_then(|i| self.towns.get(i)).map(|town| town.start)
    }
}
