//! The built component with a real language model.
//!
//! `make test-llm` installs the model and its server and sets `SUPPORT_TICKET_LLM_*`. A plain `cargo test` skips this
//! binary. The model is small and its tickets are poor: `make eval` measures whether tickets are right.
#![cfg(test)]

mod chain;
mod context;
mod faults;
mod model;
mod shim;

#[allow(dead_code, unused_imports, reason = "the other binary uses all of it")]
#[path = "../it/harness/mod.rs"]
mod harness;
