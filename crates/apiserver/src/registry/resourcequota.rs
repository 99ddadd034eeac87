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
        validate_scope_selector(errors, &spec);
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

    fn warnings(&self, new: &Object, old: Option<&Object>) -> Vec<String> {
        if old.is_some() { Vec::new() } else { requests_beyond_limits(new) }
    }
}

/// Warns of requests that are allowed up to more than their limits are.
fn requests_beyond_limits(quota: &Object) -> Vec<String> {
    let hard = resource_list(quota.spec().get("hard"));
    let beyond = |name: &&str| {
        let (requests, limits) = (format!("requests.{name}"), format!("limits.{name}"));
        let asked = |name: String| hard.get(&name).map(|amount| (name, amount));
        let plain = || asked((*name).to_owned()).filter(|_| matches!(*name, "cpu" | "memory"));
        let (request_name, request) = asked(requests).or_else(plain)?;
        let limit = hard.get(&limits).filter(|limit| *request > **limit)?;
        Some(format!("ResourceQuota {request_name} ({request}) should be less than {limits} ({limit})"))
    };
    ["cpu", "memory", "storage", "ephemeral-storage"].iter().filter_map(beyond).collect()
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

/// The counted resources to which a scope does not apply: `IsResourceQuotaScopeValidForResource`.
fn unfit_resources(spec: &Place<'_>, scope: &str) -> impl Iterator<Item = String> + use<> {
    const COMPUTE: [&str; 6] =
        ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
    let (pods, compute, claims) = match scope {
        "BestEffort" => (true, false, false),
        "VolumeAttributesClass" => (false, false, true),
        _ => (true, true, false),
    };
    let known = SCOPES.contains(&scope);
    let names = resource_list(spec.value.get("hard")).into_iter().map(|(name, _)| name);
    names.filter(move |name| {
        let fits = (pods && name == "pods")
            || (compute && COMPUTE.contains(&name.as_str()))
            || (claims && matches!(name.as_str(), "persistentvolumeclaims" | "requests.storage"));
        known && is_standard_quota_name(name) && !fits
    })
}

/// `spec.scopeSelector`.
fn validate_scope_selector(errors: &mut ErrorList, spec: &Place<'_>) {
    let selector = spec.member("scopeSelector");
    let path = selector.at("matchExpressions");
    for requirement in selector.list("matchExpressions") {
        let (scope, operator) = (requirement.str("scopeName"), requirement.str("operator"));
        let values = requirement.items("values");
        if !SCOPES.contains(&scope) {
            errors.invalid(&path.child("scopeName"), scope, "unsupported scope");
        }
        for _ in unfit_resources(spec, scope) {
            errors.invalid(&path, selector.value.clone(), "unsupported scope applied to resource");
        }
        if SCOPES.contains(&scope)
            && !matches!(scope, "PriorityClass" | "VolumeAttributesClass")
            && operator != "Exists"
        {
            let detail = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
            errors.invalid(&path.child("operator"), operator, detail);
        }
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                let detail =
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
                errors.required(&path.child("values"), detail);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail =
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                errors.invalid(&path.child("values"), json!(values), detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.invalid(&path.child("operator"), other, "not a valid selector operator"),
        }
    }
}

fn validate_scopes(errors: &mut ErrorList, spec: &Place<'_>) {
    let scopes: Vec<&str> = spec.strings("scopes").collect();
    let (path, whole) = (spec.at("scopes"), json!(scopes));
    for scope in &scopes {
        if !SCOPES.contains(scope) {
            errors.invalid(&path, whole.clone(), "unsupported scope");
        }
        for _ in unfit_resources(spec, scope) {
            errors.invalid(&path, whole.clone(), "unsupported scope applied to resource");
        }
    }
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]] {
        if pair.iter().all(|scope| scopes.contains(scope)) {
            errors.invalid(&path, whole.clone(), "conflicting scopes");
        }
    }
}
