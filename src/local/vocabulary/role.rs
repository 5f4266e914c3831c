//! Roles of phrases. Each role is a section of the vocabulary files in `src/language/`: phrases of folded words between
//! commas, `a|b` for either word; in a text, function words may stand between their words. Shared with
//! `build/vocabulary.rs`.

/// The meaning of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An option of a choice field, by a keyword or by its name; `category` where the field is one of categories.
    Choice { field: usize, option: usize, category: bool },
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
    /// A town; `ambiguous` where the word means something else too: « nice », "reading".
    Town { ambiguous: bool },
}

/// The meaning of a turn of phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    Urgent,
    NotUrgent,
    /// Of normal priority.
    Normal,
    /// « pouvez-vous », "please".
    Request,
    /// « il faut », "must".
    Need,
    /// « rapidement »: urgent with [`Cue::Request`] or [`Cue::Need`].
    Speed,
    /// « aujourd'hui »: urgent with [`Cue::Need`].
    Today,
    /// An appointment, urgent if near.
    Meeting,
    /// Within hours.
    Soon,
    /// One person cannot work.
    Stuck,
    /// The work of many people has stopped.
    Halted,
    /// « plus personne ne »: many are stopped with [`Cue::Able`].
    Nobody,
    /// « peut », "access".
    Able,
    /// Many people: « toute l'équipe ».
    Many,
    /// « bloqué », "unable": many are stopped with [`Cue::Many`].
    Stopped,
    /// A core activity of a business: « la production ».
    Business,
    /// « à l'arrêt »: said of [`Cue::Business`].
    Down,
    /// Marks a sentence as a problem or a request.
    Problem,
    /// Says that what follows is not the problem: « ce n'est pas ».
    Dismiss,
    /// Ends a dismissal: « mais ».
    Contrast,
    /// « fonctionne bien ».
    Works,
    /// A phrase before the problem: « je vous contacte car ».
    Opening,
    /// A phrase whose words are no keywords: « en ligne ».
    Idiom,
}

/// The use of a noun of equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equipment {
    /// A thing that usually has the problem: a printer.
    Device,
    /// A thing on which problems happen, chosen if nothing more specific is named: a computer.
    Host,
    /// A part or a supply: a battery.
    Part,
    /// A program by its name.
    Software,
    /// A service, in the wide sense: Wi-Fi.
    Service,
    /// A kind of program, which a name or a purpose completes: « logiciel de paie ».
    Program,
    /// Something on a screen, which is no equipment: « écran bleu ».
    Symptom,
}

/// A noun of a place, and what completes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its size.
    pub scope: Scope,
    /// A number or a letter may follow.
    pub number: bool,
    /// A name in capitals may follow.
    pub name: bool,
    /// A town may stand beside it.
    pub town: bool,
    /// It is a place by itself, after a determiner or a preposition.
    pub alone: bool,
}

/// The size of a place. A customer is in one place of each size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Room,
    Floor,
    Building,
    Site,
    Home,
    Department,
}

const fn bare(scope: Scope) -> Place {
    Place { scope, number: false, name: false, town: false, alone: false }
}

/// The role of each section. A phrase of several sections has their roles in this order.
pub const SECTIONS: &[(&str, Role)] = &[
    ("urgent", Role::Cue(Cue::Urgent)),
    ("not urgent", Role::Cue(Cue::NotUrgent)),
    ("normal", Role::Cue(Cue::Normal)),
    ("request", Role::Cue(Cue::Request)),
    ("need", Role::Cue(Cue::Need)),
    ("speed", Role::Cue(Cue::Speed)),
    ("today", Role::Cue(Cue::Today)),
    ("meeting", Role::Cue(Cue::Meeting)),
    ("soon", Role::Cue(Cue::Soon)),
    ("stuck", Role::Cue(Cue::Stuck)),
    ("halted", Role::Cue(Cue::Halted)),
    ("nobody", Role::Cue(Cue::Nobody)),
    ("able", Role::Cue(Cue::Able)),
    ("many", Role::Cue(Cue::Many)),
    ("stopped", Role::Cue(Cue::Stopped)),
    ("business", Role::Cue(Cue::Business)),
    ("down", Role::Cue(Cue::Down)),
    ("problem", Role::Cue(Cue::Problem)),
    ("dismiss", Role::Cue(Cue::Dismiss)),
    ("contrast", Role::Cue(Cue::Contrast)),
    ("works", Role::Cue(Cue::Works)),
    ("opening", Role::Cue(Cue::Opening)),
    ("idiom", Role::Cue(Cue::Idiom)),
    ("device", Role::Equipment(Equipment::Device)),
    ("host", Role::Equipment(Equipment::Host)),
    ("part", Role::Equipment(Equipment::Part)),
    ("software", Role::Equipment(Equipment::Software)),
    ("service", Role::Equipment(Equipment::Service)),
    ("program", Role::Equipment(Equipment::Program)),
    ("symptom", Role::Equipment(Equipment::Symptom)),
    ("room number", Role::Place(Place { number: true, ..bare(Scope::Room) })),
    ("room number name", Role::Place(Place { number: true, name: true, ..bare(Scope::Room) })),
    ("room number name alone", Role::Place(Place { number: true, name: true, alone: true, ..bare(Scope::Room) })),
    ("floor number", Role::Place(Place { number: true, ..bare(Scope::Floor) })),
    ("floor alone", Role::Place(Place { alone: true, ..bare(Scope::Floor) })),
    ("building number name", Role::Place(Place { number: true, name: true, ..bare(Scope::Building) })),
    ("building alone", Role::Place(Place { alone: true, ..bare(Scope::Building) })),
    ("site number name town", Role::Place(Place { number: true, name: true, town: true, ..bare(Scope::Site) })),
    ("site town", Role::Place(Place { town: true, ..bare(Scope::Site) })),
    ("site alone", Role::Place(Place { alone: true, ..bare(Scope::Site) })),
    ("room alone", Role::Place(Place { alone: true, ..bare(Scope::Room) })),
    ("home alone", Role::Place(Place { alone: true, ..bare(Scope::Home) })),
    ("town", Role::Town { ambiguous: false }),
    ("ambiguous town", Role::Town { ambiguous: true }),
];

/// The common categories: `[category mail]` lists phrases, `[names of mail]` the names of an option that means it. A phrase
/// of two categories belongs to the first of them in this list.
#[allow(dead_code, reason = "only the build asks")]
pub const CATEGORIES: [&str; 9] =
    ["hardware", "software", "network", "access", "mail", "telephony", "billing", "delivery", "other"];
