//! The languages that the service speaks and reads.
//!
//! Each language is one file with one [`Texts`]: a sentence or list that is missing there does not compile. To add a
//! language, write its file and register it below.
//!
//! The folders beside them hold the vocabulary of the local backend, which `build/vocabulary.rs` compiles: any `*.txt` of
//! any folder. `shared/` has names, and words that several languages share. `local/vocabulary/{mark,role}.rs` say what
//! each section is for.

mod en;
mod fr;

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

    /// The tag that [`Language::from_tag`] reads back.
    pub const fn tag(self) -> &'static str {
        self.texts().tag
    }
}
