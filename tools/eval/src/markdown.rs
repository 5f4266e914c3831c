//! The report as Markdown.

use std::fmt::Write;

use crate::report::{FieldScore, Report};
use crate::stats::{Detection, Share};

/// Writes the report as Markdown.
pub fn render(report: &Report) -> String {
    let service = |key: &str| report.service.get(key).and_then(serde_json::Value::as_str).unwrap_or("–").to_owned();
    let title = format!("# {} ({}), version {}\n", service("backend"), service("model"), service("version"));
    let rows = figures(report).into_iter().map(|(name, figure)| format!("| {name} | {} |\n", figure.text));
    let fields: String = report.fields.iter().map(field).collect();
    format!(
        "{title}\n| what | measured |\n| --- | --- |\n{}\n| field | fr | en | all | `[INCONNU]` precision | recall |\n\
         | --- | --- | --- | --- | --- | --- |\n{fields}\n{}",
        rows.collect::<String>(),
        confusion(report)
    )
}

/// A figure as text, and as a number if it can be compared.
pub struct Figure {
    pub text: String,
    pub number: Option<f64>,
}

/// The key figures, in reading order.
pub fn figures(report: &Report) -> Vec<(String, Figure)> {
    let (tickets, questions) = (&report.tickets, &report.questions);
    let requests = report.answered.all.max(1);
    let shares = [
        ("answered with 200", report.answered),
        ("valid tickets of the backend, before repair", tickets.valid_before_repair),
        ("valid tickets of the backend, after repair", tickets.valid_after_repair),
        ("valid tickets at the caller", tickets.valid_at_the_caller),
    ];
    let fields = report.fields.iter().map(|score| (format!("right `{}`", score.field), of_share(score.all)));
    let unknown =
        report.fields.iter().filter_map(|score| score.unknown).fold(Detection::default(), |sum, one| Detection {
            hits: sum.hits + one.hits,
            false_alarms: sum.false_alarms + one.false_alarms,
            misses: sum.misses + one.misses,
        });
    let more = [
        ("`[INCONNU]` precision, all fields", unknown.precision()),
        ("`[INCONNU]` recall, all fields", unknown.recall()),
        ("questions of the backend's own", questions.of_the_model),
        ("questions: exactly one", questions.one_question),
        ("questions: for the right field", questions.right_field),
        ("questions: with a word of that field", questions.about_the_field),
        ("questions: in the right language", questions.right_language),
        ("questions: nothing forbidden", questions.nothing_forbidden),
        ("questions: all rules", questions.all_right),
        ("questions of the backend's own: all rules", questions.all_right_of_the_model),
    ];
    let named = |(name, share): (&str, Share)| (name.to_owned(), of_share(share));
    let f1 = report.categorie_macro_f1;
    let f1 = Figure { text: f1.map_or("–".to_owned(), |f1| format!("{f1:.3}")), number: f1 };
    #[expect(clippy::cast_precision_loss, reason = "microseconds of one run")]
    let millis = |name: &str, micros: u64| {
        let millis = micros as f64 / 1_000.0;
        (name.to_owned(), Figure { text: format!("{millis:.1} ms"), number: Some(millis) })
    };
    #[expect(clippy::cast_precision_loss, reason = "tokens and calls of one run")]
    let mean = |name: &str, sum: u64| {
        let mean = sum as f64 / requests as f64;
        (name.to_owned(), Figure { text: format!("{mean:.1}"), number: Some(mean) })
    };
    let costs = [
        millis("latency of /analyze, p50", report.analyze_latency.p50_us),
        millis("latency of /analyze, p99", report.analyze_latency.p99_us),
        millis("latency of /followup, p50", report.followup_latency.p50_us),
        millis("latency of /followup, p99", report.followup_latency.p99_us),
        mean("prompt tokens per request", report.prompt_tokens),
        mean("completion tokens per request", report.completion_tokens),
        mean("model calls per request", report.attempts),
        ("most calls for one request".to_owned(), of_count(report.max_attempts)),
    ];
    let shares = shares.into_iter().map(named).chain(fields).chain([("`categorie` macro-F1".to_owned(), f1)]);
    shares.chain(more.into_iter().map(named)).chain(costs).collect()
}

fn of_count(count: u32) -> Figure {
    Figure { text: count.to_string(), number: Some(f64::from(count)) }
}

fn of_share(share: Share) -> Figure {
    let percent = share.percent();
    let text = percent.map_or("–".to_owned(), |percent| format!("{percent:.1} % ({}/{})", share.good, share.all));
    Figure { text, number: percent }
}

fn field(score: &FieldScore) -> String {
    let cell = |share: Share| of_share(share).text;
    let unknown =
        |share: fn(Detection) -> Share| score.unknown.map_or("–".to_owned(), |unknown| cell(share(unknown)));
    let shares =
        [cell(score.fr), cell(score.en), cell(score.all), unknown(Detection::precision), unknown(Detection::recall)];
    format!("| `{}` | {} |\n", score.field, shares.join(" | "))
}

fn confusion(report: &Report) -> String {
    let matrix = &report.categorie_confusion;
    let values = matrix.values();
    let mut out = format!("`categorie`: expected (rows) and answered (columns)\n\n| | {} |\n", values.join(" | "));
    let _ = writeln!(out, "| --- |{}", " --- |".repeat(values.len()));
    for expected in matrix.0.keys() {
        let cell = |answer: &&str| match matrix.at(expected, answer) {
            0 => "·".to_owned(),
            count => count.to_string(),
        };
        let _ = writeln!(out, "| {expected} | {} |", values.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stats::Confusion;

    #[test]
    fn a_report_reads_well() {
        let mut confusion = Confusion::default();
        confusion.count(&["Réseau".to_owned()], "Autre");
        let score = FieldScore { field: "titre".to_owned(), all: Share { good: 1, all: 2 }, ..FieldScore::default() };
        let report = Report {
            service: json!({"backend": "ollama", "model": "m", "version": "1"}),
            answered: Share { good: 1, all: 4 },
            fields: vec![score],
            categorie_confusion: confusion,
            prompt_tokens: 10,
            ..Report::default()
        };
        let text = render(&report);
        for line in [
            "# ollama (m), version 1",
            "| answered with 200 | 25.0 % (1/4) |",
            "| right `titre` | 50.0 % (1/2) |",
            "| prompt tokens per request | 2.5 |",
            "| `titre` | – | – | 50.0 % (1/2) | – | – |",
            "| | Autre | Réseau |",
            "| Réseau | 1 | · |",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
