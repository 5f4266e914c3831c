//! One configuration variable: its row in the documentation, and how its text is read.

mod secret;
mod setting;

pub use secret::Secret;
pub(crate) use setting::{Setting, origin};

/// One configuration variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name on Spin; the environment has it in upper case, with or without `SPIN_VARIABLE_`.
    pub name: &'static str,
    /// The value where nobody sets it.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// Its meaning, as Markdown for the documentation; not part of the component.
    #[cfg(not(target_family = "wasm"))]
    pub meaning: Meaning,
}

/// A variable's meaning in the languages of the documentation; `{languages}` stands for the tags of all languages,
/// `{backends}` for the names of all backends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
}

/// A variable that is no secret.
pub(crate) const fn variable(
    name: &'static str,
    default: &'static str,
    #[cfg_attr(target_family = "wasm", expect(unused_variables, reason = "only the documentation has it"))]
    meaning: Meaning,
) -> Variable {
    Variable {
        name,
        default,
        secret: false,
        #[cfg(not(target_family = "wasm"))]
        meaning,
    }
}

/// A variable that holds a secret, empty by default.
pub(crate) const fn secret(name: &'static str, meaning: Meaning) -> Variable {
    Variable { secret: true, ..variable(name, "", meaning) }
}

/// A variable whose value does not parse. The value itself is never shown: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("variable \"{variable}\": {expected}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: &'static str,
    /// The expected value, as a sentence.
    pub expected: String,
}
