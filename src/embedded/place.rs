//! Places: rooms, floors, buildings, sites and towns, as the customer wrote them.

use std::ops::Range;

use crate::text::{Gap, fold};

use super::lexicon::Hit;
use super::reading::{Reading, longest};
use super::vocabulary::{Place, Role, Scope, mark};

/// Most words of a place's name: « Saint-Denis Pleyel Nord ».
const NAME_WORDS: usize = 4;
/// Longest number of a room or a building, in characters: "B-12.04" is already rare.
const NUMBER_LENGTH: usize = 8;

/// Most places of a line: a ticket's problem has one, in its parts.
const MAX_PLACES: usize = 8;

/// A place found in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its words in the line.
    pub words: Range<usize>,
    /// How large it is.
    pub scope: Scope,
}

/// The places of a line, in order, none inside another.
pub(super) fn find(line: &Reading<'_>) -> Vec<Found> {
    let mut finder = Finder {
        line,
        towns: longest(line.hits.iter().filter(|hit| matches!(hit.role, Role::Town { .. })).copied()),
        shouts: line.words.len() > 3 && (0..line.words.len()).all(|at| shouts(line.words.original(at))),
        found: Vec::new(),
    };
    finder.nouns();
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

/// One text of the places of all lines, older first; of each scope the lines that named it last.
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
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
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
    towns: Vec<Hit<Role>>,
    /// The whole line is in capitals: they say nothing of names.
    shouts: bool,
    found: Vec<Found>,
}

impl Finder<'_, '_> {
    fn push(&mut self, words: Range<usize>, scope: Scope) {
        self.found.push(Found { words, scope });
    }

    fn nouns(&mut self) {
        let things = longest(self.line.hits.iter().filter(|hit| matches!(hit.role, Role::Equipment(_))).copied());
        let mut things = things.iter().peekable();
        for hit in &self.line.hits {
            let Role::Place(noun) = hit.role else { continue };
            // « borne d'accueil », "Office 365": part of a longer name of something else.
            while things.next_if(|thing| thing.end <= hit.start).is_some() {}
            let inside = |thing: &&Hit<Role>| {
                thing.start <= hit.start && hit.end <= thing.end && thing.end - thing.start > hit.end - hit.start
            };
            if !things.peek().is_some_and(inside)
                && let Some(words) = self.noun(hit.start..hit.end, noun)
            {
                self.push(words, noun.scope);
            }
        }
    }

    /// The words of the place that a noun makes with what stands around it.
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

    /// Where a town right before a noun starts: "**Frankfurt** data center".
    fn town_before(&self, start: usize) -> Option<usize> {
        let town = self.towns.binary_search_by_key(&start, |town| town.end).ok();
        town.filter(|_| self.line.words.gap(start) <= Gap::Blank).and_then(|i| self.towns.get(i)).map(|town| town.start)
    }

    /// The end of a number after a noun: « 214 », « n° 12 », « B-12 », « C », "4B".
    fn number(&self, after: usize) -> Option<usize> {
        let words = &self.line.words;
        let sign = matches!(words.folded(after), "n" | "no" | "num" | "numero" | "number" | "nr");
        let at = if sign && words.gap(after) == Gap::Blank { after + 1 } else { after };
        if !(words.gap(at) <= Gap::Blank || self.is_colon(at)) || words.folded(at).len() > NUMBER_LENGTH {
            return None;
        }
        let mut end = at + 1;
        if words.has_digit(at) {
            if self.line.is(at, mark::ORDINAL) || is_time(words.folded(at)) || is_unit(words.folded(at + 1)) {
                return None;
            }
        } else if is_letter(words.folded(at)) && words.gap(at + 1) != Gap::Joined {
            // A capital letter, or one that is no word of its own.
            let capital = words.is_capitalised(at) && !self.shouts;
            let digits = words.has_digit(end) && words.gap(end) == Gap::Blank && !self.line.is(end, mark::ORDINAL);
            let article = matches!(words.folded(at), "a" | "i" | "y" | "l" | "d" | "s" | "n" | "m" | "t" | "j");
            if !capital && (article || !self.ends(end)) && !digits {
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
        let apart = matches!(text.folded(before), "e" | "er" | "ere" | "eme" | "ieme" | "nd" | "nde" | "th" | "rd");
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
            let named = (town.end..town.end + 2).take_while(|at| self.is_name(*at) || self.line.is(*at, mark::BEARING));
            return Some(named.last().map_or(town.end, |last| last + 1));
        }
        if !noun.name || (linked && !noun.town) {
            return None;
        }
        if self.line.is(at, mark::BEARING) && noun.scope == Scope::Building {
            return Some(at + 1);
        }
        let name = (at..at + NAME_WORDS).take_while(|next| self.is_name(*next));
        name.last().map(|last| last + 1)
    }

    /// The start of an English name before a noun: "**London** office", "**Everest** meeting room".
    fn name_before(&self, start: usize, noun: Place) -> Option<usize> {
        if self.line.words.gap(start) > Gap::Blank {
            return None;
        }
        if noun.town
            && let Some(town) = self.town_before(start)
        {
            return Some(town);
        }
        if !self.line.english {
            return None;
        }
        let is_name = |at: &usize| self.is_name(*at) && self.line.words.gap(*at) < Gap::Sentence;
        let name = (start.saturating_sub(NAME_WORDS)..start).rev().take_while(is_name).last()?;
        let determined = self.line.is_before(name, mark::DETERMINER | mark::AT | mark::TO);
        determined.then_some(name)
    }

    /// The start of a plain word before an English noun that only a preposition makes a place: "at the **airport** store".
    fn kind_before(&self, start: usize, noun: Place) -> Option<usize> {
        let kind = start.checked_sub(1).filter(|_| self.line.english && noun.town)?;
        let other = mark::SMALL | mark::AT | mark::COURTESY | mark::NEGATOR | mark::BRAND | mark::ORDINAL;
        let plain = !self.line.is(kind, other) && self.line.words.gap(start) == Gap::Blank;
        let led = self.line.is_before(kind, mark::DETERMINER) && self.line.words.gap(kind) == Gap::Blank;
        let at = kind.checked_sub(2).is_some_and(|at| matches!(self.line.words.folded(at), "at" | "in"));
        (plain && led && at).then_some(kind)
    }

    fn stands_alone(&self, words: &Range<usize>, scope: Scope) -> bool {
        let line = self.line;
        let text = &line.words;
        // « réception de la commande », "store opening hours" are no places.
        let goes_on =
            line.is(words.end, mark::OF) && text.folded(words.end) != "du" && text.gap(words.end) <= Gap::Blank;
        match scope {
            Scope::Floor | Scope::Building => true,
            Scope::Home => {
                let before = words.start.checked_sub(1).map(|at| text.folded(at)).unwrap_or_default();
                words.len() > 1 || matches!(before, "at" | "from" | "a" | "la" | "en" | "depuis" | "de")
            }
            Scope::Room | Scope::Site | Scope::Department => {
                let led = mark::DETERMINER | mark::OF | mark::TO | mark::AT;
                // « …, local technique du sous-sol »: several words say it by themselves.
                let listed =
                    text.gap(words.start) >= Gap::Clause && (text.gap(words.end) >= Gap::Clause || words.len() > 1);
                !goes_on && (listed || (line.is_before(words.start, led) && text.gap(words.start) <= Gap::Blank))
            }
        }
    }

    fn towns(&mut self) {
        let mut found = Vec::new();
        for town in &self.towns {
            let Role::Town { doubtful } = town.role else { continue };
            let words = &self.line.words;
            let before = town.start.checked_sub(1).filter(|_| words.gap(town.start) <= Gap::Blank);
            let word = before.map(|at| words.folded(at)).unwrap_or_default();
            let led =
                matches!(word, "a" | "in" | "at" | "from" | "near" | "vers" | "sur" | "depuis" | "de" | "our" | "to");
            let near = matches!(word, "a" | "in");
            let listed = words.gap(town.start) >= Gap::Clause && words.gap(town.end) >= Gap::Clause;
            let capital = words.is_capitalised(town.start) && !self.shouts;
            let is_place = match (doubtful, capital) {
                (true, true) => near || (listed && words.len() <= 3),
                (true, false) => false,
                (false, true) => led || listed || words.gap(town.end) >= Gap::Clause,
                (false, false) => near || (listed && (self.shouts || words.len() <= 4)) || (self.shouts && led),
            };
            if is_place {
                found.push(Found { words: town.start..town.end, scope: Scope::Site });
            }
        }
        self.found.extend(found);
        // A town that no list holds, where nothing else is meant: « je suis basé à Trifouilly ».
        for at in 2..self.line.words.len() {
            let words = &self.line.words;
            let stays = matches!(
                words.folded(at - 2),
                "suis"
                    | "sommes"
                    | "base"
                    | "basee"
                    | "bases"
                    | "situe"
                    | "situee"
                    | "based"
                    | "located"
                    | "habite"
                    | "installe"
            );
            if stays && matches!(words.folded(at - 1), "a" | "in") && words.gap(at) == Gap::Blank && self.is_name(at) {
                let name = (at..at + NAME_WORDS).take_while(|at| self.is_name(*at) && words.gap(*at) <= Gap::Blank);
                self.push(at..name.last().unwrap_or(at) + 1, Scope::Site);
            }
        }
    }

    /// « au **service comptabilité** », "in the **HR department**", "in **accounting**".
    fn departments(&mut self) {
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
            let before = line.governor(words.start);
            let led = before.is_some_and(|at| {
                matches!(line.words.folded(at), "in" | "at" | "au" | "aux" | "dans" | "du" | "a" | "from")
            });
            if led && (words.len() > 1 || self.ends(words.end)) {
                self.push(words, Scope::Department);
            }
        }
    }

    fn town_from(&self, at: usize) -> Option<Range<usize>> {
        let town = self.towns.binary_search_by_key(&at, |town| town.start).ok().and_then(|i| self.towns.get(i))?;
        Some(town.start..town.end)
    }

    /// Whether the word may be part of a proper name: a capital, no small word, no brand, not the sentence's first.
    fn is_name(&self, at: usize) -> bool {
        let line = self.line;
        let other =
            mark::SMALL | mark::AT | mark::BRAND | mark::SERIES | mark::COURTESY | mark::NEGATOR | mark::ORDINAL;
        line.words.is_capitalised(at)
            && (line.words.gap(at) <= Gap::Blank || self.is_colon(at))
            && !self.shouts
            && !line.is(at, other)
            && !line.words.has_digit(at)
            && !line.hits_at(at).any(|hit| matches!(hit.role, Role::Equipment(_) | Role::Place(_)))
    }

    /// Whether a colon stands before the word.
    fn is_colon(&self, at: usize) -> bool {
        self.line.words.gap(at) == Gap::Clause && self.line.words.between(at).trim() == ":"
    }

    /// Whether nothing of the same clause follows.
    fn ends(&self, at: usize) -> bool {
        self.line.words.gap(at) >= Gap::Clause
    }
}

fn shouts(word: &str) -> bool {
    !word.chars().any(char::is_lowercase)
}

fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// « 14h », « 9h30 », "2pm".
fn is_time(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < word.len()
        && matches!(rest.trim_end_matches(|c: char| c.is_ascii_digit()), "h" | "am" | "pm" | "mn" | "min")
}

/// A word that makes a number a quantity: « bureau 2 fois ».
pub(super) fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "fois"
            | "jours"
            | "jour"
            | "heures"
            | "heure"
            | "h"
            | "minutes"
            | "minute"
            | "min"
            | "mn"
            | "semaines"
            | "mois"
            | "ans"
            | "personnes"
            | "euros"
            | "eur"
            | "times"
            | "days"
            | "day"
            | "hours"
            | "hour"
            | "mins"
            | "weeks"
            | "months"
            | "years"
            | "people"
            | "users"
            | "pouces"
            | "inch"
            | "inches"
            | "am"
            | "pm"
            | "gb"
            | "go"
            | "mb"
    )
}
