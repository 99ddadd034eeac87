//! Services.
//!
//! Models: `SetDefaults_Service`, `ValidateService`, `ValidateServiceUpdate`,
//! `pkg/registry/core/service`.

mod allocate;
mod validate;

use api::Object;
use apimachinery::ErrorList;
use apimachinery::value::as_map_mut;
use serde_json::{Map, Value, json};

use super::Context;
use super::content::{self, NameCheck};
use super::fill::{default, default_text, each};
use super::objectmeta::{validate_object_meta, validate_object_meta_update};
use super::strategy::Strategy;
use crate::etcd::Store;

/// How long a client stays with its endpoint, in seconds.
const AFFINITY_SECONDS: i64 = 10_800;

pub(crate) struct ServiceStrategy;

impl Strategy for ServiceStrategy {
    /// Since v1.36 a name may start with a digit (`RelaxedServiceNameValidation`).
    fn name_check(&self) -> NameCheck {
        content::name_is_label
    }

    fn defaults(&self, object: &mut Object) {
        default_spec(as_map_mut(object.spec_mut()));
    }

    fn prepare_for_create(&self, object: &mut Object, context: &mut Context<'_>) {
        object.set_field("status", json!({"loadBalancer": {}}));
        allocate::normalize(object.spec_mut(), None);
        allocate::default_families(object.spec_mut());
        allocate::allocate(object, None, context);
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, context: &mut Context<'_>) {
        if new.fields.get("spec") == old.fields.get("spec") {
            return;
        }
        allocate::normalize(new.spec_mut(), Some(old.spec()));
        allocate::keep_allocated(new.spec_mut(), old.spec());
        allocate::drop_what_the_type_lost(new.spec_mut(), old.spec());
        allocate::default_families(new.spec_mut());
        allocate::allocate(new, Some(old), context);
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        validate::validate_service(errors, object);
    }

    fn validate_create(&self, errors: &mut ErrorList, object: &Object, store: &Store) {
        validate_object_meta(errors, object, self.name_check());
        self.validate(errors, object);
        if errors.is_empty() {
            allocate::validate_allocation(errors, object, store);
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        validate::validate_address_kept(errors, new, old);
        self.validate(errors, new);
        validate::validate_family_kept(errors, new, old);
        if errors.is_empty() && new.fields.get("spec") != old.fields.get("spec") {
            allocate::validate_families(errors, new.spec());
        }
    }

    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        validate::validate_status(errors, new);
    }

    fn warnings(&self, new: &Object, _old: Option<&Object>) -> Vec<String> {
        validate::warnings(new)
    }
}

fn text<'a>(spec: &'a Map<String, Value>, name: &str) -> &'a str {
    spec.get(name).and_then(Value::as_str).unwrap_or("")
}

fn default_spec(spec: &mut Map<String, Value>) {
    default_text(spec, "sessionAffinity", "None");
    match text(spec, "sessionAffinity") {
        "None" => drop(spec.remove("sessionAffinityConfig")),
        "ClientIP" => {
            let config = as_map_mut(spec.entry("sessionAffinityConfig").or_insert_with(|| json!({})));
            let client = as_map_mut(config.entry("clientIP").or_insert_with(|| json!({})));
            default(client, "timeoutSeconds", AFFINITY_SECONDS);
        }
        _ => {}
    }
    default_text(spec, "type", "ClusterIP");
    for port in each(spec, "ports") {
        default_text(port, "protocol", "TCP");
        let unset = matches!(port.get("targetPort"), None | Some(Value::Null))
            || port.get("targetPort").is_some_and(|t| *t == json!(0) || *t == json!(""));
        if unset {
            let number = port.get("port").cloned().unwrap_or(json!(0));
            port.insert("targetPort".to_owned(), number);
        }
    }
    let ty = text(spec, "type").to_owned();
    let external_ips = spec.get("externalIPs").and_then(Value::as_array).is_some_and(|ips| !ips.is_empty());
    if matches!(ty.as_str(), "NodePort" | "LoadBalancer") || (ty == "ClusterIP" && external_ips) {
        default_text(spec, "externalTrafficPolicy", "Cluster");
    }
    if matches!(ty.as_str(), "NodePort" | "LoadBalancer" | "ClusterIP") {
        default(spec, "internalTrafficPolicy", "Cluster");
    }
    if ty == "ExternalName" {
        spec.remove("internalTrafficPolicy");
    }
    if ty == "LoadBalancer" {
        default(spec, "allocateLoadBalancerNodePorts", true);
    }
}
