//! Why the StatefulSet controller does what it does, and what it waits for.

use api::Key;
use client::{Explain, Explanation, Seen, SharedReason};

/// A rule that was applied by the StatefulSet controller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the variants and their members are the documentation: each is a sentence elsewhere
pub enum StatefulSetReason {
    CreatesPod { set: Key, pod: Key, revision: String, after: Option<Key> },
    CreatesClaim { set: Key, claim: Key, pod: String },
    CreatesRevision { set: Key, revision: String, number: i64 },
    ReusesRevision { set: Key, revision: String, number: i64 },
    TruncatesHistory { set: Key, revision: String, limit: usize },
    WaitsForReadyPredecessor { set: Key, pod: Key, waiting: Option<Waiting>, word: String },
    WaitsForAvailable { set: Key, pod: Key, waiting: Option<Waiting>, seconds: u64 },
    WaitsForTermination { set: Key, pod: Key, returns: bool, waiting: Option<Waiting> },
    WaitsForName { set: Key, pod: Key },
    ClaimRefused { set: Key, pod: Key, why: String },
    PodRefused { set: Key, pod: Key, why: String },
    RepairRefused { set: Key, pod: Key, why: String },
    StaleClaimBlocks { set: Key, pod: Key },
    SyncFailsBefore { set: Key, waiting: Waiting, failure: Box<StatefulSetReason> },
    BrokenPodBlocksUpdate { set: Key, pod: Key, revision: String, wanted: String, word: String },
    RecreatesFailedPod { set: Key, pod: Key, phase: String },
    RepairsPod { set: Key, pod: Key },
    DeletesHighestCondemned { set: Key, pod: Key },
    KeepsClaimOnScaleDown { set: Key, pod: Key },
    ClaimFollowsPod { set: Key, claim: Key, pod: Key },
    UnhealthyCondemnedBlocked { set: Key, pod: Key, blocker: Option<Key> },
    RollingUpdateDeletes { set: Key, pod: Key, revision: String },
    RollingUpdateWaits { set: Key, pod: Key, next: Option<Key> },
    AllAtOnce { set: Key, pod: Key, ready: usize, replicas: usize },
    IsAsAsked { set: Key, replicas: usize, revision: String },
    LaboratoryIsFull { set: Key, asked: i64, pod: Key },
    HeldBackByPartition { set: Key, pod: Key, index: i64, count: usize, partition: i64, revisions: Revisions },
    OnDeleteLeavesOldRevision { set: Key, pod: Key, count: usize, revisions: Revisions },
    CompletesRollout { set: Key, revision: String },
    AdoptsPod { set: Key, pod: Key },
    ReleasesPod { set: Key, pod: Key },
    SetIsBeingDeleted { set: Key },
}

/// Who waits, and for what.
pub type Waiting = (Key, Owed);

/// The revision that a Pod has, and the one that its set's template is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Revisions {
    pub has: String,
    pub wanted: String,
}

/// What the controller owes a Pod that waits its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owed {
    /// It is to be made.
    Creation,
    /// It is to go.
    Removal,
    /// It is to be replaced: the revision that it has, and the one that is wanted.
    Update(String, String),
}

/// The four characters by which people tell revisions apart.
pub(super) fn short(revision: &str) -> &str {
    let hash = revision.rsplit('-').next().unwrap_or(revision);
    hash.get(..4).unwrap_or(hash)
}

/// The page of Kubernetes' documentation.
pub(super) const DOCS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/";

impl Explain for StatefulSetReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::WaitsForReadyPredecessor { .. }
            | Self::WaitsForAvailable { .. }
            | Self::WaitsForTermination { .. }
            | Self::AllAtOnce { .. }
            | Self::UnhealthyCondemnedBlocked { .. }
            | Self::StaleClaimBlocks { .. } => self.explain_wait(),
            Self::WaitsForName { .. }
            | Self::ClaimRefused { .. }
            | Self::PodRefused { .. }
            | Self::RepairRefused { .. }
            | Self::SyncFailsBefore { .. } => self.explain_refusal(),
            Self::BrokenPodBlocksUpdate { .. }
            | Self::RollingUpdateDeletes { .. }
            | Self::RollingUpdateWaits { .. }
            | Self::HeldBackByPartition { .. }
            | Self::OnDeleteLeavesOldRevision { .. }
            | Self::CompletesRollout { .. } => self.explain_update(),
            Self::CreatesPod { .. }
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
            | Self::AdoptsPod { .. }
            | Self::ReleasesPod { .. }
            | Self::SetIsBeingDeleted { .. } => self.explain_deed(),
        }
    }

    fn holds(&self, other: &Key, seen: &Seen<'_>) -> Option<SharedReason> {
        self.of_another_pod(other, seen).map(|reason| std::rc::Rc::new(reason) as SharedReason)
    }
}
