//! Choice fields: the option with most evidence.

use std::cmp::Reverse;

use super::lexicon::Hit;
use super::place::Found;
use super::reading::{Reading, longest};
use super::vocabulary::{Role, mark};

/// Weight of a phrase's first specific word, of each further one, and of a generic word beside it.
const SPECIFIC: u32 = 16;
const FURTHER: u32 = 12;
const GENERIC_BESIDE: u32 = 6;
/// Weight of a phrase of generic words only, and the most that such phrases add to an option: less than one specific
/// word.
const GENERIC: u32 = 8;
const MAX_GENERIC: u32 = 12;
/// Most words of a phrase that count.
const MAX_WORDS: u32 = 3;
/// The last line counts a quarter more than each earlier one.
const EARLIER: u32 = 4;
const LAST: u32 = 5;

/// The option of the choice field at `field` that the lines point to, if any.
///
/// Specific words weigh most, generic ones (where things happen) little. A phrase that a preposition or a compound makes
/// secondary counts half: « … **sur l'imprimante** », « facture **de téléphone** », "**phone** bill". The same phrase
/// counts once. The first mentioned wins a tie.
pub(super) fn choose(field: usize, lines: &[Reading<'_>], places: &[Vec<Found>]) -> Option<usize> {
    let mut evidence: Vec<Evidence> = Vec::new();
    for (index, (line, places)) in lines.iter().zip(places).enumerate() {
        let last = index + 1 == lines.len();
        collect(field, line, places, last, &mut evidence);
    }
    evidence.sort_by_key(|e| (e.option, e.phrase, Reverse(e.weight)));
    evidence.dedup_by_key(|e| (e.option, e.phrase));
    let options = evidence.chunk_by(|a, b| a.option == b.option);
    let total = |of_option: &[Evidence]| {
        let sum = |generic| of_option.iter().filter(|e| e.generic == generic).map(|e| e.weight).sum::<u32>();
        let first = of_option.iter().map(|e| e.order).min();
        let option = of_option.first().map(|e| e.option);
        (sum(false) + sum(true).min(MAX_GENERIC * LAST), Reverse(first), option)
    };
    options.map(total).max().and_then(|(.., option)| option)
}

/// The known value of the text field at `field` that a line mentions: in the last such line, a whole name before a part.
pub(super) fn known_value(field: usize, lines: &[Reading<'_>]) -> Option<usize> {
    lines.iter().rev().find_map(|line| {
        let known = line.hits.iter().filter(|hit| !line.is_dismissed(hit.start)).filter_map(|hit| match hit.role {
            Role::Known { field: f, value, whole } if f == field => Some((whole, hit.words, Reverse(hit.start), value)),
            _ => None,
        });
        known.max().map(|(.., value)| value)
    })
}

#[derive(Clone, Copy, Debug)]
struct Evidence {
    option: usize,
    phrase: u32,
    generic: bool,
    weight: u32,
    order: usize,
}

fn collect(field: usize, line: &Reading<'_>, places: &[Found], last: bool, evidence: &mut Vec<Evidence>) {
    let hits = longest(&line.hits, |role| matches!(role, Role::Choice { field: f, .. } if f == field));
    for (index, hit) in hits.iter().enumerate() {
        let Role::Choice { option, .. } = hit.role else { continue };
        // "London office" is not Microsoft Office.
        let in_place = places.iter().any(|place| place.words.start <= hit.start && hit.end <= place.words.end);
        let is_false_friend = line.head_last && hit.end == hit.start + 1 && line.is(hit.start, mark::FALSE_FRIEND);
        let is_catch_all = line.is(hit.start, mark::CATCH_ALL) && line.words.len() > 3;
        if line.is_dismissed(hit.start) || in_place || is_false_friend || is_catch_all {
            continue;
        }
        let before = index.checked_sub(1).and_then(|i| hits.get(i));
        let (generic, weight) = weight(line, hit, before, hits.get(index + 1));
        let weight = weight * if last { LAST } else { EARLIER };
        evidence.push(Evidence { option, phrase: hit.phrase, generic, weight, order: evidence.len() });
    }
}

/// Whether a hit has generic words only, and its weight.
fn weight(line: &Reading<'_>, hit: &Hit, before: Option<&Hit>, after: Option<&Hit>) -> (bool, u32) {
    let count = |bits| u32::try_from((hit.start..hit.end).filter(|at| line.is(*at, bits)).count()).unwrap_or(MAX_WORDS);
    let generic = count(mark::GENERIC);
    let words = u32::try_from(hit.words).unwrap_or(MAX_WORDS);
    let specific = words.saturating_sub(generic).min(MAX_WORDS);
    let full = match specific {
        0 => GENERIC,
        _ => SPECIFIC + (specific - 1) * FURTHER + generic.min(2) * GENERIC_BESIDE,
    };
    let secondary = is_placed(line, hit.start)
        || before.is_some_and(|before| is_complement(line, before, hit) && !line.is(before.start, mark::GENERIC))
        || (line.head_last && after.is_some_and(|after| is_compound(line, hit, after)))
        || (!line.head_last && before.is_some_and(|before| is_compound(line, before, hit)));
    let weight = if secondary { full / 2 } else { full };
    (specific == 0, if line.in_problem(hit.start) { weight } else { weight * 3 / 4 })
}

/// Whether the word is where the problem happens: « … **sur** l'imprimante », not « un problème **avec** l'imprimante ».
pub(super) fn is_placed(line: &Reading<'_>, start: usize) -> bool {
    line.governor(start).is_some_and(|at| {
        line.is(at, mark::AT) && !line.governor(at).is_some_and(|noun| line.is(noun, mark::PROBLEM_NOUN))
    })
}

/// Whether a preposition makes the hit a complement: « facture **de** téléphone », « accès **au** VPN ».
fn is_complement(line: &Reading<'_>, head: &Hit, hit: &Hit) -> bool {
    line.governor(hit.start).is_some_and(|at| at == head.end && line.is(at, mark::OF | mark::TO))
}

/// Whether two nouns stand side by side in a clause.
fn is_compound(line: &Reading<'_>, first: &Hit, second: &Hit) -> bool {
    first.end == second.start && line.clause(first.start) == line.clause(second.start)
}
