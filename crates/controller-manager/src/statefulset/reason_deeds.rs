//! What the StatefulSet controller says of what it does.

use client::{Explanation, FactState};

use super::placed::SLOTS_MAX;
use super::reason::{DOCS, StatefulSetReason, short};

const ORDER: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees";
const MANAGEMENT: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-management-policies";
const STORAGE: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage";
const HISTORY: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#revision-history";
const RETENTION: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention";

const A_REVISION: [&str; 2] = [
    "A revision is the Pod template, named by its hash. The same template is the same revision, with a newer number.",
    "修订就是 Pod 模板的一份副本，以模板的哈希命名。模板相同就是同一个修订，只是编号变大。",
];
const OWNED: [&str; 2] = [
    "A set owns the Pods whose labels match its selector and whose names are its own name with an ordinal.",
    "标签匹配选择器、名字是“集合名-序号”的 Pod，归这个 StatefulSet 所有。",
];

impl StatefulSetReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    pub(super) fn explain_deed(&self) -> Explanation {
        match self {
            Self::CreatesPod { set, pod, revision, after } => {
                let state = [format!("{} is created", pod.name), format!("创建 {}", pod.name)];
                let explanation = match after {
                    Some(after) => Explanation::because(
                        "CreatesPod",
                        pod,
                        state,
                        [format!("{} is Ready", after.name), format!("{} 已就绪", after.name)],
                        [
                            "With OrderedReady, Pods are made from the lowest ordinal up, each when the one before is Running and Ready.",
                            "OrderedReady 按序号从小到大创建 Pod，前一个 Running 且 Ready 才轮到下一个。",
                        ],
                        ORDER,
                    )
                    .fact(
                        FactState::Satisfied,
                        after,
                        [
                            format!("{} is Running and Ready", after.name),
                            format!("{} 是 Running 且 Ready", after.name),
                        ],
                    ),
                    None => Explanation::because(
                        "CreatesPod",
                        pod,
                        state,
                        ["it is missing".to_owned(), "它还不存在".to_owned()],
                        [
                            "Each ordinal of the range has its Pod. OrderedReady makes them one after the other, Parallel all at once.",
                            "范围内的每个序号都要有 Pod。OrderedReady 逐个创建，Parallel 同时创建。",
                        ],
                        MANAGEMENT,
                    ),
                };
                explanation.fact(
                    FactState::Satisfied,
                    set,
                    [
                        format!("its template is {}", short(revision)),
                        format!("它的模板是 {}", short(revision)),
                    ],
                )
            }
            Self::CreatesClaim { claim, pod, .. } => Explanation::deed(
                "CreatesClaim",
                claim,
                [
                    format!("{} is created for {pod}, before the Pod itself.", claim.name),
                    format!("创建 {pod} 之前，先为它创建申领 {}。", claim.name),
                ],
                [
                    "Each volumeClaimTemplate gives each Pod a claim of its own. A claim that exists is used as it is.",
                    "每个 volumeClaimTemplate 为每个 Pod 建一个申领；已经存在的就直接用。",
                ],
                STORAGE,
            ),
            Self::CreatesRevision { set, revision, number } => Explanation::deed(
                "CreatesRevision",
                set,
                [
                    format!("Revision {number} is recorded as {}.", short(revision)),
                    format!("模板记为第 {number} 个修订：{}。", short(revision)),
                ],
                A_REVISION,
                HISTORY,
            ),
            Self::ReusesRevision { set, revision, number } => Explanation::deed(
                "ReusesRevision",
                set,
                [
                    format!(
                        "The template is that of {} again, which becomes revision {number}.",
                        short(revision)
                    ),
                    format!("模板又回到 {}，它的编号变成 {number}。", short(revision)),
                ],
                A_REVISION,
                HISTORY,
            ),
            Self::TruncatesHistory { set, revision, limit } => Explanation::deed(
                "TruncatesHistory",
                set,
                [
                    format!("Revision {} is forgotten: history keeps {limit}.", short(revision)),
                    format!("修订 {} 不再保留：历史最多留 {limit} 个。", short(revision)),
                ],
                [
                    "Revisions that no Pod uses are kept up to revisionHistoryLimit.",
                    "没有 Pod 在用的修订，最多保留 revisionHistoryLimit 个。",
                ],
                HISTORY,
            ),
            Self::RecreatesFailedPod { pod, phase, .. } => Explanation::deed(
                "RecreatesFailedPod",
                pod,
                [
                    format!("{} is deleted, because its phase is {phase}. It comes back.", pod.name),
                    format!("删除 {}，因为它的阶段是 {phase}。之后会重建。", pod.name),
                ],
                [
                    "A Pod of a set never ends for good: one that is Failed or Succeeded is deleted and made again.",
                    "StatefulSet 的 Pod 不会就此结束：变成 Failed 或 Succeeded 的会被删除并重建。",
                ],
                DOCS,
            ),
            Self::RepairsPod { pod, .. } => Explanation::deed(
                "RepairsPod",
                pod,
                [
                    format!("{} gets its identity back.", pod.name),
                    format!("{} 的身份标识改回了原样。", pod.name),
                ],
                [
                    "Name labels, volumes and the owners of claims are checked at every sync and put back.",
                    "每次同步都会检查标识标签、卷和申领的属主，不对就改回来。",
                ],
                DOCS,
            ),
            Self::DeletesHighestCondemned { pod, .. } => Explanation::because(
                "DeletesHighestCondemned",
                pod,
                [format!("{} is deleted", pod.name), format!("删除 {}", pod.name)],
                ["its ordinal is no longer wanted".to_owned(), "不再需要这个序号".to_owned()],
                [
                    "With OrderedReady, Pods beyond the range go one at a time from the highest ordinal; with Parallel all at once.",
                    "超出范围的 Pod，OrderedReady 从最大序号起一次删一个，Parallel 同时删除。",
                ],
                ORDER,
            ),
            Self::KeepsClaimOnScaleDown { pod, .. } => Explanation::deed(
                "KeepsClaimOnScaleDown",
                pod,
                [
                    format!("The claims of {} stay: scaling down does not delete data.", pod.name),
                    format!("{} 的申领会保留：缩容不会删除数据。", pod.name),
                ],
                [
                    "The default retention policy keeps every claim. The same ordinal gets the same data back.",
                    "默认的保留策略会留下所有申领。同一个序号再回来，拿到的还是同样的数据。",
                ],
                RETENTION,
            ),
            Self::ClaimFollowsPod { claim, pod, .. } => Explanation::because(
                "ClaimFollowsPod",
                claim,
                [
                    format!("{} will go with {}", claim.name, pod.name),
                    format!("{} 会随 {} 一起删除", claim.name, pod.name),
                ],
                ["whenScaled is Delete".to_owned(), "whenScaled 是 Delete".to_owned()],
                [
                    "The claim gets the Pod as its owner; the garbage collector deletes it after the Pod.",
                    "申领的属主改成这个 Pod，Pod 删除后由垃圾回收器删除申领。",
                ],
                RETENTION,
            ),
            Self::IsAsAsked { set, replicas, revision } => {
                let sentence = match replicas {
                    0 => [
                        format!("{} is as asked: it wants no Pods.", set.name),
                        format!("{} 已经符合要求：replicas 是 0，一个 Pod 也不用有。", set.name),
                    ],
                    1 => [
                        format!("{} is as asked: its Pod is Ready.", set.name),
                        format!("{} 已经符合要求：唯一的 Pod 已就绪。", set.name),
                    ],
                    _ => [
                        format!("{} is as asked: {replicas} of {replicas} Pods are Ready.", set.name),
                        format!("{} 已经符合要求：{replicas} 个 Pod 全部就绪。", set.name),
                    ],
                };
                let rule = [
                    "The controller looks again when the set, one of its Pods or a revision changes.",
                    "StatefulSet、它的 Pod 或修订有变化时，控制器会再看一次。",
                ];
                Explanation::deed("IsAsAsked", set, sentence, rule, DOCS)
                    .quote(FactState::Satisfied, set, format!("replicas: {replicas}"))
                    .fact(
                        FactState::Satisfied,
                        set,
                        [
                            format!("the revision is {}", short(revision)),
                            format!("修订是 {}", short(revision)),
                        ],
                    )
            }
            Self::LaboratoryIsFull { set, asked, pod } => Explanation::deed(
                "LaboratoryIsFull",
                set,
                [
                    format!(
                        "{} asks for {asked} Pods. The laboratory holds {SLOTS_MAX}, so {} and those after it are not made.",
                        set.name, pod.name
                    ),
                    format!(
                        "{} 要求 {asked} 个 Pod，实验室最多容纳 {SLOTS_MAX} 个，所以从 {} 起不再创建。",
                        set.name, pod.name
                    ),
                ],
                [
                    "A real controller goes on until nodes, quotas or the API server set an end. Here the memory of a browser does, and all else goes on.",
                    "真实的控制器会一直创建，直到节点、配额或 API server 到了上限。这里的上限是浏览器的内存，其他部分照常运行。",
                ],
                DOCS,
            )
            .quote(FactState::NotYet, set, format!("replicas: {asked}")),
            Self::AdoptsPod { set, pod } => Explanation::deed(
                "AdoptsPod",
                pod,
                [
                    format!("{} is adopted by {}: its labels and its name fit.", pod.name, set.name),
                    format!("{} 收养了 {}：标签和名字都对得上。", set.name, pod.name),
                ],
                OWNED,
                DOCS,
            ),
            Self::ReleasesPod { set, pod } => Explanation::deed(
                "ReleasesPod",
                pod,
                [
                    format!("{} is released by {}: its labels no longer fit.", pod.name, set.name),
                    format!("{} 不再管理 {}：标签对不上了。", set.name, pod.name),
                ],
                OWNED,
                DOCS,
            ),
            Self::SetIsBeingDeleted { set } => Explanation::deed(
                "SetIsBeingDeleted",
                set,
                [
                    format!("{} is being deleted, so no Pod is made or changed.", set.name),
                    format!("{} 正在删除，所以不再创建或改动 Pod。", set.name),
                ],
                [
                    "While a set is being deleted, its controller only keeps the status. The garbage collector removes the Pods, all at once.",
                    "StatefulSet 正在删除时，控制器只更新状态。Pod 由垃圾回收器同时删除。",
                ],
                DOCS,
            ),
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
        }
    }
}
