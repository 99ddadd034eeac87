//! The data of the stage as a whole: the sets with their columns, orders and revisions, and what lies beside them.

use api::Key;

use crate::model::{ClaimTicket, Disk, DnsTag, NodeRow, PodCard, PodLook, ServiceScene};

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
    /// Volumes that no claim holds: Released ones, and such as nobody has claimed.
    pub loose_volumes: Vec<Disk>,
    /// Claims that belong to no column: made by hand, or of a set that this run has never known.
    pub loose_claims: Vec<ClaimTicket>,
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
    /// Whether it is still there.
    pub life: SetLife,
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

/// Whether a set is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetLife {
    /// It is.
    Here,
    /// It is being deleted, and its object is there until its Pods are gone.
    Deleting,
    /// Its object is gone; its Pods, claims or records are still there.
    Gone {
        /// Since when, in microseconds since the timeline's 0:00.
        since_micros: i64,
    },
}

impl SetScene {
    /// Whether no Pod is left and none is to come: only claims are kept.
    pub fn is_bare(&self) -> bool {
        self.columns.iter().all(|column| column.pod.is_none() && !column.wanted)
    }

    /// How many of its columns' Pods are there.
    pub fn pods(&self) -> usize {
        self.columns.iter().filter(|column| column.pod.is_some()).count()
    }

    /// How many claims its columns have.
    pub fn claims(&self) -> usize {
        self.columns.iter().map(|column| column.claims.len()).sum()
    }

    /// Places of the columns whose Pod is on its way.
    pub fn acting(&self) -> Vec<usize> {
        let all = self.columns.iter().enumerate();
        all.filter(|(_, column)| column.acts()).map(|(at, _)| at).collect()
    }

    /// Whether it is blocked, or would be again: a Pod that is not Ready has been started more than once.
    pub fn struggles(&self) -> bool {
        let again = |pod: &PodCard| pod.restarts > 0 && pod.look != PodLook::Ready;
        self.is_blocked() || self.columns.iter().filter_map(|column| column.pod.as_ref()).any(again)
    }

    /// Whether somebody's turn does not end, so that the others wait.
    pub fn is_blocked(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.beads.contains(&Bead::Blocked))
    }
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
    /// Pods go because their set does: no order is promised.
    Delete,
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

impl Column {
    /// Whether its Pod is on its way: it comes, it goes, or it cannot.
    pub fn acts(&self) -> bool {
        self.pod.as_ref().is_some_and(|pod| match pod.look {
            PodLook::Ready | PodLook::Succeeded => false,
            PodLook::Pending
            | PodLook::PendingOnClaim
            | PodLook::Creating
            | PodLook::Running
            | PodLook::Terminating
            | PodLook::CrashLoop
            | PodLook::ImagePull
            | PodLook::Failed
            | PodLook::Unknown => true,
        })
    }
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
