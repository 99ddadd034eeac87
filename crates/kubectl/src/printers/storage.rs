//! Rows of claims, volumes and storage classes.

use api::Object;
use apimachinery::Time;
use apimachinery::value::ValueExt;

use super::{access_modes, object_age};

fn phase(object: &Object) -> String {
    if object.metadata.is_deleting() {
        "Terminating".to_owned()
    } else {
        object.status().str_at(&["phase"]).to_owned()
    }
}

const UNSET: &str = "<unset>";

fn unset(text: &str) -> String {
    if text.is_empty() { UNSET.to_owned() } else { text.to_owned() }
}

pub fn claim(claim: &Object, now: Time) -> Vec<String> {
    let volume = claim.spec().str_at(&["volumeName"]);
    let bound = !volume.is_empty();
    let status = claim.status();
    let capacity = match status.str_at(&["capacity", "storage"]) {
        _ if !bound => "",
        "" => "0", // lost: an empty quantity
        capacity => capacity,
    };
    vec![
        claim.metadata.name.clone(),
        phase(claim),
        volume.to_owned(),
        capacity.to_owned(),
        if bound { access_modes(status) } else { String::new() },
        claim.spec().str_at(&["storageClassName"]).to_owned(),
        unset(claim.spec().str_at(&["volumeAttributesClassName"])),
        object_age(claim, now),
        unset(claim.spec().str_at(&["volumeMode"])),
    ]
}

pub fn volume(volume: &Object, now: Time) -> Vec<String> {
    let spec = volume.spec();
    let reference = spec.at(&["claimRef"]);
    vec![
        volume.metadata.name.clone(),
        spec.str_at(&["capacity", "storage"]).to_owned(),
        access_modes(spec),
        spec.str_at(&["persistentVolumeReclaimPolicy"]).to_owned(),
        phase(volume),
        reference.map_or(String::new(), |r| format!("{}/{}", r.str_at(&["namespace"]), r.str_at(&["name"]))),
        spec.str_at(&["storageClassName"]).to_owned(),
        unset(spec.str_at(&["volumeAttributesClassName"])),
        volume.status().str_at(&["reason"]).to_owned(),
        object_age(volume, now),
        unset(spec.str_at(&["volumeMode"])),
    ]
}

pub fn class(class: &Object, now: Time) -> Vec<String> {
    let default = class.metadata.annotation("storageclass.kubernetes.io/is-default-class") == "true"
        || class.metadata.annotation("storageclass.beta.kubernetes.io/is-default-class") == "true";
    let name = &class.metadata.name;
    let text = |field: &str| class.field(field).as_str().unwrap_or("").to_owned();
    vec![
        if default { format!("{name} (default)") } else { name.clone() },
        text("provisioner"),
        text("reclaimPolicy"),
        text("volumeBindingMode"),
        (class.field("allowVolumeExpansion") == true).to_string(),
        object_age(class, now),
    ]
}
