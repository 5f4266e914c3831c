//! Checks the fuzz targets' properties on their seeds, and on the fuzzer's corpus if there is one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]

#[path = "../fuzz/properties/mod.rs"]
mod properties;

use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder, if it exists.
fn files(folder: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target);
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_seed_holds() {
    for (target, check) in properties::TARGETS {
        let seeds = files("seeds", target);
        assert!(seeds.len() >= 8, "{target}: {} seeds", seeds.len());
        for seed in seeds.into_iter().chain(files("corpus", target)) {
            // A running fuzzer replaces files of its corpus.
            let Ok(data) = fs::read(&seed) else { continue };
            let held = std::panic::catch_unwind(|| check(&data));
            assert!(held.is_ok(), "{}: see above", seed.display());
        }
    }
}
