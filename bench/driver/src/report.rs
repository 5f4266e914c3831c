//! `bench/RESULTS.md`: each run replaces the sections that it measured.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::measure::Measured;
use crate::stats::{Figure, Rounds};

/// A table in Markdown.
pub struct Table {
    text: String,
}

impl Table {
    /// Starts a table with these columns; all but the first are numbers.
    pub fn new(columns: &[&str]) -> Self {
        let mut table = Self { text: String::new() };
        table.row(columns);
        let mut rules = vec!["---:"; columns.len()];
        if let Some(first) = rules.first_mut() {
            *first = "---";
        }
        table.row(&rules);
        table
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        let _infallible = writeln!(self.text, "| {} |", cells.join(" | "));
    }

    /// The table as text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Competitors' results, one row each, relative to the first.
pub fn competitors(measured: &[Measured]) -> String {
    let mut table = Table::new(&[
        "", "requests/s", "spread", "relative to ours", "p50 ms", "p99 ms", "spread", "CPU µs per request", "failed",
    ]);
    for each in measured {
        let against = measured.first().map(|own| each.throughput.over(&own.throughput).median()).unwrap_or(f64::NAN);
        table.row(&[
            each.competitor.name(),
            &median(&each.throughput),
            &spread(&each.throughput),
            &format!("{} ×", Figure(against)),
            &median(&each.p50),
            &median(&each.p99),
            &spread(&each.p99),
            &median(&each.cpu),
            &each.failed.to_string(),
        ]);
    }
    table.text().to_owned()
}

/// The median of several rounds.
pub fn median(rounds: &Rounds) -> String {
    Figure(rounds.median()).to_string()
}

/// The smallest and the largest of several rounds.
pub fn spread(rounds: &Rounds) -> String {
    let (low, high) = rounds.spread();
    format!("{} – {}", Figure(low), Figure(high))
}

/// Writes sections to the file, in the order of `names`; keeps those that were not measured.
pub fn write(path: &Path, head: &str, names: &[&str], measured: &[(&str, String)]) -> Result<()> {
    let old = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, assemble(&old, head, names, measured)).with_context(|| format!("cannot write {}", path.display()))
}

fn assemble(old: &str, head: &str, names: &[&str], measured: &[(&str, String)]) -> String {
    let mut text = head.trim_end().to_owned();
    for name in names {
        let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- end of {name} -->"));
        let kept = || Some(old.split_once(&begin)?.1.split_once(&end)?.0.trim());
        let new = measured.iter().find(|(other, _)| other == name).map(|(_, section)| section.trim());
        if let Some(section) = new.or_else(kept) {
            let _infallible = write!(text, "\n\n{begin}\n{section}\n{end}");
        }
    }
    text.push('\n');
    text
}

/// The first line of a program's output; empty if the program is missing.
pub fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// A description of the machine.
pub fn machine() -> Result<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo")?;
    let models: Vec<&str> =
        cpu.lines().filter(|line| line.starts_with("model name")).filter_map(|line| line.split(": ").nth(1)).collect();
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kib: f64 = memory.split_whitespace().nth(1).context("/proc/meminfo")?.parse()?;
    Ok(format!(
        "{} × {}, {:.0} GiB, Linux {}",
        models.len(),
        models.first().unwrap_or(&"unknown processor"),
        kib / 1024.0 / 1024.0,
        first_line("uname", &["-r"]),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_rule_under_its_columns() {
        let mut table = Table::new(&["metric", "target"]);
        table.row(&["size", "1"]);
        assert_eq!(table.text(), "| metric | target |\n| --- | ---: |\n| size | 1 |\n");
    }

    #[test]
    fn a_section_that_was_not_measured_stays() {
        let names = ["first", "second", "third"];
        let old = assemble("", "head", &names, &[("second", "two".to_owned()), ("first", "one".to_owned())]);
        assert_eq!(
            old,
            "head\n\n<!-- first -->\none\n<!-- end of first -->\n\n<!-- second -->\ntwo\n<!-- end of second -->\n"
        );
        let new = assemble(&old, "new head", &names, &[("second", "2".to_owned())]);
        assert_eq!(new, old.replace("two", "2").replace("head", "new head"));
    }
}
