//! Why a fault cannot happen.

use api::{Key, Kind, Object};
use apimachinery::Lang;
use apimachinery::value::ValueExt;
use cluster::{Cluster, Fault};
use kubelet::container::Container;

use crate::lookup::worker;

/// What a fault needs and does not find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no Pod at all to do something to.
    NoPod,
    /// There is no Pod of this name.
    NoSuchPod(String),
    /// This Pod is on no node, or its kubelet has not heard of it.
    NotOnNode(String),
    /// This Pod has no container of this name.
    NoSuchContainer(String, String),
    /// No process runs in this Pod's container.
    NotRunning(String),
    /// There is no node of this name.
    NoSuchNode(String),
    /// This Pod has no claim.
    NoClaim(String),
    /// This claim has no volume.
    Unbound(String),
    /// There is no volume of this name.
    NoSuchVolume(String),
    /// This volume is never attached to a node.
    NotAttached(String),
    /// No process or controller of this name can be ended or held up.
    NoSuchProcess(String),
}

impl Refusal {
    /// In one sentence.
    #[inline(never)] // a gate: `www/editor/split/parts.mjs`
    pub fn sentence(&self, lang: Lang) -> String {
        let [en, zh] = match self {
            Self::NoPod => ["There is no Pod yet.".to_owned(), "还没有 Pod。".to_owned()],
            Self::NoSuchPod(pod) => [format!("There is no Pod {pod}."), format!("没有 Pod {pod}。")],
            Self::NotOnNode(pod) => {
                [format!("{pod} is on no node yet."), format!("{pod} 还没有落到节点上。")]
            }
            Self::NoSuchContainer(pod, name) => {
                [format!("{pod} has no container {name}."), format!("{pod} 里没有容器 {name}。")]
            }
            Self::NotRunning(pod) => {
                [format!("No container of {pod} is running."), format!("{pod} 没有容器在运行。")]
            }
            Self::NoSuchNode(node) => [format!("There is no node {node}."), format!("没有节点 {node}。")],
            Self::NoClaim(pod) => [format!("{pod} has no claim."), format!("{pod} 没有申领。")],
            Self::Unbound(claim) => [format!("{claim} has no volume yet."), format!("{claim} 还没有卷。")],
            Self::NoSuchVolume(volume) => {
                [format!("There is no volume {volume}."), format!("没有卷 {volume}。")]
            }
            Self::NotAttached(volume) => [
                format!("{volume} is a directory of its node: there is nothing to detach."),
                format!("{volume} 是节点上的一个目录，不需要卸下。"),
            ],
            Self::NoSuchProcess(name) => {
                [format!("There is no process {name}."), format!("没有进程 {name}。")]
            }
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }
}

/// Why a fault cannot happen to a cluster; `None` if it can. One that is in force already can happen again.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn refusal(cluster: &Cluster, fault: &Fault) -> Option<Refusal> {
    match fault {
        Fault::CrashContainer { namespace, pod, container, .. }
        | Fault::RunOutOfMemory { namespace, pod, container }
        | Fault::Hang { namespace, pod, container, hangs: true } => {
            of_container(cluster, namespace, pod, container)
                .map_or_else(Some, |found| (!found.is_running()).then(|| Refusal::NotRunning(pod.clone())))
        }
        Fault::Hang { namespace, pod, container, hangs: false }
        | Fault::IgnoreSigterm { namespace, pod, container, .. } => {
            of_container(cluster, namespace, pod, container).err()
        }
        Fault::ForceReady { namespace, pod, .. } => of_pod(cluster, namespace, pod).err(),
        Fault::StopKubelet { node }
        | Fault::StartKubelet { node }
        | Fault::PowerOff { node }
        | Fault::PowerOn { node }
        | Fault::CutNetwork { node }
        | Fault::RestoreNetwork { node } => {
            cluster.kubelet(node).is_none().then(|| Refusal::NoSuchNode(node.clone()))
        }
        Fault::FillDisk { volume, .. } => of_volume(cluster, volume).err(),
        Fault::HoldVolume { volume, .. } => of_volume(cluster, volume).map_or_else(Some, |found| {
            found.spec().at(&["csi"]).is_none().then(|| Refusal::NotAttached(volume.clone()))
        }),
        Fault::StallWatches { process, .. } | Fault::LoseWatches { process, .. } => {
            cluster.seen_by(process).is_none().then(|| Refusal::NoSuchProcess(process.clone()))
        }
        Fault::StopProcess { process } | Fault::StartProcess { process } => {
            (!cluster.can_stop(process)).then(|| Refusal::NoSuchProcess(process.clone()))
        }
        Fault::RestartController { name } => {
            (!cluster.has_controller(name)).then(|| Refusal::NoSuchProcess(name.clone()))
        }
        Fault::SetImageBehaviour { .. }
        | Fault::SlowApiServer { .. }
        | Fault::SlowProvisioner { .. }
        | Fault::FailProvisioner { .. } => None,
    }
}

fn of_pod<'c>(cluster: &'c Cluster, namespace: &str, pod: &str) -> Result<&'c [Container], Refusal> {
    let found = cluster.store().get(&Key::new(Kind::Pod, namespace, pod));
    let found = found.ok_or_else(|| Refusal::NoSuchPod(pod.to_owned()))?;
    let worker = worker(cluster, found).ok_or_else(|| Refusal::NotOnNode(pod.to_owned()))?;
    Ok(&worker.containers)
}

/// The container of this name; an empty one means the first.
fn of_container<'c>(
    cluster: &'c Cluster,
    namespace: &str,
    pod: &str,
    name: &str,
) -> Result<&'c Container, Refusal> {
    let mut all = of_pod(cluster, namespace, pod)?.iter().filter(|c| !c.is_init);
    let found = all.find(|c| name.is_empty() || c.name == name);
    found.ok_or_else(|| Refusal::NoSuchContainer(pod.to_owned(), name.to_owned()))
}

fn of_volume<'c>(cluster: &'c Cluster, volume: &str) -> Result<&'c Object, Refusal> {
    let found = cluster.store().get(&Key::new(Kind::PersistentVolume, "", volume));
    found.map(|volume| &**volume).ok_or_else(|| Refusal::NoSuchVolume(volume.to_owned()))
}
