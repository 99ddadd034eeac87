//! Which volumes the Pods of a node need, and which it has.
//!
//! Models: `attachdetach/populator`, `attachdetach/util`.

use std::rc::Rc;

use api::core::Pod;
use api::{ClaimFacts, Key, Kind, NodeFacts, Object, PodFacts};
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use client::{Follows, Seen};
use serde_json::Value;

/// What the Pods of a node need.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The volumes by their unique names, each with a Pod that needs it.
    pub volumes: SortedMap<String, (Rc<Object>, Rc<Object>)>,
    /// Whether the caches do not know the volume of some claim yet.
    pub is_incomplete: bool,
}

/// [`device`] of one version of a volume.
struct Device(Option<String>);

/// The unique name of a volume that has to be attached; `None` for directories of a node, which need not be.
pub fn device(volume: &Rc<Object>) -> Option<&str> {
    let device = Object::derive(volume, |volume| {
        let named = |csi: &Value| {
            format!("kubernetes.io/csi/{}^{}", csi.str_at(&["driver"]), csi.str_at(&["volumeHandle"]))
        };
        Device(volume.spec().at(&["csi"]).map(named))
    });
    device.0.as_deref()
}

/// The key of the volume with this unique name. The volume's handle must be its name, as it is for
/// provisioned ones.
pub(super) fn volume_key(device: &str) -> Key {
    Key::new(Kind::PersistentVolume, "", device.rsplit('^').next().unwrap_or(device))
}

/// Whether several nodes may have the volume at a time.
pub fn is_shared(volume: &Object) -> bool {
    let modes = volume.spec().list_at(&["accessModes"]).iter();
    modes.filter_map(Value::as_str).any(|mode| matches!(mode, "ReadWriteMany" | "ReadOnlyMany"))
}

/// The unique names of what is attached to a node.
pub fn attached(node: &Rc<Object>) -> &SortedSet<String> {
    &NodeFacts::of(node).attached
}

/// Whether a Pod may use volumes on its node.
pub fn is_on_node(pod: &Object) -> bool {
    !Pod(pod).node_name().is_empty() && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
}

/// The volumes of a Pod's claims, and whether one is not known yet.
pub fn volumes<'a>(pod: &Rc<Object>, seen: &Seen<'a>) -> (Vec<&'a Rc<Object>>, bool) {
    let mut found = Vec::new();
    let mut is_incomplete = false;
    for claim in &PodFacts::of(pod).claims {
        let volume = seen.get(claim).and_then(|claim| ClaimFacts::of(claim).volume.as_ref());
        match volume.and_then(|volume| seen.get(volume)) {
            Some(volume) => found.push(volume),
            None => is_incomplete = true,
        }
    }
    (found, is_incomplete)
}

/// The Pods that may use volumes, by their nodes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Users(SortedMap<String, SortedMap<Key, Rc<Object>>>);

impl Users {
    /// Those of a view.
    pub fn of(seen: &Seen<'_>) -> Rc<Self> {
        seen.follow(Key::new(Kind::Pod, "", ""), Self::default(), Kind::Pod, "")
    }

    /// All of them, node by node.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Object>> {
        self.0.values().flat_map(SortedMap::values)
    }
}

impl Follows for Users {
    fn answers(&self, _other: &Self) -> bool {
        true
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        let uses = |pod: &&Rc<Object>| is_on_node(pod) && !PodFacts::of(pod).claims.is_empty();
        if let Some(pod) = before.filter(uses) {
            let node = Pod(pod).node_name();
            if let Some(pods) = self.0.get_mut(node) {
                pods.remove(&pod.key());
                if pods.is_empty() {
                    self.0.remove(node);
                }
            }
        }
        if let Some(pod) = after.filter(uses) {
            let pods = self.0.entry(Pod(pod).node_name().to_owned()).or_default();
            pods.insert(pod.key(), Rc::clone(pod));
        }
    }
}

/// What the Pods of a node need.
pub fn of(node: &str, seen: &Seen<'_>) -> Wanted {
    let mut wanted = Wanted::default();
    let users = Users::of(seen);
    for pod in users.0.get(node).into_iter().flat_map(SortedMap::values) {
        let (volumes, is_incomplete) = volumes(pod, seen);
        wanted.is_incomplete |= is_incomplete;
        for volume in volumes {
            if let Some(device) = device(volume) {
                wanted.volumes.insert(device.to_owned(), (Rc::clone(volume), Rc::clone(pod)));
            }
        }
    }
    wanted
}
