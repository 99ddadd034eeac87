//! How a cluster is acted upon from outside: requests of a person, faults of the world.

use std::time::Duration;

use apiserver::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A fault: something that happens to the machines, never to the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub enum Fault {
    /// The kubelet of a node stops; its containers go on.
    StopKubelet {
        /// Which node.
        node: String,
    },
    /// The kubelet of a node runs again.
    StartKubelet {
        /// Which node.
        node: String,
    },
    /// The machine is off: containers die with it.
    PowerOff {
        /// Which node.
        node: String,
    },
    /// The machine is on again.
    PowerOn {
        /// Which node.
        node: String,
    },
    /// A container's process ends.
    CrashContainer {
        /// Namespace of the Pod.
        namespace: String,
        /// Name of the Pod.
        pod: String,
        /// The container; empty means the first.
        container: String,
        /// With this code.
        exit_code: i32,
    },
    /// A Pod's readiness is forced, or left to its probes again (`None`).
    ForceReady {
        /// Namespace of the Pod.
        namespace: String,
        /// Name of the Pod.
        pod: String,
        /// What it is forced to.
        ready: Option<bool>,
    },
    /// An image behaves otherwise from now on.
    SetImageBehaviour {
        /// `nginx:1.7.9`.
        image: String,
        /// As the annotation spells it.
        behaviour: String,
    },
    /// A process hears of changes only after this long.
    StallWatches {
        /// `kube-controller-manager`, ….
        process: String,
        /// How long.
        lasts: Duration,
    },
    /// A process loses its watches, and after this long lists anew what it watches: changes that follow each
    /// other are one to it, and of what is gone it knows the last state that it had heard of.
    LoseWatches {
        /// `kube-controller-manager`, ….
        process: String,
        /// How long.
        lasts: Duration,
    },
    /// A controller dies between two requests and starts again with a cold queue.
    RestartController {
        /// `statefulset-controller`.
        name: String,
    },
    /// A container's process uses more memory than it may, and the kernel kills it: `OOMKilled`, exit code 137.
    /// The kubelet tells no Event of it (`SystemOOM` is for a node that runs out).
    RunOutOfMemory {
        /// Namespace of the Pod.
        namespace: String,
        /// Name of the Pod.
        pod: String,
        /// The container; empty means the first.
        container: String,
    },
    /// A container's process stands still, as after SIGSTOP, or goes on. It answers no probe that waits for it and
    /// does not hear SIGTERM; a new process is sound.
    Hang {
        /// Namespace of the Pod.
        namespace: String,
        /// Name of the Pod.
        pod: String,
        /// The container; empty means the first.
        container: String,
        /// Whether it stands still.
        hangs: bool,
    },
    /// A container of this Pod ignores SIGTERM, its later processes too, or hears it again: it has its whole grace
    /// period and is killed after it.
    IgnoreSigterm {
        /// Namespace of the Pod.
        namespace: String,
        /// Name of the Pod.
        pod: String,
        /// The container; empty means the first.
        container: String,
        /// Whether it ignores it.
        ignores: bool,
    },
    /// A node hears nobody and nobody hears it; what runs there runs on. Its kubelet tries to say again what has
    /// not arrived, each 10 s (`syncPeriod` of its status manager); Events that it tells meanwhile are lost, where
    /// a real kubelet tries each for two minutes.
    CutNetwork {
        /// Which node.
        node: String,
    },
    /// A node that was cut off is on the network again: its kubelet hears of all that has changed, in order.
    RestoreNetwork {
        /// Which node.
        node: String,
    },
    /// A process of the control plane ends, and with it all that it had begun.
    StopProcess {
        /// `kube-controller-manager`, `kube-scheduler`, or `csi-provisioner` for all of them.
        process: String,
    },
    /// A process that ended runs again: it lists what there is and goes on from that. It begins at once; a real one
    /// waits until the lease of the one before has run out, up to 15 s.
    StartProcess {
        /// Which process.
        process: String,
    },
    /// A volume has no space left, or has some again. What is written fails with `No space left on device`.
    FillDisk {
        /// The PersistentVolume.
        volume: String,
        /// Whether it is full.
        is_full: bool,
    },
    /// A volume's driver does not detach it from any node, or does so again. The volume stays in
    /// `status.volumesAttached`, and no Pod on another node can have it.
    HoldVolume {
        /// The PersistentVolume.
        volume: String,
        /// Whether it is held.
        is_held: bool,
    },
    /// Each request of a component takes this much longer until it is stored, or as long as usual again (zero).
    /// What a person types is answered at once: nobody learns from a prompt that stands still.
    SlowApiServer {
        /// How much longer.
        by: Duration,
    },
    /// Volume provisioning takes this much longer, or as usual again (zero).
    SlowProvisioner {
        /// How much longer.
        by: Duration,
    },
    /// Volume provisioning fails, or works again.
    FailProvisioner {
        /// The error it gives; empty means it works.
        message: String,
    },
}

/// Something done to the cluster from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A request of a person (or of a script that plays a component).
    Request(Box<Request>),
    /// A fault.
    Fault(Fault),
    /// A command in a container writes to a volume.
    Disk {
        /// The PersistentVolume.
        volume: String,
        /// The file below its root.
        file: String,
        /// With what; `None` removes the file.
        text: Option<String>,
        /// `>>`, not `>`.
        append: bool,
        /// The Pod that writes.
        writer: String,
        /// Its `controller-revision-hash`, or empty.
        revision: String,
    },
    /// A command in a container writes to the container's own files, which end with it.
    File {
        /// Namespace of the Pod.
        namespace: String,
        /// Name of the Pod.
        pod: String,
        /// The container.
        container: String,
        /// The file, from the root.
        path: String,
        /// With what; `None` removes the file.
        text: Option<String>,
        /// `>>`, not `>`.
        append: bool,
    },
}
