//! Situations that no component gives a reason for, since none of them sees all of it.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Lang;
use apimachinery::value::ValueExt;
use client::{Both, Explain, Explanation, FactState, Outlook, SharedReason};

use super::view::View;

/// What can be seen.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each is a sentence below
pub(super) enum Situation {
    WaitsForNextLook { claim: Key, missing: Key, at: String },
    SilentNodeKeepsPod { pod: Key, node: Key },
    SilentNodeHasPod { pod: Key, node: Key, asked: Option<String> },
    NobodyKnowsYet { pod: Key, node: Key },
    ReadinessTaken { pod: Key },
    NameIsFree { pod: Key, set: Key, at: String },
    NotAskedFor { pod: Key, set: Key, start: i64, replicas: i64 },
    ManyWait { set: Key, count: usize, cause: Both, room: Option<(Key, String)>, outlook: Outlook },
}

const CLASSES: &str = "https://kubernetes.io/docs/concepts/storage/storage-classes/";
const FORCE: &str = "https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/";
const NODES: &str = "https://kubernetes.io/docs/concepts/architecture/nodes/#node-controller";
const HEARTBEATS: &str = "https://kubernetes.io/docs/reference/node/node-status/#heartbeats";
const READINESS: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes";
const SCALING: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees";
const STATEFULSET: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/";

impl Situation {
    /// That `count` Pods of a set are in the same place, with the cause of one of them.
    pub(super) fn many(view: &View<'_>, set: &Object, count: usize, root: &SharedReason) -> Self {
        let cause = [Lang::En, Lang::ZhCn]
            .map(|lang| root.clauses(lang).map_or_else(|| root.sentence(lang), |clauses| clauses.afar));
        let room = (root.name() == "NoNodeFits").then(|| room(view)).flatten();
        let why = |cause: &str, at: &str| {
            cause.split_once(at).map_or_else(String::new, |(_, why)| format!("{at}{why}"))
        };
        let cause = match (&room, root.name()) {
            (Some((_, pods)), _) => [
                format!("no node has room for them: {pods} a node"),
                format!("没有节点放得下它们：一个节点最多 {pods} 个"),
            ],
            (None, "NoNodeFits") => {
                let [en, zh] = &cause;
                [
                    format!("no node can take them{}", why(en, ": ")),
                    format!("没有节点放得下它们{}", why(zh, "：")),
                ]
            }
            (None, _) => cause,
        };
        Self::ManyWait { set: set.key(), count, cause, room, outlook: root.outlook() }
    }
}

/// A node that has as many Pods as it may have, and how many that are.
fn room(view: &View<'_>) -> Option<(Key, String)> {
    let nodes: Vec<&Rc<Object>> = view.store().list(Kind::Node, "").collect();
    let mut full = nodes.into_iter().filter_map(|node| {
        let most = node.status().str_at(&["allocatable", "pods"]).parse::<usize>().ok()?;
        let pods = view.store().list(Kind::Pod, "").filter(|pod| Pod(pod).node_name() == node.metadata.name);
        (pods.count() >= most).then(|| (node.key(), most.to_string()))
    });
    full.next()
}

impl Explain for Situation {
    #[allow(clippy::too_many_lines)] // a table: one arm a situation
    fn explain(&self) -> Explanation {
        match self {
            Self::WaitsForNextLook { claim, missing, at } => Explanation::because(
                "WaitsForNextLook",
                claim,
                [format!("{} has no volume yet", claim.name), format!("{} 还没有卷", claim.name)],
                [
                    format!("the volume controller has not looked at {} since {} appeared", claim.name, missing.name),
                    format!("{} 出现之后，卷控制器还没有再看 {}", missing.name, claim.name),
                ],
                [
                    "The volume controller looks at waiting claims every 15 s. A new StorageClass or volume makes nobody look earlier.",
                    "卷控制器每 15 秒看一次等待中的申领。新建 StorageClass 或卷，不会让它提前来看。",
                ],
                CLASSES,
            )
            .fact(
                FactState::Satisfied,
                missing,
                [
                    format!("{} {} is there now", missing.kind.info().name, missing.name),
                    format!("{} {} 已经有了", missing.kind.info().name, missing.name),
                ],
            )
            .next([
                format!("The volume controller looks every 15 s, next at {at}."),
                format!("卷控制器每 15 秒看一次，下一次在 {at}。"),
            ])
            .outlook(Outlook::Retries),
            Self::SilentNodeKeepsPod { pod, node } => Explanation::because(
                "SilentNodeKeepsPod",
                pod,
                [format!("{} is not created again", pod.name), format!("{} 没有重建", pod.name)],
                [
                    format!("the old one may still be running on {}", node.name),
                    format!("旧的那个可能还在 {} 上运行", node.name),
                ],
                [
                    "At most one Pod per ordinal. Only the node's kubelet can say that the old Pod has ended, and it is silent.",
                    "同一个序号最多一个 Pod。旧 Pod 是否结束，只有那个节点的 kubelet 能确认，而它没有消息。",
                ],
                FORCE,
            )
            .afar([
                format!("{} may still be running on {}, which is silent", pod.name, node.name),
                format!("{} 可能还在失联的 {} 上运行", pod.name, node.name),
            ])
            .fact(
                FactState::NotYet,
                pod,
                [
                    format!("{} has a deletionTimestamp, and its object is still there", pod.name),
                    format!("{} 带有 deletionTimestamp，但对象还在", pod.name),
                ],
            )
            .fact(FactState::Wrong, node, not_ready(node))
            .outlook(Outlook::Stays)
            .next([
                format!(
                    "When {} has power again, its kubelet reports the end. Only if the machine is really off: kubectl delete pod {} --force.",
                    node.name, pod.name
                ),
                format!(
                    "{} 恢复供电后，kubelet 会报告旧 Pod 已结束。确定机器真的关了，才用 kubectl delete pod {} --force。",
                    node.name, pod.name
                ),
            ]),
            Self::SilentNodeHasPod { pod, node, asked } => {
                let explanation = Explanation::because(
                    "SilentNodeHasPod",
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
                .afar([
                    format!("{} is silent, where {} runs", node.name, pod.name),
                    format!("{} 所在的 {} 没有消息", pod.name, node.name),
                ])
                .fact(FactState::Wrong, node, not_ready(node))
                .outlook(Outlook::Stays);
                match asked {
                    Some(at) => explanation.next([
                        format!("At {at} {} is asked to go, and cannot while the node is silent.", pod.name),
                        format!("{at} 会要求 {} 离开，但节点没有消息，它走不了。", pod.name),
                    ]),
                    None => explanation,
                }
            }
            Self::NobodyKnowsYet { pod, node } => Explanation::because(
                "NobodyKnowsYet",
                pod,
                [format!("{} still counts as Ready", pod.name), format!("{} 仍然算就绪", pod.name)],
                [
                    format!("Kubernetes does not know yet that {} is off", node.name),
                    format!("Kubernetes 还不知道 {} 已经断电", node.name),
                ],
                [
                    "A kubelet reports every 10 s. Only after 50 s without a word does the node controller call the node NotReady.",
                    "kubelet 每 10 秒报告一次。50 秒没有消息，节点控制器才把节点记为 NotReady。",
                ],
                HEARTBEATS,
            )
            .fact(
                FactState::Wrong,
                node,
                [format!("{} has no power", node.name), format!("{} 断电了", node.name)],
            ),
            Self::NameIsFree { pod, set, at } => Explanation::because(
                "NameIsFree",
                pod,
                [format!("{} is not created yet", pod.name), format!("{} 还没有创建", pod.name)],
                [
                    format!("the sync of {} that found its name taken is repeated only after a pause", set.name),
                    format!("{} 上次同步时这个名字被占着，要隔一会儿才再试", set.name),
                ],
                [
                    "An error ends the sync. It is tried again after 5 ms, 10 ms, 20 ms and so on, up to 1000 s. That a strange Pod is gone wakes nobody.",
                    "出错就结束这次同步，之后隔 5 毫秒、10 毫秒、20 毫秒……再试，最长隔 1000 秒。别的 Pod 消失，不会让它提前来看。",
                ],
                STATEFULSET,
            )
            .next([format!("It is tried again at {at}."), format!("下一次在 {at}。")])
            .outlook(Outlook::Retries),
            Self::ReadinessTaken { pod } => Explanation::because(
                "ReadinessTaken",
                pod,
                [format!("{} is not Ready", pod.name), format!("{} 还没就绪", pod.name)],
                [
                    "somebody has taken its readiness away".to_owned(),
                    "有人让它失去了就绪".to_owned(),
                ],
                [
                    "The container runs on, as with a readiness probe that fails: the Pod leaves the endpoints and DNS, and its set waits.",
                    "容器照常运行，就像就绪探针失败一样：Pod 从端点和 DNS 里摘除，StatefulSet 会等它。",
                ],
                READINESS,
            )
            .afar([
                format!("somebody has taken the readiness of {} away", pod.name),
                format!("有人让 {} 失去了就绪", pod.name),
            ])
            .outlook(Outlook::Stays)
            .next([
                format!("Give {} its readiness back, or delete it.", pod.name),
                format!("让 {} 恢复就绪，或者删除它。", pod.name),
            ]),
            Self::NotAskedFor { pod, set, start, replicas } => {
                let wanted = match replicas {
                    0 => ["no Pods".to_owned(), "不要 Pod".to_owned()],
                    1 => [format!("{}-{start} only", set.name), format!("只要 {}-{start}", set.name)],
                    _ => {
                        let (en, zh) = if *replicas == 2 { ("and", "和") } else { ("to", "到") };
                        let (first, last) = (start, start + replicas - 1);
                        [
                            format!("{}-{first} {en} {}-{last}", set.name, set.name),
                            format!("要的是 {}-{first} {zh} {}-{last}", set.name, set.name),
                        ]
                    }
                };
                let [en, zh] = wanted;
                let wants = [format!("{} wants {en}", set.name), format!("{} {zh}", set.name)];
                Explanation::because(
                    "NotAskedFor",
                    pod,
                    [format!("{} does not exist", pod.name), format!("{} 不存在", pod.name)],
                    wants.clone(),
                    [
                        "A set has a Pod for each ordinal of its range. Its claims outlive it, unless whenScaled is Delete.",
                        "StatefulSet 范围内的每个序号有一个 Pod。Pod 走了，申领还留着，除非 whenScaled 是 Delete。",
                    ],
                    SCALING,
                )
                .fact(FactState::Satisfied, set, wants)
            }
            Self::ManyWait { set, count, cause, room, outlook } => {
                let [en, zh] = cause.clone();
                let explanation = Explanation::because(
                    "ManyWait",
                    set,
                    [
                        format!("{count} Pods of {} are not Ready", set.name),
                        format!("{} 有 {count} 个 Pod 没有就绪", set.name),
                    ],
                    [en, zh],
                    [
                        "The Pods of a set ask for the same, so what keeps one of them keeps the others, too.",
                        "同一个 StatefulSet 的 Pod 要求都一样，卡住一个的原因也会卡住其他的。",
                    ],
                    STATEFULSET,
                )
                .waits_for(set.clone())
                .outlook(*outlook);
                match room {
                    Some((node, pods)) => explanation
                        .quote(FactState::Wrong, node, format!("{}: allocatable.pods: {pods}", node.name))
                        .next([
                            "Another node makes room, or Pods that go.".to_owned(),
                            "加节点，或者减少 Pod，才会有空位。".to_owned(),
                        ]),
                    None => explanation,
                }
            }
        }
    }
}

fn not_ready(node: &Key) -> Both {
    [format!("{} is NotReady: nobody hears of it", node.name), format!("{} 是 NotReady，没有消息", node.name)]
}
