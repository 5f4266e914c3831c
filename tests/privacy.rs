//! Measures the redaction on labelled sentences: `cargo test --test privacy -- --nocapture` prints the table.
//!
//! Each line of `tests/data/privacy/*.jsonl` is a sentence and the private values in it, as they stand there; everything
//! else in it must stay. `tuning.jsonl` was looked at while the scanners were written, `held_out.jsonl` was not.
//! Addresses are of documentation ranges, telephone numbers mostly of those set aside for fiction, cards public test
//! numbers; accounts and social-security numbers are made up around valid check digits.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde::Deserialize;
use std::collections::BTreeMap;
use support_ticket_ai::privacy::{Kind, Redactor};

#[derive(Deserialize)]
struct Sentence {
    text: String,
    private: Vec<Private>,
}

#[derive(Deserialize, Clone, Debug, PartialEq)]
struct Private {
    kind: String,
    value: String,
}

/// What was found of one kind.
#[derive(Clone, Copy, Default)]
struct Count {
    /// Found as labelled, to the character.
    right: u32,
    /// Labelled and not found so.
    missed: u32,
    /// Found and not labelled so.
    wrong: u32,
}

impl Count {
    fn recall(self) -> f64 {
        ratio(self.right, self.missed)
    }

    fn precision(self) -> f64 {
        ratio(self.right, self.wrong)
    }
}

fn ratio(part: u32, rest: u32) -> f64 {
    if part + rest == 0 { 1.0 } else { f64::from(part) / f64::from(part + rest) }
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Email => "email",
        Kind::Phone => "phone",
        Kind::Iban => "iban",
        Kind::Card => "card",
        Kind::Nir => "nir",
        Kind::Ip => "ip",
        Kind::Typed => "typed",
    }
}

/// Redacts every sentence of a set, prints the table and what went wrong, and gives the sum and the number of items:
/// private values and sentences without any.
fn measure(name: &str, lines: &str) -> (Count, usize) {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut items = 0;
    for line in lines.lines() {
        let sentence: Sentence = serde_json::from_str(line).unwrap();
        items += sentence.private.len().max(1);
        let mut redactor = Redactor::new();
        let sent = redactor.redact(&sentence.text);
        assert_eq!(redactor.restore(&sent), sentence.text, "the round trip");
        let mut labelled = sentence.private;
        for (kind, _, value) in redactor.values() {
            let found = Private { kind: label(kind).to_owned(), value: value.to_owned() };
            let count = counts.entry(found.kind.clone()).or_default();
            match labelled.iter().position(|private| *private == found) {
                Some(at) => {
                    labelled.swap_remove(at);
                    count.right += 1;
                }
                None => {
                    println!("  wrong {found:?} in {:?}", sentence.text);
                    count.wrong += 1;
                }
            }
        }
        for private in labelled {
            println!("  missed {private:?} in {:?}", sentence.text);
            counts.entry(private.kind).or_default().missed += 1;
        }
    }
    println!(
        "{name}: {items} items, {} of them without a private value",
        lines.lines().filter(|l| l.ends_with("[]}")).count()
    );
    println!("  {:<6} {:>5} {:>6} {:>5} {:>7} {:>9}", "kind", "right", "missed", "wrong", "recall", "precision");
    let mut sum = Count::default();
    for (kind, count) in counts {
        print_row(&kind, count);
        sum.right += count.right;
        sum.missed += count.missed;
        sum.wrong += count.wrong;
    }
    print_row("all", sum);
    (sum, items)
}

fn print_row(name: &str, count: Count) {
    let Count { right, missed, wrong } = count;
    println!("  {name:<6} {right:>5} {missed:>6} {wrong:>5} {:>7.3} {:>9.3}", count.recall(), count.precision());
}

fn check(name: &str, lines: &str, at_least: usize) {
    let (sum, items) = measure(name, lines);
    assert!(items >= at_least, "{name}: {items} items");
    assert!(sum.recall() >= 0.98, "{name}: recall {:.3}", sum.recall());
    assert!(sum.precision() >= 0.95, "{name}: precision {:.3}", sum.precision());
}

#[test]
fn finds_private_values_and_leaves_the_rest() {
    check("tuning", include_str!("data/privacy/tuning.jsonl"), 200);
    check("held out", include_str!("data/privacy/held_out.jsonl"), 100);
}
