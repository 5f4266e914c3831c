//! Paths of the built components.

use std::env;
use std::path::{Path, PathBuf};

/// The component that imports only `wasi:*`: `SUPPORT_TICKET_COMPONENT`, by default the one from `make build`.
pub fn composed_path() -> PathBuf {
    artifact("SUPPORT_TICKET_COMPONENT", "support-ticket-ai.wasi.wasm")
}

/// The component for Spin: `SUPPORT_TICKET_SPIN_COMPONENT`, by default the one from `make build`.
pub fn spin_path() -> PathBuf {
    artifact("SUPPORT_TICKET_SPIN_COMPONENT", "support-ticket-ai.wasm")
}

fn artifact(variable: &str, file: &str) -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("dist").join(file);
    let path = env::var_os(variable).map_or_else(default, PathBuf::from);
    assert!(path.is_file(), "{} is missing: run `make build`", path.display());
    path
}
