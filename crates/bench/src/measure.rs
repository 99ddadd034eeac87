//! What scenarios cost: each is run several times, and what was disturbed least counts.

use std::time::Duration;

use cluster::Cluster;

use crate::clock::Stopwatch;
use crate::scenario::{self, Finished, Scenario, Step};

/// The same nodes at every size, so that a ratio says what more Pods cost and nothing else. They have room for
/// 1100 Pods.
pub const NODES: usize = 10;

/// What a scenario came to.
#[derive(Debug)]
pub struct Cost {
    /// What it was.
    pub scenario: Scenario,
    /// On the processor, in the run that was disturbed least.
    pub took: Duration,
    /// A finished run. All runs make the same steps: of each, the shortest counts.
    pub finished: Finished,
}

impl Cost {
    /// Runs a scenario `times` times on so many nodes; `None` if its Pods do not become Ready.
    pub fn of(scenario: Scenario, nodes: usize, times: u32) -> Option<Self> {
        let start = Cluster::new(scenario::config(nodes));
        let mut known: Option<Self> = None;
        for _ in 0..times {
            let cluster = start.clone();
            let watch = Stopwatch::start();
            let finished = scenario::run(cluster, scenario)?;
            let took = watch.elapsed();
            match &mut known {
                None => known = Some(Self { scenario, took, finished }),
                Some(known) => {
                    known.took = known.took.min(took);
                    for (step, other) in known.finished.steps.iter_mut().zip(&finished.steps) {
                        step.took = step.took.min(other.took);
                    }
                }
            }
        }
        known
    }

    /// In microseconds, for each Pod.
    pub fn of_a_pod(&self) -> f64 {
        self.took.as_secs_f64() * 1e6 / f64::from(self.scenario.replicas)
    }

    /// The step that took longest.
    pub fn longest_step(&self) -> Option<&Step> {
        self.finished.steps.iter().max_by_key(|step| step.took)
    }
}
