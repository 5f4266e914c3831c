//! Implements Spin's own interfaces on other WASI hosts.
//!
//! Composed with the Spin component, the result imports only `wasi:*`:
//! variables come from the environment, and there is no key-value store.

pub mod variables;

#[cfg(target_family = "wasm")]
mod component;
