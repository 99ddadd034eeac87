//! Controllers at work: deliveries wake keys, workers take them, requests go out one batch at a
//! time.

use std::cell::RefCell;
use std::rc::Rc;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::sorted::{SharedMap, SortedMap};
use apiserver::{Actor, Answer, Request, Store};
use client::{
    Attempt, Controller, Cursors, Memory, Outcome, Progress, Reason, Seen, SharedReason, WorkQueue,
};

use crate::agenda::Due;
use crate::cluster::{Cluster, StepLog};
use crate::record::What;
use crate::relist::relisted;

/// A controller with its queue and what it is about to do.
#[derive(Clone)]
pub struct ControllerState {
    /// The controller.
    pub controller: Rc<dyn Controller>,
    /// Its process.
    pub process: usize,
    /// Due keys.
    pub queue: WorkQueue,
    /// Decisions in flight, by key.
    pub attempts: SortedMap<Key, Attempt>,
    /// Per key, the revisions of its own last writes by kind.
    pub own_writes: SharedMap<Key, SortedMap<Kind, u64>>,
    /// The revisions of its own last writes for any key, by kind.
    pub last_writes: SortedMap<Kind, u64>,
    /// What it has worked out of its caches.
    memory: RefCell<Memory>,
    /// What it said last about a key.
    pub last_words: SharedMap<Key, Rc<str>>,
    /// When a wake-up is already on the agenda.
    wakeup: Option<(Time, u64)>,
}

impl std::fmt::Debug for ControllerState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ControllerState")
            .field("controller", &self.controller.name())
            .field("queue", &self.queue)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl ControllerState {
    /// A controller with nothing to do.
    pub fn new(controller: Rc<dyn Controller>, process: usize) -> Self {
        Self {
            controller,
            process,
            queue: WorkQueue::default(),
            attempts: SortedMap::new(),
            own_writes: SharedMap::default(),
            last_writes: SortedMap::new(),
            memory: RefCell::default(),
            last_words: SharedMap::default(),
            wakeup: None,
        }
    }

    /// The caches, moved on to its own last writes.
    fn known(&self, cursors: &Cursors) -> Cursors {
        let mut known = cursors.clone();
        for (kind, revision) in self.last_writes.iter().filter(|(kind, _)| cursors.of(**kind) > 0) {
            known.advance(*kind, *revision);
        }
        known
    }

    /// See [`Memory::catch_up`].
    pub fn catch_up(&mut self, store: &Store, revision: u64) {
        self.memory.get_mut().catch_up(store, revision);
    }

    /// The oldest revision that a decision in flight may still read.
    pub fn oldest_revision(&self) -> Option<u64> {
        self.attempts.values().filter_map(Attempt::oldest_revision).min()
    }
}

impl Cluster {
    /// When the decision in flight of a controller about `key` began, and what its caches held then.
    pub fn decision_in_flight(&self, controller: &str, key: &Key) -> Option<(Time, Seen<'_>)> {
        let state = self.controllers.iter().find(|c| c.controller.name() == controller)?;
        let attempt = state.attempts.get(key)?;
        Some((attempt.started, Seen::new(self.api.store(), attempt.begun_with()?)))
    }

    /// How often in a row a controller has failed with `key`: it tries again after its back-off.
    pub fn failures_of(&self, controller: &str, key: &Key) -> u32 {
        let state = self.controllers.iter().find(|c| c.controller.name() == controller);
        state.map_or(0, |state| state.queue.failures(key))
    }

    /// What a controller would say about `key` if it looked now, as far as it comes without asking for anything:
    /// its last word may rest on what has changed since. Nothing happens.
    pub fn would_say(&self, controller: &str, key: &Key) -> Vec<SharedReason> {
        let Some(state) = self.controllers.iter().find(|c| c.controller.name() == controller) else {
            return Vec::new();
        };
        let Some(mut process) = self.processes.get(state.process).cloned() else { return Vec::new() };
        process.catch_up_idle(self.api.store().revision());
        let own = state.own_writes.get(key).cloned().unwrap_or_default();
        let attempt = Attempt::new(key.clone(), self.now, 0, process.cursors);
        let mut attempt = attempt.with_own_writes(own).with_all_own_writes(&state.last_writes);
        attempt.run(state.controller.as_ref(), self.api.store(), &state.memory).reasons
    }

    /// When a controller looks at `key` again if nothing changes before.
    pub fn next_look(&self, controller: &str, key: &Key) -> Option<Time> {
        let state = self.controllers.iter().find(|c| c.controller.name() == controller)?;
        state.queue.delayed_until(key)
    }

    /// A process hears of the changes of a kind: its controllers' keys become due, its agents note.
    pub(crate) fn deliver(&mut self, process: usize, kind: Kind) {
        let revision = self.api.store().revision();
        let now = self.now;
        let Some(state) = self.processes.get_mut(process).filter(|p| !p.is_cut && !p.is_stopped) else {
            return;
        };
        if let Some(until) = state.stalled_until.filter(|until| *until > now) {
            self.agenda.put(until, Due::Deliver { process, kind });
            return;
        }
        let from = state.cursors.of(kind);
        state.pending.remove(&kind);
        let was_lost = state.lost.remove(&kind);
        state.cursors.advance(kind, revision);
        state.catch_up_idle(revision);
        let (controllers, agents) = (state.controllers.clone(), state.agents.clone());
        let cursors = state.cursors.clone();
        let store = self.api.store();
        let seen = Seen::new(store, &cursors);
        let mut stirred = Vec::new();
        let missed = store.changes_after(from).filter(|c| c.key.kind == kind);
        let news = if was_lost { relisted(missed) } else { missed.cloned().collect() };
        for change in &news {
            for at in &controllers {
                let Some(c) = self.controllers.get_mut(*at) else { continue };
                if !c.controller.watches().contains(&kind) {
                    continue;
                }
                let known = c.controller.knows_own_writes().then(|| c.known(&cursors));
                let seen = known.as_ref().map_or(seen, |known| Seen::new(store, known));
                for wake in c.controller.wakes(change, &seen.with(&c.memory)) {
                    c.queue.wake(wake.key, wake.when, now, c.controller.backoff(), change.cause);
                }
            }
            for at in &agents {
                if self.agents.get_mut(*at).is_some_and(|agent| agent.observe(change, &seen, now)) {
                    stirred.push(*at);
                }
            }
        }
        for at in controllers {
            self.schedule_work(at);
        }
        for at in stirred {
            self.schedule_agent_now(at);
        }
    }

    /// Puts the controller's next moment of work on the agenda.
    pub(crate) fn schedule_work(&mut self, controller: usize) {
        let now = self.now;
        let Some(c) = self.controllers.get_mut(controller) else { return };
        let free = c.queue.in_flight() < c.controller.workers();
        let ready = (c.queue.has_ready() && free).then_some(now);
        let Some(at) = ready.into_iter().chain(c.queue.next_delayed()).min() else { return };
        if c.wakeup.is_some_and(|(planned, _)| planned <= at) {
            return;
        }
        if let Some(old) = c.wakeup.take() {
            self.agenda.cancel(old);
        }
        let handle = self.agenda.put(at.max(now), Due::Work { controller });
        if let Some(c) = self.controllers.get_mut(controller) {
            c.wakeup = Some(handle);
        }
    }

    /// Free workers take due keys.
    pub(crate) fn work(&mut self, controller: usize, log: &mut StepLog) {
        let now = self.now;
        if let Some(c) = self.controllers.get_mut(controller) {
            c.wakeup = None;
            c.queue.promote(now);
        }
        while let Some(key) = self.begin(controller) {
            self.go_on(controller, &key, log);
        }
        self.schedule_work(controller);
    }

    fn begin(&mut self, controller: usize) -> Option<Key> {
        let now = self.now;
        let revision = self.api.store().revision();
        let c = self.controllers.get_mut(controller)?;
        if c.queue.in_flight() >= c.controller.workers() {
            return None;
        }
        let (key, cause) = c.queue.take()?;
        let process = self.processes.get_mut(c.process)?;
        process.catch_up_idle(revision);
        let own = c.own_writes.get(&key).cloned().unwrap_or_default();
        let attempt = Attempt::new(key.clone(), now, cause, process.cursors.clone())
            .with_own_writes(own)
            .with_all_own_writes(&c.last_writes);
        c.attempts.insert(key.clone(), attempt);
        Some(key)
    }

    /// Runs a decision as far as its answers reach.
    fn go_on(&mut self, controller: usize, key: &Key, log: &mut StepLog) {
        let store = self.api.store();
        let Some(c) = self.controllers.get_mut(controller) else { return };
        let Some(attempt) = c.attempts.get_mut(key) else { return };
        let rules = Rc::clone(&c.controller);
        let run = attempt.run(rules.as_ref(), store, &c.memory);
        let mut cause = attempt.cause;
        let actor = Actor::component(rules.name());
        for reason in run.reasons {
            if !self.is_news(controller, key, reason.as_ref()) {
                continue;
            }
            let what = What::Decided { key: key.clone(), reason };
            cause = self.record(actor.clone(), what, cause, log);
        }
        if let Some(attempt) = self.controllers.get_mut(controller).and_then(|c| c.attempts.get_mut(key)) {
            attempt.cause = cause;
        }
        for event in run.events {
            self.emit(event, cause);
        }
        match run.progress {
            Progress::Asks(requests) => {
                let at = self.now + self.request_takes();
                self.agenda.put(at, Due::Ask { controller, key: key.clone(), requests: Rc::new(requests) });
            }
            Progress::Ends(outcome) => {
                if let Some(c) = self.controllers.get_mut(controller) {
                    run.wakes.into_iter().for_each(|key| c.queue.add(key, cause));
                }
                self.end(controller, key, outcome, cause, log);
            }
        }
    }

    /// Whether a reason is another one than the controller's last word about this key: it may look ten
    /// times and find the same obstacle. The same word about another object of the same name is news.
    fn is_news(&mut self, controller: usize, key: &Key, reason: &dyn Reason) -> bool {
        let uid = self.api.store().get(key).map_or("", |object| object.metadata.uid.as_str());
        let said: Rc<str> = format!("{uid} {reason:?}").into();
        let Some(c) = self.controllers.get_mut(controller) else { return true };
        let before = c.last_words.insert(key.clone(), Rc::clone(&said));
        before.as_ref() != Some(&said)
    }

    /// The requests of a decision reach the API server; the answers are on their way.
    pub(crate) fn ask(&mut self, controller: usize, key: &Key, requests: &[Request], log: &mut StepLog) {
        let Some(cause) = self.controllers.get(controller).and_then(|c| c.attempts.get(key)).map(|a| a.cause)
        else {
            return; // the controller died meanwhile
        };
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let before = self.api.store().revision();
            let answer = self.request(request, cause, log);
            self.note_own_write(controller, key, request, before);
            answers.push(answer);
        }
        let at = self.now + self.config.answer_latency.draw(&mut self.latency);
        self.agenda.put(at, Due::Answer { controller, key: key.clone(), answers: Rc::new(answers) });
    }

    /// A decision goes on with the answers to its requests. Caches have moved on meanwhile.
    pub(crate) fn answered(
        &mut self,
        controller: usize,
        key: &Key,
        answers: Rc<Vec<Answer>>,
        log: &mut StepLog,
    ) {
        let revision = self.api.store().revision();
        if let Some(c) = self.controllers.get_mut(controller)
            && let Some(process) = self.processes.get_mut(c.process)
            && let Some(attempt) = c.attempts.get_mut(key)
        {
            process.catch_up_idle(revision);
            attempt.answer(answers, process.cursors.clone());
        }
        self.go_on(controller, key, log);
        self.schedule_work(controller);
    }

    fn note_own_write(&mut self, controller: usize, key: &Key, request: &Request, before: u64) {
        let after = self.api.store().revision();
        if after == before {
            return;
        }
        if let Some(c) = self.controllers.get_mut(controller) {
            let mut writes = c.own_writes.get(key).cloned().unwrap_or_default();
            writes.insert(request.key.kind, after);
            c.own_writes.insert(key.clone(), writes);
            c.last_writes.insert(request.key.kind, after);
        }
    }

    fn end(&mut self, controller: usize, key: &Key, outcome: Outcome, cause: u64, log: &mut StepLog) {
        let now = self.now;
        let Some(c) = self.controllers.get_mut(controller) else { return };
        c.attempts.remove(key);
        let backoff = c.controller.backoff();
        let name = c.controller.name();
        let mut failed = None;
        match outcome {
            Outcome::Done => c.queue.forget(key),
            Outcome::DoneAndRequeueAfter(delay) => {
                c.queue.forget(key);
                c.queue.add_at(key.clone(), now + delay, cause);
            }
            Outcome::Failed(message) => {
                let delay = c.queue.fail(key, now, backoff);
                c.queue.add_at(key.clone(), now + delay, cause);
                failed = Some(message);
            }
            Outcome::Parked(longest) => {
                c.queue.fail(key, now, backoff);
                c.queue.add_at(key.clone(), now + longest, cause);
            }
        }
        c.queue.done(key);
        // An empty message is a turn that only waits for its caches: nothing to tell.
        if let Some(message) = failed.filter(|message| !message.is_empty()) {
            let what = What::Failed { key: key.clone(), message };
            self.record(Actor::component(name), what, cause, log);
        }
        self.schedule_work(controller);
    }

    /// A controller dies and starts again: what it had begun is lost, its queue is filled anew.
    pub(crate) fn restart_controller(&mut self, name: &str) {
        let Some(at) = self.controllers.iter().position(|c| c.controller.name() == name) else { return };
        let process = self.controllers.get(at).and_then(|c| self.processes.get(c.process));
        if process.is_some_and(|process| !process.is_stopped) {
            self.end_controller(at);
            self.start_controller(at);
        }
    }

    /// A controller dies: what it had begun is lost, and what was due.
    pub(crate) fn end_controller(&mut self, at: usize) {
        if let Some(c) = self.controllers.get_mut(at) {
            if let Some(handle) = c.wakeup.take() {
                self.agenda.cancel(handle);
            }
            *c = ControllerState::new(Rc::clone(&c.controller), c.process);
        }
        self.agenda.drop_requests_of(at);
    }

    /// A controller's first keys: those of existing objects, and its own.
    pub(crate) fn start_controller(&mut self, at: usize) {
        let now = self.now;
        let Some(c) = self.controllers.get_mut(at) else { return };
        let Some(process) = self.processes.get(c.process) else { return };
        let store = self.api.store();
        let seen = Seen::new(store, &process.cursors).with(&c.memory);
        let backoff = c.controller.backoff();
        for kind in c.controller.watches() {
            for object in seen.list(*kind, "") {
                let change = apiserver::Change {
                    revision: object.metadata.resource_version,
                    key: object.key(),
                    before: None,
                    after: Some(Rc::clone(object)),
                    at: now,
                    cause: 0,
                };
                for wake in c.controller.wakes(&change, &seen) {
                    c.queue.wake(wake.key, wake.when, now, backoff, 0);
                }
            }
        }
        for wake in c.controller.starts_with() {
            c.queue.wake(wake.key, wake.when, now, backoff, 0);
        }
        self.schedule_work(at);
    }
}
