use super::*;
use crate::model::Call;

/// The configuration with these values; others are the defaults.
pub(crate) fn configured(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::parse(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

fn server<'c>(config: &'c Config, name: &str) -> &'c Server {
    config.servers.iter().find(|server| server.name() == name).unwrap()
}

/// The URL of a server's calls.
fn called(config: &Config, name: &str) -> String {
    let call = Call { model: "m", messages: &[], schema: None, max_tokens: 1, stream: false };
    server(config, name).request(&call).uri().to_string()
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let config = configured(&[]).unwrap();
    assert_eq!(config.chain, [Backend::Server(0)]);
    assert_eq!(config.fallback, Some(Backend::Local));
    assert_eq!(config.name(config.chain[0]), "ollama");
    assert_eq!(called(&config, "ollama"), "http://localhost:11434/api/generate");
    assert_eq!(server(&config, "ollama").models(), ["mistral:instruct"]);
    assert_eq!(called(&config, "mistral"), "https://api.mistral.ai/v1/chat/completions");
    assert_eq!(server(&config, "mistral").models().len(), 3);
    assert_eq!(server(&config, "mistral").missing_variable(), Some("mistral_api_key"));
    assert_eq!(config.timeout, Duration::from_secs(30));
    assert_eq!(config.max_attempts, 4);
    assert_eq!(config.cors_origins, CorsOrigins::Listed(vec!["http://localhost:5173".to_owned()]));
    assert_eq!(config.max_body_bytes, 65_536);
    assert_eq!(config.schema, Schema::built_in().unwrap());
}

#[test]
fn invalid_values_are_refused_with_the_name_of_their_variable() {
    let invalid = [
        ("model_backend", "gpt"),
        ("model_backend", ""),
        ("model_backend", "ollama,gpt"),
        ("fallback_backend", "none"),
        ("timeout_seconds", "0"),
        ("timeout_seconds", "-1"),
        ("timeout_seconds", "NaN"),
        ("timeout_seconds", "inf"),
        ("timeout_seconds", "thirty"),
        ("timeout_seconds", "600.1"),
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
    for (name, value) in invalid {
        let error = configured(&[(name, value)]).expect_err(&format!("{name}={value:?} must be refused"));
        assert_eq!(error.variable, name, "{value:?}");
    }
    // The servers' variables are tested with the servers; every value of `api_keys` is valid.
    let servers = Server::VARIABLES.concat();
    let others = VARIABLES.iter().filter(|variable| variable.name != "api_keys" && !servers.contains(variable));
    for variable in others {
        assert!(invalid.iter().any(|(tested, _)| *tested == variable.name), "no invalid value for {}", variable.name);
    }
}

#[test]
fn an_error_in_the_schema_names_its_place() {
    let error =
        configured(&[("ticket_schema", r#"{"type":"object","properties":{"a":{"type":"array"}}}"#)]).unwrap_err();
    assert!(error.expected.contains("/properties/a/type"), "{error}");
}

#[test]
fn lists_urls_and_words_are_read_leniently() {
    let config = configured(&[
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
    assert_eq!(
        config.chain.iter().map(|backend| config.name(*backend)).collect::<Vec<_>>(),
        ["mistral", "ollama", "local"]
    );
    assert_eq!(config.fallback, None);
    assert_eq!(called(&config, "ollama"), "http://ollama:11434/api/chat");
    assert_eq!(called(&config, "mistral"), "http://127.0.0.1:8000/v1/chat/completions");
    assert_eq!(server(&config, "mistral").missing_variable(), None, "other hosts may need no key");
    assert_eq!(server(&config, "mistral").models(), ["a", "b"]);
    let expected = ["https://desk.example.com", "http://localhost:3000"].map(str::to_owned).to_vec();
    assert_eq!(config.cors_origins, CorsOrigins::Listed(expected));
    assert_eq!(config.api_keys.iter().map(Secret::expose).collect::<Vec<_>>(), ["k1", "k2"]);
    assert_eq!(config.timeout, Duration::from_millis(1500));
    assert_eq!(config.review_below, Some(Confidence::Medium));
}

#[test]
fn messages_list_every_backend() {
    for server in configured(&[]).unwrap().servers.iter().map(Server::name) {
        for variable in ["model_backend", "fallback_backend"] {
            let error = configured(&[(variable, "gpt")]).unwrap_err().expected;
            assert!(error.contains(server) && error.contains(LOCAL), "{error}");
        }
    }
}

#[test]
fn every_key_is_a_secret() {
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
    let config = configured(&[("mistral_api_key", "sk-very-secret"), ("api_keys", "desk-secret")]).unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("very-secret") && !shown.contains("desk-secret"));
}
