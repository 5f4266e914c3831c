//! Support Ticket AI: a customer's message in, a structured ticket and the next question out.
//!
//! Read it from the door inwards: `component` (the host's shell), `web` (HTTP), `service` (what is done for a caller), then
//! what that asks: `ticket`, `prompt`, `privacy`, `local`, `model`, `host`. `config` is read once; `text`, `locale`,
//! `conversation`, `body` and `log` are shared. `ARCHITECTURE.md` has the map, a request's journey and who names whom.
// The workspace can only deny it: the adapter holds generated glue. Here nothing may allow it again.
#![forbid(unsafe_code)]

mod body;
#[cfg(target_family = "wasm")]
mod component;
pub mod config;
pub mod conversation;
pub mod host;
pub mod http;
pub mod language;
pub mod local;
pub mod log;
pub mod model;
pub mod privacy;
pub mod prompt;
pub mod service;
pub mod text;
pub mod ticket;
