//! Walks every order in which things that are due at one moment can come, on a small cluster, to a depth.
//!
//! Without latencies and lags many things are due at the same moment, and each order of them is a way in which a
//! real cluster could have gone. The tree of these orders is walked depth first; a clone of the cluster is a
//! place to come back to. Beyond the depth each run goes on in the usual order for a while, so that a choice made
//! early can show its consequences.
//!
//! Most of these orders differ in nothing that anybody could see: two kubelets act, in this or that order. If
//! two neighbours have nothing to do with each other ([`cluster::reach`]), both of their orders come to the
//! same, and one is enough. So what was tried first *sleeps* below its siblings until something comes that
//! has to do with it. Every state is still seen, on one way each (Godefroid's sleep sets).

use cluster::reach::Reach;
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
        ..session::first_laboratory()
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

/// A walk through the orders of the first steps.
pub struct Walk<'a> {
    /// How many steps are taken in every order.
    pub depth: usize,
    /// How many steps follow, in the usual order.
    pub after: usize,
    /// Whether orders that come to the same as others are followed, too.
    pub is_full: bool,
    /// Called with the cluster after the steps that are taken in every order.
    pub look: &'a mut dyn FnMut(&Cluster),
}

/// A due thing that need not be tried: its place in the agenda, and what it touches.
type Asleep = Vec<(u64, Reach)>;

impl Walk<'_> {
    /// Walks from here on.
    ///
    /// # Errors
    /// The first rule that an order breaks.
    pub fn from(&mut self, cluster: &Cluster) -> Result<Walked, Violation> {
        let mut walked = Walked::default();
        self.branch(cluster.clone(), self.depth, &Asleep::new(), &mut walked)?;
        Ok(walked)
    }

    fn branch(
        &mut self,
        mut cluster: Cluster,
        depth: usize,
        asleep: &Asleep,
        walked: &mut Walked,
    ) -> Result<(), Violation> {
        if depth == 0 {
            (self.look)(&cluster);
            for _ in 0..self.after {
                step(&mut cluster, 0, walked)?;
            }
            walked.orders += 1;
            return Ok(());
        }
        let mut asleep = asleep.clone();
        for (choice, (place, reach)) in cluster.due_together().into_iter().enumerate() {
            if asleep.iter().any(|(sleeper, _)| *sleeper == place) {
                continue;
            }
            let mut next = cluster.clone();
            step(&mut next, choice, walked)?;
            let still: Asleep =
                asleep.iter().filter(|(_, sleeper)| sleeper.is_independent_of(&reach)).cloned().collect();
            self.branch(next, depth - 1, &still, walked)?;
            if !self.is_full {
                asleep.push((place, reach));
            }
        }
        Ok(())
    }
}

/// One step, looked at by the rules that need no memory of what came before.
fn step(cluster: &mut Cluster, choice: usize, walked: &mut Walked) -> Result<(), Violation> {
    let mut log = StepLog::default();
    cluster.step_nth(choice, &mut log);
    walked.steps += 1;
    Rules::without_memory().check(&Step { cluster, records: &log.records })
}
