//! Past, present and branches of one cluster.
//!
//! A session is a list of inputs: the present is what they make of the first moment. A checkpoint
//! every so many steps and at every input makes any moment cheap: clone the nearest one before it and
//! step on. What happened is recorded beside the clusters, and a replay must record the same.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apiserver::{Answer, Change, Request};
use cluster::{Cluster, Config, Input, Record, StepLog};

use crate::memory;

/// Steps between two checkpoints.
const CHECKPOINT_STEPS: usize = 64;
/// Checkpoints kept; beyond that every second one of the older half goes.
const CHECKPOINTS_MAX: usize = 512;
/// Records of one branch; acting beyond that is refused by the page ("this run is very long").
pub const RECORDS_MAX: usize = 400_000;

/// Something a person did, as the flag on the timeline says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// When.
    pub at: Time,
    /// `apply web.yaml`, `kubectl delete pod web-1`.
    pub text: String,
}

/// An input and when it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    /// When.
    pub at: Time,
    /// How many steps the cluster had made: orders it among steps of the same moment.
    pub after_steps: u64,
    /// What.
    pub input: Input,
}

#[derive(Debug, Clone)]
struct Checkpoint {
    cluster: Cluster,
    /// Inputs that it has already had.
    inputs: usize,
    /// Records at that point; what a replay is compared with.
    records: usize,
}

/// One line of events from the first moment on.
#[derive(Debug, Clone)]
pub struct Timeline {
    head: Cluster,
    inputs: Vec<Timed>,
    flags: Vec<Flag>,
    log: StepLog,
    checkpoints: Vec<Checkpoint>,
    steps_since_checkpoint: usize,
    /// Steps from one checkpoint to the next, inputs aside.
    every: usize,
}

impl Timeline {
    /// The first moment of the cluster of `config`.
    pub fn new(config: Config) -> Self {
        memory::stay_ahead();
        let mut timeline = Self { head: Cluster::new(config), ..Self::vacant() };
        timeline.checkpoint();
        timeline
    }

    /// No cluster yet, so there is no moment to come back to.
    pub(crate) fn vacant() -> Self {
        Self {
            head: Cluster::vacant(Config::default()),
            inputs: Vec::new(),
            flags: Vec::new(),
            log: StepLog::default(),
            checkpoints: Vec::new(),
            steps_since_checkpoint: 0,
            every: CHECKPOINT_STEPS,
        }
    }

    /// The same for somebody who looks back seldom: checkpoints at inputs only. With a thousand Pods they
    /// are most of what simulating costs.
    #[must_use]
    pub fn seldom_looked_back(self) -> Self {
        Self { every: usize::MAX, ..self }
    }

    /// The latest moment simulated.
    pub fn head(&self) -> &Cluster {
        &self.head
    }

    /// 0:00.
    pub fn origin(&self) -> Time {
        self.head.origin()
    }

    /// What happened, in order.
    pub fn records(&self) -> &[Record] {
        &self.log.records
    }

    /// What was written, in order.
    pub fn changes(&self) -> &[Rc<Change>] {
        &self.log.changes
    }

    /// What was done from outside.
    pub fn inputs(&self) -> &[Timed] {
        &self.inputs
    }

    /// What a person did, for the timeline.
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// Puts a flag at the head.
    pub fn flag(&mut self, text: impl Into<String>) {
        self.flags.push(Flag { at: self.head.now(), text: text.into() });
    }

    /// Puts a flag at an earlier moment: where a command began that has acted by now.
    pub fn flag_at(&mut self, at: Time, text: impl Into<String>) {
        self.flags.push(Flag { at, text: text.into() });
    }

    /// Whether somebody acted after `from` and up to `until`.
    pub fn has_input_between(&self, from: Time, until: Time) -> bool {
        let after = self.inputs.partition_point(|i| i.at <= from);
        self.inputs.get(after).is_some_and(|i| i.at <= until)
    }

    /// Simulates up to `until`.
    pub fn run_until(&mut self, until: Time) {
        while self.head.next_due().is_some_and(|due| due <= until) {
            self.step();
        }
        self.head.run_until(until, &mut self.log);
    }

    /// Does the next due thing; returns whether there was one.
    pub fn step(&mut self) -> bool {
        memory::stay_ahead();
        let stepped = self.head.step(&mut self.log);
        self.steps_since_checkpoint += 1;
        if self.steps_since_checkpoint >= self.every {
            self.checkpoint();
        }
        stepped
    }

    /// Steps until nothing was written for `quiet`, at most for `limit`.
    pub fn settle(&mut self, quiet: Duration, limit: Duration) {
        let begun = self.head.now();
        let mut last_write = begun;
        let mut revision = self.head.store().revision();
        loop {
            let horizon = (last_write + quiet).min(begun + limit);
            if self.head.next_due().is_none_or(|due| due > horizon) {
                self.head.run_until(horizon, &mut self.log);
                return;
            }
            self.step();
            if self.head.store().revision() != revision {
                revision = self.head.store().revision();
                last_write = self.head.now();
            }
        }
    }

    /// Acts at the head.
    pub fn submit(&mut self, input: Input) -> Option<Answer> {
        self.checkpoint();
        let (at, after_steps) = (self.head.now(), self.head.steps());
        self.inputs.push(Timed { at, after_steps, input: input.clone() });
        self.head.submit(&input, &mut self.log)
    }

    /// Asks at the head. Reads leave no trace.
    pub fn request(&mut self, request: Request) -> Answer {
        if request.verb.is_read() {
            return self.head.read(&request);
        }
        self.submit(Input::Request(Box::new(request))).unwrap_or_else(|| {
            Err(apimachinery::Status::new(apimachinery::Reason::InternalError, "no answer"))
        })
    }

    fn checkpoint(&mut self) {
        self.steps_since_checkpoint = 0;
        self.checkpoints.push(Checkpoint {
            cluster: self.head.clone(),
            inputs: self.inputs.len(),
            records: self.log.records.len(),
        });
        if self.checkpoints.len() > CHECKPOINTS_MAX {
            let half = self.checkpoints.len() / 2;
            let mut at = 0;
            self.checkpoints.retain(|_| {
                at += 1;
                at == 1 || at > half || at % 2 == 0
            });
        }
    }

    /// The cluster at a moment: the head, or an earlier moment by replay.
    pub fn at(&self, moment: Time) -> Cluster {
        if moment >= self.head.now() {
            return self.head.clone();
        }
        self.replay(moment).0
    }

    /// Replays from the nearest checkpoint to `moment`; also returns how many inputs and records
    /// lie before it.
    fn replay(&self, moment: Time) -> (Cluster, usize, usize) {
        let after = self.checkpoints.partition_point(|c| c.cluster.now() <= moment);
        let Some(nearest) = self.checkpoints.get(after.saturating_sub(1)) else {
            return (self.head.clone(), self.inputs.len(), self.log.records.len());
        };
        let mut cluster = nearest.cluster.clone();
        let mut log = StepLog::default();
        let mut inputs = nearest.inputs;
        while let Some(next) = self.inputs.get(inputs).filter(|i| i.at <= moment) {
            replay_to_input(&mut cluster, next, &mut log);
            cluster.submit(&next.input, &mut log);
            inputs += 1;
        }
        cluster.run_until(moment, &mut log);
        debug_assert!(self.agrees(nearest.records, &log), "a replay differs from what was played");
        (cluster, inputs, nearest.records + log.records.len())
    }

    fn agrees(&self, from: usize, log: &StepLog) -> bool {
        let played = self.log.records.iter().skip(from);
        log.records.iter().zip(played).all(|(a, b)| a.fingerprint() == b.fingerprint())
    }

    /// A new timeline that shares everything up to `moment` and has no later past.
    #[must_use]
    pub fn fork(&self, moment: Time) -> Self {
        if moment >= self.head.now() {
            return self.clone();
        }
        let (head, inputs, records) = self.replay(moment);
        let revision = head.store().revision();
        let mut fork = Self {
            head,
            inputs: self.inputs.iter().take(inputs).cloned().collect(),
            flags: self.flags.iter().filter(|f| f.at <= moment).cloned().collect(),
            log: StepLog {
                records: self.log.records.iter().take(records).cloned().collect(),
                changes: self.log.changes.iter().take_while(|c| c.revision <= revision).cloned().collect(),
            },
            checkpoints: self
                .checkpoints
                .iter()
                .take_while(|c| c.cluster.now() <= moment && c.records <= records)
                .cloned()
                .collect(),
            steps_since_checkpoint: 0,
            every: self.every,
        };
        fork.checkpoint();
        fork
    }
}

/// Steps on to where an input came in: exactly as many steps as were made before it.
fn replay_to_input(cluster: &mut Cluster, input: &Timed, log: &mut StepLog) {
    while cluster.steps() < input.after_steps && cluster.step(log) {}
    cluster.stand_at(input.at);
}
