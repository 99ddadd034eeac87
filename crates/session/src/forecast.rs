//! A forecast: what becomes of the Pods if nobody acts.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use cluster::{Cluster, StepLog};
use scene::{Ribbon, Story};

use crate::present::Spare;

/// A forecast looks at most this far ahead.
const REACH: Duration = Duration::from_secs(60);
/// A forecast ends when nothing was written for this long.
const QUIET: Duration = Duration::from_secs(20);

/// A copy of the cluster that goes on alone. It is made piece by piece, so that no frame waits for it.
#[derive(Debug, Clone)]
pub struct Forecast {
    cluster: Cluster,
    log: StepLog,
    story: Story,
    /// When it ends at the latest.
    limit: Time,
    /// The moment of the last write.
    stirred: Time,
    revision: u64,
}

impl Forecast {
    #[inline(never)] // a gate
    pub(crate) fn new(cluster: Cluster, story: Story) -> Self {
        let (now, revision) = (cluster.now(), cluster.store().revision());
        Self { cluster, log: StepLog::default(), story, limit: now + REACH, stirred: now, revision }
    }

    /// Goes on while there is time. Returns whether it has come to its end.
    #[inline(never)] // a gate
    pub fn go_on(&mut self, spare: Spare<'_>) -> bool {
        loop {
            let end = (self.stirred + QUIET).min(self.limit);
            if self.cluster.next_due().is_none_or(|due| due > end) {
                return true;
            }
            if !spare() {
                return false;
            }
            self.cluster.step(&mut self.log);
            if self.cluster.store().revision() != self.revision {
                self.revision = self.cluster.store().revision();
                self.stirred = self.cluster.now();
            }
        }
    }

    /// The lives of the Pods of sets, as far as the forecast has come.
    #[inline(never)] // a gate
    pub fn ribbons(&mut self) -> Vec<Rc<Ribbon>> {
        let changes = std::mem::take(&mut self.log.changes);
        self.log.records.clear();
        self.story.extend(&changes, self.cluster.origin());
        self.story.ribbons()
    }
}
