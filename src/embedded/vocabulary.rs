//! What the backend knows of French and English, and what the schema adds: one lexicon of phrases with their roles.

use crate::text::{Words, fold};
use crate::ticket::schema::{Choice, Field, Kind, Schema};

mod role;

pub(super) mod mark;

use super::lexicon::{Builder, Lexicon};
pub(super) use role::{Cue, Equipment, Place, Role, Scope};

const WORDS: &str = include_str!("data/words.txt");
const CUES: &str = include_str!("data/cues.txt");
const EQUIPMENT: &str = include_str!("data/equipment.txt");
const PLACES: &str = include_str!("data/places.txt");
const TOWNS: &str = include_str!("data/towns.txt");
const PLAIN: &str = include_str!("data/plain.txt");
const CATEGORIES: &str = include_str!("data/categories.txt");
const FILES: [&str; 6] = [WORDS, CUES, EQUIPMENT, PLACES, TOWNS, PLAIN];

/// The lexicon of the embedded vocabulary and of `schema`.
pub(super) fn lexicon(schema: &Schema) -> Lexicon<Role> {
    let mut builder = Builder::new(mark::SMALL);
    for (header, line) in FILES.into_iter().flat_map(sections) {
        let is_exact = header == "exact";
        let mut header = header.split_ascii_whitespace().peekable();
        let mut role = header.peek().and_then(|kind| role::of_section(kind));
        let mut marks = 0;
        for word in header {
            match (&mut role, word) {
                (Some(Role::Place(place)), "number") => place.number = true,
                (Some(Role::Place(place)), "name") => place.name = true,
                (Some(Role::Place(place)), "alone") => place.alone = true,
                (Some(Role::Place(place)), "town") => place.town = true,
                _ => marks |= mark::SECTIONS.iter().find(|(name, _)| *name == word).map_or(0, |(_, mark)| *mark),
            }
        }
        match role {
            Some(role) => line.split(',').for_each(|phrase| alternatives(&mut builder, phrase, role)),
            None if is_exact => line.split_ascii_whitespace().for_each(|word| builder.exact(word)),
            None => line.split_ascii_whitespace().for_each(|word| builder.mark(word, marks)),
        }
    }
    for (index, field) in schema.fields.iter().enumerate() {
        add_field(&mut builder, index, field);
    }
    builder.finish()
}

/// The lines of a data file, each with its section's header.
fn sections(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut header = "";
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).filter_map(move |line| {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => {
                header = name;
                None
            }
            None => Some((header, line)),
        }
    })
}

/// Adds every phrase that a line's `a|b` alternatives make.
fn alternatives(builder: &mut Builder<Role>, phrase: &str, role: Role) {
    // Mistakes in what the problem is about are corrected; turns of phrase and towns are too close to other words.
    let corrected = matches!(role, Role::Equipment(_) | Role::Place(_) | Role::Cue(Cue::Urgent | Cue::Stuck));
    if phrase.contains('|') {
        builder.add_all(phrase.split_ascii_whitespace().map(|slot| slot.split('|')), role, corrected);
    } else {
        builder.add(phrase.split_ascii_whitespace(), role, corrected);
    }
}

fn add_field(builder: &mut Builder<Role>, index: usize, field: &Field) {
    add_phrase(builder, &field.name, Role::Label { field: index });
    match &field.kind {
        Kind::Choice { options } => add_options(builder, index, options),
        Kind::Text { .. } => add_known_values(builder, index, &field.known_values),
        Kind::Boolean | Kind::Integer { .. } | Kind::Number { .. } => {}
    }
}

/// Fewest options of a field that name common categories for it to be a field of categories: « contact par » may
/// be the telephone or the mail and means neither's problems.
const MIN_CATEGORIES: usize = 4;

/// Adds the options by name and keywords, and what common categories are about to a field whose options are named
/// like them.
fn add_options(builder: &mut Builder<Role>, field: usize, options: &[Choice]) {
    let names: Vec<String> = options.iter().map(|choice| fold(&choice.value).replace('-', " ")).collect();
    let named = CATEGORIES.split("[category]\n").skip(1).filter_map(|section| section.split_once('\n'));
    let of_option = |(category, phrases): (&str, &'static str)| {
        let option = names.iter().position(|name| category.split(", ").any(|category| category == name))?;
        Some((option, phrases))
    };
    let categories: Vec<(usize, &str)> = named.filter_map(of_option).collect();
    let category = categories.len() >= MIN_CATEGORIES;
    for (option, choice) in options.iter().enumerate() {
        let role = Role::Choice { field, option, category };
        add_phrase(builder, &choice.value, role);
        for keyword in &choice.keywords {
            add_phrase(builder, keyword, role);
        }
    }
    for (option, phrases) in categories.into_iter().filter(|_| category) {
        for phrase in phrases.lines().flat_map(|line| line.split(", ")) {
            builder.add(phrase.split(' '), Role::Choice { field, option, category }, true);
        }
    }
}

/// Adds a phrase of the schema by its telling words: small words are skipped in a text anyway.
fn add_phrase(builder: &mut Builder<Role>, phrase: &str, role: Role) {
    let words = Words::new(phrase);
    let is_small = |builder: &Builder<Role>, at| builder.marks(words.folded(at)) & mark::SMALL != 0;
    let telling: Vec<usize> = (0..words.len()).filter(|at| !is_small(builder, *at)).collect();
    if telling.is_empty() {
        builder.add((0..words.len()).map(|at| words.folded(at)), role, true);
    } else {
        builder.add(telling.into_iter().map(|at| words.folded(at)), role, true);
    }
}

/// Known values, and of each the words that no other has: « Gerland » is enough for « Lyon Gerland ».
fn add_known_values(builder: &mut Builder<Role>, field: usize, values: &[String]) {
    let words: Vec<Words<'_>> = values.iter().map(|value| Words::new(value)).collect();
    let mut uses = std::collections::HashMap::<&str, usize>::new();
    for word in words.iter().flat_map(|value| (0..value.len()).map(|at| value.folded(at))) {
        *uses.entry(word).or_default() += 1;
    }
    for (value, words) in words.iter().enumerate() {
        add_phrase(builder, values.get(value).map_or("", String::as_str), Role::Known { field, value, whole: true });
        let names = (0..words.len()).filter(|at| words.is_capitalised(*at) || words.has_digit(*at));
        for word in names.map(|at| words.folded(at)).filter(|word| word.len() >= 3 && uses.get(word) == Some(&1)) {
            // A noun of a place says nothing of which: « Site de Lyon » is Lyon.
            if !PLACE_NOUNS.contains(&word) {
                builder.add([word], Role::Known { field, value, whole: false }, true);
            }
        }
    }
}

/// Nouns that known places share with any other place, folded.
const PLACE_NOUNS: &[&str] = &[
    "agence",
    "batiment",
    "branch",
    "bureau",
    "bureaux",
    "building",
    "campus",
    "centre",
    "center",
    "depot",
    "entrepot",
    "etage",
    "floor",
    "factory",
    "magasin",
    "office",
    "plant",
    "room",
    "salle",
    "siege",
    "site",
    "store",
    "usine",
    "warehouse",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_files_are_folded_and_every_section_is_known() {
        for (header, line) in FILES.into_iter().flat_map(sections) {
            assert_eq!(fold(line), line);
            let first = header.split(' ').next().unwrap();
            let is_mark = header.split(' ').all(|word| mark::SECTIONS.iter().any(|(name, _)| *name == word));
            assert!(role::of_section(first).is_some() || is_mark || matches!(header, "plain" | "exact"), "[{header}]");
        }
    }
}
