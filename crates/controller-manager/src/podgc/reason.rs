//! Why Pods are removed without the help of their kubelet.

use api::Key;
use client::{Explain, Explanation, FactState};

/// A reason of the Pod garbage collector.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum PodGcReason {
    /// The Pod's node is gone.
    RemovesOrphan { pod: Key, node: Key },
    /// The Pod is being deleted and never had a node.
    RemovesUnscheduledPod { pod: Key },
    /// The Pod is being deleted on a node that is out of service.
    RemovesPodOutOfService { pod: Key, node: Key },
}

const COLLECTION: &str =
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection";
const OUT_OF_SERVICE: &str =
    "https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#non-graceful-node-shutdown";

impl Explain for PodGcReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::RemovesOrphan { pod, node } => Explanation::because(
                "RemovesOrphan",
                pod,
                [format!("{} is removed at once", pod.name), format!("{} 被立即移除", pod.name)],
                [format!("its node {} is gone", node.name), format!("它的节点 {} 已经不在了", node.name)],
                [
                    "40 s after a Node object is gone its Pods are marked Failed and removed without a kubelet.",
                    "Node 对象消失 40 秒后，它上面的 Pod 会被标为 Failed 并直接移除，不等 kubelet。",
                ],
                COLLECTION,
            )
            .fact(
                FactState::Wrong,
                node,
                [format!("Node {} does not exist", node.name), format!("Node {} 不存在", node.name)],
            ),
            Self::RemovesUnscheduledPod { pod } => Explanation::because(
                "RemovesUnscheduledPod",
                pod,
                [format!("{} is removed at once", pod.name), format!("{} 被立即移除", pod.name)],
                ["it never had a node".to_owned(), "它从来没有分到节点".to_owned()],
                [
                    "A Pod without a node has no kubelet that could end it.",
                    "没有节点的 Pod，也就没有 kubelet 来结束它。",
                ],
                COLLECTION,
            ),
            Self::RemovesPodOutOfService { pod, node } => Explanation::because(
                "RemovesPodOutOfService",
                pod,
                [format!("{} is removed at once", pod.name), format!("{} 被立即移除", pod.name)],
                [format!("{} is out of service", node.name), format!("{} 已停止服务", node.name)],
                [
                    "With the taint a person vouches that the machine is off. Terminating Pods then go without their kubelet.",
                    "加上这个污点，就是有人担保机器已经关了。正在终止的 Pod 于是不等 kubelet 就移除。",
                ],
                OUT_OF_SERVICE,
            )
            .fact(
                FactState::Wrong,
                node,
                [
                    format!("{} is NotReady and has the taint node.kubernetes.io/out-of-service", node.name),
                    format!("{} 是 NotReady，带有污点 node.kubernetes.io/out-of-service", node.name),
                ],
            ),
        }
    }
}
