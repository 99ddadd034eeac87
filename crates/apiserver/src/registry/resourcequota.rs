//! Resource quotas.
//!
//! Models: `ValidateResourceQuota`, `ValidateResourceQuotaUpdate`.

use api::Object;
use apimachinery::{ErrorList, Path};
use serde_json::json;

use super::Context;
use super::objectmeta::validate_object_meta_update;
use super::place::Place;
use super::podspec::resources::{
    is_standard_quota_name, resource_list, validate_quantity, validate_resource_name,
};
use super::strategy::Strategy;

/// The scopes that quotas know.
const SCOPES: [&str; 7] = [
    "BestEffort",
    "CrossNamespacePodAffinity",
    "NotBestEffort",
    "NotTerminating",
    "PriorityClass",
    "Terminating",
    "VolumeAttributesClass",
];

pub(crate) struct ResourceQuotaStrategy;

impl Strategy for ResourceQuotaStrategy {
    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        object.set_field("status", json!({}));
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        validate_amounts(errors, &spec, "hard");
        validate_scopes(errors, &spec);
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
        for name in ["scopes", "scopeSelector"] {
            let of = |object: &Object| object.spec().get(name).cloned().unwrap_or_default();
            if of(new) != of(old) {
                errors.invalid(&Path::new("spec.scopes"), of(new), "field is immutable");
            }
        }
    }

    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        let status = Place::new(new.status(), Path::new("status"));
        validate_amounts(errors, &status, "hard");
        validate_amounts(errors, &status, "used");
    }
}

fn validate_amounts(errors: &mut ErrorList, parent: &Place<'_>, member: &str) {
    let path = parent.at(member);
    for (name, amount) in resource_list(parent.value.get(member)) {
        let path = path.key(&name);
        validate_resource_name(errors, &name, &path);
        if !name.contains('/') && !is_standard_quota_name(&name) {
            errors.invalid(&path, name.as_str(), "must be a standard resource for quota");
        }
        validate_quantity(errors, &name, amount, &path);
    }
}

fn validate_scopes(errors: &mut ErrorList, spec: &Place<'_>) {
    let scopes: Vec<&str> = spec.strings("scopes").collect();
    let (path, whole) = (spec.at("scopes"), json!(scopes));
    for scope in &scopes {
        if !SCOPES.contains(scope) {
            errors.invalid(&path, whole.clone(), "unsupported scope");
        }
    }
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]] {
        if pair.iter().all(|scope| scopes.contains(scope)) {
            errors.invalid(&path, whole.clone(), "conflicting scopes");
        }
    }
}
