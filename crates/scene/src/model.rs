//! The data of the stage.

use api::Key;
use apimachinery::Time;

/// A moment of a cluster, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    /// The moment, in microseconds since the timeline's 0:00.
    pub at_micros: i64,
    /// The rows, in the order of node names.
    pub nodes: Vec<NodeRow>,
    /// Every StatefulSet, by namespace and name.
    pub sets: Vec<SetScene>,
    /// Pods that belong to no set shown: hand-made ones, a DNS test.
    pub other_pods: Vec<PodCard>,
    /// Services with their records, by name.
    pub services: Vec<ServiceScene>,
    /// Volumes that no claim of a set holds: Released ones, made by hand.
    pub loose_volumes: Vec<Disk>,
    /// What the sets need and nobody has made: a StorageClass, a Service.
    pub missing: Vec<Missing>,
}

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
    /// Nothing was heard of it for a while.
    Silent {
        /// Since when.
        since: Time,
    },
}

/// A StatefulSet.
#[derive(Debug, Clone, PartialEq)]
pub struct SetScene {
    /// Where it is stored.
    pub key: Key,
    /// `status.readyReplicas`.
    pub ready: i64,
    /// `spec.replicas`.
    pub replicas: i64,
    /// `spec.serviceName`.
    pub service: String,
    /// `OrderedReady` or `Parallel`.
    pub policy: String,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// Its revisions in the order of their first appearance.
    pub revisions: Vec<RevisionBadge>,
    /// Who is being created, replaced or removed in which order; `None` when nothing is owed.
    pub order: Option<OrderRail>,
    /// One column per identity, by ordinal.
    pub columns: Vec<Column>,
    /// How many places with higher ordinals have no column: there are too many.
    pub beyond: i64,
    /// The partition of a rolling update, counted from the first ordinal; `None` with `OnDelete`.
    pub partition: Option<i64>,
}

/// A revision of a set's template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionBadge {
    /// `web-774c55c994`.
    pub name: String,
    /// `774c`.
    pub short: String,
    /// Which pattern: 0 solid, 1 stripes, 2 dots, 3 bars, then again.
    pub pattern: u8,
    /// What it is to the set.
    pub role: RevisionRole,
    /// How many Pods carry it.
    pub pods: usize,
}

/// What a revision is to its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionRole {
    /// Current and update revision at once: nothing to roll.
    Only,
    /// `status.currentRevision`.
    Current,
    /// `status.updateRevision`.
    Update,
    /// Neither, but a Pod still carries it or history keeps it.
    Old,
}

/// The rail above the columns' heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRail {
    /// What kind of order it is.
    pub kind: OrderKind,
    /// One bead per column, by ordinal.
    pub beads: Vec<Bead>,
}

/// What an order is about, and who comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// Pods are made, lowest ordinal first.
    Create,
    /// Pods are replaced, highest ordinal first.
    Update,
    /// Pods are removed, highest ordinal first.
    Remove,
    /// Pods are made, all at once.
    Parallel,
}

/// The state of one identity in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bead {
    /// It has had its turn.
    Done,
    /// Its turn.
    Now,
    /// Its turn comes later.
    Waiting,
    /// Its turn, and its Pod is stuck.
    Blocked,
    /// Not part of it.
    None,
}

/// An identity: a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its ordinal.
    pub ordinal: i64,
    /// `web-1`.
    pub name: String,
    /// Whether it lies in the set's range now; a column outside shows who is leaving, or claims left behind.
    pub wanted: bool,
    /// A word beside its name.
    pub note: ColumnNote,
    /// Its DNS record.
    pub dns: DnsTag,
    /// Its Pod.
    pub pod: Option<PodCard>,
    /// Its claims, in the order of the templates.
    pub claims: Vec<ClaimTicket>,
}

/// A word beside a column's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnNote {
    /// Nothing to say.
    None,
    /// Its turn has passed.
    Done,
    /// Its turn.
    Now,
    /// It waits for this Pod or claim.
    WaitsFor(String),
    /// Its turn, and its Pod is stuck, so that all others wait.
    BlocksAll,
    /// On the wanted revision.
    UpToDate,
    /// Below the partition, on a revision that is no longer wanted.
    Held,
    /// Left behind by a scale-down.
    ScaledAway,
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
    /// Place of the writer's revision in the set's badges.
    pub revision: Option<usize>,
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
