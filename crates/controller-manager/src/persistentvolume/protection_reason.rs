//! Why a claim or a volume that is to go is still there.

use api::Key;
use client::{Explain, Explanation, Fact, FactState};

use super::reason::about;

const PROTECTION: &str =
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection";

/// A reason of the protection controllers.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum ProtectionReason {
    /// A Pod on a node mounts the claim.
    ClaimKeptByPod { claim: Key, pod: Key },
    /// Nobody mounts the claim any more.
    ClaimReleased { claim: Key },
    /// The volume is bound.
    VolumeKeptByClaim { volume: Key, claim: Option<Key> },
}

impl Explain for ProtectionReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::ClaimKeptByPod { claim, pod } => Explanation {
                rule: [
                    "A deleted claim stays Terminating until no Pod that has a node mounts it. The Pod's object must be gone.",
                    "删除的申领会一直 Terminating，直到没有已分到节点的 Pod 挂着它。Pod 对象必须消失才算。",
                ],
                facts: vec![Fact::new(
                    FactState::NotYet,
                    pod.clone(),
                    format!("{} mounts {}", pod.name, claim.name),
                )],
                doc: PROTECTION,
                ..about(
                    "ClaimKeptByPod",
                    claim,
                    Some(pod.clone()),
                    [
                        format!("{} is Terminating and stays, because {} mounts it.", claim.name, pod.name),
                        format!("{} 正在终止但还不会消失，因为 {} 挂着它。", claim.name, pod.name),
                    ],
                )
            },
            Self::ClaimReleased { claim } => Explanation {
                rule: [
                    "The finalizer kubernetes.io/pvc-protection is removed when no Pod mounts the claim.",
                    "没有 Pod 挂着申领时，终结器 kubernetes.io/pvc-protection 会被移除。",
                ],
                doc: PROTECTION,
                ..about(
                    "ClaimReleased",
                    claim,
                    None,
                    [
                        format!("{} goes, because no Pod mounts it any more.", claim.name),
                        format!("{} 消失，因为已经没有 Pod 挂着它。", claim.name),
                    ],
                )
            },
            Self::VolumeKeptByClaim { volume, claim } => Explanation {
                rule: [
                    "A deleted volume stays Terminating while it is bound to a claim.",
                    "删除的卷只要还绑定着申领，就一直 Terminating。",
                ],
                doc: PROTECTION,
                ..about(
                    "VolumeKeptByClaim",
                    volume,
                    claim.clone(),
                    [
                        format!("{} is Terminating and stays, because it is bound.", volume.name),
                        format!("{} 正在终止但还不会消失，因为它还绑定着申领。", volume.name),
                    ],
                )
            },
        }
    }
}
