//! Why a claim or a volume that is to go is still there.

use api::Key;
use client::{Explain, Explanation, FactState};

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
            Self::ClaimKeptByPod { claim, pod } => Explanation::because(
                "ClaimKeptByPod",
                claim,
                [
                    format!("{} is Terminating and stays", claim.name),
                    format!("{} 在 Terminating，但还不会消失", claim.name),
                ],
                [format!("{} mounts it", pod.name), format!("{} 还挂着它", pod.name)],
                [
                    "A deleted claim stays Terminating until no Pod that has a node mounts it. The Pod's object must be gone.",
                    "申领被删除后会一直 Terminating，直到没有已分到节点的 Pod 挂着它；要等 Pod 对象消失才算。",
                ],
                PROTECTION,
            )
            .waits_for(pod.clone())
            .fact(
                FactState::NotYet,
                pod,
                [
                    format!("{} mounts {}", pod.name, claim.name),
                    format!("{} 挂着 {}", pod.name, claim.name),
                ],
            ),
            Self::ClaimReleased { claim } => Explanation::because(
                "ClaimReleased",
                claim,
                [format!("{} goes", claim.name), format!("{} 可以消失了", claim.name)],
                ["no Pod mounts it any more".to_owned(), "已经没有 Pod 挂着它".to_owned()],
                [
                    "The finalizer kubernetes.io/pvc-protection is removed when no Pod mounts the claim.",
                    "没有 Pod 挂着申领时，终结器 kubernetes.io/pvc-protection 才会移除。",
                ],
                PROTECTION,
            ),
            Self::VolumeKeptByClaim { volume, claim } => {
                let kept = Explanation::because(
                    "VolumeKeptByClaim",
                    volume,
                    [
                        format!("{} is Terminating and stays", volume.name),
                        format!("{} 在 Terminating，但还不会消失", volume.name),
                    ],
                    ["it is bound".to_owned(), "它还绑定着申领".to_owned()],
                    [
                        "A deleted volume stays Terminating while it is bound to a claim.",
                        "卷被删除后，只要还绑定着申领，就一直 Terminating。",
                    ],
                    PROTECTION,
                );
                match claim {
                    Some(claim) => kept.waits_for(claim.clone()),
                    None => kept,
                }
            }
        }
    }
}
