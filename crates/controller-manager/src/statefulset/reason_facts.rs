//! The facts behind the StatefulSet controller's reasons, and what comes next.

use api::Key;
use client::{Fact, FactState};

use super::reason::{Owed, StatefulSetReason, Waiting, short};

/// Whether a word of Kubernetes' means a container that time alone will not start.
fn ails(word: &str) -> bool {
    word.ends_with("BackOff") || word.contains("Err") || word.starts_with("Invalid")
}

/// A Pod that waits for its new revision, as a fact.
fn outdated(waiting: Option<&Waiting>, zh: bool) -> Option<Fact> {
    let Some((pod, Owed::Update(has, wanted))) = waiting else { return None };
    let (has, wanted) = (short(has), short(wanted));
    let text = if zh {
        format!("{} 用的是 {has}，应为 {wanted}", pod.name)
    } else {
        format!("{} is on {has}, wanted {wanted}", pod.name)
    };
    Some(Fact::new(FactState::NotYet, pod.clone(), text))
}

impl StatefulSetReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    pub(super) fn facts_in(&self, zh: bool) -> Vec<Fact> {
        let is = |state, about: &Key, en: String, zh_text: String| {
            Fact::new(state, about.clone(), if zh { zh_text } else { en })
        };
        match self {
            Self::WaitsForReadyPredecessor { pod, word, waiting, .. } => {
                let state = if ails(word) { FactState::Wrong } else { FactState::NotYet };
                let read =
                    is(state, pod, format!("{} is {word}", pod.name), format!("{} 是 {word}", pod.name));
                [Some(read), outdated(waiting.as_ref(), zh)].into_iter().flatten().collect()
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
            Self::WaitsForTermination { pod, waiting, .. } => {
                let read = is(
                    FactState::NotYet,
                    pod,
                    format!("{} has a deletionTimestamp", pod.name),
                    format!("{} 有 deletionTimestamp", pod.name),
                );
                [Some(read), outdated(waiting.as_ref(), zh)].into_iter().flatten().collect()
            }
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
            | Self::LaboratoryIsFull { .. }
            | Self::SetIsBeingDeleted { .. } => Vec::new(),
        }
    }

    pub(super) fn next_in(&self, zh: bool) -> Option<String> {
        let [en, chinese] = match self {
            Self::BrokenPodBlocksUpdate { pod, wanted, .. } => stuck(&pod.name, short(wanted)),
            Self::RollingUpdateDeletes { pod, revision, .. } => [
                format!(
                    "When {} is gone it is created again from {} with the same name and the same claim.",
                    pod.name,
                    short(revision)
                ),
                format!("{} 消失后会以同样的名字和申领、用 {} 重建。", pod.name, short(revision)),
            ],
            Self::WaitsForReadyPredecessor { pod, word, .. } if ails(word) => ailing(&pod.name),
            Self::WaitsForReadyPredecessor { pod, waiting: Some((waiting, _)), .. } if waiting != pod => [
                format!("As soon as {} is Ready it is {}'s turn.", pod.name, waiting.name),
                format!("{} 一就绪，就轮到 {}。", pod.name, waiting.name),
            ],
            Self::WaitsForTermination { pod, returns: true, .. } => [
                format!("When {} is gone it is created again under the same name.", pod.name),
                format!("{} 消失后，会以同样的名字重建。", pod.name),
            ],
            Self::OnDeleteLeavesOldRevision { pod, count, .. } => [
                format!("{count} Pods are on the old revision. Delete {} to see it.", pod.name),
                format!("还有 {count} 个 Pod 是旧修订。删除 {} 试试。", pod.name),
            ],
            _ => return None,
        };
        Some(if zh { chinese } else { en })
    }
}

/// What happens next to a Pod that no sync will ever replace, in English and Chinese.
fn stuck(pod: &str, wanted: &str) -> [String; 2] {
    [
        format!(
            "Stuck for good: nothing is due that would free it. Delete {pod} (kubectl delete pod {pod}) and it comes back on {wanted}."
        ),
        format!(
            "一直卡住：后面没有任何事件能让它恢复。删除 {pod}（kubectl delete pod {pod}），它会用 {wanted} 重建。"
        ),
    ]
}

/// What happens next to a Pod whose container does not start, in English and Chinese.
fn ailing(pod: &str) -> [String; 2] {
    [
        format!(
            "The kubelet tries again and again. If the template is wrong, correct it and then delete {pod} yourself: while {pod} is not Ready, no sync gets as far as the update."
        ),
        format!(
            "kubelet 会一直重试。如果是模板写错了：先改对，再手动删除 {pod}。{pod} 没就绪，同步就走不到更新那一步。"
        ),
    ]
}
