//! `compose APP ADAPTER OUT`: plugs ADAPTER's exports into APP's imports and writes the composed component.
//!
//! Fails if that component imports anything but `wasi:*`. `wac plug` would accept it: an export whose type differs from
//! the import's is not plugged, and the import stays.

use anyhow::{Context, Result, bail, ensure};
use std::{env, fs, path::Path, process::ExitCode};
use wac_graph::{CompositionGraph, EncodeOptions, PackageId, types::Package};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match compose(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("compose: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn compose(arguments: &[String]) -> Result<()> {
    let [app, adapter, out] = arguments else {
        bail!("usage: compose APP ADAPTER OUT");
    };
    let mut graph = CompositionGraph::new();
    let app = register(&mut graph, "app", app)?;
    let adapter = register(&mut graph, "adapter", adapter)?;
    wac_graph::plug(&mut graph, vec![adapter], app)?;

    let open: Vec<&str> = graph.imports().map(|(name, ..)| name).filter(|name| !name.starts_with("wasi:")).collect();
    ensure!(open.is_empty(), "the adapter does not provide {}", open.join(", "));
    fs::write(out, graph.encode(EncodeOptions::default())?).with_context(|| format!("cannot write {out}"))
}

fn register(graph: &mut CompositionGraph, name: &str, path: &str) -> Result<PackageId> {
    let package = Package::from_file(name, None, Path::new(path), graph.types_mut())?;
    Ok(graph.register_package(package)?)
}
