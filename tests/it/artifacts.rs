//! The built components: imports, exports, size.

use std::fs;
use std::path::Path;

use wasmparser::{Parser, Payload};

use crate::harness::{composed_path, spin_path};

/// The names of a component's imports and exports, without those of nested components.
fn interfaces(path: &Path) -> (Vec<String>, Vec<String>) {
    let bytes = fs::read(path).expect("the component is readable");
    let (mut imports, mut exports, mut depth) = (Vec::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.expect("a well-formed component") {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(section.into_iter().map(|import| import.expect("an import").name.0.to_owned()));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().map(|export| export.expect("an export").name.0.to_owned()));
            }
            _ => {}
        }
    }
    (imports, exports)
}

#[test]
fn the_composed_component_imports_only_wasi() {
    let (imports, exports) = interfaces(&composed_path());
    assert!(!imports.is_empty());
    assert!(imports.iter().all(|name| name.starts_with("wasi:")), "{imports:#?}");
    assert!(exports.iter().any(|name| name.starts_with("wasi:http/handler@0.3")), "{exports:#?}");
}

#[test]
fn the_spin_component_imports_spins_variables() {
    let (imports, exports) = interfaces(&spin_path());
    let known = |name: &String| name.starts_with("wasi:") || name.starts_with("spin:");
    assert!(imports.iter().all(known), "{imports:#?}");
    assert!(imports.iter().any(|name| name.starts_with("spin:variables/variables@3")), "{imports:#?}");
    assert!(exports.iter().any(|name| name.starts_with("wasi:http/handler@0.3")), "{exports:#?}");
}

#[test]
fn the_component_contains_no_local_path() {
    let component = fs::read(spin_path()).expect("the component is readable");
    let paths = [env!("CARGO_MANIFEST_DIR"), "/.cargo/", "/registry/src/"];
    for path in paths {
        assert!(component.windows(path.len()).all(|bytes| bytes != path.as_bytes()), "{path}");
    }
}

#[test]
fn the_spin_component_is_small() {
    const LIMIT: u64 = 2 << 20;
    let size = fs::metadata(spin_path()).expect("the component is readable").len();
    assert!(size <= LIMIT, "{size} bytes, {LIMIT} allowed");
}
