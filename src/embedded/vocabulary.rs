//! What the backend knows of French and English, and what the schema adds: one lexicon of phrases with their roles.

use crate::text::{Words, fold};
use crate::ticket::schema::{Choice, Field, Kind, Schema};

use super::lexicon::{Builder, Lexicon};

/// What a phrase stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// An option of a choice field: by a keyword, or by its name.
    Choice { field: usize, option: usize },
    /// A known value of a text field; `whole` where every word of it was said.
    Known { field: usize, value: usize, whole: bool },
    /// A field's name.
    Label { field: usize },
    /// A turn of phrase.
    Cue(Cue),
    /// A thing, a program or a service.
    Equipment(Equipment),
    /// A noun of a place.
    Place(Place),
    /// A town; `doubtful` where the word means something else too.
    Town { doubtful: bool },
}

/// What a turn of phrase says (sections of `data/cues.txt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    Urgent,
    Calm,
    Normal,
    Request,
    Need,
    Speed,
    Today,
    Meeting,
    Soon,
    Stuck,
    Halted,
    Many,
    Stopped,
    Business,
    Down,
    Problem,
    Dismiss,
    Contrast,
    Works,
    Lead,
    Neutral,
}

/// How a noun of equipment is used (sections of `data/equipment.txt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equipment {
    /// A thing that is usually the matter: a printer.
    Device,
    /// A thing on which problems happen: a computer.
    Carrier,
    /// A part or a supply: a battery.
    Part,
    /// A program by its name.
    Software,
    /// A service: Wi-Fi.
    Service,
    /// A kind of program, which a name or a purpose completes.
    Head,
    /// What a screen shows.
    Symptom,
}

/// A noun of a place, and what completes it (sections of `data/places.txt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What it is a part of.
    pub scope: Scope,
    /// A number or a letter may follow.
    pub number: bool,
    /// A name in capitals may follow.
    pub name: bool,
    /// A town may stand beside it.
    pub town: bool,
    /// It says enough by itself.
    pub alone: bool,
}

/// How large a place is; a customer is in one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Room,
    Floor,
    Building,
    Site,
    Home,
    Department,
}

/// Marks of single words (sections of `data/words.txt` and the word lists of the other files).
pub(super) mod mark {
    macro_rules! marks {
        ($($name:ident = $section:literal,)*) => {
            marks!(@bits 0; $($name)*);
            /// The section that gives each mark.
            pub const SECTIONS: &[(&str, u32)] = &[$(($section, $name)),*];
        };
        (@bits $bit:expr; $name:ident $($rest:ident)*) => {
            pub const $name: u32 = 1 << $bit;
            marks!(@bits $bit + 1; $($rest)*);
        };
        (@bits $bit:expr;) => {};
    }
    marks! {
        FRENCH = "french",
        ENGLISH = "english",
        DETERMINER = "determiner",
        OF = "of",
        TO = "to",
        AT = "at",
        FILLER = "filler",
        GENERIC = "generic",
        REST = "rest",
        COURTESY = "courtesy",
        GREETING = "greeting",
        NEGATOR = "negator",
        WORK = "work",
        PROBLEM_NOUN = "problem-noun",
        GOOD = "good",
        BRAND = "brand",
        SERIES = "series",
        NAMED_SERIES = "named-series",
        MODIFIER = "modifier",
        PURPOSE = "purpose",
        NO_PURPOSE = "no-purpose",
        ORDINAL = "ordinal",
        DEPARTMENT = "department",
        DEPARTMENT_NOUN = "department-noun",
        BEARING = "bearing",
        FRENCH_NOUN = "french-noun",
        VERB = "verb",
        PEOPLE = "people",
    }
    /// Words that may stand inside a phrase without being of it.
    pub const SMALL: u32 = DETERMINER | OF | TO | FILLER;
}

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
        let mut role = header.peek().and_then(|kind| role(kind));
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

fn role(section: &str) -> Option<Role> {
    let place = |scope| Role::Place(Place { scope, number: false, name: false, town: false, alone: false });
    Some(match section {
        "urgent" => Role::Cue(Cue::Urgent),
        "calm" => Role::Cue(Cue::Calm),
        "normal" => Role::Cue(Cue::Normal),
        "request" => Role::Cue(Cue::Request),
        "need" => Role::Cue(Cue::Need),
        "speed" => Role::Cue(Cue::Speed),
        "today" => Role::Cue(Cue::Today),
        "meeting" => Role::Cue(Cue::Meeting),
        "soon" => Role::Cue(Cue::Soon),
        "stuck" => Role::Cue(Cue::Stuck),
        "halted" => Role::Cue(Cue::Halted),
        "many" => Role::Cue(Cue::Many),
        "stopped" => Role::Cue(Cue::Stopped),
        "business" => Role::Cue(Cue::Business),
        "down" => Role::Cue(Cue::Down),
        "problem" => Role::Cue(Cue::Problem),
        "dismiss" => Role::Cue(Cue::Dismiss),
        "contrast" => Role::Cue(Cue::Contrast),
        "works" => Role::Cue(Cue::Works),
        "lead" => Role::Cue(Cue::Lead),
        "neutral" => Role::Cue(Cue::Neutral),
        "device" => Role::Equipment(Equipment::Device),
        "carrier" => Role::Equipment(Equipment::Carrier),
        "part" => Role::Equipment(Equipment::Part),
        "software" => Role::Equipment(Equipment::Software),
        "service" => Role::Equipment(Equipment::Service),
        "head" => Role::Equipment(Equipment::Head),
        "symptom" => Role::Equipment(Equipment::Symptom),
        "room" => place(Scope::Room),
        "floor" => place(Scope::Floor),
        "building" => place(Scope::Building),
        "site" => place(Scope::Site),
        "home" => place(Scope::Home),
        "town" => Role::Town { doubtful: false },
        "doubtful" => Role::Town { doubtful: true },
        _ => return None,
    })
}

/// Adds every phrase that a line's `a|b` alternatives make.
fn alternatives(builder: &mut Builder<Role>, phrase: &str, role: Role) {
    // Mistakes in what the problem is about are corrected; turns of phrase and towns are too close to other words.
    let corrected = matches!(role, Role::Equipment(_) | Role::Place(_) | Role::Cue(Cue::Urgent | Cue::Stuck));
    builder.add_all(phrase.split_ascii_whitespace().map(|slot| slot.split('|')), role, corrected);
}

fn add_field(builder: &mut Builder<Role>, index: usize, field: &Field) {
    add_phrase(builder, &field.name, Role::Label { field: index });
    match &field.kind {
        Kind::Choice { options } => {
            for (option, choice) in options.iter().enumerate() {
                let role = Role::Choice { field: index, option };
                add_phrase(builder, &choice.value, role);
                for keyword in &choice.keywords {
                    add_phrase(builder, keyword, role);
                }
            }
            add_categories(builder, index, options);
        }
        Kind::Text { .. } => add_known_values(builder, index, &field.known_values),
        Kind::Boolean | Kind::Integer { .. } | Kind::Number { .. } => {}
    }
}

/// Fewest options of a field that name common categories for it to be a field of categories: « contact par » may
/// be the telephone or the mail and means neither's problems.
const MIN_CATEGORIES: usize = 4;

/// Adds what common categories are about, to a field whose options are named like them.
fn add_categories(builder: &mut Builder<Role>, field: usize, options: &[Choice]) {
    let names: Vec<String> = options.iter().map(|choice| fold(&choice.value).replace('-', " ")).collect();
    let named = CATEGORIES.split("[category]\n").skip(1).filter_map(|section| section.split_once('\n'));
    let of_option = |(category, phrases): (&str, &'static str)| {
        let option = names.iter().position(|name| category.split(", ").any(|category| category == name))?;
        Some((option, phrases))
    };
    let found: Vec<(usize, &str)> = named.filter_map(of_option).collect();
    if found.len() < MIN_CATEGORIES {
        return;
    }
    for (option, phrases) in found {
        for phrase in phrases.lines().flat_map(|line| line.split(", ")) {
            builder.add(phrase.split(' '), Role::Choice { field, option }, true);
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
            assert_eq!(crate::text::fold(line), line);
            let first = header.split(' ').next().unwrap();
            let is_mark = header.split(' ').all(|word| mark::SECTIONS.iter().any(|(name, _)| *name == word));
            assert!(role(first).is_some() || is_mark || matches!(header, "plain" | "exact"), "[{header}]");
        }
    }
}
#[cfg(test)]
#[test]
fn debug_corrections() {
    let lexicon = lexicon(&Schema::built_in().unwrap());
    for l in ["fr", "en"] {
        let text = std::fs::read_to_string(format!("/tmp/emb/top_{l}.txt")).unwrap();
        for (rank, w) in text.lines().enumerate() {
            let w = crate::text::fold(w);
            if let Some(c) = lexicon.debug_correct(&w) {
                println!("C {l} {rank} {w} {c}");
            }
        }
    }
}
