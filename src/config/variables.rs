//! The table of variables: the single source of the names, defaults and meanings in `spin.toml` and both READMEs.

use crate::model::Server;
use crate::variable::{Meaning, Variable, secret, variable};

/// Every variable that the service reads, in the order of the documentation.
pub const VARIABLES: &[Variable] = &join::<{ BACKENDS.len() + count(Server::VARIABLES) + GENERAL.len() }>();

/// The choice of backends.
const BACKENDS: &[Variable] = &[
    variable(
        "model_backend",
        "ollama",
        Meaning {
            en: "{backends}; a comma list is a failover chain, tried left to right",
            fr: "{backends} ; une liste séparée par des virgules est une chaîne de secours, essayée de gauche à droite",
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
];

/// Every other variable that belongs to no server.
const GENERAL: &[Variable] = &[
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
            en: "when private data is replaced: `cloud` (before cloud servers only), `always` or `never`",
            fr: "quand remplacer les données personnelles : `cloud` (avant les serveurs du cloud seulement), `always` ou `never`",
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
            en: "language of `message`: {languages}; `Accept-Language` overrides it",
            fr: "langue de `message` : {languages} ; `Accept-Language` l’emporte",
        },
    ),
];

const fn count(mut groups: &[&[Variable]]) -> usize {
    let mut count = 0;
    while let [group, rest @ ..] = groups {
        count += group.len();
        groups = rest;
    }
    count
}

/// The servers' variables between the two groups above. `N` is the number of all.
const fn join<const N: usize>() -> [Variable; N] {
    let mut all = [variable("", "", Meaning { en: "", fr: "" }); N];
    let mut free = all.as_mut_slice();
    free = append(free, BACKENDS);
    let mut servers = Server::VARIABLES;
    while let [variables, rest @ ..] = servers {
        free = append(free, variables);
        servers = rest;
    }
    append(free, GENERAL);
    all
}

/// Copies `variables` to the start of `free`; returns the rest of it.
const fn append<'a>(free: &'a mut [Variable], variables: &[Variable]) -> &'a mut [Variable] {
    let (taken, rest) = free.split_at_mut(variables.len());
    taken.copy_from_slice(variables);
    rest
}
