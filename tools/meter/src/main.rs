//! Counts the instructions of the built component for fixed requests, in-process, without a network.
//!
//! ```text
//! meter check COMPONENT NUMBERS   compares instructions and size with the committed numbers
//! meter write COMPONENT NUMBERS   writes new numbers
//! meter time  COMPONENT LABELLED  measures the local backend's time for long messages
//! ```
//!
//! An instruction is a unit of wasmtime's fuel: about one WebAssembly instruction, the same on every machine.

mod cases;
mod guest;
mod numbers;
mod time;

use std::path::Path;

use anyhow::{Result, bail};
use guest::Guest;
use numbers::Numbers;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [command, component, file] = words[..] else {
        bail!("usage: meter check|write|time COMPONENT FILE");
    };
    let (component, file) = (Path::new(component), Path::new(file));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    match command {
        "check" => {
            let committed = Numbers::read(file)?;
            let (report, is_ok) = committed.compare(&runtime.block_on(measure(component))?);
            print!("{report}");
            if !is_ok {
                bail!("beyond {}; if that is intended, run `make bench-check UPDATE=1`", numbers::TOLERANCE);
            }
        }
        "write" => runtime.block_on(measure(component))?.write(file)?,
        "time" => {
            let guest = Guest::new(component, guest::Count::Nothing)?;
            print!("{}", runtime.block_on(time::report(&guest, file))?);
        }
        _ => bail!("usage: meter check|write|time COMPONENT FILE"),
    }
    Ok(())
}

/// Runs every case.
async fn measure(component: &Path) -> Result<Numbers> {
    let guest = Guest::new(component, guest::Count::Fuel)?;
    let mut numbers = Numbers::new(guest.component_bytes);
    for case in cases::all() {
        numbers.add(case.name, case.measure(&guest).await?);
    }
    Ok(numbers)
}
