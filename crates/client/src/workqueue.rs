//! The queue before a controller: keys, each once, never worked on twice at once.
//!
//! Models: `k8s.io/client-go/util/workqueue` (queue, delaying queue, per-item exponential back-off).
//! Differs: the overall rate limit (10 a second, burst 100) is not modelled: no scenario of a
//! laboratory reaches it.

use std::collections::VecDeque;
use std::rc::Rc;

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

/// What is known of a key. Keys of which nothing is known have none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    /// It is due; the record that made it so.
    dirty: Option<u64>,
    /// Where it stands among the delayed ones.
    delayed: Option<(Time, u64)>,
    failures: Option<Failures>,
    /// Its last failure was a [`WorkQueue::park`] with this word.
    word: Option<Rc<str>>,
}

/// Keys that are due, delayed, or being worked on.
#[derive(Debug, Clone, Default)]
pub struct WorkQueue {
    ready: VecDeque<Key>,
    entries: SharedMap<Key, Entry>,
    processing: SortedSet<Key>,
    delayed: SharedMap<(Time, u64), (Key, u64)>,
    sequence: u64,
}

impl WorkQueue {
    /// Makes a key due; `cause` is the record that did it.
    pub fn add(&mut self, key: Key, cause: u64) {
        let is_new = self.change(&key, |entry| entry.dirty.replace(entry.dirty.unwrap_or(cause)).is_none());
        if is_new && !self.processing.contains(&key) {
            self.ready.push_back(key);
        }
    }

    /// Makes a key due at a moment, or earlier if it already is.
    pub fn add_at(&mut self, key: Key, at: Time, cause: u64) {
        self.sequence += 1;
        let place = (at, self.sequence);
        let mut former = None;
        let is_earlier = self.change(&key, |entry| {
            former = entry.delayed.filter(|(moment, _)| *moment > at);
            let is_earlier = entry.delayed.is_none() || former.is_some();
            entry.delayed = if is_earlier { Some(place) } else { entry.delayed };
            is_earlier
        });
        if let Some(former) = former {
            self.delayed.remove(&former);
        }
        if is_earlier {
            self.delayed.insert(place, (key, cause));
        }
    }

    /// Makes a key due as a wake asks.
    pub fn wake(&mut self, key: Key, when: When, now: Time, backoff: Backoff, cause: u64) {
        match when {
            When::Now => self.add(key, cause),
            When::After(delay) => self.add_at(key, now + delay, cause),
            When::AfterBackoff => match self.failed(&key) {
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
        let count = self.failures(key) + 1;
        self.change(key, |entry| {
            entry.failures = Some(Failures { count, last: now });
            entry.word = None;
        });
        backoff.after_failures(count)
    }

    /// Forgets a key's failures.
    pub fn forget(&mut self, key: &Key) {
        if self.failed(key).is_some() {
            self.change(key, |entry| (entry.failures, entry.word) = (None, None));
        }
    }

    /// How often the key failed in a row.
    pub fn failures(&self, key: &Key) -> u32 {
        self.failed(key).map_or(0, |f| f.count)
    }

    fn failed(&self, key: &Key) -> Option<Failures> {
        self.entries.get(key).and_then(|entry| entry.failures)
    }

    /// The work on a key has failed for now: it stays away until `at`, or until somebody makes it due. `word` is
    /// the last that was said of it.
    pub fn park(&mut self, key: &Key, now: Time, at: Time, cause: u64, word: Option<Rc<str>>) {
        let count = self.failures(key) + 1;
        self.change(key, |entry| {
            entry.failures = Some(Failures { count, last: now });
            entry.word = word;
        });
        self.add_at(key.clone(), at, cause);
    }

    /// The key that [`WorkQueue::take`] would take.
    pub fn next_ready(&self) -> Option<&Key> {
        self.ready.front()
    }

    /// The next due key is taken and parked again with the same word; returns what made it due. Nothing happens
    /// if it was not parked last, or with another word.
    pub fn park_next(&mut self, word: &Rc<str>, now: Time, at: Time) -> Option<u64> {
        let entry = self.entries.get_mut(self.ready.front()?)?;
        if entry.word.as_ref() != Some(word) {
            return None;
        }
        let cause = entry.dirty.take()?;
        entry.failures = Some(Failures { count: entry.failures.map_or(0, |f| f.count) + 1, last: now });
        let stays = entry.delayed.is_some_and(|(moment, _)| moment <= at);
        let key = self.ready.pop_front()?;
        if !stays {
            self.add_at(key, at, cause);
        }
        Some(cause)
    }

    /// When the next delayed key becomes due.
    pub fn next_delayed(&self) -> Option<Time> {
        self.delayed.first_key_value().map(|((at, _), _)| *at)
    }

    /// Makes delayed keys due whose moment has come.
    pub fn promote(&mut self, now: Time) {
        while self.next_delayed().is_some_and(|at| at <= now) {
            let Some((_, (key, cause))) = self.delayed.pop_first() else { return };
            self.change(&key, |entry| entry.delayed = None);
            self.add(key, cause);
        }
    }

    /// Whether a key is due and free.
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
        let cause = self.change(&key, |entry| entry.dirty.take()).unwrap_or(0);
        self.processing.insert(key.clone());
        Some((key, cause))
    }

    /// The work on a key is over; if it became due meanwhile, it is due again.
    pub fn done(&mut self, key: &Key) {
        self.processing.remove(key);
        if self.entries.get(key).is_some_and(|entry| entry.dirty.is_some()) {
            self.ready.push_back(key.clone());
        }
    }

    /// Keys due or delayed, for the page: who waits for the controller.
    pub fn waiting(&self) -> impl Iterator<Item = &Key> {
        self.ready.iter().chain(self.delayed.iter().map(|(_, (key, _))| key))
    }

    /// Changes what is known of a key.
    fn change<R>(&mut self, key: &Key, act: impl FnOnce(&mut Entry) -> R) -> R {
        if let Some(entry) = self.entries.get_mut(key) {
            let result = act(entry);
            if *entry == Entry::default() {
                self.entries.remove(key);
            }
            return result;
        }
        let mut entry = Entry::default();
        let result = act(&mut entry);
        if entry != Entry::default() {
            self.entries.insert(key.clone(), entry);
        }
        result
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
