//! `kubectl describe` of claims, volumes and storage classes.
//!
//! Models: `describePersistentVolumeClaim`, `describePersistentVolume`, `describeStorageClass` of
//! `k8s.io/kubectl/pkg/describe`.

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};
use serde_json::Value;

use super::common::{self, bracketed, format_labels, moment, of_tree, of_value, plain_at};
use super::volumes;
use super::writer::Writer;
use crate::printers::{access_modes, age};
use crate::world::World;

fn status_word(object: &Object, now: Time) -> String {
    if object.metadata.is_deleting() {
        format!("Terminating (lasts {})", age(object.metadata.deletion_timestamp, now))
    } else {
        object.status().str_at(&["phase"]).to_owned()
    }
}

/// A claim, without its events.
pub fn claim(w: &mut Writer, claim: &Object, now: Time, world: &mut dyn World) {
    let (spec, status) = (claim.spec(), claim.status());
    common::names(w, claim);
    w.field(0, "StorageClass", spec.str_at(&["storageClassName"]));
    w.field(0, "Status", status_word(claim, now));
    w.field(0, "Volume", spec.str_at(&["volumeName"]));
    common::labels_and_annotations(w, claim);
    w.field(0, "Finalizers", bracketed(&claim.metadata.finalizers));
    let bound = !spec.str_at(&["volumeName"]).is_empty();
    let capacity = if bound { storage(status, &["capacity", "storage"]) } else { String::new() };
    w.field(0, "Capacity", capacity);
    w.field(0, "Access Modes", if bound { access_modes(status) } else { String::new() });
    volumes::mode_and_source(w, spec);
    common::list(w, "Used By", &users(claim, world));
    claim_conditions(w, status);
}

/// A quantity that counts as 0 where it is missing.
fn storage(value: &Value, path: &[&str]) -> String {
    let text = plain_at(value, path);
    if text.is_empty() { "0".to_owned() } else { text }
}

/// Names of the Pods that have the claim among their volumes.
fn users(claim: &Object, world: &mut dyn World) -> Vec<String> {
    let request = Request::list(&Actor::user(), Kind::Pod, &claim.metadata.namespace, ListOptions::default());
    let pods = world.request(request).map(apiserver::Response::into_list).unwrap_or_default();
    let owns = |pod: &Object| {
        claim
            .metadata
            .owner_references
            .iter()
            .any(|owner| owner.kind == "Pod" && owner.uid == pod.metadata.uid)
    };
    let uses = |pod: &Object| Pod(pod).claims().any(|name| name == claim.metadata.name);
    let users = pods.iter().filter(|pod| uses(pod) || owns(pod));
    let mut names: Vec<String> = users.map(|pod| pod.metadata.name.clone()).collect();
    names.sort();
    names
}

fn claim_conditions(w: &mut Writer, status: &Value) {
    let conditions = status.list_at(&["conditions"]);
    if conditions.is_empty() {
        return;
    }
    w.line(0, "Conditions:");
    w.line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
    w.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for c in conditions {
        w.line(
            1,
            &format!(
                "{} \t{} \t{} \t{} \t{} \t{}",
                c.str_at(&["type"]),
                c.str_at(&["status"]),
                moment(c, &["lastProbeTime"]),
                moment(c, &["lastTransitionTime"]),
                c.str_at(&["reason"]),
                c.str_at(&["message"]),
            ),
        );
    }
}

/// A volume, without its events.
pub fn volume(w: &mut Writer, volume: &Object, now: Time) {
    let (spec, status) = (volume.spec(), volume.status());
    w.field(0, "Name", &volume.metadata.name);
    common::labels_and_annotations(w, volume);
    w.field(0, "Finalizers", bracketed(&volume.metadata.finalizers));
    w.field(0, "StorageClass", spec.str_at(&["storageClassName"]));
    w.field(0, "Status", status_word(volume, now));
    let claim = spec.at(&["claimRef"]);
    let claim = claim.map(|c| format!("{}/{}", c.str_at(&["namespace"]), c.str_at(&["name"])));
    w.field(0, "Claim", claim.unwrap_or_default());
    w.field(0, "Reclaim Policy", spec.str_at(&["persistentVolumeReclaimPolicy"]));
    w.field(0, "Access Modes", access_modes(spec));
    if spec.at(&["volumeMode"]).is_some() {
        w.field(0, "VolumeMode", spec.str_at(&["volumeMode"]));
    }
    w.field(0, "Capacity", storage(spec, &["capacity", "storage"]));
    volumes::node_affinity(w, spec);
    w.field(0, "Message", status.str_at(&["message"]));
    w.line(0, "Source:");
    volumes::source(w, spec);
}

/// A storage class, without its events.
pub fn class(w: &mut Writer, class: &Object) {
    let text = |field: &str| class.field(field).as_str().unwrap_or("").to_owned();
    let default =
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .iter()
            .any(|name| class.metadata.annotation(name) == "true");
    w.field(0, "Name", &class.metadata.name);
    w.field(0, "IsDefaultClass", if default { "Yes" } else { "No" });
    w.field(0, "Annotations", format_labels(&of_tree(&class.metadata.annotations)));
    w.field(0, "Provisioner", text("provisioner"));
    w.field(0, "Parameters", format_labels(&of_value(Some(class.field("parameters")))));
    let expansion = match class.field("allowVolumeExpansion").as_bool() {
        Some(true) => "True",
        Some(false) => "False",
        None => "<unset>",
    };
    w.field(0, "AllowVolumeExpansion", expansion);
    match class.field("mountOptions").as_array().filter(|options| !options.is_empty()) {
        None => w.field(0, "MountOptions", "<none>"),
        Some(options) => {
            w.line(0, "MountOptions:");
            for option in options.iter().filter_map(Value::as_str) {
                w.line(1, option);
            }
        }
    }
    for (title, field) in [("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")] {
        if !text(field).is_empty() {
            w.field(0, title, text(field));
        }
    }
}
