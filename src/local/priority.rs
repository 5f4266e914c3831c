//! Priority: the number of people who cannot work, and the urgency in the customer's words.

use std::cmp::Reverse;

use crate::text::{Gap, fold};
use crate::ticket::kinds::ChoiceOption;

use super::lexicon::Hit;
use super::place::is_time;
use super::reading::Reading;
use super::vocabulary::{Cue, List, Role, is_in, mark};

/// Most words between « la production » and « est à l'arrêt », counted from the subject.
const DOWN_WITHIN: usize = 6;

/// The levels that a customer's words distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Said not to be urgent.
    Low,
    /// Said to be of normal priority.
    Normal,
    /// Said to be urgent, or one person cannot work.
    High,
    /// The work of many people or of the business has stopped.
    Critical,
}

/// The option of each level, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale([Option<usize>; 4]);

impl Scale {
    /// The scale of options that name a low and a high level.
    ///
    /// None for options with keywords: then the operator's own words decide.
    pub fn of(options: &[ChoiceOption]) -> Option<Self> {
        let named = |names: List| options.iter().position(|option| is_in(&fold(&option.value), names));
        let low = named(|words| words.low_levels);
        let normal = named(|words| words.normal_levels);
        let high = named(|words| words.high_levels);
        // Without a critical level, the high one is the highest.
        let critical = named(|words| words.critical_levels).or(high);
        let own_words = options.iter().any(|option| !option.keywords.is_empty());
        (low.is_some() && high.is_some() && !own_words).then_some(Self([low, normal, high, critical]))
    }

    /// The option of a level.
    pub fn option(self, level: Level) -> Option<usize> {
        let Self([low, normal, high, critical]) = self;
        match level {
            Level::Low => low,
            Level::Normal => normal,
            Level::High => high,
            Level::Critical => critical,
        }
    }
}

/// The priority of all lines: later lines correct earlier ones.
///
/// Urgency stays until the customer takes it back: « finalement ce n'est pas urgent ».
pub(super) fn level(lines: &[Reading<'_>]) -> Option<Level> {
    lines.iter().filter_map(line_level).fold(None, |before, now| match before {
        Some(before) if now > Level::Normal && before > Level::Normal => Some(now.max(before)),
        _ => Some(now),
    })
}

fn line_level(line: &Reading<'_>) -> Option<Level> {
    let halted = longest_cues(line, &[Cue::Halted, Cue::NotUrgent]);
    if halted.iter().any(|hit| hit.role == Role::Cue(Cue::Halted)) {
        return Some(Level::Critical);
    }
    let hurry = longest_cues(line, &[Cue::Urgent, Cue::Stuck, Cue::Normal, Cue::NotUrgent]);
    let said = |cue: Cue| hurry.iter().rfind(|hit| hit.role == Role::Cue(cue)).map(|hit| hit.end);
    let calm = said(Cue::NotUrgent);
    if calm.is_none() && many_are_stopped(line) {
        return Some(Level::Critical);
    }
    // The last statement counts.
    let urgent = said(Cue::Urgent).max(said(Cue::Stuck)).max(asks_for_speed(line));
    match (urgent, calm) {
        (Some(urgent), Some(calm)) => Some(if urgent > calm { Level::High } else { Level::Low }),
        (Some(_), None) => Some(Level::High),
        (None, Some(_)) => Some(Level::Low),
        (None, None) if said(Cue::Normal).is_some() => Some(Level::Normal),
        (None, None) => is_due_soon(line).then_some(Level::High),
    }
}

/// The hits of these cues, in order; of two that share words the longer: « ça ne peut **pas attendre** » is not
/// « peut attendre », « je ne suis **pas pressé** » is not « suis pressé ».
fn longest_cues(line: &Reading<'_>, cues: &[Cue]) -> Vec<Hit> {
    let is_asked = |hit: &&Hit| cues.iter().any(|cue| hit.role == Role::Cue(*cue));
    let mut hits: Vec<Hit> = line.hits.iter().filter(is_asked).copied().collect();
    hits.sort_by_key(|hit| (Reverse(hit.words), hit.role != Role::Cue(Cue::NotUrgent), hit.start));
    let mut taken = vec![false; line.words.len()];
    hits.retain(|hit| {
        let words = taken.get_mut(hit.start..hit.end).unwrap_or_default();
        let free = words.iter().all(|taken| !taken);
        words.iter_mut().for_each(|taken| *taken |= free);
        free
    });
    hits.sort_by_key(|hit| hit.start);
    hits
}

/// Whether many people cannot work: « toute l'équipe … bloquée » or « 120 personnes … sans internet » in one sentence, or « la production est à
/// l'arrêt ».
fn many_are_stopped(line: &Reading<'_>) -> bool {
    meet(line, Cue::Many, Cue::Stopped, Reading::sentence)
        || meet(line, Cue::Nobody, Cue::Able, Reading::clause)
        || crowds(line).any(|at| line.cues(Cue::Stopped).any(|hit| line.sentence(hit.start) == line.sentence(at)))
        || line.cues(Cue::Business).any(|business| is_down(line, business))
}

/// Where « 40 agents » starts: two or more people or workplaces.
fn crowds<'a>(line: &'a Reading<'_>) -> impl Iterator<Item = usize> + 'a {
    (1..line.words.len()).filter(|at| {
        if !line.is(*at, mark::PEOPLE) {
            return false;
        }
        let number = line.words.folded(at - 1);
        line.words.gap(*at) == Gap::Blank
            && !matches!(number, "0" | "1")
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Whether the business is stopped: « la **production** est complètement **à l'arrêt** », "Production **line** 2 is **down**"; not « le PC de l'atelier
/// est en panne », whose subject is the PC.
fn is_down(line: &Reading<'_>, business: &Hit) -> bool {
    let is_subject = line.words.gap(business.start) >= Gap::Clause
        || line.is_before(business.start, mark::DETERMINER)
            && line.governor(business.start).is_none_or(|at| !line.is(at, mark::OF | mark::AT | mark::TO));
    let is_between = |at: usize| line.is(at, mark::FUNCTION_WORD) || line.words.has_digit(at);
    let said = (business.end..business.end + DOWN_WITHIN)
        .take_while(|at| line.words.gap(*at) < Gap::Clause)
        .find(|at| line.hits_at(*at).any(|hit| hit.role == Role::Cue(Cue::Down)) || !is_between(*at));
    is_subject && said.is_some_and(|at| line.hits_at(at).any(|hit| hit.role == Role::Cue(Cue::Down)))
}

/// Where « merci d'intervenir **rapidement** » or « il me le **faut** **aujourd'hui** » ends.
fn asks_for_speed(line: &Reading<'_>) -> Option<usize> {
    let fast = meet(line, Cue::Request, Cue::Speed, Reading::clause)
        || meet(line, Cue::Need, Cue::Speed, Reading::clause)
        || meet(line, Cue::Need, Cue::Today, Reading::clause);
    let end = |cue| line.cues(cue).map(|hit| hit.end).max();
    if fast { end(Cue::Speed).max(end(Cue::Today)) } else { None }
}

/// Whether hits of both cues, without a common word, are in the same part of the line.
fn meet<'t>(line: &Reading<'t>, a: Cue, b: Cue, part: fn(&Reading<'t>, usize) -> usize) -> bool {
    let mut parts = line.cues(a).map(|hit| (part(line, hit.start), hit.start..hit.end)).peekable();
    let mut here: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
    line.cues(b).any(|other| {
        let place = part(line, other.start);
        while let Some(next) = parts.next_if(|(at, _)| *at <= place) {
            if here.first().is_some_and(|(at, _)| *at != next.0) {
                here.clear();
            }
            // The first and the last hit of a part suffice to find one without overlap.
            here.truncate(1);
            here.push(next);
        }
        here.iter().any(|(at, words)| *at == place && (words.end <= other.start || other.end <= words.start))
    })
}

/// Where « à 14h » or "at 2pm" starts.
fn times<'a>(line: &'a Reading<'_>) -> impl Iterator<Item = usize> + 'a {
    (0..line.words.len()).filter(|at| {
        line.is(*at, mark::TIME_PREPOSITION)
            && line.is_in(*at, |words| words.deadlines)
            && line.words.gap(at + 1) == Gap::Blank
            && is_time(line.words.folded(at + 1))
    })
}

/// Whether something is due within hours: « réunion **dans 10 minutes** », "client deliverable **due tonight**".
fn is_due_soon(line: &Reading<'_>) -> bool {
    let mut soon: Vec<usize> = line
        .cues(Cue::Soon)
        .map(|hit| hit.start)
        .chain(countdowns(line))
        .chain(times(line))
        .map(|at| line.sentence(at))
        .collect();
    soon.sort_unstable();
    line.cues(Cue::Meeting).any(|hit| soon.binary_search(&line.sentence(hit.start)).is_ok())
}

/// Where « dans 20 minutes » or "in an hour" starts.
fn countdowns<'a>(line: &'a Reading<'_>) -> impl Iterator<Item = usize> + 'a {
    (0..line.words.len()).filter(|at| {
        if !line.is(*at, mark::TIME_PREPOSITION) {
            return false;
        }
        let number = line.words.folded(at + 1);
        line.is_in(*at, |words| words.countdowns)
            && line.words.gap(at + 1) == Gap::Blank
            && (number.bytes().next().is_some_and(|b| b.is_ascii_digit())
                || line.is_in(at + 1, |words| words.small_numbers))
            && (at + 1..at + 5).any(|unit| {
                let unit = line.words.folded(unit).trim_start_matches(|c: char| c.is_ascii_digit());
                is_in(unit, |words| words.duration_units)
            })
    })
}
