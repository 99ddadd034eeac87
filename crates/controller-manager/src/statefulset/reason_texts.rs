//! The sentences and rules of the StatefulSet controller's reasons, in both languages.

use api::Key;

use super::placed::SLOTS_MAX;
use super::reason::{Owed, StatefulSetReason, Waiting, short};

/// The sentence of who waits because `pod` is as `is` says.
fn waits_en(set: &Key, waiting: Option<&Waiting>, pod: &Key, is: &str) -> String {
    let (who, how) = match waiting.filter(|(who, _)| who != pod) {
        Some((who, Owed::Creation)) => (who, "is not created yet"),
        Some((who, Owed::Removal)) => (who, "is not deleted yet"),
        Some((who, Owed::Update(..))) => (who, "stays on the old revision"),
        None => (set, "waits"),
    };
    format!("{} {how}, because {} {is}.", who.name, pod.name)
}

fn waits_zh(set: &Key, waiting: Option<&Waiting>, pod: &Key, is: &str) -> String {
    let (who, how) = match waiting.filter(|(who, _)| who != pod) {
        Some((who, Owed::Creation)) => (who, "还没有创建"),
        Some((who, Owed::Removal)) => (who, "还没有删除"),
        Some((who, Owed::Update(..))) => (who, "仍是旧修订"),
        None => (set, "在等待"),
    };
    format!("{} {how}，因为 {}{is}。", who.name, pod.name)
}

impl StatefulSetReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    pub(super) fn sentence_en(&self) -> String {
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
            Self::WaitsForReadyPredecessor { set, pod, waiting, .. } => {
                waits_en(set, waiting.as_ref(), pod, "is not Ready")
            }
            Self::WaitsForAvailable { set, pod, waiting, seconds, .. } => {
                waits_en(set, waiting.as_ref(), pod, &format!("has not been Ready for {seconds} s"))
            }
            Self::WaitsForTermination { set, pod, waiting, .. } => {
                waits_en(set, waiting.as_ref(), pod, "is terminating")
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
            Self::LaboratoryIsFull { set, asked, pod } => format!(
                "{} asks for {asked} Pods. The laboratory holds {SLOTS_MAX}, so {} and those after it are not made.",
                set.name, pod.name
            ),
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

    pub(super) fn sentence_zh(&self) -> String {
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
            Self::WaitsForReadyPredecessor { set, pod, waiting, .. } => {
                waits_zh(set, waiting.as_ref(), pod, " 还没就绪")
            }
            Self::WaitsForAvailable { set, pod, waiting, seconds, .. } => {
                waits_zh(set, waiting.as_ref(), pod, &format!(" 就绪还不满 {seconds} 秒"))
            }
            Self::WaitsForTermination { set, pod, waiting, .. } => {
                waits_zh(set, waiting.as_ref(), pod, " 正在终止")
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
            Self::LaboratoryIsFull { set, asked, pod } => format!(
                "{} 要求 {asked} 个 Pod，实验室最多容纳 {SLOTS_MAX} 个，所以从 {} 起不再创建。",
                set.name, pod.name
            ),
            Self::SetIsBeingDeleted { set } => format!("{} 正在删除，所以不再创建或变更 Pod。", set.name),
        }
    }

    pub(super) fn rule_texts(&self) -> (&'static str, &'static str) {
        match self {
            Self::WaitsForReadyPredecessor { waiting: Some((_, Owed::Update(..))), .. }
            | Self::WaitsForTermination { waiting: Some((_, Owed::Update(..))), .. } => (
                "A rolling update replaces one Pod at a time, from the highest ordinal down. With OrderedReady, a sync that meets a Pod that is not Running and Ready stops there, before the update.",
                "滚动更新从最大序号起一次替换一个 Pod。OrderedReady 的同步遇到没有 Running 且 Ready 的 Pod 就停下，走不到更新那一步。",
            ),
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
            Self::LaboratoryIsFull { .. } => (
                "A real controller goes on until nodes, quotas or the API server set an end. Here the memory of a browser does, and all else goes on.",
                "真实的控制器会一直创建，直到节点、配额或 API server 到了上限。这里的上限是浏览器的内存，其他部分照常运行。",
            ),
            Self::SetIsBeingDeleted { .. } => (
                "While a set is being deleted, its controller only keeps the status. The garbage collector removes the Pods, all at once.",
                "StatefulSet 正在删除时，控制器只更新状态。Pod 由垃圾回收器同时删除。",
            ),
        }
    }
}
