//! kubectl's world: a cluster that goes on while requests travel.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::{Status, Time};
use apiserver::{Answer, Change, Request};
use kubectl::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};
use session::Timeline;
use session::world::SessionWorld;

/// What a request of a client takes. Controllers act meanwhile, as they did in the recordings.
const ROUND_TRIP: Duration = Duration::from_millis(5);

/// The cluster as a client reaches it.
pub struct Reach<'a>(pub &'a mut Timeline);

impl Reach<'_> {
    /// The cluster goes on for a moment.
    pub fn pause(&mut self, lasts: Duration) {
        self.0.run_until(self.0.head().now() + lasts);
    }

    fn session(&mut self) -> SessionWorld<'_> {
        SessionWorld::new(self.0, &[])
    }
}

impl World for Reach<'_> {
    fn now(&self) -> Time {
        self.0.head().now()
    }

    fn request(&mut self, request: Request) -> Answer {
        if !request.verb.is_read() {
            self.pause(ROUND_TRIP);
        }
        self.0.request(request)
    }

    fn revision(&self) -> u64 {
        self.0.head().store().revision()
    }

    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>> {
        let changes = self.0.changes();
        let from = changes.partition_point(|change| change.revision <= revision);
        changes.iter().skip(from).cloned().collect()
    }

    fn logs(&self, request: &LogRequest) -> Result<LogAnswer, Status> {
        session::logs::logs(self.0.head(), request)
    }

    fn exec(&mut self, request: &ExecRequest) -> Result<ExecAnswer, Status> {
        session::exec::exec(self.0, request)
    }

    fn random(&mut self) -> u32 {
        self.session().random()
    }
}
