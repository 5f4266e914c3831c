use super::*;

fn parse(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::parse(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let config = parse(&[]).unwrap();
    assert_eq!(config.chain, [Backend::Server(Provider::Ollama)]);
    assert_eq!(config.fallback, Some(Backend::Local));
    assert_eq!(config.ollama.endpoint.url().to_string(), "http://localhost:11434/api/generate");
    assert_eq!(config.ollama.models, ["mistral:instruct"]);
    assert_eq!(config.mistral.endpoint.url().to_string(), "https://api.mistral.ai/v1/chat/completions");
    assert_eq!(config.mistral.models.len(), 3);
    assert!(!config.mistral.endpoint.is_configured());
    assert_eq!(config.timeout, Duration::from_secs(30));
    assert_eq!(config.max_attempts, 4);
    assert_eq!(config.cors_origins, CorsOrigins::Listed(vec!["http://localhost:5173".to_owned()]));
    assert_eq!(config.max_body_bytes, 65_536);
    assert_eq!(config.schema, Schema::built_in().unwrap());
}

#[test]
fn every_variable_refuses_nonsense_by_its_own_name() {
    let nonsense = [
        ("model_backend", "gpt"),
        ("model_backend", ""),
        ("model_backend", "ollama,gpt"),
        ("fallback_backend", "none"),
        ("ollama_origin", "localhost:11434"),
        ("ollama_origin", "http://localhost:11434/api"),
        ("ollama_origin", "ftp://localhost"),
        ("ollama_url", "http://localhost:11434/v2/other"),
        ("ollama_url", "not a url"),
        ("ollama_model_name", " , "),
        ("ollama_num_ctx", "many"),
        ("ollama_num_ctx", "0"),
        ("mistral_origin", "https://api.mistral.ai/v1"),
        ("mistral_url", "::"),
        ("mistral_api_key", "clé\naccentuée"),
        ("mistral_model_name", ""),
        ("timeout_seconds", "0"),
        ("timeout_seconds", "-1"),
        ("timeout_seconds", "NaN"),
        ("timeout_seconds", "inf"),
        ("timeout_seconds", "thirty"),
        ("max_attempts", "0"),
        ("max_attempts", "1.5"),
        ("cors_origins", "localhost"),
        ("cors_origins", "https://desk.example.com/path"),
        ("ticket_schema", "{}"),
        ("ticket_schema", "{"),
        ("max_body_bytes", "64k"),
        ("cache_ttl_seconds", "-5"),
        ("redact_pii", "yes"),
        ("review_below", "high"),
        ("log_level", "loud"),
        ("log_content", "maybe"),
        ("locale", "xx"),
    ];
    for (name, value) in nonsense {
        let error = parse(&[(name, value)]).expect_err(&format!("{name}={value:?} must be refused"));
        assert_eq!(error.variable, name, "{value:?}");
        let secret = VARIABLES.iter().any(|variable| variable.name == name && variable.secret);
        assert!(!secret || !error.to_string().contains(value.trim()), "the value of {name} must not be shown: {error}");
    }
    let untested: Vec<&str> = VARIABLES
        .iter()
        .map(|variable| variable.name)
        .filter(|name| *name != "api_keys" && !nonsense.iter().any(|(tested, _)| tested == name))
        .collect();
    assert!(untested.is_empty(), "no nonsense for {untested:?}");
}

#[test]
fn a_schema_fault_names_its_place() {
    let error = parse(&[("ticket_schema", r#"{"type":"object","properties":{"a":{"type":"array"}}}"#)]).unwrap_err();
    assert!(error.expected.contains("/properties/a/type"), "{error}");
}

#[test]
fn lists_urls_and_words_are_read_as_people_write_them() {
    let config = parse(&[
        ("model_backend", " Mistral , ollama,local "),
        ("fallback_backend", ""),
        ("ollama_url", "http://ollama:11434"),
        ("mistral_origin", "http://127.0.0.1:8000/"),
        ("mistral_model_name", "a, b,"),
        ("cors_origins", "https://Desk.example.com/, http://localhost:3000"),
        ("api_keys", " k1 ,k2"),
        ("timeout_seconds", "1.5"),
        ("log_content", "TRUE"),
        ("review_below", "medium"),
    ])
    .unwrap();
    assert_eq!(config.chain, [Backend::Server(Provider::Mistral), Backend::Server(Provider::Ollama), Backend::Local]);
    assert_eq!(config.fallback, None);
    assert_eq!(config.ollama.endpoint.url().to_string(), "http://ollama:11434/api/chat");
    assert_eq!(config.mistral.endpoint.url().to_string(), "http://127.0.0.1:8000/v1/chat/completions");
    assert!(config.mistral.endpoint.is_configured(), "a server of one's own may ask for no key");
    assert_eq!(config.mistral.models, ["a", "b"]);
    let expected = ["https://desk.example.com", "http://localhost:3000"].map(str::to_owned).to_vec();
    assert_eq!(config.cors_origins, CorsOrigins::Listed(expected));
    assert_eq!(config.api_keys.iter().map(Secret::expose).collect::<Vec<_>>(), ["k1", "k2"]);
    assert_eq!(config.timeout, Duration::from_millis(1500));
    assert_eq!(config.review_below, Some(Confidence::Medium));
}

#[test]
fn every_provider_has_variables_of_its_own() {
    let origins: Vec<&str> = VARIABLES.iter().filter_map(|variable| variable.name.strip_suffix("_origin")).collect();
    let named: Vec<Option<Backend>> = origins.iter().map(|name| Backend::from_name(name)).collect();
    assert!(named.iter().all(Option::is_some) && named.len() == Provider::ALL.len(), "{origins:?} {named:?}");
}

#[test]
fn every_key_is_among_those_that_no_answer_may_show() {
    let secrets: Vec<&str> =
        VARIABLES.iter().filter(|variable| variable.secret).map(|variable| variable.name).collect();
    let config = Config::parse(|name| secrets.contains(&name).then(|| format!("value-of-{name}"))).unwrap();
    let mut kept: Vec<&str> = config.secrets().filter_map(|key| key.strip_prefix("value-of-")).collect();
    kept.sort_unstable();
    let mut expected = secrets.clone();
    expected.sort_unstable();
    assert_eq!(kept, expected);
}

#[test]
fn secrets_do_not_show() {
    let config = parse(&[("mistral_api_key", "sk-very-secret"), ("api_keys", "desk-secret")]).unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("very-secret") && !shown.contains("desk-secret"));
}
