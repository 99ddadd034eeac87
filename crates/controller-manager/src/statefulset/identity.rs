//! A Pod of a set: its name, labels, host name and volumes.
//!
//! Models: `stateful_set_utils.go` (`newStatefulSetPod`, `updateIdentity`, `updateStorage`,
//! `identityMatches`, `storageMatches`, `newVersionedStatefulSetPod`).
//! Differs: the volumes of a new Pod stand in the order of their templates, upstream's in any (it reads
//! them from a Go map).

use std::rc::Rc;

use api::apps::{StatefulSet, UpdateStrategy};
use api::core::Pod;
use api::{Key, Kind, Object, PodFacts};
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, set_at};
use serde_json::{Value, json};

use super::claim_names::claim_name;
use super::facts::Facts;
use super::labels::{POD_INDEX_LABEL, POD_NAME_LABEL, REVISION_LABEL};
use super::ordinal_in;
use super::revisions::{Revisions, template_of};

/// The name of the Pod with this ordinal.
pub fn pod_name(set: &Object, ordinal: i64) -> String {
    format!("{}-{ordinal}", set.metadata.name)
}

/// The key of a Pod of this name, beside its set.
pub fn pod_key(set: &Object, name: &str) -> Key {
    Key::new(Kind::Pod, set.metadata.namespace.as_str(), name)
}

/// Whether a missing Pod of this ordinal is made from the current revision rather than the update
/// revision. Without `rollingUpdate` the count of current Pods decides, with it the partition.
pub fn takes_current_revision(set: &Object, ordinal: i64, current_replicas: i64) -> bool {
    let view = StatefulSet(set);
    match view.update_strategy() {
        UpdateStrategy::OnDelete => false,
        UpdateStrategy::RollingUpdate { partition: None } => ordinal < view.start() + current_replicas,
        UpdateStrategy::RollingUpdate { partition: Some(partition) } => ordinal < view.start() + partition,
    }
}

/// The Pod of this ordinal, not stored yet.
pub fn new_pod(set: &Object, revisions: &Revisions, ordinal: i64, current_replicas: i64) -> Object {
    let revision = if takes_current_revision(set, ordinal, current_replicas) {
        &revisions.current
    } else {
        &revisions.update
    };
    let template = if revision.metadata.name == revisions.update.metadata.name {
        StatefulSet(set).template().clone()
    } else {
        template_of(revision)
    };
    let name = pod_name(set, ordinal);
    let mut pod = Object::new(Kind::Pod, &set.metadata.namespace, &name);
    pod.metadata.generate_name = format!("{}-", set.metadata.name);
    let strings = |member: &str| {
        let map = template.map_at(&["metadata", member]).into_iter().flatten();
        map.map(|(k, v)| (k.clone(), v.as_str().unwrap_or("").to_owned())).collect()
    };
    pod.metadata.labels = strings("labels");
    pod.metadata.annotations = strings("annotations");
    let finalizers = template.list_at(&["metadata", "finalizers"]).iter();
    pod.metadata.finalizers = finalizers.filter_map(|f| f.as_str().map(str::to_owned)).collect();
    pod.metadata.owner_references.push(set.controller_reference());
    pod.metadata.labels.insert(REVISION_LABEL.to_owned(), revision.metadata.name.clone());
    pod.set_field("spec", template.at(&["spec"]).cloned().unwrap_or_else(|| json!({})));
    let spec = pod.spec_mut();
    set_at(spec, &["hostname"], name.as_str().into());
    let service = StatefulSet(set).service_name();
    if service.is_empty() {
        as_map_mut(spec).remove("subdomain");
    } else {
        set_at(spec, &["subdomain"], service.into());
    }
    set_identity(set, &mut pod, ordinal);
    set_storage(set, &mut pod, ordinal, StatefulSet(set).claim_templates());
    pod
}

/// Puts name, namespace and identity labels right.
pub fn set_identity(set: &Object, pod: &mut Object, ordinal: i64) {
    pod.metadata.name = pod_name(set, ordinal);
    pod.metadata.namespace.clone_from(&set.metadata.namespace);
    let name = pod.metadata.name.clone();
    pod.metadata.labels.insert(POD_NAME_LABEL.to_owned(), name);
    pod.metadata.labels.insert(POD_INDEX_LABEL.to_owned(), ordinal.to_string());
}

/// Puts the claims' volumes before the template's own, of which one with the same name gives way. `templates`
/// are the set's claim templates, in the order that their volumes get.
pub fn set_storage(set: &Object, pod: &mut Object, ordinal: i64, templates: &[Value]) {
    if templates.is_empty() {
        return;
    }
    let mut volumes: Vec<Value> = templates
        .iter()
        .map(|t| {
            json!({"name": t.str_at(&["metadata", "name"]),
                   "persistentVolumeClaim": {"claimName": claim_name(set, t, ordinal)}})
        })
        .collect();
    let slot = as_map_mut(pod.spec_mut()).entry("volumes").or_insert_with(|| json!([]));
    let own = std::mem::take(as_list_mut(slot));
    let taken = |v: &Value| templates.iter().any(|t| t.str_at(&["metadata", "name"]) == v.str_at(&["name"]));
    volumes.extend(own.into_iter().filter(|v| !taken(v)));
    *slot = Value::Array(volumes);
}

/// Whether name and identity labels are right.
pub fn identity_matches(set: &Object, pod: &Rc<Object>) -> bool {
    let ordinal = PodFacts::of(pod).ordinal_in(&pod.metadata.name, &set.metadata.name);
    ordinal.is_some() && Facts::of(pod).is_named_right && pod.metadata.namespace == set.metadata.namespace
}

/// Whether the Pod mounts its claims.
pub fn storage_matches(set: &Object, pod: &Object) -> bool {
    let Some(ordinal) = ordinal_in(set, pod) else { return false };
    StatefulSet(set).claim_templates().iter().all(|t| {
        let claim = Pod(pod).claim_of_volume(t.str_at(&["metadata", "name"]));
        claim == Some(claim_name(set, t, ordinal).as_str())
    })
}
