//! From time to pixels and back.

use crate::words::clock_seconds;

/// Left of 0:00: the lanes' names.
const LEFT: f64 = 92.0;
/// Right of the end.
const RIGHT: f64 = 24.0;
/// Ticks are at least this far apart.
const TICK_MIN: f64 = 64.0;
/// Steps of the ruler, in seconds.
const STEPS: [i64; 10] = [1, 5, 10, 15, 30, 60, 300, 600, 1_800, 3_600];

/// A count or a time as a coordinate.
#[allow(clippy::cast_precision_loss)] // times here are far below 2⁵³ microseconds
fn exact(n: i64) -> f64 {
    n as f64
}

/// A count as a coordinate.
pub fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    width: f64,
    end: i64,
}

impl Scale {
    /// From 0:00 to `end` (microseconds) over this width.
    pub fn new(width: f64, end: i64) -> Self {
        Self { width, end: end.max(1_000_000) }
    }

    fn inner(&self) -> f64 {
        (self.width - LEFT - RIGHT).max(1.0)
    }

    /// Where a moment is.
    pub fn x(&self, micros: i64) -> f64 {
        let x = LEFT + self.inner() * exact(micros) / exact(self.end);
        (x * 10.0).round() / 10.0
    }

    /// Which moment is there; never before 0:00.
    #[allow(clippy::cast_possible_truncation)] // a pixel's worth of microseconds fits
    pub fn at(&self, x: f64) -> i64 {
        let share = (x - LEFT) / self.inner();
        (share.max(0.0) * exact(self.end)) as i64
    }

    /// The ruler's ticks.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let pixels = |step: i64| self.inner() * exact(step * 1_000_000) / exact(self.end);
        let step = STEPS.into_iter().find(|step| pixels(*step) >= TICK_MIN).unwrap_or(3_600) * 1_000_000;
        let mut ticks = Vec::new();
        let mut at = 0;
        while at <= self.end && ticks.len() < 200 {
            ticks.push((self.x(at), clock_seconds(at)));
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
        let scale = Scale::new(1_116.0, 100_000_000);
        assert!((scale.x(50_000_000) - 592.0).abs() < 0.1);
        assert_eq!(scale.at(592.0), 50_000_000);
        assert_eq!(scale.at(0.0), 0);
        assert_eq!(scale.ticks().get(1).map(|t| t.1.clone()).as_deref(), Some("0:10"));
    }
}
