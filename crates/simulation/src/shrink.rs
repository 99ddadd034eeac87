//! Makes a failing scenario smaller while it goes on breaking the same rule.

use crate::invariants::Violation;
use crate::play::play;
use crate::scenario::Scenario;

/// How many runs may be spent on it.
const RUNS_MAX: usize = 400;

/// The smallest scenario found that breaks the same rule, and how.
pub fn shrink(scenario: &Scenario, violation: &Violation) -> (Scenario, Violation) {
    let mut best = (scenario.clone(), violation.clone());
    let mut runs = 0;
    let mut size = scenario.moments.len() / 2;
    while size > 0 && runs < RUNS_MAX {
        let mut at = 0;
        let mut smaller = false;
        while at < best.0.moments.len() && runs < RUNS_MAX {
            let mut less = best.0.clone();
            let end = (at + size).min(less.moments.len());
            less.moments.drain(at..end);
            runs += 1;
            match play(&less) {
                Err(found) if found.rule == violation.rule => {
                    best = (less, found);
                    smaller = true;
                }
                _ => at += size,
            }
        }
        if !smaller || size > 1 {
            size /= 2;
        }
    }
    best
}
