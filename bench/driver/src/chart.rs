//! The chart of the scaling curve: two plots over one logarithmic axis, in colours for light and dark pages.

use std::fmt::Write as _;

use crate::stats::thousands;

/// One point of the curve.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Requests in flight.
    pub in_flight: f64,
    /// The host's memory, in MiB.
    pub memory: f64,
    /// Median latency minus the model's own, in milliseconds.
    pub p50: f64,
    /// 99th percentile of the same.
    pub p99: f64,
}

/// One curve: its class, its label, its values.
type Curve<'a> = (&'a str, &'a str, Vec<(f64, f64)>);

const WIDTH: f64 = 760.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 72.0;
const HEIGHT: f64 = 190.0;
const TOPS: [f64; 2] = [44.0, 292.0];
const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #24292f } \
.title { font-weight: 600 } .grid { stroke: #8c959f; stroke-opacity: .35 } \
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round } \
.a { stroke: #0969da } .b { stroke: #bc4c00 } circle.a { fill: #0969da } circle.b { fill: #bc4c00 } \
text.a { fill: #0969da; stroke: none } text.b { fill: #bc4c00; stroke: none } \
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } \
.a { stroke: #58a6ff } .b { stroke: #ffa657 } circle.a { fill: #58a6ff } circle.b { fill: #ffa657 } \
text.a { fill: #58a6ff } text.b { fill: #ffa657 } }";

/// Draws it.
pub fn draw(points: &[Point]) -> String {
    let curve =
        |value: fn(&Point) -> f64| points.iter().map(|point| (point.in_flight, value(point).max(0.0))).collect();
    let memory: [Curve<'_>; 1] = [("a", "memory", curve(|point| point.memory))];
    let latency: [Curve<'_>; 2] = [("b", "p99", curve(|point| point.p99)), ("a", "p50", curve(|point| point.p50))];
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} 536\" role=\"img\" \
         aria-label=\"Memory of the host and added latency by requests in flight\">\n<style>{STYLE}</style>\n"
    );
    let [upper, lower] = TOPS;
    chart(&mut svg, upper, "Memory of the host (MiB in RAM)", points, &memory);
    chart(&mut svg, lower, "Latency added to the model's 5 s (ms)", points, &latency);
    text(&mut svg, (LEFT + WIDTH - RIGHT) / 2.0, 528.0, "middle", "", "requests in flight (logarithmic)");
    svg.push_str("</svg>\n");
    svg
}

fn chart(svg: &mut String, top: f64, title: &str, points: &[Point], curves: &[Curve<'_>]) {
    let values = || curves.iter().flat_map(|(_, _, values)| values);
    let step = step(values().fold(0.0, |most, (_, value)| most.max(*value)));
    let most = step * 4.0;
    let widest = points.iter().fold(1.0_f64, |most, point| most.max(point.in_flight)).log10().max(f64::EPSILON);
    let x = |in_flight: f64| LEFT + in_flight.log10() / widest * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| top + HEIGHT * (1.0 - value / most);
    text(svg, LEFT, top - 14.0, "start", "title", title);
    for tick in 0..=4 {
        let value = step * f64::from(tick);
        line(svg, "grid", &[(LEFT, y(value)), (WIDTH - RIGHT, y(value))]);
        text(svg, LEFT - 10.0, y(value) + 4.5, "end", "", &thousands(value));
    }
    for point in points {
        line(svg, "grid", &[(x(point.in_flight), top), (x(point.in_flight), top + HEIGHT)]);
        text(svg, x(point.in_flight), top + HEIGHT + 20.0, "middle", "", &thousands(point.in_flight));
    }
    for (class, label, values) in curves {
        let places: Vec<(f64, f64)> = values.iter().map(|(in_flight, value)| (x(*in_flight), y(*value))).collect();
        line(svg, &format!("line {class}"), &places);
        for (x, y) in &places {
            let _infallible = writeln!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>");
        }
        if let Some((x, y)) = places.last() {
            text(svg, x + 8.0, y + 4.5, "start", class, label);
        }
    }
}

/// The distance of five grid lines that cover a value: 1, 2, 2.5 or 5 times a power of ten.
fn step(most: f64) -> f64 {
    let most = most.max(1.0);
    let power = 10_f64.powf((most / 4.0).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    steps.into_iter().find(|step| step * 4.0 >= most).unwrap_or(most)
}

fn line(svg: &mut String, class: &str, places: &[(f64, f64)]) {
    let places: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _infallible = writeln!(svg, "<polyline class=\"{class}\" points=\"{}\"/>", places.join(" "));
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _infallible = writeln!(svg, "<text{class} x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_cover_the_largest_value_closely() {
        for (most, expect) in
            [(0.0, 0.25), (1.0, 0.25), (7.9, 2.0), (8.1, 2.5), (98.0, 25.0), (256.0, 100.0), (401.0, 200.0)]
        {
            assert_eq!(step(most), expect, "{most}");
        }
    }

    #[test]
    fn the_highest_point_is_at_the_top_and_the_lowest_at_the_bottom() {
        let point = |in_flight, memory| Point { in_flight, memory, p50: 0.0, p99: 2.0 };
        let svg = draw(&[point(1.0, 0.0), point(100.0, 100.0)]);
        assert!(svg.contains(r#"<polyline class="line a" points="78.0,234.0 688.0,44.0"/>"#), "{svg}");
        assert!(svg.contains(">100</text>") && svg.ends_with("</svg>\n"));
    }
}
