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
