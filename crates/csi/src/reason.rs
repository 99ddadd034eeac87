//! Why a provisioner did something, or waits.

use api::{Key, Kind};
use client::{Explain, Explanation, Fact, FactState};

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

impl Explain for ProvisionerReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::ProvisionsVolume { claim, provisioner } => Explanation {
                name: "ProvisionsVolume",
                subject: claim.clone(),
                waits_for: None,
                sentence: [
                    format!("{provisioner} makes a volume for {}.", claim.name),
                    format!("{provisioner} 正在为 {} 创建卷。", claim.name),
                ],
                rule: [
                    "A provisioner makes a volume for each claim whose class names it; the volume is called pvc- and the claim's UID.",
                    "类指定了哪个供给器，就由它为申领创建卷，卷名是 pvc- 加申领的 UID。",
                ],
                facts: vec![Fact::new(
                    FactState::Satisfied,
                    claim.clone(),
                    format!("volume.kubernetes.io/storage-provisioner: {provisioner}"),
                )],
                doc: PROVISIONING,
            },
            Self::ProvisioningFailed { claim, error } => Explanation {
                name: "ProvisioningFailed",
                subject: claim.clone(),
                waits_for: None,
                sentence: [
                    format!("{} has no volume yet, because the provisioner failed: {error}.", claim.name),
                    format!("{} 还没有卷，因为供给器出错了：{error}。", claim.name),
                ],
                rule: [
                    "A failed provisioning is repeated with growing pauses.",
                    "供给失败会反复重试，间隔逐渐变长。",
                ],
                facts: vec![Fact::new(FactState::Wrong, claim.clone(), error.clone())],
                doc: PROVISIONING,
            },
            Self::WaitsForSelectedNode { claim } => Explanation {
                name: "WaitsForSelectedNode",
                subject: claim.clone(),
                waits_for: Some(Key::new(Kind::Pod, &*claim.namespace, "")),
                sentence: [
                    format!("{} has no volume yet, because no node is chosen for its first Pod.", claim.name),
                    format!("{} 还没有卷，因为它的第一个 Pod 还没选定节点。", claim.name),
                ],
                rule: [
                    "With WaitForFirstConsumer the scheduler first writes the chosen node on the claim.",
                    "WaitForFirstConsumer 模式下，调度器先把选定的节点写到申领上。",
                ],
                facts: vec![Fact::new(
                    FactState::NotYet,
                    claim.clone(),
                    "volume.kubernetes.io/selected-node",
                )],
                doc: BINDING_MODE,
            },
            Self::DeletesReleasedVolume { volume } => Explanation {
                name: "DeletesReleasedVolume",
                subject: volume.clone(),
                waits_for: None,
                sentence: [
                    format!("{} and its data are deleted, because its claim is gone.", volume.name),
                    format!("{} 和上面的数据被删除，因为它的申领已经不在了。", volume.name),
                ],
                rule: [
                    "A Released volume with reclaim policy Delete is deleted by the provisioner that made it.",
                    "回收策略为 Delete 的卷一旦 Released，由创建它的供给器删除。",
                ],
                facts: vec![Fact::new(FactState::Satisfied, volume.clone(), "phase Released, policy Delete")],
                doc: RECLAIMING,
            },
            Self::ResizesVolume { claim, size } => Explanation {
                name: "ResizesVolume",
                subject: claim.clone(),
                waits_for: None,
                sentence: [
                    format!("The volume of {} grows to {size}.", claim.name),
                    format!("{} 的卷扩容到 {size}。", claim.name),
                ],
                rule: [
                    "A claim may ask for more if its class has allowVolumeExpansion; a volume never shrinks.",
                    "类允许 allowVolumeExpansion 时申领可以变大；卷从不缩小。",
                ],
                facts: vec![Fact::new(FactState::NotYet, claim.clone(), format!("requests.storage {size}"))],
                doc: EXPANDING,
            },
        }
    }
}
