//! Answers Spin's own interfaces on a WASI host that is not Spin.
//!
//! Composed with the Spin component, it leaves a component that imports only `wasi:*`:
//! variables come from the environment, and there is no key-value store.

pub mod variables;

#[cfg(target_family = "wasm")]
mod component;
