//! The two languages the service speaks and reads.

/// A language of answers and of customers: French, the default, or English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// French (`fr`).
    #[default]
    Fr,
    /// English (`en`).
    En,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// Reads a language tag (RFC 5646) by its primary subtag: `fr`, `fr-CA`, `EN_us`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.tag()))
    }

    /// The tag that [`Language::from_tag`] reads back.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// Picks the text of this language out of a French and an English one.
    pub const fn pick<T: Copy>(self, fr: T, en: T) -> T {
        match self {
            Self::Fr => fr,
            Self::En => en,
        }
    }
}
