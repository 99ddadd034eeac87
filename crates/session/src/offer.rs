//! Something that can be done at a click, and how.

use api::Key;
use cluster::Fault;

/// Something that goes wrong, or is made to: what the menu of faults has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// `kubectl delete`.
    Delete,
    /// `kubectl delete --force`.
    DeleteByForce,
    /// An eviction of a Pod, which its disruption budget may refuse.
    Evict,
    /// A Pod is no longer Ready, whatever its probes say.
    LoseReadiness,
    /// A Pod's first container crashes.
    Crash,
    /// A Pod's first container uses more memory than it may.
    RunOutOfMemory,
    /// The process of a Pod's first container stands still.
    Hang,
    /// A Pod's first container ignores SIGTERM.
    IgnoreSigterm,
    /// Every pull of an image fails.
    BreakImage,
    /// Every pull of an image takes twenty seconds.
    SlowImage,
    /// A machine is switched off.
    PowerOff,
    /// A node is cut off from the network.
    CutNetwork,
    /// No new Pods on a node.
    Cordon,
    /// A node is cordoned and its Pods are evicted.
    Drain,
    /// No volume is made for a claim.
    StopProvisioners,
    /// A claim's volume has no space left.
    FillDisk,
    /// A claim's volume stays attached to its node.
    HoldVolume,
    /// The controllers end.
    StopControllers,
    /// The scheduler ends.
    StopScheduler,
    /// Each request of a component takes two seconds.
    SlowApiServer,
}

/// What an offer is about; a page has a word for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// `kubectl describe`.
    Describe,
    /// `nslookup` of its name.
    LookUp,
    /// A replica more.
    ScaleUp,
    /// A replica less.
    ScaleDown,
    /// `kubectl rollout restart`.
    Restart,
    /// The image never answers its readiness probe, from its next start on.
    ImageNeverReady,
    /// The image crashes five seconds after each start.
    ImageCrashes,
    /// The image answers twenty seconds after each start.
    ImageSlow,
    /// The image behaves as it did when the laboratory was set up.
    ImageAsUsual,
    /// A fault is caused.
    Cause(FaultKind),
    /// A fault that lasts is taken back.
    Undo(FaultKind),
}

/// How an offer is taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// By this command line.
    Command(String),
    /// By this fault, and what the timeline says of it.
    Fault(Fault, String),
}

/// Something that can be done with an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What.
    pub what: OfferKind,
    /// How.
    pub way: Way,
}

/// ` -n other`, where a command needs it: kubectl's own namespace is `default`, and some kinds have none.
pub(crate) fn namespace_of(key: &Key) -> String {
    match &*key.namespace {
        "" | "default" => String::new(),
        other => format!(" -n {other}"),
    }
}

pub(crate) fn command(what: OfferKind, key: &Key, line: &str) -> Offer {
    Offer { what, way: Way::Command(format!("{line}{}", namespace_of(key))) }
}

pub(crate) fn fault(what: OfferKind, fault: Fault, text: String) -> Offer {
    Offer { what, way: Way::Fault(fault, text) }
}
