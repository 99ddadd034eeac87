//! Why a kubelet did something, or waits.

use api::{Key, Kind};
use client::{Explain, Explanation, FactState, Outlook};
use std::time::Duration;

/// A reason of a kubelet; the first field is the Pod.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the sentences below say what each means
pub enum KubeletReason {
    PullsImage { pod: Key, image: String },
    ImageCannotBePulled { pod: Key, image: String, error: String, wait: Option<Duration> },
    WaitsForVolume { pod: Key, claim: String },
    MountFails { pod: Key, error: String },
    ConfigIsMissing { pod: Key, container: String, error: String },
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
const CONFIG: &str =
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#restrictions";
const INIT: &str = "https://kubernetes.io/docs/concepts/workloads/pods/init-containers/";

/// The Pod does not run, or is not Ready, as `state` says.
fn cannot_start(pod: &Key) -> [String; 2] {
    [format!("{} cannot start", pod.name), format!("{} 起不来", pod.name)]
}

/// What becomes of a start that needs something: if that does not exist, nobody makes it.
fn outlook_of(error: &str) -> Outlook {
    if error.contains("not found") { Outlook::Stays } else { Outlook::Retries }
}

impl KubeletReason {
    /// The Pod that it is about.
    pub(crate) fn pod(&self) -> &Key {
        match self {
            Self::PullsImage { pod, .. }
            | Self::ImageCannotBePulled { pod, .. }
            | Self::WaitsForVolume { pod, .. }
            | Self::MountFails { pod, .. }
            | Self::ConfigIsMissing { pod, .. }
            | Self::StartsContainer { pod, .. }
            | Self::RestartsContainer { pod, .. }
            | Self::WaitsToRestart { pod, .. }
            | Self::WaitsForInitContainer { pod, .. }
            | Self::ProbeFails { pod, .. }
            | Self::ContainerIsReady { pod, .. }
            | Self::StopsContainers { pod, .. }
            | Self::WaitsOutGrace { pod, .. }
            | Self::RemovesPod { pod } => pod,
        }
    }

    fn of_images(&self) -> Option<Explanation> {
        match self {
            Self::PullsImage { pod, image } => Some(Explanation::because(
                "PullsImage",
                pod,
                [format!("{} is not running yet", pod.name), format!("{} 还没运行", pod.name)],
                [format!("its node is pulling {image}"), format!("节点正在拉取镜像 {image}")],
                [
                    "A node pulls an image once; with imagePullPolicy Always it asks the registry at each start.",
                    "镜像在一个节点上只拉一次；imagePullPolicy 为 Always 时，每次启动都会问一次仓库。",
                ],
                IMAGES,
            )),
            Self::ImageCannotBePulled { pod, image, error, wait } => {
                let next = wait.map_or_else(
                    || {
                        [
                            "The node tries again soon, with the same image.".to_owned(),
                            "节点很快会再试，拉的还是同一个镜像。".to_owned(),
                        ]
                    },
                    |wait| {
                        let wait = wait.as_secs();
                        [
                            format!("The node tries again after a pause of {wait} s, with the same image."),
                            format!("节点隔 {wait} 秒再试，拉的还是同一个镜像。"),
                        ]
                    },
                );
                let may_come = error.contains("timeout");
                let explanation = Explanation::because(
                    "ImageCannotBePulled",
                    pod,
                    cannot_start(pod),
                    [format!("its image {image} cannot be pulled"), format!("镜像 {image} 拉不下来")],
                    [
                        "The pause doubles from 10 s to 5 min. Nothing but a pullable image, or a new Pod, ends it.",
                        "重试间隔从 10 秒翻倍到 5 分钟。只有换成拉得到的镜像，或者换一个 Pod，才能结束。",
                    ],
                    IMAGES,
                );
                let explanation = explanation.afar([
                    format!("the image {image} of {} cannot be pulled", pod.name),
                    format!("{} 的镜像 {image} 拉不下来", pod.name),
                ]);
                let outlook = if may_come { Outlook::Retries } else { Outlook::Stays };
                Some(explanation.quote(FactState::Wrong, pod, error.clone()).next(next).outlook(outlook))
            }
            _ => None,
        }
    }

    fn of_config(&self) -> Option<Explanation> {
        match self {
            Self::ConfigIsMissing { pod, container, error } => {
                let explanation = Explanation::because(
                    "ConfigIsMissing",
                    pod,
                    cannot_start(pod),
                    [
                        format!("the environment of {container} is not complete: {error}"),
                        format!("容器 {container} 的环境变量凑不齐：{error}"),
                    ],
                    [
                        "A container is made when every ConfigMap and Secret of its environment is there. The node looks again every few seconds.",
                        "环境变量引用的 ConfigMap 和 Secret 都在，容器才会创建。节点每隔几秒再看一次。",
                    ],
                    CONFIG,
                );
                let explanation = explanation.afar([
                    format!("the environment of {container} in {} is not complete: {error}", pod.name),
                    format!("{} 里容器 {container} 的环境变量凑不齐：{error}", pod.name),
                ]);
                let explanation = explanation.next([
                    "When it is there, the container starts within about 15 s.".to_owned(),
                    "补上之后，容器在 15 秒左右启动。".to_owned(),
                ]);
                Some(explanation.quote(FactState::Wrong, pod, error.clone()).outlook(outlook_of(error)))
            }
            _ => None,
        }
    }

    fn of_volumes(&self) -> Option<Explanation> {
        match self {
            Self::WaitsForVolume { pod, claim } => {
                let key = Key::new(Kind::PersistentVolumeClaim, &*pod.namespace, claim.as_str());
                let explanation = Explanation::because(
                    "WaitsForVolume",
                    pod,
                    cannot_start(pod),
                    [format!("its claim {claim} is not bound"), format!("它的申领 {claim} 还没绑定")],
                    ["Containers start when all volumes are mounted.", "所有卷都挂载好，容器才会启动。"],
                    VOLUMES,
                );
                let explanation = explanation.afar([
                    format!("the claim {claim} of {} is not bound", pod.name),
                    format!("{} 的申领 {claim} 还没绑定", pod.name),
                ]);
                let text = [format!("{claim} is Pending"), format!("{claim} 还是 Pending")];
                Some(explanation.fact(FactState::NotYet, &key, text).waits_for(key))
            }
            Self::MountFails { pod, error } => {
                let explanation = Explanation::because(
                    "MountFails",
                    pod,
                    cannot_start(pod),
                    [
                        format!("a volume of {} cannot be mounted", pod.name),
                        format!("{} 有卷挂载不上", pod.name),
                    ],
                    ["The node tries again with growing pauses.", "节点会反复重试，间隔越来越长。"],
                    VOLUMES,
                );
                let explanation = explanation.next([
                    "When what is missing is there, a later try succeeds.".to_owned(),
                    "缺的东西补上之后，下一次重试就会成功。".to_owned(),
                ]);
                Some(explanation.quote(FactState::Wrong, pod, error.clone()).outlook(outlook_of(error)))
            }
            _ => None,
        }
    }

    fn of_starts(&self) -> Option<Explanation> {
        match self {
            Self::StartsContainer { pod, container } => Some(Explanation::deed(
                "StartsContainer",
                pod,
                [
                    format!("The kubelet starts container {container} of {}.", pod.name),
                    format!("kubelet 启动 {} 的容器 {container}。", pod.name),
                ],
                [
                    "Volumes first, then init containers one by one, then the others.",
                    "先挂载卷，再逐个运行 init 容器，最后启动其他容器。",
                ],
                LIFECYCLE,
            )),
            Self::RestartsContainer { pod, container, code } => {
                let explanation = Explanation::because(
                    "RestartsContainer",
                    pod,
                    [
                        format!("The kubelet starts container {container} of {} again", pod.name),
                        format!("kubelet 重新启动 {} 的容器 {container}", pod.name),
                    ],
                    ["it ended".to_owned(), "它退出了".to_owned()],
                    [
                        "With restartPolicy Always the Pod stays and the container is started again on the same node.",
                        "restartPolicy 为 Always 时，Pod 不变，容器在原节点上重启。",
                    ],
                    RESTARTS,
                );
                Some(explanation.fact(FactState::Satisfied, pod, exit_code(*code)))
            }
            Self::WaitsToRestart { pod, container, code, wait } => {
                let pause = wait.as_secs();
                let explanation = Explanation::because(
                    "WaitsToRestart",
                    pod,
                    [format!("{} is not running", pod.name), format!("{} 没在运行", pod.name)],
                    [
                        format!("its container {container} keeps ending"),
                        format!("它的容器 {container} 总是退出"),
                    ],
                    [
                        "The pause doubles with each end: 10 s, 20 s, … 5 min; ten minutes of peace clear it.",
                        "每退出一次，间隔翻倍：10 秒、20 秒……最长 5 分钟；稳定运行十分钟后清零。",
                    ],
                    RESTARTS,
                );
                let next = [
                    format!("The kubelet starts it again {pause} s after its last end."),
                    format!("距上次退出 {pause} 秒后，kubelet 会再启动它。"),
                ];
                let explanation = explanation.fact(FactState::Wrong, pod, exit_code(*code)).afar([
                    format!("container {container} of {} keeps ending", pod.name),
                    format!("{} 的容器 {container} 总是退出", pod.name),
                ]);
                Some(explanation.next(next).outlook(Outlook::Retries))
            }
            Self::WaitsForInitContainer { pod, container } => Some(
                Explanation::because(
                    "WaitsForInitContainer",
                    pod,
                    [format!("{} is still initialising", pod.name), format!("{} 还在初始化", pod.name)],
                    [
                        format!("its init container {container} has not ended yet"),
                        format!("它的 init 容器 {container} 还没结束"),
                    ],
                    [
                        "Init containers run one by one; each must end with 0.",
                        "init 容器逐个运行，每个都要以 0 退出。",
                    ],
                    INIT,
                )
                .afar([
                    format!("{container} of {} has not ended yet", pod.name),
                    format!("{} 的 {container} 还没结束", pod.name),
                ]),
            ),
            _ => None,
        }
    }

    fn of_probes(&self) -> Option<Explanation> {
        match self {
            Self::ProbeFails { pod, container, probe, output } => {
                let (en, zh) = match *probe {
                    "Liveness" => ("liveness", "存活探针"),
                    "Startup" => ("startup", "启动探针"),
                    _ => ("readiness", "就绪探针"),
                };
                let explanation = Explanation::because(
                    "ProbeFails",
                    pod,
                    [format!("{} is not Ready", pod.name), format!("{} 还没就绪", pod.name)],
                    [
                        format!("the {en} probe of {container} fails"),
                        format!("容器 {container} 的{zh}失败"),
                    ],
                    [
                        "A failing readiness probe makes the Pod not Ready; liveness and startup probes restart the container.",
                        "就绪探针失败，Pod 就不 Ready；存活探针和启动探针失败，容器会被重启。",
                    ],
                    PROBES,
                )
                .afar([
                    format!("the {en} probe of {} fails", pod.name),
                    format!("{} 的{zh}失败", pod.name),
                ])
                .next([
                    format!("{} is asked again and again; it is Ready when the probe succeeds.", pod.name),
                    format!("探针会反复执行；成功了，{} 就绪。", pod.name),
                ])
                .outlook(Outlook::Retries);
                let output = output.trim();
                Some(if output.is_empty() {
                    explanation
                } else {
                    explanation.quote(FactState::Wrong, pod, output)
                })
            }
            Self::ContainerIsReady { pod, container } => Some(Explanation::deed(
                "ContainerIsReady",
                pod,
                [
                    format!("{} is Ready: {container} answers.", pod.name),
                    format!("{} 已就绪：{container} 有应答。", pod.name),
                ],
                [
                    "Without a readiness probe a container is ready as soon as it runs.",
                    "没有就绪探针的容器，一运行就算就绪。",
                ],
                PROBES,
            )),
            _ => None,
        }
    }

    fn of_ends(&self) -> Explanation {
        match self {
            Self::StopsContainers { pod, grace } => Explanation::deed(
                "StopsContainers",
                pod,
                [
                    format!("{} is stopping: its containers have {grace} s to end by themselves.", pod.name),
                    format!("{} 正在停止：容器有 {grace} 秒时间自行退出。", pod.name),
                ],
                [
                    "First the preStop hook, then SIGTERM; SIGKILL when the grace period is over.",
                    "先执行 preStop 钩子，再发 SIGTERM；宽限期一到就发 SIGKILL。",
                ],
                TERMINATION,
            )
            .quote(FactState::NotYet, pod, format!("deletionGracePeriodSeconds: {grace}")),
            Self::WaitsOutGrace { pod, container, grace } => Explanation::because(
                "WaitsOutGrace",
                pod,
                [format!("{} still runs", pod.name), format!("{} 还在运行", pod.name)],
                [
                    format!("{container} does not listen to SIGTERM"),
                    format!("{container} 不理会 SIGTERM"),
                ],
                [
                    "Process 1 of a container hears SIGTERM only if it has a handler for it; sh and sleep have none.",
                    "容器里的 1 号进程只有自己写了处理函数才会响应 SIGTERM；sh 和 sleep 都没有。",
                ],
                TERMINATION,
            )
            .next([
                format!("It is killed when its {grace} s are over."),
                format!("{grace} 秒宽限期一到，它就会被杀掉。"),
            ]),
            Self::RemovesPod { pod } => Explanation::because(
                "RemovesPod",
                pod,
                [
                    format!("The kubelet removes {}", pod.name),
                    format!("kubelet 把 {} 从 API 里删掉", pod.name),
                ],
                ["all its containers have stopped".to_owned(), "它的容器都停了".to_owned()],
                [
                    "The name is free only after the kubelet has confirmed the end: at most one Pod of a name.",
                    "kubelet 确认结束之后名字才空出来：同名的 Pod 最多一个。",
                ],
                TERMINATION,
            ),
            other => unreachable!("{other:?} is explained above"),
        }
    }
}

fn exit_code(code: i32) -> [String; 2] {
    [format!("exit code {code}"), format!("退出码 {code}")]
}

impl Explain for KubeletReason {
    fn explain(&self) -> Explanation {
        self.of_images()
            .or_else(|| self.of_volumes())
            .or_else(|| self.of_config())
            .or_else(|| self.of_starts())
            .or_else(|| self.of_probes())
            .unwrap_or_else(|| self.of_ends())
    }
}
