//! What a decision about one set knows, and what it can be asked.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;

use api::{Object, PodFacts};
use apimachinery::Time;

use super::Gates;
use super::identity::pod_name;
use super::placed::{Placed, Slot, Standing};
use super::revisions::Revisions;
use super::tidy::TidyNow;

/// What a decision works on.
pub struct Decision<'s> {
    /// The gates.
    pub gates: Gates,
    /// The set.
    pub set: &'s Rc<Object>,
    /// Its revisions.
    pub revisions: Revisions,
    /// Its Pods.
    pub placed: &'s Placed,
    /// The ordinals of the range, ascending.
    pub replicas: &'s [Slot],
    /// Pods outside the range, highest ordinal first.
    pub condemned: &'s [Rc<Object>],
    /// The moment of the decision; every comparison with time uses it.
    pub now: Time,
    /// `spec.minReadySeconds`.
    pub min_ready: Duration,
    /// Whether it keeps order.
    pub is_monotonic: bool,
    /// Whether its Pods have claims of their own.
    pub has_claims: bool,
    /// How many outdated Pods the update phase has deleted: the status subtracts them without looking.
    pub current_deleted: i64,
}

/// Whether the decision goes on with the next phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It goes on.
    Continue,
    /// The sync ends here.
    Stop,
}

impl Decision<'_> {
    /// Whether every Pod is there, Ready and to stay, and none is there that should not be.
    pub fn is_as_asked(&self) -> bool {
        let is_fine = |pod: &Standing| pod.is_ready && !pod.is_deleting;
        let is_there = |slot: &Slot| slot.standing.as_ref().is_some_and(is_fine);
        self.condemned.is_empty() && self.replicas.iter().all(is_there)
    }

    /// Whether there is nothing to do about a place and its claims, and nothing to wait for.
    pub fn asks_nothing(&self, slot: &Slot, claims: &TidyNow) -> bool {
        let (Some(standing), Some(pod)) = (&slot.standing, &slot.pod) else { return false };
        // Without `minReadySeconds` a Pod is available as soon as it is ready.
        let is_available = || self.min_ready.is_zero() || self.is_available(pod);
        let waits = || standing.is_deleting || !standing.is_ready || !is_available();
        standing.is_in_order && claims.are_tidy(slot.ordinal) && !(self.is_monotonic && waits())
    }

    /// Whether the Pod of a place is of the update revision and healthy.
    pub fn is_rolled(&self, slot: &Slot, update: Option<&Rc<str>>) -> bool {
        let is_fine = |pod: &Standing| pod.is_ready && !pod.is_deleting && pod.is_of(update);
        slot.standing.as_ref().is_some_and(is_fine)
            && (self.min_ready.is_zero() || slot.pod.as_ref().is_some_and(|pod| self.is_healthy(pod)))
    }

    /// Whether a Pod has been ready for long enough.
    pub fn is_available(&self, pod: &Rc<Object>) -> bool {
        PodFacts::of(pod).is_available(self.min_ready, self.now)
    }

    /// Whether a Pod is available and not being deleted.
    pub fn is_healthy(&self, pod: &Rc<Object>) -> bool {
        self.is_available(pod) && !pod.metadata.is_deleting()
    }

    /// `status.currentReplicas` at the start of this sync: the Pods of the current revision that are not
    /// being deleted.
    pub fn current_replicas(&self) -> i64 {
        let current = self.placed.revision(&self.revisions.current.metadata.name);
        let of_current = self.standings().filter(|pod| !pod.is_deleting && pod.is_of(current));
        i64::try_from(of_current.count()).unwrap_or(i64::MAX)
    }

    /// How many replicas of this part of the range have no Pod.
    pub fn missing(&self, from: usize, to: usize) -> usize {
        self.replicas.get(from..to).unwrap_or_default().iter().filter(|slot| slot.pod.is_none()).count()
    }

    /// How all Pods stand, those outside the range last.
    pub fn standings(&self) -> impl Iterator<Item = Cow<'_, Standing>> {
        let placed = self.replicas.iter().filter_map(|slot| slot.standing.as_ref()).map(Cow::Borrowed);
        placed.chain(self.condemned.iter().map(|pod| Cow::Owned(self.placed.standing(pod))))
    }

    /// The first Pod that is not healthy: in the range from the lowest ordinal up, else the lowest
    /// condemned one.
    pub fn first_unhealthy(&self) -> Option<String> {
        let in_range = self.replicas.iter().find(|s| s.pod.as_ref().is_none_or(|p| !self.is_healthy(p)));
        if let Some(slot) = in_range {
            return Some(pod_name(self.set, slot.ordinal));
        }
        let condemned = self.condemned.iter().rev().find(|p| !self.is_healthy(p));
        condemned.map(|p| p.metadata.name.clone())
    }

    /// Pods of another revision at or above an index, lowest first.
    pub fn outdated(&self, from: usize, update: &str) -> Vec<&Rc<Object>> {
        let update = self.placed.revision(update);
        let is_old = |slot: &&Slot| slot.standing.as_ref().is_some_and(|pod| !pod.is_of(update));
        self.replicas.iter().skip(from).filter(is_old).filter_map(|slot| slot.pod.as_ref()).collect()
    }
}
