//! Pods.
//!
//! Models: `ValidatePodCreate`, `ValidatePodUpdate`, `ValidatePodResize`,
//! `pkg/registry/core/pod/strategy.go`, `pkg/api/v1/pod/util.go`.

use std::net::IpAddr;

use api::Object;
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, remove_at, set_at};
use apimachinery::{ErrorList, Path, Time};
use serde_json::{Value, json};

use super::Context;
use super::content;
use super::golang::{internal, unified_diff};
use super::objectmeta::{invalid_each, validate_object_meta, validate_object_meta_update};
use super::place::Place;
use super::podspec::container::validate_image_padding;
use super::podspec::defaults::{default_pod_only, default_pod_spec};
use super::podspec::gates::drop_disabled;
use super::podspec::qos;
use super::podspec::scheduling::{validate_ip, validate_only_added_tolerations, validate_only_deleted_gates};
use super::podspec::warnings::pod_spec_warnings;
use super::podspec::{Whose, validate_pod_spec};
use super::strategy::{Strategy, count_change, keep_field};
use crate::etcd::Store;

/// What an update may change, as the refusal lists it.
const UPDATABLE: &str = "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

pub(crate) struct PodStrategy;

impl Strategy for PodStrategy {
    fn defaults(&self, object: &mut Object) {
        let spec = object.spec_mut();
        default_pod_spec(spec);
        default_pod_only(spec);
    }

    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        drop_disabled(object.spec_mut(), None);
        let qos = qos::qos_class(object.spec());
        object.set_field("status", json!({"phase": "Pending", "qosClass": qos}));
        if !object.spec().list_at(&["schedulingGates"]).is_empty() {
            let condition = json!({"type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
                "message": "Scheduling is blocked due to non-empty scheduling gates",
                "lastProbeTime": null, "lastTransitionTime": null});
            set_at(object.status_mut(), &["conditions"], json!([condition]));
        }
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        drop_disabled(new.spec_mut(), Some(old.spec()));
        count_change(new, old);
    }

    fn prepare_for_status_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        new.metadata.owner_references.clone_from(&old.metadata.owner_references);
        let qos = old.status().str_at(&["qosClass"]);
        if !qos.is_empty() && new.status().at(&["qosClass"]).is_none() {
            set_at(new.status_mut(), &["qosClass"], qos.into());
        }
    }

    fn prepare_for_resize(&self, new: &mut Object, old: &Object) {
        let wanted = new.spec().clone();
        keep_field(new, old, "spec");
        keep_field(new, old, "status");
        for list in ["containers", "initContainers"] {
            let Some(containers) = new.spec_mut().get_mut(list).and_then(Value::as_array_mut) else {
                continue;
            };
            for (slot, container) in containers.iter_mut().zip(wanted.list_at(&[list])) {
                for member in ["resources", "resizePolicy"] {
                    match container.at(&[member]) {
                        Some(value) => set_at(slot, &[member], value.clone()),
                        None => drop(remove_at(slot, &[member])),
                    }
                }
            }
        }
        count_change(new, old);
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        validate_pod_spec(errors, &spec, Whose::Pod);
        if spec.str("serviceAccountName").is_empty() {
            for volume in spec.list("volumes") {
                for source in volume.member("projected").list("sources") {
                    if source.has("serviceAccountToken") {
                        let detail = "must not be specified when serviceAccountName is not set";
                        errors.forbidden(&source.at("serviceAccountToken"), detail);
                    }
                }
            }
        }
        for list in ["containers", "initContainers"] {
            spec.list(list).for_each(|container| validate_image_padding(errors, &container));
        }
    }

    fn validate_create(&self, errors: &mut ErrorList, object: &Object, _store: &Store) {
        validate_object_meta(errors, object, self.name_check());
        self.validate(errors, object);
        let spec = Place::new(object.spec(), Path::new("spec"));
        if !spec.items("ephemeralContainers").is_empty() {
            errors.forbidden(&spec.at("ephemeralContainers"), "cannot be set on create");
        }
        if !spec.str("nodeName").is_empty() && !spec.items("schedulingGates").is_empty() {
            let detail = "cannot be set until all schedulingGates have been cleared";
            errors.forbidden(&spec.at("nodeName"), detail);
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        if new.fields.get("spec") == old.fields.get("spec") {
            return;
        }
        self.validate(errors, new);
        let (new, old) =
            (Place::new(new.spec(), Path::new("spec")), Place::new(old.spec(), Path::new("spec")));
        validate_spec_update(errors, &new, &old);
    }

    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        validate_nomination(errors, new, old);
        let (new, old) =
            (Place::new(new.status(), Path::new("status")), Place::new(old.status(), Path::new("status")));
        if new.str("qosClass") != old.str("qosClass") {
            errors.invalid(&new.at("qosClass"), new.str("qosClass"), content::IMMUTABLE);
        }
        validate_pod_ips(errors, &new);
    }

    fn warnings(&self, new: &Object, old: Option<&Object>) -> Vec<String> {
        let spec = Place::new(new.spec(), Path::new("spec"));
        let mut out = Vec::new();
        let problems = content::dns_label(&new.metadata.name);
        if old.is_none() && !problems.is_empty() {
            out.push(format!("metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [{}]", problems.join(" ")));
        }
        let old = old.map(|old| Place::new(old.spec(), Path::new("spec")));
        if old.as_ref().is_none_or(|old| old.value != spec.value) {
            out.extend(pod_spec_warnings(&spec, old.as_ref()));
        }
        out
    }
}

/// Refuses two addresses of one family: `validatePodIPs`.
fn validate_pod_ips(errors: &mut ErrorList, status: &Place<'_>) {
    let path = status.at("podIPs");
    let mut ips: Vec<&str> = status.list("podIPs").map(|item| item.str("ip")).collect();
    let first = status.str("podIP");
    if !first.is_empty() && ips.first() != Some(&first) {
        ips = vec![first];
    }
    for (i, ip) in ips.iter().enumerate() {
        validate_ip(errors, ip, &path.index(i));
    }
    let mut families: Vec<bool> =
        ips.iter().filter_map(|ip| Some(ip.parse::<IpAddr>().ok()?.is_ipv4())).collect();
    families.sort_unstable();
    if families.windows(2).any(|pair| pair.first() == pair.last()) {
        let ips: Vec<Value> = ips.iter().map(|ip| json!({"IP": ip})).collect();
        errors.invalid(&path, ips, "may specify no more than one IP for each IP family");
    }
}

/// Refuses to nominate a node for a Pod that has one.
fn validate_nomination(errors: &mut ErrorList, new: &Object, old: &Object) {
    let (name, path) = (new.status().str_at(&["nominatedNodeName"]), Path::new("status.nominatedNodeName"));
    if name.is_empty() || name == old.status().str_at(&["nominatedNodeName"]) {
        return;
    }
    invalid_each(errors, &path, name, content::dns_subdomain(name));
    if !old.spec().str_at(&["nodeName"]).is_empty() {
        errors.forbidden(&path, "may not be set on pods that are already bound to a node");
    }
}

fn validate_spec_update(errors: &mut ErrorList, new: &Place<'_>, old: &Place<'_>) {
    for list in ["containers", "initContainers"] {
        if new.items(list).len() != old.items(list).len() {
            errors.forbidden(&new.at(list), "pod updates may not add or remove containers");
            return;
        }
    }
    if !validate_deadline_update(errors, new, old) {
        return;
    }
    validate_only_added_tolerations(errors, new, old);
    validate_only_deleted_gates(errors, new, old);
    let munged = with_stored_mutables(new.value, old.value);
    if munged != *old.value {
        let form = |spec: &Value| internal::indented("PodSpec", &internal::pod_spec_form(spec));
        let detail = format!(
            "pod updates may not change fields other than {UPDATABLE}\n{}",
            unified_diff(&form(old.value), &form(&munged))
        );
        errors.forbidden(&new.path, detail);
    }
}

/// Refuses a deadline that grows or vanishes; returns whether to look further.
fn validate_deadline_update(errors: &mut ErrorList, new: &Place<'_>, old: &Place<'_>) -> bool {
    let path = new.at("activeDeadlineSeconds");
    match (new.int("activeDeadlineSeconds"), old.int("activeDeadlineSeconds")) {
        (Some(seconds), _) if !(0..=i64::from(i32::MAX)).contains(&seconds) => {
            errors.invalid(&path, seconds, "must be between 0 and 2147483647, inclusive");
            false
        }
        (Some(seconds), Some(stored)) if stored < seconds => {
            errors.invalid(&path, seconds, "must be less than or equal to previous value");
            false
        }
        (None, Some(_)) => {
            errors.invalid(&path, Value::Null, "must not update from a positive integer to nil value");
            true
        }
        _ => true,
    }
}

/// The new spec, with everything that may change as it was before.
fn with_stored_mutables(new: &Value, old: &Value) -> Value {
    let mut munged = new.clone();
    for list in ["containers", "initContainers"] {
        let Some(containers) = munged.get_mut(list).and_then(Value::as_array_mut) else { continue };
        for (container, stored) in containers.iter_mut().zip(old.list_at(&[list])) {
            set_at(container, &["image"], stored.str_at(&["image"]).into());
        }
    }
    let mut mutable = vec!["activeDeadlineSeconds", "schedulingGates", "tolerations"];
    let grace = |spec: &Value| spec.i64_at(&["terminationGracePeriodSeconds"]);
    if grace(old).is_some_and(|seconds| seconds < 0) && grace(new) == Some(1) {
        mutable.push("terminationGracePeriodSeconds");
    }
    if !old.list_at(&["schedulingGates"]).is_empty() && only_adds(new, old, "nodeSelector") {
        mutable.push("nodeSelector");
    }
    for name in mutable {
        match old.at(&[name]) {
            Some(value) => set_at(&mut munged, &[name], value.clone()),
            None => drop(remove_at(&mut munged, &[name])),
        }
    }
    munged
}

/// Whether a map still has all that it had before.
fn only_adds(new: &Value, old: &Value, name: &str) -> bool {
    let stored = old.map_at(&[name]).into_iter().flatten();
    stored.into_iter().all(|(key, value)| new.at(&[name, key]) == Some(value))
}

/// `ValidatePodResize`.
pub(crate) fn validate_resize(errors: &mut ErrorList, new: &Object, old: &Object) {
    validate_object_meta_update(errors, new, old);
    PodStrategy.validate(errors, new);
    if qos::qos_class(new.spec()) != qos::qos_class(old.spec()) {
        let qos = old.status().str_at(&["qosClass"]);
        let detail = "Pod QOS Class may not change as a result of resizing";
        errors.invalid(&Path::new("spec"), qos, detail);
    }
    let spec = Place::new(new.spec(), Path::new("spec"));
    let mut immutable = false;
    for (container, stored) in spec.list("containers").zip(old.spec().list_at(&["containers"])) {
        let resources = container.member("resources");
        for (side, detail) in [
            ("requests", "resource requests cannot be removed"),
            ("limits", "resource limits cannot be removed"),
        ] {
            let only = |map: Option<&serde_json::Map<String, Value>>| {
                let members = map.into_iter().flatten();
                let other = members.filter(|(name, _)| !matches!(name.as_str(), "cpu" | "memory"));
                other.map(|(name, amount)| (name.clone(), amount.clone())).collect::<Vec<_>>()
            };
            immutable |= only(resources.value.map_at(&[side])) != only(stored.map_at(&["resources", side]));
            let mut before = stored.map_at(&["resources", side]).into_iter().flatten();
            if before.any(|(name, _)| resources.value.at(&[side, name]).is_none()) {
                errors.forbidden(&resources.at(side), detail);
            }
        }
    }
    if immutable {
        errors.forbidden(&spec.path, "only cpu and memory resources are mutable");
    }
}

/// Sets a condition of a Pod; its transition time changes only if its status does.
pub fn set_condition(pod: &mut Object, mut condition: Value, now: Time) {
    let kind = condition.str_at(&["type"]).to_owned();
    let list = as_list_mut(as_map_mut(pod.status_mut()).entry("conditions").or_insert(json!([])));
    let old = list.iter().position(|c| c.str_at(&["type"]) == kind);
    let since = old
        .and_then(|at| list.get(at))
        .filter(|c| c.str_at(&["status"]) == condition.str_at(&["status"]))
        .and_then(|c| c.at(&["lastTransitionTime"]).cloned())
        .unwrap_or_else(|| now.rfc3339().into());
    let map = as_map_mut(&mut condition);
    map.insert("lastTransitionTime".to_owned(), since);
    map.entry("lastProbeTime").or_insert(Value::Null);
    match old.and_then(|at| list.get_mut(at)) {
        Some(slot) => *slot = condition,
        None => list.push(condition),
    }
}

/// Puts a Pod on a node: its status then says that it was scheduled, and nominates no node any more.
///
/// # Errors If it cannot be put there, the error says why, in Kubernetes' words.
pub fn bound(pod: &Object, node: &str, now: Time) -> Result<Object, String> {
    let name = &pod.metadata.name;
    let current = pod.spec().str_at(&["nodeName"]);
    if pod.metadata.is_deleting() {
        return Err(format!("pod {name} is being deleted, cannot be assigned to a host"));
    }
    if !current.is_empty() {
        return Err(format!("pod {name} is already assigned to node \"{current}\""));
    }
    if !pod.spec().list_at(&["schedulingGates"]).is_empty() {
        return Err(format!("pod {name} has non-empty .spec.schedulingGates"));
    }
    let mut object = pod.clone();
    set_at(object.spec_mut(), &["nodeName"], node.into());
    remove_at(object.status_mut(), &["nominatedNodeName"]);
    // Without `observedGeneration`, unlike what scheduler and kubelet write.
    set_condition(&mut object, json!({"type": "PodScheduled", "status": "True"}), now);
    Ok(object)
}
