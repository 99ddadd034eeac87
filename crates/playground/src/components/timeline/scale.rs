//! From time to pixels and back.

use crate::window::{Span, exact};
use crate::words::{clock, clock_seconds};

/// Ticks are at least this far apart, in CSS pixels.
const TICK_MIN: f64 = 64.0;
/// Steps of the ruler, in tenths of a second. Those below a second are for who looks closer than the first second.
const STEPS: [i64; 12] = [1, 5, 10, 50, 100, 150, 300, 600, 3_000, 6_000, 18_000, 36_000];

/// A count as a coordinate.
pub fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Where the span begins, in CSS pixels.
    left: f64,
    /// How wide it is.
    inner: f64,
    /// What it shows.
    pub span: Span,
}

impl Scale {
    /// A span from one place to another.
    pub fn new(left: f64, right: f64, span: Span) -> Self {
        Self { left, inner: (right - left).max(1.0), span: Span { length: span.length.max(100_000), ..span } }
    }

    /// The last moment that it shows.
    pub const fn until(&self) -> i64 {
        self.span.until()
    }

    /// Where it ends, in CSS pixels.
    pub fn right(&self) -> f64 {
        self.left + self.inner
    }

    /// Where a moment is.
    pub fn x(&self, micros: i64) -> f64 {
        let x = self.left + self.inner * self.span.share(micros);
        (x * 10.0).round() / 10.0
    }

    /// Which moment is there; none outside of the span.
    #[allow(clippy::cast_possible_truncation)] // a pixel's worth of microseconds fits
    pub fn at(&self, x: f64) -> i64 {
        let share = ((x - self.left) / self.inner).clamp(0.0, 1.0);
        self.span.from + (share * exact(self.span.length)) as i64
    }

    /// So many pixels as a share of the span.
    pub fn share(&self, pixels: f64) -> f64 {
        pixels / self.inner
    }

    /// What less time than this happens in cannot be seen, in microseconds.
    pub fn grain(&self) -> i64 {
        self.at(self.left + 0.7) - self.span.from
    }

    /// The ruler's ticks.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let pixels = |step: i64| self.inner * exact(step * 100_000) / exact(self.span.length);
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
        let scale = Scale::new(92.0, 1_092.0, Span { from: 0, length: 100_000_000 });
        assert!((scale.x(50_000_000) - 592.0).abs() < 0.1);
        assert_eq!(scale.at(592.0), 50_000_000);
        assert_eq!(scale.at(0.0), 0);
        assert_eq!(scale.ticks().get(1).map(|t| t.1.clone()).as_deref(), Some("0:10"));
    }

    #[test]
    fn ticks_are_as_close_as_their_labels_allow() {
        let step = |seconds: i64| {
            let ticks = Scale::new(0.0, 1_300.0, Span { from: 0, length: seconds * 1_000_000 }).ticks();
            ticks.get(1).map(|tick| tick.1.clone()).unwrap_or_default()
        };
        let steps =
            [(15, "0:01"), (60, "0:05"), (150, "0:10"), (300, "0:15"), (600, "0:30"), (1_200, "1:00")];
        for (length, first) in steps {
            assert_eq!(step(length), first, "{length} s");
        }
        assert_eq!(step(4_000), "5:00");
    }
}
