//! Compares the service with its competitors and writes `bench/RESULTS.md`.
//!
//! `scripts/bench.sh` builds the competitors and runs this program in the checkout. Arguments select sections; without
//! arguments, it measures all.

mod chart;
mod competitors;
mod contract;
mod load;
mod matrix;
mod measure;
mod process;
mod report;
mod scaling;
mod stats;
mod work;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use competitors::{Paths, Stub};
use report::first_line;

/// Measures one section.
type Measure = fn(&Paths, &Stub) -> Result<String>;

/// Every section, in the order of the document.
const SECTIONS: [(&str, Measure); 8] = [
    ("contract", contract::run),
    ("at-once", matrix::at_once),
    ("slow", matrix::slow),
    ("apis", matrix::apis),
    ("streaming", matrix::streaming),
    ("cache", matrix::cache),
    ("scaling", scaling::curve),
    ("soak", scaling::soak),
];

fn main() -> Result<()> {
    let names = SECTIONS.map(|(name, _)| name);
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|wanted| !names.contains(&wanted.as_str())) {
        bail!("no section '{unknown}'; there are {}", names.join(", "));
    }
    let setting = |name: &str| std::env::var_os(name).map(PathBuf::from).with_context(|| format!("{name} is not set"));
    let built = setting("BENCH_BUILT")?;
    let paths = Paths {
        logs: built.join("logs"),
        built,
        proxy: setting("BENCH_PROXY")?,
        python: setting("BENCH_PYTHON")?,
        root: std::env::current_dir()?,
    };
    let stub = Stub::start(&paths)?;
    for (name, measure) in SECTIONS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| w == name)) {
        eprintln!("{name}");
        let started = Instant::now();
        let section = measure(&paths, &stub).with_context(|| format!("section '{name}'"))?;
        eprintln!("  {:.0} s", started.elapsed().as_secs_f64());
        // At once, so that a later failure loses nothing.
        let measured = format!("{section}\n{}\n", provenance());
        report::write(&paths.root.join("bench/RESULTS.md"), &head(&paths)?, &names, &[(name, measured)])?;
    }
    Ok(())
}

/// Date and commit.
fn provenance() -> String {
    let changed = if first_line("git", &["status", "--porcelain", "src", "wit", "tools", "scripts"]).is_empty() {
        ""
    } else {
        ", changed"
    };
    format!(
        "<sub>Measured on {} at commit {}{changed}.</sub>",
        first_line("date", &["-u", "+%Y-%m-%d"]),
        first_line("git", &["rev-parse", "--short", "HEAD"]),
    )
}

fn head(paths: &Paths) -> Result<String> {
    let wasmtime = std::env::var("SUPPORT_TICKET_WASMTIME").unwrap_or_else(|_| "wasmtime".to_owned());
    let python = paths.python.to_str().unwrap_or_default();
    let packages = "import importlib.metadata as m; print(', '.join(f'{p} {m.version(p)}' for p in \
                    ('fastapi', 'uvicorn', 'uvloop', 'httptools', 'httpx', 'pydantic')))";
    Ok(format!(
        "# Measurements\n\n`make bench` writes this file; `make bench ROWS=\"contract soak\"` renews only those sections. \
         Compare ratios within one run, not numbers from different machines.\n\n\
         - Machine: {}. Load generator, stub model server and the measured server share it.\n\
         - Versions: {}; {}; {}, {}.\n\
         - The application and the proxies run on the same `wasmtime serve`, started by `scripts/serve-wasmtime.sh`: an \
         instance serves up to 128 requests, 16 at a time, and every call to the model server opens a new connection, \
         because the host keeps none. The application writes its log line for each request to a file; the proxies and \
         FastAPI write none.\n\
         - FastAPI (`bench/fastapi`): one uvicorn worker, uvloop, httptools, one shared `httpx.AsyncClient`. The same \
         prompt and JSON Schema go to the model, the ticket is validated by pydantic; no redaction, grounding, \
         confidence or retries.\n\
         - Native Rust (`bench/native`): this project's own core behind axum, reqwest with its pool; both cores.\n\
         - Load (`bench/driver`): a closed loop on keep-alive connections; {} different conversations in turn; the body \
         of every answer is checked, and no fallback is configured, so an answer that the model did not give is a \
         failure. Competitors take turns within each of five rounds; tables show the median and, as spread, the lowest \
         and the highest round.\n\
         - Processor time is that of the server's process alone, user and system.",
        report::machine()?,
        first_line(&wasmtime, &["--version"]),
        first_line("rustc", &["--version"]),
        first_line(python, &["--version"]),
        first_line(python, &["-c", packages]),
        work::conversations(&paths.root)?.len(),
    ))
}
