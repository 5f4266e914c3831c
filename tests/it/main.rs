//! Black-box tests: the built component on the real `wasmtime serve`, against a scripted model server.
//!
//! They assert what callers, operators and hosts can rely on, and nothing about the implementation.
//! `make build` writes the served component; `SUPPORT_TICKET_COMPONENT`, `SUPPORT_TICKET_SPIN_COMPONENT` and
//! `SUPPORT_TICKET_WASMTIME` override the paths. One module per topic; `harness` is shared.
#![cfg(test)]

mod artifacts;
mod chaos;
mod concurrency;
mod config;
mod cors;
mod deadline;
mod documents;
mod failover;
mod fastapi_compat;
mod followup;
mod grounding;
mod harness;
mod health;
mod injection;
mod logs;
mod output;
mod privacy;
mod requests;
mod schema;
mod statuses;
mod streaming;
