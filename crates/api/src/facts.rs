//! What is asked of a Pod, a claim or a Node again and again, read once per version of it.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apimachinery::sorted::SortedSet;
use apimachinery::value::ValueExt;

use crate::apps::parent_and_ordinal;
use crate::core::{Claim, Pod};
use crate::kind::Kind;
use crate::object::{Key, Object};

/// Facts of one version of a Pod.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // facts, each of its own
pub struct PodFacts {
    /// The phase is `Running`.
    pub is_running: bool,
    /// The phase is `Pending`.
    pub is_pending: bool,
    /// The phase is `Succeeded` or `Failed`.
    pub has_ended: bool,
    /// Condition Ready is True.
    pub has_ready_condition: bool,
    /// When condition Ready last turned.
    pub ready_since: Option<Time>,
    /// `spec.nodeName`, or empty.
    pub node_name: String,
    /// The first address, or empty.
    pub ip: String,
    /// The claims that it mounts, in the order of its volumes.
    pub claims: Vec<Key>,
    /// The ordinal in its name, if its name ends with one.
    pub ordinal: Option<i64>,
    /// How many bytes of its name stand before the ordinal and its dash.
    parent: usize,
}

impl PodFacts {
    /// The facts of this version.
    pub fn of(pod: &Rc<Object>) -> &Self {
        Object::derive(pod, Self::read)
    }

    fn read(pod: &Object) -> Self {
        let view = Pod(pod);
        let parts = parent_and_ordinal(&pod.metadata.name);
        Self {
            is_running: view.phase() == "Running",
            is_pending: view.phase() == "Pending",
            has_ended: matches!(view.phase(), "Succeeded" | "Failed"),
            has_ready_condition: view.has_ready_condition(),
            ready_since: view.ready_since(),
            node_name: view.node_name().to_owned(),
            ip: view.ip().to_owned(),
            claims: view.claims().map(|claim| claim_key(pod, claim)).collect(),
            ordinal: parts.map(|(_, ordinal)| ordinal),
            parent: parts.map_or(0, |(parent, _)| parent.len()),
        }
    }

    /// Whether the phase is Running and condition Ready is True.
    pub fn is_running_and_ready(&self) -> bool {
        self.is_running && self.has_ready_condition
    }

    /// Whether it has been ready for at least `min_ready` at `now`.
    pub fn is_available(&self, min_ready: Duration, now: Time) -> bool {
        self.is_running_and_ready()
            && (min_ready.is_zero() || self.ready_since.is_some_and(|since| since + min_ready <= now))
    }

    /// The ordinal of the Pod `name` in a set called `set`; `None` if its name does not belong there.
    pub fn ordinal_in(&self, name: &str, set: &str) -> Option<i64> {
        (name.get(..self.parent) == Some(set)).then_some(self.ordinal).flatten()
    }
}

fn claim_key(pod: &Object, claim: &str) -> Key {
    Key::new(Kind::PersistentVolumeClaim, pod.metadata.namespace.as_str(), claim)
}

/// Facts of one version of a PersistentVolumeClaim.
#[derive(Debug)]
pub struct ClaimFacts {
    /// The volume that it has or asks for.
    pub volume: Option<Key>,
}

impl ClaimFacts {
    /// The facts of this version.
    pub fn of(claim: &Rc<Object>) -> &Self {
        Object::derive(claim, |claim| {
            let volume = Claim(claim).volume_name();
            Self { volume: (!volume.is_empty()).then(|| Key::new(Kind::PersistentVolume, "", volume)) }
        })
    }
}

/// Facts of one version of a Node.
#[derive(Debug)]
pub struct NodeFacts {
    /// The unique names of the volumes that are attached to it: `status.volumesAttached`.
    pub attached: SortedSet<String>,
}

impl NodeFacts {
    /// The facts of this version.
    pub fn of(node: &Rc<Object>) -> &Self {
        Object::derive(node, |node| {
            let attached = node.status().list_at(&["volumesAttached"]).iter();
            Self { attached: attached.map(|volume| volume.str_at(&["name"]).to_owned()).collect() }
        })
    }
}
