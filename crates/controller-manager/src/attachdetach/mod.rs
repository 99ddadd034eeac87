//! Which node has which volume, of those that only one node may have at a time.
//!
//! A node's `status.volumesAttached` says what it has; a kubelet mounts nothing else. Read in this order:
//! here is the controller, [`wanted`] says which volumes a node needs, [`reason`] says why.
//!
//! Models: `pkg/controller/volume/attachdetach`.
//! Differs: there are no `VolumeAttachment` objects, so what is attached goes with the Node object; the
//! volumes of a healthy node count as unmounted when the Pod's object is gone (no `volumesInUse`).

pub mod reason;
pub mod wanted;

use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object, PodFacts};
use apimachinery::Reason as StatusReason;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::set_at;
use apiserver::{Change, Request};
use client::{Controller, EventSpec, Halt, Outcome, Seen, Turn, Wake};
use serde_json::json;

use crate::conditions::status_of;
use crate::nodelifecycle::taints::{OUT_OF_SERVICE, has_key};
use reason::AttachReason;
use wanted::{Wanted, attached, device, is_shared};

/// The controller's name.
pub const NAME: &str = "attachdetach-controller";
/// How long changes are gathered: `loopPeriod`.
const LOOP: Duration = Duration::from_millis(100);
/// How long a silent node keeps its volumes: `ReconcilerMaxWaitForUnmountDuration`.
const PATIENCE: Duration = Duration::from_mins(6);

/// How long a detach that failed is left alone: what the back-off of `nestedpendingoperations` comes to.
const RETRY: Duration = Duration::from_secs(122);

/// The controller, and what its drivers do not do.
#[derive(Debug, Clone, Default)]
pub struct AttachDetach {
    /// The PersistentVolumes that no driver lets go, whoever asks.
    stuck: SortedSet<String>,
}

impl AttachDetach {
    /// The controller of drivers that do not detach these PersistentVolumes: `ControllerUnpublishVolume` fails, and
    /// the controller tries again. No Event tells of it, since no Pod is concerned; what comes to be seen is the
    /// Multi-Attach error of the next Pod.
    pub fn with_stuck(stuck: SortedSet<String>) -> Self {
        Self { stuck }
    }

    fn holds(&self, device: &str) -> bool {
        self.stuck.contains(&*wanted::volume_key(device).name)
    }
}

impl Controller for AttachDetach {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Node, Kind::Pod, Kind::PersistentVolumeClaim, Kind::PersistentVolume]
    }

    fn workers(&self) -> usize {
        4
    }

    /// A node is woken by Pods that come to it or leave it, and by its own return. The key of a
    /// `PersistentVolume` stands for the moment at which a silent node has had it for long enough.
    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match (change.key.kind, &change.before, &change.after) {
            (Kind::Pod, before, after) => pod_wakes(before.as_ref(), after.as_ref(), seen),
            (Kind::Node, before, Some(node)) => {
                let state =
                    |node: &Object| (status_of(node, "Ready") == "True", has_key(node, OUT_OF_SERVICE));
                let turned = before.as_ref().is_none_or(|before| state(before) != state(node));
                let own = turned && !attached(node).is_empty();
                let mut wakes: Vec<Wake> = own.then(|| Wake::now(change.key.clone())).into_iter().collect();
                if let Some(before) = before {
                    wakes.extend(freed_wakes(before, attached(node), seen));
                }
                wakes
            }
            (Kind::Node, Some(node), None) => freed_wakes(node, &SortedSet::new(), seen),
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let seen = turn.seen();
        let Some(object) = seen.get(key) else { return Ok(Outcome::Done) };
        if key.kind == Kind::PersistentVolume {
            return self.lose_patience(object, turn);
        }
        if !turn.caches_include_own_writes(&[Kind::Node]) {
            return Ok(Outcome::Failed(String::new()));
        }
        self.reconcile(object, turn)
    }
}

fn pod_wakes(before: Option<&Rc<Object>>, after: Option<&Rc<Object>>, seen: &Seen<'_>) -> Vec<Wake> {
    let uses = |pod: &Rc<Object>| !PodFacts::of(pod).claims.is_empty() && wanted::is_on_node(pod);
    let (was, is) = (before.filter(|p| uses(p)), after.filter(|p| uses(p)));
    let (pod, left) = match (was, is) {
        (None, Some(pod)) => (pod, false),
        (Some(pod), None) => (pod, true),
        _ => return Vec::new(),
    };
    let mut wakes = vec![Wake::after(Key::new(Kind::Node, "", Pod(pod).node_name()), LOOP)];
    if left {
        let volumes = wanted::volumes(pod, seen).0.into_iter();
        wakes.extend(volumes.map(|volume| Wake::after(volume.key(), PATIENCE)));
    }
    wakes
}

/// The nodes that may wait for a volume which this node has let go.
fn freed_wakes(before: &Rc<Object>, now: &SortedSet<String>, seen: &Seen<'_>) -> Vec<Wake> {
    let freed: SortedSet<&str> = attached(before).difference(now).map(String::as_str).collect();
    if freed.is_empty() {
        return Vec::new();
    }
    let waits = |pod: &Rc<Object>| {
        let volumes = wanted::volumes(pod, seen).0;
        volumes.into_iter().filter_map(device).any(|device| freed.contains(device))
    };
    let users = wanted::Users::of(seen);
    let nodes: SortedSet<&str> =
        users.iter().filter(|pod| waits(pod)).map(|pod| Pod(pod).node_name()).collect();
    nodes.into_iter().map(|node| Wake::now(Key::new(Kind::Node, "", node))).collect()
}

/// What the Pods of a node need, beside what is attached to it.
struct Compared {
    /// Volumes to attach by their unique names, each with a Pod that needs it.
    missing: SortedMap<String, (Rc<Object>, Rc<Object>)>,
    /// What is attached and no Pod needs.
    stale: SortedSet<String>,
    /// A claim's volume is not known yet.
    is_incomplete: bool,
}

impl Compared {
    fn of(node: &Rc<Object>, seen: &Seen<'_>) -> Self {
        let Wanted { mut volumes, is_incomplete } = wanted::of(&node.metadata.name, seen);
        let has = attached(node);
        let stale = has.iter().filter(|device| !volumes.contains_key(device.as_str())).cloned().collect();
        volumes.retain(|device, _| !has.contains(device));
        Self { missing: volumes, stale, is_incomplete }
    }
}

impl AttachDetach {
    /// Attaches to a node what its Pods need, and detaches the rest.
    fn reconcile(&self, node: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let seen = turn.seen();
        let healthy = status_of(node, "Ready") == "True";
        let lets_go = healthy || has_key(node, OUT_OF_SERVICE);
        let compared = turn.once(|| Compared::of(node, &seen));
        let Compared { missing, stale, is_incomplete } = &*compared;
        if !lets_go && !stale.is_empty() {
            turn.because(AttachReason::KeepsAttached { node: node.key() });
        }
        let mut new: SortedMap<String, (Rc<Object>, Rc<Object>)> = SortedMap::new();
        for (device, (volume, pod)) in missing {
            if is_shared(volume) || !self.is_held_elsewhere(volume, device, pod, turn) {
                new.insert(device.clone(), (Rc::clone(volume), Rc::clone(pod)));
            }
        }
        let stale = if lets_go { stale.clone() } else { SortedSet::new() };
        let (kept, gone): (SortedSet<String>, SortedSet<String>) =
            stale.into_iter().partition(|device| self.holds(device));
        if !(new.is_empty() && gone.is_empty()) {
            write(node, &new.keys().cloned().collect(), &gone, turn)?;
        }
        for (volume, pod) in new.into_values() {
            let name = &volume.metadata.name;
            let text = format!("AttachVolume.Attach succeeded for volume \"{name}\" ");
            turn.event(EventSpec::normal(&pod, "SuccessfulAttachVolume", text, NAME));
            turn.because(AttachReason::AttachesVolume { volume: volume.key(), node: node.key() });
        }
        for device in gone {
            turn.because(AttachReason::DetachesVolume {
                volume: wanted::volume_key(&device),
                node: node.key(),
            });
        }
        for device in &kept {
            turn.because(AttachReason::DetachFails { volume: wanted::volume_key(device), node: node.key() });
        }
        Ok(match (*is_incomplete, kept.is_empty()) {
            (true, _) => Outcome::DoneAndRequeueAfter(LOOP),
            (false, false) => Outcome::DoneAndRequeueAfter(RETRY),
            (false, true) => Outcome::Done,
        })
    }

    /// Whether another node has the volume. An event says so, unless that node is about to let it go by itself.
    fn is_held_elsewhere(&self, volume: &Object, device: &str, pod: &Object, turn: &mut Turn<'_>) -> bool {
        let seen = turn.seen();
        let own = Pod(pod).node_name();
        let mut others = seen.list(Kind::Node, "").filter(|node| node.metadata.name != own);
        let Some(holder) = others.find(|node| attached(node).contains(device)) else { return false };
        let users = wanted::of(&holder.metadata.name, &seen).volumes;
        let user = users.get(device).map(|(_, user)| user.metadata.name.clone());
        let name = &volume.metadata.name;
        let lets_go = status_of(holder, "Ready") == "True" || has_key(holder, OUT_OF_SERVICE);
        let text = match (&user, lets_go && !self.holds(device)) {
            (None, true) => return true,
            (Some(user), _) => {
                format!("Multi-Attach error for volume \"{name}\" Volume is already used by pod(s) {user}")
            }
            (None, false) => format!(
                "Multi-Attach error for volume \"{name}\" Volume is already exclusively attached to one node and can't be \
                 attached to another"
            ),
        };
        turn.event(EventSpec::warning(pod, "FailedAttachVolume", text, NAME));
        let (pod, volume, node) = (pod.key(), volume.key(), holder.key());
        turn.because(AttachReason::WaitsForOtherNode { pod, volume, node });
        true
    }

    /// Takes a volume away from a silent node that has had it for long enough.
    fn lose_patience(&self, volume: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let seen = turn.seen();
        let Some(device) = device(volume) else { return Ok(Outcome::Done) };
        let holders: Vec<Rc<Object>> = seen
            .list(Kind::Node, "")
            .filter(|node| status_of(node, "Ready") != "True" && attached(node).contains(device))
            .filter(|node| !wanted::of(&node.metadata.name, &seen).volumes.contains_key(device))
            .cloned()
            .collect();
        if self.holds(device) && !holders.is_empty() {
            for node in holders {
                turn.because(AttachReason::DetachFails { volume: volume.key(), node: node.key() });
            }
            return Ok(Outcome::DoneAndRequeueAfter(RETRY));
        }
        for node in holders {
            write(&node, &SortedSet::new(), &SortedSet::from([device.to_owned()]), turn)?;
            turn.because(AttachReason::ForcesDetach { volume: volume.key(), node: node.key() });
        }
        Ok(Outcome::Done)
    }
}

fn write(
    node: &Object,
    new: &SortedSet<String>,
    gone: &SortedSet<String>,
    turn: &mut Turn<'_>,
) -> Result<(), Halt> {
    let answer = turn.try_request(Request::get(turn.actor(), node.key()))?;
    let live = match answer {
        Err(status) if status.reason == StatusReason::NotFound => return Ok(()),
        answer => answer?.into_object(),
    };
    let Some(live) = live else { return Ok(()) };
    let has = attached(&live);
    let mut devices: Vec<String> = has.difference(gone).cloned().collect();
    devices.extend(new.difference(has).cloned());
    let list: Vec<_> = devices.into_iter().map(|name| json!({"name": name, "devicePath": ""})).collect();
    let mut changed = Object::clone(&live);
    if list.is_empty() {
        apimachinery::value::remove_at(changed.status_mut(), &["volumesAttached"]);
    } else {
        set_at(changed.status_mut(), &["volumesAttached"], list.into());
    }
    let request = Request::update_status(turn.actor(), changed);
    turn.request(request)?;
    Ok(())
}
