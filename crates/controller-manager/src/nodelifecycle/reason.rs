//! Why nodes are marked and tainted.

use std::time::Duration;

use api::{Key, Kind};
use client::{Explain, Explanation, FactState, Outlook};

use super::{LEASES, taints::UNSCHEDULABLE};

/// A reason of the node lifecycle controller.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum NodeReason {
    /// The kubelet has not been heard of for too long.
    MarksNodeUnknown { node: Key, silent: Duration, grace: Duration },
    /// A Pod on a silent node does not count as ready.
    MarksPodNotReady { pod: Key, node: Key },
    /// A condition of the node, or its cordon, asks for a `NoSchedule` taint.
    KeepsNewPodsAway { node: Key, taint: &'static str },
    /// The cause of a `NoSchedule` taint is gone.
    LetsNewPodsCome { node: Key, taint: &'static str },
    /// The node gets a `NoExecute` taint.
    OrdersEviction { node: Key, taint: &'static str },
    /// The node ought to get a `NoExecute` taint, but it is not its zone's turn.
    HoldsEvictionBack { node: Key },
    /// No node answers.
    StopsEvictions { node: Key },
    /// The node answers again, or nobody has to leave any more.
    LiftsEviction { node: Key },
}

const NODES: &str = "https://kubernetes.io/docs/concepts/architecture/nodes/#node-controller";
const HEARTBEATS: &str = "https://kubernetes.io/docs/reference/node/node-status/#heartbeats";
const TAINTS: &str = "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/";
const CORDON: &str = "https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration";

impl Explain for NodeReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::MarksNodeUnknown { node, silent, grace } => marks_node(node, *silent, *grace),
            Self::MarksPodNotReady { pod, node } => marks_pod(pod, node),
            Self::KeepsNewPodsAway { node, taint } => keeps_away(node, taint),
            Self::LetsNewPodsCome { node, taint } => lets_come(node, taint),
            Self::OrdersEviction { node, taint } => orders(node, taint),
            Self::HoldsEvictionBack { node } => holds_back(node),
            Self::StopsEvictions { node } => stops(node),
            Self::LiftsEviction { node } => lifts(node),
        }
    }
}

fn marks_node(node: &Key, silent: Duration, grace: Duration) -> Explanation {
    let (seconds, grace) = (silent.as_secs(), grace.as_secs());
    let lease = Key::new(Kind::Lease, LEASES, node.name.as_ref());
    Explanation::because(
        "MarksNodeUnknown",
        node,
        [format!("{} is NotReady", node.name), format!("{} 变成 NotReady", node.name)],
        [
            format!("its kubelet has been silent for {seconds} s"),
            format!("它的 kubelet 已经 {seconds} 秒没有消息"),
        ],
        [
            "A kubelet renews its Lease every 10 s. After 50 s without news nobody knows how the node is: Unknown.",
            "kubelet 每 10 秒续一次 Lease。50 秒没有消息，就没人知道节点怎样了，状态记为 Unknown。",
        ],
        HEARTBEATS,
    )
    .fact(
        FactState::Wrong,
        &lease,
        [
            format!("the Lease was renewed {seconds} s ago, allowed are {grace} s"),
            format!("Lease 上次续期是 {seconds} 秒前，允许 {grace} 秒"),
        ],
    )
    .afar([format!("{} is silent", node.name), format!("{} 没有消息", node.name)])
    .outlook(Outlook::Stays)
}

fn marks_pod(pod: &Key, node: &Key) -> Explanation {
    Explanation::because(
        "MarksPodNotReady",
        pod,
        [format!("{} does not count as Ready", pod.name), format!("{} 不再算就绪", pod.name)],
        [
            format!("{} is silent; it may still run there", node.name),
            format!("{} 没有消息；它可能还在上面运行", node.name),
        ],
        [
            "Only the Ready condition turns: STATUS stays Running and READY 1/1, which count what the kubelet last said.",
            "变的只有 Ready 条件：STATUS 仍是 Running，READY 仍是 1/1，那是 kubelet 最后报告的样子。",
        ],
        NODES,
    )
    .waits_for(node.clone())
    .fact(
        FactState::Wrong,
        node,
        [format!("{} is NotReady", node.name), format!("{} 是 NotReady", node.name)],
    )
}

fn keeps_away(node: &Key, taint: &str) -> Explanation {
    let doc = if taint == UNSCHEDULABLE { CORDON } else { TAINTS };
    Explanation::deed(
        "KeepsNewPodsAway",
        node,
        [
            format!("{} takes no new Pods: taint {taint}:NoSchedule.", node.name),
            format!("{} 不再接收新的 Pod：带有污点 {taint}:NoSchedule。", node.name),
        ],
        [
            "What is wrong with a node, and a cordon too, is told to the scheduler as a NoSchedule taint. Pods that are there stay.",
            "节点出了问题，或者被 cordon，都会加上 NoSchedule 污点，告诉调度器别再往上放。已经在上面的 Pod 不受影响。",
        ],
        doc,
    )
}

fn lets_come(node: &Key, taint: &str) -> Explanation {
    Explanation::because(
        "LetsNewPodsCome",
        node,
        [
            format!("{} loses the taint {taint}:NoSchedule", node.name),
            format!("{} 去掉了污点 {taint}:NoSchedule", node.name),
        ],
        ["its cause is gone".to_owned(), "加它的原因已经消失".to_owned()],
        [
            "A NoSchedule taint of the control plane lasts as long as the condition behind it.",
            "控制面加的 NoSchedule 污点，原因消失时跟着去掉。",
        ],
        TAINTS,
    )
}

fn orders(node: &Key, taint: &str) -> Explanation {
    Explanation::deed(
        "OrdersEviction",
        node,
        [
            format!("The Pods of {} have to leave in time: taint {taint}:NoExecute.", node.name),
            format!("{} 上的 Pod 要限时离开：带有污点 {taint}:NoExecute。", node.name),
        ],
        [
            "A NoExecute taint gives each Pod as long as its toleration says: 300 s unless the Pod says otherwise.",
            "有了 NoExecute 污点，Pod 能留多久由它的容忍度决定；没写就是 300 秒。",
        ],
        TAINTS,
    )
}

fn holds_back(node: &Key) -> Explanation {
    Explanation::because(
        "HoldsEvictionBack",
        node,
        [
            format!("The Pods of {} may stay for now", node.name),
            format!("{} 上的 Pod 暂时不用离开", node.name),
        ],
        ["other nodes have failed, too".to_owned(), "别的节点也出了故障".to_owned()],
        [
            "One node in 10 s is emptied in each zone; in a small zone that is mostly down none is.",
            "每个可用区每 10 秒只清空一个节点；小可用区里大部分节点都坏了，就一个也不清。",
        ],
        NODES,
    )
}

fn stops(node: &Key) -> Explanation {
    Explanation::because(
        "StopsEvictions",
        node,
        ["Nobody has to leave any node any more".to_owned(), "现在哪个节点上的 Pod 都不用离开".to_owned()],
        ["no node answers".to_owned(), "所有节点都没有消息".to_owned()],
        [
            "If all nodes are silent, the control plane takes it that its own network is broken.",
            "如果所有节点都没有消息，控制面会认为是自己的网络断了。",
        ],
        NODES,
    )
}

fn lifts(node: &Key) -> Explanation {
    Explanation::deed(
        "LiftsEviction",
        node,
        [
            format!("The Pods of {} may stay: its NoExecute taints are lifted.", node.name),
            format!("{} 上的 Pod 可以留下：NoExecute 污点已经去掉。", node.name),
        ],
        [
            "The NoExecute taint goes within 5 s of the node's return; evictions that were still ahead are cancelled.",
            "节点恢复后 5 秒之内，NoExecute 污点就会去掉；还没执行的驱逐都会取消。",
        ],
        TAINTS,
    )
}
