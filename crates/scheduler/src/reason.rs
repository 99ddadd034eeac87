//! Why the scheduler did something, or waits.

use api::{Key, Kind};
use client::{Explain, Explanation, Fact, FactState};

use crate::message;
use crate::refusal::{Blocked, Refusal};

/// A reason of the scheduler.
#[derive(Debug, Clone)]
pub enum SchedulerReason {
    /// It puts a Pod on a node.
    AssignsNode {
        /// The Pod.
        pod: Key,
        /// The node.
        node: String,
        /// How many nodes fit.
        fitting: usize,
        /// How many there are.
        nodes: usize,
    },
    /// No node fits.
    NoNodeFits {
        /// The Pod.
        pod: Key,
        /// Each node with its reasons.
        refusals: Vec<(Key, Vec<Refusal>)>,
    },
    /// There is no node at all.
    NoNodes {
        /// The Pod.
        pod: Key,
    },
    /// Something about the Pod's claims keeps it from every node.
    WaitsForClaim {
        /// The Pod.
        pod: Key,
        /// What.
        why: Blocked,
    },
    /// A person or a controller has put gates before the Pod.
    WaitsForGates {
        /// The Pod.
        pod: Key,
        /// Their names.
        gates: Vec<String>,
    },
    /// It writes the chosen node on a claim, so that a volume is made there.
    SelectsNodeForClaim {
        /// The claim.
        claim: Key,
        /// The Pod.
        pod: Key,
        /// The node.
        node: String,
    },
    /// It reserves an existing volume for a claim.
    ReservesVolume {
        /// The claim.
        claim: Key,
        /// The volume.
        volume: String,
        /// The node.
        node: String,
    },
    /// The node is chosen; volumes are being bound.
    WaitsForVolumes {
        /// The Pod.
        pod: Key,
        /// The node.
        node: String,
        /// The claims that are not bound yet.
        claims: Vec<String>,
    },
    /// A Pod that is being deleted gets no node.
    SkipsDeletingPod {
        /// The Pod.
        pod: Key,
    },
    /// The decision could not be written.
    SchedulingFailed {
        /// The Pod.
        pod: Key,
        /// What the API server said.
        error: String,
    },
}

const SCHEDULER: &str = "https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/";
const ASSIGNING: &str = "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/";
const GATES: &str = "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/";
const BINDING_MODE: &str = "https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode";
const CLAIMS: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes";
const TERMINATION: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination";

impl Explain for SchedulerReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::AssignsNode { pod, node, fitting, nodes } => assigns_node(pod, node, *fitting, *nodes),
            Self::NoNodeFits { pod, refusals } => no_node_fits(pod, refusals),
            Self::NoNodes { pod } => no_nodes(pod),
            Self::WaitsForClaim { pod, why } => waits_for_claim(pod, why),
            Self::WaitsForGates { pod, gates } => waits_for_gates(pod, gates),
            Self::SelectsNodeForClaim { claim, pod, node } => selects_node(claim, pod, node),
            Self::ReservesVolume { claim, volume, node } => reserves_volume(claim, volume, node),
            Self::WaitsForVolumes { pod, node, claims } => waits_for_volumes(pod, node, claims),
            Self::SkipsDeletingPod { pod } => skips_deleting(pod),
            Self::SchedulingFailed { pod, error } => failed(pod, error),
        }
    }
}

fn node_key(name: &str) -> Key {
    Key::new(Kind::Node, "", name)
}

fn claim_key(pod: &Key, name: &str) -> Key {
    Key::new(Kind::PersistentVolumeClaim, pod.namespace.clone(), name)
}

fn assigns_node(pod: &Key, node: &str, fitting: usize, nodes: usize) -> Explanation {
    Explanation {
        name: "AssignsNode",
        subject: pod.clone(),
        waits_for: None,
        sentence: [
            format!("{} goes to {node}, the best of the {fitting} nodes that can take it.", pod.name),
            format!("{} 分到 {node}：能放它的节点有 {fitting} 个，这个得分最高。", pod.name),
        ],
        rule: [
            "Nodes that cannot take the Pod are left out; the rest get scores, and equals are decided by chance.",
            "先排除放不下这个 Pod 的节点，再给其余节点打分；分数相同时随机选一个。",
        ],
        facts: vec![Fact::new(FactState::Satisfied, node_key(node), format!("{fitting}/{nodes} nodes fit"))],
        doc: SCHEDULER,
    }
}

fn no_node_fits(pod: &Key, refusals: &[(Key, Vec<Refusal>)]) -> Explanation {
    let why = message::reasons(refusals.iter().map(|(_, refusals)| refusals));
    let total = refusals.len();
    let fact = |(node, refusals): &(Key, Vec<Refusal>)| {
        let state =
            if refusals.iter().all(Refusal::is_resolvable) { FactState::NotYet } else { FactState::Wrong };
        let texts: Vec<String> = refusals.iter().map(Refusal::text).collect();
        Fact::new(state, node.clone(), format!("{}: {}", node.name, texts.join(", ")))
    };
    Explanation {
        name: "NoNodeFits",
        subject: pod.clone(),
        waits_for: refusals.first().map(|(node, _)| node.clone()),
        sentence: [
            format!("{} has no node, because none of {total} can take it: {why}.", pod.name),
            format!("{} 没有节点可去，因为 {total} 个节点都放不下它：{why}。", pod.name),
        ],
        rule: [
            "A Pod that no node can take stays Pending until something changes that could help it.",
            "没有节点能放的 Pod 一直 Pending，直到发生可能有帮助的变化才重新调度。",
        ],
        facts: refusals.iter().map(fact).collect(),
        doc: ASSIGNING,
    }
}

fn no_nodes(pod: &Key) -> Explanation {
    Explanation {
        name: "NoNodes",
        subject: pod.clone(),
        waits_for: Some(node_key("")),
        sentence: [
            format!("{} has no node, because the cluster has none.", pod.name),
            format!("{} 没有节点可去，因为集群里一个节点也没有。", pod.name),
        ],
        rule: ["A Pod needs a node to run on.", "Pod 要有节点才能运行。"],
        facts: Vec::new(),
        doc: SCHEDULER,
    }
}

fn waits_for_claim(pod: &Key, why: &Blocked) -> Explanation {
    let claim = match why {
        Blocked::ClaimMissing(claim)
        | Blocked::ClaimLost(claim, _)
        | Blocked::ClaimDeleting(claim)
        | Blocked::ClaimUnbound(claim) => claim_key(pod, claim),
        Blocked::VolumeMissing(volume) => Key::new(Kind::PersistentVolume, "", volume.as_str()),
    };
    let (state, en, zh) = match why {
        Blocked::ClaimMissing(_) => (FactState::NotYet, "does not exist", "还不存在"),
        Blocked::ClaimLost(..) => (FactState::Wrong, "has lost its volume", "丢失了它的卷"),
        Blocked::ClaimDeleting(_) => (FactState::NotYet, "is being deleted", "正在被删除"),
        Blocked::ClaimUnbound(_) => (FactState::NotYet, "is not bound to a volume yet", "还没有绑定卷"),
        Blocked::VolumeMissing(_) => (FactState::NotYet, "is not there", "不在"),
    };
    Explanation {
        name: "WaitsForClaim",
        subject: pod.clone(),
        waits_for: Some(claim.clone()),
        sentence: [
            format!("{} has no node yet, because {} {en}.", pod.name, claim.name),
            format!("{} 还没有节点，因为 {} {zh}。", pod.name, claim.name),
        ],
        rule: [
            "A Pod is scheduled when its claims exist and are bound, or wait for its node to be chosen.",
            "Pod 的申领都存在且已绑定（或者正等着选节点），Pod 才会被调度。",
        ],
        facts: vec![Fact::new(state, claim, why.text())],
        doc: CLAIMS,
    }
}

fn waits_for_gates(pod: &Key, gates: &[String]) -> Explanation {
    let names = gates.join(", ");
    Explanation {
        name: "WaitsForGates",
        subject: pod.clone(),
        waits_for: Some(pod.clone()),
        sentence: [
            format!("{} is not scheduled, because it has scheduling gates: {names}.", pod.name),
            format!("{} 不参加调度，因为它带有调度门：{names}。", pod.name),
        ],
        rule: [
            "The scheduler leaves a Pod alone until spec.schedulingGates is empty.",
            "spec.schedulingGates 清空之前，调度器不理会这个 Pod。",
        ],
        facts: gates.iter().map(|gate| Fact::new(FactState::NotYet, pod.clone(), gate.clone())).collect(),
        doc: GATES,
    }
}

fn selects_node(claim: &Key, pod: &Key, node: &str) -> Explanation {
    Explanation {
        name: "SelectsNodeForClaim",
        subject: claim.clone(),
        waits_for: None,
        sentence: [
            format!("The volume of {} is to be made for {node}, where {} is going.", claim.name, pod.name),
            format!("{} 的卷要为 {node} 创建，因为 {} 要去那里。", claim.name, pod.name),
        ],
        rule: [
            "With WaitForFirstConsumer the scheduler writes the chosen node on the claim, and the provisioner obeys.",
            "WaitForFirstConsumer 模式下，调度器把选定的节点写到申领上，供给器照办。",
        ],
        facts: vec![Fact::new(
            FactState::Satisfied,
            claim.clone(),
            format!("{}: {node}", crate::volume::SELECTED_NODE),
        )],
        doc: BINDING_MODE,
    }
}

fn reserves_volume(claim: &Key, volume: &str, node: &str) -> Explanation {
    Explanation {
        name: "ReservesVolume",
        subject: claim.clone(),
        waits_for: None,
        sentence: [
            format!("{} gets the volume {volume}, which {node} can reach.", claim.name),
            format!("{} 得到 {node} 能访问的卷 {volume}。", claim.name),
        ],
        rule: [
            "With WaitForFirstConsumer the scheduler takes the smallest free volume that the chosen node can reach.",
            "WaitForFirstConsumer 模式下，调度器选用所选节点能访问的最小空闲卷。",
        ],
        facts: vec![Fact::new(
            FactState::Satisfied,
            Key::new(Kind::PersistentVolume, "", volume),
            format!("claimRef {}/{}", claim.namespace, claim.name),
        )],
        doc: BINDING_MODE,
    }
}

fn waits_for_volumes(pod: &Key, node: &str, claims: &[String]) -> Explanation {
    let names = claims.join(", ");
    let fact =
        |claim: &String| Fact::new(FactState::NotYet, claim_key(pod, claim), format!("{claim} is not bound"));
    Explanation {
        name: "WaitsForVolumes",
        subject: pod.clone(),
        waits_for: claims.first().map(|claim| claim_key(pod, claim)),
        sentence: [
            format!("{} will go to {node} when its volumes are bound: {names}.", pod.name),
            format!("{} 等卷绑定好就去 {node}：{names}。", pod.name),
        ],
        rule: [
            "The node is chosen first, then the volumes are bound, then the Pod is put on the node.",
            "先选节点，再绑定卷，最后把 Pod 放到节点上。",
        ],
        facts: claims.iter().map(fact).collect(),
        doc: BINDING_MODE,
    }
}

fn skips_deleting(pod: &Key) -> Explanation {
    Explanation {
        name: "SkipsDeletingPod",
        subject: pod.clone(),
        waits_for: None,
        sentence: [
            format!("{} gets no node, because it is being deleted.", pod.name),
            format!("{} 不再分配节点，因为它正在被删除。", pod.name),
        ],
        rule: ["A Pod that is being deleted is not scheduled any more.", "正在删除的 Pod 不再调度。"],
        facts: vec![Fact::new(FactState::Wrong, pod.clone(), "deletionTimestamp")],
        doc: TERMINATION,
    }
}

fn failed(pod: &Key, error: &str) -> Explanation {
    Explanation {
        name: "SchedulingFailed",
        subject: pod.clone(),
        waits_for: None,
        sentence: [
            format!("{} is not on its node yet, because writing it down failed: {error}.", pod.name),
            format!("{} 还没有放到节点上，因为写入失败：{error}。", pod.name),
        ],
        rule: [
            "A scheduling that failed with an error is repeated with growing pauses, 1 s to 10 s.",
            "调度出错后会反复重试，间隔从 1 秒增长到 10 秒。",
        ],
        facts: vec![Fact::new(FactState::Wrong, pod.clone(), error)],
        doc: SCHEDULER,
    }
}
