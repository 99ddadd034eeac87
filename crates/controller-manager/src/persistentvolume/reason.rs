//! Why claims and volumes are as they are.

use api::{Key, Kind};
use client::{Explain, Explanation, FactState, Outlook};

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

/// The rule and its page in Kubernetes' documentation.
type Rule = ([&'static str; 2], &'static str);

/// A claim that has no volume because of `cause`, which only a person mends.
fn pending(
    name: &'static str,
    claim: &Key,
    waits_for: Key,
    cause: [String; 2],
    (rule, doc): Rule,
) -> Explanation {
    let state = [format!("{} is Pending", claim.name), format!("{} 一直是 Pending", claim.name)];
    Explanation::because(name, claim, state, cause, rule, doc).waits_for(waits_for).outlook(Outlook::Stays)
}

/// A claim that has no volume yet because of `cause`, which another component mends.
fn early(
    name: &'static str,
    claim: &Key,
    waits_for: Key,
    cause: [String; 2],
    (rule, doc): Rule,
) -> Explanation {
    let state = [format!("{} has no volume yet", claim.name), format!("{} 还没有卷", claim.name)];
    Explanation::because(name, claim, state, cause, rule, doc).waits_for(waits_for)
}

fn cluster(kind: Kind, name: &str) -> Key {
    Key::new(kind, "", name)
}

fn pod_of(claim: &Key, name: &str) -> Key {
    Key::new(Kind::Pod, &*claim.namespace, name)
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
            Self::BindsClaim { claim, volume } => Explanation::deed(
                "BindsClaim",
                claim,
                [
                    format!("{} gets the volume {}.", claim.name, volume.name),
                    format!("{} 得到卷 {}。", claim.name, volume.name),
                ],
                [
                    "The smallest free volume of the claim's class that is big enough is bound to it; a volume reserved for it wins.",
                    "在同一存储类里，从够大的空闲卷中选最小的绑定；为它预留的卷优先。",
                ],
                VOLUMES,
            )
            .quote(FactState::Satisfied, volume, "phase: Available"),
            Self::ProvisionsVolume { claim, volume } => Explanation::deed(
                "ProvisionsVolume",
                claim,
                [
                    format!("The volume {volume} is made for {}.", claim.name),
                    format!("为 {} 创建了卷 {volume}。", claim.name),
                ],
                [
                    "A volume is made for each claim whose class has a provisioner; it is called pvc- and the claim's UID.",
                    "存储类有制备器，就会为申领创建卷，卷名是 pvc- 加上申领的 UID。",
                ],
                VOLUMES,
            ),
            Self::AssignsDefaultClass { claim, class } => Explanation::because(
                "AssignsDefaultClass",
                claim,
                [
                    format!("{} gets the class {class}", claim.name),
                    format!("{} 用上了存储类 {class}", claim.name),
                ],
                ["that is the default now".to_owned(), "它现在是默认存储类".to_owned()],
                [
                    "A claim that names no class gets the default class as soon as there is one.",
                    "没写存储类的申领，一旦有了默认存储类就会用上。",
                ],
                CLASSES,
            ),
            Self::ClaimIsLost { claim, volume } => Explanation::because(
                "ClaimIsLost",
                claim,
                [format!("{} is Lost", claim.name), format!("{} 变成 Lost", claim.name)],
                [format!("its volume {volume} is gone"), format!("它的卷 {volume} 不在了")],
                [
                    "A claim is bound to one volume by name. If that object vanishes, the claim is Lost for good.",
                    "申领按名字绑定唯一的一个卷。这个卷对象没了，申领就一直是 Lost。",
                ],
                VOLUMES,
            )
            .fact(
                FactState::Wrong,
                &cluster(Kind::PersistentVolume, volume),
                [format!("{volume} does not exist"), format!("{volume} 不存在")],
            )
            .afar([
                format!("the volume {volume} of {} is gone", claim.name),
                format!("{} 的卷 {volume} 不在了", claim.name),
            ])
            .outlook(Outlook::Stays),
            Self::KeepsReleasedVolume { volume, claim } => Explanation::because(
                "KeepsReleasedVolume",
                volume,
                [
                    format!("{} is Released and kept", volume.name),
                    format!("{} 变成 Released，并保留下来", volume.name),
                ],
                [
                    format!("its claim {} is gone", claim.name),
                    format!("它的申领 {} 已经不在了", claim.name),
                ],
                [
                    "With reclaim policy Retain a volume and its data stay; nobody gets it until its claimRef is cleared.",
                    "回收策略为 Retain 时，卷和数据都保留；清掉 claimRef 之前，谁也用不了它。",
                ],
                RECLAIMING,
            )
            .quote(FactState::Satisfied, volume, "persistentVolumeReclaimPolicy: Retain"),
            Self::DeletesReleasedVolume { volume } => Explanation::because(
                "DeletesReleasedVolume",
                volume,
                [
                    format!("{} and its data are deleted", volume.name),
                    format!("{} 连同数据一起删除", volume.name),
                ],
                ["its claim is gone".to_owned(), "它的申领已经不在了".to_owned()],
                [
                    "With reclaim policy Delete a volume and its data go with its claim.",
                    "回收策略为 Delete 时，卷和数据跟着申领一起删除。",
                ],
                RECLAIMING,
            ),
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
            Self::WaitsForClass { claim, class } => pending(
                "WaitsForClass",
                claim,
                cluster(Kind::StorageClass, class),
                [
                    format!("the StorageClass {class} does not exist"),
                    format!("StorageClass {class} 不存在"),
                ],
                (
                    [
                        "A claim waits for its class. The class makes nobody look: the volume controller looks at such claims every 15 s.",
                        "申领要等它的存储类。创建存储类不会惊动谁：卷控制器每 15 秒看一次这样的申领。",
                    ],
                    CLASSES,
                ),
            )
            .fact(
                FactState::Wrong,
                &cluster(Kind::StorageClass, class),
                [
                    format!("StorageClass {class} does not exist"),
                    format!("StorageClass {class} 不存在"),
                ],
            )
            .next([
                format!("When somebody has created {class}, the volume is made within 15 s."),
                format!("有人创建 {class} 之后，15 秒内就会建卷。"),
            ]),
            Self::WaitsForVolume { claim, class } => pending(
                "WaitsForVolume",
                claim,
                cluster(Kind::PersistentVolume, ""),
                [
                    format!("no free volume of class {class} fits {}", claim.name),
                    format!("存储类 {class} 里没有适合 {} 的空闲卷", claim.name),
                ],
                (
                    [
                        "kubernetes.io/no-provisioner makes nothing: volumes of this class are made by hand, and must be free and big enough.",
                        "kubernetes.io/no-provisioner 不会建卷：这类卷要手动创建，而且要空闲、够大。",
                    ],
                    CLASSES,
                ),
            ),
            Self::WaitsForProvisioner { claim, provisioner } => early(
                "WaitsForProvisioner",
                claim,
                cluster(Kind::PersistentVolume, ""),
                [
                    format!("{provisioner} has not made the volume of {}", claim.name),
                    format!("{provisioner} 还没有为 {} 建卷", claim.name),
                ],
                (
                    [
                        "An external provisioner is a program of its own. If it does not run here, nobody makes the volume.",
                        "外部制备器是一个单独的程序。它没有在这里运行的话，就没有谁建卷。",
                    ],
                    CLASSES,
                ),
            )
            .outlook(Outlook::Retries),
            Self::WaitsForFirstConsumer { claim } => early(
                "WaitsForFirstConsumer",
                claim,
                pod_of(claim, ""),
                ["no Pod uses it".to_owned(), "还没有 Pod 用它".to_owned()],
                (
                    [
                        "With WaitForFirstConsumer a volume is made where the first Pod is to run, so the Pod comes first.",
                        "WaitForFirstConsumer 模式下，第一个 Pod 要在哪里运行，卷就建在哪里，所以先要有 Pod。",
                    ],
                    BINDING_MODE,
                ),
            ),
            Self::WaitsForPodScheduled { claim, pod } => early(
                "WaitsForPodScheduled",
                claim,
                pod_of(claim, pod),
                [format!("{pod} has no node"), format!("{pod} 还没有节点")],
                (
                    [
                        "With WaitForFirstConsumer a volume is made once the scheduler has chosen the Pod's node.",
                        "WaitForFirstConsumer 模式下，调度器选定 Pod 的节点之后才建卷。",
                    ],
                    BINDING_MODE,
                ),
            ),
            Self::WaitsWithoutClass { claim } => pending(
                "WaitsWithoutClass",
                claim,
                cluster(Kind::StorageClass, ""),
                [
                    format!("{} names no class and the cluster has no default", claim.name),
                    format!("{} 没写存储类，集群也没有默认的", claim.name),
                ],
                (
                    [
                        "Without a class a claim takes the default class, or a free volume that has no class either.",
                        "没写存储类的申领会用默认存储类，或者用同样没写存储类的空闲卷。",
                    ],
                    CLASSES,
                ),
            )
            .fact(
                FactState::Wrong,
                claim,
                [
                    format!("{} has no storageClassName", claim.name),
                    format!("{} 没有 storageClassName", claim.name),
                ],
            )
            .next([
                "When the cluster has a default class, the claim takes it within 15 s.".to_owned(),
                "集群有了默认存储类，15 秒内这个申领就会用上。".to_owned(),
            ]),
            Self::WaitsForNamedVolume { claim, volume } => pending(
                "WaitsForNamedVolume",
                claim,
                cluster(Kind::PersistentVolume, volume),
                [
                    format!("it asks for the volume {volume}, which it cannot have"),
                    format!("它指定要卷 {volume}，而这个卷给不了它"),
                ],
                (
                    [
                        "A claim with volumeName takes that volume or none.",
                        "写了 volumeName 的申领只要那一个卷。",
                    ],
                    VOLUMES,
                ),
            )
            .afar([
                format!("{} asks for the volume {volume}, which it cannot have", claim.name),
                format!("{} 指定要卷 {volume}，而这个卷给不了它", claim.name),
            ]),
            Self::WaitsForExpansion { claim, size } => Explanation::deed(
                "WaitsForExpansion",
                claim,
                [
                    format!("{} asks for {size} and waits for somebody to grow its volume.", claim.name),
                    format!("{} 想要 {size}，还没有谁为它扩容。", claim.name),
                ],
                [
                    "A resizer of the volume's driver grows it. Without one the claim keeps its size.",
                    "扩容由卷驱动自带的扩容器来做。没有扩容器，申领的大小就不变。",
                ],
                VOLUMES,
            )
            .waits_for(cluster(Kind::PersistentVolume, "")),
            Self::BindsClaim { .. }
            | Self::ProvisionsVolume { .. }
            | Self::AssignsDefaultClass { .. }
            | Self::ClaimIsLost { .. }
            | Self::KeepsReleasedVolume { .. }
            | Self::DeletesReleasedVolume { .. } => self.explain_deed(),
        }
    }
}
