//! Why nodes are marked and tainted.

use std::time::Duration;

use api::{Key, Kind};
use client::{Explain, Explanation, Fact, FactState};

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

fn about(
    name: &'static str,
    subject: &Key,
    sentence: [String; 2],
    rule: [&'static str; 2],
    doc: &'static str,
) -> Explanation {
    Explanation { name, subject: subject.clone(), waits_for: None, sentence, rule, facts: Vec::new(), doc }
}

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
    Explanation {
        facts: vec![Fact::new(
            FactState::Wrong,
            lease,
            format!("renewed {seconds} s ago, allowed are {grace} s"),
        )],
        ..about(
            "MarksNodeUnknown",
            node,
            [
                format!("{} is NotReady, because its kubelet has been silent for {seconds} s.", node.name),
                format!("{} 变成 NotReady，因为它的 kubelet 已经 {seconds} 秒没有消息。", node.name),
            ],
            [
                "A kubelet renews its Lease every 10 s. After 50 s without news nobody knows how the node is: Unknown.",
                "kubelet 每 10 秒续一次 Lease。50 秒没有消息，就没人知道节点怎样了：Unknown。",
            ],
            HEARTBEATS,
        )
    }
}

fn marks_pod(pod: &Key, node: &Key) -> Explanation {
    Explanation {
        facts: vec![Fact::new(FactState::Wrong, node.clone(), format!("{} is NotReady", node.name))],
        ..about(
            "MarksPodNotReady",
            pod,
            [
                format!(
                    "{} does not count as ready, because {} is silent. It may still run there.",
                    pod.name, node.name
                ),
                format!("{} 不再算就绪，因为 {} 没有消息。它可能还在那里运行。", pod.name, node.name),
            ],
            [
                "Only the Ready condition turns: STATUS stays Running and READY 1/1, which count what the kubelet last said.",
                "只有 Ready 条件变化：STATUS 仍是 Running，READY 仍是 1/1，那是 kubelet 最后说的。",
            ],
            NODES,
        )
    }
}

fn keeps_away(node: &Key, taint: &str) -> Explanation {
    let doc = if taint == UNSCHEDULABLE { CORDON } else { TAINTS };
    about(
        "KeepsNewPodsAway",
        node,
        [
            format!("{} takes no new Pods: taint {taint}:NoSchedule.", node.name),
            format!("{} 不再接收新的 Pod：污点 {taint}:NoSchedule。", node.name),
        ],
        [
            "What is wrong with a node, and a cordon too, is told to the scheduler as a NoSchedule taint. Pods that are there stay.",
            "节点的毛病和 cordon 都会变成 NoSchedule 污点告诉调度器。已经在上面的 Pod 不受影响。",
        ],
        doc,
    )
}

fn lets_come(node: &Key, taint: &str) -> Explanation {
    about(
        "LetsNewPodsCome",
        node,
        [
            format!("{} loses the taint {taint}:NoSchedule, because its cause is gone.", node.name),
            format!("{} 去掉了污点 {taint}:NoSchedule，因为原因已经消失。", node.name),
        ],
        [
            "A NoSchedule taint of the control plane lasts as long as the condition behind it.",
            "控制面加的 NoSchedule 污点，和背后的条件同时消失。",
        ],
        TAINTS,
    )
}

fn orders(node: &Key, taint: &str) -> Explanation {
    about(
        "OrdersEviction",
        node,
        [
            format!("The Pods of {} have to leave in time: taint {taint}:NoExecute.", node.name),
            format!("{} 上的 Pod 要按时离开：污点 {taint}:NoExecute。", node.name),
        ],
        [
            "A NoExecute taint gives each Pod as long as its toleration says: 300 s unless the Pod says otherwise.",
            "NoExecute 污点出现后，Pod 能留多久由它的容忍度决定：没写就是 300 秒。",
        ],
        TAINTS,
    )
}

fn holds_back(node: &Key) -> Explanation {
    about(
        "HoldsEvictionBack",
        node,
        [
            format!("The Pods of {} may stay for now, because other nodes have failed too.", node.name),
            format!("{} 上的 Pod 暂时可以留下，因为别的节点也出了故障。", node.name),
        ],
        [
            "One node in 10 s is emptied in each zone; in a small zone that is mostly down none is.",
            "每个可用区每 10 秒清空一个节点；小可用区大部分节点都坏了时，一个也不清。",
        ],
        NODES,
    )
}

fn stops(node: &Key) -> Explanation {
    about(
        "StopsEvictions",
        node,
        [
            "Nobody has to leave any node any more, because no node answers.".to_owned(),
            "所有节点都没有回应，于是谁也不用离开了。".to_owned(),
        ],
        [
            "If all nodes are silent, the control plane takes it that its own network is broken.",
            "如果所有节点都没有消息，控制面就认为是自己的网络坏了。",
        ],
        NODES,
    )
}

fn lifts(node: &Key) -> Explanation {
    about(
        "LiftsEviction",
        node,
        [
            format!("The Pods of {} may stay: its NoExecute taints are lifted.", node.name),
            format!("{} 上的 Pod 可以留下：NoExecute 污点已经去掉。", node.name),
        ],
        [
            "The NoExecute taint goes within 5 s of the node's return; evictions that were still ahead are cancelled.",
            "节点恢复后 5 秒之内，NoExecute 污点就会去掉；还没执行的驱逐都取消。",
        ],
        TAINTS,
    )
}
