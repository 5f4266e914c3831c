//! The built component against a real language model: what a scripted model server cannot show.
//!
//! `make test-llm` installs the model and its server, and says by `SUPPORT_TICKET_LLM_*` where they are. `cargo test`
//! alone leaves this binary out. The model is small and its tickets are poor: nothing here asks whether they are right,
//! which `make eval` does.
#![cfg(test)]

mod chain;
mod context;
mod faults;
mod model;
mod shim;

#[allow(dead_code, unused_imports, reason = "the other binary uses all of it")]
#[path = "../it/harness/mod.rs"]
mod harness;
