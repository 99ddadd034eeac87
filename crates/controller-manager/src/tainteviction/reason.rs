//! Why Pods leave a tainted node, or do not.

use std::time::Duration;

use api::Key;
use client::{Explain, Explanation, FactState};

/// A reason of the taint eviction controller.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum EvictionReason {
    /// The Pod may stay for a while.
    ToleratesFor { pod: Key, node: Key, stay: Duration, left: Duration },
    /// The Pod is deleted; it could stay for so many seconds.
    EvictsPod { pod: Key, node: Key, seconds: u64 },
    /// The Pod need not leave after all.
    CancelsEviction { pod: Key },
}

const EVICTIONS: &str =
    "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions";

impl Explain for EvictionReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::ToleratesFor { pod, node, stay, left } => Explanation::deed(
                "ToleratesFor",
                pod,
                [
                    format!(
                        "{} stays on {} for {} s more, then it is deleted.",
                        pod.name,
                        node.name,
                        left.as_secs()
                    ),
                    format!("{} 还能在 {} 上留 {} 秒，之后会被删除。", pod.name, node.name, left.as_secs()),
                ],
                [
                    "Every Pod tolerates an unreachable node for 300 s, unless its tolerations say otherwise. If the node comes back before, nothing happens.",
                    "没有另写容忍度的 Pod，对失联节点容忍 300 秒。节点在这之前恢复，就什么也不会发生。",
                ],
                EVICTIONS,
            )
            .waits_for(node.clone())
            .fact(
                FactState::NotYet,
                pod,
                [
                    format!("tolerationSeconds: {}, {} s left", stay.as_secs(), left.as_secs()),
                    format!("tolerationSeconds: {}，还剩 {} 秒", stay.as_secs(), left.as_secs()),
                ],
            ),
            Self::EvictsPod { pod, node, seconds } => Explanation::because(
                "EvictsPod",
                pod,
                [format!("{} is deleted", pod.name), format!("{} 被删除", pod.name)],
                [
                    format!("it tolerates the taint of {} only for {seconds} s", node.name),
                    format!("它对 {} 的污点只容忍 {seconds} 秒", node.name),
                ],
                [
                    "The deletion is graceful: only the node's kubelet can finish it. On a silent node the Pod stays Terminating.",
                    "这是优雅删除，只有那个节点的 kubelet 能完成。节点没有消息时，Pod 会一直 Terminating。",
                ],
                EVICTIONS,
            )
            .fact(
                FactState::Wrong,
                node,
                [
                    format!("{} has a NoExecute taint", node.name),
                    format!("{} 上有 NoExecute 污点", node.name),
                ],
            ),
            Self::CancelsEviction { pod } => Explanation::deed(
                "CancelsEviction",
                pod,
                [
                    format!("{} need not leave: the taint is gone in time.", pod.name),
                    format!("{} 不用离开了：污点及时去掉了。", pod.name),
                ],
                [
                    "If a node comes back before the toleration of a Pod runs out, the Pod goes on as before.",
                    "容忍时间用完之前节点恢复了，Pod 就照常运行。",
                ],
                EVICTIONS,
            ),
        }
    }
}
