//! Spin variables, read from an environment.

/// Why a variable has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// The name is not valid in a Spin manifest.
    InvalidName,
    /// The environment has neither form of the name.
    Undefined,
}

/// The value of the Spin variable `name`, from `SPIN_VARIABLE_<NAME>` or else `<NAME>`.
///
/// An empty value counts: `FALLBACK_BACKEND=` disables the fallback.
///
/// # Errors
///
/// [`LookupError::InvalidName`] if `name` cannot be a Spin variable, so that nothing else in the environment can be
/// read; [`LookupError::Undefined`] if `env` has neither key.
pub fn lookup(name: &str, env: impl Fn(&str) -> Option<String>) -> Result<String, LookupError> {
    if !is_valid(name) {
        return Err(LookupError::InvalidName);
    }
    let key = name.to_ascii_uppercase();
    env(&format!("SPIN_VARIABLE_{key}")).or_else(|| env(&key)).ok_or(LookupError::Undefined)
}

/// Spin's rule for names: `[a-z][a-z0-9]*(_[a-z0-9]+)*`.
fn is_valid(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .split('_')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(env: &[(&str, &str)], name: &str, expect: Result<&str, LookupError>) {
        let find = |key: &str| env.iter().find(|(k, _)| *k == key).map(|(_, value)| (*value).to_owned());
        assert_eq!(lookup(name, find), expect.map(str::to_owned), "{name} in {env:?}");
    }

    #[test]
    fn the_spin_variable_takes_precedence() {
        let both = [("OLLAMA_URL", "bare"), ("SPIN_VARIABLE_OLLAMA_URL", "spin")];
        check(&both, "ollama_url", Ok("spin"));
        check(&both[..1], "ollama_url", Ok("bare"));
        check(&both[1..], "ollama_url", Ok("spin"));
    }

    #[test]
    fn an_empty_value_counts_in_both_forms() {
        check(&[("SPIN_VARIABLE_FALLBACK_BACKEND", ""), ("FALLBACK_BACKEND", "local")], "fallback_backend", Ok(""));
        check(&[("FALLBACK_BACKEND", "")], "fallback_backend", Ok(""));
    }

    #[test]
    fn an_unset_variable_is_undefined() {
        check(&[], "locale", Err(LookupError::Undefined));
        check(&[("locale", "fr"), ("SPIN_VARIABLE_locale", "fr")], "locale", Err(LookupError::Undefined));
    }

    #[test]
    fn names_follow_spins_rule() {
        for name in ["a", "a1", "a_1", "ollama_num_ctx", "a1_b2_c3"] {
            check(&[], name, Err(LookupError::Undefined));
        }
        for name in ["", "_", "1a", "_a", "a_", "a__b", "A", "pAth", "a-b", "a b", "a=b", "é", "aé", "a\0"] {
            check(&[("PATH", "/bin"), ("SPIN_VARIABLE_", "x"), ("", "x")], name, Err(LookupError::InvalidName));
        }
    }
}
