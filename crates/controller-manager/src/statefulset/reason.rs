//! Why the StatefulSet controller does what it does, and what it waits for.

use api::{Key, Kind};
use apimachinery::{Lang, Time};
use client::{Fact, FactState};

/// A rule that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the variants and their members are the documentation: each is a sentence below
pub enum Reason {
    CreatesPod { set: Key, pod: Key, revision: String, after: Option<Key> },
    CreatesClaim { set: Key, claim: Key, pod: String },
    CreatesRevision { set: Key, revision: String, number: i64 },
    ReusesRevision { set: Key, revision: String, number: i64 },
    TruncatesHistory { set: Key, revision: String, limit: usize },
    WaitsForReadyPredecessor { set: Key, pod: Key, waiting: Option<Key>, word: String },
    WaitsForAvailable { set: Key, pod: Key, waiting: Option<Key>, seconds: u64 },
    WaitsForTermination { set: Key, pod: Key, ends: Option<Time>, next: Option<Key> },
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
    HeldBackByPartition { set: Key, pod: Key, partition: i64 },
    OnDeleteLeavesOldRevision { set: Key, pod: Key, count: usize },
    CompletesRollout { set: Key, revision: String },
    AdoptsPod { set: Key, pod: Key },
    ReleasesPod { set: Key, pod: Key },
    SetIsBeingDeleted { set: Key },
}

/// The four characters by which people tell revisions apart.
fn short(revision: &str) -> &str {
    let hash = revision.rsplit('-').next().unwrap_or(revision);
    hash.get(..4).unwrap_or(hash)
}

const DOCS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/";

impl client::Reason for Reason {
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
            | Self::SetIsBeingDeleted { set } => set.clone(),
            Self::CreatesClaim { claim, .. } | Self::ClaimFollowsPod { claim, .. } => claim.clone(),
            Self::WaitsForReadyPredecessor { set, waiting, .. }
            | Self::WaitsForAvailable { set, waiting, .. } => waiting.clone().unwrap_or_else(|| set.clone()),
            Self::WaitsForTermination { set, next, .. } | Self::RollingUpdateWaits { set, next, .. } => {
                next.clone().unwrap_or_else(|| set.clone())
            }
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
            | Self::SetIsBeingDeleted { .. } => DOCS,
        }
    }
}

impl Reason {
    fn sentence_en(&self) -> String {
        match self {
            Self::CreatesPod { pod, after: Some(after), .. } => {
                format!("{} is created, because {} is Ready.", pod.name, after.name)
            }
            Self::CreatesPod { pod, after: None, .. } => {
                format!("{} is created, because it is missing.", pod.name)
            }
            Self::CreatesClaim { claim, pod, .. } => {
                format!("{} is created for {pod}, before the Pod itself.", claim.name)
            }
            Self::CreatesRevision { revision, number, .. } => {
                format!("Revision {number} is recorded as {}.", short(revision))
            }
            Self::ReusesRevision { revision, number, .. } => {
                format!("The template is that of {} again, which becomes revision {number}.", short(revision))
            }
            Self::TruncatesHistory { revision, limit, .. } => {
                format!("Revision {} is forgotten: history keeps {limit}.", short(revision))
            }
            Self::WaitsForReadyPredecessor { pod, waiting: Some(waiting), .. } if waiting != pod => {
                format!("{} is not created or changed yet, because {} is not Ready.", waiting.name, pod.name)
            }
            Self::WaitsForReadyPredecessor { set, pod, .. } => {
                format!("{} waits, because {} is not Ready.", set.name, pod.name)
            }
            Self::WaitsForAvailable { pod, waiting: Some(waiting), seconds, .. } => {
                format!("{} waits, because {} has not been Ready for {seconds} s.", waiting.name, pod.name)
            }
            Self::WaitsForAvailable { set, pod, seconds, .. } => {
                format!("{} waits, because {} has not been Ready for {seconds} s.", set.name, pod.name)
            }
            Self::WaitsForTermination { pod, next: Some(next), .. } if next != pod => {
                format!("{} waits, because {} is terminating.", next.name, pod.name)
            }
            Self::WaitsForTermination { set, pod, .. } => {
                format!("{} waits, because {} is terminating.", set.name, pod.name)
            }
            Self::WaitsForName { pod, .. } => {
                format!("{} is not created, because another Pod has its name.", pod.name)
            }
            Self::ClaimRefused { pod, why, .. } => {
                format!("{} is not created, because of its claim: {why}.", pod.name)
            }
            Self::PodRefused { pod, .. } => {
                format!("{} is not created, because the API server refuses it.", pod.name)
            }
            Self::StaleClaimBlocks { pod, .. } => {
                format!("{} is not created, because its claim still belongs to its predecessor.", pod.name)
            }
            Self::BrokenPodBlocksUpdate { pod, revision, wanted, .. } => format!(
                "{} is stuck on {} and will never get {}, because it is not Ready.",
                pod.name,
                short(revision),
                short(wanted)
            ),
            Self::RecreatesFailedPod { pod, phase, .. } => {
                format!("{} is deleted, because its phase is {phase}. It comes back.", pod.name)
            }
            Self::RepairsPod { pod, .. } => format!("{} gets its identity back.", pod.name),
            Self::DeletesHighestCondemned { pod, .. } => {
                format!("{} is deleted, because its ordinal is no longer wanted.", pod.name)
            }
            Self::KeepsClaimOnScaleDown { pod, .. } => {
                format!("The claims of {} stay: scaling down does not delete data.", pod.name)
            }
            Self::ClaimFollowsPod { claim, pod, .. } => {
                format!("{} will go with {}, because whenScaled is Delete.", claim.name, pod.name)
            }
            Self::UnhealthyCondemnedBlocked { pod, blocker: Some(blocker), .. } => {
                format!("{} is not deleted yet, because {} is not healthy.", pod.name, blocker.name)
            }
            Self::UnhealthyCondemnedBlocked { pod, .. } => {
                format!("{} is not deleted yet, because it is not healthy.", pod.name)
            }
            Self::RollingUpdateDeletes { pod, revision, .. } => {
                format!("{} is replaced, because its template is not {}.", pod.name, short(revision))
            }
            Self::IsAsAsked { set, replicas } => {
                format!("{} is as asked: {replicas} of {replicas} Pods are Ready.", set.name)
            }
            Self::RollingUpdateWaits { pod, next: Some(next), .. } => {
                format!("{} stays on the old revision, because {} is not Ready yet.", next.name, pod.name)
            }
            Self::RollingUpdateWaits { set, pod, .. } => {
                format!("{} waits for {} to become Ready.", set.name, pod.name)
            }
            Self::HeldBackByPartition { pod, partition, .. } => {
                format!("{} keeps the old revision, because it is below the partition {partition}.", pod.name)
            }
            Self::OnDeleteLeavesOldRevision { pod, .. } => {
                format!("{} keeps the old revision until somebody deletes it.", pod.name)
            }
            Self::CompletesRollout { set, revision, .. } => format!(
                "The rollout of {} is complete: {} is the current revision.",
                set.name,
                short(revision)
            ),
            Self::AdoptsPod { set, pod } => {
                format!("{} is adopted by {}: its labels and its name fit.", pod.name, set.name)
            }
            Self::ReleasesPod { set, pod } => {
                format!("{} is released by {}: its labels no longer fit.", pod.name, set.name)
            }
            Self::SetIsBeingDeleted { set } => {
                format!("{} is being deleted, so no Pod is made or changed.", set.name)
            }
        }
    }

    fn sentence_zh(&self) -> String {
        match self {
            Self::CreatesPod { pod, after: Some(after), .. } => {
                format!("创建 {}，因为 {} 已就绪。", pod.name, after.name)
            }
            Self::CreatesPod { pod, after: None, .. } => format!("创建 {}，因为它还不存在。", pod.name),
            Self::CreatesClaim { claim, pod, .. } => format!("先为 {pod} 创建 {}，再创建 Pod。", claim.name),
            Self::CreatesRevision { revision, number, .. } => {
                format!("记下第 {number} 个修订：{}。", short(revision))
            }
            Self::ReusesRevision { revision, number, .. } => {
                format!("模板又回到 {}，它成为第 {number} 个修订。", short(revision))
            }
            Self::TruncatesHistory { revision, limit, .. } => {
                format!("不再保留修订 {}：历史只留 {limit} 个。", short(revision))
            }
            Self::WaitsForReadyPredecessor { pod, waiting: Some(waiting), .. } if waiting != pod => {
                format!("{} 还没有创建或变更，因为 {} 还没就绪。", waiting.name, pod.name)
            }
            Self::WaitsForReadyPredecessor { set, pod, .. } => {
                format!("{} 在等待，因为 {} 还没就绪。", set.name, pod.name)
            }
            Self::WaitsForAvailable { pod, waiting: Some(waiting), seconds, .. } => {
                format!("{} 在等待，因为 {} 就绪还不满 {seconds} 秒。", waiting.name, pod.name)
            }
            Self::WaitsForAvailable { set, pod, seconds, .. } => {
                format!("{} 在等待，因为 {} 就绪还不满 {seconds} 秒。", set.name, pod.name)
            }
            Self::WaitsForTermination { pod, next: Some(next), .. } if next != pod => {
                format!("{} 在等待，因为 {} 正在终止。", next.name, pod.name)
            }
            Self::WaitsForTermination { set, pod, .. } => {
                format!("{} 在等待，因为 {} 正在终止。", set.name, pod.name)
            }
            Self::WaitsForName { pod, .. } => {
                format!("{} 创建不了，因为这个名字被另一个 Pod 占着。", pod.name)
            }
            Self::ClaimRefused { pod, why, .. } => format!("{} 创建不了，问题出在申领：{why}。", pod.name),
            Self::PodRefused { pod, .. } => format!("{} 创建不了，因为 API 服务器拒绝了它。", pod.name),
            Self::StaleClaimBlocks { pod, .. } => {
                format!("{} 还没有创建，因为它的申领还归上一个 Pod 所有。", pod.name)
            }
            Self::BrokenPodBlocksUpdate { pod, revision, wanted, .. } => format!(
                "{} 卡在 {}，永远等不到 {}，因为它还没就绪。",
                pod.name,
                short(revision),
                short(wanted)
            ),
            Self::RecreatesFailedPod { pod, phase, .. } => {
                format!("删除 {}，因为它的阶段是 {phase}。稍后会重建。", pod.name)
            }
            Self::RepairsPod { pod, .. } => format!("{} 的标识被改回原样。", pod.name),
            Self::DeletesHighestCondemned { pod, .. } => format!("删除 {}，因为不再需要这个序号。", pod.name),
            Self::KeepsClaimOnScaleDown { pod, .. } => format!("{} 的申领保留：缩容不会删除数据。", pod.name),
            Self::ClaimFollowsPod { claim, pod, .. } => {
                format!("{} 会随 {} 一起删除，因为 whenScaled 是 Delete。", claim.name, pod.name)
            }
            Self::UnhealthyCondemnedBlocked { pod, blocker: Some(blocker), .. } => {
                format!("{} 还不能删除，因为 {} 不健康。", pod.name, blocker.name)
            }
            Self::UnhealthyCondemnedBlocked { pod, .. } => {
                format!("{} 还不能删除，因为它自己不健康。", pod.name)
            }
            Self::RollingUpdateDeletes { pod, revision, .. } => {
                format!("替换 {}，因为它的模板还不是 {}。", pod.name, short(revision))
            }
            Self::RollingUpdateWaits { pod, next: Some(next), .. } => {
                format!("{} 仍是旧修订，因为 {} 还没就绪。", next.name, pod.name)
            }
            Self::RollingUpdateWaits { set, pod, .. } => format!("{} 在等 {} 就绪。", set.name, pod.name),
            Self::HeldBackByPartition { pod, partition, .. } => {
                format!("{} 保持旧修订，因为它在分区线 {partition} 以下。", pod.name)
            }
            Self::OnDeleteLeavesOldRevision { pod, .. } => {
                format!("{} 保持旧修订，直到有人删除它。", pod.name)
            }
            Self::CompletesRollout { set, revision, .. } => {
                format!("{} 的更新完成了：当前修订是 {}。", set.name, short(revision))
            }
            Self::AdoptsPod { set, pod } => format!("{} 收养了 {}：标签和名字都对得上。", set.name, pod.name),
            Self::ReleasesPod { set, pod } => format!("{} 放开了 {}：标签对不上了。", set.name, pod.name),
            Self::IsAsAsked { set, replicas } => {
                format!("{} 已经是要求的样子：{replicas} 个 Pod 里 {replicas} 个就绪。", set.name)
            }
            Self::SetIsBeingDeleted { set } => format!("{} 正在删除，所以不再创建或变更 Pod。", set.name),
        }
    }

    fn rule_texts(&self) -> (&'static str, &'static str) {
        match self {
            Self::CreatesPod { .. } | Self::WaitsForReadyPredecessor { .. } => (
                "With OrderedReady, Pods are handled from the lowest ordinal up, and every sync stops at the first one that is not Running and Ready.",
                "OrderedReady 按序号从小到大处理 Pod，每次同步遇到第一个没有 Running 且 Ready 的就停下。",
            ),
            Self::CreatesClaim { .. } => (
                "Each volumeClaimTemplate gives each Pod a claim of its own. A claim that exists is used as it is.",
                "每个 volumeClaimTemplate 为每个 Pod 建一个申领；已经存在的直接沿用。",
            ),
            Self::CreatesRevision { .. } | Self::ReusesRevision { .. } => (
                "A revision is the Pod template, named by its hash. The same template is the same revision, with a newer number.",
                "修订就是 Pod 模板，以模板的哈希命名。模板相同就是同一个修订，只是编号变新。",
            ),
            Self::TruncatesHistory { .. } => (
                "Revisions that no Pod uses are kept up to revisionHistoryLimit.",
                "没有 Pod 在用的修订，最多保留 revisionHistoryLimit 个。",
            ),
            Self::WaitsForAvailable { .. } => (
                "With minReadySeconds, Ready is not enough: a Pod counts when it has stayed Ready for that long.",
                "设置了 minReadySeconds 时，只 Ready 还不够，要保持这么久才算数。",
            ),
            Self::WaitsForTermination { .. } => (
                "With OrderedReady, nothing else is done while a Pod of the set is leaving: its name must be free first.",
                "OrderedReady 下，有 Pod 正在离开时不做别的事：要先等名字空出来。",
            ),
            Self::WaitsForName { .. } => (
                "A Pod's name is its identity. While another object has it, the creation is tried again with growing pauses, without an event.",
                "Pod 的名字就是它的身份。名字被占时会反复重试，间隔越来越长，也没有事件。",
            ),
            Self::ClaimRefused { .. } | Self::PodRefused { .. } => (
                "An error ends the sync. It is tried again after 5 ms, 10 ms, 20 ms and so on, up to 1000 s.",
                "出错就结束这次同步，之后以 5 毫秒、10 毫秒、20 毫秒……直到 1000 秒的间隔重试。",
            ),
            Self::StaleClaimBlocks { .. } => (
                "With whenScaled Delete, a claim goes with its Pod. The successor gets a fresh one, not the one on its way out.",
                "whenScaled 为 Delete 时，申领随 Pod 一起删除。后继者要用新的申领，而不是正在删除的那个。",
            ),
            Self::BrokenPodBlocksUpdate { .. } => (
                "With OrderedReady a sync stops at the first Pod that is not Ready, before it reaches the update step. So a broken Pod is never replaced, whatever the template says now.",
                "OrderedReady 的同步停在第一个未就绪的 Pod，走不到更新那一步。所以坏掉的 Pod 不会被替换，模板改回来也没用。",
            ),
            Self::RecreatesFailedPod { .. } => (
                "A Pod of a set never ends for good: one that is Failed or Succeeded is deleted and made again.",
                "StatefulSet 的 Pod 不会就此结束：Failed 或 Succeeded 的会被删除并重建。",
            ),
            Self::RepairsPod { .. } => (
                "Name labels, volumes and the owners of claims are checked at every sync and put back.",
                "每次同步都会检查标识标签、卷和申领的属主，不对就改回来。",
            ),
            Self::DeletesHighestCondemned { .. } | Self::UnhealthyCondemnedBlocked { .. } => (
                "With OrderedReady, Pods beyond the range go one at a time from the highest ordinal, and only while all others are healthy.",
                "OrderedReady 下，范围外的 Pod 从最大序号起一次删一个，而且其余的都要健康。",
            ),
            Self::KeepsClaimOnScaleDown { .. } => (
                "The default retention policy keeps every claim. The same ordinal gets the same data back.",
                "默认的保留策略会留下所有申领，同一个序号回来时拿到同样的数据。",
            ),
            Self::ClaimFollowsPod { .. } => (
                "The claim gets the Pod as its owner; the garbage collector deletes it after the Pod.",
                "申领的属主改成这个 Pod，Pod 删除后由垃圾回收器删除申领。",
            ),
            Self::RollingUpdateDeletes { .. } | Self::RollingUpdateWaits { .. } => (
                "A rolling update replaces one Pod at a time, from the highest ordinal down, and waits until the new one is Running and Ready.",
                "滚动更新从最大序号起一次替换一个 Pod，等新的 Running 且 Ready 才继续。",
            ),
            Self::HeldBackByPartition { .. } => (
                "Only ordinals at or above the partition are updated. A Pod below it comes back on the old revision even when it is deleted.",
                "只更新序号不小于分区的 Pod。分区以下的即使被删除，重建时仍用旧修订。",
            ),
            Self::OnDeleteLeavesOldRevision { .. } => (
                "With OnDelete the controller replaces no Pod. Delete one, and it comes back with the new template.",
                "OnDelete 下控制器不会替换 Pod。手动删除一个，它会用新模板重建。",
            ),
            Self::CompletesRollout { .. } => (
                "When every Pod carries the update revision and is Ready, it becomes the current revision.",
                "所有 Pod 都是目标修订且已就绪时，它就成为当前修订。",
            ),
            Self::AdoptsPod { .. } | Self::ReleasesPod { .. } => (
                "A set owns the Pods whose labels match its selector and whose names are its own name with an ordinal.",
                "标签匹配选择器、名字是“集合名-序号”的 Pod 归这个 StatefulSet 所有。",
            ),
            Self::IsAsAsked { .. } => (
                "The controller looks again when the set, one of its Pods or a revision changes.",
                "StatefulSet、它的 Pod 或修订有变化时，控制器会再看一次。",
            ),
            Self::SetIsBeingDeleted { .. } => (
                "While a set is being deleted, its controller only keeps the status. The garbage collector removes the Pods, all at once.",
                "StatefulSet 正在删除时，控制器只更新状态。Pod 由垃圾回收器同时删除。",
            ),
        }
    }

    fn facts_in(&self, zh: bool) -> Vec<Fact> {
        let is = |state, about: &Key, en: String, zh_text: String| {
            Fact::new(state, about.clone(), if zh { zh_text } else { en })
        };
        match self {
            Self::WaitsForReadyPredecessor { pod, word, .. } => {
                vec![is(
                    FactState::NotYet,
                    pod,
                    format!("{} is {word}", pod.name),
                    format!("{} 是 {word}", pod.name),
                )]
            }
            Self::BrokenPodBlocksUpdate { pod, revision, wanted, word, .. } => vec![
                is(
                    FactState::Wrong,
                    pod,
                    format!("{} is {word}", pod.name),
                    format!("{} 是 {word}", pod.name),
                ),
                is(
                    FactState::Wrong,
                    pod,
                    format!("{} is on {}, wanted {}", pod.name, short(revision), short(wanted)),
                    format!("{} 用的是 {}，应为 {}", pod.name, short(revision), short(wanted)),
                ),
            ],
            Self::WaitsForAvailable { pod, seconds, .. } => vec![is(
                FactState::NotYet,
                pod,
                format!("{} is Ready, but not for {seconds} s", pod.name),
                format!("{} 已就绪，但还不满 {seconds} 秒", pod.name),
            )],
            Self::WaitsForTermination { pod, .. } => vec![is(
                FactState::NotYet,
                pod,
                format!("{} has a deletionTimestamp", pod.name),
                format!("{} 有 deletionTimestamp", pod.name),
            )],
            Self::WaitsForName { pod, .. } => vec![is(
                FactState::Wrong,
                pod,
                format!("a Pod {} exists that this set does not own", pod.name),
                format!("已有一个不归它所有的 Pod {}", pod.name),
            )],
            Self::ClaimRefused { pod, why, .. } | Self::PodRefused { pod, why, .. } => {
                vec![is(FactState::Wrong, pod, why.clone(), why.clone())]
            }
            Self::RollingUpdateDeletes { pod, revision, .. } => vec![is(
                FactState::Satisfied,
                pod,
                format!("every Pod above {} is Ready on {}", pod.name, short(revision)),
                format!("{} 以上的 Pod 都已在 {} 上就绪", pod.name, short(revision)),
            )],
            Self::RollingUpdateWaits { pod, .. } => vec![is(
                FactState::NotYet,
                pod,
                format!("{} is not Ready on the new revision", pod.name),
                format!("{} 在新修订上还没就绪", pod.name),
            )],
            Self::HeldBackByPartition { pod, partition, .. } => vec![is(
                FactState::Satisfied,
                pod,
                format!("partition is {partition}"),
                format!("分区是 {partition}"),
            )],
            Self::CreatesPod { revision, after, set, .. } => {
                let mut facts = Vec::new();
                if let Some(after) = after {
                    facts.push(is(
                        FactState::Satisfied,
                        after,
                        format!("{} is Running and Ready", after.name),
                        format!("{} Running 且 Ready", after.name),
                    ));
                }
                facts.push(is(
                    FactState::Satisfied,
                    set,
                    format!("the template is {}", short(revision)),
                    format!("模板是 {}", short(revision)),
                ));
                facts
            }
            Self::UnhealthyCondemnedBlocked { blocker: Some(blocker), .. } => vec![is(
                FactState::Wrong,
                blocker,
                format!("{} is not healthy", blocker.name),
                format!("{} 不健康", blocker.name),
            )],
            Self::CreatesClaim { .. }
            | Self::CreatesRevision { .. }
            | Self::ReusesRevision { .. }
            | Self::TruncatesHistory { .. }
            | Self::StaleClaimBlocks { .. }
            | Self::RecreatesFailedPod { .. }
            | Self::RepairsPod { .. }
            | Self::DeletesHighestCondemned { .. }
            | Self::KeepsClaimOnScaleDown { .. }
            | Self::ClaimFollowsPod { .. }
            | Self::UnhealthyCondemnedBlocked { .. }
            | Self::OnDeleteLeavesOldRevision { .. }
            | Self::CompletesRollout { .. }
            | Self::AdoptsPod { .. }
            | Self::ReleasesPod { .. }
            | Self::IsAsAsked { .. }
            | Self::SetIsBeingDeleted { .. } => Vec::new(),
        }
    }

    fn next_in(&self, zh: bool) -> Option<String> {
        let text = match self {
            Self::BrokenPodBlocksUpdate { pod, wanted, .. } => {
                if zh {
                    format!(
                        "一直卡住：后面没有任何事件能让它恢复。删除 {0}（kubectl delete pod {0}），它会用 {1} 重建。",
                        pod.name,
                        short(wanted)
                    )
                } else {
                    format!(
                        "Stuck for good: nothing is due that would free it. Delete {0} (kubectl delete pod {0}) and it comes back on {1}.",
                        pod.name,
                        short(wanted)
                    )
                }
            }
            Self::RollingUpdateDeletes { pod, revision, .. } => {
                if zh {
                    format!("{} 消失后会以同样的名字和申领、用 {} 重建。", pod.name, short(revision))
                } else {
                    format!(
                        "When {} is gone it is created again from {} with the same name and the same claim.",
                        pod.name,
                        short(revision)
                    )
                }
            }
            Self::WaitsForReadyPredecessor { pod, waiting: Some(waiting), .. }
                if waiting != pod && waiting.kind == Kind::Pod =>
            {
                if zh {
                    format!("{} 一就绪，就轮到 {}。", pod.name, waiting.name)
                } else {
                    format!("As soon as {} is Ready it is {}'s turn.", pod.name, waiting.name)
                }
            }
            Self::OnDeleteLeavesOldRevision { pod, count, .. } => {
                if zh {
                    format!("还有 {count} 个 Pod 是旧修订。删除 {} 试试。", pod.name)
                } else {
                    format!("{count} Pods are on the old revision. Delete {} to see it.", pod.name)
                }
            }
            _ => return None,
        };
        Some(text)
    }
}
