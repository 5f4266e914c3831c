//! Shared by all tests: the served component, HTTP clients, the scripted model server, and checks of answers.

mod client;
mod component;
pub mod contract;
mod dialect;
mod envelope;
mod log_leaks;
pub mod mistral;
pub mod ollama;
mod raw;
mod recorded;
mod reply;
mod sample;
mod server;
mod speech;
mod upstream;

#[cfg(test)]
mod tests;

pub use client::{Answer, Call};
pub use component::{composed_path, spin_path};
pub use dialect::Dialect;
pub use envelope::{envelope, failure, last_event, problem, result_event, success};
pub use log_leaks::LogGuard;
pub use raw::{Connection, Event, EventStream, post_head};
pub use recorded::Recorded;
pub use reply::{End, Reply};
pub use sample::{
    FASTAPI_MESSAGE, FIELDS, NO_FALLBACK, REFUSED, UNKNOWN, WRITTEN, built_in_schema, fastapi_request, fresh_words,
    keys, random, texts, ticket, ticket_with,
};
pub use server::Server;
pub use speech::{Speech, asks, says, says_text};
pub use upstream::{KEY, Turn, Upstream, replies, turn};
