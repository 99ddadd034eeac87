//! The queue before a controller: keys, each once, never worked on twice at once.
//!
//! Models: `k8s.io/client-go/util/workqueue` (queue, delaying queue, per-item exponential back-off).
//! Differs: the overall rate limit (10 a second, burst 100) is not modelled: no scenario of a
//! laboratory reaches it.

use std::collections::VecDeque;

use api::Key;
use apimachinery::Time;
use apimachinery::sorted::{SharedMap, SortedSet};

use crate::controller::{Backoff, When};

/// A key's failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failures {
    count: u32,
    last: Time,
}

/// Keys that are due, delayed, or being worked on.
#[derive(Debug, Clone, Default)]
pub struct WorkQueue {
    ready: VecDeque<Key>,
    /// Due keys, each with the record that made it due.
    dirty: SharedMap<Key, u64>,
    processing: SortedSet<Key>,
    delayed: SharedMap<(Time, u64), (Key, u64)>,
    /// Where each delayed key stands.
    places: SharedMap<Key, (Time, u64)>,
    failures: SharedMap<Key, Failures>,
    sequence: u64,
}

impl WorkQueue {
    /// Makes a key due; `cause` is the record that did it.
    pub fn add(&mut self, key: Key, cause: u64) {
        if self.dirty.get(&key).is_some() {
            return;
        }
        self.dirty.insert(key.clone(), cause);
        if !self.processing.contains(&key) {
            self.ready.push_back(key);
        }
    }

    /// Makes a key due at a moment, or earlier if it already is.
    pub fn add_at(&mut self, key: Key, at: Time, cause: u64) {
        if let Some(place) = self.places.get(&key).copied() {
            if place.0 <= at {
                return;
            }
            self.delayed.remove(&place);
        }
        self.sequence += 1;
        let place = (at, self.sequence);
        self.places.insert(key.clone(), place);
        self.delayed.insert(place, (key, cause));
    }

    /// Makes a key due when a wake asks for it.
    pub fn wake(&mut self, key: Key, when: When, now: Time, backoff: Backoff, cause: u64) {
        match when {
            When::Now => self.add(key, cause),
            When::After(delay) => self.add_at(key, now + delay, cause),
            When::AfterBackoff => match self.failures.get(&key) {
                Some(f) if f.last + backoff.after_failures(f.count) > now => {
                    let at = f.last + backoff.after_failures(f.count);
                    self.add_at(key, at, cause);
                }
                _ => self.add(key, cause),
            },
        }
    }

    /// Counts a failure of a key and says how long it should stay away.
    pub fn fail(&mut self, key: &Key, now: Time, backoff: Backoff) -> std::time::Duration {
        let count = self.failures.get(key).map_or(0, |f| f.count) + 1;
        self.failures.insert(key.clone(), Failures { count, last: now });
        backoff.after_failures(count)
    }

    /// Forgets a key's failures.
    pub fn forget(&mut self, key: &Key) {
        self.failures.remove(key);
    }

    /// How often the key failed in a row.
    pub fn failures(&self, key: &Key) -> u32 {
        self.failures.get(key).map_or(0, |f| f.count)
    }

    /// When the next delayed key becomes due.
    pub fn next_delayed(&self) -> Option<Time> {
        self.delayed.first_key_value().map(|((at, _), _)| *at)
    }

    /// When a key becomes due that is delayed.
    pub fn delayed_until(&self, key: &Key) -> Option<Time> {
        self.delayed.iter().find(|(_, (delayed, _))| delayed == key).map(|((at, _), _)| *at)
    }

    /// Makes delayed keys due whose moment has come.
    pub fn promote(&mut self, now: Time) {
        while self.next_delayed().is_some_and(|at| at <= now) {
            let Some((_, (key, cause))) = self.delayed.pop_first() else { return };
            self.places.remove(&key);
            self.add(key, cause);
        }
    }

    /// Whether a key is due that is not being worked on.
    pub fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// How many keys are being worked on.
    pub fn in_flight(&self) -> usize {
        self.processing.len()
    }

    /// Takes the next due key, and what made it due.
    pub fn take(&mut self) -> Option<(Key, u64)> {
        let key = self.ready.pop_front()?;
        let cause = self.dirty.remove(&key).unwrap_or(0);
        self.processing.insert(key.clone());
        Some((key, cause))
    }

    /// The work on a key is over; if it became due meanwhile, it is due again.
    pub fn done(&mut self, key: &Key) {
        self.processing.remove(key);
        if self.dirty.get(key).is_some() {
            self.ready.push_back(key.clone());
        }
    }

    /// Keys due or delayed, for the page: who waits for the controller.
    pub fn waiting(&self) -> impl Iterator<Item = &Key> {
        self.ready.iter().chain(self.delayed.iter().map(|(_, (key, _))| key))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use api::Kind;

    use super::*;

    fn key() -> Key {
        Key::new(Kind::StatefulSet, "default", "web")
    }

    #[test]
    fn a_key_is_worked_on_once_at_a_time_and_again_if_it_became_due_meanwhile() {
        let mut queue = WorkQueue::default();
        queue.add(key(), 1);
        queue.add(key(), 2);
        assert_eq!(queue.take(), Some((key(), 1)));
        queue.add(key(), 3);
        assert_eq!(queue.take(), None);
        queue.done(&key());
        assert_eq!(queue.take(), Some((key(), 3)));
    }

    #[test]
    fn a_delayed_key_comes_once_and_at_the_earliest_moment() {
        let mut queue = WorkQueue::default();
        let at = |millis| Time::default() + Duration::from_millis(millis);
        for (moment, cause) in [(20, 1), (30, 2), (10, 3)] {
            queue.add_at(key(), at(moment), cause);
        }
        assert_eq!(queue.next_delayed(), Some(at(10)));
        queue.promote(at(40));
        assert_eq!((queue.take(), queue.next_delayed()), (Some((key(), 3)), None));
        queue.add_at(key(), at(50), 4);
        assert_eq!(queue.next_delayed(), Some(at(50)));
    }

    #[test]
    fn failures_double_the_delay_until_forgotten() {
        let mut queue = WorkQueue::default();
        let now = Time::default();
        let delays: Vec<_> = (0..3).map(|_| queue.fail(&key(), now, Backoff::CONTROLLER)).collect();
        assert_eq!(delays, [5, 10, 20].map(Duration::from_millis));
        queue.wake(key(), When::AfterBackoff, now, Backoff::CONTROLLER, 0);
        assert_eq!(queue.next_delayed(), Some(now + Duration::from_millis(20)));
        queue.forget(&key());
        assert_eq!(queue.fail(&key(), now, Backoff::CONTROLLER), Duration::from_millis(5));
        assert_eq!(Backoff::CONTROLLER.after_failures(40), Duration::from_secs(1000));
    }
}
