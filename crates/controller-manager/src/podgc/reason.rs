//! Why Pods are removed without the help of their kubelet.

use api::Key;
use client::{Explain, Explanation, Fact, FactState};

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

fn about(
    name: &'static str,
    subject: &Key,
    sentence: [String; 2],
    rule: [&'static str; 2],
    doc: &'static str,
) -> Explanation {
    Explanation { name, subject: subject.clone(), waits_for: None, sentence, rule, facts: Vec::new(), doc }
}

impl Explain for PodGcReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::RemovesOrphan { pod, node } => Explanation {
                facts: vec![Fact::new(
                    FactState::Wrong,
                    node.clone(),
                    format!("Node {} does not exist", node.name),
                )],
                ..about(
                    "RemovesOrphan",
                    pod,
                    [
                        format!("{} is removed at once, because its node {} is gone.", pod.name, node.name),
                        format!("{} 被立即移除，因为它的节点 {} 已经不在了。", pod.name, node.name),
                    ],
                    [
                        "40 s after a Node object is gone its Pods are marked Failed and removed without a kubelet.",
                        "Node 对象消失 40 秒后，它的 Pod 会被标为 Failed 并直接移除，不等 kubelet。",
                    ],
                    COLLECTION,
                )
            },
            Self::RemovesUnscheduledPod { pod } => about(
                "RemovesUnscheduledPod",
                pod,
                [
                    format!("{} is removed at once, because it never had a node.", pod.name),
                    format!("{} 被立即移除，因为它从来没有分到节点。", pod.name),
                ],
                [
                    "A Pod without a node has no kubelet that could end it.",
                    "没有节点的 Pod，也就没有 kubelet 能结束它。",
                ],
                COLLECTION,
            ),
            Self::RemovesPodOutOfService { pod, node } => Explanation {
                facts: vec![Fact::new(
                    FactState::Wrong,
                    node.clone(),
                    format!("{} is NotReady and has the taint node.kubernetes.io/out-of-service", node.name),
                )],
                ..about(
                    "RemovesPodOutOfService",
                    pod,
                    [
                        format!("{} is removed at once, because {} is out of service.", pod.name, node.name),
                        format!("{} 被立即移除，因为 {} 已停止服务。", pod.name, node.name),
                    ],
                    [
                        "With the taint a person vouches that the machine is off. Terminating Pods then go without their kubelet.",
                        "加这个污点，就是有人担保机器已经关了。正在终止的 Pod 于是不等 kubelet 就消失。",
                    ],
                    OUT_OF_SERVICE,
                )
            },
        }
    }
}
