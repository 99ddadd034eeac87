//! Why the StatefulSet controller does what it does, and what it waits for.

use api::Key;
use apimachinery::Lang;
use client::Fact;

/// A rule that was applied by the StatefulSet controller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the variants and their members are the documentation: each is a sentence below
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
    StaleClaimBlocks { set: Key, pod: Key },
    BrokenPodBlocksUpdate { set: Key, pod: Key, revision: String, wanted: String, word: String },
    RecreatesFailedPod { set: Key, pod: Key, phase: String },
    RepairsPod { set: Key, pod: Key },
    DeletesHighestCondemned { set: Key, pod: Key },
    KeepsClaimOnScaleDown { set: Key, pod: Key },
    ClaimFollowsPod { set: Key, claim: Key, pod: Key },
    UnhealthyCondemnedBlocked { set: Key, pod: Key, blocker: Option<Key> },
    RollingUpdateDeletes { set: Key, pod: Key, revision: String },
    RollingUpdateWaits { set: Key, pod: Key, next: Option<Key> },
    IsAsAsked { set: Key, replicas: usize },
    LaboratoryIsFull { set: Key, asked: i64, pod: Key },
    HeldBackByPartition { set: Key, pod: Key, partition: i64 },
    OnDeleteLeavesOldRevision { set: Key, pod: Key, count: usize },
    CompletesRollout { set: Key, revision: String },
    AdoptsPod { set: Key, pod: Key },
    ReleasesPod { set: Key, pod: Key },
    SetIsBeingDeleted { set: Key },
}

/// Who waits, and for what.
pub type Waiting = (Key, Owed);

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

const DOCS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/";

impl client::Reason for StatefulSetReason {
    fn name(&self) -> &'static str {
        match self {
            Self::CreatesPod { .. } => "CreatesPod",
            Self::CreatesClaim { .. } => "CreatesClaim",
            Self::CreatesRevision { .. } => "CreatesRevision",
            Self::ReusesRevision { .. } => "ReusesRevision",
            Self::TruncatesHistory { .. } => "TruncatesHistory",
            Self::WaitsForReadyPredecessor { .. } => "WaitsForReadyPredecessor",
            Self::WaitsForAvailable { .. } => "WaitsForAvailable",
            Self::WaitsForTermination { .. } => "WaitsForTermination",
            Self::WaitsForName { .. } => "WaitsForName",
            Self::ClaimRefused { .. } => "ClaimRefused",
            Self::PodRefused { .. } => "PodRefused",
            Self::StaleClaimBlocks { .. } => "StaleClaimBlocks",
            Self::BrokenPodBlocksUpdate { .. } => "BrokenPodBlocksUpdate",
            Self::RecreatesFailedPod { .. } => "RecreatesFailedPod",
            Self::RepairsPod { .. } => "RepairsPod",
            Self::DeletesHighestCondemned { .. } => "DeletesHighestCondemned",
            Self::KeepsClaimOnScaleDown { .. } => "KeepsClaimOnScaleDown",
            Self::ClaimFollowsPod { .. } => "ClaimFollowsPod",
            Self::UnhealthyCondemnedBlocked { .. } => "UnhealthyCondemnedBlocked",
            Self::RollingUpdateDeletes { .. } => "RollingUpdateDeletes",
            Self::RollingUpdateWaits { .. } => "RollingUpdateWaits",
            Self::IsAsAsked { .. } => "IsAsAsked",
            Self::LaboratoryIsFull { .. } => "LaboratoryIsFull",
            Self::HeldBackByPartition { .. } => "HeldBackByPartition",
            Self::OnDeleteLeavesOldRevision { .. } => "OnDeleteLeavesOldRevision",
            Self::CompletesRollout { .. } => "CompletesRollout",
            Self::AdoptsPod { .. } => "AdoptsPod",
            Self::ReleasesPod { .. } => "ReleasesPod",
            Self::SetIsBeingDeleted { .. } => "SetIsBeingDeleted",
        }
    }

    fn subject(&self) -> Key {
        match self {
            Self::CreatesRevision { set, .. }
            | Self::ReusesRevision { set, .. }
            | Self::TruncatesHistory { set, .. }
            | Self::CompletesRollout { set, .. }
            | Self::IsAsAsked { set, .. }
            | Self::LaboratoryIsFull { set, .. }
            | Self::SetIsBeingDeleted { set } => set.clone(),
            Self::CreatesClaim { claim, .. } | Self::ClaimFollowsPod { claim, .. } => claim.clone(),
            Self::WaitsForReadyPredecessor { set, waiting, .. }
            | Self::WaitsForAvailable { set, waiting, .. }
            | Self::WaitsForTermination { set, waiting, .. } => {
                waiting.as_ref().map_or(set, |(pod, _)| pod).clone()
            }
            Self::RollingUpdateWaits { set, next, .. } => next.as_ref().unwrap_or(set).clone(),
            Self::CreatesPod { pod, .. }
            | Self::WaitsForName { pod, .. }
            | Self::ClaimRefused { pod, .. }
            | Self::PodRefused { pod, .. }
            | Self::StaleClaimBlocks { pod, .. }
            | Self::BrokenPodBlocksUpdate { pod, .. }
            | Self::RecreatesFailedPod { pod, .. }
            | Self::RepairsPod { pod, .. }
            | Self::DeletesHighestCondemned { pod, .. }
            | Self::KeepsClaimOnScaleDown { pod, .. }
            | Self::UnhealthyCondemnedBlocked { pod, .. }
            | Self::RollingUpdateDeletes { pod, .. }
            | Self::HeldBackByPartition { pod, .. }
            | Self::OnDeleteLeavesOldRevision { pod, .. }
            | Self::AdoptsPod { pod, .. }
            | Self::ReleasesPod { pod, .. } => pod.clone(),
        }
    }

    fn waits_for(&self) -> Option<Key> {
        match self {
            Self::WaitsForReadyPredecessor { pod, .. }
            | Self::WaitsForAvailable { pod, .. }
            | Self::WaitsForTermination { pod, .. }
            | Self::WaitsForName { pod, .. }
            | Self::RollingUpdateWaits { pod, .. }
            | Self::BrokenPodBlocksUpdate { pod, .. }
            | Self::ClaimRefused { pod, .. }
            | Self::PodRefused { pod, .. }
            | Self::StaleClaimBlocks { pod, .. } => Some(pod.clone()),
            Self::UnhealthyCondemnedBlocked { pod, blocker, .. } => {
                Some(blocker.clone().unwrap_or_else(|| pod.clone()))
            }
            Self::HeldBackByPartition { .. }
            | Self::OnDeleteLeavesOldRevision { .. }
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
            | Self::RollingUpdateDeletes { .. }
            | Self::CompletesRollout { .. }
            | Self::AdoptsPod { .. }
            | Self::ReleasesPod { .. }
            | Self::IsAsAsked { .. }
            | Self::LaboratoryIsFull { .. }
            | Self::SetIsBeingDeleted { .. } => None,
        }
    }

    fn sentence(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.sentence_en(),
            Lang::ZhCn => self.sentence_zh(),
        }
    }

    fn rule(&self, lang: Lang) -> String {
        let (en, zh) = self.rule_texts();
        match lang {
            Lang::En => en.to_owned(),
            Lang::ZhCn => zh.to_owned(),
        }
    }

    fn facts(&self, lang: Lang) -> Vec<Fact> {
        self.facts_in(lang == Lang::ZhCn)
    }

    fn next(&self, lang: Lang) -> Option<String> {
        self.next_in(lang == Lang::ZhCn)
    }

    fn remedy(&self) -> Option<String> {
        let Self::BrokenPodBlocksUpdate { pod, .. } = self else { return None };
        let namespace = match &*pod.namespace {
            "default" => String::new(),
            other => format!(" -n {other}"),
        };
        Some(format!("kubectl delete pod {}{namespace}", pod.name))
    }

    fn doc(&self) -> &'static str {
        match self {
            Self::BrokenPodBlocksUpdate { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback"
            }
            Self::HeldBackByPartition { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions"
            }
            Self::RollingUpdateDeletes { .. }
            | Self::RollingUpdateWaits { .. }
            | Self::WaitsForReadyPredecessor { waiting: Some((_, Owed::Update(..))), .. }
            | Self::WaitsForTermination { waiting: Some((_, Owed::Update(..))), .. }
            | Self::CompletesRollout { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates"
            }
            Self::OnDeleteLeavesOldRevision { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#on-delete"
            }
            Self::KeepsClaimOnScaleDown { .. }
            | Self::ClaimFollowsPod { .. }
            | Self::StaleClaimBlocks { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention"
            }
            Self::WaitsForReadyPredecessor { .. }
            | Self::WaitsForTermination { .. }
            | Self::DeletesHighestCondemned { .. }
            | Self::UnhealthyCondemnedBlocked { .. }
            | Self::CreatesPod { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees"
            }
            Self::CreatesClaim { .. } | Self::ClaimRefused { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage"
            }
            Self::WaitsForAvailable { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#minimum-ready-seconds"
            }
            Self::CreatesRevision { .. } | Self::ReusesRevision { .. } | Self::TruncatesHistory { .. } => {
                "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#revision-history"
            }
            Self::WaitsForName { .. }
            | Self::PodRefused { .. }
            | Self::RecreatesFailedPod { .. }
            | Self::RepairsPod { .. }
            | Self::AdoptsPod { .. }
            | Self::ReleasesPod { .. }
            | Self::IsAsAsked { .. }
            | Self::LaboratoryIsFull { .. }
            | Self::SetIsBeingDeleted { .. } => DOCS,
        }
    }
}
