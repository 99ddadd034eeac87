//! Plays recordings with other seeds and slower caches: the state at rest must not depend on them.

use std::time::Duration;

use cluster::Latency;
use conformance::{Chance, Played, Recording, play};

/// Five seeds; any would do.
const SEEDS: [u64; 5] = [1, 2, 3, 5, 8];
/// How late watches tell of a change: almost at once, as usual, and late.
const LAGS: [Latency; 3] =
    [Latency::micros(100, 200), Latency::micros(400, 2_000), Latency::micros(5_000, 40_000)];

/// Recordings whose state at rest depends on who is first, in a real cluster as here; each with its race.
const RACES: [(&str, &str); 4] = [
    (
        "E05-hash-collision",
        "the next sync writes its cached collisionCount over the raised one, if it comes early",
    ),
    (
        "B15-owner-other",
        "a Pod whose owner is not there goes at once if the collector finds it before the scheduler does",
    ),
    ("G26-retention-on-delete", "the controller makes the revision anew, or the collector is there before"),
    ("I03-foreground", "the controller hears of two deletions together, or of one before the other"),
];
/// A recorded cluster is at rest after this many seconds without a change. Some steps were read earlier.
const REST: f64 = 1.6;

/// Every seed with every lag.
fn all() -> impl Iterator<Item = Chance> {
    SEEDS.into_iter().flat_map(|seed| LAGS.map(|watch_lag| Chance { seed, watch_lag }))
}

/// Plays a recording with every chance. Returns a report of the first one that leaves another state than was
/// recorded, at a step where `usual` agrees with the recording. Always `None` for a race, and for a recording
/// of a node, whose whole course is chance.
pub fn otherwise(recording: &Recording, usual: &Played) -> Option<String> {
    if recording.course.is_some() || RACES.iter().any(|(id, _)| *id == recording.id) {
        return None;
    }
    let rests = |step: usize| {
        let settle = recording.steps.get(step).and_then(|step| step.seconds("settle"));
        settle.is_none_or(|seconds| seconds >= REST)
    };
    all().find_map(|chance| {
        let played = play(recording, chance);
        let (step, found) = played.steps.iter().enumerate().find_map(|(step, differences)| {
            let found = differences.iter().find(|each| each.part.starts_with("state"))?;
            (rests(step) && !usual.differs(step)).then_some((step, found))
        })?;
        let micros = |lag: Duration| lag.as_micros();
        Some(format!(
            "FAILED {} with seed {}, caches {} to {} µs late, step {step}: {}\n  recorded {}\n  observed {}\n",
            recording.id,
            chance.seed,
            micros(chance.watch_lag.min),
            micros(chance.watch_lag.max),
            found.part,
            found.recorded,
            found.observed,
        ))
    })
}
