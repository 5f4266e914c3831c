//! The table of variables: what `spin.toml`, the environment and the documentation name.

/// One configuration variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name on Spin; the environment has it in upper case, with or without `SPIN_VARIABLE_`.
    pub name: &'static str,
    /// What holds where nobody sets it.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
}

const fn variable(name: &'static str, default: &'static str) -> Variable {
    Variable { name, default, secret: false }
}

const fn secret(name: &'static str) -> Variable {
    Variable { name, default: "", secret: true }
}

/// Every variable that the service reads, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    variable("model_backend", "ollama"),
    variable("fallback_backend", "local"),
    variable("ollama_origin", "http://localhost:11434"),
    variable("ollama_url", ""),
    variable("ollama_model_name", "mistral:instruct"),
    variable("ollama_num_ctx", "8192"),
    variable("mistral_origin", "https://api.mistral.ai"),
    variable("mistral_url", ""),
    secret("mistral_api_key"),
    variable("mistral_model_name", "mistral-large-latest,mistral-medium-latest,mistral-small-latest"),
    variable("timeout_seconds", "30"),
    variable("max_attempts", "4"),
    variable("cors_origins", "http://localhost:5173"),
    secret("api_keys"),
    variable("ticket_schema", ""),
    variable("max_body_bytes", "65536"),
    variable("cache_ttl_seconds", "0"),
    variable("redact_pii", "cloud"),
    variable("review_below", ""),
    variable("log_level", "info"),
    variable("log_content", "false"),
    variable("locale", "fr"),
];
