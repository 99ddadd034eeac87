//! Every order in which things that are due at one moment can come, on a small cluster, to a depth.
//!
//! Without latencies and lags many things are due at the same moment, and each order of them is a way in which a
//! real cluster could have gone. The tree of these orders is walked depth first; a clone of the cluster is a
//! place to come back to. Beyond the depth each run goes on in the usual order for a while, so that a choice made
//! early can show its consequences.

use cluster::{Cluster, Config, Latency, NodeSpec, StepLog};

use crate::invariants::{Rules, Step, Violation};

/// A cluster in which everything takes no time.
pub fn immediate(seed: u64) -> Config {
    let none = Latency::micros(0, 0);
    Config {
        seed,
        nodes: vec![NodeSpec::named("node-1")],
        watch_lag: none,
        request_latency: none,
        answer_latency: none,
        ..session::laboratory()
    }
}

/// What a walk has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Walked {
    /// Orders that were followed to their end.
    pub orders: u64,
    /// Steps of all of them.
    pub steps: u64,
}

/// Walks all orders of the first `depth` choices from here on, and `after` more steps at the end of each.
///
/// A choice is a moment at which more than one thing is due. Of what is due the first `width` are tried.
///
/// # Errors
/// The first rule that an order breaks.
pub fn walk(cluster: &Cluster, depth: usize, width: usize, after: usize) -> Result<Walked, Violation> {
    let mut walked = Walked::default();
    branch(cluster.clone(), depth, width, after, &mut walked)?;
    Ok(walked)
}

fn branch(
    mut cluster: Cluster,
    depth: usize,
    width: usize,
    after: usize,
    walked: &mut Walked,
) -> Result<(), Violation> {
    if depth == 0 {
        for _ in 0..after {
            step(&mut cluster, 0, walked)?;
        }
        walked.orders += 1;
        return Ok(());
    }
    while cluster.agenda().due_together() == 1 {
        step(&mut cluster, 0, walked)?;
    }
    for choice in 0..cluster.agenda().due_together().min(width) {
        let mut next = cluster.clone();
        step(&mut next, choice, walked)?;
        branch(next, depth - 1, width, after, walked)?;
    }
    Ok(())
}

/// One step, looked at by the rules that need no memory of what came before.
fn step(cluster: &mut Cluster, choice: usize, walked: &mut Walked) -> Result<(), Violation> {
    let mut log = StepLog::default();
    cluster.step_nth(choice, &mut log);
    walked.steps += 1;
    Rules::without_memory().check(&Step { cluster, records: &log.records })
}
