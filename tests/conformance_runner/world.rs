//! kubectl's world: a cluster that goes on while requests travel.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::{Reason, Rng, Status, Time};
use apiserver::{Answer, Change, Request};
use cluster::{Cluster, Input, StepLog};
use kubectl::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

/// What a request of a client takes. Controllers act meanwhile, as they did in the recordings.
const ROUND_TRIP: Duration = Duration::from_millis(5);

/// More steps than any pause of a recording needs.
const STEPS_MAX: usize = 200_000;

/// The cluster as a client reaches it.
pub struct Reach<'a> {
    /// The cluster.
    pub cluster: &'a mut Cluster,
    /// What happens in it.
    pub log: &'a mut StepLog,
}

impl Reach<'_> {
    /// The cluster goes on for a moment.
    pub fn pause(&mut self, lasts: Duration) {
        let until = self.cluster.now() + lasts;
        let mut steps = 0;
        while self.cluster.next_due().is_some_and(|due| due <= until) {
            self.cluster.step(self.log);
            steps += 1;
            assert!(steps < STEPS_MAX, "the cluster never stops within {lasts:?}");
        }
        self.cluster.stand_at(until);
    }

    /// A write that arrives after a moment.
    #[allow(clippy::result_large_err)] // the type is the API server's
    pub fn write(&mut self, request: Request) -> Answer {
        self.pause(ROUND_TRIP);
        let answer = self.cluster.submit(&Input::Request(Box::new(request)), self.log);
        answer.expect("a request is answered")
    }
}

impl World for Reach<'_> {
    fn now(&self) -> Time {
        self.cluster.now()
    }

    fn request(&mut self, request: Request) -> Answer {
        if request.verb.is_read() { self.cluster.read(&request) } else { self.write(request) }
    }

    fn revision(&self) -> u64 {
        self.cluster.store().revision()
    }

    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>> {
        let from = self.log.changes.partition_point(|change| change.revision <= revision);
        self.log.changes[from..].to_vec()
    }

    fn logs(&self, _: &LogRequest) -> Result<LogAnswer, Status> {
        Err(no_kubelet())
    }

    fn exec(&mut self, _: &ExecRequest) -> Result<ExecAnswer, Status> {
        Err(no_kubelet())
    }

    fn random(&mut self) -> u32 {
        Rng::stream(self.cluster.store().revision(), "kubectl").next_u32()
    }
}

/// Nobody answers on the nodes of the recordings.
fn no_kubelet() -> Status {
    Status::new(Reason::InternalError, "no kubelet runs")
}
