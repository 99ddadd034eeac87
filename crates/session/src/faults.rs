//! The faults that a person can cause: what there is, and what is in force.
//!
//! A fault that lasts has an undo; until that is done it is *in force*. Which are is read off the cluster, so it is
//! true of any moment, whoever caused it.

use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::faults::{CONTROLLERS, PROVISIONERS, SCHEDULER};
use cluster::{Cluster, Fault, Record, What};
use kubelet::container::Container;

use crate::fault_offers::{behaviour, configured, is_broken, is_slow, offer};
use crate::lookup::worker;
use crate::offer::{FaultKind, OfferKind, Way};
use crate::refusal::Refusal;
use crate::target::Target;

/// What a fault of the menu is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Group {
    /// A Pod.
    #[default]
    Pod,
    /// A Pod's first container, and its image.
    Container,
    /// The Pod's node.
    Node,
    /// The Pod's first claim.
    Storage,
    /// All Pods.
    ControlPlane,
}

/// All faults of the menu, in order.
pub const MENU: [(Group, &[FaultKind]); 5] = [
    (Group::Pod, &[FaultKind::Delete, FaultKind::DeleteByForce, FaultKind::Evict, FaultKind::LoseReadiness]),
    (
        Group::Container,
        &[
            FaultKind::Crash,
            FaultKind::RunOutOfMemory,
            FaultKind::Hang,
            FaultKind::IgnoreSigterm,
            FaultKind::BreakImage,
            FaultKind::SlowImage,
        ],
    ),
    (Group::Node, &[FaultKind::PowerOff, FaultKind::CutNetwork, FaultKind::Cordon, FaultKind::Drain]),
    (Group::Storage, &[FaultKind::StopProvisioners, FaultKind::FillDisk, FaultKind::HoldVolume]),
    (Group::ControlPlane, &[FaultKind::StopControllers, FaultKind::StopScheduler, FaultKind::SlowApiServer]),
];

/// A row of the menu.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The fault.
    pub what: FaultKind,
    /// Whether it is in force: then taking the row undoes it.
    pub is_in_force: bool,
    /// How it is taken, or why not.
    pub way: Result<Way, Refusal>,
}

/// The rows of the menu for a target.
pub fn rows(cluster: &Cluster, target: &Target) -> Vec<(Group, Vec<Row>)> {
    let row = |what: &FaultKind| {
        let is_in_force = is_in_force(cluster, target, *what);
        Row {
            what: *what,
            is_in_force,
            way: offer(cluster, target, *what, is_in_force).map(|offer| offer.way),
        }
    };
    MENU.iter().map(|(group, all)| (*group, all.iter().map(row).collect())).collect()
}

fn container_of<'c>(cluster: &'c Cluster, target: &Target) -> Option<&'c Container> {
    let pod = cluster.store().get(target.pod.as_ref()?)?;
    worker(cluster, pod)?.containers.iter().find(|c| !c.is_init && c.name == target.container)
}

/// Whether a fault is in force for a target.
pub fn is_in_force(cluster: &Cluster, target: &Target, what: FaultKind) -> bool {
    let node = target.node.as_ref();
    let container = |holds: fn(&Container) -> bool| container_of(cluster, target).is_some_and(holds);
    match what {
        FaultKind::Delete
        | FaultKind::DeleteByForce
        | FaultKind::Evict
        | FaultKind::Crash
        | FaultKind::RunOutOfMemory
        | FaultKind::Drain => false,
        FaultKind::LoseReadiness => {
            let pod = target.pod.as_ref().and_then(|key| cluster.store().get(key));
            pod.and_then(|pod| worker(cluster, pod)).is_some_and(|worker| worker.forced_ready == Some(false))
        }
        FaultKind::Hang => container(|c| c.ills.hangs_since.is_some()),
        FaultKind::IgnoreSigterm => container(|c| c.ills.ignores_sigterm),
        FaultKind::BreakImage => is_broken(cluster, &target.image),
        FaultKind::SlowImage => is_slow(cluster, &target.image),
        FaultKind::PowerOff => {
            node.and_then(|node| cluster.kubelet(&node.name)).is_some_and(|kubelet| !kubelet.has_power())
        }
        FaultKind::CutNetwork => node.is_some_and(|node| cluster.is_cut_off(&node.name)),
        FaultKind::Cordon => node.and_then(|node| cluster.store().get(node)).is_some_and(|n| is_cordoned(n)),
        FaultKind::StopProvisioners => cluster.is_stopped(PROVISIONERS),
        FaultKind::FillDisk => cluster.disks().is_full(&target.volume),
        FaultKind::HoldVolume => cluster.held_volumes().contains(&target.volume),
        FaultKind::StopControllers => cluster.is_stopped(CONTROLLERS),
        FaultKind::StopScheduler => cluster.is_stopped(SCHEDULER),
        FaultKind::SlowApiServer => !cluster.slower_by().is_zero(),
    }
}

fn is_cordoned(node: &Object) -> bool {
    node.spec().bool_at(&["unschedulable"]) == Some(true)
}

/// A fault that lasts and has not been taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// What: [`OfferKind::Undo`] of a fault of the menu, or [`OfferKind::ImageAsUsual`] for what else an image
    /// was made to do.
    pub what: OfferKind,
    /// To what: the name of a Pod, node, claim or image; empty for the control plane.
    pub subject: String,
    /// That object, if it is one.
    pub about: Option<Key>,
    /// Since when, if anybody did it in this run.
    pub since: Option<Time>,
    /// What takes it back.
    pub undo: Way,
}

/// What is in force at the moment of a cluster, in the order of the menu; `records` are those of its run.
pub fn in_force(cluster: &Cluster, records: &[Record]) -> Vec<InForce> {
    let mut found = Vec::new();
    for (what, target, subject, about) in candidates(cluster) {
        if !is_in_force(cluster, &target, what) {
            continue;
        }
        if let Ok(undo) = offer(cluster, &target, what, true) {
            let since = since(cluster, records, &target, what);
            found.push(InForce { what: undo.what, subject, about, since, undo: undo.way });
        }
    }
    found.extend(odd_images(cluster));
    found
}

/// All that could be in force: a fault, its target, and the name and key of what it was done to.
fn candidates(cluster: &Cluster) -> Vec<(FaultKind, Target, String, Option<Key>)> {
    let of = |key: &Key| (Target::of(cluster, Some(key)), key.name.to_string(), Some(key.clone()));
    let mut found = Vec::new();
    let mut add = |whats: &[FaultKind], (target, name, key): (Target, String, Option<Key>)| {
        found.extend(whats.iter().map(|what| (*what, target.clone(), name.clone(), key.clone())));
    };
    let workers = cluster.kubelets().flat_map(kubelet::Kubelet::workers);
    let is_ill = |w: &&kubelet::worker::Worker| {
        let ills = w.containers.iter().any(|c| c.ills.hangs_since.is_some() || c.ills.ignores_sigterm);
        ills || w.forced_ready == Some(false)
    };
    for pod in workers.filter(is_ill).map(kubelet::worker::Worker::key) {
        add(&[FaultKind::LoseReadiness, FaultKind::Hang, FaultKind::IgnoreSigterm], of(&pod));
    }
    for image in images(cluster) {
        let target = Target { image: image.clone(), ..Target::default() };
        add(&[FaultKind::BreakImage, FaultKind::SlowImage], (target, image, None));
    }
    for node in cluster.store().list(Kind::Node, "").map(|node| node.key()) {
        let target = Target { node: Some(node.clone()), ..Target::default() };
        let whats = [FaultKind::PowerOff, FaultKind::CutNetwork, FaultKind::Cordon];
        add(&whats, (target, node.name.to_string(), Some(node)));
    }
    let is_off = |volume: &str| cluster.disks().is_full(volume) || cluster.held_volumes().contains(volume);
    for claim in cluster.store().list(Kind::PersistentVolumeClaim, "") {
        if is_off(claim.spec().str_at(&["volumeName"])) {
            add(&[FaultKind::FillDisk, FaultKind::HoldVolume], of(&claim.key()));
        }
    }
    let plane = [
        FaultKind::StopProvisioners,
        FaultKind::StopControllers,
        FaultKind::StopScheduler,
        FaultKind::SlowApiServer,
    ];
    add(&plane, (Target::default(), String::new(), None));
    found
}

/// The images that behave otherwise than they did when the laboratory was set up.
fn images(cluster: &Cluster) -> Vec<String> {
    let kubelet = cluster.kubelets().next();
    let now = kubelet.into_iter().flat_map(|kubelet| kubelet.image_behaviours().iter());
    let mut all: Vec<String> =
        now.chain(cluster.config().images.iter()).map(|(image, _)| image.to_owned()).collect();
    all.sort();
    all.dedup();
    all.retain(|image| behaviour(cluster, image) != configured(cluster, image));
    all
}

/// What images do that is neither a broken nor a slow pull: never ready, crashing, slow to start.
fn odd_images(cluster: &Cluster) -> impl Iterator<Item = InForce> {
    let odd =
        images(cluster).into_iter().filter(|image| !is_broken(cluster, image) && !is_slow(cluster, image));
    odd.map(|image| {
        let usual = configured(cluster, &image);
        let undo = Fault::SetImageBehaviour { image: image.clone(), behaviour: usual };
        let undo = Way::Fault(undo, format!("{image} as usual"));
        InForce { what: OfferKind::ImageAsUsual, subject: image, about: None, since: None, undo }
    })
}

/// When a fault that is in force was caused: the last time that it was.
fn since(cluster: &Cluster, records: &[Record], target: &Target, what: FaultKind) -> Option<Time> {
    let until = records.partition_point(|record| record.at <= cluster.now());
    let mut past = records.get(..until)?.iter().rev();
    if what == FaultKind::Cordon {
        let turned = |record: &&Record| {
            let What::Requested { changes, .. } = &record.what else { return false };
            changes.iter().any(|change| {
                let was = change.before.as_ref().is_some_and(|node| is_cordoned(node));
                Some(&change.key) == target.node.as_ref()
                    && !was
                    && change.after.as_ref().is_some_and(|n| is_cordoned(n))
            })
        };
        return past.find(turned).map(|record| record.at);
    }
    let Ok(Way::Fault(cause, _)) = offer(cluster, target, what, false).map(|offer| offer.way) else {
        return None;
    };
    past.find(|record| matches!(&record.what, What::Fault(fault) if is_alike(fault, &cause)))
        .map(|record| record.at)
}

/// Whether two faults are the same, but for what else an image does and which container was named.
fn is_alike(one: &Fault, other: &Fault) -> bool {
    match (one, other) {
        (Fault::SetImageBehaviour { image: one, .. }, Fault::SetImageBehaviour { image: other, .. }) => {
            one == other
        }
        (Fault::Hang { namespace, pod, hangs, .. }, Fault::Hang { namespace: n, pod: p, hangs: h, .. }) => {
            (namespace, pod, hangs) == (n, p, h)
        }
        (
            Fault::IgnoreSigterm { namespace, pod, ignores, .. },
            Fault::IgnoreSigterm { namespace: n, pod: p, ignores: i, .. },
        ) => (namespace, pod, ignores) == (n, p, i),
        _ => one == other,
    }
}
