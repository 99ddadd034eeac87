//! Why the scheduler did something, or waits.

use api::{Key, Kind};
use client::{Explain, Explanation, FactState, Outlook};

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
    let (en, zh) = if fitting == 1 {
        ("the only node that can take it".to_owned(), "只有这个节点放得下它".to_owned())
    } else {
        (
            format!("the best of the {fitting} nodes that can take it"),
            format!("放得下它的节点有 {fitting} 个，这个得分最高"),
        )
    };
    Explanation::deed(
        "AssignsNode",
        pod,
        [format!("{} goes to {node}, {en}.", pod.name), format!("{} 分到 {node}：{zh}。", pod.name)],
        [
            "Nodes that cannot take the Pod are left out; the rest get scores, and equals are decided by chance.",
            "先排除放不下这个 Pod 的节点，再给其余节点打分；分数相同就随机选一个。",
        ],
        SCHEDULER,
    )
    .fact(
        FactState::Satisfied,
        &node_key(node),
        [
            format!("{fitting} of {nodes} nodes can take it"),
            format!("{nodes} 个节点里有 {fitting} 个放得下"),
        ],
    )
}

fn no_node_fits(pod: &Key, refusals: &[(Key, Vec<Refusal>)]) -> Explanation {
    let why = message::reasons(refusals.iter().map(|(_, refusals)| refusals));
    let total = refusals.len();
    // As preemption sees it: other Pods' end would help on a node where it is all that is missing.
    let needs_room = refusals.iter().any(|(_, refusals)| refusals.iter().all(Refusal::is_resolvable));
    let (en, zh) = match total {
        1 => ("the only node cannot take it".to_owned(), "唯一的节点放不下它".to_owned()),
        _ => (format!("none of {total} can take it"), format!("{total} 个节点都放不下它")),
    };
    let explanation = Explanation::because(
        "NoNodeFits",
        pod,
        [format!("{} has no node", pod.name), format!("{} 没有节点可去", pod.name)],
        [format!("{en}: {why}"), format!("{zh}：{why}")],
        [
            "A Pod that no node can take stays Pending until something changes that could help it.",
            "哪个节点都放不下的 Pod 会一直 Pending，直到发生可能有帮助的变化才再调度。",
        ],
        ASSIGNING,
    )
    .afar([format!("no node can take {}: {why}", pod.name), format!("没有节点放得下 {}：{why}", pod.name)])
    .outlook(if needs_room { Outlook::NeedsRoom } else { Outlook::Stays });
    refusals.iter().fold(explanation, |explanation, (node, refusals)| {
        let resolvable = refusals.iter().all(Refusal::is_resolvable);
        let state = if resolvable { FactState::NotYet } else { FactState::Wrong };
        let texts: Vec<String> = refusals.iter().map(Refusal::text).collect();
        explanation.quote(state, node, format!("{}: {}", node.name, texts.join(", ")))
    })
}

fn no_nodes(pod: &Key) -> Explanation {
    Explanation::because(
        "NoNodes",
        pod,
        [format!("{} has no node", pod.name), format!("{} 没有节点可去", pod.name)],
        ["the cluster has none".to_owned(), "集群里一个节点也没有".to_owned()],
        ["A Pod needs a node to run on.", "Pod 要有节点才能运行。"],
        SCHEDULER,
    )
    .waits_for(node_key(""))
    .outlook(Outlook::Stays)
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
        Blocked::ClaimLost(..) => (FactState::Wrong, "has lost its volume", "的卷不在了"),
        Blocked::ClaimDeleting(_) => (FactState::NotYet, "is being deleted", "正在删除"),
        Blocked::ClaimUnbound(_) => (FactState::NotYet, "is not bound to a volume yet", "还没有绑定卷"),
        Blocked::VolumeMissing(_) => (FactState::NotYet, "is not there", "不存在"),
    };
    let join = if zh.starts_with('的') { "" } else { " " };
    Explanation::because(
        "WaitsForClaim",
        pod,
        [format!("{} has no node yet", pod.name), format!("{} 还没有节点", pod.name)],
        [format!("{} {en}", claim.name), format!("{}{join}{zh}", claim.name)],
        [
            "A Pod is scheduled when its claims exist and are bound, or wait for its node to be chosen.",
            "Pod 的申领都存在并且已绑定（或者就在等它选定节点），它才会被调度。",
        ],
        CLAIMS,
    )
    .waits_for(claim.clone())
    .quote(state, &claim, why.text())
}

fn waits_for_gates(pod: &Key, gates: &[String]) -> Explanation {
    let names = gates.join(", ");
    let explanation = Explanation::because(
        "WaitsForGates",
        pod,
        [format!("{} is not scheduled", pod.name), format!("{} 暂不参加调度", pod.name)],
        [format!("it has scheduling gates: {names}"), format!("它带有调度门：{names}")],
        [
            "The scheduler leaves a Pod alone until spec.schedulingGates is empty.",
            "spec.schedulingGates 清空之前，调度器不会调度这个 Pod。",
        ],
        GATES,
    )
    .afar([
        format!("{} has scheduling gates: {names}", pod.name),
        format!("{} 带有调度门：{names}", pod.name),
    ])
    .waits_for(pod.clone())
    .outlook(Outlook::Stays);
    gates.iter().fold(explanation, |explanation, gate| explanation.quote(FactState::NotYet, pod, gate))
}

fn selects_node(claim: &Key, pod: &Key, node: &str) -> Explanation {
    Explanation::deed(
        "SelectsNodeForClaim",
        claim,
        [
            format!("The volume of {} is to be made for {node}, where {} is going.", claim.name, pod.name),
            format!("{} 要去 {node}，所以 {} 的卷要为那里创建。", pod.name, claim.name),
        ],
        [
            "With WaitForFirstConsumer the scheduler writes the chosen node on the claim, and the provisioner obeys.",
            "WaitForFirstConsumer 模式下，调度器把选定的节点写到申领上，制备器照着建卷。",
        ],
        BINDING_MODE,
    )
    .quote(FactState::Satisfied, claim, format!("{}: {node}", crate::volume::SELECTED_NODE))
}

fn reserves_volume(claim: &Key, volume: &str, node: &str) -> Explanation {
    Explanation::deed(
        "ReservesVolume",
        claim,
        [
            format!("{} gets the volume {volume}, which {node} can reach.", claim.name),
            format!("{} 得到卷 {volume}，{node} 访问得到它。", claim.name),
        ],
        [
            "With WaitForFirstConsumer the scheduler takes the smallest free volume that the chosen node can reach.",
            "WaitForFirstConsumer 模式下，调度器选用所选节点访问得到的最小空闲卷。",
        ],
        BINDING_MODE,
    )
    .quote(
        FactState::Satisfied,
        &Key::new(Kind::PersistentVolume, "", volume),
        format!("claimRef: {}/{}", claim.namespace, claim.name),
    )
}

fn waits_for_volumes(pod: &Key, node: &str, claims: &[String]) -> Explanation {
    let names = claims.join(", ");
    let explanation = Explanation::deed(
        "WaitsForVolumes",
        pod,
        [
            format!("{} will go to {node} when its volumes are bound: {names}.", pod.name),
            format!("{} 选定了 {node}，等卷绑定好就过去：{names}。", pod.name),
        ],
        [
            "The node is chosen first, then the volumes are bound, then the Pod is put on the node.",
            "先选节点，再绑定卷，最后把 Pod 放到节点上。",
        ],
        BINDING_MODE,
    );
    let explanation = match claims.first() {
        Some(claim) => explanation.waits_for(claim_key(pod, claim)),
        None => explanation,
    };
    claims.iter().fold(explanation, |explanation, claim| {
        let text = [format!("{claim} is not bound"), format!("{claim} 还没绑定")];
        explanation.fact(FactState::NotYet, &claim_key(pod, claim), text)
    })
}

fn skips_deleting(pod: &Key) -> Explanation {
    Explanation::because(
        "SkipsDeletingPod",
        pod,
        [format!("{} gets no node", pod.name), format!("{} 不再分配节点", pod.name)],
        ["it is being deleted".to_owned(), "它正在删除".to_owned()],
        ["A Pod that is being deleted is not scheduled any more.", "正在删除的 Pod 不再调度。"],
        TERMINATION,
    )
    .quote(FactState::Wrong, pod, "deletionTimestamp")
}

fn failed(pod: &Key, error: &str) -> Explanation {
    Explanation::because(
        "SchedulingFailed",
        pod,
        [format!("{} is not on its node yet", pod.name), format!("{} 还没有放到节点上", pod.name)],
        [format!("writing it down failed: {error}"), format!("调度结果没能写入 API 服务器：{error}")],
        [
            "A scheduling that failed with an error is repeated with growing pauses, 1 s to 10 s.",
            "调度出错后会反复重试，间隔从 1 秒增长到 10 秒。",
        ],
        SCHEDULER,
    )
    .quote(FactState::Wrong, pod, error)
    .outlook(Outlook::Retries)
}
