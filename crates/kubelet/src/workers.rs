//! The Pods of a kubelet, by UID: a name may be taken again while its last bearer still runs.
//!
//! A kubelet is asked at every step when it wants to act, and a cluster is kept every few steps. So the
//! moment when each Pod is due is noted, and a clone shares the Pods that nothing happens to.

use std::rc::Rc;

use apimachinery::Time;
use apimachinery::sorted::SortedMap;

use crate::worker::Worker;

#[derive(Debug, Clone)]
struct Entry {
    /// [`Worker::next_due`].
    due: Option<Time>,
    /// Whether a status waits to be sent.
    has_unsent: bool,
    worker: Rc<Worker>,
}

impl Entry {
    fn of(worker: Rc<Worker>) -> Self {
        Self { due: worker.next_due(), has_unsent: worker.unsent.is_some(), worker }
    }

    fn change<R>(&mut self, act: impl FnOnce(&mut Worker) -> R) -> R {
        let worker = Rc::make_mut(&mut self.worker);
        let result = act(worker);
        self.due = worker.next_due();
        self.has_unsent = worker.unsent.is_some();
        result
    }
}

/// Workers by the UID of their Pod.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workers(SortedMap<Rc<str>, Entry>);

impl Workers {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Worker> {
        self.0.values().map(|entry| &*entry.worker)
    }

    /// The worker of the Pod with this UID.
    pub fn get(&self, uid: &str) -> Option<&Worker> {
        self.0.get(uid).map(|entry| &*entry.worker)
    }

    /// Adds a worker.
    pub fn insert(&mut self, worker: Worker) {
        self.0.insert(worker.pod.metadata.uid.as_str().into(), Entry::of(Rc::new(worker)));
    }

    /// Lets something happen to one of them; `None` if there is none with this UID.
    pub fn change<R>(&mut self, uid: &str, act: impl FnOnce(&mut Worker) -> R) -> Option<R> {
        self.0.get_mut(uid).map(|entry| entry.change(act))
    }

    /// Lets something happen to all of them.
    pub fn change_all(&mut self, mut act: impl FnMut(&mut Worker)) {
        for entry in self.0.values_mut() {
            entry.change(&mut act);
        }
    }

    /// When the first of them is due.
    pub fn next_due(&self) -> Option<Time> {
        self.0.values().filter_map(|entry| entry.due).min()
    }

    /// The UIDs of those that have something to do at `now`.
    pub fn due(&self, now: Time) -> Vec<Rc<str>> {
        let is_due = |entry: &Entry| entry.has_unsent || entry.due.is_some_and(|at| at <= now);
        self.0.iter().filter(|(_, entry)| is_due(entry)).map(|(uid, _)| Rc::clone(uid)).collect()
    }

    /// Forgets those that are over.
    pub fn forget_over(&mut self) {
        self.0.retain(|_, entry| !entry.worker.is_over());
    }
}
