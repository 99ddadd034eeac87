//! A decision written as plain code, carried out one request at a time.
//!
//! A controller's `sync` reads like Kubernetes' own: read, ask, look at the answer, go on. Yet between a
//! request and its answer time passes, other components act and caches move. So `sync` is run again from the
//! start after each answer: requests that were answered before return their recorded answers, caches read
//! before an answer are read as they were then (the store keeps old versions), and the first new request ends
//! the pass with [`Halt::Suspended`]. What is kept of a decision in flight, an [`Attempt`], is data: it is
//! cloned, replayed and forked with the cluster, and a controller that dies between two requests is an
//! attempt thrown away.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apimachinery::{Status, Time};
use apiserver::{Actor, Answer, Listed, Request, Store};

use crate::memory::Memory;
use crate::outcome::Halt;
use crate::reason::{Reason, SharedReason};
use crate::recorder::EventSpec;
use crate::seen::{Cursors, Seen};

/// A decision in flight.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What it is about.
    pub key: Key,
    /// When it began; its only notion of now.
    pub started: Time,
    /// The record that made the key due.
    pub cause: u64,
    /// The caches when it began, then after each batch of answers.
    cursors: Vec<Cursors>,
    /// Answers, batch by batch.
    answers: Vec<Rc<Vec<Answer>>>,
    events_emitted: usize,
    reasons_given: usize,
    /// Per kind, the revision of this controller's own last write for this key.
    own_writes: SortedMap<Kind, u64>,
    /// The caches when it began, moved on to this controller's own last writes for any key.
    assumed: Option<Cursors>,
    /// What [`Turn::once`] has worked out, in order.
    worked_out: Vec<Rc<dyn Any>>,
}

impl Attempt {
    /// Begins to decide about `key` with the caches at `cursors`.
    pub fn new(key: Key, started: Time, cause: u64, cursors: Cursors) -> Self {
        Self {
            key,
            started,
            cause,
            cursors: vec![cursors],
            answers: Vec::new(),
            events_emitted: 0,
            reasons_given: 0,
            own_writes: SortedMap::new(),
            assumed: None,
            worked_out: Vec::new(),
        }
    }

    /// This attempt, with the revisions of what the controller has written for this key before.
    #[must_use]
    pub fn with_own_writes(mut self, own_writes: SortedMap<Kind, u64>) -> Self {
        self.own_writes = own_writes;
        self
    }

    /// This attempt, with the revisions of what the controller has written last for any key, by kind: see
    /// [`Turn::assumed`].
    #[must_use]
    pub fn with_all_own_writes(mut self, all: &SortedMap<Kind, u64>) -> Self {
        let mut assumed = self.cursors.first().cloned().unwrap_or_default();
        for (kind, revision) in all {
            if assumed.of(*kind) > 0 {
                assumed.advance(*kind, *revision);
            }
        }
        self.assumed = Some(assumed);
        self
    }

    /// The caches when it began.
    pub fn begun_with(&self) -> Option<&Cursors> {
        self.cursors.first()
    }

    /// The oldest revision that a further pass may read.
    pub fn oldest_revision(&self) -> Option<u64> {
        self.cursors.iter().filter_map(Cursors::min).min()
    }

    /// Takes the answers to the last pass's requests, and the caches as they are now.
    pub fn answer(&mut self, answers: Rc<Vec<Answer>>, cursors: Cursors) {
        self.answers.push(answers);
        self.cursors.push(cursors);
    }

    /// The turn of a pass, with the caches of this `store`.
    pub(crate) fn turn<'a>(&'a self, name: &str, store: &'a Store, memory: &'a RefCell<Memory>) -> Turn<'a> {
        Turn {
            actor: Actor::component(name),
            store,
            memory,
            attempt: self,
            batch: 0,
            recalled: 0,
            said: Said::default(),
        }
    }

    /// Notes what a pass has said. Of its events and reasons those are left that no pass before has said.
    pub(crate) fn note(&mut self, said: &mut Said) {
        self.worked_out.append(&mut said.worked_out);
        said.events.drain(..self.events_emitted.min(said.events.len()));
        said.reasons.drain(..self.reasons_given.min(said.reasons.len()));
        self.events_emitted += said.events.len();
        self.reasons_given += said.reasons.len();
    }
}

/// What a pass of `sync` has said so far.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Requests that nobody has answered yet.
    pub asks: Vec<Request>,
    /// Events, also those of passes before.
    pub events: Vec<EventSpec>,
    /// Reasons, also those of passes before.
    pub reasons: Vec<SharedReason>,
    /// Other keys to look at.
    pub wakes: Vec<Key>,
    worked_out: Vec<Rc<dyn Any>>,
}

/// What `sync` holds while it runs: caches to read, requests to make, events and reasons to give.
#[derive(Debug)]
pub struct Turn<'a> {
    actor: Actor,
    store: &'a Store,
    memory: &'a RefCell<Memory>,
    attempt: &'a Attempt,
    batch: usize,
    recalled: usize,
    said: Said,
}

impl<'a> Turn<'a> {
    /// What was said, when the pass is over.
    pub(crate) fn into_said(self) -> Said {
        self.said
    }

    /// When the decision began. Every comparison with time uses this one moment.
    pub fn now(&self) -> Time {
        self.attempt.started
    }

    /// The controller as an actor, for requests.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The caches at this point of the decision.
    pub fn seen(&self) -> Seen<'a> {
        static EMPTY: Cursors = Cursors::none();
        let attempt: &'a Attempt = self.attempt;
        let at = self.batch.min(attempt.cursors.len().saturating_sub(1));
        Seen::new(self.store, attempt.cursors.get(at).unwrap_or(&EMPTY)).with(self.memory)
    }

    /// Whether the caches of these kinds contain all that this controller has written for this key:
    /// the gate `StaleControllerConsistency` of v1.36.
    pub fn caches_include_own_writes(&self, kinds: &[Kind]) -> bool {
        let start = self.attempt.cursors.first();
        kinds.iter().all(|kind| {
            let written = self.attempt.own_writes.get(kind).copied().unwrap_or(0);
            start.is_none_or(|cursors| cursors.of(*kind) >= written)
        })
    }

    /// The caches when the decision began, as if this controller's own last writes had arrived:
    /// what kube-scheduler gets from assuming its Pods. Without it two Pods decided in quick
    /// succession would both take the last place on a node.
    pub fn assumed(&self) -> Seen<'a> {
        let attempt: &'a Attempt = self.attempt;
        match &attempt.assumed {
            Some(cursors) => Seen::new(self.store, cursors).with(self.memory),
            None => self.seen(),
        }
    }

    /// The object of this kind, namespace and name, from the cache.
    pub fn find(&self, kind: Kind, namespace: &str, name: &str) -> Option<&'a Rc<Object>> {
        self.seen().find(kind, namespace, name)
    }

    /// Objects of a kind from the cache, in the order of their keys; an empty namespace means all.
    pub fn list(&self, kind: Kind, namespace: &str) -> Listed<'a> {
        self.seen().list(kind, namespace)
    }

    /// Sends requests at the same time and waits for all answers, which come in the same order.
    pub fn request_all(&mut self, requests: Vec<Request>) -> Result<Vec<Answer>, Halt> {
        self.request_each(requests)
    }

    /// [`Turn::request_all`] for many requests: if the answers are there they are not made again.
    pub fn request_each(
        &mut self,
        requests: impl IntoIterator<Item = Request, IntoIter: ExactSizeIterator>,
    ) -> Result<Vec<Answer>, Halt> {
        let requests = requests.into_iter();
        if requests.len() == 0 {
            return Ok(Vec::new());
        }
        if let Some(answers) = self.attempt.answers.get(self.batch) {
            self.batch += 1;
            return Ok(Vec::clone(answers));
        }
        self.said.asks = requests.collect();
        Err(Halt::Suspended)
    }

    /// Sends a request and waits for the answer, which may be a refusal.
    pub fn try_request(&mut self, request: Request) -> Result<Answer, Halt> {
        let answers = self.request_all(vec![request])?;
        Ok(answers
            .into_iter()
            .next()
            .unwrap_or_else(|| Err(Status::new(apimachinery::Reason::InternalError, "no answer"))))
    }

    /// Sends a request and waits for the answer; a refusal ends the decision as failed.
    pub fn request(&mut self, request: Request) -> Result<Option<Rc<Object>>, Halt> {
        Ok(self.try_request(request)??.into_object())
    }

    /// Makes another key due when the decision is complete.
    pub fn wake(&mut self, key: Key) {
        self.said.wakes.push(key);
    }

    /// A part of the decision that takes long to work out and is the same in each pass: it is worked out in
    /// the first and recalled in the others. Like requests, such parts must come in the same order in each
    /// pass.
    pub fn once<T: 'static>(&mut self, work_out: impl FnOnce() -> T) -> Rc<T> {
        let known = self.attempt.worked_out.get(self.recalled).cloned();
        self.recalled += 1;
        known.and_then(|known| known.downcast().ok()).unwrap_or_else(|| {
            let new = Rc::new(work_out());
            self.said.worked_out.push(Rc::clone(&new) as Rc<dyn Any>);
            new
        })
    }

    /// Emits an event. Nobody waits for it.
    pub fn event(&mut self, event: EventSpec) {
        self.said.events.push(event);
    }

    /// Whether no reason was given so far.
    pub fn has_said_nothing(&self) -> bool {
        self.said.reasons.is_empty()
    }

    /// Gives a reason for what the decision did, or waits for.
    pub fn because(&mut self, reason: impl Reason + 'static) {
        self.said.reasons.push(Rc::new(reason));
    }
}
