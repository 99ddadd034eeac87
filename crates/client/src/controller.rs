//! The shape of a controller.

use std::time::Duration;

use api::{Key, Kind};
use apiserver::Change;

use crate::outcome::{Halt, Outcome};
use crate::seen::Seen;
use crate::turn::Turn;

/// When a key becomes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As soon as a worker is free.
    Now,
    /// After this long.
    After(Duration),
    /// When the back-off of the key's last failure has run out; at once if it never failed.
    /// The scheduler wakes unschedulable Pods this way.
    AfterBackoff,
}

/// A key to look at, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wake {
    /// What the controller will be called with.
    pub key: Key,
    /// When.
    pub when: When,
}

impl Wake {
    /// As soon as a worker is free.
    pub fn now(key: Key) -> Self {
        Self { key, when: When::Now }
    }

    /// After this long.
    pub fn after(key: Key, delay: Duration) -> Self {
        Self { key, when: When::After(delay) }
    }
}

/// The delay after the n-th failure in a row: `base` × 2ⁿ⁻¹, at most `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The delay after the first failure.
    pub base: Duration,
    /// The longest delay.
    pub max: Duration,
}

impl Backoff {
    /// client-go's default for controllers: 5 ms, doubling to 1000 s
    /// (`workqueue.DefaultTypedControllerRateLimiter`; its overall bucket of 10/s, burst 100, is not
    /// modelled).
    pub const CONTROLLER: Self = Self { base: Duration::from_millis(5), max: Duration::from_secs(1000) };

    /// The delay after so many failures in a row.
    pub fn after_failures(self, failures: u32) -> Duration {
        let factor = 1_u32.checked_shl(failures.saturating_sub(1).min(31)).unwrap_or(u32::MAX);
        self.base.checked_mul(factor).map_or(self.max, |d| d.min(self.max))
    }
}

/// A component without state of its own: it is woken by changes, reads its caches, and decides.
///
/// `sync` must be pure: the same key, caches, replies and time give the same requests, events and
/// reasons in the same order. It is run again from the start whenever a request has been answered,
/// see [`Turn`].
pub trait Controller {
    /// The name that events and the work queue carry: `statefulset-controller`.
    fn name(&self) -> &'static str;

    /// The kinds whose changes it sees and whose caches it reads.
    fn watches(&self) -> &'static [Kind];

    /// Which keys a change makes due. `seen` already contains the change.
    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake>;

    /// Keys that are due when the controller starts, besides those of existing objects (for which
    /// `wakes` is called as if they had just been made).
    fn starts_with(&self) -> Vec<Wake> {
        Vec::new()
    }

    /// Decides about one key.
    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt>;

    /// How many keys it works on at once; one key is never worked on twice at once.
    fn workers(&self) -> usize {
        1
    }

    /// Whether it knows what it has written before its caches hear of it: then [`Controller::wakes`] sees
    /// its own last writes as well. kube-scheduler keeps its queue and its assumed Pods in memory.
    fn knows_own_writes(&self) -> bool {
        false
    }

    /// The delays between failures.
    fn backoff(&self) -> Backoff {
        Backoff::CONTROLLER
    }
}
