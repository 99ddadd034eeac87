//! How long something takes on the processor, so that a busy machine does not change the numbers much.

// The engine may not look at the clock; whoever measures it has to.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]

use std::time::{Duration, Instant};

/// A moment to measure from.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    begun: Instant,
    on_processor: Option<Duration>,
}

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self { begun: Instant::now(), on_processor: on_processor() }
    }

    /// How long this thread has been on a processor since then; where the system does not tell, how long
    /// it was by the clock.
    pub fn elapsed(self) -> Duration {
        match (self.on_processor, on_processor()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.begun.elapsed(),
        }
    }
}

/// How long a short piece of work takes, by the clock: to ask the system for the processor's time would take
/// longer than most steps do.
pub fn by_the_clock<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    drop(work());
    begun.elapsed()
}

/// Time of this thread on processors, as Linux counts it.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The shortest of `times` runs: the one that was disturbed least.
pub fn best<T>(times: u32, mut work: impl FnMut() -> T) -> Duration {
    let run = |_| {
        let watch = Stopwatch::start();
        let result = work();
        let took = watch.elapsed();
        drop(result);
        took
    };
    (0..times).map(run).min().unwrap_or_default()
}
