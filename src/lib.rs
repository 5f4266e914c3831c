//! Support Ticket AI: a customer's message in, a structured ticket and the next question out.
// The workspace can only deny it: the adapter holds generated glue. Here nothing may allow it again.
#![forbid(unsafe_code)]

mod body;
#[cfg(target_family = "wasm")]
mod component;
pub mod config;
pub mod conversation;
pub mod embedded;
pub mod host;
pub mod locale;
pub mod log;
pub mod model;
pub mod privacy;
pub mod prompt;
pub mod service;
pub mod text;
pub mod ticket;
pub mod web;
