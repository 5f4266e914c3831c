//! The languages that the service speaks and reads.
//!
//! Each language is one file with one [`Texts`]: without one of its sentences or lists it does not compile. To add a
//! language, write its file and its folder of vocabulary, and register it below.
//!
//! The folders hold the console's texts (`console.js`) and the vocabulary of the local backend, which
//! `build/vocabulary.rs` compiles: any `*.txt` of any folder. `shared/` has names, and words of several languages.
//! `local/vocabulary/{mark,role}.rs` document the sections.

mod en;
mod fr;
mod list;

pub use list::{Keys, WordList, key};

/// Everything that depends on a language.
#[derive(Debug)]
pub struct Texts {
    /// Primary subtag of the language (RFC 5646), in lower case.
    pub tag: &'static str,
    /// The language's name in prompts, which are French.
    pub name_in_prompts: &'static str,
    /// Asks for a field that has no question of its own, given its description.
    pub ask_for: fn(&str) -> String,
    /// The messages of answers.
    pub messages: Messages,
    /// Words of any text.
    pub text: TextWords,
    /// Words of the values that models write.
    pub values: ValueWords,
    /// Words of questions to customers.
    pub questions: QuestionWords,
    /// Words of questions that may ask for something confidential.
    pub secrets: SecretWords,
    /// Words beside private data and beside what resembles it.
    pub privacy: PrivacyWords,
    /// Word lists of the local backend's rules.
    pub local: LocalWords,
}

/// The `message` of each answer, for the person who reads it.
#[derive(Debug)]
#[expect(missing_docs, reason = "named after the outcome, or the error code, that they describe")]
pub struct Messages {
    pub ticket_analysed: &'static str,
    pub question_ready: &'static str,
    pub ticket_complete: &'static str,
    pub invalid_json: &'static str,
    pub unauthorized: &'static str,
    pub not_found: &'static str,
    pub method_not_allowed: &'static str,
    pub request_timeout: &'static str,
    pub body_too_large: &'static str,
    pub unsupported_media_type: &'static str,
    pub validation_error: &'static str,
    pub rate_limited: &'static str,
    pub invalid_configuration: &'static str,
    pub internal: &'static str,
    pub upstream_error: &'static str,
    pub upstream_invalid_output: &'static str,
    pub outbound_denied: &'static str,
    pub backend_not_configured: &'static str,
    pub upstream_timeout: &'static str,
}

/// Words of any text.
#[derive(Debug)]
pub struct TextWords {
    /// Words of this language only, for its detection.
    pub everyday: Keys,
    /// Elided words before an apostrophe: « l'écran ».
    pub elisions: WordList,
    /// Abbreviations: a full stop after them ends no sentence.
    pub abbreviations: WordList,
    /// Words too common to distinguish texts: articles, pronouns, prepositions, auxiliaries.
    pub stop_words: WordList,
}

/// Words of the values that models write.
#[derive(Debug)]
pub struct ValueWords {
    /// Forms of a ticket's unknown value: `[INCONNUE]`.
    pub unknown_marks: WordList,
    /// Models' words for an unknown value.
    pub unknown: WordList,
    /// The same, without the endings of gender and number.
    pub unknown_stems: WordList,
    /// Words after a negation with the same meaning, without these endings: « non précisé ».
    pub unstated: WordList,
    /// Negations before them.
    pub not: WordList,
    /// Nouns before them, which add nothing.
    pub information: WordList,
    /// Words that turn a value into its opposite: « pas critique ».
    pub negations: WordList,
    /// Words for true.
    pub yes: WordList,
    /// Words for false.
    pub no: WordList,
    /// Their initials.
    pub yes_initials: WordList,
    /// Their initials.
    pub no_initials: WordList,
    /// Conjunctions that names may leave out.
    pub and: WordList,
    /// Words that make a number of three digits or more a reference.
    pub reference_labels: WordList,
    /// Words that make a number of two digits or more an error code.
    pub error_labels: WordList,
    /// Further words for `true` after a field's name.
    pub agreed: WordList,
    /// Further words for `false` after a field's name.
    pub denied: WordList,
}

/// Words of questions to customers.
#[derive(Debug)]
pub struct QuestionWords {
    /// Words of labels before a model's question.
    pub labels: WordList,
    /// Words of questions, never of labels.
    pub never_labels: WordList,
    /// First words of a request without a question mark.
    pub requests: WordList,
    /// First words of a short sentence that thanks.
    pub thanks: WordList,
    /// First words of thanks that would otherwise be a request.
    pub thanks_in_advance: WordList,
    /// Words of questions in this language only. Questions are too short to count everyday words.
    pub distinctive: WordList,
    /// Words of questions about anything.
    pub generic: WordList,
    /// Phrases that mean something else when folded, and their replacements.
    pub homographs: &'static [(&'static str, &'static str)],
    /// Folded words, and their synonyms in the built-in schema.
    pub synonyms: &'static [(&'static str, &'static str)],
}

/// Words of questions that may ask for something confidential.
#[derive(Debug)]
pub struct SecretWords {
    /// Secrets: never asked for.
    pub named: WordList,
    /// The same, recognised with one typing mistake per long word.
    pub misspelt: WordList,
    /// The same without blanks, for letters that are kept apart: « m.o.t d.e p.a.s.s.e ».
    pub joined: WordList,
    /// Nouns that are secret unless one of the next three lists says otherwise.
    pub codes: WordList,
    /// Words beside them that make them ordinary.
    pub ordinary_codes: WordList,
    /// Words of a code that a screen shows.
    pub shown: WordList,
    /// Words that make a code secret even if a screen shows it.
    pub authentication: WordList,
    /// Nouns that are secret unless a word of the next list occurs.
    pub cards: WordList,
    /// Words of cards that do not pay.
    pub hardware: WordList,
    /// Words that ask for a part of a secret, wherever they stand.
    pub revealing: WordList,
    /// Words that ask for the secret near them.
    pub interrogatives: WordList,
    /// The same, unless it is the customer who does so: « vous saisissez ».
    pub requests: WordList,
    /// The customer as a subject.
    pub you: WordList,
    /// Words before that subject that make a request: « **pouvez**-vous saisir ».
    pub modals: WordList,
    /// Last words that ask for a secret: "What did you change your password to?"
    pub requests_at_end: WordList,
    /// Words that protect what follows them from a request: « dites-moi **si** … ».
    pub shields: WordList,
    /// Words that end the reach of a verb or a state.
    pub barriers: WordList,
    /// Barriers that may stand between a verb and its object: "ask for".
    pub purposes: WordList,
    /// States of a secret, after it: « est-il refusé ».
    pub states: WordList,
    /// Actions on a secret other than telling it, before it: « avez-vous oublié ».
    pub actions: WordList,
    /// The service as a subject: its actions may be requests.
    pub ourselves: WordList,
    /// Verbs of entering a secret: a question may ask for the outcome.
    pub entering: WordList,
    /// Words that begin such a question.
    pub moments: WordList,
    /// Things that a secret may belong to, beside it: « le problème de mot de passe », "password manager".
    pub matters: WordList,
    /// Words between a noun and what it belongs to.
    pub articles: WordList,
    /// More words between a matter and the secret.
    pub companions: WordList,
}

/// Words beside private data and beside what resembles it.
#[derive(Debug)]
pub struct PrivacyWords {
    /// Words before a version or section number.
    pub versions: WordList,
    /// The same, of several words.
    pub updates: WordList,
    /// Words before the number of a thing.
    pub references: WordList,
    /// Words before a telephone number.
    pub phones: WordList,
    /// Words that end a label's reach.
    pub breaks: WordList,
    /// Words between a label and its number.
    pub fillers: WordList,
    /// The word for number.
    pub numbers: WordList,
    /// Names of the sign @.
    pub at_signs: WordList,
    /// Everyday words for the same.
    pub at_words: WordList,
    /// Words for the dot of an address.
    pub dots: WordList,
    /// Words between the addresses of a list or range.
    pub joiners: WordList,
    /// Words before the key of a social security number.
    pub check_keys: WordList,
    /// Units of amounts.
    pub units: WordList,
    /// Words that may be glued to a number.
    pub glued: WordList,
}

/// Word lists of the local backend's rules.
#[derive(Debug)]
pub struct LocalWords {
    /// Names of fields that take the title.
    pub title_fields: WordList,
    /// Names of fields that take the description.
    pub description_fields: WordList,
    /// Names of fields that take the place.
    pub place_fields: WordList,
    /// Names of fields that take the equipment.
    pub equipment_fields: WordList,
    /// Names of fields that take the priority.
    pub priority_fields: WordList,
    /// Options that mean a low priority.
    pub low_levels: WordList,
    /// Options that mean a normal priority.
    pub normal_levels: WordList,
    /// Options that mean a high priority.
    pub high_levels: WordList,
    /// Options that mean a critical priority.
    pub critical_levels: WordList,
    /// Nouns that known places share with other places: « Site de Lyon » is Lyon.
    pub place_nouns: WordList,
    /// Between a field's name and its value: « la quantité **est de** 12 ».
    pub value_links: WordList,
    /// Forms of a working verb that do not say that a thing works, and words with the same stem.
    pub bare_verbs: WordList,
    /// Before a working verb, these ask how to: "how do I make it work".
    pub questions: WordList,
    /// After a working verb, these deny it: « ne fonctionne **que** », "works **badly**".
    pub limits: WordList,
    /// After the digits of a time: « 14h », "2pm".
    pub clock_units: WordList,
    /// Units of a time span within hours.
    pub duration_units: WordList,
    /// Units that people attach to a number: "16gb".
    pub quantity_units: WordList,
    /// Before a time span: « **dans** 10 minutes ».
    pub countdowns: WordList,
    /// Number words of a short time span: « dans **une** heure ».
    pub small_numbers: WordList,
    /// Before a time: « **avant** 14h ».
    pub deadlines: WordList,
    /// Before a number: « bureau **n°** 12 ».
    pub number_signs: WordList,
    /// Words of one letter: no room numbers unless they are capitals.
    pub letter_words: WordList,
    /// After the digits of an ordinal, apart from them: « 3 **ème** étage ».
    pub ordinal_endings: WordList,
    /// Before a town or a place that one is in.
    pub inside: WordList,
    /// Before a town in capitals.
    pub town_prepositions: WordList,
    /// Before a place that only a noun names, where the main noun comes last: "**at** the airport store".
    pub head_last_places: WordList,
    /// Nouns of a place that name something on the web more often.
    pub web_nouns: WordList,
    /// Before a department that one is in.
    pub department_prepositions: WordList,
    /// Before a department that one is of, with its noun.
    pub department_origins: WordList,
    /// Before a home.
    pub home_prepositions: WordList,
    /// Between a noun and what it is for: « serveur **de** fichiers ».
    pub purpose_links: WordList,
    /// As [`Self::purpose_links`], but naming one thing: « l'accueil **du** site ».
    pub definite_links: WordList,
    /// Before a verb: "**please** switch".
    pub verb_subjects: WordList,
    /// Before a program that something happens on: « mon profil **sur** Chorus ».
    pub surfaces: WordList,
}

macro_rules! languages {
    ($($(#[$attribute:meta])* $language:ident => $file:ident,)+) => {
        /// A language of answers and of customers; French is the default.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum Language {
            $($(#[$attribute])* $language,)+
        }

        impl Language {
            /// All languages.
            pub const ALL: [Self; [$(Self::$language),+].len()] = [$(Self::$language),+];

            /// The sentences and words of this language.
            pub const fn texts(self) -> &'static Texts {
                match self {
                    $(Self::$language => &$file::TEXTS,)+
                }
            }
        }

        /// One value per language.
        #[derive(Debug, Default)]
        pub struct ByLanguage<T> {
            $($file: T,)+
        }

        impl<T> ByLanguage<T> {
            /// The value of `language`.
            pub const fn get(&self, language: Language) -> &T {
                match language {
                    $(Language::$language => &self.$file,)+
                }
            }
        }
    };
}

languages! {
    /// French (`fr`).
    #[default]
    Fr => fr,
    /// English (`en`).
    En => en,
}

impl Language {
    /// Reads a language tag (RFC 5646) by its primary subtag: `fr`, `fr-CA`, `EN_us`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The tags of all languages between `quote`s, as a list: "`fr` or `en`", where `or` is "or".
    pub fn tags(quote: char, or: &str) -> String {
        let tags = Self::ALL.map(|language| format!("{quote}{}{quote}", language.tag()));
        match tags.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} {or} {last}", others.join(", ")),
            None => String::new(),
        }
    }

    /// The tag that [`Language::from_tag`] reads back.
    pub const fn tag(self) -> &'static str {
        self.texts().tag
    }
}

/// Whether a list of any language holds `word`.
pub fn in_any(word: &str, list: impl Fn(&Texts) -> WordList) -> bool {
    Language::ALL.into_iter().any(|language| list(language.texts()).has(word))
}

/// The words of a list, of all languages.
pub fn of_all(list: impl Fn(&Texts) -> WordList) -> impl Iterator<Item = &'static str> {
    Language::ALL.into_iter().flat_map(move |language| list(language.texts()).iter())
}
