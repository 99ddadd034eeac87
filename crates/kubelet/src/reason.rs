//! Why a kubelet did something, or waits.

use api::{Key, Kind};
use apimachinery::duration::go;
use client::{Explain, Explanation, Fact, FactState};
use std::time::Duration;

/// A reason of a kubelet; the first field is the Pod.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the sentences below say what each means
pub enum KubeletReason {
    PullsImage { pod: Key, image: String },
    ImageCannotBePulled { pod: Key, image: String, error: String, wait: Option<Duration> },
    WaitsForVolume { pod: Key, claim: String },
    MountFails { pod: Key, error: String },
    StartsContainer { pod: Key, container: String },
    RestartsContainer { pod: Key, container: String, code: i32 },
    WaitsToRestart { pod: Key, container: String, code: i32, wait: Duration },
    WaitsForInitContainer { pod: Key, container: String },
    ProbeFails { pod: Key, container: String, probe: &'static str, output: String },
    ContainerIsReady { pod: Key, container: String },
    StopsContainers { pod: Key, grace: i64 },
    WaitsOutGrace { pod: Key, container: String, grace: i64 },
    RemovesPod { pod: Key },
}

const LIFECYCLE: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/";
const IMAGES: &str = "https://kubernetes.io/docs/concepts/containers/images/";
const RESTARTS: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy";
const PROBES: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes";
const TERMINATION: &str = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination";
const VOLUMES: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/";
const INIT: &str = "https://kubernetes.io/docs/concepts/workloads/pods/init-containers/";

/// An explanation with the parts that most reasons share.
fn said(
    name: &'static str,
    subject: &Key,
    sentence: [String; 2],
    rule: [&'static str; 2],
    doc: &'static str,
) -> Explanation {
    Explanation { name, subject: subject.clone(), waits_for: None, sentence, rule, facts: Vec::new(), doc }
}

fn with(mut explanation: Explanation, state: FactState, text: impl Into<String>) -> Explanation {
    let about = explanation.subject.clone();
    explanation.facts.push(Fact::new(state, about, text));
    explanation
}

impl KubeletReason {
    fn of_images(&self) -> Option<Explanation> {
        match self {
            Self::PullsImage { pod, image } => Some(said(
                "PullsImage",
                pod,
                [
                    format!("{} is not running yet, because its node is pulling {image}.", pod.name),
                    format!("{} 还没运行，节点正在拉取镜像 {image}。", pod.name),
                ],
                [
                    "A node pulls an image once; with imagePullPolicy Always it asks the registry at each start.",
                    "镜像在节点上只拉一次；imagePullPolicy 为 Always 时，每次启动都会问一次仓库。",
                ],
                IMAGES,
            )),
            Self::ImageCannotBePulled { pod, image, error, wait } => {
                let pause = wait.map_or_else(
                    || ["soon".to_owned(), "很快".to_owned()],
                    |w| [format!("after a pause of {}", go(w)), format!("{} 后", go(w))],
                );
                let explanation = said(
                    "ImageCannotBePulled",
                    pod,
                    [
                        format!(
                            "{} cannot start, because {image} cannot be pulled; the node tries again {}.",
                            pod.name, pause[0]
                        ),
                        format!("{} 起不来，因为拉不到镜像 {image}；节点会在{}重试。", pod.name, pause[1]),
                    ],
                    [
                        "The pause doubles from 10 s to 5 min. Nothing but a pullable image, or a new Pod, ends it.",
                        "重试间隔从 10 秒翻倍到 5 分钟。只有换成能拉到的镜像、或者换一个 Pod 才能结束。",
                    ],
                    IMAGES,
                );
                Some(with(explanation, FactState::Wrong, error.clone()))
            }
            _ => None,
        }
    }

    fn of_volumes(&self) -> Option<Explanation> {
        match self {
            Self::WaitsForVolume { pod, claim } => {
                let key = Key::new(Kind::PersistentVolumeClaim, &*pod.namespace, claim.as_str());
                let mut explanation = said(
                    "WaitsForVolume",
                    pod,
                    [
                        format!("{} cannot start, because its claim {claim} is not bound.", pod.name),
                        format!("{} 起不来，因为它的申领 {claim} 还没绑定。", pod.name),
                    ],
                    ["Containers start when all volumes are mounted.", "所有卷都挂好之后容器才启动。"],
                    VOLUMES,
                );
                explanation.facts.push(Fact::new(
                    FactState::NotYet,
                    key.clone(),
                    format!("{claim}: Pending"),
                ));
                explanation.waits_for = Some(key);
                Some(explanation)
            }
            Self::MountFails { pod, error } => Some(with(
                said(
                    "MountFails",
                    pod,
                    [
                        format!("{} cannot start, because a volume cannot be mounted.", pod.name),
                        format!("{} 起不来，因为有卷挂不上。", pod.name),
                    ],
                    ["The node tries again with growing pauses.", "节点会不断重试，间隔逐渐变长。"],
                    VOLUMES,
                ),
                FactState::Wrong,
                error.clone(),
            )),
            _ => None,
        }
    }

    fn of_starts(&self) -> Option<Explanation> {
        match self {
            Self::StartsContainer { pod, container } => Some(said(
                "StartsContainer",
                pod,
                [
                    format!("The kubelet starts container {container} of {}.", pod.name),
                    format!("kubelet 启动 {} 的容器 {container}。", pod.name),
                ],
                [
                    "Volumes first, then init containers one by one, then the others.",
                    "先挂卷，再逐个运行 init 容器，最后启动其他容器。",
                ],
                LIFECYCLE,
            )),
            Self::RestartsContainer { pod, container, code } => Some(with(
                said(
                    "RestartsContainer",
                    pod,
                    [
                        format!(
                            "The kubelet starts container {container} of {} again, because it ended.",
                            pod.name
                        ),
                        format!("容器 {container} 结束了，kubelet 把 {} 里的它重新启动。", pod.name),
                    ],
                    [
                        "With restartPolicy Always the Pod stays and the container is started again on the same node.",
                        "restartPolicy 为 Always 时，Pod 不换，容器在原节点上重启。",
                    ],
                    RESTARTS,
                ),
                FactState::Satisfied,
                format!("exit code {code}"),
            )),
            Self::WaitsToRestart { pod, container, code, wait } => Some(with(
                said(
                    "WaitsToRestart",
                    pod,
                    [
                        format!(
                            "{} is not running, because container {container} keeps ending; the next start comes {} after its last end.",
                            pod.name,
                            go(*wait)
                        ),
                        format!(
                            "{} 没在运行，容器 {container} 总是退出；距上次退出 {} 后才会再启动。",
                            pod.name,
                            go(*wait)
                        ),
                    ],
                    [
                        "The pause doubles with each end: 10 s, 20 s, … 5 min; ten minutes of peace clear it.",
                        "每退出一次，间隔翻倍：10 秒、20 秒……最长 5 分钟；稳定十分钟后清零。",
                    ],
                    RESTARTS,
                ),
                FactState::Wrong,
                format!("exit code {code}"),
            )),
            Self::WaitsForInitContainer { pod, container } => Some(said(
                "WaitsForInitContainer",
                pod,
                [
                    format!("{} is still initialising, because {container} has not ended yet.", pod.name),
                    format!("{} 还在初始化，{container} 还没结束。", pod.name),
                ],
                [
                    "Init containers run one by one; each must end with 0.",
                    "init 容器逐个运行，每个都要以 0 退出。",
                ],
                INIT,
            )),
            _ => None,
        }
    }

    fn of_probes(&self) -> Option<Explanation> {
        match self {
            Self::ProbeFails { pod, container, probe, output } => Some(with(
                said(
                    "ProbeFails",
                    pod,
                    [
                        format!("The {probe} probe of {container} in {} fails.", pod.name),
                        format!("{} 里 {container} 的 {probe} 探针失败。", pod.name),
                    ],
                    [
                        "A failing readiness probe makes the Pod not Ready; liveness and startup probes restart the container.",
                        "就绪探针失败，Pod 就不 Ready；存活探针和启动探针失败，容器会被重启。",
                    ],
                    PROBES,
                ),
                FactState::Wrong,
                output.trim().to_owned(),
            )),
            Self::ContainerIsReady { pod, container } => Some(said(
                "ContainerIsReady",
                pod,
                [
                    format!("{} is ready: {container} answers.", pod.name),
                    format!("{} 就绪：{container} 有应答。", pod.name),
                ],
                [
                    "Without a readiness probe a container is ready as soon as it runs.",
                    "没有就绪探针的容器一运行就算就绪。",
                ],
                PROBES,
            )),
            _ => None,
        }
    }

    fn of_ends(&self) -> Explanation {
        match self {
            Self::StopsContainers { pod, grace } => with(
                said(
                    "StopsContainers",
                    pod,
                    [
                        format!(
                            "{} is stopping: its containers have {grace} s to end by themselves.",
                            pod.name
                        ),
                        format!("{} 正在停止：容器有 {grace} 秒时间自行退出。", pod.name),
                    ],
                    [
                        "First the preStop hook, then SIGTERM; SIGKILL when the grace period is over.",
                        "先执行 preStop 钩子，再发 SIGTERM；宽限期一到发 SIGKILL。",
                    ],
                    TERMINATION,
                ),
                FactState::NotYet,
                format!("deletionGracePeriodSeconds {grace}"),
            ),
            Self::WaitsOutGrace { pod, container, grace } => said(
                "WaitsOutGrace",
                pod,
                [
                    format!(
                        "{} still runs, because {container} does not listen to SIGTERM; it is killed when its {grace} s are over.",
                        pod.name
                    ),
                    format!(
                        "{} 还在运行，因为 {container} 不理会 SIGTERM；{grace} 秒宽限期一到就会被杀掉。",
                        pod.name
                    ),
                ],
                [
                    "Process 1 of a container hears SIGTERM only if it has a handler for it; sh and sleep have none.",
                    "容器里的 1 号进程只有自己处理 SIGTERM 才会响应；sh 和 sleep 都不处理。",
                ],
                TERMINATION,
            ),
            Self::RemovesPod { pod } => said(
                "RemovesPod",
                pod,
                [
                    format!("The kubelet removes {}, because all its containers have stopped.", pod.name),
                    format!("{} 的容器都停了，kubelet 把它从 API 里删除。", pod.name),
                ],
                [
                    "The name is free only after the kubelet has confirmed the end: at most one Pod of a name.",
                    "kubelet 确认结束之后名字才空出来：同名 Pod 最多一个。",
                ],
                TERMINATION,
            ),
            other => unreachable!("{other:?} is explained above"),
        }
    }
}

impl Explain for KubeletReason {
    fn explain(&self) -> Explanation {
        self.of_images()
            .or_else(|| self.of_volumes())
            .or_else(|| self.of_starts())
            .or_else(|| self.of_probes())
            .unwrap_or_else(|| self.of_ends())
    }
}
