//! The data of what stands on the stage: nodes, Pods, records, claims, volumes, Services.

use api::Key;
use apimachinery::Time;

/// A node: a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRow {
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: NodeState,
    /// Cordoned: no new Pods.
    pub cordoned: bool,
}

/// How a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeState {
    /// Ready.
    Ready,
    /// Says of itself that it is not ready.
    NotReady,
    /// Its kubelet does not run, and Kubernetes has not noticed yet.
    Unnoticed {
        /// The machine has no power; else only the kubelet was stopped, and containers go on.
        is_off: bool,
        /// When the node was last heard of.
        heard: Time,
        /// How long after that the node controller calls it lost, in microseconds.
        patience: i64,
    },
    /// Nothing was heard of it for so long that the node controller has called it lost.
    Silent {
        /// Since when it is called lost.
        since: Time,
        /// The machine has no power; else it is only silent.
        is_off: bool,
    },
}

impl NodeState {
    /// Whether what Kubernetes says of the node's Pods is only what it last heard.
    pub const fn is_lost(&self) -> bool {
        match self {
            Self::Unnoticed { .. } | Self::Silent { .. } => true,
            Self::Ready | Self::NotReady => false,
        }
    }
}

/// A DNS record of one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsTag {
    /// `web-1.nginx`; empty if the set names no Service.
    pub name: String,
    /// What a resolver answers.
    pub answer: DnsAnswer,
    /// The address before this one, if it changed.
    pub former: Option<String>,
    /// Listed although not Ready: `publishNotReadyAddresses`.
    pub unready: bool,
}

/// What a resolver answers for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsAnswer {
    /// An address.
    A(String),
    /// No such name.
    NxDomain,
    /// Not looked up: there are too many.
    Unasked,
}

/// A Pod.
#[derive(Debug, Clone, PartialEq)]
pub struct PodCard {
    /// Where it is stored.
    pub key: Key,
    /// Which incarnation.
    pub uid: String,
    /// Its ordinal, if it has one.
    pub ordinal: Option<i64>,
    /// Its node; `None` is the lane "No node yet".
    pub node: Option<String>,
    /// What it looks like.
    pub look: PodLook,
    /// Its deletion has begun.
    pub deleting: bool,
    /// Its node is lost, so all that is said of it is what was last heard.
    pub unheard: bool,
    /// What `kubectl get pods` prints as STATUS, except `Ready` for `1/1 Running`.
    pub word: String,
    /// The fact of line 2.
    pub detail: PodDetail,
    /// `1/1`.
    pub ready: String,
    /// How often its containers were started again.
    pub restarts: i64,
    /// The first container's image.
    pub image: String,
    /// Its IP, once it has one.
    pub ip: Option<String>,
    /// Place of its revision in the set's badges.
    pub revision: Option<usize>,
    /// Since when it looks like this.
    pub since: Time,
}

/// The shape, edge and tint of a Pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodLook {
    /// Dotted edge: no node fits yet.
    Pending,
    /// Dotted edge, glyph on a bar: its claim is not bound.
    PendingOnClaim,
    /// Solid edge, bar along the foot: on a node, being made.
    Creating,
    /// Hollow ring, paper body: running, not ready.
    Running,
    /// Filled disc, tinted body.
    Ready,
    /// Cut corners, dashed, draining.
    Terminating,
    /// Torn foot.
    CrashLoop,
    /// A bite out of the corner.
    ImagePull,
    /// Square corners, thick edge.
    Failed,
    /// Ended well.
    Succeeded,
    /// Hatched: its node is silent.
    Unknown,
}

/// The fact on a Pod's second line.
#[derive(Debug, Clone, PartialEq)]
pub enum PodDetail {
    /// Nothing to add.
    None,
    /// No node fits, in the scheduler's words.
    NoNode(String),
    /// Waits for this claim.
    WaitsForClaim(String),
    /// Its image is being pulled.
    Pulling {
        /// Since when.
        since: Time,
        /// Until when, as far as the kubelet knows.
        until: Option<Time>,
    },
    /// Being made on this node.
    Starting,
    /// Ready or running since this moment, on its node.
    Since(Time),
    /// Running but not ready, and what the probe said.
    NotReady(String),
    /// Being deleted, within its grace period.
    Grace {
        /// When the deletion began.
        began: Time,
        /// When the grace runs out.
        ends: Time,
    },
    /// Waits before its next try.
    RetryAt {
        /// When.
        at: Option<Time>,
        /// The exit code of the last try, for crash loops.
        exit_code: Option<i64>,
    },
    /// Ended with this code and reason.
    Exited {
        /// Exit code.
        exit_code: i64,
        /// Kubernetes' word.
        reason: String,
    },
    /// Its node has been silent since this moment.
    NodeSilent(Time),
    /// Its node is lost, and Kubernetes does not know.
    Believed,
    /// Its deletion has begun and its process has ended: only the object has to go.
    Ended,
}

/// A claim and the volume it sits on.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimTicket {
    /// Where it is stored.
    pub key: Key,
    /// How it is.
    pub state: ClaimState,
    /// What it asks for: `1Gi`.
    pub size: String,
    /// Its class; empty if none.
    pub class: String,
    /// The volume below it.
    pub disk: Option<Disk>,
    /// The Pod that still uses it, if it is being deleted.
    pub kept_by: Option<String>,
    /// The lost node whose Pod, being deleted, still holds it.
    pub held_on: Option<String>,
}

/// How a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// Waits for a volume.
    Pending,
    /// Has one.
    Bound,
    /// Being deleted, kept by pvc-protection.
    Terminating,
    /// Its volume is gone.
    Lost,
}

impl ClaimState {
    /// Kubernetes' word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Bound => "Bound",
            Self::Terminating => "Terminating",
            Self::Lost => "Lost",
        }
    }
}

/// A volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Where it is stored.
    pub key: Key,
    /// `Bound`, `Released`, ….
    pub phase: String,
    /// `Delete` or `Retain`.
    pub reclaim: String,
    /// What Pods wrote to it, oldest first.
    pub writes: Vec<DiskWrite>,
}

/// Something that a Pod wrote to a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskWrite {
    /// When, in microseconds since the timeline's 0:00.
    pub at_micros: i64,
    /// The Pod that wrote.
    pub writer: String,
    /// How many bytes.
    pub bytes: usize,
    /// The pattern of the writer's revision.
    pub pattern: u8,
    /// What was written.
    pub text: String,
}

/// A Service and the answer for its own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceScene {
    /// Where it is stored.
    pub key: Key,
    /// `clusterIP: None`.
    pub headless: bool,
    /// Its cluster IP, unless headless.
    pub cluster_ip: String,
    /// The A records of its name.
    pub addresses: Vec<String>,
}

/// Something that a set needs and that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A StorageClass of this name; claims wait for it.
    StorageClass(String),
    /// A Service of this name; Pods have no names without it.
    Service(String),
}
