//! The shape of a controller.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Status;
use apiserver::Change;

use crate::recorder::EventSpec;
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

/// What a turn came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing more to do until something changes; failures are forgotten.
    Done,
    /// Done, and look again after this long; failures are forgotten.
    DoneAndRequeueAfter(Duration),
    /// Failed: look again after the back-off.
    Failed(String),
    /// Failed for now: stay away until a [`When::AfterBackoff`] (or any other) wake, at the latest
    /// for this long. Counts as a failure for the back-off.
    Parked(Duration),
}

/// A decision that is clear before it is made, because it can only come to what the last one came to: it asks
/// for nothing, gives its one reason again, emits its one event again, and is parked.
#[derive(Debug, Clone)]
pub struct Foregone {
    /// How the reason prints itself (`Debug`), by which it is told from others.
    pub reason: Rc<str>,
    /// The event.
    pub event: Rc<EventSpec>,
    /// See [`Outcome::Parked`].
    pub longest: Duration,
}

/// Why a turn stops before its end.
#[derive(Debug, Clone, PartialEq)]
pub enum Halt {
    /// A request has been asked for and not been answered yet.
    Suspended,
    /// A request failed, or the controller gives up for another reason: back-off, then again.
    Failed(Status),
}

impl From<Status> for Halt {
    fn from(status: Status) -> Self {
        Self::Failed(status)
    }
}

/// The delay after the n-th failure in a row: `base` × 2ⁿ⁻¹, at most `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure.
    pub base: Duration,
    /// At most.
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

    /// Which keys become due by changes of one kind that arrive together, each with the cause of the change.
    /// Whoever would make the same keys due by each of them may do so by the first. `seen` already contains all.
    fn wakes_by_all(&self, changes: &[Rc<Change>], seen: &Seen<'_>) -> Vec<(Wake, u64)> {
        let wakes = |change: &Rc<Change>| {
            let cause = change.cause;
            self.wakes(change, seen).into_iter().map(move |wake| (wake, cause))
        };
        changes.iter().flat_map(wakes).collect()
    }

    /// Keys that are due when the controller starts, besides those of existing objects (for which
    /// `wakes` is called as if they had just been made).
    fn starts_with(&self) -> Vec<Wake> {
        Vec::new()
    }

    /// Decides about one key.
    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt>;

    /// What the decision about a key comes to, if that is clear before it is made. A thousand Pods that wait for
    /// their claims are tried again each time a volume is written. `seen` is what [`Turn::assumed`] would be;
    /// debug builds decide all the same, and compare.
    fn foregone(&self, _key: &Key, _seen: &Seen<'_>) -> Option<Foregone> {
        None
    }

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
