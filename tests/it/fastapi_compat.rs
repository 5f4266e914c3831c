//! Compatibility: the FastAPI service's requests, unchanged, with every backend.

use serde_json::{Value, json};

use crate::harness::*;

/// Sends the FastAPI request and checks what is the same for every backend.
#[track_caller]
fn analyze_as_before(server: &Server) -> Value {
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!(body["message"], "Ticket analysé avec succès");
    assert_eq!(keys(&body["data"]), FIELDS, "every field, in the schema's order");
    assert_eq!(body["meta"]["cached"], false);
    body
}

#[test]
fn fastapi_requests_and_settings_work_with_every_model_server() {
    let check = |dialect: Dialect, variables: &dyn Fn(&Upstream) -> Vec<(&'static str, String)>, model: &str| {
        let upstream = Upstream::start([says(&ticket())]);
        let variables = variables(&upstream);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let server = Server::start(&variables);
        let body = analyze_as_before(&server);
        assert_eq!(body["data"], ticket(), "{variables:?}");
        let meta = &body["meta"];
        assert_eq!(
            (meta["backend"].as_str(), meta["model"].as_str()),
            (Some(dialect.backend()), Some(model)),
            "{variables:?}"
        );
        assert_eq!((&meta["degraded"], &meta["attempts"]), (&json!(false), &json!(1)), "{variables:?}");
        assert_eq!(meta["usage"]["prompt_tokens"], mistral::PROMPT_TOKENS);
        assert_eq!(meta["usage"]["completion_tokens"], mistral::COMPLETION_TOKENS);
        assert_eq!(meta["missing_fields"], json!(["localisation"]));
        let call = upstream.call();
        assert_eq!((call.dialect(), call.model().as_str()), (dialect, model), "{variables:?}");
    };
    let generate = |upstream: &Upstream| {
        let url = upstream.url(Dialect::Generate);
        vec![
            ("MODEL_BACKEND", "ollama".to_owned()),
            ("OLLAMA_URL", url),
            ("OLLAMA_MODEL_NAME", "mistral:instruct".to_owned()),
            ("CORS_ORIGINS", "http://localhost:5173".to_owned()),
        ]
    };
    check(Dialect::Generate, &generate, "mistral:instruct");
    let chat = |upstream: &Upstream| {
        vec![("OLLAMA_URL", upstream.url(Dialect::Chat)), ("OLLAMA_MODEL_NAME", "llama3.2:3b".to_owned())]
    };
    check(Dialect::Chat, &chat, "llama3.2:3b");
    check(Dialect::Chat, &|upstream| vec![("OLLAMA_URL", upstream.origin())], "mistral:instruct");
    check(Dialect::Generate, &|upstream| vec![("OLLAMA_ORIGIN", upstream.origin())], "mistral:instruct");
    let mistral = |upstream: &Upstream| {
        vec![
            ("MODEL_BACKEND", "mistral".to_owned()),
            ("MISTRAL_API_KEY", KEY.to_owned()),
            ("MISTRAL_MODEL_NAME", "mistral-small-latest".to_owned()),
            ("MISTRAL_ORIGIN", upstream.origin()),
        ]
    };
    check(Dialect::Completions, &mistral, "mistral-small-latest");
    let mistral_url = |upstream: &Upstream| {
        vec![
            ("MODEL_BACKEND", "mistral".to_owned()),
            ("MISTRAL_API_KEY", KEY.to_owned()),
            ("MISTRAL_URL", upstream.url(Dialect::Completions)),
        ]
    };
    check(Dialect::Completions, &mistral_url, "mistral-large-latest");
}

#[test]
fn fastapi_requests_work_with_the_local_backend() {
    let body = analyze_as_before(&Server::local());
    let (data, meta) = (&body["data"], &body["meta"]);
    assert_eq!((&meta["backend"], &meta["degraded"], &meta["attempts"]), (&json!("local"), &json!(false), &json!(0)));
    assert_eq!((&data["categorie"], &data["localisation"]), (&json!("Matériel"), &json!(UNKNOWN)));
    assert_eq!(texts(&meta["missing_fields"]).first(), Some(&"localisation"));
    for field in FIELDS {
        assert!(data[field].as_str().is_some_and(|value| !value.trim().is_empty()), "{field}: {data}");
    }
}

#[test]
fn both_forms_of_history_are_accepted() {
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Generate, &[]);
    let histories = [
        json!([]),
        json!(["Bonjour", "C'est au repere premier"]),
        json!([{"role": "user", "content": "Bonjour"}, {"role": "assistant", "content": "Où est-ce, repere ?"}]),
        json!(["Bonjour", {"role": "assistant", "content": "Où, repere ?"}, "Ici"]),
    ];
    for history in histories {
        upstream.script([says(&ticket())]);
        let body = json!({"message": FASTAPI_MESSAGE, "history": history, "session": 12, "ticket": null});
        success(&server.post("/analyze", &body));
        assert_eq!(upstream.call().user().contains("repere"), history != json!([]), "{history}");
    }
}

#[test]
fn limits_count_characters_after_trimming() {
    let server = Server::local();
    for message in ["a".repeat(8_000), "é".repeat(8_000), "🖨".repeat(8_000), format!("  {}\n\t", "a".repeat(8_000))]
    {
        success(&server.analyze(&message));
    }
    success(&server.post("/analyze", &json!({"message": "a", "history": vec!["b"; 50]})));
}

#[test]
fn messages_are_in_the_callers_language() {
    let servers = [
        (Server::shared(&[("MODEL_BACKEND", "local")]), "fr"),
        (Server::shared(&[("MODEL_BACKEND", "local"), ("LOCALE", "en")]), "en"),
    ];
    let check = |path: &str, body: &Value| {
        let say = |server: &Server, language: Option<&str>| {
            let call = Call::new("POST", path);
            let call = language.iter().fold(call, |call, language| call.header("accept-language", language));
            let body = envelope(&call.json(server, body));
            body["message"].as_str().unwrap().to_owned()
        };
        let (french, english) = (say(&servers[0].0, Some("fr")), say(&servers[0].0, Some("en")));
        assert_ne!(french, english, "{path} {body}");
        for (server, default) in &servers {
            let wanted = |language: &str| if language == "fr" { &french } else { &english };
            assert_eq!(&say(server, None), wanted(default), "{path} {body}");
            for (header, language) in [("fr-CA, en;q=0.5", "fr"), ("en-GB,en;q=0.9,fr;q=0.1", "en"), ("ja", default)] {
                assert_eq!(&say(server, Some(header)), wanted(language), "{path} {body} {header}");
            }
        }
    };
    check("/analyze", &fastapi_request());
    check("/analyze", &json!({"message": ""}));
    check("/followup", &json!({"ticket": {"titre": "Panne"}}));
    check("/followup", &json!({"ticket": {}}));
}

#[test]
fn a_valid_request_id_is_kept_and_an_invalid_one_replaced() {
    let server = Server::local();
    let id = |given: Option<&str>| {
        let call = Call::new("POST", "/analyze");
        let call = given.iter().fold(call, |call, id| call.header("x-request-id", id));
        success(&call.json(&server, &fastapi_request()))["meta"]["request_id"].as_str().unwrap().to_owned()
    };
    for sane in ["abc-123", "0d3f7a52-1c9e-4a7b-8a51-6f3b2f4e9c10"] {
        assert_eq!(id(Some(sane)), sane);
    }
    for insane in ["a\"b<script>", &"a".repeat(4_000)] {
        let made = id(Some(insane));
        assert!(made != *insane && made.len() < 200, "{made}");
    }
    assert_ne!(id(None), id(None));
}

#[test]
fn each_filled_field_has_a_confidence_and_needs_review_depends_on_it() {
    let check = |review_below: &str, low_enough: &[&str]| {
        let upstream = Upstream::start([says(&ticket())]);
        let server = upstream.serve(Dialect::Generate, &[("REVIEW_BELOW", review_below)]);
        for (message, model) in [
            (FASTAPI_MESSAGE, ticket()),
            (
                "Bonjour",
                ticket_with(&json!({"titre": "Panne du réseau", "categorie": "Réseau", "equipement": "Routeur"})),
            ),
        ] {
            upstream.script([says(&model)]);
            let meta = success(&server.analyze(message))["meta"].clone();
            let filled: Vec<&str> = FIELDS.into_iter().filter(|field| model[*field] != UNKNOWN).collect();
            assert_eq!(keys(&meta["confidence"]), filled, "{meta}");
            let levels: Vec<&str> = filled.iter().map(|field| meta["confidence"][*field].as_str().unwrap()).collect();
            assert!(levels.iter().all(|level| ["high", "medium", "low"].contains(level)), "{meta}");
            let review = levels.iter().any(|level| low_enough.contains(level));
            assert_eq!(meta["needs_review"], review, "{meta}");
        }
    };
    check("low", &["low"]);
    check("medium", &["low", "medium"]);
}

#[test]
fn the_local_backend_distinguishes_priorities_and_is_deterministic() {
    let server = Server::local();
    for (message, priority) in [
        ("Plus personne ne peut travailler, tout le service est arrêté", "Critique"),
        ("Nobody in the company can work, everything is down", "Critique"),
        ("C'est urgent, mon ordinateur ne démarre plus", "Haute"),
        ("Mon écran scintille un peu, ce n'est pas urgent", "Basse"),
        ("Mon imprimante fait du bruit", UNKNOWN),
    ] {
        let data = success(&server.analyze(message))["data"].clone();
        assert_eq!(data["priorite"], priority, "{message}");
        assert_eq!(success(&server.analyze(message))["data"], data, "{message}");
    }
}
