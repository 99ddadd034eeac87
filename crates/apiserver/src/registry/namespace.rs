//! Namespaces.
//!
//! A namespace that is deleted stays, `Terminating`, until everything in it is gone. Then its controller
//! takes away the last of `spec.finalizers`, and the namespace goes.
//!
//! Models: `pkg/registry/core/namespace/strategy.go` and `storage.go`, `SetDefaults_Namespace`,
//! `plugin/pkg/admission/namespace/lifecycle`.

use api::{Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{ErrorList, Path, Status, Time};
use serde_json::{Value, json};

use super::Context;
use super::content::{self, NameCheck};
use super::objectmeta::{invalid_each, validate_object_meta};
use super::strategy::{Strategy, keep_field};
use crate::etcd::Store;

/// The label that carries the name, for selectors.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Namespaces that may not be deleted.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// Refuses to delete a namespace that the cluster needs.
pub(crate) fn check_deletion(object: &Object) -> Result<(), Status> {
    if object.kind == Kind::Namespace && IMMORTAL.contains(&object.metadata.name.as_str()) {
        let why = "this namespace may not be deleted";
        return Err(Status::forbidden("namespaces", "", &object.metadata.name, why));
    }
    Ok(())
}

/// Whether a namespace still has finalizers in its spec: somebody has not said yet that it is empty.
pub(crate) fn is_held(object: &Object) -> bool {
    object.kind == Kind::Namespace && !object.spec().list_at(&["finalizers"]).is_empty()
}

/// Begins the deletion of a namespace.
pub(crate) fn terminate(object: &mut Object, now: Time) {
    object.metadata.deletion_timestamp.get_or_insert(now.truncated_to_second());
    set_at(object.status_mut(), &["phase"], "Terminating".into());
}

pub(crate) struct NamespaceStrategy;

impl Strategy for NamespaceStrategy {
    fn name_check(&self) -> NameCheck {
        content::name_is_label
    }

    fn defaults(&self, object: &mut Object) {
        if !object.metadata.name.is_empty() {
            let name = object.metadata.name.clone();
            object.metadata.labels.insert(NAME_LABEL.to_owned(), name);
        }
    }

    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        object.set_field("status", json!({"phase": "Active"}));
        let mut finalizers = object.spec().list_at(&["finalizers"]).to_vec();
        if !finalizers.iter().any(|name| name == "kubernetes") {
            finalizers.push("kubernetes".into());
        }
        set_at(object.spec_mut(), &["finalizers"], finalizers.into());
    }

    fn validate_create(&self, errors: &mut ErrorList, object: &Object, _store: &Store) {
        validate_object_meta(errors, object, self.name_check());
        let path = Path::new("spec.finalizers");
        for name in object.spec().list_at(&["finalizers"]).iter().filter_map(Value::as_str) {
            invalid_each(errors, &path, name, content::qualified_name(name));
            if !name.contains('/') && !matches!(name, "foregroundDeletion" | "kubernetes" | "orphan") {
                errors.invalid(
                    &path,
                    name,
                    "name is neither a standard finalizer name nor is it fully qualified",
                );
            }
        }
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        keep_field(new, old, "spec");
    }

    fn prepare_for_finalize(&self, new: &mut Object, old: &Object) {
        let finalizers = new.spec().at(&["finalizers"]).cloned().unwrap_or(Value::Null);
        new.fields.clone_from(&old.fields);
        set_at(new.spec_mut(), &["finalizers"], finalizers);
    }
}
