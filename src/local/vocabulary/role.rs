//! What phrases stand for. Shared with `build/vocabulary.rs`.

/// What a phrase stands for.
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
    /// A town; `doubtful` where the word means something else too.
    Town { doubtful: bool },
}

/// What a turn of phrase says (sections of `data/cues.txt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
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
    Nobody,
    Able,
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
pub enum Equipment {
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
pub struct Place {
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
pub enum Scope {
    Room,
    Floor,
    Building,
    Site,
    Home,
    Department,
}

/// What the phrases of a data file's section stand for, by the section's header.
pub const SECTIONS: &[(&str, Role)] = &[
    ("urgent", Role::Cue(Cue::Urgent)),
    ("calm", Role::Cue(Cue::Calm)),
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
    ("lead", Role::Cue(Cue::Lead)),
    ("neutral", Role::Cue(Cue::Neutral)),
    ("device", Role::Equipment(Equipment::Device)),
    ("carrier", Role::Equipment(Equipment::Carrier)),
    ("part", Role::Equipment(Equipment::Part)),
    ("software", Role::Equipment(Equipment::Software)),
    ("service", Role::Equipment(Equipment::Service)),
    ("head", Role::Equipment(Equipment::Head)),
    ("symptom", Role::Equipment(Equipment::Symptom)),
    ("room number", Role::Place(Place { scope: Scope::Room, number: true, name: false, town: false, alone: false })),
    (
        "room number name",
        Role::Place(Place { scope: Scope::Room, number: true, name: true, town: false, alone: false }),
    ),
    (
        "room number name alone",
        Role::Place(Place { scope: Scope::Room, number: true, name: true, town: false, alone: true }),
    ),
    ("room alone", Role::Place(Place { scope: Scope::Room, number: false, name: false, town: false, alone: true })),
    ("floor number", Role::Place(Place { scope: Scope::Floor, number: true, name: false, town: false, alone: false })),
    ("floor alone", Role::Place(Place { scope: Scope::Floor, number: false, name: false, town: false, alone: true })),
    (
        "building number name",
        Role::Place(Place { scope: Scope::Building, number: true, name: true, town: false, alone: false }),
    ),
    (
        "building alone",
        Role::Place(Place { scope: Scope::Building, number: false, name: false, town: false, alone: true }),
    ),
    (
        "site number name town",
        Role::Place(Place { scope: Scope::Site, number: true, name: true, town: true, alone: false }),
    ),
    ("site town", Role::Place(Place { scope: Scope::Site, number: false, name: false, town: true, alone: false })),
    ("site alone", Role::Place(Place { scope: Scope::Site, number: false, name: false, town: false, alone: true })),
    ("home alone", Role::Place(Place { scope: Scope::Home, number: false, name: false, town: false, alone: true })),
    ("town", Role::Town { doubtful: false }),
    ("doubtful", Role::Town { doubtful: true }),
];
