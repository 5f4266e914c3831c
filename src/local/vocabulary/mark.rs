//! Marks of single words. Each mark is a section of the vocabulary files in `src/language/`; a section may carry several
//! (`[head-first determiner]`), and a word may be in several sections. Shared with `build/vocabulary.rs`.
//!
//! Two more sections give words without a mark: `[exact]` for words that mean something else without their last letter
//! ("teams", "accounting"), and `[lookalike]` for frequent words one letter away from the vocabulary or from the built-in
//! schema, which are no typing mistakes.

/// A set of bits: the marks that a word has.
pub type Marks = u64;

macro_rules! marks {
    ($($(#[$doc:meta])* $name:ident = $section:literal,)*) => {
        marks!(@bits 0; $($(#[$doc])* $name)*);
        /// The section of each mark.
        #[allow(dead_code, reason = "only the build asks")]
        pub const SECTIONS: &[(&str, Marks)] = &[$(($section, $name)),*];
    };
    (@bits $bit:expr; $(#[$doc:meta])* $name:ident $($rest:tt)*) => {
        $(#[$doc])*
        pub const $name: Marks = 1 << $bit;
        marks!(@bits $bit + 1; $($rest)*);
    };
    (@bits $bit:expr;) => {};
}
marks! {
    /// Of a language that puts the main noun of a compound first: « pilote d'imprimante ».
    HEAD_FIRST = "head-first",
    /// Of a language that puts it last: "printer driver".
    HEAD_LAST = "head-last",
    DETERMINER = "determiner",
    /// Prepositions that make what follows a complement: « de », "of".
    OF = "of",
    /// As [`OF`]: « vers », "for".
    TO = "to",
    /// Prepositions of where something happens: « sur », "on".
    AT = "at",
    /// Words that add nothing: « vraiment », "just".
    FILLER = "filler",
    /// Keywords of where a problem happens rather than of the problem: half the weight of others.
    GENERIC = "generic",
    /// Options for everything else, such as « autre »: they count only if the line says nothing more.
    CATCH_ALL = "catch-all",
    COURTESY = "courtesy",
    GREETING = "greeting",
    NEGATION = "negation",
    /// « fonctionne », "works".
    WORKING_VERB = "working-verb",
    /// « problème », "issue".
    PROBLEM_NOUN = "problem-noun",
    /// After « ce n'est pas », these make no dismissal: « ce n'est pas le **bon** mot de passe ».
    NO_DISMISSAL = "no-dismissal",
    BRAND = "brand",
    /// Product ranges: "LaserJet".
    SERIES = "series",
    /// Product ranges that name a thing without its noun: « mon **ThinkPad** ».
    STANDALONE_SERIES = "standalone-series",
    /// Adjectives and nouns that belong to a thing's name: « clavier **sans fil** ».
    MODIFIER = "modifier",
    /// Nouns whose name continues with what they are for: « serveur **de fichiers** ».
    TAKES_PURPOSE = "takes-purpose",
    /// Words that are no purpose: « PC de **secours** », « logiciel de **merde** ».
    NOT_A_PURPOSE = "not-a-purpose",
    ORDINAL = "ordinal",
    DEPARTMENT = "department",
    /// « service », "team".
    DEPARTMENT_NOUN = "department-noun",
    /// « nord », "east": part of a building's or a town's name.
    COMPASS_POINT = "compass-point",
    /// Words that name equipment in a head-first language only: "box", "tour".
    FALSE_FRIEND = "false-friend",
    /// Nouns of equipment that are verbs too, in a head-last language: "to switch".
    ALSO_VERB = "also-verb",
    /// Nouns of equipment that are adjectives too, in a head-first language: « l'appli mobile ».
    ALSO_ADJECTIVE = "also-adjective",
    /// Nouns of equipment that say little: « appareil ».
    VAGUE = "vague",
    /// Units, which make a number a quantity.
    UNIT = "unit",
    /// Verbs of being somewhere: a name in capitals after « à » or "in" is a town, listed or not.
    LOCATED = "located",
    /// Words before a time or a time span: « dans », "by".
    TIME_PREPOSITION = "time-preposition",
    /// « R+2 ».
    FLOOR_LETTER = "floor-letter",
    /// Words between a determiner and a place: "at **main** reception".
    QUALIFIER = "qualifier",
    /// Days, months and holidays, which are written like names.
    CALENDAR = "calendar",
    /// Workers and workplaces: two or more are many people.
    PEOPLE = "people",
}
/// Words that may stand between two words of a phrase without being part of it.
pub const FUNCTION_WORD: Marks = DETERMINER | OF | TO | FILLER;
