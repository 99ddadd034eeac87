//! Why a provisioner did something, or waits.

use api::{Key, Kind};
use client::{Explain, Explanation, FactState, Outlook};

/// A reason of a provisioner.
#[derive(Debug, Clone)]
pub enum ProvisionerReason {
    /// It makes a volume for a claim.
    ProvisionsVolume {
        /// The claim.
        claim: Key,
        /// The provisioner.
        provisioner: String,
    },
    /// It could not make one and tries again.
    ProvisioningFailed {
        /// The claim.
        claim: Key,
        /// What it said.
        error: String,
    },
    /// It waits for the scheduler to choose a node.
    WaitsForSelectedNode {
        /// The claim.
        claim: Key,
    },
    /// It deletes the storage of a released volume.
    DeletesReleasedVolume {
        /// The volume.
        volume: Key,
    },
    /// It grows a volume.
    ResizesVolume {
        /// The claim that asks for more.
        claim: Key,
        /// The size it will have.
        size: String,
    },
}

const PROVISIONING: &str = "https://kubernetes.io/docs/concepts/storage/dynamic-provisioning/";
const BINDING_MODE: &str = "https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode";
const RECLAIMING: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming";
const EXPANDING: &str =
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims";

impl ProvisionerReason {
    /// The claim or volume that it is about.
    pub(crate) fn about(&self) -> &Key {
        match self {
            Self::ProvisionsVolume { claim, .. }
            | Self::ProvisioningFailed { claim, .. }
            | Self::WaitsForSelectedNode { claim }
            | Self::ResizesVolume { claim, .. } => claim,
            Self::DeletesReleasedVolume { volume } => volume,
        }
    }
}

impl Explain for ProvisionerReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::ProvisionsVolume { claim, provisioner } => Explanation::deed(
                "ProvisionsVolume",
                claim,
                [
                    format!("{provisioner} makes a volume for {}.", claim.name),
                    format!("{provisioner} 正在为 {} 创建卷。", claim.name),
                ],
                [
                    "A provisioner makes a volume for each claim whose class names it; the volume is called pvc- and the claim's UID.",
                    "存储类里写了哪个制备器，就由它为申领创建卷。卷名是 pvc- 加上申领的 UID。",
                ],
                PROVISIONING,
            )
            .quote(
                FactState::Satisfied,
                claim,
                format!("volume.kubernetes.io/storage-provisioner: {provisioner}"),
            ),
            Self::ProvisioningFailed { claim, error } => Explanation::because(
                "ProvisioningFailed",
                claim,
                [format!("{} has no volume yet", claim.name), format!("{} 还没有卷", claim.name)],
                [
                    format!("the provisioner could not make the volume of {}: {error}", claim.name),
                    format!("制备器没能为 {} 创建卷：{error}", claim.name),
                ],
                [
                    "A failed provisioning is repeated with growing pauses.",
                    "创建失败会反复重试，间隔越来越长。",
                ],
                PROVISIONING,
            )
            .quote(FactState::Wrong, claim, error.clone())
            .outlook(Outlook::Retries),
            Self::WaitsForSelectedNode { claim } => Explanation::because(
                "WaitsForSelectedNode",
                claim,
                [format!("{} has no volume yet", claim.name), format!("{} 还没有卷", claim.name)],
                [
                    "no node is chosen for its first Pod".to_owned(),
                    "第一个用它的 Pod 还没选定节点".to_owned(),
                ],
                [
                    "With WaitForFirstConsumer the scheduler first writes the chosen node on the claim.",
                    "WaitForFirstConsumer 模式下，调度器要先把选定的节点写到申领上。",
                ],
                BINDING_MODE,
            )
            .waits_for(Key::new(Kind::Pod, &*claim.namespace, ""))
            .fact(
                FactState::NotYet,
                claim,
                [
                    "no annotation volume.kubernetes.io/selected-node".to_owned(),
                    "没有注解 volume.kubernetes.io/selected-node".to_owned(),
                ],
            ),
            Self::DeletesReleasedVolume { volume } => Explanation::because(
                "DeletesReleasedVolume",
                volume,
                [
                    format!("{} and its data are deleted", volume.name),
                    format!("{} 连同数据一起删除", volume.name),
                ],
                ["its claim is gone".to_owned(), "它的申领已经不在了".to_owned()],
                [
                    "A Released volume with reclaim policy Delete is deleted by the provisioner that made it.",
                    "回收策略为 Delete 的卷变成 Released 后，由创建它的制备器删除。",
                ],
                RECLAIMING,
            )
            .quote(FactState::Satisfied, volume, "phase: Released, persistentVolumeReclaimPolicy: Delete"),
            Self::ResizesVolume { claim, size } => Explanation::deed(
                "ResizesVolume",
                claim,
                [
                    format!("The volume of {} grows to {size}.", claim.name),
                    format!("{} 的卷正在扩容到 {size}。", claim.name),
                ],
                [
                    "A claim may ask for more if its class has allowVolumeExpansion; a volume never shrinks.",
                    "存储类开了 allowVolumeExpansion，申领就可以调大；卷不能缩小。",
                ],
                EXPANDING,
            )
            .quote(FactState::NotYet, claim, format!("requests.storage: {size}")),
        }
    }
}
