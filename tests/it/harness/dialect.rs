//! The APIs of the model servers.

use super::Server;

/// An API of a model server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Ollama's `/api/generate`.
    Generate,
    /// Ollama's `/api/chat`.
    Chat,
    /// Mistral's `/v1/chat/completions`.
    Completions,
}

impl Dialect {
    /// All APIs.
    pub const ALL: [Self; 3] = [Self::Generate, Self::Chat, Self::Completions];

    /// The path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Generate => "/api/generate",
            Self::Chat => "/api/chat",
            Self::Completions => "/v1/chat/completions",
        }
    }

    /// The backend that uses it.
    pub const fn backend(self) -> &'static str {
        match self {
            Self::Generate | Self::Chat => "ollama",
            Self::Completions => "mistral",
        }
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
