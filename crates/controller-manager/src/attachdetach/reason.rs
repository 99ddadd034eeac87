//! Why a volume is where it is.

use api::Key;
use client::{Explain, Explanation, FactState, Outlook};

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
    "ReadWriteOnce 卷同一时间只能挂接到一个节点，挂接好之后 kubelet 才能挂载。",
];
const SIX_MINUTES: [&str; 2] = [
    "A silent node may still write, so it keeps its volumes for 6 min after the Pod is gone; with the out-of-service taint they are freed at once.",
    "失联的节点可能还在写，所以 Pod 消失后它还占着卷 6 分钟；加上 out-of-service 污点就会立刻释放。",
];

impl Explain for AttachReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::AttachesVolume { volume, node } => Explanation::because(
                "AttachesVolume",
                volume,
                [
                    format!("{} is attached to {}", volume.name, node.name),
                    format!("{} 挂接到 {}", volume.name, node.name),
                ],
                ["a Pod there needs it".to_owned(), "那里有 Pod 要用它".to_owned()],
                ONE_NODE,
                ACCESS,
            ),
            Self::DetachesVolume { volume, node } => Explanation::because(
                "DetachesVolume",
                volume,
                [
                    format!("{} is detached from {}", volume.name, node.name),
                    format!("{} 从 {} 卸下", volume.name, node.name),
                ],
                ["no Pod there needs it".to_owned(), "那里没有 Pod 再用它".to_owned()],
                ONE_NODE,
                ACCESS,
            ),
            Self::WaitsForOtherNode { pod, volume, node } => Explanation::because(
                "WaitsForOtherNode",
                pod,
                [format!("{} does not start", pod.name), format!("{} 还没有启动", pod.name)],
                [format!("{} still has its volume", node.name), format!("它的卷还挂在 {} 上", node.name)],
                SIX_MINUTES,
                SHUTDOWN,
            )
            .waits_for(node.clone())
            .fact(
                FactState::Wrong,
                volume,
                [
                    format!("{} is attached to {}", volume.name, node.name),
                    format!("{} 挂接在 {} 上", volume.name, node.name),
                ],
            )
            .afar([
                format!("{} still has the volume of {}", node.name, pod.name),
                format!("{} 的卷还挂在 {} 上", pod.name, node.name),
            ])
            .outlook(Outlook::Retries),
            Self::KeepsAttached { node } => Explanation::because(
                "KeepsAttached",
                node,
                [
                    format!("{} keeps volumes that no Pod needs", node.name),
                    format!("没有 Pod 再用的卷还挂在 {} 上", node.name),
                ],
                ["it is silent".to_owned(), "这个节点没有消息".to_owned()],
                SIX_MINUTES,
                SHUTDOWN,
            ),
            Self::DetachFails { volume, node } => Explanation::deed(
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
            Self::ForcesDetach { volume, node } => Explanation::deed(
                "ForcesDetach",
                volume,
                [
                    format!("{} is taken from {} by force after 6 min.", volume.name, node.name),
                    format!("6 分钟已到，{} 被强制从 {} 卸下。", volume.name, node.name),
                ],
                SIX_MINUTES,
                SHUTDOWN,
            ),
        }
    }
}
