//! Percentiles, medians and spreads.

use std::fmt;
use std::time::Duration;

/// Latencies of one run, in microseconds.
#[derive(Debug)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    /// From values in any order.
    pub fn new(mut micros: Vec<u32>) -> Self {
        micros.sort_unstable();
        Self(micros)
    }

    /// The percentile (nearest rank), in milliseconds.
    pub fn percentile(&self, percent: f64) -> f64 {
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        let micros = self.0.get(rank.max(1) - 1).copied().unwrap_or_default();
        Duration::from_micros(micros.into()).as_secs_f64() * 1e3
    }
}

/// The values of several rounds.
#[derive(Clone, Debug, Default)]
pub struct Rounds(Vec<f64>);

impl Rounds {
    /// Adds a value.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The median.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match (sorted.get(middle), sorted.len() % 2) {
            (None, _) => f64::NAN,
            (Some(value), 1) => *value,
            (Some(value), _) => (value + sorted[middle - 1]) / 2.0,
        }
    }

    /// Ratios round by round, so that disturbances of a round cancel out.
    pub fn over(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect())
    }

    /// Ratios as percent above one.
    pub fn percent_above_one(&self) -> Self {
        Self(self.0.iter().map(|ratio| (ratio - 1.0) * 100.0).collect())
    }

    /// Minimum and maximum.
    pub fn spread(&self) -> (f64, f64) {
        self.0.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
    }
}

impl FromIterator<f64> for Rounds {
    fn from_iter<T: IntoIterator<Item = f64>>(values: T) -> Self {
        Self(values.into_iter().collect())
    }
}

/// A number with three significant digits and separated thousands.
#[derive(Clone, Copy, Debug)]
pub struct Figure(pub f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if !self.0.is_finite() {
            return f.write_str("–");
        }
        match size {
            100.0.. => f.write_str(&thousands(self.0.round())),
            10.0.. => write!(f, "{:.1}", self.0),
            _ => write!(f, "{:.2}", self.0),
        }
    }
}

/// A number with separated thousands.
pub fn thousands(value: f64) -> String {
    let plain = value.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let latencies = Latencies::new((1..=200).rev().map(|n| n * 1000).collect());
        let percentiles = [0.0, 50.0, 99.0, 99.5, 100.0].map(|percent| latencies.percentile(percent));
        assert_eq!(percentiles, [1.0, 100.0, 198.0, 199.0, 200.0]);
        assert_eq!(Latencies::new(vec![]).percentile(50.0), 0.0);
    }

    #[test]
    fn a_median_does_not_depend_on_the_order() {
        assert_eq!(Rounds(vec![9.0, 1.0, 5.0]).median(), 5.0);
        assert_eq!(Rounds(vec![9.0, 1.0, 5.0, 7.0]).median(), 6.0);
        assert!(Rounds::default().median().is_nan());
        assert_eq!(Rounds(vec![9.0, 1.0, 5.0]).spread(), (1.0, 9.0));
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let slow_then_fast = Rounds(vec![10.0, 100.0]);
        let ratios = slow_then_fast.over(&Rounds(vec![8.0, 80.0]));
        assert_eq!((ratios.spread(), ratios.percent_above_one().spread()), ((1.25, 1.25), (25.0, 25.0)));
    }

    #[test]
    fn figures_have_three_digits() {
        let cases = [
            (0.123_4, "0.12"),
            (9.876, "9.88"),
            (42.0, "42.0"),
            (999.4, "999"),
            (1234.4, "1,234"),
            (12_345.0, "12,345"),
            (1_234_567.0, "1,234,567"),
            (-123_456.0, "-123,456"),
            (f64::NAN, "–"),
        ];
        for (value, expect) in cases {
            assert_eq!(Figure(value).to_string(), expect);
        }
    }

    #[test]
    fn thousands_are_separated() {
        let cases = [
            (0.0, "0"),
            (0.25, "0.25"),
            (999.0, "999"),
            (5000.0, "5,000"),
            (1_250_000.0, "1,250,000"),
            (-1000.0, "-1,000"),
        ];
        for (value, expect) in cases {
            assert_eq!(thousands(value), expect);
        }
    }
}
