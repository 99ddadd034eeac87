//! What is special about each kind: defaults, validation, what a client may change.
//!
//! Each kind has a file with its [`strategy`]; [`table`] names them all. Pods and stateful sets share
//! [`podspec`]; all kinds share [`objectmeta`], [`content`], [`place`] and [`fill`]. [`golang`] has what
//! Go's encoding does to objects on their way into storage, and how its structs print in refusals.
//!
//! Models: `pkg/apis/*/v1/defaults.go`, `pkg/apis/*/validation`, `pkg/registry/*/*/strategy.go`.

mod configmap;
mod content;
mod controllerrevision;
mod endpoints;
mod endpointslice;
mod ephemeral;
mod fill;
mod golang;
mod lease;
mod limitrange;
pub(crate) mod namespace;
mod node;
mod objectmeta;
mod persistentvolume;
pub(crate) mod persistentvolumeclaim;
mod place;
pub mod pod;
mod poddisruptionbudget;
pub(crate) mod podspec;
mod priorityclass;
mod resourcequota;
mod secret;
mod service;
mod statefulset;
mod storageclass;
mod strategy;
mod table;
#[cfg(test)]
pub(crate) mod tests;

use std::rc::Rc;

use api::schema::Schema;
use api::{Kind, Object};
use apimachinery::ErrorList;
use serde_json::Value;

use crate::etcd::Store;
use crate::request::Subresource;

pub(crate) use podspec::qos::qos_class;
pub(crate) use podspec::resources::{ResourceList, pod_limits, pod_requests, resource_list};
pub(crate) use priorityclass::SYSTEM_CLASSES as SYSTEM_PRIORITY_CLASSES;
pub use strategy::Context;
use strategy::keep_field;

/// Gives an object the form in which Kubernetes stores it, and fills in defaults.
pub fn defaults(object: &mut Object) {
    golang::round_trip(object);
    table::of(object.kind).defaults(object);
}

/// An object of a kind that nobody has filled in, as Go encodes it.
pub fn zero(kind: Kind) -> Value {
    golang::zero(Schema::get().of_kind(kind))
}

/// Like [`defaults`], for a changed object: fields that are still the stored ones are left alone.
pub fn defaults_for_update(new: &mut Object, old: &Object, subresource: Subresource) {
    if subresource == Subresource::Status {
        for name in old.fields.keys().filter(|name| *name != "status") {
            keep_field(new, old, name);
        }
    }
    let same = |(name, value): (&String, &Rc<_>)| old.fields.get(name).is_some_and(|o| Rc::ptr_eq(o, value));
    let changed: Vec<String> =
        new.fields.iter().filter(|field| !same(*field)).map(|(name, _)| name.clone()).collect();
    if changed.iter().all(|name| name == "status") && new.fields.contains_key("spec") {
        golang::round_trip_status(new);
    } else {
        defaults(new);
    }
}

/// Takes from a new object what a client may not set (its status), and adds what the server sets.
pub fn prepare_for_create(object: &mut Object, context: &mut Context<'_>) {
    table::of(object.kind).prepare_for_create(object, context);
}

/// Puts back in a changed object what this subresource may not change; counts its generation if its spec has
/// changed.
pub fn prepare_for_update(
    new: &mut Object,
    old: &Object,
    subresource: Subresource,
    context: &mut Context<'_>,
) {
    let rules = table::of(new.kind);
    match subresource {
        Subresource::Status => {
            for name in names_of_both(new, old).iter().filter(|name| *name != "status") {
                keep_field(new, old, name);
            }
            rules.prepare_for_status_update(new, old, context);
        }
        Subresource::Resize => rules.prepare_for_resize(new, old),
        Subresource::EphemeralContainers => ephemeral::prepare(new, old),
        Subresource::Finalize => rules.prepare_for_finalize(new, old),
        Subresource::None | Subresource::Scale => {
            if new.kind.info().has_status {
                keep_field(new, old, "status");
            }
            rules.prepare_for_update(new, old, context);
        }
    }
}

fn names_of_both(new: &Object, old: &Object) -> Vec<String> {
    new.fields.keys().chain(old.fields.keys()).cloned().collect()
}

/// All that is wrong with a new object.
pub fn validate_create(object: &Object, store: &Store) -> ErrorList {
    let mut errors = ErrorList::new();
    table::of(object.kind).validate_create(&mut errors, object, store);
    errors
}

/// All that is wrong with a change.
pub fn validate_update(new: &Object, old: &Object, subresource: Subresource) -> ErrorList {
    let mut errors = ErrorList::new();
    let rules = table::of(new.kind);
    match subresource {
        Subresource::Status => rules.validate_status_update(&mut errors, new, old),
        Subresource::Resize => pod::validate_resize(&mut errors, new, old),
        Subresource::EphemeralContainers => ephemeral::validate(&mut errors, new, old),
        Subresource::None | Subresource::Scale | Subresource::Finalize => {
            rules.validate_update(&mut errors, new, old);
        }
    }
    errors
}

/// `Warning:` headers for a new object.
pub fn warnings_create(object: &Object) -> Vec<String> {
    table::of(object.kind).warnings(object, None)
}

/// `Warning:` headers for a change.
pub fn warnings_update(new: &Object, old: &Object) -> Vec<String> {
    table::of(new.kind).warnings(new, Some(old))
}
