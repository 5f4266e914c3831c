//! The affected equipment, program or service, with its make and model, as the customer wrote it.

use std::ops::Range;

use crate::text::Gap;

use super::choice::is_placed;
use super::lexicon::Hit;
use super::place::{Found, is_time};
use super::prose::one_line;
use super::reading::{Reading, longest};
use super::vocabulary::{Equipment, Role, SMALL_WORD, is_in, mark};

/// Most words of a make and model: « HP LaserJet Pro MFP M428fdw ».
const MODEL_WORDS: usize = 5;

/// Weight of a name that is not in the vocabulary: below any that is.
const PRODUCT: u32 = 4;
/// Added to the first candidate of a line: less than any difference between kinds except computer and part.
const FIRST: u32 = 3;

/// The most likely candidate of all lines; `places` has the places of each line.
///
/// Devices and programs weigh most, then services, hosts and parts. A preposition halves the weight (« … **sur mon PC** »);
/// a make or a model adds a little. The first mentioned wins a tie.
pub(super) fn find(lines: &[Reading<'_>], places: &[Vec<Found>]) -> Option<String> {
    let mut best: Option<(u32, &str)> = None;
    for (line, places) in lines.iter().zip(places) {
        for (index, (weight, words)) in candidates(line, places).into_iter().enumerate() {
            // The first thing named is usually the subject.
            let weight = weight + if index == 0 { FIRST } else { 0 };
            if best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, line.words.slice(words)));
            }
        }
    }
    best.map(|(_, text)| one_line(text))
}

fn candidates(line: &Reading<'_>, places: &[Found]) -> Vec<(u32, Range<usize>)> {
    let nouns = longest(&line.hits, |role| matches!(role, Role::Equipment(_)));
    let mut candidates: Vec<(u32, Range<usize>)> = Vec::new();
    let mut nouns = nouns.into_iter().peekable();
    let mut places = places.iter().peekable();
    let mut done = 0;
    for at in 0..line.words.len() {
        let noun = nouns.next_if(|noun| noun.start == at);
        while places.next_if(|place| place.words.end <= at).is_some() {}
        let in_place = places.peek().is_some_and(|place| place.words.start <= at);
        if at < done || in_place || line.is_dismissed(at) {
            continue;
        }
        let found = match noun {
            Some(noun) if is_symptom(&noun) || is_other_meaning(line, &noun) => {
                done = noun.end;
                None
            }
            Some(noun) => named(line, noun, &mut nouns, done),
            None => make(line, at).or_else(|| product(line, at)),
        };
        if let Some((weight, words)) = found {
            done = words.end;
            candidates.push((weight, words));
        }
    }
    candidates
}

/// A noun, with the nouns directly after it, and its make and model on either side.
fn named(
    line: &Reading<'_>,
    noun: Hit,
    nouns: &mut std::iter::Peekable<impl Iterator<Item = Hit>>,
    from: usize,
) -> Option<(u32, Range<usize>)> {
    let mut weight = base_weight(noun);
    let is_screen = noun.role == Role::Equipment(Equipment::Symptom);
    let mut words = noun.start..if is_screen { noun.start + 1 } else { noun.end };
    // "laptop battery", « agenda partagé Outlook ».
    while let Some(next) = nouns.next_if(|next| next.start == words.end && line.words.gap(next.start) <= Gap::Blank) {
        weight = weight.max(base_weight(next));
        words.end = next.end;
    }
    let start = before(line, words.start, from);
    let purpose = purpose(line, &words);
    let end = after(line, purpose);
    let is_completed = start < words.start || end > words.end;
    let is_head = noun.role == Role::Equipment(Equipment::Program);
    let start = if is_head && !is_completed { program_before(line, start) } else { start };
    if is_head && (is_completed || start < words.start) {
        weight *= 2;
    }
    if line.is(noun.start, mark::VAGUE) && noun.words == 1 && !is_completed {
        weight /= 2;
    }
    // Between equal nouns, the one with a make or a model.
    weight += u32::from(end > words.end);
    Some((adjusted(line, start, weight), start..end))
}

/// A make by itself: « ma **Ricoh** », "**Lenovo T480**".
fn make(line: &Reading<'_>, at: usize) -> Option<(u32, Range<usize>)> {
    let is_name = line.is(at, mark::BRAND) && line.words.is_capitalised(at) || line.is(at, mark::STANDALONE_SERIES);
    if !is_name || line.is(at, mark::FUNCTION_WORD | mark::NEGATION) {
        return None;
    }
    let end = after(line, at + 1);
    // In "Zebra label printer" the make belongs to the noun.
    if (at + 1..=end).any(|at| is_noun(line, at)) {
        return None;
    }
    let determined = line.is_before(at, mark::DETERMINER | mark::AT) || line.words.gap(at) >= Gap::Clause;
    (determined || end > at + 1).then(|| (adjusted(line, at, if end > at + 1 { 31 } else { 27 }), at..end))
}

/// Whether it is only shown on a screen: « **écran bleu** au démarrage », not « mon écran est noir ».
fn is_symptom(hit: &Hit) -> bool {
    hit.role == Role::Equipment(Equipment::Symptom) && hit.end - hit.start == hit.words
}

/// Whether a noun of equipment has another meaning here: "How do I **switch** …", "my **box** was left at the door".
fn is_other_meaning(line: &Reading<'_>, hit: &Hit) -> bool {
    let verb = || line.is(hit.start, mark::ALSO_VERB) && line.follows(hit.start, |words| words.verb_subjects);
    // An adjective in « l'appli **mobile** », a noun in « mon **mobile** ».
    let noun_follows = mark::DETERMINER | mark::OF | mark::TO | mark::AT | mark::NEGATION;
    let adjective = line.is(hit.start, mark::ALSO_ADJECTIVE)
        && line.words.gap(hit.start) <= Gap::Blank
        && !line.is_before(hit.start, noun_follows);
    let other = if line.head_last { line.is(hit.start, mark::FALSE_FRIEND) || verb() } else { adjective };
    hit.end == hit.start + 1 && other
}

fn is_noun(line: &Reading<'_>, at: usize) -> bool {
    line.words.gap(at) <= Gap::Blank && line.hits_at(at).any(|hit| matches!(hit.role, Role::Equipment(_)))
}

/// A capitalised name of a place where something happens: « mon profil sur **Chorus** ». Weighs less than any known noun.
fn product(line: &Reading<'_>, at: usize) -> Option<(u32, Range<usize>)> {
    let words = &line.words;
    let other = SMALL_WORD | mark::CALENDAR | mark::ORDINAL | mark::BRAND;
    let known =
        line.hits_at(at).any(|hit| matches!(hit.role, Role::Town { .. } | Role::Place(_) | Role::Choice { .. }));
    let name = words.is_capitalised(at) && !words.has_digit(at) && !line.is(at, other) && words.original(at).len() > 2;
    // Capitals say nothing among capitals.
    let in_capitals = at.checked_sub(1).is_some_and(|on| words.is_capitalised(on));
    let is_placed = words.gap(at) == Gap::Blank && line.follows(at, |words| words.surfaces);
    (name && is_placed && !known && !in_capitals).then_some((PRODUCT, at..at + 1))
}

fn base_weight(hit: Hit) -> u32 {
    match hit.role {
        Role::Equipment(Equipment::Device | Equipment::Software | Equipment::Symptom) => 40,
        Role::Equipment(Equipment::Service) => 30,
        Role::Equipment(Equipment::Part) => 26,
        Role::Equipment(Equipment::Host) => 28,
        Role::Equipment(Equipment::Program) => 18,
        _ => 0,
    }
}

fn adjusted(line: &Reading<'_>, start: usize, weight: u32) -> u32 {
    let weight = if is_placed(line, start) { weight / 2 } else { weight };
    if line.in_problem(start) { weight } else { weight * 3 / 4 }
}

/// Where the make and model before a noun start: "**Dell** laptop", "**Zebra** label printer".
fn before(line: &Reading<'_>, start: usize, from: usize) -> usize {
    let is_part = |at: &usize| {
        let kind = line.is(*at, mark::BRAND | mark::SERIES | mark::MODIFIER)
            && !line.is(*at, mark::FUNCTION_WORD | mark::NEGATION);
        let model = line.words.has_digit(*at) && line.is_before(*at, mark::BRAND | mark::SERIES);
        line.words.gap(at + 1) <= Gap::Blank && (kind || model)
    };
    (from.max(start.saturating_sub(MODEL_WORDS))..start).rev().take_while(is_part).last().unwrap_or(start)
}

/// Where the make and model after a noun end: « imprimante **HP LaserJet M404** », « Windows **11** ».
fn after(line: &Reading<'_>, end: usize) -> usize {
    let words = &line.words;
    let mut at = end;
    let mut named = end.checked_sub(1).is_some_and(|last| line.is(last, mark::BRAND | mark::STANDALONE_SERIES));
    while at < end + MODEL_WORDS && words.gap(at) <= Gap::Blank {
        let capital = words.is_capitalised(at);
        let small = line.is(at, SMALL_WORD);
        let is_make = line.is(at, mark::BRAND | mark::SERIES) && (capital || !small);
        let is_model = words.has_digit(at) && !line.is(at, mark::ORDINAL) && !is_quantity(line, at);
        let is_kind = line.is(at, mark::MODIFIER) && !small;
        let is_name = named && capital && !small && !words.original(at).chars().all(char::is_uppercase);
        if !(is_make || is_model || is_kind || is_name) {
            break;
        }
        named = named || is_make;
        at += 1;
    }
    at
}

/// The end of a noun's purpose: « serveur **de fichiers** », « logiciel **de paie** ».
fn purpose(line: &Reading<'_>, noun: &Range<usize>) -> usize {
    let words = &line.words;
    let mut end = noun.end;
    let last = noun.clone().rev().find(|at| !line.is(*at, mark::MODIFIER)).unwrap_or(noun.start);
    if !line.is(last, mark::TAKES_PURPOSE) {
        return end;
    }
    while end < noun.end + 4 && line.is_in(end, |words| words.purpose_links) && words.gap(end) <= Gap::Blank {
        let at = end + 1;
        let is_noun = words.gap(at) <= Gap::Blank
            && !words.has_digit(at)
            && !line.is(at, mark::NOT_A_PURPOSE | mark::FUNCTION_WORD | mark::AT)
            && (!words.is_capitalised(at) || line.is(at, mark::BRAND));
        if !is_noun {
            break;
        }
        end = at + 1;
    }
    // A program by its name: « l'application **MyCompta** ».
    let is_program = line.hits_at(noun.start).any(|hit| hit.role == Role::Equipment(Equipment::Program));
    let is_name = |at: &usize| {
        is_program && words.gap(*at) <= Gap::Blank && words.is_capitalised(*at) && !line.is(*at, SMALL_WORD)
    };
    (end..end + 3).take_while(is_name).last().map_or(end, |last| last + 1)
}

/// Where a program's name starts if the main noun comes last: "the **Workday** portal", "the **payroll** system".
fn program_before(line: &Reading<'_>, start: usize) -> usize {
    let Some(at) = start.checked_sub(1).filter(|_| line.head_last && line.words.gap(start) <= Gap::Blank) else {
        return start;
    };
    let plain = !line.is(at, SMALL_WORD) && !line.words.has_digit(at);
    let led = line.is_before(at, mark::DETERMINER | mark::AT | mark::TO) && line.words.gap(at) <= Gap::Blank;
    if plain && led { at } else { start }
}

/// Whether a number is a quantity or a time: « 24 pouces », "16gb", « 14h ».
fn is_quantity(line: &Reading<'_>, at: usize) -> bool {
    let word = line.words.folded(at);
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let attached = unit.len() < word.len() && is_in(unit, |words| words.quantity_units);
    attached || is_time(word) || line.is(at + 1, mark::UNIT)
}
