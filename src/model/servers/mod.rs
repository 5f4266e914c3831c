//! The model servers: one file per server, with everything about it.
//!
//! A file declares the server's variables and implements `ModelServer`: reading the variables, building requests, reading
//! answers, and advice for the operator. A new server is a new file and two lines here: its `mod`, and its entry in
//! `servers!`. The rest of the code knows a [`Server`] only through its methods.
//!
//! Every server has the variables `<name>_origin`, `<name>_url` and `<name>_model_name`: other modules' messages name
//! them.

mod mistral;
mod ollama;

use http::{HeaderMap, Request};

use super::stream::{Decoder, Format};
use super::{Call, Completion, Failure};
use crate::variable::{ConfigError, Secret, Setting, Variable};

/// What a server's file provides. There are no defaults, so that no server forgets anything.
trait ModelServer: Sized {
    /// Its name in the configuration, in answers and in the log.
    const NAME: &'static str;
    /// Its variables, in the order of the documentation.
    const VARIABLES: &'static [Variable];
    /// Whether it counts as a cloud service for `redact_pii`.
    const IS_CLOUD: bool;
    /// How it writes answers.
    const FORMAT: Format;

    /// Reads its variables.
    fn from_settings(setting: &impl Fn(&'static str) -> Setting) -> Result<Self, ConfigError>;
    /// Its models in the order in which to call them, never empty.
    fn models(&self) -> &[String];
    /// The key to it, which must not appear in any answer.
    fn key(&self) -> Option<&Secret>;
    /// The variable without which it cannot be called; `None` where nothing is missing.
    fn missing_variable(&self) -> Option<&'static str>;
    /// Size of the context, in tokens.
    fn context_tokens(&self) -> u32;
    /// What the operator can do about a failure, to be appended to its description; may be empty.
    fn advice(failure: &Failure) -> &'static str;
    /// The request for a completion.
    fn request(&self, call: &Call<'_>) -> Request<Vec<u8>>;
    /// The request for the list of models.
    fn models_request(&self) -> Request<Vec<u8>>;
    /// Reads the list of models from the body of a successful answer.
    fn read_models(body: &[u8]) -> Result<Vec<String>, Failure>;
    /// A configured model's name as the list has it.
    fn listed_name(model: &str) -> String;
}

macro_rules! servers {
    ($($module:ident::$server:ident),+ $(,)?) => {
        /// A model server as the operator configured it.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Server {
            $(#[doc = stringify!($server)] $server($module::$server),)+
        }

        impl Server {
            /// How each server writes answers.
            pub const FORMATS: &'static [Format] = &[$($module::$server::FORMAT),+];
            /// The variables of each server.
            pub(crate) const VARIABLES: &'static [&'static [Variable]] = &[$($module::$server::VARIABLES),+];

            /// Reads the variables of all servers, in the order of the documentation.
            pub(crate) fn all(setting: &impl Fn(&'static str) -> Setting) -> Result<Vec<Self>, ConfigError> {
                Ok(vec![$(Self::$server($module::$server::from_settings(setting)?)),+])
            }

            // Documented in `ModelServer`.
            pub(crate) fn name(&self) -> &'static str {
                match self { $(Self::$server(_) => $module::$server::NAME),+ }
            }
            pub(crate) fn models(&self) -> &[String] {
                match self { $(Self::$server(server) => server.models()),+ }
            }
            pub(crate) fn key(&self) -> Option<&Secret> {
                match self { $(Self::$server(server) => server.key()),+ }
            }
            pub(crate) fn missing_variable(&self) -> Option<&'static str> {
                match self { $(Self::$server(server) => server.missing_variable()),+ }
            }
            pub(crate) fn is_cloud(&self) -> bool {
                match self { $(Self::$server(_) => $module::$server::IS_CLOUD),+ }
            }
            pub(crate) fn context_tokens(&self) -> u32 {
                match self { $(Self::$server(server) => server.context_tokens()),+ }
            }
            pub(crate) fn advice(&self, failure: &Failure) -> &'static str {
                match self { $(Self::$server(_) => $module::$server::advice(failure)),+ }
            }
            pub(crate) fn request(&self, call: &Call<'_>) -> Request<Vec<u8>> {
                match self { $(Self::$server(server) => server.request(call)),+ }
            }
            pub(crate) fn models_request(&self) -> Request<Vec<u8>> {
                match self { $(Self::$server(server) => server.models_request()),+ }
            }

            /// Whether a configured model is in the list, given the body of a successful answer.
            ///
            /// # Errors
            /// [`Failure::Malformed`] where the body is no list of models.
            pub fn has_model(&self, body: &[u8]) -> Result<bool, Failure> {
                match self {
                    $(Self::$server(server) => {
                        let listed = $module::$server::read_models(body)?;
                        Ok(server.models().iter().any(|model| listed.contains(&$module::$server::listed_name(model))))
                    }),+
                }
            }

            fn format(&self) -> Format {
                match self { $(Self::$server(_) => $module::$server::FORMAT),+ }
            }
        }
    };
}

servers!(ollama::Ollama, mistral::Mistral);

impl Server {
    /// Reads the completion from the body of a successful answer.
    ///
    /// # Errors
    /// [`Failure::Malformed`] where the body holds no text.
    pub fn read(&self, body: &[u8]) -> Result<Completion, Failure> {
        (self.format().read_whole)(body)
    }

    /// A decoder for a successful answer with these headers, which may be a stream.
    pub fn decoder(&self, headers: &HeaderMap) -> Decoder {
        Decoder::new(self.format(), headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a server's variables from pairs of name and value; others have their defaults.
    pub(super) fn configured<S: ModelServer>(pairs: &[(&str, &str)]) -> Result<S, ConfigError> {
        let lookup = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        S::from_settings(&|name| Setting::new(S::VARIABLES, name, lookup))
    }

    #[test]
    fn servers_follow_the_conventions() {
        let all = Server::VARIABLES.concat();
        let servers = |value: Option<(&str, &str)>| {
            Server::all(&|name| {
                Setting::new(&all, name, |name| Some(value.filter(|(key, _)| *key == name)?.1.to_owned()))
            })
        };
        for (server, variables) in servers(None).unwrap().iter().zip(Server::VARIABLES) {
            let prefix = format!("{}_", server.name());
            assert!(variables.iter().all(|variable| variable.name.starts_with(&prefix)), "{prefix}");
            for (suffix, invalid) in [
                ("origin", "localhost:11434"),
                ("origin", "http://localhost:11434/api"),
                ("origin", "ftp://localhost"),
                ("url", "::"),
                ("url", "not a url"),
                ("model_name", " , "),
            ] {
                let name = format!("{prefix}{suffix}");
                assert_eq!(servers(Some((&name, invalid))).map_err(|error| error.variable), Err(name.as_str()));
            }
            for variable in variables.iter().filter(|variable| variable.secret) {
                let key = "clé\naccentuée";
                let error = servers(Some((variable.name, key))).unwrap_err();
                assert!(error.variable == variable.name && !error.to_string().contains("cl"), "{error}");
            }
        }
    }

    #[test]
    fn the_list_of_models_has_a_configured_one() {
        let server = Server::Ollama(configured(&[("ollama_model_name", "a,b")]).unwrap());
        assert_eq!(server.has_model(br#"{"models":[{"name":"b:latest"}]}"#), Ok(true));
        assert_eq!(server.has_model(br#"{"models":[{"name":"b:7b"}]}"#), Ok(false));
        let server = Server::Mistral(configured(&[("mistral_model_name", "a,b")]).unwrap());
        assert_eq!(server.has_model(br#"{"data":[{"id":"b"}]}"#), Ok(true));
        assert_eq!(server.has_model(br#"{"data":[]}"#), Ok(false));
        assert!(server.has_model(b"{}").is_err());
    }
}
