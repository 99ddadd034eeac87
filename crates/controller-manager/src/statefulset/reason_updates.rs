//! What the StatefulSet controller says of an update: who is replaced, who has to wait, who stays as it is.

use client::{Both, Explanation, FactState, Outlook};

use super::reason::{StatefulSetReason, short};
use super::reason_waits::{ails, deletion, is_word, on_revision};

const ROLLING: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates";
const FORCED: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback";
const PARTITIONS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions";
const ON_DELETE: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#on-delete";

const ONE_AT_A_TIME: [&str; 2] = [
    "A rolling update replaces one Pod at a time, from the highest ordinal down, and waits until the new one is Running and Ready.",
    "滚动更新从最大序号起，一次替换一个 Pod，等新的 Running 且 Ready 才继续。",
];

/// What is ahead of a Pod that is not Ready and whose set wants another revision of it.
struct Blocked {
    state: Both,
    next: Both,
    outlook: Outlook,
    has_remedy: bool,
}

/// By Kubernetes' word for the Pod: an image that cannot be pulled stays so, a container that ended is started
/// again and may stay up, and one that starts needs time only.
fn blocked(pod: &str, has: &str, wanted: &str, word: &str) -> Blocked {
    let stays = [format!("{pod} stays on {has}"), format!("{pod} 仍是 {has}")];
    if word == "CrashLoopBackOff" || word == "Error" || word == "Running" {
        return Blocked {
            state: stays,
            next: [
                format!(
                    "If it becomes Ready, it is replaced by one on {wanted}. If it does not, delete {pod} yourself."
                ),
                format!("它一旦就绪，就会换成 {wanted}；如果一直不就绪，就手动删除 {pod}。"),
            ],
            outlook: Outlook::Retries,
            has_remedy: true,
        };
    }
    if ails(word) || word == "Unschedulable" {
        return Blocked {
            state: [
                format!("{pod} is stuck on {has} and will never get {wanted}"),
                format!("{pod} 卡在 {has}，等不到 {wanted}"),
            ],
            next: [
                format!("Delete {pod} and it comes back on {wanted}."),
                format!("删除 {pod}，它会用 {wanted} 重建。"),
            ],
            outlook: Outlook::Stays,
            has_remedy: true,
        };
    }
    Blocked {
        state: stays,
        next: [
            format!("As soon as it is Ready it is replaced by one on {wanted}."),
            format!("它一就绪，就会换成 {wanted}。"),
        ],
        outlook: Outlook::Passes,
        has_remedy: false,
    }
}

impl StatefulSetReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    pub(super) fn explain_update(&self) -> Explanation {
        match self {
            Self::BrokenPodBlocksUpdate { pod, revision, wanted, word, .. } => {
                let Blocked { state: [en, zh], next, outlook, has_remedy } =
                    blocked(&pod.name, short(revision), short(wanted), word);
                let read = if ails(word) { FactState::Wrong } else { FactState::NotYet };
                let explanation = Explanation::deed(
                    "BrokenPodBlocksUpdate",
                    pod,
                    [format!("{en}, because it is not Ready."), format!("{zh}，因为它还没就绪。")],
                    [
                        "With OrderedReady a sync stops at the first Pod that is not Ready, before it reaches the update step. So a broken Pod is never replaced, whatever the template says now.",
                        "OrderedReady 的同步停在第一个未就绪的 Pod，走不到更新那一步。所以坏掉的 Pod 不会被替换，模板改回来也没用。",
                    ],
                    FORCED,
                )
                .waits_for(pod.clone())
                .fact(read, pod, is_word(&pod.name, word))
                .fact(FactState::Wrong, pod, on_revision(pod, revision, wanted))
                .outlook(outlook)
                .next(next);
                if has_remedy { explanation.remedy(deletion(pod)) } else { explanation }
            }
            Self::RollingUpdateDeletes { pod, revision, .. } => {
                let revision = short(revision);
                Explanation::because(
                    "RollingUpdateDeletes",
                    pod,
                    [format!("{} is replaced", pod.name), format!("替换 {}", pod.name)],
                    [format!("its template is not {revision}"), format!("它的模板还不是 {revision}")],
                    ONE_AT_A_TIME,
                    ROLLING,
                )
                .fact(
                    FactState::Satisfied,
                    pod,
                    [
                        format!("every Pod above {} is Ready on {revision}", pod.name),
                        format!("{} 以上的 Pod 都已用 {revision} 就绪", pod.name),
                    ],
                )
                .then([
                    format!("When {} is gone it is created again from {revision} with the same name and the same claim.", pod.name),
                    format!("{} 消失后，会用 {revision} 重建，名字和申领都不变。", pod.name),
                ])
            }
            Self::RollingUpdateWaits { set, pod, next } => {
                let state = match next {
                    Some(next) => [
                        format!("{} stays on the old revision", next.name),
                        format!("{} 仍是旧修订", next.name),
                    ],
                    None => [
                        format!("The update of {} is not complete", set.name),
                        format!("{} 的更新还没完成", set.name),
                    ],
                };
                let explanation = Explanation::because(
                    "RollingUpdateWaits",
                    next.as_ref().unwrap_or(set),
                    state,
                    [format!("{} is not Ready yet", pod.name), format!("{} 还没就绪", pod.name)],
                    ONE_AT_A_TIME,
                    ROLLING,
                )
                .waits_for(pod.clone())
                .fact(
                    FactState::NotYet,
                    pod,
                    [
                        format!("{} is not Ready on the new revision", pod.name),
                        format!("{} 换成新修订后还没就绪", pod.name),
                    ],
                );
                match next {
                    Some(next) => explanation.then([
                        format!("As soon as {} is Ready it is {}'s turn.", pod.name, next.name),
                        format!("{} 一就绪，就轮到 {}。", pod.name, next.name),
                    ]),
                    None => explanation,
                }
            }
            Self::HeldBackByPartition { set, pod, index, count, partition, revisions } => {
                let (has, wanted) = (short(&revisions.has), short(&revisions.wanted));
                let (subject, state, cause) = if *count == 1 {
                    let state = [format!("{} stays on {has}", pod.name), format!("{} 仍是 {has}", pod.name)];
                    let cause = [
                        format!("it is below the partition {partition}"),
                        format!("它在分区线 {partition} 以下"),
                    ];
                    (pod, state, cause)
                } else {
                    let state = [
                        format!("{count} Pods of {} stay on an older revision", set.name),
                        format!("{} 有 {count} 个 Pod 仍是旧修订", set.name),
                    ];
                    let cause = [
                        format!("they are below the partition {partition}"),
                        format!("它们在分区线 {partition} 以下"),
                    ];
                    (set, state, cause)
                };
                Explanation::because(
                    "HeldBackByPartition",
                    subject,
                    state,
                    cause,
                    [
                        "Only ordinals at or above the partition are updated. A Pod below it comes back on the old revision even when it is deleted.",
                        "只更新序号不小于分区的 Pod。分区以下的即使被删除，重建时也仍用旧修订。",
                    ],
                    PARTITIONS,
                )
                .fact(
                    FactState::Satisfied,
                    pod,
                    [
                        format!("the first {partition} Pods are below the partition, {} is one of them", pod.name),
                        format!("前 {partition} 个 Pod 在分区线以下，{} 也在其中", pod.name),
                    ],
                )
                .fact(FactState::Satisfied, pod, on_revision(pod, &revisions.has, &revisions.wanted))
                .next([
                    format!("{} gets {wanted} only when the partition is lowered to {index}.", pod.name),
                    format!("把分区降到 {index}，{} 才会换成 {wanted}。", pod.name),
                ])
            }
            Self::OnDeleteLeavesOldRevision { set, pod, count, revisions } => {
                let (has, wanted) = (short(&revisions.has), short(&revisions.wanted));
                let [it, ta] = if *count == 1 { ["it", "它"] } else { ["them", "它们"] };
                let (subject, state) = if *count == 1 {
                    (pod, [format!("{} stays on {has}", pod.name), format!("{} 仍是 {has}", pod.name)])
                } else {
                    let state = [
                        format!("{count} Pods of {} stay on an older revision", set.name),
                        format!("{} 有 {count} 个 Pod 仍是旧修订", set.name),
                    ];
                    (set, state)
                };
                Explanation::because(
                    "OnDeleteLeavesOldRevision",
                    subject,
                    state,
                    [
                        format!("the update strategy is OnDelete and nobody has deleted {it}"),
                        format!("更新策略是 OnDelete，而没有谁删除{ta}"),
                    ],
                    [
                        "With OnDelete the controller replaces no Pod. Delete one, and it comes back with the new template.",
                        "OnDelete 下控制器不会替换 Pod。手动删除一个，它会用新模板重建。",
                    ],
                    ON_DELETE,
                )
                .fact(FactState::Satisfied, pod, on_revision(pod, &revisions.has, &revisions.wanted))
                .next([
                    format!("Delete {}, and it comes back on {wanted}.", pod.name),
                    format!("删除 {}，它会用 {wanted} 重建。", pod.name),
                ])
            }
            Self::CompletesRollout { set, revision } => Explanation::deed(
                "CompletesRollout",
                set,
                [
                    format!(
                        "The rollout of {} is complete: {} is the current revision.",
                        set.name,
                        short(revision)
                    ),
                    format!("{} 的更新完成了：当前修订是 {}。", set.name, short(revision)),
                ],
                [
                    "When every Pod carries the update revision and is Ready, it becomes the current revision.",
                    "所有 Pod 都换成更新修订并且就绪，它就成为当前修订。",
                ],
                ROLLING,
            ),
            other => other.explain_deed(),
        }
    }
}
