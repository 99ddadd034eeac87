//! From time to pixels and back.

use crate::words::{clock, clock_seconds};

/// Room for the lanes' names, left of the span, in CSS pixels.
const LEFT: f64 = 92.0;
/// Room to the right of the span, in CSS pixels.
const RIGHT: f64 = 24.0;
/// The shortest span that a person can zoom to, in microseconds.
const SPAN_MIN: i64 = 1_000_000;
/// Ticks are at least this far apart, in CSS pixels.
const TICK_MIN: f64 = 64.0;
/// Steps of the ruler, in tenths of a second.
const STEPS: [i64; 12] = [1, 5, 10, 50, 100, 150, 300, 600, 3_000, 6_000, 18_000, 36_000];

/// A count or a time as a coordinate.
#[allow(clippy::cast_precision_loss)] // times here are far below 2⁵³ microseconds
fn exact(n: i64) -> f64 {
    n as f64
}

/// A count as a coordinate.
pub fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A part of time, in microseconds since 0:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: i64,
    /// How long it is.
    pub length: i64,
}

impl Span {
    /// Whether a moment lies in it.
    pub const fn holds(self, moment: i64) -> bool {
        moment >= self.from && moment <= self.from + self.length
    }

    /// The span that a zoom by `factor` leaves, so that the moment at `share` of it stays where it is.
    #[allow(clippy::cast_possible_truncation)] // a part of a span that fits
    pub fn zoomed(self, share: f64, factor: f64, whole: i64) -> Self {
        let length = (exact(self.length) * factor).clamp(exact(SPAN_MIN), exact(whole.max(SPAN_MIN)));
        let kept = exact(self.from) + exact(self.length) * share;
        Self { from: (kept - length * share) as i64, length: length as i64 }.within(whole)
    }

    /// The span moved by a share of itself.
    #[allow(clippy::cast_possible_truncation)]
    pub fn moved(self, by: f64, whole: i64) -> Self {
        Self { from: self.from + (exact(self.length) * by) as i64, ..self }.within(whole)
    }

    /// The span with this moment in sight, near its right end.
    pub fn showing(self, moment: i64, whole: i64) -> Self {
        if self.holds(moment) {
            self
        } else {
            Self { from: moment - self.length * 4 / 5, ..self }.within(whole)
        }
    }

    fn within(self, whole: i64) -> Self {
        Self { from: self.from.min(whole - self.length).max(0), ..self }
    }
}

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    width: f64,
    /// What it shows.
    pub span: Span,
}

impl Scale {
    /// A span over this width.
    pub fn new(width: f64, span: Span) -> Self {
        Self { width, span: Span { length: span.length.max(100_000), ..span } }
    }

    /// The last moment that it shows.
    pub const fn until(&self) -> i64 {
        self.span.from + self.span.length
    }

    /// Where in the span a place is, as a share of it.
    pub fn share(&self, x: f64) -> f64 {
        ((x - LEFT) / self.inner()).clamp(0.0, 1.0)
    }

    fn inner(&self) -> f64 {
        (self.width - LEFT - RIGHT).max(1.0)
    }

    /// Where a moment is.
    pub fn x(&self, micros: i64) -> f64 {
        let x = LEFT + self.inner() * exact(micros - self.span.from) / exact(self.span.length);
        (x * 10.0).round() / 10.0
    }

    /// Which moment is there; none before the span.
    #[allow(clippy::cast_possible_truncation)] // a pixel's worth of microseconds fits
    pub fn at(&self, x: f64) -> i64 {
        let share = (x - LEFT) / self.inner();
        self.span.from + (share.max(0.0) * exact(self.span.length)) as i64
    }

    /// The ruler's ticks.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let pixels = |step: i64| self.inner() * exact(step * 100_000) / exact(self.span.length);
        let step = STEPS.into_iter().find(|step| pixels(*step) >= TICK_MIN).unwrap_or(36_000) * 100_000;
        let label = if step < 1_000_000 { clock } else { clock_seconds };
        let mut ticks = Vec::new();
        let mut at = (self.span.from + step - 1) / step * step;
        while at <= self.until() && ticks.len() < 200 {
            ticks.push((self.x(at), label(at)));
            at += step;
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_moment_and_back() {
        let scale = Scale::new(1_116.0, Span { from: 0, length: 100_000_000 });
        assert!((scale.x(50_000_000) - 592.0).abs() < 0.1);
        assert_eq!(scale.at(592.0), 50_000_000);
        assert_eq!(scale.at(0.0), 0);
        assert_eq!(scale.ticks().get(1).map(|t| t.1.clone()).as_deref(), Some("0:10"));
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let (whole, all) = (100_000_000, Span { from: 0, length: 100_000_000 });
        let near = all.zoomed(0.5, 0.5, whole);
        assert_eq!(near, Span { from: 25_000_000, length: 50_000_000 });
        assert_eq!(near.zoomed(0.5, 4.0, whole), all);
        assert_eq!(near.moved(-1.0, whole).from, 0);
        assert_eq!(near.showing(90_000_000, whole).from, 50_000_000);
        assert_eq!(near.showing(30_000_000, whole), near);
        assert_eq!(all.zoomed(0.0, 0.000_1, whole).length, SPAN_MIN);
    }
}
