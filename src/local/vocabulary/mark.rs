//! Marks of single words: sections of `data/words.txt`, which says what each is for, and of the other files. Shared with
//! `build/vocabulary.rs`.

/// A set of bits that say what kind of word a word is.
pub type Marks = u64;

macro_rules! marks {
    ($($name:ident = $section:literal,)*) => {
        marks!(@bits 0; $($name)*);
        /// The section that gives each mark.
        #[allow(dead_code, reason = "only the build asks")]
        pub const SECTIONS: &[(&str, Marks)] = &[$(($section, $name)),*];
    };
    (@bits $bit:expr; $name:ident $($rest:ident)*) => {
        pub const $name: Marks = 1 << $bit;
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
    VAGUE = "vague",
    UNIT = "unit",
    STAY = "stay",
    CLOCK = "clock",
    LEVEL = "level",
    QUALIFIER = "qualifier",
    ADJECTIVE = "adjective",
    CALENDAR = "calendar",
    PEOPLE = "people",
}
/// Words that may stand inside a phrase without being of it.
pub const SMALL: Marks = DETERMINER | OF | TO | FILLER;
