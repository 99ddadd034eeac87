//! The value, and its one way forward.

use std::rc::Rc;
use std::time::Duration;

use api::Kind;
use apimachinery::sorted::SortedSet;
use apimachinery::{Rng, Time};
use apiserver::{Actor, Answer, ApiServer, Change, Request, Store, Verb};
use client::Seen;
use csi::Disks;

use crate::agenda::{Agenda, Due};
use crate::agents::AgentState;
use crate::config::Config;
use crate::events::EventSink;
use crate::input::Input;
use crate::limits;
use crate::process::Process;
use crate::record::{Record, RecordId, What};
use crate::work::ControllerState;

/// The first objects are at rest when nothing was written for this long.
const BOOT_QUIET: Duration = Duration::from_secs(1);
/// The cluster is handed over after this long at the latest.
const BOOT_LIMIT: Duration = Duration::from_secs(30);

/// What steps leave behind: it lives beside the cluster, so that a checkpoint does not copy it.
#[derive(Debug, Clone, Default)]
pub struct StepLog {
    /// What happened, in order.
    pub records: Vec<Record>,
    /// What was written, in order.
    pub changes: Vec<Rc<Change>>,
}

/// A cluster at a moment.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub(crate) config: Rc<Config>,
    pub(crate) now: Time,
    pub(crate) api: ApiServer,
    pub(crate) processes: Vec<Process>,
    pub(crate) controllers: Vec<ControllerState>,
    pub(crate) agents: Vec<AgentState>,
    pub(crate) events: EventSink,
    pub(crate) disks: Disks,
    pub(crate) agenda: Agenda,
    pub(crate) records: RecordId,
    pub(crate) lag: Rng,
    pub(crate) latency: Rng,
    /// How much longer each request of a component takes: a fault.
    pub(crate) slower_by: Duration,
    /// The PersistentVolumes that no driver detaches: a fault.
    pub(crate) held: SortedSet<String>,
    origin: Time,
    steps: u64,
    compacted: u64,
}

impl Cluster {
    /// The cluster of `config`, at its start, with its first objects.
    pub fn new(config: Config) -> Self {
        let mut cluster = Self::vacant(config);
        cluster.bootstrap();
        cluster.settle(BOOT_QUIET, BOOT_LIMIT, &mut StepLog::default());
        cluster.records = 0;
        cluster.origin = cluster.now;
        cluster
    }

    /// Nothing but the place for a cluster: no object, no component, nothing due.
    pub fn vacant(config: Config) -> Self {
        let seed = config.seed;
        let now = config.start;
        Self {
            now,
            api: ApiServer::new(seed, now),
            processes: Vec::new(),
            controllers: Vec::new(),
            agents: Vec::new(),
            events: EventSink::default(),
            disks: Disks::default(),
            agenda: Agenda::default(),
            records: 0,
            lag: Rng::stream(seed, "watch lag"),
            latency: Rng::stream(seed, "request latency"),
            slower_by: Duration::ZERO,
            held: SortedSet::new(),
            origin: now,
            steps: 0,
            compacted: 0,
            config: Rc::new(config),
        }
    }

    /// Whether nothing was ever put into it.
    pub fn is_vacant(&self) -> bool {
        self.processes.is_empty()
    }

    /// What it was made of.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The moment it stands at.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The moment at which its first objects had come to rest: 0:00 on the timeline.
    pub fn origin(&self) -> Time {
        self.origin
    }

    /// The truth: what the API server has stored.
    pub fn store(&self) -> &Store {
        self.api.store()
    }

    /// What is on the volumes.
    pub fn disks(&self) -> &Disks {
        &self.disks
    }

    /// When the next thing is due, if anything ever is.
    pub fn next_due(&self) -> Option<Time> {
        self.agenda.next_due()
    }

    /// Everything that is due, in order.
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// What the process called `name` sees.
    pub fn seen_by(&self, name: &str) -> Option<Seen<'_>> {
        let process = self.processes.iter().find(|p| p.name == name)?;
        Some(Seen::new(self.api.store(), &process.cursors))
    }

    /// Does the next due thing. Returns whether there was one.
    pub fn step(&mut self, log: &mut StepLog) -> bool {
        match self.agenda.take() {
            Some((at, due)) => {
                self.perform(at, due, log);
                true
            }
            None => false,
        }
    }

    /// Does the `index`-th of the things that are due at the earliest moment.
    pub fn step_nth(&mut self, index: usize, log: &mut StepLog) -> bool {
        match self.agenda.take_nth(index) {
            Some((at, due)) => {
                self.perform(at, due, log);
                true
            }
            None => false,
        }
    }

    /// How many steps it has made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Stands at a later moment without doing anything. Whoever calls it has seen to it that nothing
    /// is due before.
    pub fn stand_at(&mut self, moment: Time) {
        self.now = moment.max(self.now);
    }

    fn perform(&mut self, at: Time, due: Due, log: &mut StepLog) {
        self.steps += 1;
        self.now = at.max(self.now);
        match due {
            Due::Deliver { process, kind } => self.deliver(process, kind),
            Due::Work { controller } => self.work(controller, log),
            Due::Ask { controller, key, requests } => self.ask(controller, &key, &requests, log),
            Due::Answer { controller, key, answers } => self.answered(controller, &key, answers, log),
            Due::Agent { agent } => self.agent_due(agent, log),
            Due::AgentAsk { agent, tag, request, cause } => {
                self.agent_ask(agent, tag, &request, cause, log);
            }
            Due::Events => self.write_events(log),
            Due::EventSeries => self.look_at_series(log),
            Due::ExpireEvent(key) => self.expire_event(key, log),
        }
        self.compact_now_and_then();
    }

    /// Steps until `until`, and stands there afterwards even if nothing was due.
    pub fn run_until(&mut self, until: Time, log: &mut StepLog) {
        while self.next_due().is_some_and(|due| due <= until) {
            self.step(log);
        }
        self.now = until.max(self.now);
    }

    /// Lets time pass.
    pub fn advance(&mut self, by: Duration, log: &mut StepLog) {
        self.run_until(self.now + by, log);
    }

    /// Steps until nothing has been written for `quiet`, at most for `limit`; returns how long it
    /// took to the last write. Bounded by [`limits::SETTLE_STEPS_MAX`] steps.
    pub fn settle(&mut self, quiet: Duration, limit: Duration, log: &mut StepLog) -> Duration {
        let begun = self.now;
        let mut last_write = self.now;
        let mut revision = self.store().revision();
        for _ in 0..limits::SETTLE_STEPS_MAX {
            let horizon = (last_write + quiet).min(begun + limit);
            if self.next_due().is_none_or(|due| due > horizon) {
                self.now = horizon.max(self.now);
                break;
            }
            self.step(log);
            if self.store().revision() != revision {
                revision = self.store().revision();
                last_write = self.now;
            }
        }
        last_write.since(begun)
    }

    /// Acts from outside, now. The answer is `Ok(None)` for faults.
    pub fn submit(&mut self, input: &Input, log: &mut StepLog) -> Option<Answer> {
        match input {
            Input::Request(request) => Some(self.request(request, 0, log)),
            Input::Fault(fault) => {
                self.record(Actor::user(), What::Fault(fault.clone()), 0, log);
                self.fault(fault);
                None
            }
            Input::Disk { volume, file, text, append, writer, revision } => {
                match text {
                    Some(text) if *append => self.disks.write(volume, file, text, writer, revision, self.now),
                    Some(text) => self.disks.overwrite(volume, file, text, writer, revision, self.now),
                    None => {
                        self.disks.remove(volume, file);
                    }
                }
                None
            }
            Input::File { namespace, pod, container, path, text, append } => {
                let place = (namespace.as_str(), pod.as_str(), container.as_str());
                self.write_file(place, path, text.as_deref(), *append);
                None
            }
        }
    }

    /// Answers a read without leaving a trace: a person looks, nothing happens.
    pub fn read(&self, request: &Request) -> Answer {
        self.api.read(self.now, request)
    }

    /// Asks without storing: on a copy of the API server, which is thrown away.
    pub fn dry_run(&self, request: &Request) -> Answer {
        self.api.clone().handle(self.now, 0, request)
    }

    /// Puts a record into the log; returns its place.
    pub(crate) fn record(
        &mut self,
        actor: Actor,
        what: What,
        cause: RecordId,
        log: &mut StepLog,
    ) -> RecordId {
        self.records += 1;
        log.records.push(Record { id: self.records, at: self.now, actor, what, cause });
        self.records
    }

    /// Hands a request to the API server, records it, and lets the informers know of its changes.
    pub(crate) fn request(&mut self, request: &Request, cause: RecordId, log: &mut StepLog) -> Answer {
        if request.verb.is_read() {
            return self.api.read(self.now, request);
        }
        let before = self.api.store().revision();
        let id = self.records + 1;
        let answer = self.api.handle(self.now, id, request);
        let changes: Vec<Rc<Change>> = self.api.store().changes_after(before).cloned().collect();
        log.changes.extend(changes.iter().cloned());
        for change in &changes {
            self.announce(change.key.kind);
            self.expire_events_of(change);
        }
        let result = answer.clone().map(apiserver::Response::into_object);
        let what = What::Requested {
            verb: request.verb.word(),
            key: request.key.clone(),
            part: part_of(&request.verb),
            result,
            changes,
        };
        self.record(request.actor.clone(), what, cause, log);
        answer
    }

    /// Every process that watches `kind` will hear of a change.
    fn announce(&mut self, kind: Kind) {
        for at in 0..self.processes.len() {
            let delay = self.config.watch_lag.draw(&mut self.lag);
            let Some(process) = self.processes.get_mut(at) else { continue };
            let hears = !process.is_stopped && process.cursors.kinds().any(|k| k == kind);
            if !hears || process.pending.contains_key(&kind) {
                continue;
            }
            let due = (self.now + delay).max(process.stalled_until.unwrap_or(self.now));
            process.pending.insert(kind, due);
            if process.is_cut {
                continue;
            }
            self.agenda.put(due, Due::Deliver { process: at, kind });
        }
    }

    /// How long the next request of a component takes until it is stored.
    pub(crate) fn request_takes(&mut self) -> Duration {
        self.config.request_latency.draw(&mut self.latency) + self.slower_by
    }

    /// A process hears of nothing for a while and then lists anew whatever it watches.
    pub(crate) fn lose_watches(&mut self, name: &str, lasts: Duration) {
        let until = self.now + lasts;
        let revision = self.api.store().revision();
        for (at, process) in
            self.processes.iter_mut().enumerate().filter(|(_, p)| p.name == name && !p.is_stopped)
        {
            process.catch_up_idle(revision);
            process.stalled_until = Some(until);
            for kind in process.cursors.kinds().collect::<Vec<_>>() {
                process.lost.insert(kind);
                if process.is_cut {
                    process.pending.insert(kind, until);
                } else if process.pending.insert(kind, until).is_none() {
                    self.agenda.put(until, Due::Deliver { process: at, kind });
                }
            }
        }
    }

    fn compact_now_and_then(&mut self) {
        let revision = self.api.store().revision();
        if revision < self.compacted + limits::COMPACT_EVERY {
            return;
        }
        self.compacted = revision;
        for process in &mut self.processes {
            process.catch_up_idle(revision);
        }
        let oldest = self
            .processes
            .iter()
            .filter_map(Process::oldest_revision)
            .chain(self.controllers.iter().filter_map(ControllerState::oldest_revision))
            .min()
            .unwrap_or(revision);
        let oldest = oldest.min(revision);
        for controller in &mut self.controllers {
            controller.catch_up(self.api.store(), oldest);
        }
        self.api.store_mut().compact(oldest);
    }
}

fn part_of(verb: &Verb) -> &'static str {
    match verb {
        Verb::Get(subresource) | Verb::Update(_, subresource, _) | Verb::Patch(_, subresource, _) => {
            subresource.word()
        }
        Verb::List(_) | Verb::Create(..) | Verb::Delete(_) | Verb::Evict(_) | Verb::Bind { .. } => "",
    }
}
