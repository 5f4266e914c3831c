//! The table of variables: the one source of the names, defaults and meanings in `spin.toml` and both READMEs.

/// One configuration variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name on Spin; the environment has it in upper case, with or without `SPIN_VARIABLE_`.
    pub name: &'static str,
    /// The value where nobody sets it.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// What it means, as Markdown for the documentation. The component does not carry it.
    #[cfg(not(target_family = "wasm"))]
    pub meaning: Meaning,
}

/// A variable's meaning in the languages of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
}

/// A variable that anyone may see.
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

/// Every variable that the service reads, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    variable(
        "model_backend",
        "ollama",
        Meaning {
            en: "`ollama`, `mistral` or `local`; a comma list is a failover chain, tried left to right",
            fr: "`ollama`, `mistral` ou `local` ; une liste séparée par des virgules est une chaîne de secours, essayée de gauche à droite",
        },
    ),
    variable(
        "fallback_backend",
        "local",
        Meaning {
            en: "tried after the chain; empty: fail with 502, 503 or 504 instead",
            fr: "essayé après la chaîne ; vide : échouer avec 502, 503 ou 504",
        },
    ),
    variable(
        "ollama_origin",
        "http://localhost:11434",
        Meaning {
            en: "scheme, host and port of the Ollama server: `spin.toml` allows calls to it",
            fr: "schéma, hôte et port du serveur Ollama : `spin.toml` autorise les appels vers lui",
        },
    ),
    variable(
        "ollama_url",
        "",
        Meaning {
            en: "`/api/generate` or `/api/chat`, recognised by its path; an origin alone means `/api/chat`; empty: `<ollama_origin>/api/generate`",
            fr: "`/api/generate` ou `/api/chat`, reconnu à son chemin ; une origine seule signifie `/api/chat` ; vide : `<ollama_origin>/api/generate`",
        },
    ),
    variable(
        "ollama_model_name",
        "mistral:instruct",
        Meaning {
            en: "comma list: model fallback chain",
            fr: "liste séparée par des virgules : chaîne de modèles de secours",
        },
    ),
    variable(
        "ollama_num_ctx",
        "8192",
        Meaning {
            en: "context length in tokens; the oldest history is dropped to fit it",
            fr: "longueur du contexte en jetons ; le début de l’historique est retiré pour y tenir",
        },
    ),
    variable(
        "mistral_origin",
        "https://api.mistral.ai",
        Meaning { en: "as `ollama_origin`", fr: "comme `ollama_origin`" },
    ),
    variable(
        "mistral_url",
        "",
        Meaning {
            en: "any server compatible with this API: vLLM, llama.cpp, LiteLLM, …; empty: `<mistral_origin>/v1/chat/completions`",
            fr: "tout serveur compatible avec cette API : vLLM, llama.cpp, LiteLLM, … ; vide : `<mistral_origin>/v1/chat/completions`",
        },
    ),
    secret(
        "mistral_api_key",
        Meaning {
            en: "sent as a bearer token; `api.mistral.ai` needs one",
            fr: "envoyée comme jeton « bearer » ; `api.mistral.ai` en exige une",
        },
    ),
    variable(
        "mistral_model_name",
        "mistral-large-latest,mistral-medium-latest,mistral-small-latest",
        Meaning {
            en: "comma list: model fallback chain",
            fr: "liste séparée par des virgules : chaîne de modèles de secours",
        },
    ),
    variable(
        "timeout_seconds",
        "30",
        Meaning {
            en: "deadline of the whole request, retries and fallbacks included",
            fr: "délai de toute la requête, nouvelles tentatives et secours compris",
        },
    ),
    variable(
        "max_attempts",
        "4",
        Meaning {
            en: "calls to models per request, all backends and models together",
            fr: "appels aux modèles par requête, tous backends et modèles confondus",
        },
    ),
    variable(
        "cors_origins",
        "http://localhost:5173",
        Meaning {
            en: "comma list; `*` is allowed; empty: no CORS headers",
            fr: "liste séparée par des virgules ; `*` est permis ; vide : pas d’en-têtes CORS",
        },
    ),
    secret(
        "api_keys",
        Meaning {
            en: "comma list; if set, `/analyze` and `/followup` need one of them",
            fr: "liste séparée par des virgules ; si elle est définie, `/analyze` et `/followup` exigent l’une d’elles",
        },
    ),
    variable(
        "ticket_schema",
        "",
        Meaning {
            en: "the ticket's fields, as JSON Schema (below); empty: the built-in ones",
            fr: "les champs du ticket, en JSON Schema (ci-dessous) ; vide : les champs intégrés",
        },
    ),
    variable(
        "max_body_bytes",
        "65536",
        Meaning {
            en: "larger bodies are refused without being read to the end",
            fr: "les corps plus grands sont refusés sans être lus jusqu’au bout",
        },
    ),
    variable(
        "cache_ttl_seconds",
        "0",
        Meaning {
            en: "how long answers stay in the key-value store `default`; `0`: no cache",
            fr: "durée de conservation des réponses dans le magasin clé-valeur `default` ; `0` : pas de cache",
        },
    ),
    variable(
        "redact_pii",
        "cloud",
        Meaning {
            en: "when private data is replaced: `cloud` (before `mistral` only), `always` or `never`",
            fr: "quand remplacer les données personnelles : `cloud` (avant `mistral` seulement), `always` ou `never`",
        },
    ),
    variable(
        "review_below",
        "",
        Meaning {
            en: "`low` or `medium`: `meta.needs_review` is true if a field's confidence is at or below it",
            fr: "`low` ou `medium` : `meta.needs_review` est vrai si la confiance d’un champ ne dépasse pas ce niveau",
        },
    ),
    variable(
        "log_level",
        "info",
        Meaning {
            en: "`error`, `warn`, `info`, `debug` or `trace`",
            fr: "`error`, `warn`, `info`, `debug` ou `trace`",
        },
    ),
    variable(
        "log_content",
        "false",
        Meaning {
            en: "whether logs may hold the text of messages",
            fr: "si les journaux peuvent contenir le texte des messages",
        },
    ),
    variable(
        "locale",
        "fr",
        Meaning {
            en: "language of `message`: `fr` or `en`; `Accept-Language` overrides it",
            fr: "langue de `message` : `fr` ou `en` ; `Accept-Language` l’emporte",
        },
    ),
];
