//! The endpoints: one folder each, with everything that one endpoint decides.
//!
//! To add an endpoint, write its module, `openapi.json` and `readme.md`, and register it in two lines below: its `mod`,
//! and its entry in `endpoints!`. A module has:
//! - `PATHS` and `METHODS`: its addresses, and their methods as an `Allow` header;
//! - `answer`: answers a call, also where the configuration is invalid;
//! - `describe`: fills the places of its OpenAPI fragment that depend on code or configuration.
//!
//! `openapi.json` holds `paths`, each with the operations of `METHODS` except `HEAD` and `OPTIONS`, which are derived,
//! and `schemas` that no other endpoint needs. `null` marks a place for `describe`.
//!
//! `readme.md` holds its row in the READMEs, for each language.

pub mod analyze;
pub mod followup;
mod health;
mod openapi;
mod pages;

use bytes::Bytes;
use serde_json::Value;

use super::openapi::{DocumentError, Examples};
use super::problem::Problem;
use super::request::Call;
use super::response::Answer;
use crate::host::Host;

/// Methods of endpoints that are read.
const GET: &str = "GET, HEAD, OPTIONS";
/// Methods of endpoints that take a body.
const POST: &str = "POST, OPTIONS";

macro_rules! endpoints {
    ($($endpoint:ident => $module:ident,)+) => {
        /// An endpoint.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Endpoint {
            $($endpoint,)+
        }

        impl Endpoint {
            /// All endpoints, in the order of the OpenAPI document.
            pub(super) const ALL: &[Self] = &[$(Self::$endpoint),+];

            /// The name of its folder.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$endpoint => stringify!($module),)+
                }
            }

            /// Its addresses.
            pub(super) const fn paths(self) -> &'static [&'static str] {
                match self {
                    $(Self::$endpoint => $module::PATHS,)+
                }
            }

            /// The methods of its addresses, as an `Allow` header.
            pub(super) const fn methods(self) -> &'static str {
                match self {
                    $(Self::$endpoint => $module::METHODS,)+
                }
            }

            /// Answers a call.
            pub(super) async fn answer<H, B>(self, call: Call<'_, H, B>) -> Result<Answer, Problem>
            where
                H: Host + Clone + 'static,
                B: http_body::Body<Data = Bytes> + Unpin,
            {
                match self {
                    $(Self::$endpoint => $module::answer(call).await,)+
                }
            }

            /// Completes its fragment of the OpenAPI document.
            pub(super) fn describe(self, fragment: &mut Value, examples: &Examples<'_>) -> Result<(), DocumentError> {
                match self {
                    $(Self::$endpoint => $module::describe(fragment, examples),)+
                }
            }
        }
    };
}

endpoints! {
    Analyze => analyze,
    Followup => followup,
    Health => health,
    OpenApi => openapi,
    Pages => pages,
}

/// The names of the endpoints' folders, in the order of the OpenAPI document.
pub fn names() -> impl Iterator<Item = &'static str> {
    Endpoint::ALL.iter().map(|endpoint| endpoint.name())
}

/// An address and its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) endpoint: Endpoint,
    pub(super) path: &'static str,
}

impl Route {
    /// All routes.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Endpoint::ALL.iter().flat_map(|&endpoint| endpoint.paths().iter().map(move |&path| Self { endpoint, path }))
    }

    /// The route of a path.
    pub(super) fn find(path: &str) -> Option<Self> {
        Self::all().find(|route| route.path == path)
    }
}
