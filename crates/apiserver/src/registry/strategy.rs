//! What a kind may have rules about. Most kinds have few.
//!
//! Models: `k8s.io/apiserver/pkg/registry/rest` (`RESTCreateStrategy`, `RESTUpdateStrategy`).

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::{ErrorList, Path};

use super::content::{self, NameCheck};
use super::objectmeta::{validate_object_meta, validate_object_meta_update};
use super::place::Place;
use super::{
    Context, configmap, controllerrevision, endpoints, endpointslice, limitrange, namespace, node,
    persistentvolume, persistentvolumeclaim, pod, poddisruptionbudget, priorityclass, resourcequota, secret,
    service, statefulset, storageclass,
};
use crate::etcd::Store;

/// The rules of one kind.
pub(crate) trait Strategy {
    /// The format of names.
    fn name_check(&self) -> NameCheck {
        content::name_is_subdomain
    }

    /// Fills in defaults.
    fn defaults(&self, _object: &mut Object) {}

    /// What the server writes into a new object.
    fn prepare_for_create(&self, _object: &mut Object, _context: &mut Context<'_>) {}

    /// What an update of the object itself may not change, and what follows from it.
    fn prepare_for_update(&self, _new: &mut Object, _old: &Object, _context: &mut Context<'_>) {}

    /// What an update of the status may not change.
    fn prepare_for_status_update(&self, _new: &mut Object, _old: &Object, _context: &mut Context<'_>) {}

    /// What an update of a Pod's `/resize` may not change.
    fn prepare_for_resize(&self, new: &mut Object, old: &Object) {
        new.fields.clone_from(&old.fields);
    }

    /// What an update of a Namespace's `/finalize` may not change.
    fn prepare_for_finalize(&self, new: &mut Object, old: &Object) {
        new.fields.clone_from(&old.fields);
    }

    /// Rules that hold at any time, besides those of metadata.
    fn validate(&self, _errors: &mut ErrorList, _object: &Object) {}

    /// Rules of new objects.
    fn validate_create(&self, errors: &mut ErrorList, object: &Object, _store: &Store) {
        validate_object_meta(errors, object, self.name_check());
        self.validate(errors, object);
    }

    /// Rules of updates.
    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
    }

    /// Rules of status updates.
    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
    }

    /// What is accepted with a warning.
    fn warnings(&self, _new: &Object, _old: Option<&Object>) -> Vec<String> {
        Vec::new()
    }
}

/// A kind without rules of its own.
struct Plain;

impl Strategy for Plain {}

/// Leases: `ValidateLeaseSpec`.
struct LeaseStrategy;

impl Strategy for LeaseStrategy {
    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        if let Some(seconds) = spec.int("leaseDurationSeconds").filter(|seconds| *seconds <= 0) {
            errors.invalid(&spec.at("leaseDurationSeconds"), seconds, "must be greater than 0");
        }
        if let Some(count) = spec.int("leaseTransitions").filter(|count| *count < 0) {
            let detail = "must be greater than or equal to 0";
            errors.invalid(&spec.at("leaseTransitions"), count, detail);
        }
    }
}

/// The rules of a kind.
pub(crate) fn of(kind: Kind) -> &'static dyn Strategy {
    match kind {
        Kind::Namespace => &namespace::NamespaceStrategy,
        Kind::Node => &node::NodeStrategy,
        Kind::Pod => &pod::PodStrategy,
        Kind::Service => &service::ServiceStrategy,
        Kind::EndpointSlice => &endpointslice::EndpointSliceStrategy,
        Kind::Endpoints => &endpoints::EndpointsStrategy,
        Kind::PersistentVolumeClaim => &persistentvolumeclaim::PersistentVolumeClaimStrategy,
        Kind::PersistentVolume => &persistentvolume::PersistentVolumeStrategy,
        Kind::StorageClass => &storageclass::StorageClassStrategy,
        Kind::ConfigMap => &configmap::ConfigMapStrategy,
        Kind::Secret => &secret::SecretStrategy,
        Kind::StatefulSet => &statefulset::StatefulSetStrategy,
        Kind::ControllerRevision => &controllerrevision::ControllerRevisionStrategy,
        Kind::PodDisruptionBudget => &poddisruptionbudget::PodDisruptionBudgetStrategy,
        Kind::ResourceQuota => &resourcequota::ResourceQuotaStrategy,
        Kind::LimitRange => &limitrange::LimitRangeStrategy,
        Kind::PriorityClass => &priorityclass::PriorityClassStrategy,
        Kind::Lease => &LeaseStrategy,
        Kind::Event | Kind::ServiceAccount => &Plain,
    }
}

/// Gives `new` the field of `old`, absent if it was absent.
pub(crate) fn keep_field(new: &mut Object, old: &Object, name: &str) {
    match old.fields.get(name) {
        Some(value) => new.fields.insert(name.to_owned(), Rc::clone(value)),
        None => new.fields.remove(name),
    };
}

/// Raises the generation if the spec differs.
pub(crate) fn count_change(new: &mut Object, old: &Object) {
    if new.fields.get("spec") != old.fields.get("spec") {
        new.metadata.generation = old.metadata.generation + 1;
    }
}
