//! A pod spec as a whole, of a Pod or of a template.
//!
//! Models: `ValidatePodSpec`, `ValidatePodTemplateSpec`.

use apimachinery::{ErrorList, FieldErrorKind};
use serde_json::Value;

use super::affinity::validate_affinity;
use super::container::{Surroundings, validate_containers, validate_host_network};
use super::env::validate_variable_files;
use super::os::{validate_host_process, validate_os};
use super::resources::{
    validate_container_resource_name, validate_pod_resources, validate_quantity, validate_resource_claims,
};
use super::scheduling::{
    validate_dns_config, validate_gates, validate_host_aliases, validate_tolerations,
    validate_topology_spread,
};
use super::security::{validate_host_users, validate_pod_security_context};
use super::volumes::validate_volumes;
use crate::registry::content;
use crate::registry::objectmeta::{invalid_each, validate_annotations, validate_label_map};
use crate::registry::place::Place;

/// Whose pod spec it is; some rules are for Pods only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A Pod's own.
    Pod,
    /// A template's.
    Template,
}

/// `ValidatePodTemplateSpec`.
pub(crate) fn validate_pod_template(errors: &mut ErrorList, template: &Place<'_>) {
    // Upstream names these paths without `metadata`.
    let metadata = Place::new(template.member("metadata").value, template.path.clone());
    validate_label_map(errors, &metadata, "labels");
    let annotations = metadata.entries("annotations").map(|(k, v)| (k, v.as_str().unwrap_or("")));
    validate_annotations(errors, annotations, &metadata.at("annotations"));
    let spec = template.member("spec");
    validate_pod_spec(errors, &spec, Whose::Template);
    if !spec.items("ephemeralContainers").is_empty() {
        errors.forbidden(&spec.at("ephemeralContainers"), "ephemeral containers not allowed in pod template");
    }
}

/// `ValidatePodSpec`.
pub(crate) fn validate_pod_spec(errors: &mut ErrorList, spec: &Place<'_>, whose: Whose) {
    let grace = spec.int("terminationGracePeriodSeconds");
    let volumes = validate_volumes(errors, spec);
    let around = Surroundings {
        volumes: &volumes,
        claims: spec.list("resourceClaims").map(|claim| claim.str("name")).collect(),
        grace,
        host_users: spec.value.get("hostUsers").and_then(Value::as_bool) != Some(false),
        restart_policy: spec.str("restartPolicy"),
    };
    validate_resource_claims(errors, spec);
    validate_containers(errors, spec, &around);
    validate_pod_resources(errors, spec, &around.claims);
    validate_host_network(errors, spec, whose == Whose::Pod);
    validate_policies(errors, spec);
    validate_label_map(errors, spec, "nodeSelector");
    validate_pod_security_context(errors, spec);
    if let Some(affinity) = spec.get("affinity") {
        validate_affinity(errors, &affinity);
    }
    validate_dns_config(errors, spec);
    validate_gates(errors, spec);
    validate_topology_spread(errors, spec);
    validate_host_process(errors, spec);
    validate_host_users(errors, spec);
    validate_host_name(errors, spec);
    validate_names(errors, spec);
    validate_tolerations(errors, spec);
    validate_host_aliases(errors, spec);
    validate_classes(errors, spec);
    validate_os(errors, spec);
    validate_variable_files(errors, spec);
}

/// `validatePodHostName`.
fn validate_host_name(errors: &mut ErrorList, spec: &Place<'_>) {
    let Some(name) = spec.text("hostnameOverride") else { return };
    let path = spec.at("hostnameOverride");
    for other in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.flag(other) {
            errors.forbidden(&path, format!("may not be specified when {other} is true"));
        }
    }
    if name.len() > 64 {
        errors.push(FieldErrorKind::TooLong, &path, Value::Null, "may not be more than 64 bytes");
    }
    invalid_each(errors, &path, name, content::dns_subdomain(name));
}

fn validate_policies(errors: &mut ErrorList, spec: &Place<'_>) {
    for (member, allowed) in [
        ("restartPolicy", &["Always", "OnFailure", "Never"][..]),
        ("dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ] {
        let policy = spec.str(member);
        if policy.is_empty() {
            errors.required(&spec.at(member), "");
        } else if !allowed.contains(&policy) {
            errors.not_supported(&spec.at(member), policy, allowed);
        }
    }
}

fn validate_names(errors: &mut ErrorList, spec: &Place<'_>) {
    for (member, check) in [
        ("serviceAccountName", content::dns_subdomain as fn(&str) -> content::Messages),
        ("nodeName", content::dns_subdomain),
    ] {
        let name = spec.str(member);
        if !name.is_empty() {
            invalid_each(errors, &spec.at(member), name, check(name));
        }
    }
    let deadline = spec.int("activeDeadlineSeconds");
    if let Some(seconds) = deadline.filter(|seconds| !(1..=i64::from(i32::MAX)).contains(seconds)) {
        let detail = "must be between 1 and 2147483647, inclusive";
        errors.invalid(&spec.at("activeDeadlineSeconds"), seconds, detail);
    }
    for member in ["hostname", "subdomain"] {
        let name = spec.str(member);
        if !name.is_empty() {
            invalid_each(errors, &spec.at(member), name, content::dns_label(name));
        }
    }
}

fn validate_classes(errors: &mut ErrorList, spec: &Place<'_>) {
    for member in ["priorityClassName", "runtimeClassName"] {
        let name = spec.str(member);
        if !name.is_empty() {
            invalid_each(errors, &spec.at(member), name, content::dns_subdomain(name));
        }
    }
    if let Some(policy) =
        spec.text("preemptionPolicy").filter(|p| !matches!(*p, "PreemptLowerPriority" | "Never"))
    {
        let allowed = ["PreemptLowerPriority", "Never"];
        errors.not_supported(&spec.at("preemptionPolicy"), policy, &allowed);
    }
    let overhead = spec.at("overhead").child("limits");
    for (name, amount) in super::resources::resource_list(spec.value.get("overhead")) {
        let path = overhead.key(&name);
        validate_container_resource_name(errors, &name, &path);
        validate_quantity(errors, &name, amount, &path);
    }
}
