//! Makes random scenarios. Everything comes from a seed, and nothing from the cluster that will play it: if
//! something is taken away from a scenario, the rest is still a scenario.

mod commands;
mod manifests;

pub(crate) use manifests::{BAD_IMAGES, IMAGES};

use apimachinery::Rng;

use crate::scenario::{Cue, Moment, Scenario};

/// The cues of a scenario after its first manifests, at least and at most.
const CUES: (u64, u64) = (6, 22);
/// The longest time between two cues, in milliseconds.
const PAUSE_MAX: u64 = 12_000;

/// A source of choices.
pub(crate) struct Dice(Rng);

impl Dice {
    /// True in `of` out of a hundred cases.
    pub(crate) fn percent(&mut self, of: u32) -> bool {
        self.0.below(100) < of
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.between(low, high)
    }

    /// One of several.
    pub(crate) fn of<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let at = self.0.below(u32::try_from(choices.len()).unwrap_or(u32::MAX)) as usize;
        choices.get(at).copied().unwrap_or_default()
    }
}

/// The scenario of a seed.
pub fn scenario(seed: u64) -> Scenario {
    let mut dice = Dice(Rng::stream(seed, "scenario"));
    let nodes = usize::try_from(dice.between(1, 3)).unwrap_or(1);
    let lag = match dice.between(0, 3) {
        0 => (0, 0),
        1 => (200_000, 2_000_000),
        _ => (2_000, 15_000),
    };
    let mut moments: Vec<Moment> = manifests::first(&mut dice)
        .into_iter()
        .map(|manifest| Moment { at_ms: 0, cue: Cue::Apply(manifest) })
        .collect();
    let mut at_ms = 0;
    for _ in 0..dice.between(CUES.0, CUES.1) {
        // Half of all cues come while the last one is still being carried out.
        at_ms += if dice.percent(50) { dice.between(0, 400) } else { dice.between(400, PAUSE_MAX) };
        moments.push(Moment { at_ms, cue: commands::cue(&mut dice, nodes) });
    }
    Scenario { seed, nodes, lag, moments }
}
