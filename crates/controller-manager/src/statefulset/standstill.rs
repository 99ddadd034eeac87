//! What a decision says when nothing is left to be done: what it waits for, who stays as it is, or that all is well.

use api::Key;
use api::apps::StatefulSet;
use client::Turn;

use super::decision::Decision;
use super::identity::{pod_key, pod_name};
use super::labels::REVISION_LABEL;
use super::reason::{Owed, Revisions, StatefulSetReason};

impl Decision<'_> {
    /// Says that all is as asked, or which Pod is not Ready yet.
    pub(super) fn explain_rest(&self, turn: &mut Turn<'_>) {
        let set = self.set.key();
        let replicas = self.replicas.len();
        if self.is_as_asked() {
            let revision = self.revisions.update.metadata.name.clone();
            turn.because(StatefulSetReason::IsAsAsked { set, replicas, revision });
        } else if let Some(name) = self.first_unhealthy() {
            self.explain_start(pod_key(self.set, &name), turn);
        }
    }

    /// Says that Pods start together.
    fn explain_start(&self, pod: Key, turn: &mut Turn<'_>) {
        let ready =
            self.replicas.iter().filter_map(|slot| slot.standing.as_ref()).filter(|pod| pod.is_ready).count();
        let (set, replicas) = (self.set.key(), self.replicas.len());
        turn.because(StatefulSetReason::AllAtOnce { set, pod, ready, replicas });
    }

    /// Says why the update goes no further than a Pod that is not healthy, or that there is no update.
    pub(super) fn explain_unhealthy(
        &self,
        pod: Key,
        is_leaving: bool,
        (partition, update): (usize, &str),
        turn: &mut Turn<'_>,
    ) {
        let set = self.set.key();
        let old = self.outdated(partition, update);
        let next = old.iter().rev().find(|old| !old.metadata.is_deleting());
        if is_leaving {
            let waiting = next.map(|old| {
                let has = old.metadata.label(REVISION_LABEL).to_owned();
                (old.key(), Owed::Update(has, update.to_owned()))
            });
            turn.because(StatefulSetReason::WaitsForTermination { set, pod, returns: true, waiting });
        } else if next.is_none() && self.revisions.current.metadata.name == update {
            let first = self.first_unhealthy();
            self.explain_start(first.map_or(pod, |name| pod_key(self.set, &name)), turn);
        } else {
            let next = next.map(|old| old.key());
            turn.because(StatefulSetReason::RollingUpdateWaits { set, pod, next });
        }
    }

    /// Names the Pods that stay on their revision since they stand below the partition.
    pub(super) fn explain_partition(&self, partition: usize, update: &str, turn: &mut Turn<'_>) {
        let old = if partition > 0 { self.outdated(0, update) } else { Vec::new() };
        let Some(pod) = old.last() else { return };
        let place =
            self.replicas.iter().position(|slot| pod_name(self.set, slot.ordinal) == pod.metadata.name);
        turn.because(StatefulSetReason::HeldBackByPartition {
            set: self.set.key(),
            pod: pod.key(),
            index: place.and_then(|place| i64::try_from(place).ok()).unwrap_or_default(),
            count: old.len(),
            partition: StatefulSet(self.set).partition(),
            revisions: revisions_of(pod.metadata.label(REVISION_LABEL), update),
        });
    }

    /// Names the Pods that stay on their revision until somebody deletes them.
    pub(super) fn explain_on_delete(&self, update: &str, turn: &mut Turn<'_>) {
        let old = self.outdated(0, update);
        if let Some(pod) = old.first() {
            turn.because(StatefulSetReason::OnDeleteLeavesOldRevision {
                set: self.set.key(),
                pod: pod.key(),
                count: old.len(),
                revisions: revisions_of(pod.metadata.label(REVISION_LABEL), update),
            });
        }
    }
}

fn revisions_of(has: &str, wanted: &str) -> Revisions {
    Revisions { has: has.to_owned(), wanted: wanted.to_owned() }
}
