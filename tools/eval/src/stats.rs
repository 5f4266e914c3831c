//! Statistics: shares, percentiles, precision and recall, the confusion matrix.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Matching items.
    pub good: usize,
    /// All items.
    pub all: usize,
}

impl Share {
    /// Counts one more.
    pub fn count(&mut self, is_good: bool) {
        self.good += usize::from(is_good);
        self.all += 1;
    }

    /// The share in percent; `None` without items.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few hundred")]
    pub fn percent(self) -> Option<f64> {
        (self.all > 0).then(|| self.good as f64 * 100.0 / self.all as f64)
    }
}

/// Precision and recall of one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// True positives.
    pub hits: usize,
    /// False positives.
    pub false_alarms: usize,
    /// False negatives.
    pub misses: usize,
}

impl Detection {
    /// Counts one more.
    pub fn count(&mut self, is_given: bool, is_right: bool) {
        match (is_given, is_right) {
            (true, true) => self.hits += 1,
            (true, false) => self.false_alarms += 1,
            (false, true) => self.misses += 1,
            (false, false) => {}
        }
    }

    /// Precision.
    pub const fn precision(self) -> Share {
        Share { good: self.hits, all: self.hits + self.false_alarms }
    }

    /// Recall.
    pub const fn recall(self) -> Share {
        Share { good: self.hits, all: self.hits + self.misses }
    }

    /// F1, from 0 to 1; `None` without positives.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few hundred")]
    pub fn f1(self) -> Option<f64> {
        let all = 2 * self.hits + self.false_alarms + self.misses;
        (all > 0).then(|| 2.0 * self.hits as f64 / all as f64)
    }
}

/// How often each expected value (first key) was answered with each value (second key).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion(pub BTreeMap<String, BTreeMap<String, usize>>);

impl Confusion {
    /// Counts one answer. Of several expected values, the given one counts, else the first.
    pub fn count(&mut self, expected: &[String], answer: &str) {
        let meant = expected.iter().find(|value| *value == answer).or_else(|| expected.first());
        if let Some(meant) = meant {
            *self.0.entry(meant.clone()).or_default().entry(answer.to_owned()).or_default() += 1;
        }
    }

    /// Every value, expected or answered, in alphabetical order.
    pub fn values(&self) -> Vec<&str> {
        let answers = self.0.values().flat_map(BTreeMap::keys);
        self.0.keys().chain(answers).map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// How often `expected` was answered with `answer`.
    pub fn at(&self, expected: &str, answer: &str) -> usize {
        self.0.get(expected).and_then(|row| row.get(answer)).copied().unwrap_or(0)
    }

    /// The mean F1, from 0 to 1, over all expected values; `None` without any.
    #[expect(clippy::cast_precision_loss, reason = "a few dozen values")]
    pub fn macro_f1(&self) -> Option<f64> {
        let scores: Vec<f64> = self.0.keys().filter_map(|value| self.detection(value).f1()).collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    fn detection(&self, value: &str) -> Detection {
        let hits = self.at(value, value);
        let answered: usize = self.0.keys().map(|expected| self.at(expected, value)).sum();
        let expected: usize = self.0.get(value).map_or(0, |row| row.values().sum());
        Detection { hits, false_alarms: answered - hits, misses: expected - hits }
    }
}

/// The percentile (nearest rank); 0 without values.
pub fn percentile(values: &[u64], percent: usize) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let hundred: Vec<u64> = (1..=100).rev().collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 99)), (50, 99));
        assert_eq!((percentile(&[7], 50), percentile(&[7], 99), percentile(&[], 50)), (7, 7, 0));
        assert_eq!(percentile(&[1, 2, 3], 50), 2);
    }

    #[test]
    fn precision_and_recall_tell_false_alarms_from_misses() {
        let mut unknown = Detection::default();
        for (given, right) in [(true, true), (true, true), (true, false), (false, true), (false, false)] {
            unknown.count(given, right);
        }
        assert_eq!((unknown.precision(), unknown.recall()), (Share { good: 2, all: 3 }, Share { good: 2, all: 3 }));
        assert!((unknown.f1().unwrap() - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(Detection::default().f1(), None);
    }

    #[test]
    fn macro_f1_weighs_rare_values_like_common_ones() {
        let mut confusion = Confusion::default();
        for (expected, answer) in [("a", "a"), ("a", "a"), ("a", "a"), ("b", "a"), ("c", "c")] {
            confusion.count(&[expected.to_owned()], answer);
        }
        // a: 3 hits, 1 false alarm; b: never found; c: always.
        let expected = (6.0 / 7.0 + 0.0 + 1.0) / 3.0;
        assert!((confusion.macro_f1().unwrap() - expected).abs() < 1e-9);
        assert_eq!((confusion.at("b", "a"), confusion.at("a", "b")), (1, 0));
    }

    #[test]
    fn of_several_expected_answers_the_given_one_counts() {
        let mut confusion = Confusion::default();
        let both = ["a".to_owned(), "b".to_owned()];
        for answer in ["b", "c"] {
            confusion.count(&both, answer);
        }
        assert_eq!((confusion.at("b", "b"), confusion.at("a", "c")), (1, 1));
        assert_eq!(confusion.values(), ["a", "b", "c"]);
    }
}
