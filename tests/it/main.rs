//! Black-box tests: the built component on the real `wasmtime serve`, against a scripted model server.
//!
//! They assert what the contract promises to callers, operators and hosts, and nothing of how it is done.
//! `make build` writes the component that they serve; `SUPPORT_TICKET_COMPONENT`, `SUPPORT_TICKET_SPIN_COMPONENT` and
//! `SUPPORT_TICKET_WASMTIME` name others. Each module is a promise; `harness` is what they share.
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
mod tracing;
