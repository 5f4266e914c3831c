//! Measures the service against its opponents and writes what it found. `scripts/bench.sh` builds all and runs this.

mod load;
mod measure;
mod opponents;
mod process;
mod stats;
mod work;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use measure::{Pace, in_turns};
use opponents::{Answers, Bodies, Opponent, Places, Running, Shape, Stub};

fn main() -> Result<()> {
    let root = std::env::current_dir()?;
    let setting = |name: &str| std::env::var_os(name).map(PathBuf::from).with_context(|| format!("{name} is not set"));
    let built = setting("BENCH_BUILT")?;
    let places = Places {
        logs: built.join("logs"),
        built,
        proxy: setting("BENCH_PROXY")?,
        python: setting("BENCH_PYTHON").unwrap_or_default(),
        root,
    };
    let stub = Stub::start(&places)?;
    let start = |opponent| Running::start(&places, &stub, opponent, Shape::Generate, &[], &[]);
    let app = start(Opponent::App)?;
    let proxy = start(Opponent::Proxy)?;
    let handles = start(Opponent::Handles)?;
    let bodies = Bodies::record(&places, &stub, &app, Answers::Whole)?;
    eprintln!("{} conversations, {} bytes for the model", bodies.caller.len(), bodies.model_bytes());
    let pace = Pace { rounds: 5, warm_up: Duration::from_millis(500), measure: Duration::from_secs(3) };
    in_turns(&[&app, &proxy, &handles], &bodies, Answers::Whole, 32, pace)?;
    Ok(())
}
