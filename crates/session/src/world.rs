//! kubectl's world: a cluster at a moment, and what has happened to it.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::{Rng, Status, Time};
use apiserver::{Answer, Change, Request};
use cluster::{Cluster, Input, StepLog};
use kubectl::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

use crate::exec::Executed;
use crate::names::Lookup;
use crate::{exec, logs};

/// A file that a command line may name: its name and text.
pub type File = (String, String);

/// A cluster as kubectl sees it.
#[derive(Debug)]
pub struct SessionWorld<'a> {
    cluster: &'a mut Cluster,
    /// What steps and writes leave behind; commands that watch read on in it.
    log: &'a mut StepLog,
    /// What `-f` may name.
    pub(crate) files: Rc<Vec<File>>,
    /// Whether anything was done to the cluster, refused writes too.
    pub(crate) has_acted: bool,
    /// The last name that a command in a container did not find.
    pub(crate) unresolved: Option<Lookup>,
}

impl<'a> SessionWorld<'a> {
    /// The world of a cluster with this log.
    pub fn new(cluster: &'a mut Cluster, log: &'a mut StepLog) -> Self {
        Self { cluster, log, files: Rc::default(), has_acted: false, unresolved: None }
    }

    /// The same world, with files that `-f` may name.
    #[must_use]
    pub fn with_files(self, files: Vec<File>) -> Self {
        Self { files: Rc::new(files), ..self }
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        self.cluster
    }

    pub(crate) fn moment(&self) -> Time {
        self.cluster.now()
    }

    /// Acts on the cluster now.
    pub(crate) fn submit(&mut self, input: &Input) -> Option<Answer> {
        self.has_acted = true;
        self.cluster.submit(input, self.log)
    }
}

impl World for SessionWorld<'_> {
    fn now(&self) -> Time {
        self.cluster.now()
    }

    /// Sends a request. Components act while a write travels; see [`cluster::Config::client_latency`].
    fn request(&mut self, request: Request) -> Answer {
        if request.verb.is_read() {
            return self.cluster.read(&request);
        }
        let travels = self.cluster.config().client_latency;
        if !travels.is_zero() {
            self.cluster.advance(travels, self.log);
        }
        self.submit(&Input::Request(Box::new(request)))
            .unwrap_or_else(|| Err(Status::new(apimachinery::Reason::InternalError, "no answer")))
    }

    fn revision(&self) -> u64 {
        self.cluster.store().revision()
    }

    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>> {
        let changes = &self.log.changes;
        let after = changes.partition_point(|change| change.revision <= revision);
        changes.get(after..).unwrap_or_default().to_vec()
    }

    fn logs(&self, request: &LogRequest) -> Result<LogAnswer, Status> {
        logs::logs(self.cluster, request)
    }

    fn exec(&mut self, request: &ExecRequest) -> Result<ExecAnswer, Status> {
        let Executed { answer, inputs, unresolved } = exec::exec(self.cluster, request)?;
        for input in inputs {
            self.submit(&input);
        }
        self.unresolved = unresolved.or(self.unresolved.take());
        Ok(answer)
    }

    fn file(&self, path: &str) -> Option<String> {
        let name = path.strip_prefix("./").unwrap_or(path);
        self.files.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }

    fn files(&self) -> Vec<String> {
        self.files.iter().map(|(name, _)| name.clone()).collect()
    }

    fn peek(&self, kind: Kind, namespace: &str) -> Vec<Rc<Object>> {
        self.cluster.store().list(kind, namespace).cloned().collect()
    }

    fn dns_tool(&mut self, words: &[String]) -> Option<ExecAnswer> {
        let Executed { answer, unresolved, .. } = exec::dns_tool(self.cluster, words)?;
        self.unresolved = unresolved.or(self.unresolved.take());
        Some(answer)
    }

    fn random(&mut self) -> u32 {
        Rng::stream(self.cluster.config().seed ^ self.cluster.store().revision(), "kubectl").next_u32()
    }
}
