//! `/ephemeralcontainers` of a Pod: containers are added to it, for looking around.
//!
//! Models: `podEphemeralContainersStrategy`, `ValidatePodEphemeralContainersUpdate`.
//! Differs: kubelets do not start them.

use api::Object;
use apimachinery::value::{ValueExt, remove_at, set_at};
use apimachinery::{ErrorList, Path};

use super::golang::{internal, unified_diff};
use super::objectmeta::validate_object_meta_update;
use super::pod::PodStrategy;
use super::strategy::{Strategy, count_change, keep_field};

/// The member of a Pod's spec that may change.
const LIST: &str = "ephemeralContainers";

/// Keeps everything as it was but the ephemeral containers.
pub(super) fn prepare(new: &mut Object, old: &Object) {
    let wanted = new.spec().get(LIST).cloned();
    keep_field(new, old, "spec");
    keep_field(new, old, "status");
    match wanted {
        Some(list) => set_at(new.spec_mut(), &[LIST], list),
        None => drop(remove_at(new.spec_mut(), &[LIST])),
    }
    count_change(new, old);
}

/// Refuses to change or remove a container that was added before.
pub(super) fn validate(errors: &mut ErrorList, new: &Object, old: &Object) {
    validate_object_meta_update(errors, new, old);
    PodStrategy.validate(errors, new);
    let path = Path::new("spec").child(LIST);
    for before in old.spec().list_at(&[LIST]) {
        let name = before.str_at(&["name"]);
        let after = new.spec().list_at(&[LIST]).iter().find(|c| c.str_at(&["name"]) == name);
        match after {
            None => {
                errors.forbidden(
                    &path,
                    format!("existing ephemeral containers \"{name}\" may not be removed\n"),
                );
            }
            Some(after) if after != before => {
                let form = |container| internal::indented("EphemeralContainer", container);
                let diff = unified_diff(&form(before), &form(after));
                let detail = format!("existing ephemeral containers \"{name}\" may not be changed\n{diff}");
                errors.forbidden(&path, detail);
            }
            Some(_) => {}
        }
    }
}
