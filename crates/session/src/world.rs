//! kubectl's world over a timeline: the head of time, with writes as inputs.

use std::rc::Rc;

use apimachinery::{Rng, Status, Time};
use apiserver::{Answer, Change, Request};
use kubectl::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

use crate::exec;
use crate::timeline::Timeline;

/// The head of a timeline, as kubectl sees it.
#[derive(Debug)]
pub struct SessionWorld<'a> {
    timeline: &'a mut Timeline,
}

impl<'a> SessionWorld<'a> {
    /// The head of `timeline`.
    pub fn new(timeline: &'a mut Timeline) -> Self {
        Self { timeline }
    }
}

impl World for SessionWorld<'_> {
    fn now(&self) -> Time {
        self.timeline.head().now()
    }

    fn request(&mut self, request: Request) -> Answer {
        self.timeline.request(request)
    }

    fn revision(&self) -> u64 {
        self.timeline.head().store().revision()
    }

    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>> {
        let changes = self.timeline.changes();
        let from = changes.partition_point(|c| c.revision <= revision);
        changes.iter().skip(from).cloned().collect()
    }

    fn logs(&self, request: &LogRequest) -> Result<LogAnswer, Status> {
        exec::logs(self.timeline.head(), request)
    }

    fn exec(&mut self, request: &ExecRequest) -> Result<ExecAnswer, Status> {
        exec::exec(self.timeline, request)
    }

    fn random(&mut self) -> u32 {
        let head = self.timeline.head();
        Rng::stream(head.config().seed ^ head.store().revision(), "kubectl").next_u32()
    }
}
