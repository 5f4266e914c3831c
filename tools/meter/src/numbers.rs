//! The committed numbers, and their comparison with a run.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How far a number may grow, in hundredths of a percent.
const TOLERANCE_BASIS_POINTS: u64 = 500;
/// The tolerance as text.
pub const TOLERANCE: &str = "5 %";

/// Instructions of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// An instance's first request, including instantiation and configuration.
    pub first: u64,
    /// A later request.
    pub later: u64,
}

/// All numbers of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    component_bytes: u64,
    cases: Vec<(String, Taken)>,
}

impl Numbers {
    /// An empty run.
    pub fn new(component_bytes: u64) -> Self {
        Self { component_bytes, cases: Vec::new() }
    }

    /// Adds a case.
    pub fn add(&mut self, name: &str, taken: Taken) {
        self.cases.push((name.to_owned(), taken));
    }

    /// Reads committed numbers.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", file.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let all: Map<String, Value> = serde_json::from_str(text)?;
        let component_bytes = all.get("component_bytes").and_then(Value::as_u64).context("no component_bytes")?;
        let cases = all.get("instructions").and_then(Value::as_object).context("no instructions")?;
        let cases = cases.iter().map(|(name, taken)| Ok((name.clone(), Taken::deserialize(taken)?)));
        Ok(Self { component_bytes, cases: cases.collect::<Result<_>>()? })
    }

    /// Writes the numbers.
    pub fn write(&self, file: &Path) -> Result<()> {
        Ok(std::fs::write(file, self.to_json()?)?)
    }

    fn to_json(&self) -> Result<String> {
        let cases = self.cases.iter().map(|(name, taken)| Ok((name.clone(), serde_json::to_value(taken)?)));
        let cases: Map<String, Value> = cases.collect::<Result<_>>()?;
        let all = serde_json::json!({"component_bytes": self.component_bytes, "instructions": cases});
        Ok(serde_json::to_string_pretty(&all)? + "\n")
    }

    /// Compares these committed numbers with a run: a table, and whether all are within the tolerance.
    ///
    /// A case on one side only is a difference.
    pub fn compare(&self, run: &Self) -> (String, bool) {
        let mut report = format!("{:<46} {:>12} {:>12} {:>8}\n", "", "committed", "now", "change");
        let mut is_ok = true;
        let mut row = |name: &str, committed: Option<u64>, now: Option<u64>| {
            let grown = match (committed, now) {
                (Some(committed), Some(now)) => now * 10_000 > committed * (10_000 + TOLERANCE_BASIS_POINTS),
                _ => true,
            };
            is_ok &= !grown;
            let shown = |number: Option<u64>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
            #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
            let change = committed.zip(now).map_or_else(String::new, |(committed, now)| {
                format!("{:+.1} %", (now as f64 / committed as f64 - 1.0) * 100.0)
            });
            let mark = if grown { " too much" } else { "" };
            let _ = writeln!(report, "{name:<46} {:>12} {:>12} {change:>8}{mark}", shown(committed), shown(now));
        };
        row("component, bytes", Some(self.component_bytes), Some(run.component_bytes));
        let names = self.cases.iter().chain(run.cases.iter().filter(|(name, _)| self.taken(name).is_none()));
        for (name, _) in names {
            let (committed, now) = (self.taken(name), run.taken(name));
            row(&format!("{name}: first"), committed.map(|t| t.first), now.map(|t| t.first));
            row(&format!("{name}: later"), committed.map(|t| t.later), now.map(|t| t.later));
        }
        (report, is_ok)
    }

    fn taken(&self, name: &str) -> Option<Taken> {
        self.cases.iter().find(|(case, _)| case == name).map(|(_, taken)| *taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bytes: u64, cases: &[(&str, u64, u64)]) -> Numbers {
        let mut numbers = Numbers::new(bytes);
        cases.iter().for_each(|(name, first, later)| numbers.add(name, Taken { first: *first, later: *later }));
        numbers
    }

    #[test]
    fn growth_up_to_five_percent_is_tolerated() {
        let committed = numbers(1_000, &[("a", 2_000, 100)]);
        let check = |run: &Numbers, expected: bool| assert_eq!(committed.compare(run).1, expected, "{run:?}");
        check(&committed, true);
        check(&numbers(1_050, &[("a", 2_100, 105)]), true);
        check(&numbers(1_051, &[("a", 2_000, 100)]), false);
        check(&numbers(1_000, &[("a", 2_101, 100)]), false);
        check(&numbers(1_000, &[("a", 2_000, 106)]), false);
        check(&numbers(10, &[("a", 20, 1)]), true);
    }

    #[test]
    fn an_added_or_removed_case_is_a_difference() {
        let committed = numbers(1_000, &[("a", 2_000, 100)]);
        assert!(!committed.compare(&numbers(1_000, &[])).1);
        let (report, is_ok) = committed.compare(&numbers(1_000, &[("a", 2_000, 100), ("b", 1, 1)]));
        assert!(!is_ok);
        assert!(report.contains("b: later"), "{report}");
    }

    #[test]
    fn numbers_round_trip() {
        let written = numbers(1_000, &[("a", 2_000, 100), ("b", 3, 4)]);
        assert_eq!(Numbers::parse(&written.to_json().unwrap()).unwrap(), written);
        assert!(Numbers::parse("{}").is_err());
    }
}
