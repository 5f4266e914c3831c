//! Titles and descriptions: the customer's own words without courtesies.

use std::ops::Range;

use crate::text::{Gap, truncate};

use super::reading::Reading;
use super::vocabulary::{Cue, Role, mark};

/// Fewest words of a title without any sign of a problem.
const MIN_TITLE_WORDS: usize = 4;

/// The phrase that states the problem: the one with the highest score, the first of equals.
pub(super) fn title(lines: &[Reading<'_>], max_length: usize) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for line in lines.iter().filter(|line| !line.is_courtesy()) {
        for sentence in sentences(line) {
            let phrase = phrase(line, opening(line, sentence));
            let score = score(line, &phrase);
            if score > 0 && best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, line.words.slice_closed(phrase)));
            }
        }
    }
    let text = balanced(paragraphs(best?.1, max_length).replace('\n', " "));
    let text = text.trim_end_matches([',', ';', ':', ' ', '-', '(']);
    let mut chars = text.chars();
    let first = chars.next()?;
    // A capital may be longer than its letter (« ß »): cut again.
    let capitalised: String = first.to_uppercase().chain(chars).collect();
    Some(truncate(&capitalised, max_length).to_owned())
}

/// The lines, oldest first, without courtesies. If not all fit, the last line stays, then the oldest ones.
pub(super) fn description(lines: &[Reading<'_>], texts: &[impl AsRef<str>], max_length: usize) -> Option<String> {
    let said: Vec<String> = lines
        .iter()
        .zip(texts)
        .filter(|(line, _)| !line.words.is_empty() && !line.is_courtesy())
        .map(|(_, text)| paragraphs(text.as_ref(), max_length))
        .collect();
    let (last, earlier) = said.split_last()?;
    let mut left = max_length.saturating_sub(last.chars().count());
    let mut kept: Vec<&str> = Vec::new();
    // The problem is usually stated first: the oldest lines come before those in between.
    for line in earlier {
        let length = line.chars().count() + 1;
        if length <= left {
            left -= length;
            kept.push(line);
        }
    }
    kept.push(last);
    let text = kept.join("\n");
    (!text.is_empty()).then_some(text)
}

fn sentences<'a>(line: &'a Reading<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut start = 0;
    (1..=line.words.len()).filter(|at| line.words.gap(*at) >= Gap::Sentence).map(move |end| {
        let sentence = start..end;
        start = end;
        sentence
    })
}

/// The sentence without its greeting and without « je vous contacte car ».
fn opening(line: &Reading<'_>, sentence: Range<usize>) -> Range<usize> {
    let mut start = sentence.start;
    if line.is(start, mark::GREETING) || (line.is(start, mark::COURTESY) && line.is(start + 1, mark::COURTESY)) {
        let courtesy = (start..sentence.end).take_while(|at| line.is(*at, mark::COURTESY | mark::DETERMINER)).last();
        let after = courtesy.map_or(start, |last| last + 1);
        // A name up to the comma belongs to the greeting.
        let name = (after..sentence.end).take(2).find(|at| line.words.gap(*at) >= Gap::Clause);
        // The determiner in « bonjour mon imprimante … » does not.
        let back = (start..after)
            .rev()
            .take_while(|at| {
                line.words.gap(after) < Gap::Clause && !line.is(*at, mark::GREETING) && line.is(*at, mark::DETERMINER)
            })
            .count();
        start = name.unwrap_or(after - back);
    }
    for lead in line.hits_at(start).filter(|hit| hit.role == Role::Cue(Cue::Opening)) {
        if lead.end + 2 < sentence.end {
            start = start.max(lead.end);
        }
    }
    start.min(sentence.end)..sentence.end
}

/// The first clauses of a sentence, up to the clause with which both a thing and its problem are named.
fn phrase(line: &Reading<'_>, sentence: Range<usize>) -> Range<usize> {
    let clause_ends = (sentence.start + 1..=sentence.end).filter(|at| line.words.gap(*at) >= Gap::Clause);
    let mut from = sentence.start;
    let (mut thing, mut problem) = (false, false);
    for end in clause_ends {
        for hit in (from..end).flat_map(|at| line.hits_at(at)) {
            thing |= matches!(hit.role, Role::Equipment(_) | Role::Choice { .. });
            problem |= matches!(hit.role, Role::Cue(Cue::Problem | Cue::Request | Cue::Need | Cue::Stopped));
        }
        if thing && problem {
            return sentence.start..end;
        }
        from = end;
    }
    sentence
}

/// The clarity with which a phrase states a problem; 0: it states none.
fn score(line: &Reading<'_>, phrase: &Range<usize>) -> usize {
    let (mut thing, mut problem, mut request, mut place) = (0, 0, 0, false);
    for hit in phrase.clone().filter(|at| !line.is_dismissed(*at)).flat_map(|at| line.hits_at(at)) {
        match hit.role {
            Role::Choice { .. } if line.is(hit.start, mark::GENERIC) => thing = thing.max(2),
            Role::Equipment(_) | Role::Choice { .. } => thing = 4,
            Role::Cue(Cue::Problem | Cue::Stopped) => problem = 2,
            Role::Cue(Cue::Request | Cue::Need) => request = 1,
            Role::Place(_) | Role::Town { .. } => place = true,
            Role::Cue(_) | Role::Known { .. } | Role::Label { .. } => {}
        }
    }
    let small = mark::FUNCTION_WORD | mark::COURTESY | mark::AT;
    let words = phrase.clone().filter(|at| !line.is(*at, small)).count();
    if words == 0 || (thing + problem == 0 && (place || phrase.len() < MIN_TITLE_WORDS)) {
        return 0;
    }
    1 + thing + problem + request + usize::from(words > 1)
}

/// The text up to a bracket that it does not close.
fn balanced(mut text: String) -> String {
    if let Some(open) = text.rfind('(').filter(|open| !text.get(*open..).unwrap_or_default().contains(')')) {
        text.truncate(open);
    }
    text
}

/// The text with single blanks between words and no invisible characters.
pub(super) fn one_line(text: &str) -> String {
    paragraphs(text, usize::MAX).replace('\n', " ")
}

/// As [`one_line`], but with its line breaks, and cut at the end of a word after at most `max` characters.
fn paragraphs(text: &str, max: usize) -> String {
    let mut tidy = String::with_capacity(text.len().min(max.saturating_mul(2)));
    let (mut length, mut gap) = (0, None);
    for c in text.chars().filter(|c| !crate::text::is_invisible(*c)) {
        if c.is_whitespace() {
            gap = Some(if c == '\n' || gap == Some('\n') { '\n' } else { ' ' });
            continue;
        }
        if let Some(gap) = gap.take().filter(|_| !tidy.is_empty()) {
            tidy.push(gap);
            length += 1;
        }
        tidy.push(c);
        length += 1;
        // One character more than allowed, so that the cut sees whether a word ends there.
        if length > max {
            break;
        }
    }
    truncate(&tidy, max).to_owned()
}
