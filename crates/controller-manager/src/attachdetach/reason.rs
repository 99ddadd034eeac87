//! Why a volume is where it is.

use api::Key;
use client::{Explain, Explanation, Fact, FactState};

/// A reason of the attach/detach controller.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum AttachReason {
    /// A Pod of the node needs the volume.
    AttachesVolume { volume: Key, node: Key },
    /// No Pod of the node needs the volume.
    DetachesVolume { volume: Key, node: Key },
    /// Another node has the volume.
    WaitsForOtherNode { pod: Key, volume: Key, node: Key },
    /// A silent node may still write.
    KeepsAttached { node: Key },
    /// No Pod of the node needs the volume, and its driver does not let it go.
    DetachFails { volume: Key, node: Key },
    /// A silent node has had the volume for long enough.
    ForcesDetach { volume: Key, node: Key },
}

const ACCESS: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes";
const SHUTDOWN: &str = "https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#storage-force-detach-on-timeout";

const ONE_NODE: [&str; 2] = [
    "A ReadWriteOnce volume is attached to one node at a time, before a kubelet may mount it.",
    "ReadWriteOnce 卷同一时间只挂接到一个节点，挂接之后 kubelet 才能挂载。",
];
const SIX_MINUTES: [&str; 2] = [
    "A silent node may still write, so it keeps its volumes for 6 min after the Pod is gone; with the out-of-service taint they are freed at once.",
    "没有消息的节点可能还在写，所以 Pod 消失后它还占着卷 6 分钟；加了 out-of-service 污点就立刻释放。",
];

fn about(
    name: &'static str,
    subject: &Key,
    sentence: [String; 2],
    rule: [&'static str; 2],
    doc: &'static str,
) -> Explanation {
    Explanation { name, subject: subject.clone(), waits_for: None, sentence, rule, facts: Vec::new(), doc }
}

impl Explain for AttachReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::AttachesVolume { volume, node } => about(
                "AttachesVolume",
                volume,
                [
                    format!("{} is attached to {}, because a Pod there needs it.", volume.name, node.name),
                    format!("{} 挂接到 {}，因为那里有 Pod 要用它。", volume.name, node.name),
                ],
                ONE_NODE,
                ACCESS,
            ),
            Self::DetachesVolume { volume, node } => about(
                "DetachesVolume",
                volume,
                [
                    format!("{} is detached from {}, because no Pod there needs it.", volume.name, node.name),
                    format!("{} 从 {} 卸下，因为那里没有 Pod 再用它。", volume.name, node.name),
                ],
                ONE_NODE,
                ACCESS,
            ),
            Self::WaitsForOtherNode { pod, volume, node } => Explanation {
                waits_for: Some(node.clone()),
                facts: vec![Fact::new(
                    FactState::Wrong,
                    volume.clone(),
                    format!("attached to {}", node.name),
                )],
                ..about(
                    "WaitsForOtherNode",
                    pod,
                    [
                        format!("{} does not start, because {} still has its volume.", pod.name, node.name),
                        format!("{} 没有启动，因为它的卷还在 {} 上。", pod.name, node.name),
                    ],
                    SIX_MINUTES,
                    SHUTDOWN,
                )
            },
            Self::KeepsAttached { node } => about(
                "KeepsAttached",
                node,
                [
                    format!("{} keeps volumes that no Pod needs, because it is silent.", node.name),
                    format!("{} 没有消息，所以没人用的卷也还留在它上面。", node.name),
                ],
                SIX_MINUTES,
                SHUTDOWN,
            ),
            Self::DetachFails { volume, node } => about(
                "DetachFails",
                volume,
                [
                    format!(
                        "{} stays attached to {}, because its driver does not let it go.",
                        volume.name, node.name
                    ),
                    format!("{} 仍挂接在 {} 上，因为驱动卸不下来。", volume.name, node.name),
                ],
                ONE_NODE,
                ACCESS,
            ),
            Self::ForcesDetach { volume, node } => about(
                "ForcesDetach",
                volume,
                [
                    format!("{} is taken from {} by force after 6 min.", volume.name, node.name),
                    format!("6 分钟后，{} 被强行从 {} 卸下。", volume.name, node.name),
                ],
                SIX_MINUTES,
                SHUTDOWN,
            ),
        }
    }
}
