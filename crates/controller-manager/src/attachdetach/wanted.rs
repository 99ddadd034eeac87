//! Which volumes the Pods of a node need, and which it has.
//!
//! Models: `attachdetach/populator`, `attachdetach/util`.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use client::Seen;

/// What the Pods of a node need.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The volumes by their unique names, each with a Pod that needs it.
    pub volumes: SortedMap<String, (Rc<Object>, Rc<Object>)>,
    /// Whether the caches do not know the volume of some claim yet.
    pub is_incomplete: bool,
}

/// The unique name of a volume that has to be attached; `None` for directories of a node, which need not be.
pub fn device(volume: &Object) -> Option<String> {
    let csi = volume.spec().at(&["csi"])?;
    Some(format!("kubernetes.io/csi/{}^{}", csi.str_at(&["driver"]), csi.str_at(&["volumeHandle"])))
}

/// The key of the volume with this unique name. The volume's handle must be its name, as it is for
/// provisioned ones.
pub(super) fn volume_key(device: &str) -> Key {
    Key::new(Kind::PersistentVolume, "", device.rsplit('^').next().unwrap_or(device))
}

/// Whether several nodes may have the volume at a time.
pub fn is_shared(volume: &Object) -> bool {
    let modes = volume.spec().list_at(&["accessModes"]).iter();
    modes.filter_map(serde_json::Value::as_str).any(|mode| matches!(mode, "ReadWriteMany" | "ReadOnlyMany"))
}

/// The unique names of what is attached to a node.
pub fn attached(node: &Object) -> SortedSet<&str> {
    node.status().list_at(&["volumesAttached"]).iter().map(|volume| volume.str_at(&["name"])).collect()
}

/// Whether a Pod may use volumes on its node.
pub fn is_on_node(pod: &Object) -> bool {
    !Pod(pod).node_name().is_empty() && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
}

/// The volumes of a Pod's claims, and whether one is not known yet.
pub fn volumes<'a>(pod: &Object, seen: &Seen<'a>) -> (Vec<&'a Rc<Object>>, bool) {
    let mut found = Vec::new();
    let mut is_incomplete = false;
    for name in Pod(pod).claims() {
        let claim = seen.find(Kind::PersistentVolumeClaim, &pod.metadata.namespace, name);
        let volume = claim.map_or("", |claim| claim.spec().str_at(&["volumeName"]));
        match seen.find(Kind::PersistentVolume, "", volume) {
            Some(volume) => found.push(volume),
            None => is_incomplete = true,
        }
    }
    (found, is_incomplete)
}

/// What the Pods of a node need.
pub fn of(node: &str, seen: &Seen<'_>) -> Wanted {
    let mut wanted = Wanted::default();
    for pod in seen.list(Kind::Pod, "").filter(|pod| Pod(pod).node_name() == node && is_on_node(pod)) {
        let (volumes, is_incomplete) = volumes(pod, seen);
        wanted.is_incomplete |= is_incomplete;
        for volume in volumes {
            if let Some(device) = device(volume) {
                wanted.volumes.insert(device, (Rc::clone(volume), Rc::clone(pod)));
            }
        }
    }
    wanted
}
