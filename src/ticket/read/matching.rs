//! Matching a text to a field's listed values.

use crate::language::of_all;
use crate::text::{fold, is_stop_word, phrase_key, singular, spaced, split_words};

/// Longest text that is matched, in characters: a sentence, not a story.
const MAX_CHARS: usize = 300;
/// Longest text whose typing mistakes are considered, in characters: edit distance takes quadratic time.
const MAX_TYPO_CHARS: usize = 64;

/// The only one of `names` that `text` means: the same except for case, accents, punctuation and number; else with a
/// typing mistake; else named among other words; else the only one that contains the text's words.
pub(in crate::ticket) fn choice<'a>(text: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    // « Compte & accès » is « Compte et accès ».
    let joined = |text: &str| {
        of_all(|texts| texts.values.and).fold(phrase_key(text), |text, and| text.replace(&format!(" {and} "), " "))
    };
    let text = joined(text);
    let names = names.map(|name| (name, joined(name)));
    the_only(names.clone().filter(|(_, name)| *name == text))
        .or_else(|| closest(&text, names.clone()))
        .or_else(|| named(&text, names.clone()))
        // Fewer than three letters match by chance.
        .or_else(|| the_only(names.filter(|(_, name)| text.trim().len() >= 4 && name.contains(&text))))
}

/// The only one of the known values that free text means, by the same rules without the last: a part of a known value's
/// name may be another place. Words of at least six letters may have a typing mistake.
pub(in crate::ticket) fn known<'a>(text: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    if names.clone().next().is_none() || text.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    let wanted = fold(text);
    let exact = spaced(split_words(&wanted));
    let said = spaced(split_words(&wanted).filter(|word| !is_stop_word(word)));
    let names = names.map(|name| (name, spaced(split_words(&fold(name)))));
    the_only(names.clone().filter(|(_, name)| *name == exact))
        .or_else(|| named(&exact, names.clone()))
        .or_else(|| if is_negated(&exact) { None } else { closest(&said, names.clone()) })
        .or_else(|| if is_negated(&exact) { None } else { the_only(names.filter(|(_, name)| misspelt(&exact, name))) })
}

fn the_only<'a>(mut names: impl Iterator<Item = (&'a str, String)>) -> Option<&'a str> {
    let (name, _) = names.next()?;
    names.next().is_none().then_some(name)
}

/// The name with the fewest typing mistakes; `None` if two are as close, or the closest has too many for its length.
fn closest<'a>(text: &str, names: impl Iterator<Item = (&'a str, String)>) -> Option<&'a str> {
    let length = text.trim().chars().count();
    let (mut best, mut distance, mut shared) = (None, usize::MAX, false);
    for (name, words) in names {
        let words = words.trim();
        let limit = match words.chars().count() {
            0..=4 => 0,
            5..=7 => 1,
            8..=MAX_TYPO_CHARS => 2,
            _ => continue,
        };
        if words.chars().count().abs_diff(length) > limit {
            continue;
        }
        let edits = strsim::osa_distance(text.trim(), words);
        if edits <= limit && edits <= distance {
            shared = edits == distance;
            (best, distance) = (Some(name), edits);
        }
    }
    best.filter(|_| !shared)
}

/// The name that occurs in the text, of nested names the longest; `None` if others occur besides it, or the text has a
/// negation.
fn named<'a>(text: &str, names: impl Iterator<Item = (&'a str, String)>) -> Option<&'a str> {
    let found: Vec<(&str, String)> =
        names.filter(|(_, name)| !name.trim().is_empty() && text.contains(name.as_str())).collect();
    let (name, longest) = found.iter().max_by_key(|(_, words)| words.len())?;
    let elsewhere = text.replacen(longest.as_str(), "  ", 1);
    let alone =
        found.iter().all(|(other, words)| other == name || (longest.contains(words) && !elsewhere.contains(words)));
    (alone && !is_negated(&elsewhere)).then_some(*name)
}

fn is_negated(text: &str) -> bool {
    split_words(text)
        .any(|word| of_all(|texts| texts.values.negations).any(|negation| singular(negation) == singular(word)))
}

/// Whether the words of `name` occur in a row in `text`, long ones with at most one typing mistake each.
fn misspelt(text: &str, name: &str) -> bool {
    let name: Vec<&str> = split_words(name).collect();
    let text: Vec<&str> = split_words(text).collect();
    let alike = |a: &str, b: &str| {
        a == b || (a.len().min(b.len()) >= 6 && a.chars().next() == b.chars().next() && crate::text::is_typo(a, b))
    };
    !name.is_empty() && text.windows(name.len()).any(|window| window.iter().zip(&name).all(|(a, b)| alike(a, b)))
}
