//! Which changes are worth another try for a Pod that has no node.
//!
//! Models: `pkg/scheduler/eventhandlers.go`, `backend/queue` and the plugins' `EventsToRegister` with
//! their queueing hints. A Pod that was refused is woken by changes that could make the plugins
//! which refused it think again. Upstream remembers those plugins; here the Pod's own condition
//! `PodScheduled` names them.
//! Differs: hints of resources, spreading and affinity do not compute whether the change is enough. Upstream
//! tries a Pod whose claim is not bound again at each change of any volume, which refuses it once more; here
//! another claim's volume does not wake it.
//! A woken Pod is tried at once: v1.36 takes Pods out of the back-off queue while no other Pod is
//! active (`SchedulerPopFromBackoffQ`). The delays of 1 s to 10 s are for errors.

use std::rc::Rc;
use std::time::Duration;

use api::core::{Claim, Pod};
use api::{Key, Kind, Object};
use apimachinery::sorted::{SharedMap, SortedMap};
use apimachinery::value::ValueExt;
use apiserver::Change;
use client::{Follows, Seen, Users, Wake};
use serde_json::Value;

use crate::affinity;
use crate::message;
use crate::pending::{is_pending, nominated};
use crate::refusal::{Blocked, Refusal};
use crate::resources::Resources;
use crate::snapshot::{NodeInfo, Occupant};

/// How long a Pod waits on average for the look at its volumes: upstream looks once a second.
const VOLUME_POLL: Duration = Duration::from_millis(500);

/// The Pods that a change makes due.
pub fn wakes(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    match change.key.kind {
        Kind::Pod => pod_changed(change, seen),
        Kind::Node => node_changed(change, seen),
        Kind::PersistentVolumeClaim => claim_changed(change, seen),
        Kind::PersistentVolume => volume_changed(change, seen),
        Kind::StorageClass => class_changed(change, seen),
        Kind::Namespace => waiting(seen, |refused| {
            refused.by(&Refusal::PodAffinity) || refused.by(&Refusal::PodAntiAffinity)
        }),
        _ => Vec::new(),
    }
}

/// What the last refusal of a Pod names, read from its words once. It names everything if there was none yet, or
/// none that names a plugin: then everything is worth a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Refused {
    /// A bit for each of [`NAMED`].
    named: u16,
    by_resources: bool,
    /// By a plugin that looks at claims and volumes.
    by_volumes: bool,
    /// By a claim that is not bound, whatever volumes there are.
    by_unbound_claim: bool,
}

/// The refusals that are asked for one by one.
const NAMED: [Refusal; 10] = [
    Refusal::Unschedulable,
    Refusal::UntoleratedTaint,
    Refusal::NodeAffinity,
    Refusal::FreePorts,
    Refusal::TooManyPods,
    Refusal::ReadWriteOncePod,
    Refusal::TopologySpread,
    Refusal::PodAffinity,
    Refusal::PodAntiAffinity,
    Refusal::ExistingAntiAffinity,
];

impl Refused {
    fn of(pod: &Object) -> Self {
        let text = Pod(pod).condition("PodScheduled").map_or("", |c| c.str_at(&["message"]));
        if text.is_empty() || text == message::NO_NODES {
            return Self { named: u16::MAX, by_resources: true, by_volumes: true, by_unbound_claim: false };
        }
        let names = |refusal: &Refusal| text.contains(&refusal.text());
        let bits = NAMED.iter().enumerate().filter(|(_, refusal)| names(refusal)).map(|(at, _)| 1 << at);
        Self {
            named: bits.fold(0, |all, bit: u16| all | bit),
            by_resources: names(&Refusal::TooManyPods) || text.contains("Insufficient "),
            // All texts of these plugins have one of these words.
            by_volumes: text.to_ascii_lowercase().contains("persistentvolume")
                || names(&Refusal::NoVolumeToBind)
                || names(&Refusal::VolumeZone),
            by_unbound_claim: text.contains(&Blocked::ClaimUnbound(String::new()).text()),
        }
    }

    fn by(self, refusal: &Refusal) -> bool {
        NAMED.iter().position(|named| named == refusal).is_some_and(|at| self.named & (1 << at) != 0)
    }

    fn by_other_pods(self) -> bool {
        self.by(&Refusal::TopologySpread)
            || self.by(&Refusal::PodAntiAffinity)
            || self.by(&Refusal::ExistingAntiAffinity)
            || self.by(&Refusal::PodAffinity)
    }
}

/// Wakes the Pods whose refusal makes the change matter. Pods that were not refused yet are in the queue or
/// being decided; that looks again after a first refusal.
fn waiting(seen: &Seen<'_>, hint: impl Fn(Refused) -> bool) -> Vec<Wake> {
    let unplaced = Unplaced::of(seen);
    let hinted = unplaced.refused.iter().filter(|(refused, _)| hint(**refused));
    in_order(hinted.flat_map(|(_, pods)| pods.iter()).map(|(key, _)| key.clone()).collect())
}

/// Wakes refused Pods like [`waiting`], for changes that do not matter for every Pod of a refusal.
fn waiting_of(seen: &Seen<'_>, hint: impl Fn(&Object, Refused) -> bool) -> Vec<Wake> {
    let unplaced = Unplaced::of(seen);
    let all = unplaced.refused.iter().flat_map(|(refused, pods)| pods.iter().map(|pod| (*refused, pod)));
    let hinted = all.filter(|(refused, (_, pod))| hint(pod, *refused));
    in_order(hinted.map(|(_, (key, _))| key.clone()).collect())
}

/// Wakes Pods in the order of their keys.
fn in_order(mut pods: Vec<Key>) -> Vec<Wake> {
    pods.sort_unstable();
    pods.dedup();
    pods.into_iter().map(Wake::now).collect()
}

/// The Pods without a node of which the scheduler has said something.
#[derive(Debug, Clone, Default, PartialEq)]
struct Unplaced {
    /// They wait for a change: by what refused them, since most changes matter for few refusals.
    refused: SortedMap<Refused, SharedMap<Key, Rc<Object>>>,
    /// Their volumes are being made.
    nominated: SharedMap<Key, Rc<Object>>,
}

impl Unplaced {
    fn of(seen: &Seen<'_>) -> Rc<Self> {
        seen.follow(Key::new(Kind::Pod, "", ""), Self::default(), Kind::Pod, "")
    }
}

impl Follows for Unplaced {
    fn answers(&self, _other: &Self) -> bool {
        true
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        if let Some(pod) = before.filter(|pod| Occupant::of(pod).is_refused) {
            let refused = Refused::of(pod);
            if let Some(pods) = self.refused.get_mut(&refused) {
                pods.remove(&pod.key());
                if pods.is_empty() {
                    self.refused.remove(&refused);
                }
            }
        }
        if let Some(pod) = before.filter(|pod| is_nominated(pod)) {
            self.nominated.remove(&pod.key());
        }
        if let Some(pod) = after.filter(|pod| Occupant::of(pod).is_refused) {
            self.refused.entry(Refused::of(pod)).or_default().insert(pod.key(), Rc::clone(pod));
        }
        if let Some(pod) = after.filter(|pod| is_nominated(pod)) {
            self.nominated.insert(pod.key(), Rc::clone(pod));
        }
    }
}

/// Whether a node is chosen for a Pod, and its volumes are being made.
fn is_nominated(pod: &Object) -> bool {
    is_pending(pod) && !nominated(pod).is_empty()
}

fn pod_changed(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    if let Some(pod) = change.after.as_ref().filter(|pod| is_pending(pod)) {
        let worth = change.before.as_ref().is_none_or(|before| {
            before.spec() != pod.spec() || before.metadata.labels != pod.metadata.labels
        });
        return if worth { vec![Wake::now(pod.key())] } else { Vec::new() };
    }
    let runs = |pod: Option<&Rc<Object>>| pod.is_some_and(|pod| occupies(pod));
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    match (runs(before), runs(after)) {
        (true, false) => pod_gone(change.object(), seen),
        (false, true) => {
            waiting(seen, |refused| refused.by(&Refusal::PodAffinity) || refused.by(&Refusal::TopologySpread))
        }
        (true, true) if labels_of(before) != labels_of(after) => waiting(seen, Refused::by_other_pods),
        (true, true) if requests_of(before) != requests_of(after) => {
            waiting(seen, |refused| refused.by_resources)
        }
        (true, true) | (false, false) => Vec::new(),
    }
}

/// Whether a Pod takes a place on a node.
fn occupies(pod: &Object) -> bool {
    !Pod(pod).node_name().is_empty() && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
}

fn labels_of(pod: Option<&Rc<Object>>) -> Option<&SortedMap<String, String>> {
    pod.map(|pod| &pod.metadata.labels)
}

fn requests_of(pod: Option<&Rc<Object>>) -> Option<Resources> {
    pod.map(|pod| crate::resources::of_pod(pod))
}

/// Wakes Pods for which there may be room now: one has gone from a node.
fn pod_gone(gone: &Object, seen: &Seen<'_>) -> Vec<Wake> {
    waiting_of(seen, |pod, refused| {
        let shares_claim = || {
            pod.metadata.namespace == gone.metadata.namespace
                && Pod(pod).claims().any(|claim| Pod(gone).claims().any(|other| other == claim))
        };
        refused.by_resources
            || refused.by(&Refusal::FreePorts)
            || refused.by_other_pods()
            || (refused.by(&Refusal::ReadWriteOncePod) && shares_claim())
    })
}

fn node_changed(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    let Some(node) = &change.after else {
        // A Pod that was to go there is decided again.
        let unplaced = Unplaced::of(seen);
        let mine = |pod: &Object| nominated(pod) == &*change.key.name;
        let stranded = unplaced.nominated.iter().filter(|(_, pod)| mine(pod));
        return stranded.map(|(key, _)| Wake::now(key.clone())).collect();
    };
    let Some(before) = &change.before else {
        return waiting_of(seen, |pod, _| affinity::allows(pod, node));
    };
    let moved = before.metadata.labels != node.metadata.labels;
    let taints = |node: &Object| node.spec().list_at(&["taints"]).to_vec();
    let tainted = taints(before) != taints(node);
    let grown = Resources::read(before.status().at(&["allocatable"]))
        != Resources::read(node.status().at(&["allocatable"]));
    let uncordoned = is_cordoned(before) && !is_cordoned(node);
    if !(moved || tainted || grown || uncordoned) {
        return Vec::new();
    }
    waiting_of(seen, |pod, refused| {
        let tolerated = |node: &Rc<Object>| tolerates_all(pod, node);
        (uncordoned && refused.by(&Refusal::Unschedulable))
            || (tainted && refused.by(&Refusal::UntoleratedTaint) && tolerated(node) && !tolerated(before))
            || (moved && refused.by(&Refusal::NodeAffinity) && affinity::allows(pod, node))
            || (grown && refused.by_resources)
            || (moved && refused.by_other_pods())
            || ((moved || tainted) && refused.by_volumes)
    })
}

fn is_cordoned(node: &Object) -> bool {
    node.spec().bool_at(&["unschedulable"]) == Some(true)
}

fn tolerates_all(pod: &Object, node: &Rc<Object>) -> bool {
    affinity::untolerated(pod, &NodeInfo::empty(node), &["NoSchedule", "NoExecute"]).is_empty()
}

/// A volume matters for the Pods of its claim, and for all others whose refusal is about volumes. A Pod whose
/// claim is not bound would only be refused again: it waits for the claim, unless the volume is still to have.
fn volume_changed(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    let Some(volume) = &change.after else { return Vec::new() };
    let Some(claim) = volume.spec().at(&["claimRef"]) else {
        return waiting(seen, |refused| refused.by_volumes);
    };
    let claim = Key::new(Kind::PersistentVolumeClaim, claim.str_at(&["namespace"]), claim.str_at(&["name"]));
    let users = Users::of(seen);
    let own = users.of_claim(&claim).filter(|pod| is_refused_by_volumes(pod)).map(|pod| Wake::now(pod.key()));
    let others = waiting(seen, |refused| refused.by_volumes && !refused.by_unbound_claim);
    in_order(own.chain(others).map(|wake| wake.key).collect())
}

fn is_refused_by_volumes(pod: &Rc<Object>) -> bool {
    Occupant::of(pod).is_refused && Refused::of(pod).by_volumes
}

fn claim_changed(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    if change.is_delete() {
        return Vec::new();
    }
    let users = Users::of(seen);
    let users = || users.of_claim(&change.key);
    let refused = users().filter(|pod| is_refused_by_volumes(pod));
    let binding = users().filter(|pod| is_nominated(pod));
    let tried = refused.map(|pod| Wake::now(pod.key()));
    tried.chain(binding.map(|pod| Wake::after(pod.key(), VOLUME_POLL))).collect()
}

/// Wakes Pods with claims of a class that is new, or that allows other places.
fn class_changed(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    let Some(class) = &change.after else { return Vec::new() };
    let topologies = |class: &Object| Value::clone(class.field("allowedTopologies"));
    if change.before.as_ref().is_some_and(|before| topologies(before) == topologies(class)) {
        return Vec::new();
    }
    waiting_of(seen, |pod, refused| {
        let names_it = |claim: &str| {
            let claim = seen.find(Kind::PersistentVolumeClaim, &pod.metadata.namespace, claim);
            claim.is_some_and(|claim| Claim(claim).class() == Some(&*change.key.name))
        };
        refused.by_volumes && Pod(pod).claims().any(names_it)
    })
}
