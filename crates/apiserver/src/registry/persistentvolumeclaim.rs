//! `PersistentVolumeClaim`s.
//!
//! Models: `ValidatePersistentVolumeClaim`, `ValidatePersistentVolumeClaimUpdate`,
//! `pkg/registry/core/persistentvolumeclaim/strategy.go`.

use api::Object;
use apimachinery::value::{ValueExt, as_map_mut, set_at};
use apimachinery::{ErrorList, Path, Quantity};
use serde_json::{Value, json};

use super::Context;
use super::content;
use super::fill::{default, default_text};
use super::golang::{internal, unified_diff};
use super::objectmeta::{
    invalid_each, validate_immutable, validate_label_selector, validate_object_meta_update,
};
use super::place::Place;
use super::podspec::resources::resource_list;
use super::strategy::Strategy;

const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const SIZE: [&str; 3] = ["resources", "requests", "storage"];

pub(crate) struct PersistentVolumeClaimStrategy;

impl Strategy for PersistentVolumeClaimStrategy {
    fn defaults(&self, object: &mut Object) {
        default(as_map_mut(object.spec_mut()), "volumeMode", "Filesystem");
        default_text(as_map_mut(object.status_mut()), "phase", "Pending");
    }

    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        object.set_field("status", json!({"phase": "Pending"}));
        normalize_data_sources(object);
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        validate_claim_spec(errors, &Place::new(object.spec(), Path::new("spec")));
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
        validate_spec_update(errors, new, old);
    }

    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        let path = Path::new("status.capacity");
        for (name, amount) in resource_list(new.status().get("capacity")) {
            if amount.sign() < 0 {
                errors.invalid(&path.key(&name), amount.value(), "must be a valid resource quantity");
            }
        }
    }

    fn warnings(&self, new: &Object, _old: Option<&Object>) -> Vec<String> {
        let size = new.spec().at(&SIZE).and_then(Quantity::from_value);
        let fraction = size.filter(|size| !size.is_whole());
        let warn = |size| {
            format!(
                "spec.resources.requests[storage]: fractional byte value \"{size}\" is invalid, must be an integer"
            )
        };
        beta_class_warning(new).into_iter().chain(fraction.map(warn)).collect()
    }
}

/// The warning about the annotation that `storageClassName` has replaced.
pub(crate) fn beta_class_warning(object: &Object) -> Option<String> {
    const ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";
    object.metadata.annotations.contains_key(ANNOTATION).then(|| {
        format!(
            "metadata.annotations[{ANNOTATION}]: deprecated since v1.8; use \"storageClassName\" attribute instead"
        )
    })
}

/// Copies `dataSource` to `dataSourceRef`, or the other way round, if one is missing.
fn normalize_data_sources(object: &mut Object) {
    let (source, reference) =
        (object.spec().at(&["dataSource"]).cloned(), object.spec().at(&["dataSourceRef"]).cloned());
    match (source, reference) {
        (Some(source), None) => set_at(object.spec_mut(), &["dataSourceRef"], source),
        (None, Some(reference)) if reference.str_at(&["namespace"]).is_empty() => {
            set_at(object.spec_mut(), &["dataSource"], reference);
        }
        _ => {}
    }
}

/// `ValidatePersistentVolumeClaimSpec`, also of claim templates.
pub(crate) fn validate_claim_spec(errors: &mut ErrorList, spec: &Place<'_>) {
    validate_access_modes(errors, spec, "at least 1 access mode is required");
    if let Some(selector) = spec.get("selector") {
        validate_label_selector(errors, &selector);
    }
    let size_path = spec.at("resources").key("storage");
    match spec.value.at(&SIZE).and_then(Quantity::from_value) {
        None => errors.required(&size_path, ""),
        Some(size) if size.sign() <= 0 => {
            errors.invalid(&size_path, size.to_string(), "must be greater than zero");
        }
        Some(_) => {}
    }
    for name in ["storageClassName", "volumeAttributesClassName"] {
        let class = spec.str(name);
        if !class.is_empty() {
            invalid_each(errors, &spec.at(name), class, content::dns_subdomain(class));
        }
    }
    if let Some(mode) = spec.text("volumeMode").filter(|mode| !matches!(*mode, "Block" | "Filesystem")) {
        errors.not_supported(&spec.at("volumeMode"), mode, &["Block", "Filesystem"]);
    }
    for name in ["dataSource", "dataSourceRef"] {
        if let Some(source) = spec.get(name) {
            validate_data_source(errors, &source);
        }
    }
}

/// `accessModes` of claims and volumes.
pub(crate) fn validate_access_modes(errors: &mut ErrorList, spec: &Place<'_>, required: &str) {
    let path = spec.at("accessModes");
    if spec.items("accessModes").is_empty() {
        errors.required(&path, required);
    }
    let (mut once_pod, mut other) = (false, false);
    for mode in spec.strings("accessModes") {
        if !ACCESS_MODES.contains(&mode) {
            errors.not_supported(&path, mode, &ACCESS_MODES);
        } else if mode == "ReadWriteOncePod" {
            once_pod = true;
        } else {
            other = true;
        }
    }
    if once_pod && other {
        errors.forbidden(&path, "may not use ReadWriteOncePod with other access modes");
    }
}

fn validate_data_source(errors: &mut ErrorList, source: &Place<'_>) {
    for name in ["name", "kind"] {
        if source.str(name).is_empty() {
            errors.required(&source.at(name), "");
        }
    }
    let (group, kind) = (source.str("apiGroup"), source.str("kind"));
    if group.is_empty() && kind != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        errors.invalid(&source.path, kind, detail);
    }
    if !group.is_empty() {
        invalid_each(errors, &source.at("apiGroup"), group, content::dns_subdomain(group));
    }
}

/// Refuses a change of a claim's spec, but for these: the volume's name once, the class if there was none,
/// the size and the attributes class once it is bound.
fn validate_spec_update(errors: &mut ErrorList, new: &Object, old: &Object) {
    let (mut munged, mut stored) = (new.spec().clone(), old.spec().clone());
    let bound = new.status().str_at(&["phase"]) == "Bound";
    let take = |into: &mut Value, from: &Value, path: &[&str]| match from.at(path) {
        Some(value) => set_at(into, path, value.clone()),
        None => drop(apimachinery::value::remove_at(into, path)),
    };
    if stored.str_at(&["volumeName"]).is_empty() {
        take(&mut stored, new.spec(), &["volumeName"]);
    }
    if stored.at(&["storageClassName"]).is_none() {
        take(&mut munged, old.spec(), &["storageClassName"]);
    }
    if bound {
        take(&mut munged, old.spec(), &SIZE);
        if munged.at(&["volumeAttributesClassName"]).is_some() {
            take(&mut munged, old.spec(), &["volumeAttributesClassName"]);
        }
    }
    let spec = Path::new("spec");
    if munged != stored {
        let form = |value: &Value| internal::indented("PersistentVolumeClaimSpec", value);
        let detail = format!(
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n{}",
            unified_diff(&form(&stored), &form(&munged))
        );
        errors.forbidden(&spec, detail);
    }
    let size =
        |object: &Object| object.spec().at(&SIZE).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO);
    let capacity = old.status().at(&["capacity", "storage"]).and_then(Quantity::from_value);
    if size(new) < size(old) && size(new) <= capacity.unwrap_or(Quantity::ZERO) {
        errors.forbidden(
            &Path::new("spec.resources.requests.storage"),
            "field can not be less than status.capacity",
        );
    }
    let mode = |object: &Object| object.spec().get("volumeMode").cloned().unwrap_or(Value::Null);
    validate_immutable(errors, &mode(new), &mode(old), &Path::new("volumeMode"));
    let class = |object: &Object| object.spec().at(&["volumeAttributesClassName"]).cloned();
    if class(old).is_some() && class(new).is_none() {
        let detail = "update from non-nil value to nil is forbidden";
        errors.forbidden(&spec.child("volumeAttributesClassName"), detail);
    }
}
