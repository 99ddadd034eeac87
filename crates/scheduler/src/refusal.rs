//! What keeps a Pod from a node, or from all of them, in Kubernetes' words.
//!
//! Models: the messages of `pkg/scheduler/framework/plugins`.

/// Why a node is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It is cordoned.
    Unschedulable,
    /// It has a taint that the Pod does not tolerate.
    UntoleratedTaint,
    /// `nodeSelector` or node affinity does not allow it.
    NodeAffinity,
    /// A host port is taken.
    FreePorts,
    /// It has as many Pods as it may have.
    TooManyPods,
    /// Too little of this resource is left. The flag says whether the node would have enough if it were
    /// empty.
    Insufficient(String, bool),
    /// A claim that only one Pod may use is in use.
    ReadWriteOncePod,
    /// A volume of the Pod cannot be reached from it.
    VolumeNodeAffinity,
    /// No volume can be bound or made there.
    NoVolumeToBind,
    /// A volume of the Pod is in another zone.
    VolumeZone,
    /// There would be too many Pods in one place.
    TopologySpread,
    /// It lacks the label by which Pods are to be spread.
    TopologySpreadLabel,
    /// The Pods that the Pod wants beside it are not there.
    PodAffinity,
    /// A Pod that the Pod does not want beside it is there.
    PodAntiAffinity,
    /// A Pod that does not want this one beside it is there.
    ExistingAntiAffinity,
}

impl Refusal {
    /// Kubernetes' words.
    pub fn text(&self) -> String {
        match self {
            Self::Insufficient(resource, _) => return format!("Insufficient {resource}"),
            Self::Unschedulable => "node(s) were unschedulable",
            Self::UntoleratedTaint => "node(s) had untolerated taint(s)",
            Self::NodeAffinity => "node(s) didn't match Pod's node affinity/selector",
            Self::FreePorts => "node(s) didn't have free ports for the requested pod ports",
            Self::TooManyPods => "Too many pods",
            Self::ReadWriteOncePod => {
                "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by \
                 another pod"
            }
            Self::VolumeNodeAffinity => "node(s) didn't match PersistentVolume's node affinity",
            Self::NoVolumeToBind => "node(s) didn't find available persistent volumes to bind",
            Self::VolumeZone => "node(s) had no available volume zone",
            Self::TopologySpread => "node(s) didn't match pod topology spread constraints",
            Self::TopologySpreadLabel => {
                "node(s) didn't match pod topology spread constraints (missing required label)"
            }
            Self::PodAffinity => "node(s) didn't match pod affinity rules",
            Self::PodAntiAffinity => "node(s) didn't match pod anti-affinity rules",
            Self::ExistingAntiAffinity => "node(s) didn't satisfy existing pods anti-affinity rules",
        }
        .to_owned()
    }

    /// Whether the end of another Pod could make room. If not, preemption does not help.
    pub fn is_resolvable(&self) -> bool {
        match self {
            Self::FreePorts
            | Self::TooManyPods
            | Self::Insufficient(_, true)
            | Self::ReadWriteOncePod
            | Self::TopologySpread
            | Self::PodAntiAffinity
            | Self::ExistingAntiAffinity => true,
            Self::Unschedulable
            | Self::UntoleratedTaint
            | Self::NodeAffinity
            | Self::Insufficient(_, false)
            | Self::VolumeNodeAffinity
            | Self::NoVolumeToBind
            | Self::VolumeZone
            | Self::TopologySpreadLabel
            | Self::PodAffinity => false,
        }
    }
}

/// Why a Pod cannot have any node: something about its claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// A claim does not exist.
    ClaimMissing(String),
    /// A claim (the first name) has lost its volume (the second).
    ClaimLost(String, String),
    /// A claim is being deleted.
    ClaimDeleting(String),
    /// A claim that does not wait for a Pod is not bound.
    ClaimUnbound(String),
    /// A claim's volume is not there.
    VolumeMissing(String),
}

impl Blocked {
    /// Kubernetes' words.
    pub fn text(&self) -> String {
        match self {
            Self::ClaimMissing(claim) => format!("persistentvolumeclaim \"{claim}\" not found"),
            Self::ClaimLost(claim, volume) => {
                format!(
                    "persistentvolumeclaim \"{claim}\" bound to non-existent persistentvolume \"{volume}\""
                )
            }
            Self::ClaimDeleting(claim) => format!("persistentvolumeclaim \"{claim}\" is being deleted"),
            Self::ClaimUnbound(_) => "pod has unbound immediate PersistentVolumeClaims".to_owned(),
            Self::VolumeMissing(volume) => format!("persistentvolume \"{volume}\" not found"),
        }
    }
}
