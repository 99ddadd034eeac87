//! kubectl's world over a timeline: the head of time, with writes as inputs.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::{Rng, Status, Time};
use apiserver::{Answer, Change, Request};
use kubectl::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

use crate::timeline::Timeline;
use crate::{exec, logs};

/// A file that a command line may name: its name and text.
pub type File = (String, String);

/// The head of a timeline, as kubectl sees it.
#[derive(Debug)]
pub struct SessionWorld<'a> {
    timeline: &'a mut Timeline,
    files: &'a [File],
}

impl<'a> SessionWorld<'a> {
    /// The head of `timeline`, with these files to be named by `-f`.
    pub fn new(timeline: &'a mut Timeline, files: &'a [File]) -> Self {
        Self { timeline, files }
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
        logs::logs(self.timeline.head(), request)
    }

    fn exec(&mut self, request: &ExecRequest) -> Result<ExecAnswer, Status> {
        exec::exec(self.timeline, request)
    }

    fn file(&self, path: &str) -> Option<String> {
        let name = path.strip_prefix("./").unwrap_or(path);
        self.files.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }

    fn files(&self) -> Vec<String> {
        self.files.iter().map(|(name, _)| name.clone()).collect()
    }

    fn peek(&self, kind: Kind, namespace: &str) -> Vec<Rc<Object>> {
        self.timeline.head().store().list(kind, namespace).cloned().collect()
    }

    fn dns_tool(&mut self, words: &[String]) -> Option<ExecAnswer> {
        exec::dns_tool(self.timeline.head(), words)
    }

    fn random(&mut self) -> u32 {
        let head = self.timeline.head();
        Rng::stream(head.config().seed ^ head.store().revision(), "kubectl").next_u32()
    }
}
