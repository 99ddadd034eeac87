//! Why claims and volumes are as they are.

use api::{Key, Kind};
use client::{Explain, Explanation, Fact, FactState};

/// A reason of the volume binder.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum VolumeReason {
    /// A claim and a volume are bound to each other.
    BindsClaim { claim: Key, volume: Key },
    /// A volume was made for a claim.
    ProvisionsVolume { claim: Key, volume: String },
    /// The claim names a class that does not exist.
    WaitsForClass { claim: Key, class: String },
    /// The class has nobody who makes volumes: one has to be made by hand.
    WaitsForVolume { claim: Key, class: String },
    /// A program of its own is to make the volume.
    WaitsForProvisioner { claim: Key, provisioner: String },
    /// The class waits for a Pod, and there is none.
    WaitsForFirstConsumer { claim: Key },
    /// The class waits for a Pod's node.
    WaitsForPodScheduled { claim: Key, pod: String },
    /// The claim has no class, and there is no default.
    WaitsWithoutClass { claim: Key },
    /// The claim asks for a volume by name that is missing or taken.
    WaitsForNamedVolume { claim: Key, volume: String },
    /// A default class has appeared.
    AssignsDefaultClass { claim: Key, class: String },
    /// The claim's volume object is gone.
    ClaimIsLost { claim: Key, volume: String },
    /// The volume's claim is gone; the volume stays.
    KeepsReleasedVolume { volume: Key, claim: Key },
    /// The volume's claim is gone; the volume goes too.
    DeletesReleasedVolume { volume: Key },
    /// The claim asks for more than its volume has.
    WaitsForExpansion { claim: Key, size: String },
}

const VOLUMES: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/";
const CLASSES: &str = "https://kubernetes.io/docs/concepts/storage/storage-classes/";
const BINDING_MODE: &str = "https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode";
const RECLAIMING: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming";

/// An explanation without rule and facts, which every variant adds.
pub(super) fn about(
    name: &'static str,
    subject: &Key,
    waits_for: Option<Key>,
    sentence: [String; 2],
) -> Explanation {
    let rule = ["", ""];
    Explanation { name, subject: subject.clone(), waits_for, sentence, rule, facts: Vec::new(), doc: VOLUMES }
}

fn cluster(kind: Kind, name: &str) -> Option<Key> {
    Some(Key::new(kind, "", name))
}

impl Explain for VolumeReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::BindsClaim { .. }
            | Self::ProvisionsVolume { .. }
            | Self::AssignsDefaultClass { .. }
            | Self::ClaimIsLost { .. }
            | Self::KeepsReleasedVolume { .. }
            | Self::DeletesReleasedVolume { .. } => self.explain_deed(),
            Self::WaitsForClass { .. }
            | Self::WaitsForVolume { .. }
            | Self::WaitsForProvisioner { .. }
            | Self::WaitsForFirstConsumer { .. }
            | Self::WaitsForPodScheduled { .. }
            | Self::WaitsWithoutClass { .. }
            | Self::WaitsForNamedVolume { .. }
            | Self::WaitsForExpansion { .. } => self.explain_wait(),
        }
    }
}

impl VolumeReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    fn explain_deed(&self) -> Explanation {
        match self {
            Self::BindsClaim { claim, volume } => Explanation {
                rule: [
                    "The smallest free volume of the claim's class that is big enough is bound to it; a volume reserved for it wins.",
                    "同一类里够大的空闲卷中最小的那个会绑定给申领；为它预留的卷优先。",
                ],
                facts: vec![Fact::new(FactState::Satisfied, volume.clone(), "phase Available")],
                ..about(
                    "BindsClaim",
                    claim,
                    None,
                    [
                        format!("{} gets the volume {}.", claim.name, volume.name),
                        format!("{} 得到卷 {}。", claim.name, volume.name),
                    ],
                )
            },
            Self::ProvisionsVolume { claim, volume } => Explanation {
                rule: [
                    "A volume is made for each claim whose class has a provisioner; it is called pvc- and the claim's UID.",
                    "类带有供给器时，会为申领创建一个卷，卷名是 pvc- 加申领的 UID。",
                ],
                ..about(
                    "ProvisionsVolume",
                    claim,
                    None,
                    [
                        format!("The volume {volume} is made for {}.", claim.name),
                        format!("为 {} 创建了卷 {volume}。", claim.name),
                    ],
                )
            },
            Self::AssignsDefaultClass { claim, class } => Explanation {
                rule: [
                    "A claim that names no class gets the default class as soon as there is one.",
                    "没写类的申领，一旦有了默认类就会用上它。",
                ],
                doc: CLASSES,
                ..about(
                    "AssignsDefaultClass",
                    claim,
                    None,
                    [
                        format!("{} gets the class {class}, because that is the default now.", claim.name),
                        format!("{} 用上了类 {class}，因为它现在是默认类。", claim.name),
                    ],
                )
            },
            Self::ClaimIsLost { claim, volume } => Explanation {
                rule: [
                    "A claim is bound to one volume by name. If that object vanishes, the claim is Lost for good.",
                    "申领按名字绑定唯一一个卷。这个卷对象没了，申领就一直是 Lost。",
                ],
                facts: vec![Fact::new(
                    FactState::Wrong,
                    Key::new(Kind::PersistentVolume, "", volume.as_str()),
                    format!("{volume} does not exist"),
                )],
                ..about(
                    "ClaimIsLost",
                    claim,
                    None,
                    [
                        format!("{} is Lost, because its volume {volume} is gone.", claim.name),
                        format!("{} 变成 Lost，因为它的卷 {volume} 没了。", claim.name),
                    ],
                )
            },
            Self::KeepsReleasedVolume { volume, claim } => Explanation {
                rule: [
                    "With reclaim policy Retain a volume and its data stay; nobody gets it until its claimRef is cleared.",
                    "回收策略为 Retain 时卷和数据都保留；claimRef 清掉之前谁也拿不到它。",
                ],
                facts: vec![Fact::new(
                    FactState::Satisfied,
                    volume.clone(),
                    "persistentVolumeReclaimPolicy: Retain",
                )],
                doc: RECLAIMING,
                ..about(
                    "KeepsReleasedVolume",
                    volume,
                    None,
                    [
                        format!(
                            "{} is Released and kept, because its claim {} is gone.",
                            volume.name, claim.name
                        ),
                        format!("{} 变成 Released 并保留，因为申领 {} 已经不在了。", volume.name, claim.name),
                    ],
                )
            },
            Self::DeletesReleasedVolume { volume } => Explanation {
                rule: [
                    "With reclaim policy Delete a volume and its data go with its claim.",
                    "回收策略为 Delete 时，卷和数据跟着申领一起删除。",
                ],
                doc: RECLAIMING,
                ..about(
                    "DeletesReleasedVolume",
                    volume,
                    None,
                    [
                        format!("{} and its data are deleted, because its claim is gone.", volume.name),
                        format!("{} 和上面的数据被删除，因为它的申领已经不在了。", volume.name),
                    ],
                )
            },
            Self::WaitsForClass { .. }
            | Self::WaitsForVolume { .. }
            | Self::WaitsForProvisioner { .. }
            | Self::WaitsForFirstConsumer { .. }
            | Self::WaitsForPodScheduled { .. }
            | Self::WaitsWithoutClass { .. }
            | Self::WaitsForNamedVolume { .. }
            | Self::WaitsForExpansion { .. } => self.explain_wait(),
        }
    }

    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    fn explain_wait(&self) -> Explanation {
        match self {
            Self::WaitsForClass { claim, class } => Explanation {
                rule: [
                    "A claim is looked at every 15 s; once its class exists, its volume is made.",
                    "申领每 15 秒检查一次；类一出现就会创建卷。",
                ],
                facts: vec![Fact::new(
                    FactState::Wrong,
                    Key::new(Kind::StorageClass, "", class.as_str()),
                    format!("StorageClass {class} does not exist"),
                )],
                doc: CLASSES,
                ..about(
                    "WaitsForClass",
                    claim,
                    cluster(Kind::StorageClass, class),
                    [
                        format!(
                            "{} is Pending, because the StorageClass {class} does not exist.",
                            claim.name
                        ),
                        format!("{} 一直 Pending，因为 StorageClass {class} 不存在。", claim.name),
                    ],
                )
            },
            Self::WaitsForVolume { claim, class } => Explanation {
                rule: [
                    "kubernetes.io/no-provisioner makes nothing: volumes of this class are made by hand, and must be free and big enough.",
                    "kubernetes.io/no-provisioner 什么也不创建：这个类的卷要手动建，而且要空闲、够大。",
                ],
                doc: CLASSES,
                ..about(
                    "WaitsForVolume",
                    claim,
                    cluster(Kind::PersistentVolume, ""),
                    [
                        format!(
                            "{} is Pending, because no free volume of class {class} fits it.",
                            claim.name
                        ),
                        format!("{} 一直 Pending，因为类 {class} 里没有合适的空闲卷。", claim.name),
                    ],
                )
            },
            Self::WaitsForProvisioner { claim, provisioner } => Explanation {
                rule: [
                    "An external provisioner is a program of its own. If it does not run here, nobody makes the volume.",
                    "外部供给器是单独的程序。这里没有运行它，就没人创建卷。",
                ],
                doc: CLASSES,
                ..about(
                    "WaitsForProvisioner",
                    claim,
                    cluster(Kind::PersistentVolume, ""),
                    [
                        format!("{} waits for {provisioner} to make its volume.", claim.name),
                        format!("{} 在等 {provisioner} 创建卷。", claim.name),
                    ],
                )
            },
            Self::WaitsForFirstConsumer { claim } => Explanation {
                rule: [
                    "With WaitForFirstConsumer a volume is made where the first Pod is to run, so the Pod comes first.",
                    "WaitForFirstConsumer 模式下，卷建在第一个 Pod 要运行的地方，所以先有 Pod。",
                ],
                doc: BINDING_MODE,
                ..about(
                    "WaitsForFirstConsumer",
                    claim,
                    Some(Key::new(Kind::Pod, &*claim.namespace, "")),
                    [
                        format!("{} has no volume yet, because no Pod uses it.", claim.name),
                        format!("{} 还没有卷，因为还没有 Pod 用它。", claim.name),
                    ],
                )
            },
            Self::WaitsForPodScheduled { claim, pod } => Explanation {
                rule: [
                    "With WaitForFirstConsumer a volume is made once the scheduler has chosen the Pod's node.",
                    "WaitForFirstConsumer 模式下，调度器选定 Pod 的节点后才创建卷。",
                ],
                doc: BINDING_MODE,
                ..about(
                    "WaitsForPodScheduled",
                    claim,
                    Some(Key::new(Kind::Pod, &*claim.namespace, pod.as_str())),
                    [
                        format!("{} has no volume yet, because {pod} has no node.", claim.name),
                        format!("{} 还没有卷，因为 {pod} 还没有节点。", claim.name),
                    ],
                )
            },
            Self::WaitsWithoutClass { claim } => Explanation {
                rule: [
                    "Without a class a claim takes the default class, or a free volume that has no class either.",
                    "没写类的申领会用默认类，或者同样没写类的空闲卷。",
                ],
                doc: CLASSES,
                ..about(
                    "WaitsWithoutClass",
                    claim,
                    cluster(Kind::StorageClass, ""),
                    [
                        format!(
                            "{} is Pending, because it names no class and there is no default.",
                            claim.name
                        ),
                        format!("{} 一直 Pending，因为它没写类，也没有默认类。", claim.name),
                    ],
                )
            },
            Self::WaitsForNamedVolume { claim, volume } => Explanation {
                rule: [
                    "A claim with volumeName takes that volume or none.",
                    "写了 volumeName 的申领只要那一个卷。",
                ],
                ..about(
                    "WaitsForNamedVolume",
                    claim,
                    cluster(Kind::PersistentVolume, volume),
                    [
                        format!("{} is Pending, because it asks for the volume {volume}.", claim.name),
                        format!("{} 一直 Pending，因为它点名要卷 {volume}。", claim.name),
                    ],
                )
            },
            Self::WaitsForExpansion { claim, size } => Explanation {
                rule: [
                    "A resizer of the volume's driver grows it. Without one the claim keeps its size.",
                    "由卷的驱动带的扩容器来扩。没有它，申领的大小就不变。",
                ],
                ..about(
                    "WaitsForExpansion",
                    claim,
                    cluster(Kind::PersistentVolume, ""),
                    [
                        format!("{} asks for {size} and waits for somebody to grow its volume.", claim.name),
                        format!("{} 想要 {size}，在等谁来扩容它的卷。", claim.name),
                    ],
                )
            },
            Self::BindsClaim { .. }
            | Self::ProvisionsVolume { .. }
            | Self::AssignsDefaultClass { .. }
            | Self::ClaimIsLost { .. }
            | Self::KeepsReleasedVolume { .. }
            | Self::DeletesReleasedVolume { .. } => self.explain_deed(),
        }
    }
}
