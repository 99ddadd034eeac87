//! Whether the volumes of a Pod can be mounted.
//!
//! Models: `pkg/kubelet/volumemanager`.

use api::{Kind, NodeFacts, Object};
use apimachinery::value::ValueExt;
use client::Seen;
use serde_json::Value;

/// Why a volume cannot be mounted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Its claim has no volume yet: the kubelet waits without a word.
    ClaimUnbound(String),
    /// This volume of the Pod is not attached to the node yet.
    NotAttached(String),
    /// A `ConfigMap`, `Secret` or claim is missing; with Kubernetes' words for the event.
    Missing(String),
}

fn mount_failed(volume: &str, error: &str) -> Obstacle {
    Obstacle::Missing(format!("MountVolume.SetUp failed for volume \"{volume}\" : {error}"))
}

fn check(volume: &Value, pod: &Object, seen: &Seen<'_>) -> Option<Obstacle> {
    let name = volume.str_at(&["name"]);
    let namespace = pod.metadata.namespace.as_str();
    if let Some(claim) = volume.at(&["persistentVolumeClaim"]).map(|c| c.str_at(&["claimName"])) {
        let bound = seen.find(Kind::PersistentVolumeClaim, namespace, claim);
        let Some(bound) = bound.filter(|c| c.status().str_at(&["phase"]) == "Bound") else {
            return Some(Obstacle::ClaimUnbound(claim.to_owned()));
        };
        let attached = is_attached(bound.spec().str_at(&["volumeName"]), pod, seen);
        return (!attached).then(|| Obstacle::NotAttached(name.to_owned()));
    }
    for (field, name_field, kind, word) in [
        ("configMap", "name", Kind::ConfigMap, "configmap"),
        ("secret", "secretName", Kind::Secret, "secret"),
    ] {
        let Some(source) = volume.at(&[field]) else { continue };
        let wanted = source.str_at(&[name_field]);
        let optional = source.bool_at(&["optional"]).unwrap_or(false);
        if !optional && seen.find(kind, namespace, wanted).is_none() {
            return Some(mount_failed(name, &format!("{word} \"{wanted}\" not found")));
        }
    }
    None
}

/// Whether a volume is on the Pod's node. Directories of a node always are; only those of a CSI driver
/// have to be attached.
fn is_attached(volume: &str, pod: &Object, seen: &Seen<'_>) -> bool {
    let csi = seen.find(Kind::PersistentVolume, "", volume).and_then(|volume| volume.spec().at(&["csi"]));
    let Some(csi) = csi else { return true };
    let device = format!("kubernetes.io/csi/{}^{}", csi.str_at(&["driver"]), csi.str_at(&["volumeHandle"]));
    let node = seen.find(Kind::Node, "", pod.spec().str_at(&["nodeName"]));
    node.is_some_and(|node| NodeFacts::of(node).attached.contains(&device))
}

/// What keeps the first volume from being mounted that cannot be.
pub fn obstacle(pod: &Object, seen: &Seen<'_>) -> Option<Obstacle> {
    pod.spec().list_at(&["volumes"]).iter().find_map(|volume| check(volume, pod, seen))
}

/// The mounts of a container that lead to claims: the name of each PersistentVolume, and where it is mounted.
pub fn claim_mounts(pod: &Object, container: &Value, seen: &Seen<'_>) -> Vec<(String, String)> {
    let volumes = pod.spec().list_at(&["volumes"]);
    let mounts = container.list_at(&["volumeMounts"]).iter();
    mounts
        .filter_map(|mount| {
            let name = mount.str_at(&["name"]);
            let volume = volumes.iter().find(|v| v.str_at(&["name"]) == name)?;
            let claim = volume.at(&["persistentVolumeClaim"])?.str_at(&["claimName"]);
            let claim = seen.find(Kind::PersistentVolumeClaim, &pod.metadata.namespace, claim)?;
            let bound = claim.spec().str_at(&["volumeName"]);
            (!bound.is_empty()).then(|| (bound.to_owned(), mount.str_at(&["mountPath"]).to_owned()))
        })
        .collect()
}

/// Why a container cannot be made: its environment needs a `ConfigMap` or `Secret` that is missing. `None` if
/// none is.
pub fn missing_environment(pod: &Object, container: &Value, seen: &Seen<'_>) -> Option<String> {
    let namespace = pod.metadata.namespace.as_str();
    let is_there = |source: &Value, kind: Kind, word: &str| -> Option<String> {
        let name = source.str_at(&["name"]);
        if source.bool_at(&["optional"]).unwrap_or(false) {
            return None;
        }
        let Some(object) = seen.find(kind, namespace, name) else {
            return Some(format!("{word} \"{name}\" not found"));
        };
        let key = source.str_at(&["key"]);
        let has = |field: &str| object.field(field).as_object().is_some_and(|data| data.contains_key(key));
        (!key.is_empty() && !has("data") && !has("binaryData")).then(|| {
            let article = if kind == Kind::ConfigMap { "ConfigMap" } else { "Secret" };
            format!("couldn't find key {key} in {article} {namespace}/{name}")
        })
    };
    let whole =
        container.list_at(&["envFrom"]).iter().map(|e| (e.at(&["configMapRef"]), e.at(&["secretRef"])));
    let single = container
        .list_at(&["env"])
        .iter()
        .map(|e| (e.at(&["valueFrom", "configMapKeyRef"]), e.at(&["valueFrom", "secretKeyRef"])));
    whole.chain(single).find_map(|(config, secret)| {
        config
            .and_then(|source| is_there(source, Kind::ConfigMap, "configmap"))
            .or_else(|| secret.and_then(|source| is_there(source, Kind::Secret, "secret")))
    })
}
