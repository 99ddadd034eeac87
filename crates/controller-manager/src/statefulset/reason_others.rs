//! What a reason of the StatefulSet controller means for the other Pods of the set. A sync names the one that is
//! next in line; all that stand behind it are held back by the same rule.

use std::rc::Rc;

use api::apps::{StatefulSet, UpdateStrategy, parent_and_ordinal};
use api::{Key, Kind, Object};
use client::Seen;

use super::labels::REVISION_LABEL;
use super::reason::{Owed, Revisions, StatefulSetReason, Waiting};

/// What a set owes one of its Pods.
enum Debt {
    /// It is to be made, to go, or to be replaced.
    Owed(Owed),
    /// It stays on its revision, since it stands below the partition: its place among the replicas.
    Below(i64, Revisions),
    /// It stays on its revision, since nobody has deleted it.
    OnDelete(Revisions),
}

/// What a set owes the Pod `key`; `None` if it is as it should be, or not one of its Pods.
fn debt(set: &Rc<Object>, key: &Key, seen: &Seen<'_>) -> Option<Debt> {
    let (parent, ordinal) = parent_and_ordinal(&key.name)?;
    if key.kind != Kind::Pod || parent != set.metadata.name || *key.namespace != *set.metadata.namespace {
        return None;
    }
    let view = StatefulSet(set);
    let index = ordinal - view.start();
    let in_range = (0..view.replicas()).contains(&index);
    let Some(pod) = seen.get(key) else { return in_range.then_some(Debt::Owed(Owed::Creation)) };
    if pod.metadata.controller().is_none_or(|owner| owner.uid != set.metadata.uid) {
        return None;
    }
    if pod.metadata.is_deleting() {
        return None;
    }
    if !in_range {
        return Some(Debt::Owed(Owed::Removal));
    }
    let (has, wanted) = (pod.metadata.label(REVISION_LABEL).to_owned(), view.update_revision().to_owned());
    if has == wanted || wanted.is_empty() {
        return None;
    }
    Some(match view.update_strategy() {
        UpdateStrategy::OnDelete => Debt::OnDelete(Revisions { has, wanted }),
        UpdateStrategy::RollingUpdate { .. } if index < view.partition() => {
            Debt::Below(index, Revisions { has, wanted })
        }
        UpdateStrategy::RollingUpdate { .. } => Debt::Owed(Owed::Update(has, wanted)),
    })
}

impl StatefulSetReason {
    /// The same rule for another Pod of the set, if it holds that one back, too.
    pub(super) fn of_another_pod(&self, other: &Key, seen: &Seen<'_>) -> Option<Self> {
        let (set_key, blocker) = self.parties();
        let set = seen.get(set_key)?;
        let set_key = set_key.clone();
        let owed = match debt(set, other, seen)? {
            Debt::Below(index, revisions) => {
                let (pod, partition) = (other.clone(), StatefulSet(set).partition());
                return Some(Self::HeldBackByPartition {
                    set: set_key,
                    pod,
                    index,
                    count: 1,
                    partition,
                    revisions,
                });
            }
            Debt::OnDelete(revisions) => {
                let pod = other.clone();
                return Some(Self::OnDeleteLeavesOldRevision { set: set_key, pod, count: 1, revisions });
            }
            Debt::Owed(owed) => owed,
        };
        let pod = blocker.filter(|pod| *pod != other)?.clone();
        let fails = matches!(
            self,
            Self::WaitsForName { .. }
                | Self::ClaimRefused { .. }
                | Self::PodRefused { .. }
                | Self::RepairRefused { .. }
                | Self::StaleClaimBlocks { .. }
        );
        let waiting = (other.clone(), owed);
        if fails && !StatefulSet(set).is_parallel() {
            return Some(Self::SyncFailsBefore { set: set_key, waiting, failure: Box::new(self.clone()) });
        }
        self.before(set_key, pod, waiting)
    }

    /// The same wait for `pod`, of another one that waits.
    fn before(&self, set: Key, pod: Key, waiting: Waiting) -> Option<Self> {
        let (is_update, is_removal) = (matches!(waiting.1, Owed::Update(..)), waiting.1 == Owed::Removal);
        let other = waiting.0.clone();
        let waiting = Some(waiting);
        match self {
            Self::WaitsForReadyPredecessor { word, .. } | Self::BrokenPodBlocksUpdate { word, .. } => {
                let word = word.clone();
                Some(Self::WaitsForReadyPredecessor { set, pod, waiting, word })
            }
            Self::WaitsForAvailable { seconds, .. } => {
                Some(Self::WaitsForAvailable { set, pod, waiting, seconds: *seconds })
            }
            Self::WaitsForTermination { returns, .. } => {
                Some(Self::WaitsForTermination { set, pod, returns: *returns, waiting })
            }
            Self::RollingUpdateDeletes { .. } if is_update => {
                Some(Self::WaitsForTermination { set, pod, returns: true, waiting })
            }
            Self::RollingUpdateWaits { .. } if is_update => {
                Some(Self::RollingUpdateWaits { set, pod, next: Some(other) })
            }
            Self::UnhealthyCondemnedBlocked { .. } if is_removal => {
                Some(Self::UnhealthyCondemnedBlocked { set, pod: other, blocker: Some(pod) })
            }
            Self::SyncFailsBefore { .. }
            | Self::WaitsForName { .. }
            | Self::ClaimRefused { .. }
            | Self::PodRefused { .. }
            | Self::RepairRefused { .. }
            | Self::StaleClaimBlocks { .. }
            | Self::RollingUpdateDeletes { .. }
            | Self::RollingUpdateWaits { .. }
            | Self::UnhealthyCondemnedBlocked { .. }
            | Self::AllAtOnce { .. }
            | Self::CreatesPod { .. }
            | Self::CreatesClaim { .. }
            | Self::CreatesRevision { .. }
            | Self::ReusesRevision { .. }
            | Self::TruncatesHistory { .. }
            | Self::RecreatesFailedPod { .. }
            | Self::RepairsPod { .. }
            | Self::DeletesHighestCondemned { .. }
            | Self::KeepsClaimOnScaleDown { .. }
            | Self::ClaimFollowsPod { .. }
            | Self::IsAsAsked { .. }
            | Self::LaboratoryIsFull { .. }
            | Self::HeldBackByPartition { .. }
            | Self::OnDeleteLeavesOldRevision { .. }
            | Self::CompletesRollout { .. }
            | Self::AdoptsPod { .. }
            | Self::ReleasesPod { .. }
            | Self::SetIsBeingDeleted { .. } => None,
        }
    }

    /// The set, and the Pod that the sync stopped at or acts on.
    fn parties(&self) -> (&Key, Option<&Key>) {
        match self {
            Self::UnhealthyCondemnedBlocked { set, pod, blocker } => {
                (set, Some(blocker.as_ref().unwrap_or(pod)))
            }
            Self::CreatesPod { set, pod, .. }
            | Self::ClaimFollowsPod { set, pod, .. }
            | Self::WaitsForReadyPredecessor { set, pod, .. }
            | Self::WaitsForAvailable { set, pod, .. }
            | Self::WaitsForTermination { set, pod, .. }
            | Self::WaitsForName { set, pod }
            | Self::ClaimRefused { set, pod, .. }
            | Self::PodRefused { set, pod, .. }
            | Self::RepairRefused { set, pod, .. }
            | Self::StaleClaimBlocks { set, pod }
            | Self::BrokenPodBlocksUpdate { set, pod, .. }
            | Self::RecreatesFailedPod { set, pod, .. }
            | Self::RepairsPod { set, pod }
            | Self::DeletesHighestCondemned { set, pod }
            | Self::KeepsClaimOnScaleDown { set, pod }
            | Self::RollingUpdateDeletes { set, pod, .. }
            | Self::RollingUpdateWaits { set, pod, .. }
            | Self::AllAtOnce { set, pod, .. }
            | Self::HeldBackByPartition { set, pod, .. }
            | Self::OnDeleteLeavesOldRevision { set, pod, .. }
            | Self::AdoptsPod { set, pod }
            | Self::ReleasesPod { set, pod } => (set, Some(pod)),
            Self::CreatesClaim { set, .. }
            | Self::SyncFailsBefore { set, .. }
            | Self::CreatesRevision { set, .. }
            | Self::ReusesRevision { set, .. }
            | Self::TruncatesHistory { set, .. }
            | Self::CompletesRollout { set, .. }
            | Self::IsAsAsked { set, .. }
            | Self::LaboratoryIsFull { set, .. }
            | Self::SetIsBeingDeleted { set } => (set, None),
        }
    }
}
