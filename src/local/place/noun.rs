//! Nouns of places with their numbers and names: « salle B12 », « 3e étage », "Newton building".

use std::ops::Range;

use crate::text::Gap;

use super::{Finder, NAME_WORDS, is_time};
use crate::local::lexicon::Hit;
use crate::local::reading::longest;
use crate::local::vocabulary::{Equipment, Place, Role, SMALL_WORD, Scope, mark};

/// Longest number of a room or a building, in characters: "B-12.04" is already rare.
const NUMBER_LENGTH: usize = 8;

impl Finder<'_, '_> {
    /// Finds the places that a noun names.
    pub(super) fn nouns(&mut self) {
        let things = longest(&self.line.hits, |role| matches!(role, Role::Equipment(_)));
        let mut things = things.iter().peekable();
        for hit in &self.line.hits {
            let Role::Place(noun) = hit.role else { continue };
            // Part of the longer name of something else: « borne d'accueil », "Office 365".
            while things.next_if(|thing| thing.end <= hit.start).is_some() {}
            let inside = |thing: &&Hit| {
                thing.start <= hit.start && hit.end <= thing.end && thing.end - thing.start > hit.end - hit.start
            };
            if !things.peek().is_some_and(inside)
                && let Some(words) = self.noun(hit.start..hit.end, noun)
            {
                self.push(words, noun.scope);
            }
        }
    }

    /// The words of the place that a noun names together with the words around it.
    fn noun(&self, words: Range<usize>, noun: Place) -> Option<Range<usize>> {
        if noun.number {
            if let Some(end) = self.number(words.end) {
                return Some(words.start..end);
            }
            if noun.scope == Scope::Floor
                && let Some(start) = self.ordinal(&words)
            {
                return Some(start..words.end);
            }
        }
        if noun.name || noun.town {
            if let Some(end) = self.name_after(words.end, noun) {
                // « Site : Lyon » is Lyon.
                return Some(if self.is_colon(words.end) { words.end } else { words.start }..end);
            }
            if let Some(start) = self.name_before(words.start, noun).or_else(|| self.kind_before(words.start, noun)) {
                return Some(start..words.end);
            }
        }
        if noun.alone
            && let Some(town) = self.town_before(words.start)
        {
            return Some(town..words.end);
        }
        (noun.alone && self.stands_alone(&words, noun.scope)).then_some(words)
    }

    /// Finds « R+2 ».
    pub(super) fn levels(&mut self) {
        let words = &self.line.words;
        let is_level = |at: &usize| {
            self.line.is(*at, mark::FLOOR_LETTER) && words.has_digit(at + 1) && words.between(at + 1) == "+"
        };
        let levels: Vec<usize> = (0..words.len()).filter(is_level).collect();
        levels.into_iter().for_each(|at| self.push(at..at + 2, Scope::Floor));
    }

    /// The end of a number after a noun: « 214 », « n° 12 », « B-12 », « C », "4B".
    fn number(&self, after: usize) -> Option<usize> {
        let words = &self.line.words;
        let sign = self.line.is_in(after, |words| words.number_signs);
        let at = if sign && words.gap(after) == Gap::Blank { after + 1 } else { after };
        if !(words.gap(at) <= Gap::Blank || self.is_colon(at)) || words.folded(at).len() > NUMBER_LENGTH {
            return None;
        }
        let mut end = at + 1;
        if words.has_digit(at) {
            if self.line.is(at, mark::ORDINAL) || is_time(words.folded(at)) || self.line.is(at + 1, mark::UNIT) {
                return None;
            }
        } else if is_letter(words.folded(at)) && words.gap(at + 1) != Gap::Joined {
            // A capital letter, or a letter that is not a word by itself.
            let capital = words.is_capitalised(at) && !self.in_capitals;
            let counts = self.line.is(end, mark::ORDINAL) || is_time(words.folded(end));
            let digits = words.has_digit(end) && words.gap(end) == Gap::Blank && !counts;
            let article = self.line.is_in(at, |words| words.letter_words);
            if !capital && (article || !(digits || self.ends(end))) {
                return None;
            }
            end += usize::from(digits);
        } else if !(is_letter(words.folded(at)) && words.has_digit(end)) {
            return None;
        }
        while words.gap(end) == Gap::Joined && (words.has_digit(end) || is_letter(words.folded(end))) {
            end += 1;
        }
        Some(end)
    }

    /// Where « 3e », « 3 ème » or "second" before a floor starts.
    fn ordinal(&self, words: &Range<usize>) -> Option<usize> {
        let text = &self.line.words;
        let before = words.start.checked_sub(1).filter(|_| text.gap(words.start) <= Gap::Blank)?;
        if self.line.is(before, mark::ORDINAL) {
            return Some(before);
        }
        let is_number = |at: usize| text.folded(at).bytes().all(|b| b.is_ascii_digit());
        if is_number(before)
            && text.folded(before).len() <= 2
            && text.slice(before..words.start + 1).contains(['°', 'º'])
        {
            return Some(before);
        }
        let apart = self.line.is_in(before, |words| words.ordinal_endings);
        before.checked_sub(1).filter(|number| apart && text.gap(before) <= Gap::Blank && is_number(*number))
    }

    /// The end of a name after a noun: « salle **Picasso** », « site **de Lyon** », « agence **Paris Nord** ».
    fn name_after(&self, after: usize, noun: Place) -> Option<usize> {
        let words = &self.line.words;
        let mut at = after;
        while self.line.is(at, mark::OF | mark::TO | mark::AT) && words.gap(at) <= Gap::Blank && at < after + 2 {
            at += 1;
        }
        let follows = words.gap(at) <= Gap::Blank || self.is_colon(at);
        if !follows || (noun.town && at == after + 2) {
            return None;
        }
        let linked = at > after || self.is_colon(at);
        if noun.town
            && let Some(town) = self.town_from(at)
            && (linked || words.is_capitalised(at) || !noun.alone)
        {
            let named =
                (town.end..town.end + 2).take_while(|at| self.is_name(*at) || self.line.is(*at, mark::COMPASS_POINT));
            return Some(named.last().map_or(town.end, |last| last + 1));
        }
        if !noun.name || (linked && !noun.town) {
            return None;
        }
        if self.line.is(at, mark::COMPASS_POINT) && noun.scope == Scope::Building {
            return Some(at + 1);
        }
        let name = (at..at + NAME_WORDS).take_while(|next| self.is_name(*next));
        name.last().map(|last| last + 1)
    }

    /// The start of a name before a noun: "**London** office", "**Everest** meeting room".
    fn name_before(&self, start: usize, noun: Place) -> Option<usize> {
        if self.line.words.gap(start) > Gap::Blank {
            return None;
        }
        if noun.town
            && let Some(town) = self.town_before(start)
        {
            return Some(town);
        }
        if !self.line.head_last {
            return None;
        }
        let mut name = None;
        for at in (start.saturating_sub(NAME_WORDS)..start).rev().take_while(|at| self.is_proper(*at)) {
            name = Some(at);
            // A comma ends the name too: "…, Newton building".
            if self.line.words.gap(at) > Gap::Blank {
                break;
            }
        }
        let starts = |at: &usize| {
            self.line.is_before(*at, mark::DETERMINER | mark::AT | mark::TO) || self.line.words.gap(*at) == Gap::Clause
        };
        name.filter(starts)
    }

    /// The start of a plain word before a noun, if a preposition makes it a place: "at the **airport** store".
    fn kind_before(&self, start: usize, noun: Place) -> Option<usize> {
        let named = self.line.head_last && noun.town && !self.line.is_in(start, |words| words.web_nouns);
        let kind = start.checked_sub(1).filter(|_| named)?;
        let plain =
            !self.line.is(kind, SMALL_WORD | mark::BRAND | mark::ORDINAL) && self.line.words.gap(start) == Gap::Blank;
        let led = self.line.is_before(kind, mark::DETERMINER) && self.line.words.gap(kind) == Gap::Blank;
        let at = kind.checked_sub(2).is_some_and(|at| self.line.is_in(at, |words| words.head_last_places));
        (plain && led && at).then_some(kind)
    }

    /// Whether a noun names a place by itself: « à **l'accueil** », not « message d'accueil ».
    fn stands_alone(&self, words: &Range<usize>, scope: Scope) -> bool {
        let line = self.line;
        let text = &line.words;
        // « réception de la commande » is no place.
        let goes_on = line.is(words.end, mark::OF)
            && !line.is_in(words.end, |words| words.definite_links)
            && text.gap(words.end) <= Gap::Blank;
        match scope {
            Scope::Floor | Scope::Building => true,
            Scope::Home => words.len() > 1 || line.follows(words.start, |words| words.home_prepositions),
            Scope::Room | Scope::Site | Scope::Department => {
                let led = mark::DETERMINER | mark::OF | mark::TO | mark::AT;
                // Several words are enough: « …, local technique du sous-sol ».
                let listed =
                    text.gap(words.start) >= Gap::Clause && (text.gap(words.end) >= Gap::Clause || words.len() > 1);
                // Without a determiner it is a purpose: « boîte de réception », « badge de cantine ».
                let purpose = line.follows(words.start, |words| words.purpose_links);
                // Part of a program's name: "the warehouse database".
                let names =
                    line.head_last && text.gap(words.end) <= Gap::Blank && line.hits_at(words.end).any(is_program);
                // "at main reception".
                let start = words.start - usize::from(line.is_before(words.start, mark::QUALIFIER));
                let is_led = line.is_before(start, led) && text.gap(words.start) <= Gap::Blank;
                !goes_on && !purpose && !names && (listed || is_led)
            }
        }
    }
}

fn is_program(hit: &Hit) -> bool {
    matches!(hit.role, Role::Equipment(Equipment::Software | Equipment::Service | Equipment::Program))
}

fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase())
}
