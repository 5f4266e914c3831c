//! Measures a running service on labelled messages: `eval run`, then `eval compare A B`.
//!
//! It uses the service over HTTP like any client, so that all backends are measured in the same way. Answers are stored
//! line by line (`results`), so that an interrupted run can resume, and judged when the report is written (`judge`,
//! `question`), so that a new report needs no new requests.

mod compare;
mod judge;
mod markdown;
mod question;
mod report;
mod results;
mod run;
mod set;
mod stats;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures a running service on labelled messages.
#[derive(Parser)]
#[command(name = "eval")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sends the whole set, or the rest of an interrupted run, to the service and writes report.md and report.json.
    Run(run::Options),
    /// Prints two reports side by side; each is a folder from `run`.
    Compare {
        /// The report before.
        before: PathBuf,
        /// The report after.
        after: PathBuf,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Compare { before, after } => print_comparison(&before, &after),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eval: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn print_comparison(before: &std::path::Path, after: &std::path::Path) -> Result<()> {
    print!("{}", compare::compare(&report::load(before)?, &report::load(after)?));
    Ok(())
}
