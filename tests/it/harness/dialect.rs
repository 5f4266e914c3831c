//! The APIs of the model servers. Each server's file describes its own; a new one is registered in `dialects!`.

use serde_json::Value;

use super::{Server, mistral, ollama};

/// The requests and the scripted answers of an API.
pub struct Api {
    /// The backend that uses it.
    pub backend: &'static str,
    /// The model to ask for.
    pub model: &'static str,
    /// Whether the server needs a key.
    pub has_key: bool,
    /// The path.
    pub path: &'static str,
    /// The path of the list of models.
    pub models_path: &'static str,
    /// JSON Schemas of the requests and answers, by path.
    pub contract: &'static str,
    /// JSON Pointer to the schema in a request.
    pub schema: &'static str,
    /// JSON Pointer to the token limit in a request.
    pub answer_limit: &'static str,
    /// An answer with this text.
    pub answer: fn(&str) -> Value,
    /// An answer with this text, cut off at the token limit.
    pub cut_off: fn(&str) -> Value,
    /// A stream of these tokens.
    pub stream: fn(&[&str]) -> Vec<String>,
    /// The content type of a stream.
    pub stream_type: &'static str,
    /// The list of these models.
    pub models: fn(&[String]) -> Value,
}

macro_rules! dialects {
    ($($(#[$doc:meta])* $dialect:ident => $api:path,)+) => {
        /// An API of a model server.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Dialect {
            $($(#[$doc])* $dialect,)+
        }

        impl Dialect {
            /// All APIs.
            pub const ALL: [Self; [$(stringify!($dialect)),+].len()] = [$(Self::$dialect),+];

            /// Its description.
            pub const fn api(self) -> &'static Api {
                match self {
                    $(Self::$dialect => &$api,)+
                }
            }
        }
    };
}

dialects! {
    /// Ollama's `/api/generate`.
    Generate => ollama::GENERATE,
    /// Ollama's `/api/chat`.
    Chat => ollama::CHAT,
    /// Mistral's `/v1/chat/completions`.
    Completions => mistral::COMPLETIONS,
}

impl Dialect {
    /// The API at a path, which may have a prefix and a query.
    pub fn at(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        let found = Self::ALL.into_iter().filter(|dialect| path.ends_with(dialect.path()));
        let found = found.max_by_key(|dialect| dialect.path().len());
        found.unwrap_or_else(|| panic!("no such path on a model server: {path}"))
    }

    /// The path.
    pub const fn path(self) -> &'static str {
        self.api().path
    }

    /// The backend that uses it.
    pub const fn backend(self) -> &'static str {
        self.api().backend
    }

    /// Serves the component with this model at this origin, and further variables.
    pub fn serve(self, origin: &str, model: &str, more: &[(&str, &str)]) -> Server {
        let prefix = self.backend().to_ascii_uppercase();
        let [origin_name, url_name, model_name] =
            ["ORIGIN", "URL", "MODEL_NAME"].map(|name| format!("{prefix}_{name}"));
        let url = format!("{origin}{}", self.path());
        let own: [(&str, &str); 4] =
            [("MODEL_BACKEND", self.backend()), (&origin_name, origin), (&url_name, &url), (&model_name, model)];
        Server::start(&[&own[..], more].concat())
    }
}
