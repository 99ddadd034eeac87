//! What a worker works with, beside itself.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::sorted::SortedSet;
use apimachinery::{Rng, Time};
use client::{Effect, Seen};

use crate::images::ImageBehaviours;
use crate::reason::KubeletReason;

/// What a worker works with, beside itself.
pub struct Context<'a> {
    /// Now.
    pub now: Time,
    /// The kubelet's caches.
    pub seen: &'a Seen<'a>,
    /// The node.
    pub node: &'a str,
    /// The node's address.
    pub host_ip: &'a str,
    /// The kubelet's own stream of chance.
    pub rng: &'a mut Rng,
    /// Images on the node.
    pub images: &'a mut SortedSet<String>,
    /// Images that do not behave as the catalogue says.
    pub overrides: &'a ImageBehaviours,
    /// Volumes with no space left, by PersistentVolume.
    pub full: &'a SortedSet<String>,
    /// The next tag of a request.
    pub next_tag: &'a mut u64,
    /// What the worker asks for.
    pub effects: &'a mut Vec<Effect>,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("now", &self.now).field("node", &self.node).finish_non_exhaustive()
    }
}

impl Context<'_> {
    /// A random duration between two, given in milliseconds.
    pub fn millis(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_micros(self.rng.between(low * 1_000, high * 1_000))
    }

    /// Gives a reason.
    pub fn because(&mut self, reason: KubeletReason) {
        self.effects.push(Effect::Because(reason.pod().clone(), Rc::new(reason)));
    }

    /// A tag for a request.
    pub fn tag(&mut self) -> u64 {
        *self.next_tag += 1;
        *self.next_tag
    }
}
