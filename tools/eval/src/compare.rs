//! Comparison of two reports.

use std::fmt::Write;

use crate::markdown::{Figure, figures};
use crate::report::Report;

/// The figures of both reports and their differences, as Markdown.
pub fn compare(before: &Report, after: &Report) -> String {
    let name = |report: &Report| {
        let of = |key: &str| report.service.get(key).and_then(serde_json::Value::as_str).unwrap_or("–").to_owned();
        format!("{} {}", of("backend"), of("model"))
    };
    let mut out = format!("| what | {} | {} | change |\n| --- | --- | --- | --- |\n", name(before), name(after));
    for ((what, was), (_, is)) in figures(before).into_iter().zip(figures(after)) {
        let _ = writeln!(out, "| {what} | {} | {} | {} |", was.text, is.text, change(&was, &is));
    }
    out
}

fn change(was: &Figure, is: &Figure) -> String {
    match (was.number, is.number) {
        (Some(was), Some(is)) if (is - was).abs() >= 0.0005 => {
            let places = if (is - was).abs() < 1.0 { 3 } else { 1 };
            format!("{:+.places$}", is - was)
        }
        (Some(_), Some(_)) => "=".to_owned(),
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Share;

    #[test]
    fn a_change_has_its_sign() {
        let report =
            |good| Report { answered: Share { good, all: 4 }, categorie_macro_f1: Some(0.25), ..Report::default() };
        let table = compare(&report(1), &report(3));
        assert!(table.contains("| answered with 200 | 25.0 % (1/4) | 75.0 % (3/4) | +50.0 |"), "{table}");
        assert!(table.contains("| `categorie` macro-F1 | 0.250 | 0.250 | = |"), "{table}");
        assert!(table.contains("| valid tickets at the caller | – | – | – |"), "{table}");
    }
}
